//! `time`: a time of day, in a time zone perhaps.

use std::cell::Cell;

use pyx_vm::arguments::Args;
use pyx_vm::exception::PyResult;
use pyx_vm::native::*;
use pyx_vm::protocol::slots::CompareOp;
use pyx_vm::text::wtf8::TextBuf;
use pyx_vm::types::sequence::push_repr;
use pyx_vm::value::{Owned, Ref, borrow_slice};
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload, signature};

use super::calendar::Day;
use super::delta::{DAY, SECOND};
use super::fields::{self, TimeOfDay};
use super::zoned::Zoned;
use super::{delta, iso_text, strftime, zone};

payload! {
    /// A time.
    pub(super) struct Clock: Native {
        pub(super) time: TimeOfDay,
        pub(super) fold: Cell<bool>,
        pub(super) zone: Option<Owned>,
    }
}

class! { Clock => TIME; }

/// The parameters of the constructor.
const NAMES: [&str; 6] = ["hour", "minute", "second", "microsecond", "tzinfo", "fold"];

pub(super) static TIME: TypeDef = TypeDef {
    module: "datetime",
    flags: TypeFlags::BASE,
    doc: "A time of day, made from hour, minute, second, microsecond and a time zone, all optional.",
    methods: &[
        class_method(
            "strptime($type, string, format, /)",
            Three(|vm, class, text, format| {
                fields::strptime(vm, "_strptime_datetime_time", class, text, format)
            }),
            "The time that a text says, by a format.",
        )
        .untold()
        .wording(Wording::Parse),
        method("isoformat($self, /, timespec='auto')", OneOpt(isoformat), "The text HH:MM:SS.ffffff+HH:MM.")
            .untold(),
        method("strftime($self, /, format)", Two(strftime_method), "The text by a format.").untold(),
        method(
            "__format__($self, format_spec, /)",
            Two(fields::format),
            "The text by a format, or str(self).",
        )
        .untold()
        .wording(Wording::Parse),
        Clock::UTCOFFSET,
        Clock::TZNAME,
        Clock::DST,
        method(REPLACE, Raw(replace), "The time with other fields."),
        method("__replace__($self, /, **changes)", Raw(replace), "As replace()."),
        class_method(
            "fromisoformat($type, object, /)",
            Two(fromisoformat),
            "The time of a text in ISO 8601.",
        ),
        Clock::REDUCE_EX,
        Clock::REDUCE,
    ],
    getset: &[Clock::HOUR, Clock::MINUTE, Clock::SECOND, Clock::MICROSECOND, Clock::TZINFO, Clock::FOLD],
    attributes: &[
        ClassAttribute { name: "min", make: |vm, class| in_class(vm, class, 0) },
        ClassAttribute { name: "max", make: |vm, class| in_class(vm, class, DAY - 1) },
        ClassAttribute { name: "resolution", make: |vm, _| zone::resolution(vm, 1) },
    ],
    slots: Slots {
        new: Some(new),
        repr: Some(repr),
        str: Some(|vm, this| vm.call_method(this, &vm.intern("isoformat")?, &[])),
        hash: Some(hash),
        compare: Some(compare),
        ..Slots::NONE
    },
    ..TypeDef::new::<Clock>("time")
};

const REPLACE: &str = "replace($self, /, hour=unchanged, minute=unchanged, second=unchanged,\n        \
                       microsecond=unchanged, tzinfo=unchanged, *, fold=unchanged)";

fn in_class(vm: &Thread, class: Ref<'_>, micros: i128) -> PyResult {
    vm.new_object_of(
        class,
        Clock { time: TimeOfDay::from_micros(micros), fold: Cell::new(false), zone: None },
    )
}

fn new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    if let [first, rest @ ..] = args.positional()
        && rest.len() < 2
        && !args.has_keywords()
        && let Some(state) = fields::state(*first).filter(|state| state.len() == 6 && state[0] & 0x7f < 24)
    {
        let zone = fields::state_zone(vm, rest.first().copied())?;
        let (time, fold) = unpack(&state);
        return vm.new_object_of(class, Clock { time, fold: Cell::new(fold), zone });
    }
    let [hour, minute, second, micro, zone, fold] = fields::bind(vm, args, NAMES, 0, 5)?;
    let mut numbers = [0; 4];
    for (number, value) in numbers.iter_mut().zip([hour, minute, second, micro]) {
        *number = fields::int(vm, value, 0)?;
    }
    let time = fields::time_of_day(vm, numbers)?;
    let fold = Cell::new(fields::fold(vm, fold)?);
    vm.new_object_of(class, Clock { time, fold, zone: zone::argument(vm, zone)? })
}

/// The six bytes of a time in a pickle, the fold in the first one.
pub(super) fn pack(time: TimeOfDay, fold: bool) -> [u8; 6] {
    let [_, high, middle, low] = time.micro.to_be_bytes();
    [time.hour | u8::from(fold) << 7, time.minute, time.second, high, middle, low]
}

fn unpack(state: &[u8]) -> (TimeOfDay, bool) {
    let micro = u32::from_be_bytes([0, state[3], state[4], state[5]]);
    let time = TimeOfDay { hour: state[0] & 0x7f, minute: state[1], second: state[2], micro };
    (time, state[0] & 0x80 != 0)
}

fn offset(vm: &Thread, clock: &Clock) -> PyResult<Option<i128>> {
    match &clock.zone {
        Some(zone) => zone::ask(vm, zone.borrow(), "utcoffset", Ref::NONE),
        None => Ok(None),
    }
}

fn isoformat(vm: &Thread, this: Ref<'_>, timespec: Option<Ref<'_>>) -> PyResult {
    let precision = fields::precision(vm, "isoformat() argument 1", timespec)?;
    let clock = Clock::of(this);
    let mut text = fields::iso_time(vm, clock.time, precision.as_deref())?;
    if let Some(offset) = offset(vm, clock)? {
        text.push_str(&zone::offset_text(offset, ":"));
    }
    vm.str(&text)
}

fn strftime_method(vm: &Thread, this: Ref<'_>, format: Ref<'_>) -> PyResult {
    vm.str_argument("strftime() argument 1", format)?;
    let clock = Clock::of(this);
    let time = clock.time;
    let parts = [1900, 1, 1, i32::from(time.hour), i32::from(time.minute), i32::from(time.second), 0, 1, -1];
    let tuple = vm.tuple_array(parts.map(Owned::small_int))?;
    let subject = strftime::Subject {
        day: Day::new(1900, 1, 1),
        micro: time.micro,
        zone: clock.zone.as_ref(),
        asked: Ref::NONE,
    };
    strftime::format(vm, &subject, format, tuple.borrow())
}

fn replace(vm: &Thread, args: &Args<'_>) -> PyResult {
    let (this, rest) = args.split_first().expect("a method has a receiver");
    let names = signature!(
        "replace(hour=unchanged, minute=unchanged, second=unchanged, microsecond=unchanged, tzinfo=unchanged, *, fold=unchanged)"
    );
    rest.bind(vm, names, |bound| {
        let clock = Clock::of(this);
        let time = clock.time;
        let own = [time.hour.into(), time.minute.into(), time.second.into(), time.micro];
        let mut values = Vec::new();
        for (index, own) in own.into_iter().enumerate() {
            values.push(vm.int(fields::int(vm, bound.optional(index), own as i32)?.into())?);
        }
        values.push(match bound.optional(4) {
            Some(zone) => zone.own(),
            None => clock.zone_or_none(),
        });
        let fold = match bound.optional(5) {
            Some(fold) => fields::fold(vm, Some(fold))?,
            None => clock.fold.get(),
        };
        make(vm, vm.class(this), &values, fold)
    })
}

/// A time of a class, which is called with the values of all fields but the fold.
fn make(vm: &Thread, class: Ref<'_>, values: &[Owned], fold: bool) -> PyResult {
    let time = vm.call(class, borrow_slice(values))?;
    if let Some(clock) = time.borrow().downcast::<Clock>() {
        clock.fold.set(fold);
    }
    Ok(time)
}

fn fromisoformat(vm: &Thread, class: Ref<'_>, text: Ref<'_>) -> PyResult {
    let bytes = fields::iso_argument(vm, text)?.as_bytes();
    let bytes = bytes.strip_prefix(b"T").unwrap_or(bytes);
    let Some(time) = iso_text::time(bytes) else { return Err(fields::invalid_iso_text(vm, text)) };
    let hour = midnight(vm, &time)?.map_or(time.hour, |()| 0);
    let zone = match time.offset {
        Some(offset) => zone::make(vm, offset.into(), None)?,
        None => Owned::none(),
    };
    let mut values: Vec<Owned> =
        [hour, time.minute, time.second, time.micro].into_iter().map(Owned::small_int).collect();
    values.push(zone);
    make(vm, class, &values, false)
}

/// Whether a time is 24:00, which is the next day's midnight and has nothing behind the hour.
pub(super) fn midnight(vm: &Thread, time: &iso_text::IsoTime) -> PyResult<Option<()>> {
    if time.hour != 24 {
        return Ok(None);
    }
    if (time.minute, time.second, time.micro) != (0, 0, 0) {
        return Err(vm.value_error("minute, second, and microsecond must be 0 when hour is 24"));
    }
    Ok(Some(()))
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    let Clock { time, fold, zone } = Clock::of(this);
    let TimeOfDay { hour, minute, second, micro } = *time;
    let mut text = TextBuf::from(&*vm.type_name(this));
    text.push_str(&match (second, micro) {
        (0, 0) => format!("({hour}, {minute}"),
        (second, 0) => format!("({hour}, {minute}, {second}"),
        (second, micro) => format!("({hour}, {minute}, {second}, {micro}"),
    });
    if let Some(zone) = zone {
        text.push_str(", tzinfo=");
        push_repr(vm, &mut text, zone.borrow())?;
    }
    text.push_str(if fold.get() { ", fold=1)" } else { ")" });
    vm.text(text.as_text())
}

fn hash(vm: &Thread, this: Ref<'_>) -> PyResult<i64> {
    let clock = Clock::of(this);
    let offset = match &clock.zone {
        // Times that differ in the fold only are equal.
        Some(_) if clock.fold.get() => {
            let plain = Clock { time: clock.time, fold: Cell::new(false), zone: clock.zone.clone() };
            offset(vm, &plain)?
        }
        _ => offset(vm, clock)?,
    };
    match offset {
        Some(offset) => vm.hash(delta::make(vm, clock.time.micros() - offset)?.borrow()),
        None => vm.hash(vm.bytes(&pack(clock.time, false))?.borrow()),
    }
}

fn compare(vm: &Thread, a: Ref<'_>, b: Ref<'_>, op: CompareOp) -> PyResult {
    let (Some(x), Some(y)) = (a.downcast::<Clock>(), b.downcast::<Clock>()) else {
        return Ok(Owned::not_implemented());
    };
    let same_zone = match (&x.zone, &y.zone) {
        (Some(x), Some(y)) => x.borrow().is(y.borrow()),
        (None, None) => true,
        _ => false,
    };
    let offsets = if same_zone { (None, None) } else { (offset(vm, x)?, offset(vm, y)?) };
    let ordering = match offsets {
        (x_offset, y_offset) if x_offset == y_offset => x.time.cmp(&y.time),
        (Some(x_offset), Some(y_offset)) => {
            let seconds =
                |time: TimeOfDay, offset: i128| (time.micros() / SECOND) - offset.div_euclid(SECOND);
            let (x_seconds, y_seconds) = (seconds(x.time, x_offset), seconds(y.time, y_offset));
            x_seconds.cmp(&y_seconds).then(x.time.micro.cmp(&y.time.micro))
        }
        _ => {
            return match op {
                CompareOp::Eq => Ok(Owned::bool(false)),
                CompareOp::Ne => Ok(Owned::bool(true)),
                _ => Err(vm.type_error("can't compare offset-naive and offset-aware times")),
            };
        }
    };
    Ok(Owned::bool(op.holds(ordering)))
}
