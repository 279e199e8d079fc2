//! `int`.
//!
//! Ints of at most 62 bits are immediates; larger ones, and instances of subclasses, are objects with a bigint. The
//! arithmetic is [`crate::number`]'s, on operands borrowed from where they are; here it is put into slots, and errors
//! become exceptions.

mod bytes;
mod construct;
mod methods;

pub(crate) use construct::from_float;
pub(crate) use methods::format;

use dashu_int::IBig;

use crate::class;
use crate::exception::PyResult;
use crate::heap::Kind;
use crate::native::*;
use crate::number::int_text::{DigitLimit, SmallDecimal};
use crate::number::{
    self, BitBudget, Int as Number, IntRef, TooLarge, int_float, int_ops, int_pow, int_text,
};
use crate::protocol::number_error::NumberError;
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
        new: Some(construct::new),
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

/// The value of an int, bools included; `None` for anything else.
#[inline]
pub fn int_ref(value: Ref<'_>) -> Option<IntRef<'_>> {
    if let Some(small) = value.as_small_int() {
        return Some(IntRef::Small(small));
    }
    match value.downcast::<Int>() {
        Some(int) => Some(IntRef::Big(&int.value)),
        None => value.as_bool().map(|value| IntRef::Small(i64::from(value))),
    }
}

pub(crate) fn own(value: Ref<'_>) -> IntRef<'_> {
    int_ref(value).expect("the slot checks its receiver")
}

/// Both operands as ints.
fn ints<'a>(a: Ref<'a>, b: Ref<'a>) -> Option<(IntRef<'a>, IntRef<'a>)> {
    Some((int_ref(a)?, int_ref(b)?))
}

impl Thread {
    /// An int object of a computed number.
    #[inline]
    pub fn number(&self, value: Number) -> PyResult {
        match value {
            Number::Small(small) => self.int(small),
            Number::Big(big) => self.new_object(Int::new(big)),
        }
    }

    /// An int object of a computed number, or the exception for why there is none.
    #[inline]
    fn result(&self, value: Result<Number, impl NumberError>) -> PyResult {
        match value {
            Ok(number) => self.number(number),
            Err(error) => Err(self.raised(error)),
        }
    }

    /// `sys.get_int_max_str_digits()`
    pub fn digit_limit(&self) -> DigitLimit {
        DigitLimit(self.interpreter().int_max_str_digits.get() as usize)
    }

    /// `sys.set_int_max_str_digits(digits)`
    pub fn set_digit_limit(&self, digits: Ref<'_>) -> PyResult<()> {
        let digits = self.to_c_int(digits)?;
        match u32::try_from(digits) {
            Ok(limit) if limit == 0 || limit as usize >= DigitLimit::SMALLEST => {
                self.interpreter().int_max_str_digits.set(limit);
                Ok(())
            }
            _ => {
                let smallest = DigitLimit::SMALLEST;
                Err(self.value_error(format_args!("maxdigits must be >= {smallest} or 0 for unlimited")))
            }
        }
    }
}

/// Slots that answer NotImplemented unless both operands are ints.
macro_rules! binary {
    ($($vis:vis $name:ident => |$vm:ident, $a:ident, $b:ident| $result:expr;)*) => {$(
        $vis fn $name($vm: &Thread, a: Ref<'_>, b: Ref<'_>) -> PyResult {
            match ints(a, b) {
                Some(($a, $b)) => $result,
                None => Ok(Owned::not_implemented()),
            }
        }
    )*};
}

binary! {
    add => |vm, a, b| vm.number(int_ops::add(a, b));
    subtract => |vm, a, b| vm.number(int_ops::sub(a, b));
    multiply => |vm, a, b| vm.result(product(a, b));
    pub(super) and => |vm, a, b| vm.number(int_ops::bit_and(a, b));
    pub(super) or => |vm, a, b| vm.number(int_ops::bit_or(a, b));
    pub(super) xor => |vm, a, b| vm.number(int_ops::bit_xor(a, b));
    lshift => |vm, a, b| vm.result(int_ops::shl(a, b, BitBudget::MEMORY));
    rshift => |vm, a, b| vm.result(int_ops::shr(a, b));
    floor_divide => |vm, a, b| vm.result(int_ops::floor_div(a, b));
    remainder => |vm, a, b| vm.result(int_ops::floor_mod(a, b));
    divmod => |vm, a, b| match int_ops::divmod(a, b) {
        Ok((quotient, remainder)) => vm.pair(vm.number(quotient)?, vm.number(remainder)?),
        Err(error) => Err(vm.raised(error)),
    };
    true_divide => |vm, a, b| match int_float::true_div(a, b) {
        Ok(quotient) => vm.float(quotient),
        Err(error) => Err(vm.raised(error)),
    };
}

/// The product of two ints, whose size is known beforehand.
fn product(a: IntRef<'_>, b: IntRef<'_>) -> Result<Number, TooLarge> {
    BitBudget::MEMORY.admit(u128::from(a.bit_length() + b.bit_length()))?;
    Ok(int_ops::mul(a, b))
}

fn power(vm: &Thread, a: Ref<'_>, b: Ref<'_>, modulus: Ref<'_>) -> PyResult {
    let Some((base, exponent)) = ints(a, b) else { return Ok(Owned::not_implemented()) };
    if !modulus.is_none() {
        let Some(modulus) = int_ref(modulus) else { return Ok(Owned::not_implemented()) };
        return vm.result(int_pow::pow_mod(base, exponent, modulus));
    }
    if exponent.is_negative() {
        let (base, exponent) = (as_f64(vm, base)?, as_f64(vm, exponent)?);
        return crate::types::float::power_of(vm, base, exponent);
    }
    vm.result(int_pow::pow(base, exponent, BitBudget::MEMORY))
}

fn negative(vm: &Thread, a: Ref<'_>) -> PyResult {
    vm.number(int_ops::neg(own(a)))
}

/// The int itself, of class int.
pub(crate) fn positive(vm: &Thread, a: Ref<'_>) -> PyResult {
    if a.as_small_int().is_some() || a.is_exact(Kind::Int) {
        return Ok(a.own());
    }
    vm.number(own(a).to_int())
}

fn absolute(vm: &Thread, a: Ref<'_>) -> PyResult {
    match own(a) {
        value if value.is_negative() => vm.number(number::int::abs(value)),
        _ => positive(vm, a),
    }
}

pub(super) fn invert(vm: &Thread, a: Ref<'_>) -> PyResult {
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
    int_float::to_f64(value).map_err(|error| vm.raised(error))
}

fn hash(_: &Thread, a: Ref<'_>) -> PyResult<i64> {
    Ok(number::hash::int(own(a)))
}

fn compare(_: &Thread, a: Ref<'_>, b: Ref<'_>, op: CompareOp) -> PyResult {
    Ok(match ints(a, b) {
        Some((a, b)) => Owned::bool(op.holds(int_ops::compare(a, b))),
        None => Owned::not_implemented(),
    })
}

fn repr(vm: &Thread, a: Ref<'_>) -> PyResult {
    match own(a) {
        IntRef::Small(small) => vm.ascii_str(SmallDecimal::new(small).as_bytes()),
        big @ IntRef::Big(_) => {
            let text = int_text::decimal(big, vm.digit_limit()).map_err(|error| vm.raised(error))?;
            vm.ascii_str(text.as_bytes())
        }
    }
}
