//! The filters of warnings.

use crate::exception::PyResult;
use crate::heap::Kind;
use crate::heap::inline::{Str, Tuple};
use crate::types::list::List;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// What is done about a warning, and the filter that says so.
pub(super) struct Decision {
    pub(super) action: Owned,
    pub(super) filter: Owned,
}

/// The filters that an interpreter starts with.
pub(super) fn defaults(vm: &Thread) -> PyResult {
    let exceptions = vm.exceptions();
    let main = vm.names().__main__.clone();
    let none = Owned::none;
    let mut filters = Vec::new();
    for (action, category, module) in [
        ("default", &exceptions.DeprecationWarning, main),
        ("ignore", &exceptions.DeprecationWarning, none()),
        ("ignore", &exceptions.PendingDeprecationWarning, none()),
        ("ignore", &exceptions.ImportWarning, none()),
        ("ignore", &exceptions.ResourceWarning, none()),
    ] {
        let filter = vec![vm.intern(action)?, none(), category.clone(), module, Owned::small_int(0)];
        filters.push(vm.tuple(filter)?);
    }
    vm.list(filters)
}

/// What the filters say: those of the current context first, then those of `warnings` or, before it is loaded, our own.
pub(super) fn decide(
    vm: &Thread,
    category: Ref<'_>,
    text: Ref<'_>,
    line: i32,
    module: Ref<'_>,
) -> PyResult<Decision> {
    let state = vm.warnings()?;
    let context = state.context.get().and_then(|context| vm.context_var_value(context.borrow()));
    if let Some(context) = context {
        let filters = vm.get_attr(context.borrow(), vm.intern("_filters")?.borrow())?;
        if let Some(found) = search(vm, filters.borrow(), category, text, line, module)? {
            return Ok(found);
        }
    }
    let filters = match super::core::attribute(vm, "filters", false)? {
        Some(filters) => filters,
        None => state.filters.get_or_none(),
    };
    if let Some(found) = search(vm, filters.borrow(), category, text, line, module)? {
        return Ok(found);
    }
    let action = match super::core::attribute(vm, "_defaultaction", false)? {
        Some(action) => action,
        None => state.default_action.get_or_none(),
    };
    if action.borrow().downcast::<Str>().is_none() {
        let got = vm.type_name(action.borrow());
        return Err(vm.type_error(format_args!("_warnings.defaultaction must be a string, not '{got}'")));
    }
    Ok(Decision { action, filter: Owned::none() })
}

/// The first filter that matches.
fn search(
    vm: &Thread,
    filters: Ref<'_>,
    category: Ref<'_>,
    text: Ref<'_>,
    line: i32,
    module: Ref<'_>,
) -> PyResult<Option<Decision>> {
    let Some(list) = filters.downcast::<List>() else {
        return Err(vm.value_error("_warnings.filters must be a list"));
    };
    let mut index = 0;
    // What a filter calls may change the list.
    while let Some(filter) = list.items().get(index) {
        let items = filter.borrow().downcast::<Tuple>().map(Tuple::as_slice);
        let Some([action, message, class, name, number]) = items else {
            return Err(vm.value_error(format_args!("warnings.filters item {index} isn't a 5-tuple")));
        };
        if action.borrow().downcast::<Str>().is_none() {
            let got = vm.type_name(action.borrow());
            return Err(vm.type_error(format_args!("action must be a string, not '{got}'")));
        }
        let applies = matches(vm, message.borrow(), text)?
            && matches(vm, name.borrow(), module)?
            && vm.is_subclass(category, class.borrow())?
            && matches!(vm.to_i64(number.borrow())?, number if number == 0 || number == i64::from(line));
        if applies {
            return Ok(Some(Decision { action: action.clone(), filter: filter.clone() }));
        }
        index += 1;
    }
    Ok(None)
}

/// A pattern is None, which matches everything, a str to be equal to, or an object with a method `match`.
fn matches(vm: &Thread, pattern: Ref<'_>, text: Ref<'_>) -> PyResult<bool> {
    if pattern.is_none() {
        return Ok(true);
    }
    if pattern.is_exact(Kind::Str) {
        return vm.equal(pattern, text);
    }
    let result = vm.call_method(pattern, &vm.intern("match")?, &[text])?;
    vm.is_true(result.borrow())
}
