//! The hooks of `sys`: what shows values, exceptions and breakpoints unless a program replaces it.

use pyx_vm::exception::{PyResult, Raised};
use pyx_vm::heap::inline::Str;
use pyx_vm::native::*;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

/// `sys.displayhook`: shows a value that is not None as the prompt does, and keeps it in `builtins._`.
pub(super) fn displayhook(vm: &Thread, value: Ref<'_>) -> PyResult {
    let Some(builtins) = vm.loaded_module(&vm.intern("builtins")?)? else {
        return Err(vm.runtime_error("lost builtins module"));
    };
    if value.is_none() {
        return none();
    }
    // What `_` held before may be seen by the repr of the value.
    let underscore = &vm.names().underscore;
    vm.set_attr(builtins.borrow(), underscore.borrow(), Some(Ref::NONE))?;
    let Some(stdout) = vm.sys_get("stdout")?.filter(|stdout| !stdout.borrow().is_none()) else {
        return Err(vm.runtime_error("lost sys.stdout"));
    };
    let text = vm.repr(value)?;
    match write(vm, &stdout, text.borrow()) {
        Err(raised) if raised.is(&vm.exceptions().UnicodeEncodeError) => {
            write_replaced(vm, &stdout, text.borrow())?;
        }
        result => result?,
    }
    write(vm, &stdout, vm.str("\n")?.borrow())?;
    vm.set_attr(builtins.borrow(), underscore.borrow(), Some(value))?;
    none()
}

fn write(vm: &Thread, stream: &Owned, text: Ref<'_>) -> PyResult<()> {
    vm.call_method(stream.borrow(), &vm.names().write, &[text]).map(drop)
}

/// Writes what the stream cannot encode with backslashes.
fn write_replaced(vm: &Thread, stream: &Owned, text: Ref<'_>) -> PyResult<()> {
    let encoding = vm.get_attr(stream.borrow(), vm.names().encoding.borrow())?;
    let errors = vm.intern("backslashreplace")?;
    let bytes = vm.call_method(text, &vm.names().encode, &[encoding.borrow(), errors.borrow()])?;
    let buffer = vm.get_attr_opt(stream.borrow(), vm.intern("buffer")?.borrow())?;
    match buffer {
        Some(buffer) => write(vm, &buffer, bytes.borrow()),
        None => {
            let strict = vm.intern("strict")?;
            let text =
                vm.call_method(bytes.borrow(), &vm.names().decode, &[encoding.borrow(), strict.borrow()])?;
            write(vm, stream, text.borrow())
        }
    }
}

/// `sys.excepthook`: shows an exception on `sys.stderr`.
pub(super) fn excepthook(vm: &Thread, _class: Ref<'_>, value: Ref<'_>, traceback: Ref<'_>) -> PyResult {
    if vm.is_exception(value) {
        vm.set_missing_traceback(value, traceback);
        vm.print_exception(value);
    } else {
        let class = vm.type_name(value);
        vm.write_stderr(&format!(
            "TypeError: print_exception(): Exception expected for value, {class} found\n"
        ));
    }
    none()
}

/// `sys.unraisablehook`
pub(super) fn unraisablehook(vm: &Thread, arguments: Ref<'_>) -> PyResult {
    vm.default_unraisable_hook(arguments)
}

/// `sys.breakpointhook`: calls what `$PYTHONBREAKPOINT` names, by default `pdb.set_trace`.
pub(super) fn breakpointhook(vm: &Thread, args: &Args<'_>) -> PyResult {
    let variable = match std::env::var_os("PYTHONBREAKPOINT") {
        Some(name) if !vm.config().ignore_environment => name.to_string_lossy().into_owned(),
        _ => String::new(),
    };
    let target = match &*variable {
        "" => "pdb.set_trace",
        "0" => return none(),
        target => target,
    };
    let (module, attribute) = target.rsplit_once('.').unwrap_or(("builtins", target));
    if module.is_empty() || attribute.is_empty() {
        return unimportable(vm, target);
    }
    let module = match vm.import_module(&vm.intern(module)?) {
        Err(raised) if raised.is(&vm.exceptions().ImportError) => return unimportable(vm, target),
        module => module?,
    };
    match vm.get_attr(module.borrow(), vm.intern(attribute)?.borrow()) {
        Err(raised) if raised.is(&vm.exceptions().AttributeError) => unimportable(vm, target),
        hook => vm.call_args(hook?.borrow(), args),
    }
}

fn unimportable(vm: &Thread, target: &str) -> PyResult {
    let message = format!("Ignoring unimportable $PYTHONBREAKPOINT: \"{target}\"");
    vm.warn(&vm.exceptions().RuntimeWarning, &message)?;
    none()
}

/// `sys.audit(event, *args)`
pub(super) fn audit(vm: &Thread, args: &Args<'_>) -> PyResult {
    if args.has_keywords() {
        return Err(vm.type_error("sys.audit() takes no keyword arguments"));
    }
    let Some((&event, arguments)) = args.positional().split_first() else {
        return Err(vm.type_error("audit expected at least 1 argument, got 0"));
    };
    if event.downcast::<Str>().is_none() {
        return Err(vm.bad_argument("audit() argument 1", "str", event));
    }
    vm.audit(event, arguments)?;
    none()
}

/// `sys.addaudithook(hook)`: the hooks that are there may refuse it.
pub(super) fn addaudithook(vm: &Thread, hook: Ref<'_>) -> PyResult {
    let event = vm.intern("sys.addaudithook")?;
    match vm.audit(event.borrow(), &[]) {
        Err(raised) if raised.is(&vm.exceptions().Exception) => return none(),
        result => result?,
    }
    vm.add_audit_hook(hook.own())?;
    none()
}

/// `sys.exit(status=None)`
pub(super) fn exit(vm: &Thread, status: Option<Ref<'_>>) -> PyResult {
    let raised: Raised = vm.system_exit(status.unwrap_or(Ref::NONE));
    Err(raised)
}
