//! `partial`: a function with some of its arguments.
//!
//! Positional arguments may be left open with `Placeholder`: the first ones of the call go there. A partial of a partial is one of
//! the innermost function, the arguments put together, unless the inner one has attributes of its own.

use std::cell::Cell;

use pyx_vm::arguments::Args;
use pyx_vm::exception::{PyResult, Raised};
use pyx_vm::heap::Slot;
use pyx_vm::heap::dict::{Dict, Table};
use pyx_vm::heap::inline::{Str, Tuple};
use pyx_vm::native::*;
use pyx_vm::text::wtf8::TextBuf;
use pyx_vm::types::generic_alias::generic_alias;
use pyx_vm::types::iterator::{REDUCE, SETSTATE};
use pyx_vm::types::object::{dict_of, set_native_dict_of};
use pyx_vm::types::sequence::{push_repr, push_str};
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload};

use super::{Values, borrow_all};

payload! {
    /// A partial object.
    pub(super) struct Partial: Native {
        function: Slot,
        /// A tuple.
        arguments: Slot,
        /// A dict.
        keywords: Slot,
        /// How many of the arguments are placeholders.
        open: Cell<usize>,
        /// `__dict__`
        dict: Slot,
    }

    /// The type of the placeholder.
    pub(super) struct Placeholder: Native {}
}

class! {
    Partial => PARTIAL;
    Placeholder => PLACEHOLDER;
}

pub(super) static PARTIAL: TypeDef = TypeDef {
    module: "functools",
    flags: TypeFlags { weakref: true, dict: true, ..TypeFlags::BASE },
    dict_slot: Some(|this| this.downcast::<Partial>().map(|partial| &partial.dict)),
    signature: "(func, /, *args, **keywords)",
    doc: "A callable that calls a function with these arguments and those of the call.\n\n\
          Where an argument is Placeholder, a positional argument of the call goes in its place.",
    methods: &[
        method("__reduce__($self, /)", One(reduce), REDUCE),
        method("__setstate__($self, object, /)", Two(setstate), SETSTATE),
        class_method("__class_getitem__($type, object, /)", Two(generic_alias), "See PEP 585."),
    ],
    getset: &[
        member("func", |_, this| Ok(Partial::of(this).function.get_or_none()), "The function to call."),
        member("args", |_, this| Ok(Partial::of(this).arguments.get_or_none()), "Its positional arguments."),
        member("keywords", |_, this| Ok(Partial::of(this).keywords.get_or_none()), "Its keyword arguments."),
        getset("__dict__", dict_of, set_native_dict_of, "The attributes, as a dict."),
    ],
    attributes: &[MODULE, GETATTRIBUTE, SETATTR, DELATTR],
    slots: Slots {
        new: Some(new),
        repr: Some(repr),
        call: Some(call),
        descr_get: Some(descr_get),
        ..Slots::NONE
    },
    ..TypeDef::new::<Partial>("partial")
};

fn items(tuple: &Owned) -> &[Owned] {
    tuple.borrow().downcast::<Tuple>().map_or(&[], Tuple::as_slice)
}

fn table(dict: &Owned) -> &Table {
    dict.borrow().downcast::<Dict>().expect("keywords are in a dict").table()
}

fn is_placeholder(value: Ref<'_>) -> bool {
    value.downcast::<Placeholder>().is_some()
}

fn trailing_placeholder(vm: &Thread) -> Raised {
    vm.type_error("trailing Placeholders are not allowed")
}

impl Partial {
    fn of(this: Ref<'_>) -> &Self {
        this.downcast().expect("the receiver is a partial")
    }
}

fn new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    let Some((function, given)) = args.split_first() else {
        return Err(vm.type_error("type 'partial' takes at least one argument"));
    };
    if !vm.is_callable(function) {
        return Err(vm.type_error("the first argument must be callable"));
    }
    if given.positional().last().is_some_and(|&last| is_placeholder(last)) {
        return Err(trailing_placeholder(vm));
    }
    if given.keywords().any(|(_, value)| is_placeholder(value)) {
        return Err(vm.type_error("Placeholder cannot be passed as a keyword argument"));
    }
    let inner = function.downcast::<Partial>().filter(|inner| inner.dict.is_empty());
    let (function, arguments, keywords) = match inner {
        Some(inner) => {
            let own = inner.arguments.get_or_none();
            let arguments = fill_open(items(&own), given.positional());
            let keywords = table(&inner.keywords.get_or_none()).copy(vm)?;
            (inner.function.get_or_none(), arguments, keywords)
        }
        None => (function.own(), given.positional().iter().map(|value| value.own()).collect(), Table::new()),
    };
    for (name, value) in given.keywords() {
        drop(keywords.insert(vm, name, vm.hash(name)?, value.own())?);
    }
    let open = arguments.iter().filter(|value| is_placeholder(value.borrow())).count();
    let partial = Partial {
        function: Slot::new(function),
        arguments: Slot::new(vm.tuple(arguments)?),
        keywords: Slot::new(vm.new_object(Dict::new(keywords))?),
        open: Cell::new(open),
        dict: Slot::empty(),
    };
    vm.new_object_of(class, partial)
}

/// Arguments with new ones put where they are open, and the rest of the new ones behind.
fn fill_open(own: &[Owned], new: &[Ref<'_>]) -> Vec<Owned> {
    let mut new = new.iter();
    let mut all = Vec::with_capacity(own.len() + new.len());
    for value in own {
        let filling = if is_placeholder(value.borrow()) { new.next() } else { None };
        all.push(filling.copied().unwrap_or(value.borrow()).own());
    }
    all.extend(new.map(|value| value.own()));
    all
}

fn call(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult {
    let partial = Partial::of(this);
    vm.check_stack()?;
    // The call may replace all of it, by `__setstate__`.
    let (function, own) = (partial.function.get_or_none(), partial.arguments.get_or_none());
    let keywords = partial.keywords.get_or_none();
    let given = args.positional();
    let (fillings, more) = match partial.open.get() {
        0 => (&[][..], given),
        open if given.len() >= open => given.split_at(open),
        open => {
            return Err(vm.type_error(format_args!(
                "missing positional arguments in 'partial' call; expected at least {open}, got {}",
                given.len()
            )));
        }
    };
    let mut fillings = fillings.iter();
    let (names, merged);
    let mut values: Values<Ref<'_>> = Values::new();
    for value in items(&own) {
        let value = value.borrow();
        let filling = if is_placeholder(value) { fillings.next() } else { None };
        values.push(filling.copied().unwrap_or(value));
    }
    values.extend_from_slice(more);
    if table(&keywords).is_empty() {
        values.extend_from_slice(&args.values()[given.len()..]);
        return vm.call_args(function.borrow(), &Args::new(&values, args.names()));
    }
    (names, merged) = merge_keywords(vm, table(&keywords), args)?;
    values.extend_from_slice(borrow_all(&merged));
    vm.call_args(function.borrow(), &Args::new(&values, &names))
}

/// Names and values of the keyword arguments: the partial's own, those of the call in place of and behind them.
fn merge_keywords(vm: &Thread, own: &Table, args: &Args<'_>) -> PyResult<(Vec<Owned>, Vec<Owned>)> {
    let (mut names, mut values) = (Vec::new(), Vec::new());
    let mut position = 0;
    while let Some((name, value)) = own.next(&mut position) {
        if name.borrow().downcast::<Str>().is_none() {
            return Err(vm.type_error("keywords must be strings"));
        }
        names.push(name);
        values.push(value);
    }
    let count = names.len();
    for (name, value) in args.keywords() {
        let text = |name: Ref<'_>| name.downcast::<Str>().map(|text| text.text().as_bytes().to_vec());
        let same =
            names[..count].iter().position(|own| own.borrow().is(name) || text(own.borrow()) == text(name));
        match same {
            Some(index) => values[index] = value.own(),
            None => {
                names.push(name.own());
                values.push(value.own());
            }
        }
    }
    Ok((names, values))
}

fn descr_get(vm: &Thread, this: Ref<'_>, instance: Option<Ref<'_>>, _owner: Option<Ref<'_>>) -> PyResult {
    match instance.filter(|instance| !instance.is_none()) {
        Some(instance) => vm.bound_method(this, instance),
        None => Ok(this.own()),
    }
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    if !vm.repr_enter(this) {
        return vm.str("...");
    }
    let text = repr_text(vm, this);
    vm.repr_leave(this);
    vm.text(text?.as_text())
}

fn repr_text(vm: &Thread, this: Ref<'_>) -> PyResult<TextBuf> {
    // The parts are those of now, whatever the reprs put in their places.
    let partial = Partial::of(this);
    let (arguments, keywords) = (partial.arguments.get_or_none(), partial.keywords.get_or_none());
    let mut text = TextBuf::new();
    let class = vm.class(this);
    push_str(&mut text, vm.to_str(vm.get_attr(class, vm.names().__module__.borrow())?.borrow())?.borrow());
    text.push_str(".");
    push_str(&mut text, vm.to_str(vm.get_attr(class, vm.names().__qualname__.borrow())?.borrow())?.borrow());
    text.push_str("(");
    push_repr(vm, &mut text, partial.function.get_or_none().borrow())?;
    for value in items(&arguments) {
        text.push_str(", ");
        push_repr(vm, &mut text, value.borrow())?;
    }
    let mut position = 0;
    while let Some((name, value)) = table(&keywords).next(&mut position) {
        text.push_str(", ");
        push_str(&mut text, vm.to_str(name.borrow())?.borrow());
        text.push_str("=");
        push_repr(vm, &mut text, value.borrow())?;
    }
    text.push_str(")");
    Ok(text)
}

fn reduce(vm: &Thread, this: Ref<'_>) -> PyResult {
    let partial = Partial::of(this);
    let function = partial.function.get_or_none();
    let state = vm.tuple_array([
        function.clone(),
        partial.arguments.get_or_none(),
        partial.keywords.get_or_none(),
        partial.dict.get_or_none(),
    ])?;
    vm.tuple_array([vm.class(this).own(), vm.tuple_array([function])?, state])
}

fn setstate(vm: &Thread, this: Ref<'_>, state: Ref<'_>) -> PyResult {
    let partial = Partial::of(this);
    let invalid = || vm.type_error("invalid partial state");
    let Some(Ok([function, arguments, keywords, dict])) =
        state.downcast::<Tuple>().map(|state| <&[Owned; 4]>::try_from(state.as_slice()))
    else {
        return Err(invalid());
    };
    let is_dict = |value: &Owned| value.borrow().is_none() || value.borrow().downcast::<Dict>().is_some();
    let is_tuple = arguments.borrow().downcast::<Tuple>().is_some();
    if !vm.is_callable(function.borrow()) || !is_tuple || !is_dict(keywords) || !is_dict(dict) {
        return Err(invalid());
    }
    let open = items(arguments).iter().filter(|value| is_placeholder(value.borrow())).count();
    if items(arguments).last().is_some_and(|last| is_placeholder(last.borrow())) {
        return Err(trailing_placeholder(vm));
    }
    let arguments = if vm.class(arguments.borrow()).is(vm.types().tuple.borrow()) {
        arguments.clone()
    } else {
        vm.tuple(items(arguments).to_vec())?
    };
    let keywords = if keywords.borrow().is_none() {
        vm.dict()?
    } else if vm.class(keywords.borrow()).is(vm.types().dict.borrow()) {
        keywords.clone()
    } else {
        vm.new_object(Dict::new(table(keywords).copy(vm)?))?
    };
    // All of it changes before anything is let go, which may run Python.
    let dict = (!dict.borrow().is_none()).then(|| dict.clone());
    partial.open.set(open);
    let old = [
        partial.function.replace(Some(function.clone())),
        partial.arguments.replace(Some(arguments)),
        partial.keywords.replace(Some(keywords)),
        partial.dict.replace(dict),
    ];
    drop(old);
    none()
}

pub(super) static PLACEHOLDER: TypeDef = TypeDef {
    module: "functools",
    doc: "The type of Placeholder, of which there is one object.\n\n\
          Stands for a positional argument that is left open in a partial.",
    methods: &[method("__reduce__($self, /)", One(|vm, _| vm.str("Placeholder")), REDUCE)],
    attributes: &[MODULE],
    slots: Slots { new: Some(placeholder_new), repr: Some(|vm, _| vm.str("Placeholder")), ..Slots::NONE },
    ..TypeDef::new::<Placeholder>("_PlaceholderType")
};

const NAME: &str = "Placeholder";

/// Puts the placeholder into the module.
pub(super) fn add_placeholder(vm: &Thread, module: Ref<'_>) -> PyResult<()> {
    let placeholder = vm.singleton(|| Ok(Placeholder {}))?;
    vm.set_attr(module, vm.intern(NAME)?.borrow(), Some(placeholder.borrow()))
}

fn placeholder_new(vm: &Thread, _class: Ref<'_>, args: &Args<'_>) -> PyResult {
    if !args.is_empty() {
        return Err(vm.type_error("PlaceholderType takes no arguments"));
    }
    vm.singleton(|| Ok(Placeholder {}))
}
