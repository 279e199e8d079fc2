//! `async_generator`, and the awaitables behind `__anext__`, `asend`, `athrow` and `aclose` (PEP 525).
//!
//! An awaitable drives the generator's frame: what the frame awaits passes through to whoever drives the awaitable; an
//! item of the generator's own ends the awaitable with that value.

use std::cell::Cell;

use crate::arguments::native::wrong_count;
use crate::class;
use crate::eval::generator::{self, Resumed};
use crate::eval::raising;
use crate::exception::{PyResult, Raised};
use crate::heap::inline::Tuple;
use crate::heap::{Slot, Trace, Visitor};
use crate::native::*;
use crate::protocol::slots::Sent;
use crate::types::generator::{AsyncGenerator, suspended};
use crate::value::{Owned, Ref, borrow_slice};
use crate::vm::Thread;

crate::payload! {
    /// What `__anext__()` and `asend(value)` give.
    pub struct Asend: Native {
        generator: Owned,
        value: Slot,
        stage: Cell<Stage>,
    }

    /// What `athrow(...)` and `aclose()` give.
    pub struct Athrow: Native {
        generator: Owned,
        /// What `athrow` was called with, a tuple; empty for `aclose`.
        arguments: Slot,
        stage: Cell<Stage>,
    }

    /// What `anext(iterator, default)` gives.
    pub struct AnextAwaitable: Native {
        awaitable: Owned,
        default: Owned,
    }
}

class! {
    Asend => ASEND;
    Athrow => ATHROW;
    AnextAwaitable => ANEXT_AWAITABLE;
}

/// How far an awaitable has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Fresh,
    Driven,
    Over,
}

impl Trace for Stage {
    const TRACED: bool = false;
    fn trace(&self, _: &mut Visitor<'_>) {}
}

const SEND: &str = "send($self, object, /)";
const SEND_DOC: &str = "Resume with a value; return what is awaited next.";
const THROW: &str = "throw($self, /, *args)";
const THROW_DOC: &str = "Raise an exception where the frame is suspended.";
const CLOSE_DOC: &str = "Raise GeneratorExit where the frame is suspended.";

pub(crate) static ASYNC_GENERATOR: TypeDef = TypeDef {
    flags: TypeFlags { no_new: true, weakref: true, ..TypeFlags::NONE },
    methods: &[
        method(
            "asend($self, object, /)",
            Two(asend),
            "An awaitable that resumes the generator with a value.",
        ),
        method("athrow($self, /, *args)", Many(athrow), "An awaitable that raises in the generator.")
            .untold()
            .wording(Wording::Tuple),
        method("aclose($self, /)", One(aclose), "An awaitable that raises GeneratorExit in the generator."),
        method(
            "__sizeof__($self, /)",
            One(crate::types::generator::sizeof),
            "The bytes that the object takes, its frame included.",
        ),
        class_method(
            "__class_getitem__($type, object, /)",
            Two(crate::types::generic_alias::generic_alias),
            "See PEP 585.",
        ),
    ],
    getset: &[
        getter("ag_await", awaited, "The object that is awaited, or None."),
        member("ag_running", running, "Whether an awaitable drives the generator."),
        getter("ag_suspended", is_suspended, "Whether the frame has begun and is suspended."),
        getter("ag_frame", crate::types::generator::frame, "The frame, or None when it is over."),
        getter("ag_code", crate::types::generator::code, "The code object."),
        getset("__name__", crate::types::generator::name, crate::types::generator::set_name, "The name."),
        getset(
            "__qualname__",
            crate::types::generator::qualname,
            crate::types::generator::set_qualname,
            "The name with those of the enclosing classes and functions.",
        ),
    ],
    slots: Slots {
        repr: Some(crate::types::generator::repr),
        aiter: Some(itself),
        anext: Some(anext),
        finalize: Some(finalize),
        ..Slots::NONE
    },
    ..TypeDef::new::<AsyncGenerator>("async_generator")
};

pub(crate) static ASEND: TypeDef = TypeDef {
    flags: TypeFlags { no_new: true, ..TypeFlags::NONE },
    methods: &[
        method(SEND, Two(asend_send), SEND_DOC),
        method(THROW, Many(asend_throw), THROW_DOC).untold(),
        method("close($self, /)", One(asend_close), CLOSE_DOC),
    ],
    slots: Slots {
        iter: Some(itself),
        next: Some(asend_next),
        await_: Some(itself),
        send: Some(drive_asend),
        finalize: Some(asend_finalize),
        ..Slots::NONE
    },
    ..TypeDef::new::<Asend>("async_generator_asend")
};

pub(crate) static ATHROW: TypeDef = TypeDef {
    flags: TypeFlags { no_new: true, ..TypeFlags::NONE },
    methods: &[
        method(SEND, Two(athrow_send), SEND_DOC),
        method(THROW, Many(athrow_throw), THROW_DOC).untold(),
        method("close($self, /)", One(athrow_close), CLOSE_DOC),
    ],
    slots: Slots {
        iter: Some(itself),
        next: Some(athrow_next),
        await_: Some(itself),
        send: Some(drive_athrow),
        finalize: Some(athrow_finalize),
        ..Slots::NONE
    },
    ..TypeDef::new::<Athrow>("async_generator_athrow")
};

pub(crate) static ANEXT_AWAITABLE: TypeDef = TypeDef {
    flags: TypeFlags { no_new: true, ..TypeFlags::NONE },
    methods: &[
        method(SEND, Two(anext_send), SEND_DOC),
        method(THROW, Many(anext_throw), THROW_DOC).untold().wording(Wording::Tuple),
        method("close($self, /)", One(anext_close), CLOSE_DOC),
    ],
    slots: Slots { iter: Some(itself), next: Some(anext_next), await_: Some(itself), ..Slots::NONE },
    ..TypeDef::new::<AnextAwaitable>("anext_awaitable")
};

impl AsyncGenerator {
    /// Whether the next item may be asked for without telling an event loop or refusing.
    #[inline(always)]
    pub(crate) fn may_be_resumed(&self) -> bool {
        self.hooks_called.get() && !self.running.get() && !self.closed.get()
    }
}

fn payload(this: Ref<'_>) -> &AsyncGenerator {
    this.downcast().expect("an async generator")
}

fn itself(_: &Thread, this: Ref<'_>) -> PyResult {
    Ok(this.own())
}

fn awaited(_: &Thread, this: Ref<'_>) -> PyResult {
    Ok(generator::awaited_object(&payload(this).state).unwrap_or_else(Owned::none))
}

fn running(_: &Thread, this: Ref<'_>) -> PyResult {
    Ok(Owned::bool(payload(this).running.get()))
}

fn is_suspended(_: &Thread, this: Ref<'_>) -> PyResult {
    let state = &payload(this).state;
    Ok(Owned::bool(generator::has_started(state) && !generator::is_running(state)))
}

/// Tells the event loop of the generator when it is first iterated.
fn call_hooks(vm: &Thread, this: Ref<'_>) -> PyResult<()> {
    let generator = payload(this);
    if generator.hooks_called.replace(true) {
        return Ok(());
    }
    generator.finalizer.replace(vm.asyncgen_hooks.finalizer.get());
    match vm.asyncgen_hooks.first_iteration.get() {
        Some(hook) => vm.call(hook.borrow(), &[this]).map(drop),
        None => Ok(()),
    }
}

fn anext(vm: &Thread, this: Ref<'_>) -> PyResult {
    asend(vm, this, Ref::NONE)
}

fn asend(vm: &Thread, this: Ref<'_>, value: Ref<'_>) -> PyResult {
    call_hooks(vm, this)?;
    vm.new_object(Asend {
        generator: this.own(),
        value: Slot::new(value.own()),
        stage: Cell::new(Stage::Fresh),
    })
}

/// The arguments are looked at when the awaitable starts.
fn athrow(vm: &Thread, args: &Bound<'_>) -> PyResult {
    if args.rest().len() > 1 {
        raising::warn_about_form(vm, "athrow")?;
    }
    let generator = args.required(0);
    call_hooks(vm, generator)?;
    let arguments = vm.tuple(args.rest().iter().map(|argument| argument.own()).collect())?;
    vm.new_object(Athrow {
        generator: generator.own(),
        arguments: Slot::new(arguments),
        stage: Cell::new(Stage::Fresh),
    })
}

/// The exception that the arguments of `throw()` or `athrow()` describe.
fn thrown(vm: &Thread, name: &str, args: &[Ref<'_>]) -> PyResult<Raised> {
    let (class, rest) = match args {
        [class, rest @ ..] if rest.len() < 3 => (*class, rest),
        _ => return Err(wrong_count(vm, name, args.len(), 1, 3)),
    };
    if !rest.is_empty() && name == "throw" {
        raising::warn_about_form(vm, name)?;
    }
    raising::thrown(vm, class, rest.first().copied(), rest.get(1).copied())
}

fn aclose(vm: &Thread, this: Ref<'_>) -> PyResult {
    call_hooks(vm, this)?;
    vm.new_object(Athrow { generator: this.own(), arguments: Slot::empty(), stage: Cell::new(Stage::Fresh) })
}

/// What a resumption means to an `asend`, or an `athrow` that is not an `aclose`.
fn unwrap(vm: &Thread, generator: &AsyncGenerator, resumed: PyResult<Resumed>) -> PyResult<Sent> {
    match resumed {
        Ok(Resumed::Yield(value)) => Ok(Sent::Yield(value)),
        Ok(Resumed::Item(value)) => {
            generator.running.set(false);
            Ok(Sent::Return(value))
        }
        Ok(Resumed::Return(_)) => {
            generator.running.set(false);
            generator.closed.set(true);
            Err(vm.error_with(&vm.exceptions().StopAsyncIteration, &[]))
        }
        Err(raised) => {
            generator.running.set(false);
            if ends(vm, &raised) {
                generator.closed.set(true);
            }
            Err(raised)
        }
    }
}

/// Whether an exception is how an async generator ends.
fn ends(vm: &Thread, raised: &Raised) -> bool {
    raised.is(&vm.exceptions().StopAsyncIteration) || raised.is(&vm.exceptions().GeneratorExit)
}

fn already_running(vm: &Thread, operation: &str) -> Raised {
    vm.runtime_error(format_args!("{operation}: asynchronous generator is already running"))
}

fn drive_asend(vm: &Thread, this: Ref<'_>, value: Ref<'_>) -> PyResult<Sent> {
    let asend: &Asend = this.downcast().expect("an asend");
    let owner = asend.generator.borrow();
    let generator = payload(owner);
    let first;
    let mut value = value;
    match asend.stage.get() {
        Stage::Over => return Err(vm.runtime_error("cannot reuse already awaited __anext__()/asend()")),
        Stage::Fresh => {
            if generator.running.get() {
                asend.stage.set(Stage::Over);
                return Err(already_running(vm, "anext()"));
            }
            if value.is_none() {
                first = asend.value.get_or_none();
                value = first.borrow();
            }
            asend.stage.set(Stage::Driven);
        }
        Stage::Driven => {}
    }
    generator.running.set(true);
    let sent = unwrap(vm, generator, generator::resume(vm, owner, value));
    if !matches!(sent, Ok(Sent::Yield(_))) {
        asend.stage.set(Stage::Over);
    }
    sent
}

/// The result of a drive as a method returns it.
fn method_result(vm: &Thread, sent: PyResult<Sent>) -> PyResult {
    match sent? {
        Sent::Yield(value) => Ok(value),
        Sent::Return(value) => Err(vm.stop_iteration(value.borrow())),
    }
}

/// The result of a drive as `__next__` gives it.
fn next_result(vm: &Thread, sent: PyResult<Sent>) -> PyResult<Option<Owned>> {
    match sent? {
        Sent::Yield(value) => Ok(Some(value)),
        Sent::Return(value) => Err(vm.stop_iteration(value.borrow())),
    }
}

fn asend_send(vm: &Thread, this: Ref<'_>, value: Ref<'_>) -> PyResult {
    method_result(vm, drive_asend(vm, this, value))
}

fn asend_next(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    next_result(vm, drive_asend(vm, this, Ref::NONE))
}

fn throw_into_asend(vm: &Thread, this: Ref<'_>, raised: impl FnOnce() -> PyResult<Raised>) -> PyResult<Sent> {
    let asend: &Asend = this.downcast().expect("an asend");
    let owner = asend.generator.borrow();
    let generator = payload(owner);
    match asend.stage.get() {
        Stage::Over => return Err(vm.runtime_error("cannot reuse already awaited __anext__()/asend()")),
        Stage::Fresh if generator.running.get() => {
            asend.stage.set(Stage::Over);
            return Err(already_running(vm, "anext()"));
        }
        _ => asend.stage.set(Stage::Driven),
    }
    let raised = raised().inspect_err(|_| asend.stage.set(Stage::Over))?;
    generator.running.set(true);
    let sent = unwrap(vm, generator, generator::throw(vm, owner, raised, true));
    if !matches!(sent, Ok(Sent::Yield(_))) {
        asend.stage.set(Stage::Over);
    }
    sent
}

fn asend_throw(vm: &Thread, args: &Bound<'_>) -> PyResult {
    let this = args.required(0);
    method_result(vm, throw_into_asend(vm, this, || thrown(vm, "throw", args.rest())))
}

fn asend_close(vm: &Thread, this: Ref<'_>) -> PyResult {
    let asend: &Asend = this.downcast().expect("an asend");
    if asend.stage.get() == Stage::Over {
        return none();
    }
    let exit = vm.error_with(&vm.exceptions().GeneratorExit, &[]);
    closed(vm, throw_into_asend(vm, this, || Ok(exit)))
}

/// The result of `close()`: whatever ended the frame is fine, but it must have ended.
fn closed(vm: &Thread, sent: PyResult<Sent>) -> PyResult {
    match sent {
        Ok(Sent::Yield(_)) => Err(vm.runtime_error("coroutine ignored GeneratorExit")),
        Ok(Sent::Return(_)) => none(),
        Err(raised) if ends(vm, &raised) || raised.is(&vm.exceptions().StopIteration) => none(),
        Err(raised) => Err(raised),
    }
}

fn asend_finalize(vm: &Thread, this: Ref<'_>) {
    let asend: &Asend = this.downcast().expect("an asend");
    if asend.stage.get() == Stage::Fresh {
        crate::warn::method_never_awaited(vm, "asend", asend.generator.borrow());
    }
}

fn drive_athrow(vm: &Thread, this: Ref<'_>, value: Ref<'_>) -> PyResult<Sent> {
    let athrow: &Athrow = this.downcast().expect("an athrow");
    let owner = athrow.generator.borrow();
    let generator = payload(owner);
    if athrow.stage.get() == Stage::Over {
        return Err(vm.runtime_error("cannot reuse already awaited aclose()/athrow()"));
    }
    if suspended(owner).is_none_or(|state| state.frame.get().is_null()) {
        athrow.stage.set(Stage::Over);
        return Ok(Sent::Return(Owned::none()));
    }
    let closing = athrow.arguments.is_empty();
    let resumed = if athrow.stage.get() == Stage::Fresh {
        if generator.running.get() {
            athrow.stage.set(Stage::Over);
            return Err(already_running(vm, if closing { "aclose()" } else { "athrow()" }));
        }
        if generator.closed.get() {
            athrow.stage.set(Stage::Over);
            return Err(vm.error_with(&vm.exceptions().StopAsyncIteration, &[]));
        }
        if !value.is_none() {
            return Err(vm.runtime_error("can't send non-None value to a just-started coroutine"));
        }
        athrow.stage.set(Stage::Driven);
        generator.running.set(true);
        let arguments = athrow.arguments.get();
        let raised = match arguments.as_ref().and_then(|arguments| arguments.borrow().downcast::<Tuple>()) {
            Some(arguments) => match thrown(vm, "athrow", borrow_slice(arguments.as_slice())) {
                Ok(raised) => raised,
                Err(raised) => {
                    generator.running.set(false);
                    athrow.stage.set(Stage::Over);
                    return Err(raised);
                }
            },
            None => {
                generator.closed.set(true);
                vm.error_with(&vm.exceptions().GeneratorExit, &[])
            }
        };
        generator::throw(vm, owner, raised, false)
    } else {
        generator::resume(vm, owner, value)
    };
    finish_athrow(vm, athrow, generator, resumed)
}

/// What a resumption means to an `athrow` or `aclose`.
fn finish_athrow(
    vm: &Thread,
    athrow: &Athrow,
    generator: &AsyncGenerator,
    resumed: PyResult<Resumed>,
) -> PyResult<Sent> {
    let sent = if athrow.arguments.is_empty() {
        match resumed {
            Ok(Resumed::Yield(value)) => return Ok(Sent::Yield(value)),
            Ok(Resumed::Item(_)) => Err(vm.runtime_error("async generator ignored GeneratorExit")),
            Ok(Resumed::Return(_)) => Ok(Sent::Return(Owned::none())),
            Err(raised) if ends(vm, &raised) => Ok(Sent::Return(Owned::none())),
            Err(raised) => Err(raised),
        }
    } else {
        unwrap(vm, generator, resumed)
    };
    if !matches!(sent, Ok(Sent::Yield(_))) {
        generator.running.set(false);
        athrow.stage.set(Stage::Over);
    }
    sent
}

fn athrow_send(vm: &Thread, this: Ref<'_>, value: Ref<'_>) -> PyResult {
    method_result(vm, drive_athrow(vm, this, value))
}

fn athrow_next(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    next_result(vm, drive_athrow(vm, this, Ref::NONE))
}

fn throw_into_athrow(
    vm: &Thread,
    this: Ref<'_>,
    raised: impl FnOnce() -> PyResult<Raised>,
) -> PyResult<Sent> {
    let athrow: &Athrow = this.downcast().expect("an athrow");
    let owner = athrow.generator.borrow();
    let generator = payload(owner);
    match athrow.stage.get() {
        Stage::Over => return Err(vm.runtime_error("cannot reuse already awaited aclose()/athrow()")),
        Stage::Fresh if generator.running.get() => {
            athrow.stage.set(Stage::Over);
            let operation = if athrow.arguments.is_empty() { "aclose()" } else { "athrow()" };
            return Err(already_running(vm, operation));
        }
        _ => athrow.stage.set(Stage::Driven),
    }
    let raised = raised().inspect_err(|_| athrow.stage.set(Stage::Over))?;
    generator.running.set(true);
    let resumed = generator::throw(vm, owner, raised, true);
    finish_athrow(vm, athrow, generator, resumed)
}

fn athrow_throw(vm: &Thread, args: &Bound<'_>) -> PyResult {
    let this = args.required(0);
    method_result(vm, throw_into_athrow(vm, this, || thrown(vm, "throw", args.rest())))
}

fn athrow_close(vm: &Thread, this: Ref<'_>) -> PyResult {
    let athrow: &Athrow = this.downcast().expect("an athrow");
    if athrow.stage.get() == Stage::Over {
        return none();
    }
    let exit = vm.error_with(&vm.exceptions().GeneratorExit, &[]);
    closed(vm, throw_into_athrow(vm, this, || Ok(exit)))
}

fn athrow_finalize(vm: &Thread, this: Ref<'_>) {
    let athrow: &Athrow = this.downcast().expect("an athrow");
    if athrow.stage.get() == Stage::Fresh {
        let method = if athrow.arguments.is_empty() { "aclose" } else { "athrow" };
        crate::warn::method_never_awaited(vm, method, athrow.generator.borrow());
    }
}

/// Ends an async generator that is dropped before it is finished: its loop's hook closes it.
fn finalize(vm: &Thread, this: Ref<'_>) {
    let generator = payload(this);
    if suspended(this).is_none_or(|state| state.frame.get().is_null()) {
        return;
    }
    if let Some(hook) = generator.finalizer.get().filter(|_| !generator.closed.get()) {
        if let Err(raised) = vm.call(hook.borrow(), &[this]) {
            vm.unraisable_about(raised, "Exception ignored while finalizing generator", this);
        }
        return;
    }
    if let Err(raised) = generator::close(vm, this) {
        vm.unraisable_about(raised, "Exception ignored while closing generator", this);
    }
}

/// `anext(iterator, default)`: an awaitable that ends with the default instead of StopAsyncIteration.
pub(crate) fn anext_with_default(vm: &Thread, awaitable: Owned, default: Ref<'_>) -> PyResult {
    vm.new_object(AnextAwaitable { awaitable, default: default.own() })
}

/// The iterator of the awaitable within.
fn inner(vm: &Thread, this: Ref<'_>) -> PyResult {
    let own: &AnextAwaitable = this.downcast().expect("an anext awaitable");
    generator::awaitable_iterator(vm, own.awaitable.borrow(), 0)
}

/// The answer of the awaitable within, its end replaced.
fn answer(vm: &Thread, this: Ref<'_>, result: PyResult) -> PyResult {
    let own: &AnextAwaitable = this.downcast().expect("an anext awaitable");
    result.map_err(|raised| {
        if raised.is(&vm.exceptions().StopAsyncIteration) {
            vm.stop_iteration(own.default.borrow())
        } else {
            raised
        }
    })
}

fn anext_send(vm: &Thread, this: Ref<'_>, value: Ref<'_>) -> PyResult {
    let iterator = inner(vm, this)?;
    let sent = generator::send(vm, iterator.borrow(), value);
    answer(vm, this, method_result(vm, sent))
}

fn anext_next(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    anext_send(vm, this, Ref::NONE).map(Some)
}

fn anext_throw(vm: &Thread, args: &Bound<'_>) -> PyResult {
    let this = args.required(0);
    let iterator = inner(vm, this)?;
    let result = vm.call_method(iterator.borrow(), &vm.names().throw, args.rest());
    answer(vm, this, result)
}

fn anext_close(vm: &Thread, this: Ref<'_>) -> PyResult {
    let iterator = inner(vm, this)?;
    vm.call_method(iterator.borrow(), &vm.names().close, &[])
}

/// The async generator whose frame an `await` may run directly: the awaitable is a fresh `asend` of None.
pub(crate) fn driven_directly(iterator: Ref<'_>, value: Ref<'_>) -> Option<Owned> {
    let asend = iterator.downcast::<Asend>()?;
    let generator = payload(asend.generator.borrow());
    let startable = asend.stage.get() == Stage::Fresh && value.is_none() && !generator.running.get();
    if !startable || !asend.value.holds(Ref::NONE) || generator.state.frame.get().is_null() {
        return None;
    }
    asend.stage.set(Stage::Driven);
    generator.running.set(true);
    Some(asend.generator.clone())
}

/// The async generator that an awaited `asend` drives as part of a chain.
pub(crate) fn driven_by(iterator: Ref<'_>) -> Option<Owned> {
    let asend = iterator.downcast::<Asend>()?;
    (asend.stage.get() == Stage::Driven).then(|| asend.generator.clone())
}

/// An `asend` that drives a generator already.
pub(crate) fn driven(vm: &Thread, generator: Ref<'_>) -> PyResult {
    vm.new_object(Asend {
        generator: generator.own(),
        value: Slot::new(Owned::none()),
        stage: Cell::new(Stage::Driven),
    })
}

/// A generator that was driven directly gave an item.
#[inline]
pub(crate) fn delivered(generator: Ref<'_>) {
    payload(generator).running.set(false);
}

/// A generator that was driven directly returned.
pub(crate) fn ended(generator: Ref<'_>) {
    delivered(generator);
    payload(generator).closed.set(true);
}

/// An exception left a generator that was driven directly.
pub(crate) fn failed(vm: &Thread, generator: Ref<'_>, raised: &Raised) {
    delivered(generator);
    if ends(vm, raised) {
        payload(generator).closed.set(true);
    }
}

/// The generator of an `asend` that is over now.
fn over(iterator: Ref<'_>) -> Option<Ref<'_>> {
    let asend = iterator.downcast::<Asend>()?;
    asend.stage.set(Stage::Over);
    Some(asend.generator.borrow())
}

/// As [`delivered`], through an `asend`.
pub(crate) fn asend_delivered(iterator: Ref<'_>) {
    if let Some(generator) = over(iterator) {
        delivered(generator);
    }
}

/// As [`ended`], through an `asend`.
pub(crate) fn asend_ended(iterator: Ref<'_>) {
    if let Some(generator) = over(iterator) {
        ended(generator);
    }
}

/// As [`failed`], through an `asend`.
pub(crate) fn asend_failed(vm: &Thread, iterator: Ref<'_>, raised: &Raised) {
    if let Some(generator) = over(iterator) {
        failed(vm, generator, raised);
    }
}
