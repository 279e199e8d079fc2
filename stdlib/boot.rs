//! How Python comes to life: `builtins` and `sys`, then importlib, then what importlib can import.
//!
//! The order is CPython's. `_frozen_importlib` runs from the archive in a bare namespace and installs itself: first for native and frozen
//! modules, then for files. From there on every module comes by `import`: the codecs, the streams, `__main__`, `site`.

use pyx_vm::exception::PyResult;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

use crate::{MODULES, imp};

/// Starts an interpreter's Python side.
pub fn boot(vm: &Thread) -> PyResult<()> {
    vm.install_modules(MODULES);
    let builtins = vm.make_builtins()?;
    vm.add_single_module("builtins", builtins);
    let sys = vm.imported_native("sys")?;
    vm.add_single_module("sys", sys.clone());
    if ["_io", "_thread", "_warnings", "_codecs"].iter().any(|name| vm.native_module(name).is_none()) {
        // Programs without imports run already.
        return vm.added_module(vm.names().__main__.borrow()).map(drop);
    }
    start_importlib(vm, sys.borrow())?;
    start_files(vm)?;
    // From here on SIGINT interrupts.
    vm.imported_native("_signal")?;
    vm.import_module(&vm.intern("encodings")?)?;
    make_main(vm)
}

/// The module `__main__`, in which programs run.
fn make_main(vm: &Thread) -> PyResult<()> {
    let main = vm.added_module(vm.names().__main__.borrow())?;
    let set = |name: &Owned, value: Ref<'_>| vm.set_attr(main.borrow(), name.borrow(), Some(value));
    let builtins = vm.single_module("builtins").unwrap_or_else(Owned::none);
    set(&vm.names().__builtins__, builtins.borrow())?;
    let importlib = vm.import_module(&vm.intern("_frozen_importlib")?)?;
    let importer = vm.get_attr(importlib.borrow(), vm.intern("BuiltinImporter")?.borrow())?;
    set(&vm.names().__loader__, importer.borrow())
}

/// Runs `_frozen_importlib`, which from then on does the imports.
fn start_importlib(vm: &Thread, sys: Ref<'_>) -> PyResult<()> {
    let importlib = run_frozen(vm, "_frozen_importlib")?;
    vm.set_importlib(importlib.clone());
    let imp = vm.imported_native("_imp")?;
    vm.call_method(importlib.borrow(), &vm.intern("_install")?, &[sys, imp.borrow()])?;
    vm.call_method(importlib.borrow(), &vm.intern("_install_external_importers")?, &[])?;
    Ok(())
}

fn run_frozen(vm: &Thread, name: &str) -> PyResult {
    let module = vm.added_module(vm.intern(name)?.borrow())?;
    let namespace = vm.get_attr(module.borrow(), vm.names().__dict__.borrow())?;
    let builtins = vm.builtins_dict().unwrap_or_else(Owned::none);
    vm.set_item(namespace.borrow(), vm.names().__builtins__.borrow(), Some(builtins.borrow()))?;
    vm.run_code(imp::frozen_code(vm, name)?, namespace.clone(), namespace, None)?;
    Ok(module)
}

/// Makes archives importable, before everything else that could claim a path.
fn start_files(vm: &Thread) -> PyResult<()> {
    let zipimport = vm.import_module(&vm.intern("zipimport")?)?;
    let importer = vm.get_attr(zipimport.borrow(), vm.intern("zipimporter")?.borrow())?;
    if let Some(hooks) = vm.sys_get("path_hooks")? {
        let first = Owned::small_int(0);
        vm.call_method(hooks.borrow(), &vm.intern("insert")?, &[first.borrow(), importer.borrow()])?;
    }
    Ok(())
}
