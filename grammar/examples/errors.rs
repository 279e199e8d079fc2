//! Answers, for texts on standard input, what is wrong with them. A text comes as a line "mode flags length" and that
//! many bytes; the answer is a line with the number of bytes that follow, and these: fields parted by U+0000.

use std::io::{BufRead, Read, Write};

use pyx_grammar::{Bump, ErrorKind, Mode, ParseOptions, Source, parse};

fn main() -> std::io::Result<()> {
    let mut input = std::io::stdin().lock();
    let mut out = std::io::stdout().lock();
    let mut head = String::new();
    while input.read_line(&mut head)? > 0 {
        let fields: Vec<&str> = head.split_whitespace().collect();
        let mut text = vec![0; fields[2].parse().unwrap_or(0)];
        input.read_exact(&mut text)?;
        let answer =
            answer(fields[0], fields[1].parse().unwrap_or(0), String::from_utf8_lossy(&text).into_owned());
        writeln!(out, "{}", answer.len())?;
        out.write_all(answer.as_bytes())?;
        out.flush()?;
        head.clear();
    }
    Ok(())
}

fn answer(mode: &str, flags: u32, text: String) -> String {
    let mode = match mode {
        "eval" => Mode::Eval,
        "single" => Mode::Single,
        "func_type" => Mode::FuncType,
        _ => Mode::Exec,
    };
    let options = ParseOptions {
        dont_imply_dedent: flags & 0x200 != 0,
        type_comments: flags & 0x1000 != 0,
        allow_incomplete_input: flags & 0x4000 != 0,
        barry_as_flufl: flags & 0x40_0000 != 0,
        ..ParseOptions::default()
    };
    let source = Source::new(text);
    let mut warnings = Vec::new();
    let arena = Bump::new();
    let result = parse(&source, mode, options, &arena, &mut warnings);
    let warned: Vec<String> =
        warnings.iter().map(|warning| format!("{}:{}", warning.lineno, warning.message)).collect();
    let Err(error) = result else { return format!("ok\0{}", warned.join("\u{1}")) };
    let class = match error.kind {
        ErrorKind::Syntax => "SyntaxError",
        ErrorKind::Indentation => "IndentationError",
        ErrorKind::Tab => "TabError",
        ErrorKind::IncompleteInput => "_IncompleteInputError",
        ErrorKind::Value => "ValueError",
        ErrorKind::Memory => "MemoryError",
        ErrorKind::Recursion => "RecursionError",
    };
    let places =
        [error.lineno, error.offset, error.end_lineno, error.end_offset].map(|place| place.to_string());
    [class, &error.message, &places.join(" "), error.text.as_deref().unwrap_or(""), &warned.join("\u{1}")]
        .join("\0")
}
