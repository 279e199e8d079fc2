//! `frame`: a frame as Python sees it.

use std::cell::Cell;

use crate::class;
use crate::frame::Frame;
use crate::heap::{Items, Slot};
use crate::native::{TypeDef, TypeFlags};

crate::payload! {
    /// The Python face of a frame. While the frame runs it points there; when the frame is left while somebody holds this
    /// object, the object takes the frame over, registers intact.
    pub struct FrameObject: Frame {
        pub(crate) frame: Cell<FramePointer>,
        /// The caller's frame object, once the frame is over.
        pub(crate) back: Slot,
        pub(crate) trace: Slot,
        pub(crate) trace_lines: Cell<bool>,
        pub(crate) trace_opcodes: Cell<bool>,
        /// Old values of locals written through `f_locals`: operands may still borrow them until the frame leaves.
        pub(crate) parked: Items,
        /// Names that `f_locals` added beyond the frame's locals: a dict, or empty.
        pub(crate) extra_locals: Slot,
    }
}

class! { FrameObject => FRAME; }

/// The frame behind a frame object.
#[derive(Clone, Copy)]
pub(crate) struct FramePointer {
    pub(crate) frame: *mut Frame,
    /// Whether the frame is over and belongs to the object.
    pub(crate) owned: bool,
}

pub(crate) static FRAME: TypeDef =
    TypeDef { flags: TypeFlags { no_new: true, ..TypeFlags::NONE }, ..TypeDef::new::<FrameObject>("frame") };
