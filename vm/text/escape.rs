//! Backslash escapes of bytes, `codecs.escape_decode` and `codecs.escape_encode`, and what all escapes share.

use super::repr;

/// Append a character as `\xhh`, `\uhhhh` or `\Uhhhhhhhh`, the shortest that holds it.
pub fn push_code_escape(code: u32, out: &mut Vec<u8>) {
    let (letter, digits) = match code {
        0..=0xff => (b'x', 2),
        0x100..=0xffff => (b'u', 4),
        _ => (b'U', 8),
    };
    out.extend_from_slice(&[b'\\', letter]);
    push_hex(code, digits, out);
}

/// Append a number as that many hexadecimal digits, in lower case.
pub(crate) fn push_hex(number: u32, digits: u32, out: &mut Vec<u8>) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    out.extend((0..digits).rev().map(|place| DIGITS[(number >> (4 * place) & 0xf) as usize]));
}

/// The value of a hexadecimal digit.
#[inline]
pub(crate) fn hex_value(byte: u8) -> Option<u32> {
    char::from(byte).to_digit(16)
}

/// Read up to three octal digits after a backslash: their value, and how many there are.
pub(crate) fn octal(bytes: &[u8]) -> (u32, usize) {
    let digits = bytes.iter().take(3).take_while(|byte| matches!(byte, b'0'..=b'7'));
    digits.fold((0, 0), |(value, count), digit| (value << 3 | u32::from(digit - b'0'), count + 1))
}

/// The character that a one-letter escape such as `\n` stands for.
#[inline]
pub(crate) fn letter_escape(letter: u8) -> Option<u8> {
    Some(match letter {
        b'\\' | b'\'' | b'"' => letter,
        b'b' => 0x08,
        b'f' => 0x0c,
        b't' => b'\t',
        b'n' => b'\n',
        b'r' => b'\r',
        b'v' => 0x0b,
        b'a' => 0x07,
        _ => return None,
    })
}

/// An escape that deserves a DeprecationWarning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidEscape {
    /// A backslash before this Latin-1 character, kept as it stands.
    Letter(u8),
    /// An octal number above `\377`.
    Octal(u32),
}

impl InvalidEscape {
    /// The text of the warning; `prefix` is `b` where the escape stands in bytes. The trailing space is CPython's.
    pub fn message(self, prefix: &str) -> String {
        const ADVICE: &str = "Such sequences will not work in the future. ";
        match self {
            Self::Letter(letter) => {
                format!("{prefix}\"\\{}\" is an invalid escape sequence. {ADVICE}", char::from(letter))
            }
            Self::Octal(number) => {
                format!("{prefix}\"\\{number:o}\" is an invalid octal escape sequence. {ADVICE}")
            }
        }
    }
}

/// What becomes of `\x` without two hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HexErrors {
    /// The decoding fails.
    Strict,
    /// A question mark takes its place.
    Replace,
    /// Nothing takes its place.
    Ignore,
    /// The error handler has another name, which is found out when it is needed.
    Unknown,
}

impl HexErrors {
    /// The handler with this name.
    pub fn from_name(name: &[u8]) -> Self {
        match name {
            b"strict" => Self::Strict,
            b"replace" => Self::Replace,
            b"ignore" => Self::Ignore,
            _ => Self::Unknown,
        }
    }
}

/// Decoded bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unescaped {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// The first escape to warn about.
    pub invalid: Option<InvalidEscape>,
}

/// Why bytes cannot be decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EscapeError {
    /// "Trailing \ in string"
    TrailingBackslash,
    /// "invalid \x escape at position %d"
    InvalidHex(usize),
    /// "decoding error; unknown error handling code: %.400s"
    UnknownErrors,
}

/// `codecs.escape_decode`: the bytes that a literal stands for.
pub fn escape_decode(input: &[u8], errors: HexErrors) -> Result<Unescaped, EscapeError> {
    let mut bytes = Vec::with_capacity(input.len());
    let mut invalid = None;
    let mut at = 0;
    while let Some(run) = memchr::memchr(b'\\', &input[at..]) {
        bytes.extend_from_slice(&input[at..at + run]);
        let backslash = at + run;
        at = backslash + 2;
        let letter = *input.get(backslash + 1).ok_or(EscapeError::TrailingBackslash)?;
        match letter {
            b'\n' => {}
            b'0'..=b'7' => {
                let (value, digits) = octal(&input[backslash + 1..]);
                if value > 0o377 {
                    invalid.get_or_insert(InvalidEscape::Octal(value));
                }
                bytes.push(value as u8);
                at = backslash + 1 + digits;
            }
            b'x' => match input[at..] {
                [high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                    let digits = [high, low].into_iter().filter_map(hex_value);
                    bytes.push(digits.fold(0, |value, digit| value << 4 | digit) as u8);
                    at += 2;
                }
                _ => {
                    match errors {
                        HexErrors::Strict => return Err(EscapeError::InvalidHex(backslash)),
                        HexErrors::Replace => bytes.push(b'?'),
                        HexErrors::Ignore => {}
                        HexErrors::Unknown => return Err(EscapeError::UnknownErrors),
                    }
                    at += usize::from(input.get(at).is_some_and(u8::is_ascii_hexdigit));
                }
            },
            _ => {
                if let Some(byte) = letter_escape(letter) {
                    bytes.push(byte);
                } else {
                    invalid.get_or_insert(InvalidEscape::Letter(letter));
                    bytes.extend_from_slice(&[b'\\', letter]);
                }
            }
        }
    }
    bytes.extend_from_slice(&input[at..]);
    Ok(Unescaped { bytes, invalid })
}

/// `codecs.escape_encode`: what `repr` shows between single quotes.
pub fn escape_encode(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    repr::push_bytes(bytes, b'\'', &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(input: &[u8]) -> Result<Vec<u8>, EscapeError> {
        escape_decode(input, HexErrors::Strict).map(|unescaped| unescaped.bytes)
    }

    #[test]
    fn decoding() {
        assert_eq!(decoded(b"a\\n\\x41\\101\\7x\\\\\\'\\\nz").unwrap(), b"a\nAA\x07x\\'z");
        assert_eq!(decoded(b"\\"), Err(EscapeError::TrailingBackslash));
        assert_eq!(decoded(b"ab\\x1"), Err(EscapeError::InvalidHex(2)));
        assert_eq!(escape_decode(b"\\x1g\\x", HexErrors::Replace).unwrap().bytes, b"?g?");
        assert_eq!(escape_decode(b"\\x1g\\x", HexErrors::Ignore).unwrap().bytes, b"g");
    }

    #[test]
    fn warnings() {
        let invalid = |input: &[u8]| escape_decode(input, HexErrors::Strict).unwrap().invalid;
        assert_eq!(invalid(b"\\n\\d\\w"), Some(InvalidEscape::Letter(b'd')));
        assert_eq!(invalid(b"\\777\\d"), Some(InvalidEscape::Octal(0o777)));
        assert_eq!(invalid(b"\\\\"), None);
        assert_eq!(decoded(b"\\d\\777").unwrap(), b"\\d\xff");
        let message = r#"b"\d" is an invalid escape sequence. Such sequences will not work in the future. "#;
        assert_eq!(InvalidEscape::Letter(b'd').message("b"), message);
        let message =
            r#""\777" is an invalid octal escape sequence. Such sequences will not work in the future. "#;
        assert_eq!(InvalidEscape::Octal(0o777).message(""), message);
    }

    #[test]
    fn encoding() {
        assert_eq!(escape_encode(b"a'\"\\\n\x00\xff"), b"a\\'\"\\\\\\n\\x00\\xff");
    }

    #[test]
    fn code_escapes() {
        let mut out = Vec::new();
        for code in [0xff, 0x100, 0xd800, 0x10000] {
            push_code_escape(code, &mut out);
        }
        assert_eq!(out, b"\\xff\\u0100\\ud800\\U00010000");
    }
}
