//! How the slots of Python classes follow from their special methods.
//!
//! A slot holds the native function itself where the MRO leads to the wrapper descriptor of that function, and otherwise the
//! [function that calls the dunder](crate::protocol::slot_functions). A new class takes over its base's slots, and looks
//! only at what its own namespace changes, and those of the classes in the MRO that the base does not have. Assigning a special method to a class
//! looks at the slots behind it, there and in the subclasses that do not define the method themselves.

use std::collections::HashMap;

use super::{Descent, SlotSet, Type, is_subtype, native, payload_of, type_flag};
use crate::exception::PyResult;
use crate::heap::lookup::get_str;
use crate::protocol::slot_functions::{generic, not_hashable};
use crate::protocol::slots::{DUNDERS, Dunder, SlotFn, SlotId};
use crate::types::native_function::NativeFunction;
use crate::types::str_::find_interned;
use crate::types::wrapper::WrapperDescriptor;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// The special methods as an interpreter knows them.
pub(crate) struct Dunders {
    /// Their interned names, in the order of [`DUNDERS`].
    names: Box<[Owned]>,
    /// The places in the table of the dunders with a name, by the name's id.
    by_name: HashMap<u64, Vec<usize>, ahash::RandomState>,
}

/// What the interpreter knows of the special methods, made when the first class asks; `None` when memory is out.
fn dunders(vm: &Thread) -> Option<&Dunders> {
    let known = &vm.interpreter().dunders;
    if known.get().is_none() {
        let names =
            DUNDERS.iter().map(|dunder| vm.intern(dunder.name)).collect::<PyResult<Box<[_]>>>().ok()?;
        let mut by_name = HashMap::<_, Vec<_>, _>::default();
        for (place, name) in names.iter().enumerate() {
            by_name.entry(name.borrow().id()).or_default().push(place);
        }
        // Nothing of it runs Python, so nobody was faster.
        let _ = known.set(Dunders { names, by_name });
    }
    known.get()
}

/// The dunders with a name.
fn dunders_named<'v>(vm: &'v Thread, name: Ref<'_>) -> &'v [usize] {
    let interned = find_interned(vm, name);
    let places = |name: Owned| dunders(vm)?.by_name.get(&name.borrow().id());
    interned.and_then(places).map_or(&[], |places| places)
}

/// Fills the slots of a new class.
pub(super) fn derive_slots(vm: &Thread, class: Ref<'_>) {
    let payload = payload_of(class);
    if let Some(base) = payload.base.get() {
        let base = payload_of(base.borrow());
        payload.slots.inherit(&base.slots);
        payload.generic.copy_from(&base.generic);
    }
    match beside_base(payload) {
        Some(classes) => {
            let looked_at = SlotSet::default();
            for source in classes {
                let mut position = 0;
                while let Some((key, _)) = payload_of(source.borrow()).namespace(vm).table.next(&mut position)
                {
                    for &place in dunders_named(vm, key.borrow()) {
                        let slot = DUNDERS[place].slot;
                        if !looked_at.contains(slot) {
                            looked_at.set(slot, true);
                            update(vm, class, place);
                        }
                    }
                }
            }
        }
        None => update_all(vm, class),
    }
    derive_flags(vm, class);
}

/// The classes of a new class's MRO that are not in its base's, itself first; `None` if the MRO does not have those of the base
/// in their order. What only these define means the same as for the base.
fn beside_base(payload: &Type) -> Option<Vec<Owned>> {
    let base = payload.base.get()?;
    let inherited = payload_of(base.borrow()).mro();
    let mut inherited = inherited.iter().peekable();
    let mut beside = payload.mro();
    beside.retain(|class| inherited.next_if(|next| next.borrow().is(class.borrow())).is_none());
    inherited.peek().is_none().then_some(beside)
}

/// Updates all slots.
fn update_all(vm: &Thread, class: Ref<'_>) {
    let mut place = 0;
    for dunders in DUNDERS.chunk_by(|one, next| one.slot == next.slot) {
        update(vm, class, place);
        place += dunders.len();
    }
}

/// Updates the slots behind a special method, whose name just changed its meaning on a class, there and in its
/// subclasses.
pub(super) fn name_changed(vm: &Thread, class: Ref<'_>, name: Ref<'_>) {
    let places = dunders_named(vm, name);
    if places.is_empty() {
        return;
    }
    let mut pending = Descent::from(class);
    while let Some(class) = pending.step() {
        places.iter().for_each(|&place| update(vm, class.borrow(), place));
        derive_flags(vm, class.borrow());
        for subclass in payload_of(class.borrow()).heirs() {
            if get_str(payload_of(subclass.borrow()).namespace(vm), name).is_none() {
                pending.enter(subclass);
            }
        }
    }
}

/// Updates all slots of a class and its subclasses, after its bases changed.
pub(super) fn bases_changed(vm: &Thread, class: Ref<'_>) {
    for class in Descent::from(class) {
        update_all(vm, class.borrow());
        derive_flags(vm, class.borrow());
    }
}

/// Finds out what belongs into the slot behind a dunder. The dunders of a slot stand together in the table.
fn update(vm: &Thread, class: Ref<'_>, place: usize) {
    let (payload, slot) = (payload_of(class), DUNDERS[place].slot);
    let before = DUNDERS[..place].iter().rev().take_while(|dunder| dunder.slot == slot).count();
    let dunders_of_slot =
        (place - before..).map_while(|place| DUNDERS.get(place).map(|dunder| (place, dunder)));
    let names = dunders(vm).map_or(&[][..], |dunders| &dunders.names);
    let mut specific: Option<Specific> = None;
    let (mut calls_dunder, mut is_defined) = (false, false);
    for (place, dunder) in dunders_of_slot.take_while(|(_, dunder)| dunder.slot == slot) {
        let Some(found) = names.get(place).and_then(|name| vm.lookup(class, name.borrow())) else { continue };
        if let Some(wrapper) = found.borrow().downcast::<WrapperDescriptor>() {
            if wrapper.dunder.name == dunder.name {
                is_defined |= may_fill(payload, dunder);
                if agrees(specific.as_ref(), wrapper) && fits(wrapper, dunder) && applies(class, wrapper) {
                    specific =
                        Some(Specific { function: wrapper.function, class: Some(wrapper.class.clone()) });
                } else {
                    calls_dunder = true;
                }
                continue;
            }
        }
        if slot == SlotId::new && is_native_new(found.borrow()) {
            // The native function looks at the class itself.
            specific = native_new(class);
        } else if slot == SlotId::hash && found.borrow().is_none() {
            specific = Some(Specific { function: SlotFn::HashFn(not_hashable), class: None });
        } else {
            (calls_dunder, is_defined) = (true, true);
        }
    }
    let function = match specific {
        Some(specific) if !calls_dunder => Some(specific.function),
        _ if is_defined => generic(slot),
        _ => None,
    };
    payload.generic.set(slot, function.is_some() && calls_dunder);
    payload.slots.set(slot, function);
}

/// A native function for a slot, and the class that it is from.
struct Specific {
    function: SlotFn,
    class: Option<Owned>,
}

/// Whether a wrapper has the same function as those of the slot's other dunders.
fn agrees(specific: Option<&Specific>, wrapper: &WrapperDescriptor) -> bool {
    specific.is_none_or(|other| {
        other.class.as_ref().is_some_and(|class| class.borrow().is(wrapper.class.borrow()))
    })
}

/// Whether the wrapper's function can be called as the dunder's slot is.
fn fits(wrapper: &WrapperDescriptor, dunder: &Dunder) -> bool {
    wrapper.dunder.wrap == dunder.wrap
}

fn applies(class: Ref<'_>, wrapper: &WrapperDescriptor) -> bool {
    is_subtype(class, wrapper.class.borrow())
}

/// Several slots may share a dunder, as `__len__` is that of sequences and of mappings. If exactly one of them is filled, the
/// dunder belongs to that one alone.
fn may_fill(class: &Type, dunder: &Dunder) -> bool {
    let mut filled =
        DUNDERS.iter().filter(|other| other.name == dunder.name && class.slots.is_set(other.slot));
    match (filled.next(), filled.next()) {
        (Some(only), None) => only.slot == dunder.slot,
        _ => true,
    }
}

fn is_native_new(found: Ref<'_>) -> bool {
    found
        .downcast::<NativeFunction>()
        .is_some_and(|function| std::ptr::eq(function.def, &raw const native::NEW))
}

/// The `__new__` of the nearest native class that has one.
fn native_new(class: Ref<'_>) -> Option<Specific> {
    let mut at = class.own();
    loop {
        let payload = payload_of(at.borrow());
        if !payload.is_heap_type() {
            let function = payload.slots.new.get()?;
            return Some(Specific { function: SlotFn::NewFn(function), class: None });
        }
        at = payload.base.get()?;
    }
}

/// Sets the flags that summarise slots.
fn derive_flags(vm: &Thread, class: Ref<'_>) {
    let payload = payload_of(class);
    let object = vm.types().object.borrow();
    let names = vm.names();
    let is_objects = |name: &Owned| {
        let found = vm.lookup(class, name.borrow());
        found.is_some_and(|found| {
            found.borrow().downcast::<WrapperDescriptor>().is_some_and(|it| it.is_objects)
        })
    };
    let getattribute = is_objects(&names.__getattribute__);
    payload.set_flag(type_flag::OBJECT_GETATTRIBUTE, getattribute);
    payload.set_flag(type_flag::PLAIN_GETATTR, getattribute && !payload.generic.contains(SlotId::getattro));
    payload
        .set_flag(type_flag::PLAIN_SETATTR, is_objects(&names.__setattr__) && is_objects(&names.__delattr__));
    payload.set_flag(type_flag::PLAIN_INIT, is_objects(&names.__init__));
    let finalizer = payload.slots.finalize.get().is_some();
    payload.set_flag(type_flag::FINALIZER, finalizer);
    payload.shapes.set_finalizer(finalizer);
    let plain_new = !payload.generic.contains(SlotId::new)
        && native::new_owner(class).borrow().is(object)
        && payload.def.0.ops.kind == crate::heap::Kind::Instance
        && !payload.has(type_flag::NO_NEW);
    payload.set_flag(type_flag::PLAIN_NEW, plain_new);
    payload.set_flag(type_flag::PLAIN_INIT, is_objects(&names.__init__));
}
