//! Threads of the operating system that run Python.
//!
//! Each has a [`Thread`] of its own, made when it first gets the interpreter's lock ([`crate::gil`]) and dropped before it gives
//! the lock back for good. Whoever blocks lets others run meanwhile, with [`Thread::allow_threads`].
//!
//! # Safety model
//!
//! An interpreter's cells are not synchronised: only the thread that has the lock may touch the interpreter, its objects, and what
//! belongs to a `Thread`, be it another's. The lock orders what one thread did before it gave the lock away before what the
//! next one does. What a starting thread is to run crosses to it as a package, which is opened, used and dropped by whoever has the
//! lock. The interpreter outlives its threads: at its end the lock is closed, and a thread that wants it afterwards never goes
//! on; if there are such threads, the interpreter's memory is given up instead of freed. The lock itself belongs to whoever uses it.
//!
//! # Forks
//!
//! A child process has the thread that forked, and no other: it is the child's main thread, whatever it was before. What other threads
//! did when they were left behind never goes on, and so [`Thread::goes_on`] tells who still waits for them that it waits in vain.
#![expect(unsafe_code, reason = "an interpreter is used by several threads in turn")]

use std::cell::{Cell, RefCell};
use std::io::Write;
use std::os::unix::thread::JoinHandleExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::exception::PyResult;
use crate::frame;
use crate::heap::Items;
use crate::value::Owned;
use crate::vm::{Interpreter, Thread, request};

/// The threads of an interpreter.
#[derive(Default)]
pub(crate) struct Threads {
    /// Those that run Python, in the order they began.
    all: RefCell<Vec<*const Thread>>,
    /// Those that were started and have not taken the lock for the last time.
    alive: AtomicU32,
    next_serial: Cell<u64>,
    /// Only the main thread goes on.
    closed: Cell<bool>,
    /// How many forks this process came from since the interpreter began.
    forks: Cell<u32>,
    /// The handles of the threads that the end of the program waits for.
    awaited: Items,
}

/// Where a [`Thread`] stands among the others of its interpreter.
pub(crate) struct Place {
    /// Whether it is the main thread: the first one, or the one that forked in the parent process.
    pub(crate) is_main: Cell<bool>,
    /// The thread's number; no other thread of the interpreter ever has the same.
    pub(crate) serial: u64,
    /// What the operating system calls it.
    pub(crate) ident: Cell<u64>,
}

impl Place {
    /// A place for the calling thread.
    pub(crate) fn new(interpreter: &Interpreter) -> Self {
        let serial = interpreter.threads.next_serial.get();
        interpreter.threads.next_serial.set(serial + 1);
        Self { is_main: Cell::new(serial == 0), serial, ident: Cell::new(current_ident()) }
    }

    /// Whether another thread started it.
    fn was_started(&self) -> bool {
        self.serial != 0
    }
}

/// What the operating system calls the calling thread.
fn current_ident() -> u64 {
    // SAFETY: it always works.
    unsafe { libc::pthread_self() }
}

/// What crosses to another thread; see the module.
struct Package<T>(T);

// SAFETY: it is opened, used and dropped under the lock of the interpreter that its contents belong to.
unsafe impl<T> Send for Package<T> {}

impl<T> Package<T> {
    fn open(self) -> T {
        self.0
    }
}

impl Thread {
    /// Starts a thread that calls a function with its `Thread`; the result identifies it. The stack has so many bytes at least,
    /// 0 being as many as usual.
    pub fn start_thread(&self, stack: usize, run: impl FnOnce(&Self) + 'static) -> PyResult<u64> {
        let interpreter = self.interpreter();
        if self.is_finalizing() {
            return Err(self.error(
                &self.exceptions().PythonFinalizationError,
                "can't create new thread at interpreter shutdown",
            ));
        }
        self.gil.share();
        interpreter.threads.alive.fetch_add(1, Ordering::SeqCst);
        let package = Package((std::ptr::from_ref(interpreter), run));
        let builder =
            std::thread::Builder::new().stack_size(if stack == 0 { STACK } else { stack.max(ENOUGH) });
        let started = builder.spawn(move || {
            let (interpreter, run) = package.open();
            // SAFETY: an interpreter with living threads is not freed.
            let interpreter: &Interpreter = unsafe { &*interpreter };
            if !interpreter.gil.acquire(false) {
                // Nobody may open the package any more.
                std::mem::forget(run);
                park();
            }
            if catch_unwind(AssertUnwindSafe(|| run_thread(interpreter, run))).is_err() {
                give_up();
            }
        });
        match started {
            Ok(handle) => Ok(handle.as_pthread_t()),
            Err(_) => {
                interpreter.threads.alive.fetch_sub(1, Ordering::SeqCst);
                Err(self.runtime_error("can't start new thread"))
            }
        }
    }

    /// Tells the running thread from others; what `_thread.get_ident()` gives.
    pub fn ident(&self) -> u64 {
        self.place.ident.get()
    }

    /// The main thread's identifier.
    pub fn main_ident(&self) -> u64 {
        self.interpreter().main_ident.get()
    }

    /// A number that no other thread of the interpreter ever has.
    pub fn serial(&self) -> u64 {
        self.place.serial
    }

    /// Whether this is the interpreter's main thread, which handles signals.
    pub fn is_main(&self) -> bool {
        self.place.is_main.get()
    }

    /// How many threads run Python besides the main one.
    pub fn thread_count(&self) -> usize {
        self.interpreter().threads.all.borrow().len().saturating_sub(1)
    }

    /// The handles of the threads that the end of the program waits for, until they end.
    pub fn awaited_threads(&self) -> &Items {
        &self.interpreter().threads.awaited
    }

    /// How many forks this process came from since the interpreter began: of the threads that there were before the last of them, only
    /// the main thread is left.
    pub fn forks(&self) -> u32 {
        self.interpreter().threads.forks.get()
    }

    /// Shows every thread of the interpreter to a function, which runs no Python.
    pub(crate) fn each_thread(&self, mut show: impl FnMut(&Self)) {
        for &thread in self.interpreter().threads.all.borrow().iter() {
            // SAFETY: a thread leaves the list, under the lock, before it ends; and while this thread has the lock, no other one
            // touches what belongs to it.
            show(unsafe { &*thread });
        }
    }

    /// Whether there is a thread with this identifier that runs Python.
    pub fn is_thread(&self, ident: u64) -> bool {
        let mut found = false;
        self.each_thread(|thread| found |= thread.ident() == ident);
        found
    }

    /// Whether there is a thread with this identifier that still runs, or will: neither a fork nor the end of the interpreter left it
    /// behind.
    pub fn goes_on(&self, ident: u64) -> bool {
        let closed = self.interpreter().threads.closed.get();
        let mut found = false;
        self.each_thread(|thread| found |= thread.ident() == ident && (thread.is_main() || !closed));
        found
    }

    /// The innermost frame of each thread that runs Python code, with the thread's identifier.
    pub fn frames_of_threads(&self) -> PyResult<Vec<(u64, Owned)>> {
        let mut tops = Vec::new();
        self.each_thread(|thread| tops.push((thread.ident(), frame::nth(thread, 0))));
        tops.retain(|(_, top)| !top.is_null());
        // Nothing runs between, so the frames are still there.
        tops.into_iter().map(|(ident, top)| Ok((ident, frame::frame_object(self, top)?))).collect()
    }

    /// The exception that each thread handles, with the thread's identifier.
    pub fn exceptions_of_threads(&self) -> Vec<(u64, Option<Owned>)> {
        let mut handled = Vec::new();
        self.each_thread(|thread| handled.push((thread.ident(), frame::handled_exception(thread))));
        handled
    }

    /// Calls what may block; other threads run meanwhile. Nothing in it touches the interpreter.
    #[inline(always)]
    pub fn allow_threads<R>(&self, call: impl FnOnce() -> R) -> R {
        if self.gil.is_shared() { self.call_unlocked(call) } else { call() }
    }

    #[inline(never)]
    fn call_unlocked<R>(&self, call: impl FnOnce() -> R) -> R {
        /// Takes the lock again, after a panic too.
        struct Retake<'t>(&'t Thread);
        impl Drop for Retake<'_> {
            fn drop(&mut self) {
                // Until the lock is taken only the lock is touched.
                let taken = self.0.gil.acquire(self.0.is_main());
                self.0.resume(taken);
            }
        }
        self.gil.release();
        let _retake = Retake(self);
        call()
    }

    /// Lets another thread run, if one wants to.
    pub(crate) fn yield_to_others(&self) {
        let taken = self.gil.hand_over(self.is_main());
        self.resume(taken);
    }

    /// The thread has the lock again, or will never have it.
    fn resume(&self, taken: bool) {
        if !taken {
            park();
        }
        self.interpreter().heap().set_thread(self);
        if self.is_main() && crate::signal::any_pending() && self.handles_signals() {
            self.breaker.fetch_or(request::SIGNAL, Ordering::SeqCst);
        }
    }

    /// Ends the time of other threads: none of them runs from here on.
    pub fn close_threads(&self) {
        self.interpreter().threads.closed.set(true);
        self.gil.close();
    }

    /// Calls what forks the process: the child has only the calling thread. No other thread imports meanwhile.
    pub fn fork<R>(&self, fork: impl FnOnce() -> R, is_child: impl FnOnce(&R) -> bool) -> R {
        self.import_state().acquire_lock(self);
        let mut child = false;
        let result = self.gil.fork(fork, |result| {
            child = is_child(result);
            child
        });
        if child {
            self.become_main();
        }
        self.import_state().release_lock(self);
        result
    }

    /// In a child process: this is the only thread.
    fn become_main(&self) {
        let interpreter = self.interpreter();
        interpreter.threads.all.borrow_mut().retain(|&other| std::ptr::eq(other, self));
        interpreter.threads.forks.set(self.forks() + 1);
        interpreter.threads.alive.store(u32::from(self.place.was_started()), Ordering::SeqCst);
        self.place.ident.set(current_ident());
        self.place.is_main.set(true);
        interpreter.main_ident.set(self.ident());
        crate::signal::forget_pending();
    }

    /// Ends what only this thread uses, which may run Python.
    fn end(&self) {
        self.end_locals();
        if let Some(scheduler) = self.scheduler.get() {
            scheduler.close();
        }
        drop(self.asyncgen_hooks.first_iteration.take());
        drop(self.asyncgen_hooks.finalizer.take());
        drop(self.context.take());
    }
}

/// The stack of threads for which nobody asks for another size.
const STACK: usize = 16 << 20;
/// The least that the interpreter itself needs, whatever a program asks for.
const ENOUGH: usize = 1 << 20;

/// Runs a new thread, which has the lock, to its end.
fn run_thread(interpreter: &Interpreter, run: impl FnOnce(&Thread)) {
    let gil = interpreter.gil.clone();
    let thread = Thread::new(interpreter);
    interpreter.threads.begin(&thread);
    thread.resume(true);
    run(&thread);
    thread.end();
    interpreter.threads.all.borrow_mut().retain(|&other| !std::ptr::eq(other, &raw const thread));
    drop(thread);
    interpreter.heap().set_thread(std::ptr::null());
    // From here on the interpreter may be freed.
    interpreter.threads.alive.fetch_sub(1, Ordering::SeqCst);
    gil.release();
}

/// The end of a thread that the interpreter has left behind.
fn park() -> ! {
    loop {
        std::thread::park();
    }
}

/// The end of the process after an error of the interpreter itself: no thread can trust what others would wait for.
fn give_up() -> ! {
    // The panic has told what happened. There is nowhere else to say it.
    let _ = writeln!(std::io::stderr(), "Fatal Python error: a thread of the interpreter failed");
    std::process::abort();
}

impl Threads {
    /// A thread runs Python from here on.
    pub(crate) fn begin(&self, thread: &Thread) {
        self.all.borrow_mut().push(std::ptr::from_ref(thread));
    }

    /// Whether threads are left that could look at the interpreter.
    pub(crate) fn any_alive(&self) -> bool {
        self.alive.load(Ordering::SeqCst) != 0
    }
}
