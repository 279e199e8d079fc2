//! The buffer protocol: views of an object's memory.

/// A view of an object's memory.
#[derive(Debug)]
pub struct BufferView {}

use crate::exception::PyResult;
use crate::heap::Kind;
use crate::heap::inline::Bytes;
use crate::value::Ref;
use crate::vm::Thread;

impl Thread {
    /// Whether the object shows its memory: it is bytes-like.
    pub fn exports_buffer(&self, object: Ref<'_>) -> bool {
        object.kind() == Kind::Bytes || self.slots(object).buffer.get().is_some()
    }

    /// A copy of the bytes of a bytes-like object.
    pub fn copy_bytes_like(&self, object: Ref<'_>) -> PyResult<Vec<u8>> {
        match object.downcast::<Bytes>() {
            Some(bytes) => Ok(bytes.as_bytes().to_vec()),
            None => {
                let got = self.type_name(object);
                Err(self.type_error(format_args!("a bytes-like object is required, not '{got}'")))
            }
        }
    }
}

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
