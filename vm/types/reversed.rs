//! `reversed`: what an object's `__reversed__` gives, or else an iterator over a sequence from its end.

use std::cell::Cell;

use crate::arguments::Args;
use crate::class;
use crate::exception::PyResult;
use crate::heap::Slot;
use crate::native::{One, Slots, Two, TypeDef, TypeFlags, method};
use crate::protocol::slots::SlotId;
use crate::types::constructor;
use crate::types::iterator::{LENGTH_HINT, REDUCE, SETSTATE, self_iter, state_index};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

crate::payload! {
    /// A reversed object.
    pub struct Reversed: Native {
        /// Empty at the end.
        sequence: Slot,
        /// The index of the next item.
        index: Cell<isize>,
    }
}

class! { Reversed => REVERSED; }

pub(crate) static REVERSED: TypeDef = TypeDef {
    flags: TypeFlags::BASE,
    signature: "(sequence, /)",
    doc: "An iterator over the items of a sequence from the last to the first.",
    methods: &[
        method("__length_hint__($self, /)", One(length_hint), LENGTH_HINT),
        method("__reduce__($self, /)", One(reduce), REDUCE),
        method("__setstate__($self, object, /)", Two(setstate), SETSTATE),
    ],
    slots: Slots { iter: Some(self_iter), next: Some(next), new: Some(new), ..Slots::NONE },
    ..TypeDef::new::<Reversed>("reversed")
};

fn payload(this: Ref<'_>) -> &Reversed {
    this.downcast().expect("the receiver is a reversed object")
}

fn new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    if constructor::checks_keywords(class, SlotId::init) {
        constructor::no_keywords(vm, "reversed", args)?;
    }
    let &[sequence] = args.positional() else {
        return Err(constructor::wrong_count(vm, "reversed", args.positional().len(), 1, 1));
    };
    let name = &vm.names().__reversed__;
    let own = vm.lookup(vm.class(sequence), name.borrow());
    if own.as_ref().is_some_and(|own| !own.borrow().is_none())
        && let Some(iterator) = vm.call_special(sequence, name, &[])?
    {
        return Ok(iterator);
    }
    if own.is_some() || !vm.is_sequence(sequence) {
        let name = vm.type_name(sequence);
        return Err(vm.type_error(format_args!("'{name}' object is not reversible")));
    }
    let last = vm.length(sequence)? as isize - 1;
    vm.new_object_of(class, Reversed { sequence: Slot::new(sequence.own()), index: Cell::new(last) })
}

fn next(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    let reversed = payload(this);
    let Some(sequence) = reversed.sequence.get() else { return Ok(None) };
    let index = reversed.index.get();
    let item = if index < 0 { None } else { Some(vm.item_at(sequence.borrow(), index)) };
    if let Some(Ok(item)) = item {
        reversed.index.set(index - 1);
        return Ok(Some(item));
    }
    reversed.index.set(-1);
    drop(reversed.sequence.take());
    match item {
        Some(Err(raised))
            if !raised.is(&vm.exceptions().IndexError) && !raised.is(&vm.exceptions().StopIteration) =>
        {
            Err(raised)
        }
        _ => Ok(None),
    }
}

fn length_hint(vm: &Thread, this: Ref<'_>) -> PyResult {
    let reversed = payload(this);
    let Some(sequence) = reversed.sequence.get() else { return Ok(Owned::small_int(0)) };
    let len = vm.length(sequence.borrow())?;
    let left = (reversed.index.get() + 1) as usize;
    // A sequence that has become shorter ends the iteration at once.
    vm.size(if len < left { 0 } else { left })
}

fn reduce(vm: &Thread, this: Ref<'_>) -> PyResult {
    let (class, reversed) = (vm.class(this).own(), payload(this));
    match reversed.sequence.get() {
        Some(sequence) => {
            let index = vm.int(reversed.index.get() as i64)?;
            vm.tuple_array([class, vm.tuple_array([sequence])?, index])
        }
        None => vm.pair(class, vm.tuple_array([vm.empty_tuple()])?),
    }
}

fn setstate(vm: &Thread, this: Ref<'_>, state: Ref<'_>) -> PyResult {
    let index = state_index(vm, state)?;
    let reversed = payload(this);
    if let Some(sequence) = reversed.sequence.get() {
        let last = vm.length(sequence.borrow())? as isize - 1;
        reversed.index.set(index.clamp(-1, last));
        if index.min(last) < 0 {
            drop(reversed.sequence.take());
        }
    }
    Ok(Owned::none())
}
