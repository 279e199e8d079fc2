//! The verifier: proof that a code template does no harm, wherever it comes from.
//!
//! The interpreter's loop trusts the code: it indexes registers, constants and names without looking, jumps without
//! looking, and takes for an object what the code says is one. What [`verify`] accepts keeps these promises:
//!
//! - **Form** ([`form`]). The words are a row of instructions in their canonical encoding, cache words zero. Jumps go to
//!   instructions, `jump_back` and only it backward, so that no loop escapes the eval-breaker. Indices of registers,
//!   constants, names and far locals are in range, and `Kind` operands name something. Constants are of the
//!   type that the instruction wants; all strings are generalised UTF-8. Only code that is a generator or a
//!   coroutine suspends. Exception ranges are sorted and lie on instructions.
//! - **Flow** ([`flow`]). On every path, the temporaries form a prefix: an instruction consumes those at its end and
//!   produces the next ones, each place has one depth, and frames are left with none. What a register is read for, it
//!   holds: locals are bound, cells are cells, lists that are appended to are lists, and where an argument, a
//!   receiver or an exception may be absent (NULL), only instructions that expect that take it. Handlers find what
//!   they keep. The depth table tells the truth. Nothing falls off the end.
//!
//! Locals that a debugger writes stay bound (it cannot unbind them), so the flow holds whatever runs meanwhile. What an
//! *unreachable* instruction would do is not looked at; who jumps at will, as a debugger may, must not go there.
//!
//! The time is linear in the size of the code in practice, and bounded: code that would take too many rounds is
//! refused. There is no recursion.

mod flow;
mod form;
mod registers;
mod step;
#[cfg(test)]
mod tests;

use std::fmt;
use std::rc::Rc;

use ahash::AHashSet;
use pyx_grammar::ast::WtfStr;

use super::code::{Code, Constant, DepthTable};

/// Why a code template is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyError {
    /// `co_qualname` of the code object.
    pub code: String,
    /// The word index of the instruction, if it is about one.
    pub word: Option<u32>,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for VerifyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "bad bytecode in '{}'", self.code)?;
        if let Some(word) = self.word {
            write!(f, " at word {word}")?;
        }
        write!(f, ": {}", self.message)
    }
}

impl std::error::Error for VerifyError {}

/// An instruction's word index, if it is about one, and what is wrong.
type Fault = (Option<u32>, String);

/// Proves a code template, and those among its constants, harmless.
pub fn verify(code: &Code) -> Result<(), VerifyError> {
    let mut seen = AHashSet::new();
    let mut pending = vec![code];
    while let Some(code) = pending.pop() {
        let result = form::check(code).and_then(|form| flow::check(code, &form)).and_then(|()| {
            check_constants(code, |inner| {
                if seen.insert(Rc::as_ptr(inner)) {
                    pending.push(inner);
                }
            })
        });
        result.map_err(|fault| about(code, fault))?;
    }
    Ok(())
}

/// The depth table of a code template that comes without one. The template is not verified by that.
pub fn depths(code: &Code) -> Result<DepthTable, VerifyError> {
    let found = match code.words.is_empty() {
        true => Ok(DepthTable::default()),
        false => form::check(code).and_then(|form| flow::depths(code, &form)),
    };
    found.map_err(|fault| about(code, fault))
}

fn about(code: &Code, (word, message): Fault) -> VerifyError {
    VerifyError { code: WtfStr::from_bytes(&code.qualname).to_string(), word, message }
}

/// Checks the strings of the constants, and shows the code objects that are among them at any depth.
fn check_constants<'c>(code: &'c Code, mut found: impl FnMut(&'c Rc<Code>)) -> Result<(), Fault> {
    let mut seen = AHashSet::new();
    let mut pending = vec![&*code.constants];
    while let Some(constants) = pending.pop() {
        for constant in constants {
            let parts: &[Constant] = match constant {
                Constant::Str(text) => {
                    form::check_text(text).map_err(|message| (None, message))?;
                    continue;
                }
                Constant::Tuple(items) | Constant::FrozenSet(items) => items,
                Constant::Slice(parts) => &**parts,
                Constant::Code(inner) => {
                    found(inner);
                    continue;
                }
                _ => continue,
            };
            if !parts.is_empty() && seen.insert(parts.as_ptr()) {
                pending.push(parts);
            }
        }
    }
    Ok(())
}
