//! `object`, the base of every class.

use crate::arguments::Args;
use crate::exception::PyResult;
use crate::heap::inline::Str;
use crate::heap::{Header, instance};
use crate::native::*;
use crate::number::hash;
use crate::protocol::attribute::{dict_slot, generic_get, generic_set, instance_dict};
use crate::protocol::slots::{CompareOp, Slots};
use crate::text::wtf8::TextBuf;
use crate::types::reduce;
use crate::types::type_::{self, abstract_names, payload_of, type_flag};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

crate::payload! {
    /// An object without anything of its own; what it has lies in its instance slots.
    pub struct Instance: Instance {}
}

pub(crate) static OBJECT: TypeDef = TypeDef {
    flags: TypeFlags::BASE,
    signature: "()",
    doc: "The base of every class. An object of class object itself has no attributes, and cannot get any.",
    methods: &[
        method(
            "__reduce_ex__($self, protocol, /)",
            Two(reduce::reduce_ex),
            "What pickle rebuilds the object from, for a version of its protocol.",
        ),
        method("__reduce__($self, /)", One(reduce::reduce), "What pickle rebuilds the object from."),
        method(
            "__getstate__($self, /)",
            One(reduce::getstate),
            "The state that pickle keeps: attributes and slots.",
        ),
        class_method(
            "__subclasshook__($type, object, /)",
            Two(|_, _, _| Ok(Owned::not_implemented())),
            "What abstract base classes override to claim subclasses.",
        ),
        class_method(
            "__init_subclass__($type, /)",
            One(|_, _| none()),
            "Called when a class is derived from this one.",
        ),
        method(
            "__format__($self, format_spec, /)",
            Two(format),
            "The text form, for an empty format specification.",
        ),
        method("__sizeof__($self, /)", One(size_of), "Bytes of memory that the object takes."),
        method("__dir__($self, /)", One(dir), "The names of the object's attributes."),
    ],
    getset: &[getset(
        "__class__",
        |vm, this| Ok(vm.class(this).own()),
        type_::set_class,
        "The class of the object.",
    )],
    slots: Slots {
        repr: Some(repr),
        hash: Some(|_, this| Ok(hash::address(this.id() as usize))),
        str: Some(|vm, this| vm.repr(this)),
        getattro: Some(generic_get),
        setattro: Some(generic_set),
        compare: Some(compare),
        init: Some(init),
        new: Some(new),
        ..Slots::NONE
    },
    ..TypeDef::new::<Instance>("object")
};

/// Arguments may be left to the other of `__new__` and `__init__`, if that one is overridden; else they are one too many.
fn new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    let payload = payload_of(class);
    if !args.is_empty() {
        if !payload.has(type_flag::PLAIN_NEW) {
            let message = "object.__new__() takes exactly one argument (the type to instantiate)";
            return Err(vm.type_error(message));
        }
    }
    check_instantiable(vm, class, args)?;
    vm.new_object_of(class, Instance {})
}

/// TypeError if a class is abstract, or if there are arguments that no `__init__` takes: what `__new__` of a native class
/// checks whose objects begin with nothing.
pub fn check_instantiable(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult<()> {
    let payload = payload_of(class);
    if !args.is_empty() && payload.has(type_flag::PLAIN_INIT) {
        return Err(vm.type_error(format_args!("{}() takes no arguments", vm.class_name(class))));
    }
    if payload.has(type_flag::ABSTRACT) {
        let (name, methods) = (vm.class_name(class), abstract_names(vm, class)?);
        let (plural, methods) = (if methods.len() == 1 { "" } else { "s" }, methods.join("', '"));
        return Err(vm.type_error(format_args!(
            "Can't instantiate abstract class {name} without an implementation for abstract method{plural} '{methods}'"
        )));
    }
    Ok(())
}

fn init(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult<()> {
    if args.is_empty() {
        return Ok(());
    }
    let class = vm.class(this);
    if !payload_of(class).has(type_flag::PLAIN_INIT) {
        let message = "object.__init__() takes exactly one argument (the instance to initialize)";
        return Err(vm.type_error(message));
    }
    if payload_of(class).has(type_flag::PLAIN_NEW) {
        let name = vm.class_name(class);
        return Err(vm.type_error(format_args!(
            "{name}.__init__() takes exactly one argument (the instance to initialize)"
        )));
    }
    Ok(())
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    let class = vm.class(this);
    let module = vm.get_attr_opt(class, vm.names().__module__.borrow())?;
    let qualname = payload_of(class).qualname.get_or_none();
    let (Some(module), Some(qualname)) =
        (module.as_ref().and_then(|it| it.borrow().downcast::<Str>()), qualname.borrow().downcast::<Str>())
    else {
        return vm.plain_repr(this);
    };
    if module.as_str() == Some("builtins") {
        return vm.plain_repr(this);
    }
    let mut text = TextBuf::from("<");
    text.push_text(module.text());
    text.push_str(".");
    text.push_text(qualname.text());
    text.push_str(&format!(" object at {:#x}>", this.id()));
    vm.text(text.as_text())
}

/// Equal is what is identical; unequal is the opposite of what the class calls equal.
fn compare(vm: &Thread, a: Ref<'_>, b: Ref<'_>, op: CompareOp) -> PyResult {
    match op {
        CompareOp::Eq if a.is(b) => Ok(Owned::bool(true)),
        CompareOp::Ne => {
            let Some(compare) = vm.type_of(a).slots.compare.get() else {
                return Ok(Owned::not_implemented());
            };
            let equal = compare(vm, a, b, CompareOp::Eq)?;
            if equal.borrow().is_not_implemented() {
                return Ok(equal);
            }
            Ok(Owned::bool(!vm.is_true(equal.borrow())?))
        }
        _ => Ok(Owned::not_implemented()),
    }
}

fn format(vm: &Thread, this: Ref<'_>, spec: Ref<'_>) -> PyResult {
    let Some(text) = spec.downcast::<Str>() else {
        return Err(vm.bad_argument("__format__() argument", "str", spec));
    };
    if !text.is_empty() {
        let class = vm.type_name(this);
        return Err(vm.type_error(format_args!("unsupported format string passed to {class}.__format__")));
    }
    vm.to_str(this)
}

fn size_of(vm: &Thread, this: Ref<'_>) -> PyResult {
    let class = vm.type_of(this);
    let layout = class.shapes.root().layout();
    let extras = layout.size() - layout.extra as usize;
    vm.size(std::mem::size_of::<Header>() + class.def.0.ops.size + extras)
}

/// The attributes of the object, its class and the class's bases.
fn dir(vm: &Thread, this: Ref<'_>) -> PyResult {
    let names = vm.names();
    let all = vm.dict()?;
    if let Some(own) = vm.get_attr_opt(this, names.__dict__.borrow())? {
        if vm.type_of(own.borrow()).has(type_flag::DICT) {
            vm.call_method(all.borrow(), &names.update, &[own.borrow()])?;
        }
    }
    if let Some(class) = vm.get_attr_opt(this, names.__class__.borrow())? {
        collect_class_names(vm, all.borrow(), class.borrow())?;
    }
    let keys = vm.collect(all.borrow())?;
    vm.list(keys)
}

/// Adds to a dict what a class and its bases have in their `__dict__`.
pub(crate) fn collect_class_names(vm: &Thread, all: Ref<'_>, class: Ref<'_>) -> PyResult<()> {
    vm.check_stack()?;
    let names = vm.names();
    if let Some(namespace) = vm.get_attr_opt(class, names.__dict__.borrow())? {
        vm.call_method(all, &names.update, &[namespace.borrow()])?;
    }
    let Some(bases) = vm.get_attr_opt(class, names.__bases__.borrow())? else { return Ok(()) };
    for base in vm.collect(bases.borrow())? {
        collect_class_names(vm, all, base.borrow())?;
    }
    Ok(())
}

/// `object.__dict__`
pub fn dict_of(vm: &Thread, this: Ref<'_>) -> PyResult {
    instance_dict(vm, this)?.ok_or_else(|| vm.attribute_error("This object has no __dict__"))
}

/// The same for the attributes of native classes, which cannot be deleted.
pub fn set_native_dict_of(vm: &Thread, this: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    match value {
        None => Err(vm.type_error("cannot delete __dict__")),
        value => set_dict_of(vm, this, value),
    }
}

/// `object.__dict__ = value`; deleting it makes it empty.
pub fn set_dict_of(vm: &Thread, this: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    let dict = match value {
        None => vm.dict()?,
        Some(value) if vm.type_of(value).has(type_flag::DICT) => value.own(),
        Some(value) => {
            let class = vm.type_name(value);
            return Err(vm.type_error(format_args!("__dict__ must be set to a dictionary, not a '{class}'")));
        }
    };
    if instance::has_dict_word(this) {
        instance::set_dict(this, dict);
        return Ok(());
    }
    let Some(slot) = dict_slot(vm, this) else {
        return Err(vm.attribute_error("This object has no __dict__"));
    };
    slot.set(dict);
    Ok(())
}

/// `object.__weakref__`
pub(crate) fn weakref_of(vm: &Thread, this: Ref<'_>) -> PyResult {
    Ok(vm.interpreter().weak.references(this).into_iter().next().unwrap_or_else(Owned::none))
}
