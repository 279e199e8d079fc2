//! The pyx virtual machine: values, heap, frames, builtin types, import and the scheduler.

pub mod format;
pub mod number;
