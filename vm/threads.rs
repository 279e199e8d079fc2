//! Threads of the operating system that run Python.
//!
//! Each has a [`Thread`] of its own, made when it first gets the interpreter's lock ([`crate::gil`]) and dropped before it gives
//! the lock back for good. Whoever blocks lets others run meanwhile, with [`Thread::allow_threads`].
//!
//! # Safety model
//!
//! An interpreter's cells are not synchronised: only the thread that has the lock may touch the interpreter, its objects, and what
//! belongs to a `Thread`. The lock orders what one thread did before it gave the lock away before what the next one does.
//! What a starting thread is to run crosses to it as a package, which is opened, used and dropped by whoever has the
//! lock. The interpreter outlives its threads: at its end the lock is closed, and a thread that wants it afterwards never goes
//! on; if there are such threads, the interpreter's memory is given up instead of freed.
#![expect(unsafe_code, reason = "an interpreter is used by several threads in turn")]

use std::cell::{Cell, RefCell};
use std::os::unix::thread::JoinHandleExt;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::exception::PyResult;
use crate::heap::Items;
use crate::value::{Owned, Ref};
use crate::vm::{Interpreter, Thread, request};

/// The threads of an interpreter.
#[derive(Default)]
pub(crate) struct Threads {
    /// Those that run Python besides the main one.
    running: RefCell<Vec<*const Thread>>,
    /// Those that were started and have not taken the lock for the last time.
    alive: AtomicU32,
    next_serial: Cell<u64>,
    /// What the end of the program waits for.
    pub(crate) awaited: Items,
}

/// Where a [`Thread`] stands among the others of its interpreter.
pub(crate) struct Place {
    pub(crate) is_main: bool,
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
        Self { is_main: serial == 0, serial, ident: Cell::new(current_ident()) }
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
        interpreter.gil.share();
        interpreter.threads.alive.fetch_add(1, Ordering::SeqCst);
        let package = Package((std::ptr::from_ref(interpreter), run));
        let builder =
            std::thread::Builder::new().stack_size(if stack == 0 { STACK } else { stack.max(STACK_MIN) });
        let started = builder.spawn(move || {
            let (interpreter, run) = package.open();
            // SAFETY: an interpreter with living threads is not freed.
            let interpreter: &Interpreter = unsafe { &*interpreter };
            if !interpreter.gil.acquire(false) {
                // Nobody may open the package any more.
                std::mem::forget(run);
                park();
            }
            run_thread(interpreter, run);
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

    /// Whether this is the interpreter's first thread, which handles signals.
    pub fn is_main(&self) -> bool {
        self.place.is_main
    }

    /// How many threads run Python besides the main one.
    pub fn thread_count(&self) -> usize {
        self.interpreter().threads.running.borrow().len()
    }

    /// Has the end of the program wait for something: `wait_for_threads` gives it back.
    pub fn await_at_end(&self, handle: Ref<'_>) -> PyResult<()> {
        self.interpreter().threads.awaited.push(self, handle.own())
    }

    /// The end of the program need not wait for something any more.
    pub fn forget_at_end(&self, handle: Ref<'_>) {
        let awaited = &self.interpreter().threads.awaited;
        let position =
            (0..awaited.len()).find(|&at| awaited.get(at).is_some_and(|other| other.borrow().is(handle)));
        if let Some(position) = position {
            drop(awaited.remove(position));
        }
    }

    /// One of the things that the end of the program waits for.
    pub fn awaited_at_end(&self) -> Option<Owned> {
        self.interpreter().threads.awaited.get(0)
    }

    /// Calls what may block; other threads run meanwhile. Nothing in it touches the interpreter.
    #[inline(always)]
    pub fn allow_threads<R>(&self, call: impl FnOnce() -> R) -> R {
        if self.interpreter().gil.is_shared() { self.call_unlocked(call) } else { call() }
    }

    #[inline(never)]
    fn call_unlocked<R>(&self, call: impl FnOnce() -> R) -> R {
        /// Takes the lock again, after a panic too.
        struct Retake<'t>(&'t Thread);
        impl Drop for Retake<'_> {
            fn drop(&mut self) {
                // SAFETY: the interpreter outlives its threads; until the lock is taken only the lock is touched.
                let gil = unsafe { &(*self.0.interpreter_ptr()).gil };
                let taken = gil.acquire(self.0.place.is_main);
                self.0.resume(taken);
            }
        }
        self.interpreter().gil.release();
        let _retake = Retake(self);
        call()
    }

    /// Lets another thread run, if one wants to.
    pub(crate) fn yield_to_others(&self) {
        let taken = self.interpreter().gil.hand_over(self.place.is_main);
        self.resume(taken);
    }

    /// The thread has the lock again, or will never have it.
    fn resume(&self, taken: bool) {
        if !taken {
            park();
        }
        self.interpreter().heap().set_thread(self);
        if self.place.is_main && crate::signal::any_pending() && self.handles_signals() {
            self.breaker.fetch_or(request::SIGNAL, Ordering::SeqCst);
        }
    }

    /// Ends the time of other threads: none of them runs from here on.
    pub fn close_threads(&self) {
        self.interpreter().gil.close();
    }

    /// Calls what forks the process: the child has only the calling thread.
    pub fn fork<R>(&self, fork: impl FnOnce() -> R, is_child: impl FnOnce(&R) -> bool) -> R {
        let mut child = false;
        let result = self.interpreter().gil.fork(fork, |result| {
            child = is_child(result);
            child
        });
        if child {
            let threads = &self.interpreter().threads;
            threads.running.borrow_mut().retain(|other| std::ptr::eq(*other, self));
            threads.alive.store(threads.running.borrow().len() as u32, Ordering::SeqCst);
            self.place.ident.set(current_ident());
            self.import_state().after_fork(self);
        }
        result
    }
}

/// The stack of threads for which nobody asks for another size.
const STACK: usize = 16 << 20;
/// The least that the interpreter itself needs.
const STACK_MIN: usize = 1 << 20;

/// Runs a new thread, which has the lock, to its end.
fn run_thread(interpreter: &Interpreter, run: impl FnOnce(&Thread)) {
    let thread = Thread::new(interpreter);
    interpreter.threads.running.borrow_mut().push(&raw const thread);
    thread.resume(true);
    run(&thread);
    thread.end_locals();
    interpreter.threads.running.borrow_mut().retain(|other| !std::ptr::eq(*other, &raw const thread));
    drop(thread);
    interpreter.heap().set_thread(std::ptr::null());
    interpreter.threads.alive.fetch_sub(1, Ordering::SeqCst);
    interpreter.gil.release();
}

/// The end of a thread that the interpreter has left behind.
fn park() -> ! {
    loop {
        std::thread::park();
    }
}

impl Threads {
    /// Whether threads are left that could look at the interpreter.
    pub(crate) fn any_alive(&self) -> bool {
        self.alive.load(Ordering::SeqCst) != 0
    }
}
