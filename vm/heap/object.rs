//! Objects: a header of 16 bytes, then the payload.
//!
//! The header counts references, names the layout of the payload ([`Kind`], and for the long tail of native types the
//! [`Ops`] that its shape points to), carries a few flags, and points to the object's [`Shape`], which implies its class.
//!
//! A payload is a Rust struct declared with [`payload!`](crate::payload), which generates the table of what the
//! heap must know: its size, how to drop it, and which values it holds. Nobody writes a traversal by hand.

use std::any::TypeId;
use std::cell::{Cell, RefCell};

use super::cells::{Items, Late, Slot};
use super::shape::Shape;
use crate::value::{Owned, Value};

/// The layout of an object's payload, for the kinds that the core tells apart without looking at the class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
#[allow(missing_docs, reason = "named as the Python types")]
pub enum Kind {
    /// A slot of a page that holds no object.
    Free,
    /// A native type that the core does not know; its `Ops` identify it.
    Native,
    /// An instance of a Python class that derives from `object` only.
    Instance,
    Int,
    Float,
    Complex,
    Str,
    Bytes,
    ByteArray,
    Tuple,
    List,
    Dict,
    Set,
    FrozenSet,
    Range,
    RangeIterator,
    ListIterator,
    TupleIterator,
    StrIterator,
    BytesIterator,
    /// Over keys, values or items, in either direction.
    DictIterator,
    /// Of keys, values or items.
    DictView,
    SetIterator,
    Enumerate,
    Zip,
    Map,
    Filter,
    Slice,
    Type,
    Function,
    NativeFunction,
    MethodDescriptor,
    BoundMethod,
    Cell,
    Code,
    Frame,
    Generator,
    Coroutine,
    AsyncGenerator,
    Module,
    Exception,
    Traceback,
    Property,
    WeakRef,
}

/// What precedes every payload.
#[repr(C, align(8))]
pub struct Header {
    references: Cell<u32>,
    kind: Kind,
    flags: Cell<u8>,
    /// State of the cycle collector.
    pub(super) mark: Cell<u8>,
    spare: Cell<u8>,
    shape: Cell<*const Shape>,
}

/// Bits of [`Header`]'s flags.
pub mod flag {
    /// The object's class derives from the native class that the kind stands for, and is counted.
    pub const SUBCLASS: u8 = 1;
    /// A dict word or slots follow the payload and its data, as the shape's layout says.
    pub const EXTRAS: u8 = 128;
    /// Somebody holds a weak reference: the weak table has an entry.
    pub const WEAKLY_REFERENCED: u8 = 2;
    /// `__del__` has run (PEP 442 runs it once).
    pub const FINALIZED: u8 = 4;
    /// Allocated by the system allocator, behind a [`super::super::page::LargePrefix`].
    pub const LARGE: u8 = 8;
    /// A str that is in the table of interned strings.
    pub const INTERNED: u8 = 16;
    /// An object whose hash is cached, or other use of its own layout.
    pub const LAYOUT_BIT: u8 = 32;
    /// The payload has been dropped, while the memory waits to be freed.
    pub const DROPPED: u8 = 64;
}

/// Counts from here on never change: the object is immortal.
const IMMORTAL: u32 = 1 << 31;

impl Header {
    pub(super) fn new(kind: Kind, flags: u8, shape: *const Shape) -> Self {
        Self {
            references: Cell::new(1),
            kind,
            flags: Cell::new(flags),
            mark: Cell::new(0),
            spare: Cell::new(0),
            shape: Cell::new(shape),
        }
    }

    /// The layout.
    #[inline(always)]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The number of references; 2^31 or more is immortal.
    #[inline(always)]
    pub fn references(&self) -> u32 {
        self.references.get()
    }

    /// Whether the object lives as long as its interpreter.
    pub fn is_immortal(&self) -> bool {
        self.references.get() >= IMMORTAL
    }

    /// Makes it live as long as its interpreter.
    pub(crate) fn make_immortal(&self) {
        self.references.set(IMMORTAL);
    }

    /// One more reference. A count that reaches 2^31 stays: the object becomes immortal.
    #[inline(always)]
    pub(crate) fn retain(&self) {
        let count = self.references.get();
        if count < IMMORTAL {
            self.references.set(count + 1);
        }
    }

    /// One reference less; whether it was the last.
    #[inline(always)]
    pub(crate) fn release(&self) -> bool {
        let count = self.references.get();
        if count >= IMMORTAL {
            return false;
        }
        debug_assert!(count > 0, "released more often than retained");
        self.references.set(count - 1);
        count == 1
    }

    /// For the collector and for resurrection.
    pub(super) fn set_references(&self, count: u32) {
        self.references.set(count);
    }

    /// Whether a flag is set.
    #[inline(always)]
    pub fn has(&self, flag: u8) -> bool {
        self.flags.get() & flag != 0
    }

    /// Sets a flag.
    pub(crate) fn set(&self, flag: u8) {
        self.flags.set(self.flags.get() | flag);
    }

    /// Clears a flag.
    pub(crate) fn unset(&self, flag: u8) {
        self.flags.set(self.flags.get() & !flag);
    }

    /// Kind and flags in one load: exact objects of a core type have no `SUBCLASS` flag.
    #[inline(always)]
    pub(crate) fn is_exact(&self, kind: Kind) -> bool {
        self.kind == kind && !self.has(flag::SUBCLASS)
    }

    /// The raw shape pointer.
    #[inline(always)]
    pub(crate) fn shape_ptr(&self) -> *const Shape {
        self.shape.get()
    }

    pub(crate) fn set_shape_ptr(&self, shape: *const Shape) {
        self.shape.set(shape);
    }
}

/// What the heap must know about a payload type.
pub struct Ops {
    /// Identifies the payload type.
    pub type_id: fn() -> TypeId,
    /// The layout it belongs to.
    pub kind: Kind,
    /// Bytes of the payload, without what an object of variable size appends.
    pub size: usize,
    /// Drops the payload in place.
    pub(super) drop: unsafe fn(*mut u8),
    /// Shows the visitor every value that the payload owns.
    pub(super) trace: unsafe fn(*const u8, &mut Visitor<'_>),
    /// Lets go of what can be let go, to break cycles.
    pub(super) clear: unsafe fn(*const u8),
    /// Whether it can hold references at all; if not, the collector passes over it.
    pub traced: bool,
}

/// A struct that can be the payload of an object. Implemented by [`payload!`](crate::payload) only.
///
/// # Safety
/// `trace` shows each owned value exactly once; `OPS` is `Ops::of::<Self>()`.
#[expect(unsafe_code, reason = "the contract of generated implementations")]
pub unsafe trait Payload: Sized + 'static {
    /// The layout.
    const KIND: Kind;
    /// The table for the heap.
    const OPS: &'static Ops;
    /// Whether it can hold references.
    const TRACED: bool;
    /// Whether it starts with the payload of the layout's core type and has fields of its own behind.
    const EXTENDS: bool = false;
    /// Shows the visitor every value that the payload owns.
    fn trace(&self, visitor: &mut Visitor<'_>);
    /// Lets go of what can be let go.
    fn clear(&self);
}

#[expect(unsafe_code, reason = "type-erased payload functions")]
impl Ops {
    /// The table of a payload type.
    pub const fn of<T: Payload>() -> Self {
        unsafe fn drop<T>(payload: *mut u8) {
            // SAFETY: the heap calls it once, with the payload of an object made for `T`.
            unsafe { payload.cast::<T>().drop_in_place() };
        }
        unsafe fn trace<T: Payload>(payload: *const u8, visitor: &mut Visitor<'_>) {
            // SAFETY: the heap calls it with the payload of a live object made for `T`.
            unsafe { &*payload.cast::<T>() }.trace(visitor);
        }
        unsafe fn clear<T: Payload>(payload: *const u8) {
            // SAFETY: as above.
            unsafe { &*payload.cast::<T>() }.clear();
        }
        Self {
            type_id: TypeId::of::<T>,
            kind: T::KIND,
            size: size_of::<T>(),
            drop: drop::<T>,
            trace: trace::<T>,
            clear: clear::<T>,
            traced: T::TRACED,
        }
    }

    /// Whether this is the table of `T`.
    #[inline(always)]
    pub fn is<T: Payload>(&self) -> bool {
        self.kind == T::KIND
            && (!matches!(T::KIND, Kind::Native | Kind::Dict) || (self.type_id)() == TypeId::of::<T>())
    }
}

/// Receives the values that a payload owns.
pub struct Visitor<'v> {
    pub(super) visit: &'v mut dyn FnMut(Value),
    /// Whether values that are no objects of the heap are shown too.
    pub(super) immediates: bool,
}

impl Visitor<'_> {
    pub(crate) fn value(&mut self, value: Value) {
        if value.is_pointer() || (self.immediates && !value.is_null()) {
            (self.visit)(value);
        }
    }
}

/// A field of a payload: shows the values it owns, and can let go of them.
pub trait Trace {
    /// Whether a value of this type can own Python values.
    const TRACED: bool = true;
    /// Shows each owned value once. What cannot be seen at the moment is left out: it then counts as held from outside.
    fn trace(&self, visitor: &mut Visitor<'_>);
    /// Lets go of the values, where the field allows it through a shared reference.
    fn clear(&self) {}
}

impl Trace for Owned {
    fn trace(&self, visitor: &mut Visitor<'_>) {
        visitor.value(self.value());
    }
}

impl Trace for Slot {
    fn trace(&self, visitor: &mut Visitor<'_>) {
        visitor.value(self.value());
    }
    fn clear(&self) {
        drop(self.take());
    }
}

impl Trace for Items {
    fn trace(&self, visitor: &mut Visitor<'_>) {
        self.for_each_value(|value| visitor.value(value));
    }
    fn clear(&self) {
        drop(self.take());
    }
}

impl<T: Trace> Trace for Option<T> {
    const TRACED: bool = T::TRACED;
    fn trace(&self, visitor: &mut Visitor<'_>) {
        if let Some(inner) = self {
            inner.trace(visitor);
        }
    }
}

impl<T: Trace> Trace for Box<T> {
    const TRACED: bool = T::TRACED;
    fn trace(&self, visitor: &mut Visitor<'_>) {
        (**self).trace(visitor);
    }
    fn clear(&self) {
        (**self).clear();
    }
}

impl<T: Trace> Trace for Box<[T]> {
    const TRACED: bool = T::TRACED;
    fn trace(&self, visitor: &mut Visitor<'_>) {
        self.iter().for_each(|item| item.trace(visitor));
    }
    fn clear(&self) {
        self.iter().for_each(Trace::clear);
    }
}

impl<T: Trace> Trace for Late<T> {
    const TRACED: bool = T::TRACED;
    fn trace(&self, visitor: &mut Visitor<'_>) {
        self.iter().for_each(|item| item.trace(visitor));
    }
    fn clear(&self) {
        self.iter().for_each(Trace::clear);
    }
}

impl<T: Trace> Trace for Vec<T> {
    const TRACED: bool = T::TRACED;
    fn trace(&self, visitor: &mut Visitor<'_>) {
        self.iter().for_each(|item| item.trace(visitor));
    }
}

impl<A: Trace, B: Trace> Trace for (A, B) {
    const TRACED: bool = A::TRACED || B::TRACED;
    fn trace(&self, visitor: &mut Visitor<'_>) {
        self.0.trace(visitor);
        self.1.trace(visitor);
    }
}

impl<T: Trace + Default> Trace for RefCell<T> {
    const TRACED: bool = T::TRACED;
    fn trace(&self, visitor: &mut Visitor<'_>) {
        if let Ok(inner) = self.try_borrow() {
            inner.trace(visitor);
        }
    }
    fn clear(&self) {
        if T::TRACED {
            drop(self.try_borrow_mut().ok().map(|mut inner| std::mem::take(&mut *inner)));
        }
    }
}

impl<T: Trace + Copy> Trace for Cell<T> {
    const TRACED: bool = T::TRACED;
    fn trace(&self, visitor: &mut Visitor<'_>) {
        self.get().trace(visitor);
    }
}

/// Declares that values of these types never own Python values.
#[macro_export]
macro_rules! untraced {
    ($($type:ty),* $(,)?) => {$(
        impl $crate::heap::Trace for $type {
            const TRACED: bool = false;
            fn trace(&self, _visitor: &mut $crate::heap::Visitor<'_>) {}
        }
    )*};
}

untraced!(
    (),
    bool,
    char,
    u8,
    i8,
    u16,
    i16,
    u32,
    i32,
    u64,
    i64,
    usize,
    isize,
    f64,
    String,
    &'static str,
    dashu_int::IBig,
    std::os::fd::OwnedFd,
);

/// Declares structs that are payloads of objects, and generates what the heap must know about them.
///
/// ```ignore
/// payload! {
///     /// A bound method.
///     pub struct BoundMethod: BoundMethod {
///         pub function: Owned,
///         pub receiver: Owned,
///     }
/// }
/// ```
///
/// The name after the colon is the [`Kind`](crate::heap::Kind): `Native` outside the core. A type whose base is a core type
/// with a payload of its own says `Dict extends Dict`, and has that payload as its first field, `base`. Field types implement
/// [`Trace`](crate::heap::Trace); a type of yours that holds no values is declared with
/// [`untraced!`](crate::untraced).
#[macro_export]
macro_rules! payload {
    (@extends) => { false };
    (@extends $core:ty) => { true };
    ($(
        $(#[$meta:meta])*
        $vis:vis struct $name:ident: $kind:ident $(extends $core:ty)? {
            $($(#[$field_meta:meta])* $field_vis:vis $field:ident: $type:ty),* $(,)?
        }
    )*) => {$(
        $(#[$meta])*
        #[repr(C)]
        $vis struct $name { $($(#[$field_meta])* $field_vis $field: $type),* }

        $(
            // Who has the object for one of the core type reads the first field.
            const _: fn(&$name) -> &$core = |this| &this.base;
            const _: () = assert!(std::mem::offset_of!($name, base) == 0);
        )?

        #[allow(unsafe_code, reason = "the field list generates the traversal, so it is complete")]
        // SAFETY: `trace` shows every field once.
        unsafe impl $crate::heap::Payload for $name {
            const KIND: $crate::heap::Kind = $crate::heap::Kind::$kind;
            const OPS: &'static $crate::heap::Ops = &$crate::heap::Ops::of::<Self>();
            const TRACED: bool = false $(|| <$type as $crate::heap::Trace>::TRACED)*;
            const EXTENDS: bool = $crate::payload!(@extends $($core)?);
            fn trace(&self, visitor: &mut $crate::heap::Visitor<'_>) {
                let _ = &visitor;
                $($crate::heap::Trace::trace(&self.$field, visitor);)*
            }
            fn clear(&self) {
                $($crate::heap::Trace::clear(&self.$field);)*
            }
        }
    )*};
}

impl Header {
    /// Whether the payload is a `T`.
    #[inline(always)]
    pub fn holds<T: Payload>(&self) -> bool {
        self.kind == T::KIND && (!(matches!(T::KIND, Kind::Native) || T::EXTENDS) || self.is_native::<T>())
    }

    fn is_native<T: Payload>(&self) -> bool {
        self.shape().is_some_and(|shape| (shape.ops().type_id)() == TypeId::of::<T>())
    }

    /// The shape, unless the object is part of the bootstrap that makes the first class.
    #[expect(unsafe_code, reason = "the shape outlives the object")]
    pub(crate) fn shape(&self) -> Option<&Shape> {
        // SAFETY: an object's shape lives at least as long as the object, or is null during bootstrap.
        unsafe { self.shape.get().as_ref() }
    }
}
