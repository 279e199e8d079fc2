//! The method resolution order: C3, and `mro()` overridden by a metaclass.

use super::attributes::classes;
use super::{Type, layout, payload_of};
use crate::exception::{PyResult, Raised};
use crate::heap::inline::Tuple;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// What `type.mro` computes: the class, then its bases' orders merged so that every class precedes its own bases, and bases
/// keep their order in the class statement.
pub(super) fn linearise(vm: &Thread, class: Ref<'_>) -> PyResult<Vec<Owned>> {
    let bases = payload_of(class).bases.get_or_none();
    let bases = bases.borrow().downcast::<Tuple>().map_or(&[][..], Tuple::as_slice);
    for base in bases {
        if payload_of(base.borrow()).mro.is_empty() {
            let name = vm.class_name(base.borrow());
            return Err(vm.type_error(format_args!("Cannot extend an incomplete type '{name}'")));
        }
    }
    let mut order = vec![class.own()];
    if let [base] = bases {
        order.extend(payload_of(base.borrow()).mro());
        return Ok(order);
    }
    check_duplicates(vm, bases)?;
    let mut queues: Vec<Vec<Owned>> = bases.iter().map(|base| payload_of(base.borrow()).mro()).collect();
    queues.push(bases.to_vec());
    merge(vm, &mut order, &queues)?;
    Ok(order)
}

fn check_duplicates(vm: &Thread, bases: &[Owned]) -> PyResult<()> {
    for (index, base) in bases.iter().enumerate() {
        if bases[..index].iter().any(|other| other.borrow().is(base.borrow())) {
            let name = name_of(vm, base.borrow())?;
            return Err(vm.type_error(format_args!("duplicate base class {name}")));
        }
    }
    Ok(())
}

/// A class as error messages about bases name it.
fn name_of(vm: &Thread, class: Ref<'_>) -> PyResult<String> {
    match vm.get_attr_opt(class, vm.names().__name__.borrow())? {
        Some(name) => vm.str_string(name.borrow()),
        None => vm.repr_string(class),
    }
}

/// Takes the first head that is in no queue's tail, until all queues are empty.
fn merge(vm: &Thread, order: &mut Vec<Owned>, queues: &[Vec<Owned>]) -> PyResult<()> {
    let mut heads = vec![0; queues.len()];
    let total: usize = queues.iter().map(Vec::len).sum();
    let mut taken = 0;
    while taken < total {
        let is_blocked = |candidate: Ref<'_>| {
            queues.iter().zip(&heads).any(|(queue, &head)| {
                queue
                    .get(head + 1..)
                    .is_some_and(|tail| tail.iter().any(|class| class.borrow().is(candidate)))
            })
        };
        let candidates = queues.iter().zip(&heads).filter_map(|(queue, &head)| queue.get(head));
        let Some(next) = candidates.map(Owned::borrow).find(|&candidate| !is_blocked(candidate)) else {
            return Err(inconsistent(vm, queues, &heads)?);
        };
        order.push(next.own());
        for (queue, head) in queues.iter().zip(&mut heads) {
            if queue.get(*head).is_some_and(|class| class.borrow().is(next)) {
                *head += 1;
                taken += 1;
            }
        }
    }
    Ok(())
}

/// TypeError that names the classes none of which can come next.
#[cold]
fn inconsistent(vm: &Thread, queues: &[Vec<Owned>], heads: &[usize]) -> PyResult<Raised> {
    let mut stuck: Vec<Ref<'_>> = Vec::new();
    for (queue, &head) in queues.iter().zip(heads) {
        if let Some(class) = queue.get(head) {
            if !stuck.contains(&class.borrow()) {
                stuck.push(class.borrow());
            }
        }
    }
    let names = stuck.into_iter().map(|class| name_of(vm, class)).collect::<PyResult<Vec<_>>>()?.join(", ");
    Ok(vm.type_error(format_args!(
        "Cannot create a consistent method resolution order (MRO) for bases {names}"
    )))
}

/// Computes and sets the MRO of a class, asking the metaclass's `mro` if it has its own. The old one, if any, is the
/// result.
pub(super) fn set(vm: &Thread, class: Ref<'_>) -> PyResult<Option<Owned>> {
    let metaclass = vm.class(class);
    let order =
        if metaclass.is(vm.types().type_.borrow()) { linearise(vm, class)? } else { custom(vm, class)? };
    let order = vm.tuple(order)?;
    let old = payload_of(class).mro.replace(Some(order));
    follow_foreign(vm, class)?;
    Ok(old)
}

/// Has a class hear of changes of those classes in its MRO that are not its ancestors.
pub(super) fn follow_foreign(vm: &Thread, class: Ref<'_>) -> PyResult<()> {
    let payload = payload_of(class);
    if vm.class(class).is(vm.types().type_.borrow()) && payload.followed.is_empty() {
        return Ok(());
    }
    let bases = payload.bases.get().map_or_else(Vec::new, |bases| classes(bases.borrow()));
    let ancestors: Vec<Owned> = bases.iter().flat_map(|base| payload_of(base.borrow()).mro()).collect();
    let is_known = |other: &Owned| {
        other.borrow().is(class) || ancestors.iter().any(|known| known.borrow().is(other.borrow()))
    };
    let foreign: Vec<Owned> = payload.mro().into_iter().filter(|other| !is_known(other)).collect();
    let foreign = if foreign.is_empty() { None } else { Some(vm.tuple(foreign)?) };
    payload.follow(class, foreign);
    Ok(())
}

/// What the metaclass's `mro` says, if that is possible for the layout of the class.
fn custom(vm: &Thread, class: Ref<'_>) -> PyResult<Vec<Owned>> {
    let Some(order) = vm.call_special(class, &vm.names().mro, &[])? else { return linearise(vm, class) };
    let order = vm.collect(order.borrow())?;
    if order.is_empty() {
        return Err(vm.type_error("type MRO must not be empty"));
    }
    let solid = layout::solid_base(class);
    for base in &order {
        if base.borrow().downcast::<Type>().is_none() {
            let name = vm.type_name(base.borrow());
            return Err(vm.type_error(format_args!("mro() returned a non-class ('{name}')")));
        }
        if !layout::extends(solid.borrow(), layout::solid_base(base.borrow()).borrow()) {
            let name = vm.class_name(base.borrow());
            return Err(vm.type_error(format_args!("mro() returned base with unsuitable layout ('{name}')")));
        }
    }
    Ok(order)
}
