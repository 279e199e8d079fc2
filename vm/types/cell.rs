//! `cell`: a variable shared between a function and the functions inside it.

use crate::class;
use crate::heap::Slot;
use crate::native::TypeDef;

crate::payload! {
    /// A cell.
    pub struct Cell: Cell {
        /// The variable; empty while it is unbound.
        pub(crate) content: Slot,
    }
}

class! { Cell => CELL; }

pub(crate) static CELL: TypeDef = TypeDef::new::<Cell>("cell");
