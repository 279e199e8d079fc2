//! `await`, `yield`, `yield from`, `async for`.

use pyx_grammar::Loc;
use pyx_grammar::ast::{Await, Call, Expr, ExprKind, For, Yield, YieldFrom};

use super::block::BlockKind;
use super::call::has_plain_arguments;
use super::{Codegen, Result};
use crate::bytecode::code::{Constant, flags};
use crate::bytecode::opcode::{AwaitedBy, instruction};
use crate::bytecode::operand::{Count, In, Kind};
use crate::emit::{Emitter, HandlerId, NO_LOC, kept};
use crate::symtable::ScopeKind;

impl<'a> Codegen<'_, 'a> {
    // ---- where it is allowed ----

    /// Whether `async for`, `async with` may stand here: in an async function, or at the top if the caller allows it.
    pub(super) fn may_await(&self) -> bool {
        self.is_top_level_await() || self.is_async_function()
    }

    /// Whether an async comprehension may stand here: also in another comprehension's own frame.
    pub(super) fn may_await_in_comprehension(&self) -> bool {
        self.may_await() || self.unit.kind.is_comprehension()
    }

    fn is_async_function(&self) -> bool {
        let flags = self.unit.flags & (flags::COROUTINE | flags::ASYNC_GENERATOR);
        self.unit.kind == ScopeKind::Function && flags != 0
    }

    fn is_top_level_await(&self) -> bool {
        self.unit.kind == ScopeKind::Module && self.options.flags & crate::ALLOW_TOP_LEVEL_AWAIT != 0
    }

    fn check_await(&self, loc: Loc) -> Result<()> {
        if self.may_await_in_comprehension() {
            return Ok(());
        }
        match self.unit.kind.is_function_like() {
            true => self.error(loc, "'await' outside async function"),
            false => self.error(loc, "'await' outside function"),
        }
    }

    // ---- await ----

    /// `await value`. A direct call with plain arguments is fused: it needs no coroutine object.
    pub(super) fn await_expression(&mut self, node: &'a Await<'a>, loc: Loc) -> Result<In> {
        self.check_await(loc)?;
        if let ExprKind::Call(call) = node.value.kind
            && has_plain_arguments(call)
            && call.keywords.is_empty()
        {
            self.awaited_call(call, node.value.loc)?;
            self.finish_await(loc);
            return Ok(self.unit.emitter.top());
        }
        let src = self.expr(node.value)?;
        self.await_operand(src, AwaitedBy::Await, loc);
        Ok(self.unit.emitter.top())
    }

    /// The call of `await f(…)`.
    fn awaited_call(&mut self, call: &'a Call<'a>, loc: Loc) -> Result<()> {
        self.options.stack.check()?;
        let n = call.args.len() as u32;
        let Some(method) = self.method_of(call) else {
            self.check_caller(call.func);
            self.push(call.func)?;
            self.arguments(call)?;
            let base = self.unit.emitter.last(n + 1);
            let op = instruction::AwaitCall { dst: Emitter::out_at(base), base, n: Count(n as u16) };
            self.emit(op, loc);
            return Ok(());
        };
        if self.super_call(method).is_some() {
            self.load_super_attribute(method, 2, call.func.loc)?;
        } else {
            let object = self.expr(method.value)?;
            self.load_method(method, object, call.func.loc);
        }
        self.arguments(call)?;
        let loc = self.method_call_loc(loc, call, method);
        let base = self.unit.emitter.last(n + 2);
        let op = instruction::AwaitCallMethod { dst: Emitter::out_at(base), base, n: Count(n as u16) };
        self.emit(op, loc);
        Ok(())
    }

    /// Awaits the topmost temporary.
    pub(super) fn await_top(&mut self, by: AwaitedBy, loc: Loc) {
        let src = self.unit.emitter.top();
        self.await_operand(src, by, loc);
    }

    fn await_operand(&mut self, src: In, by: AwaitedBy, loc: Loc) {
        let dst = self.unit.emitter.after(&[src]);
        self.emit(instruction::GetAwaitable { dst, src, how: Kind(by as u16) }, loc);
        self.finish_await(loc);
    }

    /// Delegates to the iterator in the topmost temporary, where its result will be.
    fn finish_await(&mut self, loc: Loc) {
        self.note_constant(Constant::None);
        let iter = self.unit.emitter.top();
        let dst = self.unit.emitter.after(&[iter]);
        self.emit(instruction::Await { dst, iter }, loc);
    }

    // ---- yield ----

    pub(super) fn yield_expression(&mut self, node: &'a Yield<'a>, loc: Loc) -> Result<In> {
        if !self.unit.kind.is_function_like() {
            return self.error(loc, "'yield' outside function");
        }
        let src = match node.value {
            Some(value) => self.expr(value)?,
            None => {
                self.push_none(loc);
                self.unit.emitter.top()
            }
        };
        self.emit_yield(src, loc);
        Ok(self.unit.emitter.top())
    }

    /// Suspends with a value; what is sent is the topmost temporary.
    pub(super) fn emit_yield(&mut self, src: In, loc: Loc) {
        let dst = self.unit.emitter.after(&[src]);
        if self.unit.flags & flags::ASYNC_GENERATOR != 0 {
            self.emit(instruction::YieldItem { dst, src }, loc);
        } else {
            self.emit(instruction::YieldValue { dst, src }, loc);
        }
    }

    pub(super) fn yield_from(&mut self, node: &'a YieldFrom<'a>, loc: Loc) -> Result<In> {
        if !self.unit.kind.is_function_like() {
            return self.error(loc, "'yield from' outside function");
        }
        if self.is_async_function() {
            return self.error(loc, "'yield from' inside async function");
        }
        let src = self.expr(node.value)?;
        let dst = self.unit.emitter.after(&[src]);
        self.emit(instruction::GetYieldFrom { dst, src }, loc);
        self.finish_await(loc);
        Ok(self.unit.emitter.top())
    }

    // ---- async for ----

    pub(super) fn async_for(&mut self, node: &'a For<'a>, loc: Loc) -> Result<()> {
        if !self.may_await() {
            return self.error(loc, "'async for' outside async function");
        }
        let (start, exit) = (self.unit.emitter.label(), self.unit.emitter.label());
        self.get_aiter(node.iter)?;
        self.begin_block(BlockKind::For { start, exit }, loc)?;
        self.unit.emitter.bind(start);
        let handler = self.async_next(node.target, node.iter.loc, loc)?;
        self.conditional_statements(node.body)?;
        self.unit.emitter.jump_back(start, NO_LOC);
        self.end_block();
        self.end_async_for(handler, node.iter.loc);
        self.conditional_statements(node.orelse)?;
        self.unit.emitter.bind(exit);
        Ok(())
    }

    /// The async iterator of an iterable into the next temporary.
    pub(super) fn get_aiter(&mut self, iterable: Expr<'a>) -> Result<()> {
        let src = self.container(iterable)?;
        let dst = self.unit.emitter.after(&[src]);
        self.emit(instruction::GetAiter { dst, src }, iterable.loc);
        Ok(())
    }

    /// Awaits the next item of the async iterator in the topmost temporary and binds the target. The handler that comes
    /// back ends the loop: [`Self::end_async_for`].
    pub(super) fn async_next(&mut self, target: Expr<'a>, _iter: Loc, loc: Loc) -> Result<HandlerId> {
        let (handler, outer) = self.unit.emitter.begin_region();
        let aiter = kept(self.unit.emitter.top().register);
        let dst = self.unit.emitter.next();
        self.emit(instruction::GetAnext { dst, aiter }, loc);
        self.finish_await(loc);
        self.unit.emitter.end_region(outer);
        let item = self.unit.emitter.top();
        self.store_target(target, item)?;
        Ok(handler)
    }

    /// The handler of an `async for`: StopAsyncIteration ends the loop, and the iterator is dropped.
    pub(super) fn end_async_for(&mut self, handler: HandlerId, loc: Loc) {
        self.unit.emitter.bind_handler(handler);
        let (aiter, saved) = (self.unit.emitter.peek(1), self.unit.emitter.peek(0));
        self.emit(instruction::EndAsyncFor { aiter, saved }, loc);
    }
}
