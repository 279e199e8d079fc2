//! The end of objects: `__del__`, weak references, and the natives' finalisers.

use crate::heap::Header;
use crate::vm::Thread;

/// Runs what an object wants run before it ends; the object's count is one. Whether it was resurrected, its count then being
/// what its new owners hold.
pub(crate) fn finalize(vm: &Thread, object: *const Header) -> bool {
    let _ = (vm, object);
    unimplemented!()
}
