//! `_thread._ThreadHandle`: a thread that can be joined.

use std::cell::Cell;

use pyx_vm::exception::PyResult;
use pyx_vm::native::*;
use pyx_vm::protocol::duration::Rounding;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload, untraced};

use super::mutex::{Mutex, Timeout};

payload! {
    /// A handle of a thread.
    pub(super) struct Handle: Native {
        ident: Cell<u64>,
        state: Cell<State>,
        /// Held until the thread ends.
        running: Mutex,
    }
}

class! { Handle => HANDLE; }

/// What is known of the thread.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    NotStarted,
    Running,
    Done,
}

untraced!(State);

pub(super) static HANDLE: TypeDef = TypeDef {
    module: "_thread",
    methods: &[
        method(
            "join($self, timeout=None, /)",
            OneOpt(join),
            "Wait for the thread to end, for so many seconds at most.",
        )
        .untold(),
        method("_set_done($self, /)", One(set_done), "Note that the thread has ended."),
        method(
            "is_done($self, /)",
            One(|_, this| Ok(Owned::bool(payload(this).state.get() == State::Done))),
            "Whether the thread has ended.",
        ),
    ],
    getset: &[getter("ident", |vm, this| vm.uint(payload(this).ident.get()), "The thread's identifier.")],
    slots: Slots { new: Some(construct), repr: Some(repr), ..Slots::NONE },
    attributes: &[MODULE],
    ..TypeDef::new::<Handle>("_ThreadHandle")
};

fn construct(vm: &Thread, class: Ref<'_>, _args: &Args<'_>) -> PyResult {
    let handle =
        Handle { ident: Cell::new(0), state: Cell::new(State::NotStarted), running: Mutex::default() };
    vm.new_object_of(class, handle)
}

/// A handle of a thread that runs.
pub(super) fn of_running(vm: &Thread, ident: u64) -> PyResult {
    let running = Mutex::default();
    running.try_acquire();
    vm.new_object(Handle { ident: Cell::new(ident), state: Cell::new(State::Running), running })
}

/// The thread of a handle was started.
pub(super) fn started(handle: Ref<'_>, ident: u64) {
    let handle = payload(handle);
    handle.running.try_acquire();
    handle.ident.set(ident);
    handle.state.set(State::Running);
}

/// The thread of a handle has ended.
pub(super) fn ended(handle: Ref<'_>) {
    let handle = payload(handle);
    handle.state.set(State::Done);
    handle.running.release();
}

/// Waits for a thread to end.
pub(super) fn wait(vm: &Thread, handle: Ref<'_>) -> PyResult {
    match payload(handle).state.get() {
        State::Running => join(vm, handle, None),
        State::NotStarted | State::Done => none(),
    }
}

/// Checks that a thread can be started with the handle.
pub(super) fn check_not_started(vm: &Thread, handle: Ref<'_>) -> PyResult<()> {
    match handle.downcast::<Handle>() {
        None => Err(vm.type_error("'handle' must be a _ThreadHandle")),
        Some(handle) if handle.state.get() != State::NotStarted => {
            Err(vm.runtime_error("thread already started"))
        }
        Some(_) => Ok(()),
    }
}

fn payload(this: Ref<'_>) -> &Handle {
    this.downcast().expect("the receiver is a handle")
}

fn join(vm: &Thread, this: Ref<'_>, timeout: Option<Ref<'_>>) -> PyResult {
    let timeout = match timeout.filter(|timeout| !timeout.is_none()) {
        None => Timeout::Forever,
        Some(timeout) => match u64::try_from(vm.to_nanoseconds(timeout, Rounding::Up)?) {
            Ok(nanoseconds) => Timeout::After(std::time::Duration::from_nanos(nanoseconds)),
            Err(_) => Timeout::Forever,
        },
    };
    let handle = payload(this);
    match handle.state.get() {
        State::NotStarted => return Err(vm.runtime_error("thread not started")),
        State::Done => return none(),
        State::Running if handle.ident.get() == vm.ident() => {
            return Err(vm.runtime_error("Cannot join current thread"));
        }
        State::Running => {}
    }
    if handle.running.acquire(vm, timeout)? {
        handle.running.release();
        handle.state.set(State::Done);
    }
    none()
}

fn set_done(vm: &Thread, this: Ref<'_>) -> PyResult {
    let handle = payload(this);
    if handle.state.get() == State::NotStarted {
        return Err(vm.runtime_error("thread not started"));
    }
    handle.state.set(State::Done);
    handle.running.release();
    none()
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.str(&format!("<{} object: ident={}>", vm.type_name(this), payload(this).ident.get()))
}
