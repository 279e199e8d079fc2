//! What the front end has to complain about: [`SyntaxError`] and [`SyntaxWarning`].

use std::fmt;

use crate::source::{Position, Source};

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
    /// `MemoryError`: nested deeper than any parser stack allows
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
    /// The line, counted from 1.
    pub lineno: i32,
    /// The column in characters, counted from 1; 0 when there is none.
    pub offset: i32,
    /// The line of the end.
    pub end_lineno: i32,
    /// The column after the last character, counted from 1; 0 when there is none.
    pub end_offset: i32,
    /// The line of source, where one is at hand.
    pub text: Option<String>,
    /// Whether more input could still make the text a program.
    pub incomplete: bool,
}

impl SyntaxError {
    /// An error about a stretch of the source.
    pub fn at(source: Option<&Source>, position: Position, message: impl Into<String>) -> Self {
        let characters = |lineno: i32, column: i32| match source {
            Some(source) => column_in_characters(source.line(lineno), column) + 1,
            None => column + 1,
        };
        Self {
            kind: ErrorKind::Syntax,
            message: message.into(),
            lineno: position.lineno,
            offset: characters(position.lineno, position.col_offset),
            end_lineno: position.end_lineno,
            end_offset: characters(position.end_lineno, position.end_col_offset),
            text: source.map(|source| source.line(position.lineno).to_owned()),
            incomplete: false,
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

/// Characters before a byte column; a column past the end of the line counts on.
fn column_in_characters(line: &str, column: i32) -> i32 {
    let bytes = usize::try_from(column).unwrap_or(0);
    match line.as_bytes().get(..bytes) {
        Some(before) => before.iter().filter(|&&byte| byte & 0xC0 != 0x80).count() as i32,
        None => line.chars().count() as i32 + (bytes - line.len()) as i32,
    }
}
