//! `dict_keys`, `dict_values`, `dict_items`: views of a dict. Keys and items are sets, as far as their elements can be.

use std::ops::ControlFlow;

use crate::exception::PyResult;
use crate::heap::Kind;
use crate::heap::dict::{Dict, Table};
use crate::heap::inline::Tuple;
use crate::heap::iterator::{DictPart, set_table};
use crate::heap::set::{Set, SetTable};
use crate::native::{GetSet, One, Slots, Two, TypeDef, TypeFlags, getter, method};
use crate::protocol::slots::CompareOp;
use crate::text::wtf8::TextBuf;
use crate::types::key::{dict_hash, set_hash};
use crate::types::sequence::{equal, push_repr};
use crate::types::set;
use crate::types::{dict, dict_iterator};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

crate::payload! {
    /// A view of a dict.
    pub struct DictView: DictView {
        pub(super) dict: Owned,
        pub(super) part: DictPart,
    }
}

const FLAGS: TypeFlags = TypeFlags { no_new: true, ..TypeFlags::NONE };

const MAPPING: GetSet = getter("mapping", mapping, "The dict that the view shows, read-only.");

/// What keys and items can do, but for `contains`.
const SET_SLOTS: Slots = Slots {
    repr: Some(repr),
    compare: Some(compare),
    iter: Some(iter),
    subtract: Some(subtract),
    and: Some(and),
    xor: Some(xor),
    or: Some(or),
    len: Some(len),
    contains: Some(contains),
    ..Slots::NONE
};

pub(crate) static DICT_KEYS: TypeDef = TypeDef {
    flags: FLAGS,
    methods: &[
        method(
            "isdisjoint($self, object, /)",
            Two(isdisjoint),
            "Whether the view and an iterable have nothing in common.",
        ),
        method("__reversed__($self, /)", One(reversed), "An iterator over the keys from the last one."),
    ],
    getset: &[MAPPING],
    slots: SET_SLOTS,
    ..TypeDef::new::<DictView>("dict_keys")
};

pub(crate) static DICT_ITEMS: TypeDef = TypeDef {
    flags: FLAGS,
    methods: &[
        method(
            "isdisjoint($self, object, /)",
            Two(isdisjoint),
            "Whether the view and an iterable have nothing in common.",
        ),
        method("__reversed__($self, /)", One(reversed), "An iterator over the items from the last one."),
    ],
    getset: &[MAPPING],
    slots: SET_SLOTS,
    ..TypeDef::new::<DictView>("dict_items")
};

pub(crate) static DICT_VALUES: TypeDef = TypeDef {
    flags: FLAGS,
    methods: &[method(
        "__reversed__($self, /)",
        One(reversed),
        "An iterator over the values from the last one.",
    )],
    getset: &[MAPPING],
    slots: Slots { repr: Some(repr), iter: Some(iter), len: Some(len), ..Slots::NONE },
    ..TypeDef::new::<DictView>("dict_values")
};

/// A view of a dict.
pub(crate) fn view(vm: &Thread, dict: Ref<'_>, part: DictPart) -> PyResult {
    let types = vm.types();
    let class = match part {
        DictPart::Keys => &types.dict_keys,
        DictPart::Values => &types.dict_values,
        DictPart::Items => &types.dict_items,
    };
    vm.new_object_in(class, DictView { dict: dict.own(), part })
}

impl DictView {
    fn table(&self) -> &Table {
        &self.dict.borrow().downcast::<Dict>().expect("a view shows a dict").table
    }

    /// Whether it is a set: all but values are.
    fn is_set(&self) -> bool {
        self.part != DictPart::Values
    }

    /// Everything that the view shows.
    pub(crate) fn collect(&self, vm: &Thread) -> PyResult<Vec<Owned>> {
        let table = self.table();
        let mut position = 0;
        match self.part {
            DictPart::Keys => vm.collect_from(table.len(), || table.next_key(&mut position)),
            DictPart::Values => vm.collect_from(table.len(), || table.next_value(&mut position)),
            DictPart::Items => {
                let mut pairs = vm.vec(table.len())?;
                while let Some((key, value)) = table.next(&mut position) {
                    vm.push(&mut pairs, vm.pair(key, value)?)?;
                }
                Ok(pairs)
            }
        }
    }

    fn has(&self, vm: &Thread, item: Ref<'_>) -> PyResult<bool> {
        if self.part == DictPart::Keys {
            let hash = dict_hash(vm, item)?;
            return self.table().contains(vm, item, hash);
        }
        let Some([key, value]) = item.downcast::<Tuple>().map(Tuple::as_slice) else { return Ok(false) };
        let hash = dict_hash(vm, key.borrow())?;
        match self.table().get(vm, key.borrow(), hash)? {
            Some(found) => equal(vm, found.borrow(), value.borrow()),
            None => Ok(false),
        }
    }
}

fn payload(this: Ref<'_>) -> &DictView {
    this.downcast().expect("the receiver is a view of a dict")
}

/// The view of keys or items that a value is.
fn set_view(value: Ref<'_>) -> Option<&DictView> {
    value.downcast::<DictView>().filter(|view| view.is_set())
}

/// Whether the value is exactly a set or frozenset.
fn is_exact_set(value: Ref<'_>) -> bool {
    value.is_exact(Kind::Set) || value.is_exact(Kind::FrozenSet)
}

fn iter(vm: &Thread, this: Ref<'_>) -> PyResult {
    let view = payload(this);
    dict_iterator::iterator(vm, view.dict.borrow(), view.part)
}

fn reversed(vm: &Thread, this: Ref<'_>) -> PyResult {
    let view = payload(this);
    dict_iterator::reverse_iterator(vm, view.dict.borrow(), view.part)
}

fn len(_vm: &Thread, this: Ref<'_>) -> PyResult<usize> {
    Ok(payload(this).table().len())
}

fn contains(vm: &Thread, this: Ref<'_>, item: Ref<'_>) -> PyResult<bool> {
    payload(this).has(vm, item)
}

fn mapping(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.call(vm.types().mapping_proxy.borrow(), &[payload(this).dict.borrow()])
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    if !vm.repr_enter(this) {
        return vm.str("...");
    }
    let text = repr_items(vm, this);
    vm.repr_leave(this);
    vm.text(text?.as_text())
}

fn repr_items(vm: &Thread, this: Ref<'_>) -> PyResult<TextBuf> {
    vm.check_stack()?;
    let mut text = TextBuf::from(format!("{}([", vm.type_name(this)).as_str());
    let mut separator = "";
    for item in payload(this).collect(vm)? {
        text.push_str(separator);
        push_repr(vm, &mut text, item.borrow())?;
        separator = ", ";
    }
    text.push_str("])");
    Ok(text)
}

/// Compares as sets compare, with sets and other such views.
fn compare(vm: &Thread, a: Ref<'_>, b: Ref<'_>, op: CompareOp) -> PyResult {
    if set_table(b).is_none() && set_view(b).is_none() {
        return Ok(Owned::not_implemented());
    }
    let order = vm.length(a)?.cmp(&vm.length(b)?);
    Ok(Owned::bool(match op {
        CompareOp::Eq => order.is_eq() && is_subset(vm, a, b)?,
        CompareOp::Ne => !(order.is_eq() && is_subset(vm, a, b)?),
        CompareOp::Lt => order.is_lt() && is_subset(vm, a, b)?,
        CompareOp::Le => order.is_le() && is_subset(vm, a, b)?,
        CompareOp::Gt => order.is_gt() && is_subset(vm, b, a)?,
        CompareOp::Ge => order.is_ge() && is_subset(vm, b, a)?,
    }))
}

/// Whether everything in one container is in another.
fn is_subset(vm: &Thread, a: Ref<'_>, b: Ref<'_>) -> PyResult<bool> {
    vm.check_stack()?;
    let missing = vm.walk(a, |item| {
        let found = vm.contains(b, item.borrow())?;
        Ok(if found { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    })?;
    Ok(missing.is_none())
}

/// A new set of an operand's items, whichever operand it is.
fn to_set(vm: &Thread, operand: Ref<'_>) -> PyResult {
    let table = SetTable::new();
    match operand.downcast::<DictView>() {
        // Keys come with their hashes.
        Some(view) if view.part == DictPart::Keys && view.dict.borrow().is_exact(Kind::Dict) => {
            set::update_table(vm, &table, view.dict.borrow())?;
        }
        _ => set::update_table(vm, &table, operand)?,
    }
    vm.new_object(Set { table })
}

fn subtract(vm: &Thread, a: Ref<'_>, b: Ref<'_>) -> PyResult {
    let result = to_set(vm, a)?;
    set::difference_update(vm, result.borrow(), b)?;
    Ok(result)
}

fn or(vm: &Thread, a: Ref<'_>, b: Ref<'_>) -> PyResult {
    let result = to_set(vm, a)?;
    set::update(vm, result.borrow(), b)?;
    Ok(result)
}

fn and(vm: &Thread, a: Ref<'_>, b: Ref<'_>) -> PyResult {
    // The view may be on either side.
    let (mut view, mut other) = if set_view(a).is_some() { (a, b) } else { (b, a) };
    if other.is_exact(Kind::Set) && vm.length(view)? <= vm.length(other)? {
        return set::intersection(vm, other, view);
    }
    if set_view(other).is_some() && vm.length(other)? > vm.length(view)? {
        (view, other) = (other, view);
    }
    let result = SetTable::new();
    vm.iterate(other, &mut |item| {
        if payload(view).has(vm, item.borrow())? {
            let hash = set_hash(vm, item.borrow())?;
            result.add(vm, item.borrow(), hash)?;
        }
        Ok(())
    })?;
    vm.new_object(Set { table: result })
}

fn xor(vm: &Thread, a: Ref<'_>, b: Ref<'_>) -> PyResult {
    let items = |operand: Ref<'_>| {
        operand
            .downcast::<DictView>()
            .filter(|view| view.part == DictPart::Items)
            .map(|view| view.dict.clone())
    };
    if let (Some(a), Some(b)) = (items(a), items(b)) {
        return xor_items(vm, a.borrow(), b.borrow());
    }
    let result = to_set(vm, a)?;
    set::symmetric_difference_update(vm, result.borrow(), b)?;
    Ok(result)
}

/// The items that are in one of two dicts only. Values need a hash only where their item is in the result.
fn xor_items(vm: &Thread, a: Ref<'_>, b: Ref<'_>) -> PyResult {
    let rest = dict::copy(vm, a)?;
    let rest = &rest.borrow().downcast::<Dict>().expect("a copy of a dict").table;
    let other = &b.downcast::<Dict>().expect("a view shows a dict").table;
    let result = SetTable::new();
    let mut position = 0;
    while let Some((key, value, hash)) = other.next_hashed(&mut position) {
        let in_both = match rest.get(vm, key.borrow(), hash)? {
            Some(first) => equal(vm, first.borrow(), value.borrow())?,
            None => false,
        };
        if in_both {
            drop(rest.remove(vm, key.borrow(), hash)?);
        } else {
            add_pair(vm, &result, key, value)?;
        }
    }
    let mut position = 0;
    while let Some((key, value)) = rest.next(&mut position) {
        add_pair(vm, &result, key, value)?;
    }
    vm.new_object(Set { table: result })
}

fn add_pair(vm: &Thread, table: &SetTable, key: Owned, value: Owned) -> PyResult<()> {
    let pair = vm.pair(key, value)?;
    let hash = set_hash(vm, pair.borrow())?;
    table.add(vm, pair.borrow(), hash).map(drop)
}

fn isdisjoint(vm: &Thread, this: Ref<'_>, other: Ref<'_>) -> PyResult {
    if this.is(other) {
        return Ok(Owned::bool(payload(this).table().is_empty()));
    }
    let (mut view, mut other) = (this, other);
    // Going through the shorter one pays where both can be asked quickly.
    let quick = is_exact_set(other) || set_view(other).is_some();
    if quick && vm.length(other)? > vm.length(view)? {
        (view, other) = (other, view);
    }
    let common = vm.walk(other, |item| {
        let found = vm.contains(view, item.borrow())?;
        Ok(if found { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })?;
    Ok(Owned::bool(common.is_none()))
}
