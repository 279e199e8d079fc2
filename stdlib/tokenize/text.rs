//! Strings, and the text of f- and t-strings.

use std::rc::Rc;

use super::scanner::{Lines, Place, Scan, Scanner, Stop, Token, first_line, kind};

/// The most fields inside each other's specifications.
const MAX_FIELDS: usize = 3;
/// The most f-strings inside each other.
const MAX_STRINGS: usize = 150;

/// An f- or t-string being read.
#[derive(Debug)]
pub(super) struct Interpolated {
    quote: u8,
    triple: bool,
    raw: bool,
    template: bool,
    /// Where it starts, and that line: for complaints.
    row: u32,
    column: i32,
    line: Rc<str>,
    /// How many brackets are open in it, and how many were when each of the open fields began.
    pub(super) depth: usize,
    fields: Vec<usize>,
    /// Whether text comes next, and not code.
    pub(super) in_text: bool,
    /// Whether the text is a format specification, before any field of its own.
    specification: bool,
}

impl Interpolated {
    /// What messages call it.
    pub(super) fn name(&self) -> &'static str {
        if self.template { "t-string" } else { "f-string" }
    }

    /// Whether the code in hand is in a field, but in no brackets there.
    pub(super) fn at_field_top(&self) -> bool {
        self.fields.last().is_some_and(|&depth| self.depth == depth + 1)
    }

    pub(super) fn begin_specification(&mut self) {
        (self.in_text, self.specification) = (true, true);
    }

    /// A bracket closes.
    pub(super) fn close(&mut self, byte: u8) {
        self.depth = self.depth.saturating_sub(1);
        if byte == b'}' && self.fields.last() == Some(&self.depth) {
            self.fields.pop();
            (self.in_text, self.specification) = (true, false);
        }
    }
}

impl Scanner {
    fn quote(&self) -> (u8, bool) {
        let quote = self.ahead(0);
        (quote, self.ahead(1) == quote && self.ahead(2) == quote)
    }

    /// A string, whose quote is in hand.
    pub(super) fn string(&mut self, lines: &mut dyn Lines, start: Place) -> Scan<Token> {
        let (quote, triple) = self.quote();
        let mut escaped_quote = false;
        self.here.at += if triple { 3 } else { 1 };
        loop {
            match self.byte(lines, true)? {
                Some(byte) if byte == quote => {
                    if !triple || (self.ahead(1) == quote && self.ahead(2) == quote) {
                        self.here.at += if triple { 3 } else { 1 };
                        return Ok(self.make(kind::STRING, start));
                    }
                    self.here.at += 1;
                }
                Some(b'\\') => {
                    self.here.at += 1;
                    if let Some(byte) = self.byte(lines, true)? {
                        escaped_quote |= byte == quote;
                        self.here.at += usize::from(byte == b'\r' && self.ahead(1) == b'\n') + 1;
                    }
                }
                Some(byte) if triple || byte != b'\n' => self.here.at += 1,
                _ => return Err(self.unterminated(start, quote, triple, escaped_quote)),
            }
        }
    }

    fn unterminated(&self, start: Place, quote: u8, triple: bool, escaped_quote: bool) -> Stop {
        let column = self.column(start) + 1;
        if let Some(outer) = self.strings.last()
            && (outer.quote, outer.triple) == (quote, triple)
        {
            return self.mistake_at(start, column, column, format!("{}: expecting '}}'", outer.name()));
        }
        let kind = if triple { "triple-quoted string" } else { "string" };
        let mut message = format!("unterminated {kind} literal (detected at line {})", self.here.row);
        if escaped_quote && !triple {
            message += "; perhaps you escaped the end quote?";
        }
        self.mistake_at(start, column, column, message)
    }

    /// The prefix and the quote of an f- or t-string.
    pub(super) fn interpolated_start(&mut self, prefix: &str, start: Place) -> Token {
        let (quote, triple) = self.quote();
        self.here.at += if triple { 3 } else { 1 };
        let template = prefix.contains('t');
        self.strings.push(Interpolated {
            quote,
            triple,
            raw: prefix.contains('r'),
            template,
            row: start.row,
            column: self.column(start),
            line: self.lines_from(start),
            depth: 0,
            fields: Vec::new(),
            in_text: true,
            specification: false,
        });
        self.make(kind::FSTRING_START + if template { kind::TSTRING } else { 0 }, start)
    }

    /// The text of the innermost string up to a field or the end of one, or the quote that ends the string.
    pub(super) fn interpolated_text(&mut self, lines: &mut dyn Lines) -> Scan<Token> {
        if self.strings.len() >= MAX_STRINGS {
            return Err(self.mistake("too many nested f-strings or t-strings"));
        }
        self.byte(lines, false)?;
        let start = self.here;
        let offset = match self.strings.last() {
            Some(string) if string.template => kind::TSTRING,
            _ => 0,
        };
        if self.at_quote() {
            let length = if self.strings.pop().is_some_and(|string| string.triple) { 3 } else { 1 };
            self.here.at += length;
            return Ok(self.make(kind::FSTRING_END + offset, start));
        }
        let Some(end) = self.text_end(lines)? else { return self.token(lines) };
        let token = self.make_to(kind::FSTRING_MIDDLE + offset, start, end);
        Ok(token)
    }

    fn at_quote(&self) -> bool {
        self.strings.last().is_some_and(|string| {
            let length = if string.triple { 3 } else { 1 };
            (0..length).all(|distance| self.ahead(distance) == string.quote)
        })
    }

    /// Reads text, and leaves it if something else comes. Where the text ends; nothing if there is none before a field.
    fn text_end(&mut self, lines: &mut dyn Lines) -> Scan<Option<Place>> {
        let start = self.here.at;
        let mut in_name = false;
        loop {
            let byte = self.byte(lines, true)?;
            let Some(string) = self.strings.last() else { return Ok(None) };
            let specification = string.specification && !string.fields.is_empty();
            match byte {
                None => return Err(self.unterminated_text()),
                Some(b'\n') if specification && !string.triple => {
                    let message = format!(
                        "{}: newlines are not allowed in format specifiers for single quoted {}s",
                        string.name(),
                        string.name()
                    );
                    self.here.at += 1;
                    let column = self.column(self.here);
                    return Err(self.mistake_at(self.here, column, column, message));
                }
                Some(b'\n') if !string.triple => return Err(self.unterminated_text()),
                Some(b'{') if self.ahead(1) != b'{' || specification => {
                    if string.fields.len() >= MAX_FIELDS {
                        return Err(
                            self.mistake(format!("{}: expressions nested too deeply", self.string_name()))
                        );
                    }
                    let is_empty = self.here.at == start;
                    self.leave_text(true);
                    return Ok((!is_empty).then_some(self.here));
                }
                // The name of a character ends a token.
                Some(b'}') if in_name => {
                    self.here.at += 1;
                    return Ok(Some(self.here));
                }
                Some(b'}') if self.ahead(1) != b'}' || specification || string.depth > 0 => {
                    self.leave_text(false);
                    return Ok(Some(self.here));
                }
                // Of a doubled brace, the text has one.
                Some(b'{' | b'}') => {
                    let end = Place { at: self.here.at + 1, ..self.here };
                    self.here.at += 2;
                    return Ok(Some(end));
                }
                Some(b'\\') => in_name |= self.escape(lines)?,
                Some(_) if self.at_quote() => return Ok(Some(self.here)),
                Some(_) => self.here.at += 1,
            }
        }
    }

    /// Goes over a backslash and what it escapes, but not over a brace; whether the name of a character follows.
    fn escape(&mut self, lines: &mut dyn Lines) -> Scan<bool> {
        let raw = self.strings.last().is_some_and(|string| string.raw);
        self.here.at += 1;
        match self.byte(lines, true)? {
            None | Some(b'{' | b'}') => return Ok(false),
            Some(b'N') if !raw && self.ahead(1) == b'{' => {
                self.here.at += 2;
                return Ok(true);
            }
            Some(b'\r') if self.ahead(1) == b'\n' => self.here.at += 2,
            Some(_) => self.here.at += 1,
        }
        Ok(false)
    }

    fn string_name(&self) -> &'static str {
        self.strings.last().map_or("f-string", Interpolated::name)
    }

    /// Code follows: a field begins, or the one whose specification this is ends.
    fn leave_text(&mut self, begins: bool) {
        if let Some(string) = self.strings.last_mut() {
            (string.in_text, string.specification) = (false, false);
            if begins {
                string.fields.push(string.depth);
            }
        }
    }

    fn unterminated_text(&self) -> Stop {
        let Some(string) = self.strings.last() else { return self.mistake("unterminated string") };
        let triple = if string.triple { "triple-quoted " } else { "" };
        let message =
            format!("unterminated {triple}{} literal (detected at line {})", string.name(), self.here.row);
        let mut stop = self.mistake_at(
            Place { row: string.row, ..self.here },
            string.column + 1,
            string.column + 1,
            message,
        );
        if let Stop::Problem(problem) = &mut stop {
            problem.text = Some(first_line(&string.line).into());
        }
        stop
    }
}
