//! The ids of processes, sessions, users and groups.

use pyx_vm::exception::PyResult;
use pyx_vm::native::*;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

use super::argument::{c_string, check, id, id_object};
use super::c;
use super::system::is_int;

pub(super) const FUNCTIONS: &[MethodDef] = &[
    function("getpid($module, /)", Zero(|vm| vm.int(c::getpid().into())), "The process's id."),
    function(
        "getppid($module, /)",
        Zero(|vm| vm.int(c::getppid().into())),
        "The id of the process's parent.",
    ),
    function("getpgrp($module, /)", Zero(|vm| vm.int(c::getpgrp().into())), "The id of the process group."),
    function("getpgid($module, /, pid)", One(getpgid), "The id of a process's group."),
    function("setpgid($module, pid, pgrp, /)", Two(setpgid), "Put a process into a group."),
    function("setpgrp($module, /)", Zero(setpgrp), "Make the process the leader of a new group."),
    function("getsid($module, pid, /)", One(getsid), "The id of a process's session."),
    function("setsid($module, /)", Zero(setsid), "Make the process the leader of a new session."),
    function("getuid($module, /)", Zero(|vm| id_object(vm, c::getuid())), "The id of the user."),
    function(
        "geteuid($module, /)",
        Zero(|vm| id_object(vm, c::geteuid())),
        "The id of the user whose rights hold.",
    ),
    function("getgid($module, /)", Zero(|vm| id_object(vm, c::getgid())), "The id of the group."),
    function(
        "getegid($module, /)",
        Zero(|vm| id_object(vm, c::getegid())),
        "The id of the group whose rights hold.",
    ),
    function("getresuid($module, /)", Zero(getresuid), "The ids of the user: real, effective, saved."),
    function("getresgid($module, /)", Zero(getresgid), "The ids of the group: real, effective, saved."),
    function("setuid($module, uid, /)", One(setuid), "Become a user."),
    function("seteuid($module, euid, /)", One(seteuid), "Take the rights of a user."),
    function("setreuid($module, ruid, euid, /)", Two(setreuid), "Set the ids of the user: real, effective."),
    function(
        "setresuid($module, ruid, euid, suid, /)",
        Three(setresuid),
        "Set the ids of the user: real, effective, saved.",
    ),
    function("setgid($module, gid, /)", One(setgid), "Become a member of a group."),
    function("setegid($module, egid, /)", One(setegid), "Take the rights of a group."),
    function("setregid($module, rgid, egid, /)", Two(setregid), "Set the ids of the group: real, effective."),
    function(
        "setresgid($module, rgid, egid, sgid, /)",
        Three(setresgid),
        "Set the ids of the group: real, effective, saved.",
    ),
    function("getgroups($module, /)", Zero(getgroups), "The ids of the groups that the process belongs to."),
    function("setgroups($module, groups, /)", One(setgroups), "Set the groups that the process belongs to."),
    function("getgrouplist($module, user, group, /)", Two(getgrouplist), "The ids of the groups of a user."),
    function("initgroups($module, username, gid, /)", Two(initgroups), "Belong to the groups of a user."),
    function("getlogin($module, /)", Zero(getlogin), "The name under which the user has logged in."),
];

fn done(vm: &Thread, result: c::Result<i32>) -> PyResult {
    check(vm, result)?;
    none()
}

fn getpgid(vm: &Thread, pid: Ref<'_>) -> PyResult {
    vm.int(check(vm, c::getpgid(vm.to_c_int(pid)?))?.into())
}

fn setpgid(vm: &Thread, pid: Ref<'_>, group: Ref<'_>) -> PyResult {
    done(vm, c::setpgid(vm.to_c_int(pid)?, vm.to_c_int(group)?))
}

fn setpgrp(vm: &Thread) -> PyResult {
    done(vm, c::setpgid(0, 0))
}

fn getsid(vm: &Thread, pid: Ref<'_>) -> PyResult {
    vm.int(check(vm, c::getsid(vm.to_c_int(pid)?))?.into())
}

fn setsid(vm: &Thread) -> PyResult {
    done(vm, c::setsid())
}

fn three(vm: &Thread, ids: c::Result<[u32; 3]>) -> PyResult {
    let [real, effective, saved] = check(vm, ids)?;
    vm.tuple_array([id_object(vm, real)?, id_object(vm, effective)?, id_object(vm, saved)?])
}

fn getresuid(vm: &Thread) -> PyResult {
    three(vm, c::getresuid())
}

fn getresgid(vm: &Thread) -> PyResult {
    three(vm, c::getresgid())
}

fn uid(vm: &Thread, value: Ref<'_>) -> PyResult<u32> {
    id(vm, "uid", value)
}

fn gid(vm: &Thread, value: Ref<'_>) -> PyResult<u32> {
    id(vm, "gid", value)
}

fn setuid(vm: &Thread, user: Ref<'_>) -> PyResult {
    done(vm, c::setuid(uid(vm, user)?))
}

fn seteuid(vm: &Thread, user: Ref<'_>) -> PyResult {
    done(vm, c::seteuid(uid(vm, user)?))
}

fn setreuid(vm: &Thread, real: Ref<'_>, effective: Ref<'_>) -> PyResult {
    done(vm, c::setreuid(uid(vm, real)?, uid(vm, effective)?))
}

fn setresuid(vm: &Thread, real: Ref<'_>, effective: Ref<'_>, saved: Ref<'_>) -> PyResult {
    done(vm, c::setresuid(uid(vm, real)?, uid(vm, effective)?, uid(vm, saved)?))
}

fn setgid(vm: &Thread, group: Ref<'_>) -> PyResult {
    done(vm, c::setgid(gid(vm, group)?))
}

fn setegid(vm: &Thread, group: Ref<'_>) -> PyResult {
    done(vm, c::setegid(gid(vm, group)?))
}

fn setregid(vm: &Thread, real: Ref<'_>, effective: Ref<'_>) -> PyResult {
    done(vm, c::setregid(gid(vm, real)?, gid(vm, effective)?))
}

fn setresgid(vm: &Thread, real: Ref<'_>, effective: Ref<'_>, saved: Ref<'_>) -> PyResult {
    done(vm, c::setresgid(gid(vm, real)?, gid(vm, effective)?, gid(vm, saved)?))
}

fn list(vm: &Thread, ids: &[u32]) -> PyResult {
    vm.list(ids.iter().map(|&id| id_object(vm, id)).collect::<PyResult<_>>()?)
}

fn getgroups(vm: &Thread) -> PyResult {
    list(vm, &check(vm, c::getgroups())?)
}

fn setgroups(vm: &Thread, groups: Ref<'_>) -> PyResult {
    if !vm.is_sequence(groups) {
        return Err(vm.type_error("setgroups argument must be a sequence"));
    }
    let mut ids = Vec::new();
    for group in vm.collect(groups)? {
        if !is_int(group.borrow()) {
            return Err(vm.type_error("groups must be integers"));
        }
        ids.push(gid(vm, group.borrow())?);
    }
    done(vm, c::setgroups(&ids))
}

fn getgrouplist(vm: &Thread, user: Ref<'_>, group: Ref<'_>) -> PyResult {
    let user = c_string(vm, "getgrouplist() argument 1", user)?;
    let group = gid(vm, group)?;
    list(vm, &c::getgrouplist(&user, group))
}

fn initgroups(vm: &Thread, user: Ref<'_>, group: Ref<'_>) -> PyResult {
    let user = super::argument::fs_string(vm, user)?;
    let group = gid(vm, group)?;
    done(vm, vm.allow_threads(|| c::initgroups(&user, group)))
}

fn getlogin(vm: &Thread) -> PyResult {
    let name: Vec<u8> = check(vm, c::getlogin())?;
    let name: Owned = vm.fs_decode(&name)?;
    Ok(name)
}
