//! Questions about `pyx_vm::number`.

use std::convert::Infallible;

use pyx_vm::number::int_bytes::ByteOrder;
use pyx_vm::number::int_text::{DigitLimit, Radix};
use pyx_vm::number::literal::NonAscii;
use pyx_vm::number::math::{self, LogBase};
use pyx_vm::number::norm::{self, ProductSum};
use pyx_vm::number::sum::{Compensated, CompensatedComplex, ExactSum};
use pyx_vm::number::{
    BitBudget, Complex, IntRef, cmath, combinatorics, complex, complex_text, float_hex, float_ops,
    float_parse, float_text, hash, int, int_bytes, int_float, int_ops, int_parse, int_pow, int_text,
};

use crate::protocol::{Answer, Exception, Question, Show, reply};

/// Plenty for the questions asked, and small enough to see the refusals.
const BUDGET: BitBudget = BitBudget(1 << 24);

impl From<Infallible> for Exception {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

fn always<T: Show>(value: T) -> Answer {
    Ok(value.show())
}

/// The few non-ASCII characters that the questions use.
pub(crate) fn classify(character: u32) -> NonAscii {
    let digit = |zero| NonAscii::Digit((character - zero) as u8);
    match character {
        0x660..=0x669 => digit(0x660),
        0xFF10..=0xFF19 => digit(0xFF10),
        0x1D7CE..=0x1D7D7 => digit(0x1D7CE),
        0x85 | 0xA0 | 0x1680 | 0x2000..=0x200A | 0x2028 | 0x2029 | 0x202F | 0x205F | 0x3000 => {
            NonAscii::Space
        }
        _ => NonAscii::Other,
    }
}

pub(crate) fn answer(name: &str, q: &mut Question<'_>) -> Option<Answer> {
    integers(name, q)
        .or_else(|| floats(name, q))
        .or_else(|| complexes(name, q))
        .or_else(|| functions(name, q))
}

fn integers(name: &str, q: &mut Question<'_>) -> Option<Answer> {
    type Binary = fn(IntRef<'_>, IntRef<'_>) -> pyx_vm::number::Int;
    let binary: Option<Binary> = match name {
        "add" => Some(int_ops::add),
        "sub" => Some(int_ops::sub),
        "mul" => Some(int_ops::mul),
        "and" => Some(int_ops::bit_and),
        "or" => Some(int_ops::bit_or),
        "xor" => Some(int_ops::bit_xor),
        "gcd" => Some(int_ops::gcd),
        "lcm" => Some(int_ops::lcm),
        "int_round" => Some(int_ops::round),
        _ => None,
    };
    if let Some(function) = binary {
        let (a, b) = (q.int(), q.int());
        // Once as they come, once with machine integers widened: heap integers may be small.
        let narrow = function(a.as_ref(), b.as_ref());
        let wide = function(IntRef::Big(&a.into_big()), IntRef::Big(&b.into_big()));
        assert_eq!(narrow, wide, "{name}");
        return Some(always(narrow));
    }
    Some(match name {
        "neg" => always(int_ops::neg(q.int().as_ref())),
        "invert" => always(int_ops::invert(q.int().as_ref())),
        "int_abs" => always(int::abs(q.int().as_ref())),
        "floor_div" => reply(int_ops::floor_div(q.int().as_ref(), q.int().as_ref())),
        "floor_mod" => reply(int_ops::floor_mod(q.int().as_ref(), q.int().as_ref())),
        "divmod" => reply(int_ops::divmod(q.int().as_ref(), q.int().as_ref())),
        "true_div" => reply(int_float::true_div(q.int().as_ref(), q.int().as_ref())),
        "shl" => reply(int_ops::shl(q.int().as_ref(), q.int().as_ref(), BUDGET)),
        "shr" => reply(int_ops::shr(q.int().as_ref(), q.int().as_ref())),
        "pow" => reply(int_pow::pow(q.int().as_ref(), q.int().as_ref(), BUDGET)),
        "pow_mod" => reply(int_pow::pow_mod(q.int().as_ref(), q.int().as_ref(), q.int().as_ref())),
        "isqrt" => reply(int_ops::isqrt(q.int().as_ref())),
        "bit_length" => always(q.int().as_ref().bit_length()),
        "bit_count" => always(q.int().as_ref().bit_count()),
        "compare" => always(int_ops::compare(q.int().as_ref(), q.int().as_ref()) as i64),
        "int_to_float" => reply(int_float::to_f64(q.int().as_ref())),
        "float_to_int" => reply(int_float::from_f64(q.float())),
        "compare_float" => {
            always(int_float::compare(q.int().as_ref(), q.float()).map_or(9, |order| order as i64))
        }
        "from_bytes" => always(int_bytes::from_bytes(&q.text(), order(q.flag()), q.flag())),
        "to_bytes" => {
            let (value, mut out) = (q.int(), vec![0xA5; q.size()]);
            reply(int_bytes::to_bytes(value.as_ref(), &mut out, order(q.flag()), q.flag()).map(|()| out))
        }
        "int_hash" => always(hash::int(q.int().as_ref())),
        "int_parse" => {
            reply(int_parse::parse_text(&q.text(), q.small() as u32, DigitLimit(q.size()), &classify))
        }
        "int_parse_bytes" => reply(int_parse::parse_bytes(&q.text(), q.small() as u32, DigitLimit(q.size()))),
        "str" => reply(
            int_text::decimal(q.int().as_ref(), DigitLimit(q.size())).map(|text| text.as_bytes().to_vec()),
        ),
        "small_str" => always(int_text::SmallDecimal::new(q.small()).as_bytes().to_vec()),
        "bin" => always(int_text::prefixed(q.int().as_ref(), Radix::Binary).as_bytes().to_vec()),
        "oct" => always(int_text::prefixed(q.int().as_ref(), Radix::Octal).as_bytes().to_vec()),
        "hex" => always(int_text::prefixed(q.int().as_ref(), Radix::Hex).as_bytes().to_vec()),
        "factorial" => reply(combinatorics::factorial(q.int().as_ref(), BUDGET)),
        "comb" => reply(combinatorics::comb(q.int().as_ref(), q.int().as_ref(), BUDGET)),
        "perm" => reply(combinatorics::perm(q.int().as_ref(), q.int().as_ref(), BUDGET)),
        "hash_tuple" => always(hash::tuple(q.smalls().into_iter())),
        "hash_frozenset" => always(hash::frozenset(q.smalls().into_iter())),
        _ => return None,
    })
}

fn order(big: bool) -> ByteOrder {
    if big { ByteOrder::Big } else { ByteOrder::Little }
}

fn floats(name: &str, q: &mut Question<'_>) -> Option<Answer> {
    Some(match name {
        "float_parse" => reply(float_parse::parse_text(&q.text(), &classify)),
        "float_repr" => always(float_text::Repr::new(q.float()).as_bytes().to_vec()),
        "float_hex" => always(float_hex::to_hex(q.float())),
        "fromhex" => reply(float_hex::from_hex(&q.text())),
        "float_hash" => always(hash::float(q.float())),
        "float_div" => reply(float_ops::true_div(q.float(), q.float())),
        "float_floor_div" => reply(float_ops::floor_div(q.float(), q.float())),
        "float_mod" => reply(float_ops::floor_mod(q.float(), q.float())),
        "float_divmod" => reply(float_ops::divmod(q.float(), q.float())),
        "float_pow" => match float_ops::pow(q.float(), q.float()) {
            Ok(float_ops::Power::Real(value)) => always(value),
            Ok(float_ops::Power::Complex) => always("complex".to_owned()),
            Err(error) => Err(error.into()),
        },
        "float_round" => reply(float_ops::round(q.float(), q.small())),
        "float_ratio" => reply(float_ops::integer_ratio(q.float())),
        "is_integer" => always(float_ops::is_integer(q.float())),
        "sum" => {
            let mut sum = Compensated::default();
            q.floats().into_iter().for_each(|term| sum.add(term));
            always(sum.value())
        }
        "sum_complex" => {
            let mut sum = CompensatedComplex::new(Complex::from(0.0));
            q.floats().chunks_exact(2).for_each(|part| sum.add(complex::complex(part[0], part[1])));
            always(sum.value())
        }
        "fsum" => {
            let mut sum = ExactSum::new();
            reply(q.floats().into_iter().try_for_each(|term| sum.add(term)).and_then(|()| sum.value()))
        }
        "sumprod" => {
            let factors = q.floats();
            let sum =
                factors.chunks_exact(2).try_fold(ProductSum::new(), |sum, pair| sum.add(pair[0], pair[1]));
            always(sum.map(ProductSum::value))
        }
        "math_hypot" => always(norm::length(&mut q.floats())),
        "math_dist" => {
            let mut p = q.floats();
            let r = p.split_off(p.len() / 2);
            always(norm::distance(&mut p, &r))
        }
        _ => return None,
    })
}

fn complexes(name: &str, q: &mut Question<'_>) -> Option<Answer> {
    if let Some(function) = name.strip_prefix("cmath_") {
        return Some(complex_function(function, q));
    }
    Some(match name {
        "c_add" => always(complex::add(q.complex(), q.complex())),
        "c_sub" => always(complex::sub(q.complex(), q.complex())),
        "c_mul" => always(complex::mul(q.complex(), q.complex())),
        "c_div" => reply(complex::div(q.complex(), q.complex())),
        "c_pow" => reply(complex::pow(q.complex(), q.complex())),
        "cr_add" => always(complex::add_real(q.complex(), q.float())),
        "cr_sub" => always(complex::sub_real(q.complex(), q.float())),
        "rc_sub" => always(complex::real_sub(q.float(), q.complex())),
        "cr_mul" => always(complex::mul_real(q.complex(), q.float())),
        "cr_div" => reply(complex::div_real(q.complex(), q.float())),
        "rc_div" => reply(complex::real_div(q.float(), q.complex())),
        "c_neg" => always(complex::neg(q.complex())),
        "c_abs" => reply(complex::abs(q.complex())),
        "c_repr" => always(complex_text::repr(q.complex())),
        "c_parse" => reply(complex_text::parse_text(&q.text(), &classify)),
        "c_hash" => {
            let z = q.complex();
            always(hash::float(z.real).zip(hash::float(z.imag)).map(|(real, imag)| hash::complex(real, imag)))
        }
        _ => return None,
    })
}

fn complex_function(name: &str, q: &mut Question<'_>) -> Answer {
    match name {
        "polar" => reply(cmath::polar(q.complex())),
        "rect" => reply(cmath::rect(q.float(), q.float())),
        "phase" => always(cmath::phase(q.complex())),
        "log" => reply(cmath::log(q.complex())),
        "logb" => reply(cmath::log_base(q.complex(), q.complex())),
        "isclose" => reply(cmath::isclose(q.complex(), q.complex(), q.float(), q.float())),
        "log10" => reply(cmath::log10(q.complex())),
        "exp" => reply(cmath::exp(q.complex())),
        "sqrt" => always(cmath::sqrt(q.complex())),
        "sin" => reply(cmath::sin(q.complex())),
        "cos" => reply(cmath::cos(q.complex())),
        "tan" => reply(cmath::tan(q.complex())),
        "sinh" => reply(cmath::sinh(q.complex())),
        "cosh" => reply(cmath::cosh(q.complex())),
        "tanh" => reply(cmath::tanh(q.complex())),
        "asin" => always(cmath::asin(q.complex())),
        "acos" => always(cmath::acos(q.complex())),
        "atan" => reply(cmath::atan(q.complex())),
        "asinh" => always(cmath::asinh(q.complex())),
        "acosh" => always(cmath::acosh(q.complex())),
        "atanh" => reply(cmath::atanh(q.complex())),
        _ => panic!("no function cmath.{name}"),
    }
}

fn functions(name: &str, q: &mut Question<'_>) -> Option<Answer> {
    Some(match name.strip_prefix("math_")? {
        "sin" => reply(math::sin(q.float())),
        "cos" => reply(math::cos(q.float())),
        "tan" => reply(math::tan(q.float())),
        "asin" => reply(math::asin(q.float())),
        "acos" => reply(math::acos(q.float())),
        "atan" => always(math::atan(q.float())),
        "atan2" => always(math::atan2(q.float(), q.float())),
        "sinh" => reply(math::sinh(q.float())),
        "cosh" => reply(math::cosh(q.float())),
        "tanh" => always(math::tanh(q.float())),
        "asinh" => always(math::asinh(q.float())),
        "acosh" => reply(math::acosh(q.float())),
        "atanh" => reply(math::atanh(q.float())),
        "exp" => reply(math::exp(q.float())),
        "exp2" => reply(math::exp2(q.float())),
        "expm1" => reply(math::expm1(q.float())),
        "log1p" => reply(math::log1p(q.float())),
        "sqrt" => reply(math::sqrt(q.float())),
        "cbrt" => always(math::cbrt(q.float())),
        "erf" => always(math::erf(q.float())),
        "erfc" => always(math::erfc(q.float())),
        "gamma" => reply(math::gamma(q.float())),
        "lgamma" => reply(math::lgamma(q.float())),
        "log" => reply(math::log(q.float(), LogBase::E)),
        "log2" => reply(math::log(q.float(), LogBase::Two)),
        "log10" => reply(math::log(q.float(), LogBase::Ten)),
        "log_int" => reply(math::log_int(q.int().as_ref(), LogBase::E)),
        "log2_int" => reply(math::log_int(q.int().as_ref(), LogBase::Two)),
        "log10_int" => reply(math::log_int(q.int().as_ref(), LogBase::Ten)),
        "pow" => reply(math::pow(q.float(), q.float())),
        "fmod" => reply(math::fmod(q.float(), q.float())),
        "remainder" => reply(math::remainder(q.float(), q.float())),
        "fma" => reply(math::fma(q.float(), q.float(), q.float())),
        "frexp" => always(math::frexp(q.float())),
        "ldexp" => reply(math::ldexp(q.float(), q.small())),
        "modf" => always(math::modf(q.float())),
        "nextafter" => always(math::nextafter(q.float(), q.float(), q.small() as u64)),
        "ulp" => always(math::ulp(q.float())),
        "degrees" => always(math::degrees(q.float())),
        "radians" => always(math::radians(q.float())),
        "isclose" => reply(math::isclose(q.float(), q.float(), q.float(), q.float())),
        _ => return None,
    })
}
