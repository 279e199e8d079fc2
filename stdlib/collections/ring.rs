//! The storage of deques: values in a ring, which grows and shrinks at both ends in constant time, and has each by its index
//! in constant time, too.
//!
//! No operation lets a value go while it has the storage open: letting go may run Python, which may come back here.

use std::cell::RefCell;
use std::collections::VecDeque;

use pyx_vm::exception::PyResult;
use pyx_vm::heap::{Trace, Visitor};
use pyx_vm::value::Owned;
use pyx_vm::vm::Thread;

/// A ring of values.
#[derive(Default)]
pub(crate) struct Ring(RefCell<VecDeque<Owned>>);

impl Trace for Ring {
    fn trace(&self, visitor: &mut Visitor<'_>) {
        if let Ok(values) = self.0.try_borrow() {
            values.iter().for_each(|value| value.trace(visitor));
        }
    }
    fn clear(&self) {
        drop(self.take());
    }
}

/// Rings below this capacity keep their storage when they get empty.
const SMALL: usize = 1024;

impl Ring {
    pub(crate) fn len(&self) -> usize {
        self.0.borrow().len()
    }

    /// Another owner of the value at an index.
    pub(crate) fn get(&self, index: usize) -> Option<Owned> {
        self.0.borrow().get(index).cloned()
    }

    /// Puts a value at an index below `len`; the old one is the result.
    pub(crate) fn replace(&self, index: usize, value: Owned) -> Owned {
        std::mem::replace(&mut self.0.borrow_mut()[index], value)
    }

    /// Adds a value at the right end.
    pub(crate) fn push_back(&self, vm: &Thread, value: Owned) -> PyResult<()> {
        self.reserve(vm, 1)?;
        self.0.borrow_mut().push_back(value);
        Ok(())
    }

    /// Adds a value at the left end.
    pub(crate) fn push_front(&self, vm: &Thread, value: Owned) -> PyResult<()> {
        self.reserve(vm, 1)?;
        self.0.borrow_mut().push_front(value);
        Ok(())
    }

    pub(crate) fn pop_back(&self) -> Option<Owned> {
        let mut values = self.0.borrow_mut();
        let value = values.pop_back();
        shrink(&mut values);
        value
    }

    pub(crate) fn pop_front(&self) -> Option<Owned> {
        let mut values = self.0.borrow_mut();
        let value = values.pop_front();
        shrink(&mut values);
        value
    }

    /// Puts a value before the one at an index.
    pub(crate) fn insert(&self, vm: &Thread, index: usize, value: Owned) -> PyResult<()> {
        self.reserve(vm, 1)?;
        self.0.borrow_mut().insert(index, value);
        Ok(())
    }

    /// Takes the value at an index out.
    pub(crate) fn remove(&self, index: usize) -> Option<Owned> {
        self.0.borrow_mut().remove(index)
    }

    /// Moves the values so many places to the right, those at the end coming in at the start.
    pub(crate) fn rotate(&self, places: isize) {
        let mut values = self.0.borrow_mut();
        if !values.is_empty() {
            let places = places.rem_euclid(values.len() as isize) as usize;
            values.rotate_right(places);
        }
    }

    pub(crate) fn reverse(&self) {
        self.0.borrow_mut().make_contiguous().reverse();
    }

    /// Takes everything out.
    pub(crate) fn take(&self) -> VecDeque<Owned> {
        self.0.try_borrow_mut().map(|mut values| std::mem::take(&mut *values)).unwrap_or_default()
    }

    /// Other owners of the values.
    pub(crate) fn to_vec(&self, vm: &Thread) -> PyResult<Vec<Owned>> {
        let values = self.0.borrow();
        let mut copy = vm.vec(values.len())?;
        copy.extend(values.iter().cloned());
        Ok(copy)
    }

    /// A ring of the same values.
    pub(crate) fn copy(&self, vm: &Thread) -> PyResult<Self> {
        Ok(Self(RefCell::new(self.to_vec(vm)?.into())))
    }

    /// Bytes of the storage.
    pub(crate) fn storage_size(&self) -> usize {
        self.0.borrow().capacity() * size_of::<Owned>()
    }

    /// Makes room for more values.
    pub(crate) fn reserve(&self, vm: &Thread, more: usize) -> PyResult<()> {
        self.0.borrow_mut().try_reserve(more).map_err(|_| vm.memory_error())
    }
}

/// Gives storage back of which only little is in use.
fn shrink(values: &mut VecDeque<Owned>) {
    if values.capacity() > SMALL && values.len() < values.capacity() / 8 {
        values.shrink_to(values.len() * 2);
    }
}
