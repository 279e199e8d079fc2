//! Constant folding: the value of an expression that has no other.
//!
//! What is folded, and the limits on the size of results, are CPython's, since `co_consts` shows them. Comparisons, calls and
//! names (but `__debug__`) are never folded, and nothing that raises.

mod number;
#[cfg(test)]
mod tests;

use ahash::AHashSet;
use pyx_grammar::ast::{BinOp, ConstantValue, Expr, ExprContext, ExprKind, Operator, Slice, UnaryOperator};

use crate::bytecode::code::Constant;
use crate::stack::StackLimit;
use number::Number;

/// What folding depends on.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The value of `__debug__`.
    pub debug: bool,
    /// How deep it may recurse; what is nested deeper is not folded.
    pub stack: StackLimit,
    /// The same as a number of levels. What is not constant because of something deep within is looked at again on each level
    /// above, which this bounds.
    pub levels: u16,
}

impl Options {
    /// How many levels are looked through at most.
    pub const LEVELS: u16 = 400;

    /// The options one level down, if there is one.
    fn below(self) -> Option<Self> {
        self.stack.check().ok()?;
        Some(Self { levels: self.levels.checked_sub(1)?, ..self })
    }
}

/// The value of an expression, if it is constant.
pub fn constant(e: Expr<'_>, options: Options) -> Option<Constant> {
    match e.kind {
        ExprKind::Constant(node) => Some(value(node.value)),
        ExprKind::Name(name) if name.id == "__debug__" && name.ctx == ExprContext::Load => {
            Some(Constant::Bool(options.debug))
        }
        ExprKind::UnaryOp(node) if node.op == UnaryOperator::Not => {
            literal_truth(e, options).map(Constant::Bool)
        }
        ExprKind::UnaryOp(node) => unary(node.op, &nested(node.operand, options)?),
        ExprKind::BinOp(node) => spine(node, options),
        ExprKind::Tuple(node) if node.ctx == ExprContext::Load => {
            let items: Option<Vec<Constant>> = node.elts.iter().map(|&elt| nested(elt, options)).collect();
            Some(Constant::Tuple(items?.into()))
        }
        ExprKind::Subscript(node) if node.ctx == ExprContext::Load => {
            let object = nested(node.value, options)?;
            subscript(&object, &nested(node.slice, options)?)
        }
        ExprKind::Slice(node) => slice(node),
        ExprKind::JoinedStr(node) => match node.values {
            [] => Some(Constant::Str([].into())),
            [Expr { kind: ExprKind::Constant(only), .. }] => Some(value(only.value)),
            _ => None,
        },
        _ => None,
    }
}

fn nested(e: Expr<'_>, options: Options) -> Option<Constant> {
    constant(e, options.below()?)
}

/// Binary operators, down their left spine in a loop.
fn spine(top: &BinOp<'_>, options: Options) -> Option<Constant> {
    let mut nodes = vec![top];
    let mut left = top.left;
    while let ExprKind::BinOp(node) = left.kind {
        nodes.push(node);
        left = node.left;
    }
    let mut value = nested(left, options)?;
    for node in nodes.into_iter().rev() {
        value = binary(&value, node.op, &nested(node.right, options)?)?;
    }
    Some(value)
}

/// A frozenset of constants: equal ones but once.
pub fn frozenset(items: Vec<Constant>) -> Constant {
    let mut distinct: Vec<Constant> = Vec::with_capacity(items.len());
    let mut seen = AHashSet::new();
    for item in items {
        if seen.insert(number::normal(&item)) {
            distinct.push(item);
        }
    }
    Constant::FrozenSet(distinct.into())
}

/// The first constant that evaluating constant expressions meets; empty tuples are none.
pub fn first_leaf(all: &[Expr<'_>], options: Options) -> Option<Constant> {
    let options = options.below()?;
    all.iter().find_map(|&(mut e)| {
        loop {
            e = match e.kind {
                ExprKind::UnaryOp(node) => node.operand,
                ExprKind::BinOp(node) => node.left,
                ExprKind::Subscript(node) => node.value,
                ExprKind::Tuple(node) => return first_leaf(node.elts, options),
                _ => return constant(e, options),
            }
        }
    })
}

/// The truth of a literal or of `not` before one. What is constant only after folding has none here: CPython decides
/// conditions before it folds.
pub fn literal_truth(e: Expr<'_>, options: Options) -> Option<bool> {
    let (mut e, mut negated) = (e, false);
    while let ExprKind::UnaryOp(node) = e.kind {
        if node.op != UnaryOperator::Not {
            return None;
        }
        (e, negated) = (node.operand, !negated);
    }
    match e.kind {
        ExprKind::Constant(_) | ExprKind::Name(_) | ExprKind::JoinedStr(_) => {
            Some(truth(&constant(e, options)?)? != negated)
        }
        _ => None,
    }
}

/// The value of a literal.
pub fn value(value: ConstantValue<'_>) -> Constant {
    match value {
        ConstantValue::None => Constant::None,
        ConstantValue::True => Constant::Bool(true),
        ConstantValue::False => Constant::Bool(false),
        ConstantValue::Ellipsis => Constant::Ellipsis,
        ConstantValue::Int(value) => Constant::Int(value),
        ConstantValue::BigInt(digits) => number::parse(digits),
        ConstantValue::Float(value) => Constant::Float(value.to_bits()),
        ConstantValue::Complex(imaginary) => Constant::Complex(0f64.to_bits(), imaginary.to_bits()),
        ConstantValue::Str(text) => Constant::Str(text.as_bytes().into()),
        ConstantValue::Bytes(bytes) => Constant::Bytes(bytes.into()),
        ConstantValue::Object(index) => Constant::Object(index),
    }
}

/// A slice with literal parts.
fn slice(node: &Slice<'_>) -> Option<Constant> {
    let part = |part: Option<Expr<'_>>| match part {
        None => Some(Constant::None),
        Some(Expr { kind: ExprKind::Constant(node), .. }) => Some(value(node.value)),
        Some(_) => None,
    };
    Some(Constant::Slice([part(node.lower)?, part(node.upper)?, part(node.step)?].into()))
}

// ---- operators ----

/// The value of a unary operator other than `not`.
pub fn unary(op: UnaryOperator, operand: &Constant) -> Option<Constant> {
    if op == UnaryOperator::Invert && matches!(operand, Constant::Bool(_)) {
        return None;
    }
    number::unary(op, Number::of(operand)?)
}

/// The value of a binary operator.
pub fn binary(left: &Constant, op: Operator, right: &Constant) -> Option<Constant> {
    if let (Some(left), Some(right)) = (Number::of(left), Number::of(right)) {
        return number::binary(left, op, right);
    }
    match op {
        Operator::Add => concatenate(left, right),
        Operator::Mult => repeat(left, right).or_else(|| repeat(right, left)),
        _ => None,
    }
}

fn concatenate(left: &Constant, right: &Constant) -> Option<Constant> {
    Some(match (left, right) {
        (Constant::Str(left), Constant::Str(right)) => Constant::Str([&left[..], right].concat().into()),
        (Constant::Bytes(left), Constant::Bytes(right)) => {
            Constant::Bytes([&left[..], right].concat().into())
        }
        (Constant::Tuple(left), Constant::Tuple(right)) => {
            Constant::Tuple([&left[..], right].concat().into())
        }
        _ => return None,
    })
}

/// The most characters of a folded repeated string.
const MAX_STR_SIZE: usize = 4096;
/// The most items of a folded repeated tuple.
const MAX_COLLECTION_SIZE: usize = 256;
/// The most items, nested ones included, of a folded repeated tuple.
const MAX_TOTAL_ITEMS: usize = 1024;

fn repeat(sequence: &Constant, times: &Constant) -> Option<Constant> {
    let times = match times {
        Constant::Int(times) => usize::try_from(*times).ok(),
        Constant::Bool(once) => Some(usize::from(*once)),
        _ => return None,
    };
    let fits = |size: usize, limit: usize| times.filter(|&times| size == 0 || times <= limit / size);
    Some(match sequence {
        Constant::Str(text) => Constant::Str(text.repeat(fits(characters(text), MAX_STR_SIZE)?).into()),
        Constant::Bytes(bytes) => Constant::Bytes(bytes.repeat(fits(bytes.len(), MAX_STR_SIZE)?).into()),
        Constant::Tuple(items) => {
            let times = fits(items.len(), MAX_COLLECTION_SIZE)?;
            if times > 0 && total_items(items) > MAX_TOTAL_ITEMS / times {
                return None;
            }
            Constant::Tuple(items.iter().cycle().take(items.len() * times).cloned().collect())
        }
        _ => return None,
    })
}

fn characters(text: &[u8]) -> usize {
    text.iter().filter(|&&byte| byte & 0xC0 != 0x80).count()
}

fn total_items(items: &[Constant]) -> usize {
    let inner = |item: &Constant| match item {
        Constant::Tuple(items) | Constant::FrozenSet(items) => total_items(items),
        _ => 0,
    };
    items.len() + items.iter().map(inner).sum::<usize>()
}

/// An item of a constant sequence.
pub fn subscript(object: &Constant, index: &Constant) -> Option<Constant> {
    let index = match index {
        Constant::Int(index) => *index,
        Constant::Bool(index) => i64::from(*index),
        Constant::Slice(_) => return slice_of(object, index),
        _ => return None,
    };
    let at = |length: usize| {
        let index = if index < 0 { index.checked_add(length as i64)? } else { index };
        usize::try_from(index).ok().filter(|&index| index < length)
    };
    match object {
        Constant::Str(text) => {
            let starts = char_starts(text);
            let at = at(starts.len())?;
            let end = starts.get(at + 1).copied().unwrap_or(text.len());
            Some(Constant::Str(text[starts[at]..end].into()))
        }
        Constant::Bytes(bytes) => Some(Constant::Int(i64::from(bytes[at(bytes.len())?]))),
        Constant::Tuple(items) => Some(items[at(items.len())?].clone()),
        _ => None,
    }
}

/// Where each character begins.
fn char_starts(text: &[u8]) -> Vec<usize> {
    (0..text.len()).filter(|&at| text[at] & 0xC0 != 0x80).collect()
}

/// A constant slice of a constant sequence.
fn slice_of(object: &Constant, slice: &Constant) -> Option<Constant> {
    let Constant::Slice(parts) = slice else { return None };
    match object {
        Constant::Str(text) => {
            let starts = char_starts(text);
            let mut taken = Vec::new();
            for at in slice_indices(parts, starts.len())? {
                let end = starts.get(at + 1).copied().unwrap_or(text.len());
                taken.extend_from_slice(&text[starts[at]..end]);
            }
            Some(Constant::Str(taken.into()))
        }
        Constant::Bytes(bytes) => {
            let taken: Vec<u8> = slice_indices(parts, bytes.len())?.into_iter().map(|at| bytes[at]).collect();
            Some(Constant::Bytes(taken.into()))
        }
        Constant::Tuple(items) => {
            let taken = slice_indices(parts, items.len())?.into_iter().map(|at| items[at].clone());
            Some(Constant::Tuple(taken.collect()))
        }
        _ => None,
    }
}

/// The indices that a slice selects of so many items.
fn slice_indices(parts: &[Constant; 3], length: usize) -> Option<Vec<usize>> {
    let number = |part: &Constant| match part {
        Constant::None => Some(None),
        Constant::Int(value) => Some(Some(*value)),
        Constant::Bool(value) => Some(Some(i64::from(*value))),
        _ => None,
    };
    let [start, stop, step] = [number(&parts[0])?, number(&parts[1])?, number(&parts[2])?];
    let (length, step) = (length as i64, step.unwrap_or(1));
    if step == 0 {
        return None;
    }
    let (lowest, highest) = if step > 0 { (0, length) } else { (-1, length - 1) };
    let clip =
        |bound: i64| if bound < 0 { bound.saturating_add(length).max(lowest) } else { bound.min(highest) };
    let start = start.map_or(if step > 0 { lowest } else { highest }, clip);
    let stop = stop.map_or(if step > 0 { highest } else { lowest }, clip);
    let mut indices = Vec::new();
    let mut at = start;
    while if step > 0 { at < stop } else { at > stop } {
        indices.push(at as usize);
        at = at.saturating_add(step);
    }
    Some(indices)
}

// ---- questions ----

/// The truth of a constant; `None` for an object that only Python can ask.
fn truth(constant: &Constant) -> Option<bool> {
    Some(match constant {
        Constant::None => false,
        Constant::Ellipsis | Constant::Code(_) | Constant::Slice(_) | Constant::BigInt { .. } => true,
        Constant::Bool(value) => *value,
        Constant::Int(value) => *value != 0,
        Constant::Float(bits) => f64::from_bits(*bits) != 0.0,
        Constant::Complex(real, imaginary) => {
            f64::from_bits(*real) != 0.0 || f64::from_bits(*imaginary) != 0.0
        }
        Constant::Str(text) => !text.is_empty(),
        Constant::Bytes(bytes) => !bytes.is_empty(),
        Constant::Tuple(items) | Constant::FrozenSet(items) => !items.is_empty(),
        Constant::Object(_) => return None,
    })
}

/// Whether two constants are equal in Python.
pub fn equal(left: &Constant, right: &Constant) -> bool {
    match (Number::of(left), Number::of(right)) {
        (Some(left), Some(right)) => number::equal(&left, &right),
        _ => left == right,
    }
}

/// How Python shows a constant that may be the key of a pattern.
pub fn repr(constant: &Constant) -> String {
    match constant {
        Constant::None => "None".to_owned(),
        Constant::Bool(true) => "True".to_owned(),
        Constant::Bool(false) => "False".to_owned(),
        Constant::Str(text) => repr_of_text(text),
        Constant::Bytes(bytes) => format!("b'{}'", bytes.escape_ascii()),
        _ => Number::of(constant).map_or_else(|| "...".to_owned(), |number| number.to_string()),
    }
}

fn repr_of_text(text: &[u8]) -> String {
    let text = pyx_grammar::ast::WtfStr::from_bytes(text).to_string();
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut shown = String::from(quote);
    for c in text.chars() {
        match c {
            '\n' => shown += "\\n",
            '\r' => shown += "\\r",
            '\t' => shown += "\\t",
            '\\' => shown += "\\\\",
            c if c == quote => shown.extend(['\\', c]),
            c if c < ' ' || c == '\x7f' => shown += &format!("\\x{:02x}", c as u32),
            c => shown.push(c),
        }
    }
    shown.push(quote);
    shown
}
