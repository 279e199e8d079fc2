//! Sets of characters, and case.
//!
//! A set is asked for every character that a pattern looks at. So its answers for the first 256 characters are worked out
//! when the pattern is made; only what lies above is decided by walking through the [`Item`]s.

use pyx_vm::text::unicode::casing::{Form, simple};
use pyx_vm::text::unicode::{is_alnum, is_decimal, is_line_break, is_space};

use super::code::Category;
use crate::locale;

/// How characters are made equal that differ in case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fold {
    /// Not at all.
    None,
    /// ASCII letters.
    Ascii,
    /// As the locale of the process has it, for bytes.
    Locale,
    /// As Unicode has it.
    Unicode,
}

impl Fold {
    /// The character in lower case.
    #[inline]
    pub(super) fn lower(self, code: u32) -> u32 {
        match self {
            Self::None => code,
            Self::Ascii => ascii_lower(code),
            Self::Locale => locale_lower(code),
            Self::Unicode => unicode_lower(code),
        }
    }
}

/// A character in lower case, if it is an ASCII letter.
pub(super) fn ascii_lower(code: u32) -> u32 {
    u8::try_from(code).map_or(code, |byte| u32::from(byte.to_ascii_lowercase()))
}

/// A character in lower case.
#[inline]
pub(super) fn unicode_lower(code: u32) -> u32 {
    simple(code, Form::Lower)
}

/// A character in upper case.
pub(super) fn unicode_upper(code: u32) -> u32 {
    simple(code, Form::Upper)
}

fn locale_lower(code: u32) -> u32 {
    u8::try_from(code).map_or(code, |byte| u32::from(locale::to_lower(byte)))
}

fn locale_upper(code: u32) -> u32 {
    u8::try_from(code).map_or(code, |byte| u32::from(locale::to_upper(byte)))
}

impl Category {
    /// Whether a character is of the class.
    pub(super) fn holds(self, code: u32) -> bool {
        let byte = u8::try_from(code).ok().filter(u8::is_ascii);
        match self {
            Self::Digit => byte.is_some_and(|byte| byte.is_ascii_digit()),
            Self::Space => byte.is_some_and(|byte| matches!(byte, b' ' | b'\t'..=b'\r')),
            Self::Word => byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_'),
            Self::LineBreak => code == u32::from(b'\n'),
            Self::LocWord => code == u32::from(b'_') || u8::try_from(code).is_ok_and(locale::is_alphanumeric),
            Self::UniDigit => is_decimal(code),
            Self::UniSpace => is_space(code),
            Self::UniWord => code == u32::from(b'_') || is_alnum(code),
            Self::UniLineBreak => is_line_break(code),
            Self::NotDigit => !Self::Digit.holds(code),
            Self::NotSpace => !Self::Space.holds(code),
            Self::NotWord => !Self::Word.holds(code),
            Self::NotLineBreak => !Self::LineBreak.holds(code),
            Self::LocNotWord => !Self::LocWord.holds(code),
            Self::UniNotDigit => !Self::UniDigit.holds(code),
            Self::UniNotSpace => !Self::UniSpace.holds(code),
            Self::UniNotWord => !Self::UniWord.holds(code),
            Self::UniNotLineBreak => !Self::UniLineBreak.holds(code),
        }
    }

    /// Whether the answer depends on the locale of the process.
    pub(super) fn is_local(self) -> bool {
        matches!(self, Self::LocWord | Self::LocNotWord)
    }

    /// Whether only ASCII characters are of the class.
    fn is_ascii(self) -> bool {
        matches!(self, Self::Digit | Self::Space | Self::Word | Self::LineBreak)
    }
}

/// A part of a set's description.
#[derive(Clone, Debug)]
pub(super) enum Item {
    /// What follows is what the set lacks.
    Negate,
    /// One character.
    Literal(u32),
    /// The characters from one to another.
    Range(u32, u32),
    /// The same, also for characters whose upper case lies there.
    RangeIgnore(u32, u32),
    /// The characters of a class.
    Category(Category),
    /// A bit for each of the first 256 characters.
    Bitmap([u32; 8]),
    /// A bit for each of the first 65536 characters: for each 256 of them the number of a bitmap.
    BigBitmap(Box<([u8; 256], Box<[[u32; 8]]>)>),
}

impl Item {
    fn holds(&self, code: u32) -> bool {
        match self {
            Self::Negate => false,
            Self::Literal(literal) => code == *literal,
            Self::Range(low, high) => (*low..=*high).contains(&code),
            Self::RangeIgnore(low, high) => {
                (*low..=*high).contains(&code) || (*low..=*high).contains(&unicode_upper(code))
            }
            Self::Category(category) => category.holds(code),
            Self::Bitmap(bits) => code < 256 && has_bit(bits, code as u8),
            Self::BigBitmap(big) => {
                let (numbers, bitmaps) = &**big;
                code < 65536 && has_bit(&bitmaps[usize::from(numbers[code as usize >> 8])], code as u8)
            }
        }
    }

    /// Whether no character above U+007F is in it.
    fn is_ascii(&self) -> bool {
        match self {
            Self::Negate | Self::RangeIgnore(..) | Self::BigBitmap(_) => false,
            Self::Literal(code) | Self::Range(_, code) => *code < 128,
            Self::Category(category) => category.is_ascii(),
            Self::Bitmap(bits) => bits[4..] == [0; 4],
        }
    }
}

fn has_bit(bits: &[u32; 8], code: u8) -> bool {
    bits[usize::from(code >> 5)] >> (code & 31) & 1 != 0
}

/// What a set holds of the characters from U+0100 on.
#[derive(Debug)]
enum Wide {
    /// None.
    Nothing,
    /// What the items say of the folded character.
    Items(Box<[Item]>, Fold, bool),
}

/// A set of characters.
#[derive(Debug)]
pub(super) struct CharSet {
    /// The answers for the first 256 characters.
    pub(super) table: [bool; 256],
    wide: Wide,
}

impl CharSet {
    /// The set that items describe, asked for folded characters. `complement` turns its answers around.
    pub(super) fn new(mut items: Vec<Item>, fold: Fold, mut complement: bool) -> Self {
        // A character in either case may be in a set, and none in what a set lacks.
        if fold == Fold::Locale && matches!(items.first(), Some(Item::Negate)) {
            items.remove(0);
            complement = !complement;
        }
        let table = std::array::from_fn(|code| holds(&items, fold, complement, code as u32));
        // Characters above U+007F that are ASCII in lower case.
        const LOWERED: [u32; 2] = [0x130, 0x212a];
        let ascii = !complement && items.iter().all(Item::is_ascii);
        let nothing =
            ascii && (fold != Fold::Unicode || !LOWERED.iter().any(|&code| holds(&items, fold, false, code)));
        let wide =
            if nothing { Wide::Nothing } else { Wide::Items(items.into_boxed_slice(), fold, complement) };
        Self { table, wide }
    }

    /// Whether a character is in the set.
    #[inline]
    pub(super) fn contains(&self, code: u32) -> bool {
        if code < 256 { self.table[code as usize] } else { self.contains_wide(code) }
    }

    fn contains_wide(&self, code: u32) -> bool {
        match &self.wide {
            Wide::Nothing => false,
            Wide::Items(items, fold, complement) => holds(items, *fold, *complement, code),
        }
    }

    /// Whether characters from U+0100 on may be in the set.
    pub(super) fn may_be_wide(&self) -> bool {
        matches!(self.wide, Wide::Items(..))
    }
}

fn holds(items: &[Item], fold: Fold, complement: bool, code: u32) -> bool {
    let found = match fold {
        Fold::Locale => {
            let (lower, upper) = (locale_lower(code), locale_upper(code));
            is_in(items, lower) || (upper != lower && is_in(items, upper))
        }
        _ => is_in(items, fold.lower(code)),
    };
    found != complement
}

fn is_in(items: &[Item], code: u32) -> bool {
    let mut answer = true;
    for item in items {
        if matches!(item, Item::Negate) {
            answer = !answer;
        } else if item.holds(code) {
            return answer;
        }
    }
    !answer
}
