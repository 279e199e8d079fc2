//! Code generation: the tree and its symbol table to typed instructions, block by block.
//!
//! [`Codegen`] holds what concerns the whole compilation; a [`Unit`](unit::Unit) is the block in the making: a module, a
//! function, a class body, a generator expression. One file here for each construct of the language.
//!
//! # How values travel
//!
//! Evaluating an expression ([`Codegen::expr`]) gives an operand: a local that is read where it lives, or the next
//! temporary, which its single use consumes. Where an instruction wants a range of temporaries (calls,
//! displays), [`Codegen::push`] puts the value there. A store into a local makes the instruction that computed the value
//! write it ([`Emitter::retarget`](crate::emit::Emitter::retarget)), so that `x = a + b` is one `add`.
//!
//! A local operand is read when its instruction runs, later than the language says it is evaluated. So each use is
//! preceded by a `check_local` at its own place, which the flow graph removes where the local is surely bound; and
//! where an operand evaluated in between could rebind the local, it is copied first ([`Codegen::expr_before`]).

mod annotation;
mod assign;
mod asynchronous;
mod block;
mod call;
mod class;
mod compare;
mod comprehension;
mod constants;
mod display;
mod exception;
mod expr;
mod fstring;
mod function;
mod generic;
mod import;
mod jump;
mod loops;
mod module;
mod name;
mod pattern;
mod rebinding;
mod shortcut;
mod stmt;
mod unit;
mod warn;
mod with;

use std::rc::Rc;

use ahash::AHashMap;
use pyx_grammar::ast::{Identifier, Mod};
use pyx_grammar::{Bump, Loc, Locations, Position, SyntaxError, SyntaxWarning};

use crate::Options;
use crate::bytecode::code::{Code, Text};
use crate::bytecode::opcode::Instruction;
use crate::emit::NO_LOC;
use crate::symtable::SymbolTable;
pub(crate) use constants::Constants;
pub(crate) use unit::{LocalClass, Unit};

/// What a pass returns: a value, or the error that ends the compilation.
pub(crate) type Result<T> = std::result::Result<T, Box<SyntaxError>>;

/// Compiles a tree whose scopes are known.
pub(crate) fn generate<'a>(
    tree: Mod<'a>,
    arena: &'a Bump,
    table: &SymbolTable<'a>,
    context: Context<'_>,
) -> Result<Rc<Code>> {
    let has_walrus = context.locations.source().is_none_or(|source| source.text().contains(":="));
    let filename = context.filename.into();
    let next_exit = context.warnings.len();
    let mut codegen = Codegen {
        table,
        arena,
        positions: Positions { locations: context.locations, made: Vec::new() },
        options: context.options,
        flags: context.flags,
        warnings: context.warnings,
        next_exit,
        filename,
        texts: Texts::default(),
        unit: Unit::placeholder(table.top()),
        outer: Vec::new(),
        spine: Vec::new(),
        has_walrus,
        interactive: false,
        silent: 0,
        in_copy: 0,
        last_future: context.last_future,
    };
    codegen.module(tree)
}

/// What the code generator is told beside the tree and its scopes.
pub(crate) struct Context<'c> {
    pub(crate) locations: &'c Locations<'c>,
    pub(crate) filename: &'c [u8],
    pub(crate) options: &'c Options,
    /// `co_flags` bits of future statements.
    pub(crate) flags: u32,
    /// The last future statement.
    pub(crate) last_future: Option<Loc>,
    pub(crate) warnings: &'c mut Vec<SyntaxWarning>,
}

/// The compilation of one tree.
pub(crate) struct Codegen<'c, 'a> {
    table: &'c SymbolTable<'a>,
    arena: &'a Bump,
    positions: Positions<'c>,
    options: &'c Options,
    /// `co_flags` bits of future statements.
    flags: u32,
    warnings: &'c mut Vec<SyntaxWarning>,
    /// Where the next warning about an exit from a `finally` body goes: in CPython an earlier pass finds them.
    next_exit: usize,
    filename: Text,
    texts: Texts<'a>,
    /// The block in the making.
    unit: Unit<'a>,
    /// The blocks around it, the module first.
    outer: Vec<Unit<'a>>,
    /// The nodes above the operand in the making, along their left spines.
    spine: Vec<expr::Spine<'a>>,
    /// Whether the source has a `:=` anywhere.
    has_walrus: bool,
    /// Whether values of expression statements are displayed.
    interactive: bool,
    /// Above zero, code is being made a second time and warnings were given the first time.
    silent: u32,
    /// Above zero, the current statement is part of a copy of a `finally` body, or of a function in it.
    in_copy: u32,
    /// The last future statement.
    last_future: Option<Loc>,
}

impl<'a> Codegen<'_, 'a> {
    /// Emits an instruction of the current block.
    fn emit(&mut self, op: impl Into<Instruction>, loc: Loc) {
        self.unit.emitter.emit(op.into(), loc);
    }

    /// The shared text of a name.
    fn text(&mut self, name: Identifier<'a>) -> Text {
        self.texts.get(name)
    }

    /// A name as the current scope spells it.
    fn mangle(&self, name: Identifier<'a>) -> Identifier<'a> {
        self.table.mangle(self.unit.scope, name)
    }

    /// An error about a node.
    #[cold]
    fn error<T>(&self, loc: Loc, message: impl Into<String>) -> Result<T> {
        Err(Box::new(SyntaxError::at(None, self.positions.resolve(loc), message)))
    }

    /// Whether two nodes begin on the same line, so that one instruction may stand for both.
    fn same_line(&self, a: Loc, b: Loc) -> bool {
        self.positions.same_line(a, b)
    }

    fn scope_of_unit(&self) -> &crate::symtable::Scope<'a> {
        self.table.scope(self.unit.scope)
    }
}

/// The text of every name, once.
#[derive(Debug, Default)]
pub(crate) struct Texts<'a>(AHashMap<&'a [u8], Text>);

impl<'a> Texts<'a> {
    /// The text of a name.
    pub(crate) fn get(&mut self, name: Identifier<'a>) -> Text {
        self.0.entry(name.as_bytes()).or_insert_with(|| name.as_bytes().into()).clone()
    }
}

/// Resolves locations: those of the tree, and some that the code generator makes.
pub(crate) struct Positions<'c> {
    locations: &'c Locations<'c>,
    made: Vec<Position>,
}

impl Positions<'_> {
    /// Indices from here up are made here.
    const MADE: u32 = 1 << 31;

    /// The lines and columns of a location.
    pub(crate) fn resolve(&self, loc: Loc) -> Position {
        match loc.index() {
            Some(index) if index >= Self::MADE => self.made[(index - Self::MADE) as usize],
            _ => self.locations.resolve(loc),
        }
    }

    /// A location at a position of one's own.
    fn make(&mut self, position: Position) -> Loc {
        self.made.push(position);
        Loc::from_index(Self::MADE + self.made.len() as u32 - 1)
    }

    /// The start of a line.
    pub(crate) fn start_of_line(&mut self, line: i32) -> Loc {
        self.make(Position { lineno: line, col_offset: 0, end_lineno: line, end_col_offset: 0 })
    }

    /// Where a module without a statement stands.
    pub(crate) fn before_first_line(&mut self) -> Loc {
        self.make(Position { lineno: 0, col_offset: 0, end_lineno: 1, end_col_offset: 0 })
    }

    /// From the start of one location to the end of another.
    fn span(&mut self, from: Loc, to: Loc) -> Loc {
        if from.index().is_none() && to.index().is_none() {
            return from.to(to);
        }
        let (from, to) = (self.resolve(from), self.resolve(to));
        self.make(Position { end_lineno: to.end_lineno, end_col_offset: to.end_col_offset, ..from })
    }

    /// The line on which a location begins.
    fn line(&self, loc: Loc) -> i32 {
        self.resolve(loc).lineno
    }

    pub(crate) fn same_line(&self, a: Loc, b: Loc) -> bool {
        a == b || (a != NO_LOC && b != NO_LOC && self.line(a) == self.line(b))
    }
}
