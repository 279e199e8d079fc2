//! `Context`.

use std::cell::Cell;

use super::{as_map, own_map};
use crate::arguments::Args;
use crate::class;
use crate::contextvars::variable::ContextVar;
use crate::exception::PyResult;
use crate::heap::Slot;
use crate::native::*;
use crate::protocol::slots::CompareOp;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

crate::payload! {
    /// A context.
    pub(crate) struct Context: Native {
        /// The map; a context without variables needs none.
        pub(super) map: Slot,
        /// The context that was current before this one, while it is entered.
        previous: Slot,
        entered: Cell<bool>,
    }

    /// An iterator of variables, values, or pairs of them.
    struct ContextIterator: Native {
        /// What the map was when the iteration began.
        map: Slot,
        index: Cell<usize>,
    }
}

class! { Context => CONTEXT; }

pub(super) static CONTEXT: TypeDef = TypeDef {
    module: "_contextvars",
    flags: TypeFlags { weakref: true, ..TypeFlags::NONE },
    doc: "The values of context variables.",
    methods: &[
        method("get($self, key, default=None, /)", TwoOpt(get), "The value of a variable, or the default."),
        method(
            "items($self, /)",
            One(|vm, this| iterator(vm, this, &ITEMS)),
            "The variables with their values.",
        ),
        method("keys($self, /)", One(|vm, this| iterator(vm, this, &KEYS)), "The variables."),
        method("values($self, /)", One(|vm, this| iterator(vm, this, &VALUES)), "The values."),
        method("copy($self, /)", One(copy), "A copy of the context."),
        method(
            "run($self, callable, /, *args, **kwargs)",
            Raw(run),
            "Call something in the context: changes of variables stay in it.",
        )
        .untold(),
    ],
    slots: Slots {
        new: Some(new),
        compare: Some(compare),
        iter: Some(|vm, this| iterator(vm, this, &KEYS)),
        mapping_len: Some(len),
        getitem: Some(getitem),
        contains: Some(contains),
        ..Slots::NONE
    },
    ..TypeDef::new::<Context>("Context")
};

static KEYS: TypeDef = iterator_type("keys", next_key);
static VALUES: TypeDef = iterator_type("values", next_value);
static ITEMS: TypeDef = iterator_type("items", next_item);

const fn iterator_type(name: &'static str, next: crate::protocol::slots::Next) -> TypeDef {
    TypeDef {
        flags: TypeFlags { no_new: true, ..TypeFlags::NONE },
        slots: Slots { iter: Some(|_, this| Ok(this.own())), next: Some(next), ..Slots::NONE },
        ..TypeDef::new::<ContextIterator>(name)
    }
}

impl Context {
    pub(super) fn empty() -> Self {
        Self { map: Slot::empty(), previous: Slot::empty(), entered: Cell::new(false) }
    }

    /// The value of a variable.
    pub(super) fn get(&self, variable: Ref<'_>) -> Option<Owned> {
        as_map(&self.map.get()?).get(variable)
    }

    /// Sets the value of a variable; the result is the former one.
    pub(super) fn set(&self, vm: &Thread, variable: Ref<'_>, value: Owned) -> PyResult<Option<Owned>> {
        let map = own_map(vm, &self.map)?;
        let old = as_map(&map).get(variable);
        as_map(&map).set(vm, variable, value)?;
        Ok(old)
    }

    /// Takes the value of a variable away.
    pub(super) fn remove(&self, vm: &Thread, variable: Ref<'_>) -> PyResult<()> {
        let map = own_map(vm, &self.map)?;
        as_map(&map).remove(variable);
        Ok(())
    }
}

pub(super) fn payload(this: Ref<'_>) -> &Context {
    this.downcast().expect("a context")
}

fn new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    if !args.is_empty() {
        return Err(vm.type_error("Context() does not accept any arguments"));
    }
    vm.new_object_of(class, Context::empty())
}

pub(super) fn copy(vm: &Thread, this: Ref<'_>) -> PyResult {
    let copy = Context { map: Slot::from_option(payload(this).map.get()), ..Context::empty() };
    vm.new_object(copy)
}

pub(super) fn enter(vm: &Thread, this: Ref<'_>) -> PyResult<()> {
    let context = payload(this);
    if context.entered.get() {
        let text = vm.repr_string(this)?;
        return Err(vm.runtime_error(format_args!("cannot enter context: {text} is already entered")));
    }
    context.entered.set(true);
    drop(context.previous.replace(vm.context.replace(Some(this.own()))));
    Ok(())
}

pub(super) fn exit(vm: &Thread) {
    let Some(current) = vm.context.get() else { return };
    let context = payload(current.borrow());
    context.entered.set(false);
    drop(vm.context.replace(context.previous.take()));
}

fn run(vm: &Thread, args: &Args<'_>) -> PyResult {
    let &[this, function, ..] = args.positional() else {
        return Err(vm.type_error("run() missing 1 required positional argument"));
    };
    enter(vm, this)?;
    let result = vm.call_args(function, &Args::new(&args.values()[2..], args.names()));
    exit(vm);
    result
}

/// A key, which must be a variable.
fn key(vm: &Thread, key: Ref<'_>) -> PyResult<()> {
    if key.downcast::<ContextVar>().is_some() {
        return Ok(());
    }
    let text = vm.repr_string(key)?;
    Err(vm.type_error(format_args!("a ContextVar key was expected, got {text}")))
}

fn get(vm: &Thread, this: Ref<'_>, variable: Ref<'_>, default: Option<Ref<'_>>) -> PyResult {
    key(vm, variable)?;
    let value = payload(this).get(variable);
    Ok(value.unwrap_or_else(|| default.map_or_else(Owned::none, Ref::own)))
}

fn getitem(vm: &Thread, this: Ref<'_>, variable: Ref<'_>) -> PyResult {
    key(vm, variable)?;
    payload(this).get(variable).ok_or_else(|| vm.key_error(variable))
}

fn contains(vm: &Thread, this: Ref<'_>, variable: Ref<'_>) -> PyResult<bool> {
    key(vm, variable)?;
    Ok(payload(this).get(variable).is_some())
}

fn len(_vm: &Thread, this: Ref<'_>) -> PyResult<usize> {
    Ok(payload(this).map.get().map_or(0, |map| as_map(&map).values.len()))
}

/// Contexts are equal if the same variables have equal values.
fn compare(vm: &Thread, a: Ref<'_>, b: Ref<'_>, op: CompareOp) -> PyResult {
    let (Some(x), Some(y)) = (a.downcast::<Context>(), b.downcast::<Context>()) else {
        return Ok(Owned::not_implemented());
    };
    if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(Owned::not_implemented());
    }
    let equal = equal(vm, x.map.get(), y.map.get())?;
    Ok(Owned::bool(equal == (op == CompareOp::Eq)))
}

fn equal(vm: &Thread, a: Option<Owned>, b: Option<Owned>) -> PyResult<bool> {
    let count = |map: &Option<Owned>| map.as_ref().map_or(0, |map| as_map(map).values.len());
    if count(&a) != count(&b) {
        return Ok(false);
    }
    let (Some(a), Some(b)) = (a, b) else { return Ok(true) };
    if a.borrow().is(b.borrow()) {
        return Ok(true);
    }
    let mut index = 0;
    while let (Some(variable), Some(value)) = (as_map(&a).variables.get(index), as_map(&a).values.get(index))
    {
        let Some(other) = as_map(&b).get(variable.borrow()) else { return Ok(false) };
        if !vm.equal(value.borrow(), other.borrow())? {
            return Ok(false);
        }
        index += 1;
    }
    Ok(true)
}

fn iterator(vm: &Thread, this: Ref<'_>, def: &'static TypeDef) -> PyResult {
    let map = Slot::from_option(payload(this).map.get());
    vm.new_object_of(vm.class_of(def)?.borrow(), ContextIterator { map, index: Cell::new(0) })
}

/// The map that is iterated over, and the next position in it.
fn advance(this: Ref<'_>) -> Option<(Owned, usize)> {
    let iterator: &ContextIterator = this.downcast().expect("an iterator of a context");
    let index = iterator.index.get();
    iterator.index.set(index.saturating_add(1));
    Some((iterator.map.get()?, index))
}

fn next_key(_vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    Ok(advance(this).and_then(|(map, index)| as_map(&map).variables.get(index)))
}

fn next_value(_vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    Ok(advance(this).and_then(|(map, index)| as_map(&map).values.get(index)))
}

fn next_item(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    let Some((map, index)) = advance(this) else { return Ok(None) };
    let pair = as_map(&map).variables.get(index).zip(as_map(&map).values.get(index));
    pair.map(|(variable, value)| vm.pair(variable, value)).transpose()
}
