//! `super`.

use crate::class;
use crate::native::{TypeDef, TypeFlags};
use crate::value::Owned;

crate::payload! {
    /// A super object.
    pub struct Super: Native {
        class: Owned,
    }
}

class! { Super => SUPER; }

pub(crate) static SUPER: TypeDef = TypeDef { flags: TypeFlags::BASE, ..TypeDef::new::<Super>("super") };
