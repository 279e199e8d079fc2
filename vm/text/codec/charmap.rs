//! Codecs defined by a table between bytes and characters.
//!
//! A decoding table is a string of up to 256 characters, or any Python mapping; an encoding table is an
//! [`EncodingMap`] made of such a string, or any Python mapping. The mappings come as functions that may fail.

use super::{DecodeProblem, DecodeStep, Decoder, EncodeStep, Encoder};
use crate::text::wtf8::{Text, TextBuf};
use std::collections::BTreeSet;

/// The encoding, as errors name it.
pub const ENCODING: &str = "charmap";

/// What a decoding table has for a byte.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decoding {
    /// Nothing.
    Undefined,
    /// A character.
    Code(u32),
    /// A string.
    Text(TextBuf),
}

/// What an encoding table has for a character.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Nothing.
    Undefined,
    /// A byte.
    Byte(u8),
    /// Several bytes.
    Bytes(Vec<u8>),
}

/// The decoder of a table.
#[derive(Clone, Copy, Debug)]
pub struct CharmapDecoder<L>(pub L);

/// The encoder of a table.
#[derive(Clone, Copy, Debug)]
pub struct CharmapEncoder<L>(pub L);

impl<E, L: FnMut(u8) -> Result<Decoding, E>> Decoder<E> for CharmapDecoder<L> {
    fn run(&mut self, input: &[u8], at: usize, out: &mut TextBuf) -> Result<DecodeStep, E> {
        for (offset, &byte) in input[at..].iter().enumerate() {
            match (self.0)(byte)? {
                Decoding::Code(UNDEFINED) | Decoding::Undefined => {
                    let start = at + offset;
                    let problem = DecodeProblem { encoding: ENCODING, start, end: start + 1, reason: REASON };
                    return Ok(DecodeStep::Problem(problem));
                }
                Decoding::Code(code) => out.push(code),
                Decoding::Text(text) => out.push_text(text.as_text()),
            }
        }
        Ok(DecodeStep::Done(input.len()))
    }
}

impl<E, L: FnMut(u32) -> Result<Encoding, E>> Encoder<E> for CharmapEncoder<L> {
    fn encoding(&self) -> &'static str {
        ENCODING
    }

    fn run(&mut self, text: Text<'_>, at: usize, out: &mut Vec<u8>) -> Result<EncodeStep, E> {
        let mut codes = text.slice(at..text.len()).code_point_offsets();
        while let Some((offset, code)) = codes.next() {
            if !self.push(code, out)? {
                let mut end = text.len();
                for (offset, code) in codes {
                    if (self.0)(code)? != Encoding::Undefined {
                        end = at + offset;
                        break;
                    }
                }
                return Ok(EncodeStep::Problem(at + offset..end, REASON));
            }
        }
        Ok(EncodeStep::Done)
    }

    fn replace(&mut self, replacement: Text<'_>, out: &mut Vec<u8>) -> Result<bool, E> {
        for code in replacement.code_points() {
            if !self.push(code, out)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

impl<L> CharmapEncoder<L> {
    fn push<E>(&mut self, code: u32, out: &mut Vec<u8>) -> Result<bool, E>
    where
        L: FnMut(u32) -> Result<Encoding, E>,
    {
        match (self.0)(code)? {
            Encoding::Undefined => return Ok(false),
            Encoding::Byte(byte) => out.push(byte),
            Encoding::Bytes(bytes) => out.extend_from_slice(&bytes),
        }
        Ok(true)
    }
}

/// Why the charmap codecs stop.
const REASON: &str = "character maps to <undefined>";
/// The character that a table has where it has none.
const UNDEFINED: u32 = 0xfffe;

/// A decoding table in the form of a string.
#[derive(Clone, Debug)]
pub struct DecodingTable([u32; 256]);

impl DecodingTable {
    /// The table in a string; characters beyond the 256th do not count.
    pub fn new(text: Text<'_>) -> Self {
        let mut codes = [UNDEFINED; 256];
        codes.iter_mut().zip(text.code_points()).for_each(|(slot, code)| *slot = code);
        Self(codes)
    }

    /// What the table has for a byte.
    #[inline]
    pub fn get(&self, byte: u8) -> Decoding {
        Decoding::Code(self.0[usize::from(byte)])
    }
}

/// The reverse of a decoding table: `codecs.charmap_build`.
#[derive(Clone, Debug)]
pub struct EncodingMap {
    /// For each character of Latin-1 its byte.
    latin1: [Option<u8>; 256],
    /// The other characters, in order.
    others: Vec<(u32, u8)>,
}

impl EncodingMap {
    /// Reverse a decoding table, unless it is of the kind that Python reverses to a dict: one that has another
    /// character than U+0000 for byte 0 or U+0000 for another byte, that has characters beyond U+FFFF, or whose
    /// characters lie too far apart.
    pub fn new(text: Text<'_>) -> Option<Self> {
        let mut map = Self { latin1: [None; 256], others: Vec::new() };
        let mut rows = BTreeSet::new();
        for (byte, code) in text.code_points().take(256).enumerate() {
            if (byte == 0) != (code == 0) || code > 0xffff {
                return None;
            }
            if code != UNDEFINED {
                map.insert(code, byte as u8);
                if byte > 0 {
                    rows.insert(code >> 7);
                }
            }
        }
        map.others.sort_unstable();
        (!text.is_empty() && rows.len() < 0xff).then_some(map)
    }

    /// What the map has for a character.
    #[inline]
    pub fn get(&self, code: u32) -> Encoding {
        let byte = match self.latin1.get(code as usize) {
            Some(&byte) => byte,
            None => self
                .others
                .binary_search_by_key(&code, |entry| entry.0)
                .ok()
                .map(|place| self.others[place].1),
        };
        byte.map_or(Encoding::Undefined, Encoding::Byte)
    }

    /// The memory the map takes beyond its own size, in bytes.
    pub fn size(&self) -> usize {
        size_of_val(&*self.others)
    }

    /// A character that occurs twice is encoded as the later byte.
    fn insert(&mut self, code: u32, byte: u8) {
        if let Some(slot) = self.latin1.get_mut(code as usize) {
            *slot = Some(byte);
        } else {
            self.others.retain(|entry| entry.0 != code);
            self.others.push((code, byte));
        }
    }
}
