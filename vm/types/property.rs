//! `property`.

use crate::class;
use crate::heap::Slot;
use crate::native::TypeDef;
use crate::value::Owned;

crate::payload! {
    /// A property.
    pub struct Property: Property {
        getter: Slot,
    }
}

class! { Property => PROPERTY; }

pub(crate) static PROPERTY: TypeDef = TypeDef::new::<Property>("property");

impl Property {
    /// The getter function.
    pub(crate) fn getter(&self) -> Option<Owned> {
        self.getter.get()
    }
}
