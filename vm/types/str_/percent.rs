//! `%`.

use crate::exception::PyResult;
use crate::format::percent::Flavour;
use crate::heap::inline::Str;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

pub(super) fn remainder(vm: &Thread, left: Ref<'_>, right: Ref<'_>) -> PyResult {
    let Some(format) = left.downcast::<Str>() else { return Ok(Owned::not_implemented()) };
    vm.check_stack()?;
    let mut text = vm.scratch.take();
    crate::types::percent::format(vm, Flavour::Text, format.as_bytes(), right, text.bytes_mut())?;
    // Where nothing is replaced the result is the format itself, of a subclass perhaps.
    if memchr::memchr(b'%', format.as_bytes()).is_none() {
        return Ok(left.own());
    }
    vm.text(text.as_text())
}
