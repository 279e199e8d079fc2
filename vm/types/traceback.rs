//! `traceback`: where an exception passed.

use std::cell::Cell;

use crate::class;
use crate::exception::Raised;
use crate::frame::{self, Frame};
use crate::heap::Slot;
use crate::native::TypeDef;
use crate::types::code::Code;
use crate::types::exception::payload;
use crate::value::Owned;
use crate::vm::Thread;

crate::payload! {
    /// One frame that an exception passed, and the next one inwards.
    pub struct Traceback: Traceback {
        pub(crate) next: Slot,
        pub(crate) frame: Owned,
        /// Word index of the instruction.
        pub(crate) word: Cell<i32>,
        /// The line, or -1 to ask the code.
        pub(crate) line: Cell<i32>,
    }
}

class! { Traceback => TRACEBACK; }

pub(crate) static TRACEBACK: TypeDef = TypeDef::new::<Traceback>("traceback");

/// Adds the current instruction of a frame to an exception's traceback; the error of doing so takes its place.
pub(crate) fn extend(vm: &Thread, frame: *mut Frame, raised: Raised) -> Raised {
    extend_at(vm, frame, raised, frame::current_word(frame) as i32, -1)
}

/// Adds the head of a frame's function to an exception's traceback.
pub(crate) fn extend_at_head(vm: &Thread, frame: *mut Frame, code: &Code, raised: Raised) -> Raised {
    extend_at(vm, frame, raised, -1, code.template().first_line)
}

fn extend_at(vm: &Thread, frame: *mut Frame, raised: Raised, word: i32, line: i32) -> Raised {
    let exception = payload(raised.exception());
    let made = frame::frame_object(vm, frame).and_then(|object| {
        vm.new_object(Traceback {
            next: Slot::from_option(exception.traceback()),
            frame: object,
            word: Cell::new(word),
            line: Cell::new(line),
        })
    });
    match made {
        Ok(traceback) => {
            exception.set_traceback(Some(traceback));
            raised
        }
        Err(other) => other,
    }
}
