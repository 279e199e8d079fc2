//! `from __future__ import …`: which features a module asks for.

use pyx_grammar::ast::{ImportFrom, Mod, StmtKind};
use pyx_grammar::{Loc, Locations, SyntaxError};

use crate::bytecode::code::flags;
use crate::docstring::docstring;
use crate::error::error_at;

/// The future statements of a module.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Features {
    /// The `co_flags` bits of the features that still change something.
    pub flags: u32,
    /// The last future statement, behind which no other may come.
    pub last: Option<Loc>,
}

impl Features {
    /// The future statements at the beginning of a module, behind at most a docstring.
    pub fn of_module(module: Mod<'_>, locations: &Locations<'_>) -> Result<Self, Box<SyntaxError>> {
        let body = match module {
            Mod::Module(module) => module.body,
            Mod::Interactive(module) => module.body,
            Mod::Expression(_) | Mod::FunctionType(_) => &[],
        };
        let body = if docstring(body).is_some() { &body[1..] } else { body };
        let mut features = Self::default();
        for statement in body {
            let StmtKind::ImportFrom(import) = statement.kind else { break };
            if !is_future(import) {
                break;
            }
            features.flags |= requested(import, locations)?;
            features.last = Some(statement.loc);
        }
        Ok(features)
    }
}

/// Whether this is `from __future__ import …`.
pub fn is_future(import: &ImportFrom<'_>) -> bool {
    import.level == 0 && import.module.is_some_and(|module| module == "__future__")
}

fn requested(import: &ImportFrom<'_>, locations: &Locations<'_>) -> Result<u32, Box<SyntaxError>> {
    let mut requested = 0;
    for alias in import.names {
        requested |= match alias.name.as_bytes() {
            b"nested_scopes" | b"generators" | b"division" | b"absolute_import" | b"with_statement"
            | b"print_function" | b"unicode_literals" | b"generator_stop" => 0,
            b"barry_as_FLUFL" => flags::FUTURE_BARRY_AS_BDFL,
            b"annotations" => flags::FUTURE_ANNOTATIONS,
            b"braces" => return Err(error_at(locations, alias.loc, "not a chance")),
            _ => {
                return Err(error_at(
                    locations,
                    alias.loc,
                    format!("future feature {} is not defined", alias.name),
                ));
            }
        };
    }
    Ok(requested)
}
