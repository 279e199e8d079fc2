//! How `object` is pickled and copied: `__reduce_ex__`, `__reduce__` and `__getstate__`.
//!
//! Protocols 2 and up are made here: `copyreg.__newobj__` with the class and what `__getnewargs__` gives, the state, and the
//! items of lists and dicts. Older protocols are `copyreg._reduce_ex`'s.

use crate::exception::PyResult;
use crate::heap::Kind;
use crate::heap::dict::Dict;
use crate::heap::inline::Tuple;
use crate::heap::lookup::get_str;
use crate::protocol::attribute::instance_dict;
use crate::types::list::List;
use crate::types::native_function::NativeFunction;
use crate::types::type_::{payload_of, type_flag};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// `object.__reduce_ex__(protocol)`: an overridden `__reduce__` is preferred.
pub(super) fn reduce_ex(vm: &Thread, this: Ref<'_>, protocol: Ref<'_>) -> PyResult {
    let protocol = vm.to_i32(protocol)?;
    let name = vm.names().__reduce__.borrow();
    if let Some(reduce) = vm.get_attr_opt(this, name)? {
        let own = vm.get_attr(vm.class(this), name)?;
        let default = vm.lookup(vm.types().object.borrow(), name);
        if !default.is_some_and(|default| default.borrow().is(own.borrow())) {
            return vm.call(reduce.borrow(), &[]);
        }
    }
    if protocol >= 2 { reduce_new(vm, this) } else { reduce_old(vm, this, protocol) }
}

/// `object.__reduce__()`
pub(super) fn reduce(vm: &Thread, this: Ref<'_>) -> PyResult {
    reduce_old(vm, this, 0)
}

fn reduce_old(vm: &Thread, this: Ref<'_>, protocol: i32) -> PyResult {
    let function = copyreg(vm, "_reduce_ex")?;
    vm.call(function.borrow(), &[this, Owned::small_int(protocol).borrow()])
}

/// A function of the module `copyreg`.
fn copyreg(vm: &Thread, name: &str) -> PyResult {
    let module = vm.import_module(&vm.names().copyreg)?;
    vm.get_attr(module.borrow(), vm.intern(name)?.borrow())
}

fn reduce_new(vm: &Thread, this: Ref<'_>) -> PyResult {
    let class = vm.class(this);
    if payload_of(class).slots.new.get().is_none() {
        return Err(vm.type_error(format_args!("cannot pickle '{}' object", vm.class_name(class))));
    }
    let new_arguments = new_arguments(vm, this)?;
    let is_list = vm.type_of(this).has(type_flag::LIST);
    let is_dict = vm.type_of(this).has(type_flag::DICT);
    let needs_state = new_arguments.is_none() && !is_list && !is_dict;
    let (function, arguments) = match new_arguments {
        Some((positional, Some(keywords))) => {
            (copyreg(vm, "__newobj_ex__")?, vm.tuple(vec![class.own(), positional, keywords])?)
        }
        positional => {
            let mut arguments = vec![class.own()];
            if let Some((positional, _)) = positional {
                arguments
                    .extend_from_slice(positional.borrow().downcast::<Tuple>().expect("a tuple").as_slice());
            }
            (copyreg(vm, "__newobj__")?, vm.tuple(arguments)?)
        }
    };
    let state = state(vm, this, needs_state)?;
    let list_items = if is_list { vm.iter(this)? } else { Owned::none() };
    let dict_items = if is_dict {
        let items = vm.call_method(this, &vm.names().items, &[])?;
        vm.iter(items.borrow())?
    } else {
        Owned::none()
    };
    vm.tuple(vec![function, arguments, state, list_items, dict_items])
}

/// What `__getnewargs_ex__` or `__getnewargs__` gives: a tuple, and a dict if it is there and not empty.
fn new_arguments(vm: &Thread, this: Ref<'_>) -> PyResult<Option<(Owned, Option<Owned>)>> {
    let names = vm.names();
    if let Some(result) = vm.call_special(this, &names.__getnewargs_ex__, &[])? {
        let pair = expect_tuple(vm, &result, "__getnewargs_ex__ should return a tuple")?;
        let [positional, keywords] = pair.as_slice() else {
            let len = pair.len();
            return Err(vm.value_error(format_args!(
                "__getnewargs_ex__ should return a tuple of length 2, not {len}"
            )));
        };
        let what = "first item of the tuple returned by __getnewargs_ex__ must be a tuple";
        expect_tuple(vm, positional, what)?;
        let Some(dict) = keywords.borrow().downcast::<Dict>() else {
            let class = vm.type_name(keywords.borrow());
            return Err(vm.type_error(format_args!(
                "second item of the tuple returned by __getnewargs_ex__ must be a dict, not '{class}'"
            )));
        };
        return Ok(Some((positional.clone(), (!dict.table.is_empty()).then(|| keywords.clone()))));
    }
    let Some(result) = vm.call_special(this, &names.__getnewargs__, &[])? else { return Ok(None) };
    expect_tuple(vm, &result, "__getnewargs__ should return a tuple")?;
    Ok(Some((result, None)))
}

fn expect_tuple<'a>(vm: &Thread, value: &'a Owned, what: &str) -> PyResult<&'a Tuple> {
    value.borrow().downcast::<Tuple>().ok_or_else(|| {
        let class = vm.type_name(value.borrow());
        vm.type_error(format_args!("{what}, not '{class}'"))
    })
}

/// `object.__getstate__()`
pub(super) fn getstate(vm: &Thread, this: Ref<'_>) -> PyResult {
    default_state(vm, this, false)
}

/// What `__getstate__` gives; the default one knows that without any state the object would come back empty.
fn state(vm: &Thread, this: Ref<'_>, required: bool) -> PyResult {
    let name = vm.names().__getstate__.borrow();
    let method = vm.get_attr(this, name)?;
    let (own, default) = (vm.lookup(vm.class(this), name), vm.lookup(vm.types().object.borrow(), name));
    let is_default = method.borrow().downcast::<NativeFunction>().is_some()
        && own.zip(default).is_some_and(|(own, default)| own.borrow().is(default.borrow()));
    if is_default { default_state(vm, this, required) } else { vm.call(method.borrow(), &[]) }
}

/// The attributes, or a pair of them and of the values in slots.
fn default_state(vm: &Thread, this: Ref<'_>, required: bool) -> PyResult {
    let class = vm.class(this);
    if required && payload_of(class).def.0.ops.kind != Kind::Instance {
        return Err(vm.type_error(format_args!("cannot pickle '{}' object", vm.class_name(class))));
    }
    let attributes = instance_dict(vm, this)?;
    let attributes =
        attributes.filter(|dict| dict.borrow().downcast::<Dict>().is_some_and(|dict| !dict.table.is_empty()));
    let attributes = attributes.unwrap_or_else(Owned::none);
    let slots = vm.dict()?;
    for name in slot_names(vm, class)? {
        if let Some(value) = vm.get_attr_opt(this, name.borrow())? {
            vm.set_item(slots.borrow(), name.borrow(), Some(value.borrow()))?;
        }
    }
    if slots.borrow().downcast::<Dict>().is_some_and(|slots| slots.table.is_empty()) {
        return Ok(attributes);
    }
    vm.pair(attributes, slots)
}

/// The names of the slots of a class and its bases: cached in the class by `copyreg`.
fn slot_names(vm: &Thread, class: Ref<'_>) -> PyResult<Vec<Owned>> {
    let payload = payload_of(class);
    if payload.shapes.root().layout().fixed == 0 && payload.slot_names.is_empty() && !payload.is_heap_type() {
        return Ok(Vec::new());
    }
    let cached = get_str(payload.namespace(vm), vm.names().__slotnames__.borrow());
    let (names, is_cached) = match cached {
        Some(names) => (names, true),
        None => (vm.call(copyreg(vm, "_slotnames")?.borrow(), &[class])?, false),
    };
    if names.borrow().is_none() {
        return Ok(Vec::new());
    }
    match names.borrow().downcast::<List>() {
        Some(names) => Ok(names.items.to_vec(0, usize::MAX)),
        None if is_cached => {
            let (class, given) = (vm.class_name(class), vm.type_name(names.borrow()));
            Err(vm.type_error(format_args!("{class}.__slotnames__ should be a list or None, not {given}")))
        }
        None => Err(vm.type_error("copyreg._slotnames didn't return a list or None")),
    }
}
