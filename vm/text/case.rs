//! Case conversion of strings: `lower`, `upper`, `title`, `capitalize`, `swapcase`, `casefold`.
//!
//! ASCII strings and `bytes` change byte by byte, which compilers turn into a few vector instructions. Other text goes
//! character by character with the full mappings, which may lengthen it; stretches without change are copied. One rule looks at neighbours: the lower case
//! of capital sigma is ς at the end of a word and σ elsewhere.

use super::output::Output;
use super::unicode::casing::{Form, Mapped, full, has_forms};
use super::unicode::{is_case_ignorable, is_cased, is_lower, is_title, is_upper};
use super::wtf8::{Text, TextBuf, ascii_prefix, encode};
use std::ops::Range;

/// `str.lower`.
pub fn lower(text: Text<'_>) -> TextBuf {
    if text.is_ascii() {
        return of_bytes(text, lower_bytes);
    }
    mapped(text, Form::Lower)
}

/// `str.upper`.
pub fn upper(text: Text<'_>) -> TextBuf {
    if text.is_ascii() {
        return of_bytes(text, upper_bytes);
    }
    mapped(text, Form::Upper)
}

/// `str.casefold`.
pub fn casefold(text: Text<'_>) -> TextBuf {
    if text.is_ascii() {
        return of_bytes(text, lower_bytes);
    }
    mapped(text, Form::Fold)
}

/// `str.title`: a character after one without case gets its title form, the others their lower form.
pub fn title(text: Text<'_>) -> TextBuf {
    if text.is_ascii() {
        return of_bytes(text, title_bytes);
    }
    let mut out = Changes::new(text);
    let mut in_word = false;
    for (offset, code) in text.code_point_offsets() {
        if in_word {
            out.push_lower(offset, code);
        } else {
            out.push_form(offset, code, Form::Title);
        }
        in_word = is_cased(code);
    }
    out.finish()
}

/// `str.capitalize`: the first character gets its title form, the others their lower form.
pub fn capitalize(text: Text<'_>) -> TextBuf {
    if text.is_ascii() {
        return of_bytes(text, capitalize_bytes);
    }
    let mut out = Changes::new(text);
    for (offset, code) in text.code_point_offsets() {
        if offset == 0 {
            out.push_form(offset, code, Form::Title);
        } else {
            out.push_lower(offset, code);
        }
    }
    out.finish()
}

/// `str.swapcase`.
pub fn swapcase(text: Text<'_>) -> TextBuf {
    if text.is_ascii() {
        return of_bytes(text, swapcase_bytes);
    }
    let mut out = Changes::new(text);
    for (offset, code) in text.code_point_offsets() {
        if is_upper(code) {
            out.push_lower(offset, code);
        } else if is_lower(code) {
            out.push_form(offset, code, Form::Upper);
        }
    }
    out.finish()
}

/// `bytes.lower`.
pub fn lower_bytes<O: Output>(bytes: &[u8], out: &mut O) {
    out.extend_exact(bytes.iter().map(u8::to_ascii_lowercase));
}

/// `bytes.upper`.
pub fn upper_bytes<O: Output>(bytes: &[u8], out: &mut O) {
    out.extend_exact(bytes.iter().map(u8::to_ascii_uppercase));
}

/// `bytes.title`.
pub fn title_bytes<O: Output>(bytes: &[u8], out: &mut O) {
    let mut in_word = false;
    out.extend_exact(bytes.iter().map(|byte| {
        let titled = if in_word { byte.to_ascii_lowercase() } else { byte.to_ascii_uppercase() };
        in_word = byte.is_ascii_alphabetic();
        titled
    }));
}

/// `bytes.capitalize`.
pub fn capitalize_bytes<O: Output>(bytes: &[u8], out: &mut O) {
    if let [first, rest @ ..] = bytes {
        out.push(first.to_ascii_uppercase());
        lower_bytes(rest, out);
    }
}

/// `bytes.swapcase`.
pub fn swapcase_bytes<O: Output>(bytes: &[u8], out: &mut O) {
    out.extend_exact(bytes.iter().map(|&byte| if byte.is_ascii_alphabetic() { byte ^ 0x20 } else { byte }));
}

/// `islower`: there are lower-case characters, and none that is upper or title case.
pub fn all_lower(codes: impl Iterator<Item = u32>) -> bool {
    all_of_case(codes, is_lower, |code| is_upper(code) || is_title(code))
}

/// `isupper`: there are upper-case characters, and none that is lower or title case.
pub fn all_upper(codes: impl Iterator<Item = u32>) -> bool {
    all_of_case(codes, is_upper, |code| is_lower(code) || is_title(code))
}

/// `istitle`: there are cased characters, and exactly those that start a word are upper or title case.
pub fn all_title(codes: impl Iterator<Item = u32>) -> bool {
    let (mut in_word, mut found) = (false, false);
    for code in codes {
        let starts = is_upper(code) || is_title(code);
        let cased = starts || is_lower(code);
        if cased && starts == in_word {
            return false;
        }
        in_word = cased;
        found |= cased;
    }
    found
}

fn all_of_case(
    mut codes: impl Iterator<Item = u32>,
    wanted: fn(u32) -> bool,
    other: impl Fn(u32) -> bool,
) -> bool {
    let mut found = false;
    let fits = codes.all(|code| {
        found |= wanted(code);
        !other(code)
    });
    fits && found
}

/// An ASCII text converted byte by byte.
fn of_bytes(text: Text<'_>, convert: fn(&[u8], &mut Vec<u8>)) -> TextBuf {
    let mut out = TextBuf::with_capacity(text.len());
    convert(text.as_bytes(), out.bytes_mut());
    out
}

fn mapped(text: Text<'_>, form: Form) -> TextBuf {
    let mut out = Changes::new(text);
    let mut codes = text.code_points();
    loop {
        let rest = codes.as_text();
        let at = text.len() - rest.len();
        let Some(code) = codes.next() else { return out.finish() };
        if code < 0x80 {
            let end = at + ascii_prefix(rest.as_bytes());
            out.push_ascii(at..end, form);
            codes = text.slice(end..text.len()).code_points();
        } else if form == Form::Lower {
            out.push_lower(at, code);
        } else {
            out.push_form(at, code, form);
        }
    }
}

const CAPITAL_SIGMA: u32 = 0x3a3;

/// Whether a sigma ends a word: a cased character precedes it and none follows, case-ignorable ones not counting.
fn is_final(text: Text<'_>, sigma: usize) -> bool {
    let before = text.slice(0..sigma).code_points().rev().find(|&code| !is_case_ignorable(code));
    let after = text.slice(sigma..text.len()).code_points().skip(1).find(|&code| !is_case_ignorable(code));
    before.is_some_and(is_cased) && !after.is_some_and(is_cased)
}

/// A text that is written as changes to another: what lies between them is copied whole.
struct Changes<'a> {
    text: Text<'a>,
    copied: usize,
    out: TextBuf,
}

impl<'a> Changes<'a> {
    fn new(text: Text<'a>) -> Self {
        Self { text, copied: 0, out: TextBuf::with_capacity(text.len()) }
    }

    /// Put a case form of a stretch of ASCII in its place.
    #[inline]
    fn push_ascii(&mut self, stretch: Range<usize>, form: Form) {
        self.out.push_text(self.text.slice(self.copied..stretch.end));
        let bytes = self.out.bytes_mut();
        let start = bytes.len() - stretch.len();
        match form {
            Form::Lower | Form::Fold => bytes[start..].make_ascii_lowercase(),
            Form::Upper | Form::Title => bytes[start..].make_ascii_uppercase(),
        }
        self.copied = stretch.end;
    }

    /// Put the lower case of the character at a byte offset in its place.
    #[inline]
    fn push_lower(&mut self, offset: usize, code: u32) {
        if code == CAPITAL_SIGMA {
            self.advance(offset, code);
            self.out.push(if is_final(self.text, offset) { 0x3c2 } else { 0x3c3 });
        } else {
            self.push_form(offset, code, Form::Lower);
        }
    }

    /// Put a case form of the character at a byte offset in its place.
    #[inline]
    fn push_form(&mut self, offset: usize, code: u32, form: Form) {
        if !has_forms(code) {
            return;
        }
        match full(code, form) {
            Mapped::One(same) if same == code => {}
            Mapped::One(other) => {
                self.advance(offset, code);
                self.out.push(other);
            }
            Mapped::More(text) => {
                self.advance(offset, code);
                self.out.push_str(text);
            }
        }
    }

    /// Copy what precedes the character at a byte offset, and leave that out.
    #[inline]
    fn advance(&mut self, offset: usize, code: u32) {
        self.out.push_text(self.text.slice(self.copied..offset));
        self.copied = offset + encode(code).1;
    }

    fn finish(mut self) -> TextBuf {
        self.out.push_text(self.text.slice(self.copied..self.text.len()));
        self.out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conversions() {
        for (text, expected) in [
            (
                "Hello wORLD",
                ["hello world", "HELLO WORLD", "Hello World", "Hello world", "hELLO World", "hello world"],
            ),
            ("Straße ǆ", ["straße ǆ", "STRASSE Ǆ", "Straße ǅ", "Straße ǆ", "sTRASSE Ǆ", "strasse ǆ"]),
            ("ΟΔΟΣ Σ'ΑΣ", ["οδος σ'ας", "ΟΔΟΣ Σ'ΑΣ", "Οδος Σ'Ας", "Οδος σ'ας", "οδος σ'ας", "οδοσ σ'ασ"]),
            ("İx", ["i\u{307}x", "İX", "İx", "İx", "i\u{307}X", "i\u{307}x"]),
            ("", ["", "", "", "", "", ""]),
        ] {
            let results =
                [lower, upper, title, capitalize, swapcase, casefold].map(|convert| convert(text.into()));
            for (result, expected) in results.iter().zip(expected) {
                assert_eq!(result.as_text(), expected.into(), "of {text}");
            }
        }
    }

    #[test]
    fn bytes_change_ascii_only() {
        let converted = |convert: fn(&[u8], &mut Vec<u8>), bytes: &[u8]| {
            let mut out = Vec::new();
            convert(bytes, &mut out);
            out
        };
        assert_eq!(converted(title_bytes, b"they're \xc3\xa9x"), b"They'Re \xc3\xa9X");
        assert_eq!(converted(capitalize_bytes, b"aBC\xc3"), b"Abc\xc3");
        assert_eq!(converted(swapcase_bytes, b"aB1\xe4"), b"Ab1\xe4");
        assert_eq!(converted(capitalize_bytes, b""), b"");
    }

    #[test]
    fn case_of_strings() {
        let answers = |text: &str| {
            let codes = || Text::from(text).code_points();
            (all_lower(codes()), all_upper(codes()), all_title(codes()))
        };
        assert_eq!(answers("ab1"), (true, false, false));
        assert_eq!(answers("AB1"), (false, true, false));
        assert_eq!(answers("Ab Cd"), (false, false, true));
        assert_eq!(answers("A"), (false, true, true));
        assert_eq!(answers("ǅ"), (false, false, true));
        assert_eq!(answers("12"), (false, false, false));
        assert_eq!(answers("aB"), (false, false, false));
    }
}
