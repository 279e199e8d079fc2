//! `zip_longest`: items of several inputs side by side, up to the end of the longest.

use std::cell::Cell;

use pyx_vm::arguments::Args;
use pyx_vm::exception::PyResult;
use pyx_vm::heap::Slot;
use pyx_vm::heap::inline::Str;
use pyx_vm::native::*;
use pyx_vm::types::iterator::self_iter;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload};

use super::{ATTRIBUTES, advance_to_end, payload_of};

payload! {
    /// A zip_longest object.
    pub(super) struct ZipLongest: Native {
        /// The inputs, each empty once its end is reached.
        iterators: Box<[Slot]>,
        /// How many inputs have more.
        active: Cell<usize>,
        fill: Owned,
    }
}

class! { ZipLongest => ZIP_LONGEST; }

pub(super) static ZIP_LONGEST: TypeDef = TypeDef {
    module: "itertools",
    flags: TypeFlags::BASE,
    signature: "(*iterables, fillvalue=None)",
    doc: "An iterator of tuples: the first items of all iterables, the second ones and so on. A fill value stands\n\
          in for the items of iterables that have ended, until all have.",
    attributes: ATTRIBUTES,
    slots: Slots { new: Some(new), iter: Some(self_iter), next: Some(next), ..Slots::NONE },
    ..TypeDef::new::<ZipLongest>("zip_longest")
};

fn new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    let mut fill = Owned::none();
    for (name, value) in args.keywords() {
        if args.names().len() > 1 || name.downcast::<Str>().is_none_or(|name| name.as_bytes() != b"fillvalue")
        {
            return Err(vm.type_error("zip_longest() got an unexpected keyword argument"));
        }
        fill = value.own();
    }
    let mut iterators = Vec::new();
    for &iterable in args.positional() {
        iterators.push(Slot::new(vm.iter(iterable)?));
    }
    let active = Cell::new(iterators.len());
    vm.new_object_of(class, ZipLongest { iterators: iterators.into(), active, fill })
}

fn next(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    let zip = payload_of!(this, ZipLongest);
    if zip.active.get() == 0 {
        return Ok(None);
    }
    let mut items = vm.vec(zip.iterators.len())?;
    for slot in &zip.iterators {
        match zip.item(vm, slot) {
            Ok(Some(item)) => items.push(item),
            other => {
                zip.active.set(0);
                return other;
            }
        }
    }
    vm.tuple(items).map(Some)
}

impl ZipLongest {
    /// The next item of an input, or what stands in for it; `None` when it was the last input to end.
    fn item(&self, vm: &Thread, slot: &Slot) -> PyResult<Option<Owned>> {
        if let Some(iterator) = slot.get() {
            if let Some(item) = advance_to_end(vm, iterator.borrow())? {
                return Ok(Some(item));
            }
            // Running the input may have come back here and found the same end.
            if slot.take().is_some() {
                self.active.set(self.active.get().saturating_sub(1));
            }
            if self.active.get() == 0 {
                return Ok(None);
            }
        }
        Ok(Some(self.fill.clone()))
    }
}
