//! Statements.

use pyx_grammar::Loc;
use pyx_grammar::ast::{Assert, Expr, ExprKind, If, Raise, Return, Stmt, StmtKind};

use super::{Codegen, Result};
use crate::bytecode::code::{Constant, flags};
use crate::bytecode::opcode::{CommonConstant, Instruction, IntrinsicKind, instruction};
use crate::bytecode::operand::{Count, In, Kind};
use crate::emit::{Emitted, Emitter, NO_LOC};
use crate::fold;
use crate::symtable::ScopeKind;

impl<'a> Codegen<'_, 'a> {
    /// Statements in a row.
    pub(super) fn statements(&mut self, body: &'a [Stmt<'a>]) -> Result<()> {
        body.iter().try_for_each(|&statement| self.statement(statement))
    }

    /// Statements that may be executed not at all, or often.
    pub(super) fn conditional_statements(&mut self, body: &'a [Stmt<'a>]) -> Result<()> {
        self.unit.conditional += 1;
        // After an error the unit may be another one: that of a function inside.
        self.statements(body)?;
        self.unit.conditional -= 1;
        Ok(())
    }

    /// One statement.
    pub(super) fn statement(&mut self, statement: Stmt<'a>) -> Result<()> {
        self.options.stack.check()?;
        let loc = statement.loc;
        match statement.kind {
            StmtKind::FunctionDef(node) => self.function_def(node, loc),
            StmtKind::AsyncFunctionDef(node) => self.function_def(node, loc),
            StmtKind::ClassDef(node) => self.class_def(node, loc),
            StmtKind::Return(node) => self.return_statement(node, loc),
            StmtKind::Delete(node) => self.delete_statement(node),
            StmtKind::Assign(node) => self.assign(node),
            StmtKind::TypeAlias(node) => self.type_alias(node, loc),
            StmtKind::AugAssign(node) => self.aug_assign(node, loc),
            StmtKind::AnnAssign(node) => self.ann_assign(node, loc),
            StmtKind::For(node) => self.for_statement(node, loc),
            StmtKind::AsyncFor(node) => self.async_for(node, loc),
            StmtKind::While(node) => self.while_statement(node, loc),
            StmtKind::If(node) => self.if_statement(node),
            StmtKind::With(node) => self.with_statement(node, loc),
            StmtKind::AsyncWith(node) => self.async_with(node, loc),
            StmtKind::Match(node) => self.match_statement(node, loc),
            StmtKind::Raise(node) => self.raise(node, loc),
            StmtKind::Try(node) => self.try_statement(node, loc),
            StmtKind::TryStar(node) => self.try_star(node, loc),
            StmtKind::Assert(node) => self.assert(node, loc),
            StmtKind::Import(node) => self.import(node, loc),
            StmtKind::ImportFrom(node) => self.import_from(node, loc),
            StmtKind::Global(_) | StmtKind::Nonlocal(_) => Ok(()),
            StmtKind::Expr(node) => self.expression_statement(node.value, loc),
            StmtKind::Pass => {
                self.emit(instruction::Nop {}, loc);
                Ok(())
            }
            StmtKind::Break => self.break_statement(loc),
            StmtKind::Continue => self.continue_statement(loc),
        }
    }

    /// An expression for its effects; at a prompt its value is shown.
    fn expression_statement(&mut self, value: Expr<'a>, loc: Loc) -> Result<()> {
        if self.displays_here() {
            self.push(value)?;
            self.intrinsic(IntrinsicKind::Print, 1, NO_LOC);
            self.unit.emitter.drop_top(NO_LOC);
            return Ok(());
        }
        if fold::constant(value, self.fold_options()).is_some() {
            if !matches!(value.kind, ExprKind::Constant(_)) {
                self.note_leaf(&[value]);
            }
            self.nop(loc);
            return Ok(());
        }
        let value = self.expr(value)?;
        self.discard(value);
        Ok(())
    }

    /// Drops a value that nobody wants.
    pub(super) fn discard(&mut self, value: In) {
        if value.own {
            self.unit.emitter.drop_top(NO_LOC);
        }
    }

    // ---- if ----

    /// `if`; a chain of `elif` is one loop.
    fn if_statement(&mut self, node: &'a If<'a>) -> Result<()> {
        let end = self.unit.emitter.label();
        let mut node = node;
        loop {
            let next = if node.orelse.is_empty() { end } else { self.unit.emitter.label() };
            self.jump_if(node.test, next, false, NO_LOC)?;
            self.conditional_statements(node.body)?;
            if node.orelse.is_empty() {
                break;
            }
            self.unit.emitter.jump(end, NO_LOC);
            self.unit.emitter.bind(next);
            match node.orelse {
                &[Stmt { kind: StmtKind::If(elif), .. }] => node = elif,
                orelse => {
                    self.conditional_statements(orelse)?;
                    break;
                }
            }
        }
        self.unit.emitter.bind(end);
        Ok(())
    }

    // ---- return ----

    fn return_statement(&mut self, node: &'a Return<'a>, loc: Loc) -> Result<()> {
        if !matches!(self.unit.kind, ScopeKind::Function | ScopeKind::Lambda) {
            return self.error(loc, "'return' outside function");
        }
        self.warn_about_exit("return", None, loc);
        let Some(value) = node.value else {
            self.emit(instruction::Nop {}, loc);
            return self.return_constant(Constant::None, loc);
        };
        if self.unit.flags & flags::ASYNC_GENERATOR != 0 {
            return self.error(loc, "'return' with value in async generator");
        }
        if matches!(value.kind, ExprKind::Constant(_)) {
            self.emit(instruction::Nop {}, value.loc);
            if !self.same_line(value.loc, loc) {
                self.emit(instruction::Nop {}, loc);
            }
            let constant = fold::constant(value, self.fold_options()).expect("a constant is constant");
            let at = if self.same_line(value.loc, loc) { value.loc } else { loc };
            return self.return_constant(constant, at);
        }
        let value_loc = value.loc;
        let mut result = self.expr(value)?;
        if !result.own && self.may_change_on_the_way_out(result.register) {
            result = self.copy(result, value_loc);
        }
        let mut at = value_loc;
        if !self.same_line(value_loc, loc) {
            at = loc;
            self.emit(instruction::Nop {}, loc);
        }
        self.unwind(0, Some(result), at, |this, value, loc| {
            this.return_operand(value.expect("the value is still there"), loc);
        })
    }

    /// Returns a value; if it is a constant that was just loaded, straight from the constants.
    pub(super) fn return_operand(&mut self, src: In, loc: Loc) {
        if let Some(&Emitted { op: Instruction::LoadConst(load), loc: at, .. }) =
            self.unit.emitter.last_item()
            && src.own
            && load.dst.register == src.register
            && (loc == NO_LOC || self.same_line(at, loc))
        {
            self.unit.emitter.take_back();
            return self.emit(instruction::ReturnConst { pad: Count(0), value: load.value }, at);
        }
        self.emit(instruction::ReturnValue { src }, loc);
    }

    /// Returns a constant, leaving all blocks first.
    fn return_constant(&mut self, constant: Constant, loc: Loc) -> Result<()> {
        self.unwind(0, None, loc, |this, _, loc| this.emit_return(constant, loc))
    }

    /// Returns a constant; no block is to be left.
    pub(super) fn emit_return(&mut self, constant: Constant, loc: Loc) {
        self.note_first_constant(&constant);
        let value = self.constant_index(constant);
        self.emit(instruction::ReturnConst { pad: Count(0), value }, loc);
    }

    // ---- raise, assert ----

    fn raise(&mut self, node: &'a Raise<'a>, loc: Loc) -> Result<()> {
        let depth = self.unit.emitter.depth;
        match (node.exc, node.cause) {
            (None, _) => self.emit(instruction::RaiseHandled {}, loc),
            (Some(exc), None) => {
                let exc = self.expr(exc)?;
                self.emit(instruction::RaiseExc { exc }, loc);
            }
            (Some(exc), Some(cause)) => {
                let exc = self.expr_before(exc, &[cause])?;
                let cause = self.expr(cause)?;
                self.emit(instruction::RaiseFrom { exc, cause }, loc);
            }
        }
        self.unit.emitter.depth = depth;
        Ok(())
    }

    fn assert(&mut self, node: &'a Assert<'a>, loc: Loc) -> Result<()> {
        self.check_assert(node, loc);
        if self.options.optimize > 0 {
            return Ok(());
        }
        let end = self.unit.emitter.label();
        self.jump_if(node.test, end, true, NO_LOC)?;
        let at = node.test.loc;
        let dst = self.unit.emitter.next();
        let which = Kind(CommonConstant::AssertionError as u16);
        self.emit(instruction::LoadCommon { dst, which }, loc);
        if let Some(message) = node.msg {
            self.push(message)?;
            let base = self.unit.emitter.last(2);
            self.emit(instruction::Call { dst: Emitter::out_at(base), base, n: Count(1) }, at);
        }
        let exc = self.unit.emitter.top();
        self.emit(instruction::RaiseExc { exc }, at);
        self.unit.emitter.bind(end);
        Ok(())
    }

    // ---- break, continue ----

    fn break_statement(&mut self, loc: Loc) -> Result<()> {
        self.emit(instruction::Nop {}, loc);
        let Some((at, _, exit)) = self.innermost_loop() else {
            self.check_group_handlers(loc)?;
            return self.error(loc, "'break' outside loop");
        };
        self.warn_about_exit("break", Some(at), loc);
        self.unwind(at, None, loc, |this, _, loc| this.unit.emitter.jump(exit, loc))
    }

    fn continue_statement(&mut self, loc: Loc) -> Result<()> {
        self.emit(instruction::Nop {}, loc);
        let Some((at, start, _)) = self.innermost_loop() else {
            self.check_group_handlers(loc)?;
            return self.error(loc, "'continue' not properly in loop");
        };
        self.warn_about_exit("continue", Some(at), loc);
        self.unwind(at + 1, None, loc, |this, _, loc| this.unit.emitter.jump_back(start, loc))
    }
}
