//! Attributes and classes of objects.
//!
//! `object.name` asks the class first: a data descriptor found along the MRO wins, then what the instance has of its own, then
//! whatever else the class has, bound to the instance. Classes look a name up twice, on their metaclass and along their
//! own MRO: [`crate::types::type_`].

use crate::arguments::Args;
use crate::exception::{PyResult, Raised};
use crate::heap::dict::Dict;
use crate::heap::inline::Str;
use crate::heap::instance::{self, Removed};
use crate::heap::{Kind, Slot, lookup};
use crate::protocol::slots::SlotId;
use crate::types::type_::{self, Type, payload_of, type_flag};
use crate::types::{str_, type_::attributes};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

impl Thread {
    /// The class of a value. Borrowed from the value: an object keeps its class alive.
    #[inline]
    pub fn class<'a>(&'a self, value: Ref<'a>) -> Ref<'a> {
        type_::class_of(value).unwrap_or_else(|| self.class_of_immediate(value))
    }

    fn class_of_immediate<'a>(&'a self, value: Ref<'a>) -> Ref<'a> {
        let types = self.types();
        let class = if value.as_small_int().is_some() {
            &types.int
        } else if value.as_immediate_float().is_some() {
            &types.float
        } else if value.as_bool().is_some() {
            &types.bool
        } else if value.is_none() {
            &types.none_type
        } else if value.is_ellipsis() {
            &types.ellipsis
        } else {
            &types.not_implemented_type
        };
        class.borrow()
    }

    /// The payload of a value's class.
    #[inline]
    pub(crate) fn type_of<'a>(&'a self, value: Ref<'a>) -> &'a Type {
        payload_of(self.class(value))
    }

    /// The name of a value's class as error messages show it.
    pub fn type_name(&self, value: Ref<'_>) -> String {
        self.class_name(self.class(value))
    }

    /// The name of a class as error messages show it: of native types outside `builtins`, with the module.
    pub fn class_name(&self, class: Ref<'_>) -> String {
        let Some(class) = class.downcast::<Type>() else { return String::new() };
        let name = class.name.get_or_none();
        let name = name.borrow().downcast::<Str>().map(Str::to_string_lossy).unwrap_or_default();
        match class.def.0.module {
            "builtins" => name.into_owned(),
            _ if class.is_heap_type() || class.def.0.flags.python => name.into_owned(),
            module => format!("{module}.{name}"),
        }
    }

    /// The name of a value's class with module and outer classes, as some error messages show it. Names of builtins, and of the
    /// main program's classes, have no module.
    pub fn full_type_name(&self, value: Ref<'_>) -> String {
        self.full_class_name(self.class(value))
    }

    /// The same of a class.
    pub fn full_class_name(&self, class: Ref<'_>) -> String {
        let Some(payload) = class.downcast::<Type>().filter(|payload| payload.is_heap_type()) else {
            return self.class_name(class);
        };
        let qualname = display(payload.qualname.get_or_none().borrow());
        let module = type_::own_attribute(self, class, self.names().__module__.borrow());
        match module.as_ref().map(|module| display(module.borrow())).as_deref() {
            None | Some("" | "builtins" | "__main__") => qualname,
            Some(module) => format!("{module}.{qualname}"),
        }
    }

    /// `getattr(object, name)`; the name is a str.
    pub fn get_attr(&self, object: Ref<'_>, name: Ref<'_>) -> PyResult {
        let class = self.type_of(object);
        if class.has(type_flag::PLAIN_GETATTR) {
            return generic_get(self, object, name);
        }
        match class.slots.getattro.get() {
            // What a getter of the program raises learns what it is about.
            Some(get) => {
                get(self, object, name).inspect_err(|raised| self.set_attribute_context(raised, object, name))
            }
            None => Err(self.no_attribute(object, name)),
        }
    }

    /// `getattr(object, name)`, or `None` where that raises AttributeError.
    pub fn get_attr_opt(&self, object: Ref<'_>, name: Ref<'_>) -> PyResult<Option<Owned>> {
        let class = self.type_of(object);
        if class.has(type_flag::PLAIN_GETATTR) {
            return self.none_if_missing(find(self, object, name));
        }
        if object.kind() == Kind::Type && !class.generic.contains(SlotId::getattro) {
            return self.none_if_missing(attributes::find(self, object, name));
        }
        self.none_if_missing(self.get_attr(object, name).map(Some))
    }

    fn none_if_missing(&self, result: PyResult<Option<Owned>>) -> PyResult<Option<Owned>> {
        match result {
            Err(raised) if raised.is(&self.exceptions().AttributeError) => Ok(None),
            result => result,
        }
    }

    /// `setattr(object, name, value)`, or `delattr(object, name)` without a value.
    pub fn set_attr(&self, object: Ref<'_>, name: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
        let class = self.type_of(object);
        if class.has(type_flag::PLAIN_SETATTR) {
            return generic_set(self, object, name, value);
        }
        match class.slots.setattro.get() {
            Some(set) => set(self, object, name, value),
            None => Err(self.no_attribute(object, name)),
        }
    }

    /// What a class or its bases have under a name, unbound: a look-up along the MRO.
    #[inline]
    pub fn lookup(&self, class: Ref<'_>, name: Ref<'_>) -> Option<Owned> {
        let class = payload_of(class);
        match str_::find_interned(self, name) {
            Some(name) => self.interpreter().lookups.get(self, class, name.borrow()),
            // No interned str equals the name, so it is in no cache; it may be in a namespace all the same.
            None => lookup::find_uninterned(self, class, name),
        }
    }

    /// The special method of a value's class, bound to the value; `None` if the class has none.
    pub fn special_method(&self, object: Ref<'_>, name: Ref<'_>) -> PyResult<Option<Owned>> {
        let class = self.class(object);
        let Some(attribute) = self.lookup(class, name) else { return Ok(None) };
        match self.type_of(attribute.borrow()).slots.descr_get.get() {
            Some(get) => get(self, attribute.borrow(), Some(object), Some(class)).map(Some),
            None => Ok(Some(attribute)),
        }
    }

    /// AttributeError: the object has no such attribute.
    #[cold]
    pub(crate) fn no_attribute(&self, object: Ref<'_>, name: Ref<'_>) -> Raised {
        let text = display(name);
        match object.downcast::<Type>() {
            Some(_) => {
                let class = self.class_name(object);
                self.attribute_error_about(
                    object,
                    name,
                    &format!("type object '{class}' has no attribute '{text}'"),
                )
            }
            None => {
                let class = self.type_name(object);
                self.attribute_error_about(
                    object,
                    name,
                    &format!("'{class}' object has no attribute '{text}'"),
                )
            }
        }
    }

    /// An AttributeError that knows its object and name.
    #[cold]
    pub(crate) fn attribute_error_about(&self, object: Ref<'_>, name: Ref<'_>, message: &str) -> Raised {
        let message = match self.str(message) {
            Ok(message) => message,
            Err(raised) => return raised,
        };
        let names = self.names();
        let keywords = [names.name.clone(), names.obj.clone()];
        let args = [message.borrow(), name, object];
        match self.call_args(self.exceptions().AttributeError.borrow(), &Args::new(&args, &keywords)) {
            Ok(exception) => Raised::new(exception),
            Err(raised) => raised,
        }
    }

    /// TypeError unless the name of an attribute is a str.
    #[inline]
    pub(crate) fn check_name(&self, name: Ref<'_>) -> PyResult<()> {
        if name.kind() == Kind::Str {
            return Ok(());
        }
        let class = self.type_name(name);
        Err(self.type_error(format_args!("attribute name must be string, not '{class}'")))
    }
}

/// A name for messages.
pub(crate) fn display(name: Ref<'_>) -> String {
    name.downcast::<Str>().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

/// `object.__getattribute__`
pub(crate) fn generic_get(vm: &Thread, object: Ref<'_>, name: Ref<'_>) -> PyResult {
    vm.check_name(name)?;
    match find(vm, object, name)? {
        Some(value) => Ok(value),
        None => Err(vm.no_attribute(object, name)),
    }
}

/// `object.__getattribute__`, where `None` says that there is no such attribute. Descriptors may still raise AttributeError.
#[inline]
pub(crate) fn find(vm: &Thread, object: Ref<'_>, name: Ref<'_>) -> PyResult<Option<Owned>> {
    let class = vm.class(object);
    let Some(attribute) = vm.lookup(class, name) else { return instance_attribute(vm, object, name) };
    let slots = &vm.type_of(attribute.borrow()).slots;
    let get = slots.descr_get.get();
    match get {
        Some(get) if slots.descr_set.get().is_some() => {
            get(vm, attribute.borrow(), Some(object), Some(class)).map(Some)
        }
        _ => match (instance_attribute(vm, object, name)?, get) {
            (Some(value), _) => Ok(Some(value)),
            (None, Some(get)) => get(vm, attribute.borrow(), Some(object), Some(class)).map(Some),
            (None, None) => Ok(Some(attribute)),
        },
    }
}

/// What the instance has of its own.
#[inline]
pub(crate) fn instance_attribute(vm: &Thread, object: Ref<'_>, name: Ref<'_>) -> PyResult<Option<Owned>> {
    if let Some(interned) = str_::find_interned(vm, name) {
        if let Some(value) = instance::get(object, interned.borrow()) {
            return Ok(Some(value));
        }
    }
    let Some(dict) = dict_slot(vm, object).and_then(Slot::get) else { return Ok(None) };
    let Some(dict) = dict.borrow().downcast::<Dict>() else { return Ok(None) };
    dict.table.get(vm, name, vm.hash(name)?)
}

/// Where an object keeps the dict of its attributes, if its class gives it one.
#[inline]
pub(crate) fn dict_slot<'a>(vm: &'a Thread, object: Ref<'a>) -> Option<&'a Slot> {
    instance::dict_word(object).or_else(|| vm.type_of(object).def.0.dict_slot.and_then(|slot| slot(object)))
}

/// An object's `__dict__`, made if need be; `None` if its class has none.
pub(crate) fn instance_dict(vm: &Thread, object: Ref<'_>) -> PyResult<Option<Owned>> {
    if instance::has_dict_word(object) {
        return instance::materialise(vm, object).map(Some);
    }
    let Some(slot) = dict_slot(vm, object) else { return Ok(None) };
    if slot.is_empty() {
        slot.set(vm.dict()?);
    }
    Ok(slot.get())
}

/// `object.__setattr__`, or `object.__delattr__` without a value.
pub(crate) fn generic_set(
    vm: &Thread,
    object: Ref<'_>,
    name: Ref<'_>,
    value: Option<Ref<'_>>,
) -> PyResult<()> {
    vm.check_name(name)?;
    let class = vm.class(object);
    let attribute = vm.lookup(class, name);
    if let Some(attribute) = &attribute {
        if let Some(set) = vm.type_of(attribute.borrow()).slots.descr_set.get() {
            return set(vm, attribute.borrow(), object, value);
        }
    }
    let done = match value {
        Some(value) => set_own(vm, object, name, value)?,
        None => return delete_own(vm, object, name, attribute.as_ref()),
    };
    if done { Ok(()) } else { Err(not_settable(vm, object, name, attribute.as_ref())) }
}

/// Sets an attribute of the instance itself; whether it can have any.
fn set_own(vm: &Thread, object: Ref<'_>, name: Ref<'_>, value: Ref<'_>) -> PyResult<bool> {
    if instance::has_dict_word(object) && name.header().is_some_and(|name| name.is_exact(Kind::Str)) {
        let interned = str_::intern(vm, name.own())?;
        if instance::set(vm, object, interned.borrow(), value.own()).is_ok() {
            return Ok(true);
        }
    }
    let Some(dict) = instance_dict(vm, object)? else { return Ok(false) };
    let table = &dict.borrow().downcast::<Dict>().expect("`__dict__` is a dict").table;
    let key = if name.header().is_some_and(|name| name.is_exact(Kind::Str)) {
        str_::intern(vm, name.own())?
    } else {
        name.own()
    };
    drop(table.insert(vm, key.borrow(), vm.hash(name)?, value.own())?);
    Ok(true)
}

/// Deletes an attribute of the instance itself.
fn delete_own(vm: &Thread, object: Ref<'_>, name: Ref<'_>, attribute: Option<&Owned>) -> PyResult<()> {
    let slot = dict_slot(vm, object);
    if slot.is_none() {
        return Err(not_settable(vm, object, name, attribute));
    }
    if let Some(interned) = str_::find_interned(vm, name) {
        match instance::remove(vm, object, interned.borrow())? {
            Removed::Yes => return Ok(()),
            Removed::InDict => {}
            // As CPython has it: an error about an object without a dict of its own does not know its object.
            Removed::Missing if instance::has_dict_word(object) => {
                let (class, name) = (vm.type_name(object), display(name));
                return Err(vm.attribute_error(format_args!("'{class}' object has no attribute '{name}'")));
            }
            Removed::Missing => {}
        }
    }
    if let Some(dict) = slot.and_then(Slot::get) {
        let table = &dict.borrow().downcast::<Dict>().expect("`__dict__` is a dict").table;
        if table.remove(vm, name, vm.hash(name)?)?.is_some() {
            return Ok(());
        }
    }
    Err(vm.no_attribute(object, name))
}

/// AttributeError: the object has no attributes of its own.
#[cold]
fn not_settable(vm: &Thread, object: Ref<'_>, name: Ref<'_>, attribute: Option<&Owned>) -> Raised {
    let (class, text) = (vm.type_name(object), display(name));
    if attribute.is_some() {
        return vm.attribute_error(format_args!("'{class}' object attribute '{text}' is read-only"));
    }
    let message = if vm.type_of(object).has(type_flag::PLAIN_SETATTR) {
        format!("'{class}' object has no attribute '{text}' and no __dict__ for setting new attributes")
    } else {
        format!("'{class}' object has no attribute '{text}'")
    };
    vm.attribute_error_about(object, name, &message)
}
