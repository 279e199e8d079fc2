//! The newest entry of an exception's traceback, as long as nobody looks.
//!
//! Most exceptions are caught in the function that raised them, by a handler that does not ask where they came from. So
//! when an exception passes a frame, the exception only notes the frame and the instruction, and the frame notes the
//! exception in the place of its frame object. The entry and the frame object are made when somebody asks for either, or
//! when the frame is left; if the exception ends first, they never are.
//!
//! # Safety model
//!
//! A link is mutual: an exception whose `unseen.frame` is set is what that frame's `object` names, and the other way
//! round. Neither owns the other: a frame is not freed before its link was settled, and an exception that ends takes its
//! link away.
#![expect(unsafe_code, reason = "links frames and exceptions")]

use std::cell::Cell;
use std::ptr;

use super::Frame;
use crate::heap::Kind;
use crate::types::exception::{is_exception, payload};
use crate::types::traceback;
use crate::value::{Ref, Value};
use crate::vm::Thread;

/// An exception's half of the link.
pub(crate) struct Unseen {
    /// The frame that the exception passed last, or null.
    frame: Cell<*mut Frame>,
    /// The word index of the instruction there.
    word: Cell<u32>,
}

crate::untraced!(Unseen);

impl Unseen {
    pub(crate) const fn none() -> Self {
        Self { frame: Cell::new(ptr::null_mut()), word: Cell::new(0) }
    }

    /// Whether there is an entry that nobody has seen.
    pub(crate) fn is_some(&self) -> bool {
        !self.frame.get().is_null()
    }

    /// Takes the link away; the frame and the word that it named.
    pub(crate) fn unlink(&self) -> Option<(*mut Frame, u32)> {
        let frame = self.frame.replace(ptr::null_mut());
        if frame.is_null() {
            return None;
        }
        // SAFETY: a linked frame is alive.
        unsafe { (*frame).object = Value::NULL };
        Some((frame, self.word.get()))
    }
}

impl Drop for Unseen {
    fn drop(&mut self) {
        self.unlink();
    }
}

/// Notes that an exception without an unseen entry passes the current instruction of a frame; false if the frame has an
/// object already, or a link to another exception.
pub(crate) fn link(frame: *mut Frame, exception: Ref<'_>) -> bool {
    // SAFETY: callers pass a live frame.
    unsafe {
        if !(*frame).object.is_null() {
            return false;
        }
        let unseen = payload(exception).unseen();
        debug_assert!(!unseen.is_some(), "the caller has settled the entry before");
        unseen.frame.set(frame);
        unseen.word.set(Frame::word_index(frame));
        (*frame).object = exception.value();
        true
    }
}

/// Makes the entry that a frame's exception has not shown yet. Afterwards the frame's `object` is NULL or a frame object.
#[cold]
#[inline(never)]
pub(super) fn settle(vm: &Thread, frame: *mut Frame) {
    // SAFETY: callers pass a live frame; the memory of what it names is intact.
    let (object, ends) =
        unsafe { (Ref::from_value((*frame).object), (*(*frame).object.header()).references() == 0) };
    if !is_exception(object) {
        return;
    }
    if ends {
        // Its drop waits for others; nobody will see the entry.
        payload(object).unseen().unlink();
    } else {
        traceback::settle(vm, object.own().borrow());
    }
}

/// Whether a frame's `object`, which is not NULL, is its frame object.
pub(super) fn is_frame_object(object: Ref<'_>) -> bool {
    object.kind() == Kind::Frame
}
