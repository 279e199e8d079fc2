//! The native API: types, functions and modules as plain tables.
//!
//! A row names a function with its *text signature*, which is the only source for binding arguments, defaults,
//! arity errors, `inspect.signature` and `help()`:
//!
//! ```ignore
//! pub(crate) static LIST: TypeDef = TypeDef {
//!     methods: &[
//!         method("append($self, object, /)", Two(append), "Add one item at the end."),
//!         method("pop($self, index=-1, /)", OneOpt(pop), "Take the item at an index out, by default the last one."),
//!     ],
//!     slots: Slots { len: Some(len), iter: Some(iter), ..Slots::NONE },
//!     ..TypeDef::new::<List>("list")
//! };
//! ```
//!
//! The signature is CPython's `__text_signature__` with the function's name in front. A parameter list starts with `$self`
//! for methods, `$type` for class methods, `$module` for module functions: module functions do not get the module
//! as an argument, the other two get theirs first. `/` and `*` separate the kinds as in Python; `*args` and `**kwargs` collect.
//!
//! The function's variant says how the arguments arrive: one Rust parameter for each Python parameter, optional ones
//! as `Option`, or all of them bound in an [`Bound`] record (`Many`). A const fn compares the variant with the signature, so
//! that a mismatch does not compile. `vm` comes first exactly where a function may allocate, raise or run
//! Python, which natives called from Python always may.

use crate::arguments::signature::{Shape, name_of};
use crate::exception::PyResult;
use crate::heap::{Ops, Payload, Slot};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

pub use crate::arguments::{Args, Bound};
pub use crate::protocol::slots::Slots;

/// A native function, by how it takes its arguments. The receiver of a method counts as the first one.
#[derive(Clone, Copy)]
pub enum NativeFn {
    /// No arguments.
    Zero(fn(&Thread) -> PyResult),
    /// One.
    One(fn(&Thread, Ref<'_>) -> PyResult),
    /// Two.
    Two(fn(&Thread, Ref<'_>, Ref<'_>) -> PyResult),
    /// Three.
    Three(fn(&Thread, Ref<'_>, Ref<'_>, Ref<'_>) -> PyResult),
    /// Four.
    Four(fn(&Thread, Ref<'_>, Ref<'_>, Ref<'_>, Ref<'_>) -> PyResult),
    /// One optional argument.
    ZeroOpt(fn(&Thread, Option<Ref<'_>>) -> PyResult),
    /// One, and an optional one.
    OneOpt(fn(&Thread, Ref<'_>, Option<Ref<'_>>) -> PyResult),
    /// One, and two optional ones.
    OneOpt2(fn(&Thread, Ref<'_>, Option<Ref<'_>>, Option<Ref<'_>>) -> PyResult),
    /// One, and three optional ones.
    OneOpt3(fn(&Thread, Ref<'_>, Option<Ref<'_>>, Option<Ref<'_>>, Option<Ref<'_>>) -> PyResult),
    /// Two, and an optional one.
    TwoOpt(fn(&Thread, Ref<'_>, Ref<'_>, Option<Ref<'_>>) -> PyResult),
    /// Two, and two optional ones.
    TwoOpt2(fn(&Thread, Ref<'_>, Ref<'_>, Option<Ref<'_>>, Option<Ref<'_>>) -> PyResult),
    /// Three, and an optional one.
    ThreeOpt(fn(&Thread, Ref<'_>, Ref<'_>, Ref<'_>, Option<Ref<'_>>) -> PyResult),
    /// Anything, bound by the signature.
    Many(fn(&Thread, &Bound<'_>) -> PyResult),
    /// The raw positional and keyword arguments, the receiver first: no signature could describe them.
    Raw(fn(&Thread, &Args<'_>) -> PyResult),
}

pub use NativeFn::*;

impl NativeFn {
    /// Required and optional parameters of the variant; `None` where the signature alone decides.
    const fn arity(&self) -> Option<(usize, usize)> {
        Some(match self {
            Zero(_) => (0, 0),
            One(_) => (1, 0),
            Two(_) => (2, 0),
            Three(_) => (3, 0),
            Four(_) => (4, 0),
            ZeroOpt(_) => (0, 1),
            OneOpt(_) => (1, 1),
            OneOpt2(_) => (1, 2),
            OneOpt3(_) => (1, 3),
            TwoOpt(_) => (2, 1),
            TwoOpt2(_) => (2, 2),
            ThreeOpt(_) => (3, 1),
            Many(_) | Raw(_) => return None,
        })
    }
}

/// How a method is bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binding {
    /// To the instance.
    Instance,
    /// To the class.
    Class,
    /// Not at all.
    Static,
    /// A function of a module.
    Module,
}

impl Binding {
    /// Whether the function gets what it is bound to as its first argument.
    pub const fn passes_receiver(self) -> bool {
        matches!(self, Self::Instance | Self::Class)
    }
}

/// A row of a method or function table.
#[derive(Clone, Copy)]
pub struct MethodDef {
    /// Name and text signature.
    pub signature: &'static str,
    /// The implementation.
    pub function: NativeFn,
    /// The docstring, in our own words.
    pub doc: &'static str,
    /// How it is bound.
    pub binding: Binding,
    /// Which family of CPython's wordings arity errors follow.
    pub wording: Wording,
    /// Whether `__text_signature__` shows the signature.
    pub told: bool,
    /// Whether the function resumes its receiver with its argument, which the interpreter's loop then does by itself.
    pub(crate) sends: bool,
    /// How many positional arguments fit the signature, the receiver not counted.
    pub(crate) positional: u8,
    /// The length of the name.
    name: u8,
}

crate::untraced!(&'static MethodDef);

/// CPython words argument errors in families; the row says which, where it is not the usual one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wording {
    /// As Argument Clinic words it, which depends on the kinds of the parameters:
    /// `T.f() takes no arguments (1 given)`, `T.f() takes exactly one argument (2 given)`,
    /// `f expected at most 2 arguments, got 3`, `f() missing required argument 'x' (pos 1)`.
    Clinic,
    /// As functions that unpack a tuple of positional arguments, whatever their number:
    /// `f expected 1 argument, got 0`.
    Unpack,
    /// As functions that get a tuple of positional arguments and unpack it: as `Unpack`, but without the module or class in
    /// `f() takes no keyword arguments`.
    Tuple,
    /// As functions that parse a tuple of positional arguments: `f() takes at most 2 arguments (3 given)`.
    Parse,
    /// As methods that get the class that defines them, whose arguments are bound as if they took keywords:
    /// `f() takes at most 1 argument (2 given)`, but `f() takes no arguments`.
    DefiningClass,
    /// As Python functions: `f() missing 1 required positional argument: 'x'`.
    Python,
}

impl MethodDef {
    /// The name, which stands before the parameter list.
    pub const fn name(&self) -> &'static str {
        self.signature.split_at(self.name as usize).0
    }

    /// The parameter list in its parentheses, as `__text_signature__` shows it; empty if it does not.
    pub const fn text_signature(&self) -> &'static str {
        if self.told { self.signature.split_at(self.name().len()).1 } else { "" }
    }

    /// The same row with a signature that binds arguments, but that `__text_signature__` does not show.
    #[must_use]
    pub const fn untold(self) -> Self {
        Self { told: false, ..self }
    }

    /// See [`Self::sends`].
    pub(crate) const fn sending(self) -> Self {
        Self { sends: true, ..self }
    }

    /// The same row with another family of error wordings.
    #[must_use]
    pub const fn wording(self, wording: Wording) -> Self {
        Self { wording, ..self }
    }
}

/// A method of instances.
pub const fn method(signature: &'static str, function: NativeFn, doc: &'static str) -> MethodDef {
    row(signature, function, doc, Binding::Instance)
}

/// A class method: gets the class first.
pub const fn class_method(signature: &'static str, function: NativeFn, doc: &'static str) -> MethodDef {
    row(signature, function, doc, Binding::Class)
}

/// A static method.
pub const fn static_method(signature: &'static str, function: NativeFn, doc: &'static str) -> MethodDef {
    row(signature, function, doc, Binding::Static)
}

/// A function of a module.
pub const fn function(signature: &'static str, function: NativeFn, doc: &'static str) -> MethodDef {
    row(signature, function, doc, Binding::Module)
}

const fn row(signature: &'static str, function: NativeFn, doc: &'static str, binding: Binding) -> MethodDef {
    let shape = Shape::of(signature, binding);
    if let Some((required, optional)) = function.arity() {
        assert!(!shape.collects, "a signature that collects arguments needs `Many`");
        assert!(required == shape.required, "the signature's required parameters do not match the function");
        assert!(optional == shape.optional, "the signature's optional parameters do not match the function");
    }
    let positional = shape.positional as u8;
    let name = name_of(signature).len();
    assert!(name <= u8::MAX as usize, "a name of a reasonable length");
    let name = name as u8;
    let wording = Wording::Clinic;
    MethodDef { signature, function, doc, binding, wording, told: true, sends: false, positional, name }
}

/// An attribute computed by functions.
#[derive(Clone, Copy)]
pub struct GetSet {
    /// Its name.
    pub name: &'static str,
    /// Reads it.
    pub get: fn(&Thread, Ref<'_>) -> PyResult,
    /// Writes it, or deletes it when the value is absent. `None`: read-only.
    pub set: Option<Setter>,
    /// The docstring.
    pub doc: &'static str,
    /// Whether CPython shows it as a `member_descriptor` instead of a `getset_descriptor`.
    pub member: bool,
}

/// Writes an attribute of an object, or deletes it when the value is absent.
pub type Setter = fn(&Thread, Ref<'_>, Option<Ref<'_>>) -> PyResult<()>;

/// A read-only computed attribute.
pub const fn getter(name: &'static str, get: fn(&Thread, Ref<'_>) -> PyResult, doc: &'static str) -> GetSet {
    GetSet { name, get, set: None, doc, member: false }
}

/// A computed attribute.
pub const fn getset(
    name: &'static str,
    get: fn(&Thread, Ref<'_>) -> PyResult,
    set: Setter,
    doc: &'static str,
) -> GetSet {
    GetSet { name, get, set: Some(set), doc, member: false }
}

/// A read-only attribute that is a plain field.
pub const fn member(name: &'static str, get: fn(&Thread, Ref<'_>) -> PyResult, doc: &'static str) -> GetSet {
    GetSet { name, get, set: None, doc, member: true }
}

/// A class attribute of a native type, made when the type is.
#[derive(Clone, Copy)]
pub struct ClassAttribute {
    /// Its name.
    pub name: &'static str,
    /// Makes the value, given the class.
    pub make: fn(&Thread, Ref<'_>) -> PyResult,
}

/// `__module__` in the namespace of a class. It marks the types that CPython makes from a specification, whose `__flags__` say
/// that they are heap types.
pub const MODULE: ClassAttribute = ClassAttribute {
    name: "__module__",
    make: |vm, class| vm.intern(crate::types::type_::payload_of(class).def.0.module),
};

/// `__getattribute__` of object in the namespace of a class: CPython's specifications name it needlessly, and it shows.
pub const GETATTRIBUTE: ClassAttribute = ClassAttribute {
    name: "__getattribute__",
    make: |vm, class| crate::types::wrapper::of_object(vm, class, "__getattribute__"),
};

/// `__setattr__` of object in the namespace of a class, as [`GETATTRIBUTE`].
pub const SETATTR: ClassAttribute = ClassAttribute {
    name: "__setattr__",
    make: |vm, class| crate::types::wrapper::of_object(vm, class, "__setattr__"),
};

/// `__delattr__` of object in the namespace of a class, as [`GETATTRIBUTE`].
pub const DELATTR: ClassAttribute = ClassAttribute {
    name: "__delattr__",
    make: |vm, class| crate::types::wrapper::of_object(vm, class, "__delattr__"),
};

/// Properties of a native type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct TypeFlags {
    /// May be a base class.
    pub base: bool,
    /// Instances may be weakly referenced.
    pub weakref: bool,
    /// Instances have a `__dict__`.
    pub dict: bool,
    /// Python code cannot make instances: `cannot create 'X' instances`.
    pub no_new: bool,
    /// Attributes of the class can be assigned.
    pub mutable: bool,
    /// `match` sees instances as sequences.
    pub sequence: bool,
    /// `match` sees instances as mappings.
    pub mapping: bool,
    /// `match` lets a class pattern bind the subject itself: `case int(x)`.
    pub match_self: bool,
    /// Calls bind like functions when looked up on an instance.
    pub method_descriptor: bool,
    /// The type adds fields to its base's although both have the same payload: a class can derive from two such types only
    /// if one of them derives from the other.
    pub solid: bool,
    /// The constructor is not in the namespace: `__new__` is object's, and works on the type.
    pub objects_new: bool,
    /// The constructor is the base's, and in the namespace nevertheless.
    pub bases_new: bool,
    /// As if a class statement had made the type: messages name it without its module, and it shows `__weakref__`.
    pub python: bool,
    /// The type shows `__release_buffer__` beside `__buffer__`: it counts its views.
    pub release_buffer: bool,
}

impl TypeFlags {
    /// None of them.
    pub const NONE: Self = Self {
        base: false,
        weakref: false,
        dict: false,
        no_new: false,
        mutable: false,
        sequence: false,
        mapping: false,
        match_self: false,
        method_descriptor: false,
        solid: false,
        python: false,
        objects_new: false,
        bases_new: false,
        release_buffer: false,
    };
    /// What a type has that Python classes may derive from.
    pub const BASE: Self = Self { base: true, ..Self::NONE };
}

/// A native type.
pub struct TypeDef {
    /// `__name__`
    pub name: &'static str,
    /// `__module__`
    pub module: &'static str,
    /// The base type; `None` is `object`.
    pub base: Option<&'static TypeDef>,
    /// The table of the payload.
    pub ops: &'static Ops,
    /// Properties.
    pub flags: TypeFlags,
    /// The signature of the constructor, such as `(iterable=(), /)`, shown as `__text_signature__`; empty for none.
    pub signature: &'static str,
    /// The docstring; empty for none.
    pub doc: &'static str,
    /// Methods.
    pub methods: &'static [MethodDef],
    /// Computed attributes.
    pub getset: &'static [GetSet],
    /// Other class attributes.
    pub attributes: &'static [ClassAttribute],
    /// Special methods.
    pub slots: Slots,
    /// Where the payload keeps the `__dict__` of an instance, for types with `flags.dict` that have a field for it; the
    /// others get a word behind the payload.
    pub dict_slot: Option<for<'a> fn(Ref<'a>) -> Option<&'a Slot>>,
    /// Of struct sequences: the fields. Each hidden one gets a slot.
    pub fields: Option<crate::types::structseq::Fields>,
}

impl TypeDef {
    /// A type of `builtins` with payload `T` and nothing else; complete it with struct update syntax.
    pub const fn new<T: Payload>(name: &'static str) -> Self {
        Self {
            name,
            module: "builtins",
            base: None,
            ops: T::OPS,
            flags: TypeFlags::NONE,
            signature: "",
            doc: "",
            methods: &[],
            getset: &[],
            attributes: &[],
            slots: Slots::NONE,
            dict_slot: None,
            fields: None,
        }
    }
}

impl TypeDef {
    /// Whether `__flags__` says that it is a heap type.
    pub(crate) fn is_specified(&self) -> bool {
        self.attributes.iter().any(|attribute| attribute.name == MODULE.name)
    }
}

/// A native module.
pub struct ModuleDef {
    /// Its name.
    pub name: &'static str,
    /// The docstring.
    pub doc: &'static str,
    /// Functions.
    pub functions: &'static [MethodDef],
    /// Types, by the attribute name they get.
    pub types: &'static [&'static TypeDef],
    /// Everything else: called once with the new module.
    pub exec: Option<fn(&Thread, Ref<'_>) -> PyResult<()>>,
}

impl ModuleDef {
    /// An empty module; complete it with struct update syntax.
    pub const fn new(name: &'static str) -> Self {
        Self { name, doc: "", functions: &[], types: &[], exec: None }
    }
}

/// An owned value that a function returns in place of "no result".
pub fn none() -> PyResult {
    Ok(Owned::none())
}
