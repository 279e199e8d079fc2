//! What the lexer has to know about Unicode, in the version of CPython 3.14: Unicode 16.

use bumpalo::Bump;
use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

/// The first character of a name that no name can have at its place, and its offset.
pub(crate) fn first_non_identifier(name: &str) -> Option<(usize, char)> {
    let belongs = |(at, c): &(usize, char)| {
        *c == '_'
            || if *at == 0 { unicode_ident::is_xid_start(*c) } else { unicode_ident::is_xid_continue(*c) }
    };
    name.char_indices().find(|place| !belongs(place))
}

/// A name in the form in which names are compared, NFKC.
pub(crate) fn normalise<'a>(name: &'a str, arena: &'a Bump) -> &'a str {
    if unicode_normalization::is_nfkc(name) {
        return name;
    }
    let mut normalised = bumpalo::collections::String::with_capacity_in(name.len(), arena);
    normalised.extend(name.nfkc());
    normalised.into_bump_str()
}

/// Whether Python's `repr` would show a character as it is.
pub(crate) fn is_printable(character: char) -> bool {
    use GeneralCategory::*;
    character == ' '
        || !matches!(
            character.general_category(),
            Control
                | Format
                | Surrogate
                | PrivateUse
                | Unassigned
                | LineSeparator
                | ParagraphSeparator
                | SpaceSeparator
        )
}

/// The character that `\N{name}` means. The crate knows names and most aliases, but matches loosely; Python wants them
/// as they are written, but for capital letters.
pub(crate) fn character_named(name: &str) -> Option<char> {
    if let Some((character, _)) = ALIASES.iter().find(|(_, alias)| alias.eq_ignore_ascii_case(name)) {
        return Some(*character);
    }
    let found = unicode_names2::character(name)?;
    let official = unicode_names2::name(found).map(|name| name.to_string()).unwrap_or_default();
    let is_alias = || name.bytes().all(|byte| byte.is_ascii_alphanumeric()) && !same_letters(name, &official);
    (official.eq_ignore_ascii_case(name) || is_alias()).then_some(found)
}

/// Whether two names differ in nothing but case, blanks and hyphens.
fn same_letters(a: &str, b: &str) -> bool {
    let letters = |name: &str| -> String {
        name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect()
    };
    letters(a) == letters(b)
}

/// The name aliases of Unicode 16 that are more than a word; the crate does not find these.
#[rustfmt::skip]
const ALIASES: &[(char, &str)] = &[
    ('\u{1}', "START OF HEADING"), ('\u{2}', "START OF TEXT"), ('\u{3}', "END OF TEXT"),
    ('\u{4}', "END OF TRANSMISSION"), ('\u{9}', "CHARACTER TABULATION"), ('\u{9}', "HORIZONTAL TABULATION"),
    ('\u{A}', "LINE FEED"), ('\u{A}', "NEW LINE"), ('\u{A}', "END OF LINE"), ('\u{B}', "LINE TABULATION"),
    ('\u{B}', "VERTICAL TABULATION"), ('\u{C}', "FORM FEED"), ('\u{D}', "CARRIAGE RETURN"),
    ('\u{E}', "SHIFT OUT"), ('\u{E}', "LOCKING-SHIFT ONE"), ('\u{F}', "SHIFT IN"),
    ('\u{F}', "LOCKING-SHIFT ZERO"), ('\u{10}', "DATA LINK ESCAPE"), ('\u{11}', "DEVICE CONTROL ONE"),
    ('\u{12}', "DEVICE CONTROL TWO"), ('\u{13}', "DEVICE CONTROL THREE"), ('\u{14}', "DEVICE CONTROL FOUR"),
    ('\u{15}', "NEGATIVE ACKNOWLEDGE"), ('\u{16}', "SYNCHRONOUS IDLE"),
    ('\u{17}', "END OF TRANSMISSION BLOCK"), ('\u{19}', "END OF MEDIUM"),
    ('\u{1C}', "INFORMATION SEPARATOR FOUR"), ('\u{1C}', "FILE SEPARATOR"),
    ('\u{1D}', "INFORMATION SEPARATOR THREE"), ('\u{1D}', "GROUP SEPARATOR"),
    ('\u{1E}', "INFORMATION SEPARATOR TWO"), ('\u{1E}', "RECORD SEPARATOR"),
    ('\u{1F}', "INFORMATION SEPARATOR ONE"), ('\u{1F}', "UNIT SEPARATOR"), ('\u{80}', "PADDING CHARACTER"),
    ('\u{81}', "HIGH OCTET PRESET"), ('\u{82}', "BREAK PERMITTED HERE"), ('\u{83}', "NO BREAK HERE"),
    ('\u{85}', "NEXT LINE"), ('\u{86}', "START OF SELECTED AREA"), ('\u{87}', "END OF SELECTED AREA"),
    ('\u{88}', "CHARACTER TABULATION SET"), ('\u{88}', "HORIZONTAL TABULATION SET"),
    ('\u{89}', "CHARACTER TABULATION WITH JUSTIFICATION"),
    ('\u{89}', "HORIZONTAL TABULATION WITH JUSTIFICATION"), ('\u{8A}', "LINE TABULATION SET"),
    ('\u{8A}', "VERTICAL TABULATION SET"), ('\u{8B}', "PARTIAL LINE FORWARD"),
    ('\u{8B}', "PARTIAL LINE DOWN"), ('\u{8C}', "PARTIAL LINE BACKWARD"), ('\u{8C}', "PARTIAL LINE UP"),
    ('\u{8D}', "REVERSE LINE FEED"), ('\u{8D}', "REVERSE INDEX"), ('\u{8E}', "SINGLE SHIFT TWO"),
    ('\u{8E}', "SINGLE-SHIFT-2"), ('\u{8F}', "SINGLE SHIFT THREE"), ('\u{8F}', "SINGLE-SHIFT-3"),
    ('\u{90}', "DEVICE CONTROL STRING"), ('\u{91}', "PRIVATE USE ONE"), ('\u{91}', "PRIVATE USE-1"),
    ('\u{92}', "PRIVATE USE TWO"), ('\u{92}', "PRIVATE USE-2"), ('\u{93}', "SET TRANSMIT STATE"),
    ('\u{94}', "CANCEL CHARACTER"), ('\u{95}', "MESSAGE WAITING"), ('\u{96}', "START OF GUARDED AREA"),
    ('\u{96}', "START OF PROTECTED AREA"), ('\u{97}', "END OF GUARDED AREA"),
    ('\u{97}', "END OF PROTECTED AREA"), ('\u{98}', "START OF STRING"),
    ('\u{99}', "SINGLE GRAPHIC CHARACTER INTRODUCER"), ('\u{9A}', "SINGLE CHARACTER INTRODUCER"),
    ('\u{9B}', "CONTROL SEQUENCE INTRODUCER"), ('\u{9C}', "STRING TERMINATOR"),
    ('\u{9D}', "OPERATING SYSTEM COMMAND"), ('\u{9E}', "PRIVACY MESSAGE"),
    ('\u{9F}', "APPLICATION PROGRAM COMMAND"), ('\u{1A2}', "LATIN CAPITAL LETTER GHA"),
    ('\u{1A3}', "LATIN SMALL LETTER GHA"), ('\u{616}', "ARABIC SMALL HIGH LIGATURE ALEF WITH YEH BARREE"),
    ('\u{709}', "SYRIAC SUBLINEAR COLON SKEWED LEFT"), ('\u{CDE}', "KANNADA LETTER LLLA"),
    ('\u{E9D}', "LAO LETTER FO FON"), ('\u{E9F}', "LAO LETTER FO FAY"), ('\u{EA3}', "LAO LETTER RO"),
    ('\u{EA5}', "LAO LETTER LO"), ('\u{FD0}', "TIBETAN MARK BKA- SHOG GI MGO RGYAN"),
    ('\u{11EC}', "HANGUL JONGSEONG YESIEUNG-KIYEOK"), ('\u{11ED}', "HANGUL JONGSEONG YESIEUNG-SSANGKIYEOK"),
    ('\u{11EE}', "HANGUL JONGSEONG SSANGYESIEUNG"), ('\u{11EF}', "HANGUL JONGSEONG YESIEUNG-KHIEUKH"),
    ('\u{1BBD}', "SUNDANESE LETTER ARCHAIC I"), ('\u{2118}', "WEIERSTRASS ELLIPTIC FUNCTION"),
    ('\u{2448}', "MICR ON US SYMBOL"), ('\u{2449}', "MICR DASH SYMBOL"),
    ('\u{2B7A}', "LEFTWARDS TRIANGLE-HEADED ARROW WITH DOUBLE VERTICAL STROKE"),
    ('\u{2B7C}', "RIGHTWARDS TRIANGLE-HEADED ARROW WITH DOUBLE VERTICAL STROKE"),
    ('\u{A015}', "YI SYLLABLE ITERATION MARK"), ('\u{AA6E}', "MYANMAR LETTER KHAMTI LLA"),
    ('\u{FE18}', "PRESENTATION FORM FOR VERTICAL RIGHT WHITE LENTICULAR BRACKET"),
    ('\u{FEFF}', "BYTE ORDER MARK"), ('\u{122D4}', "CUNEIFORM SIGN NU11 TENU"),
    ('\u{122D5}', "CUNEIFORM SIGN NU11 OVER NU11 BUR OVER BUR"), ('\u{12327}', "CUNEIFORM SIGN KALAM"),
    ('\u{1680B}', "BAMUM LETTER PHASE-A MAEMGBIEE"), ('\u{16E56}', "MEDEFAIDRIN CAPITAL LETTER H"),
    ('\u{16E57}', "MEDEFAIDRIN CAPITAL LETTER NG"), ('\u{16E76}', "MEDEFAIDRIN SMALL LETTER H"),
    ('\u{16E77}', "MEDEFAIDRIN SMALL LETTER NG"), ('\u{1B001}', "HENTAIGANA LETTER E-1"),
    ('\u{1D0C5}', "BYZANTINE MUSICAL SYMBOL FTHORA SKLIRON CHROMA VASIS"),
    ('\u{1E899}', "MENDE KIKAKUI SYLLABLE M172 MBO"), ('\u{1E89A}', "MENDE KIKAKUI SYLLABLE M174 MBOO"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_matched_as_written() {
        let check = |name, expected| assert_eq!(character_named(name), expected, "{name}");
        check("LATIN SMALL LETTER A", Some('a'));
        check("latin small letter a", Some('a'));
        check("LATIN  SMALL LETTER A", None);
        check("latinsmalllettera", None);
        check("LINE FEED", Some('\n'));
        check("LINEFEED", None);
        check("LF", Some('\n'));
        check("HANGUL JUNGSEONG O-E", Some('\u{1180}'));
        check("HANGUL SYLLABLE GAG", Some('각'));
        check("CJK UNIFIED IDEOGRAPH-4E00", Some('一'));
    }

    #[test]
    fn printable_characters() {
        assert!(is_printable('€') && is_printable(' '));
        assert!(!is_printable('\u{A0}') && !is_printable('\u{200B}') && !is_printable('\n'));
    }
}
