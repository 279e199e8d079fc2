//! `staticmethod`: a function that does not bind.

use crate::class;
use crate::exception::PyResult;
use crate::heap::Slot;
use crate::native::{Slots, Two, TypeDef, TypeFlags, class_method, getset, getter, member};
use crate::types::classmethod::{init, is_abstract, repr, set_wrapped_attribute, wrapped_attribute};
use crate::types::object::{dict_of, set_native_dict_of};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

crate::payload! {
    /// A static method.
    pub struct StaticMethod: Native {
        callable: Slot,
    }
}

impl StaticMethod {
    /// The wrapped callable, if it was initialised.
    pub(crate) fn callable(&self) -> Option<Owned> {
        self.callable.get()
    }
}

class! { StaticMethod => STATIC_METHOD; }

pub(crate) static STATIC_METHOD: TypeDef = TypeDef {
    flags: TypeFlags { dict: true, ..TypeFlags::BASE },
    signature: "(function, /)",
    doc: "Makes a function a static method: looked up on the class or an instance, it stays as it is.\n\n\
          class C:\n    @staticmethod\n    def f(arg): ...",
    methods: &[class_method(
        "__class_getitem__($type, object, /)",
        Two(crate::types::generic_alias::generic_alias),
        "A generic alias, for annotations.",
    )],
    getset: &[
        member("__func__", |_, this| Ok(callable(this).get_or_none()), "The wrapped function."),
        member("__wrapped__", |_, this| Ok(callable(this).get_or_none()), "The wrapped function."),
        getter(
            "__isabstractmethod__",
            |vm, this| is_abstract(vm, callable(this)),
            "Whether the function is abstract.",
        ),
        getset("__dict__", dict_of, set_native_dict_of, "The attributes, as a dict."),
        getset(
            "__annotations__",
            |vm, this| wrapped_attribute(vm, this, callable(this), &vm.names().__annotations__),
            |vm, this, value| set_wrapped_attribute(vm, this, value, &vm.names().__annotations__),
            "The annotations of the function.",
        ),
        getset(
            "__annotate__",
            |vm, this| wrapped_attribute(vm, this, callable(this), &vm.names().__annotate__),
            |vm, this, value| set_wrapped_attribute(vm, this, value, &vm.names().__annotate__),
            "The function that computes the annotations.",
        ),
    ],
    slots: Slots {
        new: Some(|vm, class, _| {
            vm.new_object_of(class, StaticMethod { callable: Slot::new(Owned::none()) })
        }),
        init: Some(|vm, this, args| init(vm, this, args, "staticmethod", callable(this))),
        repr: Some(|vm, this| repr(vm, "staticmethod", callable(this))),
        call: Some(|vm, this, args| vm.call_args(callable(this).get_or_none().borrow(), args)),
        descr_get: Some(get),
        ..Slots::NONE
    },
    ..TypeDef::new::<StaticMethod>("staticmethod")
};

/// A static method around a callable.
pub(crate) fn new(vm: &Thread, callable: Owned) -> PyResult {
    let object = vm.new_object(StaticMethod { callable: Slot::empty() })?;
    self::callable(object.borrow()).set(callable);
    Ok(object)
}

fn callable(this: Ref<'_>) -> &Slot {
    &this.downcast::<StaticMethod>().expect("a slot of the class gets its instances").callable
}

fn get(vm: &Thread, this: Ref<'_>, _instance: Option<Ref<'_>>, _owner: Option<Ref<'_>>) -> PyResult {
    callable(this).get().ok_or_else(|| vm.runtime_error("uninitialized staticmethod object"))
}
