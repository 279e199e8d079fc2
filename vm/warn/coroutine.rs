//! Warnings about coroutines that nobody awaits.

use crate::exception::PyResult;
use crate::types::generator::suspended;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// Warns that a coroutine was never awaited. `warnings._warn_unawaited_coroutine` words it, if the library is up and
/// that works.
pub(crate) fn never_awaited(vm: &Thread, coroutine: Ref<'_>) {
    let ignore =
        |raised| vm.unraisable_about(raised, "Exception ignored while finalizing coroutine", coroutine);
    match warn_by_library(vm, coroutine) {
        Ok(true) => return,
        Ok(false) => {}
        // A warning that a filter made an exception is a warning too.
        Err(raised) if raised.is(&vm.exceptions().RuntimeWarning) => return ignore(raised),
        Err(raised) => ignore(raised),
    }
    if let Err(raised) = warn(vm, coroutine) {
        ignore(raised);
    }
}

/// Has the library warn; whether it could.
fn warn_by_library(vm: &Thread, coroutine: Ref<'_>) -> PyResult<bool> {
    let name = vm.names().warnings.clone();
    let Some(warnings) = vm.loaded_module(&name)? else { return Ok(false) };
    let hook = vm.intern("_warn_unawaited_coroutine")?;
    let Some(hook) = vm.get_attr_opt(warnings.borrow(), hook.borrow())? else { return Ok(false) };
    vm.call(hook.borrow(), &[coroutine])?;
    Ok(true)
}

fn warn(vm: &Thread, coroutine: Ref<'_>) -> PyResult<()> {
    let qualname: Owned = suspended(coroutine).expect("a coroutine").qualname.get_or_none();
    let qualname = vm.repr_string(qualname.borrow())?;
    let qualname = qualname.trim_matches('\'');
    vm.warn(&vm.exceptions().RuntimeWarning, &format!("coroutine '{qualname}' was never awaited"))
}

/// Warns that an awaitable of an async generator was never awaited.
pub(crate) fn method_never_awaited(vm: &Thread, method: &str, generator: Ref<'_>) {
    let qualname = suspended(generator).expect("an async generator").qualname.get_or_none();
    let result = vm.repr_string(qualname.borrow()).and_then(|name| {
        let message = format!("coroutine method '{method}' of {name} was never awaited");
        vm.warn(&vm.exceptions().RuntimeWarning, &message)
    });
    if let Err(raised) = result {
        vm.unraisable_about(raised, "Exception ignored while finalizing async generator", generator);
    }
}
