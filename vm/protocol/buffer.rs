//! The buffer protocol: views of an object's memory.

/// A view of an object's memory.
#[derive(Debug)]
pub struct BufferView {}
