//! `_suggestions`: which of some names a misspelt one stands for.

use pyx_vm::exception::PyResult;
use pyx_vm::heap::inline::Str;
use pyx_vm::native::*;
use pyx_vm::suggestion::closest;
use pyx_vm::types::list::List;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

pub(crate) static SUGGESTIONS: ModuleDef = ModuleDef {
    doc: "Suggestions for misspelt names.",
    functions: &[function(
        "_generate_suggestions($module, candidates, item, /)",
        Two(generate_suggestions),
        "The candidate that a name was probably meant to be, or None.",
    )],
    ..ModuleDef::new("_suggestions")
};

fn generate_suggestions(vm: &Thread, candidates: Ref<'_>, item: Ref<'_>) -> PyResult {
    let Some(name) = item.downcast::<Str>() else {
        return Err(vm.bad_argument("_generate_suggestions() argument 2", "str", item));
    };
    let Some(list) = candidates.downcast::<List>() else {
        return Err(vm.type_error("candidates must be a list"));
    };
    let candidates = list.items().to_vec(0, list.items().len());
    let texts = candidates.iter().map(|candidate| candidate.borrow().downcast::<Str>().map(Str::as_bytes));
    let Some(texts) = texts.collect::<Option<Vec<&[u8]>>>() else {
        return Err(vm.type_error("all elements in 'candidates' must be strings"));
    };
    match closest(name.as_bytes(), texts.iter().copied()) {
        Some(found) => {
            let index = texts.iter().position(|text| *text == found).unwrap_or_default();
            Ok(candidates.get(index).cloned().unwrap_or_else(Owned::none))
        }
        None => none(),
    }
}
