//! The module `_warnings`.

use super::core::{self, Warning};
use crate::exception::PyResult;
use crate::frame;
use crate::heap::dict::Dict;
use crate::heap::inline::{Str, Tuple};
use crate::native::*;
use crate::types::list::List;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// The table of the module.
pub static WARNINGS_MODULE: ModuleDef = ModuleDef {
    doc: "Filters of warnings, on which the module warnings is built.",
    functions: &[
        function(
            "warn($module, /, message, category=None, stacklevel=1, source=None, *,\n     skip_file_prefixes=())",
            Many(warn),
            "Give a warning, or ignore it, or raise it as an exception, as the filters say.\n\n\
             stacklevel tells whose fault it is: 1 is the caller, 2 its caller, and so on. Frames of files whose \
             names begin with one of skip_file_prefixes do not count.",
        ),
        function(
            "warn_explicit($module, /, message, category, filename, lineno,\n              module=<unrepresentable>, registry=None,\n              module_globals=None, source=None)",
            Many(warn_explicit),
            "Give a warning about a place in a file, or ignore it, or raise it, as the filters say.",
        ),
        function(
            "_filters_mutated_lock_held($module, /)",
            Zero(filters_mutated),
            "Note that the filters have changed; the lock is held.",
        ),
        function("_acquire_lock($module, /)", Zero(acquire_lock), "Take the lock of the filters."),
        function("_release_lock($module, /)", Zero(release_lock), "Free the lock of the filters."),
    ],
    exec: Some(exec),
    ..ModuleDef::new("_warnings")
};

fn exec(vm: &Thread, module: Ref<'_>) -> PyResult<()> {
    let state = vm.warnings()?;
    for (name, value) in [
        ("filters", &state.filters),
        ("_onceregistry", &state.once_registry),
        ("_defaultaction", &state.default_action),
        ("_warnings_context", &state.context),
    ] {
        vm.set_attr(module, vm.intern(name)?.borrow(), Some(value.get_or_none().borrow()))?;
    }
    Ok(())
}

fn acquire_lock(vm: &Thread) -> PyResult {
    vm.warnings()?.lock.acquire_uninterrupted(vm);
    none()
}

fn release_lock(vm: &Thread) -> PyResult {
    if !vm.warnings()?.lock.release(vm) {
        return Err(vm.runtime_error("cannot release un-acquired lock"));
    }
    none()
}

fn filters_mutated(vm: &Thread) -> PyResult {
    let state = vm.warnings()?;
    if !state.lock.is_held() {
        return Err(vm.runtime_error("warnings lock is not held"));
    }
    state.version.set(state.version.get() + 1);
    none()
}

fn warn(vm: &Thread, args: &Bound<'_>) -> PyResult {
    let message = args.required(0);
    let mut level = args.optional(2).map_or(Ok(1), |level| vm.to_isize(level))?;
    let source = args.optional(3).filter(|source| !source.is_none());
    let prefixes = match args.optional(4) {
        None => &[][..],
        Some(prefixes) => match prefixes.downcast::<Tuple>() {
            Some(prefixes) => prefixes.as_slice(),
            None => return Err(vm.bad_argument("warn() argument 'skip_file_prefixes'", "tuple", prefixes)),
        },
    };
    if let Some(other) = prefixes.iter().find(|prefix| prefix.borrow().downcast::<Str>().is_none()) {
        let got = vm.type_name(other.borrow());
        return Err(vm.type_error(format_args!("Found non-str '{got}' in skip_file_prefixes.")));
    }
    if !prefixes.is_empty() {
        level = level.max(2);
    }
    let category = category_of(vm, message, args.optional(1))?;
    warn_from(vm, category, message, level, source, prefixes)?;
    none()
}

/// The category of a warning: the class of its message, or the one given, or UserWarning.
fn category_of(vm: &Thread, message: Ref<'_>, category: Option<Ref<'_>>) -> PyResult {
    let exceptions = vm.exceptions();
    if vm.is_instance(message, exceptions.Warning.borrow())? {
        return Ok(vm.class(message).own());
    }
    let Some(category) = category.filter(|category| !category.is_none()) else {
        return Ok(exceptions.UserWarning.clone());
    };
    if !vm.is_class(category) || !vm.is_subclass(category, exceptions.Warning.borrow())? {
        let got = vm.type_name(category);
        return Err(vm.type_error(format_args!("category must be a Warning subclass, not '{got}'")));
    }
    Ok(category.own())
}

/// Gives a warning about the code that is so many calls up, 1 being the running code.
pub(super) fn warn_from(
    vm: &Thread,
    category: Owned,
    message: Ref<'_>,
    level: isize,
    source: Option<Ref<'_>>,
    prefixes: &[Owned],
) -> PyResult<()> {
    let (globals, filename, line) = match frame_of(vm, level, prefixes) {
        Some(depth) => frame::position_at(vm, depth),
        None => {
            let globals = vm.interpreter().sys.get();
            (globals.map_or_else(|| vm.dict(), Ok)?, vm.str("<sys>")?, 0)
        }
    };
    let registry = vm.names().__warningregistry__.borrow();
    let table = &globals.borrow().downcast::<Dict>().expect("globals are a dict").table;
    let hash = vm.hash(registry)?;
    let registry = match table.get(vm, registry, hash)? {
        Some(registry) => registry,
        None => {
            let new = vm.dict()?;
            drop(table.insert(vm, registry, hash, new.clone())?);
            new
        }
    };
    let name = vm.names().__name__.borrow();
    let module = table.get(vm, name, vm.hash(name)?)?;
    let module = match module.filter(|module| module.borrow().downcast::<Str>().is_some()) {
        Some(module) => module,
        None => vm.str("<string>")?,
    };
    core::warn(
        vm,
        Warning {
            category,
            message,
            filename: filename.borrow(),
            line,
            module: Some(module),
            registry: Some(registry).filter(|registry| !registry.borrow().is_none()),
            source_line: None,
            source,
        },
    )
}

/// How many calls up the frame is that a warning is about; `None` beyond the outermost. Frames of the import machinery
/// do not count, unless the first one is one of them.
fn frame_of(vm: &Thread, level: isize, prefixes: &[Owned]) -> Option<usize> {
    let filenames: Vec<Owned> = frame::stack(vm).map(|place| place.filename).collect();
    let text =
        |index: usize| filenames[index].borrow().downcast::<Str>().expect("a file name is a str").as_bytes();
    let is_internal = |index: usize| {
        let name = text(index);
        contains(name, b"importlib") && contains(name, b"_bootstrap")
    };
    let is_skipped = |index: usize| {
        prefixes.iter().any(|prefix| {
            let prefix = prefix.borrow().downcast::<Str>().expect("checked by the caller");
            text(index).starts_with(prefix.as_bytes())
        })
    };
    if filenames.is_empty() {
        return None;
    }
    let counts_all = level <= 0 || is_internal(0);
    let mut depth = 0;
    for _ in 1..level.max(1) {
        depth += 1;
        while !counts_all && depth < filenames.len() && (is_internal(depth) || is_skipped(depth)) {
            depth += 1;
        }
        if depth >= filenames.len() {
            return None;
        }
    }
    Some(depth)
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    memchr::memmem::find(text, part).is_some()
}

fn warn_explicit(vm: &Thread, args: &Bound<'_>) -> PyResult {
    let filename = args.required(2);
    if filename.downcast::<Str>().is_none() {
        return Err(vm.bad_argument("warn_explicit() argument 'filename'", "str", filename));
    }
    let line = vm.to_c_int(args.required(3))?;
    let given = |index: usize| args.optional(index).filter(|value| !value.is_none());
    let source_line = match given(6) {
        Some(globals) if globals.downcast::<Dict>().is_none() => {
            let got = vm.type_name(globals);
            return Err(vm.type_error(format_args!("module_globals must be a dict, not '{got}'")));
        }
        Some(globals) => source_line(vm, globals, line)?,
        None => None,
    };
    core::warn(
        vm,
        Warning {
            category: args.required(1).own(),
            message: args.required(0),
            filename,
            line,
            module: given(4).map(Ref::own),
            registry: given(5).map(Ref::own),
            source_line,
            source: given(7),
        },
    )?;
    none()
}

/// A line of a module's source, from its loader.
fn source_line(vm: &Thread, globals: Ref<'_>, line: i32) -> PyResult<Option<Owned>> {
    let spec = vm.dict_get(globals, "__spec__")?.filter(|spec| !spec.borrow().is_none());
    let name = vm.dict_get(globals, "__name__")?;
    let is_main = name.as_ref().is_some_and(|name| {
        name.borrow().downcast::<Str>().is_some_and(|name| name.as_str() == Some("__main__"))
    });
    // A program that was not imported may have no spec.
    let loader = match vm.dict_get(globals, "__loader__")? {
        Some(loader) if is_main && spec.is_none() => loader,
        _ => {
            let importlib = vm.import_module(&vm.intern("_frozen_importlib_external")?)?;
            vm.call_method(importlib.borrow(), &vm.intern("_bless_my_loader")?, &[globals])?
        }
    };
    let spec_name = match &spec {
        Some(spec) => vm.get_attr_opt(spec.borrow(), vm.intern("name")?.borrow())?,
        None => None,
    };
    let name = spec_name.filter(|name| name.borrow().downcast::<Str>().is_some()).or(name);
    let Some(name) = name.filter(|_| !loader.borrow().is_none()) else { return Ok(None) };
    let Some(get_source) = vm.get_attr_opt(loader.borrow(), vm.intern("get_source")?.borrow())? else {
        return Ok(None);
    };
    let source = match vm.call(get_source.borrow(), &[name.borrow()]) {
        // The loader has no module of this name.
        Err(raised) if raised.is(&vm.exceptions().ImportError) => return Ok(None),
        source => source?,
    };
    if source.borrow().is_none() {
        return Ok(None);
    }
    let lines = vm.call_method(source.borrow(), &vm.intern("splitlines")?, &[])?;
    let index = usize::try_from(line).unwrap_or(0).wrapping_sub(1);
    Ok(lines.borrow().downcast::<List>().and_then(|lines| lines.items().get(index)))
}
