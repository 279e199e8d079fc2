//! Prints the trees of Python files: paths on standard input, one a line; for each a line with the number of bytes that
//! follow, and these bytes: the dump, or the error.

use std::io::{BufRead, Write};

use pyx_grammar::{Bump, Locations, Mode, Origin, ParseOptions, Source, dump, parse};

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    let type_comments = std::env::args().any(|argument| argument == "--type-comments");
    for path in std::io::stdin().lock().lines() {
        let text = describe(&std::fs::read(path?)?, type_comments);
        writeln!(out, "{}", text.len())?;
        out.write_all(text.as_bytes())?;
        out.flush()?;
    }
    Ok(())
}

fn describe(bytes: &[u8], type_comments: bool) -> String {
    let other = &mut |name: &str, _: &[u8]| Err(format!("unknown encoding: {name}"));
    let source = match Source::decode(bytes, Origin::Memory, other) {
        Ok(source) => source,
        Err(error) => return format!("error: {error:?}"),
    };
    let arena = Bump::new();
    let options = ParseOptions { type_comments, ..ParseOptions::default() };
    match parse(&source, Mode::Exec, options, &arena, &mut Vec::new()) {
        Ok(tree) => dump(tree, Some(&Locations::of_source(&source))),
        Err(error) => format!("error: {error:?}"),
    }
}
