//! `filter`: the items of an iterable that a function finds true.

use crate::arguments::Args;
use crate::class;
use crate::exception::PyResult;
use crate::native::{One, Slots, TypeDef, TypeFlags, method};
use crate::protocol::slots::SlotId;
use crate::types::constructor;
use crate::types::iterator::{REDUCE, self_iter};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

crate::payload! {
    /// A filter object.
    pub struct Filter: Filter {
        function: Owned,
        iterator: Owned,
    }
}

class! { Filter => FILTER; }

pub(crate) static FILTER: TypeDef = TypeDef {
    flags: TypeFlags::BASE,
    signature: "(function, iterable, /)",
    doc: "An iterator of the items of an iterable for which a function returns something true, or of the true items\n\
          if the function is None.",
    methods: &[method("__reduce__($self, /)", One(reduce), REDUCE)],
    slots: Slots { iter: Some(self_iter), next: Some(next), new: Some(new), ..Slots::NONE },
    ..TypeDef::new::<Filter>("filter")
};

fn payload(this: Ref<'_>) -> &Filter {
    this.downcast().expect("the receiver is a filter object")
}

fn new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    if constructor::checks_keywords(class, SlotId::init) {
        constructor::no_keywords(vm, "filter", args)?;
    }
    let &[function, iterable] = args.positional() else {
        return Err(constructor::wrong_count(vm, "filter", args.positional().len(), 2, 2));
    };
    let iterator = vm.iter(iterable)?;
    vm.new_object_of(class, Filter { function: function.own(), iterator })
}

fn next(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    let filter = payload(this);
    let (function, iterator) = (filter.function.borrow(), filter.iterator.borrow());
    let asks_item = function.is_none() || function.is(vm.types().bool.borrow());
    let next = vm.next_slot(iterator)?;
    while let Some(item) = next(vm, iterator)? {
        let keep = if asks_item {
            vm.is_true(item.borrow())?
        } else {
            vm.is_true(vm.call(function, &[item.borrow()])?.borrow())?
        };
        if keep {
            return Ok(Some(item));
        }
    }
    Ok(None)
}

fn reduce(vm: &Thread, this: Ref<'_>) -> PyResult {
    let filter = payload(this);
    let arguments = vm.pair(filter.function.clone(), filter.iterator.clone())?;
    vm.pair(vm.class(this).own(), arguments)
}
