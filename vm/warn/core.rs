//! From a warning to what is done about it.

use super::filter;
use crate::exception::{PyResult, Raised};
use crate::heap::dict::Dict;
use crate::heap::inline::Str;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// A warning.
pub(crate) struct Warning<'a> {
    pub(crate) category: Owned,
    /// A text, or an instance of the category.
    pub(crate) message: Ref<'a>,
    pub(crate) filename: Ref<'a>,
    pub(crate) line: i32,
    /// The module's name; by default the file's.
    pub(crate) module: Option<Owned>,
    /// The module's `__warningregistry__`.
    pub(crate) registry: Option<Owned>,
    /// The line of source, if the caller knows it.
    pub(crate) source_line: Option<Owned>,
    /// The object that the warning is about.
    pub(crate) source: Option<Ref<'a>>,
}

/// An attribute of the module `warnings`, which is imported if need be and asked for; `None` while it is not there.
pub(super) fn attribute(vm: &Thread, name: &str, import: bool) -> PyResult<Option<Owned>> {
    let key = vm.names().warnings.clone();
    let module = if import && !vm.is_finalizing() {
        match vm.import_module(&key) {
            Err(raised) if raised.is(&vm.exceptions().ImportError) => None,
            module => Some(module?),
        }
    } else {
        vm.loaded_module(&key)?
    };
    match module {
        Some(module) => vm.get_attr_opt(module.borrow(), vm.intern(name)?.borrow()),
        None => Ok(None),
    }
}

/// Does what the filters say about a warning.
pub(super) fn warn(vm: &Thread, warning: Warning<'_>) -> PyResult<()> {
    if let Some(registry) = &warning.registry
        && registry.borrow().downcast::<Dict>().is_none()
    {
        return Err(vm.type_error("'registry' must be a dict or None"));
    }
    let module = match &warning.module {
        Some(module) => module.clone(),
        None => module_of_file(vm, warning.filename)?,
    };
    let is_instance = vm.is_instance(warning.message, vm.exceptions().Warning.borrow())?;
    let (text, message, category) = if is_instance {
        let text = vm.to_str(warning.message)?;
        (text, warning.message.own(), vm.class(warning.message).own())
    } else {
        let message = vm.call(warning.category.borrow(), &[warning.message])?;
        (warning.message.own(), message, warning.category.clone())
    };
    let line = Owned::small_int(warning.line);
    let key = vm.tuple(vec![text.clone(), category.clone(), line])?;
    if let Some(registry) = &warning.registry
        && is_registered(vm, registry, key.borrow())?
    {
        return Ok(());
    }
    let decision = filter::decide(vm, category.borrow(), text.borrow(), warning.line, module.borrow())?;
    let action = vm.str_string(decision.action.borrow())?;
    match &*action {
        "error" => return Err(Raised::new(message)),
        "ignore" => return Ok(()),
        "always" | "all" => {}
        other => {
            if let Some(registry) = &warning.registry {
                vm.set_item(registry.borrow(), key.borrow(), Some(Ref::TRUE))?;
            }
            // The key without a line.
            let everywhere = || vm.pair(text.clone(), category.clone());
            let is_known = match (other, &warning.registry) {
                ("once", Some(registry)) => register(vm, registry, everywhere()?.borrow())?,
                ("once", None) => register(vm, &once_registry(vm)?, everywhere()?.borrow())?,
                ("module", Some(registry)) => register(vm, registry, everywhere()?.borrow())?,
                ("module", None) | ("default", _) => false,
                _ => return Err(unknown_action(vm, &decision)),
            };
            if is_known {
                return Ok(());
            }
        }
    }
    show(vm, &warning, &category, &text, message)
}

fn unknown_action(vm: &Thread, decision: &filter::Decision) -> Raised {
    let texts = vm
        .repr_string(decision.action.borrow())
        .and_then(|action| Ok((action, vm.repr_string(decision.filter.borrow())?)));
    match texts {
        Ok((action, filter)) => {
            vm.runtime_error(format_args!("Unrecognized action ({action}) in warnings.filters:\n {filter}"))
        }
        Err(raised) => raised,
    }
}

fn once_registry(vm: &Thread) -> PyResult {
    let own = vm.warnings()?.once_registry.get_or_none();
    let registry = attribute(vm, "onceregistry", false)?.unwrap_or(own);
    if registry.borrow().downcast::<Dict>().is_none() {
        let got = vm.type_name(registry.borrow());
        return Err(vm.type_error(format_args!("_warnings.onceregistry must be a dict, not '{got}'")));
    }
    Ok(registry)
}

/// Whether a registry has a key. A registry from before the filters changed is emptied.
fn is_registered(vm: &Thread, registry: &Owned, key: Ref<'_>) -> PyResult<bool> {
    let Some(dict) = registry.borrow().downcast::<Dict>() else { return Ok(false) };
    let name = vm.intern("version")?;
    let version = vm.warnings()?.version.get();
    let known = dict.table.get(vm, name.borrow(), vm.hash(name.borrow())?)?;
    if known.and_then(|known| known.borrow().as_small_int()) != Some(version) {
        vm.call_method(registry.borrow(), &vm.intern("clear")?, &[])?;
        vm.set_item(registry.borrow(), name.borrow(), Some(vm.int(version)?.borrow()))?;
        return Ok(false);
    }
    match dict.table.get(vm, key, vm.hash(key)?)? {
        Some(shown) => vm.is_true(shown.borrow()),
        None => Ok(false),
    }
}

/// As `is_registered`, and the key is there afterwards.
fn register(vm: &Thread, registry: &Owned, key: Ref<'_>) -> PyResult<bool> {
    let is_known = is_registered(vm, registry, key)?;
    if !is_known {
        vm.set_item(registry.borrow(), key, Some(Ref::TRUE))?;
    }
    Ok(is_known)
}

/// The name of the module that a file is taken for.
fn module_of_file(vm: &Thread, filename: Ref<'_>) -> PyResult {
    let Some(text) = filename.downcast::<Str>() else { return Ok(filename.own()) };
    match text.as_bytes() {
        [] => vm.str("<unknown>"),
        [name @ .., b'.', b'p', b'y'] => vm.text(text.text().slice(0..name.len())),
        _ => Ok(filename.own()),
    }
}

/// Shows a warning through `warnings._showwarnmsg`, or on `sys.stderr` before there is such a thing.
fn show(vm: &Thread, warning: &Warning<'_>, category: &Owned, text: &Owned, message: Owned) -> PyResult<()> {
    let Some(show) = attribute(vm, "_showwarnmsg", warning.source.is_some())? else {
        return show_plainly(vm, warning, category, text);
    };
    if !vm.is_callable(show.borrow()) {
        return Err(vm.type_error("warnings._showwarnmsg() must be set to a callable"));
    }
    let Some(class) = attribute(vm, "WarningMessage", false)? else {
        return Err(vm.runtime_error("unable to get warnings.WarningMessage"));
    };
    let line = Owned::small_int(warning.line);
    let none = Ref::NONE;
    let source = warning.source.unwrap_or(none);
    let text = warning.source_line.as_ref().map_or(none, Owned::borrow);
    let details = [message.borrow(), category.borrow(), warning.filename, line.borrow(), none, text, source];
    let details = vm.call(class.borrow(), &details)?;
    vm.call(show.borrow(), &[details.borrow()]).map(drop)
}

fn show_plainly(vm: &Thread, warning: &Warning<'_>, category: &Owned, text: &Owned) -> PyResult<()> {
    let filename = vm.str_string(warning.filename)?;
    let name = vm.get_attr(category.borrow(), vm.names().__name__.borrow())?;
    let (name, text) = (vm.str_string(name.borrow())?, vm.str_string(text.borrow())?);
    let line = match &warning.source_line {
        Some(line) => Some(vm.str_string(line.borrow())?),
        None => vm.line_of_file(&filename, warning.line),
    };
    let mut output = format!("{filename}:{}: {name}: {text}\n", warning.line);
    if let Some(line) = line.as_deref().map(str::trim).filter(|line| !line.is_empty()) {
        output.push_str(&format!("  {line}\n"));
    }
    vm.write_stderr(&output);
    Ok(())
}
