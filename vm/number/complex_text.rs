//! Complex numbers as text: `repr`, and `complex(text)`.

use std::borrow::Cow;
use std::fmt;

use super::complex::{Complex, complex};
use super::float_text::{FloatText, Style};
use super::literal::{self, Classify};

/// Why text is not a complex number; both are `ValueError`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComplexParseError {
    /// Not of the form `a+bj`.
    Malformed,
    /// A misplaced underscore. CPython's message continues with `: ` and the argument's repr.
    Underscore,
}

impl fmt::Display for ComplexParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ComplexParseError::Malformed => "complex() arg is a malformed string",
            ComplexParseError::Underscore => "could not convert string to complex",
        })
    }
}

/// `repr(z)`: only the imaginary part when the real part is +0, both in parentheses otherwise.
pub fn repr(z: Complex) -> Vec<u8> {
    let mut text = Vec::with_capacity(32);
    if z.real == 0.0 && z.real.is_sign_positive() {
        push_part(&mut text, z.imag, false);
        text.push(b'j');
    } else {
        text.push(b'(');
        push_part(&mut text, z.real, false);
        push_part(&mut text, z.imag, true);
        text.extend_from_slice(b"j)");
    }
    text
}

fn push_part(text: &mut Vec<u8>, part: f64, plus: bool) {
    if part.is_sign_negative() && !part.is_nan() {
        text.push(b'-');
    } else if plus {
        text.push(b'+');
    }
    let layout = FloatText::new(part, Style { point_zero: false, ..Style::REPR });
    text.extend_from_slice(layout.integer());
    if layout.has_point() {
        text.push(b'.');
    }
    text.extend_from_slice(layout.fraction());
    text.extend_from_slice(layout.suffix());
}

/// `complex(str)`, on generalised UTF-8.
pub fn parse_text(text: &[u8], classify: Classify<'_>) -> Result<Complex, ComplexParseError> {
    let ascii = literal::to_ascii(text, classify);
    let plain = without_underscores(&ascii).ok_or(ComplexParseError::Underscore)?;
    parse_trimmed(strip_parentheses(literal::trim(&plain))).ok_or(ComplexParseError::Malformed)
}

/// Like CPython, looks no further than a NUL: underscores before it are then an error of theirs.
fn without_underscores(text: &[u8]) -> Option<Cow<'_, [u8]>> {
    match text.iter().position(|&byte| byte == 0) {
        Some(nul) if text[..nul].contains(&b'_') => None,
        Some(_) => Some(Cow::Borrowed(text)),
        None => literal::without_underscores(text),
    }
}

fn strip_parentheses(text: &[u8]) -> &[u8] {
    match text {
        [b'(', inner @ .., b')'] => literal::trim(inner),
        _ => text,
    }
}

/// `a`, `bj`, `a+bj`, where `b` may be missing after its sign.
fn parse_trimmed(text: &[u8]) -> Option<Complex> {
    let (first, rest) = split_float(text);
    match (first, rest) {
        (Some(real), []) => Some(complex(real, 0.0)),
        (Some(imag), [b'j' | b'J']) => Some(complex(0.0, imag)),
        (Some(real), [b'+' | b'-', ..]) => parse_imaginary(rest).map(|imag| complex(real, imag)),
        (None, _) => parse_imaginary(rest).map(|imag| complex(0.0, imag)),
        _ => None,
    }
}

/// `bj`, or a sign or nothing, then `j`.
fn parse_imaginary(text: &[u8]) -> Option<f64> {
    match split_float(text) {
        (Some(imag), [b'j' | b'J']) => Some(imag),
        (None, rest) => match literal::split_sign(rest) {
            (negative, [b'j' | b'J']) => Some(if negative { -1.0 } else { 1.0 }),
            _ => None,
        },
        _ => None,
    }
}

/// The longest float at the start of the text, if any, and what follows it.
fn split_float(text: &[u8]) -> (Option<f64>, &[u8]) {
    let (float, rest) = text.split_at(float_length(text));
    (str::from_utf8(float).ok().and_then(|float| float.parse().ok()), rest)
}

fn float_length(text: &[u8]) -> usize {
    let unsigned = literal::split_sign(text).1;
    let sign = text.len() - unsigned.len();
    let starts_with = |name: &str| {
        unsigned.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()))
    };
    if let Some(name) = ["infinity", "inf", "nan"].into_iter().find(|name| starts_with(name)) {
        return sign + name.len();
    }
    let digits = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let integer = digits(unsigned);
    let mut length = integer;
    let mut fraction = 0;
    if unsigned.get(length) == Some(&b'.') {
        fraction = digits(&unsigned[length + 1..]);
        length += 1 + fraction;
    }
    if integer + fraction == 0 {
        return 0;
    }
    if let [b'e' | b'E', exponent @ ..] = &unsigned[length..] {
        let unsigned_exponent = literal::split_sign(exponent).1;
        let exponent_digits = digits(unsigned_exponent);
        if exponent_digits > 0 {
            length += 1 + exponent.len() - unsigned_exponent.len() + exponent_digits;
        }
    }
    sign + length
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::literal::NonAscii;

    fn parse(text: &str) -> Result<Complex, ComplexParseError> {
        parse_text(text.as_bytes(), &|_| NonAscii::Other)
    }

    #[test]
    fn reprs() {
        let text = |real, imag| String::from_utf8(repr(complex(real, imag))).unwrap();
        assert_eq!(text(0.0, 2.0), "2j");
        assert_eq!(text(-0.0, 2.0), "(-0+2j)");
        assert_eq!(text(1.5, -0.0), "(1.5-0j)");
        assert_eq!(text(0.0, f64::NAN), "nanj");
        assert_eq!(text(1e16, -f64::NAN), "(1e+16+nanj)");
        assert_eq!(text(f64::NEG_INFINITY, f64::INFINITY), "(-inf+infj)");
    }

    #[test]
    fn literals() {
        for (text, real, imag) in [
            ("1", 1.0, 0.0),
            ("j", 0.0, 1.0),
            ("-J", 0.0, -1.0),
            ("1-j", 1.0, -1.0),
            (" ( 1_0e1+2.j ) ", 100.0, 2.0),
            ("infinityj", 0.0, f64::INFINITY),
            ("-inf+1e400j", f64::NEG_INFINITY, f64::INFINITY),
            (".5j", 0.0, 0.5),
            ("1e+5-1e-5j", 1e5, -1e-5),
        ] {
            assert_eq!(parse(text), Ok(complex(real, imag)), "{text}");
        }
    }

    #[test]
    fn not_literals() {
        for text in [
            "", "()", "(1", "1)", "1 + 2j", "1+", "1+2", "1j+1", "--1j", "1e", "1ej", "((1))", "1\0", "é",
            "1+inf",
        ] {
            assert_eq!(parse(text), Err(ComplexParseError::Malformed), "{text:?}");
        }
        assert_eq!(parse("1__0"), Err(ComplexParseError::Underscore));
    }
}
