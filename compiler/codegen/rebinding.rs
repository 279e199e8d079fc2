//! Which expressions can rebind a local of their block while an operand waits: those that hold a `:=`.

use pyx_grammar::ast::{Comprehension, Expr, ExprKind};

use super::Codegen;

impl<'a> Codegen<'_, 'a> {
    /// Whether evaluating the expression may bind a variable of this block. Deep nesting counts as yes.
    pub(super) fn may_rebind(&self, e: Expr<'a>) -> bool {
        if self.options.stack.check().is_err() {
            return true;
        }
        let any = |all: &[Expr<'a>]| all.iter().any(|&e| self.may_rebind(e));
        let perhaps = |e: Option<Expr<'a>>| e.is_some_and(|e| self.may_rebind(e));
        match e.kind {
            ExprKind::NamedExpr(_) => true,
            ExprKind::Name(_) | ExprKind::Constant(_) => false,
            ExprKind::BoolOp(node) => any(node.values),
            ExprKind::BinOp(node) => self.may_rebind_on_spine(e) || self.may_rebind(node.right),
            ExprKind::UnaryOp(node) => self.may_rebind(node.operand),
            ExprKind::Lambda(node) => {
                any(node.args.defaults) || node.args.kw_defaults.iter().any(|&e| perhaps(e))
            }
            ExprKind::IfExp(node) => any(&[node.test, node.body, node.orelse]),
            ExprKind::Dict(node) => node.keys.iter().any(|&key| perhaps(key)) || any(node.values),
            ExprKind::Set(node) => any(node.elts),
            ExprKind::ListComp(node) | ExprKind::SetComp(node) => {
                self.may_rebind(node.elt) || self.generators_may_rebind(node.generators)
            }
            ExprKind::DictComp(node) => {
                any(&[node.key, node.value]) || self.generators_may_rebind(node.generators)
            }
            ExprKind::GeneratorExp(node) => self.may_rebind(node.generators[0].iter),
            ExprKind::Await(node) => self.may_rebind(node.value),
            ExprKind::Yield(node) => perhaps(node.value),
            ExprKind::YieldFrom(node) => self.may_rebind(node.value),
            ExprKind::Compare(node) => self.may_rebind(node.left) || any(node.comparators),
            ExprKind::Call(node) => {
                self.may_rebind(node.func)
                    || any(node.args)
                    || node.keywords.iter().any(|keyword| self.may_rebind(keyword.value))
            }
            ExprKind::FormattedValue(node) => self.may_rebind(node.value) || perhaps(node.format_spec),
            ExprKind::Interpolation(node) => self.may_rebind(node.value) || perhaps(node.format_spec),
            ExprKind::JoinedStr(node) => any(node.values),
            ExprKind::TemplateStr(node) => any(node.values),
            ExprKind::Attribute(node) => self.may_rebind(node.value),
            ExprKind::Subscript(node) => any(&[node.value, node.slice]),
            ExprKind::Starred(node) => self.may_rebind(node.value),
            ExprKind::List(node) => any(node.elts),
            ExprKind::Tuple(node) => any(node.elts),
            ExprKind::Slice(node) => [node.lower, node.upper, node.step].into_iter().any(perhaps),
        }
    }

    /// The left spine of binary operators in a loop; the topmost right operand is left to the caller.
    fn may_rebind_on_spine(&self, e: Expr<'a>) -> bool {
        let ExprKind::BinOp(mut node) = e.kind else { return false };
        while let ExprKind::BinOp(left) = node.left.kind {
            if self.may_rebind(left.right) {
                return true;
            }
            node = left;
        }
        self.may_rebind(node.left)
    }

    fn generators_may_rebind(&self, generators: &[Comprehension<'a>]) -> bool {
        generators.iter().any(|generator| {
            self.may_rebind(generator.iter) || generator.ifs.iter().any(|&e| self.may_rebind(e))
        })
    }
}
