//! Attributes of classes, and how classes look up and set attributes.
//!
//! `Class.name` asks the metaclass for a data descriptor, then the class's own MRO, then the metaclass again. What is found on
//! the class binds as to no instance: functions stay plain, class methods bind to the class.

use super::{Type, bases, create, layout, payload_of, type_flag, update};
use crate::exception::{PyResult, Raised};
use crate::heap::dict::Dict;
use crate::heap::inline::{Str, Tuple};
use crate::heap::lookup::get_str;
use crate::heap::{Header, Kind};
use crate::native::{GetSet, getset, getter, member};
use crate::protocol::attribute::display;
use crate::types::{mappingproxy, str_};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// `type.__getattribute__`
pub(super) fn getattro(vm: &Thread, class: Ref<'_>, name: Ref<'_>) -> PyResult {
    vm.check_name(name)?;
    find(vm, class, name)?.ok_or_else(|| vm.no_attribute(class, name))
}

/// `type.__getattribute__`, where `None` says that there is no such attribute.
pub(crate) fn find(vm: &Thread, class: Ref<'_>, name: Ref<'_>) -> PyResult<Option<Owned>> {
    let metaclass = vm.class(class);
    let meta = vm.lookup(metaclass, name);
    let meta_get = meta.as_ref().and_then(|meta| vm.type_of(meta.borrow()).slots.descr_get.get());
    if let (Some(meta), Some(get)) = (&meta, meta_get) {
        if vm.type_of(meta.borrow()).slots.descr_set.get().is_some() {
            return get(vm, meta.borrow(), Some(class), Some(metaclass)).map(Some);
        }
    }
    if let Some(attribute) = vm.lookup(class, name) {
        return match vm.type_of(attribute.borrow()).slots.descr_get.get() {
            Some(get) => get(vm, attribute.borrow(), None, Some(class)).map(Some),
            None => Ok(Some(attribute)),
        };
    }
    match (&meta, meta_get) {
        (Some(meta), Some(get)) => get(vm, meta.borrow(), Some(class), Some(metaclass)).map(Some),
        _ => Ok(meta),
    }
}

/// `type.__setattr__`, or `type.__delattr__` without a value.
pub(super) fn setattro(vm: &Thread, class: Ref<'_>, name: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    let payload = payload_of(class);
    if payload.has(type_flag::IMMUTABLE) {
        let (name, class) = (vm.repr_string(name)?, vm.class_name(class));
        return Err(vm.type_error(format_args!("cannot set {name} attribute of immutable type '{class}'")));
    }
    vm.check_name(name)?;
    if let Some(meta) = vm.lookup(vm.class(class), name) {
        if let Some(set) = vm.type_of(meta.borrow()).slots.descr_set.get() {
            return set(vm, meta.borrow(), class, value);
        }
    }
    let name = str_::intern(vm, name.own())?;
    let had_value = change(vm, class, name.borrow(), value.map(Ref::own))?;
    if value.is_none() && !had_value {
        return Err(vm.no_attribute(class, name.borrow()));
    }
    Ok(())
}

/// Changes what the namespace has under an interned name, and everything that follows from it. Whether there was something
/// before.
pub(crate) fn change(vm: &Thread, class: Ref<'_>, name: Ref<'_>, value: Option<Owned>) -> PyResult<bool> {
    let payload = payload_of(class);
    let table = &payload.namespace(vm).table;
    let hash = vm.hash(name)?;
    // The caches forget before the old value can go.
    payload.modified(vm);
    let old = match value {
        Some(value) => table.insert(vm, name, hash, value)?,
        None => table.remove(vm, name, hash)?.map(|(_, value)| value),
    };
    payload.modified(vm);
    update::name_changed(vm, class, name);
    Ok(old.is_some())
}

pub(super) static GETSET: &[GetSet] = &[
    member("__basicsize__", basic_size, "Bytes of an instance, without items."),
    member("__itemsize__", item_size, "Bytes of an item."),
    member("__flags__", flags, "Properties of the class, as bits."),
    member("__weakrefoffset__", weakref_offset, "Where instances keep their weak references."),
    member(
        "__base__",
        |_, class| Ok(payload_of(class).base.get_or_none()),
        "The base that decides the layout.",
    ),
    member("__dictoffset__", dict_offset, "Where instances keep their dict."),
    getset("__name__", name, set_name, "The name of the class."),
    getset("__qualname__", qualname, set_qualname, "The name with the path that leads to the class."),
    getset(
        "__bases__",
        |_, class| Ok(payload_of(class).bases.get_or_none()),
        bases::set,
        "The base classes.",
    ),
    getter(
        "__mro__",
        |_, class| Ok(payload_of(class).mro.get_or_none()),
        "Where attributes are looked up, in order.",
    ),
    getset("__module__", module, set_module, "The module that defines the class."),
    getset(
        "__abstractmethods__",
        abstract_methods,
        set_abstract_methods,
        "Names of methods still to be implemented.",
    ),
    getter("__dict__", namespace, "The namespace of the class, read-only."),
    getset("__doc__", doc, set_doc, "The docstring."),
    getter("__text_signature__", text_signature, "The signature of the constructor, as text."),
    getset("__annotations__", annotations, set_annotations, "The annotations of the class body."),
    getset("__annotate__", annotate, set_annotate, "The function that computes the annotations."),
    getset("__type_params__", type_params, set_type_params, "The type parameters of a generic class."),
];

/// What the class's own namespace has under a name.
fn own(vm: &Thread, class: Ref<'_>, name: &Owned) -> Option<Owned> {
    get_str(payload_of(class).namespace(vm), name.borrow())
}

fn put(vm: &Thread, class: Ref<'_>, name: &Owned, value: Ref<'_>) -> PyResult<()> {
    change(vm, class, name.borrow(), Some(value.own())).map(drop)
}

fn delete(vm: &Thread, class: Ref<'_>, name: &Owned) -> PyResult<bool> {
    if own(vm, class, name).is_none() {
        return Ok(false);
    }
    change(vm, class, name.borrow(), None)
}

/// TypeError unless an attribute that only Python classes can change is to be set to something.
pub(super) fn check_set<'a>(
    vm: &Thread,
    class: Ref<'_>,
    value: Option<Ref<'a>>,
    name: &str,
) -> PyResult<Ref<'a>> {
    let own = || vm.class_name(class);
    if payload_of(class).has(type_flag::IMMUTABLE) {
        return Err(
            vm.type_error(format_args!("cannot set '{name}' attribute of immutable type '{}'", own()))
        );
    }
    value.ok_or_else(|| {
        vm.type_error(format_args!("cannot delete '{name}' attribute of immutable type '{}'", own()))
    })
}

fn basic_size(vm: &Thread, class: Ref<'_>) -> PyResult {
    let class = payload_of(class);
    let layout = class.shapes.root().layout();
    let payload = class.def.0.ops.size + size_of::<Header>();
    vm.size(payload + 8 * layout.fixed as usize)
}

fn item_size(vm: &Thread, class: Ref<'_>) -> PyResult {
    vm.size(layout::item_size(payload_of(class)) as usize)
}

/// CPython's bits, of which the low ones say how its instances are laid out.
fn flags(vm: &Thread, class: Ref<'_>) -> PyResult {
    const STATIC_BUILTIN: u64 = 1 << 1;
    const INLINE_VALUES: u64 = 1 << 2;
    const MANAGED_WEAKREF: u64 = 1 << 3;
    const MANAGED_DICT: u64 = 1 << 4;
    const GARBAGE_COLLECTED: u64 = 1 << 14;
    let payload = payload_of(class);
    let layout = payload.shapes.root().layout();
    let mut flags = payload.flags.get() & 0xffff_ffff;
    let mut set = |flag, on| flags |= if on { flag } else { 0 };
    let specified = !payload.is_heap_type() && payload.def.0.is_specified();
    set(type_flag::HEAP, specified);
    set(STATIC_BUILTIN, !payload.is_heap_type() && !specified);
    set(MANAGED_DICT, payload.is_heap_type() && layout.has_dict);
    set(INLINE_VALUES, payload.is_heap_type() && layout.capacity > layout.fixed);
    set(MANAGED_WEAKREF, payload.is_heap_type() && payload.has(type_flag::WEAKREF));
    set(GARBAGE_COLLECTED, payload.shapes.root().ops().traced || layout.has_extras());
    vm.int(flags as i64)
}

/// CPython's figure for weak references that the object's memory precedes.
fn weakref_offset(vm: &Thread, class: Ref<'_>) -> PyResult {
    let payload = payload_of(class);
    match payload.has(type_flag::WEAKREF) {
        true if payload.is_heap_type() => vm.int(-32),
        true => vm.size(size_of::<Header>() + payload.def.0.ops.size),
        false => vm.int(0),
    }
}

fn dict_offset(vm: &Thread, class: Ref<'_>) -> PyResult {
    let payload = payload_of(class);
    match payload.has(type_flag::HAS_DICT) {
        true if payload.has(type_flag::OWN_DICT) => vm.int(-1),
        true => vm.size(size_of::<Header>() + payload.def.0.ops.size),
        false => vm.int(0),
    }
}

fn name(_vm: &Thread, class: Ref<'_>) -> PyResult {
    Ok(payload_of(class).name.get_or_none())
}

fn set_name(vm: &Thread, class: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    let value = check_set(vm, class, value, "__name__")?;
    check_text(vm, class, value, "__name__")?;
    create::check_class_name(vm, value)?;
    payload_of(class).name.set(value.own());
    Ok(())
}

fn check_text(vm: &Thread, class: Ref<'_>, value: Ref<'_>, name: &str) -> PyResult<()> {
    if value.kind() == Kind::Str {
        return Ok(());
    }
    let (class, given) = (vm.class_name(class), vm.type_name(value));
    Err(vm.type_error(format_args!("can only assign string to {class}.{name}, not '{given}'")))
}

fn qualname(_vm: &Thread, class: Ref<'_>) -> PyResult {
    Ok(payload_of(class).qualname.get_or_none())
}

fn set_qualname(vm: &Thread, class: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    let value = check_set(vm, class, value, "__qualname__")?;
    check_text(vm, class, value, "__qualname__")?;
    payload_of(class).qualname.set(value.own());
    Ok(())
}

fn module(vm: &Thread, class: Ref<'_>) -> PyResult {
    let payload = payload_of(class);
    if !payload.is_heap_type() {
        return vm.intern(payload.def.0.module);
    }
    own(vm, class, &vm.names().__module__).ok_or_else(|| missing(vm, &vm.names().__module__))
}

/// AttributeError that says no more than the name.
#[cold]
fn missing(vm: &Thread, name: &Owned) -> Raised {
    vm.error_with(&vm.exceptions().AttributeError, &[name.borrow()])
}

fn set_module(vm: &Thread, class: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    let value = check_set(vm, class, value, "__module__")?;
    // The line number is that of the former module.
    delete(vm, class, &vm.names().__firstlineno__)?;
    put(vm, class, &vm.names().__module__, value)
}

fn abstract_methods(vm: &Thread, class: Ref<'_>) -> PyResult {
    let name = &vm.names().__abstractmethods__;
    // `type` itself has this attribute in its namespace.
    let found = own(vm, class, name).filter(|_| !class.is(vm.types().type_.borrow()));
    found.ok_or_else(|| missing(vm, name))
}

fn set_abstract_methods(vm: &Thread, class: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    let name = &vm.names().__abstractmethods__;
    let is_abstract = match value {
        Some(value) => {
            let truth = vm.is_true(value)?;
            put(vm, class, name, value)?;
            truth
        }
        None if delete(vm, class, name)? => false,
        None => return Err(missing(vm, name)),
    };
    let payload = payload_of(class);
    payload.set_flag(type_flag::ABSTRACT, is_abstract);
    payload.modified(vm);
    Ok(())
}

fn namespace(vm: &Thread, class: Ref<'_>) -> PyResult {
    mappingproxy::of_class(vm, class)
}

fn doc(vm: &Thread, class: Ref<'_>) -> PyResult {
    let Some(doc) = own(vm, class, &vm.names().__doc__) else { return Ok(Owned::none()) };
    let payload = payload_of(class);
    if !payload.is_heap_type() && !payload.def.0.doc.is_empty() && !payload.def.0.is_specified() {
        return vm.str(payload.def.0.doc);
    }
    match vm.type_of(doc.borrow()).slots.descr_get.get() {
        Some(get) => get(vm, doc.borrow(), None, Some(class)),
        None => Ok(doc),
    }
}

fn set_doc(vm: &Thread, class: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    let value = check_set(vm, class, value, "__doc__")?;
    put(vm, class, &vm.names().__doc__, value)
}

fn text_signature(vm: &Thread, class: Ref<'_>) -> PyResult {
    let payload = payload_of(class);
    match payload.def.0.signature {
        "" => Ok(Owned::none()),
        _ if payload.is_heap_type() => Ok(Owned::none()),
        signature => vm.str(signature),
    }
}

/// AttributeError for an attribute that only heap types have, by CPython's reckoning.
fn check_heap_type(vm: &Thread, class: Ref<'_>, name: &Owned) -> PyResult<()> {
    let payload = payload_of(class);
    if payload.is_heap_type() || payload.def.0.is_specified() {
        Ok(())
    } else {
        Err(vm.no_attribute(class, name.borrow()))
    }
}

/// Binds what the namespace has under a special name, as if it were looked up on the class.
fn bound(vm: &Thread, class: Ref<'_>, value: Owned) -> PyResult {
    match vm.type_of(value.borrow()).slots.descr_get.get() {
        Some(get) => get(vm, value.borrow(), None, Some(class)),
        None => Ok(value),
    }
}

fn annotations(vm: &Thread, class: Ref<'_>) -> PyResult {
    let names = vm.names();
    check_heap_type(vm, class, &names.__annotations__)?;
    if let Some(found) =
        own(vm, class, &names.__annotations__).or_else(|| own(vm, class, &names.__annotations_cache__))
    {
        return bound(vm, class, found);
    }
    let annotate = vm.get_attr(class, names.__annotate__.borrow())?;
    let annotations = if vm.is_callable(annotate.borrow()) {
        let result = vm.call(annotate.borrow(), &[Owned::small_int(1).borrow()])?;
        if result.borrow().downcast::<Dict>().is_none() {
            let class = vm.type_name(result.borrow());
            return Err(vm.type_error(format_args!("__annotate__ returned non-dict of type '{class}'")));
        }
        result
    } else {
        vm.dict()?
    };
    put(vm, class, &names.__annotations_cache__, annotations.borrow())?;
    Ok(annotations)
}

fn set_annotations(vm: &Thread, class: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    let names = vm.names();
    if payload_of(class).has(type_flag::IMMUTABLE) {
        return check_set(vm, class, value, "__annotations__").map(drop);
    }
    let explicit = own(vm, class, &names.__annotations__).is_some();
    match value {
        Some(value) => {
            let place = if explicit { &names.__annotations__ } else { &names.__annotations_cache__ };
            put(vm, class, place, value)?;
        }
        None => {
            let place = if explicit { &names.__annotations__ } else { &names.__annotations_cache__ };
            if !delete(vm, class, place)? {
                return Err(missing(vm, &names.__annotations__));
            }
        }
    }
    if explicit && value.is_some() {
        delete(vm, class, &names.__annotations_cache__)?;
    }
    delete(vm, class, &names.__annotate_func__)?;
    delete(vm, class, &names.__annotate__)?;
    Ok(())
}

fn annotate(vm: &Thread, class: Ref<'_>) -> PyResult {
    let names = vm.names();
    check_heap_type(vm, class, &names.__annotate__)?;
    if let Some(found) =
        own(vm, class, &names.__annotate__).or_else(|| own(vm, class, &names.__annotate_func__))
    {
        return bound(vm, class, found);
    }
    put(vm, class, &names.__annotate_func__, Ref::NONE)?;
    Ok(Owned::none())
}

fn set_annotate(vm: &Thread, class: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    let names = vm.names();
    if payload_of(class).has(type_flag::IMMUTABLE) {
        return check_set(vm, class, value, "__annotate__").map(drop);
    }
    let Some(value) = value else { return Err(vm.type_error("cannot delete __annotate__ attribute")) };
    if !value.is_none() && !vm.is_callable(value) {
        return Err(vm.type_error("__annotate__ must be callable or None"));
    }
    put(vm, class, &names.__annotate_func__, value)?;
    if !value.is_none() {
        delete(vm, class, &names.__annotations__)?;
        delete(vm, class, &names.__annotations_cache__)?;
    }
    Ok(())
}

fn type_params(vm: &Thread, class: Ref<'_>) -> PyResult {
    let name = &vm.names().__type_params__;
    let found = own(vm, class, name).filter(|_| !class.is(vm.types().type_.borrow()));
    Ok(found.unwrap_or_else(|| vm.empty_tuple()))
}

fn set_type_params(vm: &Thread, class: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    let value = check_set(vm, class, value, "__type_params__")?;
    put(vm, class, &vm.names().__type_params__, value)
}

/// `<class 'module.qualname'>`
pub(super) fn repr(vm: &Thread, class: Ref<'_>) -> PyResult {
    let payload = payload_of(class);
    if payload.name.is_empty() {
        return vm.str(&format!("<class at {:#x}>", class.id()));
    }
    let module = vm.get_attr_opt(class, vm.names().__module__.borrow())?;
    let module = module.filter(|module| {
        module.borrow().downcast::<Str>().is_some_and(|text| text.as_str() != Some("builtins"))
    });
    let mut text = crate::text::wtf8::TextBuf::from("<class '");
    match module {
        Some(module) => {
            text.push_text(module.borrow().downcast::<Str>().expect("a str").text());
            text.push_str(".");
            push_str(&mut text, payload.qualname.get_or_none().borrow());
        }
        None => push_str(&mut text, payload.name.get_or_none().borrow()),
    }
    text.push_str("'>");
    vm.text(text.as_text())
}

fn push_str(text: &mut crate::text::wtf8::TextBuf, part: Ref<'_>) {
    if let Some(part) = part.downcast::<Str>() {
        text.push_text(part.text());
    }
}

/// The names that an abstract class leaves to its subclasses, sorted, for the error.
pub(crate) fn abstract_names(vm: &Thread, class: Ref<'_>) -> PyResult<Vec<String>> {
    let methods = abstract_methods(vm, class)?;
    let mut names =
        vm.collect(methods.borrow())?.iter().map(|name| display(name.borrow())).collect::<Vec<_>>();
    names.sort();
    Ok(names)
}

/// The classes of a tuple.
pub(super) fn classes(tuple: Ref<'_>) -> Vec<Owned> {
    tuple.downcast::<Tuple>().map_or_else(Vec::new, |tuple| tuple.as_slice().to_vec())
}

impl Type {
    /// What the class's own namespace has under a name.
    pub(crate) fn own_attribute(&self, vm: &Thread, name: Ref<'_>) -> Option<Owned> {
        // Filling the namespace may be what interns the name.
        let namespace = self.namespace(vm);
        let name = str_::find_interned(vm, name)?;
        get_str(namespace, name.borrow())
    }
}
