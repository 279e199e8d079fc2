//! `time`: clocks.

use std::time::{SystemTime, UNIX_EPOCH};

use pyx_vm::exception::PyResult;
use pyx_vm::native::*;
use pyx_vm::vm::Thread;
use rustix::time::{ClockId, clock_gettime};

pub(crate) static TIME: ModuleDef = ModuleDef {
    doc: "Clocks and calendar time.",
    functions: &[
        function("time($module, /)", Zero(time), "Seconds since the epoch."),
        function("time_ns($module, /)", Zero(time_ns), "Nanoseconds since the epoch."),
        function(
            "perf_counter($module, /)",
            Zero(monotonic),
            "Seconds of the clock for measuring performance.",
        ),
        function(
            "perf_counter_ns($module, /)",
            Zero(monotonic_ns),
            "Nanoseconds of the clock for measuring performance.",
        ),
        function("monotonic($module, /)", Zero(monotonic), "Seconds of a clock that never goes back."),
        function(
            "monotonic_ns($module, /)",
            Zero(monotonic_ns),
            "Nanoseconds of a clock that never goes back.",
        ),
        function(
            "process_time($module, /)",
            Zero(process_time),
            "Seconds of CPU time that the process has used.",
        ),
        function(
            "process_time_ns($module, /)",
            Zero(process_time_ns),
            "Nanoseconds of CPU time that the process has used.",
        ),
    ],
    ..ModuleDef::new("time")
};

const NANOSECONDS: i64 = 1_000_000_000;

fn nanoseconds(clock: ClockId) -> i64 {
    let time = clock_gettime(clock);
    time.tv_sec * NANOSECONDS + time.tv_nsec
}

fn seconds(vm: &Thread, nanoseconds: i64) -> PyResult {
    vm.float(nanoseconds as f64 / NANOSECONDS as f64)
}

fn since_epoch() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_nanos() as i64)
}

fn time(vm: &Thread) -> PyResult {
    seconds(vm, since_epoch())
}

fn time_ns(vm: &Thread) -> PyResult {
    vm.int(since_epoch())
}

fn monotonic(vm: &Thread) -> PyResult {
    seconds(vm, nanoseconds(ClockId::Monotonic))
}

fn monotonic_ns(vm: &Thread) -> PyResult {
    vm.int(nanoseconds(ClockId::Monotonic))
}

fn process_time(vm: &Thread) -> PyResult {
    seconds(vm, nanoseconds(ClockId::ProcessCPUTime))
}

fn process_time_ns(vm: &Thread) -> PyResult {
    vm.int(nanoseconds(ClockId::ProcessCPUTime))
}
