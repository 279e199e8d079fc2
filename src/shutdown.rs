//! How Python ends: threads, exit functions, streams, and then the modules, in CPython's order.

use pyx_vm::exception::PyResult;
use pyx_vm::heap::inline::Str;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

/// Ends the Python side of an interpreter; whether all output was written.
pub(crate) fn finish(vm: &Thread) -> bool {
    call_in(vm, "threading", "_shutdown");
    pyx_stdlib::atexit::run(vm);
    let written = flush_or_tell(vm);
    vm.close_threads();
    vm.end_monitoring();
    vm.set_finalizing();
    pyx_stdlib::signal::finish(vm);
    if let Err(raised) = end_modules(vm) {
        vm.unraisable(raised, Some("Exception ignored while finalizing modules"), None);
    }
    flush(vm) && written
}

/// Calls a function of a module if the module is loaded. An exception is reported.
fn call_in(vm: &Thread, module: &str, function: &str) {
    let call = || -> PyResult<()> {
        let Some(module) = vm.loaded_module(&vm.intern(module)?)? else { return Ok(()) };
        vm.call_method(module.borrow(), &vm.intern(function)?, &[]).map(drop)
    };
    if let Err(raised) = call() {
        vm.unraisable(raised, Some(&format!("Exception ignored on {module} shutdown")), None);
    }
}

/// Writes out what the standard streams hold back; whether that worked.
pub(crate) fn flush(vm: &Thread) -> bool {
    ["stdout", "stderr"].map(|name| flush_stream(vm, name).is_ok()) == [true; 2]
}

/// The same, and tells if it did not work for standard output.
fn flush_or_tell(vm: &Thread) -> bool {
    let written = flush_stream(vm, "stdout");
    // Nobody could be told of errors on the stream that errors are told on.
    let errors_written = flush_stream(vm, "stderr").is_ok();
    match written {
        Ok(()) => errors_written,
        Err(raised) => {
            vm.unraisable(raised, Some("Exception ignored while flushing sys.stdout"), None);
            false
        }
    }
}

/// Ends the process as an interrupt from the keyboard does by default, so that its parent sees why it ended.
pub(crate) fn interrupt(vm: &Thread) {
    let kill = || -> PyResult<()> {
        let signal = vm.imported_native("_signal")?;
        let attribute = |name: &str| vm.get_attr(signal.borrow(), vm.intern(name)?.borrow());
        let (number, default) = (attribute("SIGINT")?, attribute("SIG_DFL")?);
        vm.call_method(signal.borrow(), &vm.intern("signal")?, &[number.borrow(), default.borrow()])?;
        vm.call_method(signal.borrow(), &vm.intern("raise_signal")?, &[number.borrow()]).map(drop)
    };
    // Otherwise the status says it.
    let _ = kill();
}

fn flush_stream(vm: &Thread, name: &str) -> PyResult<()> {
    let Ok(Some(stream)) = vm.sys_get(name) else { return Ok(()) };
    if stream.borrow().is_none() || is_closed(vm, stream.borrow()) {
        return Ok(());
    }
    vm.call_method(stream.borrow(), &vm.names().flush, &[]).map(drop)
}

/// Whether a stream says that it is closed; one that does not say is open.
fn is_closed(vm: &Thread, stream: Ref<'_>) -> bool {
    let closed = vm.intern("closed").and_then(|name| vm.get_attr_opt(stream, name.borrow()));
    matches!(closed, Ok(Some(closed)) if vm.is_true(closed.borrow()).unwrap_or(false))
}

/// What `sys` lets go first.
const LET_GO: &[&str] = &[
    "path",
    "argv",
    "ps1",
    "ps2",
    "last_exc",
    "last_type",
    "last_value",
    "last_traceback",
    "path_importer_cache",
    "meta_path",
    "path_hooks",
];

/// The streams in `sys`, and the names under which it keeps those that the process began with.
const STREAMS: [(&str, &str); 3] =
    [("stdin", "__stdin__"), ("stdout", "__stdout__"), ("stderr", "__stderr__")];

/// Empties the modules, the last imported first, `sys` and `builtins` at the very end.
///
/// Nothing of it is done where nobody would notice: the memory goes with the process.
fn end_modules(vm: &Thread) -> PyResult<()> {
    let modules = vm.modules()?;
    let streams = standard_streams(vm)?;
    if are_plain(vm, modules.borrow()) && !vm.end_is_noticed(&streams) {
        return Ok(());
    }
    // What only cycles hold goes first: its finalizers may use the modules.
    collect(vm)?;
    for name in LET_GO {
        vm.sys_set(name, Ref::NONE)?;
    }
    for (name, original) in STREAMS {
        if let Some(stream) = vm.sys_get(original)? {
            vm.sys_set(name, stream.borrow())?;
        }
    }
    let values = vm.call_method(modules.borrow(), &vm.names().values, &[])?;
    let loaded = vm.collect(values.borrow())?;
    let kept = [vm.single_module("sys"), vm.single_module("builtins")];
    let mut weak = Vec::new();
    let reference = vm.types().weak_reference.clone();
    for module in loaded {
        let is_kept = kept.iter().flatten().any(|kept| kept.borrow().is(module.borrow()));
        if !is_kept && vm.is_instance(module.borrow(), vm.types().module.borrow())? {
            weak.push(vm.call(reference.borrow(), &[module.borrow()])?);
        }
    }
    vm.call_method(modules.borrow(), &vm.intern("clear")?, &[])?;
    collect(vm)?;
    for reference in weak.into_iter().rev() {
        let module = vm.call(reference.borrow(), &[])?;
        if !module.borrow().is_none() {
            empty(vm, module.borrow())?;
        }
    }
    Ok(())
}

/// Whether these are modules in a dict, which can be emptied without calling anything written in Python.
fn are_plain(vm: &Thread, modules: Ref<'_>) -> bool {
    let is_exact = |object: Ref<'_>, class: &Owned| vm.class(object).is(class.borrow());
    let is_module = |module: &Owned| is_exact(module.borrow(), &vm.types().module);
    is_exact(modules, &vm.types().dict)
        && vm
            .call_method(modules, &vm.names().values, &[])
            .and_then(|values| vm.collect(values.borrow()))
            .is_ok_and(|modules| modules.iter().all(is_module))
}

/// The standard streams and what is below them: they have been written out, and nobody closes them.
fn standard_streams(vm: &Thread) -> PyResult<Vec<Owned>> {
    let mut streams = Vec::new();
    for (name, original) in STREAMS {
        let mut next = vm.sys_get(name)?;
        let is_original = |stream: &Owned, original: Owned| stream.borrow().is(original.borrow());
        if !next.iter().zip(vm.sys_get(original)?).any(|(stream, original)| is_original(stream, original)) {
            continue;
        }
        for below in ["buffer", "raw"] {
            let Some(stream) = next.take().filter(|stream| vm.has_native_class(stream.borrow())) else {
                break;
            };
            // Of a stream that was taken apart, the parts are somebody else's.
            next = vm.get_attr_opt(stream.borrow(), vm.intern(below)?.borrow()).unwrap_or_default();
            streams.push(stream);
        }
        streams.extend(next.filter(|stream| vm.has_native_class(stream.borrow())));
    }
    Ok(streams)
}

fn collect(vm: &Thread) -> PyResult<()> {
    if let Some(gc) = vm.import_native("gc")? {
        vm.call_method(gc.borrow(), &vm.intern("collect")?, &[])?;
    }
    Ok(())
}

/// Binds all names of a module to None, those with one leading underscore first.
fn empty(vm: &Thread, module: Ref<'_>) -> PyResult<()> {
    let Some(namespace) = vm.get_attr_opt(module, vm.names().__dict__.borrow())? else { return Ok(()) };
    let names = vm.collect(namespace.borrow())?;
    for private in [true, false] {
        for name in &names {
            let text = name.borrow().downcast::<Str>().map_or(&[][..], Str::as_bytes);
            let is_private = text.starts_with(b"_") && !text.starts_with(b"__");
            if text != b"__builtins__" && is_private == private {
                vm.set_item(namespace.borrow(), name.borrow(), Some(Ref::NONE))?;
            }
        }
    }
    Ok(())
}
