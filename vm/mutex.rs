//! The lock behind all locks: a word that a futex waits on.
//!
//! It is not bound to a thread: whoever holds it may let any other release it. Waiting gives the interpreter to other threads. Nothing
//! but the word is shared, so that a child process can go on with it, whatever other threads did when the process forked.
//!
//! Who comes when the lock is free may take it, though others have waited for long: that costs the least. But a thread that takes the
//! lock over and over would keep it from the others, who are too late whenever they are woken. So a lock is *given* to who was woken
//! in vain: for a moment, those who come anew leave it alone.

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
/// Held, and somebody waits who was woken in vain.
const MISSED: u32 = 3;
/// Free, for one who waits.
const GIVEN: u32 = 4;

/// How long those who come anew leave a lock alone that is given to another.
const COURTESY: Timespec = Timespec { tv_sec: 0, tv_nsec: 50_000_000 };

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
    /// The lock was freed.
    Woken,
    /// The lock may be free.
    Changed,
}

impl Mutex {
    /// Takes the lock if it is free.
    pub fn try_acquire(&self) -> bool {
        self.try_fresh() || self.exchange(GIVEN, AWAITED)
    }

    /// Takes the lock if it is free, and given to nobody.
    fn try_fresh(&self) -> bool {
        self.exchange(FREE, HELD)
    }

    fn exchange(&self, from: u32, to: u32) -> bool {
        self.0.compare_exchange(from, to, Ordering::AcqRel, Ordering::Relaxed).is_ok()
    }

    /// Takes the lock, waiting for it, at most for a time; whether it was taken. Signals are served meanwhile.
    pub fn acquire(&self, vm: &Thread, timeout: Timeout) -> PyResult<bool> {
        if self.try_fresh() {
            return Ok(true);
        }
        let deadline = match timeout {
            Timeout::Forever => None,
            Timeout::After(duration) if duration.is_zero() => return Ok(self.try_acquire()),
            // A time so far off never comes.
            Timeout::After(duration) => Instant::now().checked_add(duration),
        };
        self.let_others(vm);
        let mut mark = AWAITED;
        loop {
            match self.wait(vm, mark, deadline) {
                Wait::Taken => return Ok(true),
                Wait::TimedOut => return Ok(false),
                Wait::Interrupted => vm.check_signals().inspect_err(|_| self.decline())?,
                Wait::Woken => mark = MISSED,
                Wait::Changed => {}
            }
        }
    }

    /// Takes the lock, waiting for it. Signals wait, too.
    pub fn acquire_uninterrupted(&self, vm: &Thread) {
        if self.try_fresh() {
            return;
        }
        self.let_others(vm);
        let mut mark = AWAITED;
        loop {
            match self.wait(vm, mark, None) {
                Wait::Taken => return,
                Wait::Woken => mark = MISSED,
                _ => {}
            }
        }
    }

    /// Waits a little while the lock is given to another.
    fn let_others(&self, vm: &Thread) {
        if self.0.load(Ordering::Relaxed) == GIVEN {
            // However this ends, the lock is looked at anew.
            let _ = vm.allow_threads(|| futex::wait(&self.0, Flags::PRIVATE, GIVEN, Some(&COURTESY)));
        }
    }

    /// Takes the lock, or waits until it may be free, having left a mark on it. It is taken as one that others wait for, too: who
    /// has waited does not know that nobody else does.
    fn wait(&self, vm: &Thread, mark: u32, deadline: Option<Instant>) -> Wait {
        let marked = |word| if word == FREE || word == GIVEN { AWAITED } else { mark.max(word) };
        let before = self.0.fetch_update(Ordering::AcqRel, Ordering::Relaxed, |word| Some(marked(word)));
        let (Ok(before) | Err(before)) = before;
        if before == FREE || before == GIVEN {
            return Wait::Taken;
        }
        let left = match deadline {
            None => None,
            Some(deadline) => match deadline.checked_duration_since(Instant::now()) {
                None | Some(Duration::ZERO) => return Wait::TimedOut,
                Some(left) => Timespec::try_from(left).ok(),
            },
        };
        match vm.allow_threads(|| futex::wait(&self.0, Flags::PRIVATE, marked(before), left.as_ref())) {
            Ok(()) => Wait::Woken,
            Err(Errno::INTR) => Wait::Interrupted,
            Err(_) => Wait::Changed,
        }
    }

    /// Frees the lock; whether it was held.
    pub fn release(&self) -> bool {
        if self.exchange(HELD, FREE) {
            return true;
        }
        let freed = |word| match word {
            FREE | GIVEN => None,
            MISSED => Some(GIVEN),
            _ => Some(FREE),
        };
        match self.0.fetch_update(Ordering::AcqRel, Ordering::Relaxed, freed) {
            Err(_) => return false,
            Ok(HELD) => {}
            Ok(_) => self.wake(),
        }
        true
    }

    /// Who has waited does not want the lock any more, which may have been given to it.
    fn decline(&self) {
        if self.exchange(GIVEN, FREE) {
            self.wake();
        }
    }

    fn wake(&self) {
        // Nobody waiting any more is no error.
        let _ = futex::wake(&self.0, Flags::PRIVATE, 1);
    }

    /// Whether it is held.
    pub fn is_held(&self) -> bool {
        !matches!(self.0.load(Ordering::Relaxed), FREE | GIVEN)
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
