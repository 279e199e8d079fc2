//! `TextIOWrapper`: a file of text on a file of bytes.
//!
//! Reading takes a chunk of bytes and decodes it whole; lines are cut from the decoded text until it is used up. Writing
//! encodes text behind what waits to be written. Text in memory is generalised UTF-8, as strs are.
//!
//! A position in the file is a *cookie*: a position in the file of bytes where the decoder can start, the state that it
//! starts in, how many bytes to give it then, and how many of the characters that come out lie before the position. So `tell`
//! needs a *snapshot*: where the last chunk started, and its bytes.

mod cookie;
mod position;
mod read;
mod write;

use std::cell::{Cell, RefCell};

use pyx_vm::exception::{PyResult, Raised};
use pyx_vm::heap::inline::Str;
use pyx_vm::heap::{Slot, Trace, Visitor};
use pyx_vm::native::*;
use pyx_vm::text::wtf8::TextBuf;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload, signature};

pub(super) use read::{bytes_of_chars, chars};

use super::base::TEXT_IO_BASE;
use super::coding::{Decoder, Encoder};
use super::newline::{Newlines, ReadNewline};
use super::support::{
    self, ask, bool_member, call, chained, closed_error, get, get_opt, is_closed, optional_str,
    refuse_pickle, unsupported,
};

payload! {
    /// A file of text.
    pub(super) struct TextIo: Native {
        buffer: Slot,
        encoding: Slot,
        errors: Slot,
        ready: Cell<bool>,
        detached: Cell<bool>,
        finalizing: Cell<bool>,
        /// Whether it is exactly of the class, so that its methods are these.
        plain: Cell<bool>,
        line_buffering: Cell<bool>,
        write_through: Cell<bool>,
        seekable: Cell<bool>,
        /// Whether snapshots are kept; not while lines are read by iteration.
        telling: Cell<bool>,
        has_read1: Cell<bool>,
        chunk_size: Cell<usize>,
        newline: Cell<ReadNewline>,
        decoder: RefCell<Option<Decoder>>,
        /// Finds line endings behind the decoder.
        newlines: RefCell<Option<Newlines>>,
        encoder: RefCell<Option<Encoder>>,
        /// Encoded text that waits to be written.
        pending: RefCell<Vec<u8>>,
        /// Decoded text, and how many bytes of it have been read; none before the first chunk, and at the end.
        decoded: RefCell<Option<Vec<u8>>>,
        used: Cell<usize>,
        snapshot: RefCell<Option<Snapshot>>,
        /// Bytes for a character, in the last chunk.
        bytes_per_char: Cell<f64>,
    }
}

/// What the decoder was given for the decoded text: its state before, and the bytes.
struct Snapshot {
    flags: i64,
    input: Vec<u8>,
}

impl Trace for Snapshot {
    const TRACED: bool = false;
    fn trace(&self, _: &mut Visitor<'_>) {}
}

pyx_vm::untraced!(ReadNewline);
class! { TextIo => TEXT_IO_WRAPPER; }

pub(super) static TEXT_IO_WRAPPER: TypeDef = TypeDef {
    module: "_io",
    base: Some(&TEXT_IO_BASE),
    flags: TypeFlags { base: true, dict: true, weakref: true, objects_new: true, ..TypeFlags::NONE },
    signature: "(buffer, encoding=None, errors=None, newline=None, line_buffering=False, write_through=False)",
    doc: "A file of text on a file of bytes. The argument newline says what line endings are:\n\n\
          None: when reading, any of \\n, \\r and \\r\\n, which become \\n; \\n becomes the system's when writing.\n\
          '': any of them, and they stay.\n\
          One of them: lines end with it only, and \\n becomes it when writing.",
    methods: &[
        method("read($self, size=-1, /)", OneOpt(read::read), "Read at most so many characters, or all."),
        method(
            "readline($self, size=-1, /)",
            OneOpt(read::readline),
            "Read a line, or at most so many characters of it.",
        ),
        method("write($self, text, /)", Two(write::write), "Write text."),
        method("flush($self, /)", One(write::flush), "Write what waits."),
        method("close($self, /)", One(close), "Flush the file, and close it with the file of bytes."),
        method("detach($self, /)", One(detach), "Flush the file, and give the file of bytes back."),
        method(
            "seek($self, cookie, whence=os.SEEK_SET, /)",
            TwoOpt(position::seek),
            "Move to a position that tell() gave, to the start or to the end.",
        ),
        method("tell($self, /)", One(position::tell), "The position, as a number that seek() understands."),
        method(
            "truncate($self, pos=None, /)",
            OneOpt(position::truncate),
            "Cut the file off at a size, or at the position.",
        ),
        method("fileno($self, /)", One(fileno), "The number of the descriptor."),
        method("isatty($self, /)", One(isatty), "Whether the file is a terminal."),
        method("readable($self, /)", One(readable), "Whether the file can be read."),
        method("writable($self, /)", One(writable), "Whether the file can be written."),
        method("seekable($self, /)", One(seekable), "Whether the position can be moved."),
        method(
            "reconfigure($self, /, *, encoding=None, errors=None, newline=None, line_buffering=None, write_through=None)",
            Many(reconfigure),
            "Change what the arguments name.",
        ),
        method("__getstate__($self, /)", One(refuse_pickle), "Refuses to pickle the file."),
    ],
    getset: &[
        member("buffer", buffer, "The file of bytes."),
        member("encoding", encoding, "The encoding."),
        member("line_buffering", line_buffering, "Whether each line is written at once."),
        member("write_through", write_through, "Whether text does not wait for more before it is written."),
        getter("closed", closed, "Whether the file is closed."),
        getter("name", name, "The name of the file of bytes."),
        getter("errors", errors, "The handler of encoding errors."),
        getter("newlines", newlines, "The line endings seen so far."),
        getset("_CHUNK_SIZE", chunk_size, set_chunk_size, "How many bytes are read at once."),
        GetSet { name: "_finalizing", get: finalizing, set: Some(set_finalizing), doc: "", member: true },
    ],
    slots: Slots {
        new: Some(new),
        init: Some(init),
        repr: Some(repr),
        next: Some(read::next),
        ..Slots::NONE
    },
    attributes: &[MODULE],
    ..TypeDef::new::<TextIo>("TextIOWrapper")
};

/// How many bytes are read at once.
const CHUNK: usize = 8192;

fn new(vm: &Thread, class: Ref<'_>, _: &Args<'_>) -> PyResult {
    vm.new_object_of(
        class,
        TextIo {
            buffer: Slot::empty(),
            encoding: Slot::empty(),
            errors: Slot::empty(),
            ready: Cell::new(false),
            detached: Cell::new(false),
            finalizing: Cell::new(false),
            plain: Cell::new(false),
            line_buffering: Cell::new(false),
            write_through: Cell::new(false),
            seekable: Cell::new(false),
            telling: Cell::new(false),
            has_read1: Cell::new(false),
            chunk_size: Cell::new(CHUNK),
            newline: Cell::new(ReadNewline::Translate),
            decoder: RefCell::default(),
            newlines: RefCell::default(),
            encoder: RefCell::default(),
            pending: RefCell::default(),
            decoded: RefCell::default(),
            used: Cell::new(0),
            snapshot: RefCell::default(),
            bytes_per_char: Cell::new(0.0),
        },
    )
}

fn payload(this: Ref<'_>) -> &TextIo {
    this.downcast().expect("the method checks its receiver")
}

// ---- making one ----

fn init(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult<()> {
    let signature = signature!(
        "TextIOWrapper(buffer, encoding=None, errors=None, newline=None, line_buffering=False, write_through=False)"
    );
    args.bind(vm, signature, |arguments| {
        let place = |name| format!("TextIOWrapper() argument '{name}'");
        let encoding = optional_str(vm, &place("encoding"), arguments.optional(1))?;
        let errors = optional_str(vm, &place("errors"), arguments.optional(2))?;
        let newline = optional_str(vm, &place("newline"), arguments.optional(3))?;
        let flag = |index| arguments.optional(index).map_or(Ok(false), |flag| vm.is_true(flag));
        let (line_buffering, write_through) = (flag(4)?, flag(5)?);
        let file = payload(this);
        file.ready.set(false);
        file.detached.set(false);
        let newline = ReadNewline::from_argument(vm, newline)?;
        let encoding = super::encoding_argument(vm, encoding)?;
        let errors = errors.map_or_else(|| vm.intern("strict"), |errors| Ok(errors.own()))?;
        if vm.config().dev_mode {
            call(vm, super::coding::codecs(vm)?.borrow(), "lookup_error", &[errors.borrow()])?;
        }
        file.start(vm, arguments.required(0), newline, &encoding, &errors)?;
        file.line_buffering.set(line_buffering);
        file.write_through.set(write_through);
        file.plain.set(vm.class(this).is(vm.class_of(&TEXT_IO_WRAPPER)?.borrow()));
        file.ready.set(true);
        Ok(())
    })
}

impl TextIo {
    fn start(
        &self,
        vm: &Thread,
        buffer: Ref<'_>,
        newline: ReadNewline,
        encoding: &Owned,
        errors: &Owned,
    ) -> PyResult<()> {
        self.chunk_size.set(CHUNK);
        self.pending.take();
        self.forget_decoded();
        self.bytes_per_char.set(0.0);
        self.newline.set(newline);
        self.set_coders(vm, buffer, encoding, errors)?;
        self.buffer.set(buffer.own());
        let seekable = ask(vm, buffer, "seekable")?;
        self.seekable.set(seekable);
        self.telling.set(seekable);
        self.has_read1.set(get_opt(vm, buffer, "read1")?.is_some());
        self.find_start(vm, buffer)
    }

    /// Makes decoder and encoder, as far as the file of bytes can be read and written.
    fn set_coders(&self, vm: &Thread, buffer: Ref<'_>, encoding: &Owned, errors: &Owned) -> PyResult<()> {
        if super::coding::Coding::from_names(
            support::text_of(encoding.borrow()),
            support::text_of(errors.borrow()),
        )
        .is_none()
        {
            // An unknown encoding is an error even where nothing is to be coded.
            super::coding::codec_info(vm, encoding.borrow())?;
        }
        let decoder = if ask(vm, buffer, "readable")? {
            Some(Decoder::new(vm, encoding.borrow(), errors.borrow())?)
        } else {
            None
        };
        let encoder = if ask(vm, buffer, "writable")? {
            Some(Encoder::new(vm, encoding.borrow(), errors.borrow())?)
        } else {
            None
        };
        let newline = self.newline.get();
        let newlines = (decoder.is_some() && newline.is_universal())
            .then(|| Newlines::new(newline == ReadNewline::Translate));
        self.decoder.replace(decoder);
        self.encoder.replace(encoder);
        self.newlines.replace(newlines);
        self.encoding.set(encoding.clone());
        self.errors.set(errors.clone());
        Ok(())
    }

    /// Tells the encoder if the file does not stand at its start, where some encodings put a mark.
    fn find_start(&self, vm: &Thread, buffer: Ref<'_>) -> PyResult<()> {
        let Some(encoder) = self.encoder.borrow().as_ref().map(Encoder::share) else { return Ok(()) };
        if !self.seekable.get() || matches!(encoder, Encoder::Native(_)) {
            return Ok(());
        }
        let position = call(vm, buffer, "tell", &[])?;
        if vm.is_true(position.borrow())? { encoder.set_at_start(vm, false) } else { Ok(()) }
    }

    // ---- state ----

    /// The file of bytes.
    fn buffer(&self, vm: &Thread) -> PyResult {
        match self.buffer.get() {
            Some(buffer) if self.ready.get() => Ok(buffer),
            _ => Err(self.unusable(vm)),
        }
    }

    #[cold]
    fn unusable(&self, vm: &Thread) -> Raised {
        vm.value_error(if self.detached.get() {
            "underlying buffer has been detached"
        } else {
            "I/O operation on uninitialized object"
        })
    }

    /// The file of bytes, if that is open.
    fn open_buffer(&self, vm: &Thread) -> PyResult {
        let buffer = self.buffer(vm)?;
        let closed = match super::buffered::is_plain_and_closed(buffer.borrow()) {
            Some(closed) => closed,
            None => is_closed(vm, buffer.borrow())?,
        };
        if closed { Err(closed_error(vm)) } else { Ok(buffer) }
    }

    fn forget_decoded(&self) {
        self.decoded.take();
        self.used.set(0);
        self.snapshot.take();
    }
}

// ---- closing ----

fn close(vm: &Thread, this: Ref<'_>) -> PyResult {
    let file = payload(this);
    let buffer = file.buffer(vm)?;
    // The file of bytes may run anything before it says whether it is closed.
    if is_closed(vm, buffer.borrow())? || file.detached.get() {
        return none();
    }
    if file.finalizing.get() {
        // A file of bytes may have no such method.
        let _ = call(vm, buffer.borrow(), "_dealloc_warn", &[this]);
    }
    let flushed = call(vm, this, "flush", &[]);
    let closed = call(vm, buffer.borrow(), "close", &[]);
    match (flushed, closed) {
        (Err(first), Err(second)) => Err(chained(vm, first, second)),
        (Err(raised), Ok(_)) => Err(raised),
        (Ok(_), closed) => closed,
    }
}

fn detach(vm: &Thread, this: Ref<'_>) -> PyResult {
    let file = payload(this);
    file.buffer(vm)?;
    call(vm, this, "flush", &[])?;
    let buffer = file.buffer(vm)?;
    file.buffer.take();
    file.detached.set(true);
    file.ready.set(false);
    Ok(buffer)
}

// ---- changing it ----

/// A name as the codecs' look-up reads it here.
fn up_to_nul(vm: &Thread, name: Owned) -> PyResult {
    let text = support::text_of(name.borrow()).to_string_lossy();
    match text.split_once('\0') {
        Some((name, _)) => vm.str(name),
        None => Ok(name),
    }
}

fn reconfigure(vm: &Thread, arguments: &Bound<'_>) -> PyResult {
    let this = arguments.required(0);
    let file = payload(this);
    let place = |name| format!("reconfigure() argument '{name}'");
    let encoding = optional_str(vm, &place("encoding"), arguments.optional(1))?;
    let errors = optional_str(vm, &place("errors"), arguments.optional(2))?;
    let newline = arguments.optional(3);
    file.buffer(vm)?;
    let recoded = encoding.is_some() || errors.is_some() || newline.is_some();
    if file.decoded.borrow().is_some() && recoded {
        return Err(unsupported(
            vm,
            "It is not possible to set the encoding or newline of stream after the first read",
        ));
    }
    let newline = match newline {
        None => None,
        Some(newline) => {
            let newline = optional_str(vm, &place("newline"), Some(newline))?;
            Some(ReadNewline::from_argument(vm, newline)?)
        }
    };
    let flag = |index, old: bool| match arguments.optional(index).filter(|flag| !flag.is_none()) {
        Some(flag) => Ok(vm.to_c_int(flag)? != 0),
        None => Ok(old),
    };
    let line_buffering = flag(4, file.line_buffering.get())?;
    let write_through = flag(5, file.write_through.get())?;
    call(vm, this, "flush", &[])?;
    let buffer = file.buffer(vm)?;
    file.bytes_per_char.set(0.0);
    if let Some(newline) = newline {
        file.newline.set(newline);
    }
    if recoded {
        let new_errors = match (encoding, errors) {
            (_, Some(errors)) => errors.own(),
            (Some(_), None) => vm.intern("strict")?,
            (None, None) => file.errors.get_or_none(),
        };
        let new_encoding = match encoding {
            Some(encoding) => up_to_nul(vm, super::encoding_argument(vm, Some(encoding))?)?,
            None => file.encoding.get_or_none(),
        };
        file.set_coders(vm, buffer.borrow(), &new_encoding, &new_errors)?;
        file.find_start(vm, buffer.borrow())?;
    }
    file.line_buffering.set(line_buffering);
    file.write_through.set(write_through);
    none()
}

// ---- attributes ----

fn buffer(vm: &Thread, this: Ref<'_>) -> PyResult {
    payload(this).buffer.get().ok_or_else(|| vm.attribute_error("buffer"))
}

fn encoding(_: &Thread, this: Ref<'_>) -> PyResult {
    Ok(payload(this).encoding.get_or_none())
}

fn errors(vm: &Thread, this: Ref<'_>) -> PyResult {
    let file = payload(this);
    if file.ready.get() || file.detached.get() {
        Ok(file.errors.get_or_none())
    } else {
        Err(file.unusable(vm))
    }
}

fn line_buffering(_: &Thread, this: Ref<'_>) -> PyResult {
    Ok(Owned::bool(payload(this).line_buffering.get()))
}

fn write_through(_: &Thread, this: Ref<'_>) -> PyResult {
    Ok(Owned::bool(payload(this).write_through.get()))
}

fn closed(vm: &Thread, this: Ref<'_>) -> PyResult {
    get(vm, payload(this).buffer(vm)?.borrow(), "closed")
}

fn name(vm: &Thread, this: Ref<'_>) -> PyResult {
    get(vm, payload(this).buffer(vm)?.borrow(), "name")
}

fn newlines(vm: &Thread, this: Ref<'_>) -> PyResult {
    let file = payload(this);
    file.buffer(vm)?;
    let newlines = file.newlines.borrow().clone();
    newlines.map_or_else(none, |newlines| newlines.seen(vm))
}

fn chunk_size(vm: &Thread, this: Ref<'_>) -> PyResult {
    let file = payload(this);
    file.buffer(vm)?;
    vm.size(file.chunk_size.get())
}

fn set_chunk_size(vm: &Thread, this: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    let file = payload(this);
    file.buffer(vm)?;
    let Some(value) = value else {
        let message = "attribute '_CHUNK_SIZE' of '_io.TextIOWrapper' objects cannot be deleted";
        return Err(vm.attribute_error(message));
    };
    let size = vm.index(value)?;
    let Ok(size) = vm.to_isize(size.borrow()) else {
        return Err(vm.value_error("cannot fit 'int' into an index-sized integer"));
    };
    match usize::try_from(size) {
        Ok(size @ 1..) => file.chunk_size.set(size),
        _ => return Err(vm.value_error("a strictly positive integer is required")),
    }
    Ok(())
}

fn finalizing(_: &Thread, this: Ref<'_>) -> PyResult {
    Ok(Owned::bool(payload(this).finalizing.get()))
}

fn set_finalizing(vm: &Thread, this: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    payload(this).finalizing.set(bool_member(vm, value)?);
    Ok(())
}

fn fileno(vm: &Thread, this: Ref<'_>) -> PyResult {
    call(vm, payload(this).buffer(vm)?.borrow(), "fileno", &[])
}

fn isatty(vm: &Thread, this: Ref<'_>) -> PyResult {
    call(vm, payload(this).buffer(vm)?.borrow(), "isatty", &[])
}

fn readable(vm: &Thread, this: Ref<'_>) -> PyResult {
    call(vm, payload(this).buffer(vm)?.borrow(), "readable", &[])
}

fn writable(vm: &Thread, this: Ref<'_>) -> PyResult {
    call(vm, payload(this).buffer(vm)?.borrow(), "writable", &[])
}

fn seekable(vm: &Thread, this: Ref<'_>) -> PyResult {
    call(vm, payload(this).buffer(vm)?.borrow(), "seekable", &[])
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    let file = payload(this);
    if !file.ready.get() && !file.detached.get() {
        return Err(file.unusable(vm));
    }
    let class = vm.class_name(vm.class(this));
    if !vm.repr_enter(this) {
        return Err(vm.runtime_error(format_args!("reentrant call inside {class}.__repr__")));
    }
    let text = describe(vm, this, &class);
    vm.repr_leave(this);
    vm.text(text?.as_text())
}

fn describe(vm: &Thread, this: Ref<'_>, class: &str) -> PyResult<TextBuf> {
    let mut text = TextBuf::from(&*format!("<{class}"));
    for attribute in ["name", "mode"] {
        // A file may have neither, and one that is detached says so with a ValueError.
        let value = match get_opt(vm, this, attribute) {
            Ok(value) => value,
            Err(raised) if raised.is(&vm.exceptions().ValueError) => None,
            Err(raised) => return Err(raised),
        };
        if let Some(value) = value {
            text.push_str(&format!(" {attribute}="));
            push_repr(vm, &mut text, value.borrow())?;
        }
    }
    text.push_str(" encoding=");
    push_repr(vm, &mut text, payload(this).encoding.get_or_none().borrow())?;
    text.push_str(">");
    Ok(text)
}

fn push_repr(vm: &Thread, text: &mut TextBuf, value: Ref<'_>) -> PyResult<()> {
    let repr = vm.repr(value)?;
    text.push_text(repr.borrow().downcast::<Str>().expect("a repr").text());
    Ok(())
}
