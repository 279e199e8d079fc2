//! The end of objects: `__del__`, weak references, and the natives' finalisers.
//!
//! An object whose last reference goes first runs its finaliser, once in its life (PEP 442). The finaliser sees an object
//! that is alive, weak references included, and may make new references to it: then it lives on. Otherwise its weak references
//! are cleared, their callbacks are called, and its memory is freed. Objects in cycles run their finalisers
//! together, before any of them is taken apart.

use crate::heap::{Shape, flag, gc};
use crate::types::weakref::WeakReference;
use crate::value::{Owned, Ref};
use crate::vm::Thread;
use crate::weak;

/// Runs what an object wants run before it ends; the object's count is one. Whoever finds the count larger afterwards knows
/// that the object was resurrected.
pub(crate) fn finalize(vm: &Thread, object: Ref<'_>) {
    let Some(header) = object.header() else { return };
    run_finalizer(vm, object);
    if header.references() != 1 {
        return;
    }
    if header.has(flag::WEAKLY_REFERENCED) {
        weak::clear(vm, object);
    }
    if header.has(flag::INTERNED) {
        vm.interpreter().interned.remove(object);
    }
}

/// Runs the finaliser of an object in an unreachable cycle; whether it had one that had not run before.
pub(crate) fn finalize_in_cycle(vm: &Thread, object: Ref<'_>) -> bool {
    run_finalizer(vm, object)
}

fn run_finalizer(vm: &Thread, object: Ref<'_>) -> bool {
    let Some(header) = object.header() else { return false };
    if header.has(flag::FINALIZED) || !header.shape().is_some_and(Shape::has_finalizer) {
        return false;
    }
    header.set(flag::FINALIZED);
    if let Some(finalize) = vm.type_of(object).slots.finalize.get() {
        finalize(vm, object);
    }
    true
}

impl Thread {
    /// Whether an object's class is not written in Python.
    pub fn has_native_class(&self, object: Ref<'_>) -> bool {
        !object.header().is_some_and(|header| header.has(flag::SUBCLASS))
    }

    /// Whether anybody would notice the end of the objects that there are: a finaliser that has not run, the callback of a
    /// weak reference, or who listens to the collector. The `known` objects do not count.
    pub fn end_is_noticed(&self, known: &[Owned]) -> bool {
        let notices = |object: Ref<'_>| {
            let has_finalizer = object.header().is_some_and(|header| {
                !header.has(flag::FINALIZED) && header.shape().is_some_and(Shape::has_finalizer)
            });
            let calls_back = || {
                let reference = object.downcast::<WeakReference>();
                reference.is_some_and(|reference| !reference.callback.is_empty())
            };
            (has_finalizer || calls_back()) && !known.iter().any(|known| known.borrow().is(object))
        };
        self.interpreter().collector.is_listened_to() || gc::any(self, notices)
    }
}
