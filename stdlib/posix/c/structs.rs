//! Calls that fill in structs and arrays: ids, scheduling, terminals, extended attributes, timers.

use super::*;
use crate::posix::argument::Place;

/// `getresuid`: real, effective, saved.
pub(crate) fn getresuid() -> Result<[uid_t; 3]> {
    let [mut real, mut effective, mut saved] = [0; 3];
    // SAFETY: the call writes three numbers.
    check(unsafe { libc::getresuid(&raw mut real, &raw mut effective, &raw mut saved) })?;
    Ok([real, effective, saved])
}

/// `getresgid`: real, effective, saved.
pub(crate) fn getresgid() -> Result<[gid_t; 3]> {
    let [mut real, mut effective, mut saved] = [0; 3];
    // SAFETY: the call writes three numbers.
    check(unsafe { libc::getresgid(&raw mut real, &raw mut effective, &raw mut saved) })?;
    Ok([real, effective, saved])
}

/// `getgroups`
pub(crate) fn getgroups() -> Result<Vec<gid_t>> {
    // SAFETY: with no room, the call writes nothing, and says how many groups there are.
    let count = check(unsafe { libc::getgroups(0, std::ptr::null_mut()) })?;
    let mut groups = vec![0; count as usize];
    // SAFETY: the call writes at most as many numbers as there is room for.
    let count = check(unsafe { libc::getgroups(count, groups.as_mut_ptr()) })?;
    groups.truncate(count as usize);
    Ok(groups)
}

/// `setgroups`
pub(crate) fn setgroups(groups: &[gid_t]) -> Result<c_int> {
    // SAFETY: the call reads as many numbers as there are.
    check(unsafe { libc::setgroups(groups.len(), groups.as_ptr()) })
}

/// `getgrouplist`
pub(crate) fn getgrouplist(user: &CStr, group: gid_t) -> Vec<gid_t> {
    let mut groups: Vec<gid_t> = vec![0; 64];
    loop {
        let mut count = groups.len() as c_int;
        // SAFETY: the call reads a string, and writes at most as many numbers as there is room for, and their count.
        let found = unsafe { libc::getgrouplist(user.as_ptr(), group, groups.as_mut_ptr(), &raw mut count) };
        if found >= 0 {
            groups.truncate(count as usize);
            return groups;
        }
        let room = groups.len();
        groups.resize((2 * room).max(count as usize), 0);
    }
}

/// A text that a call writes, ended by NUL, into a buffer whose size it is told; it gives the number of an error.
fn named(call: impl Fn(*mut c_char, size_t) -> c_int) -> Result<Vec<u8>> {
    let mut buffer = vec![0u8; 256];
    loop {
        match call(buffer.as_mut_ptr().cast(), buffer.len()) {
            0 => {
                let len = buffer.iter().position(|&byte| byte == 0).unwrap_or(buffer.len());
                buffer.truncate(len);
                return Ok(buffer);
            }
            libc::ERANGE if buffer.len() < 1 << 16 => buffer.resize(2 * buffer.len(), 0),
            -1 => return Err(Errno::last()),
            errno => return Err(Errno(errno)),
        }
    }
}

unsafe extern "C" {
    fn getlogin_r(name: *mut c_char, size: size_t) -> c_int;
}

/// `getlogin`
pub(crate) fn getlogin() -> Result<Vec<u8>> {
    // SAFETY: the call writes at most as many bytes as it is told.
    named(|name, size| unsafe { getlogin_r(name, size) })
}

/// `ttyname`
pub(crate) fn ttyname(fd: c_int) -> Result<Vec<u8>> {
    // SAFETY: the call writes at most as many bytes as it is told.
    named(|name, size| unsafe { libc::ttyname_r(fd, name, size) })
}

/// `ptsname`
pub(crate) fn ptsname(fd: c_int) -> Result<Vec<u8>> {
    // SAFETY: the call writes at most as many bytes as it is told.
    named(|name, size| unsafe { libc::ptsname_r(fd, name, size) })
}

/// The size of a terminal.
pub(crate) fn window_size(fd: c_int) -> Result<libc::winsize> {
    // SAFETY: the operation fills in the struct.
    unsafe { filled(|size: *mut libc::winsize| libc::ioctl(fd, libc::TIOCGWINSZ, size)) }
}

/// A pair of pseudo-terminals, closed when a new program starts.
pub(crate) fn openpty() -> Result<[c_int; 2]> {
    let [mut master, mut slave] = [-1; 2];
    // SAFETY: the call writes two numbers; the other arguments may be null.
    check(unsafe {
        libc::openpty(
            &raw mut master,
            &raw mut slave,
            std::ptr::null_mut(),
            std::ptr::null(),
            std::ptr::null(),
        )
    })?;
    set_cloexec(master, true)?;
    set_cloexec(slave, true)?;
    Ok([master, slave])
}

// ---- scheduling ----

/// A call whose result may be -1 without being an error.
fn unless_errno(call: impl FnOnce() -> c_int) -> Result<c_int> {
    // SAFETY: the location of `errno` is always valid for the thread.
    unsafe { *libc::__errno_location() = 0 };
    match call() {
        -1 => match Errno::last() {
            Errno(0) => Ok(-1),
            errno => Err(errno),
        },
        value => Ok(value),
    }
}

/// `nice`
pub(crate) fn nice(increment: c_int) -> Result<c_int> {
    // SAFETY: the call has no pointers.
    unless_errno(|| unsafe { libc::nice(increment) })
}

/// `getpriority`
pub(crate) fn getpriority(which: u32, who: id_t) -> Result<c_int> {
    // SAFETY: the call has no pointers.
    unless_errno(|| unsafe { libc::getpriority(which, who) })
}

/// `sched_getparam`: the priority.
pub(crate) fn sched_getparam(pid: pid_t) -> Result<c_int> {
    // SAFETY: the call fills in the struct.
    let param = unsafe { filled(|param: *mut libc::sched_param| libc::sched_getparam(pid, param)) };
    param.map(|param| param.sched_priority)
}

/// `sched_setparam`
pub(crate) fn sched_setparam(pid: pid_t, priority: c_int) -> Result<c_int> {
    let param = libc::sched_param { sched_priority: priority };
    // SAFETY: the call reads the struct.
    check(unsafe { libc::sched_setparam(pid, &raw const param) })
}

/// `sched_setscheduler`
pub(crate) fn sched_setscheduler(pid: pid_t, policy: c_int, priority: c_int) -> Result<c_int> {
    let param = libc::sched_param { sched_priority: priority };
    // SAFETY: the call reads the struct.
    check(unsafe { libc::sched_setscheduler(pid, policy, &raw const param) })
}

/// `sched_rr_get_interval`
pub(crate) fn sched_rr_get_interval(pid: pid_t) -> Result<libc::timespec> {
    // SAFETY: the call fills in the struct.
    unsafe { filled(|time| libc::sched_rr_get_interval(pid, time)) }
}

/// `sched_getaffinity`: a bit for each processor.
pub(crate) fn sched_getaffinity(pid: pid_t) -> Result<Vec<u64>> {
    let mut words = vec![0u64; 16];
    loop {
        // SAFETY: the call writes at most as many bytes as it is told.
        let result =
            unsafe { libc::sched_getaffinity(pid, size_of_val(&words[..]), words.as_mut_ptr().cast()) };
        match check(result) {
            Ok(_) => return Ok(words),
            Err(Errno(libc::EINVAL)) if words.len() < 1 << 14 => words.resize(2 * words.len(), 0),
            Err(errno) => return Err(errno),
        }
    }
}

/// `sched_setaffinity`
pub(crate) fn sched_setaffinity(pid: pid_t, words: &[u64]) -> Result<c_int> {
    // SAFETY: the call reads as many bytes as it is told.
    check(unsafe { libc::sched_setaffinity(pid, size_of_val(words), words.as_ptr().cast()) })
}

// ---- extended attributes ----

/// A value that a call writes into a buffer, and whose size it gives.
fn measured(call: impl Fn(*mut u8, size_t) -> ssize_t) -> Result<Vec<u8>> {
    let mut buffer = vec![0u8; 128];
    loop {
        match count(call(buffer.as_mut_ptr(), buffer.len())) {
            Ok(len) => {
                buffer.truncate(len);
                return Ok(buffer);
            }
            // The kernel's limit is 64 KiB.
            Err(Errno(libc::ERANGE)) if buffer.len() < 1 << 17 => buffer.resize(4 * buffer.len(), 0),
            Err(errno) => return Err(errno),
        }
    }
}

/// `getxattr`, of a link itself if asked so.
pub(crate) fn getxattr(place: &Place, name: &CStr, of_link: bool) -> Result<Vec<u8>> {
    // SAFETY: the calls read strings, and write at most as many bytes as they are told.
    measured(|value, size| unsafe {
        match place {
            Place::Fd(fd) => libc::fgetxattr(*fd, name.as_ptr(), value.cast(), size),
            Place::Path(path) if of_link => libc::lgetxattr(path.as_ptr(), name.as_ptr(), value.cast(), size),
            Place::Path(path) => libc::getxattr(path.as_ptr(), name.as_ptr(), value.cast(), size),
        }
    })
}

/// `listxattr`: names, each ended by NUL.
pub(crate) fn listxattr(place: &Place, of_link: bool) -> Result<Vec<u8>> {
    // SAFETY: the calls read strings, and write at most as many bytes as they are told.
    measured(|names, size| unsafe {
        match place {
            Place::Fd(fd) => libc::flistxattr(*fd, names.cast(), size),
            Place::Path(path) if of_link => libc::llistxattr(path.as_ptr(), names.cast(), size),
            Place::Path(path) => libc::listxattr(path.as_ptr(), names.cast(), size),
        }
    })
}

/// `setxattr`
pub(crate) fn setxattr(
    place: &Place,
    name: &CStr,
    value: &[u8],
    flags: c_int,
    of_link: bool,
) -> Result<c_int> {
    let (bytes, size) = (value.as_ptr().cast(), value.len());
    // SAFETY: the calls read strings, and as many bytes as they are told.
    check(unsafe {
        match place {
            Place::Fd(fd) => libc::fsetxattr(*fd, name.as_ptr(), bytes, size, flags),
            Place::Path(path) if of_link => libc::lsetxattr(path.as_ptr(), name.as_ptr(), bytes, size, flags),
            Place::Path(path) => libc::setxattr(path.as_ptr(), name.as_ptr(), bytes, size, flags),
        }
    })
}

// ---- reading and writing with flags ----

/// `preadv2` into one buffer.
pub(crate) fn preadv2(fd: c_int, buffer: &mut [u8], offset: off_t, flags: c_int) -> Result<usize> {
    let vector = libc::iovec { iov_base: buffer.as_mut_ptr().cast(), iov_len: buffer.len() };
    // SAFETY: the vector describes the buffer.
    count(unsafe { libc::preadv2(fd, &raw const vector, 1, offset, flags) })
}

/// `pwritev2` from one buffer.
pub(crate) fn pwritev2(fd: c_int, bytes: &[u8], offset: off_t, flags: c_int) -> Result<usize> {
    let vector = libc::iovec { iov_base: bytes.as_ptr().cast_mut().cast(), iov_len: bytes.len() };
    // SAFETY: the vector describes the bytes, which the call only reads.
    count(unsafe { libc::pwritev2(fd, &raw const vector, 1, offset, flags) })
}

// ---- timers ----

/// `timerfd_gettime`
pub(crate) fn timerfd_gettime(fd: c_int) -> Result<libc::itimerspec> {
    // SAFETY: the call fills in the struct.
    unsafe { filled(|timer| libc::timerfd_gettime(fd, timer)) }
}

/// `timerfd_settime`: the old setting.
pub(crate) fn timerfd_settime(fd: c_int, flags: c_int, new: &libc::itimerspec) -> Result<libc::itimerspec> {
    // SAFETY: the call reads a struct and fills in another.
    unsafe { filled(|old| libc::timerfd_settime(fd, flags, new, old)) }
}

// ---- resources ----

/// `getrusage`
pub(crate) fn getrusage(who: c_int) -> Result<libc::rusage> {
    // SAFETY: the call fills in the struct.
    unsafe { filled(|usage| libc::getrusage(who, usage)) }
}

/// `prlimit`: the old limits.
pub(crate) fn prlimit(pid: pid_t, resource: u32, new: Option<libc::rlimit>) -> Result<libc::rlimit> {
    let new = new.as_ref().map_or(std::ptr::null(), std::ptr::from_ref);
    // SAFETY: the call reads a struct, unless it is null, and fills in another.
    unsafe { filled(|old| libc::prlimit(pid, resource, new, old)) }
}

// ---- settings of terminals ----

/// `tcgetattr`
pub(crate) fn tcgetattr(fd: c_int) -> Result<libc::termios> {
    // SAFETY: the call fills in the struct.
    unsafe { filled(|settings| libc::tcgetattr(fd, settings)) }
}

/// `tcsetattr`
pub(crate) fn tcsetattr(fd: c_int, when: c_int, settings: &libc::termios) -> Result<c_int> {
    // SAFETY: the call reads the struct.
    check(unsafe { libc::tcsetattr(fd, when, settings) })
}

/// The speeds of input and output.
pub(crate) fn speeds(settings: &libc::termios) -> (u32, u32) {
    // SAFETY: the calls read the struct.
    unsafe { (libc::cfgetispeed(settings), libc::cfgetospeed(settings)) }
}

/// Sets the speeds of input and output.
pub(crate) fn set_speeds(settings: &mut libc::termios, input: u32, output: u32) -> Result<c_int> {
    // SAFETY: the call changes the struct.
    check(unsafe { libc::cfsetispeed(settings, input) })?;
    // SAFETY: the call changes the struct.
    check(unsafe { libc::cfsetospeed(settings, output) })
}

/// Sets the size of a terminal.
pub(crate) fn set_window_size(fd: c_int, size: &libc::winsize) -> Result<c_int> {
    // SAFETY: the operation reads the struct.
    check(unsafe { libc::ioctl(fd, libc::TIOCSWINSZ, std::ptr::from_ref(size)) })
}
