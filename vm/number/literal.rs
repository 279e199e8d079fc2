//! Reading numbers out of text: the ASCII view that `int()`, `float()` and `complex()` share.
//!
//! Text is generalised UTF-8 (surrogates as three bytes). A number in it may use any Unicode decimal digit and be
//! surrounded by any Unicode white space, so text is first mapped to ASCII: digits to `0`-`9`, white space to a
//! space. What the characters mean is Unicode's business, hence the caller's: it passes a [`Classify`] function.
//! ASCII text is not copied. (Its white space is C's six characters; U+001C to U+001F are white space to
//! `str.isspace()` only.)

use std::borrow::Cow;

/// What a non-ASCII character means in a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NonAscii {
    /// A decimal digit (category Nd) and its value.
    Digit(u8),
    /// White space.
    Space,
    /// Nothing that a number may contain.
    Other,
}

/// Tells the meaning of a non-ASCII code point, surrogates included.
pub type Classify<'a> = &'a dyn Fn(u32) -> NonAscii;

/// The ASCII form of `text`. It ends with a question mark where a character cannot be part of a number.
pub fn to_ascii<'a>(text: &'a [u8], classify: Classify<'_>) -> Cow<'a, [u8]> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let mut ascii = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((character, tail)) = split_code_point(rest) {
        rest = tail;
        ascii.push(match u8::try_from(character) {
            Ok(byte) if byte.is_ascii() => byte,
            _ => match classify(character) {
                NonAscii::Digit(value) => b'0' + value,
                NonAscii::Space => b' ',
                NonAscii::Other => {
                    ascii.push(b'?');
                    break;
                }
            },
        });
    }
    Cow::Owned(ascii)
}

/// The first code point of generalised UTF-8, and the text after it.
pub fn split_code_point(text: &[u8]) -> Option<(u32, &[u8])> {
    let (&lead, tail) = text.split_first()?;
    let (mut code, continuation) = match lead {
        0xF0.. => (u32::from(lead & 0x07), 3),
        0xE0.. => (u32::from(lead & 0x0F), 2),
        0xC0.. => (u32::from(lead & 0x1F), 1),
        _ => (u32::from(lead), 0),
    };
    let continuation = continuation.min(tail.len());
    let (more, rest) = tail.split_at(continuation);
    for byte in more {
        code = code << 6 | u32::from(byte & 0x3F);
    }
    Some((code, rest))
}

/// C's `isspace` in the "C" locale.
pub fn is_space(byte: u8) -> bool {
    matches!(byte, b'\t'..=b'\r' | b' ')
}

/// `text` without leading and trailing [`is_space`] bytes.
pub fn trim(text: &[u8]) -> &[u8] {
    let start = text.iter().position(|&byte| !is_space(byte)).unwrap_or(text.len());
    let end = text.iter().rposition(|&byte| !is_space(byte)).map_or(start, |last| last + 1);
    &text[start..end]
}

/// Splits an optional `+` or `-` off; `true` means negative.
pub fn split_sign(text: &[u8]) -> (bool, &[u8]) {
    match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    }
}

/// Removes the underscores of a decimal float; `None` unless each stands between two digits.
pub fn without_underscores(text: &[u8]) -> Option<Cow<'_, [u8]>> {
    if !text.contains(&b'_') {
        return Some(Cow::Borrowed(text));
    }
    let is_digit = |index: usize| text.get(index).is_some_and(u8::is_ascii_digit);
    let separates = |index: usize| index > 0 && is_digit(index - 1) && is_digit(index + 1);
    let misplaced = (0..text.len()).any(|index| text[index] == b'_' && !separates(index));
    (!misplaced).then(|| Cow::Owned(text.iter().copied().filter(|&byte| byte != b'_').collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Arabic-Indic digits and the no-break space: enough Unicode for these tests.
    fn classify(character: u32) -> NonAscii {
        match character {
            0x660..=0x669 => NonAscii::Digit((character - 0x660) as u8),
            0xA0 => NonAscii::Space,
            _ => NonAscii::Other,
        }
    }

    #[test]
    fn text_maps_to_ascii() {
        assert!(matches!(to_ascii(b" 12 ", &classify), Cow::Borrowed(b" 12 ")));
        assert_eq!(&*to_ascii("\u{a0}1\u{661}".as_bytes(), &classify), b" 11");
        assert_eq!(&*to_ascii("1é2".as_bytes(), &classify), b"1?");
        assert_eq!(&*to_ascii(b"1\xED\xA0\x80", &classify), b"1?");
    }

    #[test]
    fn code_points_include_surrogates() {
        assert_eq!(split_code_point("\u{10FFFF}x".as_bytes()), Some((0x10FFFF, &b"x"[..])));
        assert_eq!(split_code_point(b"\xED\xA0\x80"), Some((0xD800, &b""[..])));
        assert_eq!(split_code_point(b""), None);
    }

    #[test]
    fn underscores_stand_between_digits() {
        assert_eq!(without_underscores(b"1_0.0_1").as_deref(), Some(&b"10.01"[..]));
        for bad in ["_1", "1_", "1__0", "1_.0", "1._0", "1_e5", "n_an"] {
            assert_eq!(without_underscores(bad.as_bytes()), None, "{bad}");
        }
    }

    #[test]
    fn trimming() {
        assert_eq!(trim(b" \t\x0b 1 \r\n"), b"1");
        assert_eq!(trim(b"  "), b"");
        assert_eq!(trim(b"\x1c1"), b"\x1c1");
    }
}
