//! `function`: code together with its globals, defaults and closure.

use crate::eval::call;
use crate::exception::PyResult;
use crate::heap::dict::Dict;
use crate::heap::inline::Tuple;
use crate::heap::{Kind, Slot, Trace, Visitor};
use crate::native::*;
use crate::types::code::{Code, GENERATOR_LIKE};
use crate::types::object::{dict_of, set_native_dict_of};
use crate::value::{Owned, Ref};
use crate::vm::Thread;
use crate::{class, signature};
use pyx_compiler::bytecode::code::LocalKind;

crate::payload! {
    /// A Python function.
    pub struct Function: Function {
        /// A code object; never empty.
        pub(crate) code: CodeSlot,
        pub(crate) globals: Owned,
        /// The builtins' dict that the globals named when the function was made.
        pub(crate) builtins: Owned,
        /// A tuple of cells, or empty.
        pub(crate) closure: Slot,
        /// A tuple, or empty.
        pub(crate) defaults: Slot,
        /// A dict, or empty.
        pub(crate) kw_defaults: Slot,
        pub(crate) name: Slot,
        pub(crate) qualname: Slot,
        pub(crate) module: Slot,
        /// Empty until somebody asks: then the docstring of the code.
        pub(crate) doc: Slot,
        /// What computes the annotations: a callable, or empty.
        pub(crate) annotate: Slot,
        /// The annotations, once computed: a dict, or empty.
        pub(crate) annotations: Slot,
        /// A tuple, or empty.
        pub(crate) type_params: Slot,
    }
}

/// The code of a function. The collector does not empty it: frames borrow their code from their function, and a frame in
/// a cycle may end after the function was cleared.
pub(crate) struct CodeSlot(Slot);

impl CodeSlot {
    pub(crate) fn new(code: Owned) -> Self {
        Self(Slot::new(code))
    }
}

impl std::ops::Deref for CodeSlot {
    type Target = Slot;

    fn deref(&self) -> &Slot {
        &self.0
    }
}

impl Trace for CodeSlot {
    fn trace(&self, visitor: &mut Visitor<'_>) {
        self.0.trace(visitor);
    }
}

class! { Function => FUNCTION; }

/// Whether a Python function takes so many positional arguments and nothing else.
#[inline]
pub(crate) fn takes_exactly(function: Ref<'_>, arguments: u32) -> bool {
    let code = function.downcast::<Function>().and_then(|function| function.code.get());
    code.is_some_and(|code| {
        code.borrow().downcast::<Code>().is_some_and(|code| code.fast_args.get() == arguments)
    })
}

pub(crate) static FUNCTION: TypeDef = TypeDef {
    flags: TypeFlags { weakref: true, dict: true, method_descriptor: true, ..TypeFlags::NONE },
    signature: "(code, globals, name=None, argdefs=None, closure=None, kwdefaults=None)",
    doc: "A function made of a code object and the globals it runs with.",
    getset: &[
        getset("__code__", code, set_code, "The code object."),
        getset(
            "__defaults__",
            defaults,
            set_defaults,
            "Default values of positional parameters: a tuple or None.",
        ),
        getset(
            "__kwdefaults__",
            kw_defaults,
            set_kw_defaults,
            "Default values of keyword-only parameters: a dict or None.",
        ),
        getset("__name__", name, set_name, "The name."),
        getset(
            "__qualname__",
            qualname,
            set_qualname,
            "The name with those of the enclosing classes and functions.",
        ),
        getset("__dict__", dict_of, set_native_dict_of, "The attributes, as a dict."),
        getset("__annotations__", annotations, set_annotations, "The annotations: a dict."),
        getset(
            "__annotate__",
            annotate,
            set_annotate,
            "The function that computes the annotations, or None.",
        ),
        getset("__type_params__", type_params, set_type_params, "The type parameters: a tuple."),
        member("__closure__", closure, "The cells of the free variables: a tuple or None."),
        member("__globals__", globals, "The global names that the function sees."),
        member("__builtins__", builtins, "The builtins that the function sees."),
        getset("__module__", module, set_module, "The name of the defining module."),
        GetSet { set: Some(set_doc), ..member("__doc__", doc, "The docstring, or None.") },
    ],
    slots: Slots {
        repr: Some(repr),
        call: Some(|vm, this, args| call::call_function(vm, this, None, args)),
        descr_get: Some(descr_get),
        new: Some(new),
        ..Slots::NONE
    },
    ..TypeDef::new::<Function>("function")
};

fn function(this: Ref<'_>) -> &Function {
    this.downcast().expect("the descriptor checks its receiver")
}

fn or_none(slot: &Slot) -> PyResult {
    Ok(slot.get_or_none())
}

fn code(_: &Thread, this: Ref<'_>) -> PyResult {
    or_none(&function(this).code)
}

fn set_code(vm: &Thread, this: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    let Some((value, new)) = value.and_then(|value| Some((value, value.downcast::<Code>()?))) else {
        return Err(vm.type_error("__code__ must be set to a code object"));
    };
    let this = function(this);
    let cells =
        this.closure.get().map_or(0, |cells| cells.borrow().downcast::<Tuple>().map_or(0, Tuple::len));
    let free = free_variables(new);
    if cells != free {
        let name = this.name.get_or_none();
        let name = vm.to_str(name.borrow())?;
        let name = name.borrow().downcast::<crate::heap::inline::Str>().expect("a str").to_string_lossy();
        return Err(vm.value_error(format_args!(
            "{name}() requires a code object with {cells} free vars, not {free}"
        )));
    }
    let kind = |flags: u32| flags & GENERATOR_LIKE;
    let old = this.code.get();
    if let Some(old) = old.as_ref().and_then(|old| old.borrow().downcast::<Code>())
        && kind(old.flags) != kind(new.flags)
    {
        let message = "Assigning a code object of non-matching type is deprecated (e.g., from a generator to a plain \
                       function)";
        vm.warn(&vm.exceptions().DeprecationWarning, message)?;
    }
    settled_doc(vm, this)?;
    if let Some(old) = this.code.replace(Some(value.own())) {
        crate::frame::keep_code(old);
    }
    Ok(())
}

fn free_variables(code: &Code) -> usize {
    code.template().locals.iter().filter(|local| local.kind == LocalKind::Free).count()
}

fn defaults(_: &Thread, this: Ref<'_>) -> PyResult {
    or_none(&function(this).defaults)
}

fn set_defaults(vm: &Thread, this: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    set_optional(
        vm,
        &function(this).defaults,
        value,
        Kind::Tuple,
        "__defaults__ must be set to a tuple object",
    )
}

fn kw_defaults(_: &Thread, this: Ref<'_>) -> PyResult {
    or_none(&function(this).kw_defaults)
}

fn set_kw_defaults(vm: &Thread, this: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    set_optional(
        vm,
        &function(this).kw_defaults,
        value,
        Kind::Dict,
        "__kwdefaults__ must be set to a dict object",
    )
}

/// Sets a slot to an object of a kind, or empties it for None or deletion.
fn set_optional(vm: &Thread, slot: &Slot, value: Option<Ref<'_>>, kind: Kind, message: &str) -> PyResult<()> {
    let value = value.filter(|value| !value.is_none());
    if value.is_some_and(|value| value.kind() != kind) {
        return Err(vm.type_error(message));
    }
    drop(slot.replace(value.map(Ref::own)));
    Ok(())
}

fn name(_: &Thread, this: Ref<'_>) -> PyResult {
    or_none(&function(this).name)
}

fn set_name(vm: &Thread, this: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    set_required(vm, &function(this).name, value, Kind::Str, "__name__ must be set to a string object")
}

fn qualname(_: &Thread, this: Ref<'_>) -> PyResult {
    or_none(&function(this).qualname)
}

fn set_qualname(vm: &Thread, this: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    set_required(
        vm,
        &function(this).qualname,
        value,
        Kind::Str,
        "__qualname__ must be set to a string object",
    )
}

/// Sets a slot to an object of a kind.
fn set_required(vm: &Thread, slot: &Slot, value: Option<Ref<'_>>, kind: Kind, message: &str) -> PyResult<()> {
    match value {
        Some(value) if value.kind() == kind => {
            slot.set(value.own());
            Ok(())
        }
        _ => Err(vm.type_error(message)),
    }
}

fn annotations(vm: &Thread, this: Ref<'_>) -> PyResult {
    let this = function(this);
    if let Some(annotations) = this.annotations.get() {
        return Ok(annotations);
    }
    let computed = match this.annotate.get() {
        Some(annotate) if vm.is_callable(annotate.borrow()) => {
            // 1 asks for values (PEP 649).
            let computed = vm.call(annotate.borrow(), &[Owned::small_int(1).borrow()])?;
            if computed.borrow().kind() != Kind::Dict {
                let got = vm.type_name(computed.borrow());
                return Err(vm.type_error(format_args!("__annotate__ returned non-dict of type '{got}'")));
            }
            computed
        }
        _ => vm.dict()?,
    };
    this.annotations.set(computed.clone());
    Ok(computed)
}

fn set_annotations(vm: &Thread, this: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    let this = function(this);
    set_optional(vm, &this.annotations, value, Kind::Dict, "__annotations__ must be set to a dict object")?;
    drop(this.annotate.take());
    Ok(())
}

fn annotate(_: &Thread, this: Ref<'_>) -> PyResult {
    or_none(&function(this).annotate)
}

fn set_annotate(vm: &Thread, this: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    let this = function(this);
    match value {
        None => Err(vm.type_error("__annotate__ cannot be deleted")),
        Some(value) if value.is_none() => {
            drop(this.annotate.take());
            Ok(())
        }
        Some(value) if vm.is_callable(value) => {
            this.annotate.set(value.own());
            drop(this.annotations.take());
            Ok(())
        }
        Some(_) => Err(vm.type_error("__annotate__ must be callable or None")),
    }
}

fn type_params(vm: &Thread, this: Ref<'_>) -> PyResult {
    Ok(function(this).type_params.get().unwrap_or_else(|| vm.empty_tuple()))
}

fn set_type_params(vm: &Thread, this: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    set_required(
        vm,
        &function(this).type_params,
        value,
        Kind::Tuple,
        "__type_params__ must be set to a tuple",
    )
}

fn closure(_: &Thread, this: Ref<'_>) -> PyResult {
    or_none(&function(this).closure)
}

fn globals(_: &Thread, this: Ref<'_>) -> PyResult {
    Ok(function(this).globals.clone())
}

fn builtins(_: &Thread, this: Ref<'_>) -> PyResult {
    Ok(function(this).builtins.clone())
}

fn module(_: &Thread, this: Ref<'_>) -> PyResult {
    or_none(&function(this).module)
}

fn set_module(_: &Thread, this: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    drop(function(this).module.replace(value.map(Ref::own)));
    Ok(())
}

fn doc(vm: &Thread, this: Ref<'_>) -> PyResult {
    settled_doc(vm, function(this))
}

/// The docstring, which is the function's own from the first look at it.
fn settled_doc(vm: &Thread, this: &Function) -> PyResult {
    if let Some(doc) = this.doc.get() {
        return Ok(doc);
    }
    let code = this.code.get_or_none();
    let doc = code.borrow().downcast::<Code>().map_or_else(none, |code| vm.code_docstring(code))?;
    this.doc.set(doc.clone());
    Ok(doc)
}

fn set_doc(_: &Thread, this: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    function(this).doc.set(value.map_or_else(Owned::none, Ref::own));
    Ok(())
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    let name = vm.to_str(function(this).qualname.get_or_none().borrow())?;
    let name = name.borrow().downcast::<crate::heap::inline::Str>().expect("a str").to_string_lossy();
    vm.str(&format!("<function {name} at {:#x}>", this.id()))
}

fn descr_get(vm: &Thread, this: Ref<'_>, instance: Option<Ref<'_>>, _: Option<Ref<'_>>) -> PyResult {
    match instance {
        Some(instance) if !instance.is_none() => vm.bound_method(this, instance),
        _ => Ok(this.own()),
    }
}

fn new(vm: &Thread, _class: Ref<'_>, args: &Args<'_>) -> PyResult {
    let signature =
        signature!("function(code, globals, name=None, argdefs=None, closure=None, kwdefaults=None)");
    args.bind(vm, signature, |bound| make(vm, bound))
}

fn make(vm: &Thread, args: &Bound<'_>) -> PyResult {
    let wrong = |name: &str, expected: &str, got: Ref<'_>| {
        let got = vm.type_name(got);
        vm.type_error(format_args!("function() argument '{name}' must be {expected}, not {got}"))
    };
    let (code, globals) = (args.required(0), args.required(1));
    let Some(block) = code.downcast::<Code>() else { return Err(wrong("code", "code", code)) };
    if globals.downcast::<Dict>().is_none() {
        return Err(wrong("globals", "dict", globals));
    }
    let given = |index: usize| args.optional(index).filter(|value| !value.is_none());
    let (name, defaults, cells, kw_defaults) = (given(2), given(3), given(4), given(5));
    if name.is_some_and(|name| name.kind() != Kind::Str) {
        return Err(vm.type_error("arg 3 (name) must be None or string"));
    }
    if defaults.is_some_and(|defaults| defaults.kind() != Kind::Tuple) {
        return Err(vm.type_error("arg 4 (defaults) must be None or tuple"));
    }
    let free = free_variables(block);
    match cells.map(|cells| cells.downcast::<Tuple>()) {
        None if free != 0 => return Err(vm.type_error("arg 5 (closure) must be tuple")),
        Some(None) => return Err(vm.type_error("arg 5 (closure) must be None or tuple")),
        Some(Some(cells)) => {
            if cells.len() != free {
                let name = block
                    .name
                    .borrow()
                    .downcast::<crate::heap::inline::Str>()
                    .expect("a str")
                    .to_string_lossy();
                let message = format!("{name} requires closure of length {free}, not {}", cells.len());
                return Err(vm.value_error(message));
            }
            if let Some(bad) = cells.as_slice().iter().find(|cell| cell.borrow().kind() != Kind::Cell) {
                let got = vm.type_name(bad.borrow());
                return Err(vm.type_error(format_args!("arg 5 (closure) expected cell, found {got}")));
            }
        }
        None => {}
    }
    if kw_defaults.is_some_and(|defaults| defaults.kind() != Kind::Dict) {
        return Err(vm.type_error("arg 6 (kwdefaults) must be None or dict"));
    }
    let made = call::new_function(vm, code.own(), globals.own(), vm.builtins_of(globals)?)?;
    let this = function(made.borrow());
    if let Some(name) = name {
        this.name.set(name.own());
    }
    drop(this.defaults.replace(defaults.map(Ref::own)));
    drop(this.closure.replace(cells.map(Ref::own)));
    drop(this.kw_defaults.replace(kw_defaults.map(Ref::own)));
    Ok(made)
}
