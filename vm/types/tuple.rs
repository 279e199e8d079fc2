//! `tuple`.

use crate::class;
use crate::heap::inline::Tuple;
use crate::native::{TypeDef, TypeFlags};

class! { Tuple => TUPLE; }

pub(crate) static TUPLE: TypeDef = TypeDef { flags: TypeFlags::BASE, ..TypeDef::new::<Tuple>("tuple") };
