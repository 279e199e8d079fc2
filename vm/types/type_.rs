//! `type`: class objects, native and Python.
//!
//! A class has a namespace dict, an MRO, [slots](crate::protocol::slots) with everything inherited filled in, and the shapes
//! of its instances. The id of its root shape doubles as the version of all that a lookup on it can find: whatever
//! changes the class or a base of it renumbers its shapes ([`Type::modified`]).

pub(crate) mod attributes;
mod bases;
mod create;
mod declared_slots;
mod layout;
mod methods;
mod mro;
pub(crate) mod native;
pub(crate) mod update;

use std::cell::Cell;
use std::collections::HashSet;

use crate::class;
use crate::exception::PyResult;
use crate::heap::dict::Dict;
use crate::heap::inline::Tuple;
use crate::heap::unowned::Unowned;
use crate::heap::{ClassShapes, Shape, Slot, Trace, Visitor};
use crate::native::{TypeDef, TypeFlags};
use crate::protocol::slots::{SlotCells, SlotId, Slots};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

pub(crate) use attributes::abstract_names;
pub(crate) use bases::set_class;
pub(crate) use create::{call, is_native, makes_plain_instances, new_plain_instance};
use mro::linearise;
pub(crate) use native::make_native;

crate::payload! {
    /// A class.
    pub struct Type: Type {
        pub(crate) name: Slot,
        pub(crate) qualname: Slot,
        /// The base that decides the layout.
        pub(crate) base: Kept,
        pub(crate) bases: Kept,
        pub(crate) mro: Slot,
        /// The namespace, a dict that nobody else sees: changes go through [`Type`]. That of a native class is filled from
        /// its table when somebody first looks.
        pub(crate) members: Owned,
        pub(crate) slots: SlotCells,
        /// Slots filled by functions that call the dunder.
        pub(crate) generic: SlotSet,
        pub(crate) flags: Cell<u64>,
        /// The table of the native type that defines the payload: its own for a native class.
        pub(crate) def: NativeDef,
        pub(crate) shapes: ClassShapes,
        /// Direct subclasses; a class leaves its bases' lists when it ends.
        pub(crate) subclasses: Unowned,
        /// Classes whose MRO names this one although they do not derive from it, as a metaclass's `mro` may have it.
        pub(crate) followers: Unowned,
        /// A tuple of the classes that this one follows so; mostly empty.
        pub(crate) followed: Kept,
        /// The names in `__slots__` as they are in the namespace, a sorted tuple; empty if the class has no slots of its own.
        pub(crate) slot_names: Slot,
    }
}

class! { Type => TYPE; }

/// The native type behind a class.
#[derive(Clone, Copy)]
pub(crate) struct NativeDef(pub(crate) &'static TypeDef);

crate::untraced!(NativeDef, SlotSet);

/// A slot that the cycle collector does not empty: a class must find the lists that it is in until its end. Cycles through
/// it are broken at the MRO and at the namespace.
pub(crate) struct Kept(Slot);

impl Kept {
    pub(crate) fn new(value: Option<Owned>) -> Self {
        Self(Slot::from_option(value))
    }
}

impl std::ops::Deref for Kept {
    type Target = Slot;

    fn deref(&self) -> &Slot {
        &self.0
    }
}

impl Trace for Kept {
    fn trace(&self, visitor: &mut Visitor<'_>) {
        self.0.trace(visitor);
    }
}

/// A set of slots.
#[derive(Default)]
pub(crate) struct SlotSet(Cell<u128>);

impl SlotSet {
    pub(crate) fn set(&self, slot: SlotId, member: bool) {
        let bit = 1 << slot as u32;
        self.0.set(if member { self.0.get() | bit } else { self.0.get() & !bit });
    }

    #[inline]
    pub(crate) fn contains(&self, slot: SlotId) -> bool {
        self.0.get() >> slot as u32 & 1 != 0
    }

    fn copy_from(&self, other: &Self) {
        self.0.set(other.0.get());
    }
}

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
    /// `__getattribute__` is object's, whatever `__getattr__` there is.
    pub const OBJECT_GETATTRIBUTE: u64 = 1 << 37;
    /// `__new__` is object's.
    pub const PLAIN_NEW: u64 = 1 << 38;
    /// `__init__` is object's.
    pub const PLAIN_INIT: u64 = 1 << 39;
    /// The dict of instances is that of a Python class, this or a base.
    pub const OWN_DICT: u64 = 1 << 40;
    /// A native class whose base is one with the same core layout: its instances are not exact ones of the base.
    pub const REFINED: u64 = 1 << 41;
    /// A native class whose namespace nobody has looked at yet.
    pub const UNFILLED: u64 = 1 << 42;
    /// What summarises slots, and follows from them again in every class.
    pub const DERIVED: u64 =
        FINALIZER | PLAIN_GETATTR | PLAIN_SETATTR | OBJECT_GETATTRIBUTE | PLAIN_NEW | PLAIN_INIT;
    /// What a class has because its base has it.
    pub const INHERITED: u64 = SEQUENCE | MAPPING | MATCH_SELF | HAS_DICT | WEAKREF | OWN_DICT | CORE_LAYOUT;
    /// The flags that tell a core layout.
    pub const CORE_LAYOUT: u64 = INT | LIST | TUPLE | BYTES | STR | DICT | EXCEPTION | TYPE;
}

/// The class of an object on the heap; `None` for an immediate.
#[inline(always)]
pub fn class_of(value: Ref<'_>) -> Option<Ref<'_>> {
    value.header()?.shape().map(Shape::class_ref)
}

/// Whether a class is another or derives from it.
#[inline]
pub fn is_subtype(class: Ref<'_>, other: Ref<'_>) -> bool {
    class.is(other) || derives(class, other)
}

fn derives(class: Ref<'_>, other: Ref<'_>) -> bool {
    let Some(class) = class.downcast::<Type>() else { return false };
    let Some(mro) = class.mro.get() else {
        // A class in the making has no more than its base yet.
        return class.base.get().is_some_and(|base| is_subtype(base.borrow(), other));
    };
    mro.borrow()
        .downcast::<Tuple>()
        .is_some_and(|mro| mro.as_slice().iter().any(|base| base.borrow().is(other)))
}

impl Type {
    /// Whether a flag is set.
    #[inline(always)]
    pub(crate) fn has(&self, flag: u64) -> bool {
        self.flags.get() & flag != 0
    }

    /// Sets or clears a flag.
    pub(crate) fn set_flag(&self, flag: u64, value: bool) {
        self.flags.set(if value { self.flags.get() | flag } else { self.flags.get() & !flag });
    }

    /// Whether it was made by a class statement or a call of `type`.
    #[inline(always)]
    pub(crate) fn is_heap_type(&self) -> bool {
        self.has(type_flag::HEAP)
    }

    /// The namespace.
    #[inline]
    pub(crate) fn namespace(&self, vm: &Thread) -> &Dict {
        if self.has(type_flag::UNFILLED) {
            native::fill(vm, self);
        }
        self.own_namespace()
    }

    /// The dict of the namespace.
    pub(crate) fn filled_members(&self, vm: &Thread) -> Owned {
        self.namespace(vm);
        self.members.clone()
    }

    /// The namespace as it is now.
    #[inline]
    pub(crate) fn own_namespace(&self) -> &Dict {
        self.members.borrow().downcast().expect("a namespace is a dict")
    }

    /// Calls `visit` with the classes of the MRO, itself first.
    pub(crate) fn mro(&self) -> Vec<Owned> {
        let mro = self.mro.get();
        let classes = mro.as_ref().and_then(|mro| mro.borrow().downcast::<Tuple>());
        classes.map_or_else(Vec::new, |classes| classes.as_slice().to_vec())
    }

    /// Gives new ids to the shapes of the class and all its subclasses, so that every cache forgets what it knew. Whoever
    /// changes what a look-up on the class can find calls it before the old value is dropped.
    pub(crate) fn modified(&self, vm: &Thread) {
        let renumber = |class: &Type| class.shapes.renumber(|| vm.interpreter().new_shape_id());
        renumber(self);
        for class in Descent::of(self) {
            renumber(payload_of(class.borrow()));
        }
    }

    /// The classes that inherit from this one directly: its subclasses, and its followers.
    pub(crate) fn heirs(&self) -> Vec<Owned> {
        let mut heirs = self.subclasses.members();
        heirs.extend(self.followers.members());
        heirs
    }

    /// Follows these classes, a tuple, and no others.
    pub(crate) fn follow(&self, class: Ref<'_>, followed: Option<Owned>) {
        self.unfollow();
        if let Some(classes) = followed.as_ref().and_then(|classes| classes.borrow().downcast::<Tuple>()) {
            for followed in classes.as_slice() {
                if let Some(followed) = followed.borrow().downcast::<Type>() {
                    followed.followers.insert::<Type>(usize::MAX, class);
                }
            }
        }
        drop(self.followed.replace(followed));
    }

    fn unfollow(&self) {
        let followed = self.followed.get();
        let Some(classes) = followed.as_ref().and_then(|classes| classes.borrow().downcast::<Tuple>()) else {
            return;
        };
        for followed in classes.as_slice() {
            if let Some(followed) = followed.borrow().downcast::<Type>() {
                followed.followers.remove(std::ptr::from_ref(self));
            }
        }
    }
}

/// A walk over the classes that inherit from a class, each once.
pub(crate) struct Descent {
    pending: Vec<Owned>,
    seen: HashSet<u64, ahash::RandomState>,
}

impl Descent {
    /// Over all that inherit from a class.
    pub(crate) fn of(class: &Type) -> Self {
        Self { pending: class.heirs(), seen: HashSet::default() }
    }

    /// Over a class, and those that [`enter`](Self::enter) adds.
    pub(crate) fn from(class: Ref<'_>) -> Self {
        Self { pending: vec![class.own()], seen: HashSet::default() }
    }

    /// Goes on to a class, unless it was there already.
    pub(crate) fn enter(&mut self, class: Owned) {
        self.pending.push(class);
    }

    /// The next class that was not there yet.
    pub(crate) fn step(&mut self) -> Option<Owned> {
        loop {
            let class = self.pending.pop()?;
            if self.seen.insert(class.borrow().id()) {
                return Some(class);
            }
        }
    }
}

impl Iterator for Descent {
    type Item = Owned;

    fn next(&mut self) -> Option<Owned> {
        let class = self.step()?;
        self.pending.extend(payload_of(class.borrow()).heirs());
        Some(class)
    }
}

impl Drop for Type {
    fn drop(&mut self) {
        self.unfollow();
        let bases = self.bases.get();
        let Some(bases) = bases.as_ref().and_then(|bases| bases.borrow().downcast::<Tuple>()) else { return };
        for base in bases.as_slice() {
            if let Some(base) = base.borrow().downcast::<Type>() {
                base.subclasses.remove(std::ptr::from_ref(self));
            }
        }
    }
}

/// The payload of a class object.
///
/// # Panics
/// If the value is not a class.
#[inline(always)]
pub(crate) fn payload_of(class: Ref<'_>) -> &Type {
    class.downcast().expect("a class")
}

/// The root shape of a native type's class.
pub(crate) fn native_shape(vm: &Thread, def: &'static TypeDef) -> PyResult<*const Shape> {
    let class = vm.class_of(def)?;
    Ok(payload_of(class.borrow()).shapes.root())
}

/// Makes look-ups on a class find nothing, before the cycle collector empties the namespaces they would look at.
pub(crate) fn disconnect(vm: &Thread, class: Ref<'_>) {
    let class = payload_of(class);
    class.modified(vm);
    drop(class.mro.take());
}

/// What the classes after a given one in a class's MRO have under a name, unbound.
pub(crate) fn lookup_after(vm: &Thread, class: Ref<'_>, after: Ref<'_>, name: Ref<'_>) -> Option<Owned> {
    let order = payload_of(class).mro();
    let position = order.iter().position(|base| base.borrow().is(after))?;
    order[position + 1..].iter().find_map(|base| payload_of(base.borrow()).own_attribute(vm, name))
}

/// What a class's own namespace has under a name.
pub(crate) fn own_attribute(vm: &Thread, class: Ref<'_>, name: Ref<'_>) -> Option<Owned> {
    payload_of(class).own_attribute(vm, name)
}

/// Whether a native class's `__setattr__` may be called for the object: no base nearer to it has one of its own.
pub(crate) fn is_setattr_allowed(class: Ref<'_>, object_class: Ref<'_>) -> bool {
    let mut at = object_class.own();
    loop {
        let payload = payload_of(at.borrow());
        if !payload.is_heap_type() && payload.def.0.slots.setattro.is_some() {
            return at.borrow().is(class);
        }
        let Some(base) = payload.base.get() else { return true };
        at = base;
    }
}

pub(crate) static TYPE: TypeDef = TypeDef {
    flags: TypeFlags { dict: true, weakref: true, mutable: false, ..TypeFlags::BASE },
    dict_slot: Some(|_| None),
    doc: "type(object): the class of an object.\ntype(name, bases, dict, **kwds): a new class.",
    methods: methods::METHODS,
    getset: attributes::GETSET,
    slots: Slots {
        repr: Some(attributes::repr),
        call: Some(create::call),
        getattro: Some(attributes::getattro),
        setattro: Some(attributes::setattro),
        init: Some(create::init),
        new: Some(create::new),
        or: Some(crate::types::union::or),
        ..Slots::NONE
    },
    ..TypeDef::new::<Type>("type")
};
