//! `import`.

use pyx_compiler::bytecode::opcode::instruction::*;

use super::dispatch::{Flow, Machine, out_of_line};
use super::names;
use crate::exception::{PyResult, Raised};
use crate::frame::Frame;
use crate::heap::dict::Dict;
use crate::heap::inline::Str;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

impl Machine<'_> {
    out_of_line! {
        pub(super) fn import_name(&mut self, i: ImportName) -> Flow {
            self.save();
            let base = i.base.register;
            let (level, from_list) = (self.take_temporary(base), self.take_temporary(base + 1));
            let name = self.code().names[i.name.0 as usize].borrow();
            let result = import_name(self.vm(), self.frame, name, from_list.borrow(), level.borrow());
            self.finish(i.dst, result)
        }
    }

    out_of_line! {
        pub(super) fn import_from(&mut self, i: ImportFrom) -> Flow {
            self.save();
            let name = self.code().names[i.name.0 as usize].borrow();
            let result = import_from(self.vm(), self.keep(i.module), name);
            self.finish(i.dst, result)
        }
    }
}

/// Calls the frame's `__import__`.
fn import_name(
    vm: &Thread,
    frame: *mut Frame,
    name: Ref<'_>,
    from_list: Ref<'_>,
    level: Ref<'_>,
) -> PyResult {
    let function = super::function_of(frame);
    let (globals, builtins) = (function.globals.borrow(), function.builtins.borrow());
    let Some(import) = names::lookup_mapping(vm, builtins, vm.names().__import__.borrow())? else {
        return Err(vm.import_error("__import__ not found"));
    };
    let locals = names::namespace(vm, frame).unwrap_or_else(|_| Owned::none());
    vm.call(import.borrow(), &[name, globals, locals.borrow(), from_list, level])
}

/// `from module import name`: an attribute, or a submodule that is in `sys.modules` though not an attribute yet.
fn import_from(vm: &Thread, module: Ref<'_>, name: Ref<'_>) -> PyResult {
    if let Some(value) = vm.get_attr_opt(module, name)? {
        return Ok(value);
    }
    let module_name = vm.get_attr_opt(module, vm.names().__name__.borrow())?;
    if let Some(module_name) = module_name.as_ref().and_then(|name| name.borrow().downcast::<Str>()) {
        if let (Some(package), Some(name)) =
            (module_name.as_str(), name.downcast::<Str>().and_then(Str::as_str))
        {
            let full = vm.str(&format!("{package}.{name}"))?;
            if let Some(modules) = vm.interpreter().modules.get() {
                if let Some(found) = names::lookup_mapping(vm, modules.borrow(), full.borrow())? {
                    return Ok(found);
                }
            }
        }
    }
    Err(crate::import::cannot_import(vm, module, name))
}

/// Binds the public names of a module in a namespace.
pub(super) fn import_star(vm: &Thread, module: Ref<'_>, namespace: Ref<'_>) -> PyResult<()> {
    let names = vm.names();
    let (all, public_only) = match vm.get_attr_opt(module, names.__all__.borrow())? {
        Some(all) => (all, false),
        None => match vm.get_attr_opt(module, names.__dict__.borrow())? {
            Some(dict) => (vm.call_method(dict.borrow(), &names.keys, &[])?, true),
            None => return Err(vm.import_error("from-import-* object has no __dict__ and no __all__")),
        },
    };
    for name in vm.collect(all.borrow())? {
        let Some(text) = name.borrow().downcast::<Str>() else {
            return Err(bad_star_name(vm, module, name.borrow(), public_only)?);
        };
        if public_only && text.as_bytes().first() == Some(&b'_') {
            continue;
        }
        let value = vm.get_attr(module, name.borrow())?;
        match namespace.downcast::<Dict>() {
            Some(dict) => drop(dict.table.insert(vm, name.borrow(), vm.hash(name.borrow())?, value)?),
            None => vm.set_item(namespace, name.borrow(), Some(value.borrow()))?,
        }
    }
    Ok(())
}

fn bad_star_name(vm: &Thread, module: Ref<'_>, name: Ref<'_>, from_dict: bool) -> PyResult<Raised> {
    let module_name = vm.get_attr(module, vm.names().__name__.borrow())?;
    let module_name = vm.to_str(module_name.borrow())?;
    let module_name = module_name.borrow().downcast::<Str>().map(|s| s.to_string_lossy().into_owned());
    let (what, place) = if from_dict { ("Key", "__dict__") } else { ("Item", "__all__") };
    Ok(vm.type_error(format_args!(
        "{what} in {}.{place} must be str, not {}",
        module_name.unwrap_or_default(),
        vm.type_name(name)
    )))
}
