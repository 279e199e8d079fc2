//! Expressions: evaluation to an operand, and the operators.
//!
//! `a + b + c`, `a.b.c`, `a(b)(c)` lean to the left, possibly for a hundred thousand nodes. So evaluation goes down the left
//! spine of a tree in a loop, keeps the nodes it passes, and comes back up applying them one by one.

use pyx_grammar::Loc;
use pyx_grammar::ast::{
    Attribute, BinOp, BoolOp, BoolOperator, Call, Expr, ExprContext, ExprKind, IfExp, NamedExpr, Operator,
    Starred, Subscript, UnaryOp, UnaryOperator,
};

use super::assign::LocalTarget;
use super::{Codegen, Result};
use crate::bytecode::code::Constant;
use crate::bytecode::opcode::{Instruction, instruction};
use crate::bytecode::operand::{Const, Imm, In, Int, Out};
use crate::emit::{LabelId, NO_LOC, borrowed, local_out, temporary};
use crate::fold;

/// A node on the left spine of an expression, to be applied to the value of what is left of it.
#[derive(Clone, Copy)]
pub(super) enum Spine<'a> {
    BinOp(&'a BinOp<'a>, Loc),
    UnaryOp(&'a UnaryOp<'a>, Loc),
    Attribute(&'a Attribute<'a>, Loc),
    Subscript(&'a Subscript<'a>, Loc),
    Call(&'a Call<'a>, Loc),
    /// A call of an attribute; the value is the object.
    MethodCall(&'a Call<'a>, &'a Attribute<'a>, Loc),
}

/// The value of what is left of a node: not yet loaded while it is constant, so that it may be folded.
enum Left {
    Constant(Constant, Loc),
    Operand(In),
}

/// Where the operands of an `and` or `or` go that decide its result.
struct Exits {
    /// For temporaries, which are the result where they lie.
    decided: LabelId,
    /// Whether there is such an operand.
    is_used: bool,
    /// For locals, which are copied first.
    pads: Vec<(LabelId, In, Loc)>,
}

impl<'a> Codegen<'_, 'a> {
    /// Evaluates an expression: a local that is read in place, or the next temporary.
    pub(super) fn expr(&mut self, e: Expr<'a>) -> Result<In> {
        self.options.stack.check()?;
        let from = self.spine.len();
        let bottom = self.descend(e);
        if self.spine.len() == from {
            return self.leaf(bottom);
        }
        let mut left = match fold::constant(bottom, self.fold_options()) {
            Some(constant) => {
                self.note_leaf(&[bottom]);
                Left::Constant(constant, bottom.loc)
            }
            None => Left::Operand(self.leaf(bottom)?),
        };
        while self.spine.len() > from {
            let node = self.spine.pop().expect("the spine is longer than `from`");
            left = self.apply(node, left)?;
        }
        Ok(self.loaded(left))
    }

    /// Evaluates an expression whose value must outlive the evaluation of others: a local that they may rebind is copied.
    pub(super) fn expr_before(&mut self, e: Expr<'a>, later: &[Expr<'a>]) -> Result<In> {
        let value = self.expr(e)?;
        Ok(self.protect(value, later))
    }

    /// Copies an operand that is a local which the later expressions may rebind.
    pub(super) fn protect(&mut self, value: In, later: &[Expr<'a>]) -> In {
        if value.own || !self.has_walrus || !later.iter().any(|&e| self.may_rebind(e)) {
            return value;
        }
        self.copy(value, NO_LOC)
    }

    /// Copies a local operand into the next temporary.
    pub(super) fn copy(&mut self, value: In, loc: Loc) -> In {
        let dst = self.unit.emitter.next();
        let loc = if loc == NO_LOC { self.last_loc() } else { loc };
        self.emit(instruction::Mov { dst, src: value }, loc);
        self.unit.emitter.top()
    }

    /// The location of the instruction before.
    fn last_loc(&self) -> Loc {
        self.unit.emitter.items.last().map_or(NO_LOC, |item| item.loc)
    }

    /// Evaluates an expression into the next temporary.
    pub(super) fn push(&mut self, e: Expr<'a>) -> Result<()> {
        let value = self.expr(e)?;
        self.pushed(value, e.loc);
        Ok(())
    }

    /// Makes sure that a value lies in the next temporary.
    pub(super) fn pushed(&mut self, value: In, loc: Loc) {
        if !value.own {
            self.copy(value, loc);
        }
    }

    /// Evaluates all into consecutive temporaries.
    pub(super) fn push_all(&mut self, all: impl IntoIterator<Item = Expr<'a>>) -> Result<()> {
        all.into_iter().try_for_each(|e| self.push(e))
    }

    /// Goes down the left spine, noting its nodes; the bottom comes back.
    fn descend(&mut self, mut e: Expr<'a>) -> Expr<'a> {
        loop {
            e = match e.kind {
                ExprKind::BinOp(node) if self.as_format(node).is_none() => {
                    self.spine.push(Spine::BinOp(node, e.loc));
                    node.left
                }
                ExprKind::UnaryOp(node) => {
                    self.spine.push(Spine::UnaryOp(node, e.loc));
                    node.operand
                }
                ExprKind::Attribute(node) if self.super_call(node).is_none() => {
                    self.spine.push(Spine::Attribute(node, e.loc));
                    node.value
                }
                ExprKind::Subscript(node) => {
                    self.spine.push(Spine::Subscript(node, e.loc));
                    node.value
                }
                ExprKind::Call(node) => match self.method_of(node) {
                    Some(method) if self.super_call(method).is_some() => return e,
                    Some(method) => {
                        self.spine.push(Spine::MethodCall(node, method, e.loc));
                        method.value
                    }
                    None if self.shortcut_of(node).is_some() => return e,
                    None => {
                        self.spine.push(Spine::Call(node, e.loc));
                        node.func
                    }
                },
                _ => return e,
            }
        }
    }

    /// Applies a node of the spine to the value on its left.
    fn apply(&mut self, node: Spine<'a>, left: Left) -> Result<Left> {
        let folded = self.fold_node(node, &left);
        if let Some(folded) = folded {
            return Ok(folded);
        }
        self.warn_about(node);
        let left = self.loaded(left);
        let value = match node {
            Spine::BinOp(node, loc) => self.binary(node, left, loc)?,
            Spine::UnaryOp(node, loc) => self.unary(node.op, left, loc),
            Spine::Attribute(node, loc) => self.attribute(node, left, loc),
            Spine::Subscript(node, loc) => self.subscript(node, left, loc)?,
            Spine::Call(node, loc) => self.call(node, left, loc)?,
            Spine::MethodCall(node, method, loc) => self.method_call(node, method, left, loc)?,
        };
        Ok(Left::Operand(value))
    }

    /// The value of a node whose parts are constant.
    fn fold_node(&mut self, node: Spine<'a>, left: &Left) -> Option<Left> {
        let Left::Constant(left, _) = left else { return None };
        let options = self.fold_options();
        let (folded, loc) = match node {
            Spine::BinOp(node, loc) => {
                (fold::binary(left, node.op, &fold::constant(node.right, options)?)?, loc)
            }
            Spine::UnaryOp(node, loc) if node.op == UnaryOperator::Not => {
                (Constant::Bool(!fold::literal_truth(node.operand, options)?), loc)
            }
            Spine::UnaryOp(node, loc) => (fold::unary(node.op, left)?, loc),
            Spine::Subscript(node, loc) => {
                (fold::subscript(left, &fold::constant(node.slice, options)?)?, loc)
            }
            _ => return None,
        };
        Some(Left::Constant(folded, loc))
    }

    fn loaded(&mut self, left: Left) -> In {
        match left {
            Left::Operand(value) => value,
            Left::Constant(constant, loc) => {
                self.push_folded(constant, loc);
                self.unit.emitter.top()
            }
        }
    }

    /// Evaluates an expression that has no left spine.
    fn leaf(&mut self, e: Expr<'a>) -> Result<In> {
        let loc = e.loc;
        match e.kind {
            ExprKind::Name(name) => {
                if let Some(constant) = fold::constant(e, self.fold_options()) {
                    self.push_constant(constant, loc);
                } else {
                    return Ok(self.load(name.id, loc));
                }
            }
            ExprKind::Constant(_) => {
                let constant = fold::constant(e, self.fold_options()).expect("a constant is constant");
                self.push_constant(constant, loc);
            }
            ExprKind::NamedExpr(node) => return self.named(node),
            ExprKind::IfExp(node) => self.conditional(node, None)?,
            ExprKind::BoolOp(node) => self.bool_op(node, loc, None)?,
            ExprKind::Compare(node) => return self.compare(node, loc),
            ExprKind::Call(node) => {
                return match self.shortcut_of(node) {
                    Some(shortcut) => self.call_with_shortcut(shortcut, node, loc),
                    None => self.super_method_call(node, loc),
                };
            }
            ExprKind::Attribute(node) => return self.super_attribute(node, loc),
            ExprKind::BinOp(node) => return self.format_operator(node, loc),
            ExprKind::Tuple(node) => self.tuple(node, e)?,
            ExprKind::List(node) => self.list(node, loc)?,
            ExprKind::Set(node) => self.set(node, loc)?,
            ExprKind::Dict(node) => self.dict(node, loc)?,
            ExprKind::Slice(node) => self.slice(node, e)?,
            ExprKind::Lambda(node) => self.lambda(node, loc)?,
            ExprKind::ListComp(_)
            | ExprKind::SetComp(_)
            | ExprKind::DictComp(_)
            | ExprKind::GeneratorExp(_) => {
                self.comprehension(e)?;
            }
            ExprKind::Await(node) => return self.await_expression(node, loc),
            ExprKind::Yield(node) => return self.yield_expression(node, loc),
            ExprKind::YieldFrom(node) => return self.yield_from(node, loc),
            ExprKind::JoinedStr(node) => self.joined_str(node, loc)?,
            ExprKind::FormattedValue(node) => self.formatted_value(node, loc)?,
            ExprKind::TemplateStr(node) => self.template_str(node, loc)?,
            ExprKind::Interpolation(node) => self.interpolation(node, loc)?,
            ExprKind::Starred(node) => return self.misplaced_starred(node, loc),
            ExprKind::UnaryOp(_) | ExprKind::Subscript(_) => unreachable!("they have a left spine"),
        }
        Ok(self.unit.emitter.top())
    }

    // ---- constants ----

    pub(super) fn fold_options(&self) -> fold::Options {
        let levels = fold::Options::LEVELS;
        fold::Options { debug: self.options.optimize == 0, stack: self.options.stack, levels }
    }

    /// Loads a constant of the source into the next temporary.
    pub(super) fn push_constant(&mut self, constant: Constant, loc: Loc) {
        self.note_first_constant(&constant);
        self.push_folded(constant, loc);
    }

    /// Loads a constant that was folded.
    pub(super) fn push_folded(&mut self, constant: Constant, loc: Loc) {
        let dst = self.unit.emitter.next();
        match constant {
            Constant::Int(value @ 0..=255) => {
                self.emit(instruction::LoadInt { dst, value: Int(value as i32) }, loc);
            }
            constant => {
                let value = self.constant_index(constant);
                self.emit(instruction::LoadConst { dst, value }, loc);
            }
        }
    }

    /// Loads None.
    pub(super) fn push_none(&mut self, loc: Loc) {
        self.push_constant(Constant::None, loc);
    }

    /// Loads a string that is a name.
    pub(super) fn push_text(&mut self, name: pyx_grammar::ast::Identifier<'a>, loc: Loc) {
        let text = self.text(name);
        self.push_constant(Constant::Str(text), loc);
    }

    /// The index of a constant in `co_consts`.
    pub(super) fn constant_index(&mut self, constant: Constant) -> Const {
        Const(self.unit.constants.number(constant))
    }

    /// A starred expression where none may stand.
    fn misplaced_starred(&mut self, node: &Starred<'a>, loc: Loc) -> Result<In> {
        match node.ctx {
            ExprContext::Store => self.error(loc, "starred assignment target must be in a list or tuple"),
            _ => self.error(loc, "can't use starred expression here"),
        }
    }

    /// Keeps a constant in `co_consts` that no instruction names, because CPython's code has it there.
    pub(super) fn note_constant(&mut self, constant: Constant) {
        self.note_first_constant(&constant);
        let number = self.unit.constants.number(constant);
        self.unit.constants.keep(number);
    }

    /// Notes the first constant that a block meets, which stays the first of `co_consts` even if it is folded away.
    pub(super) fn note_first_constant(&mut self, constant: &Constant) {
        self.unit.constants.meet(constant);
    }

    // ---- operators ----

    fn unary(&mut self, op: UnaryOperator, src: In, loc: Loc) -> In {
        let dst = self.unit.emitter.after(&[src]);
        match op {
            UnaryOperator::Invert => self.emit(instruction::Invert { dst, src }, loc),
            UnaryOperator::Not => self.emit(instruction::Not { dst, src }, loc),
            UnaryOperator::UAdd => self.emit(instruction::Pos { dst, src }, loc),
            UnaryOperator::USub => self.emit(instruction::Neg { dst, src }, loc),
        }
        self.unit.emitter.top()
    }

    fn binary(&mut self, node: &'a BinOp<'a>, left: In, loc: Loc) -> Result<In> {
        let left = self.protect(left, &[node.right]);
        self.operate(left, node.op, node.right, false, loc)
    }

    /// Applies a binary operator to an operand and an expression.
    pub(super) fn operate(
        &mut self,
        lhs: In,
        op: Operator,
        right: Expr<'a>,
        inplace: bool,
        loc: Loc,
    ) -> Result<In> {
        if let Some((value, imm)) = self.immediate(right) {
            let dst = self.unit.emitter.after(&[lhs]);
            if let Some(op) = immediate_operator(op, dst, lhs, imm, inplace) {
                self.note_immediate(value, right.loc, loc);
                self.emit(op, loc);
                return Ok(self.unit.emitter.top());
            }
        }
        let rhs = self.expr(right)?;
        let dst = self.unit.emitter.after(&[lhs, rhs]);
        self.emit(operator(op, dst, lhs, rhs, inplace), loc);
        Ok(self.unit.emitter.top())
    }

    /// The small int that a literal stands for.
    pub(super) fn immediate(&self, e: Expr<'a>) -> Option<(i64, Imm)> {
        if !matches!(e.kind, ExprKind::Constant(_) | ExprKind::UnaryOp(_)) {
            return None;
        }
        match fold::constant(e, self.fold_options()) {
            Some(Constant::Int(value)) => i16::try_from(value).ok().map(|small| (value, Imm(small))),
            _ => None,
        }
    }

    /// An int that lies in an instruction is among the constants all the same, unless it is very small.
    /// If it stands on another line than the instruction, that line is reached all the same.
    pub(super) fn note_immediate(&mut self, value: i64, at: Loc, loc: Loc) {
        if !self.same_line(at, loc) {
            self.nop(at);
        }
        if (0..=255).contains(&value) {
            self.note_first_constant(&Constant::Int(value));
        } else {
            self.note_first_constant(&Constant::Int(value.abs()));
            self.note_constant(Constant::Int(value));
        }
    }

    fn attribute(&mut self, node: &'a Attribute<'a>, object: In, loc: Loc) -> In {
        debug_assert_eq!(node.ctx, ExprContext::Load);
        let attr = self.mangle(node.attr);
        let name = self.name_index(attr);
        let dst = self.unit.emitter.after(&[object]);
        let loc = self.attribute_loc(loc, node);
        self.emit(instruction::LoadAttr { dst, object, name, shape: Default::default() }, loc);
        self.unit.emitter.top()
    }

    fn subscript(&mut self, node: &'a Subscript<'a>, object: In, loc: Loc) -> Result<In> {
        let object = self.protect(object, &[node.slice]);
        if let ExprKind::Slice(slice) = node.slice.kind
            && self.has_bounds_only(slice, node.slice)
        {
            self.slice_bounds(slice, node.slice.loc)?;
            let bounds = self.unit.emitter.last(2);
            let depth = self.unit.emitter.depth - 2 - u32::from(object.own);
            let dst = Out { register: temporary(depth), own: false };
            self.emit(instruction::LoadSlice { dst, object, bounds }, loc);
            return Ok(self.unit.emitter.top());
        }
        if let Some((value, key)) = self.immediate(node.slice) {
            self.note_immediate(value, node.slice.loc, loc);
            let dst = self.unit.emitter.after(&[object]);
            self.emit(instruction::LoadItemInt { dst, object, key }, loc);
            return Ok(self.unit.emitter.top());
        }
        let key = self.expr(node.slice)?;
        let dst = self.unit.emitter.after(&[object, key]);
        self.emit(instruction::LoadItem { dst, object, key }, loc);
        Ok(self.unit.emitter.top())
    }

    // ---- expressions that branch ----

    fn named(&mut self, node: &'a NamedExpr<'a>) -> Result<In> {
        let ExprKind::Name(target) = node.target.kind else {
            return self.error(node.target.loc, "cannot use assignment expressions with this target");
        };
        let value = self.expr(node.value)?;
        if let Some(register) = self.local_register(target.id) {
            self.store_local(register, value, node.target.loc);
            return Ok(borrowed(register));
        }
        let kept = In { own: false, ..value };
        self.store(target.id, kept, node.target.loc);
        Ok(value)
    }

    /// `a if c else b` into the next temporary, or into a local. A chain in `orelse` is one loop.
    pub(super) fn conditional(&mut self, node: &'a IfExp<'a>, target: Option<LocalTarget<'a>>) -> Result<()> {
        let end = self.unit.emitter.label();
        let depth = self.unit.emitter.depth;
        let mut node = node;
        loop {
            let orelse = self.unit.emitter.label();
            self.jump_if(node.test, orelse, false, NO_LOC)?;
            self.branch(node.body, target)?;
            self.unit.emitter.jump(end, NO_LOC);
            self.unit.emitter.depth = depth;
            self.unit.emitter.bind(orelse);
            match node.orelse.kind {
                ExprKind::IfExp(next) => node = next,
                _ => break,
            }
        }
        self.branch(node.orelse, target)?;
        self.unit.emitter.bind(end);
        Ok(())
    }

    /// The value of one branch into the next temporary, or into a local.
    fn branch(&mut self, e: Expr<'a>, target: Option<LocalTarget<'a>>) -> Result<()> {
        match target {
            None => self.push(e),
            Some(target) => self.assign_local(target, e),
        }
    }

    /// `a and b`, `a or b` into the next temporary, or into a local.
    ///
    /// An operand that is a local is tested where it lives, and copied only at the end of the branch that wants it.
    pub(super) fn bool_op(
        &mut self,
        node: &'a BoolOp<'a>,
        loc: Loc,
        target: Option<LocalTarget<'a>>,
    ) -> Result<()> {
        let end = self.unit.emitter.label();
        let mut exits = Exits { decided: self.unit.emitter.label(), is_used: false, pads: Vec::new() };
        let (&last, firsts) = node.values.split_last().expect("the parser makes no empty `and` or `or`");
        for &value in firsts {
            self.deciding_operand(value, node.op, loc, &mut exits)?;
        }
        self.branch(last, target)?;
        let Exits { decided, is_used: decided_used, pads } = exits;
        if let (Some(target), true) = (target, decided_used) {
            self.unit.emitter.jump(end, NO_LOC);
            self.unit.emitter.depth += 1;
            self.unit.emitter.bind(decided);
            let value = self.unit.emitter.top();
            let dst = local_out(self.register_of(target));
            self.emit(instruction::Mov { dst, src: value }, target.loc);
        } else if decided_used {
            self.unit.emitter.bind(decided);
        }
        for (pad, local, at) in pads {
            self.unit.emitter.jump(end, NO_LOC);
            if target.is_none() {
                self.unit.emitter.depth -= 1;
            }
            self.unit.emitter.bind(pad);
            match target {
                Some(target) => {
                    let dst = local_out(self.register_of(target));
                    self.emit(instruction::Mov { dst, src: local }, target.loc);
                }
                None => drop(self.copy(local, at)),
            }
        }
        self.unit.emitter.bind(end);
        Ok(())
    }

    /// An operand of `and` or `or` that is not the last one: if it decides the result, it is the result.
    ///
    /// What is itself an `and` or `or` is not made first and tested then, for each truth is asked once: its operands decide
    /// the outer result too, or they only choose what is evaluated next.
    fn deciding_operand(
        &mut self,
        value: Expr<'a>,
        op: BoolOperator,
        loc: Loc,
        exits: &mut Exits,
    ) -> Result<()> {
        self.options.stack.check()?;
        if let ExprKind::BoolOp(inner) = value.kind {
            let (&last, firsts) = inner.values.split_last().expect("the parser makes no empty `and` or `or`");
            let next = self.unit.emitter.label();
            for &first in firsts {
                if inner.op == op {
                    self.deciding_operand(first, op, value.loc, exits)?;
                } else {
                    self.jump_if(first, next, inner.op == BoolOperator::Or, value.loc)?;
                }
            }
            self.deciding_operand(last, op, loc, exits)?;
            self.unit.emitter.bind(next);
            return Ok(());
        }
        if let Some(decides) = self.known_operand(value, op)? {
            if decides {
                exits.is_used = true;
                self.unit.emitter.jump(exits.decided, loc);
                self.unit.emitter.depth -= 1;
            }
            return Ok(());
        }
        let operand = self.expr(value)?;
        let kept = In { own: false, ..operand };
        let label = if operand.own {
            exits.is_used = true;
            exits.decided
        } else {
            let pad = self.unit.emitter.label();
            exits.pads.push((pad, operand, value.loc));
            pad
        };
        self.jump_on(kept, label, op == BoolOperator::Or, loc);
        if operand.own {
            self.unit.emitter.drop_top(loc);
        }
        Ok(())
    }

    /// An operand of `and` or `or` whose truth is known: if it decides the result, it is loaded into the next temporary.
    fn known_operand(&mut self, value: Expr<'a>, op: BoolOperator) -> Result<Option<bool>> {
        let Some(truth) = fold::literal_truth(value, self.fold_options()) else { return Ok(None) };
        self.note_leaf(&[value]);
        let decides = truth == (op == BoolOperator::Or);
        if decides {
            self.push(value)?;
        } else {
            self.nop(value.loc);
        }
        Ok(Some(decides))
    }
}

/// The instruction of a binary operator.
fn operator(op: Operator, dst: Out, lhs: In, rhs: In, inplace: bool) -> Instruction {
    match op {
        Operator::Add => instruction::Add { dst, lhs, rhs, inplace }.into(),
        Operator::Sub => instruction::Sub { dst, lhs, rhs, inplace }.into(),
        Operator::Mult => instruction::Mul { dst, lhs, rhs, inplace }.into(),
        Operator::MatMult => instruction::MatMul { dst, lhs, rhs, inplace }.into(),
        Operator::Div => instruction::TrueDiv { dst, lhs, rhs, inplace }.into(),
        Operator::Mod => instruction::Modulo { dst, lhs, rhs, inplace }.into(),
        Operator::Pow => instruction::Power { dst, lhs, rhs, inplace }.into(),
        Operator::LShift => instruction::Lshift { dst, lhs, rhs, inplace }.into(),
        Operator::RShift => instruction::Rshift { dst, lhs, rhs, inplace }.into(),
        Operator::BitOr => instruction::Or { dst, lhs, rhs, inplace }.into(),
        Operator::BitXor => instruction::Xor { dst, lhs, rhs, inplace }.into(),
        Operator::BitAnd => instruction::And { dst, lhs, rhs, inplace }.into(),
        Operator::FloorDiv => instruction::FloorDiv { dst, lhs, rhs, inplace }.into(),
    }
}

/// The instruction of a binary operator whose right operand is a small int, where there is one.
fn immediate_operator(op: Operator, dst: Out, lhs: In, rhs: Imm, inplace: bool) -> Option<Instruction> {
    Some(match op {
        Operator::Add => instruction::AddInt { dst, lhs, rhs, inplace }.into(),
        Operator::Sub => instruction::SubInt { dst, lhs, rhs, inplace }.into(),
        Operator::Mult => instruction::MulInt { dst, lhs, rhs, inplace }.into(),
        Operator::FloorDiv => instruction::FloorDivInt { dst, lhs, rhs, inplace }.into(),
        Operator::Mod => instruction::ModuloInt { dst, lhs, rhs, inplace }.into(),
        Operator::LShift => instruction::LshiftInt { dst, lhs, rhs, inplace }.into(),
        Operator::RShift => instruction::RshiftInt { dst, lhs, rhs, inplace }.into(),
        Operator::BitAnd => instruction::AndInt { dst, lhs, rhs, inplace }.into(),
        _ => return None,
    })
}
