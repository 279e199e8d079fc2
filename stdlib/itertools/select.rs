//! Iterators that decide item by item: `takewhile`, `dropwhile`, `filterfalse`, `compress`, and `starmap`, which calls a
//! function with each item's items.

use std::cell::Cell;

use pyx_vm::arguments::Args;
use pyx_vm::exception::PyResult;
use pyx_vm::heap::inline::Tuple;
use pyx_vm::native::*;
use pyx_vm::types::constructor;
use pyx_vm::types::iterator::self_iter;
use pyx_vm::value::{Owned, Ref, borrow_slice};
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload, signature};

use super::{ATTRIBUTES, advance, payload_of};

payload! {
    /// A takewhile object.
    pub(super) struct TakeWhile: Native {
        predicate: Owned,
        iterator: Owned,
        ended: Cell<bool>,
    }

    /// A dropwhile object.
    pub(super) struct DropWhile: Native {
        predicate: Owned,
        iterator: Owned,
        started: Cell<bool>,
    }

    /// A filterfalse object.
    pub(super) struct FilterFalse: Native {
        function: Owned,
        iterator: Owned,
    }

    /// A compress object.
    pub(super) struct Compress: Native {
        data: Owned,
        selectors: Owned,
    }

    /// A starmap object.
    pub(super) struct StarMap: Native {
        function: Owned,
        iterator: Owned,
    }
}

class! {
    TakeWhile => TAKEWHILE;
    DropWhile => DROPWHILE;
    FilterFalse => FILTERFALSE;
    Compress => COMPRESS;
    StarMap => STARMAP;
}

pub(super) static TAKEWHILE: TypeDef = TypeDef {
    module: "itertools",
    flags: TypeFlags::BASE,
    signature: "(predicate, iterable, /)",
    doc: "An iterator of the items up to the first one for which the predicate is false.",
    attributes: ATTRIBUTES,
    slots: Slots {
        new: Some(takewhile_new),
        iter: Some(self_iter),
        next: Some(takewhile_next),
        ..Slots::NONE
    },
    ..TypeDef::new::<TakeWhile>("takewhile")
};

fn takewhile_new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    let [predicate, iterable] = constructor::exactly(vm, class, "takewhile", args)?;
    let iterator = vm.iter(iterable)?;
    vm.new_object_of(class, TakeWhile { predicate: predicate.own(), iterator, ended: Cell::new(false) })
}

fn takewhile_next(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    let takewhile = payload_of!(this, TakeWhile);
    if takewhile.ended.get() {
        return Ok(None);
    }
    let Some(item) = advance(vm, takewhile.iterator.borrow())? else { return Ok(None) };
    if holds(vm, takewhile.predicate.borrow(), &item)? {
        return Ok(Some(item));
    }
    takewhile.ended.set(true);
    Ok(None)
}

/// Whether a function returns something true for an item.
#[inline]
fn holds(vm: &Thread, function: Ref<'_>, item: &Owned) -> PyResult<bool> {
    vm.is_true(vm.call(function, &[item.borrow()])?.borrow())
}

pub(super) static DROPWHILE: TypeDef = TypeDef {
    module: "itertools",
    flags: TypeFlags::BASE,
    signature: "(predicate, iterable, /)",
    doc: "An iterator of the items from the first one on for which the predicate is false.",
    attributes: ATTRIBUTES,
    slots: Slots {
        new: Some(dropwhile_new),
        iter: Some(self_iter),
        next: Some(dropwhile_next),
        ..Slots::NONE
    },
    ..TypeDef::new::<DropWhile>("dropwhile")
};

fn dropwhile_new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    let [predicate, iterable] = constructor::exactly(vm, class, "dropwhile", args)?;
    let iterator = vm.iter(iterable)?;
    vm.new_object_of(class, DropWhile { predicate: predicate.own(), iterator, started: Cell::new(false) })
}

fn dropwhile_next(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    let dropwhile = payload_of!(this, DropWhile);
    while let Some(item) = advance(vm, dropwhile.iterator.borrow())? {
        if dropwhile.started.get() {
            return Ok(Some(item));
        }
        if !holds(vm, dropwhile.predicate.borrow(), &item)? {
            dropwhile.started.set(true);
            return Ok(Some(item));
        }
    }
    Ok(None)
}

pub(super) static FILTERFALSE: TypeDef = TypeDef {
    module: "itertools",
    flags: TypeFlags::BASE,
    signature: "(function, iterable, /)",
    doc: "An iterator of the items for which a function returns something false, or of the false items if the\n\
          function is None.",
    attributes: ATTRIBUTES,
    slots: Slots {
        new: Some(filterfalse_new),
        iter: Some(self_iter),
        next: Some(filterfalse_next),
        ..Slots::NONE
    },
    ..TypeDef::new::<FilterFalse>("filterfalse")
};

fn filterfalse_new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    let [function, iterable] = constructor::exactly(vm, class, "filterfalse", args)?;
    let iterator = vm.iter(iterable)?;
    vm.new_object_of(class, FilterFalse { function: function.own(), iterator })
}

fn filterfalse_next(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    let filter = payload_of!(this, FilterFalse);
    let function = filter.function.borrow();
    let asks_item = function.is_none() || function.is(vm.types().bool.borrow());
    while let Some(item) = advance(vm, filter.iterator.borrow())? {
        let drops = if asks_item { vm.is_true(item.borrow())? } else { holds(vm, function, &item)? };
        if !drops {
            return Ok(Some(item));
        }
    }
    Ok(None)
}

pub(super) static COMPRESS: TypeDef = TypeDef {
    module: "itertools",
    flags: TypeFlags::BASE,
    signature: "(data, selectors)",
    doc: "An iterator of the items of data whose selector is true.\n\nIt ends with the shorter of the two.",
    attributes: ATTRIBUTES,
    slots: Slots { new: Some(compress_new), iter: Some(self_iter), next: Some(compress_next), ..Slots::NONE },
    ..TypeDef::new::<Compress>("compress")
};

fn compress_new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    args.bind(vm, signature!("compress(data, selectors)"), |bound| {
        let data = vm.iter(bound.required(0))?;
        let selectors = vm.iter(bound.required(1))?;
        vm.new_object_of(class, Compress { data, selectors })
    })
}

fn compress_next(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    let compress = payload_of!(this, Compress);
    loop {
        let Some(item) = advance(vm, compress.data.borrow())? else { return Ok(None) };
        let Some(selector) = advance(vm, compress.selectors.borrow())? else { return Ok(None) };
        if vm.is_true(selector.borrow())? {
            return Ok(Some(item));
        }
    }
}

pub(super) static STARMAP: TypeDef = TypeDef {
    module: "itertools",
    flags: TypeFlags::BASE,
    signature: "(function, iterable, /)",
    doc: "An iterator of function(*arguments), the arguments coming from an iterable.",
    attributes: ATTRIBUTES,
    slots: Slots { new: Some(starmap_new), iter: Some(self_iter), next: Some(starmap_next), ..Slots::NONE },
    ..TypeDef::new::<StarMap>("starmap")
};

fn starmap_new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    let [function, iterable] = constructor::exactly(vm, class, "starmap", args)?;
    let iterator = vm.iter(iterable)?;
    vm.new_object_of(class, StarMap { function: function.own(), iterator })
}

fn starmap_next(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    let starmap = payload_of!(this, StarMap);
    let function = starmap.function.borrow();
    let Some(item) = advance(vm, starmap.iterator.borrow())? else { return Ok(None) };
    match item.borrow().downcast::<Tuple>() {
        Some(arguments) => vm.call(function, borrow_slice(arguments.as_slice())).map(Some),
        None => vm.call(function, borrow_slice(&vm.collect(item.borrow())?)).map(Some),
    }
}
