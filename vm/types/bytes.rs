//! `bytes`.

use crate::class;
use crate::heap::inline::Bytes;
use crate::native::{TypeDef, TypeFlags};

class! { Bytes => BYTES; }

pub(crate) static BYTES: TypeDef = TypeDef { flags: TypeFlags::BASE, ..TypeDef::new::<Bytes>("bytes") };
