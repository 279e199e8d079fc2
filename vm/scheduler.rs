//! The scheduler: what runs coroutines when no event-loop library does.
//!
//! It is small: a queue of tasks that are ready, a heap of timers, a poller of file descriptors with a waker, and [`Task`]s,
//! each of which owns its coroutine and its context. One step resumes a task once. What the coroutine yields says what it
//! waits for: one of the scheduler's own objects ([`wait`]), `None` for "go on in the next round", or anything that an
//! [adapter](Scheduler::adapt) understands, which is how other libraries' futures and traps are awaited.
//!
//! # Invariants
//!
//! - Each thread of the interpreter has a scheduler of its own, and steps it. A task belongs to the scheduler that it was spawned
//!   on, whoever resumes it; threads that do not have the interpreter's lock reach a scheduler only through its [`Waker`].
//! - [`Thread::step_tasks`] never blocks, and never runs inside itself.
//! - Each suspension of a task has a number. Whoever wants to resume the task names the suspension that it saw begin; a
//!   resumption that comes too late is ignored. So nothing has to be taken back when a wait ends early.
//! - A task is resumed at most once for each suspension, and cancelled at its next resumption at the latest.

pub mod task;
pub mod wait;

use std::cell::{Cell, RefCell};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, VecDeque};
use std::os::fd::{BorrowedFd, RawFd};
use std::rc::{Rc, Weak};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use polling::{Event, Events, Poller};

use crate::exception::{PyResult, Raised};
use crate::heap::inline::Str;
use crate::heap::{Items, Slot};
use crate::scheduler::task::{Outcome, Task};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// What a step of the scheduler left behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Tasks are ready to run.
    Ready,
    /// Every task waits: until the deadline, for a file descriptor, or for the waker.
    Idle {
        /// When the first timer is due.
        deadline: Option<Instant>,
    },
    /// There are no tasks.
    Done,
}

/// What a task is resumed with.
pub(crate) enum Wake {
    /// A value of its `await`.
    Value(Owned),
    /// An exception.
    Error(Raised),
}

struct Ready {
    task: Owned,
    suspension: u64,
    wake: Wake,
}

struct Timer {
    due: Instant,
    /// Timers of the same time go off in the order they were set.
    sequence: u64,
    task: Owned,
    suspension: u64,
    value: Owned,
}

impl PartialEq for Timer {
    fn eq(&self, other: &Self) -> bool {
        self.sequence == other.sequence
    }
}

impl Eq for Timer {}

impl PartialOrd for Timer {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Timer {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.due, self.sequence).cmp(&(other.due, other.sequence))
    }
}

/// A call that another thread wants made by the scheduler's own.
type Foreign = Box<dyn FnOnce(&Thread) -> PyResult<()> + Send>;

/// Wakes the scheduler from any thread.
#[derive(Clone)]
pub struct Waker {
    poller: Arc<Poller>,
    calls: Arc<Mutex<Vec<Foreign>>>,
}

impl Waker {
    /// Ends the scheduler's wait for events. Safe in a signal handler: it writes to a file descriptor.
    pub fn wake(&self) {
        // A full pipe or counter means that a wake-up is under way already.
        let _ = self.poller.notify();
    }

    /// Has a function called in the scheduler's thread, with the interpreter at hand.
    pub fn call(&self, function: impl FnOnce(&Thread) -> PyResult<()> + Send + 'static) {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).push(Box::new(function));
        self.wake();
    }
}

/// See the module.
pub struct Scheduler {
    ready: RefCell<VecDeque<Ready>>,
    timers: RefCell<BinaryHeap<Reverse<Timer>>>,
    sequence: Cell<u64>,
    /// The tasks that wait for a file descriptor to become readable, and writable.
    interests: RefCell<HashMap<RawFd, [Option<(Owned, u64)>; 2]>>,
    waker: Waker,
    events: RefCell<Events>,
    current: Slot,
    stepping: Cell<bool>,
    unfinished: Cell<usize>,
    /// Every unfinished task, by its number.
    tasks: RefCell<HashMap<u64, Owned>>,
    /// What other threads will complete, by number.
    externals: RefCell<HashMap<u64, Owned>>,
    /// Callables that are told what happens to tasks.
    hooks: Items,
    /// Whether failures nobody waits for are reported when they happen, instead of when the task is dropped.
    pub eager_reports: Cell<bool>,
    clock: Cell<fn() -> Instant>,
}

/// What tasks may await beyond the scheduler's own objects: pairs of a class, and what is called with a task and the instance that it
/// yielded. All schedulers of an interpreter know them.
#[derive(Default)]
pub(crate) struct Adapters(Items);

/// The scheduler of a task, which ends with its thread.
#[derive(Default)]
struct Home(Weak<Scheduler>);

crate::untraced!(Home);

/// Resumptions between looks at signals.
const STEPS: usize = 1024;

/// Steps between looks at the poller while tasks are ready all the time.
const POLL_INTERVAL: usize = 64;

impl Scheduler {
    fn new(vm: &Thread) -> PyResult<Self> {
        let poller = Poller::new().map_err(|error| vm.os_error(error))?;
        Ok(Self {
            ready: RefCell::default(),
            timers: RefCell::default(),
            sequence: Cell::new(0),
            interests: RefCell::default(),
            waker: Waker { poller: Arc::new(poller), calls: Arc::default() },
            events: RefCell::new(Events::new()),
            current: Slot::empty(),
            stepping: Cell::new(false),
            unfinished: Cell::new(0),
            tasks: RefCell::default(),
            externals: RefCell::default(),
            hooks: Items::new(),
            eager_reports: Cell::new(false),
            clock: Cell::new(Instant::now),
        })
    }

    /// What wakes the scheduler from any thread.
    pub fn waker(&self) -> Waker {
        self.waker.clone()
    }

    /// Whether a task is being resumed.
    pub fn is_stepping(&self) -> bool {
        self.stepping.get()
    }

    /// The task that runs, if one does.
    pub fn current_task(&self) -> Option<Owned> {
        self.current.get()
    }

    /// Every unfinished task, the oldest first.
    pub fn tasks(&self) -> Vec<Owned> {
        let tasks = self.tasks.borrow();
        let mut numbers: Vec<_> = tasks.keys().copied().collect();
        numbers.sort_unstable();
        numbers.iter().map(|number| tasks[number].clone()).collect()
    }

    /// Replaces the clock, which tests and simulations drive by hand.
    pub fn set_clock(&self, clock: fn() -> Instant) {
        self.clock.set(clock);
    }

    /// The time by the scheduler's clock.
    pub fn now(&self) -> Instant {
        self.clock.get()()
    }

    /// Has `function(task, object)` called when a task yields an instance of `class`. The function sees to it that the
    /// task's `wake` or `wake_error` is called once.
    pub fn adapt(&self, vm: &Thread, class: Ref<'_>, function: Ref<'_>) -> PyResult<()> {
        let adapters = &vm.interpreter().adapters.0;
        adapters.push(vm, class.own())?;
        adapters.push(vm, function.own())
    }

    /// Has `hook(event, task)` called when a task is created, resumed, suspended or finished. A hook that raises is
    /// reported and removed.
    pub fn add_hook(&self, vm: &Thread, hook: Ref<'_>) -> PyResult<()> {
        self.hooks.push(vm, hook.own())
    }

    fn next_number(&self) -> u64 {
        self.sequence.set(self.sequence.get() + 1);
        self.sequence.get()
    }

    /// Makes a suspended task ready, on its own scheduler.
    pub(crate) fn wake(&self, task: Ref<'_>, suspension: u64, wake: Wake) {
        let ready = Ready { task: task.own(), suspension, wake };
        let home = &task::payload(task).home.0;
        if std::ptr::eq(home.as_ptr(), self) {
            self.ready.borrow_mut().push_back(ready);
        } else if let Some(home) = home.upgrade() {
            home.ready.borrow_mut().push_back(ready);
            home.waker.wake();
        }
    }

    /// Whether a task belongs to this scheduler.
    fn owns(&self, task: Ref<'_>) -> bool {
        std::ptr::eq(task::payload(task).home.0.as_ptr(), self)
    }

    /// Lets everything go when the thread ends: its tasks are never resumed.
    pub(crate) fn close(&self) {
        self.unfinished.set(0);
        drop(self.ready.take());
        drop(self.timers.take());
        drop(self.interests.take());
        drop(self.externals.take());
        drop(self.tasks.take());
        drop(self.hooks.take());
    }

    /// Makes a suspended task ready after some time.
    fn wake_at(&self, due: Instant, task: Ref<'_>, suspension: u64, value: Owned) {
        let sequence = self.next_number();
        self.timers.borrow_mut().push(Reverse(Timer { due, sequence, task: task.own(), suspension, value }));
    }

    /// Makes a suspended task ready when a file descriptor is.
    fn wake_when_ready(&self, vm: &Thread, fd: RawFd, writable: bool, task: Ref<'_>) -> PyResult<()> {
        let suspension = task::payload(task).suspension.get();
        let side = usize::from(writable);
        let mut interests = self.interests.borrow_mut();
        let is_new = !interests.contains_key(&fd);
        let waiting = interests.entry(fd).or_default();
        if let Some((other, number)) = &waiting[side] {
            if task::payload(other.borrow()).is_suspended_at(*number) {
                return Err(vm.runtime_error(format_args!(
                    "another task waits for file descriptor {fd} to become {} already",
                    if writable { "writable" } else { "readable" }
                )));
            }
        }
        let former = waiting[side].replace((task.own(), suspension));
        let registered = self.register(fd, interest(fd, waiting), is_new);
        let failed = registered.is_err().then(|| waiting[side].take());
        if waiting.iter().all(Option::is_none) {
            interests.remove(&fd);
        }
        // Tasks may end here, which may run anything.
        drop(interests);
        drop((former, failed));
        registered.map_err(|error| vm.os_error(error))
    }

    /// Tells the poller about a file descriptor. Interests are for one event each, so they are told anew for the next.
    #[expect(unsafe_code, reason = "the poller borrows file descriptors by number")]
    fn register(&self, fd: RawFd, event: Event, is_new: bool) -> std::io::Result<()> {
        // SAFETY: the number is looked at by the operating system alone, which answers EBADF if it is not open. A
        // descriptor that is closed leaves the poller by itself.
        unsafe {
            let source = BorrowedFd::borrow_raw(fd);
            if is_new {
                match self.waker.poller.add(&source, event) {
                    Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                    result => return result,
                }
            }
            self.waker.poller.modify(source, event)
        }
    }

    /// When the first timer is due.
    fn deadline(&self) -> Option<Instant> {
        self.timers.borrow().peek().map(|Reverse(timer)| timer.due)
    }

    /// Moves what is due to the queue: timers, file descriptors, and calls from other threads. Waits for at most `timeout`
    /// (`None`: for ever) if nothing is.
    fn poll(&self, vm: &Thread, timeout: Option<Duration>) -> PyResult<()> {
        let mut events = self.events.take();
        events.clear();
        let polled = vm.allow_threads(|| self.waker.poller.wait(&mut events, timeout));
        let mut woken = Vec::new();
        for event in events.iter() {
            let mut interests = self.interests.borrow_mut();
            let fd = event.key as RawFd;
            let Some(waiting) = interests.get_mut(&fd) else { continue };
            for (ready, waiting) in [event.readable, event.writable].into_iter().zip(waiting.iter_mut()) {
                if ready {
                    woken.extend(waiting.take());
                }
            }
            if waiting.iter().any(Option::is_some) {
                let again = interest(fd, waiting);
                let _ = self.register(fd, again, false);
            } else {
                interests.remove(&fd);
                self.forget(fd);
            }
        }
        self.events.replace(events);
        for (task, suspension) in woken {
            self.wake(task.borrow(), suspension, Wake::Value(Owned::none()));
        }
        polled.map_err(|error| vm.os_error(error))?;
        let calls = std::mem::take(&mut *self.waker.calls.lock().unwrap_or_else(PoisonError::into_inner));
        // Each call is made, whatever became of the one before.
        let mut outcome = Ok(());
        for call in calls {
            match call(vm) {
                Err(raised) if outcome.is_err() => {
                    vm.unraisable(raised, Some("Exception ignored in a call from another thread"), None);
                }
                Err(raised) => outcome = Err(raised),
                Ok(()) => {}
            }
        }
        outcome
    }

    #[expect(unsafe_code, reason = "the poller borrows file descriptors by number")]
    fn forget(&self, fd: RawFd) {
        // SAFETY: as in `register`; a descriptor that was closed meanwhile is not in the poller any more.
        let _ = self.waker.poller.delete(unsafe { BorrowedFd::borrow_raw(fd) });
    }

    fn fire_timers(&self) {
        if self.timers.borrow().is_empty() {
            return;
        }
        let now = self.now();
        loop {
            let mut timers = self.timers.borrow_mut();
            if timers.peek().is_none_or(|Reverse(timer)| timer.due > now) {
                return;
            }
            let Some(Reverse(timer)) = timers.pop() else { return };
            drop(timers);
            self.wake(timer.task.borrow(), timer.suspension, Wake::Value(timer.value));
        }
    }

    fn tell_hooks(&self, vm: &Thread, event: &str, task: Ref<'_>) {
        if self.hooks.is_empty() {
            return;
        }
        for hook in self.hooks.to_vec(0, self.hooks.len()) {
            let told = vm.intern(event).and_then(|event| vm.call(hook.borrow(), &[event.borrow(), task]));
            if let Err(raised) = told {
                let position = (0..self.hooks.len()).find(|&index| {
                    self.hooks.get(index).is_some_and(|other| other.borrow().is(hook.borrow()))
                });
                position.map(|index| self.hooks.remove(index));
                vm.unraisable(raised, Some("Exception ignored in a scheduler hook"), Some(hook.borrow()));
            }
        }
    }
}

/// The event to ask for on behalf of the tasks that wait for a file descriptor.
fn interest(fd: RawFd, waiting: &[Option<(Owned, u64)>; 2]) -> Event {
    Event::new(fd as usize, waiting[0].is_some(), waiting[1].is_some())
}

impl Thread {
    /// The thread's scheduler, made when first asked for.
    pub fn scheduler(&self) -> PyResult<&Rc<Scheduler>> {
        if self.scheduler.get().is_none() {
            let scheduler = Scheduler::new(self)?;
            if self.handles_signals() && self.is_main() {
                crate::signal::TABLE.set_waker(scheduler.waker());
            }
            let _ = self.scheduler.set(Rc::new(scheduler));
        }
        Ok(self.scheduler.get().expect("just made"))
    }

    /// Makes a task of an awaitable, with a copy of the current context. It runs from the next round on.
    pub fn spawn(&self, awaitable: Ref<'_>, name: Option<Ref<'_>>) -> PyResult {
        let context = self.copy_context()?;
        self.start_task(awaitable, name, Some(context))
    }

    fn start_task(&self, awaitable: Ref<'_>, name: Option<Ref<'_>>, context: Option<Owned>) -> PyResult {
        let scheduler = self.scheduler()?;
        let task = task::new(self, awaitable, name, context, scheduler)?;
        let payload = task::payload(task.borrow());
        scheduler.tasks.borrow_mut().insert(payload.number, task.clone());
        scheduler.unfinished.set(scheduler.unfinished.get() + 1);
        scheduler.wake(task.borrow(), payload.suspension.get(), Wake::Value(Owned::none()));
        scheduler.tell_hooks(self, "created", task.borrow());
        Ok(task)
    }

    /// Runs at most `budget` resumptions of tasks that are ready, and never blocks. The error is what ends a program in
    /// the middle of a task: `SystemExit` or `KeyboardInterrupt`.
    pub fn step_tasks(&self, budget: usize) -> PyResult<Step> {
        let scheduler = self.scheduler()?;
        if scheduler.stepping.get() {
            return Err(self.runtime_error("the scheduler is running already"));
        }
        let mut left = budget;
        loop {
            scheduler.fire_timers();
            if !scheduler.interests.borrow().is_empty() || self.has_foreign_calls(scheduler) {
                scheduler.poll(self, Some(Duration::ZERO))?;
            }
            // What becomes ready in this round runs in the next: nobody is starved.
            let round = scheduler.ready.borrow().len().min(left).min(POLL_INTERVAL);
            if round == 0 {
                break;
            }
            left -= round;
            for _ in 0..round {
                let Some(ready) = scheduler.ready.borrow_mut().pop_front() else { break };
                self.resume_task(scheduler, ready)?;
            }
        }
        Ok(if !scheduler.ready.borrow().is_empty() {
            Step::Ready
        } else if scheduler.unfinished.get() == 0 {
            Step::Done
        } else {
            Step::Idle { deadline: scheduler.deadline() }
        })
    }

    fn has_foreign_calls(&self, scheduler: &Scheduler) -> bool {
        !scheduler.waker.calls.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    /// Waits until something is ready, a deadline has passed, or the waker is used; handles signals.
    pub fn wait_for_events(&self, deadline: Option<Instant>) -> PyResult<()> {
        let scheduler = self.scheduler()?;
        let timeout = deadline.map(|deadline| deadline.saturating_duration_since(scheduler.now()));
        self.check_signals()?;
        scheduler.poll(self, timeout)?;
        self.check_signals()
    }

    /// Runs an awaitable to its end, in the current context, and other tasks meanwhile; its value is the result.
    pub fn run_until_complete(&self, awaitable: Ref<'_>) -> PyResult {
        let scheduler = self.scheduler()?;
        if scheduler.stepping.get() {
            return Err(self.runtime_error("the scheduler is running already"));
        }
        let task = if awaitable.downcast::<Task>().is_some() {
            awaitable.own()
        } else {
            self.start_task(awaitable, None, None)?
        };
        self.run_task(task.borrow())
    }

    /// Runs the scheduler until a task is done. SIGINT cancels the task; when it ends by that, the interrupt is raised.
    pub fn run_task(&self, task: Ref<'_>) -> PyResult {
        let payload = task::payload(task);
        if !payload.is_done() && !self.scheduler()?.owns(task) {
            return Err(self.runtime_error("the task belongs to another thread"));
        }
        payload.foreground.set(true);
        let mut interrupted = None;
        while !payload.is_done() {
            let stepped = match self.step_tasks(STEPS) {
                Ok(Step::Ready) => self.check_signals(),
                Ok(Step::Idle { deadline }) if !payload.is_done() => self.wait_for_events(deadline),
                Ok(Step::Done) if !payload.is_done() => {
                    Err(self.runtime_error("the task waits for something that cannot happen"))
                }
                Ok(_) => Ok(()),
                Err(raised) => Err(raised),
            };
            if let Err(raised) = stepped {
                if payload.is_done()
                    || !raised.is(&self.exceptions().KeyboardInterrupt)
                    || interrupted.is_some()
                {
                    return Err(raised);
                }
                task::cancel(self, task, None)?;
                interrupted = Some(raised);
            }
        }
        match (payload.take_result(self), interrupted) {
            (Err(raised), Some(interrupt)) if task::is_cancellation(self, &raised) => Err(interrupt),
            (result, _) => result,
        }
    }

    /// Cancels every task, once, and runs them to their ends, which may take time: they may await as they clean up.
    pub fn cancel_all_tasks(&self) -> PyResult<()> {
        let tasks = self.scheduler()?.tasks();
        for task in &tasks {
            task::cancel(self, task.borrow(), None)?;
        }
        while !tasks.iter().all(|task| task::payload(task.borrow()).is_done()) {
            match self.step_tasks(STEPS)? {
                Step::Ready => self.check_signals()?,
                Step::Idle { deadline } => self.wait_for_events(deadline)?,
                Step::Done => {}
            }
        }
        Ok(())
    }

    /// Resumes a task, if it still waits for this.
    fn resume_task(&self, scheduler: &Scheduler, ready: Ready) -> PyResult<()> {
        let Ready { task, suspension, wake } = ready;
        let payload = task::payload(task.borrow());
        if !payload.is_suspended_at(suspension) {
            return Ok(());
        }
        scheduler.tell_hooks(self, "resumed", task.borrow());
        scheduler.stepping.set(true);
        let previous = scheduler.current.replace(Some(task.clone()));
        let outcome = payload.resume(self, wake);
        scheduler.current.replace(previous);
        scheduler.stepping.set(false);
        match outcome {
            Ok(Outcome::Suspended(yielded)) => {
                scheduler.tell_hooks(self, "suspended", task.borrow());
                if let Err(raised) = self.suspend_task(scheduler, task.borrow(), yielded) {
                    scheduler.wake(task.borrow(), payload.suspension.get(), Wake::Error(raised));
                }
                Ok(())
            }
            Ok(Outcome::Returned(value)) => self.finish_task(scheduler, &task, Ok(value)),
            Err(raised) => self.finish_task(scheduler, &task, Err(raised)),
        }
    }

    /// Has a task wait for what it yielded.
    fn suspend_task(&self, scheduler: &Scheduler, task: Ref<'_>, yielded: Owned) -> PyResult<()> {
        let payload = task::payload(task);
        let suspension = payload.suspension.get();
        if payload.must_cancel.get() || yielded.borrow().is_none() {
            scheduler.wake(task, suspension, Wake::Value(Owned::none()));
            return Ok(());
        }
        if wait::suspend(self, scheduler, task, yielded.borrow())? {
            return Ok(());
        }
        let adapters = &self.interpreter().adapters.0;
        for index in (0..adapters.len()).step_by(2) {
            let (Some(class), Some(function)) = (adapters.get(index), adapters.get(index + 1)) else {
                break;
            };
            if self.is_instance(yielded.borrow(), class.borrow())? {
                return self.call(function.borrow(), &[task, yielded.borrow()]).map(drop);
            }
        }
        let shown = self.repr(yielded.borrow())?;
        let shown = shown.borrow().downcast::<Str>().map(Str::to_string_lossy).unwrap_or_default();
        Err(self
            .runtime_error(format_args!("a task awaits something that no event loop here knows: {shown}")))
    }

    fn finish_task(&self, scheduler: &Scheduler, task: &Owned, result: PyResult) -> PyResult<()> {
        let payload = task::payload(task.borrow());
        let known = { scheduler.tasks.borrow_mut().remove(&payload.number) };
        scheduler.unfinished.set(scheduler.unfinished.get().saturating_sub(usize::from(known.is_some())));
        let exceptions = self.exceptions();
        let fatal = result
            .as_ref()
            .err()
            .filter(|raised| raised.is(&exceptions.SystemExit) || raised.is(&exceptions.KeyboardInterrupt))
            .filter(|_| !payload.foreground.get())
            .map(|raised| Raised::new(raised.exception().own()));
        payload.finish(self, scheduler, task.borrow(), result);
        scheduler.tell_hooks(self, "finished", task.borrow());
        fatal.map_or(Ok(()), Err)
    }
}
