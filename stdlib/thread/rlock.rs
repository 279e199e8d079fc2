//! `_thread.RLock`: a lock that its thread may take again.

use pyx_vm::exception::{PyResult, Raised};
use pyx_vm::heap::inline::Tuple;
use pyx_vm::mutex::Timeout;
use pyx_vm::native::*;
use pyx_vm::reentrant::ReentrantLock;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload};

use super::lock::{taken, timeout_argument};

payload! {
    /// A re-entrant lock.
    pub(super) struct RLock: Native {
        lock: ReentrantLock,
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
            One(|_, this| Ok(Owned::bool(payload(this).is_held()))),
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
        method("__enter__($self, /)", One(enter), "Take the lock."),
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

fn new(vm: &Thread, class: Ref<'_>, _args: &Args<'_>) -> PyResult {
    vm.new_object_of(class, RLock { lock: ReentrantLock::default() })
}

fn payload(this: Ref<'_>) -> &ReentrantLock {
    &this.downcast::<RLock>().expect("the receiver is an RLock").lock
}

fn acquire(vm: &Thread, this: Ref<'_>, blocking: Option<Ref<'_>>, timeout: Option<Ref<'_>>) -> PyResult {
    let timeout = timeout_argument(vm, blocking, timeout)?;
    taken(vm, payload(this).acquire(vm, timeout)?)
}

fn enter(vm: &Thread, this: Ref<'_>) -> PyResult {
    payload(this).acquire(vm, Timeout::Forever).map(Owned::bool)
}

fn release(vm: &Thread, this: Ref<'_>) -> PyResult {
    if payload(this).release(vm) { none() } else { Err(not_owned(vm)) }
}

#[cold]
fn not_owned(vm: &Thread) -> Raised {
    vm.runtime_error("cannot release un-acquired lock")
}

fn release_save(vm: &Thread, this: Ref<'_>) -> PyResult {
    let lock = payload(this);
    if !lock.is_owned(vm) {
        return Err(not_owned(vm));
    }
    let state = vm.pair(vm.uint(lock.count())?, vm.uint(lock.owner())?)?;
    lock.release_all();
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
    payload(this).restore(vm, owner as u64, count as u64)?;
    none()
}

fn recursion_count(vm: &Thread, this: Ref<'_>) -> PyResult {
    let lock = payload(this);
    vm.uint(if lock.is_owned(vm) { lock.count() } else { 0 })
}

fn reinitialise(_vm: &Thread, this: Ref<'_>) -> PyResult {
    payload(this).reinitialise();
    none()
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    let lock = payload(this);
    let state = if lock.is_held() { "locked" } else { "unlocked" };
    let (owner, count) = (lock.owner(), lock.count());
    vm.str(&format!(
        "<{state} {} object owner={owner} count={count} at {:#x}>",
        vm.full_type_name(this),
        this.id()
    ))
}
