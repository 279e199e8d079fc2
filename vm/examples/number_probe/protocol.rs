//! The forms of arguments and results, and the exceptions that errors stand for.

use std::fmt::Write;

use pyx_vm::number::combinatorics::CombinatoricsError;
use pyx_vm::number::complex::{self, Complex, ComplexPowError};
use pyx_vm::number::complex_text::ComplexParseError;
use pyx_vm::number::float_hex::FromHexError;
use pyx_vm::number::float_ops::{PowError, RatioError, RoundOverflow};
use pyx_vm::number::float_parse::NotAFloat;
use pyx_vm::number::int_bytes::ToBytesError;
use pyx_vm::number::int_float::{FloatToIntError, IntTooLargeForFloat, TrueDivError};
use pyx_vm::number::int_ops::{NegativeRoot, ShiftError, ZeroDivision};
use pyx_vm::number::int_parse::IntParseError;
use pyx_vm::number::int_pow::ModularPowError;
use pyx_vm::number::int_text::TooManyDigits;
use pyx_vm::number::math::{MathError, NegativeTolerance};
use pyx_vm::number::sum::ExactSumError;
use pyx_vm::number::{Int, TooLarge};

pub(crate) type Answer = Result<String, Exception>;

pub(crate) struct Exception {
    pub(crate) class: &'static str,
    pub(crate) message: Vec<u8>,
}

/// The words of one line, read from left to right.
pub(crate) struct Question<'a>(std::str::Split<'a, char>);

impl<'a> Question<'a> {
    pub(crate) fn new(line: &'a str) -> Self {
        Question(line.split(' '))
    }

    pub(crate) fn word(&mut self) -> &'a str {
        self.0.next().expect("too few arguments")
    }

    pub(crate) fn next_word(&mut self) -> Option<&'a str> {
        self.0.next()
    }

    pub(crate) fn int(&mut self) -> Int {
        Int::from(dashu_int::IBig::from_str_radix(self.word(), 16).expect("an integer in hexadecimal"))
    }

    pub(crate) fn small(&mut self) -> i64 {
        i64::from_str_radix(self.word(), 16).expect("a machine integer in hexadecimal")
    }

    pub(crate) fn size(&mut self) -> usize {
        usize::try_from(self.small()).expect("a size")
    }

    pub(crate) fn flag(&mut self) -> bool {
        self.small() != 0
    }

    pub(crate) fn float(&mut self) -> f64 {
        f64::from_bits(u64::from_str_radix(self.word(), 16).expect("the bits of a float"))
    }

    pub(crate) fn complex(&mut self) -> Complex {
        complex::complex(self.float(), self.float())
    }

    pub(crate) fn text(&mut self) -> Vec<u8> {
        let digits = self.word().strip_prefix('x').expect("text in hexadecimal");
        let byte = |index| u8::from_str_radix(&digits[index..index + 2], 16).expect("a byte");
        (0..digits.len()).step_by(2).map(byte).collect()
    }

    /// All remaining arguments.
    pub(crate) fn floats(&mut self) -> Vec<f64> {
        let mut floats = Vec::new();
        while let Some(word) = self.next_word() {
            floats.push(f64::from_bits(u64::from_str_radix(word, 16).expect("the bits of a float")));
        }
        floats
    }

    /// All remaining arguments.
    pub(crate) fn smalls(&mut self) -> Vec<i64> {
        self.0.by_ref().map(|word| i64::from_str_radix(word, 16).expect("a machine integer")).collect()
    }
}

/// The form of a result.
pub(crate) trait Show {
    fn show(&self) -> String;
}

impl Show for Int {
    fn show(&self) -> String {
        let value = self.clone().into_big();
        format!("{value:x}")
    }
}

impl Show for i64 {
    fn show(&self) -> String {
        Int::from(*self).show()
    }
}

impl Show for u64 {
    fn show(&self) -> String {
        format!("{self:x}")
    }
}

impl Show for usize {
    fn show(&self) -> String {
        format!("{self:x}")
    }
}

impl Show for f64 {
    fn show(&self) -> String {
        if self.is_nan() { "nan".to_owned() } else { format!("{:016x}", self.to_bits()) }
    }
}

impl Show for Complex {
    fn show(&self) -> String {
        format!("{} {}", self.real.show(), self.imag.show())
    }
}

impl Show for bool {
    fn show(&self) -> String {
        i64::from(*self).show()
    }
}

impl Show for [u8] {
    fn show(&self) -> String {
        let mut text = String::from("x");
        for byte in self {
            write!(text, "{byte:02x}").expect("a String grows");
        }
        text
    }
}

impl Show for Vec<u8> {
    fn show(&self) -> String {
        self.as_slice().show()
    }
}

impl Show for String {
    fn show(&self) -> String {
        self.as_bytes().show()
    }
}

impl<A: Show, B: Show> Show for (A, B) {
    fn show(&self) -> String {
        format!("{} {}", self.0.show(), self.1.show())
    }
}

impl<T: Show> Show for Option<T> {
    fn show(&self) -> String {
        self.as_ref().map_or_else(|| "none".to_owned(), Show::show)
    }
}

/// Turns a result into an answer.
pub(crate) fn reply<T: Show, E: Into<Exception>>(result: Result<T, E>) -> Answer {
    result.map(|value| value.show()).map_err(Into::into)
}

/// For each error its exception's class.
macro_rules! exceptions {
    ($($error:ty => |$value:ident| $class:expr;)*) => {
        $(impl From<$error> for $crate::protocol::Exception {
            fn from($value: $error) -> Self {
                $crate::protocol::Exception { class: $class, message: $value.to_string().into_bytes() }
            }
        })*
    };
}

pub(crate) use exceptions;

exceptions! {
    ZeroDivision => |_error| "ZeroDivisionError";
    NegativeRoot => |_error| "ValueError";
    TooLarge => |error| match error { TooLarge::Memory => "MemoryError", TooLarge::Digits => "OverflowError" };
    ShiftError => |error| match error {
        ShiftError::NegativeCount => "ValueError",
        ShiftError::TooLarge(TooLarge::Memory) => "MemoryError",
        ShiftError::TooLarge(TooLarge::Digits) => "OverflowError",
    };
    ModularPowError => |_error| "ValueError";
    TooManyDigits => |_error| "ValueError";
    IntParseError => |_error| "ValueError";
    IntTooLargeForFloat => |_error| "OverflowError";
    TrueDivError => |error| match error {
        TrueDivError::ZeroDivision => "ZeroDivisionError",
        TrueDivError::TooLarge => "OverflowError",
    };
    FloatToIntError => |error| match error {
        FloatToIntError::Infinity => "OverflowError",
        FloatToIntError::Nan => "ValueError",
    };
    RatioError => |error| match error { RatioError::Infinity => "OverflowError", RatioError::Nan => "ValueError" };
    ToBytesError => |_error| "OverflowError";
    NotAFloat => |_error| "ValueError";
    FromHexError => |error| match error {
        FromHexError::Invalid => "ValueError",
        FromHexError::TooLarge => "OverflowError",
    };
    PowError => |error| match error {
        PowError::ZeroToNegative => "ZeroDivisionError",
        PowError::Overflow => "OverflowError",
    };
    RoundOverflow => |_error| "OverflowError";
    ComplexPowError => |error| match error {
        ComplexPowError::ZeroToNegative => "ZeroDivisionError",
        ComplexPowError::Overflow => "OverflowError",
    };
    complex::AbsOverflow => |_error| "OverflowError";
    ComplexParseError => |_error| "ValueError";
    MathError => |error| if error.is_overflow() { "OverflowError" } else { "ValueError" };
    NegativeTolerance => |_error| "ValueError";
    ExactSumError => |error| match error {
        ExactSumError::IntermediateOverflow => "OverflowError",
        ExactSumError::OppositeInfinities => "ValueError",
    };
    CombinatoricsError => |error| match error {
        CombinatoricsError::FactorialTooLarge
        | CombinatoricsError::CombTooLarge
        | CombinatoricsError::PermTooLarge
        | CombinatoricsError::Result(TooLarge::Digits) => "OverflowError",
        CombinatoricsError::Result(TooLarge::Memory) => "MemoryError",
        _ => "ValueError",
    };
}
