//! Annotations, which are evaluated when somebody asks (PEP 649): each module, class and function that has some gets a function
//! `__annotate__` that makes the dict.
//!
//! Of annotations that may not be executed, all of a module's among them, the set `__conditional_annotations__` notes which
//! were. Under `from __future__ import annotations` they are strings: in `__annotations__` of a module or class at once.

use std::rc::Rc;

use pyx_grammar::Loc;
use pyx_grammar::ast::{AnnAssign, Arg, Expr, ExprKind, FunctionDef, Identifier, WtfStr};

use super::{Codegen, Result};
use crate::bytecode::code::{Code, Constant, flags};
use crate::bytecode::opcode::{CommonConstant, IntrinsicKind, instruction};
use crate::bytecode::operand::{Count, Imm, Kind};
use crate::emit::{Emitter, NO_LOC, borrowed, kept};
use crate::symtable::{Role, ScopeId, ScopeKind};

/// An annotated variable of a module or class, whose annotation is evaluated later.
#[derive(Clone, Copy)]
pub(super) struct Deferred<'a> {
    name: Identifier<'a>,
    annotation: Expr<'a>,
    loc: Loc,
    /// Its number in `__conditional_annotations__`, if it may not be executed.
    index: Option<i64>,
}

const CONDITIONAL: &str = "__conditional_annotations__";

impl<'a> Codegen<'_, 'a> {
    /// `target: annotation = value`
    pub(super) fn ann_assign(&mut self, node: &'a AnnAssign<'a>, loc: Loc) -> Result<()> {
        if let Some(value) = node.value {
            self.assign_one(node.target, value)?;
        }
        let of_variable = matches!(self.unit.kind, ScopeKind::Module | ScopeKind::Class);
        match node.target.kind {
            ExprKind::Name(name) if node.simple && of_variable => {
                let name = self.mangle(name.id);
                if self.has_future_annotations() {
                    self.store_annotation(name, node.annotation, loc)?;
                } else {
                    self.defer_annotation(name, node.annotation, loc);
                }
                Ok(())
            }
            ExprKind::Attribute(target) if node.value.is_none() => self.evaluate_and_drop(target.value),
            ExprKind::Subscript(target) if node.value.is_none() => {
                self.evaluate_and_drop(target.value)?;
                self.evaluate_index(target.slice)
            }
            ExprKind::Name(_) | ExprKind::Attribute(_) | ExprKind::Subscript(_) => Ok(()),
            _ => self.error(loc, "invalid node type for annotated assignment"),
        }
    }

    fn has_future_annotations(&self) -> bool {
        self.flags & flags::FUTURE_ANNOTATIONS != 0
    }

    fn evaluate_and_drop(&mut self, e: Expr<'a>) -> Result<()> {
        if matches!(e.kind, ExprKind::Constant(_)) {
            self.nop(e.loc);
            return Ok(());
        }
        let value = self.expr(e)?;
        if value.own {
            self.unit.emitter.drop_top(e.loc);
        }
        Ok(())
    }

    /// The parts of an index, each for its effects.
    fn evaluate_index(&mut self, e: Expr<'a>) -> Result<()> {
        match e.kind {
            ExprKind::Slice(slice) => [slice.lower, slice.upper, slice.step]
                .into_iter()
                .flatten()
                .try_for_each(|e| self.evaluate_and_drop(e)),
            ExprKind::Tuple(tuple) => tuple.elts.iter().try_for_each(|&elt| self.evaluate_index(elt)),
            _ => self.evaluate_and_drop(e),
        }
    }

    // ---- of modules and classes ----

    /// Sets up what a module or class with annotations needs before its body.
    pub(super) fn begin_annotations(&mut self, loc: Loc) -> Result<()> {
        let scope = self.scope_of_unit();
        let (conditional, used) = (scope.has_conditional_annotations, scope.annotations_used);
        if conditional {
            let base = self.unit.emitter.last(0);
            self.emit(instruction::BuildSet { dst: Emitter::out_at(base), base, n: Count(0) }, loc);
            let set = self.unit.emitter.top();
            match self.class_cell_of_conditionals() {
                Some(cell) => self.emit(instruction::StoreCell { cell: kept(cell), src: set }, loc),
                None => self.store_mangled(WtfStr::new(CONDITIONAL), set, loc),
            }
        }
        if used && self.has_future_annotations() {
            self.emit(instruction::SetupAnnotations {}, loc);
        }
        Ok(())
    }

    fn class_cell_of_conditionals(&self) -> Option<crate::bytecode::operand::Register> {
        (self.unit.kind == ScopeKind::Class).then(|| self.implicit_cell(CONDITIONAL)).flatten()
    }

    /// The string of an annotation into `__annotations__`.
    fn store_annotation(&mut self, name: Identifier<'a>, annotation: Expr<'a>, loc: Loc) -> Result<()> {
        self.push_annotation_text(annotation, annotation.loc)?;
        let annotations = self.load(WtfStr::new("__annotations__"), loc);
        self.pushed(annotations, loc);
        self.push_text(name, loc);
        let [key, object, value] = [0, 1, 2].map(|below| self.unit.emitter.peek(below));
        self.emit(instruction::StoreItem { object, key, value }, loc);
        Ok(())
    }

    /// Notes an annotation, and emits the note that it was executed.
    fn defer_annotation(&mut self, name: Identifier<'a>, annotation: Expr<'a>, loc: Loc) {
        let conditional = self.unit.kind == ScopeKind::Module || self.unit.conditional > 0;
        let index = conditional
            .then(|| self.unit.annotations.iter().filter(|deferred| deferred.index.is_some()).count() as i64);
        self.unit.annotations.push(Deferred { name, annotation, loc, index });
        let Some(index) = index else { return };
        match self.class_cell_of_conditionals() {
            Some(cell) => {
                let dst = self.unit.emitter.next();
                self.emit(instruction::LoadCell { dst, cell: kept(cell) }, loc);
            }
            None => {
                let set = self.load_mangled(WtfStr::new(CONDITIONAL), loc);
                self.pushed(set, loc);
            }
        }
        self.push_constant(Constant::Int(index), loc);
        self.intrinsic(IntrinsicKind::NoteAnnotation, 2, loc);
        self.unit.emitter.drop_top(loc);
    }

    /// Binds the annotate function of a module or class. That of a module is bound before the body runs: its code moves to
    /// the instruction at the index.
    pub(super) fn end_annotations(&mut self, loc: Loc, move_to: Option<usize>) -> Result<()> {
        let deferred = std::mem::take(&mut self.unit.annotations);
        if deferred.is_empty() || self.has_future_annotations() {
            return Ok(());
        }
        let Some(scope) = self.scope_of_unit().annotations else { return Ok(()) };
        let from = self.unit.emitter.items.len();
        let code = self.variables_annotate(scope, &deferred, loc)?;
        self.make_function(code, 0, loc);
        let function = self.unit.emitter.top();
        let name = if self.unit.kind == ScopeKind::Class { "__annotate_func__" } else { "__annotate__" };
        self.store_mangled(WtfStr::new(name), function, loc);
        if let Some(to) = move_to {
            self.unit.emitter.move_end(from, to);
        }
        Ok(())
    }

    /// The annotate function of a module's or class's variables: a dict that grows.
    fn variables_annotate(
        &mut self,
        scope: ScopeId,
        deferred: &[Deferred<'a>],
        loc: Loc,
    ) -> Result<Rc<Code>> {
        self.enter_annotate(scope, loc)?;
        self.build_map(0, loc);
        for &Deferred { name, annotation, loc: at, index } in deferred {
            let skip = self.unit.emitter.label();
            if let Some(index) = index {
                self.push_constant(Constant::Int(index), at);
                let item = self.unit.emitter.top();
                let container = self.load_mangled(WtfStr::new(CONDITIONAL), at);
                let (target, pad) = (skip.operand(), Default::default());
                let op = instruction::JumpIfIn { item, container, target, pad, negate: true };
                self.emit(op, at);
            }
            self.push(annotation)?;
            self.push_text(name, at);
            let (value, key) = (self.unit.emitter.peek(1), self.unit.emitter.peek(0));
            let map = kept(self.unit.emitter.peek(2).register);
            self.emit(instruction::MapAdd { map, key, value }, loc);
            self.unit.emitter.bind(skip);
        }
        let dict = self.unit.emitter.top();
        self.emit(instruction::ReturnValue { src: dict }, loc);
        self.leave()
    }

    // ---- of functions ----

    /// The annotate function of a function with annotations into the next temporary, if it has any.
    pub(super) fn function_annotations(&mut self, node: &'a FunctionDef<'a>, loc: Loc) -> Result<bool> {
        let scope = self.table.of(node, Role::Annotations);
        if !self.table.scope(scope).annotations_used {
            return Ok(false);
        }
        self.enter_annotate(scope, loc)?;
        let mut pairs = 0;
        let mut built = false;
        for (name, annotation) in annotations_of(node) {
            let name = self.mangle(name);
            self.push_text(name, loc);
            self.push_annotation(annotation, loc)?;
            if built {
                let (key, value) = (self.unit.emitter.peek(1), self.unit.emitter.peek(0));
                let map = kept(self.unit.emitter.peek(2).register);
                self.emit(instruction::MapAdd { map, key, value }, loc);
                continue;
            }
            pairs += 1;
            if pairs == 16 {
                self.build_map(pairs, loc);
                built = true;
            }
        }
        if !built {
            self.build_map(pairs, loc);
        }
        let dict = self.unit.emitter.top();
        self.emit(instruction::ReturnValue { src: dict }, loc);
        let code = self.leave()?;
        self.make_function(code, 0, loc);
        Ok(true)
    }

    /// One annotation of a function. `*args: *Ts` means the only item of the unpacked value.
    fn push_annotation(&mut self, annotation: Expr<'a>, loc: Loc) -> Result<()> {
        if self.has_future_annotations() {
            return self.push_annotation_text(annotation, annotation.loc);
        }
        match annotation.kind {
            ExprKind::Starred(starred) => self.push_only_item(starred.value, loc),
            _ => self.push(annotation),
        }
    }

    /// The only item of an iterable into the next temporary.
    pub(super) fn push_only_item(&mut self, e: Expr<'a>, loc: Loc) -> Result<()> {
        let src = self.expr(e)?;
        let register = self.unit.emitter.after(&[src]).register;
        let base = crate::bytecode::operand::Base { register, own: false };
        self.emit(instruction::Unpack { base, src, n: Count(1) }, loc);
        Ok(())
    }

    fn push_annotation_text(&mut self, annotation: Expr<'a>, loc: Loc) -> Result<()> {
        let text = pyx_grammar::unparse(annotation);
        self.push_constant(Constant::Str(text.into()), loc);
        Ok(())
    }

    /// Begins an annotate function, which knows no format but VALUE and VALUE_WITH_FAKE_GLOBALS. Its parameter is called
    /// `format`, but cannot be read by that name: an annotation may mean another one.
    fn enter_annotate(&mut self, scope: ScopeId, loc: Loc) -> Result<()> {
        let line = if loc == NO_LOC { 0 } else { self.positions.line(loc) };
        self.enter(scope, WtfStr::new("__annotate__"), line)?;
        self.unit.arg_count = 1;
        self.unit.posonly_arg_count = 1;
        self.unit.locals.show_parameter_as(WtfStr::new("format"));
        self.check_format(loc);
        Ok(())
    }

    /// `if format > 2: raise NotImplementedError`, the format being the first parameter.
    pub(super) fn check_format(&mut self, loc: Loc) {
        const VALUE_WITH_FAKE_GLOBALS: i64 = 2;
        let fine = self.unit.emitter.label();
        let op = instruction::JumpIfGtInt {
            lhs: borrowed(0),
            rhs: Imm(VALUE_WITH_FAKE_GLOBALS as i16),
            target: fine.operand(),
            pad: Default::default(),
            negate: true,
        };
        self.note_immediate(VALUE_WITH_FAKE_GLOBALS, loc, loc);
        self.emit(op, loc);
        let dst = self.unit.emitter.next();
        self.emit(
            instruction::LoadCommon { dst, which: Kind(CommonConstant::NotImplementedError as u16) },
            loc,
        );
        let exc = self.unit.emitter.top();
        self.emit(instruction::RaiseExc { exc }, loc);
        self.unit.emitter.bind(fine);
    }
}

/// The annotated parameters in the order of their evaluation, then `return`.
fn annotations_of<'a>(node: &'a FunctionDef<'a>) -> impl Iterator<Item = (Identifier<'a>, Expr<'a>)> {
    let args = node.args;
    let annotated = |arg: &Arg<'a>| Some((arg.arg, arg.annotation?));
    let positional = args.args.iter().chain(args.posonlyargs);
    let all = positional.chain(&args.vararg).chain(args.kwonlyargs).chain(&args.kwarg);
    all.filter_map(annotated).chain(node.returns.map(|returns| (WtfStr::new("return"), returns)))
}
