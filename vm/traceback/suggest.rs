//! What a program may have meant by a name that was not found.

use crate::heap::dict::Dict;
use crate::heap::inline::Str;
use crate::suggestion;
use crate::types::exception::{attribute_error, import_error};
use crate::types::module::is_stdlib_name;
use crate::types::traceback::Traceback;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// What to append to an exception's message: `. Did you mean: 'x'?`. An error while looking for it means no suggestion.
pub(super) fn hint(vm: &Thread, exception: Ref<'_>, traceback: Option<&Owned>) -> String {
    let classes = vm.exceptions();
    let is = |class: &Owned| crate::types::type_::is_subtype(vm.class(exception), class.borrow());
    if is(&classes.ImportError) {
        let suggestion = import_error::name_from(exception).and_then(|name| of_module(vm, exception, &name));
        return suggestion.map_or_else(String::new, |name| did_you_mean(&name));
    }
    if is(&classes.AttributeError) {
        let suggestion =
            attribute_error::name(exception).and_then(|name| of_object(vm, exception, &name, traceback));
        return suggestion.map_or_else(String::new, |name| did_you_mean(&name));
    }
    if is(&classes.NameError)
        && let Some(name) = attribute_error::name(exception)
    {
        let suggestion = of_frame(vm, &name, traceback);
        let importable = text(&name).filter(|_| is_stdlib_name(vm, name.borrow()).unwrap_or(false));
        return match (suggestion, importable) {
            (Some(suggestion), Some(module)) => {
                format!("{} Or did you forget to import '{module}'?", did_you_mean(&suggestion))
            }
            (None, Some(module)) => format!(". Did you forget to import '{module}'?"),
            (Some(suggestion), None) => did_you_mean(&suggestion),
            (None, None) => String::new(),
        };
    }
    String::new()
}

fn did_you_mean(name: &str) -> String {
    format!(". Did you mean: '{name}'?")
}

fn text(name: &Owned) -> Option<&str> {
    name.borrow().downcast::<Str>()?.as_str()
}

/// A similar attribute. Private ones are for who already writes an underscore, or is within the object's own methods.
fn of_object(vm: &Thread, exception: Ref<'_>, name: &Owned, traceback: Option<&Owned>) -> Option<String> {
    let object = attribute_error::object(exception).unwrap_or_else(Owned::none);
    let names = directory(vm, object.borrow())?;
    let wrong = text(name)?;
    let within = || {
        let this = local(vm, &innermost_frame(traceback)?, "self")?;
        Some(this.borrow().is(object.borrow()))
    };
    let hides_private = !wrong.starts_with('_') && !within().unwrap_or(false);
    closest(wrong, names, hides_private)
}

/// A similar name in the module that something was to be imported from.
fn of_module(vm: &Thread, exception: Ref<'_>, name: &Owned) -> Option<String> {
    let module = import_error::name(exception)?;
    let modules = vm.interpreter().modules.get()?;
    let module = vm.get_item(modules.borrow(), module.borrow()).ok()?;
    let wrong = text(name)?;
    closest(wrong, directory(vm, module.borrow())?, !wrong.starts_with('_'))
}

/// A similar local, global or builtin name; or the attribute of `self` that has the name.
fn of_frame(vm: &Thread, name: &Owned, traceback: Option<&Owned>) -> Option<String> {
    let wrong = text(name)?;
    let frame = innermost_frame(traceback)?;
    if let Some(this) = local(vm, &frame, "self")
        && vm.get_attr_opt(this.borrow(), name.borrow()).ok()?.is_some()
    {
        return Some(format!("self.{wrong}"));
    }
    let mut names = Vec::new();
    for namespace in ["f_locals", "f_globals", "f_builtins"] {
        let namespace = attribute(vm, &frame, namespace)?;
        names.extend(vm.collect(namespace.borrow()).ok()?);
    }
    closest(wrong, names, false)
}

fn closest(wrong: &str, names: Vec<Owned>, hides_private: bool) -> Option<String> {
    let names: Vec<&[u8]> = names
        .iter()
        .filter_map(|name| name.borrow().downcast::<Str>())
        .map(Str::as_bytes)
        .filter(|name| !(hides_private && name.starts_with(b"_")))
        .collect();
    suggestion::closest(wrong.as_bytes(), names.into_iter())
        .map(|name| String::from_utf8_lossy(name).into_owned())
}

/// What `dir(object)` lists.
fn directory(vm: &Thread, object: Ref<'_>) -> Option<Vec<Owned>> {
    let names = vm.call_special(object, &vm.names().__dir__, &[]).ok()??;
    let mut names = vm.collect(names.borrow()).ok()?;
    names.retain(|name| name.borrow().downcast::<Str>().is_some());
    names.sort_by(|a, b| bytes(a).cmp(bytes(b)));
    Some(names)
}

fn bytes(name: &Owned) -> &[u8] {
    name.borrow().downcast::<Str>().map_or(&[], Str::as_bytes)
}

/// The frame object of the innermost entry.
fn innermost_frame(traceback: Option<&Owned>) -> Option<Owned> {
    let mut current = traceback?.clone();
    while let Some(next) = current.borrow().downcast::<Traceback>()?.next.get() {
        current = next;
    }
    Some(current.borrow().downcast::<Traceback>()?.frame.clone())
}

fn attribute(vm: &Thread, object: &Owned, name: &str) -> Option<Owned> {
    vm.get_attr(object.borrow(), vm.intern(name).ok()?.borrow()).ok()
}

fn local(vm: &Thread, frame: &Owned, name: &str) -> Option<Owned> {
    let locals = attribute(vm, frame, "f_locals")?;
    let key = vm.intern(name).ok()?;
    if let Some(locals) = locals.borrow().downcast::<Dict>() {
        return locals.table.get(vm, key.borrow(), vm.hash(key.borrow()).ok()?).ok()?;
    }
    if !vm.contains(locals.borrow(), key.borrow()).ok()? {
        return None;
    }
    vm.get_item(locals.borrow(), key.borrow()).ok()
}
