//! The first pass over statements, patterns and type parameters.

use std::rc::Rc;

use pyx_grammar::Loc;
use pyx_grammar::ast::{
    Alias, AnnAssign, Arguments, ClassDef, ExceptHandler, Expr, ExprContext, ExprKind, For, FunctionDef,
    Identifier, If, ImportFrom, MatchCase, MatchClass, Pattern, PatternKind, Stmt, StmtKind, Try, TypeAlias,
    TypeParam, TypeParamKind, With,
};

use super::super::flag::*;
use super::{Builder, Result, Role, ScopeId, ScopeKind, docstring};
use crate::bytecode::code::AsyncConstruct;
use crate::future;
use crate::symtable::{Meaning, Symbol};

impl<'a> Builder<'a, '_> {
    pub(super) fn statements(&mut self, body: &'a [Stmt<'a>]) -> Result {
        body.iter().try_for_each(|statement| self.statement(statement))
    }

    fn statement(&mut self, statement: &'a Stmt<'a>) -> Result {
        self.options.stack.check()?;
        let loc = statement.loc;
        match statement.kind {
            StmtKind::FunctionDef(node) => self.function(node, loc, false),
            StmtKind::AsyncFunctionDef(node) => self.function(node, loc, true),
            StmtKind::ClassDef(node) => self.class(node, loc),
            StmtKind::Return(node) => match node.value {
                Some(value) => {
                    self.expression(value)?;
                    self.scope().returns_value = true;
                    Ok(())
                }
                None => Ok(()),
            },
            StmtKind::Delete(node) => self.expressions(node.targets.iter().copied()),
            StmtKind::Assign(node) => {
                self.expressions(node.targets.iter().copied())?;
                self.expression(node.value)
            }
            StmtKind::TypeAlias(node) => self.type_alias(node, loc),
            StmtKind::AugAssign(node) => self.expressions([node.target, node.value]),
            StmtKind::AnnAssign(node) => self.annotated_assignment(node, loc),
            StmtKind::For(node) => self.for_loop(node),
            StmtKind::AsyncFor(node) => {
                self.check_async(AsyncConstruct::For, "'async for' outside async function", loc)?;
                self.for_loop(node)
            }
            StmtKind::While(node) => {
                self.expression(node.test)?;
                self.conditionally(|this| {
                    this.statements(node.body)?;
                    this.statements(node.orelse)
                })
            }
            StmtKind::If(node) => self.if_chain(node),
            StmtKind::With(node) => self.with(node),
            StmtKind::AsyncWith(node) => {
                self.check_async(AsyncConstruct::With, "'async with' outside async function", loc)?;
                self.with(node)
            }
            StmtKind::Match(node) => {
                self.expression(node.subject)?;
                self.conditionally(|this| node.cases.iter().try_for_each(|case| this.match_case(case)))
            }
            StmtKind::Raise(node) => match node.exc {
                Some(exc) => self.expressions([Some(exc), node.cause].into_iter().flatten()),
                None => Ok(()),
            },
            StmtKind::Try(node) | StmtKind::TryStar(node) => self.try_(node),
            StmtKind::Assert(node) => self.expressions([Some(node.test), node.msg].into_iter().flatten()),
            StmtKind::Import(node) => node.names.iter().try_for_each(|alias| self.alias(alias)),
            StmtKind::ImportFrom(node) => self.import_from(node, loc),
            StmtKind::Global(node) => self.declare(node.names, DEF_GLOBAL, loc),
            StmtKind::Nonlocal(node) => self.declare(node.names, DEF_NONLOCAL, loc),
            StmtKind::Expr(node) => self.expression(node.value),
            StmtKind::Pass | StmtKind::Break | StmtKind::Continue => Ok(()),
        }
    }

    /// Visits what may not be executed.
    fn conditionally(&mut self, visit: impl FnOnce(&mut Self) -> Result) -> Result {
        let before = std::mem::replace(&mut self.here().conditional, true);
        visit(self)?;
        self.here().conditional = before;
        Ok(())
    }

    fn check_async(&mut self, construct: AsyncConstruct, message: &str, loc: Loc) -> Result {
        if self.allows_top_level_await() {
            self.awaits(construct, loc);
        }
        if self.scope().is_coroutine { Ok(()) } else { self.error(loc, message) }
    }

    fn for_loop(&mut self, node: &'a For<'a>) -> Result {
        self.expressions([node.target, node.iter])?;
        self.conditionally(|this| {
            this.statements(node.body)?;
            this.statements(node.orelse)
        })
    }

    /// An `elif` is an `if` alone in the `else` of another; there may be thousands.
    fn if_chain(&mut self, node: &'a If<'a>) -> Result {
        self.expression(node.test)?;
        self.conditionally(|this| {
            let mut node = node;
            this.statements(node.body)?;
            while let [Stmt { kind: StmtKind::If(next), .. }] = node.orelse {
                this.expression(next.test)?;
                this.statements(next.body)?;
                node = next;
            }
            this.statements(node.orelse)
        })
    }

    fn with(&mut self, node: &'a With<'a>) -> Result {
        self.conditionally(|this| {
            for item in node.items {
                this.expressions([Some(item.context_expr), item.optional_vars].into_iter().flatten())?;
            }
            this.statements(node.body)
        })
    }

    fn try_(&mut self, node: &'a Try<'a>) -> Result {
        self.conditionally(|this| {
            this.statements(node.body)?;
            node.handlers.iter().try_for_each(|handler| this.handler(handler))?;
            this.statements(node.orelse)?;
            this.statements(node.finalbody)
        })
    }

    fn handler(&mut self, handler: &'a ExceptHandler<'a>) -> Result {
        self.expressions(handler.type_)?;
        if let Some(name) = handler.name {
            self.define(name, DEF_LOCAL, handler.loc)?;
        }
        self.statements(handler.body)
    }
}

// ---- names: imports and declarations ----

impl<'a> Builder<'a, '_> {
    fn alias(&mut self, alias: &Alias<'a>) -> Result {
        let name = alias.asname.unwrap_or(alias.name);
        if name == "*" {
            return match self.scope().kind {
                ScopeKind::Module => Ok(()),
                _ => self.error(alias.loc, "import * only allowed at module level"),
            };
        }
        let first = name.as_bytes().split(|&byte| byte == b'.').next().unwrap_or_default();
        self.define(Identifier::from_bytes(first), DEF_IMPORT, alias.loc)
    }

    fn import_from(&mut self, node: &ImportFrom<'a>, loc: Loc) -> Result {
        node.names.iter().try_for_each(|alias| self.alias(alias))?;
        if future::is_future(node) && self.is_after_future_statements(loc) {
            let message = "from __future__ imports must occur at the beginning of the file";
            return self.error(loc, message);
        }
        Ok(())
    }

    fn is_after_future_statements(&self, loc: Loc) -> bool {
        let Some(last) = self.options.future.last else { return true };
        let (last, this) = (self.locations.resolve(last), self.locations.resolve(loc));
        this.lineno > last.lineno || (this.lineno == last.end_lineno && this.col_offset > last.end_col_offset)
    }

    /// A `global` or `nonlocal` statement.
    fn declare(&mut self, names: &[Identifier<'a>], flag: u16, loc: Loc) -> Result {
        let what = if flag == DEF_GLOBAL { "global" } else { "nonlocal" };
        for &name in names {
            let known = self.flags(name);
            let message = if known & DEF_PARAM != 0 {
                format!("name '{name}' is parameter and {what}")
            } else if known & USE != 0 {
                format!("name '{name}' is used prior to {what} declaration")
            } else if known & DEF_ANNOT != 0 {
                format!("annotated name '{name}' can't be {what}")
            } else if known & DEF_LOCAL != 0 {
                format!("name '{name}' is assigned to before {what} declaration")
            } else {
                self.define(name, flag, loc)?;
                self.record_directive(name, loc);
                continue;
            };
            return self.error(loc, message);
        }
        Ok(())
    }
}

// ---- functions, classes, type aliases ----

impl<'a> Builder<'a, '_> {
    fn function(&mut self, node: &'a FunctionDef<'a>, loc: Loc, is_async: bool) -> Result {
        self.define(node.name, DEF_LOCAL, loc)?;
        self.defaults(node.args)?;
        self.expressions(node.decorator_list.iter().copied())?;
        let is_generic = !node.type_params.is_empty();
        if is_generic {
            self.enter_type_parameters(node, node.name, loc)?;
            // The defaults come to the hidden function as arguments. That there is a tuple of positional ones is assumed.
            self.define(Identifier::new(".defaults"), DEF_PARAM, loc)?;
            if node.args.kw_defaults.iter().any(Option::is_some) {
                self.define(Identifier::new(".kwdefaults"), DEF_PARAM, loc)?;
            }
            self.type_parameters(node.type_params)?;
        }
        let body = self.scope_of(node, Role::Body, ScopeKind::Function, node.name, loc);
        self.table.scope_mut(body).has_docstring = docstring(node.body).is_some();
        self.table.scope_mut(body).is_coroutine = is_async;
        self.function_annotations(node, loc)?;
        self.enter(body);
        self.parameters(node.args)?;
        self.statements(node.body)?;
        self.exit();
        if is_generic {
            self.exit();
        }
        Ok(())
    }

    fn function_annotations(&mut self, node: &'a FunctionDef<'a>, loc: Loc) -> Result {
        let around = self.scope();
        let sees_class = around.can_see_class_scope || around.kind == ScopeKind::Class;
        let name = Identifier::new("__annotate__");
        let scope = self.scope_of(node, Role::Annotations, ScopeKind::Annotation, name, loc);
        self.enter(scope);
        if sees_class {
            self.see_class(loc)?;
        }
        for annotation in annotations(node.args).chain(node.returns) {
            self.scope().annotations_used = true;
            self.expression(annotation)?;
        }
        self.exit();
        Ok(())
    }

    fn class(&mut self, node: &'a ClassDef<'a>, loc: Loc) -> Result {
        self.define(node.name, DEF_LOCAL, loc)?;
        self.expressions(node.decorator_list.iter().copied())?;
        let private = self.private;
        let is_generic = !node.type_params.is_empty();
        if is_generic {
            self.enter_type_parameters(node, node.name, loc)?;
            for name in [".type_params", ".generic_base"] {
                self.define(Identifier::new(name), DEF_LOCAL | USE, loc)?;
            }
            self.private = Some(node.name);
            let scope = self.scope();
            scope.private = Some(node.name);
            scope.mangled = Some(Rc::default());
            self.type_parameters(node.type_params)?;
        }
        self.expressions(node.bases.iter().copied())?;
        self.check_keywords(node.keywords)?;
        self.expressions(node.keywords.iter().map(|keyword| keyword.value))?;
        let body = self.scope_of(node, Role::Body, ScopeKind::Class, node.name, loc);
        self.enter(body);
        self.private = Some(node.name);
        self.scope().private = Some(node.name);
        if is_generic {
            self.define(Identifier::new("__type_params__"), DEF_LOCAL, loc)?;
            self.mention(".type_params", loc)?;
        }
        self.scope().has_docstring = docstring(node.body).is_some();
        self.statements(node.body)?;
        self.exit();
        if is_generic {
            self.exit();
        }
        self.private = private;
        Ok(())
    }

    fn type_alias(&mut self, node: &'a TypeAlias<'a>, loc: Loc) -> Result {
        self.expression(node.name)?;
        let ExprKind::Name(name) = node.name.kind else { return Ok(()) };
        let is_in_class = self.scope().kind == ScopeKind::Class;
        let is_generic = !node.type_params.is_empty();
        if is_generic {
            self.enter_type_parameters(node, name.id, loc)?;
            self.type_parameters(node.type_params)?;
        }
        let scope = self.scope_of(node, Role::Body, ScopeKind::TypeAlias, name.id, loc);
        self.enter(scope);
        if is_in_class {
            self.see_class(node.value.loc)?;
        }
        self.expression(node.value)?;
        self.exit();
        if is_generic {
            self.exit();
        }
        Ok(())
    }

    /// Lets the current scope see the names of the class around it.
    fn see_class(&mut self, loc: Loc) -> Result {
        self.scope().can_see_class_scope = true;
        self.mention("__classdict__", loc)
    }

    /// Enters the scope that binds the type parameters of a node.
    fn enter_type_parameters<T>(&mut self, node: &T, name: Identifier<'a>, loc: Loc) -> Result {
        let is_in_class = self.scope().kind == ScopeKind::Class;
        let scope = self.scope_of(node, Role::TypeParameters, ScopeKind::TypeParameters, name, loc);
        self.enter(scope);
        if is_in_class { self.see_class(loc) } else { Ok(()) }
    }

    fn type_parameters(&mut self, params: &'a [TypeParam<'a>]) -> Result {
        for param in params {
            let loc = param.loc;
            match param.kind {
                TypeParamKind::TypeVar(node) => {
                    self.define(node.name, DEF_TYPE_PARAM | DEF_LOCAL, loc)?;
                    self.check_type_parameter(node.name, loc)?;
                    if let Some(bound) = node.bound {
                        let is_tuple = matches!(bound.kind, ExprKind::Tuple(_));
                        let part = if is_tuple { "a TypeVar constraint" } else { "a TypeVar bound" };
                        let scope = self.type_variable(node, Role::Bound, node.name, bound.loc);
                        self.lazily(scope, part, bound)?;
                    }
                    if let Some(value) = node.default_value {
                        let scope = self.type_variable(node, Role::Default, node.name, value.loc);
                        self.lazily(scope, "a TypeVar default", value)?;
                    }
                }
                TypeParamKind::ParamSpec(node) => {
                    self.define(node.name, DEF_TYPE_PARAM | DEF_LOCAL, loc)?;
                    self.check_type_parameter(node.name, loc)?;
                    if let Some(value) = node.default_value {
                        let scope = self.type_variable(node, Role::Default, node.name, value.loc);
                        self.lazily(scope, "a ParamSpec default", value)?;
                    }
                }
                TypeParamKind::TypeVarTuple(node) => {
                    self.define(node.name, DEF_TYPE_PARAM | DEF_LOCAL, loc)?;
                    self.check_type_parameter(node.name, loc)?;
                    if let Some(value) = node.default_value {
                        let scope = self.type_variable(node, Role::Default, node.name, value.loc);
                        self.lazily(scope, "a TypeVarTuple default", value)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn check_type_parameter(&self, name: Identifier<'a>, loc: Loc) -> Result {
        if name == "__classdict__" {
            let message = format!("reserved name '{name}' cannot be used for type parameter");
            return self.error(loc, message);
        }
        Ok(())
    }

    fn type_variable<T>(&mut self, node: &T, role: Role, name: Identifier<'a>, loc: Loc) -> ScopeId {
        self.scope_of(node, role, ScopeKind::TypeVariable, name, loc)
    }

    /// Visits the bound or default of a type parameter, in the scope made for it.
    fn lazily(&mut self, scope: ScopeId, part: &'static str, value: Expr<'a>) -> Result {
        let sees_class = self.scope().can_see_class_scope;
        self.enter(scope);
        if sees_class {
            self.see_class(value.loc)?;
        }
        self.here().part = part;
        self.expression(value)?;
        self.exit();
        Ok(())
    }
}

// ---- annotations of variables ----

impl<'a> Builder<'a, '_> {
    fn annotated_assignment(&mut self, node: &AnnAssign<'a>, loc: Loc) -> Result {
        self.scope().annotations_used = true;
        if let ExprKind::Name(name) = node.target.kind {
            self.annotated_name(name.id, node, loc)?;
        } else {
            self.expression(node.target)?;
        }
        self.annotation(node.annotation, node.simple)?;
        self.expressions(node.value)
    }

    fn annotated_name(&mut self, name: Identifier<'a>, node: &AnnAssign<'a>, loc: Loc) -> Result {
        let known = self.flags(name);
        let is_module = self.scope().kind == ScopeKind::Module;
        if node.simple && !is_module && known & (DEF_GLOBAL | DEF_NONLOCAL) != 0 {
            let what = if known & DEF_GLOBAL != 0 { "global" } else { "nonlocal" };
            return self.error(loc, format!("annotated name '{name}' can't be {what}"));
        }
        if node.simple {
            self.define(name, DEF_ANNOT | DEF_LOCAL, node.target.loc)
        } else if node.value.is_some() {
            self.define(name, DEF_LOCAL, node.target.loc)
        } else {
            Ok(())
        }
    }

    /// The annotation of a variable. All those of a scope share one scope of their own.
    fn annotation(&mut self, annotation: Expr<'a>, is_kept: bool) -> Result {
        let conditional = self.here().conditional;
        let around = self.scope();
        let kind = around.kind;
        // A module may be left half executed, so all its annotations are conditional.
        let is_conditional = kind == ScopeKind::Module || (kind == ScopeKind::Class && conditional);
        if is_conditional && !around.has_conditional_annotations {
            around.has_conditional_annotations = true;
            self.mention("__conditional_annotations__", annotation.loc)?;
        }
        match self.scope().annotations {
            Some(scope) => self.reenter(scope),
            None => self.enter_annotations(kind, annotation.loc)?,
        }
        self.here().unevaluated = kind == ScopeKind::Function;
        if is_kept && is_conditional && kind == ScopeKind::Class {
            // Which annotations were executed, `__annotate__` reads from the cell of the class.
            let name = Identifier::new("__conditional_annotations__");
            let symbol = Symbol { name, flags: USE, meaning: Meaning::Free };
            let implicit = &mut self.scope().symbols.implicit;
            if implicit.is_empty() {
                implicit.push(symbol);
            }
        }
        self.expression(annotation)?;
        self.exit();
        Ok(())
    }

    fn enter_annotations(&mut self, around: ScopeKind, loc: Loc) -> Result {
        let scope = self.new_scope(ScopeKind::Annotation, Identifier::new("__annotate__"), Some(loc));
        self.scope().annotations = Some(scope);
        self.enter(scope);
        let sees_class = around == ScopeKind::Class && !self.has_future_annotations();
        if sees_class { self.see_class(loc) } else { Ok(()) }
    }
}

/// The annotations of parameters, in the order of their evaluation.
fn annotations<'a>(args: &'a Arguments<'a>) -> impl Iterator<Item = Expr<'a>> {
    let positional = args.posonlyargs.iter().chain(args.args).copied();
    let collecting = args.vararg.into_iter().chain(args.kwarg);
    let all = positional.chain(collecting).chain(args.kwonlyargs.iter().copied());
    all.filter_map(|arg| arg.annotation)
}

// ---- match ----

impl<'a> Builder<'a, '_> {
    fn match_case(&mut self, case: &'a MatchCase<'a>) -> Result {
        self.pattern(&case.pattern)?;
        self.expressions(case.guard)?;
        self.statements(case.body)
    }

    fn pattern(&mut self, pattern: &'a Pattern<'a>) -> Result {
        self.options.stack.check()?;
        let name = match pattern.kind {
            PatternKind::MatchValue(node) => return self.expression(node.value),
            PatternKind::MatchSingleton(_) => return Ok(()),
            PatternKind::MatchSequence(node) => return self.patterns(node.patterns),
            PatternKind::MatchOr(node) => return self.patterns(node.patterns),
            PatternKind::MatchClass(node) => return self.class_pattern(node),
            PatternKind::MatchMapping(node) => {
                self.expressions(node.keys.iter().copied())?;
                self.patterns(node.patterns)?;
                node.rest
            }
            PatternKind::MatchStar(node) => node.name,
            PatternKind::MatchAs(node) => {
                if let Some(pattern) = &node.pattern {
                    self.pattern(pattern)?;
                }
                node.name
            }
        };
        match name {
            Some(name) => self.define(name, DEF_LOCAL, pattern.loc),
            None => Ok(()),
        }
    }

    fn patterns(&mut self, patterns: &'a [Pattern<'a>]) -> Result {
        patterns.iter().try_for_each(|pattern| self.pattern(pattern))
    }

    fn class_pattern(&mut self, node: &'a MatchClass<'a>) -> Result {
        self.expression(node.cls)?;
        self.patterns(node.patterns)?;
        for (&name, pattern) in node.kwd_attrs.iter().zip(node.kwd_patterns) {
            self.check_name(name, pattern.loc, ExprContext::Store)?;
        }
        self.patterns(node.kwd_patterns)
    }
}
