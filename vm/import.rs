//! Import: `__import__`, `sys.modules`, and the table of native modules.
//!
//! The work is importlib's, whose `_bootstrap` runs on this interpreter like on any other: [`import`] looks into
//! `sys.modules` first and calls `_find_and_load` for what is not there. Native modules are made on demand from the
//! tables that the crates install; `_imp` offers them to importlib.

mod blame;
mod relative;
mod timing;
mod trim;

use std::cell::{Cell, RefCell};

pub(crate) use blame::cannot_import;

use crate::config::Config;
use crate::eval::names::lookup_mapping;
use crate::exception::PyResult;
use crate::heap::dict::Dict;
use crate::heap::inline::Str;
use crate::native::ModuleDef;
use crate::reentrant::ReentrantLock;
use crate::types::module::Module;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// What an interpreter knows of import beyond `sys.modules`.
#[derive(Default)]
pub struct ImportState {
    lock: ReentrantLock,
    frozen: Cell<FrozenOverride>,
    timing: timing::Timing,
    /// `builtins` and `sys`, of which there is one each.
    single: RefCell<Vec<(&'static str, Owned)>>,
}

/// `_imp._override_frozen_modules_for_tests`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FrozenOverride {
    /// As the command line says.
    #[default]
    None,
    /// Use frozen modules.
    Use,
    /// Use only those that import needs itself.
    Avoid,
}

impl ImportState {
    /// Takes the import lock, which one thread may take several times. Waits for other threads.
    pub fn acquire_lock(&self, vm: &Thread) {
        self.lock.acquire_uninterrupted(vm);
    }

    /// Gives the import lock back; false if this thread does not have it.
    pub fn release_lock(&self, vm: &Thread) -> bool {
        self.lock.release(vm)
    }

    /// Whether some thread has the import lock.
    pub fn lock_held(&self) -> bool {
        self.lock.is_held()
    }

    /// Sets the override.
    pub fn override_frozen(&self, setting: FrozenOverride) {
        self.frozen.set(setting);
    }

    /// Whether modules come frozen that import does not need itself.
    pub fn uses_frozen(&self, config: &Config) -> bool {
        match self.frozen.get() {
            FrozenOverride::None => config.frozen_modules,
            setting => setting == FrozenOverride::Use,
        }
    }
}

impl Thread {
    /// What this interpreter knows of import.
    pub fn import_state(&self) -> &ImportState {
        &self.interpreter().importing
    }

    /// A module of which an interpreter has one for good.
    pub fn single_module(&self, name: &str) -> Option<Owned> {
        let modules = self.import_state().single.borrow();
        modules.iter().find(|(own, _)| *own == name).map(|(_, module)| module.clone())
    }

    /// Remembers such a module.
    pub fn add_single_module(&self, name: &'static str, module: Owned) {
        self.import_state().single.borrow_mut().push((name, module));
    }

    /// The directory of the program, which comes first on `sys.path`: its modules may hide others.
    pub fn set_program_directory(&self, directory: Owned) {
        self.interpreter().program_directory.set(directory);
    }

    /// The module `_frozen_importlib`: from now on it does the imports.
    pub fn set_importlib(&self, importlib: Owned) {
        self.interpreter().importlib.set(importlib);
    }

    /// A module of `sys.modules`, made empty and put there if it is missing.
    pub fn added_module(&self, name: Ref<'_>) -> PyResult {
        let modules = self.modules()?;
        if let Some(module) = lookup_mapping(self, modules.borrow(), name)?
            && module.borrow().downcast::<Module>().is_some()
        {
            return Ok(module);
        }
        let module = self.empty_module(name, Ref::NONE)?;
        self.set_item(modules.borrow(), name, Some(module.borrow()))?;
        Ok(module)
    }

    /// Makes native modules known; they are made when first imported.
    pub fn install_modules(&self, modules: &'static [&'static ModuleDef]) {
        self.interpreter().native_modules.borrow_mut().extend(modules);
    }

    /// The table of a native module.
    pub fn native_module(&self, name: &str) -> Option<&'static ModuleDef> {
        self.interpreter().native_modules.borrow().iter().copied().find(|module| module.name == name)
    }

    /// The names of all native modules.
    pub fn native_module_names(&self) -> Vec<&'static str> {
        self.interpreter().native_modules.borrow().iter().map(|module| module.name).collect()
    }

    /// A native module from `sys.modules`, made and put there if need be; `None` if there is no such module. This is how
    /// modules are had before importlib runs.
    pub fn import_native(&self, name: &str) -> PyResult<Option<Owned>> {
        let key = self.intern(name)?;
        if let Some(module) = self.loaded_module(&key)? {
            return Ok(Some(module));
        }
        let Some(def) = self.native_module(name) else { return Ok(None) };
        let module = self.new_module(def)?;
        self.set_item(self.modules()?.borrow(), key.borrow(), Some(module.borrow()))?;
        Ok(Some(module))
    }

    /// A native module that is known to be there.
    pub fn imported_native(&self, name: &str) -> PyResult {
        match self.import_native(name)? {
            Some(module) => Ok(module),
            None => Err(self.import_error(format_args!("no native module '{name}'"))),
        }
    }

    /// `sys.modules`
    pub fn modules(&self) -> PyResult {
        match self.interpreter().modules.get() {
            Some(modules) => Ok(modules),
            None => {
                let modules = self.dict()?;
                self.interpreter().modules.set(modules.clone());
                Ok(modules)
            }
        }
    }

    /// An attribute of the module `sys`; `None` if it is missing, or there is no `sys` yet.
    pub(crate) fn sys_attribute(&self, name: &Owned) -> PyResult<Option<Owned>> {
        let Some(sys) = self.interpreter().sys.get() else { return Ok(None) };
        let dict = sys.borrow().downcast::<Dict>().expect("sys's dict");
        dict.table.get(self, name.borrow(), self.hash(name.borrow())?)
    }

    /// Imports a module by its absolute name; the result is that module, not its top package.
    pub fn import_module(&self, name: &Owned) -> PyResult {
        find_and_load(self, name.borrow())
    }
}

/// `__import__(name, globals, locals, fromlist, level)`
pub(crate) fn import(
    vm: &Thread,
    name: Ref<'_>,
    globals: Option<Ref<'_>>,
    from_list: Option<Ref<'_>>,
    level: i32,
) -> PyResult {
    let result = import_level(vm, name, globals, from_list, level);
    if let Err(raised) = &result {
        trim::trim(vm, raised);
    }
    result
}

fn import_level(
    vm: &Thread,
    name: Ref<'_>,
    globals: Option<Ref<'_>>,
    from_list: Option<Ref<'_>>,
    level: i32,
) -> PyResult {
    let Some(text) = name.downcast::<Str>() else {
        return Err(vm.type_error("module name must be a string"));
    };
    if level < 0 {
        return Err(vm.value_error("level must be >= 0"));
    }
    if level == 0 && text.is_empty() {
        return Err(vm.value_error("Empty module name"));
    }
    let absolute = if level == 0 { name.own() } else { relative::resolve(vm, name, globals, level)? };
    let module = find_and_load(vm, absolute.borrow())?;
    let wants_names = match from_list.filter(|names| !names.is_none()) {
        Some(names) => vm.is_true(names)?,
        None => false,
    };
    if !wants_names {
        return top_package(vm, text, &absolute, module, level);
    }
    if vm.get_attr_opt(module.borrow(), vm.names().__path__.borrow())?.is_none() {
        return Ok(module);
    }
    match vm.interpreter().importlib.get() {
        Some(importlib) => {
            let import = vm.get_attr(importlib.borrow(), vm.intern("_gcd_import")?.borrow())?;
            let names = from_list.expect("just looked at");
            vm.call_method(
                importlib.borrow(),
                &vm.names()._handle_fromlist,
                &[module.borrow(), names, import.borrow()],
            )
        }
        None => Ok(module),
    }
}

/// What `import a.b.c` binds: the package `a`, or for a relative import the package that the name starts in.
fn top_package(vm: &Thread, name: &Str, absolute: &Owned, module: Owned, level: i32) -> PyResult {
    let text = name.to_string_lossy();
    let Some(dot) = text.find('.') else {
        return Ok(module);
    };
    if level == 0 {
        return find_and_load(vm, vm.intern(&text[..dot])?.borrow());
    }
    let absolute =
        absolute.borrow().downcast::<Str>().expect("a resolved name").to_string_lossy().into_owned();
    let top = vm.intern(&absolute[..absolute.len() - (text.len() - dot)])?;
    match vm.loaded_module(&top)? {
        Some(package) => Ok(package),
        None => {
            let top = vm.repr_string(top.borrow())?;
            Err(vm.error(
                &vm.exceptions().KeyError.clone(),
                format_args!("{top} not in sys.modules as expected"),
            ))
        }
    }
}

/// A module by its absolute name, imported if need be.
fn find_and_load(vm: &Thread, name: Ref<'_>) -> PyResult {
    let modules = vm.modules()?;
    let found = match modules.borrow().downcast::<Dict>() {
        Some(modules) => modules.table.get(vm, name, vm.hash(name)?)?,
        None => vm.get_item(modules.borrow(), name).ok(),
    };
    if let Some(module) = found.filter(|module| !module.borrow().is_none()) {
        wait_until_initialised(vm, &module, name)?;
        timing::loaded_already(vm, name);
        return Ok(module);
    }
    match vm.interpreter().importlib.get() {
        Some(importlib) => {
            let import = vm.get_attr(importlib.borrow(), vm.intern("_gcd_import")?.borrow())?;
            timing::timed(vm, name, || {
                vm.call_method(importlib.borrow(), &vm.names()._find_and_load, &[name, import.borrow()])
            })
        }
        None => {
            let text = name.downcast::<Str>().expect("a module name").to_string_lossy().into_owned();
            match vm.import_native(&text)? {
                Some(module) => Ok(module),
                None => {
                    let class = vm.exceptions().ModuleNotFoundError.clone();
                    Err(vm.error(&class, format_args!("No module named '{text}'")))
                }
            }
        }
    }
}

/// Waits for another thread that is importing the module.
fn wait_until_initialised(vm: &Thread, module: &Owned, name: Ref<'_>) -> PyResult<()> {
    let Some(importlib) = vm.interpreter().importlib.get() else { return Ok(()) };
    let Some(spec) = vm.get_attr_opt(module.borrow(), vm.names().__spec__.borrow())? else { return Ok(()) };
    let initialising = vm.get_attr_opt(spec.borrow(), vm.names()._initializing.borrow())?;
    if let Some(flag) = initialising {
        if vm.is_true(flag.borrow())? {
            let wait = vm.intern("_lock_unlock_module")?;
            vm.call_method(importlib.borrow(), &wait, &[name])?;
        }
    }
    Ok(())
}

/// Shows a value as the prompt does: calls `sys.displayhook`.
pub(crate) fn display(vm: &Thread, value: Ref<'_>) -> PyResult<()> {
    match vm.sys_attribute(&vm.names().displayhook)? {
        Some(hook) => vm.call(hook.borrow(), &[value]).map(drop),
        None => Err(vm.runtime_error("lost sys.displayhook")),
    }
}
