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

    /// The same before upper-case digits.
    pub fn upper_prefix(self) -> &'static str {
        match self {
            Radix::Binary => "0B",
            Radix::Octal => "0O",
            Radix::Decimal => "",
            Radix::Hex => "0X",
        }
    }

    /// How many bits a digit stands for; of decimal digits, more than enough.
    fn bits(self) -> u32 {
        match self {
            Radix::Binary => 1,
            Radix::Octal => 3,
            Radix::Decimal | Radix::Hex => 4,
        }
    }
}

/// The decimal text of a machine integer, sign included, without allocation.
///
/// Eight digits at a time are computed side by side in a word and written as one, so that reading them back at once need
/// not wait for several writes.
#[derive(Clone, Copy, Debug)]
pub struct SmallDecimal {
    buffer: [u8; DECIMAL],
    start: u8,
}

/// A word for the sign, and three for digits.
const DECIMAL: usize = 4 * WORD;
const WORD: usize = size_of::<u64>();
/// What the digits of a word count to.
const CHUNK: u64 = 100_000_000;

impl SmallDecimal {
    /// Writes `value`.
    #[inline]
    pub fn new(value: i64) -> Self {
        let mut text = Self::of_magnitude(value.unsigned_abs());
        if value < 0 {
            text.start -= 1;
            text.buffer[usize::from(text.start)] = b'-';
        }
        text
    }

    #[inline]
    fn of_magnitude(magnitude: u64) -> Self {
        let mut buffer = [0; DECIMAL];
        let (mut rest, mut at) = (magnitude, DECIMAL - WORD);
        while rest >= CHUNK {
            put_word(&mut buffer, at, eight_digits(rest % CHUNK));
            rest /= CHUNK;
            at -= WORD;
        }
        let digits = eight_digits(rest);
        put_word(&mut buffer, at, digits);
        // The last digit stays, even if it is a zero.
        let zeros = (digits | 1 << 56).trailing_zeros() as usize / 8;
        SmallDecimal { buffer, start: (at + zeros) as u8 }
    }

    /// The text, all ASCII.
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        &self.buffer[usize::from(self.start)..]
    }
}

/// The eight digits of a number below [`CHUNK`], from 0 to 9, the first one in the lowest byte.
#[inline]
fn eight_digits(number: u64) -> u64 {
    // Halves of four digits lie in halves of the word, then pairs in quarters, then digits in bytes. Each division is a
    // multiplication that is exact for numbers of this size.
    let halves = (number / 10_000) | ((number % 10_000) << 32);
    let hundreds = ((halves * 10_486) >> 20) & 0x0000_007f_0000_007f;
    let pairs = hundreds | (halves - 100 * hundreds) << 16;
    let tens = ((pairs * 103) >> 10) & 0x000f_000f_000f_000f;
    tens | (pairs - 10 * tens) << 8
}

/// Writes digits as ASCII.
#[inline]
fn put_word(buffer: &mut [u8; DECIMAL], at: usize, digits: u64) {
    const ZEROS: u64 = u64::from_le_bytes([b'0'; WORD]);
    buffer[at..at + WORD].copy_from_slice(&(digits | ZEROS).to_le_bytes());
}

/// The digits of an absolute value, or with a sign and a prefix: of a machine integer without allocation.
#[derive(Clone, Debug)]
pub struct Digits(Storage);

#[derive(Clone, Debug)]
enum Storage {
    Decimal(SmallDecimal),
    Stack { buffer: [u8; LONGEST], start: u8 },
    Heap(String),
}

/// The digits of a word in base 2, a prefix and a sign.
const LONGEST: usize = 64 + 2 + 1;

impl Digits {
    /// The digits, all ASCII.
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Storage::Decimal(text) => text.as_bytes(),
            Storage::Stack { buffer, start } => &buffer[usize::from(*start)..],
            Storage::Heap(text) => text.as_bytes(),
        }
    }

    /// Makes hexadecimal digits upper-case.
    pub fn make_ascii_uppercase(&mut self) {
        match &mut self.0 {
            Storage::Decimal(_) => {}
            Storage::Stack { buffer, .. } => buffer.make_ascii_uppercase(),
            Storage::Heap(text) => text.make_ascii_uppercase(),
        }
    }
}

/// `str(value)`.
pub fn decimal(value: IntRef<'_>, limit: DigitLimit) -> Result<Digits, TooManyDigits> {
    if let IntRef::Small(small) = value {
        return Ok(Digits(Storage::Decimal(SmallDecimal::new(small))));
    }
    let mut digits = digits(value, Radix::Decimal, limit)?;
    if let Storage::Heap(text) = &mut digits.0
        && value.is_negative()
    {
        text.insert(0, '-');
    }
    Ok(digits)
}

/// `bin(value)`, `oct(value)` or `hex(value)`.
pub fn prefixed(value: IntRef<'_>, radix: Radix) -> Digits {
    let (sign, prefix) = (if value.is_negative() { "-" } else { "" }, radix.prefix());
    Digits(match value {
        IntRef::Small(small) => {
            let mut buffer = [0; LONGEST];
            let mut start = write_bits(small.unsigned_abs(), radix.bits(), &mut buffer);
            for part in [prefix, sign] {
                let end = start;
                start -= part.len();
                buffer[start..end].copy_from_slice(part.as_bytes());
            }
            Storage::Stack { buffer, start: start as u8 }
        }
        IntRef::Big(_) => Storage::Heap([sign, prefix, &big_digits(value, radix)].concat()),
    })
}

/// The digits of the absolute value, lower-case, without prefix.
#[inline]
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

fn ascii(text: Vec<u8>) -> String {
    String::from_utf8(text).expect("digits are ASCII")
}

/// A lower bound for the decimal digits of an integer with so many bits (0.30102 is just below log10(2)).
fn fewest_decimal_digits(bits: u64) -> usize {
    let digits = u128::from(bits.saturating_sub(1)) * 30102 / 100_000 + 1;
    usize::try_from(digits).unwrap_or(usize::MAX)
}

#[inline]
fn small_digits(magnitude: u64, radix: Radix) -> Digits {
    if radix == Radix::Decimal {
        return Digits(Storage::Decimal(SmallDecimal::of_magnitude(magnitude)));
    }
    let mut buffer = [0; LONGEST];
    let start = write_bits(magnitude, radix.bits(), &mut buffer);
    Digits(Storage::Stack { buffer, start: start as u8 })
}

/// Writes digits of so many bits to the end of the buffer, and returns where they start.
fn write_bits(mut rest: u64, bits: u32, buffer: &mut [u8; LONGEST]) -> usize {
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
    if let (Radix::Decimal, Ok(magnitude)) = (radix, u128::try_from(&magnitude)) {
        return two_words(magnitude);
    }
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

/// The decimal text of a number of up to two words, whose parts have 19 digits.
fn two_words(magnitude: u128) -> String {
    const PART: u128 = 10_000_000_000_000_000_000;
    const PART_DIGITS: usize = 19;
    let mut text = Vec::with_capacity(2 * PART_DIGITS + 1);
    // Divisions of two words are slow; what fits in one is divided as one.
    let high = magnitude / PART;
    let low = (magnitude - high * PART) as u64;
    let (top, middle) = match u64::try_from(high) {
        Ok(high) => (high / PART as u64, high % PART as u64),
        Err(_) => ((high / PART) as u64, (high % PART) as u64),
    };
    for part in [top, middle, low] {
        let part = SmallDecimal::of_magnitude(part);
        let digits = part.as_bytes();
        if text.is_empty() {
            text.extend_from_slice(if digits == b"0" { b"" } else { digits });
        } else {
            text.resize(text.len() + PART_DIGITS - digits.len(), b'0');
            text.extend_from_slice(digits);
        }
    }
    ascii(text)
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

    fn text(value: IntRef<'_>, limit: DigitLimit) -> Result<String, TooManyDigits> {
        decimal(value, limit).map(|digits| ascii(digits.as_bytes().to_vec()))
    }
    use dashu_int::IBig;

    #[test]
    fn small_decimals() {
        let powers =
            (0..19).map(|power| 10_i64.pow(power)).flat_map(|power| [power - 1, power, -power, power + 1]);
        let others = [99, 12345, 31_415_926, -271_828_182_845, i64::MAX, i64::MIN];
        for value in powers.chain(others).chain((0..CHUNK as i64).step_by(7919)) {
            assert_eq!(SmallDecimal::new(value).as_bytes(), value.to_string().as_bytes());
            assert_eq!(text(value.into(), DigitLimit::DEFAULT).unwrap(), value.to_string());
        }
    }

    #[test]
    fn other_bases_have_prefixes() {
        let prefixed = |value: IntRef<'_>, radix| ascii(prefixed(value, radix).as_bytes().to_vec());
        assert_eq!(prefixed((-255).into(), Radix::Hex), "-0xff");
        assert_eq!(prefixed(0.into(), Radix::Binary), "0b0");
        assert_eq!(prefixed(8.into(), Radix::Octal), "0o10");
        assert_eq!(prefixed(i64::MIN.into(), Radix::Binary), format!("-0b1{}", "0".repeat(63)));
        let big = -(IBig::ONE << 68);
        assert_eq!(prefixed((&big).into(), Radix::Hex), "-0x100000000000000000");
        assert_eq!(prefixed((&big).into(), Radix::Octal), format!("-0o4{}", "0".repeat(22)));
    }

    #[test]
    fn two_words_of_decimal() {
        for power in [19, 20, 37, 38] {
            let power = 10_u128.pow(power);
            for value in [power - 1, power, power + 7, u128::MAX, 1 << 64] {
                assert_eq!(two_words(value), value.to_string());
            }
        }
    }

    #[test]
    fn the_limit_is_exact() {
        let limit = DigitLimit(640);
        let fits = IBig::from(10).pow(640) - IBig::ONE;
        let exceeds = IBig::from(10).pow(640);
        assert_eq!(text((&fits).into(), limit).unwrap(), "9".repeat(640));
        assert_eq!(text((&exceeds).into(), limit), Err(TooManyDigits { limit: 640 }));
        assert!(text((&exceeds).into(), DigitLimit(0)).is_ok());
        assert!(digits((&exceeds).into(), Radix::Hex, limit).is_ok());
        let far_beyond = IBig::ONE << 100_000;
        assert_eq!(text((&far_beyond).into(), limit), Err(TooManyDigits { limit: 640 }));
    }
}
