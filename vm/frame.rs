//! Frames.

/// A thread's frames.
pub(crate) struct FrameStack {}

impl FrameStack {
    pub(crate) fn new() -> Self {
        Self {}
    }
}
