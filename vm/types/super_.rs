//! `super`: attributes as the classes after a given one in the MRO have them.

use crate::arguments::Args;
use crate::class;
use crate::exception::PyResult;
use crate::heap::Slot;
use crate::native::{Slots, TypeDef, TypeFlags, member};
use crate::protocol::attribute::generic_get;
use crate::types::type_::{Type, is_subtype, lookup_after};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

crate::payload! {
    /// A super object; empty slots are those of one that was never initialised, or is not bound.
    #[derive(Default)]
    pub struct Super: Native {
        /// The class after which the look-up starts.
        class: Slot,
        /// The object or class that it is for.
        object: Slot,
        /// The class whose MRO is searched.
        object_class: Slot,
    }
}

class! { Super => SUPER; }

pub(crate) static SUPER: TypeDef = TypeDef {
    flags: TypeFlags::BASE,
    doc: "super() in a method: the same object, as the classes after the method's own in the MRO see it.\n\
          super(type, object): the same with the class and the object named; super(type) is bound later.",
    getset: &[
        member(
            "__thisclass__",
            |_, this| Ok(payload(this).class.get_or_none()),
            "The class after which the look-up starts.",
        ),
        member("__self__", |_, this| Ok(payload(this).object.get_or_none()), "The object that it is for."),
        member(
            "__self_class__",
            |_, this| Ok(payload(this).object_class.get_or_none()),
            "The class whose MRO is searched.",
        ),
    ],
    slots: Slots {
        new: Some(|vm, class, _| vm.new_object_of(class, Super::default())),
        init: Some(init),
        repr: Some(repr),
        getattro: Some(getattro),
        descr_get: Some(get),
        ..Slots::NONE
    },
    ..TypeDef::new::<Super>("super")
};

fn payload(this: Ref<'_>) -> &Super {
    this.downcast().expect("a slot of the class gets its instances")
}

fn init(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult<()> {
    if args.has_keywords() {
        return Err(vm.type_error("super() takes no keyword arguments"));
    }
    let (class, object) = match *args.positional() {
        [] => {
            let (class, object) = crate::frame::calling_frame_super(vm)?;
            if class.borrow().downcast::<Type>().is_none() {
                let given = vm.type_name(class.borrow());
                return Err(vm.runtime_error(format_args!("super(): __class__ is not a type ({given})")));
            }
            (class, Some(object))
        }
        [class] => (class.own(), None),
        [class, object] => (class.own(), Some(object.own())),
        _ => {
            let given = args.positional().len();
            return Err(vm.type_error(format_args!("super() expected at most 2 arguments, got {given}")));
        }
    };
    if class.borrow().downcast::<Type>().is_none() {
        let given = vm.type_name(class.borrow());
        return Err(vm.type_error(format_args!("super() argument 1 must be a type, not {given}")));
    }
    bind(vm, payload(this), class, object.filter(|object| !object.borrow().is_none()))
}

fn bind(vm: &Thread, this: &Super, class: Owned, object: Option<Owned>) -> PyResult<()> {
    let object_class = match &object {
        Some(object) => Some(check(vm, class.borrow(), object.borrow())?),
        None => None,
    };
    this.class.set(class);
    drop(this.object.replace(object));
    drop(this.object_class.replace(object_class));
    Ok(())
}

/// The class whose MRO is searched: the object itself, if it is a subclass, or the object's class, or what it says is its
/// class.
fn check(vm: &Thread, class: Ref<'_>, object: Ref<'_>) -> PyResult {
    if object.downcast::<Type>().is_some() && is_subtype(object, class) {
        return Ok(object.own());
    }
    let own = vm.class(object);
    if is_subtype(own, class) {
        return Ok(own.own());
    }
    if let Some(claimed) = vm.get_attr_opt(object, vm.names().__class__.borrow())? {
        let is_class = claimed.borrow().downcast::<Type>().is_some();
        if is_class && !claimed.borrow().is(own) && is_subtype(claimed.borrow(), class) {
            return Ok(claimed);
        }
    }
    let (what, name) = match object.downcast::<Type>() {
        Some(_) => ("type", vm.class_name(object)),
        None => ("instance of", vm.class_name(own)),
    };
    let class = vm.class_name(class);
    Err(vm.type_error(format_args!(
        "super(type, obj): obj ({what} {name}) is not an instance or subtype of type ({class})."
    )))
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    let this = payload(this);
    let name = |class: &Slot| class.get().map(|class| vm.class_name(class.borrow()));
    let class = name(&this.class).unwrap_or_else(|| "NULL".to_owned());
    match name(&this.object_class) {
        Some(object) => vm.str(&format!("<super: <class '{class}'>, <{object} object>>")),
        None => vm.str(&format!("<super: <class '{class}'>, NULL>")),
    }
}

fn getattro(vm: &Thread, this: Ref<'_>, name: Ref<'_>) -> PyResult {
    vm.check_name(name)?;
    let payload = payload(this);
    let (Some(class), Some(object), Some(object_class)) =
        (payload.class.get(), payload.object.get(), payload.object_class.get())
    else {
        return generic_get(vm, this, name);
    };
    match find(vm, class.borrow(), object.borrow(), object_class.borrow(), name)? {
        Some(value) => Ok(value),
        None => generic_get(vm, this, name),
    }
}

/// What `super(class, object).name` is, if the classes after `class` have the name. `__class__` is the super object's own.
pub(crate) fn find(
    vm: &Thread,
    class: Ref<'_>,
    object: Ref<'_>,
    object_class: Ref<'_>,
    name: Ref<'_>,
) -> PyResult<Option<Owned>> {
    if name.is(vm.names().__class__.borrow()) {
        return Ok(None);
    }
    let Some(attribute) = lookup_after(vm, object_class, class, name) else { return Ok(None) };
    let instance = (!object.is(object_class)).then_some(object);
    match vm.type_of(attribute.borrow()).slots.descr_get.get() {
        Some(get) => get(vm, attribute.borrow(), instance, Some(object_class)).map(Some),
        None => Ok(Some(attribute)),
    }
}

/// An unbound super object, as a class attribute, binds to instances.
fn get(vm: &Thread, this: Ref<'_>, instance: Option<Ref<'_>>, _owner: Option<Ref<'_>>) -> PyResult {
    let payload = payload(this);
    let Some(instance) = instance.filter(|_| payload.object.is_empty()) else { return Ok(this.own()) };
    let class = payload.class.get_or_none();
    let own = vm.class(this);
    if !own.is(vm.types().super_.borrow()) {
        return vm.call(own, &[class.borrow(), instance]);
    }
    let bound = vm.new_object(Super::default())?;
    bind(vm, self::payload(bound.borrow()), class, Some(instance.own()))?;
    Ok(bound)
}
