//! `_contextvars`: variables whose values belong to a context, such as a task (PEP 567).
//!
//! A context is a map from variables to values. The map is shared by a context and its copies until one of them changes it: a
//! copy costs nothing, and the first change after it one copy of the map. Maps are sorted by the variables' identities.
//! The current context of a thread is the one that it entered last; it starts with one of its own.

mod context;
mod token;
mod variable;

use std::cell::RefCell;

pub(crate) use context::Context;
pub use variable::ContextVar;

use crate::class;
use crate::exception::PyResult;
use crate::heap::{Items, Slot};
use crate::native::*;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// The table of the module.
pub static CONTEXTVARS_MODULE: ModuleDef = ModuleDef {
    doc: "Variables whose values belong to a context.",
    functions: &[function("copy_context($module, /)", Zero(copy_context), "A copy of the current context.")],
    types: &[&context::CONTEXT, &variable::CONTEXT_VAR, &token::TOKEN],
    ..ModuleDef::new("_contextvars")
};

crate::payload! {
    /// The map of one or more contexts; it does not change while several have it.
    pub(crate) struct Map: Native {
        /// The identities of the variables, in their order.
        keys: RefCell<Vec<u64>>,
        variables: Items,
        values: Items,
    }
}

class! { Map => MAP; }

static MAP: TypeDef = TypeDef {
    module: "_contextvars",
    flags: TypeFlags { no_new: true, ..TypeFlags::NONE },
    doc: "The variables of a context.",
    ..TypeDef::new::<Map>("_Map")
};

impl Map {
    fn empty() -> Self {
        Self { keys: RefCell::default(), variables: Items::new(), values: Items::new() }
    }

    fn find(&self, variable: Ref<'_>) -> Result<usize, usize> {
        self.keys.borrow().binary_search(&variable.id())
    }

    fn get(&self, variable: Ref<'_>) -> Option<Owned> {
        self.values.get(self.find(variable).ok()?)
    }

    fn set(&self, vm: &Thread, variable: Ref<'_>, value: Owned) -> PyResult<()> {
        match self.find(variable) {
            Ok(index) => self.values.set(index, value),
            Err(index) => {
                self.variables.insert(vm, index, variable.own())?;
                self.values.insert(vm, index, value)?;
                self.keys.borrow_mut().insert(index, variable.id());
            }
        }
        Ok(())
    }

    fn remove(&self, variable: Ref<'_>) {
        if let Ok(index) = self.find(variable) {
            self.keys.borrow_mut().remove(index);
            let removed = (self.variables.remove(index), self.values.remove(index));
            drop(removed);
        }
    }

    fn copy(&self, vm: &Thread) -> PyResult<Self> {
        let copy = |items: &Items| Items::from_vec(vm, items.to_vec(0, items.len()));
        Ok(Self { keys: self.keys.clone(), variables: copy(&self.variables)?, values: copy(&self.values)? })
    }
}

fn as_map(map: &Owned) -> &Map {
    map.borrow().downcast().expect("a map of variables")
}

/// The map of a context, for changing it: it is this context's alone.
fn own_map(vm: &Thread, slot: &Slot) -> PyResult {
    let new = match slot.get() {
        // One reference is the slot's, one is ours.
        Some(map) if map.borrow().header().is_some_and(|header| header.references() == 2) => return Ok(map),
        Some(map) => as_map(&map).copy(vm)?,
        None => Map::empty(),
    };
    let new = vm.new_object(new)?;
    slot.set(new.clone());
    Ok(new)
}

impl Thread {
    /// The current context.
    pub fn current_context(&self) -> PyResult {
        if let Some(context) = self.context.get() {
            return Ok(context);
        }
        let context = self.new_object(Context::empty())?;
        self.context.set(context.clone());
        Ok(context)
    }

    /// A copy of the current context.
    pub fn copy_context(&self) -> PyResult {
        let current = self.current_context()?;
        context::copy(self, current.borrow())
    }

    /// Makes a context the current one until [`exit_context`](Self::exit_context); it must not be entered already.
    pub fn enter_context(&self, context: Ref<'_>) -> PyResult<()> {
        context::enter(self, context)
    }

    /// Leaves the current context.
    pub fn exit_context(&self) {
        context::exit(self);
    }
}

fn copy_context(vm: &Thread) -> PyResult {
    vm.copy_context()
}
