//! `zip`: tuples of one item from each of several iterables; and the `strict` that it shares with `map`.

use std::cell::Cell;

use smallvec::SmallVec;

use crate::arguments::Args;
use crate::class;
use crate::exception::{PyResult, Raised};
use crate::native::{One, Slots, Two, TypeDef, TypeFlags, method};
use crate::types::iterator::{REDUCE, SETSTATE, self_iter};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

crate::payload! {
    /// A zip object.
    pub struct Zip: Zip {
        iterators: Vec<Owned>,
        strict: Cell<bool>,
    }
}

class! { Zip => ZIP; }

pub(crate) static ZIP: TypeDef = TypeDef {
    flags: TypeFlags::BASE,
    signature: "(*iterables, strict=False)",
    doc: "An iterator of tuples of one item from each iterable. It ends with the shortest of them;\n\
          if strict is true, it raises ValueError unless all end together.",
    methods: &[
        method("__reduce__($self, /)", One(reduce), REDUCE),
        method("__setstate__($self, object, /)", Two(setstate), SETSTATE),
    ],
    slots: Slots { iter: Some(self_iter), next: Some(next), new: Some(new), ..Slots::NONE },
    ..TypeDef::new::<Zip>("zip")
};

/// One item from each iterator; few, as a rule.
pub(super) type Row = SmallVec<[Owned; 4]>;

fn payload(this: Ref<'_>) -> &Zip {
    this.downcast().expect("the receiver is a zip object")
}

fn new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    let strict = args.has_keywords()
        && args.keywords_only().bind(vm, crate::signature!("zip(*, strict=False)"), |bound| {
            vm.is_true(bound.optional(0).unwrap_or(Ref::FALSE))
        })?;
    let iterators = iterators(vm, args.positional())?;
    vm.new_object_of(class, Zip { iterators, strict: Cell::new(strict) })
}

/// An iterator for each iterable.
pub(super) fn iterators(vm: &Thread, iterables: &[Ref<'_>]) -> PyResult<Vec<Owned>> {
    let mut iterators = vm.vec(iterables.len())?;
    for iterable in iterables {
        iterators.push(vm.iter(*iterable)?);
    }
    Ok(iterators)
}

/// One item from each iterator; `None` when one of them has no more.
#[inline]
pub(super) fn next_row(vm: &Thread, name: &str, iterators: &[Owned], strict: bool) -> PyResult<Option<Row>> {
    let mut row = Row::new();
    for iterator in iterators {
        let iterator = iterator.borrow();
        match vm.next_slot(iterator)?(vm, iterator) {
            Ok(Some(item)) => row.push(item),
            end if strict => return ends_strictly(vm, name, iterators, row.len(), end).map(|()| None),
            Ok(None) => return Ok(None),
            Err(raised) => return Err(raised),
        }
    }
    Ok(Some(row))
}

/// Sees to it that all iterators end when the one at `index` does.
#[cold]
fn ends_strictly(
    vm: &Thread,
    name: &str,
    iterators: &[Owned],
    index: usize,
    end: PyResult<Option<Owned>>,
) -> PyResult<()> {
    vm.ended(end)?;
    if index > 0 {
        return Err(uneven(vm, name, index, "shorter"));
    }
    for (index, iterator) in iterators.iter().enumerate().skip(1) {
        let iterator = iterator.borrow();
        if vm.ended(vm.next_slot(iterator)?(vm, iterator))?.is_some() {
            return Err(uneven(vm, name, index, "longer"));
        }
    }
    Ok(())
}

fn uneven(vm: &Thread, name: &str, index: usize, how: &str) -> Raised {
    let others = if index == 1 { "argument 1".to_owned() } else { format!("arguments 1-{index}") };
    vm.value_error(format_args!("{name}() argument {} is {how} than {others}", index + 1))
}

fn next(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    let zip = payload(this);
    if let Some((a, b)) = pair_of(zip) {
        return match next_two(vm, a, b)? {
            Some((a, b)) => vm.pair(a, b).map(Some),
            None => Ok(None),
        };
    }
    if zip.iterators.is_empty() {
        return Ok(None);
    }
    let Some(row) = next_row(vm, "zip", &zip.iterators, zip.strict.get())? else { return Ok(None) };
    let len = row.len();
    let mut row = row.into_iter();
    vm.tuple_from(len, |_| row.next().expect("a tuple of the row's length")).map(Some)
}

/// The two iterators of a zip object that has two and need not see them end together.
#[inline]
fn pair_of(zip: &Zip) -> Option<(Ref<'_>, Ref<'_>)> {
    match &*zip.iterators {
        [a, b] if !zip.strict.get() => Some((a.borrow(), b.borrow())),
        _ => None,
    }
}

#[inline]
fn next_two(vm: &Thread, a: Ref<'_>, b: Ref<'_>) -> PyResult<Option<(Owned, Owned)>> {
    let Some(first) = vm.next_slot(a)?(vm, a)? else { return Ok(None) };
    let Some(second) = vm.next_slot(b)?(vm, b)? else { return Ok(None) };
    Ok(Some((first, second)))
}

/// The next items of a zip object of two iterators; `None` for any other one.
#[inline]
pub(crate) fn next_pair(vm: &Thread, this: Ref<'_>) -> Option<PyResult<Option<(Owned, Owned)>>> {
    pair_of(payload(this)).map(|(a, b)| vm.ended(next_two(vm, a, b)))
}

fn reduce(vm: &Thread, this: Ref<'_>) -> PyResult {
    let zip = payload(this);
    reduce_strict(vm, this, vm.tuple(vm.copy_of(&zip.iterators)?)?, zip.strict.get())
}

/// `(class, arguments)`, with `True` as the state if it is strict.
pub(super) fn reduce_strict(vm: &Thread, this: Ref<'_>, arguments: Owned, strict: bool) -> PyResult {
    let class = vm.class(this).own();
    if strict { vm.tuple_array([class, arguments, Owned::bool(true)]) } else { vm.pair(class, arguments) }
}

fn setstate(vm: &Thread, this: Ref<'_>, state: Ref<'_>) -> PyResult {
    payload(this).strict.set(vm.is_true(state)?);
    Ok(Owned::none())
}
