//! `weakref.ref` and the proxies, and the functions of the module `_weakref`.
//!
//! A reference without a callback is made once for each object and given out again; so is a proxy.

use std::cell::Cell;

use crate::arguments::Args;
use crate::class;
use crate::exception::{PyResult, Raised};
use crate::heap::dict::Dict;
use crate::heap::inline::Str;
use crate::heap::{Slot, instance};
use crate::native::*;
use crate::protocol::slots::CompareOp;
use crate::types::type_::{is_subtype, payload_of, type_flag};
use crate::types::weakproxy::{self, CALLABLE_PROXY, PROXY};
use crate::value::{Owned, Ref};
use crate::vm::Thread;
use crate::weak::Referent;

crate::payload! {
    /// A weak reference or proxy.
    pub struct WeakReference: WeakRef {
        pub(crate) referent: Referent,
        pub(crate) callback: Slot,
        /// The hash of the object, once it was asked for.
        hash: Cell<Option<i64>>,
    }
}

class! { WeakReference => REFERENCE; }

impl Drop for WeakReference {
    fn drop(&mut self) {
        if let Some(list) = self.referent.list.take() {
            list.remove(std::ptr::from_ref(self));
        }
    }
}

pub(crate) static REFERENCE: TypeDef = TypeDef {
    module: "weakref",
    flags: TypeFlags::BASE,
    doc: "A reference that does not keep its object alive. Calling it gives the object, or None once it is gone.",
    methods: &[class_method(
        "__class_getitem__($type, object, /)",
        Two(crate::types::generic_alias::generic_alias),
        "A generic alias, for annotations.",
    )],
    getset: &[member(
        "__callback__",
        |_, this| Ok(payload(this).callback.get_or_none()),
        "What is called when the object is gone.",
    )],
    slots: Slots {
        new: Some(new),
        init: Some(init),
        repr: Some(repr),
        hash: Some(hash),
        call: Some(call),
        compare: Some(compare),
        ..Slots::NONE
    },
    ..TypeDef::new::<WeakReference>("ReferenceType")
};

/// The module `_weakref`.
pub static WEAKREF_MODULE: ModuleDef = ModuleDef {
    doc: "Weak references.",
    functions: &[
        function(
            "getweakrefcount($module, object, /)",
            One(count),
            "How many weak references an object has.",
        ),
        function(
            "getweakrefs($module, object, /)",
            One(references),
            "The weak references of an object, as a list.",
        ),
        function(
            "_remove_dead_weakref($module, dct, key, /)",
            Two(remove_dead),
            "Deletes the key from the dict if its value is a weak reference whose object is gone.",
        ),
        function("proxy($module, object, callback=None, /)", OneOpt(proxy), "A proxy for an object."),
    ],
    exec: Some(exec),
    ..ModuleDef::new("_weakref")
};

fn exec(vm: &Thread, module: Ref<'_>) -> PyResult<()> {
    let reference = vm.class_of(&REFERENCE)?;
    for (name, class) in [
        ("ref", reference.clone()),
        ("ReferenceType", reference),
        ("ProxyType", vm.class_of(&PROXY)?),
        ("CallableProxyType", vm.class_of(&CALLABLE_PROXY)?),
    ] {
        vm.set_attr(module, vm.intern(name)?.borrow(), Some(class.borrow()))?;
    }
    Ok(())
}

fn payload(this: Ref<'_>) -> &WeakReference {
    this.downcast().expect("a slot of the class gets its instances")
}

fn new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    let (object, callback) = parse(vm, "__new__", args)?;
    make(vm, class, object, callback)
}

fn init(vm: &Thread, _this: Ref<'_>, args: &Args<'_>) -> PyResult<()> {
    if args.has_keywords() {
        return Err(vm.type_error("ref() takes no keyword arguments"));
    }
    parse(vm, "__init__", args).map(drop)
}

fn parse<'a>(vm: &Thread, function: &str, args: &Args<'a>) -> PyResult<(Ref<'a>, Option<Ref<'a>>)> {
    match *args.positional() {
        [] => Err(vm.type_error(format_args!("{function} expected at least 1 argument, got 0"))),
        [object] => Ok((object, None)),
        [object, callback] => Ok((object, Some(callback).filter(|callback| !callback.is_none()))),
        _ => {
            let given = args.positional().len();
            Err(vm.type_error(format_args!("{function} expected at most 2 arguments, got {given}")))
        }
    }
}

/// A weak reference of a class: the one that there is, if it has no callback and the class is one of our own.
fn make(vm: &Thread, class: Ref<'_>, object: Ref<'_>, callback: Option<Ref<'_>>) -> PyResult {
    if !vm.type_of(object).has(type_flag::WEAKREF) {
        let name = vm.type_name(object);
        return Err(vm.type_error(format_args!("cannot create weak reference to '{name}' object")));
    }
    let existing = vm.interpreter().weak.references(object);
    let is_shared = |class: Ref<'_>| !payload_of(class).is_heap_type();
    let reusable: Vec<&Owned> = existing
        .iter()
        .take_while(|one| payload(one.borrow()).callback.is_empty() && is_shared(vm.class(one.borrow())))
        .collect();
    let shared = callback.is_none() && is_shared(class);
    if let Some(found) = reusable.iter().find(|one| shared && vm.class(one.borrow()).is(class)) {
        return Ok((*found).clone());
    }
    let reference = WeakReference {
        referent: Referent::new(),
        callback: Slot::from_option(callback.map(Ref::own)),
        hash: Cell::new(None),
    };
    let made = instance::allocate(vm, class, reference)?;
    // The reference comes before the proxy, both before all that are not shared.
    let is_reference = class.is(vm.types().weak_reference.borrow());
    let position = if shared && is_reference { 0 } else { reusable.len() };
    vm.interpreter().weak.register(object, position, made.borrow());
    Ok(made)
}

/// `weakref.proxy(object, callback=None)`
fn proxy(vm: &Thread, object: Ref<'_>, callback: Option<Ref<'_>>) -> PyResult {
    let class = vm.class_of(if vm.is_callable(object) { &CALLABLE_PROXY } else { &PROXY })?;
    make(vm, class.borrow(), object, callback.filter(|callback| !callback.is_none()))
}

impl WeakReference {
    /// The object that a proxy stands for.
    pub(crate) fn target(&self, vm: &Thread) -> PyResult {
        self.referent.get().ok_or_else(|| gone(vm))
    }
}

#[cold]
fn gone(vm: &Thread) -> Raised {
    vm.reference_error("weakly-referenced object no longer exists")
}

fn call(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult {
    if args.has_keywords() {
        return Err(vm.type_error("weakref() takes no keyword arguments"));
    }
    if !args.is_empty() {
        let given = args.positional().len();
        return Err(vm.type_error(format_args!("weakref expected 0 arguments, got {given}")));
    }
    Ok(payload(this).referent.get().unwrap_or_else(Owned::none))
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    describe(vm, this, "weakref")
}

/// `<weakref at 0x...; to 'X' at 0x... (name)>`
pub(super) fn describe(vm: &Thread, this: Ref<'_>, what: &str) -> PyResult {
    let id = this.id();
    let Some(object) = payload(this).referent.get() else {
        return vm.str(&format!("<{what} at {id:#x}; dead>"));
    };
    let (class, target) = (vm.type_name(object.borrow()), object.borrow().id());
    let name = if what == "weakref" {
        vm.special_method(object.borrow(), vm.names().__name__.borrow())?
    } else {
        None
    };
    match name.as_ref().and_then(|name| name.borrow().downcast::<Str>()) {
        Some(name) => {
            let name = name.to_string_lossy();
            vm.str(&format!("<{what} at {id:#x}; to '{class}' at {target:#x} ({name})>"))
        }
        None => vm.str(&format!("<{what} at {id:#x}; to '{class}' at {target:#x}>")),
    }
}

fn hash(vm: &Thread, this: Ref<'_>) -> PyResult<i64> {
    let reference = payload(this);
    if let Some(hash) = reference.hash.get() {
        return Ok(hash);
    }
    let Some(object) = reference.referent.get() else {
        return Err(vm.type_error("weak object has gone away"));
    };
    let hash = vm.hash(object.borrow())?;
    reference.hash.set(Some(hash));
    Ok(hash)
}

/// References to living objects compare as the objects, others by identity.
fn compare(vm: &Thread, a: Ref<'_>, b: Ref<'_>, op: CompareOp) -> PyResult {
    let class = vm.types().weak_reference.borrow();
    let is_reference = |operand: Ref<'_>| is_subtype(vm.class(operand), class);
    if !matches!(op, CompareOp::Eq | CompareOp::Ne) || !is_reference(a) || !is_reference(b) {
        return Ok(Owned::not_implemented());
    }
    match (payload(a).referent.get(), payload(b).referent.get()) {
        (Some(x), Some(y)) => vm.compare(x.borrow(), y.borrow(), op),
        _ => Ok(Owned::bool(a.is(b) == (op == CompareOp::Eq))),
    }
}

fn count(vm: &Thread, object: Ref<'_>) -> PyResult {
    vm.size(vm.interpreter().weak.references(object).len())
}

fn references(vm: &Thread, object: Ref<'_>) -> PyResult {
    vm.list(vm.interpreter().weak.references(object))
}

fn remove_dead(vm: &Thread, dict: Ref<'_>, key: Ref<'_>) -> PyResult {
    let Some(dict) = dict.downcast::<Dict>() else {
        let class = vm.type_name(dict);
        return Err(
            vm.type_error(format_args!("_remove_dead_weakref() argument 1 must be dict, not {class}"))
        );
    };
    let hash = vm.hash(key)?;
    let Some(value) = dict.table.get(vm, key, hash)? else { return none() };
    let Some(reference) = value.borrow().downcast::<WeakReference>() else {
        return Err(vm.type_error("not a weakref"));
    };
    if reference.referent.get().is_none() {
        drop(dict.table.remove(vm, key, hash)?);
    }
    none()
}

/// The object that a proxy stands for, or the value itself if it is no proxy.
pub(super) fn unwrap(vm: &Thread, value: Ref<'_>) -> PyResult {
    match value.downcast::<WeakReference>() {
        Some(reference) if weakproxy::is_proxy(vm, value) => reference.target(vm),
        _ => Ok(value.own()),
    }
}

impl Thread {
    /// `weakref.ref(object)`
    pub fn weak_reference(&self, object: Ref<'_>) -> PyResult {
        self.call(self.class_of(&REFERENCE)?.borrow(), &[object])
    }

    /// What a weak reference refers to, if that is still there.
    pub fn weak_target(&self, reference: Ref<'_>) -> Option<Owned> {
        reference.downcast::<WeakReference>()?.referent.get()
    }
}
