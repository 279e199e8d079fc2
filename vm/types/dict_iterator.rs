//! The six iterators over dicts: keys, values, items, each in both directions.

use crate::exception::PyResult;
use crate::heap::dict::Dict;
use crate::heap::iterator::{Changed, DictIterator, DictPart};
use crate::native::{MethodDef, One, Slots, TypeDef, method};
use crate::types::iterator::{ITERATOR_FLAGS, LENGTH_HINT, REDUCE, reduce_iter, self_iter};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

macro_rules! iterator_types {
    ($($def:ident = $name:literal, $next:ident;)*) => {$(
        pub(crate) static $def: TypeDef = TypeDef {
            flags: ITERATOR_FLAGS,
            methods: METHODS,
            slots: Slots { iter: Some(self_iter), next: Some($next), ..Slots::NONE },
            ..TypeDef::new::<DictIterator>($name)
        };
    )*};
}

iterator_types! {
    DICT_KEY_ITERATOR = "dict_keyiterator", next_key;
    DICT_VALUE_ITERATOR = "dict_valueiterator", next_value;
    DICT_ITEM_ITERATOR = "dict_itemiterator", next_item;
    DICT_REVERSE_KEY_ITERATOR = "dict_reversekeyiterator", previous;
    DICT_REVERSE_VALUE_ITERATOR = "dict_reversevalueiterator", previous;
    DICT_REVERSE_ITEM_ITERATOR = "dict_reverseitemiterator", previous;
}

const METHODS: &[MethodDef] = &[
    method("__length_hint__($self, /)", One(length_hint), LENGTH_HINT),
    method("__reduce__($self, /)", One(reduce), REDUCE),
];

/// An iterator over a part of a dict.
pub(crate) fn iterator(vm: &Thread, dict: Ref<'_>, part: DictPart) -> PyResult {
    let types = vm.types();
    let class = match part {
        DictPart::Keys => &types.dict_key_iterator,
        DictPart::Values => &types.dict_value_iterator,
        DictPart::Items => &types.dict_item_iterator,
    };
    vm.new_object_in(class, new(dict, part, false))
}

/// An iterator over a part of a dict from its end.
pub(crate) fn reverse_iterator(vm: &Thread, dict: Ref<'_>, part: DictPart) -> PyResult {
    let types = vm.types();
    let class = match part {
        DictPart::Keys => &types.dict_reverse_key_iterator,
        DictPart::Values => &types.dict_reverse_value_iterator,
        DictPart::Items => &types.dict_reverse_item_iterator,
    };
    vm.new_object_in(class, new(dict, part, true))
}

fn new(dict: Ref<'_>, part: DictPart, backwards: bool) -> DictIterator {
    let table = &dict.downcast::<Dict>().expect("a dict").table;
    DictIterator::new(dict.own(), table, part, backwards)
}

fn payload(this: Ref<'_>) -> &DictIterator {
    this.downcast().expect("the receiver is a dict iterator")
}

/// RuntimeError for a change that an iterator noticed.
#[cold]
fn changed(vm: &Thread, change: Changed) -> crate::exception::Raised {
    vm.runtime_error(match change {
        Changed::Size => "dictionary changed size during iteration",
        Changed::Keys => "dictionary keys changed during iteration",
    })
}

fn next_key(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    payload(this).next_key().map_err(|change| changed(vm, change))
}

fn next_value(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    payload(this).next_value().map_err(|change| changed(vm, change))
}

fn next_item(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    match payload(this).next_pair().map_err(|change| changed(vm, change))? {
        Some((key, value)) => vm.pair(key, value).map(Some),
        None => Ok(None),
    }
}

/// The next key and value of an iterator over items; `None` for the other ones.
#[inline]
pub(crate) fn next_pair(vm: &Thread, this: Ref<'_>) -> Option<PyResult<Option<(Owned, Owned)>>> {
    let iterator = payload(this);
    iterator.gives_pairs().then(|| iterator.next_pair().map_err(|change| changed(vm, change)))
}

fn previous(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    step(vm, payload(this))
}

/// The next item of an iterator of any kind.
fn step(vm: &Thread, iterator: &DictIterator) -> PyResult<Option<Owned>> {
    let pair = if iterator.is_backwards() { iterator.previous_pair() } else { iterator.next_pair() };
    let Some((key, value)) = pair.map_err(|change| changed(vm, change))? else { return Ok(None) };
    Ok(Some(match iterator.part {
        DictPart::Keys => key,
        DictPart::Values => value,
        DictPart::Items => vm.pair(key, value)?,
    }))
}

fn length_hint(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.size(payload(this).len())
}

/// `(iter, ([...],))` of what is left; the iterator stays where it is.
fn reduce(vm: &Thread, this: Ref<'_>) -> PyResult {
    let copy = payload(this).copy();
    let mut rest = vm.vec(copy.len())?;
    while let Some(item) = step(vm, &copy)? {
        vm.push(&mut rest, item)?;
    }
    reduce_iter(vm, vm.list(rest)?, None)
}
