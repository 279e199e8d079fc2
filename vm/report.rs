//! Errors and warnings that nobody is there to catch.
//!
//! Programs may replace what happens to them: `sys.excepthook` gets the exceptions that end a program or a line at the
//! prompt, `sys.unraisablehook` those that cannot be raised where they happen. Both write to `sys.stderr`, and to the
//! process's standard error where that is missing or broken: there is nobody left to tell.

use std::io::Write;

use crate::exception::{PyResult, Raised};
use crate::heap::dict::Dict;
use crate::struct_sequence;
use crate::types::exception::{payload, traceback_of};
use crate::types::traceback;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

struct_sequence! {
    /// What `sys.unraisablehook` gets.
    pub(crate) static UNRAISABLE_HOOK_ARGS: "builtins", "UnraisableHookArgs",
        "What could not be raised, and why.", builtin;
    visible {
        exc_type: "the class of the exception",
        exc_value: "the exception, or None",
        exc_traceback: "its traceback, or None",
        err_msg: "what was going on, or None",
        object: "the object that it happened to, or None",
    }
}

impl Thread {
    /// Reports an exception that cannot be raised where it happened: in a finaliser, a callback, at exit.
    /// One that has no traceback was raised by the running function.
    pub fn unraisable(&self, raised: Raised, message: Option<&str>, object: Option<Ref<'_>>) {
        let frame = self.frames.top.get();
        let is_new = !payload(raised.exception()).has_traceback();
        let raised = if is_new && !frame.is_null() { traceback::extend(self, frame, raised) } else { raised };
        let hook = self.sys_get("unraisablehook").ok().flatten();
        let Some(hook) = hook.filter(|hook| !self.is_default_unraisable_hook(hook.borrow())) else {
            let text = self.unraisable_report(raised.exception(), message, object);
            return self.write_stderr(&text);
        };
        if let Err(error) = self.call_unraisable_hook(hook.borrow(), &raised, message, object) {
            let message = "Exception ignored in sys.unraisablehook";
            let text = self.unraisable_report(error.exception(), Some(message), Some(hook.borrow()));
            self.write_stderr(&text);
        }
    }

    /// As [`unraisable`](Self::unraisable), where what was going on is told with the object: `Exception ignored while
    /// calling deallocator <function …>`.
    pub fn unraisable_about(&self, raised: Raised, activity: &str, object: Ref<'_>) {
        match self.repr_string(object) {
            Ok(object) => self.unraisable(raised, Some(&format!("{activity} {object}")), None),
            Err(_) => self.unraisable(raised, Some(activity), None),
        }
    }

    fn call_unraisable_hook(
        &self,
        hook: Ref<'_>,
        raised: &Raised,
        message: Option<&str>,
        object: Option<Ref<'_>>,
    ) -> PyResult<()> {
        let exception = raised.exception();
        let message = message.map_or_else(|| Ok(Owned::none()), |message| self.str(message))?;
        let arguments = self.struct_sequence(
            &UNRAISABLE_HOOK_ARGS,
            &[
                self.class(exception).own(),
                exception.own(),
                self.traceback_of(exception),
                message,
                object.map_or_else(Owned::none, Ref::own),
            ],
        )?;
        let event = self.intern("sys.unraisablehook")?;
        self.audit(event.borrow(), &[hook, arguments.borrow()])?;
        self.call(hook, &[arguments.borrow()]).map(drop)
    }

    /// What `sys.unraisablehook` does by default with its argument.
    pub fn default_unraisable_hook(&self, arguments: Ref<'_>) -> PyResult {
        let class = self.class_of(&UNRAISABLE_HOOK_ARGS)?;
        if !self.class(arguments).is(class.borrow()) {
            return Err(self.type_error("sys.unraisablehook argument type must be UnraisableHookArgs"));
        }
        let items = self.collect(arguments)?;
        let [class, value, traceback, message, object] = &items[..] else { unreachable!("five fields") };
        let given = |item: &Owned| (!item.borrow().is_none()).then(|| item.clone());
        let message = given(message).map(|message| self.str_string(message.borrow())).transpose()?;
        let object = given(object);
        let exception = match given(value) {
            Some(value) => value,
            None => self.new_exception(class.borrow(), &[])?,
        };
        self.set_missing_traceback(exception.borrow(), traceback.borrow());
        let object = object.as_ref().map(Owned::borrow);
        let text = self.unraisable_report(exception.borrow(), message.as_deref(), object);
        self.write_stderr(&text);
        Ok(Owned::none())
    }

    /// Reports the exception that ended a program, through `sys.excepthook`, and remembers it in `sys.last_exc`.
    pub fn report_uncaught(&self, raised: Raised) {
        let exception = raised.into_exception();
        let class = self.class(exception.borrow()).own();
        let traceback = self.traceback_of(exception.borrow());
        let last = [
            ("last_exc", &exception),
            ("last_type", &class),
            ("last_value", &exception),
            ("last_traceback", &traceback),
        ];
        for (name, value) in last {
            // A namespace without memory for it remembers nothing.
            let _ = self.sys_set(name, value.borrow());
        }
        let Some(hook) = self.sys_get("excepthook").ok().flatten() else {
            self.write_stderr("sys.excepthook is missing\n");
            return self.print_exception(exception.borrow());
        };
        let arguments = [class.borrow(), exception.borrow(), traceback.borrow()];
        if let Err(error) = self.call_excepthook(hook.borrow(), &arguments) {
            self.write_stderr("Error in sys.excepthook:\n");
            self.print_exception(error.exception());
            self.write_stderr("\nOriginal exception was:\n");
            self.print_exception(exception.borrow());
        }
    }

    fn call_excepthook(&self, hook: Ref<'_>, arguments: &[Ref<'_>; 3]) -> PyResult<()> {
        if self.has_audit_hooks() {
            let event = self.intern("sys.excepthook")?;
            let [class, value, traceback] = *arguments;
            self.audit(event.borrow(), &[hook, class, value, traceback])?;
        }
        self.call(hook, arguments).map(drop)
    }

    /// Shows an exception as an uncaught one on `sys.stderr`. With colours, it is the library's `traceback` that does it, which
    /// knows the theme; the plain text needs no library.
    pub fn print_exception(&self, exception: Ref<'_>) {
        if self.wants_colour() && self.print_with_library(exception).is_ok() {
            return;
        }
        let text = self.describe(exception);
        self.write_stderr(&text);
    }

    fn print_with_library(&self, exception: Ref<'_>) -> PyResult<()> {
        let traceback = self.import_module(&self.intern("traceback")?)?;
        let print = self.intern("_print_exception_bltin")?;
        self.call_method(traceback.borrow(), &print, &[exception]).map(drop)
    }

    /// Whether text on `sys.stderr` is coloured: as the environment says, else if it is a terminal.
    fn wants_colour(&self) -> bool {
        if self.is_finalizing() || self.interpreter().importlib.is_empty() {
            return false;
        }
        let variable = |name: &str| match std::env::var_os(name) {
            Some(value) if !self.config().ignore_environment && !value.is_empty() => Some(value),
            _ => None,
        };
        match variable("PYTHON_COLORS") {
            Some(value) if value == "0" => return false,
            Some(value) if value == "1" => return true,
            _ => {}
        }
        if variable("NO_COLOR").is_some() {
            return false;
        }
        if variable("FORCE_COLOR").is_some() {
            return true;
        }
        if variable("TERM").is_some_and(|term| term == "dumb") {
            return false;
        }
        self.stderr_is_terminal().unwrap_or(false)
    }

    fn stderr_is_terminal(&self) -> PyResult<bool> {
        let Some(stream) = self.sys_attribute(&self.names().stderr)? else { return Ok(false) };
        let answer = self.call_method(stream.borrow(), &self.intern("isatty")?, &[])?;
        self.is_true(answer.borrow())
    }

    /// Writes to `sys.stderr`, or to the process's standard error if there is none or it does not work.
    pub fn write_stderr(&self, text: &str) {
        let stream = match self.sys_attribute(&self.names().stderr) {
            Ok(Some(stream)) if stream.borrow().is_none() => return,
            Ok(Some(stream)) => Some(stream),
            _ => None,
        };
        let written = stream.is_some_and(|stream| self.write_and_flush(&stream, text).is_ok());
        if !written {
            // The last resort may be closed, too.
            let _ = std::io::stderr().write_all(text.as_bytes());
        }
    }

    fn write_and_flush(&self, stream: &Owned, text: &str) -> PyResult<()> {
        let text = self.str(text)?;
        self.call_method(stream.borrow(), &self.names().write, &[text.borrow()])?;
        self.call_method(stream.borrow(), &self.names().flush, &[]).map(drop)
    }

    /// A module of `sys.modules`, if it is there.
    pub fn loaded_module(&self, name: &Owned) -> PyResult<Option<Owned>> {
        let Some(modules) = self.interpreter().modules.get() else { return Ok(None) };
        match modules.borrow().downcast::<Dict>() {
            Some(dict) => dict.table.get(self, name.borrow(), self.hash(name.borrow())?),
            None => Ok(None),
        }
    }

    /// The traceback of an exception, or None.
    pub fn traceback_of(&self, exception: Ref<'_>) -> Owned {
        traceback_of(self, exception).unwrap_or_else(Owned::none)
    }

    /// Gives an exception a traceback, unless it has one.
    pub fn set_missing_traceback(&self, exception: Ref<'_>, traceback: Ref<'_>) {
        let is_traceback = traceback.downcast::<traceback::Traceback>().is_some();
        if is_traceback && !payload(exception).has_traceback() {
            payload(exception).set_traceback(Some(traceback.own()));
        }
    }

    /// Whether an object is an exception.
    pub fn is_exception(&self, object: Ref<'_>) -> bool {
        object.downcast::<crate::types::exception::Exception>().is_some()
    }
}
