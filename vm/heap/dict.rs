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
#![expect(
    clippy::cast_ptr_alignment,
    reason = "blocks are aligned for entries, and index areas start at multiples of that"
)]

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

impl Dict {
    /// A dict of these keys and values.
    pub fn new(table: Table) -> Self {
        Self { table }
    }

    /// The keys and values.
    #[inline(always)]
    pub fn table(&self) -> &Table {
        &self.table
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

impl Entry {
    const HOLE: Self = Self { hash: 0, key: Value::NULL, value: Value::NULL };

    /// Other owners of key and value.
    ///
    /// # Safety
    /// The entry is not a hole, and something owns its values.
    #[inline(always)]
    unsafe fn pair(self) -> (Owned, Owned) {
        // SAFETY: the caller's.
        unsafe { (Ref::from_value(self.key).own(), Ref::from_value(self.value).own()) }
    }
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
    /// Keys that may be added before the table is rebuilt. At most what the entry area has room for, and less when
    /// [`Table::pop_last`] took entries away, whose index slots stay marked as deleted: some slots must stay empty, or
    /// the search for a missing key would not end.
    free: Cell<u32>,
    /// Before this entry, there are only holes.
    first: Cell<u32>,
}

const EMPTY: usize = usize::MAX;
const DELETED: usize = usize::MAX - 1;
const SMALLEST: u8 = 3;

/// What comparing two keys showed.
enum Compared {
    Equal,
    Different,
    /// The table or the entry is not what it was.
    Changed,
}

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
            free: Cell::new(0),
            first: Cell::new(0),
        }
    }

    /// An empty table with room for so many keys.
    pub fn with_capacity(vm: &Thread, keys: usize) -> PyResult<Self> {
        let table = Self::new();
        if keys > 0 {
            table.reserve(vm, keys)?;
        }
        Ok(table)
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

    /// One past the last position that iteration comes to.
    pub fn end(&self) -> usize {
        self.used.get() as usize
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

    /// The entry number of a key of class str, without running any Python. The hash is the str's own.
    ///
    /// Where not [every key is such a str](Self::only_str), a key that is equal by its own `__eq__` is not found.
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
                if found.key == key || (found.hash == hash && same_key(found.key, key) == Some(true)) {
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
            Found::Entry { entry, .. } => {
                // SAFETY: the entry was just found; the borrow ends with the new owner.
                let value = unsafe { Ref::from_value((*self.entries.get().add(entry)).value) };
                Ok(Some(value.own()))
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
                self.first.set(self.first.get().min(entry as u32));
                return Some(pair);
            }
        }
        None
    }

    /// Takes the first key and its value out.
    pub fn pop_first(&self) -> Option<(Owned, Owned)> {
        let entry = self.first_entry()?;
        // SAFETY: below `used`, entries are written.
        let hash = unsafe { (*self.entries.get().add(entry)).hash };
        let mut probe = Probe::new(hash, self.log_size.get());
        while self.index(probe.slot()) != entry {
            probe.advance();
        }
        Some(self.take_entry(entry, probe.slot()))
    }

    /// Makes a key the last one, or the first one; says whether it is there.
    pub fn move_to_end(&self, vm: &Thread, key: Ref<'_>, hash: i64, last: bool) -> PyResult<bool> {
        let Found::Entry { entry, slot } = self.search(vm, key, hash)? else { return Ok(false) };
        let is_there =
            if last { entry + 1 == self.used.get() as usize } else { self.first_entry() == Some(entry) };
        if !is_there {
            let (key, value) = self.take_entry(entry, slot);
            if last {
                self.append(vm, key, hash, value)?;
            } else {
                self.prepend(vm, key, hash, value)?;
            }
        }
        Ok(true)
    }

    /// The position at which iteration may start: before it, there is nothing.
    pub fn start(&self) -> usize {
        self.first.get() as usize
    }

    /// The first entry that is not a hole.
    fn first_entry(&self) -> Option<usize> {
        let mut position = self.start();
        self.next_entry(&mut position)?;
        self.first.set(position as u32 - 1);
        Some(position - 1)
    }

    /// The next key and value from a position on, which moves past them.
    #[inline]
    pub fn next(&self, position: &mut usize) -> Option<(Owned, Owned)> {
        // SAFETY: the table owns both.
        self.next_entry(position).map(|entry| unsafe { entry.pair() })
    }

    /// As `next`, the key only.
    #[inline]
    pub fn next_key(&self, position: &mut usize) -> Option<Owned> {
        let entry = self.next_entry(position)?;
        // SAFETY: the table owns the key.
        Some(unsafe { Ref::from_value(entry.key) }.own())
    }

    /// As `next`, the value only.
    #[inline]
    pub fn next_value(&self, position: &mut usize) -> Option<Owned> {
        let entry = self.next_entry(position)?;
        // SAFETY: the table owns the value.
        Some(unsafe { Ref::from_value(entry.value) }.own())
    }

    /// As `next`, with the key's hash.
    #[inline]
    pub fn next_hashed(&self, position: &mut usize) -> Option<(Owned, Owned, i64)> {
        let entry = self.next_entry(position)?;
        // SAFETY: the table owns both.
        let (key, value) = unsafe { entry.pair() };
        Some((key, value, entry.hash))
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
                return Some(unsafe { entry.pair() });
            }
        }
        None
    }

    #[inline(always)]
    fn next_entry(&self, position: &mut usize) -> Option<Entry> {
        while *position < self.used.get() as usize {
            // SAFETY: below `used`, entries are written.
            let entry = unsafe { *self.entries.get().add(*position) };
            *position += 1;
            if !entry.key.is_null() {
                return Some(entry);
            }
        }
        None
    }

    /// Takes everything out: the result is a table with the old contents.
    #[must_use]
    pub fn take(&self) -> Self {
        self.layout.set(0);
        Self {
            entries: Cell::new(self.entries.replace(ptr::null_mut())),
            log_size: Cell::new(self.log_size.replace(0)),
            only_str: Cell::new(self.only_str.replace(true)),
            layout: Cell::new(0),
            used: Cell::new(self.used.replace(0)),
            live: Cell::new(self.live.replace(0)),
            free: Cell::new(self.free.replace(0)),
            first: Cell::new(self.first.replace(0)),
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
        self.free.swap(&other.free);
        self.first.swap(&other.first);
    }

    /// A table with the same keys and values.
    pub fn copy(&self, vm: &Thread) -> PyResult<Self> {
        if self.live.get() == self.used.get() && self.len() >= usable(self.log_size.get()) / 4 {
            return self.copy_block(vm);
        }
        let copy = Self::with_capacity(vm, self.len())?;
        let mut position = 0;
        while let Some((key, value, hash)) = self.next_hashed(&mut position) {
            copy.append(vm, key, hash, value)?;
        }
        Ok(copy)
    }

    /// A copy of a table without holes: the block as it is, every value counted once more.
    fn copy_block(&self, vm: &Thread) -> PyResult<Self> {
        if self.is_empty() {
            return Ok(Self::new());
        }
        let (layout, _) = block(self.log_size.get());
        // SAFETY: the size is not zero.
        let fresh = unsafe { alloc::alloc(layout) };
        if fresh.is_null() {
            return Err(vm.memory_error());
        }
        vm.heap().account(0, layout.size());
        let entries: *mut Entry = fresh.cast();
        // SAFETY: both blocks have this layout; the copied words are counted before anybody sees them.
        unsafe {
            fresh.copy_from_nonoverlapping(self.entries.get().cast(), layout.size());
            for index in 0..self.used.get() as usize {
                let entry = *entries.add(index);
                entry.key.retain();
                entry.value.retain();
            }
        }
        Ok(Self {
            entries: Cell::new(entries),
            log_size: self.log_size.clone(),
            only_str: self.only_str.clone(),
            layout: Cell::new(0),
            used: self.used.clone(),
            live: self.live.clone(),
            free: self.free.clone(),
            first: Cell::new(0),
        })
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
                        match same_key(found.key, key.value()) {
                            Some(false) => {}
                            Some(true) => return Ok(Found::Entry { entry, slot }),
                            None => match self.compare(vm, key, found.key, entry, slot)? {
                                Compared::Different => {}
                                Compared::Equal => return Ok(Found::Entry { entry, slot }),
                                Compared::Changed => continue 'restart,
                            },
                        }
                    }
                }
                probe.advance();
            }
        }
    }

    /// Compares a key with the one of an entry by `__eq__`, which may change the table.
    #[cold]
    fn compare(
        &self,
        vm: &Thread,
        key: Ref<'_>,
        found: Value,
        entry: usize,
        slot: usize,
    ) -> PyResult<Compared> {
        let (block, log_size) = (self.entries.get(), self.log_size.get());
        // SAFETY: the table owns the key now, and the search over the call.
        let other = unsafe { Ref::from_value(found) }.own();
        let equal = vm.equal(other.borrow(), key)?;
        let unchanged = self.entries.get() == block
            && self.log_size.get() == log_size
            && self.index(slot) == entry
            // SAFETY: the index table holds numbers of written entries.
            && unsafe { (*block.add(entry)).key } == found;
        Ok(match (unchanged, equal) {
            (false, _) => Compared::Changed,
            (true, true) => Compared::Equal,
            (true, false) => Compared::Different,
        })
    }

    /// Adds a key that is not there.
    #[inline]
    pub(crate) fn append(&self, vm: &Thread, key: Owned, hash: i64, value: Owned) -> PyResult<()> {
        if self.free.get() == 0 {
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
        self.free.set(self.free.get() - 1);
        Ok(())
    }

    /// Adds a key that is not there before all others.
    fn prepend(&self, vm: &Thread, key: Owned, hash: i64, value: Owned) -> PyResult<()> {
        let first = match self.first_entry() {
            Some(first @ 1..) if self.free.get() > 0 => first,
            _ => {
                // Room for half as many keys before the others as there are keys.
                let (keys, holes) = (self.len() + 1, 1 + self.len() / 2);
                let mut log_size = SMALLEST;
                while usable(log_size) < 2 * keys + holes {
                    log_size += 1;
                }
                self.rebuild_behind(vm, log_size, holes)?;
                holes
            }
        };
        self.layout.set(0);
        if !is_exact_str(key.value()) {
            self.only_str.set(false);
        }
        let entry = first - 1;
        let mut probe = Probe::new(hash, self.log_size.get());
        while !matches!(self.index(probe.slot()), EMPTY | DELETED) {
            probe.advance();
        }
        self.set_index(probe.slot(), entry);
        // SAFETY: the entry is written, and a hole.
        unsafe {
            self.entries.get().add(entry).write(Entry {
                hash,
                key: key.into_value(),
                value: value.into_value(),
            });
        }
        self.first.set(entry as u32);
        self.live.set(self.live.get() + 1);
        self.free.set(self.free.get() - 1);
        Ok(())
    }

    fn take_entry(&self, entry: usize, slot: usize) -> (Owned, Owned) {
        self.layout.set(0);
        self.set_index(slot, DELETED);
        self.live.set(self.live.get() - 1);
        if entry == self.first.get() as usize {
            self.first.set(entry as u32 + 1);
        }
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
        self.rebuild_behind(vm, log_size, 0)
    }

    /// Moves the live entries to a fresh block, behind some holes.
    fn rebuild_behind(&self, vm: &Thread, log_size: u8, holes: usize) -> PyResult<()> {
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
        while count < holes {
            // SAFETY: the block has room for the holes and all entries.
            unsafe { fresh.cast::<Entry>().add(count).write(Entry::HOLE) };
            count += 1;
        }
        self.first.set(holes as u32);
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
        self.free.set((usable(log_size) - count) as u32);
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

impl Trace for Dict {
    fn trace(&self, visitor: &mut Visitor<'_>) {
        self.table.trace(visitor);
    }
    fn clear(&self) {
        Trace::clear(&self.table);
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
                    entry.key.release();
                    entry.value.release();
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

/// Whether two keys that are not the same word, with equal hashes, are equal, as far as that can be told without
/// Python: strs of class str, and immediate ints.
#[inline]
pub(super) fn same_key(a: Value, b: Value) -> Option<bool> {
    if is_exact_str(a) && is_exact_str(b) {
        // SAFETY: callers pass live values, and these are strs.
        let (a, b) = unsafe { (&*super::payload::<Str>(a.header()), &*super::payload::<Str>(b.header())) };
        return Some(a.as_bytes() == b.as_bytes());
    }
    (a.is_int() && b.is_int()).then_some(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vm::{Config, Interpreter};

    fn with_vm(test: impl FnOnce(&Thread)) {
        let interpreter = Interpreter::new(Config::default());
        test(&Thread::new(&interpreter));
    }

    fn int(value: i64) -> Owned {
        Owned::try_int(value).unwrap()
    }

    fn number(value: &Owned) -> i64 {
        value.borrow().as_small_int().unwrap()
    }

    fn pairs(table: &Table) -> Vec<(i64, i64)> {
        let mut position = 0;
        std::iter::from_fn(|| table.next(&mut position)).map(|(k, v)| (number(&k), number(&v))).collect()
    }

    /// A small pseudo-random sequence, the same in each run.
    struct Random(u64);

    impl Random {
        fn below(&mut self, bound: u64) -> u64 {
            self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (self.0 >> 33) % bound
        }
    }

    /// An ordered map, slow and obviously right.
    #[derive(Default)]
    struct Model(Vec<(i64, i64)>);

    impl Model {
        fn insert(&mut self, key: i64, value: i64) -> Option<i64> {
            if let Some(pair) = self.0.iter_mut().find(|pair| pair.0 == key) {
                return Some(std::mem::replace(&mut pair.1, value));
            }
            self.0.push((key, value));
            None
        }

        fn remove(&mut self, key: i64) -> Option<(i64, i64)> {
            let index = self.0.iter().position(|pair| pair.0 == key)?;
            Some(self.0.remove(index))
        }
    }

    #[test]
    fn behaves_as_an_ordered_map() {
        // Miri takes a minute for a hundred steps.
        let phase = if cfg!(miri) { 25 } else { 500 };
        with_vm(|vm| {
            // Hashes: spread, colliding in the low bits, colliding altogether.
            for hash in [|k: i64| k.wrapping_mul(0x9e37_79b9_7f4a_7c15_u64 as i64), |k| k << 40, |k| k & 3] {
                let (table, mut model, mut random) = (Table::new(), Model::default(), Random(7));
                for step in 0..12 * phase {
                    let key = random.below(if step % (2 * phase) < phase { 12 } else { 300 }) as i64;
                    match random.below(10) {
                        0..5 => {
                            let old = table.insert(vm, int(key).borrow(), hash(key), int(step)).unwrap();
                            assert_eq!(old.as_ref().map(number), model.insert(key, step));
                        }
                        5..8 => {
                            let old = table.remove(vm, int(key).borrow(), hash(key)).unwrap();
                            assert_eq!(old.map(|(k, v)| (number(&k), number(&v))), model.remove(key));
                        }
                        8 => {
                            let last = table.pop_last().map(|(k, v)| (number(&k), number(&v)));
                            assert_eq!(last, model.0.pop());
                        }
                        _ => {
                            let value = table.get(vm, int(key).borrow(), hash(key)).unwrap();
                            let expected = model.0.iter().find(|pair| pair.0 == key).map(|pair| pair.1);
                            assert_eq!(value.as_ref().map(number), expected);
                        }
                    }
                    assert_eq!(table.len(), model.0.len());
                    if step % 16 == 0 {
                        assert_eq!(pairs(&table), model.0);
                        assert_eq!(pairs(&table.copy(vm).unwrap()), model.0);
                    }
                }
            }
        });
    }

    #[test]
    fn popping_and_adding_leaves_empty_slots() {
        with_vm(|vm| {
            let table = Table::new();
            for key in 0..1000 {
                table.insert(vm, int(key).borrow(), key, Owned::none()).unwrap();
                table.pop_last().unwrap();
                assert!(!table.contains(vm, int(-1).borrow(), key + 1).unwrap());
            }
        });
    }

    #[test]
    fn iteration_goes_both_ways() {
        with_vm(|vm| {
            let table = Table::with_capacity(vm, 40).unwrap();
            let size = table.storage_size();
            (0..40).for_each(|key| table.append(vm, int(key), key, int(key * 2)).unwrap());
            assert_eq!(table.storage_size(), size);
            table.remove(vm, int(17).borrow(), 17).unwrap();
            let mut position = usize::MAX;
            let back: Vec<_> =
                std::iter::from_fn(|| table.previous(&mut position)).map(|(key, _)| number(&key)).collect();
            let mut expected: Vec<_> = (0..40).rev().collect();
            expected.remove(22);
            assert_eq!(back, expected);
            let mut position = 0;
            assert_eq!(std::iter::from_fn(|| table.next_key(&mut position)).count(), 39);
        });
    }

    #[test]
    fn layout_version_follows_the_keys() {
        with_vm(|vm| {
            let table = Table::new();
            table.insert(vm, int(1).borrow(), 1, int(10)).unwrap();
            let version = table.layout_version(vm);
            table.insert(vm, int(1).borrow(), 1, int(11)).unwrap();
            assert_eq!(table.known_layout(), version);
            table.insert(vm, int(2).borrow(), 2, int(20)).unwrap();
            assert_ne!(table.layout_version(vm), version);
            table.swap(&Table::new());
            assert!(table.is_empty());
            assert_eq!(table.known_layout(), 0);
        });
    }
}
