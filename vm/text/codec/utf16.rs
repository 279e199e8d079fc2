//! UTF-16 in either byte order.

use super::utf8::SURROGATES_NOT_ALLOWED;
use super::{DecodeProblem, DecodeStep, Decoder, EncodeStep, Encoder};
use crate::text::wtf8::{Text, TextBuf, is_surrogate};

/// The order of the bytes of a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ByteOrder {
    /// The machine's, or as a byte order mark says: Python's `byteorder` 0.
    Native,
    /// Little endian, Python's -1.
    Little,
    /// Big endian, Python's 1.
    Big,
}

impl ByteOrder {
    pub(super) fn is_big(self) -> bool {
        match self {
            Self::Native => cfg!(target_endian = "big"),
            Self::Little => false,
            Self::Big => true,
        }
    }
}

/// The UTF-16 decoder.
#[derive(Clone, Copy, Debug)]
pub struct Utf16Decoder {
    order: ByteOrder,
    is_final: bool,
    /// Whether a byte order mark may come.
    at_start: bool,
}

/// The UTF-16 encoder.
#[derive(Clone, Copy, Debug)]
pub struct Utf16Encoder {
    /// The byte order.
    pub order: ByteOrder,
}

impl Utf16Decoder {
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

impl<E> Decoder<E> for Utf16Decoder {
    fn run(&mut self, input: &[u8], at: usize, out: &mut TextBuf) -> Result<DecodeStep, E> {
        let mut at = at;
        if std::mem::take(&mut self.at_start) {
            match input {
                [0xff, 0xfe, ..] => (self.order, at) = (ByteOrder::Little, 2),
                [0xfe, 0xff, ..] => (self.order, at) = (ByteOrder::Big, 2),
                _ => {}
            }
        }
        let big = self.order.is_big();
        while at < input.len() {
            let (end, reason) = match read(input, at, big) {
                Ok((code, len)) => {
                    out.push(code);
                    at += len;
                    if code < 0x80 && at.is_multiple_of(TRY_EVERY) {
                        at += push_ascii(&input[at..], big, out);
                    }
                    continue;
                }
                Err(Trouble::Incomplete(_)) if !self.is_final => break,
                Err(Trouble::Incomplete(reason)) => (input.len(), reason),
                Err(Trouble::Wrong(reason)) => (at + 2, reason),
            };
            let encoding = if big { "utf-16-be" } else { "utf-16-le" };
            return Ok(DecodeStep::Problem(DecodeProblem { encoding, start: at, end, reason }));
        }
        Ok(DecodeStep::Done(at))
    }
}

/// Why there is no character.
enum Trouble {
    /// The input ends within it.
    Incomplete(&'static str),
    /// The unit is wrong.
    Wrong(&'static str),
}

/// The character at a position, and how many bytes it takes.
fn read(input: &[u8], at: usize, big: bool) -> Result<(u32, usize), Trouble> {
    let unit_at = |at| input.get(at..).and_then(<[u8]>::first_chunk).map(|&bytes| unit(bytes, big));
    let first = unit_at(at).ok_or(Trouble::Incomplete("truncated data"))?;
    if !is_surrogate(first.into()) {
        return Ok((first.into(), 2));
    }
    if is_low(first) {
        return Err(Trouble::Wrong("illegal encoding"));
    }
    let second = unit_at(at + 2).ok_or(Trouble::Incomplete("unexpected end of data"))?;
    if !is_low(second) {
        return Err(Trouble::Wrong("illegal UTF-16 surrogate"));
    }
    Ok((join(first, second), 4))
}

/// Append characters as long as they come in blocks of ASCII; returns how many bytes these take.
fn push_ascii(input: &[u8], big: bool, out: &mut TextBuf) -> usize {
    let blocks = input.as_chunks().0.iter().map_while(|&block| narrow(block, big));
    2 * BLOCK * blocks.map(|ascii| out.push_text(Text::trusted(&ascii))).count()
}

impl Utf16Encoder {
    /// The byte order mark, which native order puts before the text.
    fn mark(self) -> &'static [u8] {
        match self.order {
            ByteOrder::Native if self.order.is_big() => &[0xfe, 0xff],
            ByteOrder::Native => &[0xff, 0xfe],
            ByteOrder::Little | ByteOrder::Big => &[],
        }
    }
}

impl<E> Encoder<E> for Utf16Encoder {
    fn encoding(&self) -> &'static str {
        match self.order {
            ByteOrder::Native => "utf-16",
            ByteOrder::Little => "utf-16-le",
            ByteOrder::Big => "utf-16-be",
        }
    }

    fn run(&mut self, text: Text<'_>, at: usize, out: &mut Vec<u8>) -> Result<EncodeStep, E> {
        let big = self.order.is_big();
        if at == 0 && out.is_empty() {
            out.extend_from_slice(self.mark());
        }
        out.reserve(2 * (text.len() - at));
        let mut codes = text.slice(at..text.len()).code_points();
        while let Some(code) = codes.next() {
            if is_surrogate(code) {
                let end = text.len() - codes.as_text().len();
                return Ok(EncodeStep::Problem(end - 3..end, SURROGATES_NOT_ALLOWED));
            }
            push(code, big, out);
            let rest = codes.as_text();
            if code < 0x80 && rest.len().is_multiple_of(TRY_EVERY) {
                let blocks = rest.as_bytes().as_chunks().0.iter().take_while(|block| block.is_ascii());
                let len = BLOCK * blocks.map(|&block| out.extend_from_slice(&widen(block, big))).count();
                codes = rest.slice(len..rest.len()).code_points();
            }
        }
        Ok(EncodeStep::Done)
    }

    fn replace(&mut self, replacement: Text<'_>, out: &mut Vec<u8>) -> Result<bool, E> {
        replacement.code_points().for_each(|code| push(code, self.order.is_big(), out));
        Ok(replacement.is_ascii())
    }

    fn replace_bytes(&mut self, replacement: &[u8], out: &mut Vec<u8>) -> bool {
        out.extend_from_slice(replacement);
        replacement.len().is_multiple_of(2)
    }
}

/// How many units of ASCII are converted at once.
const BLOCK: usize = 8;
/// Blocks are looked for at every so many bytes only, lest mixed text pay for looking.
const TRY_EVERY: usize = 16;

/// The units of ASCII characters.
#[inline]
fn widen(ascii: [u8; BLOCK], big: bool) -> [u8; 2 * BLOCK] {
    let mut units = [0; 2 * BLOCK];
    for (unit, byte) in units.as_chunks_mut::<2>().0.iter_mut().zip(ascii) {
        unit[usize::from(big)] = byte;
    }
    units
}

/// The characters of units, if they are ASCII.
#[inline]
fn narrow(units: [u8; 2 * BLOCK], big: bool) -> Option<[u8; BLOCK]> {
    const EACH_UNIT: u128 = u128::MAX / 0xffff;
    let beyond_ascii = if big { 0x80ff } else { 0xff80 } * EACH_UNIT;
    let all_ascii = u128::from_le_bytes(units) & beyond_ascii == 0;
    all_ascii.then(|| std::array::from_fn(|place| units[2 * place + usize::from(big)]))
}

/// Read a unit.
#[inline]
pub(super) fn unit(bytes: [u8; 2], big: bool) -> u16 {
    if big { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) }
}

/// Write a unit.
#[inline]
pub(super) fn push_unit(unit: u16, big: bool, out: &mut Vec<u8>) {
    out.extend_from_slice(&if big { unit.to_be_bytes() } else { unit.to_le_bytes() });
}

/// The character that a high and a low surrogate stand for.
pub(super) fn join(high: u16, low: u16) -> u32 {
    0x10000 + ((u32::from(high) & 0x3ff) << 10 | u32::from(low) & 0x3ff)
}

/// The surrogates that stand for a character beyond U+FFFF.
pub(super) fn split(code: u32) -> [u16; 2] {
    let bits = code - 0x10000;
    [0xd800 | (bits >> 10) as u16, 0xdc00 | (bits & 0x3ff) as u16]
}

/// Whether a unit is a low surrogate.
pub(super) fn is_low(unit: u16) -> bool {
    matches!(unit, 0xdc00..=0xdfff)
}

#[inline]
fn push(code: u32, big: bool, out: &mut Vec<u8>) {
    match u16::try_from(code) {
        Ok(unit) => push_unit(unit, big, out),
        Err(_) => split(code).into_iter().for_each(|unit| push_unit(unit, big, out)),
    }
}
