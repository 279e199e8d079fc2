//! String literals: where one ends, and what it says.
//!
//! A string is one token, prefix and quotes included; its escapes are read when the grammar asks for its value. The
//! value of one that has no escape is a slice of the source.

use bumpalo::Bump;
use bumpalo::collections::Vec;

use crate::ast::WtfStr;
use crate::lexer::{Lexer, Lexing, Mistake};
use crate::token::Kind;
use crate::unicode;

/// The quote that opened a string, once or three times.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Quote {
    pub(crate) byte: u8,
    pub(crate) triple: bool,
}

impl Quote {
    pub(crate) fn len(self) -> u32 {
        if self.triple { 3 } else { 1 }
    }
}

impl Lexer<'_> {
    /// The quote at an offset, and where the text after it starts.
    pub(crate) fn quote(&self, at: u32) -> (Quote, u32) {
        let byte = self.byte(at);
        let triple = self.byte(at + 1) == byte && self.byte(at + 2) == byte;
        let quote = Quote { byte, triple };
        (quote, at + quote.len())
    }

    /// A string, to its closing quote.
    pub(crate) fn string(&mut self) -> Lexing {
        let start = self.start();
        let (quote, from) = self.quote(self.position() - 1);
        let end =
            if quote.triple { self.triple_end(quote.byte, from) } else { self.single_end(quote.byte, from) };
        let end = end.map_err(|end| self.unterminated(quote, end))?;
        self.seek(end);
        self.push(Kind::String, start, end);
        Ok(())
    }

    /// Where a string ends that fits on a line, or where it does not.
    fn single_end(&self, quote: u8, from: u32) -> Result<u32, u32> {
        let bytes = self.text.as_bytes();
        let mut at = from as usize;
        while let Some(found) = memchr::memchr3(quote, b'\\', b'\n', &bytes[at..]) {
            at += found;
            match bytes[at] {
                b'\\' => at = (at + 2).min(bytes.len()),
                b'\n' => return Err(at as u32),
                _ => return Ok(at as u32 + 1),
            }
        }
        Err(bytes.len() as u32)
    }

    /// Where a triple-quoted string ends, or does not.
    fn triple_end(&self, quote: u8, from: u32) -> Result<u32, u32> {
        let bytes = self.text.as_bytes();
        let mut at = from as usize;
        while let Some(found) = memchr::memchr2(quote, b'\\', &bytes[at..]) {
            at += found;
            if bytes[at] == b'\\' {
                at = (at + 2).min(bytes.len());
            } else if bytes[at..].starts_with(&[quote; 3]) {
                return Ok(at as u32 + 3);
            } else {
                at += 1;
            }
        }
        Err(bytes.len() as u32)
    }

    /// A string that ends with its line, or with the source. Inside a replacement field the quote may have been meant
    /// to close the string around it.
    #[cold]
    fn unterminated(&self, quote: Quote, end: u32) -> Box<Mistake> {
        let start = self.start();
        if self.strings.last().is_some_and(|outer| outer.quote == quote) {
            return self.mistake(start + 1, self.in_string("expecting '}'"));
        }
        let detected = self.detected_on(end);
        // The line end that is added to a file ends a string; for the rest there is none.
        let at_end = end as usize >= self.text.len()
            || (end as usize + 1 == self.text.len() && !self.source.ends_line(self.mode));
        let mut message = if quote.triple {
            format!("unterminated triple-quoted string literal (detected at line {detected})")
        } else {
            format!("unterminated string literal (detected at line {detected})")
        };
        let body = &self.text.as_bytes()[self.position() as usize..end as usize];
        if !quote.triple && body.windows(2).any(|pair| pair == [b'\\', quote.byte]) {
            message += "; perhaps you escaped the end quote?";
        }
        let mut mistake = self.mistake(start + 1, message);
        mistake.error.incomplete = at_end;
        mistake
    }

    /// The line on which the end of a string was missed.
    pub(crate) fn detected_on(&self, end: u32) -> i32 {
        let last = (self.text.len() as u32).saturating_sub(1);
        self.source.line_and_column(end.min(last)).0
    }
}

/// What a string token consists of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Literal<'s> {
    pub(crate) bytes: bool,
    pub(crate) raw: bool,
    /// Whether it has the `u` prefix, which the tree remembers.
    pub(crate) unicode: bool,
    /// What stands between the quotes.
    pub(crate) body: &'s str,
    /// The offset of the body in the token.
    pub(crate) offset: u32,
}

impl<'s> Literal<'s> {
    /// Takes a string token apart.
    pub(crate) fn new(token: &'s str) -> Self {
        let prefix = token.bytes().take_while(u8::is_ascii_alphabetic).count();
        let has =
            |letter: u8| token.as_bytes()[..prefix].iter().any(|byte| byte.eq_ignore_ascii_case(&letter));
        let quoted = &token.as_bytes()[prefix..];
        let quotes =
            if quoted.len() >= 6 && quoted[1] == quoted[0] && quoted[2] == quoted[0] { 3 } else { 1 };
        Self {
            bytes: has(b'b'),
            raw: has(b'r'),
            // Only the small letter, as in CPython.
            unicode: token.starts_with('u'),
            body: &token[prefix + quotes..token.len() - quotes],
            offset: (prefix + quotes) as u32,
        }
    }
}

/// Why a string has no value: the message CPython gives.
pub(crate) type Decoded<T> = Result<T, String>;

/// An escape sequence that means nothing, by the offset of its backslash in the body.
pub(crate) type InvalidEscapes = Option<(usize, EscapeKind)>;

/// How an escape sequence is wrong without being an error.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum EscapeKind {
    /// No such escape.
    Unknown,
    /// An octal number beyond a byte.
    Octal,
}

/// The value of a string's body, and its first meaningless escape.
pub(crate) fn decode_str<'a>(body: &'a str, arena: &'a Bump) -> Decoded<(WtfStr<'a>, InvalidEscapes)> {
    if memchr::memchr(b'\\', body.as_bytes()).is_none() {
        return Ok((WtfStr::new(body), None));
    }
    let mut decoder = Decoder::new(body.as_bytes(), arena);
    decoder.run(Decoder::str_escape)?;
    Ok((WtfStr::from_bytes(decoder.out.into_bump_slice()), decoder.invalid))
}

/// The value of a bytes literal's body, which is ASCII, and its first meaningless escape.
pub(crate) fn decode_bytes<'a>(body: &'a str, arena: &'a Bump) -> Decoded<(&'a [u8], InvalidEscapes)> {
    if memchr::memchr(b'\\', body.as_bytes()).is_none() {
        return Ok((body.as_bytes(), None));
    }
    let mut decoder = Decoder::new(body.as_bytes(), arena);
    decoder.run(Decoder::bytes_escape)?;
    Ok((decoder.out.into_bump_slice(), decoder.invalid))
}

struct Decoder<'s, 'a> {
    body: &'s [u8],
    /// Where the next byte is read.
    at: usize,
    out: Vec<'a, u8>,
    invalid: InvalidEscapes,
}

impl<'s, 'a> Decoder<'s, 'a> {
    fn new(body: &'s [u8], arena: &'a Bump) -> Self {
        Self { body, at: 0, out: Vec::with_capacity_in(body.len(), arena), invalid: None }
    }

    /// Copies what is plain, and lets `escape` read what follows a backslash.
    fn run(&mut self, escape: fn(&mut Self, usize) -> Decoded<()>) -> Decoded<()> {
        while let Some(found) = memchr::memchr(b'\\', &self.body[self.at..]) {
            let backslash = self.at + found;
            self.out.extend_from_slice(&self.body[self.at..backslash]);
            self.at = backslash + 1;
            escape(self, backslash)?;
        }
        self.out.extend_from_slice(&self.body[self.at..]);
        Ok(())
    }

    fn str_escape(&mut self, backslash: usize) -> Decoded<()> {
        match self.next() {
            Some(b'x') => self.hexadecimal(backslash, 2, "\\xXX"),
            Some(b'u') => self.hexadecimal(backslash, 4, "\\uXXXX"),
            Some(b'U') => self.hexadecimal(backslash, 8, "\\UXXXXXXXX"),
            Some(b'N') => self.named(backslash),
            Some(digit @ b'0'..=b'7') => {
                let code = self.octal(backslash, digit);
                self.push_code_point(code);
                Ok(())
            }
            other => {
                self.simple(backslash, other);
                Ok(())
            }
        }
    }

    fn bytes_escape(&mut self, backslash: usize) -> Decoded<()> {
        match self.next() {
            Some(b'x') => {
                let digits = self.body.get(self.at..self.at + 2).and_then(parse_hexadecimal);
                let code = digits
                    .ok_or_else(|| format!("(value error) invalid \\x escape at position {backslash}"))?;
                self.at += 2;
                self.out.push(code as u8);
            }
            Some(digit @ b'0'..=b'7') => {
                let code = self.octal(backslash, digit);
                self.out.push(code as u8);
            }
            other => self.simple(backslash, other),
        }
        Ok(())
    }

    /// The escapes of one letter; any other is kept as it stands, backslash included.
    fn simple(&mut self, backslash: usize, letter: Option<u8>) {
        let Some(letter) = letter else { return self.out.push(b'\\') };
        let value = match letter {
            b'\n' => return,
            b'\\' | b'\'' | b'"' => letter,
            b'a' => 0x07,
            b'b' => 0x08,
            b'f' => 0x0C,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'v' => 0x0B,
            _ => {
                // CPython writes the characters beyond ASCII as escapes first, and their backslash as one, too.
                if letter.is_ascii() {
                    self.note(backslash, EscapeKind::Unknown);
                }
                self.out.push(b'\\');
                letter
            }
        };
        self.out.push(value);
    }

    /// Up to three octal digits.
    fn octal(&mut self, backslash: usize, first: u8) -> u32 {
        let mut code = u32::from(first - b'0');
        for _ in 0..2 {
            let Some(digit @ b'0'..=b'7') = self.body.get(self.at) else { break };
            code = code * 8 + u32::from(digit - b'0');
            self.at += 1;
        }
        if code > 0o377 {
            self.note(backslash, EscapeKind::Octal);
        }
        code
    }

    fn hexadecimal(&mut self, backslash: usize, count: usize, form: &str) -> Decoded<()> {
        let digits =
            self.body[self.at..].iter().take(count).take_while(|digit| digit.is_ascii_hexdigit()).count();
        let end = self.at + digits;
        if digits < count {
            return Err(self.cannot_decode(backslash, end, &format!("truncated {form} escape")));
        }
        let code = parse_hexadecimal(&self.body[self.at..end]).unwrap_or(u32::MAX);
        if code > 0x10_FFFF {
            return Err(self.cannot_decode(backslash, end, "illegal Unicode character"));
        }
        self.at = end;
        self.push_code_point(code);
        Ok(())
    }

    /// `\N{NAME}`
    fn named(&mut self, backslash: usize) -> Decoded<()> {
        let malformed = "malformed \\N character escape";
        if self.next() != Some(b'{') {
            return Err(self.cannot_decode(backslash, self.at.min(backslash + 2), malformed));
        }
        let name = &self.body[self.at..];
        let Some(length) = memchr::memchr(b'}', name) else {
            return Err(self.cannot_decode(backslash, self.body.len(), malformed));
        };
        self.at += length + 1;
        if length == 0 {
            return Err(self.cannot_decode(backslash, self.at, malformed));
        }
        let found = std::str::from_utf8(&name[..length]).ok().and_then(unicode::character_named);
        let Some(character) = found else {
            return Err(self.cannot_decode(backslash, self.at, "unknown Unicode character name"));
        };
        self.push_code_point(u32::from(character));
        Ok(())
    }

    /// Positions are those in what CPython gives to its codec: the body with each character beyond ASCII written as an
    /// escape of ten bytes, and a backslash before one as an escape of six.
    fn cannot_decode(&self, from: usize, to: usize, reason: &str) -> String {
        let position = |end: usize| {
            let mut escaped = false;
            let width = |byte: &u8| {
                let follows_backslash = escaped;
                escaped = *byte == b'\\' && !follows_backslash;
                match byte {
                    0..0x80 => 1,
                    0x80..0xC0 => 0,
                    _ if follows_backslash => 15,
                    _ => 10,
                }
            };
            self.body[..end].iter().map(width).sum::<usize>()
        };
        let (first, last) = (position(from), position(to) - 1);
        let place = if first == last {
            format!("byte 0x5c in position {first}")
        } else {
            format!("bytes in position {first}-{last}")
        };
        format!("(unicode error) 'unicodeescape' codec can't decode {place}: {reason}")
    }

    fn push_code_point(&mut self, code: u32) {
        match char::from_u32(code) {
            Some(character) => self.out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
            // A surrogate, in generalised UTF-8.
            None => self.out.extend_from_slice(&[
                0xE0 | (code >> 12) as u8,
                0x80 | (code >> 6 & 0x3F) as u8,
                0x80 | (code & 0x3F) as u8,
            ]),
        }
    }

    fn note(&mut self, backslash: usize, kind: EscapeKind) {
        self.invalid.get_or_insert((backslash, kind));
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.body.get(self.at).copied();
        self.at += usize::from(byte.is_some());
        byte
    }
}

fn parse_hexadecimal(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |value, &digit| Some(value << 4 | char::from(digit).to_digit(16)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(body: &str, expected: &[u8]) {
        let arena = Bump::new();
        let (value, _) = decode_str(body, &arena).unwrap();
        assert_eq!(value.as_bytes(), expected);
    }

    #[test]
    fn escapes() {
        check(r"plain", b"plain");
        check(r"\n\t\\\'\x41\101\u00e9\U0001F600", "\n\t\\'AAé😀".as_bytes());
        check("a\\\nb", b"ab");
        check(r"\ud800\udc00", b"\xED\xA0\x80\xED\xB0\x80");
        check(r"\N{BULLET}\N{latin small letter a}", "•a".as_bytes());
        check(r"\d", br"\d");
        check(r"\777", "\u{1FF}".as_bytes());
    }

    #[test]
    fn malformed_escapes_say_where() {
        let arena = Bump::new();
        let message = |body| decode_str(body, &arena).unwrap_err();
        assert!(message(r"ab\x4").ends_with("in position 2-4: truncated \\xXX escape"));
        assert!(message(r"é\N{nope}").ends_with("in position 10-17: unknown Unicode character name"));
    }

    #[test]
    fn surrogates_are_not_joined_and_bytes_wrap() {
        let arena = Bump::new();
        assert_eq!(
            decode_bytes(r"\x41\777", &arena).unwrap(),
            (b"A\xFF".as_slice(), Some((4, EscapeKind::Octal)))
        );
    }

    #[test]
    fn literals_are_taken_apart() {
        let literal = Literal::new("Rb'''x'''");
        assert!(literal.bytes && literal.raw && literal.body == "x" && literal.offset == 5);
        assert_eq!(Literal::new("''").body, "");
        assert_eq!(Literal::new("\"\"\"\"\"\"").body, "");
    }
}
