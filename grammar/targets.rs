//! What can be assigned to, deleted, or annotated.
//!
//! The grammar reads targets as expressions; here they are given their context, or refused with CPython's words. The
//! innermost expression that is no target is the one to blame.

use crate::actions::{Action, Builder};
use crate::ast::*;

/// What a target is for: it decides which message blames it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum TargetKind {
    /// `=`, `with … as`
    Star,
    Del,
    For,
}

impl<'a> Builder<'a> {
    /// An expression as a target of `=`, `as` or `del`.
    pub(crate) fn target(&self, target: Expr<'a>, ctx: ExprContext) -> Action<Expr<'a>> {
        let kind = if ctx == ExprContext::Del { TargetKind::Del } else { TargetKind::Star };
        self.target_of(target, ctx, kind)
    }

    pub(crate) fn targets(
        &mut self,
        list: crate::actions::Mark<Expr<'a>>,
        ctx: ExprContext,
    ) -> Action<&'a [Expr<'a>]> {
        let exprs: &[Expr<'a>] = self.take(list);
        let targets = exprs.iter().map(|&target| self.target(target, ctx));
        self.arena.alloc_slice_try_fill_iter(targets).map(|targets| &*targets)
    }

    pub(crate) fn target_of(&self, target: Expr<'a>, ctx: ExprContext, kind: TargetKind) -> Action<Expr<'a>> {
        if let Some(invalid) = invalid_target(target, kind) {
            return Err(self.error(invalid.loc, refusal(invalid, kind)).into());
        }
        Ok(self.in_context(target, ctx))
    }

    /// The one target of an augmented assignment.
    pub(crate) fn single_target(&self, target: Expr<'a>) -> Action<Expr<'a>> {
        match target.kind {
            ExprKind::Name(_) | ExprKind::Attribute(_) | ExprKind::Subscript(_) => {
                Ok(self.in_context(target, ExprContext::Store))
            }
            _ => {
                let message =
                    format!("'{}' is an illegal expression for augmented assignment", describe(target));
                Err(self.error(target.loc, message).into())
            }
        }
    }

    /// The target of an annotation.
    pub(crate) fn annotation_target(&self, target: Expr<'a>) -> Action<Expr<'a>> {
        let message = match target.kind {
            ExprKind::Name(_) | ExprKind::Attribute(_) | ExprKind::Subscript(_) => {
                return Ok(self.in_context(target, ExprContext::Store));
            }
            ExprKind::List(_) => "only single target (not list) can be annotated",
            ExprKind::Tuple(_) => "only single target (not tuple) can be annotated",
            _ => "illegal target for annotation",
        };
        Err(self.error(target.loc, message).into())
    }

    /// A target, with what it consists of, in another context. Its depth is that of its brackets, which the lexer bounds.
    pub(crate) fn in_context(&self, target: Expr<'a>, ctx: ExprContext) -> Expr<'a> {
        let kind = match target.kind {
            ExprKind::Name(name) => ExprKind::Name(self.node(Name { ctx, ..*name })),
            ExprKind::Attribute(attribute) => ExprKind::Attribute(self.node(Attribute { ctx, ..*attribute })),
            ExprKind::Subscript(subscript) => ExprKind::Subscript(self.node(Subscript { ctx, ..*subscript })),
            ExprKind::Starred(starred) => {
                let value = self.in_context(starred.value, ctx);
                ExprKind::Starred(self.node(Starred { value, ctx }))
            }
            ExprKind::List(list) => {
                ExprKind::List(self.node(List { elts: self.all_in_context(list.elts, ctx), ctx }))
            }
            ExprKind::Tuple(tuple) => {
                ExprKind::Tuple(self.node(Tuple { elts: self.all_in_context(tuple.elts, ctx), ctx }))
            }
            other => other,
        };
        Expr { kind, ..target }
    }

    fn all_in_context(&self, elts: &[Expr<'a>], ctx: ExprContext) -> &'a [Expr<'a>] {
        self.arena.alloc_slice_fill_iter(elts.iter().map(|&elt| self.in_context(elt, ctx)))
    }
}

/// The expression to blame, if one in this is no target.
pub(crate) fn invalid_target(target: Expr<'_>, kind: TargetKind) -> Option<Expr<'_>> {
    match target.kind {
        ExprKind::Name(_) | ExprKind::Attribute(_) | ExprKind::Subscript(_) => None,
        ExprKind::Tuple(Tuple { elts, .. }) | ExprKind::List(List { elts, .. }) => {
            elts.iter().find_map(|&elt| invalid_target(elt, kind))
        }
        ExprKind::Starred(_) if kind == TargetKind::Del => Some(target),
        ExprKind::Starred(starred) => invalid_target(starred.value, kind),
        // In `for f() in x` the `in` is the statement's, but was read as an operator.
        ExprKind::Compare(compare) if kind == TargetKind::For => match compare.ops {
            [CmpOperator::In, ..] => invalid_target(compare.left, kind),
            _ => None,
        },
        _ => Some(target),
    }
}

/// The message about an expression that is no target.
pub(crate) fn refusal(target: Expr<'_>, kind: TargetKind) -> String {
    let verb = if kind == TargetKind::Del { "delete" } else { "assign to" };
    format!("cannot {verb} {}", describe(target))
}

/// What CPython calls an expression.
pub(crate) fn describe(expr: Expr<'_>) -> &'static str {
    match expr.kind {
        ExprKind::Attribute(_) => "attribute",
        ExprKind::Subscript(_) => "subscript",
        ExprKind::Starred(_) => "starred",
        ExprKind::Name(_) => "name",
        ExprKind::List(_) => "list",
        ExprKind::Tuple(_) => "tuple",
        ExprKind::Lambda(_) => "lambda",
        ExprKind::Call(_) => "function call",
        ExprKind::BoolOp(_) | ExprKind::BinOp(_) | ExprKind::UnaryOp(_) => "expression",
        ExprKind::GeneratorExp(_) => "generator expression",
        ExprKind::Yield(_) | ExprKind::YieldFrom(_) => "yield expression",
        ExprKind::Await(_) => "await expression",
        ExprKind::ListComp(_) => "list comprehension",
        ExprKind::SetComp(_) => "set comprehension",
        ExprKind::DictComp(_) => "dict comprehension",
        ExprKind::Dict(_) => "dict literal",
        ExprKind::Set(_) => "set display",
        ExprKind::JoinedStr(_) | ExprKind::FormattedValue(_) => "f-string expression",
        ExprKind::TemplateStr(_) | ExprKind::Interpolation(_) => "t-string expression",
        ExprKind::Constant(constant) => match constant.value {
            ConstantValue::None => "None",
            ConstantValue::True => "True",
            ConstantValue::False => "False",
            ConstantValue::Ellipsis => "ellipsis",
            _ => "literal",
        },
        ExprKind::Compare(_) => "comparison",
        ExprKind::IfExp(_) => "conditional expression",
        ExprKind::NamedExpr(_) => "named expression",
        ExprKind::Slice(_) => "slice",
    }
}
