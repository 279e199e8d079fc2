//! Slots: the special methods of a type as Rust functions.
//!
//! One table lists them all: a row gives the slot's field and its function type. From the rows derive: [`Slots`], what a
//! native type declares; [`SlotCells`], what a class object holds; and inheritance. A second table, [`DUNDERS`], names the
//! special methods that show the slots to Python: `type` makes wrapper descriptors from it for native types (their
//! `__add__` and so on), and fills the slots of Python classes with functions that call the dunder.

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

macro_rules! define_slot_fn {
    ($($Type:ident)*) => {
        /// A function of any slot.
        #[derive(Clone, Copy)]
        #[allow(missing_docs, reason = "named as the function types")]
        pub enum SlotFn { $($Type($Type),)* }
    };
}

define_slot_fn! {
    Unary Binary Power HashFn Inquiry LenFn Contains Compare Next ItemAt Repeat SetItem CallFn NewFn InitFn DescrGet
    DescrSet SendFn Finalize GetBuffer
}

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
            repr: Unary;
            str: Unary;
            hash: HashFn;
            call: CallFn;
            getattro: Binary;
            setattro: SetItem;
            compare: Compare;
            iter: Unary;
            next: Next;
            send: SendFn;
            descr_get: DescrGet;
            descr_set: DescrSet;
            init: InitFn;
            new: NewFn;
            finalize: Finalize;
            add: Binary;
            subtract: Binary;
            multiply: Binary;
            remainder: Binary;
            divmod: Binary;
            power: Power;
            negative: Unary;
            positive: Unary;
            absolute: Unary;
            bool: Inquiry;
            invert: Unary;
            lshift: Binary;
            rshift: Binary;
            and: Binary;
            xor: Binary;
            or: Binary;
            int: Unary;
            float: Unary;
            inplace_add: Binary;
            inplace_subtract: Binary;
            inplace_multiply: Binary;
            inplace_remainder: Binary;
            inplace_power: Power;
            inplace_lshift: Binary;
            inplace_rshift: Binary;
            inplace_and: Binary;
            inplace_xor: Binary;
            inplace_or: Binary;
            floor_divide: Binary;
            true_divide: Binary;
            inplace_floor_divide: Binary;
            inplace_true_divide: Binary;
            index: Unary;
            matrix_multiply: Binary;
            inplace_matrix_multiply: Binary;
            mapping_len: LenFn;
            getitem: Binary;
            setitem: SetItem;
            len: LenFn;
            concat: Binary;
            repeat: Repeat;
            item: ItemAt;
            contains: Contains;
            inplace_concat: Binary;
            inplace_repeat: Repeat;
            await_: Unary;
            aiter: Unary;
            anext: Unary;
            buffer: GetBuffer;
        }
    };
}

macro_rules! define_slots {
    ($($slot:ident: $Type:ident;)*) => {
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

            /// The function in a slot.
            pub fn get(&self, which: SlotId) -> Option<SlotFn> {
                match which { $(SlotId::$slot => self.$slot.get().map(SlotFn::$Type),)* }
            }

            /// Puts a function of the right type into a slot, or empties it.
            pub fn set(&self, which: SlotId, function: Option<SlotFn>) {
                match (which, function) {
                    $((SlotId::$slot, Some(SlotFn::$Type(function))) => self.$slot.set(Some(function)),
                    (SlotId::$slot, None) => self.$slot.set(None),)*
                    _ => unreachable!("the function is not of the slot's type"),
                }
            }
        }

        /// Names a slot.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[allow(missing_docs, non_camel_case_types, reason = "named as the fields of `Slots`")]
        pub enum SlotId { $($slot,)* }

    };
}

for_each_slot!(define_slots);

crate::untraced!(SlotCells, SlotFn, &'static Dunder);

/// A special method, and the slot behind it.
#[derive(Debug)]
pub struct Dunder {
    /// Its name.
    pub name: &'static str,
    /// The slot.
    pub slot: SlotId,
    /// How a call of the special method becomes a call of the slot's function.
    pub wrap: Wrap,
    /// `__text_signature__`
    pub signature: &'static str,
    /// The docstring.
    pub doc: &'static str,
}

/// How the arguments and the result of a special method are those of its slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "mostly named as the function types of the slots")]
pub enum Wrap {
    Unary,
    Binary,
    /// The operands exchanged: `__radd__`.
    Reflected,
    Power,
    ReflectedPower,
    Hash,
    Inquiry,
    Len,
    Contains,
    Compare(CompareOp),
    Next,
    ItemAt,
    Repeat,
    SetItem,
    DelItem,
    SetAttr,
    DelAttr,
    Call,
    Init,
    DescrGet,
    DescrSet,
    DescrDelete,
    Finalize,
    Buffer,
    ReleaseBuffer,
    /// No wrapper descriptor is made: `__new__`, `__getattr__`.
    None,
}

macro_rules! dunders {
    ($($name:literal $slot:ident $wrap:expr, $signature:literal $doc:literal;)*) => {
        /// The special methods behind the slots, in CPython's order, which `__dict__` of native types shows.
        pub static DUNDERS: &[Dunder] = &[$(Dunder {
            name: $name,
            slot: SlotId::$slot,
            wrap: $wrap,
            signature: $signature,
            doc: $doc,
        },)*];
    };
}

use CompareOp::*;

dunders! {
    "__repr__" repr Wrap::Unary, "($self, /)" "The result of repr(self).";
    "__hash__" hash Wrap::Hash, "($self, /)" "The result of hash(self).";
    "__call__" call Wrap::Call, "($self, /, *args, **kwargs)" "Calls self like a function.";
    "__str__" str Wrap::Unary, "($self, /)" "The result of str(self).";
    "__getattribute__" getattro Wrap::Binary, "($self, name, /)" "The result of getattr(self, name).";
    "__getattr__" getattro Wrap::None, "" "";
    "__setattr__" setattro Wrap::SetAttr, "($self, name, value, /)" "Does setattr(self, name, value).";
    "__delattr__" setattro Wrap::DelAttr, "($self, name, /)" "Does delattr(self, name).";
    "__lt__" compare Wrap::Compare(Lt), "($self, value, /)" "The result of self<value.";
    "__le__" compare Wrap::Compare(Le), "($self, value, /)" "The result of self<=value.";
    "__eq__" compare Wrap::Compare(Eq), "($self, value, /)" "The result of self==value.";
    "__ne__" compare Wrap::Compare(Ne), "($self, value, /)" "The result of self!=value.";
    "__gt__" compare Wrap::Compare(Gt), "($self, value, /)" "The result of self>value.";
    "__ge__" compare Wrap::Compare(Ge), "($self, value, /)" "The result of self>=value.";
    "__iter__" iter Wrap::Unary, "($self, /)" "The result of iter(self).";
    "__next__" next Wrap::Next, "($self, /)" "The result of next(self).";
    "__get__" descr_get Wrap::DescrGet, "($self, instance, owner=None, /)" "The attribute's value for an instance of owner.";
    "__set__" descr_set Wrap::DescrSet, "($self, instance, value, /)" "Sets the attribute of an instance.";
    "__delete__" descr_set Wrap::DescrDelete, "($self, instance, /)" "Deletes the attribute of an instance.";
    "__init__" init Wrap::Init, "($self, /, *args, **kwargs)" "Initialises self; help(type(self)) shows the signature.";
    "__new__" new Wrap::None, "($type, *args, **kwargs)" "Makes a new object; help(type) shows the signature.";
    "__del__" finalize Wrap::Finalize, "($self, /)" "Runs before the object ends.";
    "__buffer__" buffer Wrap::Buffer, "($self, flags, /)" "A view of the object's memory.";
    "__release_buffer__" buffer Wrap::ReleaseBuffer, "($self, buffer, /)" "Ends a view of the object's memory.";
    "__await__" await_ Wrap::Unary, "($self, /)" "An iterator for an await expression.";
    "__aiter__" aiter Wrap::Unary, "($self, /)" "An asynchronous iterator over self.";
    "__anext__" anext Wrap::Unary, "($self, /)" "An awaitable for the next item.";
    "__add__" add Wrap::Binary, "($self, value, /)" "The result of self+value.";
    "__radd__" add Wrap::Reflected, "($self, value, /)" "The result of value+self.";
    "__sub__" subtract Wrap::Binary, "($self, value, /)" "The result of self-value.";
    "__rsub__" subtract Wrap::Reflected, "($self, value, /)" "The result of value-self.";
    "__mul__" multiply Wrap::Binary, "($self, value, /)" "The result of self*value.";
    "__rmul__" multiply Wrap::Reflected, "($self, value, /)" "The result of value*self.";
    "__mod__" remainder Wrap::Binary, "($self, value, /)" "The result of self%value.";
    "__rmod__" remainder Wrap::Reflected, "($self, value, /)" "The result of value%self.";
    "__divmod__" divmod Wrap::Binary, "($self, value, /)" "The result of divmod(self, value).";
    "__rdivmod__" divmod Wrap::Reflected, "($self, value, /)" "The result of divmod(value, self).";
    "__pow__" power Wrap::Power, "($self, value, mod=None, /)" "The result of pow(self, value, mod).";
    "__rpow__" power Wrap::ReflectedPower, "($self, value, mod=None, /)" "The result of pow(value, self, mod).";
    "__neg__" negative Wrap::Unary, "($self, /)" "The result of -self.";
    "__pos__" positive Wrap::Unary, "($self, /)" "The result of +self.";
    "__abs__" absolute Wrap::Unary, "($self, /)" "The result of abs(self).";
    "__bool__" bool Wrap::Inquiry, "($self, /)" "The truth of self.";
    "__invert__" invert Wrap::Unary, "($self, /)" "The result of ~self.";
    "__lshift__" lshift Wrap::Binary, "($self, value, /)" "The result of self<<value.";
    "__rlshift__" lshift Wrap::Reflected, "($self, value, /)" "The result of value<<self.";
    "__rshift__" rshift Wrap::Binary, "($self, value, /)" "The result of self>>value.";
    "__rrshift__" rshift Wrap::Reflected, "($self, value, /)" "The result of value>>self.";
    "__and__" and Wrap::Binary, "($self, value, /)" "The result of self&value.";
    "__rand__" and Wrap::Reflected, "($self, value, /)" "The result of value&self.";
    "__xor__" xor Wrap::Binary, "($self, value, /)" "The result of self^value.";
    "__rxor__" xor Wrap::Reflected, "($self, value, /)" "The result of value^self.";
    "__or__" or Wrap::Binary, "($self, value, /)" "The result of self|value.";
    "__ror__" or Wrap::Reflected, "($self, value, /)" "The result of value|self.";
    "__int__" int Wrap::Unary, "($self, /)" "The result of int(self).";
    "__float__" float Wrap::Unary, "($self, /)" "The result of float(self).";
    "__iadd__" inplace_add Wrap::Binary, "($self, value, /)" "Does self+=value.";
    "__isub__" inplace_subtract Wrap::Binary, "($self, value, /)" "Does self-=value.";
    "__imul__" inplace_multiply Wrap::Binary, "($self, value, /)" "Does self*=value.";
    "__imod__" inplace_remainder Wrap::Binary, "($self, value, /)" "Does self%=value.";
    "__ipow__" inplace_power Wrap::Power, "($self, value, /)" "Does self**=value.";
    "__ilshift__" inplace_lshift Wrap::Binary, "($self, value, /)" "Does self<<=value.";
    "__irshift__" inplace_rshift Wrap::Binary, "($self, value, /)" "Does self>>=value.";
    "__iand__" inplace_and Wrap::Binary, "($self, value, /)" "Does self&=value.";
    "__ixor__" inplace_xor Wrap::Binary, "($self, value, /)" "Does self^=value.";
    "__ior__" inplace_or Wrap::Binary, "($self, value, /)" "Does self|=value.";
    "__floordiv__" floor_divide Wrap::Binary, "($self, value, /)" "The result of self//value.";
    "__rfloordiv__" floor_divide Wrap::Reflected, "($self, value, /)" "The result of value//self.";
    "__truediv__" true_divide Wrap::Binary, "($self, value, /)" "The result of self/value.";
    "__rtruediv__" true_divide Wrap::Reflected, "($self, value, /)" "The result of value/self.";
    "__ifloordiv__" inplace_floor_divide Wrap::Binary, "($self, value, /)" "Does self//=value.";
    "__itruediv__" inplace_true_divide Wrap::Binary, "($self, value, /)" "Does self/=value.";
    "__index__" index Wrap::Unary, "($self, /)" "The int that self stands for as an index.";
    "__matmul__" matrix_multiply Wrap::Binary, "($self, value, /)" "The result of self@value.";
    "__rmatmul__" matrix_multiply Wrap::Reflected, "($self, value, /)" "The result of value@self.";
    "__imatmul__" inplace_matrix_multiply Wrap::Binary, "($self, value, /)" "Does self@=value.";
    "__len__" mapping_len Wrap::Len, "($self, /)" "The result of len(self).";
    "__getitem__" getitem Wrap::Binary, "($self, key, /)" "The result of self[key].";
    "__setitem__" setitem Wrap::SetItem, "($self, key, value, /)" "Does self[key] = value.";
    "__delitem__" setitem Wrap::DelItem, "($self, key, /)" "Does del self[key].";
    "__len__" len Wrap::Len, "($self, /)" "The result of len(self).";
    "__add__" concat Wrap::Binary, "($self, value, /)" "The result of self+value.";
    "__mul__" repeat Wrap::Repeat, "($self, value, /)" "The result of self*value.";
    "__rmul__" repeat Wrap::Repeat, "($self, value, /)" "The result of value*self.";
    "__getitem__" item Wrap::ItemAt, "($self, key, /)" "The result of self[key].";
    "__contains__" contains Wrap::Contains, "($self, key, /)" "Whether key is in self.";
    "__iadd__" inplace_concat Wrap::Binary, "($self, value, /)" "Does self+=value.";
    "__imul__" inplace_repeat Wrap::Repeat, "($self, value, /)" "Does self*=value.";
}
