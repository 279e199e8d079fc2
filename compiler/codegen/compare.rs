//! Comparisons as values, chains of them included.

use pyx_grammar::Loc;
use pyx_grammar::ast::{CmpOperator, Compare, Expr, ExprContext, ExprKind, List, Tuple};

use super::{Codegen, Result};
use crate::bytecode::code::Constant;
use crate::bytecode::opcode::{Instruction, instruction};
use crate::bytecode::operand::{In, Out};
use crate::emit::NO_LOC;
use crate::fold;

impl<'a> Codegen<'_, 'a> {
    /// A comparison into the next temporary.
    pub(super) fn compare(&mut self, node: &'a Compare<'a>, loc: Loc) -> Result<In> {
        self.check_compare(node, loc);
        let (end, cleanup) = (self.unit.emitter.label(), self.unit.emitter.label());
        let mut cleanup_used = false;
        let mut left = self.expr_before(node.left, &node.comparators[..1])?;
        let last = node.ops.len() - 1;
        for (at, &op) in node.ops[..last].iter().enumerate() {
            let (lhs, middle) = self.chain_operands(left, node, at, loc)?;
            let dst = self.unit.emitter.after(&[lhs]);
            self.emit(comparison(op, dst, lhs, In { own: false, ..middle }), loc);
            let result = self.unit.emitter.top();
            cleanup_used |= middle.own;
            let target = if middle.own { cleanup } else { end };
            self.jump_on(In { own: false, ..result }, target, false, loc);
            self.unit.emitter.drop_top(loc);
            left = middle;
        }
        let right = self.right_operand(node, last)?;
        let dst = self.unit.emitter.after(&[left, right]);
        self.emit(comparison(node.ops[last], dst, left, right), loc);
        if cleanup_used {
            self.unit.emitter.jump(end, NO_LOC);
            self.unit.emitter.depth += 1;
            self.unit.emitter.bind(cleanup);
            self.unit.emitter.swap_top(loc);
            self.unit.emitter.drop_top(loc);
        }
        self.unit.emitter.bind(end);
        Ok(self.unit.emitter.top())
    }

    /// Evaluates the middle operand of a chain, which is needed again: the left operand comes to lie above it.
    pub(super) fn chain_operands(
        &mut self,
        left: In,
        node: &'a Compare<'a>,
        at: usize,
        loc: Loc,
    ) -> Result<(In, In)> {
        let middle = self.expr_before(node.comparators[at], &node.comparators[at + 1..])?;
        if left.own && middle.own {
            self.unit.emitter.swap_top(loc);
            return Ok((self.unit.emitter.peek(0), self.unit.emitter.peek(1)));
        }
        if left.own {
            return Ok((left, middle));
        }
        Ok((left, middle))
    }

    /// The right operand of the comparison at an index.
    pub(super) fn right_operand(&mut self, node: &'a Compare<'a>, at: usize) -> Result<In> {
        let e = node.comparators[at];
        match node.ops[at] {
            CmpOperator::In | CmpOperator::NotIn => self.container(e),
            _ => self.expr(e),
        }
    }

    /// A display that is only searched or iterated over: a list may be a tuple then, and constant items make a constant.
    pub(super) fn container(&mut self, e: Expr<'a>) -> Result<In> {
        match e.kind {
            ExprKind::List(&List { elts, ctx: ExprContext::Load }) if !has_star(elts) => {
                let tuple = self.arena.alloc(Tuple { elts, ctx: ExprContext::Load });
                self.expr(Expr { kind: ExprKind::Tuple(tuple), loc: e.loc })
            }
            ExprKind::Set(set) => {
                let items: Option<Vec<Constant>> =
                    set.elts.iter().map(|&elt| fold::constant(elt, self.fold_options())).collect();
                let Some(items) = items else { return self.expr(e) };
                self.note_leaf(set.elts);
                self.push_folded(fold::frozenset(items), e.loc);
                Ok(self.unit.emitter.top())
            }
            _ => self.expr(e),
        }
    }
}

fn has_star(elts: &[Expr<'_>]) -> bool {
    elts.iter().any(|elt| matches!(elt.kind, ExprKind::Starred(_)))
}

/// The instruction of a comparison as a value.
pub(super) fn comparison(op: CmpOperator, dst: Out, lhs: In, rhs: In) -> Instruction {
    match op {
        CmpOperator::Eq => instruction::Eq { dst, lhs, rhs }.into(),
        CmpOperator::NotEq => instruction::Ne { dst, lhs, rhs }.into(),
        CmpOperator::Lt => instruction::Lt { dst, lhs, rhs }.into(),
        CmpOperator::LtE => instruction::Le { dst, lhs, rhs }.into(),
        CmpOperator::Gt => instruction::Gt { dst, lhs, rhs }.into(),
        CmpOperator::GtE => instruction::Ge { dst, lhs, rhs }.into(),
        CmpOperator::Is => instruction::Is { dst, lhs, rhs, negate: false }.into(),
        CmpOperator::IsNot => instruction::Is { dst, lhs, rhs, negate: true }.into(),
        CmpOperator::In => instruction::Contains { dst, item: lhs, container: rhs, negate: false }.into(),
        CmpOperator::NotIn => instruction::Contains { dst, item: lhs, container: rhs, negate: true }.into(),
    }
}
