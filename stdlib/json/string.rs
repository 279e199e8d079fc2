//! Strings in JSON: from literals, and to literals.

use pyx_vm::arguments::Args;
use pyx_vm::exception::PyResult;
use pyx_vm::heap::inline::Str;
use pyx_vm::text::wtf8::TextBuf;
use pyx_vm::types::constructor;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

use super::{decode_error, index_of};

/// What needs no escape.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Plain {
    /// ASCII, but for control characters.
    Ascii,
    /// All but control characters.
    Unicode,
}

/// Whether a byte of a string stands for itself in a literal.
#[inline]
fn is_plain(byte: u8, plain: Plain) -> bool {
    byte >= b' ' && byte != b'"' && byte != b'\\' && (plain == Plain::Unicode || byte < 0x7f)
}

pub(super) fn encode(vm: &Thread, object: Ref<'_>, plain: Plain) -> PyResult {
    let Some(text) = object.downcast::<Str>() else {
        let name = vm.type_name(object);
        return Err(vm.type_error(format_args!("first argument must be a string, not {name}")));
    };
    let mut out = TextBuf::with_capacity(text.as_bytes().len() + 2);
    push_literal(&mut out, text, plain);
    vm.text(out.as_text())
}

/// Adds the literal of a str.
pub(super) fn push_literal(out: &mut TextBuf, text: &Str, plain: Plain) {
    let bytes = text.as_bytes();
    out.push_str("\"");
    let mut start = 0;
    while let Some(length) = bytes[start..].iter().position(|&byte| !is_plain(byte, plain)) {
        let at = start + length;
        out.push_text(text.text().slice(start..at));
        let code = text.text().code_point_at(at).unwrap_or_default();
        push_escape(out, code);
        start = at + utf8_length(bytes[at]);
    }
    out.push_text(text.text().slice(start..bytes.len()));
    out.push_str("\"");
}

/// The bytes of the character that starts with a byte.
fn utf8_length(first: u8) -> usize {
    match first {
        0..0x80 => 1,
        0x80..0xe0 => 2,
        0xe0..0xf0 => 3,
        _ => 4,
    }
}

fn push_escape(out: &mut TextBuf, code: u32) {
    match char::from_u32(code) {
        Some('"') => out.push_str("\\\""),
        Some('\\') => out.push_str("\\\\"),
        Some('\u{8}') => out.push_str("\\b"),
        Some('\u{c}') => out.push_str("\\f"),
        Some('\n') => out.push_str("\\n"),
        Some('\r') => out.push_str("\\r"),
        Some('\t') => out.push_str("\\t"),
        Some(char @ '\u{10000}'..) => {
            for unit in char.encode_utf16(&mut [0; 2]) {
                push_unit(out, u32::from(*unit));
            }
        }
        _ => push_unit(out, code),
    }
}

fn push_unit(out: &mut TextBuf, unit: u32) {
    out.push_str("\\u");
    for shift in [12, 8, 4, 0] {
        let digit = char::from_digit(unit >> shift & 15, 16).unwrap_or('0');
        out.push(u32::from(digit));
    }
}

/// `scanstring(string, end, strict=True)`
pub(super) fn scanstring(vm: &Thread, args: &Args<'_>) -> PyResult {
    constructor::no_keywords(vm, "scanstring", args)?;
    let (string, end, strict) = match *args.positional() {
        [string, end] => (string, end, None),
        [string, end, strict] => (string, end, Some(strict)),
        ref given => {
            let (bound, given) = (if given.len() < 2 { "least 2" } else { "most 3" }, given.len());
            return Err(
                vm.type_error(format_args!("scanstring() takes at {bound} arguments ({given} given)"))
            );
        }
    };
    let end = vm.to_isize(end)?;
    let strict = strict.map_or(Ok(true), |strict| vm.is_true(strict))?;
    let Some(text) = string.downcast::<Str>() else {
        let name = vm.type_name(string);
        return Err(vm.type_error(format_args!("first argument must be a string, not {name}")));
    };
    let start = usize::try_from(end).ok().filter(|&start| start <= text.len());
    let Some(start) = start else { return Err(vm.value_error("end is out of bounds")) };
    let (value, end) = scan(vm, string, text, text.offset(start), strict)?;
    vm.pair(value, vm.size(index_of(text, end))?)
}

/// Reads a literal whose opening quote is before a byte offset: its value, and the offset behind the closing quote.
pub(super) fn scan(
    vm: &Thread,
    source: Ref<'_>,
    text: &Str,
    start: usize,
    strict: bool,
) -> PyResult<(Owned, usize)> {
    let bytes = text.as_bytes();
    let mut at = plain_end(vm, source, bytes, start, start, strict)?;
    if bytes[at] == b'"' {
        return Ok((vm.text(text.text().slice(start..at))?, at + 1));
    }
    let mut value = TextBuf::from(text.text().slice(start..at));
    loop {
        // The byte is a backslash.
        at = escape(vm, source, bytes, at, start, &mut value)?;
        let end = plain_end(vm, source, bytes, at, start, strict)?;
        value.push_text(text.text().slice(at..end));
        if bytes[end] == b'"' {
            return Ok((vm.text(value.as_text())?, end + 1));
        }
        at = end;
    }
}

/// Where the next quote or backslash is.
#[inline]
fn plain_end(
    vm: &Thread,
    source: Ref<'_>,
    bytes: &[u8],
    at: usize,
    start: usize,
    strict: bool,
) -> PyResult<usize> {
    for (offset, &byte) in bytes[at..].iter().enumerate() {
        match byte {
            b'"' | b'\\' => return Ok(at + offset),
            0..0x20 if strict => {
                return Err(decode_error(vm, "Invalid control character at", source, (at + offset) as isize));
            }
            _ => {}
        }
    }
    Err(unterminated(vm, source, start))
}

#[cold]
fn unterminated(vm: &Thread, source: Ref<'_>, start: usize) -> pyx_vm::exception::Raised {
    decode_error(vm, "Unterminated string starting at", source, start as isize - 1)
}

/// Reads the escape at an offset; the result is the offset behind it.
fn escape(
    vm: &Thread,
    source: Ref<'_>,
    bytes: &[u8],
    at: usize,
    start: usize,
    value: &mut TextBuf,
) -> PyResult<usize> {
    let Some(&kind) = bytes.get(at + 1) else { return Err(unterminated(vm, source, start)) };
    let plain = match kind {
        b'"' | b'\\' | b'/' => kind,
        b'b' => 8,
        b'f' => 12,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'u' => return unicode_escape(vm, source, bytes, at, value),
        _ => return Err(decode_error(vm, "Invalid \\escape", source, at as isize)),
    };
    value.push(u32::from(plain));
    Ok(at + 2)
}

/// Reads `\uXXXX`, or two of them that make up one character.
fn unicode_escape(
    vm: &Thread,
    source: Ref<'_>,
    bytes: &[u8],
    at: usize,
    value: &mut TextBuf,
) -> PyResult<usize> {
    let invalid = |at: usize| decode_error(vm, "Invalid \\uXXXX escape", source, at as isize + 1);
    let first = unit(bytes, at + 2).ok_or_else(|| invalid(at))?;
    let end = at + 6;
    // A second escape counts as such only if all of it is there.
    if (0xd800..0xdc00).contains(&first) && bytes[end..].starts_with(b"\\u") && end + 6 <= bytes.len() {
        let second = unit(bytes, end + 2).ok_or_else(|| invalid(end))?;
        if (0xdc00..0xe000).contains(&second) {
            value.push(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00));
            return Ok(end + 6);
        }
    }
    value.push(first);
    Ok(end)
}

/// The value of four hexadecimal digits.
fn unit(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.iter().try_fold(0, |unit, &byte| Some(unit << 4 | char::from(byte).to_digit(16)?))
}
