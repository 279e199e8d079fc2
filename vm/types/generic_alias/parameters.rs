//! Type variables among the arguments of aliases and unions, and what takes their place.
//!
//! What a type variable, parameter specification or other such object accepts is its own affair: `__typing_prepare_subst__`
//! fills in defaults and groups arguments, `__typing_subst__` checks one.

use crate::exception::PyResult;
use crate::heap::Kind;
use crate::heap::inline::Tuple;
use crate::types::list::List;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// The type variables that occur in arguments, each once, in order: a tuple.
pub(crate) fn of(vm: &Thread, arguments: &[Owned]) -> PyResult {
    let mut found = Vec::new();
    collect(vm, arguments, &mut found)?;
    vm.tuple(found)
}

fn collect(vm: &Thread, arguments: &[Owned], found: &mut Vec<Owned>) -> PyResult<()> {
    vm.check_stack()?;
    for argument in arguments {
        let argument = argument.borrow();
        // A class may have such attributes, but for its instances.
        if argument.kind() == Kind::Type {
            continue;
        }
        if let Some(nested) = items_of(argument) {
            collect(vm, &nested, found)?;
        } else if vm.get_attr_opt(argument, vm.names().__typing_subst__.borrow())?.is_some() {
            add(argument, found);
        } else if let Some(parameters) = parameters_attribute(vm, argument)? {
            for parameter in tuple(&parameters) {
                add(parameter.borrow(), found);
            }
        }
    }
    Ok(())
}

fn add(parameter: Ref<'_>, found: &mut Vec<Owned>) {
    if position(found, parameter).is_none() {
        found.push(parameter.own());
    }
}

fn position(parameters: &[Owned], parameter: Ref<'_>) -> Option<usize> {
    parameters.iter().position(|other| other.borrow().is(parameter))
}

/// The items of a tuple or list.
fn items_of(value: Ref<'_>) -> Option<Vec<Owned>> {
    match value.downcast::<Tuple>() {
        Some(tuple) => Some(tuple.as_slice().to_vec()),
        None => value.downcast::<List>().map(|list| list.items.to_vec(0, usize::MAX)),
    }
}

fn tuple(value: &Owned) -> &[Owned] {
    value.borrow().downcast::<Tuple>().map_or(&[], Tuple::as_slice)
}

/// `value.__parameters__`, if it is a tuple.
fn parameters_attribute(vm: &Thread, value: Ref<'_>) -> PyResult<Option<Owned>> {
    let found = vm.get_attr_opt(value, vm.names().__parameters__.borrow())?;
    Ok(found.filter(|found| found.borrow().downcast::<Tuple>().is_some()))
}

/// The arguments of `alias`, with the items of a subscript in place of its parameters.
pub(crate) fn substitute(
    vm: &Thread,
    alias: Ref<'_>,
    arguments: &[Owned],
    parameters: &[Owned],
    subscript: Ref<'_>,
) -> PyResult<Vec<Owned>> {
    vm.check_stack()?;
    if parameters.is_empty() {
        let alias = vm.repr_string(alias)?;
        return Err(vm.type_error(format_args!("{alias} is not a generic class")));
    }
    let values = prepare(vm, alias, parameters, subscript)?;
    let mut result = Vec::with_capacity(arguments.len());
    for argument in arguments {
        let argument = argument.borrow();
        if argument.kind() == Kind::Type {
            result.push(argument.own());
            continue;
        }
        if let Some(nested) = items_of(argument) {
            let nested = substitute(vm, alias, &nested, parameters, subscript)?;
            let is_list = argument.downcast::<List>().is_some();
            result.push(if is_list { vm.list(nested)? } else { vm.tuple(nested)? });
            continue;
        }
        let unpack = is_unpacked_type_var_tuple(vm, argument)?;
        let value = match vm.get_attr_opt(argument, vm.names().__typing_subst__.borrow())? {
            Some(check) => {
                // The argument may have become a parameter after they were collected.
                let Some(index) = position(parameters, argument) else {
                    let argument = vm.repr_string(argument)?;
                    return Err(vm.type_error(format_args!(
                        "argument {argument} with __typing_subst__ was not found in __parameters__"
                    )));
                };
                vm.call(check.borrow(), &[values[index].borrow()])?
            }
            None => substitute_inside(vm, argument, parameters, &values)?,
        };
        match value.borrow().downcast::<Tuple>() {
            Some(items) if unpack => result.extend_from_slice(items.as_slice()),
            None if unpack => {
                let (argument, value) = (vm.type_name(argument), vm.type_name(value.borrow()));
                return Err(vm.type_error(format_args!(
                    "expected __typing_subst__ of {argument} objects to return a tuple, not {value}"
                )));
            }
            _ => result.push(value),
        }
    }
    Ok(result)
}

/// The value for each parameter: the subscript's items, which the parameters may rearrange.
fn prepare(vm: &Thread, alias: Ref<'_>, parameters: &[Owned], subscript: Ref<'_>) -> PyResult<Vec<Owned>> {
    let mut values = unpack(vm, subscript)?;
    for parameter in parameters {
        let name = vm.names().__typing_prepare_subst__.borrow();
        if let Some(prepare) = vm.get_attr_opt(parameter.borrow(), name)?.filter(|f| !f.borrow().is_none()) {
            let given = vm.tuple(values)?;
            let prepared = vm.call(prepare.borrow(), &[alias, given.borrow()])?;
            values = match prepared.borrow().downcast::<Tuple>() {
                Some(items) => items.as_slice().to_vec(),
                None => vec![prepared],
            };
        }
    }
    if values.len() != parameters.len() {
        let few_or_many = if values.len() > parameters.len() { "many" } else { "few" };
        let (alias, actual, expected) = (vm.repr_string(alias)?, values.len(), parameters.len());
        return Err(vm.type_error(format_args!(
            "Too {few_or_many} arguments for {alias}; actual {actual}, expected {expected}"
        )));
    }
    Ok(values)
}

/// A subscript's items, those of unpacked tuples of known length among them.
fn unpack(vm: &Thread, subscript: Ref<'_>) -> PyResult<Vec<Owned>> {
    let Some(items) = subscript.downcast::<Tuple>() else { return unpack_items(vm, &[subscript.own()]) };
    unpack_items(vm, items.as_slice())
}

fn unpack_items(vm: &Thread, items: &[Owned]) -> PyResult<Vec<Owned>> {
    let name = vm.intern("__typing_unpacked_tuple_args__")?;
    let mut unpacked = Vec::with_capacity(items.len());
    for item in items {
        let inner = match item.borrow().kind() {
            Kind::Type => None,
            _ => vm.get_attr_opt(item.borrow(), name.borrow())?,
        };
        match inner.as_ref().and_then(|inner| inner.borrow().downcast::<Tuple>()) {
            Some(inner) if !inner.as_slice().last().is_some_and(|last| last.borrow().is_ellipsis()) => {
                unpacked.extend_from_slice(inner.as_slice());
            }
            _ => unpacked.push(item.clone()),
        }
    }
    Ok(unpacked)
}

fn is_unpacked_type_var_tuple(vm: &Thread, argument: Ref<'_>) -> PyResult<bool> {
    let name = vm.names().__typing_is_unpacked_typevartuple__.borrow();
    match vm.get_attr_opt(argument, name)? {
        Some(answer) => vm.is_true(answer.borrow()),
        None => Ok(false),
    }
}

/// An argument that is itself generic, given the values of its parameters; any other as it is.
fn substitute_inside(vm: &Thread, argument: Ref<'_>, parameters: &[Owned], values: &[Owned]) -> PyResult {
    let Some(inner) = parameters_attribute(vm, argument)?.filter(|inner| !tuple(inner).is_empty()) else {
        return Ok(argument.own());
    };
    let mut items = Vec::new();
    for parameter in tuple(&inner) {
        let Some(index) = position(parameters, parameter.borrow()) else {
            items.push(parameter.clone());
            continue;
        };
        let value = &values[index];
        // A `TypeVarTuple`, which is iterable, stands for several arguments.
        match value.borrow().downcast::<Tuple>() {
            Some(several) if vm.type_of(parameter.borrow()).slots.iter.get().is_some() => {
                items.extend_from_slice(several.as_slice());
            }
            _ => items.push(value.clone()),
        }
    }
    let subscript = vm.tuple(items)?;
    vm.get_item(argument, subscript.borrow())
}
