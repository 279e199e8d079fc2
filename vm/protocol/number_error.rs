//! The errors of [`number`](crate::number) and [`format`](crate::format) as exceptions.
//!
//! The algorithms do not know the interpreter: they return small enums whose `Display` is the message. Here each
//! gets its exception class.

use std::fmt::Display;

use crate::exception::Raised;
use crate::format::FormatError;
use crate::number::combinatorics::CombinatoricsError;
use crate::number::complex::{AbsOverflow, ComplexPowError};
use crate::number::float_hex::FromHexError;
use crate::number::float_ops::{PowError, RatioError, RoundOverflow};
use crate::number::int::TooLarge;
use crate::number::int_bytes::ToBytesError;
use crate::number::int_float::{FloatToIntError, IntTooLargeForFloat, TrueDivError};
use crate::number::int_ops::{NegativeRoot, ShiftError, ZeroDivision};
use crate::number::int_pow::ModularPowError;
use crate::number::int_text::TooManyDigits;
use crate::number::math::{MathError, NegativeTolerance};
use crate::number::sum::ExactSumError;
use crate::text::wtf8::Text;
use crate::value::Owned;
use crate::vm::Thread;

/// An error that has an exception.
pub trait NumberError {
    /// Makes the exception.
    fn raise(self, vm: &Thread) -> Raised;
}

impl Thread {
    /// The exception for an error of a calculation.
    #[cold]
    pub fn raised(&self, error: impl NumberError) -> Raised {
        error.raise(self)
    }
}

/// The exceptions that calculations raise.
enum Class {
    ZeroDivision,
    Overflow,
    Value,
    Memory,
}
use Class::{Memory, Overflow, Value, ZeroDivision as Zero};

impl Class {
    #[cold]
    fn raise(self, vm: &Thread, message: &dyn Display) -> Raised {
        match self {
            Zero => vm.zero_division_error(message),
            Overflow => vm.overflow_error(message),
            Value => vm.value_error(message),
            Memory => vm.memory_error(),
        }
    }
}

/// States the exception class of each error, whose text is the message.
macro_rules! exceptions {
    ($($error:ty => |$self:pat_param| $class:expr;)*) => {$(
        impl NumberError for $error {
            #[cold]
            fn raise(self, vm: &Thread) -> Raised {
                let $self = &self;
                $class.raise(vm, &self)
            }
        }
    )*};
}

exceptions! {
    ZeroDivision => |_| Zero;
    ShiftError => |error| match error {
        ShiftError::NegativeCount => Value,
        ShiftError::TooLarge(TooLarge::Digits) => Overflow,
        ShiftError::TooLarge(TooLarge::Memory) => Memory,
    };
    TooLarge => |error| match error {
        TooLarge::Digits => Overflow,
        TooLarge::Memory => Memory,
    };
    NegativeRoot => |_| Value;
    ModularPowError => |_| Value;
    TrueDivError => |error| match error {
        TrueDivError::ZeroDivision => Zero,
        TrueDivError::TooLarge => Overflow,
    };
    IntTooLargeForFloat => |_| Overflow;
    FloatToIntError => |error| match error {
        FloatToIntError::Infinity => Overflow,
        FloatToIntError::Nan => Value,
    };
    ToBytesError => |_| Overflow;
    TooManyDigits => |_| Value;
    RoundOverflow => |_| Overflow;
    RatioError => |error| match error {
        RatioError::Infinity => Overflow,
        RatioError::Nan => Value,
    };
    FromHexError => |error| match error {
        FromHexError::Invalid => Value,
        FromHexError::TooLarge => Overflow,
    };
    ComplexPowError => |error| match error {
        ComplexPowError::ZeroToNegative => Zero,
        ComplexPowError::Overflow => Overflow,
    };
    AbsOverflow => |_| Overflow;
    MathError => |error| if error.is_overflow() { Overflow } else { Value };
    NegativeTolerance => |_| Value;
    ExactSumError => |error| match error {
        ExactSumError::IntermediateOverflow => Overflow,
        ExactSumError::OppositeInfinities => Value,
    };
    CombinatoricsError => |error| match error {
        CombinatoricsError::NegativeFactorial | CombinatoricsError::NegativeN | CombinatoricsError::NegativeK => Value,
        CombinatoricsError::Result(TooLarge::Memory) => Memory,
        _ => Overflow,
    };
}

/// C's `ERANGE`, which the error of `pow` carries.
const OUT_OF_RANGE: i32 = 34;

impl NumberError for PowError {
    fn raise(self, vm: &Thread) -> Raised {
        match self {
            PowError::ZeroToNegative => vm.zero_division_error(self),
            PowError::Overflow => match vm.str(&self.to_string()) {
                Ok(message) => {
                    let code = Owned::small_int(OUT_OF_RANGE);
                    vm.error_with(&vm.exceptions().OverflowError, &[code.borrow(), message.borrow()])
                }
                Err(raised) => raised,
            },
        }
    }
}

impl NumberError for FormatError {
    /// The message may quote a format with surrogates in it.
    fn raise(self, vm: &Thread) -> Raised {
        let class = match self {
            FormatError::Value(_) => &vm.exceptions().ValueError,
            FormatError::Overflow(_) => &vm.exceptions().OverflowError,
            FormatError::Memory => return vm.memory_error(),
        };
        match vm.text(Text::trusted(self.message())) {
            Ok(message) => vm.error_with(class, &[message.borrow()]),
            Err(raised) => raised,
        }
    }
}
