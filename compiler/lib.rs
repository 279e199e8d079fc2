//! Python AST to register bytecode: symbol table, code generation, assembly, verification.
