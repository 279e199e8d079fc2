//! The C library's locale.
//!
//! # Safety model
//!
//! `setlocale` may not run while another thread asks about the locale. The interpreters of a process exclude each other
//! only within one interpreter, so every function here holds [`LOCK`]. Strings that C returns are copied before it is
//! let go; those passed to C end with a zero.
#![expect(unsafe_code, reason = "the locale of the process is the C library's")]

use std::ffi::{CStr, CString};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

static LOCK: Mutex<()> = Mutex::new(());

/// How often the locale was set.
static CHANGES: AtomicU64 = AtomicU64::new(0);

fn locked<R>(call: impl FnOnce() -> R) -> R {
    let _guard = LOCK.lock().unwrap_or_else(PoisonError::into_inner);
    call()
}

/// A number that changes when the locale does.
pub(crate) fn changes() -> u64 {
    CHANGES.load(Ordering::Acquire)
}

/// A byte in lower case.
pub(crate) fn to_lower(byte: u8) -> u8 {
    // SAFETY: the function takes any unsigned char.
    locked(|| unsafe { libc::tolower(byte.into()) as u8 })
}

/// A byte in upper case.
pub(crate) fn to_upper(byte: u8) -> u8 {
    // SAFETY: as above.
    locked(|| unsafe { libc::toupper(byte.into()) as u8 })
}

/// Whether a byte is a letter or a digit.
pub(crate) fn is_alphanumeric(byte: u8) -> bool {
    // SAFETY: as above.
    locked(|| unsafe { libc::isalnum(byte.into()) != 0 })
}

/// Sets the locale of a category, or asks for it; nothing if there is no such locale.
pub(super) fn set_locale(category: i32, name: Option<&CStr>) -> Option<CString> {
    locked(|| {
        let name = name.map_or(std::ptr::null(), CStr::as_ptr);
        // SAFETY: the name is null or ends with a zero, and so does the result.
        unsafe {
            let result = libc::setlocale(category, name);
            if result.is_null() {
                return None;
            }
            if !name.is_null() {
                CHANGES.fetch_add(1, Ordering::Release);
            }
            Some(CStr::from_ptr(result).to_owned())
        }
    })
}
