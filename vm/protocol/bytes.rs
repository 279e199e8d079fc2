//! The bytes of objects: `bytes(object)` for whatever has bytes in it, and the UTF-8 of strs.

use crate::exception::PyResult;
use crate::heap::Kind;
use crate::heap::inline::{Bytes, Str};
use crate::text::wtf8::is_surrogate;
use crate::types::byte_string::extend_with_ints;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

impl Thread {
    /// A bytes object of what `__bytes__` gives, of a buffer's contents, or of the ints that an iterable gives. A size and
    /// a str, which `bytes()` reads as well, are refused.
    pub fn to_bytes(&self, object: Ref<'_>) -> PyResult {
        if object.is_exact(Kind::Bytes) {
            return Ok(object.own());
        }
        match self.special_bytes(object)? {
            Some(bytes) => Ok(bytes),
            None => self.bytes_of_object(object),
        }
    }

    /// What `__bytes__` gives. `None`: the object has no such method.
    pub(crate) fn special_bytes(&self, object: Ref<'_>) -> PyResult<Option<Owned>> {
        let Some(result) = self.call_special(object, &self.names().__bytes__, &[])? else { return Ok(None) };
        if result.borrow().downcast::<Bytes>().is_none() {
            let got = self.type_name(result.borrow());
            return Err(self.type_error(format_args!("__bytes__ returned non-bytes (type {got})")));
        }
        Ok(Some(result))
    }

    /// A bytes object of a buffer's contents, or of the ints that an iterable gives.
    pub(crate) fn bytes_of_object(&self, object: Ref<'_>) -> PyResult {
        if object.is_exact(Kind::Bytes) {
            return Ok(object.own());
        }
        if self.exports_buffer(object) {
            return self.bytes_of_buffer(object);
        }
        let is_sequence = object.is_exact(Kind::List) || object.is_exact(Kind::Tuple);
        let is_iterable =
            || self.slots(object).iter.get().is_some() || self.slots(object).getitem.get().is_some();
        let hint = if is_sequence || object.kind() == Kind::Str || !is_iterable() {
            0
        } else {
            self.length_hint(object, 64)?
        };
        let mut bytes = self.vec(hint)?;
        extend_with_ints(self, "bytes", object, |byte| self.push(&mut bytes, byte))?;
        self.bytes(&bytes)
    }

    /// A str as UTF-8, which surrogates do not have: UnicodeEncodeError.
    pub fn utf8<'a>(&self, text: Ref<'a>) -> PyResult<&'a str> {
        let payload = text.downcast::<Str>().expect("a str");
        payload.as_str().ok_or_else(|| {
            let mut codes = payload.text().code_points();
            let start = codes.position(is_surrogate).unwrap_or_default();
            let more = codes.take_while(|code| is_surrogate(*code)).count();
            self.unicode_encode_error("utf-8", text, start..start + 1 + more, "surrogates not allowed")
        })
    }
}
