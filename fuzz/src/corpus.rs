//! Programs to mutate, and how they are mutated: by tokens, roughly cut, so that much of what comes out still parses.

use std::fs;
use std::path::Path;

use crate::random::Random;

/// Pieces of programs.
pub struct Corpus {
    /// Runs of top-level statements.
    pieces: Vec<String>,
}

/// What is put anywhere.
const SPICE: &[&str] = &[
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ":",
    ",",
    ";",
    ".",
    "=",
    ":=",
    "==",
    "*",
    "**",
    "->",
    "@",
    "!",
    "~",
    "-",
    "not ",
    "\n",
    "\n    ",
    "\t",
    "\\\n",
    "\0",
    "\u{feff}",
    "é",
    "\u{d7ff}",
    "'",
    "\"",
    "'''",
    "f'",
    "f'{",
    "}'",
    "t'{",
    "rb'",
    "{x!r:>{y}}",
    "0x",
    "1e",
    "1_",
    "1j",
    "0777",
    "lambda x: ",
    "yield ",
    "yield from ",
    "await ",
    "async ",
    "async for x in y ",
    "for x in y",
    " if x else ",
    "def f(a, /, b=1, *c, d, **e): ",
    "class A[T: int = str](b, metaclass=c): ",
    "match x:\n case [a, *_, {'k': v, **r}] | A(b=1) as z if y: ",
    "type X[T] = ",
    "try:\n x\nexcept* (A, B) as e: ",
    "finally: ",
    "with a as b, c as d: ",
    "global x\n",
    "nonlocal x\n",
    "del x, ",
    "import a.b as c\n",
    "from . import (x, y)\n",
    "return ",
    "raise x from y\n",
    "assert x, y\n",
    "x: int = ",
    "x += ",
    "break\n",
    "continue\n",
    "else: ",
    "elif x: ",
    "while x: ",
    "pass\n",
    "None",
    "...",
    "__class__",
    "super()",
    "_",
    "match",
    "case",
    "type",
];

impl Corpus {
    /// The programs below a folder.
    pub fn read(folder: &Path) -> Self {
        let mut pieces = Vec::new();
        let mut folders = vec![folder.to_path_buf()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
                let path = entry.path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|ext| ext == "py") {
                    pieces.extend(fs::read_to_string(&path).iter().flat_map(|text| pieces_of(text)));
                }
            }
        }
        pieces.sort();
        assert!(!pieces.is_empty(), "no programs in {}", folder.display());
        Self { pieces }
    }

    /// A program made of a few pieces, unchanged.
    pub fn program(&self, random: &mut Random) -> String {
        (0..=random.below(2)).map(|_| random.pick(&self.pieces).as_str()).collect()
    }

    /// A program made of a few pieces, changed in a few places.
    pub fn mutated(&self, random: &mut Random) -> String {
        let mut text = self.program(random);
        for _ in 0..random.below(6) {
            text = self.change(&text, random);
        }
        text
    }

    fn change(&self, text: &str, random: &mut Random) -> String {
        let tokens = tokens(text);
        if tokens.is_empty() {
            return (*random.pick(SPICE)).to_owned();
        }
        let (at, other) = (random.below(tokens.len()), random.below(tokens.len()));
        let mut tokens = tokens;
        match random.below(8) {
            0 => drop(tokens.remove(at)),
            1 => tokens.insert(at, tokens[other]),
            2 => tokens.swap(at, other),
            3 => drop(tokens.drain(at.min(other)..at.max(other))),
            4 => {
                let run: Vec<&str> = tokens[at.min(other)..at.max(other)].to_vec();
                tokens.splice(at..at, run);
            }
            5 => {
                let donor = self.pieces[random.below(self.pieces.len())].as_str();
                let donor = self::tokens(donor);
                let from = random.below(donor.len().max(1));
                let to = (from + random.below(20)).min(donor.len());
                let mut text: Vec<&str> = tokens[..at].to_vec();
                text.extend(&donor[from..to]);
                text.extend(&tokens[at..]);
                return text.concat();
            }
            6 => tokens[at] = *random.pick::<&str>(SPICE),
            _ => tokens.insert(at, *random.pick::<&str>(SPICE)),
        }
        tokens.concat()
    }
}

/// Top-level statements, a few lines each.
fn pieces_of(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    for line in text.split_inclusive('\n') {
        let continues = line.starts_with([' ', '\t', ')', ']', '}', '\n', '#'])
            || ["else", "elif", "except", "finally"].iter().any(|word| line.starts_with(word))
            || pieces.last().is_some_and(|piece| piece.starts_with('@') && !piece.contains("\ndef"));
        match pieces.last_mut().filter(|_| continues) {
            Some(piece) => piece.push_str(line),
            None => pieces.push(line.to_owned()),
        }
    }
    pieces
}

/// Words, numbers, runs of blanks, and single other characters.
fn tokens(text: &str) -> Vec<&str> {
    let kind = |c: char| match c {
        ' ' | '\t' => 1,
        c if c.is_alphanumeric() || c == '_' => 2,
        _ => 0,
    };
    let mut tokens = Vec::new();
    let mut start = 0;
    let mut last = 0;
    for (index, c) in text.char_indices() {
        if index > start && (kind(c) != last || last == 0) {
            tokens.push(&text[start..index]);
            start = index;
        }
        last = kind(c);
    }
    if start < text.len() {
        tokens.push(&text[start..]);
    }
    tokens
}
