//! Iterators over lists, tuples, strs, bytes, dicts and sets: a reference to the container, and a position.
//!
//! An iterator lets go of its container at the end. Dict and set iterators know how many keys there were at the start, and
//! notice when that changes.
//!
//! # Safety model
//!
//! A step borrows the container from the iterator's slot without counting it, reads one item, and ends the borrow; nothing
//! in between runs Python or changes the slot.
#![expect(unsafe_code, reason = "borrows containers from the slots of their iterators")]

use std::cell::Cell;

use super::cells::Slot;
use super::dict::{Dict, Table};
use super::inline::{Bytes, Str, Tuple};
use super::object::Kind;
use super::set::{FrozenSet, Set, SetTable};
use crate::types::bytearray::ByteArray;
use crate::types::list::List;
use crate::value::{Owned, Ref};

crate::payload! {
    /// An iterator over a list.
    pub struct ListIterator: ListIterator {
        list: Slot,
        index: Cell<usize>,
    }

    /// An iterator over a tuple.
    pub struct TupleIterator: TupleIterator {
        tuple: Slot,
        index: Cell<usize>,
    }

    /// An iterator over the characters of a str.
    pub struct StrIterator: StrIterator {
        text: Slot,
        /// The byte offset of the next character.
        offset: Cell<usize>,
    }

    /// An iterator over a bytes or bytearray object.
    pub struct BytesIterator: BytesIterator {
        /// Empty at the end.
        bytes: Slot,
        index: Cell<usize>,
    }

    /// An iterator over keys, values or items of a dict, in either direction.
    pub struct DictIterator: DictIterator {
        dict: Slot,
        position: Cell<usize>,
        /// How many keys the dict had; [`BROKEN`] once that changed.
        expected: Cell<usize>,
        left: Cell<usize>,
        pub(crate) part: DictPart,
        backwards: bool,
    }

    /// An iterator over a set or frozenset.
    pub struct SetIterator: SetIterator {
        set: Slot,
        position: Cell<usize>,
        expected: Cell<usize>,
        left: Cell<usize>,
    }
}

/// What of a dict a view or an iterator shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DictPart {
    /// Keys.
    Keys,
    /// Values.
    Values,
    /// Pairs of key and value.
    Items,
}

crate::untraced!(DictPart);

/// No container has this size.
const BROKEN: usize = usize::MAX;

/// Why an iteration cannot go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Changed {
    /// There are more or fewer keys than before.
    Size,
    /// There are as many, but others.
    Keys,
}

impl ListIterator {
    /// An iterator over a list.
    pub(crate) fn new(list: Owned) -> Self {
        Self { list: Slot::new(list), index: Cell::new(0) }
    }

    /// The next item.
    #[inline(always)]
    pub fn advance(&self) -> Option<Owned> {
        let index = self.index.get();
        // SAFETY: the borrow ends before the slot changes.
        let list = unsafe { self.list.borrow() }?.downcast::<List>()?;
        if let Some(item) = list.items.get(index) {
            self.index.set(index + 1);
            return Some(item);
        }
        drop(self.list.take());
        None
    }

    /// How many items are left.
    pub fn remaining(&self) -> usize {
        // SAFETY: nothing runs meanwhile.
        let list = unsafe { self.list.borrow() }.and_then(Ref::downcast::<List>);
        list.map_or(0, |list| list.items.len().saturating_sub(self.index.get()))
    }

    /// The list and the index of the next item, unless the iterator has come to its end.
    pub(crate) fn state(&self) -> Option<(Owned, usize)> {
        self.list.get().map(|list| (list, self.index.get()))
    }

    /// Moves to an index, if the iterator has not come to its end.
    pub(crate) fn move_to(&self, index: isize) {
        // SAFETY: nothing runs meanwhile.
        let list = unsafe { self.list.borrow() }.and_then(Ref::downcast::<List>);
        let Some(len) = list.map(|list| list.items.len()) else { return };
        match usize::try_from(index) {
            Ok(index) => self.index.set(index.min(len)),
            Err(_) => drop(self.list.take()),
        }
    }
}

impl TupleIterator {
    /// An iterator over a tuple.
    pub(crate) fn new(tuple: Owned) -> Self {
        Self { tuple: Slot::new(tuple), index: Cell::new(0) }
    }

    /// The next item.
    #[inline(always)]
    pub fn advance(&self) -> Option<Owned> {
        let index = self.index.get();
        // SAFETY: the borrow ends before the slot changes.
        let tuple = unsafe { self.tuple.borrow() }?.downcast::<Tuple>()?;
        if let Some(item) = tuple.as_slice().get(index).cloned() {
            self.index.set(index + 1);
            return Some(item);
        }
        drop(self.tuple.take());
        None
    }

    /// How many items are left.
    pub fn remaining(&self) -> usize {
        // SAFETY: nothing runs meanwhile.
        let tuple = unsafe { self.tuple.borrow() }.and_then(Ref::downcast::<Tuple>);
        tuple.map_or(0, |tuple| tuple.len().saturating_sub(self.index.get()))
    }

    /// The tuple and the index of the next item, unless the iterator has come to its end.
    pub(crate) fn state(&self) -> Option<(Owned, usize)> {
        self.tuple.get().map(|tuple| (tuple, self.index.get()))
    }

    /// Moves to an index, clipped to the tuple, if the iterator has not come to its end.
    pub(crate) fn move_to(&self, index: isize) {
        // SAFETY: nothing runs meanwhile.
        if let Some(tuple) = unsafe { self.tuple.borrow() }.and_then(Ref::downcast::<Tuple>) {
            self.index.set((index.max(0) as usize).min(tuple.len()));
        }
    }
}

impl StrIterator {
    /// An iterator over a str.
    pub(crate) fn new(text: Owned) -> Self {
        Self { text: Slot::new(text), offset: Cell::new(0) }
    }

    /// The next character.
    #[inline(always)]
    pub(crate) fn advance(&self) -> Option<u32> {
        let offset = self.offset.get();
        // SAFETY: the borrow ends before the slot changes.
        let text = unsafe { self.text.borrow() }?.downcast::<Str>()?;
        if let Some(&byte) = text.as_bytes().get(offset).filter(|byte| byte.is_ascii()) {
            self.offset.set(offset + 1);
            return Some(byte.into());
        }
        self.advance_beyond_ascii(text, offset)
    }

    #[inline(never)]
    fn advance_beyond_ascii(&self, text: &Str, offset: usize) -> Option<u32> {
        let mut codes = text.text().slice(offset..text.as_bytes().len()).code_points();
        if let Some(code) = codes.next() {
            self.offset.set(text.as_bytes().len() - codes.as_text().len());
            return Some(code);
        }
        drop(self.text.take());
        None
    }

    /// How many characters are left.
    pub(crate) fn len(&self) -> usize {
        // SAFETY: nothing runs meanwhile.
        let text = unsafe { self.text.borrow() }.and_then(Ref::downcast::<Str>);
        text.map_or(0, |text| text.text().slice(self.offset.get()..text.as_bytes().len()).count())
    }

    /// The str and the index of the next character, unless the iterator has come to its end.
    pub(crate) fn state(&self) -> Option<(Owned, usize)> {
        let text = self.text.get()?;
        let index = text.borrow().downcast::<Str>()?.text().index_of(self.offset.get());
        Some((text, index))
    }

    /// Moves to an index, clipped to the str, if the iterator has not come to its end.
    pub(crate) fn move_to(&self, index: isize) {
        // SAFETY: nothing runs meanwhile.
        if let Some(text) = unsafe { self.text.borrow() }.and_then(Ref::downcast::<Str>) {
            self.offset.set(text.offset((index.max(0) as usize).min(text.len())));
        }
    }
}

impl BytesIterator {
    /// An iterator over a bytes or bytearray object.
    pub(crate) fn new(bytes: Owned) -> Self {
        Self { bytes: Slot::new(bytes), index: Cell::new(0) }
    }

    /// The next byte.
    #[inline(always)]
    pub(crate) fn advance(&self) -> Option<u8> {
        let index = self.index.get();
        // SAFETY: the borrow ends before the slot changes.
        let bytes = unsafe { self.bytes.borrow() }?;
        let byte = match bytes.downcast::<Bytes>() {
            Some(bytes) => bytes.as_bytes().get(index).copied(),
            None => bytes.downcast::<ByteArray>()?.bytes.get(index),
        };
        match byte {
            Some(_) => self.index.set(index + 1),
            None => drop(self.bytes.take()),
        }
        byte
    }

    /// How many bytes there are in all; 0 at the end.
    pub(crate) fn total(&self) -> usize {
        let Some(bytes) = self.bytes.get() else { return 0 };
        match bytes.borrow().downcast::<Bytes>() {
            Some(bytes) => bytes.as_bytes().len(),
            None => bytes.borrow().downcast::<ByteArray>().map_or(0, |array| array.bytes.len()),
        }
    }

    /// The object and the index of the next byte, unless the iterator has come to its end.
    pub(crate) fn state(&self) -> Option<(Owned, usize)> {
        Some((self.bytes.get()?, self.index.get()))
    }

    /// Moves to an index, clipped to the object; a bytearray's iterator ends where the index is negative.
    pub(crate) fn move_to(&self, index: isize) {
        let is_array = self.bytes.get().is_some_and(|bytes| bytes.borrow().kind() == Kind::ByteArray);
        if index < 0 && is_array {
            drop(self.bytes.take());
        } else {
            self.index.set((index.max(0) as usize).min(self.total()));
        }
    }
}

impl DictIterator {
    /// An iterator over a dict with this table.
    pub(crate) fn new(dict: Owned, table: &Table, part: DictPart, backwards: bool) -> Self {
        let (position, len) = (if backwards { table.end() } else { 0 }, table.len());
        Self {
            dict: Slot::new(dict),
            position: Cell::new(position),
            expected: Cell::new(len),
            left: Cell::new(len),
            part,
            backwards,
        }
    }

    /// The next key.
    #[inline]
    pub(crate) fn next_key(&self) -> Result<Option<Owned>, Changed> {
        self.step(Table::next_key)
    }

    /// The next value.
    #[inline]
    pub(crate) fn next_value(&self) -> Result<Option<Owned>, Changed> {
        self.step(Table::next_value)
    }

    /// The next key and value.
    #[inline]
    pub(crate) fn next_pair(&self) -> Result<Option<(Owned, Owned)>, Changed> {
        self.step(Table::next)
    }

    /// The previous key and value, for an iterator that goes backwards.
    #[inline]
    pub(crate) fn previous_pair(&self) -> Result<Option<(Owned, Owned)>, Changed> {
        self.step(Table::previous)
    }

    /// Whether it gives pairs of key and value, from the first to the last.
    #[inline]
    pub(crate) fn gives_pairs(&self) -> bool {
        self.part == DictPart::Items && !self.backwards
    }

    /// Whether it goes from the last key to the first.
    pub(crate) fn is_backwards(&self) -> bool {
        self.backwards
    }

    #[inline(always)]
    fn step<R>(&self, read: impl FnOnce(&Table, &mut usize) -> Option<R>) -> Result<Option<R>, Changed> {
        // SAFETY: the borrow ends before the slot changes.
        let Some(dict) = unsafe { self.dict.borrow() }.and_then(Ref::downcast::<Dict>) else {
            return Ok(None);
        };
        if dict.table.len() != self.expected.get() {
            self.expected.set(BROKEN);
            return Err(Changed::Size);
        }
        let mut position = self.position.get();
        let is_beyond = self.backwards && position > dict.table.end();
        let item = if is_beyond { None } else { read(&dict.table, &mut position) };
        let left = self.left.get();
        if item.is_some() && left > 0 {
            self.position.set(position);
            self.left.set(left - 1);
            return Ok(item);
        }
        drop(self.dict.take());
        // A key more than there were, though there are as many: others took the places of those seen.
        if item.is_some() { Err(Changed::Keys) } else { Ok(None) }
    }

    /// How many items are left, as far as the iterator knows.
    pub(crate) fn len(&self) -> usize {
        // SAFETY: nothing runs meanwhile.
        let dict = unsafe { self.dict.borrow() }.and_then(Ref::downcast::<Dict>);
        dict.filter(|dict| dict.table.len() == self.expected.get()).map_or(0, |_| self.left.get())
    }

    /// An iterator in the same state.
    pub(crate) fn copy(&self) -> Self {
        Self {
            dict: Slot::from_option(self.dict.get()),
            position: self.position.clone(),
            expected: self.expected.clone(),
            left: self.left.clone(),
            part: self.part,
            backwards: self.backwards,
        }
    }
}

impl SetIterator {
    /// An iterator over a set with this table.
    pub(crate) fn new(set: Owned, table: &SetTable) -> Self {
        Self {
            set: Slot::new(set),
            position: Cell::new(0),
            expected: Cell::new(table.len()),
            left: Cell::new(table.len()),
        }
    }

    /// The next key.
    #[inline]
    pub(crate) fn advance(&self) -> Result<Option<Owned>, Changed> {
        // SAFETY: the borrow ends before the slot changes.
        let Some(table) = unsafe { self.set.borrow() }.and_then(set_table) else { return Ok(None) };
        if table.len() != self.expected.get() {
            self.expected.set(BROKEN);
            return Err(Changed::Size);
        }
        let mut position = self.position.get();
        if let Some((key, _)) = table.next(&mut position) {
            self.position.set(position);
            self.left.set(self.left.get().saturating_sub(1));
            return Ok(Some(key));
        }
        drop(self.set.take());
        Ok(None)
    }

    /// How many keys are left, as far as the iterator knows.
    pub(crate) fn len(&self) -> usize {
        // SAFETY: nothing runs meanwhile.
        let table = unsafe { self.set.borrow() }.and_then(set_table);
        table.filter(|table| table.len() == self.expected.get()).map_or(0, |_| self.left.get())
    }

    /// An iterator in the same state.
    pub(crate) fn copy(&self) -> Self {
        Self {
            set: Slot::from_option(self.set.get()),
            position: self.position.clone(),
            expected: self.expected.clone(),
            left: self.left.clone(),
        }
    }
}

/// The table of a set or frozenset.
#[inline]
pub(crate) fn set_table(set: Ref<'_>) -> Option<&SetTable> {
    match set.downcast::<Set>() {
        Some(set) => Some(&set.table),
        None => set.downcast::<FrozenSet>().map(|set| &set.table),
    }
}
