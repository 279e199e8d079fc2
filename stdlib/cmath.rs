//! `cmath`: functions of complex numbers.

use pyx_vm::exception::PyResult;
use pyx_vm::native::*;
use pyx_vm::number::cmath::{self, CmathResult};
use pyx_vm::number::complex::{Complex, complex};
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

pub(crate) static CMATH: ModuleDef = ModuleDef {
    doc: "Functions of complex numbers; real numbers are taken as complex ones.",
    functions: &[
        function("acos($module, z, /)", One(acos), "Arc cosine."),
        function("acosh($module, z, /)", One(acosh), "Inverse hyperbolic cosine."),
        function("asin($module, z, /)", One(asin), "Arc sine."),
        function("asinh($module, z, /)", One(asinh), "Inverse hyperbolic sine."),
        function("atan($module, z, /)", One(atan), "Arc tangent."),
        function("atanh($module, z, /)", One(atanh), "Inverse hyperbolic tangent."),
        function("cos($module, z, /)", One(cos), "Cosine."),
        function("cosh($module, z, /)", One(cosh), "Hyperbolic cosine."),
        function("exp($module, z, /)", One(exp), "e to the power z."),
        function(
            "isclose($module, /, a, b, *, rel_tol=1e-09, abs_tol=0.0)",
            Many(isclose),
            "Whether two numbers differ by no more than a relative or an absolute tolerance.",
        ),
        function(
            "isfinite($module, z, /)",
            One(isfinite),
            "Whether both parts are neither infinite nor nan.",
        ),
        function("isinf($module, z, /)", One(isinf), "Whether a part is an infinity."),
        function("isnan($module, z, /)", One(isnan), "Whether a part is nan."),
        function(
            "log($module, z, base=<unrepresentable>, /)",
            OneOpt(log),
            "Logarithm to a base, e by default.",
        ),
        function("log10($module, z, /)", One(log10), "Logarithm to base 10."),
        function(
            "phase($module, z, /)",
            One(phase),
            "The angle from the positive real axis, from -pi to pi.",
        ),
        function("polar($module, z, /)", One(polar), "Absolute value and angle: polar coordinates."),
        function("rect($module, r, phi, /)", Two(rect), "The number of these polar coordinates."),
        function("sin($module, z, /)", One(sin), "Sine."),
        function("sinh($module, z, /)", One(sinh), "Hyperbolic sine."),
        function("sqrt($module, z, /)", One(sqrt), "Square root."),
        function("tan($module, z, /)", One(tan), "Tangent."),
        function("tanh($module, z, /)", One(tanh), "Hyperbolic tangent."),
    ],
    exec: Some(constants),
    ..ModuleDef::new("cmath")
};

fn constants(vm: &Thread, module: Ref<'_>) -> PyResult<()> {
    use std::f64::consts::{E, PI, TAU};
    const INF: f64 = f64::INFINITY;
    const NAN: f64 = f64::NAN;
    for (name, value) in [("pi", PI), ("e", E), ("tau", TAU), ("inf", INF), ("nan", NAN)] {
        let (name, value) = (vm.intern(name)?, vm.float(value)?);
        vm.set_attr(module, name.borrow(), Some(value.borrow()))?;
    }
    for (name, value) in [("infj", complex(0.0, INF)), ("nanj", complex(0.0, NAN))] {
        let (name, value) = (vm.intern(name)?, vm.complex_number(value)?);
        vm.set_attr(module, name.borrow(), Some(value.borrow()))?;
    }
    Ok(())
}

/// What a function of complex numbers gives: some cannot fail.
trait Outcome {
    fn outcome(self) -> CmathResult;
}

impl Outcome for Complex {
    fn outcome(self) -> CmathResult {
        Ok(self)
    }
}

impl Outcome for CmathResult {
    fn outcome(self) -> CmathResult {
        self
    }
}

fn number(vm: &Thread, result: CmathResult) -> PyResult {
    match result {
        Ok(value) => vm.complex_number(value),
        Err(error) => Err(vm.raised(error)),
    }
}

macro_rules! functions {
    ($($name:ident)*) => {$(
        fn $name(vm: &Thread, z: Ref<'_>) -> PyResult {
            number(vm, cmath::$name(vm.to_complex(z)?).outcome())
        }
    )*};
}

functions! { acos acosh asin asinh atan atanh cos cosh exp log10 sin sinh sqrt tan tanh }

/// Questions about both parts of a number.
macro_rules! predicates {
    ($($name:ident |$real:ident, $imag:ident| $answer:expr;)*) => {$(
        fn $name(vm: &Thread, z: Ref<'_>) -> PyResult {
            let Complex { real: $real, imag: $imag } = vm.to_complex(z)?;
            Ok(Owned::bool($answer))
        }
    )*};
}

predicates! {
    isfinite |real, imag| real.is_finite() && imag.is_finite();
    isinf |real, imag| real.is_infinite() || imag.is_infinite();
    isnan |real, imag| real.is_nan() || imag.is_nan();
}

fn log(vm: &Thread, z: Ref<'_>, base: Option<Ref<'_>>) -> PyResult {
    let z = vm.to_complex(z)?;
    match base {
        None => number(vm, cmath::log(z)),
        Some(base) => number(vm, cmath::log_base(z, vm.to_complex(base)?)),
    }
}

fn phase(vm: &Thread, z: Ref<'_>) -> PyResult {
    vm.float(cmath::phase(vm.to_complex(z)?))
}

fn polar(vm: &Thread, z: Ref<'_>) -> PyResult {
    match cmath::polar(vm.to_complex(z)?) {
        Ok((length, angle)) => vm.pair(vm.float(length)?, vm.float(angle)?),
        Err(error) => Err(vm.raised(error)),
    }
}

fn rect(vm: &Thread, r: Ref<'_>, phi: Ref<'_>) -> PyResult {
    let (length, angle) = (vm.to_f64(r)?, vm.to_f64(phi)?);
    number(vm, cmath::rect(length, angle))
}

fn isclose(vm: &Thread, args: &Bound<'_>) -> PyResult {
    let (a, b) = (vm.to_complex(args.required(0))?, vm.to_complex(args.required(1))?);
    let relative = args.optional(2).map_or(Ok(1e-9), |tolerance| vm.to_f64(tolerance))?;
    let absolute = args.optional(3).map_or(Ok(0.0), |tolerance| vm.to_f64(tolerance))?;
    match cmath::isclose(a, b, relative, absolute) {
        Ok(close) => Ok(Owned::bool(close)),
        Err(error) => Err(vm.raised(error)),
    }
}
