//! Extended attributes of files.

use std::ffi::CString;

use pyx_vm::exception::PyResult;
use pyx_vm::native::*;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

use super::argument::{PathArgument, PathParameter, Place, flag, int_or, optional_path, path, path_or_fd};
use super::c;
use crate::io::buffer::with_bytes;

pub(super) const FUNCTIONS: &[MethodDef] = &[
    function(
        "getxattr($module, /, path, attribute, *, follow_symlinks=True)",
        TwoOpt(getxattr),
        "The value of an extended attribute of a file.",
    ),
    function(
        "setxattr($module, /, path, attribute, value, flags=0, *, follow_symlinks=True)",
        Many(setxattr),
        "Set an extended attribute of a file.",
    ),
    function(
        "removexattr($module, /, path, attribute, *, follow_symlinks=True)",
        TwoOpt(removexattr),
        "Remove an extended attribute of a file.",
    ),
    function(
        "listxattr($module, /, path=None, *, follow_symlinks=True)",
        Many(listxattr),
        "The names of the extended attributes of a file.",
    ),
];

/// A file, and whether it is a symbolic link itself that is meant.
struct Target {
    path: PathArgument,
    of_link: bool,
}

fn target(
    vm: &Thread,
    parameter: PathParameter,
    function: &str,
    value: Option<Ref<'_>>,
    follow: Option<Ref<'_>>,
) -> PyResult<Target> {
    let path = parameter.read(vm, value)?;
    let of_link = !flag(vm, follow, true)?;
    if of_link && matches!(path.place, Place::Fd(_)) {
        return Err(vm.value_error(format_args!("{function}: cannot use fd and follow_symlinks together")));
    }
    Ok(Target { path, of_link })
}

fn name(vm: &Thread, function: &'static str, value: Option<Ref<'_>>) -> PyResult<CString> {
    let name = path(function, "attribute").read(vm, value)?;
    Ok(name.c_str().to_owned())
}

fn getxattr(vm: &Thread, file: Ref<'_>, attribute: Ref<'_>, follow: Option<Ref<'_>>) -> PyResult {
    let file = target(vm, path_or_fd("getxattr", "path"), "getxattr", Some(file), follow)?;
    let name = name(vm, "getxattr", Some(attribute))?;
    let value = vm.allow_threads(|| c::getxattr(&file.path.place, &name, file.of_link));
    let value = file.path.check(vm, value)?;
    vm.bytes(&value)
}

fn setxattr(vm: &Thread, arguments: &Bound<'_>) -> PyResult {
    let file =
        target(vm, path_or_fd("setxattr", "path"), "setxattr", arguments.optional(0), arguments.optional(4))?;
    let name = name(vm, "setxattr", arguments.optional(1))?;
    let flags = int_or(vm, arguments.optional(3), 0)?;
    let result = with_bytes(vm, arguments.required(2), |value| {
        vm.allow_threads(|| c::setxattr(&file.path.place, &name, value, flags, file.of_link))
    })?;
    file.path.check(vm, result)?;
    none()
}

fn removexattr(vm: &Thread, file: Ref<'_>, attribute: Ref<'_>, follow: Option<Ref<'_>>) -> PyResult {
    let file = target(vm, path_or_fd("removexattr", "path"), "removexattr", Some(file), follow)?;
    let name = name(vm, "removexattr", Some(attribute))?;
    let result = vm.allow_threads(|| match &file.path.place {
        Place::Fd(fd) => c::fremovexattr(*fd, &name),
        Place::Path(path) if file.of_link => c::lremovexattr(path, &name),
        Place::Path(path) => c::removexattr(path, &name),
    });
    file.path.check(vm, result)?;
    none()
}

fn listxattr(vm: &Thread, arguments: &Bound<'_>) -> PyResult {
    let parameter = optional_path("listxattr", "path");
    let file = target(vm, parameter, "listxattr", arguments.optional(0), arguments.optional(1))?;
    let names = vm.allow_threads(|| c::listxattr(&file.path.place, file.of_link));
    let names = file.path.check(vm, names)?;
    let names: Vec<Owned> = names
        .split(|&byte| byte == 0)
        .filter(|name| !name.is_empty())
        .map(|name| vm.fs_decode(name))
        .collect::<PyResult<_>>()?;
    vm.list(names)
}
