//! Symbol table, code generation, assembly: whatever compiles is accepted by the verifier.

use std::process::ExitCode;
use std::rc::Rc;

use pyx_compiler::bytecode::code::Code;
use pyx_compiler::bytecode::disassemble::disassemble;
use pyx_compiler::bytecode::verify::verify;
use pyx_grammar::{Bump, Locations, Mode, ParseOptions, Source, parse};

use super::without_panic;
use crate::Options;
use crate::corpus::Corpus;
use crate::random::Random;

/// Tries mutated programs.
pub fn run(options: &Options) -> ExitCode {
    let corpus = Corpus::read(&options.corpus);
    options.each_case(|_, mut random| {
        let text = corpus.mutated(&mut random);
        let verified = without_panic("compiling", &text, || match code_of(&text, &mut random) {
            Some(code) => {
                disassemble(&code);
                verify(&code).map_err(|error| format!("{error} in\n{text}"))
            }
            None => Ok(()),
        })?;
        verified
    })
}

/// The code of a program, if it is one.
pub fn code_of(text: &str, random: &mut Random) -> Option<Rc<Code>> {
    let mode = *random.pick(&[Mode::Exec, Mode::Exec, Mode::Exec, Mode::Interactive, Mode::Single]);
    let source = Source::new(text);
    let arena = Bump::new();
    let mut warnings = Vec::new();
    let tree = parse(&source, mode, ParseOptions::default(), &arena, &mut warnings).ok()?;
    let locations = Locations::of_source(&source);
    let options = pyx_compiler::Options {
        optimize: random.below(3) as u8,
        flags: if random.once_in(4) { pyx_compiler::ALLOW_TOP_LEVEL_AWAIT } else { 0 },
        ..pyx_compiler::Options::default()
    };
    pyx_compiler::compile(tree, &locations, b"fuzz.py", &options, &mut warnings).ok()
}
