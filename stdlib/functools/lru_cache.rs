//! `_lru_cache_wrapper`: a function that remembers its results.
//!
//! A dict maps the arguments to the results: to the result itself where the cache has no bound, and to the number of a link in
//! a list otherwise. The list has the results from the one used longest ago to the last one used.
//!
//! Looking up arguments may call their `__eq__`, and so may come back here, as the function may. So numbers in the dict are those
//! of live links at any time: a link is put into the list when its number is in the dict, which runs nothing afterwards, and
//! clearing the cache leaves links alone that are on their way into the list or out of it.

use std::cell::{Cell, RefCell};

use pyx_vm::arguments::Args;
use pyx_vm::exception::PyResult;
use pyx_vm::heap::dict::Table;
use pyx_vm::heap::{Slot, Trace, Visitor};
use pyx_vm::native::*;
use pyx_vm::types::iterator::REDUCE;
use pyx_vm::types::object::{dict_of, set_native_dict_of};
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload, signature};

payload! {
    /// A function with a cache.
    pub(super) struct LruCache: Native {
        function: Owned,
        cache: Table,
        links: RefCell<Links>,
        bound: Bound,
        typed: bool,
        /// Goes between positional and keyword arguments in keys.
        mark: Owned,
        hits: Cell<u64>,
        misses: Cell<u64>,
        cache_info: Owned,
        /// `__dict__`
        dict: Slot,
    }
}

/// How many results a cache keeps.
#[derive(Clone, Copy)]
enum Bound {
    None,
    /// At most so many; perhaps none.
    Size(usize),
}

pyx_vm::untraced!(Bound);
class! { LruCache => LRU_CACHE; }

/// A result in the list.
struct Link {
    older: u32,
    newer: u32,
    /// Whether it is in the list.
    linked: bool,
    /// Of the arguments.
    hash: i64,
    /// Arguments and result; absent in free links, and in the first one.
    entry: Option<(Owned, Owned)>,
}

/// The list of results, by numbers. Number 0 is both ends; free links hang together by `newer`.
struct Links {
    links: Vec<Link>,
    free: u32,
}

const ENDS: u32 = 0;

impl Link {
    const EMPTY: Self = Self { older: ENDS, newer: ENDS, linked: false, hash: 0, entry: None };
}

impl Default for Links {
    fn default() -> Self {
        Self { links: vec![Link::EMPTY], free: ENDS }
    }
}

impl Trace for Links {
    fn trace(&self, visitor: &mut Visitor<'_>) {
        for link in &self.links {
            link.entry.trace(visitor);
        }
    }
}

impl Links {
    /// The number of a link that is not in the list.
    fn allocate(&mut self, vm: &Thread) -> PyResult<u32> {
        if self.free != ENDS {
            let number = self.free;
            self.free = self.links[number as usize].newer;
            return Ok(number);
        }
        let number = self.links.len();
        let Some(number) = u32::try_from(number).ok().filter(|_| self.links.try_reserve(1).is_ok()) else {
            return Err(vm.memory_error());
        };
        self.links.push(Link::EMPTY);
        Ok(number)
    }

    /// Gives a link back that is not in the list; the caller lets go of its entry.
    fn release(&mut self, number: u32) -> Option<(Owned, Owned)> {
        self.links[number as usize].newer = self.free;
        self.free = number;
        self.links[number as usize].entry.take()
    }

    /// Takes a link out of the list; says whether it was there.
    fn unlink(&mut self, number: u32) -> bool {
        let link = &mut self.links[number as usize];
        let (older, newer) = (link.older, link.newer);
        if !std::mem::replace(&mut link.linked, false) {
            return false;
        }
        self.links[older as usize].newer = newer;
        self.links[newer as usize].older = older;
        true
    }

    /// Puts a link into the list, as the last one used.
    fn append(&mut self, number: u32) {
        self.insert(number, self.links[ENDS as usize].older);
    }

    /// Puts a link into the list behind another.
    fn insert(&mut self, number: u32, older: u32) {
        let newer = self.links[older as usize].newer;
        self.links[older as usize].newer = number;
        self.links[newer as usize].older = number;
        let link = &mut self.links[number as usize];
        (link.older, link.newer, link.linked) = (older, newer, true);
    }

    /// Takes all links out of the list; the entries are for the caller to let go of.
    fn take_all(&mut self) -> Vec<(Owned, Owned)> {
        let mut entries = Vec::new();
        while self.oldest() != ENDS {
            let number = self.oldest();
            self.unlink(number);
            entries.extend(self.release(number));
        }
        entries
    }

    /// The link used longest ago.
    fn oldest(&self) -> u32 {
        self.links[ENDS as usize].newer
    }
}

pub(super) static LRU_CACHE: TypeDef = TypeDef {
    module: "functools",
    flags: TypeFlags { weakref: true, dict: true, method_descriptor: true, ..TypeFlags::NONE },
    dict_slot: Some(|this| this.downcast::<LruCache>().map(|cache| &cache.dict)),
    doc: "A callable that remembers the results of a function.\n\n\
          user_function: the function.\n\
          maxsize: how many results are kept at most; 0 for none, None for all.\n\
          typed: whether arguments of different types are different even if they are equal.\n\
          cache_info_type: makes the statistics from hits, misses, maxsize and the current size.",
    methods: &[
        method("cache_info($self, /)", One(cache_info), "Statistics of the cache."),
        method("cache_clear($self, /)", One(cache_clear), "Forget all results and the statistics."),
        method("__reduce__($self, /)", One(reduce), REDUCE),
        method("__copy__($self, /, *args)", Many(itself), "The function itself.")
            .untold()
            .wording(Wording::Tuple),
        method("__deepcopy__($self, /, *args)", Many(itself), "The function itself.")
            .untold()
            .wording(Wording::Tuple),
    ],
    getset: &[getset("__dict__", dict_of, set_native_dict_of, "The attributes, as a dict.")],
    attributes: &[MODULE],
    slots: Slots { new: Some(new), call: Some(call), descr_get: Some(descr_get), ..Slots::NONE },
    ..TypeDef::new::<LruCache>("_lru_cache_wrapper")
};

impl LruCache {
    fn of(this: Ref<'_>) -> &Self {
        this.downcast().expect("the receiver is a function with a cache")
    }
}

fn new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    args.bind(vm, signature!("lru_cache(user_function, maxsize, typed, cache_info_type)"), |bound| {
        let (function, maxsize) = (bound.required(0), bound.required(1));
        let typed = vm.is_true(bound.required(2))?;
        if !vm.is_callable(function) {
            return Err(vm.type_error("the first argument must be callable"));
        }
        let bound_by = if maxsize.is_none() {
            Bound::None
        } else if vm.is_index(maxsize) {
            Bound::Size(vm.to_count(maxsize)?.max(0) as usize)
        } else {
            return Err(vm.type_error("maxsize should be integer or None"));
        };
        let cache = LruCache {
            function: function.own(),
            cache: Table::new(),
            links: RefCell::default(),
            bound: bound_by,
            typed,
            mark: vm.call(vm.types().object.borrow(), &[])?,
            hits: Cell::new(0),
            misses: Cell::new(0),
            cache_info: bound.required(3).own(),
            dict: Slot::empty(),
        };
        vm.new_object_of(class, cache)
    })
}

fn call(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult {
    vm.check_stack()?;
    let cache = LruCache::of(this);
    match cache.bound {
        Bound::Size(0) => {
            cache.miss();
            vm.call_args(cache.function.borrow(), args)
        }
        Bound::None => cache.call_unbounded(vm, args),
        Bound::Size(size) => cache.call_bounded(vm, args, size),
    }
}

impl LruCache {
    fn hit(&self) {
        self.hits.set(self.hits.get() + 1);
    }

    fn miss(&self) {
        self.misses.set(self.misses.get() + 1);
    }

    /// The key of arguments: the only one itself if its class is int or str, and a tuple otherwise.
    fn key(&self, vm: &Thread, args: &Args<'_>) -> PyResult {
        let positional = args.positional();
        if !self.typed && !args.has_keywords() {
            if let &[only] = positional {
                let class = vm.class(only);
                if class.is(vm.types().int.borrow()) || class.is(vm.types().str.borrow()) {
                    return Ok(only.own());
                }
            }
            return vm.tuple_of(positional);
        }
        let mut parts: super::Values<Ref<'_>> = positional.into();
        if args.has_keywords() {
            parts.push(self.mark.borrow());
            for (name, value) in args.keywords() {
                parts.extend([name, value]);
            }
        }
        if self.typed {
            parts.extend(args.values().iter().map(|&value| vm.class(value)));
        }
        vm.tuple_of(&parts)
    }

    fn call_unbounded(&self, vm: &Thread, args: &Args<'_>) -> PyResult {
        let key = self.key(vm, args)?;
        let hash = vm.hash(key.borrow())?;
        let table = &self.cache;
        if let Some(result) = table.get(vm, key.borrow(), hash)? {
            self.hit();
            return Ok(result);
        }
        self.miss();
        let result = vm.call_args(self.function.borrow(), args)?;
        drop(table.insert(vm, key.borrow(), hash, result.clone())?);
        Ok(result)
    }

    fn call_bounded(&self, vm: &Thread, args: &Args<'_>, size: usize) -> PyResult {
        let key = self.key(vm, args)?;
        let hash = vm.hash(key.borrow())?;
        let table = &self.cache;
        if let Some(number) = table.get(vm, key.borrow(), hash)?
            && let Some(result) = self.use_link(number.borrow())
        {
            self.hit();
            return Ok(result);
        }
        self.miss();
        let result = vm.call_args(self.function.borrow(), args)?;
        // The call may have come here with the same arguments: then there is nothing left to do.
        if table.get(vm, key.borrow(), hash)?.is_none() {
            self.remember(vm, key, hash, &result, size)?;
        }
        Ok(result)
    }

    /// The result of a link, which becomes the last one used.
    fn use_link(&self, number: Ref<'_>) -> Option<Owned> {
        let number = u32::try_from(number.as_small_int()?).ok()?;
        let mut links = self.links.borrow_mut();
        let (_, result) = links.links.get(number as usize)?.entry.as_ref()?;
        let result = result.clone();
        if links.unlink(number) {
            links.append(number);
        }
        Some(result)
    }

    /// Puts a result into the cache, in place of the one used longest ago if the cache is full.
    fn remember(&self, vm: &Thread, key: Owned, hash: i64, result: &Owned, size: usize) -> PyResult<()> {
        let table = &self.cache;
        if table.len() >= size
            && let Some((number, old_key, old_hash)) = self.unlink_oldest()
        {
            let removed = table.remove(vm, old_key.borrow(), old_hash);
            if removed.is_err() {
                self.links.borrow_mut().insert(number, ENDS);
                return removed.map(drop);
            }
            let old = self.links.borrow_mut().release(number);
            drop(old);
            // Without the key, somebody else was here and removed it, who has made room for another result then.
            if matches!(removed, Ok(None)) {
                return Ok(());
            }
        }
        let number = {
            let mut links = self.links.borrow_mut();
            let number = links.allocate(vm)?;
            let link = &mut links.links[number as usize];
            link.hash = hash;
            link.entry = Some((key.clone(), result.clone()));
            number
        };
        let replaced = table.insert(vm, key.borrow(), hash, Owned::small_int(number as i32));
        let mut links = self.links.borrow_mut();
        let orphan = match &replaced {
            Ok(old) => {
                links.append(number);
                // Comparing keys may have put this one in.
                old.as_ref().and_then(|old| old.borrow().as_small_int()).map(|old| old as u32)
            }
            Err(_) => Some(number),
        };
        let entry = orphan.and_then(|orphan| {
            links.unlink(orphan);
            links.release(orphan)
        });
        drop(links);
        drop(entry);
        replaced.map(drop)
    }

    /// Takes the link used longest ago out of the list: its number, key and hash.
    fn unlink_oldest(&self) -> Option<(u32, Owned, i64)> {
        let mut links = self.links.borrow_mut();
        let number = links.oldest();
        if number == ENDS {
            return None;
        }
        links.unlink(number);
        let link = &links.links[number as usize];
        let (key, _) = link.entry.as_ref()?;
        Some((number, key.clone(), link.hash))
    }
}

fn descr_get(vm: &Thread, this: Ref<'_>, instance: Option<Ref<'_>>, _owner: Option<Ref<'_>>) -> PyResult {
    match instance.filter(|instance| !instance.is_none()) {
        Some(instance) => vm.bound_method(this, instance),
        None => Ok(this.own()),
    }
}

fn cache_info(vm: &Thread, this: Ref<'_>) -> PyResult {
    let cache = LruCache::of(this);
    let maxsize = match cache.bound {
        Bound::None => Owned::none(),
        Bound::Size(size) => vm.size(size)?,
    };
    let (hits, misses) = (vm.uint(cache.hits.get())?, vm.uint(cache.misses.get())?);
    let len = vm.size(cache.cache.len())?;
    vm.call(cache.cache_info.borrow(), &[hits.borrow(), misses.borrow(), maxsize.borrow(), len.borrow()])
}

fn cache_clear(_vm: &Thread, this: Ref<'_>) -> PyResult {
    let cache = LruCache::of(this);
    cache.hits.set(0);
    cache.misses.set(0);
    let table = cache.cache.take();
    let entries = cache.links.borrow_mut().take_all();
    drop(table);
    drop(entries);
    none()
}

fn reduce(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.get_attr(this, vm.names().__qualname__.borrow())
}

fn itself(_vm: &Thread, args: &pyx_vm::native::Bound<'_>) -> PyResult {
    Ok(args.required(0).own())
}
