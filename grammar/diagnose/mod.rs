//! The third tier of syntax errors: a text is not Python, and the question is what to say about it.
//!
//! CPython answers by parsing again, with a second grammar for what people get wrong, and its answers depend on the order
//! in which its rules are tried, on what is remembered between them, and on how far its tokenizer has read. So the
//! recogniser here parses the same way: rules in order, backtracking, memory, one token after the other. It parses
//! twice, as CPython does: once by the rules of the language, which tells how far a reader gets, and once with the rules
//! for mistakes, of which the first that applies has the word.
//!
//! It recurses, but only to a depth that its own measure of the native stack allows; CPython gives up in the same way.

mod calls;
mod compound;
mod core;
mod displays;
mod expressions;
mod fields;
mod parameters;
mod patterns;
mod statements;
mod targets;

use bumpalo::Bump;

use crate::error::{Complaint, ErrorKind, SyntaxError};
use crate::lexer::Lexed;
use crate::source::Source;
use crate::token::Kind;
use crate::{Mode, ParseOptions};

use self::core::{Raised, Recogniser};

/// The error in a text that the grammar has refused, and the complaints on the way to it. `fallback` is the grammar's own
/// word about it.
pub(crate) fn diagnose(
    source: &Source,
    lexed: &Lexed,
    mode: Mode,
    options: ParseOptions,
    fallback: Option<Box<SyntaxError>>,
) -> (Box<SyntaxError>, Vec<Complaint>) {
    let arena = Bump::new();
    let mut first = Recogniser::new(source, lexed, mode, options, &arena);
    let outcome = first.top();
    let reached = first.reached();
    let complaints = std::mem::take(&mut first.builder.complaints);
    if first.at_end_of_source() && options.allow_incomplete_input {
        let error = first.error_at_last(ErrorKind::IncompleteInput, "incomplete input");
        return (incomplete(error), complaints);
    }
    let ends = first.at_end_of_source();
    let mut after = first.after;
    let mut error = match outcome {
        Err(raised) => first.settle(raised),
        Ok(_) => {
            let arena = Bump::new();
            let mut second = Recogniser::new(source, lexed, mode, options, &arena);
            second.look_for_mistakes(reached);
            let outcome = second.top();
            after = after.max(second.after);
            match outcome {
                Err(raised) => second.settle(raised),
                Ok(_) => second.generic(reached, fallback),
            }
        }
    };
    error.after = Some(after);
    (if ends { incomplete(error) } else { Box::new(error) }, complaints)
}

/// The error about text after the one statement that was asked for.
pub(crate) fn more_than_one_statement(
    source: &Source,
    lexed: &Lexed,
    mode: Mode,
    options: ParseOptions,
) -> SyntaxError {
    let arena = Bump::new();
    let mut recogniser = Recogniser::new(source, lexed, mode, options, &arena);
    // Its verdict is known; it is to read as far as the statement goes.
    let _ = recogniser.top();
    recogniser
        .error_at_last(ErrorKind::Syntax, "multiple statements found while compiling a single statement")
}

fn incomplete(error: SyntaxError) -> Box<SyntaxError> {
    Box::new(SyntaxError { incomplete: true, ..error })
}

impl Recogniser<'_, '_> {
    /// What to say when no rule has a word: the grammar's own, or that the syntax is invalid where reading stopped.
    fn generic(&mut self, reached: usize, fallback: Option<Box<SyntaxError>>) -> SyntaxError {
        if let Some(error) = fallback {
            return self.settle(Raised::by_parser(*error));
        }
        let error = match self.kind(reached) {
            Kind::Indent => return self.error_at_last(ErrorKind::Indentation, "unexpected indent"),
            Kind::Dedent => return self.error_at_last(ErrorKind::Indentation, "unexpected unindent"),
            _ => self.error_at_token(reached, "invalid syntax"),
        };
        self.settle(Raised::generic(error))
    }
}
