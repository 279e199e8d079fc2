//! Import and display hooks.

use crate::exception::{PyResult, Raised};
use crate::heap::dict::Dict;
use crate::value::{Owned, Ref};
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

impl Thread {
    /// An attribute of the module `sys`; `None` if it is missing, or there is no `sys` yet.
    pub(crate) fn sys_attribute(&self, name: &Owned) -> PyResult<Option<Owned>> {
        let Some(sys) = self.interpreter().sys.get() else { return Ok(None) };
        let dict = sys.borrow().downcast::<Dict>().expect("sys's dict");
        dict.table.get(self, name.borrow(), self.hash(name.borrow())?)
    }
}
