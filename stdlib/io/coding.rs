//! Decoders and encoders of files of text.
//!
//! UTF-8, ASCII and Latin-1 with one of the usual error handlers are coded here; text is then decoded where it was read to,
//! and encoded where it waits to be written. All other codecs are objects that the registry of codecs gives.

use pyx_vm::exception::PyResult;
use pyx_vm::heap::inline::{Bytes, Str, Tuple};
use pyx_vm::heap::{Trace, Visitor};
use pyx_vm::text::codec::builtin::Builtin;
use pyx_vm::text::codec::errors::{Native, Policy};
use pyx_vm::text::wtf8::{Kind, Text, validate};
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

use super::support::{call, get_opt, text_of};

/// An encoding that is coded here, with its error handler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Coding {
    encoding: Builtin,
    errors: Policy,
}

impl Coding {
    /// The coding with these names, if it is done here.
    pub(super) fn from_names(encoding: &Str, errors: &Str) -> Option<Self> {
        let encoding = Builtin::from_name(encoding.as_bytes())
            .filter(|encoding| matches!(encoding, Builtin::Utf8 | Builtin::Ascii | Builtin::Latin1))?;
        Some(Self { encoding, errors: Policy::from_name(errors.as_bytes())? })
    }

    /// Encodes a text behind what a vector has.
    pub(super) fn encode(self, vm: &Thread, text: Ref<'_>, out: &mut Vec<u8>) -> PyResult<()> {
        let payload = text_of(text);
        if payload.is_ascii() || (self.encoding == Builtin::Utf8 && !payload.has_surrogates()) {
            out.extend_from_slice(payload.as_bytes());
            return Ok(());
        }
        match self.encoding.encode(payload.text(), &mut Native(self.errors)) {
            Ok(bytes) => out.extend_from_slice(&bytes),
            Err(raised) => {
                let problem = raised.problem;
                let range = problem.start..problem.end;
                return Err(vm.unicode_encode_error(problem.encoding, text, range, problem.reason));
            }
        }
        Ok(())
    }

    /// Decodes bytes that end with a character.
    fn decode(self, vm: &Thread, bytes: Vec<u8>) -> PyResult<Vec<u8>> {
        // Text that is all ASCII is its own encoding; so is UTF-8.
        let is_text = match self.encoding {
            Builtin::Utf8 => matches!(validate(&bytes), Some(Kind::Ascii | Kind::Utf8)),
            _ => bytes.is_ascii(),
        };
        if is_text {
            return Ok(bytes);
        }
        match self.encoding.decode(&bytes, &mut Native(self.errors)) {
            Ok(text) => Ok(text.into_bytes()),
            Err(raised) => {
                let (object, problem) = (vm.bytes(&bytes)?, raised.problem);
                let range = problem.start..problem.end;
                Err(vm.unicode_decode_error(problem.encoding, object.borrow(), range, problem.reason))
            }
        }
    }
}

/// The module `_codecs`.
pub(super) fn codecs(vm: &Thread) -> PyResult {
    vm.import_native("_codecs")?.ok_or_else(|| vm.lookup_error("the module _codecs is missing"))
}

/// What the registry of codecs knows about an encoding, which must be one of text.
pub(super) fn codec_info(vm: &Thread, encoding: Ref<'_>) -> PyResult {
    let info = call(vm, codecs(vm)?.borrow(), "lookup", &[encoding])?;
    match get_opt(vm, info.borrow(), "_is_text_encoding")? {
        Some(is_text) if !vm.is_true(is_text.borrow())? => {
            let name = vm.str_string(encoding)?;
            Err(vm.lookup_error(format_args!("'{name}' is not a text encoding")))
        }
        _ => Ok(info),
    }
}

// ---- decoders ----

/// Turns bytes into text, piece by piece.
pub(super) enum Decoder {
    /// Coded here; `pending` bytes are the start of a character.
    Native { coding: Coding, pending: Vec<u8> },
    /// An object.
    Object(Owned),
}

impl Trace for Decoder {
    fn trace(&self, visitor: &mut Visitor<'_>) {
        if let Self::Object(object) = self {
            object.trace(visitor);
        }
    }
}

/// What `getstate` of a decoder gives: bytes that wait, and a number.
pub(super) type DecoderState = (Vec<u8>, i64);

impl Decoder {
    /// The decoder of an encoding.
    pub(super) fn new(vm: &Thread, encoding: Ref<'_>, errors: Ref<'_>) -> PyResult<Self> {
        if let Some(coding) = Coding::from_names(text_of(encoding), text_of(errors)) {
            return Ok(Self::Native { coding, pending: Vec::new() });
        }
        let info = codec_info(vm, encoding)?;
        Ok(Self::Object(call(vm, info.borrow(), "incrementaldecoder", &[errors])?))
    }

    /// Decodes some more bytes.
    pub(super) fn decode(&mut self, vm: &Thread, bytes: Vec<u8>, is_final: bool) -> PyResult<Vec<u8>> {
        match self {
            Self::Native { coding, pending } => {
                let bytes = if pending.is_empty() {
                    bytes
                } else {
                    let mut all = std::mem::take(pending);
                    all.extend_from_slice(&bytes);
                    all
                };
                // The start of a character at the end is looked for only where there is one.
                let tail = if is_final { Vec::new() } else { coding.incomplete(&bytes) };
                let mut bytes = bytes;
                bytes.truncate(bytes.len() - tail.len());
                *pending = tail;
                coding.decode(vm, bytes)
            }
            Self::Object(decoder) => {
                let bytes = vm.bytes(&bytes)?;
                let text =
                    call(vm, decoder.borrow(), "decode", &[bytes.borrow(), Owned::bool(is_final).borrow()])?;
                match text.borrow().downcast::<Str>() {
                    Some(text) => Ok(text.as_bytes().to_vec()),
                    None => {
                        let got = vm.type_name(text.borrow());
                        Err(vm.type_error(format_args!("decoder should return a string result, not '{got}'")))
                    }
                }
            }
        }
    }

    /// `getstate`
    pub(super) fn state(&self, vm: &Thread) -> PyResult<DecoderState> {
        match self {
            Self::Native { pending, .. } => Ok((pending.clone(), 0)),
            Self::Object(decoder) => {
                let state = call(vm, decoder.borrow(), "getstate", &[])?;
                let Some([bytes, flags]) = state.borrow().downcast::<Tuple>().map(Tuple::as_slice) else {
                    return Err(vm.type_error("illegal decoder state"));
                };
                let Some(bytes) = bytes.borrow().downcast::<Bytes>() else {
                    let got = vm.type_name(bytes.borrow());
                    return Err(vm.type_error(format_args!(
                        "illegal decoder state: the first item should be a bytes object, not '{got}'"
                    )));
                };
                Ok((bytes.as_bytes().to_vec(), vm.to_i64(flags.borrow())?))
            }
        }
    }

    /// `setstate`
    pub(super) fn set_state(&mut self, vm: &Thread, bytes: &[u8], flags: i64) -> PyResult<()> {
        match self {
            Self::Native { pending, .. } => *pending = bytes.to_vec(),
            Self::Object(decoder) => {
                let state = vm.pair(vm.bytes(bytes)?, vm.int(flags)?)?;
                call(vm, decoder.borrow(), "setstate", &[state.borrow()])?;
            }
        }
        Ok(())
    }

    /// `reset`
    pub(super) fn reset(&mut self, vm: &Thread) -> PyResult<()> {
        match self {
            Self::Native { pending, .. } => pending.clear(),
            Self::Object(decoder) => drop(call(vm, decoder.borrow(), "reset", &[])?),
        }
        Ok(())
    }
}

impl Coding {
    /// The start of a character at the end of some bytes.
    fn incomplete(self, bytes: &[u8]) -> Vec<u8> {
        if self.encoding != Builtin::Utf8 {
            return Vec::new();
        }
        let start = bytes.len().saturating_sub(3);
        let tail = &bytes[start..];
        // The last byte that begins a sequence of several.
        let Some(lead) = tail.iter().rposition(|&byte| byte >= 0xc0) else { return Vec::new() };
        let sequence = &tail[lead..];
        match std::str::from_utf8(sequence) {
            Err(error) if error.error_len().is_none() && error.valid_up_to() == 0 => sequence.to_vec(),
            _ => Vec::new(),
        }
    }
}

// ---- encoders ----

/// Turns text into bytes, piece by piece.
pub(super) enum Encoder {
    /// Coded here.
    Native(Coding),
    /// An object; some encodings begin with a mark.
    Object(Owned),
}

impl Trace for Encoder {
    fn trace(&self, visitor: &mut Visitor<'_>) {
        if let Self::Object(object) = self {
            object.trace(visitor);
        }
    }
}

impl Encoder {
    /// The encoder of an encoding.
    pub(super) fn new(vm: &Thread, encoding: Ref<'_>, errors: Ref<'_>) -> PyResult<Self> {
        if let Some(coding) = Coding::from_names(text_of(encoding), text_of(errors)) {
            return Ok(Self::Native(coding));
        }
        let info = codec_info(vm, encoding)?;
        Ok(Self::Object(call(vm, info.borrow(), "incrementalencoder", &[errors])?))
    }

    /// Another owner of the same encoder.
    pub(super) fn share(&self) -> Self {
        match self {
            Self::Native(coding) => Self::Native(*coding),
            Self::Object(object) => Self::Object(object.clone()),
        }
    }

    /// Encodes some more text behind what a vector has.
    pub(super) fn encode(&self, vm: &Thread, text: Ref<'_>, out: &mut Vec<u8>) -> PyResult<()> {
        match self {
            Self::Native(coding) => coding.encode(vm, text, out),
            Self::Object(encoder) => {
                let bytes = call(vm, encoder.borrow(), "encode", &[text])?;
                let Some(bytes) = bytes.borrow().downcast::<Bytes>() else {
                    let got = vm.type_name(bytes.borrow());
                    return Err(
                        vm.type_error(format_args!("encoder should return a bytes object, not '{got}'"))
                    );
                };
                out.extend_from_slice(bytes.as_bytes());
                Ok(())
            }
        }
    }

    /// Tells the encoder whether what follows stands at the start of the file.
    pub(super) fn set_at_start(&self, vm: &Thread, at_start: bool) -> PyResult<()> {
        if let Self::Object(encoder) = self {
            if at_start {
                call(vm, encoder.borrow(), "reset", &[])?;
            } else {
                call(vm, encoder.borrow(), "setstate", &[Owned::small_int(0).borrow()])?;
            }
        }
        Ok(())
    }
}

/// A str of generalised UTF-8.
pub(super) fn str_of(vm: &Thread, text: &[u8]) -> PyResult {
    vm.text(Text::trusted(text))
}
