//! `bool`: the subclass of `int` with two instances, both immediates.

use crate::exception::PyResult;
use crate::native::*;
use crate::types::constructor;
use crate::types::int::{INT, Int, and, invert, or, xor};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

pub(crate) static BOOL: TypeDef = TypeDef {
    base: Some(&INT),
    flags: TypeFlags { match_self: true, ..TypeFlags::NONE },
    signature: "(object=False, /)",
    doc: "The truth value of an object: True or False, which are the ints 1 and 0 otherwise.",
    slots: Slots {
        repr: Some(repr),
        new: Some(new),
        and: Some(bool_and),
        or: Some(bool_or),
        xor: Some(bool_xor),
        invert: Some(bool_invert),
        ..Slots::NONE
    },
    ..TypeDef::new::<Int>("bool")
};

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.intern(if this.is_true() { "True" } else { "False" })
}

fn new(vm: &Thread, _: Ref<'_>, args: &Args<'_>) -> PyResult {
    constructor::no_keywords(vm, "bool", args)?;
    match constructor::optional(vm, "bool", args)? {
        Some(object) => Ok(Owned::bool(vm.is_true(object)?)),
        None => Ok(Owned::bool(false)),
    }
}

/// Operators that stay among bools, and are those of int with anything else.
macro_rules! logical {
    ($($name:ident: $int:ident, $op:tt;)*) => {$(
        fn $name(vm: &Thread, a: Ref<'_>, b: Ref<'_>) -> PyResult {
            match (a.as_bool(), b.as_bool()) {
                (Some(a), Some(b)) => Ok(Owned::bool(a $op b)),
                _ => $int(vm, a, b),
            }
        }
    )*};
}

logical! {
    bool_and: and, &;
    bool_or: or, |;
    bool_xor: xor, ^;
}

fn bool_invert(vm: &Thread, this: Ref<'_>) -> PyResult {
    let message = "Bitwise inversion '~' on bool is deprecated and will be removed in Python 3.16. This returns the \
                   bitwise inversion of the underlying int object and is usually not what you expect from negating a \
                   bool. Use the 'not' operator for boolean negation or ~int(x) if you really want the bitwise \
                   inversion of the underlying int.";
    vm.warn(&vm.exceptions().DeprecationWarning, message)?;
    invert(vm, this)
}
