//! `dict`.
//!
//! The table ([`crate::heap::dict`]) does the work; here are the rules: what a dict can be made and updated from, and what
//! subclasses may change. Dicts merge entry by entry, without asking the other one's methods, unless its class iterates in a
//! way of its own.

use std::ops::ControlFlow;

use crate::arguments::Args;
use crate::class;
use crate::exception::PyResult;
use crate::heap::Kind;
use crate::heap::dict::{Dict, Table};
use crate::heap::inline::Tuple;
use crate::heap::iterator::{DictPart, set_table};
use crate::native::{One, Raw, Slots, Two, TwoOpt, TypeDef, TypeFlags, class_method, method};
use crate::protocol::slots::{CompareOp, Unary};
use crate::text::wtf8::TextBuf;
use crate::types::constructor;
use crate::types::default_dict;
use crate::types::dict_iterator;
use crate::types::dict_view;
use crate::types::generic_alias::generic_alias;
use crate::types::key::dict_hash;
use crate::types::ordered_dict;
use crate::types::sequence::{equal, push_repr};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

class! { Dict => DICT; }

pub(crate) static DICT: TypeDef = TypeDef {
    flags: TypeFlags { mapping: true, match_self: true, ..TypeFlags::BASE },
    doc: "dict() -> a new, empty dict\n\
          dict(mapping) -> a dict of the mapping's keys and values\n\
          dict(iterable) -> a dict of the pairs in the iterable, later ones replacing earlier ones\n\
          dict(**kwargs) -> a dict of the names and values given, alone or after one of the above",
    methods: &[
        method("__contains__($self, key, /)", Two(contains_method), "Whether the dict has the key."),
        method("__getitem__($self, key, /)", Two(getitem), "The result of self[key]."),
        method("__sizeof__($self, /)", One(sizeof), "How many bytes the dict takes in memory."),
        method(
            "get($self, key, default=None, /)",
            TwoOpt(get),
            "The value of a key, or the default if the dict does not have it.",
        ),
        method(
            "setdefault($self, key, default=None, /)",
            TwoOpt(setdefault),
            "The value of a key, which becomes the default if the dict does not have it.",
        ),
        method(
            "pop($self, key, default=<unrepresentable>, /)",
            TwoOpt(pop),
            "Take out a key and return its value.\n\n\
             If the dict does not have it, return the default, or raise KeyError without one.",
        ),
        method(
            "popitem($self, /)",
            One(popitem),
            "Take out the key that was added last and return it with its value, as a pair.\n\n\
             Raises KeyError if the dict is empty.",
        ),
        method("keys($self, /)", One(keys), "A view of the keys."),
        method("items($self, /)", One(items), "A view of the pairs of keys and values."),
        method("values($self, /)", One(values), "A view of the values."),
        method(
            "update($self, /, *args, **kwargs)",
            Raw(update),
            "D.update([E, ]**F) -> None. Add the keys and values of E and F, replacing old values.\n\
             E is a mapping, which has a method keys(), or an iterable of pairs.",
        )
        .untold(),
        class_method(
            "fromkeys($type, iterable, value=None, /)",
            TwoOpt(fromkeys),
            "Make a dict whose keys come from an iterable and have all the same value.",
        ),
        method("clear($self, /)", One(clear), "Take out all keys."),
        method("copy($self, /)", One(copy), "Make a dict of the same keys and values."),
        method("__reversed__($self, /)", One(reversed), "An iterator over the keys from the last one."),
        class_method("__class_getitem__($type, object, /)", Two(generic_alias), "See PEP 585."),
    ],
    slots: Slots {
        repr: Some(repr),
        compare: Some(compare),
        iter: Some(iter),
        init: Some(init),
        new: Some(new),
        or: Some(or),
        inplace_or: Some(inplace_or),
        mapping_len: Some(len),
        getitem: Some(getitem),
        setitem: Some(setitem),
        contains: Some(contains),
        ..Slots::NONE
    },
    ..TypeDef::new::<Dict>("dict")
};

/// The table of a receiver, which is a dict.
#[inline(always)]
pub(super) fn table(this: Ref<'_>) -> &Table {
    &this.downcast::<Dict>().expect("the receiver is a dict").table
}

fn new(vm: &Thread, class: Ref<'_>, _args: &Args<'_>) -> PyResult {
    if default_dict::is_layout_of(class) {
        return default_dict::allocate(vm, class);
    }
    vm.new_object_of(class, Dict { table: Table::new() })
}

fn init(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult<()> {
    update_from_arguments(vm, this, "dict", args)
}

fn update(vm: &Thread, args: &Args<'_>) -> PyResult {
    let (this, rest) = args.split_first().expect("a method has a receiver");
    update_from_arguments(vm, this, "update", &rest)?;
    Ok(Owned::none())
}

pub(super) fn update_from_arguments(vm: &Thread, this: Ref<'_>, name: &str, args: &Args<'_>) -> PyResult<()> {
    if let Some(source) = constructor::optional(vm, name, args)? {
        update_from(vm, this, source)?;
    }
    for (name, value) in args.keywords() {
        set(vm, table(this), name, value.own())?;
    }
    Ok(())
}

/// Sets the value of a key.
#[inline]
pub(super) fn set(vm: &Thread, table: &Table, key: Ref<'_>, value: Owned) -> PyResult<()> {
    let hash = dict_hash(vm, key)?;
    table.insert(vm, key, hash, value).map(drop)
}

/// What `dict(source)` adds: a mapping's keys and values if the source has a method `keys`, else pairs.
pub(super) fn update_from(vm: &Thread, this: Ref<'_>, source: Ref<'_>) -> PyResult<()> {
    let has_keys =
        source.is_exact(Kind::Dict) || vm.get_attr_opt(source, vm.names().keys.borrow())?.is_some();
    if has_keys { vm.dict_update(this, source) } else { update_from_pairs(vm, this, source) }
}

impl Thread {
    /// Adds a mapping's keys and values to a dict.
    pub(crate) fn dict_update(&self, dict: Ref<'_>, mapping: Ref<'_>) -> PyResult<()> {
        let table = table(dict);
        if let Some(other) = mapping.downcast::<Dict>()
            && iterates_plainly(self, mapping)
        {
            return merge(self, table, &other.table);
        }
        let keys = self.iterator_of_keys(mapping)?;
        for key in self.collect(keys.borrow())? {
            let value = self.get_item(mapping, key.borrow())?;
            set(self, table, key.borrow(), value)?;
        }
        Ok(())
    }

    /// An iterator over what a mapping's `keys()` gives.
    pub(crate) fn iterator_of_keys(&self, mapping: Ref<'_>) -> PyResult {
        let keys = self.call_method(mapping, &self.names().keys, &[])?;
        self.iter(keys.borrow()).map_err(|raised| {
            if !raised.is(&self.exceptions().TypeError) {
                return raised;
            }
            let (mapping, keys) = (self.type_name(mapping), self.type_name(keys.borrow()));
            self.type_error(format_args!("{mapping}.keys() returned a non-iterable (type {keys})"))
        })
    }
}

/// Whether a dict's class goes through the keys as `dict` does, so that its entries may be taken as they are. An
/// `OrderedDict` does, but a class derived from it may have other ideas of `keys`.
pub(super) fn iterates_plainly(vm: &Thread, dict: Ref<'_>) -> bool {
    let class = vm.type_of(dict);
    class.slots.iter.get().is_some_and(|own| std::ptr::fn_addr_eq(own, iter as Unary))
        || std::ptr::eq(class.def.0, &raw const ordered_dict::ORDERED_DICT) && !class.is_heap_type()
}

/// Adds the entries of another table.
fn merge(vm: &Thread, table: &Table, other: &Table) -> PyResult<()> {
    if std::ptr::eq(table, other) || other.is_empty() {
        return Ok(());
    }
    if table.is_empty() {
        let copy = other.copy(vm)?;
        table.swap(&copy);
        drop(copy);
        return Ok(());
    }
    table.reserve(vm, other.len())?;
    let len = other.len();
    let mut position = 0;
    while let Some((key, value, hash)) = other.next_hashed(&mut position) {
        drop(table.insert(vm, key.borrow(), hash, value)?);
        if other.len() != len {
            return Err(vm.runtime_error("dict mutated during update"));
        }
    }
    Ok(())
}

/// Adds the pairs that an iterable gives.
fn update_from_pairs(vm: &Thread, this: Ref<'_>, pairs: Ref<'_>) -> PyResult<()> {
    let mut index = 0;
    vm.walk(pairs, |pair| {
        let (key, value) = split_pair(vm, pair.borrow(), index)?;
        set(vm, table(this), key.borrow(), value)?;
        index += 1;
        Ok(ControlFlow::<()>::Continue(()))
    })
    .map(drop)
}

/// The two items of an iterable.
fn split_pair(vm: &Thread, pair: Ref<'_>, index: usize) -> PyResult<(Owned, Owned)> {
    if pair.is_exact(Kind::Tuple)
        && let Some([key, value]) = pair.downcast::<Tuple>().map(Tuple::as_slice)
    {
        return Ok((key.clone(), value.clone()));
    }
    let items = vm.collect_or(pair, "object is not iterable").or_else(|raised| {
        if raised.is(&vm.exceptions().TypeError) {
            let note = format!("Cannot convert dictionary update sequence element #{index} to a sequence");
            let (method, note) = (vm.intern("add_note")?, vm.str(&note)?);
            vm.call_method(raised.exception(), &method, &[note.borrow()])?;
        }
        Err(raised)
    })?;
    let len = items.len();
    <[Owned; 2]>::try_from(items).map(|[key, value]| (key, value)).map_err(|_| {
        vm.value_error(format_args!(
            "dictionary update sequence element #{index} has length {len}; 2 is required"
        ))
    })
}

pub(super) fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    if table(this).is_empty() {
        return vm.str("{}");
    }
    if !vm.repr_enter(this) {
        return vm.str("{...}");
    }
    let text = repr_entries(vm, table(this));
    vm.repr_leave(this);
    vm.text(text?.as_text())
}

pub(super) fn repr_entries(vm: &Thread, table: &Table) -> PyResult<TextBuf> {
    vm.check_stack()?;
    let mut text = TextBuf::from("{");
    let mut position = 0;
    let mut separator = "";
    while let Some((key, value)) = table.next(&mut position) {
        text.push_str(separator);
        push_repr(vm, &mut text, key.borrow())?;
        text.push_str(": ");
        push_repr(vm, &mut text, value.borrow())?;
        separator = ", ";
    }
    text.push_str("}");
    Ok(text)
}

pub(super) fn compare(vm: &Thread, a: Ref<'_>, b: Ref<'_>, op: CompareOp) -> PyResult {
    match (a.downcast::<Dict>(), b.downcast::<Dict>(), op) {
        (Some(a), Some(b), CompareOp::Eq) => Ok(Owned::bool(equals(vm, &a.table, &b.table)?)),
        (Some(a), Some(b), CompareOp::Ne) => Ok(Owned::bool(!equals(vm, &a.table, &b.table)?)),
        _ => Ok(Owned::not_implemented()),
    }
}

/// Whether two tables have equal values under equal keys.
pub(super) fn equals(vm: &Thread, a: &Table, b: &Table) -> PyResult<bool> {
    vm.check_stack()?;
    if a.len() != b.len() {
        return Ok(false);
    }
    let mut position = 0;
    while let Some((key, value, hash)) = a.next_hashed(&mut position) {
        match b.get(vm, key.borrow(), hash)? {
            Some(other) if equal(vm, value.borrow(), other.borrow())? => {}
            _ => return Ok(false),
        }
    }
    Ok(true)
}

fn iter(vm: &Thread, this: Ref<'_>) -> PyResult {
    dict_iterator::iterator(vm, this, DictPart::Keys)
}

fn reversed(vm: &Thread, this: Ref<'_>) -> PyResult {
    dict_iterator::reverse_iterator(vm, this, DictPart::Keys)
}

fn len(_vm: &Thread, this: Ref<'_>) -> PyResult<usize> {
    Ok(table(this).len())
}

fn contains(vm: &Thread, this: Ref<'_>, key: Ref<'_>) -> PyResult<bool> {
    let hash = dict_hash(vm, key)?;
    table(this).contains(vm, key, hash)
}

fn contains_method(vm: &Thread, this: Ref<'_>, key: Ref<'_>) -> PyResult {
    contains(vm, this, key).map(Owned::bool)
}

/// `dict[key]`, of a dict whose class has no `__missing__`.
#[inline]
pub(crate) fn subscript(vm: &Thread, dict: &Dict, key: Ref<'_>) -> PyResult {
    let hash = dict_hash(vm, key)?;
    match dict.table.get(vm, key, hash)? {
        Some(value) => Ok(value),
        None => Err(vm.key_error(key)),
    }
}

pub(super) fn getitem(vm: &Thread, this: Ref<'_>, key: Ref<'_>) -> PyResult {
    let hash = dict_hash(vm, key)?;
    if let Some(value) = table(this).get(vm, key, hash)? {
        return Ok(value);
    }
    if let Some(value) = default_dict::missing_plainly(vm, this, key, hash) {
        return value;
    }
    if !this.is_exact(Kind::Dict)
        && let Some(value) = vm.call_special(this, &vm.names().__missing__, &[key])?
    {
        return Ok(value);
    }
    Err(vm.key_error(key))
}

pub(super) fn setitem(vm: &Thread, this: Ref<'_>, key: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    let hash = dict_hash(vm, key)?;
    if let Some(value) = value {
        return table(this).insert(vm, key, hash, value.own()).map(drop);
    }
    match table(this).remove(vm, key, hash)? {
        Some(removed) => {
            drop(removed);
            Ok(())
        }
        None => Err(vm.key_error(key)),
    }
}

pub(super) fn get(vm: &Thread, this: Ref<'_>, key: Ref<'_>, default: Option<Ref<'_>>) -> PyResult {
    let hash = dict_hash(vm, key)?;
    let value = table(this).get(vm, key, hash)?;
    Ok(value.unwrap_or_else(|| default.unwrap_or(Ref::NONE).own()))
}

pub(super) fn setdefault(vm: &Thread, this: Ref<'_>, key: Ref<'_>, default: Option<Ref<'_>>) -> PyResult {
    let hash = dict_hash(vm, key)?;
    table(this).get_or_insert(vm, key, hash, default.unwrap_or(Ref::NONE).own())
}

pub(super) fn pop(vm: &Thread, this: Ref<'_>, key: Ref<'_>, default: Option<Ref<'_>>) -> PyResult {
    let table = table(this);
    // What an empty dict is asked for need not have a hash.
    let removed = if table.is_empty() { None } else { table.remove(vm, key, dict_hash(vm, key)?)? };
    match (removed, default) {
        (Some((_, value)), _) => Ok(value),
        (None, Some(default)) => Ok(default.own()),
        (None, None) => Err(vm.key_error(key)),
    }
}

fn popitem(vm: &Thread, this: Ref<'_>) -> PyResult {
    match table(this).pop_last() {
        Some((key, value)) => vm.pair(key, value),
        None => Err(vm.key_error(vm.str("popitem(): dictionary is empty")?.borrow())),
    }
}

fn keys(vm: &Thread, this: Ref<'_>) -> PyResult {
    dict_view::view(vm, this, DictPart::Keys)
}

fn items(vm: &Thread, this: Ref<'_>) -> PyResult {
    dict_view::view(vm, this, DictPart::Items)
}

fn values(vm: &Thread, this: Ref<'_>) -> PyResult {
    dict_view::view(vm, this, DictPart::Values)
}

pub(super) fn clear(_vm: &Thread, this: Ref<'_>) -> PyResult {
    drop(table(this).take());
    Ok(Owned::none())
}

/// A dict of the same keys and values, of class `dict`.
pub(crate) fn copy(vm: &Thread, this: Ref<'_>) -> PyResult {
    if iterates_plainly(vm, this) {
        return vm.new_object(Dict { table: table(this).copy(vm)? });
    }
    let copy = vm.dict()?;
    vm.dict_update(copy.borrow(), this)?;
    Ok(copy)
}

fn or(vm: &Thread, a: Ref<'_>, b: Ref<'_>) -> PyResult {
    if a.downcast::<Dict>().is_none() || b.downcast::<Dict>().is_none() {
        return Ok(Owned::not_implemented());
    }
    let both = copy(vm, a)?;
    update_from(vm, both.borrow(), b)?;
    Ok(both)
}

fn inplace_or(vm: &Thread, this: Ref<'_>, other: Ref<'_>) -> PyResult {
    update_from(vm, this, other)?;
    Ok(this.own())
}

pub(super) fn fromkeys(vm: &Thread, class: Ref<'_>, iterable: Ref<'_>, value: Option<Ref<'_>>) -> PyResult {
    let dict = vm.call(class, &[])?;
    let value = value.unwrap_or(Ref::NONE);
    if !dict.borrow().is_exact(Kind::Dict) {
        vm.iterate(iterable, &mut |key| vm.set_item(dict.borrow(), key.borrow(), Some(value)))?;
        return Ok(dict);
    }
    let table = table(dict.borrow());
    if let Some(keys) = iterable.downcast::<Dict>().filter(|_| iterable.is_exact(Kind::Dict)) {
        table.reserve(vm, table.len() + keys.table.len())?;
        let mut position = 0;
        while let Some((key, _, hash)) = keys.table.next_hashed(&mut position) {
            drop(table.insert(vm, key.borrow(), hash, value.own())?);
        }
        return Ok(dict);
    }
    let is_set = iterable.is_exact(Kind::Set) || iterable.is_exact(Kind::FrozenSet);
    if let Some(keys) = set_table(iterable).filter(|_| is_set) {
        table.reserve(vm, table.len() + keys.len())?;
        let mut position = 0;
        while let Some((key, hash)) = keys.next(&mut position) {
            drop(table.insert(vm, key.borrow(), hash, value.own())?);
        }
        return Ok(dict);
    }
    vm.iterate(iterable, &mut |key| set(vm, table, key.borrow(), value.own()))?;
    Ok(dict)
}

pub(super) fn sizeof(vm: &Thread, this: Ref<'_>) -> PyResult {
    // A header of 48 bytes, as in CPython, and the storage.
    vm.size(48 + table(this).storage_size())
}
