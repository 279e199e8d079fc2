//! `method`: a callable bound to its first argument.

use crate::arguments::Args;
use crate::class;
use crate::exception::PyResult;
use crate::heap::inline::Str;
use crate::native::*;
use crate::protocol::slots::CompareOp;
use crate::signature;
use crate::text::wtf8::Text;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

crate::payload! {
    /// A bound method.
    pub struct BoundMethod: BoundMethod {
        pub(crate) function: Owned,
        pub(crate) receiver: Owned,
    }
}

class! { BoundMethod => BOUND_METHOD; }

pub(crate) static BOUND_METHOD: TypeDef = TypeDef {
    flags: TypeFlags { weakref: true, ..TypeFlags::NONE },
    signature: "(function, instance, /)",
    doc: "A function together with the object that becomes its first argument.",
    methods: &[method(
        "__reduce__($self, /)",
        One(reduce),
        "What pickle rebuilds the method from: the attribute of its receiver.",
    )],
    getset: &[
        member("__func__", |_, this| Ok(payload(this).function.clone()), "The function behind the method."),
        member(
            "__self__",
            |_, this| Ok(payload(this).receiver.clone()),
            "The object that the method is bound to.",
        ),
        getter("__doc__", get_doc, "The function's docstring."),
    ],
    slots: Slots {
        new: Some(new),
        repr: Some(repr),
        hash: Some(hash),
        call: Some(call),
        getattro: Some(getattro),
        compare: Some(compare),
        descr_get: Some(|_, this, _, _| Ok(this.own())),
        ..Slots::NONE
    },
    ..TypeDef::new::<BoundMethod>("method")
};

impl Thread {
    /// A callable bound to its first argument.
    #[inline]
    pub fn bound_method(&self, function: Ref<'_>, receiver: Ref<'_>) -> PyResult {
        self.new_object(BoundMethod { function: function.own(), receiver: receiver.own() })
    }
}

fn payload(this: Ref<'_>) -> &BoundMethod {
    this.downcast().expect("a slot of the class gets its instances")
}

fn new(vm: &Thread, _class: Ref<'_>, args: &Args<'_>) -> PyResult {
    args.bind(vm, signature!("method(function, instance, /)"), |args| {
        let (function, instance) = (args.required(0), args.required(1));
        if !vm.is_callable(function) {
            return Err(vm.type_error("first argument must be callable"));
        }
        if instance.is_none() {
            return Err(vm.type_error("instance must not be None"));
        }
        vm.bound_method(function, instance)
    })
}

fn call(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult {
    let method = payload(this);
    args.prepend(method.receiver.borrow(), |args| vm.call_args(method.function.borrow(), args))
}

/// The method's own attributes, then the function's.
fn getattro(vm: &Thread, this: Ref<'_>, name: Ref<'_>) -> PyResult {
    vm.check_name(name)?;
    let class = vm.class(this);
    match vm.lookup(class, name) {
        Some(attribute) => vm.bind_attribute(attribute, this, class),
        None => vm.get_attr(payload(this).function.borrow(), name),
    }
}

impl Thread {
    /// What a class attribute gives when it is looked up on an instance.
    pub(crate) fn bind_attribute(&self, attribute: Owned, instance: Ref<'_>, class: Ref<'_>) -> PyResult {
        match self.type_of(attribute.borrow()).slots.descr_get.get() {
            Some(get) => get(self, attribute.borrow(), Some(instance), Some(class)),
            None => Ok(attribute),
        }
    }
}

fn get_doc(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.get_attr(payload(this).function.borrow(), vm.names().__doc__.borrow())
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    let method = payload(this);
    let function = method.function.borrow();
    let name = match vm.get_attr_opt(function, vm.names().__qualname__.borrow())? {
        Some(name) => Some(name),
        None => vm.get_attr_opt(function, vm.names().__name__.borrow())?,
    };
    let receiver = vm.repr(method.receiver.borrow())?;
    let mut text = b"<bound method ".to_vec();
    text.extend_from_slice(str_bytes(name.as_ref()).unwrap_or(b"?"));
    text.extend_from_slice(b" of ");
    text.extend_from_slice(str_bytes(Some(&receiver)).unwrap_or_default());
    text.push(b'>');
    vm.text(Text::trusted(&text))
}

/// The bytes of a str.
fn str_bytes(text: Option<&Owned>) -> Option<&[u8]> {
    text?.borrow().downcast::<Str>().map(Str::as_bytes)
}

fn hash(vm: &Thread, this: Ref<'_>) -> PyResult<i64> {
    let method = payload(this);
    let receiver = method.receiver.borrow().id().rotate_right(4) as i64;
    match receiver ^ vm.hash(method.function.borrow())? {
        -1 => Ok(-2),
        hash => Ok(hash),
    }
}

fn compare(vm: &Thread, a: Ref<'_>, b: Ref<'_>, op: CompareOp) -> PyResult {
    let (Some(a), Some(b)) = (a.downcast::<BoundMethod>(), b.downcast::<BoundMethod>()) else {
        return Ok(Owned::not_implemented());
    };
    if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(Owned::not_implemented());
    }
    let equal =
        vm.equal(a.function.borrow(), b.function.borrow())? && a.receiver.borrow().is(b.receiver.borrow());
    Ok(Owned::bool(equal == (op == CompareOp::Eq)))
}

fn reduce(vm: &Thread, this: Ref<'_>) -> PyResult {
    let method = payload(this);
    let name = vm.get_attr(method.function.borrow(), vm.names().__name__.borrow())?;
    vm.reduce_to_attribute(method.receiver.borrow(), name)
}
