//! `property`: an attribute computed by functions.

use crate::class;
use crate::exception::{PyResult, Raised};
use crate::heap::Slot;
use crate::native::{
    Args, GetSet, Raw, Slots, Two, TypeDef, TypeFlags, getset, getter, member, method, none,
};
use crate::signature;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

crate::payload! {
    /// A property.
    pub struct Property: Property {
        getter: Slot,
        setter: Slot,
        deleter: Slot,
        doc: Slot,
        /// The name it was told by `__set_name__`.
        name: Slot,
        /// Whether the docstring is the getter's.
        getter_doc: std::cell::Cell<bool>,
    }
}

class! { Property => PROPERTY; }

pub(crate) static PROPERTY: TypeDef = TypeDef {
    flags: TypeFlags::BASE,
    signature: "(fget=None, fset=None, fdel=None, doc=None)",
    doc: "An attribute that is computed by functions: one to get it, and perhaps one to set and one to delete it.\n\n\
          class C:\n    @property\n    def x(self):\n        \"The docstring of x.\"\n        return self._x\n    \
          @x.setter\n    def x(self, value):\n        self._x = value",
    methods: &[
        method("getter($self, object, /)", Two(with_getter), "A copy of the property with another getter."),
        method("setter($self, object, /)", Two(with_setter), "A copy of the property with another setter."),
        method(
            "deleter($self, object, /)",
            Two(with_deleter),
            "A copy of the property with another deleter.",
        ),
        method("__set_name__($self, owner, name, /)", Raw(dunder_set_name), "Tells the property its name."),
    ],
    getset: &[
        member(
            "fget",
            |_, this| Ok(payload(this).getter.get_or_none()),
            "The function that gets the attribute.",
        ),
        member(
            "fset",
            |_, this| Ok(payload(this).setter.get_or_none()),
            "The function that sets the attribute.",
        ),
        member(
            "fdel",
            |_, this| Ok(payload(this).deleter.get_or_none()),
            "The function that deletes the attribute.",
        ),
        GetSet { member: true, ..getset("__doc__", doc, set_doc, "The docstring.") },
        getset("__name__", name, set_name, "The name of the attribute."),
        getter("__isabstractmethod__", is_abstract, "Whether one of the functions is abstract."),
    ],
    slots: Slots {
        new: Some(new),
        init: Some(init),
        descr_get: Some(get),
        descr_set: Some(set),
        ..Slots::NONE
    },
    ..TypeDef::new::<Property>("property")
};

impl Property {
    /// The getter function.
    pub(crate) fn getter(&self) -> Option<Owned> {
        self.getter.get()
    }
}

fn payload(this: Ref<'_>) -> &Property {
    this.downcast().expect("a slot of the class gets its instances")
}

fn new(vm: &Thread, class: Ref<'_>, _args: &Args<'_>) -> PyResult {
    vm.new_object_of(
        class,
        Property {
            getter: Slot::empty(),
            setter: Slot::empty(),
            deleter: Slot::empty(),
            doc: Slot::empty(),
            name: Slot::empty(),
            getter_doc: std::cell::Cell::new(false),
        },
    )
}

fn init(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult<()> {
    args.bind(vm, signature!("property(fget=None, fset=None, fdel=None, doc=None)"), |args| {
        let property = payload(this);
        let given = |index| args.optional(index).filter(|value| !value.is_none()).map(Ref::own);
        let getter = given(0);
        drop(property.getter.replace(getter.clone()));
        drop(property.setter.replace(given(1)));
        drop(property.deleter.replace(given(2)));
        drop(property.doc.take());
        drop(property.name.take());
        let own_doc = given(3);
        let doc = match (&own_doc, &getter) {
            (None, Some(getter)) => vm
                .get_attr_opt(getter.borrow(), vm.names().__doc__.borrow())?
                .filter(|doc| !doc.borrow().is_none()),
            _ => own_doc.clone(),
        };
        property.getter_doc.set(own_doc.is_none() && doc.is_some());
        store_doc(vm, this, doc)
    })
}

/// An instance of a subclass keeps the docstring among its attributes: its class's own would hide the property's.
fn store_doc(vm: &Thread, this: Ref<'_>, doc: Option<Owned>) -> PyResult<()> {
    let property = payload(this);
    if vm.class(this).is(vm.types().property.borrow()) {
        drop(property.doc.replace(doc));
        return Ok(());
    }
    let doc = doc.unwrap_or_else(Owned::none);
    match vm.set_attr(this, vm.names().__doc__.borrow(), Some(doc.borrow())) {
        // A docstring that there is no place for is lost, unless it is the getter's.
        Err(raised) if !property.getter_doc.get() && raised.is(&vm.exceptions().AttributeError) => Ok(()),
        result => result,
    }
}

fn get(vm: &Thread, this: Ref<'_>, instance: Option<Ref<'_>>, _owner: Option<Ref<'_>>) -> PyResult {
    let Some(instance) = instance else { return Ok(this.own()) };
    match payload(this).getter.get() {
        Some(getter) => vm.call(getter.borrow(), &[instance]),
        None => Err(missing(vm, this, instance, "getter")),
    }
}

fn set(vm: &Thread, this: Ref<'_>, instance: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    let property = payload(this);
    match value {
        Some(value) => match property.setter.get() {
            Some(setter) => vm.call(setter.borrow(), &[instance, value]).map(drop),
            None => Err(missing(vm, this, instance, "setter")),
        },
        None => match property.deleter.get() {
            Some(deleter) => vm.call(deleter.borrow(), &[instance]).map(drop),
            None => Err(missing(vm, this, instance, "deleter")),
        },
    }
}

/// AttributeError: the property lacks a function.
#[cold]
fn missing(vm: &Thread, this: Ref<'_>, instance: Ref<'_>, what: &str) -> Raised {
    let describe = || {
        let name = known_name(vm, this)?.map(|name| vm.repr_string(name.borrow())).transpose()?;
        let qualname = vm.get_attr(vm.class(instance), vm.names().__qualname__.borrow())?;
        let class = vm.repr_string(qualname.borrow())?;
        Ok(match name {
            Some(name) => format!("property {name} of {class} object has no {what}"),
            None => format!("property of {class} object has no {what}"),
        })
    };
    match describe() {
        Ok(message) => vm.attribute_error(message),
        Err(raised) => raised,
    }
}

/// The name it was told, or else the getter's.
fn known_name(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    let property = payload(this);
    if let Some(name) = property.name.get() {
        return Ok(Some(name));
    }
    match property.getter.get() {
        Some(getter) => vm.get_attr_opt(getter.borrow(), vm.names().__name__.borrow()),
        None => Ok(None),
    }
}

fn name(vm: &Thread, this: Ref<'_>) -> PyResult {
    known_name(vm, this)?.ok_or_else(|| vm.no_attribute(this, vm.names().__name__.borrow()))
}

fn set_name(_vm: &Thread, this: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    drop(payload(this).name.replace(value.map(Ref::own)));
    Ok(())
}

fn dunder_set_name(vm: &Thread, args: &Args<'_>) -> PyResult {
    if args.has_keywords() {
        return Err(vm.type_error("__set_name__() takes no keyword arguments"));
    }
    let &[this, _owner, name] = args.positional() else {
        let given = args.positional().len() - 1;
        return Err(
            vm.type_error(format_args!("__set_name__() takes 2 positional arguments but {given} were given"))
        );
    };
    payload(this).name.set(name.own());
    none()
}

fn doc(_vm: &Thread, this: Ref<'_>) -> PyResult {
    Ok(payload(this).doc.get_or_none())
}

fn set_doc(_vm: &Thread, this: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    drop(payload(this).doc.replace(value.map(Ref::own)));
    Ok(())
}

fn is_abstract(vm: &Thread, this: Ref<'_>) -> PyResult {
    let property = payload(this);
    for function in [&property.getter, &property.setter, &property.deleter] {
        if let Some(function) = function.get() {
            if vm.is_abstract_method(function.borrow())? {
                return Ok(Owned::bool(true));
            }
        }
    }
    Ok(Owned::bool(false))
}

fn with_getter(vm: &Thread, this: Ref<'_>, function: Ref<'_>) -> PyResult {
    copy(vm, this, [Some(function), None, None])
}

fn with_setter(vm: &Thread, this: Ref<'_>, function: Ref<'_>) -> PyResult {
    copy(vm, this, [None, Some(function), None])
}

fn with_deleter(vm: &Thread, this: Ref<'_>, function: Ref<'_>) -> PyResult {
    copy(vm, this, [None, None, Some(function)])
}

/// A property of the same class, with some of the functions replaced; None replaces nothing.
fn copy(vm: &Thread, this: Ref<'_>, new: [Option<Ref<'_>>; 3]) -> PyResult {
    let property = payload(this);
    let old = [&property.getter, &property.setter, &property.deleter];
    let [getter, setter, deleter] = std::array::from_fn(|index| match new[index] {
        Some(function) if !function.is_none() => function.own(),
        _ => old[index].get_or_none(),
    });
    let from_getter = property.getter_doc.get() && !getter.borrow().is_none();
    let doc = if from_getter { Owned::none() } else { property.doc.get_or_none() };
    let class = vm.class(this).own();
    let copy =
        vm.call(class.borrow(), &[getter.borrow(), setter.borrow(), deleter.borrow(), doc.borrow()])?;
    if let Some(copy) = copy.borrow().downcast::<Property>() {
        drop(copy.name.replace(property.name.get()));
    }
    Ok(copy)
}
