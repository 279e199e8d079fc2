//! `collections.defaultdict`: a dict that makes the values of missing keys.

use crate::arguments::Args;
use crate::exception::PyResult;
use crate::heap::Slot;
use crate::heap::dict::{Dict, Table};
use crate::native::{
    GETATTRIBUTE, GetSet, MODULE, One, Slots, Two, TypeDef, TypeFlags, class_method, method,
};
use crate::text::wtf8::TextBuf;
use crate::types::dict;
use crate::types::generic_alias::generic_alias;
use crate::types::iterator::REDUCE;
use crate::types::key::dict_hash;
use crate::types::sequence::{push_repr, push_str};
use crate::types::type_::payload_of;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

crate::payload! {
    /// A defaultdict.
    pub struct DefaultDict: Dict extends Dict {
        base: Dict,
        /// Makes the values; empty is None.
        factory: Slot,
    }
}

/// The class `collections.defaultdict`.
pub static DEFAULT_DICT: TypeDef = TypeDef {
    module: "collections",
    base: Some(&dict::DICT),
    flags: TypeFlags { mapping: true, match_self: true, ..TypeFlags::BASE },
    doc: "defaultdict(default_factory=None, /, [...]): a dict that gets values for missing keys by a call.\n\n\
          When d[key] finds no such key, default_factory() makes its value, which goes into the dict.\n\
          The other arguments are those of dict().",
    methods: &[
        method(
            "__missing__($self, object, /)",
            Two(missing),
            "What d[key] gives for a missing key: the value that default_factory() makes, which goes into the dict.\n\n\
             Without a factory, a KeyError.",
        ),
        method("copy($self, /)", One(copy), COPY),
        method("__copy__($self, /)", One(copy), COPY),
        method("__reduce__($self, /)", One(reduce), REDUCE),
        class_method("__class_getitem__($type, object, /)", Two(generic_alias), "See PEP 585."),
    ],
    getset: &[GetSet {
        name: "default_factory",
        get: |_, this| Ok(payload(this).factory.get_or_none()),
        set: Some(set_factory),
        doc: "Makes the values of missing keys, if it is not None.",
        member: true,
    }],
    attributes: &[MODULE, GETATTRIBUTE],
    slots: Slots { init: Some(init), repr: Some(repr), or: Some(or), ..Slots::NONE },
    ..TypeDef::new::<DefaultDict>("defaultdict")
};

const COPY: &str = "Make a defaultdict of the same keys and values, with the same factory.";

fn payload(this: Ref<'_>) -> &DefaultDict {
    this.downcast().expect("the receiver is a defaultdict")
}

/// Whether instances of a class are defaultdicts.
pub(super) fn is_layout_of(class: Ref<'_>) -> bool {
    std::ptr::eq(payload_of(class).def.0, &raw const DEFAULT_DICT)
}

/// An empty instance, which `dict.__new__` makes.
pub(super) fn allocate(vm: &Thread, class: Ref<'_>) -> PyResult {
    let base = Dict { table: Table::new() };
    vm.new_object_of(class, DefaultDict { base, factory: Slot::empty() })
}

fn init(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult<()> {
    let (factory, rest) = match args.split_first() {
        Some((factory, rest)) => (Some(factory), rest),
        None => (None, *args),
    };
    let factory = factory.filter(|factory| !factory.is_none());
    if !factory.is_none_or(|factory| vm.is_callable(factory)) {
        return Err(vm.type_error("first argument must be callable or None"));
    }
    drop(payload(this).factory.replace(factory.map(Ref::own)));
    dict::update_from_arguments(vm, this, "dict", &rest)
}

fn set_factory(_vm: &Thread, this: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    drop(payload(this).factory.replace(value.map(Ref::own)));
    Ok(())
}

fn missing(vm: &Thread, this: Ref<'_>, key: Ref<'_>) -> PyResult {
    let hash = dict_hash(vm, key)?;
    make_value(vm, payload(this), key, hash)
}

/// `__missing__` of a defaultdict whose class does not derive from `defaultdict`, without a look for the method.
#[inline]
pub(super) fn missing_plainly(vm: &Thread, this: Ref<'_>, key: Ref<'_>, hash: i64) -> Option<PyResult> {
    let this = this.downcast::<DefaultDict>().filter(|_| !vm.type_of(this).is_heap_type())?;
    Some(make_value(vm, this, key, hash))
}

fn make_value(vm: &Thread, this: &DefaultDict, key: Ref<'_>, hash: i64) -> PyResult {
    let factory = this.factory.get().filter(|factory| !factory.borrow().is_none());
    let Some(factory) = factory else { return Err(vm.key_error(key)) };
    let value = vm.call(factory.borrow(), &[])?;
    this.base.table.get_or_insert(vm, key, hash, value)
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    let entries = dict::repr(vm, this)?;
    let factory = payload(this).factory.get_or_none();
    let mut text = TextBuf::new();
    push_str(&mut text, vm.get_attr(vm.class(this), vm.names().__name__.borrow())?.borrow());
    text.push_str("(");
    // A factory may show the dict, which it is a factory of.
    if vm.repr_enter(factory.borrow()) {
        let pushed = push_repr(vm, &mut text, factory.borrow());
        vm.repr_leave(factory.borrow());
        pushed?;
    } else {
        text.push_str("...");
    }
    text.push_str(", ");
    push_str(&mut text, entries.borrow());
    text.push_str(")");
    vm.text(text.as_text())
}

fn copy(vm: &Thread, this: Ref<'_>) -> PyResult {
    make_like(vm, this, this)
}

/// A defaultdict with the class and factory of one dict, and the keys and values of another.
fn make_like(vm: &Thread, this: Ref<'_>, entries: Ref<'_>) -> PyResult {
    let factory = payload(this).factory.get_or_none();
    vm.call(vm.class(this), &[factory.borrow(), entries])
}

fn or(vm: &Thread, a: Ref<'_>, b: Ref<'_>) -> PyResult {
    let (this, other) = if a.downcast::<DefaultDict>().is_some() { (a, b) } else { (b, a) };
    if other.downcast::<Dict>().is_none() {
        return Ok(Owned::not_implemented());
    }
    let both = make_like(vm, this, a)?;
    dict::update_from(vm, both.borrow(), b)?;
    Ok(both)
}

fn reduce(vm: &Thread, this: Ref<'_>) -> PyResult {
    let factory = payload(this).factory.get_or_none();
    let arguments = if factory.borrow().is_none() { vm.empty_tuple() } else { vm.tuple_array([factory])? };
    let items = vm.call_method(this, &vm.names().items, &[])?;
    let items = vm.iter(items.borrow())?;
    vm.tuple_array([vm.class(this).own(), arguments, Owned::none(), Owned::none(), items])
}
