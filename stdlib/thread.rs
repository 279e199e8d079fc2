//! `_thread`: locks, and what `threading` builds threads from.

mod handle;
mod lock;
mod rlock;

use std::ffi::CString;

use pyx_vm::exception::PyResult;
use pyx_vm::heap::dict::Dict;
use pyx_vm::heap::inline::{Str, Tuple};
use pyx_vm::native::*;
use pyx_vm::struct_sequence;
use pyx_vm::types::thread_local::LOCAL;
use pyx_vm::value::{Owned, Ref, borrow_slice};
use pyx_vm::vm::Thread;

pub(crate) static THREAD: ModuleDef = ModuleDef {
    doc: "Threads and locks, from which the module threading is built.",
    functions: FUNCTIONS,
    types: &[&handle::HANDLE, &LOCAL, &lock::LOCK, &rlock::RLOCK, &EXCEPT_HOOK_ARGS],
    exec: Some(exec),
    ..ModuleDef::new("_thread")
};

struct_sequence! {
    static EXCEPT_HOOK_ARGS: "_thread", "_ExceptHookArgs", "What the hook for uncaught exceptions of threads gets.";
    visible {
        exc_type: "the class of the exception",
        exc_value: "the exception, or None",
        exc_traceback: "its traceback, or None",
        thread: "the thread, or None",
    }
}

/// The longest timeout, in seconds.
const TIMEOUT_MAX: f64 = 9_223_372_036.0;
/// The longest name of a thread that the system keeps.
const NAME_MAX: usize = 15;
/// The smallest stack of a thread, in bytes.
const STACK_MIN: i64 = 53_248;

static FUNCTIONS: &[MethodDef] = &[
    function(
        "start_new_thread($module, function, args, kwargs={}, /)",
        TwoOpt(start_new_thread),
        "Start a thread that calls a function; its identifier.",
    )
    .wording(Wording::Tuple),
    function(
        "start_new($module, function, args, kwargs={}, /)",
        TwoOpt(start_new_thread),
        "The former name of start_new_thread().",
    )
    .wording(Wording::Tuple),
    function(
        "start_joinable_thread($module, /, function, handle=None, daemon=True)",
        Many(start_joinable_thread),
        "Start a thread that calls a function; a handle to join it with.",
    ),
    function(
        "daemon_threads_allowed($module, /)",
        Zero(|_| Ok(Owned::bool(true))),
        "Whether there may be daemon threads.",
    ),
    function("allocate_lock($module, /)", Zero(lock::new), "A new lock."),
    function("allocate($module, /)", Zero(lock::new), "The former name of allocate_lock()."),
    function("exit_thread($module, /)", Zero(exit), "The former name of exit()."),
    function("exit($module, /)", Zero(exit), "End the thread by raising SystemExit."),
    function(
        "interrupt_main($module, signum=signal.SIGINT, /)",
        ZeroOpt(interrupt_main),
        "Act as if a signal had arrived, for the main thread to handle.",
    ),
    function(
        "get_ident($module, /)",
        Zero(|vm| vm.uint(vm.ident())),
        "A number that tells this thread from others.",
    ),
    function(
        "_get_main_thread_ident($module, /)",
        Zero(|vm| vm.uint(vm.main_ident())),
        "The main thread's identifier.",
    ),
    function(
        "get_native_id($module, /)",
        Zero(|vm| vm.int(i64::from(rustix::thread::gettid().as_raw_nonzero().get()))),
        "The number by which the system knows this thread.",
    ),
    function(
        "_count($module, /)",
        Zero(|vm| vm.size(vm.thread_count())),
        "How many threads run besides the main one.",
    ),
    function(
        "stack_size($module, size=0, /)",
        ZeroOpt(stack_size),
        "Set the size of new threads' stacks in bytes, 0 being the system's choice; the size so far.",
    ),
    function(
        "_excepthook($module, args, /)",
        One(excepthook),
        "Show the uncaught exception of a thread on sys.stderr.",
    ),
    function(
        "_is_main_interpreter($module, /)",
        Zero(|_| Ok(Owned::bool(true))),
        "Whether this is the first interpreter.",
    ),
    function("_shutdown($module, /)", Zero(shutdown), "Wait for all threads that are no daemons."),
    function(
        "_make_thread_handle($module, ident, /)",
        One(make_thread_handle),
        "A handle of a running thread, by its identifier.",
    ),
    function("_get_name($module, /)", Zero(get_name), "The name by which the system knows this thread."),
    function(
        "set_name($module, /, name)",
        One(set_name),
        "Set the name by which the system knows this thread.",
    ),
];

fn exec(vm: &Thread, module: Ref<'_>) -> PyResult<()> {
    let set = |name: &str, value: Owned| vm.set_attr(module, vm.intern(name)?.borrow(), Some(value.borrow()));
    set("LockType", vm.class_of(&lock::LOCK)?)?;
    set("error", vm.exceptions().RuntimeError.clone())?;
    set("TIMEOUT_MAX", vm.float(TIMEOUT_MAX)?)?;
    set("_NAME_MAXLEN", vm.size(NAME_MAX)?)
}

fn start_new_thread(vm: &Thread, function: Ref<'_>, args: Ref<'_>, kwargs: Option<Ref<'_>>) -> PyResult {
    if !vm.is_callable(function) {
        return Err(vm.type_error("first arg must be callable"));
    }
    if args.downcast::<Tuple>().is_none() {
        return Err(vm.type_error("2nd arg must be a tuple"));
    }
    if kwargs.is_some_and(|kwargs| kwargs.downcast::<Dict>().is_none()) {
        return Err(vm.type_error("optional 3rd arg must be a dictionary"));
    }
    audit(vm, "_thread.start_new_thread", &[function, args, kwargs.unwrap_or(Ref::NONE)])?;
    let package = (function.own(), args.own(), kwargs.map(Ref::own));
    let ident = vm.start_thread(stack(vm), move |vm| {
        let (function, args, kwargs) = package;
        let call = || -> PyResult {
            let positional = args.borrow().downcast::<Tuple>().map_or(&[][..], Tuple::as_slice);
            let (mut values, mut names) = (positional.to_vec(), Vec::new());
            if let Some(dict) = kwargs.as_ref().and_then(|kwargs| kwargs.borrow().downcast::<Dict>()) {
                let mut position = 0;
                while let Some((name, value)) = dict.table().next(&mut position) {
                    names.push(name);
                    values.push(value);
                }
            }
            vm.call_args(function.borrow(), &Args::new(borrow_slice(&values), &names))
        };
        report(vm, call(), function.borrow());
    })?;
    vm.uint(ident)
}

/// The size of new threads' stacks; 0 is the usual one.
fn stack(vm: &Thread) -> usize {
    usize::try_from(vm.thread_stack_size()).unwrap_or(0)
}

/// Tells who listens that a thread is about to start.
fn audit(vm: &Thread, event: &str, arguments: &[Ref<'_>]) -> PyResult<()> {
    if vm.has_audit_hooks() { vm.audit(vm.intern(event)?.borrow(), arguments) } else { Ok(()) }
}

/// Tells of the exception that ended a thread, unless the thread wanted to end.
fn report(vm: &Thread, result: PyResult, function: Ref<'_>) {
    if let Err(raised) = result
        && !raised.is(&vm.exceptions().SystemExit)
    {
        let message = match vm.repr_string(function) {
            Ok(function) => format!("Exception ignored in thread started by {function}"),
            Err(_) => "Exception ignored in thread started by <object repr() failed>".to_owned(),
        };
        vm.unraisable(raised, Some(&message), None);
    }
}

/// Waits for the threads that are no daemons, whoever started them meanwhile too.
fn shutdown(vm: &Thread) -> PyResult {
    while let Some(handle) = handle::first_awaited(vm) {
        handle::wait(vm, handle.borrow())?;
    }
    none()
}

fn start_joinable_thread(vm: &Thread, args: &Bound<'_>) -> PyResult {
    let function = args.required(0);
    if !vm.is_callable(function) {
        return Err(vm.type_error("thread function must be callable"));
    }
    let handle = match args.optional(1).filter(|handle| !handle.is_none()) {
        Some(handle) => handle.own(),
        None => vm.call(vm.class_of(&handle::HANDLE)?.borrow(), &[])?,
    };
    handle::check(vm, handle.borrow())?;
    let is_daemon = args.optional(2).map_or(Ok(true), |daemon| vm.is_true(daemon))?;
    let daemon = Owned::bool(is_daemon);
    audit(vm, "_thread.start_joinable_thread", &[function, daemon.borrow(), handle.borrow()])?;
    handle::starting(vm, handle.borrow(), is_daemon)?;
    let package = (function.own(), handle.clone());
    let started = vm.start_thread(stack(vm), move |vm| {
        let (function, handle) = package;
        report(vm, vm.call(function.borrow(), &[]), function.borrow());
        drop(function);
        handle::ended(vm, handle.borrow());
    });
    match started {
        Ok(ident) => handle::started(handle.borrow(), ident),
        Err(raised) => {
            handle::not_started(vm, handle.borrow());
            return Err(raised);
        }
    }
    Ok(handle)
}

fn exit(vm: &Thread) -> PyResult {
    Err(vm.error_with(&vm.exceptions().SystemExit, &[]))
}

fn interrupt_main(vm: &Thread, number: Option<Ref<'_>>) -> PyResult {
    let number = number.map_or(Ok(libc::SIGINT), |number| vm.to_c_int(number))?;
    if !vm.simulate_signal(number) {
        return Err(vm.value_error("signal number out of range"));
    }
    vm.check_signals()?;
    none()
}

fn stack_size(vm: &Thread, size: Option<Ref<'_>>) -> PyResult {
    let size = size.map_or(Ok(0), |size| vm.to_isize(size))? as i64;
    if size != 0 && size < STACK_MIN {
        return Err(vm.value_error(format_args!("size must be at least {STACK_MIN} bytes")));
    }
    vm.int(vm.set_thread_stack_size(size))
}

/// Whom the report names: the thread by its name, else by its identifier.
fn excepthook(vm: &Thread, args: Ref<'_>) -> PyResult {
    if !vm.class_object(args).borrow().is(vm.class_of(&EXCEPT_HOOK_ARGS)?.borrow()) {
        return Err(vm.type_error("_thread.excepthook argument type must be ExceptHookArgs"));
    }
    let items = vm.collect(args)?;
    let [class, value, traceback, thread] = &items[..] else { unreachable!("four fields") };
    if class.borrow().is(vm.exceptions().SystemExit.borrow()) {
        return none();
    }
    let name = match thread.borrow() {
        thread if thread.is_none() => None,
        thread => vm.get_attr_opt(thread, vm.intern("_name")?.borrow())?,
    };
    let name = match name {
        Some(name) => vm.str_string(name.borrow())?,
        None => vm.ident().to_string(),
    };
    let exception = if value.borrow().is_none() { vm.call(class.borrow(), &[])? } else { value.clone() };
    let heading = format!("Exception in thread {name}:\n");
    let is_exception = vm.is_exception(exception.borrow());
    if is_exception {
        vm.set_missing_traceback(exception.borrow(), traceback.borrow());
    }
    if let Some(file) = stand_in(vm, thread.borrow())? {
        let text = if is_exception { vm.describe(exception.borrow()) } else { String::new() };
        let text = vm.str(&(heading + &text))?;
        vm.call_method(file.borrow(), &vm.names().write, &[text.borrow()])?;
        return vm.call_method(file.borrow(), &vm.names().flush, &[]);
    }
    vm.write_stderr(&heading);
    if is_exception {
        vm.print_exception(exception.borrow());
    }
    none()
}

/// While `sys.stderr` is None: what it was when the thread was made.
fn stand_in(vm: &Thread, thread: Ref<'_>) -> PyResult<Option<Owned>> {
    if thread.is_none() || vm.sys_get("stderr")?.is_none_or(|stderr| !stderr.borrow().is_none()) {
        return Ok(None);
    }
    Ok(vm.get_attr_opt(thread, vm.intern("_stderr")?.borrow())?.filter(|file| !file.borrow().is_none()))
}

fn make_thread_handle(vm: &Thread, ident: Ref<'_>) -> PyResult {
    match pyx_vm::protocol::conversion::int_value(ident) {
        Some(ident) => {
            let Some(ident) = ident.to_i64() else {
                return Err(vm.overflow_error("int too big to convert"));
            };
            handle::of_running(vm, ident as u64)
        }
        None => Err(vm.type_error("ident must be an integer")),
    }
}

fn get_name(vm: &Thread) -> PyResult {
    let name = rustix::thread::name().map_err(|error| vm.errno_error(error.raw_os_error(), None, None))?;
    vm.fs_decode(name.as_bytes())
}

fn set_name(vm: &Thread, name: Ref<'_>) -> PyResult {
    if name.downcast::<Str>().is_none() {
        return Err(vm.bad_argument("set_name() argument 'name'", "str", name));
    }
    let mut bytes = vm.fs_encode(name)?;
    bytes.truncate(NAME_MAX);
    bytes.truncate(bytes.iter().position(|&byte| byte == 0).unwrap_or(NAME_MAX));
    let name = CString::new(bytes).map_err(|_| vm.value_error("embedded null character"))?;
    rustix::thread::set_name(&name).map_err(|error| vm.errno_error(error.raw_os_error(), None, None))?;
    none()
}
