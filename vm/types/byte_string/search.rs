//! `find`, `index`, `count`, `startswith` and their kin.

use std::ops::{Deref, Range};

use super::ByteString;
use crate::exception::PyResult;
use crate::heap::inline::Tuple;
use crate::protocol::buffer::BytesLike;
use crate::text::search::{self, adjust_indices, ends_with, starts_with};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// What is searched for: the bytes of an object, or a single one.
enum Needle<'a> {
    Bytes(BytesLike<'a>),
    Byte([u8; 1]),
}

impl Deref for Needle<'_> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Bytes(bytes) => bytes,
            Self::Byte(byte) => byte,
        }
    }
}

fn needle<'a>(vm: &Thread, part: Ref<'a>) -> PyResult<Needle<'a>> {
    if vm.exports_buffer(part) {
        return vm.bytes_like(part).map(Needle::Bytes);
    }
    if !vm.is_index(part) {
        let got = vm.type_name(part);
        return Err(
            vm.type_error(format_args!("argument should be integer or bytes-like object, not '{got}'"))
        );
    }
    super::byte(vm, part).map(|byte| Needle::Byte([byte]))
}

/// `start` and `end` arguments as machine words.
fn bounds(vm: &Thread, start: Option<Ref<'_>>, end: Option<Ref<'_>>) -> PyResult<(isize, isize)> {
    let start = start.map_or(Ok(None), |start| vm.slice_index(start))?;
    let end = end.map_or(Ok(None), |end| vm.slice_index(end))?;
    Ok((start.unwrap_or(0), end.unwrap_or(isize::MAX)))
}

type SearchArgs<'a> = (Ref<'a>, Ref<'a>, Option<Ref<'a>>, Option<Ref<'a>>);

/// What a function makes of the selected part of the bytes, of where it starts, and of what is searched for; `None` if not
/// even nothing is found there.
fn search_in<T: ByteString, R>(
    vm: &Thread,
    (this, part, start, end): SearchArgs<'_>,
    search: impl FnOnce(&[u8], &[u8]) -> R,
) -> PyResult<Option<(usize, R)>> {
    let (start, end) = bounds(vm, start, end)?;
    let needle = needle(vm, part)?;
    let bytes = T::read(this);
    let range = adjust_indices(start, end, bytes.len());
    Ok(range.map(|range| (range.start, search(&bytes[range], &needle))))
}

fn position<T: ByteString>(
    vm: &Thread,
    args: SearchArgs<'_>,
    search: fn(&[u8], &[u8]) -> Option<usize>,
) -> PyResult<Option<usize>> {
    let found = search_in::<T, _>(vm, args, search)?;
    Ok(found.and_then(|(start, found)| Some(start + found?)))
}

fn or_minus_one(vm: &Thread, index: Option<usize>) -> PyResult {
    index.map_or_else(|| Ok(Owned::small_int(-1)), |index| vm.size(index))
}

fn or_error(vm: &Thread, index: Option<usize>) -> PyResult {
    index.map_or_else(|| Err(vm.value_error("subsection not found")), |index| vm.size(index))
}

macro_rules! searches {
    ($($name:ident: $search:path, $answer:ident;)*) => {$(
        pub(super) fn $name<T: ByteString>(
            vm: &Thread,
            this: Ref<'_>,
            part: Ref<'_>,
            start: Option<Ref<'_>>,
            end: Option<Ref<'_>>,
        ) -> PyResult {
            $answer(vm, position::<T>(vm, (this, part, start, end), $search)?)
        }
    )*};
}

searches! {
    find: search::find, or_minus_one;
    rfind: search::rfind, or_minus_one;
    index: search::find, or_error;
    rindex: search::rfind, or_error;
}

pub(super) fn count<T: ByteString>(
    vm: &Thread,
    this: Ref<'_>,
    part: Ref<'_>,
    start: Option<Ref<'_>>,
    end: Option<Ref<'_>>,
) -> PyResult {
    let found = search_in::<T, _>(vm, (this, part, start, end), search::count)?;
    vm.size(found.map_or(0, |(_, count)| count))
}

/// `part in bytes`
pub(crate) fn contains<T: ByteString>(vm: &Thread, this: Ref<'_>, part: Ref<'_>) -> PyResult<bool> {
    if vm.is_index(part) {
        match super::byte(vm, part) {
            Ok(byte) => return Ok(search::contains(&T::read(this), &[byte])),
            // What only seems to be an index may still be a buffer.
            Err(raised) if raised.is(&vm.exceptions().TypeError) => {}
            Err(raised) => return Err(raised),
        }
    }
    let part = vm.bytes_like(part)?;
    Ok(search::contains(&T::read(this), &part))
}

pub(super) fn startswith<T: ByteString>(
    vm: &Thread,
    this: Ref<'_>,
    prefix: Ref<'_>,
    start: Option<Ref<'_>>,
    end: Option<Ref<'_>>,
) -> PyResult {
    any_affix::<T>(vm, "startswith", (this, prefix, start, end), starts_with)
}

pub(super) fn endswith<T: ByteString>(
    vm: &Thread,
    this: Ref<'_>,
    suffix: Ref<'_>,
    start: Option<Ref<'_>>,
    end: Option<Ref<'_>>,
) -> PyResult {
    any_affix::<T>(vm, "endswith", (this, suffix, start, end), ends_with)
}

/// Whether the bytes have a prefix or suffix, or one of a tuple of them.
fn any_affix<T: ByteString>(
    vm: &Thread,
    name: &str,
    (this, affix, start, end): SearchArgs<'_>,
    test: fn(&[u8], &[u8], Option<Range<usize>>) -> bool,
) -> PyResult {
    let (start, end) = bounds(vm, start, end)?;
    let has = |affix: Ref<'_>| {
        let affix = vm.bytes_like(affix)?;
        let bytes = T::read(this);
        Ok(test(&bytes, &affix, adjust_indices(start, end, bytes.len())))
    };
    let Some(affixes) = affix.downcast::<Tuple>() else {
        if !vm.exports_buffer(affix) {
            let got = vm.type_name(affix);
            return Err(
                vm.type_error(format_args!("{name} first arg must be bytes or a tuple of bytes, not {got}"))
            );
        }
        return has(affix).map(Owned::bool);
    };
    for affix in affixes.as_slice() {
        if has(affix.borrow())? {
            return Ok(Owned::bool(true));
        }
    }
    Ok(Owned::bool(false))
}
