//! `classmethod`: a function that binds to the class. Also what it shares with `staticmethod`: both wrap a callable, look
//! like it, and have a `__dict__`.

use crate::arguments::Args;
use crate::class;
use crate::exception::PyResult;
use crate::heap::Slot;
use crate::heap::dict::Dict;
use crate::heap::lookup::get_str;
use crate::native::{Slots, Two, TypeDef, TypeFlags, class_method, getset, getter, member};
use crate::protocol::attribute::instance_dict;
use crate::types::object::{dict_of, set_native_dict_of};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

crate::payload! {
    /// A class method.
    pub struct ClassMethod: Native {
        callable: Slot,
    }
}

impl ClassMethod {
    /// The wrapped callable, if it was initialised.
    pub(crate) fn callable(&self) -> Option<Owned> {
        self.callable.get()
    }
}

class! { ClassMethod => CLASS_METHOD; }

pub(crate) static CLASS_METHOD: TypeDef = TypeDef {
    flags: TypeFlags { dict: true, ..TypeFlags::BASE },
    signature: "(function, /)",
    doc: "Makes a function a class method: looked up on the class or an instance, it binds to the class.\n\n\
          class C:\n    @classmethod\n    def f(cls, arg): ...",
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
        new: Some(|vm, class, _| vm.new_object_of(class, ClassMethod { callable: Slot::new(Owned::none()) })),
        init: Some(|vm, this, args| init(vm, this, args, "classmethod", callable(this))),
        repr: Some(|vm, this| repr(vm, "classmethod", callable(this))),
        descr_get: Some(get),
        ..Slots::NONE
    },
    ..TypeDef::new::<ClassMethod>("classmethod")
};

/// A class method around a callable, without the attributes that make it look like one.
pub(crate) fn new(vm: &Thread, callable: Owned) -> PyResult {
    let object = vm.new_object(ClassMethod { callable: Slot::empty() })?;
    self::callable(object.borrow()).set(callable);
    Ok(object)
}

fn callable(this: Ref<'_>) -> &Slot {
    &this.downcast::<ClassMethod>().expect("a slot of the class gets its instances").callable
}

fn get(vm: &Thread, this: Ref<'_>, instance: Option<Ref<'_>>, owner: Option<Ref<'_>>) -> PyResult {
    let Some(callable) = callable(this).get() else {
        return Err(vm.runtime_error("uninitialized classmethod object"));
    };
    let class = owner.unwrap_or_else(|| vm.class(instance.unwrap_or(Ref::NONE)));
    vm.bound_method(callable.borrow(), class)
}

/// `__init__(self, function, /)`
pub(super) fn init(vm: &Thread, this: Ref<'_>, args: &Args<'_>, class: &str, slot: &Slot) -> PyResult<()> {
    if args.has_keywords() {
        return Err(vm.type_error(format_args!("{class}() takes no keyword arguments")));
    }
    let &[callable] = args.positional() else {
        let given = args.positional().len();
        return Err(vm.type_error(format_args!("{class} expected 1 argument, got {given}")));
    };
    slot.set(callable.own());
    look_like(vm, this, callable)
}

/// Copies what the callable is known by to the wrapper, as `functools.wraps` does.
fn look_like(vm: &Thread, this: Ref<'_>, callable: Ref<'_>) -> PyResult<()> {
    let names = vm.names();
    for name in [&names.__module__, &names.__name__, &names.__qualname__, &names.__doc__] {
        if let Some(value) = vm.get_attr_opt(callable, name.borrow())? {
            put(vm, this, name, value.borrow())?;
        }
    }
    Ok(())
}

/// The attributes of the wrapper itself.
fn with_dict<R>(vm: &Thread, this: Ref<'_>, then: impl FnOnce(&Dict) -> PyResult<R>) -> PyResult<R> {
    let dict = instance_dict(vm, this)?.expect("the type has a dict");
    then(dict.borrow().downcast::<Dict>().expect("`__dict__` is a dict"))
}

fn put(vm: &Thread, this: Ref<'_>, name: &Owned, value: Ref<'_>) -> PyResult<()> {
    with_dict(vm, this, |dict| {
        drop(dict.table.insert(vm, name.borrow(), vm.hash(name.borrow())?, value.own())?);
        Ok(())
    })
}

pub(super) fn repr(vm: &Thread, class: &str, callable: &Slot) -> PyResult {
    let callable = vm.repr_string(callable.get_or_none().borrow())?;
    vm.str(&format!("<{class}({callable})>"))
}

/// `__isabstractmethod__` of the callable, as a bool.
pub(super) fn is_abstract(vm: &Thread, callable: &Slot) -> PyResult {
    Ok(Owned::bool(vm.is_abstract_method(callable.get_or_none().borrow())?))
}

impl Thread {
    /// Whether an object has a true `__isabstractmethod__`.
    pub fn is_abstract_method(&self, object: Ref<'_>) -> PyResult<bool> {
        match self.get_attr_opt(object, self.names().__isabstractmethod__.borrow())? {
            Some(answer) => self.is_true(answer.borrow()),
            None => Ok(false),
        }
    }
}

/// An attribute that is the wrapper's own if it was set, and the callable's otherwise, which is then kept.
pub(super) fn wrapped_attribute(vm: &Thread, this: Ref<'_>, callable: &Slot, name: &Owned) -> PyResult {
    if let Some(own) = with_dict(vm, this, |dict| Ok(get_str(dict, name.borrow())))? {
        return Ok(own);
    }
    let value = vm.get_attr(callable.get_or_none().borrow(), name.borrow())?;
    put(vm, this, name, value.borrow())?;
    Ok(value)
}

pub(super) fn set_wrapped_attribute(
    vm: &Thread,
    this: Ref<'_>,
    value: Option<Ref<'_>>,
    name: &Owned,
) -> PyResult<()> {
    let Some(value) = value else {
        let removed =
            with_dict(vm, this, |dict| dict.table.remove(vm, name.borrow(), vm.hash(name.borrow())?))?;
        return if removed.is_some() { Ok(()) } else { Err(vm.no_attribute(this, name.borrow())) };
    };
    put(vm, this, name, value)
}
