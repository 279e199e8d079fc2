//! Iteration.

use crate::exception::PyResult;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

impl Thread {
    /// `iter(object)`
    pub fn iter(&self, object: Ref<'_>) -> PyResult {
        let _ = object;
        unimplemented!()
    }

    /// The next item of an iterator; `None` at its end.
    pub fn next(&self, iterator: Ref<'_>) -> PyResult<Option<Owned>> {
        let _ = iterator;
        unimplemented!()
    }

    /// Calls `each` with every item of an iterable, until it breaks off with an error.
    pub fn iterate(&self, iterable: Ref<'_>, each: &mut dyn FnMut(Owned) -> PyResult<()>) -> PyResult<()> {
        let _ = (iterable, each);
        unimplemented!()
    }

    /// All items of an iterable.
    pub fn collect(&self, iterable: Ref<'_>) -> PyResult<Vec<Owned>> {
        let _ = iterable;
        unimplemented!()
    }

    /// `operator.length_hint(object, default)`
    pub fn length_hint(&self, object: Ref<'_>, default: usize) -> PyResult<usize> {
        let _ = (object, default);
        unimplemented!()
    }

    /// `iter(callable, sentinel)`
    pub fn callable_iterator(&self, callable: Ref<'_>, sentinel: Ref<'_>) -> PyResult {
        let _ = (callable, sentinel);
        unimplemented!()
    }

    /// The iterator of a sequence that has only `__getitem__`.
    pub(crate) fn sequence_iterator(&self, sequence: Ref<'_>) -> PyResult {
        let _ = sequence;
        unimplemented!()
    }

    /// `item in iterable`, by looking at each item.
    pub(crate) fn contains_by_iteration(&self, iterable: Ref<'_>, item: Ref<'_>) -> PyResult<bool> {
        let _ = (iterable, item);
        unimplemented!()
    }
}
