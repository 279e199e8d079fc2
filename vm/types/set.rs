//! `set` and `frozenset`.

use crate::class;
use crate::heap::set::{FrozenSet, Set};
use crate::native::{TypeDef, TypeFlags};

class! { Set => SET; FrozenSet => FROZENSET; }

pub(crate) static SET: TypeDef = TypeDef { flags: TypeFlags::BASE, ..TypeDef::new::<Set>("set") };

pub(crate) static FROZENSET: TypeDef = TypeDef { flags: TypeFlags::BASE, ..TypeDef::new::<FrozenSet>("frozenset") };
