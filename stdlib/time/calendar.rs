//! Broken-down time: `struct_time`, and its way from and to seconds and text.

use std::ffi::CString;

use pyx_vm::exception::{PyResult, Raised};
use pyx_vm::heap::inline::{Str, Tuple};
use pyx_vm::native::*;
use pyx_vm::protocol::duration::Rounding;
use pyx_vm::struct_sequence;
use pyx_vm::text::wtf8::{Text, TextBuf};
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

use super::c::{self, Calendar};

struct_sequence! {
    pub(super) static STRUCT_TIME: "time", "struct_time", "A point in time as gmtime(), localtime() and strptime() give it, \
        it, and asctime(), mktime() and strftime() take it: nine ints, and the zone.";
    visible {
        tm_year: "the year, such as 1993",
        tm_mon: "the month, from 1 to 12",
        tm_mday: "the day of the month, from 1 to 31",
        tm_hour: "the hour, from 0 to 23",
        tm_min: "the minute, from 0 to 59",
        tm_sec: "the second, from 0 to 61",
        tm_wday: "the day of the week, from 0 to 6, Monday being 0",
        tm_yday: "the day of the year, from 1 to 366",
        tm_isdst: "1 in summer time, 0 otherwise, -1 if that is not known",
    }
    hidden {
        tm_zone: "the abbreviation of the time zone",
        tm_gmtoff: "seconds east of Greenwich",
    }
}

fn error(vm: &Thread, errno: i32) -> Raised {
    vm.errno_error(errno, None, None)
}

fn object(vm: &Thread, time: &Calendar) -> PyResult {
    let int = |value: i32| vm.int(i64::from(value));
    let zone = time.zone.as_ref().map_or(&b""[..], |zone| zone.to_bytes());
    let items = [
        vm.int(i64::from(time.year) + 1900)?,
        int(time.month + 1)?,
        int(time.day)?,
        int(time.hour)?,
        int(time.minute)?,
        int(time.second)?,
        int((time.weekday + 6) % 7)?,
        int(time.yearday + 1)?,
        int(time.summer)?,
        vm.fs_decode(zone)?,
        vm.int(time.offset)?,
    ];
    vm.struct_sequence(&STRUCT_TIME, &items)
}

/// Whole seconds since the epoch; now, if nothing is given.
fn seconds(vm: &Thread, seconds: Option<Ref<'_>>) -> PyResult<i64> {
    match seconds.filter(|seconds| !seconds.is_none()) {
        Some(seconds) => vm.to_time_t(seconds, Rounding::Floor),
        None => Ok(super::since_epoch() / 1_000_000_000),
    }
}

pub(super) fn gmtime(vm: &Thread, time: Option<Ref<'_>>) -> PyResult {
    let time = c::gmtime(seconds(vm, time)?).map_err(|errno| error(vm, errno))?;
    object(vm, &time)
}

pub(super) fn localtime(vm: &Thread, time: Option<Ref<'_>>) -> PyResult {
    object(vm, &local(vm, seconds(vm, time)?)?)
}

fn local(vm: &Thread, seconds: i64) -> PyResult<Calendar> {
    c::localtime(seconds).map_err(|errno| error(vm, errno))
}

pub(super) fn ctime(vm: &Thread, time: Option<Ref<'_>>) -> PyResult {
    let time = local(vm, seconds(vm, time)?)?;
    vm.str(&text(&time))
}

pub(super) fn asctime(vm: &Thread, tuple: Option<Ref<'_>>) -> PyResult {
    let time = match tuple {
        Some(tuple) => checked(vm, calendar(vm, "asctime", tuple)?)?,
        None => local(vm, seconds(vm, None)?)?,
    };
    vm.str(&text(&time))
}

/// As C's `asctime` has it, for any year: `Sun Jan  2 03:04:05 2000`.
fn text(time: &Calendar) -> String {
    const DAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let name = |names: &[&'static str], index: i32| names[index as usize % names.len()];
    format!(
        "{} {}{:3} {:02}:{:02}:{:02} {}",
        name(&DAYS, time.weekday),
        name(&MONTHS, time.month),
        time.day,
        time.hour,
        time.minute,
        time.second,
        i64::from(time.year) + 1900,
    )
}

pub(super) fn mktime(vm: &Thread, tuple: Ref<'_>) -> PyResult {
    match c::mktime(&calendar(vm, "mktime", tuple)?) {
        Some(seconds) => vm.float(seconds as f64),
        None => Err(vm.overflow_error("mktime argument out of range")),
    }
}

/// The nine items of a tuple, and the zone of a struct_time.
fn calendar(vm: &Thread, function: &str, tuple: Ref<'_>) -> PyResult<Calendar> {
    let Some(items) = tuple.downcast::<Tuple>() else {
        return Err(vm.type_error("Tuple or struct_time argument required"));
    };
    if items.len() != 9 {
        return Err(vm.type_error(format_args!("{function}(): illegal time tuple argument")));
    }
    let mut numbers = [0; 9];
    for (number, item) in numbers.iter_mut().zip(items.as_slice()) {
        *number = vm.to_i32(item.borrow())?;
    }
    let [year, month, day, hour, minute, second, weekday, yearday, summer] = numbers;
    let Some(year) = year.checked_sub(1900) else { return Err(vm.overflow_error("year out of range")) };
    let mut time = Calendar {
        year,
        month: month.wrapping_sub(1),
        day,
        hour,
        minute,
        second,
        weekday: weekday.wrapping_add(1) % 7,
        yearday: yearday.wrapping_sub(1),
        summer,
        offset: 0,
        zone: None,
    };
    if vm.class_object(tuple).borrow().is(vm.class_of(&STRUCT_TIME)?.borrow()) {
        let zone = vm.get_attr(tuple, vm.intern("tm_zone")?.borrow())?;
        if let Some(zone) = zone.borrow().downcast::<Str>() {
            time.zone = CString::new(zone.as_bytes()).ok();
        }
        let offset = vm.get_attr(tuple, vm.intern("tm_gmtoff")?.borrow())?;
        if !offset.borrow().is_none() {
            time.offset = vm.to_i64(offset.borrow())?;
        }
    }
    Ok(time)
}

/// Refuses items that are out of range; 0 counts as 1 where counting starts there.
fn checked(vm: &Thread, mut time: Calendar) -> PyResult<Calendar> {
    let check = |value: i32, range: std::ops::RangeInclusive<i32>, what: &str| {
        if range.contains(&value) { Ok(()) } else { Err(vm.value_error(format_args!("{what} out of range"))) }
    };
    if time.month == -1 {
        time.month = 0;
    }
    if time.day == 0 {
        time.day = 1;
    }
    if time.yearday == -1 {
        time.yearday = 0;
    }
    check(time.month, 0..=11, "month")?;
    check(time.day, 0..=31, "day of month")?;
    check(time.hour, 0..=23, "hour")?;
    check(time.minute, 0..=59, "minute")?;
    check(time.second, 0..=61, "seconds")?;
    check(time.weekday, 0..=i32::MAX, "day of week")?;
    check(time.yearday, 0..=365, "day of year")?;
    Ok(time)
}

pub(super) fn strftime(vm: &Thread, format: Ref<'_>, tuple: Option<Ref<'_>>) -> PyResult {
    let Some(format) = format.downcast::<Str>() else {
        return Err(vm.bad_argument("strftime() argument 1", "str", format));
    };
    let time = match tuple {
        Some(tuple) => checked(vm, calendar(vm, "strftime", tuple)?)?,
        None => local(vm, seconds(vm, None)?)?,
    };
    let time = Calendar { summer: time.summer.clamp(-1, 1), ..time };
    let mut output = TextBuf::from("");
    let bytes = format.as_bytes();
    // The library gets runs of ASCII; what is between them stays as it is.
    let is_plain = |byte: &u8| byte.is_ascii() && *byte != 0;
    for run in bytes.chunk_by(|a, b| is_plain(a) == is_plain(b)) {
        match CString::new(run) {
            Ok(run) if run.as_bytes().first().is_some_and(is_plain) => {
                let written = vm.fs_decode(&c::strftime(&run, &time))?;
                output.push_text(written.borrow().downcast::<Str>().expect("a str").text());
            }
            _ => output.push_text(Text::new(run).expect("a run of whole characters")),
        }
    }
    vm.text(output.as_text())
}

pub(super) fn strptime(vm: &Thread, args: &Args<'_>) -> PyResult {
    if args.has_keywords() {
        return Err(vm.type_error("strptime() takes no keyword arguments"));
    }
    let module = vm.import_module(&vm.intern("_strptime")?)?;
    let parse = vm.get_attr(module.borrow(), vm.intern("_strptime_time")?.borrow())?;
    vm.call_args(parse.borrow(), args)
}

/// The time zone: abbreviations and seconds west of Greenwich, without and with summer time.
pub(super) struct Zone {
    pub(super) standard: (Vec<u8>, i64),
    pub(super) summer: (Vec<u8>, i64),
}

/// The zone where we are, from what holds at two times of the year.
pub(super) fn zone() -> Zone {
    const YEAR: i64 = (365 * 24 + 6) * 3600;
    let january = super::since_epoch() / 1_000_000_000 / YEAR * YEAR;
    let at = |seconds: i64| {
        let time = c::localtime(seconds).unwrap_or_default();
        let name = time.zone.as_ref().map_or_else(|| b"   ".to_vec(), |zone| zone.to_bytes().to_vec());
        (name, -time.offset)
    };
    let (january, july) = (at(january), at(january + YEAR / 2));
    // In the south, January is in summer.
    if january.1 < july.1 {
        Zone { standard: july, summer: january }
    } else {
        Zone { standard: january, summer: july }
    }
}

/// Sets what the module says of the time zone.
pub(super) fn set_zone(vm: &Thread, module: Ref<'_>) -> PyResult<()> {
    let zone = zone();
    let set = |name: &str, value: Owned| vm.set_attr(module, vm.intern(name)?.borrow(), Some(value.borrow()));
    set("timezone", vm.int(zone.standard.1)?)?;
    set("altzone", vm.int(zone.summer.1)?)?;
    set("daylight", Owned::small_int(i32::from(zone.standard.1 != zone.summer.1)))?;
    set("tzname", vm.pair(vm.fs_decode(&zone.standard.0)?, vm.fs_decode(&zone.summer.0)?)?)
}

pub(super) fn tzset(vm: &Thread) -> PyResult {
    c::tzset();
    if let Some(module) = vm.loaded_module(&vm.intern("time")?)? {
        set_zone(vm, module.borrow())?;
    }
    none()
}
