//! The symbol table: which scopes a tree has, and what each name means in each of them.
//!
//! [`SymbolTable::build`] walks the tree once and notes for every scope which names are bound and used there and how
//! ([`build`]); then it walks the scopes and decides for every name whether it is local, global, free or a cell, and which
//! comprehensions are inlined into the scope around them, PEP 709 ([`analyze`]). Most of the errors about names are found
//! on the way.
//!
//! The code generator meets the nodes of the same tree again and asks for their scopes by [`ScopeKey`]: the address of
//! the node in the arena, and which of its scopes is meant. A function definition, for one, may have three: its body, its
//! annotations (`__annotate__`), and its type parameters.
//!
//! Names are stored *mangled* (`__x` in `class C` is `_C__x`), and are looked up mangled: [`SymbolTable::mangle`].

mod analyze;
mod build;
mod mangle;
#[cfg(test)]
mod tests;

use std::rc::Rc;

use ahash::AHashMap;
use pyx_grammar::ast::{Identifier, Mod};
use pyx_grammar::{Bump, Loc, Locations, SyntaxError};

pub use mangle::mangle;

use crate::bytecode::code::AsyncConstruct;
use crate::future::Features;
use crate::stack::StackLimit;

/// What the passes need to know beside the tree.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// The module's future statements; features inherited through `compile()` are added to their flags.
    pub future: Features,
    /// `await` outside of functions makes the module a coroutine (`PyCF_ALLOW_TOP_LEVEL_AWAIT`).
    pub top_level_await: bool,
    /// How deep the walk may recurse.
    pub stack: StackLimit,
}

/// The scopes of one tree.
#[derive(Debug)]
pub struct SymbolTable<'a> {
    arena: &'a Bump,
    scopes: Vec<Scope<'a>>,
    by_node: AHashMap<ScopeKey, ScopeId>,
}

/// A scope of a [`SymbolTable`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ScopeId(u32);

/// A node of the tree, and which of its scopes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ScopeKey {
    address: usize,
    role: Role,
}

/// Which scope of a node is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// The body of a function, class, lambda or comprehension; the value of a type alias.
    Body,
    /// The annotations of a function's parameters and result: its `__annotate__`. Every function has this scope, also
    /// when there are none.
    Annotations,
    /// The scope around a generic function, class or type alias that binds its type parameters.
    TypeParameters,
    /// The bound or constraints of a type variable.
    Bound,
    /// The default of a type parameter.
    Default,
}

impl ScopeKey {
    /// The scope of an arena node, which is one of: `FunctionDef`, `ClassDef`, `Lambda`, `Comp`, `DictComp`, `TypeAlias`,
    /// `TypeVar`, `ParamSpec`, `TypeVarTuple`.
    pub fn new<T>(node: &T, role: Role) -> Self {
        Self { address: std::ptr::from_ref(node).addr(), role }
    }
}

/// What kind of block a scope is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ScopeKind {
    /// A module, an interactive statement, or a lone expression.
    Module,
    /// A class body.
    Class,
    /// The body of a `def`.
    Function,
    /// A lambda.
    Lambda,
    /// A list comprehension.
    ListComp,
    /// A set comprehension.
    SetComp,
    /// A dict comprehension.
    DictComp,
    /// A generator expression.
    GeneratorExp,
    /// Annotations, evaluated lazily by `__annotate__` (PEP 649), or not at all.
    Annotation,
    /// The value of a `type` statement.
    TypeAlias,
    /// The type parameters of a generic function, class or type alias.
    TypeParameters,
    /// The bound, the constraints or the default of one type parameter.
    TypeVariable,
}

impl ScopeKind {
    /// Whether its names live in registers and are visible to inner scopes.
    pub const fn is_function_like(self) -> bool {
        !matches!(self, Self::Module | Self::Class)
    }

    /// Whether it evaluates annotations, type parameters or type aliases, hidden from the names of what is inside.
    pub const fn is_annotation(self) -> bool {
        matches!(self, Self::Annotation | Self::TypeAlias | Self::TypeParameters | Self::TypeVariable)
    }

    /// Whether it is a comprehension or a generator expression.
    pub const fn is_comprehension(self) -> bool {
        matches!(self, Self::ListComp | Self::SetComp | Self::DictComp | Self::GeneratorExp)
    }

    /// The number that the module `symtable` knows it by: `_symtable.TYPE_FUNCTION` and so on.
    pub const fn number(self) -> u32 {
        match self {
            Self::Class => 1,
            Self::Module => 2,
            Self::Annotation => 3,
            Self::TypeAlias => 4,
            Self::TypeParameters => 5,
            Self::TypeVariable => 6,
            _ => 0,
        }
    }
}

/// A scope and its names.
#[derive(Debug)]
pub struct Scope<'a> {
    /// What kind of block it is.
    pub kind: ScopeKind,
    /// Its name: of the function, class or alias, `top`, `lambda`, `listcomp`, `__annotate__`, …
    pub name: Identifier<'a>,
    /// Where it stands; `None` for a module.
    pub loc: Option<Loc>,
    /// The scope around it; `None` for the module. An inlined comprehension still names the scope around it.
    pub parent: Option<ScopeId>,
    /// The scopes directly inside it, in source order. The children of an inlined comprehension stand in its place.
    pub children: Vec<ScopeId>,
    /// Its names, mangled, in the order of their first occurrence.
    pub symbols: Symbols<'a>,
    /// Parameters in `co_varnames` order: positional, keyword-only, `*args`, `**kwargs`; mangled.
    pub varnames: Vec<Identifier<'a>>,
    /// The scope of the annotations of a module's or class's variables, if it has any; also of a function's, where they are
    /// not evaluated.
    pub annotations: Option<ScopeId>,
    /// The class whose name mangles private names here.
    pub private: Option<Identifier<'a>>,
    /// Where set, only these names are mangled: the type parameters of the generic class around.
    pub mangled: Option<Rc<Vec<Identifier<'a>>>>,
    /// Inside a function, at any depth.
    pub nested: bool,
    /// Contains `yield`, or is a generator expression.
    pub is_generator: bool,
    /// `async def`, or a comprehension or module that awaits.
    pub is_coroutine: bool,
    /// What first made a module a coroutine, and where.
    pub awaits: Option<(AsyncConstruct, Loc)>,
    /// A function directly inside a class body.
    pub is_method: bool,
    /// The body begins with a docstring.
    pub has_docstring: bool,
    /// Takes `*args`.
    pub has_varargs: bool,
    /// Takes `**kwargs`.
    pub has_varkeywords: bool,
    /// Has a `return` with a value.
    pub returns_value: bool,
    /// A comprehension that runs in the frame of the scope around it (PEP 709).
    pub inlined: bool,
    /// A class body that must offer `__class__` in a cell to its methods.
    pub needs_class_closure: bool,
    /// A class body that must offer its namespace in a cell, `__classdict__`.
    pub needs_classdict: bool,
    /// Names that are not bound here are looked up in the namespace of the class around it first.
    pub can_see_class_scope: bool,
    /// Has annotations of its own variables, or is a function with annotations.
    pub annotations_used: bool,
    /// Some of its annotations may not be executed, so that `__conditional_annotations__` notes which were.
    pub has_conditional_annotations: bool,
    /// Where names were declared global or nonlocal.
    directives: Vec<(Identifier<'a>, Loc)>,
}

/// A name of a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Symbol<'a> {
    /// The name, mangled.
    pub name: Identifier<'a>,
    /// How it is bound and used: bits of [`flag`].
    pub flags: u16,
    /// What it means.
    pub meaning: Meaning,
}

/// Bits of [`Symbol::flags`], with CPython's names and values.
pub mod flag {
    /// Named by a `global` statement.
    pub const DEF_GLOBAL: u16 = 0x1;
    /// Bound in the block.
    pub const DEF_LOCAL: u16 = 0x2;
    /// A parameter.
    pub const DEF_PARAM: u16 = 0x4;
    /// Named by a `nonlocal` statement.
    pub const DEF_NONLOCAL: u16 = 0x8;
    /// Read.
    pub const USE: u16 = 0x10;
    /// Free in a method and bound in the class body too.
    pub const DEF_FREE_CLASS: u16 = 0x40;
    /// Bound by an import.
    pub const DEF_IMPORT: u16 = 0x80;
    /// Annotated.
    pub const DEF_ANNOT: u16 = 0x100;
    /// The iteration variable of a comprehension.
    pub const DEF_COMP_ITER: u16 = 0x200;
    /// A type parameter.
    pub const DEF_TYPE_PARAM: u16 = 0x400;
    /// A cell of an inlined comprehension.
    pub const DEF_COMP_CELL: u16 = 0x800;
    /// Taken over from an inlined comprehension: nothing else in the block has the name.
    pub const DEF_INLINED: u16 = 0x1000;
    /// Bound in some way.
    pub const DEF_BOUND: u16 = DEF_LOCAL | DEF_PARAM | DEF_IMPORT;
}

/// Where the value of a name lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Meaning {
    /// In this scope.
    Local = 1,
    /// In the module, by a `global` statement here or in a scope around.
    GlobalExplicit = 2,
    /// In the module or the builtins, as no scope around binds it.
    GlobalImplicit = 3,
    /// In a cell of a scope around.
    Free = 4,
    /// In a cell of this scope, which an inner scope uses too.
    Cell = 5,
}

impl Symbol<'_> {
    /// Whether any of these [`flag`] bits are set.
    pub const fn is(&self, flags: u16) -> bool {
        self.flags & flags != 0
    }

    /// Flags and meaning in one number, as the module `symtable` takes them apart.
    pub const fn number(&self) -> u32 {
        self.flags as u32 | (self.meaning as u32) << 12
    }
}

/// The names of a scope, in the order of their first occurrence.
#[derive(Debug, Default)]
pub struct Symbols<'a> {
    list: Vec<Symbol<'a>>,
    /// Where each name stands in the list, as soon as the list is too long to be searched.
    index: AHashMap<Identifier<'a>, u32>,
    /// Names as the compiler itself uses them here, whatever the list says of them: found, but not listed.
    implicit: Vec<Symbol<'a>>,
}

impl<'a> Symbols<'a> {
    /// Up to this many names a search beats a hash table.
    const SEARCHED: usize = 8;

    /// The symbol of a mangled name.
    pub fn get(&self, name: Identifier<'_>) -> Option<&Symbol<'a>> {
        let implicit = self.implicit.iter().find(|symbol| symbol.name.as_bytes() == name.as_bytes());
        implicit.or_else(|| self.position(name).map(|at| &self.list[at]))
    }

    /// All symbols, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Symbol<'a>> {
        self.list.iter()
    }

    /// The number of names.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    fn position(&self, name: Identifier<'_>) -> Option<usize> {
        if self.list.len() <= Self::SEARCHED {
            return self.list.iter().position(|symbol| symbol.name.as_bytes() == name.as_bytes());
        }
        self.index.get(name.as_bytes()).map(|&at| at as usize)
    }

    fn get_mut(&mut self, name: Identifier<'_>) -> Option<&mut Symbol<'a>> {
        self.position(name).map(|at| &mut self.list[at])
    }

    /// The symbol of a name, made if it is new.
    fn entry(&mut self, name: Identifier<'a>) -> &mut Symbol<'a> {
        let at = self.position(name).unwrap_or_else(|| self.add(name));
        &mut self.list[at]
    }

    fn add(&mut self, name: Identifier<'a>) -> usize {
        let at = self.list.len();
        self.list.push(Symbol { name, flags: 0, meaning: Meaning::GlobalImplicit });
        match at {
            0..Self::SEARCHED => {}
            Self::SEARCHED => self.index.extend(self.list.iter().map(|symbol| symbol.name).zip(0..)),
            _ => drop(self.index.insert(name, at as u32)),
        }
        at
    }
}

impl<'s, 'a> IntoIterator for &'s Symbols<'a> {
    type Item = &'s Symbol<'a>;
    type IntoIter = std::slice::Iter<'s, Symbol<'a>>;
    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'a> SymbolTable<'a> {
    /// The scopes of a tree, which lives in `arena`; mangled names are put there too.
    pub fn build(
        module: Mod<'a>,
        arena: &'a Bump,
        locations: &Locations<'_>,
        options: Options,
    ) -> Result<Self, Box<SyntaxError>> {
        let mut table = build::collect(module, arena, locations, options)?;
        analyze::analyze(&mut table, locations, options.stack)?;
        Ok(table)
    }

    /// The scope of the whole tree.
    pub fn top(&self) -> ScopeId {
        ScopeId(0)
    }

    /// A scope.
    pub fn scope(&self, id: ScopeId) -> &Scope<'a> {
        &self.scopes[id.0 as usize]
    }

    fn scope_mut(&mut self, id: ScopeId) -> &mut Scope<'a> {
        &mut self.scopes[id.0 as usize]
    }

    /// The scope of a node; panics if the node is not of this tree, or has no such scope.
    pub fn of<T>(&self, node: &T, role: Role) -> ScopeId {
        self.by_node[&ScopeKey::new(node, role)]
    }

    /// The scope of a node, if it has one in that role.
    pub fn find<T>(&self, node: &T, role: Role) -> Option<ScopeId> {
        self.by_node.get(&ScopeKey::new(node, role)).copied()
    }

    /// A name as it is spelt in a scope's symbols, names and attributes.
    pub fn mangle(&self, scope: ScopeId, name: Identifier<'a>) -> Identifier<'a> {
        let scope = self.scope(scope);
        if scope.mangles(name) { mangle(self.arena, scope.private, name) } else { name }
    }

    /// What a name (not yet mangled) means in a scope; `None` if it does not occur there.
    pub fn lookup(&self, scope: ScopeId, name: Identifier<'a>) -> Option<&Symbol<'a>> {
        self.scope(scope).symbols.get(self.mangle(scope, name))
    }
}

impl<'a> Scope<'a> {
    /// `co_cellvars`, as CPython orders them: captured parameters in their order, other captured names sorted, the
    /// implicit cells of a class body.
    pub fn cell_variables(&self) -> Vec<Identifier<'a>> {
        let is_cell = |symbol: &Symbol<'a>| symbol.meaning == Meaning::Cell || symbol.is(flag::DEF_COMP_CELL);
        let is_captured = |name: &&Identifier<'a>| self.symbols.get(**name).is_some_and(is_cell);
        let mut cells: Vec<_> = self.varnames.iter().filter(is_captured).copied().collect();
        cells.extend(self.sorted(|symbol| is_cell(symbol) && !symbol.is(flag::DEF_PARAM)));
        let implicit = [
            (self.needs_class_closure, "__class__"),
            (self.needs_classdict, "__classdict__"),
            (self.has_conditional_annotations, "__conditional_annotations__"),
        ];
        for (needed, name) in implicit {
            let name = Identifier::new(name);
            if needed && !cells.contains(&name) {
                cells.push(name);
            }
        }
        cells
    }

    /// `co_freevars`, as CPython orders them: sorted, then what only the compiler itself uses.
    pub fn free_variables(&self) -> Vec<Identifier<'a>> {
        let mut free =
            self.sorted(|symbol| symbol.meaning == Meaning::Free || symbol.is(flag::DEF_FREE_CLASS));
        for symbol in &self.symbols.implicit {
            if !free.contains(&symbol.name) {
                free.push(symbol.name);
            }
        }
        free
    }

    /// Whether names like this one are mangled here at all.
    fn mangles(&self, name: Identifier<'_>) -> bool {
        self.mangled.as_ref().is_none_or(|only| only.iter().any(|only| only.as_bytes() == name.as_bytes()))
    }

    fn sorted(&self, wanted: impl Fn(&Symbol<'a>) -> bool) -> Vec<Identifier<'a>> {
        let mut names: Vec<_> =
            self.symbols.iter().filter(|symbol| wanted(symbol)).map(|symbol| symbol.name).collect();
        names.sort_unstable();
        names
    }
}
