//! `'…' % (…)` as an f-string, where the format uses nothing but `%s`, `%r` and `%a`.

use pyx_grammar::ast::{BinOp, Constant as ConstantNode, ConstantValue, Expr, ExprKind, Operator};

use crate::bytecode::opcode::Conversion;

/// A part of a `%` format.
#[derive(Debug)]
pub enum Piece<'a> {
    /// Text that stays.
    Literal(Vec<u8>),
    /// A value, converted and formatted.
    Value {
        /// The value.
        value: Expr<'a>,
        /// What is done to it first.
        conversion: Conversion,
        /// The format spec that means the same.
        spec: Vec<u8>,
    },
}

/// The parts of a `%` operation, if the format is simple and fits the tuple.
pub fn pieces<'a>(node: &BinOp<'a>) -> Option<Vec<Piece<'a>>> {
    if node.op != Operator::Mod {
        return None;
    }
    let ExprKind::Constant(&ConstantNode { value: ConstantValue::Str(format), .. }) = node.left.kind else {
        return None;
    };
    let ExprKind::Tuple(tuple) = node.right.kind else { return None };
    let starred = tuple.elts.iter().any(|elt| matches!(elt.kind, ExprKind::Starred(_)));
    if starred { None } else { take(format.as_bytes(), tuple.elts) }
}

/// Takes a format apart; `None` if it is not simple, or does not use each value once.
fn take<'a>(format: &[u8], values: &[Expr<'a>]) -> Option<Vec<Piece<'a>>> {
    let mut pieces = Vec::new();
    let mut values = values.iter();
    let mut rest = format;
    while !rest.is_empty() {
        let literal = take_literal(&mut rest)?;
        if !literal.is_empty() {
            pieces.push(Piece::Literal(literal));
        }
        if rest.is_empty() {
            break;
        }
        let value = *values.next()?;
        let (conversion, spec) = take_conversion(&mut rest)?;
        pieces.push(Piece::Value { value, conversion, spec });
    }
    values.next().is_none().then_some(pieces)
}

/// Takes text up to a conversion or the end; `%%` stands for `%`.
fn take_literal(rest: &mut &[u8]) -> Option<Vec<u8>> {
    let mut literal = Vec::new();
    while let Some((&byte, behind)) = rest.split_first() {
        if byte == b'%' {
            match behind.first()? {
                b'%' => {
                    literal.push(b'%');
                    *rest = &behind[1..];
                    continue;
                }
                _ => break,
            }
        }
        literal.push(byte);
        *rest = behind;
    }
    Some(literal)
}

/// Takes `%-10.3s` and the like: the conversion, and the format spec that means the same.
fn take_conversion(rest: &mut &[u8]) -> Option<(Conversion, Vec<u8>)> {
    *rest = &rest[1..];
    let mut left = false;
    while let Some((&flag @ (b'-' | b'+' | b' ' | b'#' | b'0'), behind)) = rest.split_first() {
        left |= flag == b'-';
        *rest = behind;
    }
    let width = take_digits(rest)?;
    let mut precision = None;
    if let Some((b'.', behind)) = rest.split_first() {
        *rest = behind;
        precision = Some(take_digits(rest)?.unwrap_or(0));
    }
    let (&letter, behind) = rest.split_first()?;
    *rest = behind;
    let conversion = match letter {
        b's' => Conversion::Str,
        b'r' => Conversion::Repr,
        b'a' => Conversion::Ascii,
        _ => return None,
    };
    let mut spec = String::new();
    if let Some(width) = width {
        if !left && width > 0 {
            spec.push('>');
        }
        spec += &width.to_string();
    }
    if let Some(precision) = precision {
        spec += &format!(".{precision}");
    }
    Some((conversion, spec.into_bytes()))
}

/// Takes a number of up to two digits, if one stands here; `None` if it has more.
fn take_digits(rest: &mut &[u8]) -> Option<Option<u32>> {
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if digits > 2 {
        return None;
    }
    let number = rest[..digits].iter().fold(0, |number, digit| number * 10 + u32::from(digit - b'0'));
    *rest = &rest[digits..];
    Some((digits > 0).then_some(number))
}
