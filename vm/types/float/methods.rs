//! The methods of `float`.

use super::{construct, own, positive};
use crate::exception::PyResult;
use crate::format::format_float::format_float;
use crate::native::*;
use crate::number::{float_hex, float_ops};
use crate::types::int::from_float;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

pub(super) const METHODS: &[MethodDef] = &[
    class_method("from_number($type, number, /)", Two(construct::from_number), "A real number as a float."),
    method("conjugate($self, /)", One(positive), "The number itself, as for every real number."),
    method("__trunc__($self, /)", One(trunc), "The integer part."),
    method("__floor__($self, /)", One(floor), "The largest int not above."),
    method("__ceil__($self, /)", One(ceil), "The smallest int not below."),
    method(
        "__round__($self, ndigits=None, /)",
        OneOpt(round),
        "Rounded half to even, to an int or to so many digits.",
    ),
    method(
        "as_integer_ratio($self, /)",
        One(as_integer_ratio),
        "Numerator and denominator of exactly this number.",
    ),
    class_method(
        "fromhex($type, string, /)",
        Two(construct::fromhex),
        "The float that a hexadecimal text means.",
    ),
    method("hex($self, /)", One(hex), "The number in hexadecimal, which loses nothing."),
    method("is_integer($self, /)", One(is_integer), "Whether there is no fraction."),
    method("__getnewargs__($self, /)", One(getnewargs), "What `__new__` needs to make a copy."),
    class_method(
        "__getformat__($type, typestr, /)",
        Two(construct::getformat),
        "How C's float or double is stored.",
    ),
    method(
        "__format__($self, format_spec, /)",
        Two(format),
        "The number as text, by a format specification.",
    ),
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
        Err(error) => Err(vm.raised(error)),
    }
}

pub(super) fn trunc(vm: &Thread, this: Ref<'_>) -> PyResult {
    from_float(vm, own(this))
}

fn floor(vm: &Thread, this: Ref<'_>) -> PyResult {
    from_float(vm, own(this).floor())
}

fn ceil(vm: &Thread, this: Ref<'_>) -> PyResult {
    from_float(vm, own(this).ceil())
}

fn round(vm: &Thread, this: Ref<'_>, digits: Option<Ref<'_>>) -> PyResult {
    let Some(digits) = digits.filter(|digits| !digits.is_none()) else {
        return from_float(vm, own(this).round_ties_even());
    };
    let digits = vm.to_index_clipped(digits)? as i64;
    match float_ops::round(own(this), digits) {
        Ok(rounded) => vm.float(rounded),
        Err(error) => Err(vm.raised(error)),
    }
}

fn hex(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.str(&float_hex::to_hex(own(this)))
}

fn getnewargs(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.tuple_array([vm.float(own(this))?])
}

pub(crate) fn format(vm: &Thread, this: Ref<'_>, spec: Ref<'_>) -> PyResult {
    vm.format_by(this, spec, |spec, context, out| format_float(own(this), spec, context, out))
}
