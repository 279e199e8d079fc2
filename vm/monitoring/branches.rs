//! Branches: instructions from which code goes on in one of two ways, as `co_branches()` lists them and tools are told of them.
//!
//! The left way is the one straight on, the right one leads elsewhere. A loop goes left with each item: where the instruction stores
//! the item in a local itself, the left way leads to the instruction's last word, which stands for the store and is of the loop's
//! line. The branch of an `async for` is its `get_anext`: left to the `await_` that stores the item, right to what follows the
//! `end_async_for` in its handler.

use pyx_compiler::bytecode::code::Code as Template;
use pyx_compiler::bytecode::opcode::{Instruction, Opcode};

/// An instruction and the two ways from it, all words of the code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Branch {
    pub from: u32,
    pub left: u32,
    pub right: u32,
}

/// The branch that an instruction makes; that of an `async for` counts as its end's.
pub(crate) fn branch_at(code: &Template, word: u32) -> Option<Branch> {
    let instruction = Instruction::decode(&code.words, word as usize)?;
    let behind = word + instruction.opcode().words() as u32;
    let left = match instruction {
        Instruction::Jump(_) | Instruction::JumpBack(_) => return None,
        Instruction::EndAsyncFor(_) => {
            let from = code.exceptions.iter().find(|range| range.handler == word)?.start;
            return Some(Branch { from, left: from + Opcode::GetAnext.words() as u32, right: behind });
        }
        Instruction::ForIter(i) if i.dst.own => behind - 1,
        Instruction::ForIterPair(i) if i.second.own => behind - 1,
        _ => behind,
    };
    Some(Branch { from: word, left, right: behind.wrapping_add_signed(instruction.label()?.0) })
}
