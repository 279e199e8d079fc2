//! `sum()`: addition from the left, with the rounding errors of floats and complex numbers carried along.

use std::ops::ControlFlow;

use crate::arguments::Bound;
use crate::exception::PyResult;
use crate::heap::Kind;
use crate::number::sum::{Compensated, CompensatedComplex};
use crate::protocol::conversion::{complex_value, float_value, small_value};
use crate::protocol::number::BinaryOp;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// The sum so far. What it is decides how the next item is added; a sum that has become general stays so.
enum Total {
    /// An int of a machine word's size.
    Int(Owned),
    /// Of floats, ints among them.
    Float(Compensated),
    /// Of complex numbers, floats and ints among them.
    Complex(CompensatedComplex),
    General(Owned),
}

pub(super) fn sum(vm: &Thread, args: &Bound<'_>) -> PyResult {
    let start = args.optional(1);
    let refused = match start.map(Ref::kind) {
        Some(Kind::Str) => Some("strings [use ''.join(seq) instead]"),
        Some(Kind::Bytes) => Some("bytes [use b''.join(seq) instead]"),
        Some(Kind::ByteArray) => Some("bytearray [use b''.join(seq) instead]"),
        _ => None,
    };
    if let Some(what) = refused {
        return Err(vm.type_error(format_args!("sum() can't sum {what}")));
    }
    let mut total = start.map_or_else(|| Total::Int(Owned::small_int(0)), |start| Total::of(vm, start.own()));
    vm.walk(args.required(0), |item| {
        total.add(vm, item.borrow())?;
        Ok(ControlFlow::<()>::Continue(()))
    })?;
    total.value(vm)
}

impl Total {
    /// A sum that begins with a value.
    fn of(vm: &Thread, value: Owned) -> Self {
        if vm.is_exact_int(value.borrow()) {
            return if small_value(value.borrow()).is_some() {
                Self::Int(value)
            } else {
                Self::General(value)
            };
        }
        Self::of_fraction(value)
    }

    /// A sum that is not of ints alone.
    fn of_fraction(value: Owned) -> Self {
        let object = value.borrow();
        if let Some(float) = exact_float(object) {
            return Self::Float(Compensated::new(float));
        }
        match complex_value(object).filter(|_| object.is_exact(Kind::Complex)) {
            Some(number) => Self::Complex(CompensatedComplex::new(number)),
            None => Self::General(value),
        }
    }

    /// Adds an item.
    #[inline]
    fn add(&mut self, vm: &Thread, item: Ref<'_>) -> PyResult<()> {
        match self {
            Self::Int(sum) => match sum.borrow().small_sum(item) {
                Some(small) => *sum = small,
                None => {
                    let new = vm.binary(BinaryOp::Add, sum.borrow(), item)?;
                    let is_int = vm.is_exact_int(item) || item.as_bool().is_some();
                    *self = if is_int { Self::of(vm, new) } else { Self::of_fraction(new) };
                }
            },
            Self::Float(sum) => match exact_float(item).or_else(|| small_value(item).map(|int| int as f64)) {
                Some(term) => sum.add(term),
                None => {
                    let sum = vm.float(sum.value())?;
                    let new = vm.binary(BinaryOp::Add, sum.borrow(), item)?;
                    *self = match Self::of_fraction(new) {
                        Self::Float(sum) => Self::General(vm.float(sum.value())?),
                        other => other,
                    };
                }
            },
            Self::Complex(sum) => {
                if let Some(term) = complex_value(item).filter(|_| item.is_exact(Kind::Complex)) {
                    sum.add(term);
                } else if let Some(term) =
                    float_value(item).or_else(|| small_value(item).map(|int| int as f64))
                {
                    sum.add_real(term);
                } else {
                    let sum = vm.complex_number(sum.value())?;
                    *self = Self::General(vm.binary(BinaryOp::Add, sum.borrow(), item)?);
                }
            }
            Self::General(sum) => *sum = vm.binary(BinaryOp::Add, sum.borrow(), item)?,
        }
        Ok(())
    }

    fn value(self, vm: &Thread) -> PyResult {
        match self {
            Self::Int(sum) | Self::General(sum) => Ok(sum),
            Self::Float(sum) => vm.float(sum.value()),
            Self::Complex(sum) => vm.complex_number(sum.value()),
        }
    }
}

/// The value of a float of class float.
fn exact_float(object: Ref<'_>) -> Option<f64> {
    float_value(object).filter(|_| object.header().is_none_or(|header| header.is_exact(Kind::Float)))
}
