//! The three classes, and what they ask the raw file.

use pyx_vm::exception::PyResult;
use pyx_vm::heap::inline::Str;
use pyx_vm::native::*;
use pyx_vm::signature;
use pyx_vm::text::wtf8::TextBuf;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

use super::super::base::{self, BUFFERED_IO_BASE};
use super::super::support::{
    self, DEFAULT_BUFFER_SIZE, bool_member, call, chained, get, get_opt, refuse_pickle,
};
use super::{Buffered, new, payload, read, seek, write};

const FLAGS: TypeFlags =
    TypeFlags { base: true, dict: true, weakref: true, solid: true, objects_new: true, ..TypeFlags::NONE };

/// The methods of all three.
macro_rules! methods {
    ($($more:expr),* $(,)?) => {
        &[
            method("close($self, /)", One(close), "Flush the file, and close it with the raw file."),
            method("detach($self, /)", One(detach), "Flush the file, and give the raw file back."),
            method("seekable($self, /)", One(seekable), "Whether the position can be moved."),
            method("fileno($self, /)", One(fileno), "The number of the descriptor."),
            method("isatty($self, /)", One(isatty), "Whether the file is a terminal."),
            method("_dealloc_warn($self, source, /)", Two(dealloc_warn), "Warn that the file was not closed."),
            method("seek($self, target, whence=0, /)", TwoOpt(seek::seek), "Move to another position."),
            method("tell($self, /)", One(seek::tell), "The position."),
            method(
                "truncate($self, pos=None, /)",
                OneOpt(seek::truncate),
                "Cut the file off at a size, or at the position.",
            ).wording(Wording::DefiningClass),
            method("__sizeof__($self, /)", One(sizeof), "The size of file and buffer in memory."),
            method("__getstate__($self, /)", One(refuse_pickle), "Refuses to pickle the file."),
            $($more),*
        ]
    };
}

/// The methods for reading.
macro_rules! reading {
    ($($more:expr),* $(,)?) => {
        methods![
            method("read($self, size=-1, /)", OneOpt(read::read), "Read at most so many bytes, or all."),
            method(
                "read1($self, size=-1, /)",
                OneOpt(read::read1),
                "Read bytes by at most one call of the raw file.",
            ),
            method("readinto($self, buffer, /)", Two(read::readinto), "Read into a buffer."),
            method(
                "readinto1($self, buffer, /)",
                Two(read::readinto1),
                "Read into a buffer by at most one call of the raw file.",
            ),
            method("readline($self, size=-1, /)", OneOpt(read::readline), "Read a line."),
            method("peek($self, size=0, /)", OneOpt(read::peek), "What lies ahead, which stays there."),
            method("readable($self, /)", One(read::readable), "Whether the file can be read."),
            $($more),*
        ]
    };
}

const GETSET: &[GetSet] = &[
    getter("closed", closed, "Whether the file is closed."),
    getter("name", name, "The raw file's name."),
    getter("mode", mode, "How the raw file was opened."),
    member("raw", raw, "The raw file."),
    GetSet { name: "_finalizing", get: finalizing, set: Some(set_finalizing), doc: "", member: true },
];

pub(in super::super) static BUFFERED_READER: TypeDef = TypeDef {
    module: "_io",
    base: Some(&BUFFERED_IO_BASE),
    flags: FLAGS,
    signature: "(raw, buffer_size=DEFAULT_BUFFER_SIZE)",
    doc: "A file with a buffer for reading.",
    methods: reading![method("flush($self, /)", One(flush_raw), "Flush the raw file.")],
    getset: GETSET,
    slots: Slots {
        new: Some(new),
        init: Some(init_reader),
        repr: Some(repr),
        next: Some(read::next),
        ..Slots::NONE
    },
    attributes: &[MODULE],
    ..TypeDef::new::<Buffered>("BufferedReader")
};

pub(in super::super) static BUFFERED_WRITER: TypeDef = TypeDef {
    module: "_io",
    base: Some(&BUFFERED_IO_BASE),
    flags: FLAGS,
    signature: "(raw, buffer_size=DEFAULT_BUFFER_SIZE)",
    doc: "A file with a buffer for writing.",
    methods: methods![
        method("write($self, buffer, /)", Two(write::write), "Write bytes, as a rule into the buffer."),
        method("flush($self, /)", One(write::flush), "Write what waits in the buffer."),
        method("writable($self, /)", One(write::writable), "Whether the file can be written."),
    ],
    getset: GETSET,
    slots: Slots { new: Some(new), init: Some(init_writer), repr: Some(repr), ..Slots::NONE },
    attributes: &[MODULE],
    ..TypeDef::new::<Buffered>("BufferedWriter")
};

pub(in super::super) static BUFFERED_RANDOM: TypeDef = TypeDef {
    module: "_io",
    base: Some(&BUFFERED_IO_BASE),
    flags: FLAGS,
    signature: "(raw, buffer_size=DEFAULT_BUFFER_SIZE)",
    doc: "A file with a buffer for reading and writing, whose position can be moved.",
    methods: reading![
        method("write($self, buffer, /)", Two(write::write), "Write bytes, as a rule into the buffer."),
        method("flush($self, /)", One(write::flush), "Write what waits in the buffer."),
        method("writable($self, /)", One(write::writable), "Whether the file can be written."),
    ],
    getset: GETSET,
    slots: Slots {
        new: Some(new),
        init: Some(init_random),
        repr: Some(repr),
        next: Some(read::next),
        ..Slots::NONE
    },
    attributes: &[MODULE],
    ..TypeDef::new::<Buffered>("BufferedRandom")
};

/// A file of one of the classes, of a raw file.
pub(in super::super) fn make(vm: &Thread, def: &'static TypeDef, raw: Ref<'_>, size: usize) -> PyResult {
    let class = vm.class_of(def)?;
    vm.call(class.borrow(), &[raw, vm.size(size)?.borrow()])
}

// ---- making one ----

fn init_reader(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult<()> {
    args.bind(vm, signature!("BufferedReader(raw, buffer_size=DEFAULT_BUFFER_SIZE)"), |arguments| {
        init(vm, this, arguments, &BUFFERED_READER, (true, false))
    })
}

fn init_writer(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult<()> {
    args.bind(vm, signature!("BufferedWriter(raw, buffer_size=DEFAULT_BUFFER_SIZE)"), |arguments| {
        init(vm, this, arguments, &BUFFERED_WRITER, (false, true))
    })
}

fn init_random(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult<()> {
    args.bind(vm, signature!("BufferedRandom(raw, buffer_size=DEFAULT_BUFFER_SIZE)"), |arguments| {
        init(vm, this, arguments, &BUFFERED_RANDOM, (true, true))
    })
}

fn init(
    vm: &Thread,
    this: Ref<'_>,
    arguments: &Bound<'_>,
    def: &'static TypeDef,
    (readable, writable): (bool, bool),
) -> PyResult<()> {
    let buffered = payload(this);
    let raw = arguments.required(0);
    let size = arguments.optional(1).map_or(Ok(DEFAULT_BUFFER_SIZE as isize), |size| vm.to_count(size))?;
    buffered.ready.set(false);
    buffered.detached.set(false);
    if readable && writable {
        base::check_seekable(vm, raw)?;
    }
    if readable {
        base::check_readable(vm, raw)?;
    }
    if writable {
        base::check_writable(vm, raw)?;
    }
    buffered.readable.set(readable);
    buffered.writable.set(writable);
    let plain = vm.class(this).is(vm.class_of(def)?.borrow());
    buffered.start(vm, raw, size, plain)
}

// ---- closing ----

fn close(vm: &Thread, this: Ref<'_>) -> PyResult {
    let buffered = payload(this);
    let raw = buffered.raw(vm)?;
    {
        let _entered = buffered.enter(vm, this)?;
        if support::is_closed(vm, raw.borrow())? {
            return none();
        }
        if buffered.finalizing.get() {
            dealloc_warn(vm, this, this)?;
        }
    }
    // A subclass may have a method of its own.
    let flushed = call(vm, this, "flush", &[]);
    let _entered = buffered.enter(vm, this)?;
    let closed = call(vm, raw.borrow(), "close", &[]);
    buffered.drop_read();
    buffered.pos.set(0);
    match (flushed, closed) {
        (Err(first), Err(second)) => Err(chained(vm, first, second)),
        (Err(raised), Ok(_)) => Err(raised),
        (Ok(_), closed) => {
            if closed.is_ok() {
                buffered.buffer.take();
                buffered.size.set(0);
            }
            closed
        }
    }
}

fn detach(vm: &Thread, this: Ref<'_>) -> PyResult {
    let buffered = payload(this);
    buffered.raw(vm)?;
    call(vm, this, "flush", &[])?;
    let raw = buffered.raw(vm)?;
    buffered.raw.take();
    buffered.detached.set(true);
    buffered.ready.set(false);
    Ok(raw)
}

fn dealloc_warn(vm: &Thread, this: Ref<'_>, source: Ref<'_>) -> PyResult {
    if let Ok(raw) = payload(this).raw(vm) {
        // A raw file may have no such method.
        let _ = call(vm, raw.borrow(), "_dealloc_warn", &[source]);
    }
    none()
}

fn flush_raw(vm: &Thread, this: Ref<'_>) -> PyResult {
    call(vm, payload(this).raw(vm)?.borrow(), "flush", &[])
}

// ---- what the raw file knows ----

fn seekable(vm: &Thread, this: Ref<'_>) -> PyResult {
    call(vm, payload(this).raw(vm)?.borrow(), "seekable", &[])
}

fn fileno(vm: &Thread, this: Ref<'_>) -> PyResult {
    call(vm, payload(this).raw(vm)?.borrow(), "fileno", &[])
}

fn isatty(vm: &Thread, this: Ref<'_>) -> PyResult {
    call(vm, payload(this).raw(vm)?.borrow(), "isatty", &[])
}

fn closed(vm: &Thread, this: Ref<'_>) -> PyResult {
    get(vm, payload(this).raw(vm)?.borrow(), "closed")
}

fn name(vm: &Thread, this: Ref<'_>) -> PyResult {
    get(vm, payload(this).raw(vm)?.borrow(), "name")
}

fn mode(vm: &Thread, this: Ref<'_>) -> PyResult {
    get(vm, payload(this).raw(vm)?.borrow(), "mode")
}

fn raw(_: &Thread, this: Ref<'_>) -> PyResult {
    Ok(payload(this).raw.get_or_none())
}

fn finalizing(_: &Thread, this: Ref<'_>) -> PyResult {
    Ok(Owned::bool(payload(this).finalizing.get()))
}

fn set_finalizing(vm: &Thread, this: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    payload(this).finalizing.set(bool_member(vm, value)?);
    Ok(())
}

fn sizeof(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.size(size_of::<Buffered>() + 16 + payload(this).buffer.borrow().len())
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    let class = vm.class_name(vm.class(this));
    // A name that cannot be had, for the raw file is detached say, is not shown.
    let name = match get_opt(vm, this, "name") {
        Ok(name) => name,
        Err(raised) if raised.is(&vm.exceptions().ValueError) => None,
        Err(raised) => return Err(raised),
    };
    let Some(name) = name else { return vm.str(&format!("<{class}>")) };
    if !vm.repr_enter(this) {
        return Err(vm.runtime_error(format_args!("reentrant call inside {class}.__repr__")));
    }
    let name = vm.repr(name.borrow());
    vm.repr_leave(this);
    let mut text = TextBuf::from(&*format!("<{class} name="));
    text.push_text(name?.borrow().downcast::<Str>().expect("a repr").text());
    text.push_str(">");
    vm.text(text.as_text())
}
