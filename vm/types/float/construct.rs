//! `float(x)`, and the class methods that make floats.

use super::Float;
use crate::exception::{PyResult, Raised};
use crate::heap::Kind;
use crate::heap::inline::Str;
use crate::native::*;
use crate::number::{float_hex, float_parse};
use crate::protocol::format::classify;
use crate::protocol::slots::SlotId;
use crate::types::constructor;
use crate::types::numeral::{Numeral, numeral};
use crate::value::Ref;
use crate::vm::Thread;

pub(super) fn new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    if constructor::checks_keywords(class, SlotId::init) {
        constructor::no_keywords(vm, "float", args)?;
    }
    let argument = constructor::optional(vm, "float", args)?;
    if class.is(vm.types().float.borrow()) {
        return match argument {
            None => vm.float(0.0),
            Some(value) if value.is_exact(Kind::Float) => Ok(value.own()),
            Some(value) => vm.float(of_object(vm, value)?),
        };
    }
    let value = argument.map_or(Ok(0.0), |value| of_object(vm, value))?;
    vm.new_object_of(class, Float::new(value))
}

fn of_object(vm: &Thread, value: Ref<'_>) -> PyResult<f64> {
    // A str of a subclass may have methods of its own, so it is asked for a float first.
    if !value.is_exact(Kind::Str)
        && let Some(number) = vm.to_float(value)?
    {
        return Ok(number);
    }
    match numeral(vm, value, |text| parse(vm, &text, value))? {
        Some(number) => Ok(number),
        None => Err(vm.type_error(format_args!(
            "float() argument must be a string or a real number, not '{}'",
            vm.type_name(value)
        ))),
    }
}

fn parse(vm: &Thread, text: &Numeral<'_>, object: Ref<'_>) -> PyResult<f64> {
    let parsed = match text {
        Numeral::Text(text) => float_parse::parse_text(text.as_bytes(), &classify),
        Numeral::Bytes(bytes) => float_parse::parse_bytes(bytes),
    };
    parsed.map_err(|error| parse_error(vm, error, object))
}

#[cold]
fn parse_error(vm: &Thread, error: float_parse::NotAFloat, object: Ref<'_>) -> Raised {
    match vm.repr_string(object) {
        Ok(text) => vm.value_error(format_args!("{error}: {text}")),
        Err(raised) => raised,
    }
}

/// A float, or what a subclass makes of it.
fn instance(vm: &Thread, class: Ref<'_>, value: f64) -> PyResult {
    let value = vm.float(value)?;
    if class.is(vm.types().float.borrow()) { Ok(value) } else { vm.call(class, &[value.borrow()]) }
}

/// `float.from_number(number)`
pub(super) fn from_number(vm: &Thread, class: Ref<'_>, number: Ref<'_>) -> PyResult {
    if class.is(vm.types().float.borrow()) && number.is_exact(Kind::Float) {
        return Ok(number.own());
    }
    instance(vm, class, vm.to_f64(number)?)
}

/// `float.fromhex(string)`
pub(super) fn fromhex(vm: &Thread, class: Ref<'_>, string: Ref<'_>) -> PyResult {
    if string.downcast::<Str>().is_none() {
        return Err(vm.type_error("bad argument type for built-in operation"));
    }
    match float_hex::from_hex(vm.utf8(string)?.as_bytes()) {
        Ok(value) => instance(vm, class, value),
        Err(error) => Err(vm.raised(error)),
    }
}

/// `float.__getformat__(typestr)`
pub(super) fn getformat(vm: &Thread, _class: Ref<'_>, typestr: Ref<'_>) -> PyResult {
    if typestr.downcast::<Str>().is_none() {
        return Err(vm.bad_argument("__getformat__() argument", "str", typestr));
    }
    match vm.utf8(typestr)? {
        "double" | "float" => vm.str("IEEE, little-endian"),
        text if text.contains('\0') => Err(vm.value_error("embedded null character")),
        _ => Err(vm.value_error("__getformat__() argument 1 must be 'double' or 'float'")),
    }
}
