//! The pyx virtual machine: values, heap, frames, builtin types, import and the scheduler.

pub mod arguments;
pub mod bootstrap;
pub mod builtins;
pub mod codecs;
pub mod eval;
pub mod exception;
mod finalize;
pub mod format;
mod frame;
pub mod heap;
mod import;
pub mod names;
pub mod native;
pub mod number;
pub mod protocol;
mod report;
mod signal;
pub mod stack;
pub mod suggestion;
pub mod text;
mod traceback;
pub mod types;
pub mod value;
pub mod vm;
mod warn;
mod weak;
