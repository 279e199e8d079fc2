//! The C library's locale.
//!
//! # Safety model
//!
//! `setlocale` may not run while another thread asks about the locale, and what C returns may be overwritten by the
//! next call. So every function here holds [`LOCK`], and copies what it got before it lets go. Strings passed to C end
//! with a zero.
#![expect(unsafe_code, reason = "the locale of the process is the C library's")]

use std::ffi::{CStr, c_char, c_int};
use std::ptr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, Once, PoisonError};

/// Functions that the crate `libc` does not declare.
mod intl {
    use super::{c_char, c_int};

    unsafe extern "C" {
        pub(super) fn gettext(message: *const c_char) -> *const c_char;
        pub(super) fn dgettext(domain: *const c_char, message: *const c_char) -> *const c_char;
        pub(super) fn dcgettext(
            domain: *const c_char,
            message: *const c_char,
            category: c_int,
        ) -> *const c_char;
        pub(super) fn textdomain(domain: *const c_char) -> *const c_char;
        pub(super) fn bindtextdomain(domain: *const c_char, directory: *const c_char) -> *const c_char;
        pub(super) fn bind_textdomain_codeset(domain: *const c_char, codeset: *const c_char)
        -> *const c_char;
        pub(super) fn wcscoll(a: *const libc::wchar_t, b: *const libc::wchar_t) -> c_int;
        pub(super) fn wcsxfrm(to: *mut libc::wchar_t, from: *const libc::wchar_t, len: usize) -> usize;
    }
}

static LOCK: Mutex<()> = Mutex::new(());

/// How often the locale was set.
static CHANGES: AtomicU64 = AtomicU64::new(0);

fn locked<R>(call: impl FnOnce() -> R) -> R {
    let _guard = LOCK.lock().unwrap_or_else(PoisonError::into_inner);
    call()
}

/// A copy of a string of C's; nothing for a null pointer.
///
/// # Safety
/// The pointer is null, or to a string that ends with a zero and does not change meanwhile.
unsafe fn copy(string: *const c_char) -> Option<Vec<u8>> {
    // SAFETY: the caller says so.
    (!string.is_null()).then(|| unsafe { CStr::from_ptr(string) }.to_bytes().to_vec())
}

fn pointer(string: Option<&CStr>) -> *const c_char {
    string.map_or(ptr::null(), CStr::as_ptr)
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

/// Takes the character encoding from the environment, once for a process; where that is ASCII, UTF-8.
pub(super) fn initialise() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let current = set_locale(libc::LC_CTYPE, Some(c""));
        if current.is_none_or(|name| matches!(name.as_slice(), b"C" | b"POSIX")) {
            set_locale(libc::LC_CTYPE, Some(c"C.UTF-8"));
        }
    });
}

/// Sets the locale of a category, or asks for it; nothing if there is no such locale.
pub(super) fn set_locale(category: i32, name: Option<&CStr>) -> Option<Vec<u8>> {
    locked(|| {
        // SAFETY: the name is null or ends with a zero, and so does the result.
        let result = unsafe { copy(libc::setlocale(category, pointer(name))) };
        if result.is_some() && name.is_some() {
            CHANGES.fetch_add(1, Ordering::Release);
        }
        result
    })
}

/// What `localeconv` says.
pub(super) struct Conventions {
    pub(super) texts: [Vec<u8>; 8],
    pub(super) numbers: [i32; 8],
    pub(super) grouping: Vec<u8>,
    pub(super) mon_grouping: Vec<u8>,
}

/// How numbers and amounts of money are written.
pub(super) fn conventions() -> Conventions {
    locked(|| {
        // SAFETY: the result is a struct of C's, whose strings end with zeros.
        unsafe {
            let it = &*libc::localeconv();
            let text = |string: *mut c_char| copy(string).unwrap_or_default();
            Conventions {
                texts: [
                    it.int_curr_symbol,
                    it.currency_symbol,
                    it.mon_decimal_point,
                    it.mon_thousands_sep,
                    it.positive_sign,
                    it.negative_sign,
                    it.decimal_point,
                    it.thousands_sep,
                ]
                .map(text),
                numbers: [
                    it.int_frac_digits,
                    it.frac_digits,
                    it.p_cs_precedes,
                    it.p_sep_by_space,
                    it.n_cs_precedes,
                    it.n_sep_by_space,
                    it.p_sign_posn,
                    it.n_sign_posn,
                ]
                .map(i32::from),
                grouping: text(it.grouping),
                mon_grouping: text(it.mon_grouping),
            }
        }
    })
}

/// An item of the locale, by a number that C defines.
pub(super) fn language_info(item: i32) -> Vec<u8> {
    // SAFETY: the function takes any number, and returns a string.
    locked(|| unsafe { copy(libc::nl_langinfo(item)).unwrap_or_default() })
}

/// Compares two texts, each a row of characters with a zero behind them.
pub(super) fn collate(a: &[libc::wchar_t], b: &[libc::wchar_t]) -> i32 {
    assert!(a.last() == Some(&0) && b.last() == Some(&0), "a zero ends each text");
    // SAFETY: both end with a zero.
    locked(|| unsafe { intl::wcscoll(a.as_ptr(), b.as_ptr()) })
}

/// What a text, with a zero behind it, is compared by.
pub(super) fn transform(text: &[libc::wchar_t]) -> Vec<libc::wchar_t> {
    assert!(text.last() == Some(&0), "a zero ends the text");
    locked(|| {
        let mut result = vec![0; text.len() + 1];
        loop {
            // SAFETY: the text ends with a zero, and the buffer has the length that is told.
            let needed = unsafe { intl::wcsxfrm(result.as_mut_ptr(), text.as_ptr(), result.len()) };
            if needed < result.len() {
                result.truncate(needed);
                return result;
            }
            result.resize(needed + 1, 0);
        }
    })
}

/// The translation of a message, in a domain and a category if they are given.
pub(super) fn translate(domain: Option<&CStr>, message: &CStr, category: Option<i32>) -> Vec<u8> {
    let (domain_pointer, message_pointer) = (pointer(domain), message.as_ptr());
    // SAFETY: the strings end with zeros, the domain may be null, and the result is a string.
    let translation = locked(|| unsafe {
        copy(match category {
            Some(category) => intl::dcgettext(domain_pointer, message_pointer, category),
            None if domain.is_some() => intl::dgettext(domain_pointer, message_pointer),
            None => intl::gettext(message_pointer),
        })
    });
    translation.unwrap_or_default()
}

/// Sets the domain of messages, or asks for it.
pub(super) fn text_domain(domain: Option<&CStr>) -> Option<Vec<u8>> {
    // SAFETY: the domain is null or ends with a zero.
    locked(|| unsafe { copy(intl::textdomain(pointer(domain))) })
}

/// Sets where the messages of a domain are, or asks for it.
pub(super) fn bind_directory(domain: &CStr, directory: Option<&CStr>) -> Option<Vec<u8>> {
    // SAFETY: the strings end with zeros, or are null.
    locked(|| unsafe { copy(intl::bindtextdomain(domain.as_ptr(), pointer(directory))) })
}

/// Sets the encoding of the messages of a domain, or asks for it.
pub(super) fn bind_codeset(domain: &CStr, codeset: Option<&CStr>) -> Option<Vec<u8>> {
    // SAFETY: the strings end with zeros, or are null.
    locked(|| unsafe { copy(intl::bind_textdomain_codeset(domain.as_ptr(), pointer(codeset))) })
}
