//! Whether a tree that a program made is one that source text could give.
//!
//! The compiler relies on what the grammar guarantees: bodies are not empty, targets are targets, what goes in pairs comes
//! in pairs. What this does not look at, the compiler's own checks find.

use pyx_grammar::ast::*;
use pyx_grammar::{Loc, Position};
use pyx_vm::exception::PyResult;
use pyx_vm::value::Ref;
use pyx_vm::vm::Thread;

use super::read::{Tree, check_constant};

/// ValueError or TypeError unless the tree is sound.
pub(crate) fn validate(vm: &Thread, root: Mod<'_>, tree: &Tree) -> PyResult<()> {
    let check = Validator { vm, tree };
    match root {
        Mod::Module(node) => check.statements(node.body),
        Mod::Interactive(node) => check.statements(node.body),
        Mod::Expression(node) => check.expr(node.body, ExprContext::Load),
        Mod::FunctionType(node) => {
            check.exprs(node.argtypes, ExprContext::Load)?;
            check.expr(node.returns, ExprContext::Load)
        }
    }
}

struct Validator<'v> {
    vm: &'v Thread,
    tree: &'v Tree,
}

use ExprContext::{Del, Load, Store};

impl Validator<'_> {
    fn wrong(&self, message: &str) -> PyResult<()> {
        Err(self.vm.value_error(message))
    }

    fn wrong_type(&self, message: &str) -> PyResult<()> {
        Err(self.vm.type_error(message))
    }

    fn not_empty<T>(&self, items: &[T], what: &str, owner: &str) -> PyResult<()> {
        if items.is_empty() { self.wrong(&format!("empty {what} on {owner}")) } else { Ok(()) }
    }

    fn location(&self, loc: Loc) -> PyResult<()> {
        let Some(place) = loc.index().map(|index| self.tree.positions[index as usize]) else { return Ok(()) };
        let Position { lineno, col_offset, end_lineno, end_col_offset } = place;
        if lineno > end_lineno {
            self.wrong(&format!("AST node line range ({lineno}, {end_lineno}) is not valid"))
        } else if lineno < 0 && end_lineno != lineno || col_offset < 0 && col_offset != end_col_offset {
            self.wrong(&format!(
                "AST node column range ({col_offset}, {end_col_offset}) for line range ({lineno}, {end_lineno}) is not valid"
            ))
        } else if lineno == end_lineno && col_offset > end_col_offset {
            self.wrong(&format!("line {lineno}, column {col_offset}-{end_col_offset} is not a valid range"))
        } else {
            Ok(())
        }
    }

    fn name(&self, name: Identifier<'_>) -> PyResult<()> {
        match name.as_bytes() {
            b"None" | b"True" | b"False" => {
                self.wrong(&format!("identifier field can't represent '{name}' constant"))
            }
            _ => Ok(()),
        }
    }

    // ---- statements ----

    fn body(&self, body: &[Stmt<'_>], owner: &str) -> PyResult<()> {
        self.not_empty(body, "body", owner)?;
        self.statements(body)
    }

    fn statements(&self, statements: &[Stmt<'_>]) -> PyResult<()> {
        statements.iter().try_for_each(|statement| self.statement(statement))
    }

    fn statement(&self, statement: &Stmt<'_>) -> PyResult<()> {
        self.vm.check_stack()?;
        self.location(statement.loc)?;
        let owner = statement.class();
        match statement.kind {
            StmtKind::FunctionDef(node) | StmtKind::AsyncFunctionDef(node) => {
                self.name(node.name)?;
                self.body(node.body, owner)?;
                self.type_params(node.type_params)?;
                self.arguments(node.args)?;
                self.exprs(node.decorator_list, Load)?;
                self.optional(node.returns, Load)
            }
            StmtKind::ClassDef(node) => {
                self.name(node.name)?;
                self.body(node.body, owner)?;
                self.type_params(node.type_params)?;
                self.exprs(node.bases, Load)?;
                self.keywords(node.keywords)?;
                self.exprs(node.decorator_list, Load)
            }
            StmtKind::Return(node) => self.optional(node.value, Load),
            StmtKind::Delete(node) => self.targets(node.targets, Del, owner),
            StmtKind::Assign(node) => {
                self.targets(node.targets, Store, owner)?;
                self.expr(node.value, Load)
            }
            StmtKind::TypeAlias(node) => {
                if !matches!(node.name.kind, ExprKind::Name(_)) {
                    return self.wrong_type("TypeAlias with non-Name name");
                }
                self.expr(node.name, Store)?;
                self.type_params(node.type_params)?;
                self.expr(node.value, Load)
            }
            StmtKind::AugAssign(node) => {
                self.expr(node.target, Store)?;
                self.expr(node.value, Load)
            }
            StmtKind::AnnAssign(node) => {
                if node.simple && !matches!(node.target.kind, ExprKind::Name(_)) {
                    return self.wrong_type("AnnAssign with simple non-Name target");
                }
                self.expr(node.target, Store)?;
                self.optional(node.value, Load)?;
                self.expr(node.annotation, Load)
            }
            StmtKind::For(node) | StmtKind::AsyncFor(node) => {
                self.expr(node.target, Store)?;
                self.expr(node.iter, Load)?;
                self.body(node.body, owner)?;
                self.statements(node.orelse)
            }
            StmtKind::While(node) => {
                self.expr(node.test, Load)?;
                self.body(node.body, owner)?;
                self.statements(node.orelse)
            }
            StmtKind::If(node) => {
                self.expr(node.test, Load)?;
                self.body(node.body, owner)?;
                self.statements(node.orelse)
            }
            StmtKind::With(node) | StmtKind::AsyncWith(node) => {
                self.not_empty(node.items, "items", owner)?;
                for item in node.items {
                    self.expr(item.context_expr, Load)?;
                    self.optional(item.optional_vars, Store)?;
                }
                self.body(node.body, owner)
            }
            StmtKind::Match(node) => {
                self.expr(node.subject, Load)?;
                self.not_empty(node.cases, "cases", owner)?;
                node.cases.iter().try_for_each(|case| {
                    self.pattern(&case.pattern, false)?;
                    self.optional(case.guard, Load)?;
                    self.body(case.body, "match_case")
                })
            }
            StmtKind::Raise(node) => match (node.exc, node.cause) {
                (None, Some(_)) => self.wrong("Raise with cause but no exception"),
                (exc, cause) => {
                    self.optional(exc, Load)?;
                    self.optional(cause, Load)
                }
            },
            StmtKind::Try(node) | StmtKind::TryStar(node) => self.try_(node, owner),
            StmtKind::Assert(node) => {
                self.expr(node.test, Load)?;
                self.optional(node.msg, Load)
            }
            StmtKind::Import(node) => self.aliases(node.names, owner),
            StmtKind::ImportFrom(node) if node.level < 0 => self.wrong("Negative ImportFrom level"),
            StmtKind::ImportFrom(node) => self.aliases(node.names, owner),
            StmtKind::Global(node) => self.not_empty(node.names, "names", owner),
            StmtKind::Nonlocal(node) => self.not_empty(node.names, "names", owner),
            StmtKind::Expr(node) => self.expr(node.value, Load),
            StmtKind::Pass | StmtKind::Break | StmtKind::Continue => Ok(()),
        }
    }

    fn aliases(&self, names: &[Alias<'_>], owner: &str) -> PyResult<()> {
        self.not_empty(names, "names", owner)?;
        names.iter().try_for_each(|alias| self.name(alias.asname.unwrap_or(alias.name)))
    }

    fn try_(&self, node: &Try<'_>, owner: &str) -> PyResult<()> {
        self.body(node.body, owner)?;
        if node.handlers.is_empty() && node.finalbody.is_empty() {
            return self.wrong(&format!("{owner} has neither except handlers nor finalbody"));
        }
        if node.handlers.is_empty() && !node.orelse.is_empty() {
            return self.wrong(&format!("{owner} has orelse but no except handlers"));
        }
        for handler in node.handlers {
            self.location(handler.loc)?;
            self.optional(handler.type_, Load)?;
            handler.name.map_or(Ok(()), |name| self.name(name))?;
            self.body(handler.body, "ExceptHandler")?;
        }
        self.statements(node.finalbody)?;
        self.statements(node.orelse)
    }

    fn type_params(&self, params: &[TypeParam<'_>]) -> PyResult<()> {
        params.iter().try_for_each(|param| {
            self.location(param.loc)?;
            let (name, bound, default) = match param.kind {
                TypeParamKind::TypeVar(node) => (node.name, node.bound, node.default_value),
                TypeParamKind::ParamSpec(node) => (node.name, None, node.default_value),
                TypeParamKind::TypeVarTuple(node) => (node.name, None, node.default_value),
            };
            self.name(name)?;
            self.optional(bound, Load)?;
            self.optional(default, Load)
        })
    }

    fn arguments(&self, node: &Arguments<'_>) -> PyResult<()> {
        let annotated = |args: &[Arg<'_>]| {
            args.iter().try_for_each(|arg| {
                self.location(arg.loc)?;
                self.optional(arg.annotation, Load)
            })
        };
        annotated(node.posonlyargs)?;
        annotated(node.args)?;
        annotated(node.vararg.as_slice())?;
        annotated(node.kwonlyargs)?;
        annotated(node.kwarg.as_slice())?;
        if node.defaults.len() > node.posonlyargs.len() + node.args.len() {
            return self.wrong("more positional defaults than args on arguments");
        }
        if node.kw_defaults.len() != node.kwonlyargs.len() {
            return self.wrong("length of kwonlyargs is not the same as kw_defaults on arguments");
        }
        self.exprs(node.defaults, Load)?;
        node.kw_defaults.iter().try_for_each(|default| self.optional(*default, Load))
    }

    fn keywords(&self, keywords: &[Keyword<'_>]) -> PyResult<()> {
        keywords.iter().try_for_each(|keyword| self.expr(keyword.value, Load))
    }

    // ---- expressions ----

    fn targets(&self, targets: &[Expr<'_>], context: ExprContext, owner: &str) -> PyResult<()> {
        self.not_empty(targets, "targets", owner)?;
        self.exprs(targets, context)
    }

    fn exprs(&self, exprs: &[Expr<'_>], context: ExprContext) -> PyResult<()> {
        exprs.iter().try_for_each(|expr| self.expr(*expr, context))
    }

    fn optional(&self, expr: Option<Expr<'_>>, context: ExprContext) -> PyResult<()> {
        expr.map_or(Ok(()), |expr| self.expr(expr, context))
    }

    fn expr(&self, expr: Expr<'_>, context: ExprContext) -> PyResult<()> {
        self.vm.check_stack()?;
        self.location(expr.loc)?;
        self.context(expr, context)?;
        match expr.kind {
            ExprKind::BoolOp(node) if node.values.len() < 2 => self.wrong("BoolOp with less than 2 values"),
            ExprKind::BoolOp(node) => self.exprs(node.values, Load),
            ExprKind::NamedExpr(node) if !matches!(node.target.kind, ExprKind::Name(_)) => {
                self.wrong_type("NamedExpr target must be a Name")
            }
            ExprKind::NamedExpr(node) => self.expr(node.value, Load),
            ExprKind::BinOp(node) => {
                self.expr(node.left, Load)?;
                self.expr(node.right, Load)
            }
            ExprKind::UnaryOp(node) => self.expr(node.operand, Load),
            ExprKind::Lambda(node) => {
                self.arguments(node.args)?;
                self.expr(node.body, Load)
            }
            ExprKind::IfExp(node) => {
                self.expr(node.test, Load)?;
                self.expr(node.body, Load)?;
                self.expr(node.orelse, Load)
            }
            ExprKind::Dict(node) if node.keys.len() != node.values.len() => {
                self.wrong("Dict doesn't have the same number of keys as values")
            }
            ExprKind::Dict(node) => {
                node.keys.iter().try_for_each(|key| self.optional(*key, Load))?;
                self.exprs(node.values, Load)
            }
            ExprKind::Set(node) => self.exprs(node.elts, Load),
            ExprKind::ListComp(node) | ExprKind::SetComp(node) | ExprKind::GeneratorExp(node) => {
                self.comprehensions(node.generators)?;
                self.expr(node.elt, Load)
            }
            ExprKind::DictComp(node) => {
                self.comprehensions(node.generators)?;
                self.expr(node.key, Load)?;
                self.expr(node.value, Load)
            }
            ExprKind::Await(node) => self.expr(node.value, Load),
            ExprKind::Yield(node) => self.optional(node.value, Load),
            ExprKind::YieldFrom(node) => self.expr(node.value, Load),
            ExprKind::Compare(node) => self.compare(node),
            ExprKind::Call(node) => {
                self.expr(node.func, Load)?;
                self.exprs(node.args, Load)?;
                self.keywords(node.keywords)
            }
            ExprKind::FormattedValue(node) => {
                self.expr(node.value, Load)?;
                self.optional(node.format_spec, Load)
            }
            ExprKind::Interpolation(node) => {
                self.constant(node.str)?;
                self.expr(node.value, Load)?;
                self.optional(node.format_spec, Load)
            }
            ExprKind::JoinedStr(node) => self.exprs(node.values, Load),
            ExprKind::TemplateStr(node) => self.exprs(node.values, Load),
            ExprKind::Constant(node) => self.constant(node.value),
            ExprKind::Attribute(node) => self.expr(node.value, Load),
            ExprKind::Subscript(node) => {
                self.expr(node.slice, Load)?;
                self.expr(node.value, Load)
            }
            ExprKind::Starred(node) => self.expr(node.value, context),
            ExprKind::Name(node) => self.name(node.id),
            ExprKind::List(node) => self.exprs(node.elts, context),
            ExprKind::Tuple(node) => self.exprs(node.elts, context),
            ExprKind::Slice(node) => {
                self.optional(node.lower, Load)?;
                self.optional(node.upper, Load)?;
                self.optional(node.step, Load)
            }
        }
    }

    /// What an expression is there for must be what its node says, and what expressions of its class are there for.
    fn context(&self, expr: Expr<'_>, wanted: ExprContext) -> PyResult<()> {
        let actual = match expr.kind {
            ExprKind::Attribute(node) => node.ctx,
            ExprKind::Subscript(node) => node.ctx,
            ExprKind::Starred(node) => node.ctx,
            ExprKind::Name(node) => node.ctx,
            ExprKind::List(node) => node.ctx,
            ExprKind::Tuple(node) => node.ctx,
            _ if wanted == Load => return Ok(()),
            _ => {
                let wanted = wanted.class();
                return self.wrong(&format!("expression which can't be assigned to in {wanted} context"));
            }
        };
        if actual == wanted {
            return Ok(());
        }
        let (wanted, actual) = (wanted.class(), actual.class());
        self.wrong(&format!("expression must have {wanted} context but has {actual} instead"))
    }

    fn comprehensions(&self, generators: &[Comprehension<'_>]) -> PyResult<()> {
        if generators.is_empty() {
            return self.wrong("comprehension with no generators");
        }
        generators.iter().try_for_each(|node| {
            self.expr(node.target, Store)?;
            self.expr(node.iter, Load)?;
            self.exprs(node.ifs, Load)
        })
    }

    fn compare(&self, node: &Compare<'_>) -> PyResult<()> {
        if node.comparators.is_empty() {
            return self.wrong("Compare with no comparators");
        }
        if node.comparators.len() != node.ops.len() {
            return self.wrong("Compare has a different number of comparators and operands");
        }
        self.exprs(node.comparators, Load)?;
        self.expr(node.left, Load)
    }

    fn constant(&self, value: ConstantValue<'_>) -> PyResult<()> {
        match value {
            ConstantValue::Object(index) => check_constant(self.vm, self.object(index)),
            _ => Ok(()),
        }
    }

    fn object(&self, index: u32) -> Ref<'_> {
        self.tree.objects[index as usize].borrow()
    }

    // ---- patterns ----

    fn patterns(&self, patterns: &[Pattern<'_>], star_ok: bool) -> PyResult<()> {
        patterns.iter().try_for_each(|pattern| self.pattern(pattern, star_ok))
    }

    fn pattern(&self, pattern: &Pattern<'_>, star_ok: bool) -> PyResult<()> {
        self.vm.check_stack()?;
        self.location(pattern.loc)?;
        match pattern.kind {
            PatternKind::MatchValue(node) => self.pattern_value(node.value),
            PatternKind::MatchSingleton(node) => match node.value {
                ConstantValue::None | ConstantValue::True | ConstantValue::False => Ok(()),
                _ => self.wrong("MatchSingleton can only contain True, False and None"),
            },
            PatternKind::MatchSequence(node) => self.patterns(node.patterns, true),
            PatternKind::MatchMapping(node) => self.mapping_pattern(node),
            PatternKind::MatchClass(node) => self.class_pattern(node),
            PatternKind::MatchStar(_) if !star_ok => self.wrong("can't use MatchStar here"),
            PatternKind::MatchStar(node) => node.name.map_or(Ok(()), |name| self.capture(name)),
            PatternKind::MatchAs(node) => {
                node.name.map_or(Ok(()), |name| self.capture(name))?;
                match (node.pattern, node.name) {
                    (None, _) => Ok(()),
                    (Some(_), None) => self.wrong("MatchAs must specify a target name if a pattern is given"),
                    (Some(pattern), Some(_)) => self.pattern(&pattern, false),
                }
            }
            PatternKind::MatchOr(node) if node.patterns.len() < 2 => {
                self.wrong("MatchOr requires at least 2 patterns")
            }
            PatternKind::MatchOr(node) => self.patterns(node.patterns, false),
        }
    }

    fn mapping_pattern(&self, node: &MatchMapping<'_>) -> PyResult<()> {
        if node.keys.len() != node.patterns.len() {
            return self.wrong("MatchMapping doesn't have the same number of keys as patterns");
        }
        node.rest.map_or(Ok(()), |rest| self.capture(rest))?;
        for key in node.keys {
            let is_singleton = matches!(
                key.kind,
                ExprKind::Constant(Constant {
                    value: ConstantValue::None | ConstantValue::True | ConstantValue::False,
                    ..
                })
            );
            if !is_singleton {
                self.pattern_value(*key)?;
            }
        }
        self.patterns(node.patterns, false)
    }

    fn class_pattern(&self, node: &MatchClass<'_>) -> PyResult<()> {
        if node.kwd_attrs.len() != node.kwd_patterns.len() {
            return self.wrong("MatchClass doesn't have the same number of keyword attributes as patterns");
        }
        self.expr(node.cls, Load)?;
        let mut class = node.cls;
        while let ExprKind::Attribute(node) = class.kind {
            class = node.value;
        }
        if !matches!(class.kind, ExprKind::Name(_)) {
            return self.wrong("MatchClass cls field can only contain Name or Attribute nodes.");
        }
        node.kwd_attrs.iter().try_for_each(|name| self.name(*name))?;
        self.patterns(node.patterns, false)?;
        self.patterns(node.kwd_patterns, false)
    }

    fn capture(&self, name: Identifier<'_>) -> PyResult<()> {
        if name == "_" {
            return self.wrong("can't capture name '_' in patterns");
        }
        self.name(name)
    }

    /// What a value pattern compares with: a literal, a signed or complex number, or an attribute.
    fn pattern_value(&self, expr: Expr<'_>) -> PyResult<()> {
        self.expr(expr, Load)?;
        let literal = match expr.kind {
            ExprKind::Constant(node) => {
                let is_literal = match node.value {
                    ConstantValue::None
                    | ConstantValue::True
                    | ConstantValue::False
                    | ConstantValue::Ellipsis => false,
                    ConstantValue::Object(index) => self.is_number(self.object(index), Part::Any),
                    _ => true,
                };
                if !is_literal {
                    return self.wrong("unexpected constant inside of a literal pattern");
                }
                true
            }
            // An f-string is the compiler's to refuse.
            ExprKind::Attribute(_) | ExprKind::JoinedStr(_) | ExprKind::TemplateStr(_) => true,
            ExprKind::UnaryOp(_) => self.is_signed(expr, Part::Any),
            ExprKind::BinOp(node) => {
                matches!(node.op, Operator::Add | Operator::Sub)
                    && self.is_signed(node.left, Part::Real)
                    && self.is_literal_number(node.right, Part::Imaginary)
            }
            _ => false,
        };
        if literal { Ok(()) } else { self.wrong("patterns may only match literals and attribute lookups") }
    }

    /// A number, possibly with a minus in front.
    fn is_signed(&self, expr: Expr<'_>, part: Part) -> bool {
        match expr.kind {
            ExprKind::UnaryOp(node) => {
                node.op == UnaryOperator::USub && self.is_literal_number(node.operand, part)
            }
            _ => part == Part::Real && self.is_literal_number(expr, part),
        }
    }

    fn is_literal_number(&self, expr: Expr<'_>, part: Part) -> bool {
        let ExprKind::Constant(node) = expr.kind else { return false };
        match node.value {
            ConstantValue::Int(_) | ConstantValue::BigInt(_) | ConstantValue::Float(_) => {
                part != Part::Imaginary
            }
            ConstantValue::Complex(_) => part != Part::Real,
            ConstantValue::Object(index) => self.is_number(self.object(index), part),
            _ => false,
        }
    }

    fn is_number(&self, value: Ref<'_>, part: Part) -> bool {
        let types = self.vm.types();
        let class = self.vm.class(value);
        let is_real = class.is(types.int.borrow()) || class.is(types.float.borrow());
        let is_imaginary = class.is(types.complex.borrow());
        match part {
            Part::Real => is_real,
            Part::Imaginary => is_imaginary,
            Part::Any => is_real || is_imaginary,
        }
    }
}

/// Which numbers a pattern allows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Real,
    Imaginary,
    Any,
}
