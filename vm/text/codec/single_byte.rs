//! ASCII and Latin-1, where a byte is a character.

use super::{DecodeProblem, DecodeStep, Decoder, EncodeStep, Encoder};
use crate::text::output::Output;
use crate::text::wtf8::{Text, TextBuf, ascii_prefix, is_lead};

/// The Latin-1 decoder, which accepts everything.
#[derive(Clone, Copy, Debug)]
pub struct Latin1Decoder;

/// The ASCII decoder.
#[derive(Clone, Copy, Debug)]
pub struct AsciiDecoder;

/// The Latin-1 encoder.
#[derive(Clone, Copy, Debug)]
pub struct Latin1Encoder;

/// The ASCII encoder.
#[derive(Clone, Copy, Debug)]
pub struct AsciiEncoder;

impl<E> Decoder<E> for Latin1Decoder {
    fn run(&mut self, input: &[u8], at: usize, out: &mut TextBuf) -> Result<DecodeStep, E> {
        push_latin1(&input[at..], out.bytes_mut());
        Ok(DecodeStep::Done(input.len()))
    }
}

impl<E> Decoder<E> for AsciiDecoder {
    fn run(&mut self, input: &[u8], at: usize, out: &mut TextBuf) -> Result<DecodeStep, E> {
        let rest = &input[at..];
        let ascii = ascii_prefix(rest);
        out.push_text(Text::trusted(&rest[..ascii]));
        let start = at + ascii;
        Ok(if start == input.len() {
            DecodeStep::Done(start)
        } else {
            let reason = "ordinal not in range(128)";
            DecodeStep::Problem(DecodeProblem { encoding: "ascii", start, end: start + 1, reason })
        })
    }
}

impl<E> Encoder<E> for Latin1Encoder {
    fn encoding(&self) -> &'static str {
        "latin-1"
    }

    fn run(&mut self, text: Text<'_>, at: usize, out: &mut Vec<u8>) -> Result<EncodeStep, E> {
        let bytes = text.as_bytes();
        let start = at + push_while_latin1(&bytes[at..], out);
        if start == bytes.len() {
            return Ok(EncodeStep::Done);
        }
        let fits = |byte: u8| is_lead(byte) && byte < LATIN1_END;
        let end = bytes[start..].iter().position(|&byte| fits(byte)).map_or(bytes.len(), |len| start + len);
        Ok(EncodeStep::Problem(start..end, "ordinal not in range(256)"))
    }

    fn replace(&mut self, replacement: Text<'_>, out: &mut Vec<u8>) -> Result<bool, E> {
        Ok(push_while_latin1(replacement.as_bytes(), out) == replacement.len())
    }
}

impl<E> Encoder<E> for AsciiEncoder {
    fn encoding(&self) -> &'static str {
        "ascii"
    }

    fn run(&mut self, text: Text<'_>, at: usize, out: &mut Vec<u8>) -> Result<EncodeStep, E> {
        let rest = &text.as_bytes()[at..];
        let ascii = ascii_prefix(rest);
        out.extend_from_slice(&rest[..ascii]);
        if ascii == rest.len() {
            return Ok(EncodeStep::Done);
        }
        let len = rest[ascii..].iter().position(u8::is_ascii).unwrap_or(rest.len() - ascii);
        Ok(EncodeStep::Problem(at + ascii..at + ascii + len, "ordinal not in range(128)"))
    }

    fn replace(&mut self, replacement: Text<'_>, out: &mut Vec<u8>) -> Result<bool, E> {
        out.extend_from_slice(replacement.as_bytes());
        Ok(replacement.is_ascii())
    }
}

/// The size of the characters that these bytes are in Latin-1.
pub fn latin1_size(bytes: &[u8]) -> usize {
    bytes.len() + bytes.iter().filter(|byte| !byte.is_ascii()).count()
}

/// Whether all characters are in Latin-1.
pub fn is_latin1(text: Text<'_>) -> bool {
    text.as_bytes().iter().all(|&byte| byte < LATIN1_END)
}

/// Append the characters that these bytes are in Latin-1.
pub fn push_latin1(bytes: &[u8], out: &mut impl Output) {
    let ascii = ascii_prefix(bytes);
    out.extend_from_slice(&bytes[..ascii]);
    // The rest is written without branches, two bytes for each of which the second may be overwritten.
    const BLOCK: usize = 64;
    let mut encoded = [0; 2 * BLOCK + 1];
    for block in bytes[ascii..].chunks(BLOCK) {
        let mut len = 0;
        for &byte in block {
            let wide = byte >> 7;
            encoded[len] = if wide == 0 { byte } else { 0xc0 | byte >> 6 };
            encoded[len + 1] = 0x80 | byte & 0x3f;
            len += 1 + usize::from(wide);
        }
        out.extend_from_slice(&encoded[..len]);
    }
}

/// The lead bytes from this on belong to characters beyond Latin-1.
const LATIN1_END: u8 = 0xc4;

/// Append the bytes of the characters up to the first beyond Latin-1; returns where that starts.
pub fn push_while_latin1(text: &[u8], out: &mut impl Output) -> usize {
    let mut at = 0;
    loop {
        let ascii = ascii_prefix(&text[at..]);
        out.extend_from_slice(&text[at..at + ascii]);
        at += ascii;
        while let Some(&[lead @ 0xc2..LATIN1_END, tail]) = text.get(at..).and_then(<[u8]>::first_chunk) {
            out.push(lead << 6 | tail & 0x3f);
            at += 2;
        }
        if text.get(at).is_none_or(|byte| !byte.is_ascii()) {
            return at;
        }
    }
}
