//! `set` and `frozenset`.
//!
//! The tables ([`crate::heap::set`]) are CPython's, and the operations fill them in CPython's way, for the order of the elements
//! shows in every output: which operand is gone through, whether a table is copied or refilled, when it is rebuilt.
//!
//! An operation on sets may compare elements, which runs Python, which may change the sets: tables are walked by
//! position, and owners of keys are held over comparisons.

use std::cell::Cell;
use std::ops::ControlFlow;

use crate::arguments::Args;
use crate::class;
use crate::exception::{PyResult, Raised};
use crate::heap::Kind;
use crate::heap::dict::Dict;
use crate::heap::iterator::{SetIterator, set_table};
use crate::heap::set::{FrozenSet, NO_HASH, Set, SetTable};
use crate::native::{Bound, Many, MethodDef, One, Slots, Two, TypeDef, TypeFlags, class_method, method};
use crate::number;
use crate::protocol::slots::{CompareOp, SlotId};
use crate::text::wtf8::TextBuf;
use crate::types::constructor;
use crate::types::generic_alias::generic_alias;
use crate::types::iterator::{ITERATOR_FLAGS, LENGTH_HINT, REDUCE, reduce_iter, self_iter};
use crate::types::key::set_hash;
use crate::types::sequence::push_repr;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

class! {
    Set => SET;
    FrozenSet => FROZENSET;
    SetIterator => SET_ITERATOR;
}

const FLAGS: TypeFlags = TypeFlags { weakref: true, match_self: true, ..TypeFlags::BASE };

const UNION: MethodDef =
    method("union($self, /, *others)", Many(union), "A set of the elements of the set and of all others.");
const INTERSECTION: MethodDef = method(
    "intersection($self, /, *others)",
    Many(intersection_method),
    "A set of the elements that the set and all others have in common.",
);
const DIFFERENCE: MethodDef = method(
    "difference($self, /, *others)",
    Many(difference_method),
    "A set of the elements that none of the others has.",
);
const SYMMETRIC_DIFFERENCE: MethodDef = method(
    "symmetric_difference($self, other, /)",
    Two(symmetric_difference),
    "A set of the elements that only one of the two has.",
);
const ISDISJOINT: MethodDef =
    method("isdisjoint($self, other, /)", Two(isdisjoint), "Whether the two have no element in common.");
const ISSUBSET: MethodDef =
    method("issubset($self, other, /)", Two(issubset), "Whether the other one has every element.");
const ISSUPERSET: MethodDef = method(
    "issuperset($self, other, /)",
    Two(issuperset),
    "Whether the set has every element of the other one.",
);
const CONTAINS: MethodDef =
    method("__contains__($self, object, /)", Two(contains_method), "Whether the set has the element.");
const REDUCE_SET: MethodDef =
    method("__reduce__($self, /)", One(reduce), "The set's state, for pickle and copy.");
const SIZEOF: MethodDef =
    method("__sizeof__($self, /)", One(sizeof), "How many bytes the set takes in memory.");
const CLASS_GETITEM: MethodDef =
    class_method("__class_getitem__($type, object, /)", Two(generic_alias), "See PEP 585.");

pub(crate) static SET: TypeDef = TypeDef {
    flags: FLAGS,
    signature: "(iterable=(), /)",
    doc: "A collection of distinct elements without order.",
    methods: &[
        method("add($self, object, /)", Two(add_method), "Add an element, unless the set has it already."),
        method("clear($self, /)", One(clear), "Take out all elements."),
        CONTAINS,
        method("copy($self, /)", One(copy), "Make a set of the same elements."),
        method("discard($self, object, /)", Two(discard), "Take out an element, if the set has it."),
        DIFFERENCE,
        method(
            "difference_update($self, /, *others)",
            Many(difference_update_method),
            "Take out the elements of all others.",
        ),
        INTERSECTION,
        method(
            "intersection_update($self, /, *others)",
            Many(intersection_update),
            "Take out the elements that are not in all others.",
        ),
        ISDISJOINT,
        ISSUBSET,
        ISSUPERSET,
        method(
            "pop($self, /)",
            One(pop),
            "Take out some element and return it.\n\nRaises KeyError if the set is empty.",
        ),
        REDUCE_SET,
        method(
            "remove($self, object, /)",
            Two(remove),
            "Take out an element.\n\nRaises KeyError if the set does not have it.",
        ),
        SIZEOF,
        SYMMETRIC_DIFFERENCE,
        method(
            "symmetric_difference_update($self, other, /)",
            Two(symmetric_difference_update_method),
            "Take out the elements of the other one that the set has, and add those that it has not.",
        ),
        UNION,
        method("update($self, /, *others)", Many(update_method), "Add the elements of all others."),
        CLASS_GETITEM,
    ],
    slots: Slots {
        repr: Some(repr),
        compare: Some(compare),
        iter: Some(iter),
        init: Some(init),
        new: Some(new),
        subtract: Some(subtract),
        and: Some(and),
        xor: Some(xor),
        or: Some(or),
        inplace_subtract: Some(inplace_subtract),
        inplace_and: Some(inplace_and),
        inplace_xor: Some(inplace_xor),
        inplace_or: Some(inplace_or),
        len: Some(len),
        contains: Some(contains),
        ..Slots::NONE
    },
    ..TypeDef::new::<Set>("set")
};

pub(crate) static FROZENSET: TypeDef = TypeDef {
    flags: FLAGS,
    signature: "(iterable=(), /)",
    doc: "A collection of distinct elements without order that cannot change.",
    methods: &[
        CONTAINS,
        method("copy($self, /)", One(copy), "The set itself, for it cannot change."),
        DIFFERENCE,
        INTERSECTION,
        ISDISJOINT,
        ISSUBSET,
        ISSUPERSET,
        REDUCE_SET,
        SIZEOF,
        SYMMETRIC_DIFFERENCE,
        UNION,
        CLASS_GETITEM,
    ],
    slots: Slots {
        repr: Some(repr),
        hash: Some(hash),
        compare: Some(compare),
        iter: Some(iter),
        new: Some(new_frozen),
        subtract: Some(subtract),
        and: Some(and),
        xor: Some(xor),
        or: Some(or),
        len: Some(len),
        contains: Some(contains),
        ..Slots::NONE
    },
    ..TypeDef::new::<FrozenSet>("frozenset")
};

pub(crate) static SET_ITERATOR: TypeDef = TypeDef {
    flags: ITERATOR_FLAGS,
    methods: &[
        method("__length_hint__($self, /)", One(iterator_length_hint), LENGTH_HINT),
        method("__reduce__($self, /)", One(reduce_iterator), REDUCE),
    ],
    slots: Slots { iter: Some(self_iter), next: Some(next), ..Slots::NONE },
    ..TypeDef::new::<SetIterator>("set_iterator")
};

impl Thread {
    /// A set of these elements.
    pub fn set(&self, elements: Vec<Owned>) -> PyResult {
        self.new_object(Set { table: table_of(self, &elements)? })
    }

    /// A frozenset of these elements.
    pub fn frozenset(&self, elements: Vec<Owned>) -> PyResult {
        self.new_object(frozen(table_of(self, &elements)?))
    }

    /// Adds an element to a set.
    pub fn set_add(&self, set: Ref<'_>, element: Ref<'_>) -> PyResult<()> {
        add(self, table(set), element).map(drop)
    }

    /// Adds the elements of an iterable to a set.
    pub fn set_update(&self, set: Ref<'_>, elements: Ref<'_>) -> PyResult<()> {
        update_table(self, table(set), elements)
    }
}

fn table_of(vm: &Thread, elements: &[Owned]) -> PyResult<SetTable> {
    let table = SetTable::new();
    for element in elements {
        add(vm, &table, element.borrow())?;
    }
    Ok(table)
}

fn frozen(table: SetTable) -> FrozenSet {
    FrozenSet { table, hash: Cell::new(NO_HASH) }
}

/// The table of a receiver, which is a set or frozenset.
#[inline(always)]
fn table(this: Ref<'_>) -> &SetTable {
    set_table(this).expect("the receiver is a set")
}

/// A result of an operation on `operand`: a set or a frozenset as it is, subclasses aside.
fn new_like(vm: &Thread, operand: Ref<'_>, table: SetTable) -> PyResult {
    match operand.kind() {
        Kind::FrozenSet => vm.new_object(frozen(table)),
        _ => vm.new_object(Set { table }),
    }
}

fn new(vm: &Thread, class: Ref<'_>, _args: &Args<'_>) -> PyResult {
    vm.new_object_of(class, Set { table: SetTable::new() })
}

fn init(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult<()> {
    constructor::no_keywords(vm, "set", args)?;
    let iterable = match args.positional() {
        [] => None,
        [iterable] => Some(*iterable),
        _ => constructor::optional(vm, &vm.type_name(this), args)?,
    };
    drop(table(this).take());
    iterable.map_or(Ok(()), |iterable| update_table(vm, table(this), iterable))
}

fn new_frozen(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    let exact = class.is(vm.types().frozenset.borrow());
    if exact || constructor::checks_keywords(class, SlotId::init) {
        constructor::no_keywords(vm, "frozenset", args)?;
    }
    let iterable = match args.positional() {
        [] => None,
        [iterable] => Some(*iterable),
        _ => constructor::optional(vm, &vm.class_name(class), args)?,
    };
    let table = SetTable::new();
    if let Some(iterable) = iterable {
        if exact && iterable.is_exact(Kind::FrozenSet) {
            return Ok(iterable.own());
        }
        update_table(vm, &table, iterable)?;
    }
    vm.new_object_of(class, frozen(table))
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    let name = vm.type_name(this);
    if table(this).is_empty() {
        return vm.str(&format!("{name}()"));
    }
    if !vm.repr_enter(this) {
        return vm.str(&format!("{name}(...)"));
    }
    let (open, close) =
        if this.is_exact(Kind::Set) { ("{".to_owned(), "}") } else { (format!("{name}({{"), "})") };
    let text = repr_elements(vm, table(this), &open, close);
    vm.repr_leave(this);
    vm.text(text?.as_text())
}

fn repr_elements(vm: &Thread, table: &SetTable, open: &str, close: &str) -> PyResult<TextBuf> {
    vm.check_stack()?;
    let mut text = TextBuf::from(open);
    let mut separator = "";
    // The set as it is now, whatever the elements' reprs do to it.
    for element in elements(vm, table)? {
        text.push_str(separator);
        push_repr(vm, &mut text, element.borrow())?;
        separator = ", ";
    }
    text.push_str(close);
    Ok(text)
}

fn elements(vm: &Thread, table: &SetTable) -> PyResult<Vec<Owned>> {
    let mut position = 0;
    vm.collect_from(table.len(), || table.next(&mut position).map(|(element, _)| element))
}

fn hash(_vm: &Thread, this: Ref<'_>) -> PyResult<i64> {
    let set: &FrozenSet = this.downcast().expect("the receiver is a frozenset");
    if set.hash.get() == NO_HASH {
        set.hash.set(number::hash::frozenset(set.table.hashes()));
    }
    Ok(set.hash.get())
}

/// The hash of a frozenset, if it has been computed.
fn computed_hash(set: Ref<'_>) -> Option<i64> {
    set.downcast::<FrozenSet>().map(|set| set.hash.get()).filter(|&hash| hash != NO_HASH)
}

fn compare(vm: &Thread, a: Ref<'_>, b: Ref<'_>, op: CompareOp) -> PyResult {
    let (Some(first), Some(second)) = (set_table(a), set_table(b)) else {
        return Ok(Owned::not_implemented());
    };
    vm.check_stack()?;
    let order = first.len().cmp(&second.len());
    Ok(Owned::bool(match op {
        CompareOp::Eq | CompareOp::Ne => {
            let distinct = computed_hash(a).zip(computed_hash(b)).is_some_and(|(a, b)| a != b);
            let equal = order.is_eq() && !distinct && is_subset(vm, first, second)?;
            equal == (op == CompareOp::Eq)
        }
        CompareOp::Lt => order.is_lt() && is_subset(vm, first, second)?,
        CompareOp::Le => order.is_le() && is_subset(vm, first, second)?,
        CompareOp::Gt => order.is_gt() && is_subset(vm, second, first)?,
        CompareOp::Ge => order.is_ge() && is_subset(vm, second, first)?,
    }))
}

/// Whether every element of one table is in another.
fn is_subset(vm: &Thread, a: &SetTable, b: &SetTable) -> PyResult<bool> {
    if a.len() > b.len() {
        return Ok(false);
    }
    let mut position = 0;
    while let Some((element, hash)) = a.next(&mut position) {
        if !b.contains(vm, element.borrow(), hash)? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn iter(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.new_object(SetIterator::new(this.own(), table(this)))
}

fn len(_vm: &Thread, this: Ref<'_>) -> PyResult<usize> {
    Ok(table(this).len())
}

/// The hash of an element that is looked for. Sets, which have none, are looked for as frozensets.
fn hash_to_find(vm: &Thread, element: Ref<'_>) -> PyResult<i64> {
    set_hash(vm, element).or_else(|raised| match element.downcast::<Set>() {
        Some(set) if raised.is(&vm.exceptions().TypeError) => Ok(number::hash::frozenset(set.table.hashes())),
        _ => Err(raised),
    })
}

fn contains(vm: &Thread, this: Ref<'_>, element: Ref<'_>) -> PyResult<bool> {
    let hash = hash_to_find(vm, element)?;
    table(this).contains(vm, element, hash)
}

fn contains_method(vm: &Thread, this: Ref<'_>, element: Ref<'_>) -> PyResult {
    contains(vm, this, element).map(Owned::bool)
}

/// Adds an element; whether it is new.
#[inline]
fn add(vm: &Thread, table: &SetTable, element: Ref<'_>) -> PyResult<bool> {
    let hash = set_hash(vm, element)?;
    table.add(vm, element, hash)
}

fn add_method(vm: &Thread, this: Ref<'_>, element: Ref<'_>) -> PyResult {
    add(vm, table(this), element)?;
    Ok(Owned::none())
}

fn discard(vm: &Thread, this: Ref<'_>, element: Ref<'_>) -> PyResult {
    let hash = hash_to_find(vm, element)?;
    drop(table(this).remove(vm, element, hash)?);
    Ok(Owned::none())
}

fn remove(vm: &Thread, this: Ref<'_>, element: Ref<'_>) -> PyResult {
    let hash = hash_to_find(vm, element)?;
    match table(this).remove(vm, element, hash)? {
        Some(removed) => {
            drop(removed);
            Ok(Owned::none())
        }
        None => Err(vm.key_error(element)),
    }
}

fn pop(vm: &Thread, this: Ref<'_>) -> PyResult {
    match table(this).pop() {
        Some(element) => Ok(element),
        None => Err(vm.key_error(vm.str("pop from an empty set")?.borrow())),
    }
}

fn clear(_vm: &Thread, this: Ref<'_>) -> PyResult {
    drop(table(this).take());
    Ok(Owned::none())
}

fn copy(vm: &Thread, this: Ref<'_>) -> PyResult {
    if this.is_exact(Kind::FrozenSet) {
        return Ok(this.own());
    }
    new_like(vm, this, table(this).copy(vm)?)
}

/// The table of an exact dict.
fn exact_dict(value: Ref<'_>) -> Option<&Dict> {
    value.downcast::<Dict>().filter(|_| value.is_exact(Kind::Dict))
}

/// Adds the elements of an iterable to a table.
pub(crate) fn update_table(vm: &Thread, table: &SetTable, other: Ref<'_>) -> PyResult<()> {
    if let Some(other) = set_table(other) {
        return table.merge(vm, other);
    }
    if let Some(dict) = exact_dict(other) {
        table.reserve(vm, dict.table.len())?;
        let mut position = 0;
        while let Some((key, _, hash)) = dict.table.next_hashed(&mut position) {
            table.add(vm, key.borrow(), hash)?;
        }
        return Ok(());
    }
    vm.walk(other, |element| {
        add(vm, table, element.borrow())?;
        Ok(ControlFlow::<()>::Continue(()))
    })
    .map(drop)
}

/// Adds the elements of an iterable to a set.
pub(crate) fn update(vm: &Thread, this: Ref<'_>, other: Ref<'_>) -> PyResult<()> {
    update_table(vm, table(this), other)
}

fn update_method(vm: &Thread, args: &Bound<'_>) -> PyResult {
    for other in args.rest() {
        update(vm, args.required(0), *other)?;
    }
    Ok(Owned::none())
}

fn union(vm: &Thread, args: &Bound<'_>) -> PyResult {
    let this = args.required(0);
    let both = table(this).copy(vm)?;
    for other in args.rest() {
        if !other.is(this) {
            update_table(vm, &both, *other)?;
        }
    }
    new_like(vm, this, both)
}

/// `set & other`, as a new table.
fn intersect(vm: &Thread, set: &SetTable, other: Ref<'_>) -> PyResult<SetTable> {
    let Some(other_table) = set_table(other) else { return intersect_iterable(vm, set, other) };
    if std::ptr::eq(set, other_table) {
        return set.copy(vm);
    }
    let common = SetTable::new();
    // The smaller one is gone through.
    let (all, some) = if other_table.len() > set.len() { (other_table, set) } else { (set, other_table) };
    let mut position = 0;
    while let Some((element, hash)) = some.next(&mut position) {
        if all.contains(vm, element.borrow(), hash)? {
            common.add(vm, element.borrow(), hash)?;
        }
    }
    Ok(common)
}

fn intersect_iterable(vm: &Thread, set: &SetTable, other: Ref<'_>) -> PyResult<SetTable> {
    let common = SetTable::new();
    vm.walk(other, |element| {
        let hash = vm.hash(element.borrow())?;
        if set.contains(vm, element.borrow(), hash)? {
            common.add(vm, element.borrow(), hash)?;
        }
        Ok(ControlFlow::<()>::Continue(()))
    })?;
    Ok(common)
}

fn intersect_all(vm: &Thread, set: &SetTable, others: &[Ref<'_>]) -> PyResult<SetTable> {
    let [first, rest @ ..] = others else { return set.copy(vm) };
    let mut common = intersect(vm, set, *first)?;
    for other in rest {
        common = intersect(vm, &common, *other)?;
    }
    Ok(common)
}

/// `set & other`
pub(crate) fn intersection(vm: &Thread, this: Ref<'_>, other: Ref<'_>) -> PyResult {
    new_like(vm, this, intersect(vm, table(this), other)?)
}

fn intersection_method(vm: &Thread, args: &Bound<'_>) -> PyResult {
    let this = args.required(0);
    new_like(vm, this, intersect_all(vm, table(this), args.rest())?)
}

fn intersection_update(vm: &Thread, args: &Bound<'_>) -> PyResult {
    let this = table(args.required(0));
    let common = intersect_all(vm, this, args.rest())?;
    this.swap(&common);
    drop(common);
    Ok(Owned::none())
}

/// Takes the elements of an iterable out of a table.
fn subtract_from(vm: &Thread, set: &SetTable, other: Ref<'_>) -> PyResult<()> {
    if let Some(other) = set_table(other) {
        if std::ptr::eq(set, other) {
            drop(set.take());
            return Ok(());
        }
        subtract_table(vm, set, other)?;
    } else {
        vm.walk(other, |element| {
            let hash = set_hash(vm, element.borrow())?;
            drop(set.remove(vm, element.borrow(), hash)?);
            Ok(ControlFlow::<()>::Continue(()))
        })?;
    }
    set.drop_deleted(vm)
}

fn subtract_table(vm: &Thread, set: &SetTable, other: &SetTable) -> PyResult<()> {
    let mut position = 0;
    if other.len() / 8 > set.len() {
        // Few of the other one's many elements can be here: those are gone through that are.
        while let Some((element, hash)) = set.next(&mut position) {
            if other.contains(vm, element.borrow(), hash)? {
                drop(set.remove(vm, element.borrow(), hash)?);
            }
        }
        return Ok(());
    }
    while let Some((element, hash)) = other.next(&mut position) {
        drop(set.remove(vm, element.borrow(), hash)?);
    }
    Ok(())
}

/// Takes the elements of an iterable out of a set.
pub(crate) fn difference_update(vm: &Thread, this: Ref<'_>, other: Ref<'_>) -> PyResult<()> {
    subtract_from(vm, table(this), other)
}

fn difference_update_method(vm: &Thread, args: &Bound<'_>) -> PyResult {
    for other in args.rest() {
        difference_update(vm, args.required(0), *other)?;
    }
    Ok(Owned::none())
}

/// `set - other`, as a new table.
fn difference(vm: &Thread, set: &SetTable, other: Ref<'_>) -> PyResult<SetTable> {
    let (others, dict) = (set_table(other), exact_dict(other));
    let len = others.map(SetTable::len).or(dict.map(|dict| dict.table.len()));
    if len.is_none_or(|len| set.len() / 4 > len) {
        let rest = set.copy(vm)?;
        if others.is_some_and(|other| std::ptr::eq(set, other)) {
            return Ok(SetTable::new());
        }
        subtract_from(vm, &rest, other)?;
        return Ok(rest);
    }
    let rest = SetTable::new();
    let mut position = 0;
    while let Some((element, hash)) = set.next(&mut position) {
        let found = match (others, dict) {
            (Some(others), _) => others.contains(vm, element.borrow(), hash)?,
            (None, Some(dict)) => dict.table.contains(vm, element.borrow(), hash)?,
            (None, None) => false,
        };
        if !found {
            rest.add(vm, element.borrow(), hash)?;
        }
    }
    Ok(rest)
}

fn difference_method(vm: &Thread, args: &Bound<'_>) -> PyResult {
    let this = args.required(0);
    let [first, rest @ ..] = args.rest() else {
        return new_like(vm, this, table(this).copy(vm)?);
    };
    let result = difference(vm, table(this), *first)?;
    for other in rest {
        subtract_from(vm, &result, *other)?;
    }
    new_like(vm, this, result)
}

/// Takes an element out if it is there, and else adds it.
fn toggle(vm: &Thread, set: &SetTable, element: Ref<'_>, hash: i64) -> PyResult<()> {
    if set.remove(vm, element, hash)?.is_none() {
        set.add(vm, element, hash)?;
    }
    Ok(())
}

/// `set ^= other`
fn toggle_all(vm: &Thread, set: &SetTable, other: Ref<'_>) -> PyResult<()> {
    if let Some(dict) = exact_dict(other) {
        let mut position = 0;
        while let Some((key, _, hash)) = dict.table.next_hashed(&mut position) {
            toggle(vm, set, key.borrow(), hash)?;
        }
        return Ok(());
    }
    let Some(others) = set_table(other) else {
        // An iterable may give an element twice.
        let distinct = SetTable::new();
        update_table(vm, &distinct, other)?;
        return toggle_table(vm, set, &distinct);
    };
    if std::ptr::eq(set, others) {
        drop(set.take());
        return Ok(());
    }
    toggle_table(vm, set, others)
}

fn toggle_table(vm: &Thread, set: &SetTable, others: &SetTable) -> PyResult<()> {
    let mut position = 0;
    while let Some((element, hash)) = others.next(&mut position) {
        toggle(vm, set, element.borrow(), hash)?;
    }
    Ok(())
}

/// `set ^= other`
pub(crate) fn symmetric_difference_update(vm: &Thread, this: Ref<'_>, other: Ref<'_>) -> PyResult<()> {
    toggle_all(vm, table(this), other)
}

fn symmetric_difference_update_method(vm: &Thread, this: Ref<'_>, other: Ref<'_>) -> PyResult {
    symmetric_difference_update(vm, this, other)?;
    Ok(Owned::none())
}

fn symmetric_difference(vm: &Thread, this: Ref<'_>, other: Ref<'_>) -> PyResult {
    let result = SetTable::new();
    update_table(vm, &result, other)?;
    toggle_all(vm, &result, this)?;
    new_like(vm, this, result)
}

fn isdisjoint(vm: &Thread, this: Ref<'_>, other: Ref<'_>) -> PyResult {
    let set = table(this);
    if this.is(other) {
        return Ok(Owned::bool(set.is_empty()));
    }
    let exact = other.is_exact(Kind::Set) || other.is_exact(Kind::FrozenSet);
    if let Some(others) = set_table(other).filter(|_| exact) {
        let (all, some) = if others.len() > set.len() { (others, set) } else { (set, others) };
        let mut position = 0;
        while let Some((element, hash)) = some.next(&mut position) {
            if all.contains(vm, element.borrow(), hash)? {
                return Ok(Owned::bool(false));
            }
        }
        return Ok(Owned::bool(true));
    }
    let common = vm.walk(other, |element| {
        let hash = set_hash(vm, element.borrow())?;
        let found = set.contains(vm, element.borrow(), hash)?;
        Ok(if found { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })?;
    Ok(Owned::bool(common.is_none()))
}

fn issubset(vm: &Thread, this: Ref<'_>, other: Ref<'_>) -> PyResult {
    let set = table(this);
    Ok(Owned::bool(match set_table(other) {
        Some(other) => is_subset(vm, set, other)?,
        None => intersect_iterable(vm, set, other)?.len() == set.len(),
    }))
}

fn issuperset(vm: &Thread, this: Ref<'_>, other: Ref<'_>) -> PyResult {
    let set = table(this);
    if let Some(other) = set_table(other) {
        return Ok(Owned::bool(is_subset(vm, other, set)?));
    }
    let missing = vm.walk(other, |element| {
        let hash = set_hash(vm, element.borrow())?;
        let found = set.contains(vm, element.borrow(), hash)?;
        Ok(if found { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
    })?;
    Ok(Owned::bool(missing.is_none()))
}

/// Whether both operands of an operator are sets.
fn are_sets(a: Ref<'_>, b: Ref<'_>) -> bool {
    set_table(a).is_some() && set_table(b).is_some()
}

fn or(vm: &Thread, a: Ref<'_>, b: Ref<'_>) -> PyResult {
    if !are_sets(a, b) {
        return Ok(Owned::not_implemented());
    }
    let both = table(a).copy(vm)?;
    both.merge(vm, table(b))?;
    new_like(vm, a, both)
}

fn and(vm: &Thread, a: Ref<'_>, b: Ref<'_>) -> PyResult {
    if are_sets(a, b) { intersection(vm, a, b) } else { Ok(Owned::not_implemented()) }
}

fn subtract(vm: &Thread, a: Ref<'_>, b: Ref<'_>) -> PyResult {
    if !are_sets(a, b) {
        return Ok(Owned::not_implemented());
    }
    new_like(vm, a, difference(vm, table(a), b)?)
}

fn xor(vm: &Thread, a: Ref<'_>, b: Ref<'_>) -> PyResult {
    if are_sets(a, b) { symmetric_difference(vm, a, b) } else { Ok(Owned::not_implemented()) }
}

/// An in-place operator, for sets on the right only.
fn inplace(
    vm: &Thread,
    this: Ref<'_>,
    other: Ref<'_>,
    operation: fn(&Thread, Ref<'_>, Ref<'_>) -> PyResult<()>,
) -> PyResult {
    if set_table(other).is_none() {
        return Ok(Owned::not_implemented());
    }
    operation(vm, this, other)?;
    Ok(this.own())
}

fn inplace_or(vm: &Thread, this: Ref<'_>, other: Ref<'_>) -> PyResult {
    inplace(vm, this, other, update)
}

fn inplace_and(vm: &Thread, this: Ref<'_>, other: Ref<'_>) -> PyResult {
    inplace(vm, this, other, |vm, this, other| {
        let common = intersect(vm, table(this), other)?;
        table(this).swap(&common);
        drop(common);
        Ok(())
    })
}

fn inplace_subtract(vm: &Thread, this: Ref<'_>, other: Ref<'_>) -> PyResult {
    inplace(vm, this, other, difference_update)
}

fn inplace_xor(vm: &Thread, this: Ref<'_>, other: Ref<'_>) -> PyResult {
    inplace(vm, this, other, symmetric_difference_update)
}

/// `(class, ([elements],), state)`
fn reduce(vm: &Thread, this: Ref<'_>) -> PyResult {
    let list = vm.list(elements(vm, table(this))?)?;
    let state = vm.call_method(this, &vm.names().__getstate__, &[])?;
    vm.tuple_array([vm.class(this).own(), vm.tuple_array([list])?, state])
}

fn sizeof(vm: &Thread, this: Ref<'_>) -> PyResult {
    // An object of 200 bytes, as in CPython, and the storage.
    vm.size(200 + table(this).storage_size())
}

fn iterator(this: Ref<'_>) -> &SetIterator {
    this.downcast().expect("the receiver is a set iterator")
}

#[cold]
fn changed(vm: &Thread) -> Raised {
    vm.runtime_error("Set changed size during iteration")
}

fn next(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    iterator(this).advance().map_err(|_| changed(vm))
}

fn iterator_length_hint(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.size(iterator(this).len())
}

/// `(iter, ([...],))` of what is left; the iterator stays where it is.
fn reduce_iterator(vm: &Thread, this: Ref<'_>) -> PyResult {
    let copy = iterator(this).copy();
    let mut rest = vm.vec(copy.len())?;
    while let Some(element) = copy.advance().map_err(|_| changed(vm))? {
        vm.push(&mut rest, element)?;
    }
    reduce_iter(vm, vm.list(rest)?, None)
}
