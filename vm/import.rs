//! Import and display hooks.

use crate::exception::{PyResult, Raised};
use crate::value::Ref;
use crate::vm::Thread;

/// The ImportError of `from module import name`.
pub(crate) fn cannot_import(vm: &Thread, module: Ref<'_>, name: Ref<'_>) -> Raised {
    let _ = module;
    let name = vm.repr_string(name).unwrap_or_default();
    vm.import_error(format_args!("cannot import name {name}"))
}

/// Shows a value as the prompt does: calls `sys.displayhook`.
pub(crate) fn display(vm: &Thread, value: Ref<'_>) -> PyResult<()> {
    let _ = (vm, value);
    unimplemented!()
}
