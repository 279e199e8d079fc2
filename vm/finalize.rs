//! The end of objects: `__del__`, weak references, and the natives' finalisers.

use crate::heap::flag;
use crate::value::Ref;
use crate::vm::Thread;

/// Runs what an object wants run before it ends; the object's count is one. Whoever finds the count larger afterwards knows
/// that the object was resurrected.
pub(crate) fn finalize(vm: &Thread, object: Ref<'_>) {
    let Some(header) = object.header() else { return };
    if header.has(flag::INTERNED) {
        vm.interpreter().interned.remove(object);
    }
}
