//! Processes: making them, replacing their program, signals, and waiting for their end.

use std::ffi::CString;

use pyx_vm::exception::{PyResult, Raised};
use pyx_vm::fork::ForkTime;
use pyx_vm::heap::inline::Tuple;
use pyx_vm::native::*;
use pyx_vm::struct_sequence;
use pyx_vm::types::list::List;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

use super::argument::{Place, blocking, check, fs_string, path, path_or_fd};
use super::c::{self, Errno};

pub(super) const FUNCTIONS: &[MethodDef] = &[
    function("fork($module, /)", Zero(fork), "Make a copy of the process; the result is 0 in the child."),
    function(
        "forkpty($module, /)",
        Zero(forkpty),
        "Make a copy of the process with a new terminal: the child's id, 0 in the child, and the master's descriptor.",
    ),
    function(
        "register_at_fork($module, /, *, before=<unrepresentable>, after_in_child=<unrepresentable>, \
         after_in_parent=<unrepresentable>)",
        Many(register_at_fork),
        "Have functions called when the process forks.",
    ),
    function("execv($module, path, argv, /)", Two(execv), "Replace the process's program."),
    function(
        "execve($module, /, path, argv, env)",
        Three(execve),
        "Replace the process's program and its environment.",
    ),
    function(
        "system($module, /, command)",
        One(system),
        "Run a command in a shell; the result is its status.",
    ),
    function("abort($module, /)", Zero(abort), "End the process as if by an error."),
    function("_exit($module, /, status)", One(exit_now), "End the process at once, without cleaning up."),
    function("kill($module, pid, signal, /)", Two(kill), "Send a signal to a process."),
    function("killpg($module, pgid, signal, /)", Two(killpg), "Send a signal to a process group."),
    function("wait($module, /)", Zero(wait), "Wait for a child to end: its id and its status."),
    function("waitpid($module, pid, options, /)", Two(waitpid), "Wait for a child: its id and its status."),
    function(
        "wait3($module, /, options)",
        One(wait3),
        "Wait for a child: its id, its status, and what it used.",
    ),
    function(
        "wait4($module, /, pid, options)",
        Two(wait4),
        "Wait for a child: its id, its status, and what it used.",
    ),
    function(
        "waitid($module, idtype, id, options, /)",
        Three(waitid),
        "Wait for a change of a child; None if there is none.",
    ),
    function("pidfd_open($module, /, pid, flags=0)", OneOpt(pidfd_open), "A descriptor of a process."),
    function("WCOREDUMP($module, status, /)", One(wcoredump), "Whether a process left a memory dump."),
    function(
        "WIFCONTINUED($module, /, status)",
        One(wifcontinued),
        "Whether a process went on after a stop.",
    ),
    function("WIFSTOPPED($module, /, status)", One(wifstopped), "Whether a process was stopped."),
    function("WIFSIGNALED($module, /, status)", One(wifsignaled), "Whether a signal ended a process."),
    function("WIFEXITED($module, /, status)", One(wifexited), "Whether a process ended by itself."),
    function(
        "WEXITSTATUS($module, /, status)",
        One(wexitstatus),
        "The exit code of a process that ended by itself.",
    ),
    function("WTERMSIG($module, /, status)", One(wtermsig), "The signal that ended a process."),
    function("WSTOPSIG($module, /, status)", One(wstopsig), "The signal that stopped a process."),
    function(
        "waitstatus_to_exitcode($module, /, status)",
        One(exit_code),
        "The exit code in a status; minus the signal's number if a signal ended the process.",
    ),
    function(
        "_inputhook($module, /)",
        Zero(input_hook),
        "Calls the hook that runs while input is awaited; there is none.",
    ),
    function("_is_inputhook_installed($module, /)", Zero(has_input_hook), "Whether there is such a hook."),
];

struct_sequence! {
    /// `os.waitid_result`
    pub(super) static WAITID_RESULT: "posix", "waitid_result", "What waitid() tells; a tuple with attributes.";
    visible {
        si_pid: "the child",
        si_uid: "its user",
        si_signo: "always SIGCHLD",
        si_status: "its exit code, or the number of a signal",
        si_code: "what happened to it",
    }
}

// ---- forking ----

fn around_fork<T>(
    vm: &Thread,
    name: &str,
    fork: impl FnOnce() -> c::Result<T>,
    is_child: impl Fn(&T) -> bool,
) -> PyResult<T> {
    check_forkable(vm, "can't fork at interpreter shutdown")?;
    vm.run_at_fork(ForkTime::Before);
    let is_child = |forked: &c::Result<T>| forked.as_ref().is_ok_and(&is_child);
    let forked = vm.fork(fork, is_child);
    let in_child = is_child(&forked);
    vm.run_at_fork(if in_child { ForkTime::InChild } else { ForkTime::InParent });
    if !in_child && vm.thread_count() > 0 {
        warn_of_threads(vm, name);
    }
    check(vm, forked)
}

/// Other threads may hold locks, which nobody gives back in the child.
fn warn_of_threads(vm: &Thread, name: &str) {
    let pid = std::process::id();
    let message = format!(
        "This process (pid={pid}) is multi-threaded, use of {name}() may lead to deadlocks in the child."
    );
    // The fork has happened: a warning that is to be an error comes too late.
    let _ = vm.warn(&vm.exceptions().DeprecationWarning, &message);
}

/// Checks that the interpreter does not end: a child would have nothing left to run.
pub(crate) fn check_forkable(vm: &Thread, message: &str) -> PyResult<()> {
    if vm.is_finalizing() {
        return Err(vm.error(&vm.exceptions().PythonFinalizationError, message));
    }
    Ok(())
}

fn fork(vm: &Thread) -> PyResult {
    let pid = around_fork(vm, "fork", c::fork, |pid| *pid == 0)?;
    Ok(Owned::small_int(pid))
}

fn forkpty(vm: &Thread) -> PyResult {
    let (pid, master) = around_fork(vm, "forkpty", c::forkpty, |(pid, _)| *pid == 0)?;
    vm.pair(Owned::small_int(pid), Owned::small_int(master))
}

fn register_at_fork(vm: &Thread, arguments: &Bound<'_>) -> PyResult {
    let times = [
        ("before", ForkTime::Before),
        ("after_in_child", ForkTime::InChild),
        ("after_in_parent", ForkTime::InParent),
    ];
    if (0..3).all(|index| arguments.optional(index).is_none()) {
        return Err(vm.type_error("At least one argument is required."));
    }
    for (index, (name, _)) in times.iter().enumerate() {
        if let Some(function) = arguments.optional(index).filter(|function| !vm.is_callable(*function)) {
            let got = vm.type_name(function);
            return Err(vm.type_error(format_args!("'{name}' must be callable, not {got}")));
        }
    }
    for (index, (_, time)) in times.iter().enumerate() {
        if let Some(function) = arguments.optional(index) {
            vm.register_at_fork(*time, function);
        }
    }
    none()
}

// ---- programs ----

/// The items of an argument that must be a tuple or list.
fn argument_items(vm: &Thread, place: &str, value: Ref<'_>) -> PyResult<Vec<Owned>> {
    if value.downcast::<List>().is_none() && value.downcast::<Tuple>().is_none() {
        return Err(vm.type_error(format_args!("{place} must be a tuple or list")));
    }
    vm.collect(value)
}

/// The arguments of a new program.
pub(super) fn program_arguments(vm: &Thread, items: &[Owned]) -> PyResult<Vec<CString>> {
    items.iter().map(|item| fs_string(vm, item.borrow())).collect()
}

fn checked_arguments(vm: &Thread, place: &str, value: Ref<'_>) -> PyResult<Vec<CString>> {
    let items = argument_items(vm, place, value)?;
    if items.is_empty() {
        return Err(vm.value_error(format_args!("{place} must not be empty")));
    }
    let arguments = program_arguments(vm, &items)?;
    if arguments[0].is_empty() {
        return Err(vm.value_error(format_args!("{place} first element cannot be empty")));
    }
    Ok(arguments)
}

/// The environment of a new program, of a mapping.
pub(super) fn environment(vm: &Thread, mapping: Ref<'_>) -> PyResult<Vec<CString>> {
    let keys = vm.collect(super::argument::method(vm, mapping, "keys")?.borrow())?;
    let values = vm.collect(super::argument::method(vm, mapping, "values")?.borrow())?;
    let mut environment = Vec::new();
    for (key, value) in keys.iter().zip(&values) {
        let (key, value) = (fs_string(vm, key.borrow())?, fs_string(vm, value.borrow())?);
        let key = key.into_bytes();
        // A name may begin with `=`, as some do on Windows.
        if key.is_empty() || key[1..].contains(&b'=') {
            return Err(vm.value_error("illegal environment variable name"));
        }
        let entry = [&key, b"=".as_slice(), value.as_bytes()].concat();
        environment.push(CString::new(entry).map_err(|_| vm.value_error("embedded null byte"))?);
    }
    Ok(environment)
}

fn execv(vm: &Thread, program: Ref<'_>, arguments: Ref<'_>) -> PyResult {
    let program = path("execv", "path").read(vm, Some(program))?;
    let arguments = checked_arguments(vm, "execv() arg 2", arguments)?;
    Err(exec_error(vm, c::execv(program.c_str(), &arguments)))
}

fn exec_error(vm: &Thread, errno: Errno) -> Raised {
    vm.errno_error(errno.0, None, None)
}

fn execve(vm: &Thread, program: Ref<'_>, arguments: Ref<'_>, env: Ref<'_>) -> PyResult {
    let program = path_or_fd("execve", "path").read(vm, Some(program))?;
    let items = argument_items(vm, "execve: argv", arguments)?;
    if items.is_empty() {
        return Err(vm.value_error("execve: argv must not be empty"));
    }
    if !super::argument::is_mapping(vm, env) {
        return Err(vm.type_error("execve: environment must be a mapping object"));
    }
    let arguments = program_arguments(vm, &items)?;
    if arguments[0].is_empty() {
        return Err(vm.value_error("execve: argv first element cannot be empty"));
    }
    let environment = environment(vm, env)?;
    let errno = match &program.place {
        Place::Path(path) => c::execve(path, &arguments, &environment),
        Place::Fd(fd) => c::fexecve(*fd, &arguments, &environment),
    };
    Err(program.error(vm, errno))
}

fn system(vm: &Thread, command: Ref<'_>) -> PyResult {
    let command = fs_string(vm, command)?;
    vm.int(vm.allow_threads(|| c::system(&command)).into())
}

fn abort(_: &Thread) -> PyResult {
    std::process::abort()
}

/// Ends the process at once, without what libraries want done before.
pub fn end_process(status: i32) -> ! {
    c::exit_now(status)
}

fn exit_now(vm: &Thread, status: Ref<'_>) -> PyResult {
    c::exit_now(vm.to_c_int(status)?)
}

fn kill(vm: &Thread, pid: Ref<'_>, signal: Ref<'_>) -> PyResult {
    let (pid, signal) = (vm.to_c_int(pid)?, vm.to_c_int(signal)?);
    check(vm, c::kill(pid, signal))?;
    // The signal may have been for this process.
    vm.check_signals()?;
    none()
}

fn killpg(vm: &Thread, group: Ref<'_>, signal: Ref<'_>) -> PyResult {
    let (group, signal) = (vm.to_c_int(group)?, vm.to_c_int(signal)?);
    check(vm, c::killpg(group, signal))?;
    vm.check_signals()?;
    none()
}

// ---- waiting ----

fn id_and_status(vm: &Thread, waited: &c::Waited) -> PyResult {
    vm.pair(Owned::small_int(waited.pid), Owned::small_int(waited.status))
}

fn wait(vm: &Thread) -> PyResult {
    let waited = blocking(vm, || c::wait4(-1, 0))?;
    id_and_status(vm, &waited)
}

fn waitpid(vm: &Thread, pid: Ref<'_>, options: Ref<'_>) -> PyResult {
    let (pid, options) = (vm.to_c_int(pid)?, vm.to_c_int(options)?);
    let waited = blocking(vm, || c::wait4(pid, options))?;
    id_and_status(vm, &waited)
}

fn wait3(vm: &Thread, options: Ref<'_>) -> PyResult {
    let options = vm.to_c_int(options)?;
    with_usage(vm, &blocking(vm, || c::wait4(-1, options))?)
}

fn wait4(vm: &Thread, pid: Ref<'_>, options: Ref<'_>) -> PyResult {
    let (pid, options) = (vm.to_c_int(pid)?, vm.to_c_int(options)?);
    with_usage(vm, &blocking(vm, || c::wait4(pid, options))?)
}

fn with_usage(vm: &Thread, waited: &c::Waited) -> PyResult {
    let usage = crate::resource::usage(vm, &waited.usage)?;
    vm.tuple_array([Owned::small_int(waited.pid), Owned::small_int(waited.status), usage])
}

fn waitid(vm: &Thread, kind: Ref<'_>, id: Ref<'_>, options: Ref<'_>) -> PyResult {
    let (kind, id, options) = (vm.to_c_int(kind)?, vm.to_i64(id)?, vm.to_c_int(options)?);
    match blocking(vm, || c::waitid(kind as u32, id as u32, options))? {
        None => none(),
        Some((pid, user, signal, status, code)) => {
            let items = [
                Owned::small_int(pid),
                super::argument::id_object(vm, user)?,
                Owned::small_int(signal),
                Owned::small_int(status),
                Owned::small_int(code),
            ];
            vm.struct_sequence(&WAITID_RESULT, &items)
        }
    }
}

fn pidfd_open(vm: &Thread, pid: Ref<'_>, flags: Option<Ref<'_>>) -> PyResult {
    let pid = vm.to_c_int(pid)?;
    let flags = super::argument::int_or(vm, flags, 0)?;
    Ok(Owned::small_int(check(vm, c::pidfd_open(pid, flags as u32))?))
}

// ---- what a status says ----

fn status_is(vm: &Thread, status: Ref<'_>, holds: impl Fn(i32) -> bool) -> PyResult {
    Ok(Owned::bool(holds(vm.to_c_int(status)?)))
}

fn wcoredump(vm: &Thread, status: Ref<'_>) -> PyResult {
    status_is(vm, status, |status| libc::WCOREDUMP(status))
}

fn wifcontinued(vm: &Thread, status: Ref<'_>) -> PyResult {
    status_is(vm, status, |status| libc::WIFCONTINUED(status))
}

fn wifstopped(vm: &Thread, status: Ref<'_>) -> PyResult {
    status_is(vm, status, |status| libc::WIFSTOPPED(status))
}

fn wifsignaled(vm: &Thread, status: Ref<'_>) -> PyResult {
    status_is(vm, status, |status| libc::WIFSIGNALED(status))
}

fn wifexited(vm: &Thread, status: Ref<'_>) -> PyResult {
    status_is(vm, status, |status| libc::WIFEXITED(status))
}

fn wexitstatus(vm: &Thread, status: Ref<'_>) -> PyResult {
    Ok(Owned::small_int(libc::WEXITSTATUS(vm.to_c_int(status)?)))
}

fn wtermsig(vm: &Thread, status: Ref<'_>) -> PyResult {
    Ok(Owned::small_int(libc::WTERMSIG(vm.to_c_int(status)?)))
}

fn wstopsig(vm: &Thread, status: Ref<'_>) -> PyResult {
    Ok(Owned::small_int(libc::WSTOPSIG(vm.to_c_int(status)?)))
}

fn exit_code(vm: &Thread, status: Ref<'_>) -> PyResult {
    let status = vm.to_c_int(status)?;
    if libc::WIFEXITED(status) {
        return Ok(Owned::small_int(libc::WEXITSTATUS(status)));
    }
    if libc::WIFSIGNALED(status) {
        return Ok(Owned::small_int(-libc::WTERMSIG(status)));
    }
    if libc::WIFSTOPPED(status) {
        let signal = libc::WSTOPSIG(status);
        return Err(vm.value_error(format_args!("process stopped by delivery of signal {signal}")));
    }
    Err(vm.value_error(format_args!("invalid wait status: {status}")))
}

fn input_hook(_: &Thread) -> PyResult {
    Ok(Owned::small_int(0))
}

fn has_input_hook(_: &Thread) -> PyResult {
    Ok(Owned::bool(false))
}
