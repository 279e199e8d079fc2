//! White space and line boundaries, as `str` and as `bytes` see them.
//!
//! `str` follows Unicode: the ASCII controls 0x09 to 0x0D and 0x1C to 0x1F, the space and 19 characters beyond ASCII.
//! `bytes` knows the space and 0x09 to 0x0D; its lines end at `\n`, `\r` and `\r\n` only. Both are answered at a byte
//! position, so that one loop serves either; a table of bytes decides nearly all questions of space.

use super::unicode::is_space;
use super::wtf8::{Text, is_lead};

/// A notion of white space.
pub trait Spaces {
    /// The length in bytes of the white-space character at a position, 0 if there is none.
    fn space_at(bytes: &[u8], at: usize) -> usize;
    /// The length of the white-space character that ends at a position, 0 if there is none.
    fn space_before(bytes: &[u8], end: usize) -> usize;
}

/// A notion of line boundaries.
pub trait LineBreaks {
    /// The position of the next line boundary and its length in bytes.
    fn next_break(bytes: &[u8], from: usize) -> Option<(usize, usize)>;
}

/// What `str` calls white space and line boundaries.
#[derive(Clone, Copy, Debug)]
pub struct Unicode;

/// What `bytes` calls white space and line boundaries.
#[derive(Clone, Copy, Debug)]
pub struct Ascii;

impl Spaces for Unicode {
    #[inline]
    fn space_at(bytes: &[u8], at: usize) -> usize {
        match bytes.get(at).map_or(OTHER, |&byte| CLASSES[usize::from(byte)]) {
            class if class & UNICODE_SPACE != 0 => 1,
            class if class & LEAD != 0 => wide_space_at(bytes, at),
            _ => 0,
        }
    }

    #[inline]
    fn space_before(bytes: &[u8], end: usize) -> usize {
        let Some(&byte) = bytes[..end].last() else { return 0 };
        if byte < 0x80 {
            return usize::from(CLASSES[usize::from(byte)] & UNICODE_SPACE != 0);
        }
        let start = bytes[..end].iter().rposition(|&byte| is_lead(byte)).unwrap_or(0);
        let len = wide_space_at(bytes, start);
        if start + len == end { len } else { 0 }
    }
}

impl Spaces for Ascii {
    #[inline]
    fn space_at(bytes: &[u8], at: usize) -> usize {
        usize::from(bytes.get(at).is_some_and(|&byte| is_ascii_space(byte)))
    }

    #[inline]
    fn space_before(bytes: &[u8], end: usize) -> usize {
        usize::from(bytes[..end].last().is_some_and(|&byte| is_ascii_space(byte)))
    }
}

impl LineBreaks for Unicode {
    fn next_break(bytes: &[u8], from: usize) -> Option<(usize, usize)> {
        let mut at = from;
        while let Some(&word) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
            let mut candidates = break_candidates(word);
            while candidates != 0 {
                let place = at + candidates.trailing_zeros() as usize / 8;
                let len = unicode_break_len(&bytes[place..]);
                if len > 0 {
                    return Some((place, len));
                }
                candidates &= candidates - 1;
            }
            at += word.len();
        }
        (at..bytes.len()).map(|at| (at, unicode_break_len(&bytes[at..]))).find(|&(_, len)| len > 0)
    }
}

impl LineBreaks for Ascii {
    fn next_break(bytes: &[u8], from: usize) -> Option<(usize, usize)> {
        let at = from + memchr::memchr2(b'\n', b'\r', bytes.get(from..)?)?;
        Some((at, if bytes[at..].starts_with(b"\r\n") { 2 } else { 1 }))
    }
}

/// Whether `bytes` methods count the byte as white space.
#[inline]
pub fn is_ascii_space(byte: u8) -> bool {
    CLASSES[usize::from(byte)] & ASCII_SPACE != 0
}

const OTHER: u8 = 0;
/// White space to `bytes`.
const ASCII_SPACE: u8 = 1 << 0;
/// White space to `str`.
const UNICODE_SPACE: u8 = 1 << 1;
/// The lead byte of characters among which there is white space.
const LEAD: u8 = 1 << 2;

static CLASSES: [u8; 256] = {
    let mut classes = [OTHER; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'\t'..=b'\r' | b' ' => ASCII_SPACE | UNICODE_SPACE,
            0x1c..=0x1f => UNICODE_SPACE,
            0xc2 | 0xe1..=0xe3 => LEAD,
            _ => OTHER,
        };
        byte += 1;
    }
    classes
};

/// The length of the character at a position if it is white space beyond ASCII.
fn wide_space_at(bytes: &[u8], at: usize) -> usize {
    let len = if bytes[at] < 0xe0 { 2 } else { 3 };
    let code = Text::trusted(bytes).code_point_at(at);
    if code.is_some_and(is_space) { len } else { 0 }
}

/// The length of the line boundary that the bytes start with, 0 if it is none to `str`.
fn unicode_break_len(bytes: &[u8]) -> usize {
    match *bytes {
        [b'\r', b'\n', ..] | [0xc2, 0x85, ..] => 2,
        [b'\n'..=b'\r' | 0x1c..=0x1e, ..] => 1,
        [0xe2, 0x80, 0xa8 | 0xa9, ..] => 3,
        _ => 0,
    }
}

const ONES: u64 = u64::MAX / 0xff;
const HIGHS: u64 = 0x80 * ONES;

/// The high bit of each byte that may start white space: controls, the space, and the leads of characters beyond ASCII.
/// Borrows can add bytes after one of these.
#[inline]
pub(super) fn space_candidates(word: [u8; 8]) -> u64 {
    let word = u64::from_le_bytes(word);
    let low = word.wrapping_sub(0x21 * ONES) & !word;
    let leads = word & word << 1;
    (low | leads) & HIGHS
}

/// The high bit of each byte that may start a line boundary: controls, 0xC2 and 0xE2. Borrows can add bytes after one
/// of these, so that every candidate needs a look.
#[inline]
fn break_candidates(word: [u8; 8]) -> u64 {
    let word = u64::from_le_bytes(word);
    let controls = word.wrapping_sub(0x20 * ONES) & !word;
    let leads = word & (0xdf * ONES) ^ (0xc2 * ONES);
    (controls | leads.wrapping_sub(ONES) & !leads) & HIGHS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::unicode::is_line_break;
    use crate::text::wtf8::TextBuf;

    #[test]
    fn every_code_point() {
        for code in 0..0x110000 {
            let buffer: TextBuf = [0x78, code, 0x79].into_iter().collect();
            let bytes = buffer.as_text().as_bytes();
            let len = bytes.len() - 2;
            let space = if is_space(code) { len } else { 0 };
            assert_eq!(Unicode::space_at(bytes, 1), space, "{code:#x}");
            assert_eq!(Unicode::space_before(bytes, 1 + len), space, "{code:#x}");
            let line_break = is_line_break(code).then_some((1, len));
            assert_eq!(Unicode::next_break(bytes, 0), line_break, "{code:#x}");
        }
    }

    #[test]
    fn every_byte() {
        for byte in 0..=255_u8 {
            let space = matches!(byte, b' ' | b'\t'..=b'\r');
            assert_eq!(is_ascii_space(byte), space);
            assert_eq!(Ascii::space_at(&[byte], 0), usize::from(space));
            assert_eq!(Ascii::next_break(&[byte, b'x'], 0), matches!(byte, b'\n' | b'\r').then_some((0, 1)));
        }
        assert_eq!(Ascii::next_break(b"a\r\nb", 0), Some((1, 2)));
    }

    #[test]
    fn ends() {
        assert_eq!(
            (Unicode::space_at(b"", 0), Unicode::space_before(b"", 0), Ascii::space_before(b"", 0)),
            (0, 0, 0)
        );
        assert_eq!((Unicode::next_break(b"", 0), Ascii::next_break(b"a", 1)), (None, None));
        assert_eq!(Unicode::next_break(b"0123456789abcdef\x0bx", 0), Some((16, 1)));
    }
}
