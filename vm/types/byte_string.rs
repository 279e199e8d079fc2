//! What `bytes` and `bytearray` have in common: nearly all of their methods.
//!
//! [`ByteString`] tells how to read one and how to make one; the methods are generic over it, and [`methods`] is their table.
//! A method converts its arguments first, which may run Python; only then does it look at the bytes. The algorithms are in
//! [`crate::text`].

mod change;
mod make;
mod pad;
mod predicate;
mod search;
mod split;

use std::ops::Deref;

use crate::exception::{PyResult, Raised};
use crate::heap::Writer;
use crate::native::*;
use crate::protocol::sequence::{SliceRange, index_of};
use crate::text::index::extended_slice_bytes;
use crate::text::output::{Output, repeat as push_repeated};
use crate::types::searched;
use crate::types::slice::Slice;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

pub(crate) use make::{Source, byte, decode, extend_with_ints, hex_arguments, hex_of, source};
pub(crate) use search::contains;

/// A type of byte strings.
pub(crate) trait ByteString: 'static {
    /// The bytes, while somebody looks at them.
    type Reading<'a>: Deref<Target = [u8]>;

    /// Whether the bytes never change, so that one object may stand in for an equal one.
    const IMMUTABLE: bool;

    /// What errors say of an index that is out of range.
    const OUT_OF_RANGE: &'static str;

    /// What the indices in errors are indices of.
    const INDEXED: &'static str;

    /// The error for a repetition that no object could hold.
    fn too_long(vm: &Thread) -> Raised;

    /// The bytes of a receiver. Nothing may run Python while the result is there.
    fn read(this: Ref<'_>) -> Self::Reading<'_>;

    /// A new object whose bytes a function writes.
    fn write(vm: &Thread, len: usize, fill: impl FnOnce(&mut Writer<'_>)) -> PyResult;

    /// What a method returns that has nothing to change: the object itself, if it can be shared.
    fn unchanged(vm: &Thread, this: Ref<'_>) -> PyResult;

    /// A new object with these bytes.
    fn make(vm: &Thread, bytes: &[u8]) -> PyResult {
        Self::write(vm, bytes.len(), |out| out.extend_from_slice(bytes))
    }
}

/// The methods of a type of byte strings that the other one has as well.
pub(crate) const fn methods<T: ByteString>() -> [MethodDef; 42] {
    [
        method(
            "capitalize($self, /)",
            One(change::capitalize::<T>),
            "The first byte in upper case, the others in lower case.",
        ),
        method(
            "center($self, width, fillchar=b' ', /)",
            TwoOpt(pad::center::<T>),
            "The bytes in the middle of so many.",
        ),
        method(
            "count($self, sub[, start[, end]], /)",
            TwoOpt2(searched::count::<search::In<T>>),
            "How often a part, or a byte given as an int, occurs in b[start:end], without overlap.",
        ),
        method(
            "decode($self, /, encoding='utf-8', errors='strict')",
            OneOpt2(decode),
            "The text that the bytes are in an encoding.\n\n\
             What cannot be decoded goes to an error handler: 'strict', 'ignore', 'replace' or another one that the\n\
             module codecs knows.",
        ),
        method(
            "endswith($self, suffix[, start[, end]], /)",
            TwoOpt2(searched::endswith::<search::In<T>>),
            "Whether b[start:end] ends with a suffix, or with one of a tuple of suffixes.",
        ),
        method(
            "expandtabs($self, /, tabsize=8)",
            OneOpt(pad::expandtabs::<T>),
            "The bytes with spaces in place of tabs, up to the next multiple of the tab size.",
        ),
        method(
            "find($self, sub[, start[, end]], /)",
            TwoOpt2(searched::find::<search::In<T>>),
            "The lowest index in b[start:end] where a part, or a byte given as an int, starts, or -1.",
        ),
        class_method(
            "fromhex($type, string, /)",
            Two(make::fromhex::<T>),
            "The bytes that pairs of hexadecimal digits stand for; white space between the pairs is skipped.",
        ),
        method(
            "hex($self, /, sep=<unrepresentable>, bytes_per_sep=1)",
            OneOpt2(make::hex::<T>),
            "The bytes as hexadecimal digits.\n\n\
             A separator goes between groups of bytes_per_sep bytes, which are counted from the right, or from the left\n\
             where the number is negative.",
        ),
        method(
            "index($self, sub[, start[, end]], /)",
            TwoOpt2(searched::index::<search::In<T>>),
            "The lowest index in b[start:end] where a part, or a byte given as an int, starts.\n\n\
             Raises ValueError if there is none.",
        ),
        method(
            "isalnum($self, /)",
            One(predicate::isalnum::<T>),
            "Whether there are bytes, all ASCII letters or digits.",
        ),
        method(
            "isalpha($self, /)",
            One(predicate::isalpha::<T>),
            "Whether there are bytes, all ASCII letters.",
        ),
        method("isascii($self, /)", One(predicate::isascii::<T>), "Whether all bytes are ASCII."),
        method(
            "isdigit($self, /)",
            One(predicate::isdigit::<T>),
            "Whether there are bytes, all ASCII digits.",
        ),
        method(
            "islower($self, /)",
            One(predicate::islower::<T>),
            "Whether there are ASCII letters, all in lower case.",
        ),
        method(
            "isspace($self, /)",
            One(predicate::isspace::<T>),
            "Whether there are bytes, all ASCII white space.",
        ),
        method(
            "istitle($self, /)",
            One(predicate::istitle::<T>),
            "Whether there are words, each in title case.",
        ),
        method(
            "isupper($self, /)",
            One(predicate::isupper::<T>),
            "Whether there are ASCII letters, all in upper case.",
        ),
        method(
            "join($self, iterable_of_bytes, /)",
            Two(split::join::<T>),
            "The bytes-like objects of an iterable, with the bytes between them.",
        ),
        method(
            "ljust($self, width, fillchar=b' ', /)",
            TwoOpt(pad::ljust::<T>),
            "The bytes, filled up on the right.",
        ),
        method("lower($self, /)", One(change::lower::<T>), "The bytes with ASCII letters in lower case."),
        method(
            "lstrip($self, bytes=None, /)",
            OneOpt(change::lstrip::<T>),
            "The bytes without ASCII white space, or the given bytes, at the start.",
        ),
        static_method(
            "maketrans(frm, to, /)",
            Two(make::maketrans),
            "A table for translate(): the bytes of the first argument become those of the second.",
        ),
        method(
            "partition($self, sep, /)",
            Two(split::partition::<T>),
            "What precedes the first separator, the separator, and what follows it.\n\n\
             Without a separator: all the bytes, and twice none.",
        ),
        method(
            "replace($self, old, new, count=-1, /)",
            ThreeOpt(change::replace::<T>),
            "The bytes with all occurrences of a part replaced, or the first of them where a count is given.",
        ),
        method(
            "removeprefix($self, prefix, /)",
            Two(change::removeprefix::<T>),
            "The bytes without a prefix, if they have it.",
        ),
        method(
            "removesuffix($self, suffix, /)",
            Two(change::removesuffix::<T>),
            "The bytes without a suffix, if they have it.",
        ),
        method(
            "rfind($self, sub[, start[, end]], /)",
            TwoOpt2(searched::rfind::<search::In<T>>),
            "The highest index in b[start:end] where a part, or a byte given as an int, starts, or -1.",
        ),
        method(
            "rindex($self, sub[, start[, end]], /)",
            TwoOpt2(searched::rindex::<search::In<T>>),
            "The highest index in b[start:end] where a part, or a byte given as an int, starts.\n\n\
             Raises ValueError if there is none.",
        ),
        method(
            "rjust($self, width, fillchar=b' ', /)",
            TwoOpt(pad::rjust::<T>),
            "The bytes, filled up on the left.",
        ),
        method(
            "rpartition($self, sep, /)",
            Two(split::rpartition::<T>),
            "What precedes the last separator, the separator, and what follows it.\n\n\
             Without a separator: twice no bytes, and all of them.",
        ),
        method(
            "rsplit($self, /, sep=None, maxsplit=-1)",
            OneOpt2(split::rsplit::<T>),
            "The parts between separators, as a list; where maxsplit limits the splits, they are made from the right.",
        ),
        method(
            "rstrip($self, bytes=None, /)",
            OneOpt(change::rstrip::<T>),
            "The bytes without ASCII white space, or the given bytes, at the end.",
        ),
        method(
            "split($self, /, sep=None, maxsplit=-1)",
            OneOpt2(split::split::<T>),
            "The parts between separators, as a list.\n\n\
             Without a separator, stretches of ASCII white space separate, and empty parts are left out. At most maxsplit\n\
             splits are made, from the left; -1 is no limit.",
        ),
        method(
            "splitlines($self, /, keepends=False)",
            OneOpt(split::splitlines::<T>),
            "The lines, as a list, with their ends if that is wished.",
        ),
        method(
            "startswith($self, prefix[, start[, end]], /)",
            TwoOpt2(searched::startswith::<search::In<T>>),
            "Whether b[start:end] starts with a prefix, or with one of a tuple of prefixes.",
        ),
        method(
            "strip($self, bytes=None, /)",
            OneOpt(change::strip::<T>),
            "The bytes without ASCII white space, or the given bytes, at either end.",
        ),
        method(
            "swapcase($self, /)",
            One(change::swapcase::<T>),
            "The bytes with upper and lower case of ASCII letters exchanged.",
        ),
        method(
            "title($self, /)",
            One(change::title::<T>),
            "Each word with an initial in upper case, and the rest in lower case.",
        ),
        method(
            "translate($self, table, /, delete=b'')",
            TwoOpt(change::translate::<T>),
            "Each byte replaced by what a table of 256 bytes has for it, None for no table; bytes to delete go first.",
        ),
        method("upper($self, /)", One(change::upper::<T>), "The bytes with ASCII letters in upper case."),
        method(
            "zfill($self, width, /)",
            Two(pad::zfill::<T>),
            "The bytes filled up on the left with zeros, which go behind a sign.",
        ),
    ]
}

/// Two tables in one.
pub(crate) const fn concat_methods<const A: usize, const B: usize, const BOTH: usize>(
    first: [MethodDef; A],
    second: [MethodDef; B],
) -> [MethodDef; BOTH] {
    assert!(A + B == BOTH, "the result has the rows of both");
    let mut rows = [if A > 0 { first[0] } else { second[0] }; BOTH];
    let mut row = 0;
    while row < BOTH {
        rows[row] = if row < A { first[row] } else { second[row - A] };
        row += 1;
    }
    rows
}

// ---- as a sequence ----

/// The part in a range, or what stands for all of it.
fn part<T: ByteString>(vm: &Thread, this: Ref<'_>, range: std::ops::Range<usize>) -> PyResult {
    let bytes = T::read(this);
    if range.len() == bytes.len() {
        drop(bytes);
        return T::unchanged(vm, this);
    }
    T::make(vm, &bytes[range])
}

pub(crate) fn len<T: ByteString>(_vm: &Thread, this: Ref<'_>) -> PyResult<usize> {
    Ok(T::read(this).len())
}

pub(crate) fn item<T: ByteString>(vm: &Thread, this: Ref<'_>, index: isize) -> PyResult {
    let byte = usize::try_from(index).ok().and_then(|index| T::read(this).get(index).copied());
    byte.map(|byte| Owned::small_int(byte.into())).ok_or_else(|| out_of_range::<T>(vm))
}

#[cold]
fn out_of_range<T: ByteString>(vm: &Thread) -> Raised {
    vm.index_error(T::OUT_OF_RANGE)
}

/// A key that is an index.
pub(crate) fn index_key<T: ByteString>(vm: &Thread, key: Ref<'_>) -> PyResult<isize> {
    if vm.is_index(key) {
        return vm.to_index(key);
    }
    let (what, got) = (T::INDEXED, vm.type_name(key));
    Err(vm.type_error(format_args!("{what} indices must be integers or slices, not {got}")))
}

pub(crate) fn getitem<T: ByteString>(vm: &Thread, this: Ref<'_>, key: Ref<'_>) -> PyResult {
    if let Some(slice) = key.downcast::<Slice>() {
        let bounds = slice.bounds(vm)?;
        let bytes = T::read(this);
        let SliceRange { start, step, len } = bounds.fit(bytes.len());
        if step == 1 {
            drop(bytes);
            return part::<T>(vm, this, start..start + len);
        }
        return T::write(vm, len, |out| extended_slice_bytes(&bytes, start, step, len, out));
    }
    let index = index_key::<T>(vm, key)?;
    let bytes = T::read(this);
    match index_of(index as i64, bytes.len()) {
        Some(index) => Ok(Owned::small_int(bytes[index].into())),
        None => Err(out_of_range::<T>(vm)),
    }
}

pub(crate) fn concat<T: ByteString>(vm: &Thread, this: Ref<'_>, other: Ref<'_>) -> PyResult {
    let Ok(tail) = vm.bytes_like(other) else {
        let got = vm.type_name(other);
        return Err(vm.type_error(format_args!("can't concat {got} to {}", vm.type_name(this))));
    };
    let head = T::read(this);
    T::write(vm, head.len() + tail.len(), |out| {
        out.extend_from_slice(&head);
        out.extend_from_slice(&tail);
    })
}

pub(crate) fn repeat<T: ByteString>(vm: &Thread, this: Ref<'_>, count: isize) -> PyResult {
    let bytes = T::read(this);
    let count = usize::try_from(count).unwrap_or(0);
    if count == 1 {
        drop(bytes);
        return T::unchanged(vm, this);
    }
    let Some(size) = bytes.len().checked_mul(count).filter(|&size| isize::try_from(size).is_ok()) else {
        return Err(T::too_long(vm));
    };
    T::write(vm, size, |out| push_repeated(&bytes, count.min(size), out))
}

/// `format % arguments`
pub(crate) fn remainder<T: ByteString>(vm: &Thread, format: &[u8], right: Ref<'_>) -> PyResult {
    vm.check_stack()?;
    let mut text = vm.scratch.take();
    let out = text.bytes_mut();
    crate::types::percent::format(vm, crate::format::percent::Flavour::Bytes, format, right, out)?;
    T::make(vm, out)
}
