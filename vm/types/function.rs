//! `function`: code together with its globals, defaults and closure.

use crate::class;
use crate::heap::Slot;
use crate::heap::dict::Dict;
use crate::native::{TypeDef, TypeFlags};
use crate::types::code::Code;
use crate::value::Owned;

crate::payload! {
    /// A Python function.
    pub struct Function: Function {
        /// A code object; never empty.
        pub(crate) code: Slot,
        pub(crate) globals: Owned,
        /// The builtins' dict that the globals named when the function was made.
        pub(crate) builtins: Owned,
        /// A tuple of cells, or empty.
        pub(crate) closure: Slot,
        /// A tuple, or empty.
        pub(crate) defaults: Slot,
        /// A dict, or empty.
        pub(crate) kw_defaults: Slot,
        pub(crate) name: Slot,
        pub(crate) qualname: Slot,
        pub(crate) module: Slot,
        pub(crate) doc: Slot,
        pub(crate) annotate: Slot,
        pub(crate) annotations: Slot,
        pub(crate) type_params: Slot,
        pub(crate) dict: Slot,
    }
}

class! { Function => FUNCTION; }

pub(crate) static FUNCTION: TypeDef = TypeDef {
    flags: TypeFlags { weakref: true, dict: true, method_descriptor: true, ..TypeFlags::NONE },
    ..TypeDef::new::<Function>("function")
};
