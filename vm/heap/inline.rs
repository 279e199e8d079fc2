//! Immutable objects of variable size, with their items behind the payload: str, bytes, tuple, big int digits excepted.
//!
//! # Safety model
//!
//! The items are written once, before anybody else sees the object, and never change while it is shared; so a slice of
//! them may be borrowed for as long as the object is. The one exception is [`append_in_place`], which demands the only
//! reference there is.
#![expect(unsafe_code, reason = "data behind the payload")]

use std::cell::Cell;
use std::mem::ManuallyDrop;
use std::ptr;

use super::object::{Header, Kind, Payload, flag};
use super::writer::{Writer, copy, write_all};
use super::{Trace, Visitor, instance, payload};
use crate::exception::PyResult;
use crate::text::index::IndexTable;
use crate::text::output::Output;
use crate::text::wtf8::Text;
use crate::untraced;
use crate::value::{Owned, Ref, Value};
use crate::vm::Thread;

crate::payload! {
    /// A str: generalised UTF-8. `chars == bytes` says that it is ASCII; otherwise a word with the index table, made
    /// when the string is first indexed, lies before the bytes. The header's `LAYOUT_BIT` marks surrogates.
    pub struct Str: Str {
        hash: Cell<i64>,
        bytes: u32,
        chars: u32,
    }

    /// A bytes object.
    pub struct Bytes: Bytes {
        hash: Cell<i64>,
        len: usize,
    }

    /// A tuple.
    pub struct Tuple: Tuple {
        /// Owned values behind the payload.
        items: TupleItems,
    }
}

/// The longest string that is counted through when it is indexed, instead of getting an index table.
const UNINDEXED: usize = 128;

/// The header flag of strings with surrogates.
const HAS_SURROGATES: u8 = flag::LAYOUT_BIT;

impl Str {
    /// The payload of the empty str, which has nothing behind it.
    const fn empty() -> Self {
        Self { hash: Cell::new(0), bytes: 0, chars: 0 }
    }

    /// The text.
    #[inline]
    pub fn text(&self) -> Text<'_> {
        Text::trusted(self.as_bytes())
    }

    /// The bytes of its generalised UTF-8.
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        // SAFETY: `bytes` bytes lie at `data`, written when the object was made.
        unsafe { std::slice::from_raw_parts(self.data(), self.bytes as usize) }
    }

    /// The text as a Rust `str`, unless it has surrogates.
    #[inline]
    pub fn as_str(&self) -> Option<&str> {
        // SAFETY: without surrogates, generalised UTF-8 is UTF-8.
        (!self.has_surrogates()).then(|| unsafe { std::str::from_utf8_unchecked(self.as_bytes()) })
    }

    /// The text as a Rust `str`, surrogates shown as U+FFFD: for messages.
    pub fn to_string_lossy(&self) -> std::borrow::Cow<'_, str> {
        match self.as_str() {
            Some(text) => text.into(),
            None => {
                self.text().code_points().map(|code| char::from_u32(code).unwrap_or('\u{fffd}')).collect()
            }
        }
    }

    /// Its length in characters.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.chars as usize
    }

    /// Whether it is `''`.
    pub fn is_empty(&self) -> bool {
        self.bytes == 0
    }

    /// Whether it is all ASCII.
    #[inline(always)]
    pub fn is_ascii(&self) -> bool {
        self.chars == self.bytes
    }

    /// Whether it contains surrogates.
    #[inline]
    pub fn has_surrogates(&self) -> bool {
        self.header().has(HAS_SURROGATES)
    }

    /// The cached hash; 0 while it has not been computed.
    #[inline(always)]
    pub(crate) fn cached_hash(&self) -> i64 {
        self.hash.get()
    }

    pub(crate) fn set_hash(&self, hash: i64) {
        self.hash.set(hash);
    }

    /// Byte offset of a character index up to `len`.
    pub fn offset(&self, index: usize) -> usize {
        if self.is_ascii() {
            return index;
        }
        if self.len() <= UNINDEXED {
            return self.text().offset_of(index);
        }
        self.table().offset_of(self.text(), index)
    }

    /// The index of the character at a byte offset.
    pub fn index(&self, offset: usize) -> usize {
        if self.is_ascii() {
            return offset;
        }
        if self.len() <= UNINDEXED {
            return self.text().index_of(offset);
        }
        self.table().index_of(self.text(), offset)
    }

    /// The index table of a string that is not ASCII, made when it is first asked for.
    fn table(&self) -> &IndexTable {
        let word: *mut *mut IndexTable = ptr::from_ref(self).wrapping_add(1).cast_mut().cast();
        // SAFETY: a non-ASCII string has this word: null, or a boxed table that belongs to the string.
        unsafe {
            if (*word).is_null() {
                *word = Box::into_raw(Box::new(IndexTable::new(self.text())));
            }
            &**word
        }
    }

    /// Bytes that lie behind the payload.
    pub(super) fn data_size(&self) -> usize {
        self.bytes as usize + if self.is_ascii() { 0 } else { 8 }
    }

    fn data(&self) -> *const u8 {
        ptr::from_ref(self).wrapping_add(1).cast::<u8>().wrapping_add(if self.is_ascii() { 0 } else { 8 })
    }

    fn header(&self) -> &Header {
        // SAFETY: a payload lies behind its header.
        unsafe { &*ptr::from_ref(self).cast::<Header>().sub(1) }
    }
}

impl Drop for Str {
    fn drop(&mut self) {
        // SAFETY: nobody looks at the index afterwards.
        unsafe { drop_index(self) };
    }
}

/// Drops the index table of a str, if there is one; it is made anew when it is needed.
///
/// # Safety
/// The str is the caller's alone.
#[inline]
unsafe fn drop_index(str: *mut Str) {
    // SAFETY: as in `Str::offset`.
    unsafe {
        if (*str).is_ascii() {
            return;
        }
        let word: *mut *mut IndexTable = str.add(1).cast();
        if !(*word).is_null() {
            drop(Box::from_raw(*word));
            *word = ptr::null_mut();
        }
    }
}

impl Bytes {
    /// The bytes.
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        // SAFETY: `len` bytes lie behind the payload, written when the object was made.
        unsafe { std::slice::from_raw_parts(ptr::from_ref(self).add(1).cast(), self.len) }
    }

    /// The cached hash; 0 while it has not been computed.
    pub(crate) fn cached_hash(&self) -> i64 {
        self.hash.get()
    }

    pub(crate) fn set_hash(&self, hash: i64) {
        self.hash.set(hash);
    }
}

/// The items of a tuple: a length, and that many owned values behind it.
#[repr(C)]
pub(crate) struct TupleItems {
    len: usize,
}

impl TupleItems {
    #[inline(always)]
    fn values(&self) -> *const Value {
        ptr::from_ref(self).wrapping_add(1).cast()
    }
}

impl Trace for TupleItems {
    fn trace(&self, visitor: &mut Visitor<'_>) {
        for index in 0..self.len {
            // SAFETY: `len` values lie behind the length.
            visitor.value(unsafe { *self.values().add(index) });
        }
    }
}

impl Drop for TupleItems {
    fn drop(&mut self) {
        for index in (0..self.len).rev() {
            // SAFETY: each value was owned by the tuple, which ends.
            unsafe { (*self.values().add(index)).release() };
        }
    }
}

impl Tuple {
    /// The items.
    #[inline(always)]
    pub fn as_slice(&self) -> &[Owned] {
        // SAFETY: `Owned` is transparent around `Value`, the items are owned, and never change.
        unsafe { std::slice::from_raw_parts(self.items.values().cast(), self.items.len) }
    }

    /// How many items.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.items.len
    }

    /// Whether it is `()`.
    pub fn is_empty(&self) -> bool {
        self.items.len == 0
    }

    /// Borrows an item.
    #[inline(always)]
    pub fn get(&self, index: usize) -> Option<Ref<'_>> {
        self.as_slice().get(index).map(Owned::borrow)
    }
}

impl Thread {
    /// The concatenation of two strs, which reuses the first one's memory if nobody else holds it: `s += t` in a loop
    /// then costs what it appends, on the average. `Err` gives the first str back where that is not possible, or no memory
    /// is there.
    pub(crate) fn append_str(&self, target: Owned, tail: &Str) -> Result<Owned, Owned> {
        let Some(header) = target.borrow().header() else { return Err(target) };
        let unique = header.is_exact(Kind::Str)
            && header.references() == 1
            && !header.has(flag::INTERNED | flag::WEAKLY_REFERENCED);
        let head: &Str = match target.borrow().downcast::<Str>() {
            // The word before the bytes is there already, or not needed.
            Some(head) if unique && (tail.is_ascii() || !head.is_ascii()) => head,
            _ => return Err(target),
        };
        let (old, added) = (head.bytes as usize, tail.bytes as usize);
        let Ok(len) = u32::try_from(old + added) else { return Err(target) };
        let gap = head.data_size() - old;
        let needed = size_of::<Header>() + size_of::<Str>() + gap + len as usize;
        let surrogates = tail.has_surrogates();
        // SAFETY: nobody else sees the object while it changes; the tail is another one.
        unsafe {
            let object = target.value().header().cast_mut();
            if needed <= super::page::capacity(object) {
                let str = object.add(1).cast::<Str>();
                drop_index(str);
                let data = str.add(1).cast::<u8>().add(gap);
                copy(tail.as_bytes().as_ptr(), data.add(old), added);
                (*str).chars += tail.chars;
                (*str).bytes = len;
                (*str).hash.set(0);
                if surrogates {
                    (*object).set(HAS_SURROGATES);
                }
                return Ok(target);
            }
        }
        self.grown_str(head, tail, len).ok_or(target)
    }

    /// The concatenation of two strs, both ASCII or the first one not, with room for more.
    #[cold]
    fn grown_str(&self, head: &Str, tail: &Str, len: u32) -> Option<Owned> {
        let gap = head.data_size() - head.bytes as usize;
        let room = gap + len as usize + len as usize / 4 + 16;
        // SAFETY: the index word and all bytes are written before anybody sees the object; the rest is room. Until there is
        // memory behind it, the payload is an empty one.
        unsafe {
            let object = self.heap().allocate(self.shape_of_kind(Kind::Str), Str::empty(), room)?;
            let header = object.value().header().cast_mut();
            let payload = header.add(1).cast::<Str>();
            let data = payload.add(1).cast::<u8>();
            if gap != 0 {
                data.cast::<*mut IndexTable>().write(ptr::null_mut());
            }
            let (head_len, tail_len) = (head.bytes as usize, tail.bytes as usize);
            ptr::copy_nonoverlapping(head.as_bytes().as_ptr(), data.add(gap), head_len);
            ptr::copy_nonoverlapping(tail.as_bytes().as_ptr(), data.add(gap + head_len), tail_len);
            (*payload).bytes = len;
            (*payload).chars = head.chars + tail.chars;
            if head.has_surrogates() || tail.has_surrogates() {
                (*header).set(HAS_SURROGATES);
            }
            Some(object)
        }
    }

    /// A str of generalised UTF-8, which the caller knows to be valid, of so many characters.
    #[inline]
    pub(crate) fn new_str_raw(&self, bytes: &[u8], chars: usize, has_surrogates: bool) -> PyResult {
        self.write_str(bytes.len(), chars, has_surrogates, |out| out.extend_from_slice(bytes))
    }

    /// A str whose `len` bytes a function writes: generalised UTF-8 of so many characters.
    pub(crate) fn write_str(
        &self,
        len: usize,
        chars: usize,
        has_surrogates: bool,
        fill: impl FnOnce(&mut Writer<'_>),
    ) -> PyResult {
        let (Ok(bytes), Ok(chars)) = (u32::try_from(len), u32::try_from(chars)) else {
            return Err(self.memory_error());
        };
        let gap = if bytes == chars { 0 } else { 8 };
        // SAFETY: the index word and all bytes are written before anybody sees the object. Until there is memory behind it, the
        // payload is an empty one, and again while the bytes are written.
        unsafe {
            let shape = self.shape_of_kind(Kind::Str);
            let Some(object) = self.heap().allocate(shape, Str::empty(), gap + len) else {
                return Err(self.memory_error());
            };
            let header = object.value().header().cast_mut();
            let payload = header.add(1).cast::<Str>();
            let data = payload.add(1).cast::<u8>();
            if gap != 0 {
                data.cast::<*mut IndexTable>().write(ptr::null_mut());
            }
            write_all(data.add(gap), len, fill);
            (*payload).bytes = bytes;
            (*payload).chars = chars;
            if has_surrogates {
                (*header).set(HAS_SURROGATES);
            }
            Ok(object)
        }
    }

    /// A str of a class that derives from `str`, with the same text as another.
    pub(crate) fn str_of_class(&self, class: Ref<'_>, text: &Str) -> PyResult {
        let gap = if text.is_ascii() { 0 } else { 8 };
        instance::allocate_with(self, class, Str::empty(), text.data_size(), |object| {
            // SAFETY: there is room for the index word and the bytes behind the payload.
            unsafe {
                let payload = object.add(1).cast::<Str>();
                payload.write(Str { hash: text.hash.clone(), bytes: text.bytes, chars: text.chars });
                let data = payload.add(1).cast::<u8>();
                if gap != 0 {
                    data.cast::<*mut IndexTable>().write(ptr::null_mut());
                }
                ptr::copy_nonoverlapping(text.as_bytes().as_ptr(), data.add(gap), text.bytes as usize);
                if text.has_surrogates() {
                    (*object).set(HAS_SURROGATES);
                }
            }
        })
    }

    /// A bytes object.
    #[inline]
    pub fn bytes(&self, bytes: &[u8]) -> PyResult {
        if bytes.is_empty() {
            return Ok(crate::types::bytes::empty(self));
        }
        self.write_bytes(bytes.len(), |out| out.extend_from_slice(bytes))
    }

    /// A bytes object of `len` zeros that `fill` may change.
    pub fn new_bytes_with(&self, len: usize, fill: impl FnOnce(&mut [u8])) -> PyResult {
        self.write_bytes(len, |out| fill(out.zeros(len)))
    }

    /// A bytes object whose `len` bytes a function writes.
    pub(crate) fn write_bytes(&self, len: usize, fill: impl FnOnce(&mut Writer<'_>)) -> PyResult {
        if len > isize::MAX as usize - 64 {
            return Err(self.overflow_error("byte string is too large"));
        }
        // SAFETY: all bytes are written before anybody sees the object.
        unsafe {
            let shape = self.shape_of_kind(Kind::Bytes);
            let Some(object) = self.heap().allocate(shape, Bytes { hash: Cell::new(0), len }, len) else {
                return Err(self.memory_error());
            };
            let data = object.value().header().cast_mut().add(1).cast::<u8>().add(size_of::<Bytes>());
            write_all(data, len, fill);
            Ok(object)
        }
    }

    /// A bytes object of a class that derives from `bytes`.
    pub(crate) fn bytes_of_class(&self, class: Ref<'_>, bytes: &[u8]) -> PyResult {
        let payload = Bytes { hash: Cell::new(0), len: bytes.len() };
        instance::allocate_with(self, class, payload, bytes.len(), |object| {
            // SAFETY: there is room for the bytes behind the payload.
            unsafe {
                let data = object.add(1).cast::<u8>().add(size_of::<Bytes>());
                ptr::copy_nonoverlapping(bytes.as_ptr(), data, bytes.len());
            }
        })
    }

    /// A tuple of these items.
    pub fn tuple(&self, items: Vec<Owned>) -> PyResult {
        if items.is_empty() {
            return Ok(self.empty_tuple());
        }
        let len = items.len();
        // SAFETY: the items move behind the length; the vector forgets them.
        unsafe {
            let object = self.tuple_uninitialised(len)?;
            let data = tuple_data(object.value());
            for (index, item) in items.into_iter().enumerate() {
                data.add(index).write(item.into_value());
            }
            Ok(object)
        }
    }

    /// The empty tuple, for the interpreter to keep.
    pub(crate) fn new_empty_tuple(&self) -> PyResult {
        // SAFETY: there are no slots to write.
        unsafe { self.tuple_uninitialised(0) }
    }

    /// A tuple of other owners of these values.
    pub fn tuple_of(&self, items: &[Ref<'_>]) -> PyResult {
        if items.is_empty() {
            return Ok(self.empty_tuple());
        }
        // SAFETY: each slot gets an owned value before anybody sees the object.
        unsafe {
            let object = self.tuple_uninitialised(items.len())?;
            let data = tuple_data(object.value());
            for (index, item) in items.iter().enumerate() {
                data.add(index).write(item.own().into_value());
            }
            Ok(object)
        }
    }

    /// A tuple of `len` items, which a function that runs no Python gives one by one.
    pub fn tuple_from(&self, len: usize, mut item: impl FnMut(usize) -> Owned) -> PyResult {
        if len == 0 {
            return Ok(self.empty_tuple());
        }
        // SAFETY: each slot gets an owned value before anybody sees the object; should the function panic, the object leaks.
        unsafe {
            let object = ManuallyDrop::new(self.tuple_uninitialised(len)?);
            let data = tuple_data(object.value());
            for index in 0..len {
                data.add(index).write(item(index).into_value());
            }
            Ok(ManuallyDrop::into_inner(object))
        }
    }

    /// A tuple of so many items, at least one.
    #[inline]
    pub fn tuple_array<const N: usize>(&self, items: [Owned; N]) -> PyResult {
        // SAFETY: each slot gets an owned value before anybody sees the object.
        unsafe {
            let object = self.tuple_uninitialised(N)?;
            let data = tuple_data(object.value());
            for (index, item) in items.into_iter().enumerate() {
                data.add(index).write(item.into_value());
            }
            Ok(object)
        }
    }

    /// A tuple of a class that derives from `tuple`, of other owners of these items.
    pub fn tuple_of_class(&self, class: Ref<'_>, items: &[Owned]) -> PyResult {
        let payload = Tuple { items: TupleItems { len: 0 } };
        instance::allocate_with(self, class, payload, size_of_val(items), |object| {
            // SAFETY: the payload has been written, with no items.
            unsafe { (*object.add(1).cast::<Tuple>()).items.len = items.len() };
            let data = tuple_data(Value::from_header(object));
            for (index, item) in items.iter().enumerate() {
                // SAFETY: there is room for the items behind the payload; each slot gets an owned value.
                unsafe { data.add(index).write(item.clone().into_value()) };
            }
        })
    }

    /// A tuple whose `len` slots are uninitialised.
    ///
    /// # Safety
    /// The caller writes an owned value to each slot before the tuple is seen or dropped.
    pub(crate) unsafe fn tuple_uninitialised(&self, len: usize) -> PyResult {
        if len > isize::MAX as usize / 16 {
            return Err(self.memory_error());
        }
        let payload = Tuple { items: TupleItems { len: 0 } };
        // SAFETY: the caller's. The payload has items only when there is memory behind it.
        unsafe {
            let Some(object) = self.heap().allocate(self.shape_of_kind(Kind::Tuple), payload, len * 8) else {
                return Err(self.memory_error());
            };
            (*object.value().header().cast_mut().add(1).cast::<Tuple>()).items.len = len;
            Ok(object)
        }
    }
}

/// Where a tuple's items are.
pub(crate) fn tuple_data(tuple: Value) -> *mut Value {
    payload::<Tuple>(tuple.header()).wrapping_add(1).cast_mut().cast()
}

untraced!(Header);

/// Checks that the payloads have the sizes that the layout of data behind them relies on.
const _: () = assert!(size_of::<Str>() == 16 && size_of::<Bytes>() == 16 && size_of::<Tuple>() == 8);

const _: () = assert!(<Tuple as Payload>::TRACED && !<Str as Payload>::TRACED);
