//! What follows an object's payload: the dict word, the slots of `__slots__`, and the attributes in slots.
//!
//! An instance starts at its class's root shape with all of this empty. Setting a new attribute writes the next slot and moves
//! the object to the child shape for the name; deleting the last attribute goes back. Whatever the slots cannot express
//! (too many attributes, deletion in the middle, `__dict__` read or assigned) *materialises* the object: its attributes move
//! to a real dict in the dict word, the object to its class's dictionary shape. Each class learns: when an instance
//! outgrows its slots, later ones get more.
//!
//! # Safety model
//!
//! An object whose header has [`flag::EXTRAS`] has, behind its payload and the payload's data, exactly the words that its
//! shape's layout describes, each a `Value` or NULL; all shapes that an object can move to agree on where they lie. So a word
//! at an offset from the layout may be viewed as a [`Slot`], whose operations are safe. Slots beyond the shape's count are
//! NULL. Words are filled before the shape admits them and emptied after it no longer does, and dropping an old value is the
//! last step, because it may run Python.
#![expect(unsafe_code, reason = "memory behind the payload")]

use std::ptr;

use super::dict::{Dict, Table};
use super::inline::{Bytes, Str, Tuple};
use super::object::{Header, Kind, Payload, flag};
use super::shape::{Layout, Shape};
use super::{Slot, payload};
use crate::exception::PyResult;
use crate::types::type_::{Type, type_flag};
use crate::value::{Owned, Ref, Value};
use crate::vm::Thread;

/// The most slots for attributes that a class learns to give its instances.
pub(crate) const MAX_INLINE: u32 = 30;

/// Bytes from the start of an object to its dict word, or to its slots where there is none.
///
/// # Safety
/// The object is alive, or its payload's own memory is at least still intact, and `layout` is its shape's.
#[inline(always)]
pub(crate) unsafe fn extra_offset(object: *const Header, layout: &Layout) -> usize {
    if layout.variable {
        // SAFETY: the caller's.
        layout.extra as usize + unsafe { variable_size(object) }.next_multiple_of(8)
    } else {
        layout.extra as usize
    }
}

/// Bytes of the data behind the payload of a variable layout.
#[cold]
unsafe fn variable_size(object: *const Header) -> usize {
    // SAFETY: the kind says which payload the object has.
    unsafe {
        match (*object).kind() {
            Kind::Str => (*payload::<Str>(object)).data_size(),
            Kind::Bytes => (*payload::<Bytes>(object)).as_bytes().len(),
            Kind::Tuple => (*payload::<Tuple>(object)).len() * size_of::<Value>(),
            _ => 0,
        }
    }
}

/// Bytes from the start of an object to one of its slots.
#[inline(always)]
unsafe fn slot_offset(object: *const Header, layout: &Layout, index: u32) -> usize {
    // SAFETY: the caller's.
    unsafe { extra_offset(object, layout) + 8 * (usize::from(layout.has_dict) + index as usize) }
}

/// The word at an offset, which a layout describes.
#[inline(always)]
unsafe fn word<'a>(object: *const Header, offset: usize) -> &'a Slot {
    // SAFETY: the caller's; a `Slot` is a word that holds a `Value` or NULL.
    unsafe { &*object.cast::<u8>().add(offset).cast::<Slot>() }
}

/// Header and layout of an object with extras.
#[inline(always)]
fn extras<'a>(object: Ref<'a>) -> Option<(&'a Header, &'a Shape)> {
    let header = object.header()?;
    if header.has(flag::EXTRAS) { Some((header, header.shape()?)) } else { None }
}

/// The dict word. It is empty while attributes are in slots, and while a dictionary has not been needed.
#[inline]
pub(crate) fn dict_word<'a>(object: Ref<'a>) -> Option<&'a Slot> {
    let (header, shape) = extras(object)?;
    // SAFETY: the layout says that there is a dict word.
    shape.layout().has_dict.then(|| unsafe { word(header, extra_offset(header, shape.layout())) })
}

/// A slot of `__slots__`, by its number. `None` if the object's class declares fewer.
#[inline]
pub(crate) fn fixed_slot<'a>(object: Ref<'a>, index: u32) -> Option<&'a Slot> {
    let (header, shape) = extras(object)?;
    let layout = shape.layout();
    // SAFETY: the slot is one of those that the layout declares.
    (index < layout.fixed).then(|| unsafe { word(header, slot_offset(header, layout, index)) })
}

/// The attribute in a slot of its own, if there is one. The name is interned.
#[inline]
pub(crate) fn get(object: Ref<'_>, name: Ref<'_>) -> Option<Owned> {
    let (header, shape) = extras(object)?;
    let index = shape.find(name.value())?;
    // SAFETY: slots that the shape counts lie within the layout.
    unsafe { word(header, slot_offset(header, shape.layout(), index)) }.get()
}

/// Where an attribute lies, from the start of the object, in all objects of the same shape. The name is interned.
pub(crate) fn offset_of(shape: &Shape, name: Ref<'_>) -> Option<u32> {
    shape.find(name.value()).map(|index| shape.layout().slot_offset(index))
}

/// Whether attributes may be set at all without `__slots__`: the object has a dict word.
pub(crate) fn has_dict_word(object: Ref<'_>) -> bool {
    extras(object).is_some_and(|(_, shape)| shape.layout().has_dict)
}

/// Sets an attribute in a slot, in a new one if need be; gives the value back when it has to go to the dict. The name is
/// interned, and the class's attributes have been asked before.
#[inline]
pub(crate) fn set(vm: &Thread, object: Ref<'_>, name: Ref<'_>, value: Owned) -> Result<(), Owned> {
    let Some((header, shape)) = extras(object) else { return Err(value) };
    if shape.is_dictionary() {
        return Err(value);
    }
    if let Some(index) = shape.find(name.value()) {
        // SAFETY: slots that the shape counts lie within the layout.
        unsafe { word(header, slot_offset(header, shape.layout(), index)) }.set(value);
        return Ok(());
    }
    let Some(child) = shape.with(name, || vm.interpreter().new_shape_id()) else {
        learn(vm, shape);
        return Err(value);
    };
    // SAFETY: a child has one slot more, within the layout, and it is still NULL.
    unsafe { word(header, slot_offset(header, shape.layout(), shape.slots())) }.set(value);
    header.set_shape_ptr(child);
    Ok(())
}

/// The shape that setting a new attribute moves objects of this shape to; its last slot is the attribute's.
pub(crate) fn transition<'a>(shape: &'a Shape, name: Ref<'_>, vm: &Thread) -> Option<&'a Shape> {
    shape.with(name, || vm.interpreter().new_shape_id())
}

/// Gives later instances of the class more room.
#[cold]
fn learn(vm: &Thread, shape: &Shape) {
    let Some(class) = shape.class_ref().downcast::<Type>() else { return };
    let layout = *class.shapes.root().layout();
    let inline = layout.capacity - layout.fixed;
    // Instances of smaller, former roots have nothing new to teach.
    if shape.slots() == layout.capacity && (1..MAX_INLINE).contains(&inline) {
        let capacity = fill_size_class(&layout, (inline * 2).min(MAX_INLINE));
        class.shapes.grow(capacity, vm.interpreter().new_shape_id());
    }
}

/// The capacity of a layout with room for `inline` attributes, rounded up to where the size class ends.
pub(crate) fn fill_size_class(layout: &Layout, inline: u32) -> u32 {
    let capacity = layout.fixed + inline;
    let layout = Layout { capacity, ..*layout };
    capacity + (layout.size().next_multiple_of(16) - layout.size()) as u32 / 8
}

/// What deleting an attribute from the slots came to.
pub(crate) enum Removed {
    /// It was in a slot, and is no longer.
    Yes,
    /// The object has no such attribute in a slot, and no dict either.
    Missing,
    /// The dict has to be asked.
    InDict,
}

/// Deletes an attribute. The name is interned.
pub(crate) fn remove(vm: &Thread, object: Ref<'_>, name: Ref<'_>) -> PyResult<Removed> {
    let Some((header, shape)) = extras(object) else { return Ok(Removed::Missing) };
    if shape.is_dictionary() {
        return Ok(Removed::InDict);
    }
    let Some(index) = shape.find(name.value()) else { return Ok(Removed::Missing) };
    match shape.parent() {
        Some(parent) if shape.last() == Some(index) => {
            header.set_shape_ptr(parent);
            // SAFETY: the slot lies within the layout; the shape no longer admits it.
            drop(unsafe { word(header, slot_offset(header, shape.layout(), index)) }.take());
            Ok(Removed::Yes)
        }
        _ => {
            materialise(vm, object)?;
            Ok(Removed::InDict)
        }
    }
}

/// The dict of an object with a dict word, all attributes moved there.
pub(crate) fn materialise(vm: &Thread, object: Ref<'_>) -> PyResult {
    let Some((header, shape)) = extras(object) else { unreachable!("the object has no dict word") };
    let dict_word = dict_word(object).expect("the object has a dict word");
    if let Some(dict) = dict_word.get() {
        return Ok(dict);
    }
    let table = Table::new();
    let mut attributes: Vec<_> = shape.attributes().collect();
    attributes.reverse();
    for (name, index) in &attributes {
        // SAFETY: slots that the shape counts lie within the layout.
        let value = unsafe { word(header, slot_offset(header, shape.layout(), *index)) }.get_or_none();
        let hash = name.borrow().downcast::<Str>().expect("names are strs").cached_hash();
        table.append(vm, name.clone(), hash, value)?;
    }
    let dict = vm.new_object(Dict { table })?;
    move_to_dict(object, header, shape, dict.clone());
    Ok(dict)
}

/// Makes a dict the object's `__dict__`, in place of all attributes it has.
pub(crate) fn set_dict(object: Ref<'_>, dict: Owned) {
    let Some((header, shape)) = extras(object) else { unreachable!("the object has no dict word") };
    move_to_dict(object, header, shape, dict);
}

fn move_to_dict(object: Ref<'_>, header: &Header, shape: &Shape, dict: Owned) {
    let old_dict = dict_word(object).expect("the object has a dict word").replace(Some(dict));
    let class = shape.class_ref();
    header.set_shape_ptr(class.downcast::<Type>().expect("a class").shapes.dictionary());
    for index in shape.layout().fixed..shape.slots() {
        // SAFETY: slots that the former shape counted lie within the layout.
        drop(unsafe { word(header, slot_offset(header, shape.layout(), index)) }.take());
    }
    drop(old_dict);
}

/// Makes the object one of another class, whose layout is compatible but for the room for attributes. The class it leaves
/// becomes immortal: borrows of it may be about.
pub(crate) fn set_class(vm: &Thread, object: Ref<'_>, class: Ref<'_>) -> PyResult<()> {
    let Some(header) = object.header() else { unreachable!("immediates keep their class") };
    if has_dict_word(object) {
        materialise(vm, object)?;
    }
    let new = &class.downcast::<Type>().expect("a class").shapes;
    if let Some(old) = header.shape().and_then(|shape| shape.class_ref().header()) {
        old.make_immortal();
    }
    let shape = if has_dict_word(object) { new.dictionary() } else { new.root() };
    if header.has(flag::SUBCLASS) {
        // The count of the new class; that of the old one, now immortal, needs no release.
        std::mem::forget(class.own());
    }
    header.set_shape_ptr(shape);
    Ok(())
}

/// An object of a native class. Only types that the core does not know can have a dict word.
#[inline(always)]
pub(crate) fn allocate_native<T: Payload>(vm: &Thread, shape: *const Shape, payload: T) -> PyResult {
    if matches!(T::KIND, Kind::Native | Kind::Exception | Kind::Function) {
        // SAFETY: the shape is that of the payload's native class, which is immortal.
        let shape = unsafe { &*shape };
        if shape.layout().has_extras() {
            return allocate(vm, shape.class_ref(), payload);
        }
    }
    // SAFETY: the shape is that of the payload's native class, and nothing lies behind the payload.
    unsafe { vm.heap().allocate(shape, payload, 0) }.ok_or_else(|| vm.memory_error())
}

/// An object of a class that has the payload's layout, with empty extras.
#[inline]
pub(crate) fn allocate<T: Payload>(vm: &Thread, class: Ref<'_>, payload: T) -> PyResult {
    allocate_with(vm, class, payload, 0, |_| ())
}

/// As `allocate`, with `data` bytes behind the payload, which `fill` writes.
#[inline]
pub(crate) fn allocate_with<T: Payload>(
    vm: &Thread,
    class: Ref<'_>,
    payload: T,
    data: usize,
    fill: impl FnOnce(*mut Header),
) -> PyResult {
    let class_payload = class.downcast::<Type>().expect("a class");
    let shape = class_payload.shapes.root();
    assert!(shape.ops().is::<T>(), "the payload is the class's");
    let layout = shape.layout();
    let data_end = if layout.variable { data.next_multiple_of(8) } else { data };
    let size = layout.size() + data_end;
    let is_subclass = class_payload.has(type_flag::HEAP | type_flag::REFINED);
    let subclass = if is_subclass { flag::SUBCLASS } else { 0 };
    let flags = subclass | if layout.has_extras() { flag::EXTRAS } else { 0 };
    let header = vm.heap().allocate_raw(T::KIND, flags, shape, size);
    if header.is_null() {
        return Err(vm.memory_error());
    }
    if T::TRACED || layout.has_extras() {
        vm.heap().young.set(vm.heap().young.get() + 1);
    }
    // SAFETY: fresh memory: payload and data are written before anybody sees the object, all words behind them are NULL; the
    // count of one goes to the result, and the object counts its class.
    unsafe {
        header.add(1).cast::<T>().write(payload);
        fill(header);
        let start = header.cast::<u8>().add(layout.extra as usize + data_end).cast::<Value>();
        for index in 0..(usize::from(layout.has_dict) + layout.capacity as usize) {
            start.add(index).write(Value::NULL);
        }
        class.value().retain();
        Ok(Owned::from_value(Value::from_header(header)))
    }
}

/// The value at an offset that an inline cache found, if the slot is bound.
///
/// # Safety
/// The object's shape has the id that the offset was found for.
#[inline(always)]
pub(crate) unsafe fn load(object: &Header, offset: u32) -> Option<Owned> {
    // SAFETY: the caller's: the shape has a slot there.
    unsafe { word(object, offset as usize) }.get()
}

/// Replaces the value at an offset that an inline cache found; the old one is the result.
///
/// # Safety
/// As `load`.
#[inline(always)]
pub(crate) unsafe fn replace(object: &Header, offset: u32, value: Owned) -> Option<Owned> {
    // SAFETY: as in `load`.
    unsafe { word(object, offset as usize) }.replace(Some(value))
}

/// Adds an attribute: fills the next slot, and moves the object to the shape that has it.
///
/// # Safety
/// The shape is what [`transition`] gave for a shape with the id of the object's own.
#[inline(always)]
pub(crate) unsafe fn add(object: &Header, shape: *const Shape, value: Owned) {
    // SAFETY: the caller's: the object's shape is alive, and so are its children. The slot is NULL.
    unsafe {
        let offset = (*shape).layout().slot_offset((*shape).slots() - 1) as usize;
        let at = ptr::from_ref(object).cast::<u8>().add(offset).cast::<Value>().cast_mut();
        at.write(value.into_value());
        object.set_shape_ptr(shape);
    }
}
