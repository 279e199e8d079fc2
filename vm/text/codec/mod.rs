//! Codecs: from bytes to text and back, with a place where error handlers plug in.
//!
//! A decoder is a machine that runs until the input ends or something is wrong with it; an encoder likewise. The loops
//! [`decode`] and [`encode`] run one and ask a handler what to do about each problem: the handler supplies a
//! replacement and says where to go on, anywhere in the input. [`errors::Native`] holds the handlers that Python has
//! built in; the interpreter implements the two handler traits for those that are Python functions, whose exceptions
//! pass through as the handler's error type.
//!
//! Positions in problems are Python's: bytes where bytes are decoded, code points where text is encoded.

pub mod builtin;
pub mod charmap;
pub mod errors;
pub mod raw_unicode_escape;
pub mod single_byte;
pub mod unicode_escape;
pub mod utf16;
pub mod utf32;
pub mod utf7;
pub mod utf8;

#[cfg(test)]
mod tests;

use super::wtf8::{self, Text, TextBuf};
use std::ops::Range;

/// Bytes that cannot be decoded: the fields of a `UnicodeDecodeError` besides the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecodeProblem {
    /// The encoding, as errors name it.
    pub encoding: &'static str,
    /// Where the offending bytes start.
    pub start: usize,
    /// Where they end.
    pub end: usize,
    /// What is wrong.
    pub reason: &'static str,
}

/// Characters that cannot be encoded: the fields of a `UnicodeEncodeError` besides the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodeProblem {
    /// The encoding, as errors name it.
    pub encoding: &'static str,
    /// The index of the first offending character.
    pub start: usize,
    /// The index after the last one.
    pub end: usize,
    /// The offending characters as a range of bytes.
    pub bytes: Range<usize>,
    /// What is wrong.
    pub reason: &'static str,
}

/// Where a decoder stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecodeStep {
    /// At the end, or before an incomplete sequence if there is more to come: this many bytes are used up.
    Done(usize),
    /// At bytes that it cannot decode.
    Problem(DecodeProblem),
}

/// Where an encoder stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EncodeStep {
    /// At the end.
    Done,
    /// At a range of bytes whose characters it cannot encode, and the reason.
    Problem(Range<usize>, &'static str),
}

/// A decoder; `E` is the error of mappings that call Python.
pub trait Decoder<E> {
    /// Decode from a position on.
    fn run(&mut self, input: &[u8], at: usize, out: &mut TextBuf) -> Result<DecodeStep, E>;
}

/// An encoder; `E` is the error of mappings that call Python.
pub trait Encoder<E> {
    /// The encoding, as errors name it.
    fn encoding(&self) -> &'static str;

    /// Encode from a byte offset on.
    fn run(&mut self, text: Text<'_>, at: usize, out: &mut Vec<u8>) -> Result<EncodeStep, E>;

    /// Encode a handler's replacement text; `false` if that cannot be encoded either.
    fn replace(&mut self, replacement: Text<'_>, out: &mut Vec<u8>) -> Result<bool, E>;

    /// Take a handler's replacement bytes; `false` if they do not fit the encoding.
    fn replace_bytes(&mut self, replacement: &[u8], out: &mut Vec<u8>) -> bool {
        out.extend_from_slice(replacement);
        true
    }
}

/// How decoding goes on after a problem.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resume {
    /// The position to go on from, within the input.
    pub position: usize,
    /// Another input, if the handler exchanged the `object` of the exception.
    pub input: Option<Vec<u8>>,
}

/// A handler of decoding errors.
pub trait DecodeErrors {
    /// What is raised instead of going on.
    type Error;

    /// Append a replacement to `out` and say where to go on.
    fn resolve(
        &mut self,
        input: &[u8],
        problem: DecodeProblem,
        out: &mut TextBuf,
    ) -> Result<Resume, Self::Error>;
}

/// What stands in for characters that cannot be encoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replacement {
    /// Bytes of the encoding.
    Bytes(Vec<u8>),
    /// Text, to be encoded in its turn.
    Text(TextBuf),
}

/// A position in the text that is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// The index of a character.
    Index(usize),
    /// A byte offset.
    Offset(usize),
}

/// A handler of encoding errors.
pub trait EncodeErrors {
    /// What is raised instead of going on.
    type Error;

    /// The replacement, and where to go on.
    fn resolve(
        &mut self,
        text: Text<'_>,
        problem: &EncodeProblem,
    ) -> Result<(Replacement, Position), Self::Error>;

    /// What is raised if the replacement cannot be encoded.
    fn refuse(&mut self, text: Text<'_>, problem: EncodeProblem) -> Self::Error;
}

/// Decoded text, and how many bytes were used up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decoded {
    /// The text.
    pub text: TextBuf,
    /// The number of bytes; less than there are only if an incomplete sequence awaits more.
    pub consumed: usize,
}

/// Run a decoder over the input.
pub fn decode<D, H>(decoder: &mut D, input: &[u8], handler: &mut H) -> Result<Decoded, H::Error>
where
    D: Decoder<H::Error> + ?Sized,
    H: DecodeErrors + ?Sized,
{
    let mut text = TextBuf::with_capacity(input.len());
    let mut exchanged: Option<Vec<u8>> = None;
    let mut at = 0;
    loop {
        let bytes = exchanged.as_deref().unwrap_or(input);
        match decoder.run(bytes, at, &mut text)? {
            DecodeStep::Done(consumed) => return Ok(Decoded { text, consumed }),
            DecodeStep::Problem(problem) => {
                let resume = handler.resolve(bytes, problem, &mut text)?;
                if resume.input.is_some() {
                    exchanged = resume.input;
                }
                at = resume.position.min(exchanged.as_deref().unwrap_or(input).len());
            }
        }
    }
}

/// Run an encoder over the text.
pub fn encode<C, H>(encoder: &mut C, text: Text<'_>, handler: &mut H) -> Result<Vec<u8>, H::Error>
where
    C: Encoder<H::Error> + ?Sized,
    H: EncodeErrors + ?Sized,
{
    let mut out = Vec::with_capacity(text.len());
    let mut cursor = Cursor::default();
    loop {
        let EncodeStep::Problem(bytes, reason) = encoder.run(text, cursor.offset, &mut out)? else {
            return Ok(out);
        };
        let start = cursor.advance(text, bytes.start).index;
        let after = cursor.at(text, bytes.end);
        let problem = EncodeProblem { encoding: encoder.encoding(), start, end: after.index, bytes, reason };
        let (replacement, position) = handler.resolve(text, &problem)?;
        let fits = match &replacement {
            Replacement::Bytes(bytes) => encoder.replace_bytes(bytes, &mut out),
            Replacement::Text(text) => encoder.replace(text.as_text(), &mut out)?,
        };
        if !fits {
            return Err(handler.refuse(text, problem));
        }
        cursor = match position {
            Position::Index(index) if index == after.index => after,
            Position::Offset(offset) if offset == after.offset => after,
            Position::Offset(offset) => cursor.at(text, offset),
            Position::Index(index) => Cursor { offset: text.offset_of(index), index },
        };
    }
}

/// A place in a text, by byte offset and by index.
#[derive(Clone, Copy, Debug, Default)]
struct Cursor {
    offset: usize,
    index: usize,
}

impl Cursor {
    fn advance(&mut self, text: Text<'_>, offset: usize) -> Self {
        *self = self.at(text, offset);
        *self
    }

    /// The place at another offset, counted from here if that lies behind.
    fn at(self, text: Text<'_>, offset: usize) -> Self {
        let from = if offset >= self.offset { self } else { Self::default() };
        let between = text.as_bytes().get(from.offset..offset).unwrap_or_default();
        Self { offset, index: from.index + wtf8::count(between) }
    }
}
