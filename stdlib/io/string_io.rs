//! `StringIO`: a file of text in memory.
//!
//! The text is generalised UTF-8, positions count characters. The byte offset of the position is kept beside it, so that
//! reading on and appending need not count.

use std::cell::{Cell, RefCell};

use pyx_vm::exception::{PyResult, Raised};
use pyx_vm::heap::dict::Dict;
use pyx_vm::heap::inline::{Str, Tuple};
use pyx_vm::native::*;
use pyx_vm::protocol::conversion::int_value;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload, signature};

use super::base::TEXT_IO_BASE;
use super::coding::str_of;
use super::newline::{Newlines, ReadNewline, with_endings};
use super::support::{call, instance_state, size_argument, text_of, update_instance};
use super::text::{bytes_of_chars, chars};

payload! {
    /// A file of text in memory.
    pub(super) struct StringIo: Native {
        text: RefCell<Vec<u8>>,
        /// How many characters the text has.
        len: Cell<usize>,
        /// The position in characters; it may lie behind the end.
        position: Cell<usize>,
        /// Its byte offset, as far as there is text.
        offset: Cell<usize>,
        newline: Cell<ReadNewline>,
        newlines: RefCell<Option<Newlines>>,
        ready: Cell<bool>,
        closed: Cell<bool>,
    }
}

class! { StringIo => STRING_IO; }

pub(super) static STRING_IO: TypeDef = TypeDef {
    module: "_io",
    base: Some(&TEXT_IO_BASE),
    flags: TypeFlags { base: true, dict: true, weakref: true, ..TypeFlags::NONE },
    signature: "(initial_value='', newline='\\n')",
    doc: "A file of text in memory. The argument newline is as that of TextIOWrapper, but for None: \\n is written as \\n.",
    methods: &[
        method("close($self, /)", One(close), "Let go of the text."),
        method("getvalue($self, /)", One(getvalue), "All text of the file."),
        method("read($self, size=-1, /)", OneOpt(read), "Read at most so many characters, or all."),
        method(
            "readline($self, size=-1, /)",
            OneOpt(readline),
            "Read a line, or at most so many characters of it.",
        ),
        method("tell($self, /)", One(tell), "The position."),
        method(
            "truncate($self, pos=None, /)",
            OneOpt(truncate),
            "Cut the file off at a size, or at the position.",
        ),
        method(
            "seek($self, pos, whence=0, /)",
            TwoOpt(seek),
            "Move to another position, to the start or to the end.",
        ),
        method("write($self, s, /)", Two(write), "Write text."),
        method("seekable($self, /)", One(yes), "True."),
        method("readable($self, /)", One(yes), "True."),
        method("writable($self, /)", One(yes), "True."),
        method("__getstate__($self, /)", One(getstate), "What pickle keeps."),
        method("__setstate__($self, state, /)", Two(setstate), "Take over what pickle kept."),
    ],
    getset: &[
        getter("closed", closed, "Whether the file is closed."),
        getter("newlines", newlines, "The line endings seen so far."),
        getter("line_buffering", line_buffering, "False."),
    ],
    slots: Slots { new: Some(new), init: Some(init), next: Some(next), ..Slots::NONE },
    attributes: &[MODULE],
    ..TypeDef::new::<StringIo>("StringIO")
};

fn new(vm: &Thread, class: Ref<'_>, _: &Args<'_>) -> PyResult {
    vm.new_object_of(
        class,
        StringIo {
            text: RefCell::default(),
            len: Cell::new(0),
            position: Cell::new(0),
            offset: Cell::new(0),
            newline: Cell::new(ReadNewline::Only("\n")),
            newlines: RefCell::default(),
            ready: Cell::new(false),
            closed: Cell::new(false),
        },
    )
}

fn payload(this: Ref<'_>) -> &StringIo {
    this.downcast().expect("the method checks its receiver")
}

fn init(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult<()> {
    args.bind(vm, signature!("StringIO(initial_value='', newline='\\n')"), |arguments| {
        let newline = match arguments.optional(1) {
            None => ReadNewline::Only("\n"),
            Some(newline) => newline_argument(vm, newline)?,
        };
        let value = arguments.optional(0).filter(|value| !value.is_none());
        if let Some(value) = value.filter(|value| value.downcast::<Str>().is_none()) {
            let got = vm.type_name(value);
            return Err(vm.type_error(format_args!("initial_value must be str or None, not {got}")));
        }
        let file = payload(this);
        file.start(newline);
        if let Some(value) = value {
            file.put(vm, value)?;
            file.move_to(0);
        }
        Ok(())
    })
}

fn newline_argument(vm: &Thread, value: Ref<'_>) -> PyResult<ReadNewline> {
    if !value.is_none() && value.downcast::<Str>().is_none() {
        let got = vm.type_name(value);
        return Err(vm.type_error(format_args!("newline must be str or None, not {got}")));
    }
    match ReadNewline::known(Some(value)) {
        Some(newline) => Ok(newline),
        None => {
            let value = vm.repr_string(value)?;
            Err(vm.value_error(format_args!("illegal newline value: {value}")))
        }
    }
}

impl StringIo {
    fn start(&self, newline: ReadNewline) {
        self.text.take();
        self.len.set(0);
        self.position.set(0);
        self.offset.set(0);
        self.newline.set(newline);
        self.newlines
            .replace(newline.is_universal().then(|| Newlines::new(newline == ReadNewline::Translate)));
        self.closed.set(false);
        self.ready.set(true);
    }

    fn move_to(&self, position: usize) {
        self.position.set(position);
        self.offset.set(bytes_of_chars(&self.text.borrow(), position));
    }

    /// Writes a str at the position.
    fn put(&self, vm: &Thread, text: Ref<'_>) -> PyResult<()> {
        let payload = text_of(text);
        let mut bytes = std::borrow::Cow::Borrowed(payload.as_bytes());
        if let Some(newlines) = &mut *self.newlines.borrow_mut() {
            bytes = newlines.process(bytes.into_owned(), true).into();
        }
        if let Some(ending) = self.newline.get().written() {
            bytes = with_endings(&bytes, ending).into();
        }
        let count = if bytes.len() == payload.as_bytes().len() { payload.len() } else { chars(&bytes) };
        if count == 0 {
            return Ok(());
        }
        let mut text = self.text.borrow_mut();
        let (position, len) = (self.position.get(), self.len.get());
        let gap = position.saturating_sub(len);
        if text.try_reserve(gap.saturating_add(bytes.len())).is_err() {
            return Err(vm.memory_error());
        }
        if position >= len {
            let end = text.len() + gap;
            text.resize(end, 0);
            text.extend_from_slice(&bytes);
            self.len.set(position + count);
        } else {
            let start = self.offset.get();
            let end = start + bytes_of_chars(&text[start..], count);
            text.splice(start..end, bytes.iter().copied());
            self.len.set(len.max(position + count));
        }
        self.offset.set(if position >= len { text.len() } else { self.offset.get() + bytes.len() });
        self.position.set(position + count);
        Ok(())
    }

    /// Some bytes of the text behind the position, which moves.
    fn take(&self, vm: &Thread, bytes: usize) -> PyResult {
        let start = self.offset.get();
        let text = self.text.borrow();
        let part = &text[start..start + bytes];
        let object = str_of(vm, part)?;
        self.offset.set(start + bytes);
        self.position.set(self.position.get() + chars(part));
        Ok(object)
    }
}

/// The file, if it is open.
fn opened<'a>(vm: &Thread, this: Ref<'a>) -> PyResult<&'a StringIo> {
    let file = payload(this);
    if !file.ready.get() {
        Err(vm.value_error("I/O operation on uninitialized object"))
    } else if file.closed.get() {
        Err(closed_error(vm))
    } else {
        Ok(file)
    }
}

#[cold]
fn closed_error(vm: &Thread) -> Raised {
    vm.value_error("I/O operation on closed file")
}

fn close(_: &Thread, this: Ref<'_>) -> PyResult {
    let file = payload(this);
    file.closed.set(true);
    file.text.take();
    none()
}

fn closed(vm: &Thread, this: Ref<'_>) -> PyResult {
    if payload(this).ready.get() {
        Ok(Owned::bool(payload(this).closed.get()))
    } else {
        Err(vm.value_error("I/O operation on uninitialized object"))
    }
}

fn yes(vm: &Thread, this: Ref<'_>) -> PyResult {
    opened(vm, this)?;
    Ok(Owned::bool(true))
}

fn line_buffering(vm: &Thread, this: Ref<'_>) -> PyResult {
    opened(vm, this)?;
    Ok(Owned::bool(false))
}

fn newlines(vm: &Thread, this: Ref<'_>) -> PyResult {
    let newlines = opened(vm, this)?.newlines.borrow().clone();
    newlines.map_or_else(none, |newlines| newlines.seen(vm))
}

fn getvalue(vm: &Thread, this: Ref<'_>) -> PyResult {
    str_of(vm, &opened(vm, this)?.text.borrow())
}

fn tell(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.size(opened(vm, this)?.position.get())
}

fn read(vm: &Thread, this: Ref<'_>, size: Option<Ref<'_>>) -> PyResult {
    let size = size_argument(vm, size)?;
    let file = opened(vm, this)?;
    let count = {
        let text = file.text.borrow();
        let rest = &text[file.offset.get()..];
        usize::try_from(size).map_or(rest.len(), |size| bytes_of_chars(rest, size))
    };
    file.take(vm, count)
}

/// The next line, as far as a number of characters.
fn line(vm: &Thread, file: &StringIo, limit: Option<usize>) -> PyResult {
    let count = {
        let text = file.text.borrow();
        let rest = &text[file.offset.get()..];
        let end = file.newline.get().find(rest).unwrap_or(rest.len());
        limit.map_or(end, |limit| bytes_of_chars(&rest[..end], limit))
    };
    file.take(vm, count)
}

fn readline(vm: &Thread, this: Ref<'_>, size: Option<Ref<'_>>) -> PyResult {
    let limit = size_argument(vm, size)?;
    line(vm, opened(vm, this)?, usize::try_from(limit).ok())
}

fn next(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    let file = opened(vm, this)?;
    let line = if vm.class(this).is(vm.class_of(&STRING_IO)?.borrow()) {
        line(vm, file, None)?
    } else {
        call(vm, this, "readline", &[])?
    };
    let Some(text) = line.borrow().downcast::<Str>() else {
        let got = vm.type_name(line.borrow());
        return Err(vm.os_error(format_args!("readline() should have returned a str object, not '{got}'")));
    };
    Ok((!text.is_empty()).then_some(line))
}

fn truncate(vm: &Thread, this: Ref<'_>, size: Option<Ref<'_>>) -> PyResult {
    let file = opened(vm, this)?;
    let size = match size.filter(|size| !size.is_none()) {
        Some(size) => size_argument(vm, Some(size))?,
        None => file.position.get() as isize,
    };
    let Ok(size) = usize::try_from(size) else {
        return Err(vm.value_error(format_args!("Negative size value {size}")));
    };
    if size < file.len.get() {
        let end = bytes_of_chars(&file.text.borrow(), size);
        file.text.borrow_mut().truncate(end);
        file.len.set(size);
        file.offset.set(file.offset.get().min(end));
    }
    vm.size(size)
}

fn seek(vm: &Thread, this: Ref<'_>, target: Ref<'_>, whence: Option<Ref<'_>>) -> PyResult {
    let target = vm.to_count(target)?;
    let whence = whence.map_or(Ok(0), |whence| vm.to_c_int(whence))?;
    let file = opened(vm, this)?;
    match whence {
        0 if target < 0 => return Err(vm.value_error(format_args!("Negative seek position {target}"))),
        0 => file.move_to(target as usize),
        1 | 2 if target != 0 => {
            let way = if whence == 1 { "cur" } else { "end" };
            return Err(vm.os_error(format_args!("Can't do nonzero {way}-relative seeks")));
        }
        1 => {}
        2 => file.move_to(file.len.get()),
        _ => {
            return Err(vm.value_error(format_args!("Invalid whence ({whence}, should be 0, 1 or 2)")));
        }
    }
    vm.size(file.position.get())
}

fn write(vm: &Thread, this: Ref<'_>, text: Ref<'_>) -> PyResult {
    if !payload(this).ready.get() {
        opened(vm, this)?;
    }
    let Some(payload) = text.downcast::<Str>() else {
        let got = vm.type_name(text);
        return Err(vm.type_error(format_args!("string argument expected, got '{got}'")));
    };
    opened(vm, this)?.put(vm, text)?;
    vm.size(payload.len())
}

// ---- pickling ----

fn getstate(vm: &Thread, this: Ref<'_>) -> PyResult {
    let value = getvalue(vm, this)?;
    let newline = match payload(this).newline.get() {
        ReadNewline::Translate => Owned::none(),
        ReadNewline::Universal => vm.empty_str(),
        ReadNewline::Only(newline) => vm.str(newline)?,
    };
    let position = vm.size(payload(this).position.get())?;
    vm.tuple_array([value, newline, position, instance_state(vm, this)?])
}

fn setstate(vm: &Thread, this: Ref<'_>, state: Ref<'_>) -> PyResult {
    if payload(this).closed.get() {
        return Err(closed_error(vm));
    }
    let Some([value, newline, position, dict, ..]) = state.downcast::<Tuple>().map(Tuple::as_slice) else {
        let (class, got) = (vm.class_name(vm.class(this)), vm.type_name(state));
        return Err(vm.type_error(format_args!("{class}.__setstate__ argument should be 4-tuple, got {got}")));
    };
    let newline = newline_argument(vm, newline.borrow())?;
    if !value.borrow().is_none() && value.borrow().downcast::<Str>().is_none() {
        let got = vm.type_name(value.borrow());
        return Err(vm.type_error(format_args!("initial_value must be str or None, not {got}")));
    }
    let file = payload(this);
    file.start(newline);
    if let Some(text) = value.borrow().downcast::<Str>() {
        // The text is as it was: its line endings were dealt with when it was written.
        file.text.replace(text.as_bytes().to_vec());
        file.len.set(text.len());
    }
    if int_value(position.borrow()).is_none() {
        let got = vm.type_name(position.borrow());
        return Err(vm.type_error(format_args!("third item of state must be an integer, got {got}")));
    }
    let Ok(position) = usize::try_from(vm.to_isize(position.borrow())?) else {
        return Err(vm.value_error("position value cannot be negative"));
    };
    file.move_to(position);
    if dict.borrow().is_none() {
        return none();
    }
    if dict.borrow().downcast::<Dict>().is_none() {
        let got = vm.type_name(dict.borrow());
        return Err(vm.type_error(format_args!("fourth item of state should be a dict, got a {got}")));
    }
    update_instance(vm, this, dict.borrow())?;
    none()
}
