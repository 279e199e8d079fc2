//! Text from values: the three formatting languages of Python, as functions on Rust types.
//!
//! * [`spec`] is the mini-language of `format()`, f-strings and `str.format`; `format_int`, `format_float`,
//!   `format_complex` and `format_str` apply a [`Spec`] to a value.
//! * [`percent`] is the language of `%`, for `str` and `bytes`.
//! * [`brace`] is the language around the fields of `str.format`, and what the `_string` module needs.
//!
//! Objects, attributes and argument tuples stay with the caller: where a language needs one in the middle of its
//! syntax, its parser returns an event and waits.
//!
//! # Text
//!
//! Python strings are generalised UTF-8 here: surrogates are three bytes each, like any other code point of their
//! size. So format strings, fill characters, values and results are byte slices, widths and precisions count code
//! points, and results are appended to a [`Sink`], whose owner accounts for memory and may refuse.

pub mod brace;
pub mod format_complex;
pub mod format_float;
pub mod format_int;
pub mod format_str;
pub mod grouping;
pub mod layout;
pub mod percent;
pub mod percent_value;
pub mod sink;
pub mod spec;

use std::fmt;

use crate::number::int_float::IntTooLargeForFloat;
use crate::number::int_text::{DigitLimit, TooManyDigits};
use crate::number::literal::Classify;

pub use grouping::Locale;
pub use sink::{OutOfMemory, Sink};
pub use spec::Spec;

/// What formatting takes from its surroundings.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The name of the value's type, for messages.
    pub type_name: &'a str,
    /// How the presentation type `n` groups digits.
    pub locale: &'a Locale,
    /// The limit for decimal text of integers.
    pub digit_limit: DigitLimit,
    /// The decimal digits of Unicode, which widths and precisions may use.
    pub classify: Classify<'a>,
}

/// Why a value has no text. The message is generalised UTF-8, because it may quote the format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormatError {
    /// `ValueError`
    Value(Vec<u8>),
    /// `OverflowError`
    Overflow(Vec<u8>),
    /// `MemoryError`
    Memory,
}

impl FormatError {
    pub(crate) fn value(message: impl Into<Vec<u8>>) -> Self {
        FormatError::Value(message.into())
    }

    pub(crate) fn overflow(message: impl Into<Vec<u8>>) -> Self {
        FormatError::Overflow(message.into())
    }

    /// The exception's message; none for `MemoryError`.
    pub fn message(&self) -> &[u8] {
        match self {
            FormatError::Value(message) | FormatError::Overflow(message) => message,
            FormatError::Memory => b"",
        }
    }
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(self.message()))
    }
}

impl From<OutOfMemory> for FormatError {
    fn from(_: OutOfMemory) -> Self {
        FormatError::Memory
    }
}

impl From<TooManyDigits> for FormatError {
    fn from(error: TooManyDigits) -> Self {
        FormatError::value(error.to_string())
    }
}

impl From<IntTooLargeForFloat> for FormatError {
    fn from(error: IntTooLargeForFloat) -> Self {
        FormatError::overflow(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::literal::NonAscii;
    use crate::number::{complex_text, float_hex, float_parse, int_parse};

    /// Strings over the characters that mean something to some parser, and a few that mean nothing.
    fn nonsense() -> impl Iterator<Item = Vec<u8>> {
        const PIECES: &[&[u8]] = &[
            b"{",
            b"}",
            b"[",
            b"]",
            b".",
            b"!",
            b":",
            b"%",
            b"(",
            b")",
            b"*",
            b"<",
            b">",
            b"^",
            b"=",
            b"+",
            b"-",
            b" ",
            b"#",
            b"0",
            b"1",
            b"9",
            b"99999999999999999999",
            b",",
            b"_",
            b"d",
            b"s",
            b"x",
            b"e",
            b"j",
            b"p",
            b"inf",
            b"nan",
            b"0x",
            "é".as_bytes(),
            "\u{661}".as_bytes(),
            b"\xED\xA0\x80",
            "\u{10FFFF}".as_bytes(),
            b"\0",
        ];
        let mut state = 0x9E37_79B9_7F4A_7C15u64;
        let mut next = move || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 33) as usize
        };
        std::iter::repeat_with(move || {
            (0..next() % 9).flat_map(|_| PIECES[next() % PIECES.len()].to_vec()).collect()
        })
    }

    /// A sink that refuses long texts, so that widths of any size are harmless.
    struct Short(Vec<u8>);

    impl Sink for Short {
        fn make_room(&mut self, bytes: usize) -> Result<(), OutOfMemory> {
            if bytes > 1 << 16 { Err(OutOfMemory) } else { Ok(()) }
        }

        fn write(&mut self, text: &[u8]) -> Result<(), OutOfMemory> {
            self.make_room(text.len())?;
            self.0.extend_from_slice(text);
            Ok(())
        }
    }

    #[test]
    fn no_input_panics() {
        let classify: Classify<'_> = &|c| if c == 0x661 { NonAscii::Digit(1) } else { NonAscii::Other };
        let locale = Locale { thousands_separator: ",".into(), grouping: vec![3, 2], ..Locale::c() };
        let context =
            Context { type_name: "int", locale: &locale, digit_limit: DigitLimit::DEFAULT, classify };
        for text in nonsense().take(60_000) {
            let out = &mut Short(Vec::new());
            let _ = format_int::format_int((-12345).into(), &text, &context, out);
            let _ = format_float::format_float(-1234.5, &text, &context, out);
            let _ = format_complex::format_complex(1.5.into(), &text, &context, out);
            let _ = format_str::format_str("aé€".as_bytes(), 3, &text, &context, out);
            for flavour in [percent::Flavour::Text, percent::Flavour::Bytes] {
                for event in percent::Parser::new(&text, flavour, true).take(20).flatten() {
                    if let percent::Event::Conversion(conversion) = event {
                        let _ = percent_value::format_int(77.into(), &conversion, DigitLimit::DEFAULT, out);
                        let _ = percent_value::format_float(7.7, &conversion, out);
                        let _ = percent_value::format_text(&text, text.len(), &conversion, out);
                    }
                }
            }
            for chunk in brace::Markup::new(&text).flatten() {
                let name = chunk.field.map_or(chunk.literal, |field| field.name);
                if let Ok(name) = brace::FieldName::new(name, classify) {
                    name.for_each(drop);
                }
            }
            let _ = int_parse::parse_text(&text, 0, DigitLimit::DEFAULT, classify);
            let _ = float_parse::parse_text(&text, classify);
            let _ = complex_text::parse_text(&text, classify);
            let _ = float_hex::from_hex(&text);
        }
    }
}
