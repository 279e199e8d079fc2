//! `_typing`: type parameters, generic classes and type aliases (PEP 695, 696).
//!
//! The objects are here; what they mean is the business of `typing.py`, whose functions are called where a rule of the type
//! system is to be applied. Bounds, constraints, defaults and values of aliases come as objects, or as functions that are
//! called when somebody asks: [`Lazy`].

pub mod const_evaluator;
pub mod generic;
pub mod no_default;
pub mod param_spec;
pub mod type_alias;
pub mod type_var;
pub mod type_var_tuple;
mod variable;

use crate::exception::PyResult;
use crate::heap::inline::Tuple;
use crate::heap::{Slot, Trace, Visitor};
use crate::native::*;
use crate::types::union::UNION;
use crate::value::{Owned, Ref};
use crate::vm::Thread;
use pyx_compiler::bytecode::opcode::IntrinsicKind;

/// The module `_typing`.
pub static TYPING_MODULE: ModuleDef = ModuleDef {
    doc: "What the module typing is built from.",
    functions: &[function("_idfunc($module, x, /)", One(|_, x| Ok(x.own())), "The argument.")],
    types: &[
        &type_var::TYPE_VAR,
        &type_var_tuple::TYPE_VAR_TUPLE,
        &param_spec::PARAM_SPEC,
        &param_spec::PARAM_SPEC_ARGS,
        &param_spec::PARAM_SPEC_KWARGS,
        &type_alias::TYPE_ALIAS_TYPE,
        &generic::GENERIC,
        &UNION,
    ],
    exec: Some(|vm, module| {
        let name = vm.intern("NoDefault")?;
        vm.set_attr(module, name.borrow(), Some(no_default::no_default(vm)?.borrow()))
    }),
    ..ModuleDef::new("_typing")
};

/// Calls a function of `typing.py`.
pub(crate) fn call(vm: &Thread, function: &str, args: &[Ref<'_>]) -> PyResult {
    call_args(vm, function, &Args::positional_only(args))
}

/// Calls a function of `typing.py` with arguments of any kind.
fn call_args(vm: &Thread, function: &str, args: &Args<'_>) -> PyResult {
    let typing = vm.import_module(&vm.intern("typing")?)?;
    let function = vm.get_attr(typing.borrow(), vm.intern(function)?.borrow())?;
    vm.call_args(function.borrow(), args)
}

/// A value, or the function that computes it.
pub(crate) struct Lazy {
    value: Slot,
    evaluate: Slot,
}

impl Trace for Lazy {
    fn trace(&self, visitor: &mut Visitor<'_>) {
        self.value.trace(visitor);
        self.evaluate.trace(visitor);
    }
    fn clear(&self) {
        self.value.clear();
        self.evaluate.clear();
    }
}

impl Lazy {
    fn none() -> Self {
        Self { value: Slot::empty(), evaluate: Slot::empty() }
    }

    fn value(value: Option<Owned>) -> Self {
        Self { value: Slot::from_option(value), evaluate: Slot::empty() }
    }

    fn evaluate(function: Option<Owned>) -> Self {
        Self { value: Slot::empty(), evaluate: Slot::from_option(function) }
    }

    /// The value, computed at the first call.
    fn get(&self, vm: &Thread) -> PyResult<Option<Owned>> {
        if let Some(value) = self.value.get() {
            return Ok(Some(value));
        }
        let Some(evaluate) = self.evaluate.get() else { return Ok(None) };
        let value = vm.call(evaluate.borrow(), &[])?;
        self.value.set(value.clone());
        Ok(Some(value))
    }

    /// The function that computes the value in any of the formats of `annotationlib`, or None.
    fn evaluator(&self, vm: &Thread) -> PyResult {
        match (self.evaluate.get(), self.value.get()) {
            (Some(evaluate), _) => Ok(evaluate),
            (None, Some(value)) => const_evaluator::const_evaluator(vm, value),
            (None, None) => none(),
        }
    }
}

/// What all kinds of type parameters say about their defaults.
impl Lazy {
    fn default(&self, vm: &Thread) -> PyResult {
        match self.get(vm)? {
            Some(default) => Ok(default),
            None => no_default::no_default(vm),
        }
    }

    fn has_default(&self, vm: &Thread) -> PyResult {
        let given = match (self.evaluate.get(), self.value.get()) {
            (Some(_), _) => true,
            (None, Some(value)) => !value.borrow().is(no_default::no_default(vm)?.borrow()),
            (None, None) => false,
        };
        Ok(Owned::bool(given))
    }
}

/// Names the module that the running function is from, on an object that it makes.
fn set_module(vm: &Thread, object: Ref<'_>) -> PyResult<()> {
    let module = crate::frame::current_module(vm).unwrap_or_else(Owned::none);
    vm.set_attr(object, vm.names().__module__.borrow(), Some(module.borrow()))
}

/// The argument as a name.
fn name_argument(vm: &Thread, function: &str, value: Ref<'_>) -> PyResult {
    vm.str_argument(format_args!("{function}() argument 'name'"), value)?;
    Ok(value.own())
}

/// An optional flag.
fn flag(vm: &Thread, value: Option<Ref<'_>>) -> PyResult<bool> {
    value.map_or(Ok(false), |value| vm.is_true(value))
}

/// Whether a parameter is used covariantly, contravariantly, or as its uses say.
#[derive(Clone, Copy)]
pub(crate) struct Variance {
    covariant: bool,
    contravariant: bool,
    infer: bool,
}

crate::untraced!(Variance);

impl Variance {
    const INFERRED: Self = Self { covariant: false, contravariant: false, infer: true };

    /// From the flags `covariant`, `contravariant` and `infer_variance`.
    fn of(vm: &Thread, flags: [Option<Ref<'_>>; 3]) -> PyResult<Self> {
        let [covariant, contravariant, infer] = flags;
        let this = Self {
            covariant: flag(vm, covariant)?,
            contravariant: flag(vm, contravariant)?,
            infer: flag(vm, infer)?,
        };
        if this.covariant && this.contravariant {
            return Err(vm.value_error("Bivariant types are not supported."));
        }
        if this.infer && (this.covariant || this.contravariant) {
            return Err(vm.value_error("Variance cannot be specified with infer_variance."));
        }
        Ok(this)
    }

    /// The mark in front of the name.
    fn mark(self) -> &'static str {
        match self {
            Self { infer: true, .. } => "",
            Self { covariant: true, .. } => "+",
            Self { contravariant: true, .. } => "-",
            _ => "~",
        }
    }
}

/// `mark` and the text of a name.
fn marked(vm: &Thread, mark: &str, name: Ref<'_>) -> PyResult {
    let mut text = crate::text::wtf8::TextBuf::from(mark);
    crate::types::sequence::push_str(&mut text, name);
    vm.text(text.as_text())
}

/// TypeError: something that is not a class stands among the bases.
fn no_base(vm: &Thread, what: &str) -> PyResult {
    Err(vm.type_error(format_args!("Cannot subclass an instance of {what}")))
}

/// `Unpack[parameter]`, of `typing.py`.
fn unpack(vm: &Thread, parameter: Ref<'_>) -> PyResult {
    let typing = vm.import_module(&vm.intern("typing")?)?;
    let unpack = vm.get_attr(typing.borrow(), vm.intern("Unpack")?.borrow())?;
    vm.get_item(unpack.borrow(), parameter)
}

/// An iterator that gives `Unpack[parameter]`.
fn iter_unpacked(vm: &Thread, parameter: Ref<'_>) -> PyResult {
    let unpacked = unpack(vm, parameter)?;
    let tuple = vm.tuple(vec![unpacked])?;
    vm.iter(tuple.borrow())
}

/// The parameters, each `TypeVarTuple` unpacked, as a generic class is subscripted with them.
fn unpack_type_var_tuples(vm: &Thread, parameters: Ref<'_>) -> PyResult {
    let items = parameters.downcast::<Tuple>().map_or(&[][..], Tuple::as_slice);
    let unpacked = items.iter().map(|item| {
        let is_several = item.borrow().downcast::<type_var_tuple::TypeVarTuple>().is_some();
        if is_several { unpack(vm, item.borrow()) } else { Ok(item.clone()) }
    });
    vm.tuple(unpacked.collect::<PyResult<Vec<_>>>()?)
}

impl Thread {
    /// The intrinsics that make type parameters and aliases.
    pub(crate) fn typing_intrinsic(&self, kind: IntrinsicKind, values: &[Owned]) -> PyResult {
        match (kind, values) {
            (IntrinsicKind::TypeVar, [name]) => type_var::lazy(self, name, Lazy::none(), Lazy::none()),
            (IntrinsicKind::TypeVarWithBound, [name, bound]) => {
                type_var::lazy(self, name, Lazy::evaluate(Some(bound.clone())), Lazy::none())
            }
            (IntrinsicKind::TypeVarWithConstraints, [name, constraints]) => {
                type_var::lazy(self, name, Lazy::none(), Lazy::evaluate(Some(constraints.clone())))
            }
            (IntrinsicKind::ParamSpec, [name]) => param_spec::lazy(self, name),
            (IntrinsicKind::TypeVarTuple, [name]) => type_var_tuple::lazy(self, name),
            (IntrinsicKind::SetTypeParamDefault, [parameter, evaluate]) => {
                set_default(parameter.borrow(), evaluate);
                Ok(parameter.clone())
            }
            (IntrinsicKind::SubscriptGeneric, [parameters]) => {
                let parameters = unpack_type_var_tuples(self, parameters.borrow())?;
                let generic = self.class_of(&generic::GENERIC)?;
                call(self, "_GenericAlias", &[generic.borrow(), parameters.borrow()])
            }
            (IntrinsicKind::TypeAlias, [parts]) => type_alias::lazy(self, parts.borrow()),
            _ => Err(self.system_error(format_args!("no such intrinsic: {}", kind.name()))),
        }
    }
}

fn set_default(parameter: Ref<'_>, evaluate: &Owned) {
    let default = if let Some(parameter) = parameter.downcast::<type_var::TypeVar>() {
        &parameter.default
    } else if let Some(parameter) = parameter.downcast::<param_spec::ParamSpec>() {
        &parameter.default
    } else if let Some(parameter) = parameter.downcast::<type_var_tuple::TypeVarTuple>() {
        &parameter.default
    } else {
        return;
    };
    default.evaluate.set(evaluate.clone());
}

/// `TypeError` where a default is missing; the alias's parameters as its subscript sees them.
fn too_few(vm: &Thread, alias: Ref<'_>, actual: usize, expected: usize) -> PyResult {
    let alias = vm.str_string(alias)?;
    Err(vm.type_error(format_args!(
        "Too few arguments for {alias}; actual {actual}, expected at least {expected}"
    )))
}
