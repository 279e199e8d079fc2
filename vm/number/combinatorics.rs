//! `math.factorial`, `math.comb` and `math.perm`.
//!
//! Each is a product of consecutive integers, multiplied as a balanced tree so that the factors of every big
//! multiplication have similar sizes. Bits are bounded first, and the result is refused if the caller's budget does
//! not allow for it.

use std::fmt;

use dashu_int::{IBig, UBig};

use super::int::{BitBudget, Int, IntRef, TooLarge};
use super::int_ops;

/// Why a number of arrangements has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CombinatoricsError {
    /// `ValueError` from `factorial`, and from `perm` without `k`.
    NegativeFactorial,
    /// `OverflowError` from `factorial`.
    FactorialTooLarge,
    /// `ValueError` from `comb` and `perm`.
    NegativeN,
    /// `ValueError` from `comb` and `perm`.
    NegativeK,
    /// `OverflowError` from `comb`.
    CombTooLarge,
    /// `OverflowError` from `perm`.
    PermTooLarge,
    /// The result exceeds the budget: `MemoryError`.
    Result(TooLarge),
}

impl fmt::Display for CombinatoricsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CombinatoricsError::NegativeFactorial => {
                f.write_str("factorial() not defined for negative values")
            }
            CombinatoricsError::FactorialTooLarge => {
                write!(f, "factorial() argument should not exceed {}", i64::MAX)
            }
            CombinatoricsError::NegativeN => f.write_str("n must be a non-negative integer"),
            CombinatoricsError::NegativeK => f.write_str("k must be a non-negative integer"),
            CombinatoricsError::CombTooLarge => write!(f, "min(n - k, k) must not exceed {}", i64::MAX),
            CombinatoricsError::PermTooLarge => write!(f, "k must not exceed {}", i64::MAX),
            CombinatoricsError::Result(error) => error.fmt(f),
        }
    }
}

/// `math.factorial(n)`
pub fn factorial(n: IntRef<'_>, budget: BitBudget) -> Result<Int, CombinatoricsError> {
    if n.is_negative() {
        return Err(CombinatoricsError::NegativeFactorial);
    }
    let n = n.to_i64().ok_or(CombinatoricsError::FactorialTooLarge)?.unsigned_abs();
    admit(n, n, budget)?;
    // The powers of two are shifted in at the end: there are n minus as many as n has ones.
    let twos = (n - u64::from(n.count_ones())) as usize;
    Ok(Int::from(odd_part(n) << twos))
}

/// The largest odd divisor of `n!`: of each odd `m`, a power for every way to double it and stay within `n`.
fn odd_part(n: u64) -> UBig {
    let mut inner = UBig::ONE;
    let mut outer = UBig::ONE;
    let mut done = 2;
    for halvings in (0..u64::BITS - n.leading_zeros()).rev() {
        let bound = n >> halvings;
        if bound > 2 {
            // Odd numbers in done+1 ..= bound.
            let first = (done + 1) | 1;
            let last = (bound - 1) | 1;
            if first <= last {
                inner *= odd_product(first, last);
            }
            done = bound;
            outer *= &inner;
        }
    }
    outer
}

/// The product of the odd numbers in `first..=last`, both odd.
fn odd_product(first: u64, last: u64) -> UBig {
    let count = (last - first) / 2 + 1;
    let bits_each = u64::from(u64::BITS - last.leading_zeros());
    if count * bits_each <= 64 {
        return UBig::from((first..=last).step_by(2).product::<u64>());
    }
    let middle = first + (count / 2) * 2;
    odd_product(first, middle - 2) * odd_product(middle, last)
}

/// `math.perm(n, k)`; without `k` it is [`factorial`].
pub fn perm(n: IntRef<'_>, k: IntRef<'_>, budget: BitBudget) -> Result<Int, CombinatoricsError> {
    check_signs(n, k)?;
    if int_ops::compare(n, k).is_lt() {
        return Ok(Int::ZERO);
    }
    let k = k.to_i64().ok_or(CombinatoricsError::PermTooLarge)?.unsigned_abs();
    falling(n, k, budget)
}

/// `math.comb(n, k)`
pub fn comb(n: IntRef<'_>, k: IntRef<'_>, budget: BitBudget) -> Result<Int, CombinatoricsError> {
    check_signs(n, k)?;
    let other = int_ops::sub(n, k);
    if other.as_ref().is_negative() {
        return Ok(Int::ZERO);
    }
    let k = if int_ops::compare(k, other.as_ref()).is_lt() { k } else { other.as_ref() };
    let k = k.to_i64().ok_or(CombinatoricsError::CombTooLarge)?.unsigned_abs();
    if let Some(value) = small_comb(n, k) {
        return Ok(Int::from(value));
    }
    let arrangements = falling(n, k, budget)?.into_big();
    Ok(Int::from(arrangements / factorial((k as i64).into(), budget)?.into_big()))
}

fn check_signs(n: IntRef<'_>, k: IntRef<'_>) -> Result<(), CombinatoricsError> {
    if n.is_negative() {
        Err(CombinatoricsError::NegativeN)
    } else if k.is_negative() {
        Err(CombinatoricsError::NegativeK)
    } else {
        Ok(())
    }
}

/// The multiplicative formula, as long as its steps fit in machine words.
fn small_comb(n: IntRef<'_>, k: u64) -> Option<u64> {
    let n = n.to_i64()?.unsigned_abs();
    let mut value = 1u64;
    for step in 1..=k {
        let product = u128::from(value) * u128::from(n - k + step);
        value = u64::try_from(product / u128::from(step)).ok()?;
    }
    Some(value)
}

/// `n (n - 1) ... (n - k + 1)` for `k <= n`.
fn falling(n: IntRef<'_>, k: u64, budget: BitBudget) -> Result<Int, CombinatoricsError> {
    if k == 0 {
        return Ok(Int::ONE);
    }
    budget.admit(u128::from(n.bit_length()) * u128::from(k)).map_err(CombinatoricsError::Result)?;
    Ok(match n.to_i64() {
        Some(small) => Int::from(ascending_product(small as u64 - k + 1, small as u64)),
        None => Int::from(big_ascending_product(&(&*n.widen() - IBig::from(k - 1)), k)),
    })
}

/// The product of `first..=last`.
fn ascending_product(first: u64, last: u64) -> UBig {
    let count = last - first + 1;
    let bits_each = u64::from(u64::BITS - last.leading_zeros());
    if count.saturating_mul(bits_each) <= 64 {
        return UBig::from((first..=last).product::<u64>());
    }
    if count == 1 {
        return UBig::from(first);
    }
    let middle = first + count / 2;
    ascending_product(first, middle - 1) * ascending_product(middle, last)
}

/// The product of `count` integers from `first` up.
fn big_ascending_product(first: &IBig, count: u64) -> IBig {
    if count == 1 {
        return first.clone();
    }
    let half = count / 2;
    big_ascending_product(first, half) * big_ascending_product(&(first + IBig::from(half)), count - half)
}

fn admit(n: u64, factors: u64, budget: BitBudget) -> Result<(), CombinatoricsError> {
    let bits_each = u128::from(u64::BITS - n.leading_zeros());
    budget.admit(bits_each * u128::from(factors)).map_err(CombinatoricsError::Result)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BUDGET: BitBudget = BitBudget(1 << 24);

    #[test]
    fn factorials() {
        let naive = |n: u64| Int::from((1..=n).map(UBig::from).product::<UBig>());
        for n in (0..70).chain([100, 127, 128, 129, 1000]) {
            assert_eq!(factorial((n as i64).into(), BUDGET), Ok(naive(n)), "{n}");
        }
        assert_eq!(factorial((-1).into(), BUDGET), Err(CombinatoricsError::NegativeFactorial));
        assert_eq!(factorial((1 << 40).into(), BUDGET), Err(CombinatoricsError::Result(TooLarge::Memory)));
        let huge = IBig::ONE << 64;
        assert_eq!(factorial((&huge).into(), BUDGET), Err(CombinatoricsError::FactorialTooLarge));
    }

    #[test]
    fn combinations_and_permutations() {
        let comb = |n: i64, k: i64| comb(n.into(), k.into(), BUDGET);
        let perm = |n: i64, k: i64| perm(n.into(), k.into(), BUDGET);
        assert_eq!(comb(5, 2), Ok(Int::Small(10)));
        assert_eq!(comb(2, 5), Ok(Int::ZERO));
        assert_eq!(comb(0, 0), Ok(Int::ONE));
        assert_eq!(comb(i64::MAX, 1), Ok(Int::Small(i64::MAX)));
        assert_eq!(comb(i64::MAX, i64::MAX - 1), Ok(Int::Small(i64::MAX)));
        assert_eq!(comb(200, 100).unwrap().to_string().len(), 59);
        assert_eq!(comb(-1, 2), Err(CombinatoricsError::NegativeN));
        assert_eq!(comb(1, -2), Err(CombinatoricsError::NegativeK));
        assert_eq!(perm(5, 2), Ok(Int::Small(20)));
        assert_eq!(perm(2, 5), Ok(Int::ZERO));
        assert_eq!(perm(30, 30), factorial(30.into(), BUDGET));
        assert_eq!(perm(i64::MAX, 1 << 40), Err(CombinatoricsError::Result(TooLarge::Memory)));
    }

    #[test]
    fn big_arguments() {
        let n = IBig::ONE << 100;
        let expected = Int::from(&n * (&n - IBig::ONE));
        assert_eq!(perm((&n).into(), 2.into(), BUDGET), Ok(expected.clone()));
        assert_eq!(comb((&n).into(), 2.into(), BUDGET), Ok(Int::from(expected.into_big() / IBig::from(2))));
        assert_eq!(comb((&n).into(), (&n).into(), BUDGET), Ok(Int::ONE));
        let half = IBig::ONE << 99;
        assert_eq!(comb((&n).into(), (&half).into(), BUDGET), Err(CombinatoricsError::CombTooLarge));
        assert_eq!(perm((&n).into(), (&half).into(), BUDGET), Err(CombinatoricsError::PermTooLarge));
    }
}
