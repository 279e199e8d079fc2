//! `float`.
//!
//! Most floats are immediates; those of extreme size, infinities, nans, and instances of subclasses are objects.

mod construct;
mod methods;

pub(crate) use methods::format;

use std::cmp::Ordering;

use crate::class;
use crate::exception::PyResult;
use crate::heap::Kind;
use crate::native::*;
use crate::number::complex::Complex;
use crate::number::float_ops::{self, Power};
use crate::number::float_text::Repr;
use crate::number::{hash, int_float};
use crate::protocol::conversion::float_value;
use crate::protocol::slots::CompareOp;
use crate::types::complex;
use crate::types::int::{as_f64, int_ref};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

crate::payload! {
    /// A float that is not an immediate.
    pub struct Float: Float {
        value: f64,
    }
}

class! { Float => FLOAT; }

impl Float {
    /// The payload of this value; `vm.float` decides whether there must be one.
    pub(crate) fn new(value: f64) -> Self {
        Self { value }
    }

    /// The value.
    pub fn value(&self) -> f64 {
        self.value
    }
}

pub(crate) static FLOAT: TypeDef = TypeDef {
    flags: TypeFlags { match_self: true, ..TypeFlags::BASE },
    signature: "(x=0, /)",
    doc: "A floating-point number, made of a number or of text.",
    methods: methods::METHODS,
    getset: methods::GETSET,
    slots: Slots {
        repr: Some(repr),
        hash: Some(hash),
        compare: Some(compare),
        bool: Some(is_true),
        new: Some(construct::new),
        add: Some(add),
        subtract: Some(subtract),
        multiply: Some(multiply),
        true_divide: Some(true_divide),
        floor_divide: Some(floor_divide),
        remainder: Some(remainder),
        divmod: Some(divmod),
        power: Some(power),
        negative: Some(negative),
        positive: Some(positive),
        absolute: Some(absolute),
        int: Some(methods::trunc),
        float: Some(positive),
        ..Slots::NONE
    },
    ..TypeDef::new::<Float>("float")
};

pub(super) fn own(value: Ref<'_>) -> f64 {
    float_value(value).expect("the slot checks its receiver")
}

/// The value of a float or an int; `None` for anything else.
fn operand(vm: &Thread, value: Ref<'_>) -> PyResult<Option<f64>> {
    match float_value(value) {
        Some(float) => Ok(Some(float)),
        None => int_ref(value).map(|int| as_f64(vm, int)).transpose(),
    }
}

fn operands(vm: &Thread, a: Ref<'_>, b: Ref<'_>) -> PyResult<Option<(f64, f64)>> {
    let (Some(a), Some(b)) = (operand(vm, a)?, operand(vm, b)?) else { return Ok(None) };
    Ok(Some((a, b)))
}

macro_rules! binary {
    ($($name:ident => |$vm:ident, $a:ident, $b:ident| $result:expr;)*) => {$(
        fn $name($vm: &Thread, a: Ref<'_>, b: Ref<'_>) -> PyResult {
            match operands($vm, a, b)? {
                Some(($a, $b)) => $result,
                None => Ok(Owned::not_implemented()),
            }
        }
    )*};
}

binary! {
    add => |vm, a, b| vm.float(a + b);
    subtract => |vm, a, b| vm.float(a - b);
    multiply => |vm, a, b| vm.float(a * b);
    true_divide => |vm, a, b| match float_ops::true_div(a, b) {
        Ok(quotient) => vm.float(quotient),
        Err(error) => Err(vm.raised(error)),
    };
    floor_divide => |vm, a, b| match float_ops::floor_div(a, b) {
        Ok(quotient) => vm.float(quotient),
        Err(error) => Err(vm.raised(error)),
    };
    remainder => |vm, a, b| match float_ops::floor_mod(a, b) {
        Ok(remainder) => vm.float(remainder),
        Err(error) => Err(vm.raised(error)),
    };
    divmod => |vm, a, b| match float_ops::divmod(a, b) {
        Ok((quotient, remainder)) => vm.pair(vm.float(quotient)?, vm.float(remainder)?),
        Err(error) => Err(vm.raised(error)),
    };
}

fn power(vm: &Thread, a: Ref<'_>, b: Ref<'_>, modulus: Ref<'_>) -> PyResult {
    if !modulus.is_none() {
        return Err(vm.type_error("pow() 3rd argument not allowed unless all arguments are integers"));
    }
    match operands(vm, a, b)? {
        Some((base, exponent)) => power_of(vm, base, exponent),
        None => Ok(Owned::not_implemented()),
    }
}

/// A power of floats, which may be complex.
pub(crate) fn power_of(vm: &Thread, base: f64, exponent: f64) -> PyResult {
    match float_ops::pow(base, exponent) {
        Ok(Power::Real(result)) => vm.float(result),
        Ok(Power::Complex) => complex::power_of(vm, Complex::from(base), Complex::from(exponent)),
        Err(error) => Err(vm.raised(error)),
    }
}

fn negative(vm: &Thread, a: Ref<'_>) -> PyResult {
    vm.float(-own(a))
}

/// The float itself, of class float.
pub(crate) fn positive(vm: &Thread, a: Ref<'_>) -> PyResult {
    let is_exact = a.as_immediate_float().is_some() || a.is_exact(Kind::Float);
    if is_exact { Ok(a.own()) } else { vm.float(own(a)) }
}

fn absolute(vm: &Thread, a: Ref<'_>) -> PyResult {
    vm.float(own(a).abs())
}

fn is_true(_: &Thread, a: Ref<'_>) -> PyResult<bool> {
    Ok(own(a) != 0.0)
}

fn hash(_: &Thread, a: Ref<'_>) -> PyResult<i64> {
    // A nan hashes by identity: nans made apart are not equal.
    Ok(hash::float(own(a)).unwrap_or_else(|| hash::address(a.id() as usize)))
}

fn compare(_: &Thread, a: Ref<'_>, b: Ref<'_>, op: CompareOp) -> PyResult {
    let a = own(a);
    let ordering: Option<Ordering> = match float_value(b) {
        Some(b) => a.partial_cmp(&b),
        None => match int_ref(b) {
            Some(b) => int_float::compare(b, a).map(Ordering::reverse),
            None => return Ok(Owned::not_implemented()),
        },
    };
    Ok(Owned::bool(match ordering {
        Some(ordering) => op.holds(ordering),
        None => op == CompareOp::Ne,
    }))
}

fn repr(vm: &Thread, a: Ref<'_>) -> PyResult {
    vm.ascii_str(Repr::new(own(a)).as_bytes())
}
