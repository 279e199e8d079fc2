//! What times and datetimes have in common: a time of day in a time zone, perhaps, and rows of their tables.

use pyx_vm::exception::PyResult;
use pyx_vm::heap::Payload;
use pyx_vm::native::*;
use pyx_vm::types::iterator::REDUCE as PICKLED;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

use super::clock::Clock;
use super::fields::TimeOfDay;
use super::moment::Moment;
use super::zone;

/// A time of day, or a point in time.
pub(super) trait Zoned: Payload {
    fn of(this: Ref<'_>) -> &Self {
        this.downcast().expect("the descriptor checks its receiver")
    }

    fn time(&self) -> TimeOfDay;

    /// Whether it is the later one of two times that clocks show when they are set back.
    fn fold(&self) -> bool;

    fn zone(&self) -> Option<&Owned>;

    fn zone_or_none(&self) -> Owned {
        self.zone().cloned().unwrap_or_else(Owned::none)
    }

    /// What a time zone is asked about: the datetime, or None.
    fn subject(this: Ref<'_>) -> Ref<'_>;

    /// The fields in bytes, with the fold or without it.
    fn packed(&self, with_fold: bool) -> Vec<u8>;

    const UTCOFFSET: MethodDef = method(
        "utcoffset($self, /)",
        One(|vm, this| ask::<Self>(vm, this, "utcoffset")),
        "The offset from UTC, or None.",
    );

    const TZNAME: MethodDef =
        method("tzname($self, /)", One(tzname::<Self>), "The name of the time zone, or None.");

    const DST: MethodDef = method(
        "dst($self, /)",
        One(|vm, this| ask::<Self>(vm, this, "dst")),
        "The daylight saving time, or None.",
    );

    const REDUCE_EX: MethodDef = method(
        "__reduce_ex__($self, proto, /)",
        Two(|vm, this, protocol| {
            let protocol = vm.to_i32(protocol)?;
            state::<Self>(vm, this, protocol > 3)
        }),
        PICKLED,
    )
    .untold()
    .wording(Wording::Parse);

    const REDUCE: MethodDef =
        method("__reduce__($self, /)", One(|vm, this| state::<Self>(vm, this, false)), PICKLED);

    const HOUR: GetSet = getter(
        "hour",
        |_, this| Ok(Owned::small_int(Self::of(this).time().hour.into())),
        "The hour, from 0 to 23.",
    );

    const MINUTE: GetSet = getter(
        "minute",
        |_, this| Ok(Owned::small_int(Self::of(this).time().minute.into())),
        "The minute, from 0 to 59.",
    );

    const SECOND: GetSet = getter(
        "second",
        |_, this| Ok(Owned::small_int(Self::of(this).time().second.into())),
        "The second, from 0 to 59.",
    );

    const MICROSECOND: GetSet = getter(
        "microsecond",
        |_, this| Ok(Owned::small_int(Self::of(this).time().micro as i32)),
        "The microsecond, from 0 to 999999.",
    );

    const TZINFO: GetSet =
        getter("tzinfo", |_, this| Ok(Self::of(this).zone_or_none()), "The time zone, or None.");

    const FOLD: GetSet = getter(
        "fold",
        |_, this| Ok(Owned::small_int(i32::from(Self::of(this).fold()))),
        "1 for the later one of two times that clocks show when they are set back.",
    );
}

/// The fields that both have by these names.
macro_rules! accessors {
    () => {
        fn time(&self) -> TimeOfDay {
            self.time
        }

        fn fold(&self) -> bool {
            self.fold.get()
        }

        fn zone(&self) -> Option<&Owned> {
            self.zone.as_ref()
        }
    };
}

impl Zoned for Clock {
    accessors!();

    fn subject(_: Ref<'_>) -> Ref<'_> {
        Ref::NONE
    }

    fn packed(&self, with_fold: bool) -> Vec<u8> {
        super::clock::pack(self.time, self.fold() && with_fold).to_vec()
    }
}

impl Zoned for Moment {
    accessors!();

    fn subject(this: Ref<'_>) -> Ref<'_> {
        this
    }

    fn packed(&self, with_fold: bool) -> Vec<u8> {
        self.pack(with_fold)
    }
}

/// What the time zone says when it is asked for a timedelta.
fn ask<T: Zoned>(vm: &Thread, this: Ref<'_>, method: &str) -> PyResult {
    zone::ask_delta(vm, T::of(this).zone(), method, T::subject(this))
}

fn tzname<T: Zoned>(vm: &Thread, this: Ref<'_>) -> PyResult {
    match T::of(this).zone() {
        Some(zone) => Ok(zone::ask_name(vm, zone.borrow(), T::subject(this))?.unwrap_or_else(Owned::none)),
        None => none(),
    }
}

/// The class and the arguments that make the object again.
fn state<T: Zoned>(vm: &Thread, this: Ref<'_>, with_fold: bool) -> PyResult {
    let object = T::of(this);
    let mut state = vec![vm.bytes(&object.packed(with_fold))?];
    state.extend(object.zone().cloned());
    vm.pair(vm.class(this).own(), vm.tuple(state)?)
}
