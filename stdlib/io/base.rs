//! The abstract classes: what every file can do, by means of the few methods that a concrete class writes.
//!
//! Their methods know files only through attributes, since a subclass may be written in Python.

use pyx_vm::exception::PyResult;
use pyx_vm::native::*;
use pyx_vm::types::object::{check_instantiable, dict_of};
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload};

use super::buffer;
use super::support::{
    self, DEFAULT_BUFFER_SIZE, bytes_of, call, check_closed, closed_error, get, get_opt, interrupted, set,
    size_argument, unsupported,
};

payload! {
    /// A file of a class written in Python: all it has is in its `__dict__`.
    pub(super) struct IoBase: Native {}
}

class! { IoBase => IO_BASE; }

const BASE_FLAGS: TypeFlags = TypeFlags { base: true, dict: true, weakref: true, ..TypeFlags::NONE };

pub(super) static IO_BASE: TypeDef = TypeDef {
    module: "_io",
    flags: TypeFlags { objects_new: true, ..BASE_FLAGS },
    doc: "The base of all files.",
    methods: &[
        method("seek($self, offset, whence=os.SEEK_SET, /)", TwoOpt(seek), "Move to another position."),
        method("tell($self, /)", One(tell), "The position."),
        method(
            "truncate($self, size=None, /)",
            OneOpt(truncate),
            "Cut the file off at a size, or at the position.",
        ),
        method("flush($self, /)", One(flush), "Write what waits in buffers."),
        method("close($self, /)", One(close), "Flush the file, and close it."),
        method("seekable($self, /)", One(no), "Whether the position can be moved."),
        method("readable($self, /)", One(no), "Whether the file can be read."),
        method("writable($self, /)", One(no), "Whether the file can be written."),
        method("_checkClosed($self, /)", One(dunder_check_closed), "ValueError if the file is closed."),
        method("_checkSeekable($self, /)", One(check_seekable), "An error unless the position can be moved."),
        method("_checkReadable($self, /)", One(check_readable), "An error unless the file can be read."),
        method("_checkWritable($self, /)", One(check_writable), "An error unless the file can be written."),
        method("fileno($self, /)", One(fileno), "The number of the descriptor."),
        method("isatty($self, /)", One(isatty), "Whether the file is a terminal."),
        method("__enter__($self, /)", One(enter), "The file itself."),
        method("__exit__($self, /, *args)", Many(exit), "Close the file.").untold(),
        method(
            "readline($self, size=-1, /)",
            OneOpt(readline),
            "Read a line, or at most so many bytes of it.",
        ),
        method(
            "readlines($self, hint=-1, /)",
            OneOpt(readlines),
            "Read lines into a list, until they have more than so many bytes.",
        ),
        method("writelines($self, lines, /)", Two(writelines), "Write the strings that an iterable gives."),
    ],
    getset: &[
        getter("closed", closed, "Whether the file is closed."),
        getter("__dict__", dict_of, "The attributes of the file."),
    ],
    slots: Slots {
        new: Some(new),
        iter: Some(iter),
        next: Some(next),
        finalize: Some(finalize),
        ..Slots::NONE
    },
    attributes: &[MODULE],
    ..TypeDef::new::<IoBase>("_IOBase")
};

pub(super) static RAW_IO_BASE: TypeDef = TypeDef {
    base: Some(&IO_BASE),
    doc: "The base of files without a buffer.",
    methods: &[
        method(
            "read($self, size=-1, /)",
            OneOpt(raw_read),
            "Read bytes, by one call of the system if a size is given.",
        ),
        method("readall($self, /)", One(raw_readall), "Read until the end."),
        method("readinto($self, /, *args)", Many(not_implemented), "Read into a buffer.").untold(),
        method("write($self, /, *args)", Many(not_implemented), "Write bytes.").untold(),
    ],
    ..derived("_RawIOBase")
};

pub(super) static BUFFERED_IO_BASE: TypeDef = TypeDef {
    base: Some(&IO_BASE),
    doc: "The base of files of bytes with a buffer.",
    methods: &[
        method("detach($self, /)", One(|vm, _| Err(unsupported(vm, "detach"))), "Give the file below back."),
        method("read($self, size=-1, /)", OneOpt(|vm, _, _| Err(unsupported(vm, "read"))), "Read bytes."),
        method(
            "read1($self, size=-1, /)",
            OneOpt(|vm, _, _| Err(unsupported(vm, "read1"))),
            "Read bytes by at most one call of the file below.",
        ),
        method("readinto($self, buffer, /)", Two(buffered_readinto), "Read into a buffer."),
        method(
            "readinto1($self, buffer, /)",
            Two(buffered_readinto1),
            "Read into a buffer by at most one call of the file below.",
        ),
        method("write($self, b, /)", Two(|vm, _, _| Err(unsupported(vm, "write"))), "Write bytes."),
    ],
    ..derived("_BufferedIOBase")
};

pub(super) static TEXT_IO_BASE: TypeDef = TypeDef {
    base: Some(&IO_BASE),
    doc: "The base of files of text.",
    methods: &[
        method(
            "detach($self, /)",
            One(|vm, _| Err(unsupported(vm, "detach"))),
            "Give the buffer below back.",
        ),
        method(
            "read($self, size=-1, /)",
            OneOpt(|vm, _, _| Err(unsupported(vm, "read"))),
            "Read characters.",
        ),
        method(
            "readline($self, size=-1, /)",
            OneOpt(|vm, _, _| Err(unsupported(vm, "readline"))),
            "Read a line.",
        ),
        method("write($self, s, /)", Two(|vm, _, _| Err(unsupported(vm, "write"))), "Write text."),
    ],
    getset: &[
        getter("encoding", nothing, "The encoding; None if there is none."),
        getter("newlines", nothing, "The line endings seen so far; None for none."),
        getter("errors", nothing, "The handler of encoding errors; None if there is none."),
    ],
    ..derived("_TextIOBase")
};

const fn derived(name: &'static str) -> TypeDef {
    TypeDef { module: "_io", flags: BASE_FLAGS, attributes: &[MODULE], ..TypeDef::new::<IoBase>(name) }
}

/// The name of the attribute that says that `close` has run.
const CLOSED: &str = "__IOBase_closed";

fn new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    check_instantiable(vm, class, args)?;
    vm.new_object_of(class, IoBase {})
}

fn seek(vm: &Thread, _: Ref<'_>, _: Ref<'_>, _: Option<Ref<'_>>) -> PyResult {
    Err(unsupported(vm, "seek"))
}

fn tell(vm: &Thread, this: Ref<'_>) -> PyResult {
    call(vm, this, "seek", &[Owned::small_int(0).borrow(), Owned::small_int(1).borrow()])
}

fn truncate(vm: &Thread, _: Ref<'_>, _: Option<Ref<'_>>) -> PyResult {
    Err(unsupported(vm, "truncate"))
}

fn fileno(vm: &Thread, _: Ref<'_>) -> PyResult {
    Err(unsupported(vm, "fileno"))
}

fn has_run_close(vm: &Thread, this: Ref<'_>) -> PyResult<bool> {
    Ok(get_opt(vm, this, CLOSED)?.is_some())
}

fn flush(vm: &Thread, this: Ref<'_>) -> PyResult {
    if has_run_close(vm, this)? { Err(closed_error(vm)) } else { none() }
}

/// `_IOBase.close`
pub(super) fn close(vm: &Thread, this: Ref<'_>) -> PyResult {
    if has_run_close(vm, this)? {
        return none();
    }
    let flushed = call(vm, this, "flush", &[]);
    let marked = set(vm, this, CLOSED, Ref::TRUE);
    match (flushed, marked) {
        (Err(first), Err(second)) => Err(support::chained(vm, first, second)),
        (Err(raised), _) | (_, Err(raised)) => Err(raised),
        _ => none(),
    }
}

fn closed(vm: &Thread, this: Ref<'_>) -> PyResult {
    has_run_close(vm, this).map(Owned::bool)
}

fn no(_: &Thread, _: Ref<'_>) -> PyResult {
    Ok(Owned::bool(false))
}

fn nothing(_: &Thread, _: Ref<'_>) -> PyResult {
    none()
}

fn not_implemented(vm: &Thread, _: &Bound<'_>) -> PyResult {
    Err(vm.error_with(&vm.exceptions().NotImplementedError, &[]))
}

fn dunder_check_closed(vm: &Thread, this: Ref<'_>) -> PyResult {
    check_closed(vm, this)?;
    none()
}

/// The answer of a method that must be True.
fn check_ability(vm: &Thread, this: Ref<'_>, question: &str) -> PyResult {
    let answer = call(vm, this, question, &[])?;
    if answer.borrow().is_true() {
        return Ok(answer);
    }
    Err(unsupported(vm, &format!("File or stream is not {question}.")))
}

pub(super) fn check_seekable(vm: &Thread, this: Ref<'_>) -> PyResult {
    check_ability(vm, this, "seekable")
}

pub(super) fn check_readable(vm: &Thread, this: Ref<'_>) -> PyResult {
    check_ability(vm, this, "readable")
}

pub(super) fn check_writable(vm: &Thread, this: Ref<'_>) -> PyResult {
    check_ability(vm, this, "writable")
}

fn isatty(vm: &Thread, this: Ref<'_>) -> PyResult {
    check_closed(vm, this)?;
    Ok(Owned::bool(false))
}

fn enter(vm: &Thread, this: Ref<'_>) -> PyResult {
    check_closed(vm, this)?;
    Ok(this.own())
}

fn exit(vm: &Thread, arguments: &Bound<'_>) -> PyResult {
    call(vm, arguments.required(0), "close", &[])
}

fn iter(vm: &Thread, this: Ref<'_>) -> PyResult {
    check_closed(vm, this)?;
    Ok(this.own())
}

fn next(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    let line = call(vm, this, "readline", &[])?;
    let is_empty = vm.length(line.borrow())? == 0;
    Ok((!is_empty).then_some(line))
}

fn readline(vm: &Thread, this: Ref<'_>, size: Option<Ref<'_>>) -> PyResult {
    let limit = usize::try_from(size_argument(vm, size)?).unwrap_or(usize::MAX);
    let peek = get_opt(vm, this, "peek")?;
    let mut line: Vec<u8> = Vec::new();
    while line.len() < limit {
        let wanted = match &peek {
            Some(peek) => match bytes_ahead(vm, peek.borrow(), limit - line.len())? {
                Some(wanted) => wanted,
                None => continue,
            },
            None => 1,
        };
        let part = match call(vm, this, "read", &[vm.size(wanted)?.borrow()]) {
            Err(raised) if interrupted(vm, &raised)? => continue,
            part => part?,
        };
        let Some(bytes) = bytes_of(part.borrow()) else {
            let got = vm.type_name(part.borrow());
            return Err(vm.os_error(format_args!("read() should have returned a bytes object, not '{got}'")));
        };
        if bytes.is_empty() {
            break;
        }
        line.extend_from_slice(bytes);
        if line.last() == Some(&b'\n') {
            break;
        }
    }
    vm.bytes(&line)
}

/// How many bytes to read for a line, as `peek` shows them; `None` after an interruption.
fn bytes_ahead(vm: &Thread, peek: Ref<'_>, limit: usize) -> PyResult<Option<usize>> {
    let ahead = match vm.call(peek, &[Owned::small_int(1).borrow()]) {
        Err(raised) if interrupted(vm, &raised)? => return Ok(None),
        ahead => ahead?,
    };
    let Some(bytes) = bytes_of(ahead.borrow()) else {
        let got = vm.type_name(ahead.borrow());
        return Err(vm.os_error(format_args!("peek() should have returned a bytes object, not '{got}'")));
    };
    let bytes = &bytes[..bytes.len().min(limit)];
    let len = bytes.iter().position(|&byte| byte == b'\n').map_or(bytes.len(), |end| end + 1);
    Ok(Some(len.max(1)))
}

fn readlines(vm: &Thread, this: Ref<'_>, hint: Option<Ref<'_>>) -> PyResult {
    let hint = size_argument(vm, hint)?;
    let mut lines = Vec::new();
    let mut total = 0;
    let iterator = vm.iter(this)?;
    while let Some(line) = vm.next(iterator.borrow())? {
        let len = vm.length(line.borrow())? as isize;
        lines.push(line);
        if hint > 0 && len > hint - total {
            break;
        }
        total += len;
    }
    vm.list(lines)
}

fn writelines(vm: &Thread, this: Ref<'_>, lines: Ref<'_>) -> PyResult {
    check_closed(vm, this)?;
    let lines = vm.iter(lines)?;
    while let Some(line) = vm.next(lines.borrow())? {
        loop {
            match vm.call_method(this, &vm.names().write.clone(), &[line.borrow()]) {
                Err(raised) if interrupted(vm, &raised)? => {}
                Err(raised) => return Err(raised),
                Ok(_) => break,
            }
        }
    }
    none()
}

/// Closes a file that is about to end.
pub(super) fn finalize(vm: &Thread, this: Ref<'_>) {
    // An object whose attributes cannot be had, such as one that `__init__` has not made, is left alone.
    let closed = get(vm, this, "closed").and_then(|closed| vm.is_true(closed.borrow()));
    if !matches!(closed, Ok(false)) {
        return;
    }
    // Classes written in Python may have no room for the attribute.
    let _ = set(vm, this, "_finalizing", Ref::TRUE);
    if let Err(raised) = call(vm, this, "close", &[]) {
        let name = vm.repr_string(this).unwrap_or_else(|_| vm.type_name(this));
        vm.unraisable(raised, Some(&format!("Exception ignored while finalizing file {name}")), None);
    }
}

// ---- raw files ----

fn raw_read(vm: &Thread, this: Ref<'_>, size: Option<Ref<'_>>) -> PyResult {
    let Ok(size) = usize::try_from(size_argument(vm, size)?) else {
        return call(vm, this, "readall", &[]);
    };
    let scratch = buffer::Scratch::new(vm, size)?;
    let read = call(vm, this, "readinto", &[scratch.object()])?;
    if read.borrow().is_none() {
        return Ok(read);
    }
    let count = vm.to_isize(read.borrow())?;
    match usize::try_from(count) {
        Ok(count) if count <= size => scratch.take(vm, count),
        _ => Err(vm.value_error(format_args!("readinto returned {count} outside buffer size {size}"))),
    }
}

pub(super) fn raw_readall(vm: &Thread, this: Ref<'_>) -> PyResult {
    let mut all: Vec<u8> = Vec::new();
    loop {
        let part = match call(vm, this, "read", &[vm.size(DEFAULT_BUFFER_SIZE)?.borrow()]) {
            Err(raised) if interrupted(vm, &raised)? => continue,
            part => part?,
        };
        if part.borrow().is_none() {
            return if all.is_empty() { Ok(part) } else { vm.bytes(&all) };
        }
        match bytes_of(part.borrow()) {
            None => return Err(vm.type_error("read() should return bytes")),
            Some([]) => return vm.bytes(&all),
            Some(bytes) => all.extend_from_slice(bytes),
        }
    }
}

// ---- buffered files ----

fn buffered_readinto(vm: &Thread, this: Ref<'_>, into: Ref<'_>) -> PyResult {
    readinto_by(vm, this, "readinto", "read", into)
}

fn buffered_readinto1(vm: &Thread, this: Ref<'_>, into: Ref<'_>) -> PyResult {
    readinto_by(vm, this, "readinto1", "read1", into)
}

fn readinto_by(vm: &Thread, this: Ref<'_>, method: &str, by: &str, into: Ref<'_>) -> PyResult {
    let into = buffer::Writable::new(vm, format_args!("{method}() argument"), into)?;
    let data = call(vm, this, by, &[vm.size(into.len())?.borrow()])?;
    let Some(bytes) = bytes_of(data.borrow()) else {
        return Err(vm.type_error("read() should return bytes"));
    };
    if bytes.len() > into.len() {
        let (requested, returned) = (into.len(), bytes.len());
        return Err(vm.value_error(format_args!(
            "read() returned too much data: {requested} bytes requested, {returned} returned"
        )));
    }
    into.put(bytes);
    vm.size(bytes.len())
}
