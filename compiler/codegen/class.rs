//! Classes.

use std::rc::Rc;

use pyx_grammar::Loc;
use pyx_grammar::ast::{ClassDef, Expr, ExprContext, ExprKind, Identifier, Name, WtfStr};

use super::{Codegen, Result};
use crate::bytecode::code::{Code, Constant};
use crate::bytecode::opcode::{IntrinsicKind, instruction};
use crate::bytecode::operand::Register;
use crate::emit::{NO_LOC, borrowed, kept};
use crate::symtable::Role;

impl<'a> Codegen<'_, 'a> {
    pub(super) fn class_def(&mut self, node: &'a ClassDef<'a>, loc: Loc) -> Result<()> {
        self.decorators(node.decorator_list)?;
        let first_line = self.first_line(node.decorator_list, loc);
        if node.type_params.is_empty() {
            let code = self.class_body(node, first_line)?;
            self.build_class(node, code, loc)?;
        } else {
            self.generic_class(node, first_line, loc)?;
        }
        self.apply_decorators(node.decorator_list);
        let class = self.unit.emitter.top();
        self.store(node.name, class, loc);
        Ok(())
    }

    /// Calls `__build_class__` with the function of the body, the name, bases and keywords; a generic class has
    /// `.generic_base` as its last base.
    pub(super) fn build_class(&mut self, node: &'a ClassDef<'a>, code: Rc<Code>, loc: Loc) -> Result<()> {
        let dst = self.unit.emitter.next();
        self.emit(instruction::LoadBuildClass { dst }, loc);
        self.make_function(code, 0, loc);
        self.push_text(node.name, loc);
        let mut bases = node.bases;
        if !node.type_params.is_empty() {
            self.bind_generic_base(loc);
            let id = WtfStr::new(".generic_base");
            let name = self.arena.alloc(Name { id, ctx: ExprContext::Load });
            let base = Expr { kind: ExprKind::Name(name), loc };
            let all: Vec<Expr<'a>> = bases.iter().copied().chain([base]).collect();
            bases = self.arena.alloc_slice_copy(&all);
        }
        self.call_behind(2, bases, node.keywords, loc)
    }

    /// The code of the class body.
    pub(super) fn class_body(&mut self, node: &'a ClassDef<'a>, first_line: i32) -> Result<Rc<Code>> {
        let scope = self.table.of(node, Role::Body);
        self.enter(scope, node.name, first_line)?;
        let loc = self.positions.start_of_line(first_line);
        let name = self.load(WtfStr::new("__name__"), loc);
        self.store(WtfStr::new("__module__"), name, loc);
        let qualname = Constant::Str(self.unit.qualname.clone());
        self.bind_constant("__qualname__", qualname, loc);
        self.bind_constant("__firstlineno__", Constant::Int(i64::from(first_line)), loc);
        if !node.type_params.is_empty() {
            let params = self.load(WtfStr::new(".type_params"), loc);
            self.store(WtfStr::new("__type_params__"), params, loc);
        }
        if let Some(cell) = self.implicit_cell("__classdict__") {
            let dst = self.unit.emitter.next();
            self.emit(instruction::LoadLocals { dst }, loc);
            let src = self.unit.emitter.top();
            self.emit(instruction::StoreCell { cell: kept(cell), src }, loc);
        }
        self.begin_annotations(loc)?;
        let body = self.store_docstring(node.body);
        self.statements(body)?;
        self.end_annotations(loc, None)?;
        self.finish_class();
        self.leave()
    }

    /// What the class machinery wants to know at the end of the body.
    fn finish_class(&mut self) {
        let mut attributes: Vec<Identifier<'a>> = self.unit.static_attributes.keys().to_vec();
        attributes.sort_unstable();
        let attributes = attributes.into_iter().map(|name| Constant::Str(self.text(name))).collect();
        self.bind_constant("__static_attributes__", Constant::Tuple(attributes), NO_LOC);
        if let Some(cell) = self.implicit_cell("__classdict__") {
            self.store(WtfStr::new("__classdictcell__"), borrowed(cell), NO_LOC);
        }
        match self.implicit_cell("__class__") {
            Some(cell) => {
                self.store(WtfStr::new("__classcell__"), borrowed(cell), NO_LOC);
                self.emit(instruction::ReturnValue { src: borrowed(cell) }, NO_LOC);
            }
            None => self.emit_return(Constant::None, NO_LOC),
        }
    }

    /// The register of a cell that the class body offers to inner scopes.
    pub(super) fn implicit_cell(&self, name: &'static str) -> Option<Register> {
        let scope = self.scope_of_unit();
        let needed = match name {
            "__class__" => scope.needs_class_closure,
            "__classdict__" => scope.needs_classdict,
            _ => scope.has_conditional_annotations,
        };
        needed.then(|| self.unit.locals.cell(WtfStr::new(name))).flatten()
    }

    fn bind_constant(&mut self, name: &'static str, value: Constant, loc: Loc) {
        self.push_constant(value, loc);
        let value = self.unit.emitter.top();
        self.store(WtfStr::new(name), value, loc);
    }

    /// Makes `.generic_base`, from which a generic class derives.
    fn bind_generic_base(&mut self, loc: Loc) {
        let params = self.load(WtfStr::new(".type_params"), loc);
        self.pushed(params, loc);
        self.intrinsic(IntrinsicKind::SubscriptGeneric, 1, loc);
        let base = self.unit.emitter.top();
        self.store(WtfStr::new(".generic_base"), base, loc);
    }
}
