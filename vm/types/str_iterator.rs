//! `str_iterator`, and `str_ascii_iterator`, its twin for strings that are all ASCII.

use crate::class;
use crate::exception::PyResult;
use crate::native::{MethodDef, One, Slots, Two, TypeDef, method};
use crate::types::iterator::{
    ITERATOR_FLAGS, LENGTH_HINT, REDUCE, SETSTATE, reduce_iter, self_iter, state_index,
};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

pub(crate) use crate::heap::iterator::StrIterator;

class! { StrIterator => STR_ITERATOR; }

pub(crate) static STR_ITERATOR: TypeDef = definition("str_iterator");
pub(crate) static STR_ASCII_ITERATOR: TypeDef = definition("str_ascii_iterator");

const fn definition(name: &'static str) -> TypeDef {
    TypeDef {
        flags: ITERATOR_FLAGS,
        methods: METHODS,
        slots: Slots { iter: Some(self_iter), next: Some(next), ..Slots::NONE },
        ..TypeDef::new::<StrIterator>(name)
    }
}

const METHODS: &[MethodDef] = &[
    method("__length_hint__($self, /)", One(length_hint), LENGTH_HINT),
    method("__reduce__($self, /)", One(reduce), REDUCE),
    method("__setstate__($self, object, /)", Two(setstate), SETSTATE),
];

fn payload(this: Ref<'_>) -> &StrIterator {
    this.downcast().expect("the receiver is a str iterator")
}

fn next(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    match payload(this).advance() {
        Some(code) => vm.character(code).map(Some),
        None => Ok(None),
    }
}

fn length_hint(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.size(payload(this).len())
}

fn reduce(vm: &Thread, this: Ref<'_>) -> PyResult {
    match payload(this).state() {
        Some((text, index)) => reduce_iter(vm, text, Some(index)),
        None => reduce_iter(vm, vm.empty_str(), None),
    }
}

fn setstate(vm: &Thread, this: Ref<'_>, state: Ref<'_>) -> PyResult {
    payload(this).move_to(state_index(vm, state)?);
    Ok(Owned::none())
}
