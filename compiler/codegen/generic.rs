//! Type parameters (PEP 695, 696): generic functions, classes and type aliases.
//!
//! The definition runs inside a hidden function that binds the type parameters, and is called at once. Bounds,
//! constraints, defaults and values of aliases are functions, called when somebody asks.

use std::rc::Rc;

use pyx_grammar::Loc;
use pyx_grammar::ast::{
    ClassDef, Expr, ExprKind, FunctionDef, Identifier, TypeAlias, TypeParam, TypeParamKind, WtfStr,
};

use super::{Codegen, Result};
use crate::bytecode::code::{Code, Constant};
use crate::bytecode::opcode::{IntrinsicKind, function_parts, instruction};
use crate::bytecode::operand::{In, Register};
use crate::emit::{NO_LOC, borrowed, kept};
use crate::symtable::{Role, ScopeId};

/// So many type parameters are made before the tuple of them is; more are appended to a list.
const MAX_TOGETHER: usize = 32;

impl<'a> Codegen<'_, 'a> {
    /// A generic function, its defaults being in the topmost temporaries: they become arguments of the hidden function.
    pub(super) fn generic_function(
        &mut self,
        node: &'a FunctionDef<'a>,
        parts: u16,
        first_line: i32,
        loc: Loc,
    ) -> Result<()> {
        let scope = self.table.of(node, Role::TypeParameters);
        self.enter_generic(scope, node.name, first_line)?;
        self.unit.arg_count = parts.count_ones();
        self.unit.locals.limit_parameters(parts.count_ones());
        self.type_params(node.type_params)?;
        for parameter in 0..parts.count_ones() as Register {
            self.copy(borrowed(parameter), loc);
        }
        self.function(node, parts, first_line, loc)?;
        self.unit.emitter.swap_top(loc);
        self.set_type_params(loc);
        let function = self.unit.emitter.top();
        self.return_operand(function, NO_LOC);
        let code = self.leave()?;
        self.call_hidden(code, parts.count_ones(), loc);
        Ok(())
    }

    pub(super) fn generic_class(&mut self, node: &'a ClassDef<'a>, first_line: i32, loc: Loc) -> Result<()> {
        let scope = self.table.of(node, Role::TypeParameters);
        self.enter_generic(scope, node.name, first_line)?;
        self.type_params(node.type_params)?;
        let params = self.unit.emitter.top();
        self.store_mangled(WtfStr::new(".type_params"), params, loc);
        let code = self.class_body(node, first_line)?;
        self.build_class(node, code, loc)?;
        let class = self.unit.emitter.top();
        self.return_operand(class, NO_LOC);
        let code = self.leave()?;
        self.call_hidden(code, 0, loc);
        Ok(())
    }

    /// `type name[params] = value`
    pub(super) fn type_alias(&mut self, node: &'a TypeAlias<'a>, loc: Loc) -> Result<()> {
        let ExprKind::Name(name) = node.name.kind else {
            return self.error(node.name.loc, "a type alias needs a name");
        };
        if node.type_params.is_empty() {
            self.push_text(name.id, node.name.loc);
            self.push_none(loc);
            self.make_alias(node, name.id, loc)?;
        } else {
            let scope = self.table.of(node, Role::TypeParameters);
            let line = self.positions.line(loc);
            self.enter_generic(scope, name.id, line)?;
            self.push_text(name.id, node.name.loc);
            self.type_params(node.type_params)?;
            self.make_alias(node, name.id, loc)?;
            let alias = self.unit.emitter.top();
            self.return_operand(alias, NO_LOC);
            let code = self.leave()?;
            self.call_hidden(code, 0, loc);
        }
        let alias = self.unit.emitter.top();
        self.store(name.id, alias, node.name.loc);
        Ok(())
    }

    /// The alias object; its name and parameters are the two topmost temporaries.
    fn make_alias(&mut self, node: &'a TypeAlias<'a>, name: Identifier<'a>, loc: Loc) -> Result<()> {
        let scope = self.table.of(node, Role::Body);
        self.evaluator(scope, name, node.value, false, loc)?;
        self.build_tuple(3, loc);
        self.intrinsic(IntrinsicKind::TypeAlias, 1, loc);
        Ok(())
    }

    /// Begins the hidden function around a generic definition.
    fn enter_generic(&mut self, scope: ScopeId, name: Identifier<'a>, first_line: i32) -> Result<()> {
        let name = [b"<generic parameters of ", name.as_bytes(), b">"].concat();
        let name = WtfStr::from_bytes(self.arena.alloc_slice_copy(&name));
        self.enter(scope, name, first_line)
    }

    /// Makes the hidden function and calls it with the last `n` temporaries.
    fn call_hidden(&mut self, code: Rc<Code>, n: u32, loc: Loc) {
        self.make_function(code, 0, loc);
        for from_bottom in 0..n {
            let (lower, top) = (self.unit.emitter.peek(n - from_bottom), self.unit.emitter.top());
            self.swap(lower, top, loc);
        }
        self.call_top(n, loc);
    }

    fn swap(&mut self, a: In, b: In, loc: Loc) {
        let (a, b) = (kept(a.register), kept(b.register));
        self.emit(instruction::Swap { a, b }, loc);
    }

    // ---- parameters ----

    /// Binds the type parameters; a tuple of them is the topmost temporary.
    fn type_params(&mut self, params: &'a [TypeParam<'a>]) -> Result<()> {
        self.check_type_param_defaults(params)?;
        let loc = params[0].loc;
        let (first, rest) = params.split_at(params.len().min(MAX_TOGETHER));
        for param in first {
            self.bind_type_param(param)?;
        }
        if rest.is_empty() {
            self.build_tuple(params.len() as u32, loc);
            return Ok(());
        }
        self.build_list(first.len() as u32, loc);
        let list = kept(self.unit.emitter.top().register);
        for param in rest {
            self.bind_type_param(param)?;
            let item = self.unit.emitter.top();
            self.emit(instruction::ListAppend { list, item }, param.loc);
        }
        self.list_to_tuple(loc);
        Ok(())
    }

    /// Behind a type parameter with a default, all have one.
    fn check_type_param_defaults(&self, params: &'a [TypeParam<'a>]) -> Result<()> {
        let mut seen = false;
        for param in params {
            let (name, default) = match param.kind {
                TypeParamKind::TypeVar(node) => (node.name, node.default_value),
                TypeParamKind::TypeVarTuple(node) => (node.name, node.default_value),
                TypeParamKind::ParamSpec(node) => (node.name, node.default_value),
            };
            seen |= default.is_some();
            if seen && default.is_none() {
                let message = format!("non-default type parameter '{name}' follows default type parameter");
                return self.error(param.loc, message);
            }
        }
        Ok(())
    }

    /// Binds a type parameter, which stays in the next temporary.
    fn bind_type_param(&mut self, param: &'a TypeParam<'a>) -> Result<()> {
        let name = self.type_param(param)?;
        let value = In { own: false, ..self.unit.emitter.top() };
        self.store(name, value, param.loc);
        Ok(())
    }

    fn type_param(&mut self, param: &'a TypeParam<'a>) -> Result<Identifier<'a>> {
        let loc = param.loc;
        match param.kind {
            TypeParamKind::TypeVar(node) => {
                self.push_text(node.name, loc);
                match node.bound {
                    None => self.intrinsic(IntrinsicKind::TypeVar, 1, loc),
                    Some(bound) => {
                        let scope = self.table.of(node, Role::Bound);
                        self.evaluator(scope, node.name, bound, false, bound.loc)?;
                        let which = match bound.kind {
                            ExprKind::Tuple(_) => IntrinsicKind::TypeVarWithConstraints,
                            _ => IntrinsicKind::TypeVarWithBound,
                        };
                        self.intrinsic(which, 2, loc);
                    }
                }
                self.type_param_default(node, node.name, node.default_value, false, loc)?;
                Ok(node.name)
            }
            TypeParamKind::TypeVarTuple(node) => {
                self.push_text(node.name, loc);
                self.intrinsic(IntrinsicKind::TypeVarTuple, 1, loc);
                self.type_param_default(node, node.name, node.default_value, true, loc)?;
                Ok(node.name)
            }
            TypeParamKind::ParamSpec(node) => {
                self.push_text(node.name, loc);
                self.intrinsic(IntrinsicKind::ParamSpec, 1, loc);
                self.type_param_default(node, node.name, node.default_value, false, loc)?;
                Ok(node.name)
            }
        }
    }

    /// Gives the type parameter in the topmost temporary its default.
    fn type_param_default<T>(
        &mut self,
        node: &T,
        name: Identifier<'a>,
        default: Option<Expr<'a>>,
        may_be_starred: bool,
        loc: Loc,
    ) -> Result<()> {
        let Some(default) = default else { return Ok(()) };
        let scope = self.table.of(node, Role::Default);
        self.evaluator(scope, name, default, may_be_starred, default.loc)?;
        self.intrinsic(IntrinsicKind::SetTypeParamDefault, 2, loc);
        Ok(())
    }

    /// A function that evaluates an expression, into the next temporary. Its parameter, the format, defaults to VALUE.
    fn evaluator(
        &mut self,
        scope: ScopeId,
        name: Identifier<'a>,
        e: Expr<'a>,
        may_be_starred: bool,
        loc: Loc,
    ) -> Result<()> {
        const VALUE: i64 = 1;
        self.push_constant(Constant::Tuple([Constant::Int(VALUE)].into()), loc);
        let line = self.positions.line(e.loc);
        self.enter(scope, name, line)?;
        self.unit.arg_count = 1;
        self.unit.posonly_arg_count = 1;
        self.check_format(loc);
        match e.kind {
            ExprKind::Starred(starred) if may_be_starred => {
                self.push_only_item(starred.value, loc)?;
                let item = self.unit.emitter.top();
                self.return_operand(item, loc);
            }
            _ => {
                let value = self.expr(e)?;
                self.return_operand(value, loc);
            }
        }
        let code = self.leave()?;
        self.make_function(code, function_parts::DEFAULTS, loc);
        Ok(())
    }
}
