//! Errors and warnings that nobody is there to catch.

use std::io::Write;

use crate::exception::{PyResult, Raised};
use crate::heap::dict::Dict;
use crate::types::exception::payload;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

impl Thread {
    /// Reports an exception that cannot be raised where it happened: in a finaliser, a callback, at exit. Goes to
    /// `sys.unraisablehook`, or to standard error.
    pub(crate) fn unraisable(&self, raised: Raised, message: Option<&str>, object: Option<Ref<'_>>) {
        let object_text = object.map(|object| self.repr_string(object).unwrap_or_else(|_| "<object repr() failed>".into()));
        let mut text = match (message, object_text) {
            (Some(message), Some(object)) => format!("{message}: {object}\n"),
            (Some(message), None) => format!("{message}:\n"),
            (None, Some(object)) => format!("Exception ignored in: {object}\n"),
            (None, None) => String::new(),
        };
        text.push_str(&self.describe(raised.exception()));
        // Standard error may be closed; there is nobody left to tell.
        let _ = std::io::stderr().write_all(text.as_bytes());
    }

    /// An exception with its traceback, as an uncaught one is shown.
    pub fn describe(&self, exception: Ref<'_>) -> String {
        let mut text = String::new();
        let traceback = payload(exception).traceback();
        if let Some(traceback) = traceback {
            text.push_str("Traceback (most recent call last):\n");
            for (filename, line, name) in crate::types::traceback::places(traceback.borrow()) {
                text.push_str(&format!("  File \"{filename}\", line {line}, in {name}\n"));
            }
        }
        let class = self.type_name(exception);
        match self.to_str(exception) {
            Ok(message) => {
                let message = message.borrow().downcast::<crate::heap::inline::Str>().expect("a str").to_string_lossy().into_owned();
                if message.is_empty() { text.push_str(&class) } else { text.push_str(&format!("{class}: {message}")) }
            }
            Err(_) => text.push_str(&format!("{class}: <exception str() failed>")),
        }
        text.push('\n');
        text
    }

    /// Gives a warning through the module `warnings`, or on standard error before it is loaded.
    pub(crate) fn warn(&self, class: &Owned, message: &str) -> PyResult<()> {
        let name = self.names().warnings.clone();
        if let Some(warnings) = self.loaded_module(&name)? {
            let text = self.str(message)?;
            return self.call_method(warnings.borrow(), &self.names().warn, &[text.borrow(), class.borrow()]).map(drop);
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
