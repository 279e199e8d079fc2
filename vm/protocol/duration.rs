//! Durations and points in time as Python gives them: seconds as an int or a float.

use crate::exception::PyResult;
use crate::protocol::conversion::{float_value, int_value};
use crate::value::Ref;
use crate::vm::Thread;

/// How a fraction of a unit is rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// Towards negative infinity.
    Floor,
    /// Towards positive infinity.
    Ceiling,
    /// To the nearest, ties to even.
    HalfEven,
    /// Away from zero: a timeout never ends early.
    Up,
}

impl Rounding {
    /// Rounds to a whole number.
    pub fn apply(self, value: f64) -> f64 {
        match self {
            Self::Floor => value.floor(),
            Self::Ceiling => value.ceil(),
            Self::HalfEven => value.round_ties_even(),
            Self::Up if value < 0.0 => value.floor(),
            Self::Up => value.ceil(),
        }
    }
}

/// Nanoseconds in a second.
pub const NANOSECONDS: i64 = 1_000_000_000;

impl Thread {
    /// Seconds as an int or a float, in nanoseconds.
    pub fn to_nanoseconds(&self, seconds: Ref<'_>, rounding: Rounding) -> PyResult<i64> {
        let out_of_range = || self.overflow_error("timestamp out of range for C PyTime_t");
        if let Some(seconds) = float_value(seconds) {
            if seconds.is_nan() {
                return Err(self.value_error("Invalid value NaN (not a number)"));
            }
            let nanoseconds = rounding.apply(seconds * NANOSECONDS as f64);
            return float_to_i64(nanoseconds).ok_or_else(out_of_range);
        }
        match int_value(seconds) {
            Some(int) => {
                let seconds = int.to_i64().ok_or_else(out_of_range)?;
                seconds.checked_mul(NANOSECONDS).ok_or_else(out_of_range)
            }
            None => {
                let class = self.type_name(seconds);
                Err(self.type_error(format_args!(
                    "'{class}' object cannot be interpreted as an integer or float"
                )))
            }
        }
    }

    /// A point in time as whole seconds, for the C library.
    pub fn to_time_t(&self, seconds: Ref<'_>, rounding: Rounding) -> PyResult<i64> {
        let out_of_range = || self.overflow_error("timestamp out of range for platform time_t");
        match float_value(seconds) {
            Some(seconds) if seconds.is_nan() => Err(self.value_error("Invalid value NaN (not a number)")),
            Some(seconds) => float_to_i64(rounding.apply(seconds)).ok_or_else(out_of_range),
            None => self.to_integer(seconds)?.as_ref().to_i64().ok_or_else(out_of_range),
        }
    }
}

/// A whole number as an int, if it fits.
fn float_to_i64(value: f64) -> Option<i64> {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    (-LIMIT..LIMIT).contains(&value).then_some(value as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bootstrap::test_vm;

    #[test]
    fn rounds_to_whole_nanoseconds() {
        test_vm(|vm| {
            let convert = |seconds: f64, rounding| {
                let seconds = vm.float(seconds).expect("memory");
                vm.to_nanoseconds(seconds.borrow(), rounding).ok()
            };
            assert_eq!(convert(1.5e-9, Rounding::Floor), Some(1));
            assert_eq!(convert(-1.5e-9, Rounding::Floor), Some(-2));
            assert_eq!(convert(1.5e-9, Rounding::Ceiling), Some(2));
            assert_eq!(convert(2.5e-9, Rounding::HalfEven), Some(2));
            assert_eq!(convert(-1.1e-9, Rounding::Up), Some(-2));
            assert_eq!(convert(1e10, Rounding::Up), None);
            assert_eq!(convert(f64::NAN, Rounding::Up), None);
        });
    }

    #[test]
    fn the_limits_of_a_machine_word() {
        assert_eq!(float_to_i64(-9_223_372_036_854_775_808.0), Some(i64::MIN));
        assert_eq!(float_to_i64(9_223_372_036_854_775_808.0), None);
    }
}
