//! `float(text)`: decimal text to the nearest float.
//!
//! Python's grammar, once white space and underscores are gone, is exactly the one `f64::from_str` accepts: an
//! optional sign, then `inf`, `infinity` or `nan` in any case, or a decimal number with optional fraction and
//! exponent. Its conversion is correctly rounded for any number of digits.

use std::fmt;

use super::literal::{self, Classify};

/// The text is not a float: `ValueError`. CPython's message continues with `: ` and the argument's repr.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAFloat;

impl fmt::Display for NotAFloat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("could not convert string to float")
    }
}

/// `float(str)`, on generalised UTF-8.
pub fn parse_text(text: &[u8], classify: Classify<'_>) -> Result<f64, NotAFloat> {
    parse_bytes(&literal::to_ascii(text, classify))
}

/// `float(bytes)`.
pub fn parse_bytes(bytes: &[u8]) -> Result<f64, NotAFloat> {
    let literal = literal::without_underscores(literal::trim(bytes)).ok_or(NotAFloat)?;
    str::from_utf8(&literal).ok().and_then(|text| text.parse().ok()).ok_or(NotAFloat)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_what_python_accepts() {
        for (text, value) in [
            ("1", 1.0),
            (" \n-1.5e3\t", -1500.0),
            (".5", 0.5),
            ("5.", 5.0),
            ("+1E-2", 0.01),
            ("1_0.0_1e1_0", 10.01e10),
            ("1e400", f64::INFINITY),
            ("-1e-400", -0.0),
            ("0e99999999999999999999", 0.0),
            ("Infinity", f64::INFINITY),
            ("-INF", f64::NEG_INFINITY),
        ] {
            assert_eq!(parse_bytes(text.as_bytes()).map(f64::to_bits), Ok(value.to_bits()), "{text}");
        }
        assert!(parse_bytes(b"-nAn").unwrap().is_nan());
    }

    #[test]
    fn refuses_the_rest() {
        for text in [
            "", " ", ".", "e5", "1e", "1e+", "- 1", "+-1", "infin", "nan1", "0x1", "1_", "_1", "1__0", "1\0",
            "\x1c1",
        ] {
            assert_eq!(parse_bytes(text.as_bytes()), Err(NotAFloat), "{text:?}");
        }
    }

    #[test]
    fn rounds_once_however_long_the_text() {
        let above_half =
            format!("1.00000000000000011102230246251565404236316680908203125{}1", "0".repeat(800));
        assert_eq!(parse_bytes(above_half.as_bytes()), Ok(1.0 + f64::EPSILON));
    }
}
