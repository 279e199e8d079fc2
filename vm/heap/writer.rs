//! Writing the data of a new str or bytes object in place.
//!
//! # Safety model
//!
//! A [`Writer`] has sole access to `capacity` bytes of fresh memory, of which it has initialised the first `len`. Each
//! operation checks that its bytes fit, writes them, and counts them. [`write_all`] makes sure that nothing remains
//! uninitialised.
#![expect(unsafe_code, reason = "writes to uninitialised memory")]

use std::marker::PhantomData;
use std::ptr;

use crate::text::output::Output;

/// Appends to the data of a new object; see the module.
pub(crate) struct Writer<'a> {
    start: *mut u8,
    len: usize,
    capacity: usize,
    memory: PhantomData<&'a mut [u8]>,
}

/// Has a function write all of the memory.
///
/// # Safety
/// `capacity` bytes may be written at `start`, by nobody else meanwhile.
///
/// # Panics
/// If the function writes less, or more.
#[inline]
pub(super) unsafe fn write_all(start: *mut u8, capacity: usize, fill: impl FnOnce(&mut Writer<'_>)) {
    let mut writer = Writer { start, len: 0, capacity, memory: PhantomData };
    fill(&mut writer);
    assert!(writer.len == capacity, "{LENGTH}");
}

/// The bytes of at most one character that a function writes.
#[inline]
pub(crate) fn written_character(len: usize, fill: impl FnOnce(&mut Writer<'_>)) -> [u8; 4] {
    let mut bytes = [0; 4];
    assert!(len <= bytes.len(), "{LENGTH}");
    // SAFETY: the array has room for so many bytes.
    unsafe { write_all(bytes.as_mut_ptr(), len, fill) };
    bytes
}

const LENGTH: &str = "the result has the announced length";

/// Copies bytes to where nothing overlaps them: a few by moving their first and last ones, which may overlap, without a
/// call.
///
/// # Safety
/// As `ptr::copy_nonoverlapping`.
#[inline(always)]
pub(super) unsafe fn copy(from: *const u8, to: *mut u8, count: usize) {
    // SAFETY: the caller's; each size is at most `count`.
    unsafe {
        match count {
            0 => {}
            1 => to.write(from.read()),
            2..4 => copy_ends::<u16>(from, to, count),
            4..8 => copy_ends::<u32>(from, to, count),
            8..16 => copy_ends::<u64>(from, to, count),
            16..=32 => copy_ends::<u128>(from, to, count),
            _ => ptr::copy_nonoverlapping(from, to, count),
        }
    }
}

/// Copies between one and two words.
///
/// # Safety
/// As `ptr::copy_nonoverlapping`, and `count` is at least a word.
#[inline(always)]
unsafe fn copy_ends<Word>(from: *const u8, to: *mut u8, count: usize) {
    let end = count - size_of::<Word>();
    // SAFETY: the caller's.
    unsafe {
        let (first, last) =
            (from.cast::<Word>().read_unaligned(), from.add(end).cast::<Word>().read_unaligned());
        to.cast::<Word>().write_unaligned(first);
        to.add(end).cast::<Word>().write_unaligned(last);
    }
}

impl Writer<'_> {
    /// Where the next `count` bytes go, which the caller writes.
    #[inline(always)]
    fn advance(&mut self, count: usize) -> *mut u8 {
        assert!(count <= self.capacity - self.len, "{LENGTH}");
        // SAFETY: still within the memory.
        let at = unsafe { self.start.add(self.len) };
        self.len += count;
        at
    }

    /// Appends zeros, and shows them to a function that may change them.
    pub(crate) fn zeros(&mut self, count: usize) -> &mut [u8] {
        let at = self.advance(count);
        // SAFETY: the bytes are the writer's, and initialised before they are seen.
        unsafe {
            ptr::write_bytes(at, 0, count);
            std::slice::from_raw_parts_mut(at, count)
        }
    }
}

impl Output for Writer<'_> {
    #[inline]
    fn push(&mut self, byte: u8) {
        let at = self.advance(1);
        // SAFETY: the byte is the writer's.
        unsafe { at.write(byte) };
    }

    #[inline]
    fn extend_from_slice(&mut self, bytes: &[u8]) {
        let at = self.advance(bytes.len());
        // SAFETY: the bytes are the writer's, so that nothing borrowed overlaps them.
        unsafe { copy(bytes.as_ptr(), at, bytes.len()) };
    }

    #[inline]
    fn fill(&mut self, byte: u8, count: usize) {
        let at = self.advance(count);
        // SAFETY: the bytes are the writer's.
        unsafe { ptr::write_bytes(at, byte, count) };
    }

    #[inline]
    fn extend_exact(&mut self, bytes: impl ExactSizeIterator<Item = u8>) {
        let count = bytes.len();
        let at = self.advance(count);
        let mut written = 0;
        for byte in bytes.take(count) {
            // SAFETY: so many bytes are the writer's.
            unsafe { at.add(written).write(byte) };
            written += 1;
        }
        assert!(written == count, "{LENGTH}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(capacity: usize, fill: impl FnOnce(&mut Writer<'_>)) -> Vec<u8> {
        let mut memory = Vec::with_capacity(capacity);
        // SAFETY: the vector has the memory, which is initialised afterwards.
        unsafe {
            write_all(memory.as_mut_ptr(), capacity, fill);
            memory.set_len(capacity);
        }
        memory
    }

    #[test]
    fn writes_in_order() {
        let bytes = written(10, |out| {
            out.push(b'a');
            out.extend_from_slice(b"bcd");
            out.fill(b'-', 2);
            out.extend_exact(b"ef".iter().map(u8::to_ascii_uppercase));
            out.zeros(2)[1] = b'z';
        });
        assert_eq!(bytes, b"abcd--EF\0z");
    }

    #[test]
    fn copies_of_every_size() {
        let bytes: Vec<u8> = (0..70).collect();
        for len in 0..=bytes.len() {
            assert_eq!(written(len, |out| out.extend_from_slice(&bytes[..len])), bytes[..len]);
        }
    }

    #[test]
    #[should_panic = "announced length"]
    fn too_much() {
        written(1, |out| out.extend_from_slice(b"ab"));
    }

    #[test]
    #[should_panic = "announced length"]
    fn too_little() {
        written(2, |out| out.push(b'a'));
    }
}
