//! What constructors and texts of dates and times share: fields as arguments, checks of their ranges, pickled states,
//! and ISO text.

use pyx_vm::arguments::Args;
use pyx_vm::exception::{PyResult, Raised};
use pyx_vm::heap::inline::{Bytes, Str};
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

use super::calendar::{self, Day};

/// A time of day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct TimeOfDay {
    pub(super) hour: u8,
    pub(super) minute: u8,
    pub(super) second: u8,
    pub(super) micro: u32,
}

pyx_vm::untraced!(Day, TimeOfDay);

impl TimeOfDay {
    /// Microseconds since midnight.
    pub(super) fn micros(self) -> i128 {
        let seconds = (i128::from(self.hour) * 60 + i128::from(self.minute)) * 60 + i128::from(self.second);
        seconds * super::delta::SECOND + i128::from(self.micro)
    }

    pub(super) fn from_micros(micros: i128) -> Self {
        let seconds = micros / super::delta::SECOND;
        Self {
            hour: (seconds / 3600) as u8,
            minute: (seconds / 60 % 60) as u8,
            second: (seconds % 60) as u8,
            micro: (micros % super::delta::SECOND) as u32,
        }
    }
}

/// The arguments of a constructor by their names, with the errors of functions in C that have no name.
pub(super) fn bind<'a, const N: usize>(
    vm: &Thread,
    args: &Args<'a>,
    names: [&str; N],
    required: usize,
    positional: usize,
) -> PyResult<[Option<Ref<'a>>; N]> {
    let (given, total) = (args.positional().len(), args.values().len());
    if total > N {
        let keyword = if given == 0 { "keyword " } else { "" };
        return Err(
            vm.type_error(format_args!("function takes at most {N} {keyword}arguments ({total} given)"))
        );
    }
    if given > positional {
        return Err(vm.type_error(format_args!(
            "function takes at most {positional} positional arguments ({given} given)"
        )));
    }
    let mut values = [None; N];
    for (place, &value) in values.iter_mut().zip(args.positional()) {
        *place = Some(value);
    }
    let mut unexpected = None;
    for (keyword, value) in args.keywords() {
        let keyword = vm.str_string(keyword)?;
        match names.iter().position(|name| *name == keyword) {
            Some(index) if values[index].is_some() => {
                let place = index + 1;
                return Err(vm.type_error(format_args!(
                    "argument for function given by name ('{keyword}') and position ({place})"
                )));
            }
            Some(index) => values[index] = Some(value),
            None => unexpected = unexpected.or(Some(keyword)),
        }
    }
    if let Some(missing) = (0..required).find(|&index| values[index].is_none()) {
        // The fields before it come first, which all are ints.
        for &value in values[..missing].iter().flatten() {
            vm.to_i32(value)?;
        }
        let (name, place) = (names[missing], missing + 1);
        return Err(vm.type_error(format_args!("function missing required argument '{name}' (pos {place})")));
    }
    if let Some(keyword) = unexpected {
        return Err(
            vm.type_error(format_args!("this function got an unexpected keyword argument '{keyword}'"))
        );
    }
    Ok(values)
}

/// A field that is an int; a default where it is left out.
pub(super) fn int(vm: &Thread, value: Option<Ref<'_>>, default: i32) -> PyResult<i32> {
    value.map_or(Ok(default), |value| vm.to_i32(value))
}

fn in_range(vm: &Thread, name: &str, value: i32, least: i32, most: i32) -> PyResult<()> {
    if (least..=most).contains(&value) {
        return Ok(());
    }
    Err(vm.value_error(format_args!("{name} must be in {least}..{most}, not {value}")))
}

/// The day with these numbers.
pub(super) fn day(vm: &Thread, year: i32, month: i32, day: i32) -> PyResult<Day> {
    in_range(vm, "year", year, calendar::MIN_YEAR, calendar::MAX_YEAR)?;
    in_range(vm, "month", month, 1, 12)?;
    let last = calendar::days_in_month(year, month);
    if !(1..=last).contains(&day) {
        return Err(vm.value_error(format_args!(
            "day {day} must be in range 1..{last} for month {month} in year {year}"
        )));
    }
    Ok(Day::new(year, month, day))
}

/// The time of day with these numbers.
pub(super) fn time_of_day(vm: &Thread, [hour, minute, second, micro]: [i32; 4]) -> PyResult<TimeOfDay> {
    in_range(vm, "hour", hour, 0, 23)?;
    in_range(vm, "minute", minute, 0, 59)?;
    in_range(vm, "second", second, 0, 59)?;
    in_range(vm, "microsecond", micro, 0, 999_999)?;
    Ok(TimeOfDay { hour: hour as u8, minute: minute as u8, second: second as u8, micro: micro as u32 })
}

/// Whether a time is the later one of two that clocks show when they are set back.
pub(super) fn fold(vm: &Thread, value: Option<Ref<'_>>) -> PyResult<bool> {
    match int(vm, value, 0)? {
        0 => Ok(false),
        1 => Ok(true),
        fold => Err(vm.value_error(format_args!("fold must be either 0 or 1, not {fold}"))),
    }
}

/// The bytes of a pickled state, which protocol 0 of Python 2 gave as a str.
pub(super) fn state(value: Ref<'_>) -> Option<Vec<u8>> {
    if let Some(bytes) = value.downcast::<Bytes>() {
        return Some(bytes.as_bytes().to_vec());
    }
    let text = value.downcast::<Str>()?;
    text.text().code_points().map(|code| u8::try_from(code).ok()).collect()
}

/// `YYYY-MM-DD`
pub(super) fn iso_date(day: Day) -> String {
    format!("{:04}-{:02}-{:02}", day.year, day.month, day.day)
}

/// `HH:MM:SS.ffffff`, up to the part that a name says.
pub(super) fn iso_time(vm: &Thread, time: TimeOfDay, precision: Option<&str>) -> PyResult<String> {
    let TimeOfDay { hour, minute, second, micro } = time;
    let precision = match precision {
        None | Some("auto") if micro == 0 => "seconds",
        None | Some("auto") => "microseconds",
        Some(precision) => precision,
    };
    Ok(match precision {
        "hours" => format!("{hour:02}"),
        "minutes" => format!("{hour:02}:{minute:02}"),
        "seconds" => format!("{hour:02}:{minute:02}:{second:02}"),
        "milliseconds" => format!("{hour:02}:{minute:02}:{second:02}.{:03}", micro / 1000),
        "microseconds" => format!("{hour:02}:{minute:02}:{second:02}.{micro:06}"),
        _ => return Err(vm.value_error("Unknown timespec value")),
    })
}

/// The precision that an argument names.
pub(super) fn precision(vm: &Thread, place: &str, value: Option<Ref<'_>>) -> PyResult<Option<String>> {
    match value.filter(|value| !value.is_none()) {
        None => Ok(None),
        Some(value) if value.downcast::<Str>().is_some() => vm.str_string(value).map(Some),
        Some(value) => Err(vm.bad_argument(place, "str or None", value)),
    }
}

/// The error for a text that is no date or time.
#[cold]
pub(super) fn invalid_iso_text(vm: &Thread, text: Ref<'_>) -> Raised {
    match vm.repr_string(text) {
        Ok(text) => vm.value_error(format_args!("Invalid isoformat string: {text}")),
        Err(raised) => raised,
    }
}

/// An argument of `fromisoformat`.
pub(super) fn iso_argument<'a>(vm: &Thread, text: Ref<'a>) -> PyResult<&'a Str> {
    text.downcast::<Str>().ok_or_else(|| vm.type_error("fromisoformat: argument must be str"))
}

/// A function of the module `time`.
pub(super) fn time_function(vm: &Thread, name: &str) -> PyResult {
    let module = vm.import_module(&vm.intern("time")?)?;
    vm.get_attr(module.borrow(), vm.intern(name)?.borrow())
}

/// Calls a function of `_strptime`, which reads a text by a format.
pub(super) fn strptime(
    vm: &Thread,
    function: &str,
    class: Ref<'_>,
    text: Ref<'_>,
    format: Ref<'_>,
) -> PyResult {
    vm.str_argument("strptime() argument 1", text)?;
    vm.str_argument("strptime() argument 2", format)?;
    let module = vm.import_module(&vm.intern("_strptime")?)?;
    let function = vm.get_attr(module.borrow(), vm.intern(function)?.borrow())?;
    vm.call(function.borrow(), &[class, text, format])
}

/// `format(value, spec)`: its str, or what its method `strftime` gives.
pub(super) fn format(vm: &Thread, this: Ref<'_>, spec: Ref<'_>) -> PyResult {
    if vm.str_argument("__format__() argument 1", spec)?.is_empty() {
        return vm.to_str(this);
    }
    vm.call_method(this, &vm.intern("strftime")?, &[spec])
}

/// A time zone as the constructor's state has it.
pub(super) fn state_zone(vm: &Thread, value: Option<Ref<'_>>) -> PyResult<Option<Owned>> {
    match value.filter(|value| !value.is_none()) {
        Some(value) if !super::zone::is_zone(value) => Err(vm.type_error("bad tzinfo state arg")),
        value => Ok(value.map(Ref::own)),
    }
}
