//! Docstrings.

use pyx_grammar::ast::{ConstantValue, ExprKind, Stmt, StmtKind, WtfStr};

/// The docstring of a body: a string alone in the first statement.
pub fn docstring<'a>(body: &[Stmt<'a>]) -> Option<WtfStr<'a>> {
    let StmtKind::Expr(statement) = body.first()?.kind else { return None };
    let ExprKind::Constant(constant) = statement.value.kind else { return None };
    match constant.value {
        ConstantValue::Str(text) => Some(text),
        _ => None,
    }
}
