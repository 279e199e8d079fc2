//! Constant expressions and what they fold to, and those that must stay as they are.

use super::*;

fn int(value: i64) -> Constant {
    Constant::Int(value)
}

fn float(value: f64) -> Constant {
    Constant::Float(value.to_bits())
}

fn text(text: &str) -> Constant {
    Constant::Str(text.as_bytes().into())
}

#[test]
fn ints_fold_within_limits() {
    assert_eq!(binary(&int(7), Operator::FloorDiv, &int(-2)), Some(int(-4)));
    assert_eq!(binary(&int(7), Operator::Mod, &int(-2)), Some(int(-1)));
    assert_eq!(binary(&int(-7), Operator::Mod, &int(2)), Some(int(1)));
    assert_eq!(binary(&int(7), Operator::Div, &int(2)), Some(float(3.5)));
    assert_eq!(binary(&int(1), Operator::Mod, &int(0)), None);
    assert_eq!(binary(&int(2), Operator::Pow, &int(65)), None);
    assert_eq!(binary(&int(2), Operator::Pow, &int(10)), Some(int(1024)));
    assert_eq!(binary(&int(2), Operator::Pow, &int(-1)), Some(float(0.5)));
    assert_eq!(binary(&int(1), Operator::LShift, &int(200)), None);
    assert_eq!(binary(&Constant::Bool(true), Operator::Add, &int(1)), Some(int(2)));
    assert_eq!(unary(UnaryOperator::Invert, &int(5)), Some(int(-6)));
    assert_eq!(unary(UnaryOperator::Invert, &Constant::Bool(true)), None);
    let large = binary(&int(i64::MAX), Operator::Add, &int(1)).unwrap();
    assert_eq!(binary(&large, Operator::Sub, &int(1)), Some(int(i64::MAX)));
}

#[test]
fn quotients_round_to_nearest() {
    assert_eq!(binary(&int(1), Operator::Div, &int(3)), Some(float(1.0 / 3.0)));
    assert_eq!(binary(&int(9007199254740993), Operator::Div, &int(1)), Some(float(9007199254740992.0)));
    assert_eq!(binary(&float(-7.5), Operator::FloorDiv, &float(2.0)), Some(float(-4.0)));
    assert_eq!(binary(&float(-7.5), Operator::Mod, &float(2.0)), Some(float(0.5)));
}

#[test]
fn complex_arithmetic_keeps_reals_real() {
    let j = |imaginary: f64| Constant::Complex(0f64.to_bits(), imaginary.to_bits());
    let complex = |real: f64, imaginary: f64| Constant::Complex(real.to_bits(), imaginary.to_bits());
    assert_eq!(binary(&int(1), Operator::Sub, &j(0.0)), Some(complex(1.0, -0.0)));
    assert_eq!(binary(&int(1), Operator::Add, &j(2.0)), Some(complex(1.0, 2.0)));
    assert_eq!(binary(&j(2.0), Operator::Mult, &j(2.0)), Some(complex(-4.0, 0.0)));
}

#[test]
fn sequences_fold_within_limits() {
    assert_eq!(binary(&text("ab"), Operator::Mult, &int(2)), Some(text("abab")));
    assert_eq!(binary(&int(-1), Operator::Mult, &text("ab")), None);
    assert_eq!(binary(&text("ab"), Operator::Mult, &int(4096)), None);
    assert_eq!(binary(&text("a"), Operator::Add, &text("b")), Some(text("ab")));
    assert_eq!(binary(&text("%s"), Operator::Mod, &int(1)), None);
    assert_eq!(subscript(&text("héllo"), &int(1)), Some(text("é")));
    assert_eq!(subscript(&text("hé"), &int(-1)), Some(text("é")));
    assert_eq!(subscript(&text("hé"), &int(2)), None);
    let tail = Constant::Slice([int(1), Constant::None, Constant::None].into());
    assert_eq!(subscript(&text("héllo"), &tail), Some(text("éllo")));
    let backwards = Constant::Slice([Constant::None, Constant::None, int(-2)].into());
    assert_eq!(subscript(&text("abcde"), &backwards), Some(text("eca")));
}

#[test]
fn numbers_compare_and_show_as_in_python() {
    assert!(equal(&int(1), &float(1.0)));
    assert!(equal(&int(1), &Constant::Bool(true)));
    assert!(!equal(&int(9007199254740993), &float(9007199254740992.0)));
    assert_eq!(repr(&float(1e16)), "1e+16");
    assert_eq!(repr(&float(-0.5)), "-0.5");
    assert_eq!(repr(&Constant::Complex(1f64.to_bits(), (-2f64).to_bits())), "(1-2j)");
    assert_eq!(repr(&text("it's")), "\"it's\"");
}
