//! Exception objects: stand-in until helper `calls` brings the real ones.

use std::collections::HashMap;

use crate::arguments::Args;
use crate::exception::{EXCEPTION_CLASSES, ExceptionTypes, PyResult, Raised};
use crate::heap::Slot;
use crate::native::{Slots, TypeDef, TypeFlags};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

crate::payload! {
    /// An exception.
    pub struct Exception: Exception {
        pub(crate) args: Slot,
    }
}

fn new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    let args = vm.tuple_of(args.positional())?;
    vm.new_object_of(class, Exception { args: Slot::new(args) })
}

/// The exception classes.
pub(crate) fn make_classes(vm: &Thread) -> PyResult<ExceptionTypes> {
    let mut defs: HashMap<&str, &'static TypeDef> = HashMap::new();
    let mut classes: HashMap<&str, Owned> = HashMap::new();
    for &(name, base, doc) in EXCEPTION_CLASSES {
        let def: &'static TypeDef = Box::leak(Box::new(TypeDef {
            flags: TypeFlags { dict: true, weakref: true, ..TypeFlags::BASE },
            base: defs.get(base).copied(),
            doc,
            slots: Slots { new: Some(new), ..Slots::NONE },
            ..TypeDef::new::<Exception>(name)
        }));
        defs.insert(name, def);
        classes.insert(name, vm.class_of(def)?);
    }
    Ok(ExceptionTypes::new(|name| classes[name].clone()))
}

/// A `MemoryError`, made without allocating if need be.
pub(crate) fn memory_error(vm: &Thread) -> Owned {
    vm.error_with(&vm.exceptions().MemoryError, &[]).into_exception()
}

/// A `StopIteration` with these arguments.
pub(crate) fn stop_iteration(vm: &Thread, args: &[Ref<'_>]) -> Raised {
    vm.error_with(&vm.exceptions().StopIteration, args)
}
