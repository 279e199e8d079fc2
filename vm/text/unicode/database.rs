//! What only `unicodedata` asks of a character.

use super::hangul;
use super::normalize::{Decomposed, decompose_once};
use super::tables::{
    BIDIRECTIONAL, CATEGORIES, DATABASE, DATABASE_RECORDS, DECOMPOSITION_TAGS, EAST_ASIAN_WIDTHS, NORMAL,
    NORMAL_RECORDS,
};
use std::fmt::Write;

/// The version of the tables.
pub const VERSION: &str = "16.0.0";

/// A character's entry in a version of the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Record(pub(super) u16);

impl Record {
    pub(super) fn category(self) -> &'static str {
        CATEGORIES[usize::from(self.0 & 0x1f)]
    }

    pub(super) fn bidirectional(self) -> &'static str {
        BIDIRECTIONAL[usize::from(self.0 >> 5 & 0x1f)]
    }

    pub(super) fn east_asian_width(self) -> &'static str {
        EAST_ASIAN_WIDTHS[usize::from(self.0 >> 10 & 7)]
    }

    pub(super) fn mirrored(self) -> bool {
        self.0 >> 13 & 1 != 0
    }
}

/// `unicodedata.category`: two letters, `Cn` for what is not assigned.
pub fn category(code: u32) -> &'static str {
    record(code).category()
}

/// `unicodedata.bidirectional`: the class of the bidirectional algorithm, or nothing.
pub fn bidirectional(code: u32) -> &'static str {
    record(code).bidirectional()
}

/// `unicodedata.east_asian_width`.
pub fn east_asian_width(code: u32) -> &'static str {
    record(code).east_asian_width()
}

/// `unicodedata.mirrored`: whether right-to-left text shows the mirror image.
pub fn mirrored(code: u32) -> bool {
    record(code).mirrored()
}

/// `unicodedata.combining`: the canonical combining class.
#[inline]
pub fn combining(code: u32) -> u8 {
    NORMAL_RECORDS[usize::from(NORMAL.get(code))] as u8
}

/// `unicodedata.decomposition`: the tag if there is one, then the characters in hexadecimal; empty without a mapping.
pub fn decomposition(code: u32) -> String {
    let syllable = hangul::decompose(code);
    let (tag, codes) = match (&syllable, decompose_once(code)) {
        (Some([lead, vowel, 0]), _) => ("", &[*lead, *vowel][..]),
        (Some(jamo), _) => ("", &jamo[..]),
        (None, Some(Decomposed { tag, codes })) => (DECOMPOSITION_TAGS[tag], codes),
        (None, None) => ("", &[][..]),
    };
    let mut text = tag.to_owned();
    for code in codes {
        let space = if text.is_empty() { "" } else { " " };
        // Writing to a string cannot fail.
        let _ = write!(text, "{space}{code:04X}");
    }
    text
}

#[inline]
fn record(code: u32) -> Record {
    Record(DATABASE_RECORDS[usize::from(DATABASE.get(code))])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_few_characters() {
        assert_eq!((category(0x41), bidirectional(0x41), east_asian_width(0x41)), ("Lu", "L", "Na"));
        assert_eq!((category(0x378), bidirectional(0x378), east_asian_width(0x378)), ("Cn", "", "N"));
        assert_eq!((category(0xd800), combining(0x301), mirrored(0x28)), ("Cs", 230, true));
        assert_eq!(decomposition(0xe9), "0065 0301");
        assert_eq!(decomposition(0xbd), "<fraction> 0031 2044 0032");
        assert_eq!(decomposition(0xac01), "1100 1161 11A8");
        assert_eq!(decomposition(0x41), "");
    }
}
