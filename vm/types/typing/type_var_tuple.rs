//! `typing.TypeVarTuple`: a variable that stands for any number of types.

use super::variable::{Variable, payload};
use super::{Lazy, no_default};
use crate::arguments::Args;
use crate::exception::PyResult;
use crate::native::*;
use crate::value::{Owned, Ref};
use crate::vm::Thread;
use crate::{class, signature};

crate::payload! {
    /// A type variable tuple.
    pub struct TypeVarTuple: Native {
        name: Owned,
        pub(super) default: Lazy,
    }
}

class! { TypeVarTuple => TYPE_VAR_TUPLE; }

pub(crate) static TYPE_VAR_TUPLE: TypeDef = TypeDef {
    module: "typing",
    flags: TypeFlags { weakref: true, dict: true, ..TypeFlags::NONE },
    doc: "A variable that stands for any number of types. Made by `def f[*Ts]` and the like, or by a call.",
    methods: &[
        method(
            "__typing_subst__($self, arg, /)",
            Two(|vm, _, _| Err(vm.type_error("Substitution of bare TypeVarTuple is not supported"))),
            "An error: the variable must be unpacked.",
        ),
        method(
            "__typing_prepare_subst__($self, alias, args, /)",
            Three(|vm, this, alias, args| {
                super::call(vm, "_typevartuple_prepare_subst", &[this, alias, args])
            }),
            "Group the arguments that are this variable's.",
        ),
        TypeVarTuple::REDUCE,
        TypeVarTuple::HAS_DEFAULT,
        TypeVarTuple::MRO_ENTRIES,
    ],
    getset: &[TypeVarTuple::NAME, TypeVarTuple::DEFAULT, TypeVarTuple::EVALUATE_DEFAULT],
    attributes: &[crate::native::MODULE],
    slots: Slots {
        new: Some(new),
        repr: Some(|_, this| Ok(payload::<TypeVarTuple>(this).name.clone())),
        iter: Some(super::iter_unpacked),
        ..Slots::NONE
    },
    ..TypeDef::new::<TypeVarTuple>("TypeVarTuple")
};

impl Variable for TypeVarTuple {
    const WHAT: &'static str = "TypeVarTuple";

    fn name(&self) -> &Owned {
        &self.name
    }

    fn default(&self) -> &Lazy {
        &self.default
    }
}

/// A variable of a type parameter list.
pub(super) fn lazy(vm: &Thread, name: &Owned) -> PyResult {
    vm.new_object(TypeVarTuple { name: name.clone(), default: Lazy::none() })
}

fn new(vm: &Thread, _: Ref<'_>, args: &Args<'_>) -> PyResult {
    args.bind(vm, signature!("typevartuple(name, *, default=typing.NoDefault)"), |args| {
        let name = super::name_argument(vm, "typevartuple", args.required(0))?;
        let default =
            args.optional(1).map_or_else(|| no_default::no_default(vm), |default| Ok(default.own()))?;
        let made = vm.new_object(TypeVarTuple { name, default: Lazy::value(Some(default)) })?;
        super::set_module(vm, made.borrow())?;
        Ok(made)
    })
}
