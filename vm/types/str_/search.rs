//! `find`, `index`, `count`, `startswith` and their kin.
//!
//! Searches work on bytes; indices are translated only where a text is not ASCII.

use std::ops::Range;

use super::make::payload;
use crate::exception::PyResult;
use crate::heap::inline::{Str, Tuple};
use crate::text::search::{self, adjust_indices, ends_with, starts_with};
use crate::text::wtf8::Text;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// The range of bytes that optional `start` and `end` arguments select; `None` if not even an empty text is found there.
#[inline]
fn bounds(
    vm: &Thread,
    text: &Str,
    start: Option<Ref<'_>>,
    end: Option<Ref<'_>>,
) -> PyResult<Option<Range<usize>>> {
    let start = start.map_or(Ok(None), |start| vm.slice_index(start))?;
    let end = end.map_or(Ok(None), |end| vm.slice_index(end))?;
    if let (None, None) = (start, end) {
        return Ok(Some(0..text.as_bytes().len()));
    }
    let range = adjust_indices(start.unwrap_or(0), end.unwrap_or(isize::MAX), text.len());
    Ok(range.map(|range| super::byte_range(text, range)))
}

/// The index at which a search of the selected part finds something.
#[inline]
fn position(
    vm: &Thread,
    place: &str,
    args: (Ref<'_>, Ref<'_>, Option<Ref<'_>>, Option<Ref<'_>>),
    search: impl FnOnce(&[u8], &[u8]) -> Option<usize>,
) -> PyResult<Option<usize>> {
    let (this, part, start, end) = args;
    let (text, part) = (payload(this), vm.str_argument(place, part)?);
    let Some(range) = bounds(vm, text, start, end)? else { return Ok(None) };
    let found = search(&text.as_bytes()[range.clone()], part.as_bytes()).map(|at| range.start + at);
    Ok(found.map(|at| if text.is_ascii() { at } else { text.text().index_of(at) }))
}

fn or_minus_one(vm: &Thread, index: Option<usize>) -> PyResult {
    index.map_or_else(|| Ok(Owned::small_int(-1)), |index| vm.size(index))
}

fn or_error(vm: &Thread, index: Option<usize>) -> PyResult {
    index.map_or_else(|| Err(vm.value_error("substring not found")), |index| vm.size(index))
}

pub(super) fn find(
    vm: &Thread,
    this: Ref<'_>,
    part: Ref<'_>,
    start: Option<Ref<'_>>,
    end: Option<Ref<'_>>,
) -> PyResult {
    or_minus_one(vm, position(vm, "find() argument 1", (this, part, start, end), search::find)?)
}

pub(super) fn rfind(
    vm: &Thread,
    this: Ref<'_>,
    part: Ref<'_>,
    start: Option<Ref<'_>>,
    end: Option<Ref<'_>>,
) -> PyResult {
    or_minus_one(vm, position(vm, "rfind() argument 1", (this, part, start, end), search::rfind)?)
}

pub(super) fn index(
    vm: &Thread,
    this: Ref<'_>,
    part: Ref<'_>,
    start: Option<Ref<'_>>,
    end: Option<Ref<'_>>,
) -> PyResult {
    or_error(vm, position(vm, "index() argument 1", (this, part, start, end), search::find)?)
}

pub(super) fn rindex(
    vm: &Thread,
    this: Ref<'_>,
    part: Ref<'_>,
    start: Option<Ref<'_>>,
    end: Option<Ref<'_>>,
) -> PyResult {
    or_error(vm, position(vm, "rindex() argument 1", (this, part, start, end), search::rfind)?)
}

pub(super) fn count(
    vm: &Thread,
    this: Ref<'_>,
    part: Ref<'_>,
    start: Option<Ref<'_>>,
    end: Option<Ref<'_>>,
) -> PyResult {
    let (text, part) = (payload(this), vm.str_argument("count() argument 1", part)?);
    let range = bounds(vm, text, start, end)?;
    vm.size(range.map_or(0, |range| search::count_text(text.text().slice(range), part.text())))
}

pub(super) fn startswith(
    vm: &Thread,
    this: Ref<'_>,
    prefix: Ref<'_>,
    start: Option<Ref<'_>>,
    end: Option<Ref<'_>>,
) -> PyResult {
    any_affix(vm, "startswith", (this, prefix, start, end), starts_with)
}

pub(super) fn endswith(
    vm: &Thread,
    this: Ref<'_>,
    suffix: Ref<'_>,
    start: Option<Ref<'_>>,
    end: Option<Ref<'_>>,
) -> PyResult {
    any_affix(vm, "endswith", (this, suffix, start, end), ends_with)
}

/// Whether the text has a prefix or suffix, or one of a tuple of them.
#[inline]
fn any_affix(
    vm: &Thread,
    name: &str,
    args: (Ref<'_>, Ref<'_>, Option<Ref<'_>>, Option<Ref<'_>>),
    test: fn(&[u8], &[u8], Option<Range<usize>>) -> bool,
) -> PyResult {
    let (this, affix, start, end) = args;
    let text = payload(this);
    let range = bounds(vm, text, start, end)?;
    let bytes: Text<'_> = text.text();
    if let Some(affix) = affix.downcast::<Str>() {
        return Ok(Owned::bool(test(bytes.as_bytes(), affix.as_bytes(), range)));
    }
    let Some(affixes) = affix.downcast::<Tuple>() else {
        let got = vm.type_name(affix);
        return Err(vm.type_error(format_args!("{name} first arg must be str or a tuple of str, not {got}")));
    };
    for affix in affixes.as_slice() {
        let Some(affix) = affix.borrow().downcast::<Str>() else {
            let got = vm.type_name(affix.borrow());
            return Err(vm.type_error(format_args!("tuple for {name} must only contain str, not {got}")));
        };
        if test(bytes.as_bytes(), affix.as_bytes(), range.clone()) {
            return Ok(Owned::bool(true));
        }
    }
    Ok(Owned::bool(false))
}
