//! `module`.
//!
//! A module is its namespace dict. Attributes that neither the class nor the namespace has go to the namespace's
//! `__getattr__` (PEP 562); when that is missing too, the error explains what is probably wrong: a circular
//! import, or a file that hides a library.

use crate::arguments::Args;
use crate::class;
use crate::exception::PyResult;
use crate::heap::Slot;
use crate::heap::dict::{Dict, Table};
use crate::heap::inline::Str;
use crate::native::*;
use crate::protocol::attribute;
use crate::signature;
use crate::text::wtf8::{Text, TextBuf};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

crate::payload! {
    /// A module.
    pub struct Module: Module {
        /// `__dict__`
        pub(crate) dict: Slot,
    }
}

class! { Module => MODULE; }

pub(crate) static MODULE: TypeDef = TypeDef {
    flags: TypeFlags { base: true, weakref: true, dict: true, ..TypeFlags::NONE },
    dict_slot: Some(|this| this.downcast::<Module>().map(|module| &module.dict)),
    signature: "(name, doc=None)",
    doc: "A namespace with a name, such as an import makes; the documentation may be any object.",
    methods: &[method(
        "__dir__($self, /)",
        One(dir),
        "The names in the module, or what its own __dir__ gives.",
    )],
    getset: &[
        member("__dict__", |_, this| Ok(payload(this).dict.get_or_none()), "The module's namespace."),
        getset("__annotations__", annotations, set_annotations, "The annotations of the module's names."),
        getset("__annotate__", annotate, set_annotate, "The function that computes the annotations."),
    ],
    slots: Slots {
        new: Some(new),
        init: Some(init),
        repr: Some(repr),
        getattro: Some(getattro),
        ..Slots::NONE
    },
    ..TypeDef::new::<Module>("module")
};

impl Thread {
    /// A module with the attributes that every module has.
    pub fn empty_module(&self, name: Ref<'_>, doc: Ref<'_>) -> PyResult {
        let object = self.new_object(Module { dict: Slot::new(self.dict()?) })?;
        payload(object.borrow()).initialise(self, name, doc)?;
        Ok(object)
    }

    /// The module of a table.
    pub fn new_module(&self, def: &'static ModuleDef) -> PyResult {
        let name = self.intern(def.name)?;
        let doc = self.str_or_none(def.doc)?;
        let object = self.empty_module(name.borrow(), doc.borrow())?;
        let module = payload(object.borrow());
        for row in def.functions {
            let function = self.native_function(row, object.borrow(), Some(name.borrow()))?;
            module.set(self, self.intern(row.name())?.borrow(), function)?;
        }
        for row in def.types {
            module.set(self, self.intern(row.name)?.borrow(), self.class_of(row)?)?;
        }
        if let Some(exec) = def.exec {
            exec(self, object.borrow())?;
        }
        Ok(object)
    }
}

fn payload(this: Ref<'_>) -> &Module {
    this.downcast().expect("a slot of the class gets its instances")
}

impl Module {
    /// Does something with the namespace. (The cycle collector may have taken it away from a module that ends.)
    fn with_table<R: Default>(&self, run: impl FnOnce(&Table) -> PyResult<R>) -> PyResult<R> {
        match self.dict.get_or_none().borrow().downcast::<Dict>() {
            Some(dict) => run(&dict.table),
            None => Ok(R::default()),
        }
    }

    /// A name's value.
    pub(crate) fn get(&self, vm: &Thread, name: Ref<'_>) -> PyResult<Option<Owned>> {
        self.with_table(|table| table.get(vm, name, vm.hash(name)?))
    }

    /// Binds a name.
    pub(crate) fn set(&self, vm: &Thread, name: Ref<'_>, value: Owned) -> PyResult<()> {
        drop(self.with_table(|table| table.insert(vm, name, vm.hash(name)?, value))?);
        Ok(())
    }

    /// Unbinds a name; whether it was bound.
    fn remove(&self, vm: &Thread, name: Ref<'_>) -> PyResult<bool> {
        Ok(self.with_table(|table| table.remove(vm, name, vm.hash(name)?))?.is_some())
    }

    fn initialise(&self, vm: &Thread, name: Ref<'_>, doc: Ref<'_>) -> PyResult<()> {
        let names = vm.names();
        self.set(vm, names.__name__.borrow(), name.own())?;
        self.set(vm, names.__doc__.borrow(), doc.own())?;
        for name in [&names.__package__, &names.__loader__, &names.__spec__] {
            self.set(vm, name.borrow(), Owned::none())?;
        }
        Ok(())
    }
}

fn new(vm: &Thread, class: Ref<'_>, _args: &Args<'_>) -> PyResult {
    vm.new_object_of(class, Module { dict: Slot::new(vm.dict()?) })
}

fn init(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult<()> {
    args.bind(vm, signature!("module(name, doc=None)"), |args| {
        let name = args.required(0);
        if name.downcast::<Str>().is_none() {
            let class = vm.type_name(name);
            return Err(vm.type_error(format_args!("module() argument 'name' must be str, not {class}")));
        }
        payload(this).initialise(vm, name, args.optional(1).unwrap_or(Ref::NONE))
    })
}

// ---- attributes ----

fn getattro(vm: &Thread, this: Ref<'_>, name: Ref<'_>) -> PyResult {
    vm.check_name(name)?;
    match attribute::find(vm, this, name)? {
        Some(value) => Ok(value),
        None => get_missing(vm, this, name),
    }
}

/// An attribute that only the namespace's `__getattr__` may still know.
#[cold]
fn get_missing(vm: &Thread, this: Ref<'_>, name: Ref<'_>) -> PyResult {
    match payload(this).get(vm, vm.names().__getattr__.borrow())? {
        Some(getattr) => vm.call(getattr.borrow(), &[name]),
        None => Err(vm.attribute_error_about(this, name, &missing(vm, payload(this), name)?)),
    }
}

fn shown(name: Ref<'_>) -> std::borrow::Cow<'_, str> {
    name.downcast::<Str>().map_or_else(Default::default, Str::to_string_lossy)
}

/// The message for an attribute that is not there, with the reason as far as one can tell.
#[cold]
fn missing(vm: &Thread, module: &Module, attribute: Ref<'_>) -> PyResult<String> {
    let names = vm.names();
    let shown_attribute = shown(attribute);
    let name = module.get(vm, names.__name__.borrow())?;
    let Some(name) = name.as_ref().map(Owned::borrow).filter(|name| name.downcast::<Str>().is_some()) else {
        return Ok(format!("module has no attribute '{shown_attribute}'"));
    };
    let shown_name = shown(name);
    let plain = format!("module '{shown_name}' has no attribute '{shown_attribute}'");
    let Some(spec) = module.get(vm, names.__spec__.borrow())? else { return Ok(plain) };
    let origin = file_origin(vm, spec.borrow())?;
    let shadowing = match &origin {
        Some(origin) => may_shadow(vm, origin.borrow())?,
        None => false,
    };
    let shown_origin = origin.as_ref().map(|origin| shown(origin.borrow()));
    Ok(match shown_origin {
        Some(origin) if shadowing && is_stdlib_name(vm, name)? => format!(
            "{plain} (consider renaming '{origin}' since it has the same name as the standard library module \
             named '{shown_name}' and prevents importing that standard library module)"
        ),
        origin if is_initializing(vm, spec.borrow())? => match origin {
            Some(origin) if shadowing => format!(
                "{plain} (consider renaming '{origin}' if it has the same name as a library you intended to import)"
            ),
            Some(origin) => format!(
                "partially initialized module '{shown_name}' from '{origin}' has no attribute '{shown_attribute}' \
                 (most likely due to a circular import)"
            ),
            None => format!("partially initialized {plain} (most likely due to a circular import)"),
        },
        _ if is_uninitialized_submodule(vm, spec.borrow(), attribute)? => format!(
            "cannot access submodule '{shown_attribute}' of module '{shown_name}' \
             (most likely due to a circular import)"
        ),
        _ => plain,
    })
}

/// Whether a module is still being executed, by its spec.
pub(crate) fn is_initializing(vm: &Thread, spec: Ref<'_>) -> PyResult<bool> {
    match vm.get_attr_opt(spec, vm.names()._initializing.borrow())? {
        Some(value) => vm.is_true(value.borrow()),
        None => Ok(false),
    }
}

/// Whether a name is a submodule of a package that is still being executed.
fn is_uninitialized_submodule(vm: &Thread, spec: Ref<'_>, name: Ref<'_>) -> PyResult<bool> {
    if spec.is_none() {
        return Ok(false);
    }
    match vm.get_attr_opt(spec, vm.names()._uninitialized_submodules.borrow())? {
        Some(submodules) => vm.contains(submodules.borrow(), name),
        None => Ok(false),
    }
}

/// The file that a module came from, by its spec: a str.
pub(crate) fn file_origin(vm: &Thread, spec: Ref<'_>) -> PyResult<Option<Owned>> {
    let attribute = |name| vm.get_attr_opt(spec, vm.intern(name)?.borrow());
    match attribute("has_location")? {
        Some(has_location) if vm.is_true(has_location.borrow())? => {}
        _ => return Ok(None),
    }
    Ok(attribute("origin")?.filter(|origin| origin.borrow().downcast::<Str>().is_some()))
}

/// Whether a file lies in the directory of the program, which comes first on `sys.path` and so hides libraries.
pub(crate) fn may_shadow(vm: &Thread, origin: Ref<'_>) -> PyResult<bool> {
    let program = vm.interpreter().program_directory.get();
    let (Some(program), Some(origin)) =
        (program.as_ref().and_then(|path| path.borrow().downcast::<Str>()), origin.downcast::<Str>())
    else {
        return Ok(false);
    };
    let origin = origin.as_bytes();
    let origin = origin.strip_suffix(b"/__init__.py").unwrap_or(origin);
    let Some(end) = memchr::memrchr(b'/', origin) else { return Ok(false) };
    let directory = &origin[..end];
    if program.is_empty() {
        use std::os::unix::ffi::OsStrExt;
        return Ok(std::env::current_dir().is_ok_and(|path| path.as_os_str().as_bytes() == directory));
    }
    Ok(program.as_bytes() == directory)
}

/// Whether a name is that of a module of the standard library.
pub(crate) fn is_stdlib_name(vm: &Thread, name: Ref<'_>) -> PyResult<bool> {
    let sys = vm.interpreter().sys.get_or_none();
    let Some(sys) = sys.borrow().downcast::<Dict>() else { return Ok(false) };
    let key = vm.intern("stdlib_module_names")?;
    match sys.table.get(vm, key.borrow(), vm.hash(key.borrow())?)? {
        Some(known) => vm.contains(known.borrow(), name),
        None => Ok(false),
    }
}

fn dir(vm: &Thread, this: Ref<'_>) -> PyResult {
    let names = vm.names();
    let dict = vm.get_attr(this, names.__dict__.borrow())?;
    let Some(namespace) = dict.borrow().downcast::<Dict>() else {
        let name = vm.get_attr(this, names.__name__.borrow())?;
        return Err(vm.type_error(format_args!("{}.__dict__ is not a dictionary", shown(name.borrow()))));
    };
    let key = names.__dir__.borrow();
    if let Some(dir) = namespace.table.get(vm, key, vm.hash(key)?)? {
        return vm.call(dir.borrow(), &[]);
    }
    vm.list(vm.collect(dict.borrow())?)
}

// ---- annotations ----

fn annotations(vm: &Thread, this: Ref<'_>) -> PyResult {
    let (names, module) = (vm.names(), payload(this));
    if let Some(annotations) = module.get(vm, names.__annotations__.borrow())? {
        return Ok(annotations);
    }
    let initializing = match module.get(vm, names.__spec__.borrow())? {
        Some(spec) => is_initializing(vm, spec.borrow())?,
        None => false,
    };
    let annotate = module.get(vm, names.__annotate__.borrow())?;
    let annotations = match annotate.filter(|annotate| vm.is_callable(annotate.borrow())) {
        Some(annotate) => {
            let annotations = vm.call(annotate.borrow(), &[Owned::small_int(1).borrow()])?;
            if annotations.borrow().downcast::<Dict>().is_none() {
                let class = vm.type_name(annotations.borrow());
                return Err(vm.type_error(format_args!("__annotate__ returned non-dict of type '{class}'")));
            }
            annotations
        }
        None => vm.dict()?,
    };
    // While the module runs, more annotations may still come.
    if !initializing {
        module.set(vm, names.__annotations__.borrow(), annotations.clone())?;
    }
    Ok(annotations)
}

fn set_annotations(vm: &Thread, this: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    let (names, module) = (vm.names(), payload(this));
    match value {
        Some(value) => module.set(vm, names.__annotations__.borrow(), value.own())?,
        None if module.remove(vm, names.__annotations__.borrow())? => {}
        None => return Err(vm.attribute_error("__annotations__")),
    }
    module.remove(vm, names.__annotate__.borrow())?;
    Ok(())
}

fn annotate(vm: &Thread, this: Ref<'_>) -> PyResult {
    let (name, module) = (vm.names().__annotate__.borrow(), payload(this));
    if let Some(annotate) = module.get(vm, name)? {
        return Ok(annotate);
    }
    module.set(vm, name, Owned::none())?;
    Ok(Owned::none())
}

fn set_annotate(vm: &Thread, this: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    let (names, module) = (vm.names(), payload(this));
    let Some(value) = value else { return Err(vm.type_error("cannot delete __annotate__ attribute")) };
    if !value.is_none() && !vm.is_callable(value) {
        return Err(vm.type_error("__annotate__ must be callable or None"));
    }
    module.set(vm, names.__annotate__.borrow(), value.own())?;
    if !value.is_none() {
        module.remove(vm, names.__annotations__.borrow())?;
    }
    Ok(())
}

// ---- repr ----

/// As `importlib._bootstrap._module_repr` describes modules: by their spec, else by file or loader.
fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    let names = vm.names();
    let attribute = |object, name: &str| vm.get_attr_opt(object, vm.intern(name)?.borrow());
    if let Some(spec) = vm.get_attr_opt(this, names.__spec__.borrow())?
        && vm.is_true(spec.borrow())?
    {
        return repr_by_spec(vm, spec.borrow());
    }
    let loader = vm.get_attr_opt(this, names.__loader__.borrow())?;
    let name = match vm.get_attr_opt(this, names.__name__.borrow())? {
        Some(name) => name,
        None => vm.str("?")?,
    };
    let mut text = TextBuf::from("<module ");
    push_repr(vm, &mut text, name.borrow())?;
    if let Some(file) = attribute(this, "__file__")? {
        text.push_str(" from ");
        push_repr(vm, &mut text, file.borrow())?;
    } else {
        push_loader(vm, &mut text, loader)?;
    }
    text.push_str(">");
    vm.text(text.as_text())
}

fn repr_by_spec(vm: &Thread, spec: Ref<'_>) -> PyResult {
    let attribute = |name| vm.get_attr(spec, vm.intern(name)?.borrow());
    let (name, origin) = (attribute("name")?, attribute("origin")?);
    let mut text = TextBuf::from("<module ");
    if origin.borrow().is_none() {
        let name = if name.borrow().is_none() { vm.str("?")? } else { name };
        push_repr(vm, &mut text, name.borrow())?;
        let loader = attribute("loader")?;
        if is_namespace_loader(vm, loader.borrow())? {
            let path = vm.get_attr(loader.borrow(), vm.intern("_path")?.borrow())?;
            let path = vm.list(vm.collect(path.borrow())?)?;
            text.push_str(" (namespace) from ");
            push_repr(vm, &mut text, path.borrow())?;
        } else {
            push_loader(vm, &mut text, Some(loader))?;
        }
    } else if vm.is_true(attribute("has_location")?.borrow())? {
        let name = if name.borrow().is_none() { vm.str("?")? } else { name };
        push_repr(vm, &mut text, name.borrow())?;
        text.push_str(" from ");
        push_repr(vm, &mut text, origin.borrow())?;
    } else {
        push_repr(vm, &mut text, name.borrow())?;
        text.push_str(" (");
        push_text(&mut text, vm.to_str(origin.borrow())?.borrow());
        text.push_str(")");
    }
    text.push_str(">");
    vm.text(text.as_text())
}

/// ` (loader)`, unless there is none.
fn push_loader(vm: &Thread, text: &mut TextBuf, loader: Option<Owned>) -> PyResult<()> {
    if let Some(loader) = loader.filter(|loader| !loader.borrow().is_none()) {
        text.push_str(" (");
        push_repr(vm, text, loader.borrow())?;
        text.push_str(")");
    }
    Ok(())
}

fn is_namespace_loader(vm: &Thread, loader: Ref<'_>) -> PyResult<bool> {
    let modules = vm.interpreter().modules.get_or_none();
    let Some(modules) = modules.borrow().downcast::<Dict>() else { return Ok(false) };
    let key = vm.intern("_frozen_importlib_external")?;
    let Some(external) = modules.table.get(vm, key.borrow(), vm.hash(key.borrow())?)? else {
        return Ok(false);
    };
    match vm.get_attr_opt(external.borrow(), vm.intern("NamespaceLoader")?.borrow())? {
        Some(class) => vm.is_instance(loader, class.borrow()),
        None => Ok(false),
    }
}

/// Appends `repr(object)`.
pub(super) fn push_repr(vm: &Thread, text: &mut TextBuf, object: Ref<'_>) -> PyResult<()> {
    push_text(text, vm.repr(object)?.borrow());
    Ok(())
}

/// Appends a str.
pub(super) fn push_text(text: &mut TextBuf, str: Ref<'_>) {
    text.push_text(str.downcast::<Str>().map_or(Text::EMPTY, Str::text));
}
