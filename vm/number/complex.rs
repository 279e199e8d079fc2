//! Complex arithmetic by the rules of 3.14.
//!
//! A real operand is not widened to a complex one: `x + z` leaves the imaginary part alone, and `x * z` scales both
//! parts, so that signed zeros, infinities and NaNs survive. Products and quotients that come out as NaN + NaNj
//! although an operand was infinite (or the divisor was) are recomputed as C's Annex G prescribes.

use std::fmt;

use super::int_ops::ZeroDivision;

/// A complex number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Complex {
    /// `z.real`
    pub real: f64,
    /// `z.imag`
    pub imag: f64,
}

/// Why a complex power has no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ComplexPowError {
    /// `ZeroDivisionError`
    ZeroToNegative,
    /// `OverflowError`
    Overflow,
}

impl fmt::Display for ComplexPowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ComplexPowError::ZeroToNegative => "zero to a negative or complex power",
            ComplexPowError::Overflow => "complex exponentiation",
        })
    }
}

/// `abs(z)` left the float range: `OverflowError`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AbsOverflow;

impl fmt::Display for AbsOverflow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("absolute value too large")
    }
}

/// `real + imag*1j` exactly as given.
pub const fn complex(real: f64, imag: f64) -> Complex {
    Complex { real, imag }
}

impl From<f64> for Complex {
    fn from(real: f64) -> Self {
        complex(real, 0.0)
    }
}

/// `a + b`
pub fn add(a: Complex, b: Complex) -> Complex {
    complex(a.real + b.real, a.imag + b.imag)
}

/// `z + x`, and `x + z`
pub fn add_real(z: Complex, x: f64) -> Complex {
    complex(z.real + x, z.imag)
}

/// `a - b`
pub fn sub(a: Complex, b: Complex) -> Complex {
    complex(a.real - b.real, a.imag - b.imag)
}

/// `z - x`
pub fn sub_real(z: Complex, x: f64) -> Complex {
    complex(z.real - x, z.imag)
}

/// `x - z`
pub fn real_sub(x: f64, z: Complex) -> Complex {
    complex(x - z.real, -z.imag)
}

/// `-z`
pub fn neg(z: Complex) -> Complex {
    complex(-z.real, -z.imag)
}

/// `z * x`, and `x * z`
pub fn mul_real(z: Complex, x: f64) -> Complex {
    complex(z.real * x, z.imag * x)
}

/// `a * b`
pub fn mul(a: Complex, b: Complex) -> Complex {
    let products = [a.real * b.real, a.imag * b.imag, a.real * b.imag, a.imag * b.real];
    let [rr, ii, ri, ir] = products;
    let result = complex(rr - ii, ri + ir);
    if result.real.is_nan() && result.imag.is_nan() {
        recover_product(a, b, products).unwrap_or(result)
    } else {
        result
    }
}

/// The infinity that a product with an infinite factor, or infinite partial products, stands for.
#[cold]
fn recover_product(mut a: Complex, mut b: Complex, products: [f64; 4]) -> Option<Complex> {
    let mut infinite = false;
    if is_infinite(a) {
        a = infinity_box(a);
        b = nans_to_zeros(b);
        infinite = true;
    }
    if is_infinite(b) {
        b = infinity_box(b);
        a = nans_to_zeros(a);
        infinite = true;
    }
    if !infinite && products.iter().any(|product| product.is_infinite()) {
        a = nans_to_zeros(a);
        b = nans_to_zeros(b);
        infinite = true;
    }
    infinite.then(|| {
        complex(
            f64::INFINITY * (a.real * b.real - a.imag * b.imag),
            f64::INFINITY * (a.real * b.imag + a.imag * b.real),
        )
    })
}

fn is_infinite(z: Complex) -> bool {
    z.real.is_infinite() || z.imag.is_infinite()
}

fn is_finite(z: Complex) -> bool {
    z.real.is_finite() && z.imag.is_finite()
}

/// Infinite parts become ones, finite parts zeros, with their signs.
fn infinity_box(z: Complex) -> Complex {
    let part = |x: f64| f64::from(u8::from(x.is_infinite())).copysign(x);
    complex(part(z.real), part(z.imag))
}

fn nans_to_zeros(z: Complex) -> Complex {
    let part = |x: f64| if x.is_nan() { 0.0f64.copysign(x) } else { x };
    complex(part(z.real), part(z.imag))
}

/// `z / x`
pub fn div_real(z: Complex, x: f64) -> Result<Complex, ZeroDivision> {
    if x == 0.0 { Err(ZeroDivision) } else { Ok(complex(z.real / x, z.imag / x)) }
}

/// `a / b`, by Smith's method: numerator and denominator are first divided by the larger part of `b`.
pub fn div(a: Complex, b: Complex) -> Result<Complex, ZeroDivision> {
    let quotient = if b.real.abs() >= b.imag.abs() {
        if b.real == 0.0 {
            return Err(ZeroDivision);
        }
        let ratio = b.imag / b.real;
        let denominator = b.real + b.imag * ratio;
        complex((a.real + a.imag * ratio) / denominator, (a.imag - a.real * ratio) / denominator)
    } else if b.imag.abs() >= b.real.abs() {
        let ratio = b.real / b.imag;
        let denominator = b.real * ratio + b.imag;
        complex((a.real * ratio + a.imag) / denominator, (a.imag * ratio - a.real) / denominator)
    } else {
        complex(f64::NAN, f64::NAN)
    };
    Ok(if quotient.real.is_nan() && quotient.imag.is_nan() {
        recover_quotient(a, b).unwrap_or(quotient)
    } else {
        quotient
    })
}

#[cold]
fn recover_quotient(a: Complex, b: Complex) -> Option<Complex> {
    if is_infinite(a) && is_finite(b) {
        let a = infinity_box(a);
        Some(complex(
            f64::INFINITY * (a.real * b.real + a.imag * b.imag),
            f64::INFINITY * (a.imag * b.real - a.real * b.imag),
        ))
    } else if is_infinite(b) && is_finite(a) {
        let b = infinity_box(b);
        Some(complex(0.0 * (a.real * b.real + a.imag * b.imag), 0.0 * (a.imag * b.real - a.real * b.imag)))
    } else {
        None
    }
}

/// `x / z`
pub fn real_div(x: f64, z: Complex) -> Result<Complex, ZeroDivision> {
    let quotient = if z.real.abs() >= z.imag.abs() {
        if z.real == 0.0 {
            return Err(ZeroDivision);
        }
        let ratio = z.imag / z.real;
        let denominator = z.real + z.imag * ratio;
        complex(x / denominator, -x * ratio / denominator)
    } else if z.imag.abs() >= z.real.abs() {
        let ratio = z.real / z.imag;
        let denominator = z.real * ratio + z.imag;
        complex(x * ratio / denominator, -x / denominator)
    } else {
        complex(f64::NAN, f64::NAN)
    };
    let recoverable = quotient.real.is_nan() && quotient.imag.is_nan() && x.is_finite() && is_infinite(z);
    if !recoverable {
        return Ok(quotient);
    }
    let z = infinity_box(z);
    Ok(complex(0.0 * (x * z.real), 0.0 * (-x * z.imag)))
}

/// Integer exponents up to here are powers by multiplication.
const LARGEST_INTEGER_EXPONENT: f64 = 100.0;

/// `a ** b`
pub fn pow(a: Complex, b: Complex) -> Result<Complex, ComplexPowError> {
    let integral = b.imag == 0.0 && b.real == b.real.floor() && b.real.abs() <= LARGEST_INTEGER_EXPONENT;
    let power = if integral { integer_pow(a, b.real as i32)? } else { polar_pow(a, b)? };
    if is_infinite(power) { Err(ComplexPowError::Overflow) } else { Ok(power) }
}

fn integer_pow(base: Complex, exponent: i32) -> Result<Complex, ComplexPowError> {
    let power = repeated_square(base, exponent.unsigned_abs());
    if exponent > 0 {
        return Ok(power);
    }
    div(complex(1.0, 0.0), power).map_err(|_| ComplexPowError::ZeroToNegative)
}

fn repeated_square(base: Complex, mut exponent: u32) -> Complex {
    let (mut power, mut square) = (complex(1.0, 0.0), base);
    while exponent != 0 {
        if exponent & 1 == 1 {
            power = mul(power, square);
        }
        square = mul(square, square);
        exponent >>= 1;
    }
    power
}

fn polar_pow(a: Complex, b: Complex) -> Result<Complex, ComplexPowError> {
    if b.real == 0.0 && b.imag == 0.0 {
        return Ok(complex(1.0, 0.0));
    }
    if a.real == 0.0 && a.imag == 0.0 {
        let undefined = b.imag != 0.0 || b.real < 0.0;
        return if undefined { Err(ComplexPowError::ZeroToNegative) } else { Ok(complex(0.0, 0.0)) };
    }
    let modulus = a.real.hypot(a.imag);
    let angle = a.imag.atan2(a.real);
    let mut length = modulus.powf(b.real);
    let mut phase = angle * b.real;
    if b.imag != 0.0 {
        length *= (-angle * b.imag).exp();
        phase += b.imag * modulus.ln();
    }
    if phase.is_infinite() {
        // The circular functions report a domain error, which CPython words like this.
        return Err(ComplexPowError::ZeroToNegative);
    }
    Ok(complex(length * phase.cos(), length * phase.sin()))
}

/// `abs(z)`; an infinite part wins over NaN.
pub fn abs(z: Complex) -> Result<f64, AbsOverflow> {
    let length = z.real.hypot(z.imag);
    if length.is_infinite() && is_finite(z) { Err(AbsOverflow) } else { Ok(length) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INF: f64 = f64::INFINITY;
    const NAN: f64 = f64::NAN;

    #[test]
    fn real_operands_leave_the_other_part_alone() {
        let z = complex(INF, -0.0);
        assert!(add_real(z, 1.0).imag.is_sign_negative());
        assert!(mul_real(z, 1.0).imag.is_sign_negative());
        assert!(real_sub(-0.0, complex(0.0, 0.0)).imag.is_sign_negative());
    }

    #[test]
    fn infinities_are_recovered() {
        assert_eq!(mul(complex(INF, NAN), complex(1.0, 1.0)), complex(INF, INF));
        assert_eq!(div(complex(1.0, 1.0), complex(INF, NAN)), Ok(complex(0.0, 0.0)));
        assert_eq!(div(complex(INF, 1.0), complex(1.0, 1.0)), Ok(complex(INF, -INF)));
        assert_eq!(real_div(1.0, complex(INF, INF)), Ok(complex(0.0, -0.0)));
    }

    #[test]
    fn division() {
        assert_eq!(div(complex(1.0, 2.0), complex(3.0, 4.0)), Ok(complex(0.44, 0.08)));
        assert_eq!(div(complex(1.0, 0.0), complex(0.0, 0.0)), Err(ZeroDivision));
        assert_eq!(real_div(1.0, complex(0.0, -0.0)), Err(ZeroDivision));
        assert_eq!(div_real(complex(1.0, 0.0), 0.0), Err(ZeroDivision));
    }

    #[test]
    fn powers() {
        assert_eq!(pow(complex(1.0, 2.0), complex(3.0, 0.0)), Ok(complex(-11.0, -2.0)));
        assert_eq!(pow(complex(2.0, 0.0), complex(-3.0, 0.0)), Ok(complex(0.125, 0.0)));
        assert_eq!(
            pow(complex(2.0, 0.0), complex(0.0, 1.0)),
            Ok(complex(0.7692389013639721, 0.6389612763136348))
        );
        assert_eq!(pow(complex(0.0, 0.0), complex(0.0, 0.0)), Ok(complex(1.0, 0.0)));
        assert_eq!(pow(complex(0.0, 0.0), complex(-1.0, 0.0)), Err(ComplexPowError::ZeroToNegative));
        assert_eq!(pow(complex(0.0, 0.0), complex(0.0, 1.0)), Err(ComplexPowError::ZeroToNegative));
        assert_eq!(pow(complex(1e308, 1e308), complex(1.5, 0.0)), Err(ComplexPowError::Overflow));
    }

    #[test]
    fn absolute_values() {
        assert_eq!(abs(complex(3.0, -4.0)), Ok(5.0));
        assert_eq!(abs(complex(NAN, -INF)), Ok(INF));
        assert_eq!(abs(complex(1.5e308, 1.5e308)), Err(AbsOverflow));
        assert!(abs(complex(NAN, 0.0)).unwrap().is_nan());
    }
}
