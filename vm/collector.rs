//! `gc`: the cycle collector as programs see it and steer it.
//!
//! CPython sorts objects by age into generations; ours are collected all at once, whichever generation is asked for, and count
//! as the oldest. Frozen objects are left out: they and what they refer to live.

use std::cell::Cell;
use std::time::Instant;

use crate::exception::PyResult;
use crate::heap::{Header, Slot, flag, gc};
use crate::native::*;
use crate::types::list::List;
use crate::types::type_::Type;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// What an interpreter's collector is told, and has done.
#[derive(Default)]
pub(crate) struct Collector {
    /// `gc.callbacks`
    callbacks: Slot,
    /// `gc.garbage`
    garbage: Slot,
    debug: Cell<i32>,
    /// `gc.get_threshold()`, once it was set.
    threshold: Cell<Option<[i32; 3]>>,
    /// For each generation: collections, collected objects.
    stats: Cell<[[u64; 2]; GENERATIONS]>,
}

impl Collector {
    /// Whether collections call or report anything.
    pub(crate) fn is_listened_to(&self) -> bool {
        let callbacks = self.callbacks.get();
        let callbacks = callbacks.as_ref().and_then(|list| list.borrow().downcast::<List>());
        self.debug.get() != 0 || callbacks.is_some_and(|list| !list.items().is_empty())
    }
}

const GENERATIONS: usize = 3;
const OLDEST: usize = GENERATIONS - 1;
/// CPython's thresholds, which stand for ours: those follow from the size of the heap. The first of others is the least growth
/// that a collection waits for; with zero, none starts by itself.
const THRESHOLD: [i32; 3] = [2000, 10, 10];

const DEBUG_STATS: i32 = 1;
const DEBUG_COLLECTABLE: i32 = 2;
const DEBUG_UNCOLLECTABLE: i32 = 4;
const DEBUG_SAVEALL: i32 = 32;
const DEBUG_LEAK: i32 = DEBUG_COLLECTABLE | DEBUG_UNCOLLECTABLE | DEBUG_SAVEALL;

/// The table of the module.
pub static GC_MODULE: ModuleDef = ModuleDef {
    doc: "The collector of objects that only refer to each other.",
    functions: &[
        function(
            "enable($module, /)",
            Zero(|vm| set_enabled(vm, true)),
            "Let collections start by themselves.",
        ),
        function(
            "disable($module, /)",
            Zero(|vm| set_enabled(vm, false)),
            "Keep collections from starting by themselves.",
        ),
        function(
            "isenabled($module, /)",
            Zero(|vm| Ok(Owned::bool(vm.heap().enabled.get()))),
            "Whether collections start by themselves.",
        ),
        function(
            "collect($module, /, generation=2)",
            ZeroOpt(collect),
            "Collect now; how many unreachable objects there were.",
        ),
        function(
            "get_count($module, /)",
            Zero(get_count),
            "How many objects have been made since the last collection.",
        ),
        function("set_debug($module, flags, /)", One(set_debug), "Set what the collector reports and keeps."),
        function(
            "get_debug($module, /)",
            Zero(|vm| vm.int(i64::from(state(vm).debug.get()))),
            "What the collector reports and keeps.",
        ),
        function(
            "set_threshold($module, threshold0, threshold1=<unrepresentable>, threshold2=<unrepresentable>, /)",
            Raw(set_threshold),
            "Set the thresholds of the generations.",
        )
        .untold(),
        function("get_threshold($module, /)", Zero(get_threshold), "The thresholds of the generations."),
        function(
            "get_stats($module, /)",
            Zero(get_stats),
            "What collections have done, for each generation.",
        ),
        function(
            "get_objects($module, /, generation=None)",
            ZeroOpt(get_objects),
            "All objects that the collector looks at.",
        ),
        function(
            "get_referrers($module, /, *objs)",
            Many(get_referrers),
            "The objects that refer to any of these.",
        ),
        function("get_referents($module, /, *objs)", Many(get_referents), "The objects that these refer to."),
        function("is_tracked($module, obj, /)", One(is_tracked), "Whether the collector looks at an object."),
        function("is_finalized($module, obj, /)", One(is_finalized), "Whether an object's __del__ has run."),
        function("freeze($module, /)", Zero(freeze), "Leave all objects there are out of later collections."),
        function("unfreeze($module, /)", Zero(unfreeze), "Undo freeze()."),
        function(
            "get_freeze_count($module, /)",
            Zero(|vm| vm.size(gc::frozen(vm))),
            "How many objects are frozen.",
        ),
    ],
    exec: Some(exec),
    ..ModuleDef::new("gc")
};

fn exec(vm: &Thread, module: Ref<'_>) -> PyResult<()> {
    let set = |name: &str, value: Owned| vm.set_attr(module, vm.intern(name)?.borrow(), Some(value.borrow()));
    set("callbacks", list(vm, &state(vm).callbacks)?)?;
    set("garbage", list(vm, &state(vm).garbage)?)?;
    for (name, value) in [
        ("DEBUG_STATS", DEBUG_STATS),
        ("DEBUG_COLLECTABLE", DEBUG_COLLECTABLE),
        ("DEBUG_UNCOLLECTABLE", DEBUG_UNCOLLECTABLE),
        ("DEBUG_SAVEALL", DEBUG_SAVEALL),
        ("DEBUG_LEAK", DEBUG_LEAK),
    ] {
        set(name, Owned::small_int(value))?;
    }
    Ok(())
}

fn state(vm: &Thread) -> &Collector {
    &vm.interpreter().collector
}

/// A list that is made when first asked for.
fn list(vm: &Thread, slot: &Slot) -> PyResult {
    if let Some(list) = slot.get() {
        return Ok(list);
    }
    let list = vm.list(Vec::new())?;
    slot.set(list.clone());
    Ok(list)
}

fn set_enabled(vm: &Thread, enabled: bool) -> PyResult {
    vm.heap().enabled.set(enabled);
    none()
}

// ---- collecting ----

impl Thread {
    /// Collects garbage, and tells the callbacks; the result is how many unreachable objects there were.
    pub fn collect_garbage(&self) -> usize {
        run(self, OLDEST)
    }
}

/// The generation that an argument names.
fn generation(vm: &Thread, number: i32) -> PyResult<usize> {
    usize::try_from(number)
        .ok()
        .filter(|&generation| generation < GENERATIONS)
        .ok_or_else(|| vm.value_error("invalid generation"))
}

fn collect(vm: &Thread, number: Option<Ref<'_>>) -> PyResult {
    let generation = number.map_or(Ok(OLDEST), |number| generation(vm, vm.to_c_int(number)?))?;
    vm.size(run(vm, generation))
}

/// A collection as one of a generation.
pub(crate) fn run(vm: &Thread, generation: usize) -> usize {
    let collector = state(vm);
    let debug = collector.debug.get();
    let start = Instant::now();
    call_back(vm, "start", generation, 0);
    if debug & DEBUG_STATS != 0 {
        let (young, old) = gc::population(vm);
        vm.write_stderr(&format!(
            "gc: collecting generation {generation}...\n\
             gc: objects in each generation: {young} 0 {old}\n\
             gc: objects in permanent generation: {}\n",
            gc::frozen(vm)
        ));
    }
    let collected = gc::collect(vm, debug & DEBUG_SAVEALL != 0, &mut |object| {
        if debug & DEBUG_COLLECTABLE != 0 {
            let (class, id) = (vm.type_name(object), object.id());
            vm.write_stderr(&format!("gc: collectable <{class} {id:#x}>\n"));
        }
    });
    let found = collected.found;
    if !collected.saved.is_empty() {
        save(vm, collected.saved);
    }
    if debug & DEBUG_STATS != 0 {
        let seconds = start.elapsed().as_secs_f64();
        vm.write_stderr(&format!("gc: done, {found} unreachable, 0 uncollectable, {seconds:.4}s elapsed\n"));
    }
    let mut stats = collector.stats.get();
    stats[generation][0] += 1;
    stats[generation][1] += found as u64;
    collector.stats.set(stats);
    call_back(vm, "stop", generation, found);
    found
}

/// Keeps what would have been collected.
fn save(vm: &Thread, objects: Vec<Owned>) {
    let Ok(garbage) = list(vm, &state(vm).garbage) else { return };
    let Some(garbage) = garbage.borrow().downcast::<List>() else { return };
    for object in objects {
        // Without memory for it, the object is let go.
        let _ = garbage.items().push(vm, object);
    }
}

fn call_back(vm: &Thread, phase: &str, generation: usize, collected: usize) {
    let Some(callbacks) = state(vm).callbacks.get() else { return };
    let Some(callbacks) = callbacks.borrow().downcast::<List>().map(List::items) else { return };
    let mut index = 0;
    while let Some(callback) = callbacks.get(index) {
        if let Err(raised) = call(vm, callback.borrow(), phase, generation, collected) {
            let activity = "Exception ignored while calling GC callback";
            vm.unraisable_about(raised, activity, callback.borrow());
        }
        index += 1;
    }
}

fn call(vm: &Thread, callback: Ref<'_>, phase: &str, generation: usize, collected: usize) -> PyResult<()> {
    let information = vm.dict()?;
    for (name, value) in [("generation", generation), ("collected", collected), ("uncollectable", 0)] {
        vm.set_item(information.borrow(), vm.intern(name)?.borrow(), Some(vm.size(value)?.borrow()))?;
    }
    vm.call(callback, &[vm.intern(phase)?.borrow(), information.borrow()]).map(drop)
}

// ---- settings and figures ----

fn set_debug(vm: &Thread, flags: Ref<'_>) -> PyResult {
    state(vm).debug.set(vm.to_c_int(flags)?);
    none()
}

fn set_threshold(vm: &Thread, args: &Args<'_>) -> PyResult {
    if args.has_keywords() {
        return Err(vm.type_error("set_threshold() takes no keyword arguments"));
    }
    if !(1..=GENERATIONS).contains(&args.positional().len()) {
        return Err(vm.type_error("gc.set_threshold requires 1 to 3 arguments"));
    }
    let mut threshold = state(vm).threshold.get().unwrap_or(THRESHOLD);
    for (threshold, &value) in threshold.iter_mut().zip(args.positional()) {
        *threshold = vm.to_c_int(value)?;
    }
    state(vm).threshold.set(Some(threshold));
    let growth = if threshold == THRESHOLD { gc::MINIMUM_GROWTH } else { threshold[0] as isize };
    vm.heap().growth.set(growth);
    none()
}

fn get_threshold(vm: &Thread) -> PyResult {
    vm.tuple_array(state(vm).threshold.get().unwrap_or(THRESHOLD).map(Owned::small_int))
}

fn get_count(vm: &Thread) -> PyResult {
    let young = vm.heap().young.get().max(0) as usize;
    vm.tuple_array([vm.size(young)?, Owned::small_int(0), Owned::small_int(0)])
}

fn get_stats(vm: &Thread) -> PyResult {
    let mut all = Vec::new();
    for [collections, collected] in state(vm).stats.get() {
        let stats = vm.dict()?;
        for (name, value) in [("collections", collections), ("collected", collected), ("uncollectable", 0)] {
            vm.set_item(stats.borrow(), vm.intern(name)?.borrow(), Some(vm.uint(value)?.borrow()))?;
        }
        all.push(stats);
    }
    vm.list(all)
}

// ---- objects ----

fn get_objects(vm: &Thread, number: Option<Ref<'_>>) -> PyResult {
    let generation = match number.filter(|number| !number.is_none()) {
        None => None,
        Some(number) => {
            if !vm.is_index(number) {
                let got = vm.type_name(number);
                return Err(vm.type_error(format_args!("argument should be integer or None, not '{got}'")));
            }
            let number = vm.to_isize(number)?;
            if number >= GENERATIONS as isize {
                return Err(vm.value_error(format_args!(
                    "generation parameter must be less than the number of available generations ({GENERATIONS})"
                )));
            }
            match usize::try_from(number) {
                Ok(number) => Some(number),
                Err(_) => return Err(vm.value_error("generation parameter cannot be negative")),
            }
        }
    };
    match generation {
        None | Some(OLDEST) => vm.list(gc::objects(vm)),
        Some(_) => vm.list(Vec::new()),
    }
}

fn get_referrers(vm: &Thread, args: &Bound<'_>) -> PyResult {
    let targets = args.rest();
    let refers = |object: &Owned| {
        let mut found = false;
        gc::referents(object.borrow(), &mut |value| found |= targets.iter().any(|target| target.is(value)));
        found
    };
    vm.list(gc::objects(vm).into_iter().filter(refers).collect())
}

fn get_referents(vm: &Thread, args: &Bound<'_>) -> PyResult {
    let mut found = Vec::new();
    for object in args.rest() {
        if object.header().is_some_and(gc::is_tracked) {
            gc::referents(*object, &mut |value| found.push(value.own()));
        }
    }
    vm.list(found)
}

/// Classes that native code defines live as long as the interpreter; they do not count.
fn is_tracked(_vm: &Thread, object: Ref<'_>) -> PyResult {
    let is_permanent = object.downcast::<Type>().is_some_and(|class| !class.is_heap_type());
    Ok(Owned::bool(!is_permanent && object.header().is_some_and(gc::is_tracked)))
}

fn is_finalized(_vm: &Thread, object: Ref<'_>) -> PyResult {
    let has_run = |header: &Header| gc::is_tracked(header) && header.has(flag::FINALIZED);
    Ok(Owned::bool(object.header().is_some_and(has_run)))
}

fn freeze(vm: &Thread) -> PyResult {
    gc::set_frozen(vm, true);
    none()
}

fn unfreeze(vm: &Thread) -> PyResult {
    gc::set_frozen(vm, false);
    none()
}
