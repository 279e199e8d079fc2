//! Vector lengths and inner products to within an ulp or so: `math.hypot`, `math.dist`, `math.sumprod`.
//!
//! Squares and products are split into a float and its exact rounding error (with a fused multiply-add), and the
//! errors are carried along in floats of their own.

/// A sum or product and its exact rounding error.
#[derive(Clone, Copy)]
struct Double {
    high: f64,
    low: f64,
}

/// `a * b` exactly.
fn product(a: f64, b: f64) -> Double {
    let high = a * b;
    Double { high, low: a.mul_add(b, -high) }
}

/// `a + b` exactly.
fn sum(a: f64, b: f64) -> Double {
    let high = a + b;
    let b_part = high - a;
    Double { high, low: (a - (high - b_part)) + (b - b_part) }
}

/// `a + b` exactly, given `|a| >= |b|`.
fn ordered_sum(a: f64, b: f64) -> Double {
    let high = a + b;
    Double { high, low: (a - high) + b }
}

/// The Euclidean length of a vector; `coordinates` is overwritten.
///
/// The coordinates are scaled by a power of two that brings the largest just below one, so that squares neither
/// overflow nor vanish, and the root of the sum is corrected by one step of Newton's method.
pub fn length(coordinates: &mut [f64]) -> f64 {
    let mut largest = 0.0f64;
    let mut has_nan = false;
    for coordinate in coordinates.iter_mut() {
        *coordinate = coordinate.abs();
        has_nan |= coordinate.is_nan();
        largest = largest.max(*coordinate);
    }
    if largest.is_infinite() {
        largest
    } else if has_nan {
        f64::NAN
    } else if largest == 0.0 || coordinates.len() <= 1 {
        largest
    } else if largest < f64::MIN_POSITIVE {
        for coordinate in coordinates.iter_mut() {
            *coordinate /= f64::MIN_POSITIVE;
        }
        f64::MIN_POSITIVE * scaled_length(coordinates, largest / f64::MIN_POSITIVE)
    } else {
        scaled_length(coordinates, largest)
    }
}

/// `math.dist(p, q)` for points of equal dimension.
pub fn distance(p: &mut [f64], q: &[f64]) -> f64 {
    p.iter_mut().zip(q).for_each(|(a, b)| *a -= b);
    length(p)
}

fn scaled_length(coordinates: &[f64], largest: f64) -> f64 {
    let scale = super::float_ops::ldexp(1.0, -super::math::frexp(largest).1);
    // Starting at one keeps the running sum above every square, as the ordered sum requires.
    let mut total = SquareSum { sum: 1.0, product_error: 0.0, sum_error: 0.0 };
    for &coordinate in coordinates {
        let scaled = coordinate * scale;
        total.add(scaled, scaled);
    }
    let root = total.value().sqrt();
    total.add(-root, root);
    (root + total.value() / (2.0 * root)) / scale
}

struct SquareSum {
    sum: f64,
    product_error: f64,
    sum_error: f64,
}

impl SquareSum {
    fn add(&mut self, a: f64, b: f64) {
        let square = product(a, b);
        let next = ordered_sum(self.sum, square.high);
        self.sum = next.high;
        self.product_error += square.low;
        self.sum_error += next.low;
    }

    fn value(&self) -> f64 {
        self.sum - 1.0 + (self.product_error + self.sum_error)
    }
}

/// `math.sumprod` of floats in the making: the sum in three floats of falling magnitude.
#[derive(Clone, Copy, Debug, Default)]
pub struct ProductSum {
    high: f64,
    low: f64,
    tiny: f64,
}

impl ProductSum {
    /// The sum of nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// The sum with `a * b` added; `None` when that is not finite, and plain arithmetic must decide what it is.
    #[must_use]
    pub fn add(self, a: f64, b: f64) -> Option<Self> {
        let term = product(a, b);
        let high = sum(self.high, term.high);
        let low = sum(self.low, term.low);
        let middle = sum(low.high, high.low);
        high.high.is_finite().then_some(ProductSum {
            high: high.high,
            low: middle.high,
            tiny: self.tiny + low.low + middle.low,
        })
    }

    /// The sum, rounded.
    pub fn value(self) -> f64 {
        let last = sum(self.low, self.tiny);
        self.high + last.high
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths() {
        assert_eq!(length(&mut [3.0, -4.0]), 5.0);
        assert_eq!(length(&mut []), 0.0);
        assert_eq!(length(&mut [-7.0]), 7.0);
        assert_eq!(length(&mut [1e200, 1e200]), 1.414213562373095e200);
        assert_eq!(length(&mut [5e-324, 0.0]), 5e-324);
        assert_eq!(length(&mut [1.5e-320, 2e-320]), 2.5e-320);
        assert_eq!(length(&mut [f64::NAN, f64::NEG_INFINITY]), f64::INFINITY);
        assert!(length(&mut [f64::NAN, 1.0]).is_nan());
        assert_eq!(length(&mut [1.5e308, 1.5e308]), f64::INFINITY);
        assert_eq!(distance(&mut [1.0, 2.0], &[4.0, 6.0]), 5.0);
    }

    #[test]
    fn products() {
        let sumprod =
            |p: &[f64], q: &[f64]| p.iter().zip(q).try_fold(ProductSum::new(), |sum, (a, b)| sum.add(*a, *b));
        let value = |p: &[f64], q: &[f64]| sumprod(p, q).map(ProductSum::value);
        assert_eq!(value(&[0.1; 10], &[1.0; 10]), Some(1.0));
        assert_eq!(value(&[10.1, 1.0, 1e100], &[2.0, 3.0, 0.0]), Some(23.2));
        assert_eq!(value(&[1e200, 1.0], &[1e200, 1.0]), None);
    }
}
