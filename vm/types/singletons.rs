//! The classes of `None`, `...` and `NotImplemented`.

use crate::native::TypeDef;
use crate::types::object::Instance;

pub(crate) static NONE_TYPE: TypeDef = TypeDef::new::<Instance>("NoneType");

pub(crate) static ELLIPSIS: TypeDef = TypeDef::new::<Instance>("ellipsis");

pub(crate) static NOT_IMPLEMENTED_TYPE: TypeDef = TypeDef::new::<Instance>("NotImplementedType");
