//! Prints the symbol tables of the programs on standard input, for `tests/tools/symtable_oracle.py`.
//!
//! A program comes as its length in bytes (four, little-endian) and its text; an answer goes out in the same way: a
//! line for each scope, or the error.

use std::fmt::Write as _;
use std::io::{Read, Write};

use pyx_compiler::future::Features;
use pyx_compiler::stack::StackLimit;
use pyx_compiler::symtable::{Options, ScopeId, Symbol, SymbolTable};
use pyx_grammar::{Bump, Locations, Mode, ParseOptions, Source, SyntaxError};

/// The stack that the passes may use.
const STACK: usize = 64 << 20;

fn main() {
    let thread = std::thread::Builder::new().stack_size(STACK + (8 << 20)).spawn(serve);
    thread.expect("a thread").join().expect("no panic").expect("standard input and output");
}

fn serve() -> std::io::Result<()> {
    let (mut input, mut output) = (std::io::stdin().lock(), std::io::stdout().lock());
    let mut length = [0; 4];
    while input.read_exact(&mut length).is_ok() {
        let mut text = vec![0; u32::from_le_bytes(length) as usize];
        input.read_exact(&mut text)?;
        let answer = match describe(&String::from_utf8_lossy(&text)) {
            Ok(answer) => answer,
            Err(error) => format!(
                "{:?} {} {} {} {} {}",
                error.kind, error.message, error.lineno, error.offset, error.end_lineno, error.end_offset
            ),
        };
        output.write_all(&(answer.len() as u32).to_le_bytes())?;
        output.write_all(answer.as_bytes())?;
        output.flush()?;
    }
    Ok(())
}

fn describe(text: &str) -> Result<String, Box<SyntaxError>> {
    let source = Source::new(text);
    let arena = Bump::new();
    let module = pyx_grammar::parse(&source, Mode::Exec, ParseOptions::default(), &arena, &mut Vec::new())?;
    let locations = Locations::of_source(&source);
    let future = Features::of_module(module, &locations)?;
    let options = Options { future, top_level_await: false, stack: StackLimit::remaining(STACK) };
    let table = SymbolTable::build(module, &arena, &locations, options)?;
    let mut lines = String::new();
    let mut pending = vec![(table.top(), 0)];
    while let Some((id, depth)) = pending.pop() {
        line(&mut lines, &table, id, depth, &locations);
        pending.extend(table.scope(id).children.iter().rev().map(|&child| (child, depth + 1)));
    }
    Ok(lines)
}

fn line(lines: &mut String, table: &SymbolTable<'_>, id: ScopeId, depth: usize, locations: &Locations<'_>) {
    let scope = table.scope(id);
    let lineno = scope.loc.map_or(0, |loc| locations.resolve(loc).lineno);
    let (kind, name, nested) = (scope.kind.number(), scope.name, u8::from(scope.nested));
    write!(lines, "{depth} {kind} {name} {lineno} {nested}").unwrap();
    for name in &scope.varnames {
        write!(lines, " {name}").unwrap();
    }
    lines.push_str(" :");
    // CPython keeps names that are only passed on in a set, so their order means nothing.
    let (mut passed, own): (Vec<&Symbol<'_>>, Vec<_>) =
        scope.symbols.iter().partition(|symbol| symbol.flags == 0);
    passed.sort_unstable_by_key(|symbol| symbol.name);
    for symbol in own.into_iter().chain(passed) {
        write!(lines, " {}={}", symbol.name, symbol.number()).unwrap();
    }
    lines.push('\n');
}
