//! The storage of mutable byte strings: `bytearray`, and the arrays of other modules.
//!
//! A store grows at its end with some room to spare, and gives bytes away at its start without moving the rest, so that a
//! program may take a long message apart from the front. While its memory is exported, through a memoryview or to foreign
//! code, its size is fixed.
//!
//! # Safety model
//!
//! The memory of `capacity` bytes at `start` is the store's; the contents are `len` initialised bytes at `offset` in it.
//! Functions that look at the contents or change them get a slice for the time of the call. `users` counts these calls:
//! many may read at a time, or one may write, and nothing moves the memory meanwhile. A violation of that is a bug of the
//! caller, which ran Python code in such a function, and panics.
#![expect(unsafe_code, reason = "a growable buffer behind a shared reference")]

use std::alloc::{self, Layout};
use std::cell::Cell;
use std::ops::{Deref, Range};
use std::ptr;

use super::writer::{Writer, write_all};
use crate::exception::PyResult;
use crate::untraced;
use crate::vm::Thread;

/// See the module.
pub struct ByteStore {
    start: Cell<*mut u8>,
    capacity: Cell<usize>,
    offset: Cell<usize>,
    len: Cell<usize>,
    /// How many readers are at work, or [`WRITER`].
    users: Cell<u32>,
    exports: Cell<usize>,
}

untraced!(ByteStore);

const WRITER: u32 = u32::MAX;

/// What [`ByteStore::users`] guards.
const EXCLUSIVE: &str = "a byte store is not used while it changes";

impl ByteStore {
    /// An empty store; allocates nothing.
    pub const fn new() -> Self {
        Self {
            start: Cell::new(ptr::null_mut()),
            capacity: Cell::new(0),
            offset: Cell::new(0),
            len: Cell::new(0),
            users: Cell::new(0),
            exports: Cell::new(0),
        }
    }

    /// A store with these bytes.
    pub fn from_slice(vm: &Thread, bytes: &[u8]) -> PyResult<Self> {
        let store = Self::new();
        store.append(vm, bytes)?;
        Ok(store)
    }

    /// A store of so many zeros, which a function may change.
    pub fn filled(vm: &Thread, len: usize, fill: impl FnOnce(&mut [u8])) -> PyResult<Self> {
        Self::written(vm, len, |out| fill(out.zeros(len)))
    }

    /// A store whose `len` bytes a function writes.
    pub(crate) fn written(vm: &Thread, len: usize, fill: impl FnOnce(&mut Writer<'_>)) -> PyResult<Self> {
        let store = Self::new();
        store.move_to(vm, len)?;
        // SAFETY: the memory is new, and has this size.
        unsafe { write_all(store.data(), len, fill) };
        store.len.set(len);
        Ok(store)
    }

    /// How many bytes.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.len.get()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many bytes are allocated.
    pub fn capacity(&self) -> usize {
        self.capacity.get()
    }

    /// The byte at an index.
    #[inline(always)]
    pub fn get(&self, index: usize) -> Option<u8> {
        // SAFETY: the index is in range, and no slice of a writer can exist here unless the caller is at fault.
        (index < self.len() && self.users.get() != WRITER).then(|| unsafe { *self.data().add(index) })
    }

    /// Changes the byte at an index below `len`.
    #[inline(always)]
    pub fn set(&self, index: usize, byte: u8) {
        assert!(index < self.len() && self.users.get() == 0, "{EXCLUSIVE}");
        // SAFETY: the index is in range, and there are no slices.
        unsafe { *self.data().add(index) = byte };
    }

    /// Shows the bytes to a function, which runs no Python code.
    #[inline]
    pub fn read<R>(&self, read: impl FnOnce(&[u8]) -> R) -> R {
        read(&self.lock())
    }

    /// Shows the bytes, which nobody changes meanwhile: no Python code runs while the result is there.
    #[inline]
    pub fn lock(&self) -> Reading<'_> {
        let users = self.users.get();
        assert!(users < WRITER - 1, "{EXCLUSIVE}");
        self.users.set(users + 1);
        Reading(self)
    }

    /// Lets a function change the bytes. It runs no Python code.
    #[inline]
    pub fn write<R>(&self, write: impl FnOnce(&mut [u8]) -> R) -> R {
        assert!(self.users.get() == 0, "{EXCLUSIVE}");
        self.users.set(WRITER);
        let _guard = Writing(self);
        // SAFETY: `len` bytes are initialised, and nobody else uses them.
        write(unsafe { std::slice::from_raw_parts_mut(self.data(), self.len()) })
    }

    /// Fixes the size until a call of `release`.
    pub fn export(&self) {
        self.exports.set(self.exports.get() + 1);
    }

    /// Ends what a call of `export` began.
    pub fn release(&self) {
        self.exports.set(self.exports.get().saturating_sub(1));
    }

    /// Whether the size is fixed.
    pub fn is_exported(&self) -> bool {
        self.exports.get() > 0
    }

    /// BufferError while the size is fixed.
    pub fn check_resizable(&self, vm: &Thread) -> PyResult<()> {
        if self.exports.get() > 0 || self.users.get() > 0 {
            return Err(vm.buffer_error("Existing exports of data: object cannot be re-sized"));
        }
        Ok(())
    }

    /// Adds a byte at the end.
    #[inline]
    pub fn push(&self, vm: &Thread, byte: u8) -> PyResult<()> {
        self.append(vm, &[byte])
    }

    /// Adds bytes at the end, which are not the store's own.
    pub fn append(&self, vm: &Thread, bytes: &[u8]) -> PyResult<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        self.reserve(vm, bytes.len())?;
        // SAFETY: there is room behind the contents, and nobody uses them.
        unsafe { ptr::copy_nonoverlapping(bytes.as_ptr(), self.data().add(self.len()), bytes.len()) };
        self.len.set(self.len() + bytes.len());
        Ok(())
    }

    /// Cuts the end off, or adds zeros there.
    pub fn resize(&self, vm: &Thread, len: usize) -> PyResult<()> {
        let old = self.len();
        if len > old {
            self.reserve(vm, len - old)?;
            self.extend_with_zeros(len - old);
        } else if len < old {
            self.remove(vm, len..old)?;
        }
        Ok(())
    }

    /// Replaces a range, which is within `len`, by bytes, which are not the store's own.
    pub fn splice(&self, vm: &Thread, range: Range<usize>, new: &[u8]) -> PyResult<()> {
        assert!(range.start <= range.end && range.end <= self.len(), "range out of range");
        let kept = new.len().min(range.len());
        let end = range.start + kept;
        if new.len() > range.len() {
            self.open_gap(vm, end, new.len() - kept)?;
        } else if new.len() < range.len() {
            self.remove(vm, end..range.end)?;
        }
        self.write(|bytes| bytes[range.start..range.start + new.len()].copy_from_slice(new));
        Ok(())
    }

    /// Takes a range of bytes out, which is within `len`.
    pub fn remove(&self, vm: &Thread, range: Range<usize>) -> PyResult<()> {
        assert!(range.start <= range.end && range.end <= self.len(), "range out of range");
        if range.is_empty() {
            return Ok(());
        }
        self.check_resizable(vm)?;
        if range.start == 0 {
            // The rest stays where it is.
            self.offset.set(self.offset.get() + range.end);
        } else {
            self.write(|bytes| bytes.copy_within(range.end.., range.start));
        }
        self.len.set(self.len() - range.len());
        self.shrink(vm);
        Ok(())
    }

    /// Makes a gap of zeros at an index up to `len`.
    fn open_gap(&self, vm: &Thread, index: usize, count: usize) -> PyResult<()> {
        let old = self.len();
        self.reserve(vm, count)?;
        self.extend_with_zeros(count);
        self.write(|bytes| bytes.copy_within(index..old, index + count));
        Ok(())
    }

    /// Makes room for `additional` bytes behind the contents.
    #[inline]
    pub fn reserve(&self, vm: &Thread, additional: usize) -> PyResult<()> {
        self.check_resizable(vm)?;
        if additional <= self.capacity() - self.offset.get() - self.len() {
            return Ok(());
        }
        self.grow(vm, additional)
    }

    #[cold]
    fn grow(&self, vm: &Thread, additional: usize) -> PyResult<()> {
        let needed = self.len().checked_add(additional).ok_or_else(|| vm.memory_error())?;
        // Steps of more than an eighth are taken exactly: no more of them are expected.
        let is_step = needed <= self.capacity() + 1 + (self.capacity() >> 3);
        let room = if is_step { (needed >> 3) + if needed < 9 { 2 } else { 5 } } else { 0 };
        match needed.checked_add(room) {
            Some(generous) if self.move_to(vm, generous).is_ok() => Ok(()),
            _ => self.move_to(vm, needed),
        }
    }

    /// Gives memory back when less than half of it is in use.
    fn shrink(&self, vm: &Thread) {
        if self.len() < self.capacity() / 2 {
            // Without memory for a smaller block, the larger one stays.
            let _ = self.move_to(vm, self.len());
        }
    }

    /// Changes the size of the memory, whose start then is the contents' start.
    fn move_to(&self, vm: &Thread, capacity: usize) -> PyResult<()> {
        assert!(self.users.get() == 0 && capacity >= self.len(), "{EXCLUSIVE}");
        let Ok(layout) = Layout::array::<u8>(capacity) else { return Err(vm.memory_error()) };
        let old = Layout::array::<u8>(self.capacity()).expect("the layout was valid when allocated");
        // SAFETY: the old memory has the old layout; sizes are not zero where asserted; the contents fit the new memory.
        let start = unsafe {
            match (old.size(), capacity) {
                (0, 0) => ptr::null_mut(),
                (_, 0) => {
                    alloc::dealloc(self.start.get(), old);
                    ptr::null_mut()
                }
                (0, _) => alloc::alloc(layout),
                (_, _) => {
                    self.start.get().copy_from(self.data(), self.len());
                    self.offset.set(0);
                    alloc::realloc(self.start.get(), old, capacity)
                }
            }
        };
        if start.is_null() && capacity > 0 {
            return Err(vm.memory_error());
        }
        vm.heap().account(old.size(), capacity);
        self.start.set(start);
        self.capacity.set(capacity);
        self.offset.set(0);
        Ok(())
    }

    /// Counts zeros behind the contents as contents; there is room for them.
    fn extend_with_zeros(&self, count: usize) {
        assert!(
            self.users.get() == 0 && count <= self.capacity() - self.offset.get() - self.len(),
            "{EXCLUSIVE}"
        );
        if count > 0 {
            // SAFETY: there is room, and nobody uses the contents.
            unsafe { ptr::write_bytes(self.data().add(self.len()), 0, count) };
            self.len.set(self.len() + count);
        }
    }

    /// Where the contents are; dangling when there is no memory.
    #[inline(always)]
    fn data(&self) -> *mut u8 {
        if self.capacity() == 0 {
            return ptr::NonNull::dangling().as_ptr();
        }
        // SAFETY: the offset is within the memory.
        unsafe { self.start.get().add(self.offset.get()) }
    }
}

/// The bytes of a store, to be read.
pub struct Reading<'a>(&'a ByteStore);

impl Deref for Reading<'_> {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        // SAFETY: `len` bytes are initialised, and while there are readers nothing changes them.
        unsafe { std::slice::from_raw_parts(self.0.data(), self.0.len()) }
    }
}

impl Drop for Reading<'_> {
    #[inline]
    fn drop(&mut self) {
        self.0.users.set(self.0.users.get() - 1);
    }
}

/// Ends the time of a writer.
struct Writing<'a>(&'a ByteStore);

impl Drop for Writing<'_> {
    #[inline]
    fn drop(&mut self) {
        self.0.users.set(0);
    }
}

impl Drop for ByteStore {
    fn drop(&mut self) {
        if self.capacity() > 0 {
            let layout = Layout::array::<u8>(self.capacity()).expect("the layout was valid when allocated");
            // SAFETY: allocated with this layout.
            unsafe { alloc::dealloc(self.start.get(), layout) };
        }
    }
}

impl Default for ByteStore {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bootstrap::test_vm;

    fn contents(store: &ByteStore) -> Vec<u8> {
        store.read(<[u8]>::to_vec)
    }

    #[test]
    fn changes() {
        test_vm(|vm| {
            let store = ByteStore::from_slice(vm, b"hello").unwrap();
            store.splice(vm, 1..3, b"EYEY").unwrap();
            assert_eq!(contents(&store), b"hEYEYlo");
            store.splice(vm, 0..6, b"x").unwrap();
            assert_eq!(contents(&store), b"xo");
            store.resize(vm, 4).unwrap();
            store.remove(vm, 0..1).unwrap();
            store.push(vm, b'!').unwrap();
            assert_eq!(contents(&store), b"o\0\0!");
            store.set(0, b'O');
            assert_eq!((store.get(0), store.get(4)), (Some(b'O'), None));
            store.resize(vm, 0).unwrap();
            assert_eq!((store.len(), store.capacity()), (0, 0));
        });
    }

    #[test]
    fn taking_from_the_front_moves_nothing() {
        test_vm(|vm| {
            let store = ByteStore::from_slice(vm, &[7; 1000]).unwrap();
            let capacity = store.capacity();
            store.remove(vm, 0..100).unwrap();
            assert_eq!((store.len(), store.capacity()), (900, capacity));
            store.append(vm, &[8; 200]).unwrap();
            assert_eq!(contents(&store), [vec![7; 900], vec![8; 200]].concat());
        });
    }

    #[test]
    fn exports_fix_the_size() {
        test_vm(|vm| {
            let store = ByteStore::from_slice(vm, b"abc").unwrap();
            store.export();
            assert!(store.push(vm, 1).is_err());
            assert!(store.splice(vm, 0..2, b"xy").is_ok());
            store.release();
            assert!(store.push(vm, 1).is_ok());
            assert_eq!(contents(&store), b"xyc\x01");
        });
    }

    #[test]
    #[should_panic = "while it changes"]
    fn no_change_under_a_reader() {
        test_vm(|vm| {
            let store = ByteStore::from_slice(vm, b"abc").unwrap();
            store.read(|_| store.set(0, 1));
        });
    }
}
