//! Counting items in a mapping: what `collections.Counter` does most.

use crate::exception::PyResult;
use crate::heap::dict::Dict;
use crate::heap::lookup::get_str;
use crate::protocol::number::BinaryOp;
use crate::protocol::slots::SetItem;
use crate::types::dict;
use crate::types::key::hash_of;
use crate::types::type_::payload_of;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// Adds one to `mapping[item]` for each item of an iterable.
pub fn count_elements(vm: &Thread, mapping: Ref<'_>, iterable: Ref<'_>) -> PyResult<()> {
    let iterator = vm.iter(iterable)?;
    let one = Owned::small_int(1);
    if let Some(counts) = mapping.downcast::<Dict>().filter(|_| counts_plainly(vm, mapping)) {
        return vm.iterate(iterator.borrow(), &mut |item| {
            let hash = hash_of(vm, item.borrow())?;
            let count = match counts.table.get(vm, item.borrow(), hash)? {
                None => one.clone(),
                Some(count) => vm.binary(BinaryOp::Add, count.borrow(), one.borrow())?,
            };
            counts.table.insert(vm, item.borrow(), hash, count).map(drop)
        });
    }
    let get = vm.get_attr(mapping, vm.intern("get")?.borrow())?;
    let zero = Owned::small_int(0);
    vm.iterate(iterator.borrow(), &mut |item| {
        let count = vm.call(get.borrow(), &[item.borrow(), zero.borrow()])?;
        let count = vm.binary(BinaryOp::Add, count.borrow(), one.borrow())?;
        vm.set_item(mapping, item.borrow(), Some(count.borrow()))
    })
}

/// Whether the class of a dict gets and sets items as `dict` does.
fn counts_plainly(vm: &Thread, mapping: Ref<'_>) -> bool {
    let sets = vm.slots(mapping).setitem.get();
    let Ok(get) = vm.intern("get") else { return false };
    let own = vm.lookup(vm.class(mapping), get.borrow());
    let plain = get_str(payload_of(vm.types().dict.borrow()).namespace(vm), get.borrow());
    sets.is_some_and(|sets| std::ptr::fn_addr_eq(sets, dict::setitem as SetItem))
        && own.zip(plain).is_some_and(|(own, plain)| own.borrow().is(plain.borrow()))
}
