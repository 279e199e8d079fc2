//! How the system schedules processes.

use pyx_vm::exception::PyResult;
use pyx_vm::heap::inline::Tuple;
use pyx_vm::native::*;
use pyx_vm::struct_sequence;
use pyx_vm::types::type_::is_subtype;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

use super::argument::{check, int_or};
use super::c;
use super::system::is_int;

pub(super) const FUNCTIONS: &[MethodDef] = &[
    function(
        "nice($module, increment, /)",
        One(nice),
        "Make the process give way to others; the result is its niceness.",
    ),
    function(
        "getpriority($module, /, which, who)",
        Two(getpriority),
        "The niceness of a process, group or user.",
    ),
    function(
        "setpriority($module, /, which, who, priority)",
        Three(setpriority),
        "Set the niceness of a process, group or user.",
    ),
    function("sched_yield($module, /)", Zero(sched_yield), "Let other processes run."),
    function(
        "sched_get_priority_max($module, /, policy)",
        One(priority_max),
        "The highest priority of a policy.",
    ),
    function(
        "sched_get_priority_min($module, /, policy)",
        One(priority_min),
        "The lowest priority of a policy.",
    ),
    function("sched_getscheduler($module, pid, /)", One(getscheduler), "The policy of a process."),
    function(
        "sched_setscheduler($module, pid, policy, param, /)",
        Three(setscheduler),
        "Set the policy and the parameters of a process.",
    ),
    function("sched_getparam($module, pid, /)", One(getparam), "The parameters of a process."),
    function("sched_setparam($module, pid, param, /)", Two(setparam), "Set the parameters of a process."),
    function(
        "sched_rr_get_interval($module, pid, /)",
        One(interval),
        "How long a process may run at a time, in seconds.",
    ),
    function(
        "sched_getaffinity($module, pid, /)",
        One(getaffinity),
        "The processors that a process may run on.",
    ),
    function(
        "sched_setaffinity($module, pid, mask, /)",
        Two(setaffinity),
        "Set the processors that a process may run on.",
    ),
    function("setns($module, /, fd, nstype=0)", OneOpt(setns), "Move into the namespace of a descriptor."),
    function("unshare($module, /, flags)", One(unshare), "Leave what is shared with other processes."),
];

struct_sequence! {
    /// `os.sched_param` without its constructor.
    static SCHED_PARAM_FIELDS: "posix", "sched_param", "The parameters of scheduling.";
    visible { sched_priority: "the priority" }
}

/// `os.sched_param`
pub(super) static SCHED_PARAM: TypeDef = TypeDef {
    signature: "(sched_priority)",
    methods: &[
        method("__reduce__($self, /)", One(reduce_param), "What pickle rebuilds the parameters from."),
        SCHED_PARAM_FIELDS.methods[1],
    ],
    slots: Slots { new: Some(new_param), ..SCHED_PARAM_FIELDS.slots },
    ..SCHED_PARAM_FIELDS
};

/// The constructor takes the priority, not a sequence.
fn new_param(vm: &Thread, _: Ref<'_>, args: &Args<'_>) -> PyResult {
    args.bind(vm, pyx_vm::signature!("sched_param(sched_priority)"), |arguments| {
        vm.struct_sequence(&SCHED_PARAM, &[arguments.required(0).own()])
    })
}

fn reduce_param(vm: &Thread, this: Ref<'_>) -> PyResult {
    let priority = vm.get_attr(this, vm.intern("sched_priority")?.borrow())?;
    vm.pair(vm.class(this).own(), vm.tuple(vec![priority])?)
}

fn done(vm: &Thread, result: c::Result<i32>) -> PyResult {
    check(vm, result)?;
    none()
}

fn nice(vm: &Thread, increment: Ref<'_>) -> PyResult {
    vm.int(check(vm, c::nice(vm.to_c_int(increment)?))?.into())
}

fn getpriority(vm: &Thread, which: Ref<'_>, who: Ref<'_>) -> PyResult {
    vm.int(check(vm, c::getpriority(vm.to_c_int(which)? as u32, vm.to_c_int(who)? as u32))?.into())
}

fn setpriority(vm: &Thread, which: Ref<'_>, who: Ref<'_>, priority: Ref<'_>) -> PyResult {
    let (which, who) = (vm.to_c_int(which)? as u32, vm.to_c_int(who)? as u32);
    done(vm, c::setpriority(which, who, vm.to_c_int(priority)?))
}

fn sched_yield(vm: &Thread) -> PyResult {
    done(vm, vm.allow_threads(c::sched_yield))
}

fn priority_max(vm: &Thread, policy: Ref<'_>) -> PyResult {
    vm.int(check(vm, c::sched_get_priority_max(vm.to_c_int(policy)?))?.into())
}

fn priority_min(vm: &Thread, policy: Ref<'_>) -> PyResult {
    vm.int(check(vm, c::sched_get_priority_min(vm.to_c_int(policy)?))?.into())
}

fn getscheduler(vm: &Thread, pid: Ref<'_>) -> PyResult {
    vm.int(check(vm, c::sched_getscheduler(vm.to_c_int(pid)?))?.into())
}

/// The priority in a `sched_param`.
pub(super) fn priority(vm: &Thread, param: Ref<'_>) -> PyResult<i32> {
    let class = vm.class_of(&SCHED_PARAM)?;
    let tuple = param.downcast::<Tuple>().filter(|_| is_subtype(vm.class(param), class.borrow()));
    let Some(priority) = tuple.and_then(|tuple| tuple.get(0)) else {
        return Err(vm.type_error("must have a sched_param object"));
    };
    match vm.to_i64(priority) {
        Err(raised) if !raised.is(&vm.exceptions().OverflowError) => Err(raised),
        priority => priority
            .ok()
            .and_then(|priority| i32::try_from(priority).ok())
            .ok_or_else(|| vm.overflow_error("sched_priority out of range")),
    }
}

fn setscheduler(vm: &Thread, pid: Ref<'_>, policy: Ref<'_>, param: Ref<'_>) -> PyResult {
    let (pid, policy) = (vm.to_c_int(pid)?, vm.to_c_int(policy)?);
    done(vm, c::sched_setscheduler(pid, policy, priority(vm, param)?))
}

fn getparam(vm: &Thread, pid: Ref<'_>) -> PyResult {
    let priority = check(vm, c::sched_getparam(vm.to_c_int(pid)?))?;
    vm.struct_sequence(&SCHED_PARAM, &[Owned::small_int(priority)])
}

fn setparam(vm: &Thread, pid: Ref<'_>, param: Ref<'_>) -> PyResult {
    let pid = vm.to_c_int(pid)?;
    done(vm, c::sched_setparam(pid, priority(vm, param)?))
}

fn interval(vm: &Thread, pid: Ref<'_>) -> PyResult {
    let time = check(vm, c::sched_rr_get_interval(vm.to_c_int(pid)?))?;
    vm.float(time.tv_sec as f64 + 1e-9 * time.tv_nsec as f64)
}

fn getaffinity(vm: &Thread, pid: Ref<'_>) -> PyResult {
    let mask = check(vm, c::sched_getaffinity(vm.to_c_int(pid)?))?;
    let numbers: Vec<Owned> = mask
        .iter()
        .enumerate()
        .flat_map(|(index, word)| {
            (0..64).filter(move |bit| word >> bit & 1 != 0).map(move |bit| 64 * index + bit)
        })
        .map(|number| vm.size(number))
        .collect::<PyResult<_>>()?;
    vm.call(vm.types().set.borrow(), &[vm.list(numbers)?.borrow()])
}

fn setaffinity(vm: &Thread, pid: Ref<'_>, mask: Ref<'_>) -> PyResult {
    let pid = vm.to_c_int(pid)?;
    let mut words: Vec<u64> = Vec::new();
    for number in vm.collect(mask)? {
        if !is_int(number.borrow()) {
            let got = vm.type_name(number.borrow());
            return Err(vm.type_error(format_args!(
                "expected an iterator of ints, but iterator yielded <class '{got}'>"
            )));
        }
        let cpu = vm.to_i64(number.borrow())?;
        if cpu < 0 {
            return Err(vm.value_error("negative CPU number"));
        }
        if cpu > i64::from(i32::MAX) - 1 {
            return Err(vm.overflow_error("CPU number too large"));
        }
        let cpu = cpu as usize;
        if cpu / 64 >= words.len() {
            words.resize(cpu / 64 + 1, 0);
        }
        words[cpu / 64] |= 1 << (cpu % 64);
    }
    done(vm, c::sched_setaffinity(pid, &words))
}

fn setns(vm: &Thread, fd: Ref<'_>, kind: Option<Ref<'_>>) -> PyResult {
    let fd = super::argument::file_number(vm, fd)?;
    let kind = int_or(vm, kind, 0)?;
    done(vm, vm.allow_threads(|| c::setns(fd, kind)))
}

fn unshare(vm: &Thread, flags: Ref<'_>) -> PyResult {
    let flags = vm.to_c_int(flags)?;
    done(vm, vm.allow_threads(|| c::unshare(flags)))
}
