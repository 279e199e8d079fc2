//! The encodings that need no registry: `str.encode` and `bytes.decode` know them by name.

use super::single_byte::{AsciiDecoder, AsciiEncoder, Latin1Decoder, Latin1Encoder};
use super::utf8::{Utf8Decoder, Utf8Encoder};
use super::utf16::{ByteOrder, Utf16Decoder, Utf16Encoder};
use super::utf32::{Utf32Decoder, Utf32Encoder};
use super::{DecodeErrors, EncodeErrors, decode, encode};
use crate::text::wtf8::{Text, TextBuf};

/// An encoding that is found without the codec registry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Builtin {
    /// UTF-8.
    Utf8,
    /// UTF-16 with a byte order mark.
    Utf16,
    /// UTF-32 with a byte order mark.
    Utf32,
    /// ASCII.
    Ascii,
    /// Latin-1.
    Latin1,
}

impl Builtin {
    /// The encoding with this name, in any case and with any punctuation between its parts.
    pub fn from_name(name: &[u8]) -> Option<Self> {
        // The usual spellings need no second look.
        match name {
            b"utf-8" | b"utf8" | b"UTF-8" => return Some(Self::Utf8),
            b"ascii" => return Some(Self::Ascii),
            b"latin-1" | b"latin1" => return Some(Self::Latin1),
            _ => {}
        }
        let mut normal = [0; LONGEST];
        let len = normalize(name, &mut normal)?;
        Some(match &normal[..len] {
            b"utf8" | b"utf_8" => Self::Utf8,
            b"utf16" | b"utf_16" => Self::Utf16,
            b"utf32" | b"utf_32" => Self::Utf32,
            b"ascii" | b"us_ascii" => Self::Ascii,
            b"latin1" | b"latin_1" | b"iso_8859_1" | b"iso8859_1" => Self::Latin1,
            _ => return None,
        })
    }

    /// `bytes.decode`.
    pub fn decode<H: DecodeErrors>(self, input: &[u8], errors: &mut H) -> Result<TextBuf, H::Error> {
        let decoded = match self {
            Self::Utf8 => decode(&mut Utf8Decoder { is_final: true }, input, errors),
            Self::Utf16 => decode(&mut Utf16Decoder::new(ByteOrder::Native, true), input, errors),
            Self::Utf32 => decode(&mut Utf32Decoder::new(ByteOrder::Native, true), input, errors),
            Self::Ascii => decode(&mut AsciiDecoder, input, errors),
            Self::Latin1 => decode(&mut Latin1Decoder, input, errors),
        };
        decoded.map(|decoded| decoded.text)
    }

    /// `str.encode`.
    pub fn encode<H: EncodeErrors>(self, text: Text<'_>, errors: &mut H) -> Result<Vec<u8>, H::Error> {
        match self {
            Self::Utf8 => encode(&mut Utf8Encoder, text, errors),
            Self::Utf16 => encode(&mut Utf16Encoder { order: ByteOrder::Native }, text, errors),
            Self::Utf32 => encode(&mut Utf32Encoder { order: ByteOrder::Native }, text, errors),
            Self::Ascii => encode(&mut AsciiEncoder, text, errors),
            Self::Latin1 => encode(&mut Latin1Encoder, text, errors),
        }
    }
}

/// The longest name, `iso_8859_1`.
const LONGEST: usize = 10;

/// Write a name with lower-case letters and single underscores; `None` if it is too long to be one of ours.
fn normalize(name: &[u8], out: &mut [u8; LONGEST]) -> Option<usize> {
    let mut len = 0;
    let mut push = |byte| {
        *out.get_mut(len)? = byte;
        len += 1;
        Some(len)
    };
    let (mut written, mut gap) = (0, false);
    for &byte in name {
        if byte.is_ascii_alphanumeric() || byte == b'.' {
            if gap && written > 0 {
                push(b'_')?;
            }
            written = push(byte.to_ascii_lowercase())?;
            gap = false;
        } else {
            gap = true;
        }
    }
    Some(written)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::codec::errors::{Native, Policy};

    #[test]
    fn names() {
        for name in ["utf-8", "UTF8", "utf_8", " Utf--8 "] {
            assert_eq!(Builtin::from_name(name.as_bytes()), Some(Builtin::Utf8), "{name}");
        }
        assert_eq!(Builtin::from_name(b"ISO-8859-1"), Some(Builtin::Latin1));
        assert_eq!(Builtin::from_name(b"us-ascii"), Some(Builtin::Ascii));
        for name in ["", "utf-7", "u-tf8", "utf-16-le", "a name that is too long", "utf.8"] {
            assert_eq!(Builtin::from_name(name.as_bytes()), None, "{name}");
        }
    }

    #[test]
    fn all_of_them() {
        for builtin in [Builtin::Utf8, Builtin::Utf16, Builtin::Utf32, Builtin::Ascii, Builtin::Latin1] {
            let bytes = builtin.encode("abc".into(), &mut Native(Policy::Strict)).unwrap();
            let text = builtin.decode(&bytes, &mut Native(Policy::Strict)).unwrap();
            assert_eq!(text.as_text(), "abc".into());
        }
    }
}
