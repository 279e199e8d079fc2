//! `str.join` and `bytes.join` of values where they lie.

use super::cells::Items;
use super::inline::{Bytes, Str};
use super::object::Kind;
use crate::exception::PyResult;
use crate::text::output::Output;
use crate::text::translate::{join, joined_size};
use crate::value::Owned;
use crate::vm::Thread;

impl Thread {
    /// The strs with a separator between them; the index of an item that is no str where there is one. Runs no Python.
    pub(crate) fn join_strs(&self, separator: &Str, items: &[Owned]) -> Result<PyResult, usize> {
        let (mut bytes, mut chars, mut surrogates) = (0, 0, false);
        for (index, item) in items.iter().enumerate() {
            let item = item.borrow().downcast::<Str>().ok_or(index)?;
            bytes += item.as_bytes().len();
            chars += item.len();
            surrogates |= item.has_surrogates();
        }
        let Some(gaps) = items.len().checked_sub(1) else { return Ok(Ok(self.empty_str())) };
        if gaps == 0 && items[0].borrow().is_exact(Kind::Str) {
            return Ok(Ok(items[0].clone()));
        }
        let Some(bytes) =
            separator.as_bytes().len().checked_mul(gaps).and_then(|gaps| gaps.checked_add(bytes))
        else {
            return Ok(Err(self.overflow_error("join() result is too long for a Python string")));
        };
        let chars = chars + separator.len() * gaps;
        surrogates |= gaps > 0 && separator.has_surrogates();
        Ok(self.written_str(bytes, chars, surrogates, |out| {
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.extend_from_slice(separator.as_bytes());
                }
                out.extend_from_slice(item.borrow().downcast::<Str>().map_or(&[], Str::as_bytes));
            }
        }))
    }

    /// The bytes objects with a separator between them; `None` if an item is of another class. Runs no Python.
    pub(crate) fn join_bytes(&self, separator: &[u8], items: &[Owned]) -> Option<PyResult> {
        if !items.iter().all(|item| item.borrow().is_exact(Kind::Bytes)) {
            return None;
        }
        if let [item] = items {
            return Some(Ok(item.clone()));
        }
        let parts =
            || items.iter().map(|item| item.borrow().downcast::<Bytes>().map_or(&[][..], Bytes::as_bytes));
        let Some(size) = joined_size(separator.len(), parts().map(<[u8]>::len)) else {
            return Some(Err(self.overflow_error("join() result is too long")));
        };
        Some(self.write_bytes(size, |out| join(separator, parts(), out)))
    }
}

impl Items {
    /// As [`Thread::join_strs`].
    pub(crate) fn join_strs(&self, vm: &Thread, separator: &Str) -> Result<PyResult, usize> {
        self.with_slice(|items| vm.join_strs(separator, items))
    }

    /// As [`Thread::join_bytes`].
    pub(crate) fn join_bytes(&self, vm: &Thread, separator: &[u8]) -> Option<PyResult> {
        self.with_slice(|items| vm.join_bytes(separator, items))
    }
}
