//! Warnings about coroutines that nobody awaits.

use crate::exception::PyResult;
use crate::types::generator::suspended;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// Warns that a coroutine was never awaited. `warnings._warn_unawaited_coroutine` words it, once the library is up.
pub(crate) fn never_awaited(vm: &Thread, coroutine: Ref<'_>) {
    if let Err(raised) = warn(vm, coroutine) {
        vm.unraisable_about(raised, "Exception ignored while finalizing coroutine", coroutine);
    }
}

fn warn(vm: &Thread, coroutine: Ref<'_>) -> PyResult<()> {
    let name = vm.names().warnings.clone();
    if let Some(warnings) = vm.loaded_module(&name)? {
        let hook = vm.intern("_warn_unawaited_coroutine")?;
        if let Some(hook) = vm.get_attr_opt(warnings.borrow(), hook.borrow())? {
            return vm.call(hook.borrow(), &[coroutine]).map(drop);
        }
    }
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
