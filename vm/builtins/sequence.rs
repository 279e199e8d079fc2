//! Builtin functions over iterables: `all`, `any`, `max`, `min`, `sorted`, `print`.

use crate::arguments::Signature;
use crate::arguments::native::wrong_count;
use crate::exception::PyResult;
use crate::heap::inline::Str;
use crate::native::*;
use crate::protocol::slots::CompareOp;
use crate::signature;
use crate::types::list::sort::sort_vec;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

pub(super) fn all(vm: &Thread, iterable: Ref<'_>) -> PyResult {
    let iterator = vm.iter(iterable)?;
    while let Some(item) = vm.next(iterator.borrow())? {
        if !vm.is_true(item.borrow())? {
            return Ok(Owned::bool(false));
        }
    }
    Ok(Owned::bool(true))
}

pub(super) fn any(vm: &Thread, iterable: Ref<'_>) -> PyResult {
    let iterator = vm.iter(iterable)?;
    while let Some(item) = vm.next(iterator.borrow())? {
        if vm.is_true(item.borrow())? {
            return Ok(Owned::bool(true));
        }
    }
    Ok(Owned::bool(false))
}

pub(super) fn max(vm: &Thread, args: &Args<'_>) -> PyResult {
    extreme(vm, args, signature!("max(*, key=None, default=None)"), CompareOp::Gt)
}

pub(super) fn min(vm: &Thread, args: &Args<'_>) -> PyResult {
    extreme(vm, args, signature!("min(*, key=None, default=None)"), CompareOp::Lt)
}

/// The item that is better than the others; `keywords` says which keyword arguments there are.
fn extreme(vm: &Thread, args: &Args<'_>, keywords: &Signature, better: CompareOp) -> PyResult {
    let name = keywords.name;
    if args.positional().is_empty() {
        return Err(vm.type_error(format_args!("{name} expected at least 1 argument, got 0")));
    }
    if let ([first, second, rest @ ..], []) = (args.positional(), args.names()) {
        let mut best = *first;
        for item in std::iter::once(second).chain(rest) {
            if vm.compare_truth(*item, best, better)? {
                best = *item;
            }
        }
        return Ok(best.own());
    }
    args.keywords_only().bind(vm, keywords, |given| {
        let key = given.optional(0).filter(|key| !key.is_none());
        best_of(vm, args.positional(), name, (key, given.optional(1)), better)
    })
}

fn best_of(
    vm: &Thread,
    items: &[Ref<'_>],
    name: &str,
    (key, default): (Option<Ref<'_>>, Option<Ref<'_>>),
    better: CompareOp,
) -> PyResult {
    let mut best: Option<(Owned, Owned)> = None;
    let mut consider = |item: Owned| {
        let rank = match key {
            Some(key) => vm.call(key, &[item.borrow()])?,
            None => item.clone(),
        };
        let wins = match &best {
            Some((_, champion)) => {
                let answer = vm.compare(rank.borrow(), champion.borrow(), better)?;
                vm.is_true(answer.borrow())?
            }
            None => true,
        };
        if wins {
            best = Some((item, rank));
        }
        Ok(())
    };
    match items {
        [iterable] => {
            let iterator = vm.iter(*iterable)?;
            while let Some(item) = vm.next(iterator.borrow())? {
                consider(item)?;
            }
        }
        items => {
            if default.is_some() {
                return Err(vm.type_error(format_args!(
                    "Cannot specify a default for {name}() with multiple positional arguments"
                )));
            }
            items.iter().try_for_each(|item| consider(item.own()))?;
        }
    }
    match (best, default) {
        (Some((item, _)), _) => Ok(item),
        (None, Some(default)) => Ok(default.own()),
        (None, None) => Err(vm.value_error(format_args!("{name}() iterable argument is empty"))),
    }
}

/// The keyword arguments are those of `list.sort`.
pub(super) fn sorted(vm: &Thread, args: &Args<'_>) -> PyResult {
    let [iterable] = *args.positional() else {
        return Err(wrong_count(vm, "sorted", args.positional().len(), 1, 1));
    };
    args.keywords_only().bind(vm, signature!("sort(*, key=None, reverse=False)"), |given| {
        let key = given.optional(0).filter(|key| !key.is_none());
        let reverse = given.optional(1).map_or(Ok(false), |reverse| vm.is_true(reverse))?;
        sorted_list(vm, iterable, key, reverse)
    })
}

/// A sorted list of the items of an iterable.
pub(super) fn sorted_list(vm: &Thread, iterable: Ref<'_>, key: Option<Ref<'_>>, reverse: bool) -> PyResult {
    let mut items = vm.collect(iterable)?;
    sort_vec(vm, &mut items, key, reverse)?;
    vm.list(items)
}

pub(super) fn print(vm: &Thread, args: &Bound<'_>) -> PyResult {
    let separator =
        |index: usize, name: &str, default: &str| match args.optional(index).filter(|v| !v.is_none()) {
            None => vm.str(default),
            Some(text) if text.downcast::<Str>().is_some() => Ok(text.own()),
            Some(other) => {
                let got = vm.type_name(other);
                Err(vm.type_error(format_args!("{name} must be None or a string, not {got}")))
            }
        };
    let (sep, end) = (separator(0, "sep", " ")?, separator(1, "end", "\n")?);
    let file = match args.optional(2).filter(|file| !file.is_none()) {
        Some(file) => file.own(),
        None => match vm.sys_attribute(&vm.names().stdout)? {
            Some(file) if file.borrow().is_none() => return none(),
            Some(file) => file,
            // Before there is a `sys`, text goes to the process's standard output.
            None if vm.interpreter().sys.is_empty() => return print_early(vm, args.rest(), &sep, &end),
            None => return Err(vm.runtime_error("lost sys.stdout")),
        },
    };
    let write = |text: Ref<'_>| vm.call_method(file.borrow(), &vm.names().write, &[text]).map(drop);
    for (index, value) in args.rest().iter().enumerate() {
        if index != 0 {
            write(sep.borrow())?;
        }
        let text = vm.to_str(*value)?;
        write(text.borrow())?;
    }
    write(end.borrow())?;
    if let Some(flush) = args.optional(3) {
        if vm.is_true(flush)? {
            let flush = vm.intern("flush")?;
            vm.call_method(file.borrow(), &flush, &[])?;
        }
    }
    none()
}

/// `print` while the interpreter starts.
fn print_early(vm: &Thread, values: &[Ref<'_>], sep: &Owned, end: &Owned) -> PyResult {
    let mut text = Vec::new();
    for (index, value) in values.iter().enumerate() {
        if index != 0 {
            text.extend_from_slice(sep.borrow().downcast::<Str>().expect("a str").as_bytes());
        }
        text.extend_from_slice(vm.to_str(*value)?.borrow().downcast::<Str>().expect("a str").as_bytes());
    }
    text.extend_from_slice(end.borrow().downcast::<Str>().expect("a str").as_bytes());
    std::io::Write::write_all(&mut std::io::stdout(), &text).map_err(|error| vm.os_error(error))?;
    none()
}
