//! Set storage: CPython's open table, entry for entry.
//!
//! Programs print sets, and expected outputs show the order that CPython's table gives to ints; so size, growth, probe
//! order and the treatment of deleted entries are CPython's:
//!
//! - the table has 8 entries, inside the object, and from then on a power of two of them;
//! - a search looks at the entry of the hash's low bits and, where the table does not end before, at the 9 behind it; then
//!   it jumps by linear congruence, perturbed by the higher bits of the hash;
//! - a deleted entry stays marked. Adding a key reuses the last marked entry of its probe sequence;
//! - when three fifths of the entries are used or marked, the table is rebuilt for four times as many keys (twice, above
//!   50,000);
//! - `pop` goes round the table with a finger.
//!
//! # Safety model
//!
//! As for dicts: one block, changed by this module alone. A comparison may run any code, and so change the table: the
//! search owns the key that it compares, and starts over when the table is another one or the entry holds another key. Removed
//! keys go to the caller, who drops them when the table is consistent.
#![expect(unsafe_code, reason = "set storage")]

use std::alloc::{self, Layout};
use std::cell::Cell;
use std::ptr;

use super::dict::same_key;
use super::object::{Trace, Visitor};
use crate::exception::PyResult;
use crate::value::{Owned, Ref, Value};
use crate::vm::Thread;

crate::payload! {
    /// A set.
    pub struct Set: Set {
        pub(crate) table: SetTable,
    }

    /// A frozenset.
    pub struct FrozenSet: FrozenSet {
        pub(crate) table: SetTable,
        /// The hash; [`NO_HASH`] while it has not been computed.
        pub(crate) hash: Cell<i64>,
    }
}

/// No hash is this number.
pub(crate) const NO_HASH: i64 = -1;

/// Entries in the object itself.
const SMALLEST: usize = 8;
/// Entries that a search looks at behind the first one, before it jumps.
const LINEAR_PROBES: usize = 9;
const PERTURB_SHIFT: u32 = 5;
/// The hash of a deleted entry.
const DELETED: i64 = -1;

#[derive(Clone, Copy)]
#[repr(C)]
struct Entry {
    hash: i64,
    /// NULL: never used if the hash is 0, deleted if it is `DELETED`.
    key: Value,
}

impl Entry {
    const UNUSED: Self = Self { hash: 0, key: Value::NULL };
    const DELETED: Self = Self { hash: DELETED, key: Value::NULL };

    #[inline(always)]
    fn is_unused(&self) -> bool {
        self.key.is_null() && self.hash == 0
    }
}

/// Keys without values; see the module.
pub struct SetTable {
    /// The entries, unless they are in `small`.
    large: Cell<*mut Entry>,
    /// The number of entries, minus one.
    mask: Cell<usize>,
    /// Entries with a key.
    used: Cell<usize>,
    /// Entries with a key, and deleted ones.
    fill: Cell<usize>,
    /// Where `pop` looks next. It survives whatever happens to the keys.
    finger: Cell<usize>,
    small: [Cell<Entry>; SMALLEST],
}

impl SetTable {
    /// An empty table; allocates nothing.
    pub const fn new() -> Self {
        Self {
            large: Cell::new(ptr::null_mut()),
            mask: Cell::new(SMALLEST - 1),
            used: Cell::new(0),
            fill: Cell::new(0),
            finger: Cell::new(0),
            small: [const { Cell::new(Entry::UNUSED) }; SMALLEST],
        }
    }

    /// How many keys.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.used.get()
    }

    /// Whether there are none.
    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.used.get() == 0
    }

    /// Bytes outside the object, for `__sizeof__`.
    pub fn storage_size(&self) -> usize {
        if self.is_small() { 0 } else { block(self.mask.get() + 1).size() }
    }

    /// Whether a key is there.
    #[inline]
    pub fn contains(&self, vm: &Thread, key: Ref<'_>, hash: i64) -> PyResult<bool> {
        Ok(self.find(vm, key, hash)?.is_some())
    }

    /// Adds a key; whether it is new.
    #[inline]
    pub fn add(&self, vm: &Thread, key: Ref<'_>, hash: i64) -> PyResult<bool> {
        loop {
            match self.search::<true>(vm, key, hash)? {
                Search::Found(_) => return Ok(false),
                Search::Missing { unused, deleted: None } => {
                    self.fill.set(self.fill.get() + 1);
                    self.occupy(unused, key, hash);
                    if self.fill.get() * 5 >= self.mask.get() * 3 {
                        self.grow(vm)?;
                    }
                    return Ok(true);
                }
                Search::Missing { deleted: Some(deleted), .. } if self.entry(deleted).hash == DELETED => {
                    self.occupy(deleted, key, hash);
                    return Ok(true);
                }
                // A comparison made the deleted entry another key's.
                Search::Missing { .. } => {}
            }
        }
    }

    /// Takes a key out, if it is there.
    pub fn remove(&self, vm: &Thread, key: Ref<'_>, hash: i64) -> PyResult<Option<Owned>> {
        Ok(self.find(vm, key, hash)?.map(|index| self.take_entry(index)))
    }

    /// Takes some key out: the next one from the finger on.
    pub fn pop(&self) -> Option<Owned> {
        if self.is_empty() {
            return None;
        }
        let mask = self.mask.get();
        let mut index = self.finger.get() & mask;
        while self.entry(index).key.is_null() {
            index = (index + 1) & mask;
        }
        self.finger.set(index + 1);
        Some(self.take_entry(index))
    }

    /// The next key and its hash from a position on, which moves past them.
    #[inline]
    pub fn next(&self, position: &mut usize) -> Option<(Owned, i64)> {
        while *position <= self.mask.get() {
            let entry = self.entry(*position);
            *position += 1;
            if !entry.key.is_null() {
                // SAFETY: the table owns the key.
                return Some((unsafe { Ref::from_value(entry.key) }.own(), entry.hash));
            }
        }
        None
    }

    /// The hashes of the keys.
    pub fn hashes(&self) -> impl ExactSizeIterator<Item = i64> {
        let mut index = 0;
        (0..self.len()).map(move |_| {
            while self.entry(index).key.is_null() {
                index += 1;
            }
            index += 1;
            self.entry(index - 1).hash
        })
    }

    /// Takes everything out: the result is a table with the old keys. The finger stays.
    #[must_use]
    pub fn take(&self) -> Self {
        let old = Self::new();
        self.swap(&old);
        old
    }

    /// Exchanges the keys of two tables.
    pub fn swap(&self, other: &Self) {
        self.large.swap(&other.large);
        self.mask.swap(&other.mask);
        self.used.swap(&other.used);
        self.fill.swap(&other.fill);
        for (own, others) in self.small.iter().zip(&other.small) {
            own.swap(others);
        }
    }

    /// A table with the same keys.
    pub fn copy(&self, vm: &Thread) -> PyResult<Self> {
        let copy = Self::new();
        copy.merge(vm, self)?;
        Ok(copy)
    }

    /// Adds all keys of another table.
    pub fn merge(&self, vm: &Thread, other: &Self) -> PyResult<()> {
        if ptr::eq(self, other) || other.is_empty() {
            return Ok(());
        }
        self.reserve(vm, other.len())?;
        if self.fill.get() > 0 {
            let mut position = 0;
            while let Some((key, hash)) = other.next(&mut position) {
                self.add(vm, key.borrow(), hash)?;
            }
            return Ok(());
        }
        // Nothing is here yet: keys that are distinct there are distinct here. Entry for entry where the tables are alike.
        let alike = self.mask.get() == other.mask.get() && other.fill.get() == other.used.get();
        self.used.set(other.used.get());
        self.fill.set(other.used.get());
        for index in 0..=other.mask.get() {
            let entry = other.entry(index);
            if !entry.key.is_null() {
                // SAFETY: the other table owns the key; this one owns it from here on, too.
                unsafe { entry.key.retain() };
                if alike {
                    self.set_entry(index, entry);
                } else {
                    self.place(entry);
                }
            }
        }
        Ok(())
    }

    /// Makes room for so many more keys, if the table would have to grow for them.
    pub fn reserve(&self, vm: &Thread, additional: usize) -> PyResult<()> {
        if (self.fill.get() + additional) * 5 >= self.mask.get() * 3 {
            self.resize(vm, (self.used.get() + additional) * 2)?;
        }
        Ok(())
    }

    /// Rebuilds the table if a quarter of it is deleted entries.
    pub fn drop_deleted(&self, vm: &Thread) -> PyResult<()> {
        if self.fill.get() - self.used.get() > self.mask.get() / 4 { self.grow(vm) } else { Ok(()) }
    }

    #[inline]
    fn find(&self, vm: &Thread, key: Ref<'_>, hash: i64) -> PyResult<Option<usize>> {
        Ok(match self.search::<false>(vm, key, hash)? {
            Search::Found(index) => Some(index),
            Search::Missing { .. } => None,
        })
    }

    /// Looks for a key, comparing with `__eq__` where it must.
    #[inline]
    fn search<const ADDING: bool>(&self, vm: &Thread, key: Ref<'_>, hash: i64) -> PyResult<Search> {
        'restart: loop {
            let mask = self.mask.get();
            let mut probe = Probe::new(hash, mask);
            let mut deleted = None;
            loop {
                for index in probe.run() {
                    let entry = self.entry(index);
                    if entry.hash == hash && !entry.key.is_null() {
                        if entry.key == key.value() {
                            return Ok(Search::Found(index));
                        }
                        match same_key(entry.key, key.value()) {
                            Some(false) => {}
                            Some(true) => return Ok(Search::Found(index)),
                            None => match self.compare::<ADDING>(vm, key, entry.key, index)? {
                                Some(false) => {}
                                Some(true) => return Ok(Search::Found(index)),
                                None => continue 'restart,
                            },
                        }
                    } else if entry.is_unused() {
                        return Ok(Search::Missing { unused: index, deleted });
                    } else if entry.hash == DELETED {
                        deleted = Some(index);
                    }
                }
                probe.jump();
            }
        }
    }

    /// Compares a key with that of an entry by `__eq__`; `None` if that changed the table or the entry. As CPython has it,
    /// a key that is to be added is there if it equals one that has gone meanwhile.
    #[cold]
    fn compare<const ADDING: bool>(
        &self,
        vm: &Thread,
        key: Ref<'_>,
        found: Value,
        index: usize,
    ) -> PyResult<Option<bool>> {
        let (large, mask) = (self.large.get(), self.mask.get());
        // SAFETY: the table owns the key now, and the search over the call.
        let other = unsafe { Ref::from_value(found) }.own();
        let equal = vm.equal(other.borrow(), key)?;
        let unchanged =
            self.large.get() == large && self.mask.get() == mask && self.entry(index).key == found;
        Ok((unchanged || ADDING && equal).then_some(equal))
    }

    #[inline(always)]
    fn occupy(&self, index: usize, key: Ref<'_>, hash: i64) {
        self.set_entry(index, Entry { hash, key: key.own().into_value() });
        self.used.set(self.used.get() + 1);
    }

    fn take_entry(&self, index: usize) -> Owned {
        let key = self.entry(index).key;
        self.set_entry(index, Entry::DELETED);
        self.used.set(self.used.get() - 1);
        // SAFETY: the table owned the key, and no longer does.
        unsafe { Owned::from_value(key) }
    }

    /// Puts an entry whose key is not there into a table without deleted entries.
    fn place(&self, entry: Entry) {
        let mut probe = Probe::new(entry.hash, self.mask.get());
        loop {
            for index in probe.run() {
                if self.entry(index).key.is_null() {
                    self.set_entry(index, entry);
                    return;
                }
            }
            probe.jump();
        }
    }

    #[cold]
    fn grow(&self, vm: &Thread) -> PyResult<()> {
        let used = self.used.get();
        self.resize(vm, if used > 50_000 { used * 2 } else { used * 4 })
    }

    /// Rebuilds the table with more than `keys` entries.
    fn resize(&self, vm: &Thread, keys: usize) -> PyResult<()> {
        let size = (keys + 1).next_power_of_two().max(SMALLEST);
        if size == SMALLEST && self.is_small() && self.fill.get() == self.used.get() {
            return Ok(());
        }
        let old = Self::new();
        let (large, used) =
            (if size == SMALLEST { ptr::null_mut() } else { allocate(vm, size)? }, self.len());
        self.swap(&old);
        self.large.set(large);
        self.mask.set(size - 1);
        self.used.set(used);
        self.fill.set(used);
        for index in 0..=old.mask.get() {
            let entry = old.entry(index);
            if !entry.key.is_null() {
                self.place(entry);
            }
        }
        // The keys have moved; only the block is left to free.
        old.free_block();
        std::mem::forget(old);
        Ok(())
    }

    #[inline(always)]
    fn is_small(&self) -> bool {
        self.large.get().is_null()
    }

    /// An entry, by an index up to the mask.
    #[inline(always)]
    fn entry(&self, index: usize) -> Entry {
        debug_assert!(index <= self.mask.get());
        // SAFETY: the index is up to the mask, which is one less than the number of entries.
        unsafe { *self.at(index) }
    }

    #[inline(always)]
    fn set_entry(&self, index: usize, entry: Entry) {
        debug_assert!(index <= self.mask.get());
        // SAFETY: as in `entry`.
        unsafe { *self.at(index) = entry };
    }

    #[inline(always)]
    fn at(&self, index: usize) -> *mut Entry {
        let entries = if self.is_small() { self.small.as_ptr().cast_mut().cast() } else { self.large.get() };
        entries.wrapping_add(index)
    }

    fn free_block(&self) {
        if !self.is_small() {
            // SAFETY: allocated in `allocate` with this layout.
            unsafe { alloc::dealloc(self.large.get().cast(), block(self.mask.get() + 1)) };
        }
    }
}

/// Where a search ended.
enum Search {
    Found(usize),
    /// At an entry never used; and the last deleted entry on the way.
    Missing {
        unused: usize,
        deleted: Option<usize>,
    },
}

/// The probe sequence: runs of neighbours, with jumps between them.
struct Probe {
    index: usize,
    mask: usize,
    perturb: u64,
}

impl Probe {
    #[inline(always)]
    fn new(hash: i64, mask: usize) -> Self {
        Self { index: hash as usize & mask, mask, perturb: hash as u64 }
    }

    #[inline(always)]
    fn run(&self) -> std::ops::Range<usize> {
        let more = if self.index + LINEAR_PROBES <= self.mask { LINEAR_PROBES } else { 0 };
        self.index..self.index + more + 1
    }

    #[inline(always)]
    fn jump(&mut self) {
        self.perturb >>= PERTURB_SHIFT;
        let next = self.index.wrapping_mul(5).wrapping_add(1).wrapping_add(self.perturb as usize);
        self.index = next & self.mask;
    }
}

/// The layout of so many entries, whose number `allocate` has checked.
fn block(entries: usize) -> Layout {
    Layout::array::<Entry>(entries).expect("the layout was valid when allocated")
}

/// A block of so many unused entries.
fn allocate(vm: &Thread, entries: usize) -> PyResult<*mut Entry> {
    let Ok(layout) = Layout::array::<Entry>(entries) else { return Err(vm.memory_error()) };
    // SAFETY: the size is not zero.
    let block: *mut Entry = unsafe { alloc::alloc(layout) }.cast();
    if block.is_null() {
        return Err(vm.memory_error());
    }
    vm.heap().account(0, layout.size());
    for index in 0..entries {
        // SAFETY: within the block.
        unsafe { block.add(index).write(Entry::UNUSED) };
    }
    Ok(block)
}

impl Default for SetTable {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for SetTable {
    fn drop(&mut self) {
        let mut left = self.used.get();
        let mut index = 0;
        while left > 0 {
            let key = self.entry(index).key;
            if !key.is_null() {
                left -= 1;
                // SAFETY: the table is ours alone, and each key is released once.
                unsafe { key.release() };
            }
            index += 1;
        }
        self.free_block();
    }
}

impl Trace for SetTable {
    fn trace(&self, visitor: &mut Visitor<'_>) {
        for index in 0..=self.mask.get() {
            let key = self.entry(index).key;
            if !key.is_null() {
                visitor.value(key);
            }
        }
    }
    fn clear(&self) {
        drop(self.take());
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

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

    fn add(vm: &Thread, table: &SetTable, key: i64) -> bool {
        table.add(vm, int(key).borrow(), key).unwrap()
    }

    fn keys(table: &SetTable) -> Vec<i64> {
        let mut position = 0;
        std::iter::from_fn(|| table.next(&mut position)).map(|(key, _)| number(&key)).collect()
    }

    struct Random(u64);

    impl Random {
        fn below(&mut self, bound: u64) -> u64 {
            self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (self.0 >> 33) % bound
        }
    }

    #[test]
    fn behaves_as_a_set() {
        // Miri takes a minute for a hundred steps.
        let phase = if cfg!(miri) { 25 } else { 1000 };
        with_vm(|vm| {
            let (table, mut model, mut random) = (SetTable::new(), HashSet::new(), Random(3));
            for step in 0..20 * phase {
                let key = random.below(if step % (2 * phase) < phase { 20 } else { 500 }) as i64 * 8;
                match random.below(8) {
                    0..4 => assert_eq!(add(vm, &table, key), model.insert(key)),
                    4..7 => {
                        let removed = table.remove(vm, int(key).borrow(), key).unwrap();
                        assert_eq!(removed.is_some(), model.remove(&key));
                    }
                    _ => match table.pop() {
                        Some(key) => assert!(model.remove(&number(&key))),
                        None => assert!(model.is_empty()),
                    },
                }
                assert_eq!(table.len(), model.len());
                if step % 32 == 0 {
                    assert_eq!(keys(&table).into_iter().collect::<HashSet<_>>(), model);
                    assert_eq!(table.hashes().count(), model.len());
                }
            }
        });
    }

    /// Runs a random program of set operations and folds the order of the keys after each step. CPython 3.14, running
    /// the same program (`tests/golden/containers/set_order.py` has it), gives the figures that the tests expect.
    fn order_fingerprint(vm: &Thread, seed: u64, steps: usize, bound: u64) -> u64 {
        let mut random = Random(seed);
        let mut sets = [SetTable::new(), SetTable::new()];
        let mut fingerprint = 0u64;
        for _ in 0..steps {
            let which = random.below(2) as usize;
            let stride = [1, 8, 1024][random.below(3) as usize];
            let key = (random.below(bound) * stride) as i64;
            match random.below(20) {
                0..11 => {
                    add(vm, &sets[which], key);
                }
                11..16 => {
                    sets[which].remove(vm, int(key).borrow(), key).unwrap();
                }
                16..18 => {
                    let popped = sets[which].pop().map_or(7, |key| number(&key));
                    fingerprint = fingerprint.wrapping_mul(31).wrapping_add(popped as u64);
                }
                18 => sets[which].merge(vm, &sets[1 - which]).unwrap(),
                _ => sets[which] = sets[1 - which].copy(vm).unwrap(),
            }
            for key in keys(&sets[which]) {
                fingerprint = fingerprint.wrapping_mul(31).wrapping_add(key as u64);
            }
        }
        fingerprint
    }

    #[test]
    #[cfg_attr(miri, ignore = "takes hours")]
    fn order_is_cpythons() {
        with_vm(|vm| {
            assert_eq!(order_fingerprint(vm, 1, 2000, 40), 8342259004336735910);
            assert_eq!(order_fingerprint(vm, 2, 4000, 2000), 1644794693010404013);
        });
    }

    #[test]
    #[cfg_attr(miri, ignore = "takes hours")]
    fn large_tables_grow_by_two() {
        with_vm(|vm| {
            let table = SetTable::new();
            (0..200_000).for_each(|key| assert!(add(vm, &table, key * 7)));
            let fold =
                keys(&table).iter().fold(0u64, |fold, &key| fold.wrapping_mul(31).wrapping_add(key as u64));
            assert_eq!(fold, 13207516935207770158);
        });
    }
}
