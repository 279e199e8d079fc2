//! Unions of types: `int | str`.

use crate::exception::PyResult;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// The members of a union, a tuple; `None` if the object is not one.
pub(crate) fn members(object: Ref<'_>) -> Option<Owned> {
    let _ = object;
    None
}

/// `a | b` for types and what may stand in for them.
pub(crate) fn or(vm: &Thread, a: Ref<'_>, b: Ref<'_>) -> PyResult {
    let _ = (vm, a, b);
    unimplemented!()
}
