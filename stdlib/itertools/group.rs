//! `groupby`: runs of items with equal keys.
//!
//! The groups share the input with the groupby object that made them: asking it for the next group skips what is left of the
//! last one, which is empty from then on. A group knows its number, and the parent the number of the group it is in.

use std::cell::Cell;

use pyx_vm::arguments::Args;
use pyx_vm::exception::PyResult;
use pyx_vm::heap::Slot;
use pyx_vm::native::*;
use pyx_vm::types::constructor;
use pyx_vm::types::iterator::self_iter;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload, signature};

use super::{ATTRIBUTES, advance_to_end, payload_of};

payload! {
    /// A groupby object.
    pub(super) struct GroupBy: Native {
        iterator: Owned,
        /// None: items are their own keys.
        key_function: Owned,
        /// The key of the group that was given last.
        target: Slot,
        /// The key of the item that was read last.
        key: Slot,
        /// The item that was read last, unless a group has given it.
        item: Slot,
        /// The number of the group that may read on; 0: none.
        group: Cell<u64>,
        /// Groups made so far.
        groups: Cell<u64>,
    }

    /// A group.
    pub(super) struct Grouper: Native {
        parent: Owned,
        target: Owned,
        number: u64,
    }
}

class! {
    GroupBy => GROUPBY;
    Grouper => GROUPER;
}

pub(super) static GROUPBY: TypeDef = TypeDef {
    module: "itertools",
    flags: TypeFlags::BASE,
    signature: "(iterable, key=None)",
    doc: "An iterator of pairs: a key, and an iterator of the items in a row that have it.\n\n\
          Without a key function, each item is its own key.",
    attributes: ATTRIBUTES,
    slots: Slots { new: Some(groupby_new), iter: Some(self_iter), next: Some(groupby_next), ..Slots::NONE },
    ..TypeDef::new::<GroupBy>("groupby")
};

fn groupby_new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    args.bind(vm, signature!("groupby(iterable, key=None)"), |bound| {
        let iterator = vm.iter(bound.required(0))?;
        let key_function = bound.optional(1).map_or_else(Owned::none, Ref::own);
        let groupby = GroupBy {
            iterator,
            key_function,
            target: Slot::empty(),
            key: Slot::empty(),
            item: Slot::empty(),
            group: Cell::new(0),
            groups: Cell::new(0),
        };
        vm.new_object_of(class, groupby)
    })
}

fn groupby_next(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    let groupby = payload_of!(this, GroupBy);
    groupby.group.set(0);
    let key = loop {
        if let Some(key) = groupby.key.get() {
            match groupby.target.get() {
                Some(target) if vm.equal(target.borrow(), key.borrow())? => {}
                _ => break key,
            }
        }
        if !groupby.read(vm)? {
            return Ok(None);
        }
    };
    groupby.target.set(key.clone());
    let group = new_group(vm, this, &key)?;
    vm.pair(key, group).map(Some)
}

impl GroupBy {
    /// Reads an item and its key; says whether there is one.
    fn read(&self, vm: &Thread) -> PyResult<bool> {
        let Some(item) = advance_to_end(vm, self.iterator.borrow())? else { return Ok(false) };
        let function = self.key_function.borrow();
        let key = if function.is_none() { item.clone() } else { vm.call(function, &[item.borrow()])? };
        self.item.set(item);
        self.key.set(key);
        Ok(true)
    }
}

pub(super) static GROUPER: TypeDef = TypeDef {
    module: "itertools",
    attributes: ATTRIBUTES,
    slots: Slots { new: Some(grouper_new), iter: Some(self_iter), next: Some(grouper_next), ..Slots::NONE },
    ..TypeDef::new::<Grouper>("_grouper")
};

fn grouper_new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    let [parent, target] = constructor::exactly(vm, class, "_grouper", args)?;
    if parent.downcast::<GroupBy>().is_none() {
        return Err(vm.bad_argument("_grouper() argument 1", "itertools.groupby", parent));
    }
    new_group(vm, parent, &target.own())
}

/// The group with a key, which is the one that may read from now on.
fn new_group(vm: &Thread, parent: Ref<'_>, target: &Owned) -> PyResult {
    let groupby = payload_of!(parent, GroupBy);
    let number = groupby.groups.get() + 1;
    groupby.groups.set(number);
    groupby.group.set(number);
    vm.new_object(Grouper { parent: parent.own(), target: target.clone(), number })
}

fn grouper_next(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    let group = payload_of!(this, Grouper);
    let parent = payload_of!(group.parent.borrow(), GroupBy);
    if parent.group.get() != group.number {
        return Ok(None);
    }
    if parent.item.is_empty() && !parent.read(vm)? {
        return Ok(None);
    }
    let Some(key) = parent.key.get() else { return Ok(None) };
    if !vm.equal(group.target.borrow(), key.borrow())? {
        return Ok(None);
    }
    drop(parent.key.take());
    Ok(parent.item.take())
}
