//! `tee`: several iterators that give the same items.
//!
//! The items are in blocks, each linked to the next. A tee object is a position in a block. Who comes to the end of what has
//! been read reads the next item for all; blocks that no tee object can come to any more are freed, in a loop where
//! the heap's worklist takes over, however long the chain.

use std::cell::Cell;

use pyx_vm::arguments::Args;
use pyx_vm::exception::PyResult;
use pyx_vm::heap::{Items, Slot};
use pyx_vm::native::*;
use pyx_vm::types::constructor;
use pyx_vm::types::iterator::self_iter;
use pyx_vm::types::list::List;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload};

use super::{ATTRIBUTES, advance_to_end, payload_of};

/// Items in a block.
const BLOCK: usize = 57;

payload! {
    /// A block of items.
    pub(super) struct TeeData: Native {
        iterator: Owned,
        items: Items,
        following: Slot,
        /// Whether somebody is reading the next item.
        reads: Cell<bool>,
    }

    /// A tee object: a position in a block.
    pub(super) struct Tee: Native {
        block: Slot,
        index: Cell<usize>,
    }
}

class! {
    TeeData => TEE_DATA;
    Tee => TEE;
}

pub(super) static TEE_DATA: TypeDef = TypeDef {
    module: "itertools",
    doc: "teedataobject(iterable, values, next, /): items that several tee iterators share.",
    attributes: ATTRIBUTES,
    slots: Slots { new: Some(data_new), ..Slots::NONE },
    ..TypeDef::new::<TeeData>("_tee_dataobject")
};

fn data_new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    let [iterator, values, following] = constructor::exactly(vm, class, "teedataobject", args)?;
    let Some(values) = values.downcast::<List>() else {
        return Err(vm.bad_argument("teedataobject() argument 2", "list", values));
    };
    let values = values.items().to_vec(0, values.items().len());
    let following = match following {
        none if none.is_none() => Slot::empty(),
        block if values.len() == BLOCK && block.downcast::<TeeData>().is_some() => Slot::new(block.own()),
        _ => return Err(vm.value_error("Invalid arguments")),
    };
    if values.len() > BLOCK {
        return Err(vm.value_error("Invalid arguments"));
    }
    let items = Items::from_vec(vm, values)?;
    vm.new_object_of(class, TeeData { iterator: iterator.own(), items, following, reads: Cell::new(false) })
}

impl TeeData {
    /// The item at an index, which is at most one past those that have been read; `None` at the input's end.
    fn item(&self, vm: &Thread, index: usize) -> PyResult<Option<Owned>> {
        if let Some(item) = self.items.get(index) {
            return Ok(Some(item));
        }
        if self.reads.replace(true) {
            return Err(vm.runtime_error("cannot re-enter the tee iterator"));
        }
        let item = advance_to_end(vm, self.iterator.borrow());
        self.reads.set(false);
        let Some(item) = item? else { return Ok(None) };
        self.items.push(vm, item.clone())?;
        Ok(Some(item))
    }

    /// The block behind this one.
    fn following(&self, vm: &Thread) -> PyResult {
        if let Some(block) = self.following.get() {
            return Ok(block);
        }
        let block = new_block(vm, self.iterator.clone())?;
        self.following.set(block.clone());
        Ok(block)
    }
}

fn new_block(vm: &Thread, iterator: Owned) -> PyResult {
    let reads = Cell::new(false);
    vm.new_object(TeeData { iterator, items: Items::new(), following: Slot::empty(), reads })
}

pub(super) static TEE: TypeDef = TypeDef {
    module: "itertools",
    flags: TypeFlags { weakref: true, ..TypeFlags::NONE },
    signature: "(iterable, /)",
    doc: "An iterator that can be copied.",
    methods: &[method("__copy__($self, /)", One(copy), "An independent iterator at the same position.")],
    attributes: &[pyx_vm::native::MODULE],
    slots: Slots { new: Some(tee_new), iter: Some(self_iter), next: Some(next), ..Slots::NONE },
    ..TypeDef::new::<Tee>("_tee")
};

fn tee_new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    let [iterable] = constructor::exactly(vm, class, "_tee", args)?;
    from_iterable(vm, iterable)
}

/// A tee object of an iterable; of another tee object, a copy.
fn from_iterable(vm: &Thread, iterable: Ref<'_>) -> PyResult {
    let iterator = vm.iter(iterable)?;
    if iterator.borrow().downcast::<Tee>().is_some() {
        return copy(vm, iterator.borrow());
    }
    vm.new_object(Tee { block: Slot::new(new_block(vm, iterator)?), index: Cell::new(0) })
}

fn copy(vm: &Thread, this: Ref<'_>) -> PyResult {
    let tee = payload_of!(this, Tee);
    vm.new_object(Tee { block: Slot::from_option(tee.block.get()), index: tee.index.clone() })
}

fn next(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    let tee = payload_of!(this, Tee);
    let Some(block) = tee.block.get() else { return Ok(None) };
    let mut data = payload_of!(block.borrow(), TeeData);
    let following;
    if tee.index.get() >= BLOCK {
        following = data.following(vm)?;
        data = payload_of!(following.borrow(), TeeData);
        tee.block.set(following.clone());
        tee.index.set(0);
    }
    let item = data.item(vm, tee.index.get())?;
    if item.is_some() {
        tee.index.set(tee.index.get() + 1);
    }
    Ok(item)
}

/// `tee(iterable, n=2)`
pub(super) fn tee(vm: &Thread, iterable: Ref<'_>, n: Option<Ref<'_>>) -> PyResult {
    let n = n.map_or(Ok(2), |n| vm.to_isize(n))?;
    let Ok(n) = usize::try_from(n) else { return Err(vm.value_error("n must be >= 0")) };
    let mut iterators = vm.vec(n)?;
    if n > 0 {
        let first = from_iterable(vm, iterable)?;
        for _ in 1..n {
            iterators.push(copy(vm, first.borrow())?);
        }
        iterators.insert(0, first);
    }
    vm.tuple(iterators)
}
