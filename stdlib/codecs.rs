//! `_codecs`: the registry of codecs, and the codecs that are native.
//!
//! The functions of a codec share their form, so a table of macros makes them: an encoder takes a text and gives bytes and
//! the length of the text, a decoder takes bytes and gives a text and the number of bytes it used. The algorithms are in
//! [`pyx_vm::text::codec`], the error handlers in [`pyx_vm::codecs::handlers`].

mod charmap;
mod escape;

use pyx_vm::codecs::registry::{self, Direction, name_of};
use pyx_vm::codecs::{Handler, handlers};
use pyx_vm::exception::{PyResult, Raised};
use pyx_vm::heap::inline::Str;
use pyx_vm::native::*;
use pyx_vm::text::codec::single_byte::{AsciiDecoder, AsciiEncoder, Latin1Decoder, Latin1Encoder};
use pyx_vm::text::codec::utf7::{Utf7Decoder, Utf7Encoder};
use pyx_vm::text::codec::utf8::{Utf8Decoder, Utf8Encoder};
use pyx_vm::text::codec::utf16::{ByteOrder, Utf16Decoder, Utf16Encoder};
use pyx_vm::text::codec::utf32::{Utf32Decoder, Utf32Encoder};
use pyx_vm::text::codec::{Decoder, Encoder, decode as run_decoder, encode as run_encoder};
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

const ENCODE: &str = "Encode a text: the bytes, and the length of the text.";
const DECODE: &str = "Decode bytes: the text, and the number of bytes used.";

pub(crate) static CODECS: ModuleDef = ModuleDef {
    functions: &[
        function(
            "register($module, search_function, /)",
            One(register),
            "Add a function that finds codecs: it gets a name in lower case, and returns a tuple of four functions or None.",
        ),
        function(
            "unregister($module, search_function, /)",
            One(unregister),
            "Remove a function that finds codecs, and forget what was found.",
        ),
        function("lookup($module, encoding, /)", One(lookup), "The codec of an encoding."),
        function(
            "encode($module, /, obj, encoding='utf-8', errors='strict')",
            OneOpt2(encode),
            "Encode an object by the codec of an encoding, with an error handler.",
        ),
        function(
            "decode($module, /, obj, encoding='utf-8', errors='strict')",
            OneOpt2(decode),
            "Decode an object by the codec of an encoding, with an error handler.",
        ),
        function("escape_encode($module, data, errors=None, /)", OneOpt(escape::escape_encode), ENCODE),
        function("escape_decode($module, data, errors=None, /)", OneOpt(escape::escape_decode), DECODE),
        function("utf_8_encode($module, str, errors=None, /)", OneOpt(utf_8_encode), ENCODE),
        function("utf_8_decode($module, data, errors=None, final=False, /)", OneOpt2(utf_8_decode), DECODE),
        function("utf_7_encode($module, str, errors=None, /)", OneOpt(utf_7_encode), ENCODE),
        function("utf_7_decode($module, data, errors=None, final=False, /)", OneOpt2(utf_7_decode), DECODE),
        function("utf_16_encode($module, str, errors=None, byteorder=0, /)", OneOpt2(utf_16_encode), ENCODE),
        function("utf_16_le_encode($module, str, errors=None, /)", OneOpt(utf_16_le_encode), ENCODE),
        function("utf_16_be_encode($module, str, errors=None, /)", OneOpt(utf_16_be_encode), ENCODE),
        function("utf_16_decode($module, data, errors=None, final=False, /)", OneOpt2(utf_16_decode), DECODE),
        function(
            "utf_16_le_decode($module, data, errors=None, final=False, /)",
            OneOpt2(utf_16_le_decode),
            DECODE,
        ),
        function(
            "utf_16_be_decode($module, data, errors=None, final=False, /)",
            OneOpt2(utf_16_be_decode),
            DECODE,
        ),
        function(
            "utf_16_ex_decode($module, data, errors=None, byteorder=0, final=False,\n                 /)",
            Many(utf_16_ex_decode),
            "Decode bytes: the text, the number of bytes used, and the byte order that was found.",
        ),
        function("utf_32_encode($module, str, errors=None, byteorder=0, /)", OneOpt2(utf_32_encode), ENCODE),
        function("utf_32_le_encode($module, str, errors=None, /)", OneOpt(utf_32_le_encode), ENCODE),
        function("utf_32_be_encode($module, str, errors=None, /)", OneOpt(utf_32_be_encode), ENCODE),
        function("utf_32_decode($module, data, errors=None, final=False, /)", OneOpt2(utf_32_decode), DECODE),
        function(
            "utf_32_le_decode($module, data, errors=None, final=False, /)",
            OneOpt2(utf_32_le_decode),
            DECODE,
        ),
        function(
            "utf_32_be_decode($module, data, errors=None, final=False, /)",
            OneOpt2(utf_32_be_decode),
            DECODE,
        ),
        function(
            "utf_32_ex_decode($module, data, errors=None, byteorder=0, final=False,\n                 /)",
            Many(utf_32_ex_decode),
            "Decode bytes: the text, the number of bytes used, and the byte order that was found.",
        ),
        function(
            "unicode_escape_encode($module, str, errors=None, /)",
            OneOpt(escape::unicode_escape_encode),
            ENCODE,
        ),
        function(
            "unicode_escape_decode($module, data, errors=None, final=True, /)",
            OneOpt2(escape::unicode_escape_decode),
            DECODE,
        ),
        function(
            "raw_unicode_escape_encode($module, str, errors=None, /)",
            OneOpt(escape::raw_unicode_escape_encode),
            ENCODE,
        ),
        function(
            "raw_unicode_escape_decode($module, data, errors=None, final=True, /)",
            OneOpt2(escape::raw_unicode_escape_decode),
            DECODE,
        ),
        function("latin_1_encode($module, str, errors=None, /)", OneOpt(latin_1_encode), ENCODE),
        function("latin_1_decode($module, data, errors=None, /)", OneOpt(latin_1_decode), DECODE),
        function("ascii_encode($module, str, errors=None, /)", OneOpt(ascii_encode), ENCODE),
        function("ascii_decode($module, data, errors=None, /)", OneOpt(ascii_decode), DECODE),
        function(
            "charmap_encode($module, str, errors=None, mapping=None, /)",
            OneOpt2(charmap::encode),
            ENCODE,
        ),
        function(
            "charmap_decode($module, data, errors=None, mapping=None, /)",
            OneOpt2(charmap::decode),
            DECODE,
        ),
        function(
            "charmap_build($module, map, /)",
            One(charmap::build),
            "The table for charmap_encode that reverses a table of charmap_decode.",
        ),
        function(
            "readbuffer_encode($module, data, errors=None, /)",
            OneOpt(escape::readbuffer_encode),
            ENCODE,
        ),
        function(
            "register_error($module, errors, handler, /)",
            Two(register_error),
            "Register an error handler: it gets a UnicodeError, and returns a replacement and where to go on.",
        ),
        function(
            "_unregister_error($module, errors, /)",
            One(unregister_error),
            "Remove an error handler that is not built in; whether there was one.",
        ),
        function("lookup_error($module, name, /)", One(lookup_error), "The error handler with a name."),
    ],
    ..ModuleDef::new("_codecs")
};

// ---- the registry ----

fn register(vm: &Thread, function: Ref<'_>) -> PyResult {
    registry::register(vm, function)?;
    none()
}

fn unregister(vm: &Thread, function: Ref<'_>) -> PyResult {
    registry::unregister(vm, function)?;
    none()
}

fn lookup(vm: &Thread, encoding: Ref<'_>) -> PyResult {
    registry::lookup(vm, name_of(vm, "lookup() argument", encoding)?)
}

fn encode(vm: &Thread, object: Ref<'_>, encoding: Option<Ref<'_>>, errors: Option<Ref<'_>>) -> PyResult {
    let encoding = vm.c_string("encode() argument 'encoding'", encoding)?.unwrap_or("utf-8");
    let errors = vm.c_string("encode() argument 'errors'", errors)?;
    registry::convert(vm, Direction::Encode, object, encoding, errors)
}

fn decode(vm: &Thread, object: Ref<'_>, encoding: Option<Ref<'_>>, errors: Option<Ref<'_>>) -> PyResult {
    let encoding = vm.c_string("decode() argument 'encoding'", encoding)?.unwrap_or("utf-8");
    let errors = vm.c_string("decode() argument 'errors'", errors)?;
    registry::convert(vm, Direction::Decode, object, encoding, errors)
}

fn register_error(vm: &Thread, name: Ref<'_>, handler: Ref<'_>) -> PyResult {
    handlers::register(vm, name_of(vm, "register_error() argument 1", name)?, handler)?;
    none()
}

fn unregister_error(vm: &Thread, name: Ref<'_>) -> PyResult {
    handlers::unregister(vm, name_of(vm, "_unregister_error() argument", name)?).map(Owned::bool)
}

fn lookup_error(vm: &Thread, name: Ref<'_>) -> PyResult {
    handlers::lookup(vm, name_of(vm, "lookup_error() argument", name)?)
}

// ---- encoders and decoders ----

/// The name of an error handler, which may be None.
fn errors<'a>(vm: &Thread, function: &str, errors: Option<Ref<'a>>) -> PyResult<Option<&'a str>> {
    let Some(errors) = errors.filter(|errors| !errors.is_none()) else { return Ok(None) };
    let place = format!("{function}() argument 2");
    if errors.downcast::<Str>().is_none() {
        return Err(vm.bad_argument(&place, "str or None", errors));
    }
    vm.c_string(&place, Some(errors))
}

/// Whether there is no more to come.
fn is_final(vm: &Thread, value: Option<Ref<'_>>, default: bool) -> PyResult<bool> {
    value.map_or(Ok(default), |value| vm.is_true(value))
}

/// The text that a function is to encode.
fn text<'a>(vm: &Thread, function: &str, text: Ref<'a>) -> PyResult<&'a Str> {
    vm.str_argument(format_args!("{function}() argument 1"), text)
}

/// Runs an encoder over a text.
fn encode_text<C: Encoder<Raised>>(
    vm: &Thread,
    function: &str,
    text: Ref<'_>,
    errors: Option<Ref<'_>>,
    mut encoder: C,
) -> PyResult {
    let payload = self::text(vm, function, text)?;
    let errors = self::errors(vm, function, errors)?;
    let bytes = run_encoder(&mut encoder, payload.text(), &mut Handler::encoding(vm, text, errors))?;
    encoded(vm, &bytes, payload)
}

/// What encoders return.
fn encoded(vm: &Thread, bytes: &[u8], text: &Str) -> PyResult {
    vm.pair(vm.bytes(bytes)?, vm.size(text.len())?)
}

/// Runs a decoder over the bytes of an object.
fn decode_data<D: Decoder<Raised>>(
    vm: &Thread,
    function: &str,
    data: Ref<'_>,
    errors: Option<Ref<'_>>,
    decoder: &mut D,
) -> PyResult {
    let data = vm.copy_bytes_like(data)?;
    let errors = self::errors(vm, function, errors)?;
    decode_slice(vm, &data, errors, decoder)
}

fn decode_slice<D: Decoder<Raised>>(
    vm: &Thread,
    data: &[u8],
    errors: Option<&str>,
    decoder: &mut D,
) -> PyResult {
    let decoded = run_decoder(decoder, data, &mut Handler::decoding(vm, errors))?;
    vm.pair(vm.text(decoded.text.as_text())?, vm.size(decoded.consumed)?)
}

macro_rules! encoders {
    ($($name:ident: $encoder:expr;)*) => {$(
        fn $name(vm: &Thread, text: Ref<'_>, errors: Option<Ref<'_>>) -> PyResult {
            encode_text(vm, stringify!($name), text, errors, $encoder)
        }
    )*};
}

encoders! {
    utf_8_encode: Utf8Encoder;
    utf_7_encode: Utf7Encoder;
    utf_16_le_encode: Utf16Encoder { order: ByteOrder::Little };
    utf_16_be_encode: Utf16Encoder { order: ByteOrder::Big };
    utf_32_le_encode: Utf32Encoder { order: ByteOrder::Little };
    utf_32_be_encode: Utf32Encoder { order: ByteOrder::Big };
    latin_1_encode: Latin1Encoder;
    ascii_encode: AsciiEncoder;
}

macro_rules! decoders {
    ($($name:ident: $decoder:expr;)*) => {$(
        fn $name(vm: &Thread, data: Ref<'_>, errors: Option<Ref<'_>>) -> PyResult {
            decode_data(vm, stringify!($name), data, errors, &mut $decoder)
        }
    )*};
}

decoders! {
    latin_1_decode: Latin1Decoder;
    ascii_decode: AsciiDecoder;
}

macro_rules! stateful_decoders {
    ($($name:ident: |$is_final:ident| $decoder:expr;)*) => {$(
        fn $name(
            vm: &Thread,
            data: Ref<'_>,
            errors: Option<Ref<'_>>,
            is_final: Option<Ref<'_>>,
        ) -> PyResult {
            let data = vm.copy_bytes_like(data)?;
            let errors = self::errors(vm, stringify!($name), errors)?;
            let $is_final = self::is_final(vm, is_final, false)?;
            decode_slice(vm, &data, errors, &mut $decoder)
        }
    )*};
}

stateful_decoders! {
    utf_8_decode: |is_final| Utf8Decoder { is_final };
    utf_7_decode: |is_final| Utf7Decoder::new(is_final);
    utf_16_decode: |is_final| Utf16Decoder::new(ByteOrder::Native, is_final);
    utf_16_le_decode: |is_final| Utf16Decoder::new(ByteOrder::Little, is_final);
    utf_16_be_decode: |is_final| Utf16Decoder::new(ByteOrder::Big, is_final);
    utf_32_decode: |is_final| Utf32Decoder::new(ByteOrder::Native, is_final);
    utf_32_le_decode: |is_final| Utf32Decoder::new(ByteOrder::Little, is_final);
    utf_32_be_decode: |is_final| Utf32Decoder::new(ByteOrder::Big, is_final);
}

/// A byte order as Python gives it: below zero little endian, above zero big endian.
fn byte_order(vm: &Thread, order: Option<Ref<'_>>) -> PyResult<ByteOrder> {
    Ok(match order.map_or(Ok(0), |order| vm.to_c_int(order))? {
        0 => ByteOrder::Native,
        ..0 => ByteOrder::Little,
        1.. => ByteOrder::Big,
    })
}

fn order_number(order: ByteOrder) -> i32 {
    match order {
        ByteOrder::Native => 0,
        ByteOrder::Little => -1,
        ByteOrder::Big => 1,
    }
}

fn utf_16_encode(vm: &Thread, text: Ref<'_>, errors: Option<Ref<'_>>, order: Option<Ref<'_>>) -> PyResult {
    self::text(vm, "utf_16_encode", text)?;
    self::errors(vm, "utf_16_encode", errors)?;
    let order = byte_order(vm, order)?;
    encode_text(vm, "utf_16_encode", text, errors, Utf16Encoder { order })
}

fn utf_32_encode(vm: &Thread, text: Ref<'_>, errors: Option<Ref<'_>>, order: Option<Ref<'_>>) -> PyResult {
    self::text(vm, "utf_32_encode", text)?;
    self::errors(vm, "utf_32_encode", errors)?;
    let order = byte_order(vm, order)?;
    encode_text(vm, "utf_32_encode", text, errors, Utf32Encoder { order })
}

macro_rules! ex_decoders {
    ($($name:ident: $decoder:ident;)*) => {$(
        fn $name(vm: &Thread, args: &Bound<'_>) -> PyResult {
            let data = vm.copy_bytes_like(args.required(0))?;
            let errors = errors(vm, stringify!($name), args.optional(1))?;
            let order = byte_order(vm, args.optional(2))?;
            let mut decoder = $decoder::new(order, is_final(vm, args.optional(3), false)?);
            let decoded = run_decoder(&mut decoder, &data, &mut Handler::decoding(vm, errors))?;
            let found = Owned::small_int(order_number(decoder.order()));
            vm.tuple(vec![vm.text(decoded.text.as_text())?, vm.size(decoded.consumed)?, found])
        }
    )*};
}

ex_decoders! {
    utf_16_ex_decode: Utf16Decoder;
    utf_32_ex_decode: Utf32Decoder;
}
