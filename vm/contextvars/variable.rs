//! `ContextVar`.

use super::context;
use super::token::{self, Token};
use crate::arguments::Args;
use crate::class;
use crate::exception::PyResult;
use crate::heap::Slot;
use crate::heap::inline::Str;
use crate::native::*;
use crate::types::generic_alias::generic_alias;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

crate::payload! {
    /// A context variable.
    pub struct ContextVar: Native {
        name: Owned,
        default: Slot,
    }
}

class! { ContextVar => CONTEXT_VAR; }

pub(super) static CONTEXT_VAR: TypeDef = TypeDef {
    module: "_contextvars",
    doc: "A variable whose value belongs to the current context.",
    methods: &[
        method(
            "get($self, default=<unrepresentable>, /)",
            OneOpt(get),
            "The value in the current context, or the default given, or that of the variable, or LookupError.",
        ),
        method(
            "set($self, value, /)",
            Two(set),
            "Set the value in the current context; a token that gets the former value back.",
        ),
        method(
            "reset($self, token, /)",
            Two(reset),
            "Set the value back to what it was before set() gave the token.",
        ),
        class_method("__class_getitem__($type, object, /)", Two(generic_alias), "See PEP 585."),
    ],
    getset: &[member("name", |_, this| Ok(payload(this).name.clone()), "The name of the variable.")],
    slots: Slots {
        new: Some(new),
        repr: Some(repr),
        hash: Some(|_, this| Ok(crate::number::hash::address(this.id() as usize))),
        ..Slots::NONE
    },
    ..TypeDef::new::<ContextVar>("ContextVar")
};

impl Thread {
    /// A context variable.
    pub fn context_var(&self, name: Owned, default: Option<Owned>) -> PyResult {
        self.new_object(ContextVar { name, default: Slot::from_option(default) })
    }

    /// The value of a context variable in the current context, without its default.
    pub fn context_var_value(&self, variable: Ref<'_>) -> Option<Owned> {
        context::payload(self.context.get()?.borrow()).get(variable)
    }
}

fn payload(this: Ref<'_>) -> &ContextVar {
    this.downcast().expect("a context variable")
}

fn new(vm: &Thread, _class: Ref<'_>, args: &Args<'_>) -> PyResult {
    let given = args.positional().len();
    if given == 2 {
        return Err(
            vm.type_error(format_args!("ContextVar() takes at most 1 positional argument ({given} given)"))
        );
    }
    args.bind(vm, crate::signature!("ContextVar(name, /, *, default=None)"), |args| {
        let name = args.required(0);
        if name.downcast::<Str>().is_none() {
            return Err(vm.type_error("context variable name must be a str"));
        }
        // The variable's own hash comes from it.
        vm.hash(name)?;
        vm.context_var(name.own(), args.optional(1).map(Ref::own))
    })
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    let variable = payload(this);
    let name = vm.repr_string(variable.name.borrow())?;
    // The default may refer to the variable.
    let default = match variable.default.get() {
        Some(default) if vm.repr_enter(this) => {
            let text = vm.repr_string(default.borrow());
            vm.repr_leave(this);
            format!(" default={}", text?)
        }
        Some(_) => " default=...".to_owned(),
        None => String::new(),
    };
    vm.str(&format!("<ContextVar name={name}{default} at {:#x}>", this.id()))
}

fn get(vm: &Thread, this: Ref<'_>, default: Option<Ref<'_>>) -> PyResult {
    if let Some(value) = vm.context_var_value(this) {
        return Ok(value);
    }
    match default.map(Ref::own).or_else(|| payload(this).default.get()) {
        Some(default) => Ok(default),
        None => Err(vm.error_with(&vm.exceptions().LookupError, &[this])),
    }
}

fn set(vm: &Thread, this: Ref<'_>, value: Ref<'_>) -> PyResult {
    let current = vm.current_context()?;
    let old = context::payload(current.borrow()).set(vm, this, value.own())?;
    token::new(vm, current, this.own(), old)
}

pub(super) fn reset(vm: &Thread, this: Ref<'_>, token: Ref<'_>) -> PyResult {
    let Some(details) = token.downcast::<Token>() else {
        let text = vm.repr_string(token)?;
        return Err(vm.type_error(format_args!("expected an instance of Token, got {text}")));
    };
    let complain = |what: &str| {
        let text = vm.repr_string(token)?;
        Ok(format!("{text} {what}"))
    };
    if details.used.get() {
        return Err(vm.runtime_error(complain("has already been used once")?));
    }
    if !details.variable.borrow().is(this) {
        return Err(vm.value_error(complain("was created by a different ContextVar")?));
    }
    let current = vm.current_context()?;
    if !details.context.borrow().is(current.borrow()) {
        return Err(vm.value_error(complain("was created in a different Context")?));
    }
    details.used.set(true);
    let context = context::payload(current.borrow());
    match details.old.get() {
        Some(old) => drop(context.set(vm, this, old)?),
        None => context.remove(vm, this)?,
    }
    none()
}
