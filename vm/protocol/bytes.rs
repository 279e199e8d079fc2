//! The bytes of objects: `bytes(object)` for whatever has bytes in it, and the UTF-8 of strs.

use crate::exception::PyResult;
use crate::heap::Kind;
use crate::heap::inline::{Bytes, Str};
use crate::text::wtf8::is_surrogate;
use crate::value::Ref;
use crate::vm::Thread;

impl Thread {
    /// A bytes object of what `__bytes__` gives, of a buffer's contents, or of the ints that an iterable gives. A size and
    /// a str, which `bytes()` reads as well, are refused.
    pub fn to_bytes(&self, object: Ref<'_>) -> PyResult {
        if object.is_exact(Kind::Bytes) {
            return Ok(object.own());
        }
        if let Some(result) = self.call_special(object, &self.names().__bytes__, &[])? {
            if result.borrow().downcast::<Bytes>().is_none() {
                let got = self.type_name(result.borrow());
                return Err(self.type_error(format_args!("__bytes__ returned non-bytes (type {got})")));
            }
            return Ok(result);
        }
        if let Some(bytes) = object.downcast::<Bytes>() {
            return self.bytes(bytes.as_bytes());
        }
        self.bytes_of_ints(object)
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

    /// A bytes object of the ints that an iterable gives.
    fn bytes_of_ints(&self, iterable: Ref<'_>) -> PyResult {
        let refused = format!("cannot convert '{}' object to bytes", self.type_name(iterable));
        if iterable.downcast::<Str>().is_some() {
            return Err(self.type_error(refused));
        }
        let mut bytes = Vec::new();
        for item in self.collect_or(iterable, &refused)? {
            let value = self.to_index_clipped(item.borrow())?;
            let Ok(byte) = u8::try_from(value) else {
                return Err(self.value_error("bytes must be in range(0, 256)"));
            };
            self.push(&mut bytes, byte)?;
        }
        self.bytes(&bytes)
    }
}
