//! The methods of `type`.

use super::{linearise, payload_of};
use crate::exception::PyResult;
use crate::native::*;
use crate::types::object::collect_class_names;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

pub(super) static METHODS: &[MethodDef] = &[
    method("mro($self, /)", One(mro), "The method resolution order, computed from the bases."),
    method("__subclasses__($self, /)", One(subclasses), "The direct subclasses that are alive."),
    class_method(
        "__prepare__($cls, name, bases, /, **kwds)",
        Raw(|vm, _| vm.dict()),
        "The namespace for the body of a class statement.",
    ),
    method(
        "__instancecheck__($self, instance, /)",
        Two(|vm, class, instance| vm.is_instance_plain(instance, class).map(Owned::bool)),
        "Whether an object is an instance of the class.",
    ),
    method(
        "__subclasscheck__($self, subclass, /)",
        Two(|vm, class, subclass| vm.is_subclass_plain(subclass, class).map(Owned::bool)),
        "Whether a class is a subclass of this one.",
    ),
    method("__dir__($self, /)", One(dir), "The names of the attributes of the class and its bases."),
    method("__sizeof__($self, /)", One(size_of), "Bytes of memory that the class takes."),
];

fn mro(vm: &Thread, class: Ref<'_>) -> PyResult {
    let order = linearise(vm, class)?;
    vm.list(order)
}

fn subclasses(vm: &Thread, class: Ref<'_>) -> PyResult {
    vm.list(payload_of(class).subclasses.members())
}

fn dir(vm: &Thread, class: Ref<'_>) -> PyResult {
    let all = vm.dict()?;
    collect_class_names(vm, all.borrow(), class)?;
    let keys = vm.collect(all.borrow())?;
    vm.list(keys)
}

fn size_of(vm: &Thread, class: Ref<'_>) -> PyResult {
    let table = &payload_of(class).namespace(vm).table;
    vm.size(
        std::mem::size_of::<super::Type>()
            + std::mem::size_of::<crate::heap::Header>()
            + table.storage_size(),
    )
}
