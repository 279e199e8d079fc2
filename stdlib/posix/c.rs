//! The system's calls as safe Rust functions.
//!
//! Python's file descriptors are plain ints: programs make them up, keep them after closing them, pass -1. Rust's
//! typed descriptors cannot say that, so this module goes to libc, and its functions take what the kernel takes: it
//! checks everything itself, and answers EBADF for a number that is no open file.
//!
//! # Safety model
//!
//! A call can harm memory only through its pointers. So the calls fall in three groups:
//!
//! - Most take and give nothing but numbers and NUL-terminated strings, which they read before they return. They are rows
//!   of the table [`calls!`], whose one unsafe block holds for all.
//! - Some fill in a buffer or a struct: each has a function here that gives the call memory of the size it says.
//! - `fork` and `exec` have functions with arguments of their own.
//!
//! A number of a descriptor that another object of the process owns can be closed through here. That is what `os.close`
//! is for; objects that own a descriptor find EBADF, or another file, as in any language.
#![expect(
    unsafe_code,
    reason = "system calls that no safe wrapper offers for descriptors that are plain numbers"
)]

mod accounts;
mod events;
mod process;
mod structs;

pub(crate) use accounts::*;
pub(crate) use events::*;
pub(crate) use process::*;
pub(crate) use structs::*;

use std::ffi::{CStr, c_char, c_int, c_long, c_uint};
use std::mem::MaybeUninit;

use libc::{gid_t, id_t, mode_t, off_t, pid_t, size_t, ssize_t, uid_t};

/// The number of an error of the operating system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Errno(pub(crate) i32);

impl Errno {
    /// The error of the last call that failed.
    pub(crate) fn last() -> Self {
        Self(std::io::Error::last_os_error().raw_os_error().unwrap_or(0))
    }
}

/// The result of a system call.
pub(crate) type Result<T> = std::result::Result<T, Errno>;

/// What a call returns; -1 says that it failed.
trait Returned: Copy {
    fn failed(self) -> bool;
}

macro_rules! returned {
    ($($type:ty)*) => {$(impl Returned for $type {
        fn failed(self) -> bool {
            self == -1
        }
    })*};
}
returned! { c_int c_long }

fn check<T: Returned>(value: T) -> Result<T> {
    if value.failed() { Err(Errno::last()) } else { Ok(value) }
}

/// An argument of a call, and what C gets of it.
trait Argument {
    type Raw;
    fn raw(self) -> Self::Raw;
}

impl Argument for &CStr {
    type Raw = *const c_char;
    fn raw(self) -> *const c_char {
        self.as_ptr()
    }
}

macro_rules! plain_arguments {
    ($($type:ty)*) => {$(impl Argument for $type {
        type Raw = Self;
        fn raw(self) -> Self {
            self
        }
    })*};
}
plain_arguments! { i32 u32 i64 u64 usize }

/// Calls of libc, each a safe function whose arguments are numbers and strings.
macro_rules! calls {
    ($(fn $name:ident($($argument:ident: $type:ty),*) -> $result:ty;)*) => {$(
        pub(crate) fn $name($($argument: $type),*) -> Result<$result> {
            // SAFETY: the call reads its strings, which are alive, until it returns, and has no other pointers.
            check(unsafe { libc::$name($($argument.raw()),*) })
        }
    )*};
}

calls! {
    fn openat(dir: c_int, path: &CStr, flags: c_int, mode: mode_t) -> c_int;
    fn close(fd: c_int) -> c_int;
    fn dup2(fd: c_int, to: c_int) -> c_int;
    fn dup3(fd: c_int, to: c_int, flags: c_int) -> c_int;
    fn lseek(fd: c_int, offset: off_t, whence: c_int) -> off_t;
    fn fsync(fd: c_int) -> c_int;
    fn fdatasync(fd: c_int) -> c_int;
    fn ftruncate(fd: c_int, length: off_t) -> c_int;
    fn truncate(path: &CStr, length: off_t) -> c_int;
    fn lockf(fd: c_int, command: c_int, length: off_t) -> c_int;
    fn memfd_create(name: &CStr, flags: c_uint) -> c_int;
    fn eventfd(value: c_uint, flags: c_int) -> c_int;
    fn eventfd_write(fd: c_int, value: u64) -> c_int;
    fn timerfd_create(clock: c_int, flags: c_int) -> c_int;

    fn mkdirat(dir: c_int, path: &CStr, mode: mode_t) -> c_int;
    fn mkfifoat(dir: c_int, path: &CStr, mode: mode_t) -> c_int;
    fn mknodat(dir: c_int, path: &CStr, mode: mode_t, device: libc::dev_t) -> c_int;
    fn unlinkat(dir: c_int, path: &CStr, flags: c_int) -> c_int;
    fn renameat(from_dir: c_int, from: &CStr, to_dir: c_int, to: &CStr) -> c_int;
    fn linkat(from_dir: c_int, from: &CStr, to_dir: c_int, to: &CStr, flags: c_int) -> c_int;
    fn symlinkat(target: &CStr, dir: c_int, path: &CStr) -> c_int;
    fn chdir(path: &CStr) -> c_int;
    fn fchdir(fd: c_int) -> c_int;
    fn chroot(path: &CStr) -> c_int;
    fn faccessat(dir: c_int, path: &CStr, mode: c_int, flags: c_int) -> c_int;
    fn fchmod(fd: c_int, mode: mode_t) -> c_int;
    fn fchmodat(dir: c_int, path: &CStr, mode: mode_t, flags: c_int) -> c_int;
    fn fchown(fd: c_int, user: uid_t, group: gid_t) -> c_int;
    fn fchownat(dir: c_int, path: &CStr, user: uid_t, group: gid_t, flags: c_int) -> c_int;
    fn lremovexattr(path: &CStr, name: &CStr) -> c_int;
    fn removexattr(path: &CStr, name: &CStr) -> c_int;
    fn fremovexattr(fd: c_int, name: &CStr) -> c_int;
    fn fpathconf(fd: c_int, name: c_int) -> c_long;
    fn pathconf(path: &CStr, name: c_int) -> c_long;

    fn kill(pid: pid_t, signal: c_int) -> c_int;
    fn killpg(group: pid_t, signal: c_int) -> c_int;
    fn getpgid(pid: pid_t) -> pid_t;
    fn setpgid(pid: pid_t, group: pid_t) -> c_int;
    fn getsid(pid: pid_t) -> pid_t;
    fn setsid() -> pid_t;
    fn setuid(id: uid_t) -> c_int;
    fn seteuid(id: uid_t) -> c_int;
    fn setreuid(real: uid_t, effective: uid_t) -> c_int;
    fn setresuid(real: uid_t, effective: uid_t, saved: uid_t) -> c_int;
    fn setgid(id: gid_t) -> c_int;
    fn setegid(id: gid_t) -> c_int;
    fn setregid(real: gid_t, effective: gid_t) -> c_int;
    fn setresgid(real: gid_t, effective: gid_t, saved: gid_t) -> c_int;
    fn initgroups(user: &CStr, group: gid_t) -> c_int;
    fn setpriority(which: u32, who: id_t, priority: c_int) -> c_int;
    fn tcdrain(fd: c_int) -> c_int;
    fn tcflow(fd: c_int, action: c_int) -> c_int;
    fn tcflush(fd: c_int, queue: c_int) -> c_int;
    fn tcsendbreak(fd: c_int, duration: c_int) -> c_int;
    fn tcgetpgrp(fd: c_int) -> pid_t;
    fn tcsetpgrp(fd: c_int, group: pid_t) -> c_int;
    fn login_tty(fd: c_int) -> c_int;
    fn posix_openpt(flags: c_int) -> c_int;
    fn grantpt(fd: c_int) -> c_int;
    fn unlockpt(fd: c_int) -> c_int;
    fn sched_yield() -> c_int;
    fn sched_get_priority_max(policy: c_int) -> c_int;
    fn sched_get_priority_min(policy: c_int) -> c_int;
    fn sched_getscheduler(pid: pid_t) -> c_int;
    fn setns(fd: c_int, kind: c_int) -> c_int;
    fn unshare(flags: c_int) -> c_int;
    fn flock(fd: c_int, operation: c_int) -> c_int;
}

/// Calls that give a number whatever happens.
macro_rules! infallible_calls {
    ($(fn $name:ident($($argument:ident: $type:ty),*) -> $result:ty;)*) => {$(
        pub(crate) fn $name($($argument: $type),*) -> $result {
            // SAFETY: the call has no pointers.
            unsafe { libc::$name($($argument),*) }
        }
    )*};
}

infallible_calls! {
    fn getpid() -> pid_t;
    fn getppid() -> pid_t;
    fn getpgrp() -> pid_t;
    fn getuid() -> uid_t;
    fn geteuid() -> uid_t;
    fn getgid() -> gid_t;
    fn getegid() -> gid_t;
    fn umask(mask: mode_t) -> mode_t;
    fn sync() -> ();
    fn isatty(fd: c_int) -> c_int;
    fn posix_fadvise(fd: c_int, offset: off_t, length: off_t, advice: c_int) -> c_int;
    fn posix_fallocate(fd: c_int, offset: off_t, length: off_t) -> c_int;
}

/// A struct that a call fills in.
///
/// # Safety
/// The function initialises the struct when it does not give -1.
unsafe fn filled<T>(call: impl FnOnce(*mut T) -> c_int) -> Result<T> {
    let mut value = MaybeUninit::uninit();
    check(call(value.as_mut_ptr()))?;
    // SAFETY: the caller's.
    Ok(unsafe { value.assume_init() })
}

/// How much a call that moves bytes moved.
fn count(value: ssize_t) -> Result<usize> {
    usize::try_from(value).map_err(|_| Errno::last())
}

/// Reads into a buffer.
pub(crate) fn read(fd: c_int, buffer: &mut [u8]) -> Result<usize> {
    // SAFETY: the buffer has as many bytes.
    count(unsafe { libc::read(fd, buffer.as_mut_ptr().cast(), buffer.len()) })
}

/// Reads behind a vector's contents, into the room that it has.
pub(crate) fn read_to_vec(fd: c_int, vec: &mut Vec<u8>) -> Result<usize> {
    let room = vec.spare_capacity_mut();
    // SAFETY: the room has as many bytes, of which the call initialises those it counts.
    unsafe {
        let read = count(libc::read(fd, room.as_mut_ptr().cast(), room.len()))?;
        vec.set_len(vec.len() + read);
        Ok(read)
    }
}

/// Reads at an offset.
pub(crate) fn pread(fd: c_int, buffer: &mut [u8], offset: off_t) -> Result<usize> {
    // SAFETY: the buffer has as many bytes.
    count(unsafe { libc::pread(fd, buffer.as_mut_ptr().cast(), buffer.len(), offset) })
}

/// Writes.
pub(crate) fn write(fd: c_int, bytes: &[u8]) -> Result<usize> {
    // SAFETY: the call reads as many bytes as there are.
    count(unsafe { libc::write(fd, bytes.as_ptr().cast(), bytes.len()) })
}

/// Writes at an offset.
pub(crate) fn pwrite(fd: c_int, bytes: &[u8], offset: off_t) -> Result<usize> {
    // SAFETY: the call reads as many bytes as there are.
    count(unsafe { libc::pwrite(fd, bytes.as_ptr().cast(), bytes.len(), offset) })
}

/// `fstatat`
pub(crate) fn fstatat(dir: c_int, path: &CStr, flags: c_int) -> Result<libc::stat> {
    // SAFETY: the call fills in the struct.
    unsafe { filled(|stat| libc::fstatat(dir, path.as_ptr(), stat, flags)) }
}

/// `fstat`
pub(crate) fn fstat(fd: c_int) -> Result<libc::stat> {
    // SAFETY: the call fills in the struct.
    unsafe { filled(|stat| libc::fstat(fd, stat)) }
}

/// `statvfs`
pub(crate) fn statvfs(path: &CStr) -> Result<libc::statvfs> {
    // SAFETY: the call fills in the struct.
    unsafe { filled(|stat| libc::statvfs(path.as_ptr(), stat)) }
}

/// `fstatvfs`
pub(crate) fn fstatvfs(fd: c_int) -> Result<libc::statvfs> {
    // SAFETY: the call fills in the struct.
    unsafe { filled(|stat| libc::fstatvfs(fd, stat)) }
}

/// `pipe2`: the end to read from, and the end to write to.
pub(crate) fn pipe2(flags: c_int) -> Result<[c_int; 2]> {
    // SAFETY: the call fills in both numbers.
    unsafe { filled(|fds: *mut [c_int; 2]| libc::pipe2(fds.cast(), flags)) }
}

/// `utimensat`: access and modification time.
pub(crate) fn utimensat(dir: c_int, path: &CStr, times: &[libc::timespec; 2], flags: c_int) -> Result<c_int> {
    // SAFETY: the call reads a string and two structs.
    check(unsafe { libc::utimensat(dir, path.as_ptr(), times.as_ptr(), flags) })
}

/// `futimens`: access and modification time.
pub(crate) fn futimens(fd: c_int, times: &[libc::timespec; 2]) -> Result<c_int> {
    // SAFETY: the call reads two structs.
    check(unsafe { libc::futimens(fd, times.as_ptr()) })
}

/// Calls a function that writes a text into a buffer and says how long it is, with a buffer that is long enough.
pub(crate) fn grown(first: usize, mut call: impl FnMut(&mut [u8]) -> Result<usize>) -> Result<Vec<u8>> {
    let mut buffer = vec![0; first];
    loop {
        let len = call(&mut buffer)?;
        if len < buffer.len() {
            buffer.truncate(len);
            return Ok(buffer);
        }
        buffer.resize(2 * buffer.len(), 0);
    }
}

/// `readlinkat`
pub(crate) fn readlinkat(dir: c_int, path: &CStr) -> Result<Vec<u8>> {
    grown(256, |buffer| {
        // SAFETY: the call reads a string, and writes at most as many bytes as there are.
        count(unsafe { libc::readlinkat(dir, path.as_ptr(), buffer.as_mut_ptr().cast(), buffer.len()) })
    })
}

/// `getcwd`
pub(crate) fn getcwd() -> Result<Vec<u8>> {
    let mut buffer = vec![0u8; 1024];
    loop {
        // SAFETY: the call writes at most as many bytes as there are.
        let start = unsafe { libc::getcwd(buffer.as_mut_ptr().cast(), buffer.len()) };
        if !start.is_null() {
            let len = buffer.iter().position(|&byte| byte == 0).unwrap_or(buffer.len());
            buffer.truncate(len);
            return Ok(buffer);
        }
        match Errno::last() {
            Errno(libc::ERANGE) => buffer.resize(2 * buffer.len(), 0),
            errno => return Err(errno),
        }
    }
}

/// The flags of a descriptor, `F_GETFD`; and other `fcntl` operations without an argument.
pub(crate) fn fcntl(fd: c_int, operation: c_int) -> Result<c_int> {
    // SAFETY: the operations that callers name take no pointer.
    check(unsafe { libc::fcntl(fd, operation, 0) })
}

/// `fcntl` operations with a number: those of which the kernel knows that the argument is no pointer.
pub(crate) fn fcntl_set(fd: c_int, operation: c_int, value: c_int) -> Result<c_int> {
    // SAFETY: the operations that callers name take a number.
    check(unsafe { libc::fcntl(fd, operation, value) })
}

/// `sendfile`; without an offset, it reads from the file's position, and moves that.
pub(crate) fn sendfile(out: c_int, from: c_int, offset: Option<&mut off_t>, size: size_t) -> Result<usize> {
    let offset = offset.map_or(std::ptr::null_mut(), std::ptr::from_mut);
    // SAFETY: the offset is null, or a number that may be changed.
    count(unsafe { libc::sendfile(out, from, offset, size) })
}

/// `copy_file_range`
pub(crate) fn copy_file_range(
    from: c_int,
    from_offset: Option<&mut off_t>,
    to: c_int,
    to_offset: Option<&mut off_t>,
    size: size_t,
) -> Result<usize> {
    let [from_offset, to_offset] =
        [from_offset, to_offset].map(|offset| offset.map_or(std::ptr::null_mut(), std::ptr::from_mut));
    // SAFETY: each offset is null, or a number that may be changed.
    count(unsafe { libc::copy_file_range(from, from_offset, to, to_offset, size, 0) })
}

/// `splice`
pub(crate) fn splice(
    from: c_int,
    from_offset: Option<&mut off_t>,
    to: c_int,
    to_offset: Option<&mut off_t>,
    size: size_t,
    flags: c_uint,
) -> Result<usize> {
    let [from_offset, to_offset] =
        [from_offset, to_offset].map(|offset| offset.map_or(std::ptr::null_mut(), std::ptr::from_mut));
    // SAFETY: each offset is null, or a number that may be changed.
    count(unsafe { libc::splice(from, from_offset, to, to_offset, size, flags) })
}

/// Takes charge of a descriptor that a call has just made.
pub(crate) fn owned(fd: c_int) -> std::os::fd::OwnedFd {
    use std::os::fd::FromRawFd;
    debug_assert!(fd >= 0);
    // SAFETY: callers pass what a successful call has just given them, which nobody else knows yet.
    unsafe { std::os::fd::OwnedFd::from_raw_fd(fd) }
}

/// Sets whether a descriptor is closed when a new program starts.
pub(crate) fn set_cloexec(fd: c_int, cloexec: bool) -> Result<c_int> {
    let flags = fcntl(fd, libc::F_GETFD)?;
    let wanted = if cloexec { flags | libc::FD_CLOEXEC } else { flags & !libc::FD_CLOEXEC };
    if wanted == flags { Ok(0) } else { fcntl_set(fd, libc::F_SETFD, wanted) }
}

/// Closes the descriptors of a range that are open, the upper bound excluded.
pub(crate) fn close_range(low: c_int, high: c_int) {
    let low = low.max(0);
    if low >= high {
        return;
    }
    // SAFETY: the call has no pointers.
    let failed = unsafe { libc::syscall(libc::SYS_close_range, low as c_uint, (high - 1) as c_uint, 0) } != 0;
    if failed {
        (low..high).for_each(|fd| _ = close(fd));
    }
}

/// A limit of the system or of a file; -1 may be the answer: no limit.
pub(crate) fn limit(call: impl FnOnce() -> Result<c_long>) -> Result<c_long> {
    // SAFETY: the location of `errno` is always valid for the thread.
    unsafe { *libc::__errno_location() = 0 };
    match call() {
        Err(Errno(0)) => Ok(-1),
        result => result,
    }
}

/// `sysconf`
pub(crate) fn sysconf(name: c_int) -> Result<c_long> {
    // SAFETY: the call has no pointers.
    limit(|| check(unsafe { libc::sysconf(name) }))
}

/// `confstr`: the value, if there is one.
pub(crate) fn confstr(name: c_int) -> Result<Option<Vec<u8>>> {
    let mut buffer = vec![0u8; 256];
    loop {
        // SAFETY: the location of `errno` is always valid for the thread.
        unsafe { *libc::__errno_location() = 0 };
        // SAFETY: the call writes at most as many bytes as there are.
        let len = unsafe { libc::confstr(name, buffer.as_mut_ptr().cast(), buffer.len()) };
        if len == 0 {
            return match Errno::last() {
                Errno(0) => Ok(None),
                errno => Err(errno),
            };
        }
        if len <= buffer.len() {
            // The length counts the NUL.
            buffer.truncate(len - 1);
            return Ok(Some(buffer));
        }
        buffer.resize(len, 0);
    }
}

/// `times`: what the process has used, and the time since some point in the past, in ticks.
pub(crate) fn times() -> Result<(libc::tms, libc::clock_t)> {
    let mut times = MaybeUninit::uninit();
    // SAFETY: the call fills in the struct unless it fails.
    unsafe {
        let elapsed = check(libc::times(times.as_mut_ptr()))?;
        Ok((times.assume_init(), elapsed))
    }
}

/// `getloadavg`
pub(crate) fn getloadavg() -> Option<[f64; 3]> {
    let mut loads = [0.0; 3];
    // SAFETY: the call writes three numbers.
    (unsafe { libc::getloadavg(loads.as_mut_ptr(), 3) } == 3).then_some(loads)
}

/// `getrandom`
pub(crate) fn getrandom(buffer: &mut [u8], flags: c_uint) -> Result<usize> {
    // SAFETY: the buffer has as many bytes.
    count(unsafe { libc::getrandom(buffer.as_mut_ptr().cast(), buffer.len(), flags) })
}
