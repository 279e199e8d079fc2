//! The `is…` methods of whole strings. All but `isascii` and `isprintable` want at least one character.

use super::unicode;
use super::wtf8::Text;

/// `str.isalpha`.
pub fn is_alpha(text: Text<'_>) -> bool {
    all(text, unicode::is_alpha)
}

/// `str.isalnum`.
pub fn is_alnum(text: Text<'_>) -> bool {
    all(text, unicode::is_alnum)
}

/// `str.isdecimal`.
pub fn is_decimal(text: Text<'_>) -> bool {
    all(text, unicode::is_decimal)
}

/// `str.isdigit`.
pub fn is_digit(text: Text<'_>) -> bool {
    all(text, unicode::is_digit)
}

/// `str.isnumeric`.
pub fn is_numeric(text: Text<'_>) -> bool {
    all(text, unicode::is_numeric)
}

/// `str.isspace`.
pub fn is_space(text: Text<'_>) -> bool {
    all(text, unicode::is_space)
}

/// `str.isprintable`: true of the empty string.
pub fn is_printable(text: Text<'_>) -> bool {
    text.code_points().all(unicode::is_printable)
}

/// `str.isidentifier`: the shape of an identifier; keywords count.
pub fn is_identifier(text: Text<'_>) -> bool {
    let mut codes = text.code_points();
    let start = codes.next();
    start.is_some_and(|code| code == u32::from(b'_') || unicode::is_xid_start(code))
        && codes.all(unicode::is_xid_continue)
}

/// `bytes.isalpha`.
pub fn is_alpha_bytes(bytes: &[u8]) -> bool {
    all_bytes(bytes, u8::is_ascii_alphabetic)
}

/// `bytes.isalnum`.
pub fn is_alnum_bytes(bytes: &[u8]) -> bool {
    all_bytes(bytes, u8::is_ascii_alphanumeric)
}

/// `bytes.isdigit`.
pub fn is_digit_bytes(bytes: &[u8]) -> bool {
    all_bytes(bytes, u8::is_ascii_digit)
}

/// `bytes.isspace`.
pub fn is_space_bytes(bytes: &[u8]) -> bool {
    all_bytes(bytes, |&byte| super::space::is_ascii_space(byte))
}

/// `bytes.islower`.
pub fn is_lower_bytes(bytes: &[u8]) -> bool {
    bytes.iter().any(u8::is_ascii_lowercase) && !bytes.iter().any(u8::is_ascii_uppercase)
}

/// `bytes.isupper`.
pub fn is_upper_bytes(bytes: &[u8]) -> bool {
    bytes.iter().any(u8::is_ascii_uppercase) && !bytes.iter().any(u8::is_ascii_lowercase)
}

/// `bytes.istitle`.
pub fn is_title_bytes(bytes: &[u8]) -> bool {
    // Bytes beyond ASCII have no case, as U+0080 has none.
    super::case::all_title(bytes.iter().map(|&byte| u32::from(byte.min(0x80))))
}

fn all(text: Text<'_>, property: fn(u32) -> bool) -> bool {
    !text.is_empty() && text.code_points().all(property)
}

fn all_bytes(bytes: &[u8], property: impl Fn(&u8) -> bool) -> bool {
    !bytes.is_empty() && bytes.iter().all(property)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_strings() {
        assert!(is_alpha("aé".into()) && !is_alpha("".into()) && !is_alpha("a1".into()));
        assert!(is_alnum("a½".into()) && is_numeric("½".into()) && !is_digit("½".into()));
        assert!(is_digit("²".into()) && !is_decimal("²".into()) && is_decimal("٣".into()));
        assert!(is_space("\u{a0}\x1c".into()) && is_printable("".into()) && !is_printable("\u{a0}".into()));
        assert!(is_identifier("_é1".into()) && !is_identifier("1a".into()) && !is_identifier("".into()));
    }

    #[test]
    fn of_bytes() {
        assert!(is_alpha_bytes(b"aB") && !is_alpha_bytes(b"\xe9") && is_digit_bytes(b"12"));
        assert!(
            is_alnum_bytes(b"a1")
                && is_space_bytes(b" \n")
                && !is_space_bytes(b"\x1c")
                && !is_space_bytes(b"")
        );
        assert!(is_lower_bytes(b"a1\xc9") && is_upper_bytes(b"A\xe9") && !is_upper_bytes(b"1"));
        assert!(is_title_bytes(b"Ab\xe9C") && !is_title_bytes(b"AB") && !is_title_bytes(b"\xe9"));
    }
}
