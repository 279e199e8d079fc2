//! `list`.

use crate::class;
use crate::heap::Items;
use crate::native::{TypeDef, TypeFlags};

crate::payload! {
    /// A list.
    pub struct List: List {
        pub(crate) items: Items,
    }
}

class! { List => LIST; }

pub(crate) static LIST: TypeDef = TypeDef { flags: TypeFlags::BASE, ..TypeDef::new::<List>("list") };
