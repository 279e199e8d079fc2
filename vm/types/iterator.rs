//! `iterator`, which walks through a sequence by its `__getitem__`, and `callable_iterator`, which calls a function until it
//! returns a sentinel; and what all iterators share.

use std::cell::Cell;

use crate::class;
use crate::exception::PyResult;
use crate::heap::Slot;
use crate::heap::dict::Dict;
use crate::native::{One, Slots, Two, TypeDef, TypeFlags, method};
use crate::types::int::int_ref;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

crate::payload! {
    /// An iterator over a sequence.
    pub struct SequenceIterator: Native {
        /// Empty at the end.
        sequence: Slot,
        index: Cell<isize>,
    }

    /// An iterator over the results of a function.
    pub struct CallableIterator: Native {
        /// Empty at the end.
        callable: Slot,
        sentinel: Slot,
    }
}

class! {
    SequenceIterator => SEQUENCE_ITERATOR;
    CallableIterator => CALLABLE_ITERATOR;
}

/// What an iterator type is: not instantiable.
pub(crate) const ITERATOR_FLAGS: TypeFlags = TypeFlags { no_new: true, ..TypeFlags::NONE };

pub(crate) static SEQUENCE_ITERATOR: TypeDef = TypeDef {
    flags: ITERATOR_FLAGS,
    methods: &[
        method("__length_hint__($self, /)", One(sequence_length_hint), LENGTH_HINT),
        method("__reduce__($self, /)", One(sequence_reduce), REDUCE),
        method("__setstate__($self, object, /)", Two(sequence_setstate), SETSTATE),
    ],
    slots: Slots { iter: Some(self_iter), next: Some(sequence_next), ..Slots::NONE },
    ..TypeDef::new::<SequenceIterator>("iterator")
};

pub(crate) static CALLABLE_ITERATOR: TypeDef = TypeDef {
    flags: ITERATOR_FLAGS,
    methods: &[method("__reduce__($self, /)", One(callable_reduce), REDUCE)],
    slots: Slots { iter: Some(self_iter), next: Some(callable_next), ..Slots::NONE },
    ..TypeDef::new::<CallableIterator>("callable_iterator")
};

/// Documents `__length_hint__` of iterators.
pub const LENGTH_HINT: &str = "Estimates how many items are left.";
/// Documents `__reduce__` of iterators.
pub const REDUCE: &str = "The iterator's state, for pickle and copy.";
/// Documents `__setstate__` of iterators.
pub const SETSTATE: &str = "Restores a state that pickle or copy saved.";

/// `iter(iterator)` is the iterator itself.
pub fn self_iter(_vm: &Thread, this: Ref<'_>) -> PyResult {
    Ok(this.own())
}

/// What the module `builtins` has under a name: pickles name `iter` and `reversed` so.
pub fn builtin(vm: &Thread, name: &str) -> PyResult {
    let name = vm.intern(name)?;
    let builtins = vm.interpreter().builtins.get_or_none();
    if let Some(builtins) = builtins.borrow().downcast::<Dict>() {
        let hash = vm.hash(name.borrow())?;
        if let Some(value) = builtins.table.get(vm, name.borrow(), hash)? {
            return Ok(value);
        }
    }
    Err(vm.error_with(&vm.exceptions().AttributeError, &[name.borrow()]))
}

/// `(iter, (iterable,), index)`, or `(iter, (iterable,))` where there is no index.
pub(crate) fn reduce_iter(vm: &Thread, iterable: Owned, index: Option<usize>) -> PyResult {
    reduce_by(vm, "iter", iterable, index)
}

/// As `reduce_iter`, with another builtin function.
pub(crate) fn reduce_by(vm: &Thread, name: &str, iterable: Owned, index: Option<usize>) -> PyResult {
    let function = builtin(vm, name)?;
    let arguments = vm.tuple(vec![iterable])?;
    match index {
        Some(index) => vm.tuple(vec![function, arguments, vm.size(index)?]),
        None => vm.pair(function, arguments),
    }
}

/// The index that is an iterator's saved state.
pub(crate) fn state_index(vm: &Thread, state: Ref<'_>) -> PyResult<isize> {
    if int_ref(state).is_none() {
        return Err(vm.type_error("an integer is required"));
    }
    vm.to_isize(state)
}

impl Thread {
    /// An iterator over a sequence by its items.
    pub(crate) fn sequence_iterator(&self, sequence: Ref<'_>) -> PyResult {
        let iterator = SequenceIterator { sequence: Slot::new(sequence.own()), index: Cell::new(0) };
        self.new_object_in(&self.types().sequence_iterator, iterator)
    }

    /// `iter(callable, sentinel)`
    pub fn callable_iterator(&self, callable: Ref<'_>, sentinel: Ref<'_>) -> PyResult {
        let iterator =
            CallableIterator { callable: Slot::new(callable.own()), sentinel: Slot::new(sentinel.own()) };
        self.new_object_in(&self.types().callable_iterator, iterator)
    }
}

fn sequence_payload(this: Ref<'_>) -> &SequenceIterator {
    this.downcast().expect("the receiver is an iterator")
}

fn sequence_next(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    let iterator = sequence_payload(this);
    let Some(sequence) = iterator.sequence.get() else { return Ok(None) };
    let index = iterator.index.get();
    if index == isize::MAX {
        return Err(vm.overflow_error("iter index too large"));
    }
    match vm.item_at(sequence.borrow(), index) {
        Ok(item) => {
            iterator.index.set(index + 1);
            Ok(Some(item))
        }
        Err(raised)
            if raised.is(&vm.exceptions().IndexError) || raised.is(&vm.exceptions().StopIteration) =>
        {
            drop(iterator.sequence.take());
            Ok(None)
        }
        Err(raised) => Err(raised),
    }
}

fn sequence_length_hint(vm: &Thread, this: Ref<'_>) -> PyResult {
    let iterator = sequence_payload(this);
    let Some(sequence) = iterator.sequence.get() else { return Ok(Owned::small_int(0)) };
    if !vm.has_length(sequence.borrow()) {
        return Ok(Owned::not_implemented());
    }
    let len = vm.length(sequence.borrow())?;
    vm.size(len.saturating_sub(iterator.index.get().max(0) as usize))
}

fn sequence_reduce(vm: &Thread, this: Ref<'_>) -> PyResult {
    let iterator = sequence_payload(this);
    match iterator.sequence.get() {
        Some(sequence) => reduce_iter(vm, sequence, Some(iterator.index.get().max(0) as usize)),
        None => reduce_iter(vm, vm.empty_tuple(), None),
    }
}

fn sequence_setstate(vm: &Thread, this: Ref<'_>, state: Ref<'_>) -> PyResult {
    let index = state_index(vm, state)?;
    let iterator = sequence_payload(this);
    if !iterator.sequence.is_empty() {
        iterator.index.set(index.max(0));
    }
    Ok(Owned::none())
}

fn callable_payload(this: Ref<'_>) -> &CallableIterator {
    this.downcast().expect("the receiver is a callable iterator")
}

fn callable_next(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    let iterator = callable_payload(this);
    let Some(callable) = iterator.callable.get() else { return Ok(None) };
    match vm.call(callable.borrow(), &[]) {
        Ok(result) => {
            // Without a sentinel, the call has used the iterator up.
            if let Some(sentinel) = iterator.sentinel.get()
                && !vm.equal(sentinel.borrow(), result.borrow())?
            {
                return Ok(Some(result));
            }
        }
        Err(raised) if raised.is(&vm.exceptions().StopIteration) => {}
        Err(raised) => return Err(raised),
    }
    drop(iterator.callable.take());
    drop(iterator.sentinel.take());
    Ok(None)
}

fn callable_reduce(vm: &Thread, this: Ref<'_>) -> PyResult {
    let iterator = callable_payload(this);
    match (iterator.callable.get(), iterator.sentinel.get()) {
        (Some(callable), Some(sentinel)) => {
            let arguments = vm.pair(callable, sentinel)?;
            vm.pair(builtin(vm, "iter")?, arguments)
        }
        _ => reduce_iter(vm, vm.empty_tuple(), None),
    }
}
