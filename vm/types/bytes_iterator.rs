//! `bytes_iterator` and `bytearray_iterator`.

use crate::class;
use crate::exception::PyResult;
use crate::native::{MethodDef, One, Slots, Two, TypeDef, method};
use crate::types::iterator::{
    ITERATOR_FLAGS, LENGTH_HINT, REDUCE, SETSTATE, reduce_iter, self_iter, state_index,
};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

pub(crate) use crate::heap::iterator::BytesIterator;

class! { BytesIterator => BYTES_ITERATOR; }

pub(crate) static BYTES_ITERATOR: TypeDef = definition("bytes_iterator");
pub(crate) static BYTEARRAY_ITERATOR: TypeDef = definition("bytearray_iterator");

const fn definition(name: &'static str) -> TypeDef {
    TypeDef {
        flags: ITERATOR_FLAGS,
        methods: METHODS,
        slots: Slots { iter: Some(self_iter), next: Some(next), ..Slots::NONE },
        ..TypeDef::new::<BytesIterator>(name)
    }
}

const METHODS: &[MethodDef] = &[
    method("__length_hint__($self, /)", One(length_hint), LENGTH_HINT),
    method("__reduce__($self, /)", One(reduce), REDUCE),
    method("__setstate__($self, object, /)", Two(setstate), SETSTATE),
];

fn payload(this: Ref<'_>) -> &BytesIterator {
    this.downcast().expect("the receiver is an iterator over bytes")
}

fn next(_vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    Ok(payload(this).advance().map(|byte| Owned::small_int(byte.into())))
}

fn length_hint(vm: &Thread, this: Ref<'_>) -> PyResult {
    let iterator = payload(this);
    let next = iterator.state().map_or(0, |(_, index)| index);
    vm.size(iterator.total().saturating_sub(next))
}

fn reduce(vm: &Thread, this: Ref<'_>) -> PyResult {
    match payload(this).state() {
        Some((bytes, index)) => reduce_iter(vm, bytes, Some(index)),
        None => reduce_iter(vm, vm.empty_tuple(), None),
    }
}

fn setstate(vm: &Thread, this: Ref<'_>, state: Ref<'_>) -> PyResult {
    payload(this).move_to(state_index(vm, state)?);
    Ok(Owned::none())
}
