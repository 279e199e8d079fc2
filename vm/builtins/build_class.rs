//! `__build_class__`: what a class statement calls (Language Reference, 3.3.3 Customizing class creation).

use crate::eval::call;
use crate::exception::PyResult;
use crate::heap::Kind;
use crate::heap::dict::{Dict, Table};
use crate::heap::inline::Str;
use crate::native::*;
use crate::signature;
use crate::types::cell::Cell;
use crate::types::type_::is_subtype;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// `__build_class__(func, name, /, *bases, **kwds)`
pub(super) fn build_class(vm: &Thread, args: &Args<'_>) -> PyResult {
    if args.positional().len() < 2 {
        return Err(vm.type_error("__build_class__: not enough arguments"));
    }
    args.bind(vm, signature!("__build_class__(func, name, /, *bases, **kwds)"), |args| build(vm, args))
}

fn build(vm: &Thread, args: &Bound<'_>) -> PyResult {
    let (body, name) = (args.required(0), args.required(1));
    if body.kind() != Kind::Function {
        return Err(vm.type_error("__build_class__: func must be a function"));
    }
    if name.kind() != Kind::Str {
        return Err(vm.type_error("__build_class__: name is not a string"));
    }
    let names = vm.names();
    let original = vm.tuple_of(args.rest())?;
    let bases = resolve_bases(vm, original.borrow(), args.rest())?;
    let mut keywords: Vec<(Owned, Owned)> =
        args.keywords().iter().map(|(name, value)| (name.own(), value.own())).collect();
    let is_metaclass =
        |name: &Owned| name.borrow().downcast::<Str>().is_some_and(|s| s.as_str() == Some("metaclass"));
    let given =
        keywords.iter().position(|(name, _)| is_metaclass(name)).map(|index| keywords.remove(index).1);
    let metaclass = metaclass(vm, given, bases.borrow())?;
    let namespace = prepare(vm, &metaclass, name, bases.borrow(), &keywords)?;
    let cell = call::run_code(vm, body.own(), namespace.clone())?;
    if !bases.borrow().is(original.borrow()) {
        vm.set_item(namespace.borrow(), names.__orig_bases__.borrow(), Some(original.borrow()))?;
    }
    let class =
        call_with_keywords(vm, metaclass.borrow(), &[name, bases.borrow(), namespace.borrow()], &keywords)?;
    check_class_cell(vm, class.borrow(), cell.borrow(), name)?;
    Ok(class)
}

fn call_with_keywords(
    vm: &Thread,
    callable: Ref<'_>,
    positional: &[Ref<'_>],
    keywords: &[(Owned, Owned)],
) -> PyResult {
    let mut values = positional.to_vec();
    values.extend(keywords.iter().map(|(_, value)| value.borrow()));
    let names: Vec<Owned> = keywords.iter().map(|(name, _)| name.clone()).collect();
    vm.call_args(callable, &Args::new(&values, &names))
}

/// The bases with those replaced that are not classes but have `__mro_entries__` (PEP 560).
fn resolve_bases(vm: &Thread, original: Ref<'_>, bases: &[Ref<'_>]) -> PyResult {
    let mut resolved: Option<Vec<Owned>> = None;
    for (index, &base) in bases.iter().enumerate() {
        let entries = if base.kind() == Kind::Type {
            None
        } else {
            vm.get_attr_opt(base, vm.names().__mro_entries__.borrow())?
        };
        let Some(entries) = entries else {
            if let Some(resolved) = &mut resolved {
                resolved.push(base.own());
            }
            continue;
        };
        let entries = vm.call(entries.borrow(), &[original])?;
        let Some(entries) = entries.borrow().downcast::<crate::heap::inline::Tuple>() else {
            return Err(vm.type_error("__mro_entries__ must return a tuple"));
        };
        resolved
            .get_or_insert_with(|| bases[..index].iter().map(|base| base.own()).collect())
            .extend(entries.as_slice().iter().cloned());
    }
    match resolved {
        Some(resolved) => vm.tuple(resolved),
        None => Ok(original.own()),
    }
}

/// The most derived metaclass of the one given and those of the bases; anything else callable is taken as it is.
fn metaclass(vm: &Thread, given: Option<Owned>, bases: Ref<'_>) -> PyResult {
    let bases = bases.downcast::<crate::heap::inline::Tuple>().expect("a tuple").as_slice();
    let mut winner = match given {
        Some(given) if given.borrow().kind() != Kind::Type => return Ok(given),
        Some(given) => given,
        None => match bases.first() {
            Some(base) => vm.class(base.borrow()).own(),
            None => return Ok(vm.types().type_.clone()),
        },
    };
    for base in bases {
        let own = vm.class(base.borrow());
        if is_subtype(winner.borrow(), own) {
            continue;
        }
        if !is_subtype(own, winner.borrow()) {
            return Err(vm.type_error(
                "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses of all its bases",
            ));
        }
        winner = own.own();
    }
    Ok(winner)
}

/// The namespace that the class body runs in.
fn prepare(
    vm: &Thread,
    metaclass: &Owned,
    name: Ref<'_>,
    bases: Ref<'_>,
    keywords: &[(Owned, Owned)],
) -> PyResult {
    let Some(prepare) = vm.get_attr_opt(metaclass.borrow(), vm.names().__prepare__.borrow())? else {
        return vm.new_object(Dict { table: Table::new() });
    };
    let namespace = call_with_keywords(vm, prepare.borrow(), &[name, bases], keywords)?;
    if vm.is_mapping(namespace.borrow()) {
        return Ok(namespace);
    }
    let who = if metaclass.borrow().kind() == Kind::Type {
        vm.class_name(metaclass.borrow())
    } else {
        "<metaclass>".to_owned()
    };
    let got = vm.type_name(namespace.borrow());
    Err(vm.type_error(format_args!("{who}.__prepare__() must return a mapping, not {got}")))
}

/// The `__class__` cell of the body must hold the class by now.
fn check_class_cell(vm: &Thread, class: Ref<'_>, cell: Ref<'_>, name: Ref<'_>) -> PyResult<()> {
    let Some(cell) = cell.downcast::<Cell>() else { return Ok(()) };
    if class.kind() != Kind::Type {
        return Ok(());
    }
    let name = vm.repr_string(name)?;
    match cell.content.get() {
        None => Err(vm.runtime_error(format_args!(
            "__class__ not set defining {name} as {}. Was __classcell__ propagated to type.__new__?",
            vm.repr_string(class)?
        ))),
        Some(found) if !found.borrow().is(class) => Err(vm.type_error(format_args!(
            "__class__ set to {} defining {name} as {}",
            vm.repr_string(found.borrow())?,
            vm.repr_string(class)?
        ))),
        Some(_) => Ok(()),
    }
}
