//! The classes of `None`, `...` and `NotImplemented`: each has one instance, an immediate.

use crate::arguments::Args;
use crate::exception::PyResult;
use crate::native::*;
use crate::protocol::slots::CompareOp;
use crate::types::object::Instance;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

pub(crate) static NONE_TYPE: TypeDef = TypeDef {
    signature: "()",
    doc: "The class of None.",
    slots: Slots {
        new: Some(|vm, _, args| only(vm, args, "NoneType", Ref::NONE)),
        repr: Some(|vm, _| vm.str("None")),
        hash: Some(|_, _| Ok(NONE_HASH)),
        compare: Some(compare_none),
        bool: Some(|_, _| Ok(false)),
        ..Slots::NONE
    },
    ..TypeDef::new::<Instance>("NoneType")
};

pub(crate) static ELLIPSIS: TypeDef = TypeDef {
    signature: "()",
    doc: "The class of Ellipsis, which is written `...`.",
    methods: &[method(
        "__reduce__($self, /)",
        One(|vm, _| vm.str("Ellipsis")),
        "The name that pickle looks up.",
    )],
    slots: Slots {
        new: Some(|vm, _, args| only(vm, args, "EllipsisType", Ref::ELLIPSIS)),
        repr: Some(|vm, _| vm.str("Ellipsis")),
        ..Slots::NONE
    },
    ..TypeDef::new::<Instance>("ellipsis")
};

pub(crate) static NOT_IMPLEMENTED_TYPE: TypeDef = TypeDef {
    signature: "()",
    doc: "The class of NotImplemented.",
    methods: &[method(
        "__reduce__($self, /)",
        One(|vm, _| vm.str("NotImplemented")),
        "The name that pickle looks up.",
    )],
    slots: Slots {
        new: Some(|vm, _, args| only(vm, args, "NotImplementedType", Ref::NOT_IMPLEMENTED)),
        repr: Some(|vm, _| vm.str("NotImplemented")),
        bool: Some(|vm, _| Err(vm.type_error("NotImplemented should not be used in a boolean context"))),
        ..Slots::NONE
    },
    ..TypeDef::new::<Instance>("NotImplementedType")
};

/// CPython's, so that sets with None in them iterate as they do there.
const NONE_HASH: i64 = 0xfca8_6420;

/// The one instance, from a constructor that takes nothing.
fn only(vm: &Thread, args: &Args<'_>, name: &str, value: Ref<'_>) -> PyResult {
    if args.is_empty() {
        Ok(value.own())
    } else {
        Err(vm.type_error(format_args!("{name} takes no arguments")))
    }
}

/// None equals itself; for everything else the other operand is asked.
fn compare_none(_vm: &Thread, a: Ref<'_>, b: Ref<'_>, op: CompareOp) -> PyResult {
    Ok(match op {
        CompareOp::Eq if a.is(b) => Owned::bool(true),
        CompareOp::Ne if a.is(b) => Owned::bool(false),
        _ => Owned::not_implemented(),
    })
}
