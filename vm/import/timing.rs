//! How long imports take (`-X importtime`).

use std::cell::Cell;
use std::time::{Duration, Instant};

use crate::exception::PyResult;
use crate::heap::inline::Str;
use crate::value::Ref;
use crate::vm::Thread;

/// What is known of the imports that are going on.
#[derive(Default)]
pub(super) struct Timing {
    /// How deep they are nested.
    level: Cell<usize>,
    /// The time that imports within the current one have taken.
    within: Cell<Duration>,
    titled: Cell<bool>,
}

/// Loads a module, and tells how long it took if that is wanted: without the imports within, and with them.
pub(super) fn timed(vm: &Thread, name: Ref<'_>, load: impl FnOnce() -> PyResult) -> PyResult {
    if vm.config().import_time == 0 {
        return load();
    }
    let timing = &vm.import_state().timing;
    title(vm, timing);
    let level = timing.level.get();
    timing.level.set(level + 1);
    let before = timing.within.replace(Duration::ZERO);
    let start = Instant::now();
    let result = load();
    let total = start.elapsed();
    timing.level.set(level);
    let own = total.saturating_sub(timing.within.get());
    let times = format!("{:9} | {:10}", own.as_micros(), total.as_micros());
    let (name, indent) = (shown(name), level * 2);
    vm.write_stderr(&format!("import time: {times} | {:indent$}{name}\n", ""));
    timing.within.set(before + total);
    result
}

/// Tells that a module was there already, if that is wanted.
pub(super) fn loaded_already(vm: &Thread, name: Ref<'_>) {
    if vm.config().import_time < 2 {
        return;
    }
    let timing = &vm.import_state().timing;
    title(vm, timing);
    let indent = timing.level.get() * 2;
    let name = shown(name);
    vm.write_stderr(&format!("import time: {:>9} | {:>10} | {:indent$}{name}\n", "cached", "cached", ""));
}

fn title(vm: &Thread, timing: &Timing) {
    if !timing.titled.replace(true) {
        vm.write_stderr("import time: self [us] | cumulative | imported package\n");
    }
}

fn shown(name: Ref<'_>) -> String {
    name.downcast::<Str>().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}
