//! The second pass: what each name means.
//!
//! A name that a scope binds is local to it, or a cell if an inner function needs it; one that it does not bind is free if
//! a function around binds it, else global. The walk goes down with what the functions around bind ([`Visible`]) and
//! comes back up with the names that inner scopes need from outside.
//!
//! Class bodies bind nothing for the functions inside them, but for `__class__` and its like. Annotation scopes and type
//! parameters inside a class do see its names, through its namespace at run time: there a name of the class is
//! "global", whatever functions around may bind.

use ahash::{AHashMap, AHashSet};
use pyx_grammar::ast::Identifier;
use pyx_grammar::{Locations, SyntaxError};

use super::flag::*;
use super::{Meaning, ScopeId, ScopeKind, Symbol, SymbolTable};
use crate::error::error_at;
use crate::stack::StackLimit;

/// Names that a class offers to its methods in cells.
const CLASS_CELLS: [&str; 3] = ["__class__", "__classdict__", "__conditional_annotations__"];

type Result<T = ()> = std::result::Result<T, Box<SyntaxError>>;

type Names<'a> = AHashSet<Identifier<'a>>;

/// Decides the meaning of all symbols of a collected table.
pub(super) fn analyze(table: &mut SymbolTable<'_>, locations: &Locations<'_>, stack: StackLimit) -> Result {
    let top = table.top();
    Analyzer { table, locations, stack, visible: Visible::default() }.scope(top, None).map(drop)
}

struct Analyzer<'t, 'a, 'l> {
    table: &'t mut SymbolTable<'a>,
    locations: &'l Locations<'l>,
    stack: StackLimit,
    visible: Visible<'a>,
}

/// What the scopes around say of each name; the last entry counts.
#[derive(Default)]
struct Visible<'a>(AHashMap<Identifier<'a>, Vec<View>>);

#[derive(Clone, Copy, Default)]
struct View {
    /// A function around binds it.
    bound: bool,
    /// The nearest binding is a type parameter.
    type_param: bool,
}

impl<'a> Visible<'a> {
    fn get(&self, name: Identifier<'a>) -> View {
        self.0.get(&name).and_then(|views| views.last()).copied().unwrap_or_default()
    }

    fn push(&mut self, name: Identifier<'a>, view: View) {
        self.0.entry(name).or_default().push(view);
    }

    fn pop(&mut self, name: Identifier<'a>) {
        if let Some(views) = self.0.get_mut(&name) {
            views.pop();
        }
    }
}

impl<'a> Analyzer<'_, 'a, '_> {
    /// Decides the names of a scope and of those inside it; the result is the names that they need from outside. `class`
    /// is the class whose names the scope can see.
    fn scope(&mut self, id: ScopeId, class: Option<ScopeId>) -> Result<Names<'a>> {
        self.stack.check()?;
        let mut free = self.decide_names(id, class)?;
        let children = std::mem::take(&mut self.table.scope_mut(id).children);
        let shown = if children.is_empty() { Vec::new() } else { self.show(id) };
        let mut from_children = Names::default();
        let mut inlined_cells = Names::default();
        for &child in &children {
            let class = self.class_for_child(id, child, class);
            let mut needed = self.scope(child, class)?;
            if self.is_inlined_into(child, id) {
                self.table.scope_mut(child).inlined = true;
                self.inline(child, id, &mut needed, &mut inlined_cells);
            }
            from_children.extend(needed);
        }
        for name in shown {
            self.visible.pop(name);
        }
        self.table.scope_mut(id).children = self.splice(children);
        self.make_cells(id, &mut from_children, &inlined_cells);
        self.record_free(id, &from_children);
        free.extend(from_children);
        Ok(free)
    }

    /// The meaning of each symbol, as far as this scope and those around decide it; the result is the free ones.
    fn decide_names(&mut self, id: ScopeId, class: Option<ScopeId>) -> Result<Names<'a>> {
        let mut free = Names::default();
        for at in 0..self.table.scope(id).symbols.len() {
            let symbol = self.table.scope(id).symbols.list[at];
            let meaning = self.meaning(id, symbol, class)?;
            let symbols = &mut self.table.scope_mut(id).symbols;
            symbols.list[at].meaning = meaning;
            if meaning == Meaning::Free {
                free.insert(symbol.name);
            } else if class.is_some() && symbol.name == "__classdict__" {
                // The class binds it itself, but its names are seen through the cell of this name all the same.
                symbols.implicit.push(Symbol { meaning: Meaning::Free, ..symbol });
                free.insert(symbol.name);
            }
        }
        Ok(free)
    }

    fn meaning(&self, id: ScopeId, symbol: Symbol<'a>, class: Option<ScopeId>) -> Result<Meaning> {
        let name = symbol.name;
        if symbol.is(DEF_GLOBAL) {
            if symbol.is(DEF_NONLOCAL) {
                return self.directive_error(id, name, format!("name '{name}' is nonlocal and global"));
            }
            return Ok(Meaning::GlobalExplicit);
        }
        if symbol.is(DEF_NONLOCAL) {
            return self.check_nonlocal(id, name).map(|()| Meaning::Free);
        }
        if symbol.is(DEF_BOUND) {
            return Ok(Meaning::Local);
        }
        if let Some(of_class) = class.and_then(|class| self.table.scope(class).symbols.get(name)) {
            if of_class.is(DEF_GLOBAL) {
                return Ok(Meaning::GlobalExplicit);
            }
            if of_class.is(DEF_BOUND) && !of_class.is(DEF_NONLOCAL) {
                return Ok(Meaning::GlobalImplicit);
            }
        }
        Ok(if self.visible.get(name).bound { Meaning::Free } else { Meaning::GlobalImplicit })
    }

    fn check_nonlocal(&self, id: ScopeId, name: Identifier<'a>) -> Result {
        let view = self.visible.get(name);
        let message = if id == self.table.top() {
            "nonlocal declaration not allowed at module level".to_owned()
        } else if !view.bound {
            format!("no binding for nonlocal '{name}' found")
        } else if view.type_param {
            format!("nonlocal binding not allowed for type parameter '{name}'")
        } else {
            return Ok(());
        };
        self.directive_error(id, name, message)
    }

    /// An error at the `global` or `nonlocal` statement that names the name first.
    fn directive_error<T>(&self, id: ScopeId, name: Identifier<'a>, message: String) -> Result<T> {
        let directives = &self.table.scope(id).directives;
        let declared = directives.iter().find(|(declared, _)| *declared == name);
        let (_, loc) = declared.expect("a declared name has its directive");
        Err(error_at(self.locations, *loc, message))
    }

    /// Makes the names of a scope visible to its children; the result is what is to be taken back afterwards.
    fn show(&mut self, id: ScopeId) -> Vec<Identifier<'a>> {
        let scope = self.table.scope(id);
        let mut shown = Vec::new();
        if scope.kind == ScopeKind::Module {
            return shown;
        }
        let is_class = scope.kind == ScopeKind::Class;
        for symbol in &scope.symbols {
            let outer = self.visible.get(symbol.name);
            let view = if symbol.is(DEF_GLOBAL) {
                View { bound: outer.bound && is_class, ..outer }
            } else if symbol.is(DEF_BOUND) && !symbol.is(DEF_NONLOCAL) {
                View { bound: outer.bound || !is_class, type_param: symbol.is(DEF_TYPE_PARAM) }
            } else {
                continue;
            };
            self.visible.push(symbol.name, view);
            shown.push(symbol.name);
        }
        for name in CLASS_CELLS.map(Identifier::new).into_iter().filter(|_| is_class) {
            let outer = self.visible.get(name);
            self.visible.push(name, View { bound: true, ..outer });
            shown.push(name);
        }
        shown
    }

    fn class_for_child(&self, id: ScopeId, child: ScopeId, class: Option<ScopeId>) -> Option<ScopeId> {
        let sees_class = self.table.scope(child).can_see_class_scope;
        match self.table.scope(id).kind {
            _ if !sees_class => None,
            ScopeKind::Class => Some(id),
            _ => class,
        }
    }

    /// All comprehensions are inlined but generator expressions, and those in annotation scopes inside classes.
    fn is_inlined_into(&self, child: ScopeId, id: ScopeId) -> bool {
        let kind = self.table.scope(child).kind;
        kind.is_comprehension()
            && kind != ScopeKind::GeneratorExp
            && !self.table.scope(id).can_see_class_scope
    }

    /// Takes the names of an inlined comprehension into the scope around it. Of the names in `needed`, those that are
    /// locals there need no cell, unless a function inside the comprehension uses them.
    fn inline(&mut self, comp: ScopeId, id: ScopeId, needed: &mut Names<'a>, inlined_cells: &mut Names<'a>) {
        let in_class = self.table.scope(id).kind == ScopeKind::Class;
        for at in 0..self.table.scope(comp).symbols.len() {
            let mut symbol = self.table.scope(comp).symbols.list[at];
            if symbol.is(DEF_PARAM) {
                continue;
            }
            if symbol.meaning == Meaning::Cell || symbol.is(DEF_COMP_CELL) {
                inlined_cells.insert(symbol.name);
            }
            let is_used_inside = self.is_free_in_any_child(comp, symbol.name);
            if symbol.meaning == Meaning::Free
                && in_class
                && CLASS_CELLS.iter().any(|cell| symbol.name == *cell)
            {
                // Not even the class's own code reads these from the cells, only functions inside do.
                symbol.meaning = Meaning::GlobalImplicit;
                self.table.scope_mut(comp).symbols.list[at].meaning = symbol.meaning;
                if !is_used_inside {
                    needed.remove(&symbol.name);
                }
            }
            let scope = self.table.scope_mut(id);
            match scope.symbols.get(symbol.name) {
                None => {
                    symbol.flags |= DEF_INLINED;
                    *scope.symbols.entry(symbol.name) = symbol;
                }
                Some(outer) if outer.is(DEF_BOUND) && !in_class => {
                    if !is_used_inside {
                        needed.remove(&symbol.name);
                    }
                }
                Some(_) => {}
            }
        }
    }

    fn is_free_in_any_child(&self, id: ScopeId, name: Identifier<'a>) -> bool {
        self.table.scope(id).children.iter().any(|&child| {
            self.table.scope(child).symbols.get(name).is_some_and(|symbol| symbol.meaning == Meaning::Free)
        })
    }

    /// The children, those of inlined comprehensions in the place of the comprehensions.
    fn splice(&self, children: Vec<ScopeId>) -> Vec<ScopeId> {
        let inlined = |child: &ScopeId| self.table.scope(*child).inlined;
        if !children.iter().any(inlined) {
            return children;
        }
        let mut spliced = Vec::new();
        for child in children {
            if inlined(&child) {
                spliced.extend(&self.table.scope(child).children);
            } else {
                spliced.push(child);
            }
        }
        spliced
    }

    /// Locals that inner scopes need become cells; those that the class offers are asked of it.
    fn make_cells(&mut self, id: ScopeId, needed: &mut Names<'a>, inlined_cells: &Names<'a>) {
        let scope = self.table.scope_mut(id);
        if scope.kind == ScopeKind::Class {
            let mut take = |name| needed.remove(&Identifier::new(name));
            scope.needs_class_closure |= take(CLASS_CELLS[0]);
            scope.needs_classdict |= take(CLASS_CELLS[1]);
            scope.has_conditional_annotations |= take(CLASS_CELLS[2]);
        }
        let is_function = scope.kind.is_function_like();
        for symbol in &mut scope.symbols.list {
            let in_comprehension = inlined_cells.contains(&symbol.name);
            if is_function && symbol.meaning == Meaning::Local {
                let is_needed = needed.remove(&symbol.name);
                if is_needed {
                    symbol.flags &= !DEF_INLINED;
                }
                if is_needed || in_comprehension {
                    symbol.meaning = Meaning::Cell;
                }
            }
            if in_comprehension {
                symbol.flags |= DEF_COMP_CELL;
            }
        }
    }

    /// Free names of inner scopes are free here too, on their way to whoever binds them.
    fn record_free(&mut self, id: ScopeId, needed: &Names<'a>) {
        let scope = self.table.scope_mut(id);
        let marks_class = scope.kind == ScopeKind::Class || scope.can_see_class_scope;
        let mut passing = Vec::new();
        for &name in needed {
            match scope.symbols.get_mut(name) {
                Some(symbol) if marks_class => symbol.flags |= DEF_FREE_CLASS,
                Some(_) => {}
                None if self.visible.get(name).bound => passing.push(name),
                None => {}
            }
        }
        passing.sort_unstable();
        for name in passing {
            scope.symbols.entry(name).meaning = Meaning::Free;
        }
    }
}
