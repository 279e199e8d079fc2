//! What happens to exceptions on their way: how `raise` makes one, how handlers match, and how groups are split.

use pyx_compiler::bytecode::code::flags;

use crate::exception::{PyResult, Raised};
use crate::frame;
use crate::heap::Kind;
use crate::heap::inline::Tuple;
use crate::types::exception::{self as exceptions, is_exception, is_exception_class, payload};
use crate::types::list::List;
use crate::types::traceback;
use crate::types::type_::is_subtype;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// `raise exception from cause`
pub(super) fn raise(vm: &Thread, exception: Ref<'_>, cause: Option<Ref<'_>>) -> Raised {
    match make(vm, exception, cause) {
        Ok(exception) => {
            set_context(vm, exception.borrow());
            Raised::new(exception)
        }
        Err(raised) => raised,
    }
}

fn make(vm: &Thread, exception: Ref<'_>, cause: Option<Ref<'_>>) -> PyResult {
    let exception = instance(vm, exception, "exceptions must derive from BaseException")?;
    if let Some(cause) = cause {
        let cause = if cause.is_none() {
            cause.own()
        } else {
            instance(vm, cause, "exception causes must derive from BaseException")?
        };
        vm.set_attr(exception.borrow(), vm.names().__cause__.borrow(), Some(cause.borrow()))?;
    }
    Ok(exception)
}

/// An exception, or an instance of an exception class.
fn instance(vm: &Thread, object: Ref<'_>, otherwise: &str) -> PyResult {
    if is_exception(object) {
        return Ok(object.own());
    }
    if !is_exception_class(object) {
        return Err(vm.type_error(otherwise));
    }
    let exception = vm.new_exception(object, &[])?;
    if is_exception(exception.borrow()) {
        return Ok(exception);
    }
    let (class, got) = (vm.repr_string(object)?, vm.class(exception.borrow()));
    let got = vm.repr_string(got)?;
    Err(vm.type_error(format_args!(
        "calling {class} should have returned an instance of BaseException, not {got}"
    )))
}

/// DeprecationWarning for the form of `throw` or `athrow` with several arguments.
pub(crate) fn warn_about_form(vm: &Thread, name: &str) -> PyResult<()> {
    vm.warn(
        &vm.exceptions().DeprecationWarning,
        &format!(
            "the (type, exc, tb) signature of {name}() is deprecated, use the single-arg signature instead."
        ),
    )
}

/// The exception that `throw(type, value, traceback)` raises; the old three-argument form is accepted too.
pub(crate) fn thrown(
    vm: &Thread,
    class: Ref<'_>,
    value: Option<Ref<'_>>,
    traceback: Option<Ref<'_>>,
) -> PyResult<Raised> {
    let traceback = traceback.filter(|traceback| !traceback.is_none());
    if traceback.is_some_and(|traceback| traceback.kind() != Kind::Traceback) {
        return Err(vm.type_error("throw() third argument must be a traceback object"));
    }
    let value = value.filter(|value| !value.is_none());
    let exception = if is_exception_class(class) {
        let made = match value {
            Some(value) if is_exception(value) && is_subtype(vm.class(value), class) => Ok(value.own()),
            Some(value) => match value.downcast::<Tuple>() {
                Some(args) => vm.call(class, crate::value::borrow_slice(args.as_slice())),
                None => vm.call(class, &[value]),
            },
            None => vm.call(class, &[]),
        };
        match made {
            Ok(exception) if is_exception(exception.borrow()) => exception,
            // What goes wrong with making the exception is thrown in its place.
            Ok(other) => {
                let (class, got) = (vm.repr_string(class)?, vm.type_name(other.borrow()));
                return Ok(vm.type_error(format_args!(
                    "calling {class} should have returned an instance of BaseException, not {got}"
                )));
            }
            Err(raised) => return Ok(raised),
        }
    } else if is_exception(class) {
        if value.is_some() {
            return Err(vm.type_error("instance exception may not have a separate value"));
        }
        class.own()
    } else {
        let got = vm.type_name(class);
        return Err(vm.type_error(format_args!(
            "exceptions must be classes or instances deriving from BaseException, not {got}"
        )));
    };
    if let Some(traceback) = traceback {
        payload(exception.borrow()).set_traceback(Some(traceback.own()));
    }
    Ok(Raised::new(exception))
}

/// Makes the exception being handled, if any, the context of one that is raised.
pub(super) fn set_context(vm: &Thread, exception: Ref<'_>) {
    if let Some(handled) = frame::handled_exception(vm) {
        exceptions::set_context(exception, handled.borrow());
    }
}

/// Whether an exception matches what follows `except`: a class, or a tuple of classes.
#[inline]
pub(super) fn matches(vm: &Thread, exception: Ref<'_>, pattern: Ref<'_>) -> PyResult<bool> {
    if vm.class(exception).is(pattern) {
        return Ok(true);
    }
    matches_base(vm, exception, pattern)
}

fn matches_base(vm: &Thread, exception: Ref<'_>, pattern: Ref<'_>) -> PyResult<bool> {
    let single = |class: Ref<'_>| {
        if is_exception_class(class) {
            return Ok(());
        }
        Err(vm.type_error("catching classes that do not inherit from BaseException is not allowed"))
    };
    match pattern.downcast::<Tuple>() {
        Some(classes) => {
            classes.as_slice().iter().try_for_each(|class| single(class.borrow()))?;
            let own = vm.class(exception);
            Ok(classes.as_slice().iter().any(|class| is_subtype(own, class.borrow())))
        }
        None => {
            single(pattern)?;
            Ok(is_subtype(vm.class(exception), pattern))
        }
    }
}

/// The parts of an exception that do not and that do match what follows `except*` (PEP 654).
pub(super) fn split_group(vm: &Thread, exception: Ref<'_>, pattern: Ref<'_>) -> PyResult<(Owned, Owned)> {
    let none = Owned::none;
    let group = vm.exceptions().BaseExceptionGroup.borrow();
    let classes = pattern.downcast::<Tuple>().map_or(std::slice::from_ref(&none()), |_| &[]).len();
    let of_groups = |class: Ref<'_>| is_exception_class(class) && is_subtype(class, group);
    let names_group = match pattern.downcast::<Tuple>() {
        Some(tuple) => tuple.as_slice().iter().any(|class| of_groups(class.borrow())),
        None => classes == 1 && of_groups(pattern),
    };
    if names_group {
        return Err(vm.type_error("catching ExceptionGroup with except* is not allowed. Use except instead."));
    }
    if exception.is_none() {
        return Ok((none(), none()));
    }
    let is_group = is_subtype(vm.class(exception), group);
    if matches(vm, exception, pattern)? {
        if is_group {
            return Ok((none(), exception.own()));
        }
        let items = vm.tuple(vec![exception.own()])?;
        let wrapped =
            vm.call(vm.exceptions().BaseExceptionGroup.borrow(), &[vm.empty_str().borrow(), items.borrow()])?;
        // The group comes into being here, whatever way its member came.
        let wrapped = traceback::extend(vm, vm.frames.top.get(), Raised::new(wrapped));
        return Ok((none(), wrapped.into_exception()));
    }
    if !is_group {
        return Ok((exception.own(), none()));
    }
    let split = vm.intern("split")?;
    let parts = vm.call_method(exception, &split, &[pattern])?;
    match parts.borrow().downcast::<Tuple>().map(Tuple::as_slice) {
        Some([matched, rest, ..]) => Ok((rest.clone(), matched.clone())),
        Some(parts) => {
            let message = format!(
                "{}.split must return a 2-tuple, got tuple of size {}",
                vm.type_name(exception),
                parts.len()
            );
            Err(vm.type_error(message))
        }
        None => {
            let (class, got) = (vm.type_name(exception), vm.type_name(parts.borrow()));
            Err(vm.type_error(format_args!("{class}.split must return a tuple, not {got}")))
        }
    }
}

/// What `except*` raises at its end: the parts that were raised, and those left unhandled, which are put together again;
/// None if nothing is left (PEP 654).
pub(super) fn prepare_reraise_star(vm: &Thread, original: Ref<'_>, parts: Ref<'_>) -> PyResult {
    let parts: Vec<Owned> = match parts.downcast::<List>() {
        Some(list) => list.items.to_vec(0, usize::MAX),
        None => Vec::new(),
    };
    let parts: Vec<Owned> = parts.into_iter().filter(|part| !part.borrow().is_none()).collect();
    if parts.is_empty() {
        return Ok(Owned::none());
    }
    let group = vm.exceptions().BaseExceptionGroup.borrow();
    if !is_subtype(vm.class(original), group) {
        // A plain exception was wrapped for the handlers: there is one part, raised by one of them or unhandled.
        return Ok(parts.into_iter().next().unwrap_or_else(Owned::none));
    }
    let (mut raised, mut reraised) = (Vec::new(), Vec::new());
    for part in parts {
        if same_metadata(vm, original, part.borrow()) { reraised.push(part) } else { raised.push(part) }
    }
    if !reraised.is_empty() {
        let projected = exceptions::group::project(vm, original, &reraised)?;
        if raised.is_empty() {
            return Ok(projected);
        }
        raised.push(projected);
    }
    if raised.len() == 1 {
        return Ok(raised.remove(0));
    }
    let items = vm.list(raised)?;
    vm.call(vm.exceptions().BaseExceptionGroup.borrow(), &[vm.empty_str().borrow(), items.borrow()])
}

/// Whether an exception is a part of another that was not raised anew: it has the same traceback, cause and context.
fn same_metadata(vm: &Thread, a: Ref<'_>, b: Ref<'_>) -> bool {
    let same = |x: Option<Owned>, y: Option<Owned>| match (x, y) {
        (None, None) => true,
        (Some(x), Some(y)) => x.borrow().is(y.borrow()),
        _ => false,
    };
    same(exceptions::traceback_of(vm, a), exceptions::traceback_of(vm, b))
        && same(payload(a).cause(), payload(b).cause())
        && same(payload(a).context(), payload(b).context())
}

/// What leaves a generator in place of the StopIteration or StopAsyncIteration that would end its caller's loop (PEP 479).
pub(super) fn stop_iteration_error(vm: &Thread, exception: Owned, code_flags: u32) -> PyResult {
    let classes = vm.exceptions();
    let own = vm.class(exception.borrow());
    let message = if is_subtype(own, classes.StopIteration.borrow()) {
        if code_flags & flags::ASYNC_GENERATOR != 0 {
            "async generator raised StopIteration"
        } else if code_flags & flags::COROUTINE != 0 {
            "coroutine raised StopIteration"
        } else {
            "generator raised StopIteration"
        }
    } else if code_flags & flags::ASYNC_GENERATOR != 0 && is_subtype(own, classes.StopAsyncIteration.borrow())
    {
        "async generator raised StopAsyncIteration"
    } else {
        return Ok(exception);
    };
    let error = vm.runtime_error(message).into_exception();
    payload(error.borrow()).set_cause(Some(exception.clone()));
    exceptions::replace_context(error.borrow(), Some(exception));
    Ok(error)
}
