//! The lock behind all locks: a word that a futex waits on.
//!
//! It is not bound to a thread: whoever holds it may let any other release it. Waiting gives the interpreter to other threads,
//! and is interrupted by signals.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use pyx_vm::exception::PyResult;
use pyx_vm::untraced;
use pyx_vm::vm::Thread;
use rustix::io::Errno;
use rustix::thread::futex::{self, Flags, Timespec};

/// See the module.
#[derive(Default)]
pub(crate) struct Mutex(AtomicU32);

untraced!(Mutex);

const FREE: u32 = 0;
const HELD: u32 = 1;
/// Held, and somebody may wait.
const AWAITED: u32 = 2;

impl Mutex {
    /// Takes the lock if it is free.
    pub(crate) fn try_acquire(&self) -> bool {
        self.0.compare_exchange(FREE, HELD, Ordering::Acquire, Ordering::Relaxed).is_ok()
    }

    /// Takes the lock, waiting for it, at most for a time; whether it was taken. Signals are served meanwhile.
    pub(crate) fn acquire(&self, vm: &Thread, timeout: Timeout) -> PyResult<bool> {
        if self.try_acquire() {
            return Ok(true);
        }
        let deadline = match timeout {
            Timeout::Forever => None,
            Timeout::After(duration) if duration.is_zero() => return Ok(false),
            // A time so far off never comes.
            Timeout::After(duration) => Instant::now().checked_add(duration),
        };
        loop {
            if self.0.swap(AWAITED, Ordering::Acquire) == FREE {
                return Ok(true);
            }
            let left = match deadline {
                None => None,
                Some(deadline) => match deadline.checked_duration_since(Instant::now()) {
                    None | Some(Duration::ZERO) => return Ok(false),
                    Some(left) => Timespec::try_from(left).ok(),
                },
            };
            let waited = vm.allow_threads(|| futex::wait(&self.0, Flags::PRIVATE, AWAITED, left.as_ref()));
            if waited == Err(Errno::INTR) {
                vm.check_signals()?;
            }
        }
    }

    /// Frees the lock; whether it was held.
    pub(crate) fn release(&self) -> bool {
        let before = self.0.swap(FREE, Ordering::Release);
        if before == AWAITED {
            // Nobody waiting any more is no error.
            let _ = futex::wake(&self.0, Flags::PRIVATE, 1);
        }
        before != FREE
    }

    /// Whether it is held.
    pub(crate) fn is_held(&self) -> bool {
        self.0.load(Ordering::Relaxed) != FREE
    }

    /// Makes it free in a child process, where its holder may be no more.
    pub(crate) fn reinitialise(&self) {
        self.0.store(FREE, Ordering::Relaxed);
    }
}

/// How long to wait for a lock.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Timeout {
    Forever,
    After(Duration),
}
