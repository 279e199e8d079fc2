//! `str`.

use crate::class;
use crate::exception::PyResult;
use crate::heap::flag;
use crate::heap::inline::Str;
use crate::native::{TypeDef, TypeFlags};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

class! { Str => STR; }

pub(crate) static STR: TypeDef = TypeDef { flags: TypeFlags::BASE, ..TypeDef::new::<Str>("str") };

/// The interned str equal to this one, which becomes it if there is none. A str of a subclass gives one of class str.
pub(crate) fn intern(vm: &Thread, text: Owned) -> PyResult {
    let Some(header) = text.borrow().header() else { unreachable!("a str is an object") };
    if header.has(flag::INTERNED) {
        return Ok(text);
    }
    let payload = text.borrow().downcast::<Str>().expect("a str");
    let table = &vm.interpreter().interned;
    if let Some(interned) = table.find(payload.as_bytes(), hash(vm, payload)) {
        return Ok(interned);
    }
    if header.has(flag::SUBCLASS) {
        let exact = vm.text(payload.text())?;
        return intern(vm, exact);
    }
    table.insert(text.borrow());
    Ok(text)
}

/// The interned str equal to this one, if there is one.
#[inline]
pub(crate) fn find_interned(vm: &Thread, text: Ref<'_>) -> Option<Owned> {
    if text.header()?.has(flag::INTERNED) {
        return Some(text.own());
    }
    let payload = text.downcast::<Str>()?;
    vm.interpreter().interned.find(payload.as_bytes(), hash(vm, payload))
}

/// The hash of a str, which is then cached.
#[inline]
pub(crate) fn hash(vm: &Thread, text: &Str) -> i64 {
    match text.cached_hash() {
        0 => compute_hash(vm, text),
        hash => hash,
    }
}

/// 0 for the empty str only, and never -1, as in CPython.
#[inline(never)]
fn compute_hash(vm: &Thread, text: &Str) -> i64 {
    if text.is_empty() {
        return 0;
    }
    let hash = match vm.interpreter().hash_keys.hash_one(text.as_bytes()) as i64 {
        0 | -1 => -2,
        hash => hash,
    };
    text.set_hash(hash);
    hash
}
