//! `types.GenericAlias`: a class with arguments, such as `list[int]`.
//!
//! An alias stands in for its class: attributes, calls and look-ups go there, except for the few that describe the alias
//! itself. `*tuple[int, str]` is the *unpacked* alias, which iterating over an alias gives once.

pub(crate) mod parameters;

use crate::arguments::Args;
use crate::class;
use crate::exception::PyResult;
use crate::heap::inline::{Str, Tuple};
use crate::heap::{Items, Slot};
use crate::native::*;
use crate::protocol::attribute;
use crate::protocol::slots::CompareOp;
use crate::text::wtf8::TextBuf;
use crate::types::constructor;
use crate::types::list::List;
use crate::types::sequence::{push_repr, push_str};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

crate::payload! {
    /// A class with arguments.
    pub struct GenericAlias: Native {
        pub(crate) origin: Owned,
        /// A tuple.
        pub(crate) arguments: Owned,
        /// The type variables among the arguments, once asked for.
        parameters: Slot,
        unpacked: bool,
    }

    /// An iterator that gives the unpacked alias.
    pub struct GenericAliasIterator: Native {
        alias: Slot,
    }
}

class! {
    GenericAlias => GENERIC_ALIAS;
    GenericAliasIterator => GENERIC_ALIAS_ITERATOR;
}

/// The class `types.GenericAlias`.
pub static GENERIC_ALIAS: TypeDef = TypeDef {
    module: "types",
    flags: TypeFlags { weakref: true, ..TypeFlags::BASE },
    signature: "(origin, args, /)",
    doc: "A class with arguments, such as list[int].",
    methods: &[
        method(
            "__mro_entries__($self, object, /)",
            Two(|vm, this, _| vm.tuple(vec![payload(this).origin.clone()])),
            "The classes that take the alias's place among bases.",
        ),
        method(
            "__instancecheck__($self, object, /)",
            Two(|vm, _, _| Err(vm.type_error("isinstance() argument 2 cannot be a parameterized generic"))),
            "An error: arguments are not checked at run time.",
        ),
        method(
            "__subclasscheck__($self, object, /)",
            Two(|vm, _, _| Err(vm.type_error("issubclass() argument 2 cannot be a parameterized generic"))),
            "An error: arguments are not checked at run time.",
        ),
        method("__reduce__($self, /)", One(reduce), "What pickle rebuilds the alias from."),
        method("__dir__($self, /)", One(dir), "The attributes of the class, and of the alias."),
    ],
    getset: &[
        member("__origin__", |_, this| Ok(payload(this).origin.clone()), "The class."),
        member("__args__", |_, this| Ok(payload(this).arguments.clone()), "The arguments."),
        member(
            "__unpacked__",
            |_, this| Ok(Owned::bool(payload(this).unpacked)),
            "Whether the alias is written with a star.",
        ),
        getter("__parameters__", parameters_of, "The type variables among the arguments."),
        getter(
            "__typing_unpacked_tuple_args__",
            unpacked_tuple_arguments,
            "The arguments of an unpacked tuple, else None.",
        ),
    ],
    slots: Slots {
        new: Some(new),
        repr: Some(repr),
        hash: Some(hash),
        call: Some(call),
        getattro: Some(getattro),
        compare: Some(compare),
        iter: Some(|vm, this| vm.new_object(GenericAliasIterator { alias: Slot::new(this.own()) })),
        or: Some(crate::types::union::or),
        getitem: Some(getitem),
        ..Slots::NONE
    },
    ..TypeDef::new::<GenericAlias>("GenericAlias")
};

pub(crate) static GENERIC_ALIAS_ITERATOR: TypeDef = TypeDef {
    flags: TypeFlags { no_new: true, ..TypeFlags::NONE },
    methods: &[method(
        "__reduce__($self, /)",
        One(iterator_reduce),
        "What pickle rebuilds the iterator from.",
    )],
    slots: Slots { iter: Some(|_, this| Ok(this.own())), next: Some(next), ..Slots::NONE },
    ..TypeDef::new::<GenericAliasIterator>("generic_alias_iterator")
};

/// Attributes of the alias itself; the others are those of its class.
const OWN: &[&str] = &[
    "__class__",
    "__origin__",
    "__args__",
    "__unpacked__",
    "__parameters__",
    "__typing_unpacked_tuple_args__",
    "__mro_entries__",
    "__reduce_ex__",
    "__reduce__",
];

/// Attributes that the alias must not seem to have although its class may.
const HIDDEN: &[&str] = &["__bases__", "__copy__", "__deepcopy__"];

/// `origin[arguments]`; the arguments are a tuple, or one of any other kind.
pub fn generic_alias(vm: &Thread, origin: Ref<'_>, arguments: Ref<'_>) -> PyResult {
    make(vm, origin, arguments, false)
}

fn make(vm: &Thread, origin: Ref<'_>, arguments: Ref<'_>, unpacked: bool) -> PyResult {
    let arguments = as_tuple(vm, arguments)?;
    vm.new_object(GenericAlias { origin: origin.own(), arguments, parameters: Slot::empty(), unpacked })
}

/// A subscript as a tuple of arguments.
fn as_tuple(vm: &Thread, arguments: Ref<'_>) -> PyResult {
    match arguments.downcast::<Tuple>() {
        Some(_) => Ok(arguments.own()),
        None => vm.tuple_of(&[arguments]),
    }
}

fn new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    constructor::no_keywords(vm, "GenericAlias", args)?;
    constructor::count(vm, "GenericAlias", args.positional().len(), 2, 2)?;
    let [origin, arguments] = *args.positional() else { unreachable!("just counted") };
    let arguments = as_tuple(vm, arguments)?;
    let alias = GenericAlias { origin: origin.own(), arguments, parameters: Slot::empty(), unpacked: false };
    vm.new_object_of(class, alias)
}

fn payload(this: Ref<'_>) -> &GenericAlias {
    this.downcast().expect("the descriptor checks its receiver")
}

fn items(tuple: &Owned) -> &[Owned] {
    tuple.borrow().downcast::<Tuple>().expect("a tuple").as_slice()
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.check_stack()?;
    let this = payload(this);
    let mut text = TextBuf::from(if this.unpacked { "*" } else { "" });
    push_type_repr(vm, &mut text, this.origin.borrow())?;
    text.push_str("[");
    push_arguments(vm, &mut text, items(&this.arguments))?;
    if items(&this.arguments).is_empty() {
        text.push_str("()");
    }
    text.push_str("]");
    vm.text(text.as_text())
}

fn push_arguments(vm: &Thread, text: &mut TextBuf, arguments: &[Owned]) -> PyResult<()> {
    for (index, argument) in arguments.iter().enumerate() {
        if index > 0 {
            text.push_str(", ");
        }
        match argument.borrow().downcast::<List>() {
            // The parameters of a callable.
            Some(list) => {
                vm.check_stack()?;
                text.push_str("[");
                push_parameters(vm, text, &list.items)?;
                text.push_str("]");
            }
            None => push_type_repr(vm, text, argument.borrow())?,
        }
    }
    Ok(())
}

/// The items of a list, which a repr may shorten.
fn push_parameters(vm: &Thread, text: &mut TextBuf, parameters: &Items) -> PyResult<()> {
    let len = parameters.len();
    for index in 0..len {
        if index > 0 {
            text.push_str(", ");
        }
        let parameter = parameters.get(index).ok_or_else(|| vm.index_error("list index out of range"))?;
        push_type_repr(vm, text, parameter.borrow())?;
    }
    Ok(())
}

/// Adds a type as annotations show it: classes by name, with the module unless that is `builtins`.
pub(crate) fn push_type_repr(vm: &Thread, text: &mut TextBuf, value: Ref<'_>) -> PyResult<()> {
    if value.is_ellipsis() {
        text.push_str("...");
        return Ok(());
    }
    if value.is(vm.types().none_type.borrow()) {
        text.push_str("None");
        return Ok(());
    }
    let has = |name: &Owned| Ok(vm.get_attr_opt(value, name.borrow())?.is_some());
    if has(&vm.names().__origin__)? && has(&vm.names().__args__)? {
        return push_repr(vm, text, value);
    }
    let Some(qualname) = vm.get_attr_opt(value, vm.names().__qualname__.borrow())? else {
        return push_repr(vm, text, value);
    };
    let module = vm.get_attr_opt(value, vm.names().__module__.borrow())?;
    let Some(module) = module.filter(|module| !module.borrow().is_none()) else {
        return push_repr(vm, text, value);
    };
    let is_builtin = module.borrow().downcast::<Str>().is_some_and(|name| name.as_bytes() == b"builtins");
    if !is_builtin {
        push_str(text, vm.to_str(module.borrow())?.borrow());
        text.push_str(".");
    }
    push_str(text, vm.to_str(qualname.borrow())?.borrow());
    Ok(())
}

/// A type as annotations show it.
pub(crate) fn type_repr(vm: &Thread, value: Ref<'_>) -> PyResult {
    let mut text = TextBuf::new();
    push_type_repr(vm, &mut text, value)?;
    vm.text(text.as_text())
}

fn hash(vm: &Thread, this: Ref<'_>) -> PyResult<i64> {
    vm.check_stack()?;
    let this = payload(this);
    let hash = vm.hash(this.origin.borrow())? ^ vm.hash(this.arguments.borrow())?;
    Ok(if hash == -1 { -2 } else { hash })
}

fn compare(vm: &Thread, a: Ref<'_>, b: Ref<'_>, op: CompareOp) -> PyResult {
    let (CompareOp::Eq | CompareOp::Ne, Some(a), Some(b)) = (op, a.downcast(), b.downcast()) else {
        return Ok(Owned::not_implemented());
    };
    vm.check_stack()?;
    let (a, b): (&GenericAlias, &GenericAlias) = (a, b);
    let equal = a.unpacked == b.unpacked
        && vm.equal(a.origin.borrow(), b.origin.borrow())?
        && vm.equal(a.arguments.borrow(), b.arguments.borrow())?;
    Ok(Owned::bool(equal == (op == CompareOp::Eq)))
}

/// Makes an instance of the class, which learns the alias.
fn call(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult {
    let instance = vm.call_args(payload(this).origin.borrow(), args)?;
    let classes = vm.exceptions();
    match vm.set_attr(instance.borrow(), vm.names().__orig_class__.borrow(), Some(this)) {
        Err(raised) if !(raised.is(&classes.AttributeError) || raised.is(&classes.TypeError)) => Err(raised),
        _ => Ok(instance),
    }
}

fn getattro(vm: &Thread, this: Ref<'_>, name: Ref<'_>) -> PyResult {
    let is_in = |list: &[&str]| {
        name.downcast::<Str>().is_none_or(|name| list.iter().any(|own| name.as_bytes() == own.as_bytes()))
    };
    if is_in(HIDDEN) || is_in(OWN) {
        return attribute::generic_get(vm, this, name);
    }
    vm.get_attr(payload(this).origin.borrow(), name)
}

fn getitem(vm: &Thread, this: Ref<'_>, item: Ref<'_>) -> PyResult {
    let parameters = parameters_of(vm, this)?;
    let alias = payload(this);
    let arguments = parameters::substitute(vm, this, items(&alias.arguments), items(&parameters), item)?;
    let arguments = vm.tuple(arguments)?;
    make(vm, alias.origin.borrow(), arguments.borrow(), alias.unpacked)
}

fn parameters_of(vm: &Thread, this: Ref<'_>) -> PyResult {
    let alias = payload(this);
    if let Some(parameters) = alias.parameters.get() {
        return Ok(parameters);
    }
    let parameters = parameters::of(vm, items(&alias.arguments))?;
    alias.parameters.set(parameters.clone());
    Ok(parameters)
}

fn unpacked_tuple_arguments(vm: &Thread, this: Ref<'_>) -> PyResult {
    let alias = payload(this);
    if alias.unpacked && alias.origin.borrow().is(vm.types().tuple.borrow()) {
        return Ok(alias.arguments.clone());
    }
    none()
}

fn reduce(vm: &Thread, this: Ref<'_>) -> PyResult {
    let alias = payload(this);
    if alias.unpacked {
        let packed = generic_alias(vm, alias.origin.borrow(), alias.arguments.borrow())?;
        let iterator = vm.iter(packed.borrow())?;
        return vm.pair(vm.builtin("next")?, vm.tuple(vec![iterator])?);
    }
    vm.pair(vm.class(this).own(), vm.pair(alias.origin.clone(), alias.arguments.clone())?)
}

fn dir(vm: &Thread, this: Ref<'_>) -> PyResult {
    let dir = vm.builtin("dir")?;
    let names = vm.call(dir.borrow(), &[payload(this).origin.borrow()])?;
    for name in OWN {
        let name = vm.intern(name)?;
        if !vm.contains(names.borrow(), name.borrow())? {
            vm.call_method(names.borrow(), &vm.names().append, &[name.borrow()])?;
        }
    }
    Ok(names)
}

fn next(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    let iterator: &GenericAliasIterator = this.downcast().expect("the receiver is such an iterator");
    let Some(alias) = iterator.alias.take() else { return Ok(None) };
    let alias = payload(alias.borrow());
    make(vm, alias.origin.borrow(), alias.arguments.borrow(), true).map(Some)
}

fn iterator_reduce(vm: &Thread, this: Ref<'_>) -> PyResult {
    let iterator: &GenericAliasIterator = this.downcast().expect("the receiver is such an iterator");
    let rest = iterator.alias.get().unwrap_or_else(|| vm.empty_tuple());
    vm.pair(vm.builtin("iter")?, vm.tuple(vec![rest])?)
}
