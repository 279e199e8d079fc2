//! `translate` and `join`.

use super::output::Output;
use super::wtf8::{Text, TextBuf};

/// What a translation table says of a character.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Translation {
    /// The table has no entry: the character stays.
    Keep,
    /// The entry is `None`: the character goes.
    Delete,
    /// The entry is a character.
    Code(u32),
    /// The entry is a string.
    Text(TextBuf),
}

/// `str.translate`, with the table behind a function that may fail.
///
/// How often the table is asked can be observed, so that this is CPython's order of questions: as long as ASCII turns
/// into ASCII, an answer is remembered and the table asked once for each character. From the first answer of another
/// kind on it is asked for every character anew, and twice for the one after a run of characters that go.
pub fn translate<E>(
    text: Text<'_>,
    mut table: impl FnMut(u32) -> Result<Translation, E>,
) -> Result<TextBuf, E> {
    let mut out = TextBuf::with_capacity(text.len());
    let mut from = 0;
    if text.is_ascii() {
        from = translate_ascii(text.as_bytes(), &mut table, &mut out)?;
    }
    let mut codes = text.slice(from..text.len()).code_points();
    while let Some(code) = codes.next() {
        match table(code)? {
            Translation::Keep => out.push(code),
            Translation::Code(code) => out.push(code),
            Translation::Text(text) => out.push_text(text.as_text()),
            Translation::Delete => {
                let mut ahead = codes.clone();
                while let Some(code) = ahead.next()
                    && table(code)? == Translation::Delete
                {
                    codes = ahead.clone();
                }
            }
        }
    }
    Ok(out)
}

/// Translate up to the first character whose translation is not an ASCII character or nothing.
fn translate_ascii<E>(
    text: &[u8],
    table: &mut impl FnMut(u32) -> Result<Translation, E>,
    out: &mut TextBuf,
) -> Result<usize, E> {
    const UNKNOWN: u8 = 0xff;
    const DELETED: u8 = 0xfe;
    let mut known = [UNKNOWN; 128];
    let out = out.bytes_mut();
    for (at, &byte) in text.iter().enumerate() {
        let answer = &mut known[usize::from(byte)];
        if *answer == UNKNOWN {
            *answer = match table(byte.into())? {
                Translation::Keep => byte,
                Translation::Delete => DELETED,
                Translation::Code(code @ 0..0x80) => code as u8,
                Translation::Text(text) if text.len() == 1 => text.as_text().as_bytes()[0],
                Translation::Code(_) | Translation::Text(_) => return Ok(at),
            };
        }
        if *answer != DELETED {
            out.push(*answer);
        }
    }
    Ok(text.len())
}

/// `bytes.translate`: drop the bytes in `delete`, map the others.
pub fn translate_bytes(bytes: &[u8], table: Option<&[u8; 256]>, delete: &[u8]) -> Vec<u8> {
    let mut dropped = [false; 256];
    for &byte in delete {
        dropped[usize::from(byte)] = true;
    }
    let map = |&byte: &u8| table.map_or(byte, |table| table[usize::from(byte)]);
    if delete.is_empty() {
        return bytes.iter().map(map).collect();
    }
    bytes.iter().filter(|&&byte| !dropped[usize::from(byte)]).map(map).collect()
}

/// The size of joined parts: `None` if "join() result is too long for a Python string".
pub fn joined_size(separator: usize, parts: impl IntoIterator<Item = usize>) -> Option<usize> {
    let mut parts = parts.into_iter();
    let Some(first) = parts.next() else { return Some(0) };
    let size = parts.try_fold(first, |size, part| size.checked_add(separator)?.checked_add(part))?;
    isize::try_from(size).is_ok().then_some(size)
}

/// Append the parts with the separator between them.
pub fn join<'a>(separator: &[u8], parts: impl IntoIterator<Item = &'a [u8]>, out: &mut impl Output) {
    for (place, part) in parts.into_iter().enumerate() {
        if place > 0 {
            out.extend_from_slice(separator);
        }
        out.extend_from_slice(part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings() {
        let mut asked = Vec::new();
        let mut translated = |text: &str| {
            let result = translate(text.into(), |code| {
                asked.push(code as u8 as char);
                Ok::<_, ()>(match char::from_u32(code).unwrap() {
                    'a' => Translation::Code(0x62),
                    'd' => Translation::Delete,
                    'e' => Translation::Code(0x20ac),
                    's' => Translation::Text("string".into()),
                    _ => Translation::Keep,
                })
            });
            (String::from_utf8(result.unwrap().into_bytes()).unwrap(), std::mem::take(&mut asked))
        };
        assert_eq!(translated("abad"), ("bbb".into(), vec!['a', 'b', 'd']));
        // The character that ends the quick way is asked about again.
        assert_eq!(translated("aaesx"), ("bb€stringx".into(), vec!['a', 'e', 'e', 's', 'x']));
        assert_eq!(translated("äa").0, "äb");
        assert_eq!(translated("äddxa"), ("äxb".into(), vec!['ä', 'd', 'd', 'x', 'x', 'a']));
        assert_eq!(translate("ab".into(), |_| Err(7)), Err(7));
    }

    #[test]
    fn bytes() {
        let mut table: [u8; 256] = std::array::from_fn(|byte| byte as u8);
        table[usize::from(b'a')] = b'x';
        assert_eq!(translate_bytes(b"abcab", Some(&table), b"b"), b"xcx");
        assert_eq!(translate_bytes(b"abc", Some(&table), b""), b"xbc");
        assert_eq!(translate_bytes(b"abc", None, b"c"), b"ab");
    }

    #[test]
    fn joining() {
        let parts: [&[u8]; 3] = [b"a", b"", b"bc"];
        let mut out = Vec::new();
        join(b", ", parts, &mut out);
        assert_eq!(out, b"a, , bc");
        assert_eq!(joined_size(2, parts.map(<[u8]>::len)), Some(out.len()));
        assert_eq!((joined_size(2, []), joined_size(1, [usize::MAX, 1])), (Some(0), None));
    }
}
