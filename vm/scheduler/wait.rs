//! What tasks wait for: time, file descriptors, other tasks, and things that happen outside.
//!
//! Each of these objects is awaitable, is its own iterator, and yields itself to the scheduler, which then calls
//! [`suspend`].

use std::cell::Cell;
use std::os::fd::RawFd;
use std::time::Duration;

use super::task::{self, Task};
use super::{Scheduler, Waker};
use crate::class;
use crate::eval::raising;
use crate::exception::{PyResult, Raised};
use crate::heap::{Items, Slot};
use crate::native::*;
use crate::protocol::slots::Sent;
use crate::scheduler::Wake;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

crate::payload! {
    /// Waits some seconds.
    pub struct Sleep: Native {
        seconds: f64,
        result: Owned,
        progress: Cell<Progress>,
    }

    /// Waits until a file descriptor can be read or written.
    pub struct Readiness: Native {
        fd: RawFd,
        writable: bool,
        progress: Cell<Progress>,
    }

    /// Waits for the end of a task.
    pub struct TaskWait: Native {
        pub(super) task: Owned,
    }

    /// Waits for the ends of several tasks.
    pub struct Gather: Native {
        tasks: Items,
        return_exceptions: bool,
        /// How many of them are not over.
        remaining: Cell<usize>,
        /// The task that awaits this, and its suspension.
        awaiter: Slot,
        suspension: Cell<u64>,
    }

    /// Waits until another thread, or native code, [completes](Completer) it.
    pub struct External: Native {
        outcome: Cell<Completion>,
        value: Slot,
        awaiter: Slot,
        suspension: Cell<u64>,
    }
}

class! {
    Sleep => SLEEP;
    Readiness => READINESS;
    TaskWait => TASK_WAIT;
    Gather => GATHER;
    External => EXTERNAL;
}

/// How far a wait is that happens once.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Progress {
    Fresh,
    Waiting,
    Over,
}

/// How an external wait ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Completion {
    Pending,
    Returned,
    Raised,
}

crate::untraced!(Cell<Progress>, Cell<Completion>);

/// A type that is awaited as itself.
macro_rules! awaited {
    ($T:ident, $name:literal, $doc:literal, $send:path) => {
        TypeDef {
            module: "pyx",
            flags: TypeFlags { no_new: true, ..TypeFlags::NONE },
            doc: $doc,
            slots: Slots {
                await_: Some(|_, this| Ok(this.own())),
                iter: Some(|_, this| Ok(this.own())),
                next: Some(|vm, this| next(vm, $send(vm, this, Ref::NONE)?)),
                send: Some($send),
                ..Slots::NONE
            },
            ..TypeDef::new::<$T>($name)
        }
    };
}

static SLEEP: TypeDef = awaited!(Sleep, "Sleep", "Waits some seconds.", send_sleep);
static READINESS: TypeDef =
    awaited!(Readiness, "Readiness", "Waits until a file descriptor is ready.", send_readiness);
static TASK_WAIT: TypeDef = awaited!(TaskWait, "TaskWait", "Waits for the end of a task.", send_task_wait);
static GATHER: TypeDef = TypeDef {
    methods: &[method(
        "throw($self, typ, val=None, tb=None, /)",
        TwoOpt2(throw_gather),
        "Raises the exception where this is awaited, and cancels the tasks.",
    )],
    ..awaited!(Gather, "Gather", "Waits for the ends of several tasks.", send_gather)
};
static EXTERNAL: TypeDef =
    awaited!(External, "External", "Waits for something that happens outside.", send_external);

fn next(vm: &Thread, sent: Sent) -> PyResult<Option<Owned>> {
    match sent {
        Sent::Yield(value) => Ok(Some(value)),
        Sent::Return(value) if value.borrow().is_none() => Ok(None),
        Sent::Return(value) => Err(vm.stop_iteration(value.borrow())),
    }
}

/// Has a task wait for one of these objects, which it yielded; `false` if it is none of them.
pub(super) fn suspend(vm: &Thread, scheduler: &Scheduler, task: Ref<'_>, yielded: Ref<'_>) -> PyResult<bool> {
    let suspension = task::payload(task).suspension.get();
    if let Some(sleep) = yielded.downcast::<Sleep>() {
        match Duration::try_from_secs_f64(sleep.seconds)
            .ok()
            .and_then(|delay| scheduler.now().checked_add(delay))
        {
            _ if sleep.seconds <= 0.0 => scheduler.wake(task, suspension, Wake::Value(Owned::none())),
            Some(due) => scheduler.wake_at(due, task, suspension, Owned::none()),
            // Later than the clock goes: for ever, unless it is cancelled.
            None => {}
        }
    } else if let Some(wait) = yielded.downcast::<TaskWait>() {
        if wait.task.borrow().is(task) {
            return Err(vm.runtime_error("a task cannot await itself"));
        }
        let awaited = task::payload(wait.task.borrow());
        if awaited.is_done() {
            scheduler.wake(task, suspension, Wake::Value(Owned::none()));
        } else {
            awaited.add_waiter(vm, task, Some(suspension))?;
        }
    } else if let Some(gather) = yielded.downcast::<Gather>() {
        gather.awaiter.set(task.own());
        gather.suspension.set(suspension);
        gather.wait_for_children(vm, yielded)?;
    } else if let Some(readiness) = yielded.downcast::<Readiness>() {
        scheduler.wake_when_ready(vm, readiness.fd, readiness.writable, task)?;
    } else if let Some(external) = yielded.downcast::<External>() {
        external.awaiter.set(task.own());
        external.suspension.set(suspension);
        external.wake_awaiter(scheduler);
    } else {
        return Ok(false);
    }
    Ok(true)
}

/// Yields once; the second time it is over.
fn once(vm: &Thread, this: Ref<'_>, progress: &Cell<Progress>, result: Owned) -> PyResult<Sent> {
    match progress.get() {
        Progress::Fresh => {
            progress.set(Progress::Waiting);
            Ok(Sent::Yield(this.own()))
        }
        Progress::Waiting => {
            progress.set(Progress::Over);
            Ok(Sent::Return(result))
        }
        Progress::Over => {
            let name = vm.type_name(this);
            Err(vm.runtime_error(format_args!("cannot reuse already awaited {name}")))
        }
    }
}

fn send_sleep(vm: &Thread, this: Ref<'_>, _value: Ref<'_>) -> PyResult<Sent> {
    let sleep: &Sleep = this.downcast().expect("a sleep");
    once(vm, this, &sleep.progress, sleep.result.clone())
}

fn send_readiness(vm: &Thread, this: Ref<'_>, _value: Ref<'_>) -> PyResult<Sent> {
    let readiness: &Readiness = this.downcast().expect("a readiness");
    once(vm, this, &readiness.progress, Owned::none())
}

fn send_task_wait(vm: &Thread, this: Ref<'_>, _value: Ref<'_>) -> PyResult<Sent> {
    let wait: &TaskWait = this.downcast().expect("a task wait");
    let task = task::payload(wait.task.borrow());
    if task.is_done() { task.take_result(vm).map(Sent::Return) } else { Ok(Sent::Yield(this.own())) }
}

fn send_gather(vm: &Thread, this: Ref<'_>, _value: Ref<'_>) -> PyResult<Sent> {
    let gather: &Gather = this.downcast().expect("a gather");
    match gather.results(vm)? {
        Some(results) => Ok(Sent::Return(results)),
        None => Ok(Sent::Yield(this.own())),
    }
}

/// Who gives up waiting gives up the tasks.
fn throw_gather(
    vm: &Thread,
    this: Ref<'_>,
    exception: Ref<'_>,
    value: Option<Ref<'_>>,
    traceback: Option<Ref<'_>>,
) -> PyResult {
    let gather: &Gather = this.downcast().expect("a gather");
    for task in gather.tasks.to_vec(0, gather.tasks.len()) {
        task::cancel(vm, task.borrow(), None)?;
    }
    Err(raising::thrown(vm, exception, value, traceback)?)
}

impl Gather {
    /// The values in order, once all are there; the first exception, if exceptions are not wanted as values.
    fn results(&self, vm: &Thread) -> PyResult<Option<Owned>> {
        let tasks = self.tasks.to_vec(0, self.tasks.len());
        let payloads: Vec<&Task> = tasks.iter().map(|task| task::payload(task.borrow())).collect();
        if !self.return_exceptions {
            if let Some(failed) = payloads.iter().find(|task| task.has_failed()) {
                return failed.take_result(vm).map(Some);
            }
        }
        if !payloads.iter().all(|task| task.is_done()) {
            return Ok(None);
        }
        let values = payloads.iter().map(|task| task.take_result(vm).unwrap_or_else(Raised::into_exception));
        vm.list(values.collect()).map(Some)
    }

    fn wait_for_children(&self, vm: &Thread, this: Ref<'_>) -> PyResult<()> {
        if self.remaining.get() > 0 {
            return Ok(());
        }
        let mut remaining = 0;
        let tasks = self.tasks.to_vec(0, self.tasks.len());
        for (index, task) in tasks.iter().enumerate() {
            let payload = task::payload(task.borrow());
            let is_new = !tasks[..index].iter().any(|other| other.borrow().is(task.borrow()));
            if is_new && !payload.is_done() {
                payload.add_waiter(vm, this, None)?;
                remaining += 1;
            }
        }
        self.remaining.set(remaining);
        Ok(())
    }

    /// One of the tasks is over.
    pub(super) fn child_is_done(&self, scheduler: &Scheduler, failed: bool) {
        self.remaining.set(self.remaining.get() - 1);
        if self.remaining.get() == 0 || failed && !self.return_exceptions {
            if let Some(awaiter) = self.awaiter.get() {
                scheduler.wake(awaiter.borrow(), self.suspension.get(), Wake::Value(Owned::none()));
            }
        }
    }
}

fn send_external(_: &Thread, this: Ref<'_>, _value: Ref<'_>) -> PyResult<Sent> {
    let external: &External = this.downcast().expect("an external wait");
    match external.outcome.get() {
        Completion::Pending => Ok(Sent::Yield(this.own())),
        Completion::Returned => Ok(Sent::Return(external.value.get_or_none())),
        Completion::Raised => Err(Raised::new(external.value.get_or_none())),
    }
}

impl External {
    fn wake_awaiter(&self, scheduler: &Scheduler) {
        if self.outcome.get() == Completion::Pending {
            return;
        }
        if let Some(awaiter) = self.awaiter.take() {
            scheduler.wake(awaiter.borrow(), self.suspension.get(), Wake::Value(Owned::none()));
        }
    }
}

/// Completes an external wait, from any thread, once.
pub struct Completer {
    waker: Waker,
    number: u64,
}

impl Completer {
    /// The awaitable's value, or exception, is what the function gives, which the scheduler's thread calls.
    pub fn complete(self, outcome: impl FnOnce(&Thread) -> PyResult + Send + 'static) {
        let number = self.number;
        self.waker.call(move |vm| {
            let scheduler = vm.scheduler()?;
            let Some(external) = scheduler.externals.borrow_mut().remove(&number) else { return Ok(()) };
            let payload: &External = external.borrow().downcast().expect("an external wait");
            let (completion, value) = match outcome(vm) {
                Ok(value) => (Completion::Returned, value),
                Err(raised) => (Completion::Raised, raised.into_exception()),
            };
            payload.value.set(value);
            payload.outcome.set(completion);
            payload.wake_awaiter(scheduler);
            Ok(())
        });
    }
}

impl Thread {
    /// An awaitable that is over after some seconds; its value is `result`.
    pub fn sleep(&self, seconds: f64, result: Owned) -> PyResult {
        self.new_object(Sleep { seconds, result, progress: Cell::new(Progress::Fresh) })
    }

    /// An awaitable that is over when a file descriptor can be read, or written.
    pub fn readiness(&self, fd: RawFd, writable: bool) -> PyResult {
        self.new_object(Readiness { fd, writable, progress: Cell::new(Progress::Fresh) })
    }

    /// An awaitable that gives the values of tasks, in a list.
    pub fn gather(&self, tasks: Vec<Owned>, return_exceptions: bool) -> PyResult {
        self.new_object(Gather {
            tasks: Items::from_vec(self, tasks)?,
            return_exceptions,
            remaining: Cell::new(0),
            awaiter: Slot::empty(),
            suspension: Cell::new(0),
        })
    }

    /// An awaitable that another thread, or native code, completes.
    pub fn external(&self) -> PyResult<(Owned, Completer)> {
        let scheduler = self.scheduler()?;
        let number = scheduler.next_number();
        let external = self.new_object(External {
            outcome: Cell::new(Completion::Pending),
            value: Slot::empty(),
            awaiter: Slot::empty(),
            suspension: Cell::new(0),
        })?;
        scheduler.externals.borrow_mut().insert(number, external.clone());
        Ok((external, Completer { waker: scheduler.waker(), number }))
    }
}
