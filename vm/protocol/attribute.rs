//! Attributes and classes of objects.

use crate::exception::PyResult;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

impl Thread {
    /// The class of a value. Borrowed from the value: an object keeps its class alive.
    #[inline]
    pub fn class<'a>(&'a self, value: Ref<'a>) -> Ref<'a> {
        crate::types::type_::class_of(value).unwrap_or_else(|| self.class_of_immediate(value))
    }

    fn class_of_immediate<'a>(&'a self, value: Ref<'a>) -> Ref<'a> {
        let types = self.types();
        let class = if value.as_small_int().is_some() {
            &types.int
        } else if value.as_immediate_float().is_some() {
            &types.float
        } else if value.as_bool().is_some() {
            &types.bool
        } else if value.is_none() {
            &types.none_type
        } else if value.is_ellipsis() {
            &types.ellipsis
        } else {
            &types.not_implemented_type
        };
        class.borrow()
    }

    /// The name of a value's class as error messages show it: without the module.
    pub fn type_name(&self, value: Ref<'_>) -> String {
        self.class_name(self.class(value))
    }

    /// The name of a class as error messages show it.
    pub fn class_name(&self, class: Ref<'_>) -> String {
        let _ = class;
        unimplemented!()
    }

    /// `getattr(object, name)`; the name is a str.
    pub fn get_attr(&self, object: Ref<'_>, name: Ref<'_>) -> PyResult {
        let _ = (object, name);
        unimplemented!()
    }

    /// `getattr(object, name)`, or `None` where that raises AttributeError.
    pub fn get_attr_opt(&self, object: Ref<'_>, name: Ref<'_>) -> PyResult<Option<Owned>> {
        let _ = (object, name);
        unimplemented!()
    }

    /// `setattr(object, name, value)`, or `delattr(object, name)` without a value.
    pub fn set_attr(&self, object: Ref<'_>, name: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
        let _ = (object, name, value);
        unimplemented!()
    }

    /// What a class or its bases have under an interned name, unbound: a look-up along the MRO.
    pub fn lookup(&self, class: Ref<'_>, name: Ref<'_>) -> Option<Owned> {
        let _ = (class, name);
        unimplemented!()
    }

    /// The special method of a value's class, bound to the value; `None` if the class has none.
    pub fn special_method(&self, object: Ref<'_>, name: Ref<'_>) -> PyResult<Option<Owned>> {
        let _ = (object, name);
        unimplemented!()
    }
}
