//! Floating-point numbers of 16 bits, IEEE 754's binary16: a sign, 5 bits of exponent, 10 of fraction.

/// The number that 16 bits stand for.
pub fn to_f64(bits: u16) -> f64 {
    let sign = if bits >> 15 == 0 { 1.0 } else { -1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1f), f64::from(bits & 0x3ff));
    match exponent {
        0 => sign * fraction * 2f64.powi(-24),
        0x1f if fraction == 0.0 => sign * f64::INFINITY,
        // The payload of a nan stays on top of the fraction.
        0x1f => f64::from_bits(u64::from(bits >> 15) << 63 | 0x7ff << 52 | u64::from(bits & 0x3ff) << 42),
        _ => sign * (1.0 + fraction / 1024.0) * 2f64.powi(exponent - 15),
    }
}

/// The nearest number of 16 bits, ties to even; `None` for one that is too large.
pub fn from_f64(value: f64) -> Option<u16> {
    let sign = u16::from(value.is_sign_negative()) << 15;
    if value.is_nan() {
        let payload = (value.to_bits() >> 42 & 0x3ff) as u16;
        return Some(sign | 0x7c00 | if payload == 0 { 0x200 } else { payload });
    }
    let size = value.abs();
    if size.is_infinite() {
        return Some(sign | 0x7c00);
    }
    // In units of the last place, which is at least that of the smallest numbers.
    let exponent = ((size.to_bits() >> 52) as i32 - 1023).max(-14);
    let units = (size * 2f64.powi(10 - exponent)).round_ties_even();
    let bits = f64::from(exponent + 14) * 1024.0 + units;
    (bits < f64::from(0x7c00)).then_some(sign | bits as u16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trips() {
        for bits in 0..=u16::MAX {
            let value = to_f64(bits);
            assert_eq!(from_f64(value), Some(bits), "{bits:#x} {value}");
        }
    }

    #[test]
    fn rounding() {
        assert_eq!(from_f64(65504.0), Some(0x7bff));
        assert_eq!(from_f64(65519.9), Some(0x7bff));
        assert_eq!(from_f64(65520.0), None);
        assert_eq!(from_f64(2f64.powi(-25)), Some(0));
        assert_eq!(from_f64(2f64.powi(-25) * 1.5), Some(1));
        assert_eq!(from_f64(1.0 + 2f64.powi(-11)), Some(0x3c00));
        assert_eq!(from_f64(1.0 + 3.0 * 2f64.powi(-11)), Some(0x3c02));
        assert_eq!(from_f64(f64::MAX), None);
    }
}
