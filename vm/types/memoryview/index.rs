//! `view[key]` and its assignment.

use super::item::Format;
use super::{MemoryView, in_use};
use crate::exception::PyResult;
use crate::heap::inline::Tuple;
use crate::protocol::buffer::{Geometry, gather, request};
use crate::protocol::sequence::{SliceRange, index_of};
use crate::types::slice::Slice;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

const SUB_VIEWS: &str = "sub-views are not implemented";
const MULTI_SUB_VIEWS: &str = "multi-dimensional sub-views are not implemented";
const INVALID_KEY: &str = "memoryview: invalid slice key";
const NO_DIMENSION: &str = "invalid indexing of 0-dim memory";

pub(super) fn getitem(vm: &Thread, this: Ref<'_>, key: Ref<'_>) -> PyResult {
    let view = in_use(vm, this)?;
    if view.geometry.shape.is_empty() {
        return match key.downcast::<Tuple>() {
            Some(tuple) if tuple.is_empty() => load(vm, view, view.geometry.offset),
            _ if key.is_ellipsis() => Ok(this.own()),
            _ => Err(vm.type_error(NO_DIMENSION)),
        };
    }
    if vm.is_index(key) {
        let index = vm.to_index(key)?;
        return item_at(vm, in_use(vm, this)?, index);
    }
    if let Some(slice) = key.downcast::<Slice>() {
        super::check_unrestricted(vm, view)?;
        // Another view holds the memory while indices are asked for their values, which may release this one.
        let whole =
            if slice.is_plain() { this.own() } else { view.with_geometry(vm, view.geometry.clone())? };
        let range = slice.bounds(vm)?.fit(view.geometry.shape[0]);
        return in_use(vm, whole.borrow())?.with_geometry(vm, sliced(&view.geometry, range));
    }
    if let Some(indices) = multi_index(vm, key) {
        let at = offset_of_indices(vm, this, indices)?;
        return load(vm, in_use(vm, this)?, at);
    }
    if is_multi_slice(key) {
        return Err(vm.not_implemented_error("multi-dimensional slicing is not implemented"));
    }
    Err(vm.type_error(INVALID_KEY))
}

/// The item at an index that is not negative.
pub(super) fn item(vm: &Thread, this: Ref<'_>, index: isize) -> PyResult {
    item_at(vm, in_use(vm, this)?, index)
}

/// The item at an index of any sign.
fn item_at(vm: &Thread, view: &MemoryView, index: isize) -> PyResult {
    Format::of(vm, &view.geometry)?;
    match view.geometry.shape.len() {
        0 => Err(vm.type_error(NO_DIMENSION)),
        1 => load(vm, view, offset(vm, &view.geometry, 0, index, view.geometry.offset)?),
        _ => Err(vm.not_implemented_error(MULTI_SUB_VIEWS)),
    }
}

/// The item at a place in memory.
pub(super) fn load(vm: &Thread, view: &MemoryView, at: usize) -> PyResult {
    let format = Format::of(vm, &view.geometry)?;
    view.read_all(vm, |memory| format.unpack(&memory[at..]))?.object(vm)
}

/// Where an index leads in one dimension.
fn offset(vm: &Thread, geometry: &Geometry, dimension: usize, index: isize, from: usize) -> PyResult<usize> {
    match index_of(index as i64, geometry.shape[dimension]) {
        Some(index) => Ok(from.wrapping_add_signed(index as isize * geometry.strides[dimension])),
        None => Err(vm.index_error(format_args!("index out of bounds on dimension {}", dimension + 1))),
    }
}

/// A tuple of indices.
fn multi_index<'a>(vm: &Thread, key: Ref<'a>) -> Option<&'a [Owned]> {
    let indices = key.downcast::<Tuple>()?.as_slice();
    indices.iter().all(|index| vm.is_index(index.borrow())).then_some(indices)
}

fn is_multi_slice(key: Ref<'_>) -> bool {
    let Some(tuple) = key.downcast::<Tuple>() else { return false };
    !tuple.is_empty() && tuple.as_slice().iter().all(|key| key.borrow().downcast::<Slice>().is_some())
}

fn offset_of_indices(vm: &Thread, this: Ref<'_>, indices: &[Owned]) -> PyResult<usize> {
    let dimensions = in_use(vm, this)?.geometry.shape.len();
    Format::of(vm, &in_use(vm, this)?.geometry)?;
    if indices.len() < dimensions {
        return Err(vm.not_implemented_error(SUB_VIEWS));
    }
    if indices.len() > dimensions {
        return Err(vm.type_error(format_args!(
            "cannot index {dimensions}-dimension view with {}-element tuple",
            indices.len()
        )));
    }
    let mut at = in_use(vm, this)?.geometry.offset;
    for (dimension, index) in indices.iter().enumerate() {
        let index = vm.to_index(index.borrow())?;
        at = offset(vm, &in_use(vm, this)?.geometry, dimension, index, at)?;
    }
    Ok(at)
}

/// The geometry of a slice of the first dimension.
fn sliced(geometry: &Geometry, range: SliceRange) -> Geometry {
    let mut part = geometry.clone();
    let stride = part.strides[0];
    if range.len > 0 {
        part.offset = part.offset.wrapping_add_signed(range.start as isize * stride);
    }
    part.shape[0] = range.len;
    part.strides[0] = stride.wrapping_mul(range.step);
    part
}

pub(super) fn setitem(vm: &Thread, this: Ref<'_>, key: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    let view = in_use(vm, this)?;
    Format::of(vm, &view.geometry)?;
    if view.geometry.readonly {
        return Err(vm.type_error("cannot modify read-only memory"));
    }
    let Some(value) = value else { return Err(vm.type_error("cannot delete memory")) };
    if view.geometry.shape.is_empty() {
        let is_whole = key.is_ellipsis() || key.downcast::<Tuple>().is_some_and(Tuple::is_empty);
        if !is_whole {
            return Err(vm.type_error(NO_DIMENSION));
        }
        return store(vm, this, view.geometry.offset, value);
    }
    if vm.is_index(key) {
        if view.geometry.shape.len() > 1 {
            return Err(vm.not_implemented_error(SUB_VIEWS));
        }
        let index = vm.to_index(key)?;
        let geometry = &in_use(vm, this)?.geometry;
        let at = offset(vm, geometry, 0, index, geometry.offset)?;
        return store(vm, this, at, value);
    }
    match key.downcast::<Slice>() {
        Some(slice) if view.geometry.shape.len() == 1 => return assign(vm, this, slice, value),
        Some(_) => return Err(restricted_to_one(vm)),
        None => {}
    }
    if let Some(indices) = multi_index(vm, key) {
        let at = offset_of_indices(vm, this, indices)?;
        return store(vm, this, at, value);
    }
    if is_multi_slice(key) {
        return Err(restricted_to_one(vm));
    }
    Err(vm.type_error(INVALID_KEY))
}

fn restricted_to_one(vm: &Thread) -> crate::exception::Raised {
    vm.not_implemented_error("memoryview slice assignments are currently restricted to ndim = 1")
}

/// Puts a value at a place in memory.
fn store(vm: &Thread, this: Ref<'_>, at: usize, value: Ref<'_>) -> PyResult<()> {
    let format = Format::of(vm, &in_use(vm, this)?.geometry)?;
    let bytes = format.pack(vm, value)?;
    in_use(vm, this)?.write_all(vm, |memory| {
        memory[at..at + format.size()].copy_from_slice(&bytes[..format.size()]);
    })
}

/// Copies the items of another object into a slice.
fn assign(vm: &Thread, this: Ref<'_>, slice: &Slice, value: Ref<'_>) -> PyResult<()> {
    let source = vm.get_buffer(value, request::FULL_RO)?;
    let bounds = slice.bounds(vm)?;
    let view = in_use(vm, this)?;
    let target = sliced(&view.geometry, bounds.fit(view.geometry.shape[0]));
    let same = source.geometry().shape == target.shape
        && source.geometry().itemsize == target.itemsize
        && plain(&source.geometry().format) == plain(&target.format);
    if !same {
        return Err(vm.value_error("memoryview assignment: lvalue and rvalue have different structures"));
    }
    // A copy in between, because both may be the same memory.
    let bytes = source.read_all(|memory| gather(vm, memory, source.geometry()))?;
    view.write_all(vm, |memory| {
        let mut items = bytes.chunks_exact(target.itemsize.max(1));
        target.for_each_offset(|at| {
            if let Some(item) = items.next() {
                memory[at..at + target.itemsize].copy_from_slice(item);
            }
        });
    })
}

/// A format without the mark of native ones.
fn plain(format: &str) -> &str {
    format.strip_prefix('@').unwrap_or(format)
}
