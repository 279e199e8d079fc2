//! `__slots__`: the fields that a class declares for its instances.

use super::layout::item_size;
use super::{Type, payload_of, type_flag};
use crate::exception::PyResult;
use crate::heap::dict::Dict;
use crate::heap::inline::{Str, Tuple};
use crate::heap::lookup::get_str;
use crate::text::predicate::is_identifier;
use crate::text::wtf8::TextBuf;
use crate::types::str_;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// What `__slots__` and the bases make of a class.
pub(super) struct DeclaredSlots {
    /// Whether the class gives its instances a dict.
    pub(super) dict: bool,
    /// Whether the class lets its instances be weakly referenced.
    pub(super) weakref: bool,
    /// The names of the slots, mangled, interned and sorted.
    pub(super) names: Vec<Owned>,
}

/// Reads the namespace's `__slots__`. `base` decides the layout; `name` is the class's own.
pub(super) fn read(
    vm: &Thread,
    namespace: &Dict,
    name: &Str,
    base: Ref<'_>,
    bases: &[Owned],
) -> PyResult<DeclaredSlots> {
    let layout_base = payload_of(base);
    let may_add_dict = !layout_base.has(type_flag::HAS_DICT);
    let may_add_weakref = !layout_base.has(type_flag::WEAKREF) && item_size(layout_base) == 0;
    let Some(slots) = get_str(namespace, vm.names().__slots__.borrow()) else {
        return Ok(DeclaredSlots { dict: may_add_dict, weakref: may_add_weakref, names: Vec::new() });
    };
    let items = if slots.borrow().downcast::<Str>().is_some() {
        vec![slots.clone()]
    } else {
        vm.collect(slots.borrow())?
    };
    if !items.is_empty() && item_size(layout_base) != 0 {
        let name = vm.class_name(base);
        return Err(vm.type_error(format_args!("nonempty __slots__ not supported for subtype of '{name}'")));
    }
    let mut declared = DeclaredSlots { dict: false, weakref: false, names: Vec::new() };
    for item in &items {
        let text = check_name(vm, item.borrow())?;
        match text.as_str() {
            Some("__dict__") if !may_add_dict || declared.dict => {
                return Err(vm.type_error("__dict__ slot disallowed: we already got one"));
            }
            Some("__weakref__") if !may_add_weakref || declared.weakref => {
                return Err(vm.type_error("__weakref__ slot disallowed: we already got one"));
            }
            Some("__dict__") => declared.dict = true,
            Some("__weakref__") => declared.weakref = true,
            _ => declared.names.push(slot_name(vm, namespace, name, text, item.borrow())?),
        }
    }
    let bytes = |name: &Owned| name.borrow().downcast::<Str>().map(|name| name.as_bytes().to_vec());
    declared.names.sort_by_cached_key(bytes);
    // What a second base has cannot be taken away by the class.
    for other in bases.iter().filter(|other| !other.borrow().is(base)) {
        let other = payload_of(other.borrow());
        declared.dict |= may_add_dict && other.has(type_flag::HAS_DICT);
        declared.weakref |= may_add_weakref && other.has(type_flag::WEAKREF);
    }
    Ok(declared)
}

fn check_name<'a>(vm: &Thread, item: Ref<'a>) -> PyResult<&'a Str> {
    let Some(text) = item.downcast::<Str>() else {
        let class = vm.type_name(item);
        return Err(vm.type_error(format_args!("__slots__ items must be strings, not '{class}'")));
    };
    if !is_identifier(text.text()) {
        return Err(vm.type_error("__slots__ must be identifiers"));
    }
    Ok(text)
}

/// The name under which the namespace will have the slot.
fn slot_name(vm: &Thread, namespace: &Dict, class: &Str, text: &Str, item: Ref<'_>) -> PyResult {
    let name = str_::intern(vm, mangle(vm, class, text, item)?)?;
    let hash = vm.hash(name.borrow())?;
    let is_special = matches!(text.as_str(), Some("__qualname__" | "__classcell__" | "__classdictcell__"));
    if !is_special && namespace.table.contains(vm, name.borrow(), hash)? {
        let name = vm.repr_string(name.borrow())?;
        return Err(vm.value_error(format_args!("{name} in __slots__ conflicts with class variable")));
    }
    Ok(name)
}

/// `__x` in `class C` is `_C__x`.
fn mangle(vm: &Thread, class: &Str, text: &Str, item: Ref<'_>) -> PyResult {
    let (bytes, class) = (text.as_bytes(), class.as_bytes());
    let start = class.iter().position(|&byte| byte != b'_');
    let is_private = bytes.starts_with(b"__") && !bytes.ends_with(b"__") && !bytes.contains(&b'.');
    match start {
        Some(start) if is_private => {
            let mut mangled = TextBuf::from("_");
            mangled.push_text(crate::text::wtf8::Text::trusted(&class[start..]));
            mangled.push_text(text.text());
            vm.text(mangled.as_text())
        }
        _ => Ok(item.own()),
    }
}

/// How many attributes the methods of a class and its bases set on `self`, as `__static_attributes__` lists them.
pub(super) fn static_attributes(vm: &Thread, class: &Type) -> u32 {
    let mut names: Vec<Owned> = Vec::new();
    for class in class.mro() {
        // Native classes have no such list.
        let namespace = payload_of(class.borrow()).own_namespace();
        let Some(own) = get_str(namespace, vm.names().__static_attributes__.borrow()) else { continue };
        let Some(own) = own.borrow().downcast::<Tuple>() else { continue };
        for name in own.as_slice() {
            if !names.iter().any(|known| known.borrow().is(name.borrow())) {
                names.push(name.clone());
            }
        }
    }
    names.len() as u32
}
