//! Operators.
//!
//! Each has a fast path for int and float immediates; everything else is [`Thread::binary`] and its like.

use pyx_compiler::bytecode::opcode::instruction::*;
use pyx_compiler::bytecode::operand::{In, Out};

use super::dispatch::{Flow, Machine, out_of_line};
use crate::exception::PyResult;
use crate::heap::Kind;
use crate::heap::inline::Str;
use crate::protocol::number::{BinaryOp, UnaryOp};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// The general path, out of line.
#[inline(never)]
fn binary(vm: &Thread, op: BinaryOp, inplace: bool, a: Ref<'_>, b: Ref<'_>) -> PyResult {
    if inplace { vm.inplace(op, a, b) } else { vm.binary(op, a, b) }
}

macro_rules! binary_handlers {
    ($($(#[$doc:meta])* $name:ident($Op:ident, $op:ident) |$a:ident, $b:ident| $fast:expr;)*) => {
        impl Machine<'_> {$(
            $(#[$doc])*
            #[inline(always)]
            pub(super) fn $name(&mut self, i: $Op) -> Flow {
                let ($a, $b) = (self.read(i.lhs), self.read(i.rhs));
                if let Some(value) = $fast {
                    self.write(i.dst, value);
                    return Flow::Next;
                }
                self.aside(|machine, i: $Op| machine.binary_slow(BinaryOp::$op, i.inplace, i.dst, i.lhs, i.rhs))
            }
        )*}
    };
}

binary_handlers! {
    sub(Sub, Sub) |a, b| a.small_difference(b).or_else(|| float(a, b, |x, y| x - y));
    mul(Mul, Mult) |a, b| a.small_product(b).or_else(|| float(a, b, |x, y| x * y));
    true_div(TrueDiv, Div) |a, b| divide(a, b);
    floor_div(FloorDiv, FloorDiv) |a, b| a.small_ints(b).and_then(|(x, y)| floor_div(x, y));
    modulo(Modulo, Mod) |a, b| a.small_ints(b).and_then(|(x, y)| modulo(x, y));
    power(Power, Pow) |a, b| a.small_ints(b).and_then(|(x, y)| power(x, y));
    mat_mul(MatMul, MatMult) |_a, _b| None::<Owned>;
    lshift(Lshift, LShift) |a, b| a.small_ints(b).and_then(|(x, y)| lshift(x, y));
    rshift(Rshift, RShift) |a, b| a.small_ints(b).and_then(|(x, y)| rshift(x, y));
    and(And, BitAnd) |a, b| a.small_ints(b).and_then(|(x, y)| Owned::try_int(x & y));
    or(Or, BitOr) |a, b| a.small_ints(b).and_then(|(x, y)| Owned::try_int(x | y));
    xor(Xor, BitXor) |a, b| a.small_ints(b).and_then(|(x, y)| Owned::try_int(x ^ y));
}

macro_rules! immediate_handlers {
    ($($name:ident($Op:ident, $op:ident) |$a:ident, $b:ident| $fast:expr;)*) => {
        impl Machine<'_> {$(
            #[inline(always)]
            pub(super) fn $name(&mut self, i: $Op) -> Flow {
                let $a = self.read(i.lhs);
                let $b = i.rhs.0;
                if let Some(value) = $fast {
                    self.write(i.dst, value);
                    return Flow::Next;
                }
                self.aside(|machine, i: $Op| {
                    machine.binary_int_slow(BinaryOp::$op, i.inplace, i.dst, i.lhs, i.rhs.0)
                })
            }
        )*}
    };
}

immediate_handlers! {
    add_int(AddInt, Add) |a, b| a.small_sum(Owned::small_int(b.into()).borrow())
        .or_else(|| float_int(a, b, |x, y| x + y));
    sub_int(SubInt, Sub) |a, b| a.small_difference(Owned::small_int(b.into()).borrow())
        .or_else(|| float_int(a, b, |x, y| x - y));
    mul_int(MulInt, Mult) |a, b| a.small_product(Owned::small_int(b.into()).borrow())
        .or_else(|| float_int(a, b, |x, y| x * y));
    floor_div_int(FloorDivInt, FloorDiv) |a, b| a.as_small_int().and_then(|x| floor_div(x, b.into()));
    modulo_int(ModuloInt, Mod) |a, b| a.as_small_int().and_then(|x| modulo(x, b.into()));
    lshift_int(LshiftInt, LShift) |a, b| a.as_small_int().and_then(|x| lshift(x, b.into()));
    rshift_int(RshiftInt, RShift) |a, b| a.as_small_int().and_then(|x| rshift(x, b.into()));
    and_int(AndInt, BitAnd) |a, b| a.as_small_int().and_then(|x| Owned::try_int(x & i64::from(b)));
}

impl Machine<'_> {
    #[inline(always)]
    pub(super) fn add(&mut self, i: Add) -> Flow {
        let (a, b) = (self.read(i.lhs), self.read(i.rhs));
        if let Some(value) = a.small_sum(b).or_else(|| float(a, b, |x, y| x + y)) {
            self.write(i.dst, value);
            return Flow::Next;
        }
        self.aside(|machine, i: Add| {
            if machine.read(i.lhs).kind() == Kind::Str
                && let Some(tail) = machine.read(i.rhs).downcast::<Str>()
                && let Some(next) = machine.append(i, tail)
            {
                return next;
            }
            machine.binary_slow(BinaryOp::Add, i.inplace, i.dst, i.lhs, i.rhs)
        })
    }

    /// `a + b` on strs, where the left one's register is given up or overwritten: its memory may be reused. None where it is
    /// not, and where there is no memory: the usual way says so, and leaves the local as it is.
    #[inline(always)]
    fn append(&mut self, i: Add, tail: &Str) -> Option<Flow> {
        let overwritten = i.dst.own && i.dst.register == i.lhs.register;
        if !(i.lhs.own || overwritten) || self.read(i.rhs).is(self.read(i.lhs)) {
            return None;
        }
        self.save();
        match self.vm().append_str(self.take_temporary(i.lhs.register), tail) {
            Ok(joined) => {
                self.consume(i.rhs);
                self.write(Out { own: i.dst.own && !overwritten, ..i.dst }, joined);
                Some(Flow::Next)
            }
            Err(head) => {
                self.write_temporary(i.lhs.register, head);
                None
            }
        }
    }

    #[inline(always)]
    fn binary_slow(&mut self, op: BinaryOp, inplace: bool, dst: Out, lhs: In, rhs: In) -> Flow {
        self.save();
        let result = binary(self.vm(), op, inplace, self.read(lhs), self.read(rhs));
        self.consume_both(lhs, rhs, &result);
        self.finish(dst, result)
    }

    #[inline(always)]
    fn binary_int_slow(&mut self, op: BinaryOp, inplace: bool, dst: Out, lhs: In, rhs: i16) -> Flow {
        self.save();
        let rhs = Owned::small_int(rhs.into());
        let result = binary(self.vm(), op, inplace, self.read(lhs), rhs.borrow());
        self.consume(lhs);
        self.finish(dst, result)
    }

    #[inline(always)]
    pub(super) fn neg(&mut self, i: Neg) -> Flow {
        let src = self.read(i.src);
        let fast = match src.as_small_int() {
            Some(x) => x.checked_neg().and_then(Owned::try_int),
            None => src.as_immediate_float().and_then(|x| Owned::try_float(-x)),
        };
        match fast {
            Some(value) => {
                self.write(i.dst, value);
                Flow::Next
            }
            None => self.aside(|machine, i: Neg| machine.unary_slow(UnaryOp::USub, i.dst, i.src)),
        }
    }

    out_of_line! {
        pub(super) fn pos(&mut self, i: Pos) -> Flow {
            self.unary_slow(UnaryOp::UAdd, i.dst, i.src)
        }
    }

    out_of_line! {
        pub(super) fn invert(&mut self, i: Invert) -> Flow {
            match self.read(i.src).as_small_int() {
                Some(x) => {
                    self.write(i.dst, Owned::try_int(!x).expect("the complement of 62 bits has 62 bits"));
                    Flow::Next
                }
                None => self.unary_slow(UnaryOp::Invert, i.dst, i.src),
            }
        }
    }

    #[inline(always)]
    fn unary_slow(&mut self, op: UnaryOp, dst: Out, src: In) -> Flow {
        self.save();
        let result = self.vm().unary(op, self.read(src));
        self.consume(src);
        self.finish(dst, result)
    }

    #[inline(always)]
    pub(super) fn not_(&mut self, i: Not) -> Flow {
        match self.truth(i.src) {
            Ok(truth) => {
                self.write(i.dst, Owned::bool(!truth));
                Flow::Next
            }
            Err(raised) => Flow::Raise(raised),
        }
    }

    #[inline(always)]
    pub(super) fn to_bool(&mut self, i: ToBool) -> Flow {
        match self.truth(i.src) {
            Ok(truth) => {
                self.write(i.dst, Owned::bool(truth));
                Flow::Next
            }
            Err(raised) => Flow::Raise(raised),
        }
    }

    /// The truth of an operand, which is consumed.
    #[inline(always)]
    pub(super) fn truth(&mut self, src: In) -> PyResult<bool> {
        let value = self.read(src);
        if let Some(truth) = value.as_bool() {
            return Ok(truth);
        }
        if let Some(int) = value.as_small_int() {
            return Ok(int != 0);
        }
        if value.is_none() {
            return Ok(false);
        }
        self.truth_slow(src)
    }

    out_of_line! {
        fn truth_slow(&mut self, src: In) -> PyResult<bool> {
            self.save();
            let truth = self.vm().is_true(self.read(src));
            self.consume(src);
            truth
        }
    }
}

#[inline(always)]
fn float(a: Ref<'_>, b: Ref<'_>, op: impl FnOnce(f64, f64) -> f64) -> Option<Owned> {
    a.mixed_floats(b).and_then(|(x, y)| Owned::try_float(op(x, y)))
}

#[inline(always)]
fn float_int(a: Ref<'_>, b: i16, op: impl FnOnce(f64, f64) -> f64) -> Option<Owned> {
    a.as_immediate_float().and_then(|x| Owned::try_float(op(x, f64::from(b))))
}

/// Division of floats, and of ints that doubles hold exactly.
#[inline(always)]
fn divide(a: Ref<'_>, b: Ref<'_>) -> Option<Owned> {
    const EXACT: i64 = 1 << 53;
    let (x, y) = match a.mixed_floats(b) {
        Some(pair) => pair,
        None => {
            let (x, y) = a.small_ints(b)?;
            if x.abs() > EXACT || y.abs() > EXACT {
                return None;
            }
            (x as f64, y as f64)
        }
    };
    if y == 0.0 { None } else { Owned::try_float(x / y) }
}

#[inline(always)]
fn floor_div(x: i64, y: i64) -> Option<Owned> {
    if y == 0 {
        return None;
    }
    let (quotient, remainder) = (x / y, x % y);
    Owned::try_int(quotient - i64::from(remainder != 0 && (remainder < 0) != (y < 0)))
}

#[inline(always)]
fn modulo(x: i64, y: i64) -> Option<Owned> {
    if y == 0 {
        return None;
    }
    let remainder = x % y;
    Owned::try_int(if remainder != 0 && (remainder < 0) != (y < 0) { remainder + y } else { remainder })
}

#[inline(always)]
fn power(x: i64, y: i64) -> Option<Owned> {
    x.checked_pow(u32::try_from(y).ok()?).and_then(Owned::try_int)
}

#[inline(always)]
fn lshift(x: i64, y: i64) -> Option<Owned> {
    if !(0..62).contains(&y) {
        return None;
    }
    let shifted = x << y;
    if shifted >> y == x { Owned::try_int(shifted) } else { None }
}

#[inline(always)]
fn rshift(x: i64, y: i64) -> Option<Owned> {
    if y < 0 { None } else { Owned::try_int(x >> y.min(63)) }
}
