//! Float arithmetic where Python differs from the hardware: flooring division, powers with errors, decimal rounding.

use std::fmt;

use dashu_int::UBig;

use super::int::Int;
use super::int_float::{self, FloatToIntError, from_f64};
use super::int_ops::{self, ZeroDivision};

/// What `base ** exponent` is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Power {
    /// A float.
    Real(f64),
    /// A negative base with a fractional exponent: the caller raises complex numbers to the power.
    Complex,
}

/// Why a power has no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PowError {
    /// `ZeroDivisionError`
    ZeroToNegative,
    /// `OverflowError`, whose arguments are `(34, 'Numerical result out of range')`.
    Overflow,
}

impl fmt::Display for PowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            PowError::ZeroToNegative => "zero to a negative power",
            PowError::Overflow => "Numerical result out of range",
        })
    }
}

/// `round(x, n)` left the float range: `OverflowError`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RoundOverflow;

impl fmt::Display for RoundOverflow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("rounded value too large to represent")
    }
}

/// Why a float is no ratio of integers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RatioError {
    /// `OverflowError`
    Infinity,
    /// `ValueError`
    Nan,
}

impl fmt::Display for RatioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            RatioError::Infinity => "cannot convert Infinity to integer ratio",
            RatioError::Nan => "cannot convert NaN to integer ratio",
        })
    }
}

/// `a / b`
pub fn true_div(a: f64, b: f64) -> Result<f64, ZeroDivision> {
    if b == 0.0 { Err(ZeroDivision) } else { Ok(a / b) }
}

/// `a // b`
pub fn floor_div(a: f64, b: f64) -> Result<f64, ZeroDivision> {
    divmod(a, b).map(|(quotient, _)| quotient)
}

/// `a % b`, with the sign of `b`, of zero results too.
pub fn floor_mod(a: f64, b: f64) -> Result<f64, ZeroDivision> {
    if b == 0.0 {
        return Err(ZeroDivision);
    }
    let remainder = a % b;
    Ok(if remainder == 0.0 {
        0.0f64.copysign(b)
    } else if (remainder < 0.0) != (b < 0.0) {
        remainder + b
    } else {
        remainder
    })
}

/// `divmod(a, b)`
///
/// The quotient comes from `a - a % b`, which is nearly a multiple of `b`; its distance to the floor tells whether
/// the division rounded it down.
pub fn divmod(a: f64, b: f64) -> Result<(f64, f64), ZeroDivision> {
    let floored = floor_mod(a, b)?;
    let truncated = a % b;
    let adjusted = truncated != 0.0 && (truncated < 0.0) != (b < 0.0);
    let quotient = (a - truncated) / b - f64::from(u8::from(adjusted));
    let floor = quotient.floor();
    Ok(if quotient == 0.0 {
        (0.0f64.copysign(a / b), floored)
    } else if quotient - floor > 0.5 {
        (floor + 1.0, floored)
    } else {
        (floor, floored)
    })
}

/// `base ** exponent`
pub fn pow(base: f64, exponent: f64) -> Result<Power, PowError> {
    if exponent == 0.0 || base == 1.0 {
        return Ok(Power::Real(1.0));
    }
    if base == 0.0 && exponent < 0.0 && exponent.is_finite() {
        return Err(PowError::ZeroToNegative);
    }
    if base < 0.0 && base.is_finite() && exponent.is_finite() && exponent != exponent.floor() {
        return Ok(Power::Complex);
    }
    let power = base.powf(exponent);
    if power.is_infinite() && base.is_finite() && exponent.is_finite() {
        return Err(PowError::Overflow);
    }
    Ok(Power::Real(power))
}

/// `value.is_integer()`
pub fn is_integer(value: f64) -> bool {
    value.is_finite() && value == value.trunc()
}

/// `value.as_integer_ratio()`: numerator and denominator in lowest terms.
pub fn integer_ratio(value: f64) -> Result<(Int, Int), RatioError> {
    match from_f64(value) {
        Err(FloatToIntError::Nan) => return Err(RatioError::Nan),
        Err(FloatToIntError::Infinity) => return Err(RatioError::Infinity),
        Ok(integer) if is_integer(value) => return Ok((integer, Int::ONE)),
        Ok(_) => {}
    }
    let bits = value.to_bits();
    let (fraction, biased) = (bits & ((1 << 52) - 1), (bits >> 52 & 0x7FF) as u32);
    let (mantissa, shift) = if biased == 0 { (fraction, 1074) } else { (fraction | 1 << 52, 1075 - biased) };
    let common = mantissa.trailing_zeros();
    let numerator = (mantissa >> common) as i64;
    let denominator = UBig::ONE << (shift - common) as usize;
    Ok((Int::Small(if value < 0.0 { -numerator } else { numerator }), Int::from(denominator)))
}

/// `value * 2**exponent`, rounded once; overflow gives an infinity.
pub fn ldexp(mut value: f64, exponent: i64) -> f64 {
    // Steps that keep all but the last product out of the subnormals, where it would round twice.
    const UP: f64 = 8.98846567431158e307; // 2**1023
    const DOWN: f64 = 2.004168360008973e-292; // 2**(53 - 1022)
    let mut rest = exponent.clamp(-2200, 2200);
    while rest > 1023 {
        value *= UP;
        rest -= 1023;
    }
    while rest < -1022 {
        value *= DOWN;
        rest += 1022 - 53;
    }
    value * f64::from_bits(((rest + 1023) as u64) << 52)
}

/// Beyond so many decimal places every float is itself.
const MAX_PLACES: i64 = 323;
/// Below so many, every float rounds to zero.
const MIN_PLACES: i64 = -308;

/// `round(value, ndigits)`: the float nearest to the decimal that the exact value rounds to, ties to even.
pub fn round(value: f64, ndigits: i64) -> Result<f64, RoundOverflow> {
    if !value.is_finite() || ndigits > MAX_PLACES || (ndigits >= 0 && value == value.trunc()) {
        return Ok(value);
    }
    if ndigits < MIN_PLACES {
        return Ok(0.0 * value);
    }
    if ndigits < 0 {
        return round_integral(value, ndigits);
    }
    Ok(round_fast(value, ndigits).unwrap_or_else(|| round_by_text(value, ndigits as usize)))
}

/// To a multiple of a power of ten: integer arithmetic on the integral part.
fn round_integral(value: f64, ndigits: i64) -> Result<f64, RoundOverflow> {
    let integral = from_f64(value.abs()).unwrap_or(Int::ZERO);
    let has_fraction = value != value.trunc();
    let rounded = int_ops::round_inexact(integral.as_ref(), ndigits.into(), has_fraction);
    let magnitude = int_float::to_f64(rounded.as_ref()).map_err(|_| RoundOverflow)?;
    Ok(magnitude.copysign(value))
}

/// Both the integer and the power of ten are exact, so their quotient is the float nearest to the decimal.
fn round_fast(value: f64, ndigits: i64) -> Option<f64> {
    let (integer, power) = scale_to_integer(value, ndigits as usize)?;
    Some((integer / power).copysign(value))
}

/// `value * 10**places` rounded to an integer, ties to even, and that power; `None` where this takes more than float
/// arithmetic.
///
/// The power of ten is exact in a float, and the product is known with its rounding error, by a fused multiply-add.
/// Below `2**52` only a product that looks like a tie leaves anything for that error to decide.
pub(super) fn scale_to_integer(value: f64, places: usize) -> Option<(f64, f64)> {
    const POWERS: [f64; 23] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17,
        1e18, 1e19, 1e20, 1e21, 1e22,
    ];
    let power = *POWERS.get(places)?;
    let product = value * power;
    if product.abs() >= 4503599627370496.0 {
        return None;
    }
    let error = value.mul_add(power, -product);
    let nearest = product.round_ties_even();
    let distance = product - nearest;
    let integer = if distance == 0.5 && error > 0.0 {
        nearest + 1.0
    } else if distance == -0.5 && error < 0.0 {
        nearest - 1.0
    } else {
        nearest
    };
    Some((integer, power))
}

fn round_by_text(value: f64, places: usize) -> f64 {
    format!("{value:.places$}").parse().unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn division_floors() {
        assert_eq!(divmod(7.5, 2.0), Ok((3.0, 1.5)));
        assert_eq!(divmod(-7.5, 2.0), Ok((-4.0, 0.5)));
        assert_eq!(divmod(7.5, -2.0), Ok((-4.0, -0.5)));
        assert_eq!(floor_div(1.0, f64::INFINITY), Ok(0.0));
        assert_eq!(floor_div(-1.0, f64::INFINITY), Ok(-1.0));
        assert_eq!(floor_mod(-1.0, f64::INFINITY), Ok(f64::INFINITY));
        assert!(floor_div(f64::INFINITY, 1.0).unwrap().is_nan());
        assert!(floor_mod(0.0, -1.0).unwrap().is_sign_negative());
        assert!(floor_div(-0.0, 1.0).unwrap().is_sign_negative());
        assert_eq!(divmod(1.0, -0.0), Err(ZeroDivision));
        assert_eq!(true_div(1.0, 0.0), Err(ZeroDivision));
    }

    #[test]
    fn powers() {
        let infinity = f64::INFINITY;
        for (base, exponent, expected) in [
            (2.0, 10.0, 1024.0),
            (f64::NAN, 0.0, 1.0),
            (1.0, f64::NAN, 1.0),
            (-1.0, infinity, 1.0),
            (-2.0, infinity, infinity),
            (0.0, -infinity, infinity),
            (-infinity, 0.5, infinity),
            (-infinity, 3.0, -infinity),
            (-8.0, 3.0, -512.0),
            (2.0, -2000.0, 0.0),
        ] {
            assert_eq!(pow(base, exponent), Ok(Power::Real(expected)), "{base} ** {exponent}");
        }
        assert_eq!(pow(-8.0, 1.0 / 3.0), Ok(Power::Complex));
        assert_eq!(pow(-0.0, -3.0), Err(PowError::ZeroToNegative));
        assert_eq!(pow(0.0, -0.5), Err(PowError::ZeroToNegative));
        assert_eq!(pow(-1e300, 3.0), Err(PowError::Overflow));
    }

    #[test]
    fn rounding_is_decimal_and_exact() {
        for (value, ndigits, expected) in [
            (2.675, 2, 2.67),
            (0.125, 2, 0.12),
            (2.5, 0, 2.0),
            (1234.5678, -2, 1200.0),
            (50.0, -2, 0.0),
            (50.5, -2, 100.0),
            (150.0, -2, 200.0),
            (250.0, -2, 200.0),
            (249.9999, -2, 200.0),
            (149.9999, -2, 100.0),
            (1e23, -22, 1e23),
            (1e308, -308, 1e308),
            (5e-324, 323, 0.0),
            (1.5, 400, 1.5),
        ] {
            assert_eq!(round(value, ndigits), Ok(expected), "round({value}, {ndigits})");
        }
        assert_eq!(round(1.7e308, -308), Err(RoundOverflow));
        assert!(round(-0.4, 0).unwrap().is_sign_negative());
        assert!(round(-1.5, -1).unwrap().is_sign_negative());
        assert!(round(-1.5, -400).unwrap().is_sign_negative());
    }

    #[test]
    fn fast_rounding_agrees_with_text() {
        let mut state = 1u64;
        for _ in 0..20_000 {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            let value = ((state >> 20) as f64 / 1000.0 - 1e7) / f64::from((state & 0x7F) as u8 + 1);
            for places in [0, 1, 2, 5, 9] {
                if let Some(fast) = round_fast(value, places) {
                    assert_eq!(
                        fast.to_bits(),
                        round_by_text(value, places as usize).to_bits(),
                        "{value:?} {places}"
                    );
                }
            }
        }
    }

    #[test]
    fn ratios_are_exact() {
        let ratio = |value| integer_ratio(value).unwrap();
        assert_eq!(ratio(0.5), (Int::Small(1), Int::Small(2)));
        assert_eq!(ratio(-0.75), (Int::Small(-3), Int::Small(4)));
        assert_eq!(ratio(3.0), (Int::Small(3), Int::ONE));
        assert_eq!(ratio(5e-324), (Int::ONE, Int::from(UBig::ONE << 1074)));
        assert_eq!(integer_ratio(f64::NAN), Err(RatioError::Nan));
        assert_eq!(integer_ratio(-f64::INFINITY), Err(RatioError::Infinity));
    }

    #[test]
    fn ldexp_rounds_once() {
        assert_eq!(ldexp(1.0, 1024), f64::INFINITY);
        assert_eq!(ldexp(1.0, -1074), 5e-324);
        assert_eq!(ldexp(1.0, -1075), 0.0);
        assert_eq!(ldexp(1.5, -1075), 5e-324);
        assert_eq!(ldexp(5e-324, 2000), 2f64.powi(926));
        assert_eq!(ldexp(1.0, i64::MIN), 0.0);
        assert_eq!(ldexp(0.0, i64::MAX), 0.0);
    }
}
