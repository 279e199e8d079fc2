//! `ast.AST`: the base of all nodes. It knows its fields only by what the classes say in `_fields` and `_field_types`, so that
//! programs can derive classes of their own.

use pyx_vm::arguments::Args;
use pyx_vm::exception::PyResult;
use pyx_vm::heap::inline::{Str, Tuple};
use pyx_vm::native::*;
use pyx_vm::text::wtf8::TextBuf;
use pyx_vm::types::generic_alias::GenericAlias;
use pyx_vm::types::list::List;
use pyx_vm::types::object::{dict_of, set_native_dict_of};
use pyx_vm::types::union::Union;
use pyx_vm::value::{Owned, Ref, borrow_slice};
use pyx_vm::vm::Thread;

use super::State;

pyx_vm::payload! {
    /// A node: all it has is in its `__dict__`.
    pub struct Node: Native {}
}

pyx_vm::class! { Node => NODE; }

pub(crate) static NODE: TypeDef = TypeDef {
    module: "ast",
    flags: TypeFlags { base: true, dict: true, mutable: true, ..TypeFlags::NONE },
    methods: &[
        method("__reduce__($self, /)", One(reduce), "What pickle rebuilds the node from."),
        method(
            "__replace__($self, /, **fields)",
            Raw(replace),
            "A copy of the node with some fields changed.",
        ),
    ],
    getset: &[getset("__dict__", dict_of, set_native_dict_of, "The fields and attributes.")],
    attributes: &[
        MODULE,
        GETATTRIBUTE,
        SETATTR,
        DELATTR,
        ClassAttribute { name: "_fields", make: |vm, _| Ok(vm.empty_tuple()) },
        ClassAttribute { name: "__match_args__", make: |vm, _| Ok(vm.empty_tuple()) },
        ClassAttribute { name: "_attributes", make: |vm, _| Ok(vm.empty_tuple()) },
    ],
    slots: Slots {
        new: Some(|vm, class, _| bare(vm, class)),
        init: Some(init),
        repr: Some(|vm, this| shown(vm, this, REPR_DEPTH).and_then(|text| vm.text(text.as_text()))),
        ..Slots::NONE
    },
    ..TypeDef::new::<Node>("AST")
};

/// How many nodes inside each other a repr shows.
const REPR_DEPTH: u32 = 3;

const UNTIL: &str = "This will become an error in Python 3.15.";

/// A node without fields.
pub(super) fn bare(vm: &Thread, class: Ref<'_>) -> PyResult {
    vm.new_object_of(class, Node {})
}

/// What a class says about its nodes: `_fields`, `_attributes`.
fn names_of(vm: &Thread, class: Ref<'_>, attribute: &str) -> PyResult<Vec<Owned>> {
    let Some(names) = vm.get_attr_opt(class, vm.intern(attribute)?.borrow())? else { return Ok(Vec::new()) };
    match names.borrow().downcast::<Tuple>() {
        Some(names) => Ok(names.as_slice().to_vec()),
        None => {
            vm.length(names.borrow())?;
            vm.collect(names.borrow())
        }
    }
}

fn position(vm: &Thread, names: &[Owned], name: Ref<'_>) -> PyResult<Option<usize>> {
    for (index, other) in names.iter().enumerate() {
        if vm.equal(other.borrow(), name)? {
            return Ok(Some(index));
        }
    }
    Ok(None)
}

fn deprecated(vm: &Thread, message: &str) -> PyResult<()> {
    vm.warn(&vm.exceptions().DeprecationWarning, message)
}

fn init(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult<()> {
    let class = vm.class(this);
    let name = || vm.class_name(class);
    vm.get_attr(class, vm.intern("_fields")?.borrow())?;
    let fields = names_of(vm, class, "_fields")?;
    let positional = args.positional();
    if positional.len() > fields.len() {
        let (most, s) = (fields.len(), if fields.len() == 1 { "" } else { "s" });
        let name = name();
        let name = name.rsplit('.').next().unwrap_or_default();
        return Err(
            vm.type_error(format_args!("{name} constructor takes at most {most} positional argument{s}"))
        );
    }
    let mut given = vec![false; fields.len()];
    for ((field, &value), given) in fields.iter().zip(positional).zip(&mut given) {
        vm.set_attr(this, field.borrow(), Some(value))?;
        *given = true;
    }
    let mut attributes = None;
    for (keyword, value) in args.keywords() {
        match position(vm, &fields, keyword)? {
            Some(index) if std::mem::replace(&mut given[index], true) => {
                let (name, keyword) = (name(), vm.repr_string(keyword)?);
                return Err(vm.type_error(format_args!("{name} got multiple values for argument {keyword}")));
            }
            Some(_) => {}
            None => {
                if attributes.is_none() {
                    attributes = Some(names_of(vm, class, "_attributes")?);
                }
                if position(vm, attributes.as_deref().unwrap_or(&[]), keyword)?.is_none() {
                    let (name, keyword) = (name(), vm.repr_string(keyword)?);
                    deprecated(
                        vm,
                        &format!(
                            "{name}.__init__ got an unexpected keyword argument {keyword}. Support for arbitrary keyword \
                             arguments is deprecated and will be removed in Python 3.15."
                        ),
                    )?;
                }
            }
        }
        vm.set_attr(this, keyword, Some(value))?;
    }
    let missing: Vec<_> =
        fields.into_iter().zip(given).filter(|(_, given)| !given).map(|(name, _)| name).collect();
    if missing.is_empty() { Ok(()) } else { fill_in(vm, this, &missing) }
}

/// Gives the fields that a call left out what their types imply: an empty list, `Load()`, the class's None.
fn fill_in(vm: &Thread, this: Ref<'_>, missing: &[Owned]) -> PyResult<()> {
    // Classes of programs may not say what their fields hold.
    let class = vm.class(this);
    let Some(types) = vm.get_attr_opt(class, vm.intern("_field_types")?.borrow())? else {
        return Ok(());
    };
    let state = State::of(vm)?;
    for field in missing {
        let Some(held) = item_of(vm, types.borrow(), field.borrow())? else {
            let (name, field) = (vm.class_name(class), vm.repr_string(field.borrow())?);
            deprecated(vm, &format!("Field {field} is missing from {name}._field_types. {UNTIL}"))?;
            continue;
        };
        let held = held.borrow();
        if held.downcast::<Union>().is_some() {
            continue;
        }
        if held.downcast::<GenericAlias>().is_some() {
            vm.set_attr(this, field.borrow(), Some(vm.list(Vec::new())?.borrow()))?;
        } else if held.is(state.class("expr_context")) {
            vm.set_attr(this, field.borrow(), state.singleton("Load").map(Owned::borrow))?;
        } else {
            let (name, field) = (vm.class_name(class), vm.str_string(field.borrow())?);
            deprecated(
                vm,
                &format!("{name}.__init__ missing 1 required positional argument: '{field}'. {UNTIL}"),
            )?;
        }
    }
    Ok(())
}

/// An item of a dict, if it is there.
fn item_of(vm: &Thread, dict: Ref<'_>, key: Ref<'_>) -> PyResult<Option<Owned>> {
    match vm.get_item(dict, key) {
        Ok(item) => Ok(Some(item)),
        Err(raised) if raised.is(&vm.exceptions().KeyError) => Ok(None),
        Err(raised) => Err(raised),
    }
}

/// Fields are rebuilt as positional None, so that nothing is missing; the state has their values, which may lead back here.
fn reduce(vm: &Thread, this: Ref<'_>) -> PyResult {
    let state = dict_of(vm, this)?;
    let mut places = Vec::new();
    for field in names_of(vm, vm.class(this), "_fields")? {
        if !vm.contains(state.borrow(), field.borrow())? {
            break;
        }
        places.push(Owned::none());
    }
    let state = vm.call_method(state.borrow(), &vm.intern("copy")?, &[])?;
    vm.tuple(vec![vm.class(this).own(), vm.tuple(places)?, state])
}

fn replace(vm: &Thread, args: &Args<'_>) -> PyResult {
    let [this, ref rest @ ..] = *args.positional() else {
        return Err(vm.type_error("unbound method AST.__replace__() needs an argument"));
    };
    if !rest.is_empty() {
        return Err(vm.type_error("__replace__() takes no positional arguments"));
    }
    let class = vm.class(this);
    let name = vm.class_name(class);
    let (fields, attributes) = (names_of(vm, class, "_fields")?, names_of(vm, class, "_attributes")?);
    let (own, payload) = (dict_of(vm, this)?, vm.dict()?);
    for name in fields.iter().chain(&attributes) {
        if let Some(value) = item_of(vm, own.borrow(), name.borrow())? {
            vm.set_item(payload.borrow(), name.borrow(), Some(value.borrow()))?;
        }
    }
    for (keyword, value) in args.keywords() {
        if position(vm, &fields, keyword)?.is_none() && position(vm, &attributes, keyword)?.is_none() {
            let keyword = vm.repr_string(keyword)?;
            return Err(vm.type_error(format_args!(
                "{name}.__replace__ got an unexpected keyword argument {keyword}."
            )));
        }
        vm.set_item(payload.borrow(), keyword, Some(value))?;
    }
    let types = vm.get_attr_opt(class, vm.intern("_field_types")?.borrow())?;
    let mut missing = Vec::new();
    for field in &fields {
        if vm.contains(payload.borrow(), field.borrow())? {
            continue;
        }
        let held = match &types {
            Some(types) => item_of(vm, types.borrow(), field.borrow())?,
            None => None,
        };
        if !held.is_some_and(|held| held.borrow().downcast::<Union>().is_some()) {
            missing.push(vm.repr_string(field.borrow())?);
        }
    }
    if !missing.is_empty() {
        missing.sort();
        let (count, s) = (missing.len(), if missing.len() == 1 { "" } else { "s" });
        let missing = missing.join(", ");
        return Err(
            vm.type_error(format_args!("{name}.__replace__ missing {count} keyword argument{s}: {missing}."))
        );
    }
    let (mut names, mut values) = (Vec::new(), Vec::new());
    for name in vm.collect(payload.borrow())? {
        values.push(vm.get_item(payload.borrow(), name.borrow())?);
        names.push(name);
    }
    vm.call_args(class, &Args::new(borrow_slice(&values), &names))
}

// ---- repr ----

/// `Name(id='x', ctx=Load())`; what lies deeper is left out, and of long lists the middle.
fn shown(vm: &Thread, this: Ref<'_>, depth: u32) -> PyResult<TextBuf> {
    let mut text = TextBuf::from(&*vm.type_name(this));
    if depth == 0 || !vm.repr_enter(this) {
        text.push_str("(...)");
        return Ok(text);
    }
    let fields = push_fields(vm, this, depth, &mut text);
    vm.repr_leave(this);
    fields.map(|()| text)
}

fn push_fields(vm: &Thread, this: Ref<'_>, depth: u32, text: &mut TextBuf) -> PyResult<()> {
    text.push_str("(");
    for (index, field) in names_of(vm, vm.class(this), "_fields")?.iter().enumerate() {
        if index > 0 {
            text.push_str(", ");
        }
        let value = vm.get_attr(this, field.borrow())?;
        push_str(text, vm.to_str(field.borrow())?.borrow());
        text.push_str("=");
        let value = value.borrow();
        match (value.downcast::<List>(), value.downcast::<Tuple>()) {
            (Some(_), _) => push_items(vm, value, ["[", "]"], depth, text)?,
            (None, Some(_)) => push_items(vm, value, ["(", ")"], depth, text)?,
            (None, None) => push_value(vm, value, depth, text)?,
        }
    }
    text.push_str(")");
    Ok(())
}

/// The first and the last item of a list or tuple, between brackets.
fn push_items(
    vm: &Thread,
    list: Ref<'_>,
    brackets: [&str; 2],
    depth: u32,
    text: &mut TextBuf,
) -> PyResult<()> {
    let items = vm.collect(list)?;
    text.push_str(brackets[0]);
    if let Some(first) = items.first() {
        push_value(vm, first.borrow(), depth, text)?;
    }
    if let [_, middle @ .., last] = &items[..] {
        text.push_str(if middle.is_empty() { ", " } else { ", ..., " });
        push_value(vm, last.borrow(), depth, text)?;
    }
    text.push_str(brackets[1]);
    Ok(())
}

fn push_value(vm: &Thread, value: Ref<'_>, depth: u32, text: &mut TextBuf) -> PyResult<()> {
    if super::is_node(vm, value)? {
        text.push_text(shown(vm, value, depth - 1)?.as_text());
    } else {
        push_str(text, vm.repr(value)?.borrow());
    }
    Ok(())
}

fn push_str(text: &mut TextBuf, value: Ref<'_>) {
    if let Some(value) = value.downcast::<Str>() {
        text.push_text(value.text());
    }
}
