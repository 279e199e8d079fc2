//! Slots: the special methods of a type as Rust functions.
//!
//! One table lists them all. A row gives the slot's field, its function type, and the dunder names that show it to
//! Python. From the rows derive: [`Slots`], what a native type declares; [`SlotCells`], what a class object
//! holds; inheritance; and [`SLOT_NAMES`], which `type` uses to make wrapper descriptors for native types (their `__add__`
//! and so on), and to fill the slots of Python classes with functions that call the dunder.

use std::cell::Cell;

use crate::arguments::Args;
use crate::exception::PyResult;
use crate::value::Ref;
use crate::vm::Thread;

/// `f(self)`
pub type Unary = fn(&Thread, Ref<'_>) -> PyResult;
/// `f(a, b)`. Binary operators get the operands in their order in the source, whichever is of the slot's type, and
/// return `NotImplemented` for operands they do not know.
pub type Binary = fn(&Thread, Ref<'_>, Ref<'_>) -> PyResult;
/// `pow(a, b, modulus)`; the modulus is None when absent.
pub type Power = fn(&Thread, Ref<'_>, Ref<'_>, Ref<'_>) -> PyResult;
/// `hash(self)`
pub type HashFn = fn(&Thread, Ref<'_>) -> PyResult<i64>;
/// `bool(self)`
pub type Inquiry = fn(&Thread, Ref<'_>) -> PyResult<bool>;
/// `len(self)`
pub type LenFn = fn(&Thread, Ref<'_>) -> PyResult<usize>;
/// `item in self`
pub type Contains = fn(&Thread, Ref<'_>, Ref<'_>) -> PyResult<bool>;
/// `a <op> b`; `NotImplemented` for operands it does not know.
pub type Compare = fn(&Thread, Ref<'_>, Ref<'_>, CompareOp) -> PyResult;
/// `next(self)`; `None` at the end.
pub type Next = fn(&Thread, Ref<'_>) -> PyResult<Option<crate::value::Owned>>;
/// Sequence item by an index that is not negative, unless the sequence has no length.
pub type ItemAt = fn(&Thread, Ref<'_>, isize) -> PyResult;
/// `self * count`
pub type Repeat = fn(&Thread, Ref<'_>, isize) -> PyResult;
/// `self[key] = value`, or `del self[key]` when the value is absent. Also attribute assignment.
pub type SetItem = fn(&Thread, Ref<'_>, Ref<'_>, Option<Ref<'_>>) -> PyResult<()>;
/// `self(*args)`; the receiver is not among the arguments.
pub type CallFn = fn(&Thread, Ref<'_>, &Args<'_>) -> PyResult;
/// `__new__(class, *args)`
pub type NewFn = fn(&Thread, Ref<'_>, &Args<'_>) -> PyResult;
/// `__init__(self, *args)`
pub type InitFn = fn(&Thread, Ref<'_>, &Args<'_>) -> PyResult<()>;
/// `__get__(self, instance, owner)`
pub type DescrGet = fn(&Thread, Ref<'_>, Option<Ref<'_>>, Option<Ref<'_>>) -> PyResult;
/// `__set__(self, instance, value)`, or `__delete__` when the value is absent.
pub type DescrSet = fn(&Thread, Ref<'_>, Ref<'_>, Option<Ref<'_>>) -> PyResult<()>;
/// `send(self, value)`: a yielded value, or the returned one.
pub type SendFn = fn(&Thread, Ref<'_>, Ref<'_>) -> PyResult<Sent>;
/// Finaliser, `__del__`. Errors are reported, never raised.
pub type Finalize = fn(&Thread, Ref<'_>);
/// Fills in a view of the object's memory.
pub type GetBuffer = fn(&Thread, Ref<'_>, u32) -> PyResult<crate::protocol::buffer::BufferView>;

/// What resuming a generator-like object gives.
#[derive(Debug)]
pub enum Sent {
    /// It suspended with this value.
    Yield(crate::value::Owned),
    /// It returned this value.
    Return(crate::value::Owned),
}

/// Rich comparison operators.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "named as the dunders")]
pub enum CompareOp {
    Lt,
    Le,
    Eq,
    Ne,
    Gt,
    Ge,
}

impl CompareOp {
    /// The operator that gives the same answer with the operands exchanged.
    #[must_use]
    pub const fn swapped(self) -> Self {
        match self {
            Self::Lt => Self::Gt,
            Self::Le => Self::Ge,
            Self::Eq => Self::Eq,
            Self::Ne => Self::Ne,
            Self::Gt => Self::Lt,
            Self::Ge => Self::Le,
        }
    }

    /// Whether an ordering of the operands satisfies the operator.
    #[inline]
    pub const fn holds(self, ordering: std::cmp::Ordering) -> bool {
        match self {
            Self::Lt => ordering.is_lt(),
            Self::Le => ordering.is_le(),
            Self::Eq => ordering.is_eq(),
            Self::Ne => ordering.is_ne(),
            Self::Gt => ordering.is_gt(),
            Self::Ge => ordering.is_ge(),
        }
    }

    /// As written in Python.
    pub const fn symbol(self) -> &'static str {
        match self {
            Self::Lt => "<",
            Self::Le => "<=",
            Self::Eq => "==",
            Self::Ne => "!=",
            Self::Gt => ">",
            Self::Ge => ">=",
        }
    }
}

macro_rules! for_each_slot {
    ($expand:ident) => {
        $expand! {
            repr: Unary = "__repr__";
            str: Unary = "__str__";
            hash: HashFn = "__hash__";
            call: CallFn = "__call__";
            getattro: Binary = "__getattribute__" "__getattr__";
            setattro: SetItem = "__setattr__" "__delattr__";
            compare: Compare = "__lt__" "__le__" "__eq__" "__ne__" "__gt__" "__ge__";
            iter: Unary = "__iter__";
            next: Next = "__next__";
            send: SendFn =;
            descr_get: DescrGet = "__get__";
            descr_set: DescrSet = "__set__" "__delete__";
            init: InitFn = "__init__";
            new: NewFn = "__new__";
            finalize: Finalize = "__del__";
            add: Binary = "__add__" "__radd__";
            subtract: Binary = "__sub__" "__rsub__";
            multiply: Binary = "__mul__" "__rmul__";
            remainder: Binary = "__mod__" "__rmod__";
            divmod: Binary = "__divmod__" "__rdivmod__";
            power: Power = "__pow__" "__rpow__";
            negative: Unary = "__neg__";
            positive: Unary = "__pos__";
            absolute: Unary = "__abs__";
            bool: Inquiry = "__bool__";
            invert: Unary = "__invert__";
            lshift: Binary = "__lshift__" "__rlshift__";
            rshift: Binary = "__rshift__" "__rrshift__";
            and: Binary = "__and__" "__rand__";
            xor: Binary = "__xor__" "__rxor__";
            or: Binary = "__or__" "__ror__";
            int: Unary = "__int__";
            float: Unary = "__float__";
            inplace_add: Binary = "__iadd__";
            inplace_subtract: Binary = "__isub__";
            inplace_multiply: Binary = "__imul__";
            inplace_remainder: Binary = "__imod__";
            inplace_power: Power = "__ipow__";
            inplace_lshift: Binary = "__ilshift__";
            inplace_rshift: Binary = "__irshift__";
            inplace_and: Binary = "__iand__";
            inplace_xor: Binary = "__ixor__";
            inplace_or: Binary = "__ior__";
            floor_divide: Binary = "__floordiv__" "__rfloordiv__";
            true_divide: Binary = "__truediv__" "__rtruediv__";
            inplace_floor_divide: Binary = "__ifloordiv__";
            inplace_true_divide: Binary = "__itruediv__";
            index: Unary = "__index__";
            matrix_multiply: Binary = "__matmul__" "__rmatmul__";
            inplace_matrix_multiply: Binary = "__imatmul__";
            mapping_len: LenFn = "__len__";
            getitem: Binary = "__getitem__";
            setitem: SetItem = "__setitem__" "__delitem__";
            len: LenFn = "__len__";
            concat: Binary = "__add__";
            repeat: Repeat = "__mul__" "__rmul__";
            item: ItemAt = "__getitem__";
            contains: Contains = "__contains__";
            inplace_concat: Binary = "__iadd__";
            inplace_repeat: Repeat = "__imul__";
            await_: Unary = "__await__";
            aiter: Unary = "__aiter__";
            anext: Unary = "__anext__";
            buffer: GetBuffer = "__buffer__" "__release_buffer__";
        }
    };
}
pub(crate) use for_each_slot;

macro_rules! define_slots {
    ($($slot:ident: $Type:ident = $($name:literal)*;)*) => {
        /// The special methods that a native type declares.
        #[derive(Clone, Copy)]
        #[allow(missing_docs, reason = "named as the dunders they implement; the function types say the rest")]
        pub struct Slots { $(pub $slot: Option<$Type>,)* }

        impl Slots {
            /// None of them.
            pub const NONE: Self = Self { $($slot: None,)* };
        }

        /// The special methods of a class object, inherited ones included.
        #[allow(missing_docs, reason = "as `Slots`")]
        pub struct SlotCells { $(pub $slot: Cell<Option<$Type>>,)* }

        impl SlotCells {
            /// The declared slots of a type, nothing inherited.
            pub fn new(slots: &Slots) -> Self {
                Self { $($slot: Cell::new(slots.$slot),)* }
            }

            /// Fills empty slots from a base class.
            pub fn inherit(&self, base: &Self) {
                $(if self.$slot.get().is_none() {
                    self.$slot.set(base.$slot.get());
                })*
            }

            /// Copies one slot from another class.
            pub fn copy_slot(&self, which: SlotId, from: &Self) {
                match which { $(SlotId::$slot => self.$slot.set(from.$slot.get()),)* }
            }

            /// Whether a slot is filled.
            pub fn is_set(&self, which: SlotId) -> bool {
                match which { $(SlotId::$slot => self.$slot.get().is_some(),)* }
            }

            /// Whether two classes have the same function in a slot.
            #[allow(unpredictable_function_pointer_comparisons,
                reason = "a wrong answer only costs a slot update that changes nothing")]
            pub fn same(&self, which: SlotId, other: &Self) -> bool {
                match which { $(SlotId::$slot => self.$slot.get() == other.$slot.get(),)* }
            }
        }

        /// Names a slot.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[allow(missing_docs, non_camel_case_types, reason = "named as the fields of `Slots`")]
        pub enum SlotId { $($slot,)* }

        /// Each slot with its dunder names, in CPython's order.
        pub const SLOT_NAMES: &[(SlotId, &[&str])] = &[$((SlotId::$slot, &[$($name),*]),)*];
    };
}

for_each_slot!(define_slots);

crate::untraced!(SlotCells);
