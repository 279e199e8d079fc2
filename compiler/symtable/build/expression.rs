//! The first pass over expressions.

use pyx_grammar::Loc;
use pyx_grammar::ast::{
    Arguments, Comprehension, Expr, ExprContext, ExprKind, Identifier, Keyword, Lambda, Name, NamedExpr,
};

use super::super::flag::*;
use super::{Builder, Result, Role, ScopeKind};
use crate::bytecode::code::AsyncConstruct;

/// What is still to be done of an expression.
#[derive(Clone, Copy)]
pub(super) enum Todo<'a> {
    /// Visit it.
    Expr(Expr<'a>),
    /// Check and visit the keyword arguments of a call.
    Keywords(&'a [Keyword<'a>]),
    /// The operand of `yield` has been visited.
    Yielded(Loc),
    /// The operand of `await` has been visited.
    Awaited(Loc),
}

/// The parts of a comprehension.
struct Parts<'a> {
    kind: ScopeKind,
    generators: &'a [Comprehension<'a>],
    /// The value of a dict comprehension, visited before the key.
    value: Option<Expr<'a>>,
    element: Expr<'a>,
    loc: Loc,
}

impl<'a> Builder<'a, '_> {
    /// Visits an expression.
    pub(super) fn expression(&mut self, expr: Expr<'a>) -> Result {
        let floor = self.todo.len();
        self.todo.push(Todo::Expr(expr));
        while self.todo.len() > floor
            && let Some(next) = self.todo.pop()
        {
            match next {
                Todo::Expr(expr) => self.expression_step(expr)?,
                Todo::Keywords(keywords) => {
                    self.check_keywords(keywords)?;
                    self.push_all(keywords.iter().map(|keyword| keyword.value));
                }
                Todo::Yielded(loc) => self.yielded(loc)?,
                Todo::Awaited(loc) => self.awaits(AsyncConstruct::Await, loc),
            }
        }
        Ok(())
    }

    pub(super) fn expressions(&mut self, exprs: impl IntoIterator<Item = Expr<'a>>) -> Result {
        exprs.into_iter().try_for_each(|expr| self.expression(expr))
    }

    fn push(&mut self, expr: Expr<'a>) {
        self.todo.push(Todo::Expr(expr));
    }

    /// Lets expressions be visited next, the first of them first.
    fn push_all<I>(&mut self, exprs: I)
    where
        I: IntoIterator<Item = Expr<'a>, IntoIter: DoubleEndedIterator>,
    {
        self.todo.extend(exprs.into_iter().rev().map(Todo::Expr));
    }

    /// Visits the node itself and lists its parts.
    fn expression_step(&mut self, expr: Expr<'a>) -> Result {
        match expr.kind {
            ExprKind::Constant(_) => {}
            ExprKind::Name(name) => self.name(name, expr.loc)?,
            ExprKind::BoolOp(node) => self.push_all(node.values.iter().copied()),
            ExprKind::NamedExpr(node) => self.named_expr(node, expr.loc)?,
            ExprKind::BinOp(node) => self.push_all([node.left, node.right]),
            ExprKind::UnaryOp(node) => self.push(node.operand),
            ExprKind::Lambda(node) => self.lambda(node, expr.loc)?,
            ExprKind::IfExp(node) => self.push_all([node.test, node.body, node.orelse]),
            ExprKind::Dict(node) => {
                self.push_all(node.values.iter().copied());
                self.push_all(node.keys.iter().copied().flatten());
            }
            ExprKind::Set(node) => self.push_all(node.elts.iter().copied()),
            ExprKind::ListComp(node) | ExprKind::SetComp(node) | ExprKind::GeneratorExp(node) => {
                let kind = match expr.kind {
                    ExprKind::ListComp(_) => ScopeKind::ListComp,
                    ExprKind::SetComp(_) => ScopeKind::SetComp,
                    _ => ScopeKind::GeneratorExp,
                };
                let generators = node.generators;
                let parts = Parts { kind, generators, value: None, element: node.elt, loc: expr.loc };
                self.comprehension(node, parts)?;
            }
            ExprKind::DictComp(node) => {
                let (kind, generators) = (ScopeKind::DictComp, node.generators);
                let parts =
                    Parts { kind, generators, value: Some(node.value), element: node.key, loc: expr.loc };
                self.comprehension(node, parts)?;
            }
            ExprKind::Await(node) => {
                self.check_await(expr.loc)?;
                self.todo.push(Todo::Awaited(expr.loc));
                self.push(node.value);
            }
            ExprKind::Yield(node) => self.yield_of(node.value, expr.loc)?,
            ExprKind::YieldFrom(node) => self.yield_of(Some(node.value), expr.loc)?,
            ExprKind::Compare(node) => {
                self.push_all(node.comparators.iter().copied());
                self.push(node.left);
            }
            ExprKind::Call(node) => {
                self.todo.push(Todo::Keywords(node.keywords));
                self.push_all(node.args.iter().copied());
                self.push(node.func);
            }
            ExprKind::FormattedValue(node) => {
                self.push_all([Some(node.value), node.format_spec].into_iter().flatten());
            }
            ExprKind::Interpolation(node) => {
                self.push_all([Some(node.value), node.format_spec].into_iter().flatten());
            }
            ExprKind::JoinedStr(node) => self.push_all(node.values.iter().copied()),
            ExprKind::TemplateStr(node) => self.push_all(node.values.iter().copied()),
            ExprKind::Attribute(node) => {
                self.check_name(node.attr, expr.loc, node.ctx)?;
                self.push(node.value);
            }
            ExprKind::Subscript(node) => self.push_all([node.value, node.slice]),
            ExprKind::Starred(node) => self.push(node.value),
            ExprKind::List(node) => self.push_all(node.elts.iter().copied()),
            ExprKind::Tuple(node) => self.push_all(node.elts.iter().copied()),
            ExprKind::Slice(node) => self.push_all([node.lower, node.upper, node.step].into_iter().flatten()),
        }
        Ok(())
    }

    fn name(&mut self, name: &Name<'a>, loc: Loc) -> Result {
        if self.here().unevaluated {
            return Ok(());
        }
        let is_load = name.ctx == ExprContext::Load;
        self.add(name.id, if is_load { USE } else { DEF_LOCAL }, loc, name.ctx)?;
        // `super()` finds its class in the cell `__class__`.
        if is_load && name.id == "super" && self.scope().kind.is_function_like() {
            self.mention("__class__", loc)?;
        }
        Ok(())
    }

    fn lambda(&mut self, node: &'a Lambda<'a>, loc: Loc) -> Result {
        self.options.stack.check()?;
        self.defaults(node.args)?;
        let scope = self.scope_of(node, Role::Body, ScopeKind::Lambda, Identifier::new("lambda"), loc);
        self.enter(scope);
        self.parameters(node.args)?;
        self.expression(node.body)?;
        self.exit();
        Ok(())
    }

    /// The defaults of parameters, which are evaluated outside of the function.
    pub(super) fn defaults(&mut self, args: &Arguments<'a>) -> Result {
        self.expressions(args.defaults.iter().copied())?;
        self.expressions(args.kw_defaults.iter().copied().flatten())
    }

    pub(super) fn parameters(&mut self, args: &Arguments<'a>) -> Result {
        for arg in [args.posonlyargs, args.args, args.kwonlyargs].into_iter().flatten() {
            self.define(arg.arg, DEF_PARAM, arg.loc)?;
        }
        if let Some(arg) = args.vararg {
            self.define(arg.arg, DEF_PARAM, arg.loc)?;
            self.scope().has_varargs = true;
        }
        if let Some(arg) = args.kwarg {
            self.define(arg.arg, DEF_PARAM, arg.loc)?;
            self.scope().has_varkeywords = true;
        }
        Ok(())
    }
}

// ---- yield and await ----

impl<'a> Builder<'a, '_> {
    fn yield_of(&mut self, value: Option<Expr<'a>>, loc: Loc) -> Result {
        self.check_not_lazy("yield expression", loc)?;
        self.todo.push(Todo::Yielded(loc));
        self.todo.extend(value.map(Todo::Expr));
        Ok(())
    }

    fn yielded(&mut self, loc: Loc) -> Result {
        self.scope().is_generator = true;
        let place = match self.scope().kind {
            ScopeKind::ListComp => "list comprehension",
            ScopeKind::SetComp => "set comprehension",
            ScopeKind::DictComp => "dict comprehension",
            ScopeKind::GeneratorExp => "generator expression",
            _ => return Ok(()),
        };
        self.error(loc, format!("'yield' inside {place}"))
    }

    fn check_await(&mut self, loc: Loc) -> Result {
        self.check_not_lazy("await expression", loc)?;
        if self.allows_top_level_await() {
            return Ok(());
        }
        let kind = self.scope().kind;
        if !kind.is_function_like() {
            return self.error(loc, "'await' outside function");
        }
        if !self.is_async_function() && !kind.is_comprehension() {
            return self.error(loc, "'await' outside async function");
        }
        Ok(())
    }
}

// ---- comprehensions and assignment expressions ----

impl<'a> Builder<'a, '_> {
    fn comprehension<T>(&mut self, node: &T, parts: Parts<'a>) -> Result {
        self.options.stack.check()?;
        let Some((first, others)) = parts.generators.split_first() else { return Ok(()) };
        self.iterable(first.iter)?;
        let scope = self.scope_of(node, Role::Body, parts.kind, scope_name(parts.kind), parts.loc);
        self.enter(scope);
        self.scope().is_coroutine = first.is_async;
        self.define(Identifier::new(".0"), DEF_PARAM, parts.loc)?;
        self.iteration_target(first.target)?;
        self.expressions(first.ifs.iter().copied())?;
        for generator in others {
            self.iteration_target(generator.target)?;
            self.iterable(generator.iter)?;
            self.expressions(generator.ifs.iter().copied())?;
            self.scope().is_coroutine |= generator.is_async;
        }
        self.expressions(parts.value)?;
        self.expression(parts.element)?;
        let is_generator = parts.kind == ScopeKind::GeneratorExp;
        self.scope().is_generator = is_generator;
        let is_async = self.scope().is_coroutine && !is_generator;
        self.exit();
        if is_async { self.await_comprehension(parts.loc) } else { Ok(()) }
    }

    /// An asynchronous comprehension is awaited by the scope around it.
    fn await_comprehension(&mut self, loc: Loc) -> Result {
        let kind = self.scope().kind;
        if !self.is_async_function() && !kind.is_comprehension() && !self.allows_top_level_await() {
            let message = "asynchronous comprehension outside of an asynchronous function";
            return self.error(loc, message);
        }
        self.awaits(AsyncConstruct::Comprehension, loc);
        Ok(())
    }

    /// Notes that the current scope suspends.
    pub(super) fn awaits(&mut self, construct: AsyncConstruct, loc: Loc) {
        let scope = self.scope();
        scope.is_coroutine = true;
        scope.awaits.get_or_insert((construct, loc));
    }

    fn iteration_target(&mut self, target: Expr<'a>) -> Result {
        self.here().iteration_target = true;
        self.expression(target)?;
        self.here().iteration_target = false;
        Ok(())
    }

    fn iterable(&mut self, iterable: Expr<'a>) -> Result {
        self.here().iterables += 1;
        self.expression(iterable)?;
        self.here().iterables -= 1;
        Ok(())
    }

    fn named_expr(&mut self, node: &NamedExpr<'a>, loc: Loc) -> Result {
        self.check_not_lazy("named expression", loc)?;
        if self.here().iterables > 0 {
            let message = "assignment expression cannot be used in a comprehension iterable expression";
            return self.error(loc, message);
        }
        if self.scope().kind.is_comprehension()
            && let ExprKind::Name(name) = node.target.kind
        {
            self.bind_outside_comprehensions(name.id, node.target.loc)?;
        }
        self.push_all([node.value, node.target]);
        Ok(())
    }

    /// An assignment expression in a comprehension binds in the function or module around all comprehensions.
    fn bind_outside_comprehensions(&mut self, name: Identifier<'a>, loc: Loc) -> Result {
        for at in (0..self.open.len()).rev() {
            let id = self.open[at].id;
            let scope = self.table.scope(id);
            let place = match scope.kind {
                kind if kind.is_comprehension() => {
                    let known = self.table.lookup(id, name).map_or(0, |symbol| symbol.flags);
                    if known & DEF_COMP_ITER != 0 && known & DEF_LOCAL != 0 {
                        let message = format!(
                            "assignment expression cannot rebind comprehension iteration variable '{name}'"
                        );
                        return self.error(loc, message);
                    }
                    continue;
                }
                ScopeKind::Function | ScopeKind::Lambda => {
                    let is_global = self.table.lookup(id, name).is_some_and(|symbol| symbol.is(DEF_GLOBAL));
                    self.define(name, if is_global { DEF_GLOBAL } else { DEF_NONLOCAL }, loc)?;
                    self.record_directive(name, loc);
                    return self.add_to(id, name, DEF_LOCAL, loc);
                }
                ScopeKind::Module => {
                    self.define(name, DEF_GLOBAL, loc)?;
                    self.record_directive(name, loc);
                    return self.add_to(id, name, DEF_GLOBAL, loc);
                }
                ScopeKind::Annotation => continue,
                ScopeKind::Class => "in a class body",
                ScopeKind::TypeParameters => "within the definition of a generic",
                ScopeKind::TypeAlias => "in a type alias",
                _ => "in a TypeVar bound",
            };
            let message = format!("assignment expression within a comprehension cannot be used {place}");
            return self.error(loc, message);
        }
        Ok(())
    }
}

fn scope_name(kind: ScopeKind) -> Identifier<'static> {
    Identifier::new(match kind {
        ScopeKind::ListComp => "listcomp",
        ScopeKind::SetComp => "setcomp",
        ScopeKind::DictComp => "dictcomp",
        _ => "genexpr",
    })
}
