//! Python 3.14 source text to AST: lexer, grammar, spans and syntax errors.
