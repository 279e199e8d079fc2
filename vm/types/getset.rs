//! `getset_descriptor` and `member_descriptor`: attributes computed by native functions, and the slots that `__slots__`
//! declares.

use crate::class;
use crate::exception::{PyResult, Raised};
use crate::heap::inline::Str;
use crate::heap::{Slot, instance};
use crate::native::{GetSet, One, Slots, TypeDef, TypeFlags, getter, member, method};
use crate::types::type_::is_subtype;
use crate::types::wrapper::check_receiver;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

crate::payload! {
    /// An attribute computed by functions.
    pub struct GetSetDescriptor: Native {
        class: Owned,
        row: Row,
    }

    /// An attribute that is a plain field: of a native type, or a slot that `__slots__` declares.
    pub struct MemberDescriptor: Native {
        class: Owned,
        name: Owned,
        field: Field,
    }
}

class! {
    GetSetDescriptor => GETSET_DESCRIPTOR;
    MemberDescriptor => MEMBER_DESCRIPTOR;
}

/// A row of a native type's table.
#[derive(Clone, Copy)]
struct Row(&'static GetSet);

/// Where a member descriptor finds its value.
#[derive(Clone, Copy)]
enum Field {
    Native(Row),
    /// The number of the slot among all that the class and its bases declare.
    Slot(u32),
}

crate::untraced!(Row, Field);

pub(crate) static GETSET_DESCRIPTOR: TypeDef = TypeDef {
    flags: TypeFlags { no_new: true, ..TypeFlags::NONE },
    getset: &[
        member(
            "__objclass__",
            |_, this| Ok(getset_of(this).class.clone()),
            "The class that has the attribute.",
        ),
        member("__name__", |vm, this| vm.intern(getset_of(this).row.0.name), "The attribute's name."),
        getter("__doc__", |vm, this| doc(vm, getset_of(this).row), "The docstring."),
        getter("__qualname__", qualname, "The name with its class."),
    ],
    slots: Slots { repr: Some(repr), descr_get: Some(get), descr_set: Some(set), ..Slots::NONE },
    ..TypeDef::new::<GetSetDescriptor>("getset_descriptor")
};

pub(crate) static MEMBER_DESCRIPTOR: TypeDef = TypeDef {
    flags: TypeFlags { no_new: true, ..TypeFlags::NONE },
    methods: &[method(
        "__reduce__($self, /)",
        One(member_reduce),
        "What pickle rebuilds the descriptor from: the attribute of its class.",
    )],
    getset: &[
        member(
            "__objclass__",
            |_, this| Ok(member_of(this).class.clone()),
            "The class that has the attribute.",
        ),
        member("__name__", |_, this| Ok(member_of(this).name.clone()), "The attribute's name."),
        getter("__doc__", member_doc, "The docstring."),
        getter("__qualname__", member_qualname, "The name with its class."),
    ],
    slots: Slots {
        repr: Some(member_repr),
        descr_get: Some(member_get),
        descr_set: Some(member_set),
        ..Slots::NONE
    },
    ..TypeDef::new::<MemberDescriptor>("member_descriptor")
};

/// The descriptor of a row, for the namespace of a class.
pub(crate) fn new(vm: &Thread, class: Ref<'_>, row: &'static GetSet) -> PyResult {
    if row.member {
        let (name, field) = (vm.intern(row.name)?, Field::Native(Row(row)));
        vm.new_object(MemberDescriptor { class: class.own(), name, field })
    } else {
        vm.new_object(GetSetDescriptor { class: class.own(), row: Row(row) })
    }
}

/// The descriptor of a slot that `__slots__` declares, for the namespace of a class.
pub(crate) fn new_slot(vm: &Thread, class: Ref<'_>, name: &Owned, index: u32) -> PyResult {
    vm.new_object(MemberDescriptor { class: class.own(), name: name.clone(), field: Field::Slot(index) })
}

/// The row behind a descriptor of a native type, if it applies to instances of the class.
pub(crate) fn row(descriptor: Ref<'_>, class: Ref<'_>) -> Option<&'static GetSet> {
    let (owner, row) = if let Some(getset) = descriptor.downcast::<GetSetDescriptor>() {
        (&getset.class, getset.row)
    } else {
        let member = descriptor.downcast::<MemberDescriptor>()?;
        let Field::Native(row) = member.field else { return None };
        (&member.class, row)
    };
    is_subtype(class, owner.borrow()).then_some(row.0)
}

/// The number of the slot behind a descriptor of `__slots__`, if it applies to instances of the class.
pub(crate) fn slot_index(descriptor: Ref<'_>, class: Ref<'_>) -> Option<u32> {
    let descriptor = descriptor.downcast::<MemberDescriptor>()?;
    match descriptor.field {
        Field::Slot(index) if is_subtype(class, descriptor.class.borrow()) => Some(index),
        _ => None,
    }
}

fn getset_of(this: Ref<'_>) -> &GetSetDescriptor {
    this.downcast().expect("a slot of the class gets its instances")
}

fn member_of(this: Ref<'_>) -> &MemberDescriptor {
    this.downcast().expect("a slot of the class gets its instances")
}

fn doc(vm: &Thread, row: Row) -> PyResult {
    if row.0.doc.is_empty() { Ok(Owned::none()) } else { vm.str(row.0.doc) }
}

fn qualname(vm: &Thread, this: Ref<'_>) -> PyResult {
    let descriptor = getset_of(this);
    vm.qualified_name(descriptor.class.borrow(), descriptor.row.0.name)
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    let descriptor = getset_of(this);
    let class = vm.class_name(descriptor.class.borrow());
    vm.str(&format!("<attribute '{}' of '{class}' objects>", descriptor.row.0.name))
}

fn get(vm: &Thread, this: Ref<'_>, instance: Option<Ref<'_>>, _owner: Option<Ref<'_>>) -> PyResult {
    let Some(instance) = instance else { return Ok(this.own()) };
    let GetSetDescriptor { class, row } = getset_of(this);
    check_receiver(vm, class.borrow(), row.0.name, instance)?;
    (row.0.get)(vm, instance)
}

fn set(vm: &Thread, this: Ref<'_>, instance: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    let GetSetDescriptor { class, row } = getset_of(this);
    check_receiver(vm, class.borrow(), row.0.name, instance)?;
    match row.0.set {
        Some(set) => set(vm, instance, value),
        None => {
            let (name, class) = (row.0.name, vm.class_name(class.borrow()));
            Err(vm.attribute_error(format_args!("attribute '{name}' of '{class}' objects is not writable")))
        }
    }
}

fn name_of(member: &MemberDescriptor) -> std::borrow::Cow<'_, str> {
    member.name.borrow().downcast::<Str>().expect("names are strs").to_string_lossy()
}

fn member_reduce(vm: &Thread, this: Ref<'_>) -> PyResult {
    let descriptor = member_of(this);
    vm.reduce_to_attribute(descriptor.class.borrow(), descriptor.name.clone())
}

fn member_doc(vm: &Thread, this: Ref<'_>) -> PyResult {
    match member_of(this).field {
        Field::Native(row) => doc(vm, row),
        Field::Slot(_) => Ok(Owned::none()),
    }
}

fn member_qualname(vm: &Thread, this: Ref<'_>) -> PyResult {
    let descriptor = member_of(this);
    vm.qualified_name(descriptor.class.borrow(), &name_of(descriptor))
}

fn member_repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    let descriptor = member_of(this);
    let class = vm.class_name(descriptor.class.borrow());
    vm.str(&format!("<member '{}' of '{class}' objects>", name_of(descriptor)))
}

fn member_get(vm: &Thread, this: Ref<'_>, instance: Option<Ref<'_>>, _owner: Option<Ref<'_>>) -> PyResult {
    let Some(instance) = instance else { return Ok(this.own()) };
    let descriptor = member_of(this);
    check_receiver(vm, descriptor.class.borrow(), &name_of(descriptor), instance)?;
    match descriptor.field {
        Field::Native(row) => (row.0.get)(vm, instance),
        Field::Slot(index) => instance::fixed_slot(instance, index)
            .and_then(Slot::get)
            .ok_or_else(|| unbound(vm, instance, descriptor)),
    }
}

/// AttributeError for a slot that is empty.
#[cold]
fn unbound(vm: &Thread, instance: Ref<'_>, descriptor: &MemberDescriptor) -> Raised {
    let message =
        format!("'{}' object has no attribute '{}'", vm.full_type_name(instance), name_of(descriptor));
    vm.attribute_error_about(instance, descriptor.name.borrow(), &message)
}

fn member_set(vm: &Thread, this: Ref<'_>, instance: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    let descriptor = member_of(this);
    check_receiver(vm, descriptor.class.borrow(), &name_of(descriptor), instance)?;
    match (descriptor.field, value) {
        (Field::Native(Row(GetSet { set: Some(set), .. })), value) => set(vm, instance, value),
        (Field::Native(_), _) => Err(vm.attribute_error("readonly attribute")),
        (Field::Slot(index), value) => {
            let slot = instance::fixed_slot(instance, index);
            let old = slot.and_then(|slot| slot.replace(value.map(Ref::own)));
            if old.is_none() && value.is_none() {
                return Err(vm.error_with(&vm.exceptions().AttributeError, &[descriptor.name.borrow()]));
            }
            Ok(())
        }
    }
}
