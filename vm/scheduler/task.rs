//! Tasks: coroutines that the scheduler runs.

use std::cell::Cell;
use std::fmt::Write as _;
use std::rc::Rc;

use super::wait::{Gather, TaskWait};
use super::{Home, Scheduler, Wake};
use crate::class;
use crate::eval::generator::{self, Resumed};
use crate::exception::{PyResult, Raised};
use crate::heap::inline::Str;
use crate::heap::{Items, Kind, Slot};
use crate::native::*;
use crate::protocol::slots::Sent;
use crate::types::exception::Exception;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

crate::payload! {
    /// A coroutine, or another awaitable, that the scheduler runs to its end.
    pub struct Task: Native {
        /// What was spawned.
        awaitable: Owned,
        /// What is resumed.
        iterator: Owned,
        name: Slot,
        /// The `contextvars.Context` it runs in: its own, or empty for that of whoever runs the scheduler.
        context: Slot,
        /// Whose turn it is to resume it.
        pub(super) home: Home,
        /// Counts the scheduler's tasks.
        pub(super) number: u64,
        /// The number of the task's current or next suspension.
        pub(super) suspension: Cell<u64>,
        done: Cell<bool>,
        running: Cell<bool>,
        /// The value, once it returned.
        result: Slot,
        /// The exception, once it failed.
        error: Slot,
        /// Whether somebody has seen how it ended.
        retrieved: Cell<bool>,
        /// Whether `Cancelled` is raised in it at its next resumption.
        pub(super) must_cancel: Cell<bool>,
        cancel_message: Slot,
        /// Whether the native caller waits for it, and deals with how it ends.
        pub(super) foreground: Cell<bool>,
        /// Pairs of who waits for the end: a task and the number of its suspension, or a gather and None.
        waiters: Items,
        callbacks: Items,
    }
}

class! { Task => TASK; }

/// `pyx.Cancelled`
pub static CANCELLED: TypeDef = TypeDef {
    module: "pyx",
    base: Some(&crate::exception::classes::BaseException),
    flags: TypeFlags { base: true, dict: true, ..TypeFlags::NONE },
    doc: "The task was cancelled.",
    ..TypeDef::new::<Exception>("Cancelled")
};

/// `pyx.Task`
pub static TASK: TypeDef = TypeDef {
    module: "pyx",
    flags: TypeFlags { weakref: true, no_new: true, ..TypeFlags::NONE },
    doc: "A coroutine that the scheduler runs. Awaiting it gives its value, or raises what it raised.",
    methods: &[
        method(
            "done($self, /)",
            One(|_, this| Ok(Owned::bool(payload(this).done.get()))),
            "Whether it is over.",
        ),
        method(
            "cancelled($self, /)",
            One(|vm, this| Ok(Owned::bool(payload(this).was_cancelled(vm)))),
            "Whether it ended by being cancelled.",
        ),
        method(
            "result($self, /)",
            One(result),
            "Its value. Raises what it raised, or RuntimeError if it is not over.",
        ),
        method("exception($self, /)", One(exception), "What it raised, or None if it returned."),
        method(
            "cancel($self, /, msg=None)",
            OneOpt(|vm, this, message| cancel(vm, this, message).map(Owned::bool)),
            "Raises Cancelled in it where it waits. Gives whether that made a difference: False if it is over.",
        ),
        method(
            "add_done_callback($self, callback, /)",
            Two(add_done_callback),
            "Has callback(task) called when it is over; at once if it is.",
        ),
        method("get_name($self, /)", One(|_, this| Ok(payload(this).name.get_or_none())), "Its name."),
        method("set_name($self, value, /)", Two(set_name), "Gives it a name."),
        method("get_coro($self, /)", One(|_, this| Ok(payload(this).awaitable.clone())), "What it runs."),
        method(
            "wake($self, value=None, /)",
            OneOpt(|vm, this, value| {
                let value = value.unwrap_or(Ref::NONE).own();
                wake(vm, this, Wake::Value(value))
            }),
            "For adapters: resumes it with a value.",
        ),
        method(
            "wake_error($self, exception, /)",
            Two(|vm, this, exception| {
                if !vm.is_instance(exception, vm.exceptions().BaseException.borrow())? {
                    return Err(vm.type_error("exceptions must derive from BaseException"));
                }
                wake(vm, this, Wake::Error(Raised::new(exception.own())))
            }),
            "For adapters: resumes it by raising an exception in it.",
        ),
    ],
    slots: Slots {
        repr: Some(repr),
        await_: Some(|vm, this| vm.new_object(TaskWait { task: this.own() })),
        finalize: Some(|vm, this| payload(this).report(vm, this)),
        ..Slots::NONE
    },
    ..TypeDef::new::<Task>("Task")
};

/// What resuming a task came to.
pub(super) enum Outcome {
    /// It waits, and yielded this.
    Suspended(Owned),
    /// It returned.
    Returned(Owned),
}

pub(super) fn payload(task: Ref<'_>) -> &Task {
    task.downcast().expect("the scheduler's tasks are tasks")
}

pub(super) fn new(
    vm: &Thread,
    awaitable: Ref<'_>,
    name: Option<Ref<'_>>,
    context: Option<Owned>,
    scheduler: &Rc<Scheduler>,
) -> PyResult {
    let number = scheduler.next_number();
    let iterator = generator::awaitable_iterator(vm, awaitable, 0)?;
    let name = match name.filter(|name| !name.is_none()) {
        Some(name) => vm.to_str(name)?,
        None => vm.str(&format!("Task-{number}"))?,
    };
    vm.new_object(Task {
        awaitable: awaitable.own(),
        iterator,
        name: Slot::new(name),
        context: Slot::from_option(context),
        home: Home(Rc::downgrade(scheduler)),
        number,
        suspension: Cell::new(0),
        done: Cell::new(false),
        running: Cell::new(false),
        result: Slot::empty(),
        error: Slot::empty(),
        retrieved: Cell::new(false),
        must_cancel: Cell::new(false),
        cancel_message: Slot::empty(),
        foreground: Cell::new(false),
        waiters: Items::new(),
        callbacks: Items::new(),
    })
}

impl Task {
    /// Whether it is over.
    pub fn is_done(&self) -> bool {
        self.done.get()
    }

    pub(super) fn is_suspended_at(&self, suspension: u64) -> bool {
        self.suspension.get() == suspension && !self.done.get() && !self.running.get()
    }

    /// Resumes it once.
    pub(super) fn resume(&self, vm: &Thread, wake: Wake) -> PyResult<Outcome> {
        self.suspension.set(self.suspension.get() + 1);
        let wake = if self.must_cancel.replace(false) { Wake::Error(self.cancellation(vm)) } else { wake };
        self.running.set(true);
        let own = self.context.get();
        let outer = own.as_ref().map(|own| vm.context.replace(Some(own.clone())));
        let outcome = match wake {
            Wake::Value(value) => {
                generator::send(vm, self.iterator.borrow(), value.borrow()).map(Outcome::from)
            }
            Wake::Error(raised) => throw(vm, self.iterator.borrow(), raised),
        };
        if let Some(outer) = outer {
            vm.context.replace(outer);
        }
        self.running.set(false);
        outcome
    }

    fn cancellation(&self, vm: &Thread) -> Raised {
        let message = self.cancel_message.take();
        let arguments: Vec<_> = message.iter().map(Owned::borrow).collect();
        match vm.class_of(&CANCELLED) {
            Ok(class) => vm.error_with(&class, &arguments),
            Err(raised) => raised,
        }
    }

    fn was_cancelled(&self, vm: &Thread) -> bool {
        self.error.get().is_some_and(|error| is_cancellation(vm, &Raised::new(error)))
    }

    /// How it ended.
    pub(super) fn take_result(&self, vm: &Thread) -> PyResult {
        self.retrieved.set(true);
        match (self.error.get(), self.done.get()) {
            (Some(error), _) => Err(Raised::new(error)),
            (None, true) => Ok(self.result.get_or_none()),
            (None, false) => Err(vm.runtime_error("the task is not over")),
        }
    }

    /// Whether it ended by an exception.
    pub(super) fn has_failed(&self) -> bool {
        !self.error.is_empty()
    }

    /// Has a task resumed, or a gather told, at the end.
    pub(super) fn add_waiter(&self, vm: &Thread, waiter: Ref<'_>, suspension: Option<u64>) -> PyResult<()> {
        self.retrieved.set(true);
        self.waiters.push(vm, waiter.own())?;
        let suspension = suspension.map_or_else(none, |number| vm.uint(number))?;
        self.waiters.push(vm, suspension)
    }

    /// Notes how it ended, and tells everybody who waits for that.
    pub(super) fn finish(&self, vm: &Thread, scheduler: &Scheduler, this: Ref<'_>, result: PyResult) {
        self.done.set(true);
        match result {
            Ok(value) => self.result.set(value),
            Err(raised) => self.error.set(raised.into_exception()),
        }
        let waiters = self.waiters.take().into_vec();
        for pair in waiters.chunks_exact(2) {
            match (pair[0].borrow().downcast::<Gather>(), pair[1].borrow().as_small_int()) {
                (Some(gather), _) => gather.child_is_done(scheduler, self.has_failed()),
                (None, Some(suspension)) => {
                    scheduler.wake(pair[0].borrow(), suspension as u64, Wake::Value(Owned::none()));
                }
                (None, None) => {}
            }
        }
        for callback in self.callbacks.take().into_vec() {
            self.retrieved.set(true);
            run_callback(vm, callback.borrow(), this);
        }
        if scheduler.eager_reports.get() && !self.foreground.get() {
            self.report(vm, this);
        }
    }

    /// Reports a failure that nobody has seen.
    fn report(&self, vm: &Thread, this: Ref<'_>) {
        let Some(error) = self.error.get() else { return };
        if self.retrieved.replace(true) || self.foreground.get() || self.was_cancelled(vm) {
            return;
        }
        vm.unraisable(Raised::new(error), Some("Exception in task that nobody awaits"), Some(this));
    }
}

impl From<Sent> for Outcome {
    fn from(sent: Sent) -> Self {
        match sent {
            Sent::Yield(value) => Self::Suspended(value),
            Sent::Return(value) => Self::Returned(value),
        }
    }
}

/// Whether the exception says that the task was cancelled.
pub fn is_cancellation(vm: &Thread, raised: &Raised) -> bool {
    vm.class_of(&CANCELLED).is_ok_and(|class| raised.is(&class))
}

/// Raises an exception where an awaitable's iterator is suspended.
fn throw(vm: &Thread, iterator: Ref<'_>, raised: Raised) -> PyResult<Outcome> {
    if matches!(iterator.kind(), Kind::Coroutine | Kind::Generator) {
        return Ok(match generator::throw(vm, iterator, raised, true)? {
            Resumed::Yield(value) | Resumed::Item(value) => Outcome::Suspended(value),
            Resumed::Return(value) => Outcome::Returned(value),
        });
    }
    let name = vm.intern("throw")?;
    let Some(throw) = vm.get_attr_opt(iterator, name.borrow())? else { return Err(raised) };
    match vm.call(throw.borrow(), &[raised.exception()]) {
        Ok(value) => Ok(Outcome::Suspended(value)),
        Err(raised) if raised.is(&vm.exceptions().StopIteration) => {
            Ok(Outcome::Returned(vm.stop_iteration_value(raised.exception())))
        }
        Err(raised) => Err(raised),
    }
}

/// Cancels a task that is not over: it is resumed by `Cancelled`, in the next round if it waits. Gives whether it was not.
pub fn cancel(vm: &Thread, task: Ref<'_>, message: Option<Ref<'_>>) -> PyResult<bool> {
    let payload = payload(task);
    if payload.done.get() {
        return Ok(false);
    }
    payload.must_cancel.set(true);
    payload.cancel_message.replace(message.filter(|message| !message.is_none()).map(Ref::own));
    if !payload.running.get() {
        vm.scheduler()?.wake(task, payload.suspension.get(), Wake::Value(Owned::none()));
    }
    Ok(true)
}

fn wake(vm: &Thread, this: Ref<'_>, wake: Wake) -> PyResult {
    let payload = payload(this);
    if !payload.is_suspended_at(payload.suspension.get()) {
        return Err(vm.runtime_error("only a task that waits can be woken"));
    }
    vm.scheduler()?.wake(this, payload.suspension.get(), wake);
    none()
}

fn result(vm: &Thread, this: Ref<'_>) -> PyResult {
    payload(this).take_result(vm)
}

fn exception(vm: &Thread, this: Ref<'_>) -> PyResult {
    let payload = payload(this);
    if payload.was_cancelled(vm) || !payload.done.get() {
        return payload.take_result(vm);
    }
    payload.retrieved.set(true);
    Ok(payload.error.get_or_none())
}

fn add_done_callback(vm: &Thread, this: Ref<'_>, callback: Ref<'_>) -> PyResult {
    let payload = payload(this);
    if payload.done.get() {
        payload.retrieved.set(true);
        run_callback(vm, callback, this);
    } else {
        payload.callbacks.push(vm, callback.own())?;
    }
    none()
}

fn run_callback(vm: &Thread, callback: Ref<'_>, task: Ref<'_>) {
    if let Err(raised) = vm.call(callback, &[task]) {
        vm.unraisable(raised, Some("Exception ignored in a task's callback"), Some(callback));
    }
}

fn set_name(vm: &Thread, this: Ref<'_>, name: Ref<'_>) -> PyResult {
    payload(this).name.set(vm.to_str(name)?);
    none()
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    let payload = payload(this);
    let state = match (payload.done.get(), payload.has_failed()) {
        (false, _) if payload.running.get() => "running",
        (false, _) => "pending",
        (true, false) => "finished",
        (true, true) if payload.was_cancelled(vm) => "cancelled",
        (true, true) => "failed",
    };
    let text = |value: &Owned| {
        value.borrow().downcast::<Str>().map_or_else(String::new, |text| text.to_string_lossy().into_owned())
    };
    let mut shown = format!("<Task {state} name={}", text(&vm.repr(payload.name.get_or_none().borrow())?));
    let coroutine = vm.repr(payload.awaitable.borrow())?;
    let _ = write!(shown, " coro={}>", text(&coroutine));
    vm.str(&shown)
}
