//! `_queue`: `SimpleQueue`, a queue between threads that has no bound.
//!
//! The items belong to the interpreter, like all values, and whoever holds it may add and take them. A thread that waits for an item
//! gives the interpreter back meanwhile; it waits for a count of items ever added to change.

use std::cell::Cell;
use std::time::{Duration, Instant};

use pyx_vm::arguments::Args;
use pyx_vm::exception::{PyResult, Raised, classes};
use pyx_vm::mutex::Bell;
use pyx_vm::native::*;
use pyx_vm::protocol::conversion::{float_value, int_value};
use pyx_vm::protocol::slots::SlotId;
use pyx_vm::types::constructor;
use pyx_vm::types::exception::Exception;
use pyx_vm::types::generic_alias::generic_alias;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload};

use crate::collections::ring::Ring;

pub(crate) static QUEUE: ModuleDef = ModuleDef {
    doc: "A simple queue between threads, for the module queue.",
    types: &[&EMPTY, &SIMPLE_QUEUE],
    ..ModuleDef::new("_queue")
};

static EMPTY: TypeDef = TypeDef {
    module: "_queue",
    base: Some(&classes::Exception),
    flags: TypeFlags { dict: true, mutable: true, weakref: true, python: true, ..TypeFlags::BASE },
    doc: "There is no item in the queue.",
    attributes: &[MODULE],
    ..TypeDef::new::<Exception>("Empty")
};

payload! {
    /// A queue.
    struct SimpleQueue: Native {
        items: Ring,
        /// Counts the items that were added while somebody waited.
        added: Bell,
        waiting: Cell<usize>,
    }
}

class! { SimpleQueue => SIMPLE_QUEUE; }

static SIMPLE_QUEUE: TypeDef = TypeDef {
    module: "_queue",
    flags: TypeFlags { weakref: true, ..TypeFlags::BASE },
    signature: "()",
    doc: "A queue between threads, first in, first out, without a bound.",
    methods: &[
        method(
            "empty($self, /)",
            One(|_, this| Ok(Owned::bool(queue(this).items.len() == 0))),
            "Whether it is empty.",
        ),
        method(
            "get($self, /, block=True, timeout=None)",
            OneOpt2(get),
            "Take out the first item, waiting for one if there is none.\n\n\
             With a timeout, wait so many seconds at most; unless block is true, do not wait at all. Raises\n\
             Empty if there is no item.",
        ),
        method("get_nowait($self, /)", Raw(get_nowait), "As get(block=False)."),
        method(
            "put($self, /, item, block=True, timeout=None)",
            TwoOpt2(|vm, this, item, _, _| put(vm, this, item)),
            "Add an item at the end. There is always room, and so the other arguments do not matter.",
        ),
        method("put_nowait($self, /, item)", Two(put), "As put(item, block=False)."),
        method(
            "qsize($self, /)",
            One(|vm, this| vm.size(queue(this).items.len())),
            "How many items there are.",
        ),
        class_method("__class_getitem__($type, object, /)", Two(generic_alias), "See PEP 585."),
    ],
    attributes: &[MODULE],
    slots: Slots { new: Some(new), ..Slots::NONE },
    ..TypeDef::new::<SimpleQueue>("SimpleQueue")
};

fn queue(this: Ref<'_>) -> &SimpleQueue {
    this.downcast().expect("the receiver is a queue")
}

fn new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    if constructor::checks_keywords(class, SlotId::init) {
        if !args.positional().is_empty() {
            return Err(vm.type_error("SimpleQueue() takes no positional arguments"));
        }
        constructor::no_keywords(vm, "SimpleQueue", args)?;
    }
    vm.new_object_of(
        class,
        SimpleQueue { items: Ring::default(), added: Bell::default(), waiting: Cell::new(0) },
    )
}

fn put(vm: &Thread, this: Ref<'_>, item: Ref<'_>) -> PyResult {
    let queue = queue(this);
    queue.items.push_back(vm, item.own())?;
    if queue.waiting.get() > 0 {
        queue.added.ring();
    }
    none()
}

fn get(vm: &Thread, this: Ref<'_>, block: Option<Ref<'_>>, timeout: Option<Ref<'_>>) -> PyResult {
    let block = block.map_or(Ok(true), |block| vm.is_true(block))?;
    let queue = queue(this);
    let deadline = match timeout.filter(|timeout| block && !timeout.is_none()) {
        Some(timeout) => Instant::now().checked_add(seconds(vm, timeout)?),
        None => None,
    };
    loop {
        if let Some(item) = queue.items.pop_front() {
            return Ok(item);
        }
        if !block || deadline.is_some_and(|deadline| deadline <= Instant::now()) {
            return Err(empty(vm));
        }
        queue.wait(vm, deadline)?;
    }
}

fn get_nowait(vm: &Thread, args: &Args<'_>) -> PyResult {
    match args.split_first() {
        Some((this, rest)) if rest.is_empty() => get(vm, this, Some(Ref::FALSE), None),
        _ => Err(vm.type_error("get_nowait() takes no arguments")),
    }
}

#[cold]
fn empty(vm: &Thread) -> Raised {
    match vm.class_of(&EMPTY) {
        Ok(class) => vm.error_with(&class, &[]),
        Err(raised) => raised,
    }
}

impl SimpleQueue {
    /// Waits for an item to be added, or something else to happen.
    fn wait(&self, vm: &Thread, deadline: Option<Instant>) -> PyResult<()> {
        let count = self.added.count();
        self.waiting.set(self.waiting.get() + 1);
        let waited = self.added.wait(vm, count, deadline);
        self.waiting.set(self.waiting.get() - 1);
        waited
    }
}

/// A timeout as an argument.
fn seconds(vm: &Thread, timeout: Ref<'_>) -> PyResult<Duration> {
    const MOST: f64 = 9.223_372_036_854_775e9;
    let out_of_range = || vm.overflow_error("timestamp out of range for C PyTime_t");
    let seconds = if let Some(seconds) = float_value(timeout) {
        if seconds.is_nan() {
            return Err(vm.value_error("Invalid value NaN (not a number)"));
        }
        seconds
    } else if int_value(timeout).is_some() || vm.is_index(timeout) {
        match vm.to_i64(timeout) {
            Ok(seconds) => seconds as f64,
            Err(raised) if raised.is(&vm.exceptions().OverflowError) => return Err(out_of_range()),
            Err(raised) => return Err(raised),
        }
    } else {
        let name = vm.type_name(timeout);
        return Err(
            vm.type_error(format_args!("'{name}' object cannot be interpreted as an integer or float"))
        );
    };
    if seconds.abs() > MOST {
        return Err(out_of_range());
    }
    if seconds < 0.0 {
        return Err(vm.value_error("'timeout' must be a non-negative number"));
    }
    Ok(Duration::from_secs_f64(seconds))
}
