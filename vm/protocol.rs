//! The abstract operations on objects: what CPython calls the object layer. Each file adds methods to
//! [`Thread`](crate::vm::Thread).

pub mod attribute;
pub mod buffer;
pub mod bytes;
pub mod call;
pub mod conversion;
pub mod create;
pub mod duration;
pub mod format;
pub mod iter;
pub mod number;
pub mod number_error;
pub mod object;
pub mod path;
pub mod sequence;
pub mod slot_functions;
pub mod slots;
