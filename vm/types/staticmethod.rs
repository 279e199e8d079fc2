//! `staticmethod`: a function that does not bind.

use crate::class;
use crate::exception::PyResult;
use crate::heap::Slot;
use crate::native::{Slots, TypeDef, TypeFlags};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

crate::payload! {
    /// A callable, wrapped so that looking it up on an instance does not bind it.
    pub struct StaticMethod: Native {
        callable: Slot,
    }
}

class! { StaticMethod => STATIC_METHOD; }

pub(crate) static STATIC_METHOD: TypeDef = TypeDef {
    flags: TypeFlags { dict: true, ..TypeFlags::BASE },
    slots: Slots { descr_get: Some(get), ..Slots::NONE },
    ..TypeDef::new::<StaticMethod>("staticmethod")
};

/// A static method around a callable.
pub(crate) fn new(vm: &Thread, callable: Owned) -> PyResult {
    vm.new_object(StaticMethod { callable: Slot::new(callable) })
}

fn get(vm: &Thread, this: Ref<'_>, _instance: Option<Ref<'_>>, _owner: Option<Ref<'_>>) -> PyResult {
    let this: &StaticMethod = this.downcast().expect("a slot of the class gets its instances");
    this.callable.get().ok_or_else(|| vm.runtime_error("uninitialized staticmethod object"))
}
