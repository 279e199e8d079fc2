//! `Token`: what gets the former value of a context variable back. It is a context manager, too.

use std::cell::Cell;

use super::variable;
use crate::arguments::Args;
use crate::class;
use crate::exception::PyResult;
use crate::heap::Slot;
use crate::native::*;
use crate::types::generic_alias::generic_alias;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

crate::payload! {
    /// A token.
    pub(super) struct Token: Native {
        pub(super) context: Owned,
        pub(super) variable: Owned,
        /// The former value, if there was one.
        pub(super) old: Slot,
        pub(super) used: Cell<bool>,
    }

    /// `Token.MISSING`
    struct Missing: Native {}
}

class! {
    Token => TOKEN;
    Missing => MISSING;
}

pub(super) static TOKEN: TypeDef = TypeDef {
    module: "_contextvars",
    doc: "What ContextVar.set() gives: it knows the former value.",
    methods: &[
        class_method("__class_getitem__($type, object, /)", Two(generic_alias), "See PEP 585."),
        method("__enter__($self, /)", One(|_, this| Ok(this.own())), "The token itself."),
        method("__exit__($self, type, val, tb, /)", Four(exit), "Set the variable back.")
            .wording(Wording::Unpack),
    ],
    getset: &[
        getter("var", |_, this| Ok(payload(this).variable.clone()), "The variable."),
        getter("old_value", old_value, "The former value, or Token.MISSING."),
    ],
    attributes: &[
        ClassAttribute { name: "MISSING", make: |vm, _| missing(vm) },
        ClassAttribute { name: "__hash__", make: |_, _| Ok(Owned::none()) },
    ],
    slots: Slots {
        new: Some(construct),
        repr: Some(repr),
        hash: Some(crate::protocol::slot_functions::not_hashable),
        ..Slots::NONE
    },
    ..TypeDef::new::<Token>("Token")
};

static MISSING: TypeDef = TypeDef {
    flags: TypeFlags { no_new: true, ..TypeFlags::NONE },
    slots: Slots { repr: Some(|vm, _| vm.str("<Token.MISSING>")), ..Slots::NONE },
    module: "Token",
    ..TypeDef::new::<Missing>("MISSING")
};

pub(super) fn new(vm: &Thread, context: Owned, variable: Owned, old: Option<Owned>) -> PyResult {
    vm.new_object(Token { context, variable, old: Slot::from_option(old), used: Cell::new(false) })
}

fn payload(this: Ref<'_>) -> &Token {
    this.downcast().expect("a token")
}

fn construct(vm: &Thread, _class: Ref<'_>, _args: &Args<'_>) -> PyResult {
    Err(vm.runtime_error("Tokens can only be created by ContextVars"))
}

/// The one object that stands for no value, made with the class.
fn missing(vm: &Thread) -> PyResult {
    vm.new_object(Missing {})
}

fn old_value(vm: &Thread, this: Ref<'_>) -> PyResult {
    match payload(this).old.get() {
        Some(old) => Ok(old),
        None => vm.get_attr(vm.class(this), vm.intern("MISSING")?.borrow()),
    }
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    let token = payload(this);
    let used = if token.used.get() { " used" } else { "" };
    let variable = vm.repr_string(token.variable.borrow())?;
    vm.str(&format!("<Token{used} var={variable} at {:#x}>", this.id()))
}

fn exit(vm: &Thread, this: Ref<'_>, _class: Ref<'_>, _value: Ref<'_>, _traceback: Ref<'_>) -> PyResult {
    variable::reset(vm, payload(this).variable.borrow(), this)
}
