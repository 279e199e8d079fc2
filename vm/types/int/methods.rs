//! The methods and the constructor of `int`.

use crate::exception::PyResult;
use crate::heap::Kind;
use crate::heap::inline::{Bytes, Str};
use crate::native::*;
use crate::number::int::Int as Number;
use crate::number::int_float::{self, FloatToIntError};
use crate::number::int_parse;
use crate::number::int_text::DigitLimit;
use crate::types::int::{Int, int_ref, positive};
use crate::types::type_::payload_of;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

pub(super) const METHODS: &[MethodDef] = &[
    method("conjugate($self, /)", One(positive), "The number itself."),
    method("bit_length($self, /)", One(bit_length), "The number of bits of the magnitude."),
    method("bit_count($self, /)", One(bit_count), "The number of ones in the magnitude."),
    method("is_integer($self, /)", One(is_integer), "True: every int is an integer."),
    method("as_integer_ratio($self, /)", One(as_integer_ratio), "The pair of the number and 1."),
    method("__trunc__($self, /)", One(positive), "The number itself."),
    method("__floor__($self, /)", One(positive), "The number itself."),
    method("__ceil__($self, /)", One(positive), "The number itself."),
    method("__round__($self, ndigits=None, /)", OneOpt(round), "Rounded to a power of ten below zero."),
    method("__getnewargs__($self, /)", One(getnewargs), "What `__new__` needs to make a copy."),
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
    vm.uint(int_ref(this).expect("an int").bit_length())
}

fn bit_count(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.uint(int_ref(this).expect("an int").bit_count())
}

fn is_integer(_: &Thread, _: Ref<'_>) -> PyResult {
    Ok(Owned::bool(true))
}

fn as_integer_ratio(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.pair(positive(vm, this)?, Owned::small_int(1))
}

fn round(vm: &Thread, this: Ref<'_>, digits: Option<Ref<'_>>) -> PyResult {
    let Some(digits) = digits.filter(|digits| !digits.is_none()) else { return positive(vm, this) };
    let digits = vm.index(digits)?;
    let (number, digits) =
        (int_ref(this).expect("an int"), int_ref(digits.borrow()).expect("an index is an int"));
    vm.number(crate::number::int_ops::round(number, digits))
}

fn getnewargs(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.tuple(vec![positive(vm, this)?])
}

/// `int(x)`, `int(text, base)`
pub(super) fn new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    let number = args.bind(vm, crate::signature!("int(x=0, /, base=10)"), |bound| {
        match (bound.optional(0), bound.optional(1)) {
            (None, None) => Ok(Number::ZERO),
            (None, Some(_)) => Err(vm.type_error("int() missing string argument")),
            (Some(value), None) => from_object(vm, value),
            (Some(value), Some(base)) => {
                let base = vm.to_index_clipped(base)?;
                let Some(base) = u32::try_from(base).ok().filter(|base| *base != 1 && *base <= 36) else {
                    return Err(vm.value_error("int() base must be >= 2 and <= 36, or 0"));
                };
                match text_of(value) {
                    Some(text) => parse(vm, value, text, base),
                    None => Err(vm.type_error("int() can't convert non-string with explicit base")),
                }
            }
        }
    })?;
    if class.is(vm.types().int.borrow()) {
        return vm.number(number);
    }
    vm.new_object_of(class, Int::new(number.into_big()))
}

fn from_object(vm: &Thread, value: Ref<'_>) -> PyResult<Number> {
    if let Some(float) = value.as_immediate_float() {
        return from_float(vm, float);
    }
    let slots = &payload_of(vm.class(value)).slots;
    let converted = match (slots.int.get(), slots.index.get()) {
        (Some(int), _) => Some((int(vm, value)?, "__int__")),
        (None, Some(index)) => Some((index(vm, value)?, "__index__")),
        (None, None) => None,
    };
    if let Some((result, name)) = converted {
        return match int_ref(result.borrow()) {
            Some(number) => Ok(number.to_int()),
            None => {
                let got = vm.type_name(result.borrow());
                Err(vm.type_error(format_args!("{name} returned non-int (type {got})")))
            }
        };
    }
    match text_of(value) {
        Some(text) => parse(vm, value, text, 10),
        None => {
            let got = vm.type_name(value);
            Err(vm.type_error(format_args!(
                "int() argument must be a string, a bytes-like object or a real number, not '{got}'"
            )))
        }
    }
}

/// The integer part of a float.
pub(crate) fn from_float(vm: &Thread, value: f64) -> PyResult<Number> {
    int_float::from_f64(value).map_err(|error| match error {
        FloatToIntError::Nan => vm.value_error("cannot convert float NaN to integer"),
        FloatToIntError::Infinity => vm.overflow_error("cannot convert float infinity to integer"),
    })
}

enum Text<'a> {
    Str(&'a Str),
    Bytes(&'a [u8]),
}

fn text_of(value: Ref<'_>) -> Option<Text<'_>> {
    match value.kind() {
        Kind::Str => value.downcast::<Str>().map(Text::Str),
        Kind::Bytes => value.downcast::<Bytes>().map(|bytes| Text::Bytes(bytes.as_bytes())),
        _ => None,
    }
}

fn parse(vm: &Thread, value: Ref<'_>, text: Text<'_>, base: u32) -> PyResult<Number> {
    let limit: DigitLimit = vm.digit_limit();
    let parsed = match text {
        Text::Str(text) => {
            int_parse::parse_text(text.as_bytes(), base, limit, &crate::types::float::classify)
        }
        Text::Bytes(bytes) => int_parse::parse_bytes(bytes, base, limit),
    };
    parsed.map_err(|error| match error {
        int_parse::IntParseError::TooManyDigits { .. } => vm.value_error(error),
        _ => match vm.repr_string(value) {
            Ok(text) => vm.value_error(format_args!("invalid literal for int() with base {base}: {text}")),
            Err(raised) => raised,
        },
    })
}
