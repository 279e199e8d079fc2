//! Indexing by code point in text that is not ASCII.
//!
//! An [`IndexTable`] records where every 64th code point starts. The code point with a given index is then found by
//! counting over at most 64 of them, and the index of an offset by a binary search and a count. A string builds its
//! table when it is first indexed; ASCII text needs none, since there offsets are indices.

use super::output::Output;
use super::wtf8::{self, Text, TextBuf};

/// Where every 64th code point of one text starts.
#[derive(Debug)]
pub struct IndexTable(Offsets);

#[derive(Debug)]
enum Offsets {
    /// For texts below 4 GiB.
    Small(Box<[u32]>),
    Large(Box<[usize]>),
}

/// How many code points lie between two recorded offsets.
const STEP: usize = 64;

impl IndexTable {
    /// Record the offsets of a text.
    pub fn new(text: Text<'_>) -> Self {
        Self(if u32::try_from(text.len()).is_ok() {
            Offsets::Small(marks(text).map(|offset| offset as u32).collect())
        } else {
            Offsets::Large(marks(text).collect())
        })
    }

    /// The byte offset of a code point, or the length in bytes if there are no more than `index`.
    pub fn offset_of(&self, text: Text<'_>, index: usize) -> usize {
        match self.mark(index / STEP) {
            Some(start) => start + wtf8::offset_of(&text.as_bytes()[start..], index % STEP),
            None => text.len(),
        }
    }

    /// The index of the code point at a byte offset.
    pub fn index_of(&self, text: Text<'_>, offset: usize) -> usize {
        let mark = match &self.0 {
            Offsets::Small(offsets) => offsets.partition_point(|&start| start as usize <= offset),
            Offsets::Large(offsets) => offsets.partition_point(|&start| start <= offset),
        };
        // The first mark is offset 0, except that an empty text has none.
        let Some(mark) = mark.checked_sub(1) else { return 0 };
        let start = self.mark(mark).unwrap_or(0);
        mark * STEP + wtf8::count(&text.as_bytes()[start..offset])
    }

    /// The memory the table takes, in bytes.
    pub fn size(&self) -> usize {
        match &self.0 {
            Offsets::Small(offsets) => size_of_val(&**offsets),
            Offsets::Large(offsets) => size_of_val(&**offsets),
        }
    }

    fn mark(&self, place: usize) -> Option<usize> {
        match &self.0 {
            Offsets::Small(offsets) => offsets.get(place).map(|&offset| offset as usize),
            Offsets::Large(offsets) => offsets.get(place).copied(),
        }
    }
}

/// The offsets of the code points 0, 64, 128, …
fn marks(text: Text<'_>) -> impl Iterator<Item = usize> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let mark = at;
        let rest = text.as_bytes().get(at..).filter(|rest| !rest.is_empty())?;
        at += wtf8::offset_of(rest, STEP);
        Some(mark)
    })
}

/// Every `step`th of `count` code points, starting with index `start`: `s[start:stop:step]` with the count worked out.
///
/// Short steps walk over the text, long ones ask `offset_of` for each code point.
pub fn extended_slice(
    text: Text<'_>,
    offset_of: impl Fn(usize) -> usize,
    start: usize,
    step: isize,
    count: usize,
) -> TextBuf {
    const WALK: usize = 16;
    let mut out = TextBuf::with_capacity(count);
    if count == 0 || step == 0 {
        return out;
    }
    let skip = step.unsigned_abs() - 1;
    if skip < WALK && step > 0 {
        push_every(text.slice(offset_of(start)..text.len()).code_points(), skip, count, &mut out);
    } else if skip < WALK {
        push_every(text.slice(0..offset_of(start + 1)).code_points().rev(), skip, count, &mut out);
    } else {
        for place in 0..count {
            let index = start.wrapping_add_signed(step.wrapping_mul(place as isize));
            text.code_point_at(offset_of(index)).into_iter().for_each(|code| out.push(code));
        }
    }
    out
}

/// Like [`extended_slice`] where a byte is a unit: of `bytes`, or of a string that is ASCII. There are that many.
pub fn extended_slice_bytes(bytes: &[u8], start: usize, step: isize, count: usize, out: &mut impl Output) {
    let skip = step.unsigned_abs().max(1);
    if step > 0 {
        let rest = bytes.get(start..).unwrap_or_default();
        out.extend_exact(rest.iter().step_by(skip).take(count).copied());
        return;
    }
    let back = &bytes[..bytes.len().min(start.saturating_add(1))];
    if skip == 1 {
        out.extend_exact(back[back.len() - count.min(back.len())..].iter().rev().copied());
    } else {
        out.extend_exact(back.iter().rev().step_by(skip).take(count).copied());
    }
}

/// Append `count` code points, skipping some after each.
fn push_every(codes: impl Iterator<Item = u32>, skip: usize, count: usize, out: &mut TextBuf) {
    codes.step_by(skip + 1).take(count).for_each(|code| out.push(code));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_and_indices() {
        for codes in [0, 1, 63, 64, 65, 127, 128, 1000] {
            let buffer: TextBuf = (0..codes).map(|i| [0x41, 0xe9, 0x4e00, 0x1f600, 0xd800][i % 5]).collect();
            let text = buffer.as_text();
            let table = IndexTable::new(text);
            let offsets: Vec<usize> = text.code_point_offsets().map(|(offset, _)| offset).collect();
            for (index, &offset) in offsets.iter().enumerate() {
                assert_eq!((table.offset_of(text, index), table.index_of(text, offset)), (offset, index));
            }
            assert_eq!(table.offset_of(text, codes), text.len());
            assert_eq!(table.offset_of(text, codes + 1000), text.len());
            assert_eq!(table.index_of(text, text.len()), codes);
            assert_eq!(table.size(), codes.div_ceil(64) * 4);
        }
    }

    #[test]
    fn extended_slices() {
        let codes: Vec<u32> = (0..200).map(|i| [0x41, 0xe9, 0x4e00, 0x1f600][i % 4] + i as u32).collect();
        let buffer: TextBuf = codes.iter().copied().collect();
        let text = buffer.as_text();
        let slice = |start, step, count| {
            let slice = extended_slice(text, |index| text.offset_of(index), start, step, count);
            slice.as_text().code_points().collect::<Vec<_>>()
        };
        for step in [1, 2, 3, 17, 18, 50] {
            let expected: Vec<u32> = codes[5..].iter().copied().step_by(step).collect();
            assert_eq!(slice(5, step as isize, expected.len()), expected);
            let expected: Vec<u32> = codes[..=150].iter().rev().copied().step_by(step).collect();
            assert_eq!(slice(150, -(step as isize), expected.len()), expected);
        }
        assert_eq!(slice(0, 1, 0), []);
        let slice = |bytes: &[u8], start, step, count| {
            let mut out = Vec::new();
            extended_slice_bytes(bytes, start, step, count, &mut out);
            out
        };
        assert_eq!(slice(b"abcdefg", 1, 2, 3), b"bdf");
        assert_eq!(slice(b"abcdefg", 6, -3, 3), b"gda");
        assert_eq!(slice(b"abcdefg", 5, -1, 4), b"fedc");
        assert_eq!(slice(b"", 0, 1, 0), b"");
    }
}
