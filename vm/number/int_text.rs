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
        let mut start = write_decimal(value.unsigned_abs(), &mut buffer);
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

/// The digits of an absolute value: of a machine integer without allocation.
#[derive(Clone, Debug)]
pub struct Digits(Storage);

#[derive(Clone, Debug)]
enum Storage {
    Stack { buffer: [u8; 64], start: u8 },
    Heap(String),
}

impl Digits {
    /// The digits, all ASCII.
    pub fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Storage::Stack { buffer, start } => &buffer[usize::from(*start)..],
            Storage::Heap(text) => text.as_bytes(),
        }
    }

    /// Makes hexadecimal digits upper-case.
    pub fn make_ascii_uppercase(&mut self) {
        match &mut self.0 {
            Storage::Stack { buffer, .. } => buffer.make_ascii_uppercase(),
            Storage::Heap(text) => text.make_ascii_uppercase(),
        }
    }
}

/// `str(value)`.
pub fn decimal(value: IntRef<'_>, limit: DigitLimit) -> Result<String, TooManyDigits> {
    Ok(signed(value, "", &digits(value, Radix::Decimal, limit)?))
}

/// `bin(value)`, `oct(value)` or `hex(value)`.
pub fn prefixed(value: IntRef<'_>, radix: Radix) -> String {
    let digits = match value {
        IntRef::Small(small) => small_digits(small.unsigned_abs(), radix),
        IntRef::Big(_) => Digits(Storage::Heap(big_digits(value, radix))),
    };
    signed(value, radix.prefix(), &digits)
}

/// The digits of the absolute value, lower-case, without prefix.
pub fn digits(value: IntRef<'_>, radix: Radix, limit: DigitLimit) -> Result<Digits, TooManyDigits> {
    let too_many = TooManyDigits { limit: limit.0 };
    match value {
        IntRef::Small(small) => Ok(small_digits(small.unsigned_abs(), radix)),
        IntRef::Big(_) if radix != Radix::Decimal => Ok(Digits(Storage::Heap(big_digits(value, radix)))),
        IntRef::Big(_) if limit.forbids(fewest_decimal_digits(value.bit_length())) => Err(too_many),
        IntRef::Big(_) => {
            let text = big_digits(value, radix);
            if limit.forbids(text.len()) { Err(too_many) } else { Ok(Digits(Storage::Heap(text))) }
        }
    }
}

fn signed(value: IntRef<'_>, prefix: &str, digits: &Digits) -> String {
    let sign = if value.is_negative() { "-" } else { "" };
    let digits = str::from_utf8(digits.as_bytes()).expect("digits are ASCII");
    [sign, prefix, digits].concat()
}

/// A lower bound for the decimal digits of an integer with so many bits (0.30102 is just below log10(2)).
fn fewest_decimal_digits(bits: u64) -> usize {
    let digits = u128::from(bits.saturating_sub(1)) * 30102 / 100_000 + 1;
    usize::try_from(digits).unwrap_or(usize::MAX)
}

fn small_digits(magnitude: u64, radix: Radix) -> Digits {
    let mut buffer = [0; 64];
    let start = match radix {
        Radix::Decimal => write_decimal(magnitude, &mut buffer),
        Radix::Binary => write_bits(magnitude, 1, &mut buffer),
        Radix::Octal => write_bits(magnitude, 3, &mut buffer),
        Radix::Hex => write_bits(magnitude, 4, &mut buffer),
    };
    Digits(Storage::Stack { buffer, start: start as u8 })
}

/// Writes digits to the end of the buffer, which is long enough, and returns where they start.
#[inline]
fn write_decimal(mut rest: u64, buffer: &mut [u8]) -> usize {
    let mut start = buffer.len();
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
    start
}

/// Like [`write_decimal`] for digits of so many bits each.
fn write_bits(mut rest: u64, bits: u32, buffer: &mut [u8; 64]) -> usize {
    let mut start = buffer.len();
    loop {
        start -= 1;
        buffer[start] = b"0123456789abcdef"[(rest & ((1 << bits) - 1)) as usize];
        rest >>= bits;
        if rest == 0 {
            return start;
        }
    }
}

fn big_digits(value: IntRef<'_>, radix: Radix) -> String {
    let magnitude = value.magnitude();
    let mut text = String::new();
    match radix {
        Radix::Binary => write!(text, "{magnitude:b}"),
        Radix::Octal => write!(text, "{magnitude:o}"),
        Radix::Decimal => write!(text, "{magnitude}"),
        Radix::Hex => write!(text, "{magnitude:x}"),
    }
    .expect("writing to a String cannot fail");
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
