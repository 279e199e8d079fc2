//! `arrayiterator`.

use std::cell::Cell;

use pyx_vm::class;
use pyx_vm::exception::PyResult;
use pyx_vm::heap::Slot;
use pyx_vm::native::*;
use pyx_vm::types::int::int_ref;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

use super::items;

pyx_vm::payload! {
    /// An iterator over an array.
    struct ArrayIterator: Native {
        /// Empty at the end.
        array: Slot,
        index: Cell<usize>,
    }
}

class! { ArrayIterator => ARRAY_ITERATOR; }

static ARRAY_ITERATOR: TypeDef = TypeDef {
    module: "array",
    attributes: &[MODULE, GETATTRIBUTE],
    flags: TypeFlags { no_new: true, ..TypeFlags::NONE },
    methods: &[
        method("__reduce__($self, /)", One(reduce), "The iterator's state, for pickle and copy.")
            .wording(Wording::DefiningClass),
        method("__setstate__($self, state, /)", Two(setstate), "Restores a state that pickle or copy saved."),
    ],
    slots: Slots { iter: Some(|_, this| Ok(this.own())), next: Some(next), ..Slots::NONE },
    ..TypeDef::new::<ArrayIterator>("arrayiterator")
};

pub(super) fn iter(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.new_object(ArrayIterator { array: Slot::new(this.own()), index: Cell::new(0) })
}

fn payload(this: Ref<'_>) -> &ArrayIterator {
    this.downcast().expect("the receiver is an iterator over an array")
}

fn next(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    let iterator = payload(this);
    let Some(array) = iterator.array.get() else { return Ok(None) };
    let index = iterator.index.get();
    match items(array.borrow()).get(vm, index) {
        Some(item) => {
            iterator.index.set(index + 1);
            item.map(Some)
        }
        None => {
            drop(iterator.array.take());
            Ok(None)
        }
    }
}

fn reduce(vm: &Thread, this: Ref<'_>) -> PyResult {
    let iterator = payload(this);
    let builtins = vm.import_module(&vm.intern("builtins")?)?;
    let iter = vm.get_attr(builtins.borrow(), vm.intern("iter")?.borrow())?;
    match iterator.array.get() {
        Some(array) => vm.tuple(vec![iter, vm.tuple(vec![array])?, vm.size(iterator.index.get())?]),
        None => vm.pair(iter, vm.tuple(vec![vm.empty_tuple()])?),
    }
}

fn setstate(vm: &Thread, this: Ref<'_>, state: Ref<'_>) -> PyResult {
    if int_ref(state).is_none() {
        return Err(vm.type_error("an integer is required"));
    }
    let index = vm.to_isize(state)?;
    let iterator = payload(this);
    if let Some(array) = iterator.array.get() {
        let len = items(array.borrow()).len();
        iterator.index.set(usize::try_from(index).unwrap_or(0).min(len));
    }
    none()
}
