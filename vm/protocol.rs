//! The abstract operations on objects: what CPython calls the object layer. Each file adds methods to
//! [`Thread`](crate::vm::Thread).

pub mod attribute;
pub mod buffer;
pub mod call;
pub mod create;
pub mod iter;
pub mod number;
pub mod object;
pub mod sequence;
pub mod slot_functions;
pub mod slots;
