//! What runs when the process forks: `os.register_at_fork`.

use std::cell::RefCell;

use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// The functions that run around a fork.
#[derive(Default)]
pub(crate) struct AtFork {
    before: RefCell<Vec<Owned>>,
    in_parent: RefCell<Vec<Owned>>,
    in_child: RefCell<Vec<Owned>>,
}

/// When a function runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ForkTime {
    /// Before the fork, the function registered last first.
    Before,
    /// After it in the parent.
    InParent,
    /// After it in the child.
    InChild,
}

impl AtFork {
    fn functions(&self, time: ForkTime) -> &RefCell<Vec<Owned>> {
        match time {
            ForkTime::Before => &self.before,
            ForkTime::InParent => &self.in_parent,
            ForkTime::InChild => &self.in_child,
        }
    }
}

impl Thread {
    /// Adds a function that runs when the process forks.
    pub fn register_at_fork(&self, time: ForkTime, function: Ref<'_>) {
        self.interpreter().at_fork.functions(time).borrow_mut().push(function.own());
    }

    /// Runs the functions for a time. Their errors are reported, never raised.
    pub fn run_at_fork(&self, time: ForkTime) {
        let mut functions = self.interpreter().at_fork.functions(time).borrow().clone();
        if time == ForkTime::Before {
            functions.reverse();
        }
        for function in functions {
            if let Err(raised) = self.call(function.borrow(), &[]) {
                self.unraisable(raised, None, Some(function.borrow()));
            }
        }
    }
}
