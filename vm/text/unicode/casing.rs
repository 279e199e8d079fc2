//! The case forms of one character.
//!
//! Most forms are one character away by a small distance that neighbours share, so a record of four distances serves
//! hundreds of characters. About a hundred characters have a form of two or three characters; they are listed apart.
//! The context rule of the final sigma concerns strings and lives in [`crate::text::case`].

use super::tables::{CASE_RECORDS, CASES, SPECIAL_CASES};

/// One of the four case forms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Lower case.
    Lower,
    /// Upper case.
    Upper,
    /// Title case: upper case, except that digraphs have an upper-case first letter only.
    Title,
    /// The form that `str.casefold` compares by.
    Fold,
}

/// A case form of a character: another character, or several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mapped {
    /// One character, often the same.
    One(u32),
    /// Two or three characters.
    More(&'static str),
}

/// A character of which a case form is not a single character.
pub(super) struct SpecialCase {
    pub(super) code: u32,
    pub(super) forms: [&'static str; 4],
}

/// The full case form of a character, without regard to its neighbours.
#[inline]
pub fn full(code: u32, form: Form) -> Mapped {
    if code < 0x80 {
        return Mapped::One(u32::from(match form {
            Form::Lower | Form::Fold => (code as u8).to_ascii_lowercase(),
            Form::Upper | Form::Title => (code as u8).to_ascii_uppercase(),
        }));
    }
    let number = CASES.get(code);
    if number == SPECIAL {
        return special(code, form);
    }
    let distance = CASE_RECORDS[usize::from(number)][form as usize];
    Mapped::One(code.wrapping_add_signed(distance))
}

/// Whether some case form of the character is another one.
#[inline]
pub fn has_forms(code: u32) -> bool {
    if code < 0x80 { (code as u8).is_ascii_alphabetic() } else { CASES.get(code) != UNCHANGED }
}

/// The single-character case form, as regular expressions compare: the first character of the full form.
#[inline]
pub fn simple(code: u32, form: Form) -> u32 {
    match full(code, form) {
        Mapped::One(code) => code,
        Mapped::More(text) => text.chars().next().map_or(code, u32::from),
    }
}

/// The record number of characters without other forms.
const UNCHANGED: u8 = 0;
/// The record number that sends to [`SPECIAL_CASES`].
const SPECIAL: u8 = 1;

#[cold]
fn special(code: u32, form: Form) -> Mapped {
    let Ok(place) = SPECIAL_CASES.binary_search_by_key(&code, |case| case.code) else {
        return Mapped::One(code);
    };
    let text = SPECIAL_CASES[place].forms[form as usize];
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some(only), None) => Mapped::One(u32::from(only)),
        _ => Mapped::More(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_character_forms() {
        assert_eq!(full(u32::from(b'a'), Form::Upper), Mapped::One(u32::from(b'A')));
        assert_eq!(full(0x1c4, Form::Title), Mapped::One(0x1c5));
        assert_eq!(full(0x10a0, Form::Lower), Mapped::One(0x2d00));
        assert_eq!(full(0x4e00, Form::Fold), Mapped::One(0x4e00));
        assert_eq!(full(0xd800, Form::Fold), Mapped::One(0xd800));
    }

    #[test]
    fn longer_forms() {
        assert_eq!(full(0xdf, Form::Upper), Mapped::More("SS"));
        assert_eq!(full(0xdf, Form::Title), Mapped::More("Ss"));
        assert_eq!(full(0xdf, Form::Lower), Mapped::One(0xdf));
        assert_eq!(full(0x130, Form::Lower), Mapped::More("i\u{307}"));
        assert_eq!(simple(0x130, Form::Lower), u32::from(b'i'));
    }
}
