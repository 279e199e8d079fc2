//! The memory of other objects, to read from and to read into.
//!
//! Reading and writing files may run Python code: signal handlers, and the methods of files written in Python. It must not
//! run while the memory of an object is open; so what can change is copied.

use pyx_vm::exception::PyResult;
use pyx_vm::heap::inline::Bytes;
use pyx_vm::protocol::buffer::{BufferView, request};
use pyx_vm::types::bytearray::ByteArray;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

/// Shows the bytes of a bytes-like object to a function, which may run Python code.
#[inline]
pub(crate) fn with_bytes<R>(vm: &Thread, object: Ref<'_>, read: impl FnOnce(&[u8]) -> R) -> PyResult<R> {
    if let Some(bytes) = object.downcast::<Bytes>() {
        return Ok(read(bytes.as_bytes()));
    }
    let copy = vm.copy_bytes_like(object)?;
    Ok(read(&copy))
}

/// So much memory is always there.
const MODERATE: usize = 1 << 20;

/// Zeros to read into.
pub(crate) fn zeros(vm: &Thread, size: usize) -> PyResult<Vec<u8>> {
    if size <= MODERATE {
        // The allocator gives zeros without writing them, as a rule.
        return Ok(vec![0; size]);
    }
    let mut memory = Vec::new();
    if memory.try_reserve_exact(size).is_err() {
        return Err(vm.memory_error());
    }
    memory.resize(size, 0);
    Ok(memory)
}

/// An object to read into, as the argument of a method.
pub(crate) struct Writable(BufferView);

impl Writable {
    /// The argument in a place such as `readinto() argument`.
    pub(crate) fn new(vm: &Thread, place: impl std::fmt::Display, object: Ref<'_>) -> PyResult<Self> {
        match vm.get_buffer(object, request::WRITABLE) {
            Ok(view) if !view.geometry().readonly && view.geometry().is_contiguous() => Ok(Self(view)),
            _ => {
                let got = if object.is_none() { "None".to_owned() } else { vm.type_name(object) };
                Err(vm.type_error(format_args!("{place} must be read-write bytes-like object, not {got}")))
            }
        }
    }

    /// Its size in bytes.
    pub(crate) fn len(&self) -> usize {
        self.0.geometry().byte_len()
    }

    /// Puts bytes at its start.
    pub(crate) fn put(&self, bytes: &[u8]) {
        self.0.write(|memory| memory[..bytes.len()].copy_from_slice(bytes));
    }

    /// Lets a function read into as much memory, of which the object then gets as many bytes as the function counts.
    pub(crate) fn fill(
        &self,
        vm: &Thread,
        read: impl FnOnce(&mut [u8]) -> PyResult<Option<usize>>,
    ) -> PyResult<Option<usize>> {
        let mut memory = zeros(vm, self.len())?;
        let count = read(&mut memory)?;
        self.put(&memory[..count.unwrap_or(0)]);
        Ok(count)
    }
}

/// Memory that a file written in Python reads into.
pub(crate) struct Scratch(Owned);

impl Scratch {
    /// So many zeros.
    pub(crate) fn new(vm: &Thread, size: usize) -> PyResult<Self> {
        vm.bytearray(&zeros(vm, size)?).map(Self)
    }

    /// The object: a bytearray.
    pub(crate) fn object(&self) -> Ref<'_> {
        self.0.borrow()
    }

    /// A memoryview of it.
    pub(crate) fn view(&self, vm: &Thread) -> PyResult {
        vm.memoryview(self.0.borrow())
    }

    /// Shows its contents.
    pub(crate) fn read<R>(&self, read: impl FnOnce(&[u8]) -> R) -> R {
        self.0.borrow().downcast::<ByteArray>().expect("a bytearray").bytes.read(read)
    }

    /// The first bytes, as a bytes object.
    pub(crate) fn take(&self, vm: &Thread, count: usize) -> PyResult {
        self.read(|memory| vm.bytes(&memory[..count.min(memory.len())]))
    }
}

/// A memoryview of an object.
pub(crate) fn memory_view(vm: &Thread, object: Ref<'_>) -> PyResult {
    vm.memoryview(object)
}
