//! `cmp_to_key`: sort keys from a function that compares.
//!
//! The result for a comparison function and each key it makes are objects of the same class, the first one without a value:
//! calling it makes the others.

use pyx_vm::arguments::Args;
use pyx_vm::exception::PyResult;
use pyx_vm::heap::Slot;
use pyx_vm::native::*;
use pyx_vm::protocol::slots::CompareOp;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload, signature};

payload! {
    /// A key, or what makes keys.
    struct Key: Native {
        compare: Owned,
        object: Slot,
    }
}

class! { Key => KEY; }

static KEY: TypeDef = TypeDef {
    module: "functools",
    flags: TypeFlags { no_new: true, ..TypeFlags::NONE },
    getset: &[
        GetSet {
            name: "obj",
            get: |_, this| Ok(Key::of(this).object.get_or_none()),
            set: Some(set_object),
            doc: "The value that the key stands for.",
            member: true,
        },
        getter("__text_signature__", |vm, _| vm.str("(obj)"), "The signature of the calls."),
    ],
    attributes: &[MODULE, GETATTRIBUTE],
    slots: Slots { call: Some(call), compare: Some(compare), ..Slots::NONE },
    ..TypeDef::new::<Key>("KeyWrapper")
};

impl Key {
    fn of(this: Ref<'_>) -> &Self {
        this.downcast().expect("the receiver is a key")
    }

    fn value(&self, vm: &Thread) -> PyResult {
        self.object.get().ok_or_else(|| vm.attribute_error("object"))
    }
}

fn set_object(_vm: &Thread, this: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    drop(Key::of(this).object.replace(value.map(Ref::own)));
    Ok(())
}

pub(super) fn cmp_to_key(vm: &Thread, function: Ref<'_>) -> PyResult {
    vm.new_object(Key { compare: function.own(), object: Slot::empty() })
}

fn call(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult {
    args.bind(vm, signature!("K(obj)"), |bound| {
        let object = Slot::new(bound.required(0).own());
        vm.new_object(Key { compare: Key::of(this).compare.clone(), object })
    })
}

fn compare(vm: &Thread, a: Ref<'_>, b: Ref<'_>, op: CompareOp) -> PyResult {
    let (Some(a), Some(b)) = (a.downcast::<Key>(), b.downcast::<Key>()) else {
        return Err(vm.type_error("other argument must be K instance"));
    };
    let (x, y) = (a.value(vm)?, b.value(vm)?);
    let order = vm.call(a.compare.borrow(), &[x.borrow(), y.borrow()])?;
    vm.compare(order.borrow(), Owned::small_int(0).borrow(), op)
}
