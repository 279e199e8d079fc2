//! `resource`: limits of processes, and what they have used.

use crate::constants::int_constants;
use pyx_vm::exception::PyResult;
use pyx_vm::native::*;
use pyx_vm::struct_sequence;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

use crate::posix::argument::check;
use crate::posix::c;

pub(crate) static RESOURCE: ModuleDef = ModuleDef {
    doc: "Limits of processes, and what they have used.",
    functions: &[
        function("getrusage($module, who, /)", One(getrusage), "What processes have used."),
        function(
            "getrlimit($module, resource, /)",
            One(getrlimit),
            "The soft and the hard limit of a resource.",
        ),
        function("setrlimit($module, resource, limits, /)", Two(setrlimit), "Set the limits of a resource."),
        function(
            "prlimit($module, pid, resource, limits=None, /)",
            TwoOpt(prlimit),
            "Set the limits of a resource for a process; the result is the old ones.",
        ),
        function("getpagesize($module, /)", Zero(getpagesize), "The size of a page of memory."),
    ],
    types: &[&STRUCT_RUSAGE],
    exec: Some(exec),
    ..ModuleDef::new("resource")
};

struct_sequence! {
    /// `resource.struct_rusage`
    static STRUCT_RUSAGE: "resource", "struct_rusage", "What processes have used; a tuple with attributes.";
    visible {
        ru_utime: "user time used",
        ru_stime: "system time used",
        ru_maxrss: "largest size in memory",
        ru_ixrss: "size of shared memory",
        ru_idrss: "size of unshared data",
        ru_isrss: "size of unshared stack",
        ru_minflt: "page faults that needed no reading",
        ru_majflt: "page faults that needed reading",
        ru_nswap: "swaps",
        ru_inblock: "reads of blocks",
        ru_oublock: "writes of blocks",
        ru_msgsnd: "messages sent",
        ru_msgrcv: "messages received",
        ru_nsignals: "signals received",
        ru_nvcsw: "waits by choice",
        ru_nivcsw: "waits by force",
    }
}

const CONSTANTS: &[(&str, i64)] = int_constants! {
    RLIMIT_AS,
    RLIMIT_CORE,
    RLIMIT_CPU,
    RLIMIT_DATA,
    RLIMIT_FSIZE,
    RLIMIT_MEMLOCK,
    RLIMIT_MSGQUEUE,
    RLIMIT_NICE,
    RLIMIT_NOFILE,
    RLIMIT_NPROC,
    RLIMIT_OFILE = libc::RLIMIT_NOFILE as i64,
    RLIMIT_RSS,
    RLIMIT_RTPRIO,
    RLIMIT_RTTIME,
    RLIMIT_SIGPENDING,
    RLIMIT_STACK,
    RLIM_INFINITY = -1,
    RUSAGE_CHILDREN,
    RUSAGE_SELF,
    RUSAGE_THREAD,
};

fn exec(vm: &Thread, module: Ref<'_>) -> PyResult<()> {
    for &(name, value) in CONSTANTS {
        vm.set_attr(module, vm.intern(name)?.borrow(), Some(vm.int(value)?.borrow()))?;
    }
    let error = vm.intern("error")?;
    vm.set_attr(module, error.borrow(), Some(vm.exceptions().OSError.borrow()))
}

/// A `struct_rusage`.
pub(crate) fn usage(vm: &Thread, usage: &libc::rusage) -> PyResult {
    let seconds = |time: libc::timeval| vm.float(time.tv_sec as f64 + time.tv_usec as f64 * 1e-6);
    let mut items: Vec<Owned> = vec![seconds(usage.ru_utime)?, seconds(usage.ru_stime)?];
    for value in [
        usage.ru_maxrss,
        usage.ru_ixrss,
        usage.ru_idrss,
        usage.ru_isrss,
        usage.ru_minflt,
        usage.ru_majflt,
        usage.ru_nswap,
        usage.ru_inblock,
        usage.ru_oublock,
        usage.ru_msgsnd,
        usage.ru_msgrcv,
        usage.ru_nsignals,
        usage.ru_nvcsw,
        usage.ru_nivcsw,
    ] {
        items.push(vm.int(value)?);
    }
    vm.struct_sequence(&STRUCT_RUSAGE, &items)
}

fn getrusage(vm: &Thread, who: Ref<'_>) -> PyResult {
    match c::getrusage(vm.to_c_int(who)?) {
        Ok(used) => usage(vm, &used),
        Err(c::Errno(libc::EINVAL)) => Err(vm.value_error("invalid who parameter")),
        Err(errno) => check(vm, Err(errno)),
    }
}

/// The number of a resource.
fn resource(vm: &Thread, value: Ref<'_>) -> PyResult<u32> {
    let number = vm.to_c_int(value)?;
    match u32::try_from(number) {
        Ok(number) if number <= libc::RLIMIT_RTTIME => Ok(number),
        _ => Err(vm.value_error("invalid resource specified")),
    }
}

fn pair(vm: &Thread, limits: libc::rlimit) -> PyResult {
    // The largest number stands for no limit, which Python knows as -1.
    let limit = |limit: libc::rlim_t| if limit == libc::RLIM_INFINITY { vm.int(-1) } else { vm.uint(limit) };
    vm.pair(limit(limits.rlim_cur)?, limit(limits.rlim_max)?)
}

/// Limits as an argument gives them.
fn limits(vm: &Thread, value: Ref<'_>) -> PyResult<libc::rlimit> {
    let items = vm.collect(value)?;
    let [soft, hard] = &items[..] else { return Err(vm.value_error("expected a tuple of 2 integers")) };
    let limit = |value: &Owned| {
        let number = vm.to_integer(value.borrow())?;
        match number.as_ref().to_i64() {
            Some(-1) => Ok(libc::RLIM_INFINITY),
            _ if number.as_ref().is_negative() => Err(vm.value_error("Cannot convert negative int")),
            _ => (number.as_ref().to_u64())
                .ok_or_else(|| vm.overflow_error("Python int too large to convert to C rlim_t")),
        }
    };
    Ok(libc::rlimit { rlim_cur: limit(soft)?, rlim_max: limit(hard)? })
}

fn getrlimit(vm: &Thread, which: Ref<'_>) -> PyResult {
    let which = resource(vm, which)?;
    pair(vm, check(vm, c::prlimit(0, which, None))?)
}

/// The old limits of a process, which may get new ones.
fn change(vm: &Thread, pid: i32, which: u32, new: Option<libc::rlimit>) -> PyResult<libc::rlimit> {
    match c::prlimit(pid, which, new) {
        Err(c::Errno(libc::EINVAL)) => Err(vm.value_error("current limit exceeds maximum limit")),
        Err(c::Errno(libc::EPERM)) if pid == 0 => Err(vm.value_error("not allowed to raise maximum limit")),
        result => check(vm, result),
    }
}

fn setrlimit(vm: &Thread, which: Ref<'_>, new: Ref<'_>) -> PyResult {
    let which = resource(vm, which)?;
    let new = limits(vm, new)?;
    change(vm, 0, which, Some(new))?;
    none()
}

fn prlimit(vm: &Thread, pid: Ref<'_>, which: Ref<'_>, new: Option<Ref<'_>>) -> PyResult {
    let pid = vm.to_c_int(pid)?;
    let which = resource(vm, which)?;
    let new = new.filter(|new| !new.is_none()).map(|new| limits(vm, new)).transpose()?;
    let old =
        if new.is_some() { change(vm, pid, which, new)? } else { check(vm, c::prlimit(pid, which, None))? };
    pair(vm, old)
}

fn getpagesize(vm: &Thread) -> PyResult {
    vm.int(check(vm, c::sysconf(libc::_SC_PAGESIZE))?)
}
