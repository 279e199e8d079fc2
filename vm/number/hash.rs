//! Hashes that programs can see: numbers hash by value across types, tuples and frozensets combine as in CPython.
//!
//! A number hashes to its residue modulo the Mersenne prime `2**61 - 1`, with its sign. Fractions work because every
//! power of two has an inverse there; multiplying by two is a rotation of 61 bits. Minus one is never a hash.
//! NaN has no value to hash: the caller hashes the object's address ([`address`]).

use super::int::IntRef;

/// `sys.hash_info.modulus`
pub const MODULUS: u64 = (1 << 61) - 1;
/// `sys.hash_info.inf`
pub const INFINITY: i64 = 314159;
/// `sys.hash_info.imag`
pub const IMAGINARY: u64 = 1_000_003;

const MODULUS_BITS: u32 = 61;

/// `hash(value)` of an integer.
pub fn int(value: IntRef<'_>) -> i64 {
    match value {
        IntRef::Small(small) => signed(small.unsigned_abs() % MODULUS, small < 0),
        IntRef::Big(big) => {
            let residue =
                big.as_sign_words().1.iter().rev().fold(0, |residue, &word| append_word(residue, word));
            signed(residue, value.is_negative())
        }
    }
}

/// `(residue * 2**64 + word) % MODULUS`
fn append_word(residue: u64, word: u64) -> u64 {
    let value = u128::from(residue) << 64 | u128::from(word);
    let folded = (value & u128::from(MODULUS)) + (value >> MODULUS_BITS);
    (folded % u128::from(MODULUS)) as u64
}

/// `hash(value)` of a float; `None` for NaN.
pub fn float(value: f64) -> Option<i64> {
    if value.is_nan() {
        return None;
    }
    if value.is_infinite() {
        return Some(if value > 0.0 { INFINITY } else { -INFINITY });
    }
    let bits = value.to_bits();
    let (fraction, biased) = (bits & ((1 << 52) - 1), (bits >> 52 & 0x7FF) as i32);
    let (mantissa, exponent) =
        if biased == 0 { (fraction, -1074) } else { (fraction | 1 << 52, biased - 1075) };
    let turns = exponent.rem_euclid(MODULUS_BITS as i32) as u32;
    let residue = (mantissa << turns & MODULUS) | (mantissa >> (MODULUS_BITS - turns));
    Some(signed(residue, value < 0.0))
}

fn signed(residue: u64, negative: bool) -> i64 {
    let hash = if negative { -(residue as i64) } else { residue as i64 };
    not_minus_one(hash)
}

fn not_minus_one(hash: i64) -> i64 {
    if hash == -1 { -2 } else { hash }
}

/// `hash(z)`, from the hashes of its parts.
pub fn complex(real: i64, imag: i64) -> i64 {
    not_minus_one(real.wrapping_add((IMAGINARY.wrapping_mul(imag as u64)) as i64))
}

/// The hash of an object by identity.
pub fn address(address: usize) -> i64 {
    // The low bits of an address are equal for most objects.
    not_minus_one((address as u64).rotate_right(4) as i64)
}

/// `hash(tuple)`, from the hashes of its items: xxHash's lanes, in order.
pub fn tuple(items: impl ExactSizeIterator<Item = i64>) -> i64 {
    let mut hasher = TupleHasher::new();
    let length = items.len();
    items.for_each(|item| hasher.push(item));
    hasher.finish(length)
}

/// A tuple's hash in the making, for callers whose items' hashes may raise.
#[derive(Clone, Copy, Debug)]
pub struct TupleHasher(u64);

impl TupleHasher {
    const PRIME_1: u64 = 11400714785074694791;
    const PRIME_2: u64 = 14029467366897019727;
    const PRIME_5: u64 = 2870177450012600261;

    /// Before the first item.
    #[expect(clippy::new_without_default, reason = "there is no natural default among hasher states")]
    pub fn new() -> Self {
        TupleHasher(Self::PRIME_5)
    }

    /// Adds the hash of the next item.
    pub fn push(&mut self, item: i64) {
        let lane = (item as u64).wrapping_mul(Self::PRIME_2);
        self.0 = self.0.wrapping_add(lane).rotate_left(31).wrapping_mul(Self::PRIME_1);
    }

    /// The hash of a slice, whose three items are always there.
    pub fn finish_slice(self) -> i64 {
        match self.0 {
            u64::MAX => 1546275796,
            hash => hash as i64,
        }
    }

    /// The hash of a tuple of so many items.
    pub fn finish(self, length: usize) -> i64 {
        match self.0.wrapping_add(length as u64 ^ Self::PRIME_5 ^ 0x35_D373) {
            u64::MAX => 1546275796,
            hash => hash as i64,
        }
    }
}

/// `hash(frozenset)`, from the hashes of its items in any order.
pub fn frozenset(items: impl ExactSizeIterator<Item = i64>) -> i64 {
    let length = items.len() as u64;
    // Spreading each hash keeps sets of nearby numbers from cancelling out under xor.
    let spread = |item: i64| ((item as u64 ^ 0x055B_4DB3) ^ ((item as u64) << 16)).wrapping_mul(3644798167);
    let mut hash = items.fold(0, |hash, item| hash ^ spread(item));
    hash ^= length.wrapping_add(1).wrapping_mul(1927868237);
    hash ^= (hash >> 11) ^ (hash >> 25);
    match hash.wrapping_mul(69069).wrapping_add(907133923) {
        u64::MAX => 590923713,
        hash => hash as i64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dashu_int::IBig;

    #[test]
    fn equal_numbers_hash_alike() {
        for value in [0, 1, -1, -2, 12345, i64::from(i32::MAX), 1 << 60, (1 << 61) - 1, 1 << 61, i64::MIN] {
            let big = IBig::from(value);
            assert_eq!(int(value.into()), int((&big).into()));
            assert_eq!(float(value as f64), Some(int((&IBig::try_from(value as f64).unwrap()).into())));
        }
        assert_eq!(int((-1).into()), -2);
        assert_eq!(int((&(IBig::ONE << 61)).into()), 1);
        assert_eq!(int((&(-(IBig::ONE << 200))).into()), -(1 << (200 % 61)));
    }

    #[test]
    fn floats() {
        assert_eq!(float(0.5), Some(1 << 60));
        assert_eq!(float(-0.5), Some(-(1 << 60)));
        assert_eq!(float(-0.0), Some(0));
        assert_eq!(float(f64::NEG_INFINITY), Some(-314159));
        assert_eq!(float(f64::NAN), None);
        assert_eq!(float(0.1), Some(230584300921369408));
    }

    #[test]
    fn combinations() {
        assert_eq!(complex(1, 2), 2000007);
        assert_eq!(tuple([].into_iter()), 5740354900026072187);
        assert_eq!(tuple([1, 2, 3].into_iter()), 529344067295497451);
        let mut slice = TupleHasher::new();
        [1, 2, 3].into_iter().for_each(|item| slice.push(item));
        assert_eq!(slice.finish_slice(), -2340833382717974474);
        assert_eq!(frozenset([].into_iter()), 133146708735736);
        assert_eq!(frozenset([1, 2, 3].into_iter()), -272375401224217160);
        assert_eq!(frozenset([3, 1, 2].into_iter()), -272375401224217160);
    }
}
