//! `split`, `splitlines`, `partition` and their kin; and `join`.

use std::ops::Range;

use super::{ByteString, part};
use crate::exception::PyResult;
use crate::heap::Kind;
use crate::heap::inline::Tuple;
use crate::protocol::buffer::BytesLike;
use crate::text::space::Ascii;
use crate::text::split as ranges;
use crate::text::translate::{join as push_joined, joined_size};
use crate::types::list::{List, turned_round};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

macro_rules! splits {
    ($($name:ident: $at_spaces:ident, $at_separators:ident, $order:path;)*) => {$(
        pub(super) fn $name<T: ByteString>(
            vm: &Thread,
            this: Ref<'_>,
            separator: Option<Ref<'_>>,
            limit: Option<Ref<'_>>,
        ) -> PyResult {
            let limit = vm.limit(limit)?;
            let separator = self::separator(vm, separator)?;
            let bytes = T::read(this);
            let list = match &separator {
                None => parts::<T>(vm, this, &bytes, limit, ranges::$at_spaces::<Ascii>(&bytes, limit)),
                Some(separator) => {
                    parts::<T>(vm, this, &bytes, limit, ranges::$at_separators(&bytes, separator, limit))
                }
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
fn separator<'a>(vm: &Thread, separator: Option<Ref<'a>>) -> PyResult<Option<BytesLike<'a>>> {
    match separator.filter(|separator| !separator.is_none()) {
        Some(separator) => not_empty(vm, separator).map(Some),
        None => Ok(None),
    }
}

fn not_empty<'a>(vm: &Thread, separator: Ref<'a>) -> PyResult<BytesLike<'a>> {
    let separator = vm.bytes_like(separator)?;
    if separator.is_empty() {
        return Err(vm.value_error("empty separator"));
    }
    Ok(separator)
}

pub(super) fn splitlines<T: ByteString>(vm: &Thread, this: Ref<'_>, keepends: Option<Ref<'_>>) -> PyResult {
    let keepends = keepends.map_or(Ok(false), |keepends| vm.is_true(keepends))?;
    let bytes = T::read(this);
    parts::<T>(vm, this, &bytes, usize::MAX, ranges::splitlines::<Ascii>(&bytes, keepends))
}

/// A list of parts, which a number of splits makes.
fn parts<T: ByteString>(
    vm: &Thread,
    this: Ref<'_>,
    bytes: &[u8],
    splits: usize,
    ranges: impl Iterator<Item = Range<usize>>,
) -> PyResult {
    let room = ranges::expected(splits);
    vm.list_of(
        room,
        ranges.map(|range| match range.len() == bytes.len() {
            true => T::unchanged(vm, this),
            false => T::make(vm, &bytes[range]),
        }),
    )
}

pub(super) fn partition<T: ByteString>(vm: &Thread, this: Ref<'_>, separator: Ref<'_>) -> PyResult {
    match in_two::<T>(vm, this, separator, ranges::partition)? {
        Some(found) => Ok(found),
        None => vm.tuple_array([T::unchanged(vm, this)?, T::make(vm, b"")?, T::make(vm, b"")?]),
    }
}

pub(super) fn rpartition<T: ByteString>(vm: &Thread, this: Ref<'_>, separator: Ref<'_>) -> PyResult {
    match in_two::<T>(vm, this, separator, ranges::rpartition)? {
        Some(found) => Ok(found),
        None => vm.tuple_array([T::make(vm, b"")?, T::make(vm, b"")?, T::unchanged(vm, this)?]),
    }
}

/// The bytes before a separator, the separator, and the bytes after it; `None` if there is no separator.
fn in_two<T: ByteString>(
    vm: &Thread,
    this: Ref<'_>,
    separator: Ref<'_>,
    search: fn(&[u8], &[u8]) -> Option<(Range<usize>, Range<usize>)>,
) -> PyResult<Option<Owned>> {
    let bytes_of_separator = not_empty(vm, separator)?;
    let found = search(&T::read(this), &bytes_of_separator);
    let Some((before, after)) = found else { return Ok(None) };
    let separator = if T::IMMUTABLE { separator.own() } else { T::make(vm, &bytes_of_separator)? };
    vm.tuple_array([part::<T>(vm, this, before)?, separator, part::<T>(vm, this, after)?]).map(Some)
}

pub(super) fn join<T: ByteString>(vm: &Thread, this: Ref<'_>, iterable: Ref<'_>) -> PyResult {
    if T::IMMUTABLE
        && let Some(joined) = join_where_they_lie(vm, &T::read(this), iterable)
    {
        return joined;
    }
    let mut items = vm.collect_or(iterable, "can only join an iterable")?;
    if let [item] = items.as_slice()
        && T::IMMUTABLE
        && item.borrow().is_exact(Kind::Bytes)
    {
        return Ok(item.clone());
    }
    // Copies of foreign buffers are made first, because asking for a buffer may run Python.
    for (index, item) in items.iter_mut().enumerate() {
        if !item.borrow().is_exact(Kind::Bytes) && !item.borrow().is_exact(Kind::ByteArray) {
            let Ok(copy) = vm.copy_bytes_like(item.borrow()) else {
                let got = vm.type_name(item.borrow());
                return Err(vm.type_error(format_args!(
                    "sequence item {index}: expected a bytes-like object, {got} found"
                )));
            };
            *item = vm.bytes(&copy)?;
        }
    }
    let items = items.iter().map(|item| vm.bytes_like(item.borrow())).collect::<PyResult<Vec<_>>>()?;
    let separator = T::read(this);
    let Some(size) = joined_size(separator.len(), items.iter().map(|item| item.len())) else {
        return Err(vm.overflow_error("join() result is too long"));
    };
    T::write(vm, size, |out| push_joined(&separator, items.iter().map(|item| &**item), out))
}

/// The join of a list or tuple with nothing but bytes objects.
fn join_where_they_lie(vm: &Thread, separator: &[u8], iterable: Ref<'_>) -> Option<PyResult> {
    if iterable.is_exact(Kind::List) {
        return iterable.downcast::<List>()?.items.join_bytes(vm, separator);
    }
    vm.join_bytes(
        separator,
        iterable.downcast::<Tuple>().filter(|_| iterable.is_exact(Kind::Tuple))?.as_slice(),
    )
}
