//! `map`: the results of a function for the items of iterables.

use std::cell::Cell;

use crate::arguments::Args;
use crate::class;
use crate::exception::PyResult;
use crate::native::{One, Slots, Two, TypeDef, TypeFlags, method};
use crate::types::iterator::{REDUCE, SETSTATE, self_iter};
use crate::types::zip::{iterators, next_row, reduce_strict};
use crate::value::{Owned, Ref, borrow_slice};
use crate::vm::Thread;

crate::payload! {
    /// A map object.
    pub struct Map: Map {
        function: Owned,
        /// At least one.
        iterators: Vec<Owned>,
        strict: Cell<bool>,
    }
}

class! { Map => MAP; }

pub(crate) static MAP: TypeDef = TypeDef {
    flags: TypeFlags::BASE,
    signature: "(function, iterable, /, *iterables, strict=False)",
    doc: "An iterator of what a function returns for the items of the iterables, one item from each as its\n\
          arguments. It ends with the shortest of them; if strict is true, it raises ValueError unless\n\
          all end together.",
    methods: &[
        method("__reduce__($self, /)", One(reduce), REDUCE),
        method("__setstate__($self, object, /)", Two(setstate), SETSTATE),
    ],
    slots: Slots { iter: Some(self_iter), next: Some(next), new: Some(new), ..Slots::NONE },
    ..TypeDef::new::<Map>("map")
};

fn payload(this: Ref<'_>) -> &Map {
    this.downcast().expect("the receiver is a map object")
}

fn new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    let strict = args.has_keywords()
        && args.keywords_only().bind(vm, crate::signature!("map(*, strict=False)"), |bound| {
            vm.is_true(bound.optional(0).unwrap_or(Ref::FALSE))
        })?;
    let [function, iterables @ ..] = args.positional() else { return Err(too_few(vm)) };
    if iterables.is_empty() {
        return Err(too_few(vm));
    }
    let iterators = iterators(vm, iterables)?;
    vm.new_object_of(class, Map { function: function.own(), iterators, strict: Cell::new(strict) })
}

#[cold]
fn too_few(vm: &Thread) -> crate::exception::Raised {
    vm.type_error("map() must have at least two arguments.")
}

fn next(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    let map = payload(this);
    if let [iterator] = &*map.iterators {
        let iterator = iterator.borrow();
        let Some(item) = vm.next_slot(iterator)?(vm, iterator)? else { return Ok(None) };
        return vm.call(map.function.borrow(), &[item.borrow()]).map(Some);
    }
    match next_row(vm, "map", &map.iterators, map.strict.get())? {
        Some(row) => vm.call(map.function.borrow(), borrow_slice(&row)).map(Some),
        None => Ok(None),
    }
}

fn reduce(vm: &Thread, this: Ref<'_>) -> PyResult {
    let map = payload(this);
    let arguments = vm.tuple_from(1 + map.iterators.len(), |index| match index {
        0 => map.function.clone(),
        _ => map.iterators[index - 1].clone(),
    })?;
    reduce_strict(vm, this, arguments, map.strict.get())
}

fn setstate(vm: &Thread, this: Ref<'_>, state: Ref<'_>) -> PyResult {
    payload(this).strict.set(vm.is_true(state)?);
    Ok(Owned::none())
}
