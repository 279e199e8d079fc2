//! The gamma function and the logarithm of its absolute value, as CPython computes them.
//!
//! Both use Lanczos' approximation with 13 terms, written as a ratio of two polynomials; negative arguments go
//! through the reflection formula `gamma(x) gamma(-x) = -pi / (x sin(pi x))`.

use std::f64::consts::PI;

/// Lanczos' parameter g.
const G: f64 = 6.02468004077673;
const G_MINUS_HALF: f64 = 5.52468004077673;
const LN_PI: f64 = 1.1447298858494002;

/// Numerator of the Lanczos sum, lowest power first.
const NUMERATOR: [f64; 13] = [
    23531376880.41076,
    42919803642.6491,
    35711959237.35567,
    17921034426.03721,
    6039542586.352028,
    1439720407.3117216,
    248874557.86205417,
    31426415.585400194,
    2876370.6289353725,
    186056.26539522348,
    8071.672002365816,
    210.82427775157936,
    2.5066282746310002,
];

/// Denominator, `x (x + 1) ... (x + 11)` expanded, lowest power first.
const DENOMINATOR: [f64; 13] = [
    0.0,
    39916800.0,
    120543840.0,
    150917976.0,
    105258076.0,
    45995730.0,
    13339535.0,
    2637558.0,
    357423.0,
    32670.0,
    1925.0,
    66.0,
    1.0,
];

/// The largest integer whose gamma, a factorial, is an exact float.
const LARGEST_EXACT: f64 = 23.0;
/// Above, gamma overflows; below its negative, it is a zero.
const FAR: f64 = 200.0;
/// Below, `gamma(x)` is `1 / x` to the last bit.
const TINY: f64 = 1e-20;
/// From here on `y ** (x - 0.5)` overflows although the result may not, so it is applied in two halves.
const SPLIT_POWER: f64 = 140.0;

/// `gamma(x)`. Poles give NaN or an infinity, overflow an infinity.
pub fn gamma(x: f64) -> f64 {
    if !x.is_finite() {
        return if x == f64::NEG_INFINITY { f64::NAN } else { x };
    }
    if x == 0.0 {
        return f64::INFINITY.copysign(x);
    }
    if x == x.floor() {
        if x < 0.0 {
            return f64::NAN;
        }
        if x <= LARGEST_EXACT {
            return (2..x as u32).map(f64::from).product();
        }
    }
    let size = x.abs();
    if size < TINY {
        return 1.0 / x;
    }
    if size > FAR {
        return if x < 0.0 { 0.0 / sin_pi(x) } else { f64::INFINITY };
    }
    lanczos_gamma(x, size)
}

fn lanczos_gamma(x: f64, size: f64) -> f64 {
    let y = size + G_MINUS_HALF;
    // The rounding error of y, whose effect on y ** (x - 0.5) / exp(y) is corrected to first order.
    let error = if size > G_MINUS_HALF { (y - size) - G_MINUS_HALF } else { (y - G_MINUS_HALF) - size };
    let correction = error * G / y;
    if x < 0.0 {
        let mut result = -PI / sin_pi(size) / size * y.exp() / lanczos_sum(size);
        result -= correction * result;
        if size < SPLIT_POWER {
            result / y.powf(size - 0.5)
        } else {
            let root = y.powf(size / 2.0 - 0.25);
            result / root / root
        }
    } else {
        let mut result = lanczos_sum(size) / y.exp();
        result += correction * result;
        if size < SPLIT_POWER {
            result * y.powf(size - 0.5)
        } else {
            let root = y.powf(size / 2.0 - 0.25);
            result * root * root
        }
    }
}

/// `log(abs(gamma(x)))`. Poles and overflow give an infinity.
pub fn lgamma(x: f64) -> f64 {
    if !x.is_finite() {
        return if x.is_nan() { x } else { f64::INFINITY };
    }
    if x == x.floor() && x <= 2.0 {
        return if x <= 0.0 { f64::INFINITY } else { 0.0 };
    }
    let size = x.abs();
    if size < TINY {
        return -size.ln();
    }
    let mut result = lanczos_sum(size).ln() - G;
    result += (size - 0.5) * ((size + G - 0.5).ln() - 1.0);
    if x < 0.0 {
        result = LN_PI - sin_pi(size).abs().ln() - size.ln() - result;
    }
    result
}

/// The rational function; in powers of `1 / x` for larger `x`, which keeps it accurate and in range.
fn lanczos_sum(x: f64) -> f64 {
    let coefficients = NUMERATOR.iter().zip(&DENOMINATOR);
    let (numerator, denominator) = if x < 5.0 {
        coefficients.rev().fold((0.0, 0.0), |(n, d), (a, b)| (n * x + a, d * x + b))
    } else {
        coefficients.fold((0.0, 0.0), |(n, d), (a, b)| (n / x + a, d / x + b))
    };
    numerator / denominator
}

/// `sin(pi * x)`, accurate near integers: the argument is first brought within a quarter of a multiple of a half.
fn sin_pi(x: f64) -> f64 {
    let y = x.abs() % 2.0;
    let sine = match (2.0 * y).round() as u8 {
        0 => (PI * y).sin(),
        1 => (PI * (y - 0.5)).cos(),
        2 => (PI * (1.0 - y)).sin(),
        3 => -(PI * (y - 1.5)).cos(),
        _ => (PI * (y - 2.0)).sin(),
    };
    sine * 1.0f64.copysign(x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gamma_at_integers_and_poles() {
        assert_eq!(gamma(1.0), 1.0);
        assert_eq!(gamma(5.0), 24.0);
        assert_eq!(gamma(23.0), 1124000727777607680000.0);
        assert_eq!(gamma(-0.0), f64::NEG_INFINITY);
        assert!(gamma(-3.0).is_nan());
        assert!(gamma(f64::NEG_INFINITY).is_nan());
        assert_eq!(gamma(172.0), f64::INFINITY);
        assert_eq!(gamma(0.5), 1.7724538509055159);
        assert_eq!(gamma(-200.5), -0.0);
        assert_eq!(gamma(1e-30), 1.0 / 1e-30);
    }

    #[test]
    fn lgamma_at_integers_and_poles() {
        assert_eq!(lgamma(1.0), 0.0);
        assert_eq!(lgamma(2.0), 0.0);
        assert_eq!(lgamma(-4.0), f64::INFINITY);
        assert_eq!(lgamma(f64::NEG_INFINITY), f64::INFINITY);
        assert_eq!(lgamma(100.0), 359.1342053695754);
    }
}
