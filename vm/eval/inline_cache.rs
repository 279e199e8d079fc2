//! Inline caches of attribute instructions.
//!
//! The instruction's own word says in its `c` field what the cache holds ([`CacheKind`]); the first extension word has the name
//! and the id of the shape the cache is for; the second has what to do. A shape id stands for the class, its state, and the
//! attributes in the slots, so one comparison validates everything. What a cache points to is alive while the shape's id
//! is current: shapes are never freed before their class, and class attributes cannot change without renumbering.
#![expect(unsafe_code, reason = "reads instance slots and cached pointers")]

use std::cell::Cell;

use crate::exception::PyResult;
use crate::heap::inline::Tuple;
use crate::heap::lookup::get_str;
use crate::heap::{Header, Kind, Shape, instance};
use crate::native::GetSet;
use crate::types::classmethod::ClassMethod;
use crate::types::function::Function;
use crate::types::getset;
use crate::types::property::Property;
use crate::types::staticmethod::StaticMethod;
use crate::types::type_::{self, Type, type_flag};
use crate::value::{Owned, Ref, Value};
use crate::vm::Thread;

/// What a cache holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub(super) enum CacheKind {
    Empty,
    /// An instance slot: its offset in bytes.
    Slot,
    /// A class attribute that is used as it is.
    ClassValue,
    /// A function or method descriptor of the class, to be bound.
    Method,
    /// A property with a Python function as its getter: that function.
    Getter,
    /// An attribute of a class object itself; the shape is the root shape of that class's instances.
    OfClass,
    /// A new slot: the shape that has it (stores only).
    Transition,
    /// A static method of the class: the `staticmethod` object.
    Static,
    /// A class method of the class, bound to a Python function: the `classmethod` object.
    ClassMethod,
    /// As `Static`, of a class object itself; the shape as in `OfClass`.
    StaticOfClass,
    /// As `ClassMethod`, of a class object itself.
    MethodOfClass,
    /// An attribute that a native function computes: its row in the table of the native type.
    Native,
    /// What a descriptor in the class gives, no instance attribute being in its way: the descriptor.
    Descriptor,
}

/// What a look-up found and how to find it again.
pub(super) struct Entry {
    pub(super) kind: CacheKind,
    pub(super) shape: u32,
    pub(super) payload: u64,
}

impl CacheKind {
    #[inline(always)]
    pub(super) fn of_word(word: u64) -> Self {
        match word >> 48 & 0xf {
            1 => Self::Slot,
            2 => Self::ClassValue,
            3 => Self::Method,
            4 => Self::Getter,
            5 => Self::OfClass,
            6 => Self::Transition,
            7 => Self::Static,
            8 => Self::ClassMethod,
            9 => Self::StaticOfClass,
            10 => Self::MethodOfClass,
            11 => Self::Native,
            12 => Self::Descriptor,
            _ => Self::Empty,
        }
    }

    /// Whether an instruction's word has this kind.
    #[inline(always)]
    pub(super) fn is_in(self, word: u64) -> bool {
        word >> 48 & 0xf == self as u64
    }

    /// Whether the object is a class whose instances have the shape.
    #[inline(always)]
    pub(super) fn is_of_class(self) -> bool {
        matches!(self, Self::OfClass | Self::StaticOfClass | Self::MethodOfClass)
    }

    /// The instruction's word with this kind in it.
    pub(super) fn in_word(self, word: u64) -> u64 {
        word & 0x0000_ffff_ffff_ffff | (self as u64) << 48
    }
}

/// Counts in an instruction's word that its cache was for another shape; each 16th time, the cache should be replaced.
pub(super) fn count_miss(word: u64) -> (u64, bool) {
    let word = word.wrapping_add(1 << 52);
    (word, CacheKind::of_word(word) == CacheKind::Empty || word >> 52 & 0xf == 0)
}

/// What an instruction does with an attribute.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Load,
    Store,
    /// Loads from a class object; the shape is the root shape of its instances.
    LoadOfClass,
}

const SHARED_ENTRIES: usize = 2048;

#[derive(Clone, Copy)]
struct SharedEntry {
    /// Owned, so that no other str takes its address; NULL in an empty entry.
    name: Value,
    payload: u64,
    shape: u32,
    access: Access,
    kind: CacheKind,
}

/// What instructions have found whose own caches hold another shape: the second level for places that see objects of several
/// shapes.
pub(crate) struct SharedCache(Box<[Cell<SharedEntry>]>);

impl Default for SharedCache {
    fn default() -> Self {
        let empty = SharedEntry {
            name: Value::NULL,
            payload: 0,
            shape: 0,
            access: Access::Load,
            kind: CacheKind::Empty,
        };
        Self(vec![Cell::new(empty); SHARED_ENTRIES].into_boxed_slice())
    }
}

impl SharedCache {
    fn slot(&self, shape: u32, name: Ref<'_>) -> &Cell<SharedEntry> {
        let hash = (shape as usize).wrapping_mul(0x9e37_79b1) ^ name.value().bits() as usize >> 4;
        &self.0[hash % SHARED_ENTRIES]
    }

    /// What is known about an interned name in objects of a shape.
    #[inline]
    pub(super) fn get(&self, access: Access, shape: u32, name: Ref<'_>) -> Option<Entry> {
        let SharedEntry { payload, kind, .. } = {
            let entry = self.slot(shape, name).get();
            (entry.shape == shape && entry.name == name.value() && entry.access == access).then_some(entry)?
        };
        Some(Entry { kind, shape, payload })
    }

    pub(super) fn set(&self, access: Access, name: Ref<'_>, entry: &Entry) {
        let &Entry { kind, shape, payload } = entry;
        let name_value = name.own().into_value();
        let old =
            self.slot(shape, name).replace(SharedEntry { name: name_value, payload, shape, access, kind });
        // SAFETY: the entry owned its name. A str's end runs no Python.
        unsafe { old.name.release() };
    }
}

impl Drop for SharedCache {
    fn drop(&mut self) {
        for slot in &self.0 {
            // SAFETY: the entry owned its name.
            unsafe { slot.get().name.release() };
        }
    }
}

/// The shape by which an object's attributes are cached, and how they are read.
#[inline]
pub(super) fn load_key(object: Ref<'_>) -> Option<(Access, u32)> {
    let header = object.header()?;
    if header.kind() == Kind::Type {
        return Some((Access::LoadOfClass, object.downcast::<Type>()?.shapes.root().id()));
    }
    Some((Access::Load, header.shape()?.id()))
}

/// The value in an instance slot, if it is bound.
#[inline(always)]
pub(super) fn slot(object: &Header, offset: u64) -> Option<Owned> {
    // SAFETY: the cache found the offset for the object's shape.
    unsafe { instance::load(object, offset as u32) }
}

/// Replaces the value in an instance slot in use; the old one is the result.
#[inline(always)]
pub(super) fn replace_slot(object: &Header, offset: u64, value: Owned) -> Option<Owned> {
    // SAFETY: as in `slot`.
    unsafe { instance::replace(object, offset as u32, value) }
}

/// Adds a slot: the object moves to a shape with one attribute more.
#[inline(always)]
pub(super) fn add_slot(object: &Header, shape: u64, value: Owned) {
    // SAFETY: the cache found the shape as the transition from the object's own.
    unsafe { instance::add(object, std::ptr::with_exposed_provenance(shape as usize), value) }
}

/// The getter of a cached property, if it still has one. It is read anew each time: a property can be initialised again.
#[inline(always)]
pub(super) fn getter(payload: u64) -> Option<Owned> {
    cached_value(payload).borrow().downcast::<Property>()?.getter()
}

/// What a cached descriptor gives for an object. Its own class may have changed: then it is `None`.
pub(super) fn described(vm: &Thread, payload: u64, object: Ref<'_>) -> Option<PyResult> {
    let descriptor = cached_value(payload);
    let get = vm.class(descriptor.borrow()).downcast::<Type>()?.slots.descr_get.get()?;
    Some(get(vm, descriptor.borrow(), Some(object), Some(vm.class(object))))
}

/// The function of a cached static method, read anew as well.
pub(super) fn static_function(payload: u64) -> Option<Owned> {
    cached_value(payload).borrow().downcast::<StaticMethod>()?.callable()
}

/// The function of a cached class method, if it is a Python function.
pub(super) fn class_function(payload: u64) -> Option<Owned> {
    let callable = cached_value(payload).borrow().downcast::<ClassMethod>()?.callable()?;
    (callable.borrow().kind() == Kind::Function).then_some(callable)
}

/// The function that computes a cached native attribute.
#[inline(always)]
pub(super) fn native_getter(payload: u64) -> fn(&Thread, Ref<'_>) -> PyResult {
    let row: *const GetSet = std::ptr::with_exposed_provenance(payload as usize);
    // SAFETY: `native` exposed the row, which is static.
    unsafe { (*row).get }
}

/// The entry for an attribute that a native function computes, found by an object's shape.
fn native(attribute: Ref<'_>, shape: &Shape) -> Option<Entry> {
    let row = std::ptr::from_ref(getset::row(attribute, shape.class_ref())?);
    Some(Entry { kind: CacheKind::Native, shape: shape.id(), payload: row.expose_provenance() as u64 })
}

/// A cached class attribute.
#[inline(always)]
pub(super) fn cached_value(payload: u64) -> Owned {
    // SAFETY: the class owns the attribute while the shape id is current.
    unsafe { Ref::from_value(value_of(payload)) }.own()
}

fn value_of(payload: u64) -> Value {
    if payload & 7 == 1 {
        // A pointer word: the object was exposed when the cache was filled.
        Value::from_header(std::ptr::with_exposed_provenance(payload as usize - 1))
    } else {
        Value::from_bits(payload)
    }
}

fn payload_of(value: Ref<'_>) -> u64 {
    if let Some(header) = value.header() {
        let _ = std::ptr::from_ref(header).expose_provenance();
    }
    value.value().bits()
}

/// How `object.name` can be found again; `None` if it cannot be cached.
pub(super) fn find(vm: &Thread, object: Ref<'_>, name: Ref<'_>) -> Option<Entry> {
    let header = object.header()?;
    if header.kind() == Kind::Type {
        return find_of_class(vm, object, name);
    }
    let shape = header.shape()?;
    let class = shape.class_ref();
    let flags = class.downcast::<Type>()?.flags.get();
    if flags & type_flag::PLAIN_GETATTR == 0 {
        return None;
    }
    if shape.is_dictionary() || has_dict_payload(header.kind()) {
        // What the dict holds is not in the shape; but these attributes come before it.
        return native(vm.lookup(class, name)?.borrow(), shape);
    }
    let in_slot = || {
        let offset = instance::offset_of(shape, name)?;
        Some(Entry { kind: CacheKind::Slot, shape: shape.id(), payload: u64::from(offset) })
    };
    let Some(attribute) = vm.lookup(class, name) else { return in_slot() };
    let attribute = attribute.borrow();
    let slots = &vm.class(attribute).downcast::<Type>()?.slots;
    let is_data = slots.descr_set.get().is_some();
    if !is_data {
        if let Some(entry) = in_slot() {
            return Some(entry);
        }
    }
    let entry = |kind, payload| Some(Entry { kind, shape: shape.id(), payload });
    match attribute.kind() {
        Kind::Function | Kind::MethodDescriptor => entry(CacheKind::Method, payload_of(attribute)),
        Kind::Property => {
            let getter = attribute.downcast::<Property>()?.getter()?;
            getter.borrow().downcast::<Function>()?;
            entry(CacheKind::Getter, payload_of(attribute))
        }
        _ if slots.descr_get.get().is_none() => entry(CacheKind::ClassValue, payload_of(attribute)),
        _ if attribute.downcast::<StaticMethod>().is_some() => {
            entry(CacheKind::Static, payload_of(attribute))
        }
        _ if attribute.downcast::<ClassMethod>().is_some() => {
            entry(CacheKind::ClassMethod, payload_of(attribute))
        }
        _ => match slot_offset(attribute, shape) {
            Some(offset) => entry(CacheKind::Slot, u64::from(offset)),
            None => native(attribute, shape).or_else(|| entry(CacheKind::Descriptor, payload_of(attribute))),
        },
    }
}

/// Objects that keep a dict in their payload, which shapes know nothing about.
fn has_dict_payload(kind: Kind) -> bool {
    matches!(kind, Kind::Module | Kind::Function | Kind::Exception)
}

/// How an attribute of a class object can be found again.
fn find_of_class(vm: &Thread, object: Ref<'_>, name: Ref<'_>) -> Option<Entry> {
    let class = object.downcast::<Type>()?;
    let metaclass = vm.class(object);
    if !metaclass.is(vm.types().type_.borrow()) {
        return None;
    }
    if let Some(attribute) = vm.lookup(metaclass, name) {
        return native(attribute.borrow(), object.header()?.shape()?);
    }
    let attribute = vm.lookup(object, name)?;
    let attribute = attribute.borrow();
    let plain = vm.class(attribute).downcast::<Type>()?.slots.descr_get.get().is_none();
    let kind = if plain || attribute.kind() == Kind::Function {
        CacheKind::OfClass
    } else if attribute.downcast::<StaticMethod>().is_some() {
        CacheKind::StaticOfClass
    } else if attribute.downcast::<ClassMethod>().is_some() {
        CacheKind::MethodOfClass
    } else {
        return None;
    };
    Some(Entry { kind, shape: class.shapes.root().id(), payload: payload_of(attribute) })
}

/// How `object.name = value` can be done again; asked before it is done the first time.
pub(super) fn find_store(vm: &Thread, object: Ref<'_>, name: Ref<'_>) -> Option<Entry> {
    let header = object.header()?;
    let shape = header.shape()?;
    let class = shape.class_ref();
    let flags = class.downcast::<Type>()?.flags.get();
    if flags & type_flag::PLAIN_SETATTR == 0
        || shape.is_dictionary()
        || has_dict_payload(header.kind())
        || header.kind() == Kind::Type
    {
        return None;
    }
    if let Some(attribute) = vm.lookup(class, name) {
        let attribute = attribute.borrow();
        if vm.class(attribute).downcast::<Type>()?.slots.descr_set.get().is_some() {
            let offset = slot_offset(attribute, shape)?;
            return Some(Entry { kind: CacheKind::Slot, shape: shape.id(), payload: u64::from(offset) });
        }
    }
    if !shape.layout().has_dict {
        return None;
    }
    if let Some(offset) = instance::offset_of(shape, name) {
        return Some(Entry { kind: CacheKind::Slot, shape: shape.id(), payload: u64::from(offset) });
    }
    let next = instance::transition(shape, name, vm)?;
    let payload = std::ptr::from_ref(next).expose_provenance() as u64;
    Some(Entry { kind: CacheKind::Transition, shape: shape.id(), payload })
}

/// The offset of the slot that a member descriptor of the shape's class leads to.
fn slot_offset(attribute: Ref<'_>, shape: &Shape) -> Option<u32> {
    if shape.layout().variable {
        return None;
    }
    getset::slot_index(attribute, shape.class_ref()).map(|index| shape.layout().slot_offset(index))
}

/// Methods found by `super()`: the second level of `find_super`.
pub(crate) struct SuperCache(Box<[Cell<SuperEntry>]>);

const SUPER_ENTRIES: usize = 512;

#[derive(Clone, Copy)]
struct SuperEntry {
    /// Owned, or NULL in an empty entry.
    name: Value,
    /// The class whose bases are searched; on the MRO of the receiver's class, which keeps it alive.
    class: Value,
    /// The function, which a base owns.
    function: Value,
    /// The root shape of the receiver's class.
    shape: u32,
}

impl Default for SuperCache {
    fn default() -> Self {
        let empty = SuperEntry { name: Value::NULL, class: Value::NULL, function: Value::NULL, shape: 0 };
        Self(vec![Cell::new(empty); SUPER_ENTRIES].into_boxed_slice())
    }
}

impl SuperCache {
    /// The function that `super(class, receiver).name` binds, where it is a plain one.
    pub(super) fn get(&self, vm: &Thread, class: Ref<'_>, receiver: Ref<'_>, name: Ref<'_>) -> Option<Owned> {
        if receiver.kind() == Kind::Type {
            return None;
        }
        let own_class = vm.class(receiver);
        let shape = own_class.downcast::<Type>()?.shapes.root().id();
        let hash = (shape as usize).wrapping_mul(0x9e37_79b1)
            ^ name.value().bits() as usize >> 4
            ^ class.value().bits() as usize >> 6;
        let slot = &self.0[hash % SUPER_ENTRIES];
        let entry = slot.get();
        if entry.shape == shape && entry.name == name.value() && entry.class == class.value() {
            // SAFETY: a class on the MRO owns the function while the shape id is current.
            return Some(unsafe { Ref::from_value(entry.function) }.own());
        }
        let function = find_super(vm, own_class, class, name)?;
        let (class, function_value) = (class.value(), function.value());
        slot.set(SuperEntry { name: name.own().into_value(), class, function: function_value, shape });
        // SAFETY: the entry owned its name. A str's end runs no Python.
        unsafe { entry.name.release() };
        Some(function)
    }
}

impl Drop for SuperCache {
    fn drop(&mut self) {
        for slot in &self.0 {
            // SAFETY: the entry owned its name.
            unsafe { slot.get().name.release() };
        }
    }
}

/// The function under a name that comes first behind a class in an MRO.
fn find_super(vm: &Thread, own_class: Ref<'_>, class: Ref<'_>, name: Ref<'_>) -> Option<Owned> {
    let mro = own_class.downcast::<Type>()?.mro.get()?;
    let mro = mro.borrow().downcast::<Tuple>()?.as_slice();
    let position = mro.iter().position(|base| base.borrow().is(class))?;
    mro[position + 1..]
        .iter()
        .find_map(|base| get_str(type_::payload_of(base.borrow()).namespace(vm), name))
        .filter(|attribute| attribute.borrow().kind() == Kind::Function)
}
