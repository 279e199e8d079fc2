//! The cycle collector: finds objects that only refer to each other, and ends them.
//!
//! Reference counts free everything but cycles. A collection counts, for every object that can hold references, how many of
//! its references come from other such objects (*trial deletion*, Bacon and Rajan 2001, as CPython does it). Objects with
//! more references than that are held from outside, by a running frame, native code or a plain object, and whatever
//! they reach lives. The rest is garbage, and ends as CPython ends it: weak references are cleared and their callbacks
//! called; then finalisers run; then the count again, because a finaliser may have brought something back (PEP 442); then
//! each object lets go of what it holds.
//!
//! Objects are found by walking the heap's pages, so being collectable costs an object nothing. A collection starts when the
//! live objects have grown by a quarter since the last one: its cost is then a constant per allocation, however large
//! the heap.
//!
//! # Safety model
//!
//! While counting, nothing runs and nothing is allocated or freed on the heap: the [tally](super::page::tally) has numbers
//! of live objects.
//! Afterwards every garbage object is held by an `Owned` of the collector, so that no step frees another's object.
#![expect(unsafe_code, reason = "walks the heap")]

use std::sync::atomic::Ordering;

use super::object::{Header, Visitor};
use super::page::tally::{OutOfMemory, Tally};
use super::{Heap, Kind, for_each_extra};
use crate::value::{Owned, Ref, Value};
use crate::vm::{Thread, request};

/// Growth, in objects, that lets a small heap go without a collection, unless the program sets another.
pub(crate) const MINIMUM_GROWTH: isize = 20_000;

/// What a collection did.
#[derive(Debug, Default)]
pub(crate) struct Collected {
    /// Unreachable objects found that no finaliser brought back.
    pub(crate) found: usize,
    /// Those that are kept instead of freed, if that was asked for.
    pub(crate) saved: Vec<Owned>,
}

/// [`Header::mark`] of objects that collections leave out.
const FROZEN: u8 = 1;

/// Candidates, and the references of each that do not come from others: its number is one more than these, so that a
/// candidate has one.
struct Counts<'h> {
    tally: Tally<'h>,
    candidates: usize,
}

impl<'h> Counts<'h> {
    /// No candidates.
    fn new(heap: &'h Heap) -> Self {
        Self { tally: heap.memory.tally(), candidates: 0 }
    }

    /// Makes a live object a candidate.
    fn add(&mut self, object: *const Header) -> Result<(), OutOfMemory> {
        // SAFETY: the object is alive.
        let references = unsafe { (*object).references() };
        self.candidates += 1;
        self.tally.set(object, references.min(MISSED - 2) + 1)
    }

    /// The candidates that nothing outside refers to; `held` references of each are the collector's own.
    fn unreachable(self, held: u32) -> Vec<*const Header> {
        let tally = self.tally;
        tally.for_each(|object, _| {
            trace(object, &mut |value| {
                let number = tally.get(value.header());
                if number > 1 {
                    tally.change(value.header(), number - 1);
                }
            });
        });
        let mut reached =
            Reached { tally: &tally, limit: self.candidates / 16 + 1024, pending: Vec::new(), missed: false };
        tally.for_each(|object, number| {
            if number - 1 > held {
                reached.from(object);
            }
        });
        while std::mem::take(&mut reached.missed) {
            tally.for_each(|object, number| {
                if number == MISSED {
                    reached.from(object);
                }
            });
        }
        let mut garbage = Vec::new();
        tally.for_each(|object, _| garbage.push(object));
        garbage
    }
}

/// The number of a candidate that is reached, while it is not followed further.
const MISSED: u32 = u32::MAX;

/// The walk over what lives. What it reaches is a candidate no more.
struct Reached<'t, 'h> {
    tally: &'t Tally<'h>,
    /// How many objects may wait at once: a list can have any number of items.
    limit: usize,
    pending: Vec<*const Header>,
    /// Whether there are objects that found no place among those that wait.
    missed: bool,
}

impl Reached<'_, '_> {
    /// Follows the references of an object, and of what they lead to.
    fn from(&mut self, object: *const Header) {
        self.reach(object);
        while let Some(object) = self.pending.pop() {
            trace(object, &mut |value| {
                if !matches!(self.tally.get(value.header()), 0 | MISSED) {
                    self.reach(value.header());
                }
            });
        }
    }

    fn reach(&mut self, object: *const Header) {
        let has_room = self.pending.len() < self.limit;
        self.tally.change(object, if has_room { 0 } else { MISSED });
        self.missed |= !has_room;
        if has_room {
            self.pending.push(object);
        }
    }
}

/// Shows every reference to an object that an object holds.
pub(crate) fn trace(object: *const Header, visit: &mut dyn FnMut(Value)) {
    show(object, Visitor { visit, immediates: false });
}

fn show(object: *const Header, mut visitor: Visitor<'_>) {
    // SAFETY: the object is alive; the visitor runs no Python.
    unsafe {
        let Some(shape) = (*object).shape() else { return };
        (shape.ops().trace)(object.add(1).cast(), &mut visitor);
        for_each_extra(object, |slot| {
            if !(*slot).is_null() {
                visitor.value(*slot);
            }
        });
        if (*object).has(super::flag::SUBCLASS) {
            visitor.value(Value::from_header(shape.class()));
        }
    }
}

/// Whether an object can hold references: an instance of a class that a program defines at least the one to its class.
pub(crate) fn is_tracked(object: &Header) -> bool {
    let holds = object.has(super::flag::EXTRAS) || object.has(super::flag::SUBCLASS);
    object.shape().is_some_and(|shape| holds || shape.ops().traced)
}

impl Heap {
    /// Asks for a collection at the next poll, if the heap has grown enough for it to pay. Garbage in cycles makes the
    /// heap grow, so it is enough to ask whenever it does.
    #[cold]
    pub(super) fn has_grown(&self) {
        let limit = self.growth.get().max(self.survivors.get() / 4);
        let may_collect = self.enabled.get() && self.growth.get() > 0 && !self.collecting.get();
        if !may_collect || self.young.get() <= limit {
            return;
        }
        // SAFETY: the thread is alive while it is the heap's.
        if let Some(thread) = unsafe { self.thread.get().as_ref() } {
            thread.breaker.fetch_or(request::COLLECT, Ordering::Relaxed);
        }
    }

    /// Counts over every object that can hold references.
    fn counts(&self) -> Result<Counts<'_>, OutOfMemory> {
        let mut counts = Counts::new(self);
        let mut result = Ok(());
        self.for_each(|object| {
            // SAFETY: `for_each` shows live objects.
            let header = unsafe { &*object };
            if header.references() != 0 && is_tracked(header) && header.mark.get() != FROZEN && result.is_ok()
            {
                result = counts.add(object);
            }
        });
        result.map(|()| counts)
    }
}

/// Objects made since the last collection, and those that lived through it.
pub(crate) fn population(vm: &Thread) -> (isize, isize) {
    (vm.heap().young.get().max(0), vm.heap().survivors.get())
}

/// Every object that can hold references, the frozen ones included.
pub(crate) fn objects(vm: &Thread) -> Vec<Owned> {
    let mut objects = Vec::new();
    vm.heap().for_each(|object| {
        // SAFETY: `for_each` shows live objects; those whose count is zero are about to end.
        unsafe {
            if (*object).references() != 0 && is_tracked(&*object) && (*object).shape().is_some() {
                objects.push(Ref::from_value(Value::from_header(object)).own());
            }
        }
    });
    objects
}

/// Whether there is an object of this sort.
pub(crate) fn any(vm: &Thread, is_wanted: impl Fn(Ref<'_>) -> bool) -> bool {
    let mut found = false;
    vm.heap().for_each(|object| {
        // SAFETY: `for_each` shows live objects; those whose count is zero are about to end.
        unsafe {
            if !found && (*object).references() != 0 {
                found = is_wanted(Ref::from_value(Value::from_header(object)));
            }
        }
    });
    found
}

/// Shows what an object refers to.
pub(crate) fn referents(object: Ref<'_>, visit: &mut dyn FnMut(Ref<'_>)) {
    let Some(header) = object.header() else { return };
    // SAFETY: the object keeps what it refers to alive, and the visitor runs no Python.
    let visit = &mut |value| visit(unsafe { Ref::from_value(value) });
    show(header, Visitor { visit, immediates: true });
}

/// How many objects are left out of collections.
pub(crate) fn frozen(vm: &Thread) -> usize {
    let mut count = 0;
    // SAFETY: `for_each` shows live objects.
    vm.heap().for_each(|object| count += usize::from(unsafe { (*object).mark.get() } == FROZEN));
    count
}

/// Leaves all objects there are out of later collections, or no longer.
pub(crate) fn set_frozen(vm: &Thread, frozen: bool) {
    vm.heap().for_each(|object| {
        // SAFETY: `for_each` shows live objects.
        let header = unsafe { &*object };
        if is_tracked(header) {
            header.mark.set(if frozen { FROZEN } else { 0 });
        }
    });
}

/// Collects garbage: the whole heap. The garbage is shown to `show`, and kept instead of freed if `save` says so.
pub(crate) fn collect(vm: &Thread, save: bool, show: &mut dyn FnMut(Ref<'_>)) -> Collected {
    let heap = vm.heap();
    if heap.collecting.replace(true) {
        return Collected::default();
    }
    // Without memory to count in, nothing is found.
    let (candidates, garbage) =
        heap.counts().map_or((0, Vec::new()), |counts| (counts.candidates, counts.unreachable(0)));
    heap.survivors.set((candidates - garbage.len()) as isize);
    heap.young.set(0);
    let result = dispose(vm, garbage, save, show);
    heap.collecting.set(false);
    result
}

/// The objects that are garbage even after their finalisers ran; the collector holds each.
fn still_unreachable(heap: &Heap, garbage: &[*const Header]) -> Vec<*const Header> {
    let mut counts = Counts::new(heap);
    match garbage.iter().try_for_each(|&object| counts.add(object)) {
        Ok(()) => counts.unreachable(1),
        Err(OutOfMemory) => Vec::new(),
    }
}

/// Ends the objects of unreachable cycles.
fn dispose(vm: &Thread, garbage: Vec<*const Header>, save: bool, show: &mut dyn FnMut(Ref<'_>)) -> Collected {
    // SAFETY: garbage is alive; the collector takes one reference of each.
    let held: Vec<Owned> =
        garbage.iter().map(|&object| unsafe { Ref::from_value(Value::from_header(object)) }.own()).collect();
    held.iter().for_each(|object| show(object.borrow()));
    crate::weak::clear_all(vm, &held);
    let mut finalised = false;
    for object in &held {
        finalised |= crate::finalize::finalize_in_cycle(vm, object.borrow());
    }
    let doomed = if finalised { still_unreachable(vm.heap(), &garbage) } else { garbage };
    // SAFETY: as above; the objects are still held.
    let doomed: Vec<Owned> =
        doomed.iter().map(|&object| unsafe { Ref::from_value(Value::from_header(object)) }.own()).collect();
    let found = doomed.len();
    drop(held);
    if finalised {
        crate::weak::clear_all(vm, &doomed);
    }
    if save {
        return Collected { found, saved: doomed };
    }
    for class in doomed.iter().filter(|object| object.borrow().kind() == Kind::Type) {
        crate::types::type_::disconnect(vm, class.borrow());
    }
    for object in &doomed {
        clear(object.borrow());
    }
    Collected { found, saved: Vec::new() }
}

/// Makes an object let go of what it holds, where its type allows it.
fn clear(object: Ref<'_>) {
    let Some(header) = object.header() else { return };
    // SAFETY: the object is alive; values move out of it before they are dropped.
    unsafe {
        if let Some(shape) = header.shape() {
            (shape.ops().clear)(object.value().header().add(1).cast());
        }
        let mut old = Vec::new();
        for_each_extra(object.value().header(), |slot| {
            let value = slot.replace(Value::NULL);
            if !value.is_null() {
                old.push(Owned::from_value(value));
            }
        });
        drop(old);
    }
}
