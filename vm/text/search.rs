//! Searching for bytes in bytes, tuned for what Python programs search in: strings of ten to a hundred bytes.
//!
//! A prepared searcher needs tens of nanoseconds to set up, longer than a short search takes. Short haystacks are
//! therefore compared eight positions at a time, in plain integer registers and without preparation: a position is a
//! candidate if both the first and the last byte of the needle are in place. From about 200 bytes on preparing pays
//! (`memchr::memmem`), and it also bounds the worst case, which the short path bounds by being short.
//!
//! Because no encoded code point is part of another, these functions serve `str` as well as `bytes`.

use super::wtf8::Text;
use memchr::{memchr, memmem, memrchr};
use std::ops::{ControlFlow, Range};

/// Python's reading of `start` and `end` arguments: negative ones count from the end, both are cut to the length.
/// `None` stands for a range in which not even the empty string is found.
pub fn adjust_indices(start: isize, end: isize, len: usize) -> Option<Range<usize>> {
    let from_end =
        |index: isize| if index < 0 { len.saturating_sub(index.unsigned_abs()) } else { index as usize };
    let (start, end) = (from_end(start), from_end(end).min(len));
    (start <= end).then_some(start..end)
}

/// Whether a text starts with another.
#[inline]
pub fn starts_with(text: &[u8], prefix: &[u8]) -> bool {
    prefix.len() <= text.len() && occurs_at(text, 0, prefix)
}

/// Whether a text ends with another.
#[inline]
pub fn ends_with(text: &[u8], suffix: &[u8]) -> bool {
    suffix.len() <= text.len() && occurs_at(text, text.len() - suffix.len(), suffix)
}

/// The first position of `needle`.
#[inline]
pub fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    match needle {
        [] => Some(0),
        [byte] => find_byte(haystack, *byte),
        _ if haystack.len() < PREPARE => find_unprepared(haystack, needle),
        _ => find_far(haystack, needle),
    }
}

/// Searches a long haystack: its start without preparation, for many searches end there.
fn find_far(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    const NEAR: usize = 96;
    let near = &haystack[..haystack.len().min(NEAR + needle.len())];
    if let Some(at) = find_unprepared(near, needle) {
        return Some(at);
    }
    let from = near.len() + 1 - needle.len().min(near.len());
    memmem::find(&haystack[from.min(haystack.len())..], needle).map(|at| from + at)
}

/// The last position of `needle`.
#[inline]
pub fn rfind(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    match needle {
        [] => Some(haystack.len()),
        [byte] => memrchr(*byte, haystack),
        _ => rfind_unprepared(haystack, needle),
    }
}

/// Whether `needle` occurs.
#[inline]
pub fn contains(haystack: &[u8], needle: &[u8]) -> bool {
    find(haystack, needle).is_some()
}

/// How often `needle` occurs without overlap: `bytes.count`. An empty needle fits between all bytes.
pub fn count(haystack: &[u8], needle: &[u8]) -> usize {
    match needle {
        [] => haystack.len() + 1,
        [byte] => memchr::memchr_iter(*byte, haystack).count(),
        _ => {
            let mut count = 0;
            each_match(haystack, needle, |_| {
                count += 1;
                ControlFlow::Continue(())
            });
            count
        }
    }
}

/// How often `needle` occurs without overlap: `str.count`. An empty needle fits between all code points.
pub fn count_text(haystack: Text<'_>, needle: Text<'_>) -> usize {
    if needle.is_empty() { haystack.count() + 1 } else { count(haystack.as_bytes(), needle.as_bytes()) }
}

/// Calls a function with the positions of a needle that is not empty, without overlap, until it has had enough.
#[inline]
pub fn each_match(haystack: &[u8], needle: &[u8], mut found: impl FnMut(usize) -> ControlFlow<()>) {
    if needle.len() > 1 && haystack.len() < PREPARE {
        scan(haystack, needle, found);
    } else {
        let _ = matches(haystack, needle).try_for_each(&mut found);
    }
}

/// The positions of a needle that is not empty, without overlap.
pub fn matches<'a>(haystack: &'a [u8], needle: &'a [u8]) -> Matches<'a> {
    Matches { searcher: Searcher::new(needle, haystack.len()), haystack, from: 0 }
}

/// The iterator of [`matches()`].
#[derive(Clone, Debug)]
pub struct Matches<'a> {
    searcher: Searcher<'a>,
    haystack: &'a [u8],
    from: usize,
}

impl Iterator for Matches<'_> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        let at = self.from + self.searcher.find(self.haystack.get(self.from..)?)?;
        self.from = at + self.searcher.needle_len().max(1);
        Some(at)
    }
}

/// A search repeated in the parts of one haystack.
#[derive(Clone, Debug)]
pub struct Searcher<'n>(Plan<'n>);

/// Small, because iterators carry it about; what is prepared is rare, and large.
#[derive(Clone, Debug)]
enum Plan<'n> {
    Byte(u8),
    Unprepared(&'n [u8]),
    Prepared(Box<memmem::Finder<'n>>),
}

impl<'n> Searcher<'n> {
    /// Choose how to search in a haystack of this length.
    #[inline]
    pub fn new(needle: &'n [u8], haystack_len: usize) -> Self {
        Self(match needle {
            [byte] => Plan::Byte(*byte),
            _ if haystack_len < PREPARE => Plan::Unprepared(needle),
            _ => Plan::Prepared(Box::new(memmem::Finder::new(needle))),
        })
    }

    /// The first position in this part of the haystack.
    #[inline]
    pub fn find(&self, haystack: &[u8]) -> Option<usize> {
        match &self.0 {
            Plan::Byte(byte) => find_byte(haystack, *byte),
            Plan::Unprepared(needle) => find_unprepared(haystack, needle),
            Plan::Prepared(finder) => finder.find(haystack),
        }
    }

    fn needle_len(&self) -> usize {
        match &self.0 {
            Plan::Byte(_) => 1,
            Plan::Unprepared(needle) => needle.len(),
            Plan::Prepared(finder) => finder.needle().len(),
        }
    }
}

/// The haystack length from which preparing a search is worth while.
const PREPARE: usize = 192;

const ONES: u64 = u64::MAX / 0xff;
const HIGHS: u64 = 0x80 * ONES;
const WORD: usize = size_of::<u64>();

/// What is found within two words is found before `memchr` is called and has chosen its method.
#[inline]
pub(crate) fn find_byte(haystack: &[u8], byte: u8) -> Option<usize> {
    let pattern = u64::from(byte) * ONES;
    let mut at = 0;
    while at < 2 * WORD && at + WORD <= haystack.len() {
        let differences = load(haystack, at) ^ pattern;
        let found = differences.wrapping_sub(ONES) & !differences & HIGHS;
        if found != 0 {
            return Some(at + found.trailing_zeros() as usize / 8);
        }
        at += WORD;
    }
    let rest = &haystack[at..];
    let found =
        if rest.len() >= WORD { memchr(byte, rest) } else { rest.iter().position(|&other| other == byte) };
    found.map(|within| at + within)
}

fn find_unprepared(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    let mut first = None;
    scan(haystack, needle, |at| {
        first = Some(at);
        ControlFlow::Break(())
    });
    first
}

/// Calls a function with the positions of a needle, without overlap, until it has had enough.
#[inline]
fn scan(haystack: &[u8], needle: &[u8], mut found: impl FnMut(usize) -> ControlFlow<()>) {
    let Some(last) = needle.len().checked_sub(1) else { return };
    let positions = haystack.len().saturating_sub(last);
    // The first position behind the last match.
    let mut free = 0;
    let mut occurs = |at: usize| {
        if at < free || !occurs_at(haystack, at, needle) {
            return ControlFlow::Continue(());
        }
        free = at + needle.len();
        found(at)
    };
    let Some(end) = positions.checked_sub(WORD) else {
        let mut near = (0..positions).filter(|&at| haystack[at] == needle[0]);
        let _ = near.try_for_each(occurs);
        return;
    };
    let pattern = Pattern::new(needle);
    let mut at = 0;
    loop {
        let mut candidates = pattern.candidates(load(haystack, at), load(haystack, at + last));
        while candidates != 0 {
            if occurs(at + candidates.trailing_zeros() as usize / 8).is_break() {
                return;
            }
            candidates &= candidates - 1;
        }
        if at == end {
            return;
        }
        // The last word may overlap the one before, whose positions are taken or failed already.
        at = end.min(at + WORD);
    }
}

/// Whether the needle lies at a position. Short ones are compared in place: a call costs more.
#[inline]
fn occurs_at(haystack: &[u8], at: usize, needle: &[u8]) -> bool {
    const SHORT: usize = 16;
    let there = &haystack[at..at + needle.len()];
    if needle.len() > SHORT {
        return there == needle;
    }
    there.iter().zip(needle).all(|(there, wanted)| there == wanted)
}

/// Like [`find_unprepared`] from the end, for haystacks of any length: when candidates disappoint too often, the
/// search that is slower but linear takes over.
fn rfind_unprepared(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    const PATIENCE: usize = 64;
    let Some(last) = needle.len().checked_sub(1) else { return Some(haystack.len()) };
    let pattern = Pattern::new(needle);
    let mut positions = haystack.len().saturating_sub(last);
    let mut failures = 0;
    while positions >= WORD {
        let at = positions - WORD;
        let mut candidates = pattern.candidates(load(haystack, at), load(haystack, at + last));
        while candidates != 0 {
            let place = WORD - 1 - candidates.leading_zeros() as usize / 8;
            if occurs_at(haystack, at + place, needle) {
                return Some(at + place);
            }
            failures += 1;
            candidates &= !(0xff << (8 * place));
        }
        if failures > PATIENCE {
            return memmem::rfind(&haystack[..at + last], needle);
        }
        positions = at;
    }
    (0..positions).rev().find(|&at| haystack[at] == needle[0] && occurs_at(haystack, at, needle))
}

/// The first and the last byte of a needle, each in all bytes of a word.
struct Pattern {
    first: u64,
    last: u64,
}

impl Pattern {
    fn new(needle: &[u8]) -> Self {
        Self { first: u64::from(needle[0]) * ONES, last: u64::from(needle[needle.len() - 1]) * ONES }
    }

    /// The high bit of each byte at which a word starting there and a word ending there have the right bytes.
    #[inline]
    fn candidates(&self, first: u64, last: u64) -> u64 {
        let differences = (first ^ self.first) | (last ^ self.last);
        !(((differences & !HIGHS) + !HIGHS) | differences) & HIGHS
    }
}

#[inline]
fn load(bytes: &[u8], at: usize) -> u64 {
    let mut word = [0; WORD];
    word.copy_from_slice(&bytes[at..at + WORD]);
    u64::from_le_bytes(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_agree_with_a_naive_search() {
        let text: Vec<u8> = (0..600_usize).map(|i| b'a' + (i * i % 7 % 3) as u8).collect();
        for len in (0..40).chain([100, 191, 192, 193, 600]) {
            let haystack = &text[..len];
            for needle in
                [&b"a"[..], b"ab", b"ba", b"abb", b"cab", b"abbab", b"zz", b"aabbccabc", &text[3..90]]
            {
                let found: Vec<usize> = (0..len).filter(|&at| haystack[at..].starts_with(needle)).collect();
                assert_eq!(find(haystack, needle), found.first().copied());
                assert_eq!(rfind(haystack, needle), found.last().copied());
                assert_eq!(contains(haystack, needle), !found.is_empty());
                let apart = found.iter().fold(Vec::new(), |mut apart: Vec<usize>, &at| {
                    if apart.last().is_none_or(|&last| at >= last + needle.len()) {
                        apart.push(at);
                    }
                    apart
                });
                assert_eq!(matches(haystack, needle).collect::<Vec<_>>(), apart);
                assert_eq!(count(haystack, needle), apart.len());
            }
        }
    }

    #[test]
    fn affixes_of_every_size() {
        let text: Vec<u8> = (0..40).collect();
        for len in 0..=40 {
            let (prefix, suffix) = (&text[..len], &text[40 - len..]);
            assert!(starts_with(&text, prefix) && ends_with(&text, suffix));
            let is_all = len == 0 || len == 40;
            assert_eq!((starts_with(&text, suffix), ends_with(&text, prefix)), (is_all, is_all));
            assert!(!starts_with(prefix, &text) || len == 40);
        }
    }

    #[test]
    fn many_false_candidates() {
        let haystack = b"a".repeat(5000);
        let needle = [b"b".as_slice(), &b"a".repeat(50)].concat();
        assert_eq!((find(&haystack, &needle), rfind(&haystack, &needle)), (None, None));
        let needle = [b"a".as_slice(), b"b", &b"a".repeat(50)].concat();
        let start = [needle.as_slice(), &haystack].concat();
        assert_eq!(rfind(&start, &needle), Some(0));
    }

    #[test]
    fn empty_needles() {
        assert_eq!((find(b"ab", b""), rfind(b"ab", b""), count(b"ab", b"")), (Some(0), Some(2), 3));
        assert_eq!(count_text("äö".into(), "".into()), 3);
    }

    #[test]
    fn indices() {
        assert_eq!(adjust_indices(0, isize::MAX, 5), Some(0..5));
        assert_eq!(adjust_indices(-2, -1, 5), Some(3..4));
        assert_eq!(adjust_indices(-9, 2, 5), Some(0..2));
        assert_eq!(
            (adjust_indices(6, 9, 5), adjust_indices(3, 2, 5), adjust_indices(5, 5, 5)),
            (None, None, Some(5..5))
        );
        assert_eq!(adjust_indices(isize::MIN, isize::MIN, 0), Some(0..0));
    }
}
