//! Python AST to register bytecode: symbol table, code generation, assembly, verification.
#![forbid(unsafe_code)]

pub mod bytecode;
pub mod docstring;
pub mod error;
pub mod future;
pub mod stack;
pub mod symtable;
