//! `generator`, `coroutine`: objects that own a suspended frame.
//!
//! What they do when resumed is in [`crate::eval::generator`]; here are the objects and their attributes.

use std::cell::Cell;

use crate::class;
use crate::eval::generator::{self, Resumed};
use crate::eval::raising;
use crate::exception::PyResult;
use crate::frame::Frame;
use crate::heap::inline::Str;
use crate::heap::{Kind, Slot, Trace, Visitor};
use crate::native::*;
use crate::protocol::slots::Sent;
use crate::types::code::Code;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

crate::payload! {
    /// A generator.
    pub struct Generator: Generator {
        pub(crate) state: Suspended,
    }

    /// A coroutine.
    pub struct Coroutine: Coroutine {
        pub(crate) state: Suspended,
    }

    /// An async generator.
    pub struct AsyncGenerator: AsyncGenerator {
        pub(crate) state: Suspended,
        /// The hook to call when it is dropped unfinished; set at the first iteration.
        pub(crate) finalizer: Slot,
        pub(crate) hooks_called: Cell<bool>,
        pub(crate) closed: Cell<bool>,
        /// An `asend`, `athrow` or `aclose` is under way.
        pub(crate) running: Cell<bool>,
    }
}

class! {
    Generator => GENERATOR;
    Coroutine => COROUTINE;
    AsyncGenerator => crate::types::async_generator::ASYNC_GENERATOR;
}

/// What generators of all kinds have in common.
pub(crate) struct Suspended {
    /// The frame; null when it is over.
    pub(crate) frame: Cell<*mut Frame>,
    pub(crate) code: Owned,
    pub(crate) name: Slot,
    pub(crate) qualname: Slot,
    /// Where a coroutine was created: a tuple, with origin tracking on.
    pub(crate) origin: Slot,
}

impl Trace for Suspended {
    fn trace(&self, visitor: &mut Visitor<'_>) {
        self.code.trace(visitor);
        self.name.trace(visitor);
        self.qualname.trace(visitor);
        self.origin.trace(visitor);
        crate::eval::generator::trace(self.frame.get(), visitor);
    }
}

impl Drop for Suspended {
    fn drop(&mut self) {
        crate::eval::generator::discard(self.frame.replace(std::ptr::null_mut()));
    }
}

/// The common part of a generator, coroutine or async generator.
#[inline(always)]
pub(crate) fn suspended(object: Ref<'_>) -> Option<&Suspended> {
    match object.kind() {
        Kind::Generator => Some(&object.downcast::<Generator>()?.state),
        Kind::Coroutine => Some(&object.downcast::<Coroutine>()?.state),
        Kind::AsyncGenerator => Some(&object.downcast::<AsyncGenerator>()?.state),
        _ => None,
    }
}

const FLAGS: TypeFlags = TypeFlags { no_new: true, weakref: true, ..TypeFlags::NONE };

const THROW: &str = "throw($self, type, value=None, traceback=None, /)";
const THROW_DOC: &str =
    "throw(value)\n\nRaise an exception where the frame is suspended; return what it yields next.";
const SEND: &str = "send($self, object, /)";
const SEND_DOC: &str = "Resume the frame with a value; return what it yields next.";

const COROUTINE_THROW_DOC: &str = "throw(value)\n\nRaise an exception in coroutine code, where it is suspended; return what it suspends with next.";
const COROUTINE_SEND_DOC: &str = "Pass a value into coroutine code, which goes on from where it is suspended; return what it suspends with next.";

pub(crate) static GENERATOR: TypeDef = TypeDef {
    flags: FLAGS,
    methods: &[
        method(SEND, Two(send), SEND_DOC).sending(),
        method(THROW, TwoOpt2(throw), THROW_DOC).untold(),
        method("close($self, /)", One(close), "Raise GeneratorExit where the frame is suspended."),
        method("__sizeof__($self, /)", One(sizeof), "The bytes that the object takes, its frame included."),
        class_method(
            "__class_getitem__($type, object, /)",
            Two(crate::types::generic_alias::generic_alias),
            "See PEP 585.",
        ),
    ],
    getset: &[
        getset("__name__", name, set_name, "The name of the generator."),
        getset(
            "__qualname__",
            qualname,
            set_qualname,
            "The name with those of the enclosing classes and functions.",
        ),
        getter("gi_yieldfrom", awaited, "The iterator that `yield from` delegates to, or None."),
        getter("gi_running", running, "Whether the frame runs."),
        getter("gi_suspended", is_suspended, "Whether the frame has begun and is suspended."),
        getter("gi_frame", frame, "The frame, or None when it is over."),
        getter("gi_code", code, "The code object."),
    ],
    slots: Slots {
        repr: Some(repr),
        iter: Some(itself),
        next: Some(next),
        send: Some(send_slot),
        finalize: Some(finalize),
        ..Slots::NONE
    },
    ..TypeDef::new::<Generator>("generator")
};

pub(crate) static COROUTINE: TypeDef = TypeDef {
    flags: FLAGS,
    methods: &[
        method(SEND, Two(send), COROUTINE_SEND_DOC).sending(),
        method(THROW, TwoOpt2(throw), COROUTINE_THROW_DOC).untold(),
        method(
            "close($self, /)",
            One(close),
            "Raise GeneratorExit inside coroutine code, where it is suspended.",
        ),
        method("__sizeof__($self, /)", One(sizeof), "The bytes that the object takes, its frame included."),
        class_method(
            "__class_getitem__($type, object, /)",
            Two(crate::types::generic_alias::generic_alias),
            "See PEP 585.",
        ),
    ],
    getset: &[
        getset("__name__", name, set_name, "The name of the coroutine."),
        getset(
            "__qualname__",
            qualname,
            set_qualname,
            "The name of the coroutine with those of the enclosing classes and functions.",
        ),
        getter("cr_await", awaited, "The object that is awaited, or None."),
        getter("cr_running", running, "Whether the frame runs."),
        getter("cr_suspended", is_suspended, "Whether the frame has begun and is suspended."),
        getter("cr_frame", frame, "The frame, or None when it is over."),
        getter("cr_code", code, "The code object."),
        member("cr_origin", origin, "Where the coroutine was created, with origin tracking on, or None."),
    ],
    slots: Slots {
        repr: Some(repr),
        await_: Some(await_),
        send: Some(send_slot),
        finalize: Some(finalize),
        ..Slots::NONE
    },
    ..TypeDef::new::<Coroutine>("coroutine")
};

pub(crate) static COROUTINE_WRAPPER: TypeDef = TypeDef {
    doc: "What await iterates over: it resumes its coroutine.",
    flags: TypeFlags { no_new: true, ..TypeFlags::NONE },
    methods: &[
        method(SEND, Two(wrapper_send), SEND_DOC),
        method(THROW, TwoOpt2(wrapper_throw), THROW_DOC).untold(),
        method("close($self, /)", One(wrapper_close), "Close the coroutine."),
    ],
    slots: Slots { iter: Some(itself), next: Some(wrapper_next), ..Slots::NONE },
    ..TypeDef::new::<CoroutineWrapper>("coroutine_wrapper")
};

crate::payload! {
    /// What `coroutine.__await__()` gives: an iterator that drives the coroutine.
    pub struct CoroutineWrapper: Native {
        coroutine: Owned,
    }
}

class! { CoroutineWrapper => COROUTINE_WRAPPER; }

fn state(this: Ref<'_>) -> &Suspended {
    suspended(this).expect("the descriptor checks its receiver")
}

/// What a resumption comes to as a method's result: the end is a StopIteration.
fn method_result(vm: &Thread, resumed: PyResult<Resumed>) -> PyResult {
    match resumed? {
        Resumed::Yield(value) | Resumed::Item(value) => Ok(value),
        Resumed::Return(value) => Err(vm.stop_iteration(value.borrow())),
    }
}

fn send(vm: &Thread, this: Ref<'_>, value: Ref<'_>) -> PyResult {
    method_result(vm, generator::resume(vm, this, value))
}

fn send_slot(vm: &Thread, this: Ref<'_>, value: Ref<'_>) -> PyResult<Sent> {
    Ok(match generator::resume(vm, this, value)? {
        Resumed::Yield(value) | Resumed::Item(value) => Sent::Yield(value),
        Resumed::Return(value) => Sent::Return(value),
    })
}

fn next(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    match generator::resume(vm, this, Ref::NONE)? {
        Resumed::Yield(value) | Resumed::Item(value) => Ok(Some(value)),
        Resumed::Return(value) if value.borrow().is_none() => Ok(None),
        Resumed::Return(value) => Err(vm.stop_iteration(value.borrow())),
    }
}

fn throw(
    vm: &Thread,
    this: Ref<'_>,
    class: Ref<'_>,
    value: Option<Ref<'_>>,
    traceback: Option<Ref<'_>>,
) -> PyResult {
    if value.is_some() {
        raising::warn_about_form(vm, "throw")?;
    }
    let raised = raising::thrown(vm, class, value, traceback)?;
    method_result(vm, generator::throw(vm, this, raised, true))
}

fn close(vm: &Thread, this: Ref<'_>) -> PyResult {
    generator::close(vm, this)
}

/// Ends a generator that is dropped before it is finished; a coroutine that never started is warned about.
pub(crate) fn finalize(vm: &Thread, this: Ref<'_>) {
    let frame = state(this).frame.get();
    if frame.is_null() {
        return;
    }
    if this.kind() == Kind::Coroutine && !generator::has_started(state(this)) {
        crate::warn::never_awaited(vm, this);
    }
    if let Err(raised) = generator::close(vm, this) {
        vm.unraisable_about(raised, "Exception ignored while closing generator", this);
    }
}

pub(crate) fn sizeof(vm: &Thread, this: Ref<'_>) -> PyResult {
    let state = state(this);
    let registers = state.code.borrow().downcast::<Code>().map_or(0, |code| code.template().registers());
    vm.size(size_of::<Generator>() + size_of::<Frame>() + 8 * registers)
}

pub(crate) fn name(_: &Thread, this: Ref<'_>) -> PyResult {
    Ok(state(this).name.get_or_none())
}

pub(crate) fn set_name(vm: &Thread, this: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    set_text(vm, &state(this).name, value, "__name__")
}

pub(crate) fn qualname(_: &Thread, this: Ref<'_>) -> PyResult {
    Ok(state(this).qualname.get_or_none())
}

pub(crate) fn set_qualname(vm: &Thread, this: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    set_text(vm, &state(this).qualname, value, "__qualname__")
}

fn set_text(vm: &Thread, slot: &Slot, value: Option<Ref<'_>>, what: &str) -> PyResult<()> {
    match value.filter(|value| value.kind() == Kind::Str) {
        Some(value) => {
            slot.set(value.own());
            Ok(())
        }
        None => Err(vm.type_error(format_args!("{what} must be set to a string object"))),
    }
}

fn awaited(_: &Thread, this: Ref<'_>) -> PyResult {
    let state = state(this);
    let awaited = if generator::is_running(state) { None } else { generator::awaited_object(state) };
    Ok(awaited.unwrap_or_else(Owned::none))
}

fn running(_: &Thread, this: Ref<'_>) -> PyResult {
    Ok(Owned::bool(generator::is_running(state(this))))
}

fn is_suspended(_: &Thread, this: Ref<'_>) -> PyResult {
    let state = state(this);
    Ok(Owned::bool(generator::has_started(state) && !generator::is_running(state)))
}

pub(crate) fn frame(vm: &Thread, this: Ref<'_>) -> PyResult {
    match state(this).frame.get() {
        frame if frame.is_null() => none(),
        frame => crate::frame::frame_object(vm, frame),
    }
}

pub(crate) fn code(_: &Thread, this: Ref<'_>) -> PyResult {
    Ok(state(this).code.clone())
}

fn origin(_: &Thread, this: Ref<'_>) -> PyResult {
    Ok(state(this).origin.get_or_none())
}

pub(crate) fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    let name = vm.to_str(state(this).qualname.get_or_none().borrow())?;
    let name = name.borrow().downcast::<Str>().expect("a str").to_string_lossy();
    vm.str(&format!("<{} object {name} at {:#x}>", vm.type_name(this), this.id()))
}

fn itself(_: &Thread, this: Ref<'_>) -> PyResult {
    Ok(this.own())
}

fn await_(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.new_object(CoroutineWrapper { coroutine: this.own() })
}

fn wrapped(this: Ref<'_>) -> Ref<'_> {
    this.downcast::<CoroutineWrapper>().expect("the descriptor checks its receiver").coroutine.borrow()
}

fn wrapper_send(vm: &Thread, this: Ref<'_>, value: Ref<'_>) -> PyResult {
    send(vm, wrapped(this), value)
}

fn wrapper_throw(
    vm: &Thread,
    this: Ref<'_>,
    class: Ref<'_>,
    value: Option<Ref<'_>>,
    traceback: Option<Ref<'_>>,
) -> PyResult {
    throw(vm, wrapped(this), class, value, traceback)
}

fn wrapper_close(vm: &Thread, this: Ref<'_>) -> PyResult {
    close(vm, wrapped(this))
}

fn wrapper_next(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    next(vm, wrapped(this))
}

impl Thread {
    /// Where a coroutine is being created, if origin tracking is on: a tuple of (file name, line, function name), innermost
    /// first.
    pub(crate) fn coroutine_origin(&self) -> PyResult<Option<Owned>> {
        let depth = self.origin_depth.get();
        if depth == 0 {
            return Ok(None);
        }
        let places = crate::frame::stack(self).take(depth).map(|place| {
            let line = self.int(place.line.into())?;
            self.tuple(vec![place.filename, line, place.name])
        });
        self.tuple(places.collect::<PyResult<Vec<_>>>()?).map(Some)
    }
}
