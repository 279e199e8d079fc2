//! `time`: clocks, calendar time, and waiting.

mod c;
mod calendar;

use std::time::{SystemTime, UNIX_EPOCH};

use pyx_vm::exception::{PyResult, Raised};
use pyx_vm::heap::inline::Str;
use pyx_vm::native::*;
use pyx_vm::protocol::conversion::int_value;
use pyx_vm::protocol::duration::{NANOSECONDS, Rounding};
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;
use rustix::io::Errno;
use rustix::thread::{ClockId, Timespec, clock_nanosleep_absolute};
use rustix::time::clock_gettime;

pub(crate) static TIME: ModuleDef = ModuleDef {
    doc: "Clocks, calendar time, and waiting.",
    functions: FUNCTIONS,
    types: &[&calendar::STRUCT_TIME],
    exec: Some(exec),
    ..ModuleDef::new("time")
};

static FUNCTIONS: &[MethodDef] = &[
    function("time($self, /)", Zero(|vm| seconds(vm, since_epoch())), "Seconds since the epoch."),
    function("time_ns($self, /)", Zero(|vm| vm.int(since_epoch())), "Nanoseconds since the epoch."),
    function(
        "perf_counter($self, /)",
        Zero(|vm| seconds(vm, now(ClockId::Monotonic))),
        "Seconds of the clock for measuring performance.",
    ),
    function(
        "perf_counter_ns($self, /)",
        Zero(|vm| vm.int(now(ClockId::Monotonic))),
        "Nanoseconds of the clock for measuring performance.",
    ),
    function(
        "monotonic($self, /)",
        Zero(|vm| seconds(vm, now(ClockId::Monotonic))),
        "Seconds of a clock that never goes back.",
    ),
    function(
        "monotonic_ns($self, /)",
        Zero(|vm| vm.int(now(ClockId::Monotonic))),
        "Nanoseconds of a clock that never goes back.",
    ),
    function(
        "process_time($self, /)",
        Zero(|vm| seconds(vm, now(ClockId::ProcessCPUTime))),
        "Seconds of CPU time that the process has used.",
    ),
    function(
        "process_time_ns($self, /)",
        Zero(|vm| vm.int(now(ClockId::ProcessCPUTime))),
        "Nanoseconds of CPU time that the process has used.",
    ),
    function(
        "thread_time($self, /)",
        Zero(|vm| seconds(vm, now(ClockId::ThreadCPUTime))),
        "Seconds of CPU time that the thread has used.",
    ),
    function(
        "thread_time_ns($self, /)",
        Zero(|vm| vm.int(now(ClockId::ThreadCPUTime))),
        "Nanoseconds of CPU time that the thread has used.",
    ),
    function("clock_gettime($module, clk_id, /)", One(clock_gettime_s), "The time of a clock in seconds."),
    function(
        "clock_gettime_ns($module, clk_id, /)",
        One(clock_gettime_ns),
        "The time of a clock in nanoseconds.",
    ),
    function("clock_settime($module, clk_id, time, /)", Two(clock_settime), "Set a clock to seconds.")
        .untold()
        .wording(Wording::Parse),
    function(
        "clock_settime_ns($module, clk_id, time, /)",
        Two(clock_settime_ns),
        "Set a clock to nanoseconds.",
    )
    .untold()
    .wording(Wording::Parse),
    function("clock_getres($module, clk_id, /)", One(clock_getres), "The resolution of a clock in seconds.")
        .untold()
        .wording(Wording::Parse),
    function(
        "pthread_getcpuclockid($module, thread_id, /)",
        One(pthread_getcpuclockid),
        "The clock of a thread's CPU time.",
    )
    .wording(Wording::Parse)
    .untold(),
    function(
        "get_clock_info($module, name, /)",
        One(get_clock_info),
        "What is known of a clock, by its function's name.",
    )
    .wording(Wording::Parse)
    .untold(),
    function("sleep($self, object, /)", One(sleep), "Wait for so many seconds."),
    function(
        "gmtime($module, seconds=None, /)",
        ZeroOpt(calendar::gmtime),
        "A point in time, by default now, as struct_time in Greenwich.",
    )
    .untold()
    .wording(Wording::Parse),
    function(
        "localtime($module, seconds=None, /)",
        ZeroOpt(calendar::localtime),
        "A point in time, by default now, as struct_time where we are.",
    )
    .untold()
    .wording(Wording::Parse),
    function(
        "asctime($module, tuple=<unrepresentable>, /)",
        ZeroOpt(calendar::asctime),
        "A time tuple, by default now, as text: 'Sun Jan  2 03:04:05 2000'.",
    )
    .wording(Wording::Tuple)
    .untold(),
    function(
        "ctime($module, seconds=None, /)",
        ZeroOpt(calendar::ctime),
        "A point in time, by default now, as text: 'Sun Jan  2 03:04:05 2000'.",
    )
    .untold()
    .wording(Wording::Parse),
    function(
        "mktime($self, object, /)",
        One(calendar::mktime),
        "Seconds since the epoch of a local time tuple.",
    ),
    function(
        "strftime($module, format, tuple=<unrepresentable>, /)",
        OneOpt(calendar::strftime),
        "A time tuple, by default now, in a format of C's strftime().",
    )
    .untold()
    .wording(Wording::Parse),
    function(
        "strptime($module, string, format='%a %b %d %H:%M:%S %Y', /)",
        Raw(calendar::strptime),
        "The struct_time that text in a format stands for.",
    )
    .untold(),
    function("tzset($self, /)", Zero(calendar::tzset), "Learn the time zone anew from $TZ."),
];

static CLOCKS: &[(&str, i32)] = &[
    ("CLOCK_REALTIME", libc::CLOCK_REALTIME),
    ("CLOCK_MONOTONIC", libc::CLOCK_MONOTONIC),
    ("CLOCK_MONOTONIC_RAW", libc::CLOCK_MONOTONIC_RAW),
    ("CLOCK_PROCESS_CPUTIME_ID", libc::CLOCK_PROCESS_CPUTIME_ID),
    ("CLOCK_THREAD_CPUTIME_ID", libc::CLOCK_THREAD_CPUTIME_ID),
    ("CLOCK_BOOTTIME", libc::CLOCK_BOOTTIME),
    ("CLOCK_TAI", libc::CLOCK_TAI),
];

fn exec(vm: &Thread, module: Ref<'_>) -> PyResult<()> {
    for &(name, clock) in CLOCKS {
        vm.set_attr(module, vm.intern(name)?.borrow(), Some(Owned::small_int(clock).borrow()))?;
    }
    let items = Owned::small_int(11);
    vm.set_attr(module, vm.intern("_STRUCT_TM_ITEMS")?.borrow(), Some(items.borrow()))?;
    c::tzset();
    calendar::set_zone(vm, module)
}

fn error(vm: &Thread, errno: i32) -> Raised {
    vm.errno_error(errno, None, None)
}

// ---- clocks ----

fn now(clock: ClockId) -> i64 {
    let time = clock_gettime(clock);
    time.tv_sec * NANOSECONDS + time.tv_nsec
}

fn seconds(vm: &Thread, nanoseconds: i64) -> PyResult {
    vm.float(nanoseconds as f64 / NANOSECONDS as f64)
}

fn since_epoch() -> i64 {
    match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(time) => time.as_nanos() as i64,
        Err(before) => -(before.duration().as_nanos() as i64),
    }
}

/// The number of a clock, which must be an int.
fn clock_id(vm: &Thread, clock: Ref<'_>) -> PyResult<i32> {
    if int_value(clock).is_none() {
        let got = vm.type_name(clock);
        return Err(vm.type_error(format_args!("clk_id should be integer, not {got}")));
    }
    vm.to_c_int(clock)
}

fn clock_gettime_s(vm: &Thread, clock: Ref<'_>) -> PyResult {
    let time = c::clock_gettime(clock_id(vm, clock)?).map_err(|errno| error(vm, errno))?;
    seconds(vm, time)
}

fn clock_gettime_ns(vm: &Thread, clock: Ref<'_>) -> PyResult {
    vm.int(c::clock_gettime(clock_id(vm, clock)?).map_err(|errno| error(vm, errno))?)
}

fn clock_settime(vm: &Thread, clock: Ref<'_>, time: Ref<'_>) -> PyResult {
    let (clock, time) = (vm.to_c_int(clock)?, vm.to_nanoseconds(time, Rounding::Floor)?);
    c::clock_settime(clock, time).map_err(|errno| error(vm, errno))?;
    none()
}

fn clock_settime_ns(vm: &Thread, clock: Ref<'_>, time: Ref<'_>) -> PyResult {
    let clock = vm.to_c_int(clock)?;
    let Some(time) = int_value(time) else {
        let got = vm.type_name(time);
        return Err(vm.type_error(format_args!("expect int, got {got}")));
    };
    let time = time.to_i64().ok_or_else(|| vm.overflow_error("timestamp out of range for C PyTime_t"))?;
    c::clock_settime(clock, time).map_err(|errno| error(vm, errno))?;
    none()
}

fn clock_getres(vm: &Thread, clock: Ref<'_>) -> PyResult {
    let resolution = c::clock_getres(vm.to_c_int(clock)?).map_err(|errno| error(vm, errno))?;
    seconds(vm, resolution)
}

fn pthread_getcpuclockid(vm: &Thread, thread: Ref<'_>) -> PyResult {
    let Some(thread) = int_value(thread) else {
        return Err(vm.bad_argument("pthread_getcpuclockid() argument 1", "int", thread));
    };
    let is_own = thread.to_i64().is_some_and(|thread| thread as u64 == vm.ident());
    let clock = if is_own { c::own_clock() } else { Err(libc::ESRCH) };
    vm.int(i64::from(clock.map_err(|errno| error(vm, errno))?))
}

fn get_clock_info(vm: &Thread, name: Ref<'_>) -> PyResult {
    let Some(name) = name.downcast::<Str>() else {
        return Err(vm.bad_argument("get_clock_info() argument 1", "str", name));
    };
    let (clock, id) = match name.as_str() {
        Some("time") => ("CLOCK_REALTIME", libc::CLOCK_REALTIME),
        Some("monotonic" | "perf_counter") => ("CLOCK_MONOTONIC", libc::CLOCK_MONOTONIC),
        Some("process_time") => ("CLOCK_PROCESS_CPUTIME_ID", libc::CLOCK_PROCESS_CPUTIME_ID),
        Some("thread_time") => ("CLOCK_THREAD_CPUTIME_ID", libc::CLOCK_THREAD_CPUTIME_ID),
        _ => return Err(vm.value_error("unknown clock")),
    };
    let resolution = c::clock_getres(id).map_err(|errno| error(vm, errno))?;
    let is_wall_clock = id == libc::CLOCK_REALTIME;
    let information = vm.namespace()?;
    for (name, value) in [
        ("implementation", vm.str(&format!("clock_gettime({clock})"))?),
        ("monotonic", Owned::bool(!is_wall_clock)),
        ("adjustable", Owned::bool(is_wall_clock)),
        ("resolution", seconds(vm, resolution)?),
    ] {
        vm.set_attr(information.borrow(), vm.intern(name)?.borrow(), Some(value.borrow()))?;
    }
    Ok(information)
}

// ---- waiting ----

/// Waits until the time is over, whatever signals come, unless the handler of one raises (PEP 475).
fn sleep(vm: &Thread, time: Ref<'_>) -> PyResult {
    let nanoseconds = vm.to_nanoseconds(time, Rounding::Up)?;
    if nanoseconds < 0 {
        return Err(vm.value_error("sleep length must be non-negative"));
    }
    let deadline = now(ClockId::Monotonic).saturating_add(nanoseconds);
    let deadline = Timespec { tv_sec: deadline / NANOSECONDS, tv_nsec: deadline % NANOSECONDS };
    loop {
        match vm.allow_threads(|| clock_nanosleep_absolute(ClockId::Monotonic, &deadline)) {
            Ok(()) => return none(),
            Err(Errno::INTR) => vm.check_signals()?,
            Err(errno) => return Err(error(vm, errno.raw_os_error())),
        }
    }
}
