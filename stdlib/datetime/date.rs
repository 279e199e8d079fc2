//! `date`: a day.

use pyx_vm::arguments::Args;
use pyx_vm::exception::PyResult;
use pyx_vm::native::*;
use pyx_vm::signature;
use pyx_vm::types::iterator::REDUCE;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

use super::calendar::{self, Day, MAX_ORDINAL};
use super::delta::DAY;
use super::moment::{self, Moment};
use super::zoned::Zoned;
use super::{fields, iso_calendar, iso_text, strftime, zone};

macro_rules! field {
    ($name:literal, $field:ident, $doc:literal) => {
        getter($name, |_, this| Ok(Owned::small_int(i32::from(Moment::of(this).day.$field))), $doc)
    };
}

pub(super) static DATE: TypeDef = TypeDef {
    module: "datetime",
    flags: TypeFlags::BASE,
    doc: "A day, made from year, month and day.",
    methods: &[
        class_method(
            "fromtimestamp($type, timestamp, /)",
            Two(fromtimestamp),
            "The local day of a timestamp.",
        ),
        class_method(
            "fromordinal($type, ordinal, /)",
            Two(fromordinal),
            "The day with a number: 1 is the first of January of year 1.",
        )
        .untold()
        .wording(Wording::Parse),
        class_method("fromisoformat($type, object, /)", Two(fromisoformat), "The day of a text in ISO 8601."),
        class_method(
            "fromisocalendar($type, /, year, week, day)",
            Four(fromisocalendar),
            "The day of an ISO week date.",
        )
        .untold(),
        class_method(
            "strptime($type, string, format, /)",
            Three(|vm, class, text, format| {
                fields::strptime(vm, "_strptime_datetime_date", class, text, format)
            }),
            "The day that a text says, by a format.",
        )
        .untold()
        .wording(Wording::Parse),
        class_method("today($type, /)", One(today), "The day that it is."),
        method("ctime($self, /)", One(moment::ctime), "The text that C's ctime makes."),
        method("strftime($self, /, format)", Two(strftime_method), "The text by a format.").untold(),
        method(
            "__format__($self, format_spec, /)",
            Two(fields::format),
            "The text by a format, or str(self).",
        )
        .untold()
        .wording(Wording::Parse),
        method("timetuple($self, /)", One(timetuple), "The fields as a time.struct_time."),
        method(
            "isocalendar($self, /)",
            One(isocalendar),
            "ISO year, week and day of the week, as a named tuple.",
        ),
        method(
            "isoformat($self, /)",
            One(|vm, this| vm.str(&fields::iso_date(Moment::of(this).day))),
            "The text YYYY-MM-DD.",
        ),
        method(
            "isoweekday($self, /)",
            One(|vm, this| vm.int(Moment::of(this).day.weekday() + 1)),
            "The day of the week; Monday is 1.",
        ),
        method(
            "toordinal($self, /)",
            One(|vm, this| vm.int(Moment::of(this).day.ordinal())),
            "The number of the day: 1 is the first of January of year 1.",
        ),
        method(
            "weekday($self, /)",
            One(|vm, this| vm.int(Moment::of(this).day.weekday())),
            "The day of the week; Monday is 0.",
        ),
        method(
            "replace($self, /, year=unchanged, month=unchanged, day=unchanged)",
            Raw(replace),
            "The date with other fields.",
        ),
        method("__replace__($self, /, **changes)", Raw(replace), "As replace()."),
        method("__reduce__($self, /)", One(reduce), REDUCE),
    ],
    getset: &[
        field!("year", year, "The year, from 1 to 9999."),
        field!("month", month, "The month, from 1 to 12."),
        field!("day", day, "The day of the month, from 1."),
    ],
    attributes: &[
        ClassAttribute { name: "min", make: |vm, class| bound(vm, class, 1) },
        ClassAttribute { name: "max", make: |vm, class| bound(vm, class, MAX_ORDINAL) },
        ClassAttribute { name: "resolution", make: |vm, _| zone::resolution(vm, DAY) },
    ],
    slots: Slots {
        new: Some(new),
        repr: Some(repr),
        str: Some(|vm, this| vm.call_method(this, &vm.intern("isoformat")?, &[])),
        hash: Some(moment::hash),
        compare: Some(moment::compare),
        add: Some(moment::add_slot),
        subtract: Some(moment::subtract_slot),
        ..Slots::NONE
    },
    ..TypeDef::new::<Moment>("date")
};

/// The first or the last date. The class is being made, so it cannot be called.
fn bound(vm: &Thread, class: Ref<'_>, ordinal: i64) -> PyResult {
    vm.new_object_of(class, Moment::date(Day::from_ordinal(ordinal)))
}

fn new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    if let [only] = args.positional()
        && !args.has_keywords()
        && let Some(state) = fields::state(*only)
        && let [high, low, month @ 1..=12, day] = state[..]
    {
        let year = i32::from(u16::from_be_bytes([high, low]));
        return vm.new_object_of(class, Moment::date(Day::new(year, month.into(), day.into())));
    }
    let [year, month, day] = fields::bind(vm, args, ["year", "month", "day"], 3, 3)?;
    let (year, month, day) =
        (fields::int(vm, year, 0)?, fields::int(vm, month, 0)?, fields::int(vm, day, 0)?);
    vm.new_object_of(class, Moment::date(fields::day(vm, year, month, day)?))
}

/// A date of a class, which is called with the numbers.
fn call(vm: &Thread, class: Ref<'_>, (year, month, day): iso_text::YearMonthDay) -> PyResult {
    let numbers = [year, month, day].map(Owned::small_int);
    vm.call(class, pyx_vm::value::borrow_slice(&numbers))
}

fn call_with(vm: &Thread, class: Ref<'_>, day: Day) -> PyResult {
    call(vm, class, (day.year(), day.month.into(), day.day.into()))
}

fn fromtimestamp(vm: &Thread, class: Ref<'_>, timestamp: Ref<'_>) -> PyResult {
    let (seconds, _) = moment::timestamp(vm, timestamp, true)?;
    let (day, _) = moment::broken_down(vm, seconds, false)?;
    call_with(vm, class, day)
}

fn today(vm: &Thread, class: Ref<'_>) -> PyResult {
    let now = vm.call(fields::time_function(vm, "time")?.borrow(), &[])?;
    vm.call_method(class, &vm.intern("fromtimestamp")?, &[now.borrow()])
}

fn fromordinal(vm: &Thread, class: Ref<'_>, ordinal: Ref<'_>) -> PyResult {
    let ordinal = i64::from(vm.to_i32(ordinal)?);
    if ordinal < 1 {
        return Err(vm.value_error("ordinal must be >= 1"));
    }
    // What is beyond the last day has a year that the constructor refuses.
    let day = if ordinal > MAX_ORDINAL { None } else { Some(Day::from_ordinal(ordinal)) };
    match day {
        Some(day) => call_with(vm, class, day),
        None => call(vm, class, (calendar::MAX_YEAR + 1, 1, 1)),
    }
}

fn fromisoformat(vm: &Thread, class: Ref<'_>, text: Ref<'_>) -> PyResult {
    match iso_text::date(fields::iso_argument(vm, text)?.as_bytes()) {
        Some(numbers) => call(vm, class, numbers),
        None => Err(fields::invalid_iso_text(vm, text)),
    }
}

fn fromisocalendar(vm: &Thread, class: Ref<'_>, year: Ref<'_>, week: Ref<'_>, weekday: Ref<'_>) -> PyResult {
    let component = |value: Ref<'_>| {
        let number = vm.to_integer(value)?.as_ref().to_i64().and_then(|number| i32::try_from(number).ok());
        number.ok_or_else(|| vm.value_error("ISO calendar component out of range"))
    };
    let numbers = (component(year)?, component(week)?, component(weekday)?);
    let ordinal = calendar::iso_ordinal(numbers.0, numbers.1, numbers.2)
        .map_err(|bad| moment::bad_week_date(vm, bad, numbers))?;
    fromordinal(vm, class, vm.int(ordinal)?.borrow())
}

fn timetuple(vm: &Thread, this: Ref<'_>) -> PyResult {
    let moment = Moment::of(this);
    moment::struct_time(vm, moment.day, moment.time, -1)
}

fn isocalendar(vm: &Thread, this: Ref<'_>) -> PyResult {
    iso_calendar::make(vm, Moment::of(this).day.iso_calendar())
}

fn strftime_method(vm: &Thread, this: Ref<'_>, format: Ref<'_>) -> PyResult {
    vm.str_argument("strftime() argument 1", format)?;
    let tuple = vm.call_method(this, &vm.intern("timetuple")?, &[])?;
    let moment = Moment::of(this);
    let subject =
        strftime::Subject { day: moment.day, micro: moment.time.micro, zone: moment.zone(), asked: this };
    strftime::format(vm, &subject, format, tuple.borrow())
}

fn replace(vm: &Thread, args: &Args<'_>) -> PyResult {
    let (this, rest) = moment::receiver(args);
    rest.bind(vm, signature!("replace(year=unchanged, month=unchanged, day=unchanged)"), |bound| {
        let day = Moment::of(this).day;
        let year = fields::int(vm, bound.optional(0), day.year())?;
        let month = fields::int(vm, bound.optional(1), day.month.into())?;
        let number = fields::int(vm, bound.optional(2), day.day.into())?;
        call(vm, vm.class(this), (year, month, number))
    })
}

fn reduce(vm: &Thread, this: Ref<'_>) -> PyResult {
    let state = vm.bytes(&Moment::of(this).pack(false))?;
    vm.pair(vm.class(this).own(), vm.tuple_array([state])?)
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    let Day { year, month, day } = Moment::of(this).day;
    vm.str(&format!("{}({year}, {month}, {day})", vm.type_name(this)))
}
