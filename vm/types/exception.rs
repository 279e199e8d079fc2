//! Exception objects.
//!
//! All exceptions have one payload: arguments, traceback, context and cause, and for the classes with attributes of their own
//! a small array of [`Field`]s, made when the first of them is set. Notes are an ordinary attribute. The classes
//! themselves are listed in [`crate::exception`]; the files beside this one describe those that differ from `BaseException`.

pub(crate) mod attribute_error;
pub(crate) mod group;
pub(crate) mod import_error;
pub mod os_error;
pub(crate) mod syntax_error;
pub(crate) mod unicode_error;

use std::cell::{Cell, OnceCell, RefCell};

use crate::arguments::Args;
use crate::class;
use crate::exception::{ExceptionTypes, PyResult, Raised, classes};
use crate::frame::unseen::Unseen;
use crate::heap::dict::Dict;
use crate::heap::inline::{Str, Tuple};
use crate::heap::{Kind, Slot, Trace, Visitor};
use crate::native::*;
use crate::protocol::attribute;
use crate::text::wtf8::{Text, TextBuf};
use crate::types::list::List;
use crate::types::object::{dict_of, set_native_dict_of};
use crate::types::traceback;
use crate::types::type_::native::make_native_with;
use crate::types::type_::{Type, type_flag};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

crate::payload! {
    /// An exception.
    pub struct Exception: Exception {
        /// `args`: a tuple. Empty while they follow from `value`, in a StopIteration whose `args` nobody has asked for.
        args: Slot,
        /// `__traceback__` without the entry that is `unseen`; empty is None.
        traceback: Slot,
        unseen: Unseen,
        /// `__context__`; empty is None.
        context: Slot,
        /// `__cause__`; empty is None.
        cause: Slot,
        /// `__suppress_context__`
        suppress_context: Cell<bool>,
        /// Whether `throw()` raises it, which decides its context.
        thrown: Cell<Thrown>,
        fields: Fields,
    }
}

class! { Exception => classes::BaseException; }

/// Where the context of an exception comes from, if `throw()` raises it: never from what the caller handles.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Thrown {
    /// It does not.
    #[default]
    No,
    /// The frames of generators, which the exception leaves one after the other: what they handle becomes the context.
    InChain,
    /// The generator was over.
    Nowhere,
}

crate::untraced!(Thrown);

/// The attributes of a class beyond those of `BaseException`: the first, which for many is the only one, and the others,
/// which are made when one of them is set.
struct Fields {
    first: Slot,
    others: OnceCell<Box<[Slot]>>,
}

/// One of the attributes of a class that has some.
#[derive(Clone, Copy)]
pub(crate) struct Field {
    /// Which one.
    index: usize,
    /// How many the class has.
    of: usize,
}

impl Trace for Fields {
    fn trace(&self, visitor: &mut Visitor<'_>) {
        self.slots().for_each(|slot| slot.trace(visitor));
    }
    fn clear(&self) {
        self.slots().for_each(Trace::clear);
    }
}

impl Fields {
    const fn new() -> Self {
        Self { first: Slot::empty(), others: OnceCell::new() }
    }

    fn slots(&self) -> impl Iterator<Item = &Slot> {
        std::iter::once(&self.first).chain(self.others.get().into_iter().flatten())
    }

    /// The slot of a field, if it was made.
    fn get(&self, field: Field) -> Option<&Slot> {
        match field.index.checked_sub(1) {
            None => Some(&self.first),
            Some(index) => self.others.get()?.get(index),
        }
    }

    /// Makes the slots.
    #[cold]
    fn make(&self, field: Field) {
        self.others.get_or_init(|| std::iter::repeat_with(Slot::empty).take(field.of - 1).collect());
    }
}

/// Names the fields of a class, in order.
macro_rules! fields {
    ($($name:ident),*) => {
        #[allow(clippy::upper_case_acronyms, non_camel_case_types, reason = "named as the constants that they number")]
        enum Index { $($name,)* Count }
        $(const $name: $crate::types::exception::Field =
            $crate::types::exception::Field { index: Index::$name as usize, of: Index::Count as usize };)*
    };
}
use fields;

impl Exception {
    /// An exception with these arguments, a tuple.
    pub(crate) fn new(args: Owned) -> Self {
        Self {
            args: Slot::new(args),
            traceback: Slot::empty(),
            unseen: Unseen::none(),
            context: Slot::empty(),
            cause: Slot::empty(),
            suppress_context: Cell::new(false),
            thrown: Cell::new(Thrown::No),
            fields: Fields::new(),
        }
    }

    /// The arguments, a tuple, of an exception that is no StopIteration.
    pub(crate) fn args(&self) -> Owned {
        self.args.get_or_none()
    }

    /// The arguments, a tuple, of any exception.
    fn settled_args(&self, vm: &Thread) -> PyResult {
        if self.args.is_empty() {
            let value = self.get(VALUE).filter(|value| !value.borrow().is_none());
            self.args.set(vm.tuple(value.into_iter().collect::<Vec<_>>())?);
        }
        Ok(self.args.get_or_none())
    }

    /// Notes that `throw()` raises it.
    pub(crate) fn set_thrown(&self, thrown: Thrown) {
        self.thrown.set(thrown);
    }

    /// Whether `throw()` raises it, which is forgotten.
    pub(crate) fn take_thrown(&self) -> Thrown {
        self.thrown.take()
    }

    /// The entry of the traceback that nobody has seen.
    pub(crate) fn unseen(&self) -> &Unseen {
        &self.unseen
    }

    /// Whether the exception has been raised: it has a traceback.
    pub(crate) fn has_traceback(&self) -> bool {
        self.unseen.is_some() || !self.traceback.is_empty()
    }

    /// The traceback as far as it was seen.
    pub(crate) fn seen_traceback(&self) -> Option<Owned> {
        self.traceback.get()
    }

    /// Sets `__traceback__`.
    pub(crate) fn set_traceback(&self, traceback: Option<Owned>) {
        self.unseen.unlink();
        drop(self.traceback.replace(traceback));
    }

    /// `__context__`
    pub(crate) fn context(&self) -> Option<Owned> {
        self.context.get()
    }

    /// `__cause__`
    pub(crate) fn cause(&self) -> Option<Owned> {
        self.cause.get()
    }

    /// Sets `__cause__`, which hides the context.
    pub(crate) fn set_cause(&self, cause: Option<Owned>) {
        self.suppress_context.set(true);
        drop(self.cause.replace(cause));
    }

    /// `__suppress_context__`
    pub(crate) fn suppresses_context(&self) -> bool {
        self.suppress_context.get()
    }

    /// A field's value, if it has one.
    pub(crate) fn get(&self, field: Field) -> Option<Owned> {
        self.fields.get(field)?.get()
    }

    /// Sets or empties a field.
    pub(crate) fn set(&self, field: Field, value: Option<Owned>) {
        if self.fields.get(field).is_none() && value.is_some() {
            self.fields.make(field);
        }
        if let Some(slot) = self.fields.get(field) {
            drop(slot.replace(value));
        }
    }
}

/// A writable attribute that is a field; None while the field is empty.
macro_rules! field {
    ($name:literal, $field:expr, $doc:literal) => {
        $crate::native::GetSet {
            name: $name,
            get: |_, this| {
                Ok($crate::types::exception::payload(this).get($field).unwrap_or_else(Owned::none))
            },
            set: Some(|_, this, value| {
                $crate::types::exception::payload(this).set($field, value.map(Ref::own));
                Ok(())
            }),
            doc: $doc,
            member: true,
        }
    };
}
use field;

/// What `BaseException` is beyond its row in the class table.
pub(crate) const BASE_EXCEPTION: TypeDef = TypeDef {
    methods: &[
        method("__reduce__($self, /)", One(reduce), "What pickle rebuilds the exception from."),
        method("__setstate__($self, state, /)", Two(set_state), "Set attributes from a dict."),
        method(
            "with_traceback($self, tb, /)",
            Two(with_traceback),
            "Set __traceback__, and return the exception itself.",
        ),
        method("add_note($self, note, /)", Two(add_note), "Add a text that is shown below the traceback."),
    ],
    getset: &[
        GetSet {
            name: "__suppress_context__",
            get: |_, this| Ok(Owned::bool(payload(this).suppress_context.get())),
            set: Some(set_suppress_context),
            doc: "Whether a traceback leaves __context__ out.",
            member: true,
        },
        getset("__dict__", dict_of, set_native_dict_of, "The exception's own attributes."),
        getset("args", |vm, this| payload(this).settled_args(vm), set_args, "The arguments of the constructor."),
        getset(
            "__traceback__",
            |vm, this| Ok(traceback_of(vm, this).unwrap_or_else(Owned::none)),
            set_traceback_attribute,
            "Where the exception was.",
        ),
        getset(
            "__context__",
            |_, this| Ok(payload(this).context.get_or_none()),
            set_context_attribute,
            "The exception that was being handled when this one was raised.",
        ),
        getset(
            "__cause__",
            |_, this| Ok(payload(this).cause.get_or_none()),
            set_cause_attribute,
            "The exception that this one was raised from.",
        ),
    ],
    slots: Slots { new: Some(new), init: Some(init), repr: Some(repr), str: Some(str), ..Slots::NONE },
    ..TypeDef::new::<Exception>("BaseException")
};

/// The flags of classes with fields.
const SOLID: TypeFlags = TypeFlags { solid: true, ..TypeFlags::NONE };

/// `StopIteration.value`, `SystemExit.code`
const VALUE: Field = Field { index: 0, of: 1 };

/// A class that is nothing beyond its row in the class table. As CPython has it, `__new__` is in its namespace.
pub(crate) const SIMPLE: TypeDef = TypeDef { flags: SHOWS_NEW, ..TypeDef::new::<Exception>("") };

/// The flags of classes that show the constructor of their base.
const SHOWS_NEW: TypeFlags = TypeFlags { bases_new: true, ..TypeFlags::NONE };

/// A class that adds nothing to its base's special `__new__` or `__init__`.
pub(crate) const INHERITED: TypeDef = TypeDef::new::<Exception>("");

/// What `StopIteration` is beyond its row in the class table.
pub(crate) const STOP_ITERATION: TypeDef = TypeDef {
    flags: SOLID,
    getset: &[crate::native::GetSet {
        set: Some(|vm, this, value| {
            payload(this).settled_args(vm)?;
            payload(this).set(VALUE, value.map(Ref::own));
            Ok(())
        }),
        ..field!("value", VALUE, "What the generator returned.")
    }],
    slots: Slots { init: Some(init_stop_iteration), ..Slots::NONE },
    ..TypeDef::new::<Exception>("StopIteration")
};

/// What `SystemExit` is beyond its row in the class table.
pub(crate) const SYSTEM_EXIT: TypeDef = TypeDef {
    flags: SOLID,
    getset: &[field!("code", VALUE, "The exit status.")],
    slots: Slots { init: Some(init_system_exit), ..Slots::NONE },
    ..TypeDef::new::<Exception>("SystemExit")
};

/// What `KeyError` is beyond its row in the class table.
pub(crate) const KEY_ERROR: TypeDef = TypeDef {
    slots: Slots { str: Some(str_of_key_error), ..Slots::NONE },
    ..TypeDef::new::<Exception>("KeyError")
};

/// The payload of an exception.
pub(crate) fn payload(this: Ref<'_>) -> &Exception {
    this.downcast().expect("a slot of the class gets its instances")
}

/// `__traceback__` of an exception.
pub(crate) fn traceback_of(vm: &Thread, exception: Ref<'_>) -> Option<Owned> {
    traceback::settle(vm, exception);
    payload(exception).seen_traceback()
}

/// Whether a value is an exception.
#[inline]
pub(crate) fn is_exception(value: Ref<'_>) -> bool {
    value.kind() == Kind::Exception
}

/// Whether a value is an exception class.
pub(crate) fn is_exception_class(value: Ref<'_>) -> bool {
    value.downcast::<Type>().is_some_and(|class| class.has(type_flag::EXCEPTION))
}

/// The items of an exception's `args`.
pub(crate) fn items(args: &Owned) -> &[Owned] {
    args.borrow().downcast::<Tuple>().map_or(&[], Tuple::as_slice)
}

/// The text of a str; empty for anything else.
pub(crate) fn text_of(value: &Owned) -> Text<'_> {
    value.borrow().downcast::<Str>().map_or(Text::EMPTY, Str::text)
}

/// The exception classes.
pub(crate) fn make_classes(vm: &Thread) -> PyResult<ExceptionTypes> {
    ExceptionTypes::new(|def| {
        // The one class with two bases.
        if std::ptr::eq(def, &raw const classes::ExceptionGroup) {
            let bases = [&classes::BaseExceptionGroup, &classes::Exception];
            let [group, exception] = bases.map(|base| vm.class_of(base));
            return make_native_with(vm, def, &[group?, exception?]);
        }
        vm.class_of(def)
    })
}

// ---- construction ----

/// `__new__`, which takes any arguments; only `__init__` objects to keywords.
fn new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    vm.new_object_of(class, Exception::new(vm.tuple_of(args.positional())?))
}

pub(crate) fn init(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult<()> {
    if args.has_keywords() {
        return Err(no_keywords(vm, vm.class(this)));
    }
    init_args(vm, this, args)
}

/// `ValueError() takes no keyword arguments`
#[cold]
fn no_keywords(vm: &Thread, class: Ref<'_>) -> Raised {
    vm.type_error(format_args!("{}() takes no keyword arguments", vm.class_name(class)))
}

/// Sets `args` to the positional arguments, which `__new__` has usually done.
fn init_args(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult<()> {
    let exception = payload(this);
    let (old, new) = (exception.settled_args(vm)?, args.positional());
    let same =
        items(&old).len() == new.len() && items(&old).iter().zip(new).all(|(old, new)| old.borrow().is(*new));
    if !same {
        exception.args.set(vm.tuple_of(new)?);
    }
    Ok(())
}

fn init_stop_iteration(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult<()> {
    init(vm, this, args)?;
    payload(this).set(VALUE, args.positional().first().map(|value| value.own()));
    Ok(())
}

fn init_system_exit(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult<()> {
    init(vm, this, args)?;
    let code = match args.positional() {
        [] => None,
        [code] => Some(code.own()),
        _ => Some(payload(this).args()),
    };
    payload(this).set(VALUE, code);
    Ok(())
}

impl Thread {
    /// An instance of an exception class from positional arguments, as calling the class gives it.
    pub(crate) fn new_exception(&self, class: Ref<'_>, args: &[Ref<'_>]) -> PyResult {
        let native = class.downcast::<Type>().filter(|class| !class.has(type_flag::HEAP));
        let Some(slots) = native.map(|class| &class.slots) else { return self.call(class, args) };
        let (Some(new), Some(init)) = (slots.new.get(), slots.init.get()) else {
            return self.call(class, args);
        };
        let args = Args::positional_only(args);
        let exception = new(self, class, &args)?;
        init(self, exception.borrow(), &args)?;
        Ok(exception)
    }

    /// An exception of this class with a message as its only argument.
    #[cold]
    pub fn error(&self, class: &Owned, message: impl std::fmt::Display) -> Raised {
        match self.str(&message.to_string()) {
            Ok(message) => self.error_with(class, &[message.borrow()]),
            Err(raised) => raised,
        }
    }

    /// An exception: what calling the class with these arguments gives.
    #[cold]
    pub fn error_with(&self, class: &Owned, args: &[Ref<'_>]) -> Raised {
        match self.new_exception(class.borrow(), args) {
            Ok(exception) => Raised::new(exception),
            Err(raised) => raised,
        }
    }

    /// A `KeyError` whose argument is the key.
    #[cold]
    pub fn key_error(&self, key: Ref<'_>) -> Raised {
        self.error_with(&self.exceptions().KeyError, &[key])
    }

    /// A `StopIteration` that carries a generator's result; None is no argument.
    pub fn stop_iteration(&self, value: Ref<'_>) -> Raised {
        let exception = Exception { args: Slot::empty(), ..Exception::new(Owned::none()) };
        exception.set(VALUE, Some(value.own()));
        let made = self.new_object_in(&self.exceptions().StopIteration, exception);
        made.map_or_else(|raised| raised, Raised::new)
    }

    /// The `value` of a `StopIteration`.
    pub(crate) fn stop_iteration_value(&self, exception: Ref<'_>) -> Owned {
        payload(exception).get(VALUE).unwrap_or_else(Owned::none)
    }
}

// ---- out of memory ----

/// `MemoryError`s made in advance.
#[derive(Default)]
pub(crate) struct MemoryErrors {
    reserve: RefCell<Vec<Owned>>,
    /// A `MemoryError` is being made: if memory does not even suffice for that, the reserve serves.
    busy: Cell<bool>,
}

const RESERVE: usize = 16;

impl Thread {
    /// A `MemoryError`.
    #[cold]
    pub fn memory_error(&self) -> Raised {
        let errors = &self.interpreter().memory_errors;
        if errors.busy.replace(true) {
            return Raised::new(errors.last());
        }
        let made = self.new_exception(self.exceptions().MemoryError.borrow(), &[]);
        errors.busy.set(false);
        match made {
            Ok(exception) => Raised::new(exception),
            Err(raised) => raised,
        }
    }

    /// Makes the reserve of `MemoryError`s.
    pub(crate) fn reserve_memory_errors(&self) -> PyResult<()> {
        for _ in 0..RESERVE {
            let error = self.new_exception(self.exceptions().MemoryError.borrow(), &[])?;
            self.interpreter().memory_errors.reserve.borrow_mut().push(error);
        }
        Ok(())
    }
}

impl MemoryErrors {
    /// One of the reserve; the last one is shared.
    fn last(&self) -> Owned {
        let mut reserve = self.reserve.borrow_mut();
        match reserve.len() {
            // Before the interpreter has even started.
            0 => std::alloc::handle_alloc_error(std::alloc::Layout::new::<Exception>()),
            1 => reserve[0].clone(),
            len => reserve.swap_remove(len - 1),
        }
    }
}

// ---- text ----

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    let args = payload(this).settled_args(vm)?;
    let name = vm.type_name(this);
    let mut text = TextBuf::from(name.rsplit('.').next().unwrap_or_default());
    match items(&args) {
        [only] => {
            text.push_str("(");
            text.push_text(text_of(&vm.repr(only.borrow())?));
            text.push_str(")");
        }
        _ => text.push_text(text_of(&vm.repr(args.borrow())?)),
    }
    vm.text(text.as_text())
}

pub(crate) fn str(vm: &Thread, this: Ref<'_>) -> PyResult {
    let args = payload(this).settled_args(vm)?;
    match items(&args) {
        [] => Ok(vm.empty_str()),
        [only] => vm.to_str(only.borrow()),
        _ => vm.to_str(args.borrow()),
    }
}

/// A lone key is shown by its repr: a missing empty string would be invisible otherwise.
fn str_of_key_error(vm: &Thread, this: Ref<'_>) -> PyResult {
    match items(&payload(this).args()) {
        [only] => vm.repr(only.borrow()),
        _ => str(vm, this),
    }
}

// ---- attributes ----

fn set_args(vm: &Thread, this: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    let Some(value) = value else { return Err(vm.type_error("args may not be deleted")) };
    let args = vm.tuple(vm.collect(value)?)?;
    payload(this).args.set(args);
    Ok(())
}

fn set_suppress_context(vm: &Thread, this: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    let Some(value) = value else { return Err(vm.type_error("can't delete numeric/char attribute")) };
    let Some(value) = value.as_bool() else { return Err(vm.type_error("attribute value type must be bool")) };
    payload(this).suppress_context.set(value);
    Ok(())
}

fn set_traceback_attribute(vm: &Thread, this: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    let traceback = match value {
        None => return Err(vm.type_error("__traceback__ may not be deleted")),
        Some(value) if value.is_none() => None,
        Some(value) if value.kind() == Kind::Traceback => Some(value.own()),
        Some(_) => return Err(vm.type_error("__traceback__ must be a traceback or None")),
    };
    payload(this).set_traceback(traceback);
    Ok(())
}

fn set_context_attribute(vm: &Thread, this: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    let context = linked_exception(vm, value, "__context__", "context")?;
    drop(payload(this).context.replace(context));
    Ok(())
}

fn set_cause_attribute(vm: &Thread, this: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    let cause = linked_exception(vm, value, "__cause__", "cause")?;
    payload(this).set_cause(cause);
    Ok(())
}

/// The new value of an attribute that is an exception or None.
fn linked_exception(
    vm: &Thread,
    value: Option<Ref<'_>>,
    attribute: &str,
    what: &str,
) -> PyResult<Option<Owned>> {
    match value {
        None => Err(vm.type_error(format_args!("{attribute} may not be deleted"))),
        Some(value) if value.is_none() => Ok(None),
        Some(value) if is_exception(value) => Ok(Some(value.own())),
        Some(_) => {
            Err(vm.type_error(format_args!("exception {what} must be None or derive from BaseException")))
        }
    }
}

fn with_traceback(vm: &Thread, this: Ref<'_>, traceback: Ref<'_>) -> PyResult {
    set_traceback_attribute(vm, this, Some(traceback))?;
    Ok(this.own())
}

fn add_note(vm: &Thread, this: Ref<'_>, note: Ref<'_>) -> PyResult {
    if note.downcast::<Str>().is_none() {
        return Err(vm.bad_argument("add_note() argument", "str", note));
    }
    let name = vm.names().__notes__.borrow();
    let notes = match vm.get_attr_opt(this, name)? {
        Some(notes) => notes,
        None => {
            let notes = vm.list(Vec::new())?;
            vm.set_attr(this, name, Some(notes.borrow()))?;
            notes
        }
    };
    match notes.borrow().downcast::<List>() {
        Some(list) => list.items.push(vm, note.own())?,
        None => return Err(vm.type_error("Cannot add note: __notes__ is not a list")),
    }
    none()
}

// ---- pickling ----

/// The exception's `__dict__`, unless it is empty.
pub(crate) fn own_attributes(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    let dict = attribute::instance_dict(vm, this)?;
    Ok(dict.filter(|dict| dict.borrow().downcast::<Dict>().is_some_and(|dict| !dict.table.is_empty())))
}

/// `(class, args)` or `(class, args, state)`
pub(crate) fn reduced(vm: &Thread, this: Ref<'_>, args: Owned, state: Option<Owned>) -> PyResult {
    let mut parts = vec![vm.class(this).own(), args];
    parts.extend(state);
    vm.tuple(parts)
}

fn reduce(vm: &Thread, this: Ref<'_>) -> PyResult {
    reduced(vm, this, payload(this).settled_args(vm)?, own_attributes(vm, this)?)
}

fn set_state(vm: &Thread, this: Ref<'_>, state: Ref<'_>) -> PyResult {
    if state.is_none() {
        return none();
    }
    let Some(state) = state.downcast::<Dict>() else {
        return Err(vm.type_error("state is not a dictionary"));
    };
    let mut position = 0;
    while let Some((name, value)) = state.table.next(&mut position) {
        vm.set_attr(this, name.borrow(), Some(value.borrow()))?;
    }
    none()
}

/// A dict of the exception's attributes and of fields that have a value: pickled state.
pub(crate) fn state_with(vm: &Thread, this: Ref<'_>, fields: &[(&Owned, Option<Owned>)]) -> PyResult {
    let state = vm.dict()?;
    let table = &state.borrow().downcast::<Dict>().expect("just made").table;
    if let Some(own) = own_attributes(vm, this)? {
        let mut position = 0;
        let own = own.borrow().downcast::<Dict>().map(|own| &own.table);
        while let Some((name, value, hash)) = own.and_then(|own| own.next_hashed(&mut position)) {
            table.insert(vm, name.borrow(), hash, value)?;
        }
    }
    for (name, value) in fields {
        if let Some(value) = value {
            table.insert(vm, name.borrow(), vm.hash(name.borrow())?, value.clone())?;
        }
    }
    Ok(state)
}

// ---- chaining ----

/// Makes the exception that is being handled the context of the one that is raised. A chain that leads from the former
/// back to the latter is cut first, so that contexts form no new cycle.
pub(crate) fn set_context(raised: Ref<'_>, handled: Ref<'_>) {
    if raised.is(handled) || !is_exception(raised) || !is_exception(handled) {
        return;
    }
    let mut current = handled.own();
    // A cycle that exists already must not be walked for ever: another walk at half the speed notices it.
    let (mut slow, mut odd) = (handled.own(), false);
    while let Some(context) = payload(current.borrow()).context() {
        if context.borrow().is(raised) {
            drop(payload(current.borrow()).context.take());
            break;
        }
        current = context;
        if current.borrow().is(slow.borrow()) {
            break;
        }
        if odd && let Some(next) = payload(slow.borrow()).context() {
            slow = next;
        }
        odd = !odd;
    }
    drop(payload(raised).context.replace(Some(handled.own())));
}

/// Sets `__context__` without looking at what was there.
pub(crate) fn replace_context(exception: Ref<'_>, context: Option<Owned>) {
    drop(payload(exception).context.replace(context));
}
