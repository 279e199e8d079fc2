//! `date` and `datetime`: days, and points in time, in a time zone perhaps.
//!
//! Both are made of the same fields, for a datetime is a date. Points in time in different zones are compared and subtracted as
//! points in UTC; those without a zone are only comparable with each other.

use std::cell::Cell;
use std::cmp::Ordering;

use pyx_vm::arguments::Args;
use pyx_vm::exception::{PyResult, Raised};
use pyx_vm::protocol::slots::CompareOp;
use pyx_vm::value::{Owned, Ref, borrow_slice};
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload};

use super::calendar::{Day, MAX_ORDINAL};
use super::clock::pack;
use super::date::DATE;
use super::datetime_type::DATETIME;
use super::delta::{self, DAY};
use super::fields::TimeOfDay;
use super::zone;
use super::zoned::Zoned;

payload! {
    /// A date or a datetime.
    pub(super) struct Moment: Native {
        pub(super) day: Day,
        pub(super) time: TimeOfDay,
        pub(super) fold: Cell<bool>,
        /// Whether it is a datetime.
        with_time: bool,
        pub(super) zone: Option<Owned>,
    }
}

class! { Moment => DATETIME; }

impl Moment {
    /// A date.
    pub(super) fn date(day: Day) -> Self {
        let time = TimeOfDay::default();
        Self { day, time, fold: Cell::new(false), with_time: false, zone: None }
    }

    /// A datetime.
    pub(super) fn datetime(day: Day, time: TimeOfDay, zone: Option<Owned>, fold: bool) -> Self {
        Self { day, time, fold: Cell::new(fold), with_time: true, zone }
    }

    pub(super) fn has_time(&self) -> bool {
        self.with_time
    }

    /// Microseconds since the start of year 0, by the clocks of the zone.
    pub(super) fn micros(&self) -> i128 {
        i128::from(self.day.ordinal()) * DAY + self.time.micros()
    }

    /// Whether two have the same zone, or none.
    fn shares_zone(&self, other: &Self) -> bool {
        match (&self.zone, &other.zone) {
            (Some(zone), Some(other)) => zone.borrow().is(other.borrow()),
            (None, None) => true,
            _ => false,
        }
    }

    /// The state in a pickle: four bytes of a date, ten of a datetime, whose fold is in the month.
    pub(super) fn pack(&self, with_fold: bool) -> Vec<u8> {
        let [high, low] = self.day.year.to_be_bytes();
        let fold = self.with_time && with_fold && self.fold.get();
        let mut state = vec![high, low, self.day.month | u8::from(fold) << 7, self.day.day];
        if self.with_time {
            state.extend(pack(self.time, false));
        }
        state
    }
}

/// Whether a value is a datetime.
pub(super) fn is_datetime(value: Ref<'_>) -> bool {
    value.downcast::<Moment>().is_some_and(Moment::has_time)
}

/// A date, or a datetime, of a class: the class is called with the values of the fields, but for the fold.
pub(super) fn make(vm: &Thread, class: Ref<'_>, moment: Moment) -> PyResult {
    let exact = vm.class_of(if moment.with_time { &DATETIME } else { &DATE })?;
    if class.is(exact.borrow()) {
        return vm.new_object_of(class, moment);
    }
    let Moment { day, time, .. } = moment;
    let mut values = vec![i32::from(day.year), i32::from(day.month), i32::from(day.day)];
    if moment.with_time {
        values.extend([time.hour, time.minute, time.second].map(i32::from));
        values.push(time.micro as i32);
    }
    let mut values: Vec<Owned> = values.into_iter().map(Owned::small_int).collect();
    if moment.with_time {
        values.push(moment.zone_or_none());
    }
    let made = vm.call(class, borrow_slice(&values))?;
    if let Some(made) = made.borrow().downcast::<Moment>() {
        made.fold.set(moment.fold.get());
    }
    Ok(made)
}

/// The day and time so many microseconds after the start of year 0.
pub(super) fn split(vm: &Thread, micros: i128) -> PyResult<(Day, TimeOfDay)> {
    let ordinal = micros.div_euclid(DAY);
    if !(1..=i128::from(MAX_ORDINAL)).contains(&ordinal) {
        return Err(vm.overflow_error("date value out of range"));
    }
    Ok((Day::from_ordinal(ordinal as i64), TimeOfDay::from_micros(micros.rem_euclid(DAY))))
}

/// The moment so many microseconds later, of the same class. Dates go by whole days.
pub(super) fn add(vm: &Thread, this: Ref<'_>, micros: i128) -> PyResult {
    let moment = Moment::of(this);
    let class = vm.class(this);
    if !moment.with_time {
        let (day, _) = split(vm, moment.micros() + micros.div_euclid(DAY) * DAY)?;
        return make(vm, class, Moment::date(day));
    }
    let (day, time) = split(vm, moment.micros() + micros)?;
    make(vm, class, Moment::datetime(day, time, moment.zone.clone(), false))
}

/// `moment + timedelta`, in either order.
pub(super) fn add_slot(vm: &Thread, a: Ref<'_>, b: Ref<'_>) -> PyResult {
    let (moment, other) = if a.downcast::<Moment>().is_some() { (a, b) } else { (b, a) };
    match (moment.downcast::<Moment>(), delta::as_micros(other)) {
        (Some(_), Some(micros)) => add(vm, moment, micros),
        _ => Ok(Owned::not_implemented()),
    }
}

/// `moment - timedelta`, `moment - moment`
pub(super) fn subtract_slot(vm: &Thread, a: Ref<'_>, b: Ref<'_>) -> PyResult {
    let Some(x) = a.downcast::<Moment>() else { return Ok(Owned::not_implemented()) };
    if let Some(micros) = delta::as_micros(b) {
        // A date goes back by the days of the difference, without its seconds.
        let micros = if x.with_time { -micros } else { -(micros.div_euclid(DAY) * DAY) };
        return add(vm, a, micros);
    }
    let Some(y) = b.downcast::<Moment>().filter(|y| y.with_time == x.with_time) else {
        return Ok(Owned::not_implemented());
    };
    let difference = x.micros() - y.micros();
    match offsets(vm, a, b)? {
        (x_offset, y_offset) if x_offset == y_offset => delta::make(vm, difference),
        (Some(x_offset), Some(y_offset)) => delta::make(vm, difference - (x_offset - y_offset)),
        _ => Err(not_comparable(vm)),
    }
}

/// The error for the difference of two moments one of which has no offset from UTC.
#[cold]
pub(super) fn not_comparable(vm: &Thread) -> Raised {
    vm.type_error("can't subtract offset-naive and offset-aware datetimes")
}

/// The offset of a datetime from UTC, if it has one.
pub(super) fn offset(vm: &Thread, this: Ref<'_>) -> PyResult<Option<i128>> {
    match Moment::of(this).zone() {
        Some(zone) => zone::ask(vm, zone.borrow(), "utcoffset", this),
        None => Ok(None),
    }
}

/// The offsets of two moments; none of those in the same zone, for they make no difference.
fn offsets(vm: &Thread, a: Ref<'_>, b: Ref<'_>) -> PyResult<(Option<i128>, Option<i128>)> {
    if Moment::of(a).shares_zone(Moment::of(b)) {
        Ok((None, None))
    } else {
        Ok((offset(vm, a)?, offset(vm, b)?))
    }
}

pub(super) fn compare(vm: &Thread, a: Ref<'_>, b: Ref<'_>, op: CompareOp) -> PyResult {
    let (Some(x), Some(y)) = (a.downcast::<Moment>(), b.downcast::<Moment>()) else {
        return Ok(Owned::not_implemented());
    };
    if x.with_time != y.with_time {
        return Ok(Owned::not_implemented());
    }
    if x.shares_zone(y) {
        return Ok(Owned::bool(op.holds(x.micros().cmp(&y.micros()))));
    }
    let offsets = offsets(vm, a, b)?;
    let mut ordering = match offsets {
        (None, None) => x.micros().cmp(&y.micros()),
        (Some(x_offset), Some(y_offset)) => (x.micros() - x_offset).cmp(&(y.micros() - y_offset)),
        _ => match op {
            CompareOp::Eq => return Ok(Owned::bool(false)),
            CompareOp::Ne => return Ok(Owned::bool(true)),
            _ => return Err(vm.type_error("can't compare offset-naive and offset-aware datetimes")),
        },
    };
    // Times that the clocks show twice, or never, equal none in another zone.
    if matches!(op, CompareOp::Eq | CompareOp::Ne)
        && ordering.is_eq()
        && (depends_on_fold(vm, a, offsets.0)? || depends_on_fold(vm, b, offsets.1)?)
    {
        ordering = Ordering::Less;
    }
    Ok(Owned::bool(op.holds(ordering)))
}

/// Whether the offset would be another one with the other fold.
fn depends_on_fold(vm: &Thread, this: Ref<'_>, own: Option<i128>) -> PyResult<bool> {
    let moment = Moment::of(this);
    if moment.zone.is_none() {
        return Ok(false);
    }
    let flipped = Moment::datetime(moment.day, moment.time, moment.zone.clone(), !moment.fold.get());
    let class = vm.class_of(&DATETIME)?;
    let flipped = vm.new_object_of(class.borrow(), flipped)?;
    Ok(offset(vm, flipped.borrow())? != own)
}

pub(super) fn hash(vm: &Thread, this: Ref<'_>) -> PyResult<i64> {
    let moment = Moment::of(this);
    let plain;
    let mut asked = this;
    if moment.zone.is_some() && moment.fold.get() {
        // Moments that differ in the fold only are equal.
        let class = vm.class_of(&DATETIME)?;
        let copy = Moment::datetime(moment.day, moment.time, moment.zone.clone(), false);
        plain = vm.new_object_of(class.borrow(), copy)?;
        asked = plain.borrow();
    }
    match offset(vm, asked)? {
        Some(offset) => vm.hash(delta::make(vm, moment.micros() - offset)?.borrow()),
        None => vm.hash(vm.bytes(&moment.pack(false))?.borrow()),
    }
}

/// `time.struct_time` of a moment.
pub(super) fn struct_time(vm: &Thread, day: Day, time: TimeOfDay, dst: i32) -> PyResult {
    let fields = [
        i32::from(day.year),
        i32::from(day.month),
        i32::from(day.day),
        i32::from(time.hour),
        i32::from(time.minute),
        i32::from(time.second),
        day.weekday() as i32,
        day.day_of_year() as i32,
        dst,
    ];
    let fields = vm.tuple_array(fields.map(Owned::small_int))?;
    vm.call(super::fields::time_function(vm, "struct_time")?.borrow(), &[fields.borrow()])
}

/// As C's `ctime`: `Thu Feb 29 13:04:05 2024`.
pub(super) fn ctime(vm: &Thread, this: Ref<'_>) -> PyResult {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let Moment { day, time, .. } = Moment::of(this);
    let (weekday, month) = (DAYS[day.weekday() as usize], MONTHS[usize::from(day.month) - 1]);
    let TimeOfDay { hour, minute, second, .. } = time;
    vm.str(&format!("{weekday} {month} {:2} {hour:02}:{minute:02}:{second:02} {:04}", day.day, day.year))
}

/// Seconds from the start of year 0 to the epoch, by days that count from 1.
pub(super) const EPOCH: i64 = 719_163 * 86_400;

/// The local time of a timestamp, or that in UTC: the day, the time, and the timestamp's seconds by the local clock.
pub(super) fn broken_down(vm: &Thread, seconds: i64, utc: bool) -> PyResult<(Day, TimeOfDay)> {
    let function = super::fields::time_function(vm, if utc { "gmtime" } else { "localtime" })?;
    let parts = vm.call(function.borrow(), &[vm.int(seconds)?.borrow()])?;
    let part = |index: isize| vm.to_i32(vm.item_at(parts.borrow(), index)?.borrow());
    let day = super::fields::day(vm, part(0)?, part(1)?, part(2)?)?;
    // A leap second is the last second of its minute.
    let numbers = [part(3)?, part(4)?, part(5)?.min(59), 0];
    Ok((day, super::fields::time_of_day(vm, numbers)?))
}

/// What the local clock shows at so many seconds, both counted from the start of year 0.
pub(super) fn local_seconds(vm: &Thread, seconds: i64) -> PyResult<i64> {
    let (day, time) = broken_down(vm, seconds - EPOCH, false)?;
    Ok(day.ordinal() * 86_400 + (time.micros() / delta::SECOND) as i64)
}

/// A timestamp as seconds and microseconds, rounded half to even, or down to the second.
pub(super) fn timestamp(vm: &Thread, value: Ref<'_>, whole: bool) -> PyResult<(i64, u32)> {
    let out_of_range = || vm.overflow_error("timestamp out of range for platform time_t");
    if let Some(float) = pyx_vm::protocol::conversion::float_value(value) {
        if float.is_nan() {
            return Err(vm.value_error("Invalid value NaN (not a number)"));
        }
        let (mut seconds, mut micros) = (float.floor(), 0.0);
        if !whole {
            let fraction = float - float.trunc();
            seconds = float.trunc();
            micros = (fraction * 1e6).round_ties_even();
            if micros >= 1e6 {
                (seconds, micros) = (seconds + 1.0, micros - 1e6);
            } else if micros < 0.0 {
                (seconds, micros) = (seconds - 1.0, micros + 1e6);
            }
        }
        if !(-9.223_372_036_854_776e18..9.223_372_036_854_775e18).contains(&seconds) {
            return Err(out_of_range());
        }
        return Ok((seconds as i64, micros as u32));
    }
    if pyx_vm::protocol::conversion::int_value(value).is_none() && !whole {
        let name = vm.type_name(value);
        return Err(vm.type_error(format_args!("argument must be int or float, not {name}")));
    }
    match vm.to_i64(value) {
        Ok(seconds) => Ok((seconds, 0)),
        Err(raised) if raised.is(&vm.exceptions().OverflowError) => Err(out_of_range()),
        Err(raised) => Err(raised),
    }
}

/// The arguments of an instance's method that Python calls with all of them.
pub(super) fn receiver<'a>(args: &Args<'a>) -> (Ref<'a>, Args<'a>) {
    args.split_first().expect("a method has a receiver")
}

/// The error for numbers that are no ISO week date.
#[cold]
pub(super) fn bad_week_date(
    vm: &Thread,
    bad: super::calendar::BadWeekDate,
    (year, week, weekday): (i32, i32, i32),
) -> Raised {
    use super::calendar::BadWeekDate;
    vm.value_error(match bad {
        BadWeekDate::Year => format!("year must be in 1..9999, not {year}"),
        BadWeekDate::Week => format!("Invalid week: {week}"),
        BadWeekDate::Weekday => format!("Invalid weekday: {weekday} (range is [1, 7])"),
    })
}
