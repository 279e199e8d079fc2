//! `IsoCalendarDate`: the named tuple that `date.isocalendar` gives.

use pyx_vm::exception::PyResult;
use pyx_vm::heap::inline::Tuple;
use pyx_vm::native::*;
use pyx_vm::types::iterator::REDUCE;
use pyx_vm::types::tuple::TUPLE;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

pub(super) static ISO_CALENDAR_DATE: TypeDef = TypeDef {
    module: "datetime",
    base: Some(&TUPLE),
    doc: "ISO year, week and day of the week.",
    methods: &[method("__reduce__($self, /)", One(reduce), REDUCE)],
    getset: &[
        getter("year", |_, this| Ok(item(this, 0)), "The year that the week belongs to."),
        getter("week", |_, this| Ok(item(this, 1)), "The number of the week in its year."),
        getter("weekday", |_, this| Ok(item(this, 2)), "The day of the week; Monday is 1."),
    ],
    attributes: &[MODULE],
    slots: Slots { repr: Some(repr), ..Slots::NONE },
    ..TypeDef::new::<Tuple>("IsoCalendarDate")
};

fn items(this: Ref<'_>) -> &[Owned] {
    this.downcast::<Tuple>().map_or(&[], Tuple::as_slice)
}

fn item(this: Ref<'_>, index: usize) -> Owned {
    items(this).get(index).cloned().unwrap_or_else(Owned::none)
}

pub(super) fn make(vm: &Thread, (year, week, weekday): (i32, i64, i64)) -> PyResult {
    let class = vm.class_of(&ISO_CALENDAR_DATE)?;
    let items = [Owned::small_int(year), vm.int(week)?, vm.int(weekday)?];
    vm.tuple_of_class(class.borrow(), &items)
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    let part = |index| vm.str_string(item(this, index).borrow());
    let (name, year, week, weekday) = (vm.type_name(this), part(0)?, part(1)?, part(2)?);
    vm.str(&format!("{name}(year={year}, week={week}, weekday={weekday})"))
}

/// It is pickled as the plain tuple it equals.
fn reduce(vm: &Thread, this: Ref<'_>) -> PyResult {
    let plain = vm.tuple(items(this).to_vec())?;
    vm.pair(vm.types().tuple.clone(), vm.tuple_array([plain])?)
}
