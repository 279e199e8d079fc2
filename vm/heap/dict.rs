//! Dict storage: compact, ordered, with a version of its key layout.
//!
//! Entries lie in insertion order; an index table of 8-, 16- or 32-bit entry numbers finds them by hash, with CPython's probe
//! sequence (so ints in order stay in order in memory). A deleted entry leaves a hole, and the holes go when the table
//! grows.
//!
//! The *layout version* changes when a key comes, goes or moves, never when a value changes. It is 0 until somebody asks for
//! it. An inline cache keeps (version, entry number) and reads the value through the entry: globals and constant string keys
//! cost two loads, and `n += 1` on a global invalidates nothing.
//!
//! # Safety model
//!
//! The table is one block that this module alone allocates, grows and frees. Looking up a key may call `__eq__`, that is
//! any code, which may change or free the table: the search keeps its own owners of the keys it compares, and starts over when
//! the block or the entry is not the one it looked at. Old values are dropped only after the table is consistent again.
#![expect(unsafe_code, reason = "dict storage")]

use std::alloc::{self, Layout};
use std::cell::Cell;
use std::ptr;

use super::inline::Str;
use super::object::{Kind, Trace, Visitor};
use crate::exception::PyResult;
use crate::value::{Owned, Ref, Value};
use crate::vm::Thread;

crate::payload! {
    /// A dict.
    pub struct Dict: Dict {
        pub(crate) table: Table,
    }
}

#[derive(Clone, Copy)]
#[repr(C)]
pub(crate) struct Entry {
    hash: i64,
    /// NULL: a hole.
    key: Value,
    value: Value,
}

/// Keys and values; see the module.
pub struct Table {
    entries: Cell<*mut Entry>,
    /// log2 of the number of index slots; 0 for no table at all.
    log_size: Cell<u8>,
    /// Whether every key is a str of class str, which compare without running Python.
    only_str: Cell<bool>,
    layout: Cell<u32>,
    /// Entries written, holes included.
    used: Cell<u32>,
    /// Entries that are not holes.
    live: Cell<u32>,
}

const EMPTY: usize = usize::MAX;
const DELETED: usize = usize::MAX - 1;
const SMALLEST: u8 = 3;

/// Where a search ended.
enum Found {
    /// At this entry, found through this index slot.
    Entry { entry: usize, slot: usize },
    /// The key is not there.
    Missing,
}

impl Table {
    /// An empty table; allocates nothing.
    pub const fn new() -> Self {
        Self {
            entries: Cell::new(ptr::null_mut()),
            log_size: Cell::new(0),
            only_str: Cell::new(true),
            layout: Cell::new(0),
            used: Cell::new(0),
            live: Cell::new(0),
        }
    }

    /// How many keys.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.live.get() as usize
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.live.get() == 0
    }

    /// Bytes of the table, for `__sizeof__`.
    pub fn storage_size(&self) -> usize {
        if self.log_size.get() == 0 { 0 } else { block(self.log_size.get()).0.size() }
    }

    /// The version of the key layout; stays the same until a key comes, goes or moves.
    #[inline]
    pub(crate) fn layout_version(&self, vm: &Thread) -> u32 {
        if self.layout.get() == 0 {
            self.layout.set(vm.interpreter().new_layout_version());
        }
        self.layout.get()
    }

    /// The version, or 0 if nobody has asked for it since it last changed.
    #[inline(always)]
    pub(crate) fn known_layout(&self) -> u32 {
        self.layout.get()
    }

    /// The value of an entry that a cache found under the current layout version.
    ///
    /// # Safety
    /// The layout version has not changed since the entry number was obtained.
    #[inline(always)]
    pub(crate) unsafe fn value_at(&self, entry: usize) -> Value {
        // SAFETY: the caller's.
        unsafe { (*self.entries.get().add(entry)).value }
    }

    /// Replaces the value of an entry that a cache found under the current layout version.
    ///
    /// # Safety
    /// As `value_at`.
    #[inline(always)]
    pub(crate) unsafe fn set_value_at(&self, entry: usize, value: Owned) {
        // SAFETY: the caller's; the old value is dropped after the new one is in place.
        unsafe {
            let old = (*self.entries.get().add(entry)).value;
            (*self.entries.get().add(entry)).value = value.into_value();
            old.release();
        }
    }

    /// The entry number of a str key, without running any Python. The hash is the str's own.
    #[inline]
    pub(crate) fn find_str(&self, key: Value, hash: i64) -> Option<usize> {
        if self.log_size.get() == 0 {
            return None;
        }
        let mut probe = Probe::new(hash, self.log_size.get());
        loop {
            let entry = self.index(probe.slot());
            if entry == EMPTY {
                return None;
            }
            if entry != DELETED {
                // SAFETY: the index table holds numbers of written entries.
                let found = unsafe { *self.entries.get().add(entry) };
                if found.key == key || (found.hash == hash && same_str(found.key, key)) {
                    return Some(entry);
                }
            }
            probe.advance();
        }
    }

    /// Whether every key is of class str.
    pub(crate) fn only_str(&self) -> bool {
        self.only_str.get()
    }

    /// The value at a key with a known hash.
    #[inline]
    pub fn get(&self, vm: &Thread, key: Ref<'_>, hash: i64) -> PyResult<Option<Owned>> {
        match self.search(vm, key, hash)? {
            Found::Missing => Ok(None),
            // SAFETY: the entry was just found; the borrow ends with the retain.
            Found::Entry { entry, .. } => {
                Ok(Some(unsafe { Ref::from_value((*self.entries.get().add(entry)).value) }.own()))
            }
        }
    }

    /// Whether a key is there.
    pub fn contains(&self, vm: &Thread, key: Ref<'_>, hash: i64) -> PyResult<bool> {
        Ok(matches!(self.search(vm, key, hash)?, Found::Entry { .. }))
    }

    /// Sets the value at a key; the old value is the result.
    #[inline]
    pub fn insert(&self, vm: &Thread, key: Ref<'_>, hash: i64, value: Owned) -> PyResult<Option<Owned>> {
        match self.search(vm, key, hash)? {
            Found::Entry { entry, .. } => {
                // SAFETY: the entry was just found; ownership moves in and out.
                let old = unsafe {
                    ptr::replace(&raw mut (*self.entries.get().add(entry)).value, value.into_value())
                };
                // SAFETY: as above.
                Ok(Some(unsafe { Owned::from_value(old) }))
            }
            Found::Missing => {
                self.append(vm, key.own(), hash, value)?;
                Ok(None)
            }
        }
    }

    /// The value at a key, which is set to `default` if it was missing.
    pub fn get_or_insert(&self, vm: &Thread, key: Ref<'_>, hash: i64, default: Owned) -> PyResult<Owned> {
        if let Some(value) = self.get(vm, key, hash)? {
            return Ok(value);
        }
        self.append(vm, key.own(), hash, default.clone())?;
        Ok(default)
    }

    /// Takes a key and its value out.
    pub fn remove(&self, vm: &Thread, key: Ref<'_>, hash: i64) -> PyResult<Option<(Owned, Owned)>> {
        match self.search(vm, key, hash)? {
            Found::Missing => Ok(None),
            Found::Entry { entry, slot } => Ok(Some(self.take_entry(entry, slot))),
        }
    }

    /// Takes the last key and its value out.
    pub fn pop_last(&self) -> Option<(Owned, Owned)> {
        let mut entry = self.used.get() as usize;
        while entry > 0 {
            entry -= 1;
            // SAFETY: below `used`, entries are written.
            let found = unsafe { *self.entries.get().add(entry) };
            if !found.key.is_null() {
                let mut probe = Probe::new(found.hash, self.log_size.get());
                while self.index(probe.slot()) != entry {
                    probe.advance();
                }
                let pair = self.take_entry(entry, probe.slot());
                // Nothing lies behind the last key: the next pop need not walk over the holes again.
                self.used.set(entry as u32);
                return Some(pair);
            }
        }
        None
    }

    /// The next key and value from a position on, which moves past them.
    #[inline]
    pub fn next(&self, position: &mut usize) -> Option<(Owned, Owned)> {
        while *position < self.used.get() as usize {
            // SAFETY: below `used`, entries are written.
            let entry = unsafe { *self.entries.get().add(*position) };
            *position += 1;
            if !entry.key.is_null() {
                // SAFETY: the table owns both.
                return Some(unsafe {
                    (Ref::from_value(entry.key).own(), Ref::from_value(entry.value).own())
                });
            }
        }
        None
    }

    /// As `next`, with the key's hash.
    pub fn next_hashed(&self, position: &mut usize) -> Option<(Owned, Owned, i64)> {
        let (key, value) = self.next(position)?;
        // SAFETY: the position is one past the entry that was just read.
        Some((key, value, unsafe { (*self.entries.get().add(*position - 1)).hash }))
    }

    /// The previous key and value before a position, which moves to them. Start at `usize::MAX`.
    pub fn previous(&self, position: &mut usize) -> Option<(Owned, Owned)> {
        *position = (*position).min(self.used.get() as usize);
        while *position > 0 {
            *position -= 1;
            // SAFETY: below `used`, entries are written.
            let entry = unsafe { *self.entries.get().add(*position) };
            if !entry.key.is_null() {
                // SAFETY: the table owns both.
                return Some(unsafe {
                    (Ref::from_value(entry.key).own(), Ref::from_value(entry.value).own())
                });
            }
        }
        None
    }

    /// Takes everything out: the result is a table with the old contents.
    pub fn take(&self) -> Self {
        self.layout.set(0);
        Self {
            entries: Cell::new(self.entries.replace(ptr::null_mut())),
            log_size: Cell::new(self.log_size.replace(0)),
            only_str: Cell::new(self.only_str.replace(true)),
            layout: Cell::new(0),
            used: Cell::new(self.used.replace(0)),
            live: Cell::new(self.live.replace(0)),
        }
    }

    /// Exchanges the contents of two tables.
    pub fn swap(&self, other: &Self) {
        self.layout.set(0);
        other.layout.set(0);
        self.entries.swap(&other.entries);
        self.log_size.swap(&other.log_size);
        self.only_str.swap(&other.only_str);
        self.used.swap(&other.used);
        self.live.swap(&other.live);
    }

    /// A table with the same keys and values.
    pub fn copy(&self, vm: &Thread) -> PyResult<Self> {
        let copy = Self::new();
        copy.reserve(vm, self.len())?;
        let mut position = 0;
        while let Some((key, value, hash)) = self.next_hashed(&mut position) {
            copy.append(vm, key, hash, value)?;
        }
        Ok(copy)
    }

    /// Makes room for so many keys in all.
    pub fn reserve(&self, vm: &Thread, keys: usize) -> PyResult<()> {
        let mut log_size = SMALLEST;
        while usable(log_size) < keys {
            log_size += 1;
        }
        if log_size > self.log_size.get() { self.rebuild(vm, log_size) } else { Ok(()) }
    }

    /// Finds a key, comparing with `__eq__` where it must.
    #[inline]
    fn search(&self, vm: &Thread, key: Ref<'_>, hash: i64) -> PyResult<Found> {
        'restart: loop {
            if self.log_size.get() == 0 {
                return Ok(Found::Missing);
            }
            let is_str = is_exact_str(key.value());
            let mut probe = Probe::new(hash, self.log_size.get());
            loop {
                let slot = probe.slot();
                let entry = self.index(slot);
                if entry == EMPTY {
                    return Ok(Found::Missing);
                }
                if entry != DELETED {
                    // SAFETY: the index table holds numbers of written entries.
                    let found = unsafe { *self.entries.get().add(entry) };
                    if found.key == key.value() {
                        return Ok(Found::Entry { entry, slot });
                    }
                    if found.hash == hash {
                        if is_str && is_exact_str(found.key) {
                            if same_str(found.key, key.value()) {
                                return Ok(Found::Entry { entry, slot });
                            }
                        } else if !(found.key.is_int() && key.value().is_int()) {
                            let block = self.entries.get();
                            // SAFETY: the table owns the key; the search keeps an owner over the call.
                            let other = unsafe { Ref::from_value(found.key) }.own();
                            let equal = vm.equal(other.borrow(), key)?;
                            // SAFETY: the entry is read only if the block is still the table's.
                            let unchanged = self.entries.get() == block
                                && entry < self.used.get() as usize
                                && unsafe { (*block.add(entry)).key } == found.key;
                            if !unchanged {
                                continue 'restart;
                            }
                            if equal {
                                return Ok(Found::Entry { entry, slot });
                            }
                        }
                    }
                }
                probe.advance();
            }
        }
    }

    /// Adds a key that is not there.
    #[inline]
    pub(crate) fn append(&self, vm: &Thread, key: Owned, hash: i64, value: Owned) -> PyResult<()> {
        if self.log_size.get() == 0 || self.used.get() as usize == usable(self.log_size.get()) {
            self.make_room(vm)?;
        }
        self.layout.set(0);
        if !is_exact_str(key.value()) {
            self.only_str.set(false);
        }
        let entry = self.used.get() as usize;
        let mut probe = Probe::new(hash, self.log_size.get());
        while !matches!(self.index(probe.slot()), EMPTY | DELETED) {
            probe.advance();
        }
        self.set_index(probe.slot(), entry);
        // SAFETY: there is room for one more entry.
        unsafe {
            self.entries.get().add(entry).write(Entry {
                hash,
                key: key.into_value(),
                value: value.into_value(),
            });
        }
        self.used.set(self.used.get() + 1);
        self.live.set(self.live.get() + 1);
        Ok(())
    }

    fn take_entry(&self, entry: usize, slot: usize) -> (Owned, Owned) {
        self.layout.set(0);
        self.set_index(slot, DELETED);
        self.live.set(self.live.get() - 1);
        // SAFETY: the entry was live; its values move out and a hole stays.
        unsafe {
            let at = self.entries.get().add(entry);
            let pair = (Owned::from_value((*at).key), Owned::from_value((*at).value));
            (*at).key = Value::NULL;
            (*at).value = Value::NULL;
            pair
        }
    }

    #[cold]
    fn make_room(&self, vm: &Thread) -> PyResult<()> {
        // Three times the live keys, as many inserts from now to the next time as there are keys.
        let wanted = (self.live.get() as usize) * 3;
        let mut log_size = SMALLEST;
        while (1usize << log_size) < wanted {
            log_size += 1;
        }
        self.rebuild(vm, log_size)
    }

    /// Moves the live entries to a fresh block.
    fn rebuild(&self, vm: &Thread, log_size: u8) -> PyResult<()> {
        if log_size > 31 {
            return Err(vm.memory_error());
        }
        let (layout, index_offset) = block(log_size);
        // SAFETY: the size is not zero.
        let fresh = unsafe { alloc::alloc(layout) };
        if fresh.is_null() {
            return Err(vm.memory_error());
        }
        let old_size = self.storage_size();
        vm.heap().account(old_size, layout.size());
        self.layout.set(0);
        // SAFETY: the index area is within the block; all ones is EMPTY at every width.
        unsafe { ptr::write_bytes(fresh.add(index_offset), 0xff, layout.size() - index_offset) };
        let (old, old_log, used) = (self.entries.get(), self.log_size.get(), self.used.get() as usize);
        self.entries.set(fresh.cast());
        self.log_size.set(log_size);
        let mut count = 0;
        for index in 0..used {
            // SAFETY: entries below `used` are written; they move to the new block, which has room for all of them.
            unsafe {
                let entry = *old.add(index);
                if entry.key.is_null() {
                    continue;
                }
                fresh.cast::<Entry>().add(count).write(entry);
                let mut probe = Probe::new(entry.hash, log_size);
                while self.index(probe.slot()) != EMPTY {
                    probe.advance();
                }
                self.set_index(probe.slot(), count);
            }
            count += 1;
        }
        self.used.set(count as u32);
        if old_log != 0 {
            // SAFETY: the old block was allocated with this layout; its entries have moved.
            unsafe { alloc::dealloc(old.cast(), block(old_log).0) };
        }
        Ok(())
    }

    /// The entry number in an index slot.
    #[inline(always)]
    fn index(&self, slot: usize) -> usize {
        let log_size = self.log_size.get();
        // SAFETY: the slot is masked to the size of the index area.
        unsafe {
            let base = self.entries.get().add(usable(log_size)).cast::<u8>();
            if log_size < 8 {
                let index = *base.add(slot);
                if index >= 0xfe { EMPTY - usize::from(0xff - index) } else { usize::from(index) }
            } else if log_size < 16 {
                let index = *base.cast::<u16>().add(slot);
                if index >= 0xfffe { EMPTY - usize::from(0xffff - index) } else { usize::from(index) }
            } else {
                let index = *base.cast::<u32>().add(slot);
                if index >= 0xffff_fffe { EMPTY - (0xffff_ffff - index) as usize } else { index as usize }
            }
        }
    }

    #[inline(always)]
    fn set_index(&self, slot: usize, entry: usize) {
        let log_size = self.log_size.get();
        // SAFETY: as in `index`.
        unsafe {
            let base = self.entries.get().add(usable(log_size)).cast::<u8>();
            if log_size < 8 {
                *base.add(slot) = entry as u8;
            } else if log_size < 16 {
                *base.cast::<u16>().add(slot) = entry as u16;
            } else {
                *base.cast::<u32>().add(slot) = entry as u32;
            }
        }
    }
}

impl Default for Table {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Table {
    fn drop(&mut self) {
        let (entries, log_size, used) = (self.entries.get(), self.log_size.get(), self.used.get() as usize);
        if log_size == 0 {
            return;
        }
        for index in 0..used {
            // SAFETY: the table is ours alone; each value is released once.
            unsafe {
                let entry = *entries.add(index);
                if !entry.key.is_null() {
                    entry.value.release();
                    entry.key.release();
                }
            }
        }
        // SAFETY: allocated in `rebuild` with this layout.
        unsafe { alloc::dealloc(entries.cast(), block(log_size).0) };
    }
}

impl Trace for Table {
    fn trace(&self, visitor: &mut Visitor<'_>) {
        for index in 0..self.used.get() as usize {
            // SAFETY: entries below `used` are written; the visitor does not run Python.
            let entry = unsafe { *self.entries.get().add(index) };
            if !entry.key.is_null() {
                visitor.value(entry.key);
                visitor.value(entry.value);
            }
        }
    }
    fn clear(&self) {
        drop(self.take());
    }
}

/// Entries that fit a table of this size: two thirds of its index slots.
#[inline(always)]
const fn usable(log_size: u8) -> usize {
    (2usize << log_size) / 3
}

/// The block of a table: entries first, then the index area at the returned offset.
fn block(log_size: u8) -> (Layout, usize) {
    let width = if log_size < 8 {
        1
    } else if log_size < 16 {
        2
    } else {
        4
    };
    let offset = usable(log_size) * size_of::<Entry>();
    let layout = Layout::from_size_align(offset + (width << log_size), 8).expect("at most 2^31 slots");
    (layout, offset)
}

/// CPython's probe sequence: linear congruence, perturbed by the higher bits of the hash.
struct Probe {
    slot: usize,
    mask: usize,
    perturb: u64,
}

impl Probe {
    #[inline(always)]
    fn new(hash: i64, log_size: u8) -> Self {
        let mask = (1 << log_size) - 1;
        Self { slot: hash as usize & mask, mask, perturb: hash as u64 }
    }

    #[inline(always)]
    fn slot(&self) -> usize {
        self.slot
    }

    #[inline(always)]
    fn advance(&mut self) {
        self.perturb >>= 5;
        self.slot = (self.slot * 5 + self.perturb as usize + 1) & self.mask;
    }
}

/// Whether the value is of class str itself.
#[inline(always)]
pub(crate) fn is_exact_str(value: Value) -> bool {
    // SAFETY: callers pass live values.
    value.is_pointer() && unsafe { (*value.header()).is_exact(Kind::Str) }
}

/// Whether two values are equal strs.
#[inline]
fn same_str(a: Value, b: Value) -> bool {
    if !a.is_pointer() || !b.is_pointer() {
        return false;
    }
    // SAFETY: callers pass live values.
    unsafe {
        if (*a.header()).kind() != Kind::Str || (*b.header()).kind() != Kind::Str {
            return false;
        }
        let (a, b) = (&*super::payload::<Str>(a.header()), &*super::payload::<Str>(b.header()));
        a.as_bytes() == b.as_bytes()
    }
}
