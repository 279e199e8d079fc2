//! Binding the arguments of native functions.
//!
//! The way that succeeds is one pass over the arguments. Errors are found by a second pass, [`error`], which looks for them
//! in CPython's order: it is the order that programs see, and it differs between the families of [`Wording`].

use smallvec::SmallVec;

use super::signature::Signature;
use super::{Args, Bound, message};
use crate::exception::{PyResult, Raised};
use crate::heap::inline::Str;
use crate::native::Wording;
use crate::value::Ref;
use crate::vm::Thread;

/// How errors name the function that is called.
#[derive(Clone, Copy)]
pub(crate) enum Callee<'a> {
    /// A callable, by its `__qualname__` and `__module__` where the family wants it so.
    Object(Ref<'a>),
    /// A constructor, by the name in its signature.
    Constructor,
}

/// Values on the stack while they fit.
pub(crate) type Buffer<T> = SmallVec<[T; 8]>;

/// As many parameters as most functions have.
const FEW: usize = 8;

/// Puts the arguments into a signature's parameters, and hands them to `then`. The receiver, if any, comes first.
pub(crate) fn bind<R>(
    vm: &Thread,
    callee: Callee<'_>,
    signature: &Signature,
    receiver: Option<Ref<'_>>,
    args: &Args<'_>,
    then: impl FnOnce(&Bound<'_>) -> PyResult<R>,
) -> PyResult<R> {
    let first = usize::from(receiver.is_some());
    let n = first + signature.parameters.len();
    let (mut few, mut many);
    let parameters: &mut [Option<Ref<'_>>] = if n <= FEW {
        few = [None; FEW];
        &mut few[..n]
    } else {
        many = vec![None; n];
        &mut many
    };
    if first == 1 {
        parameters[0] = receiver;
    }
    let mut collected: Buffer<(Ref<'_>, Ref<'_>)> = SmallVec::new();
    let Some(rest) = fill(signature, args, &mut parameters[first..], &mut collected) else {
        return Err(error(vm, callee, signature, args));
    };
    then(&Bound { parameters, rest, keywords: &collected })
}

/// Fills in the parameters and gives what `*args` collects; `None` if the arguments do not fit the signature.
fn fill<'a>(
    signature: &Signature,
    args: &Args<'a>,
    parameters: &mut [Option<Ref<'a>>],
    collected: &mut Buffer<(Ref<'a>, Ref<'a>)>,
) -> Option<&'a [Ref<'a>]> {
    let given = args.positional();
    let (placed, rest) = given.split_at(given.len().min(signature.positional));
    if !rest.is_empty() && !signature.rest {
        return None;
    }
    for (parameter, &value) in parameters.iter_mut().zip(placed) {
        *parameter = Some(value);
    }
    for (keyword, value) in args.keywords() {
        match signature.find(keyword.downcast::<Str>()?.as_bytes()) {
            Some(index) if parameters[index].is_some() => return None,
            Some(index) => parameters[index] = Some(value),
            None if signature.keywords => collected.push((keyword, value)),
            None => return None,
        }
    }
    let missing = |(value, parameter): (&Option<Ref<'_>>, &super::signature::Parameter)| {
        value.is_none() && !parameter.optional
    };
    let behind = placed.len().min(parameters.len());
    (!parameters.iter().zip(&*signature.parameters).skip(behind).any(missing)).then_some(rest)
}

/// Why the arguments do not fit.
#[cold]
fn error(vm: &Thread, callee: Callee<'_>, signature: &Signature, args: &Args<'_>) -> Raised {
    for name in args.names() {
        if name.borrow().downcast::<Str>().is_none() {
            return vm.type_error("keywords must be strings");
        }
    }
    match signature.wording {
        Wording::Python => python_error(vm, signature, args),
        Wording::DefiningClass if signature.parameters.is_empty() => {
            vm.type_error(format_args!("{}() takes no arguments", signature.name))
        }
        Wording::DefiningClass => keyword_error(vm, signature, args),
        _ if signature.takes_keywords() => keyword_error(vm, signature, args),
        wording => positional_error(vm, callee, signature, wording, args),
    }
}

/// Functions whose parameters are all positional-only.
fn positional_error(
    vm: &Thread,
    callee: Callee<'_>,
    signature: &Signature,
    wording: Wording,
    args: &Args<'_>,
) -> Raised {
    let full_name = || match callee {
        Callee::Object(function) if !matches!(wording, Wording::Tuple | Wording::Parse) => {
            vm.function_str(function)
        }
        Callee::Object(_) | Callee::Constructor => format!("{}()", signature.name),
    };
    if args.has_keywords() {
        return vm.type_error(format_args!("{} takes no keyword arguments", full_name()));
    }
    let given = args.positional().len();
    match (wording, signature.required, signature.positional) {
        (Wording::Clinic, 0, 0) => {
            vm.type_error(format_args!("{} takes no arguments ({given} given)", full_name()))
        }
        (Wording::Clinic, 1, 1) => {
            vm.type_error(format_args!("{} takes exactly one argument ({given} given)", full_name()))
        }
        (Wording::Parse, required, positional) => {
            let (bound, limit) = match given < required {
                _ if required == positional => ("exactly", required),
                true => ("at least", required),
                false => ("at most", positional),
            };
            let s = if limit == 1 { "" } else { "s" };
            let name = signature.name;
            vm.type_error(format_args!("{name}() takes {bound} {limit} argument{s} ({given} given)"))
        }
        (_, required, _) if signature.rest => wrong_count(vm, signature.name, given, required, usize::MAX),
        (_, required, positional) => wrong_count(vm, signature.name, given, required, positional),
    }
}

/// `f expected at most 2 arguments, got 3`
pub(crate) fn wrong_count(vm: &Thread, name: &str, given: usize, least: usize, most: usize) -> Raised {
    let (bound, expected) = match (least, most) {
        _ if least == most => ("", least),
        _ if given < least => ("at least ", least),
        _ => ("at most ", most),
    };
    let s = message::plural(expected);
    vm.type_error(format_args!("{name} expected {bound}{expected} argument{s}, got {given}"))
}

/// Functions with parameters that take keywords.
fn keyword_error(vm: &Thread, signature: &Signature, args: &Args<'_>) -> Raised {
    let Signature { name, positional_only, positional, required, .. } = *signature;
    let (given, total) = (args.positional().len(), args.values().len());
    let capacity = signature.parameters.len();
    let required_only = positional_only.min(required);
    if !signature.rest && !signature.keywords && total > capacity {
        let keyword = if given == 0 { "keyword " } else { "" };
        let s = message::plural(capacity);
        return vm.type_error(format_args!(
            "{name}() takes at most {capacity} {keyword}argument{s} ({total} given)"
        ));
    }
    if !signature.rest && given > positional {
        if positional == 0 {
            return vm.type_error(format_args!("{name}() takes no positional arguments"));
        }
        let bound = if required < positional { "at most" } else { "exactly" };
        let s = message::plural(positional);
        return vm.type_error(format_args!(
            "{name}() takes {bound} {positional} positional argument{s} ({given} given)"
        ));
    }
    if given < required_only {
        let bound = if required_only < positional { "at least" } else { "exactly" };
        let s = message::plural(required_only);
        return vm.type_error(format_args!(
            "{name}() takes {bound} {required_only} positional argument{s} ({given} given)"
        ));
    }
    let by_keyword = |index: usize| {
        let parameter = signature.parameters[index].name.as_bytes();
        index >= positional_only && args.names().iter().any(|name| message::bytes(name) == parameter)
    };
    let missing = (given..capacity).find(|&at| !signature.parameters[at].optional && !by_keyword(at));
    if let Some(index) = missing {
        let parameter = signature.parameters[index].name;
        return vm.type_error(format_args!(
            "{name}() missing required argument '{parameter}' (pos {})",
            index + 1
        ));
    }
    if let Some(index) = (positional_only..given.min(positional)).find(|&index| by_keyword(index)) {
        let parameter = signature.parameters[index].name;
        return vm.type_error(format_args!(
            "argument for {name}() given by name ('{parameter}') and position ({})",
            index + 1
        ));
    }
    let unexpected = args.names().iter().find(|name| signature.find(message::bytes(name)).is_none());
    match unexpected {
        Some(keyword) => {
            let names: Vec<_> = signature.keyword_names().map(str::as_bytes).collect();
            message::unexpected_keyword(vm, name, keyword.borrow(), &names)
        }
        None => vm.system_error(format_args!("{name}() rejects arguments that fit its signature")),
    }
}

/// As if the function were written in Python.
fn python_error(vm: &Thread, signature: &Signature, args: &Args<'_>) -> Raised {
    let name = signature.name;
    let given = args.positional().len();
    let mut filled = vec![false; signature.parameters.len()];
    filled.iter_mut().take(given.min(signature.positional)).for_each(|filled| *filled = true);
    for keyword in args.names() {
        match signature.find(message::bytes(keyword)) {
            Some(index) if filled[index] => return message::multiple_values(vm, name, keyword.borrow()),
            Some(index) => filled[index] = true,
            None if signature.keywords => {}
            None => {
                let names: Vec<_> = signature.keyword_names().map(str::as_bytes).collect();
                return message::unexpected_keyword(vm, name, keyword.borrow(), &names);
            }
        }
    }
    let (positional, keyword_only) = filled.split_at(signature.positional);
    if given > signature.positional && !signature.rest {
        let keyword_only = keyword_only.iter().filter(|&&filled| filled).count();
        return message::too_many_positional(
            vm,
            name,
            (signature.positional, signature.positional - signature.required),
            given,
            keyword_only,
        );
    }
    let missing = |range: std::ops::Range<usize>| -> Vec<&str> {
        range
            .filter(|&index| !filled[index] && !signature.parameters[index].optional)
            .map(|index| signature.parameters[index].name)
            .collect()
    };
    let names = missing(0..positional.len());
    if names.is_empty() {
        message::missing(vm, name, "keyword-only", &missing(positional.len()..filled.len()))
    } else {
        message::missing(vm, name, "positional", &names)
    }
}
