//! `dict`.

use crate::class;
use crate::heap::dict::Dict;
use crate::native::{TypeDef, TypeFlags};

class! { Dict => DICT; }

pub(crate) static DICT: TypeDef = TypeDef { flags: TypeFlags::BASE, ..TypeDef::new::<Dict>("dict") };
