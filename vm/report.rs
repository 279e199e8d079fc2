//! Errors and warnings that nobody is there to catch.

use std::io::Write;

use crate::exception::{PyResult, Raised};
use crate::heap::dict::Dict;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

impl Thread {
    /// Reports an exception that cannot be raised where it happened: in a finaliser, a callback, at exit. Goes to
    /// `sys.unraisablehook`, or to standard error.
    pub(crate) fn unraisable(&self, raised: Raised, message: Option<&str>, object: Option<Ref<'_>>) {
        let text = self.unraisable_report(raised.exception(), message, object);
        // Standard error may be closed; there is nobody left to tell.
        let _ = std::io::stderr().write_all(text.as_bytes());
    }

    /// Gives a warning through the module `warnings`, or on standard error before it is loaded.
    pub fn warn(&self, class: &Owned, message: &str) -> PyResult<()> {
        let name = self.names().warnings.clone();
        if let Some(warnings) = self.loaded_module(&name)? {
            let text = self.str(message)?;
            return self
                .call_method(warnings.borrow(), &self.names().warn, &[text.borrow(), class.borrow()])
                .map(drop);
        }
        let class = self.class_name(class.borrow());
        let _ = writeln!(std::io::stderr(), "{class}: {message}");
        Ok(())
    }

    /// A module of `sys.modules`, if it is there.
    pub(crate) fn loaded_module(&self, name: &Owned) -> PyResult<Option<Owned>> {
        let Some(modules) = self.interpreter().modules.get() else { return Ok(None) };
        match modules.borrow().downcast::<Dict>() {
            Some(dict) => dict.table.get(self, name.borrow(), self.hash(name.borrow())?),
            None => Ok(None),
        }
    }
}
