//! Reads and writes of several buffers at once, and into a buffer.

use pyx_vm::exception::PyResult;
use pyx_vm::native::*;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

use super::argument::{blocking, int_or};
use super::c;
use crate::io::buffer::{Writable, zeros};

pub(super) const FUNCTIONS: &[MethodDef] = &[
    function(
        "readinto($module, fd, buffer, /)",
        Two(readinto),
        "Read into a buffer; the result says how many bytes.",
    ),
    function("readv($module, fd, buffers, /)", Two(readv), "Read into several buffers, one after the other."),
    function(
        "preadv($module, fd, buffers, offset, flags=0, /)",
        ThreeOpt(preadv),
        "Read at an offset into several buffers.",
    ),
    function("writev($module, fd, buffers, /)", Two(writev), "Write the contents of several buffers."),
    function(
        "pwritev($module, fd, buffers, offset, flags=0, /)",
        ThreeOpt(pwritev),
        "Write the contents of several buffers at an offset.",
    ),
];

fn readinto(vm: &Thread, fd: Ref<'_>, into: Ref<'_>) -> PyResult {
    let fd = vm.to_c_int(fd)?;
    let into = Writable::new(vm, "readinto() argument 2", into)?;
    let mut memory = zeros(vm, into.len())?;
    let count = blocking(vm, || c::read(fd, &mut memory))?;
    into.put(&memory[..count]);
    vm.size(count)
}

/// The items of a sequence of buffers.
fn items(vm: &Thread, function: &str, buffers: Ref<'_>) -> PyResult<Vec<Owned>> {
    if !vm.is_sequence(buffers) {
        return Err(vm.type_error(format_args!("{function}() arg 2 must be a sequence")));
    }
    vm.collect(buffers)
}

/// Reads into memory as large as all buffers together, and hands it out to them.
fn scatter(
    vm: &Thread,
    function: &str,
    buffers: Ref<'_>,
    mut read: impl FnMut(&mut [u8]) -> c::Result<usize>,
) -> PyResult {
    let mut buffers_to_fill = Vec::new();
    for buffer in items(vm, function, buffers)? {
        buffers_to_fill.push(vm.get_buffer(buffer.borrow(), pyx_vm::protocol::buffer::request::WRITABLE)?);
    }
    let total = buffers_to_fill.iter().map(|buffer| buffer.geometry().byte_len()).sum();
    let mut memory = zeros(vm, total)?;
    let count = blocking(vm, || read(&mut memory))?;
    let mut rest = &memory[..count];
    for buffer in &buffers_to_fill {
        let (part, after) = rest.split_at(rest.len().min(buffer.geometry().byte_len()));
        buffer.write(|memory| memory[..part.len()].copy_from_slice(part));
        rest = after;
    }
    vm.size(count)
}

/// The contents of all buffers, one after the other.
fn gather(vm: &Thread, function: &str, buffers: Ref<'_>) -> PyResult<Vec<u8>> {
    let mut all = Vec::new();
    for buffer in items(vm, function, buffers)? {
        all.extend(vm.copy_bytes_like(buffer.borrow())?);
    }
    Ok(all)
}

fn readv(vm: &Thread, fd: Ref<'_>, buffers: Ref<'_>) -> PyResult {
    let fd = vm.to_c_int(fd)?;
    scatter(vm, "readv", buffers, |memory| c::read(fd, memory))
}

fn preadv(vm: &Thread, fd: Ref<'_>, buffers: Ref<'_>, offset: Ref<'_>, flags: Option<Ref<'_>>) -> PyResult {
    let (fd, offset, flags) = (vm.to_c_int(fd)?, vm.to_i64(offset)?, int_or(vm, flags, 0)?);
    scatter(vm, "preadv2", buffers, |memory| c::preadv2(fd, memory, offset, flags))
}

fn writev(vm: &Thread, fd: Ref<'_>, buffers: Ref<'_>) -> PyResult {
    let fd = vm.to_c_int(fd)?;
    let all = gather(vm, "writev", buffers)?;
    vm.size(blocking(vm, || c::write(fd, &all))?)
}

fn pwritev(vm: &Thread, fd: Ref<'_>, buffers: Ref<'_>, offset: Ref<'_>, flags: Option<Ref<'_>>) -> PyResult {
    let (fd, offset, flags) = (vm.to_c_int(fd)?, vm.to_i64(offset)?, int_or(vm, flags, 0)?);
    let all = gather(vm, "pwritev2", buffers)?;
    vm.size(blocking(vm, || c::pwritev2(fd, &all, offset, flags))?)
}
