//! f-strings and t-strings: text with replacement fields.
//!
//! Their text and their fields take turns: text is read here, up to a brace or the closing quote; the expression in a
//! field is read like any other, until its bracket closes or a colon at its top begins the format specification, which
//! is text again and may hold fields in turn.

use crate::error::Complaint;
use crate::lexer::{Lexer, Lexing, Mistake};
use crate::strings::{EscapeKind, Quote};
use crate::token::Kind;

/// The most f-strings inside each other, and the most fields inside each other's specifications.
const MAX_STRINGS: usize = 150;
const MAX_FIELDS: u32 = 3;

/// An f- or t-string being read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Interpolated {
    pub(crate) quote: Quote,
    raw: bool,
    template: bool,
    /// Where the string starts, prefix included.
    start: u32,
    /// How many brackets are open inside it, and how many of them are replacement fields. The two are equal where a
    /// field's expression is at its top.
    pub(crate) brackets: u32,
    pub(crate) fields: u32,
    /// Whether the text now is a format specification, before any field of its own.
    specification: bool,
}

/// Why the text of a string stops.
enum Stop {
    Quote,
    Field,
    Brace,
    Newline,
}

impl Lexer<'_> {
    /// An f- or t-string, up to its first field or its end.
    pub(crate) fn interpolated_string(&mut self, kind: Kind) -> Lexing {
        let start = self.start();
        let (quote, from) = self.quote(self.position() - 1);
        let prefix = &self.text.as_bytes()[start as usize..self.position() as usize - 1];
        let raw = prefix.iter().any(|byte| byte.eq_ignore_ascii_case(&b'r'));
        if self.strings.len() + 1 >= MAX_STRINGS {
            return Err(self.mistake(from, "too many nested f-strings or t-strings"));
        }
        let template = kind == Kind::TStringStart;
        self.strings.push(Interpolated {
            quote,
            raw,
            template,
            start,
            brackets: 0,
            fields: 0,
            specification: false,
        });
        self.seek(from);
        self.push(kind, start, from);
        self.interpolated_text()
    }

    /// The text of the innermost string, from here to a field, the end of the field it specifies the format of, or the
    /// end of the string.
    pub(crate) fn interpolated_text(&mut self) -> Lexing {
        let Some(&string) = self.strings.last() else { return Ok(()) };
        let from = self.position();
        let (end, stop) = self.scan_text(string, from)?;
        // Where a brace ends the specification, CPython has a token even for no text.
        if end > from || matches!(stop, Stop::Brace) {
            let kind = if string.raw { Kind::RawFStringMiddle } else { Kind::FStringMiddle };
            self.push(kind, from, end);
        }
        self.seek(end);
        match stop {
            Stop::Quote => {
                let after = end + string.quote.len();
                self.seek(after);
                self.push(Kind::FStringEnd, end, after);
                self.strings.pop();
                Ok(())
            }
            Stop::Field if string.fields >= MAX_FIELDS => {
                Err(self.mistake(end, self.in_string("expressions nested too deeply")))
            }
            Stop::Field => {
                self.leave_text(1);
                self.seek(end + 1);
                self.open(Kind::Lbrace)
            }
            Stop::Brace => {
                self.leave_text(0);
                Ok(())
            }
            Stop::Newline => Err(self.mistake(
                end + 1,
                self.in_string("newlines are not allowed in format specifiers for single quoted ")
                    + if string.template { "t-strings" } else { "f-strings" },
            )),
        }
    }

    /// The text of a format specification.
    pub(crate) fn specification(&mut self) -> Lexing {
        if let Some(string) = self.strings.last_mut() {
            string.specification = true;
        }
        self.interpolated_text()
    }

    /// Goes from text to an expression, in so many more fields.
    fn leave_text(&mut self, more: u32) {
        if let Some(string) = self.strings.last_mut() {
            string.specification = false;
            string.fields += more;
        }
    }

    /// Where a stretch of text ends, and why. Doubled braces are text, but not in a format specification.
    fn scan_text(&mut self, string: Interpolated, from: u32) -> Lexing<(u32, Stop)> {
        let specification = string.specification && string.fields > 0;
        let mut at = from;
        loop {
            let byte = self.byte(at);
            match byte {
                b'\\' => at = self.skip_escape(string, at),
                b'{' if !specification && self.byte(at + 1) == byte => at += 2,
                b'}' if string.brackets == 0 && self.byte(at + 1) == byte => at += 2,
                b'{' => return Ok((at, Stop::Field)),
                b'}' => return Ok((at, Stop::Brace)),
                b'\n' if !string.quote.triple && specification => return Ok((at, Stop::Newline)),
                b'\n' if !string.quote.triple => return Err(self.unterminated_interpolated(string, at)),
                0 if at as usize >= self.text.len() => return Err(self.unterminated_interpolated(string, at)),
                _ if byte == string.quote.byte && self.closes(string.quote, at) => {
                    return Ok((at, Stop::Quote));
                }
                _ => at += 1,
            }
        }
    }

    fn closes(&self, quote: Quote, at: u32) -> bool {
        !quote.triple || (self.byte(at + 1) == quote.byte && self.byte(at + 2) == quote.byte)
    }

    /// Where text goes on after a backslash: behind the character it escapes, or the name; but a brace keeps its meaning.
    fn skip_escape(&mut self, string: Interpolated, at: u32) -> u32 {
        match self.byte(at + 1) {
            brace @ (b'{' | b'}') => {
                if !string.raw {
                    self.complain_about_escape(at, &char::from(brace).to_string(), EscapeKind::Unknown);
                }
                at + 1
            }
            b'N' if !string.raw && self.byte(at + 2) == b'{' => {
                let name = &self.text.as_bytes()[at as usize + 3..];
                let stops =
                    |&byte: &u8| byte == b'}' || byte == b'{' || byte == string.quote.byte || byte == b'\n';
                let length = name.iter().position(stops).unwrap_or(name.len());
                let closed = name.get(length) == Some(&b'}');
                at + 3 + length as u32 + u32::from(closed)
            }
            _ if at as usize + 1 >= self.text.len() => at + 1,
            _ => at + 2,
        }
    }

    /// A warning about a backslash that escapes nothing.
    fn complain_about_escape(&mut self, at: u32, escape: &str, kind: EscapeKind) {
        let complaint = Complaint::about_escape(self.source, at, escape, kind);
        self.complaints.push(complaint);
    }

    fn unterminated_interpolated(&self, string: Interpolated, end: u32) -> Box<Mistake> {
        let kind = if string.template { "t-string" } else { "f-string" };
        let quoted = if string.quote.triple { "triple-quoted " } else { "" };
        let detected = self.detected_on(end);
        let message = format!("unterminated {quoted}{kind} literal (detected at line {detected})");
        let mut mistake = self.mistake(string.start + 1, message);
        mistake.error.incomplete = string.quote.triple;
        mistake
    }

    /// A message about the innermost f- or t-string.
    pub(crate) fn in_string(&self, message: &str) -> String {
        let template = self.strings.last().is_some_and(|string| string.template);
        format!("{}-string: {message}", if template { 't' } else { 'f' })
    }
}
