//! The `cmath` module: elementary functions of complex numbers, with C99 Annex G's special values and signed zeros.
//!
//! Each function has two parts: the values at infinities and NaN (`special`), stated as rules instead of tables, and a
//! formula for finite arguments that avoids overflow and cancellation. Circular functions are hyperbolic ones of
//! `i z`. An invalid operation, or a pole, is a domain error.

use std::f64::consts::{E, FRAC_PI_2, LN_2, LN_10};

use super::complex::{self, Complex, complex};
use super::float_ops::ldexp;
use super::math::{MathError, NegativeTolerance, asinh as real_asinh};

/// What functions of complex numbers return.
pub type CmathResult = Result<Complex, MathError>;

/// A quarter of the largest float: sums of a few parts of this size do not overflow.
const LARGE: f64 = f64::MAX / 4.0;
const SQRT_LARGE: f64 = 6.703903964971298e153;
/// Beyond, `exp` is applied in two steps.
const LOG_LARGE: f64 = 708.3964185322641;
const SQRT_SMALLEST_NORMAL: f64 = 1.4916681462400413e-154;
/// Subnormal parts are scaled up by an even power of two before taking roots, and the root scaled down by half.
const SCALE_UP: i64 = 53;
const SCALE_DOWN: i64 = -27;

fn is_finite(z: Complex) -> bool {
    z.real.is_finite() && z.imag.is_finite()
}

/// `z * i`
fn times_i(z: Complex) -> Complex {
    complex(-z.imag, z.real)
}

/// `z / i`
fn over_i(z: Complex) -> Complex {
    complex(z.imag, -z.real)
}

fn in_range(z: Complex) -> CmathResult {
    if z.real.is_infinite() || z.imag.is_infinite() { Err(MathError::Range) } else { Ok(z) }
}

/// `cmath.sqrt(z)`
pub fn sqrt(z: Complex) -> Complex {
    if !is_finite(z) {
        return special::sqrt(z);
    }
    if z.real == 0.0 && z.imag == 0.0 {
        return complex(0.0, z.imag);
    }
    let (x, y) = (z.real.abs(), z.imag.abs());
    let root = if x < f64::MIN_POSITIVE && y < f64::MIN_POSITIVE {
        let (x, y) = (ldexp(x, SCALE_UP), ldexp(y, SCALE_UP));
        ldexp((x + x.hypot(y)).sqrt(), SCALE_DOWN)
    } else {
        let x = x / 8.0;
        2.0 * (x + x.hypot(y / 8.0)).sqrt()
    };
    let other = y / (2.0 * root);
    if z.real >= 0.0 { complex(root, other.copysign(z.imag)) } else { complex(other, root.copysign(z.imag)) }
}

/// `log(hypot(x, y))` for parts near the top of the range.
fn log_of_large(z: Complex) -> f64 {
    (z.real / 2.0).hypot(z.imag / 2.0).ln()
}

fn is_large(z: Complex) -> bool {
    z.real.abs() > LARGE || z.imag.abs() > LARGE
}

/// `cmath.log(z)`
pub fn log(z: Complex) -> CmathResult {
    let angle = z.imag.atan2(z.real);
    if !is_finite(z) {
        return Ok(complex(z.real.hypot(z.imag).ln(), angle));
    }
    let (x, y) = (z.real.abs(), z.imag.abs());
    let length_log = if is_large(z) {
        log_of_large(z) + LN_2
    } else if x < f64::MIN_POSITIVE && y < f64::MIN_POSITIVE {
        if x == 0.0 && y == 0.0 {
            return Err(MathError::Domain);
        }
        let digits = i64::from(f64::MANTISSA_DIGITS);
        ldexp(x, digits).hypot(ldexp(y, digits)).ln() - digits as f64 * LN_2
    } else {
        let length = x.hypot(y);
        if (0.71..=1.73).contains(&length) {
            // Near one the logarithm cancels: compute the square of the length minus one instead.
            let (more, less) = (x.max(y), x.min(y));
            ((more - 1.0) * (more + 1.0) + less * less).ln_1p() / 2.0
        } else {
            length.ln()
        }
    };
    Ok(complex(length_log, angle))
}

/// `cmath.log(z, base)`. As in CPython the logarithm of zero is an error only of the base.
pub fn log_base(z: Complex, base: Complex) -> CmathResult {
    let natural = log(z).unwrap_or(complex(f64::NEG_INFINITY, phase(z)));
    complex::div(natural, log(base)?).map_err(|_| MathError::Domain)
}

/// `cmath.log10(z)`
pub fn log10(z: Complex) -> CmathResult {
    let natural = log(z)?;
    Ok(complex(natural.real / LN_10, natural.imag / LN_10))
}

/// `cmath.exp(z)`
pub fn exp(z: Complex) -> CmathResult {
    if !is_finite(z) {
        return special::exp(z);
    }
    let (sine, cosine) = (z.imag.sin(), z.imag.cos());
    in_range(if z.real > LOG_LARGE {
        let length = (z.real - 1.0).exp();
        complex(length * cosine * E, length * sine * E)
    } else {
        let length = z.real.exp();
        complex(length * cosine, length * sine)
    })
}

/// `cmath.cosh(z)`
pub fn cosh(z: Complex) -> CmathResult {
    if !is_finite(z) {
        return special::cosh(z);
    }
    let (sine, cosine) = (z.imag.sin(), z.imag.cos());
    in_range(if z.real.abs() > LOG_LARGE {
        let x = z.real - 1.0f64.copysign(z.real);
        complex(cosine * x.cosh() * E, sine * x.sinh() * E)
    } else {
        complex(cosine * z.real.cosh(), sine * z.real.sinh())
    })
}

/// `cmath.sinh(z)`
pub fn sinh(z: Complex) -> CmathResult {
    if !is_finite(z) {
        return special::sinh(z);
    }
    let (sine, cosine) = (z.imag.sin(), z.imag.cos());
    in_range(if z.real.abs() > LOG_LARGE {
        let x = z.real - 1.0f64.copysign(z.real);
        complex(cosine * x.sinh() * E, sine * x.cosh() * E)
    } else {
        complex(cosine * z.real.sinh(), sine * z.real.cosh())
    })
}

/// `cmath.tanh(z)`
pub fn tanh(z: Complex) -> CmathResult {
    if !is_finite(z) {
        return special::tanh(z);
    }
    if z.real.abs() > LOG_LARGE {
        let imag = 4.0 * z.imag.sin() * z.imag.cos() * (-2.0 * z.real.abs()).exp();
        return Ok(complex(1.0f64.copysign(z.real), imag));
    }
    let (hyperbolic, circular) = (z.real.tanh(), z.imag.tan());
    let secant = 1.0 / z.real.cosh();
    let product = hyperbolic * circular;
    let denominator = 1.0 + product * product;
    Ok(complex(
        hyperbolic * (1.0 + circular * circular) / denominator,
        circular / denominator * secant * secant,
    ))
}

/// `cmath.cos(z)`
pub fn cos(z: Complex) -> CmathResult {
    cosh(times_i(z))
}

/// `cmath.sin(z)`
pub fn sin(z: Complex) -> CmathResult {
    sinh(times_i(z)).map(over_i)
}

/// `cmath.tan(z)`
pub fn tan(z: Complex) -> CmathResult {
    tanh(times_i(z)).map(over_i)
}

/// `cmath.acos(z)`
pub fn acos(z: Complex) -> Complex {
    if !is_finite(z) {
        return special::acos(z);
    }
    if is_large(z) {
        let imag = log_of_large(z) + LN_2 * 2.0;
        return complex(z.imag.abs().atan2(z.real), imag.copysign(-z.imag));
    }
    let below = sqrt(complex(1.0 - z.real, -z.imag));
    let above = sqrt(complex(1.0 + z.real, z.imag));
    complex(2.0 * below.real.atan2(above.real), real_asinh(above.real * below.imag - above.imag * below.real))
}

/// `cmath.acosh(z)`
pub fn acosh(z: Complex) -> Complex {
    if !is_finite(z) {
        return special::acosh(z);
    }
    if is_large(z) {
        return complex(log_of_large(z) + LN_2 * 2.0, z.imag.atan2(z.real));
    }
    let below = sqrt(complex(z.real - 1.0, z.imag));
    let above = sqrt(complex(z.real + 1.0, z.imag));
    complex(real_asinh(below.real * above.real + below.imag * above.imag), 2.0 * below.imag.atan2(above.real))
}

/// `cmath.asinh(z)`
pub fn asinh(z: Complex) -> Complex {
    if !is_finite(z) {
        return special::asinh(z);
    }
    if is_large(z) {
        let real = log_of_large(z) + LN_2 * 2.0;
        return complex(real.copysign(z.real), z.imag.atan2(z.real.abs()));
    }
    let above = sqrt(complex(1.0 + z.imag, -z.real));
    let below = sqrt(complex(1.0 - z.imag, z.real));
    complex(
        real_asinh(above.real * below.imag - below.real * above.imag),
        z.imag.atan2(above.real * below.real - above.imag * below.imag),
    )
}

/// `cmath.asin(z)`
pub fn asin(z: Complex) -> Complex {
    over_i(asinh(times_i(z)))
}

/// `cmath.atan(z)`
pub fn atan(z: Complex) -> CmathResult {
    atanh(times_i(z)).map(over_i)
}

/// `cmath.atanh(z)`
pub fn atanh(z: Complex) -> CmathResult {
    if !is_finite(z) {
        return Ok(special::atanh(z));
    }
    if z.real.is_sign_negative() {
        return atanh_right(complex::neg(z)).map(complex::neg);
    }
    atanh_right(z)
}

/// On the right half plane.
fn atanh_right(z: Complex) -> CmathResult {
    let y = z.imag.abs();
    if z.real > SQRT_LARGE || y > SQRT_LARGE {
        let half = (z.real / 2.0).hypot(z.imag / 2.0);
        return Ok(complex(z.real / 4.0 / half / half, FRAC_PI_2.copysign(z.imag)));
    }
    if z.real == 1.0 && y < SQRT_SMALLEST_NORMAL {
        if y == 0.0 {
            return Err(MathError::Domain);
        }
        let real = -(y.sqrt() / y.hypot(2.0).sqrt()).ln();
        return Ok(complex(real, (2.0f64.atan2(-y) / 2.0).copysign(z.imag)));
    }
    let gap = 1.0 - z.real;
    Ok(complex(
        (4.0 * z.real / (gap * gap + y * y)).ln_1p() / 4.0,
        -(-2.0 * z.imag).atan2(gap * (1.0 + z.real) - y * y) / 2.0,
    ))
}

/// `cmath.phase(z)`
pub fn phase(z: Complex) -> f64 {
    z.imag.atan2(z.real)
}

/// `cmath.polar(z)`: length and angle.
pub fn polar(z: Complex) -> Result<(f64, f64), MathError> {
    let length = complex::abs(z).map_err(|_| MathError::Range)?;
    Ok((length, phase(z)))
}

/// `cmath.rect(length, angle)`
pub fn rect(length: f64, angle: f64) -> CmathResult {
    if !length.is_finite() || !angle.is_finite() {
        return special::rect(length, angle);
    }
    Ok(complex(length * angle.cos(), length * angle.sin()))
}

/// `cmath.isclose(a, b, rel_tol=relative, abs_tol=absolute)`
pub fn isclose(a: Complex, b: Complex, relative: f64, absolute: f64) -> Result<bool, NegativeTolerance> {
    if relative < 0.0 || absolute < 0.0 {
        return Err(NegativeTolerance);
    }
    if a == b {
        return Ok(true);
    }
    let infinite = |z: Complex| z.real.is_infinite() || z.imag.is_infinite();
    if infinite(a) || infinite(b) {
        return Ok(false);
    }
    let length = |z: Complex| complex::abs(z).unwrap_or(f64::INFINITY);
    let difference = length(complex::sub(a, b));
    Ok(difference <= relative * length(b) || difference <= relative * length(a) || difference <= absolute)
}

/// Values where a part is infinite or NaN.
mod special {
    use super::*;

    const INF: f64 = f64::INFINITY;
    const NAN: f64 = f64::NAN;

    fn infinity_like(x: f64) -> f64 {
        INF.copysign(x)
    }

    fn zero_like(x: f64) -> f64 {
        0.0f64.copysign(x)
    }

    pub(super) fn sqrt(z: Complex) -> Complex {
        let Complex { real: x, imag: y } = z;
        if y.is_infinite() {
            complex(INF, y)
        } else if x == INF {
            complex(INF, if y.is_nan() { y } else { zero_like(y) })
        } else if x == -INF {
            if y.is_nan() { complex(NAN, INF) } else { complex(0.0, infinity_like(y)) }
        } else {
            complex(NAN, NAN)
        }
    }

    pub(super) fn acos(z: Complex) -> Complex {
        let Complex { real: x, imag: y } = z;
        let length = x.hypot(y);
        let imag = if y.is_nan() { length } else { length.copysign(-y) };
        if x == 0.0 { complex(FRAC_PI_2, imag) } else { complex(y.abs().atan2(x), imag) }
    }

    pub(super) fn acosh(z: Complex) -> Complex {
        let Complex { real: x, imag: y } = z;
        if x == 0.0 && y.is_nan() { complex(NAN, FRAC_PI_2) } else { complex(x.hypot(y), y.atan2(x)) }
    }

    pub(super) fn asinh(z: Complex) -> Complex {
        let Complex { real: x, imag: y } = z;
        if x.is_nan() {
            let real = if y.is_infinite() { INF } else { NAN };
            return complex(real, if y == 0.0 { y } else { NAN });
        }
        complex(x.hypot(y).copysign(x), y.atan2(x.abs()))
    }

    pub(super) fn atanh(z: Complex) -> Complex {
        let Complex { real: x, imag: y } = z;
        if x.is_infinite() || y.is_infinite() {
            let real = if x.is_nan() { 0.0 } else { zero_like(x) };
            return complex(real, if y.is_nan() { NAN } else { FRAC_PI_2.copysign(y) });
        }
        complex(if x == 0.0 { x } else { NAN }, NAN)
    }

    pub(super) fn exp(z: Complex) -> CmathResult {
        let Complex { real: x, imag: y } = z;
        if y == 0.0 {
            return Ok(complex(x.exp(), y));
        }
        if y.is_finite() {
            return Ok(if x == INF {
                complex(infinity_like(y.cos()), infinity_like(y.sin()))
            } else if x == -INF {
                complex(zero_like(y.cos()), zero_like(y.sin()))
            } else {
                complex(NAN, NAN)
            });
        }
        if x == -INF {
            return Ok(complex(0.0, 0.0));
        }
        if y.is_infinite() && !x.is_nan() {
            return Err(MathError::Domain);
        }
        Ok(complex(if x == INF { INF } else { NAN }, NAN))
    }

    pub(super) fn cosh(z: Complex) -> CmathResult {
        let Complex { real: x, imag: y } = z;
        if y.is_infinite() && !x.is_nan() {
            return Err(MathError::Domain);
        }
        Ok(if y == 0.0 {
            let imag = if x.is_nan() { 0.0 } else { y * 1.0f64.copysign(x) };
            complex(x.abs(), imag)
        } else if y.is_finite() && x.is_infinite() {
            complex(infinity_like(y.cos()), x * infinity_like(y.sin()))
        } else if x.is_infinite() {
            complex(INF, NAN)
        } else {
            complex(NAN, if x == 0.0 { 0.0 } else { NAN })
        })
    }

    pub(super) fn sinh(z: Complex) -> CmathResult {
        let Complex { real: x, imag: y } = z;
        if y.is_infinite() && !x.is_nan() {
            return Err(MathError::Domain);
        }
        Ok(if y == 0.0 {
            complex(x, y)
        } else if y.is_finite() && x.is_infinite() {
            complex(x * infinity_like(y.cos()), infinity_like(y.sin()))
        } else if x.is_infinite() {
            complex(INF, NAN)
        } else {
            complex(if x == 0.0 { 0.0 } else { NAN }, NAN)
        })
    }

    pub(super) fn tanh(z: Complex) -> CmathResult {
        let Complex { real: x, imag: y } = z;
        if x.is_infinite() {
            let imag = if y.is_finite() { zero_like(2.0 * y.sin() * y.cos()) } else { 0.0 };
            return Ok(complex(1.0f64.copysign(x), imag));
        }
        if y.is_infinite() && !x.is_nan() {
            return Err(MathError::Domain);
        }
        Ok(if x.is_nan() && y == 0.0 {
            complex(NAN, y)
        } else {
            complex(if x == 0.0 { x } else { NAN }, NAN)
        })
    }

    pub(super) fn rect(length: f64, angle: f64) -> CmathResult {
        if length == 0.0 {
            return Ok(complex(0.0, 0.0));
        }
        if angle.is_infinite() && !length.is_nan() {
            return Err(MathError::Domain);
        }
        Ok(if angle == 0.0 {
            let imag = if length.is_nan() { 0.0 } else { angle * 1.0f64.copysign(length) };
            complex(length, imag)
        } else if angle.is_finite() && length.is_infinite() {
            complex(length * infinity_like(angle.cos()), length * infinity_like(angle.sin()))
        } else if length.is_infinite() {
            complex(INF, NAN)
        } else {
            complex(NAN, NAN)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::f64::consts::PI;

    const INF: f64 = f64::INFINITY;
    const NAN: f64 = f64::NAN;

    #[test]
    fn constants_are_what_they_say() {
        assert_eq!(SQRT_LARGE, LARGE.sqrt());
        assert_eq!(LOG_LARGE, LARGE.ln());
        assert_eq!(SQRT_SMALLEST_NORMAL, f64::MIN_POSITIVE.sqrt());
    }

    #[test]
    fn branch_cuts_follow_signed_zeros() {
        assert_eq!(sqrt(complex(-4.0, 0.0)), complex(0.0, 2.0));
        assert_eq!(sqrt(complex(-4.0, -0.0)), complex(0.0, -2.0));
        assert_eq!(log(complex(-1.0, -0.0)), Ok(complex(0.0, -PI)));
        assert_eq!(acos(complex(1e308, 1e308)).imag, -710.235929413006);
    }

    #[test]
    fn poles_and_overflow() {
        assert_eq!(log(complex(0.0, 0.0)), Err(MathError::Domain));
        assert_eq!(log_base(complex(1.0, 0.0), complex(1.0, 0.0)), Err(MathError::Domain));
        assert_eq!(atanh(complex(1.0, 0.0)), Err(MathError::Domain));
        assert_eq!(atan(complex(0.0, 1.0)), Err(MathError::Domain));
        assert_eq!(exp(complex(1000.0, 1.0)), Err(MathError::Range));
        assert_eq!(cosh(complex(1000.0, 0.0)), Err(MathError::Range));
        assert_eq!(rect(1.0, INF), Err(MathError::Domain));
        assert_eq!(tan(complex(INF, 0.0)), Err(MathError::Domain));
    }

    #[test]
    fn special_values() {
        assert_eq!(exp(complex(-INF, INF)), Ok(complex(0.0, 0.0)));
        assert_eq!(acos(complex(-INF, INF)), complex(0.75 * PI, -INF));
        assert_eq!(acosh(complex(-INF, -2.0)), complex(INF, -PI));
        assert_eq!(sqrt(complex(NAN, -INF)), complex(INF, -INF));
        assert_eq!(rect(0.0, NAN), Ok(complex(0.0, 0.0)));
        assert_eq!(atanh(complex(NAN, INF)), Ok(complex(0.0, FRAC_PI_2)));
    }
}
