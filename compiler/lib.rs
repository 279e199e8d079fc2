//! Python AST to register bytecode: symbol table, code generation, assembly, verification.
#![forbid(unsafe_code)]

pub mod bytecode;
