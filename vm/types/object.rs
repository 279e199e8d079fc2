//! `object`, the base of every class.

use crate::native::{TypeDef, TypeFlags};

crate::payload! {
    /// An object without anything of its own; what it has lies in its instance slots.
    pub struct Instance: Instance {}
}

pub(crate) static OBJECT: TypeDef = TypeDef { flags: TypeFlags::BASE, ..TypeDef::new::<Instance>("object") };
