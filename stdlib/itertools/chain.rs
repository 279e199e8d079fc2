//! `chain` and `cycle`: iterables one after the other.

use std::cell::Cell;

use pyx_vm::arguments::Args;
use pyx_vm::exception::PyResult;
use pyx_vm::heap::{Items, Slot};
use pyx_vm::native::*;
use pyx_vm::protocol::slots::SlotId;
use pyx_vm::types::constructor;
use pyx_vm::types::generic_alias::generic_alias;
use pyx_vm::types::iterator::self_iter;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload};

use super::{ATTRIBUTES, advance_to_end, payload_of};

payload! {
    /// A chain object.
    pub(super) struct Chain: Native {
        /// An iterator of the iterables that are left.
        source: Slot,
        /// An iterator over the current iterable.
        current: Slot,
    }

    /// A cycle object.
    pub(super) struct Cycle: Native {
        /// The iterator, during the first round.
        iterator: Slot,
        saved: Items,
        index: Cell<usize>,
    }
}

class! {
    Chain => CHAIN;
    Cycle => CYCLE;
}

pub(super) static CHAIN: TypeDef = TypeDef {
    module: "itertools",
    flags: TypeFlags::BASE,
    signature: "(*iterables)",
    doc: "An iterator of the items of the first iterable, then of those of the second, and so on.",
    methods: &[
        class_method(
            "from_iterable($type, iterable, /)",
            Two(from_iterable),
            "As chain(), the iterables coming from an iterable.",
        ),
        class_method("__class_getitem__($type, object, /)", Two(generic_alias), "See PEP 585."),
    ],
    attributes: ATTRIBUTES,
    slots: Slots { new: Some(chain_new), iter: Some(self_iter), next: Some(chain_next), ..Slots::NONE },
    ..TypeDef::new::<Chain>("chain")
};

fn chain_new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    if constructor::checks_keywords(class, SlotId::init) {
        constructor::no_keywords(vm, "chain", args)?;
    }
    from_source(vm, class, vm.iter(vm.tuple_of(args.positional())?.borrow())?)
}

fn from_iterable(vm: &Thread, class: Ref<'_>, iterable: Ref<'_>) -> PyResult {
    from_source(vm, class, vm.iter(iterable)?)
}

fn from_source(vm: &Thread, class: Ref<'_>, source: Owned) -> PyResult {
    vm.new_object_of(class, Chain { source: Slot::new(source), current: Slot::empty() })
}

fn chain_next(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    let chain = payload_of!(this, Chain);
    loop {
        if let Some(current) = chain.current.get() {
            if let Some(item) = advance_to_end(vm, current.borrow())? {
                return Ok(Some(item));
            }
            drop(chain.current.take());
        }
        if !chain.start_next(vm)? {
            return Ok(None);
        }
    }
}

impl Chain {
    /// Goes on to the next iterable; says whether there is one. Where that fails, the chain has ended.
    fn start_next(&self, vm: &Thread) -> PyResult<bool> {
        let Some(source) = self.source.get() else { return Ok(false) };
        let next = match advance_to_end(vm, source.borrow()) {
            Ok(Some(iterable)) => vm.iter(iterable.borrow()).map(Some),
            other => other,
        };
        match next {
            Ok(Some(iterator)) => {
                self.current.set(iterator);
                Ok(true)
            }
            Ok(None) => {
                drop(self.source.take());
                Ok(false)
            }
            Err(raised) => {
                drop(self.source.take());
                Err(raised)
            }
        }
    }
}

pub(super) static CYCLE: TypeDef = TypeDef {
    module: "itertools",
    flags: TypeFlags::BASE,
    signature: "(iterable, /)",
    doc: "An iterator of the items of an iterable, again and again.",
    attributes: ATTRIBUTES,
    slots: Slots { new: Some(cycle_new), iter: Some(self_iter), next: Some(cycle_next), ..Slots::NONE },
    ..TypeDef::new::<Cycle>("cycle")
};

fn cycle_new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    let [iterable] = constructor::exactly(vm, class, "cycle", args)?;
    let iterator = Slot::new(vm.iter(iterable)?);
    vm.new_object_of(class, Cycle { iterator, saved: Items::new(), index: Cell::new(0) })
}

fn cycle_next(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    let cycle = payload_of!(this, Cycle);
    if let Some(iterator) = cycle.iterator.get() {
        if let Some(item) = advance_to_end(vm, iterator.borrow())? {
            cycle.saved.push(vm, item.clone())?;
            return Ok(Some(item));
        }
        drop(cycle.iterator.take());
    }
    let index = cycle.index.get();
    let item = cycle.saved.get(index);
    cycle.index.set(if index + 1 < cycle.saved.len() { index + 1 } else { 0 });
    Ok(item)
}
