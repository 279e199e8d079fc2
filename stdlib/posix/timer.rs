//! Timers that are descriptors.

use pyx_vm::exception::PyResult;
use pyx_vm::native::*;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

use super::argument::{check, file_number, int_or};
use super::c;

pub(super) const FUNCTIONS: &[MethodDef] = &[
    function("timerfd_create($module, clockid, /, *, flags=0)", OneOpt(create), "A descriptor of a timer."),
    function(
        "timerfd_gettime($module, fd, /)",
        One(gettime),
        "When a timer expires next, and its interval, in seconds.",
    ),
    function(
        "timerfd_gettime_ns($module, fd, /)",
        One(gettime_ns),
        "When a timer expires next, and its interval, in nanoseconds.",
    ),
    function(
        "timerfd_settime($module, fd, /, *, flags=0, initial=0.0, interval=0.0)",
        Many(settime),
        "Set a timer in seconds; the result is its old setting.",
    ),
    function(
        "timerfd_settime_ns($module, fd, /, *, flags=0, initial=0, interval=0)",
        Many(settime_ns),
        "Set a timer in nanoseconds; the result is its old setting.",
    ),
];

const NANOSECONDS: i64 = 1_000_000_000;

fn create(vm: &Thread, clock: Ref<'_>, flags: Option<Ref<'_>>) -> PyResult {
    let clock = vm.to_c_int(clock)?;
    let flags = int_or(vm, flags, 0)?;
    Ok(Owned::small_int(check(vm, c::timerfd_create(clock, flags | libc::TFD_CLOEXEC))?))
}

fn seconds(vm: &Thread, timer: &libc::itimerspec) -> PyResult {
    let seconds = |time: &libc::timespec| vm.float(time.tv_sec as f64 + 1e-9 * time.tv_nsec as f64);
    vm.pair(seconds(&timer.it_value)?, seconds(&timer.it_interval)?)
}

fn nanoseconds(vm: &Thread, timer: &libc::itimerspec) -> PyResult {
    let nanoseconds =
        |time: &libc::timespec| vm.int(time.tv_sec.saturating_mul(NANOSECONDS).saturating_add(time.tv_nsec));
    vm.pair(nanoseconds(&timer.it_value)?, nanoseconds(&timer.it_interval)?)
}

fn gettime(vm: &Thread, fd: Ref<'_>) -> PyResult {
    let fd = file_number(vm, fd)?;
    seconds(vm, &check(vm, c::timerfd_gettime(fd))?)
}

fn gettime_ns(vm: &Thread, fd: Ref<'_>) -> PyResult {
    let fd = file_number(vm, fd)?;
    nanoseconds(vm, &check(vm, c::timerfd_gettime(fd))?)
}

/// A time that may have been left out.
fn time(value: Option<Ref<'_>>, total: impl Fn(Ref<'_>) -> PyResult<i64>) -> PyResult<libc::timespec> {
    let total = value.map_or(Ok(0), total)?;
    let (tv_sec, tv_nsec) = (total.div_euclid(NANOSECONDS), total.rem_euclid(NANOSECONDS));
    Ok(libc::timespec { tv_sec, tv_nsec })
}

fn set(
    vm: &Thread,
    arguments: &Bound<'_>,
    total: impl Fn(Ref<'_>) -> PyResult<i64>,
) -> PyResult<libc::itimerspec> {
    let fd = file_number(vm, arguments.required(0))?;
    let flags = int_or(vm, arguments.optional(1), 0)?;
    let it_value = time(arguments.optional(2), &total)?;
    let it_interval = time(arguments.optional(3), &total)?;
    check(vm, c::timerfd_settime(fd, flags, &libc::itimerspec { it_interval, it_value }))
}

fn settime(vm: &Thread, arguments: &Bound<'_>) -> PyResult {
    let old = set(vm, arguments, |value| {
        let seconds = vm.to_f64(value)?;
        if !(-9.2e9..9.2e9).contains(&seconds) {
            return Err(vm.overflow_error("timestamp too large to convert to C PyTime_t"));
        }
        Ok((seconds * 1e9).round() as i64)
    })?;
    seconds(vm, &old)
}

fn settime_ns(vm: &Thread, arguments: &Bound<'_>) -> PyResult {
    let old = set(vm, arguments, |value| vm.to_i64(value))?;
    nanoseconds(vm, &old)
}
