//! `typing.ParamSpec`: a variable that stands for the parameters of a callable, and its parts `P.args` and `P.kwargs`.

use super::variable::{self, Variable, Variant, payload};
use super::{Lazy, Variance, no_default};
use crate::arguments::Args;
use crate::exception::PyResult;
use crate::native::*;
use crate::protocol::slots::CompareOp;
use crate::text::wtf8::TextBuf;
use crate::types::sequence::{push_repr, push_str};
use crate::value::{Owned, Ref};
use crate::vm::Thread;
use crate::{class, signature};

crate::payload! {
    /// A parameter specification variable.
    pub struct ParamSpec: Native {
        name: Owned,
        /// An object, or None.
        bound: Owned,
        pub(super) default: Lazy,
        variance: Variance,
    }

    /// `P.args`
    pub struct ParamSpecArgs: Native {
        origin: Owned,
    }

    /// `P.kwargs`
    pub struct ParamSpecKwargs: Native {
        origin: Owned,
    }
}

class! {
    ParamSpec => PARAM_SPEC;
    ParamSpecArgs => PARAM_SPEC_ARGS;
    ParamSpecKwargs => PARAM_SPEC_KWARGS;
}

impl Variable for ParamSpec {
    const WHAT: &'static str = "ParamSpec";

    fn name(&self) -> &Owned {
        &self.name
    }

    fn default(&self) -> &Lazy {
        &self.default
    }
}

impl Variant for ParamSpec {
    fn variance(&self) -> Variance {
        self.variance
    }
}

pub(crate) static PARAM_SPEC: TypeDef = TypeDef {
    module: "typing",
    flags: TypeFlags { weakref: true, dict: true, ..TypeFlags::NONE },
    doc: "A variable that stands for the parameters of a callable. Made by `def f[**P]` and the like, or by a call.",
    methods: &[
        method(
            "__typing_subst__($self, arg, /)",
            Two(|vm, this, argument| super::call(vm, "_paramspec_subst", &[this, argument])),
            "Check what takes the variable's place.",
        ),
        method(
            "__typing_prepare_subst__($self, alias, args, /)",
            Three(|vm, this, alias, args| super::call(vm, "_paramspec_prepare_subst", &[this, alias, args])),
            "Group the arguments that are this variable's.",
        ),
        ParamSpec::HAS_DEFAULT,
        ParamSpec::REDUCE,
        ParamSpec::MRO_ENTRIES,
    ],
    getset: &[
        ParamSpec::NAME,
        member("__bound__", |_, this| Ok(payload::<ParamSpec>(this).bound.clone()), "The bound, or None."),
        ParamSpec::COVARIANT,
        ParamSpec::CONTRAVARIANT,
        ParamSpec::INFER_VARIANCE,
        getter(
            "args",
            |vm, this| vm.new_object(ParamSpecArgs { origin: this.own() }),
            "The positional arguments.",
        ),
        getter(
            "kwargs",
            |vm, this| vm.new_object(ParamSpecKwargs { origin: this.own() }),
            "The keyword arguments.",
        ),
        ParamSpec::DEFAULT,
        ParamSpec::EVALUATE_DEFAULT,
    ],
    attributes: &[crate::native::MODULE],
    slots: Slots {
        new: Some(new),
        repr: Some(variable::repr::<ParamSpec>),
        or: Some(variable::union),
        ..Slots::NONE
    },
    ..TypeDef::new::<ParamSpec>("ParamSpec")
};

pub(crate) static PARAM_SPEC_ARGS: TypeDef = TypeDef {
    module: "typing",
    flags: TypeFlags { weakref: true, ..TypeFlags::NONE },
    doc: "The positional arguments that a ParamSpec stands for: P.args.",
    methods: &[method(
        "__mro_entries__($self, object, /)",
        Two(|vm, _, _| super::no_base(vm, "ParamSpecArgs")),
        "An error: this is not a base.",
    )],
    getset: &[member("__origin__", |_, this| Ok(origin(this).own()), "The ParamSpec.")],
    attributes: &[crate::native::MODULE],
    slots: Slots {
        new: Some(|vm, _, args| {
            let signature = signature!("paramspecargs(origin)");
            let origin = args.bind(vm, signature, |args| Ok(args.required(0).own()))?;
            vm.new_object(ParamSpecArgs { origin })
        }),
        repr: Some(|vm, this| part_repr(vm, this, ".args")),
        compare: Some(compare_parts),
        ..Slots::NONE
    },
    ..TypeDef::new::<ParamSpecArgs>("ParamSpecArgs")
};

pub(crate) static PARAM_SPEC_KWARGS: TypeDef = TypeDef {
    module: "typing",
    flags: TypeFlags { weakref: true, ..TypeFlags::NONE },
    doc: "The keyword arguments that a ParamSpec stands for: P.kwargs.",
    methods: &[method(
        "__mro_entries__($self, object, /)",
        Two(|vm, _, _| super::no_base(vm, "ParamSpecKwargs")),
        "An error: this is not a base.",
    )],
    getset: &[member("__origin__", |_, this| Ok(origin(this).own()), "The ParamSpec.")],
    attributes: &[crate::native::MODULE],
    slots: Slots {
        new: Some(|vm, _, args| {
            let signature = signature!("paramspeckwargs(origin)");
            let origin = args.bind(vm, signature, |args| Ok(args.required(0).own()))?;
            vm.new_object(ParamSpecKwargs { origin })
        }),
        repr: Some(|vm, this| part_repr(vm, this, ".kwargs")),
        compare: Some(compare_parts),
        ..Slots::NONE
    },
    ..TypeDef::new::<ParamSpecKwargs>("ParamSpecKwargs")
};

/// The origin of `P.args` or `P.kwargs`.
fn origin(this: Ref<'_>) -> Ref<'_> {
    match (this.downcast::<ParamSpecArgs>(), this.downcast::<ParamSpecKwargs>()) {
        (Some(part), _) => part.origin.borrow(),
        (None, Some(part)) => part.origin.borrow(),
        (None, None) => unreachable!("the descriptor checks its receiver"),
    }
}

/// A variable of a type parameter list.
pub(super) fn lazy(vm: &Thread, name: &Owned) -> PyResult {
    let name = name.clone();
    let variance = Variance::INFERRED;
    vm.new_object(ParamSpec { name, bound: Owned::none(), default: Lazy::none(), variance })
}

fn new(vm: &Thread, _: Ref<'_>, args: &Args<'_>) -> PyResult {
    let signature = signature!(
        "paramspec(name, *, bound=None, default=typing.NoDefault, covariant=False, contravariant=False, infer_variance=False)"
    );
    args.bind(vm, signature, |bound| make(vm, bound))
}

fn make(vm: &Thread, args: &Bound<'_>) -> PyResult {
    let name = super::name_argument(vm, "paramspec", args.required(0))?;
    let variance = Variance::of(vm, [args.optional(3), args.optional(4), args.optional(5)])?;
    let bound = args.optional(1).map_or_else(Owned::none, Ref::own);
    let default = args.optional(2).map_or_else(|| no_default::no_default(vm), |default| Ok(default.own()))?;
    let made = vm.new_object(ParamSpec { name, bound, default: Lazy::value(Some(default)), variance })?;
    super::set_module(vm, made.borrow())?;
    Ok(made)
}

/// `P.args`, or the origin's repr in place of the name if it is something else.
fn part_repr(vm: &Thread, this: Ref<'_>, part: &str) -> PyResult {
    let mut text = TextBuf::new();
    match origin(this).downcast::<ParamSpec>() {
        Some(origin) => push_str(&mut text, origin.name.borrow()),
        None => push_repr(vm, &mut text, origin(this))?,
    }
    text.push_str(part);
    vm.text(text.as_text())
}

/// Parts of the same kind are equal if their origins are.
fn compare_parts(vm: &Thread, a: Ref<'_>, b: Ref<'_>, op: CompareOp) -> PyResult {
    let same_kind = a.downcast::<ParamSpecArgs>().is_some() && b.downcast::<ParamSpecArgs>().is_some()
        || a.downcast::<ParamSpecKwargs>().is_some() && b.downcast::<ParamSpecKwargs>().is_some();
    if !same_kind || !matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(Owned::not_implemented());
    }
    vm.compare(origin(a), origin(b), op)
}
