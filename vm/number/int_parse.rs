//! `int(text, base)`: from text or bytes to an integer.
//!
//! The grammar is that of integer literals plus surrounding white space and a sign: an optional `0b`, `0o` or `0x`
//! that agrees with the base, then digits with single underscores between them (one may follow the prefix). Base 0
//! takes the base from the prefix and, like the language, refuses leading zeros of a non-zero number.
//!
//! Digits accumulate in a machine word; a value that outgrows it is converted by dashu, in linear time for bases
//! that are powers of two and subquadratic time otherwise.

use std::fmt;

use dashu_int::{IBig, UBig};

use super::int::Int;
use super::int_text::DigitLimit;
use super::literal::{self, Classify};

/// Why text is not an integer; all are `ValueError`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntParseError {
    /// The base is neither 0 nor in `2..=36`.
    Base,
    /// Not a literal of that base. CPython's message continues with `: ` and the argument's repr, cut at 200
    /// characters; the base in it is the one asked for.
    Literal {
        /// The base that the caller passed.
        base: u32,
    },
    /// More digits than `sys.get_int_max_str_digits()`, in a base that takes more than linear time.
    TooManyDigits {
        /// The limit in force.
        limit: usize,
        /// The digits in the text, leading zeros included.
        digits: usize,
    },
}

impl fmt::Display for IntParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            IntParseError::Base => f.write_str("int() base must be >= 2 and <= 36, or 0"),
            IntParseError::Literal { base } => write!(f, "invalid literal for int() with base {base}"),
            IntParseError::TooManyDigits { limit, digits } => write!(
                f,
                "Exceeds the limit ({limit} digits) for integer string conversion: value has {digits} digits; \
                 use sys.set_int_max_str_digits() to increase the limit"
            ),
        }
    }
}

/// `int(str, base)`, on generalised UTF-8.
pub fn parse_text(
    text: &[u8],
    base: u32,
    limit: DigitLimit,
    classify: Classify<'_>,
) -> Result<Int, IntParseError> {
    parse_bytes(&literal::to_ascii(text, classify), base, limit)
}

/// `int(bytes, base)`.
pub fn parse_bytes(bytes: &[u8], base: u32, limit: DigitLimit) -> Result<Int, IntParseError> {
    if let (10, Some(value)) = (base, plain_decimal(bytes)) {
        return Ok(Int::Small(value));
    }
    if !is_base(base) {
        return Err(IntParseError::Base);
    }
    let invalid = IntParseError::Literal { base };
    let (negative, unsigned) = literal::split_sign(literal::trim(bytes));
    let Numeral { radix, digits, zero_only } = split_prefix(unsigned, base);
    let scan = scan_digits(digits, radix).ok_or(invalid)?;
    if !radix.is_power_of_two() && limit.forbids(scan.count) {
        return Err(IntParseError::TooManyDigits { limit: limit.0, digits: scan.count });
    }
    let value = match scan.value {
        Some(value) if negative => Int::from(-i128::from(value)),
        Some(value) => Int::from(value),
        None => big_from_digits(digits, radix, negative).ok_or(invalid)?,
    };
    if zero_only && value != Int::ZERO { Err(invalid) } else { Ok(value) }
}

/// The value of a few decimal digits with nothing but a minus sign before them: what most texts are.
fn plain_decimal(text: &[u8]) -> Option<i64> {
    const FEW: usize = 18;
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    if digits.is_empty() || digits.len() > FEW {
        return None;
    }
    let mut value = 0;
    for &byte in digits {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        value = value * 10 + i64::from(digit);
    }
    Some(if negative { -value } else { value })
}

fn is_base(base: u32) -> bool {
    base == 0 || (2..=36).contains(&base)
}

/// What follows the sign.
struct Numeral<'a> {
    radix: u32,
    digits: &'a [u8],
    /// Base 0 and a leading zero without prefix: only zero may be spelt so.
    zero_only: bool,
}

fn split_prefix(text: &[u8], base: u32) -> Numeral<'_> {
    let prefixed = match text {
        [b'0', b'x' | b'X', ..] => 16,
        [b'0', b'o' | b'O', ..] => 8,
        [b'0', b'b' | b'B', ..] => 2,
        _ => 0,
    };
    if prefixed != 0 && (base == 0 || base == prefixed) {
        let digits = &text[2..];
        return Numeral {
            radix: prefixed,
            digits: digits.strip_prefix(b"_").unwrap_or(digits),
            zero_only: false,
        };
    }
    let radix = if base == 0 { 10 } else { base };
    Numeral { radix, digits: text, zero_only: base == 0 && text.first() == Some(&b'0') }
}

struct Scan {
    count: usize,
    /// The value, while it fits.
    value: Option<u64>,
}

/// Checks digits and underscores, and computes the value on the way.
fn scan_digits(text: &[u8], radix: u32) -> Option<Scan> {
    let mut scan = Scan { count: 0, value: Some(0) };
    let mut after_digit = false;
    for &byte in text {
        if byte == b'_' && after_digit {
            after_digit = false;
            continue;
        }
        let digit = char::from(byte).to_digit(radix)?;
        scan.value = scan
            .value
            .and_then(|value| value.checked_mul(u64::from(radix)))
            .and_then(|value| value.checked_add(u64::from(digit)));
        scan.count += 1;
        after_digit = true;
    }
    after_digit.then_some(scan)
}

/// The value of digits that [`scan_digits`] accepted.
fn big_from_digits(text: &[u8], radix: u32, negative: bool) -> Option<Int> {
    let digits: Vec<u8> = text.iter().copied().filter(|&byte| byte != b'_').collect();
    let magnitude = IBig::from(UBig::from_str_radix(str::from_utf8(&digits).ok()?, radix).ok()?);
    Some(Int::from(if negative { -magnitude } else { magnitude }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::literal::NonAscii;

    fn int(text: &str, base: u32) -> Result<Int, IntParseError> {
        let classify = |c: u32| if c == 0x661 { NonAscii::Digit(1) } else { NonAscii::Other };
        parse_text(text.as_bytes(), base, DigitLimit(4300), &classify)
    }

    #[test]
    fn literals() {
        for (text, base, value) in [
            ("0", 10, 0),
            (" \t-12\n", 10, -12),
            ("+1_000", 10, 1000),
            ("1\u{661}", 10, 11),
            ("0x_f", 16, 15),
            ("ff", 16, 255),
            ("0B1", 0, 1),
            ("0b1", 16, 0xb1),
            ("0o17", 0, 15),
            ("0_0", 0, 0),
            ("010", 10, 10),
            ("zZ", 36, 35 * 37),
            ("-9223372036854775808", 10, i64::MIN),
        ] {
            assert_eq!(int(text, base), Ok(Int::Small(value)), "{text} in base {base}");
        }
    }

    #[test]
    fn not_literals() {
        for (text, base) in [
            ("", 10),
            (" ", 10),
            ("-", 10),
            ("- 1", 10),
            ("+-1", 10),
            ("_1", 10),
            ("1_", 10),
            ("1__0", 10),
            ("0x", 16),
            ("0x__f", 16),
            ("0b2", 0),
            ("010", 0),
            ("00_1", 0),
            ("1\0", 10),
            ("\x1c1", 10),
            ("1é", 10),
        ] {
            assert_eq!(int(text, base), Err(IntParseError::Literal { base }), "{text:?} in base {base}");
        }
        assert_eq!(int("é", 99), Err(IntParseError::Base));
        assert_eq!(int("1", 1), Err(IntParseError::Base));
    }

    #[test]
    fn bigints_and_the_digit_limit() {
        let many = "1".repeat(4301);
        assert_eq!(int(&many, 10), Err(IntParseError::TooManyDigits { limit: 4300, digits: 4301 }));
        assert_eq!(
            int(&many, 10).unwrap_err().to_string(),
            "Exceeds the limit (4300 digits) for integer string conversion: value has 4301 digits; \
             use sys.set_int_max_str_digits() to increase the limit"
        );
        assert!(int(&many[1..], 10).is_ok());
        assert!(int(&many, 32).is_ok());
        let value = "-1_00000000000000000000";
        assert_eq!(int(value, 10), Ok(Int::from(-IBig::from(10).pow(20))));
        assert_eq!(int("10000000000000000", 16), Ok(Int::from(IBig::ONE << 64)));
    }
}
