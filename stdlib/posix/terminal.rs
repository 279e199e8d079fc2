//! Terminals.

use pyx_vm::exception::PyResult;
use pyx_vm::native::*;
use pyx_vm::struct_sequence;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

use super::argument::check;
use super::c;

pub(super) const FUNCTIONS: &[MethodDef] = &[
    function("isatty($module, fd, /)", One(isatty), "Whether a descriptor is of a terminal."),
    function("ttyname($module, fd, /)", One(ttyname), "The name of a descriptor's terminal."),
    function("ctermid($module, /)", Zero(ctermid), "The name of the terminal that controls the process."),
    function(
        "get_terminal_size($module, fd=<unrepresentable>, /)",
        ZeroOpt(get_terminal_size),
        "The size of a descriptor's terminal, by default that of standard output.",
    ),
    function(
        "tcgetpgrp($module, fd, /)",
        One(tcgetpgrp),
        "The process group in the foreground of a terminal.",
    ),
    function(
        "tcsetpgrp($module, fd, pgid, /)",
        Two(tcsetpgrp),
        "Put a process group into the foreground of a terminal.",
    ),
    function(
        "openpty($module, /)",
        Zero(openpty),
        "A pair of pseudo-terminals: the descriptors of master and slave.",
    ),
    function(
        "posix_openpt($module, oflag, /)",
        One(posix_openpt),
        "The master of a new pair of pseudo-terminals.",
    ),
    function(
        "grantpt($module, fd, /)",
        One(grantpt),
        "Give the user access to the slave of a pseudo-terminal.",
    ),
    function("unlockpt($module, fd, /)", One(unlockpt), "Unlock the slave of a pseudo-terminal."),
    function("ptsname($module, fd, /)", One(ptsname), "The name of the slave of a pseudo-terminal."),
    function(
        "login_tty($module, fd, /)",
        One(login_tty),
        "Make a terminal that of a new session, and the process's standard files.",
    ),
    function(
        "device_encoding($module, /, fd)",
        One(device_encoding),
        "The encoding of a terminal; None for other files.",
    ),
];

struct_sequence! {
    /// `os.terminal_size`
    pub(super) static TERMINAL_SIZE: "os", "terminal_size", "The size of a terminal; a tuple with attributes.";
    visible { columns: "width in characters", lines: "height in characters" }
}

fn isatty(vm: &Thread, fd: Ref<'_>) -> PyResult {
    let fd = vm.to_c_int(fd)?;
    Ok(Owned::bool(c::isatty(fd) != 0))
}

fn ttyname(vm: &Thread, fd: Ref<'_>) -> PyResult {
    let name = check(vm, c::ttyname(vm.to_c_int(fd)?))?;
    vm.fs_decode(&name)
}

fn ctermid(vm: &Thread) -> PyResult {
    vm.str("/dev/tty")
}

fn get_terminal_size(vm: &Thread, fd: Option<Ref<'_>>) -> PyResult {
    let fd = fd.map_or(Ok(1), |fd| vm.to_c_int(fd))?;
    let size = check(vm, c::window_size(fd))?;
    let items = [Owned::small_int(size.ws_col.into()), Owned::small_int(size.ws_row.into())];
    vm.struct_sequence(&TERMINAL_SIZE, &items)
}

fn tcgetpgrp(vm: &Thread, fd: Ref<'_>) -> PyResult {
    vm.int(check(vm, c::tcgetpgrp(vm.to_c_int(fd)?))?.into())
}

fn tcsetpgrp(vm: &Thread, fd: Ref<'_>, group: Ref<'_>) -> PyResult {
    done(vm, c::tcsetpgrp(vm.to_c_int(fd)?, vm.to_c_int(group)?))
}

fn done(vm: &Thread, result: c::Result<i32>) -> PyResult {
    check(vm, result)?;
    none()
}

fn openpty(vm: &Thread) -> PyResult {
    let [master, slave] = check(vm, c::openpty())?;
    vm.pair(Owned::small_int(master), Owned::small_int(slave))
}

fn posix_openpt(vm: &Thread, flags: Ref<'_>) -> PyResult {
    let fd = check(vm, c::posix_openpt(vm.to_c_int(flags)?))?;
    check(vm, c::set_cloexec(fd, true))?;
    Ok(Owned::small_int(fd))
}

fn grantpt(vm: &Thread, fd: Ref<'_>) -> PyResult {
    done(vm, c::grantpt(super::argument::file_number(vm, fd)?))
}

fn unlockpt(vm: &Thread, fd: Ref<'_>) -> PyResult {
    done(vm, c::unlockpt(super::argument::file_number(vm, fd)?))
}

fn ptsname(vm: &Thread, fd: Ref<'_>) -> PyResult {
    let name = check(vm, c::ptsname(super::argument::file_number(vm, fd)?))?;
    vm.fs_decode(&name)
}

fn login_tty(vm: &Thread, fd: Ref<'_>) -> PyResult {
    done(vm, c::login_tty(super::argument::file_number(vm, fd)?))
}

fn device_encoding(vm: &Thread, fd: Ref<'_>) -> PyResult {
    let fd = vm.to_c_int(fd)?;
    if c::isatty(fd) == 0 { none() } else { vm.str("UTF-8") }
}
