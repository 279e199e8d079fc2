//! Weak references.

/// The weak references of an interpreter, by the object they refer to.
#[derive(Default)]
pub(crate) struct WeakTable {}
