//! `islice`: some items of an iterator, by their index.

use std::cell::Cell;

use pyx_vm::arguments::Args;
use pyx_vm::exception::PyResult;
use pyx_vm::heap::Slot;
use pyx_vm::native::*;
use pyx_vm::protocol::slots::SlotId;
use pyx_vm::types::constructor;
use pyx_vm::types::iterator::self_iter;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload};

use super::{ATTRIBUTES, advance, payload_of};

payload! {
    /// An islice object.
    pub(super) struct ISlice: Native {
        /// Empty once the end is reached.
        iterator: Slot,
        /// Items taken from the iterator.
        taken: Cell<usize>,
        /// The index of the next item to give.
        next: Cell<usize>,
        stop: usize,
        step: usize,
    }
}

class! { ISlice => ISLICE; }

pub(super) static ISLICE: TypeDef = TypeDef {
    module: "itertools",
    flags: TypeFlags::BASE,
    doc: "islice(iterable, stop), islice(iterable, start, stop[, step]): an iterator of the items that the slice\n\
          of a sequence would have. Bounds and step cannot be negative; items before start are skipped.",
    attributes: ATTRIBUTES,
    slots: Slots { new: Some(new), iter: Some(self_iter), next: Some(next), ..Slots::NONE },
    ..TypeDef::new::<ISlice>("islice")
};

/// In place of a bound that is None.
const NO_END: usize = usize::MAX;

fn new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    if constructor::checks_keywords(class, SlotId::init) {
        constructor::no_keywords(vm, "islice", args)?;
    }
    constructor::count(vm, "islice", args.positional().len(), 2, 4)?;
    let (iterable, start, stop, step) = match *args.positional() {
        [iterable, stop] => (iterable, Ref::NONE, stop, Ref::NONE),
        [iterable, start, stop] => (iterable, start, stop, Ref::NONE),
        [iterable, start, stop, step, ..] => (iterable, start, stop, step),
        [..] => unreachable!("the number of arguments is checked"),
    };
    // In CPython's order, for errors: what is no index at all is the stop's fault first.
    let first = bound(vm, start);
    let Some(stop_index) = bound(vm, stop) else { return Err(bad_index(vm, "Stop argument")) };
    let Some(first) = first.map(|start| start.unwrap_or(0)).filter(|&start| start >= 0) else {
        return Err(bad_index(vm, "Indices"));
    };
    let stop = match stop_index.map(usize::try_from) {
        None => NO_END,
        Some(Ok(stop)) => stop,
        Some(Err(_)) => return Err(bad_index(vm, "Indices")),
    };
    let step = match bound(vm, step) {
        Some(None) => 1,
        Some(Some(step)) if step > 0 => step as usize,
        _ => return Err(vm.value_error("Step for islice() must be a positive integer or None.")),
    };
    let iterator = Slot::new(vm.iter(iterable)?);
    let next = Cell::new(first as usize);
    vm.new_object_of(class, ISlice { iterator, taken: Cell::new(0), next, stop, step })
}

/// A bound: `Some(None)` for None; `None` for what is no index, or too large for one.
fn bound(vm: &Thread, value: Ref<'_>) -> Option<Option<isize>> {
    if value.is_none() {
        return Some(None);
    }
    match vm.to_isize(value) {
        // As CPython does, which takes -1 for the sign of an error.
        Ok(-1) | Err(_) => None,
        Ok(index) => Some(Some(index)),
    }
}

fn bad_index(vm: &Thread, what: &str) -> pyx_vm::exception::Raised {
    vm.value_error(format_args!("{what} for islice() must be None or an integer: 0 <= x <= sys.maxsize."))
}

fn next(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    let islice = payload_of!(this, ISlice);
    let Some(iterator) = islice.iterator.get() else { return Ok(None) };
    let item = islice.step(vm, iterator.borrow());
    if !matches!(item, Ok(Some(_))) {
        drop(islice.iterator.take());
    }
    item
}

impl ISlice {
    /// The item at the next index; `None` behind the stop or the iterator's end.
    fn step(&self, vm: &Thread, iterator: Ref<'_>) -> PyResult<Option<Owned>> {
        loop {
            let (taken, next) = (self.taken.get(), self.next.get());
            if taken >= next && taken >= self.stop {
                return Ok(None);
            }
            let Some(item) = advance(vm, iterator)? else { return Ok(None) };
            self.taken.set(taken + 1);
            if taken >= next {
                self.next.set(next.saturating_add(self.step).min(self.stop));
                return Ok(Some(item));
            }
        }
    }
}
