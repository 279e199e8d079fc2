//! Operators, and conversion of objects to Rust numbers.

use dashu_int::IBig;

use crate::exception::PyResult;
use crate::value::Ref;
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

impl Thread {
    /// `a <op> b`
    pub fn binary(&self, op: BinaryOp, a: Ref<'_>, b: Ref<'_>) -> PyResult {
        let _ = (op, a, b);
        unimplemented!()
    }

    /// `a <op>= b`
    pub fn inplace(&self, op: BinaryOp, a: Ref<'_>, b: Ref<'_>) -> PyResult {
        let _ = (op, a, b);
        unimplemented!()
    }

    /// `<op> a`
    pub fn unary(&self, op: UnaryOp, a: Ref<'_>) -> PyResult {
        let _ = (op, a);
        unimplemented!()
    }

    /// `operator.index(object)`: an int.
    pub fn index(&self, object: Ref<'_>) -> PyResult {
        let _ = object;
        unimplemented!()
    }

    /// The object's index as a machine word; IndexError-like OverflowError when it does not fit:
    /// `Python int too large to convert to C ssize_t`.
    pub fn to_isize(&self, object: Ref<'_>) -> PyResult<isize> {
        let _ = object;
        unimplemented!()
    }

    /// The object's index as a sequence position: what does not fit is an IndexError,
    /// `cannot fit 'int' into an index-sized integer`.
    pub fn to_index(&self, object: Ref<'_>) -> PyResult<isize> {
        let _ = object;
        unimplemented!()
    }

    /// The object's index clipped to the range of a machine word, as slices want it.
    pub fn to_index_clipped(&self, object: Ref<'_>) -> PyResult<isize> {
        let _ = object;
        unimplemented!()
    }

    /// The object's index as `i64`; OverflowError when it does not fit: `Python int too large to convert to C long`.
    pub fn to_i64(&self, object: Ref<'_>) -> PyResult<i64> {
        let _ = object;
        unimplemented!()
    }

    /// The object's index as `i32`; OverflowError when it does not fit.
    pub fn to_i32(&self, object: Ref<'_>) -> PyResult<i32> {
        let _ = object;
        unimplemented!()
    }

    /// The object's index as a bigint.
    pub fn to_big(&self, object: Ref<'_>) -> PyResult<IBig> {
        let _ = object;
        unimplemented!()
    }

    /// `float(object)` for numbers: `__float__`, else `__index__`; not strings.
    pub fn to_f64(&self, object: Ref<'_>) -> PyResult<f64> {
        let _ = object;
        unimplemented!()
    }
}
