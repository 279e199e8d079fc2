//! Floats in hexadecimal: `float.hex` and `float.fromhex`.

use std::fmt;

use super::int_float::round_scaled;
use super::literal;

/// Why text is not a hexadecimal float.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FromHexError {
    /// `ValueError`
    Invalid,
    /// `OverflowError`
    TooLarge,
}

impl fmt::Display for FromHexError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            FromHexError::Invalid => "invalid hexadecimal floating-point string",
            FromHexError::TooLarge => "hexadecimal value too large to represent as a float",
        })
    }
}

/// `value.hex()`
pub fn to_hex(value: f64) -> String {
    let sign = if value.is_sign_negative() { "-" } else { "" };
    if value.is_nan() {
        return "nan".to_owned();
    }
    if value.is_infinite() {
        return format!("{sign}inf");
    }
    if value == 0.0 {
        return format!("{sign}0x0.0p+0");
    }
    let bits = value.to_bits();
    let (fraction, biased) = (bits & ((1 << 52) - 1), (bits >> 52 & 0x7FF) as i32);
    let (lead, exponent) = if biased == 0 { (0, -1022) } else { (1, biased - 1023) };
    format!("{sign}0x{lead}.{fraction:013x}p{exponent:+}")
}

/// `float.fromhex(text)`. A `str` argument is passed as its UTF-8; one that has none, because of surrogates, is a
/// `UnicodeEncodeError` before it comes here.
pub fn from_hex(text: &[u8]) -> Result<f64, FromHexError> {
    let (negative, unsigned) = literal::split_sign(literal::trim(text));
    let magnitude = if let Some(value) = named_value(unsigned) {
        value
    } else {
        // Like CPython, overflow is noticed before what follows the number.
        let (significand, rest) = Significand::read(strip_prefix(unsigned)).ok_or(FromHexError::Invalid)?;
        let value = significand.value().ok_or(FromHexError::TooLarge)?;
        if rest.is_empty() { value } else { return Err(FromHexError::Invalid) }
    };
    Ok(if negative { -magnitude } else { magnitude })
}

fn named_value(text: &[u8]) -> Option<f64> {
    if text.eq_ignore_ascii_case(b"inf") || text.eq_ignore_ascii_case(b"infinity") {
        Some(f64::INFINITY)
    } else if text.eq_ignore_ascii_case(b"nan") {
        Some(f64::NAN)
    } else {
        None
    }
}

fn strip_prefix(text: &[u8]) -> &[u8] {
    match text {
        [b'0', b'x' | b'X', rest @ ..] => rest,
        _ => text,
    }
}

/// The digits read so far: `mantissa * 2**exponent`, and whether digits below it were non-zero.
struct Significand {
    mantissa: u128,
    sticky: bool,
    exponent: i64,
}

impl Significand {
    /// Reads `digits [. digits] [p exponent]`; also returns what follows.
    fn read(text: &[u8]) -> Option<(Significand, &[u8])> {
        let mut significand = Significand { mantissa: 0, sticky: false, exponent: 0 };
        let (integer, rest) = split_hex_digits(text);
        let (fraction, rest) = match rest {
            [b'.', rest @ ..] => split_hex_digits(rest),
            _ => (&[][..], rest),
        };
        if integer.is_empty() && fraction.is_empty() {
            return None;
        }
        integer.iter().chain(fraction).for_each(|&digit| significand.push(digit));
        let (power, rest) = match rest {
            [b'p' | b'P', rest @ ..] => read_exponent(rest)?,
            _ => (0, rest),
        };
        significand.exponent += power - 4 * fraction.len() as i64;
        Some((significand, rest))
    }

    /// Appends a digit; beyond what the mantissa holds only its presence matters.
    fn push(&mut self, digit: u8) {
        let value = char::from(digit).to_digit(16).unwrap_or(0);
        if self.mantissa >> 124 == 0 {
            self.mantissa = self.mantissa << 4 | u128::from(value);
        } else {
            self.sticky |= value != 0;
            self.exponent += 4;
        }
    }

    fn value(&self) -> Option<f64> {
        round_scaled(self.mantissa, self.sticky, self.exponent)
    }
}

fn split_hex_digits(text: &[u8]) -> (&[u8], &[u8]) {
    text.split_at(text.iter().position(|byte| !byte.is_ascii_hexdigit()).unwrap_or(text.len()))
}

/// A decimal exponent, saturating far outside the range in which it makes a difference.
fn read_exponent(text: &[u8]) -> Option<(i64, &[u8])> {
    const FAR: i64 = i64::MAX / 4;
    let (negative, unsigned) = literal::split_sign(text);
    let length = unsigned.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (digits, rest) = unsigned.split_at(length);
    let magnitude = digits
        .iter()
        .fold(0i64, |value, digit| value.saturating_mul(10).saturating_add(i64::from(digit - b'0')).min(FAR));
    (length > 0).then_some((if negative { -magnitude } else { magnitude }, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_of_floats() {
        for (value, text) in [
            (0.0, "0x0.0p+0"),
            (-0.0, "-0x0.0p+0"),
            (1.0, "0x1.0000000000000p+0"),
            (-1.5, "-0x1.8000000000000p+0"),
            (0.1, "0x1.999999999999ap-4"),
            (5e-324, "0x0.0000000000001p-1022"),
            (f64::MAX, "0x1.fffffffffffffp+1023"),
            (f64::INFINITY, "inf"),
            (-f64::NAN, "nan"),
        ] {
            assert_eq!(to_hex(value), text);
            assert!(value.is_nan() || from_hex(text.as_bytes()) == Ok(value));
        }
    }

    #[test]
    fn hex_text() {
        for (text, value) in [
            (" \n0x1p4 \x0b", 16.0),
            ("0X.1P+4", 1.0),
            ("1e5", 485.0),
            ("-0x1.8", -1.5),
            ("0x1.fffffffffffff7ffp1023", f64::MAX),
            ("0x1p-1075", 0.0),
            ("0x1.0000001p-1075", 5e-324),
            ("0x0p99999999999999999999", 0.0),
            ("0x1p-99999999999999999999", 0.0),
            ("+Infinity", f64::INFINITY),
        ] {
            assert_eq!(from_hex(text.as_bytes()), Ok(value), "{text}");
        }
        let long = format!("0x1{}p-4000", "0".repeat(1000));
        assert_eq!(from_hex(long.as_bytes()), Ok(1.0));
    }

    #[test]
    fn not_hex_text() {
        for text in ["", "0x", ".", "p5", "infin", "1_0", "0x1p", "0x1p+", "0x1g", "0x 1", "\u{a0}1", "1\0"] {
            assert_eq!(from_hex(text.as_bytes()), Err(FromHexError::Invalid), "{text:?}");
        }
        for text in ["0x1p1024", "0x1.fffffffffffff8p1023", "0x1p99999999999999999999"] {
            assert_eq!(from_hex(text.as_bytes()), Err(FromHexError::TooLarge), "{text}");
        }
    }
}
