//! Making classes, and calling them (Data model, 3.3.3 Customizing class creation).

use std::cell::Cell;

use super::layout::{self, Additions};
use super::{Kept, SlotSet, Type, declared_slots, is_subtype, mro, payload_of, type_flag, update};
use crate::arguments::Args;
use crate::exception::{PyResult, Raised};
use crate::heap::dict::Dict;
use crate::heap::inline::{Str, Tuple};
use crate::heap::lookup::get_str;
use crate::heap::unowned::Unowned;
use crate::heap::{Kind, Slot, instance};
use crate::native::{GetSet, getset, getter};
use crate::protocol::slots::{SlotCells, SlotId};
use crate::types::object::{Instance, dict_of, set_dict_of, weakref_of};
use crate::types::{cell, classmethod, getset as descriptor, staticmethod};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// `__dict__` of the instances of a Python class.
static DICT: GetSet = getset("__dict__", dict_of, set_dict_of, "The attributes of the instance, as a dict.");

/// `__weakref__` of the instances of a Python class.
pub(super) static WEAKREF: GetSet =
    getter("__weakref__", weakref_of, "The first weak reference to the object, or None.");

/// `type.__call__`: makes an instance, and initialises it if it is one. With the one argument, `type` itself gives that
/// object's class.
pub(crate) fn call(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    if class.is(vm.types().type_.borrow()) {
        match (args.positional(), args.has_keywords()) {
            (&[object], false) => return Ok(vm.class(object).own()),
            ([_], true) => return Err(vm.type_error("type() takes no keyword arguments")),
            ([_, _, _], _) => {}
            _ => return Err(vm.type_error("type() takes 1 or 3 arguments")),
        }
    }
    vm.check_stack()?;
    let payload = payload_of(class);
    let Some(new) = payload.slots.new.get() else {
        return Err(vm.type_error(format_args!("cannot create '{}' instances", vm.class_name(class))));
    };
    let object = new(vm, class, args)?;
    if payload.has(type_flag::PLAIN_INIT)
        && !payload.has(type_flag::PLAIN_NEW)
        && vm.class(object.borrow()).is(class)
    {
        // `object.__init__` leaves the arguments to a class's own `__new__`.
        return Ok(object);
    }
    if is_subtype(vm.class(object.borrow()), class) {
        if let Some(init) = vm.type_of(object.borrow()).slots.init.get() {
            init(vm, object.borrow(), args)?;
        }
    }
    Ok(object)
}

/// `type.__init__`: everything was done by `__new__`.
pub(super) fn init(vm: &Thread, _class: Ref<'_>, args: &Args<'_>) -> PyResult<()> {
    match args.positional().len() {
        1 if args.has_keywords() => Err(vm.type_error("type.__init__() takes no keyword arguments")),
        1 | 3 => Ok(()),
        _ => Err(vm.type_error("type.__init__() takes 1 or 3 arguments")),
    }
}

/// `type.__new__(metaclass, name, bases, namespace, **kwargs)`
pub(super) fn new(vm: &Thread, metaclass: Ref<'_>, args: &Args<'_>) -> PyResult {
    let &[name, bases, namespace] = args.positional() else {
        let given = args.positional().len();
        return Err(vm.type_error(format_args!("type.__new__() takes exactly 3 arguments ({given} given)")));
    };
    if name.kind() != Kind::Str {
        return Err(wrong_argument(vm, 1, "str", name));
    }
    if bases.kind() != Kind::Tuple {
        return Err(wrong_argument(vm, 2, "tuple", bases));
    }
    if namespace.kind() != Kind::Dict {
        return Err(wrong_argument(vm, 3, "dict", namespace));
    }
    let bases = bases.downcast::<Tuple>().map_or(&[][..], Tuple::as_slice);
    refuse_entries(vm, bases)?;
    let winner = winning_metaclass(vm, metaclass, bases)?;
    if !winner.borrow().is(metaclass) {
        let payload = payload_of(winner.borrow());
        let new_of_type = payload.slots.new.get().filter(|_| is_made_by_type(vm, winner.borrow()));
        if let (None, Some(new)) = (new_of_type, payload.slots.new.get()) {
            return new(vm, winner.borrow(), args);
        }
    }
    let base = layout::best_base(vm, bases)?;
    let bases = if bases.is_empty() { vec![base.clone()] } else { bases.to_vec() };
    let namespace = namespace.downcast::<Dict>().expect("a dict");
    let class = make(vm, winner.borrow(), name, &base, bases, namespace)?;
    set_names(vm, class.borrow())?;
    init_subclass(vm, class.borrow(), args)?;
    Ok(class)
}

#[cold]
fn wrong_argument(vm: &Thread, position: usize, wanted: &str, given: Ref<'_>) -> Raised {
    let given = vm.type_name(given);
    vm.type_error(format_args!("type.__new__() argument {position} must be {wanted}, not {given}"))
}

/// Bases that are not classes are replaced by class statements, not here.
fn refuse_entries(vm: &Thread, bases: &[Owned]) -> PyResult<()> {
    for base in bases.iter().filter(|base| base.borrow().kind() != Kind::Type) {
        if vm.get_attr_opt(base.borrow(), vm.names().__mro_entries__.borrow())?.is_some() {
            return Err(vm.type_error("type() doesn't support MRO entry resolution; use types.new_class()"));
        }
    }
    Ok(())
}

/// The most derived of a metaclass and the classes of the bases.
pub(crate) fn winning_metaclass(vm: &Thread, metaclass: Ref<'_>, bases: &[Owned]) -> PyResult {
    let mut winner = metaclass;
    for base in bases {
        let candidate = vm.class(base.borrow());
        if is_subtype(candidate, winner) {
            winner = candidate;
        } else if !is_subtype(winner, candidate) {
            return Err(vm.type_error(
                "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass of the metaclasses \
                 of all its bases",
            ));
        }
    }
    Ok(winner.own())
}

/// Whether calling a metaclass gets to `type.__new__` without anything written in Python before it.
fn is_made_by_type(vm: &Thread, metaclass: Ref<'_>) -> bool {
    super::native::new_owner(metaclass).borrow().is(vm.types().type_.borrow())
        && !payload_of(metaclass).generic.contains(SlotId::new)
}

/// A class with everything but what needs it to be complete: `__set_name__` and `__init_subclass__`.
fn make(
    vm: &Thread,
    metaclass: Ref<'_>,
    name: Ref<'_>,
    base: &Owned,
    bases: Vec<Owned>,
    namespace: &Dict,
) -> PyResult {
    let name_text = name.downcast::<Str>().expect("a str");
    check_class_name(vm, name)?;
    let declared = declared_slots::read(vm, namespace, name_text, base.borrow(), &bases)?;
    let base_payload = payload_of(base.borrow());
    let inline = inline_attributes(vm, base_payload, namespace);
    let additions = Additions { slots: declared.names.len() as u32, dict: declared.dict, inline };
    let table = namespace.table.copy(vm)?;
    let slot_names = if declared.names.is_empty() { None } else { Some(vm.tuple(declared.names.clone())?) };
    let class = vm.new_object_of(
        metaclass,
        Type {
            name: Slot::new(name.own()),
            qualname: Slot::new(name.own()),
            base: Kept::new(Some(base.clone())),
            bases: Kept::new(Some(vm.tuple(bases.clone())?)),
            mro: Slot::empty(),
            members: vm.new_object(Dict { table })?,
            slots: SlotCells::new(&crate::protocol::slots::Slots::NONE),
            generic: SlotSet::default(),
            flags: Cell::new(flags(base_payload, &declared)),
            def: base_payload.def,
            shapes: layout::shapes(vm, base_payload, &additions),
            subclasses: Unowned::default(),
            followers: Unowned::default(),
            followed: Kept::new(None),
            slot_names: Slot::from_option(slot_names),
        },
    )?;
    let payload = payload_of(class.borrow());
    payload.shapes.set_class(class.borrow());
    complete_namespace(vm, class.borrow(), &declared, base_payload)?;
    mro::set(vm, class.borrow())?;
    for base in &bases {
        payload_of(base.borrow()).subclasses.insert::<Type>(usize::MAX, class.borrow());
    }
    inherit_pattern(payload);
    finish_namespace(vm, class.borrow())?;
    update::derive_slots(vm, class.borrow());
    payload.set_flag(type_flag::READY, true);
    warn_about_keys(vm, payload)?;
    Ok(class)
}

/// A name must be text that C could print.
pub(super) fn check_class_name(vm: &Thread, name: Ref<'_>) -> PyResult<()> {
    let text = name.downcast::<Str>().expect("a str");
    if text.as_str().is_none() {
        let at =
            text.text().code_points().position(|code| (0xd800..0xe000).contains(&code)).unwrap_or_default();
        return Err(vm.unicode_encode_error("utf-8", name, at..at + 1, "surrogates not allowed"));
    }
    if text.as_bytes().contains(&0) {
        return Err(vm.value_error("type name must not contain null characters"));
    }
    Ok(())
}

/// How many attributes instances probably get: what the methods of the class and its bases set.
fn inline_attributes(vm: &Thread, base: &Type, namespace: &Dict) -> u32 {
    let own = get_str(namespace, vm.names().__static_attributes__.borrow());
    let own = own.as_ref().and_then(|own| own.borrow().downcast::<Tuple>()).map_or(0, Tuple::len);
    declared_slots::static_attributes(vm, base) + own as u32
}

/// The first base in the MRO that `match` sees as a sequence or a mapping decides what the class is.
fn inherit_pattern(payload: &Type) {
    const PATTERN: u64 = type_flag::SEQUENCE | type_flag::MAPPING;
    let of_bases = payload.mro().iter().skip(1).find_map(|base| {
        let flags = payload_of(base.borrow()).flags.get() & PATTERN;
        (flags != 0).then_some(flags)
    });
    payload.flags.set(payload.flags.get() & !PATTERN | of_bases.unwrap_or(0));
}

fn flags(base: &Type, declared: &declared_slots::DeclaredSlots) -> u64 {
    let mut flags = type_flag::HEAP | type_flag::BASE | base.flags.get() & type_flag::INHERITED;
    if declared.dict {
        flags |= type_flag::HAS_DICT | type_flag::OWN_DICT;
    }
    if declared.weakref {
        flags |= type_flag::WEAKREF;
    }
    flags
}

/// Puts into the namespace what every class has, and turns some functions into class and static methods.
fn complete_namespace(
    vm: &Thread,
    class: Ref<'_>,
    declared: &declared_slots::DeclaredSlots,
    base: &Type,
) -> PyResult<()> {
    let names = vm.names();
    let payload = payload_of(class);
    let dict = payload.own_namespace();
    if get_str(dict, names.__module__.borrow()).is_none() {
        if let Some(module) = current_module(vm)? {
            put(vm, dict, &names.__module__, module)?;
        }
    }
    if let Some(qualname) = take(vm, dict, &names.__qualname__)? {
        if qualname.borrow().kind() != Kind::Str {
            let class = vm.type_name(qualname.borrow());
            return Err(vm.type_error(format_args!("type __qualname__ must be a str, not {class}")));
        }
        payload.qualname.set(qualname);
    }
    wrap(vm, dict, &names.__new__, staticmethod::new)?;
    wrap(vm, dict, &names.__init_subclass__, classmethod::new)?;
    wrap(vm, dict, &names.__class_getitem__, classmethod::new)?;
    let first = base.shapes.root().layout().fixed;
    for (index, name) in declared.names.iter().enumerate() {
        let member = descriptor::new_slot(vm, class, name, first + index as u32)?;
        put_default(vm, dict, name, member)?;
    }
    if declared.dict {
        put_default(vm, dict, &names.__dict__, descriptor::new(vm, class, &DICT)?)?;
    }
    if declared.weakref {
        put_default(vm, dict, &names.__weakref__, descriptor::new(vm, class, &WEAKREF)?)?;
    }
    for (key, wanted) in [(&names.__classcell__, class), (&names.__classdictcell__, payload.members.borrow())]
    {
        fill_cell(vm, dict, key, wanted)?;
    }
    Ok(())
}

/// What depends on whether the namespace, now complete, has certain names.
fn finish_namespace(vm: &Thread, class: Ref<'_>) -> PyResult<()> {
    let names = vm.names();
    let dict = payload_of(class).own_namespace();
    put_default(vm, dict, &names.__doc__, Owned::none())?;
    let has = |name: &Owned| get_str(dict, name.borrow()).is_some();
    if has(&names.__eq__) && !has(&names.__hash__) {
        put(vm, dict, &names.__hash__, Owned::none())?;
    }
    Ok(())
}

/// `__name__` of the module whose code makes the class.
fn current_module(vm: &Thread) -> PyResult<Option<Owned>> {
    let Some(globals) = crate::frame::current_globals(vm) else { return Ok(None) };
    let Some(globals) = globals.borrow().downcast::<Dict>() else { return Ok(None) };
    let name = &vm.names().__name__;
    globals.table.get(vm, name.borrow(), vm.hash(name.borrow())?)
}

fn put(vm: &Thread, dict: &Dict, name: &Owned, value: Owned) -> PyResult<()> {
    drop(dict.table.insert(vm, name.borrow(), vm.hash(name.borrow())?, value)?);
    Ok(())
}

fn put_default(vm: &Thread, dict: &Dict, name: &Owned, value: Owned) -> PyResult<()> {
    dict.table.get_or_insert(vm, name.borrow(), vm.hash(name.borrow())?, value)?;
    Ok(())
}

fn take(vm: &Thread, dict: &Dict, name: &Owned) -> PyResult<Option<Owned>> {
    Ok(dict.table.remove(vm, name.borrow(), vm.hash(name.borrow())?)?.map(|(_, value)| value))
}

/// Wraps what the namespace has under a name, if it is a plain function.
fn wrap(vm: &Thread, dict: &Dict, name: &Owned, wrapper: fn(&Thread, Owned) -> PyResult) -> PyResult<()> {
    match get_str(dict, name.borrow()) {
        Some(function) if function.borrow().kind() == Kind::Function => {
            put(vm, dict, name, wrapper(vm, function)?)
        }
        _ => Ok(()),
    }
}

/// Gives the cells that the class body made for `__class__` and `__classdict__` their values.
fn fill_cell(vm: &Thread, dict: &Dict, name: &Owned, value: Ref<'_>) -> PyResult<()> {
    let Some(found) = take(vm, dict, name)? else { return Ok(()) };
    let Some(cell) = found.borrow().downcast::<cell::Cell>() else {
        let (name, class) = (vm.str_string(name.borrow())?, vm.repr_string(vm.class(found.borrow()))?);
        return Err(vm.type_error(format_args!("{name} must be a nonlocal cell, not {class}")));
    };
    cell.content.set(value.own());
    Ok(())
}

fn warn_about_keys(vm: &Thread, class: &Type) -> PyResult<()> {
    if class.own_namespace().table.only_str() {
        return Ok(());
    }
    let name = vm.str_string(class.name.get_or_none().borrow())?;
    let category = &vm.exceptions().RuntimeWarning;
    vm.warn(category, &format!("non-string key in the __dict__ of class {name}"))
}

/// Tells the values of the namespace their names (PEP 487).
fn set_names(vm: &Thread, class: Ref<'_>) -> PyResult<()> {
    let name = &vm.names().__set_name__;
    let namespace = payload_of(class).own_namespace().table.copy(vm)?;
    let mut position = 0;
    while let Some((key, value)) = namespace.next(&mut position) {
        let Some(method) = vm.special_method(value.borrow(), name.borrow())? else { continue };
        if let Err(raised) = vm.call(method.borrow(), &[class, key.borrow()]) {
            return Err(explain_set_name(vm, raised, class, key.borrow(), value.borrow()));
        }
    }
    Ok(())
}

#[cold]
fn explain_set_name(vm: &Thread, raised: Raised, class: Ref<'_>, key: Ref<'_>, value: Ref<'_>) -> Raised {
    let (of, owner) = (vm.type_name(value), vm.class_name(class));
    let note = vm
        .repr_string(key)
        .and_then(|key| vm.str(&format!("Error calling __set_name__ on '{of}' instance {key} in '{owner}'")));
    let noted = note.and_then(|note| {
        let add = vm.get_attr(vm.exceptions().BaseException.borrow(), vm.intern("add_note")?.borrow())?;
        vm.call(add.borrow(), &[raised.exception(), note.borrow()])
    });
    noted.err().unwrap_or(raised)
}

/// Tells the bases about the new subclass: `super(class, class).__init_subclass__(**kwargs)`.
fn init_subclass(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult<()> {
    let name = &vm.names().__init_subclass__;
    // A metaclass may have made an MRO that ends with the class.
    let Some(method) = super::lookup_after(vm, class, class, name.borrow()) else { return Ok(()) };
    let method = match vm.type_of(method.borrow()).slots.descr_get.get() {
        Some(get) => get(vm, method.borrow(), None, Some(class))?,
        None => method,
    };
    vm.call_args(method.borrow(), &args.keywords_only())?;
    Ok(())
}

/// Whether calling a class makes an instance with `object.__new__` and then calls `__init__`, with nothing overridden: then
/// the loop can do both itself.
#[inline]
pub(crate) fn makes_plain_instances(vm: &Thread, class: Ref<'_>) -> bool {
    let payload = payload_of(class);
    payload.has(type_flag::PLAIN_NEW)
        && !payload.has(type_flag::ABSTRACT)
        && !vm.type_of(class).generic.contains(SlotId::call)
}

/// Whether an object is a native class that is called as `type` says.
#[inline]
pub(crate) fn is_native(object: Ref<'_>) -> bool {
    let Some(class) = object.downcast::<Type>() else { return false };
    !class.has(type_flag::HEAP) && object.is_exact(Kind::Type)
}

/// An instance of a class that [makes plain ones](makes_plain_instances), not initialised.
#[inline]
pub(crate) fn new_plain_instance(vm: &Thread, class: Ref<'_>) -> PyResult {
    instance::allocate(vm, class, Instance {})
}
