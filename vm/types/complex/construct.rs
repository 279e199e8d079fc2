//! `complex(text)`, `complex(number)` and `complex(real, imag)`.

use super::Complex;
use crate::exception::{PyResult, Raised};
use crate::heap::Kind;
use crate::heap::inline::Str;
use crate::native::*;
use crate::number::complex::{Complex as Number, complex};
use crate::number::complex_text::{self, ComplexParseError};
use crate::protocol::conversion::complex_value;
use crate::protocol::format::classify;
use crate::value::Ref;
use crate::vm::Thread;

pub(super) fn new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    match args.positional() {
        [] if !args.has_keywords() => instance(vm, class, complex(0.0, 0.0)),
        [value] if !args.has_keywords() => of_object(vm, class, *value),
        _ => args.bind(vm, crate::signature!("complex(real=0, imag=0)"), |args| {
            instance(vm, class, of_parts(vm, args.optional(0), args.optional(1))?)
        }),
    }
}

/// An instance of complex or a subclass.
fn instance(vm: &Thread, class: Ref<'_>, value: Number) -> PyResult {
    if class.is(vm.types().complex.borrow()) {
        vm.complex_number(value)
    } else {
        vm.new_object_of(class, Complex::new(value))
    }
}

fn of_object(vm: &Thread, class: Ref<'_>, value: Ref<'_>) -> PyResult {
    if value.is_exact(Kind::Complex) && class.is(vm.types().complex.borrow()) {
        return Ok(value.own());
    }
    if let Some(text) = value.downcast::<Str>() {
        return instance(vm, class, parse(vm, text, value)?);
    }
    let number = match own_or_special(vm, value)? {
        Some(number) => number,
        None => match vm.to_float(value)? {
            Some(real) => complex(real, 0.0),
            None => {
                let got = vm.full_type_name(value);
                return Err(
                    vm.type_error(format_args!("complex() argument must be a string or a number, not {got}"))
                );
            }
        },
    };
    instance(vm, class, number)
}

/// The value of a complex number, of a subclass's instance by its `__complex__`; of other objects, what theirs gives.
fn own_or_special(vm: &Thread, value: Ref<'_>) -> PyResult<Option<Number>> {
    if value.is_exact(Kind::Complex) {
        return Ok(complex_value(value));
    }
    Ok(vm.special_complex(value)?.or_else(|| complex_value(value)))
}

fn parse(vm: &Thread, text: &Str, object: Ref<'_>) -> PyResult<Number> {
    complex_text::parse_text(text.as_bytes(), &classify).map_err(|error| match error {
        ComplexParseError::Malformed => vm.value_error(error),
        ComplexParseError::Underscore => match vm.repr_string(object) {
            Ok(text) => vm.value_error(format_args!("{error}: {text}")),
            Err(raised) => raised,
        },
    })
}

/// What the argument `real` was.
struct RealPart {
    value: Number,
    is_complex: bool,
}

/// `real + imag*1j`. Either may be complex itself, which is deprecated.
fn of_parts(vm: &Thread, real: Option<Ref<'_>>, imag: Option<Ref<'_>>) -> PyResult<Number> {
    let special = match real {
        Some(real) if !real.is_exact(Kind::Complex) => vm.special_complex(real)?,
        _ => None,
    };
    let real_is_number = real.is_none_or(|real| special.is_some() || is_number(vm, real));
    if let Some(real) = real.filter(|_| !real_is_number) {
        return Err(not_real(vm, "real", real));
    }
    if let Some(imag) = imag.filter(|imag| !is_number(vm, *imag)) {
        return Err(not_real(vm, "imag", imag));
    }
    let real = match real {
        Some(real) => match special.or_else(|| complex_value(real)) {
            Some(value) => {
                warn_not_real(vm, "real", real)?;
                RealPart { value, is_complex: true }
            }
            None => RealPart { value: complex(vm.to_f64(real)?, 0.0), is_complex: false },
        },
        None => RealPart { value: complex(0.0, 0.0), is_complex: false },
    };
    let Some(imag) = imag else { return Ok(real.value) };
    // Only what is complex takes part in the other part, so that signed zeros survive.
    let (real_part, imag_part) = match complex_value(imag) {
        Some(value) => {
            warn_not_real(vm, "imag", imag)?;
            (real.value.real - value.imag, value.real)
        }
        None => (real.value.real, vm.to_f64(imag)?),
    };
    Ok(complex(real_part, if real.is_complex { imag_part + real.value.imag } else { imag_part }))
}

/// Whether an object can be a part: it is complex, or gives a float.
fn is_number(vm: &Thread, object: Ref<'_>) -> bool {
    let slots = vm.slots(object);
    complex_value(object).is_some() || slots.float.get().is_some() || slots.index.get().is_some()
}

#[cold]
fn not_real(vm: &Thread, part: &str, object: Ref<'_>) -> Raised {
    vm.type_error(no_real_number(vm, part, object))
}

#[cold]
fn warn_not_real(vm: &Thread, part: &str, object: Ref<'_>) -> PyResult<()> {
    vm.warn(&vm.exceptions().DeprecationWarning, &no_real_number(vm, part, object))
}

fn no_real_number(vm: &Thread, part: &str, object: Ref<'_>) -> String {
    format!("complex() argument '{part}' must be a real number, not {}", vm.full_type_name(object))
}

/// `complex.from_number(number)`
pub(super) fn from_number(vm: &Thread, class: Ref<'_>, number: Ref<'_>) -> PyResult {
    let is_complex = class.is(vm.types().complex.borrow());
    if is_complex && number.is_exact(Kind::Complex) {
        return Ok(number.own());
    }
    let value = vm.complex_number(vm.to_complex(number)?)?;
    if is_complex { Ok(value) } else { vm.call(class, &[value.borrow()]) }
}
