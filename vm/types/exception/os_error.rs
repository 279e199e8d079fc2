//! `OSError`, whose constructor picks the class that the error number stands for.

use super::{
    Exception, SOLID, field, fields, init as init_base, items, own_attributes, payload, reduced, text_of,
};
use crate::arguments::Args;
use crate::exception::{ExceptionTypes, PyResult, Raised};
use crate::native::*;
use crate::text::wtf8::TextBuf;
use crate::types::int::Int;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

fields! { ERRNO, STRERROR, FILENAME, FILENAME2, WRITTEN }

/// What `OSError` is beyond its row in the class table.
pub(crate) const OS_ERROR: TypeDef = TypeDef {
    flags: SOLID,
    methods: &[method("__reduce__($self, /)", One(reduce), "What pickle rebuilds the exception from.")],
    getset: &[
        field!("errno", ERRNO, "The error number."),
        field!("strerror", STRERROR, "What the number means."),
        field!("filename", FILENAME, "The file."),
        field!("filename2", FILENAME2, "The second file, of operations on two."),
        getset(
            "characters_written",
            characters_written,
            set_characters_written,
            "How much was written before the operation would have blocked.",
        ),
    ],
    slots: Slots { new: Some(new), init: Some(init), str: Some(str), ..Slots::NONE },
    ..TypeDef::new::<Exception>("OSError")
};

/// Whether `__init__` sets the attributes, rather than `__new__`: where a subclass overrides the former only, it
/// wants to choose what `OSError` gets to see.
fn is_initialised_by_init(vm: &Thread, class: Ref<'_>) -> bool {
    let base = vm.exceptions().OSError.borrow();
    let overrides = |name: &Owned| match (vm.lookup(class, name.borrow()), vm.lookup(base, name.borrow())) {
        (Some(own), Some(inherited)) => !own.borrow().is(inherited.borrow()),
        _ => false,
    };
    overrides(&vm.names().__init__) && !overrides(&vm.names().__new__)
}

fn new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    if is_initialised_by_init(vm, class) {
        return vm.new_object_of(class, Exception::new(vm.empty_tuple()));
    }
    if args.has_keywords() {
        return Err(vm.type_error(format_args!("{}() takes no keyword arguments", vm.class_name(class))));
    }
    let given = args.positional();
    let specific = match given {
        [errno, _, ..] if given.len() <= 5 && class.is(vm.exceptions().OSError.borrow()) => {
            class_of_errno(vm, *errno)
        }
        _ => None,
    };
    let exception = vm.new_object_of(specific.unwrap_or(class), Exception::new(vm.tuple_of(given)?))?;
    set_fields(vm, exception.borrow(), given)?;
    Ok(exception)
}

fn init(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult<()> {
    if !is_initialised_by_init(vm, vm.class(this)) {
        return Ok(());
    }
    init_base(vm, this, args)?;
    set_fields(vm, this, args.positional())
}

/// Sets the attributes from the constructor's arguments: number, text, file, (the number on Windows), second file.
fn set_fields(vm: &Thread, this: Ref<'_>, args: &[Ref<'_>]) -> PyResult<()> {
    let (2..=5, &[errno, strerror, ref files @ ..]) = (args.len(), args) else { return Ok(()) };
    let exception = payload(this);
    let given = |index: usize| files.get(index).filter(|file| !file.is_none()).map(|file| file.own());
    if let Some(file) = given(0) {
        let blocking = vm.class(this).is(vm.exceptions().BlockingIOError.borrow());
        if blocking && is_number(vm, file.borrow()) {
            exception.set(WRITTEN, Some(size(vm, file.borrow())?));
        } else {
            exception.set(FILENAME, Some(file));
            exception.set(FILENAME2, given(2));
            // Programs know `args` as the pair of number and text.
            exception.args.set(vm.tuple_of(&args[..2])?);
        }
    }
    exception.set(ERRNO, Some(errno.own()));
    exception.set(STRERROR, Some(strerror.own()));
    Ok(())
}

/// Whether a value converts to a number.
fn is_number(vm: &Thread, value: Ref<'_>) -> bool {
    let slots = &vm.type_of(value).slots;
    slots.index.get().is_some() || slots.int.get().is_some() || slots.float.get().is_some()
}

/// An int of the size of a machine word.
fn size(vm: &Thread, value: Ref<'_>) -> PyResult {
    let index = vm.index(value)?;
    match vm.to_i64(index.borrow()) {
        Ok(size) => vm.int(size),
        Err(_) => {
            let class = vm.type_name(value);
            Err(vm.value_error(format_args!("cannot fit '{class}' into an index-sized integer")))
        }
    }
}

/// The class for an error number, if it is an int and stands for one.
fn class_of_errno<'v>(vm: &'v Thread, errno: Ref<'_>) -> Option<Ref<'v>> {
    let number = match errno.as_small_int() {
        Some(number) => number,
        None => match errno.as_bool() {
            Some(number) => i64::from(number),
            None => i64::try_from(errno.downcast::<Int>()?.value()).ok()?,
        },
    };
    class_for(vm.exceptions(), i32::try_from(number).ok()?).map(Owned::borrow)
}

fn class_for(classes: &ExceptionTypes, errno: i32) -> Option<&Owned> {
    // EAGAIN and EWOULDBLOCK are one number on some systems and two on others.
    if errno == libc::EWOULDBLOCK {
        return Some(&classes.BlockingIOError);
    }
    Some(match errno {
        libc::EAGAIN | libc::EALREADY | libc::EINPROGRESS => &classes.BlockingIOError,
        libc::EPIPE | libc::ESHUTDOWN => &classes.BrokenPipeError,
        libc::ECHILD => &classes.ChildProcessError,
        libc::ECONNABORTED => &classes.ConnectionAbortedError,
        libc::ECONNREFUSED => &classes.ConnectionRefusedError,
        libc::ECONNRESET => &classes.ConnectionResetError,
        libc::EEXIST => &classes.FileExistsError,
        libc::ENOENT => &classes.FileNotFoundError,
        libc::EISDIR => &classes.IsADirectoryError,
        libc::ENOTDIR => &classes.NotADirectoryError,
        libc::EINTR => &classes.InterruptedError,
        libc::EACCES | libc::EPERM => &classes.PermissionError,
        libc::ESRCH => &classes.ProcessLookupError,
        libc::ETIMEDOUT => &classes.TimeoutError,
        _ => return None,
    })
}

fn str(vm: &Thread, this: Ref<'_>) -> PyResult {
    let exception = payload(this);
    let (errno, strerror) = (exception.get(ERRNO), exception.get(STRERROR));
    let (file, file2) = (exception.get(FILENAME), exception.get(FILENAME2));
    if file.is_none() && (errno.is_none() || strerror.is_none()) {
        return super::str(vm, this);
    }
    let mut text = TextBuf::from("[Errno ");
    text.push_text(text_of(&vm.to_str(errno.unwrap_or_else(Owned::none).borrow())?));
    text.push_str("] ");
    text.push_text(text_of(&vm.to_str(strerror.unwrap_or_else(Owned::none).borrow())?));
    if let Some(file) = file {
        text.push_str(": ");
        text.push_text(text_of(&vm.repr(file.borrow())?));
        if let Some(file2) = file2 {
            text.push_str(" -> ");
            text.push_text(text_of(&vm.repr(file2.borrow())?));
        }
    }
    vm.text(text.as_text())
}

fn reduce(vm: &Thread, this: Ref<'_>) -> PyResult {
    let exception = payload(this);
    let mut args = exception.args();
    // The constructor took the files out of the arguments.
    if let ([errno, strerror], Some(file)) = (items(&args), exception.get(FILENAME)) {
        let mut full = vec![errno.clone(), strerror.clone(), file];
        if let Some(file2) = exception.get(FILENAME2) {
            full.extend([Owned::none(), file2]);
        }
        args = vm.tuple(full)?;
    }
    reduced(vm, this, args, own_attributes(vm, this)?)
}

fn characters_written(vm: &Thread, this: Ref<'_>) -> PyResult {
    let written = payload(this).get(WRITTEN).filter(|written| written.borrow().as_small_int() != Some(-1));
    written.ok_or_else(|| vm.attribute_error("characters_written"))
}

fn set_characters_written(vm: &Thread, this: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    let written = match value {
        Some(value) => Some(size(vm, value)?),
        None => {
            characters_written(vm, this)?;
            None
        }
    };
    payload(this).set(WRITTEN, written);
    Ok(())
}

impl Thread {
    /// The `OSError` for a number of the operating system, with the files that the operation was about.
    #[cold]
    pub fn errno_error(&self, errno: i32, file: Option<Ref<'_>>, file2: Option<Ref<'_>>) -> Raised {
        let args = || {
            let number = Owned::small_int(errno);
            let text = self.str(&strerror(errno))?;
            let none = Ref::NONE;
            let args = [number.borrow(), text.borrow(), file.unwrap_or(none), none, file2.unwrap_or(none)];
            let count = if file2.is_some() {
                5
            } else if file.is_some() {
                3
            } else {
                2
            };
            Ok(self.error_with(&self.exceptions().OSError, &args[..count]))
        };
        args().unwrap_or_else(|raised: Raised| raised)
    }

    /// The `OSError` for an error of Rust's library.
    #[cold]
    pub fn io_error(&self, error: &std::io::Error, file: Option<Ref<'_>>) -> Raised {
        match error.raw_os_error() {
            Some(errno) => self.errno_error(errno, file, None),
            None => self.os_error(error),
        }
    }
}

/// What an error number means.
pub fn strerror(errno: i32) -> String {
    let mut text = std::io::Error::from_raw_os_error(errno).to_string();
    // Rust appends the number.
    if let Some(end) = text.rfind(" (os error ") {
        text.truncate(end);
    }
    text
}
