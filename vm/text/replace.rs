//! `replace`: find first, then write a result of known size.
//!
//! The size is known before anything is allocated. Single bytes are counted at full speed; of longer needles a short
//! list of positions remembers the first matches, so that the common call searches once, and only what lies beyond is
//! searched again while writing.

use super::output::Output;
use super::search::{each_match, matches};
use super::wtf8::{self, is_lead};
use smallvec::SmallVec;
use std::ops::ControlFlow;

/// What `replace` has to do.
#[derive(Debug)]
pub enum Replace<'a> {
    /// Nothing: the result is the text itself.
    Unchanged,
    /// Write a text of that many bytes.
    Write(Replacing<'a>),
    /// The result cannot exist: "replace string is too long".
    TooLong,
}

/// A replacement whose matches are counted.
#[derive(Debug)]
pub struct Replacing<'a> {
    text: &'a [u8],
    old: &'a [u8],
    new: &'a [u8],
    count: usize,
    first: SmallVec<[usize; FIRST]>,
    size: usize,
}

/// How many positions are remembered.
const FIRST: usize = 8;

/// Whether an empty `old` lies between code points or between bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Units {
    /// The units of `str`.
    CodePoints,
    /// The units of `bytes`.
    Bytes,
}

/// Plan `text.replace(old, new, limit)`; `usize::MAX` stands for no limit.
pub fn replace<'a>(text: &'a [u8], old: &'a [u8], new: &'a [u8], limit: usize, units: Units) -> Replace<'a> {
    if old == new || limit == 0 || old.len() > text.len() {
        return Replace::Unchanged;
    }
    let mut first = SmallVec::new();
    let count = if old.is_empty() {
        limit.min(1 + if units == Units::Bytes { text.len() } else { wtf8::count(text) })
    } else if let &[byte] = old
        && limit == usize::MAX
    {
        memchr::memchr_iter(byte, text).count()
    } else {
        let mut count = 0;
        each_match(text, old, |at| {
            if count < FIRST {
                first.push(at);
            }
            count += 1;
            if count < limit { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        count
    };
    let added =
        new.len().checked_mul(count).and_then(|added| added.checked_add(text.len() - old.len() * count));
    match added.filter(|&size| isize::try_from(size).is_ok()) {
        _ if count == 0 => Replace::Unchanged,
        Some(size) => Replace::Write(Replacing { text, old, new, count, first, size }),
        None => Replace::TooLong,
    }
}

impl Replacing<'_> {
    /// The size of the result in bytes.
    pub fn size(&self) -> usize {
        self.size
    }

    /// How many occurrences are replaced.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Append the result.
    pub fn write(&self, out: &mut impl Output, units: Units) {
        if self.old.is_empty() {
            self.interleave(out, units);
            return;
        }
        if let (&[old], &[new]) = (self.old, self.new)
            && self.first.is_empty()
        {
            out.extend_exact(self.text.iter().map(|&byte| if byte == old { new } else { byte }));
            return;
        }
        let mut copied = 0;
        let mut splice = |at: usize| {
            out.extend_from_slice(&self.text[copied..at]);
            out.extend_from_slice(self.new);
            copied = at + self.old.len();
        };
        self.first.iter().for_each(|&at| splice(at));
        let left = self.count - self.first.len();
        if left > 0 {
            let from = self.first.last().map_or(0, |&at| at + self.old.len());
            matches(&self.text[from..], self.old).take(left).for_each(|at| splice(from + at));
        }
        out.extend_from_slice(&self.text[copied..]);
    }

    /// Put `new` before each of the first units, and at the end if there are not more of them.
    fn interleave(&self, out: &mut impl Output, units: Units) {
        let mut left = self.count;
        for &byte in self.text {
            if left > 0 && (units == Units::Bytes || is_lead(byte)) {
                out.extend_from_slice(self.new);
                left -= 1;
            }
            out.push(byte);
        }
        if left > 0 {
            out.extend_from_slice(self.new);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replaced(text: &str, old: &str, new: &str, limit: usize) -> Option<String> {
        let units = Units::CodePoints;
        let Replace::Write(replacing) =
            replace(text.as_bytes(), old.as_bytes(), new.as_bytes(), limit, units)
        else {
            return None;
        };
        let mut out = Vec::new();
        replacing.write(&mut out, units);
        assert_eq!(out.len(), replacing.size());
        Some(String::from_utf8(out).unwrap())
    }

    #[test]
    fn results() {
        assert_eq!(replaced("a-b-c", "-", "<>", usize::MAX).as_deref(), Some("a<>b<>c"));
        assert_eq!(replaced("a-b-c", "-", "", 1).as_deref(), Some("ab-c"));
        assert_eq!(replaced("äb", "", "-", usize::MAX).as_deref(), Some("-ä-b-"));
        assert_eq!(replaced("äb", "", "-", 2).as_deref(), Some("-ä-b"));
        assert_eq!(replaced("", "", "x", usize::MAX).as_deref(), Some("x"));
        let (many, more) = ("ab".repeat(50), "xyb".repeat(50));
        assert_eq!(replaced(&many, "a", "xy", usize::MAX), Some(more));
        assert_eq!(replaced(&many, "a", "c", 20), Some("cb".repeat(20) + &"ab".repeat(30)));
    }

    #[test]
    fn nothing_to_do() {
        assert_eq!(replaced("abc", "x", "y", usize::MAX), None);
        assert_eq!(replaced("abc", "a", "a", usize::MAX), None);
        assert_eq!(replaced("abc", "a", "b", 0), None);
        assert_eq!(replaced("", "a", "b", usize::MAX), None);
    }
}
