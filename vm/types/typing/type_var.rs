//! `typing.TypeVar`: a variable that stands for a type.

use super::{Lazy, Variance, no_default};
use crate::arguments::Args;
use crate::exception::PyResult;
use crate::native::*;
use crate::types::union;
use crate::value::{Owned, Ref};
use crate::vm::Thread;
use crate::{class, signature};

crate::payload! {
    /// A type variable.
    pub struct TypeVar: Native {
        name: Owned,
        bound: Lazy,
        /// A tuple.
        constraints: Lazy,
        pub(super) default: Lazy,
        variance: Variance,
    }
}

class! { TypeVar => TYPE_VAR; }

pub(crate) static TYPE_VAR: TypeDef = TypeDef {
    module: "typing",
    flags: TypeFlags { weakref: true, dict: true, ..TypeFlags::NONE },
    doc: "A variable that stands for a type. Made by `def f[T]`, `class C[T]` and `type A[T]`, or by a call.",
    methods: &[
        method(
            "__typing_subst__($self, arg, /)",
            Two(|vm, this, argument| super::call(vm, "_typevar_subst", &[this, argument])),
            "Check what takes the variable's place.",
        ),
        method(
            "__typing_prepare_subst__($self, alias, args, /)",
            Three(prepare_subst),
            "Fill in the default where an argument is missing.",
        ),
        method(
            "__reduce__($self, /)",
            One(|_, this| Ok(payload(this).name.clone())),
            "The name that pickle looks up.",
        ),
        method(
            "has_default($self, /)",
            One(|vm, this| payload(this).default.has_default(vm)),
            "Whether the variable has a default.",
        ),
        method(
            "__mro_entries__($self, object, /)",
            Two(|vm, _, _| super::no_base(vm, "TypeVar")),
            "An error: a type variable is not a base.",
        ),
    ],
    getset: &[
        member("__name__", |_, this| Ok(payload(this).name.clone()), "The name."),
        member(
            "__covariant__",
            |_, this| Ok(Owned::bool(payload(this).variance.covariant)),
            "Whether subtypes of the argument give subtypes.",
        ),
        member(
            "__contravariant__",
            |_, this| Ok(Owned::bool(payload(this).variance.contravariant)),
            "Whether supertypes of the argument give subtypes.",
        ),
        member(
            "__infer_variance__",
            |_, this| Ok(Owned::bool(payload(this).variance.infer)),
            "Whether type checkers find out the variance.",
        ),
        getter(
            "__bound__",
            |vm, this| Ok(payload(this).bound.get(vm)?.unwrap_or_else(Owned::none)),
            "The type that arguments are subtypes of, or None.",
        ),
        getter(
            "__constraints__",
            |vm, this| Ok(payload(this).constraints.get(vm)?.unwrap_or_else(|| vm.empty_tuple())),
            "The types that arguments may be, if they are constrained: a tuple.",
        ),
        getter("__default__", |vm, this| payload(this).default.default(vm), "The default, or NoDefault."),
        getter(
            "evaluate_bound",
            |vm, this| payload(this).bound.evaluator(vm),
            "The function that computes the bound, or None.",
        ),
        getter(
            "evaluate_constraints",
            |vm, this| payload(this).constraints.evaluator(vm),
            "The function that computes the constraints, or None.",
        ),
        getter(
            "evaluate_default",
            |vm, this| payload(this).default.evaluator(vm),
            "The function that computes the default, or None.",
        ),
    ],
    attributes: &[crate::native::MODULE],
    slots: Slots {
        new: Some(new),
        repr: Some(|vm, this| {
            let this = payload(this);
            super::marked(vm, this.variance.mark(), this.name.borrow())
        }),
        or: Some(|vm, a, b| union::of(vm, &[a, b])),
        ..Slots::NONE
    },
    ..TypeDef::new::<TypeVar>("TypeVar")
};

fn payload(this: Ref<'_>) -> &TypeVar {
    this.downcast().expect("the descriptor checks its receiver")
}

/// A variable of a type parameter list.
pub(super) fn lazy(vm: &Thread, name: &Owned, bound: Lazy, constraints: Lazy) -> PyResult {
    let (name, default) = (name.clone(), Lazy::none());
    vm.new_object(TypeVar { name, bound, constraints, default, variance: Variance::INFERRED })
}

fn new(vm: &Thread, _: Ref<'_>, args: &Args<'_>) -> PyResult {
    let signature = signature!(
        "typevar(name, *constraints, bound=None, default=typing.NoDefault, covariant=False, contravariant=False, infer_variance=False)"
    );
    args.bind(vm, signature, |bound| make(vm, bound))
}

fn make(vm: &Thread, args: &Bound<'_>) -> PyResult {
    let name = super::name_argument(vm, "typevar", args.required(0))?;
    let bound = args.optional(1).filter(|bound| !bound.is_none());
    let variance = Variance::of(vm, [args.optional(3), args.optional(4), args.optional(5)])?;
    let bound = match bound {
        Some(bound) => {
            let message = vm.str("Bound must be a type.")?;
            Some(super::call(vm, "_type_check", &[bound, message.borrow()])?)
        }
        None => None,
    };
    let constraints = match args.rest() {
        [] => None,
        [_] => return Err(vm.type_error("A single constraint is not allowed")),
        _ if bound.is_some() => {
            return Err(vm.type_error("Constraints cannot be combined with bound=..."));
        }
        several => Some(vm.tuple_of(several)?),
    };
    let default = args.optional(2).map_or_else(|| no_default::no_default(vm), |default| Ok(default.own()))?;
    let made = vm.new_object(TypeVar {
        name,
        bound: Lazy::value(bound),
        constraints: Lazy::value(constraints),
        default: Lazy::value(Some(default)),
        variance,
    })?;
    super::set_module(vm, made.borrow())?;
    Ok(made)
}

/// The arguments of a subscript, with the default added if it is this variable's turn.
fn prepare_subst(vm: &Thread, this: Ref<'_>, alias: Ref<'_>, arguments: Ref<'_>) -> PyResult {
    let parameters = vm.get_attr(alias, vm.names().__parameters__.borrow())?;
    let index = vm.index_in(parameters.borrow(), this)?;
    let given = vm.length(arguments)?;
    if index < given {
        return Ok(arguments.own());
    }
    if index == given {
        let default = payload(this).default.default(vm)?;
        if !default.borrow().is(no_default::no_default(vm)?.borrow()) {
            let more = vm.tuple(vec![default])?;
            return vm.binary(crate::protocol::number::BinaryOp::Add, arguments, more.borrow());
        }
    }
    super::too_few(vm, alias, given, index + 1)
}
