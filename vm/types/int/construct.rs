//! `int(x)` and `int(text, base)`.

use crate::arguments::native::wrong_count;
use crate::exception::{PyResult, Raised};
use crate::native::*;
use crate::number::int_parse::{self, IntParseError};
use crate::number::{Int as Number, int_float};
use crate::protocol::format::classify;
use crate::types::int::{Int, own};
use crate::types::numeral::{Numeral, numeral, plain_numeral};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// How much of a text a message shows, in bytes of the text and in characters of the repr.
const SHOWN: usize = 200;

pub(super) fn new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    let exact = class.is(vm.types().int.borrow());
    if let (true, false, &[value]) = (exact, args.has_keywords(), args.positional()) {
        return of_object(vm, value);
    }
    let given = args.positional().len();
    if given > 2 && !args.has_keywords() {
        return Err(wrong_count(vm, "int", given, 0, 2));
    }
    let number = args.bind(vm, crate::signature!("int(x=0, /, base=10)"), |args| {
        match (args.optional(0), args.optional(1)) {
            (None, None) => Ok(Owned::small_int(0)),
            (None, Some(_)) => Err(vm.type_error("int() missing string argument")),
            (Some(value), None) => of_object(vm, value),
            (Some(value), Some(base)) => in_base(vm, value, base),
        }
    })?;
    if exact {
        return Ok(number);
    }
    vm.new_object_of(class, Int::new(own(number.borrow()).widen().into_owned()))
}

fn of_object(vm: &Thread, value: Ref<'_>) -> PyResult {
    if let Some(number) = vm.to_int(value)? {
        return Ok(number);
    }
    match numeral(vm, value, |text| parse(vm, &text, 10))? {
        Some(number) => vm.number(number),
        None => Err(vm.type_error(format_args!(
            "int() argument must be a string, a bytes-like object or a real number, not '{}'",
            vm.type_name(value)
        ))),
    }
}

fn in_base(vm: &Thread, value: Ref<'_>, base: Ref<'_>) -> PyResult {
    let base = match vm.to_index_clipped(base)? {
        base @ (0 | 2..=36) => base as u32,
        _ => return Err(vm.value_error(IntParseError::Base)),
    };
    match plain_numeral(value, |text| parse(vm, &text, base)) {
        Some(number) => vm.number(number?),
        None => Err(vm.type_error("int() can't convert non-string with explicit base")),
    }
}

fn parse(vm: &Thread, text: &Numeral<'_>, base: u32) -> PyResult<Number> {
    let parsed = match text {
        Numeral::Text(text) => int_parse::parse_text(text.as_bytes(), base, vm.digit_limit(), &classify),
        Numeral::Bytes(bytes) => int_parse::parse_bytes(bytes, base, vm.digit_limit()),
    };
    parsed.map_err(|error| parse_error(vm, text, error))
}

#[cold]
fn parse_error(vm: &Thread, text: &Numeral<'_>, error: IntParseError) -> Raised {
    if !matches!(error, IntParseError::Literal { .. }) {
        return vm.value_error(error);
    }
    let object = match text {
        Numeral::Text(text) => vm.text(text.text()),
        Numeral::Bytes(bytes) => vm.bytes(&bytes[..bytes.len().min(SHOWN)]),
    };
    match object.and_then(|object| vm.repr_string(object.borrow())) {
        Ok(repr) => {
            let shown: String = repr.chars().take(SHOWN).collect();
            vm.value_error(format_args!("{error}: {shown}"))
        }
        Err(raised) => raised,
    }
}

/// The integer part of a float.
pub(crate) fn from_float(vm: &Thread, value: f64) -> PyResult {
    match int_float::from_f64(value) {
        Ok(number) => vm.number(number),
        Err(error) => Err(vm.raised(error)),
    }
}
