//! What every object can be asked: text forms, hash, comparison, truth, length, class membership.

use crate::exception::PyResult;
use crate::heap::dict::is_exact_str;
use crate::heap::inline::Str;
use crate::protocol::slots::CompareOp;
use crate::value::Ref;
use crate::vm::Thread;

impl Thread {
    /// `repr(object)`: a str.
    pub fn repr(&self, object: Ref<'_>) -> PyResult {
        let _ = object;
        unimplemented!()
    }

    /// `str(object)`: a str.
    pub fn to_str(&self, object: Ref<'_>) -> PyResult {
        let _ = object;
        unimplemented!()
    }

    /// `ascii(object)`: a str.
    pub fn ascii(&self, object: Ref<'_>) -> PyResult {
        let _ = object;
        unimplemented!()
    }

    /// `repr(object)` as Rust text, for messages.
    pub fn repr_string(&self, object: Ref<'_>) -> PyResult<String> {
        let _ = object;
        unimplemented!()
    }

    /// `format(object, spec)`: a str. No spec is the empty one.
    pub fn format(&self, object: Ref<'_>, spec: Option<Ref<'_>>) -> PyResult {
        let _ = (object, spec);
        unimplemented!()
    }

    /// `hash(object)`
    pub fn hash(&self, object: Ref<'_>) -> PyResult<i64> {
        if let Some(text) = object.downcast::<Str>().filter(|_| is_exact_str(object.value())) {
            return Ok(crate::types::str_::hash(self, text));
        }
        unimplemented!()
    }

    /// `a <op> b`
    pub fn compare(&self, a: Ref<'_>, b: Ref<'_>, op: CompareOp) -> PyResult {
        let _ = (a, b, op);
        unimplemented!()
    }

    /// The truth of `a <op> b`; identical objects are equal without asking them, as containers want it.
    pub fn compare_truth(&self, a: Ref<'_>, b: Ref<'_>, op: CompareOp) -> PyResult<bool> {
        let _ = (a, b, op);
        unimplemented!()
    }

    /// Whether `a is b or a == b`.
    #[inline]
    pub fn equal(&self, a: Ref<'_>, b: Ref<'_>) -> PyResult<bool> {
        if a.is(b) { Ok(true) } else { self.compare_truth(a, b, CompareOp::Eq) }
    }

    /// `bool(object)`
    pub fn is_true(&self, object: Ref<'_>) -> PyResult<bool> {
        let _ = object;
        unimplemented!()
    }

    /// `len(object)`
    pub fn length(&self, object: Ref<'_>) -> PyResult<usize> {
        let _ = object;
        unimplemented!()
    }

    /// `isinstance(object, class)`; the class may be a tuple or a union.
    pub fn is_instance(&self, object: Ref<'_>, class: Ref<'_>) -> PyResult<bool> {
        let _ = (object, class);
        unimplemented!()
    }

    /// `issubclass(class, other)`
    pub fn is_subclass(&self, class: Ref<'_>, other: Ref<'_>) -> PyResult<bool> {
        let _ = (class, other);
        unimplemented!()
    }

    /// Notes that the repr of a container begins; false if it is under way already, the container being in itself.
    pub fn repr_enter(&self, object: Ref<'_>) -> bool {
        let _ = object;
        unimplemented!()
    }

    /// Ends what a successful `repr_enter` began.
    pub fn repr_leave(&self, object: Ref<'_>) {
        let _ = object;
        unimplemented!()
    }
}
