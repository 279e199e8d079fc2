//! The first pass: which scopes there are, and how each name is bound and used in them.
//!
//! Statements are visited in source order, and of a statement the parts in the order in which CPython visits them: the
//! order decides which of several errors is reported, and in what order a scope lists its names. What an expression
//! evaluates where it stands belongs to the scope around (defaults, decorators, the first iterable of a
//! comprehension); the rest opens a scope.
//!
//! Expressions are visited with a list of what is still to be done, not by recursion, so that only nested *scopes* and
//! statements cost native stack.

mod expression;
mod statement;

use std::rc::Rc;

use ahash::AHashMap;
use pyx_grammar::ast::{ExprContext, Identifier, Keyword, Mod};
use pyx_grammar::{Bump, Loc, Locations, SyntaxError};

use super::flag::*;
use super::{Options, Role, Scope, ScopeId, ScopeKey, ScopeKind, SymbolTable, Symbols, mangle};
use crate::docstring::docstring;
use crate::error::error_at;
use expression::Todo;

type Result<T = ()> = std::result::Result<T, Box<SyntaxError>>;

/// Collects the scopes of a tree and their names.
pub(super) fn collect<'a>(
    module: Mod<'a>,
    arena: &'a Bump,
    locations: &Locations<'_>,
    options: Options,
) -> Result<SymbolTable<'a>> {
    let table = SymbolTable { arena, scopes: Vec::new(), by_node: AHashMap::new() };
    let mut builder =
        Builder { table, locations, options, open: Vec::new(), private: None, todo: Vec::new() };
    let top = builder.new_scope(ScopeKind::Module, Identifier::new("top"), None);
    builder.enter(top);
    match module {
        Mod::Module(module) => {
            builder.scope().has_docstring = docstring(module.body).is_some();
            builder.statements(module.body)?;
        }
        Mod::Interactive(module) => builder.statements(module.body)?,
        Mod::Expression(module) => builder.expression(module.body)?,
        // A signature comment is never run, only looked at.
        Mod::FunctionType(_) => {}
    }
    builder.exit();
    Ok(builder.table)
}

struct Builder<'a, 'l> {
    table: SymbolTable<'a>,
    locations: &'l Locations<'l>,
    options: Options,
    /// The scopes that are open, the innermost last.
    open: Vec<Open>,
    /// The class whose private names are mangled.
    private: Option<Identifier<'a>>,
    /// What is left to visit of the expressions that are open.
    todo: Vec<Todo<'a>>,
}

/// An open scope, and where in it the walk stands.
#[derive(Clone, Copy)]
struct Open {
    id: ScopeId,
    /// In the target of a comprehension.
    iteration_target: bool,
    /// In how many iterables of comprehensions, those of the scopes around included.
    iterables: u32,
    /// In a block that may not be executed.
    conditional: bool,
    /// In an annotation that is never evaluated: that of a function's local variable.
    unevaluated: bool,
    /// What of a type parameter this is, as error messages call it.
    part: &'static str,
}

// ---- scopes ----

impl<'a> Builder<'a, '_> {
    /// A scope inside the current one, not yet entered.
    fn new_scope(&mut self, kind: ScopeKind, name: Identifier<'a>, loc: Option<Loc>) -> ScopeId {
        let id = ScopeId(self.table.scopes.len() as u32);
        let parent = self.open.last().map(|open| open.id);
        let around = parent.map(|parent| self.table.scope(parent));
        let is_function = matches!(kind, ScopeKind::Function | ScopeKind::Lambda) || kind.is_comprehension();
        let scope = Scope {
            kind,
            name,
            loc,
            parent,
            children: Vec::new(),
            symbols: Symbols::default(),
            varnames: Vec::new(),
            annotations: None,
            private: self.private,
            mangled: None,
            nested: around.is_some_and(|around| around.nested || around.kind.is_function_like()),
            is_generator: false,
            is_coroutine: false,
            awaits: None,
            is_method: is_function && around.is_some_and(|around| around.kind == ScopeKind::Class),
            has_docstring: false,
            has_varargs: false,
            has_varkeywords: false,
            returns_value: false,
            inlined: false,
            needs_class_closure: false,
            needs_classdict: false,
            can_see_class_scope: false,
            annotations_used: false,
            has_conditional_annotations: false,
            directives: Vec::new(),
        };
        self.table.scopes.push(scope);
        id
    }

    /// A scope of a node, not yet entered.
    fn scope_of<T>(
        &mut self,
        node: &T,
        role: Role,
        kind: ScopeKind,
        name: Identifier<'a>,
        loc: Loc,
    ) -> ScopeId {
        let id = self.new_scope(kind, name, Some(loc));
        self.table.by_node.insert(ScopeKey::new(node, role), id);
        id
    }

    /// Makes a new scope the current one, and a child of the one around it.
    fn enter(&mut self, id: ScopeId) {
        let around = self.open.last().copied();
        self.reenter(id);
        let kind = self.scope().kind;
        let is_ignored = kind == ScopeKind::Annotation && self.has_future_annotations();
        if let Some(around) = around.filter(|_| !is_ignored) {
            self.table.scope_mut(around.id).children.push(id);
        }
        if matches!(kind, ScopeKind::Annotation | ScopeKind::TypeAlias | ScopeKind::TypeVariable) {
            let format = Identifier::new(".format");
            self.scope().symbols.entry(format).flags |= DEF_PARAM | USE;
            self.scope().varnames.push(format);
        }
    }

    /// Makes a scope the current one again.
    fn reenter(&mut self, id: ScopeId) {
        let around = self.open.last().copied();
        if let Some(around) = around
            && self.table.scope(id).kind != ScopeKind::Class
            && let Some(mangled) = self.table.scope(around.id).mangled.clone()
        {
            self.table.scope_mut(id).mangled = Some(mangled);
        }
        self.open.push(Open {
            id,
            iteration_target: false,
            iterables: around.map_or(0, |around| around.iterables),
            conditional: false,
            unevaluated: false,
            part: "",
        });
    }

    fn exit(&mut self) {
        self.open.pop();
    }

    /// The innermost open scope, and the walk's place in it.
    fn here(&mut self) -> &mut Open {
        self.open.last_mut().expect("the module's scope is open during the walk")
    }

    /// The innermost open scope.
    fn scope(&mut self) -> &mut Scope<'a> {
        let id = self.here().id;
        self.table.scope_mut(id)
    }

    fn has_future_annotations(&self) -> bool {
        self.options.future.flags & crate::bytecode::code::flags::FUTURE_ANNOTATIONS != 0
    }

    /// Inside a module that may await.
    fn allows_top_level_await(&mut self) -> bool {
        self.options.top_level_await && self.scope().kind == ScopeKind::Module
    }

    /// Directly inside an `async def`.
    fn is_async_function(&mut self) -> bool {
        let scope = self.scope();
        scope.is_coroutine && matches!(scope.kind, ScopeKind::Function | ScopeKind::Lambda)
    }
}

// ---- names ----

impl<'a> Builder<'a, '_> {
    /// The name as the current scope spells it.
    fn mangle(&mut self, name: Identifier<'a>) -> Identifier<'a> {
        let (arena, private) = (self.table.arena, self.private);
        if self.scope().mangles(name) { mangle(arena, private, name) } else { name }
    }

    /// What the current scope knows of the name so far.
    fn flags(&mut self, name: Identifier<'a>) -> u16 {
        let name = self.mangle(name);
        self.scope().symbols.get(name).map_or(0, |symbol| symbol.flags)
    }

    /// A binding.
    fn define(&mut self, name: Identifier<'a>, flags: u16, loc: Loc) -> Result {
        self.add(name, flags, loc, ExprContext::Store)
    }

    /// A use.
    fn mention(&mut self, name: &'static str, loc: Loc) -> Result {
        self.add(Identifier::new(name), USE, loc, ExprContext::Load)
    }

    /// Notes an occurrence of the name in the current scope.
    fn add(&mut self, name: Identifier<'a>, flags: u16, loc: Loc, context: ExprContext) -> Result {
        if flags & DEF_BOUND != 0 {
            self.check_name(name, loc, context)?;
        }
        if flags & DEF_TYPE_PARAM != 0
            && let Some(only) = &mut self.scope().mangled
        {
            Rc::make_mut(only).push(name);
        }
        let id = self.here().id;
        self.add_to(id, name, flags, loc)
    }

    /// Notes an occurrence of the name in an open scope.
    fn add_to(&mut self, id: ScopeId, name: Identifier<'a>, flags: u16, loc: Loc) -> Result {
        let mangled = self.mangle(name);
        let open = self.open.iter().rfind(|open| open.id == id);
        let is_iteration_target = open.is_some_and(|open| open.iteration_target);
        let symbol = self.table.scope_mut(id).symbols.entry(mangled);
        let known = symbol.flags;
        symbol.flags |= flags;
        let message = if flags & known & DEF_PARAM != 0 {
            format!("duplicate argument '{name}' in function definition")
        } else if flags & known & DEF_TYPE_PARAM != 0 {
            format!("duplicate type parameter '{name}'")
        } else if is_iteration_target && symbol.is(DEF_GLOBAL | DEF_NONLOCAL) {
            format!("comprehension inner loop cannot rebind assignment expression target '{name}'")
        } else {
            if is_iteration_target {
                symbol.flags |= DEF_COMP_ITER;
            }
            if flags & DEF_PARAM != 0 {
                self.table.scope_mut(id).varnames.push(mangled);
            } else if flags & DEF_GLOBAL != 0 {
                let top = self.table.top();
                self.table.scope_mut(top).symbols.entry(mangled).flags |= DEF_GLOBAL;
            }
            return Ok(());
        };
        self.error(loc, message)
    }

    /// Notes where a name was declared global or nonlocal.
    fn record_directive(&mut self, name: Identifier<'a>, loc: Loc) {
        let name = self.mangle(name);
        self.scope().directives.push((name, loc));
    }
}

// ---- checks ----

impl<'a> Builder<'a, '_> {
    fn error<T>(&self, loc: Loc, message: impl Into<String>) -> Result<T> {
        Err(error_at(self.locations, loc, message))
    }

    /// Nobody may bind `__debug__`.
    fn check_name(&self, name: Identifier<'a>, loc: Loc, context: ExprContext) -> Result {
        match context {
            ExprContext::Store if name == "__debug__" => self.error(loc, "cannot assign to __debug__"),
            ExprContext::Del if name == "__debug__" => self.error(loc, "cannot delete __debug__"),
            _ => Ok(()),
        }
    }

    fn check_keywords(&self, keywords: &[Keyword<'a>]) -> Result {
        keywords.iter().try_for_each(|keyword| match keyword.arg {
            Some(name) => self.check_name(name, keyword.loc, ExprContext::Store),
            None => Ok(()),
        })
    }

    /// Annotations and the like are evaluated lazily, so nothing in them may bind a name or suspend.
    fn check_not_lazy(&mut self, what: &str, loc: Loc) -> Result {
        let part = self.here().part;
        let place = match self.scope().kind {
            ScopeKind::Annotation => "within an annotation",
            ScopeKind::TypeVariable => {
                return self.error(loc, format!("{what} cannot be used within {part}"));
            }
            ScopeKind::TypeAlias => "within a type alias",
            ScopeKind::TypeParameters => "within the definition of a generic",
            _ => return Ok(()),
        };
        self.error(loc, format!("{what} cannot be used {place}"))
    }
}
