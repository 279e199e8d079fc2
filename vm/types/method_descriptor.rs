//! `method_descriptor` and `classmethod_descriptor`: the methods of native types, as their classes hold them.
//!
//! Looked up on an instance, a descriptor gives a [native function](super::native_function) bound to it; but a call through
//! the loop or the call protocol passes the receiver straight to the descriptor and makes no such object.

use crate::arguments::Args;
use crate::arguments::signature::{LazySignature, Signature};
use crate::class;
use crate::exception::{PyResult, Raised};
use crate::native::*;
use crate::types::native_function;
use crate::types::type_::{Type, is_subtype};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

crate::payload! {
    /// A method of a native type.
    pub struct MethodDescriptor: MethodDescriptor {
        pub(crate) def: &'static MethodDef,
        /// `__objclass__`
        class: Owned,
        signature: LazySignature,
    }

    /// A class method of a native type.
    pub struct ClassMethodDescriptor: Native {
        def: &'static MethodDef,
        class: Owned,
        signature: LazySignature,
    }
}

class! {
    MethodDescriptor => METHOD_DESCRIPTOR;
    ClassMethodDescriptor => CLASS_METHOD_DESCRIPTOR;
}

pub(crate) static METHOD_DESCRIPTOR: TypeDef = TypeDef {
    flags: TypeFlags { no_new: true, method_descriptor: true, ..TypeFlags::NONE },
    methods: &[method(
        "__reduce__($self, /)",
        One(reduce),
        "What pickle rebuilds the method from: the attribute of its class.",
    )],
    getset: &[
        member("__objclass__", |_, this| Ok(payload(this).class.clone()), "The class that has the method."),
        member("__name__", |vm, this| vm.intern(payload(this).def.name()), "The method's name."),
        getter("__doc__", |vm, this| vm.str_or_none(payload(this).def.doc), "The docstring."),
        getter(
            "__qualname__",
            |vm, this| qualname(vm, &payload(this).class, payload(this).def),
            "The name with its class.",
        ),
        getter(
            "__text_signature__",
            |vm, this| vm.str_or_none(payload(this).def.text_signature()),
            "The parameters as text.",
        ),
    ],
    slots: Slots {
        repr: Some(|vm, this| repr(vm, &payload(this).class, payload(this).def)),
        call: Some(call),
        descr_get: Some(get),
        ..Slots::NONE
    },
    ..TypeDef::new::<MethodDescriptor>("method_descriptor")
};

pub(crate) static CLASS_METHOD_DESCRIPTOR: TypeDef = TypeDef {
    flags: TypeFlags { no_new: true, ..TypeFlags::NONE },
    getset: &[
        member(
            "__objclass__",
            |_, this| Ok(class_payload(this).class.clone()),
            "The class that has the method.",
        ),
        member("__name__", |vm, this| vm.intern(class_payload(this).def.name()), "The method's name."),
        getter("__doc__", |vm, this| vm.str_or_none(class_payload(this).def.doc), "The docstring."),
        getter(
            "__qualname__",
            |vm, this| qualname(vm, &class_payload(this).class, class_payload(this).def),
            "The name with its class.",
        ),
        getter(
            "__text_signature__",
            |vm, this| vm.str_or_none(class_payload(this).def.text_signature()),
            "The parameters as text.",
        ),
    ],
    slots: Slots {
        repr: Some(|vm, this| repr(vm, &class_payload(this).class, class_payload(this).def)),
        call: Some(class_call),
        descr_get: Some(class_get),
        ..Slots::NONE
    },
    ..TypeDef::new::<ClassMethodDescriptor>("classmethod_descriptor")
};

impl Thread {
    /// What a native class holds for a row of its table; a static method is the function, for a `staticmethod` to wrap.
    pub(crate) fn native_method(&self, def: &'static MethodDef, class: Ref<'_>) -> PyResult {
        let signature = LazySignature::default();
        match def.binding {
            Binding::Instance => self.new_object(MethodDescriptor { def, class: class.own(), signature }),
            Binding::Class => self.new_object(ClassMethodDescriptor { def, class: class.own(), signature }),
            Binding::Static | Binding::Module => self.native_function(def, class, None),
        }
    }
}

/// The signature of the row behind a descriptor.
pub(super) fn signature(descriptor: Ref<'_>) -> Option<&Signature> {
    if let Some(method) = descriptor.downcast::<MethodDescriptor>() {
        return Some(method.signature());
    }
    let method = descriptor.downcast::<ClassMethodDescriptor>()?;
    Some(method.signature.get(method.def))
}

fn payload(this: Ref<'_>) -> &MethodDescriptor {
    this.downcast().expect("a slot of the class gets its instances")
}

fn class_payload(this: Ref<'_>) -> &ClassMethodDescriptor {
    this.downcast().expect("a slot of the class gets its instances")
}

impl MethodDescriptor {
    #[inline]
    pub(crate) fn signature(&self) -> &Signature {
        self.signature.get(self.def)
    }

    /// Calls the method, which `this` is, on a receiver that it is known to apply to.
    #[inline]
    pub(crate) fn call_on(&self, vm: &Thread, this: Ref<'_>, receiver: Ref<'_>, args: &Args<'_>) -> PyResult {
        native_function::call(vm, this, self.def, || self.signature(), Some(receiver), args)
    }

    /// Whether the method applies to an object.
    #[inline]
    pub(crate) fn applies_to(&self, vm: &Thread, object: Ref<'_>) -> bool {
        is_subtype(vm.class(object), self.class.borrow())
    }

    #[cold]
    fn inapplicable(&self, vm: &Thread, object: Ref<'_>) -> Raised {
        vm.type_error(format_args!(
            "descriptor '{}' for '{}' objects doesn't apply to a '{}' object",
            self.def.name(),
            vm.class_name(self.class.borrow()),
            vm.type_name(object)
        ))
    }
}

/// Whether the method resumes its receiver with its argument.
#[inline(always)]
pub(crate) fn sends(callable: Ref<'_>) -> bool {
    callable.downcast::<MethodDescriptor>().is_some_and(|method| method.def.sends)
}

/// The row of a method that applies to the first argument of an unbound call.
#[inline]
pub(crate) fn applicable(vm: &Thread, this: Ref<'_>, args: &[Ref<'_>]) -> Option<&'static MethodDef> {
    let method = payload(this);
    method.applies_to(vm, *args.first()?).then_some(method.def)
}

/// An unbound call: the receiver is the first argument.
pub(crate) fn call(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult {
    let method = payload(this);
    match args.split_first() {
        Some((receiver, args)) if method.applies_to(vm, receiver) => {
            method.call_on(vm, this, receiver, &args)
        }
        Some((object, _)) => Err(method.inapplicable(vm, object)),
        None => {
            Err(vm.type_error(format_args!("unbound method {} needs an argument", vm.function_str(this))))
        }
    }
}

fn get(vm: &Thread, this: Ref<'_>, instance: Option<Ref<'_>>, _owner: Option<Ref<'_>>) -> PyResult {
    let method = payload(this);
    match instance {
        None => Ok(this.own()),
        Some(instance) if method.applies_to(vm, instance) => vm.bind_native(method.def, this, instance),
        Some(instance) => Err(method.inapplicable(vm, instance)),
    }
}

fn class_call(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult {
    let Some((class, args)) = args.split_first() else {
        let method = class_payload(this);
        return Err(vm.type_error(format_args!(
            "descriptor '{}' of '{}' object needs an argument",
            method.def.name(),
            vm.class_name(method.class.borrow())
        )));
    };
    let bound = class_get(vm, this, None, Some(class))?;
    vm.call_args(bound.borrow(), &args)
}

fn class_get(vm: &Thread, this: Ref<'_>, instance: Option<Ref<'_>>, owner: Option<Ref<'_>>) -> PyResult {
    let method = class_payload(this);
    let name = method.def.name();
    let own_class = method.class.borrow();
    let owner = match (owner, instance) {
        (Some(owner), _) => owner,
        (None, Some(instance)) => vm.class(instance),
        (None, None) => {
            return Err(vm.type_error(format_args!(
                "descriptor '{name}' for type '{}' needs either an object or a type",
                vm.class_name(own_class)
            )));
        }
    };
    if owner.downcast::<Type>().is_none() {
        return Err(vm.type_error(format_args!(
            "descriptor '{name}' for type '{}' needs a type, not a '{}' as arg 2",
            vm.class_name(own_class),
            vm.type_name(owner)
        )));
    }
    if !is_subtype(owner, own_class) {
        return Err(vm.type_error(format_args!(
            "descriptor '{name}' requires a subtype of '{}' but received '{}'",
            vm.class_name(own_class),
            vm.class_name(owner)
        )));
    }
    vm.bind_native(method.def, this, owner)
}

fn repr(vm: &Thread, class: &Owned, def: &MethodDef) -> PyResult {
    vm.str(&format!("<method '{}' of '{}' objects>", def.name(), vm.class_name(class.borrow())))
}

fn qualname(vm: &Thread, class: &Owned, def: &MethodDef) -> PyResult {
    vm.qualified_name(class.borrow(), def.name())
}

fn reduce(vm: &Thread, this: Ref<'_>) -> PyResult {
    let method = payload(this);
    let name = vm.intern(method.def.name())?;
    vm.reduce_to_attribute(method.class.borrow(), name)
}
