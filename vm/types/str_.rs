//! `str`.

use crate::class;
use crate::exception::PyResult;
use crate::heap::inline::Str;
use crate::native::{TypeDef, TypeFlags};
use crate::value::Owned;
use crate::vm::Thread;

class! { Str => STR; }

pub(crate) static STR: TypeDef = TypeDef { flags: TypeFlags::BASE, ..TypeDef::new::<Str>("str") };

/// The interned strings of an interpreter; it does not own them.
#[derive(Default)]
pub(crate) struct InternTable {}

/// The interned str equal to this one, which becomes it if there is none.
pub(crate) fn intern(vm: &Thread, text: Owned) -> PyResult {
    let _ = (vm, text);
    unimplemented!()
}
