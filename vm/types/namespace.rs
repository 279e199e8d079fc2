//! `types.SimpleNamespace`: an object that is nothing but its attributes.

use crate::arguments::Args;
use crate::class;
use crate::exception::PyResult;
use crate::heap::Kind;
use crate::heap::dict::{Dict, Table};
use crate::heap::inline::Str;
use crate::heap::instance;
use crate::native::*;
use crate::protocol::slots::CompareOp;
use crate::text::wtf8::TextBuf;
use crate::types::module::{push_repr, push_text};
use crate::types::type_::is_subtype;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

crate::payload! {
    /// A namespace: all it has is in its `__dict__`.
    pub struct SimpleNamespace: Native {}
}

class! { SimpleNamespace => SIMPLE_NAMESPACE; }

pub(crate) static SIMPLE_NAMESPACE: TypeDef = TypeDef {
    module: "types",
    flags: TypeFlags { base: true, dict: true, ..TypeFlags::NONE },
    signature: "(mapping_or_iterable=(), /, **kwargs)",
    doc: "An object with the given attributes.",
    methods: &[
        method("__reduce__($self, /)", One(reduce), "What pickle rebuilds the namespace from."),
        method("__replace__($self, /, **changes)", Raw(replace), "A copy with some attributes changed."),
    ],
    getset: &[member("__dict__", instance::materialise, "The attributes.")],
    attributes: &[ClassAttribute { name: "__hash__", make: |_, _| Ok(Owned::none()) }],
    slots: Slots {
        new: Some(|vm, class, _| vm.new_object_of(class, SimpleNamespace {})),
        init: Some(init),
        repr: Some(repr),
        compare: Some(compare),
        ..Slots::NONE
    },
    ..TypeDef::new::<SimpleNamespace>("SimpleNamespace")
};

impl Thread {
    /// A namespace without attributes.
    pub fn namespace(&self) -> PyResult {
        self.new_object(SimpleNamespace {})
    }
}

/// The table of a dict.
fn table(dict: &Owned) -> &Table {
    &dict.borrow().downcast::<Dict>().expect("attributes are in a dict").table
}

/// Sets the attributes that a dict lists.
fn update(vm: &Thread, this: Ref<'_>, attributes: &Owned) -> PyResult<()> {
    let own = instance::materialise(vm, this)?;
    let mut position = 0;
    while let Some((name, value, hash)) = table(attributes).next_hashed(&mut position) {
        drop(table(&own).insert(vm, name.borrow(), hash, value)?);
    }
    Ok(())
}

/// Sets the attributes that keyword arguments name.
fn update_from_keywords(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult<()> {
    let own = instance::materialise(vm, this)?;
    for (name, value) in args.keywords() {
        drop(table(&own).insert(vm, name, vm.hash(name)?, value.own())?);
    }
    Ok(())
}

fn init(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult<()> {
    match *args.positional() {
        [] => {}
        [attributes] => {
            let is_dict = attributes.header().is_some_and(|header| header.is_exact(Kind::Dict));
            let dict = vm.types().dict.borrow();
            let attributes = if is_dict { attributes.own() } else { vm.call(dict, &[attributes])? };
            check_names(vm, &attributes)?;
            update(vm, this, &attributes)?;
        }
        ref more => {
            let class = vm.class_name(vm.class(this));
            let name = class.rsplit('.').next().unwrap_or_default();
            return Err(crate::arguments::native::wrong_count(vm, name, more.len(), 0, 1));
        }
    }
    update_from_keywords(vm, this, args)
}

fn check_names(vm: &Thread, attributes: &Owned) -> PyResult<()> {
    let mut position = 0;
    while let Some((name, _)) = table(attributes).next(&mut position) {
        if name.borrow().downcast::<Str>().is_none() {
            return Err(vm.type_error("keywords must be strings"));
        }
    }
    Ok(())
}

/// `namespace(a=1, b=2)`, the class's name in place of the word for subclasses.
fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    let class = vm.class(this);
    let is_plain = class.is(vm.class_of(&SIMPLE_NAMESPACE)?.borrow());
    let mut text = if is_plain { TextBuf::from("namespace") } else { TextBuf::from(&*vm.class_name(class)) };
    if !vm.repr_enter(this) {
        text.push_str("(...)");
        return vm.text(text.as_text());
    }
    let attributes = push_attributes(vm, this, &mut text);
    vm.repr_leave(this);
    attributes?;
    vm.text(text.as_text())
}

/// Names that no program could write are left out.
fn push_attributes(vm: &Thread, this: Ref<'_>, text: &mut TextBuf) -> PyResult<()> {
    let attributes = instance::materialise(vm, this)?;
    let mut position = 0;
    // The reprs of the values may add attributes.
    let pairs: Vec<_> = std::iter::from_fn(|| table(&attributes).next(&mut position)).collect();
    let mut separator = "(";
    for (name, value) in pairs {
        if name.borrow().downcast::<Str>().is_some_and(|name| !name.is_empty()) {
            text.push_str(separator);
            push_text(text, name.borrow());
            text.push_str("=");
            push_repr(vm, text, value.borrow())?;
            separator = ", ";
        }
    }
    text.push_str(if separator == "(" { "()" } else { ")" });
    Ok(())
}

/// Namespaces compare as their attributes do.
fn compare(vm: &Thread, a: Ref<'_>, b: Ref<'_>, op: CompareOp) -> PyResult {
    if a.downcast::<SimpleNamespace>().is_none() || b.downcast::<SimpleNamespace>().is_none() {
        return Ok(Owned::not_implemented());
    }
    let (a, b) = (instance::materialise(vm, a)?, instance::materialise(vm, b)?);
    vm.compare(a.borrow(), b.borrow(), op)
}

fn reduce(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.tuple(vec![vm.class(this).own(), vm.empty_tuple(), instance::materialise(vm, this)?])
}

fn replace(vm: &Thread, args: &Args<'_>) -> PyResult {
    let [this, ref rest @ ..] = *args.positional() else {
        return Err(vm.type_error("unbound method SimpleNamespace.__replace__() needs an argument"));
    };
    if !rest.is_empty() {
        return Err(vm.type_error("__replace__() takes no positional arguments"));
    }
    let class = vm.class(this);
    let copy = vm.call(class, &[])?;
    if !is_subtype(vm.class(copy.borrow()), vm.class_of(&SIMPLE_NAMESPACE)?.borrow()) {
        let (class, result) = (vm.full_class_name(class), vm.type_name(copy.borrow()));
        return Err(vm.type_error(format_args!(
            "expect types.SimpleNamespace type, but {class}() returned '{result}' object"
        )));
    }
    update(vm, copy.borrow(), &instance::materialise(vm, this)?)?;
    update_from_keywords(vm, copy.borrow(), args)?;
    Ok(copy)
}
