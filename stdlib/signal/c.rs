//! The system's calls about signals as safe Rust functions. Sets of signals are words with a bit for each, as
//! [`SignalSet`] says.
//!
//! # Safety model
//!
//! The calls read and fill in structs that live in this module's functions. The one function that runs as a handler, [`note`],
//! touches atomics only and makes one `write`, both of which handlers may do at any time.
#![expect(unsafe_code, reason = "signals have no safe interface that covers what Python shows")]

use std::ffi::CStr;
use std::mem::MaybeUninit;
use std::ptr;

use libc::{c_int, itimerval, siginfo_t, sigset_t, timespec, timeval};
use pyx_vm::signal::{SIGNALS, TABLE};

/// The number of an error.
pub(super) type Result<T> = std::result::Result<T, i32>;

fn errno() -> i32 {
    std::io::Error::last_os_error().raw_os_error().unwrap_or(0)
}

fn check(result: c_int) -> Result<c_int> {
    if result == -1 { Err(errno()) } else { Ok(result) }
}

/// What the process does about a signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Disposition {
    Default,
    Ignore,
    /// Our handler when it is set; when it is read, anybody's.
    Handle,
}

/// Notes that a signal arrived.
extern "C" fn note(signal: c_int) {
    let descriptor = TABLE.note(signal);
    if descriptor >= 0 {
        let byte = signal as u8;
        let saved = errno();
        // SAFETY: one byte is read; `write` may be called by handlers, which have to leave errno alone.
        unsafe {
            libc::write(descriptor, (&raw const byte).cast(), 1);
            *libc::__errno_location() = saved;
        }
    }
}

/// What the process does about a signal; `None` if there is no such signal.
pub(super) fn disposition(signal: i32) -> Option<Disposition> {
    let mut old = MaybeUninit::<libc::sigaction>::zeroed();
    // SAFETY: the call fills the struct in, which zeros are a valid value of.
    let old = unsafe {
        check(libc::sigaction(signal, ptr::null(), old.as_mut_ptr())).ok()?;
        old.assume_init()
    };
    Some(match old.sa_sigaction {
        libc::SIG_DFL => Disposition::Default,
        libc::SIG_IGN => Disposition::Ignore,
        _ => Disposition::Handle,
    })
}

/// Sets what the process does about a signal. System calls that it interrupts fail with EINTR.
pub(super) fn set_disposition(signal: i32, disposition: Disposition) -> Result<()> {
    // SAFETY: zeros are a valid value of the struct; the handler may run at any time.
    unsafe {
        let mut new: libc::sigaction = MaybeUninit::zeroed().assume_init();
        new.sa_sigaction = match disposition {
            Disposition::Default => libc::SIG_DFL,
            Disposition::Ignore => libc::SIG_IGN,
            Disposition::Handle => note as *const () as usize,
        };
        check(libc::sigaction(signal, &raw const new, ptr::null_mut())).map(drop)
    }
}

/// Whether system calls that the signal interrupts fail, or start again.
pub(super) fn set_interrupt(signal: i32, interrupt: bool) -> Result<()> {
    // SAFETY: the struct is the one that the system filled in, with another flag.
    unsafe {
        let mut action: libc::sigaction = MaybeUninit::zeroed().assume_init();
        check(libc::sigaction(signal, ptr::null(), &raw mut action))?;
        if interrupt {
            action.sa_flags &= !libc::SA_RESTART;
        } else {
            action.sa_flags |= libc::SA_RESTART;
        }
        check(libc::sigaction(signal, &raw const action, ptr::null_mut())).map(drop)
    }
}

/// Signals, with bit `n - 1` for signal `n`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct SignalSet(pub(super) u64);

impl SignalSet {
    pub(super) fn add(&mut self, signal: i32) {
        self.0 |= 1 << (signal - 1);
    }

    pub(super) fn signals(self) -> impl Iterator<Item = i32> {
        (1..SIGNALS).filter(move |signal| self.0 >> (signal - 1) & 1 != 0)
    }

    /// Every signal that programs may name.
    pub(super) fn valid() -> Self {
        let mut set = MaybeUninit::zeroed();
        // SAFETY: the call fills the struct in.
        Self::from_c(&unsafe {
            libc::sigfillset(set.as_mut_ptr());
            set.assume_init()
        })
    }

    fn from_c(set: &sigset_t) -> Self {
        let mut signals = Self::default();
        for signal in 1..SIGNALS {
            // SAFETY: the struct is valid, and the call only reads it.
            if unsafe { libc::sigismember(set, signal) } == 1 {
                signals.add(signal);
            }
        }
        signals
    }

    fn to_c(self) -> sigset_t {
        let mut set = MaybeUninit::zeroed();
        // SAFETY: the first call fills the struct in; the others refuse signals that they reserve.
        unsafe {
            libc::sigemptyset(set.as_mut_ptr());
            for signal in self.signals() {
                libc::sigaddset(set.as_mut_ptr(), signal);
            }
            set.assume_init()
        }
    }
}

/// Changes which signals wait until they are let through again; the result is which did.
pub(super) fn set_mask(how: i32, signals: SignalSet) -> Result<SignalSet> {
    let (new, mut old) = (signals.to_c(), MaybeUninit::zeroed());
    // SAFETY: one struct is read, the other filled in.
    unsafe {
        match libc::pthread_sigmask(how, &raw const new, old.as_mut_ptr()) {
            0 => Ok(SignalSet::from_c(&old.assume_init())),
            error => Err(error),
        }
    }
}

/// The signals that have arrived, and wait.
pub(super) fn pending() -> Result<SignalSet> {
    let mut set = MaybeUninit::zeroed();
    // SAFETY: the call fills the struct in.
    unsafe {
        check(libc::sigpending(set.as_mut_ptr()))?;
        Ok(SignalSet::from_c(&set.assume_init()))
    }
}

/// Waits for a signal that is held back.
pub(super) fn wait(signals: SignalSet) -> Result<i32> {
    let (set, mut signal) = (signals.to_c(), 0);
    // SAFETY: one struct is read, one number written.
    match unsafe { libc::sigwait(&raw const set, &raw mut signal) } {
        0 => Ok(signal),
        error => Err(error),
    }
}

/// What is known of a signal that was waited for.
pub(super) struct Information {
    pub(super) signal: i32,
    pub(super) code: i32,
    pub(super) error: i32,
    pub(super) process: i32,
    pub(super) user: u32,
    pub(super) status: i32,
    pub(super) band: i64,
}

/// Waits for a signal that is held back, at most for a time in nanoseconds.
pub(super) fn wait_for_information(signals: SignalSet, timeout: Option<i64>) -> Result<Information> {
    let set = signals.to_c();
    let mut information = MaybeUninit::<siginfo_t>::zeroed();
    // SAFETY: two structs are read, one is filled in; all its bytes are numbers, whichever fields the signal sets.
    unsafe {
        let result = match timeout {
            None => libc::sigwaitinfo(&raw const set, information.as_mut_ptr()),
            Some(timeout) => {
                let timeout = timespec { tv_sec: timeout / 1_000_000_000, tv_nsec: timeout % 1_000_000_000 };
                libc::sigtimedwait(&raw const set, information.as_mut_ptr(), &raw const timeout)
            }
        };
        check(result)?;
        let information = information.assume_init();
        // The kernel's `si_band` lies where the process's number does.
        let band = (&raw const information).cast::<u8>().add(16).cast::<i64>().read_unaligned();
        Ok(Information {
            signal: information.si_signo,
            code: information.si_code,
            error: information.si_errno,
            process: information.si_pid(),
            user: information.si_uid(),
            status: information.si_status(),
            band,
        })
    }
}

/// Sends a signal to this thread.
pub(super) fn raise(signal: i32) -> Result<()> {
    // SAFETY: numbers only.
    check(unsafe { libc::raise(signal) }).map(drop)
}

/// Sends a signal to a thread that runs Python.
pub(super) fn kill_thread(thread: u64, signal: i32) -> Result<()> {
    // SAFETY: the thread cannot end without the interpreter's lock, which the caller has.
    match unsafe { libc::pthread_kill(thread, signal) } {
        0 => Ok(()),
        error => Err(error),
    }
}

/// Sends a signal to the process behind a descriptor.
pub(super) fn kill_process(descriptor: i32, signal: i32, flags: u32) -> Result<()> {
    let none = ptr::null::<siginfo_t>();
    // SAFETY: numbers only.
    let result = unsafe { libc::syscall(libc::SYS_pidfd_send_signal, descriptor, signal, none, flags) };
    if result == -1 { Err(errno()) } else { Ok(()) }
}

/// Waits until a signal comes.
pub(super) fn pause() {
    // SAFETY: no arguments.
    unsafe { libc::pause() };
}

/// Has SIGALRM sent in so many seconds; how many were left of the last time.
pub(super) fn alarm(seconds: u32) -> u32 {
    // SAFETY: numbers only.
    unsafe { libc::alarm(seconds) }
}

/// A timer's time left and interval, in microseconds.
pub(super) type Timer = (i64, i64);

/// Sets a timer; what it was.
pub(super) fn set_timer(which: i32, (value, interval): Timer) -> Result<Timer> {
    let new = itimerval { it_value: to_timeval(value), it_interval: to_timeval(interval) };
    let mut old = MaybeUninit::<itimerval>::zeroed();
    // SAFETY: one struct is read, the other filled in.
    unsafe {
        check(libc::setitimer(which as _, &raw const new, old.as_mut_ptr()))?;
        Ok(of_timer(&old.assume_init()))
    }
}

/// What a timer is.
pub(super) fn get_timer(which: i32) -> Result<Timer> {
    let mut now = MaybeUninit::<itimerval>::zeroed();
    // SAFETY: the struct is filled in.
    unsafe {
        check(libc::getitimer(which as _, now.as_mut_ptr()))?;
        Ok(of_timer(&now.assume_init()))
    }
}

fn to_timeval(microseconds: i64) -> timeval {
    timeval { tv_sec: microseconds.div_euclid(1_000_000), tv_usec: microseconds.rem_euclid(1_000_000) }
}

fn of_timer(timer: &itimerval) -> Timer {
    let microseconds = |time: &timeval| time.tv_sec * 1_000_000 + time.tv_usec;
    (microseconds(&timer.it_value), microseconds(&timer.it_interval))
}

/// What a signal means; `None` for signals without a meaning.
pub(super) fn describe(signal: i32) -> Option<String> {
    // SAFETY: the text is the library's, valid until the next call on this thread.
    let text = unsafe {
        let text = libc::strsignal(signal);
        if text.is_null() {
            return None;
        }
        CStr::from_ptr(text).to_string_lossy().into_owned()
    };
    (!text.starts_with("Unknown signal")).then_some(text)
}

/// Whether writing to a descriptor waits; an error if it is none.
pub(super) fn is_blocking(descriptor: i32) -> Result<bool> {
    // SAFETY: numbers only.
    let flags = check(unsafe { libc::fcntl(descriptor, libc::F_GETFL) })?;
    Ok(flags & libc::O_NONBLOCK == 0)
}

/// The signals whose numbers the library may shift: the first and the last real-time signal.
pub(super) fn real_time() -> (i32, i32) {
    (libc::SIGRTMIN(), libc::SIGRTMAX())
}
