//! Functions of floats.

use pyx_vm::exception::PyResult;
use pyx_vm::native::Bound;
use pyx_vm::number::int_float;
use pyx_vm::number::math::{self, LogBase, MathError, MathResult};
use pyx_vm::protocol::conversion::int_value;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

/// What a function of floats gives: some cannot fail.
trait Outcome {
    fn outcome(self) -> MathResult;
}

impl Outcome for f64 {
    fn outcome(self) -> MathResult {
        Ok(self)
    }
}

impl Outcome for MathResult {
    fn outcome(self) -> MathResult {
        self
    }
}

fn float(vm: &Thread, result: MathResult) -> PyResult {
    match result {
        Ok(value) => vm.float(value),
        Err(error) => Err(vm.raised(error)),
    }
}

/// Functions of one, two or three floats that only have to be called.
macro_rules! functions {
    ($($name:ident($($x:ident),+) => $function:expr;)*) => {$(
        pub(super) fn $name(vm: &Thread, $($x: Ref<'_>),+) -> PyResult {
            $(let $x = vm.to_f64($x)?;)+
            float(vm, $function($($x),+).outcome())
        }
    )*};
}

functions! {
    acos(x) => math::acos;
    acosh(x) => math::acosh;
    asin(x) => math::asin;
    asinh(x) => math::asinh;
    atan(x) => math::atan;
    atan2(y, x) => math::atan2;
    atanh(x) => math::atanh;
    cbrt(x) => math::cbrt;
    copysign(x, y) => f64::copysign;
    cos(x) => math::cos;
    cosh(x) => math::cosh;
    degrees(x) => math::degrees;
    erf(x) => math::erf;
    erfc(x) => math::erfc;
    exp(x) => math::exp;
    exp2(x) => math::exp2;
    expm1(x) => math::expm1;
    fabs(x) => f64::abs;
    fma(x, y, z) => math::fma;
    fmod(x, y) => math::fmod;
    gamma(x) => math::gamma;
    lgamma(x) => math::lgamma;
    log1p(x) => math::log1p;
    pow(x, y) => math::pow;
    radians(x) => math::radians;
    remainder(x, y) => math::remainder;
    sin(x) => math::sin;
    sinh(x) => math::sinh;
    sqrt(x) => math::sqrt;
    tan(x) => math::tan;
    tanh(x) => math::tanh;
    ulp(x) => math::ulp;
}

/// Questions about a float.
macro_rules! predicates {
    ($($name:ident => $function:path;)*) => {$(
        pub(super) fn $name(vm: &Thread, x: Ref<'_>) -> PyResult {
            Ok(Owned::bool($function(vm.to_f64(x)?)))
        }
    )*};
}

predicates! {
    isfinite => f64::is_finite;
    isinf => f64::is_infinite;
    isnan => f64::is_nan;
}

/// The integer that a float equals.
fn integer(vm: &Thread, value: f64) -> PyResult {
    match int_float::from_f64(value) {
        Ok(number) => vm.number(number),
        Err(error) => Err(vm.raised(error)),
    }
}

pub(super) fn ceil(vm: &Thread, x: Ref<'_>) -> PyResult {
    if let Some(value) = x.as_immediate_float() {
        return integer(vm, value.ceil());
    }
    match vm.call_special(x, &vm.names().__ceil__, &[])? {
        Some(result) => Ok(result),
        None => integer(vm, vm.to_f64(x)?.ceil()),
    }
}

pub(super) fn floor(vm: &Thread, x: Ref<'_>) -> PyResult {
    if let Some(value) = x.as_immediate_float() {
        return integer(vm, value.floor());
    }
    match vm.call_special(x, &vm.names().__floor__, &[])? {
        Some(result) => Ok(result),
        None => integer(vm, vm.to_f64(x)?.floor()),
    }
}

pub(super) fn trunc(vm: &Thread, x: Ref<'_>) -> PyResult {
    if let Some(value) = x.as_immediate_float() {
        return integer(vm, value);
    }
    match vm.call_special(x, &vm.names().__trunc__, &[])? {
        Some(result) => Ok(result),
        None => Err(vm.type_error(format_args!("type {} doesn't define __trunc__ method", vm.type_name(x)))),
    }
}

pub(super) fn frexp(vm: &Thread, x: Ref<'_>) -> PyResult {
    let (mantissa, exponent) = math::frexp(vm.to_f64(x)?);
    vm.pair(vm.float(mantissa)?, vm.int(exponent)?)
}

pub(super) fn modf(vm: &Thread, x: Ref<'_>) -> PyResult {
    let (fraction, integral) = math::modf(vm.to_f64(x)?);
    vm.pair(vm.float(fraction)?, vm.float(integral)?)
}

pub(super) fn ldexp(vm: &Thread, x: Ref<'_>, i: Ref<'_>) -> PyResult {
    let x = vm.to_f64(x)?;
    let Some(exponent) = int_value(i) else {
        return Err(vm.type_error("Expected an int as second argument to ldexp."));
    };
    let far = if exponent.is_negative() { i64::MIN } else { i64::MAX };
    float(vm, math::ldexp(x, exponent.to_i64().unwrap_or(far)))
}

/// The logarithm of an int may be far beyond the range of floats.
fn logarithm(vm: &Thread, x: Ref<'_>, base: LogBase) -> PyResult<f64> {
    let result: Result<f64, MathError> = match int_value(x) {
        Some(int) => math::log_int(int, base),
        None => math::log(vm.to_f64(x)?, base),
    };
    result.map_err(|error| vm.raised(error))
}

pub(super) fn log(vm: &Thread, x: Ref<'_>, base: Option<Ref<'_>>) -> PyResult {
    let numerator = logarithm(vm, x, LogBase::E)?;
    let Some(base) = base else { return vm.float(numerator) };
    match logarithm(vm, base, LogBase::E)? {
        0.0 => Err(vm.zero_division_error("division by zero")),
        denominator => vm.float(numerator / denominator),
    }
}

pub(super) fn log2(vm: &Thread, x: Ref<'_>) -> PyResult {
    vm.float(logarithm(vm, x, LogBase::Two)?)
}

pub(super) fn log10(vm: &Thread, x: Ref<'_>) -> PyResult {
    vm.float(logarithm(vm, x, LogBase::Ten)?)
}

pub(super) fn isclose(vm: &Thread, args: &Bound<'_>) -> PyResult {
    let (a, b) = (vm.to_f64(args.required(0))?, vm.to_f64(args.required(1))?);
    let relative = args.optional(2).map_or(Ok(1e-9), |tolerance| vm.to_f64(tolerance))?;
    let absolute = args.optional(3).map_or(Ok(0.0), |tolerance| vm.to_f64(tolerance))?;
    match math::isclose(a, b, relative, absolute) {
        Ok(close) => Ok(Owned::bool(close)),
        Err(error) => Err(vm.raised(error)),
    }
}

pub(super) fn nextafter(vm: &Thread, args: &Bound<'_>) -> PyResult {
    let (x, y) = (vm.to_f64(args.required(0))?, vm.to_f64(args.required(1))?);
    let Some(steps) = args.optional(2).filter(|steps| !steps.is_none()) else {
        let next = math::nextafter(x, y, 1);
        // A step to zero, without a number of steps, keeps the sign.
        return vm.float(if next == 0.0 && x != 0.0 { next.copysign(x) } else { next });
    };
    let steps = vm.to_integer(steps)?;
    if steps.as_ref().is_negative() {
        return Err(vm.value_error("steps must be a non-negative integer"));
    }
    // There are fewer floats than machine words.
    let steps = steps.as_ref().to_i64().map_or(u64::MAX, i64::unsigned_abs);
    vm.float(math::nextafter(x, y, steps))
}
