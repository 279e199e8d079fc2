//! Splitting: `split`, `rsplit`, `splitlines`, `partition` and their like, as ranges of bytes.
//!
//! The iterators own no text: the caller turns ranges into strings, which are ASCII whenever the whole is. A limit of
//! `usize::MAX` stands for Python's `maxsplit=-1`. What goes from the right yields its last part first.

use super::search::{Searcher, find, rfind};
use super::space::{LineBreaks, Spaces, space_candidates};
use std::marker::PhantomData;
use std::ops::Range;

/// How many parts to expect of so many splits: what most texts have at most.
pub fn expected(splits: usize) -> usize {
    const MOST: usize = 12;
    splits.saturating_add(1).min(MOST)
}

/// `split(separator, limit)`; the separator must not be empty.
pub fn split<'a>(text: &'a [u8], separator: &'a [u8], limit: usize) -> Split<'a> {
    let searcher = Searcher::new(separator, text.len());
    Split { text, searcher, step: separator.len(), from: Some(0), left: limit }
}

/// `rsplit(separator, limit)`, from the last part to the first; the separator must not be empty.
pub fn rsplit<'a>(text: &'a [u8], separator: &'a [u8], limit: usize) -> RSplit<'a> {
    RSplit { text, separator, end: Some(text.len()), left: limit }
}

/// `split(None, limit)`.
pub fn split_whitespace<S: Spaces>(text: &[u8], limit: usize) -> SplitWhitespace<'_, S> {
    SplitWhitespace { text, at: 0, left: limit, spaces: PhantomData }
}

/// `rsplit(None, limit)`, from the last part to the first.
pub fn rsplit_whitespace<S: Spaces>(text: &[u8], limit: usize) -> RSplitWhitespace<'_, S> {
    RSplitWhitespace { text, end: text.len(), left: limit, spaces: PhantomData }
}

/// `splitlines(keepends)`.
pub fn splitlines<B: LineBreaks>(text: &[u8], keepends: bool) -> SplitLines<'_, B> {
    SplitLines { text, at: 0, keepends, breaks: PhantomData }
}

/// `partition`: what precedes and what follows the first separator.
pub fn partition(text: &[u8], separator: &[u8]) -> Option<(Range<usize>, Range<usize>)> {
    find(text, separator).map(|at| (0..at, at + separator.len()..text.len()))
}

/// `rpartition`: what precedes and what follows the last separator.
pub fn rpartition(text: &[u8], separator: &[u8]) -> Option<(Range<usize>, Range<usize>)> {
    rfind(text, separator).map(|at| (0..at, at + separator.len()..text.len()))
}

/// The iterator of [`split`].
#[derive(Clone, Debug)]
pub struct Split<'a> {
    text: &'a [u8],
    searcher: Searcher<'a>,
    step: usize,
    /// Where the next part starts; `None` after the last.
    from: Option<usize>,
    left: usize,
}

impl Iterator for Split<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let from = self.from?;
        let found = if self.left > 0 { self.searcher.find(&self.text[from..]) } else { None };
        self.left = self.left.saturating_sub(1);
        self.from = found.map(|at| from + at + self.step);
        Some(from..found.map_or(self.text.len(), |at| from + at))
    }
}

/// The iterator of [`rsplit`].
#[derive(Clone, Debug)]
pub struct RSplit<'a> {
    text: &'a [u8],
    separator: &'a [u8],
    /// Where the next part ends; `None` after the first part of the text.
    end: Option<usize>,
    left: usize,
}

impl Iterator for RSplit<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let end = self.end?;
        self.end = if self.left > 0 { rfind(&self.text[..end], self.separator) } else { None };
        self.left = self.left.saturating_sub(1);
        Some(self.end.map_or(0, |at| at + self.separator.len())..end)
    }
}

/// The iterator of [`split_whitespace`].
#[derive(Clone, Debug)]
pub struct SplitWhitespace<'a, S> {
    text: &'a [u8],
    at: usize,
    left: usize,
    spaces: PhantomData<S>,
}

impl<S: Spaces> Iterator for SplitWhitespace<'_, S> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let start = skip_spaces::<S>(self.text, self.at);
        if start == self.text.len() {
            self.at = start;
            return None;
        }
        let end = if self.left == 0 { self.text.len() } else { next_space::<S>(self.text, start + 1) };
        self.left = self.left.saturating_sub(1);
        self.at = end;
        Some(start..end)
    }
}

/// The iterator of [`rsplit_whitespace`].
#[derive(Clone, Debug)]
pub struct RSplitWhitespace<'a, S> {
    text: &'a [u8],
    end: usize,
    left: usize,
    spaces: PhantomData<S>,
}

impl<S: Spaces> Iterator for RSplitWhitespace<'_, S> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let end = skip_spaces_back::<S>(self.text, self.end);
        if end == 0 {
            self.end = 0;
            return None;
        }
        let start = if self.left == 0 {
            0
        } else {
            (1..end).rev().find(|&at| S::space_before(self.text, at) > 0).unwrap_or(0)
        };
        self.left = self.left.saturating_sub(1);
        self.end = start;
        Some(start..end)
    }
}

/// The iterator of [`splitlines`].
#[derive(Clone, Debug)]
pub struct SplitLines<'a, B> {
    text: &'a [u8],
    at: usize,
    keepends: bool,
    breaks: PhantomData<B>,
}

impl<B: LineBreaks> Iterator for SplitLines<'_, B> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let start = self.at;
        if start == self.text.len() {
            return None;
        }
        let (end, len) = B::next_break(self.text, start).unwrap_or((self.text.len(), 0));
        self.at = end + len;
        Some(start..if self.keepends { self.at } else { end })
    }
}

/// The first position from `at` on that is white space, or the end. Letters are passed over by the word.
#[inline]
fn next_space<S: Spaces>(text: &[u8], mut at: usize) -> usize {
    while let Some(&word) = text.get(at..).and_then(<[u8]>::first_chunk) {
        let candidates = space_candidates(word);
        if candidates == 0 {
            at += word.len();
            continue;
        }
        at += candidates.trailing_zeros() as usize / 8;
        if S::space_at(text, at) > 0 {
            return at;
        }
        at += 1;
    }
    (at..text.len()).find(|&at| S::space_at(text, at) > 0).unwrap_or(text.len())
}

/// The first position from `at` on that is not white space.
#[inline]
pub(crate) fn skip_spaces<S: Spaces>(text: &[u8], mut at: usize) -> usize {
    loop {
        match S::space_at(text, at) {
            0 => return at,
            len => at += len,
        }
    }
}

/// The last position up to `end` that white space does not precede.
#[inline]
pub(crate) fn skip_spaces_back<S: Spaces>(text: &[u8], mut end: usize) -> usize {
    loop {
        match S::space_before(text, end) {
            0 => return end,
            len => end -= len,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::space::{Ascii, Unicode};

    fn parts(text: &str, ranges: impl Iterator<Item = Range<usize>>) -> Vec<&str> {
        ranges.map(|range| &text[range]).collect()
    }

    #[test]
    fn by_separator() {
        let text = "a,b,,c";
        assert_eq!(parts(text, split(text.as_bytes(), b",", usize::MAX)), ["a", "b", "", "c"]);
        assert_eq!(parts(text, split(text.as_bytes(), b",", 1)), ["a", "b,,c"]);
        assert_eq!(parts(text, split(text.as_bytes(), b",", 0)), [text]);
        assert_eq!(parts(text, rsplit(text.as_bytes(), b",", 2)), ["c", "", "a,b"]);
        assert_eq!(parts("", split(b"", b",", usize::MAX)), [""]);
        assert_eq!(parts("aaa", rsplit(b"aaa", b"aa", usize::MAX)), ["", "a"]);
    }

    #[test]
    fn by_white_space() {
        let text = " a\u{3000}\u{e9}b  c ";
        assert_eq!(
            parts(text, split_whitespace::<Unicode>(text.as_bytes(), usize::MAX)),
            ["a", "\u{e9}b", "c"]
        );
        assert_eq!(parts(text, split_whitespace::<Unicode>(text.as_bytes(), 1)), ["a", "\u{e9}b  c "]);
        assert_eq!(
            parts(text, rsplit_whitespace::<Unicode>(text.as_bytes(), usize::MAX)),
            ["c", "\u{e9}b", "a"]
        );
        assert_eq!(parts(text, rsplit_whitespace::<Unicode>(text.as_bytes(), 1)), ["c", " a\u{3000}\u{e9}b"]);
        assert_eq!(parts("a\x1cb c", split_whitespace::<Ascii>(b"a\x1cb c", usize::MAX)), ["a\x1cb", "c"]);
        assert_eq!(
            split_whitespace::<Unicode>(b" \t ", 3).count() + rsplit_whitespace::<Ascii>(b"  ", 0).count(),
            0
        );
    }

    #[test]
    fn by_lines() {
        let text = "a\r\nb\x0b\u{2028}c\n";
        assert_eq!(parts(text, splitlines::<Unicode>(text.as_bytes(), false)), ["a", "b", "", "c"]);
        assert_eq!(
            parts(text, splitlines::<Unicode>(text.as_bytes(), true)),
            ["a\r\n", "b\x0b", "\u{2028}", "c\n"]
        );
        assert_eq!(parts(text, splitlines::<Ascii>(text.as_bytes(), false)), ["a", "b\x0b\u{2028}c"]);
    }

    #[test]
    fn in_two() {
        assert_eq!(partition(b"a=b=c", b"="), Some((0..1, 2..5)));
        assert_eq!(rpartition(b"a=b=c", b"="), Some((0..3, 4..5)));
        assert_eq!(partition(b"abc", b"="), None);
    }
}
