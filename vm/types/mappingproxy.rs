//! `mappingproxy`: a view of a mapping that cannot change it. `__dict__` of a class is one.

use crate::arguments::Args;
use crate::class;
use crate::exception::PyResult;
use crate::heap::dict::Dict;
use crate::heap::inline::{Str, Tuple};
use crate::native::*;
use crate::protocol::number::BinaryOp;
use crate::protocol::slots::CompareOp;
use crate::signature;
use crate::types::list::List;
use crate::types::type_::payload_of;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

crate::payload! {
    /// A read-only view of a mapping.
    pub struct MappingProxy: Native {
        mapping: Owned,
        /// Whether the mapping is the namespace of a class, which no other code may get hold of: a change would go
        /// unnoticed.
        private: bool,
    }
}

class! { MappingProxy => MAPPING_PROXY; }

pub(crate) static MAPPING_PROXY: TypeDef = TypeDef {
    flags: TypeFlags { mapping: true, ..TypeFlags::NONE },
    signature: "(mapping)",
    doc: "A read-only view of a mapping.",
    methods: &[
        method("get($self, key, default=None, /)", TwoOpt(get), "The value at the key, or the default."),
        method(
            "keys($self, /)",
            One(|vm, this| vm.call_method(mapping(this), &vm.names().keys, &[])),
            "A view of the keys.",
        ),
        method(
            "values($self, /)",
            One(|vm, this| vm.call_method(mapping(this), &vm.names().values, &[])),
            "A view of the values.",
        ),
        method(
            "items($self, /)",
            One(|vm, this| vm.call_method(mapping(this), &vm.names().items, &[])),
            "A view of the items.",
        ),
        method(
            "copy($self, /)",
            One(|vm, this| vm.call_method(mapping(this), &vm.names().copy, &[])),
            "A copy of the mapping.",
        ),
        class_method(
            "__class_getitem__($type, object, /)",
            Two(crate::types::generic_alias::generic_alias),
            "A generic alias, for annotations.",
        ),
        method(
            "__reversed__($self, /)",
            One(|vm, this| vm.call_method(mapping(this), &vm.names().__reversed__, &[])),
            "An iterator over the keys, last first.",
        ),
    ],
    slots: Slots {
        new: Some(new),
        repr: Some(repr),
        hash: Some(|vm, this| vm.hash(mapping(this))),
        str: Some(|vm, this| vm.to_str(mapping(this))),
        compare: Some(compare),
        iter: Some(|vm, this| vm.iter(mapping(this))),
        or: Some(or),
        inplace_or: Some(inplace_or),
        mapping_len: Some(|vm, this| vm.length(mapping(this))),
        getitem: Some(|vm, this, key| vm.get_item(mapping(this), key)),
        contains: Some(|vm, this, key| vm.contains(mapping(this), key)),
        ..Slots::NONE
    },
    ..TypeDef::new::<MappingProxy>("mappingproxy")
};

/// The `__dict__` of a class.
pub(crate) fn of_class(vm: &Thread, class: Ref<'_>) -> PyResult {
    vm.new_object(MappingProxy { mapping: payload_of(class).filled_members(vm), private: true })
}

fn payload(this: Ref<'_>) -> &MappingProxy {
    this.downcast().expect("a slot of the class gets its instances")
}

fn mapping<'a>(this: Ref<'a>) -> Ref<'a> {
    payload(this).mapping.borrow()
}

/// The mapping, or a copy of it, for code that might keep and change it.
fn shareable(vm: &Thread, proxy: &MappingProxy) -> PyResult {
    match proxy.mapping.borrow().downcast::<Dict>() {
        Some(dict) if proxy.private => vm.new_object(Dict { table: dict.table.copy(vm)? }),
        _ => Ok(proxy.mapping.clone()),
    }
}

fn new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    args.bind(vm, signature!("mappingproxy(mapping)"), |args| {
        let mapping = args.required(0);
        let is_sequence = mapping.downcast::<List>().is_some() || mapping.downcast::<Tuple>().is_some();
        if !vm.is_mapping(mapping) || is_sequence || mapping.downcast::<Str>().is_some() {
            let class = vm.type_name(mapping);
            return Err(vm.type_error(format_args!("mappingproxy() argument must be a mapping, not {class}")));
        }
        vm.new_object_of(class, MappingProxy { mapping: mapping.own(), private: false })
    })
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    let inner = vm.repr(mapping(this))?;
    let mut text = crate::text::wtf8::TextBuf::from("mappingproxy(");
    text.push_text(inner.borrow().downcast::<Str>().expect("repr gives a str").text());
    text.push_str(")");
    vm.text(text.as_text())
}

fn compare(vm: &Thread, a: Ref<'_>, b: Ref<'_>, op: CompareOp) -> PyResult {
    vm.compare(shareable(vm, payload(a))?.borrow(), b, op)
}

fn or(vm: &Thread, a: Ref<'_>, b: Ref<'_>) -> PyResult {
    let open = |operand: Ref<'_>| match operand.downcast::<MappingProxy>() {
        Some(proxy) => shareable(vm, proxy),
        None => Ok(operand.own()),
    };
    vm.binary(BinaryOp::BitOr, open(a)?.borrow(), open(b)?.borrow())
}

fn inplace_or(vm: &Thread, this: Ref<'_>, _other: Ref<'_>) -> PyResult {
    let class = vm.type_name(this);
    Err(vm.type_error(format_args!("'|=' is not supported by {class}; use '|' instead")))
}

fn get(vm: &Thread, this: Ref<'_>, key: Ref<'_>, default: Option<Ref<'_>>) -> PyResult {
    vm.call_method(mapping(this), &vm.names().get, &[key, default.unwrap_or(Ref::NONE)])
}
