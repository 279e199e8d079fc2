//! Operators.
//!
//! A binary operator asks the left operand's class, then the right one's, but the right one first if its class derives from
//! the left one's (Language Reference, 3.3.8 Emulating numeric types). A slot gets the operands in the order of the source
//! and answers NotImplemented for what it does not know.

use crate::exception::{PyResult, Raised};
use crate::protocol::sequence::has_sequence_slots;
use crate::protocol::slots::{Binary, Power, SlotCells};
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
            BinaryOp::Add => self.slots(a).concat.get().map(|concat| concat(self, a, b)).transpose(),
            BinaryOp::Mult => match (self.slots(a).repeat.get(), self.slots(b).repeat.get()) {
                (Some(repeat), _) => repeat(self, a, self.repeat_count(b)?).map(Some),
                (None, Some(repeat)) => repeat(self, b, self.repeat_count(a)?).map(Some),
                (None, None) => Ok(None),
            },
            _ => Ok(None),
        }
    }

    /// How often a sequence is repeated.
    fn repeat_count(&self, count: Ref<'_>) -> PyResult<isize> {
        if self.slots(count).index.get().is_none() {
            let got = self.type_name(count);
            return Err(self.type_error(format_args!("can't multiply sequence by non-int of type '{got}'")));
        }
        self.to_count(count)
    }

    /// `a <op>= b`
    pub fn inplace(&self, op: BinaryOp, a: Ref<'_>, b: Ref<'_>) -> PyResult {
        if op == BinaryOp::Pow {
            return self.inplace_power(a, b);
        }
        if let Some(slot) = op.inplace_slot(self.slots(a)) {
            if let Some(answer) = implemented(slot(self, a, b)?) {
                return Ok(answer);
            }
        }
        if let Some(answer) = self.ask(a, b, |slots| op.slot(slots), |slot| slot(self, a, b))? {
            return Ok(answer);
        }
        let slots = self.slots(a);
        match op {
            BinaryOp::Add => {
                if let Some(concat) = slots.inplace_concat.get().or(slots.concat.get()) {
                    return concat(self, a, b);
                }
            }
            BinaryOp::Mult => {
                if let Some(repeat) = slots.inplace_repeat.get().or(slots.repeat.get()) {
                    return repeat(self, a, self.repeat_count(b)?);
                }
                // The right operand has its say only where the left one is not even remotely a sequence.
                if let (false, Some(repeat)) = (has_sequence_slots(self, a), self.slots(b).repeat.get()) {
                    return repeat(self, b, self.repeat_count(a)?);
                }
            }
            _ => {}
        }
        Err(self.unsupported(op.inplace_symbol(), a, b))
    }

    /// `operator.concat(a, b)`: `a + b` where both are sequences.
    pub fn concat(&self, a: Ref<'_>, b: Ref<'_>) -> PyResult {
        if let Some(concat) = self.slots(a).concat.get() {
            return concat(self, a, b);
        }
        if self.is_sequence(a) && self.is_sequence(b) {
            if let Some(sum) = self.ask(a, b, |slots| slots.add.get(), |slot| slot(self, a, b))? {
                return Ok(sum);
            }
        }
        Err(self.type_error(format_args!("'{}' object can't be concatenated", self.type_name(a))))
    }

    /// `operator.iconcat(a, b)`: `a += b` where both are sequences.
    pub fn inplace_concat(&self, a: Ref<'_>, b: Ref<'_>) -> PyResult {
        let slots = self.slots(a);
        if let Some(concat) = slots.inplace_concat.get().or(slots.concat.get()) {
            return concat(self, a, b);
        }
        if self.is_sequence(a)
            && self.is_sequence(b)
            && let Some(add) = slots.inplace_add.get()
            && let Some(sum) = implemented(add(self, a, b)?)
        {
            return Ok(sum);
        }
        self.concat(a, b)
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
        let has_asked = |third: Power, operand| {
            self.slots(operand).power.get().is_some_and(|slot| std::ptr::fn_addr_eq(slot, third))
        };
        if let Some(third) = self.slots(modulus).power.get()
            && !has_asked(third, a)
            && !has_asked(third, b)
            && let Some(answer) = implemented(third(self, a, b, modulus)?)
        {
            return Ok(answer);
        }
        let (a, b, modulus) = (self.type_name(a), self.type_name(b), self.type_name(modulus));
        Err(self.type_error(format_args!(
            "unsupported operand type(s) for ** or pow(): '{a}', '{b}', '{modulus}'"
        )))
    }

    fn inplace_power(&self, a: Ref<'_>, b: Ref<'_>) -> PyResult {
        if let Some(slot) = self.slots(a).inplace_power.get() {
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
        let slots = self.slots(a);
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

    /// `abs(object)`
    pub fn absolute(&self, object: Ref<'_>) -> PyResult {
        match self.slots(object).absolute.get() {
            Some(absolute) => absolute(self, object),
            None => {
                let got = self.type_name(object);
                Err(self.type_error(format_args!("bad operand type for abs(): '{got}'")))
            }
        }
    }

    /// Whether an object is a number of some kind: it converts to int or float, or is complex.
    pub fn is_number(&self, object: Ref<'_>) -> bool {
        let slots = self.slots(object);
        slots.index.get().is_some()
            || slots.int.get().is_some()
            || slots.float.get().is_some()
            || crate::protocol::conversion::complex_value(object).is_some()
    }

    /// Whether an object can be indexed by keys: what `exec` accepts as a namespace.
    pub(crate) fn is_mapping(&self, object: Ref<'_>) -> bool {
        self.class(object).downcast::<Type>().is_some_and(|class| class.slots.getitem.get().is_some())
    }
}
