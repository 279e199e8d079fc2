//! `docs/opcodes.md` is generated from the opcode table; `UPDATE_EXPECT=1` writes it anew.

use std::fmt::Write;
use std::path::Path;

use pyx_compiler::bytecode::opcode::{Effects, Opcode};

const INTRODUCTION: &str = "\
# The opcodes

Generated from the table in `compiler/bytecode/opcode.rs`, whose module text says how to read a row and what
temporaries must obey; `UPDATE_EXPECT=1 cargo test -p pyx-compiler --test opcodes` writes this page anew.

`R[x]` is a register, `C[k]` a constant, `N[k]` a name, `exc` the frame's handled exception, `NULL` the absent value.
";

#[test]
fn the_reference_is_fresh() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/opcodes.md");
    let fresh = reference();
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, fresh).unwrap();
        return;
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == fresh, "docs/opcodes.md is stale; UPDATE_EXPECT=1 writes it anew");
}

fn reference() -> String {
    let mut page = INTRODUCTION.to_owned();
    let mut written = 0;
    for (title, rows) in sections() {
        write!(
            page,
            "\n## {title}\n\n| | opcode | operands | words | effects | meaning |\n|---|---|---|---|---|---|\n"
        )
        .unwrap();
        for opcode in rows {
            let meaning = opcode.doc().split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|");
            let signature = match opcode.signature().trim().replace(" : ", ": ").as_str() {
                "" => String::new(),
                signature => format!("`{signature}`"),
            };
            let (number, name, words) = (opcode as u8, opcode.name(), opcode.words());
            let effects = effects(opcode.effects());
            writeln!(page, "| {number} | `{name}` | {signature} | {words} | {effects} | {meaning} |")
                .unwrap();
            written += 1;
        }
    }
    assert_eq!(written, Opcode::ALL.len(), "a row of the table was not found in its source");
    page
}

/// The table's sections: its source says where they begin.
fn sections() -> Vec<(&'static str, Vec<Opcode>)> {
    let source = include_str!("../bytecode/opcode.rs");
    let mut sections: Vec<(&str, Vec<Opcode>)> = Vec::new();
    let mut rows = Opcode::ALL.iter().copied().peekable();
    for line in source.lines().map(str::trim) {
        if let Some(title) = line.strip_prefix("// ---- ").and_then(|rest| rest.strip_suffix(" ----")) {
            sections.push((title, Vec::new()));
        }
        let begins_row =
            |opcode: &Opcode| line.split_once(" = ").is_some_and(|(name, _)| name == opcode.name());
        if let (Some((_, section)), Some(opcode)) = (sections.last_mut(), rows.next_if(begins_row)) {
            section.push(opcode);
        }
    }
    sections
}

fn effects(effects: Effects) -> String {
    let all = [
        (effects.raises, "raises"),
        (effects.reenters, "reenters"),
        (effects.jumps, "jumps"),
        (effects.suspends, "suspends"),
        (effects.returns, "returns"),
        (effects.ends, "ends"),
    ];
    all.iter().filter(|(has, _)| *has).map(|(_, name)| *name).collect::<Vec<_>>().join(" ")
}
