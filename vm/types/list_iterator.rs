//! `list_iterator` and `list_reverseiterator`.

use std::cell::Cell;

use crate::class;
use crate::exception::PyResult;
use crate::heap::Slot;
use crate::native::{One, Slots, Two, TypeDef, method};
use crate::types::iterator::{
    ITERATOR_FLAGS, LENGTH_HINT, REDUCE, SETSTATE, reduce_by, reduce_iter, self_iter, state_index,
};
use crate::types::list::items;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

pub(crate) use crate::heap::iterator::ListIterator;

crate::payload! {
    /// An iterator over a list from its end.
    pub struct ListReverseIterator: Native {
        /// Empty at the end.
        list: Slot,
        /// The index of the next item.
        index: Cell<isize>,
    }
}

class! {
    ListIterator => LIST_ITERATOR;
    ListReverseIterator => LIST_REVERSE_ITERATOR;
}

pub(crate) static LIST_ITERATOR: TypeDef = TypeDef {
    flags: ITERATOR_FLAGS,
    methods: &[
        method("__length_hint__($self, /)", One(length_hint), LENGTH_HINT),
        method("__reduce__($self, /)", One(reduce), REDUCE),
        method("__setstate__($self, object, /)", Two(setstate), SETSTATE),
    ],
    slots: Slots { iter: Some(self_iter), next: Some(next), ..Slots::NONE },
    ..TypeDef::new::<ListIterator>("list_iterator")
};

pub(crate) static LIST_REVERSE_ITERATOR: TypeDef = TypeDef {
    flags: ITERATOR_FLAGS,
    methods: &[
        method("__length_hint__($self, /)", One(reverse_length_hint), LENGTH_HINT),
        method("__reduce__($self, /)", One(reverse_reduce), REDUCE),
        method("__setstate__($self, object, /)", Two(reverse_setstate), SETSTATE),
    ],
    slots: Slots { iter: Some(self_iter), next: Some(reverse_next), ..Slots::NONE },
    ..TypeDef::new::<ListReverseIterator>("list_reverseiterator")
};

/// An iterator over a list from its end.
pub(crate) fn reversed(vm: &Thread, list: Ref<'_>) -> PyResult {
    let last = items(list).len() as isize - 1;
    vm.new_object(ListReverseIterator { list: Slot::new(list.own()), index: Cell::new(last) })
}

fn payload(this: Ref<'_>) -> &ListIterator {
    this.downcast().expect("the receiver is a list iterator")
}

fn next(_vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    Ok(payload(this).advance())
}

fn length_hint(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.size(payload(this).remaining())
}

fn reduce(vm: &Thread, this: Ref<'_>) -> PyResult {
    match payload(this).state() {
        Some((list, index)) => reduce_iter(vm, list, Some(index)),
        None => reduce_iter(vm, vm.list(Vec::new())?, None),
    }
}

fn setstate(vm: &Thread, this: Ref<'_>, state: Ref<'_>) -> PyResult {
    payload(this).move_to(state_index(vm, state)?);
    Ok(Owned::none())
}

fn reverse_payload(this: Ref<'_>) -> &ListReverseIterator {
    this.downcast().expect("the receiver is a reverse list iterator")
}

fn reverse_next(_vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    let iterator = reverse_payload(this);
    let Some(list) = iterator.list.get() else { return Ok(None) };
    let index = iterator.index.get();
    if let Some(item) = usize::try_from(index).ok().and_then(|index| items(list.borrow()).get(index)) {
        iterator.index.set(index - 1);
        return Ok(Some(item));
    }
    drop(iterator.list.take());
    Ok(None)
}

fn reverse_length_hint(vm: &Thread, this: Ref<'_>) -> PyResult {
    let iterator = reverse_payload(this);
    let left = (iterator.index.get() + 1) as usize;
    // A list that has become shorter ends the iteration at once.
    let list = iterator.list.get().filter(|list| items(list.borrow()).len() >= left);
    vm.size(list.map_or(0, |_| left))
}

fn reverse_reduce(vm: &Thread, this: Ref<'_>) -> PyResult {
    let iterator = reverse_payload(this);
    match (iterator.list.get(), usize::try_from(iterator.index.get())) {
        (Some(list), Ok(index)) => reduce_by(vm, "reversed", list, Some(index)),
        _ => reduce_by(vm, "reversed", vm.list(Vec::new())?, None),
    }
}

fn reverse_setstate(vm: &Thread, this: Ref<'_>, state: Ref<'_>) -> PyResult {
    let index = state_index(vm, state)?;
    let iterator = reverse_payload(this);
    if let Some(list) = iterator.list.get() {
        iterator.index.set(index.clamp(-1, items(list.borrow()).len() as isize - 1));
    }
    Ok(Owned::none())
}
