//! Warnings about expressions that cannot mean what they say.

use pyx_grammar::ast::{Assert, CmpOperator, Compare, ConstantValue, Expr, ExprKind, Subscript};
use pyx_grammar::{Loc, SyntaxError, SyntaxWarning};

use super::Codegen;
use super::expr::Spine;

impl<'a> Codegen<'_, 'a> {
    /// Adds a SyntaxWarning.
    #[cold]
    fn warn(&mut self, loc: Loc, message: String) {
        if self.silent == 0 {
            let warning = self.warning(loc, message);
            self.warnings.push(warning);
        }
    }

    fn warning(&self, loc: Loc, message: String) -> SyntaxWarning {
        let position = self.positions.resolve(loc);
        let as_error = SyntaxError::at(None, position, message.clone());
        SyntaxWarning { message, lineno: position.lineno, as_error }
    }

    /// A statement that leaves a `finally` body, and so swallows exceptions (PEP 765). It goes to a loop among the blocks, or leaves
    /// the function.
    pub(super) fn warn_about_exit(&mut self, keyword: &str, target: Option<usize>, loc: Loc) {
        let outside = self.unit.final_bodies.last();
        let leaves = outside.is_some_and(|&outside| target.is_none_or(|target| target < outside));
        if leaves && self.in_copy == 0 && self.silent == 0 {
            let warning = self.warning(loc, format!("'{keyword}' in a 'finally' block"));
            self.warnings.insert(self.next_exit, warning);
            self.next_exit += 1;
        }
    }

    /// Warnings about a call or subscription.
    pub(super) fn warn_about(&mut self, node: Spine<'a>) {
        match node {
            Spine::Call(call, _) => self.check_caller(call.func),
            Spine::Subscript(node, _) => {
                self.check_subscripter(node.value);
                self.check_index(node);
            }
            _ => {}
        }
    }

    /// Something that is called although it cannot be.
    pub(super) fn check_caller(&mut self, func: Expr<'a>) {
        let uncallable = match func.kind {
            ExprKind::Constant(_)
            | ExprKind::Tuple(_)
            | ExprKind::List(_)
            | ExprKind::ListComp(_)
            | ExprKind::Dict(_)
            | ExprKind::DictComp(_)
            | ExprKind::Set(_)
            | ExprKind::SetComp(_)
            | ExprKind::GeneratorExp(_)
            | ExprKind::JoinedStr(_)
            | ExprKind::FormattedValue(_)
            | ExprKind::TemplateStr(_)
            | ExprKind::Interpolation(_) => type_name(func),
            _ => None,
        };
        if let Some(name) = uncallable {
            self.warn(func.loc, format!("'{name}' object is not callable; perhaps you missed a comma?"));
        }
    }

    /// Something that has an item taken although it has none.
    fn check_subscripter(&mut self, value: Expr<'a>) {
        let no_items = match value.kind {
            ExprKind::Constant(constant) => !matches!(
                constant.value,
                ConstantValue::Str(_) | ConstantValue::Bytes(_) | ConstantValue::Object(_)
            ),
            ExprKind::Set(_)
            | ExprKind::SetComp(_)
            | ExprKind::GeneratorExp(_)
            | ExprKind::TemplateStr(_)
            | ExprKind::Interpolation(_)
            | ExprKind::Lambda(_) => true,
            _ => false,
        };
        if let (true, Some(name)) = (no_items, type_name(value)) {
            self.warn(
                value.loc,
                format!("'{name}' object is not subscriptable; perhaps you missed a comma?"),
            );
        }
    }

    /// A sequence with an index that is no number.
    fn check_index(&mut self, node: &Subscript<'a>) {
        let is_sequence = match node.value.kind {
            ExprKind::Constant(constant) => {
                matches!(constant.value, ConstantValue::Str(_) | ConstantValue::Bytes(_))
            }
            ExprKind::Tuple(_) | ExprKind::List(_) | ExprKind::ListComp(_) | ExprKind::JoinedStr(_) => true,
            _ => false,
        };
        let Some(index) = type_name(node.slice) else { return };
        if !is_sequence || matches!(index, "int" | "bool" | "slice") {
            return;
        }
        if let Some(name) = type_name(node.value) {
            let message = format!(
                "{name} indices must be integers or slices, not {index}; perhaps you missed a comma?"
            );
            self.warn(node.value.loc, message);
        }
    }

    /// `is` with a literal.
    pub(super) fn check_compare(&mut self, node: &Compare<'a>, loc: Loc) {
        let mut left = node.left;
        for (&op, &right) in node.ops.iter().zip(node.comparators) {
            let (word, better) = match op {
                CmpOperator::Is => ("is", "=="),
                CmpOperator::IsNot => ("is not", "!="),
                _ => {
                    left = right;
                    continue;
                }
            };
            let literal = [left, right].into_iter().find(|&e| is_literal(e));
            if let Some(name) = literal.and_then(type_name) {
                return self
                    .warn(loc, format!("\"{word}\" with '{name}' literal. Did you mean \"{better}\"?"));
            }
            left = right;
        }
    }

    /// `assert (test, message)`
    pub(super) fn check_assert(&mut self, node: &Assert<'a>, loc: Loc) {
        if let ExprKind::Tuple(tuple) = node.test.kind
            && !tuple.elts.is_empty()
        {
            self.warn(loc, "assertion is always true, perhaps remove parentheses?".to_owned());
        }
    }
}

/// Whether comparing the identity of the expression is pointless.
fn is_literal(e: Expr<'_>) -> bool {
    match e.kind {
        ExprKind::Constant(constant) => !matches!(
            constant.value,
            ConstantValue::None | ConstantValue::True | ConstantValue::False | ConstantValue::Ellipsis
        ),
        ExprKind::Tuple(_) => is_constant(e),
        _ => false,
    }
}

/// Whether the expression is a literal or a tuple of such.
fn is_constant(e: Expr<'_>) -> bool {
    match e.kind {
        ExprKind::Constant(_) => true,
        ExprKind::Tuple(tuple) => tuple.elts.iter().all(|&elt| is_constant(elt)),
        _ => false,
    }
}

/// The name of the type that the expression's value has for sure.
fn type_name(e: Expr<'_>) -> Option<&'static str> {
    Some(match e.kind {
        ExprKind::Tuple(_) => "tuple",
        ExprKind::List(_) | ExprKind::ListComp(_) => "list",
        ExprKind::Dict(_) | ExprKind::DictComp(_) => "dict",
        ExprKind::Set(_) | ExprKind::SetComp(_) => "set",
        ExprKind::GeneratorExp(_) => "generator",
        ExprKind::Lambda(_) => "function",
        ExprKind::JoinedStr(_) | ExprKind::FormattedValue(_) => "str",
        ExprKind::TemplateStr(_) => "string.templatelib.Template",
        ExprKind::Interpolation(_) => "string.templatelib.Interpolation",
        ExprKind::Constant(constant) => match constant.value {
            ConstantValue::None => "NoneType",
            ConstantValue::True | ConstantValue::False => "bool",
            ConstantValue::Ellipsis => "ellipsis",
            ConstantValue::Int(_) | ConstantValue::BigInt(_) => "int",
            ConstantValue::Float(_) => "float",
            ConstantValue::Complex(_) => "complex",
            ConstantValue::Str(_) => "str",
            ConstantValue::Bytes(_) => "bytes",
            ConstantValue::Object(_) => return None,
        },
        _ => return None,
    })
}
