//! Which base decides the layout of a class, and what the class adds to it.
//!
//! A class is *solid* if its instances have fields that its base's have not: a native type with a payload of its own,
//! or a class with `__slots__` of its own. A class can have several bases only if their solid bases lie on one line. Dicts and
//! weak references do not count: they are present or absent at any level.

use super::{Type, is_subtype, payload_of, type_flag};
use crate::exception::PyResult;
use crate::heap::{ClassShapes, Kind, Layout, Shape, instance};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// Whether a class adds fields to its base.
fn is_solid(class: &Type) -> bool {
    let Some(base) = class.base.get() else { return true };
    let base = payload_of(base.borrow());
    if class.is_heap_type() {
        return class.shapes.root().layout().fixed > base.shapes.root().layout().fixed;
    }
    class.def.0.flags.solid || (class.def.0.ops.type_id)() != (base.def.0.ops.type_id)()
}

/// The nearest solid class up the line of layout bases, itself included.
pub(super) fn solid_base(class: Ref<'_>) -> Owned {
    let mut at = class.own();
    while !is_solid(payload_of(at.borrow())) {
        let Some(base) = payload_of(at.borrow()).base.get() else { break };
        at = base;
    }
    at
}

/// Whether the layout of a class, which may have no MRO yet, is one of the other's or builds on it.
pub(super) fn extends(class: Ref<'_>, other: Ref<'_>) -> bool {
    let mut at = class.own();
    while !at.borrow().is(other) {
        let Some(base) = payload_of(at.borrow()).base.get() else { return false };
        at = base;
    }
    true
}

/// The base that decides the layout of a class with these bases.
pub(super) fn best_base(vm: &Thread, bases: &[Owned]) -> PyResult {
    let mut best: Option<(&Owned, Owned)> = None;
    for base in bases {
        let Some(payload) = base.borrow().downcast::<Type>() else {
            return Err(vm.type_error("bases must be types"));
        };
        if !payload.has(type_flag::BASE) {
            let name = vm.class_name(base.borrow());
            return Err(vm.type_error(format_args!("type '{name}' is not an acceptable base type")));
        }
        let solid = solid_base(base.borrow());
        match &best {
            Some((_, winner)) if is_subtype(winner.borrow(), solid.borrow()) => {}
            Some((_, winner)) if !is_subtype(solid.borrow(), winner.borrow()) => {
                return Err(vm.type_error("multiple bases have instance lay-out conflict"));
            }
            _ => best = Some((base, solid)),
        }
    }
    Ok(best.map_or_else(|| vm.types().object.clone(), |(base, _)| base.clone()))
}

/// Whether instances have items beyond the payload, as CPython's `tp_itemsize` says; it is its figure.
pub(super) fn item_size(class: &Type) -> u32 {
    match class.def.0.ops.kind {
        Kind::Int => 4,
        Kind::Tuple => 8,
        Kind::Bytes => 1,
        Kind::Type => 40,
        _ => 0,
    }
}

/// What a class adds to the layout of its base.
pub(super) struct Additions {
    /// Slots that `__slots__` declares.
    pub(super) slots: u32,
    pub(super) dict: bool,
    /// Slots for attributes to begin with.
    pub(super) inline: u32,
}

/// The shapes of a class that derives from `base`.
pub(super) fn shapes(vm: &Thread, base: &Type, additions: &Additions) -> ClassShapes {
    let old = *base.shapes.root().layout();
    let fixed = old.fixed + additions.slots;
    let layout = Layout { has_dict: old.has_dict || additions.dict, fixed, capacity: fixed, ..old };
    let id = || vm.interpreter().new_shape_id();
    let ops = base.shapes.root().ops();
    let dictionary = || Shape::root(id(), ops, std::ptr::null(), layout, true);
    if !layout.has_dict {
        let is_dictionary = base.has(type_flag::HAS_DICT);
        return ClassShapes::new(Shape::root(id(), ops, std::ptr::null(), layout, is_dictionary), None);
    }
    // Data of variable size keeps attributes from having offsets of their own.
    if layout.variable {
        return ClassShapes::new(dictionary(), None);
    }
    let capacity = instance::fill_size_class(&layout, additions.inline.clamp(3, instance::MAX_INLINE));
    let root = Shape::root(id(), ops, std::ptr::null(), Layout { capacity, ..layout }, false);
    ClassShapes::new(root, Some(dictionary()))
}

/// Why instances of one class cannot become instances of another by assigning `__class__`, or a class's layout base another
/// class; `None` if they can.
pub(super) fn incompatibility(old: Ref<'_>, new: Ref<'_>) -> Option<&'static str> {
    let (old, new) = (payload_of(old), payload_of(new));
    let (a, b) = (old.shapes.root().layout(), new.shapes.root().layout());
    if old.is_heap_type() != new.is_heap_type() && old.def.0.ops.kind != Kind::Module {
        return Some("deallocator");
    }
    if (old.def.0.ops.type_id)() != (new.def.0.ops.type_id)() {
        return Some("object layout");
    }
    let same_weakrefs = old.has(type_flag::WEAKREF) == new.has(type_flag::WEAKREF);
    let same_dict = old.has(type_flag::HAS_DICT) == new.has(type_flag::HAS_DICT) && a.has_dict == b.has_dict;
    let same = a.fixed == b.fixed && same_dict && same_weakrefs && same_slots(old, new);
    (!same).then_some("object layout")
}

/// Whether the slots that two classes and their bases declare have the same names, level by level.
fn same_slots(a: &Type, b: &Type) -> bool {
    let levels = |class: &Type| {
        let mut levels: Vec<Owned> = Vec::new();
        let mut base = class.base.get();
        levels.extend(class.slot_names.get());
        while let Some(at) = base {
            let payload = payload_of(at.borrow());
            levels.extend(payload.slot_names.get());
            base = payload.base.get();
        }
        levels
    };
    let (a, b) = (levels(a), levels(b));
    a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| same_names(a.borrow(), b.borrow()))
}

/// Whether two tuples hold the same interned names.
fn same_names(a: Ref<'_>, b: Ref<'_>) -> bool {
    let items = |tuple: Ref<'_>| {
        tuple.downcast::<crate::heap::inline::Tuple>().map(|tuple| tuple.as_slice().to_vec())
    };
    let (Some(a), Some(b)) = (items(a), items(b)) else { return false };
    a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| a.borrow().is(b.borrow()))
}
