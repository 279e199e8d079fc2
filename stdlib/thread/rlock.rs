//! `_thread.RLock`: a lock that its thread may take again.

use std::cell::Cell;

use pyx_vm::exception::PyResult;
use pyx_vm::heap::inline::Tuple;
use pyx_vm::native::*;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload};

use super::lock::timeout_argument;
use super::mutex::{Mutex, Timeout};

payload! {
    /// A re-entrant lock.
    pub(super) struct RLock: Native {
        mutex: Mutex,
        /// The thread that has it, if any; 0 is none.
        owner: Cell<u64>,
        /// How often it has to be released.
        count: Cell<u64>,
    }
}

class! { RLock => RLOCK; }

pub(super) static RLOCK: TypeDef = TypeDef {
    module: "_thread",
    flags: TypeFlags { weakref: true, ..TypeFlags::BASE },
    methods: &[
        method(
            "acquire($self, /, blocking=True, timeout=-1)",
            OneOpt2(acquire),
            "Take the lock, once more if the thread has it, else waiting for it if asked to, for so many seconds at most; \
             whether it was taken.",
        ),
        method("release($self, /)", One(release), "Free the lock as often as it was taken."),
        method(
            "locked($self, /)",
            One(|_, this| Ok(Owned::bool(payload(this).mutex.is_held()))),
            "Whether any thread has the lock.",
        ),
        method(
            "_is_owned($self, /)",
            One(|vm, this| Ok(Owned::bool(payload(this).is_owned(vm)))),
            "Whether this thread has the lock.",
        ),
        method("_acquire_restore($self, state, /)", Two(acquire_restore), "Undo _release_save().")
            .wording(Wording::Parse),
        method(
            "_release_save($self, /)",
            One(release_save),
            "Free the lock entirely; how often it was taken.",
        ),
        method(
            "_recursion_count($self, /)",
            One(recursion_count),
            "How often this thread has taken the lock.",
        ),
        method("__enter__($self, /)", One(|vm, this| acquire(vm, this, None, None)), "Take the lock."),
        method(
            "__exit__($self, /, *exc_info)",
            Many(|vm, args| release(vm, args.required(0))),
            "Free the lock.",
        ),
        method("_at_fork_reinit($self, /)", One(reinitialise), "Make the lock free in a child process."),
    ],
    slots: Slots { new: Some(new), repr: Some(repr), ..Slots::NONE },
    attributes: &[MODULE],
    ..TypeDef::new::<RLock>("RLock")
};

impl RLock {
    fn is_owned(&self, vm: &Thread) -> bool {
        self.owner.get() == vm.ident()
    }

    fn own(&self, owner: u64, count: u64) {
        self.owner.set(owner);
        self.count.set(count);
    }
}

fn new(vm: &Thread, class: Ref<'_>, _args: &Args<'_>) -> PyResult {
    vm.new_object_of(class, RLock { mutex: Mutex::default(), owner: Cell::new(0), count: Cell::new(0) })
}

fn payload(this: Ref<'_>) -> &RLock {
    this.downcast().expect("the receiver is an RLock")
}

fn acquire(vm: &Thread, this: Ref<'_>, blocking: Option<Ref<'_>>, timeout: Option<Ref<'_>>) -> PyResult {
    let timeout = timeout_argument(vm, blocking, timeout)?;
    let lock = payload(this);
    if lock.is_owned(vm) {
        lock.count.set(lock.count.get() + 1);
        return Ok(Owned::bool(true));
    }
    let taken = lock.mutex.acquire(vm, timeout)?;
    if taken {
        lock.own(vm.ident(), 1);
    }
    Ok(Owned::bool(taken))
}

fn release(vm: &Thread, this: Ref<'_>) -> PyResult {
    let lock = payload(this);
    check_owner(vm, lock)?;
    let left = lock.count.get() - 1;
    if left > 0 {
        lock.count.set(left);
    } else {
        lock.own(0, 0);
        lock.mutex.release();
    }
    none()
}

fn check_owner(vm: &Thread, lock: &RLock) -> PyResult<()> {
    if lock.is_owned(vm) { Ok(()) } else { Err(vm.runtime_error("cannot release un-acquired lock")) }
}

fn release_save(vm: &Thread, this: Ref<'_>) -> PyResult {
    let lock = payload(this);
    check_owner(vm, lock)?;
    let state = vm.pair(vm.uint(lock.count.get())?, vm.uint(lock.owner.get())?)?;
    lock.own(0, 0);
    lock.mutex.release();
    Ok(state)
}

fn acquire_restore(vm: &Thread, this: Ref<'_>, state: Ref<'_>) -> PyResult {
    let Some(items) = state.downcast::<Tuple>() else {
        return Err(vm.bad_argument("_acquire_restore() argument 1", "2-item tuple", state));
    };
    let [count, owner] = items.as_slice() else {
        let given = items.len();
        return Err(vm.type_error(format_args!(
            "_acquire_restore() argument 1 must be tuple of length 2, not {given}"
        )));
    };
    let (count, owner) = (vm.to_i64(count.borrow())?, vm.to_i64(owner.borrow())?);
    payload(this).mutex.acquire(vm, Timeout::Forever)?;
    payload(this).own(owner as u64, count as u64);
    none()
}

fn recursion_count(vm: &Thread, this: Ref<'_>) -> PyResult {
    let lock = payload(this);
    vm.uint(if lock.is_owned(vm) { lock.count.get() } else { 0 })
}

fn reinitialise(_vm: &Thread, this: Ref<'_>) -> PyResult {
    payload(this).mutex.reinitialise();
    payload(this).own(0, 0);
    none()
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    let lock = payload(this);
    let state = if lock.mutex.is_held() { "locked" } else { "unlocked" };
    let (owner, count) = (lock.owner.get(), lock.count.get());
    vm.str(&format!(
        "<{state} {} object owner={owner} count={count} at {:#x}>",
        vm.full_type_name(this),
        this.id()
    ))
}
