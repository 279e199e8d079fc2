//! `collections.OrderedDict`: a dict whose order can be changed, and matters when two are compared.
//!
//! A dict's table has an order already, and can move a key to either end; so this is a dict with other rules. An iterator remembers
//! the version of the key layout, and so sees any change of keys or order.

use std::cell::Cell;

use crate::arguments::Args;
use crate::exception::{PyResult, Raised};
use crate::heap::Slot;
use crate::heap::dict::{Dict, Table};
use crate::heap::iterator::DictPart;
use crate::native::*;
use crate::protocol::slots::CompareOp;
use crate::text::wtf8::TextBuf;
use crate::types::dict::{self, table};
use crate::types::dict_view::{DICT_ITEMS, DICT_KEYS, DICT_VALUES, DictView};
use crate::types::iterator::{REDUCE, reduce_iter, self_iter};
use crate::types::object::{dict_of, set_native_dict_of};
use crate::types::sequence::{equal, push_repr, push_str};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// The class `collections.OrderedDict`.
pub static ORDERED_DICT: TypeDef = TypeDef {
    module: "collections",
    base: Some(&dict::DICT),
    flags: TypeFlags { mapping: true, match_self: true, dict: true, weakref: true, ..TypeFlags::BASE },
    doc: "A dict whose order can be changed, and matters when two are compared.",
    methods: &[
        class_method(
            "fromkeys($type, /, iterable, value=None)",
            TwoOpt(fromkeys),
            "Make an ordered dict whose keys come from an iterable and have all the same value.",
        ),
        method("__sizeof__($self, /)", One(dict::sizeof), "How many bytes the dict takes in memory."),
        method("__reduce__($self, /)", One(reduce), REDUCE),
        method(
            "setdefault($self, /, key, default=None)",
            TwoOpt(setdefault),
            "The value of a key, which becomes the default if the dict does not have it.",
        ),
        method(
            "pop($self, /, key, default=<unrepresentable>)",
            TwoOpt(pop),
            "Take out a key and return its value.\n\n\
             If the dict does not have it, return the default, or raise KeyError without one.",
        ),
        method(
            "popitem($self, /, last=True)",
            OneOpt(popitem),
            "Take out the last key, or the first one, and return it with its value, as a pair.",
        ),
        method("keys($self, /)", One(|vm, this| view(vm, this, DictPart::Keys)), "A view of the keys."),
        method("values($self, /)", One(|vm, this| view(vm, this, DictPart::Values)), "A view of the values."),
        method("items($self, /)", One(|vm, this| view(vm, this, DictPart::Items)), "A view of the pairs."),
        method(
            "update($self, /, *args, **kwargs)",
            Raw(update),
            "D.update([E, ]**F) -> None. Add the keys and values of E and F, replacing old values.",
        )
        .untold(),
        method("clear($self, /)", One(clear), "Take out all keys."),
        method("copy($self, /)", One(copy), "Make an ordered dict of the same keys and values."),
        method("__reversed__($self, /)", One(reversed), "An iterator over the keys from the last one."),
        method(
            "move_to_end($self, /, key, last=True)",
            TwoOpt(move_to_end),
            "Make a key the last one, or the first one.\n\nRaises KeyError if the dict does not have it.",
        ),
    ],
    getset: &[getset("__dict__", dict_of, set_native_dict_of, "The attributes of the instance, as a dict.")],
    slots: Slots {
        repr: Some(repr),
        compare: Some(compare),
        iter: Some(iter),
        init: Some(init),
        or: Some(or),
        inplace_or: Some(inplace_or),
        setitem: Some(setitem),
        ..Slots::NONE
    },
    ..TypeDef::new::<Dict>("OrderedDict")
};

fn is_exact(vm: &Thread, dict: Ref<'_>) -> bool {
    is_ordered(vm, dict) && !vm.type_of(dict).is_heap_type()
}

/// Whether a value is an ordered dict, of a derived class perhaps.
fn is_ordered(vm: &Thread, dict: Ref<'_>) -> bool {
    std::ptr::eq(vm.type_of(dict).def.0, &raw const ORDERED_DICT)
}

fn init(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult<()> {
    let given = args.positional().len();
    if given > 1 {
        return Err(vm.type_error(format_args!("expected at most 1 argument, got {given}")));
    }
    update_with(vm, this, args)
}

fn update(vm: &Thread, args: &Args<'_>) -> PyResult {
    let (this, rest) = args.split_first().expect("a method has a receiver");
    let given = rest.positional().len();
    if given > 1 {
        return Err(
            vm.type_error(format_args!("update() takes at most 1 positional argument ({given} given)"))
        );
    }
    update_with(vm, this, &rest)?;
    none()
}

/// Sets items by the class's own `__setitem__`, in contrast to `dict`.
fn update_with(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult<()> {
    if let Some(&source) = args.positional().first() {
        add_all(vm, this, source)?;
    }
    for (name, value) in args.keywords() {
        vm.set_item(this, name, Some(value))?;
    }
    Ok(())
}

/// Adds the items of a mapping or the pairs of an iterable.
fn add_all(vm: &Thread, this: Ref<'_>, source: Ref<'_>) -> PyResult<()> {
    let is_dict = source.downcast::<Dict>().is_some_and(|_| vm.class(source).is(vm.types().dict.borrow()));
    if is_dict {
        let items = vm.call_method(source, &vm.names().items, &[])?;
        return add_pairs(vm, this, items.borrow());
    }
    if let Some(keys) = vm.get_attr_opt(source, vm.names().keys.borrow())? {
        let keys = vm.call(keys.borrow(), &[])?;
        return vm.iterate(keys.borrow(), &mut |key| {
            let value = vm.get_item(source, key.borrow())?;
            vm.set_item(this, key.borrow(), Some(value.borrow()))
        });
    }
    if let Some(items) = vm.get_attr_opt(source, vm.names().items.borrow())? {
        let items = vm.call(items.borrow(), &[])?;
        return add_pairs(vm, this, items.borrow());
    }
    add_pairs(vm, this, source)
}

fn add_pairs(vm: &Thread, this: Ref<'_>, pairs: Ref<'_>) -> PyResult<()> {
    vm.iterate(pairs, &mut |pair| {
        let items = vm.collect(pair.borrow())?;
        let [key, value] = match <[Owned; 2]>::try_from(items) {
            Ok(pair) => pair,
            Err(items) => return Err(not_a_pair(vm, items.len())),
        };
        vm.set_item(this, key.borrow(), Some(value.borrow()))
    })
}

#[cold]
fn not_a_pair(vm: &Thread, len: usize) -> Raised {
    vm.value_error(match len {
        0 | 1 => format!("need more than {len} value{} to unpack", if len == 1 { "" } else { "s" }),
        _ => "too many values to unpack (expected 2)".to_owned(),
    })
}

fn fromkeys(vm: &Thread, class: Ref<'_>, iterable: Ref<'_>, value: Option<Ref<'_>>) -> PyResult {
    let dict = vm.call(class, &[])?;
    let value = value.unwrap_or(Ref::NONE);
    vm.iterate(iterable, &mut |key| vm.set_item(dict.borrow(), key.borrow(), Some(value)))?;
    Ok(dict)
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    let mut text = TextBuf::new();
    push_str(&mut text, vm.get_attr(vm.class(this), vm.names().__name__.borrow())?.borrow());
    if table(this).is_empty() {
        text.push_str("()");
        return vm.text(text.as_text());
    }
    if !vm.repr_enter(this) {
        return vm.str("...");
    }
    let shown = dict::copy(vm, this).and_then(|copy| {
        text.push_str("(");
        push_repr(vm, &mut text, copy.borrow())?;
        text.push_str(")");
        Ok(())
    });
    vm.repr_leave(this);
    shown?;
    vm.text(text.as_text())
}

fn compare(vm: &Thread, a: Ref<'_>, b: Ref<'_>, op: CompareOp) -> PyResult {
    let (Some(x), Some(y)) = (a.downcast::<Dict>(), b.downcast::<Dict>()) else {
        return Ok(Owned::not_implemented());
    };
    let answer = match op {
        CompareOp::Eq => true,
        CompareOp::Ne => false,
        _ => return Ok(Owned::not_implemented()),
    };
    let mut same = dict::equals(vm, &x.table, &y.table)?;
    if same && is_ordered(vm, a) && is_ordered(vm, b) {
        same = same_order(vm, &x.table, &y.table)?;
    }
    Ok(Owned::bool(same == answer))
}

/// Whether two tables have the same keys in the same order.
fn same_order(vm: &Thread, a: &Table, b: &Table) -> PyResult<bool> {
    let (mut at, mut other_at) = (a.start(), b.start());
    loop {
        match (a.next_key(&mut at), b.next_key(&mut other_at)) {
            (Some(key), Some(other)) => {
                if !equal(vm, key.borrow(), other.borrow())? {
                    return Ok(false);
                }
            }
            (None, None) => return Ok(true),
            _ => return Ok(false),
        }
    }
}

fn or(vm: &Thread, a: Ref<'_>, b: Ref<'_>) -> PyResult {
    if a.downcast::<Dict>().is_none() || b.downcast::<Dict>().is_none() {
        return Ok(Owned::not_implemented());
    }
    let class = vm.class(if is_ordered(vm, a) { a } else { b });
    let both = vm.call(class, &[a])?;
    add_all(vm, both.borrow(), b)?;
    Ok(both)
}

fn inplace_or(vm: &Thread, this: Ref<'_>, other: Ref<'_>) -> PyResult {
    add_all(vm, this, other)?;
    Ok(this.own())
}

fn setitem(vm: &Thread, this: Ref<'_>, key: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    if value.is_some() {
        return dict::setitem(vm, this, key, value);
    }
    let hash = vm.hash(key)?;
    match table(this).remove(vm, key, hash)? {
        Some(removed) => {
            drop(removed);
            Ok(())
        }
        None => Err(vm.key_error(key)),
    }
}

fn setdefault(vm: &Thread, this: Ref<'_>, key: Ref<'_>, default: Option<Ref<'_>>) -> PyResult {
    if is_exact(vm, this) {
        return dict::setdefault(vm, this, key, default);
    }
    if vm.contains(this, key)? {
        return vm.get_item(this, key);
    }
    let default = default.unwrap_or(Ref::NONE);
    vm.set_item(this, key, Some(default))?;
    Ok(default.own())
}

fn pop(vm: &Thread, this: Ref<'_>, key: Ref<'_>, default: Option<Ref<'_>>) -> PyResult {
    let hash = vm.hash(key)?;
    match (table(this).remove(vm, key, hash)?, default) {
        (Some((_, value)), _) => Ok(value),
        (None, Some(default)) => Ok(default.own()),
        (None, None) => Err(vm.key_error(key)),
    }
}

fn popitem(vm: &Thread, this: Ref<'_>, last: Option<Ref<'_>>) -> PyResult {
    let last = last.map_or(Ok(true), |last| vm.is_true(last))?;
    let popped = if last { table(this).pop_last() } else { table(this).pop_first() };
    match popped {
        Some((key, value)) => vm.pair(key, value),
        None => Err(vm.key_error(vm.str("dictionary is empty")?.borrow())),
    }
}

fn move_to_end(vm: &Thread, this: Ref<'_>, key: Ref<'_>, last: Option<Ref<'_>>) -> PyResult {
    let last = last.map_or(Ok(true), |last| vm.is_true(last))?;
    let hash = vm.hash(key)?;
    if table(this).move_to_end(vm, key, hash, last)? { none() } else { Err(vm.key_error(key)) }
}

fn clear(vm: &Thread, this: Ref<'_>) -> PyResult {
    dict::clear(vm, this)
}

fn copy(vm: &Thread, this: Ref<'_>) -> PyResult {
    let class = vm.class(this);
    if is_exact(vm, this) {
        return vm.new_object_of(class, Dict { table: table(this).copy(vm)? });
    }
    let copy = vm.call(class, &[])?;
    let (table, mut position) = (table(this), 0);
    while let Some(key) = table.next_key(&mut position) {
        let value = vm.get_item(this, key.borrow())?;
        vm.set_item(copy.borrow(), key.borrow(), Some(value.borrow()))?;
    }
    Ok(copy)
}

fn reduce(vm: &Thread, this: Ref<'_>) -> PyResult {
    let state = vm.call_method(this, &vm.names().__getstate__, &[])?;
    let items = vm.call_method(this, &vm.names().items, &[])?;
    let items = vm.iter(items.borrow())?;
    vm.tuple_array([vm.class(this).own(), vm.empty_tuple(), state, Owned::none(), items])
}

// ---- views and iterators ----

macro_rules! view_types {
    ($($ODICT:ident, $name:literal, $BASE:ident, $what:literal;)*) => {$(
        static $ODICT: TypeDef = TypeDef {
            base: Some(&$BASE),
            methods: &[method(
                "__reversed__($self, /)",
                One(|vm, this| iterate_view(vm, this, true)),
                concat!("An iterator over the ", $what, " from the last one."),
            )],
            slots: Slots { iter: Some(|vm, this| iterate_view(vm, this, false)), ..Slots::NONE },
            ..TypeDef::new::<DictView>($name)
        };
    )*};
}

view_types! {
    ODICT_KEYS, "odict_keys", DICT_KEYS, "keys";
    ODICT_VALUES, "odict_values", DICT_VALUES, "values";
    ODICT_ITEMS, "odict_items", DICT_ITEMS, "items";
}

fn view(vm: &Thread, dict: Ref<'_>, part: DictPart) -> PyResult {
    let class = vm.class_of(match part {
        DictPart::Keys => &ODICT_KEYS,
        DictPart::Values => &ODICT_VALUES,
        DictPart::Items => &ODICT_ITEMS,
    })?;
    vm.new_object_of(class.borrow(), DictView { dict: dict.own(), part })
}

fn iterate_view(vm: &Thread, this: Ref<'_>, backwards: bool) -> PyResult {
    let view = this.downcast::<DictView>().expect("the receiver is a view");
    iterate(vm, view.dict.borrow(), view.part, backwards)
}

fn iter(vm: &Thread, this: Ref<'_>) -> PyResult {
    iterate(vm, this, DictPart::Keys, false)
}

fn reversed(vm: &Thread, this: Ref<'_>) -> PyResult {
    iterate(vm, this, DictPart::Keys, true)
}

crate::payload! {
    /// An iterator over an ordered dict.
    struct OrderedIterator: Native {
        /// The dict, until the end.
        dict: Slot,
        position: Cell<usize>,
        /// The version of the dict's layout at the start.
        layout: u32,
        part: DictPart,
        backwards: bool,
    }
}

crate::class! { OrderedIterator => ODICT_ITERATOR; }

static ODICT_ITERATOR: TypeDef = TypeDef {
    flags: TypeFlags { no_new: true, ..TypeFlags::NONE },
    methods: &[method("__reduce__($self, /)", One(iterator_reduce), REDUCE)],
    slots: Slots { iter: Some(self_iter), next: Some(next), ..Slots::NONE },
    ..TypeDef::new::<OrderedIterator>("odict_iterator")
};

fn iterate(vm: &Thread, dict: Ref<'_>, part: DictPart, backwards: bool) -> PyResult {
    let table = table(dict);
    let position = Cell::new(if backwards { usize::MAX } else { table.start() });
    let layout = table.layout_version(vm);
    vm.new_object(OrderedIterator { dict: Slot::new(dict.own()), position, layout, part, backwards })
}

impl OrderedIterator {
    fn of(this: Ref<'_>) -> &Self {
        this.downcast().expect("the receiver is an ordered dict's iterator")
    }

    /// The key and value that come next.
    fn step(&self, table: &Table) -> Option<(Owned, Owned)> {
        let mut position = self.position.get();
        let entry = if self.backwards { table.previous(&mut position) } else { table.next(&mut position) };
        self.position.set(position);
        entry
    }

    fn show(&self, vm: &Thread, (key, value): (Owned, Owned)) -> PyResult {
        match self.part {
            DictPart::Keys => Ok(key),
            DictPart::Values => Ok(value),
            DictPart::Items => vm.pair(key, value),
        }
    }
}

fn next(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    let iterator = OrderedIterator::of(this);
    let Some(dict) = iterator.dict.get() else { return Ok(None) };
    let table = table(dict.borrow());
    if table.known_layout() != iterator.layout {
        drop(iterator.dict.take());
        return Err(vm.runtime_error("OrderedDict mutated during iteration"));
    }
    match iterator.step(table) {
        Some(entry) => iterator.show(vm, entry).map(Some),
        None => {
            drop(iterator.dict.take());
            Ok(None)
        }
    }
}

/// What is left goes into a list; the iterator stays where it is.
fn iterator_reduce(vm: &Thread, this: Ref<'_>) -> PyResult {
    let iterator = OrderedIterator::of(this);
    let mut items = Vec::new();
    if let Some(dict) = iterator.dict.get() {
        let position = iterator.position.get();
        while let Some(entry) = iterator.step(table(dict.borrow())) {
            vm.push(&mut items, iterator.show(vm, entry)?)?;
        }
        iterator.position.set(position);
    }
    reduce_iter(vm, vm.list(items)?, None)
}
