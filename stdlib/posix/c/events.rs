//! Waiting for descriptors: `select`, `poll`, `epoll`; and `fcntl` and `ioctl` with memory.

use super::*;

/// Descriptors by their numbers below 1024.
#[derive(Clone, Copy)]
pub(crate) struct FdSet(libc::fd_set);

impl FdSet {
    /// None.
    pub(crate) fn new() -> Self {
        let mut set = MaybeUninit::uninit();
        // SAFETY: the call initialises the set.
        unsafe {
            libc::FD_ZERO(set.as_mut_ptr());
            Self(set.assume_init())
        }
    }

    /// Adds one; false if the number is too large.
    pub(crate) fn insert(&mut self, fd: c_int) -> bool {
        let fits = (0..libc::FD_SETSIZE as c_int).contains(&fd);
        if fits {
            // SAFETY: the number lies within the set.
            unsafe { libc::FD_SET(fd, &raw mut self.0) };
        }
        fits
    }

    /// Whether one is there.
    pub(crate) fn contains(&self, fd: c_int) -> bool {
        // SAFETY: the number lies within the set.
        (0..libc::FD_SETSIZE as c_int).contains(&fd) && unsafe { libc::FD_ISSET(fd, &raw const self.0) }
    }
}

/// `select`: changes the sets to what is ready.
pub(crate) fn select(
    count: c_int,
    sets: &mut [FdSet; 3],
    timeout: Option<std::time::Duration>,
) -> Result<c_int> {
    let mut time = timeout.map(|timeout| libc::timeval {
        tv_sec: timeout.as_secs() as i64,
        tv_usec: i64::from(timeout.subsec_nanos().div_ceil(1000)),
    });
    let time = time.as_mut().map_or(std::ptr::null_mut(), std::ptr::from_mut);
    let [read, write, other] = sets;
    // SAFETY: the call reads and writes three sets, and a struct unless it is null.
    check(unsafe { libc::select(count, &raw mut read.0, &raw mut write.0, &raw mut other.0, time) })
}

/// `poll`: fills in what happened.
pub(crate) fn poll(fds: &mut [libc::pollfd], timeout: c_int) -> Result<c_int> {
    // SAFETY: the call reads and writes as many structs as there are.
    check(unsafe { libc::poll(fds.as_mut_ptr(), fds.len() as libc::nfds_t, timeout) })
}

/// `epoll_create1`
pub(crate) fn epoll_create(flags: c_int) -> Result<c_int> {
    // SAFETY: the call has no pointers.
    check(unsafe { libc::epoll_create1(flags) })
}

/// `epoll_ctl`
pub(crate) fn epoll_ctl(epoll: c_int, operation: c_int, fd: c_int, events: u32) -> Result<c_int> {
    let mut event = libc::epoll_event { events, u64: fd as u64 };
    // SAFETY: the call reads the struct.
    check(unsafe { libc::epoll_ctl(epoll, operation, fd, &raw mut event) })
}

/// `epoll_wait`: descriptors and what happened to them.
pub(crate) fn epoll_wait(epoll: c_int, most: c_int, timeout: c_int) -> Result<Vec<(c_int, u32)>> {
    let mut events = vec![libc::epoll_event { events: 0, u64: 0 }; most.max(1) as usize];
    // SAFETY: the call writes at most as many structs as there are.
    let count = check(unsafe { libc::epoll_wait(epoll, events.as_mut_ptr(), most, timeout) })?;
    events.truncate(count as usize);
    Ok(events.iter().map(|event| (event.u64 as c_int, event.events)).collect())
}

/// `fcntl` with memory that the kernel reads and writes. There are 1024 bytes more than Python's argument has, which no
/// operation exceeds.
pub(crate) fn fcntl_memory(fd: c_int, operation: c_int, memory: &mut Vec<u8>) -> Result<c_int> {
    let len = memory.len();
    memory.resize(len + 1024, 0);
    // SAFETY: the operations of the kernel read and write structs of less than 1024 bytes.
    let result = check(unsafe { libc::fcntl(fd, operation, memory.as_mut_ptr()) });
    memory.truncate(len);
    result
}

/// `ioctl` with a number.
pub(crate) fn ioctl_number(fd: c_int, request: u64, argument: i64) -> Result<c_int> {
    // SAFETY: programs that pass an address as a number vouch for it, as `ctypes` users do.
    check(unsafe { libc::ioctl(fd, request, argument) })
}

/// `ioctl` with memory that the kernel reads and writes; see [`fcntl_memory`].
pub(crate) fn ioctl_memory(fd: c_int, request: u64, memory: &mut Vec<u8>) -> Result<c_int> {
    let len = memory.len();
    // The size of the struct is part of the number of most requests.
    let size = ((request >> 16) & 0x3fff) as usize;
    memory.resize(len.max(size) + 1024, 0);
    // SAFETY: there is as much memory as the request's number says, and more for those that do not say.
    let result = check(unsafe { libc::ioctl(fd, request, memory.as_mut_ptr()) });
    memory.truncate(len);
    result
}

/// `fcntl(F_SETLK)` and its like, with a lock.
pub(crate) fn fcntl_lock(fd: c_int, operation: c_int, lock: &libc::flock) -> Result<c_int> {
    // SAFETY: the call reads the struct.
    check(unsafe { libc::fcntl(fd, operation, std::ptr::from_ref(lock)) })
}
