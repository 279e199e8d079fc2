//! The error handlers that Python has built in.
//!
//! Each is a function from a range of the input to a replacement and a place to go on from, just as the Python
//! functions behind `codecs.lookup_error` are; [`Native`] adapts them to the codec loops.

use super::{DecodeErrors, DecodeProblem, EncodeErrors, EncodeProblem, Position, Replacement, Resume};
use crate::text::escape::{push_code_escape, push_hex};
use crate::text::unicode::names;
use crate::text::wtf8::{Text, TextBuf, is_surrogate};
use std::fmt::Write;
use std::ops::Range;

/// A built-in error handler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// Raise the error.
    Strict,
    /// Leave out what is wrong.
    Ignore,
    /// Put U+FFFD, or `?` when encoding.
    Replace,
    /// Put `\xhh`, `\uhhhh` or `\Uhhhhhhhh`.
    BackslashReplace,
    /// Put `&#…;`; for encoding only.
    XmlCharRefReplace,
    /// Put `\N{…}`; for encoding only.
    NameReplace,
    /// Turn bytes from 0x80 on into U+DC80 to U+DCFF, and back.
    SurrogateEscape,
    /// Let surrogates pass through the UTF codecs.
    SurrogatePass,
}

impl Policy {
    /// The handler with this name.
    pub fn from_name(name: &[u8]) -> Option<Self> {
        Some(match name {
            b"strict" => Self::Strict,
            b"ignore" => Self::Ignore,
            b"replace" => Self::Replace,
            b"backslashreplace" => Self::BackslashReplace,
            b"xmlcharrefreplace" => Self::XmlCharRefReplace,
            b"namereplace" => Self::NameReplace,
            b"surrogateescape" => Self::SurrogateEscape,
            b"surrogatepass" => Self::SurrogatePass,
            _ => return None,
        })
    }
}

/// Why a handler does not go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The error is raised.
    Raise,
    /// "don't know how to handle %T in error callback"
    WrongKind,
}

/// What a handler makes of bytes that cannot be decoded: it appends a replacement and tells where to go on.
pub fn handle_decode(
    policy: Policy,
    encoding: &str,
    input: &[u8],
    range: Range<usize>,
    out: &mut TextBuf,
) -> Result<usize, Refusal> {
    let Range { start, end } = range;
    let wrong = input.get(start..end).unwrap_or_default();
    match policy {
        Policy::Strict => return Err(Refusal::Raise),
        Policy::Ignore => {}
        Policy::Replace => out.push(0xfffd),
        Policy::BackslashReplace => wrong.iter().for_each(|&byte| {
            out.push_str("\\x");
            push_hex(byte.into(), 2, out.bytes_mut());
        }),
        Policy::XmlCharRefReplace | Policy::NameReplace => return Err(Refusal::WrongKind),
        Policy::SurrogateEscape => {
            // At most four bytes at a time, and ASCII is never escaped.
            let escaped = wrong.iter().take(4).take_while(|byte| !byte.is_ascii());
            let count = escaped.map(|&byte| out.push(0xdc00 + u32::from(byte))).count();
            return if count > 0 { Ok(start + count) } else { Err(Refusal::Raise) };
        }
        Policy::SurrogatePass => {
            let unit = Unit::of_encoding(encoding).ok_or(Refusal::Raise)?;
            let code = input.get(start..).and_then(|rest| unit.read(rest)).filter(|&code| is_surrogate(code));
            out.push(code.ok_or(Refusal::Raise)?);
            return Ok(start + unit.len());
        }
    }
    Ok(end)
}

/// What a handler makes of characters that cannot be encoded; it goes on after them.
pub fn handle_encode(policy: Policy, encoding: &str, wrong: Text<'_>) -> Result<Replacement, Refusal> {
    Ok(match policy {
        Policy::Strict => return Err(Refusal::Raise),
        Policy::Ignore => Replacement::Text(TextBuf::new()),
        Policy::Replace => {
            let marks = b"?".repeat(wrong.count());
            Replacement::Text(Text::trusted(&marks).into())
        }
        Policy::BackslashReplace => Replacement::Text(backslashes(wrong)),
        Policy::XmlCharRefReplace => {
            let mut text = String::new();
            // Writing to a string cannot fail.
            wrong.code_points().for_each(|code| _ = write!(text, "&#{code};"));
            Replacement::Text(text.as_str().into())
        }
        Policy::NameReplace => Replacement::Text(names_of(wrong)),
        Policy::SurrogateEscape => {
            let byte =
                |code: u32| matches!(code, 0xdc80..=0xdcff).then_some(code as u8).ok_or(Refusal::Raise);
            Replacement::Bytes(wrong.code_points().map(byte).collect::<Result<_, _>>()?)
        }
        Policy::SurrogatePass => {
            let unit = Unit::of_encoding(encoding).ok_or(Refusal::Raise)?;
            let mut bytes = Vec::new();
            for code in wrong.code_points() {
                if !is_surrogate(code) {
                    return Err(Refusal::Raise);
                }
                unit.write(code, &mut bytes);
            }
            Replacement::Bytes(bytes)
        }
    })
}

/// What a handler makes of characters that cannot be translated; it goes on after them.
pub fn handle_translate(policy: Policy, wrong: Text<'_>) -> Result<TextBuf, Refusal> {
    match policy {
        Policy::Strict => Err(Refusal::Raise),
        Policy::Ignore => Ok(TextBuf::new()),
        Policy::Replace => Ok(wrong.code_points().map(|_| 0xfffd).collect()),
        Policy::BackslashReplace => Ok(backslashes(wrong)),
        _ => Err(Refusal::WrongKind),
    }
}

/// A built-in handler at work in a codec loop.
#[derive(Clone, Copy, Debug)]
pub struct Native(pub Policy);

/// What [`Native`] raises.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raised<P> {
    /// The exception's fields.
    pub problem: P,
    /// Whether that is what is raised.
    pub refusal: Refusal,
}

impl DecodeErrors for Native {
    type Error = Raised<DecodeProblem>;

    fn resolve(
        &mut self,
        input: &[u8],
        problem: DecodeProblem,
        out: &mut TextBuf,
    ) -> Result<Resume, Self::Error> {
        match handle_decode(self.0, problem.encoding, input, problem.start..problem.end, out) {
            Ok(position) => Ok(Resume { position, input: None }),
            Err(refusal) => Err(Raised { problem, refusal }),
        }
    }
}

impl EncodeErrors for Native {
    type Error = Raised<EncodeProblem>;

    fn resolve(
        &mut self,
        text: Text<'_>,
        problem: &EncodeProblem,
    ) -> Result<(Replacement, Position), Self::Error> {
        let wrong = text.slice(problem.bytes.clone());
        match handle_encode(self.0, problem.encoding, wrong) {
            Ok(replacement) => Ok((replacement, Position::Offset(problem.bytes.end))),
            Err(refusal) => match self.escape_some(problem.encoding, wrong) {
                Some((bytes, len)) => {
                    Ok((Replacement::Bytes(bytes), Position::Offset(problem.bytes.start + len)))
                }
                None => Err(Raised { problem: problem.clone(), refusal }),
            },
        }
    }

    fn refuse(&mut self, _: Text<'_>, problem: EncodeProblem) -> Self::Error {
        Raised { problem, refusal: Refusal::Raise }
    }
}

impl Native {
    /// In the codecs where escaped bytes are common, `surrogateescape` escapes what it can before it raises; the error
    /// then starts later.
    fn escape_some(self, encoding: &str, wrong: Text<'_>) -> Option<(Vec<u8>, usize)> {
        if self.0 != Policy::SurrogateEscape || !matches!(encoding, "utf-8" | "ascii" | "latin-1") {
            return None;
        }
        let escaped = wrong.code_points().take_while(|code| matches!(code, 0xdc80..=0xdcff));
        let bytes: Vec<u8> = escaped.map(|code| code as u8).collect();
        let len = 3 * bytes.len();
        (len > 0).then_some((bytes, len))
    }
}

fn backslashes(text: Text<'_>) -> TextBuf {
    let mut out = TextBuf::new();
    text.code_points().for_each(|code| push_code_escape(code, out.bytes_mut()));
    out
}

fn names_of(text: Text<'_>) -> TextBuf {
    let mut out = TextBuf::new();
    for code in text.code_points() {
        match names::name(code) {
            Some(name) => {
                out.push_str("\\N{");
                out.push_str(&name);
                out.push_str("}");
            }
            None => push_code_escape(code, out.bytes_mut()),
        }
    }
    out
}

/// How an encoding writes a surrogate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Utf8,
    Utf16 { big: bool },
    Utf32 { big: bool },
}

impl Unit {
    /// Recognise an encoding by its name: `utf`, an optional separator, the width, then an optional byte order.
    fn of_encoding(name: &str) -> Option<Self> {
        let lower = name.to_ascii_lowercase();
        let rest = skip_separator(lower.strip_prefix("utf")?);
        if rest == "8" {
            return Some(Self::Utf8);
        }
        let (width, order) = rest.split_at_checked(2)?;
        let big = match skip_separator(order) {
            "be" => true,
            "le" => false,
            _ if order.is_empty() => cfg!(target_endian = "big"),
            _ => return None,
        };
        match width {
            "16" => Some(Self::Utf16 { big }),
            "32" => Some(Self::Utf32 { big }),
            _ => None,
        }
    }

    fn len(self) -> usize {
        match self {
            Self::Utf8 => 3,
            Self::Utf16 { .. } => 2,
            Self::Utf32 { .. } => 4,
        }
    }

    fn read(self, bytes: &[u8]) -> Option<u32> {
        Some(match self {
            Self::Utf8 => match *bytes.first_chunk()? {
                bytes @ [0xe0..=0xef, 0x80..=0xbf, 0x80..=0xbf] => Text::trusted(&bytes).code_point_at(0)?,
                _ => return None,
            },
            Self::Utf16 { big } => super::utf16::unit(*bytes.first_chunk()?, big).into(),
            Self::Utf32 { big } => super::utf32::unit(*bytes.first_chunk()?, big),
        })
    }

    fn write(self, code: u32, out: &mut Vec<u8>) {
        match self {
            Self::Utf8 => out.extend_from_slice(&crate::text::wtf8::encode(code).0[..3]),
            Self::Utf16 { big } => super::utf16::push_unit(code as u16, big, out),
            Self::Utf32 { big } => super::utf32::push_unit(code, big, out),
        }
    }
}

fn skip_separator(text: &str) -> &str {
    text.strip_prefix(['-', '_']).unwrap_or(text)
}
