//! `strip`, `lstrip` and `rstrip`: the range of bytes that remains.

use super::space::Spaces;
use super::split::{skip_spaces, skip_spaces_back};
use super::wtf8::Text;
use smallvec::SmallVec;
use std::ops::Range;

/// The ends that are stripped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// `lstrip`.
    Left,
    /// `rstrip`.
    Right,
    /// `strip`.
    Both,
}

/// Strip white space.
pub fn strip_spaces<S: Spaces>(text: &[u8], side: Side) -> Range<usize> {
    let start = if side == Side::Right { 0 } else { skip_spaces::<S>(text, 0) };
    let end = if side == Side::Left || start == text.len() {
        text.len()
    } else {
        skip_spaces_back::<S>(text, text.len())
    };
    start..end
}

/// Strip the bytes of a set: `bytes.strip(set)`.
pub fn strip_bytes(text: &[u8], set: &[u8], side: Side) -> Range<usize> {
    let set = ByteSet::new(set);
    let outside = |&byte: &u8| !set.contains(byte);
    let start = if side == Side::Right { 0 } else { text.iter().position(outside).unwrap_or(text.len()) };
    let end =
        if side == Side::Left { text.len() } else { text.iter().rposition(outside).map_or(0, |at| at + 1) };
    start..end.max(start)
}

/// Strip the characters of a set: `str.strip(set)`.
pub fn strip_chars(text: Text<'_>, set: Text<'_>, side: Side) -> Range<usize> {
    if text.is_ascii() {
        return strip_bytes(text.as_bytes(), set.as_bytes(), side);
    }
    let ascii = ByteSet::new(set.as_bytes());
    let wide: SmallVec<[u32; 8]> = set.code_points().filter(|&code| code >= 0x80).collect();
    let outside = |code: u32| if code < 0x80 { !ascii.contains(code as u8) } else { !wide.contains(&code) };
    let (mut start, mut end) = (0, text.len());
    if side != Side::Right {
        start = text.code_point_offsets().find(|&(_, code)| outside(code)).map_or(end, |(offset, _)| offset);
    }
    if side != Side::Left {
        let rest = text.slice(start..end).code_point_offsets().rev();
        end = rest.take_while(|&(_, code)| !outside(code)).last().map_or(end, |(offset, _)| start + offset);
    }
    start..end
}

/// A set of bytes, a bit for each.
struct ByteSet([u64; 4]);

impl ByteSet {
    fn new(members: &[u8]) -> Self {
        let mut bits = [0; 4];
        for &byte in members {
            bits[usize::from(byte >> 6)] |= 1 << (byte & 63);
        }
        Self(bits)
    }

    #[inline]
    fn contains(&self, byte: u8) -> bool {
        self.0[usize::from(byte >> 6)] >> (byte & 63) & 1 != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::space::{Ascii, Unicode};

    #[test]
    fn spaces() {
        let text = "\u{3000} a b\u{a0}";
        let strip = |side| &text[strip_spaces::<Unicode>(text.as_bytes(), side)];
        assert_eq!(
            (strip(Side::Both), strip(Side::Left), strip(Side::Right)),
            ("a b", "a b\u{a0}", "\u{3000} a b")
        );
        assert_eq!(strip_spaces::<Ascii>(b"\x1c a\n", Side::Both), 0..3);
        assert!(strip_spaces::<Unicode>(b"  ", Side::Both).is_empty());
    }

    #[test]
    fn sets() {
        assert_eq!(strip_bytes(b"xyaxbyx", b"xy", Side::Both), 2..5);
        assert_eq!(strip_bytes(b"xyaxbyx", b"xy", Side::Right), 0..5);
        assert!(strip_bytes(b"xx", b"x", Side::Both).is_empty());
        let strip =
            |text: &'static str, set: &'static str, side| &text[strip_chars(text.into(), set.into(), side)];
        assert_eq!(strip("\u{e9}xa\u{20ac}x\u{e9}", "x\u{e9}", Side::Both), "a\u{20ac}");
        assert_eq!(strip("\u{e9}xa\u{20ac}x\u{e9}", "x\u{e9}", Side::Left), "a\u{20ac}x\u{e9}");
        assert_eq!(strip("\u{e9}xa\u{20ac}x\u{e9}", "x\u{e9}", Side::Right), "\u{e9}xa\u{20ac}");
        assert_eq!(strip("\u{e9}\u{20ac}\u{e9}", "\u{e9}", Side::Both), "\u{20ac}");
        assert_eq!(strip("\u{e9}\u{e9}", "\u{e9}", Side::Both), "");
        assert_eq!(strip("abc", "\u{e9}c", Side::Both), "ab");
    }
}
