//! Assigning `__bases__` of a class, and `__class__` of an object.

use super::attributes::{check_set, classes};
use super::{Type, is_subtype, layout, mro, payload_of, type_flag, update};
use crate::exception::PyResult;
use crate::heap::inline::Tuple;
use crate::heap::{Kind, instance};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// `class.__bases__ = value`
pub(super) fn set(vm: &Thread, class: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    let value = check_set(vm, class, value, "__bases__")?;
    let bases = check_bases(vm, class, value)?;
    let new_base = layout::best_base(vm, &bases)?;
    let payload = payload_of(class);
    let old_base = payload.base.get().unwrap_or_else(|| vm.types().object.clone());
    check_compatible(vm, old_base.borrow(), new_base.borrow(), "__bases__")?;
    let old_bases = payload.bases.replace(Some(value.own()));
    let old_base = payload.base.replace(Some(new_base));
    if let Err(raised) = recompute_orders(vm, class) {
        drop(payload.bases.replace(old_bases));
        drop(payload.base.replace(old_base));
        return Err(raised);
    }
    // The class may have got other bases while a metaclass's `mro` ran.
    if payload.bases.holds(value) {
        move_between_bases(class, old_bases.as_ref(), value);
        payload.modified(vm);
        update::bases_changed(vm, class);
    }
    Ok(())
}

fn check_bases(vm: &Thread, class: Ref<'_>, value: Ref<'_>) -> PyResult<Vec<Owned>> {
    let name = vm.class_name(class);
    let Some(tuple) = value.downcast::<Tuple>() else {
        let given = vm.type_name(value);
        return Err(vm.type_error(format_args!("can only assign tuple to {name}.__bases__, not {given}")));
    };
    if tuple.is_empty() {
        return Err(
            vm.type_error(format_args!("can only assign non-empty tuple to {name}.__bases__, not ()"))
        );
    }
    for base in tuple.as_slice() {
        if base.borrow().downcast::<Type>().is_none() {
            let given = vm.type_name(base.borrow());
            return Err(
                vm.type_error(format_args!("{name}.__bases__ must be tuple of classes, not '{given}'"))
            );
        }
        if is_subtype(base.borrow(), class) || leads_to(base, class) {
            return Err(vm.type_error("a __bases__ item causes an inheritance cycle"));
        }
    }
    Ok(tuple.as_slice().to_vec())
}

fn check_compatible(vm: &Thread, old: Ref<'_>, new: Ref<'_>, attribute: &str) -> PyResult<()> {
    let Some(what) = layout::incompatibility(old, new) else { return Ok(()) };
    let (old, new) = (vm.class_name(old), vm.class_name(new));
    Err(vm.type_error(format_args!("{attribute} assignment: '{new}' {what} differs from '{old}'")))
}

/// Whether the chain of first bases leads from one class to another. An MRO may not be up to date yet, while `mro()` runs.
fn leads_to(from: &Owned, to: Ref<'_>) -> bool {
    let mut at = Some(from.clone());
    while let Some(class) = at {
        if class.borrow().is(to) {
            return true;
        }
        at = payload_of(class.borrow()).base.get();
    }
    false
}

/// Gives the class and its subclasses new MROs; if one of them is impossible, all keep their old ones.
fn recompute_orders(vm: &Thread, class: Ref<'_>) -> PyResult<()> {
    let mut changed: Vec<(Owned, Option<Owned>)> = Vec::new();
    let mut pending = vec![class.own()];
    while let Some(at) = pending.pop() {
        match mro::set(vm, at.borrow()) {
            Ok(old) => {
                payload_of(at.borrow()).modified(vm);
                pending.extend(payload_of(at.borrow()).subclasses.members());
                changed.push((at, old));
            }
            Err(raised) => {
                for (class, old) in changed.into_iter().rev() {
                    let payload = payload_of(class.borrow());
                    drop(payload.mro.replace(old));
                    mro::follow_foreign(vm, class.borrow())?;
                    payload.modified(vm);
                }
                return Err(raised);
            }
        }
    }
    Ok(())
}

fn move_between_bases(class: Ref<'_>, old: Option<&Owned>, new: Ref<'_>) {
    for base in old.map_or_else(Vec::new, |old| classes(old.borrow())) {
        payload_of(base.borrow()).subclasses.remove(payload_of(class));
    }
    for base in classes(new) {
        payload_of(base.borrow()).subclasses.insert::<Type>(usize::MAX, class);
    }
}

/// `object.__class__ = value`
pub(crate) fn set_class(vm: &Thread, object: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    let Some(new) = value else { return Err(vm.type_error("can't delete __class__ attribute")) };
    let Some(new_class) = new.downcast::<Type>() else {
        let given = vm.type_name(new);
        return Err(vm.type_error(format_args!("__class__ must be set to a class, not '{given}' object")));
    };
    let old = vm.class(object);
    let old_class = payload_of(old);
    let is_module = |class: &Type| class.def.0.ops.kind == Kind::Module;
    let mutable = !old_class.has(type_flag::IMMUTABLE) && !new_class.has(type_flag::IMMUTABLE);
    if !mutable && !(is_module(old_class) && is_module(new_class)) {
        return Err(
            vm.type_error("__class__ assignment only supported for mutable types or ModuleType subclasses")
        );
    }
    check_compatible(vm, old, new, "__class__")?;
    instance::set_class(vm, object, new)?;
    // What is found on a class depends on its metaclass, too.
    if let Some(class) = object.downcast::<Type>() {
        class.modified(vm);
    }
    Ok(())
}
