//! The methods of `int`.

use super::{bytes, own, positive};
use crate::exception::PyResult;
use crate::format::format_int::format_int;
use crate::native::*;
use crate::number::int_ops;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

pub(super) const METHODS: &[MethodDef] = &[
    method("conjugate($self, /)", One(positive), "The number itself, as for every real number."),
    method(
        "bit_length($self, /)",
        One(bit_length),
        "How many bits the magnitude has: bin(self) without sign and 0b.",
    ),
    method("bit_count($self, /)", One(bit_count), "How many bits of the magnitude are ones."),
    method(
        "to_bytes($self, /, length=1, byteorder='big', *, signed=False)",
        Many(bytes::to_bytes),
        "The number as so many bytes; two's complement if signed.",
    ),
    class_method(
        "from_bytes($type, /, bytes, byteorder='big', *, signed=False)",
        Many(bytes::from_bytes),
        "The number that these bytes are, in two's complement if signed.",
    ),
    method(
        "as_integer_ratio($self, /)",
        One(as_integer_ratio),
        "The number and 1: a fraction in lowest terms.",
    ),
    method("__trunc__($self, /)", One(positive), "The number itself, which has no fraction to lose."),
    method("__floor__($self, /)", One(positive), "The number itself, being an integer already."),
    method("__ceil__($self, /)", One(positive), "The number itself, being an integer already."),
    method(
        "__round__($self, ndigits=None, /)",
        OneOpt(round),
        "Rounded to a power of ten if ndigits is negative.",
    ),
    method("__getnewargs__($self, /)", One(getnewargs), "What `__new__` needs to make a copy."),
    method(
        "__format__($self, format_spec, /)",
        Two(format),
        "The number as text, by a format specification.",
    ),
    method("__sizeof__($self, /)", One(sizeof), "The size of the object in bytes."),
    method("is_integer($self, /)", One(is_integer), "True: every int is an integer."),
];

pub(super) const GETSET: &[GetSet] = &[
    getter("real", positive, "The real part: the number itself."),
    getter("imag", zero, "The imaginary part: 0."),
    getter("numerator", positive, "The numerator: the number itself."),
    getter("denominator", one, "The denominator: 1."),
];

fn zero(_: &Thread, _: Ref<'_>) -> PyResult {
    Ok(Owned::small_int(0))
}

fn one(_: &Thread, _: Ref<'_>) -> PyResult {
    Ok(Owned::small_int(1))
}

fn bit_length(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.uint(own(this).bit_length())
}

fn bit_count(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.uint(own(this).bit_count())
}

fn is_integer(_: &Thread, _: Ref<'_>) -> PyResult {
    Ok(Owned::bool(true))
}

fn as_integer_ratio(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.pair(positive(vm, this)?, Owned::small_int(1))
}

fn round(vm: &Thread, this: Ref<'_>, digits: Option<Ref<'_>>) -> PyResult {
    let Some(digits) = digits.filter(|digits| !digits.is_none()) else { return positive(vm, this) };
    let digits = vm.to_integer(digits)?;
    if !digits.as_ref().is_negative() {
        return positive(vm, this);
    }
    vm.number(int_ops::round(own(this), digits.as_ref()))
}

fn getnewargs(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.tuple_array([positive(vm, this)?])
}

pub(crate) fn format(vm: &Thread, this: Ref<'_>, spec: Ref<'_>) -> PyResult {
    vm.format_by(this, spec, |spec, context, out| format_int(own(this), spec, context, out))
}

/// CPython's header, and its digits of 30 bits in four bytes each.
fn sizeof(vm: &Thread, this: Ref<'_>) -> PyResult {
    let digits = own(this).bit_length().div_ceil(30).max(1);
    vm.uint(24 + 4 * digits)
}
