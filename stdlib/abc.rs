//! `_abc`: what makes `abc.ABCMeta` fast.
//!
//! Each abstract base class has three sets of classes: those registered with it, those known to be its subclasses, and those
//! known not to be. The last is valid for one value of a counter, which any registration of any class raises. The sets
//! hold weak references by the identity of the class; entries of classes that have ended are dropped when a set grows.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;

use pyx_vm::exception::{PyResult, Raised};
use pyx_vm::native::*;
use pyx_vm::types::list::List;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload, untraced};

pub(crate) static ABC: ModuleDef = ModuleDef {
    doc: "What makes abc.ABCMeta fast.",
    functions: &[
        function(
            "get_cache_token($module, /)",
            Zero(|vm| vm.uint(vm.abc_token().get())),
            "A number that changes whenever a class is registered.",
        ),
        function("_abc_init($module, self, /)", One(init), "Set a new abstract base class up."),
        function(
            "_abc_register($module, self, subclass, /)",
            Two(register),
            "Make a class a virtual subclass; the class itself.",
        ),
        function(
            "_abc_instancecheck($module, self, instance, /)",
            Two(instancecheck),
            "Whether an object is an instance of an abstract base class.",
        ),
        function(
            "_abc_subclasscheck($module, self, subclass, /)",
            Two(subclasscheck),
            "Whether a class is a subclass of an abstract base class.",
        ),
        function(
            "_get_dump($module, self, /)",
            One(dump),
            "The sets of an abstract base class, and the counter they are valid for.",
        ),
        function("_reset_registry($module, self, /)", One(reset_registry), "Forget the registered classes."),
        function("_reset_caches($module, self, /)", One(reset_caches), "Forget what is known of subclasses."),
    ],
    ..ModuleDef::new("_abc")
};

payload! {
    /// The sets of one abstract base class.
    struct AbcData: Native {
        registry: ClassSet,
        cache: ClassSet,
        negative_cache: ClassSet,
        /// What the negative cache is valid for.
        negative_version: Cell<u64>,
    }
}

class! { AbcData => ABC_DATA; }

static ABC_DATA: TypeDef = TypeDef {
    module: "_abc",
    flags: TypeFlags { no_new: true, ..TypeFlags::NONE },
    doc: "What an abstract base class knows.",
    ..TypeDef::new::<AbcData>("_abc_data")
};

/// Classes, weakly referenced, by their identity.
#[derive(Default)]
struct ClassSet(RefCell<HashMap<u64, Owned>>);

// Weak references without a callback hold nothing.
untraced!(ClassSet);

impl ClassSet {
    fn contains(&self, vm: &Thread, class: Ref<'_>) -> bool {
        let reference = self.0.borrow().get(&class.id()).cloned();
        let target = reference.and_then(|reference| vm.weak_target(reference.borrow()));
        target.is_some_and(|target| target.borrow().is(class))
    }

    fn add(&self, vm: &Thread, class: Ref<'_>) -> PyResult<()> {
        let reference = vm.weak_reference(class)?;
        let mut dead = Vec::new();
        let mut classes = self.0.borrow_mut();
        if classes.len() == classes.capacity() {
            dead.extend(classes.extract_if(|_, class| vm.weak_target(class.borrow()).is_none()));
        }
        let old = classes.insert(class.id(), reference);
        drop(classes);
        drop((dead, old));
        Ok(())
    }

    fn clear(&self) {
        drop(self.0.take());
    }

    fn references(&self) -> Vec<Owned> {
        self.0.borrow().values().cloned().collect()
    }

    /// The classes that have not ended.
    fn classes(&self, vm: &Thread) -> Vec<Owned> {
        self.references().iter().filter_map(|reference| vm.weak_target(reference.borrow())).collect()
    }
}

/// Calls `then` with what an abstract base class knows.
fn with_data<R>(vm: &Thread, class: Ref<'_>, then: impl FnOnce(&AbcData) -> PyResult<R>) -> PyResult<R> {
    let data = vm.get_attr(class, vm.intern("_abc_impl")?.borrow())?;
    match data.borrow().downcast::<AbcData>() {
        Some(data) => then(data),
        None => Err(vm.type_error("_abc_impl is set to a wrong type")),
    }
}

fn init(vm: &Thread, class: Ref<'_>) -> PyResult {
    compute_abstract_methods(vm, class)?;
    let data = vm.new_object(AbcData {
        registry: ClassSet::default(),
        cache: ClassSet::default(),
        negative_cache: ClassSet::default(),
        negative_version: Cell::new(vm.abc_token().get()),
    })?;
    vm.set_attr(class, vm.intern("_abc_impl")?.borrow(), Some(data.borrow()))?;
    vm.take_collection_flags(class)?;
    none()
}

/// Sets `__abstractmethods__`: the abstract attributes of the class itself, and those of its bases that it does not override.
fn compute_abstract_methods(vm: &Thread, class: Ref<'_>) -> PyResult<()> {
    let names = vm.names();
    let abstracts = vm.set(Vec::new())?;
    let namespace = vm.get_attr(class, names.__dict__.borrow())?;
    let items = vm.call_method(namespace.borrow(), &names.items, &[])?;
    for item in vm.collect(items.borrow())? {
        let pair = vm.collect(item.borrow())?;
        let [name, value] = &pair[..] else { continue };
        if vm.is_abstract_method(value.borrow())? {
            vm.set_add(abstracts.borrow(), name.borrow())?;
        }
    }
    let bases = vm.get_attr(class, names.__bases__.borrow())?;
    for base in vm.collect(bases.borrow())? {
        let Some(inherited) = vm.get_attr_opt(base.borrow(), names.__abstractmethods__.borrow())? else {
            continue;
        };
        for name in vm.collect(inherited.borrow())? {
            let value = vm.get_attr_opt(class, name.borrow())?;
            if let Some(value) = value
                && vm.is_abstract_method(value.borrow())?
            {
                vm.set_add(abstracts.borrow(), name.borrow())?;
            }
        }
    }
    let abstracts = vm.frozenset(vm.collect(abstracts.borrow())?)?;
    vm.set_attr(class, names.__abstractmethods__.borrow(), Some(abstracts.borrow()))
}

fn register(vm: &Thread, class: Ref<'_>, subclass: Ref<'_>) -> PyResult {
    if !vm.is_class(subclass) {
        return Err(vm.type_error("Can only register classes"));
    }
    if vm.is_subclass(subclass, class)? {
        return Ok(subclass.own());
    }
    if vm.is_subclass(class, subclass)? {
        return Err(vm.runtime_error("Refusing to create an inheritance cycle"));
    }
    with_data(vm, class, |data| data.registry.add(vm, subclass))?;
    let token = vm.abc_token();
    token.set(token.get() + 1);
    vm.share_collection_flags(class, subclass);
    Ok(subclass.own())
}

fn instancecheck(vm: &Thread, class: Ref<'_>, instance: Ref<'_>) -> PyResult {
    let real = vm.class_object(instance);
    let claimed = vm.get_attr_opt(instance, vm.names().__class__.borrow())?.unwrap_or_else(|| real.clone());
    enum Known {
        Yes,
        No,
        Not,
    }
    let known = with_data(vm, class, |data| {
        if data.cache.contains(vm, claimed.borrow()) {
            return Ok(Known::Yes);
        }
        let is_valid = data.negative_version.get() == vm.abc_token().get();
        let is_plain = real.borrow().is(claimed.borrow());
        let is_not = is_plain && is_valid && data.negative_cache.contains(vm, claimed.borrow());
        Ok(if is_not { Known::No } else { Known::Not })
    })?;
    match known {
        Known::Yes => return Ok(Owned::bool(true)),
        Known::No => return Ok(Owned::bool(false)),
        Known::Not => {}
    }
    let check = &vm.names().__subclasscheck__;
    let result = vm.call_method(class, check, &[claimed.borrow()])?;
    if real.borrow().is(claimed.borrow()) || vm.is_true(result.borrow())? {
        return Ok(result);
    }
    vm.call_method(class, check, &[real.borrow()])
}

fn subclasscheck(vm: &Thread, class: Ref<'_>, subclass: Ref<'_>) -> PyResult {
    if !vm.is_class(subclass) {
        return Err(vm.type_error("issubclass() arg 1 must be a class"));
    }
    vm.check_stack()?;
    let data = vm.get_attr(class, vm.intern("_abc_impl")?.borrow())?;
    let Some(data) = data.borrow().downcast::<AbcData>() else {
        return Err(vm.type_error("_abc_impl is set to a wrong type"));
    };
    if data.cache.contains(vm, subclass) {
        return Ok(Owned::bool(true));
    }
    let token = vm.abc_token().get();
    if data.negative_version.get() < token {
        data.negative_cache.clear();
        data.negative_version.set(token);
    } else if data.negative_cache.contains(vm, subclass) {
        return Ok(Owned::bool(false));
    }
    let is_subclass = match ask(vm, class, subclass)? {
        Some(verdict) => verdict,
        // What the registry says directly needs no cache.
        None if data.registry.contains(vm, subclass) => return Ok(Owned::bool(true)),
        None => derives(vm, data, class, subclass)?,
    };
    let cache = if is_subclass { &data.cache } else { &data.negative_cache };
    cache.add(vm, subclass)?;
    Ok(Owned::bool(is_subclass))
}

/// What `__subclasshook__` says, or that the class is a base of the other; `None` if neither tells.
fn ask(vm: &Thread, class: Ref<'_>, subclass: Ref<'_>) -> PyResult<Option<bool>> {
    let verdict = vm.call_method(class, &vm.names().__subclasshook__, &[subclass])?;
    let verdict = verdict.borrow();
    if verdict.is_true() || verdict.is_false() {
        return Ok(Some(verdict.is_true()));
    }
    if !verdict.is_not_implemented() {
        return Err(wrong_verdict(vm));
    }
    let order = vm.get_attr(subclass, vm.names().__mro__.borrow())?;
    Ok(vm.collect(order.borrow())?.iter().any(|base| base.borrow().is(class)).then_some(true))
}

/// Whether a class derives from a registered class, or from a subclass.
fn derives(vm: &Thread, data: &AbcData, class: Ref<'_>, subclass: Ref<'_>) -> PyResult<bool> {
    for registered in data.registry.classes(vm) {
        if vm.is_subclass(subclass, registered.borrow())? {
            return Ok(true);
        }
    }
    let subclasses = vm.call_method(class, &vm.names().__subclasses__, &[])?;
    let Some(subclasses) = subclasses.borrow().downcast::<List>() else {
        return Err(vm.type_error("__subclasses__() must return a list"));
    };
    let mut index = 0;
    while let Some(derived) = subclasses.items().get(index) {
        if vm.is_subclass(subclass, derived.borrow())? {
            return Ok(true);
        }
        index += 1;
    }
    Ok(false)
}

#[cold]
fn wrong_verdict(vm: &Thread) -> Raised {
    vm.assertion_error("__subclasshook__ must return either False, True, or NotImplemented")
}

fn dump(vm: &Thread, class: Ref<'_>) -> PyResult {
    with_data(vm, class, |data| {
        let sets = [&data.registry, &data.cache, &data.negative_cache];
        let mut items = Vec::new();
        for set in sets {
            items.push(vm.set(set.references())?);
        }
        items.push(vm.uint(data.negative_version.get())?);
        vm.tuple(items)
    })
}

fn reset_registry(vm: &Thread, class: Ref<'_>) -> PyResult {
    with_data(vm, class, |data| {
        data.registry.clear();
        none()
    })
}

fn reset_caches(vm: &Thread, class: Ref<'_>) -> PyResult {
    with_data(vm, class, |data| {
        data.cache.clear();
        data.negative_cache.clear();
        none()
    })
}
