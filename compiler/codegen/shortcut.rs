//! `all(…)`, `any(…)` and `tuple(…)` of a generator expression, as a loop over the generator.
//!
//! The name is looked up first: only if it still means the builtin the loop runs, else the call.

use pyx_grammar::Loc;
use pyx_grammar::ast::{Call, Expr, ExprKind};

use super::{Codegen, Result};
use crate::bytecode::code::Constant;
use crate::bytecode::opcode::{CommonConstant, instruction};
use crate::bytecode::operand::{Base, Count, In, Kind};
use crate::emit::{Emitter, kept};
use crate::symtable::Role;

/// Which builtin is called.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shortcut {
    All,
    Any,
    Tuple,
}

impl<'a> Codegen<'_, 'a> {
    /// The shortcut that a call may take.
    pub(super) fn shortcut_of(&self, call: &Call<'a>) -> Option<Shortcut> {
        let (ExprKind::Name(name), [arg], []) = (call.func.kind, call.args, call.keywords) else {
            return None;
        };
        let ExprKind::GeneratorExp(generator) = arg.kind else { return None };
        let shortcut = match name.id.as_bytes() {
            b"all" => Shortcut::All,
            b"any" => Shortcut::Any,
            b"tuple" => Shortcut::Tuple,
            _ => return None,
        };
        let scope = self.table.of(generator, Role::Body);
        (!self.table.scope(scope).is_coroutine).then_some(shortcut)
    }

    /// The call, with its shortcut.
    pub(super) fn call_with_shortcut(
        &mut self,
        shortcut: Shortcut,
        call: &'a Call<'a>,
        loc: Loc,
    ) -> Result<In> {
        let at = call.func.loc;
        let (generator, end) = (call.args[0], self.unit.emitter.label());
        self.push(call.func)?;
        let fallback = self.unit.emitter.label();
        self.jump_unless_builtin(shortcut, fallback, at);
        self.unit.emitter.drop_top(at);
        match shortcut {
            Shortcut::Tuple => self.tuple_loop(generator, at)?,
            Shortcut::All => self.search_loop(generator, false, at)?,
            Shortcut::Any => self.search_loop(generator, true, at)?,
        }
        self.unit.emitter.jump(end, at);
        self.unit.emitter.bind(fallback);
        self.push(generator)?;
        self.call_top(1, loc);
        self.unit.emitter.bind(end);
        Ok(self.unit.emitter.top())
    }

    /// Goes to the fallback if the function in the topmost temporary is not the builtin.
    fn jump_unless_builtin(&mut self, shortcut: Shortcut, fallback: crate::emit::LabelId, loc: Loc) {
        let which = match shortcut {
            Shortcut::All => CommonConstant::All,
            Shortcut::Any => CommonConstant::Any,
            Shortcut::Tuple => CommonConstant::Tuple,
        };
        let lhs = In { own: false, ..self.unit.emitter.top() };
        let dst = self.unit.emitter.next();
        self.emit(instruction::LoadCommon { dst, which: Kind(which as u16) }, loc);
        let rhs = self.unit.emitter.top();
        let (target, pad) = (fallback.operand(), Default::default());
        self.emit(instruction::JumpIfIs { lhs, rhs, target, pad, negate: true }, loc);
    }

    /// A tuple of what the generator yields.
    fn tuple_loop(&mut self, generator: Expr<'a>, loc: Loc) -> Result<()> {
        let base: Base = self.unit.emitter.last(0);
        self.emit(instruction::BuildList { dst: Emitter::out_at(base), base, n: Count(0) }, loc);
        let list = kept(base.register);
        self.push(generator)?;
        let done = self.unit.emitter.label();
        let start = self.unit.emitter.label_here();
        let item = self.next_of_generator(done, loc);
        self.emit(instruction::ListAppend { list, item }, loc);
        self.unit.emitter.jump_back(start, loc);
        self.unit.emitter.depth -= 1;
        self.unit.emitter.bind(done);
        let src = self.unit.emitter.top();
        let dst = self.unit.emitter.after(&[src]);
        self.emit(instruction::ListToTuple { dst, src }, loc);
        Ok(())
    }

    /// Whether the generator yields something whose truth is `wanted`; if it does not, the result is the other truth.
    fn search_loop(&mut self, generator: Expr<'a>, wanted: bool, loc: Loc) -> Result<()> {
        self.push(generator)?;
        let (found, done, end) =
            (self.unit.emitter.label(), self.unit.emitter.label(), self.unit.emitter.label());
        let start = self.unit.emitter.label_here();
        let item = self.next_of_generator(done, loc);
        self.jump_on(item, found, wanted, loc);
        self.unit.emitter.jump_back(start, loc);
        self.unit.emitter.bind(found);
        self.unit.emitter.drop_top(loc);
        self.push_constant(Constant::Bool(wanted), loc);
        self.unit.emitter.jump(end, loc);
        self.unit.emitter.depth -= 1;
        self.unit.emitter.bind(done);
        self.push_constant(Constant::Bool(!wanted), loc);
        self.unit.emitter.bind(end);
        Ok(())
    }

    /// The next item of the generator in the topmost temporary.
    fn next_of_generator(&mut self, done: crate::emit::LabelId, loc: Loc) -> In {
        let iter = kept(self.unit.emitter.top().register);
        let (dst, target, pad) = (self.unit.emitter.next(), done.operand(), Default::default());
        self.emit(instruction::ForIter { dst, iter, target, pad }, loc);
        self.unit.emitter.top()
    }
}
