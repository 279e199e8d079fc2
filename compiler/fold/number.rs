//! Arithmetic on constant numbers, as Python does it.

use std::fmt;

use dashu_base::{BitTest, DivRemEuclid, Signed, UnsignedAbs};
use dashu_int::{IBig, UBig};
use pyx_grammar::ast::{BigInt, Operator, UnaryOperator};

use crate::bytecode::code::Constant;

/// The most bits of a product, power or shifted int that is folded.
const MAX_INT_SIZE: usize = 128;

/// A constant number.
#[derive(Clone, Debug)]
pub(super) enum Number {
    Small(i64),
    Big(IBig),
    Float(f64),
    Complex(f64, f64),
    /// A bool, where it matters: `True & False` is a bool.
    Bool(bool),
}

impl Number {
    /// The number that a constant is.
    pub(super) fn of(constant: &Constant) -> Option<Self> {
        Some(match constant {
            Constant::Bool(value) => Self::Bool(*value),
            Constant::Int(value) => Self::Small(*value),
            Constant::BigInt { negative, magnitude } => {
                let magnitude = IBig::from(UBig::from_le_bytes(magnitude));
                Self::Big(if *negative { -magnitude } else { magnitude })
            }
            Constant::Float(bits) => Self::Float(f64::from_bits(*bits)),
            Constant::Complex(real, imaginary) => {
                Self::Complex(f64::from_bits(*real), f64::from_bits(*imaginary))
            }
            _ => return None,
        })
    }

    fn int(&self) -> Option<IBig> {
        match self {
            Self::Bool(value) => Some(IBig::from(u8::from(*value))),
            Self::Small(value) => Some(IBig::from(*value)),
            Self::Big(value) => Some(value.clone()),
            Self::Float(_) | Self::Complex(..) => None,
        }
    }

    /// The number as a float, unless that is an error.
    fn float(&self) -> Option<f64> {
        match self {
            Self::Bool(value) => Some(f64::from(u8::from(*value))),
            Self::Small(value) => Some(*value as f64),
            Self::Big(value) => Some(value.to_f64().value()).filter(|float| float.is_finite()),
            Self::Float(value) => Some(*value),
            Self::Complex(..) => None,
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(true) => f.write_str("True"),
            Self::Bool(false) => f.write_str("False"),
            Self::Small(value) => value.fmt(f),
            Self::Big(value) => value.fmt(f),
            Self::Float(value) => f.write_str(&float_repr(*value)),
            Self::Complex(real, imaginary) => {
                let imaginary_part = float_repr(*imaginary);
                let imaginary_part = imaginary_part.strip_suffix(".0").unwrap_or(&imaginary_part);
                if *real == 0.0 && real.is_sign_positive() {
                    return write!(f, "{imaginary_part}j");
                }
                let real_part = float_repr(*real);
                let sign = if imaginary_part.starts_with('-') { "" } else { "+" };
                write!(f, "({}{sign}{imaginary_part}j)", real_part.strip_suffix(".0").unwrap_or(&real_part))
            }
        }
    }
}

/// A float as Python shows it.
fn float_repr(value: f64) -> String {
    let magnitude = value.abs();
    if magnitude != 0.0 && !(1e-4..1e16).contains(&magnitude) {
        let shown = format!("{value:e}");
        let (digits, exponent) = shown.split_once('e').unwrap_or((&shown, "0"));
        let (sign, exponent) = match exponent.strip_prefix('-') {
            Some(exponent) => ('-', exponent),
            None => ('+', exponent),
        };
        return format!("{digits}e{sign}{exponent:0>2}");
    }
    format!("{value:?}")
}

/// The value of an int literal that is not small.
pub(super) fn parse(digits: BigInt<'_>) -> Constant {
    match UBig::from_str_radix(digits.digits, digits.radix) {
        Ok(value) => int(IBig::from(value)),
        Err(_) => Constant::Int(0),
    }
}

/// An int as a constant.
fn int(value: IBig) -> Constant {
    match i64::try_from(&value) {
        Ok(small) => Constant::Int(small),
        Err(_) => {
            let negative = value.is_negative();
            Constant::BigInt { negative, magnitude: value.unsigned_abs().to_le_bytes().into() }
        }
    }
}

fn float(value: f64) -> Constant {
    Constant::Float(value.to_bits())
}

fn complex(real: f64, imaginary: f64) -> Constant {
    Constant::Complex(real.to_bits(), imaginary.to_bits())
}

/// Whether two numbers are equal in Python.
pub(super) fn equal(left: &Number, right: &Number) -> bool {
    let parts = |number: &Number| match number {
        Number::Complex(real, imaginary) => (Number::Float(*real), *imaginary),
        other => (other.clone(), 0.0),
    };
    let ((left, left_imaginary), (right, right_imaginary)) = (parts(left), parts(right));
    if left_imaginary != right_imaginary {
        return false;
    }
    match (left.int(), right.int()) {
        (Some(left), Some(right)) => left == right,
        (Some(int), None) => right.float().is_some_and(|float| IBig::try_from(float).is_ok_and(|other| other == int)),
        (None, Some(int)) => left.float().is_some_and(|float| IBig::try_from(float).is_ok_and(|other| other == int)),
        (None, None) => left.float() == right.float(),
    }
}

/// The same text for constants that are equal in Python, numbers of different types among them.
pub(super) fn normal(constant: &Constant) -> String {
    let (real, imaginary) = match Number::of(constant) {
        None => return format!("{constant:?}"),
        Some(Number::Complex(real, imaginary)) => (Number::Float(real), imaginary),
        Some(real) => (real, 0.0),
    };
    let real = match (real.int(), &real) {
        (Some(int), _) => int.to_string(),
        (None, Number::Float(float)) => match IBig::try_from(*float) {
            Ok(int) => int.to_string(),
            Err(_) => format!("{float:?}"),
        },
        _ => unreachable!("the real part is no complex number"),
    };
    if imaginary == 0.0 { real } else { format!("{real} {imaginary:?}") }
}

/// The value of `-x`, `+x` or `~x`.
pub(super) fn unary(op: UnaryOperator, operand: Number) -> Option<Constant> {
    let negate = op == UnaryOperator::USub;
    Some(match (op, operand) {
        (UnaryOperator::Not, _) => return None,
        (UnaryOperator::Invert, operand) => int(-operand.int()? - 1),
        (_, Number::Float(value)) => float(if negate { -value } else { value }),
        (_, Number::Complex(real, imaginary)) => match negate {
            true => complex(-real, -imaginary),
            false => complex(real, imaginary),
        },
        (_, operand) => {
            let value = operand.int()?;
            int(if negate { -value } else { value })
        }
    })
}

/// The value of a binary operator, if it has one, and is not too large.
pub(super) fn binary(left: Number, op: Operator, right: Number) -> Option<Constant> {
    if let (Number::Small(left), Number::Small(right)) = (&left, &right)
        && let Some(value) = small(*left, op, *right)
    {
        return Some(Constant::Int(value));
    }
    if let (Number::Bool(left), Number::Bool(right)) = (&left, &right) {
        match op {
            Operator::BitAnd => return Some(Constant::Bool(left & right)),
            Operator::BitOr => return Some(Constant::Bool(left | right)),
            Operator::BitXor => return Some(Constant::Bool(left ^ right)),
            _ => {}
        }
    }
    if matches!(left, Number::Complex(..)) || matches!(right, Number::Complex(..)) {
        return of_complexes(&left, op, &right);
    }
    match (left.int(), right.int()) {
        (Some(left), Some(right)) => of_ints(left, op, right),
        _ => of_floats(left.float()?, op, right.float()?),
    }
}

/// The quick cases.
fn small(left: i64, op: Operator, right: i64) -> Option<i64> {
    match op {
        Operator::Add => left.checked_add(right),
        Operator::Sub => left.checked_sub(right),
        Operator::Mult => left.checked_mul(right),
        Operator::BitAnd => Some(left & right),
        Operator::BitOr => Some(left | right),
        Operator::BitXor => Some(left ^ right),
        _ => None,
    }
}

fn of_ints(left: IBig, op: Operator, right: IBig) -> Option<Constant> {
    let bits = |value: &IBig| value.unsigned_abs().bit_len();
    let zero = IBig::ZERO;
    Some(int(match op {
        Operator::Add => left + right,
        Operator::Sub => left - right,
        Operator::Mult => {
            if left != zero && right != zero && bits(&left) + bits(&right) > MAX_INT_SIZE {
                return None;
            }
            left * right
        }
        Operator::Div => return true_division(&left, &right).map(float),
        Operator::FloorDiv | Operator::Mod => {
            let (quotient, remainder) = floor_division(&left, &right)?;
            if op == Operator::Mod { remainder } else { quotient }
        }
        Operator::Pow => return power(&left, &right),
        Operator::LShift => {
            let shift = usize::try_from(&right).ok()?;
            if left != zero && (shift > MAX_INT_SIZE || bits(&left) > MAX_INT_SIZE - shift) {
                return None;
            }
            if left == zero { left } else { left << shift }
        }
        Operator::RShift => {
            if right.is_negative() {
                return None;
            }
            match usize::try_from(&right) {
                Ok(shift) => left >> shift,
                Err(_) => IBig::from(if left.is_negative() { -1 } else { 0 }),
            }
        }
        Operator::BitAnd => left & right,
        Operator::BitOr => left | right,
        Operator::BitXor => left ^ right,
        Operator::MatMult => return None,
    }))
}

/// Quotient rounded down, and the remainder, which has the divisor's sign.
fn floor_division(left: &IBig, right: &IBig) -> Option<(IBig, IBig)> {
    if *right == IBig::ZERO {
        return None;
    }
    let (quotient, remainder) = left.div_rem_euclid(right);
    let remainder = IBig::from(remainder);
    if right.is_negative() && remainder != IBig::ZERO {
        return Some((quotient - 1, remainder + right));
    }
    Some((quotient, remainder))
}

/// The float nearest to the quotient of two ints.
fn true_division(left: &IBig, right: &IBig) -> Option<f64> {
    if *right == IBig::ZERO {
        return None;
    }
    let (a, b) = (left.clone().unsigned_abs(), right.clone().unsigned_abs());
    let sign = if left.is_negative() == right.is_negative() { 1.0 } else { -1.0 };
    if a == UBig::ZERO {
        return Some(if right.is_negative() { -0.0 } else { 0.0 }).map(|zero| zero * if left.is_negative() { -1.0 } else { 1.0 });
    }
    // A quotient of 66 bits or more, its last bit standing for all that is cut off, rounds as the true one does.
    let shift = (66 + b.bit_len()).saturating_sub(a.bit_len());
    let (quotient, remainder) = ((&a << shift) / &b, (&a << shift) % &b);
    let sticky = if remainder == UBig::ZERO { quotient } else { quotient | UBig::ONE };
    let exponent = i32::try_from(shift).ok().filter(|&shift| shift < 1000)?;
    let value = sticky.to_f64().value() * 2f64.powi(-exponent);
    value.is_finite().then_some(sign * value)
}

/// `left ** right`
fn power(left: &IBig, right: &IBig) -> Option<Constant> {
    if right.is_negative() {
        let (left, right) = (left.to_f64().value(), right.to_f64().value());
        return if left.is_finite() && right.is_finite() { float_power(left, right).map(float) } else { None };
    }
    let exponent = usize::try_from(right).ok()?;
    let bits = left.clone().unsigned_abs().bit_len();
    if bits > 0 && exponent > 0 && bits > MAX_INT_SIZE / exponent {
        return None;
    }
    Some(int(left.pow(exponent)))
}

fn of_floats(left: f64, op: Operator, right: f64) -> Option<Constant> {
    Some(float(match op {
        Operator::Add => left + right,
        Operator::Sub => left - right,
        Operator::Mult => left * right,
        Operator::Div if right != 0.0 => left / right,
        Operator::FloorDiv if right != 0.0 => float_floor_division(left, right).0,
        Operator::Mod if right != 0.0 => float_floor_division(left, right).1,
        Operator::Pow => float_power(left, right)?,
        _ => return None,
    }))
}

/// Quotient rounded down, and the remainder, which has the divisor's sign.
fn float_floor_division(left: f64, right: f64) -> (f64, f64) {
    let mut remainder = left % right;
    let mut quotient = (left - remainder) / right;
    if remainder == 0.0 {
        remainder = 0f64.copysign(right);
    } else if (right < 0.0) != (remainder < 0.0) {
        remainder += right;
        quotient -= 1.0;
    }
    if quotient == 0.0 {
        return (0f64.copysign(left / right), remainder);
    }
    let floor = quotient.floor();
    (if quotient - floor > 0.5 { floor + 1.0 } else { floor }, remainder)
}

/// `left ** right` where it is a float: not zero to a negative power, no root of a negative number, no overflow.
fn float_power(left: f64, right: f64) -> Option<f64> {
    if (left == 0.0 && right < 0.0) || (left < 0.0 && right.is_finite() && right.fract() != 0.0) {
        return None;
    }
    let value = left.powf(right);
    (value.is_finite() || !left.is_finite() || !right.is_finite()).then_some(value)
}

/// Complex arithmetic. A real operand stays real: it does not become complex with a zero imaginary part.
fn of_complexes(left: &Number, op: Operator, right: &Number) -> Option<Constant> {
    let parts = |number: &Number| match *number {
        Number::Complex(real, imaginary) => Some((real, Some(imaginary))),
        ref other => other.float().map(|real| (real, None)),
    };
    let ((a, b), (c, d)) = (parts(left)?, parts(right)?);
    let (real, imaginary) = match (op, b, d) {
        (Operator::Add, None, Some(d)) => (a + c, d),
        (Operator::Add, Some(b), None) => (a + c, b),
        (Operator::Add, Some(b), Some(d)) => (a + c, b + d),
        (Operator::Sub, None, Some(d)) => (a - c, -d),
        (Operator::Sub, Some(b), None) => (a - c, b),
        (Operator::Sub, Some(b), Some(d)) => (a - c, b - d),
        (Operator::Mult, None, Some(d)) => (a * c, a * d),
        (Operator::Mult, Some(b), None) => (a * c, b * c),
        (Operator::Mult, Some(b), Some(d)) => (a * c - b * d, a * d + b * c),
        (Operator::Pow, _, _) if d.unwrap_or(0.0) == 0.0 => small_power((a, b.unwrap_or(0.0)), c)?,
        (Operator::Div, Some(b), None) if c != 0.0 => (a / c, b / c),
        (Operator::Div, _, Some(d)) if c != 0.0 || d != 0.0 => quotient((a, b.unwrap_or(0.0)), (c, d)),
        _ => return None,
    };
    (!real.is_nan() && !imaginary.is_nan()).then(|| complex(real, imaginary))
}

/// A complex number to the power of a small int.
fn small_power(base: (f64, f64), exponent: f64) -> Option<(f64, f64)> {
    if exponent.fract() != 0.0 || exponent.abs() > 100.0 || (base == (0.0, 0.0) && exponent < 0.0) {
        return None;
    }
    let product = |(a, b): (f64, f64), (c, d): (f64, f64)| (a * c - b * d, a * d + b * c);
    let (mut result, mut square, mut bits) = ((1.0, 0.0), base, exponent.abs() as u32);
    while bits != 0 {
        if bits & 1 != 0 {
            result = product(result, square);
        }
        square = product(square, square);
        bits >>= 1;
    }
    Some(if exponent < 0.0 { quotient((1.0, 0.0), result) } else { result })
}

/// Smith's method, which does not overflow on the way.
fn quotient((a, b): (f64, f64), (c, d): (f64, f64)) -> (f64, f64) {
    if c.abs() >= d.abs() {
        let ratio = d / c;
        let denominator = c + d * ratio;
        ((a + b * ratio) / denominator, (b - a * ratio) / denominator)
    } else {
        let ratio = c / d;
        let denominator = c * ratio + d;
        ((a * ratio + b) / denominator, (b * ratio - a) / denominator)
    }
}
