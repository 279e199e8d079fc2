//! Bytes into [`Source`]: the byte order mark, the encoding comment of PEP 263, and what goes wrong with either.

use crate::error::{ErrorKind, SyntaxError};
use crate::source::Source;

/// Where bytes come from: CPython words its complaints accordingly.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Origin<'n> {
    /// An argument of `compile`, `exec` or `eval`.
    Memory,
    /// A file of this name.
    File(&'n str),
}

/// Decodes the encodings that are not built in: given a name and bytes, the text, or the message of the exception.
pub type OtherEncodings<'f> = dyn FnMut(&str, &[u8]) -> Result<String, String> + 'f;

const MARK: &[u8] = b"\xEF\xBB\xBF";

impl Source {
    /// Decodes a source text. Encodings other than UTF-8, Latin-1 and ASCII are asked of `other`.
    pub fn decode(
        bytes: &[u8],
        origin: Origin<'_>,
        other: &mut OtherEncodings<'_>,
    ) -> Result<Self, Box<SyntaxError>> {
        if origin == Origin::Memory && memchr::memchr(0, bytes).is_some() {
            return Err(SyntaxError::without_place("source code string cannot contain null bytes"));
        }
        let (marked, bytes) = match bytes.strip_prefix(MARK) {
            Some(rest) => (true, rest),
            None => (false, bytes),
        };
        let cookie = find_cookie(bytes);
        let encoding = cookie.map(normalise);
        if let (true, Some((encoding, lineno))) = (marked, &encoding)
            && encoding != "utf-8"
        {
            return Err(mark_contradicted(bytes, encoding, *lineno));
        }
        match encoding.as_ref().map_or("utf-8", |(encoding, _)| encoding) {
            "utf-8" => match std::str::from_utf8(bytes) {
                Ok(text) => Ok(Self::new(text)),
                Err(error) => Err(not_utf8(bytes, error, origin, cookie.is_some())),
            },
            "iso-8859-1" | "latin1" | "iso8859-1" => {
                Ok(Self::new(bytes.iter().copied().map(char::from).collect::<String>()))
            }
            "ascii" | "us-ascii" if bytes.is_ascii() => Ok(Self::new(String::from_utf8_lossy(bytes))),
            encoding => match other(encoding, bytes) {
                Ok(text) => Ok(Self::new(text)),
                Err(message) => Err(SyntaxError::without_line(message)),
            },
        }
    }
}

/// The encoding that a comment in the first two lines names, and the line.
fn find_cookie(bytes: &[u8]) -> Option<(&str, i32)> {
    let mut lines = bytes.split(|&byte| byte == b'\n' || byte == b'\r');
    let first = lines.next()?;
    let comment = comment_of(first)?;
    if let Some(cookie) = cookie_in(comment) {
        return Some((cookie, 1));
    }
    let mut second = lines.next()?;
    if second.is_empty() && bytes[first.len()..].starts_with(b"\r\n") {
        second = lines.next()?;
    }
    Some((cookie_in(comment_of(second)?)?, 2))
}

/// The comment of a line that holds nothing else; empty for a blank line.
fn comment_of(line: &[u8]) -> Option<&[u8]> {
    let blanks = line.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\x0C')).count();
    let rest = &line[blanks..];
    (rest.is_empty() || rest[0] == b'#').then_some(rest)
}

/// The name after `coding:` or `coding=`.
fn cookie_in(comment: &[u8]) -> Option<&str> {
    memchr::memmem::find_iter(comment, b"coding").find_map(|at| {
        let rest = &comment[at + 6..];
        let rest = rest.strip_prefix(b":").or_else(|| rest.strip_prefix(b"="))?;
        let blanks = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let belongs = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        let name = &rest[blanks..];
        let length = name.iter().take_while(|&byte| belongs(byte)).count();
        std::str::from_utf8(&name[..length]).ok().filter(|name| !name.is_empty())
    })
}

/// The two encodings with many names get one; others keep theirs.
fn normalise((name, lineno): (&str, i32)) -> (String, i32) {
    let plain: String =
        name.chars().take(12).map(|c| if c == '_' { '-' } else { c.to_ascii_lowercase() }).collect();
    let is =
        |known: &str| plain == known || plain.strip_prefix(known).is_some_and(|rest| rest.starts_with('-'));
    let encoding = if is("utf-8") {
        "utf-8"
    } else if ["latin-1", "iso-8859-1", "iso-latin-1"].into_iter().any(is) {
        "iso-8859-1"
    } else {
        name
    };
    (encoding.to_owned(), lineno)
}

/// A comment that names another encoding than the byte order mark.
fn mark_contradicted(bytes: &[u8], encoding: &str, lineno: i32) -> Box<SyntaxError> {
    let source = Source::new(String::from_utf8_lossy(bytes));
    let line = source.line(lineno).trim_end_matches('\n');
    Box::new(SyntaxError {
        offset: 0,
        end_offset: line.chars().count() as i32,
        ..SyntaxError::on_line(
            lineno,
            line,
            ErrorKind::Syntax,
            format!("encoding problem: {encoding} with BOM"),
        )
    })
}

/// Bytes that are not UTF-8.
fn not_utf8(
    bytes: &[u8],
    error: std::str::Utf8Error,
    origin: Origin<'_>,
    declared: bool,
) -> Box<SyntaxError> {
    let at = error.valid_up_to();
    let bad = bytes[at];
    let before = Source::new(String::from_utf8_lossy(&bytes[..at]));
    // The line is that of the bad byte, which a line end before it opens.
    let lineno = before.line_count() as i32 - i32::from(before.newline_added());
    let line_start =
        bytes[..at].iter().rposition(|byte| matches!(byte, b'\n' | b'\r')).map_or(0, |end| end + 1);
    let line = bytes[line_start..].split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
    let column = String::from_utf8_lossy(&bytes[line_start..at]).chars().count() as i32 + 1;
    let (message, column) = match origin {
        Origin::File(_) if declared => (unicode_error(bad, at - line_start, error), 0),
        Origin::File(name) => (undeclared(bad, &format!(" in file {name}"), lineno), column),
        Origin::Memory => (undeclared(bad, "", lineno), column),
    };
    Box::new(SyntaxError {
        kind: ErrorKind::Syntax,
        message,
        lineno,
        offset: column,
        end_lineno: lineno,
        end_offset: column,
        text: Some(String::from_utf8_lossy(line).into_owned()),
        incomplete: false,
        after: None,
    })
}

fn undeclared(bad: u8, file: &str, lineno: i32) -> String {
    format!(
        "Non-UTF-8 code starting with '\\x{bad:02x}'{file} on line {lineno}, but no encoding declared; \
         see https://peps.python.org/pep-0263/ for details"
    )
}

fn unicode_error(bad: u8, position: usize, error: std::str::Utf8Error) -> String {
    let reason = match (bad, error.error_len()) {
        (0x80..0xC2 | 0xF5.., _) => "invalid start byte",
        (_, None) => "unexpected end of data",
        _ => "invalid continuation byte",
    };
    format!("(unicode error) 'utf-8' codec can't decode byte 0x{bad:02x} in position {position}: {reason}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn decode(bytes: &[u8]) -> Result<String, String> {
        let other = &mut |name: &str, _: &[u8]| Err(format!("unknown encoding: {name}"));
        match Source::decode(bytes, Origin::Memory, other) {
            Ok(source) => Ok(source.text().to_owned()),
            Err(error) => Err(error.message),
        }
    }

    #[test]
    fn cookies() {
        assert_eq!(decode(b"# coding: latin-1\n'\xE9'"), Ok("# coding: latin-1\n'é'\n".to_owned()));
        assert_eq!(
            decode(b"\r\n# vim: fileencoding=iso_8859-1 :\r\n'\xE9'"),
            Ok("\n# vim: fileencoding=iso_8859-1 :\n'é'\n".to_owned())
        );
        assert_eq!(decode(b"# coding: nope\n"), Err("unknown encoding: nope".to_owned()));
        assert!(decode(b"x\n# coding: latin-1\n'\xE9'").is_err_and(|message| message.contains("on line 3")));
        assert!(decode(b"# coding: ascii\n'\xE9'").is_err());
        assert_eq!(decode(b"\xEF\xBB\xBFx"), Ok("x\n".to_owned()));
        assert_eq!(
            decode(b"\xEF\xBB\xBF# coding: latin-1\n"),
            Err("encoding problem: iso-8859-1 with BOM".to_owned())
        );
    }
}
