//! The lock that lets one thread at a time run an interpreter.
//!
//! A thread that wants it waits for the switch interval and then asks for it by a bit of the eval-breaker; the thread that has it
//! hands it over at its next poll, and does not take it again before another one has had it. So threads that compute take turns,
//! and one that only runs for a moment between blocking calls is never kept waiting for long.
//!
//! As long as an interpreter has a single thread, nobody touches the lock: it counts as taken. It is put into use by the first
//! thread that starts another ([`Gil::share`]).

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::vm::request;

/// See the module.
pub(crate) struct Gil {
    state: Mutex<State>,
    /// Somebody may take the lock.
    freed: Condvar,
    /// Somebody took it.
    taken: Condvar,
    shared: AtomicBool,
    /// How long to wait before asking for it, in microseconds.
    interval: AtomicU64,
    /// Where it is asked for.
    breaker: Arc<AtomicU32>,
}

struct State {
    is_taken: bool,
    /// How many threads want it.
    waiting: usize,
    /// Counts how often it was taken.
    takings: u64,
    /// The interpreter ends: only its main thread gets the lock.
    is_closing: bool,
}

impl Gil {
    pub(crate) fn new(breaker: Arc<AtomicU32>) -> Self {
        Self {
            state: Mutex::new(State { is_taken: true, waiting: 0, takings: 0, is_closing: false }),
            freed: Condvar::new(),
            taken: Condvar::new(),
            shared: AtomicBool::new(false),
            interval: AtomicU64::new(5000),
            breaker,
        }
    }

    /// Whether there may be other threads.
    #[inline(always)]
    pub(crate) fn is_shared(&self) -> bool {
        self.shared.load(Ordering::Relaxed)
    }

    /// From here on there may be other threads; the caller has the lock.
    pub(crate) fn share(&self) {
        self.shared.store(true, Ordering::Relaxed);
    }

    /// Sets how long a thread runs when others want to, in microseconds.
    pub(crate) fn set_interval(&self, microseconds: u64) {
        self.interval.store(microseconds.max(1), Ordering::Relaxed);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the lock; false if that will never be possible, because the interpreter ends.
    #[must_use]
    pub(crate) fn acquire(&self, is_main: bool) -> bool {
        let mut state = self.lock();
        state.waiting += 1;
        while state.is_taken && (is_main || !state.is_closing) {
            let takings = state.takings;
            let interval = Duration::from_micros(self.interval.load(Ordering::Relaxed));
            let (next, wait) =
                self.freed.wait_timeout(state, interval).unwrap_or_else(PoisonError::into_inner);
            state = next;
            if wait.timed_out() && state.is_taken && state.takings == takings {
                self.breaker.fetch_or(request::YIELD_GIL, Ordering::Relaxed);
            }
        }
        state.waiting -= 1;
        if state.is_closing && !is_main {
            // The thread that has the lock must not wait for this one to take it.
            drop(state);
            self.taken.notify_all();
            self.freed.notify_one();
            return false;
        }
        state.is_taken = true;
        state.takings += 1;
        drop(state);
        self.taken.notify_all();
        true
    }

    /// Gives the lock back.
    pub(crate) fn release(&self) {
        self.lock().is_taken = false;
        self.freed.notify_one();
    }

    /// Gives the lock to another thread that wants it, if there is one, and takes it again; false as in `acquire`.
    #[must_use]
    pub(crate) fn hand_over(&self, is_main: bool) -> bool {
        let mut state = self.lock();
        if state.waiting == 0 {
            return true;
        }
        state.is_taken = false;
        let takings = state.takings;
        self.freed.notify_one();
        while state.takings == takings && state.waiting > 0 {
            state = self.taken.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        drop(state);
        self.acquire(is_main)
    }

    /// From here on only the main thread gets the lock.
    pub(crate) fn close(&self) {
        self.lock().is_closing = true;
        self.freed.notify_all();
    }

    /// Calls what forks, in a state that the child can go on with as its only thread.
    pub(crate) fn fork<R>(&self, fork: impl FnOnce() -> R, is_child: impl FnOnce(&R) -> bool) -> R {
        let mut state = self.lock();
        let result = fork();
        if is_child(&result) {
            state.waiting = 0;
        }
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_take_turns() {
        let breaker = Arc::new(AtomicU32::new(0));
        let gil = Gil::new(breaker.clone());
        gil.set_interval(200);
        gil.share();
        let running = AtomicU32::new(0);
        let turns = |is_main: bool| {
            for _ in 0..500 {
                assert_eq!(running.fetch_add(1, Ordering::SeqCst), 0, "one at a time");
                running.fetch_sub(1, Ordering::SeqCst);
                if breaker.swap(0, Ordering::Relaxed) & request::YIELD_GIL != 0 {
                    assert!(gil.hand_over(is_main));
                }
            }
        };
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    assert!(gil.acquire(false));
                    turns(false);
                    gil.release();
                });
            }
            turns(true);
            gil.release();
        });
    }

    #[test]
    fn nobody_gets_a_closed_lock_but_the_main_thread() {
        let gil = Gil::new(Arc::default());
        gil.share();
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| gil.acquire(false));
            while gil.lock().waiting == 0 {
                std::thread::yield_now();
            }
            gil.close();
            assert!(!waiting.join().unwrap());
        });
        gil.release();
        assert!(!gil.acquire(false));
        assert!(gil.acquire(true));
    }
}
