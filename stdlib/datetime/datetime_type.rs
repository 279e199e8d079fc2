//! `datetime`: a point in time.

use std::time::{SystemTime, UNIX_EPOCH};

use pyx_vm::arguments::Args;
use pyx_vm::exception::PyResult;
use pyx_vm::heap::inline::Str;
use pyx_vm::native::*;
use pyx_vm::protocol::number::BinaryOp;
use pyx_vm::signature;
use pyx_vm::text::wtf8::TextBuf;
use pyx_vm::types::sequence::push_repr;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

use super::calendar::{Day, MAX_ORDINAL};
use super::clock::{self, Clock};
use super::date::DATE;
use super::delta::{self, DAY, SECOND};
use super::fields::{self, TimeOfDay};
use super::moment::{self, EPOCH, Moment};
use super::zoned::Zoned;
use super::{iso_text, zone};

/// The parameters of the constructor.
const NAMES: [&str; 9] =
    ["year", "month", "day", "hour", "minute", "second", "microsecond", "tzinfo", "fold"];

pub(super) static DATETIME: TypeDef = TypeDef {
    module: "datetime",
    base: Some(&DATE),
    flags: TypeFlags { solid: true, ..TypeFlags::BASE },
    doc: "A point in time, made from year, month and day, and perhaps hour, minute, second, microsecond and a time zone.",
    methods: &[
        class_method(
            "now($type, /, tz=None)",
            OneOpt(now),
            "The point in time that it is, in a time zone or locally.",
        ),
        class_method(
            "utcnow($type, /)",
            One(utcnow),
            "The point in time that it is, in UTC but without a time zone.",
        ),
        class_method(
            "fromtimestamp($type, /, timestamp, tz=None)",
            TwoOpt(fromtimestamp),
            "The point in time of a timestamp, in a time zone or locally.",
        )
        .untold(),
        class_method(
            "utcfromtimestamp($type, timestamp, /)",
            Two(utcfromtimestamp),
            "The point in time of a timestamp, in UTC but without a time zone.",
        )
        .untold()
        .wording(Wording::Parse),
        class_method(
            "strptime($type, string, format, /)",
            Three(|vm, class, text, format| {
                fields::strptime(vm, "_strptime_datetime_datetime", class, text, format)
            }),
            "The point in time that a text says, by a format.",
        )
        .untold()
        .wording(Wording::Parse),
        class_method(
            "combine($type, /, date, time, tzinfo=<unrepresentable>)",
            ThreeOpt(combine),
            "A date and a time put together.",
        )
        .untold(),
        class_method(
            "fromisoformat($type, object, /)",
            Two(fromisoformat),
            "The point in time of a text in ISO 8601.",
        ),
        method("date($self, /)", One(date), "The date of the same day."),
        method("time($self, /)", One(|vm, this| time(vm, this, None)), "The time, without a time zone."),
        method(
            "timetz($self, /)",
            One(|vm, this| time(vm, this, Moment::of(this).zone().cloned())),
            "The time, with the time zone.",
        ),
        method("ctime($self, /)", One(moment::ctime), "The text that C's ctime makes."),
        method("timetuple($self, /)", One(timetuple), "The fields as a time.struct_time."),
        method("timestamp($self, /)", One(timestamp), "Seconds since the epoch, as a float."),
        method("utctimetuple($self, /)", One(utctimetuple), "The fields in UTC as a time.struct_time."),
        method(
            "isoformat($self, /, sep='T', timespec='auto')",
            OneOpt2(isoformat),
            "The text YYYY-MM-DDTHH:MM:SS.ffffff+HH:MM.",
        )
        .untold(),
        Moment::UTCOFFSET,
        Moment::TZNAME,
        Moment::DST,
        method(REPLACE, Raw(replace), "The datetime with other fields."),
        method("__replace__($self, /, **changes)", Raw(replace), "As replace()."),
        method(
            "astimezone($self, /, tz=None)",
            OneOpt(astimezone),
            "The same point in time, in another time zone.",
        )
        .untold(),
        Moment::REDUCE_EX,
        Moment::REDUCE,
    ],
    getset: &[
        Moment::HOUR,
        Moment::MINUTE,
        Moment::SECOND,
        Moment::MICROSECOND,
        Moment::TZINFO,
        Moment::FOLD,
    ],
    attributes: &[
        ClassAttribute { name: "min", make: |vm, class| bound(vm, class, DAY) },
        ClassAttribute {
            name: "max",
            make: |vm, class| bound(vm, class, (i128::from(MAX_ORDINAL) + 1) * DAY - 1),
        },
        ClassAttribute { name: "resolution", make: |vm, _| zone::resolution(vm, 1) },
    ],
    slots: Slots {
        new: Some(new),
        repr: Some(repr),
        str: Some(str),
        hash: Some(moment::hash),
        compare: Some(moment::compare),
        add: Some(moment::add_slot),
        subtract: Some(moment::subtract_slot),
        ..Slots::NONE
    },
    ..TypeDef::new::<Moment>("datetime")
};

const REPLACE: &str = "replace($self, /, year=unchanged, month=unchanged, day=unchanged,\n        \
                       hour=unchanged, minute=unchanged, second=unchanged,\n        \
                       microsecond=unchanged, tzinfo=unchanged, *, fold=unchanged)";

/// The first or the last datetime. The class is being made, so it cannot be called.
fn bound(vm: &Thread, class: Ref<'_>, micros: i128) -> PyResult {
    let (day, time) = moment::split(vm, micros)?;
    vm.new_object_of(class, Moment::datetime(day, time, None, false))
}

fn new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    if let [first, rest @ ..] = args.positional()
        && rest.len() < 2
        && !args.has_keywords()
        && let Some(state) = fields::state(*first)
        && let [high, low, month, day, hour, minute, second, micros @ ..] = &state[..]
        && let [high_micro, middle_micro, low_micro] = micros
        && (1..=12).contains(&(month & 0x7f))
    {
        let zone = fields::state_zone(vm, rest.first().copied())?;
        let day = Day { year: u16::from_be_bytes([*high, *low]), month: month & 0x7f, day: *day };
        let micro = u32::from_be_bytes([0, *high_micro, *middle_micro, *low_micro]);
        let time = TimeOfDay { hour: *hour, minute: *minute, second: *second, micro };
        return vm.new_object_of(class, Moment::datetime(day, time, zone, month & 0x80 != 0));
    }
    let values = fields::bind(vm, args, NAMES, 3, 8)?;
    let mut numbers = [0; 7];
    for (number, value) in numbers.iter_mut().zip(values) {
        *number = fields::int(vm, value, 0)?;
    }
    let [year, month, day, hour, minute, second, micro] = numbers;
    let day = fields::day(vm, year, month, day)?;
    let time = fields::time_of_day(vm, [hour, minute, second, micro])?;
    let fold = fields::fold(vm, values[8])?;
    vm.new_object_of(class, Moment::datetime(day, time, zone::argument(vm, values[7])?, fold))
}

// ---- making ----

fn now(vm: &Thread, class: Ref<'_>, zone: Option<Ref<'_>>) -> PyResult {
    let zone = zone::argument(vm, zone)?;
    let (seconds, micros) = current_time();
    let utc = zone.is_some();
    at(vm, class, (seconds, micros), zone, utc)
}

/// Seconds and microseconds since the epoch.
fn current_time() -> (i64, u32) {
    match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(time) => (time.as_secs() as i64, time.subsec_micros()),
        // Clocks may show a time before the epoch.
        Err(error) => {
            let micros = -(error.duration().as_micros() as i64);
            (micros.div_euclid(1_000_000), micros.rem_euclid(1_000_000) as u32)
        }
    }
}

fn utcnow(vm: &Thread, class: Ref<'_>) -> PyResult {
    deprecated(vm, "utcnow()", "now(datetime.UTC)")?;
    at(vm, class, current_time(), None, true)
}

fn deprecated(vm: &Thread, name: &str, instead: &str) -> PyResult<()> {
    vm.warn(
        &vm.exceptions().DeprecationWarning,
        &format!(
            "datetime.datetime.{name} is deprecated and scheduled for removal in a future version. Use \
             timezone-aware objects to represent datetimes in UTC: datetime.datetime.{instead}."
        ),
    )
}

fn fromtimestamp(vm: &Thread, class: Ref<'_>, timestamp: Ref<'_>, zone: Option<Ref<'_>>) -> PyResult {
    let zone = zone::argument(vm, zone)?;
    let utc = zone.is_some();
    at(vm, class, moment::timestamp(vm, timestamp, false)?, zone, utc)
}

fn utcfromtimestamp(vm: &Thread, class: Ref<'_>, timestamp: Ref<'_>) -> PyResult {
    deprecated(vm, "utcfromtimestamp()", "fromtimestamp(timestamp, datetime.UTC)")?;
    at(vm, class, moment::timestamp(vm, timestamp, false)?, None, true)
}

/// The point in time of a timestamp, in UTC or locally at first, and then in a zone.
fn at(vm: &Thread, class: Ref<'_>, (seconds, micro): (i64, u32), zone: Option<Owned>, utc: bool) -> PyResult {
    let (day, time) = moment::broken_down(vm, seconds, utc)?;
    let fold = !utc && is_second_time(vm, seconds, day, time)?;
    let time = TimeOfDay { micro, ..time };
    let made = moment::make(vm, class, Moment::datetime(day, time, zone.clone(), fold))?;
    match zone {
        Some(zone) => vm.call_method(zone.borrow(), &vm.intern("fromutc")?, &[made.borrow()]),
        None => Ok(made),
    }
}

/// Whether the local clock shows a time for the second time, having been set back within the last day.
fn is_second_time(vm: &Thread, seconds: i64, day: Day, time: TimeOfDay) -> PyResult<bool> {
    const PROBED: i64 = 86_400;
    let shown = day.ordinal() * 86_400 + (time.micros() / SECOND) as i64;
    let before = moment::local_seconds(vm, EPOCH.saturating_add(seconds).saturating_sub(PROBED))?;
    let transition = shown - before - PROBED;
    Ok(transition < 0 && moment::local_seconds(vm, EPOCH + seconds + transition)? == shown)
}

fn combine(vm: &Thread, class: Ref<'_>, date: Ref<'_>, time: Ref<'_>, zone: Option<Ref<'_>>) -> PyResult {
    let Some(date) = date.downcast::<Moment>() else {
        return Err(vm.bad_argument("combine() argument 1", "datetime.date", date));
    };
    let Some(clock) = time.downcast::<Clock>() else {
        return Err(vm.bad_argument("combine() argument 2", "datetime.time", time));
    };
    let zone = match zone {
        Some(zone) => zone::argument(vm, Some(zone))?,
        None => clock.zone.clone(),
    };
    moment::make(vm, class, Moment::datetime(date.day, clock.time, zone, clock.fold.get()))
}

fn fromisoformat(vm: &Thread, class: Ref<'_>, text: Ref<'_>) -> PyResult {
    let source = fields::iso_argument(vm, text)?;
    let invalid = || fields::invalid_iso_text(vm, text);
    let bytes = source.as_bytes();
    let end = iso_text::separator(bytes).filter(|&end| end <= bytes.len()).ok_or_else(invalid)?;
    let (year, month, day) = iso_text::date(&bytes[..end]).ok_or_else(invalid)?;
    let time = match separator_length(source, end) {
        None => iso_text::IsoTime::default(),
        Some(length) => iso_text::time(&bytes[end + length..]).ok_or_else(invalid)?,
    };
    let zone = match time.offset {
        Some(offset) => Some(zone::make(vm, offset.into(), None)?),
        None => None,
    };
    let at_midnight = clock::midnight(vm, &time)?.is_some();
    let mut day = fields::day(vm, year, month, day)?;
    if at_midnight {
        let next = day.ordinal() + 1;
        if next > MAX_ORDINAL {
            return Err(vm.value_error("year must be in 1..9999, not 10000"));
        }
        day = Day::from_ordinal(next);
    }
    let hour = if at_midnight { 0 } else { time.hour };
    let time = fields::time_of_day(vm, [hour, time.minute, time.second, time.micro])?;
    moment::make(vm, class, Moment::datetime(day, time, zone, false))
}

/// The bytes of the character between date and time; `None` if the text is only a date.
fn separator_length(source: &Str, end: usize) -> Option<usize> {
    let mut rest = source.as_bytes().get(end..)?.iter();
    rest.next()?;
    Some(1 + rest.take_while(|&&byte| byte & 0xc0 == 0x80).count())
}

// ---- parts ----

fn date(vm: &Thread, this: Ref<'_>) -> PyResult {
    let class = vm.class_of(&DATE)?;
    vm.new_object_of(class.borrow(), Moment::date(Moment::of(this).day))
}

fn time(vm: &Thread, this: Ref<'_>, zone: Option<Owned>) -> PyResult {
    let moment = Moment::of(this);
    vm.new_object(Clock { time: moment.time, fold: moment.fold.clone(), zone })
}

fn timetuple(vm: &Thread, this: Ref<'_>) -> PyResult {
    let moment = Moment::of(this);
    let saving = match moment.zone() {
        Some(zone) => zone::ask(vm, zone.borrow(), "dst", this)?,
        None => None,
    };
    moment::struct_time(vm, moment.day, moment.time, saving.map_or(-1, |saving| i32::from(saving != 0)))
}

fn utctimetuple(vm: &Thread, this: Ref<'_>) -> PyResult {
    let offset = moment::offset(vm, this)?.unwrap_or(0);
    let (day, time) = moment::split(vm, Moment::of(this).micros() - offset)?;
    moment::struct_time(vm, day, time, 0)
}

fn timestamp(vm: &Thread, this: Ref<'_>) -> PyResult {
    let moment = Moment::of(this);
    let epoch = i128::from(EPOCH) * SECOND;
    let micros = if moment.zone().is_some() {
        let offset = moment::offset(vm, this)?.ok_or_else(|| moment::not_comparable(vm))?;
        moment.micros() - offset - epoch
    } else {
        i128::from(seconds_of_local(vm, moment)?) * SECOND + i128::from(moment.time.micro) - epoch
    };
    let micros = vm.big_int(micros.into())?;
    vm.binary(BinaryOp::Div, micros.borrow(), Owned::small_int(SECOND as i32).borrow())
}

/// The seconds at which the local clock shows the time of a moment: of two, the one that the fold says. A time that it never
/// shows is taken for one before or after the gap.
fn seconds_of_local(vm: &Thread, moment: &Moment) -> PyResult<i64> {
    const PROBED: i64 = 86_400;
    let shown = moment.day.ordinal() * 86_400 + (moment.time.micros() / SECOND) as i64;
    let fold = moment.fold.get();
    let first_offset = moment::local_seconds(vm, shown)? - shown;
    let first = shown - first_offset;
    let first_shown = moment::local_seconds(vm, first)?;
    let second_offset = if first_shown == shown {
        // A solution; the other one, if there is one, is on the side that the fold says.
        let probe = if fold { first + PROBED } else { first - PROBED };
        let offset = moment::local_seconds(vm, probe)? - probe;
        if offset == first_offset {
            return Ok(first);
        }
        offset
    } else {
        first_shown - first
    };
    let second = shown - second_offset;
    if moment::local_seconds(vm, second)? == shown {
        return Ok(second);
    }
    if first_shown == shown {
        return Ok(first);
    }
    Ok(if fold { first.min(second) } else { first.max(second) })
}

// ---- text ----

fn isoformat(vm: &Thread, this: Ref<'_>, separator: Option<Ref<'_>>, timespec: Option<Ref<'_>>) -> PyResult {
    let separator = match separator {
        None => u32::from('T'),
        Some(separator) => {
            let place = "isoformat() argument 1";
            let Some(text) = separator.downcast::<Str>() else {
                return Err(vm.bad_argument(place, "a unicode character", separator));
            };
            let len = text.len();
            text.text().code_point_at(0).filter(|_| len == 1).ok_or_else(|| {
                vm.type_error(format_args!(
                    "{place} must be a unicode character, not a string of length {len}"
                ))
            })?
        }
    };
    let precision = fields::precision(vm, "isoformat() argument 2", timespec)?;
    let moment = Moment::of(this);
    let mut text = TextBuf::from(&*fields::iso_date(moment.day));
    text.push(separator);
    text.push_str(&fields::iso_time(vm, moment.time, precision.as_deref())?);
    if let Some(offset) = moment::offset(vm, this)? {
        text.push_str(&zone::offset_text(offset, ":"));
    }
    vm.text(text.as_text())
}

fn str(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.call_method(this, &vm.intern("isoformat")?, &[vm.str(" ")?.borrow()])
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    let moment = Moment::of(this);
    let Day { year, month, day } = moment.day;
    let TimeOfDay { hour, minute, second, micro } = moment.time;
    let mut text = TextBuf::from(&*vm.type_name(this));
    text.push_str(&format!("({year}, {month}, {day}, {hour}, {minute}"));
    if second != 0 || micro != 0 {
        text.push_str(&format!(", {second}"));
    }
    if micro != 0 {
        text.push_str(&format!(", {micro}"));
    }
    if moment.fold.get() {
        text.push_str(", fold=1");
    }
    if let Some(zone) = moment.zone() {
        text.push_str(", tzinfo=");
        push_repr(vm, &mut text, zone.borrow())?;
    }
    text.push_str(")");
    vm.text(text.as_text())
}

// ---- changing ----

fn replace(vm: &Thread, args: &Args<'_>) -> PyResult {
    let (this, rest) = moment::receiver(args);
    let names = signature!(
        "replace(year=unchanged, month=unchanged, day=unchanged, hour=unchanged, minute=unchanged, second=unchanged, microsecond=unchanged, tzinfo=unchanged, *, fold=unchanged)"
    );
    rest.bind(vm, names, |bound| {
        let moment = Moment::of(this);
        let (day, time) = (moment.day, moment.time);
        let own = [
            day.year(),
            day.month.into(),
            day.day.into(),
            time.hour.into(),
            time.minute.into(),
            time.second.into(),
            time.micro as i32,
        ];
        let mut numbers = [0; 7];
        for (index, number) in numbers.iter_mut().enumerate() {
            *number = fields::int(vm, bound.optional(index), own[index])?;
        }
        let [year, month, day, hour, minute, second, micro] = numbers;
        let day = fields::day(vm, year, month, day)?;
        let time = fields::time_of_day(vm, [hour, minute, second, micro])?;
        let fold = match bound.optional(8) {
            Some(fold) => fields::fold(vm, Some(fold))?,
            None => moment.fold.get(),
        };
        let zone = match bound.optional(7) {
            Some(zone) => zone::argument(vm, Some(zone))?,
            None => moment.zone().cloned(),
        };
        moment::make(vm, vm.class(this), Moment::datetime(day, time, zone, fold))
    })
}

fn astimezone(vm: &Thread, this: Ref<'_>, target: Option<Ref<'_>>) -> PyResult {
    let target = zone::argument(vm, target)?;
    let moment = Moment::of(this);
    if let (Some(own), Some(target)) = (moment.zone(), &target)
        && own.borrow().is(target.borrow())
    {
        return Ok(this.own());
    }
    let offset = match moment::offset(vm, this)? {
        Some(offset) => offset,
        // Without an offset, the time is a local one.
        None => {
            let seconds = seconds_of_local(vm, moment)?;
            delta::micros(local_zone(vm, seconds)?.0.borrow())
        }
    };
    let (day, time) = moment::split(vm, moment.micros() - offset)?;
    let target = match target {
        Some(target) => target,
        None => {
            let seconds = day.ordinal() * 86_400 + (time.micros() / SECOND) as i64;
            let (offset, name) = local_zone(vm, seconds)?;
            zone::make(vm, delta::micros(offset.borrow()), Some(name))?
        }
    };
    let in_utc = Moment::datetime(day, time, Some(target.clone()), false);
    let in_utc = moment::make(vm, vm.class(this), in_utc)?;
    vm.call_method(target.borrow(), &vm.intern("fromutc")?, &[in_utc.borrow()])
}

/// Offset and name of the local time zone at so many seconds from the start of year 0 in UTC.
fn local_zone(vm: &Thread, seconds: i64) -> PyResult<(Owned, Owned)> {
    let function = fields::time_function(vm, "localtime")?;
    let local = vm.call(function.borrow(), &[vm.int(seconds - EPOCH)?.borrow()])?;
    let attribute = |name: &str| vm.get_attr(local.borrow(), vm.intern(name)?.borrow());
    let offset = vm.to_i64(attribute("tm_gmtoff")?.borrow())?;
    Ok((delta::make(vm, i128::from(offset) * SECOND)?, attribute("tm_zone")?))
}

// ---- pickling ----
