//! The streams of an interpreter that has no `io` yet: `stderrprinter`, which writes to a file descriptor at once.

use std::cell::Cell;
use std::io::{self, IsTerminal, Write};

use pyx_vm::exception::PyResult;
use pyx_vm::heap::inline::Str;
use pyx_vm::native::*;
use pyx_vm::text::codec::builtin::Builtin;
use pyx_vm::text::codec::errors::{Native, Policy};
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload, untraced};

payload! {
    /// A stream for text.
    pub(super) struct Printer: Native {
        stream: Stream,
        closed: Cell<bool>,
    }
}

class! { Printer => PRINTER; }

/// One of the process's streams.
#[derive(Clone, Copy)]
pub(super) enum Stream {
    Output,
    Error,
}

untraced!(Stream);

static PRINTER: TypeDef = TypeDef {
    flags: TypeFlags { no_new: true, ..TypeFlags::NONE },
    methods: &[
        method("close($self, /)", One(|_, _| none()), "Do nothing: the descriptor stays open."),
        method("flush($self, /)", One(|_, _| none()), "Do nothing: nothing is held back."),
        method("fileno($self, /)", One(fileno), "The file descriptor."),
        method("isatty($self, /)", One(isatty), "Whether the stream is a terminal."),
        method("write($self, text, /)", Two(write), "Write text; the number of characters."),
    ],
    getset: &[
        getter("closed", |_, this| Ok(Owned::bool(payload(this).closed.get())), "False."),
        getter("encoding", |vm, _| vm.intern("utf-8"), "The encoding of the text."),
        getter("mode", |vm, _| vm.intern("w"), "How the stream was opened."),
    ],
    slots: Slots { repr: Some(repr), ..Slots::NONE },
    ..TypeDef::new::<Printer>("stderrprinter")
};

/// A printer on a stream.
pub(super) fn new(vm: &Thread, stream: Stream) -> PyResult {
    vm.new_object(Printer { stream, closed: Cell::new(false) })
}

fn payload(this: Ref<'_>) -> &Printer {
    this.downcast().expect("the receiver is a printer")
}

fn descriptor(this: Ref<'_>) -> i32 {
    match payload(this).stream {
        Stream::Output => 1,
        Stream::Error => 2,
    }
}

fn fileno(_vm: &Thread, this: Ref<'_>) -> PyResult {
    Ok(Owned::small_int(descriptor(this)))
}

fn isatty(_vm: &Thread, this: Ref<'_>) -> PyResult {
    Ok(Owned::bool(match payload(this).stream {
        Stream::Output => io::stdout().is_terminal(),
        Stream::Error => io::stderr().is_terminal(),
    }))
}

fn write(vm: &Thread, this: Ref<'_>, text: Ref<'_>) -> PyResult {
    let Some(text) = text.downcast::<Str>() else {
        let got = vm.type_name(text);
        return Err(vm.type_error(format_args!("write() argument must be str, not {got}")));
    };
    let replaced;
    let bytes = match text.as_str() {
        Some(text) => text.as_bytes(),
        None => {
            let encoded = Builtin::Utf8.encode(text.text(), &mut Native(Policy::BackslashReplace));
            replaced = encoded.unwrap_or_default();
            &replaced
        }
    };
    let written = match payload(this).stream {
        Stream::Output => io::stdout().write_all(bytes).and_then(|()| io::stdout().flush()),
        Stream::Error => io::stderr().write_all(bytes),
    };
    written.map_err(|error| vm.os_error(error))?;
    vm.size(text.len())
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.str(&format!("<stderrprinter(fd={}) object at {:#x}>", descriptor(this), this.id()))
}
