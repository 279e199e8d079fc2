//! Attributes and classes of objects.

use crate::exception::{PyResult, Raised};
use crate::heap::inline::Str;
use crate::heap::lookup;
use crate::types::{str_, type_};
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

    /// The name of a value's class as error messages show it.
    pub fn type_name(&self, value: Ref<'_>) -> String {
        self.class_name(self.class(value))
    }

    /// The name of a class as error messages show it: of native types outside `builtins`, with the module.
    pub fn class_name(&self, class: Ref<'_>) -> String {
        let class = type_::payload_of(class);
        let name = class.name.get_or_none();
        let name = name.borrow().downcast::<Str>().map(Str::to_string_lossy).unwrap_or_default();
        match class.def.0.module {
            "builtins" => name.into_owned(),
            _ if class.is_heap_type() => name.into_owned(),
            module => format!("{module}.{name}"),
        }
    }

    /// AttributeError: the object has no such attribute.
    #[cold]
    pub(crate) fn no_attribute(&self, object: Ref<'_>, name: Ref<'_>) -> Raised {
        let _ = (object, name);
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
        let class = type_::payload_of(class);
        match str_::find_interned(self, name) {
            Some(name) => self.interpreter().lookups.get(class, name.borrow()),
            // What no interned str equals can still be in a namespace, if it was put there as it was.
            None => lookup::find_uninterned(self, class, name),
        }
    }

    /// The special method of a value's class, bound to the value; `None` if the class has none.
    pub fn special_method(&self, object: Ref<'_>, name: Ref<'_>) -> PyResult<Option<Owned>> {
        let _ = (object, name);
        unimplemented!()
    }
}
