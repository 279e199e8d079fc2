//! Slots of Python classes: the functions that call the dunder.

use crate::exception::PyResult;
use crate::value::Ref;
use crate::vm::Thread;

/// The hash of types that have none: `__hash__ = None`.
pub(crate) fn not_hashable(vm: &Thread, object: Ref<'_>) -> PyResult<i64> {
    Err(vm.type_error(format_args!("unhashable type: '{}'", vm.type_name(object))))
}
