//! `int`, and its subclass `bool`.
//!
//! Ints of at most 62 bits are immediates; larger ones, and instances of subclasses, are objects with a bigint.

mod methods;

pub(crate) use methods::from_float;

use std::cmp::Ordering;

use dashu_int::IBig;

use crate::class;
use crate::exception::PyResult;
use crate::native::*;
use crate::number::int::{BitBudget, Int as Number, IntRef, TooLarge};
use crate::number::int_float::{IntTooLargeForFloat, TrueDivError};
use crate::number::int_ops::{self, ShiftError};
use crate::number::int_pow::{self, ModularPowError};
use crate::number::{hash, int_float, int_text};
use crate::protocol::number::small_value;
use crate::protocol::slots::CompareOp;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

crate::payload! {
    /// An int that is not an immediate.
    pub struct Int: Int {
        value: IBig,
    }
}

class! { Int => INT; }

impl Int {
    /// The payload of this value; `vm.big_int` decides whether there must be one.
    pub(crate) fn new(value: IBig) -> Self {
        Self { value }
    }

    /// The value.
    pub fn value(&self) -> &IBig {
        &self.value
    }
}

pub(crate) static INT: TypeDef = TypeDef {
    flags: TypeFlags { match_self: true, ..TypeFlags::BASE },
    doc: "An integer of any size, made of a number or of text in a base.",
    methods: methods::METHODS,
    getset: methods::GETSET,
    slots: Slots {
        repr: Some(repr),
        hash: Some(hash),
        compare: Some(compare),
        bool: Some(is_true),
        new: Some(methods::new),
        add: Some(add),
        subtract: Some(subtract),
        multiply: Some(multiply),
        true_divide: Some(true_divide),
        floor_divide: Some(floor_divide),
        remainder: Some(remainder),
        divmod: Some(divmod),
        power: Some(power),
        lshift: Some(lshift),
        rshift: Some(rshift),
        and: Some(and),
        or: Some(or),
        xor: Some(xor),
        negative: Some(negative),
        positive: Some(positive),
        absolute: Some(absolute),
        invert: Some(invert),
        int: Some(positive),
        float: Some(to_float),
        index: Some(positive),
        ..Slots::NONE
    },
    ..TypeDef::new::<Int>("int")
};

pub(crate) static BOOL: TypeDef = TypeDef {
    base: Some(&INT),
    flags: TypeFlags { match_self: true, ..TypeFlags::NONE },
    doc: "The truth value of an object.",
    slots: Slots {
        repr: Some(bool_repr),
        new: Some(bool_new),
        and: Some(bool_and),
        or: Some(bool_or),
        xor: Some(bool_xor),
        invert: Some(bool_invert),
        ..Slots::NONE
    },
    ..TypeDef::new::<Int>("bool")
};

/// The value of an int, bools included; `None` for anything else.
#[inline]
pub(crate) fn int_ref(value: Ref<'_>) -> Option<IntRef<'_>> {
    match small_value(value) {
        Some(small) => Some(IntRef::Small(small)),
        None => value.downcast::<Int>().map(|int| IntRef::Big(&int.value)),
    }
}

fn own(value: Ref<'_>) -> IntRef<'_> {
    int_ref(value).expect("the slot checks its receiver")
}

/// Both operands as ints.
fn ints<'a>(a: Ref<'a>, b: Ref<'a>) -> Option<(IntRef<'a>, IntRef<'a>)> {
    Some((int_ref(a)?, int_ref(b)?))
}

/// The largest result that an operation may try to make: what memory could hold.
const BUDGET: BitBudget = BitBudget(1 << 36);

impl Thread {
    /// An int object of a computed number.
    pub(crate) fn number(&self, value: Number) -> PyResult {
        match value {
            Number::Small(small) => self.int(small),
            Number::Big(big) => self.big_int(big),
        }
    }

    fn too_large(&self, error: TooLarge) -> crate::exception::Raised {
        match error {
            TooLarge::Memory => self.memory_error(),
            TooLarge::Digits => self.overflow_error(error),
        }
    }
}

macro_rules! binary {
    ($($name:ident => $function:path;)*) => {$(
        fn $name(vm: &Thread, a: Ref<'_>, b: Ref<'_>) -> PyResult {
            match ints(a, b) {
                Some((a, b)) => vm.number($function(a, b)),
                None => Ok(Owned::not_implemented()),
            }
        }
    )*};
}

binary! {
    add => int_ops::add;
    subtract => int_ops::sub;
    multiply => int_ops::mul;
    and => int_ops::bit_and;
    or => int_ops::bit_or;
    xor => int_ops::bit_xor;
}

fn floor_divide(vm: &Thread, a: Ref<'_>, b: Ref<'_>) -> PyResult {
    let Some((a, b)) = ints(a, b) else { return Ok(Owned::not_implemented()) };
    match int_ops::floor_div(a, b) {
        Ok(quotient) => vm.number(quotient),
        Err(_) => Err(vm.zero_division_error("division by zero")),
    }
}

fn remainder(vm: &Thread, a: Ref<'_>, b: Ref<'_>) -> PyResult {
    let Some((a, b)) = ints(a, b) else { return Ok(Owned::not_implemented()) };
    match int_ops::floor_mod(a, b) {
        Ok(remainder) => vm.number(remainder),
        Err(_) => Err(vm.zero_division_error("division by zero")),
    }
}

fn divmod(vm: &Thread, a: Ref<'_>, b: Ref<'_>) -> PyResult {
    let Some((a, b)) = ints(a, b) else { return Ok(Owned::not_implemented()) };
    match int_ops::divmod(a, b) {
        Ok((quotient, remainder)) => vm.pair(vm.number(quotient)?, vm.number(remainder)?),
        Err(_) => Err(vm.zero_division_error("division by zero")),
    }
}

fn true_divide(vm: &Thread, a: Ref<'_>, b: Ref<'_>) -> PyResult {
    let Some((a, b)) = ints(a, b) else { return Ok(Owned::not_implemented()) };
    match int_float::true_div(a, b) {
        Ok(quotient) => vm.float(quotient),
        Err(TrueDivError::ZeroDivision) => Err(vm.zero_division_error("division by zero")),
        Err(TrueDivError::TooLarge) => {
            Err(vm.overflow_error("integer division result too large for a float"))
        }
    }
}

fn power(vm: &Thread, a: Ref<'_>, b: Ref<'_>, modulus: Ref<'_>) -> PyResult {
    let Some((base, exponent)) = ints(a, b) else { return Ok(Owned::not_implemented()) };
    if !modulus.is_none() {
        let Some(modulus) = int_ref(modulus) else { return Ok(Owned::not_implemented()) };
        return match int_pow::pow_mod(base, exponent, modulus) {
            Ok(result) => vm.number(result),
            Err(ModularPowError::ZeroModulus) => Err(vm.value_error("pow() 3rd argument cannot be 0")),
            Err(ModularPowError::NotInvertible) => {
                Err(vm.value_error("base is not invertible for the given modulus"))
            }
        };
    }
    if exponent.is_negative() {
        let (base, exponent) = (as_f64(vm, base)?, as_f64(vm, exponent)?);
        return crate::types::float::power_of(vm, base, exponent);
    }
    match int_pow::pow(base, exponent, BUDGET) {
        Ok(result) => vm.number(result),
        Err(error) => Err(vm.too_large(error)),
    }
}

fn lshift(vm: &Thread, a: Ref<'_>, b: Ref<'_>) -> PyResult {
    let Some((a, b)) = ints(a, b) else { return Ok(Owned::not_implemented()) };
    match int_ops::shl(a, b, BUDGET) {
        Ok(result) => vm.number(result),
        Err(ShiftError::NegativeCount) => Err(vm.value_error("negative shift count")),
        Err(ShiftError::TooLarge(error)) => Err(vm.too_large(error)),
    }
}

fn rshift(vm: &Thread, a: Ref<'_>, b: Ref<'_>) -> PyResult {
    let Some((a, b)) = ints(a, b) else { return Ok(Owned::not_implemented()) };
    match int_ops::shr(a, b) {
        Ok(result) => vm.number(result),
        Err(_) => Err(vm.value_error("negative shift count")),
    }
}

fn negative(vm: &Thread, a: Ref<'_>) -> PyResult {
    vm.number(int_ops::neg(own(a)))
}

/// The int itself, of class int.
pub(crate) fn positive(vm: &Thread, a: Ref<'_>) -> PyResult {
    if vm.class(a).is(vm.types().int.borrow()) {
        return Ok(a.own());
    }
    vm.number(own(a).to_int())
}

fn absolute(vm: &Thread, a: Ref<'_>) -> PyResult {
    vm.number(crate::number::int::abs(own(a)))
}

fn invert(vm: &Thread, a: Ref<'_>) -> PyResult {
    vm.number(int_ops::invert(own(a)))
}

fn is_true(_: &Thread, a: Ref<'_>) -> PyResult<bool> {
    Ok(!own(a).is_zero())
}

fn to_float(vm: &Thread, a: Ref<'_>) -> PyResult {
    vm.float(as_f64(vm, own(a))?)
}

/// The nearest float.
pub(crate) fn as_f64(vm: &Thread, value: IntRef<'_>) -> PyResult<f64> {
    int_float::to_f64(value)
        .map_err(|IntTooLargeForFloat| vm.overflow_error("int too large to convert to float"))
}

fn hash(_: &Thread, a: Ref<'_>) -> PyResult<i64> {
    Ok(hash::int(own(a)))
}

fn compare(_: &Thread, a: Ref<'_>, b: Ref<'_>, op: CompareOp) -> PyResult {
    Ok(match ints(a, b) {
        Some((a, b)) => {
            let ordering: Ordering = int_ops::compare(a, b);
            Owned::bool(op.holds(ordering))
        }
        None => Owned::not_implemented(),
    })
}

fn repr(vm: &Thread, a: Ref<'_>) -> PyResult {
    let limit = vm.digit_limit();
    match int_text::decimal(own(a), limit) {
        Ok(text) => vm.str(&text),
        Err(_) => Err(vm.value_error(format_args!(
            "Exceeds the limit ({} digits) for integer string conversion; use sys.set_int_max_str_digits() to increase the limit",
            limit.0
        ))),
    }
}

impl Thread {
    /// `sys.get_int_max_str_digits()`
    pub(crate) fn digit_limit(&self) -> int_text::DigitLimit {
        int_text::DigitLimit(self.interpreter().int_max_str_digits.get() as usize)
    }
}

fn bool_repr(vm: &Thread, a: Ref<'_>) -> PyResult {
    vm.intern(if a.is_true() { "True" } else { "False" })
}

fn bool_new(vm: &Thread, _: Ref<'_>, args: &Args<'_>) -> PyResult {
    args.bind(vm, crate::signature!("bool(object=False, /)"), |bound| match bound.optional(0) {
        Some(object) => Ok(Owned::bool(vm.is_true(object)?)),
        None => Ok(Owned::bool(false)),
    })
}

fn bools(a: Ref<'_>, b: Ref<'_>) -> Option<(bool, bool)> {
    Some((a.as_bool()?, b.as_bool()?))
}

fn bool_and(vm: &Thread, a: Ref<'_>, b: Ref<'_>) -> PyResult {
    bools(a, b).map_or_else(|| and(vm, a, b), |(a, b)| Ok(Owned::bool(a & b)))
}

fn bool_or(vm: &Thread, a: Ref<'_>, b: Ref<'_>) -> PyResult {
    bools(a, b).map_or_else(|| or(vm, a, b), |(a, b)| Ok(Owned::bool(a | b)))
}

fn bool_xor(vm: &Thread, a: Ref<'_>, b: Ref<'_>) -> PyResult {
    bools(a, b).map_or_else(|| xor(vm, a, b), |(a, b)| Ok(Owned::bool(a ^ b)))
}

fn bool_invert(vm: &Thread, a: Ref<'_>) -> PyResult {
    vm.warn(
        &vm.exceptions().DeprecationWarning,
        "Bitwise inversion '~' on bool is deprecated and will be removed in Python 3.16. This returns the bitwise \
         inversion of the underlying int object and is usually not what you expect from the negation of a bool object. \
         Use the 'not' operator for boolean negation or ~int(x) for the bitwise inversion of the underlying int.",
    )?;
    invert(vm, a)
}
