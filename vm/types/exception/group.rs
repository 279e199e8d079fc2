//! `BaseExceptionGroup` and `ExceptionGroup`: several exceptions at once (PEP 654).
//!
//! A group is a tree. Splitting it by a condition gives two trees of the same form, the exceptions that match and the rest;
//! each node of them is [`derived`](subset) from the node it came from, with its traceback, cause, context and notes.

use super::{
    Exception, SOLID, fields, init as init_base, is_exception, is_exception_class, items, payload, text_of,
};
use crate::arguments::Args;
use crate::exception::{PyResult, Raised};
use crate::heap::inline::{Str, Tuple};
use crate::native::*;
use crate::protocol::slots::SlotId;
use crate::text::wtf8::TextBuf;
use crate::types::generic_alias::generic_alias;
use crate::types::list::List;
use crate::types::type_::{Type, is_subtype, type_flag};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

fields! { MESSAGE, EXCEPTIONS, EXCEPTIONS_REPR }

/// What `BaseExceptionGroup` is beyond its row in the class table.
pub(crate) const BASE_EXCEPTION_GROUP: TypeDef = TypeDef {
    flags: SOLID,
    methods: &[
        class_method(
            "__class_getitem__($type, object, /)",
            Two(generic_alias),
            "The class with arguments, for annotations.",
        ),
        method("derive($self, excs, /)", Two(derive), "A group of the same kind with other exceptions."),
        method(
            "split($self, matcher_value, /)",
            Two(split),
            "The exceptions that match, and the others, as two groups or None.",
        ),
        method(
            "subgroup($self, matcher_value, /)",
            Two(subgroup),
            "The exceptions that match, as a group or None.",
        ),
    ],
    getset: &[
        member(
            "message",
            |_, this| Ok(payload(this).get(MESSAGE).unwrap_or_else(Owned::none)),
            "The group's message.",
        ),
        member("exceptions", |_, this| Ok(exceptions(this)), "The exceptions in the group."),
    ],
    slots: Slots { new: Some(new), init: Some(init), repr: Some(repr), str: Some(str), ..Slots::NONE },
    ..TypeDef::new::<Exception>("BaseExceptionGroup")
};

/// What `ExceptionGroup` is beyond its row: CPython makes it as a class statement would.
pub(crate) const EXCEPTION_GROUP: TypeDef = TypeDef {
    flags: TypeFlags { weakref: true, mutable: true, python: true, ..TypeFlags::NONE },
    attributes: &[MODULE],
    ..TypeDef::new::<Exception>("ExceptionGroup")
};

/// The exceptions in a group, a tuple.
pub(crate) fn exceptions(group: Ref<'_>) -> Owned {
    payload(group).get(EXCEPTIONS).unwrap_or_else(Owned::none)
}

/// Whether a value is an exception group.
pub(crate) fn is_group(vm: &Thread, value: Ref<'_>) -> bool {
    is_exception(value) && is_subtype(vm.class(value), vm.exceptions().BaseExceptionGroup.borrow())
}

// ---- construction ----

fn new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    let &[message, sequence] = args.positional() else {
        let given = args.positional().len();
        return Err(vm.type_error(format_args!(
            "BaseExceptionGroup.__new__() takes exactly 2 arguments ({given} given)"
        )));
    };
    if message.downcast::<Str>().is_none() {
        let class = vm.type_name(message);
        return Err(
            vm.type_error(format_args!("BaseExceptionGroup.__new__() argument 1 must be str, not {class}"))
        );
    }
    if !is_sequence(vm, sequence) {
        return Err(vm.type_error("second argument (exceptions) must be a sequence"));
    }
    let shown_as_given = sequence.downcast::<List>().is_none() && sequence.downcast::<Tuple>().is_none();
    let sequence_repr = if shown_as_given { Some(vm.repr(sequence)?) } else { None };
    let members = vm.collect_unhinted(sequence)?;
    let class = class_for(vm, class, &members)?;
    let object = vm.new_object_of(class, Exception::new(vm.tuple_of(args.positional())?))?;
    let group = payload(object.borrow());
    group.set(MESSAGE, Some(message.own()));
    group.set(EXCEPTIONS, Some(vm.tuple(members)?));
    group.set(EXCEPTIONS_REPR, sequence_repr);
    Ok(object)
}

/// Checks the members, and gives the class that the group will be of: a `BaseExceptionGroup` of nothing but `Exception`s is
/// an `ExceptionGroup`.
fn class_for<'c>(vm: &'c Thread, class: Ref<'c>, members: &[Owned]) -> PyResult<Ref<'c>> {
    if members.is_empty() {
        return Err(vm.value_error("second argument (exceptions) must be a non-empty sequence"));
    }
    if let Some(index) = members.iter().position(|member| !is_exception(member.borrow())) {
        return Err(
            vm.value_error(format_args!("Item {index} of second argument (exceptions) is not an exception"))
        );
    }
    let classes = vm.exceptions();
    let exception = classes.Exception.borrow();
    let only_exceptions = members.iter().all(|member| is_subtype(vm.class(member.borrow()), exception));
    if only_exceptions {
        let is_base = class.is(classes.BaseExceptionGroup.borrow());
        return Ok(if is_base { classes.ExceptionGroup.borrow() } else { class });
    }
    if class.is(classes.ExceptionGroup.borrow()) {
        return Err(vm.type_error("Cannot nest BaseExceptions in an ExceptionGroup"));
    }
    if is_subtype(class, exception) {
        let name = vm.class_name(class);
        return Err(vm.type_error(format_args!("Cannot nest BaseExceptions in '{name}'")));
    }
    Ok(class)
}

fn init(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult<()> {
    init_base(vm, this, args)
}

/// Whether an object can be indexed by position, as far as its class tells.
fn is_sequence(vm: &Thread, object: Ref<'_>) -> bool {
    let class = vm.type_of(object);
    !class.has(type_flag::DICT)
        && (class.slots.item.get().is_some() || class.generic.contains(SlotId::getitem))
}

// ---- text ----

fn str(vm: &Thread, this: Ref<'_>) -> PyResult {
    let message = vm.to_str(payload(this).get(MESSAGE).unwrap_or_else(Owned::none).borrow())?;
    let count = items(&exceptions(this)).len();
    let s = if count == 1 { "" } else { "s" };
    let mut text = TextBuf::from(text_of(&message));
    text.push_str(&format!(" ({count} sub-exception{s})"));
    vm.text(text.as_text())
}

/// As the constructor was called: the exceptions in a list or a tuple, or as another sequence showed itself then.
fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    let group = payload(this);
    let members = exceptions(this);
    let given_as_list =
        matches!(items(&group.args()), [_, list] if list.borrow().downcast::<List>().is_some());
    let members = match group.get(EXCEPTIONS_REPR) {
        Some(repr) => repr,
        None if given_as_list => vm.repr(vm.list(items(&members).to_vec())?.borrow())?,
        None => vm.repr(members.borrow())?,
    };
    let message = vm.repr(group.get(MESSAGE).unwrap_or_else(Owned::none).borrow())?;
    let mut text = TextBuf::from(&*vm.type_name(this));
    text.push_str("(");
    text.push_text(text_of(&message));
    text.push_str(", ");
    text.push_text(text_of(&members));
    text.push_str(")");
    vm.text(text.as_text())
}

// ---- splitting ----

fn derive(vm: &Thread, this: Ref<'_>, members: Ref<'_>) -> PyResult {
    let message = payload(this).get(MESSAGE).unwrap_or_else(Owned::none);
    vm.call(vm.exceptions().BaseExceptionGroup.borrow(), &[message.borrow(), members])
}

fn split(vm: &Thread, this: Ref<'_>, condition: Ref<'_>) -> PyResult {
    let condition = Condition::new(vm, condition)?;
    let (matching, rest) = split_by(vm, this, &condition, true)?;
    vm.pair(matching.unwrap_or_else(Owned::none), rest.unwrap_or_else(Owned::none))
}

fn subgroup(vm: &Thread, this: Ref<'_>, condition: Ref<'_>) -> PyResult {
    let condition = Condition::new(vm, condition)?;
    let (matching, _) = split_by(vm, this, &condition, false)?;
    Ok(matching.unwrap_or_else(Owned::none))
}

/// What decides which exceptions match.
enum Condition<'a> {
    /// Instances of a class, or of one of a tuple of classes.
    Class(Ref<'a>),
    /// What a predicate accepts.
    Predicate(Ref<'a>),
    /// Members of an earlier group that are among these.
    Identities(&'a [u64]),
}

impl<'a> Condition<'a> {
    fn new(vm: &Thread, value: Ref<'a>) -> PyResult<Self> {
        if is_exception_class(value) {
            return Ok(Self::Class(value));
        }
        if let Some(classes) = value.downcast::<Tuple>()
            && classes.as_slice().iter().all(|class| is_exception_class(class.borrow()))
        {
            return Ok(Self::Class(value));
        }
        if value.downcast::<Type>().is_none() && vm.is_callable(value) {
            return Ok(Self::Predicate(value));
        }
        Err(vm.type_error(
            "expected an exception type, a tuple of exception types, or a callable (other than a class)",
        ))
    }

    fn holds(&self, vm: &Thread, exception: Ref<'_>) -> PyResult<bool> {
        match *self {
            Self::Class(class) => Ok(is_instance(vm, exception, class)),
            Self::Predicate(predicate) => vm.is_true(vm.call(predicate, &[exception])?.borrow()),
            Self::Identities(ids) => {
                Ok(!is_group(vm, exception) && ids.binary_search(&exception.id()).is_ok())
            }
        }
    }
}

/// Whether an exception is an instance of a class, or of one of a tuple of them, by real inheritance.
fn is_instance(vm: &Thread, exception: Ref<'_>, class: Ref<'_>) -> bool {
    let own = vm.class(exception);
    match class.downcast::<Tuple>() {
        Some(classes) => classes.as_slice().iter().any(|class| is_subtype(own, class.borrow())),
        None => is_subtype(own, class),
    }
}

/// The part of an exception or group that matches, and the rest if it is wanted.
fn split_by(
    vm: &Thread,
    exception: Ref<'_>,
    condition: &Condition<'_>,
    want_rest: bool,
) -> PyResult<(Option<Owned>, Option<Owned>)> {
    vm.check_stack()?;
    if condition.holds(vm, exception)? {
        return Ok((Some(exception.own()), None));
    }
    if !is_group(vm, exception) {
        return Ok((None, want_rest.then(|| exception.own())));
    }
    let (mut matching, mut others) = (Vec::new(), Vec::new());
    for member in items(&exceptions(exception)) {
        let (matches, rest) = split_by(vm, member.borrow(), condition, want_rest)?;
        matching.extend(matches);
        others.extend(rest);
    }
    Ok((subset(vm, exception, matching)?, subset(vm, exception, others)?))
}

/// A group like `original` with only some of its exceptions; none if there are none.
fn subset(vm: &Thread, original: Ref<'_>, members: Vec<Owned>) -> PyResult<Option<Owned>> {
    if members.is_empty() {
        return Ok(None);
    }
    let members = vm.list(members)?;
    let group = vm.call_method(original, &vm.intern("derive")?, &[members.borrow()])?;
    if !is_group(vm, group.borrow()) {
        return Err(vm.type_error("derive must return an instance of BaseExceptionGroup"));
    }
    let (from, to) = (payload(original), payload(group.borrow()));
    to.set_traceback(super::traceback_of(vm, original));
    super::replace_context(group.borrow(), from.context());
    to.set_cause(from.cause());
    let name = vm.names().__notes__.borrow();
    if let Some(notes) = vm.get_attr_opt(original, name)?
        && is_sequence(vm, notes.borrow())
    {
        let copy = vm.list(vm.collect(notes.borrow())?)?;
        vm.set_attr(group.borrow(), name, Some(copy.borrow()))?;
    }
    Ok(Some(group))
}

// ---- for except* ----

/// The original restricted to the exceptions that occur in these parts of it; None if there are none.
pub(crate) fn project(vm: &Thread, original: Ref<'_>, parts: &[Owned]) -> PyResult {
    let mut ids = Vec::new();
    for part in parts {
        leaf_ids(vm, part.borrow(), &mut ids)?;
    }
    ids.sort_unstable();
    let (kept, _) = split_by(vm, original, &Condition::Identities(&ids), false)?;
    Ok(kept.unwrap_or_else(Owned::none))
}

fn leaf_ids(vm: &Thread, exception: Ref<'_>, ids: &mut Vec<u64>) -> Result<(), Raised> {
    vm.check_stack()?;
    if !is_group(vm, exception) {
        ids.push(exception.id());
        return Ok(());
    }
    items(&exceptions(exception)).iter().try_for_each(|member| leaf_ids(vm, member.borrow(), ids))
}
