//! `raw_unicode_escape`: Latin-1 with `\uXXXX` and `\UXXXXXXXX`, where a backslash before anything else is itself.

use super::single_byte::push_latin1;
use super::unicode_escape::{TRUNCATED_LONG_U, TRUNCATED_U, Trouble, decode_escapes, hex_escape};
use super::{DecodeStep, Decoder};
use crate::text::escape::push_code_escape;
use crate::text::wtf8::{Text, TextBuf};

/// The decoder.
#[derive(Clone, Copy, Debug)]
pub struct RawUnicodeEscapeDecoder {
    /// Whether an incomplete escape at the end is an error, not the start of something to come.
    pub is_final: bool,
}

impl<E> Decoder<E> for RawUnicodeEscapeDecoder {
    fn run(&mut self, input: &[u8], at: usize, out: &mut TextBuf) -> Result<DecodeStep, E> {
        const OUT_OF_RANGE: &str = "\\Uxxxxxxxx out of range";
        let is_final = self.is_final;
        let step = decode_escapes("rawunicodeescape", is_final, input, at, out, |start, out| {
            let after = start + 2;
            match input.get(start + 1) {
                Some(b'u') => hex_escape(input, after, 4, TRUNCATED_U, OUT_OF_RANGE, out),
                Some(b'U') => hex_escape(input, after, 8, TRUNCATED_LONG_U, OUT_OF_RANGE, out),
                None if !is_final => Err(Trouble::Incomplete("")),
                other => {
                    out.push(b'\\'.into());
                    push_latin1(other.map_or(&[], std::slice::from_ref), out.bytes_mut());
                    Ok(after.min(input.len()))
                }
            }
        });
        Ok(step)
    }
}

/// Encode: Latin-1 as it is, everything else as an escape.
pub fn encode(text: Text<'_>) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for code in text.code_points() {
        match u8::try_from(code) {
            Ok(byte) => out.push(byte),
            Err(_) => push_code_escape(code, &mut out),
        }
    }
    out
}
