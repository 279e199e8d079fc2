//! Integer powers: plain, with the result's size known beforehand, and modular, with Python's signs and inverses.

use std::fmt;

use dashu_base::{ExtendedGcd, RemEuclid};
use dashu_int::UBig;
use dashu_int::fast_div::ConstDivisor;

use super::int::{BitBudget, Int, IntRef, TooLarge};
use super::int_ops;

/// Why a modular power has no result; both are `ValueError`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModularPowError {
    /// The modulus is zero.
    ZeroModulus,
    /// A negative exponent, and a base that shares a factor with the modulus.
    NotInvertible,
}

impl fmt::Display for ModularPowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ModularPowError::ZeroModulus => "pow() 3rd argument cannot be 0",
            ModularPowError::NotInvertible => "base is not invertible for the given modulus",
        })
    }
}

/// An upper bound for the bits of `base ** exponent`.
pub fn pow_bits(base: IntRef<'_>, exponent: u64) -> u128 {
    match base.to_i64() {
        Some(-1..=1) => 1,
        _ => u128::from(base.bit_length()) * u128::from(exponent),
    }
}

/// `base ** exponent` for an exponent of zero or more. (A negative exponent makes Python use floats.)
pub fn pow(base: IntRef<'_>, exponent: IntRef<'_>, budget: BitBudget) -> Result<Int, TooLarge> {
    debug_assert!(!exponent.is_negative());
    match base.to_i64() {
        _ if exponent.is_zero() => return Ok(Int::ONE),
        Some(small @ (0 | 1)) => return Ok(Int::Small(small)),
        Some(-1) => return Ok(Int::Small(if exponent.is_odd() { -1 } else { 1 })),
        _ => {}
    }
    let exponent = exponent.to_i64().ok_or(TooLarge::Digits)?.unsigned_abs();
    if let (Some(small), Ok(exponent)) = (base.to_i64(), u32::try_from(exponent))
        && let Some(power) = small.checked_pow(exponent)
    {
        return Ok(Int::Small(power));
    }
    budget.admit(pow_bits(base, exponent))?;
    let exponent = usize::try_from(exponent).map_err(|_| TooLarge::Memory)?;
    Ok(Int::from(base.widen().pow(exponent)))
}

/// `pow(base, exponent, modulus)`: the result has the modulus's sign, a negative exponent asks for the inverse.
pub fn pow_mod(base: IntRef<'_>, exponent: IntRef<'_>, modulus: IntRef<'_>) -> Result<Int, ModularPowError> {
    if modulus.is_zero() {
        return Err(ModularPowError::ZeroModulus);
    }
    let size = modulus.magnitude();
    let residue = if exponent.is_negative() { inverse(base, &size)? } else { residue(base, &size) };
    let power = residue_pow(residue, exponent, &size);
    Ok(with_sign_of(modulus, power, size))
}

/// The inverse of `base` modulo `size`. Modulo one everything is its own inverse.
fn inverse(base: IntRef<'_>, size: &UBig) -> Result<UBig, ModularPowError> {
    let residue = residue(base, size);
    if size.is_one() {
        return Ok(residue);
    }
    if residue.is_zero() {
        return Err(ModularPowError::NotInvertible);
    }
    let (divisor, coefficient, _) = residue.gcd_ext(size);
    if divisor.is_one() {
        Ok(coefficient.rem_euclid(size.as_ibig()))
    } else {
        Err(ModularPowError::NotInvertible)
    }
}

fn residue(base: IntRef<'_>, size: &UBig) -> UBig {
    base.widen().as_ref().rem_euclid(size.as_ibig())
}

fn residue_pow(residue: UBig, exponent: IntRef<'_>, size: &UBig) -> UBig {
    if let (Ok(base), Some(exponent), Ok(size)) =
        (u64::try_from(&residue), exponent.to_i64(), u64::try_from(size))
    {
        return UBig::from(residue_pow_u64(base, exponent.unsigned_abs(), size));
    }
    ConstDivisor::new(size.clone()).reduce(residue).pow(&exponent.magnitude()).residue()
}

fn residue_pow_u64(base: u64, mut exponent: u64, size: u64) -> u64 {
    let is_narrow = size <= 1 << 32;
    let product = |a: u64, b: u64| {
        if is_narrow { a * b % size } else { (u128::from(a) * u128::from(b) % u128::from(size)) as u64 }
    };
    let (mut power, mut square) = (1 % size, base);
    while exponent != 0 {
        if exponent & 1 == 1 {
            power = product(power, square);
        }
        square = product(square, square);
        exponent >>= 1;
    }
    power
}

/// Moves a residue in `0..size` into `modulus..=0` when the modulus is negative.
fn with_sign_of(modulus: IntRef<'_>, residue: UBig, size: UBig) -> Int {
    if modulus.is_negative() && !residue.is_zero() {
        int_ops::neg(Int::from(size - residue).as_ref())
    } else {
        Int::from(residue)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dashu_int::IBig;

    const BUDGET: BitBudget = BitBudget(1 << 20);

    #[test]
    fn powers_grow_within_the_budget() {
        assert_eq!(pow(3.into(), 4.into(), BUDGET), Ok(Int::Small(81)));
        assert_eq!(pow((-2).into(), 63.into(), BUDGET), Ok(Int::Small(i64::MIN)));
        assert_eq!(pow((-2).into(), 64.into(), BUDGET), Ok(Int::from(IBig::ONE << 64)));
        assert_eq!(pow(10.into(), i64::MAX.into(), BUDGET), Err(TooLarge::Digits));
        assert_eq!(pow(10.into(), (1 << 40).into(), BUDGET), Err(TooLarge::Memory));
    }

    #[test]
    fn trivial_bases_take_any_exponent() {
        let huge = IBig::ONE << 100;
        let odd = &huge + IBig::ONE;
        assert_eq!(pow(1.into(), (&huge).into(), BUDGET), Ok(Int::ONE));
        assert_eq!(pow(0.into(), (&huge).into(), BUDGET), Ok(Int::ZERO));
        assert_eq!(pow((-1).into(), (&huge).into(), BUDGET), Ok(Int::ONE));
        assert_eq!(pow((-1).into(), (&odd).into(), BUDGET), Ok(Int::Small(-1)));
        assert_eq!(pow(0.into(), 0.into(), BUDGET), Ok(Int::ONE));
        assert_eq!(pow(2.into(), (&huge).into(), BUDGET), Err(TooLarge::Digits));
    }

    #[test]
    fn modular_powers_follow_the_sign_of_the_modulus() {
        let power =
            |base: i64, exponent: i64, modulus: i64| pow_mod(base.into(), exponent.into(), modulus.into());
        assert_eq!(power(3, 5, 7), Ok(Int::Small(5)));
        assert_eq!(power(3, 5, -7), Ok(Int::Small(-2)));
        assert_eq!(power(-3, 5, 7), Ok(Int::Small(2)));
        assert_eq!(power(3, -2, -7), Ok(Int::Small(-3)));
        assert_eq!(power(3, 0, 1), Ok(Int::ZERO));
        assert_eq!(power(0, -1, 1), Ok(Int::ZERO));
        assert_eq!(power(38, -1, 97), Ok(Int::Small(23)));
        assert_eq!(power(2, -1, 4), Err(ModularPowError::NotInvertible));
        assert_eq!(power(0, -1, 4), Err(ModularPowError::NotInvertible));
        assert_eq!(power(2, -1, 0), Err(ModularPowError::ZeroModulus));
    }

    #[test]
    fn modular_powers_of_bigints() {
        let modulus = (IBig::ONE << 127) - IBig::ONE;
        let exponent = &modulus - IBig::ONE;
        assert_eq!(pow_mod(3.into(), (&exponent).into(), (&modulus).into()), Ok(Int::ONE));
    }
}
