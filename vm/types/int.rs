//! `int`, and its subclass `bool`.
//!
//! Ints of at most 62 bits are immediates; larger ones, and instances of subclasses, are objects with a bigint.

use dashu_int::IBig;

use crate::class;
use crate::native::{TypeDef, TypeFlags};

crate::payload! {
    /// An int that is not an immediate.
    pub struct Int: Int {
        value: IBig,
    }
}

class! { Int => INT; }

impl Int {
    /// The payload of this value; `vm.big_int` decides whether there must be one.
    pub(crate) fn new(value: IBig) -> Self {
        Self { value }
    }

    /// The value.
    pub fn value(&self) -> &IBig {
        &self.value
    }
}

pub(crate) static INT: TypeDef = TypeDef { flags: TypeFlags::BASE, ..TypeDef::new::<Int>("int") };

pub(crate) static BOOL: TypeDef = TypeDef { base: Some(&INT), ..TypeDef::new::<Int>("bool") };
