//! `typing.Generic`: the base of generic classes.

use crate::arguments::Args;
use crate::exception::PyResult;
use crate::native::*;
use crate::types::object::Instance;
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
        )
        .untold(),
        class_method(
            "__init_subclass__($type, /, *args, **kwargs)",
            Raw(init_subclass),
            "Finds the type parameters of a new generic class.",
        )
        .untold(),
    ],
    attributes: &[crate::native::MODULE],
    ..TypeDef::new::<Instance>("Generic")
};

fn class_getitem(vm: &Thread, args: &Args<'_>) -> PyResult {
    super::call_args(vm, "_generic_class_getitem", args)
}

fn init_subclass(vm: &Thread, args: &Args<'_>) -> PyResult {
    super::call_args(vm, "_generic_init_subclass", args)
}
