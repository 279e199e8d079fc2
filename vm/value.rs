//! Values: one 64-bit word each.
//!
//! | low bits | meaning |
//! |---|---|
//! | `..00` | an int of 62 bits, shifted left by 2 |
//! | bit 1 set | a float, self-tagged: its bits rotated left by 4, plus 3 |
//! | `001` | pointer to an object on the heap, plus 1 |
//! | `101` | one of the constants `None`, `True`, `False`, `NotImplemented`, `...`, NULL |
//!
//! A float fits when, after rotation and addition, its low three bits are 3, 6 or 7: zero, the tiny ones, and about
//! 1e-77 to 1e77. The rest, infinities and nans among them, are heap objects, so that two nans made apart stay apart.
//! NULL is the absent value: an unbound register, a missing argument. It never leaves the core.
//!
//! # Safety model
//!
//! [`Value`] is the raw word: `Copy`, counts nothing, and is dereferenced only inside the modules that may contain unsafe
//! code. Everybody else sees its two safe faces:
//!
//! - [`Owned`] owns one reference count. It is not `Copy`; dropping it gives the count back, which may run Python
//!   code (`__del__`, weakref callbacks) when it was the last one.
//! - [`Ref<'a>`] borrows from an owner that outlives `'a`. It is `Copy` and free to pass.
//!
//! The invariant behind both: a pointer word inside an `Owned` or a `Ref` points to a live object of the heap of
//! the interpreter that the current thread runs, and for `Ref<'a>` some owner keeps it alive for `'a`.
#![expect(unsafe_code, reason = "the representation of values")]

use std::marker::PhantomData;
use std::mem::ManuallyDrop;

use crate::heap::{self, Header, Kind, Payload};

/// The raw word of a value; see the module.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(transparent)]
pub(crate) struct Value(*const ());

const POINTER: usize = 0b001;
const CONSTANT: usize = 0b101;

/// The largest int that needs no heap object.
pub const INT_MAX: i64 = (1 << 61) - 1;
/// The smallest int that needs no heap object.
pub const INT_MIN: i64 = -(1 << 61);

impl Value {
    pub(crate) const NULL: Self = Self::constant(3);
    pub(crate) const NONE: Self = Self::constant(0);
    pub(crate) const TRUE: Self = Self::constant(1);
    pub(crate) const FALSE: Self = Self::constant(2);
    pub(crate) const NOT_IMPLEMENTED: Self = Self::constant(4);
    pub(crate) const ELLIPSIS: Self = Self::constant(5);

    const fn constant(index: usize) -> Self {
        Self(std::ptr::without_provenance(index << 3 | CONSTANT))
    }

    #[inline(always)]
    pub(crate) fn from_bits(bits: u64) -> Self {
        Self(std::ptr::without_provenance(bits as usize))
    }

    #[inline(always)]
    pub(crate) fn bits(self) -> u64 {
        self.0.addr() as u64
    }

    /// A 62-bit int; the caller knows that it fits.
    #[inline(always)]
    pub(crate) fn int(value: i64) -> Self {
        debug_assert!((INT_MIN..=INT_MAX).contains(&value));
        Self::from_bits((value << 2) as u64)
    }

    /// An int, if it fits 62 bits.
    #[inline(always)]
    pub(crate) fn try_int(value: i64) -> Option<Self> {
        ((value << 2) >> 2 == value).then(|| Self::int(value))
    }

    #[inline(always)]
    pub(crate) fn is_int(self) -> bool {
        self.bits() & 3 == 0
    }

    #[inline(always)]
    pub(crate) fn as_int(self) -> Option<i64> {
        self.is_int().then_some((self.bits() as i64) >> 2)
    }

    #[inline(always)]
    pub(crate) fn is_float(self) -> bool {
        self.bits() & 2 != 0
    }

    /// A float that fits the word.
    #[inline(always)]
    pub(crate) fn try_float(value: f64) -> Option<Self> {
        let bits = value.to_bits().rotate_left(4).wrapping_add(3);
        (0b1100_1000u32 >> (bits & 7) & 1 != 0).then(|| Self::from_bits(bits))
    }

    /// The float of a word for which `is_float` holds.
    #[inline(always)]
    pub(crate) fn float_unchecked(self) -> f64 {
        f64::from_bits(self.bits().wrapping_sub(3).rotate_right(4))
    }

    #[inline(always)]
    pub(crate) fn as_float(self) -> Option<f64> {
        self.is_float().then(|| self.float_unchecked())
    }

    #[inline(always)]
    pub(crate) fn from_bool(value: bool) -> Self {
        if value { Self::TRUE } else { Self::FALSE }
    }

    #[inline(always)]
    pub(crate) fn is_null(self) -> bool {
        self == Self::NULL
    }

    #[inline(always)]
    pub(crate) fn is_pointer(self) -> bool {
        self.bits() & 7 == POINTER as u64
    }

    /// The word that points to the object.
    #[inline(always)]
    pub(crate) fn from_header(object: *const Header) -> Self {
        Self(object.cast::<()>().map_addr(|address| address + POINTER))
    }

    /// The object of a word for which `is_pointer` holds.
    #[inline(always)]
    pub(crate) fn header(self) -> *const Header {
        debug_assert!(self.is_pointer());
        self.0.map_addr(|address| address.wrapping_sub(POINTER)).cast()
    }

    /// Counts one more reference.
    ///
    /// # Safety
    /// A pointer word points to a live object.
    #[inline(always)]
    pub(crate) unsafe fn retain(self) {
        if self.is_pointer() {
            // SAFETY: the caller's.
            unsafe { (*self.header()).retain() };
        }
    }

    /// Gives one reference back, which may free the object and run Python code.
    ///
    /// # Safety
    /// A pointer word points to a live object, and the caller owned one count of it, which is gone afterwards.
    #[inline(always)]
    pub(crate) unsafe fn release(self) {
        if self.is_pointer() {
            // SAFETY: the caller's.
            unsafe { heap::release(self.header()) };
        }
    }

    /// The kind of the object's layout; `Kind::Free` for an immediate.
    ///
    /// # Safety
    /// A pointer word points to a live object.
    #[inline(always)]
    pub(crate) unsafe fn kind(self) -> Kind {
        if self.is_pointer() {
            // SAFETY: the caller's.
            unsafe { (*self.header()).kind() }
        } else {
            Kind::Free
        }
    }
}

impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match *self {
            Self::NULL => f.write_str("NULL"),
            Self::NONE => f.write_str("None"),
            Self::TRUE => f.write_str("True"),
            Self::FALSE => f.write_str("False"),
            Self::NOT_IMPLEMENTED => f.write_str("NotImplemented"),
            Self::ELLIPSIS => f.write_str("..."),
            value if value.is_int() => write!(f, "{}", (value.bits() as i64) >> 2),
            value if value.is_float() => write!(f, "{:?}", value.float_unchecked()),
            value => write!(f, "<object at {:#x}>", value.header().addr()),
        }
    }
}

/// A value with one reference count of its own. Never NULL.
#[repr(transparent)]
#[derive(Debug)]
pub struct Owned(Value);

/// A value borrowed from an owner that outlives `'a`. Never NULL.
#[repr(transparent)]
#[derive(Clone, Copy, Debug)]
pub struct Ref<'a>(Value, PhantomData<&'a Owned>);

impl Owned {
    /// Takes over a count.
    ///
    /// # Safety
    /// The word is not NULL; a pointer word points to a live object of which the caller owned one count, now this
    /// value's.
    #[inline(always)]
    pub(crate) unsafe fn from_value(value: Value) -> Self {
        debug_assert!(!value.is_null());
        Self(value)
    }

    /// Gives the count to the caller.
    #[inline(always)]
    pub(crate) fn into_value(self) -> Value {
        ManuallyDrop::new(self).0
    }

    /// The word, the count staying here.
    #[inline(always)]
    pub(crate) fn value(&self) -> Value {
        self.0
    }

    /// `None`
    #[inline(always)]
    pub fn none() -> Self {
        Self(Value::NONE)
    }

    /// `True` or `False`
    #[inline(always)]
    pub fn bool(value: bool) -> Self {
        Self(Value::from_bool(value))
    }

    /// `NotImplemented`
    #[inline(always)]
    pub fn not_implemented() -> Self {
        Self(Value::NOT_IMPLEMENTED)
    }

    /// An int of at most 32 bits, which always fits the word.
    #[inline(always)]
    pub fn small_int(value: i32) -> Self {
        Self(Value::int(i64::from(value)))
    }

    /// An int, if it fits the word.
    #[inline(always)]
    pub fn try_int(value: i64) -> Option<Self> {
        Value::try_int(value).map(Self)
    }

    /// A float, if it fits the word.
    #[inline(always)]
    pub fn try_float(value: f64) -> Option<Self> {
        Value::try_float(value).map(Self)
    }

    /// Borrows it.
    #[inline(always)]
    pub fn borrow(&self) -> Ref<'_> {
        Ref(self.0, PhantomData)
    }
}

impl Clone for Owned {
    #[inline(always)]
    fn clone(&self) -> Self {
        self.borrow().own()
    }
}

impl Drop for Owned {
    #[inline(always)]
    fn drop(&mut self) {
        // SAFETY: an `Owned` owns one count of a live object.
        unsafe { self.0.release() };
    }
}

impl<'a> Ref<'a> {
    /// Borrows the word.
    ///
    /// # Safety
    /// The word is not NULL, and a pointer word points to an object that something keeps alive for `'a`.
    #[inline(always)]
    pub(crate) unsafe fn from_value(value: Value) -> Self {
        debug_assert!(!value.is_null());
        Self(value, PhantomData)
    }

    #[inline(always)]
    pub(crate) fn value(self) -> Value {
        self.0
    }

    /// Another owner of the same value.
    #[inline(always)]
    pub fn own(self) -> Owned {
        // SAFETY: a borrowed object is alive.
        unsafe { self.0.retain() };
        Owned(self.0)
    }

    /// `None`
    pub const NONE: Ref<'static> = Ref(Value::NONE, PhantomData);
    /// `True`
    pub const TRUE: Ref<'static> = Ref(Value::TRUE, PhantomData);
    /// `False`
    pub const FALSE: Ref<'static> = Ref(Value::FALSE, PhantomData);

    /// Whether it is `None`.
    #[inline(always)]
    pub fn is_none(self) -> bool {
        self.0 == Value::NONE
    }

    /// `NotImplemented`
    pub const NOT_IMPLEMENTED: Ref<'static> = Ref(Value::NOT_IMPLEMENTED, PhantomData);
    /// `...`
    pub const ELLIPSIS: Ref<'static> = Ref(Value::ELLIPSIS, PhantomData);

    /// Whether it is `NotImplemented`.
    #[inline(always)]
    pub fn is_not_implemented(self) -> bool {
        self.0 == Value::NOT_IMPLEMENTED
    }

    /// Whether it is `...`.
    #[inline(always)]
    pub fn is_ellipsis(self) -> bool {
        self.0 == Value::ELLIPSIS
    }

    /// Whether it is the very object `True`.
    #[inline(always)]
    pub fn is_true(self) -> bool {
        self.0 == Value::TRUE
    }

    /// Whether it is the very object `False`.
    #[inline(always)]
    pub fn is_false(self) -> bool {
        self.0 == Value::FALSE
    }

    /// Whether it is a `bool`.
    #[inline(always)]
    pub fn as_bool(self) -> Option<bool> {
        match self.0 {
            Value::TRUE => Some(true),
            Value::FALSE => Some(false),
            _ => None,
        }
    }

    /// The value of an int immediate: exactly of class `int`, and of at most 62 bits. Not a `bool`.
    #[inline(always)]
    pub fn as_small_int(self) -> Option<i64> {
        self.0.as_int()
    }

    /// The value of a float immediate.
    #[inline(always)]
    pub fn as_immediate_float(self) -> Option<f64> {
        self.0.as_float()
    }

    /// The sum of two int immediates, if it is one too.
    #[inline(always)]
    pub(crate) fn small_sum(self, other: Ref<'_>) -> Option<Owned> {
        let (a, b) = (self.0.bits() as i64, other.0.bits() as i64);
        if (a | b) & 3 != 0 {
            return None;
        }
        a.checked_add(b).map(|sum| Owned(Value::from_bits(sum as u64)))
    }

    /// The difference of two int immediates, if it is one too.
    #[inline(always)]
    pub(crate) fn small_difference(self, other: Ref<'_>) -> Option<Owned> {
        let (a, b) = (self.0.bits() as i64, other.0.bits() as i64);
        if (a | b) & 3 != 0 {
            return None;
        }
        a.checked_sub(b).map(|difference| Owned(Value::from_bits(difference as u64)))
    }

    /// The product of two int immediates, if it is one too.
    #[inline(always)]
    pub(crate) fn small_product(self, other: Ref<'_>) -> Option<Owned> {
        let (a, b) = (self.0.bits() as i64, other.0.bits() as i64);
        if (a | b) & 3 != 0 {
            return None;
        }
        a.checked_mul(b >> 2).map(|product| Owned(Value::from_bits(product as u64)))
    }

    /// Both as int immediates.
    #[inline(always)]
    pub(crate) fn small_ints(self, other: Ref<'_>) -> Option<(i64, i64)> {
        let (a, b) = (self.0.bits() as i64, other.0.bits() as i64);
        ((a | b) & 3 == 0).then_some((a >> 2, b >> 2))
    }

    /// Both as floats, where each is a float or an int immediate, and at least one a float.
    #[inline(always)]
    pub(crate) fn mixed_floats(self, other: Ref<'_>) -> Option<(f64, f64)> {
        if self.0.is_float() {
            let other = if other.0.is_float() { other.0.float_unchecked() } else { other.0.as_int()? as f64 };
            Some((self.0.float_unchecked(), other))
        } else if other.0.is_float() {
            Some((self.0.as_int()? as f64, other.0.float_unchecked()))
        } else {
            None
        }
    }

    /// Python's `is`.
    #[inline(always)]
    pub fn is(self, other: Ref<'_>) -> bool {
        self.0 == other.0
    }

    /// What `id()` gives: distinct for distinct values that live at the same time.
    pub fn id(self) -> u64 {
        if self.0.is_pointer() { self.0.header().addr() as u64 } else { self.0.bits() }
    }

    /// The layout of the object; `Kind::Free` for an immediate.
    #[inline(always)]
    pub(crate) fn kind(self) -> Kind {
        // SAFETY: a borrowed object is alive.
        unsafe { self.0.kind() }
    }

    /// Whether the object is exactly of the core class with this layout.
    #[inline(always)]
    pub fn is_exact(self, kind: Kind) -> bool {
        self.header().is_some_and(|header| header.is_exact(kind))
    }

    /// The object's header, unless it is an immediate.
    #[inline(always)]
    pub(crate) fn header(self) -> Option<&'a Header> {
        // SAFETY: a borrowed object is alive for `'a`.
        self.0.is_pointer().then(|| unsafe { &*self.0.header() })
    }

    /// The object's payload, if it has the layout of `T`; subclasses of `T`'s class share its layout.
    #[inline(always)]
    pub fn downcast<T: Payload>(self) -> Option<&'a T> {
        // SAFETY: `holds` says that the object was made with a payload of type `T`, and a borrowed object is alive.
        self.header()?.holds::<T>().then(|| unsafe { &*heap::payload(self.0.header()) })
    }
}

impl PartialEq for Ref<'_> {
    /// Identity, Python's `is`.
    fn eq(&self, other: &Ref<'_>) -> bool {
        self.0 == other.0
    }
}

impl Eq for Ref<'_> {}

/// Borrows a slice of owned values as a slice of references.
#[inline(always)]
pub fn borrow_slice(values: &[Owned]) -> &[Ref<'_>] {
    // SAFETY: both are transparent around `Value`; the owners outlive the result.
    unsafe { std::slice::from_raw_parts(values.as_ptr().cast(), values.len()) }
}
