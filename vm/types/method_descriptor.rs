//! `method_descriptor` and `classmethod_descriptor`: stand-in until helper `calls` brings the real ones.

use crate::class;
use crate::exception::PyResult;
use crate::native::{Binding, MethodDef, TypeDef, TypeFlags};
use crate::types::native_function::MethodRow;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

crate::payload! {
    /// A method of a native type.
    pub struct MethodDescriptor: MethodDescriptor {
        def: MethodRow,
        class: Owned,
    }
}

class! { MethodDescriptor => METHOD_DESCRIPTOR; }

pub(crate) static METHOD_DESCRIPTOR: TypeDef = TypeDef {
    flags: TypeFlags { no_new: true, method_descriptor: true, ..TypeFlags::NONE },
    ..TypeDef::new::<MethodDescriptor>("method_descriptor")
};

impl Thread {
    /// What a native class holds for a row of its table; a static method is the function, for a `staticmethod` to wrap.
    pub(crate) fn native_method(&self, def: &'static MethodDef, class: Ref<'_>) -> PyResult {
        match def.binding {
            Binding::Instance | Binding::Class => {
                self.new_object(MethodDescriptor { def: MethodRow(def), class: class.own() })
            }
            Binding::Static | Binding::Module => self.native_function(def, class, None),
        }
    }
}
