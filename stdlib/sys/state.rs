//! Functions of `sys` that look at the running program, or change how it runs.

use pyx_vm::exception::PyResult;
use pyx_vm::heap::inline::Str;
use pyx_vm::native::*;
use pyx_vm::struct_sequence;
use pyx_vm::types::function::Function;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

struct_sequence! {
    static ASYNCGEN_HOOKS: "builtins", "asyncgen_hooks", "What is called for async generators.", builtin;
    visible {
        firstiter: "called when one is first iterated",
        finalizer: "called when one is dropped unfinished",
    }
}

// ---- frames and exceptions ----

fn depth(vm: &Thread, depth: Option<Ref<'_>>) -> PyResult<usize> {
    let depth = depth.map_or(Ok(0), |depth| vm.to_c_int(depth))?;
    Ok(usize::try_from(depth).unwrap_or(0))
}

pub(super) fn getframe(vm: &Thread, frames: Option<Ref<'_>>) -> PyResult {
    let frames = depth(vm, frames)?;
    let frame = vm.frame_at(frames)?;
    let frame = frame.ok_or_else(|| vm.value_error("call stack is not deep enough"))?;
    if vm.has_audit_hooks() {
        vm.audit(vm.intern("sys._getframe")?.borrow(), &[frame.borrow()])?;
    }
    Ok(frame)
}

pub(super) fn getframemodulename(vm: &Thread, frames: Option<Ref<'_>>) -> PyResult {
    let frames = depth(vm, frames)?;
    if vm.has_audit_hooks() {
        let depth = vm.size(frames)?;
        vm.audit(vm.intern("sys._getframemodulename")?.borrow(), &[depth.borrow()])?;
    }
    let Some(function) = vm.function_at(frames) else { return none() };
    let is_function = function.borrow().downcast::<Function>().is_some();
    let module = vm.get_attr_opt(function.borrow(), vm.names().__module__.borrow())?;
    Ok(module.filter(|_| is_function).unwrap_or_else(Owned::none))
}

/// A dict of values by threads' identifiers.
fn by_thread(vm: &Thread, values: impl IntoIterator<Item = (u64, Owned)>) -> PyResult {
    let dict = vm.dict()?;
    for (ident, value) in values {
        vm.set_item(dict.borrow(), vm.uint(ident)?.borrow(), Some(value.borrow()))?;
    }
    Ok(dict)
}

pub(super) fn current_frames(vm: &Thread) -> PyResult {
    by_thread(vm, vm.frames_of_threads()?)
}

pub(super) fn current_exceptions(vm: &Thread) -> PyResult {
    let handled = vm.exceptions_of_threads().into_iter();
    by_thread(vm, handled.map(|(ident, exception)| (ident, exception.unwrap_or_else(Owned::none))))
}

pub(super) fn exception(vm: &Thread) -> PyResult {
    Ok(vm.handled_exception().unwrap_or_else(Owned::none))
}

pub(super) fn exc_info(vm: &Thread) -> PyResult {
    let info = match vm.handled_exception() {
        Some(exception) => {
            let traceback = vm.traceback_of(exception.borrow());
            [vm.class_object(exception.borrow()), exception, traceback]
        }
        None => [const { Ref::NONE }; 3].map(Ref::own),
    };
    vm.tuple_array(info)
}

// ---- limits ----

pub(super) fn getrecursionlimit(vm: &Thread) -> PyResult {
    vm.int(i64::from(vm.recursion_limit()))
}

pub(super) fn setrecursionlimit(vm: &Thread, limit: Ref<'_>) -> PyResult {
    let limit = vm.to_c_int(limit)?;
    if limit < 1 {
        return Err(vm.value_error("recursion limit must be greater or equal than 1"));
    }
    vm.set_recursion_limit(limit)?;
    none()
}

pub(super) fn setswitchinterval(vm: &Thread, interval: Ref<'_>) -> PyResult {
    let interval = vm.to_f64(interval)?;
    if interval.is_nan() || interval <= 0.0 {
        return Err(vm.value_error("switch interval must be strictly positive"));
    }
    vm.set_switch_interval(interval);
    none()
}

pub(super) fn get_int_max_str_digits(vm: &Thread) -> PyResult {
    vm.size(vm.max_str_digits())
}

pub(super) fn set_int_max_str_digits(vm: &Thread, digits: Ref<'_>) -> PyResult {
    vm.set_digit_limit(digits)?;
    none()
}

pub(super) fn set_coroutine_origin_tracking_depth(vm: &Thread, depth: Ref<'_>) -> PyResult {
    let Ok(depth) = usize::try_from(vm.to_c_int(depth)?) else {
        return Err(vm.value_error("depth must be >= 0"));
    };
    vm.set_origin_depth(depth);
    none()
}

// ---- async generators ----

pub(super) fn get_asyncgen_hooks(vm: &Thread) -> PyResult {
    let (first_iteration, finalizer) = vm.asyncgen_hooks();
    let or_none = |hook: Option<Owned>| hook.unwrap_or_else(Owned::none);
    vm.struct_sequence(&ASYNCGEN_HOOKS, &[or_none(first_iteration), or_none(finalizer)])
}

pub(super) fn set_asyncgen_hooks(vm: &Thread, args: &Bound<'_>) -> PyResult {
    let (first_iteration, finalizer) = (args.optional(0), args.optional(1));
    let check = |hook: Option<Ref<'_>>, name: &str| match hook {
        Some(hook) if !hook.is_none() && !vm.is_callable(hook) => {
            let got = vm.type_name(hook);
            Err(vm.type_error(format_args!("callable {name} expected, got {got}")))
        }
        _ => Ok(()),
    };
    check(finalizer, "finalizer")?;
    check(first_iteration, "firstiter")?;
    let hook = |hook: Ref<'_>| (!hook.is_none()).then(|| hook.own());
    if let Some(finalizer) = finalizer {
        vm.audit(vm.intern("sys.set_asyncgen_hooks_finalizer")?.borrow(), &[])?;
        vm.set_asyncgen_finalizer(hook(finalizer));
    }
    if let Some(first_iteration) = first_iteration {
        vm.audit(vm.intern("sys.set_asyncgen_hooks_firstiter")?.borrow(), &[])?;
        vm.set_asyncgen_first_iteration(hook(first_iteration));
    }
    none()
}

// ---- objects ----

pub(super) fn getrefcount(vm: &Thread, object: Ref<'_>) -> PyResult {
    vm.uint(u64::from(vm.reference_count(object)))
}

pub(super) fn getsizeof(vm: &Thread, args: &Bound<'_>) -> PyResult {
    match (vm.size_of(args.required(0)), args.optional(1)) {
        (Err(raised), Some(default)) if raised.is(&vm.exceptions().TypeError) => Ok(default.own()),
        (size, _) => vm.size(size?),
    }
}

pub(super) fn intern(vm: &Thread, text: Ref<'_>) -> PyResult {
    str_argument(vm, "intern", text)?;
    if !vm.class_object(text).borrow().is(vm.types().str.borrow()) {
        let class = vm.type_name(text);
        return Err(vm.type_error(format_args!("can't intern {class}")));
    }
    vm.intern_str(text.own())
}

pub(super) fn is_interned(vm: &Thread, text: Ref<'_>) -> PyResult {
    str_argument(vm, "_is_interned", text)?;
    Ok(Owned::bool(vm.is_interned(text)))
}

fn str_argument<'a>(vm: &Thread, function: &str, text: Ref<'a>) -> PyResult<&'a Str> {
    text.downcast::<Str>().ok_or_else(|| vm.bad_argument(format_args!("{function}() argument"), "str", text))
}

pub(super) fn is_immortal(vm: &Thread, object: Ref<'_>) -> PyResult {
    Ok(Owned::bool(vm.is_immortal(object)))
}

pub(super) fn getallocatedblocks(vm: &Thread) -> PyResult {
    vm.size(vm.live_objects())
}

/// All interned strs of the interpreter, or the immortal ones: those of the core.
pub(super) fn getunicodeinternedsize(vm: &Thread, args: &Bound<'_>) -> PyResult {
    let only_immortal = args.optional(0).map_or(Ok(false), |flag| vm.is_true(flag))?;
    vm.size(if only_immortal { vm.immortal_interned_count() } else { vm.interned_count() })
}

pub(super) fn debugmallocstats(vm: &Thread) -> PyResult {
    vm.write_stderr(&format!("{} objects are alive.\n", vm.live_objects()));
    none()
}

pub(super) fn clear_type_cache(vm: &Thread) -> PyResult {
    vm.warn(
        &vm.exceptions().DeprecationWarning,
        "sys._clear_type_cache() is deprecated and scheduled for removal in a future version. \
         Use sys._clear_internal_caches() instead.",
    )?;
    clear_internal_caches(vm)
}

pub(super) fn clear_internal_caches(vm: &Thread) -> PyResult {
    vm.forget_lookups();
    none()
}

pub(super) fn clear_type_descriptors(vm: &Thread, class: Ref<'_>) -> PyResult {
    if !vm.is_instance(class, vm.types().type_.borrow())? {
        return Err(vm.bad_argument("_clear_type_descriptors() argument", "type", class));
    }
    vm.clear_type_descriptors(class)?;
    none()
}

// ---- what other machinery would need ----

pub(super) fn activate_stack_trampoline(vm: &Thread, backend: Ref<'_>) -> PyResult {
    str_argument(vm, "activate_stack_trampoline", backend)?;
    Err(vm.value_error("perf trampoline not available"))
}

pub(super) fn dump_tracelets(vm: &Thread, _path: Ref<'_>) -> PyResult {
    Err(vm.not_implemented_error("No JIT available"))
}

pub(super) fn remote_exec(vm: &Thread, _process: Ref<'_>, _script: Ref<'_>) -> PyResult {
    Err(vm.runtime_error("Remote debugging is not enabled"))
}

pub(super) fn getdlopenflags(vm: &Thread) -> PyResult {
    vm.int(i64::from(vm.dlopen_flags()))
}

pub(super) fn setdlopenflags(vm: &Thread, flags: Ref<'_>) -> PyResult {
    vm.set_dlopen_flags(vm.to_c_int(flags)?);
    none()
}

pub(super) fn get_cpu_count_config(vm: &Thread) -> PyResult {
    vm.int(vm.config().cpu_count.map_or(-1, i64::from))
}
