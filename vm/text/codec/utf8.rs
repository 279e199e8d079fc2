//! UTF-8.

use super::{DecodeProblem, DecodeStep, Decoder, EncodeStep, Encoder};
use crate::text::wtf8::{Text, TextBuf};

/// The encoding, as errors name it.
pub const ENCODING: &str = "utf-8";

/// The UTF-8 decoder.
#[derive(Clone, Copy, Debug)]
pub struct Utf8Decoder {
    /// Whether an incomplete sequence at the end is an error, not the start of something to come.
    pub is_final: bool,
}

/// The UTF-8 encoder.
#[derive(Clone, Copy, Debug)]
pub struct Utf8Encoder;

impl<E> Decoder<E> for Utf8Decoder {
    fn run(&mut self, input: &[u8], at: usize, out: &mut TextBuf) -> Result<DecodeStep, E> {
        let rest = &input[at..];
        let Err(error) = simdutf8::compat::from_utf8(rest) else {
            out.push_text(Text::trusted(rest));
            return Ok(DecodeStep::Done(input.len()));
        };
        let (valid, wrong) = rest.split_at(error.valid_up_to());
        out.push_text(Text::trusted(valid));
        let start = at + valid.len();
        let (end, reason) = match error.error_len() {
            None if !self.is_final => return Ok(DecodeStep::Done(start)),
            None => (input.len(), "unexpected end of data"),
            Some(_) if !matches!(wrong.first(), Some(0xc2..=0xf4)) => (start + 1, "invalid start byte"),
            Some(len) => (start + len, "invalid continuation byte"),
        };
        Ok(DecodeStep::Problem(DecodeProblem { encoding: ENCODING, start, end, reason }))
    }
}

impl<E> Encoder<E> for Utf8Encoder {
    fn encoding(&self) -> &'static str {
        ENCODING
    }

    fn run(&mut self, text: Text<'_>, at: usize, out: &mut Vec<u8>) -> Result<EncodeStep, E> {
        let rest = &text.as_bytes()[at..];
        let Some(start) = find_surrogate(rest) else {
            out.extend_from_slice(rest);
            return Ok(EncodeStep::Done);
        };
        out.extend_from_slice(&rest[..start]);
        let mut end = start;
        while is_surrogate_at(rest, end) {
            end += 3;
        }
        Ok(EncodeStep::Problem(at + start..at + end, SURROGATES_NOT_ALLOWED))
    }

    fn replace(&mut self, replacement: Text<'_>, out: &mut Vec<u8>) -> Result<bool, E> {
        out.extend_from_slice(replacement.as_bytes());
        Ok(replacement.is_ascii())
    }
}

/// Why the UTF encoders stop.
pub(super) const SURROGATES_NOT_ALLOWED: &str = "surrogates not allowed";

/// The offset of the first surrogate.
pub fn find_surrogate(bytes: &[u8]) -> Option<usize> {
    memchr::memchr_iter(0xed, bytes).find(|&at| is_surrogate_at(bytes, at))
}

fn is_surrogate_at(bytes: &[u8], at: usize) -> bool {
    matches!(bytes.get(at..at + 2), Some([0xed, 0xa0..=0xbf]))
}
