//! Padding: `center`, `ljust`, `rjust`, `zfill` and `expandtabs`.
//!
//! The size of a result is computed first; `None` stands for one that no object can have. Widths count code points,
//! sizes count bytes.

use super::output::{Output, repeat};
use super::replace::Units;
use super::wtf8::is_lead;

/// How many fill characters `center` puts on the left and on the right.
///
/// An odd margin goes to the left only if the width is odd too, so that even and odd texts lean to different sides.
pub fn center_margins(len: usize, width: usize) -> (usize, usize) {
    let margin = width.saturating_sub(len);
    let left = margin / 2 + (margin & width & 1);
    (left, margin - left)
}

/// The size of a text with fill characters on both sides.
pub fn padded_size(text: &[u8], left: usize, right: usize, fill: &[u8]) -> Option<usize> {
    let fills = left.checked_add(right)?.checked_mul(fill.len())?;
    fills.checked_add(text.len()).filter(|&size| isize::try_from(size).is_ok())
}

/// Append a text with fill characters on both sides.
pub fn pad(text: &[u8], left: usize, right: usize, fill: &[u8], out: &mut impl Output) {
    repeat(fill, left, out);
    out.extend_from_slice(text);
    repeat(fill, right, out);
}

/// Append `text` with `zeros` zeros before it, or after its sign.
pub fn zfill(text: &[u8], zeros: usize, out: &mut impl Output) {
    let sign = usize::from(matches!(text.first(), Some(b'+' | b'-')));
    out.extend_from_slice(&text[..sign]);
    out.fill(b'0', zeros);
    out.extend_from_slice(&text[sign..]);
}

/// The size of `text.expandtabs(tab_size)`.
pub fn expanded_size(text: &[u8], tab_size: usize, units: Units) -> Option<usize> {
    let mut size = text.len();
    for (_, spaces) in tabs(text, tab_size, units) {
        size = (size - 1).checked_add(spaces).filter(|&size| isize::try_from(size).is_ok())?;
    }
    Some(size)
}

/// Append `text.expandtabs(tab_size)`: each tab becomes the spaces up to the next multiple of `tab_size`, counted from
/// the last `\n` or `\r`. A tab size of 0 removes the tabs.
pub fn expandtabs(text: &[u8], tab_size: usize, units: Units, out: &mut impl Output) {
    let mut copied = 0;
    for (at, spaces) in tabs(text, tab_size, units) {
        out.extend_from_slice(&text[copied..at]);
        out.fill(b' ', spaces);
        copied = at + 1;
    }
    out.extend_from_slice(&text[copied..]);
}

/// The positions of the tabs, and how many spaces each stands for.
fn tabs(text: &[u8], tab_size: usize, units: Units) -> impl Iterator<Item = (usize, usize)> {
    let mut column = 0;
    text.iter().enumerate().filter_map(move |(at, &byte)| match byte {
        b'\t' => {
            let spaces = if tab_size == 0 { 0 } else { tab_size - column };
            column = 0;
            Some((at, spaces))
        }
        b'\n' | b'\r' => {
            column = 0;
            None
        }
        _ => {
            // The column matters only within one tab stop.
            if units == Units::Bytes || is_lead(byte) {
                column += 1;
                if column == tab_size {
                    column = 0;
                }
            }
            None
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(text: &str, tab_size: usize) -> String {
        let mut out = Vec::new();
        expandtabs(text.as_bytes(), tab_size, Units::CodePoints, &mut out);
        assert_eq!(expanded_size(text.as_bytes(), tab_size, Units::CodePoints), Some(out.len()));
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn centring() {
        assert_eq!(center_margins(1, 4), (1, 2));
        assert_eq!(center_margins(2, 5), (2, 1));
        assert_eq!(center_margins(5, 2), (0, 0));
        let mut out = Vec::new();
        pad(b"x", 1, 2, "ä".as_bytes(), &mut out);
        assert_eq!(out, "äxää".as_bytes());
        assert_eq!(padded_size(b"x", 1, 2, "ä".as_bytes()), Some(out.len()));
        assert_eq!(padded_size(b"x", usize::MAX, 2, b" "), None);
        assert_eq!(padded_size(b"x", isize::MAX as usize, 0, b" "), None);
    }

    #[test]
    fn zeros() {
        let zfill = |text: &[u8], zeros| {
            let mut out = Vec::new();
            super::zfill(text, zeros, &mut out);
            out
        };
        assert_eq!(
            (zfill(b"-1", 2), zfill(b"+", 1), zfill(b"", 3)),
            (b"-001".into(), b"+0".into(), b"000".into())
        );
    }

    #[test]
    fn tab_stops() {
        assert_eq!(expanded("a\tbc\td", 4), "a   bc  d");
        assert_eq!(expanded("abcd\te\r\tä\tx", 4), "abcd    e\r    ä   x");
        assert_eq!(expanded("a\tb", 0), "ab");
        assert_eq!(expanded("a\tb", 1), "a b");
        assert_eq!(expanded_size(b"\t\t", isize::MAX as usize, Units::Bytes), None);
    }
}
