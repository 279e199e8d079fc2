//! What the classes of `_io` share: their errors, arguments, and the buffers of other objects.

use pyx_vm::exception::{PyResult, Raised};
use pyx_vm::heap::inline::{Bytes, Str};
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

/// The preferred size of a buffer.
pub(super) const DEFAULT_BUFFER_SIZE: usize = 128 * 1024;

/// `UnsupportedOperation`
#[cold]
pub(crate) fn unsupported(vm: &Thread, message: &str) -> Raised {
    match super::unsupported_operation(vm) {
        Ok(class) => vm.error(&class, message),
        Err(raised) => raised,
    }
}

/// What every method of a closed file raises.
#[cold]
pub(super) fn closed_error(vm: &Thread) -> Raised {
    vm.value_error("I/O operation on closed file.")
}

/// An argument that says how much to read: None and negative numbers are everything.
pub(super) fn size_argument(vm: &Thread, value: Option<Ref<'_>>) -> PyResult<isize> {
    let Some(value) = value.filter(|value| !value.is_none()) else { return Ok(-1) };
    if let Some(size) = value.as_small_int() {
        return Ok(size as isize);
    }
    if !vm.is_index(value) {
        let got = vm.type_name(value);
        return Err(vm.type_error(format_args!("argument should be integer or None, not '{got}'")));
    }
    vm.to_count(value)
}

/// An offset in a file: an int or what stands for one.
pub(super) fn offset(vm: &Thread, value: Ref<'_>) -> PyResult<i64> {
    vm.to_i64(value)
}

/// An offset that a method of another object has returned.
pub(super) fn returned_offset(vm: &Thread, value: &Owned) -> PyResult<i64> {
    vm.to_i64(value.borrow())
}

/// Whether an exception is that of a call which a signal interrupted; its handlers have run then.
pub(super) fn interrupted(vm: &Thread, raised: &Raised) -> PyResult<bool> {
    if !raised.is(&vm.exceptions().InterruptedError) {
        return Ok(false);
    }
    vm.check_signals()?;
    Ok(true)
}

/// Calls a method by its name.
pub(super) fn call(vm: &Thread, object: Ref<'_>, name: &str, args: &[Ref<'_>]) -> PyResult {
    let name = vm.intern(name)?;
    vm.call_method(object, &name, args)
}

/// An attribute by its name.
pub(super) fn get(vm: &Thread, object: Ref<'_>, name: &str) -> PyResult {
    let name = vm.intern(name)?;
    vm.get_attr(object, name.borrow())
}

/// An attribute by its name, if there is one.
pub(super) fn get_opt(vm: &Thread, object: Ref<'_>, name: &str) -> PyResult<Option<Owned>> {
    let name = vm.intern(name)?;
    vm.get_attr_opt(object, name.borrow())
}

/// Sets an attribute.
pub(super) fn set(vm: &Thread, object: Ref<'_>, name: &str, value: Ref<'_>) -> PyResult<()> {
    let name = vm.intern(name)?;
    vm.set_attr(object, name.borrow(), Some(value))
}

/// The truth of a method's result.
pub(super) fn ask(vm: &Thread, object: Ref<'_>, name: &str) -> PyResult<bool> {
    let answer = call(vm, object, name, &[])?;
    vm.is_true(answer.borrow())
}

/// Whether a file is closed, by its attribute.
pub(super) fn is_closed(vm: &Thread, file: Ref<'_>) -> PyResult<bool> {
    let closed = get(vm, file, "closed")?;
    vm.is_true(closed.borrow())
}

/// ValueError if a file is closed, by its attribute, if it has one.
pub(super) fn check_closed(vm: &Thread, file: Ref<'_>) -> PyResult<()> {
    match get_opt(vm, file, "closed")? {
        Some(closed) if vm.is_true(closed.borrow())? => Err(closed_error(vm)),
        _ => Ok(()),
    }
}

/// The contents of a bytes object.
pub(super) fn bytes_of(value: Ref<'_>) -> Option<&[u8]> {
    value.downcast::<Bytes>().map(Bytes::as_bytes)
}

/// A str argument that may be None: encodings, error handlers, newlines.
pub(super) fn optional_str<'a>(
    vm: &Thread,
    place: &str,
    value: Option<Ref<'a>>,
) -> PyResult<Option<Ref<'a>>> {
    let value = optional_text(vm, place, value)?;
    if value.is_some_and(|value| text_of(value).as_bytes().contains(&0)) {
        return Err(vm.value_error("embedded null character"));
    }
    Ok(value)
}

/// The same, of text that may have any characters.
pub(super) fn optional_text<'a>(
    vm: &Thread,
    place: &str,
    value: Option<Ref<'a>>,
) -> PyResult<Option<Ref<'a>>> {
    let Some(value) = value.filter(|value| !value.is_none()) else { return Ok(None) };
    if value.downcast::<Str>().is_none() {
        let got = vm.type_name(value);
        return Err(vm.type_error(format_args!("{place} must be str or None, not {got}")));
    }
    vm.utf8(value)?;
    Ok(Some(value))
}

/// The payload of what is known to be a str.
pub(super) fn text_of(value: Ref<'_>) -> &Str {
    value.downcast().expect("a str")
}

/// What pickling a file raises.
pub(super) fn refuse_pickle(vm: &Thread, this: Ref<'_>) -> PyResult {
    let name = vm.class_name(vm.class(this));
    let name = name.rsplit('.').next().unwrap_or_default();
    Err(vm.type_error(format_args!("cannot pickle '{name}' instances")))
}

/// Warns that a file was not closed, unless warnings are errors: then the error is reported.
pub(super) fn warn_unclosed(vm: &Thread, file: Ref<'_>) {
    let warned = vm.repr_string(file).and_then(|repr| {
        vm.warn_about(&vm.exceptions().ResourceWarning, &format!("unclosed file {repr}"), file)
    });
    if let Err(raised) = warned
        && raised.is(&vm.exceptions().Warning)
    {
        vm.unraisable(raised, None, Some(file));
    }
}

/// The second of two errors, with the first as its context.
pub(super) fn chained(vm: &Thread, first: Raised, second: Raised) -> Raised {
    let context = first.into_exception();
    let name = vm.intern("__context__");
    if let Ok(name) = name
        && !second.exception().is(context.borrow())
    {
        // The exception's class may refuse; then the first error is lost.
        let _ = vm.set_attr(second.exception(), name.borrow(), Some(context.borrow()));
    }
    second
}

/// The value of a boolean member that is set.
pub(super) fn bool_member(vm: &Thread, value: Option<Ref<'_>>) -> PyResult<bool> {
    match value {
        None => Err(vm.type_error("can't delete numeric/char attribute")),
        Some(value) => value.as_bool().ok_or_else(|| vm.type_error("attribute value type must be bool")),
    }
}

/// A copy of an instance's dict for pickling; None if there is nothing in it.
pub(super) fn instance_state(vm: &Thread, this: Ref<'_>) -> PyResult {
    match vm.get_attr_opt(this, vm.names().__dict__.borrow())? {
        Some(dict) if vm.length(dict.borrow())? > 0 => call(vm, dict.borrow(), "copy", &[]),
        _ => Ok(Owned::none()),
    }
}

/// Adds the attributes that pickle kept.
pub(super) fn update_instance(vm: &Thread, this: Ref<'_>, state: Ref<'_>) -> PyResult<()> {
    let dict = vm.get_attr(this, vm.names().__dict__.borrow())?;
    call(vm, dict.borrow(), "update", &[state]).map(drop)
}
