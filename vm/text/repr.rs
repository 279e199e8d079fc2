//! `repr` of `str` and `bytes`, and `ascii`.
//!
//! Both quote with `'`, unless that would need escapes and `"` would not. Stretches that show as themselves are copied
//! whole.

use super::escape::{push_code_escape, push_hex};
use super::unicode::is_printable;
use super::wtf8::{Text, TextBuf};

/// `repr` of a `str`.
pub fn repr(text: Text<'_>, out: &mut TextBuf) {
    push_quoted(text, is_printable, out);
}

/// `ascii` of a `str`.
pub fn ascii(text: Text<'_>, out: &mut TextBuf) {
    push_quoted(text, |_| false, out);
}

/// `repr` of `bytes`: `b'…'`.
pub fn repr_bytes(bytes: &[u8], out: &mut TextBuf) {
    let quote = quote(bytes);
    push_quoted_bytes(bytes, quote, quote, out);
}

/// The same of a `bytearray`, which escapes `'` between double quotes, too.
pub fn repr_bytearray(bytes: &[u8], out: &mut TextBuf) {
    push_quoted_bytes(bytes, quote(bytes), b'\'', out);
}

fn push_quoted_bytes(bytes: &[u8], quote: u8, escaped: u8, out: &mut TextBuf) {
    out.push_str("b");
    let out = out.bytes_mut();
    out.reserve(bytes.len() + 2);
    out.push(quote);
    push_bytes(bytes, escaped, out);
    out.push(quote);
}

/// What `repr` puts between the quotes of `bytes`.
pub(super) fn push_bytes(bytes: &[u8], quote: u8, out: &mut Vec<u8>) {
    for &byte in bytes {
        match byte {
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\t' => out.extend_from_slice(b"\\t"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            _ if byte == quote => out.extend_from_slice(&[b'\\', quote]),
            b' '..=b'~' => out.push(byte),
            _ => {
                out.extend_from_slice(b"\\x");
                push_hex(u32::from(byte), 2, out);
            }
        }
    }
}

fn push_quoted(text: Text<'_>, shown: impl Fn(u32) -> bool, out: &mut TextBuf) {
    let bytes = text.as_bytes();
    let quote = quote(bytes);
    let out = out.bytes_mut();
    out.reserve(bytes.len() + 2);
    out.push(quote);
    let suspicious = |&byte: &u8| !PLAIN[usize::from(byte)] || byte == quote;
    let (mut copied, mut at) = (0, 0);
    while let Some(plain) = bytes[at..].iter().position(suspicious) {
        let start = at + plain;
        let Some(code) = text.code_point_at(start) else { break };
        at = start + super::wtf8::encode(code).1;
        if code >= 0x80 && shown(code) {
            continue;
        }
        out.extend_from_slice(&bytes[copied..start]);
        copied = at;
        match u8::try_from(code) {
            Ok(b'\\') => out.extend_from_slice(b"\\\\"),
            Ok(b'\t') => out.extend_from_slice(b"\\t"),
            Ok(b'\n') => out.extend_from_slice(b"\\n"),
            Ok(b'\r') => out.extend_from_slice(b"\\r"),
            Ok(byte) if byte == quote => out.extend_from_slice(&[b'\\', quote]),
            _ => push_code_escape(code, out),
        }
    }
    out.extend_from_slice(&bytes[copied..]);
    out.push(quote);
}

/// The quote around ASCII text in which nothing needs an escape; `None` for other text.
pub fn plain_quote(bytes: &[u8]) -> Option<u8> {
    let (mut plain, mut single, mut double) = (true, false, false);
    for &byte in bytes {
        plain &= PLAIN[usize::from(byte)];
        single |= byte == b'\'';
        double |= byte == b'"';
    }
    (plain && !(single && double)).then_some(if single { b'"' } else { b'\'' })
}

/// The quote that needs the fewest escapes, as Python counts: `"` if there is a `'` and no `"`.
fn quote(bytes: &[u8]) -> u8 {
    if memchr::memchr(b'\'', bytes).is_some() && memchr::memchr(b'"', bytes).is_none() { b'"' } else { b'\'' }
}

/// The bytes of characters that show as themselves without a further look, quotes apart.
static PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte = b' ';
    while byte < 0x7f {
        plain[byte as usize] = byte != b'\\';
        byte += 1;
    }
    plain
};

#[cfg(test)]
mod tests {
    use super::*;

    fn show(write: fn(Text<'_>, &mut TextBuf), codes: &[u32]) -> String {
        let text: TextBuf = codes.iter().copied().collect();
        let mut out = TextBuf::new();
        write(text.as_text(), &mut out);
        String::from_utf8(out.into_bytes()).unwrap()
    }

    fn codes(text: &str) -> Vec<u32> {
        text.chars().map(u32::from).collect()
    }

    #[test]
    fn strings() {
        assert_eq!(show(repr, &codes("it's")), r#""it's""#);
        assert_eq!(show(repr, &codes(r#"'"\"#)), r#"'\'"\\'"#);
        assert_eq!(show(repr, &codes("a\t\n\r\0\x7fé€😀\u{a0}\u{ad}")), r"'a\t\n\r\x00\x7fé€😀\xa0\xad'");
        assert_eq!(show(repr, &[0xd800, 0x2028, 0xe000, 0xe0001]), r"'\ud800\u2028\ue000\U000e0001'");
        assert_eq!(show(ascii, &codes("é€😀~")), r"'\xe9\u20ac\U0001f600~'");
        assert_eq!(show(repr, &[]), "''");
        // The low byte of these characters is that of an escape.
        assert_eq!(show(ascii, &[0x10a, 0x15c, 0x127]), r"'\u010a\u015c\u0127'");
    }

    #[test]
    fn plain_text() {
        let quotes =
            ["", "it", "it's", "\"", "'\"", "a\\", "é", "\n"].map(|text| plain_quote(text.as_bytes()));
        let (single, double) = (Some(b'\''), Some(b'"'));
        assert_eq!(quotes, [single, single, double, single, None, None, None, None]);
    }

    #[test]
    fn bytes() {
        let mut out = TextBuf::new();
        repr_bytes(b"a'\\\x00\xff\"", &mut out);
        repr_bytes(b"it's", &mut out);
        repr_bytearray(b"it's", &mut out);
        assert_eq!(String::from_utf8(out.into_bytes()).unwrap(), r#"b'a\'\\\x00\xff"'b"it's"b"it\'s""#);
    }
}
