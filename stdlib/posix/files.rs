//! Open files: reading, writing, positions, and the descriptors themselves.

use pyx_vm::exception::PyResult;
use pyx_vm::native::*;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

use super::argument::{
    self, PathArgument, Place, blocking, check, dir_fd, file_number, flag, int_or, path, path_or_fd,
    uninterrupted,
};
use super::c;

pub(super) const FUNCTIONS: &[MethodDef] = &[
    function(
        "open($module, /, path, flags, mode=511, *, dir_fd=None)",
        TwoOpt2(open),
        "Open a file; the result is the number of a descriptor.",
    ),
    function("close($module, /, fd)", One(close), "Close a descriptor."),
    function(
        "closerange($module, fd_low, fd_high, /)",
        Two(closerange),
        "Close all descriptors of a range that are open.",
    ),
    function("dup($module, fd, /)", One(dup), "Another descriptor of the same open file."),
    function(
        "dup2($module, /, fd, fd2, inheritable=True)",
        TwoOpt(dup2),
        "Make a descriptor stand for the open file of another one.",
    ),
    function("read($module, fd, length, /)", Two(read), "Read at most so many bytes."),
    function(
        "pread($module, fd, length, offset, /)",
        Three(pread),
        "Read at an offset, leaving the position alone.",
    ),
    function(
        "write($module, fd, data, /)",
        Two(write),
        "Write bytes; the result says how many were written.",
    ),
    function(
        "pwrite($module, fd, buffer, offset, /)",
        Three(pwrite),
        "Write at an offset, leaving the position alone.",
    ),
    function("lseek($module, fd, position, whence, /)", Three(lseek), "Set the position of an open file."),
    function(
        "sendfile($module, /, out_fd, in_fd, offset, count)",
        Four(sendfile),
        "Copy bytes from one descriptor to another inside the kernel.",
    ),
    function(
        "copy_file_range($module, /, src, dst, count, offset_src=None, offset_dst=None)",
        Many(copy_file_range),
        "Copy bytes from one file to another inside the kernel.",
    ),
    function(
        "splice($module, /, src, dst, count, offset_src=None, offset_dst=None, flags=0)",
        Many(splice),
        "Move bytes between a pipe and a file inside the kernel.",
    ),
    function("fsync($module, /, fd)", One(fsync), "Write a file's data and metadata to the disk."),
    function("fdatasync($module, /, fd)", One(fdatasync), "Write a file's data to the disk."),
    function("sync($module, /)", Zero(sync), "Write everything to the disk."),
    function("ftruncate($module, fd, length, /)", Two(ftruncate), "Set the length of an open file."),
    function("truncate($module, /, path, length)", Two(truncate), "Set the length of a file."),
    function(
        "lockf($module, fd, command, length, /)",
        Three(lockf),
        "Lock, unlock or test a part of an open file.",
    ),
    function(
        "posix_fallocate($module, fd, offset, length, /)",
        Three(posix_fallocate),
        "Reserve disk space for a file.",
    ),
    function(
        "posix_fadvise($module, fd, offset, length, advice, /)",
        Four(posix_fadvise),
        "Say how a part of a file will be used.",
    ),
    function("pipe($module, /)", Zero(pipe), "A pipe: the descriptors to read from and to write to."),
    function("pipe2($module, flags, /)", One(pipe2), "A pipe with flags."),
    function(
        "memfd_create($module, /, name, flags=MFD_CLOEXEC)",
        OneOpt(memfd_create),
        "An unnamed file in memory.",
    ),
    function(
        "eventfd($module, /, initval, flags=EFD_CLOEXEC)",
        OneOpt(eventfd),
        "A descriptor that counts events.",
    ),
    function("eventfd_read($module, /, fd)", One(eventfd_read), "Read the counter of an eventfd."),
    function("eventfd_write($module, /, fd, value)", Two(eventfd_write), "Add to the counter of an eventfd."),
    function(
        "get_inheritable($module, fd, /)",
        One(get_inheritable),
        "Whether new programs get the descriptor.",
    ),
    function(
        "set_inheritable($module, fd, inheritable, /)",
        Two(set_inheritable),
        "Set whether new programs get the descriptor.",
    ),
    function("get_blocking($module, fd, /)", One(get_blocking), "Whether calls on the descriptor wait."),
    function(
        "set_blocking($module, fd, blocking, /)",
        Two(set_blocking),
        "Set whether calls on the descriptor wait.",
    ),
];

fn open(
    vm: &Thread,
    place: Ref<'_>,
    flags: Ref<'_>,
    mode: Option<Ref<'_>>,
    dir: Option<Ref<'_>>,
) -> PyResult {
    let place = path("open", "path").read(vm, Some(place))?;
    let flags = vm.to_c_int(flags)? | libc::O_CLOEXEC;
    let mode = int_or(vm, mode, 0o777)? as libc::mode_t;
    let dir = dir_fd(vm, dir)?;
    let result = uninterrupted(vm, || c::openat(dir, place.c_str(), flags, mode))?;
    fd_object(place.check(vm, result)?)
}

fn fd_object(fd: i32) -> PyResult {
    Ok(Owned::small_int(fd))
}

fn close(vm: &Thread, fd: Ref<'_>) -> PyResult {
    let fd = vm.to_c_int(fd)?;
    // The descriptor is closed even if a signal interrupts the call.
    match vm.allow_threads(|| c::close(fd)) {
        Err(c::Errno(libc::EINTR)) | Ok(_) => none(),
        Err(errno) => check(vm, Err(errno)),
    }
}

fn closerange(vm: &Thread, low: Ref<'_>, high: Ref<'_>) -> PyResult {
    let (low, high) = (vm.to_c_int(low)?, vm.to_c_int(high)?);
    vm.allow_threads(|| c::close_range(low, high));
    none()
}

fn dup(vm: &Thread, fd: Ref<'_>) -> PyResult {
    let fd = vm.to_c_int(fd)?;
    fd_object(check(vm, c::fcntl(fd, libc::F_DUPFD_CLOEXEC))?)
}

fn dup2(vm: &Thread, fd: Ref<'_>, to: Ref<'_>, inheritable: Option<Ref<'_>>) -> PyResult {
    let (fd, to) = (vm.to_c_int(fd)?, vm.to_c_int(to)?);
    let inheritable = flag(vm, inheritable, true)?;
    let result =
        uninterrupted(vm, || match c::dup3(fd, to, if inheritable { 0 } else { libc::O_CLOEXEC }) {
            // Where both are the same, dup3 fails and dup2 has nothing to do.
            Err(c::Errno(libc::EINVAL)) if fd == to => c::dup2(fd, to),
            result => result,
        })?;
    let fd = check(vm, result)?;
    if !inheritable {
        check(vm, c::set_cloexec(fd, true))?;
    }
    fd_object(fd)
}

/// A buffer for at most so many bytes.
fn room(vm: &Thread, length: isize) -> PyResult<Vec<u8>> {
    let Ok(length) = usize::try_from(length) else { return check(vm, Err(c::Errno(libc::EINVAL))) };
    let mut buffer = Vec::new();
    // The kernel moves no more than this at once.
    if buffer.try_reserve_exact(length.min(0x7fff_f000)).is_err() {
        return Err(vm.memory_error());
    }
    Ok(buffer)
}

fn read(vm: &Thread, fd: Ref<'_>, length: Ref<'_>) -> PyResult {
    let fd = vm.to_c_int(fd)?;
    let mut buffer = room(vm, vm.to_isize(length)?)?;
    blocking(vm, || c::read_to_vec(fd, &mut buffer))?;
    vm.check_signals()?;
    vm.bytes(&buffer)
}

fn pread(vm: &Thread, fd: Ref<'_>, length: Ref<'_>, offset: Ref<'_>) -> PyResult {
    let (fd, length, offset) = (vm.to_c_int(fd)?, vm.to_c_int(length)?, vm.to_i64(offset)?);
    let mut buffer = room(vm, length as isize)?;
    buffer.resize(buffer.capacity().min(length as usize), 0);
    let read = blocking(vm, || c::pread(fd, &mut buffer, offset))?;
    vm.bytes(&buffer[..read])
}

fn write(vm: &Thread, fd: Ref<'_>, data: Ref<'_>) -> PyResult {
    let fd = vm.to_c_int(fd)?;
    let result = with_bytes(vm, data, |data| uninterrupted(vm, || c::write(fd, data)))??;
    let written = check(vm, result)?;
    vm.check_signals()?;
    vm.size(written)
}

fn pwrite(vm: &Thread, fd: Ref<'_>, data: Ref<'_>, offset: Ref<'_>) -> PyResult {
    let (fd, offset) = (vm.to_c_int(fd)?, vm.to_i64(offset)?);
    let result = with_bytes(vm, data, |data| uninterrupted(vm, || c::pwrite(fd, data, offset)))??;
    vm.size(check(vm, result)?)
}

fn lseek(vm: &Thread, fd: Ref<'_>, position: Ref<'_>, whence: Ref<'_>) -> PyResult {
    let (fd, position, whence) = (vm.to_c_int(fd)?, vm.to_i64(position)?, vm.to_c_int(whence)?);
    let position = check(vm, vm.allow_threads(|| c::lseek(fd, position, whence)))?;
    vm.int(position)
}

/// Shows the bytes of a bytes-like object to a function.
fn with_bytes<R>(vm: &Thread, data: Ref<'_>, read: impl FnOnce(&[u8]) -> R) -> PyResult<R> {
    vm.copy_bytes_like(data).map(|data| read(&data))
}

/// An offset that may be None.
fn offset(vm: &Thread, value: Option<Ref<'_>>) -> PyResult<Option<i64>> {
    value.filter(|value| !value.is_none()).map(|value| vm.to_i64(value)).transpose()
}

fn sendfile(vm: &Thread, out: Ref<'_>, from: Ref<'_>, at: Ref<'_>, count: Ref<'_>) -> PyResult {
    let (out, from) = (vm.to_c_int(out)?, vm.to_c_int(from)?);
    let mut at = offset(vm, Some(at))?;
    let count = vm.to_isize(count)?;
    let moved = blocking(vm, || c::sendfile(out, from, at.as_mut(), count as usize))?;
    vm.size(moved)
}

/// The arguments that `copy_file_range` and `splice` share: descriptors, count, offsets.
type Transfer = (i32, i32, usize, Option<i64>, Option<i64>);

fn transfer(vm: &Thread, arguments: &Bound<'_>) -> PyResult<Transfer> {
    let (src, dst) = (vm.to_c_int(arguments.required(0))?, vm.to_c_int(arguments.required(1))?);
    let count = vm.to_isize(arguments.required(2))?;
    let Ok(count) = usize::try_from(count) else {
        return Err(vm.value_error("negative value for 'count' not allowed"));
    };
    Ok((src, dst, count, offset(vm, arguments.optional(3))?, offset(vm, arguments.optional(4))?))
}

fn copy_file_range(vm: &Thread, arguments: &Bound<'_>) -> PyResult {
    let (src, dst, count, mut from, mut to) = transfer(vm, arguments)?;
    let moved = blocking(vm, || c::copy_file_range(src, from.as_mut(), dst, to.as_mut(), count))?;
    vm.size(moved)
}

fn splice(vm: &Thread, arguments: &Bound<'_>) -> PyResult {
    let (src, dst, count, mut from, mut to) = transfer(vm, arguments)?;
    let flags = int_or(vm, arguments.optional(5), 0)? as u32;
    let moved = blocking(vm, || c::splice(src, from.as_mut(), dst, to.as_mut(), count, flags))?;
    vm.size(moved)
}

fn fsync(vm: &Thread, fd: Ref<'_>) -> PyResult {
    let fd = file_number(vm, fd)?;
    blocking(vm, || c::fsync(fd))?;
    none()
}

fn fdatasync(vm: &Thread, fd: Ref<'_>) -> PyResult {
    let fd = file_number(vm, fd)?;
    blocking(vm, || c::fdatasync(fd))?;
    none()
}

fn sync(vm: &Thread) -> PyResult {
    vm.allow_threads(c::sync);
    none()
}

fn ftruncate(vm: &Thread, fd: Ref<'_>, length: Ref<'_>) -> PyResult {
    let (fd, length) = (vm.to_c_int(fd)?, vm.to_i64(length)?);
    blocking(vm, || c::ftruncate(fd, length))?;
    none()
}

fn truncate(vm: &Thread, place: Ref<'_>, length: Ref<'_>) -> PyResult {
    let place: PathArgument = path_or_fd("truncate", "path").read(vm, Some(place))?;
    let length = vm.to_i64(length)?;
    let result = uninterrupted(vm, || match &place.place {
        Place::Path(path) => c::truncate(path, length),
        Place::Fd(fd) => c::ftruncate(*fd, length),
    })?;
    place.check(vm, result)?;
    none()
}

fn lockf(vm: &Thread, fd: Ref<'_>, command: Ref<'_>, length: Ref<'_>) -> PyResult {
    let (fd, command, length) = (vm.to_c_int(fd)?, vm.to_c_int(command)?, vm.to_i64(length)?);
    check(vm, vm.allow_threads(|| c::lockf(fd, command, length)))?;
    none()
}

/// A call that gives the number of its error, again whenever a signal interrupts it.
fn numbered(vm: &Thread, call: impl Fn() -> i32) -> PyResult {
    blocking(vm, || match call() {
        0 => Ok(()),
        errno => Err(c::Errno(errno)),
    })?;
    none()
}

fn posix_fallocate(vm: &Thread, fd: Ref<'_>, at: Ref<'_>, length: Ref<'_>) -> PyResult {
    let (fd, at, length) = (vm.to_c_int(fd)?, vm.to_i64(at)?, vm.to_i64(length)?);
    numbered(vm, || c::posix_fallocate(fd, at, length))
}

fn posix_fadvise(vm: &Thread, fd: Ref<'_>, at: Ref<'_>, length: Ref<'_>, advice: Ref<'_>) -> PyResult {
    let (fd, at, length) = (vm.to_c_int(fd)?, vm.to_i64(at)?, vm.to_i64(length)?);
    let advice = vm.to_c_int(advice)?;
    numbered(vm, || c::posix_fadvise(fd, at, length, advice))
}

fn fd_pair(vm: &Thread, fds: c::Result<[i32; 2]>) -> PyResult {
    let [read, write] = check(vm, fds)?;
    vm.pair(Owned::small_int(read), Owned::small_int(write))
}

fn pipe(vm: &Thread) -> PyResult {
    fd_pair(vm, c::pipe2(libc::O_CLOEXEC))
}

fn pipe2(vm: &Thread, flags: Ref<'_>) -> PyResult {
    let flags = vm.to_c_int(flags)?;
    fd_pair(vm, c::pipe2(flags))
}

fn memfd_create(vm: &Thread, name: Ref<'_>, flags: Option<Ref<'_>>) -> PyResult {
    let name = argument::fs_string(vm, name)?;
    let flags = flags.map_or(Ok(i64::from(libc::MFD_CLOEXEC)), |flags| vm.to_i64(flags))?;
    fd_object(check(vm, vm.allow_threads(|| c::memfd_create(&name, flags as u32)))?)
}

fn eventfd(vm: &Thread, value: Ref<'_>, flags: Option<Ref<'_>>) -> PyResult {
    let value = vm.to_i64(value)?;
    let flags = int_or(vm, flags, libc::EFD_CLOEXEC)?;
    fd_object(check(vm, c::eventfd(value as u32, flags))?)
}

fn eventfd_read(vm: &Thread, fd: Ref<'_>) -> PyResult {
    let fd = file_number(vm, fd)?;
    let mut value = [0; 8];
    match check(vm, vm.allow_threads(|| c::read(fd, &mut value)))? {
        8 => vm.uint(u64::from_ne_bytes(value)),
        // A file of another kind may give less.
        _ => check(vm, Err(c::Errno(libc::EINVAL))),
    }
}

fn eventfd_write(vm: &Thread, fd: Ref<'_>, value: Ref<'_>) -> PyResult {
    let fd = file_number(vm, fd)?;
    let value = super::system::unsigned_word(vm, value)?;
    check(vm, vm.allow_threads(|| c::eventfd_write(fd, value)))?;
    none()
}

fn get_inheritable(vm: &Thread, fd: Ref<'_>) -> PyResult {
    let flags = check(vm, c::fcntl(vm.to_c_int(fd)?, libc::F_GETFD))?;
    Ok(Owned::bool(flags & libc::FD_CLOEXEC == 0))
}

fn set_inheritable(vm: &Thread, fd: Ref<'_>, inheritable: Ref<'_>) -> PyResult {
    let (fd, inheritable) = (vm.to_c_int(fd)?, vm.to_c_int(inheritable)?);
    check(vm, c::set_cloexec(fd, inheritable == 0))?;
    none()
}

fn get_blocking(vm: &Thread, fd: Ref<'_>) -> PyResult {
    let flags = check(vm, c::fcntl(vm.to_c_int(fd)?, libc::F_GETFL))?;
    Ok(Owned::bool(flags & libc::O_NONBLOCK == 0))
}

fn set_blocking(vm: &Thread, fd: Ref<'_>, blocking: Ref<'_>) -> PyResult {
    let (fd, blocking) = (vm.to_c_int(fd)?, vm.is_true(blocking)?);
    let flags = check(vm, c::fcntl(fd, libc::F_GETFL))?;
    let flags = if blocking { flags & !libc::O_NONBLOCK } else { flags | libc::O_NONBLOCK };
    check(vm, c::fcntl_set(fd, libc::F_SETFL, flags))?;
    none()
}
