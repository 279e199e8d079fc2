//! The text of a Python string: generalised UTF-8.
//!
//! A Python string is a sequence of code points, surrogates included. [`Text`] holds it as UTF-8 in which a surrogate
//! is three bytes like its neighbours U+D7FF and U+E000, and in which a high surrogate followed by a low one stays two
//! code points: `'\ud800' + '\udc00'` has length 2. (WTF-8 proper would join them.) Concatenation of strings is thus
//! concatenation of bytes, comparing bytes compares code points, and a search for bytes finds code points, because no
//! encoded code point is part of another.
//!
//! A `Text` is trusted to hold such bytes. Broken bytes give wrong answers, never undefined behaviour.

use std::fmt;
use std::ops::Range;

/// What the code points of a text are limited to; each kind includes the previous ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Nothing above U+007F.
    Ascii,
    /// No surrogates: the bytes are UTF-8.
    Utf8,
    /// Surrogates occur.
    Surrogates,
}

/// A borrowed string.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[must_use]
pub struct Text<'a>(&'a [u8]);

impl<'a> Text<'a> {
    /// The empty text.
    pub const EMPTY: Self = Self(&[]);

    /// The text in these bytes, if they are generalised UTF-8.
    pub fn new(bytes: &'a [u8]) -> Option<Self> {
        validate(bytes).map(|_| Self(bytes))
    }

    /// The text in bytes that are known to be generalised UTF-8.
    #[inline]
    pub const fn trusted(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The encoded bytes.
    #[inline]
    pub const fn as_bytes(self) -> &'a [u8] {
        self.0
    }

    /// The length in bytes.
    #[inline]
    pub const fn len(self) -> usize {
        self.0.len()
    }

    /// Whether there are no code points.
    #[inline]
    pub const fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// Whether every code point is below U+0080.
    #[inline]
    pub const fn is_ascii(self) -> bool {
        self.0.is_ascii()
    }

    /// Whether there is no surrogate.
    pub fn is_valid_utf8(self) -> bool {
        !memchr::memchr_iter(SURROGATE_LEAD, self.0)
            .any(|at| self.0.get(at + 1).is_some_and(|&next| next >= 0xa0))
    }

    /// What the code points are limited to.
    pub fn kind(self) -> Kind {
        if self.is_ascii() {
            Kind::Ascii
        } else if self.is_valid_utf8() {
            Kind::Utf8
        } else {
            Kind::Surrogates
        }
    }

    /// The text as a Rust string, if it holds no surrogates.
    pub fn to_str(self) -> Option<&'a str> {
        std::str::from_utf8(self.0).ok()
    }

    /// The part in a range of bytes, which must start and end between code points.
    #[inline]
    pub fn slice(self, bytes: Range<usize>) -> Self {
        Self(&self.0[bytes])
    }

    /// The code points.
    #[inline]
    pub fn code_points(self) -> CodePoints<'a> {
        CodePoints { bytes: self.0.iter() }
    }

    /// The code points and the byte offsets where they start.
    #[inline]
    pub fn code_point_offsets(self) -> CodePointOffsets<'a> {
        CodePointOffsets { offset: 0, code_points: self.code_points() }
    }

    /// The code point that starts at a byte offset.
    #[inline]
    pub fn code_point_at(self, offset: usize) -> Option<u32> {
        CodePoints { bytes: self.0.get(offset..)?.iter() }.next()
    }

    /// How many code points there are: `len(s)`.
    #[inline]
    pub fn count(self) -> usize {
        count(self.0)
    }

    /// The byte offset of the code point with this index, or the length in bytes if there are no more than `index`.
    pub fn offset_of(self, index: usize) -> usize {
        offset_of(self.0, index)
    }

    /// The index of the code point at a byte offset.
    #[inline]
    pub fn index_of(self, offset: usize) -> usize {
        count(&self.0[..offset])
    }
}

impl<'a> From<&'a str> for Text<'a> {
    fn from(text: &'a str) -> Self {
        Self(text.as_bytes())
    }
}

impl fmt::Debug for Text<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "\"{}\"", self.0.escape_ascii())
    }
}

/// A string that grows.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct TextBuf(Vec<u8>);

impl TextBuf {
    /// An empty buffer.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// An empty buffer with room for a number of bytes.
    pub fn with_capacity(bytes: usize) -> Self {
        Self(Vec::with_capacity(bytes))
    }

    /// Make room for more bytes.
    pub fn reserve(&mut self, bytes: usize) {
        self.0.reserve(bytes);
    }

    /// Append a code point, which must not exceed U+10FFFF.
    #[inline]
    pub fn push(&mut self, code: u32) {
        // Appending arrays of known length is several times faster than a slice of the longest.
        let ([a, b, c, d], len) = encode(code);
        match len {
            1 => self.0.push(a),
            2 => self.0.extend_from_slice(&[a, b]),
            3 => self.0.extend_from_slice(&[a, b, c]),
            _ => self.0.extend_from_slice(&[a, b, c, d]),
        }
    }

    /// Append a text.
    #[inline]
    pub fn push_text(&mut self, text: Text<'_>) {
        self.0.extend_from_slice(text.0);
    }

    /// Append a Rust string.
    #[inline]
    pub fn push_str(&mut self, text: &str) {
        self.0.extend_from_slice(text.as_bytes());
    }

    /// The length in bytes.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether nothing was appended.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Forget everything after a number of bytes, which must end between code points.
    pub fn truncate(&mut self, bytes: usize) {
        self.0.truncate(bytes);
    }

    /// The text so far.
    #[inline]
    pub fn as_text(&self) -> Text<'_> {
        Text(&self.0)
    }

    /// The bytes of the text.
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// The bytes themselves, to be extended by generalised UTF-8 only.
    pub(crate) fn bytes_mut(&mut self) -> &mut Vec<u8> {
        &mut self.0
    }
}

impl From<&str> for TextBuf {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<Text<'_>> for TextBuf {
    fn from(text: Text<'_>) -> Self {
        Self(text.0.into())
    }
}

impl FromIterator<u32> for TextBuf {
    fn from_iter<I: IntoIterator<Item = u32>>(codes: I) -> Self {
        let mut buffer = Self::new();
        codes.into_iter().for_each(|code| buffer.push(code));
        buffer
    }
}

impl fmt::Debug for TextBuf {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_text().fmt(formatter)
    }
}

/// The code points of a text, from either end.
#[derive(Clone, Debug)]
pub struct CodePoints<'a> {
    bytes: std::slice::Iter<'a, u8>,
}

impl<'a> CodePoints<'a> {
    /// What is left of the text.
    #[inline]
    pub fn as_text(&self) -> Text<'a> {
        Text(self.bytes.as_slice())
    }

    #[inline]
    fn continuation(&mut self) -> u32 {
        self.bytes.next().map_or(0, |&byte| u32::from(byte) & 0x3f)
    }
}

impl Iterator for CodePoints<'_> {
    type Item = u32;

    #[inline]
    fn next(&mut self) -> Option<u32> {
        let first = u32::from(*self.bytes.next()?);
        if first < 0x80 {
            return Some(first);
        }
        let mut code = first & 0x1f;
        code = code << 6 | self.continuation();
        if first >= 0xe0 {
            code = code << 6 | self.continuation();
            if first >= 0xf0 {
                code = (code << 6 | self.continuation()) & 0x1f_ffff;
            } else {
                code &= 0xffff;
            }
        }
        Some(code)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let bytes = self.bytes.len();
        (bytes.div_ceil(4), Some(bytes))
    }

    fn count(self) -> usize {
        count(self.bytes.as_slice())
    }
}

impl DoubleEndedIterator for CodePoints<'_> {
    #[inline]
    fn next_back(&mut self) -> Option<u32> {
        let mut byte = u32::from(*self.bytes.next_back()?);
        let (mut code, mut shift) = (0, 0);
        while byte & 0xc0 == 0x80 && shift < 18 {
            code |= (byte & 0x3f) << shift;
            shift += 6;
            byte = self.bytes.next_back().map_or(0, |&byte| u32::from(byte));
        }
        // The lead byte holds 7, 5, 4 or 3 bits of the code point.
        let mask = if shift == 0 { 0x7f } else { 0x3f >> (shift / 6) };
        Some(code | (byte & mask) << shift)
    }
}

/// The code points of a text with their byte offsets.
#[derive(Clone, Debug)]
pub struct CodePointOffsets<'a> {
    offset: usize,
    code_points: CodePoints<'a>,
}

impl Iterator for CodePointOffsets<'_> {
    type Item = (usize, u32);

    #[inline]
    fn next(&mut self) -> Option<(usize, u32)> {
        let before = self.code_points.bytes.len();
        let code = self.code_points.next()?;
        let offset = self.offset;
        self.offset += before - self.code_points.bytes.len();
        Some((offset, code))
    }
}

impl DoubleEndedIterator for CodePointOffsets<'_> {
    #[inline]
    fn next_back(&mut self) -> Option<(usize, u32)> {
        let code = self.code_points.next_back()?;
        Some((self.offset + self.code_points.bytes.len(), code))
    }
}

/// The kind of a text in these bytes, if they are generalised UTF-8.
pub fn validate(bytes: &[u8]) -> Option<Kind> {
    if bytes.is_ascii() {
        return Some(Kind::Ascii);
    }
    if simdutf8::basic::from_utf8(bytes).is_ok() {
        return Some(Kind::Utf8);
    }
    let mut rest = bytes;
    // Everything but surrogates is what Rust accepts; step over them one by one.
    while let Err(error) = std::str::from_utf8(rest) {
        rest = &rest[error.valid_up_to()..];
        match rest {
            [SURROGATE_LEAD, 0xa0..=0xbf, 0x80..=0xbf, ..] => rest = &rest[3..],
            _ => return None,
        }
    }
    Some(Kind::Surrogates)
}

/// Whether the code point is a surrogate.
#[inline]
pub const fn is_surrogate(code: u32) -> bool {
    matches!(code, 0xd800..=0xdfff)
}

/// The bytes of a code point, and how many of them count.
#[inline]
pub(crate) fn encode(code: u32) -> ([u8; 4], usize) {
    let tail = |shift: u32| 0x80 | (code >> shift & 0x3f) as u8;
    if code < 0x80 {
        ([code as u8, 0, 0, 0], 1)
    } else if code < 0x800 {
        ([0xc0 | (code >> 6) as u8, tail(0), 0, 0], 2)
    } else if code < 0x10000 {
        ([0xe0 | (code >> 12) as u8, tail(6), tail(0), 0], 3)
    } else {
        ([0xf0 | (code >> 18) as u8 & 7, tail(12), tail(6), tail(0)], 4)
    }
}

/// The lead byte of U+D000 to U+DFFF.
const SURROGATE_LEAD: u8 = 0xed;

/// Whether a code point starts at this byte.
#[inline]
pub(crate) const fn is_lead(byte: u8) -> bool {
    byte as i8 >= -0x40
}

/// How many ASCII bytes come first.
pub(crate) fn ascii_prefix(bytes: &[u8]) -> usize {
    const BLOCK: usize = 64;
    let blocks = bytes.chunks_exact(BLOCK).take_while(|block| block.is_ascii()).count();
    let start = blocks * BLOCK;
    bytes[start..].iter().position(|byte| !byte.is_ascii()).map_or(bytes.len(), |within| start + within)
}

const ONES: u64 = u64::MAX / 0xff;
const WORD: usize = size_of::<u64>();

/// A 1 in each byte of a word in which a code point starts.
#[inline]
fn leads(word: [u8; WORD]) -> u64 {
    let word = u64::from_le_bytes(word);
    (!word >> 7 | word >> 6) & ONES
}

/// Count the code points that start in `bytes`.
///
/// Eight bytes are counted at a time, in the bytes of a sum that is gathered before one of them can overflow.
pub(crate) fn count(bytes: &[u8]) -> usize {
    const PAIRS: u64 = u64::MAX / 0xffff;
    let (words, rest) = bytes.as_chunks::<WORD>();
    let gather = |group: &[[u8; WORD]]| {
        let sums: u64 = group.iter().map(|&word| leads(word)).sum();
        let pairs = (sums & (0xff * PAIRS)) + ((sums >> 8) & (0xff * PAIRS));
        (pairs.wrapping_mul(PAIRS) >> 48) as usize
    };
    let in_words: usize = words.chunks(0xff).map(gather).sum();
    in_words + rest.iter().filter(|&&byte| is_lead(byte)).count()
}

/// The offset of the `index`th start of a code point in `bytes`, or their length.
pub(crate) fn offset_of(bytes: &[u8], index: usize) -> usize {
    let (mut at, mut left) = (0, index);
    for &word in bytes.as_chunks::<WORD>().0 {
        let inside = (leads(word).wrapping_mul(ONES) >> 56) as usize;
        if inside > left || left == 0 {
            break;
        }
        left -= inside;
        at += WORD;
    }
    let mut starts = bytes[at..].iter().enumerate().filter(|&(_, &byte)| is_lead(byte));
    starts.nth(left).map_or(bytes.len(), |(within, _)| at + within)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text of one, two, three and four bytes a code point, and both kinds of surrogates.
    fn sample() -> TextBuf {
        [0x61, 0xe9, 0x20ac, 0x1f600, 0xd800, 0xdc00, 0x7f, 0x80, 0x7ff, 0x800, 0xffff, 0x10000, 0x10ffff]
            .into_iter()
            .collect()
    }

    #[test]
    fn every_code_point_round_trips() {
        // Miri takes a second for ten of them.
        for code in (0..0x110000).step_by(if cfg!(miri) { 997 } else { 1 }) {
            let buffer: TextBuf = [code, code].into_iter().collect();
            assert!(buffer.as_text().code_points().eq([code, code]));
            assert!(buffer.as_text().code_points().rev().eq([code, code]));
            assert_eq!(buffer.as_text().count(), 2);
            let kind = match code {
                0..=0x7f => Kind::Ascii,
                0xd800..=0xdfff => Kind::Surrogates,
                _ => Kind::Utf8,
            };
            assert_eq!(validate(buffer.as_text().as_bytes()), Some(kind));
            assert_eq!(buffer.as_text().kind(), kind);
            if let Some(char) = char::from_u32(code) {
                assert_eq!(buffer.as_text().to_str(), Some(format!("{char}{char}").as_str()));
            }
        }
    }

    #[test]
    fn offsets_and_indices() {
        let sample = sample();
        let text = sample.as_text();
        let long: Vec<u8> = text.as_bytes().repeat(40);
        let long = Text::trusted(&long);
        let offsets: Vec<usize> = long.code_point_offsets().map(|(offset, _)| offset).collect();
        assert_eq!(long.count(), offsets.len());
        for (index, &offset) in offsets.iter().enumerate() {
            assert_eq!(long.offset_of(index), offset);
            assert_eq!(long.index_of(offset), index);
        }
        assert_eq!(long.offset_of(offsets.len()), long.len());
        assert_eq!(long.offset_of(usize::MAX), long.len());
        let mut backwards: Vec<usize> = long.code_point_offsets().rev().map(|(offset, _)| offset).collect();
        backwards.reverse();
        assert_eq!(backwards, offsets);
    }

    #[test]
    fn validation_rejects_what_is_not_generalised_utf8() {
        for bytes in [
            &b"\x80"[..],
            b"\xc0\x80",
            b"\xc1\xbf",
            b"\xe0\x80\x80",
            b"\xf0\x8f\xbf\xbf",
            b"\xf4\x90\x80\x80",
        ] {
            assert_eq!(validate(bytes), None);
        }
        for bytes in [&b"\xed\xa0"[..], b"a\xed", b"\xf5\x80\x80\x80", b"\xe2\x82", b"\xed\xa0\x80\xff"] {
            assert_eq!(validate(bytes), None);
        }
        assert_eq!(validate(b"\xed\xa0\x80x\xed\xbf\xbf"), Some(Kind::Surrogates));
        assert_eq!(validate("ퟛ".as_bytes()), Some(Kind::Utf8));
    }

    #[test]
    fn broken_bytes_do_no_harm() {
        for bytes in [&b"\xf0"[..], b"\x80\x80\x80\x80\x80", b"\xe0", b"\xff\xff", b"\xed"] {
            let text = Text::trusted(bytes);
            assert!(text.code_points().all(|code| code < 0x20_0000));
            assert!(text.code_points().rev().all(|code| code < 0x1000_0000));
            let _ = (text.count(), text.offset_of(1), text.kind());
        }
    }

    #[test]
    fn order_is_that_of_code_points() {
        let sample = sample();
        let codes: Vec<u32> = sample.as_text().code_points().collect();
        for &a in &codes {
            for &b in &codes {
                let (x, y): (TextBuf, TextBuf) = ([a].into_iter().collect(), [b].into_iter().collect());
                assert_eq!(x.as_text().cmp(&y.as_text()), a.cmp(&b));
            }
        }
    }
}
