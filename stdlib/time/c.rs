//! Calendar time, as the C library computes it from the system's time zones.
//!
//! # Safety model
//!
//! The functions fill in structs that live in this module's functions, or write into a buffer whose size they are told. A broken
//! down time that goes to C carries the name of its zone as a pointer, which outlives the call. What depends on the locale
//! runs under the lock of [`crate::locale`].
#![expect(unsafe_code, reason = "time zones and strftime are the C library's")]

use std::ffi::{CStr, CString, c_int};
use std::mem::MaybeUninit;
use std::ptr;

use libc::{clockid_t, timespec, tm};

use crate::locale::locked;

/// The number of an error.
pub(super) type Result<T> = std::result::Result<T, i32>;

fn errno() -> i32 {
    std::io::Error::last_os_error().raw_os_error().unwrap_or(0)
}

fn check(result: c_int) -> Result<()> {
    if result == -1 { Err(errno()) } else { Ok(()) }
}

/// A broken-down time, with C's conventions: months, and days of the year, count from 0, years from 1900.
#[derive(Clone, Debug, Default)]
pub(super) struct Calendar {
    pub(super) year: i32,
    pub(super) month: i32,
    pub(super) day: i32,
    pub(super) hour: i32,
    pub(super) minute: i32,
    pub(super) second: i32,
    pub(super) weekday: i32,
    pub(super) yearday: i32,
    pub(super) summer: i32,
    /// Seconds east of Greenwich.
    pub(super) offset: i64,
    pub(super) zone: Option<CString>,
}

impl Calendar {
    /// # Safety
    /// The struct was filled in by the library, so its zone is a string or null.
    unsafe fn from_c(time: &tm) -> Self {
        // SAFETY: the caller's.
        let zone = unsafe { (!time.tm_zone.is_null()).then(|| CStr::from_ptr(time.tm_zone).to_owned()) };
        Self {
            year: time.tm_year,
            month: time.tm_mon,
            day: time.tm_mday,
            hour: time.tm_hour,
            minute: time.tm_min,
            second: time.tm_sec,
            weekday: time.tm_wday,
            yearday: time.tm_yday,
            summer: time.tm_isdst,
            offset: time.tm_gmtoff,
            zone,
        }
    }

    /// The struct, which borrows the zone's name.
    fn to_c(&self) -> tm {
        tm {
            tm_year: self.year,
            tm_mon: self.month,
            tm_mday: self.day,
            tm_hour: self.hour,
            tm_min: self.minute,
            tm_sec: self.second,
            tm_wday: self.weekday,
            tm_yday: self.yearday,
            tm_isdst: self.summer,
            tm_gmtoff: self.offset,
            tm_zone: self.zone.as_ref().map_or(ptr::null(), |zone| zone.as_ptr()),
        }
    }
}

/// A point in time, in Greenwich.
pub(super) fn gmtime(seconds: i64) -> Result<Calendar> {
    let mut time = MaybeUninit::zeroed();
    // SAFETY: the call fills the struct in, or returns null.
    unsafe {
        if libc::gmtime_r(&raw const seconds, time.as_mut_ptr()).is_null() {
            return Err(errno());
        }
        Ok(Calendar::from_c(&time.assume_init()))
    }
}

/// A point in time, where we are.
pub(super) fn localtime(seconds: i64) -> Result<Calendar> {
    let mut time = MaybeUninit::zeroed();
    // SAFETY: as in `gmtime`.
    unsafe {
        if libc::localtime_r(&raw const seconds, time.as_mut_ptr()).is_null() {
            return Err(errno());
        }
        Ok(Calendar::from_c(&time.assume_init()))
    }
}

/// The point in time of a local time; `None` if there is none.
pub(super) fn mktime(calendar: &Calendar) -> Option<i64> {
    // The day of the week is computed: it tells an error from the second before the epoch.
    let mut time = tm { tm_wday: -1, ..calendar.to_c() };
    // SAFETY: the struct is read and normalised.
    let seconds = unsafe { libc::mktime(&raw mut time) };
    (seconds != -1 || time.tm_wday != -1).then_some(seconds)
}

/// Text in a format of the C library.
pub(super) fn strftime(format: &CStr, calendar: &Calendar) -> Vec<u8> {
    let time = calendar.to_c();
    let length = format.to_bytes().len();
    let mut buffer: Vec<u8> = Vec::new();
    let mut size = 1024;
    // Nothing written means that there is no room, or nothing to write: the format decides how long to try.
    while size < 1 << 30 {
        buffer.resize(size, 0);
        // SAFETY: at most `size` bytes are written; the struct and the format are read.
        let written = locked(|| unsafe {
            libc::strftime(buffer.as_mut_ptr().cast(), size, format.as_ptr(), &raw const time)
        });
        if written > 0 || size >= 256 * length {
            buffer.truncate(written);
            return buffer;
        }
        size *= 2;
    }
    Vec::new()
}

unsafe extern "C" {
    /// Reads `$TZ`.
    #[link_name = "tzset"]
    fn c_tzset();
}

/// Learns the time zone anew.
pub(super) fn tzset() {
    // SAFETY: no arguments.
    unsafe { c_tzset() };
}

/// The time of a clock, in nanoseconds.
pub(super) fn clock_gettime(clock: clockid_t) -> Result<i64> {
    let mut time = MaybeUninit::zeroed();
    // SAFETY: the call fills the struct in.
    unsafe {
        check(libc::clock_gettime(clock, time.as_mut_ptr()))?;
        Ok(nanoseconds(&time.assume_init()))
    }
}

/// The resolution of a clock, in nanoseconds.
pub(super) fn clock_getres(clock: clockid_t) -> Result<i64> {
    let mut time = MaybeUninit::zeroed();
    // SAFETY: the call fills the struct in.
    unsafe {
        check(libc::clock_getres(clock, time.as_mut_ptr()))?;
        Ok(nanoseconds(&time.assume_init()))
    }
}

fn nanoseconds(time: &timespec) -> i64 {
    time.tv_sec * 1_000_000_000 + time.tv_nsec
}

/// Sets a clock.
pub(super) fn clock_settime(clock: clockid_t, nanoseconds: i64) -> Result<()> {
    let time = timespec {
        tv_sec: nanoseconds.div_euclid(1_000_000_000),
        tv_nsec: nanoseconds.rem_euclid(1_000_000_000),
    };
    // SAFETY: the struct is read.
    check(unsafe { libc::clock_settime(clock, &raw const time) })
}

/// The clock of this thread's CPU time.
pub(super) fn own_clock() -> Result<clockid_t> {
    let mut clock = 0;
    // SAFETY: the thread is the running one; the number is filled in.
    match unsafe { libc::pthread_getcpuclockid(libc::pthread_self(), &raw mut clock) } {
        0 => Ok(clock),
        error => Err(error),
    }
}
