//! Layout: logical lines, indentation and brackets.
//!
//! NEWLINE, INDENT and DEDENT take no room: they stand where the token before them ends, so that a statement ends where
//! its last visible token does. Indentation is measured twice, with tabs to multiples of eight and with tabs as one
//! column; where the two disagree about deeper or not, tabs and blanks are mixed beyond meaning.

use crate::error::{ErrorKind, characters_before};
use crate::lexer::{Lexer, Lexing, Mistake};
use crate::token::Kind;
use crate::{Mode, SyntaxError};

/// The most levels of indentation, and of brackets, that CPython allows.
const MAX_INDENT: usize = 100;
const MAX_BRACKETS: usize = 200;

/// A level of indentation.
#[derive(Clone, Copy, Default, Debug)]
pub(crate) struct Indentation {
    column: u32,
    /// The column with tabs as wide as a blank.
    narrow: u32,
    /// Whether this is the block of a `match`, where lines begin with `case`.
    pub(crate) is_match: bool,
}

/// An open bracket.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bracket {
    pub(crate) kind: Kind,
    /// Its offset, and its token's index.
    pub(crate) start: u32,
    token: usize,
    /// A replacement field of an f- or t-string.
    pub(crate) field: bool,
    /// It follows `with`, and …
    after_with: bool,
    /// … has an `as` directly inside.
    pub(crate) has_as: bool,
}

impl Lexer<'_> {
    /// At the start of a physical line that starts a logical one: blank lines are skipped, and the first other's
    /// indentation is turned into tokens.
    pub(crate) fn begin_line(&mut self) -> Lexing {
        let mut at = self.position();
        loop {
            let (end, indentation) = self.measure(at)?;
            match self.byte(end) {
                b'#' if self.is_type_comment(end) => {
                    self.seek(end);
                    return Ok(());
                }
                b'#' => at = self.skip_comment_line(end),
                b'\n' => at = end + 1,
                _ => {
                    self.seek(end);
                    self.line_start = self.tokens.len();
                    return self.indent_to(indentation);
                }
            }
        }
    }

    /// The indentation of the line that starts at an offset, and where it ends.
    fn measure(&self, mut at: u32) -> Lexing<(u32, Indentation)> {
        let mut found = Indentation::default();
        let mut before_backslash = 0;
        loop {
            match self.byte(at) {
                b' ' => {
                    found.column += 1;
                    found.narrow += 1;
                }
                b'\t' => {
                    found.column = (found.column / 8 + 1) * 8;
                    found.narrow += 1;
                }
                b'\x0C' => found = Indentation::default(),
                b'\\' if self.byte(at + 1) != b'\n' => return Err(self.stray_backslash(at + 1)),
                b'\\' => {
                    // The blanks before the first backslash count, those of the lines it joins do not.
                    if before_backslash == 0 {
                        before_backslash = found.column;
                    }
                    at += 1;
                    self.check_continuation(at)?;
                }
                _ => break,
            }
            at += 1;
        }
        if before_backslash != 0 {
            found.column = before_backslash;
            found.narrow = before_backslash;
        }
        Ok((at, found))
    }

    /// Skips a line that holds a comment only, and tells where the next one starts.
    fn skip_comment_line(&mut self, at: u32) -> u32 {
        let rest = &self.text.as_bytes()[at as usize..];
        let length = memchr::memchr(b'\n', rest).map_or(rest.len(), |length| length + 1);
        if self.options.type_comments {
            self.note_type_ignore(at, at + length as u32);
        }
        at + length as u32
    }

    fn indent_to(&mut self, new: Indentation) -> Lexing {
        let top = self.indents[self.indents.len() - 1];
        if new.column > top.column {
            if self.indents.len() >= MAX_INDENT {
                return Err(
                    self.indentation_mistake(ErrorKind::Indentation, "too many levels of indentation")
                );
            }
            if new.narrow <= top.narrow {
                return Err(self.mixed_tabs());
            }
            self.push_layout(Kind::Indent);
            self.indents.push(Indentation { is_match: std::mem::take(&mut self.match_block), ..new });
        } else {
            self.match_block = false;
            self.dedent_to(new.column);
            let top = self.indents[self.indents.len() - 1];
            if new.column != top.column {
                return Err(self.bad_dedent());
            }
            if new.narrow != top.narrow {
                return Err(self.mixed_tabs());
            }
        }
        self.line_start = self.tokens.len();
        Ok(())
    }

    fn dedent_to(&mut self, column: u32) {
        while self.indents.len() > 1 && column < self.indents[self.indents.len() - 1].column {
            self.indents.pop();
            self.push_layout(Kind::Dedent);
        }
    }

    /// The end of a physical line: the end of a logical one too, unless a bracket is open.
    pub(crate) fn line_end(&mut self) -> Lexing {
        if !self.brackets.is_empty() {
            return Ok(());
        }
        self.finish_match_line();
        self.push_layout(Kind::Newline);
        if self.mode == Mode::Single && !self.tokens.get(1).kind.begins_block() {
            self.rest = Some(self.position());
            return Ok(());
        }
        self.begin_line()
    }

    /// A backslash at the end of a line joins it to the next.
    pub(crate) fn continuation(&mut self) -> Lexing {
        self.check_continuation(self.position() - 1)
    }

    /// There must be something after the line end at `newline` that a backslash joins.
    fn check_continuation(&self, newline: u32) -> Lexing {
        let end = self.text.len() as u32;
        if newline + 1 < end { Ok(()) } else { Err(self.unexpected_end()) }
    }

    pub(crate) fn stray_backslash(&self, after: u32) -> Box<Mistake> {
        let message = "unexpected character after line continuation character";
        let (lineno, column) = self.source.line_and_column(after);
        let mut mistake = self.unraised(ErrorKind::Syntax, lineno, message);
        mistake.error.offset = characters_before(self.source.line(lineno), column) + 1;
        mistake
    }

    /// An opening bracket, which must find its like.
    pub(crate) fn open(&mut self, kind: Kind) -> Lexing {
        let after_with = kind == Kind::Lpar && self.tokens.last().is_some_and(|last| last.kind == Kind::With);
        self.push_bracket(Bracket {
            kind,
            start: self.start(),
            token: self.tokens.len(),
            field: false,
            after_with,
            has_as: false,
        })?;
        self.push_raw(kind);
        Ok(())
    }

    /// Opens the replacement field whose `{` stands at an offset.
    pub(crate) fn open_field(&mut self, at: u32) -> Lexing {
        let token = self.tokens.len();
        let field =
            Bracket { kind: Kind::Lbrace, start: at, token, field: true, after_with: false, has_as: false };
        self.seek(at + 1);
        self.push_bracket(field)?;
        self.push(Kind::Lbrace, at, at + 1);
        Ok(())
    }

    fn push_bracket(&mut self, bracket: Bracket) -> Lexing {
        if self.brackets.len() >= MAX_BRACKETS {
            return Err(self.mistake(self.position(), "too many nested parentheses"));
        }
        self.brackets.push(bracket);
        Ok(())
    }

    /// A closing bracket: it must be the like of the last one opened.
    pub(crate) fn close(&mut self, kind: Kind) -> Lexing {
        let inside = self.strings.last().map(|string| string.depth);
        if inside == Some(self.brackets.len()) {
            return Err(match kind {
                Kind::Rbrace => self.mistake(self.position(), self.in_string("single '}' is not allowed")),
                _ => self.mistake(self.position(), self.in_string(&format!("unmatched '{}'", closing(kind)))),
            });
        }
        let Some(open) = self.brackets.pop() else {
            return Err(self.mistake(self.position(), format!("unmatched '{}'", closing(kind))));
        };
        if partner(open.kind) != kind {
            return Err(self.mismatch(open, kind));
        }
        if open.has_as {
            self.with_items = Some((open.token, self.tokens.len()));
        }
        self.push_raw(kind);
        if open.field { self.interpolated_text() } else { Ok(()) }
    }

    fn mismatch(&self, open: Bracket, kind: Kind) -> Box<Mistake> {
        let (opening, closing) = (closing(open.kind), closing(kind));
        if open.field {
            return self.mistake(self.position(), self.in_string(&format!("unmatched '{closing}'")));
        }
        let mut message =
            format!("closing parenthesis '{closing}' does not match opening parenthesis '{opening}'");
        let (opened_on, _) = self.source.line_and_column(open.start);
        let (here, _) = self.source.line_and_column(self.start());
        if opened_on != here {
            message += &format!(" on line {opened_on}");
        }
        self.mistake(self.position(), message)
    }

    /// A colon, or `:=`: in a replacement field, where no bracket is open, it begins the format specification.
    pub(crate) fn colon(&mut self, kind: Kind) -> Lexing {
        if self.brackets.last().is_some_and(|bracket| bracket.field) {
            let at = self.start();
            self.push(Kind::Colon, at, at + 1);
            self.seek(at + 1);
            return self.interpolated_text();
        }
        if self.brackets.is_empty() && kind == Kind::Colon {
            self.confirm_with_items();
        }
        self.push_raw(kind);
        Ok(())
    }

    /// `as` directly inside the brackets after `with` makes them a list of items.
    pub(crate) fn note_as(&mut self) -> Kind {
        if let Some(bracket) = self.brackets.last_mut() {
            bracket.has_as = bracket.after_with;
        }
        Kind::As
    }

    /// A colon right after such brackets confirms it.
    fn confirm_with_items(&mut self) {
        if let Some((open, close)) = self.with_items.take()
            && close + 1 == self.tokens.len()
        {
            self.tokens.amend(open, Kind::WithLpar);
        }
    }

    /// The end: what is open must be closed, lines and blocks end by themselves.
    pub(crate) fn end_of_source(&mut self) -> Lexing {
        if !self.brackets.is_empty() {
            return Err(self.unexpected_end());
        }
        let single = self.mode == Mode::Single;
        let unfinished = single && self.options.dont_imply_dedent && self.source.newline_added();
        if self.rest.is_none() && !unfinished {
            let in_block = self.indents.len() > 1;
            self.dedent_to(0);
            let begins_block = self.tokens.len() > 1 && self.tokens.get(1).kind.begins_block();
            if single && (in_block || begins_block) {
                self.push_layout(Kind::Newline);
            }
        }
        self.push_layout(Kind::End);
        Ok(())
    }

    /// The source ends where it cannot.
    pub(crate) fn unexpected_end(&self) -> Box<Mistake> {
        let error = match self.brackets.last() {
            Some(bracket) => SyntaxError::unclosed(self.source, bracket.start),
            None => SyntaxError::after_line(self.source, self.last_line(), "unexpected EOF while parsing"),
        };
        Box::new(Mistake { error: SyntaxError { incomplete: true, ..error }, raised: false })
    }

    fn last_line(&self) -> i32 {
        self.source.line_and_column((self.text.len() as u32).saturating_sub(1)).0
    }

    fn push_layout(&mut self, kind: Kind) {
        let here = self.here();
        self.push(kind, here, here);
    }

    fn mixed_tabs(&self) -> Box<Mistake> {
        self.indentation_mistake(ErrorKind::Tab, "inconsistent use of tabs and spaces in indentation")
    }

    fn bad_dedent(&self) -> Box<Mistake> {
        let (lineno, _) = self.source.line_and_column(self.position());
        let message = "unindent does not match any outer indentation level";
        let error = SyntaxError::after_line(self.source, lineno, message);
        Box::new(Mistake { error: SyntaxError { kind: ErrorKind::Indentation, ..error }, raised: false })
    }

    fn indentation_mistake(&self, kind: ErrorKind, message: &str) -> Box<Mistake> {
        let (lineno, _) = self.source.line_and_column(self.position());
        self.unraised(kind, lineno, message)
    }
}

fn partner(open: Kind) -> Kind {
    match open {
        Kind::Lpar => Kind::Rpar,
        Kind::Lsqb => Kind::Rsqb,
        _ => Kind::Rbrace,
    }
}

/// How a bracket is written.
fn closing(kind: Kind) -> char {
    match kind {
        Kind::Lpar => '(',
        Kind::Lsqb => '[',
        Kind::Lbrace => '{',
        Kind::Rpar => ')',
        Kind::Rsqb => ']',
        _ => '}',
    }
}
