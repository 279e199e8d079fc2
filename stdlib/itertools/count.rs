//! `count` and `repeat`: iterators that need no input.

use std::cell::Cell;

use pyx_vm::arguments::Args;
use pyx_vm::exception::PyResult;
use pyx_vm::heap::Slot;
use pyx_vm::native::*;
use pyx_vm::number::IntRef;
use pyx_vm::protocol::conversion::int_value;
use pyx_vm::protocol::number::BinaryOp;
use pyx_vm::text::wtf8::TextBuf;
use pyx_vm::types::iterator::{LENGTH_HINT, self_iter};
use pyx_vm::types::sequence::{push_repr, push_str};
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload, signature};

use super::{ATTRIBUTES, payload_of};

payload! {
    /// A count object.
    pub(super) struct Count: Native {
        /// The next number.
        number: Slot,
        step: Owned,
    }

    /// A repeat object.
    pub(super) struct Repeat: Native {
        value: Owned,
        /// How often it is still given; `None`: for ever.
        left: Cell<Option<usize>>,
    }
}

class! {
    Count => COUNT;
    Repeat => REPEAT;
}

pub(super) static COUNT: TypeDef = TypeDef {
    module: "itertools",
    flags: TypeFlags::BASE,
    signature: "(start=0, step=1)",
    doc: "An iterator of start, start+step, start+2*step and so on, without an end.",
    attributes: ATTRIBUTES,
    slots: Slots {
        new: Some(count_new),
        repr: Some(count_repr),
        iter: Some(self_iter),
        next: Some(count_next),
        ..Slots::NONE
    },
    ..TypeDef::new::<Count>("count")
};

fn count_new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    args.bind(vm, signature!("count(start=0, step=1)"), |bound| {
        let (start, step) = (bound.optional(0), bound.optional(1));
        if !start.is_none_or(|start| vm.is_number(start)) || !step.is_none_or(|step| vm.is_number(step)) {
            return Err(vm.type_error("a number is required"));
        }
        let mut number = start.map_or(Owned::small_int(0), Ref::own);
        let step = step.map_or(Owned::small_int(1), Ref::own);
        // Counting ints by one gives exact ints from the first.
        if is_one(step.borrow())
            && let Some(IntRef::Small(start)) = int_value(number.borrow())
        {
            number = vm.int(start)?;
        }
        vm.new_object_of(class, Count { number: Slot::new(number), step })
    })
}

/// Whether a value is an int, True included, of value one.
fn is_one(value: Ref<'_>) -> bool {
    matches!(int_value(value), Some(IntRef::Small(1)))
}

fn count_next(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    let count = payload_of!(this, Count);
    let number = count.number.get_or_none();
    let small = number.borrow().as_small_int().zip(count.step.borrow().as_small_int());
    let following = match small.and_then(|(number, step)| Owned::try_int(number + step)) {
        Some(following) => following,
        None => vm.binary(BinaryOp::Add, number.borrow(), count.step.borrow())?,
    };
    count.number.set(following);
    Ok(Some(number))
}

fn count_repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    let count = payload_of!(this, Count);
    let mut text = class_name(vm, this)?;
    text.push_str("(");
    push_repr(vm, &mut text, count.number.get_or_none().borrow())?;
    if !is_one(count.step.borrow()) {
        text.push_str(", ");
        push_repr(vm, &mut text, count.step.borrow())?;
    }
    text.push_str(")");
    vm.text(text.as_text())
}

pub(super) static REPEAT: TypeDef = TypeDef {
    module: "itertools",
    flags: TypeFlags::BASE,
    doc: "repeat(object[, times]): an iterator that gives an object again and again, or so many times.",
    methods: &[method("__length_hint__($self, /)", One(repeat_length_hint), LENGTH_HINT)],
    attributes: ATTRIBUTES,
    slots: Slots {
        new: Some(repeat_new),
        repr: Some(repeat_repr),
        iter: Some(self_iter),
        next: Some(repeat_next),
        ..Slots::NONE
    },
    ..TypeDef::new::<Repeat>("repeat")
};

fn repeat_new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    args.bind(vm, signature!("repeat(object, times=None)"), |bound| {
        let times = bound.optional(1).map(|times| vm.to_isize(times)).transpose()?;
        let left = Cell::new(times.map(|times| times.max(0) as usize));
        vm.new_object_of(class, Repeat { value: bound.required(0).own(), left })
    })
}

fn repeat_next(_vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    let repeat = payload_of!(this, Repeat);
    match repeat.left.get() {
        Some(0) => return Ok(None),
        Some(left) => repeat.left.set(Some(left - 1)),
        None => {}
    }
    Ok(Some(repeat.value.clone()))
}

fn repeat_length_hint(vm: &Thread, this: Ref<'_>) -> PyResult {
    match payload_of!(this, Repeat).left.get() {
        Some(left) => vm.size(left),
        None => Err(vm.type_error("len() of unsized object")),
    }
}

fn repeat_repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    let repeat = payload_of!(this, Repeat);
    let mut text = class_name(vm, this)?;
    text.push_str("(");
    push_repr(vm, &mut text, repeat.value.borrow())?;
    if let Some(left) = repeat.left.get() {
        text.push_str(&format!(", {left}"));
    }
    text.push_str(")");
    vm.text(text.as_text())
}

/// The `__name__` of an object's class.
fn class_name(vm: &Thread, this: Ref<'_>) -> PyResult<TextBuf> {
    let name = vm.get_attr(vm.class(this), vm.names().__name__.borrow())?;
    let mut text = TextBuf::new();
    push_str(&mut text, name.borrow());
    Ok(text)
}
