//! Comparison, hash, and the search for items.

use super::item::Format;
use super::{MemoryView, in_use, index as subscript, payload};
use crate::exception::PyResult;
use crate::protocol::buffer::{Geometry, gather, request};
use crate::protocol::sequence::clip;
use crate::protocol::slots::CompareOp;
use crate::types::bytes::hash_bytes;
use crate::types::sequence::equal;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// Views of any formats and layouts are equal if they have the same shape and equal items.
pub(super) fn compare(vm: &Thread, a: Ref<'_>, b: Ref<'_>, op: CompareOp) -> PyResult {
    if !matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(Owned::not_implemented());
    }
    let answer = |equal: bool| Ok(Owned::bool(equal == (op == CompareOp::Eq)));
    let is_released =
        |object: Ref<'_>| object.downcast::<MemoryView>().is_some_and(|view| view.managed.0.is_empty());
    if is_released(a) || is_released(b) {
        return answer(a.is(b));
    }
    if !vm.exports_buffer(b) {
        return Ok(Owned::not_implemented());
    }
    let Ok(other) = vm.get_buffer(b, request::FULL_RO) else { return Ok(Owned::not_implemented()) };
    let view = in_use(vm, a)?;
    if view.geometry.shape != other.geometry().shape {
        return answer(false);
    }
    let (first, second) = (view.to_vec(vm)?, other.read_all(|memory| gather(vm, memory, other.geometry()))?);
    answer(equal_items(&view.geometry, &first, other.geometry(), &second))
}

fn equal_items(a: &Geometry, first: &[u8], b: &Geometry, second: &[u8]) -> bool {
    let (Some(format_a), Some(format_b)) = (Format::native(&a.format), Format::native(&b.format)) else {
        return false;
    };
    if format_a.is_byte() && format_a == format_b {
        return first == second;
    }
    let (first, second) = (first.chunks_exact(a.itemsize), second.chunks_exact(b.itemsize));
    first.zip(second).all(|(a, b)| format_a.unpack(a).equals(format_b.unpack(b)))
}

pub(super) fn hash(vm: &Thread, this: Ref<'_>) -> PyResult<i64> {
    let cached = payload(this).hash.get();
    if cached != 0 {
        return Ok(cached);
    }
    let view = in_use(vm, this)?;
    if !view.geometry.readonly {
        return Err(vm.value_error("cannot hash writable memoryview object"));
    }
    if !Format::native(&view.geometry.format).is_some_and(Format::is_byte) {
        return Err(vm.value_error("memoryview: hashing is restricted to formats 'B', 'b' or 'c'"));
    }
    if let Some(exporter) = view.exporter() {
        view.held(|| vm.hash(exporter.borrow()))?;
    }
    let hash = hash_bytes(vm, &in_use(vm, this)?.to_vec(vm)?);
    view.hash.set(hash);
    Ok(hash)
}

pub(super) fn count(vm: &Thread, this: Ref<'_>, value: Ref<'_>) -> PyResult {
    let iterator = vm.iter(this)?;
    let mut count = 0;
    while let Some(item) = vm.next(iterator.borrow())? {
        count += usize::from(equal(vm, item.borrow(), value)?);
    }
    vm.size(count)
}

pub(super) fn index(
    vm: &Thread,
    this: Ref<'_>,
    value: Ref<'_>,
    start: Option<Ref<'_>>,
    stop: Option<Ref<'_>>,
) -> PyResult {
    let start = start.map_or(Ok(0), |start| vm.position(start))?;
    let stop = stop.map_or(Ok(isize::MAX), |stop| vm.position(stop))?;
    let len = match in_use(vm, this)?.geometry.shape.as_slice() {
        [] => return Err(vm.type_error("invalid lookup on 0-dim memory")),
        &[len] => len,
        _ => return Err(vm.not_implemented_error("multi-dimensional lookup is not implemented")),
    };
    for index in clip(start, len)..clip(stop, len) {
        let item = subscript::item(vm, this, index as isize)?;
        if equal(vm, item.borrow(), value)? {
            return vm.size(index);
        }
    }
    Err(vm.value_error("memoryview.index(x): x not found"))
}
