//! UTF-32 in either byte order.

use super::utf8::SURROGATES_NOT_ALLOWED;
use super::utf16::ByteOrder;
use super::{DecodeProblem, DecodeStep, Decoder, EncodeStep, Encoder};
use crate::text::wtf8::{Text, TextBuf, is_surrogate};

/// The UTF-32 decoder.
#[derive(Clone, Copy, Debug)]
pub struct Utf32Decoder {
    order: ByteOrder,
    is_final: bool,
    /// Whether a byte order mark may come.
    at_start: bool,
}

/// The UTF-32 encoder.
#[derive(Clone, Copy, Debug)]
pub struct Utf32Encoder {
    /// The byte order.
    pub order: ByteOrder,
}

impl Utf32Decoder {
    /// A decoder for this byte order. With `is_final`, an incomplete sequence at the end is an error; otherwise it is
    /// the start of something to come.
    pub fn new(order: ByteOrder, is_final: bool) -> Self {
        Self { order, is_final, at_start: order == ByteOrder::Native }
    }

    /// The byte order, which a byte order mark may have determined.
    pub fn order(&self) -> ByteOrder {
        self.order
    }
}

impl<E> Decoder<E> for Utf32Decoder {
    fn run(&mut self, input: &[u8], at: usize, out: &mut TextBuf) -> Result<DecodeStep, E> {
        let mut at = at;
        if std::mem::take(&mut self.at_start) {
            match input {
                [0xff, 0xfe, 0, 0, ..] => (self.order, at) = (ByteOrder::Little, 4),
                [0, 0, 0xfe, 0xff, ..] => (self.order, at) = (ByteOrder::Big, 4),
                _ => {}
            }
        }
        let big = self.order.is_big();
        let encoding = if big { "utf-32-be" } else { "utf-32-le" };
        let problem =
            |start, end, reason| Ok(DecodeStep::Problem(DecodeProblem { encoding, start, end, reason }));
        while let Some(&bytes) = input.get(at..).and_then(<[u8]>::first_chunk) {
            let code = unit(bytes, big);
            if is_surrogate(code) {
                return problem(at, at + 4, "code point in surrogate code point range(0xd800, 0xe000)");
            }
            if code >= 0x110000 {
                return problem(at, at + 4, "code point not in range(0x110000)");
            }
            out.push(code);
            at += 4;
        }
        if at < input.len() && self.is_final {
            return problem(at, input.len(), "truncated data");
        }
        Ok(DecodeStep::Done(at))
    }
}

impl Utf32Encoder {
    /// The byte order mark, which native order puts before the text.
    fn mark(self) -> &'static [u8] {
        match self.order {
            ByteOrder::Native if self.order.is_big() => &[0, 0, 0xfe, 0xff],
            ByteOrder::Native => &[0xff, 0xfe, 0, 0],
            ByteOrder::Little | ByteOrder::Big => &[],
        }
    }
}

impl<E> Encoder<E> for Utf32Encoder {
    fn encoding(&self) -> &'static str {
        match self.order {
            ByteOrder::Native => "utf-32",
            ByteOrder::Little => "utf-32-le",
            ByteOrder::Big => "utf-32-be",
        }
    }

    fn run(&mut self, text: Text<'_>, at: usize, out: &mut Vec<u8>) -> Result<EncodeStep, E> {
        let big = self.order.is_big();
        if at == 0 && out.is_empty() {
            out.extend_from_slice(self.mark());
        }
        out.reserve(4 * text.slice(at..text.len()).count());
        for (offset, code) in text.slice(at..text.len()).code_point_offsets() {
            if is_surrogate(code) {
                let start = at + offset;
                return Ok(EncodeStep::Problem(start..start + 3, SURROGATES_NOT_ALLOWED));
            }
            push_unit(code, big, out);
        }
        Ok(EncodeStep::Done)
    }

    fn replace(&mut self, replacement: Text<'_>, out: &mut Vec<u8>) -> Result<bool, E> {
        replacement.code_points().for_each(|code| push_unit(code, self.order.is_big(), out));
        Ok(replacement.is_ascii())
    }

    fn replace_bytes(&mut self, replacement: &[u8], out: &mut Vec<u8>) -> bool {
        out.extend_from_slice(replacement);
        replacement.len().is_multiple_of(4)
    }
}

/// Read a unit.
#[inline]
pub(super) fn unit(bytes: [u8; 4], big: bool) -> u32 {
    if big { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) }
}

/// Write a unit.
#[inline]
pub(super) fn push_unit(unit: u32, big: bool, out: &mut Vec<u8>) {
    out.extend_from_slice(&if big { unit.to_be_bytes() } else { unit.to_le_bytes() });
}
