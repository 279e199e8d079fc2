//! How many columns text takes on a terminal.
//!
//! CPython has two answers. The traceback's counts 2 for wide and full-width characters and 1 for all others. The
//! prompt's knows also that combining and invisible characters take no column, and that escape sequences are not shown.

use super::unicode::database::{category, combining, east_asian_width};
use super::wtf8::Text;

/// The columns that a part of a source line takes above the carets of a traceback.
pub fn traceback_width(text: Text<'_>) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    text.code_points().map(|code| if matches!(east_asian_width(code), "W" | "F") { 2 } else { 1 }).sum()
}

/// The columns that a character takes at the prompt.
pub fn prompt_char_width(code: u32) -> usize {
    const SOFT_HYPHEN: u32 = 0xad;
    if code < 0x80 {
        1
    } else if combining(code) != 0 || (category(code) == "Cf" && code != SOFT_HYPHEN) {
        0
    } else if matches!(east_asian_width(code), "W" | "F") {
        2
    } else {
        1
    }
}

/// The columns that a text takes at the prompt: escape sequences take none, Ctrl-Z is shown as `^Z`.
pub fn prompt_width(text: Text<'_>) -> usize {
    let mut codes = text.code_points();
    if let (Some(only), None) = (codes.next(), codes.next())
        && only != CTRL_Z
    {
        return prompt_char_width(only);
    }
    let all: usize =
        text.code_points().map(|code| prompt_char_width(code) + usize::from(code == CTRL_Z)).sum();
    all - escape_sequences(text.as_bytes())
}

const CTRL_Z: u32 = 0x1a;

/// The length of all sequences of ESC, `[`, characters from space to `@`, and one from `A` to `~`.
fn escape_sequences(bytes: &[u8]) -> usize {
    let mut total = 0;
    let mut rest = bytes;
    while let Some(start) = memchr::memmem::find(rest, b"\x1b[") {
        rest = &rest[start + 2..];
        let parameters = rest.iter().take_while(|byte| (b' '..=b'@').contains(byte)).count();
        if matches!(rest.get(parameters), Some(b'A'..=b'~')) {
            total += 2 + parameters + 1;
            rest = &rest[parameters + 1..];
        }
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tracebacks() {
        assert_eq!(traceback_width("abc".into()), 3);
        assert_eq!(traceback_width("a中é\u{301}😀".into()), 7);
    }

    #[test]
    fn prompts() {
        assert_eq!(prompt_width("a中é\u{301}😀\u{200d}\u{ad}".into()), 7);
        assert_eq!(prompt_width("\x1b[31mred\x1b[0m".into()), 3);
        assert_eq!(
            (prompt_width("\x1a".into()), prompt_width("中".into()), prompt_width("".into())),
            (2, 2, 0)
        );
        assert_eq!(prompt_width("\x1b[31".into()), 4);
    }
}
