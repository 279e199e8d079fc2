//! Chains of operators into trees.
//!
//! The grammar hands over operands and operators in a row; here they find their precedence. Everything is a loop over
//! the row: a sum of a hundred thousand terms, or as many minus signs, costs no stack.

use crate::actions::{Builder, Mark};
use crate::ast::*;

/// A piece of a row of arithmetic.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Piece<'a> {
    Operand(Spanned<'a>),
    /// A sign, and where it stands.
    Prefix(UnaryOperator, u32),
    Infix(Operator),
}

/// A piece of a row of comparisons and Boolean operations.
#[derive(Clone, Copy, Debug)]
pub(crate) enum LogicPiece<'a> {
    Operand(Spanned<'a>),
    Not(u32),
    Boolean(BoolOperator),
    Comparison(CmpOperator),
}

/// An operand and what it covers: more than its node says, if it stands in parentheses.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spanned<'a> {
    value: Expr<'a>,
    l: u32,
    r: u32,
}

impl<'a> Spanned<'a> {
    /// A node that covers itself.
    fn of(value: Expr<'a>) -> Self {
        Self { value, l: value.loc.start(), r: value.loc.end() }
    }
}

impl<'a> Piece<'a> {
    pub(crate) fn operand(value: Expr<'a>, l: u32, r: u32) -> Self {
        Self::Operand(Spanned { value, l, r })
    }
}

impl<'a> LogicPiece<'a> {
    pub(crate) fn operand(value: Expr<'a>, l: u32, r: u32) -> Self {
        Self::Operand(Spanned { value, l, r })
    }
}

/// Room for folding, kept between rows.
#[derive(Default)]
pub(crate) struct Fold<'a> {
    operands: Vec<Spanned<'a>>,
    pending: Vec<Pending>,
    nots: Vec<u32>,
    ops: Vec<CmpOperator>,
    comparators: Vec<Expr<'a>>,
    conjuncts: Vec<Spanned<'a>>,
    disjuncts: Vec<Spanned<'a>>,
}

/// An operator that waits for its right operand.
#[derive(Clone, Copy)]
enum Pending {
    Prefix(UnaryOperator, u32),
    Infix(Operator),
}

impl Pending {
    /// `**` binds tighter than a sign on its left.
    fn precedence(self) -> u8 {
        use Operator::*;
        match self {
            Self::Infix(BitOr) => 1,
            Self::Infix(BitXor) => 2,
            Self::Infix(BitAnd) => 3,
            Self::Infix(LShift | RShift) => 4,
            Self::Infix(Add | Sub) => 5,
            Self::Infix(Mult | MatMult | Div | Mod | FloorDiv) => 6,
            Self::Prefix(..) => 7,
            Self::Infix(Pow) => 8,
        }
    }

    /// Whether this takes its operand before an operator to the right of it takes the same as its own.
    fn goes_before(self, next: Self) -> bool {
        let is_power = matches!(next, Self::Infix(Operator::Pow));
        self.precedence() > next.precedence() || (self.precedence() == next.precedence() && !is_power)
    }
}

impl<'a> Builder<'a> {
    pub(crate) fn infix(&mut self, row: Mark<Piece<'a>>, op: Operator) -> Mark<Piece<'a>> {
        self.more(row, Piece::Infix(op))
    }

    pub(crate) fn boolean(&mut self, row: Mark<LogicPiece<'a>>, op: BoolOperator) -> Mark<LogicPiece<'a>> {
        self.more(row, LogicPiece::Boolean(op))
    }

    pub(crate) fn comparison(&mut self, row: Mark<LogicPiece<'a>>, op: CmpOperator) -> Mark<LogicPiece<'a>> {
        self.more(row, LogicPiece::Comparison(op))
    }

    /// The tree of a row of arithmetic.
    pub(crate) fn fold_arithmetic(&mut self, row: Mark<Piece<'a>>) -> Expr<'a> {
        let mut fold = std::mem::take(&mut self.fold);
        for &piece in &self.stacks.pieces[row.index()..] {
            match piece {
                Piece::Operand(operand) => fold.operands.push(operand),
                Piece::Prefix(op, l) => fold.pending.push(Pending::Prefix(op, l)),
                Piece::Infix(op) => {
                    let op = Pending::Infix(op);
                    while let Some(before) = fold.pending.pop_if(|before| before.goes_before(op)) {
                        self.apply(&mut fold.operands, before);
                    }
                    fold.pending.push(op);
                }
            }
        }
        while let Some(last) = fold.pending.pop() {
            self.apply(&mut fold.operands, last);
        }
        let result = pop(&mut fold.operands).value;
        self.fold = fold;
        self.stacks.pieces.truncate(row.index());
        result
    }

    fn apply(&self, operands: &mut Vec<Spanned<'a>>, op: Pending) {
        let right = pop(operands);
        let tree = match op {
            Pending::Prefix(op, l) => {
                self.expr(l, right.r, ExprKind::UnaryOp, UnaryOp { op, operand: right.value })
            }
            Pending::Infix(op) => {
                let left = pop(operands);
                self.expr(
                    left.l,
                    right.r,
                    ExprKind::BinOp,
                    BinOp { left: left.value, op, right: right.value },
                )
            }
        };
        operands.push(Spanned::of(tree));
    }

    /// The tree of a row of comparisons and Boolean operations: an `or` of `and`s of `not`s of comparisons.
    pub(crate) fn fold_logic(&mut self, row: Mark<LogicPiece<'a>>) -> Expr<'a> {
        let mut fold = std::mem::take(&mut self.fold);
        for &piece in &self.stacks.logic_pieces[row.index()..] {
            match piece {
                LogicPiece::Operand(operand) => fold.operands.push(operand),
                LogicPiece::Not(l) => fold.nots.push(l),
                LogicPiece::Comparison(op) => fold.ops.push(op),
                LogicPiece::Boolean(BoolOperator::And) => self.end_conjunct(&mut fold),
                LogicPiece::Boolean(BoolOperator::Or) => self.end_disjunct(&mut fold),
            }
        }
        self.end_disjunct(&mut fold);
        let result = self.bool_op(BoolOperator::Or, &mut fold.disjuncts).value;
        self.fold = fold;
        self.stacks.logic_pieces.truncate(row.index());
        result
    }

    fn end_disjunct(&self, fold: &mut Fold<'a>) {
        self.end_conjunct(fold);
        let conjunction = self.bool_op(BoolOperator::And, &mut fold.conjuncts);
        fold.disjuncts.push(conjunction);
    }

    fn end_conjunct(&self, fold: &mut Fold<'a>) {
        let mut operand = self.end_comparison(fold);
        while let Some(l) = fold.nots.pop() {
            let not = UnaryOp { op: UnaryOperator::Not, operand: operand.value };
            operand = Spanned::of(self.expr(l, operand.r, ExprKind::UnaryOp, not));
        }
        fold.conjuncts.push(operand);
    }

    fn end_comparison(&self, fold: &mut Fold<'a>) -> Spanned<'a> {
        let (first, last) = (fold.operands[0], pop(&mut fold.operands));
        if fold.ops.is_empty() {
            return first;
        }
        fold.operands.push(last);
        fold.comparators.extend(fold.operands.drain(..).skip(1).map(|operand| operand.value));
        let ops = self.arena.alloc_slice_copy(&fold.ops);
        let comparators = self.arena.alloc_slice_copy(&fold.comparators);
        fold.ops.clear();
        fold.comparators.clear();
        let compare = Compare { left: first.value, ops, comparators };
        Spanned::of(self.expr(first.l, last.r, ExprKind::Compare, compare))
    }

    fn bool_op(&self, op: BoolOperator, operands: &mut Vec<Spanned<'a>>) -> Spanned<'a> {
        let (first, last) = (operands[0], operands[operands.len() - 1]);
        let result = if operands.len() == 1 {
            first
        } else {
            let values = self.arena.alloc_slice_fill_iter(operands.iter().map(|operand| operand.value));
            Spanned::of(self.expr(first.l, last.r, ExprKind::BoolOp, BoolOp { op, values }))
        };
        operands.clear();
        result
    }
}

/// The grammar gives each operator its operands.
fn pop<'a>(operands: &mut Vec<Spanned<'a>>) -> Spanned<'a> {
    operands.pop().expect("an operator has its operands")
}
