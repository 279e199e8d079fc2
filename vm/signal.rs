//! Signals.
//!
//! A handler of the operating system only notes the signal in the process's [`TABLE`] and sets the eval-breaker; Python's
//! handlers run at the main thread's next poll. The table belongs to the interpreter that claims it first, which is the
//! process's main one.

use std::cell::Cell;
use std::sync::atomic::{AtomicI32, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use crate::exception::{PyResult, classes, exception_def};
use crate::heap::Items;
use crate::native::TypeDef;
use crate::scheduler::Waker;
use crate::value::{Owned, Ref};
use crate::vm::{Thread, request};

/// One more than the highest signal number.
pub const SIGNALS: i32 = 65;

/// `signal.ItimerError`
pub static ITIMER_ERROR: TypeDef =
    exception_def("signal", "ItimerError", &classes::OSError, "A timer cannot be set.");

/// What the handlers of the operating system write. Everything in it may be used by one.
pub struct SignalTable {
    /// A bit for each signal that arrived.
    pending: AtomicU64,
    /// The eval-breaker of the interpreter that handles signals.
    breaker: OnceLock<Arc<AtomicU32>>,
    /// A descriptor to write the numbers of signals to; -1 is none.
    wakeup: AtomicI32,
    /// What ends the scheduler's wait for events.
    waker: OnceLock<Waker>,
}

/// The table of the process.
pub static TABLE: SignalTable = SignalTable {
    pending: AtomicU64::new(0),
    breaker: OnceLock::new(),
    wakeup: AtomicI32::new(-1),
    waker: OnceLock::new(),
};

impl SignalTable {
    /// Notes that a signal arrived; the result is the descriptor that its number is to be written to, or -1.
    pub fn note(&self, signal: i32) -> i32 {
        self.pending.fetch_or(1 << (signal - 1), Ordering::SeqCst);
        if let Some(breaker) = self.breaker.get() {
            breaker.fetch_or(request::SIGNAL, Ordering::SeqCst);
        }
        if let Some(waker) = self.waker.get() {
            waker.wake();
        }
        self.wakeup.load(Ordering::Relaxed)
    }

    /// Has signals end a scheduler's wait for events: the first one that asks for it.
    pub(crate) fn set_waker(&self, waker: Waker) {
        let _ = self.waker.set(waker);
    }

    /// Sets the descriptor that numbers are written to; the result is the former one.
    pub fn set_wakeup(&self, descriptor: i32) -> i32 {
        self.wakeup.swap(descriptor, Ordering::SeqCst)
    }
}

/// The handlers of an interpreter.
pub(crate) struct Handlers {
    /// For each signal from 0 on: a callable, or what stands for one. Empty until the module `_signal` is made.
    table: Items,
    /// Whether the table of the process is this interpreter's.
    claimed: Cell<bool>,
}

impl Default for Handlers {
    fn default() -> Self {
        Self { table: Items::new(), claimed: Cell::new(false) }
    }
}

impl Thread {
    /// Makes the handlers known that signals have at the start, from 0 on, and claims the process's table; whether
    /// this interpreter has it now.
    pub fn start_signals(&self, handlers: Vec<Owned>) -> PyResult<bool> {
        let own = &self.interpreter().handlers;
        drop(own.table.replace_all(Items::from_vec(self, handlers)?));
        let breaker = TABLE.breaker.get_or_init(|| self.breaker.clone());
        own.claimed.set(Arc::ptr_eq(breaker, &self.breaker));
        Ok(own.claimed.get())
    }

    /// Whether signals come to this interpreter.
    pub fn handles_signals(&self) -> bool {
        self.interpreter().handlers.claimed.get()
    }

    /// The handler of a signal.
    pub fn signal_handler(&self, signal: i32) -> Owned {
        let index = usize::try_from(signal).unwrap_or(usize::MAX);
        self.interpreter().handlers.table.get(index).unwrap_or_else(Owned::none)
    }

    /// Sets the handler of a signal.
    pub fn set_signal_handler(&self, signal: i32, handler: Owned) {
        let table = &self.interpreter().handlers.table;
        if let Ok(index) = usize::try_from(signal)
            && index < table.len()
        {
            table.set(index, handler);
        }
    }

    /// Acts as if a signal had arrived; whether there is such a signal. Signals that the system deals with do nothing.
    pub fn simulate_signal(&self, signal: i32) -> bool {
        if !(1..SIGNALS).contains(&signal) {
            return false;
        }
        // Numbers stand for what the system does.
        if self.signal_handler(signal).borrow().as_small_int().is_none() {
            TABLE.note(signal);
        }
        true
    }

    /// Forgets the handlers, at the end of the interpreter; the result is which signals had one.
    pub fn end_signals(&self) -> Vec<i32> {
        if !self.handles_signals() {
            return Vec::new();
        }
        forget_pending();
        let handled: Vec<i32> =
            (1..SIGNALS).filter(|&signal| self.is_callable(self.signal_handler(signal).borrow())).collect();
        for &signal in &handled {
            self.set_signal_handler(signal, Owned::none());
        }
        handled
    }
}

/// In a child process: the signals that arrived are the parent's.
pub(crate) fn forget_pending() {
    TABLE.pending.store(0, Ordering::SeqCst);
}

/// Whether a signal waits for its handler.
pub(crate) fn any_pending() -> bool {
    TABLE.pending.load(Ordering::SeqCst) != 0
}

/// Runs the Python handlers of the signals that arrived, the lowest first. An exception of a handler leaves the others for
/// the next time.
pub(crate) fn deliver(vm: &Thread) -> PyResult<()> {
    let mut pending = TABLE.pending.swap(0, Ordering::SeqCst);
    while pending != 0 {
        let signal = pending.trailing_zeros() as i32 + 1;
        pending &= pending - 1;
        let handler = vm.signal_handler(signal);
        let handled = if vm.is_callable(handler.borrow()) {
            call(vm, handler.borrow(), signal)
        } else {
            // It was reset since the signal arrived.
            let raised = vm.os_error(format_args!("Signal {signal} ignored due to race condition"));
            vm.unraisable(raised, Some("Exception ignored while calling signal handler"), None);
            Ok(())
        };
        if handled.is_err() && pending != 0 {
            TABLE.pending.fetch_or(pending, Ordering::SeqCst);
            vm.breaker.fetch_or(request::SIGNAL, Ordering::SeqCst);
        }
        handled?;
    }
    Ok(())
}

fn call(vm: &Thread, handler: Ref<'_>, signal: i32) -> PyResult<()> {
    let frame = vm.frame_at(0)?.unwrap_or_else(Owned::none);
    vm.call(handler, &[Owned::small_int(signal).borrow(), frame.borrow()]).map(drop)
}
