//! Iterators that look at several items of one input: `accumulate`, `batched`, `pairwise`.

use pyx_vm::arguments::Args;
use pyx_vm::exception::PyResult;
use pyx_vm::heap::Slot;
use pyx_vm::native::*;
use pyx_vm::protocol::number::BinaryOp;
use pyx_vm::types::constructor;
use pyx_vm::types::iterator::self_iter;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload, signature};

use super::{ATTRIBUTES, advance, advance_to_end, payload_of};

payload! {
    /// An accumulate object.
    pub(super) struct Accumulate: Native {
        iterator: Owned,
        /// None: addition.
        function: Owned,
        /// The result so far, once there is one.
        total: Slot,
        /// What comes before the first item.
        initial: Slot,
    }

    /// A batched object.
    pub(super) struct Batched: Native {
        /// Empty once the end is reached.
        iterator: Slot,
        size: usize,
        strict: bool,
    }

    /// A pairwise object.
    pub(super) struct Pairwise: Native {
        /// Empty once the end is reached.
        iterator: Slot,
        previous: Slot,
    }
}

class! {
    Accumulate => ACCUMULATE;
    Batched => BATCHED;
    Pairwise => PAIRWISE;
}

pub(super) static ACCUMULATE: TypeDef = TypeDef {
    module: "itertools",
    flags: TypeFlags::BASE,
    signature: "(iterable, func=None, *, initial=None)",
    doc: "An iterator of running totals, or of the running results of a function of two arguments.",
    attributes: ATTRIBUTES,
    slots: Slots {
        new: Some(accumulate_new),
        iter: Some(self_iter),
        next: Some(accumulate_next),
        ..Slots::NONE
    },
    ..TypeDef::new::<Accumulate>("accumulate")
};

fn accumulate_new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    args.bind(vm, signature!("accumulate(iterable, func=None, *, initial=None)"), |bound| {
        let iterator = vm.iter(bound.required(0))?;
        let function = bound.optional(1).map_or_else(Owned::none, Ref::own);
        let initial = bound.optional(2).filter(|initial| !initial.is_none()).map(Ref::own);
        let initial = Slot::from_option(initial);
        vm.new_object_of(class, Accumulate { iterator, function, total: Slot::empty(), initial })
    })
}

fn accumulate_next(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    let accumulate = payload_of!(this, Accumulate);
    if let Some(initial) = accumulate.initial.take() {
        accumulate.total.set(initial.clone());
        return Ok(Some(initial));
    }
    let Some(item) = advance(vm, accumulate.iterator.borrow())? else { return Ok(None) };
    let total = match accumulate.total.get() {
        None => item,
        Some(total) if accumulate.function.borrow().is_none() => {
            vm.binary(BinaryOp::Add, total.borrow(), item.borrow())?
        }
        Some(total) => vm.call(accumulate.function.borrow(), &[total.borrow(), item.borrow()])?,
    };
    accumulate.total.set(total.clone());
    Ok(Some(total))
}

pub(super) static BATCHED: TypeDef = TypeDef {
    module: "itertools",
    flags: TypeFlags::BASE,
    signature: "(iterable, n, *, strict=False)",
    doc: "An iterator of tuples of n items each. The last one may be shorter; with strict, that is a ValueError.",
    attributes: ATTRIBUTES,
    slots: Slots { new: Some(batched_new), iter: Some(self_iter), next: Some(batched_next), ..Slots::NONE },
    ..TypeDef::new::<Batched>("batched")
};

fn batched_new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    args.bind(vm, signature!("batched(iterable, n, *, strict=False)"), |bound| {
        let size = vm.to_isize(bound.required(1))?;
        let strict = bound.optional(2).map_or(Ok(false), |strict| vm.is_true(strict))?;
        if size < 1 {
            return Err(vm.value_error("n must be at least one"));
        }
        let iterator = Slot::new(vm.iter(bound.required(0))?);
        vm.new_object_of(class, Batched { iterator, size: size as usize, strict })
    })
}

fn batched_next(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    let batched = payload_of!(this, Batched);
    let Some(iterator) = batched.iterator.get() else { return Ok(None) };
    let mut items = vm.vec(batched.size)?;
    while items.len() < batched.size {
        match advance_to_end(vm, iterator.borrow()) {
            Ok(Some(item)) => items.push(item),
            Ok(None) => break,
            Err(raised) => {
                drop(batched.iterator.take());
                return Err(raised);
            }
        }
    }
    if items.is_empty() {
        drop(batched.iterator.take());
        return Ok(None);
    }
    if batched.strict && items.len() < batched.size {
        drop(batched.iterator.take());
        return Err(vm.value_error("batched(): incomplete batch"));
    }
    vm.tuple(items).map(Some)
}

pub(super) static PAIRWISE: TypeDef = TypeDef {
    module: "itertools",
    flags: TypeFlags::BASE,
    signature: "(iterable, /)",
    doc: "An iterator of the pairs of neighbours in an iterable: s[0] and s[1], s[1] and s[2] and so on.",
    attributes: ATTRIBUTES,
    slots: Slots { new: Some(pairwise_new), iter: Some(self_iter), next: Some(pairwise_next), ..Slots::NONE },
    ..TypeDef::new::<Pairwise>("pairwise")
};

fn pairwise_new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    let [iterable] = constructor::exactly(vm, class, "pairwise", args)?;
    let iterator = Slot::new(vm.iter(iterable)?);
    vm.new_object_of(class, Pairwise { iterator, previous: Slot::empty() })
}

fn pairwise_next(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    let pairwise = payload_of!(this, Pairwise);
    let Some(iterator) = pairwise.iterator.get() else { return Ok(None) };
    let first = match pairwise.previous.get() {
        Some(first) => Some(first),
        None => pairwise.take(vm, &iterator)?,
    };
    let Some(first) = first else { return Ok(None) };
    // Taking the first may have come back here and used the iterator up.
    let Some(iterator) = pairwise.iterator.get() else {
        drop(pairwise.previous.take());
        return Ok(None);
    };
    let Some(second) = pairwise.take(vm, &iterator)? else { return Ok(None) };
    vm.pair(first, second).map(Some)
}

impl Pairwise {
    /// The next item, which is also the next pair's first.
    fn take(&self, vm: &Thread, iterator: &Owned) -> PyResult<Option<Owned>> {
        let item = advance(vm, iterator.borrow());
        match &item {
            Ok(Some(item)) => self.previous.set(item.clone()),
            _ => {
                drop(self.iterator.take());
                drop(self.previous.take());
            }
        }
        item
    }
}
