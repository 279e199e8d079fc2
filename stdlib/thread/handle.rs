//! `_thread._ThreadHandle`: a thread that can be joined.

use std::cell::Cell;

use pyx_vm::exception::PyResult;
use pyx_vm::mutex::{Mutex, Timeout};
use pyx_vm::native::*;
use pyx_vm::protocol::duration::Rounding;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload, untraced};

payload! {
    /// A handle of a thread.
    pub(super) struct Handle: Native {
        ident: Cell<u64>,
        state: Cell<State>,
        /// Whether the end of the program does not wait for the thread.
        is_daemon: Cell<bool>,
        /// How many forks there had been when the thread was last known to be there.
        forks: Cell<u32>,
        /// Held until the thread ends.
        running: Mutex,
    }
}

class! { Handle => HANDLE; }

/// What is known of the thread.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    NotStarted,
    Starting,
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
            One(|vm, this| Ok(Owned::bool(payload(this).state(vm) == State::Done))),
            "Whether the thread has ended.",
        ),
    ],
    getset: &[getter("ident", |vm, this| vm.uint(payload(this).ident.get()), "The thread's identifier.")],
    slots: Slots { new: Some(construct), repr: Some(repr), ..Slots::NONE },
    attributes: &[MODULE],
    ..TypeDef::new::<Handle>("_ThreadHandle")
};

fn construct(vm: &Thread, class: Ref<'_>, _args: &Args<'_>) -> PyResult {
    vm.new_object_of(class, handle(vm, 0, State::NotStarted))
}

fn handle(vm: &Thread, ident: u64, state: State) -> Handle {
    Handle {
        ident: Cell::new(ident),
        state: Cell::new(state),
        is_daemon: Cell::new(true),
        forks: Cell::new(vm.forks()),
        running: Mutex::default(),
    }
}

/// A handle of a thread that runs.
pub(super) fn of_running(vm: &Thread, ident: u64) -> PyResult {
    let handle = handle(vm, ident, State::Running);
    handle.running.try_acquire();
    vm.new_object(handle)
}

impl Handle {
    /// What is known of the thread: in a child process, of all threads from before the fork only the main one is left.
    fn state(&self, vm: &Thread) -> State {
        if self.forks.replace(vm.forks()) != vm.forks()
            && self.state.get() == State::Running
            && self.ident.get() != vm.main_ident()
        {
            self.finish();
        }
        self.state.get()
    }

    fn finish(&self) {
        self.state.set(State::Done);
        self.running.release();
    }
}

/// Checks that an object is a handle.
pub(super) fn check(vm: &Thread, handle: Ref<'_>) -> PyResult<()> {
    match handle.downcast::<Handle>() {
        Some(_) => Ok(()),
        None => Err(vm.type_error("'handle' must be a _ThreadHandle")),
    }
}

/// The thread of a handle is about to be started, which happens once.
pub(super) fn starting(vm: &Thread, handle: Ref<'_>, is_daemon: bool) -> PyResult<()> {
    let payload = payload(handle);
    if payload.state(vm) != State::NotStarted {
        return Err(vm.runtime_error("thread already started"));
    }
    if !is_daemon {
        vm.awaited_threads().push(vm, handle.own())?;
    }
    payload.is_daemon.set(is_daemon);
    payload.state.set(State::Starting);
    payload.running.try_acquire();
    Ok(())
}

/// The thread of a handle could not be started.
pub(super) fn not_started(vm: &Thread, handle: Ref<'_>) {
    forget(vm, handle);
    payload(handle).state.set(State::NotStarted);
    payload(handle).running.release();
}

/// The thread of a handle was started.
pub(super) fn started(handle: Ref<'_>, ident: u64) {
    payload(handle).ident.set(ident);
    payload(handle).state.set(State::Running);
}

/// The thread of a handle has ended.
pub(super) fn ended(vm: &Thread, handle: Ref<'_>) {
    forget(vm, handle);
    payload(handle).finish();
}

/// The end of the program need not wait for a thread any more.
fn forget(vm: &Thread, handle: Ref<'_>) {
    if payload(handle).is_daemon.get() {
        return;
    }
    let handles = vm.awaited_threads();
    let position =
        (0..handles.len()).find(|&at| handles.get(at).is_some_and(|other| other.borrow().is(handle)));
    if let Some(position) = position {
        drop(handles.remove(position));
    }
}

/// The first of the threads that the end of the program waits for.
pub(super) fn first_awaited(vm: &Thread) -> Option<Owned> {
    let handles = vm.awaited_threads();
    (0..handles.len()).filter_map(|at| handles.get(at)).find(|handle| {
        let handle = payload(handle.borrow());
        handle.state(vm) == State::Running && handle.ident.get() != vm.ident()
    })
}

/// Waits for a thread to end.
pub(super) fn wait(vm: &Thread, handle: Ref<'_>) -> PyResult {
    join(vm, handle, None)
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
    match handle.state(vm) {
        State::NotStarted | State::Starting => return Err(vm.runtime_error("thread not started")),
        State::Done => return none(),
        State::Running if handle.ident.get() == vm.ident() => {
            return Err(vm.runtime_error("Cannot join current thread"));
        }
        State::Running if vm.is_finalizing() => {
            return Err(vm.error(
                &vm.exceptions().PythonFinalizationError,
                "cannot join thread at interpreter shutdown",
            ));
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
    match payload(this).state(vm) {
        State::NotStarted | State::Starting => return Err(vm.runtime_error("thread not started")),
        State::Running => ended(vm, this),
        State::Done => {}
    }
    none()
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.str(&format!("<{} object: ident={}>", vm.type_name(this), payload(this).ident.get()))
}
