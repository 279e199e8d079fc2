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
