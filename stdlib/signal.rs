//! `_signal`: handlers of signals, timers, and masks.
//!
//! Making the module is what starts the handling of signals: it learns what the process does about each, lets SIGINT raise
//! KeyboardInterrupt, and ignores SIGPIPE and SIGXFSZ, whose errors system calls report.

mod c;

use c::{Disposition, SignalSet};
use pyx_vm::exception::{PyResult, Raised};
use pyx_vm::native::*;
use pyx_vm::protocol::conversion::int_value;
use pyx_vm::protocol::duration::Rounding;
use pyx_vm::signal::{ITIMER_ERROR, SIGNALS, TABLE};
use pyx_vm::struct_sequence;
use pyx_vm::types::exception::os_error::strerror;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

pub(crate) static SIGNAL: ModuleDef = ModuleDef {
    doc: "Handlers of signals, timers, and masks.",
    functions: FUNCTIONS,
    types: &[&ITIMER_ERROR, &STRUCT_SIGINFO],
    exec: Some(exec),
    ..ModuleDef::new("_signal")
};

struct_sequence! {
    static STRUCT_SIGINFO: "signal", "struct_siginfo", "What is known of a signal that was waited for.";
    visible {
        si_signo: "the signal",
        si_code: "why it was sent",
        si_errno: "the error it is about",
        si_pid: "the process that sent it",
        si_uid: "that process's user",
        si_status: "the status of a child that ended",
        si_band: "the event of a descriptor",
    }
}

static FUNCTIONS: &[MethodDef] = &[
    function(
        "default_int_handler($module, signalnum, frame, /)",
        Two(default_int_handler),
        "What SIGINT does by default: raise KeyboardInterrupt.",
    )
    .wording(Wording::Unpack),
    function(
        "signal($module, signalnum, handler, /)",
        Two(signal),
        "Set the handler of a signal: SIG_DFL, SIG_IGN, or something to call with the signal and the frame it came in; \
         the handler so far.",
    ),
    function(
        "getsignal($module, signalnum, /)",
        One(getsignal),
        "The handler of a signal: SIG_DFL, SIG_IGN, a Python object, or None for one that is not Python's.",
    ),
    function("raise_signal($module, signalnum, /)", One(raise_signal), "Send a signal to this process."),
    function("strsignal($module, signalnum, /)", One(strsignal), "What a signal means, or None."),
    function(
        "valid_signals($module, /)",
        Zero(|vm| set_object(vm, SignalSet::valid())),
        "All signals there are.",
    ),
    function(
        "siginterrupt($module, signalnum, flag, /)",
        Two(siginterrupt),
        "Set whether system calls that a signal interrupts fail, or start again.",
    ),
    function(
        "alarm($module, seconds, /)",
        One(alarm),
        "Have SIGALRM sent in so many seconds; how many were left.",
    ),
    function("pause($module, /)", Zero(pause), "Wait until a signal comes."),
    function(
        "setitimer($module, which, seconds, interval=0.0, /)",
        TwoOpt(setitimer),
        "Set a timer: in so many seconds, and at intervals from then on; what it was.",
    ),
    function(
        "getitimer($module, which, /)",
        One(getitimer),
        "What a timer is: seconds left, and the interval.",
    ),
    function(
        "set_wakeup_fd($module, fd, /, *, warn_on_full_buffer=True)",
        Many(set_wakeup_fd),
        "Have the numbers of signals written to a descriptor, -1 being none; the descriptor so far.",
    ),
    function(
        "pthread_kill($module, thread_id, signalnum, /)",
        Two(pthread_kill),
        "Send a signal to a thread.",
    ),
    function(
        "pthread_sigmask($module, how, mask, /)",
        Two(pthread_sigmask),
        "Change which signals are held back from this thread; which were.",
    ),
    function("sigpending($module, /)", Zero(sigpending), "The signals that have arrived, and are held back."),
    function(
        "sigwait($module, sigset, /)",
        One(sigwait),
        "Wait for one of some signals that are held back; which it is.",
    ),
    function(
        "sigwaitinfo($module, sigset, /)",
        One(|vm, signals| wait_for_information(vm, signals, None)),
        "Wait for one of some signals that are held back; what is known of it.",
    ),
    function(
        "sigtimedwait($module, sigset, timeout, /)",
        Two(sigtimedwait),
        "As sigwaitinfo(), for so many seconds at most; None when they are over.",
    ),
    function(
        "pidfd_send_signal($module, pidfd, signalnum, siginfo=None, flags=0, /)",
        TwoOpt2(pidfd_send_signal),
        "Send a signal to the process behind a descriptor.",
    ),
];

const SIG_DFL: i64 = libc::SIG_DFL as i64;
const SIG_IGN: i64 = libc::SIG_IGN as i64;

#[rustfmt::skip]
macro_rules! constants {
    ($($name:ident)*) => { &[$((stringify!($name), libc::$name as i32),)*] };
}

#[rustfmt::skip]
static CONSTANTS: &[(&str, i32)] = constants! {
    SIGABRT SIGALRM SIGBUS SIGCHLD SIGCONT SIGFPE SIGHUP SIGILL SIGINT SIGIO SIGIOT SIGKILL SIGPIPE SIGPOLL SIGPROF
    SIGPWR SIGQUIT SIGSEGV SIGSTKFLT SIGSTOP SIGSYS SIGTERM SIGTRAP SIGTSTP SIGTTIN SIGTTOU SIGURG SIGUSR1 SIGUSR2
    SIGVTALRM SIGWINCH SIGXCPU SIGXFSZ SIG_BLOCK SIG_UNBLOCK SIG_SETMASK ITIMER_REAL ITIMER_VIRTUAL ITIMER_PROF SIG_DFL
    SIG_IGN
};

fn exec(vm: &Thread, module: Ref<'_>) -> PyResult<()> {
    let set = |name: &str, value: Owned| vm.set_attr(module, vm.intern(name)?.borrow(), Some(value.borrow()));
    for &(name, value) in CONSTANTS {
        set(name, Owned::small_int(value))?;
    }
    let (first, last) = c::real_time();
    set("SIGRTMIN", Owned::small_int(first))?;
    set("SIGRTMAX", Owned::small_int(last))?;
    set("SIGCLD", Owned::small_int(libc::SIGCHLD))?;
    set("NSIG", Owned::small_int(SIGNALS))?;
    let mut handlers = vec![Owned::none()];
    handlers.extend((1..SIGNALS).map(|signal| match c::disposition(signal) {
        Some(Disposition::Default) => Owned::small_int(SIG_DFL as i32),
        Some(Disposition::Ignore) => Owned::small_int(SIG_IGN as i32),
        _ => Owned::none(),
    }));
    if vm.start_signals(handlers)? {
        start(vm, module)?;
    }
    Ok(())
}

/// Sets the handlers that Python programs begin with.
fn start(vm: &Thread, module: Ref<'_>) -> PyResult<()> {
    let is_default = |signal| c::disposition(signal) == Some(Disposition::Default);
    for signal in [libc::SIGPIPE, libc::SIGXFSZ] {
        if is_default(signal) && c::set_disposition(signal, Disposition::Ignore).is_ok() {
            vm.set_signal_handler(signal, Owned::small_int(SIG_IGN as i32));
        }
    }
    if is_default(libc::SIGINT) && c::set_disposition(libc::SIGINT, Disposition::Handle).is_ok() {
        let handler = vm.get_attr(module, vm.intern("default_int_handler")?.borrow())?;
        vm.set_signal_handler(libc::SIGINT, handler);
    }
    Ok(())
}

/// Ends the handling of signals: what Python handled ends the process from now on, as it does without Python.
pub fn finish(vm: &Thread) {
    for signal in vm.end_signals() {
        // The system knew the signal when its handler was set.
        let _ = c::set_disposition(signal, Disposition::Default);
    }
}

fn error(vm: &Thread, errno: i32) -> Raised {
    vm.errno_error(errno, None, None)
}

/// The number of a signal.
fn number(vm: &Thread, signal: Ref<'_>) -> PyResult<i32> {
    let signal = vm.to_c_int(signal)?;
    if (1..SIGNALS).contains(&signal) {
        Ok(signal)
    } else {
        Err(vm.value_error("signal number out of range"))
    }
}

// ---- handlers ----

fn default_int_handler(vm: &Thread, signal: Ref<'_>, _frame: Ref<'_>) -> PyResult {
    vm.to_c_int(signal)?;
    Err(vm.error_with(&vm.exceptions().KeyboardInterrupt, &[]))
}

fn signal(vm: &Thread, signal: Ref<'_>, handler: Ref<'_>) -> PyResult {
    let signal = vm.to_c_int(signal)?;
    if !vm.handles_signals() || !vm.is_main() {
        return Err(vm.value_error("signal only works in main thread of the main interpreter"));
    }
    if !(1..SIGNALS).contains(&signal) {
        return Err(vm.value_error("signal number out of range"));
    }
    let disposition = match handler.as_small_int() {
        Some(SIG_DFL) => Disposition::Default,
        Some(SIG_IGN) => Disposition::Ignore,
        _ if vm.is_callable(handler) => Disposition::Handle,
        _ => {
            return Err(
                vm.type_error("signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object")
            );
        }
    };
    // Signals that came before are the old handler's.
    vm.check_signals()?;
    c::set_disposition(signal, disposition).map_err(|errno| error(vm, errno))?;
    let old = vm.signal_handler(signal);
    vm.set_signal_handler(signal, handler.own());
    Ok(old)
}

fn getsignal(vm: &Thread, signal: Ref<'_>) -> PyResult {
    Ok(vm.signal_handler(number(vm, signal)?))
}

fn raise_signal(vm: &Thread, signal: Ref<'_>) -> PyResult {
    let signal = vm.to_c_int(signal)?;
    c::raise(signal).map_err(|errno| error(vm, errno))?;
    vm.check_signals()?;
    none()
}

fn strsignal(vm: &Thread, signal: Ref<'_>) -> PyResult {
    match c::describe(number(vm, signal)?) {
        Some(text) => vm.str(&text),
        None => none(),
    }
}

fn siginterrupt(vm: &Thread, signal: Ref<'_>, flag: Ref<'_>) -> PyResult {
    let (signal, flag) = (number(vm, signal)?, vm.to_c_int(flag)?);
    c::set_interrupt(signal, flag != 0).map_err(|errno| error(vm, errno))?;
    none()
}

fn set_wakeup_fd(vm: &Thread, args: &Bound<'_>) -> PyResult {
    let descriptor = vm.to_c_int(args.required(0))?;
    if let Some(warns) = args.optional(1) {
        vm.is_true(warns)?;
    }
    if !vm.handles_signals() || !vm.is_main() {
        return Err(vm.value_error("set_wakeup_fd only works in main thread of the main interpreter"));
    }
    if descriptor != -1 && c::is_blocking(descriptor).map_err(|errno| error(vm, errno))? {
        return Err(vm.value_error(format_args!("the fd {descriptor} must be in non-blocking mode")));
    }
    vm.int(i64::from(TABLE.set_wakeup(descriptor)))
}

// ---- timers ----

fn alarm(vm: &Thread, seconds: Ref<'_>) -> PyResult {
    let seconds = vm.to_c_int(seconds)?;
    vm.uint(u64::from(c::alarm(seconds as u32)))
}

fn pause(vm: &Thread) -> PyResult {
    vm.allow_threads(c::pause);
    vm.check_signals()?;
    none()
}

/// Seconds in microseconds; a little is more than nothing.
fn microseconds(vm: &Thread, seconds: Ref<'_>) -> PyResult<i64> {
    let nanoseconds = vm.to_nanoseconds(seconds, Rounding::Ceiling)?;
    Ok(nanoseconds.div_euclid(1000) + i64::from(nanoseconds.rem_euclid(1000) != 0))
}

fn timer_error(vm: &Thread, errno: i32) -> Raised {
    let raised = || {
        let class = vm.class_of(&ITIMER_ERROR)?;
        let text = vm.str(&strerror(errno))?;
        Ok(vm.error_with(&class, &[Owned::small_int(errno).borrow(), text.borrow()]))
    };
    raised().unwrap_or_else(|raised: Raised| raised)
}

fn timer(vm: &Thread, (value, interval): c::Timer) -> PyResult {
    let seconds = |microseconds: i64| vm.float(microseconds as f64 / 1e6);
    vm.pair(seconds(value)?, seconds(interval)?)
}

fn setitimer(vm: &Thread, which: Ref<'_>, seconds: Ref<'_>, interval: Option<Ref<'_>>) -> PyResult {
    let which = vm.to_c_int(which)?;
    let value = microseconds(vm, seconds)?;
    let interval = interval.map_or(Ok(0), |interval| microseconds(vm, interval))?;
    match c::set_timer(which, (value, interval)) {
        Ok(old) => timer(vm, old),
        Err(errno) => Err(timer_error(vm, errno)),
    }
}

fn getitimer(vm: &Thread, which: Ref<'_>) -> PyResult {
    match c::get_timer(vm.to_c_int(which)?) {
        Ok(now) => timer(vm, now),
        Err(errno) => Err(timer_error(vm, errno)),
    }
}

// ---- masks ----

/// The signals of an iterable.
fn signals(vm: &Thread, iterable: Ref<'_>) -> PyResult<SignalSet> {
    let mut signals = SignalSet::default();
    let valid = SignalSet::valid();
    for item in vm.collect(iterable)? {
        let signal = vm.to_integer(item.borrow())?.as_ref().to_i64().unwrap_or(-1);
        if !(1..i64::from(SIGNALS)).contains(&signal) {
            let last = SIGNALS - 1;
            return Err(vm.value_error(format_args!("signal number {signal} out of range [1; {last}]")));
        }
        // Signals that the library reserves are passed over.
        if valid.signals().any(|known| i64::from(known) == signal) {
            signals.add(signal as i32);
        }
    }
    Ok(signals)
}

fn set_object(vm: &Thread, signals: SignalSet) -> PyResult {
    vm.set(signals.signals().map(Owned::small_int).collect())
}

fn pthread_sigmask(vm: &Thread, how: Ref<'_>, mask: Ref<'_>) -> PyResult {
    let how = vm.to_c_int(how)?;
    let old = c::set_mask(how, signals(vm, mask)?).map_err(|errno| error(vm, errno))?;
    vm.check_signals()?;
    set_object(vm, old)
}

fn sigpending(vm: &Thread) -> PyResult {
    set_object(vm, c::pending().map_err(|errno| error(vm, errno))?)
}

fn sigwait(vm: &Thread, set: Ref<'_>) -> PyResult {
    let set = signals(vm, set)?;
    let signal = vm.allow_threads(|| c::wait(set)).map_err(|errno| error(vm, errno))?;
    vm.int(i64::from(signal))
}

fn sigtimedwait(vm: &Thread, set: Ref<'_>, timeout: Ref<'_>) -> PyResult {
    let timeout = vm.to_nanoseconds(timeout, Rounding::Ceiling)?;
    if timeout < 0 {
        return Err(vm.value_error("timeout must be non-negative"));
    }
    wait_for_information(vm, set, Some(timeout))
}

/// Waits in turns, between which the handlers of other signals run.
fn wait_for_information(vm: &Thread, set: Ref<'_>, timeout: Option<i64>) -> PyResult {
    let set = signals(vm, set)?;
    let start = std::time::Instant::now();
    loop {
        let left = timeout.map(|timeout| {
            let passed = i64::try_from(start.elapsed().as_nanos()).unwrap_or(i64::MAX);
            timeout.saturating_sub(passed).max(0)
        });
        match vm.allow_threads(|| c::wait_for_information(set, left)) {
            Ok(found) => return information(vm, &found),
            Err(libc::EINTR) => vm.check_signals()?,
            Err(libc::EAGAIN) => return none(),
            Err(errno) => return Err(error(vm, errno)),
        }
    }
}

fn information(vm: &Thread, found: &c::Information) -> PyResult {
    let int = Owned::small_int;
    vm.struct_sequence(
        &STRUCT_SIGINFO,
        &[
            int(found.signal),
            int(found.code),
            int(found.error),
            int(found.process),
            vm.uint(u64::from(found.user))?,
            int(found.status),
            vm.int(found.band)?,
        ],
    )
}

// ---- sending ----

fn pthread_kill(vm: &Thread, thread: Ref<'_>, signal: Ref<'_>) -> PyResult {
    let Some(thread) = int_value(thread) else {
        return Err(vm.bad_argument("pthread_kill() argument 1", "int", thread));
    };
    let signal = vm.to_c_int(signal)?;
    let thread = thread.to_i64().map(|thread| thread as u64).filter(|&thread| vm.is_thread(thread));
    let result = thread.map_or(Err(libc::ESRCH), |thread| c::kill_thread(thread, signal));
    result.map_err(|errno| error(vm, errno))?;
    vm.check_signals()?;
    none()
}

fn pidfd_send_signal(
    vm: &Thread,
    descriptor: Ref<'_>,
    signal: Ref<'_>,
    information: Option<Ref<'_>>,
    flags: Option<Ref<'_>>,
) -> PyResult {
    let (descriptor, signal) = (vm.to_c_int(descriptor)?, vm.to_c_int(signal)?);
    let flags = flags.map_or(Ok(0), |flags| vm.to_i64(flags))?;
    if information.is_some_and(|information| !information.is_none()) {
        return Err(vm.type_error("siginfo must be None"));
    }
    c::kill_process(descriptor, signal, flags as u32).map_err(|errno| error(vm, errno))?;
    vm.check_signals()?;
    none()
}
