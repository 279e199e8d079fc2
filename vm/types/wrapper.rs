//! `wrapper_descriptor` and `method-wrapper`: the slots of native types as callable objects, such as `int.__add__`.
//!
//! A wrapper keeps the function that the slot held when the type was made. Calling it checks the receiver, brings the
//! arguments into the form that the slot wants ([`Wrap`]), and turns the result into an object.

use crate::arguments::Args;
use crate::class;
use crate::exception::PyResult;
use crate::native::{One, Slots};
use crate::native::{TypeDef, TypeFlags, getter, member, method, none};
use crate::protocol::slots::{CompareOp, Dunder, SlotFn, Wrap};
use crate::types::type_::{self, Type};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

crate::payload! {
    /// A slot of a native type, not bound to an instance.
    pub struct WrapperDescriptor: Native {
        pub(crate) class: Owned,
        pub(crate) dunder: &'static Dunder,
        pub(crate) function: SlotFn,
        /// Whether the function is what object has.
        pub(crate) is_objects: bool,
    }

    /// A slot of a native type, bound to an instance.
    pub struct MethodWrapper: Native {
        descriptor: Owned,
        receiver: Owned,
    }
}

class! {
    WrapperDescriptor => WRAPPER_DESCRIPTOR;
    MethodWrapper => METHOD_WRAPPER;
}

pub(crate) static WRAPPER_DESCRIPTOR: TypeDef = TypeDef {
    flags: TypeFlags { method_descriptor: true, ..TypeFlags::NONE },
    methods: &[method("__reduce__($self, /)", One(reduce), "The pickled form: an attribute of the class.")],
    getset: &[
        member("__objclass__", |vm, this| with(vm, this, |descriptor| Ok(descriptor.class.clone())), ""),
        member("__name__", |vm, this| with(vm, this, |descriptor| vm.intern(descriptor.dunder.name)), ""),
        getter("__doc__", |vm, this| with(vm, this, |descriptor| vm.str(descriptor.dunder.doc)), ""),
        getter("__qualname__", |vm, this| with(vm, this, |descriptor| qualname(vm, descriptor)), ""),
        getter(
            "__text_signature__",
            |vm, this| with(vm, this, |descriptor| vm.str(descriptor.dunder.signature)),
            "",
        ),
    ],
    slots: Slots { repr: Some(repr), call: Some(call), descr_get: Some(descr_get), ..Slots::NONE },
    ..TypeDef::new::<WrapperDescriptor>("wrapper_descriptor")
};

pub(crate) static METHOD_WRAPPER: TypeDef = TypeDef {
    methods: &[method(
        "__reduce__($self, /)",
        One(reduce_bound),
        "The pickled form: an attribute of the receiver.",
    )],
    getset: &[
        member("__self__", |vm, this| bound(vm, this, |wrapper, _| Ok(wrapper.receiver.clone())), ""),
        getter("__objclass__", |vm, this| bound(vm, this, |_, descriptor| Ok(descriptor.class.clone())), ""),
        getter("__name__", |vm, this| bound(vm, this, |_, descriptor| vm.intern(descriptor.dunder.name)), ""),
        getter("__qualname__", |vm, this| bound(vm, this, |_, descriptor| qualname(vm, descriptor)), ""),
        getter("__doc__", |vm, this| bound(vm, this, |_, descriptor| vm.str(descriptor.dunder.doc)), ""),
        getter(
            "__text_signature__",
            |vm, this| bound(vm, this, |_, descriptor| vm.str(descriptor.dunder.signature)),
            "",
        ),
    ],
    slots: Slots {
        repr: Some(repr_bound),
        hash: Some(hash_bound),
        call: Some(call_bound),
        compare: Some(compare_bound),
        ..Slots::NONE
    },
    ..TypeDef::new::<MethodWrapper>("method-wrapper")
};

/// The function in a slot of a class, as a descriptor for the class's namespace.
pub(crate) fn new(vm: &Thread, class: Ref<'_>, dunder: &'static Dunder, function: SlotFn) -> PyResult {
    let is_objects = class.is(vm.types().object.borrow());
    vm.new_object(WrapperDescriptor { class: class.own(), dunder, function, is_objects })
}

/// A descriptor for object's function of a slot, in the namespace of another class.
pub(crate) fn of_object(vm: &Thread, class: Ref<'_>, name: &str) -> PyResult {
    let object = &vm.types().object;
    let found = vm.lookup(object.borrow(), vm.intern(name)?.borrow());
    let found = found.expect("object has the slots of every class");
    with(vm, found.borrow(), |&WrapperDescriptor { dunder, function, .. }| {
        vm.new_object(WrapperDescriptor { class: class.own(), dunder, function, is_objects: true })
    })
}

/// Runs a getter of a wrapper descriptor; the getset descriptor has checked the receiver.
fn with(_vm: &Thread, this: Ref<'_>, get: impl FnOnce(&WrapperDescriptor) -> PyResult) -> PyResult {
    get(this.downcast().expect("a wrapper descriptor"))
}

/// Runs a getter of a method wrapper.
fn bound<R>(
    _vm: &Thread,
    this: Ref<'_>,
    get: impl FnOnce(&MethodWrapper, &WrapperDescriptor) -> PyResult<R>,
) -> PyResult<R> {
    let wrapper: &MethodWrapper = this.downcast().expect("a method wrapper");
    get(wrapper, wrapper.descriptor.borrow().downcast().expect("a wrapper descriptor"))
}

fn qualname(vm: &Thread, descriptor: &WrapperDescriptor) -> PyResult {
    vm.qualified_name(descriptor.class.borrow(), descriptor.dunder.name)
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    with(vm, this, |descriptor| {
        let class = vm.class_name(descriptor.class.borrow());
        vm.str(&format!("<slot wrapper '{}' of '{class}' objects>", descriptor.dunder.name))
    })
}

fn repr_bound(vm: &Thread, this: Ref<'_>) -> PyResult {
    bound(vm, this, |wrapper, descriptor| {
        let receiver = wrapper.receiver.borrow();
        let class = vm.type_name(receiver);
        vm.str(&format!(
            "<method-wrapper '{}' of {class} object at {:#x}>",
            descriptor.dunder.name,
            receiver.id()
        ))
    })
}

/// `getattr(class, name)`
fn reduce(vm: &Thread, this: Ref<'_>) -> PyResult {
    with(vm, this, |descriptor| {
        vm.reduce_to_attribute(descriptor.class.borrow(), vm.intern(descriptor.dunder.name)?)
    })
}

/// `getattr(receiver, name)`
fn reduce_bound(vm: &Thread, this: Ref<'_>) -> PyResult {
    bound(vm, this, |wrapper, descriptor| {
        vm.reduce_to_attribute(wrapper.receiver.borrow(), vm.intern(descriptor.dunder.name)?)
    })
}

fn hash_bound(vm: &Thread, this: Ref<'_>) -> PyResult<i64> {
    bound(vm, this, |wrapper, _| {
        let words = wrapper.receiver.borrow().id() ^ wrapper.descriptor.borrow().id().rotate_left(17);
        Ok((words >> 4) as i64)
    })
}

fn compare_bound(vm: &Thread, a: Ref<'_>, b: Ref<'_>, op: CompareOp) -> PyResult {
    let (Some(x), Some(y)) = (a.downcast::<MethodWrapper>(), b.downcast::<MethodWrapper>()) else {
        return Ok(Owned::not_implemented());
    };
    let _ = vm;
    let equal =
        x.descriptor.borrow().is(y.descriptor.borrow()) && x.receiver.borrow().is(y.receiver.borrow());
    Ok(match op {
        CompareOp::Eq => Owned::bool(equal),
        CompareOp::Ne => Owned::bool(!equal),
        _ => Owned::not_implemented(),
    })
}

fn descr_get(vm: &Thread, this: Ref<'_>, instance: Option<Ref<'_>>, owner: Option<Ref<'_>>) -> PyResult {
    let _ = owner;
    let Some(instance) = instance else { return Ok(this.own()) };
    with(vm, this, |descriptor| {
        check_receiver(vm, descriptor.class.borrow(), descriptor.dunder.name, instance)?;
        vm.new_object(MethodWrapper { descriptor: this.own(), receiver: instance.own() })
    })
}

/// Raises TypeError unless the descriptor of a class applies to the object.
pub(crate) fn check_receiver(vm: &Thread, class: Ref<'_>, name: &str, object: Ref<'_>) -> PyResult<()> {
    if type_::is_subtype(vm.class(object), class) {
        return Ok(());
    }
    Err(vm.type_error(format_args!(
        "descriptor '{name}' for '{}' objects doesn't apply to a '{}' object",
        vm.class_name(class),
        vm.type_name(object)
    )))
}

fn call(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult {
    with(vm, this, |descriptor| {
        let Some((&receiver, rest)) = args.values().split_first().filter(|_| !args.positional().is_empty())
        else {
            return Err(vm.type_error(format_args!(
                "descriptor '{}' of '{}' object needs an argument",
                descriptor.dunder.name,
                vm.class_name(descriptor.class.borrow())
            )));
        };
        if !type_::is_subtype(vm.class(receiver), descriptor.class.borrow()) {
            return Err(vm.type_error(format_args!(
                "descriptor '{}' requires a '{}' object but received a '{}'",
                descriptor.dunder.name,
                vm.class_name(descriptor.class.borrow()),
                vm.type_name(receiver)
            )));
        }
        call_slot(vm, descriptor, receiver, &Args::new(rest, args.names()))
    })
}

fn call_bound(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult {
    bound(vm, this, |wrapper, descriptor| call_slot(vm, descriptor, wrapper.receiver.borrow(), args))
}

/// Calls the slot's function the way its dunder is called.
pub(crate) fn call_slot(
    vm: &Thread,
    descriptor: &WrapperDescriptor,
    this: Ref<'_>,
    args: &Args<'_>,
) -> PyResult {
    let Dunder { name, wrap, .. } = *descriptor.dunder;
    vm.check_stack()?;
    if args.has_keywords() && !matches!(wrap, Wrap::Call | Wrap::Init) {
        return Err(vm.type_error(format_args!("wrapper {name}() takes no keyword arguments")));
    }
    let given = args.positional();
    match (wrap, descriptor.function) {
        (Wrap::Unary, SlotFn::Unary(function)) => {
            let [] = exactly(vm, given)?;
            function(vm, this)
        }
        (Wrap::Binary, SlotFn::Binary(function)) => {
            let [other] = exactly(vm, given)?;
            function(vm, this, other)
        }
        (Wrap::Reflected, SlotFn::Binary(function)) => {
            let [other] = exactly(vm, given)?;
            function(vm, other, this)
        }
        (Wrap::Power, SlotFn::Power(function)) => {
            let (other, modulus) = power_arguments(vm, given)?;
            function(vm, this, other, modulus)
        }
        (Wrap::ReflectedPower, SlotFn::Power(function)) => {
            let (other, modulus) = power_arguments(vm, given)?;
            function(vm, other, this, modulus)
        }
        (Wrap::Hash, SlotFn::HashFn(function)) => {
            let [] = exactly(vm, given)?;
            vm.int(function(vm, this)?)
        }
        (Wrap::Inquiry, SlotFn::Inquiry(function)) => {
            let [] = exactly(vm, given)?;
            function(vm, this).map(Owned::bool)
        }
        (Wrap::Len, SlotFn::LenFn(function)) => {
            let [] = exactly(vm, given)?;
            vm.size(function(vm, this)?)
        }
        (Wrap::Contains, SlotFn::Contains(function)) => {
            let [item] = exactly(vm, given)?;
            function(vm, this, item).map(Owned::bool)
        }
        (Wrap::Compare(op), SlotFn::Compare(function)) => {
            let [other] = exactly(vm, given)?;
            function(vm, this, other, op)
        }
        (Wrap::Next, SlotFn::Next(function)) => {
            let [] = exactly(vm, given)?;
            function(vm, this)?.ok_or_else(|| vm.stop_iteration(Ref::NONE))
        }
        (Wrap::ItemAt, SlotFn::ItemAt(function)) => {
            let [key] = exactly(vm, given)?;
            function(vm, this, item_index(vm, this, key)?)
        }
        (Wrap::Repeat, SlotFn::Repeat(function)) => {
            let [count] = exactly(vm, given)?;
            function(vm, this, vm.to_isize(count)?)
        }
        (Wrap::SetItem, SlotFn::SetItem(function)) => {
            let [key, value] = unpack(vm, name, given)?;
            function(vm, this, key, Some(value))?;
            none()
        }
        (Wrap::DelItem, SlotFn::SetItem(function)) => {
            let [key] = exactly(vm, given)?;
            function(vm, this, key, None)?;
            none()
        }
        (Wrap::SetAttr, SlotFn::SetItem(function)) => {
            let [key, value] = unpack(vm, name, given)?;
            forbid_bypass(vm, descriptor, this)?;
            function(vm, this, key, Some(value))?;
            none()
        }
        (Wrap::DelAttr, SlotFn::SetItem(function)) => {
            let [key] = exactly(vm, given)?;
            forbid_bypass(vm, descriptor, this)?;
            function(vm, this, key, None)?;
            none()
        }
        (Wrap::Call, SlotFn::CallFn(function)) => function(vm, this, args),
        (Wrap::Init, SlotFn::InitFn(function)) => {
            function(vm, this, args)?;
            none()
        }
        (Wrap::DescrGet, SlotFn::DescrGet(function)) => {
            let (instance, owner) = match *given {
                [] => return Err(vm.type_error(format_args!("{name} expected at least 1 argument, got 0"))),
                [instance] => (instance, Ref::NONE),
                [instance, owner] => (instance, owner),
                _ => {
                    let count = given.len();
                    return Err(
                        vm.type_error(format_args!("{name} expected at most 2 arguments, got {count}"))
                    );
                }
            };
            let (instance, owner) =
                (Some(instance).filter(|it| !it.is_none()), Some(owner).filter(|it| !it.is_none()));
            if instance.is_none() && owner.is_none() {
                return Err(vm.type_error("__get__(None, None) is invalid"));
            }
            function(vm, this, instance, owner)
        }
        (Wrap::DescrSet, SlotFn::DescrSet(function)) => {
            let [instance, value] = unpack(vm, name, given)?;
            function(vm, this, instance, Some(value))?;
            none()
        }
        (Wrap::DescrDelete, SlotFn::DescrSet(function)) => {
            let [instance] = exactly(vm, given)?;
            function(vm, this, instance, None)?;
            none()
        }
        (Wrap::Finalize, SlotFn::Finalize(function)) => {
            let [] = exactly(vm, given)?;
            function(vm, this);
            none()
        }
        (Wrap::Buffer, SlotFn::GetBuffer(buffer)) => {
            let [flags] = unpack(vm, name, given)?;
            crate::protocol::buffer::dunder_buffer(vm, this, buffer, flags)
        }
        (Wrap::ReleaseBuffer, SlotFn::GetBuffer(_)) => {
            let [view] = unpack(vm, name, given)?;
            crate::protocol::buffer::dunder_release_buffer(vm, this, view)
        }
        _ => unreachable!("the dunder's row and the slot's type belong together"),
    }
}

fn exactly<'a, const N: usize>(vm: &Thread, given: &[Ref<'a>]) -> PyResult<[Ref<'a>; N]> {
    given.try_into().map_err(|_| {
        let plural = if N == 1 { "" } else { "s" };
        vm.type_error(format_args!("expected {N} argument{plural}, got {}", given.len()))
    })
}

fn unpack<'a, const N: usize>(vm: &Thread, name: &str, given: &[Ref<'a>]) -> PyResult<[Ref<'a>; N]> {
    let plural = if N == 1 { "" } else { "s" };
    given
        .try_into()
        .map_err(|_| vm.type_error(format_args!("{name} expected {N} argument{plural}, got {}", given.len())))
}

fn power_arguments<'a>(vm: &Thread, given: &[Ref<'a>]) -> PyResult<(Ref<'a>, Ref<'a>)> {
    match *given {
        [other] => Ok((other, Ref::NONE)),
        [other, modulus] => Ok((other, modulus)),
        _ => Err(vm.type_error(format_args!("expected 1 or 2 arguments, got {}", given.len()))),
    }
}

/// The index that the `item` slot wants: one that is not negative, if the sequence has a length.
fn item_index(vm: &Thread, this: Ref<'_>, key: Ref<'_>) -> PyResult<isize> {
    let index = vm.to_isize(key)?;
    let class = vm.class(this);
    match class.downcast::<Type>().and_then(|class| class.slots.len.get()) {
        Some(len) if index < 0 => Ok(index + len(vm, this)? as isize),
        _ => Ok(index),
    }
}

/// `object.__setattr__(x, ...)` must not go around a native base's own `__setattr__`, as a class's.
fn forbid_bypass(vm: &Thread, descriptor: &WrapperDescriptor, this: Ref<'_>) -> PyResult<()> {
    let owner = if descriptor.is_objects { vm.types().object.borrow() } else { descriptor.class.borrow() };
    if type_::is_setattr_allowed(owner, vm.class(this)) {
        return Ok(());
    }
    let class = vm.type_name(this);
    Err(vm.type_error(format_args!("can't apply this {} to {class} object", descriptor.dunder.name)))
}
