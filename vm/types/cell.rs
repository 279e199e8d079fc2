//! `cell`: a variable shared between a function and the functions inside it.

use crate::arguments::Args;
use crate::class;
use crate::exception::PyResult;
use crate::heap::Slot;
use crate::native::*;
use crate::protocol::slots::CompareOp;
use crate::types::constructor;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

crate::payload! {
    /// A cell.
    pub struct Cell: Cell {
        /// The variable; empty while it is unbound.
        pub(crate) content: Slot,
    }
}

class! { Cell => CELL; }

pub(crate) static CELL: TypeDef = TypeDef {
    signature: "([contents])",
    doc: "A variable that functions share; without contents, it is not bound yet.",
    getset: &[getset("cell_contents", contents, set_contents, "The value of the variable.")],
    slots: Slots { new: Some(new), repr: Some(repr), compare: Some(compare), ..Slots::NONE },
    ..TypeDef::new::<Cell>("cell")
};

fn payload(this: Ref<'_>) -> &Cell {
    this.downcast().expect("the descriptor checks its receiver")
}

fn new(vm: &Thread, _: Ref<'_>, args: &Args<'_>) -> PyResult {
    constructor::no_keywords(vm, "cell", args)?;
    let content = constructor::optional(vm, "cell", args)?;
    vm.new_object(Cell { content: Slot::from_option(content.map(Ref::own)) })
}

fn contents(vm: &Thread, this: Ref<'_>) -> PyResult {
    payload(this).content.get().ok_or_else(|| vm.value_error("Cell is empty"))
}

fn set_contents(_: &Thread, this: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    drop(payload(this).content.replace(value.map(Ref::own)));
    Ok(())
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    let id = this.id();
    match payload(this).content.get() {
        Some(value) => {
            let (class, value) = (vm.type_name(value.borrow()), value.borrow().id());
            vm.str(&format!("<cell at {id:#x}: {class} object at {value:#x}>"))
        }
        None => vm.str(&format!("<cell at {id:#x}: empty>")),
    }
}

/// Cells compare as their contents do; an empty one comes first.
fn compare(vm: &Thread, a: Ref<'_>, b: Ref<'_>, op: CompareOp) -> PyResult {
    let (Some(a), Some(b)) = (a.downcast::<Cell>(), b.downcast::<Cell>()) else {
        return Ok(Owned::not_implemented());
    };
    match (a.content.get(), b.content.get()) {
        (Some(a), Some(b)) => {
            vm.check_stack()?;
            vm.compare(a.borrow(), b.borrow(), op)
        }
        (a, b) => Ok(Owned::bool(op.holds(a.is_some().cmp(&b.is_some())))),
    }
}
