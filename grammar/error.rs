//! What the front end has to complain about: [`SyntaxError`] and [`SyntaxWarning`].
//!
//! CPython reports errors from three places, its tokenizer, its parser, and its compiler, and each counts columns and
//! quotes the line in its own way. The constructors here are those ways.

use std::fmt;

use crate::Mode;
use crate::source::{Position, Source};
use crate::strings::EscapeKind;

/// The exception class that a [`SyntaxError`] becomes in Python.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ErrorKind {
    /// `SyntaxError`
    Syntax,
    /// `IndentationError`
    Indentation,
    /// `TabError`
    Tab,
    /// `_IncompleteInputError`, only where [`ParseOptions::allow_incomplete_input`](crate::ParseOptions) asks for it
    IncompleteInput,
    /// `ValueError`: a name that means `None`, `True` or `False` once it is normalised
    Value,
    /// `MemoryError`: nested deeper, or longer, than the parser allows
    Memory,
    /// `RecursionError`: nested deeper than the native stack allows
    Recursion,
}

/// Why a source text is not Python.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SyntaxError {
    /// The class of the exception.
    pub kind: ErrorKind,
    /// The message, as CPython words it.
    pub message: String,
    /// The line, counted from 1; 0 when there is none; -1 when the exception has its message only.
    pub lineno: i32,
    /// The column in characters, counted from 1; 0 when there is none.
    pub offset: i32,
    /// The line of the end; -1 when the exception says nothing about an end.
    pub end_lineno: i32,
    /// The column after the last character, counted from 1; 0 or -1 when there is none.
    pub end_offset: i32,
    /// The line of source, where one is at hand.
    pub text: Option<String>,
    /// Whether more input could still make the text a program.
    pub incomplete: bool,
    /// Of what the grammar refused: line and column of the last compound statement, functions apart, that was complete.
    pub after: Option<(i32, i32)>,
}

impl SyntaxError {
    /// An error about a stretch of the source.
    pub fn at(source: Option<&Source>, position: Position, message: impl Into<String>) -> Self {
        let column = |lineno: i32, column: i32| match source {
            Some(source) => characters_before(source.line(lineno), column) + 1,
            None => column + 1,
        };
        Self {
            kind: ErrorKind::Syntax,
            message: message.into(),
            lineno: position.lineno,
            offset: column(position.lineno, position.col_offset),
            end_lineno: position.end_lineno,
            end_offset: column(position.end_lineno, position.end_col_offset),
            text: source.map(|source| source.line(position.lineno).to_owned()),
            incomplete: false,
            after: None,
        }
    }

    /// An error of the tokenizer, after the character that ends at an offset: from and to that character's column.
    pub(crate) fn after(source: &Source, at: u32, message: impl Into<String>) -> Self {
        let (lineno, column) = source.line_and_column(at.saturating_sub(1));
        let column = column + i32::from(at > 0);
        let line = source.line(lineno);
        let line = line.strip_suffix('\n').unwrap_or(line);
        let offset = characters_before(line, column);
        Self { offset, end_offset: offset, ..Self::on_line(lineno, line, ErrorKind::Syntax, message) }
    }

    /// An error about the text as a whole, which has no line to show.
    pub(crate) fn without_line(message: impl Into<String>) -> Box<Self> {
        Box::new(Self {
            kind: ErrorKind::Syntax,
            message: message.into(),
            lineno: 0,
            offset: -1,
            end_lineno: -1,
            end_offset: -1,
            text: None,
            incomplete: false,
            after: None,
        })
    }

    /// An error that CPython gives no place whatever.
    pub(crate) fn without_place(message: impl Into<String>) -> Box<Self> {
        Box::new(Self { lineno: -1, ..*Self::without_line(message) })
    }

    /// A `ValueError`.
    pub(crate) fn value(message: impl Into<String>) -> Box<Self> {
        Box::new(Self { kind: ErrorKind::Value, ..*Self::without_place(message) })
    }

    /// An error about a whole line.
    pub(crate) fn on_line(lineno: i32, line: &str, kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            lineno,
            offset: 1,
            end_lineno: lineno,
            end_offset: 0,
            text: Some(line.to_owned()),
            incomplete: false,
            after: None,
        }
    }

    /// An error after the last character of a line, its line end included.
    pub(crate) fn after_line(lineno: i32, line: &str, kind: ErrorKind, message: impl Into<String>) -> Self {
        let length = line.chars().count() as i32;
        Self { offset: length, end_offset: -1, ..Self::on_line(lineno, line, kind, message) }
    }

    /// The error about a bracket that nothing closes, found at the end of the source.
    pub(crate) fn unclosed(source: &Source, mode: Mode, bracket: u32) -> Self {
        let (lineno, column) = source.line_and_column(bracket);
        let line = source.line_as_read(lineno, mode);
        // The lexer stands on the last line; other lines are quoted without their end.
        let line = if source.is_last_line(lineno) { line } else { line.trim_end_matches('\n') };
        let opening = &line[column as usize..=column as usize];
        let message = format!("'{opening}' was never closed");
        Self {
            offset: characters_before(line, column) + 1,
            ..Self::on_line(lineno, line, ErrorKind::Syntax, message)
        }
    }
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (line {})", self.message, self.lineno)
    }
}

impl std::error::Error for SyntaxError {}

/// A `SyntaxWarning` that the parser found; whether it is shown, or raised, is the interpreter's business.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SyntaxWarning {
    /// The message, as CPython words it.
    pub message: String,
    /// The line, counted from 1.
    pub lineno: i32,
    /// The error to raise where the warning filters say "error".
    pub as_error: SyntaxError,
}

/// A warning in the making: warnings are found out of order, and sorted by where they stand.
#[derive(Clone, Debug)]
pub(crate) struct Complaint {
    pub(crate) at: u32,
    pub(crate) message: String,
    pub(crate) as_error: SyntaxError,
}

impl Complaint {
    /// About an escape that means nothing, whose backslash stands at an offset.
    pub(crate) fn about_escape(source: &Source, at: u32, escape: &str, kind: EscapeKind) -> Self {
        let invalid = match kind {
            EscapeKind::Unknown => "invalid escape sequence",
            EscapeKind::Octal => "invalid octal escape sequence",
        };
        let message = format!(
            "\"\\{escape}\" is an {invalid}. Such sequences will not work in the future. \
             Did you mean \"\\\\{escape}\"? A raw string is also an option."
        );
        let error = format!(
            "\"\\{escape}\" is an {invalid}. Did you mean \"\\\\{escape}\"? A raw string is also an option."
        );
        Self { at, as_error: SyntaxError::after(source, at + 1, error), message }
    }
}

impl From<Complaint> for SyntaxWarning {
    fn from(complaint: Complaint) -> Self {
        let lineno = complaint.as_error.lineno;
        Self { message: complaint.message, lineno, as_error: complaint.as_error }
    }
}

/// Characters before a byte column; a column past the end of the line counts on.
pub(crate) fn characters_before(line: &str, column: i32) -> i32 {
    let bytes = usize::try_from(column).unwrap_or(0);
    match line.as_bytes().get(..bytes) {
        Some(before) => before.iter().filter(|&&byte| byte & 0xC0 != 0x80).count() as i32,
        None => line.chars().count() as i32 + (bytes - line.len()) as i32,
    }
}
