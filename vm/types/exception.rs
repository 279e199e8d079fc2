//! Exception objects.

use crate::exception::Raised;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// A `MemoryError`, made without allocating if need be.
pub(crate) fn memory_error(vm: &Thread) -> Owned {
    let _ = vm;
    unimplemented!()
}

/// A `StopIteration` with these arguments.
pub(crate) fn stop_iteration(vm: &Thread, args: &[Ref<'_>]) -> Raised {
    let _ = (vm, args);
    unimplemented!()
}
