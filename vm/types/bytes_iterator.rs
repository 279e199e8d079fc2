//! `bytes_iterator` and `bytearray_iterator`.

use std::cell::Cell;

use crate::class;
use crate::exception::PyResult;
use crate::heap::inline::Bytes;
use crate::heap::{Kind, Slot};
use crate::native::{MethodDef, One, Slots, Two, TypeDef, method};
use crate::types::bytearray::ByteArray;
use crate::types::iterator::{
    ITERATOR_FLAGS, LENGTH_HINT, REDUCE, SETSTATE, reduce_iter, self_iter, state_index,
};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

crate::payload! {
    /// An iterator over a bytes or bytearray object.
    pub struct BytesIterator: Native {
        /// Empty at the end.
        bytes: Slot,
        index: Cell<usize>,
    }
}

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

impl BytesIterator {
    /// An iterator over a bytes or bytearray object.
    pub(crate) fn new(bytes: Owned) -> Self {
        Self { bytes: Slot::new(bytes), index: Cell::new(0) }
    }
}

fn payload(this: Ref<'_>) -> &BytesIterator {
    this.downcast().expect("the receiver is an iterator over bytes")
}

fn byte_at(bytes: Ref<'_>, index: usize) -> Option<u8> {
    match bytes.downcast::<Bytes>() {
        Some(bytes) => bytes.as_bytes().get(index).copied(),
        None => bytes.downcast::<ByteArray>()?.bytes.get(index),
    }
}

fn len(bytes: Ref<'_>) -> usize {
    match bytes.downcast::<Bytes>() {
        Some(bytes) => bytes.as_bytes().len(),
        None => bytes.downcast::<ByteArray>().map_or(0, |array| array.bytes.len()),
    }
}

fn next(_vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    let iterator = payload(this);
    let Some(bytes) = iterator.bytes.get() else { return Ok(None) };
    let index = iterator.index.get();
    let Some(byte) = byte_at(bytes.borrow(), index) else {
        drop(iterator.bytes.take());
        return Ok(None);
    };
    iterator.index.set(index + 1);
    Ok(Some(Owned::small_int(byte.into())))
}

fn length_hint(vm: &Thread, this: Ref<'_>) -> PyResult {
    let iterator = payload(this);
    let len = iterator.bytes.get().map_or(0, |bytes| len(bytes.borrow()));
    vm.size(len.saturating_sub(iterator.index.get()))
}

fn reduce(vm: &Thread, this: Ref<'_>) -> PyResult {
    let iterator = payload(this);
    match iterator.bytes.get() {
        Some(bytes) => reduce_iter(vm, bytes, Some(iterator.index.get())),
        None => reduce_iter(vm, vm.empty_tuple(), None),
    }
}

fn setstate(vm: &Thread, this: Ref<'_>, state: Ref<'_>) -> PyResult {
    let index = state_index(vm, state)?;
    let iterator = payload(this);
    if let Some(bytes) = iterator.bytes.get() {
        if index < 0 && bytes.borrow().kind() == Kind::ByteArray {
            drop(iterator.bytes.take());
        } else {
            iterator.index.set((index.max(0) as usize).min(len(bytes.borrow())));
        }
    }
    Ok(Owned::none())
}
