//! Sums of floats that lose less than adding them up would.
//!
//! [`Compensated`] is what `sum()` uses: Neumaier's variant of Kahan summation, which keeps the rounding errors in a
//! second float. [`ExactSum`] is `math.fsum`: Shewchuk's non-overlapping partials hold the sum exactly and it is
//! rounded once, at the end.

use std::fmt;

use smallvec::SmallVec;

use super::complex::{Complex, complex};

/// A running sum and the accumulated error of its additions.
#[derive(Clone, Copy, Debug, Default)]
pub struct Compensated {
    high: f64,
    low: f64,
}

impl Compensated {
    /// Starts at a value.
    pub fn new(start: f64) -> Self {
        Compensated { high: start, low: 0.0 }
    }

    /// Adds a term.
    #[inline]
    pub fn add(&mut self, term: f64) {
        let sum = self.high + term;
        self.low +=
            if self.high.abs() >= term.abs() { (self.high - sum) + term } else { (term - sum) + self.high };
        self.high = sum;
    }

    /// The sum, rounded.
    pub fn value(self) -> f64 {
        // A zero correction would turn -0.0 into 0.0; a non-finite one, an overflowed sum into NaN.
        if self.low != 0.0 && self.low.is_finite() { self.high + self.low } else { self.high }
    }
}

/// [`Compensated`] for both parts of complex numbers.
#[derive(Clone, Copy, Debug)]
pub struct CompensatedComplex {
    real: Compensated,
    imag: Compensated,
}

impl CompensatedComplex {
    /// Starts at a value.
    pub fn new(start: Complex) -> Self {
        CompensatedComplex { real: Compensated::new(start.real), imag: Compensated::new(start.imag) }
    }

    /// Adds a term.
    pub fn add(&mut self, term: Complex) {
        self.real.add(term.real);
        self.imag.add(term.imag);
    }

    /// Adds a real term, which leaves the imaginary part alone.
    pub fn add_real(&mut self, term: f64) {
        self.real.add(term);
    }

    /// The sum, rounded.
    pub fn value(self) -> Complex {
        complex(self.real.value(), self.imag.value())
    }
}

/// Why `math.fsum` has no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExactSumError {
    /// `OverflowError`: finite terms whose partial sum left the float range.
    IntermediateOverflow,
    /// `ValueError`: infinities of both signs.
    OppositeInfinities,
}

impl fmt::Display for ExactSumError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ExactSumError::IntermediateOverflow => "intermediate overflow in fsum",
            ExactSumError::OppositeInfinities => "-inf + inf in fsum",
        })
    }
}

/// `math.fsum` in the making.
#[derive(Clone, Debug, Default)]
pub struct ExactSum {
    /// Non-zero, of increasing magnitude, no two overlapping in their bits: their exact sum is the sum so far.
    partials: SmallVec<[f64; 32]>,
    /// The sum of the infinite and NaN terms; zero if there are none.
    special: f64,
    /// The sum of the infinite terms only.
    infinite: f64,
}

impl ExactSum {
    /// The sum of nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a term.
    pub fn add(&mut self, term: f64) -> Result<(), ExactSumError> {
        let mut carry = term;
        let mut kept = 0;
        for index in 0..self.partials.len() {
            let partial = self.partials[index];
            let (large, small) =
                if carry.abs() < partial.abs() { (partial, carry) } else { (carry, partial) };
            let sum = large + small;
            let error = small - (sum - large);
            if error != 0.0 {
                self.partials[kept] = error;
                kept += 1;
            }
            carry = sum;
        }
        self.partials.truncate(kept);
        if carry.is_finite() {
            if carry != 0.0 {
                self.partials.push(carry);
            }
            return Ok(());
        }
        if term.is_finite() {
            return Err(ExactSumError::IntermediateOverflow);
        }
        if term.is_infinite() {
            self.infinite += term;
        }
        self.special += term;
        self.partials.clear();
        Ok(())
    }

    /// The sum, rounded to nearest-even.
    pub fn value(&self) -> Result<f64, ExactSumError> {
        if self.special != 0.0 {
            return if self.infinite.is_nan() {
                Err(ExactSumError::OppositeInfinities)
            } else {
                Ok(self.special)
            };
        }
        Ok(round_partials(&self.partials))
    }
}

/// Adds from the largest down until a bit is lost; what remains below can only break a tie.
fn round_partials(partials: &[f64]) -> f64 {
    let mut rest = partials.iter().rev();
    let mut high = rest.next().copied().unwrap_or(0.0);
    let mut low = 0.0;
    for &partial in rest.by_ref() {
        let sum = high + partial;
        low = partial - (sum - high);
        high = sum;
        if low != 0.0 {
            break;
        }
    }
    if let Some(&next) = rest.next()
        && ((low < 0.0 && next < 0.0) || (low > 0.0 && next > 0.0))
    {
        // If `high` was rounded from a tie, twice the error is representable, and the next partial decides.
        let doubled = low * 2.0;
        let away = high + doubled;
        if doubled == away - high {
            high = away;
        }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(terms: &[f64]) -> f64 {
        let mut total = Compensated::default();
        for &term in terms {
            total.add(term);
        }
        total.value()
    }

    fn fsum(terms: &[f64]) -> Result<f64, ExactSumError> {
        let mut total = ExactSum::new();
        terms.iter().try_for_each(|&term| total.add(term))?;
        total.value()
    }

    #[test]
    fn compensation() {
        assert_eq!(sum(&[0.1; 10]), 1.0);
        assert_eq!(sum(&[1.0, 1e100, 1.0, -1e100]), 2.0);
        assert_eq!(sum(&[1e308, 1e308]), f64::INFINITY);
        let mut negative = Compensated::new(-0.0);
        negative.add(-0.0);
        assert!(negative.value().is_sign_negative());
        let mut total = CompensatedComplex::new(complex(0.0, -0.0));
        total.add_real(0.1);
        assert!(total.value().imag.is_sign_negative());
    }

    #[test]
    fn exact_sums() {
        assert_eq!(fsum(&[]), Ok(0.0));
        assert_eq!(fsum(&[1e100, 1.0, -1e100, 1e-100, 1e50, -1.0, -1e50]), Ok(1e-100));
        assert_eq!(fsum(&[1e16, 1.0, 1e-16]), Ok(10000000000000002.0));
        assert_eq!(fsum(&[2f64.powi(53), -0.5, -(2f64.powi(-54))]), Ok(2f64.powi(53) - 1.0));
        assert_eq!(fsum(&[1e308; 2]), Err(ExactSumError::IntermediateOverflow));
        assert_eq!(fsum(&[f64::INFINITY, 1.0]), Ok(f64::INFINITY));
        assert_eq!(fsum(&[f64::INFINITY, f64::NEG_INFINITY]), Err(ExactSumError::OppositeInfinities));
        assert!(fsum(&[f64::NAN, f64::INFINITY]).unwrap().is_nan());
    }
}
