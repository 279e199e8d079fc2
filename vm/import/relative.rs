//! Relative imports: which package they start from (Language Reference, 5.7 Package Relative Imports).

use crate::exception::{PyResult, Raised};
use crate::heap::dict::Dict;
use crate::heap::inline::Str;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// The absolute name of a relative import.
pub(super) fn resolve(vm: &Thread, name: Ref<'_>, globals: Option<Ref<'_>>, level: i32) -> PyResult {
    let globals = match globals.filter(|globals| !globals.is_none()) {
        Some(globals) if globals.downcast::<Dict>().is_some() => globals,
        Some(_) => return Err(vm.type_error("globals must be a dict")),
        None => return Err(nameless(vm)),
    };
    let package = package_of(vm, globals)?;
    let package = shown(package.borrow());
    if package.is_empty() {
        return Err(vm.import_error("attempted relative import with no known parent package"));
    }
    let mut base = &*package;
    for _ in 1..level {
        match base.rfind('.') {
            Some(dot) => base = &base[..dot],
            None => return Err(vm.import_error("attempted relative import beyond top-level package")),
        }
    }
    let name = shown(name);
    if name.is_empty() { vm.intern(base) } else { vm.intern(&format!("{base}.{name}")) }
}

fn shown(text: Ref<'_>) -> String {
    text.downcast::<Str>().map_or_else(String::new, |text| text.to_string_lossy().into_owned())
}

fn nameless(vm: &Thread) -> Raised {
    vm.error(&vm.exceptions().KeyError, "'__name__' not in globals")
}

/// The package that relative imports of a module start from: a str.
fn package_of(vm: &Thread, globals: Ref<'_>) -> PyResult {
    let names = vm.names();
    let get = |name: &Owned| -> PyResult<Option<Owned>> {
        let Some(dict) = globals.downcast::<Dict>() else { return Ok(None) };
        let found = dict.table.get(vm, name.borrow(), vm.hash(name.borrow())?)?;
        Ok(found.filter(|value| !value.borrow().is_none()))
    };
    let str_or = |value: Owned, message: &str| match value.borrow().downcast::<Str>() {
        Some(_) => Ok(value),
        None => Err(vm.type_error(message)),
    };
    let spec = get(&names.__spec__)?;
    let parent = |spec: &Owned| vm.get_attr(spec.borrow(), vm.intern("parent")?.borrow());
    if let Some(package) = get(&names.__package__)? {
        let package = str_or(package, "package must be a string")?;
        if let Some(spec) = &spec {
            if !vm.equal(package.borrow(), parent(spec)?.borrow())? {
                let category = &vm.exceptions().DeprecationWarning;
                vm.warn(category, "__package__ != __spec__.parent")?;
            }
        }
        return Ok(package);
    }
    if let Some(spec) = &spec {
        return str_or(parent(spec)?, "__spec__.parent must be a string");
    }
    let message = "can't resolve package from __spec__ or __package__, falling back on __name__ and __path__";
    vm.warn(&vm.exceptions().ImportWarning, message)?;
    let Some(name) = get(&names.__name__)? else { return Err(nameless(vm)) };
    let name = str_or(name, "__name__ must be a string")?;
    if get(&names.__path__)?.is_some() {
        return Ok(name);
    }
    vm.intern(shown(name.borrow()).rsplit_once('.').map_or("", |(package, _)| package))
}
