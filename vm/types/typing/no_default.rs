//! `typing.NoDefault`: the default of a type parameter that has none.

use crate::arguments::Args;
use crate::class;
use crate::exception::PyResult;
use crate::native::*;
use crate::value::Ref;
use crate::vm::Thread;

crate::payload! {
    /// The only instance's payload.
    pub struct NoDefault: Native {}
}

class! { NoDefault => NO_DEFAULT_TYPE; }

pub(crate) static NO_DEFAULT_TYPE: TypeDef = TypeDef {
    signature: "()",
    doc: "The class of NoDefault.",
    methods: &[method(
        "__reduce__($self, /)",
        One(|vm, _| vm.str("NoDefault")),
        "The name that pickle looks up.",
    )],
    slots: Slots { new: Some(new), repr: Some(|vm, _| vm.str("typing.NoDefault")), ..Slots::NONE },
    ..TypeDef::new::<NoDefault>("NoDefaultType")
};

/// `NoDefault`
pub(crate) fn no_default(vm: &Thread) -> PyResult {
    let only = &vm.interpreter().no_default;
    if only.is_empty() {
        only.set(vm.new_object(NoDefault {})?);
    }
    Ok(only.get_or_none())
}

fn new(vm: &Thread, _: Ref<'_>, args: &Args<'_>) -> PyResult {
    if args.is_empty() {
        return no_default(vm);
    }
    Err(vm.type_error("NoDefaultType takes no arguments"))
}
