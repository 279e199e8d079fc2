//! A lock that its thread may take again: `threading.RLock`, and what belongs to a whole interpreter, import and the filters of
//! warnings.
//!
//! The thread that has it is known by its identifier. What is noted beside the lock itself is read and written by whoever has the
//! interpreter.

use std::cell::Cell;

use crate::exception::PyResult;
use crate::mutex::{Mutex, Timeout};
use crate::untraced;
use crate::vm::Thread;

/// See the module.
#[derive(Debug, Default)]
pub struct ReentrantLock {
    mutex: Mutex,
    owner: Cell<u64>,
    count: Cell<u64>,
}

untraced!(ReentrantLock);

/// No thread has this identifier.
const NOBODY: u64 = 0;

impl ReentrantLock {
    /// Takes the lock, once more if this thread has it, else waiting for it, at most for a time; whether it was taken. Signals
    /// are served meanwhile.
    pub fn acquire(&self, vm: &Thread, timeout: Timeout) -> PyResult<bool> {
        let taken = self.is_owned(vm) || self.mutex.acquire(vm, timeout)?;
        if taken {
            self.note(vm);
        }
        Ok(taken)
    }

    /// Takes the lock, even from a thread that does not go on. Signals wait.
    pub fn acquire_uninterrupted(&self, vm: &Thread) {
        if !self.is_owned(vm) {
            self.reclaim(vm);
            self.mutex.acquire_uninterrupted(vm);
        }
        self.note(vm);
    }

    /// This thread has it once more.
    fn note(&self, vm: &Thread) {
        self.owner.set(vm.ident());
        self.count.set(self.count.get().saturating_add(1));
    }

    /// Gives the lock back once; false if this thread does not have it.
    pub fn release(&self, vm: &Thread) -> bool {
        if !self.is_owned(vm) {
            return false;
        }
        match self.count.get().saturating_sub(1) {
            0 => _ = self.release_all(),
            left => self.count.set(left),
        }
        true
    }

    /// Frees the lock, which this thread has; how often it was taken.
    pub fn release_all(&self) -> u64 {
        self.owner.set(NOBODY);
        let count = self.count.replace(0);
        self.mutex.release();
        count
    }

    /// Takes the lock for a thread, as if so often.
    pub fn restore(&self, vm: &Thread, owner: u64, count: u64) -> PyResult<()> {
        if !self.is_owned(vm) {
            self.mutex.acquire(vm, Timeout::Forever)?;
        }
        self.owner.set(owner);
        self.count.set(count);
        Ok(())
    }

    /// Whether this thread has it.
    pub fn is_owned(&self, vm: &Thread) -> bool {
        self.owner.get() == vm.ident()
    }

    /// Whether some thread has it.
    pub fn is_held(&self) -> bool {
        self.mutex.is_held()
    }

    /// The identifier of the thread that has it; 0 is none.
    pub fn owner(&self) -> u64 {
        self.owner.get()
    }

    /// How often it has to be given back.
    pub fn count(&self) -> u64 {
        self.count.get()
    }

    /// Makes it free.
    pub fn reinitialise(&self) {
        self.owner.set(NOBODY);
        self.count.set(0);
        self.mutex.reinitialise();
    }

    /// Makes it free if the thread that has it does not go on: a fork or the interpreter's end left it behind.
    pub(crate) fn reclaim(&self, vm: &Thread) {
        let owner = self.owner.get();
        if owner != NOBODY && !vm.goes_on(owner) {
            self.reinitialise();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bootstrap::test_vm;

    #[test]
    fn it_is_free_when_given_back_as_often_as_taken() {
        test_vm(|vm| {
            let lock = ReentrantLock::default();
            assert!(!lock.release(vm));
            lock.acquire_uninterrupted(vm);
            assert!(lock.acquire(vm, Timeout::Forever).unwrap());
            assert_eq!((lock.count(), lock.owner()), (2, vm.ident()));
            assert!(lock.release(vm) && lock.is_held());
            assert!(lock.release(vm) && !lock.is_held());
        });
    }

    #[test]
    fn it_is_taken_from_a_thread_that_is_gone() {
        test_vm(|vm| {
            let lock = ReentrantLock::default();
            lock.restore(vm, vm.ident() + 1, 1).unwrap();
            lock.acquire_uninterrupted(vm);
            assert!(lock.is_owned(vm));
        });
    }
}
