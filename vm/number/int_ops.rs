//! Integer arithmetic with Python's semantics: division floors, shifts take any count, results never wrap.
//!
//! Each operation tries machine integers first and falls back to bigints; [`Int`] makes the result canonical again.

use std::cmp::Ordering;
use std::fmt;

use dashu_base::{AbsOrd, DivRem, Gcd, Sign, SquareRoot};
use dashu_int::{IBig, UBig};

use super::int::{BitBudget, Int, IntRef, TooLarge};

/// The divisor is zero: `ZeroDivisionError`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ZeroDivision;

impl fmt::Display for ZeroDivision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("division by zero")
    }
}

/// Why a shift has no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShiftError {
    /// `ValueError`: the count is below zero.
    NegativeCount,
    /// The result is too large.
    TooLarge(TooLarge),
}

impl fmt::Display for ShiftError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ShiftError::NegativeCount => f.write_str("negative shift count"),
            ShiftError::TooLarge(error) => error.fmt(f),
        }
    }
}

/// `math.isqrt` of a negative number: `ValueError`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NegativeRoot;

impl fmt::Display for NegativeRoot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("isqrt() argument must be nonnegative")
    }
}

/// `a + b`.
pub fn add(a: IntRef<'_>, b: IntRef<'_>) -> Int {
    match (a, b) {
        (IntRef::Small(a), IntRef::Small(b)) => Int::from(i128::from(a) + i128::from(b)),
        _ => Int::from(&*a.widen() + &*b.widen()),
    }
}

/// `a - b`.
pub fn sub(a: IntRef<'_>, b: IntRef<'_>) -> Int {
    match (a, b) {
        (IntRef::Small(a), IntRef::Small(b)) => Int::from(i128::from(a) - i128::from(b)),
        _ => Int::from(&*a.widen() - &*b.widen()),
    }
}

/// `a * b`.
pub fn mul(a: IntRef<'_>, b: IntRef<'_>) -> Int {
    match (a, b) {
        (IntRef::Small(a), IntRef::Small(b)) => Int::from(i128::from(a) * i128::from(b)),
        _ => Int::from(&*a.widen() * &*b.widen()),
    }
}

/// `-value`.
pub fn neg(value: IntRef<'_>) -> Int {
    match value {
        IntRef::Small(small) => Int::from(-i128::from(small)),
        IntRef::Big(big) => Int::from(-big),
    }
}

/// `~value`.
pub fn invert(value: IntRef<'_>) -> Int {
    match value {
        IntRef::Small(small) => Int::Small(!small),
        IntRef::Big(big) => Int::from(!big),
    }
}

/// `a & b`, on two's complement of unbounded width.
pub fn bit_and(a: IntRef<'_>, b: IntRef<'_>) -> Int {
    match (a, b) {
        (IntRef::Small(a), IntRef::Small(b)) => Int::Small(a & b),
        _ => Int::from(&*a.widen() & &*b.widen()),
    }
}

/// `a | b`, on two's complement of unbounded width.
pub fn bit_or(a: IntRef<'_>, b: IntRef<'_>) -> Int {
    match (a, b) {
        (IntRef::Small(a), IntRef::Small(b)) => Int::Small(a | b),
        _ => Int::from(&*a.widen() | &*b.widen()),
    }
}

/// `a ^ b`, on two's complement of unbounded width.
pub fn bit_xor(a: IntRef<'_>, b: IntRef<'_>) -> Int {
    match (a, b) {
        (IntRef::Small(a), IntRef::Small(b)) => Int::Small(a ^ b),
        _ => Int::from(&*a.widen() ^ &*b.widen()),
    }
}

/// The order of two integers.
pub fn compare(a: IntRef<'_>, b: IntRef<'_>) -> Ordering {
    match (a, b) {
        (IntRef::Small(a), IntRef::Small(b)) => a.cmp(&b),
        _ => a.widen().as_ref().cmp(b.widen().as_ref()),
    }
}

/// `a // b` for machine integers; `None` when `b` is zero or the quotient does not fit.
#[inline]
pub fn floor_div_i64(a: i64, b: i64) -> Option<i64> {
    let quotient = a.checked_div(b)?;
    Some(if quotient * b != a && (a < 0) != (b < 0) { quotient - 1 } else { quotient })
}

/// `a % b` for machine integers, with the sign of `b`; `None` when `b` is zero.
#[inline]
pub fn floor_mod_i64(a: i64, b: i64) -> Option<i64> {
    if b == 0 {
        return None;
    }
    let remainder = a.wrapping_rem(b);
    Some(if remainder != 0 && (remainder < 0) != (b < 0) { remainder + b } else { remainder })
}

/// `a // b`.
pub fn floor_div(a: IntRef<'_>, b: IntRef<'_>) -> Result<Int, ZeroDivision> {
    if let (IntRef::Small(a), IntRef::Small(b)) = (a, b)
        && let Some(quotient) = floor_div_i64(a, b)
    {
        return Ok(Int::Small(quotient));
    }
    divmod(a, b).map(|(quotient, _)| quotient)
}

/// `a % b`, with the sign of `b`.
pub fn floor_mod(a: IntRef<'_>, b: IntRef<'_>) -> Result<Int, ZeroDivision> {
    match (a, b) {
        (IntRef::Small(a), IntRef::Small(b)) => floor_mod_i64(a, b).map(Int::Small).ok_or(ZeroDivision),
        _ if b.is_zero() => Err(ZeroDivision),
        _ => {
            let divisor = b.widen();
            let remainder = &*a.widen() % &*divisor;
            Ok(Int::from(floor_remainder(remainder, &divisor)))
        }
    }
}

/// `divmod(a, b)`: the floored quotient, and the remainder with the sign of `b`.
pub fn divmod(a: IntRef<'_>, b: IntRef<'_>) -> Result<(Int, Int), ZeroDivision> {
    if b.is_zero() {
        return Err(ZeroDivision);
    }
    if let (IntRef::Small(a), IntRef::Small(b)) = (a, b)
        && let (Some(quotient), Some(remainder)) = (floor_div_i64(a, b), floor_mod_i64(a, b))
    {
        return Ok((Int::Small(quotient), Int::Small(remainder)));
    }
    let divisor = b.widen();
    let (quotient, remainder) = (&*a.widen()).div_rem(&*divisor);
    let floors_lower = !remainder.is_zero() && remainder.sign() != divisor.sign();
    let quotient = if floors_lower { quotient - IBig::ONE } else { quotient };
    Ok((Int::from(quotient), Int::from(floor_remainder(remainder, &divisor))))
}

/// Turns the remainder of a truncating division into that of a floored one.
fn floor_remainder(remainder: IBig, divisor: &IBig) -> IBig {
    if !remainder.is_zero() && remainder.sign() != divisor.sign() { remainder + divisor } else { remainder }
}

/// `value << count`.
pub fn shl(value: IntRef<'_>, count: IntRef<'_>, budget: BitBudget) -> Result<Int, ShiftError> {
    if count.is_negative() {
        return Err(ShiftError::NegativeCount);
    }
    if value.is_zero() {
        return Ok(Int::ZERO);
    }
    let count = count.to_i64().ok_or(ShiftError::TooLarge(TooLarge::Digits))?;
    if let IntRef::Small(small) = value
        && count < 64
    {
        return Ok(Int::from(i128::from(small) << count));
    }
    budget.admit(u128::from(value.bit_length()) + count as u128).map_err(ShiftError::TooLarge)?;
    let count = usize::try_from(count).map_err(|_| ShiftError::TooLarge(TooLarge::Memory))?;
    Ok(Int::from(&*value.widen() << count))
}

/// `value >> count`, rounding down.
pub fn shr(value: IntRef<'_>, count: IntRef<'_>) -> Result<Int, ShiftError> {
    if count.is_negative() {
        return Err(ShiftError::NegativeCount);
    }
    let count = count.to_i64().and_then(|count| usize::try_from(count).ok()).unwrap_or(usize::MAX);
    Ok(match value {
        IntRef::Small(small) => Int::Small(small >> count.min(63)),
        IntRef::Big(_) if count as u64 >= value.bit_length() => Int::Small(-i64::from(value.is_negative())),
        IntRef::Big(big) => Int::from(big >> count),
    })
}

/// `math.gcd(a, b)`.
pub fn gcd(a: IntRef<'_>, b: IntRef<'_>) -> Int {
    match (a, b) {
        (IntRef::Small(a), IntRef::Small(b)) => Int::from(gcd_u64(a.unsigned_abs(), b.unsigned_abs())),
        _ if a.is_zero() => super::int::abs(b),
        _ if b.is_zero() => super::int::abs(a),
        _ => Int::from((&*a.widen()).gcd(&*b.widen())),
    }
}

/// Stein's algorithm: shifts and subtractions instead of divisions.
fn gcd_u64(mut a: u64, mut b: u64) -> u64 {
    if a == 0 || b == 0 {
        return a | b;
    }
    let common = (a | b).trailing_zeros();
    a >>= a.trailing_zeros();
    while b != 0 {
        b >>= b.trailing_zeros();
        (a, b) = (a.min(b), a.abs_diff(b));
    }
    a << common
}

/// `math.lcm(a, b)`.
pub fn lcm(a: IntRef<'_>, b: IntRef<'_>) -> Int {
    if a.is_zero() || b.is_zero() {
        return Int::ZERO;
    }
    let divisor = gcd(a, b);
    let product = match (a, divisor.as_ref()) {
        (IntRef::Small(a), IntRef::Small(divisor)) => {
            mul(Int::from(i128::from(a) / i128::from(divisor)).as_ref(), b)
        }
        (_, divisor) => mul(Int::from(&*a.widen() / &*divisor.widen()).as_ref(), b),
    };
    super::int::abs(product.as_ref())
}

/// `math.isqrt(value)`: the floor of the square root.
pub fn isqrt(value: IntRef<'_>) -> Result<Int, NegativeRoot> {
    match value {
        _ if value.is_negative() => Err(NegativeRoot),
        IntRef::Small(small) => Ok(Int::Small(small.isqrt())),
        IntRef::Big(_) => Ok(Int::from(SquareRoot::sqrt(&value.magnitude()))),
    }
}

/// `round(value, ndigits)`: to a multiple of `10**-ndigits`, ties to the even multiple.
pub fn round(value: IntRef<'_>, ndigits: IntRef<'_>) -> Int {
    round_inexact(value, ndigits, false)
}

/// [`round`] of something whose integral part is `value`, with a fraction beyond it if `has_fraction`; then nothing
/// is a tie.
pub(super) fn round_inexact(value: IntRef<'_>, ndigits: IntRef<'_>, has_fraction: bool) -> Int {
    if !ndigits.is_negative() {
        return value.to_int();
    }
    // More places than the value has decimal digits: less than half a unit, so zero.
    let digits_bound = value.bit_length() * 30103 / 100_000 + 2;
    match ndigits.to_i64().map(i64::unsigned_abs) {
        Some(places) if places <= digits_bound => round_to_power_of_ten(value, places as usize, has_fraction),
        _ => Int::ZERO,
    }
}

fn round_to_power_of_ten(value: IntRef<'_>, places: usize, has_fraction: bool) -> Int {
    let unit = IBig::from(UBig::from(10u8).pow(places));
    let value = value.widen();
    let (truncated, rest) = (&*value).div_rem(&unit);
    let doubled: IBig = rest << 1;
    let away_from_zero = match doubled.abs_cmp(&unit) {
        Ordering::Less => false,
        Ordering::Equal => has_fraction || IntRef::Big(&truncated).is_odd(),
        Ordering::Greater => true,
    };
    let step = if !away_from_zero {
        IBig::ZERO
    } else if value.sign() == Sign::Negative {
        IBig::NEG_ONE
    } else {
        IBig::ONE
    };
    Int::from((truncated + step) * unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUDGET: BitBudget = BitBudget(1 << 20);

    fn big(text: &str) -> Int {
        Int::from(text.parse::<IBig>().unwrap())
    }

    #[test]
    fn division_floors_for_every_sign() {
        for (a, b, quotient, remainder) in
            [(7, 2, 3, 1), (-7, 2, -4, 1), (7, -2, -4, -1), (-7, -2, 3, -1), (6, -3, -2, 0)]
        {
            let expected = (Int::Small(quotient), Int::Small(remainder));
            assert_eq!(divmod(a.into(), b.into()), Ok(expected.clone()));
            let (wide_a, wide_b) = (IBig::from(a), IBig::from(b));
            assert_eq!(divmod((&wide_a).into(), (&wide_b).into()), Ok(expected));
            assert_eq!(floor_mod((&wide_a).into(), b.into()), Ok(Int::Small(remainder)));
        }
        assert_eq!(floor_div(i64::MIN.into(), (-1).into()), Ok(Int::from(1u64 << 63)));
        assert_eq!(divmod(i64::MIN.into(), (-1).into()), Ok((Int::from(1u64 << 63), Int::ZERO)));
        assert_eq!(floor_mod(i64::MIN.into(), (-1).into()), Ok(Int::ZERO));
        assert_eq!(floor_div(1.into(), 0.into()), Err(ZeroDivision));
        assert_eq!(floor_mod(1.into(), 0.into()), Err(ZeroDivision));
        assert_eq!(divmod(big("1000000000000000000000").as_ref(), 0.into()), Err(ZeroDivision));
    }

    #[test]
    fn shifts_take_any_count() {
        let huge = big("1180591620717411303424");
        assert_eq!(shl(1.into(), 70.into(), BUDGET), Ok(huge.clone()));
        assert_eq!(shl(0.into(), huge.as_ref(), BUDGET), Ok(Int::ZERO));
        assert_eq!(shl(1.into(), huge.as_ref(), BUDGET), Err(ShiftError::TooLarge(TooLarge::Digits)));
        assert_eq!(shl(1.into(), i64::MAX.into(), BUDGET), Err(ShiftError::TooLarge(TooLarge::Digits)));
        assert_eq!(shl(1.into(), (1 << 40).into(), BUDGET), Err(ShiftError::TooLarge(TooLarge::Memory)));
        assert_eq!(shl(1.into(), (-1).into(), BUDGET), Err(ShiftError::NegativeCount));
        assert_eq!(shr((-1).into(), huge.as_ref()), Ok(Int::Small(-1)));
        assert_eq!(shr(neg(huge.as_ref()).as_ref(), 69.into()), Ok(Int::Small(-2)));
        assert_eq!(shr(neg(huge.as_ref()).as_ref(), 71.into()), Ok(Int::Small(-1)));
        assert_eq!(shr(5.into(), (-1).into()), Err(ShiftError::NegativeCount));
    }

    #[test]
    fn divisors_and_roots() {
        assert_eq!(gcd((-12).into(), 18.into()), Int::Small(6));
        assert_eq!(gcd(0.into(), 0.into()), Int::ZERO);
        assert_eq!(gcd(i64::MIN.into(), 0.into()), Int::from(1u64 << 63));
        assert_eq!(gcd(big("-36893488147419103232").as_ref(), 0.into()), big("36893488147419103232"));
        assert_eq!(lcm(4.into(), (-6).into()), Int::Small(12));
        assert_eq!(lcm(i64::MIN.into(), i64::MIN.into()), Int::from(1u64 << 63));
        assert_eq!(isqrt(99.into()), Ok(Int::Small(9)));
        assert_eq!(
            isqrt(big("100000000000000000000000000000000000000").as_ref()),
            Ok(big("10000000000000000000"))
        );
        assert_eq!(isqrt((-1).into()), Err(NegativeRoot));
    }

    #[test]
    fn round_is_half_to_even() {
        for (value, ndigits, expected) in [
            (5, -1, 0),
            (15, -1, 20),
            (25, -1, 20),
            (-25, -1, -20),
            (-26, -1, -30),
            (149, -2, 100),
            (5, 3, 5),
            (9, -2, 0),
        ] {
            assert_eq!(
                round(value.into(), ndigits.into()),
                Int::Small(expected),
                "round({value}, {ndigits})"
            );
        }
        assert_eq!(round(i64::MAX.into(), (-19).into()), big("10000000000000000000"));
        assert_eq!(round(i64::MAX.into(), i64::MIN.into()), Int::ZERO);
        assert_eq!(round(1.into(), big("-1180591620717411303424").as_ref()), Int::ZERO);
    }
}
