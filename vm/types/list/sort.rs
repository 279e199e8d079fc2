//! `list.sort`.
//!
//! The list is empty while it is sorted; what a key function or a comparison does to it is noticed and refused.
//!
//! Keys whose order needs no Python (ints, floats, strs, and tuples of them) are sorted by [`plain`], all others by
//! [`powersort`] with their `__lt__`. Either way it is places that are sorted, and the items are moved once, to the places found.

use std::mem;

use super::{items, plain, powersort};
use crate::exception::PyResult;
use crate::heap::Items;
use crate::protocol::slots::CompareOp;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// `list.sort(*, key=None, reverse=False)`
pub(super) fn sort(vm: &Thread, this: Ref<'_>, key: Option<Ref<'_>>, reverse: Option<Ref<'_>>) -> PyResult {
    let reverse = reverse.map_or(Ok(false), |reverse| vm.is_true(reverse))?;
    let list = items(this);
    let mut values = list.lend().into_vec();
    let sorted = sort_vec(vm, &mut values, key.filter(|key| !key.is_none()), reverse);
    let untouched = list.give_back(Items::from_vec(vm, values)?);
    sorted?;
    if untouched { Ok(Owned::none()) } else { Err(vm.value_error("list modified during sort")) }
}

/// Sorts values by a key function, or by themselves. After an error, they are in the order they were in.
pub(crate) fn sort_vec(
    vm: &Thread,
    values: &mut Vec<Owned>,
    key: Option<Ref<'_>>,
    reverse: bool,
) -> PyResult<()> {
    let Some(key) = key else {
        if !plain::sort_small_ints(values, reverse) {
            let order = order(vm, values, reverse)?;
            arrange(vm, values, &order)?;
        }
        return Ok(());
    };
    let mut keys = vm.vec(values.len())?;
    for value in values.iter() {
        keys.push(vm.call(key, &[value.borrow()])?);
    }
    let order = order(vm, &keys, reverse)?;
    arrange(vm, values, &order)
}

/// The places of keys in their order.
fn order(vm: &Thread, keys: &[Owned], reverse: bool) -> PyResult<Vec<usize>> {
    match plain::order(vm, keys, reverse)? {
        Some(order) => Ok(order),
        None => order_by_comparing(vm, keys, reverse),
    }
}

fn order_by_comparing(vm: &Thread, keys: &[Owned], reverse: bool) -> PyResult<Vec<usize>> {
    let mut places: Vec<(Ref<'_>, usize)> = vm.vec(keys.len())?;
    places.extend(keys.iter().map(Owned::borrow).zip(0..));
    // Turned around before and after, equal keys keep their order.
    if reverse {
        places.reverse();
    }
    powersort::sort(&mut places, |a, b| vm.compare_truth(a.0, b.0, CompareOp::Lt))?;
    if reverse {
        places.reverse();
    }
    Ok(places.into_iter().map(|(_, place)| place).collect())
}

/// Moves values to the places that an order gives them.
fn arrange(vm: &Thread, values: &mut Vec<Owned>, order: &[usize]) -> PyResult<()> {
    let mut arranged = vm.vec(values.len())?;
    arranged.extend(order.iter().map(|&place| mem::replace(&mut values[place], Owned::none())));
    *values = arranged;
    Ok(())
}
