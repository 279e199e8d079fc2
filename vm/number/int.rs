//! Integers as the algorithms pass them around: [`IntRef`] going in, [`Int`] coming out.
//!
//! Most Python integers fit in a machine word, so both are an `i64` or a bigint. [`Int`] is canonical: `Big` never
//! holds a value that fits in `i64`, so equality is structural. [`IntRef`] is lenient: a heap integer between 62 and
//! 64 bits may arrive as `Big`.

use std::borrow::Cow;
use std::fmt;

use dashu_base::{Abs, BitTest, Sign};
use dashu_int::{IBig, UBig};

/// An integer result: `Small` whenever it fits.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Int {
    /// A value in `i64`'s range.
    Small(i64),
    /// A value outside it.
    Big(IBig),
}

/// An integer operand, borrowed from wherever it lives.
#[derive(Clone, Copy, Debug)]
pub enum IntRef<'a> {
    /// A machine integer.
    Small(i64),
    /// A bigint of any value.
    Big(&'a IBig),
}

/// How many bits of result the caller is prepared to store.
///
/// CPython attempts any result and reports `MemoryError` when the allocation fails; attempting it here would abort
/// the process, so the size is estimated first, and for large results the allocator is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BitBudget(pub u64);

/// The result would not fit in the caller's [`BitBudget`], or in any integer CPython can represent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TooLarge {
    /// `MemoryError`: representable, but beyond the budget.
    Memory,
    /// `OverflowError`: more digits than an integer object can count.
    Digits,
}

impl BitBudget {
    /// More than there is memory for, so that only the allocator decides.
    pub const MEMORY: BitBudget = BitBudget(1 << 44);
    /// CPython's own ceiling: the number of bits its digit count can express.
    pub const REPRESENTABLE: u64 = i64::MAX as u64 - 1;
    /// Results below this size are made without asking.
    const HARMLESS: u128 = 1 << 28;

    /// Refuses a result of `bits` bits that exceeds the budget.
    pub fn admit(self, bits: u128) -> Result<(), TooLarge> {
        if bits <= u128::from(self.0) && (bits < Self::HARMLESS || is_available(bits as u64 / 4)) {
            Ok(())
        } else if bits <= u128::from(Self::REPRESENTABLE) {
            Err(TooLarge::Memory)
        } else {
            Err(TooLarge::Digits)
        }
    }
}

/// Whether the allocator would give so many bytes: twice the result, since operations need room to work in.
#[cold]
fn is_available(bytes: u64) -> bool {
    let mut memory = Vec::<u8>::new();
    let given = usize::try_from(bytes).is_ok_and(|bytes| memory.try_reserve_exact(bytes).is_ok());
    // The allocation is the question, so it must not be optimised away.
    std::hint::black_box(&memory);
    given
}

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TooLarge::Memory => Ok(()),
            TooLarge::Digits => f.write_str("too many digits in integer"),
        }
    }
}

impl Int {
    /// Zero.
    pub const ZERO: Int = Int::Small(0);
    /// One.
    pub const ONE: Int = Int::Small(1);

    /// The borrowed form of this integer.
    pub fn as_ref(&self) -> IntRef<'_> {
        match self {
            Int::Small(value) => IntRef::Small(*value),
            Int::Big(value) => IntRef::Big(value),
        }
    }

    /// The value as a bigint.
    pub fn into_big(self) -> IBig {
        match self {
            Int::Small(value) => IBig::from(value),
            Int::Big(value) => value,
        }
    }
}

impl<'a> IntRef<'a> {
    /// The value as a bigint, borrowed when it already is one.
    pub fn widen(self) -> Cow<'a, IBig> {
        match self {
            IntRef::Small(value) => Cow::Owned(IBig::from(value)),
            IntRef::Big(value) => Cow::Borrowed(value),
        }
    }

    /// The value as a machine integer, if it fits.
    pub fn to_i64(self) -> Option<i64> {
        match self {
            IntRef::Small(value) => Some(value),
            IntRef::Big(value) => i64::try_from(value).ok(),
        }
    }

    /// The value, if it fits an unsigned machine word.
    pub fn to_u64(self) -> Option<u64> {
        match self {
            Self::Small(value) => u64::try_from(value).ok(),
            Self::Big(value) => u64::try_from(value).ok(),
        }
    }

    /// An owned, canonical copy.
    pub fn to_int(self) -> Int {
        match self {
            IntRef::Small(value) => Int::Small(value),
            IntRef::Big(value) => match i64::try_from(value) {
                Ok(small) => Int::Small(small),
                Err(_) => Int::Big(value.clone()),
            },
        }
    }

    /// Whether the value is zero.
    pub fn is_zero(self) -> bool {
        match self {
            IntRef::Small(value) => value == 0,
            IntRef::Big(value) => value.is_zero(),
        }
    }

    /// Whether the value is below zero.
    pub fn is_negative(self) -> bool {
        match self {
            IntRef::Small(value) => value < 0,
            IntRef::Big(value) => value.sign() == Sign::Negative,
        }
    }

    /// Whether the value is odd.
    pub fn is_odd(self) -> bool {
        match self {
            IntRef::Small(value) => value & 1 == 1,
            IntRef::Big(value) => value.bit(0),
        }
    }

    /// The absolute value.
    pub fn magnitude(self) -> UBig {
        match self {
            IntRef::Small(value) => UBig::from(value.unsigned_abs()),
            IntRef::Big(value) => value.clone().into_parts().1,
        }
    }

    /// `int.bit_length()`: bits of the absolute value, without leading zeros.
    pub fn bit_length(self) -> u64 {
        match self {
            IntRef::Small(value) => u64::from(u64::BITS - value.unsigned_abs().leading_zeros()),
            IntRef::Big(value) => magnitude_bits(value),
        }
    }

    /// `int.bit_count()`: ones in the binary form of the absolute value.
    pub fn bit_count(self) -> u64 {
        match self {
            IntRef::Small(value) => u64::from(value.unsigned_abs().count_ones()),
            IntRef::Big(value) => {
                value.as_sign_words().1.iter().map(|word| u64::from(word.count_ones())).sum()
            }
        }
    }
}

/// Bits of `|value|`. (`BitTest::bit_len` of a negative bigint counts the two's complement instead.)
fn magnitude_bits(value: &IBig) -> u64 {
    let words = value.as_sign_words().1;
    match words.last() {
        None => 0,
        Some(top) => words.len() as u64 * u64::from(dashu_int::Word::BITS) - u64::from(top.leading_zeros()),
    }
}

impl From<i64> for Int {
    fn from(value: i64) -> Self {
        Int::Small(value)
    }
}

impl From<u64> for Int {
    fn from(value: u64) -> Self {
        i64::try_from(value).map_or_else(|_| Int::Big(IBig::from(value)), Int::Small)
    }
}

impl From<i128> for Int {
    fn from(value: i128) -> Self {
        i64::try_from(value).map_or_else(|_| Int::Big(IBig::from(value)), Int::Small)
    }
}

impl From<IBig> for Int {
    fn from(value: IBig) -> Self {
        match i64::try_from(&value) {
            Ok(small) => Int::Small(small),
            Err(_) => Int::Big(value),
        }
    }
}

impl From<UBig> for Int {
    fn from(value: UBig) -> Self {
        Int::from(IBig::from(value))
    }
}

impl From<i64> for IntRef<'_> {
    fn from(value: i64) -> Self {
        IntRef::Small(value)
    }
}

impl<'a> From<&'a IBig> for IntRef<'a> {
    fn from(value: &'a IBig) -> Self {
        IntRef::Big(value)
    }
}

impl<'a> From<&'a Int> for IntRef<'a> {
    fn from(value: &'a Int) -> Self {
        value.as_ref()
    }
}

/// `abs(value)`.
pub fn abs(value: IntRef<'_>) -> Int {
    match value {
        IntRef::Small(small) => Int::from(i128::from(small).abs()),
        IntRef::Big(big) => Int::from(big.clone().abs()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn int_is_canonical_at_the_edges_of_i64() {
        assert_eq!(Int::from(IBig::from(i64::MIN)), Int::Small(i64::MIN));
        assert_eq!(Int::from(i128::from(i64::MAX)), Int::Small(i64::MAX));
        assert!(matches!(Int::from(i128::from(i64::MAX) + 1), Int::Big(_)));
        assert_eq!(abs(IntRef::Small(i64::MIN)), Int::from(1u64 << 63));
    }

    #[test]
    fn bits_count_the_magnitude() {
        for (value, length, ones) in
            [(0, 0, 0), (1, 1, 1), (-1, 1, 1), (-8, 4, 1), (255, 8, 8), (i64::MIN, 64, 1)]
        {
            assert_eq!(IntRef::Small(value).bit_length(), length);
            assert_eq!(IntRef::Small(value).bit_count(), ones);
            let big = IBig::from(value);
            assert_eq!(IntRef::Big(&big).bit_length(), length);
            assert_eq!(IntRef::Big(&big).bit_count(), ones);
        }
        let big = -(IBig::ONE << 200);
        assert_eq!(IntRef::Big(&big).bit_length(), 201);
    }

    #[test]
    fn budget_separates_memory_from_digits() {
        let budget = BitBudget(1 << 20);
        assert_eq!(budget.admit(1 << 20), Ok(()));
        assert_eq!(budget.admit((1 << 20) + 1), Err(TooLarge::Memory));
        assert_eq!(budget.admit(1 << 63), Err(TooLarge::Digits));
    }
}
