//! `array[key]`, and its assignment.

use pyx_vm::exception::PyResult;
use pyx_vm::protocol::sequence::{SliceRange, index_of};
use pyx_vm::types::slice::Slice;
use pyx_vm::value::Ref;
use pyx_vm::vm::Thread;

use super::{Array, array_of, items, take_out};

pub(super) fn getitem(vm: &Thread, this: Ref<'_>, key: Ref<'_>) -> PyResult {
    let array = items(this);
    if let Some(slice) = key.downcast::<Slice>() {
        let range = slice.bounds(vm)?.fit(array.len());
        return array_of(vm, array.code, &selected(array, range));
    }
    let index = index_key(vm, key)?;
    let item = index_of(index as i64, array.len()).and_then(|index| array.get(vm, index));
    item.unwrap_or_else(|| Err(vm.index_error("array index out of range")))
}

fn index_key(vm: &Thread, key: Ref<'_>) -> PyResult<isize> {
    if vm.is_index(key) { vm.to_index(key) } else { Err(vm.type_error("array indices must be integers")) }
}

/// The bytes of the items that a slice selects.
fn selected(array: &Array, range: SliceRange) -> Vec<u8> {
    let (size, bytes) = (array.code.size(), array.bytes.lock());
    let mut selected = Vec::with_capacity(range.len * size);
    for index in range.indices() {
        selected.extend_from_slice(&bytes[index * size..(index + 1) * size]);
    }
    selected
}

pub(super) fn setitem(vm: &Thread, this: Ref<'_>, key: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    if let Some(slice) = key.downcast::<Slice>() {
        return set_slice(vm, this, slice, value);
    }
    let index = index_key(vm, key)?;
    let array = items(this);
    let out_of_range = || vm.index_error("array assignment index out of range");
    let Some(index) = index_of(index as i64, array.len()) else { return Err(out_of_range()) };
    let Some(value) = value else { return take_out(vm, array, index) };
    let bytes = array.pack(vm, value)?;
    if index >= array.len() {
        return Err(out_of_range());
    }
    let at = index * bytes.len();
    array.bytes.write(|memory| memory[at..at + bytes.len()].copy_from_slice(&bytes));
    Ok(())
}

fn set_slice(vm: &Thread, this: Ref<'_>, slice: &Slice, value: Option<Ref<'_>>) -> PyResult<()> {
    let array = items(this);
    let bounds = slice.bounds(vm)?;
    let new = match value {
        None => Vec::new(),
        Some(value) => match value.downcast::<Array>() {
            Some(other) if other.code != array.code => {
                return Err(vm.type_error("bad argument type for built-in operation"));
            }
            Some(other) => other.bytes.lock().to_vec(),
            None => {
                let got = vm.type_name(value);
                return Err(
                    vm.type_error(format_args!("can only assign array (not \"{got}\") to array slice"))
                );
            }
        },
    };
    let (range, size) = (bounds.fit(array.len()), array.code.size());
    let count = new.len() / size;
    if count == 0 || count != range.len {
        array.check_resizable(vm)?;
    }
    if range.step == 1 {
        return array.bytes.splice(vm, range.start * size..range.end() * size, &new);
    }
    if count == 0 {
        return remove_stepped(vm, array, range);
    }
    if count != range.len {
        return Err(vm.value_error(format_args!(
            "attempt to assign array of size {count} to extended slice of size {}",
            range.len
        )));
    }
    array.bytes.write(|memory| {
        for (index, item) in range.indices().zip(new.chunks_exact(size)) {
            memory[index * size..(index + 1) * size].copy_from_slice(item);
        }
    });
    Ok(())
}

fn remove_stepped(vm: &Thread, array: &Array, range: SliceRange) -> PyResult<()> {
    let SliceRange { start, step, len } = range.ascending();
    if len == 0 {
        return Ok(());
    }
    let (size, step) = (array.code.size(), step.unsigned_abs());
    array.bytes.write(|bytes| {
        let mut kept = start * size;
        for nth in 0..len {
            let index = start + nth * step;
            let next = if nth + 1 == len { bytes.len() } else { (index + step) * size };
            bytes.copy_within((index + 1) * size..next, kept);
            kept += next - (index + 1) * size;
        }
    });
    array.bytes.resize(vm, array.bytes.len() - len * size)
}
