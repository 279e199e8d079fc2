//! `try`: with `except`, with `except*`, with `finally`.
//!
//! A handler begins with one more temporary than its region kept, the exception that was handled before. While it runs, the
//! raised exception is the frame's handled one. Exceptions raised inside a handler pass a second handler, which puts the
//! one handled before back in its place before they go on ([`Codegen::cleanup_handler`]).

use pyx_grammar::Loc;
use pyx_grammar::ast::{ExceptHandler, Stmt, Try};

use super::block::BlockKind;
use super::{Codegen, Result};
use crate::bytecode::opcode::{IntrinsicKind, instruction};
use crate::bytecode::operand::{Count, In};
use crate::emit::{HandlerId, LabelId, NO_LOC, kept};

impl<'a> Codegen<'_, 'a> {
    pub(super) fn try_statement(&mut self, node: &'a Try<'a>, loc: Loc) -> Result<()> {
        match node.finalbody {
            [] => self.try_except(node, loc),
            _ => self.try_finally(node, loc, Self::try_except),
        }
    }

    pub(super) fn try_star(&mut self, node: &'a Try<'a>, loc: Loc) -> Result<()> {
        match node.finalbody {
            [] => self.try_star_except(node, loc),
            _ => self.try_finally(node, loc, Self::try_star_except),
        }
    }

    // ---- finally ----

    fn try_finally(
        &mut self,
        node: &'a Try<'a>,
        loc: Loc,
        with_handlers: impl FnOnce(&mut Self, &'a Try<'a>, Loc) -> Result<()>,
    ) -> Result<()> {
        self.emit(instruction::Nop {}, loc);
        self.begin_block(BlockKind::Finally { body: node.finalbody }, loc)?;
        match node.handlers {
            [] => self.conditional_statements(node.body)?,
            _ => with_handlers(self, node, loc)?,
        }
        let handler = self.end_region();
        self.unit.final_bodies.push(self.unit.blocks.len());
        self.conditional_statements(node.finalbody)?;
        self.unit.final_bodies.pop();
        let end = self.unit.emitter.label();
        self.unit.emitter.jump(end, NO_LOC);
        self.finally_on_exception(node.finalbody, handler)?;
        self.unit.emitter.bind(end);
        Ok(())
    }

    /// The handler: the `finally` body once more, then the exception goes on.
    fn finally_on_exception(&mut self, body: &'a [Stmt<'a>], handler: HandlerId) -> Result<()> {
        self.unit.emitter.bind_handler(handler);
        self.begin_block(BlockKind::FinallyEnd, NO_LOC)?;
        self.silent += 1;
        self.conditional_statements(body)?;
        self.silent -= 1;
        let cleanup = self.end_region();
        self.reraise_before_cleanup(cleanup);
        self.unit.emitter.depth -= 1;
        Ok(())
    }

    // ---- except ----

    fn try_except(&mut self, node: &'a Try<'a>, loc: Loc) -> Result<()> {
        self.emit(instruction::Nop {}, loc);
        self.begin_block(BlockKind::Try, loc)?;
        self.conditional_statements(node.body)?;
        let handler = self.end_region();
        self.conditional_statements(node.orelse)?;
        let end = self.unit.emitter.label();
        self.unit.emitter.jump(end, NO_LOC);
        self.unit.emitter.bind_handler(handler);
        self.begin_block(BlockKind::Handlers, NO_LOC)?;
        for (at, handler) in node.handlers.iter().enumerate() {
            if handler.type_.is_none() && at + 1 < node.handlers.len() {
                return self.error(handler.loc, "default 'except:' must be last");
            }
            self.except_handler(handler, end)?;
        }
        let cleanup = self.end_region();
        self.reraise_before_cleanup(cleanup);
        self.unit.emitter.depth -= 1;
        self.unit.emitter.bind(end);
        Ok(())
    }

    /// One handler; behind it, the exception did not match.
    fn except_handler(&mut self, handler: &'a ExceptHandler<'a>, end: LabelId) -> Result<()> {
        let loc = handler.loc;
        let next = self.unit.emitter.label();
        let (inside, depth) = (self.unit.emitter.handler, self.unit.emitter.depth);
        if let Some(class) = handler.type_ {
            let type_ = self.expr(class)?;
            self.emit(instruction::JumpIfNoMatch { type_, target: next.operand() }, loc);
        }
        if let Some(name) = handler.name {
            let exception = self.load_exception(loc);
            self.store(name, exception, loc);
        } else {
            self.emit(instruction::Nop {}, loc);
        }
        self.begin_handler_body(handler.name, loc)?;
        self.conditional_statements(handler.body)?;
        let cleanup = self.end_block();
        self.pop_except(NO_LOC);
        if let Some(name) = handler.name {
            self.unbind_handler_name(name, NO_LOC)?;
        }
        self.unit.emitter.jump(end, NO_LOC);
        if let (Some(name), Some(cleanup)) = (handler.name, cleanup) {
            let outside = std::mem::replace(&mut self.unit.emitter.handler, inside);
            self.unit.emitter.bind_handler(cleanup);
            self.unbind_handler_name(name, NO_LOC)?;
            self.unit.emitter.handler = outside;
            self.unit.emitter.drop_top(NO_LOC);
            self.pass_on_before_cleanup(NO_LOC);
        }
        self.unit.emitter.handler = inside;
        self.unit.emitter.depth = depth;
        self.unit.emitter.bind(next);
        Ok(())
    }

    /// The handled exception into the next temporary.
    fn load_exception(&mut self, loc: Loc) -> In {
        let dst = self.unit.emitter.next();
        self.emit(instruction::LoadExc { dst }, loc);
        self.unit.emitter.top()
    }

    // ---- except* ----

    /// While the handlers run there are four temporaries: the exception handled before, the original exception, the list of
    /// what is to be raised at the end, and the part that no handler has taken yet.
    fn try_star_except(&mut self, node: &'a Try<'a>, loc: Loc) -> Result<()> {
        self.emit(instruction::Nop {}, loc);
        self.begin_block(BlockKind::Try, loc)?;
        self.conditional_statements(node.body)?;
        let handler = self.end_region();
        self.conditional_statements(node.orelse)?;
        let end = self.unit.emitter.label();
        self.unit.emitter.jump(end, NO_LOC);
        self.unit.emitter.bind_handler(handler);
        self.begin_block(BlockKind::GroupHandlers, NO_LOC)?;
        let first = node.handlers.first().map_or(loc, |handler| handler.loc);
        self.begin_group(first);
        for handler in node.handlers {
            self.group_handler(handler)?;
        }
        self.append_to_raised(NO_LOC);
        self.intrinsic(IntrinsicKind::PrepReraiseStar, 2, NO_LOC);
        let done = self.unit.emitter.label();
        let result = self.unit.emitter.top();
        self.emit(instruction::JumpIfNone { src: result, target: done.operand() }, NO_LOC);
        let cleanup = self.end_region();
        self.reraise(NO_LOC);
        self.unit.emitter.bind(done);
        self.pop_except(NO_LOC);
        self.unit.emitter.jump(end, NO_LOC);
        self.cleanup_handler(cleanup);
        self.unit.emitter.depth -= 1;
        self.unit.emitter.bind(end);
        Ok(())
    }

    fn begin_group(&mut self, loc: Loc) {
        let original = self.load_exception(loc);
        let list = self.unit.emitter.next();
        let base = self.unit.emitter.last(0);
        self.emit(instruction::BuildList { dst: list, base, n: Count(0) }, loc);
        self.copy(In { own: false, ..original }, loc);
    }

    /// Appends the topmost temporary to the list below it.
    fn append_to_raised(&mut self, loc: Loc) {
        let list = kept(self.unit.emitter.peek(1).register);
        let item = self.unit.emitter.top();
        self.emit(instruction::ListAppend { list, item }, loc);
    }

    fn group_handler(&mut self, handler: &'a ExceptHandler<'a>) -> Result<()> {
        let loc = handler.loc;
        let (next, no_match) = (self.unit.emitter.label(), self.unit.emitter.label());
        let Some(class) = handler.type_ else {
            return self.error(loc, "expected one or more exception types");
        };
        self.push(class)?;
        let base = self.unit.emitter.last(2);
        self.emit(instruction::MatchGroup { base }, loc);
        let matched = self.unit.emitter.top();
        let kept_match = In { own: false, ..matched };
        self.emit(instruction::JumpIfNone { src: kept_match, target: no_match.operand() }, loc);
        match handler.name {
            Some(name) => self.store(name, matched, loc),
            None => self.unit.emitter.drop_top(loc),
        }
        self.begin_block(BlockKind::GroupBody, loc)?;
        self.conditional_statements(handler.body)?;
        let cleanup = self.end_region();
        if let Some(name) = handler.name {
            self.unbind_handler_name(name, NO_LOC)?;
        }
        self.unit.emitter.jump(next, NO_LOC);
        let depth = self.unit.emitter.depth;
        self.group_cleanup(cleanup, handler, next)?;
        self.unit.emitter.depth = depth + 1;
        self.unit.emitter.bind(no_match);
        self.unit.emitter.drop_top(loc);
        self.unit.emitter.bind(next);
        Ok(())
    }

    /// An exception raised in the body of a handler joins those to be raised at the end.
    fn group_cleanup(
        &mut self,
        cleanup: HandlerId,
        handler: &'a ExceptHandler<'a>,
        next: LabelId,
    ) -> Result<()> {
        self.unit.emitter.bind_handler(cleanup);
        if let Some(name) = handler.name {
            self.unbind_handler_name(name, NO_LOC)?;
        }
        let item = self.load_exception(NO_LOC);
        let list = kept(self.unit.emitter.peek(3).register);
        self.emit(instruction::ListAppend { list, item }, NO_LOC);
        self.pop_except(NO_LOC);
        self.unit.emitter.jump(next, NO_LOC);
        Ok(())
    }
}
