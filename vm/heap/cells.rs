//! Cells for payloads: fields that change through a shared reference, with no borrow that could outlive a call into
//! Python.
//!
//! # Safety model
//!
//! Each operation takes the old value out, ends its access to the storage, and only then lets the old value go:
//! a drop may run Python code, which may come back to the same cell. No operation hands out a reference into the
//! storage; reading clones.
#![expect(unsafe_code, reason = "interior mutability of owned values")]

use std::alloc::{self, Layout};
use std::cell::{Cell, UnsafeCell};
use std::mem::ManuallyDrop;
use std::ptr;

use crate::exception::PyResult;
use crate::value::{Owned, Ref, Value};
use crate::vm::Thread;

/// A value that may be absent and may change.
#[repr(transparent)]
pub struct Slot(Cell<Value>);

impl Slot {
    /// An empty slot.
    pub const fn empty() -> Self {
        Self(Cell::new(Value::NULL))
    }

    /// A slot that holds a value.
    pub fn new(value: Owned) -> Self {
        Self(Cell::new(value.into_value()))
    }

    /// A slot that may hold a value.
    pub fn from_option(value: Option<Owned>) -> Self {
        value.map_or(Self::empty(), Self::new)
    }

    /// Another owner of the value.
    #[inline(always)]
    pub fn get(&self) -> Option<Owned> {
        let value = self.0.get();
        // SAFETY: the slot owns the value; the borrow ends here.
        (!value.is_null()).then(|| unsafe { Ref::from_value(value) }.own())
    }

    /// Another owner of the value, or None where it is absent.
    pub fn get_or_none(&self) -> Owned {
        self.get().unwrap_or_else(Owned::none)
    }

    /// Borrows the value.
    ///
    /// # Safety
    /// Nobody changes the slot while the result is in use, so nothing may run Python.
    #[inline(always)]
    pub(super) unsafe fn borrow<'a>(&self) -> Option<Ref<'a>> {
        let value = self.0.get();
        // SAFETY: the slot owns the value, and keeps it as the caller says.
        (!value.is_null()).then(|| unsafe { Ref::from_value(value) })
    }

    /// Whether the slot is empty.
    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.0.get().is_null()
    }

    /// Whether the slot holds this very object.
    pub fn holds(&self, value: Ref<'_>) -> bool {
        self.0.get() == value.value()
    }

    /// Puts a value in, and lets the old one go.
    #[inline(always)]
    pub fn set(&self, value: Owned) {
        drop(self.replace(Some(value)));
    }

    /// Puts a value in or empties the slot; the old value is the result.
    #[inline(always)]
    pub fn replace(&self, value: Option<Owned>) -> Option<Owned> {
        let old = self.0.replace(value.map_or(Value::NULL, Owned::into_value));
        // SAFETY: the slot owned the old value, and no longer does.
        (!old.is_null()).then(|| unsafe { Owned::from_value(old) })
    }

    /// Empties the slot.
    #[inline(always)]
    pub fn take(&self) -> Option<Owned> {
        self.replace(None)
    }

    /// The raw word.
    #[inline(always)]
    pub(crate) fn value(&self) -> Value {
        self.0.get()
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        drop(self.take());
    }
}

impl Default for Slot {
    fn default() -> Self {
        Self::empty()
    }
}

impl std::fmt::Debug for Slot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.get().fmt(f)
    }
}

/// A sequence that may come later than the object it belongs to: empty until it is filled, and fixed from then on.
///
/// So what was lent before it was filled is an empty slice, which has nothing that could change.
pub struct Late<T>(UnsafeCell<Box<[T]>>);

impl<T> Late<T> {
    /// A sequence that is there.
    pub fn new(items: Box<[T]>) -> Self {
        Self(UnsafeCell::new(items))
    }

    /// A sequence that is still to come.
    pub fn empty() -> Self {
        Self::new(Box::new([]))
    }

    /// Brings the items.
    ///
    /// # Panics
    /// If there are some already.
    pub fn fill(&self, items: Box<[T]>) {
        assert!(self.is_empty(), "a sequence is filled once");
        // SAFETY: what others borrowed is an empty slice, which lies nowhere; the old box owns nothing.
        unsafe { *self.0.get() = items };
    }
}

impl<T> std::ops::Deref for Late<T> {
    type Target = [T];

    #[inline(always)]
    fn deref(&self) -> &[T] {
        // SAFETY: the box is replaced only while it is empty.
        unsafe { &*self.0.get() }
    }
}

impl<'a, T> IntoIterator for &'a Late<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// A growable sequence of values: the storage of lists.
///
/// Growth is fallible: it raises MemoryError.
pub struct Items {
    start: Cell<*mut Value>,
    len: Cell<usize>,
    capacity: Cell<usize>,
}

/// The storage of a sequence whose values are lent. There is none, and any growth or emptying replaces the mark.
const LENT: *mut Value = ptr::without_provenance_mut(align_of::<Value>());

impl Items {
    /// An empty sequence; allocates nothing.
    pub const fn new() -> Self {
        Self { start: Cell::new(ptr::null_mut()), len: Cell::new(0), capacity: Cell::new(0) }
    }

    /// An empty sequence with room for `capacity` values.
    pub fn with_capacity(vm: &Thread, capacity: usize) -> PyResult<Self> {
        let items = Self::new();
        items.resize_storage(vm, capacity)?;
        Ok(items)
    }

    /// The values of a vector, in the vector's own storage, trimmed if much of it is unused.
    pub fn from_vec(vm: &Thread, mut values: Vec<Owned>) -> PyResult<Self> {
        if values.capacity() - values.len() > values.len() / 4 + 4 {
            values.shrink_to_fit();
        }
        let mut values = ManuallyDrop::new(values);
        let capacity = values.capacity();
        vm.heap().account(0, capacity * size_of::<Value>());
        let start = if capacity == 0 { ptr::null_mut() } else { values.as_mut_ptr().cast() };
        Ok(Self { start: Cell::new(start), len: Cell::new(values.len()), capacity: Cell::new(capacity) })
    }

    /// How many values.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.len.get()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len.get() == 0
    }

    /// How many values fit without growth.
    pub fn capacity(&self) -> usize {
        self.capacity.get()
    }

    /// Another owner of the value at an index.
    #[inline(always)]
    pub fn get(&self, index: usize) -> Option<Owned> {
        // SAFETY: the index is in range; the sequence owns the value.
        (index < self.len.get()).then(|| unsafe { Ref::from_value(*self.start.get().add(index)) }.own())
    }

    /// Puts a value at an index below `len`, and lets the old one go.
    #[inline(always)]
    pub fn set(&self, index: usize, value: Owned) {
        drop(self.replace(index, value));
    }

    /// Puts a value at an index below `len`; the old one is the result.
    #[inline(always)]
    pub fn replace(&self, index: usize, value: Owned) -> Owned {
        assert!(index < self.len.get(), "index out of range");
        // SAFETY: the index is in range; ownership moves in and out.
        unsafe { Owned::from_value(self.start.get().add(index).replace(value.into_value())) }
    }

    /// Adds a value at the end.
    #[inline(always)]
    pub fn push(&self, vm: &Thread, value: Owned) -> PyResult<()> {
        let len = self.len.get();
        if len == self.capacity.get() {
            self.grow(vm, len + 1)?;
        }
        // SAFETY: there is room for one more.
        unsafe { self.start.get().add(len).write(value.into_value()) };
        self.len.set(len + 1);
        Ok(())
    }

    /// Takes the last value away.
    #[inline(always)]
    pub fn pop(&self) -> Option<Owned> {
        let len = self.len.get().checked_sub(1)?;
        self.len.set(len);
        // SAFETY: the last value was owned here, and no longer is.
        Some(unsafe { Owned::from_value(self.start.get().add(len).read()) })
    }

    /// Puts a value before the one at an index up to `len`.
    pub fn insert(&self, vm: &Thread, index: usize, value: Owned) -> PyResult<()> {
        let len = self.len.get();
        assert!(index <= len, "index out of range");
        if len == self.capacity.get() {
            self.grow(vm, len + 1)?;
        }
        // SAFETY: there is room for one more; the tail moves up by one.
        unsafe {
            let at = self.start.get().add(index);
            at.copy_to(at.add(1), len - index);
            at.write(value.into_value());
        }
        self.len.set(len + 1);
        Ok(())
    }

    /// Takes the value at an index below `len` out; the tail moves down.
    pub fn remove(&self, index: usize) -> Owned {
        let len = self.len.get();
        assert!(index < len, "index out of range");
        // SAFETY: the value moves out, the tail over it.
        let value = unsafe {
            let at = self.start.get().add(index);
            let value = at.read();
            at.add(1).copy_to(at, len - index - 1);
            value
        };
        self.len.set(len - 1);
        // SAFETY: it was owned here, and no longer is.
        unsafe { Owned::from_value(value) }
    }

    /// Exchanges two values.
    pub fn swap(&self, a: usize, b: usize) {
        assert!(a < self.len.get() && b < self.len.get(), "index out of range");
        // SAFETY: both are in range.
        unsafe { ptr::swap(self.start.get().add(a), self.start.get().add(b)) };
    }

    /// Turns the order around.
    pub fn reverse(&self) {
        if self.len.get() > 1 {
            // SAFETY: nothing runs while the slice exists.
            unsafe { std::slice::from_raw_parts_mut(self.start.get(), self.len.get()) }.reverse();
        }
    }

    /// Replaces the values from `start` up to `end` (at most `len`) by new ones; the old ones are the result.
    pub fn splice(&self, vm: &Thread, start: usize, end: usize, new: Vec<Owned>) -> PyResult<Vec<Owned>> {
        let len = self.len.get();
        assert!(start <= end && end <= len, "range out of range");
        let new_len = len - (end - start) + new.len();
        if new_len > self.capacity.get() {
            self.grow(vm, new_len)?;
        }
        let mut old = Vec::new();
        if old.try_reserve_exact(end - start).is_err() {
            return Err(vm.memory_error());
        }
        // SAFETY: the old values move out, the tail to its place, the new values into the gap; nothing runs meanwhile.
        unsafe {
            let base = self.start.get();
            for index in start..end {
                old.push(Owned::from_value(base.add(index).read()));
            }
            if end != len {
                base.add(end).copy_to(base.add(start + new.len()), len - end);
            }
            for (index, value) in new.into_iter().enumerate() {
                base.add(start + index).write(value.into_value());
            }
        }
        self.len.set(new_len);
        Ok(old)
    }

    /// Takes everything out; the sequence is empty afterwards.
    #[must_use]
    pub fn take(&self) -> Self {
        Self {
            start: Cell::new(self.start.replace(ptr::null_mut())),
            len: Cell::new(self.len.replace(0)),
            capacity: Cell::new(self.capacity.replace(0)),
        }
    }

    /// Takes over another's values; the own ones are the result.
    #[must_use]
    pub fn replace_all(&self, other: Self) -> Self {
        let old = self.take();
        let other = other.take();
        self.start.set(other.start.replace(ptr::null_mut()));
        self.len.set(other.len.replace(0));
        self.capacity.set(other.capacity.replace(0));
        old
    }

    /// The values as a vector with the same storage, the sequence being used up.
    pub fn into_vec(self) -> Vec<Owned> {
        let this = ManuallyDrop::new(self);
        if this.capacity.get() == 0 {
            return Vec::new();
        }
        // SAFETY: a vector allocates like the sequence does, `Layout::array` of the capacity from the global allocator;
        // `Owned` is transparent around `Value`; the sequence gives storage and values up.
        unsafe { Vec::from_raw_parts(this.start.get().cast(), this.len.get(), this.capacity.get()) }
    }

    /// Other owners of the values from `start` up to `end`, both clipped.
    pub fn to_vec(&self, start: usize, end: usize) -> Vec<Owned> {
        let end = end.min(self.len.get());
        let mut values = Vec::with_capacity(end.saturating_sub(start));
        values.extend((start..end).filter_map(|index| self.get(index)));
        values
    }

    /// Makes room for `additional` more values.
    pub fn reserve(&self, vm: &Thread, additional: usize) -> PyResult<()> {
        match self.len.get().checked_add(additional) {
            Some(needed) if needed <= self.capacity.get() => Ok(()),
            Some(needed) => self.resize_storage(vm, needed),
            None => Err(vm.memory_error()),
        }
    }

    /// Takes everything out and remembers that it did: until [`Items::give_back`], the sequence is empty.
    pub(crate) fn lend(&self) -> Self {
        let values = self.take();
        self.start.set(LENT);
        values
    }

    /// Puts values back that were lent. Whether the sequence was left alone meanwhile: what it got goes.
    pub(crate) fn give_back(&self, values: Self) -> bool {
        let untouched = self.start.get() == LENT;
        drop(self.replace_all(values));
        untouched
    }

    pub(crate) fn for_each_value(&self, mut visit: impl FnMut(Value)) {
        for index in 0..self.len.get() {
            // SAFETY: in range; the visitor does not run Python.
            visit(unsafe { *self.start.get().add(index) });
        }
    }

    /// The storage. Valid until the next operation that grows or empties the sequence.
    #[inline(always)]
    pub(crate) fn as_ptr(&self) -> *mut Value {
        self.start.get()
    }

    /// Sets the length, for who has written the values.
    ///
    /// # Safety
    /// The first `len` words of the storage are owned values.
    pub(crate) unsafe fn set_len(&self, len: usize) {
        debug_assert!(len <= self.capacity.get());
        self.len.set(len);
    }

    /// Over-allocates by an eighth and a few, so that appending is amortised constant.
    #[cold]
    pub(super) fn grow(&self, vm: &Thread, needed: usize) -> PyResult<()> {
        let generous = needed.checked_add((needed >> 3) + 6).map_or(needed, |n| n & !3);
        self.resize_storage(vm, generous.max(needed))
    }

    pub(super) fn resize_storage(&self, vm: &Thread, capacity: usize) -> PyResult<()> {
        debug_assert!(capacity >= self.len.get());
        if capacity == self.capacity.get() {
            return Ok(());
        }
        let Ok(layout) = Layout::array::<Value>(capacity) else { return Err(vm.memory_error()) };
        let old = Layout::array::<Value>(self.capacity.get()).expect("the layout was valid when allocated");
        vm.heap().account(old.size(), layout.size());
        // SAFETY: the old storage was allocated here with the old layout; sizes are not zero where asserted.
        let start = unsafe {
            match (old.size(), layout.size()) {
                (0, _) => alloc::alloc(layout),
                (_, 0) => {
                    alloc::dealloc(self.start.get().cast(), old);
                    ptr::null_mut()
                }
                (_, new) => alloc::realloc(self.start.get().cast(), old, new),
            }
        };
        if start.is_null() && capacity != 0 {
            return Err(vm.memory_error());
        }
        self.start.set(start.cast());
        self.capacity.set(capacity);
        Ok(())
    }
}

impl Default for Items {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Items {
    fn drop(&mut self) {
        // Last first, as a list lets go of its items.
        while let Some(value) = self.pop() {
            drop(value);
        }
        if self.capacity.get() != 0 {
            let layout =
                Layout::array::<Value>(self.capacity.get()).expect("the layout was valid when allocated");
            // SAFETY: allocated here with this layout.
            unsafe { alloc::dealloc(self.start.get().cast(), layout) };
        }
    }
}
