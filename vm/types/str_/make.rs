//! How strs are made: the empty one and single characters of Latin-1 exist once, and a part of a str that is all of it is
//! that str itself.

use std::ops::Range;

use crate::exception::PyResult;
use crate::heap::inline::Str;
use crate::heap::{Kind, Writer, written_character};
use crate::text::output::Output;
use crate::text::wtf8::Text;
use crate::value::Ref;
use crate::vm::Thread;

impl Thread {
    /// The part of a str in a range of bytes, which must start and end between characters.
    #[inline]
    pub fn substring(&self, text: Ref<'_>, range: Range<usize>) -> PyResult {
        part(self, text, range)
    }

    /// A str whose `len` bytes a function writes: generalised UTF-8 of so many characters.
    #[inline]
    pub(crate) fn written_str(
        &self,
        len: usize,
        chars: usize,
        has_surrogates: bool,
        fill: impl FnOnce(&mut Writer<'_>),
    ) -> PyResult {
        if chars > 1 {
            return self.write_str(len, chars, has_surrogates, fill);
        }
        self.text(Text::trusted(&written_character(len, fill)[..len]))
    }
}

/// The payload of a receiver, which is a str.
#[inline(always)]
pub(super) fn payload(this: Ref<'_>) -> &Str {
    this.downcast().expect("the receiver is a str")
}

/// The str itself if it is of class str, otherwise one that is equal.
#[inline]
pub(crate) fn exact(vm: &Thread, this: Ref<'_>) -> PyResult {
    if this.is_exact(Kind::Str) {
        return Ok(this.own());
    }
    let text = payload(this);
    vm.written_str(text.as_bytes().len(), text.len(), text.has_surrogates(), |out| {
        out.extend_from_slice(text.as_bytes());
    })
}

/// The part of a str in a range of bytes.
#[inline(always)]
pub(crate) fn part(vm: &Thread, this: Ref<'_>, range: Range<usize>) -> PyResult {
    let text = payload(this);
    let bytes = text.as_bytes();
    if range.len() == bytes.len() {
        return exact(vm, this);
    }
    if text.is_ascii() { vm.ascii_str(&bytes[range]) } else { vm.text(Text::trusted(&bytes[range])) }
}

/// The concatenation of strs.
pub(crate) fn concatenate(vm: &Thread, parts: &[Ref<'_>]) -> PyResult {
    let strs = || parts.iter().map(|&part| payload(part));
    let (mut bytes, mut chars, mut surrogates) = (0, 0, false);
    for part in strs() {
        bytes += part.as_bytes().len();
        chars += part.len();
        surrogates |= part.has_surrogates();
    }
    vm.written_str(bytes, chars, surrogates, |out| {
        strs().for_each(|part| out.extend_from_slice(part.as_bytes()))
    })
}
