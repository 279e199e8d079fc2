//! The C library's locale.
//!
//! # Safety model
//!
//! `setlocale` may not run while another thread asks about the locale, and what C returns may be overwritten by the
//! next call. So whatever looks at the locale runs in [`locked`], here and elsewhere in the library, and copies what it got
//! before it lets go. Strings passed to C end with a zero.
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
        pub(super) fn mbtowc(to: *mut libc::wchar_t, from: *const c_char, len: usize) -> c_int;
        pub(super) fn wcscoll(a: *const libc::wchar_t, b: *const libc::wchar_t) -> c_int;
        pub(super) fn wcsxfrm(to: *mut libc::wchar_t, from: *const libc::wchar_t, len: usize) -> usize;
    }
}

static LOCK: Mutex<()> = Mutex::new(());

/// How often the locale was set.
static CHANGES: AtomicU64 = AtomicU64::new(0);

/// Calls what looks at the locale.
pub(crate) fn locked<R>(call: impl FnOnce() -> R) -> R {
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

/// Bytes that are no text in the locale's encoding.
pub(super) struct Undecodable {
    pub(super) bytes: Vec<u8>,
    pub(super) at: usize,
}

/// The characters of a text of C's.
pub(super) type Decoded = Result<Vec<u32>, Undecodable>;

/// Decodes a text as the locale of the category `LC_CTYPE` says.
pub(super) fn decode(bytes: Vec<u8>) -> Decoded {
    locked(|| decode_now(bytes))
}

/// Decodes a text that belongs to a category, which may have another encoding than the category `LC_CTYPE` has now.
fn decode_for(category: c_int, bytes: Vec<u8>) -> Decoded {
    // SAFETY: the names end with zeros, null asks.
    let name = |category| unsafe { copy(libc::setlocale(category, ptr::null())) };
    let (own, current) = (name(category), name(libc::LC_CTYPE));
    let (Some(own), Some(current)) = (own, current) else { return decode_now(bytes) };
    if bytes.is_ascii() || own == current {
        return decode_now(bytes);
    }
    let set = |mut name: Vec<u8>| {
        name.push(0);
        // SAFETY: a zero was just put behind the name.
        unsafe { libc::setlocale(libc::LC_CTYPE, name.as_ptr().cast()) };
    };
    set(own);
    let decoded = decode_now(bytes);
    set(current);
    decoded
}

fn decode_now(bytes: Vec<u8>) -> Decoded {
    let mut characters = Vec::new();
    let mut at = 0;
    // SAFETY: null forgets the state of an earlier text.
    unsafe { intl::mbtowc(ptr::null_mut(), ptr::null(), 0) };
    while at < bytes.len() {
        let (mut character, rest) = (0, &bytes[at..]);
        // SAFETY: at most the rest is read, and one character written.
        let read = unsafe { intl::mbtowc(&raw mut character, rest.as_ptr().cast(), rest.len()) };
        match (usize::try_from(read), char::from_u32(character as u32)) {
            (Ok(read @ 1..), Some(character)) => {
                characters.push(character.into());
                at += read;
            }
            _ => return Err(Undecodable { bytes, at }),
        }
    }
    Ok(characters)
}

/// What `localeconv` says.
pub(super) struct Conventions {
    pub(super) texts: [Decoded; 8],
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
            let bytes = |string: *mut c_char| copy(string).unwrap_or_default();
            let texts = [
                it.int_curr_symbol,
                it.currency_symbol,
                it.mon_decimal_point,
                it.mon_thousands_sep,
                it.positive_sign,
                it.negative_sign,
                it.decimal_point,
                it.thousands_sep,
            ]
            .map(bytes);
            let mut conventions = Conventions {
                texts: [const { Ok(Vec::new()) }; 8],
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
                grouping: bytes(it.grouping),
                mon_grouping: bytes(it.mon_grouping),
            };
            // The struct is C's, and decoding may change it.
            for (index, text) in texts.into_iter().enumerate() {
                let category = if index < MONETARY { libc::LC_MONETARY } else { libc::LC_NUMERIC };
                conventions.texts[index] = decode_for(category, text);
            }
            conventions
        }
    })
}

/// How many of the first texts are about money.
const MONETARY: usize = 6;

/// An item of the locale, by a number that C defines, which belongs to a category. It has at most so many strings, one
/// behind the other, between which semicolons are put; if there may be more than one, an empty one ends them.
pub(super) fn language_info(item: i32, category: i32, most: usize) -> Decoded {
    locked(|| {
        let mut bytes = Vec::new();
        // SAFETY: the function takes any number, and returns a string.
        let mut string = unsafe { libc::nl_langinfo(item) };
        for index in 0..most {
            // SAFETY: it is the first string, or the one behind a string that is not the last.
            let Some(part) = (unsafe { copy(string) }).filter(|part| !part.is_empty()) else { break };
            if index > 0 {
                bytes.push(b';');
            }
            bytes.extend_from_slice(&part);
            string = string.wrapping_add(part.len() + 1);
        }
        decode_for(category, bytes)
    })
}

/// Compares two texts, each a row of characters with a zero behind them.
pub(super) fn collate(a: &[libc::wchar_t], b: &[libc::wchar_t]) -> i32 {
    assert!(a.last() == Some(&0) && b.last() == Some(&0), "a zero ends each text");
    // SAFETY: both end with a zero.
    locked(|| unsafe { intl::wcscoll(a.as_ptr(), b.as_ptr()) })
}

/// What a text, with a zero behind it, is compared by; nothing if memory is out.
pub(super) fn transform(text: &[libc::wchar_t]) -> Option<Vec<libc::wchar_t>> {
    assert!(text.last() == Some(&0), "a zero ends the text");
    locked(|| {
        let mut result = Vec::new();
        let mut room = text.len() + 1;
        loop {
            result.try_reserve_exact(room - result.len()).ok()?;
            result.resize(room, 0);
            // SAFETY: the text ends with a zero, and the buffer has the length that is told.
            let needed = unsafe { intl::wcsxfrm(result.as_mut_ptr(), text.as_ptr(), result.len()) };
            if needed < result.len() {
                result.truncate(needed);
                return Some(result);
            }
            room = needed + 1;
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
