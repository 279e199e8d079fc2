//! How parts of byte strings are searched.

use std::marker::PhantomData;
use std::ops::Deref;

use super::ByteString;
use crate::exception::PyResult;
use crate::heap::inline::Tuple;
use crate::protocol::buffer::BytesLike;
use crate::text::search::{self, adjust_indices};
use crate::types::searched::{SearchArgs, Searched, bounds};
use crate::value::Ref;
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

/// Searches in byte strings of a type.
pub(super) struct In<T>(PhantomData<T>);

impl<T: ByteString> Searched for In<T> {
    const NOT_FOUND: &'static str = "subsection not found";

    fn position(
        vm: &Thread,
        _method: &str,
        args: SearchArgs<'_>,
        search: impl FnOnce(&[u8], &[u8]) -> Option<usize>,
    ) -> PyResult<Option<usize>> {
        let found = search_in::<T, _>(vm, args, search)?;
        Ok(found.and_then(|(start, found)| Some(start + found?)))
    }

    fn count(vm: &Thread, args: SearchArgs<'_>) -> PyResult<usize> {
        Ok(search_in::<T, _>(vm, args, search::count)?.map_or(0, |(_, count)| count))
    }

    fn has_affix(
        vm: &Thread,
        method: &str,
        (this, affix, start, end): SearchArgs<'_>,
        test: impl Fn(&[u8], &[u8]) -> bool,
    ) -> PyResult<bool> {
        let (start, end) = bounds(vm, start, end)?;
        let has = |affix: Ref<'_>| {
            let affix = vm.bytes_like(affix)?;
            let bytes = T::read(this);
            let range = adjust_indices(start, end, bytes.len());
            Ok(range.is_some_and(|range| test(&bytes[range], &affix)))
        };
        let Some(affixes) = affix.downcast::<Tuple>() else {
            if vm.exports_buffer(affix) {
                return has(affix);
            }
            let got = vm.type_name(affix);
            return Err(vm.type_error(format_args!(
                "{method} first arg must be bytes or a tuple of bytes, not {got}"
            )));
        };
        for affix in affixes.as_slice() {
            if has(affix.borrow())? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

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

/// `part in bytes`
pub(crate) fn contains<T: ByteString>(vm: &Thread, this: Ref<'_>, part: Ref<'_>) -> PyResult<bool> {
    if vm.is_index(part) {
        match super::byte(vm, part) {
            Ok(byte) => return Ok(search::contains(&T::read(this), &[byte])),
            // What is no byte is an index all the same.
            Err(raised) if raised.is(&vm.exceptions().ValueError) => return Err(raised),
            // What only seems to be an index may still be a buffer.
            Err(_) => {}
        }
    }
    let part = vm.bytes_like(part)?;
    Ok(search::contains(&T::read(this), &part))
}
