//! `memory_iterator`.

use std::cell::Cell;

use super::item::Format;
use super::{in_use, index};
use crate::class;
use crate::exception::PyResult;
use crate::heap::Slot;
use crate::native::{Slots, TypeDef};
use crate::types::iterator::{ITERATOR_FLAGS, self_iter};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

crate::payload! {
    /// An iterator over a memoryview of one dimension.
    struct MemoryIterator: Native {
        /// Empty at the end.
        view: Slot,
        index: Cell<usize>,
        len: usize,
    }
}

class! { MemoryIterator => MEMORY_ITERATOR; }

static MEMORY_ITERATOR: TypeDef = TypeDef {
    flags: ITERATOR_FLAGS,
    slots: Slots { iter: Some(self_iter), next: Some(next), ..Slots::NONE },
    ..TypeDef::new::<MemoryIterator>("memory_iterator")
};

pub(super) fn iter(vm: &Thread, this: Ref<'_>) -> PyResult {
    let view = in_use(vm, this)?;
    let len = match view.geometry.shape.as_slice() {
        [] => return Err(vm.type_error("invalid indexing of 0-dim memory")),
        &[len] => len,
        _ => {
            return Err(vm.not_implemented_error("multi-dimensional sub-views are not implemented"));
        }
    };
    Format::of(vm, &view.geometry)?;
    vm.new_object(MemoryIterator { view: Slot::new(this.own()), index: Cell::new(0), len })
}

fn next(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    let iterator: &MemoryIterator = this.downcast().expect("the receiver is a memory iterator");
    let Some(view) = iterator.view.get() else { return Ok(None) };
    let index = iterator.index.get();
    if index >= iterator.len {
        drop(iterator.view.take());
        return Ok(None);
    }
    let item = index::item(vm, view.borrow(), index as isize)?;
    iterator.index.set(index + 1);
    Ok(Some(item))
}
