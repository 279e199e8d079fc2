//! `types.GenericAlias`: a class with arguments, such as `list[int]`.

use crate::exception::PyResult;
use crate::value::Ref;
use crate::vm::Thread;

/// `origin[arguments]`; the arguments are a tuple, or one of any other kind.
pub fn generic_alias(vm: &Thread, origin: Ref<'_>, arguments: Ref<'_>) -> PyResult {
    let _ = (vm, origin, arguments);
    unimplemented!()
}
