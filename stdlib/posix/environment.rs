//! The environment: `os.environ` is made of what is here when the module is, and changes go through `putenv`.
//!
//! # Safety model
//!
//! The C library's environment is shared by all threads, and nothing guards it against a reader in C while it changes. Python
//! programs change it under the interpreter's lock, which is what CPython relies on as well.
#![expect(unsafe_code, reason = "Rust marks changes of the environment as unsafe")]

use std::ffi::OsStr;
use std::os::unix::ffi::{OsStrExt, OsStringExt};

use pyx_vm::exception::PyResult;
use pyx_vm::native::*;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

use super::argument::{check, fs_string};
use super::c::Errno;

pub(super) const FUNCTIONS: &[MethodDef] = &[
    function("putenv($module, name, value, /)", Two(putenv), "Set an environment variable."),
    function("unsetenv($module, name, /)", One(unsetenv), "Remove an environment variable."),
    function("_create_environ($module, /)", Zero(create), "A dict of the environment."),
];

/// A dict of the environment: bytes objects.
pub(super) fn create(vm: &Thread) -> PyResult {
    let dict = vm.dict()?;
    for (name, value) in std::env::vars_os() {
        let (name, value) = (vm.bytes(&name.into_vec())?, vm.bytes(&value.into_vec())?);
        vm.set_item(dict.borrow(), name.borrow(), Some(value.borrow()))?;
    }
    Ok(dict)
}

fn putenv(vm: &Thread, name: Ref<'_>, value: Ref<'_>) -> PyResult {
    let (name, value) = (fs_string(vm, name)?, fs_string(vm, value)?);
    if name.to_bytes().contains(&b'=') {
        return Err(vm.value_error("illegal environment variable name"));
    }
    if name.is_empty() {
        return check(vm, Err(Errno(libc::EINVAL)));
    }
    let (name, value) = (OsStr::from_bytes(name.to_bytes()), OsStr::from_bytes(value.to_bytes()));
    // SAFETY: see the module.
    unsafe { std::env::set_var(name, value) };
    Ok(Owned::none())
}

fn unsetenv(vm: &Thread, name: Ref<'_>) -> PyResult {
    let name = fs_string(vm, name)?;
    if name.is_empty() || name.to_bytes().contains(&b'=') {
        return check(vm, Err(Errno(libc::EINVAL)));
    }
    // SAFETY: see the module.
    unsafe { std::env::remove_var(OsStr::from_bytes(name.to_bytes())) };
    Ok(Owned::none())
}
