//! Lexer, parser, error recogniser, unparser.

use std::process::ExitCode;

use pyx_grammar::ast::{Mod, StmtKind};
use pyx_grammar::{Bump, Mode, Origin, ParseOptions, Source, dump, parse, unparse};

use super::without_panic;
use crate::Options;
use crate::corpus::Corpus;
use crate::random::Random;

/// Tries mutated programs.
pub fn run(options: &Options) -> ExitCode {
    let corpus = Corpus::read(&options.corpus);
    options.each_case(|_, mut random| {
        let text = corpus.mutated(&mut random);
        without_panic("decoding", &text, || decode(&text, &mut random.clone()))?;
        let expressions = without_panic("parsing", &text, || try_all_modes(&text))?;
        for expression in expressions.into_iter().filter(|expression| !doubles_backslashes(expression)) {
            let same = without_panic("unparsing", &expression, || survives_unparsing(&expression))?;
            if let Err(how) = same {
                return Err(format!("{expression:?}: {how}"));
            }
        }
        Ok(())
    })
}

/// Decodes the program's bytes with a few of them changed.
fn decode(text: &str, random: &mut Random) {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..random.below(4) {
        let at = random.below(bytes.len() + 1);
        bytes.insert(at, *random.pick(b"\0\r\n\\\x80\xff\xef\xbb\xbf\xed\xa0#"));
    }
    let mut other = |encoding: &str, _: &[u8]| Err(format!("unknown encoding: {encoding}"));
    let Ok(source) = Source::decode(&bytes, Origin::Memory, &mut other) else { return };
    let arena = Bump::new();
    let _ = parse(&source, Mode::Exec, ParseOptions::default(), &arena, &mut Vec::new());
}

/// Parses in every mode; the result is the expressions that are statements, as text.
fn try_all_modes(text: &str) -> Vec<String> {
    let source = Source::new(text);
    for mode in [Mode::Eval, Mode::Single, Mode::Interactive, Mode::FuncType] {
        let arena = Bump::new();
        let options =
            ParseOptions { allow_incomplete_input: true, type_comments: true, ..ParseOptions::default() };
        if let Ok(tree) = parse(&source, mode, options, &arena, &mut Vec::new()) {
            dump(tree, None);
        }
    }
    let arena = Bump::new();
    match parse(&source, Mode::Exec, ParseOptions::default(), &arena, &mut Vec::new()) {
        Ok(Mod::Module(module)) => module
            .body
            .iter()
            .filter_map(|statement| match statement.kind {
                StmtKind::Expr(node) => String::from_utf8(unparse(node.value)).ok(),
                StmtKind::Assign(node) => String::from_utf8(unparse(node.value)).ok(),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// Whether a backslash may stand in an expression inside of an f-string or t-string: it is written twice, as CPython does it.
fn doubles_backslashes(expression: &str) -> bool {
    expression.contains('\\') && ["f\"", "f'", "t\"", "t'"].iter().any(|start| expression.contains(start))
}

/// Whether an expression, written by `unparse`, is the same tree when it is written again.
fn survives_unparsing(expression: &str) -> Result<(), String> {
    let tree_of = |text: &str| -> Result<(String, String), String> {
        let arena = Bump::new();
        let options = ParseOptions::default();
        match parse(&Source::new(text), Mode::Eval, options, &arena, &mut Vec::new()) {
            Ok(Mod::Expression(root)) => {
                let text = String::from_utf8(unparse(root.body)).map_err(|error| error.to_string())?;
                Ok((dump(Mod::Expression(root), None), text))
            }
            Ok(_) => unreachable!("the mode gives an expression"),
            Err(error) => Err(format!("{text:?} does not parse: {error}")),
        }
    };
    let source = format!("({expression}\n)");
    let (tree, text) = match tree_of(&source) {
        Ok(parsed) => parsed,
        // Starred expressions and the like stand in statements only.
        Err(_) => return Ok(()),
    };
    let (again, _) = tree_of(&text)?;
    if again == tree { Ok(()) } else { Err(format!("unparsed as {text:?}, which is another tree")) }
}
