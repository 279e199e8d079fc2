//! What the three kinds of type variables have in common: rows of their tables.

use super::{Lazy, Variance};
use crate::exception::PyResult;
use crate::heap::Payload;
use crate::native::*;
use crate::types::union;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// A type variable: it has a name, and maybe a default.
pub(super) trait Variable: Payload {
    /// What error messages call it.
    const WHAT: &'static str;

    fn name(&self) -> &Owned;

    fn default(&self) -> &Lazy;

    const REDUCE: MethodDef = method(
        "__reduce__($self, /)",
        One(|_, this| Ok(payload::<Self>(this).name().clone())),
        "The name that pickle looks up.",
    );

    const HAS_DEFAULT: MethodDef = method(
        "has_default($self, /)",
        One(|vm, this| payload::<Self>(this).default().has_default(vm)),
        "Whether the variable has a default.",
    );

    const MRO_ENTRIES: MethodDef = method(
        "__mro_entries__($self, object, /)",
        Two(|vm, _, _| super::no_base(vm, Self::WHAT)),
        "An error: such a variable is not a base.",
    );

    const NAME: GetSet = member("__name__", |_, this| Ok(payload::<Self>(this).name().clone()), "The name.");

    const DEFAULT: GetSet = getter(
        "__default__",
        |vm, this| payload::<Self>(this).default().default(vm),
        "The default, or NoDefault.",
    );

    const EVALUATE_DEFAULT: GetSet = getter(
        "evaluate_default",
        |vm, this| payload::<Self>(this).default().evaluator(vm),
        "The function that computes the default, or None.",
    );
}

/// A variable for which there is one argument, whose subtypes or supertypes may do as well.
pub(super) trait Variant: Variable {
    fn variance(&self) -> Variance;

    const COVARIANT: GetSet = member(
        "__covariant__",
        |_, this| Ok(Owned::bool(payload::<Self>(this).variance().covariant)),
        "Whether subtypes of the argument give subtypes.",
    );

    const CONTRAVARIANT: GetSet = member(
        "__contravariant__",
        |_, this| Ok(Owned::bool(payload::<Self>(this).variance().contravariant)),
        "Whether supertypes of the argument give subtypes.",
    );

    const INFER_VARIANCE: GetSet = member(
        "__infer_variance__",
        |_, this| Ok(Owned::bool(payload::<Self>(this).variance().infer)),
        "Whether type checkers find out the variance.",
    );
}

/// The payload of a receiver.
pub(super) fn payload<T: Variable>(this: Ref<'_>) -> &T {
    this.downcast().expect("the descriptor checks its receiver")
}

/// `repr(variable)`: its name, behind the sign of its variance.
pub(super) fn repr<T: Variant>(vm: &Thread, this: Ref<'_>) -> PyResult {
    let this = payload::<T>(this);
    super::marked(vm, this.variance().mark(), this.name().borrow())
}

/// `variable | type`
pub(super) fn union(vm: &Thread, a: Ref<'_>, b: Ref<'_>) -> PyResult {
    union::of(vm, &[a, b])
}
