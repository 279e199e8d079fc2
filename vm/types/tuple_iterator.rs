//! `tuple_iterator`.

use crate::class;
use crate::exception::PyResult;
use crate::native::{One, Slots, Two, TypeDef, method};
use crate::types::iterator::{
    ITERATOR_FLAGS, LENGTH_HINT, REDUCE, SETSTATE, reduce_iter, self_iter, state_index,
};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

pub(crate) use crate::heap::iterator::TupleIterator;

class! { TupleIterator => TUPLE_ITERATOR; }

pub(crate) static TUPLE_ITERATOR: TypeDef = TypeDef {
    flags: ITERATOR_FLAGS,
    methods: &[
        method("__length_hint__($self, /)", One(length_hint), LENGTH_HINT),
        method("__reduce__($self, /)", One(reduce), REDUCE),
        method("__setstate__($self, object, /)", Two(setstate), SETSTATE),
    ],
    slots: Slots { iter: Some(self_iter), next: Some(next), ..Slots::NONE },
    ..TypeDef::new::<TupleIterator>("tuple_iterator")
};

fn payload(this: Ref<'_>) -> &TupleIterator {
    this.downcast().expect("the receiver is a tuple iterator")
}

fn next(_vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    Ok(payload(this).advance())
}

fn length_hint(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.size(payload(this).remaining())
}

fn reduce(vm: &Thread, this: Ref<'_>) -> PyResult {
    match payload(this).state() {
        Some((tuple, index)) => reduce_iter(vm, tuple, Some(index)),
        None => reduce_iter(vm, vm.empty_tuple(), None),
    }
}

fn setstate(vm: &Thread, this: Ref<'_>, state: Ref<'_>) -> PyResult {
    payload(this).move_to(state_index(vm, state)?);
    Ok(Owned::none())
}
