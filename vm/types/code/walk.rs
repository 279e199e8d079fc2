//! Iterators over what code knows of its instructions: `co_lines()`, `co_positions()`, `co_branches()`.

use std::cell::Cell;

use pyx_compiler::bytecode::opcode::Instruction;
use pyx_compiler::bytecode::positions;

use super::Code;
use super::object::template;
use crate::exception::PyResult;
use crate::heap::{Trace, Visitor};
use crate::monitoring::branches::branch_at;
use crate::native::*;
use crate::types::code::PositionTable;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

crate::payload! {
    /// An iterator over a code object.
    pub struct CodeIterator: Native {
        code: Owned,
        what: Walk,
        /// The index of the word that comes next; of the entry, for lines.
        position: Cell<usize>,
        /// The entries of the location table, for what wants them.
        entries: PositionTable,
    }
}

/// What to iterate over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Walk {
    Lines,
    Positions,
    Branches,
}

impl Trace for Walk {
    const TRACED: bool = false;
    fn trace(&self, _: &mut Visitor<'_>) {}
}

const fn iterator(name: &'static str) -> TypeDef {
    TypeDef {
        flags: TypeFlags { no_new: true, ..TypeFlags::BASE },
        slots: Slots { iter: Some(|_, this| Ok(this.own())), next: Some(next), ..Slots::NONE },
        ..TypeDef::new::<CodeIterator>(name)
    }
}

static LINE_ITERATOR: TypeDef = iterator("line_iterator");
static POSITIONS_ITERATOR: TypeDef = iterator("positions_iterator");
static BRANCHES_ITERATOR: TypeDef = iterator("line_iterator");

pub(super) fn walk(vm: &Thread, code: Ref<'_>, what: Walk) -> PyResult {
    let class = match what {
        Walk::Lines => &LINE_ITERATOR,
        Walk::Positions => &POSITIONS_ITERATOR,
        Walk::Branches => &BRANCHES_ITERATOR,
    };
    let code_payload: &Code = code.downcast().expect("the descriptor checks its receiver");
    let template = code_payload.template();
    let entries = match what {
        Walk::Branches => Vec::new(),
        _ => positions::positions(&template.positions, template.first_line).collect(),
    };
    let class = vm.class_of(class)?;
    let position = Cell::new(0);
    let entries = PositionTable(entries.into());
    vm.new_object_in(&class, CodeIterator { code: code.own(), what, position, entries })
}

fn next(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    let iterator: &CodeIterator = this.downcast().expect("the receiver is such an iterator");
    match iterator.what {
        Walk::Lines => next_line(vm, iterator),
        Walk::Positions => next_position(vm, iterator),
        Walk::Branches => next_branch(vm, iterator),
    }
}

/// An offset as Python counts.
fn offset(vm: &Thread, word: u32) -> PyResult {
    vm.int(2 * i64::from(word))
}

fn next_line(vm: &Thread, iterator: &CodeIterator) -> PyResult<Option<Owned>> {
    let line = |entry: &positions::Stretch<positions::Position>| entry.at.map(|at| at.lineno);
    let position = iterator.position.get();
    let rest = &iterator.entries.0[position..];
    let Some(first) = rest.first() else { return Ok(None) };
    let equal = rest.iter().take_while(|entry| line(entry) == line(first)).count();
    iterator.position.set(position + equal);
    let number = line(first).map_or_else(none, |line| vm.int(line.into()))?;
    vm.tuple(vec![offset(vm, first.start)?, offset(vm, rest[equal - 1].end)?, number]).map(Some)
}

fn next_position(vm: &Thread, iterator: &CodeIterator) -> PyResult<Option<Owned>> {
    let word = iterator.position.get();
    if word >= template(iterator.code.borrow()).words.len() {
        return Ok(None);
    }
    iterator.position.set(word + 1);
    let entries = &iterator.entries.0;
    let entry = entries.get(entries.partition_point(|entry| entry.end as usize <= word));
    let place = entry.and_then(|entry| entry.at);
    let number = |value: Option<i32>| match value.filter(|&value| value >= 0) {
        Some(value) => vm.int(value.into()),
        None => none(),
    };
    vm.tuple(vec![
        number(place.map(|place| place.lineno))?,
        number(place.map(|place| place.end_lineno))?,
        number(place.map(|place| place.col_offset))?,
        number(place.map(|place| place.end_col_offset))?,
    ])
    .map(Some)
}

fn next_branch(vm: &Thread, iterator: &CodeIterator) -> PyResult<Option<Owned>> {
    let template = template(iterator.code.borrow());
    while let Some(instruction) = Instruction::decode(&template.words, iterator.position.get()) {
        let at = iterator.position.get();
        iterator.position.set(at + instruction.opcode().words());
        if let Some(branch) = branch_at(template, at as u32) {
            let places = [branch.from, branch.left, branch.right].map(|word| offset(vm, word));
            return vm.tuple(places.into_iter().collect::<PyResult<_>>()?).map(Some);
        }
    }
    Ok(None)
}
