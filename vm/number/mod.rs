//! The algorithms behind Python's numbers, as functions on Rust types.
//!
//! Nothing here sees the interpreter: no heap, no objects, no exceptions. A function takes integers ([`IntRef`]),
//! floats (`f64`), complex numbers ([`Complex`]) or text bytes, and returns a value or a small error enum. The
//! callers, which are slots, opcode fast paths and dunder methods alike, turn an error into an exception; every
//! error's `Display` is CPython's message, so that the wording lives in one place.
//!
//! Two rules hold throughout:
//!
//! * **Results that can dwarf their operands are refused, not attempted.** Powers, left shifts and factorials take
//!   the number of bits the caller is willing to pay for ([`BitBudget`]) and return [`TooLarge`] beyond it.
//! * **Floats are computed as CPython computes them**, operation by operation, because programs print all 17
//!   digits. What CPython asks of the platform's libm we ask of `std`, which asks the same libm.

pub mod cmath;
pub mod combinatorics;
pub mod complex;
pub mod complex_text;
pub mod float_hex;
pub mod float_ops;
pub mod float_parse;
pub mod float_text;
pub mod gamma;
pub mod half;
pub mod hash;
pub mod int;
pub mod int_bytes;
pub mod int_float;
pub mod int_ops;
pub mod int_parse;
pub mod int_pow;
pub mod int_text;
pub mod literal;
pub mod math;
pub mod norm;
pub mod sum;

pub use complex::Complex;
pub use int::{BitBudget, Int, IntRef, TooLarge};
