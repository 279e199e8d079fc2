//! Look-up along the MRO, and its cache.
//!
//! The cache maps (root shape id of a class, interned name) to what the class or its bases have under the name. Whatever could
//! change the answer gives the class a new id first, so entries are never invalidated, only overwritten.
//!
//! # Safety model
//!
//! An entry owns its name, so that no other str can take the name's address. The value is borrowed from the namespace of a
//! class on the MRO: namespaces change only through `Type`, which renumbers before it drops an old value, and a class
//! that dies takes its id along. Reading namespaces and MROs runs no Python, so the words read stay valid until the
//! result has its own count. Nor does it run Python to fill the namespace of a native class at the first look.
#![expect(unsafe_code, reason = "borrows from namespaces")]

use std::cell::Cell;

use super::dict::Dict;
use super::inline::{Str, Tuple};
use crate::types::type_::Type;
use crate::value::{Owned, Ref, Value};
use crate::vm::Thread;

const ENTRIES: usize = 4096;

#[derive(Clone, Copy)]
struct Entry {
    id: u32,
    /// Owned, or NULL.
    name: Value,
    /// NULL: there is nothing under the name.
    value: Value,
}

/// See the module.
pub(crate) struct LookupCache(Box<[Cell<Entry>]>);

impl Default for LookupCache {
    fn default() -> Self {
        Self(
            vec![Cell::new(Entry { id: 0, name: Value::NULL, value: Value::NULL }); ENTRIES]
                .into_boxed_slice(),
        )
    }
}

impl LookupCache {
    /// What the class or its bases have under an interned name.
    #[inline]
    pub(crate) fn get(&self, vm: &Thread, class: &Type, name: Ref<'_>) -> Option<Owned> {
        let id = class.shapes.root().id();
        let slot = &self.0[(id as usize ^ (name.value().bits() as usize >> 4)) % ENTRIES];
        let entry = slot.get();
        let value = if entry.id == id && entry.name == name.value() {
            entry.value
        } else {
            let value = find_in_mro(vm, class, name);
            slot.set(Entry { id, name: name.own().into_value(), value });
            // SAFETY: the entry owned its name. A str's end runs no Python.
            unsafe { entry.name.release() };
            value
        };
        // SAFETY: a namespace on the MRO owns the value.
        (!value.is_null()).then(|| unsafe { Ref::from_value(value) }.own())
    }
}

impl Drop for LookupCache {
    fn drop(&mut self) {
        for slot in &self.0 {
            // SAFETY: the entry owned its name.
            unsafe { slot.get().name.release() };
        }
    }
}

/// What the class or its bases have under a name, a str of class str with its hash cached; NULL if nothing.
pub(crate) fn find_in_mro(vm: &Thread, class: &Type, name: Ref<'_>) -> Value {
    // SAFETY: the class owns its MRO for as long as nothing runs Python.
    let mro = unsafe { borrow(class.mro.value()) };
    let Some(mro) = mro.and_then(Ref::downcast::<Tuple>) else { return Value::NULL };
    let hash = name.downcast::<Str>().expect("names are strs").cached_hash();
    for class in mro.as_slice() {
        let Some(class) = class.borrow().downcast::<Type>() else { continue };
        let table = &class.namespace(vm).table;
        if let Some(entry) = table.find_str(name.value(), hash) {
            // SAFETY: the entry was just found.
            return unsafe { table.value_at(entry) };
        }
    }
    Value::NULL
}

/// What the class or its bases have under a name that is not interned.
pub(crate) fn find_uninterned(vm: &Thread, class: &Type, name: Ref<'_>) -> Option<Owned> {
    crate::types::str_::hash(vm, name.downcast::<Str>()?);
    let value = find_in_mro(vm, class, name);
    // SAFETY: a namespace on the MRO owns the value.
    (!value.is_null()).then(|| unsafe { Ref::from_value(value) }.own())
}

/// The value under a str of class str with its hash cached.
pub(crate) fn get_str(dict: &Dict, name: Ref<'_>) -> Option<Owned> {
    let hash = name.downcast::<Str>().expect("names are strs").cached_hash();
    let entry = dict.table.find_str(name.value(), hash)?;
    // SAFETY: the entry was just found; the dict owns the value.
    Some(unsafe { Ref::from_value(dict.table.value_at(entry)) }.own())
}

/// Borrows a word that may be NULL.
///
/// # Safety
/// Something keeps the object alive for `'a`.
unsafe fn borrow<'a>(value: Value) -> Option<Ref<'a>> {
    // SAFETY: the caller's.
    (!value.is_null()).then(|| unsafe { Ref::from_value(value) })
}
