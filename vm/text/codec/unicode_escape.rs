//! `unicode_escape`: the escapes of string literals, over Latin-1.

use super::single_byte::push_latin1;
use super::{DecodeProblem, DecodeStep, Decoder};
use crate::text::escape::{InvalidEscape, hex_value, letter_escape, octal, push_code_escape};
use crate::text::unicode::names;
use crate::text::wtf8::{Text, TextBuf};

/// The decoder.
#[derive(Clone, Copy, Debug)]
pub struct UnicodeEscapeDecoder {
    is_final: bool,
    invalid: Option<InvalidEscape>,
}

impl UnicodeEscapeDecoder {
    /// A decoder. With `is_final`, an incomplete escape at the end is an error; otherwise it is the start of something
    /// to come.
    pub fn new(is_final: bool) -> Self {
        Self { is_final, invalid: None }
    }

    /// The first escape to warn about.
    pub fn invalid_escape(&self) -> Option<InvalidEscape> {
        self.invalid
    }

    /// Decode the escape whose backslash is at `start`; returns where it ends.
    fn escape(&mut self, input: &[u8], start: usize, out: &mut TextBuf) -> Result<usize, Trouble> {
        let Some(&letter) = input.get(start + 1) else {
            return Err(Trouble::Incomplete("\\ at end of string"));
        };
        let after = start + 2;
        match letter {
            b'\n' => Ok(after),
            b'0'..=b'7' => {
                let (value, digits) = octal(&input[start + 1..]);
                if value > 0o377 {
                    self.invalid.get_or_insert(InvalidEscape::Octal(value));
                }
                out.push(value);
                Ok(start + 1 + digits)
            }
            b'x' => hex_escape(input, after, 2, "truncated \\xXX escape", ILLEGAL, out),
            b'u' => hex_escape(input, after, 4, TRUNCATED_U, ILLEGAL, out),
            b'U' => hex_escape(input, after, 8, TRUNCATED_LONG_U, ILLEGAL, out),
            b'N' => named_escape(input, after, out),
            _ => {
                if let Some(byte) = letter_escape(letter) {
                    out.push(byte.into());
                } else {
                    self.invalid.get_or_insert(InvalidEscape::Letter(letter));
                    out.push(b'\\'.into());
                    out.push(letter.into());
                }
                Ok(after)
            }
        }
    }
}

impl<E> Decoder<E> for UnicodeEscapeDecoder {
    fn run(&mut self, input: &[u8], at: usize, out: &mut TextBuf) -> Result<DecodeStep, E> {
        let is_final = self.is_final;
        let step = decode_escapes("unicodeescape", is_final, input, at, out, |start, out| {
            self.escape(input, start, out)
        });
        Ok(step)
    }
}

/// Encode: whatever is not printable ASCII becomes an escape, and so does the backslash.
pub fn encode(text: Text<'_>) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for code in text.code_points() {
        match u8::try_from(code) {
            Ok(b'\\') => out.extend_from_slice(b"\\\\"),
            Ok(b'\t') => out.extend_from_slice(b"\\t"),
            Ok(b'\n') => out.extend_from_slice(b"\\n"),
            Ok(b'\r') => out.extend_from_slice(b"\\r"),
            Ok(byte @ b' '..=b'~') => out.push(byte),
            _ => push_code_escape(code, &mut out),
        }
    }
    out
}

/// Why an escape cannot be decoded.
pub(super) enum Trouble {
    /// The input ends within it, which is an error with this reason if there is no more to come.
    Incomplete(&'static str),
    /// It is wrong up to here.
    Wrong(usize, &'static str),
}

const ILLEGAL: &str = "illegal Unicode character";
pub(super) const TRUNCATED_U: &str = "truncated \\uXXXX escape";
pub(super) const TRUNCATED_LONG_U: &str = "truncated \\UXXXXXXXX escape";

/// Decode Latin-1 up to each backslash, where `escape` takes over and returns where it ends.
pub(super) fn decode_escapes(
    encoding: &'static str,
    is_final: bool,
    input: &[u8],
    at: usize,
    out: &mut TextBuf,
    mut escape: impl FnMut(usize, &mut TextBuf) -> Result<usize, Trouble>,
) -> DecodeStep {
    let mut at = at;
    while let Some(run) = memchr::memchr(b'\\', &input[at..]) {
        let start = at + run;
        push_latin1(&input[at..start], out.bytes_mut());
        let problem = |end, reason| DecodeStep::Problem(DecodeProblem { encoding, start, end, reason });
        match escape(start, out) {
            Ok(end) => at = end,
            Err(Trouble::Incomplete(_)) if !is_final => return DecodeStep::Done(start),
            Err(Trouble::Incomplete(reason)) => return problem(input.len(), reason),
            Err(Trouble::Wrong(end, reason)) => return problem(end, reason),
        }
    }
    push_latin1(&input[at..], out.bytes_mut());
    DecodeStep::Done(input.len())
}

/// Decode a fixed number of hexadecimal digits.
pub(super) fn hex_escape(
    input: &[u8],
    at: usize,
    digits: usize,
    truncated: &'static str,
    out_of_range: &'static str,
    out: &mut TextBuf,
) -> Result<usize, Trouble> {
    let mut code = 0;
    for place in at..at + digits {
        let Some(&byte) = input.get(place) else { return Err(Trouble::Incomplete(truncated)) };
        let Some(digit) = hex_value(byte) else { return Err(Trouble::Wrong(place, truncated)) };
        code = code << 4 | digit;
    }
    if code >= 0x110000 {
        return Err(Trouble::Wrong(at + digits, out_of_range));
    }
    out.push(code);
    Ok(at + digits)
}

/// Decode `{name}`.
fn named_escape(input: &[u8], at: usize, out: &mut TextBuf) -> Result<usize, Trouble> {
    const MALFORMED: &str = "malformed \\N character escape";
    match input.get(at) {
        None => return Err(Trouble::Incomplete(MALFORMED)),
        Some(b'{') => {}
        Some(_) => return Err(Trouble::Wrong(at, MALFORMED)),
    }
    let rest = &input[at + 1..];
    let Some(len) = memchr::memchr(b'}', rest) else { return Err(Trouble::Incomplete(MALFORMED)) };
    let end = at + 1 + len + 1;
    if len == 0 {
        return Err(Trouble::Wrong(at + 1, MALFORMED));
    }
    let code = names::lookup_character(&rest[..len]);
    out.push(code.ok_or(Trouble::Wrong(end, "unknown Unicode character name"))?);
    Ok(end)
}
