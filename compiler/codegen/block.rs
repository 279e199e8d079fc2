//! Statements that must be left with care: loops, `try`, `with` and handlers, and how control leaves them early.
//!
//! `return`, `break` and `continue` unwind the blocks between them and their target, innermost first: iterators are
//! dropped, `__exit__` is called, `finally` bodies are compiled in place, handled exceptions are put back. Code that
//! unwinds a block runs outside of it: its exceptions go where those of the statement around the block go.

use pyx_grammar::Loc;
use pyx_grammar::ast::{Identifier, Stmt};

use super::{Codegen, Result};
use crate::bytecode::opcode::{instruction, reraise_place};
use crate::bytecode::operand::{In, Kind, Register};
use crate::emit::{HandlerId, LabelId, NO_LOC, kept};

/// A statement, or part of one, that is left with care.
#[derive(Clone, Copy)]
pub(super) struct Block<'a> {
    pub(super) kind: BlockKind<'a>,
    /// Its exception region, if it is one.
    handler: Option<HandlerId>,
    /// Where exceptions go outside of it.
    outer: Option<HandlerId>,
}

/// What kind of statement, and what of it lies in temporaries.
#[derive(Clone, Copy)]
pub(super) enum BlockKind<'a> {
    /// `while`: nothing.
    While { start: LabelId, exit: LabelId },
    /// `for` and `async for`: the iterator.
    For { start: LabelId, exit: LabelId },
    /// The body of `try … except`: nothing.
    Try,
    /// The body of `try … finally`, its handlers included: nothing.
    Finally { body: &'a [Stmt<'a>] },
    /// The body of `finally` while an exception is on its way: the saved exception.
    FinallyEnd,
    /// `with`: the exit method and its self.
    With { loc: Loc },
    /// `async with`: the same.
    AsyncWith { loc: Loc },
    /// What surrounds the handlers of a `try`: nothing but what the handlers' bodies have.
    Handlers,
    /// What surrounds the handlers of `try … except*`, which must not be left.
    GroupHandlers,
    /// The body of a handler of `try … except*`.
    GroupBody,
    /// The body of a handler: the saved exception. It may have a name, which is unbound at its end.
    HandlerBody { name: Option<Identifier<'a>> },
    /// A returned value waits while a `finally` body runs: the value.
    Value,
    /// The whole body of a generator or coroutine: nothing.
    StopIteration,
}

impl BlockKind<'_> {
    /// Whether the block is an exception region.
    fn is_region(&self) -> bool {
        match self {
            Self::While { .. } | Self::For { .. } | Self::Value => false,
            Self::HandlerBody { name } => name.is_some(),
            _ => true,
        }
    }
}

const LEAVES_GROUP_HANDLERS: &str = "'break', 'continue' and 'return' cannot appear in an except* block";

/// CPython's limit of statically nested blocks.
const MAX_BLOCKS: usize = 21;

impl<'a> Codegen<'_, 'a> {
    /// Enters a block; if it is an exception region, it begins here.
    pub(super) fn begin_block(&mut self, kind: BlockKind<'a>, loc: Loc) -> Result<()> {
        if self.unit.blocks.len() >= MAX_BLOCKS {
            return self.error(loc, "too many statically nested blocks");
        }
        let outer = self.unit.emitter.handler;
        let handler = kind.is_region().then(|| self.unit.emitter.begin_region().0);
        self.unit.blocks.push(Block { kind, handler, outer });
        Ok(())
    }

    /// Enters the body of a handler, which counts as outside of what surrounds the handlers: both are left at once.
    pub(super) fn begin_handler_body(&mut self, name: Option<Identifier<'a>>, loc: Loc) -> Result<()> {
        let outside = self.unit.blocks.last().and_then(|handlers| handlers.outer);
        self.begin_block(BlockKind::HandlerBody { name }, loc)?;
        if let Some(body) = self.unit.blocks.last_mut() {
            body.outer = outside;
        }
        Ok(())
    }

    /// Leaves the innermost block at its end. What comes back is the handler of its region, which is still to be bound.
    pub(super) fn end_block(&mut self) -> Option<HandlerId> {
        let block = self.unit.blocks.pop().expect("every block that ends has begun");
        self.unit.emitter.handler = block.outer;
        block.handler
    }

    /// [`Self::end_block`] for a block that is an exception region.
    pub(super) fn end_region(&mut self) -> HandlerId {
        self.end_block().expect("the block is an exception region")
    }

    /// The innermost loop: how many blocks are around it, its start and its exit.
    pub(super) fn innermost_loop(&self) -> Option<(usize, LabelId, LabelId)> {
        self.unit.blocks.iter().enumerate().rev().find_map(|(at, block)| match block.kind {
            BlockKind::While { start, exit } | BlockKind::For { start, exit } => Some((at, start, exit)),
            _ => None,
        })
    }

    /// Whether a `return` of a local passes a `finally` body, which could rebind it, or unbinds it itself.
    pub(super) fn may_change_on_the_way_out(&mut self, local: Register) -> bool {
        let mut names = Vec::new();
        for block in &self.unit.blocks {
            match block.kind {
                BlockKind::Finally { .. } => return true,
                BlockKind::HandlerBody { name } => names.extend(name),
                _ => {}
            }
        }
        names.into_iter().any(|name| self.local_register(name) == Some(local))
    }

    /// Emits the code that leaves all blocks but the `keep` outermost ones, carrying a value that is being returned, and
    /// then `finish`. Behind it the blocks are as before: it ends in a jump or return.
    pub(super) fn unwind(
        &mut self,
        keep: usize,
        mut value: Option<In>,
        mut loc: Loc,
        finish: impl FnOnce(&mut Self, Option<In>, Loc),
    ) -> Result<()> {
        let handler = self.unit.emitter.handler;
        let depth = self.unit.emitter.depth - u32::from(value.is_some_and(|value| value.own));
        let mut left = Vec::new();
        while self.unit.blocks.len() > keep {
            let block = self.unit.blocks.pop().expect("there are more than `keep`");
            self.unit.emitter.handler = block.outer;
            self.leave_block(&block, &mut value, &mut loc)?;
            left.push(block);
        }
        finish(self, value, loc);
        self.unit.blocks.extend(left.into_iter().rev());
        self.unit.emitter.handler = handler;
        self.unit.emitter.depth = depth;
        Ok(())
    }

    /// SyntaxError if the current statement, which leaves blocks, is in the handlers of a `try … except*`.
    pub(super) fn check_group_handlers(&mut self, loc: Loc) -> Result<()> {
        if !self.unit.blocks.iter().any(|block| matches!(block.kind, BlockKind::GroupHandlers)) {
            return Ok(());
        }
        self.error(loc, LEAVES_GROUP_HANDLERS)
    }

    /// Emits the code that leaves one block. `loc` becomes nowhere behind code that stands elsewhere in the source.
    fn leave_block(&mut self, block: &Block<'a>, value: &mut Option<In>, loc: &mut Loc) -> Result<()> {
        match block.kind {
            BlockKind::While { .. }
            | BlockKind::Try
            | BlockKind::Handlers
            | BlockKind::GroupBody
            | BlockKind::StopIteration => {}
            BlockKind::GroupHandlers => return self.error(*loc, LEAVES_GROUP_HANDLERS),
            BlockKind::For { .. } | BlockKind::Value => {
                self.sink(value, *loc);
                self.unit.emitter.drop_top(*loc);
            }
            BlockKind::Finally { body } => {
                let waits = value.is_some_and(|value| value.own);
                if waits {
                    self.begin_block(BlockKind::Value, NO_LOC)?;
                }
                // A copy of the body, about which everything has been said.
                self.in_copy += 1;
                self.statements(body)?;
                self.in_copy -= 1;
                if waits {
                    self.end_block();
                }
                *loc = NO_LOC;
            }
            BlockKind::FinallyEnd => {
                self.sink(value, *loc);
                self.pop_except(*loc);
            }
            BlockKind::With { loc: with } | BlockKind::AsyncWith { loc: with } => {
                *loc = with;
                self.sink_twice(value, with);
                self.call_exit_with_nones(matches!(block.kind, BlockKind::AsyncWith { .. }), with);
                *loc = NO_LOC;
            }
            BlockKind::HandlerBody { name } => {
                self.sink(value, *loc);
                self.pop_except(*loc);
                if let Some(name) = name {
                    self.unbind_handler_name(name, *loc)?;
                }
            }
        }
        Ok(())
    }

    /// Puts back the exception that was handled before; it is the topmost temporary.
    pub(super) fn pop_except(&mut self, loc: Loc) {
        let saved = self.unit.emitter.top();
        self.emit(instruction::PopExcept { saved }, loc);
    }

    /// Raises the handled exception again, the one handled before being the topmost temporary. What follows is reached
    /// otherwise, with that temporary still there.
    pub(super) fn reraise(&mut self, loc: Loc) {
        self.reraise_from(0, loc);
    }

    /// The same at the end of a handler that has one of its own, given here.
    pub(super) fn reraise_before_cleanup(&mut self, cleanup: HandlerId) {
        self.reraise_from(reraise_place::PASSES_CLEANUP, NO_LOC);
        self.cleanup_handler(cleanup);
    }

    /// The same, but the exception goes on from where it was raised: the handler only puts things in order.
    pub(super) fn pass_on(&mut self, loc: Loc) {
        self.reraise_from(reraise_place::THERE, loc);
    }

    /// The same within a handler that has one of its own.
    pub(super) fn pass_on_before_cleanup(&mut self, loc: Loc) {
        self.reraise_from(reraise_place::THERE | reraise_place::PASSES_CLEANUP, loc);
    }

    fn reraise_from(&mut self, place: u16, loc: Loc) {
        let saved = self.unit.emitter.top();
        self.emit(instruction::Reraise { saved, place: Kind(place) }, loc);
        self.unit.emitter.depth += 1;
    }

    /// The handler of a region that is a handler itself: an exception raised there replaces the one that was handled. What
    /// follows is reached otherwise, with the temporaries that the region kept.
    pub(super) fn cleanup_handler(&mut self, handler: HandlerId) {
        self.unit.emitter.bind_handler(handler);
        self.unit.emitter.drop_top(NO_LOC);
        self.pass_on(NO_LOC);
    }

    /// Lets a returned value sink below the topmost temporary under it, which thereby comes to the top.
    fn sink(&mut self, value: &mut Option<In>, loc: Loc) {
        if let Some(value) = value
            && value.own
        {
            self.unit.emitter.swap_top(loc);
            *value = self.unit.emitter.peek(1);
        }
    }

    /// Lets a returned value sink below the two temporaries under it, which stay in order.
    fn sink_twice(&mut self, value: &mut Option<In>, loc: Loc) {
        if let Some(value) = value
            && value.own
        {
            let [c, b, a] = [0, 1, 2].map(|below| kept(self.unit.emitter.peek(below).register));
            self.emit(instruction::Swap { a, b: c }, loc);
            self.emit(instruction::Swap { a: b, b: c }, loc);
            *value = self.unit.emitter.peek(2);
        }
    }
}
