//! Python AST to register bytecode: symbol table, code generation, assembly, verification.
//!
//! [`compile`] is the way through: the tree's scopes ([`symtable`]), a block's instructions (`codegen`, which emits through
//! `emit`), their order (`flowgraph`), and the code template ([`bytecode::code::Code`], made in `assemble`).
#![forbid(unsafe_code)]

mod assemble;
pub mod bytecode;
mod codegen;
pub mod docstring;
mod emit;
pub mod error;
mod flowgraph;
pub mod fold;
pub mod future;
mod numbering;
pub mod percent;
pub mod stack;
pub mod symtable;

use std::rc::Rc;

use pyx_grammar::ast::Mod;
use pyx_grammar::{Bump, Locations, SyntaxError, SyntaxWarning};

use bytecode::code::{Code, flags};
use stack::StackLimit;

/// `PyCF_ALLOW_TOP_LEVEL_AWAIT`: `await` outside of functions makes the module a coroutine.
pub const ALLOW_TOP_LEVEL_AWAIT: u32 = 0x2000;

/// How to compile.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// The level of optimisation: from 1 on without `assert`, from 2 on without docstrings.
    pub optimize: u8,
    /// Flags of future statements that are in force from outside, and `PyCF_` flags.
    pub flags: u32,
    /// Which values an interactive tree shows.
    pub display: Display,
    /// The value that an interactive tree shows at its end is what the code returns instead.
    pub return_display: bool,
    /// How deep the passes may recurse.
    pub stack: StackLimit,
}

/// Which values the statements of an interactive tree show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Display {
    /// None.
    None,
    /// That of the last statement, if it is an expression.
    LastExpr,
    /// That of the last statement, if it is an expression or binds one name.
    LastExprOrAssign,
    /// Those of all expression statements, as at CPython's prompt.
    #[default]
    All,
}

/// Compiles a tree. Warnings found on the way are added to `warnings`.
pub fn compile(
    module: Mod<'_>,
    locations: &Locations<'_>,
    filename: &[u8],
    options: &Options,
    warnings: &mut Vec<SyntaxWarning>,
) -> Result<Rc<Code>, Box<SyntaxError>> {
    let mut features = future::Features::of_module(module, locations)?;
    features.flags |= options.flags & flags::FUTURE_MASK;
    let flags = features.flags;
    let arena = Bump::new();
    let scopes = symtable::Options {
        future: features,
        top_level_await: options.flags & ALLOW_TOP_LEVEL_AWAIT != 0,
        stack: options.stack,
    };
    let table = symtable::SymbolTable::build(module, &arena, locations, scopes)?;
    let context =
        codegen::Context { locations, filename, options, flags, last_future: features.last, warnings };
    codegen::generate(module, &arena, &table, context)
}
