//! What the system knows about files: `stat` and its relatives, rights, owners, times.

use pyx_vm::exception::PyResult;
use pyx_vm::heap::inline::Tuple;
use pyx_vm::native::*;
use pyx_vm::number::int_bytes::{self, ByteOrder};
use pyx_vm::struct_sequence;
use pyx_vm::types::structseq;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

use super::argument::{self, PathOptions, Place, blocking, flag, path, path_or_fd, uninterrupted};
use super::c;

pub(super) const FUNCTIONS: &[MethodDef] = &[
    function(
        "stat($module, /, path, *, dir_fd=None, follow_symlinks=True)",
        OneOpt2(stat),
        "What the system knows about a file.",
    ),
    function(
        "lstat($module, /, path, *, dir_fd=None)",
        OneOpt(lstat),
        "As stat(), but about a symbolic link itself.",
    ),
    function("fstat($module, /, fd)", One(fstat), "What the system knows about an open file."),
    function("statvfs($module, /, path)", One(statvfs), "What the system knows about a file system."),
    function(
        "fstatvfs($module, fd, /)",
        One(fstatvfs),
        "What the system knows about an open file's file system.",
    ),
    function(
        "access($module, /, path, mode, *, dir_fd=None, effective_ids=False, follow_symlinks=True)",
        Many(access),
        "Whether the user may use a file in some ways: any of R_OK, W_OK, X_OK, or F_OK for its existence.",
    ),
    function(
        "chmod($module, /, path, mode, *, dir_fd=None, follow_symlinks=(os.name != 'nt'))",
        TwoOpt2(chmod),
        "Set the access rights of a file.",
    ),
    function("fchmod($module, /, fd, mode)", Two(fchmod), "Set the access rights of an open file."),
    function(
        "chown($module, /, path, uid, gid, *, dir_fd=None, follow_symlinks=True)",
        Many(chown),
        "Set the owner and the group of a file; -1 leaves one as it is.",
    ),
    function(
        "fchown($module, /, fd, uid, gid)",
        Three(fchown),
        "Set the owner and the group of an open file.",
    ),
    function(
        "lchown($module, /, path, uid, gid)",
        Three(lchown),
        "As chown(), but of a symbolic link itself.",
    ),
    function(
        "utime($module, /, path, times=None, *, ns=<unrepresentable>, dir_fd=None, follow_symlinks=True)",
        Many(utime),
        "Set the times of a file's last access and last change, by default to the present.",
    ),
    function(
        "umask($module, mask, /)",
        One(umask),
        "Set the rights that new files do not get; the result is the old value.",
    ),
];

struct_sequence! {
    /// `os.stat_result` without its constructor.
    static STAT_FIELDS: "os", "stat_result", "What the system knows about a file; a tuple of ints with more attributes.";
    visible {
        st_mode: "kind and access rights",
        st_ino: "inode",
        st_dev: "device",
        st_nlink: "number of names",
        st_uid: "id of the owner",
        st_gid: "id of the group",
        st_size: "size in bytes",
    }
    unnamed 3
    hidden {
        st_atime: "time of the last access",
        st_mtime: "time of the last change",
        st_ctime: "time of the last change of what stat() shows",
        st_atime_ns: "time of the last access in nanoseconds",
        st_mtime_ns: "time of the last change in nanoseconds",
        st_ctime_ns: "time of the last change of what stat() shows in nanoseconds",
        st_blksize: "preferred size of reads and writes",
        st_blocks: "blocks of 512 bytes that are allocated",
        st_rdev: "device, if the file is one",
    }
}

struct_sequence! {
    /// `os.statvfs_result`
    pub(super) static STATVFS_RESULT: "os", "statvfs_result", "What the system knows about a file system.";
    visible {
        f_bsize: "size of a block",
        f_frsize: "size of a fragment",
        f_blocks: "size of the file system in fragments",
        f_bfree: "free blocks",
        f_bavail: "blocks that users may have",
        f_files: "inodes",
        f_ffree: "free inodes",
        f_favail: "inodes that users may have",
        f_flag: "flags",
        f_namemax: "length of the longest name",
    }
    hidden { f_fsid: "id of the file system" }
}

/// `os.stat_result`
pub(super) static STAT_RESULT: TypeDef =
    TypeDef { slots: Slots { new: Some(new_result), ..STAT_FIELDS.slots }, ..STAT_FIELDS };

/// The constructor: times that are not given as floats are those that the items have as ints.
fn new_result(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    let signature = pyx_vm::signature!("structseq(sequence, dict={})");
    let mut items = args.bind(vm, signature, |arguments| structseq::new_items(vm, class, arguments))?;
    for time in 7..10 {
        if items[time + 3].borrow().is_none() {
            items[time + 3] = items[time].clone();
        }
    }
    vm.struct_sequence(&STAT_RESULT, &items)
}

/// A point in time as seconds, as float, and as nanoseconds.
fn time_objects(vm: &Thread, seconds: i64, nanoseconds: i64) -> PyResult<[Owned; 3]> {
    let total = i128::from(seconds) * 1_000_000_000 + i128::from(nanoseconds);
    let total = vm.number(int_bytes::from_bytes(&total.to_le_bytes(), ByteOrder::Little, true))?;
    Ok([vm.int(seconds)?, vm.float(seconds as f64 + 1e-9 * nanoseconds as f64)?, total])
}

/// A `stat_result`.
pub(crate) fn result(vm: &Thread, stat: &libc::stat) -> PyResult {
    let [atime, atime_float, atime_ns] = time_objects(vm, stat.st_atime, stat.st_atime_nsec)?;
    let [mtime, mtime_float, mtime_ns] = time_objects(vm, stat.st_mtime, stat.st_mtime_nsec)?;
    let [ctime, ctime_float, ctime_ns] = time_objects(vm, stat.st_ctime, stat.st_ctime_nsec)?;
    let items = [
        vm.int(i64::from(stat.st_mode))?,
        vm.uint(stat.st_ino)?,
        vm.uint(stat.st_dev)?,
        vm.uint(stat.st_nlink)?,
        argument::id_object(vm, stat.st_uid)?,
        argument::id_object(vm, stat.st_gid)?,
        vm.int(stat.st_size)?,
        atime,
        mtime,
        ctime,
        atime_float,
        mtime_float,
        ctime_float,
        atime_ns,
        mtime_ns,
        ctime_ns,
        vm.int(stat.st_blksize)?,
        vm.int(stat.st_blocks)?,
        vm.uint(stat.st_rdev)?,
    ];
    vm.struct_sequence(&STAT_RESULT, &items)
}

fn stat(vm: &Thread, place: Ref<'_>, dir: Option<Ref<'_>>, follow: Option<Ref<'_>>) -> PyResult {
    stat_as(vm, "stat", place, &PathOptions::read(vm, dir, follow)?)
}

fn lstat(vm: &Thread, place: Ref<'_>, dir: Option<Ref<'_>>) -> PyResult {
    let options = PathOptions { follow_symlinks: false, ..PathOptions::read(vm, dir, None)? };
    let place = path("lstat", "path").read(vm, Some(place))?;
    let found = vm.allow_threads(|| c::fstatat(options.dir_fd, place.c_str(), options.nofollow()));
    result(vm, &place.check(vm, found)?)
}

fn stat_as(vm: &Thread, function: &'static str, place: Ref<'_>, options: &PathOptions) -> PyResult {
    let parameter = path_or_fd(function, "path");
    let place = parameter.read(vm, Some(place))?;
    parameter.refuse_with_fd(vm, &place, options)?;
    let found = vm.allow_threads(|| match &place.place {
        Place::Path(path) => c::fstatat(options.dir_fd, path, options.nofollow()),
        Place::Fd(fd) => c::fstat(*fd),
    });
    result(vm, &place.check(vm, found)?)
}

fn fstat(vm: &Thread, fd: Ref<'_>) -> PyResult {
    let fd = vm.to_c_int(fd)?;
    result(vm, &blocking(vm, || c::fstat(fd))?)
}

fn vfs_result(vm: &Thread, stat: &libc::statvfs) -> PyResult {
    let fields = [
        stat.f_bsize,
        stat.f_frsize,
        stat.f_blocks,
        stat.f_bfree,
        stat.f_bavail,
        stat.f_files,
        stat.f_ffree,
        stat.f_favail,
        stat.f_flag,
        stat.f_namemax,
        stat.f_fsid,
    ];
    let items: Vec<Owned> = fields.iter().map(|&field| vm.uint(field)).collect::<PyResult<_>>()?;
    vm.struct_sequence(&STATVFS_RESULT, &items)
}

fn statvfs(vm: &Thread, place: Ref<'_>) -> PyResult {
    let place = path_or_fd("statvfs", "path").read(vm, Some(place))?;
    let found = vm.allow_threads(|| match &place.place {
        Place::Path(path) => c::statvfs(path),
        Place::Fd(fd) => c::fstatvfs(*fd),
    });
    vfs_result(vm, &place.check(vm, found)?)
}

fn fstatvfs(vm: &Thread, fd: Ref<'_>) -> PyResult {
    let fd = vm.to_c_int(fd)?;
    vfs_result(vm, &blocking(vm, || c::fstatvfs(fd))?)
}

fn access(vm: &Thread, arguments: &Bound<'_>) -> PyResult {
    let place = path("access", "path").read(vm, arguments.optional(0))?;
    let mode = vm.to_c_int(arguments.required(1))?;
    let options = PathOptions::read(vm, arguments.optional(2), arguments.optional(4))?;
    let effective = if flag(vm, arguments.optional(3), false)? { libc::AT_EACCESS } else { 0 };
    let flags = effective | options.nofollow();
    let allowed = vm.allow_threads(|| c::faccessat(options.dir_fd, place.c_str(), mode, flags));
    Ok(Owned::bool(allowed.is_ok()))
}

fn chmod(
    vm: &Thread,
    place: Ref<'_>,
    mode: Ref<'_>,
    dir: Option<Ref<'_>>,
    follow: Option<Ref<'_>>,
) -> PyResult {
    let place = path_or_fd("chmod", "path").read(vm, Some(place))?;
    let mode = vm.to_c_int(mode)? as libc::mode_t;
    let options = PathOptions::read(vm, dir, follow)?;
    let result = vm.allow_threads(|| match &place.place {
        Place::Path(path) => c::fchmodat(options.dir_fd, path, mode, options.nofollow()),
        Place::Fd(fd) => c::fchmod(*fd, mode),
    });
    if result == Err(c::Errno(libc::EOPNOTSUPP)) && options.nofollow() != 0 {
        return Err(if options.dir_fd == libc::AT_FDCWD {
            vm.error(
                &vm.exceptions().NotImplementedError,
                "chmod: follow_symlinks unavailable on this platform",
            )
        } else {
            vm.value_error("chmod: cannot use dir_fd and follow_symlinks together")
        });
    }
    place.check(vm, result)?;
    none()
}

fn fchmod(vm: &Thread, fd: Ref<'_>, mode: Ref<'_>) -> PyResult {
    let (fd, mode) = (vm.to_c_int(fd)?, vm.to_c_int(mode)? as libc::mode_t);
    blocking(vm, || c::fchmod(fd, mode))?;
    none()
}

fn chown(vm: &Thread, arguments: &Bound<'_>) -> PyResult {
    let parameter = path_or_fd("chown", "path");
    let place = parameter.read(vm, arguments.optional(0))?;
    let user = argument::id(vm, "uid", arguments.required(1))?;
    let group = argument::id(vm, "gid", arguments.required(2))?;
    let options = PathOptions::read(vm, arguments.optional(3), arguments.optional(4))?;
    parameter.refuse_with_fd(vm, &place, &options)?;
    let result = vm.allow_threads(|| match &place.place {
        Place::Path(path) => c::fchownat(options.dir_fd, path, user, group, options.nofollow()),
        Place::Fd(fd) => c::fchown(*fd, user, group),
    });
    place.check(vm, result)?;
    none()
}

fn fchown(vm: &Thread, fd: Ref<'_>, user: Ref<'_>, group: Ref<'_>) -> PyResult {
    let fd = vm.to_c_int(fd)?;
    let (user, group) = (argument::id(vm, "uid", user)?, argument::id(vm, "gid", group)?);
    blocking(vm, || c::fchown(fd, user, group))?;
    none()
}

fn lchown(vm: &Thread, place: Ref<'_>, user: Ref<'_>, group: Ref<'_>) -> PyResult {
    let place = path("lchown", "path").read(vm, Some(place))?;
    let (user, group) = (argument::id(vm, "uid", user)?, argument::id(vm, "gid", group)?);
    let result = vm
        .allow_threads(|| c::fchownat(libc::AT_FDCWD, place.c_str(), user, group, libc::AT_SYMLINK_NOFOLLOW));
    place.check(vm, result)?;
    none()
}

fn umask(vm: &Thread, mask: Ref<'_>) -> PyResult {
    let mask = vm.to_c_int(mask)?;
    vm.int(i64::from(c::umask(mask as libc::mode_t)))
}

fn utime(vm: &Thread, arguments: &Bound<'_>) -> PyResult {
    let parameter = path_or_fd("utime", "path");
    let place = parameter.read(vm, arguments.optional(0))?;
    let times = arguments.optional(1).filter(|times| !times.is_none());
    let ns = arguments.optional(2);
    let options = PathOptions::read(vm, arguments.optional(3), arguments.optional(4))?;
    let times = match (times, ns) {
        (Some(_), Some(_)) => {
            return Err(vm.value_error("utime: you may specify either 'times' or 'ns' but not both"));
        }
        (Some(times), None) => {
            let [access, change] = pair(vm, times, "'times' must be either a tuple of two ints or None")?;
            [timestamp(vm, access.borrow())?, timestamp(vm, change.borrow())?]
        }
        (None, Some(ns)) => {
            let [access, change] = pair(vm, ns, "'ns' must be a tuple of two ints")?;
            [from_nanoseconds(vm, access.borrow())?, from_nanoseconds(vm, change.borrow())?]
        }
        (None, None) => [libc::timespec { tv_sec: 0, tv_nsec: libc::UTIME_NOW }; 2],
    };
    parameter.refuse_with_fd(vm, &place, &options)?;
    let result = uninterrupted(vm, || match &place.place {
        Place::Path(path) => c::utimensat(options.dir_fd, path, &times, options.nofollow()),
        Place::Fd(fd) => c::futimens(*fd, &times),
    })?;
    place.check(vm, result)?;
    none()
}

/// The items of a tuple of two.
fn pair(vm: &Thread, tuple: Ref<'_>, message: &str) -> PyResult<[Owned; 2]> {
    match tuple.downcast::<Tuple>().map(Tuple::as_slice) {
        Some([first, second]) => Ok([first.clone(), second.clone()]),
        _ => Err(vm.type_error(format_args!("utime: {message}"))),
    }
}

const NANOSECONDS: i64 = 1_000_000_000;

/// A time in seconds: a float, rounded down, or an int.
fn timestamp(vm: &Thread, value: Ref<'_>) -> PyResult<libc::timespec> {
    let overflow = || vm.overflow_error("timestamp out of range for platform time_t");
    if let Some(seconds) = pyx_vm::protocol::conversion::float_value(value) {
        if seconds.is_nan() {
            return Err(vm.value_error("Invalid value NaN (not a number)"));
        }
        let whole = seconds.floor();
        let mut nanoseconds = ((seconds - whole) * 1e9).floor() as i64;
        let mut whole =
            if (-9.2e18..9.2e18).contains(&whole) { whole as i64 } else { return Err(overflow()) };
        if nanoseconds >= NANOSECONDS {
            nanoseconds -= NANOSECONDS;
            whole += 1;
        }
        return Ok(libc::timespec { tv_sec: whole, tv_nsec: nanoseconds });
    }
    if !argument::is_index(vm, value) {
        let got = vm.type_name(value);
        return Err(vm.type_error(format_args!("argument must be int or float, not {got}")));
    }
    let seconds = vm.to_integer(value)?.as_ref().to_i64().ok_or_else(overflow)?;
    Ok(libc::timespec { tv_sec: seconds, tv_nsec: 0 })
}

/// A time in nanoseconds.
fn from_nanoseconds(vm: &Thread, value: Ref<'_>) -> PyResult<libc::timespec> {
    let parts = vm.divmod(value, vm.int(NANOSECONDS)?.borrow())?;
    let Some([seconds, nanoseconds]) = parts.borrow().downcast::<Tuple>().map(Tuple::as_slice) else {
        let (class, got) = (vm.type_name(value), vm.type_name(parts.borrow()));
        return Err(vm.type_error(format_args!("{class}.__divmod__() must return a 2-tuple, not {got}")));
    };
    let overflow = || vm.overflow_error("timestamp out of range for platform time_t");
    let seconds = vm.to_integer(seconds.borrow())?.as_ref().to_i64().ok_or_else(overflow)?;
    Ok(libc::timespec { tv_sec: seconds, tv_nsec: vm.to_i64(nanoseconds.borrow())? })
}
