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
        while (at as usize) < self.text.len() {
            let (end, indentation) = self.measure(at)?;
            match self.byte(end) {
                b'#' if self.is_type_comment(end) => {
                    self.seek(end);
                    return Ok(());
                }
                b'#' => at = self.skip_comment_line(end),
                // Blanks at the very end, without a line end, are a line all the same.
                b'\n' if end as usize + 1 == self.text.len() && !self.source.ends_line(self.mode) => {
                    self.seek(end);
                    self.indent_to(indentation)?;
                    self.seek(end + 1);
                    return Ok(());
                }
                b'\n' => at = end + 1,
                _ => {
                    self.seek(end);
                    self.line_start = self.tokens.len();
                    return self.indent_to(indentation);
                }
            }
        }
        self.seek(at);
        Ok(())
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
                return Err(self.on_this_line(ErrorKind::Indentation, "too many levels of indentation"));
            }
            if new.narrow <= top.narrow {
                return Err(self.mixed_tabs());
            }
            self.push_layout(Kind::Indent);
            self.indents.push(Indentation { is_match: std::mem::take(&mut self.match_block), ..new });
        } else {
            self.match_block = false;
            let outer = self.indents.iter().rev().find(|level| level.column <= new.column).copied();
            match outer.unwrap_or_default() {
                outer if outer.column != new.column => return Err(self.bad_dedent()),
                outer if outer.narrow != new.narrow => return Err(self.mixed_tabs()),
                _ => self.dedent_to(new.column),
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
        self.last_newline = self.start();
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
        if newline + 1 < end {
            Ok(())
        } else if self.source.ends_line(self.mode) {
            Err(self.unexpected_end())
        } else {
            Err(self.stray_backslash(newline - 1))
        }
    }

    /// A backslash that the offset `after` follows, and no line end. CPython counts the column from the start of the
    /// first line that is joined to this one.
    pub(crate) fn stray_backslash(&self, after: u32) -> Box<Mistake> {
        let (lineno, _) = self.source.line_and_column(after);
        let mut first = lineno;
        while self.line(first - 1).ends_with("\\\n") || self.string_crosses_into(first) {
            first -= 1;
        }
        let from = self.source.line_start(first);
        let line = self.line(lineno);
        let column = (after - from + 1).min(line.len() as u32 + 1) as i32;
        let message = "unexpected character after line continuation character";
        let error = SyntaxError::on_line(lineno, line, ErrorKind::Syntax, message);
        self.unraised(SyntaxError { offset: characters_before(line, column), ..error })
    }

    /// Whether the last token is a string that goes on into a line.
    fn string_crosses_into(&self, lineno: i32) -> bool {
        let start = self.source.line_start(lineno);
        self.tokens.last().is_some_and(|last| last.start < start && start < self.tokens.end(last))
    }

    /// An opening bracket, which must find its like.
    pub(crate) fn open(&mut self, kind: Kind) -> Lexing {
        if self.brackets.len() >= MAX_BRACKETS {
            return Err(self.mistake(self.position(), "too many nested parentheses"));
        }
        let after_with = kind == Kind::Lpar && self.tokens.last().is_some_and(|last| last.kind == Kind::With);
        let (start, token) = (self.position() - 1, self.tokens.len());
        self.brackets.push(Bracket { kind, start, token, after_with, has_as: false });
        if let Some(string) = self.strings.last_mut() {
            string.brackets += 1;
        }
        self.push(kind, start, start + 1);
        Ok(())
    }

    /// A closing bracket: it must be the like of the last one opened.
    pub(crate) fn close(&mut self, kind: Kind) -> Lexing {
        let inside = self.strings.last().copied();
        if kind == Kind::Rbrace && inside.is_some_and(|string| string.brackets == 0) {
            return Err(self.mistake(self.position(), self.in_string("single '}' is not allowed")));
        }
        let Some(open) = self.brackets.pop() else {
            return Err(self.mistake(self.position(), format!("unmatched '{}'", written(kind))));
        };
        if partner(open.kind) != kind {
            let opens_field =
                open.kind == Kind::Lbrace && inside.is_some_and(|string| string.brackets == string.fields);
            return Err(if opens_field { self.unmatched_in_string(kind) } else { self.mismatch(open, kind) });
        }
        if open.has_as {
            self.with_items = Some((open.token, self.tokens.len()));
        }
        let Some(string) = self.strings.last_mut() else {
            self.push_raw(kind);
            return Ok(());
        };
        if string.brackets == 0 {
            return Err(self.unmatched_in_string(kind));
        }
        string.brackets -= 1;
        let ends_field = kind == Kind::Rbrace && string.brackets + 1 == string.fields;
        string.fields -= u32::from(ends_field);
        self.push_raw(kind);
        if ends_field { self.interpolated_text() } else { Ok(()) }
    }

    fn unmatched_in_string(&self, kind: Kind) -> Box<Mistake> {
        self.mistake(self.position(), self.in_string(&format!("unmatched '{}'", written(kind))))
    }

    fn mismatch(&self, open: Bracket, kind: Kind) -> Box<Mistake> {
        let (opening, closing) = (written(open.kind), written(kind));
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
        if self.strings.last().is_some_and(|string| string.fields > 0 && string.brackets == string.fields) {
            let at = self.start();
            self.push(Kind::Colon, at, at + 1);
            self.seek(at + 1);
            return self.specification();
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
        if self.rest.is_none() {
            self.end_of_blocks();
        }
        self.push_layout(Kind::End);
        Ok(())
    }

    /// Closes the blocks that are open at the end. A single compound statement needs a line end of its own, for which the
    /// end of the source stands in, but not twice in a row.
    fn end_of_blocks(&mut self) {
        let in_block = self.indents.len() > 1;
        let is_compound = self.tokens.len() > 1 && self.tokens.get(1).kind.begins_block();
        if self.mode != Mode::Single || !(in_block || is_compound) {
            return self.dedent_to(0);
        }
        let ends_line = self.source.ends_line(self.mode);
        let stood_in = !ends_line && self.last_newline as usize + 1 == self.text.len();
        if stood_in && self.options.dont_imply_dedent {
            return;
        }
        if !ends_line && !stood_in {
            // A comment, or blanks, come after the last line.
            self.push_layout(Kind::Newline);
        }
        self.dedent_to(0);
        if in_block || ends_line {
            self.push_layout(Kind::Newline);
        }
    }

    /// The source ends where it cannot.
    pub(crate) fn unexpected_end(&self) -> Box<Mistake> {
        let error = match self.brackets.last() {
            Some(bracket) => SyntaxError::unclosed(self.source, self.mode, bracket.start),
            None => {
                let (lineno, _) = self.source.line_and_column((self.text.len() as u32).saturating_sub(1));
                let message = "unexpected EOF while parsing";
                SyntaxError::after_line(lineno, self.line(lineno), ErrorKind::Syntax, message)
            }
        };
        let mut mistake = self.unraised(SyntaxError { incomplete: true, ..error });
        mistake.cursor = self.text.len() as u32;
        mistake
    }

    fn push_layout(&mut self, kind: Kind) {
        let here = self.here();
        self.push(kind, here, here);
    }

    fn mixed_tabs(&self) -> Box<Mistake> {
        self.on_this_line(ErrorKind::Tab, "inconsistent use of tabs and spaces in indentation")
    }

    fn on_this_line(&self, kind: ErrorKind, message: &str) -> Box<Mistake> {
        let (lineno, _) = self.source.line_and_column(self.position());
        self.unraised(SyntaxError::on_line(lineno, self.line(lineno), kind, message))
    }

    fn bad_dedent(&self) -> Box<Mistake> {
        let (lineno, _) = self.source.line_and_column(self.position());
        let message = "unindent does not match any outer indentation level";
        self.unraised(SyntaxError::after_line(lineno, self.line(lineno), ErrorKind::Indentation, message))
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
fn written(kind: Kind) -> char {
    match kind {
        Kind::Lpar => '(',
        Kind::Lsqb => '[',
        Kind::Lbrace => '{',
        Kind::Rpar => ')',
        Kind::Rsqb => ']',
        _ => '}',
    }
}
