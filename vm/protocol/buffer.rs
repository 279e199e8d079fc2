//! The buffer protocol: views of an object's memory.

/// A view of an object's memory.
#[derive(Debug)]
pub struct BufferView {}

use crate::exception::PyResult;
use crate::value::Ref;
use crate::vm::Thread;

/// `object.__buffer__(flags)` of a native type: a memoryview.
pub(crate) fn dunder_buffer(vm: &Thread, object: Ref<'_>, flags: Ref<'_>) -> PyResult {
    let _ = (vm, object, flags);
    unimplemented!()
}

/// `object.__release_buffer__(view)` of a native type.
pub(crate) fn dunder_release_buffer(vm: &Thread, object: Ref<'_>, view: Ref<'_>) -> PyResult {
    let _ = (vm, object, view);
    unimplemented!()
}

/// The slot of classes that define `__buffer__` in Python.
pub(crate) fn call_dunder(vm: &Thread, object: Ref<'_>, flags: u32) -> PyResult<BufferView> {
    let _ = (vm, object, flags);
    unimplemented!()
}
