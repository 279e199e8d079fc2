//! The text that `int()` and `float()` read: a str, or bytes in some object.

use crate::exception::PyResult;
use crate::heap::inline::{Bytes, Str};
use crate::types::bytearray::ByteArray;
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
    vm: &Thread,
    value: Ref<'_>,
    read: impl FnOnce(Numeral<'_>) -> PyResult<R>,
) -> PyResult<Option<R>> {
    let is_plain = value.downcast::<Str>().is_some()
        || value.downcast::<Bytes>().is_some()
        || value.downcast::<ByteArray>().is_some();
    if is_plain || !vm.exports_buffer(value) {
        return plain_numeral(value, read).transpose();
    }
    // A buffer that cannot be had, of a released memoryview say, is as good as none.
    let Ok(bytes) = vm.copy_bytes_like(value) else { return Ok(None) };
    read(Numeral::Bytes(&bytes)).map(Some)
}

/// As [`numeral`], for str, bytes and bytearray only.
pub(crate) fn plain_numeral<R>(
    value: Ref<'_>,
    read: impl FnOnce(Numeral<'_>) -> PyResult<R>,
) -> Option<PyResult<R>> {
    if let Some(text) = value.downcast::<Str>() {
        return Some(read(Numeral::Text(text)));
    }
    if let Some(bytes) = value.downcast::<Bytes>() {
        return Some(read(Numeral::Bytes(bytes.as_bytes())));
    }
    // An error shows the bytes again, so that they must not be in use then.
    let copy = value.downcast::<ByteArray>()?.bytes.read(<[u8]>::to_vec);
    Some(read(Numeral::Bytes(&copy)))
}
