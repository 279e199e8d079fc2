//! `complex`.
//!
//! Since 3.14 a real operand is not widened to a complex one: `1.0 + z` has the very imaginary part of `z`. Powers still
//! widen both operands.

mod construct;

use crate::class;
use crate::exception::{PyResult, Raised};
use crate::format::format_complex::format_complex;
use crate::heap::Kind;
use crate::native::*;
use crate::number::complex::{self, Complex as Number};
use crate::number::int_ops::ZeroDivision;
use crate::number::{complex_text, hash, int_float};
use crate::protocol::conversion::{complex_value, float_value};
use crate::protocol::slots::CompareOp;
use crate::types::int::{as_f64, int_ref};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

crate::payload! {
    /// A complex number.
    pub struct Complex: Complex {
        real: f64,
        imag: f64,
    }
}

class! { Complex => COMPLEX; }

impl Complex {
    pub(crate) fn new(value: Number) -> Self {
        Self { real: value.real, imag: value.imag }
    }

    /// The value.
    pub fn value(&self) -> Number {
        complex::complex(self.real, self.imag)
    }
}

pub(crate) static COMPLEX: TypeDef = TypeDef {
    flags: TypeFlags::BASE,
    signature: "(real=0, imag=0)",
    doc: "A complex number, made of text, of a number, or of a real and an imaginary part.",
    methods: &[
        class_method(
            "from_number($type, number, /)",
            Two(construct::from_number),
            "A number as a complex number.",
        ),
        method(
            "conjugate($self, /)",
            One(conjugate),
            "The number with the sign of the imaginary part changed.",
        ),
        method("__complex__($self, /)", One(positive), "The number as an exact complex."),
        method("__getnewargs__($self, /)", One(getnewargs), "What `__new__` needs to make a copy."),
        method(
            "__format__($self, format_spec, /)",
            Two(format),
            "The number as text, by a format specification.",
        ),
    ],
    getset: &[
        member("real", |vm, this| vm.float(own(this).real), "The real part."),
        member("imag", |vm, this| vm.float(own(this).imag), "The imaginary part."),
    ],
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
        power: Some(power),
        negative: Some(negative),
        positive: Some(positive),
        absolute: Some(absolute),
        ..Slots::NONE
    },
    ..TypeDef::new::<Complex>("complex")
};

impl Thread {
    /// A complex number.
    pub fn complex_number(&self, value: Number) -> PyResult {
        self.new_object(Complex::new(value))
    }
}

fn own(value: Ref<'_>) -> Number {
    complex_value(value).expect("the slot checks its receiver")
}

/// An operand of arithmetic.
enum Operand {
    Real(f64),
    Complex(Number),
}
use Operand::{Complex as C, Real as R};

/// The value of a number; `None` for anything else.
fn operand(vm: &Thread, value: Ref<'_>) -> PyResult<Option<Operand>> {
    if let Some(value) = complex_value(value) {
        return Ok(Some(C(value)));
    }
    if let Some(value) = float_value(value) {
        return Ok(Some(R(value)));
    }
    match int_ref(value) {
        Some(int) => as_f64(vm, int).map(|value| Some(R(value))),
        None => Ok(None),
    }
}

fn operands(vm: &Thread, a: Ref<'_>, b: Ref<'_>) -> PyResult<Option<(Operand, Operand)>> {
    let (Some(a), Some(b)) = (operand(vm, a)?, operand(vm, b)?) else { return Ok(None) };
    Ok(Some((a, b)))
}

fn zero_division(vm: &Thread, error: ZeroDivision) -> Raised {
    vm.raised(error)
}

/// Operators by what their operands are; at least one of them is complex.
macro_rules! binary {
    ($($name:ident { $($pattern:pat => $result:expr,)* })*) => {$(
        fn $name(vm: &Thread, a: Ref<'_>, b: Ref<'_>) -> PyResult {
            let Some(operands) = operands(vm, a, b)? else { return Ok(Owned::not_implemented()) };
            let result = match operands {
                $($pattern => $result,)*
                (R(_), R(_)) => unreachable!("a slot of complex gets a complex operand"),
            };
            match result {
                Ok(value) => vm.complex_number(value),
                Err(error) => Err(zero_division(vm, error)),
            }
        }
    )*};
}

binary! {
    add {
        (C(a), C(b)) => Ok(complex::add(a, b)),
        (C(z), R(x)) | (R(x), C(z)) => Ok(complex::add_real(z, x)),
    }
    subtract {
        (C(a), C(b)) => Ok(complex::sub(a, b)),
        (C(z), R(x)) => Ok(complex::sub_real(z, x)),
        (R(x), C(z)) => Ok(complex::real_sub(x, z)),
    }
    multiply {
        (C(a), C(b)) => Ok(complex::mul(a, b)),
        (C(z), R(x)) | (R(x), C(z)) => Ok(complex::mul_real(z, x)),
    }
    true_divide {
        (C(a), C(b)) => complex::div(a, b),
        (C(z), R(x)) => complex::div_real(z, x),
        (R(x), C(z)) => complex::real_div(x, z),
    }
}

fn power(vm: &Thread, a: Ref<'_>, b: Ref<'_>, modulus: Ref<'_>) -> PyResult {
    let Some((base, exponent)) = operands(vm, a, b)? else { return Ok(Owned::not_implemented()) };
    if !modulus.is_none() {
        return Err(vm.value_error("complex modulo"));
    }
    power_of(vm, base.widen(), exponent.widen())
}

impl Operand {
    fn widen(self) -> Number {
        match self {
            R(value) => Number::from(value),
            C(value) => value,
        }
    }
}

/// A power of complex numbers.
pub(crate) fn power_of(vm: &Thread, base: Number, exponent: Number) -> PyResult {
    match complex::pow(base, exponent) {
        Ok(value) => vm.complex_number(value),
        Err(error) => Err(vm.raised(error)),
    }
}

fn negative(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.complex_number(complex::neg(own(this)))
}

/// The number itself, of class complex.
fn positive(vm: &Thread, this: Ref<'_>) -> PyResult {
    if this.is_exact(Kind::Complex) { Ok(this.own()) } else { vm.complex_number(own(this)) }
}

fn absolute(vm: &Thread, this: Ref<'_>) -> PyResult {
    match complex::abs(own(this)) {
        Ok(value) => vm.float(value),
        Err(error) => Err(vm.raised(error)),
    }
}

fn conjugate(vm: &Thread, this: Ref<'_>) -> PyResult {
    let value = own(this);
    vm.complex(value.real, -value.imag)
}

fn is_true(_: &Thread, this: Ref<'_>) -> PyResult<bool> {
    let value = own(this);
    Ok(value.real != 0.0 || value.imag != 0.0)
}

fn hash(_: &Thread, this: Ref<'_>) -> PyResult<i64> {
    // A nan hashes by identity, as in a float.
    let part = |part: f64| hash::float(part).unwrap_or_else(|| hash::address(this.id() as usize));
    let value = own(this);
    Ok(hash::complex(part(value.real), part(value.imag)))
}

fn compare(_: &Thread, this: Ref<'_>, other: Ref<'_>, op: CompareOp) -> PyResult {
    let value = own(this);
    let equal = if let Some(other) = complex_value(other) {
        value == other
    } else if let Some(other) = float_value(other) {
        value.real == other && value.imag == 0.0
    } else if let Some(other) = int_ref(other) {
        value.imag == 0.0 && int_float::compare(other, value.real).is_some_and(std::cmp::Ordering::is_eq)
    } else {
        return Ok(Owned::not_implemented());
    };
    Ok(match op {
        CompareOp::Eq => Owned::bool(equal),
        CompareOp::Ne => Owned::bool(!equal),
        _ => Owned::not_implemented(),
    })
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.ascii_str(&complex_text::repr(own(this)))
}

fn format(vm: &Thread, this: Ref<'_>, spec: Ref<'_>) -> PyResult {
    vm.format_by(this, spec, |spec, context, out| format_complex(own(this), spec, context, out))
}

fn getnewargs(vm: &Thread, this: Ref<'_>) -> PyResult {
    let value = own(this);
    vm.pair(vm.float(value.real)?, vm.float(value.imag)?)
}
