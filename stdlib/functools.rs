//! `_functools`: functions that work on functions.

mod key;
mod lru_cache;
mod partial;

use pyx_vm::exception::PyResult;
use pyx_vm::native::*;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

pub(crate) static FUNCTOOLS: ModuleDef = ModuleDef {
    doc: "Tools that work on functions.",
    functions: &[
        function(
            "reduce($module, function, iterable, /, initial=<unrepresentable>)",
            TwoOpt(reduce),
            "Put the items of an iterable together, from left to right, by a function of two arguments.\n\n\
             With an initial value, it comes before the first item, and is the result if there are none.\n\
             reduce(f, [1, 2, 3]) is f(f(1, 2), 3).",
        ),
        function(
            "cmp_to_key($module, /, mycmp)",
            One(key::cmp_to_key),
            "Turn a function that compares two values into one that gives sort keys.",
        ),
    ],
    types: &[&partial::PARTIAL, &partial::PLACEHOLDER, &lru_cache::LRU_CACHE],
    exec: Some(partial::add_placeholder),
    ..ModuleDef::new("_functools")
};

fn reduce(vm: &Thread, function: Ref<'_>, iterable: Ref<'_>, initial: Option<Ref<'_>>) -> PyResult {
    let iterator = match vm.iter(iterable) {
        Err(raised) if raised.is(&vm.exceptions().TypeError) => {
            return Err(vm.type_error("reduce() arg 2 must support iteration"));
        }
        iterator => iterator?,
    };
    let mut result = match initial {
        Some(initial) => Some(initial.own()),
        None => vm.next(iterator.borrow())?,
    };
    if let Some(result) = &mut result {
        while let Some(item) = vm.next(iterator.borrow())? {
            *result = vm.call(function, &[result.borrow(), item.borrow()])?;
        }
    }
    result.ok_or_else(|| vm.type_error("reduce() of empty iterable with no initial value"))
}

/// The values of arguments, on the stack while they are few.
type Values<T> = smallvec::SmallVec<[T; 8]>;

/// Borrows each value.
fn borrow_all(values: &[Owned]) -> &[Ref<'_>] {
    pyx_vm::value::borrow_slice(values)
}
