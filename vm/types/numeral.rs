//! The text that `int()` and `float()` read: a str, or bytes in some object.

use crate::exception::PyResult;
use crate::heap::inline::{Bytes, Str};
use crate::value::Ref;
use crate::vm::Thread;

/// Text with a number in it, one hopes.
pub(crate) enum Numeral<'a> {
    /// A str, where any of Unicode's digits and spaces count.
    Text(&'a Str),
    /// Bytes, where ASCII's do.
    Bytes(&'a [u8]),
}

/// Reads the text of a str, or of an object that consists of bytes. `None`: the object has no text.
pub(crate) fn numeral<R>(
    _vm: &Thread,
    value: Ref<'_>,
    read: impl FnOnce(Numeral<'_>) -> PyResult<R>,
) -> PyResult<Option<R>> {
    plain_numeral(value, read).transpose()
}

/// As [`numeral`], for str, bytes and bytearray only.
pub(crate) fn plain_numeral<R>(
    value: Ref<'_>,
    read: impl FnOnce(Numeral<'_>) -> PyResult<R>,
) -> Option<PyResult<R>> {
    if let Some(text) = value.downcast::<Str>() {
        return Some(read(Numeral::Text(text)));
    }
    value.downcast::<Bytes>().map(|bytes| read(Numeral::Bytes(bytes.as_bytes())))
}
