//! The table of interned strs.
//!
//! Of equal strs, one is the interned one; names are compared by identity once they are interned. The table does not own its
//! strs: each is marked with [`flag::INTERNED`] and leaves the table when it ends.
//!
//! # Safety model
//!
//! Every word in the table points to a str whose memory is intact, because a marked str is taken out before its memory is
//! freed. A str whose count is already zero waits for that, and must not be given out again.
#![expect(unsafe_code, reason = "a table that does not own its objects")]

use std::cell::RefCell;

use hashbrown::HashTable;

use super::inline::Str;
use super::object::flag;
use crate::value::{Owned, Ref, Value};

/// See the module.
pub(crate) struct InternTable(RefCell<HashTable<Value>>);

/// As many as there are when an interpreter has started.
const AT_START: usize = 4000;

impl Default for InternTable {
    fn default() -> Self {
        Self(RefCell::new(HashTable::with_capacity(AT_START)))
    }
}

impl InternTable {
    /// The interned str with this text; the hash is that of the str.
    pub(crate) fn find(&self, text: &[u8], hash: i64) -> Option<Owned> {
        let table = self.0.borrow();
        let found = table.find(hash as u64, |&entry| {
            let entry = borrow(&entry);
            entry.header().is_some_and(|header| header.references() > 0) && payload(entry).as_bytes() == text
        })?;
        Some(borrow(found).own())
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.0.borrow().len()
    }

    /// Calls `visit` with each.
    pub(crate) fn for_each(&self, mut visit: impl FnMut(Ref<'_>)) {
        self.0.borrow().iter().for_each(|entry| visit(borrow(entry)));
    }

    /// Adds a str of class str, whose hash is cached, and to which none in the table is equal.
    pub(crate) fn insert(&self, text: Ref<'_>) {
        let hash = payload(text).cached_hash();
        if let Some(header) = text.header() {
            header.set(flag::INTERNED);
        }
        self.0
            .borrow_mut()
            .insert_unique(hash as u64, text.value(), |entry| payload(borrow(entry)).cached_hash() as u64);
    }

    /// Takes a str out that ends.
    pub(crate) fn remove(&self, text: Ref<'_>) {
        let hash = payload(text).cached_hash();
        if let Ok(entry) = self.0.borrow_mut().find_entry(hash as u64, |&entry| entry == text.value()) {
            entry.remove();
        }
        if let Some(header) = text.header() {
            header.unset(flag::INTERNED);
        }
    }
}

fn borrow(entry: &Value) -> Ref<'_> {
    // SAFETY: the memory of entries is intact, see the module.
    unsafe { Ref::from_value(*entry) }
}

fn payload(text: Ref<'_>) -> &Str {
    text.downcast::<Str>().expect("the table holds strs")
}
