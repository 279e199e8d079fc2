//! `sys`: the interpreter as programs see it.
//!
//! The standard streams are `io`'s; until it is there, `stdout` and `stderr` are plain printers.

mod hooks;
mod info;
mod monitoring;
mod names;
mod printer;
mod state;

pub use info::{version_number, version_text};

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use printer::Stream;
use pyx_vm::exception::PyResult;
use pyx_vm::native::*;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

pub(crate) static SYS: ModuleDef = ModuleDef {
    doc: "The interpreter: its settings, its state, and the objects it works with.",
    functions: FUNCTIONS,
    exec: Some(exec),
    ..ModuleDef::new("sys")
};

static FUNCTIONS: &[MethodDef] = &[
    function(
        "breakpointhook($module, /, *args, **kwargs)",
        Raw(hooks::breakpointhook),
        "What breakpoint() calls: it calls what $PYTHONBREAKPOINT names, or pdb.set_trace.",
    ),
    function(
        "displayhook($module, object, /)",
        One(hooks::displayhook),
        "Show a value on sys.stdout, and keep it in builtins._, unless it is None.",
    ),
    function(
        "excepthook($module, exctype, value, traceback, /)",
        Three(hooks::excepthook),
        "Show an exception with its traceback on sys.stderr.",
    ),
    function(
        "unraisablehook($module, unraisable, /)",
        One(hooks::unraisablehook),
        "Show an exception that cannot be raised where it happened.",
    ),
    function(
        "audit($module, event, /, *args)",
        Raw(hooks::audit),
        "Pass an event to the audit hooks, any of which may raise.",
    ),
    function(
        "addaudithook($module, /, hook)",
        One(hooks::addaudithook),
        "Add a hook that is called with the events of the interpreter and its libraries, for good.",
    ),
    function(
        "exit($module, status=None, /)",
        ZeroOpt(hooks::exit),
        "End the program by raising SystemExit(status).\n\n\
         No status or None says success; an int is the exit status; anything else is printed, and the status is 1.",
    )
    .wording(Wording::Unpack),
    function(
        "exception($module, /)",
        Zero(state::exception),
        "The exception that is being handled, or None.",
    ),
    function(
        "exc_info($module, /)",
        Zero(state::exc_info),
        "Class, value and traceback of the exception that is being handled, or three times None.",
    ),
    function(
        "_getframe($module, depth=0, /)",
        ZeroOpt(state::getframe),
        "The frame so many calls up from the caller.",
    ),
    function(
        "_getframemodulename($module, /, depth=0)",
        ZeroOpt(state::getframemodulename),
        "The module of the function that runs so many calls up from the caller, or None.",
    ),
    function(
        "_current_frames($module, /)",
        Zero(state::current_frames),
        "The innermost frame of each thread, by the thread's identifier.",
    ),
    function(
        "_current_exceptions($module, /)",
        Zero(state::current_exceptions),
        "The exception that each thread handles, by the thread's identifier.",
    ),
    function(
        "call_tracing($module, func, args, /)",
        Two(monitoring::call_tracing),
        "Call a function with a tuple of arguments, as a debugger does at a breakpoint.",
    ),
    function("settrace($module, function, /)", One(monitoring::settrace), "Set the trace function of this thread, or None."),
    function("gettrace($module, /)", Zero(monitoring::gettrace), "The trace function of this thread, or None."),
    function(
        "setprofile($module, function, /)",
        One(monitoring::setprofile),
        "Set the profile function of this thread, or None.",
    ),
    function("getprofile($module, /)", Zero(monitoring::getprofile), "The profile function of this thread, or None."),
    function(
        "getrecursionlimit($module, /)",
        Zero(state::getrecursionlimit),
        "How deeply calls may be nested.",
    ),
    function(
        "setrecursionlimit($module, limit, /)",
        One(state::setrecursionlimit),
        "Set how deeply calls may be nested.",
    ),
    function(
        "getswitchinterval($module, /)",
        Zero(|vm| vm.float(vm.switch_interval())),
        "After how many seconds a thread gives way to another.",
    ),
    function(
        "setswitchinterval($module, interval, /)",
        One(state::setswitchinterval),
        "Set after how many seconds a thread gives way to another.",
    ),
    function(
        "get_int_max_str_digits($module, /)",
        Zero(state::get_int_max_str_digits),
        "The most digits of an int that is converted from or to a str; 0 is no limit.",
    ),
    function(
        "set_int_max_str_digits($module, /, maxdigits)",
        One(state::set_int_max_str_digits),
        "Set the most digits of an int that is converted from or to a str; 0 is no limit.",
    ),
    function(
        "get_coroutine_origin_tracking_depth($module, /)",
        Zero(|vm| vm.size(vm.origin_depth())),
        "How many frames coroutines remember of where they were made.",
    ),
    function(
        "set_coroutine_origin_tracking_depth($module, /, depth)",
        One(state::set_coroutine_origin_tracking_depth),
        "Set how many frames coroutines remember of where they were made; 0 is none.",
    ),
    function(
        "get_asyncgen_hooks($module, /)",
        Zero(state::get_asyncgen_hooks),
        "What is called for async generators: (firstiter, finalizer).",
    ),
    function(
        "set_asyncgen_hooks($module, /, firstiter=<unrepresentable>, finalizer=<unrepresentable>)",
        Many(state::set_asyncgen_hooks),
        "Set what is called for async generators; None is nothing.",
    ).untold(),
    function(
        "getrefcount($module, object, /)",
        One(state::getrefcount),
        "How many references there are to an object.",
    ),
    function(
        "getsizeof($module, /, object, default=<unrepresentable>)",
        Many(state::getsizeof),
        "Bytes of memory that an object takes, without what it refers to; the default if it cannot tell.",
    ).untold(),
    function(
        "intern($module, string, /)",
        One(state::intern),
        "The one interned str that is equal to this: of two interned strs, `is` tells whether they are equal.",
    ),
    function("_is_interned($module, string, /)", One(state::is_interned), "Whether a str is interned."),
    function(
        "_is_immortal($module, op, /)",
        One(state::is_immortal),
        "Whether an object lives as long as the interpreter.",
    ),
    function(
        "getallocatedblocks($module, /)",
        Zero(state::getallocatedblocks),
        "How many objects are alive.",
    ),
    function(
        "getunicodeinternedsize($module, /, *, _only_immortal=False)",
        Many(state::getunicodeinternedsize),
        "How many strs are interned.",
    ),
    function(
        "_debugmallocstats($module, /)",
        Zero(state::debugmallocstats),
        "Write figures about the heap to sys.stderr.",
    ),
    function(
        "_clear_type_cache($module, /)",
        Zero(state::clear_type_cache),
        "Forget what look-ups on classes found.",
    ),
    function(
        "_clear_internal_caches($module, /)",
        Zero(state::clear_internal_caches),
        "Forget what makes the interpreter fast, but is not needed.",
    ),
    function(
        "_clear_type_descriptors($module, type, /)",
        One(state::clear_type_descriptors),
        "Take the descriptors of __dict__ and __weakref__ out of a class.",
    ),
    function("getdefaultencoding($module, /)", Zero(utf8), "The encoding that str and bytes convert with."),
    function("getfilesystemencoding($module, /)", Zero(utf8), "The encoding of the names of files."),
    function(
        "getfilesystemencodeerrors($module, /)",
        Zero(|vm| vm.intern("surrogateescape")),
        "How bytes in the names of files are kept that are no text.",
    ),
    function(
        "getdlopenflags($module, /)",
        Zero(state::getdlopenflags),
        "The flags that libraries are opened with.",
    ),
    function(
        "setdlopenflags($module, flags, /)",
        One(state::setdlopenflags),
        "Set the flags that libraries are opened with.",
    ),
    function(
        "is_finalizing($module, /)",
        Zero(|vm| Ok(Owned::bool(vm.is_finalizing()))),
        "Whether the interpreter is shutting down.",
    ),
    function(
        "_is_gil_enabled($module, /)",
        Zero(|_| Ok(Owned::bool(true))),
        "Whether one thread at a time runs Python.",
    ),
    function(
        "_get_cpu_count_config($module, /)",
        Zero(state::get_cpu_count_config),
        "The number of processors that -X cpu_count says, or -1.",
    ),
    function(
        "is_remote_debug_enabled($module, /)",
        Zero(|_| Ok(Owned::bool(false))),
        "Whether debuggers may attach to the process.",
    ),
    function(
        "remote_exec($module, /, pid, script)",
        Two(state::remote_exec),
        "Run a script in another process, if that allows it.",
    ),
    function(
        "activate_stack_trampoline($module, backend, /)",
        One(state::activate_stack_trampoline),
        "Let a profiler of the system see Python functions, where that is supported.",
    ),
    function(
        "deactivate_stack_trampoline($module, /)",
        Zero(|_| none()),
        "Undo activate_stack_trampoline().",
    ),
    function(
        "is_stack_trampoline_active($module, /)",
        Zero(|_| Ok(Owned::bool(false))),
        "Whether a profiler of the system sees Python functions.",
    ),
    function(
        "_dump_tracelets($module, /, outpath)",
        One(state::dump_tracelets),
        "Write the graph of compiled traces to a file.",
    ),
];

/// `sys._jit`: there is none.
static JIT: ModuleDef = ModuleDef {
    doc: "The just-in-time compiler.",
    functions: &[
        function("is_available($module, /)", Zero(no), "Whether there is a just-in-time compiler."),
        function("is_enabled($module, /)", Zero(no), "Whether it is enabled."),
        function("is_active($module, /)", Zero(no), "Whether the calling code was compiled by it."),
    ],
    ..ModuleDef::new("sys._jit")
};

fn no(_vm: &Thread) -> PyResult {
    Ok(Owned::bool(false))
}

fn utf8(vm: &Thread) -> PyResult {
    vm.intern("utf-8")
}

const COPYRIGHT: &str = "Copyright (c) 2026 the pyx developers.\nAll Rights Reserved.\n\n\
    The pure-Python library: Copyright (c) 2001 Python Software Foundation.\nAll Rights Reserved.";

/// Puts everything that is no function into the module.
fn exec(vm: &Thread, module: Ref<'_>) -> PyResult<()> {
    let namespace = vm.get_attr(module, vm.names().__dict__.borrow())?;
    let set = |name: &str, value: Owned| {
        vm.set_item(namespace.borrow(), vm.intern(name)?.borrow(), Some(value.borrow()))
    };
    vm.set_sys(namespace.clone());
    let config = vm.config();

    for hook in ["breakpointhook", "displayhook", "excepthook", "unraisablehook"] {
        if let Some(original) = vm.dict_get(namespace.borrow(), hook)? {
            if hook == "unraisablehook" {
                vm.set_default_unraisable_hook(original.clone());
            }
            set(&format!("__{hook}__"), original)?;
        }
    }
    set("stdout", printer::new(vm, Stream::Output)?)?;
    set("stderr", printer::new(vm, Stream::Error)?)?;

    set("version", info::version(vm)?)?;
    set("version_info", info::version_info(vm)?)?;
    set("hexversion", info::hex_version(vm)?)?;
    set("api_version", Owned::small_int(1013))?;
    set("copyright", vm.str(COPYRIGHT)?)?;
    set("implementation", info::implementation(vm)?)?;
    set("flags", info::flags(vm)?)?;
    set("float_info", info::float_info(vm)?)?;
    set("int_info", info::int_info(vm)?)?;
    set("hash_info", info::hash_info(vm)?)?;
    set("thread_info", info::thread_info(vm)?)?;
    set("float_repr_style", vm.intern("short")?)?;
    set("maxsize", vm.int(i64::MAX)?)?;
    set("maxunicode", Owned::small_int(0x10_ffff))?;
    set("byteorder", vm.intern(if cfg!(target_endian = "big") { "big" } else { "little" })?)?;
    set("platform", vm.intern(std::env::consts::OS)?)?;
    set("platlibdir", vm.intern("lib")?)?;
    set("abiflags", vm.empty_str())?;
    set("_git", vm.tuple(vec![vm.intern("pyx")?, vm.empty_str(), vm.empty_str()])?)?;
    set("_framework", vm.empty_str())?;
    set("_home", Owned::none())?;
    set("_jit", vm.new_module(&JIT)?)?;
    set("monitoring", vm.new_module(&monitoring::MONITORING)?)?;

    let prefix = vm.fs_decode(config.prefix.as_bytes())?;
    for name in ["prefix", "exec_prefix", "base_prefix", "base_exec_prefix"] {
        set(name, prefix.clone())?;
    }
    set("executable", vm.fs_decode(config.executable.as_bytes())?)?;
    set("_base_executable", vm.fs_decode(config.base_executable.as_bytes())?)?;
    set("_stdlib_dir", optional(vm, config.stdlib_dir.as_deref())?)?;
    set("pycache_prefix", optional(vm, config.pycache_prefix.as_deref())?)?;
    set("dont_write_bytecode", Owned::bool(config.dont_write_bytecode))?;

    let list = |items: &[std::ffi::OsString]| -> PyResult {
        vm.list(items.iter().map(|item| vm.fs_decode(item.as_bytes())).collect::<PyResult<_>>()?)
    };
    set("argv", list(&config.argv)?)?;
    set("orig_argv", list(&config.orig_argv)?)?;
    set("path", list(&config.module_search_paths)?)?;
    set("meta_path", vm.list(Vec::new())?)?;
    set("path_hooks", vm.list(Vec::new())?)?;
    set("path_importer_cache", vm.dict()?)?;
    set("modules", vm.modules()?)?;
    let warnings = config.warn_options.iter().map(|option| vm.str(option));
    set("warnoptions", vm.list(warnings.collect::<PyResult<_>>()?)?)?;
    set("_xoptions", x_options(vm)?)?;
    set("builtin_module_names", builtin_module_names(vm)?)?;
    let names = names::STDLIB.iter().map(|name| vm.intern(name));
    set("stdlib_module_names", vm.frozenset(names.collect::<PyResult<_>>()?)?)
}

fn x_options(vm: &Thread) -> PyResult {
    let options = vm.dict()?;
    for (name, value) in &vm.config().x_options {
        let value = value.as_ref().map_or_else(|| Ok(Owned::bool(true)), |value| vm.str(value))?;
        vm.set_item(options.borrow(), vm.str(name)?.borrow(), Some(value.borrow()))?;
    }
    Ok(options)
}

fn builtin_module_names(vm: &Thread) -> PyResult {
    let mut names = vm.native_module_names();
    names.push("builtins");
    names.sort_unstable();
    names.dedup();
    vm.tuple(names.into_iter().map(|name| vm.intern(name)).collect::<PyResult<_>>()?)
}

fn optional(vm: &Thread, text: Option<&OsStr>) -> PyResult {
    text.map_or_else(|| Ok(Owned::none()), |text| vm.fs_decode(text.as_bytes()))
}
