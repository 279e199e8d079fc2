//! `list`.
//!
//! A list is a growable sequence of values, [`Items`]. No method keeps a reference into it while Python runs: what a
//! callback does to the list is seen when the next item is fetched, as in CPython.

mod plain;
mod powersort;
pub(crate) mod sort;

use crate::arguments::Args;
use crate::class;
use crate::exception::PyResult;
use crate::heap::Items;
use crate::heap::Kind;
use crate::heap::inline::Tuple;
use crate::native::{
    One, OneOpt, OneOpt2, Slots, Three, Two, TwoOpt2, TypeDef, TypeFlags, class_method, method,
};
use crate::protocol::sequence::{SliceBounds, SliceRange, clip, index_of};
use crate::protocol::slots::{CompareOp, SlotId};
use crate::types::constructor;
use crate::types::generic_alias::generic_alias;
use crate::types::list_iterator::{self, ListIterator};
use crate::types::sequence;
use crate::types::slice::Slice;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

crate::payload! {
    /// A list.
    pub struct List: List {
        pub(crate) items: Items,
    }
}

class! { List => LIST; }

pub(crate) static LIST: TypeDef = TypeDef {
    flags: TypeFlags { sequence: true, match_self: true, ..TypeFlags::BASE },
    signature: "(iterable=(), /)",
    doc: "A sequence that can change: items of any type, by index.\n\n\
          Called without an argument, it makes an empty list.\n\
          With an iterable, it makes a list of the iterable's items.",
    methods: &[
        method("__getitem__($self, index, /)", Two(getitem), "The result of self[index]."),
        method("__reversed__($self, /)", One(reversed), "An iterator over the list from its end."),
        method("__sizeof__($self, /)", One(sizeof), "How many bytes the list takes in memory."),
        method("clear($self, /)", One(clear), "Take out all items."),
        method("copy($self, /)", One(copy), "Make a list of the same items."),
        method("append($self, object, /)", Two(append), "Add an item at the end."),
        method("insert($self, index, object, /)", Three(insert), "Put an item before the one at an index."),
        method("extend($self, iterable, /)", Two(extend_method), "Add the items of an iterable at the end."),
        method(
            "pop($self, index=-1, /)",
            OneOpt(pop),
            "Take out the item at an index, by default the last one, and return it.\n\n\
             Raises IndexError if the list is empty or the index out of range.",
        ),
        method(
            "remove($self, value, /)",
            Two(remove),
            "Take out the first item equal to a value.\n\nRaises ValueError if there is none.",
        ),
        method(
            "index($self, value, start=0, stop=sys.maxsize, /)",
            TwoOpt2(index),
            "The index of the first item equal to a value.\n\nRaises ValueError if there is none.",
        ),
        method("count($self, value, /)", Two(count), "How many items are equal to a value."),
        method("reverse($self, /)", One(reverse), "Turn the order of the items around, in place."),
        method(
            "sort($self, /, *, key=None, reverse=False)",
            OneOpt2(sort::sort),
            "Sort the list in ascending order, in place, and return None.\n\n\
             Equal items keep their order. A key function is called once for each item, and the\n\
             items are sorted by its results. With reverse, the order is descending.",
        ),
        class_method("__class_getitem__($type, object, /)", Two(generic_alias), "See PEP 585."),
    ],
    slots: Slots {
        repr: Some(repr),
        compare: Some(compare),
        iter: Some(iter),
        init: Some(init),
        new: Some(new),
        mapping_len: Some(len),
        getitem: Some(getitem),
        setitem: Some(setitem),
        len: Some(len),
        concat: Some(concat),
        repeat: Some(repeat),
        item: Some(item),
        contains: Some(contains),
        inplace_concat: Some(inplace_concat),
        inplace_repeat: Some(inplace_repeat),
        ..Slots::NONE
    },
    ..TypeDef::new::<List>("list")
};

/// A list with its items the other way round.
pub(crate) fn turned_round(list: Owned) -> Owned {
    if let Some(list) = list.borrow().downcast::<List>() {
        list.items.reverse();
    }
    list
}

impl List {
    /// The items.
    pub fn items(&self) -> &Items {
        &self.items
    }
}

/// The items of a receiver, which is a list.
#[inline(always)]
pub(crate) fn items(this: Ref<'_>) -> &Items {
    &this.downcast::<List>().expect("the receiver is a list").items
}

/// A list of these items.
fn new_list(vm: &Thread, items: Items) -> PyResult {
    vm.new_object(List { items })
}

fn new(vm: &Thread, class: Ref<'_>, _args: &Args<'_>) -> PyResult {
    vm.new_object_of(class, List { items: Items::new() })
}

fn init(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult<()> {
    if constructor::checks_keywords(vm.class(this), SlotId::new) {
        constructor::no_keywords(vm, "list", args)?;
    }
    let iterable = constructor::optional(vm, "list", args)?;
    if !items(this).is_empty() {
        clear(vm, this)?;
    }
    iterable.map_or(Ok(()), |iterable| extend(vm, this, iterable))
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    sequence::repr(vm, this, items(this), "[", "]")
}

fn compare(vm: &Thread, a: Ref<'_>, b: Ref<'_>, op: CompareOp) -> PyResult {
    match (a.downcast::<List>(), b.downcast::<List>()) {
        (Some(a), Some(b)) => sequence::compare(vm, &a.items, &b.items, op),
        _ => Ok(Owned::not_implemented()),
    }
}

fn iter(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.new_object(ListIterator::new(this.own()))
}

fn reversed(vm: &Thread, this: Ref<'_>) -> PyResult {
    list_iterator::reversed(vm, this)
}

fn len(_vm: &Thread, this: Ref<'_>) -> PyResult<usize> {
    Ok(items(this).len())
}

fn contains(vm: &Thread, this: Ref<'_>, value: Ref<'_>) -> PyResult<bool> {
    Ok(sequence::position(vm, items(this), value, None, None)?.is_some())
}

fn item(vm: &Thread, this: Ref<'_>, index: isize) -> PyResult {
    let item = usize::try_from(index).ok().and_then(|index| items(this).get(index));
    item.ok_or_else(|| vm.index_error("list index out of range"))
}

/// `list[key]`
pub(crate) fn getitem(vm: &Thread, this: Ref<'_>, key: Ref<'_>) -> PyResult {
    let list = items(this);
    if let Some(slice) = key.downcast::<Slice>() {
        let range = slice.bounds(vm)?.fit(list.len());
        return new_list(
            vm,
            match range.step {
                1 => list.copy(vm, range.start, range.end())?,
                step => list.copy_stepped(vm, range.start, step, range.len)?,
            },
        );
    }
    let index = index_key(vm, key)?;
    index_of(index as i64, list.len())
        .and_then(|index| list.get(index))
        .ok_or_else(|| vm.index_error("list index out of range"))
}

/// A key that is an index.
fn index_key(vm: &Thread, key: Ref<'_>) -> PyResult<isize> {
    if vm.is_index(key) {
        return vm.to_index(key);
    }
    let name = vm.type_name(key);
    Err(vm.type_error(format_args!("list indices must be integers or slices, not {name}")))
}

fn setitem(vm: &Thread, this: Ref<'_>, key: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    if let Some(slice) = key.downcast::<Slice>() {
        return set_slice(vm, this, slice, value);
    }
    let index = index_key(vm, key)?;
    let list = items(this);
    let Some(index) = index_of(index as i64, list.len()) else {
        return Err(vm.index_error("list assignment index out of range"));
    };
    if let Some(value) = value {
        list.set(index, value.own());
    } else {
        let removed = list.remove(index);
        list.shrink_if_sparse(vm);
        drop(removed);
    }
    Ok(())
}

fn set_slice(vm: &Thread, this: Ref<'_>, slice: &Slice, value: Option<Ref<'_>>) -> PyResult<()> {
    let bounds = slice.bounds(vm)?;
    assign_slice(vm, this, bounds, value)
}

/// `list[start:stop:step] = value`, or `del` of it.
pub(crate) fn assign_slice(
    vm: &Thread,
    this: Ref<'_>,
    bounds: SliceBounds,
    value: Option<Ref<'_>>,
) -> PyResult<()> {
    if let Some(new) = value.filter(|value| value.is_exact(Kind::List) && bounds.step == 1 && !value.is(this))
    {
        let (list, new) = (items(this), items(new));
        let range = bounds.fit(list.len());
        if range.len == new.len() {
            list.overwrite(range.start, new);
            return Ok(());
        }
    }
    let new = match value {
        Some(value) => Some(vm.collect_or(value, "must assign iterable to extended slice")?),
        None => None,
    };
    // Only now is the length final: collecting the items may have changed it.
    let list = items(this);
    let range = bounds.fit(list.len());
    match new {
        Some(new) if bounds.step != 1 => assign_stepped(vm, list, range, new),
        None if bounds.step != 1 => {
            let SliceRange { start, step, len } = range.ascending();
            let removed = list.remove_stepped(vm, start, step.unsigned_abs(), len)?;
            list.shrink_if_sparse(vm);
            drop(removed);
            Ok(())
        }
        new => {
            let removed = list.splice(vm, range.start, range.end(), new.unwrap_or_default())?;
            list.shrink_if_sparse(vm);
            drop_backwards(removed);
            Ok(())
        }
    }
}

fn assign_stepped(vm: &Thread, list: &Items, range: SliceRange, mut new: Vec<Owned>) -> PyResult<()> {
    if new.len() != range.len {
        return Err(vm.value_error(format_args!(
            "attempt to assign sequence of size {} to extended slice of size {}",
            new.len(),
            range.len
        )));
    }
    list.exchange_stepped(range.start, range.step, &mut new);
    Ok(())
}

/// Lets go of values, the last one first.
fn drop_backwards(mut values: Vec<Owned>) {
    while let Some(value) = values.pop() {
        drop(value);
    }
}

fn concat(vm: &Thread, this: Ref<'_>, other: Ref<'_>) -> PyResult {
    let Some(other) = other.downcast::<List>() else {
        let name = vm.type_name(other);
        return Err(vm.type_error(format_args!("can only concatenate list (not \"{name}\") to list")));
    };
    let list = items(this);
    let both = Items::with_capacity(vm, list.len().saturating_add(other.items.len()))?;
    both.extend_from(vm, list)?;
    both.extend_from(vm, &other.items)?;
    new_list(vm, both)
}

fn repeat(vm: &Thread, this: Ref<'_>, count: isize) -> PyResult {
    new_list(
        vm,
        match usize::try_from(count) {
            Ok(count) if count > 0 => items(this).repeat(vm, count)?,
            _ => Items::new(),
        },
    )
}

fn inplace_concat(vm: &Thread, this: Ref<'_>, other: Ref<'_>) -> PyResult {
    extend(vm, this, other)?;
    Ok(this.own())
}

fn inplace_repeat(vm: &Thread, this: Ref<'_>, count: isize) -> PyResult {
    match usize::try_from(count) {
        Ok(count) if count > 0 => items(this).repeat_in_place(vm, count)?,
        _ => drop(items(this).take()),
    }
    Ok(this.own())
}

/// Adds the items of an iterable at the end of a list.
pub(crate) fn extend(vm: &Thread, this: Ref<'_>, iterable: Ref<'_>) -> PyResult<()> {
    let list = items(this);
    if (iterable.is(this) || iterable.is_exact(Kind::List))
        && let Some(other) = iterable.downcast::<List>()
    {
        return list.extend_from(vm, &other.items);
    }
    if iterable.is_exact(Kind::Tuple)
        && let Some(tuple) = iterable.downcast::<Tuple>()
    {
        return list.extend_from_slice(vm, tuple.as_slice());
    }
    if let Some(values) = vm.collect_exact(iterable) {
        return list.append(vm, values?);
    }
    let iterator = vm.iter(iterable)?;
    let next = vm.next_slot(iterator.borrow())?;
    let hint = vm.length_hint(iterable, 8)?;
    // A hint that no list could hold is wrong, but the items may still fit.
    if isize::try_from(list.len().saturating_add(hint)).is_ok() {
        list.reserve_amortised(vm, hint)?;
    }
    while let Some(item) = vm.step(next, iterator.borrow())? {
        list.push(vm, item)?;
    }
    list.shrink_if_sparse(vm);
    Ok(())
}

fn extend_method(vm: &Thread, this: Ref<'_>, iterable: Ref<'_>) -> PyResult {
    extend(vm, this, iterable)?;
    Ok(Owned::none())
}

#[inline]
fn append(vm: &Thread, this: Ref<'_>, object: Ref<'_>) -> PyResult {
    items(this).push(vm, object.own())?;
    Ok(Owned::none())
}

fn insert(vm: &Thread, this: Ref<'_>, index: Ref<'_>, object: Ref<'_>) -> PyResult {
    let index = vm.to_isize(index)?;
    let list = items(this);
    list.insert(vm, clip(index, list.len()), object.own())?;
    Ok(Owned::none())
}

#[inline]
fn pop(vm: &Thread, this: Ref<'_>, index: Option<Ref<'_>>) -> PyResult {
    let list = items(this);
    let index = index.map(|index| vm.to_isize(index)).transpose()?;
    let item = match index {
        None => list.pop(),
        Some(_) if list.is_empty() => None,
        Some(index) => match index_of(index as i64, list.len()) {
            Some(index) => Some(list.remove(index)),
            None => return Err(vm.index_error("pop index out of range")),
        },
    };
    list.shrink_if_sparse(vm);
    item.ok_or_else(|| vm.index_error("pop from empty list"))
}

fn remove(vm: &Thread, this: Ref<'_>, value: Ref<'_>) -> PyResult {
    let list = items(this);
    let Some(index) = sequence::position(vm, list, value, None, None)? else {
        return Err(vm.value_error("list.remove(x): x not in list"));
    };
    // The comparison may have shortened the list.
    if index < list.len() {
        drop(list.remove(index));
    }
    Ok(Owned::none())
}

fn clear(_vm: &Thread, this: Ref<'_>) -> PyResult {
    let list = items(this);
    if list.capacity() > 0 {
        drop(list.take());
    }
    Ok(Owned::none())
}

fn copy(vm: &Thread, this: Ref<'_>) -> PyResult {
    let list = items(this);
    new_list(vm, list.copy(vm, 0, list.len())?)
}

fn index(
    vm: &Thread,
    this: Ref<'_>,
    value: Ref<'_>,
    start: Option<Ref<'_>>,
    stop: Option<Ref<'_>>,
) -> PyResult {
    match sequence::position(vm, items(this), value, start, stop)? {
        Some(index) => vm.size(index),
        None => Err(vm.value_error("list.index(x): x not in list")),
    }
}

fn count(vm: &Thread, this: Ref<'_>, value: Ref<'_>) -> PyResult {
    vm.size(sequence::occurrences(vm, items(this), value)?)
}

fn reverse(_vm: &Thread, this: Ref<'_>) -> PyResult {
    items(this).reverse();
    Ok(Owned::none())
}

fn sizeof(vm: &Thread, this: Ref<'_>) -> PyResult {
    // A header of 40 bytes, as in CPython, and the storage.
    vm.size(40 + 8 * items(this).capacity())
}
