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
    vm.singleton(|| Ok(NoDefault {}))
}

fn new(vm: &Thread, _: Ref<'_>, args: &Args<'_>) -> PyResult {
    if args.is_empty() {
        return no_default(vm);
    }
    Err(vm.type_error("NoDefaultType takes no arguments"))
}
