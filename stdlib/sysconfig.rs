//! `_sysconfig`: how the interpreter was built, as far as it knows.

use pyx_vm::exception::PyResult;
use pyx_vm::native::*;
use pyx_vm::value::Owned;
use pyx_vm::vm::Thread;

pub(crate) static SYSCONFIG: ModuleDef = ModuleDef {
    doc: "How the interpreter was built.",
    functions: &[function("config_vars($module, /)", Zero(config_vars), "The variables of the build.")],
    ..ModuleDef::new("_sysconfig")
};

fn config_vars(vm: &Thread) -> PyResult {
    let variables = vm.dict()?;
    for (name, value) in [("Py_GIL_DISABLED", 0), ("Py_DEBUG", 0)] {
        vm.set_item(variables.borrow(), vm.intern(name)?.borrow(), Some(Owned::small_int(value).borrow()))?;
    }
    Ok(variables)
}
