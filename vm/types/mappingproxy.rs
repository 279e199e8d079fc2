//! `mappingproxy`: a read-only view of a mapping.

use crate::exception::PyResult;
use crate::value::Ref;
use crate::vm::Thread;

/// A read-only view of a mapping.
pub(crate) fn mapping_proxy(vm: &Thread, mapping: Ref<'_>) -> PyResult {
    let _ = (vm, mapping);
    unimplemented!()
}
