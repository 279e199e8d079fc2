//! `int.from_bytes` and `int.to_bytes`: two's complement of a given width, in either byte order.

use std::fmt;

use dashu_int::{IBig, UBig};

use super::int::{Int, IntRef};
use super::int_ops::invert;

/// The order of bytes in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ByteOrder {
    /// `"little"`
    Little,
    /// `"big"`
    Big,
}

/// Why an integer does not fit the bytes; both are `OverflowError`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToBytesError {
    /// Negative, and not asked to be signed.
    Negative,
    /// More bits than the bytes hold.
    TooBig,
}

impl fmt::Display for ToBytesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ToBytesError::Negative => "can't convert negative int to unsigned",
            ToBytesError::TooBig => "int too big to convert",
        })
    }
}

/// `int.from_bytes(bytes, order, signed=signed)`.
pub fn from_bytes(bytes: &[u8], order: ByteOrder, signed: bool) -> Int {
    if bytes.len() <= 8 {
        return from_few_bytes(bytes, order, signed);
    }
    match (order, signed) {
        (ByteOrder::Little, true) => Int::from(IBig::from_le_bytes(bytes)),
        (ByteOrder::Little, false) => Int::from(UBig::from_le_bytes(bytes)),
        (ByteOrder::Big, true) => Int::from(IBig::from_be_bytes(bytes)),
        (ByteOrder::Big, false) => Int::from(UBig::from_be_bytes(bytes)),
    }
}

fn from_few_bytes(bytes: &[u8], order: ByteOrder, signed: bool) -> Int {
    let join = |value: u64, byte: &u8| value << 8 | u64::from(*byte);
    let value = match order {
        ByteOrder::Little => bytes.iter().rev().fold(0, join),
        ByteOrder::Big => bytes.iter().fold(0, join),
    };
    if !signed || bytes.is_empty() {
        return Int::from(value);
    }
    let unused = 64 - 8 * bytes.len() as u32;
    Int::Small((value << unused) as i64 >> unused)
}

/// `value.to_bytes(len(out), order, signed=signed)`, into `out`.
pub fn to_bytes(
    value: IntRef<'_>,
    out: &mut [u8],
    order: ByteOrder,
    signed: bool,
) -> Result<(), ToBytesError> {
    if value.is_negative() && !signed {
        return Err(ToBytesError::Negative);
    }
    // A negative value fits where its complement does.
    let complement = if value.is_negative() { invert(value) } else { value.to_int() };
    let bits_held = out.len() as u64 * 8;
    let needs_sign_bit = u64::from(signed && !(value.is_zero() && out.is_empty()));
    if complement.as_ref().bit_length() + needs_sign_bit > bits_held {
        return Err(ToBytesError::TooBig);
    }
    write_little_endian(&complement, out);
    if value.is_negative() {
        for byte in out.iter_mut() {
            *byte = !*byte;
        }
    }
    if order == ByteOrder::Big {
        out.reverse();
    }
    Ok(())
}

/// Writes a value of zero or more that fits.
fn write_little_endian(value: &Int, out: &mut [u8]) {
    let mut bytes = out.iter_mut();
    let mut write = |word: u64| {
        for (slot, byte) in bytes.by_ref().zip(word.to_le_bytes()).take(8) {
            *slot = byte;
        }
    };
    match value {
        Int::Small(small) => write(*small as u64),
        Int::Big(big) => big.as_sign_words().1.iter().copied().for_each(&mut write),
    }
    bytes.for_each(|slot| *slot = 0);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(
        value: IntRef<'_>,
        length: usize,
        order: ByteOrder,
        signed: bool,
    ) -> Result<Vec<u8>, ToBytesError> {
        let mut out = vec![0xAA; length];
        to_bytes(value, &mut out, order, signed).map(|()| out)
    }

    #[test]
    fn widths_are_exact() {
        let signed = |value: i64, length| bytes(value.into(), length, ByteOrder::Big, true);
        assert_eq!(signed(127, 1), Ok(vec![0x7F]));
        assert_eq!(signed(128, 1), Err(ToBytesError::TooBig));
        assert_eq!(signed(-128, 1), Ok(vec![0x80]));
        assert_eq!(signed(-129, 1), Err(ToBytesError::TooBig));
        assert_eq!(signed(-1, 3), Ok(vec![0xFF; 3]));
        assert_eq!(signed(0, 0), Ok(vec![]));
        assert_eq!(signed(-1, 0), Err(ToBytesError::TooBig));
        assert_eq!(bytes(255.into(), 1, ByteOrder::Big, false), Ok(vec![0xFF]));
        assert_eq!(bytes(256.into(), 1, ByteOrder::Big, false), Err(ToBytesError::TooBig));
        assert_eq!(bytes((-1).into(), 1, ByteOrder::Big, false), Err(ToBytesError::Negative));
    }

    #[test]
    fn round_trips() {
        let values = [
            IBig::from(0),
            IBig::from(-2),
            IBig::from(i64::MIN),
            (IBig::ONE << 64) - IBig::ONE,
            -(IBig::ONE << 127),
            (IBig::ONE << 200) + IBig::from(0x1234),
        ];
        for value in &values {
            for order in [ByteOrder::Little, ByteOrder::Big] {
                for length in [26, 32, 40] {
                    let encoded = bytes(value.into(), length, order, true).unwrap();
                    assert_eq!(from_bytes(&encoded, order, true), IntRef::from(value).to_int());
                }
            }
        }
        assert_eq!(from_bytes(&[1, 0xFF], ByteOrder::Little, true), Int::Small(-255));
        assert_eq!(from_bytes(&[1, 0xFF], ByteOrder::Little, false), Int::Small(0xFF01));
        assert_eq!(from_bytes(&[0xFF; 8], ByteOrder::Big, false), Int::from(u64::MAX));
        assert_eq!(from_bytes(&[], ByteOrder::Big, true), Int::ZERO);
    }
}
