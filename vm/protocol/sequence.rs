//! Items of sequences and mappings.

use crate::exception::PyResult;
use crate::value::Ref;
use crate::vm::Thread;

impl Thread {
    /// `object[key]`
    pub fn get_item(&self, object: Ref<'_>, key: Ref<'_>) -> PyResult {
        let _ = (object, key);
        unimplemented!()
    }

    /// `object[key] = value`, or `del object[key]` without a value.
    pub fn set_item(&self, object: Ref<'_>, key: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
        let _ = (object, key, value);
        unimplemented!()
    }

    /// `item in container`
    pub fn contains(&self, container: Ref<'_>, item: Ref<'_>) -> PyResult<bool> {
        let _ = (container, item);
        unimplemented!()
    }

    /// `object[start:stop]`; the bounds are values, None where absent.
    pub fn get_slice(&self, object: Ref<'_>, start: Ref<'_>, stop: Ref<'_>) -> PyResult {
        let _ = (object, start, stop);
        unimplemented!()
    }
}
