//! The scanner: one token after the other.
//!
//! It holds the lines that the token in hand spans, and drops those before it. A line without an end gets one, which
//! tokens do not show.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use pyx_vm::exception::{PyResult, Raised};

use super::text::Interpolated;

/// Where lines come from.
pub(super) trait Lines {
    /// The next line with its end, or nothing.
    fn line(&mut self) -> PyResult<Option<String>>;
}

/// The numbers of `token.py`.
pub(super) mod kind {
    pub(in super::super) const ENDMARKER: u8 = 0;
    pub(in super::super) const NAME: u8 = 1;
    pub(in super::super) const NUMBER: u8 = 2;
    pub(in super::super) const STRING: u8 = 3;
    pub(in super::super) const NEWLINE: u8 = 4;
    pub(in super::super) const INDENT: u8 = 5;
    pub(in super::super) const DEDENT: u8 = 6;
    pub(in super::super) const OP: u8 = 55;
    pub(in super::super) const FSTRING_START: u8 = 59;
    pub(in super::super) const FSTRING_MIDDLE: u8 = 60;
    pub(in super::super) const FSTRING_END: u8 = 61;
    /// How far the numbers for t-strings are from those for f-strings.
    pub(in super::super) const TSTRING: u8 = 3;
    pub(in super::super) const COMMENT: u8 = 65;
    pub(in super::super) const NL: u8 = 66;
}

/// The operators, from number 7 on; a blank is one that the tokenizer does not make.
const OPERATORS: [&str; 48] = [
    "(", ")", "[", "]", ":", ",", ";", "+", "-", "*", "/", "|", "&", "<", ">", "=", ".", "%", "{", "}", "==",
    "!=", "<=", ">=", "~", "^", "<<", ">>", "**", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=",
    ">>=", "**=", "//", "//=", "@", "@=", "->", "...", ":=", "!",
];
/// The number of the first one.
const FIRST_OPERATOR: u8 = 7;
/// The most levels of indentation, and brackets inside each other.
const MAX_INDENTS: usize = 100;
const MAX_BRACKETS: usize = 200;

/// A token.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: u8,
    pub(super) text: String,
    /// Row, from 1 on, and column.
    pub(super) start: (u32, i32),
    pub(super) end: (u32, i32),
    /// The lines that it stands on; tokens on the same lines share them.
    pub(super) line: Rc<str>,
}

impl Token {
    /// Whether no token follows.
    pub(super) fn is_last(&self) -> bool {
        self.kind == kind::ENDMARKER
    }
}

/// The class of an exception.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Syntax,
    Indentation,
    Tab,
}

/// A mistake in the source.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) class: Class,
    pub(super) message: String,
    pub(super) lineno: i32,
    pub(super) offset: i32,
    pub(super) end_offset: Option<i32>,
    /// The line; nothing if the exception is to have its message only.
    pub(super) text: Option<String>,
}

/// Why there is no token.
pub(super) enum Stop {
    Problem(Box<Problem>),
    Raised(Raised),
}

impl From<Raised> for Stop {
    fn from(raised: Raised) -> Self {
        Self::Raised(raised)
    }
}

pub(super) type Scan<T> = Result<T, Stop>;

/// A place in the source: a line, and an offset into the buffer.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    pub(super) row: u32,
    /// Where the line starts.
    pub(super) line: usize,
    pub(super) at: usize,
}

/// The state between two tokens.
#[derive(Debug, Default)]
pub(super) struct Scanner {
    /// Whether comments and blank lines are tokens, operators have one number, and brackets need not match.
    pub(super) extra: bool,
    /// The lines from the one on which the token in hand starts.
    pub(super) buffer: String,
    pub(super) here: Place,
    /// How many characters of lines that are gone belong to the f-string in hand.
    dropped: usize,
    /// Whether the last line came without an end.
    unended: bool,
    ended: bool,
    /// Columns, with tabs to multiples of 8, and with tabs as one column.
    indents: Vec<(u32, u32)>,
    /// How many INDENT tokens are due, or DEDENT tokens if it is negative.
    pending: i32,
    at_line_start: bool,
    /// The line in hand has a comment only.
    comment_line: bool,
    /// A place whose column was asked for last, and that column: the next one is rarely far behind it.
    measured: Cell<(Place, i32)>,
    /// The lines that the last token stands on: the row of the first, where they end in the buffer, and their text.
    shown: RefCell<Option<(u32, usize, Rc<str>)>>,
    /// The open brackets, and their rows.
    pub(super) brackets: Vec<(u8, u32)>,
    /// The f- and t-strings that are open here.
    pub(super) strings: Vec<Interpolated>,
}

/// The first of some lines, without its end.
pub(super) fn first_line(lines: &str) -> &str {
    let line = lines.split('\n').next().unwrap_or(lines);
    line.strip_suffix('\r').unwrap_or(line)
}

impl Scanner {
    pub(super) fn new(extra: bool) -> Self {
        Self { extra, indents: vec![(0, 0)], at_line_start: true, ..Self::default() }
    }

    /// The next token.
    pub(super) fn token(&mut self, lines: &mut dyn Lines) -> Scan<Token> {
        match self.strings.last() {
            Some(string) if string.in_text => self.interpolated_text(lines),
            _ => self.code(lines),
        }
    }

    // ---- characters ----

    /// The byte in hand; nothing at the end. Lines are read as they are needed, and kept if a token is in hand.
    pub(super) fn byte(&mut self, lines: &mut dyn Lines, keep: bool) -> Scan<Option<u8>> {
        if self.here.at == self.buffer.len() && !self.read(lines, keep)? {
            return Ok(None);
        }
        Ok(Some(self.buffer.as_bytes()[self.here.at]))
    }

    /// A byte further on in the line; 0 behind it.
    pub(super) fn ahead(&self, distance: usize) -> u8 {
        self.buffer.as_bytes().get(self.here.at + distance).copied().unwrap_or(0)
    }

    fn read(&mut self, lines: &mut dyn Lines, keep: bool) -> Scan<bool> {
        if self.ended {
            return Ok(false);
        }
        let Some(line) = lines.line()? else {
            self.ended = true;
            return Ok(false);
        };
        if !keep {
            let in_string = !self.strings.is_empty();
            self.dropped = if in_string { self.dropped + self.buffer.chars().count() } else { 0 };
            self.buffer.clear();
        }
        let start = self.buffer.len();
        self.here = Place { row: self.here.row + 1, line: start, at: start };
        if let Some(null) = line.find('\0') {
            return Err(Stop::Problem(Box::new(Problem {
                class: Class::Syntax,
                message: "source code cannot contain null bytes".into(),
                lineno: self.here.row as i32,
                offset: 0,
                end_offset: Some(0),
                text: Some(line[..null].into()),
            })));
        }
        self.unended = !line.ends_with('\n');
        self.buffer.push_str(&line);
        if self.unended {
            self.buffer.push('\n');
        }
        Ok(true)
    }

    /// The number of characters before an offset in its line.
    pub(super) fn column(&self, place: Place) -> i32 {
        let (known, column) = self.measured.get();
        let (from, before) = match (known.row, known.line) == (place.row, place.line) && known.at <= place.at
        {
            true => (known.at, column),
            false => (place.line, 0),
        };
        let column = before + self.buffer[from..place.at].chars().count() as i32;
        self.measured.set((place, column));
        column
    }

    /// The token from a place to the one in hand.
    pub(super) fn make(&self, kind: u8, start: Place) -> Token {
        self.make_to(kind, start, self.here)
    }

    pub(super) fn make_to(&self, kind: u8, start: Place, end: Place) -> Token {
        Token {
            kind: if self.extra && (FIRST_OPERATOR..kind::OP).contains(&kind) { kind::OP } else { kind },
            text: self.buffer[start.at..end.at].into(),
            start: (start.row, self.column(start)),
            end: (end.row, self.column(end)),
            line: self.lines_from(start),
        }
    }

    /// The lines from that of a place on.
    pub(super) fn lines_from(&self, place: Place) -> Rc<str> {
        let mut shown = self.shown.borrow_mut();
        let end = self.buffer.len();
        match &*shown {
            Some((row, known_end, lines)) if (*row, *known_end) == (place.row, end) => lines.clone(),
            _ => {
                let lines = &self.buffer[place.line..];
                let lines = if self.unended { lines.strip_suffix('\n').unwrap_or(lines) } else { lines };
                shown.insert((place.row, end, lines.into())).2.clone()
            }
        }
    }

    // ---- mistakes ----

    /// The line at a place, without its end.
    pub(super) fn line_at(&self, place: Place) -> &str {
        first_line(&self.buffer[place.line..])
    }

    /// A mistake between two columns of the line at a place.
    pub(super) fn mistake_at(&self, place: Place, from: i32, to: i32, message: impl Into<String>) -> Stop {
        Stop::Problem(Box::new(Problem {
            class: Class::Syntax,
            message: message.into(),
            lineno: place.row as i32,
            offset: from,
            end_offset: Some(to),
            text: Some(self.line_at(place).into()),
        }))
    }

    /// A mistake of which the character before the one in hand is the last.
    pub(super) fn mistake(&self, message: impl Into<String>) -> Stop {
        let column = self.column(self.here);
        self.mistake_at(self.here, column, column, message)
    }

    /// A mistake about the line in hand.
    fn line_mistake(&self, class: Class, message: &str) -> Stop {
        let text = self.line_at(self.here);
        Stop::Problem(Box::new(Problem {
            class,
            message: message.into(),
            lineno: self.here.row as i32,
            offset: text.chars().count() as i32 + 1,
            end_offset: None,
            text: Some(text.into()),
        }))
    }

    fn unexpected_end(&self, offset: i32) -> Stop {
        Stop::Problem(Box::new(Problem {
            class: Class::Syntax,
            message: "unexpected EOF in multi-line statement".into(),
            lineno: self.here.row as i32,
            offset,
            end_offset: None,
            text: None,
        }))
    }

    // ---- layout ----

    /// A token of code.
    fn code(&mut self, lines: &mut dyn Lines) -> Scan<Token> {
        let mut blank = false;
        loop {
            if self.at_line_start {
                self.at_line_start = false;
                blank = self.indentation(lines)?;
            }
            if self.pending != 0 {
                return Ok(self.layout());
            }
            if let Some(token) = self.next_in_line(lines, &mut blank)? {
                return Ok(token);
            }
        }
    }

    /// Measures the indentation of a line, and says whether nothing but a comment follows.
    fn indentation(&mut self, lines: &mut dyn Lines) -> Scan<bool> {
        let (mut column, mut tabless) = (0, 0);
        let mut continued = 0;
        let byte = loop {
            match self.byte(lines, continued > 0)? {
                Some(b' ') => (column, tabless) = (column + 1, tabless + 1),
                Some(b'\t') => (column, tabless) = ((column / 8 + 1) * 8, tabless + 1),
                Some(b'\x0c') => (column, tabless) = (0, 0),
                // The line before the first backslash is the one that counts.
                Some(b'\\') => {
                    continued = if continued > 0 { continued } else { column };
                    self.continuation(lines)?;
                    continue;
                }
                byte => break byte,
            }
            self.here.at += 1;
        };
        if continued > 0 {
            (column, tabless) = (continued, continued);
        }
        let blank = matches!(byte, Some(b'#' | b'\n' | b'\r'));
        if !blank && self.brackets.is_empty() {
            self.indent_to(column, tabless)?;
        }
        Ok(blank)
    }

    fn indent_to(&mut self, column: u32, tabless: u32) -> Scan<()> {
        let tabs = "inconsistent use of tabs and spaces in indentation";
        let mut top = self.indents.last().copied().unwrap_or_default();
        if column > top.0 {
            if self.indents.len() >= MAX_INDENTS {
                return Err(self.line_mistake(Class::Indentation, "too many levels of indentation"));
            }
            if tabless <= top.1 {
                return Err(self.line_mistake(Class::Tab, tabs));
            }
            self.pending += 1;
            self.indents.push((column, tabless));
            return Ok(());
        }
        while column < top.0 {
            self.pending -= 1;
            self.indents.pop();
            top = self.indents.last().copied().unwrap_or_default();
        }
        if column != top.0 {
            let message = "unindent does not match any outer indentation level";
            return Err(self.line_mistake(Class::Indentation, message));
        }
        if tabless != top.1 {
            return Err(self.line_mistake(Class::Tab, tabs));
        }
        Ok(())
    }

    /// The INDENT or DEDENT token that is due.
    fn layout(&mut self) -> Token {
        let is_indent = self.pending > 0;
        self.pending -= self.pending.signum();
        let kind = if is_indent { kind::INDENT } else { kind::DEDENT };
        if !self.extra {
            return self.nowhere(kind);
        }
        if self.ended {
            return self.at_end(kind);
        }
        let start = if is_indent { Place { at: self.here.line, ..self.here } } else { self.here };
        self.make(kind, start)
    }

    /// A token without text behind the last line.
    fn at_end(&self, kind: u8) -> Token {
        let place = (self.here.row + 1, 0);
        Token { kind, text: String::new(), start: place, end: place, line: "".into() }
    }

    /// A token without text and column.
    fn nowhere(&self, kind: u8) -> Token {
        let place = (self.here.row, -1);
        let line = self.lines_from(self.here);
        let line = if line.trim_matches(['\n', '\r', ' ', '\t', '\x0c']).is_empty()
            || line.trim_start().starts_with('#')
        {
            "".into()
        } else {
            line
        };
        Token { kind, text: String::new(), start: place, end: place, line }
    }

    /// Goes over a backslash and the end of its line.
    fn continuation(&mut self, lines: &mut dyn Lines) -> Scan<()> {
        let ends = if self.ahead(1) == b'\r' { 2 } else { 1 };
        if self.ahead(ends) != b'\n' {
            let message = "unexpected character after line continuation character";
            return Err(self.line_mistake(Class::Syntax, message));
        }
        self.here.at += ends + 1;
        let line = self.here.at - self.here.line;
        if self.byte(lines, false)?.is_none() {
            return Err(self.unexpected_end(line as i32));
        }
        Ok(())
    }

    /// A token on the line in hand, or nothing if that has none.
    fn next_in_line(&mut self, lines: &mut dyn Lines, blank: &mut bool) -> Scan<Option<Token>> {
        let byte = loop {
            match self.byte(lines, false)? {
                Some(b' ' | b'\t' | b'\x0c') => self.here.at += 1,
                Some(b'\\') => self.continuation(lines)?,
                byte => break byte,
            }
        };
        let start = self.here;
        let Some(byte) = byte else {
            if !self.brackets.is_empty() {
                let characters = self.dropped + self.buffer.chars().count();
                return Err(self.unexpected_end(if self.strings.is_empty() { 0 } else { characters as i32 }));
            }
            return Ok(Some(if self.extra {
                self.at_end(kind::ENDMARKER)
            } else {
                self.nowhere(kind::ENDMARKER)
            }));
        };
        if byte == b'#' {
            let line = &self.buffer[start.at..];
            let length = line.find('\n').unwrap_or(line.len());
            self.here.at += length;
            if self.extra {
                if line[..length].ends_with('\r') {
                    self.here.at -= 1;
                }
                self.comment_line = *blank;
                return Ok(Some(self.make(kind::COMMENT, start)));
            }
        }
        let end = usize::from(self.ahead(0) == b'\r');
        if self.ahead(end) == b'\n' {
            return Ok(self.line_end(start, end + 1, *blank));
        }
        // Several lines may have come as one.
        self.word_or_operator(lines, byte, start).map(Some)
    }

    /// The end of a line, from `start` on.
    fn line_end(&mut self, start: Place, length: usize, blank: bool) -> Option<Token> {
        self.at_line_start = true;
        let is_blank = blank || std::mem::take(&mut self.comment_line) || !self.brackets.is_empty();
        let kind = if is_blank { kind::NL } else { kind::NEWLINE };
        if !self.extra {
            let end = Place { at: self.here.at + length - 1, ..self.here };
            let token = (!is_blank).then(|| self.make_to(kind, start, end));
            self.here.at += length;
            return token;
        }
        self.here.at += length;
        let mut token = self.make(kind, start);
        if self.unended && self.here.at == self.buffer.len() {
            token.text.clear();
        }
        Some(token)
    }

    // ---- words and operators ----

    fn word_or_operator(&mut self, lines: &mut dyn Lines, byte: u8, start: Place) -> Scan<Token> {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80.. => self.word(lines, start),
            b'0'..=b'9' => self.number(start),
            b'.' if self.ahead(1).is_ascii_digit() => self.number(start),
            b'\'' | b'"' => self.string(lines, start),
            _ => self.operator(byte, start),
        }
    }

    /// A name, or a string with a prefix.
    fn word(&mut self, lines: &mut dyn Lines, start: Place) -> Scan<Token> {
        let rest = &self.buffer.as_bytes()[start.at..];
        let belongs = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte >= 0x80;
        let length = rest.iter().position(|byte| !belongs(byte)).unwrap_or(rest.len());
        self.here.at += length;
        let word = &self.buffer[start.at..self.here.at];
        if matches!(self.ahead(0), b'\'' | b'"') && is_prefix(word) {
            let word = word.to_ascii_lowercase();
            const CLASHES: [&str; 7] = ["ub", "ur", "uf", "ut", "bf", "bt", "ft"];
            if let Some(clash) =
                CLASHES.iter().find(|clash| clash.chars().all(|letter| word.contains(letter)))
            {
                let column = self.column(start);
                let (a, b) = clash.split_at(1);
                let message = format!("'{a}' and '{b}' prefixes are incompatible");
                return Err(self.mistake_at(start, column + 1, column + length as i32 + 1, message));
            }
            return if word.contains(['f', 't']) {
                Ok(self.interpolated_start(&word, start))
            } else {
                self.string(lines, start)
            };
        }
        if !self.extra {
            self.check_name(start)?;
        }
        Ok(self.make(kind::NAME, start))
    }

    /// A name must be one in Unicode's view.
    fn check_name(&self, start: Place) -> Scan<()> {
        let word = &self.buffer[start.at..self.here.at];
        let is_bad = |(index, character): &(usize, char)| {
            let code = u32::from(*character);
            let fits = if *index == 0 {
                pyx_vm::text::unicode::is_xid_start(code) || *character == '_'
            } else {
                pyx_vm::text::unicode::is_xid_continue(code)
            };
            !fits
        };
        let Some((index, bad)) = word.char_indices().find(is_bad) else { return Ok(()) };
        let place = Place { at: start.at + index + bad.len_utf8(), ..start };
        let column = self.column(place);
        let code = u32::from(bad);
        let message = if pyx_vm::text::unicode::is_printable(code) {
            format!("invalid character '{bad}' (U+{code:04X})")
        } else {
            format!("invalid non-printable character U+{code:04X}")
        };
        Err(self.mistake_at(place, column, column, message))
    }

    fn operator(&mut self, byte: u8, start: Place) -> Scan<Token> {
        let in_field = self.strings.last().is_some_and(Interpolated::at_field_top);
        let rest = &self.buffer[start.at..];
        let longest = if in_field && byte == b':' { 1 } else { 3 };
        let found = (1..=longest).rev().find_map(|length| {
            let text = rest.get(..length)?;
            OPERATORS.iter().position(|&operator| operator == text).map(|number| (length, number as u8))
        });
        let Some((length, number)) = found else {
            // A carriage return inside a line takes the character behind it along.
            if byte == b'\r' {
                self.here.at += 1;
            }
            self.here.at += self.buffer[self.here.at..].chars().next().map_or(0, char::len_utf8);
            return Ok(self.make(kind::OP, start));
        };
        self.here.at += length;
        match byte {
            b'(' | b'[' | b'{' => self.open(byte)?,
            b')' | b']' | b'}' => self.close(byte)?,
            b':' if in_field => {
                if let Some(string) = self.strings.last_mut() {
                    string.begin_specification();
                }
            }
            _ => {}
        }
        Ok(self.make(FIRST_OPERATOR + number, start))
    }

    fn open(&mut self, byte: u8) -> Scan<()> {
        if self.brackets.len() >= MAX_BRACKETS {
            return Err(self.mistake("too many nested parentheses"));
        }
        self.brackets.push((byte, self.here.row));
        if let Some(string) = self.strings.last_mut() {
            string.depth += 1;
        }
        Ok(())
    }

    fn close(&mut self, byte: u8) -> Scan<()> {
        let closing = char::from(byte);
        if let Some(string) = self.strings.last()
            && string.depth == 0
            && byte == b'}'
        {
            return Err(self.mistake(format!("{}: single '}}' is not allowed", string.name())));
        }
        match self.brackets.pop() {
            None if !self.extra => return Err(self.mistake(format!("unmatched '{closing}'"))),
            Some((opening, row))
                if !self.extra && !matches!((opening, byte), (b'(', b')') | (b'[', b']') | (b'{', b'}')) =>
            {
                return Err(self.mismatch(opening, row, closing));
            }
            _ => {}
        }
        if let Some(string) = self.strings.last_mut() {
            string.close(byte);
        }
        Ok(())
    }

    fn mismatch(&self, opening: u8, row: u32, closing: char) -> Stop {
        if let Some(string) = self.strings.last()
            && opening == b'{'
            && string.at_field_top()
        {
            return self.mistake(format!("{}: unmatched '{closing}'", string.name()));
        }
        let opening = char::from(opening);
        let mut message =
            format!("closing parenthesis '{closing}' does not match opening parenthesis '{opening}'");
        if row != self.here.row {
            message += &format!(" on line {row}");
        }
        self.mistake(message)
    }
}

/// Whether a word consists of the letters of prefixes, each once.
fn is_prefix(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    word.char_indices().all(|(at, letter)| "burft".contains(letter) && !word[..at].contains(letter))
}
