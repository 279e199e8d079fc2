//! Bytes as hexadecimal digits: `bytes.hex` and `bytes.fromhex`.

use super::escape::{hex_value, push_hex};
use super::space::is_ascii_space;

/// Why digits cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FromHexError {
    /// "non-hexadecimal number found in fromhex() arg at position %zd"
    Invalid(usize),
    /// "fromhex() arg must contain an even number of hexadecimal digits"
    Odd,
}

/// `bytes.hex(separator, group)`. Groups of bytes are counted from the right, or from the left if `group` is negative.
pub fn hex(bytes: &[u8], separator: Option<u8>, group: isize) -> Vec<u8> {
    let separator = separator.filter(|_| group != 0);
    let size = group.unsigned_abs().max(1);
    // The bytes before the first separator, if the groups are counted from the right.
    let first = if group > 0 { bytes.len() % size } else { 0 };
    let mut out = Vec::with_capacity(hex_size(bytes.len(), separator.is_some(), group).unwrap_or(0));
    for (at, &byte) in bytes.iter().enumerate() {
        if let Some(separator) = separator
            && at > 0
            && at % size == first
        {
            out.push(separator);
        }
        push_hex(byte.into(), 2, &mut out);
    }
    out
}

/// The size of what [`hex`] makes of that many bytes.
pub fn hex_size(bytes: usize, separated: bool, group: isize) -> Option<usize> {
    let separators = if separated && group != 0 { bytes.saturating_sub(1) / group.unsigned_abs() } else { 0 };
    bytes.checked_mul(2)?.checked_add(separators).filter(|&size| isize::try_from(size).is_ok())
}

/// `bytes.fromhex`: pairs of digits, with ASCII white space between pairs. The argument may be a string as well.
pub fn from_hex(text: &[u8]) -> Result<Vec<u8>, FromHexError> {
    let mut out = Vec::with_capacity(text.len() / 2);
    let mut at = 0;
    loop {
        at += text[at..].iter().take_while(|&&byte| is_ascii_space(byte)).count();
        let Some(&high) = text.get(at) else { return Ok(out) };
        let high = hex_value(high).ok_or(FromHexError::Invalid(at))?;
        let &low = text.get(at + 1).ok_or(FromHexError::Odd)?;
        let low = hex_value(low).ok_or(FromHexError::Invalid(at + 1))?;
        out.push((high << 4 | low) as u8);
        at += 2;
    }
}

/// `bytes.fromhex` of a string: whatever is wrong, a character beyond ASCII is named first, by its index.
pub fn from_hex_text(text: super::wtf8::Text<'_>) -> Result<Vec<u8>, FromHexError> {
    // Up to there, bytes are characters.
    match text.as_bytes().iter().position(|byte| !byte.is_ascii()) {
        Some(at) => Err(FromHexError::Invalid(at)),
        None => from_hex(text.as_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writing() {
        let bytes: Vec<u8> = (0..5).collect();
        let shown = |separator, group| {
            let shown = hex(&bytes, separator, group);
            assert_eq!(hex_size(bytes.len(), separator.is_some(), group), Some(shown.len()));
            String::from_utf8(shown).unwrap()
        };
        assert_eq!(shown(None, 1), "0001020304");
        assert_eq!(shown(Some(b':'), 1), "00:01:02:03:04");
        assert_eq!(shown(Some(b':'), 2), "00:0102:0304");
        assert_eq!(shown(Some(b':'), -2), "0001:0203:04");
        assert_eq!(shown(Some(b':'), 0), "0001020304");
        assert_eq!(shown(Some(b':'), isize::MIN), "0001020304");
        assert_eq!(hex(b"", Some(b':'), 1), b"");
    }

    #[test]
    fn reading() {
        assert_eq!(from_hex(b" 00 Ff\n").unwrap(), b"\x00\xff");
        assert_eq!(from_hex(b"00f"), Err(FromHexError::Odd));
        assert_eq!(from_hex(b"0 0"), Err(FromHexError::Invalid(1)));
        assert_eq!(from_hex_text("0x€".into()), Err(FromHexError::Invalid(2)));
        assert_eq!(from_hex_text("0x".into()), Err(FromHexError::Invalid(1)));
    }
}
