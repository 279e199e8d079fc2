//! How Python comes to life: `builtins` and `sys`, then importlib, then what importlib can import.
//!
//! The order is CPython's. `_frozen_importlib` runs from the archive in a bare namespace and installs itself: first for native and frozen
//! modules, then for files. From there on every module comes by `import`: the codecs, the streams, `__main__`, `site`.

use pyx_vm::exception::PyResult;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

use crate::io::standard::{StandardFiles, make_standard_files};
use crate::{MODULES, imp, library};

/// Starts an interpreter's Python side.
pub fn boot(vm: &Thread) -> PyResult<()> {
    vm.install_modules(MODULES);
    let builtins = vm.make_builtins()?;
    vm.add_single_module("builtins", builtins);
    let sys = vm.imported_native("sys")?;
    vm.add_single_module("sys", sys.clone());
    library::show_sources(vm);
    start_importlib(vm, sys.borrow())?;
    start_files(vm)?;
    // From here on SIGINT interrupts.
    vm.import_module(&vm.intern("_signal")?)?;
    vm.import_module(&vm.intern("encodings")?)?;
    make_streams(vm)?;
    make_main(vm)?;
    if !vm.config().warn_options.is_empty() {
        // The filters of the command line are for this module to read.
        vm.import_module(&vm.names().warnings)?;
    }
    Ok(())
}

/// Makes the standard streams, as the settings and `PYTHONIOENCODING` have them.
fn make_streams(vm: &Thread) -> PyResult<()> {
    let config = vm.config();
    let variable = std::env::var("PYTHONIOENCODING").ok().filter(|_| !config.ignore_environment);
    let options = StandardFiles::new(!config.unbuffered, config.utf8_mode, variable.as_deref());
    vm.import_module(&vm.intern("io")?)?;
    make_standard_files(vm, &options)
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
    let importlib = imp::run_frozen(vm, "_frozen_importlib")?;
    vm.set_importlib(importlib.clone());
    let imp = vm.imported_native("_imp")?;
    vm.call_method(importlib.borrow(), &vm.intern("_install")?, &[sys, imp.borrow()])?;
    vm.call_method(importlib.borrow(), &vm.intern("_install_external_importers")?, &[])?;
    Ok(())
}

/// Makes archives importable. Only the embedded library claims paths before that: nothing looks for its files then.
fn start_files(vm: &Thread) -> PyResult<()> {
    let zipimport = vm.import_module(&vm.intern("zipimport")?)?;
    let importer = vm.get_attr(zipimport.borrow(), vm.intern("zipimporter")?.borrow())?;
    if let Some(hooks) = vm.sys_get("path_hooks")? {
        let place = Owned::small_int(1);
        vm.call_method(hooks.borrow(), &vm.intern("insert")?, &[place.borrow(), importer.borrow()])?;
    }
    Ok(())
}
