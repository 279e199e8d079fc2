//! `typing.Generic`: the base of generic classes.

use crate::arguments::Args;
use crate::exception::PyResult;
use crate::native::*;
use crate::types::object::{Instance, check_instantiable};
use crate::value::Ref;
use crate::vm::Thread;

pub(crate) static GENERIC: TypeDef = TypeDef {
    module: "typing",
    flags: TypeFlags { mutable: true, ..TypeFlags::BASE },
    doc: "The base of generic classes. A class statement with type parameters derives from it by itself; \
          without that syntax, one derives from Generic[T, ...].",
    methods: &[
        class_method(
            "__class_getitem__($type, /, *args, **kwargs)",
            Raw(class_getitem),
            "The class with arguments.",
        ),
        class_method(
            "__init_subclass__($type, /, *args, **kwargs)",
            Raw(init_subclass),
            "Finds the type parameters of a new generic class.",
        ),
    ],
    slots: Slots { new: Some(new), ..Slots::NONE },
    attributes: &[super::MODULE],
    ..TypeDef::new::<Instance>("Generic")
};

fn new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    check_instantiable(vm, class, args)?;
    vm.new_object_of(class, Instance {})
}

fn class_getitem(vm: &Thread, args: &Args<'_>) -> PyResult {
    super::call_args(vm, "_generic_class_getitem", args)
}

fn init_subclass(vm: &Thread, args: &Args<'_>) -> PyResult {
    super::call_args(vm, "_generic_init_subclass", args)
}
