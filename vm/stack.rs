//! The native stack: how far it may grow.
//!
//! Native recursion is bounded by comparing the stack's address with the thread's bound, never by counting, so that it ends
//! in RecursionError wherever frames are large or small.
#![expect(unsafe_code, reason = "asks the operating system for the bounds of the stack")]

use std::mem::MaybeUninit;

/// Bytes kept for what runs between two checks, error construction included.
const RESERVE: usize = 256 * 1024;

/// The address of about the top of the stack.
#[inline(always)]
pub fn address() -> usize {
    let marker = 0u8;
    std::hint::black_box(&raw const marker).addr()
}

/// The lowest address that the current thread may use. Miri's stack has no bounds: its variables lie anywhere.
pub fn limit() -> usize {
    if cfg!(miri) {
        return 0;
    }
    let bounds = main_bounds().or_else(bounds);
    bounds.map_or_else(|| address().saturating_sub(1 << 20), |(low, _)| low) + RESERVE
}

/// The main thread's stack, for which the C library would read the list of all mappings: it begins with what the kernel
/// passes to the program, its file name first of all, and grows as far as the process is allowed.
#[cfg(target_os = "linux")]
fn main_bounds() -> Option<(usize, usize)> {
    let mut allowed = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    // SAFETY: the calls take no memory but the limit's.
    let (is_main, top, status) = unsafe {
        let is_main = libc::getpid() == libc::gettid();
        (is_main, libc::getauxval(libc::AT_EXECFN), libc::getrlimit(libc::RLIMIT_STACK, &raw mut allowed))
    };
    let (top, size) = (usize::try_from(top).ok()?, usize::try_from(allowed.rlim_cur).ok()?);
    let low = top.checked_sub(size)?;
    let is_here = (low..top).contains(&address());
    (is_main && status == 0 && is_here).then_some((low, size))
}

#[cfg(not(target_os = "linux"))]
fn main_bounds() -> Option<(usize, usize)> {
    None
}

/// The current thread's stack: lowest address and size.
fn bounds() -> Option<(usize, usize)> {
    let mut attributes = MaybeUninit::<libc::pthread_attr_t>::uninit();
    let (mut low, mut size) = (std::ptr::null_mut(), 0);
    // SAFETY: the attributes are initialised by the first call, read by the second, and destroyed once.
    unsafe {
        if libc::pthread_getattr_np(libc::pthread_self(), attributes.as_mut_ptr()) != 0 {
            return None;
        }
        let status = libc::pthread_attr_getstack(attributes.as_ptr(), &raw mut low, &raw mut size);
        libc::pthread_attr_destroy(attributes.as_mut_ptr());
        (status == 0).then(|| (low.addr(), size))
    }
}
