//! The codecs of escapes, and the one that only takes bytes out of buffers.

use pyx_vm::exception::PyResult;
use pyx_vm::heap::inline::{Bytes, Str};
use pyx_vm::native::none;
use pyx_vm::text::codec::raw_unicode_escape::{self, RawUnicodeEscapeDecoder};
use pyx_vm::text::codec::unicode_escape::{self, UnicodeEscapeDecoder};
use pyx_vm::text::escape::{
    EscapeError, HexErrors, InvalidEscape, escape_decode as unescape, escape_encode as escape,
};
use pyx_vm::value::Ref;
use pyx_vm::vm::Thread;

use super::{decode_slice, encoded, errors, is_final, text};

/// The bytes of a bytes-like object, or the UTF-8 of a str.
fn bytes_or_text(vm: &Thread, data: Ref<'_>) -> PyResult<Vec<u8>> {
    if data.downcast::<Str>().is_some() {
        return Ok(vm.utf8(data)?.as_bytes().to_vec());
    }
    vm.copy_bytes_like(data)
}

fn warn(vm: &Thread, invalid: Option<InvalidEscape>, prefix: &str) -> PyResult {
    if let Some(invalid) = invalid {
        vm.warn(&vm.exceptions().DeprecationWarning, &invalid.message(prefix))?;
    }
    none()
}

pub(super) fn escape_encode(vm: &Thread, data: Ref<'_>, errors: Option<Ref<'_>>) -> PyResult {
    let Some(bytes) = data.downcast::<Bytes>() else {
        return Err(vm.bad_argument("escape_encode() argument 1", "bytes", data));
    };
    super::errors(vm, "escape_encode", errors)?;
    vm.pair(vm.bytes(&escape(bytes.as_bytes()))?, vm.size(bytes.as_bytes().len())?)
}

pub(super) fn escape_decode(vm: &Thread, data: Ref<'_>, errors: Option<Ref<'_>>) -> PyResult {
    let data = bytes_or_text(vm, data)?;
    let name = super::errors(vm, "escape_decode", errors)?.unwrap_or("strict");
    let decoded = unescape(&data, HexErrors::from_name(name.as_bytes())).map_err(|error| match error {
        EscapeError::TrailingBackslash => vm.value_error("Trailing \\ in string"),
        EscapeError::InvalidHex(at) => vm.value_error(format_args!("invalid \\x escape at position {at}")),
        EscapeError::UnknownErrors => {
            vm.value_error(format_args!("decoding error; unknown error handling code: {name}"))
        }
    })?;
    warn(vm, decoded.invalid, "b")?;
    vm.pair(vm.bytes(&decoded.bytes)?, vm.size(data.len())?)
}

pub(super) fn unicode_escape_encode(vm: &Thread, text: Ref<'_>, errors: Option<Ref<'_>>) -> PyResult {
    let text = self::text(vm, "unicode_escape_encode", text)?;
    super::errors(vm, "unicode_escape_encode", errors)?;
    encoded(vm, &unicode_escape::encode(text.text()), text)
}

pub(super) fn unicode_escape_decode(
    vm: &Thread,
    data: Ref<'_>,
    errors: Option<Ref<'_>>,
    is_final: Option<Ref<'_>>,
) -> PyResult {
    let data = bytes_or_text(vm, data)?;
    let errors = self::errors(vm, "unicode_escape_decode", errors)?;
    let mut decoder = UnicodeEscapeDecoder::new(self::is_final(vm, is_final, true)?);
    let decoded = decode_slice(vm, &data, errors, &mut decoder)?;
    warn(vm, decoder.invalid_escape(), "")?;
    Ok(decoded)
}

pub(super) fn raw_unicode_escape_encode(vm: &Thread, text: Ref<'_>, errors: Option<Ref<'_>>) -> PyResult {
    let text = self::text(vm, "raw_unicode_escape_encode", text)?;
    super::errors(vm, "raw_unicode_escape_encode", errors)?;
    encoded(vm, &raw_unicode_escape::encode(text.text()), text)
}

pub(super) fn raw_unicode_escape_decode(
    vm: &Thread,
    data: Ref<'_>,
    errors: Option<Ref<'_>>,
    is_final: Option<Ref<'_>>,
) -> PyResult {
    let data = bytes_or_text(vm, data)?;
    let errors = self::errors(vm, "raw_unicode_escape_decode", errors)?;
    let is_final = self::is_final(vm, is_final, true)?;
    decode_slice(vm, &data, errors, &mut RawUnicodeEscapeDecoder { is_final })
}

pub(super) fn readbuffer_encode(vm: &Thread, data: Ref<'_>, errors: Option<Ref<'_>>) -> PyResult {
    let data = bytes_or_text(vm, data)?;
    super::errors(vm, "readbuffer_encode", errors)?;
    vm.pair(vm.bytes(&data)?, vm.size(data.len())?)
}
