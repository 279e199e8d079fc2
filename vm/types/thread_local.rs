//! `_thread._local`: an object whose attributes each thread has for itself.
//!
//! Each thread that looks at it gets a `__dict__` of its own; the first look calls `__init__` again with the arguments that
//! the object was made with.

use std::cell::RefCell;

use crate::arguments::Args;
use crate::class;
use crate::exception::PyResult;
use crate::heap::Items;
use crate::heap::dict::{Dict, Table};
use crate::native::*;
use crate::protocol::attribute::display;
use crate::types::str_;
use crate::types::type_::type_flag;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

crate::payload! {
    /// See the module.
    pub struct Local: Native {
        /// The threads that have a dict, by their numbers; the dicts are in the same order.
        threads: RefCell<Vec<u64>>,
        dicts: Items,
        /// The arguments of `__init__`, and the names of the last ones.
        arguments: Box<[Owned]>,
        names: Box<[Owned]>,
    }
}

class! { Local => LOCAL; }

/// The table of the class.
pub static LOCAL: TypeDef = TypeDef {
    module: "_thread",
    flags: TypeFlags { weakref: true, ..TypeFlags::BASE },
    signature: "()",
    doc: "Attributes that each thread has for itself.",
    slots: Slots { new: Some(new), getattro: Some(getattro), setattro: Some(setattro), ..Slots::NONE },
    attributes: &[MODULE],
    ..TypeDef::new::<Local>("_local")
};

fn new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    let has_init = !crate::types::type_::payload_of(class).has(type_flag::PLAIN_INIT);
    if !args.is_empty() && !has_init {
        return Err(vm.type_error("Initialization arguments are not supported"));
    }
    let local = vm.new_object_of(
        class,
        Local {
            threads: RefCell::default(),
            dicts: Items::new(),
            arguments: args.values().iter().map(|value| value.own()).collect(),
            names: args.names().into(),
        },
    )?;
    // The caller calls `__init__` for this thread.
    add_dict(vm, local.borrow())?;
    Ok(local)
}

fn payload(this: Ref<'_>) -> &Local {
    this.downcast().expect("the receiver is a local")
}

fn add_dict(vm: &Thread, this: Ref<'_>) -> PyResult {
    let dict = vm.dict()?;
    let reference = vm.weak_reference(this)?;
    payload(this).dicts.push(vm, dict.clone())?;
    payload(this).threads.borrow_mut().push(vm.serial());
    vm.locals.borrow_mut().push(reference);
    Ok(dict)
}

/// The attributes of the current thread.
fn dict_of(vm: &Thread, this: Ref<'_>) -> PyResult {
    let local = payload(this);
    let position = position(local, vm.serial());
    if let Some(dict) = position.and_then(|position| local.dicts.get(position)) {
        return Ok(dict);
    }
    let dict = add_dict(vm, this)?;
    if let Some(init) = vm.type_of(this).slots.init.get() {
        let values: Vec<Ref<'_>> = local.arguments.iter().map(Owned::borrow).collect();
        init(vm, this, &Args::new(&values, &local.names))?;
    }
    Ok(dict)
}

/// Where the dict of a thread is.
fn position(local: &Local, thread: u64) -> Option<usize> {
    local.threads.borrow().iter().position(|&other| other == thread)
}

impl Thread {
    /// Ends what this thread has in objects like this.
    pub(crate) fn end_locals(&self) {
        // What ends may make more of them.
        while let Some(reference) = { self.locals.borrow_mut().pop() } {
            let Some(object) = self.weak_target(reference.borrow()) else { continue };
            let local = payload(object.borrow());
            if let Some(position) = position(local, self.serial()) {
                local.threads.borrow_mut().remove(position);
                drop(local.dicts.remove(position));
            }
        }
    }
}

fn table(dict: &Owned) -> &Table {
    &dict.borrow().downcast::<Dict>().expect("a dict").table
}

fn is_dict_name(vm: &Thread, name: Ref<'_>) -> bool {
    str_::find_interned(vm, name).is_some_and(|name| name.borrow().is(vm.names().__dict__.borrow()))
}

fn getattro(vm: &Thread, this: Ref<'_>, name: Ref<'_>) -> PyResult {
    vm.check_name(name)?;
    let dict = dict_of(vm, this)?;
    if is_dict_name(vm, name) {
        return Ok(dict);
    }
    let class = vm.class(this);
    let attribute = vm.lookup(class, name);
    let slots = attribute.as_ref().map(|attribute| &vm.type_of(attribute.borrow()).slots);
    let get = slots.and_then(|slots| slots.descr_get.get());
    let is_data = slots.is_some_and(|slots| slots.descr_set.get().is_some());
    if let (Some(attribute), Some(get), true) = (&attribute, get, is_data) {
        return get(vm, attribute.borrow(), Some(this), Some(class));
    }
    match (table(&dict).get(vm, name, vm.hash(name)?)?, attribute, get) {
        (Some(value), _, _) => Ok(value),
        (None, Some(attribute), Some(get)) => get(vm, attribute.borrow(), Some(this), Some(class)),
        (None, Some(attribute), None) => Ok(attribute),
        (None, None, _) => Err(vm.no_attribute(this, name)),
    }
}

fn setattro(vm: &Thread, this: Ref<'_>, name: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    vm.check_name(name)?;
    let dict = dict_of(vm, this)?;
    if is_dict_name(vm, name) {
        let (class, name) = (vm.type_name(this), display(name));
        return Err(vm.attribute_error(format_args!("'{class}' object attribute '{name}' is read-only")));
    }
    if let Some(attribute) = vm.lookup(vm.class(this), name) {
        if let Some(set) = vm.type_of(attribute.borrow()).slots.descr_set.get() {
            return set(vm, attribute.borrow(), this, value);
        }
    }
    let hash = vm.hash(name)?;
    match value {
        Some(value) => drop(table(&dict).insert(vm, name, hash, value.own())?),
        None => {
            if table(&dict).remove(vm, name, hash)?.is_none() {
                return Err(vm.no_attribute(this, name));
            }
        }
    }
    Ok(())
}
