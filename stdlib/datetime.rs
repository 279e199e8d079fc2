//! `_datetime`: dates, times, and what lies between them.
//!
//! Local time, the formats of C and `strptime` come from the modules `time` and `_strptime`.

mod calendar;
mod clock;
mod date;
mod datetime_type;
mod delta;
mod fields;
mod iso_calendar;
mod iso_text;
mod moment;
mod strftime;
mod zone;
mod zoned;

use pyx_vm::exception::PyResult;
use pyx_vm::native::*;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

pub(crate) static DATETIME: ModuleDef = ModuleDef {
    doc: "Dates and times.",
    types: &[
        &date::DATE,
        &datetime_type::DATETIME,
        &clock::TIME,
        &delta::TIMEDELTA,
        &zone::TZINFO,
        &zone::TIMEZONE,
    ],
    exec: Some(exec),
    ..ModuleDef::new("_datetime")
};

fn exec(vm: &Thread, module: Ref<'_>) -> PyResult<()> {
    let set = |name: &str, value: Owned| vm.set_attr(module, vm.intern(name)?.borrow(), Some(value.borrow()));
    set("MINYEAR", Owned::small_int(calendar::MIN_YEAR))?;
    set("MAXYEAR", Owned::small_int(calendar::MAX_YEAR))?;
    set("UTC", zone::utc(vm)?)
}
