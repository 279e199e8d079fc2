//! Hashes of what is to be a dict's key or a set's element.

use std::fmt::Display;

use crate::exception::{PyResult, Raised};
use crate::heap::dict::is_exact_str;
use crate::heap::inline::Str;
use crate::heap::lookup;
use crate::number::{self, IntRef};
use crate::types::type_::payload_of;
use crate::value::Ref;
use crate::vm::Thread;

/// What an object is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    DictKey,
    SetElement,
}

/// The hash of a dict's key.
#[inline(always)]
pub(crate) fn dict_hash(vm: &Thread, key: Ref<'_>) -> PyResult<i64> {
    hash(vm, key, Role::DictKey)
}

/// The hash of a set's element.
#[inline(always)]
pub(crate) fn set_hash(vm: &Thread, element: Ref<'_>) -> PyResult<i64> {
    hash(vm, element, Role::SetElement)
}

#[inline(always)]
fn hash(vm: &Thread, key: Ref<'_>, role: Role) -> PyResult<i64> {
    if let Some(hash) = known_hash(key) {
        return Ok(hash);
    }
    vm.hash(key).map_err(|raised| unhashable(vm, key, raised, role))
}

impl Thread {
    /// The hash of a dict's key; what is wrong with one is said in terms of keys.
    pub fn key_hash(&self, key: Ref<'_>) -> PyResult<i64> {
        dict_hash(self, key)
    }
}

/// `hash(value)`, with the shortcut that keys have.
#[inline]
pub(crate) fn hash_of(vm: &Thread, value: Ref<'_>) -> PyResult<i64> {
    known_hash(value).map_or_else(|| vm.hash(value), Ok)
}

/// The hash of what is hashed most: small ints, and strs that have been hashed before.
#[inline(always)]
fn known_hash(key: Ref<'_>) -> Option<i64> {
    if let Some(int) = key.as_small_int() {
        // Below the modulus, an int is its own hash, but for the one that is no hash.
        return Some(match int {
            -1 => -2,
            _ if int.unsigned_abs() < number::hash::MODULUS => int,
            _ => number::hash::int(IntRef::Small(int)),
        });
    }
    if !is_exact_str(key.value()) {
        return None;
    }
    let hash = key.downcast::<Str>()?.cached_hash();
    (hash != 0).then_some(hash)
}

/// A TypeError of hashing says what the object was wanted for; other errors stay as they are.
#[cold]
fn unhashable(vm: &Thread, key: Ref<'_>, raised: Raised, role: Role) -> Raised {
    if !vm.class(raised.exception()).is(vm.exceptions().TypeError.borrow()) {
        return raised;
    }
    let reason = match vm.str_string(raised.exception()) {
        Ok(reason) => reason,
        Err(raised) => return raised,
    };
    let role = match role {
        Role::DictKey => "a dict key",
        Role::SetElement => "a set element",
    };
    vm.type_error(format_args!("cannot use '{}' as {role} ({reason})", full_type_name(vm, key)))
}

/// The name of a value's class with its module, unless that is `builtins` or `__main__`.
pub(crate) fn full_type_name(vm: &Thread, value: Ref<'_>) -> String {
    let class = vm.class(value);
    let payload = payload_of(class);
    let text = |value: crate::value::Owned| {
        value.borrow().downcast::<Str>().map(|text| text.to_string_lossy().into_owned())
    };
    let module = if payload.is_heap_type() {
        lookup::get_str(payload.namespace(vm), vm.names().__module__.borrow()).and_then(text)
    } else {
        Some(payload.def.0.module.to_owned())
    };
    let name = payload.qualname.get().and_then(text).unwrap_or_else(|| vm.class_name(class));
    match module.as_deref() {
        None | Some("builtins" | "__main__") => name,
        Some(module) => qualified(module, &name),
    }
}

fn qualified(module: impl Display, name: impl Display) -> String {
    format!("{module}.{name}")
}
