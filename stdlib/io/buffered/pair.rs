//! `BufferedRWPair`: a file to read from and another to write to, as the ends of two pipes are.

use pyx_vm::exception::PyResult;
use pyx_vm::heap::Slot;
use pyx_vm::native::*;
use pyx_vm::payload;
use pyx_vm::signature;
use pyx_vm::value::Ref;
use pyx_vm::vm::Thread;

use super::super::base::{self, BUFFERED_IO_BASE};
use super::super::support::{DEFAULT_BUFFER_SIZE, call, chained, get};
use super::{BUFFERED_READER, BUFFERED_WRITER, make};

payload! {
    /// A pair of files.
    pub(in super::super) struct Pair: Native {
        reader: Slot,
        writer: Slot,
    }
}

pub(in super::super) static BUFFERED_RW_PAIR: TypeDef = TypeDef {
    module: "_io",
    base: Some(&BUFFERED_IO_BASE),
    flags: TypeFlags { base: true, dict: true, weakref: true, objects_new: true, ..TypeFlags::NONE },
    signature: "(reader, writer, buffer_size=DEFAULT_BUFFER_SIZE, /)",
    doc: "A file to read from and a file to write to, as one.",
    methods: &[
        method("read($self, /, *args)", Many(read), "Read at most so many bytes, or all.")
            .untold()
            .wording(Wording::Tuple),
        method("peek($self, /, *args)", Many(peek), "What lies ahead, which stays there.")
            .untold()
            .wording(Wording::Tuple),
        method("read1($self, /, *args)", Many(read1), "Read bytes by at most one call of the raw file.")
            .untold()
            .wording(Wording::Tuple),
        method("readinto($self, /, *args)", Many(readinto), "Read into a buffer.")
            .untold()
            .wording(Wording::Tuple),
        method(
            "readinto1($self, /, *args)",
            Many(readinto1),
            "Read into a buffer by at most one call of the raw file.",
        )
        .untold()
        .wording(Wording::Tuple),
        method("write($self, /, *args)", Many(write), "Write bytes.").untold().wording(Wording::Tuple),
        method("flush($self, /)", One(flush), "Write what waits in the buffer."),
        method("readable($self, /)", One(readable), "Whether the one file can be read."),
        method("writable($self, /)", One(writable), "Whether the other file can be written."),
        method("close($self, /)", One(close), "Close both files."),
        method("isatty($self, /)", One(isatty), "Whether one of the files is a terminal."),
    ],
    getset: &[getter("closed", closed, "Whether the file to write to is closed.")],
    slots: Slots { new: Some(new), init: Some(init), ..Slots::NONE },
    attributes: &[MODULE],
    ..TypeDef::new::<Pair>("BufferedRWPair")
};

fn new(vm: &Thread, class: Ref<'_>, _: &Args<'_>) -> PyResult {
    vm.new_object_of(class, Pair { reader: Slot::empty(), writer: Slot::empty() })
}

fn payload(this: Ref<'_>) -> &Pair {
    this.downcast().expect("the method checks its receiver")
}

fn init(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult<()> {
    let signature = signature!("BufferedRWPair(reader, writer, buffer_size=DEFAULT_BUFFER_SIZE, /)");
    args.bind(vm, signature, |arguments| {
        let (reader, writer) = (arguments.required(0), arguments.required(1));
        let size =
            arguments.optional(2).map_or(Ok(DEFAULT_BUFFER_SIZE as isize), |size| vm.to_count(size))?;
        base::check_readable(vm, reader)?;
        base::check_writable(vm, writer)?;
        let Ok(size @ 1..) = usize::try_from(size) else {
            return Err(vm.value_error("buffer size must be strictly positive"));
        };
        let reader = make(vm, &BUFFERED_READER, reader, size)?;
        let writer = make(vm, &BUFFERED_WRITER, writer, size)?;
        payload(this).reader.set(reader);
        payload(this).writer.set(writer);
        Ok(())
    })
}

fn part(vm: &Thread, slot: &Slot) -> PyResult {
    slot.get().ok_or_else(|| vm.value_error("I/O operation on uninitialized object"))
}

fn ask_reader(vm: &Thread, this: Ref<'_>, method: &str, args: &[Ref<'_>]) -> PyResult {
    let reader = part(vm, &payload(this).reader)?;
    call(vm, reader.borrow(), method, args)
}

fn ask_writer(vm: &Thread, this: Ref<'_>, method: &str, args: &[Ref<'_>]) -> PyResult {
    let writer = part(vm, &payload(this).writer)?;
    call(vm, writer.borrow(), method, args)
}

// Whatever the arguments are, the files judge them.

fn read(vm: &Thread, args: &Bound<'_>) -> PyResult {
    ask_reader(vm, args.required(0), "read", args.rest())
}

fn peek(vm: &Thread, args: &Bound<'_>) -> PyResult {
    ask_reader(vm, args.required(0), "peek", args.rest())
}

fn read1(vm: &Thread, args: &Bound<'_>) -> PyResult {
    ask_reader(vm, args.required(0), "read1", args.rest())
}

fn readinto(vm: &Thread, args: &Bound<'_>) -> PyResult {
    ask_reader(vm, args.required(0), "readinto", args.rest())
}

fn readinto1(vm: &Thread, args: &Bound<'_>) -> PyResult {
    ask_reader(vm, args.required(0), "readinto1", args.rest())
}

fn write(vm: &Thread, args: &Bound<'_>) -> PyResult {
    let writer = part(vm, &payload(args.required(0)).writer)?;
    call(vm, writer.borrow(), "write", args.rest())
}

fn flush(vm: &Thread, this: Ref<'_>) -> PyResult {
    ask_writer(vm, this, "flush", &[])
}

fn readable(vm: &Thread, this: Ref<'_>) -> PyResult {
    ask_reader(vm, this, "readable", &[])
}

fn writable(vm: &Thread, this: Ref<'_>) -> PyResult {
    ask_writer(vm, this, "writable", &[])
}

fn close(vm: &Thread, this: Ref<'_>) -> PyResult {
    let written = ask_writer(vm, this, "close", &[]);
    let read = ask_reader(vm, this, "close", &[]);
    match (written, read) {
        (Err(first), Err(second)) => Err(chained(vm, first, second)),
        (Err(raised), Ok(_)) => Err(raised),
        (Ok(_), read) => read,
    }
}

fn isatty(vm: &Thread, this: Ref<'_>) -> PyResult {
    let answer = ask_writer(vm, this, "isatty", &[])?;
    if answer.borrow().is_false() { ask_reader(vm, this, "isatty", &[]) } else { Ok(answer) }
}

fn closed(vm: &Thread, this: Ref<'_>) -> PyResult {
    match payload(this).writer.get() {
        Some(writer) => get(vm, writer.borrow(), "closed"),
        None => Err(vm.runtime_error("the BufferedRWPair object is being garbage-collected")),
    }
}
