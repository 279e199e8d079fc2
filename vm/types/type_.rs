//! `type`: class objects, native and Python.
//!
//! A class has a namespace dict, an MRO, [slots](crate::protocol::slots) with everything inherited filled in, and the shapes
//! of its instances. The id of its root shape doubles as the version of all that a lookup on it can find: whatever
//! changes the class or a base of it renumbers its shapes ([`Type::modified`]).

use std::cell::{Cell, RefCell};

use crate::exception::PyResult;
use crate::heap::inline::Tuple;
use crate::heap::{Payload, Shape, Slot};
use crate::native::{TypeDef, TypeFlags};
use crate::protocol::slots::SlotCells;
use crate::value::{Owned, Ref, Value};
use crate::vm::Thread;

crate::payload! {
    /// A class.
    pub struct Type: Type {
        pub(crate) name: Slot,
        pub(crate) qualname: Slot,
        /// The base that decides the layout.
        pub(crate) base: Slot,
        pub(crate) bases: Slot,
        pub(crate) mro: Slot,
        pub(crate) dict: Owned,
        pub(crate) slots: SlotCells,
        pub(crate) flags: Cell<u64>,
        /// The table of the native type that defines the payload: its own for a native class.
        pub(crate) def: NativeDef,
        pub(crate) shapes: Shapes,
        /// Direct subclasses, not owned; a class leaves its bases' lists when it ends.
        pub(crate) subclasses: Subclasses,
    }
}

/// The native type behind a class.
#[derive(Clone, Copy)]
pub(crate) struct NativeDef(pub(crate) &'static TypeDef);

/// The shapes of a class's instances.
pub(crate) struct Shapes {
    /// New instances start here.
    root: Cell<*const Shape>,
    /// Instances with a dict of their own.
    dictionary: Cell<*const Shape>,
    /// All roots there ever were: instances may be of old ones.
    owned: RefCell<Vec<Box<Shape>>>,
}

/// Direct subclasses; raw, for they are not owned.
#[derive(Default)]
pub(crate) struct Subclasses(pub(crate) RefCell<Vec<Value>>);

crate::untraced!(NativeDef, Shapes, Subclasses);

/// Bits of [`Type::flags`], with CPython's values where `__flags__` shows them.
pub mod type_flag {
    /// Made by a class statement or a call of `type`.
    pub const HEAP: u64 = 1 << 9;
    /// May be a base class.
    pub const BASE: u64 = 1 << 10;
    /// `__slots__` and the like leave no `__dict__`; this says that there is one.
    pub const HAS_DICT: u64 = 1 << 32;
    /// Instances may be weakly referenced.
    pub const WEAKREF: u64 = 1 << 33;
    /// Attributes of the class cannot be assigned.
    pub const IMMUTABLE: u64 = 1 << 8;
    /// No instances from Python.
    pub const NO_NEW: u64 = 1 << 7;
    /// Ready for use.
    pub const READY: u64 = 1 << 12;
    /// A sequence for `match`.
    pub const SEQUENCE: u64 = 1 << 5;
    /// A mapping for `match`.
    pub const MAPPING: u64 = 1 << 6;
    /// Binds like a method when called on an instance.
    pub const METHOD_DESCRIPTOR: u64 = 1 << 17;
    /// Has abstract methods.
    pub const ABSTRACT: u64 = 1 << 20;
    /// A class pattern with one positional subpattern binds the subject itself.
    pub const MATCH_SELF: u64 = 1 << 22;
    /// Derives from int, list, tuple, bytes, str, dict, BaseException, type.
    pub const INT: u64 = 1 << 24;
    #[allow(missing_docs, reason = "as INT")]
    pub const LIST: u64 = 1 << 25;
    #[allow(missing_docs, reason = "as INT")]
    pub const TUPLE: u64 = 1 << 26;
    #[allow(missing_docs, reason = "as INT")]
    pub const BYTES: u64 = 1 << 27;
    #[allow(missing_docs, reason = "as INT")]
    pub const STR: u64 = 1 << 28;
    #[allow(missing_docs, reason = "as INT")]
    pub const DICT: u64 = 1 << 29;
    #[allow(missing_docs, reason = "as INT")]
    pub const EXCEPTION: u64 = 1 << 30;
    #[allow(missing_docs, reason = "as INT")]
    pub const TYPE: u64 = 1 << 31;
    /// Instances have a finaliser, `__del__` or a native one.
    pub const FINALIZER: u64 = 1 << 34;
    /// `__getattribute__` is object's and there is no `__getattr__`.
    pub const PLAIN_GETATTR: u64 = 1 << 35;
    /// `__setattr__` and `__delattr__` are object's.
    pub const PLAIN_SETATTR: u64 = 1 << 36;
}

/// The class of an object on the heap; `None` for an immediate.
#[inline(always)]
pub fn class_of(value: Ref<'_>) -> Option<Ref<'_>> {
    value.header()?.shape().map(Shape::class_ref)
}

/// Whether a class is another or derives from it.
pub fn is_subtype(class: Ref<'_>, other: Ref<'_>) -> bool {
    if class.is(other) {
        return true;
    }
    let Some(mro) = class.downcast::<Type>().and_then(|class| class.mro.get()) else { return false };
    mro.borrow()
        .downcast::<Tuple>()
        .is_some_and(|mro| mro.as_slice().iter().any(|base| base.borrow().is(other)))
}

/// The class object of a native type.
pub(crate) fn make_native(vm: &Thread, def: &'static TypeDef) -> PyResult {
    let _ = (vm, def);
    unimplemented!()
}

/// The root shape of a native type's class.
pub(crate) fn native_shape(vm: &Thread, def: &'static TypeDef) -> PyResult<*const Shape> {
    let class = vm.class_of(def)?;
    Ok(class.borrow().downcast::<Type>().expect("a class object").shapes.root.get())
}

/// An object of a native class, which has nothing behind its payload.
#[expect(unsafe_code, reason = "the shape is the payload's own")]
#[inline(always)]
pub(crate) fn allocate_plain<T: Payload>(vm: &Thread, shape: *const Shape, payload: T) -> PyResult {
    // SAFETY: the shape is that of the payload's native class.
    unsafe { vm.heap().allocate(shape, payload, 0) }.ok_or_else(|| vm.memory_error())
}

/// An object of a class that has the payload's layout.
pub(crate) fn allocate_instance<T: Payload>(vm: &Thread, class: Ref<'_>, payload: T) -> PyResult {
    let _ = (vm, class, payload);
    unimplemented!()
}

pub(crate) static TYPE: TypeDef = TypeDef { flags: TypeFlags::BASE, ..TypeDef::new::<Type>("type") };
