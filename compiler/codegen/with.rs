//! `with` and `async with`.
//!
//! Two temporaries hold the exit method and its self while the body runs. Behind the body, and where control leaves it
//! early, they are called with three Nones; in the handler, with the exception.

use pyx_grammar::Loc;
use pyx_grammar::ast::{Stmt, With, WithItem};

use super::block::BlockKind;
use super::{Codegen, Result};
use crate::bytecode::opcode::{AwaitedBy, ManagerKind, instruction};
use crate::bytecode::operand::{Base, Count, Kind};
use crate::emit::{Emitter, NO_LOC, kept};

impl<'a> Codegen<'_, 'a> {
    pub(super) fn with_statement(&mut self, node: &'a With<'a>, _loc: Loc) -> Result<()> {
        self.with_items(node.items, node.body, false)
    }

    pub(super) fn async_with(&mut self, node: &'a With<'a>, loc: Loc) -> Result<()> {
        if !self.may_await() {
            return self.error(loc, "'async with' outside async function");
        }
        self.with_items(node.items, node.body, true)
    }

    /// The first manager around the rest of them and the body.
    fn with_items(&mut self, items: &'a [WithItem<'a>], body: &'a [Stmt<'a>], is_async: bool) -> Result<()> {
        self.options.stack.check()?;
        let Some((item, rest)) = items.split_first() else { return self.conditional_statements(body) };
        let loc = item.context_expr.loc;
        self.enter_manager(item, is_async)?;
        self.begin_block(if is_async { BlockKind::AsyncWith { loc } } else { BlockKind::With { loc } }, loc)?;
        self.unit.emitter.region_keeps_less(1);
        match item.optional_vars {
            Some(target) => {
                let entered = self.unit.emitter.top();
                self.store_target(target, entered)?;
            }
            None => self.unit.emitter.drop_top(loc),
        }
        self.with_items(rest, body, is_async)?;
        let handler = self.end_region();
        let end = self.unit.emitter.label();
        self.call_exit_with_nones(is_async, loc);
        self.unit.emitter.jump(end, loc);
        self.exit_on_exception(handler, is_async, loc)?;
        self.unit.emitter.bind(end);
        Ok(())
    }

    /// The exit method, its self, and what the enter method gives, into the next three temporaries.
    fn enter_manager(&mut self, item: &WithItem<'a>, is_async: bool) -> Result<()> {
        let loc = item.context_expr.loc;
        self.push(item.context_expr)?;
        let base = self.unit.emitter.last(1);
        let kind = if is_async { ManagerKind::AsyncWith } else { ManagerKind::With };
        self.emit(instruction::LoadManager { base, kind: Kind(kind as u16) }, loc);
        let base = self.unit.emitter.last(2);
        self.emit(instruction::CallMethod { dst: Emitter::out_at(base), base, n: Count(0) }, loc);
        if is_async {
            self.await_top(AwaitedBy::Enter, loc);
        }
        Ok(())
    }

    /// Calls the exit method, which lies in the two topmost temporaries, with three Nones.
    pub(super) fn call_exit_with_nones(&mut self, is_async: bool, loc: Loc) {
        for _ in 0..3 {
            self.push_none(loc);
        }
        let base = self.unit.emitter.last(5);
        self.emit(instruction::CallMethod { dst: Emitter::out_at(base), base, n: Count(3) }, loc);
        if is_async {
            self.await_top(AwaitedBy::Exit, loc);
        }
        self.unit.emitter.drop_top(loc);
    }

    /// The handler: the exit method decides whether the exception goes on.
    fn exit_on_exception(&mut self, handler: crate::emit::HandlerId, is_async: bool, loc: Loc) -> Result<()> {
        let suppressed = self.unit.emitter.label();
        self.unit.emitter.bind_handler(handler);
        let (cleanup, outer) = self.unit.emitter.begin_region();
        let exit = kept(self.unit.emitter.peek(2).register);
        let base = Base { register: self.unit.emitter.next().register, own: false };
        self.emit(instruction::PushExitArgs { base, exit }, loc);
        self.emit(instruction::CallMethod { dst: Emitter::out_at(base), base, n: Count(3) }, loc);
        if is_async {
            self.await_top(AwaitedBy::Exit, loc);
        }
        let result = self.unit.emitter.top();
        self.jump_on(result, suppressed, true, loc);
        self.unit.emitter.end_region(outer);
        self.pass_on_before_cleanup(loc);
        self.cleanup_handler(cleanup);
        self.unit.emitter.bind(suppressed);
        self.pop_except(NO_LOC);
        self.unit.emitter.drop_top(NO_LOC);
        self.unit.emitter.drop_top(NO_LOC);
        Ok(())
    }
}
