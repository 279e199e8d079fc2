//! A lock that its thread may take again, for what belongs to a whole interpreter: import, and the filters of warnings.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::vm::Thread;

/// See the module.
#[derive(Default)]
pub(crate) struct ReentrantLock {
    state: Mutex<State>,
    freed: Condvar,
}

#[derive(Default)]
struct State {
    /// The number of the thread that has it.
    owner: Option<u64>,
    /// How often it has to be given back.
    depth: u32,
}

impl ReentrantLock {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the lock, waiting for another thread that has it.
    pub(crate) fn acquire(&self, vm: &Thread) {
        let is_taken = |state: &State| state.owner.is_some_and(|owner| owner != vm.serial());
        let take = |state: &mut State| {
            state.owner = Some(vm.serial());
            state.depth += 1;
        };
        {
            let mut state = self.state();
            if !is_taken(&state) {
                take(&mut state);
                return;
            }
        }
        vm.allow_threads(|| {
            let mut state = self.state();
            while is_taken(&state) {
                state = self.freed.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
            take(&mut state);
        });
    }

    /// Gives the lock back once; false if this thread does not have it.
    pub(crate) fn release(&self, vm: &Thread) -> bool {
        let mut state = self.state();
        if state.owner != Some(vm.serial()) {
            return false;
        }
        state.depth -= 1;
        if state.depth == 0 {
            state.owner = None;
            self.freed.notify_one();
        }
        true
    }

    /// Whether some thread has it.
    pub(crate) fn is_held(&self) -> bool {
        self.state().owner.is_some()
    }

    /// In a child process: a thread that is not there any more has no lock.
    pub(crate) fn after_fork(&self, vm: &Thread) {
        let mut state = self.state();
        if state.owner != Some(vm.serial()) {
            *state = State::default();
        }
    }
}
