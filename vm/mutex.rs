//! The lock behind all locks: a word that a futex waits on.
//!
//! It is not bound to a thread: whoever holds it may let any other release it. Waiting gives the interpreter to other threads. Nothing
//! but the word is shared, so that a child process can go on with it, whatever other threads did when the process forked.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use rustix::io::Errno;
use rustix::thread::futex::{self, Flags, Timespec};

use crate::exception::PyResult;
use crate::untraced;
use crate::vm::Thread;

/// See the module.
#[derive(Debug, Default)]
pub struct Mutex(AtomicU32);

untraced!(Mutex);

const FREE: u32 = 0;
const HELD: u32 = 1;
/// Held, and somebody may wait.
const AWAITED: u32 = 2;

/// How long to wait for a lock.
#[derive(Clone, Copy, Debug)]
pub enum Timeout {
    /// Until it is free.
    Forever,
    /// At most so long.
    After(Duration),
}

/// What came of waiting once.
enum Wait {
    Taken,
    TimedOut,
    /// By a signal.
    Interrupted,
    /// The lock may be free.
    Woken,
}

impl Mutex {
    /// Takes the lock if it is free.
    pub fn try_acquire(&self) -> bool {
        self.0.compare_exchange(FREE, HELD, Ordering::Acquire, Ordering::Relaxed).is_ok()
    }

    /// Takes the lock, waiting for it, at most for a time; whether it was taken. Signals are served meanwhile.
    pub fn acquire(&self, vm: &Thread, timeout: Timeout) -> PyResult<bool> {
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
            match self.wait(vm, deadline) {
                Wait::Taken => return Ok(true),
                Wait::TimedOut => return Ok(false),
                Wait::Interrupted => vm.check_signals()?,
                Wait::Woken => {}
            }
        }
    }

    /// Takes the lock, waiting for it. Signals wait, too.
    pub fn acquire_uninterrupted(&self, vm: &Thread) {
        if !self.try_acquire() {
            while !matches!(self.wait(vm, None), Wait::Taken) {}
        }
    }

    /// Takes the lock, or waits until it may be free. It is taken as one that others wait for, too: who has waited does not know that
    /// nobody else does.
    fn wait(&self, vm: &Thread, deadline: Option<Instant>) -> Wait {
        if self.0.swap(AWAITED, Ordering::Acquire) == FREE {
            return Wait::Taken;
        }
        let left = match deadline {
            None => None,
            Some(deadline) => match deadline.checked_duration_since(Instant::now()) {
                None | Some(Duration::ZERO) => return Wait::TimedOut,
                Some(left) => Timespec::try_from(left).ok(),
            },
        };
        match vm.allow_threads(|| futex::wait(&self.0, Flags::PRIVATE, AWAITED, left.as_ref())) {
            Err(Errno::INTR) => Wait::Interrupted,
            _ => Wait::Woken,
        }
    }

    /// Frees the lock; whether it was held.
    pub fn release(&self) -> bool {
        let before = self.0.swap(FREE, Ordering::Release);
        if before == AWAITED {
            // Nobody waiting any more is no error.
            let _ = futex::wake(&self.0, Flags::PRIVATE, 1);
        }
        before != FREE
    }

    /// Whether it is held.
    pub fn is_held(&self) -> bool {
        self.0.load(Ordering::Relaxed) != FREE
    }

    /// Makes it free when its holder is no more, as in a child process.
    pub fn reinitialise(&self) {
        self.0.store(FREE, Ordering::Relaxed);
    }
}

/// Counts events that threads wait for.
#[derive(Debug, Default)]
pub struct Bell(AtomicU32);

untraced!(Bell);

impl Bell {
    /// The count so far.
    pub fn count(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }

    /// Counts an event, and wakes who waits for it.
    pub fn ring(&self) {
        self.0.fetch_add(1, Ordering::Release);
        // Nobody waiting is no error.
        let _ = futex::wake(&self.0, Flags::PRIVATE, i32::MAX as u32);
    }

    /// Waits until the count is another one, at most until a time. Signals are served.
    pub fn wait(&self, vm: &Thread, count: u32, deadline: Option<Instant>) -> PyResult<()> {
        let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        let left = left.and_then(|left| Timespec::try_from(left).ok());
        match vm.allow_threads(|| futex::wait(&self.0, Flags::PRIVATE, count, left.as_ref())) {
            Err(Errno::INTR) => vm.check_signals(),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::rc::Rc;

    use super::*;
    use crate::bootstrap::test_vm;

    #[test]
    fn a_held_lock_times_out_and_is_freed_once() {
        test_vm(|vm| {
            let mutex = Mutex::default();
            assert!(mutex.acquire(vm, Timeout::Forever).unwrap());
            assert!(!mutex.acquire(vm, Timeout::After(Duration::ZERO)).unwrap());
            assert!(!mutex.acquire(vm, Timeout::After(Duration::from_millis(5))).unwrap());
            assert!(mutex.release());
            assert!(!mutex.release());
            mutex.acquire_uninterrupted(vm);
            assert!(mutex.is_held());
        });
    }

    #[test]
    fn everybody_who_waits_gets_it() {
        test_vm(|vm| {
            let pause = |vm: &Thread| vm.allow_threads(|| std::thread::sleep(Duration::from_millis(2)));
            let shared = Rc::new((Mutex::default(), Cell::new(0)));
            shared.0.acquire_uninterrupted(vm);
            for _ in 0..4 {
                let shared = shared.clone();
                let started = vm.start_thread(0, move |vm| {
                    shared.0.acquire_uninterrupted(vm);
                    pause(vm);
                    shared.1.set(shared.1.get() + 1);
                    shared.0.release();
                });
                started.unwrap();
            }
            (0..10).for_each(|_| pause(vm));
            shared.0.release();
            let deadline = Instant::now() + Duration::from_mins(1);
            while shared.1.get() < 4 {
                assert!(Instant::now() < deadline, "{} of 4", shared.1.get());
                pause(vm);
            }
        });
    }

    #[test]
    fn a_bell_that_rang_is_not_waited_for() {
        test_vm(|vm| {
            let bell = Bell::default();
            let count = bell.count();
            bell.ring();
            bell.wait(vm, count, None).unwrap();
            let soon = Instant::now() + Duration::from_millis(5);
            bell.wait(vm, bell.count(), Some(soon)).unwrap();
            assert!(Instant::now() >= soon);
        });
    }
}
