//! Encodings: what `str.encode` and `bytes.decode` do.
//!
//! The encodings of [`Builtin`] are found by name at once, with nothing imported; all others are looked up in the
//! [registry] of codecs, whose search functions are Python's. Error handlers are [handlers] in either case.

pub mod handlers;
pub mod registry;

pub use handlers::Handler;

use crate::exception::PyResult;
use crate::heap::Kind;
use crate::heap::inline::{Bytes, Str};
use crate::text::codec::builtin::Builtin;
use crate::text::codec::errors::Policy;
use crate::text::codec::single_byte::{is_latin1, latin1_size, push_latin1, push_while_latin1};
use crate::types::bytearray::ByteArray;
use crate::value::{Owned, Ref};
use crate::vm::Thread;
use registry::Direction;

/// `text.encode(encoding, errors)`: a bytes object.
pub(crate) fn encode_str(
    vm: &Thread,
    text: Ref<'_>,
    encoding: Option<&str>,
    errors: Option<&str>,
) -> PyResult {
    check_names(vm, encoding, errors)?;
    let payload = text.downcast::<Str>().expect("a str");
    let name = encoding.unwrap_or("utf-8");
    match builtin(encoding) {
        Some(Builtin::Utf8 | Builtin::Ascii | Builtin::Latin1) if payload.is_ascii() => {
            vm.bytes(payload.as_bytes())
        }
        Some(Builtin::Utf8) if !payload.has_surrogates() => vm.bytes(payload.as_bytes()),
        Some(Builtin::Latin1) if is_latin1(payload.text()) => vm.write_bytes(payload.len(), |out| {
            push_while_latin1(payload.as_bytes(), out);
        }),
        Some(builtin) => vm.bytes(&builtin.encode(payload.text(), &mut Handler::encoding(vm, text, errors))?),
        None => encode_by_registry(vm, text, name, errors),
    }
}

/// In development mode, names that do not exist are errors even where they would not matter.
#[inline]
fn check_names(vm: &Thread, encoding: Option<&str>, errors: Option<&str>) -> PyResult<()> {
    if !vm.interpreter().config.dev_mode {
        return Ok(());
    }
    if let Some(encoding) = encoding
        && builtin(Some(encoding)).is_none()
    {
        registry::lookup(vm, encoding)?;
    }
    errors.map_or(Ok(()), |errors| handlers::lookup(vm, errors).map(drop))
}

/// The encoding with a name that needs no registry; UTF-8 without a name.
fn builtin(encoding: Option<&str>) -> Option<Builtin> {
    encoding.map_or(Some(Builtin::Utf8), |name| Builtin::from_name(name.as_bytes()))
}

fn encode_by_registry(vm: &Thread, text: Ref<'_>, encoding: &str, errors: Option<&str>) -> PyResult {
    let result = registry::convert_text(vm, Direction::Encode, text, encoding, errors)?;
    if result.borrow().downcast::<Bytes>().is_some() {
        return Ok(result);
    }
    if let Some(array) = result.borrow().downcast::<ByteArray>() {
        let message = format!(
            "encoder {encoding} returned bytearray instead of bytes; use codecs.encode() to encode to arbitrary types"
        );
        vm.warn(&vm.exceptions().RuntimeWarning, &message)?;
        return array.bytes.read(|bytes| vm.bytes(bytes));
    }
    Err(wrong_result(vm, Direction::Encode, encoding, &result))
}

#[cold]
fn wrong_result(
    vm: &Thread,
    direction: Direction,
    encoding: &str,
    result: &Owned,
) -> crate::exception::Raised {
    let (wanted, got) = (direction.result(), vm.type_name(result.borrow()));
    let (coder, verb) = (direction.coder(), direction.verb());
    vm.type_error(format_args!(
        "'{encoding}' {coder} returned '{got}' instead of '{wanted}'; \
         use codecs.{verb}() to {verb} to arbitrary types"
    ))
}

/// The text of a bytes-like object.
pub(crate) fn decode_object(
    vm: &Thread,
    object: Ref<'_>,
    encoding: Option<&str>,
    errors: Option<&str>,
) -> PyResult {
    check_names(vm, encoding, errors)?;
    let name = encoding.unwrap_or("utf-8");
    let Some(builtin) = builtin(encoding) else {
        let object =
            if object.kind() == Kind::Bytes { object.own() } else { vm.bytes(&vm.copy_bytes_like(object)?)? };
        if object.borrow().downcast::<Bytes>().is_some_and(|bytes| bytes.as_bytes().is_empty()) {
            // No bytes are no text in any encoding, even in one that does not exist.
            return Ok(vm.empty_str());
        }
        let result = registry::convert_text(vm, Direction::Decode, object.borrow(), name, errors)?;
        if result.borrow().downcast::<Str>().is_none() {
            return Err(wrong_result(vm, Direction::Decode, name, &result));
        }
        return Ok(result);
    };
    match object.downcast::<Bytes>() {
        Some(bytes) => decode_builtin(vm, builtin, bytes.as_bytes(), errors),
        // A copy, because a handler may change the object.
        None => decode_builtin(vm, builtin, &vm.copy_bytes_like(object)?, errors),
    }
}

fn decode_builtin(vm: &Thread, builtin: Builtin, bytes: &[u8], errors: Option<&str>) -> PyResult {
    if matches!(builtin, Builtin::Utf8 | Builtin::Ascii | Builtin::Latin1) && bytes.is_ascii() {
        return vm.ascii_str(bytes);
    }
    if builtin == Builtin::Latin1 {
        let size = latin1_size(bytes);
        return vm.written_str(size, bytes.len(), false, |out| push_latin1(bytes, out));
    }
    if builtin == Builtin::Utf8
        && let Ok(text) = simdutf8::basic::from_utf8(bytes)
    {
        return vm.str(text);
    }
    vm.text(builtin.decode(bytes, &mut Handler::decoding(vm, errors))?.as_text())
}

impl Thread {
    /// The str that bytes are the UTF-8 of; a policy says what becomes of those that are not.
    pub fn decode_utf8(&self, bytes: &[u8], policy: Policy) -> PyResult {
        if let Ok(text) = simdutf8::basic::from_utf8(bytes) {
            return self.str(text);
        }
        let mut handler = Handler::decoding(self, None).with_policy(policy);
        self.text(Builtin::Utf8.decode(bytes, &mut handler)?.as_text())
    }

    /// `text.encode(encoding, errors)`; the text is a str.
    pub fn encode_text(&self, text: Ref<'_>, encoding: &str, errors: &str) -> PyResult {
        encode_str(self, text, Some(encoding), Some(errors))
    }

    /// `bytes.decode(encoding, errors)` of a bytes-like object.
    pub fn decode_bytes(&self, object: Ref<'_>, encoding: &str, errors: &str) -> PyResult {
        decode_object(self, object, Some(encoding), Some(errors))
    }
}
