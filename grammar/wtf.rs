//! [`WtfStr`]: a Python string in generalised UTF-8.
//!
//! Python strings may hold lone surrogates, which UTF-8 cannot encode; generalised UTF-8 gives them their three bytes.
//! Names are such strings too, because a tree built by hand may put any string where a name belongs.

use std::borrow::Borrow;
use std::fmt;

/// Generalised UTF-8, borrowed from the source or the arena.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct WtfStr<'a>(&'a [u8]);

impl<'a> WtfStr<'a> {
    /// Bytes that are known to be generalised UTF-8.
    pub const fn from_bytes(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// A string without surrogates.
    pub const fn new(text: &'a str) -> Self {
        Self(text.as_bytes())
    }

    /// The bytes.
    pub const fn as_bytes(self) -> &'a [u8] {
        self.0
    }

    /// The text, when it holds no surrogates.
    pub fn to_str(self) -> Option<&'a str> {
        std::str::from_utf8(self.0).ok()
    }

    /// The number of bytes.
    pub const fn len(self) -> usize {
        self.0.len()
    }

    /// Whether this is the empty string.
    pub const fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// The code points in order, surrogates among them.
    pub fn code_points(self) -> impl Iterator<Item = u32> + use<'a> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let (code_point, length) = first_code_point(rest)?;
            rest = &rest[length..];
            Some(code_point)
        })
    }
}

/// The first code point and its length in bytes; a cut sequence ends the string.
fn first_code_point(bytes: &[u8]) -> Option<(u32, usize)> {
    let tail = |index: usize| bytes.get(index).map(|&byte| u32::from(byte & 0x3F));
    let lead = u32::from(*bytes.first()?);
    Some(match lead {
        0..0x80 => (lead, 1),
        0x80..0xE0 => ((lead & 0x1F) << 6 | tail(1)?, 2),
        0xE0..0xF0 => ((lead & 0x0F) << 12 | tail(1)? << 6 | tail(2)?, 3),
        _ => ((lead & 0x07) << 18 | tail(1)? << 12 | tail(2)? << 6 | tail(3)?, 4),
    })
}

impl<'a> From<&'a str> for WtfStr<'a> {
    fn from(text: &'a str) -> Self {
        Self::new(text)
    }
}

impl PartialEq<str> for WtfStr<'_> {
    fn eq(&self, other: &str) -> bool {
        self.0 == other.as_bytes()
    }
}

impl PartialEq<&str> for WtfStr<'_> {
    fn eq(&self, other: &&str) -> bool {
        self.0 == other.as_bytes()
    }
}

impl Borrow<[u8]> for WtfStr<'_> {
    fn borrow(&self) -> &[u8] {
        self.0
    }
}

/// Surrogates show as U+FFFD.
impl fmt::Display for WtfStr<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to_str() {
            Some(text) => f.pad(text),
            None => self.code_points().try_for_each(|code| {
                write!(f, "{}", char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
            }),
        }
    }
}

impl fmt::Debug for WtfStr<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.to_str() {
            Some(text) => fmt::Debug::fmt(text, f),
            None => write!(f, "\"{}\"", self.0.escape_ascii()),
        }
    }
}
