//! `typing.TypeAliasType`: what `type name[params] = value` makes.

use super::{Lazy, param_spec, type_var, type_var_tuple};
use crate::arguments::Args;
use crate::exception::PyResult;
use crate::heap::Slot;
use crate::heap::inline::Tuple;
use crate::native::*;
use crate::types::generic_alias::generic_alias;
use crate::types::union;
use crate::value::{Owned, Ref};
use crate::vm::Thread;
use crate::{class, signature};

crate::payload! {
    /// A named type.
    pub struct TypeAliasType: Native {
        name: Owned,
        /// A tuple, or empty for an alias that is not generic.
        parameters: Slot,
        value: Lazy,
        /// The name of the module, or empty where the function that computes the value knows it.
        module: Slot,
    }
}

class! { TypeAliasType => TYPE_ALIAS_TYPE; }

pub(crate) static TYPE_ALIAS_TYPE: TypeDef = TypeDef {
    module: "typing",
    doc: "A named type, possibly generic: what the statement `type name = value` makes.",
    methods: &[method(
        "__reduce__($self, /)",
        One(|_, this| Ok(payload(this).name.clone())),
        "The name that pickle looks up.",
    )],
    getset: &[
        member("__name__", |_, this| Ok(payload(this).name.clone()), "The name."),
        getter(
            "__parameters__",
            |vm, this| match payload(this).parameters.get() {
                Some(parameters) => super::unpack_type_var_tuples(vm, parameters.borrow()),
                None => Ok(vm.empty_tuple()),
            },
            "The type parameters, those that stand for several types unpacked.",
        ),
        getter(
            "__type_params__",
            |vm, this| Ok(payload(this).parameters.get().unwrap_or_else(|| vm.empty_tuple())),
            "The type parameters.",
        ),
        getter(
            "__value__",
            |vm, this| Ok(payload(this).value.get(vm)?.unwrap_or_else(Owned::none)),
            "The type that the name stands for.",
        ),
        getter(
            "evaluate_value",
            |vm, this| payload(this).value.evaluator(vm),
            "The function that computes the type.",
        ),
        getter("__module__", module, "The name of the module that defines the alias."),
    ],
    slots: Slots {
        new: Some(new),
        repr: Some(|_, this| Ok(payload(this).name.clone())),
        iter: Some(super::iter_unpacked),
        or: Some(union::or),
        getitem: Some(getitem),
        ..Slots::NONE
    },
    ..TypeDef::new::<TypeAliasType>("TypeAliasType")
};

fn payload(this: Ref<'_>) -> &TypeAliasType {
    this.downcast().expect("the descriptor checks its receiver")
}

/// The alias of a statement, from its name, its parameters or None, and the function that computes its value.
pub(super) fn lazy(vm: &Thread, parts: Ref<'_>) -> PyResult {
    let Some([name, parameters, evaluate]) = parts.downcast::<Tuple>().map(Tuple::as_slice) else {
        return Err(vm.system_error("a type alias is made of three parts"));
    };
    vm.new_object(TypeAliasType {
        name: name.clone(),
        parameters: Slot::from_option(Some(parameters.clone()).filter(|given| !given.borrow().is_none())),
        value: Lazy::evaluate(Some(evaluate.clone())),
        module: Slot::empty(),
    })
}

fn new(vm: &Thread, _: Ref<'_>, args: &Args<'_>) -> PyResult {
    args.bind(vm, signature!("typealias(name, value, *, type_params=())"), |args| {
        let name = super::name_argument(vm, "typealias", args.required(0))?;
        let parameters = match args.optional(2) {
            Some(given) => checked_parameters(vm, given)?,
            None => None,
        };
        vm.new_object(TypeAliasType {
            name,
            parameters: Slot::from_option(parameters),
            value: Lazy::value(Some(args.required(1).own())),
            module: Slot::from_option(crate::frame::current_module(vm)),
        })
    })
}

/// A tuple of type parameters; none without a default follows one with a default. `None` where there are none.
fn checked_parameters(vm: &Thread, parameters: Ref<'_>) -> PyResult<Option<Owned>> {
    let Some(tuple) = parameters.downcast::<Tuple>() else {
        return Err(vm.type_error("type_params must be a tuple"));
    };
    let mut seen_default = false;
    for parameter in tuple.as_slice() {
        let parameter = parameter.borrow();
        let default = if let Some(parameter) = parameter.downcast::<type_var::TypeVar>() {
            &parameter.default
        } else if let Some(parameter) = parameter.downcast::<param_spec::ParamSpec>() {
            &parameter.default
        } else if let Some(parameter) = parameter.downcast::<type_var_tuple::TypeVarTuple>() {
            &parameter.default
        } else {
            let got = vm.repr_string(parameter)?;
            return Err(vm.type_error(format_args!("Expected a type param, got {got}")));
        };
        match default.has_default(vm)?.borrow().is_true() {
            true => seen_default = true,
            false if seen_default => {
                let parameter = vm.repr_string(parameter)?;
                return Err(vm.type_error(format_args!(
                    "non-default type parameter '{parameter}' follows default type parameter"
                )));
            }
            false => {}
        }
    }
    Ok((!tuple.is_empty()).then(|| parameters.own()))
}

fn module(vm: &Thread, this: Ref<'_>) -> PyResult {
    let alias = payload(this);
    match (alias.module.get(), alias.value.evaluate.get()) {
        (Some(module), _) => Ok(module),
        (None, Some(evaluate)) => vm.get_attr(evaluate.borrow(), vm.names().__module__.borrow()),
        (None, None) => none(),
    }
}

fn getitem(vm: &Thread, this: Ref<'_>, item: Ref<'_>) -> PyResult {
    if payload(this).parameters.is_empty() {
        return Err(vm.type_error("Only generic type aliases are subscriptable"));
    }
    generic_alias(vm, this, item)
}
