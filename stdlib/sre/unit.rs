//! How characters lie in a subject.
//!
//! The matcher is compiled once for subjects in which every character is a byte, and once for other text.

use memchr::memchr;

use super::charset::CharSet;
use super::program::{Program, Single};

/// A way in which characters lie in bytes.
pub(super) trait Unit {
    /// Whether a character is always a byte.
    const NARROW: bool;
    /// The character at a position, and the position behind it; nothing at the end.
    fn character(text: &[u8], at: usize) -> Option<(u32, usize)>;
    /// The position behind the character at a position before the end.
    fn next(text: &[u8], at: usize) -> usize;
    /// The position of the character before a position, which is not the first one.
    fn previous(text: &[u8], at: usize) -> usize;
    /// The position so many characters earlier.
    fn back(text: &[u8], at: usize, count: usize) -> Option<usize>;
}

/// Bytes, and ASCII text.
pub(super) struct Narrow;

/// Generalised UTF-8.
pub(super) struct Utf8;

impl Unit for Narrow {
    const NARROW: bool = true;

    #[inline(always)]
    fn character(text: &[u8], at: usize) -> Option<(u32, usize)> {
        text.get(at).map(|&byte| (u32::from(byte), at + 1))
    }

    #[inline(always)]
    fn next(_text: &[u8], at: usize) -> usize {
        at + 1
    }

    #[inline(always)]
    fn previous(_text: &[u8], at: usize) -> usize {
        at - 1
    }

    #[inline(always)]
    fn back(_text: &[u8], at: usize, count: usize) -> Option<usize> {
        at.checked_sub(count)
    }
}

impl Unit for Utf8 {
    const NARROW: bool = false;

    #[inline(always)]
    fn character(text: &[u8], at: usize) -> Option<(u32, usize)> {
        let &first = text.get(at)?;
        if first < 0x80 { Some((u32::from(first), at + 1)) } else { Some(decode(text, at, first)) }
    }

    #[inline(always)]
    fn next(text: &[u8], at: usize) -> usize {
        let width = match text[at] {
            0xf0.. => 4,
            0xe0.. => 3,
            0xc0.. => 2,
            _ => 1,
        };
        (at + width).min(text.len())
    }

    #[inline(always)]
    fn previous(text: &[u8], mut at: usize) -> usize {
        loop {
            at -= 1;
            if at == 0 || text.get(at).is_none_or(|byte| byte & 0xc0 != 0x80) {
                return at;
            }
        }
    }

    fn back(text: &[u8], mut at: usize, count: usize) -> Option<usize> {
        for _ in 0..count {
            if at == 0 {
                return None;
            }
            at = Self::previous(text, at);
        }
        Some(at)
    }
}

/// The character that starts with a byte above 0x7f, and the position behind it.
#[inline]
fn decode(text: &[u8], at: usize, first: u8) -> (u32, usize) {
    let tail = |index: usize| text.get(at + index).map_or(0, |&byte| u32::from(byte & 0x3f));
    let first = u32::from(first);
    match first {
        0xf0.. => ((first & 7) << 18 | tail(1) << 12 | tail(2) << 6 | tail(3), (at + 4).min(text.len())),
        0xe0.. => ((first & 15) << 12 | tail(1) << 6 | tail(2), (at + 3).min(text.len())),
        _ => ((first & 31) << 6 | tail(1), (at + 2).min(text.len())),
    }
}

impl Program {
    /// The position behind the character at a position, if it matches.
    #[inline(always)]
    pub(super) fn step<U: Unit>(&self, single: Single, text: &[u8], at: usize) -> Option<usize> {
        match single {
            Single::Never => None,
            Single::All => (at < text.len()).then(|| U::next(text, at)),
            Single::NotNewline => (*text.get(at)? != b'\n').then(|| U::next(text, at)),
            Single::Byte(byte) => (*text.get(at)? == byte).then_some(at + 1),
            Single::NotByte(byte) => (*text.get(at)? != byte).then(|| U::next(text, at)),
            Single::Set(set) => {
                let set = &self.sets[set as usize];
                if U::NARROW {
                    set.table[usize::from(*text.get(at)?)].then_some(at + 1)
                } else {
                    let (code, next) = U::character(text, at)?;
                    set.contains(code).then_some(next)
                }
            }
        }
    }

    /// The end of the run of matching characters at a position, which has `max` of them at most.
    #[inline]
    pub(super) fn run<U: Unit>(&self, single: Single, text: &[u8], at: usize, max: usize) -> usize {
        if at >= text.len() {
            return at;
        }
        if !U::NARROW && max < text.len() - at {
            return self.counted_run(single, text, at, max);
        }
        let rest = &text[at..at.saturating_add(max).min(text.len())];
        let length = match single {
            Single::Never => Some(0),
            Single::All => None,
            Single::NotNewline => memchr(b'\n', rest),
            Single::Byte(byte) => rest.iter().position(|&other| other != byte),
            Single::NotByte(byte) => memchr(byte, rest),
            Single::Set(set) if U::NARROW => {
                let table = &self.sets[set as usize].table;
                rest.iter().position(|&byte| !table[usize::from(byte)])
            }
            Single::Set(set) => set_run(&self.sets[set as usize], rest),
        };
        at + length.unwrap_or(rest.len())
    }

    /// The same for text in which characters must be counted.
    fn counted_run(&self, single: Single, text: &[u8], mut at: usize, max: usize) -> usize {
        for _ in 0..max {
            let Some(next) = self.step::<Utf8>(single, text, at) else { break };
            at = next;
        }
        at
    }
}

/// Where the first character is that a set lacks.
fn set_run(set: &CharSet, text: &[u8]) -> Option<usize> {
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        if byte < 0x80 {
            if !set.table[usize::from(byte)] {
                return Some(at);
            }
            at += 1;
        } else {
            let (code, next) = decode(text, at, byte);
            if !set.contains(code) {
                return Some(at);
            }
            at = next;
        }
    }
    None
}
