//! `_tuplegetter`: the attributes of named tuples, each an item by its index.

use pyx_vm::arguments::Args;
use pyx_vm::exception::PyResult;
use pyx_vm::heap::Slot;
use pyx_vm::heap::inline::Tuple;
use pyx_vm::native::*;
use pyx_vm::text::wtf8::TextBuf;
use pyx_vm::types::constructor;
use pyx_vm::types::iterator::REDUCE;
use pyx_vm::types::sequence::{push_repr, push_str};
use pyx_vm::value::Ref;
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload};

payload! {
    /// A descriptor.
    struct TupleGetter: Native {
        index: isize,
        doc: Slot,
    }
}

class! { TupleGetter => TUPLE_GETTER; }

pub(super) static TUPLE_GETTER: TypeDef = TypeDef {
    module: "collections",
    methods: &[method("__reduce__($self, /)", One(reduce), REDUCE)],
    getset: &[GetSet {
        name: "__doc__",
        get: |_, this| Ok(TupleGetter::of(this).doc.get_or_none()),
        set: Some(set_doc),
        doc: "The docstring of the attribute.",
        member: true,
    }],
    attributes: &[MODULE],
    slots: Slots {
        new: Some(new),
        repr: Some(repr),
        descr_get: Some(descr_get),
        descr_set: Some(descr_set),
        ..Slots::NONE
    },
    ..TypeDef::new::<TupleGetter>("_tuplegetter")
};

impl TupleGetter {
    fn of(this: Ref<'_>) -> &Self {
        this.downcast().expect("the receiver is a _tuplegetter")
    }
}

fn new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    let [index, doc] = constructor::exactly(vm, class, "_tuplegetter", args)?;
    let index = vm.to_isize(index)?;
    vm.new_object_of(class, TupleGetter { index, doc: Slot::new(doc.own()) })
}

fn set_doc(_vm: &Thread, this: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    drop(TupleGetter::of(this).doc.replace(value.map(Ref::own)));
    Ok(())
}

fn descr_get(vm: &Thread, this: Ref<'_>, instance: Option<Ref<'_>>, _owner: Option<Ref<'_>>) -> PyResult {
    let Some(instance) = instance.filter(|instance| !instance.is_none()) else { return Ok(this.own()) };
    let index = TupleGetter::of(this).index;
    let Some(tuple) = instance.downcast::<Tuple>() else {
        let name = vm.type_name(instance);
        return Err(vm.type_error(format_args!(
            "descriptor for index '{index}' for tuple subclasses doesn't apply to '{name}' object"
        )));
    };
    let item = usize::try_from(index).ok().and_then(|index| tuple.get(index));
    item.map(Ref::own).ok_or_else(|| vm.index_error("tuple index out of range"))
}

fn descr_set(vm: &Thread, _this: Ref<'_>, _instance: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    let what = if value.is_some() { "set" } else { "delete" };
    Err(vm.attribute_error(format_args!("can't {what} attribute")))
}

fn reduce(vm: &Thread, this: Ref<'_>) -> PyResult {
    let getter = TupleGetter::of(this);
    let arguments = vm.pair(vm.int(getter.index as i64)?, getter.doc.get_or_none())?;
    vm.pair(vm.class(this).own(), arguments)
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    let getter = TupleGetter::of(this);
    let mut text = TextBuf::new();
    push_str(&mut text, vm.get_attr(vm.class(this), vm.names().__name__.borrow())?.borrow());
    text.push_str(&format!("({}, ", getter.index));
    push_repr(vm, &mut text, getter.doc.get_or_none().borrow())?;
    text.push_str(")");
    vm.text(text.as_text())
}
