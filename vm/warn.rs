//! Warnings: the filters, and what they decide (the module `_warnings`, on which `warnings` is built).
//!
//! A warning has a text, a category, and a place. Filters are tried in their order; the first that matches says what to do. A
//! module's registry, `__warningregistry__`, remembers what was shown, for as long as the filters do not change. What is shown
//! goes through `warnings._showwarnmsg` once that module is loaded, and to `sys.stderr` before.

mod core;
mod coroutine;
mod filter;
mod module;

pub(crate) use self::core::Warning;
pub(crate) use coroutine::{method_never_awaited, never_awaited};
pub use module::WARNINGS_MODULE;

use std::cell::Cell;

use crate::exception::PyResult;
use crate::heap::Slot;
use crate::reentrant::ReentrantLock;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// What an interpreter knows of warnings.
#[derive(Default)]
pub(crate) struct Warnings {
    /// A list of tuples: action, text, category, module, line.
    filters: Slot,
    /// The registry of warnings that are shown once and have no other.
    once_registry: Slot,
    /// The action where no filter matches.
    default_action: Slot,
    /// Changes whenever the filters do.
    version: Cell<i64>,
    /// Guards the filters.
    lock: ReentrantLock,
    /// The variable with the filters of the current context.
    context: Slot,
}

impl Thread {
    fn warnings(&self) -> PyResult<&Warnings> {
        let state = &self.interpreter().warnings;
        if state.filters.is_empty() {
            state.filters.set(filter::defaults(self)?);
            state.once_registry.set(self.dict()?);
            state.default_action.set(self.intern("default")?);
            state.context.set(self.context_var(self.intern("_warnings_context")?, None)?);
        }
        Ok(state)
    }

    /// Gives a warning about the running code.
    pub fn warn(&self, class: &Owned, message: &str) -> PyResult<()> {
        self.warn_at_level(class, message, 1)
    }

    /// Gives a warning about the code that is so many calls up; 1 is the running one.
    pub fn warn_at_level(&self, class: &Owned, message: &str, level: isize) -> PyResult<()> {
        let message = self.str(message)?;
        module::warn_from(self, class.clone(), message.borrow(), level, None, &[])
    }

    /// Gives a warning about the code that is running, with the object that is its source.
    pub fn warn_about(&self, class: &Owned, message: &str, source: Ref<'_>) -> PyResult<()> {
        let message = self.str(message)?;
        module::warn_from(self, class.clone(), message.borrow(), 1, Some(source), &[])
    }

    /// Gives a warning about a place in a file, such as the compiler's.
    pub fn warn_explicit(&self, class: &Owned, message: &str, filename: Ref<'_>, line: i32) -> PyResult<()> {
        let message = self.str(message)?;
        core::warn(
            self,
            Warning {
                category: class.clone(),
                message: message.borrow(),
                filename,
                line,
                module: None,
                registry: None,
                source_line: None,
                source: None,
            },
        )
    }
}
