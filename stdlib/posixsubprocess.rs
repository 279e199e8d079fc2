//! `_posixsubprocess`: what `subprocess` does between fork and exec.
//!
//! The child gets its standard files, directory, ids and signals, and then its program. Until that runs, an error goes to the parent
//! through a pipe, as `class:number:text`, with the number in hexadecimal.

use std::ffi::CString;

use pyx_vm::exception::{PyResult, Raised};
use pyx_vm::fork::ForkTime;
use pyx_vm::heap::inline::{Bytes, Tuple};
use pyx_vm::native::*;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

use crate::posix::argument::{check, fs_string, id};
use crate::posix::c::{self, Errno};
use crate::posix::process::check_forkable;

pub(crate) static POSIXSUBPROCESS: ModuleDef = ModuleDef {
    doc: "What the module subprocess does between fork and exec.",
    functions: &[function(
        "fork_exec($module, args, executable_list, close_fds, pass_fds, cwd, env, p2cread, p2cwrite, c2pread, c2pwrite, \
         errread, errwrite, errpipe_read, errpipe_write, restore_signals, call_setsid, pgid_to_set, gid, extra_groups, \
         uid, child_umask, preexec_fn, /)",
        Many(fork_exec),
        "Run a program in a new process; the result is its id.",
    )],
    ..ModuleDef::new("_posixsubprocess")
};

/// What the child is to do, read before the fork, so that the child need not.
struct Plan {
    arguments: Vec<CString>,
    executables: Vec<CString>,
    environment: Option<Vec<CString>>,
    directory: Option<CString>,
    /// Descriptors that stay open, in ascending order, and whether all others are closed.
    kept: Vec<i32>,
    close_fds: bool,
    /// The ends of the pipes: what the child reads from and the parent writes to, and so on.
    stdin: (i32, i32),
    stdout: (i32, i32),
    stderr: (i32, i32),
    error_pipe: (i32, i32),
    restore_signals: bool,
    new_session: bool,
    group_of_processes: i32,
    group: Option<u32>,
    groups: Option<Vec<u32>>,
    user: Option<u32>,
    umask: i32,
    prepare: Option<Owned>,
}

fn fork_exec(vm: &Thread, arguments: &Bound<'_>) -> PyResult {
    let plan = plan(vm, arguments)?;
    let forked = if plan.prepare.is_some() {
        check_forkable(vm, "preexec_fn not supported at interpreter shutdown")?;
        vm.run_at_fork(ForkTime::Before);
        let forked = vm.fork(c::fork, |forked| matches!(forked, Ok(0)));
        if !matches!(forked, Ok(0)) {
            vm.run_at_fork(ForkTime::InParent);
        }
        forked
    } else {
        // The child runs no Python.
        c::fork()
    };
    if matches!(forked, Ok(0)) {
        // Nothing is unwound in the child: either its program runs, or it ends.
        run_child(vm, &plan);
    }
    Ok(Owned::small_int(check(vm, forked)?))
}

// ---- reading the arguments ----

fn plan(vm: &Thread, arguments: &Bound<'_>) -> PyResult<Plan> {
    let given = |index: usize| Some(arguments.required(index)).filter(|value| !value.is_none());
    let number = |index: usize| vm.to_c_int(arguments.required(index));
    let truth = |index: usize| vm.is_true(arguments.required(index));
    let (close_fds, prepare) = (truth(2)?, given(21).map(Ref::own));
    let kept = kept(vm, arguments.required(3))?;
    let (restore_signals, new_session) = (truth(14)?, truth(15)?);
    if close_fds && number(13)? < 3 {
        return Err(vm.value_error("errpipe_write must be >= 3"));
    }
    Ok(Plan {
        arguments: strings(vm, "argv must be a tuple or list", arguments.required(0))?,
        executables: strings(vm, "executable_list must be a tuple or list", arguments.required(1))?,
        environment: given(5).map(|env| strings(vm, "env must be a sequence", env)).transpose()?,
        directory: given(4).map(|directory| fs_string(vm, directory)).transpose()?,
        kept,
        close_fds,
        stdin: (number(6)?, number(7)?),
        stdout: (number(8)?, number(9)?),
        stderr: (number(10)?, number(11)?),
        error_pipe: (number(12)?, number(13)?),
        restore_signals,
        new_session,
        group_of_processes: number(16)?,
        group: given(17).map(|group| id(vm, "gid", group)).transpose()?,
        groups: given(18).map(|groups| groups_of(vm, groups)).transpose()?,
        user: given(19).map(|user| id(vm, "uid", user)).transpose()?,
        umask: number(20)?,
        prepare,
    })
}

fn strings(vm: &Thread, message: &str, values: Ref<'_>) -> PyResult<Vec<CString>> {
    vm.collect_or(values, message)?.iter().map(|value| fs_string(vm, value.borrow())).collect()
}

/// Descriptors that the program gets: a tuple of ints in ascending order.
fn kept(vm: &Thread, fds: Ref<'_>) -> PyResult<Vec<i32>> {
    let Some(fds) = fds.downcast::<Tuple>() else {
        let got = vm.type_name(fds);
        return Err(vm.type_error(format_args!("fork_exec() argument 4 must be tuple, not {got}")));
    };
    let numbers: Option<Vec<i32>> = fds
        .as_slice()
        .iter()
        .map(|fd| fd.borrow().as_small_int().and_then(|fd| i32::try_from(fd).ok()))
        .collect();
    numbers
        .filter(|numbers| numbers.first().is_none_or(|fd| *fd >= 0) && numbers.is_sorted_by(|a, b| a < b))
        .ok_or_else(|| vm.value_error("bad value(s) in fds_to_keep"))
}

fn groups_of(vm: &Thread, groups: Ref<'_>) -> PyResult<Vec<u32>> {
    if !vm.is_sequence(groups) || groups.downcast::<Bytes>().is_some() {
        return Err(vm.type_error("setgroups argument must be a sequence"));
    }
    let group = |group: &Owned| match id(vm, "gid", group.borrow()) {
        Err(raised) if raised.is(&vm.exceptions().OverflowError) => Err(vm.value_error("invalid group id")),
        number => number,
    };
    vm.collect(groups)?.iter().map(group).collect()
}

// ---- in the child ----

/// Why the child could not start its program.
struct Failure {
    class: &'static str,
    errno: i32,
    text: &'static str,
}

/// An error before the program was looked for: it is not about the program.
fn early(errno: Errno) -> Failure {
    Failure { class: "OSError", errno: errno.0, text: "noexec" }
}

/// Runs the program, or tells the parent why not.
fn run_child(vm: &Thread, plan: &Plan) -> ! {
    let failure = match start(vm, plan) {
        Ok(never) => match never {},
        Err(failure) => failure,
    };
    let Failure { class, errno, text } = failure;
    let report =
        if class == "OSError" { format!("{class}:{errno:x}:{text}") } else { format!("{class}:0:{text}") };
    // If the parent does not listen, there is nobody to tell.
    let _ = c::write(plan.error_pipe.1, report.as_bytes());
    c::exit_now(255)
}

/// What never is.
enum Never {}

fn start(vm: &Thread, plan: &Plan) -> Result<Never, Failure> {
    files(plan).map_err(early)?;
    if let Some(directory) = &plan.directory {
        c::chdir(directory).map_err(|errno| Failure {
            class: "OSError",
            errno: errno.0,
            text: "noexec:chdir",
        })?;
    }
    if plan.umask >= 0 {
        c::umask(plan.umask as libc::mode_t);
    }
    if plan.restore_signals {
        c::restore_signals();
    }
    if plan.new_session {
        c::setsid().map_err(early)?;
    }
    if plan.group_of_processes >= 0 {
        c::setpgid(0, plan.group_of_processes).map_err(early)?;
    }
    if let Some(groups) = &plan.groups {
        c::setgroups(groups).map_err(early)?;
    }
    if let Some(group) = plan.group {
        c::setregid(group, group).map_err(early)?;
    }
    if let Some(user) = plan.user {
        c::setreuid(user, user).map_err(early)?;
    }
    if let Some(prepare) = &plan.prepare {
        vm.run_at_fork(ForkTime::InChild);
        vm.call(prepare.borrow(), &[]).map_err(|_: Raised| Failure {
            class: "SubprocessError",
            errno: 0,
            text: "Exception occurred in preexec_fn.",
        })?;
    }
    if plan.close_fds {
        close_others(plan);
    }
    Err(Failure { class: "OSError", errno: exec(plan).0, text: "" })
}

/// Puts the pipes in the places of the standard files.
fn files(plan: &Plan) -> c::Result<()> {
    for &fd in &plan.kept {
        if fd != plan.error_pipe.1 {
            c::set_cloexec(fd, false)?;
        }
    }
    for parents in [plan.stdin.1, plan.stdout.0, plan.stderr.0] {
        if parents >= 0 {
            c::close(parents)?;
        }
    }
    c::close(plan.error_pipe.0)?;
    let (stdin, mut stdout, mut stderr) = (plan.stdin.0, plan.stdout.1, plan.stderr.1);
    // Moved out of the way where another one takes their place.
    if stdout == 0 {
        stdout = c::fcntl_set(stdout, libc::F_DUPFD_CLOEXEC, 3)?;
    }
    while matches!(stderr, 0 | 1) {
        stderr = c::fcntl_set(stderr, libc::F_DUPFD_CLOEXEC, 3)?;
    }
    for (fd, place) in [(stdin, 0), (stdout, 1), (stderr, 2)] {
        if fd == place {
            c::set_cloexec(fd, false)?;
        } else if fd >= 0 {
            c::dup2(fd, place)?;
        }
    }
    Ok(())
}

/// Closes all descriptors but the standard ones and those that are kept.
fn close_others(plan: &Plan) {
    let mut low = 3;
    for &fd in plan.kept.iter().filter(|fd| **fd >= 3) {
        c::close_range(low, fd);
        low = fd + 1;
    }
    c::close_range(low, i32::MAX);
}

/// Tries the programs one after the other; gives the error that says most.
fn exec(plan: &Plan) -> Errno {
    let (mut saved, mut last) = (None, Errno(libc::ENOENT));
    for program in &plan.executables {
        last = match &plan.environment {
            Some(environment) => c::execve(program, &plan.arguments, environment),
            None => c::execv(program, &plan.arguments),
        };
        if !matches!(last.0, libc::ENOENT | libc::ENOTDIR) && saved.is_none() {
            saved = Some(last);
        }
    }
    saved.unwrap_or(last)
}
