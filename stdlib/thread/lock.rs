//! `_thread.lock`, and the arguments that locks are acquired with.

use std::time::Duration;

use pyx_vm::exception::PyResult;
use pyx_vm::mutex::{Mutex, Timeout};
use pyx_vm::native::*;
use pyx_vm::protocol::duration::{NANOSECONDS, Rounding};
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload};

payload! {
    /// A lock that any thread may release.
    pub(super) struct Lock: Native {
        mutex: Mutex,
    }
}

class! { Lock => LOCK; }

pub(super) static LOCK: TypeDef = TypeDef {
    module: "_thread",
    flags: TypeFlags { weakref: true, ..TypeFlags::NONE },
    signature: "()",
    doc: "A lock: one thread at a time has it, and any thread may release it.",
    methods: &[
        method(
            "acquire_lock($self, /, blocking=True, timeout=-1)",
            OneOpt2(acquire),
            "The former name of acquire().",
        ),
        method(
            "acquire($self, /, blocking=True, timeout=-1)",
            OneOpt2(acquire),
            "Take the lock, waiting for it if asked to, for so many seconds at most; whether it was taken.",
        ),
        method("release_lock($self, /)", One(release), "The former name of release()."),
        method("release($self, /)", One(release), "Free the lock, which need not be this thread's."),
        method("locked_lock($self, /)", One(locked), "The former name of locked()."),
        method("locked($self, /)", One(locked), "Whether the lock is taken."),
        method("__enter__($self, /)", One(enter), "Take the lock."),
        method(
            "__exit__($self, /, *exc_info)",
            Many(|vm, args| release(vm, args.required(0))),
            "Free the lock.",
        ),
        method("_at_fork_reinit($self, /)", One(reinitialise), "Make the lock free in a child process."),
    ],
    slots: Slots { new: Some(construct), repr: Some(repr), ..Slots::NONE },
    attributes: &[MODULE],
    ..TypeDef::new::<Lock>("lock")
};

/// `_thread.allocate_lock()`
pub(super) fn new(vm: &Thread) -> PyResult {
    vm.new_object(Lock { mutex: Mutex::default() })
}

fn construct(vm: &Thread, _class: Ref<'_>, args: &Args<'_>) -> PyResult {
    if args.has_keywords() {
        return Err(vm.type_error("lock() takes no keyword arguments"));
    }
    let given = args.positional().len();
    if given > 0 {
        return Err(vm.type_error(format_args!("lock expected 0 arguments, got {given}")));
    }
    new(vm)
}

fn payload(this: Ref<'_>) -> &Mutex {
    &this.downcast::<Lock>().expect("the receiver is a lock").mutex
}

fn acquire(vm: &Thread, this: Ref<'_>, blocking: Option<Ref<'_>>, timeout: Option<Ref<'_>>) -> PyResult {
    let timeout = timeout_argument(vm, blocking, timeout)?;
    taken(vm, payload(this).acquire(vm, timeout)?)
}

/// The result of acquiring a lock. A signal that came while the thread waited is handled before anything else runs, such as what
/// comes after `finally`.
pub(super) fn taken(vm: &Thread, taken: bool) -> PyResult {
    vm.check_signals()?;
    Ok(Owned::bool(taken))
}

/// `blocking=True, timeout=-1`
pub(super) fn timeout_argument(
    vm: &Thread,
    blocking: Option<Ref<'_>>,
    timeout: Option<Ref<'_>>,
) -> PyResult<Timeout> {
    let blocking = blocking.map_or(Ok(true), |blocking| vm.is_true(blocking))?;
    let unset = -NANOSECONDS;
    let nanoseconds = timeout.map_or(Ok(unset), |timeout| vm.to_nanoseconds(timeout, Rounding::Up))?;
    if !blocking && nanoseconds != unset {
        return Err(vm.value_error("can't specify a timeout for a non-blocking call"));
    }
    if nanoseconds < 0 && nanoseconds != unset {
        return Err(vm.value_error("timeout value must be a non-negative number"));
    }
    Ok(match (blocking, u64::try_from(nanoseconds)) {
        (false, _) => Timeout::After(Duration::ZERO),
        (true, Ok(nanoseconds)) => Timeout::After(Duration::from_nanos(nanoseconds)),
        (true, Err(_)) => Timeout::Forever,
    })
}

/// The lock's owner gives it back whatever comes, so nothing may come before it is known to have it.
fn enter(vm: &Thread, this: Ref<'_>) -> PyResult {
    payload(this).acquire(vm, Timeout::Forever).map(Owned::bool)
}

fn release(vm: &Thread, this: Ref<'_>) -> PyResult {
    if payload(this).release() { none() } else { Err(vm.runtime_error("release unlocked lock")) }
}

fn locked(_vm: &Thread, this: Ref<'_>) -> PyResult {
    Ok(Owned::bool(payload(this).is_held()))
}

fn reinitialise(_vm: &Thread, this: Ref<'_>) -> PyResult {
    payload(this).reinitialise();
    none()
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    let state = if payload(this).is_held() { "locked" } else { "unlocked" };
    vm.str(&format!("<{state} {} object at {:#x}>", vm.type_name(this), this.id()))
}
