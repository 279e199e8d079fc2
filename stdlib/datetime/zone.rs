//! `tzinfo` and `timezone`: offsets from UTC.

use pyx_vm::arguments::Args;
use pyx_vm::exception::PyResult;
use pyx_vm::heap::inline::Str;
use pyx_vm::native::*;
use pyx_vm::protocol::slots::CompareOp;
use pyx_vm::text::wtf8::TextBuf;
use pyx_vm::types::iterator::REDUCE;
use pyx_vm::types::sequence::push_repr;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload, signature};

use super::delta::{self, DAY, SECOND, TIMEDELTA};
use super::moment::{self, Moment};
use super::zoned::Zoned;

payload! {
    /// What `tzinfo` and its subclasses are made of: the offset and the name, for a timezone.
    pub(super) struct Zone: Native {
        /// A timedelta.
        offset: Option<Owned>,
        name: Option<Owned>,
    }
}

class! { Zone => TIMEZONE; }

pub(super) static TZINFO: TypeDef = TypeDef {
    module: "datetime",
    flags: TypeFlags::BASE,
    doc: "The base of classes that know offsets from UTC.",
    methods: &[
        method(
            "tzname($self, object, /)",
            Two(|vm, _, _| missing(vm, "tzname")),
            "The zone's name at a datetime.",
        ),
        method(
            "utcoffset($self, object, /)",
            Two(|vm, _, _| missing(vm, "utcoffset")),
            "The zone's offset from UTC at a datetime, positive east of it.",
        ),
        method(
            "dst($self, object, /)",
            Two(|vm, _, _| missing(vm, "dst")),
            "The part of the offset that is daylight saving time.",
        ),
        method("fromutc($self, object, /)", Two(from_utc), "The datetime in the zone of a datetime in UTC."),
        method("__reduce__($self, /)", One(reduce), REDUCE),
    ],
    slots: Slots { new: Some(new_tzinfo), ..Slots::NONE },
    ..TypeDef::new::<Zone>("tzinfo")
};

pub(super) static TIMEZONE: TypeDef = TypeDef {
    module: "datetime",
    base: Some(&TZINFO),
    doc: "A fixed offset from UTC.",
    methods: &[
        method(
            "tzname($self, object, /)",
            Two(|vm, this, object| {
                check_moment(vm, "tzname", object)?;
                name(vm, this)
            }),
            "The name, or UTC and the offset.",
        ),
        method(
            "utcoffset($self, object, /)",
            Two(|vm, this, object| {
                check_moment(vm, "utcoffset", object)?;
                offset(vm, this)
            }),
            "The offset.",
        ),
        method(
            "dst($self, object, /)",
            Two(|vm, _, object| {
                check_moment(vm, "dst", object)?;
                none()
            }),
            "None.",
        ),
        method(
            "fromutc($self, object, /)",
            Two(timezone_from_utc),
            "The datetime in the zone of one in UTC.",
        ),
        method("__getinitargs__($self, /)", One(init_arguments), "The arguments that make it, for pickle."),
    ],
    attributes: &[
        ClassAttribute { name: "utc", make: |vm, _| utc(vm) },
        ClassAttribute { name: "min", make: |vm, _| make(vm, -(DAY - 60 * SECOND), None) },
        ClassAttribute { name: "max", make: |vm, _| make(vm, DAY - 60 * SECOND, None) },
    ],
    slots: Slots {
        new: Some(new_timezone),
        repr: Some(repr),
        str: Some(name),
        hash: Some(|vm, this| vm.hash(offset(vm, this)?.borrow())),
        compare: Some(compare),
        ..Slots::NONE
    },
    ..TypeDef::new::<Zone>("timezone")
};

payload! {
    /// Keeps `timezone.utc`.
    struct Utc: Native {
        zone: Owned,
    }
}

class! { Utc => UTC; }

static UTC: TypeDef = TypeDef { module: "datetime", ..TypeDef::new::<Utc>("_UTC") };

/// `timezone.utc`
pub(super) fn utc(vm: &Thread) -> PyResult {
    let keeper = vm.singleton(|| {
        let offset = Some(delta::make(vm, 0)?);
        let class = vm.class_of(&TIMEZONE)?;
        Ok(Utc { zone: vm.new_object_of(class.borrow(), Zone { offset, name: None })? })
    })?;
    Ok(keeper.borrow().downcast::<Utc>().expect("the keeper of UTC").zone.clone())
}

fn is_utc(vm: &Thread, zone: Ref<'_>) -> PyResult<bool> {
    Ok(utc(vm)?.borrow().is(zone))
}

impl Zone {
    fn of(this: Ref<'_>) -> &Self {
        this.downcast().expect("the receiver is a tzinfo")
    }
}

/// Whether a value is an instance of `tzinfo`.
pub(super) fn is_zone(value: Ref<'_>) -> bool {
    value.downcast::<Zone>().is_some()
}

/// An argument that is None or a tzinfo.
pub(super) fn argument(vm: &Thread, value: Option<Ref<'_>>) -> PyResult<Option<Owned>> {
    match value.filter(|value| !value.is_none()) {
        None => Ok(None),
        Some(value) if is_zone(value) => Ok(Some(value.own())),
        Some(value) => {
            let name = vm.type_name(value);
            Err(vm.type_error(format_args!(
                "tzinfo argument must be None or of a tzinfo subclass, not type '{name}'"
            )))
        }
    }
}

fn missing(vm: &Thread, name: &str) -> PyResult {
    Err(vm.not_implemented_error(format_args!("a tzinfo subclass must implement {name}()")))
}

fn new_tzinfo(vm: &Thread, class: Ref<'_>, _args: &Args<'_>) -> PyResult {
    vm.new_object_of(class, Zone { offset: None, name: None })
}

fn new_timezone(vm: &Thread, _class: Ref<'_>, args: &Args<'_>) -> PyResult {
    args.bind(vm, signature!("timezone(offset, name=None)"), |bound| {
        let offset = bound.required(0);
        let Some(micros) = delta::as_micros(offset) else {
            return Err(vm.bad_argument("timezone() argument 1", "datetime.timedelta", offset));
        };
        let name = bound.optional(1);
        if let Some(name) = name {
            vm.str_argument("timezone() argument 2", name)?;
        }
        make(vm, micros, name.map(Ref::own))
    })
}

/// A timezone with an offset in microseconds.
pub(super) fn make(vm: &Thread, micros: i128, name: Option<Owned>) -> PyResult {
    if micros == 0 && name.is_none() {
        return utc(vm);
    }
    let offset = delta::make(vm, micros)?;
    if micros.abs() >= DAY {
        let offset = vm.repr_string(offset.borrow())?;
        return Err(vm.value_error(format_args!(
            "offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24), not {offset}"
        )));
    }
    let class = vm.class_of(&TIMEZONE)?;
    vm.new_object_of(class.borrow(), Zone { offset: Some(offset), name })
}

fn offset(vm: &Thread, this: Ref<'_>) -> PyResult {
    match &Zone::of(this).offset {
        Some(offset) => Ok(offset.clone()),
        None => delta::make(vm, 0),
    }
}

fn check_moment(vm: &Thread, method: &str, object: Ref<'_>) -> PyResult<()> {
    if object.is_none() || moment::is_datetime(object) {
        return Ok(());
    }
    let name = vm.type_name(object);
    Err(vm.type_error(format_args!("{method}(dt) argument must be a datetime instance or None, not {name}")))
}

fn name(vm: &Thread, this: Ref<'_>) -> PyResult {
    if let Some(name) = &Zone::of(this).name {
        return Ok(name.clone());
    }
    let micros = delta::micros(offset(vm, this)?.borrow());
    if micros == 0 {
        return vm.str("UTC");
    }
    vm.str(&format!("UTC{}", offset_text(micros, ":")))
}

/// An offset as `+HH:MM`, with seconds and microseconds where there are some.
pub(super) fn offset_text(micros: i128, separator: &str) -> String {
    let sign = if micros < 0 { '-' } else { '+' };
    let (seconds, fraction) = (micros.abs() / SECOND, micros.abs() % SECOND);
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let mut text = format!("{sign}{hours:02}{separator}{minutes:02}");
    if rest != 0 || fraction != 0 {
        text.push_str(&format!("{separator}{rest:02}"));
    }
    if fraction != 0 {
        text.push_str(&format!(".{fraction:06}"));
    }
    text
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    if is_utc(vm, this)? {
        return vm.str("datetime.timezone.utc");
    }
    let mut text = TextBuf::from(&*vm.type_name(this));
    text.push_str("(");
    push_repr(vm, &mut text, offset(vm, this)?.borrow())?;
    if let Some(name) = &Zone::of(this).name {
        text.push_str(", ");
        push_repr(vm, &mut text, name.borrow())?;
    }
    text.push_str(")");
    vm.text(text.as_text())
}

fn compare(vm: &Thread, a: Ref<'_>, b: Ref<'_>, op: CompareOp) -> PyResult {
    let is_timezone = |zone: Ref<'_>| zone.downcast::<Zone>().is_some_and(|zone| zone.offset.is_some());
    if !matches!(op, CompareOp::Eq | CompareOp::Ne) || !is_timezone(a) || !is_timezone(b) {
        return Ok(Owned::not_implemented());
    }
    vm.compare(offset(vm, a)?.borrow(), offset(vm, b)?.borrow(), op)
}

fn init_arguments(vm: &Thread, this: Ref<'_>) -> PyResult {
    let mut arguments = vec![offset(vm, this)?];
    arguments.extend(Zone::of(this).name.clone());
    vm.tuple(arguments)
}

fn reduce(vm: &Thread, this: Ref<'_>) -> PyResult {
    let arguments = match vm.get_attr_opt(this, vm.intern("__getinitargs__")?.borrow())? {
        Some(method) => vm.call(method.borrow(), &[])?,
        None => vm.empty_tuple(),
    };
    let state = vm.call_method(this, &vm.intern("__getstate__")?, &[])?;
    vm.tuple_array([vm.class(this).own(), arguments, state])
}

/// The datetime of a call of `fromutc`, which must be in the zone itself.
fn moment_in<'a>(vm: &Thread, this: Ref<'_>, object: Ref<'a>) -> PyResult<&'a Moment> {
    let Some(moment) = object.downcast::<Moment>().filter(|moment| moment.has_time()) else {
        return Err(vm.type_error("fromutc: argument must be a datetime"));
    };
    if !moment.zone().is_some_and(|zone| zone.borrow().is(this)) {
        return Err(vm.value_error("fromutc: dt.tzinfo is not self"));
    }
    Ok(moment)
}

fn timezone_from_utc(vm: &Thread, this: Ref<'_>, object: Ref<'_>) -> PyResult {
    moment_in(vm, this, object)?;
    moment::add(vm, object, delta::micros(offset(vm, this)?.borrow()))
}

/// `tzinfo.fromutc(dt)`: the standard offset goes on first; then the part that is daylight saving time there.
fn from_utc(vm: &Thread, this: Ref<'_>, object: Ref<'_>) -> PyResult {
    moment_in(vm, this, object)?;
    let Some(offset) = ask(vm, this, "utcoffset", object)? else {
        return Err(vm.value_error("fromutc: non-None utcoffset() result required"));
    };
    let Some(saving) = ask(vm, this, "dst", object)? else {
        return Err(vm.value_error("fromutc: non-None dst() result required"));
    };
    let standard = moment::add(vm, object, offset - saving)?;
    match ask(vm, this, "dst", standard.borrow())? {
        Some(0) => Ok(standard),
        Some(saving) => moment::add(vm, standard.borrow(), saving),
        None => Err(vm.value_error("fromutc: tz.dst() gave inconsistent results; cannot convert")),
    }
}

/// What a zone's method gives for a datetime or None: an offset in microseconds, if any.
pub(super) fn ask(vm: &Thread, zone: Ref<'_>, method: &str, object: Ref<'_>) -> PyResult<Option<i128>> {
    let answer = vm.call_method(zone, &vm.intern(method)?, &[object])?;
    if answer.borrow().is_none() {
        return Ok(None);
    }
    let Some(micros) = delta::as_micros(answer.borrow()) else {
        let name = vm.type_name(answer.borrow());
        return Err(
            vm.type_error(format_args!("tzinfo.{method}() must return None or timedelta, not '{name}'"))
        );
    };
    if micros.abs() >= DAY {
        let offset = vm.repr_string(answer.borrow())?;
        return Err(vm.value_error(format_args!(
            "offset must be a timedelta strictly between -timedelta(hours=24) and timedelta(hours=24), not {offset}"
        )));
    }
    Ok(Some(micros))
}

/// What a zone's `tzname` gives: a str, if any.
pub(super) fn ask_name(vm: &Thread, zone: Ref<'_>, object: Ref<'_>) -> PyResult<Option<Owned>> {
    let name = vm.call_method(zone, &vm.intern("tzname")?, &[object])?;
    if name.borrow().is_none() {
        return Ok(None);
    }
    if name.borrow().downcast::<Str>().is_none() {
        let got = vm.type_name(name.borrow());
        return Err(vm.type_error(format_args!("tzinfo.tzname() must return None or a string, not '{got}'")));
    }
    Ok(Some(name))
}

/// The timedelta that a zone's method gives, or None.
pub(super) fn ask_delta(vm: &Thread, zone: Option<&Owned>, method: &str, object: Ref<'_>) -> PyResult {
    match zone {
        Some(zone) => match ask(vm, zone.borrow(), method, object)? {
            Some(micros) => delta::make(vm, micros),
            None => none(),
        },
        None => none(),
    }
}

/// The class of timedeltas, whose instances some attributes are.
pub(super) fn resolution(vm: &Thread, micros: i128) -> PyResult {
    vm.class_of(&TIMEDELTA)?;
    delta::make(vm, micros)
}
