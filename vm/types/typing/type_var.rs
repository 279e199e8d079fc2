//! `typing.TypeVar`: a variable that stands for a type.

use super::variable::{self, Variable, Variant, payload};
use super::{Lazy, Variance, no_default};
use crate::arguments::Args;
use crate::exception::PyResult;
use crate::native::*;
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
        TypeVar::REDUCE,
        TypeVar::HAS_DEFAULT,
        TypeVar::MRO_ENTRIES,
    ],
    getset: &[
        TypeVar::NAME,
        TypeVar::COVARIANT,
        TypeVar::CONTRAVARIANT,
        TypeVar::INFER_VARIANCE,
        getter(
            "__bound__",
            |vm, this| Ok(payload::<TypeVar>(this).bound.get(vm)?.unwrap_or_else(Owned::none)),
            "The type that arguments are subtypes of, or None.",
        ),
        getter(
            "__constraints__",
            |vm, this| Ok(payload::<TypeVar>(this).constraints.get(vm)?.unwrap_or_else(|| vm.empty_tuple())),
            "The types that arguments may be, if they are constrained: a tuple.",
        ),
        TypeVar::DEFAULT,
        getter(
            "evaluate_bound",
            |vm, this| payload::<TypeVar>(this).bound.evaluator(vm),
            "The function that computes the bound, or None.",
        ),
        getter(
            "evaluate_constraints",
            |vm, this| payload::<TypeVar>(this).constraints.evaluator(vm),
            "The function that computes the constraints, or None.",
        ),
        TypeVar::EVALUATE_DEFAULT,
    ],
    attributes: &[crate::native::MODULE],
    slots: Slots {
        new: Some(new),
        repr: Some(variable::repr::<TypeVar>),
        or: Some(variable::union),
        ..Slots::NONE
    },
    ..TypeDef::new::<TypeVar>("TypeVar")
};

impl Variable for TypeVar {
    const WHAT: &'static str = "TypeVar";

    fn name(&self) -> &Owned {
        &self.name
    }

    fn default(&self) -> &Lazy {
        &self.default
    }
}

impl Variant for TypeVar {
    fn variance(&self) -> Variance {
        self.variance
    }
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
        let default = payload::<TypeVar>(this).default.default(vm)?;
        if !default.borrow().is(no_default::no_default(vm)?.borrow()) {
            let more = vm.tuple(vec![default])?;
            return vm.binary(crate::protocol::number::BinaryOp::Add, arguments, more.borrow());
        }
    }
    super::too_few(vm, alias, given, index + 1)
}
