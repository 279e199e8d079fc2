//! Errors of the compiler's passes.

use pyx_grammar::{Loc, Locations, SyntaxError};

/// A SyntaxError about a node.
///
/// Unlike the parser's errors it counts columns in bytes and brings no line of source: so do CPython's passes, and the
/// one who raises it reads the line from the file, if there is one.
#[cold]
pub fn error_at(locations: &Locations<'_>, loc: Loc, message: impl Into<String>) -> Box<SyntaxError> {
    Box::new(SyntaxError::at(None, locations.resolve(loc), message))
}
