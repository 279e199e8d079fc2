//! `traceback`: where an exception passed.

use std::cell::Cell;

use crate::class;
use crate::heap::Slot;
use crate::native::TypeDef;
use crate::value::Owned;

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
