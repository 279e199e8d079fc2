//! `attrgetter` and `itemgetter`: callables that get parts of their argument, one part or a tuple of several.

use pyx_vm::arguments::Args;
use pyx_vm::exception::PyResult;
use pyx_vm::heap::inline::{Str, Tuple};
use pyx_vm::native::*;
use pyx_vm::protocol::slots::SlotId;
use pyx_vm::text::wtf8::TextBuf;
use pyx_vm::types::constructor;
use pyx_vm::types::iterator::REDUCE;
use pyx_vm::types::sequence::push_repr;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload};

payload! {
    /// An attrgetter object.
    pub(super) struct AttrGetter: Native {
        /// The arguments, a tuple of strs.
        names: Owned,
        /// Each name, split at its dots.
        paths: Box<[Box<[Owned]>]>,
    }

    /// An itemgetter object.
    pub(super) struct ItemGetter: Native {
        /// The arguments, a tuple.
        keys: Owned,
    }
}

class! {
    AttrGetter => ATTRGETTER;
    ItemGetter => ITEMGETTER;
}

/// `__text_signature__` of the objects.
pub(super) const TEXT_SIGNATURE: GetSet =
    getter("__text_signature__", |vm, _| vm.str("(obj, /)"), "The signature of the calls.");

pub(super) static ATTRGETTER: TypeDef = TypeDef {
    module: "operator",
    signature: "(attr, /, *attrs)",
    doc: "A callable that gets attributes of its argument.\n\n\
          attrgetter('name')(x) is x.name, attrgetter('name.first', 'age')(x) is (x.name.first, x.age).",
    methods: &[method("__reduce__($self, /)", One(attr_reduce), REDUCE)],
    getset: &[TEXT_SIGNATURE],
    attributes: &[MODULE, GETATTRIBUTE],
    slots: Slots { new: Some(attr_new), repr: Some(attr_repr), call: Some(attr_call), ..Slots::NONE },
    ..TypeDef::new::<AttrGetter>("attrgetter")
};

fn attr_getter(this: Ref<'_>) -> &AttrGetter {
    this.downcast().expect("the receiver is an attrgetter")
}

fn attr_new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    let names = parts(vm, class, "attrgetter", args)?;
    let mut paths = Vec::new();
    for &name in names {
        let Some(text) = name.downcast::<Str>() else {
            return Err(vm.type_error("attribute name must be a string"));
        };
        let mut path = Vec::new();
        let mut start = 0;
        for end in memchr_dots(text.as_bytes()).chain([text.as_bytes().len()]) {
            path.push(vm.intern_str(vm.text(text.text().slice(start..end))?)?);
            start = end + 1;
        }
        paths.push(path.into_boxed_slice());
    }
    vm.new_object_of(class, AttrGetter { names: vm.tuple_of(names)?, paths: paths.into() })
}

/// Where the dots are.
fn memchr_dots(text: &[u8]) -> impl Iterator<Item = usize> + '_ {
    text.iter().enumerate().filter(|&(_, &byte)| byte == b'.').map(|(offset, _)| offset)
}

/// The arguments of a constructor that takes one or more.
fn parts<'a>(vm: &Thread, class: Ref<'_>, name: &str, args: &Args<'a>) -> PyResult<&'a [Ref<'a>]> {
    if constructor::checks_keywords(class, SlotId::init) {
        constructor::no_keywords(vm, name, args)?;
    }
    match args.positional() {
        [] => Err(vm.type_error(format_args!("{name} expected 1 argument, got 0"))),
        parts => Ok(parts),
    }
}

/// The argument of a call.
#[inline]
fn only_argument<'a>(vm: &Thread, name: &str, args: &Args<'a>) -> PyResult<Ref<'a>> {
    constructor::no_keywords(vm, name, args)?;
    constructor::count(vm, name, args.positional().len(), 1, 1)?;
    Ok(args.positional()[0])
}

fn attr_call(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult {
    let object = only_argument(vm, "attrgetter", args)?;
    let paths = &attr_getter(this).paths;
    if let [path] = &**paths {
        return follow(vm, object, path);
    }
    let mut values = Vec::with_capacity(paths.len());
    for path in paths {
        values.push(follow(vm, object, path)?);
    }
    vm.tuple(values)
}

/// The attribute of the attribute of ... an object.
fn follow(vm: &Thread, object: Ref<'_>, path: &[Owned]) -> PyResult {
    let mut value = vm.get_attr(object, path[0].borrow())?;
    for name in &path[1..] {
        value = vm.get_attr(value.borrow(), name.borrow())?;
    }
    Ok(value)
}

fn attr_reduce(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.pair(vm.class(this).own(), attr_getter(this).names.clone())
}

fn attr_repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    repr(vm, this, &attr_getter(this).names)
}

/// The class and the arguments; `...` inside itself.
fn repr(vm: &Thread, this: Ref<'_>, arguments: &Owned) -> PyResult {
    let mut text = TextBuf::from(&*vm.type_name(this));
    if vm.repr_enter(this) {
        let arguments = arguments.borrow().downcast::<Tuple>().map_or(&[][..], Tuple::as_slice);
        let pushed = push_arguments(vm, &mut text, arguments);
        vm.repr_leave(this);
        pushed?;
    } else {
        text.push_str("(...)");
    }
    vm.text(text.as_text())
}

fn push_arguments(vm: &Thread, text: &mut TextBuf, arguments: &[Owned]) -> PyResult<()> {
    let mut separator = "(";
    for argument in arguments {
        text.push_str(separator);
        push_repr(vm, text, argument.borrow())?;
        separator = ", ";
    }
    text.push_str(")");
    Ok(())
}

pub(super) static ITEMGETTER: TypeDef = TypeDef {
    module: "operator",
    signature: "(item, /, *items)",
    doc: "A callable that gets items of its argument.\n\n\
          itemgetter(2)(x) is x[2], itemgetter(2, 5)(x) is (x[2], x[5]).",
    methods: &[method("__reduce__($self, /)", One(item_reduce), REDUCE)],
    getset: &[TEXT_SIGNATURE],
    attributes: &[MODULE, GETATTRIBUTE],
    slots: Slots { new: Some(item_new), repr: Some(item_repr), call: Some(item_call), ..Slots::NONE },
    ..TypeDef::new::<ItemGetter>("itemgetter")
};

fn item_getter(this: Ref<'_>) -> &ItemGetter {
    this.downcast().expect("the receiver is an itemgetter")
}

fn item_new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    let keys = vm.tuple_of(parts(vm, class, "itemgetter", args)?)?;
    vm.new_object_of(class, ItemGetter { keys })
}

fn item_call(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult {
    let object = only_argument(vm, "itemgetter", args)?;
    let keys = item_getter(this).keys.borrow().downcast::<Tuple>().map_or(&[][..], Tuple::as_slice);
    if let [key] = keys {
        return vm.get_item(object, key.borrow());
    }
    let mut values = Vec::with_capacity(keys.len());
    for key in keys {
        values.push(vm.get_item(object, key.borrow())?);
    }
    vm.tuple(values)
}

fn item_reduce(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.pair(vm.class(this).own(), item_getter(this).keys.clone())
}

fn item_repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    repr(vm, this, &item_getter(this).keys)
}
