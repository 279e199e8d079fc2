//! The methods and the constructor of `float`.

use super::{Float, own, positive};
use crate::exception::PyResult;
use crate::heap::Kind;
use crate::heap::inline::{Bytes, Str};
use crate::native::*;
use crate::number::float_ops::{self, RatioError};
use crate::number::float_parse;
use crate::number::literal::NonAscii;
use crate::text::unicode;
use crate::types::int::from_float;
use crate::types::type_::payload_of;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

pub(super) const METHODS: &[MethodDef] = &[
    method("conjugate($self, /)", One(positive), "The number itself."),
    method("is_integer($self, /)", One(is_integer), "Whether there is no fraction."),
    method(
        "as_integer_ratio($self, /)",
        One(as_integer_ratio),
        "The pair of ints whose quotient is the number.",
    ),
    method("__trunc__($self, /)", One(trunc), "The integer part."),
    method("__floor__($self, /)", One(floor), "The largest int not above."),
    method("__ceil__($self, /)", One(ceil), "The smallest int not below."),
    method(
        "__round__($self, ndigits=None, /)",
        OneOpt(round),
        "Rounded half to even, to an int or to so many digits.",
    ),
    method("__getnewargs__($self, /)", One(getnewargs), "What `__new__` needs to make a copy."),
];

pub(super) const GETSET: &[GetSet] = &[
    getter("real", positive, "The real part: the number itself."),
    getter("imag", zero, "The imaginary part: 0.0."),
];

fn zero(vm: &Thread, _: Ref<'_>) -> PyResult {
    vm.float(0.0)
}

fn is_integer(_: &Thread, this: Ref<'_>) -> PyResult {
    Ok(Owned::bool(float_ops::is_integer(own(this))))
}

fn as_integer_ratio(vm: &Thread, this: Ref<'_>) -> PyResult {
    match float_ops::integer_ratio(own(this)) {
        Ok((numerator, denominator)) => vm.pair(vm.number(numerator)?, vm.number(denominator)?),
        Err(RatioError::Nan) => Err(vm.value_error("cannot convert NaN to integer ratio")),
        Err(RatioError::Infinity) => Err(vm.overflow_error("cannot convert Infinity to integer ratio")),
    }
}

pub(super) fn trunc(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.number(from_float(vm, own(this).trunc())?)
}

fn floor(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.number(from_float(vm, own(this).floor())?)
}

fn ceil(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.number(from_float(vm, own(this).ceil())?)
}

fn round(vm: &Thread, this: Ref<'_>, digits: Option<Ref<'_>>) -> PyResult {
    let Some(digits) = digits.filter(|digits| !digits.is_none()) else {
        return vm.number(from_float(vm, own(this).round_ties_even())?);
    };
    let digits = vm.to_index_clipped(digits)? as i64;
    match float_ops::round(own(this), digits) {
        Ok(rounded) => vm.float(rounded),
        Err(_) => Err(vm.overflow_error("rounded value too large to represent")),
    }
}

fn getnewargs(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.tuple(vec![positive(vm, this)?])
}

/// `float(x)`
pub(super) fn new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    let value = args.bind(vm, crate::signature!("float(x=0, /)"), |bound| match bound.optional(0) {
        None => Ok(0.0),
        Some(value) => from_object(vm, value),
    })?;
    if class.is(vm.types().float.borrow()) {
        vm.float(value)
    } else {
        vm.new_object_of(class, Float::new(value))
    }
}

fn from_object(vm: &Thread, value: Ref<'_>) -> PyResult<f64> {
    let parsed = match value.kind() {
        Kind::Str => value.downcast::<Str>().map(|text| float_parse::parse_text(text.as_bytes(), &classify)),
        Kind::Bytes => value.downcast::<Bytes>().map(|bytes| float_parse::parse_bytes(bytes.as_bytes())),
        _ => None,
    };
    match parsed {
        Some(Ok(value)) => Ok(value),
        Some(Err(_)) => {
            let text = vm.repr_string(value)?;
            Err(vm.value_error(format_args!("could not convert string to float: {text}")))
        }
        None => {
            let slots = &payload_of(vm.class(value)).slots;
            if slots.float.get().is_none() && slots.index.get().is_none() {
                let got = vm.type_name(value);
                let message = format!("float() argument must be a string or a real number, not '{got}'");
                return Err(vm.type_error(message));
            }
            vm.to_f64(value)
        }
    }
}

/// What a non-ASCII character means in a number.
pub(crate) fn classify(code: u32) -> NonAscii {
    match unicode::decimal(code) {
        Some(digit) => NonAscii::Digit(digit),
        None if unicode::is_space(code) => NonAscii::Space,
        None => NonAscii::Other,
    }
}
