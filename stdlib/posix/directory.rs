//! Directories, and the names in them.

use std::ffi::{CStr, CString};

use pyx_vm::exception::PyResult;
use pyx_vm::native::*;
use pyx_vm::value::Ref;
use pyx_vm::vm::Thread;

use super::argument::{
    self, PathParameter, Place, check, dir_fd, flag, int_or, name_object, optional_path, path, path_or_fd,
};
use super::c;
use super::entries::Entries;

pub(super) const FUNCTIONS: &[MethodDef] = &[
    function("listdir($module, /, path=None)", ZeroOpt(listdir), "The names of the entries of a directory."),
    function("mkdir($module, /, path, mode=511, *, dir_fd=None)", OneOpt2(mkdir), "Make a directory."),
    function("rmdir($module, /, path, *, dir_fd=None)", OneOpt(rmdir), "Remove an empty directory."),
    function(
        "remove($module, /, path, *, dir_fd=None)",
        OneOpt(remove),
        "Remove a file; the same as unlink().",
    ),
    function(
        "unlink($module, /, path, *, dir_fd=None)",
        OneOpt(unlink),
        "Remove a file; the same as remove().",
    ),
    function(
        "rename($module, /, src, dst, *, src_dir_fd=None, dst_dir_fd=None)",
        TwoOpt2(rename),
        "Give a file or directory another name.",
    ),
    function(
        "replace($module, /, src, dst, *, src_dir_fd=None, dst_dir_fd=None)",
        TwoOpt2(replace),
        "Give a file or directory another name, in place of what had it.",
    ),
    function(
        "link($module, /, src, dst, *, src_dir_fd=None, dst_dir_fd=None, follow_symlinks=(os.name != 'nt'))",
        Many(link),
        "Give a file one more name.",
    ),
    function(
        "symlink($module, /, src, dst, target_is_directory=False, *, dir_fd=None)",
        TwoOpt2(symlink),
        "Make a symbolic link named dst that points to src.",
    ),
    function(
        "readlink($module, /, path, *, dir_fd=None)",
        OneOpt(readlink),
        "What a symbolic link points to.",
    ),
    function("mkfifo($module, /, path, mode=438, *, dir_fd=None)", OneOpt2(mkfifo), "Make a named pipe."),
    function(
        "mknod($module, /, path, mode=384, device=0, *, dir_fd=None)",
        Many(mknod),
        "Make a file of any kind.",
    ),
    function("chdir($module, /, path)", One(chdir), "Make a directory the current one."),
    function("fchdir($module, /, fd)", One(fchdir), "Make an open directory the current one."),
    function("chroot($module, /, path)", One(chroot), "Make a directory the root of the process."),
    function("getcwd($module, /)", Zero(getcwd), "The current directory as str."),
    function("getcwdb($module, /)", Zero(getcwdb), "The current directory as bytes."),
];

fn listdir(vm: &Thread, directory: Option<Ref<'_>>) -> PyResult {
    let directory = optional_path("listdir", "path").read(vm, directory)?;
    let mut entries = directory.check(vm, Entries::open(&directory))?;
    let mut names = Vec::new();
    loop {
        match vm.allow_threads(|| entries.next()) {
            Ok(Some(entry)) => names.push(name_object(vm, &entry.name, directory.is_bytes())?),
            Ok(None) => return vm.list(names),
            Err(errno) => return Err(directory.error(vm, errno)),
        }
    }
}

/// A call about a path in a directory.
fn at(
    vm: &Thread,
    parameter: PathParameter,
    place: Ref<'_>,
    dir: Option<Ref<'_>>,
    call: impl FnOnce(i32, &CStr) -> c::Result<i32>,
) -> PyResult {
    let place = parameter.read(vm, Some(place))?;
    let dir = dir_fd(vm, dir)?;
    let result = vm.allow_threads(|| call(dir, place.c_str()));
    place.check(vm, result)?;
    none()
}

fn mkdir(vm: &Thread, place: Ref<'_>, mode: Option<Ref<'_>>, dir: Option<Ref<'_>>) -> PyResult {
    let mode = int_or(vm, mode, 0o777)?;
    at(vm, path("mkdir", "path"), place, dir, |dir, place| c::mkdirat(dir, place, mode as libc::mode_t))
}

fn rmdir(vm: &Thread, place: Ref<'_>, dir: Option<Ref<'_>>) -> PyResult {
    at(vm, path("rmdir", "path"), place, dir, |dir, place| c::unlinkat(dir, place, libc::AT_REMOVEDIR))
}

fn remove(vm: &Thread, place: Ref<'_>, dir: Option<Ref<'_>>) -> PyResult {
    at(vm, path("remove", "path"), place, dir, |dir, place| c::unlinkat(dir, place, 0))
}

fn unlink(vm: &Thread, place: Ref<'_>, dir: Option<Ref<'_>>) -> PyResult {
    at(vm, path("unlink", "path"), place, dir, |dir, place| c::unlinkat(dir, place, 0))
}

fn mkfifo(vm: &Thread, place: Ref<'_>, mode: Option<Ref<'_>>, dir: Option<Ref<'_>>) -> PyResult {
    let mode = int_or(vm, mode, 0o666)?;
    at(vm, path("mkfifo", "path"), place, dir, |dir, place| c::mkfifoat(dir, place, mode as libc::mode_t))
}

fn mknod(vm: &Thread, arguments: &Bound<'_>) -> PyResult {
    let mode = int_or(vm, arguments.optional(1), 0o600)?;
    let device = arguments.optional(2).map_or(Ok(0), |device| super::system::device(vm, device))?;
    at(vm, path("mknod", "path"), arguments.required(0), arguments.optional(3), |dir, place| {
        c::mknodat(dir, place, mode as libc::mode_t, device)
    })
}

fn rename(
    vm: &Thread,
    src: Ref<'_>,
    dst: Ref<'_>,
    src_dir: Option<Ref<'_>>,
    dst_dir: Option<Ref<'_>>,
) -> PyResult {
    rename_as(vm, "rename", [src, dst], [src_dir, dst_dir])
}

fn replace(
    vm: &Thread,
    src: Ref<'_>,
    dst: Ref<'_>,
    src_dir: Option<Ref<'_>>,
    dst_dir: Option<Ref<'_>>,
) -> PyResult {
    rename_as(vm, "replace", [src, dst], [src_dir, dst_dir])
}

fn rename_as(
    vm: &Thread,
    function: &'static str,
    [src, dst]: [Ref<'_>; 2],
    [src_dir, dst_dir]: [Option<Ref<'_>>; 2],
) -> PyResult {
    let src = path(function, "src").read(vm, Some(src))?;
    let dst = path(function, "dst").read(vm, Some(dst))?;
    let (src_dir, dst_dir) = (dir_fd(vm, src_dir)?, dir_fd(vm, dst_dir)?);
    let result = vm.allow_threads(|| c::renameat(src_dir, src.c_str(), dst_dir, dst.c_str()));
    src.check_with(vm, &dst, result)?;
    none()
}

fn link(vm: &Thread, arguments: &Bound<'_>) -> PyResult {
    let src = path("link", "src").read(vm, arguments.optional(0))?;
    let dst = path("link", "dst").read(vm, arguments.optional(1))?;
    let (src_dir, dst_dir) = (dir_fd(vm, arguments.optional(2))?, dir_fd(vm, arguments.optional(3))?);
    let flags = if flag(vm, arguments.optional(4), true)? { libc::AT_SYMLINK_FOLLOW } else { 0 };
    let result = vm.allow_threads(|| c::linkat(src_dir, src.c_str(), dst_dir, dst.c_str(), flags));
    src.check_with(vm, &dst, result)?;
    none()
}

fn symlink(
    vm: &Thread,
    src: Ref<'_>,
    dst: Ref<'_>,
    target_is_directory: Option<Ref<'_>>,
    dir: Option<Ref<'_>>,
) -> PyResult {
    let src = path("symlink", "src").read(vm, Some(src))?;
    let dst = path("symlink", "dst").read(vm, Some(dst))?;
    flag(vm, target_is_directory, false)?;
    let dir = dir_fd(vm, dir)?;
    let result = vm.allow_threads(|| c::symlinkat(src.c_str(), dir, dst.c_str()));
    src.check_with(vm, &dst, result)?;
    none()
}

fn readlink(vm: &Thread, place: Ref<'_>, dir: Option<Ref<'_>>) -> PyResult {
    let place = path("readlink", "path").read(vm, Some(place))?;
    let dir = dir_fd(vm, dir)?;
    let result = vm.allow_threads(|| c::readlinkat(dir, place.c_str()));
    let target = place.check(vm, result)?;
    name_object(vm, &target, place.is_bytes())
}

fn chdir(vm: &Thread, place: Ref<'_>) -> PyResult {
    let place = path_or_fd("chdir", "path").read(vm, Some(place))?;
    let result = vm.allow_threads(|| match &place.place {
        Place::Path(path) => c::chdir(path),
        Place::Fd(fd) => c::fchdir(*fd),
    });
    place.check(vm, result)?;
    none()
}

fn fchdir(vm: &Thread, fd: Ref<'_>) -> PyResult {
    let fd = argument::file_number(vm, fd)?;
    argument::blocking(vm, || c::fchdir(fd))?;
    none()
}

fn chroot(vm: &Thread, place: Ref<'_>) -> PyResult {
    let place = path("chroot", "path").read(vm, Some(place))?;
    let result = vm.allow_threads(|| c::chroot(place.c_str()));
    place.check(vm, result)?;
    none()
}

fn getcwd(vm: &Thread) -> PyResult {
    let path = check(vm, vm.allow_threads(c::getcwd))?;
    vm.fs_decode(&path)
}

fn getcwdb(vm: &Thread) -> PyResult {
    let path = check(vm, vm.allow_threads(c::getcwd))?;
    vm.bytes(&path)
}

/// A path joined to a directory, as entries of `scandir` show it.
pub(super) fn join(directory: &[u8], name: &[u8]) -> Vec<u8> {
    let mut path = directory.to_vec();
    if !path.is_empty() && path.last() != Some(&b'/') {
        path.push(b'/');
    }
    path.extend_from_slice(name);
    path
}

/// A path that came from the system, which has no NUL in it.
pub(super) fn c_path(path: Vec<u8>) -> CString {
    CString::new(path).unwrap_or_default()
}
