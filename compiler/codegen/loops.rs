//! `while` and `for`.

use pyx_grammar::Loc;
use pyx_grammar::ast::{Expr, ExprKind, For, While};

use super::block::BlockKind;
use super::{Codegen, Result};
use crate::bytecode::opcode::instruction;
use crate::emit::{LabelId, NO_LOC, kept, local_out};

impl<'a> Codegen<'_, 'a> {
    pub(super) fn while_statement(&mut self, node: &'a While<'a>, loc: Loc) -> Result<()> {
        let start = self.unit.emitter.label_here();
        let (orelse, exit) = (self.unit.emitter.label(), self.unit.emitter.label());
        self.begin_block(BlockKind::While { start, exit }, loc)?;
        self.jump_if(node.test, orelse, false, NO_LOC)?;
        self.conditional_statements(node.body)?;
        self.unit.emitter.jump_back(start, NO_LOC);
        self.end_block();
        self.unit.emitter.bind(orelse);
        self.conditional_statements(node.orelse)?;
        self.unit.emitter.bind(exit);
        Ok(())
    }

    pub(super) fn for_statement(&mut self, node: &'a For<'a>, loc: Loc) -> Result<()> {
        let (orelse, exit) = (self.unit.emitter.label(), self.unit.emitter.label());
        self.get_iter(node.iter)?;
        let start = self.unit.emitter.label();
        let before = self.unit.emitter.depth;
        self.begin_block(BlockKind::For { start, exit }, loc)?;
        self.unit.emitter.bind(start);
        self.for_iter(node.target, node.iter.loc, orelse)?;
        self.conditional_statements(node.body)?;
        self.unit.emitter.jump_back(start, NO_LOC);
        self.end_block();
        self.unit.emitter.depth = before - 1;
        self.unit.emitter.bind(orelse);
        self.conditional_statements(node.orelse)?;
        self.unit.emitter.bind(exit);
        Ok(())
    }

    /// The iterator of an iterable into the next temporary.
    pub(super) fn get_iter(&mut self, iterable: Expr<'a>) -> Result<()> {
        let src = self.container(iterable)?;
        let dst = self.unit.emitter.after(&[src]);
        self.emit(instruction::GetIter { dst, src }, iterable.loc);
        Ok(())
    }

    /// The next item of the iterator in the topmost temporary into the target; at the end the iterator is dropped.
    pub(super) fn for_iter(&mut self, target: Expr<'a>, loc: Loc, end: LabelId) -> Result<()> {
        let iter = kept(self.unit.emitter.top().register);
        let (end, pad) = (end.operand(), Default::default());
        if let ExprKind::Tuple(tuple) = target.kind
            && self.same_line(target.loc, loc)
            && let Some((first, second)) = self.local_pair(tuple.elts, loc)
        {
            let (first, second) = (local_out(first), local_out(second));
            let at = self.unit.emitter.items.len() as u32;
            self.unit.emitter.second_locs.push((at, target.loc));
            self.emit(instruction::ForIterPair { first, second, iter, target: end, pad }, loc);
            return Ok(());
        }
        if let Some(local) = self.local_target(target)
            && self.same_line(target.loc, loc)
        {
            let dst = local_out(self.register_of(local));
            self.emit(instruction::ForIter { dst, iter, target: end, pad }, loc);
            return Ok(());
        }
        let dst = self.unit.emitter.next();
        self.emit(instruction::ForIter { dst, iter, target: end, pad }, loc);
        let item = self.unit.emitter.top();
        self.store_target(target, item)
    }
}
