//! Compiles files and says what came out: `codeinfo [--dis] [--quiet] [--optimize N] [--flags N] FILE…`.
//!
//! Without options it prints a line of JSON for each code object, for `tests/tools/compile_oracle.py` to compare with
//! CPython. Bytes of strings are the characters U+0000 to U+00FF. Every code object is verified.

use std::fmt::Write as _;
use std::process::ExitCode;
use std::rc::Rc;

use pyx_compiler::bytecode::code::{Code, Constant, Local, LocalKind};
use pyx_compiler::bytecode::disassemble::disassemble;
use pyx_compiler::bytecode::opcode::{Instruction, Opcode};
use pyx_compiler::bytecode::positions;
use pyx_compiler::bytecode::verify::verify;
use pyx_compiler::stack::StackLimit;
use pyx_compiler::{Options, compile};
use pyx_grammar::{Bump, Locations, Mode, ParseOptions, Source, parse};

/// The stack of the thread that compiles, and what of it may be used.
const STACK: usize = 64 << 20;

struct Arguments {
    show_code: bool,
    quiet: bool,
    mode: Mode,
    options: Options,
    files: Vec<String>,
}

fn arguments() -> Arguments {
    let (mode, options) = (Mode::Exec, Options::default());
    let mut found = Arguments { show_code: false, quiet: false, mode, options, files: Vec::new() };
    let mut rest = std::env::args().skip(1);
    while let Some(argument) = rest.next() {
        let mut number = || rest.next().and_then(|text| text.parse().ok()).unwrap_or(0);
        match argument.as_str() {
            "--dis" => found.show_code = true,
            "--quiet" => found.quiet = true,
            "--single" => found.mode = Mode::Single,
            "--interactive" => found.mode = Mode::Interactive,
            "--eval" => found.mode = Mode::Eval,
            "--optimize" => found.options.optimize = number() as u8,
            "--flags" => found.options.flags = number(),
            _ => found.files.push(argument),
        }
    }
    found
}

fn main() -> ExitCode {
    let thread = std::thread::Builder::new().stack_size(STACK).spawn(run).expect("a thread starts");
    match thread.join() {
        Ok(true) => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

fn run() -> bool {
    let arguments = arguments();
    let mut all_compile = true;
    for file in &arguments.files {
        match report(file, &arguments) {
            Ok(text) => print!("{text}"),
            Err(message) => {
                all_compile = false;
                println!(
                    "{}",
                    array(&[string(b"ERROR"), string(file.as_bytes()), string(message.as_bytes())])
                );
            }
        }
    }
    all_compile
}

fn report(file: &str, arguments: &Arguments) -> Result<String, String> {
    let bytes = std::fs::read(file).map_err(|error| error.to_string())?;
    let text = String::from_utf8(bytes).map_err(|error| error.to_string())?;
    let source = Source::new(text.trim_start_matches('\u{feff}'));
    let arena = Bump::new();
    let mut warnings = Vec::new();
    let tree = parse(&source, arguments.mode, ParseOptions::default(), &arena, &mut warnings)
        .map_err(|error| format!("parser: {error}"))?;
    let locations = Locations::of_source(&source);
    let options = Options { stack: StackLimit::remaining(STACK - (4 << 20)), ..arguments.options };
    let code = compile(tree, &locations, file.as_bytes(), &options, &mut warnings)
        .map_err(|error| format!("{error:?}"))?;
    let mut text = String::new();
    if arguments.show_code {
        for warning in &warnings {
            let _ = writeln!(text, "warning: {} (line {})", warning.message, warning.lineno);
        }
        text += &disassemble(&code);
    } else if !arguments.quiet {
        text += &array(&[string(b"FILE"), string(file.as_bytes())]);
        text.push('\n');
        describe(&code, &mut text);
    }
    verify(&code).map_err(|error| format!("{text}verifier: {error}"))?;
    Ok(text)
}

/// A line for the code, then those for the codes among its constants.
fn describe(code: &Rc<Code>, text: &mut String) {
    let fields = [
        string(b"CODE"),
        string(&code.name),
        string(&code.qualname),
        code.flags.to_string(),
        code.first_line.to_string(),
        array(&[code.arg_count, code.posonly_arg_count, code.kwonly_arg_count].map(|n| n.to_string())),
        names(code, Local::is_varname),
        names(code, Local::is_cellvar),
        names(code, |local| local.kind == LocalKind::Free),
        array(&code.names.iter().map(|name| string(name)).collect::<Vec<_>>()),
        array(&code.constants.iter().map(constant).collect::<Vec<_>>()),
        array(&lines(code).iter().map(ToString::to_string).collect::<Vec<_>>()),
        code.temporaries.to_string(),
        code.words.len().to_string(),
    ];
    *text += &array(&fields);
    text.push('\n');
    for constant in &code.constants {
        if let Constant::Code(inner) = constant {
            describe(inner, text);
        }
    }
}

/// The names of the wanted locals.
fn names(code: &Code, wanted: impl Fn(&Local) -> bool) -> String {
    let names = code.locals.iter().filter(|local| wanted(local)).map(|local| string(&local.name));
    array(&names.collect::<Vec<_>>())
}

/// The lines of the instructions in their order, each stretch once.
fn lines(code: &Code) -> Vec<i32> {
    let mut lines = Vec::new();
    let mut table = positions::positions(&code.positions, code.first_line).peekable();
    let mut at = 0;
    while let Some(instruction) = Instruction::decode(&code.words, at) {
        let opcode = instruction.opcode();
        while table.next_if(|entry| entry.end <= at as u32).is_some() {}
        let position = table.peek().and_then(|entry| entry.at);
        if let Some(position) = position
            && !matches!(opcode, Opcode::MakeCell | Opcode::CopyFreeVars)
            && lines.last() != Some(&position.lineno)
        {
            lines.push(position.lineno);
        }
        at += opcode.words();
    }
    lines
}

fn constant(constant: &Constant) -> String {
    let all = |kind: &[u8], items: &[Constant]| {
        array(&[string(kind), array(&items.iter().map(self::constant).collect::<Vec<_>>())])
    };
    match constant {
        Constant::None => array(&[string(b"None")]),
        Constant::Ellipsis => array(&[string(b"Ellipsis")]),
        Constant::Bool(value) => array(&[string(b"bool"), u8::from(*value).to_string()]),
        Constant::Int(value) => array(&[string(b"int"), string(value.to_string().as_bytes())]),
        Constant::BigInt { negative, magnitude } => {
            let digits: String = magnitude.iter().rev().map(|byte| format!("{byte:02x}")).collect();
            let sign = if *negative { "-" } else { "" };
            array(&[string(b"bigint"), string(format!("{sign}{digits}").as_bytes())])
        }
        Constant::Float(bits) => array(&[string(b"float"), string(format!("{bits:016x}").as_bytes())]),
        Constant::Complex(real, imaginary) => {
            array(&[string(b"complex"), string(format!("{real:016x}{imaginary:016x}").as_bytes())])
        }
        Constant::Str(text) => array(&[string(b"str"), string(text)]),
        Constant::Bytes(bytes) => array(&[string(b"bytes"), string(bytes)]),
        Constant::Tuple(items) => all(b"tuple", items),
        Constant::FrozenSet(items) => all(b"frozenset", items),
        Constant::Slice(parts) => all(b"slice", &parts[..]),
        Constant::Code(code) => {
            array(&[string(b"code"), string(&code.qualname), code.first_line.to_string()])
        }
        Constant::Object(index) => array(&[string(b"object"), index.to_string()]),
    }
}

fn array(items: &[String]) -> String {
    format!("[{}]", items.join(","))
}

/// Bytes as a JSON string of characters below U+0100.
fn string(bytes: &[u8]) -> String {
    let mut text = String::from('"');
    for &byte in bytes {
        match byte {
            b'"' | b'\\' => text.extend(['\\', byte as char]),
            b' '..=b'~' => text.push(byte as char),
            _ => {
                let _ = write!(text, "\\u{byte:04x}");
            }
        }
    }
    text.push('"');
    text
}
