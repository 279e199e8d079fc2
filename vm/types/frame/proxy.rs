//! `FrameLocalsProxy`: the local variables of a function's frame as a mapping that writes through (PEP 667).
//!
//! Names that the function does not have are kept in a dict beside the frame. Nothing can be unbound from here: the code
//! relies on what it has bound.

use super::FrameObject;
use crate::arguments::Args;
use crate::class;
use crate::exception::{PyResult, Raised};
use crate::heap::Kind;
use crate::heap::dict::{Dict, Table};
use crate::heap::inline::Str;
use crate::native::*;
use crate::protocol::number::BinaryOp;
use crate::protocol::slots::CompareOp;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

crate::payload! {
    /// The local variables of a frame.
    pub struct FrameLocalsProxy: Native {
        frame: Owned,
    }
}

class! { FrameLocalsProxy => FRAME_LOCALS_PROXY; }

pub(crate) static FRAME_LOCALS_PROXY: TypeDef = TypeDef {
    flags: TypeFlags { mapping: true, ..TypeFlags::NONE },
    methods: &[
        method("__contains__($self, object, /)", Two(contains_method), "Whether a name is bound."),
        method("__getitem__($self, object, /)", Two(getitem), "The value of a variable."),
        method(
            "update($self, object, /)",
            Two(update),
            "Bind the names that a dict or another such proxy has.",
        ),
        method("__reversed__($self, /)", One(reversed), "The names, last first."),
        method("copy($self, /)", One(to_dict), "The variables as a dict."),
        method(
            "keys($self, /)",
            One(|vm, this| listed(vm, this, |_, (name, _)| Ok(name))),
            "The names: a list.",
        ),
        method(
            "values($self, /)",
            One(|vm, this| listed(vm, this, |_, (_, value)| Ok(value))),
            "The values: a list.",
        ),
        method(
            "items($self, /)",
            One(|vm, this| listed(vm, this, |vm, (name, value)| vm.pair(name, value))),
            "Names and values: a list of pairs.",
        ),
        method("get($self, key, default=None, /)", Raw(get), "The value of a variable, or the default."),
        method("pop($self, key, default=None, /)", Raw(pop), "Remove a name that is no local variable."),
        method(
            "setdefault($self, key, default=None, /)",
            Raw(setdefault),
            "The value of a variable, bound if need be.",
        ),
    ],
    slots: Slots {
        new: Some(new),
        repr: Some(repr),
        compare: Some(compare),
        iter: Some(|vm, this| vm.iter(listed(vm, this, |_, (name, _)| Ok(name))?.borrow())),
        or: Some(or),
        inplace_or: Some(inplace_or),
        mapping_len: Some(|_, this| Ok(bindings(frame(this)).len())),
        getitem: Some(getitem),
        setitem: Some(setitem),
        contains: Some(contains),
        ..Slots::NONE
    },
    ..TypeDef::new::<FrameLocalsProxy>("FrameLocalsProxy")
};

/// The proxy for a frame object.
pub(super) fn proxy(vm: &Thread, frame: Ref<'_>) -> PyResult {
    vm.new_object(FrameLocalsProxy { frame: frame.own() })
}

fn new(vm: &Thread, _: Ref<'_>, args: &Args<'_>) -> PyResult {
    if args.has_keywords() {
        return Err(vm.type_error("FrameLocalsProxy takes no keyword arguments"));
    }
    let [frame] = *args.positional() else {
        let given = args.positional().len();
        return Err(vm.type_error(format_args!("FrameLocalsProxy expected 1 argument, got {given}")));
    };
    if frame.downcast::<FrameObject>().is_none() {
        let got = vm.type_name(frame);
        return Err(vm.type_error(format_args!("expect frame, not {got}")));
    }
    proxy(vm, frame)
}

fn frame<'a>(this: Ref<'a>) -> &'a FrameObject {
    let proxy: &FrameLocalsProxy = this.downcast().expect("the descriptor checks its receiver");
    proxy.frame.borrow().downcast().expect("a frame object")
}

fn table(dict: &Owned) -> &Table {
    &dict.borrow().downcast::<Dict>().expect("a dict").table
}

/// The number of a local variable: a free variable may have the name of a comprehension's, and the one that is bound is meant.
/// Objects that are not simply strings are compared with the names as a dict would do it.
fn index_of(vm: &Thread, frame: &FrameObject, key: Ref<'_>) -> PyResult<Option<usize>> {
    let mut unbound = None;
    let hash = if key.is_exact(Kind::Str) { None } else { Some(vm.hash(key)?) };
    for (index, local) in frame.code().locals.iter().enumerate() {
        let is_named = match hash {
            None => same_text(local.borrow(), key),
            Some(hash) => vm.hash(local.borrow())? == hash && vm.equal(local.borrow(), key)?,
        };
        if is_named && frame.local(index).is_some() {
            return Ok(Some(index));
        }
        if is_named {
            unbound.get_or_insert(index);
        }
    }
    Ok(unbound)
}

fn same_text(a: Ref<'_>, b: Ref<'_>) -> bool {
    a.is(b) || a.downcast::<Str>().map(Str::as_bytes) == b.downcast::<Str>().map(Str::as_bytes)
}

/// All names that are bound, the function's own first.
fn bindings(frame: &FrameObject) -> Vec<(Owned, Owned)> {
    let locals = frame.code().locals.iter().enumerate();
    let mut found: Vec<_> =
        locals.filter_map(|(index, name)| Some((name.clone(), frame.local(index)?))).collect();
    if let Some(extra) = frame.extra_locals() {
        let mut position = 0;
        found.extend(std::iter::from_fn(|| table(&extra).next(&mut position)));
    }
    found
}

fn listed(vm: &Thread, this: Ref<'_>, part: impl Fn(&Thread, (Owned, Owned)) -> PyResult) -> PyResult {
    let parts = bindings(frame(this)).into_iter().map(|binding| part(vm, binding));
    vm.list(parts.collect::<PyResult<_>>()?)
}

fn to_dict(vm: &Thread, this: Ref<'_>) -> PyResult {
    let dict = vm.dict()?;
    for (name, value) in bindings(frame(this)) {
        drop(table(&dict).insert(vm, name.borrow(), vm.hash(name.borrow())?, value)?);
    }
    Ok(dict)
}

/// The value of a name, if it is bound.
fn find(vm: &Thread, frame: &FrameObject, key: Ref<'_>) -> PyResult<Option<Owned>> {
    let hash = vm.hash(key)?;
    if let Some(index) = index_of(vm, frame, key)? {
        return Ok(frame.local(index));
    }
    match frame.extra_locals() {
        Some(extra) => table(&extra).get(vm, key, hash),
        None => Ok(None),
    }
}

fn bind(vm: &Thread, frame: &FrameObject, key: Ref<'_>, value: Ref<'_>) -> PyResult<()> {
    let hash = vm.hash(key)?;
    if let Some(index) = index_of(vm, frame, key)? {
        return frame.set_local(vm, index, value.own());
    }
    let slot = &frame.rare().extra_locals;
    if slot.is_empty() {
        slot.set(vm.dict()?);
    }
    let extra = slot.get_or_none();
    drop(table(&extra).insert(vm, key, hash, value.own())?);
    Ok(())
}

/// Takes a name that is no local variable away.
fn unbind(vm: &Thread, frame: &FrameObject, key: Ref<'_>) -> PyResult<Option<Owned>> {
    if index_of(vm, frame, key)?.is_some() {
        return Err(vm.value_error("cannot remove local variables from FrameLocalsProxy"));
    }
    let hash = vm.hash(key)?;
    match frame.extra_locals() {
        Some(extra) => Ok(table(&extra).remove(vm, key, hash)?.map(|(_, value)| value)),
        None => Ok(None),
    }
}

fn key_error(vm: &Thread, key: Ref<'_>) -> Raised {
    vm.error_with(&vm.exceptions().KeyError, &[key])
}

fn getitem(vm: &Thread, this: Ref<'_>, key: Ref<'_>) -> PyResult {
    if let Some(value) = find(vm, frame(this), key)? {
        return Ok(value);
    }
    let key = vm.repr_string(key)?;
    Err(vm.error(&vm.exceptions().KeyError, format_args!("local variable '{key}' is not defined")))
}

fn setitem(vm: &Thread, this: Ref<'_>, key: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    match value {
        Some(value) => bind(vm, frame(this), key, value),
        None => match unbind(vm, frame(this), key)? {
            Some(_) => Ok(()),
            None => Err(key_error(vm, key)),
        },
    }
}

fn contains(vm: &Thread, this: Ref<'_>, key: Ref<'_>) -> PyResult<bool> {
    Ok(find(vm, frame(this), key)?.is_some())
}

fn contains_method(vm: &Thread, this: Ref<'_>, key: Ref<'_>) -> PyResult {
    contains(vm, this, key).map(Owned::bool)
}

fn reversed(vm: &Thread, this: Ref<'_>) -> PyResult {
    let mut names: Vec<_> = bindings(frame(this)).into_iter().map(|(name, _)| name).collect();
    names.reverse();
    vm.list(names)
}

fn is_proxy(value: Ref<'_>) -> bool {
    value.downcast::<FrameLocalsProxy>().is_some()
}

/// Binds the names that another mapping has; whether it is a dict or a proxy.
fn merge(vm: &Thread, this: Ref<'_>, other: Ref<'_>) -> PyResult<bool> {
    let other = match other.downcast::<Dict>() {
        Some(_) => vm.call_method(other, &vm.names().copy, &[])?,
        None if is_proxy(other) => to_dict(vm, other)?,
        None => return Ok(false),
    };
    let mut position = 0;
    while let Some((name, value)) = table(&other).next(&mut position) {
        bind(vm, frame(this), name.borrow(), value.borrow())?;
    }
    Ok(true)
}

fn update(vm: &Thread, this: Ref<'_>, other: Ref<'_>) -> PyResult {
    if merge(vm, this, other)? {
        return none();
    }
    Err(vm.type_error("update() argument must be dict or another FrameLocalsProxy"))
}

fn inplace_or(vm: &Thread, this: Ref<'_>, other: Ref<'_>) -> PyResult {
    if merge(vm, this, other)? { Ok(this.own()) } else { Ok(Owned::not_implemented()) }
}

fn or(vm: &Thread, a: Ref<'_>, b: Ref<'_>) -> PyResult {
    let as_dict = |value: Ref<'_>| match value.downcast::<Dict>() {
        Some(_) => Ok(Some(value.own())),
        None if is_proxy(value) => to_dict(vm, value).map(Some),
        None => Ok(None),
    };
    match (as_dict(a)?, as_dict(b)?) {
        (Some(a), Some(b)) => vm.binary(BinaryOp::BitOr, a.borrow(), b.borrow()),
        _ => Ok(Owned::not_implemented()),
    }
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    let frame = this.downcast::<FrameLocalsProxy>().expect("a proxy").frame.borrow();
    if !vm.repr_enter(frame) {
        return vm.str("{...}");
    }
    let text = to_dict(vm, this).and_then(|dict| vm.repr(dict.borrow()));
    vm.repr_leave(frame);
    text
}

fn compare(vm: &Thread, a: Ref<'_>, b: Ref<'_>, op: CompareOp) -> PyResult {
    if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(Owned::not_implemented());
    }
    if let (Some(a), Some(b)) = (a.downcast::<FrameLocalsProxy>(), b.downcast::<FrameLocalsProxy>()) {
        let same = a.frame.borrow().is(b.frame.borrow());
        return Ok(Owned::bool(same == (op == CompareOp::Eq)));
    }
    if b.downcast::<Dict>().is_none() {
        return Ok(Owned::not_implemented());
    }
    vm.compare(to_dict(vm, a)?.borrow(), b, op)
}

/// The receiver, the key and the default of a call of `get`, `pop` or `setdefault`.
fn key_and_default<'a>(args: &Args<'a>) -> Option<(Ref<'a>, Ref<'a>, Option<Ref<'a>>)> {
    match *args.positional() {
        _ if args.has_keywords() => None,
        [this, key] => Some((this, key, None)),
        [this, key, default] => Some((this, key, Some(default))),
        _ => None,
    }
}

fn get(vm: &Thread, args: &Args<'_>) -> PyResult {
    let Some((this, key, default)) = key_and_default(args) else {
        return Err(vm.type_error("get expected 1 or 2 arguments"));
    };
    Ok(find(vm, frame(this), key)?.unwrap_or_else(|| default.unwrap_or(Ref::NONE).own()))
}

fn setdefault(vm: &Thread, args: &Args<'_>) -> PyResult {
    let Some((this, key, default)) = key_and_default(args) else {
        return Err(vm.type_error("setdefault expected 1 or 2 arguments"));
    };
    if let Some(value) = find(vm, frame(this), key)? {
        return Ok(value);
    }
    let default = default.unwrap_or(Ref::NONE);
    bind(vm, frame(this), key, default)?;
    Ok(default.own())
}

fn pop(vm: &Thread, args: &Args<'_>) -> PyResult {
    let Some((this, key, default)) = key_and_default(args) else {
        let given = args.positional().len().saturating_sub(1);
        let bound = if given == 0 { "at least 1 argument" } else { "at most 2 arguments" };
        return Err(vm.type_error(format_args!("pop expected {bound}, got {given}")));
    };
    match (unbind(vm, frame(this), key)?, default) {
        (Some(value), _) => Ok(value),
        (None, Some(default)) => Ok(default.own()),
        (None, None) => Err(key_error(vm, key)),
    }
}
