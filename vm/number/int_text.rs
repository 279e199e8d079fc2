//! Integers as text: `str`, `bin`, `oct`, `hex`, and the digits that the formatters lay out.
//!
//! Machine integers are written into a buffer on the stack. Decimal text of a bigint takes more than linear time, so
//! it is subject to `sys.get_int_max_str_digits()`; the number of digits is bounded from the bit length first, so
//! that a refused conversion costs nothing.

use std::fmt::{self, Write};

use super::int::{Int, IntRef};

/// `sys.get_int_max_str_digits()`: the most decimal digits a conversion may have; zero means any number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DigitLimit(pub usize);

impl DigitLimit {
    /// The limit a fresh interpreter starts with.
    pub const DEFAULT: DigitLimit = DigitLimit(4300);
    /// The smallest limit that can be set, zero apart.
    pub const SMALLEST: usize = 640;

    /// Whether so many digits exceed the limit.
    pub fn forbids(self, digits: usize) -> bool {
        self.0 != 0 && digits > self.0
    }
}

/// An integer with more decimal digits than the [`DigitLimit`]: `ValueError`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooManyDigits {
    /// The limit in force.
    pub limit: usize,
}

impl fmt::Display for TooManyDigits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Exceeds the limit ({} digits) for integer string conversion; \
             use sys.set_int_max_str_digits() to increase the limit",
            self.limit
        )
    }
}

/// The bases Python writes integers in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Radix {
    /// `bin`
    Binary,
    /// `oct`
    Octal,
    /// `str`
    Decimal,
    /// `hex`
    Hex,
}

impl Radix {
    /// What literals of this base begin with.
    pub fn prefix(self) -> &'static str {
        match self {
            Radix::Binary => "0b",
            Radix::Octal => "0o",
            Radix::Decimal => "",
            Radix::Hex => "0x",
        }
    }
}

/// The decimal text of a machine integer, sign included, without allocation.
#[derive(Clone, Copy, Debug)]
pub struct SmallDecimal {
    buffer: [u8; 20],
    start: u8,
}

const TWO_DIGITS: [[u8; 2]; 100] = {
    let mut table = [[0; 2]; 100];
    let mut value = 0;
    while value < 100 {
        table[value] = [b'0' + (value / 10) as u8, b'0' + (value % 10) as u8];
        value += 1;
    }
    table
};

impl SmallDecimal {
    /// Writes `value`.
    #[inline]
    pub fn new(value: i64) -> Self {
        let mut buffer = [0; 20];
        let mut start = buffer.len();
        let mut rest = value.unsigned_abs();
        while rest >= 100 {
            start -= 2;
            buffer[start..start + 2].copy_from_slice(&TWO_DIGITS[(rest % 100) as usize]);
            rest /= 100;
        }
        let [tens, ones] = TWO_DIGITS[rest as usize];
        start -= 1;
        buffer[start] = ones;
        if rest >= 10 {
            start -= 1;
            buffer[start] = tens;
        }
        if value < 0 {
            start -= 1;
            buffer[start] = b'-';
        }
        SmallDecimal { buffer, start: start as u8 }
    }

    /// The text, all ASCII.
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        &self.buffer[usize::from(self.start)..]
    }
}

/// `str(value)`.
pub fn decimal(value: IntRef<'_>, limit: DigitLimit) -> Result<String, TooManyDigits> {
    let digits = digits(value, Radix::Decimal, limit)?;
    Ok(signed(value, "", digits))
}

/// `bin(value)`, `oct(value)` or `hex(value)`.
pub fn prefixed(value: IntRef<'_>, radix: Radix) -> String {
    let digits = match value {
        IntRef::Small(small) => small_digits(small.unsigned_abs(), radix),
        IntRef::Big(_) => big_digits(value, radix),
    };
    signed(value, radix.prefix(), digits)
}

/// The digits of the absolute value, lower-case, without prefix.
pub fn digits(value: IntRef<'_>, radix: Radix, limit: DigitLimit) -> Result<String, TooManyDigits> {
    let IntRef::Small(small) = value else {
        if radix != Radix::Decimal {
            return Ok(big_digits(value, radix));
        }
        let too_many = TooManyDigits { limit: limit.0 };
        if limit.forbids(fewest_decimal_digits(value.bit_length())) {
            return Err(too_many);
        }
        let text = big_digits(value, radix);
        return if limit.forbids(text.len()) { Err(too_many) } else { Ok(text) };
    };
    Ok(small_digits(small.unsigned_abs(), radix))
}

fn signed(value: IntRef<'_>, prefix: &str, mut digits: String) -> String {
    if !prefix.is_empty() {
        digits.insert_str(0, prefix);
    }
    if value.is_negative() {
        digits.insert(0, '-');
    }
    digits
}

/// A lower bound for the decimal digits of an integer with so many bits (0.30102 is just below log10(2)).
fn fewest_decimal_digits(bits: u64) -> usize {
    let digits = u128::from(bits.saturating_sub(1)) * 30102 / 100_000 + 1;
    usize::try_from(digits).unwrap_or(usize::MAX)
}

fn small_digits(magnitude: u64, radix: Radix) -> String {
    written(|out| match radix {
        Radix::Binary => write!(out, "{magnitude:b}"),
        Radix::Octal => write!(out, "{magnitude:o}"),
        Radix::Decimal => write!(out, "{magnitude}"),
        Radix::Hex => write!(out, "{magnitude:x}"),
    })
}

fn big_digits(value: IntRef<'_>, radix: Radix) -> String {
    let magnitude = value.magnitude();
    written(|out| match radix {
        Radix::Binary => write!(out, "{magnitude:b}"),
        Radix::Octal => write!(out, "{magnitude:o}"),
        Radix::Decimal => write!(out, "{magnitude}"),
        Radix::Hex => write!(out, "{magnitude:x}"),
    })
}

fn written(write: impl FnOnce(&mut String) -> fmt::Result) -> String {
    let mut text = String::new();
    write(&mut text).expect("writing to a String cannot fail");
    text
}

impl fmt::Display for Int {
    /// The decimal text, without digit limit.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Int::Small(value) => value.fmt(f),
            Int::Big(value) => value.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dashu_int::IBig;

    #[test]
    fn small_decimals() {
        let values = [0, 1, -1, 9, 10, 99, 100, -101, 12345, i64::MAX, i64::MIN];
        for value in values {
            assert_eq!(SmallDecimal::new(value).as_bytes(), value.to_string().as_bytes());
            assert_eq!(decimal(value.into(), DigitLimit::DEFAULT).unwrap(), value.to_string());
        }
    }

    #[test]
    fn other_bases_have_prefixes() {
        assert_eq!(prefixed((-255).into(), Radix::Hex), "-0xff");
        assert_eq!(prefixed(0.into(), Radix::Binary), "0b0");
        assert_eq!(prefixed(8.into(), Radix::Octal), "0o10");
        let big = -(IBig::ONE << 68);
        assert_eq!(prefixed((&big).into(), Radix::Hex), "-0x100000000000000000");
        assert_eq!(prefixed((&big).into(), Radix::Octal), format!("-0o4{}", "0".repeat(22)));
    }

    #[test]
    fn the_limit_is_exact() {
        let limit = DigitLimit(640);
        let fits = IBig::from(10).pow(640) - IBig::ONE;
        let exceeds = IBig::from(10).pow(640);
        assert_eq!(decimal((&fits).into(), limit).unwrap(), "9".repeat(640));
        assert_eq!(decimal((&exceeds).into(), limit), Err(TooManyDigits { limit: 640 }));
        assert!(decimal((&exceeds).into(), DigitLimit(0)).is_ok());
        assert!(digits((&exceeds).into(), Radix::Hex, limit).is_ok());
        let far_beyond = IBig::ONE << 100_000;
        assert_eq!(decimal((&far_beyond).into(), limit), Err(TooManyDigits { limit: 640 }));
    }
}
