//! Signals.
//!
//! A handler of the operating system only notes the signal and sets the eval-breaker; Python's handlers run at the
//! main thread's next poll.

use crate::exception::{PyResult, Raised};
use crate::vm::Thread;

/// Runs the Python handlers of the signals that arrived.
pub(crate) fn deliver(vm: &Thread) -> PyResult<()> {
    Err(interrupt(vm))
}

/// `KeyboardInterrupt`, as SIGINT raises it by default.
fn interrupt(vm: &Thread) -> Raised {
    vm.error_with(&vm.exceptions().KeyboardInterrupt, &[])
}
