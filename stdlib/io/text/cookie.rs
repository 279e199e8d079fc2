//! The number that stands for a position in a file of text.

use pyx_vm::exception::PyResult;
use pyx_vm::number::int_bytes::{self, ByteOrder};
use pyx_vm::value::Ref;
use pyx_vm::vm::Thread;

/// See the module `text`. As a number its fields lie one after the other, the first in the lowest bits, so that a position of
/// a file whose decoder keeps no state is just the position of its bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Cookie {
    /// Where the decoder starts.
    pub(super) start: u64,
    /// The state that it starts in.
    pub(super) flags: u32,
    /// How many bytes it gets.
    pub(super) feed: u32,
    /// How many of the characters lie before the position.
    pub(super) skip: u32,
    /// Whether the decoder is to be told that the input ends.
    pub(super) need_end: bool,
}

const LEN: usize = 8 + 3 * 4 + 1;

impl Cookie {
    fn to_bytes(self) -> [u8; LEN] {
        let mut bytes = [0; LEN];
        bytes[..8].copy_from_slice(&self.start.to_le_bytes());
        bytes[8..12].copy_from_slice(&self.flags.to_le_bytes());
        bytes[12..16].copy_from_slice(&self.feed.to_le_bytes());
        bytes[16..20].copy_from_slice(&self.skip.to_le_bytes());
        bytes[20] = self.need_end.into();
        bytes
    }

    fn from_bytes(bytes: &[u8; LEN]) -> Self {
        let word = |at: usize| u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
        Self {
            start: u64::from(word(0)) | u64::from(word(4)) << 32,
            flags: word(8),
            feed: word(12),
            skip: word(16),
            need_end: bytes[20] != 0,
        }
    }

    /// The number.
    pub(super) fn to_object(self, vm: &Thread) -> PyResult {
        vm.number(int_bytes::from_bytes(&self.to_bytes(), ByteOrder::Little, false))
    }

    /// From a number that is not negative.
    pub(super) fn from_object(vm: &Thread, number: Ref<'_>) -> PyResult<Self> {
        let number = vm.to_integer(number)?;
        let mut bytes = [0; LEN];
        if int_bytes::to_bytes(number.as_ref(), &mut bytes, ByteOrder::Little, false).is_err() {
            return Err(vm.overflow_error("int too big to convert"));
        }
        Ok(Self::from_bytes(&bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trip() {
        let cookie = Cookie { start: 1 << 40 | 7, flags: 3, feed: 99, skip: 1 << 20, need_end: true };
        assert_eq!(Cookie::from_bytes(&cookie.to_bytes()), cookie);
        assert_eq!(Cookie { start: 5, ..Cookie::default() }.to_bytes()[..9], [5, 0, 0, 0, 0, 0, 0, 0, 0]);
    }
}
