//! `BytesIO`: a file of bytes in memory.

use std::cell::Cell;

use memchr::memchr;
use pyx_vm::exception::PyResult;
use pyx_vm::heap::byte_store::ByteStore;
use pyx_vm::heap::dict::Dict;
use pyx_vm::heap::inline::Tuple;
use pyx_vm::native::*;
use pyx_vm::protocol::buffer::{Access, BufferView, Geometry, Memory};
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload, signature};

use super::base::BUFFERED_IO_BASE;
use super::buffer::Writable;
use super::support::{closed_error, size_argument};

payload! {
    /// A file of bytes in memory.
    pub(super) struct BytesIo: Native {
        store: ByteStore,
        position: Cell<usize>,
        closed: Cell<bool>,
    }

    /// What exports the memory of a file to `getbuffer()`.
    pub(super) struct BytesIoBuffer: Native {
        file: Owned,
    }
}

class! { BytesIo => BYTES_IO; BytesIoBuffer => BYTES_IO_BUFFER; }

pub(super) static BYTES_IO: TypeDef = TypeDef {
    module: "_io",
    base: Some(&BUFFERED_IO_BASE),
    flags: TypeFlags { base: true, dict: true, weakref: true, ..TypeFlags::NONE },
    signature: "(initial_bytes=b'')",
    doc: "A file of bytes in memory.",
    methods: &[
        method("readable($self, /)", One(yes), "True."),
        method("writable($self, /)", One(yes), "True."),
        method("seekable($self, /)", One(yes), "True."),
        method("flush($self, /)", One(flush), "Does nothing."),
        method("isatty($self, /)", One(isatty), "False."),
        method("close($self, /)", One(close), "Let go of the memory."),
        method("tell($self, /)", One(tell), "The position."),
        method("seek($self, pos, whence=0, /)", TwoOpt(seek), "Move to another position."),
        method(
            "truncate($self, size=None, /)",
            OneOpt(truncate),
            "Cut the file off at a size, or at the position.",
        ),
        method("read($self, size=-1, /)", OneOpt(read), "Read at most so many bytes, or all."),
        method("read1($self, size=-1, /)", OneOpt(read), "Read at most so many bytes, or all."),
        method("readline($self, size=-1, /)", OneOpt(readline), "Read a line."),
        method("readlines($self, size=None, /)", OneOpt(readlines), "Read lines into a list."),
        method("readinto($self, buffer, /)", Two(readinto), "Read into a buffer."),
        method("write($self, b, /)", Two(write), "Write bytes."),
        method(
            "writelines($self, lines, /)",
            Two(writelines),
            "Write the bytes objects that an iterable gives.",
        ),
        method("getvalue($self, /)", One(getvalue), "All bytes of the file."),
        method(
            "getbuffer($self, /)",
            One(getbuffer),
            "A view of the memory of the file, to read and to change.",
        )
        .wording(Wording::DefiningClass),
        method("__getstate__($self, /)", One(getstate), "What pickle keeps."),
        method("__setstate__($self, object, /)", Two(setstate), "Take over what pickle kept."),
        method("__sizeof__($self, /)", One(sizeof), "The size of the file in memory."),
    ],
    getset: &[getter("closed", closed, "Whether the file is closed.")],
    slots: Slots { new: Some(new), init: Some(init), iter: Some(iter), next: Some(next), ..Slots::NONE },
    attributes: &[MODULE],
    ..TypeDef::new::<BytesIo>("BytesIO")
};

pub(super) static BYTES_IO_BUFFER: TypeDef = TypeDef {
    module: "_io",
    flags: TypeFlags { no_new: true, release_buffer: true, ..TypeFlags::NONE },
    slots: Slots { buffer: Some(export), ..Slots::NONE },
    attributes: &[MODULE],
    ..TypeDef::new::<BytesIoBuffer>("_BytesIOBuffer")
};

fn new(vm: &Thread, class: Ref<'_>, _: &Args<'_>) -> PyResult {
    vm.new_object_of(
        class,
        BytesIo { store: ByteStore::new(), position: Cell::new(0), closed: Cell::new(false) },
    )
}

fn init(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult<()> {
    args.bind(vm, signature!("BytesIO(initial_bytes=b'')"), |arguments| {
        start(vm, this, arguments.optional(0))
    })
}

/// Begins with some contents.
fn start(vm: &Thread, this: Ref<'_>, contents: Option<Ref<'_>>) -> PyResult<()> {
    let file = payload(this);
    file.store.check_resizable(vm)?;
    file.store.resize(vm, 0)?;
    file.position.set(0);
    if let Some(contents) = contents.filter(|contents| !contents.is_none()) {
        file.put(vm, contents)?;
        file.position.set(0);
    }
    Ok(())
}

fn payload(this: Ref<'_>) -> &BytesIo {
    this.downcast().expect("the method checks its receiver")
}

/// The file, if it is open.
fn opened<'a>(vm: &Thread, this: Ref<'a>) -> PyResult<&'a BytesIo> {
    let file = payload(this);
    if file.closed.get() { Err(closed_error(vm)) } else { Ok(file) }
}

impl BytesIo {
    /// How much lies behind the position.
    fn ahead(&self) -> usize {
        self.store.len().saturating_sub(self.position.get())
    }

    /// Some of what lies behind the position, which moves.
    fn take(&self, vm: &Thread, count: usize) -> PyResult {
        let start = self.position.get().min(self.store.len());
        let bytes = self.store.read(|bytes| vm.bytes(&bytes[start..start + count]))?;
        self.position.set(self.position.get() + count);
        Ok(bytes)
    }

    /// The length of the next line, as far as a limit.
    fn line_len(&self, limit: isize) -> usize {
        let ahead = self.ahead();
        let ahead = usize::try_from(limit).map_or(ahead, |limit| limit.min(ahead));
        let start = self.position.get().min(self.store.len());
        self.store.read(|bytes| memchr(b'\n', &bytes[start..start + ahead])).map_or(ahead, |end| end + 1)
    }

    /// Writes a bytes-like object at the position.
    fn put(&self, vm: &Thread, object: Ref<'_>) -> PyResult<usize> {
        self.store.check_resizable(vm)?;
        // The object may have closed the file while it showed its bytes.
        vm.with_bytes_like(object, |bytes| {
            if self.closed.get() { Err(closed_error(vm)) } else { self.put_bytes(vm, bytes) }
        })?
    }

    fn put_bytes(&self, vm: &Thread, bytes: &[u8]) -> PyResult<usize> {
        if bytes.is_empty() {
            return Ok(0);
        }
        let (start, len) = (self.position.get(), self.store.len());
        let Some(end) = start.checked_add(bytes.len()).filter(|end| isize::try_from(*end).is_ok()) else {
            return Err(vm.overflow_error("new buffer size too large"));
        };
        if start == len {
            self.store.append(vm, bytes)?;
        } else {
            if end > len {
                self.store.resize(vm, end)?;
            }
            self.store.write(|memory| {
                if start > len {
                    memory[len..start].fill(0);
                }
                memory[start..end].copy_from_slice(bytes);
            });
        }
        self.position.set(end);
        Ok(bytes.len())
    }
}

fn closed(_: &Thread, this: Ref<'_>) -> PyResult {
    Ok(Owned::bool(payload(this).closed.get()))
}

fn yes(vm: &Thread, this: Ref<'_>) -> PyResult {
    opened(vm, this)?;
    Ok(Owned::bool(true))
}

fn isatty(vm: &Thread, this: Ref<'_>) -> PyResult {
    opened(vm, this)?;
    Ok(Owned::bool(false))
}

fn flush(vm: &Thread, this: Ref<'_>) -> PyResult {
    opened(vm, this)?;
    none()
}

fn close(vm: &Thread, this: Ref<'_>) -> PyResult {
    let file = payload(this);
    file.store.check_resizable(vm)?;
    file.store.resize(vm, 0)?;
    file.closed.set(true);
    none()
}

fn tell(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.size(opened(vm, this)?.position.get())
}

fn seek(vm: &Thread, this: Ref<'_>, target: Ref<'_>, whence: Option<Ref<'_>>) -> PyResult {
    let target = vm.to_isize(target)?;
    let whence = whence.map_or(Ok(0), |whence| vm.to_c_int(whence))?;
    let file = opened(vm, this)?;
    let start = match whence {
        0 if target < 0 => return Err(vm.value_error(format_args!("negative seek value {target}"))),
        0 => 0,
        1 => file.position.get(),
        2 => file.store.len(),
        _ => {
            return Err(vm.value_error(format_args!("invalid whence ({whence}, should be 0, 1 or 2)")));
        }
    };
    let Some(position) = (start as isize).checked_add(target) else {
        return Err(vm.overflow_error("new position too large"));
    };
    file.position.set(position.max(0) as usize);
    vm.size(file.position.get())
}

fn truncate(vm: &Thread, this: Ref<'_>, size: Option<Ref<'_>>) -> PyResult {
    let file = opened(vm, this)?;
    file.store.check_resizable(vm)?;
    let size = match size.filter(|size| !size.is_none()) {
        Some(size) => size_argument(vm, Some(size))?,
        None => file.position.get() as isize,
    };
    let Ok(size) = usize::try_from(size) else {
        return Err(vm.value_error(format_args!("negative size value {size}")));
    };
    if size < file.store.len() {
        file.store.resize(vm, size)?;
    }
    vm.size(size)
}

fn read(vm: &Thread, this: Ref<'_>, size: Option<Ref<'_>>) -> PyResult {
    let size = size_argument(vm, size)?;
    let file = opened(vm, this)?;
    let ahead = file.ahead();
    file.take(vm, usize::try_from(size).map_or(ahead, |size| size.min(ahead)))
}

fn readline(vm: &Thread, this: Ref<'_>, size: Option<Ref<'_>>) -> PyResult {
    let limit = size_argument(vm, size)?;
    let file = opened(vm, this)?;
    file.take(vm, file.line_len(limit))
}

fn readlines(vm: &Thread, this: Ref<'_>, size: Option<Ref<'_>>) -> PyResult {
    let file = opened(vm, this)?;
    let most = match size.filter(|size| !size.is_none()) {
        None => 0,
        Some(size) if vm.is_index(size) => vm.to_count(size)?,
        Some(size) => {
            let got = vm.type_name(size);
            return Err(vm.type_error(format_args!("integer argument expected, got '{got}'")));
        }
    };
    let (mut lines, mut total) = (Vec::new(), 0);
    while let len @ 1.. = file.line_len(-1) {
        lines.push(file.take(vm, len)?);
        total += len as isize;
        if most > 0 && total >= most {
            break;
        }
    }
    vm.list(lines)
}

fn readinto(vm: &Thread, this: Ref<'_>, into: Ref<'_>) -> PyResult {
    let into = Writable::new(vm, "readinto() argument", into)?;
    let file = opened(vm, this)?;
    let count = into.len().min(file.ahead());
    let start = file.position.get().min(file.store.len());
    // The memory may be that of this file.
    let copy = file.store.read(|bytes| bytes[start..start + count].to_vec());
    into.put(&copy);
    file.position.set(file.position.get() + count);
    vm.size(count)
}

fn write(vm: &Thread, this: Ref<'_>, bytes: Ref<'_>) -> PyResult {
    let file = opened(vm, this)?;
    vm.size(file.put(vm, bytes)?)
}

fn writelines(vm: &Thread, this: Ref<'_>, lines: Ref<'_>) -> PyResult {
    opened(vm, this)?;
    let lines = vm.iter(lines)?;
    while let Some(line) = vm.next(lines.borrow())? {
        opened(vm, this)?.put(vm, line.borrow())?;
    }
    none()
}

fn iter(vm: &Thread, this: Ref<'_>) -> PyResult {
    opened(vm, this)?;
    Ok(this.own())
}

fn next(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    let file = opened(vm, this)?;
    match file.line_len(-1) {
        0 => Ok(None),
        len => file.take(vm, len).map(Some),
    }
}

fn getvalue(vm: &Thread, this: Ref<'_>) -> PyResult {
    opened(vm, this)?.store.read(|bytes| vm.bytes(bytes))
}

fn sizeof(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.size(size_of::<BytesIo>() + 16 + payload(this).store.capacity())
}

// ---- pickling ----

fn getstate(vm: &Thread, this: Ref<'_>) -> PyResult {
    let value = getvalue(vm, this)?;
    let position = vm.size(payload(this).position.get())?;
    let dict = super::support::instance_state(vm, this)?;
    vm.tuple_array([value, position, dict])
}

fn setstate(vm: &Thread, this: Ref<'_>, state: Ref<'_>) -> PyResult {
    opened(vm, this)?;
    let Some([contents, position, dict, ..]) = state.downcast::<Tuple>().map(Tuple::as_slice) else {
        let (class, got) = (vm.class_name(vm.class(this)), vm.type_name(state));
        return Err(vm.type_error(format_args!("{class}.__setstate__ argument should be 3-tuple, got {got}")));
    };
    start(vm, this, Some(contents.borrow()))?;
    if pyx_vm::protocol::conversion::int_value(position.borrow()).is_none() {
        let got = vm.type_name(position.borrow());
        return Err(vm.type_error(format_args!("second item of state must be an integer, got {got}")));
    }
    let Ok(position) = usize::try_from(vm.to_isize(position.borrow())?) else {
        return Err(vm.value_error("position value cannot be negative"));
    };
    payload(this).position.set(position);
    if dict.borrow().is_none() {
        return none();
    }
    if dict.borrow().downcast::<Dict>().is_none() {
        let got = vm.type_name(dict.borrow());
        return Err(vm.type_error(format_args!("third item of state should be a dict, got a {got}")));
    }
    super::support::update_instance(vm, this, dict.borrow())?;
    none()
}

// ---- the exporter ----

fn getbuffer(vm: &Thread, this: Ref<'_>) -> PyResult {
    opened(vm, this)?;
    let exporter = vm.new_object(BytesIoBuffer { file: this.own() })?;
    vm.memoryview(exporter.borrow())
}

fn store_of(exporter: Ref<'_>) -> &ByteStore {
    let exporter: &BytesIoBuffer = exporter.downcast().expect("the exporter of the view");
    &payload(exporter.file.borrow()).store
}

static MEMORY: Memory = Memory {
    access: Access::Own {
        read: |exporter, show| store_of(exporter).read(show),
        write: |exporter, show| store_of(exporter).write(show),
    },
    release: |exporter| store_of(exporter).release(),
};

fn export(_: &Thread, this: Ref<'_>, _: u32) -> PyResult<BufferView> {
    let store = store_of(this);
    store.export();
    Ok(BufferView::new(this.own(), &MEMORY, Geometry::bytes(store.len(), false)))
}
