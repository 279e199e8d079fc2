//! Where integers meet floats: exact conversion, exact comparison, true division rounded once.
//!
//! Every rounding goes through [`round_scaled`], which takes a binary integer, a power of two and a sticky bit for
//! what lies below, and rounds to nearest-even exactly once, subnormals included.

use std::cmp::Ordering;
use std::fmt;

use dashu_base::{DivRem, Sign};
use dashu_int::IBig;

use super::float_ops::ldexp;
use super::int::{Int, IntRef};

/// The integer exceeds the float range: `OverflowError`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IntTooLargeForFloat;

impl fmt::Display for IntTooLargeForFloat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("int too large to convert to float")
    }
}

/// Why an integer quotient is not a float.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrueDivError {
    /// `ZeroDivisionError`
    ZeroDivision,
    /// `OverflowError`
    TooLarge,
}

impl fmt::Display for TrueDivError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TrueDivError::ZeroDivision => "division by zero",
            TrueDivError::TooLarge => "integer division result too large for a float",
        })
    }
}

/// Why a float has no integer value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FloatToIntError {
    /// `OverflowError`
    Infinity,
    /// `ValueError`
    Nan,
}

impl fmt::Display for FloatToIntError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            FloatToIntError::Infinity => "cannot convert float infinity to integer",
            FloatToIntError::Nan => "cannot convert float NaN to integer",
        })
    }
}

/// Integers up to this magnitude are floats exactly.
const EXACT: u64 = 1 << f64::MANTISSA_DIGITS;

/// `float(value)`, rounded to nearest-even.
pub fn to_f64(value: IntRef<'_>) -> Result<f64, IntTooLargeForFloat> {
    let big = match value {
        IntRef::Small(small) => return Ok(small as f64),
        IntRef::Big(big) => big,
    };
    let (sign, words) = big.as_sign_words();
    let magnitude = words_to_f64(words).ok_or(IntTooLargeForFloat)?;
    Ok(if sign == Sign::Negative { -magnitude } else { magnitude })
}

/// The nearest float; `None` when there is none.
fn words_to_f64(words: &[u64]) -> Option<f64> {
    let (mantissa, sticky, exponent) = leading_bits(words);
    round_scaled(mantissa, sticky, exponent)
}

/// The two highest words, whether anything below them is non-zero, and the power of two of their last bit.
fn leading_bits(words: &[u64]) -> (u128, bool, i64) {
    let (low, top) = words.split_at(words.len().saturating_sub(2));
    let mantissa = top.iter().rev().fold(0u128, |acc, &word| acc << 64 | u128::from(word));
    (mantissa, low.iter().any(|&word| word != 0), low.len() as i64 * 64)
}

/// An integer as `mantissa * 2**exponent` with `0.5 <= mantissa < 1`, like `frexp`; zero is `(0.0, 0)`. This is how
/// logarithms reach beyond the float range.
pub fn frexp(value: IntRef<'_>) -> (f64, i64) {
    let bits = value.bit_length() as i64;
    let (mantissa, sticky, exponent) = leading_bits(value.widen().as_sign_words().1);
    let fraction = round_scaled(mantissa, sticky, exponent - bits).unwrap_or(0.0);
    // Rounding up reaches 1.0 when all leading bits are ones.
    let (fraction, exponent) = if fraction == 1.0 { (0.5, bits + 1) } else { (fraction, bits) };
    (if value.is_negative() { -fraction } else { fraction }, exponent)
}

/// `mantissa * 2**exponent`, plus something positive below the last bit if `sticky`, rounded to nearest-even.
/// `None` means overflow. A sticky mantissa has more bits than a float, or its last bit would not be the place to round.
pub fn round_scaled(mantissa: u128, sticky: bool, exponent: i64) -> Option<f64> {
    if mantissa == 0 {
        return Some(0.0);
    }
    let bits = i64::from(u128::BITS - mantissa.leading_zeros());
    let top = exponent + bits - 1;
    if top > i64::from(f64::MAX_EXP - 1) {
        return None;
    }
    let subnormal_loss = (i64::from(f64::MIN_EXP - 1) - top).max(0);
    let dropped = (bits - i64::from(f64::MANTISSA_DIGITS) + subnormal_loss).max(0);
    let rounded = shift_right_to_even(mantissa, sticky, dropped);
    let result = ldexp(rounded as f64, exponent + dropped);
    result.is_finite().then_some(result)
}

fn shift_right_to_even(mantissa: u128, sticky: bool, count: i64) -> u128 {
    if count == 0 {
        return mantissa;
    }
    if count > i64::from(u128::BITS) {
        return 0;
    }
    let (kept, rest) = if count == i64::from(u128::BITS) {
        (0, mantissa)
    } else {
        (mantissa >> count, mantissa & ((1 << count) - 1))
    };
    let half = 1u128 << (count - 1);
    let up = match rest.cmp(&half) {
        Ordering::Less => false,
        Ordering::Equal => sticky || kept & 1 == 1,
        Ordering::Greater => true,
    };
    kept + u128::from(up)
}

/// `a / b`, the float nearest to the exact quotient.
pub fn true_div(a: IntRef<'_>, b: IntRef<'_>) -> Result<f64, TrueDivError> {
    if b.is_zero() {
        return Err(TrueDivError::ZeroDivision);
    }
    if let (IntRef::Small(a), IntRef::Small(b)) = (a, b)
        && a.unsigned_abs() <= EXACT
        && b.unsigned_abs() <= EXACT
    {
        return Ok(a as f64 / b as f64);
    }
    let magnitude = divide_magnitudes(a, b).ok_or(TrueDivError::TooLarge)?;
    Ok(if a.is_negative() == b.is_negative() { magnitude } else { -magnitude })
}

/// Bits a quotient is computed to: more than the 55 that rounding needs, and within `u128`.
const QUOTIENT_BITS: i64 = 66;

fn divide_magnitudes(a: IntRef<'_>, b: IntRef<'_>) -> Option<f64> {
    let scale = a.bit_length() as i64 - b.bit_length() as i64;
    if a.is_zero() || scale < i64::from(f64::MIN_EXP) - 64 {
        return Some(0.0);
    }
    if scale > i64::from(f64::MAX_EXP) {
        return None;
    }
    let shift = QUOTIENT_BITS - scale;
    let (a, b) = (a.magnitude(), b.magnitude());
    let (quotient, rest) = if shift >= 0 {
        (a << shift as usize).div_rem(b)
    } else {
        a.div_rem(b << shift.unsigned_abs() as usize)
    };
    round_scaled(u128::try_from(quotient).ok()?, !rest.is_zero(), -shift)
}

/// `int(value)`: truncates; exact otherwise.
pub fn from_f64(value: f64) -> Result<Int, FloatToIntError> {
    if value.is_nan() {
        return Err(FloatToIntError::Nan);
    }
    if value.is_infinite() {
        return Err(FloatToIntError::Infinity);
    }
    // 2**63 is a float, and the first above the range of i64.
    if value.abs() < 9_223_372_036_854_775_808.0 {
        return Ok(Int::Small(value as i64));
    }
    let (mantissa, exponent) = integral_parts(value);
    let magnitude = IBig::from(mantissa) << exponent;
    Ok(Int::from(if value < 0.0 { -magnitude } else { magnitude }))
}

/// Mantissa and shift of a float of magnitude `2**53` or more.
fn integral_parts(value: f64) -> (u64, usize) {
    let bits = value.to_bits();
    let mantissa = (bits & ((1 << 52) - 1)) | 1 << 52;
    (mantissa, ((bits >> 52 & 0x7FF) as usize).saturating_sub(1075))
}

/// The exact order of an integer and a float; `None` for NaN.
pub fn compare(int: IntRef<'_>, float: f64) -> Option<Ordering> {
    match int {
        IntRef::Small(small) if small.unsigned_abs() <= EXACT => (small as f64).partial_cmp(&float),
        _ if float.is_nan() => None,
        _ if float.is_infinite() => Some(if float > 0.0 { Ordering::Less } else { Ordering::Greater }),
        _ => {
            let truncated = from_f64(float).ok()?;
            let order = super::int_ops::compare(int, truncated.as_ref());
            // With equal integral parts the fraction decides.
            Some(order.then(0.0f64.partial_cmp(&float.fract())?))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn big(text: &str) -> IBig {
        text.parse().unwrap()
    }

    #[test]
    fn conversion_rounds_to_even() {
        assert_eq!(to_f64((1 << 53).into()), Ok(9007199254740992.0));
        assert_eq!(to_f64(((1 << 53) + 1).into()), Ok(9007199254740992.0));
        assert_eq!(to_f64(((1 << 53) + 3).into()), Ok(9007199254740996.0));
        let tie = (IBig::ONE << 200) + (IBig::ONE << 147);
        assert_eq!(to_f64((&tie).into()), Ok(2f64.powi(200)));
        assert_eq!(to_f64((&(&tie + IBig::ONE)).into()), Ok(2f64.powi(200) * (1.0 + f64::EPSILON)));
        assert_eq!(to_f64((&-&tie).into()), Ok(-(2f64.powi(200))));
    }

    #[test]
    fn conversion_overflows_where_rounding_does() {
        let limit = (IBig::ONE << 1024) - (IBig::ONE << 970);
        assert_eq!(to_f64((&limit).into()), Err(IntTooLargeForFloat));
        assert_eq!(to_f64((&(limit - IBig::ONE)).into()), Ok(f64::MAX));
        assert_eq!(to_f64((&(IBig::ONE << 100_000)).into()), Err(IntTooLargeForFloat));
    }

    #[test]
    fn true_division() {
        let ten = |exponent| IBig::from(10).pow(exponent);
        assert_eq!(true_div(1.into(), 3.into()), Ok(1.0 / 3.0));
        assert_eq!(true_div((&ten(400)).into(), (&ten(399)).into()), Ok(10.0));
        assert_eq!(true_div((&ten(400)).into(), 1.into()), Err(TrueDivError::TooLarge));
        assert_eq!(true_div(1.into(), 0.into()), Err(TrueDivError::ZeroDivision));
        assert_eq!(true_div(1.into(), (&ten(400)).into()), Ok(0.0));
        assert_eq!(true_div(1.into(), (&(IBig::ONE << 1074)).into()), Ok(5e-324));
        assert_eq!(true_div(1.into(), (&(IBig::ONE << 1075)).into()), Ok(0.0));
        assert_eq!(true_div(3.into(), (&(IBig::ONE << 1076)).into()), Ok(5e-324));
        assert!(true_div(0.into(), (-5).into()).unwrap().is_sign_negative());
        assert!(true_div(0.into(), (&big("-100000000000000000000")).into()).unwrap().is_sign_negative());
        assert_eq!(true_div((-(1i64 << 60)).into(), 3.into()), Ok(-384307168202282325.0 - 0.33));
    }

    #[test]
    fn truncation_is_exact() {
        assert_eq!(from_f64(-2.9), Ok(Int::Small(-2)));
        assert_eq!(from_f64(9223372036854775808.0), Ok(Int::from(1u64 << 63)));
        assert_eq!(from_f64(-9223372036854775808.0), Ok(Int::Small(i64::MIN)));
        assert_eq!(from_f64(1e23), Ok(Int::from(big("99999999999999991611392"))));
        assert_eq!(from_f64(f64::INFINITY), Err(FloatToIntError::Infinity));
        assert_eq!(from_f64(f64::NAN), Err(FloatToIntError::Nan));
    }

    #[test]
    fn comparison_is_exact() {
        assert_eq!(compare(((1 << 53) + 1).into(), 9007199254740992.0), Some(Ordering::Greater));
        assert_eq!(compare(i64::MAX.into(), 9223372036854775808.0), Some(Ordering::Less));
        assert_eq!(compare((-3).into(), -2.5), Some(Ordering::Less));
        assert_eq!(compare((&big("100000000000000000000000")).into(), 1e23), Some(Ordering::Greater));
        assert_eq!(compare((&big("99999999999999991611392")).into(), 1e23), Some(Ordering::Equal));
        assert_eq!(compare((&big("-100000000000000000000000")).into(), 0.5), Some(Ordering::Less));
        assert_eq!(compare(1.into(), f64::NAN), None);
        assert_eq!(
            compare((&big("100000000000000000000000")).into(), f64::NEG_INFINITY),
            Some(Ordering::Greater)
        );
    }

    #[test]
    fn frexp_of_integers() {
        assert_eq!(frexp(0.into()), (0.0, 0));
        assert_eq!(frexp((-8).into()), (-0.5, 4));
        assert_eq!(frexp((&((IBig::ONE << 5000) - IBig::ONE)).into()), (0.5, 5001));
    }
}
