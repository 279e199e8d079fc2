//! Python 3.14 source text to AST: lexer, grammar, spans and syntax errors.
//!
//! [`parse`] turns a [`Source`] into the tree of [`ast`], which lives in a bump arena and borrows its names from the
//! source. There is no I/O here, and nothing of the interpreter.
#![forbid(unsafe_code)]

mod actions;
pub mod ast;
mod diagnose;
mod dump;
mod encoding;
mod error;
mod interpolation;
mod layout;
mod lexer;
mod literals;
mod numbers;
mod operators;
mod parameters;
mod soft_keywords;
mod source;
mod strings;
mod targets;
mod token;
mod unicode;
mod unparse;
pub mod visit;
mod wtf;

lalrpop_util::lalrpop_mod!(
    #[allow(warnings, clippy::all, clippy::pedantic, reason = "generated code")]
    python
);

pub use bumpalo::Bump;
pub use dump::dump;
pub use encoding::{Origin, OtherEncodings};
pub use error::{ErrorKind, SyntaxError, SyntaxWarning};
pub use source::{Loc, Locations, Position, Source};
pub use unparse::unparse;

use actions::{Builder, Failure, Rejection};
use ast::{Mod, TypeIgnore};
use error::Complaint;
use lexer::Lexed;

/// What a source text is to be read as.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Mode {
    /// A file of statements: [`Mod::Module`].
    Exec,
    /// One expression: [`Mod::Expression`].
    Eval,
    /// One interactive statement: [`Mod::Interactive`].
    Single,
    /// A cell of interactive statements, any number of them: [`Mod::Interactive`].
    Interactive,
    /// A signature type comment, `(int, str) -> bool`: [`Mod::FunctionType`].
    FuncType,
}

/// How to read it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ParseOptions {
    /// Keep `# type:` comments (`PyCF_TYPE_COMMENTS`).
    pub type_comments: bool,
    /// The minor version of Python 3 whose syntax is accepted (`feature_version` of `ast.parse`).
    pub feature_version: u8,
    /// Answer unfinished input with [`ErrorKind::IncompleteInput`] (`PyCF_ALLOW_INCOMPLETE_INPUT`).
    pub allow_incomplete_input: bool,
    /// A block at the end of interactive input stays open until an empty line (`PyCF_DONT_IMPLY_DEDENT`).
    pub dont_imply_dedent: bool,
    /// `from __future__ import barry_as_FLUFL`: `<>` instead of `!=`.
    pub barry_as_flufl: bool,
    /// The most digits of a decimal integer (`sys.get_int_max_str_digits()`); 0 is no limit.
    pub int_max_str_digits: u32,
}

impl Default for ParseOptions {
    fn default() -> Self {
        Self {
            type_comments: false,
            feature_version: 14,
            allow_incomplete_input: false,
            dont_imply_dedent: false,
            barry_as_flufl: false,
            int_max_str_digits: 4300,
        }
    }
}

/// Parses a source text. The tree lives in `arena`; warnings found on the way are added to `warnings`, also when the
/// text turns out not to be a program.
pub fn parse<'a>(
    source: &'a Source,
    mode: Mode,
    options: ParseOptions,
    arena: &'a Bump,
    warnings: &mut Vec<SyntaxWarning>,
) -> Result<Mod<'a>, Box<SyntaxError>> {
    let lexed = lexer::lex(source, mode, options);
    let mut builder = Builder::new(source, options, arena);
    builder.comments.clone_from(&lexed.comments);
    builder.type_ignores = lexed.type_ignores.iter().map(|&comment| type_ignore(source, comment)).collect();
    let result = python::TopParser::new().parse(&mut builder, lexed.tokens.triples());
    let mut complaints = std::mem::take(&mut builder.complaints);
    let result = result.map_err(|failure| {
        let (error, found) = explain(source, &lexed, mode, options, failure);
        complaints = found;
        error
    });
    complaints.extend_from_slice(&lexed.complaints);
    complaints.sort_by_key(|complaint| complaint.at);
    warnings.extend(complaints.into_iter().map(SyntaxWarning::from));
    let tree = result?;
    if let Some(name) = builder.constant_name {
        return Err(SyntaxError::value(format!("identifier field can't represent '{name}' constant")));
    }
    match lexed.rest {
        Some(rest) if has_content(&source.text()[rest as usize..]) => {
            Err(Box::new(diagnose::more_than_one_statement(source, &lexed, mode, options)))
        }
        _ => Ok(tree),
    }
}

/// How many tokens the parser sees in a source text, up to the first mistake: the lexer alone.
pub fn count_tokens(source: &Source, mode: Mode, options: ParseOptions) -> usize {
    lexer::lex(source, mode, options).tokens.len()
}

/// The error behind a failed parse, and the complaints on the way to it.
fn explain(
    source: &Source,
    lexed: &Lexed,
    mode: Mode,
    options: ParseOptions,
    failure: Failure,
) -> (Box<SyntaxError>, Vec<Complaint>) {
    let fallback = match failure {
        Failure::User { error: Rejection::Error(error) } => Some(error),
        _ => None,
    };
    diagnose::diagnose(source, lexed, mode, options, fallback)
}

/// Whether there is anything but blanks and comments.
fn has_content(text: &str) -> bool {
    let blank = [' ', '\t', '\x0C'];
    text.lines().any(|line| {
        !line.trim_start_matches(blank).is_empty() && !line.trim_start_matches(blank).starts_with('#')
    })
}

/// The node of a comment `# type: ignore`.
fn type_ignore(source: &Source, (comment, tag, end): (u32, u32, u32)) -> TypeIgnore<'_> {
    let (lineno, _) = source.line_and_column(comment);
    TypeIgnore { lineno, tag: source.text()[tag as usize..end as usize].into() }
}
