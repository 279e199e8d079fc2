//! Comparisons, and the jumps that fuse with them.

use pyx_compiler::bytecode::opcode::{Opcode, instruction::*};
use pyx_compiler::bytecode::operand::{In, Out};

use super::dispatch::{Flow, Machine};
use crate::exception::PyResult;
use crate::protocol::slots::CompareOp;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

#[inline(never)]
fn compare(vm: &Thread, op: CompareOp, a: Ref<'_>, b: Ref<'_>) -> PyResult {
    vm.compare(a, b, op)
}

#[inline(never)]
fn compare_branch(vm: &Thread, op: CompareOp, a: Ref<'_>, b: Ref<'_>) -> PyResult<bool> {
    let answer = vm.compare(a, b, op)?;
    vm.is_true(answer.borrow())
}

macro_rules! comparisons {
    ($($value:ident($Value:ident), $jump:ident($Jump:ident), $jump_int:ident($JumpInt:ident):
        $op:ident, |$x:ident, $y:ident| $holds:expr;)*) => {
        impl Machine<'_> {$(
            #[inline(always)]
            pub(super) fn $value(&mut self, i: $Value) -> Flow {
                let (a, b) = (self.read(i.lhs), self.read(i.rhs));
                if let Some(($x, $y)) = a.small_ints(b) {
                    self.write(i.dst, Owned::bool($holds));
                    return Flow::Next;
                }
                if let Some(($x, $y)) = a.mixed_floats(b).filter(|_| floats_exact(a, b)) {
                    self.write(i.dst, Owned::bool($holds));
                    return Flow::Next;
                }
                self.aside(|machine, i: $Value| machine.compare_slow(CompareOp::$op, i.dst, i.lhs, i.rhs))
            }

            #[inline(always)]
            pub(super) fn $jump(&mut self, i: $Jump) -> Flow {
                let (a, b) = (self.read(i.lhs), self.read(i.rhs));
                if let Some(($x, $y)) = a.small_ints(b) {
                    return self.jump_if_true(($holds) != i.negate, Opcode::$Jump, i.target);
                }
                if let Some(($x, $y)) = a.mixed_floats(b).filter(|_| floats_exact(a, b)) {
                    return self.jump_if_true(($holds) != i.negate, Opcode::$Jump, i.target);
                }
                self.aside(|machine, i: $Jump| {
                    let answer = machine.branch_slow(CompareOp::$op, i.lhs, i.rhs);
                    machine.branch(answer.map(|truth| truth != i.negate), Opcode::$Jump, i.target)
                })
            }

            #[inline(always)]
            pub(super) fn $jump_int(&mut self, i: $JumpInt) -> Flow {
                let a = self.read(i.lhs);
                if let Some($x) = a.as_small_int() {
                    let $y = i64::from(i.rhs.0);
                    return self.jump_if_true(($holds) != i.negate, Opcode::$JumpInt, i.target);
                }
                if let Some($x) = a.as_immediate_float() {
                    let $y = f64::from(i.rhs.0);
                    return self.jump_if_true(($holds) != i.negate, Opcode::$JumpInt, i.target);
                }
                self.aside(|machine, i: $JumpInt| {
                    let answer = machine.branch_int_slow(CompareOp::$op, i.lhs, i.rhs.0);
                    machine.branch(answer.map(|truth| truth != i.negate), Opcode::$JumpInt, i.target)
                })
            }
        )*}
    };
}

comparisons! {
    lt(Lt), jump_if_lt(JumpIfLt), jump_if_lt_int(JumpIfLtInt): Lt, |x, y| x < y;
    le(Le), jump_if_le(JumpIfLe), jump_if_le_int(JumpIfLeInt): Le, |x, y| x <= y;
    eq(Eq), jump_if_eq(JumpIfEq), jump_if_eq_int(JumpIfEqInt): Eq, |x, y| x == y;
    ne(Ne), jump_if_ne(JumpIfNe), jump_if_ne_int(JumpIfNeInt): Ne, |x, y| x != y;
    gt(Gt), jump_if_gt(JumpIfGt), jump_if_gt_int(JumpIfGtInt): Gt, |x, y| x > y;
    ge(Ge), jump_if_ge(JumpIfGe), jump_if_ge_int(JumpIfGeInt): Ge, |x, y| x >= y;
}

/// Whether comparing as doubles is exact: both are floats, or the int among them is one that doubles hold.
#[inline(always)]
fn floats_exact(a: Ref<'_>, b: Ref<'_>) -> bool {
    let exact = |value: Ref<'_>| value.as_small_int().is_none_or(|int| int.unsigned_abs() <= 1 << 53);
    exact(a) && exact(b)
}

impl Machine<'_> {
    #[inline(always)]
    fn branch_slow(&mut self, op: CompareOp, lhs: In, rhs: In) -> PyResult<bool> {
        self.save();
        let answer = compare_branch(self.vm(), op, self.read(lhs), self.read(rhs));
        self.consume(rhs);
        self.consume(lhs);
        answer
    }

    #[inline(always)]
    fn branch_int_slow(&mut self, op: CompareOp, lhs: In, rhs: i16) -> PyResult<bool> {
        self.save();
        let rhs = Owned::small_int(rhs.into());
        let answer = compare_branch(self.vm(), op, self.read(lhs), rhs.borrow());
        self.consume(lhs);
        answer
    }

    #[inline(always)]
    fn compare_slow(&mut self, op: CompareOp, dst: Out, lhs: In, rhs: In) -> Flow {
        self.save();
        let result = compare(self.vm(), op, self.read(lhs), self.read(rhs));
        self.consume(rhs);
        self.consume(lhs);
        self.finish(dst, result)
    }

    #[inline(always)]
    pub(super) fn is(&mut self, i: Is) -> Flow {
        let same = self.read(i.lhs).is(self.read(i.rhs));
        self.consume(i.rhs);
        self.consume(i.lhs);
        self.write(i.dst, Owned::bool(same != i.negate));
        Flow::Next
    }

    #[inline(always)]
    pub(super) fn contains(&mut self, _: Contains) -> Flow {
        self.aside(|machine, i: Contains| {
            let found = machine.search(i.container, i.item);
            machine.finish(i.dst, found.map(|found| Owned::bool(found != i.negate)))
        })
    }

    /// Whether a container has an item; both are consumed.
    #[inline(always)]
    fn search(&mut self, container: In, item: In) -> PyResult<bool> {
        self.save();
        let found = self.vm().contains(self.read(container), self.read(item));
        self.consume(container);
        self.consume(item);
        found
    }

    #[inline(always)]
    pub(super) fn jump(&mut self, i: Jump) -> Flow {
        self.go(Opcode::Jump, i.target)
    }

    #[inline(always)]
    pub(super) fn jump_back(&mut self, i: JumpBack) -> Flow {
        if self.vm().has_requests() {
            self.save();
            if let Err(raised) = super::requests(self.vm()) {
                return Flow::Raise(raised);
            }
        }
        self.go(Opcode::JumpBack, i.target)
    }

    #[inline(always)]
    pub(super) fn jump_if(&mut self, i: JumpIf) -> Flow {
        let truth = self.truth(i.src);
        self.branch(truth, Opcode::JumpIf, i.target)
    }

    #[inline(always)]
    pub(super) fn jump_if_not(&mut self, i: JumpIfNot) -> Flow {
        let truth = self.truth(i.src);
        self.branch(truth.map(|truth| !truth), Opcode::JumpIfNot, i.target)
    }

    #[inline(always)]
    pub(super) fn jump_if_none(&mut self, i: JumpIfNone) -> Flow {
        let none = self.read(i.src).is_none();
        self.consume(i.src);
        self.jump_if_true(none, Opcode::JumpIfNone, i.target)
    }

    #[inline(always)]
    pub(super) fn jump_if_not_none(&mut self, i: JumpIfNotNone) -> Flow {
        let none = self.read(i.src).is_none();
        self.consume(i.src);
        self.jump_if_true(!none, Opcode::JumpIfNotNone, i.target)
    }

    #[inline(always)]
    pub(super) fn jump_if_is(&mut self, i: JumpIfIs) -> Flow {
        let same = self.read(i.lhs).is(self.read(i.rhs));
        self.consume(i.rhs);
        self.consume(i.lhs);
        self.jump_if_true(same != i.negate, Opcode::JumpIfIs, i.target)
    }

    #[inline(always)]
    pub(super) fn jump_if_in(&mut self, _: JumpIfIn) -> Flow {
        self.aside(|machine, i: JumpIfIn| {
            let found = machine.search(i.container, i.item);
            machine.branch(found.map(|found| found != i.negate), Opcode::JumpIfIn, i.target)
        })
    }
}
