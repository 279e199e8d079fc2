//! What `str`'s predicates ask of a character, and its value as a number.
//!
//! One table answers all of them: a character's type record holds a bit per property and the digit value. ASCII, where
//! nearly every question comes from, is answered from the same record without the two-stage walk.

use super::tables::{NUMERIC_CODES, NUMERIC_VALUES, TYPE_RECORDS, TYPES};

const ALPHA: u32 = 1 << 0;
const DECIMAL: u32 = 1 << 1;
const DIGIT: u32 = 1 << 2;
const NUMERIC: u32 = 1 << 3;
const SPACE: u32 = 1 << 4;
const PRINTABLE: u32 = 1 << 5;
const LOWER: u32 = 1 << 6;
const UPPER: u32 = 1 << 7;
const TITLE: u32 = 1 << 8;
const XID_START: u32 = 1 << 9;
const XID_CONTINUE: u32 = 1 << 10;
const CASED: u32 = 1 << 11;
const CASE_IGNORABLE: u32 = 1 << 12;
const LINE_BREAK: u32 = 1 << 13;

/// `str.isalpha` of one character: a letter.
#[inline]
pub fn is_alpha(code: u32) -> bool {
    has(code, ALPHA)
}

/// `str.isalnum` of one character: a letter, or a character with a numeric value.
#[inline]
pub fn is_alnum(code: u32) -> bool {
    has(code, ALPHA | NUMERIC)
}

/// `str.isdecimal` of one character: a digit of a positional system.
#[inline]
pub fn is_decimal(code: u32) -> bool {
    has(code, DECIMAL)
}

/// `str.isdigit` of one character: a decimal, or a digit such as superscripts.
#[inline]
pub fn is_digit(code: u32) -> bool {
    has(code, DIGIT)
}

/// `str.isnumeric` of one character: anything with a numeric value, fractions and ideographs among them.
#[inline]
pub fn is_numeric(code: u32) -> bool {
    has(code, NUMERIC)
}

/// `str.isspace` of one character.
#[inline]
pub fn is_space(code: u32) -> bool {
    has(code, SPACE)
}

/// `str.isprintable` of one character: `repr` shows it as itself.
#[inline]
pub fn is_printable(code: u32) -> bool {
    has(code, PRINTABLE)
}

/// Whether `str.islower` counts the character as lower case.
#[inline]
pub fn is_lower(code: u32) -> bool {
    has(code, LOWER)
}

/// Whether `str.isupper` counts the character as upper case.
#[inline]
pub fn is_upper(code: u32) -> bool {
    has(code, UPPER)
}

/// Whether the character is a title-case letter, such as U+01C5.
#[inline]
pub fn is_title(code: u32) -> bool {
    has(code, TITLE)
}

/// Whether an identifier may start with the character, the underscore apart.
#[inline]
pub fn is_xid_start(code: u32) -> bool {
    has(code, XID_START)
}

/// Whether an identifier may go on with the character.
#[inline]
pub fn is_xid_continue(code: u32) -> bool {
    has(code, XID_CONTINUE)
}

/// Whether the character has case; `str.title` starts a word after a character that has none.
#[inline]
pub fn is_cased(code: u32) -> bool {
    has(code, CASED)
}

/// Whether the final-sigma rule looks through the character.
#[inline]
pub fn is_case_ignorable(code: u32) -> bool {
    has(code, CASE_IGNORABLE)
}

/// Whether `str.splitlines` ends a line at the character.
#[inline]
pub fn is_line_break(code: u32) -> bool {
    has(code, LINE_BREAK)
}

/// `unicodedata.decimal`.
pub fn decimal(code: u32) -> Option<u8> {
    let record = record(code);
    (record & DECIMAL != 0).then_some((record >> 16) as u8)
}

/// `unicodedata.digit`.
pub fn digit(code: u32) -> Option<u8> {
    let record = record(code);
    (record & DIGIT != 0).then_some((record >> 16) as u8)
}

/// `unicodedata.numeric`.
pub fn numeric(code: u32) -> Option<f64> {
    let record = record(code);
    match record & (DIGIT | NUMERIC) {
        0 => None,
        NUMERIC => {
            let place = NUMERIC_CODES.binary_search_by_key(&code, |entry| entry >> 8).ok()?;
            Some(NUMERIC_VALUES[(NUMERIC_CODES[place] & 0xff) as usize])
        }
        _ => Some(f64::from(record >> 16)),
    }
}

#[inline]
fn has(code: u32, mask: u32) -> bool {
    record(code) & mask != 0
}

#[inline]
fn record(code: u32) -> u32 {
    match ASCII.get(code as usize) {
        Some(&record) => record,
        None => TYPE_RECORDS[usize::from(TYPES.get(code))],
    }
}

/// The records of ASCII, gathered at compile time.
static ASCII: [u32; 128] = {
    let mut records = [0; 128];
    let mut code = 0;
    while code < 128 {
        let within = code & 0xff;
        records[code] = TYPE_RECORDS[TYPES.blocks[((TYPES.first[0] as usize) << 8) | within] as usize];
        code += 1;
    }
    records
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ascii_agrees_with_the_standard_library() {
        for byte in 0..128_u8 {
            let code = u32::from(byte);
            assert_eq!(is_alpha(code), byte.is_ascii_alphabetic());
            assert_eq!(is_alnum(code), byte.is_ascii_alphanumeric());
            assert_eq!(is_decimal(code), byte.is_ascii_digit());
            assert_eq!(is_upper(code), byte.is_ascii_uppercase());
            assert_eq!(is_lower(code), byte.is_ascii_lowercase());
            assert_eq!(is_printable(code), byte == b' ' || byte.is_ascii_graphic());
            assert_eq!(is_xid_start(code), byte.is_ascii_alphabetic());
            assert_eq!(is_xid_continue(code), byte.is_ascii_alphanumeric() || byte == b'_');
            assert_eq!(is_space(code), matches!(byte, b'\t'..=b'\r' | 0x1c..=0x1f | b' '));
        }
    }

    #[test]
    fn values_of_numeric_characters() {
        assert_eq!((decimal(0x0665), digit(0x0665), numeric(0x0665)), (Some(5), Some(5), Some(5.0)));
        assert_eq!((decimal(0xb2), digit(0xb2), numeric(0xb2)), (None, Some(2), Some(2.0)));
        assert_eq!((decimal(0xbd), digit(0xbd), numeric(0xbd)), (None, None, Some(0.5)));
        assert_eq!((decimal(0x5146), digit(0x5146), numeric(0x5146)), (None, None, Some(1e6)));
        assert_eq!(numeric(u32::from(b'a')), None);
    }

    #[test]
    fn beyond_the_last_character_nothing_holds() {
        assert!(!is_alpha(0x110000) && !is_printable(u32::MAX) && numeric(0x110000).is_none());
    }
}
