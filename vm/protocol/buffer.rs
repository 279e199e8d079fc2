//! The buffer protocol: views of an object's memory.
//!
//! An exporter fills in a [`BufferView`]: whose memory it is, and how items lie in it ([`Geometry`]). The view pins the
//! memory for as long as it lives. Safe code never holds a pointer into it: it passes functions, which get the memory as a
//! slice for the time of the call and run no Python code. [`Memory`] is how an exporter calls them.

use std::borrow::Cow;
use std::ops::Deref;

use smallvec::{SmallVec, smallvec};

use crate::exception::PyResult;
use crate::heap::byte_store::Reading;
use crate::heap::inline::Bytes;
use crate::heap::{Kind, Trace, Visitor};
use crate::native::*;
use crate::protocol::slots::GetBuffer;
use crate::types::bytearray::ByteArray;
use crate::types::memoryview::{self, MemoryView};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// What a consumer asks of a view, with CPython's values.
pub mod request {
    /// Plain bytes.
    pub const SIMPLE: u32 = 0;
    /// Memory that can be written.
    pub const WRITABLE: u32 = 1;
    /// Items of any format.
    pub const FORMAT: u32 = 4;
    /// Any number of dimensions.
    pub const ND: u32 = 8;
    /// Items that do not adjoin.
    pub const STRIDES: u32 = 0x10 | ND;
    /// Adjoining items, the last index the fastest.
    pub const C_CONTIGUOUS: u32 = 0x20 | STRIDES;
    /// Adjoining items, the first index the fastest.
    pub const F_CONTIGUOUS: u32 = 0x40 | STRIDES;
    /// Adjoining items in either order.
    pub const ANY_CONTIGUOUS: u32 = 0x80 | STRIDES;
    /// Any layout at all.
    pub const INDIRECT: u32 = 0x100 | STRIDES;
    /// Whatever there is, to be read.
    pub const FULL_RO: u32 = INDIRECT | FORMAT;
}

/// How an exporter gives access to its memory.
pub struct Memory {
    /// Where the memory is.
    pub access: Access,
    /// Ends a view.
    pub release: fn(Ref<'_>),
}

/// Where an exporter's memory is.
pub enum Access {
    /// In the exporter. The functions call the one they are given once.
    Own {
        /// Shows the memory.
        read: fn(Ref<'_>, &mut dyn FnMut(&[u8])),
        /// Lets the memory be changed. Called for views only that are not read-only.
        write: fn(Ref<'_>, &mut dyn FnMut(&mut [u8])),
    },
    /// In another exporter, of which this one has a view.
    Behind(fn(Ref<'_>) -> (Owned, &'static Memory)),
}

/// How items lie in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Geometry {
    /// Where the first item starts.
    pub offset: usize,
    /// Whether the memory must not be changed.
    pub readonly: bool,
    /// The bytes of an item.
    pub itemsize: usize,
    /// What an item is, in the language of the module `struct`.
    pub format: Cow<'static, str>,
    /// The number of items in each dimension.
    pub shape: SmallVec<[usize; 1]>,
    /// Bytes from an item to the next one in each dimension.
    pub strides: SmallVec<[isize; 1]>,
}

impl Geometry {
    /// So many bytes.
    pub fn bytes(len: usize, readonly: bool) -> Self {
        Self::items("B".into(), 1, len, readonly)
    }

    /// So many items in a row.
    pub fn items(format: Cow<'static, str>, itemsize: usize, len: usize, readonly: bool) -> Self {
        let (shape, strides) = (smallvec![len], smallvec![itemsize as isize]);
        Self { offset: 0, readonly, itemsize, format, shape, strides }
    }

    /// How many items there are.
    pub fn count(&self) -> usize {
        self.shape.iter().product()
    }

    /// How many bytes the items have.
    pub fn byte_len(&self) -> usize {
        self.count() * self.itemsize
    }

    /// Whether the items adjoin, the last index the fastest.
    pub fn is_c_contiguous(&self) -> bool {
        self.is_contiguous_in((0..self.shape.len()).rev())
    }

    /// Whether the items adjoin, the first index the fastest.
    pub fn is_f_contiguous(&self) -> bool {
        self.is_contiguous_in(0..self.shape.len())
    }

    /// Whether the items adjoin in either order.
    pub fn is_contiguous(&self) -> bool {
        self.is_c_contiguous() || self.is_f_contiguous()
    }

    /// The same items with the dimensions in the opposite order.
    pub fn transposed(&self) -> Self {
        let mut transposed = self.clone();
        transposed.shape.reverse();
        transposed.strides.reverse();
        transposed
    }

    fn is_contiguous_in(&self, dimensions: impl Iterator<Item = usize>) -> bool {
        if self.count() == 0 {
            return true;
        }
        let mut expected = self.itemsize as isize;
        for dimension in dimensions {
            if self.shape[dimension] > 1 && self.strides[dimension] != expected {
                return false;
            }
            expected *= self.shape[dimension] as isize;
        }
        true
    }

    /// The strides of adjoining items, the last index the fastest.
    pub fn contiguous_strides(shape: &[usize], itemsize: usize) -> SmallVec<[isize; 1]> {
        let mut strides: SmallVec<[isize; 1]> = smallvec![0; shape.len()];
        let mut step = itemsize as isize;
        for (stride, &len) in strides.iter_mut().zip(shape).rev() {
            *stride = step;
            step *= len as isize;
        }
        strides
    }

    /// Calls a function with the offset of each item, the last index the fastest.
    pub fn for_each_offset(&self, mut each: impl FnMut(usize)) {
        self.walk(0, self.offset as isize, &mut each);
    }

    fn walk(&self, dimension: usize, offset: isize, each: &mut impl FnMut(usize)) {
        let Some(&len) = self.shape.get(dimension) else { return each(offset as usize) };
        let stride = self.strides[dimension];
        for index in 0..len {
            self.walk(dimension + 1, offset + index as isize * stride, each);
        }
    }
}

/// A view of an object's memory, which stays where and as large as it is until the view is dropped.
pub struct BufferView {
    exporter: Owned,
    memory: &'static Memory,
    geometry: Geometry,
}

impl BufferView {
    /// A view that the exporter has counted, and whose end it wants to know.
    pub fn new(exporter: Owned, memory: &'static Memory, geometry: Geometry) -> Self {
        Self { exporter, memory, geometry }
    }

    /// The object with the memory.
    pub fn exporter(&self) -> Ref<'_> {
        self.exporter.borrow()
    }

    /// The exporter, and how to reach its memory.
    pub(crate) fn source(&self) -> (Owned, &'static Memory) {
        (self.exporter.clone(), self.memory)
    }

    /// How the items lie.
    pub fn geometry(&self) -> &Geometry {
        &self.geometry
    }

    /// The exporter that has the memory.
    fn innermost(&self) -> (Owned, &'static Memory) {
        let (mut exporter, mut memory) = (self.exporter.clone(), self.memory);
        while let Access::Behind(behind) = memory.access {
            (exporter, memory) = behind(exporter.borrow());
        }
        (exporter, memory)
    }

    /// The same memory, whose items adjoin, as bytes in one dimension.
    #[must_use]
    pub fn flattened(mut self) -> Self {
        let Geometry { offset, readonly, .. } = self.geometry;
        self.geometry = Geometry { offset, ..Geometry::bytes(self.geometry.byte_len(), readonly) };
        self
    }

    /// Shows the exporter's memory, which a geometry's offset counts from, to a function that runs no Python code.
    pub fn read_all<R>(&self, read: impl FnOnce(&[u8]) -> R) -> R {
        let (exporter, memory) = self.innermost();
        let (mut read, mut result) = (Some(read), None);
        if let Access::Own { read: show, .. } = memory.access {
            show(exporter.borrow(), &mut |memory| result = read.take().map(|read| read(memory)));
        }
        result.expect("an exporter calls the function")
    }

    /// Lets the exporter's memory be changed by a function that runs no Python code.
    pub fn write_all<R>(&self, write: impl FnOnce(&mut [u8]) -> R) -> R {
        assert!(!self.geometry.readonly, "a view of memory that can be written");
        let (exporter, memory) = self.innermost();
        let (mut write, mut result) = (Some(write), None);
        if let Access::Own { write: show, .. } = memory.access {
            show(exporter.borrow(), &mut |memory| result = write.take().map(|write| write(memory)));
        }
        result.expect("an exporter calls the function")
    }

    /// Shows the bytes of items that adjoin.
    pub fn read<R>(&self, read: impl FnOnce(&[u8]) -> R) -> R {
        let start = self.geometry.offset;
        self.read_all(|memory| read(&memory[start..start + self.geometry.byte_len()]))
    }

    /// Lets the bytes of items that adjoin be changed.
    pub fn write<R>(&self, write: impl FnOnce(&mut [u8]) -> R) -> R {
        let start = self.geometry.offset;
        self.write_all(|memory| write(&mut memory[start..start + self.geometry.byte_len()]))
    }

    /// A copy of the items' bytes, the last index the fastest.
    pub fn to_vec(&self, vm: &Thread) -> PyResult<Vec<u8>> {
        self.read_all(|memory| gather(vm, memory, &self.geometry))
    }
}

impl std::fmt::Debug for BufferView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { exporter, memory: _, geometry } = self;
        f.debug_struct("BufferView")
            .field("exporter", exporter)
            .field("geometry", geometry)
            .finish_non_exhaustive()
    }
}

impl Drop for BufferView {
    fn drop(&mut self) {
        (self.memory.release)(self.exporter.borrow());
    }
}

impl Trace for BufferView {
    fn trace(&self, visitor: &mut Visitor<'_>) {
        self.exporter.trace(visitor);
    }
}

/// The bytes of a bytes-like object.
pub enum BytesLike<'a> {
    /// They never change.
    Borrowed(&'a [u8]),
    /// Nobody changes them meanwhile.
    Locked(Reading<'a>),
    /// They are a copy.
    Copied(Vec<u8>),
}

impl Deref for BytesLike<'_> {
    type Target = [u8];

    #[inline]
    fn deref(&self) -> &[u8] {
        match self {
            Self::Borrowed(bytes) => bytes,
            Self::Locked(reading) => reading,
            Self::Copied(copy) => copy,
        }
    }
}

/// The bytes of items, one after the other, the last index the fastest.
pub(crate) fn gather(vm: &Thread, memory: &[u8], geometry: &Geometry) -> PyResult<Vec<u8>> {
    let mut bytes = vm.vec(geometry.byte_len())?;
    if geometry.is_c_contiguous() {
        bytes.extend_from_slice(&memory[geometry.offset..][..geometry.byte_len()]);
    } else {
        geometry.for_each_offset(|at| bytes.extend_from_slice(&memory[at..at + geometry.itemsize]));
    }
    Ok(bytes)
}

impl Thread {
    /// A view of an object's memory, as [`request`] says.
    pub fn get_buffer(&self, object: Ref<'_>, flags: u32) -> PyResult<BufferView> {
        match self.slots(object).buffer.get() {
            Some(buffer) => buffer(self, object, flags),
            None => {
                let got = self.type_name(object);
                Err(self.type_error(format_args!("a bytes-like object is required, not '{got}'")))
            }
        }
    }

    /// Whether the object shows its memory: it is bytes-like.
    pub fn exports_buffer(&self, object: Ref<'_>) -> bool {
        self.slots(object).buffer.get().is_some()
    }

    /// Shows the bytes of a bytes-like object to a function, which runs no Python code.
    #[inline]
    pub fn with_bytes_like<R>(&self, object: Ref<'_>, read: impl FnOnce(&[u8]) -> R) -> PyResult<R> {
        if object.is_exact(Kind::Bytes)
            && let Some(bytes) = object.downcast::<Bytes>()
        {
            return Ok(read(bytes.as_bytes()));
        }
        if object.is_exact(Kind::ByteArray)
            && let Some(array) = object.downcast::<ByteArray>()
        {
            return Ok(array.bytes.read(read));
        }
        Ok(self.get_buffer(object, request::SIMPLE)?.read(read))
    }

    /// The bytes of a bytes-like object: where they lie, if it is exactly of class bytes or bytearray, otherwise a copy. No
    /// Python code runs while the result is there.
    #[inline]
    pub fn bytes_like<'a>(&self, object: Ref<'a>) -> PyResult<BytesLike<'a>> {
        if object.is_exact(Kind::Bytes)
            && let Some(bytes) = object.downcast::<Bytes>()
        {
            return Ok(BytesLike::Borrowed(bytes.as_bytes()));
        }
        if object.is_exact(Kind::ByteArray)
            && let Some(array) = object.downcast::<ByteArray>()
        {
            return Ok(BytesLike::Locked(array.bytes.lock()));
        }
        self.copy_bytes_like(object).map(BytesLike::Copied)
    }

    /// The bytes of a bytes object where they lie, or a copy of those of another bytes-like object. They do not change, and
    /// nothing is locked.
    pub fn bytes_copied<'a>(&self, object: Ref<'a>) -> PyResult<Cow<'a, [u8]>> {
        if object.is_exact(Kind::Bytes)
            && let Some(bytes) = object.downcast::<Bytes>()
        {
            return Ok(Cow::Borrowed(bytes.as_bytes()));
        }
        self.copy_bytes_like(object).map(Cow::Owned)
    }

    /// Lets a function change the bytes of an object with memory that can be written. It runs no Python code.
    pub fn with_bytes_like_mut<R>(&self, object: Ref<'_>, write: impl FnOnce(&mut [u8]) -> R) -> PyResult<R> {
        Ok(self.get_buffer(object, request::WRITABLE)?.write(write))
    }

    /// A copy of the bytes of a bytes-like object.
    pub fn copy_bytes_like(&self, object: Ref<'_>) -> PyResult<Vec<u8>> {
        self.with_bytes_like(object, |bytes| {
            let mut copy = self.vec(bytes.len())?;
            copy.extend_from_slice(bytes);
            Ok(copy)
        })?
    }

    /// A bytes object with the contents of a bytes-like object of any layout.
    pub(crate) fn bytes_of_buffer(&self, object: Ref<'_>) -> PyResult {
        let view = self.get_buffer(object, request::FULL_RO)?;
        if view.geometry.is_c_contiguous() {
            return view.read(|bytes| self.bytes(bytes));
        }
        self.bytes(&view.to_vec(self)?)
    }
}

/// `object.__buffer__(flags)` of a native type: a memoryview.
pub(crate) fn dunder_buffer(vm: &Thread, object: Ref<'_>, buffer: GetBuffer, flags: Ref<'_>) -> PyResult {
    let flags = vm.to_isize(flags)?;
    let Ok(flags) = i32::try_from(flags) else {
        return Err(vm.overflow_error("buffer flags out of range"));
    };
    // `PyBUF_READ` and `PyBUF_WRITE` are for another purpose, which plain bytes look out for.
    if matches!(flags, 0x100 | 0x200) && matches!(object.kind(), Kind::Bytes | Kind::ByteArray) {
        return Err(vm.system_error("bad argument to internal function"));
    }
    memoryview::of_view(vm, buffer(vm, object, flags as u32)?)
}

/// `object.__release_buffer__(view)` of a native type.
pub(crate) fn dunder_release_buffer(vm: &Thread, object: Ref<'_>, view: Ref<'_>) -> PyResult {
    let Some(memory) = view.downcast::<MemoryView>() else {
        return Err(vm.type_error("expected a memoryview object"));
    };
    match memory.exporter() {
        Some(exporter) if exporter.borrow().is(object) => {
            memory.release(vm)?;
            Ok(Owned::none())
        }
        _ => Err(vm.value_error("memoryview's buffer is not this object")),
    }
}

crate::payload! {
    /// The exporter behind a view of an object whose class defines `__buffer__` in Python: it holds the memoryview that
    /// the method returned, and calls `__release_buffer__` at the view's end.
    struct PythonExporter: Native {
        object: Owned,
        view: Owned,
    }
}

crate::class! { PythonExporter => PYTHON_EXPORTER; }

static PYTHON_EXPORTER: TypeDef = TypeDef {
    flags: TypeFlags { no_new: true, ..TypeFlags::NONE },
    slots: Slots { finalize: Some(end_export), ..Slots::NONE },
    ..TypeDef::new::<PythonExporter>("_buffer_wrapper")
};

static PYTHON_MEMORY: Memory = Memory {
    access: Access::Behind(|exporter| memoryview::behind(returned_view(exporter))),
    release: |exporter| (memoryview::MEMORY.release)(returned_view(exporter)),
};

/// The memoryview that `__buffer__` returned.
fn returned_view(exporter: Ref<'_>) -> Ref<'_> {
    exporter.downcast::<PythonExporter>().expect("the exporter of the view").view.borrow()
}

/// The slot of classes that define `__buffer__` in Python.
pub(crate) fn call_dunder(vm: &Thread, object: Ref<'_>, flags: u32) -> PyResult<BufferView> {
    vm.check_stack()?;
    let argument = Owned::small_int(flags as i32);
    let Some(view) = vm.call_special(object, &vm.names().__buffer__, &[argument.borrow()])? else {
        return Err(vm.type_error("object does not define __buffer__"));
    };
    if view.borrow().downcast::<MemoryView>().is_none() {
        return Err(vm.type_error("__buffer__ returned non-memoryview object"));
    }
    let geometry = memoryview::export(vm, view.borrow(), flags)?;
    let exporter = vm.new_object(PythonExporter { object: object.own(), view: view.clone() });
    match exporter {
        Ok(exporter) => Ok(BufferView::new(exporter, &PYTHON_MEMORY, geometry)),
        Err(raised) => {
            (memoryview::MEMORY.release)(view.borrow());
            Err(raised)
        }
    }
}

/// Calls `__release_buffer__`, if the class defines it in Python.
fn end_export(vm: &Thread, exporter: Ref<'_>) {
    let Some(PythonExporter { object, view }) = exporter.downcast() else { return };
    let name = &vm.names().__release_buffer__;
    let is_python = vm.type_of(object.borrow()).is_heap_type()
        && vm
            .lookup(vm.class(object.borrow()), name.borrow())
            .is_some_and(|method| method.borrow().kind() == Kind::Function);
    if !is_python {
        return;
    }
    let released = memoryview::restricted(vm, view.borrow()).and_then(|view| {
        let result = vm.call_special(object.borrow(), name, &[view.borrow()]);
        if let Some(view) = view.borrow().downcast::<MemoryView>() {
            view.release(vm)?;
        }
        result
    });
    if let Err(raised) = released {
        vm.unraisable(raised, None, Some(object.borrow()));
    }
}
