//! `fcntl`: operations on open files and devices, and locks.

use pyx_vm::exception::PyResult;
use pyx_vm::heap::inline::Str;
use pyx_vm::native::*;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

use crate::io::buffer::Writable;
use crate::posix::argument::{blocking, check, file_number, flag};
use crate::posix::c;

pub(crate) static FCNTL: ModuleDef = ModuleDef {
    doc: "Operations on open files and devices. Arguments named fd are descriptors, or files that have one.",
    functions: &[
        function(
            "fcntl($module, fd, cmd, arg=0, /)",
            TwoOpt(fcntl),
            "Do an operation on an open file: with a number, or with bytes that it reads and writes.",
        ),
        function(
            "ioctl($module, fd, request, arg=0, mutate_flag=True, /)",
            TwoOpt2(ioctl),
            "Do an operation on a device: with a number, or with bytes that it reads and writes.",
        ),
        function("flock($module, fd, operation, /)", Two(flock), "Lock or unlock an open file."),
        function(
            "lockf($module, fd, cmd, len=0, start=0, whence=0, /)",
            Many(lockf),
            "Lock or unlock a part of an open file.",
        ),
    ],
    exec: Some(exec),
    ..ModuleDef::new("fcntl")
};

const CONSTANTS: &[(&str, i64)] = &[
    ("LOCK_SH", 1),
    ("LOCK_EX", 2),
    ("LOCK_NB", 4),
    ("LOCK_UN", 8),
    ("LOCK_MAND", 32),
    ("LOCK_READ", 64),
    ("LOCK_WRITE", 128),
    ("LOCK_RW", 192),
    ("F_DUPFD", 0),
    ("F_DUPFD_CLOEXEC", 1030),
    ("F_GETFD", 1),
    ("F_SETFD", 2),
    ("F_GETFL", 3),
    ("F_SETFL", 4),
    ("F_GETLK", 5),
    ("F_SETLK", 6),
    ("F_SETLKW", 7),
    ("F_OFD_GETLK", 36),
    ("F_OFD_SETLK", 37),
    ("F_OFD_SETLKW", 38),
    ("F_GETOWN", 9),
    ("F_SETOWN", 8),
    ("F_GETSIG", 11),
    ("F_SETSIG", 10),
    ("F_RDLCK", 0),
    ("F_WRLCK", 1),
    ("F_UNLCK", 2),
    ("F_GETLK64", 5),
    ("F_SETLK64", 6),
    ("F_SETLKW64", 7),
    ("FASYNC", 8192),
    ("F_SETLEASE", 1024),
    ("F_GETLEASE", 1025),
    ("F_NOTIFY", 1026),
    ("F_DUPFD_QUERY", 1027),
    ("F_EXLCK", 4),
    ("F_SHLCK", 8),
    ("F_SETPIPE_SZ", 1031),
    ("F_GETPIPE_SZ", 1032),
    ("FICLONE", 1_074_041_865),
    ("FICLONERANGE", 1_075_876_877),
    ("F_GETOWN_EX", 16),
    ("F_SETOWN_EX", 15),
    ("F_OWNER_TID", 0),
    ("F_OWNER_PID", 1),
    ("F_OWNER_PGRP", 2),
    ("F_GET_RW_HINT", 1035),
    ("F_SET_RW_HINT", 1036),
    ("F_GET_FILE_RW_HINT", 1037),
    ("F_SET_FILE_RW_HINT", 1038),
    ("RWH_WRITE_LIFE_NOT_SET", 0),
    ("RWH_WRITE_LIFE_NONE", 1),
    ("RWH_WRITE_LIFE_SHORT", 2),
    ("RWH_WRITE_LIFE_MEDIUM", 3),
    ("RWH_WRITE_LIFE_LONG", 4),
    ("RWH_WRITE_LIFE_EXTREME", 5),
    ("FD_CLOEXEC", 1),
    ("DN_ACCESS", 1),
    ("DN_MODIFY", 2),
    ("DN_CREATE", 4),
    ("DN_DELETE", 8),
    ("DN_RENAME", 16),
    ("DN_ATTRIB", 32),
    ("DN_MULTISHOT", 0x8000_0000),
    ("F_ADD_SEALS", 1033),
    ("F_GET_SEALS", 1034),
    ("F_SEAL_SEAL", 1),
    ("F_SEAL_SHRINK", 2),
    ("F_SEAL_GROW", 4),
    ("F_SEAL_WRITE", 8),
    ("F_SEAL_FUTURE_WRITE", 16),
];

fn exec(vm: &Thread, module: Ref<'_>) -> PyResult<()> {
    for &(name, value) in CONSTANTS {
        vm.set_attr(module, vm.intern(name)?.borrow(), Some(vm.int(value)?.borrow()))?;
    }
    Ok(())
}

/// The most bytes that an operation may be given.
const MOST: usize = 1024;

/// The bytes of an argument: a bytes-like object, or the UTF-8 of a str.
fn bytes(vm: &Thread, function: &str, argument: Ref<'_>) -> PyResult<Vec<u8>> {
    if argument.downcast::<Str>().is_some() {
        return Ok(vm.utf8(argument)?.as_bytes().to_vec());
    }
    if !vm.exports_buffer(argument) {
        let got = vm.type_name(argument);
        return Err(vm.type_error(format_args!(
            "{function}() argument 3 must be an integer, a bytes-like object, or a string, not {got}"
        )));
    }
    vm.copy_bytes_like(argument)
}

/// A number of 32 bits, with or without a sign.
fn word(vm: &Thread, value: Ref<'_>) -> PyResult<i32> {
    Ok(vm.to_i64(value)? as i32)
}

fn fcntl(vm: &Thread, fd: Ref<'_>, operation: Ref<'_>, argument: Option<Ref<'_>>) -> PyResult {
    let fd = file_number(vm, fd)?;
    let operation = vm.to_c_int(operation)?;
    let argument = match argument {
        None => 0,
        Some(argument) if vm.is_index(argument) => word(vm, argument)?,
        Some(argument) => {
            let mut memory = bytes(vm, "fcntl", argument)?;
            if memory.len() > MOST {
                return Err(vm.value_error("fcntl argument 3 is too long"));
            }
            blocking(vm, || c::fcntl_memory(fd, operation, &mut memory))?;
            return vm.bytes(&memory);
        }
    };
    // With a number, these would take it for an address.
    if matches!(operation, 5..=7 | 36..=38 | 15 | 16 | 1035..=1038) {
        return check(vm, Err(c::Errno(libc::EFAULT)));
    }
    Ok(Owned::small_int(blocking(vm, || c::fcntl_set(fd, operation, argument))?))
}

fn ioctl(
    vm: &Thread,
    fd: Ref<'_>,
    request: Ref<'_>,
    argument: Option<Ref<'_>>,
    mutate: Option<Ref<'_>>,
) -> PyResult {
    let fd = file_number(vm, fd)?;
    let request = vm.to_i64(request)? as u64 & 0xffff_ffff;
    let mutate = flag(vm, mutate, true)?;
    let argument = match argument {
        None => 0,
        Some(argument) if vm.is_index(argument) => i64::from(word(vm, argument)?),
        Some(argument) => {
            let writable = if mutate && argument.downcast::<Str>().is_none() {
                Writable::new(vm, "ioctl() argument 3", argument).ok()
            } else {
                None
            };
            let mut memory = bytes(vm, "ioctl", argument)?;
            if writable.is_none() && memory.len() > MOST {
                return Err(vm.value_error("ioctl argument 3 is too long"));
            }
            let result = blocking(vm, || c::ioctl_memory(fd, request, &mut memory))?;
            return match writable {
                Some(writable) => {
                    writable.put(&memory);
                    Ok(Owned::small_int(result))
                }
                None => vm.bytes(&memory),
            };
        }
    };
    Ok(Owned::small_int(blocking(vm, || c::ioctl_number(fd, request, argument))?))
}

fn flock(vm: &Thread, fd: Ref<'_>, operation: Ref<'_>) -> PyResult {
    let fd = file_number(vm, fd)?;
    let operation = vm.to_c_int(operation)?;
    blocking(vm, || c::flock(fd, operation))?;
    none()
}

fn lockf(vm: &Thread, arguments: &Bound<'_>) -> PyResult {
    let fd = file_number(vm, arguments.required(0))?;
    let operation = vm.to_c_int(arguments.required(1))?;
    let number = |index: usize| {
        arguments.optional(index).filter(|value| !value.is_none()).map_or(Ok(0), |value| vm.to_i64(value))
    };
    let kind = if operation & libc::LOCK_UN != 0 {
        libc::F_UNLCK
    } else if operation & libc::LOCK_SH != 0 {
        libc::F_RDLCK
    } else if operation & libc::LOCK_EX != 0 {
        libc::F_WRLCK
    } else {
        return Err(vm.value_error("unrecognized lockf argument"));
    };
    let (len, start) = (number(2)?, number(3)?);
    let whence = arguments.optional(4).map_or(Ok(0), |whence| vm.to_c_int(whence))?;
    let lock = libc::flock {
        l_type: kind as libc::c_short,
        l_whence: whence as libc::c_short,
        l_start: start,
        l_len: len,
        l_pid: 0,
    };
    let wait = if operation & libc::LOCK_NB != 0 { libc::F_SETLK } else { libc::F_SETLKW };
    blocking(vm, || c::fcntl_lock(fd, wait, &lock))?;
    none()
}
