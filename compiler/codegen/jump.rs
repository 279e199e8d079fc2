//! Conditions: an expression that decides where control goes, without its value being made where that can be avoided.

use pyx_grammar::Loc;
use pyx_grammar::ast::{BoolOperator, CmpOperator, Compare, Expr, ExprKind, IfExp, UnaryOperator};

use super::compare::comparison;
use super::{Codegen, Result};
use crate::bytecode::code::Constant;
use crate::bytecode::opcode::{Instruction, instruction};
use crate::bytecode::operand::{Imm, In, Label};
use crate::emit::{LabelId, NO_LOC};
use crate::fold;

impl<'a> Codegen<'_, 'a> {
    /// Goes to the target if the truth of the expression is `cond`. The jump stands at `loc`, or, if that is nowhere, where
    /// the expression stands.
    pub(super) fn jump_if(&mut self, e: Expr<'a>, target: LabelId, cond: bool, loc: Loc) -> Result<()> {
        self.options.stack.check()?;
        if let Some(truth) = fold::literal_truth(e, self.fold_options()) {
            self.note_leaf(&[e]);
            self.nop(e.loc);
            if truth == cond {
                self.unit.emitter.jump(target, loc);
            }
            return Ok(());
        }
        match e.kind {
            ExprKind::UnaryOp(node) if node.op == UnaryOperator::Not => {
                self.jump_if(node.operand, target, !cond, loc)
            }
            ExprKind::BoolOp(node) => {
                let decides = node.op == BoolOperator::Or;
                let end = self.unit.emitter.label();
                let (&last, firsts) = node.values.split_last().expect("the parser makes no empty one");
                for &value in firsts {
                    self.jump_if(value, if decides == cond { target } else { end }, decides, loc)?;
                }
                self.jump_if(last, target, cond, loc)?;
                self.unit.emitter.bind(end);
                Ok(())
            }
            ExprKind::IfExp(node) => self.jump_if_conditional(node, target, cond, loc),
            ExprKind::Compare(node) if node.ops.len() > 1 => {
                self.jump_if_chain(node, target, cond, e.loc, loc)
            }
            ExprKind::Compare(node) if self.is_with(e.loc, loc) || self.compares_with_none(node) => {
                self.check_compare(node, e.loc);
                let left = self.expr_before(node.left, node.comparators)?;
                let at = if loc == NO_LOC { e.loc } else { loc };
                self.jump_if_compares(left, node, 0, target, cond, at)
            }
            _ => {
                let value = self.expr(e)?;
                self.jump_on_value(value, target, cond, e.loc, loc);
                Ok(())
            }
        }
    }

    /// Whether this is `x is None` or `x is not None`.
    fn compares_with_none(&self, node: &Compare<'a>) -> bool {
        matches!(node.ops, [CmpOperator::Is | CmpOperator::IsNot])
            && matches!(fold::constant(node.comparators[0], self.fold_options()), Some(Constant::None))
    }

    fn jump_if_conditional(
        &mut self,
        node: &'a IfExp<'a>,
        target: LabelId,
        cond: bool,
        loc: Loc,
    ) -> Result<()> {
        let (end, orelse) = (self.unit.emitter.label(), self.unit.emitter.label());
        self.jump_if(node.test, orelse, false, NO_LOC)?;
        self.jump_if(node.body, target, cond, loc)?;
        self.unit.emitter.jump(end, NO_LOC);
        self.unit.emitter.bind(orelse);
        self.jump_if(node.orelse, target, cond, loc)?;
        self.unit.emitter.bind(end);
        Ok(())
    }

    /// `a < b < c` as a condition: `b` is kept while it is needed, and dropped where the chain ends early.
    fn jump_if_chain(
        &mut self,
        node: &'a Compare<'a>,
        target: LabelId,
        cond: bool,
        loc: Loc,
        jump_loc: Loc,
    ) -> Result<()> {
        self.check_compare(node, loc);
        let (end, cleanup) = (self.unit.emitter.label(), self.unit.emitter.label());
        let mut cleanup_used = false;
        let mut left = self.expr_before(node.left, &node.comparators[..1])?;
        let last = node.ops.len() - 1;
        for (at, &op) in node.ops[..last].iter().enumerate() {
            let (lhs, middle) = self.chain_operands(left, node, at, loc)?;
            cleanup_used |= middle.own;
            let is_false = match (middle.own, cond) {
                (true, _) => cleanup,
                (false, true) => end,
                (false, false) => target,
            };
            self.compare_and_jump(op, lhs, In { own: false, ..middle }, is_false, false, loc);
            left = middle;
        }
        if self.is_with(loc, jump_loc) {
            self.jump_if_compares(left, node, last, target, cond, loc)?;
        } else {
            let right = self.right_operand(node, last)?;
            let dst = self.unit.emitter.after(&[left, right]);
            self.emit(comparison(node.ops[last], dst, left, right), loc);
            let result = self.unit.emitter.top();
            self.jump_on_value(result, target, cond, loc, jump_loc);
        }
        if cleanup_used {
            self.unit.emitter.jump(end, NO_LOC);
            self.unit.emitter.depth += 1;
            self.unit.emitter.bind(cleanup);
            self.unit.emitter.drop_top(loc);
            if !cond {
                self.unit.emitter.jump(target, NO_LOC);
            }
        }
        self.unit.emitter.bind(end);
        Ok(())
    }

    /// Compares an operand with the comparator at an index, and goes to the target if the result is `cond`.
    fn jump_if_compares(
        &mut self,
        left: In,
        node: &'a Compare<'a>,
        at: usize,
        target: LabelId,
        cond: bool,
        loc: Loc,
    ) -> Result<()> {
        let (op, right) = (node.ops[at], node.comparators[at]);
        if let Some(jump) = self.jump_by_literal(left, op, right, target, cond, loc) {
            self.emit(jump, loc);
            return Ok(());
        }
        let right = self.right_operand(node, at)?;
        self.compare_and_jump(op, left, right, target, cond, loc);
        Ok(())
    }

    /// A comparison with None or with a small int, which need no register.
    fn jump_by_literal(
        &mut self,
        lhs: In,
        op: CmpOperator,
        right: Expr<'a>,
        target: LabelId,
        cond: bool,
        loc: Loc,
    ) -> Option<Instruction> {
        let target = target.operand();
        if matches!(op, CmpOperator::Is | CmpOperator::IsNot) {
            let is_none = matches!(fold::constant(right, self.fold_options()), Some(Constant::None));
            if is_none && !self.same_line(right.loc, loc) {
                self.nop(right.loc);
            }
            return is_none.then(|| {
                self.note_first_constant(&Constant::None);
                match (op == CmpOperator::Is) == cond {
                    true => instruction::JumpIfNone { src: lhs, target }.into(),
                    false => instruction::JumpIfNotNone { src: lhs, target }.into(),
                }
            });
        }
        let (value, rhs) = self.immediate(right)?;
        let jump = jump_comparing_int(op, lhs, rhs, target, !cond)?;
        self.note_immediate(value, right.loc, loc);
        Some(jump)
    }

    fn compare_and_jump(
        &mut self,
        op: CmpOperator,
        lhs: In,
        rhs: In,
        target: LabelId,
        cond: bool,
        loc: Loc,
    ) {
        self.emit(jump_comparing(op, lhs, rhs, target.operand(), !cond), loc);
    }

    /// Whether a jump that stands at `loc` may be one instruction with what stands at `at`.
    fn is_with(&self, at: Loc, loc: Loc) -> bool {
        loc == NO_LOC || self.same_line(at, loc)
    }

    /// Goes to the target if the truth of a value is `cond`; the value stands at `at`, the jump at `loc`.
    fn jump_on_value(&mut self, value: In, target: LabelId, cond: bool, at: Loc, loc: Loc) {
        if self.is_with(at, loc) {
            return self.jump_on(value, target, cond, at);
        }
        let dst = self.unit.emitter.after(&[value]);
        self.emit(instruction::ToBool { dst, src: value }, at);
        let truth = self.unit.emitter.top();
        self.jump_on(truth, target, cond, loc);
    }

    /// Goes to the target if the truth of a value is `cond`.
    pub(super) fn jump_on(&mut self, src: In, target: LabelId, cond: bool, loc: Loc) {
        let target = target.operand();
        if cond {
            self.emit(instruction::JumpIf { src, target }, loc);
        } else {
            self.emit(instruction::JumpIfNot { src, target }, loc);
        }
    }
}

/// The instruction that jumps if a comparison holds, or (negate) if it does not.
fn jump_comparing(op: CmpOperator, lhs: In, rhs: In, target: Label, negate: bool) -> Instruction {
    let pad = Default::default();
    match op {
        CmpOperator::Eq => instruction::JumpIfEq { lhs, rhs, target, pad, negate }.into(),
        CmpOperator::NotEq => instruction::JumpIfNe { lhs, rhs, target, pad, negate }.into(),
        CmpOperator::Lt => instruction::JumpIfLt { lhs, rhs, target, pad, negate }.into(),
        CmpOperator::LtE => instruction::JumpIfLe { lhs, rhs, target, pad, negate }.into(),
        CmpOperator::Gt => instruction::JumpIfGt { lhs, rhs, target, pad, negate }.into(),
        CmpOperator::GtE => instruction::JumpIfGe { lhs, rhs, target, pad, negate }.into(),
        CmpOperator::Is => instruction::JumpIfIs { lhs, rhs, target, pad, negate }.into(),
        CmpOperator::IsNot => instruction::JumpIfIs { lhs, rhs, target, pad, negate: !negate }.into(),
        CmpOperator::In => instruction::JumpIfIn { item: lhs, container: rhs, target, pad, negate }.into(),
        CmpOperator::NotIn => {
            instruction::JumpIfIn { item: lhs, container: rhs, target, pad, negate: !negate }.into()
        }
    }
}

/// [`jump_comparing`] with a small int on the right, for the operators that have this form.
fn jump_comparing_int(
    op: CmpOperator,
    lhs: In,
    rhs: Imm,
    target: Label,
    negate: bool,
) -> Option<Instruction> {
    let pad = Default::default();
    Some(match op {
        CmpOperator::Eq => instruction::JumpIfEqInt { lhs, rhs, target, pad, negate }.into(),
        CmpOperator::NotEq => instruction::JumpIfNeInt { lhs, rhs, target, pad, negate }.into(),
        CmpOperator::Lt => instruction::JumpIfLtInt { lhs, rhs, target, pad, negate }.into(),
        CmpOperator::LtE => instruction::JumpIfLeInt { lhs, rhs, target, pad, negate }.into(),
        CmpOperator::Gt => instruction::JumpIfGtInt { lhs, rhs, target, pad, negate }.into(),
        CmpOperator::GtE => instruction::JumpIfGeInt { lhs, rhs, target, pad, negate }.into(),
        _ => return None,
    })
}
