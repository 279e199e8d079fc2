//! The text of exceptions that nobody handled.
//!
//! Programs see what the library's `traceback` module prints; this is the same text from native code, for when the library is
//! not there, not yet or no longer. Exceptions that cannot be raised, as those of finalisers, are reported in a plainer form.
//!
//! Nothing here raises: what goes wrong while an exception is described is part of the description.

mod anchors;
mod carets;
mod entries;
mod report;
mod source;
mod suggest;
mod syntax;

pub(crate) use source::Sources;

use crate::heap::dict::Dict;
use crate::types::exception::traceback_of;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

impl Thread {
    /// An exception as an uncaught one is shown: tracebacks, chained exceptions, groups, notes, suggestions.
    pub fn describe(&self, exception: Ref<'_>) -> String {
        report::Report::text(self, exception)
    }

    /// An exception as one is shown that could not be raised, with what was going on: a message, an object, or both.
    pub(crate) fn unraisable_report(
        &self,
        exception: Ref<'_>,
        message: Option<&str>,
        object: Option<Ref<'_>>,
    ) -> String {
        let object = object.map(|object| report::safe_text(self.repr(object), "object", "repr"));
        let mut output = match (message, object) {
            (Some(message), Some(object)) => format!("{message}: {object}\n"),
            (None, Some(object)) => format!("Exception ignored in: {object}\n"),
            (Some(message), None) => format!("{message}:\n"),
            (None, None) => String::new(),
        };
        let entries = entries::entries(traceback_of(self, exception), limit(self));
        if !entries.is_empty() {
            let mut sources = source::Cache::new(&self.interpreter().sources);
            output.push_str("Traceback (most recent call last):\n");
            output.push_str(&entries::format(&entries, &mut sources, false));
        }
        output.push_str(&report::plain_message(self, exception));
        output
    }

    /// A line of a file with its line end, if there is such a file: errors of the compiler, which does not know the text, show it.
    pub fn line_of_file(&self, file: &str, line: i32) -> Option<String> {
        let sources = &self.interpreter().sources;
        if sources.is_registered(file) {
            return None;
        }
        let text =
            source::Cache::new(sources).lines(file, line, line).pop().filter(|text| !text.is_empty())?;
        Some(text + "\n")
    }

    /// Says where the source text of files is that are not there, by their names.
    pub fn set_sources_elsewhere(&self, elsewhere: impl Fn(&str) -> Option<Vec<u8>> + 'static) {
        self.interpreter().sources.set_elsewhere(Box::new(elsewhere));
    }

    /// Makes source text that is in no file known to tracebacks, under the name that its code bears.
    pub fn register_source(&self, name: &str, text: &str) {
        self.interpreter().sources.register(name, text);
    }
}

/// How many entries of a traceback `sys.tracebacklimit` allows.
fn limit(vm: &Thread) -> Option<usize> {
    let sys = vm.interpreter().sys.get()?;
    let name = vm.intern("tracebacklimit").ok()?;
    let limit: Owned = sys
        .borrow()
        .downcast::<Dict>()?
        .table
        .get(vm, name.borrow(), vm.hash(name.borrow()).ok()?)
        .ok()??;
    Some(usize::try_from(limit.borrow().as_small_int()?).unwrap_or(0))
}
