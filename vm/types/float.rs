//! `float`.
//!
//! Most floats are immediates; those of extreme size, infinities, nans, and instances of subclasses are objects.

use crate::class;
use crate::native::{TypeDef, TypeFlags};

crate::payload! {
    /// A float that is not an immediate.
    pub struct Float: Float {
        value: f64,
    }
}

class! { Float => FLOAT; }

impl Float {
    /// The payload of this value; `vm.float` decides whether there must be one.
    pub(crate) fn new(value: f64) -> Self {
        Self { value }
    }

    /// The value.
    pub fn value(&self) -> f64 {
        self.value
    }
}

pub(crate) static FLOAT: TypeDef = TypeDef { flags: TypeFlags::BASE, ..TypeDef::new::<Float>("float") };
