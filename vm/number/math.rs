//! The `math` module's functions of floats: what `std` computes, with the errors Python raises.
//!
//! The rule is C99's Annex F as CPython applies it: NaN from something else is a domain error, an infinity from
//! something finite is a range error or, at a pole, a domain error; underflow is silent. Since 3.14 most domain
//! errors say what was expected.
//!
//! Elementary functions are those of `std`, which calls the platform's libm as CPython does. `std` computes `asinh`,
//! `acosh`, `atanh` by formulas of its own and has no stable `erf` and `erfc`: those five come from pxfm, which rounds
//! correctly, as do current C libraries. `cbrt` is `std`'s, correctly rounded as well.

use std::f64::consts::{LN_2, LOG10_2, PI};
use std::fmt;

use super::float_text::Repr;
use super::int::IntRef;
use super::{gamma, int_float};

/// Why a function has no result.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MathError {
    /// `ValueError`: the argument is outside the domain, which is described.
    Expected {
        /// What the argument should have been.
        what: &'static str,
        /// What it was.
        got: f64,
    },
    /// `ValueError`: the logarithm of an integer below one.
    NotPositive,
    /// `ValueError`, of functions that do not say more.
    Domain,
    /// `OverflowError`
    Range,
    /// `ValueError` from `fma`.
    InvalidFma,
    /// `OverflowError` from `fma`.
    FmaOverflow,
}

impl MathError {
    /// Whether the exception is `OverflowError` rather than `ValueError`.
    pub fn is_overflow(self) -> bool {
        matches!(self, MathError::Range | MathError::FmaOverflow)
    }
}

impl fmt::Display for MathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MathError::Expected { what, got } => {
                write!(f, "expected {what}, got {}", String::from_utf8_lossy(Repr::new(*got).as_bytes()))
            }
            MathError::NotPositive => f.write_str("expected a positive input"),
            MathError::Domain => f.write_str("math domain error"),
            MathError::Range => f.write_str("math range error"),
            MathError::InvalidFma => f.write_str("invalid operation in fma"),
            MathError::FmaOverflow => f.write_str("overflow in fma"),
        }
    }
}

/// What functions of one float return.
pub type MathResult = Result<f64, MathError>;

const FINITE: &str = "a finite input";
const UNIT: &str = "a number in range from -1 up to 1";
const OPEN_UNIT: &str = "a number between -1 and 1";
const AT_LEAST_ONE: &str = "argument value not less than 1";
const ABOVE_MINUS_ONE: &str = "argument value > -1";
const NONNEGATIVE: &str = "a nonnegative input";
const POSITIVE: &str = "a positive input";
const NOT_A_POLE: &str = "a noninteger or positive integer";

/// A result whose infinities are poles: both they and NaN are domain errors.
fn within(x: f64, result: f64, what: &'static str) -> MathResult {
    let new_nan = result.is_nan() && !x.is_nan();
    let pole = result.is_infinite() && x.is_finite();
    if new_nan || pole { Err(MathError::Expected { what, got: x }) } else { Ok(result) }
}

/// A result whose infinities are overflows.
fn in_range(x: f64, result: f64) -> MathResult {
    if result.is_infinite() && x.is_finite() { Err(MathError::Range) } else { Ok(result) }
}

/// `math.sin(x)`
pub fn sin(x: f64) -> MathResult {
    within(x, x.sin(), FINITE)
}

/// `math.cos(x)`
pub fn cos(x: f64) -> MathResult {
    within(x, x.cos(), FINITE)
}

/// `math.tan(x)`
pub fn tan(x: f64) -> MathResult {
    within(x, x.tan(), FINITE)
}

/// `math.asin(x)`
pub fn asin(x: f64) -> MathResult {
    within(x, x.asin(), UNIT)
}

/// `math.acos(x)`
pub fn acos(x: f64) -> MathResult {
    within(x, x.acos(), UNIT)
}

/// `math.atan(x)`
pub fn atan(x: f64) -> f64 {
    x.atan()
}

/// `math.atan2(y, x)`
pub fn atan2(y: f64, x: f64) -> f64 {
    y.atan2(x)
}

/// `math.sinh(x)`
pub fn sinh(x: f64) -> MathResult {
    in_range(x, x.sinh())
}

/// `math.cosh(x)`
pub fn cosh(x: f64) -> MathResult {
    in_range(x, x.cosh())
}

/// `math.tanh(x)`
pub fn tanh(x: f64) -> f64 {
    x.tanh()
}

/// `math.asinh(x)`
pub fn asinh(x: f64) -> f64 {
    pxfm::f_asinh(x)
}

/// `math.acosh(x)`
pub fn acosh(x: f64) -> MathResult {
    within(x, pxfm::f_acosh(x), AT_LEAST_ONE)
}

/// `math.atanh(x)`
pub fn atanh(x: f64) -> MathResult {
    within(x, pxfm::f_atanh(x), OPEN_UNIT)
}

/// `math.exp(x)`
pub fn exp(x: f64) -> MathResult {
    in_range(x, x.exp())
}

/// `math.exp2(x)`
pub fn exp2(x: f64) -> MathResult {
    in_range(x, x.exp2())
}

/// `math.expm1(x)`
pub fn expm1(x: f64) -> MathResult {
    in_range(x, x.exp_m1())
}

/// `math.log1p(x)`
pub fn log1p(x: f64) -> MathResult {
    within(x, x.ln_1p(), ABOVE_MINUS_ONE)
}

/// `math.sqrt(x)`
pub fn sqrt(x: f64) -> MathResult {
    within(x, x.sqrt(), NONNEGATIVE)
}

/// `math.cbrt(x)`
pub fn cbrt(x: f64) -> f64 {
    x.cbrt()
}

/// `math.erf(x)`
pub fn erf(x: f64) -> f64 {
    pxfm::f_erf(x)
}

/// `math.erfc(x)`
pub fn erfc(x: f64) -> f64 {
    pxfm::f_erfc(x)
}

/// `math.gamma(x)`
pub fn gamma(x: f64) -> MathResult {
    let result = gamma::gamma(x);
    if x == 0.0 || result.is_nan() { within(x, result, NOT_A_POLE) } else { in_range(x, result) }
}

/// `math.lgamma(x)`
pub fn lgamma(x: f64) -> MathResult {
    let result = gamma::lgamma(x);
    let pole = x.is_finite() && x <= 0.0 && x == x.floor();
    if pole { within(x, result, NOT_A_POLE) } else { in_range(x, result) }
}

/// The bases that have a logarithm of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogBase {
    /// `math.log`
    E,
    /// `math.log2`
    Two,
    /// `math.log10`
    Ten,
}

impl LogBase {
    fn of(self, x: f64) -> f64 {
        match self {
            LogBase::E => x.ln(),
            LogBase::Two => x.log2(),
            LogBase::Ten => x.log10(),
        }
    }

    fn of_two(self) -> f64 {
        match self {
            LogBase::E => LN_2,
            LogBase::Two => 1.0,
            LogBase::Ten => LOG10_2,
        }
    }
}

/// `math.log(x)`, `math.log2(x)` or `math.log10(x)` of a float.
pub fn log(x: f64, base: LogBase) -> MathResult {
    within(x, base.of(x), POSITIVE)
}

/// The same of an integer, of any size.
pub fn log_int(x: IntRef<'_>, base: LogBase) -> MathResult {
    if x.is_zero() || x.is_negative() {
        return Err(MathError::NotPositive);
    }
    if let Ok(float) = int_float::to_f64(x) {
        return Ok(base.of(float));
    }
    let (fraction, exponent) = int_float::frexp(x);
    Ok(base.of(fraction) + base.of_two() * exponent as f64)
}

/// `math.pow(x, y)`
pub fn pow(x: f64, y: f64) -> MathResult {
    let result = x.powf(y);
    if result.is_finite() || !x.is_finite() || !y.is_finite() {
        Ok(result)
    } else if result.is_nan() || x == 0.0 {
        Err(MathError::Domain)
    } else {
        Err(MathError::Range)
    }
}

/// `math.fmod(x, y)`
pub fn fmod(x: f64, y: f64) -> MathResult {
    domain_of_two(x, y, x % y)
}

/// `math.remainder(x, y)`: the difference from the nearest multiple of `y`, the even multiple in a tie.
pub fn remainder(x: f64, y: f64) -> MathResult {
    if x.is_finite() && y.is_infinite() {
        return Ok(x);
    }
    if !x.is_finite() || !y.is_finite() || y == 0.0 {
        return domain_of_two(x, y, x % y);
    }
    let (size, step) = (x.abs(), y.abs());
    let below = size % step;
    let above = step - below;
    let rest = if below < above {
        below
    } else if below > above {
        -above
    } else {
        // In a tie, the parity of the quotient shows in the remainder of half of what is left.
        below - 2.0 * ((0.5 * (size - below)) % step)
    };
    Ok(1.0f64.copysign(x) * rest)
}

fn domain_of_two(x: f64, y: f64, result: f64) -> MathResult {
    if result.is_nan() && !x.is_nan() && !y.is_nan() { Err(MathError::Domain) } else { Ok(result) }
}

/// `math.fma(x, y, z)`
pub fn fma(x: f64, y: f64, z: f64) -> MathResult {
    let result = x.mul_add(y, z);
    if result.is_nan() && !x.is_nan() && !y.is_nan() && !z.is_nan() {
        Err(MathError::InvalidFma)
    } else if result.is_infinite() && x.is_finite() && y.is_finite() && z.is_finite() {
        Err(MathError::FmaOverflow)
    } else {
        Ok(result)
    }
}

/// `math.frexp(x)`: a fraction in `0.5..1` and a power of two; zeros, infinities and NaN come back with zero.
pub fn frexp(x: f64) -> (f64, i64) {
    if x == 0.0 || !x.is_finite() {
        return (x, 0);
    }
    const TO_NORMAL: f64 = 18014398509481984.0; // 2**54
    let (scaled, lowered) = if x.abs() < f64::MIN_POSITIVE { (x * TO_NORMAL, 54) } else { (x, 0) };
    let bits = scaled.to_bits();
    let exponent = (bits >> 52 & 0x7FF) as i64 - 1022 - lowered;
    (f64::from_bits(bits & !(0x7FF << 52) | 1022 << 52), exponent)
}

/// `math.ldexp(x, exponent)`
pub fn ldexp(x: f64, exponent: i64) -> MathResult {
    in_range(x, super::float_ops::ldexp(x, exponent))
}

/// `math.modf(x)`: fraction and integral part, both with the sign of `x`.
pub fn modf(x: f64) -> (f64, f64) {
    let fraction = if x.is_infinite() { 0.0 } else { x - x.trunc() };
    (fraction.copysign(x), x.trunc())
}

/// `math.nextafter(x, y, steps=steps)`
pub fn nextafter(x: f64, y: f64, steps: u64) -> f64 {
    if steps == 0 {
        return x;
    }
    if x.is_nan() || y.is_nan() {
        return x + y;
    }
    if x == y {
        return y;
    }
    // Floats of one sign are ordered as their bits are; zero, with either sign, is where the two orders meet.
    const SIGN: u64 = 1 << 63;
    let (x_bits, y_bits) = (x.to_bits(), y.to_bits());
    let (x_size, y_size) = (x_bits & !SIGN, y_bits & !SIGN);
    f64::from_bits(if (x_bits ^ y_bits) & SIGN != 0 {
        if x_size + y_size <= steps {
            y_bits
        } else if x_size < steps {
            (y_bits & SIGN) | (steps - x_size)
        } else {
            x_bits - steps
        }
    } else if x_size > y_size {
        x_bits - steps.min(x_size - y_size)
    } else {
        x_bits + steps.min(y_size - x_size)
    })
}

/// `math.ulp(x)`
pub fn ulp(x: f64) -> f64 {
    let size = x.abs();
    if !size.is_finite() {
        return size;
    }
    let next = size.next_up();
    if next.is_finite() { next - size } else { size - size.next_down() }
}

/// `math.degrees(x)`
pub fn degrees(x: f64) -> f64 {
    x * (180.0 / PI)
}

/// `math.radians(x)`
pub fn radians(x: f64) -> f64 {
    x * (PI / 180.0)
}

/// A tolerance below zero: `ValueError`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NegativeTolerance;

impl fmt::Display for NegativeTolerance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("tolerances must be non-negative")
    }
}

/// `math.isclose(a, b, rel_tol=relative, abs_tol=absolute)`
pub fn isclose(a: f64, b: f64, relative: f64, absolute: f64) -> Result<bool, NegativeTolerance> {
    if relative < 0.0 || absolute < 0.0 {
        return Err(NegativeTolerance);
    }
    if a == b {
        return Ok(true);
    }
    if a.is_infinite() || b.is_infinite() {
        return Ok(false);
    }
    let difference = (b - a).abs();
    Ok(difference <= (relative * b).abs() || difference <= (relative * a).abs() || difference <= absolute)
}

#[cfg(test)]
mod tests {
    use super::*;
    use dashu_int::IBig;

    const INF: f64 = f64::INFINITY;

    fn message(result: MathResult) -> String {
        result.unwrap_err().to_string()
    }

    #[test]
    fn errors_say_what_was_expected() {
        assert_eq!(message(sin(INF)), "expected a finite input, got inf");
        assert_eq!(message(acos(2.0)), "expected a number in range from -1 up to 1, got 2.0");
        assert_eq!(message(atanh(1.0)), "expected a number between -1 and 1, got 1.0");
        assert_eq!(message(acosh(0.5)), "expected argument value not less than 1, got 0.5");
        assert_eq!(message(log1p(-1.0)), "expected argument value > -1, got -1.0");
        assert_eq!(message(sqrt(-1e16)), "expected a nonnegative input, got -1e+16");
        assert_eq!(message(log(0.0, LogBase::E)), "expected a positive input, got 0.0");
        assert_eq!(message(log_int(0.into(), LogBase::E)), "expected a positive input");
        assert_eq!(message(gamma(-1.0)), "expected a noninteger or positive integer, got -1.0");
        assert_eq!(message(gamma(0.0)), "expected a noninteger or positive integer, got 0.0");
        assert_eq!(message(gamma(-INF)), "expected a noninteger or positive integer, got -inf");
        assert_eq!(message(lgamma(-4.0)), "expected a noninteger or positive integer, got -4.0");
        assert_eq!(gamma(172.0), Err(MathError::Range));
        assert_eq!(lgamma(1e306), Err(MathError::Range));
        assert_eq!(exp(1000.0), Err(MathError::Range));
        assert_eq!(pow(0.0, -1.0), Err(MathError::Domain));
        assert_eq!(pow(-1.0, 0.5), Err(MathError::Domain));
        assert_eq!(pow(10.0, 400.0), Err(MathError::Range));
        assert_eq!(pow(0.0, -INF), Ok(INF));
        assert_eq!(fmod(INF, 1.0), Err(MathError::Domain));
        assert!(fmod(f64::NAN, 0.0).unwrap().is_nan());
        assert_eq!(ldexp(1.0, 2000), Err(MathError::Range));
        assert_eq!(fma(INF, 0.0, 1.0), Err(MathError::InvalidFma));
        assert_eq!(fma(1e308, 10.0, 1.0), Err(MathError::FmaOverflow));
    }

    #[test]
    fn remainders() {
        assert_eq!(remainder(5.0, 2.0), Ok(1.0));
        assert_eq!(remainder(7.0, 2.0), Ok(-1.0));
        assert_eq!(remainder(-5.5, 2.0), Ok(0.5));
        assert_eq!(remainder(1.0, INF), Ok(1.0));
        assert_eq!(remainder(1.0, 0.0), Err(MathError::Domain));
        assert!(remainder(-4.0, 2.0).unwrap().is_sign_negative());
    }

    #[test]
    fn logarithms_reach_beyond_floats() {
        let ten = |exponent| IBig::from(10).pow(exponent);
        assert_eq!(log_int((&ten(400)).into(), LogBase::Ten), Ok(400.0));
        assert_eq!(log_int((&(IBig::ONE << 2000)).into(), LogBase::Two), Ok(2000.0));
        assert_eq!(log_int(8.into(), LogBase::Two), Ok(3.0));
        assert_eq!(log_int((-8).into(), LogBase::Two), Err(MathError::NotPositive));
    }

    #[test]
    fn parts_of_floats() {
        assert_eq!(frexp(8.0), (0.5, 4));
        assert_eq!(frexp(-5e-324), (-0.5, -1073));
        assert_eq!(frexp(-INF), (-INF, 0));
        assert_eq!(modf(-2.5), (-0.5, -2.0));
        assert_eq!(modf(-INF), (0.0, -INF));
        assert_eq!(ulp(1.0), f64::EPSILON);
        assert_eq!(ulp(0.0), 5e-324);
        assert_eq!(ulp(f64::MAX), 1.99584030953472e+292);
    }

    #[test]
    fn steps() {
        assert_eq!(nextafter(1.0, 2.0, 1), 1.0 + f64::EPSILON);
        assert_eq!(nextafter(1.0, 2.0, u64::MAX), 2.0);
        assert_eq!(nextafter(1.0, f64::NAN, 0), 1.0);
        assert_eq!(nextafter(1.0, -INF, 1 << 62), -f64::MIN_POSITIVE);
        assert!(nextafter(5e-324, -1.0, 1).is_sign_positive());
        assert!(nextafter(0.0, -0.0, 1).is_sign_negative());
        assert_eq!(nextafter(5e-324, -1.0, 2), -5e-324);
    }

    #[test]
    fn closeness() {
        assert_eq!(isclose(1.0, 1.0 + 1e-10, 1e-9, 0.0), Ok(true));
        assert_eq!(isclose(INF, 1e308, 1.0, INF), Ok(false));
        assert_eq!(isclose(INF, INF, 0.0, 0.0), Ok(true));
        assert_eq!(isclose(1.0, 2.0, -1.0, 0.0), Err(NegativeTolerance));
    }
}
