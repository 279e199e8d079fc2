//! Line endings: what `\r`, `\n` and `\r\n` become when text is read, and `IncrementalNewlineDecoder`.

use std::cell::{Cell, RefCell};

use memchr::{memchr, memchr2, memchr2_iter, memmem};
use pyx_vm::exception::PyResult;
use pyx_vm::heap::Slot;
use pyx_vm::heap::inline::{Str, Tuple};
use pyx_vm::native::*;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload, signature};

use super::coding::str_of;
use super::support::{call, text_of};

/// What a file of text does with line endings when it is read: the argument `newline`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum ReadNewline {
    /// None: any ending becomes `\n`.
    #[default]
    Translate,
    /// `''`: lines end with any ending, which stays.
    Universal,
    /// Lines end with this.
    Only(&'static str),
}

impl ReadNewline {
    /// From the argument `newline`.
    pub(super) fn from_argument(vm: &Thread, value: Option<Ref<'_>>) -> PyResult<Self> {
        Self::known(value).ok_or_else(|| {
            let value = value.map(|value| text_of(value).to_string_lossy().into_owned()).unwrap_or_default();
            vm.value_error(format_args!("illegal newline value: {value}"))
        })
    }

    /// What a str or None means, if it is allowed.
    pub(super) fn known(value: Option<Ref<'_>>) -> Option<Self> {
        let Some(value) = value.filter(|value| !value.is_none()) else { return Some(Self::Translate) };
        Some(match text_of(value).as_bytes() {
            b"" => Self::Universal,
            b"\n" => Self::Only("\n"),
            b"\r" => Self::Only("\r"),
            b"\r\n" => Self::Only("\r\n"),
            _ => return None,
        })
    }

    /// Whether any ending ends a line.
    pub(super) fn is_universal(self) -> bool {
        !matches!(self, Self::Only(_))
    }

    /// What `\n` becomes when it is written, if it does not stay.
    pub(super) fn written(self) -> Option<&'static str> {
        match self {
            Self::Only(ending @ ("\r" | "\r\n")) => Some(ending),
            _ => None,
        }
    }

    /// Where the first line of a text ends, its ending included; `Err` says how much need not be searched again.
    #[inline]
    pub(super) fn find(self, text: &[u8]) -> Result<usize, usize> {
        match self {
            Self::Translate | Self::Only("\n") => memchr(b'\n', text).map(|at| at + 1).ok_or(text.len()),
            Self::Universal => match memchr2(b'\n', b'\r', text) {
                Some(at) if text[at] == b'\r' && text.get(at + 1) == Some(&b'\n') => Ok(at + 2),
                Some(at) => Ok(at + 1),
                None => Err(text.len()),
            },
            Self::Only(ending) => memmem::find(text, ending.as_bytes())
                .map(|at| at + ending.len())
                // The ending may have begun.
                .ok_or(text.len() - usize::from(ending.len() > 1 && text.last() == Some(&b'\r'))),
        }
    }
}

/// The text with another ending for each `\n`.
pub(super) fn with_endings(text: &[u8], ending: &str) -> Vec<u8> {
    let mut result = Vec::with_capacity(text.len() + text.len() / 8);
    for (index, line) in text.split(|&byte| byte == b'\n').enumerate() {
        if index > 0 {
            result.extend_from_slice(ending.as_bytes());
        }
        result.extend_from_slice(line);
    }
    result
}

/// Finds all line endings in a text that comes in pieces, and translates them if asked to.
#[derive(Clone, Debug, Default)]
pub(super) struct Newlines {
    /// Whether endings become `\n`.
    pub(super) translate: bool,
    /// Whether a `\r` at the end of a piece waits for what follows.
    pub(super) pending_cr: bool,
    seen: u8,
}

const SEEN_CR: u8 = 1;
const SEEN_LF: u8 = 2;
const SEEN_CRLF: u8 = 4;

impl Newlines {
    pub(super) fn new(translate: bool) -> Self {
        Self { translate, ..Self::default() }
    }

    /// The next piece.
    pub(super) fn process(&mut self, mut text: Vec<u8>, is_final: bool) -> Vec<u8> {
        if self.pending_cr && (is_final || !text.is_empty()) {
            text.insert(0, b'\r');
            self.pending_cr = false;
        }
        // Whether a `\n` follows decides what a `\r` is.
        if !is_final && text.last() == Some(&b'\r') {
            text.pop();
            self.pending_cr = true;
        }
        if memchr(b'\r', &text).is_none() {
            if self.seen & SEEN_LF == 0 && memchr(b'\n', &text).is_some() {
                self.seen |= SEEN_LF;
            }
            return text;
        }
        self.note(&text);
        if self.translate { translated(&text) } else { text }
    }

    fn note(&mut self, text: &[u8]) {
        let mut after_cr = usize::MAX;
        for at in memchr2_iter(b'\r', b'\n', text) {
            match (text[at], text.get(at + 1)) {
                (b'\r', Some(b'\n')) => {
                    self.seen |= SEEN_CRLF;
                    after_cr = at + 1;
                }
                (b'\r', _) => self.seen |= SEEN_CR,
                _ if at == after_cr => {}
                _ => self.seen |= SEEN_LF,
            }
            if self.seen == SEEN_CR | SEEN_LF | SEEN_CRLF {
                return;
            }
        }
    }

    /// The endings that occurred: None, a str, or a tuple of them.
    pub(super) fn seen(&self, vm: &Thread) -> PyResult {
        let all = [(SEEN_CR, "\r"), (SEEN_LF, "\n"), (SEEN_CRLF, "\r\n")];
        let mut endings: Vec<Owned> = Vec::new();
        for (bit, ending) in all {
            if self.seen & bit != 0 {
                endings.push(vm.str(ending)?);
            }
        }
        match endings.len() {
            0 => none(),
            1 => Ok(endings.remove(0)),
            _ => vm.tuple(endings),
        }
    }

    pub(super) fn reset(&mut self) {
        self.pending_cr = false;
        self.seen = 0;
    }
}

/// The text with `\n` for `\r` and `\r\n`.
fn translated(text: &[u8]) -> Vec<u8> {
    let mut result = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr(b'\r', rest) {
        result.extend_from_slice(&rest[..at]);
        result.push(b'\n');
        rest = &rest[at + 1..];
        if rest.first() == Some(&b'\n') {
            rest = &rest[1..];
        }
    }
    result.extend_from_slice(rest);
    result
}

// ---- the class ----

payload! {
    /// A decoder of line endings, behind another decoder or by itself.
    pub(super) struct NewlineDecoder: Native {
        /// What decodes before; None for text.
        decoder: Slot,
        errors: Slot,
        newlines: RefCell<Newlines>,
        ready: Cell<bool>,
    }
}

pyx_vm::untraced!(Newlines);
class! { NewlineDecoder => NEWLINE_DECODER; }

pub(super) static NEWLINE_DECODER: TypeDef = TypeDef {
    module: "_io",
    flags: TypeFlags { objects_new: true, ..TypeFlags::BASE },
    signature: "(decoder, translate, errors='strict')",
    doc: "Finds the line endings in decoded text, and may turn all of them into \\n.",
    methods: &[
        method("decode($self, /, input, final=False)", TwoOpt(decode), "Decode some more input."),
        method("getstate($self, /)", One(getstate), "What the decoder remembers: bytes and a number."),
        method("setstate($self, state, /)", Two(setstate), "Go back to what getstate() gave."),
        method("reset($self, /)", One(reset), "Begin anew."),
    ],
    getset: &[getter("newlines", newlines, "The line endings seen so far.")],
    slots: Slots { new: Some(new), init: Some(init), ..Slots::NONE },
    attributes: &[MODULE],
    ..TypeDef::new::<NewlineDecoder>("IncrementalNewlineDecoder")
};

fn new(vm: &Thread, class: Ref<'_>, _: &Args<'_>) -> PyResult {
    let decoder = NewlineDecoder {
        decoder: Slot::empty(),
        errors: Slot::empty(),
        newlines: RefCell::default(),
        ready: Cell::new(false),
    };
    vm.new_object_of(class, decoder)
}

fn init(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult<()> {
    let signature = signature!("IncrementalNewlineDecoder(decoder, translate, errors='strict')");
    args.bind(vm, signature, |arguments| {
        let decoder: &NewlineDecoder = this.downcast().expect("the method checks its receiver");
        let translate = vm.is_true(arguments.required(1))?;
        decoder.decoder.set(arguments.required(0).own());
        drop(decoder.errors.replace(arguments.optional(2).map(Ref::own)));
        decoder.newlines.replace(Newlines::new(translate));
        decoder.ready.set(true);
        Ok(())
    })
}

fn payload<'a>(vm: &Thread, this: Ref<'a>) -> PyResult<&'a NewlineDecoder> {
    let decoder: &NewlineDecoder = this.downcast().expect("the method checks its receiver");
    if decoder.ready.get() {
        Ok(decoder)
    } else {
        Err(vm.value_error("IncrementalNewlineDecoder.__init__() not called"))
    }
}

fn decode(vm: &Thread, this: Ref<'_>, input: Ref<'_>, is_final: Option<Ref<'_>>) -> PyResult {
    let is_final = is_final.map_or(Ok(false), |is_final| vm.is_true(is_final))?;
    let payload = payload(vm, this)?;
    let decoder = payload.decoder.get_or_none();
    let text = if decoder.borrow().is_none() {
        input.own()
    } else {
        call(vm, decoder.borrow(), "decode", &[input, Owned::bool(is_final).borrow()])?
    };
    let Some(bytes) = text.borrow().downcast::<Str>().map(Str::as_bytes) else {
        let got = vm.type_name(text.borrow());
        return Err(vm.type_error(format_args!("decoder should return a string result, not '{got}'")));
    };
    let result = payload.newlines.borrow_mut().process(bytes.to_vec(), is_final);
    if result == bytes { Ok(text) } else { str_of(vm, &result) }
}

fn getstate(vm: &Thread, this: Ref<'_>) -> PyResult {
    let payload = payload(vm, this)?;
    let decoder = payload.decoder.get_or_none();
    let (bytes, flags) = if decoder.borrow().is_none() {
        (vm.bytes(b"")?, 0)
    } else {
        let state = call(vm, decoder.borrow(), "getstate", &[])?;
        match state.borrow().downcast::<Tuple>().map(Tuple::as_slice) {
            Some([bytes, flags]) => (bytes.clone(), vm.to_i64(flags.borrow())?),
            _ => return Err(vm.type_error("illegal decoder state")),
        }
    };
    let flags = flags << 1 | i64::from(payload.newlines.borrow().pending_cr);
    vm.pair(bytes, vm.int(flags)?)
}

fn setstate(vm: &Thread, this: Ref<'_>, state: Ref<'_>) -> PyResult {
    let payload = payload(vm, this)?;
    let Some(items) = state.downcast::<Tuple>().map(Tuple::as_slice) else {
        return Err(vm.type_error("state argument must be a tuple"));
    };
    let [bytes, flags] = items else { return Err(vm.type_error("setstate(): illegal state argument")) };
    let flags = vm.to_integer(flags.borrow())?;
    let Some(flags) = flags.as_ref().to_i64() else {
        return Err(vm.overflow_error("int too big to convert"));
    };
    payload.newlines.borrow_mut().pending_cr = flags & 1 != 0;
    let decoder = payload.decoder.get_or_none();
    if !decoder.borrow().is_none() {
        let state = vm.pair(bytes.clone(), vm.int(flags >> 1)?)?;
        call(vm, decoder.borrow(), "setstate", &[state.borrow()])?;
    }
    none()
}

fn reset(vm: &Thread, this: Ref<'_>) -> PyResult {
    let payload = payload(vm, this)?;
    payload.newlines.borrow_mut().reset();
    let decoder = payload.decoder.get_or_none();
    if decoder.borrow().is_none() { none() } else { call(vm, decoder.borrow(), "reset", &[]) }
}

fn newlines(vm: &Thread, this: Ref<'_>) -> PyResult {
    let newlines = payload(vm, this)?.newlines.borrow().clone();
    newlines.seen(vm)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_split_between_pieces() {
        let mut newlines = Newlines::new(true);
        assert_eq!(newlines.process(b"a\r".to_vec(), false), b"a");
        assert_eq!(newlines.process(b"\nb\rc".to_vec(), false), b"\nb\nc");
        assert_eq!(newlines.process(b"\r".to_vec(), true), b"\n");
        assert_eq!(newlines.seen, SEEN_CR | SEEN_CRLF);
    }

    #[test]
    fn finds_lines() {
        assert_eq!(ReadNewline::Universal.find(b"a\r\nb"), Ok(3));
        assert_eq!(ReadNewline::Universal.find(b"a\rb\n"), Ok(2));
        assert_eq!(ReadNewline::Translate.find(b"a\rb\n"), Ok(4));
        assert_eq!(ReadNewline::Only("\r\n").find(b"a\r"), Err(1));
        assert_eq!(ReadNewline::Only("\r\n").find(b"a\nb\r\n"), Ok(5));
    }
}
