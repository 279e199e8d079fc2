//! Writes expressions anew: each line of standard input is one, and becomes a line.

use std::io::{BufRead, Write};

use pyx_grammar::ast::Mod;
use pyx_grammar::{Bump, Mode, ParseOptions, Source, parse, unparse};

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let (source, arena) = (Source::new(line?), Bump::new());
        match parse(&source, Mode::Eval, ParseOptions::default(), &arena, &mut Vec::new()) {
            Ok(Mod::Expression(root)) => out.write_all(&unparse(root.body))?,
            Ok(_) => {}
            Err(error) => write!(out, "error: {error}")?,
        }
        out.write_all(b"\n")?;
    }
    Ok(())
}
