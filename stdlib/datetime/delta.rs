//! `timedelta`: a difference of times, exact to the microsecond.
//!
//! It is days, seconds of a day and microseconds of a second, of which only the days can be negative. Arithmetic is that of the
//! whole number of microseconds, which 128 bits hold with ease.

use std::cmp::Ordering;

use pyx_vm::arguments::Args;
use pyx_vm::exception::{PyResult, Raised};
use pyx_vm::heap::inline::Tuple;
use pyx_vm::native::*;
use pyx_vm::protocol::conversion::{float_value, int_value};
use pyx_vm::protocol::number::BinaryOp;
use pyx_vm::protocol::slots::CompareOp;
use pyx_vm::types::iterator::REDUCE;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload, signature};

payload! {
    /// A timedelta.
    pub(super) struct Delta: Native {
        days: i32,
        seconds: i32,
        micros: i32,
    }
}

class! { Delta => TIMEDELTA; }

/// Microseconds of a day.
pub(super) const DAY: i128 = 86_400 * SECOND;
/// Microseconds of a second.
pub(super) const SECOND: i128 = 1_000_000;
const MAX_DAYS: i32 = 999_999_999;

pub(super) static TIMEDELTA: TypeDef = TypeDef {
    module: "datetime",
    flags: TypeFlags::BASE,
    doc: "The difference of two times, made from days, seconds, microseconds, milliseconds, minutes, hours and weeks,\n\
          each an int or a float, and positive or negative.",
    methods: &[
        method("total_seconds($self, /)", One(total_seconds), "The difference in seconds, as a float."),
        method("__reduce__($self, /)", One(reduce), REDUCE),
    ],
    getset: &[
        member(
            "days",
            |_, this| Ok(Owned::small_int(Delta::of(this).days)),
            "The days; they may be negative.",
        ),
        member(
            "seconds",
            |_, this| Ok(Owned::small_int(Delta::of(this).seconds)),
            "The seconds, below a day.",
        ),
        member(
            "microseconds",
            |_, this| Ok(Owned::small_int(Delta::of(this).micros)),
            "The microseconds, below a second.",
        ),
    ],
    attributes: &[
        ClassAttribute { name: "resolution", make: |vm, class| in_class(vm, class, 1) },
        ClassAttribute { name: "min", make: |vm, class| in_class(vm, class, -i128::from(MAX_DAYS) * DAY) },
        ClassAttribute {
            name: "max",
            make: |vm, class| in_class(vm, class, (i128::from(MAX_DAYS) + 1) * DAY - 1),
        },
    ],
    slots: Slots {
        new: Some(new),
        repr: Some(repr),
        str: Some(str),
        hash: Some(hash),
        compare: Some(compare),
        add: Some(|vm, a, b| both(vm, a, b, |a, b| a + b)),
        subtract: Some(|vm, a, b| both(vm, a, b, |a, b| a - b)),
        multiply: Some(multiply),
        remainder: Some(remainder),
        divmod: Some(divmod),
        negative: Some(|vm, this| make(vm, -micros(this))),
        positive: Some(|vm, this| make(vm, micros(this))),
        absolute: Some(|vm, this| make(vm, micros(this).abs())),
        bool: Some(|_, this| Ok(micros(this) != 0)),
        floor_divide: Some(floor_divide),
        true_divide: Some(true_divide),
        ..Slots::NONE
    },
    ..TypeDef::new::<Delta>("timedelta")
};

impl Delta {
    fn of(this: Ref<'_>) -> &Self {
        this.downcast().expect("a timedelta")
    }
}

/// The microseconds of a timedelta.
pub(super) fn micros(delta: Ref<'_>) -> i128 {
    let Delta { days, seconds, micros } = Delta::of(delta);
    i128::from(*days) * DAY + i128::from(*seconds) * SECOND + i128::from(*micros)
}

/// The microseconds of a value, if it is a timedelta.
pub(super) fn as_micros(value: Ref<'_>) -> Option<i128> {
    value.downcast::<Delta>().map(|_| micros(value))
}

/// A timedelta of so many microseconds.
pub(super) fn make(vm: &Thread, micros: i128) -> PyResult {
    vm.new_object(split(vm, micros)?)
}

fn in_class(vm: &Thread, class: Ref<'_>, micros: i128) -> PyResult {
    vm.new_object_of(class, split(vm, micros)?)
}

fn split(vm: &Thread, micros: i128) -> PyResult<Delta> {
    let Ok(days) = i32::try_from(micros.div_euclid(DAY)) else { return Err(too_large(vm)) };
    if days.abs() > MAX_DAYS {
        return Err(vm.overflow_error(format_args!("days={days}; must have magnitude <= {MAX_DAYS}")));
    }
    let rest = micros.rem_euclid(DAY);
    Ok(Delta { days, seconds: (rest / SECOND) as i32, micros: (rest % SECOND) as i32 })
}

#[cold]
fn too_large(vm: &Thread) -> Raised {
    vm.overflow_error("Python int too large to convert to C int")
}

/// A timedelta of as many microseconds as an int says.
fn from_int(vm: &Thread, micros: Ref<'_>) -> PyResult {
    make(vm, i128::try_from(&vm.to_big(micros)?).map_err(|_| too_large(vm))?)
}

/// The microseconds as an int.
fn to_int(vm: &Thread, delta: Ref<'_>) -> PyResult {
    vm.big_int(micros(delta).into())
}

/// The parts that a timedelta is made from, in the constructor's order.
const PARTS: [(&str, i128); 7] = [
    ("days", DAY),
    ("seconds", SECOND),
    ("microseconds", 1),
    ("milliseconds", 1000),
    ("minutes", 60 * SECOND),
    ("hours", 3600 * SECOND),
    ("weeks", 7 * DAY),
];

/// The order in which CPython adds them up, which matters to the rounding of floats.
const ADDED: [usize; 7] = [2, 3, 1, 4, 5, 0, 6];

fn new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    let names =
        signature!("__new__(days=0, seconds=0, microseconds=0, milliseconds=0, minutes=0, hours=0, weeks=0)");
    args.bind(vm, names, |bound| {
        let mut sum = Sum { whole: 0, fraction: 0.0 };
        for index in ADDED {
            if let Some(value) = bound.optional(index) {
                sum.add(vm, PARTS[index], value)?;
            }
        }
        in_class(vm, class, sum.rounded(vm)?)
    })
}

/// Microseconds, and the fractions of microseconds that floats leave over.
struct Sum {
    whole: i128,
    fraction: f64,
}

impl Sum {
    fn add(&mut self, vm: &Thread, (name, factor): (&str, i128), value: Ref<'_>) -> PyResult<()> {
        if int_value(value).is_some() {
            let value = i128::try_from(&vm.to_big(value)?).map_err(|_| too_large(vm))?;
            return self.add_whole(vm, value, factor);
        }
        let Some(float) = float_value(value) else {
            let got = vm.type_name(value);
            return Err(vm.type_error(format_args!("unsupported type for timedelta {name} component: {got}")));
        };
        if float.is_nan() {
            return Err(vm.value_error("cannot convert float NaN to integer"));
        }
        if float.is_infinite() {
            return Err(vm.overflow_error("cannot convert float infinity to integer"));
        }
        self.add_whole(vm, whole(vm, float)?, factor)?;
        if float.fract() != 0.0 {
            let product = factor as f64 * float.fract();
            self.fraction += product.fract();
            self.add_whole(vm, whole(vm, product)?, 1)?;
        }
        Ok(())
    }

    fn add_whole(&mut self, vm: &Thread, value: i128, factor: i128) -> PyResult<()> {
        let sum = value.checked_mul(factor).and_then(|product| self.whole.checked_add(product));
        self.whole = sum.ok_or_else(|| too_large(vm))?;
        Ok(())
    }

    /// The sum, halves going to the even neighbour.
    fn rounded(self, vm: &Thread) -> PyResult<i128> {
        let mut extra = self.fraction.round();
        if (extra - self.fraction).abs() == 0.5 {
            let odd = if self.whole & 1 == 1 { 1.0 } else { 0.0 };
            extra = 2.0 * ((self.fraction + odd) * 0.5).round() - odd;
        }
        self.whole.checked_add(extra as i128).ok_or_else(|| too_large(vm))
    }
}

/// The integer part of a float.
fn whole(vm: &Thread, float: f64) -> PyResult<i128> {
    if float.abs() >= 1e38 {
        return Err(too_large(vm));
    }
    Ok(float.trunc() as i128)
}

/// A result that depends on the microseconds of two timedeltas.
fn both(vm: &Thread, a: Ref<'_>, b: Ref<'_>, operate: fn(i128, i128) -> i128) -> PyResult {
    match (as_micros(a), as_micros(b)) {
        (Some(a), Some(b)) => make(vm, operate(a, b)),
        _ => Ok(Owned::not_implemented()),
    }
}

fn multiply(vm: &Thread, a: Ref<'_>, b: Ref<'_>) -> PyResult {
    let (delta, factor) = if a.downcast::<Delta>().is_some() { (a, b) } else { (b, a) };
    let micros = to_int(vm, delta)?;
    if int_value(factor).is_some() {
        return from_int(vm, vm.binary(BinaryOp::Mult, micros.borrow(), factor)?.borrow());
    }
    if float_value(factor).is_none() {
        return Ok(Owned::not_implemented());
    }
    let (numerator, denominator) = ratio(vm, factor)?;
    let product = vm.binary(BinaryOp::Mult, micros.borrow(), numerator.borrow())?;
    from_int(vm, round_divide(vm, product.borrow(), denominator.borrow())?.borrow())
}

/// A float as a fraction.
fn ratio(vm: &Thread, float: Ref<'_>) -> PyResult<(Owned, Owned)> {
    let pair = vm.call_method(float, &vm.intern("as_integer_ratio")?, &[])?;
    let Some(tuple) = pair.borrow().downcast::<Tuple>() else {
        let got = vm.type_name(pair.borrow());
        return Err(vm.type_error(format_args!(
            "unexpected return type from as_integer_ratio(): expected tuple, not '{got}'"
        )));
    };
    match tuple.as_slice() {
        [numerator, denominator] => Ok((numerator.clone(), denominator.clone())),
        _ => Err(vm.value_error("as_integer_ratio() must return a 2-tuple")),
    }
}

/// The integer nearest to a fraction; of two, the even one.
fn round_divide(vm: &Thread, a: Ref<'_>, b: Ref<'_>) -> PyResult {
    let pair = vm.divmod(a, b)?;
    let (quotient, rest) = (vm.item_at(pair.borrow(), 0)?, vm.item_at(pair.borrow(), 1)?);
    let twice = vm.binary(BinaryOp::LShift, rest.borrow(), Owned::small_int(1).borrow())?;
    let negative = vm.compare_truth(b, Owned::small_int(0).borrow(), CompareOp::Lt)?;
    let beyond = if negative { CompareOp::Lt } else { CompareOp::Gt };
    let is_odd = vm.binary(BinaryOp::BitAnd, quotient.borrow(), Owned::small_int(1).borrow())?;
    let rounds_up = vm.compare_truth(twice.borrow(), b, beyond)?
        || (vm.equal(twice.borrow(), b)? && vm.is_true(is_odd.borrow())?);
    if rounds_up {
        return vm.binary(BinaryOp::Add, quotient.borrow(), Owned::small_int(1).borrow());
    }
    Ok(quotient)
}

fn floor_divide(vm: &Thread, a: Ref<'_>, b: Ref<'_>) -> PyResult {
    if a.downcast::<Delta>().is_none() {
        return Ok(Owned::not_implemented());
    }
    if b.downcast::<Delta>().is_some() {
        return vm.binary(BinaryOp::FloorDiv, to_int(vm, a)?.borrow(), to_int(vm, b)?.borrow());
    }
    if int_value(b).is_some() {
        return from_int(vm, vm.binary(BinaryOp::FloorDiv, to_int(vm, a)?.borrow(), b)?.borrow());
    }
    Ok(Owned::not_implemented())
}

fn true_divide(vm: &Thread, a: Ref<'_>, b: Ref<'_>) -> PyResult {
    if a.downcast::<Delta>().is_none() {
        return Ok(Owned::not_implemented());
    }
    let micros = to_int(vm, a)?;
    if b.downcast::<Delta>().is_some() {
        return vm.binary(BinaryOp::Div, micros.borrow(), to_int(vm, b)?.borrow());
    }
    if int_value(b).is_some() {
        return from_int(vm, round_divide(vm, micros.borrow(), b)?.borrow());
    }
    if float_value(b).is_some() {
        let (numerator, denominator) = ratio(vm, b)?;
        let product = vm.binary(BinaryOp::Mult, micros.borrow(), denominator.borrow())?;
        return from_int(vm, round_divide(vm, product.borrow(), numerator.borrow())?.borrow());
    }
    Ok(Owned::not_implemented())
}

fn remainder(vm: &Thread, a: Ref<'_>, b: Ref<'_>) -> PyResult {
    if a.downcast::<Delta>().is_none() || b.downcast::<Delta>().is_none() {
        return Ok(Owned::not_implemented());
    }
    from_int(vm, vm.binary(BinaryOp::Mod, to_int(vm, a)?.borrow(), to_int(vm, b)?.borrow())?.borrow())
}

fn divmod(vm: &Thread, a: Ref<'_>, b: Ref<'_>) -> PyResult {
    if a.downcast::<Delta>().is_none() || b.downcast::<Delta>().is_none() {
        return Ok(Owned::not_implemented());
    }
    let pair = vm.divmod(to_int(vm, a)?.borrow(), to_int(vm, b)?.borrow())?;
    let rest = from_int(vm, vm.item_at(pair.borrow(), 1)?.borrow())?;
    vm.pair(vm.item_at(pair.borrow(), 0)?, rest)
}

fn compare(_vm: &Thread, a: Ref<'_>, b: Ref<'_>, op: CompareOp) -> PyResult {
    match (as_micros(a), as_micros(b)) {
        (Some(a), Some(b)) => Ok(Owned::bool(op.holds(Ord::cmp(&a, &b)))),
        _ => Ok(Owned::not_implemented()),
    }
}

fn hash(vm: &Thread, this: Ref<'_>) -> PyResult<i64> {
    vm.hash(parts(vm, this)?.borrow())
}

/// Days, seconds and microseconds as a tuple.
fn parts(vm: &Thread, this: Ref<'_>) -> PyResult {
    let Delta { days, seconds, micros } = *Delta::of(this);
    vm.tuple_array([days, seconds, micros].map(Owned::small_int))
}

fn reduce(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.pair(vm.class(this).own(), parts(vm, this)?)
}

fn total_seconds(vm: &Thread, this: Ref<'_>) -> PyResult {
    let second = Owned::small_int(SECOND as i32);
    vm.binary(BinaryOp::Div, to_int(vm, this)?.borrow(), second.borrow())
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    let Delta { days, seconds, micros } = *Delta::of(this);
    let parts = [("days", days), ("seconds", seconds), ("microseconds", micros)];
    let shown: Vec<_> = parts
        .iter()
        .filter(|(_, value)| *value != 0)
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let shown = if shown.is_empty() { "0".to_owned() } else { shown.join(", ") };
    vm.str(&format!("{}({shown})", vm.type_name(this)))
}

fn str(vm: &Thread, this: Ref<'_>) -> PyResult {
    let Delta { days, seconds, micros } = *Delta::of(this);
    let mut text = match days.cmp(&0) {
        Ordering::Equal => String::new(),
        _ => format!("{days} day{}, ", if days.abs() == 1 { "" } else { "s" }),
    };
    text.push_str(&format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60));
    if micros != 0 {
        text.push_str(&format!(".{micros:06}"));
    }
    vm.str(&text)
}
