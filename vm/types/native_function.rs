//! `builtin_function_or_method`: stand-in until helper `calls` brings the real one.

use crate::class;
use crate::exception::PyResult;
use crate::heap::Slot;
use crate::native::{MethodDef, TypeDef, TypeFlags};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

crate::payload! {
    /// A native function.
    pub struct NativeFunction: NativeFunction {
        pub(crate) def: MethodRow,
        pub(crate) receiver: Owned,
        pub(crate) module: Slot,
    }
}

/// A row of a method table.
#[derive(Clone, Copy)]
pub(crate) struct MethodRow(pub(crate) &'static MethodDef);

crate::untraced!(MethodRow);

class! { NativeFunction => NATIVE_FUNCTION; }

pub(crate) static NATIVE_FUNCTION: TypeDef = TypeDef {
    flags: TypeFlags { weakref: true, no_new: true, ..TypeFlags::NONE },
    ..TypeDef::new::<NativeFunction>("builtin_function_or_method")
};

impl Thread {
    /// A native function.
    pub fn native_function(
        &self,
        def: &'static MethodDef,
        receiver: Ref<'_>,
        module: Option<Ref<'_>>,
    ) -> PyResult {
        self.new_object(NativeFunction {
            def: MethodRow(def),
            receiver: receiver.own(),
            module: Slot::from_option(module.map(Ref::own)),
        })
    }

    /// The qualified name of what a class has under a name.
    pub(crate) fn qualified_name(&self, class: Ref<'_>, name: &str) -> PyResult {
        self.str(&format!("{}.{name}", self.class_name(class)))
    }

    /// What `__reduce__` gives for something that is an attribute: `(getattr, (object, name))`.
    pub(crate) fn reduce_to_attribute(&self, object: Ref<'_>, name: Owned) -> PyResult {
        let getattr = self.builtin("getattr")?;
        let arguments = self.pair(object.own(), name)?;
        self.pair(getattr, arguments)
    }

    /// A name of the module `builtins`.
    pub(crate) fn builtin(&self, name: &str) -> PyResult {
        let key = self.intern(name)?;
        let builtins = self.interpreter().builtins.get_or_none();
        self.get_item(builtins.borrow(), key.borrow())
    }
}
