//! `split`, `splitlines`, `partition` and their kin; and `join`.

use std::ops::Range;

use super::make::{exact, part, payload};
use crate::exception::{PyResult, Raised};
use crate::heap::inline::{Str, Tuple};
use crate::text::space::Unicode;
use crate::text::split as ranges;
use crate::types::list::{List, turned_round};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

macro_rules! splits {
    ($($name:ident: $at_spaces:ident, $at_separators:ident, $order:path;)*) => {$(
        pub(super) fn $name(
            vm: &Thread,
            this: Ref<'_>,
            separator: Option<Ref<'_>>,
            limit: Option<Ref<'_>>,
        ) -> PyResult {
            let limit = vm.limit(limit)?;
            let bytes = payload(this).as_bytes();
            let list = match self::separator(vm, separator)? {
                None => parts(vm, this, limit, ranges::$at_spaces::<Unicode>(bytes, limit)),
                Some(separator) => parts(vm, this, limit, ranges::$at_separators(bytes, separator, limit)),
            };
            list.map($order)
        }
    )*};
}

splits! {
    split: split_whitespace, split, std::convert::identity;
    rsplit: rsplit_whitespace, rsplit, turned_round;
}

/// A separator that is not empty; `None` for white space.
fn separator<'a>(vm: &Thread, separator: Option<Ref<'a>>) -> PyResult<Option<&'a [u8]>> {
    let Some(separator) = separator.filter(|separator| !separator.is_none()) else { return Ok(None) };
    match separator.downcast::<Str>() {
        Some(text) if text.is_empty() => Err(vm.value_error("empty separator")),
        Some(text) => Ok(Some(text.as_bytes())),
        None => Err(vm.type_error(format_args!("must be str or None, not {}", vm.type_name(separator)))),
    }
}

pub(super) fn splitlines(vm: &Thread, this: Ref<'_>, keepends: Option<Ref<'_>>) -> PyResult {
    let keepends = keepends.map_or(Ok(false), |keepends| vm.is_true(keepends))?;
    parts(vm, this, usize::MAX, ranges::splitlines::<Unicode>(payload(this).as_bytes(), keepends))
}

/// A list of parts, which a number of splits makes.
#[inline]
fn parts(vm: &Thread, this: Ref<'_>, splits: usize, ranges: impl Iterator<Item = Range<usize>>) -> PyResult {
    vm.list_of(ranges::expected(splits), ranges.map(|range| part(vm, this, range)))
}

pub(super) fn partition(vm: &Thread, this: Ref<'_>, separator: Ref<'_>) -> PyResult {
    match in_two(vm, this, separator, ranges::partition)? {
        Some(found) => Ok(found),
        None => vm.tuple_array([exact(vm, this)?, vm.empty_str(), vm.empty_str()]),
    }
}

pub(super) fn rpartition(vm: &Thread, this: Ref<'_>, separator: Ref<'_>) -> PyResult {
    match in_two(vm, this, separator, ranges::rpartition)? {
        Some(found) => Ok(found),
        None => vm.tuple_array([vm.empty_str(), vm.empty_str(), exact(vm, this)?]),
    }
}

/// The text before a separator, the separator, and the text after it; `None` if there is no separator.
fn in_two(
    vm: &Thread,
    this: Ref<'_>,
    separator: Ref<'_>,
    search: fn(&[u8], &[u8]) -> Option<(Range<usize>, Range<usize>)>,
) -> PyResult<Option<Owned>> {
    let Some(text) = separator.downcast::<Str>() else {
        return Err(vm.type_error(format_args!("must be str, not {}", vm.type_name(separator))));
    };
    if text.is_empty() {
        return Err(vm.value_error("empty separator"));
    }
    let Some((before, after)) = search(payload(this).as_bytes(), text.as_bytes()) else { return Ok(None) };
    let (before, after) = (part(vm, this, before)?, part(vm, this, after)?);
    vm.tuple_array([before, separator.own(), after]).map(Some)
}

pub(super) fn join(vm: &Thread, this: Ref<'_>, iterable: Ref<'_>) -> PyResult {
    let separator = payload(this);
    let joined = if let Some(tuple) = iterable.downcast::<Tuple>() {
        vm.join_strs(separator, tuple.as_slice())
    } else if let Some(list) = iterable.downcast::<List>() {
        list.items.join_strs(vm, separator)
    } else {
        let items = vm.collect_or(iterable, "can only join an iterable")?;
        return vm
            .join_strs(separator, &items)
            .unwrap_or_else(|wrong| Err(not_a_str(vm, wrong, Some(&items[wrong]))));
    };
    joined.unwrap_or_else(|wrong| {
        let item = match iterable.downcast::<List>() {
            Some(list) => list.items.get(wrong),
            None => iterable.downcast::<Tuple>().and_then(|tuple| tuple.as_slice().get(wrong).cloned()),
        };
        Err(not_a_str(vm, wrong, item.as_ref()))
    })
}

#[cold]
fn not_a_str(vm: &Thread, index: usize, item: Option<&Owned>) -> Raised {
    let found = item.map_or_else(String::new, |item| vm.type_name(item.borrow()));
    vm.type_error(format_args!("sequence item {index}: expected str instance, {found} found"))
}
