//! `unicodedata.ucd_3_2_0`: the database as Unicode 3.2 had it, by which internationalised domain names are defined.
//!
//! Characters that were assigned later have no properties here, with CPython's exception: their `digit` value. For
//! the rest only the fields of the database record, a few numbers and five decompositions differ. Normalization takes
//! [`Version::Ucd3_2_0`](super::normalize::Version).

use super::database::Record;
use super::names::{self, Named};
use super::tables::{DATABASE_3_2, DATABASE_3_2_RECORDS, DECIMALS_3_2, NUMERICS_3_2};
use super::{database, properties};

/// The version of these tables.
pub const VERSION: &str = "3.2.0";

/// Whether the character was assigned.
pub fn is_assigned(code: u32) -> bool {
    category(code) != "Cn"
}

/// `category`.
pub fn category(code: u32) -> &'static str {
    record(code).category()
}

/// `bidirectional`.
pub fn bidirectional(code: u32) -> &'static str {
    record(code).bidirectional()
}

/// `east_asian_width`.
pub fn east_asian_width(code: u32) -> &'static str {
    record(code).east_asian_width()
}

/// `mirrored`.
pub fn mirrored(code: u32) -> bool {
    record(code).mirrored()
}

/// `combining`.
pub fn combining(code: u32) -> u8 {
    if is_assigned(code) { database::combining(code) } else { 0 }
}

/// `decomposition`.
pub fn decomposition(code: u32) -> String {
    if is_assigned(code) { database::decomposition(code) } else { String::new() }
}

/// `decimal`.
pub fn decimal(code: u32) -> Option<u8> {
    match DECIMALS_3_2.binary_search_by_key(&code, |entry| entry.0) {
        Ok(place) => Some(DECIMALS_3_2[place].1),
        Err(_) => properties::decimal(code).filter(|_| is_assigned(code)),
    }
}

/// `digit`, the same in both versions.
pub fn digit(code: u32) -> Option<u8> {
    properties::digit(code)
}

/// `numeric`.
pub fn numeric(code: u32) -> Option<f64> {
    match NUMERICS_3_2.binary_search_by_key(&code, |entry| entry.0) {
        Ok(place) => NUMERICS_3_2[place].1,
        Err(_) => properties::numeric(code).filter(|_| is_assigned(code)),
    }
}

/// `name`.
pub fn name(code: u32) -> Option<String> {
    if is_assigned(code) { names::name(code) } else { None }
}

/// `lookup`: every name of today is known, aliases and sequences are not.
pub fn lookup(name: &[u8]) -> Option<u32> {
    match names::lookup(name)? {
        Named::Character(code) => Some(code),
        Named::Alias(_) | Named::Sequence(_) => None,
    }
}

fn record(code: u32) -> Record {
    Record(DATABASE_3_2_RECORDS[usize::from(DATABASE_3_2.get(code))])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_from_today() {
        assert_eq!((category(0x221), name(0x221), combining(0x358)), ("Cn", None, 0));
        assert_eq!((decimal(0xb2), numeric(0x9f4), numeric(0x9f8)), (Some(2), Some(1.0), None));
        assert_eq!((decimal(0x7c0), digit(0x7c0), numeric(0x7c0)), (None, Some(0), None));
        assert_eq!((lookup(b"LF"), lookup(b"SPACE")), (None, Some(0x20)));
    }
}
