//! `math`: functions of real numbers, integers, and iterables of them.
//!
//! The calculations are [`pyx_vm::number`]'s; what is here takes arguments apart and gives errors their exceptions.

mod integer;
mod iterable;
mod real;

use pyx_vm::exception::PyResult;
use pyx_vm::native::*;
use pyx_vm::value::Ref;
use pyx_vm::vm::Thread;

pub(crate) static MATH: ModuleDef = ModuleDef {
    doc: "Functions of real numbers, as C's library has them, and of integers.",
    functions: &[
        function("acos($module, x, /)", One(real::acos), "Arc cosine in radians, from 0 to pi."),
        function("acosh($module, x, /)", One(real::acosh), "Inverse hyperbolic cosine."),
        function("asin($module, x, /)", One(real::asin), "Arc sine in radians, from -pi/2 to pi/2."),
        function("asinh($module, x, /)", One(real::asinh), "Inverse hyperbolic sine."),
        function("atan($module, x, /)", One(real::atan), "Arc tangent in radians, from -pi/2 to pi/2."),
        function(
            "atan2($module, y, x, /)",
            Two(real::atan2),
            "Arc tangent of y/x, in the quadrant of the point (x, y).",
        ),
        function("atanh($module, x, /)", One(real::atanh), "Inverse hyperbolic tangent."),
        function("cbrt($module, x, /)", One(real::cbrt), "Cube root."),
        function("ceil($module, x, /)", One(real::ceil), "The smallest integer not below x."),
        function(
            "comb($module, n, k, /)",
            Two(integer::comb),
            "How many ways there are to choose k of n things.",
        ),
        function("copysign($module, x, y, /)", Two(real::copysign), "The magnitude of x with the sign of y."),
        function("cos($module, x, /)", One(real::cos), "Cosine of an angle in radians."),
        function("cosh($module, x, /)", One(real::cosh), "Hyperbolic cosine."),
        function("degrees($module, x, /)", One(real::degrees), "An angle in radians as degrees."),
        function(
            "dist($module, p, q, /)",
            Two(iterable::dist),
            "The distance of two points, given by their coordinates.",
        ),
        function("erf($module, x, /)", One(real::erf), "Error function."),
        function(
            "erfc($module, x, /)",
            One(real::erfc),
            "One minus the error function, precise where that is small.",
        ),
        function("exp($module, x, /)", One(real::exp), "e to the power x."),
        function("exp2($module, x, /)", One(real::exp2), "2 to the power x."),
        function("expm1($module, x, /)", One(real::expm1), "exp(x) - 1, precise where that is small."),
        function("fabs($module, x, /)", One(real::fabs), "Absolute value as a float."),
        function(
            "factorial($module, n, /)",
            One(integer::factorial),
            "The product of the integers from 1 to n.",
        ),
        function("floor($module, x, /)", One(real::floor), "The largest integer not above x."),
        function("fma($module, x, y, z, /)", Three(real::fma), "x * y + z, rounded once."),
        function("fmod($module, x, y, /)", Two(real::fmod), "The remainder of x / y, with the sign of x."),
        function(
            "frexp($module, x, /)",
            One(real::frexp),
            "The pair (m, e) with x == m * 2**e and 0.5 <= abs(m) < 1.",
        ),
        function("fsum($module, seq, /)", One(iterable::fsum), "The sum of floats, rounded once."),
        function("gamma($module, x, /)", One(real::gamma), "Gamma function."),
        function("gcd($module, /, *integers)", Many(integer::gcd), "Greatest common divisor."),
        function(
            "hypot($module, /, *coordinates)",
            Many(iterable::hypot),
            "The distance of a point from the origin.",
        ),
        function(
            "isclose($module, /, a, b, *, rel_tol=1e-09, abs_tol=0.0)",
            Many(real::isclose),
            "Whether two numbers differ by no more than a relative or an absolute tolerance.",
        ),
        function("isfinite($module, x, /)", One(real::isfinite), "Whether x is neither infinite nor nan."),
        function("isinf($module, x, /)", One(real::isinf), "Whether x is an infinity."),
        function("isnan($module, x, /)", One(real::isnan), "Whether x is nan."),
        function("isqrt($module, n, /)", One(integer::isqrt), "The integer part of the square root."),
        function("lcm($module, /, *integers)", Many(integer::lcm), "Least common multiple."),
        function("ldexp($module, x, i, /)", Two(real::ldexp), "x * 2**i"),
        function(
            "lgamma($module, x, /)",
            One(real::lgamma),
            "Logarithm of the gamma function's absolute value.",
        ),
        function(
            "log($module, x, base=2.718281828459045, /)",
            OneOpt(real::log),
            "Logarithm to a base, e by default.",
        )
        .untold(),
        function("log10($module, x, /)", One(real::log10), "Logarithm to base 10."),
        function("log1p($module, x, /)", One(real::log1p), "log(1 + x), precise where that is small."),
        function("log2($module, x, /)", One(real::log2), "Logarithm to base 2."),
        function(
            "modf($module, x, /)",
            One(real::modf),
            "The fraction and the integral part, both with the sign of x.",
        ),
        function(
            "nextafter($module, x, y, /, *, steps=None)",
            Many(real::nextafter),
            "The float that is so many steps from x towards y, one by default.",
        ),
        function(
            "perm($module, n, k=None, /)",
            OneOpt(integer::perm),
            "How many ways there are to arrange k of n things.",
        ),
        function("pow($module, x, y, /)", Two(real::pow), "x to the power y, as floats."),
        function(
            "prod($module, iterable, /, *, start=1)",
            Many(iterable::prod),
            "The product of a start value and all items.",
        ),
        function("radians($module, x, /)", One(real::radians), "An angle in degrees as radians."),
        function(
            "remainder($module, x, y, /)",
            Two(real::remainder),
            "The difference of x from the nearest multiple of y.",
        ),
        function("sin($module, x, /)", One(real::sin), "Sine of an angle in radians."),
        function("sinh($module, x, /)", One(real::sinh), "Hyperbolic sine."),
        function("sqrt($module, x, /)", One(real::sqrt), "Square root."),
        function(
            "sumprod($module, p, q, /)",
            Two(iterable::sumprod),
            "The sum of the products of items at equal places.",
        ),
        function("tan($module, x, /)", One(real::tan), "Tangent of an angle in radians."),
        function("tanh($module, x, /)", One(real::tanh), "Hyperbolic tangent."),
        function("trunc($module, x, /)", One(real::trunc), "The integer part, as the type of x defines it."),
        function("ulp($module, x, /)", One(real::ulp), "The value of the last bit of a float."),
    ],
    exec: Some(constants),
    ..ModuleDef::new("math")
};

fn constants(vm: &Thread, module: Ref<'_>) -> PyResult<()> {
    use std::f64::consts::{E, PI, TAU};
    for (name, value) in [("pi", PI), ("e", E), ("tau", TAU), ("inf", f64::INFINITY), ("nan", f64::NAN)] {
        let (name, value) = (vm.intern(name)?, vm.float(value)?);
        vm.set_attr(module, name.borrow(), Some(value.borrow()))?;
    }
    Ok(())
}
