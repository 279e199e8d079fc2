//! Operators, and conversion of objects to Rust numbers.
//!
//! A binary operator asks the left operand's class, then the right one's, but the right one first if its class derives from
//! the left one's (Language Reference, 3.3.8 Emulating numeric types). A slot gets the operands in the order of the source
//! and answers NotImplemented for what it does not know.

use dashu_int::IBig;

use crate::exception::{PyResult, Raised};
use crate::protocol::slots::{Binary, Power, SlotCells};
use crate::types::float::Float;
use crate::types::int::Int;
use crate::types::type_::{Type, is_subtype, payload_of};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// The binary operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "named as Python's `ast` nodes")]
pub enum BinaryOp {
    Add,
    Sub,
    Mult,
    MatMult,
    Div,
    Mod,
    Pow,
    LShift,
    RShift,
    BitOr,
    BitXor,
    BitAnd,
    FloorDiv,
}

/// The unary operators with special methods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "named as Python's `ast` nodes")]
pub enum UnaryOp {
    Invert,
    UAdd,
    USub,
}

impl BinaryOp {
    /// As written in Python.
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Sub => "-",
            Self::Mult => "*",
            Self::MatMult => "@",
            Self::Div => "/",
            Self::Mod => "%",
            Self::Pow => "** or pow()",
            Self::LShift => "<<",
            Self::RShift => ">>",
            Self::BitOr => "|",
            Self::BitXor => "^",
            Self::BitAnd => "&",
            Self::FloorDiv => "//",
        }
    }

    /// The in-place operator as written in Python.
    const fn inplace_symbol(self) -> &'static str {
        match self {
            Self::Add => "+=",
            Self::Sub => "-=",
            Self::Mult => "*=",
            Self::MatMult => "@=",
            Self::Div => "/=",
            Self::Mod => "%=",
            Self::Pow => "**=",
            Self::LShift => "<<=",
            Self::RShift => ">>=",
            Self::BitOr => "|=",
            Self::BitXor => "^=",
            Self::BitAnd => "&=",
            Self::FloorDiv => "//=",
        }
    }

    /// The slot of the operator; a power is not among these.
    fn slot(self, slots: &SlotCells) -> Option<Binary> {
        match self {
            Self::Add => slots.add.get(),
            Self::Sub => slots.subtract.get(),
            Self::Mult => slots.multiply.get(),
            Self::MatMult => slots.matrix_multiply.get(),
            Self::Div => slots.true_divide.get(),
            Self::Mod => slots.remainder.get(),
            Self::Pow => None,
            Self::LShift => slots.lshift.get(),
            Self::RShift => slots.rshift.get(),
            Self::BitOr => slots.or.get(),
            Self::BitXor => slots.xor.get(),
            Self::BitAnd => slots.and.get(),
            Self::FloorDiv => slots.floor_divide.get(),
        }
    }

    /// The slot of the in-place operator; a power is not among these.
    fn inplace_slot(self, slots: &SlotCells) -> Option<Binary> {
        match self {
            Self::Add => slots.inplace_add.get(),
            Self::Sub => slots.inplace_subtract.get(),
            Self::Mult => slots.inplace_multiply.get(),
            Self::MatMult => slots.inplace_matrix_multiply.get(),
            Self::Div => slots.inplace_true_divide.get(),
            Self::Mod => slots.inplace_remainder.get(),
            Self::Pow => None,
            Self::LShift => slots.inplace_lshift.get(),
            Self::RShift => slots.inplace_rshift.get(),
            Self::BitOr => slots.inplace_or.get(),
            Self::BitXor => slots.inplace_xor.get(),
            Self::BitAnd => slots.inplace_and.get(),
            Self::FloorDiv => slots.inplace_floor_divide.get(),
        }
    }
}

/// Keeps an answer that is one.
fn implemented(answer: Owned) -> Option<Owned> {
    (!answer.borrow().is_not_implemented()).then_some(answer)
}

impl Thread {
    fn slots_of<'a>(&'a self, value: Ref<'a>) -> &'a SlotCells {
        &payload_of(self.class(value)).slots
    }

    /// What the operands' slots answer; `None` if they do not know each other.
    fn ask<F: Copy + PartialEq>(
        &self,
        a: Ref<'_>,
        b: Ref<'_>,
        slot: impl Fn(&SlotCells) -> Option<F>,
        call: impl Fn(F) -> PyResult,
    ) -> PyResult<Option<Owned>> {
        let (class_a, class_b) = (self.class(a), self.class(b));
        let left = slot(&payload_of(class_a).slots);
        let mut right = if class_a.is(class_b) { None } else { slot(&payload_of(class_b).slots) };
        if right == left {
            right = None;
        }
        if let (Some(_), Some(first)) = (left, right) {
            if is_subtype(class_b, class_a) {
                if let Some(answer) = implemented(call(first)?) {
                    return Ok(Some(answer));
                }
                right = None;
            }
        }
        for slot in [left, right].into_iter().flatten() {
            if let Some(answer) = implemented(call(slot)?) {
                return Ok(Some(answer));
            }
        }
        Ok(None)
    }

    /// `a <op> b`
    pub fn binary(&self, op: BinaryOp, a: Ref<'_>, b: Ref<'_>) -> PyResult {
        if op == BinaryOp::Pow {
            return self.power(a, b, Ref::NONE);
        }
        match self.ask(a, b, |slots| op.slot(slots), |slot| slot(self, a, b))? {
            Some(answer) => Ok(answer),
            None => match self.sequence_operator(op, a, b)? {
                Some(answer) => Ok(answer),
                None => Err(self.unsupported(op.symbol(), a, b)),
            },
        }
    }

    /// `+` and `*` of sequences, after numbers had their say.
    fn sequence_operator(&self, op: BinaryOp, a: Ref<'_>, b: Ref<'_>) -> PyResult<Option<Owned>> {
        match op {
            BinaryOp::Add => self.slots_of(a).concat.get().map(|concat| concat(self, a, b)).transpose(),
            BinaryOp::Mult => match (self.slots_of(a).repeat.get(), self.slots_of(b).repeat.get()) {
                (Some(repeat), _) => repeat(self, a, self.repeat_count(b)?).map(Some),
                (None, Some(repeat)) => repeat(self, b, self.repeat_count(a)?).map(Some),
                (None, None) => Ok(None),
            },
            _ => Ok(None),
        }
    }

    /// How often a sequence is repeated.
    fn repeat_count(&self, count: Ref<'_>) -> PyResult<isize> {
        if self.slots_of(count).index.get().is_none() {
            let got = self.type_name(count);
            return Err(self.type_error(format_args!("can't multiply sequence by non-int of type '{got}'")));
        }
        self.to_index_or(count, |vm| vm.overflow_error("cannot fit 'int' into an index-sized integer"))
    }

    /// `a <op>= b`
    pub fn inplace(&self, op: BinaryOp, a: Ref<'_>, b: Ref<'_>) -> PyResult {
        if op == BinaryOp::Pow {
            return self.inplace_power(a, b);
        }
        if let Some(slot) = op.inplace_slot(self.slots_of(a)) {
            if let Some(answer) = implemented(slot(self, a, b)?) {
                return Ok(answer);
            }
        }
        if let Some(answer) = self.ask(a, b, |slots| op.slot(slots), |slot| slot(self, a, b))? {
            return Ok(answer);
        }
        let slots = self.slots_of(a);
        match op {
            BinaryOp::Add => {
                if let Some(concat) = slots.inplace_concat.get().or(slots.concat.get()) {
                    return concat(self, a, b);
                }
            }
            BinaryOp::Mult => {
                if let Some(repeat) = slots.inplace_repeat.get() {
                    return repeat(self, a, self.repeat_count(b)?);
                }
                if let Some(answer) = self.sequence_operator(op, a, b)? {
                    return Ok(answer);
                }
            }
            _ => {}
        }
        Err(self.unsupported(op.inplace_symbol(), a, b))
    }

    #[cold]
    fn unsupported(&self, symbol: &str, a: Ref<'_>, b: Ref<'_>) -> Raised {
        let (a, b) = (self.type_name(a), self.type_name(b));
        self.type_error(format_args!("unsupported operand type(s) for {symbol}: '{a}' and '{b}'"))
    }

    /// `pow(a, b, modulus)`; without a modulus it is None.
    pub fn power(&self, a: Ref<'_>, b: Ref<'_>, modulus: Ref<'_>) -> PyResult {
        let slot = |slots: &SlotCells| slots.power.get();
        let call = |slot: Power| slot(self, a, b, modulus);
        if let Some(answer) = self.ask(a, b, slot, call)? {
            return Ok(answer);
        }
        if modulus.is_none() {
            return Err(self.unsupported(BinaryOp::Pow.symbol(), a, b));
        }
        let (left, right) = (self.slots_of(a).power.get(), self.slots_of(b).power.get());
        let asked = |third: &Power| {
            [left, right].into_iter().flatten().any(|slot| std::ptr::fn_addr_eq(slot, *third))
        };
        if let Some(third) = self.slots_of(modulus).power.get().filter(|third| !asked(third)) {
            if let Some(answer) = implemented(third(self, a, b, modulus)?) {
                return Ok(answer);
            }
        }
        let (a, b, modulus) = (self.type_name(a), self.type_name(b), self.type_name(modulus));
        Err(self.type_error(format_args!(
            "unsupported operand type(s) for ** or pow(): '{a}', '{b}', '{modulus}'"
        )))
    }

    fn inplace_power(&self, a: Ref<'_>, b: Ref<'_>) -> PyResult {
        if let Some(slot) = self.slots_of(a).inplace_power.get() {
            if let Some(answer) = implemented(slot(self, a, b, Ref::NONE)?) {
                return Ok(answer);
            }
        }
        match self.ask(a, b, |slots| slots.power.get(), |slot| slot(self, a, b, Ref::NONE))? {
            Some(answer) => Ok(answer),
            None => Err(self.unsupported(BinaryOp::Pow.inplace_symbol(), a, b)),
        }
    }

    /// `divmod(a, b)`
    pub fn divmod(&self, a: Ref<'_>, b: Ref<'_>) -> PyResult {
        match self.ask(a, b, |slots| slots.divmod.get(), |slot| slot(self, a, b))? {
            Some(answer) => Ok(answer),
            None => Err(self.unsupported("divmod()", a, b)),
        }
    }

    /// `<op> a`
    pub fn unary(&self, op: UnaryOp, a: Ref<'_>) -> PyResult {
        let slots = self.slots_of(a);
        let (slot, symbol) = match op {
            UnaryOp::Invert => (slots.invert.get(), "~"),
            UnaryOp::UAdd => (slots.positive.get(), "+"),
            UnaryOp::USub => (slots.negative.get(), "-"),
        };
        match slot {
            Some(slot) => slot(self, a),
            None => {
                let got = self.type_name(a);
                Err(self.type_error(format_args!("bad operand type for unary {symbol}: '{got}'")))
            }
        }
    }

    /// `operator.index(object)`: an int.
    pub fn index(&self, object: Ref<'_>) -> PyResult {
        if object.as_small_int().is_some() || object.downcast::<Int>().is_some() || object.as_bool().is_some()
        {
            return Ok(object.own());
        }
        let Some(index) = self.slots_of(object).index.get() else {
            let got = self.type_name(object);
            return Err(self.type_error(format_args!("'{got}' object cannot be interpreted as an integer")));
        };
        index(self, object)
    }

    /// The object's index as `i64`; what does not fit is the error that `otherwise` makes.
    fn index_word(&self, object: Ref<'_>, otherwise: impl FnOnce(&Self) -> Raised) -> PyResult<i64> {
        if let Some(value) = object.as_small_int() {
            return Ok(value);
        }
        let index = self.index(object)?;
        small_value(index.borrow()).ok_or_else(|| otherwise(self))
    }

    fn to_index_or(&self, object: Ref<'_>, otherwise: impl FnOnce(&Self) -> Raised) -> PyResult<isize> {
        self.index_word(object, otherwise).map(|value| value as isize)
    }

    /// The object's index as a machine word; OverflowError when it does not fit:
    /// `Python int too large to convert to C ssize_t`.
    pub fn to_isize(&self, object: Ref<'_>) -> PyResult<isize> {
        self.to_index_or(object, |vm| vm.overflow_error("Python int too large to convert to C ssize_t"))
    }

    /// The object's index as a sequence position: what does not fit is an IndexError,
    /// `cannot fit 'int' into an index-sized integer`.
    pub fn to_index(&self, object: Ref<'_>) -> PyResult<isize> {
        self.to_index_or(object, |vm| {
            let got = vm.type_name(object);
            vm.index_error(format_args!("cannot fit '{got}' into an index-sized integer"))
        })
    }

    /// The object's index clipped to the range of a machine word, as slices want it.
    pub fn to_index_clipped(&self, object: Ref<'_>) -> PyResult<isize> {
        let index = self.index(object)?;
        Ok(match small_value(index.borrow()) {
            Some(value) => value as isize,
            None if big_value(index.borrow()).is_some_and(|value| value < IBig::ZERO) => isize::MIN,
            None => isize::MAX,
        })
    }

    /// The object's index as `i64`; OverflowError when it does not fit: `Python int too large to convert to C long`.
    pub fn to_i64(&self, object: Ref<'_>) -> PyResult<i64> {
        self.index_word(object, |vm| vm.overflow_error("Python int too large to convert to C long"))
    }

    /// The object's index as `i32`; OverflowError when it does not fit.
    pub fn to_i32(&self, object: Ref<'_>) -> PyResult<i32> {
        let value = self.to_i64(object)?;
        i32::try_from(value).map_err(|_| {
            let side = if value < 0 { "less than minimum" } else { "greater than maximum" };
            self.overflow_error(format_args!("signed integer is {side}"))
        })
    }

    /// The object's index as a bigint.
    pub fn to_big(&self, object: Ref<'_>) -> PyResult<IBig> {
        let index = self.index(object)?;
        Ok(big_value(index.borrow()).expect("an index is an int"))
    }

    /// `float(object)` for numbers: `__float__`, else `__index__`; not strings.
    pub fn to_f64(&self, object: Ref<'_>) -> PyResult<f64> {
        if let Some(value) = float_value(object) {
            return Ok(value);
        }
        if let Some(value) = object.as_small_int() {
            return Ok(value as f64);
        }
        let slots = self.slots_of(object);
        if let Some(float) = slots.float.get() {
            let result = float(self, object)?;
            return match float_value(result.borrow()) {
                Some(value) => Ok(value),
                None => {
                    let (own, got) = (self.type_name(object), self.type_name(result.borrow()));
                    Err(self.type_error(format_args!("{own}.__float__() must return a float, not {got}")))
                }
            };
        }
        if slots.index.get().is_some() {
            let index = self.index(object)?;
            return self.to_f64(index.borrow());
        }
        let got = self.type_name(object);
        Err(self.type_error(format_args!("must be real number, not {got}")))
    }
}

/// The value of an int, a bool included, if it fits a machine word.
pub(crate) fn small_value(int: Ref<'_>) -> Option<i64> {
    int.as_small_int()
        .or_else(|| int.as_bool().map(i64::from))
        .or_else(|| int.downcast::<Int>().and_then(|int| i64::try_from(int.value()).ok()))
}

/// The value of an int, a bool included.
pub(crate) fn big_value(int: Ref<'_>) -> Option<IBig> {
    match small_value(int) {
        Some(value) => Some(IBig::from(value)),
        None => int.downcast::<Int>().map(|int| int.value().clone()),
    }
}

/// The value of a float, of a subclass too.
pub(crate) fn float_value(float: Ref<'_>) -> Option<f64> {
    float.as_immediate_float().or_else(|| float.downcast::<Float>().map(Float::value))
}

impl Thread {
    /// Whether an object can be indexed by keys: what `exec` accepts as a namespace.
    pub(crate) fn is_mapping(&self, object: Ref<'_>) -> bool {
        self.class(object).downcast::<Type>().is_some_and(|class| class.slots.getitem.get().is_some())
    }

    /// The value of an int, a bool included, if it fits a machine word.
    pub(crate) fn int_to_i64(&self, int: Ref<'_>) -> Option<i64> {
        small_value(int)
    }

    /// Whether an int is below zero.
    pub(crate) fn int_is_negative(&self, int: Ref<'_>) -> bool {
        crate::types::int::int_ref(int).is_some_and(crate::number::int::IntRef::is_negative)
    }
}
