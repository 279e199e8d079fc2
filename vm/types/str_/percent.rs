//! `%`.

use crate::exception::PyResult;
use crate::format::percent::Flavour;
use crate::heap::inline::Str;
use crate::text::wtf8::Text;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

pub(super) fn remainder(vm: &Thread, left: Ref<'_>, right: Ref<'_>) -> PyResult {
    let Some(format) = left.downcast::<Str>() else { return Ok(Owned::not_implemented()) };
    vm.check_stack()?;
    let text = crate::types::percent::format(vm, Flavour::Text, format.as_bytes(), right)?;
    // Where nothing is replaced the result is the format itself, of a subclass perhaps.
    if memchr::memchr(b'%', format.as_bytes()).is_none() {
        return Ok(left.own());
    }
    vm.text(Text::trusted(&text))
}
