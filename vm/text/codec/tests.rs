//! The codecs, their errors and their handlers.

use super::charmap::{CharmapDecoder, CharmapEncoder, Decoding, DecodingTable, Encoding, EncodingMap};
use super::errors::{Native, Policy, Raised, Refusal};
use super::raw_unicode_escape::RawUnicodeEscapeDecoder;
use super::single_byte::{AsciiDecoder, AsciiEncoder, Latin1Decoder, Latin1Encoder};
use super::unicode_escape::UnicodeEscapeDecoder;
use super::utf7::{Utf7Decoder, Utf7Encoder};
use super::utf8::{Utf8Decoder, Utf8Encoder};
use super::utf16::{ByteOrder, Utf16Decoder, Utf16Encoder};
use super::utf32::{Utf32Decoder, Utf32Encoder};
use super::*;

type DecodeRaised = Raised<DecodeProblem>;
type EncodeRaised = Raised<EncodeProblem>;

fn decoded(
    mut decoder: impl Decoder<DecodeRaised>,
    input: &[u8],
    policy: Policy,
) -> Result<Decoded, DecodeRaised> {
    decode(&mut decoder, input, &mut Native(policy))
}

/// The text, which must use up all of the input.
fn text_of(decoder: impl Decoder<DecodeRaised>, input: &[u8], policy: Policy) -> Vec<u32> {
    let decoded = decoded(decoder, input, policy).unwrap();
    assert_eq!(decoded.consumed, input.len());
    decoded.text.as_text().code_points().collect()
}

/// Start, end and reason of the error.
fn problem_of(decoder: impl Decoder<DecodeRaised>, input: &[u8]) -> (usize, usize, &'static str) {
    let Raised { problem, refusal } = decoded(decoder, input, Policy::Strict).unwrap_err();
    assert_eq!(refusal, Refusal::Raise);
    (problem.start, problem.end, problem.reason)
}

fn encoded(
    mut encoder: impl Encoder<EncodeRaised>,
    codes: &[u32],
    policy: Policy,
) -> Result<Vec<u8>, (usize, usize)> {
    let text: TextBuf = codes.iter().copied().collect();
    let result = encode(&mut encoder, text.as_text(), &mut Native(policy));
    result.map_err(|raised| (raised.problem.start, raised.problem.end))
}

fn codes(text: &str) -> Vec<u32> {
    text.chars().map(u32::from).collect()
}

const UTF8: Utf8Decoder = Utf8Decoder { is_final: true };

#[test]
fn utf8_errors() {
    let invalid = "invalid continuation byte";
    assert_eq!(problem_of(UTF8, b"a\x80"), (1, 2, "invalid start byte"));
    assert_eq!(problem_of(UTF8, b"a\xc1\x80"), (1, 2, "invalid start byte"));
    assert_eq!(problem_of(UTF8, b"\xf5\x80\x80\x80"), (0, 1, "invalid start byte"));
    assert_eq!(problem_of(UTF8, b"\xe2\x82a"), (0, 2, invalid));
    assert_eq!(problem_of(UTF8, b"\xed\xa0\x80"), (0, 1, invalid));
    assert_eq!(problem_of(UTF8, b"\xf0\x9f\x98a"), (0, 3, invalid));
    assert_eq!(problem_of(UTF8, b"a\xf0\x9f\x98"), (1, 4, "unexpected end of data"));
    let waiting = decoded(Utf8Decoder { is_final: false }, b"a\xf0\x9f\x98", Policy::Strict).unwrap();
    assert_eq!((waiting.text.as_text(), waiting.consumed), ("a".into(), 1));
}

#[test]
fn decoding_handlers() {
    let input = b"a\xff\xed\xb2\x80b";
    assert_eq!(text_of(UTF8, input, Policy::Ignore), codes("ab"));
    assert_eq!(text_of(UTF8, input, Policy::Replace), codes("a\u{fffd}\u{fffd}\u{fffd}\u{fffd}b"));
    assert_eq!(text_of(UTF8, input, Policy::BackslashReplace), codes(r"a\xff\xed\xb2\x80b"));
    assert_eq!(text_of(UTF8, input, Policy::SurrogateEscape), [0x61, 0xdcff, 0xdced, 0xdcb2, 0xdc80, 0x62]);
    assert_eq!(text_of(UTF8, &input[2..], Policy::SurrogatePass), [0xdc80, 0x62]);
    let raised = decoded(UTF8, input, Policy::XmlCharRefReplace).unwrap_err();
    assert_eq!(raised.refusal, Refusal::WrongKind);
    assert_eq!(text_of(AsciiDecoder, b"a\xe9", Policy::SurrogateEscape), [0x61, 0xdce9]);
    assert_eq!(problem_of(AsciiDecoder, b"a\xe9"), (1, 2, "ordinal not in range(128)"));
    assert_eq!(text_of(Latin1Decoder, b"a\xe9\xff", Policy::Strict), codes("aéÿ"));
}

#[test]
fn encoding_handlers() {
    let text = [0x61, 0xdc80, 0xd800, 0x62, 0xe9];
    assert_eq!(encoded(AsciiEncoder, &text, Policy::Strict), Err((1, 3)));
    assert_eq!(encoded(AsciiEncoder, &text, Policy::Ignore).unwrap(), b"ab");
    assert_eq!(encoded(AsciiEncoder, &text, Policy::Replace).unwrap(), b"a??b?");
    assert_eq!(encoded(AsciiEncoder, &text, Policy::BackslashReplace).unwrap(), br"a\udc80\ud800b\xe9");
    assert_eq!(encoded(AsciiEncoder, &text, Policy::XmlCharRefReplace).unwrap(), b"a&#56448;&#55296;b&#233;");
    let named = br"a\udc80\ud800b\N{LATIN SMALL LETTER E WITH ACUTE}";
    assert_eq!(encoded(AsciiEncoder, &text, Policy::NameReplace).unwrap(), named);
    // What can be escaped is, and the error is about the rest.
    assert_eq!(encoded(AsciiEncoder, &text, Policy::SurrogateEscape), Err((2, 3)));
    assert_eq!(encoded(Latin1Encoder, &text[3..], Policy::Strict).unwrap(), b"b\xe9");
    assert_eq!(encoded(Utf8Encoder, &text[..2], Policy::SurrogateEscape).unwrap(), b"a\x80");
    assert_eq!(
        encoded(Utf8Encoder, &text, Policy::SurrogatePass).unwrap(),
        b"a\xed\xb2\x80\xed\xa0\x80b\xc3\xa9"
    );
    assert_eq!(encoded(Utf8Encoder, &text, Policy::Strict), Err((1, 3)));
}

#[test]
fn utf16_and_utf32() {
    let text = codes("aé€😀");
    for order in [ByteOrder::Native, ByteOrder::Little, ByteOrder::Big] {
        let bytes = encoded(Utf16Encoder { order }, &text, Policy::Strict).unwrap();
        assert_eq!(text_of(Utf16Decoder::new(order, true), &bytes, Policy::Strict), text);
        let bytes = encoded(Utf32Encoder { order }, &text, Policy::Strict).unwrap();
        assert_eq!(text_of(Utf32Decoder::new(order, true), &bytes, Policy::Strict), text);
    }
    let little = || Utf16Decoder::new(ByteOrder::Little, true);
    assert_eq!(problem_of(little(), b"\0\xdcab"), (0, 2, "illegal encoding"));
    assert_eq!(problem_of(little(), b"\0\xd8ab"), (0, 2, "illegal UTF-16 surrogate"));
    assert_eq!(problem_of(little(), b"ab\0\xd8a"), (2, 5, "unexpected end of data"));
    assert_eq!(problem_of(little(), b"abc"), (2, 3, "truncated data"));
    assert_eq!(text_of(little(), b"\0\xd8ab", Policy::SurrogatePass), [0xd800, 0x6261]);
    let utf16 = Utf16Encoder { order: ByteOrder::Little };
    assert_eq!(encoded(utf16, &[0xd800], Policy::SurrogatePass).unwrap(), b"\0\xd8");
    // One byte is half a unit.
    assert_eq!(encoded(utf16, &[0x61, 0xdc80], Policy::SurrogateEscape), Err((1, 2)));
    let problem = problem_of(Utf32Decoder::new(ByteOrder::Big, true), b"\0\0\0a\0\x11\0\0");
    assert_eq!(problem, (4, 8, "code point not in range(0x110000)"));
}

#[test]
fn byte_order_marks() {
    let mut decoder = Utf16Decoder::new(ByteOrder::Native, true);
    let decoded = decode(&mut decoder, b"\xfe\xff\0a\xfe\xff", &mut Native(Policy::Strict)).unwrap();
    assert_eq!((decoded.text.as_text(), decoder.order()), ("a\u{feff}".into(), ByteOrder::Big));
    assert_eq!(encoded(Utf16Encoder { order: ByteOrder::Native }, &[], Policy::Strict).unwrap().len(), 2);
}

#[test]
fn utf7() {
    let text = codes("a+b é€😀-x\\");
    let bytes = encoded(Utf7Encoder, &text, Policy::Strict).unwrap();
    assert_eq!(bytes, b"a+-b +AOkgrNg93gA--x+AFw-");
    assert_eq!(text_of(Utf7Decoder::new(true), &bytes, Policy::Strict), text);
    let problem = |input: &[u8]| problem_of(Utf7Decoder::new(true), input);
    assert_eq!(problem(b"a\xe9"), (1, 2, "unexpected special character"));
    assert_eq!(problem(b"a+!"), (1, 3, "ill-formed sequence"));
    assert_eq!(problem(b"+AA"), (0, 3, "unterminated shift sequence"));
    assert_eq!(problem(b"+AAAA-"), (0, 6, "partial character in shift sequence"));
    assert_eq!(problem(b"+AGF-"), (0, 5, "non-zero padding bits in shift sequence"));
    let waiting = decoded(Utf7Decoder::new(false), b"ab+AGEAYg", Policy::Strict).unwrap();
    assert_eq!((waiting.text.as_text(), waiting.consumed), ("ab".into(), 2));
}

#[test]
fn charmaps() {
    let table: TextBuf = (0..256).map(|byte| if byte < 0x80 { byte } else { byte + 0x380 }).collect();
    let decoding = DecodingTable::new(table.as_text());
    let encoding = EncodingMap::new(table.as_text()).unwrap();
    assert_eq!(
        text_of(CharmapDecoder(|byte| Ok(decoding.get(byte))), b"a\x80", Policy::Strict),
        [0x61, 0x400]
    );
    let encoder = || CharmapEncoder(|code| Ok(encoding.get(code)));
    assert_eq!(encoded(encoder(), &[0x61, 0x400], Policy::Strict).unwrap(), b"a\x80");
    assert_eq!(encoded(encoder(), &[0x61, 0xe9, 0xea, 0x62], Policy::Strict), Err((1, 3)));
    assert_eq!(encoded(encoder(), &[0x61, 0xe9], Policy::XmlCharRefReplace).unwrap(), b"a&#233;");
    let short = DecodingTable::new("ab".into());
    let problem = problem_of(CharmapDecoder(|byte| Ok(short.get(byte))), b"\x00\x02");
    assert_eq!(problem, (1, 2, "character maps to <undefined>"));
    let strings = |byte| Ok(if byte == 1 { Decoding::Text("xyz".into()) } else { Decoding::Undefined });
    assert_eq!(text_of(CharmapDecoder(strings), b"\x01\x02", Policy::Ignore), codes("xyz"));
    let bytes = |code| Ok(if code == 0x61 { Encoding::Bytes(b"123".into()) } else { Encoding::Undefined });
    assert_eq!(encoded(CharmapEncoder(bytes), &[0x61], Policy::Strict).unwrap(), b"123");
    // The replacement `?` cannot be encoded either.
    assert_eq!(encoded(CharmapEncoder(bytes), &[0x61, 0x62], Policy::Replace), Err((1, 2)));
    for unfit in ["", "a", "\0a\0", "\0😀"] {
        assert!(EncodingMap::new(unfit.into()).is_none());
    }
}

#[test]
fn unicode_escapes() {
    let decoder = || UnicodeEscapeDecoder::new(true);
    let input = b"a\\n\\x41\\u20ac\\U0001f600\\N{latin small letter e with acute}\\101\\\n\\'\xe9";
    assert_eq!(text_of(decoder(), input, Policy::Strict), codes("a\nA€😀éA'é"));
    assert_eq!(problem_of(decoder(), b"a\\x4g"), (1, 4, "truncated \\xXX escape"));
    assert_eq!(problem_of(decoder(), b"\\U00110000"), (0, 10, "illegal Unicode character"));
    assert_eq!(problem_of(decoder(), b"\\N{no such name}"), (0, 16, "unknown Unicode character name"));
    assert_eq!(problem_of(decoder(), b"\\N{}"), (0, 3, "malformed \\N character escape"));
    assert_eq!(problem_of(decoder(), b"\\"), (0, 1, "\\ at end of string"));
    assert_eq!(decoded(UnicodeEscapeDecoder::new(false), b"a\\u12", Policy::Strict).unwrap().consumed, 1);
    assert_eq!(unicode_escape::encode("a\\é€😀\n\x7f".into()), b"a\\\\\\xe9\\u20ac\\U0001f600\\n\\x7f");
}

#[test]
fn raw_unicode_escapes() {
    let decoder = RawUnicodeEscapeDecoder { is_final: true };
    assert_eq!(text_of(decoder, b"\\n\\u0041\\\\u0041\xe9\\", Policy::Strict), codes("\\nA\\\\u0041é\\"));
    assert_eq!(problem_of(decoder, b"\\U00110000"), (0, 10, "\\Uxxxxxxxx out of range"));
    let waiting = RawUnicodeEscapeDecoder { is_final: false };
    assert_eq!(decoded(waiting, b"a\\", Policy::Strict).unwrap().consumed, 1);
    assert_eq!(raw_unicode_escape::encode("\\é€😀".into()), b"\\\xe9\\u20ac\\U0001f600");
}

/// A handler that goes back, exchanges the input and replaces by what cannot be encoded.
struct Custom(usize);

impl DecodeErrors for Custom {
    type Error = ();

    fn resolve(&mut self, _: &[u8], problem: DecodeProblem, out: &mut TextBuf) -> Result<Resume, ()> {
        self.0 = self.0.checked_sub(1).ok_or(())?;
        out.push_str("<");
        let input = (self.0 == 0).then(|| b"xyz".to_vec());
        Ok(Resume { position: if input.is_some() { 1 } else { problem.start - 1 }, input })
    }
}

impl EncodeErrors for Custom {
    type Error = usize;

    fn resolve(&mut self, _: Text<'_>, problem: &EncodeProblem) -> Result<(Replacement, Position), usize> {
        self.0 = self.0.checked_sub(1).ok_or(problem.start)?;
        Ok((Replacement::Text("é".into()), Position::Index(problem.start - 1)))
    }

    fn refuse(&mut self, _: Text<'_>, problem: EncodeProblem) -> usize {
        100 + problem.end
    }
}

#[test]
fn custom_handlers() {
    let decoded = decode(&mut AsciiDecoder, b"ab\xff", &mut Custom(2)).unwrap();
    assert_eq!((decoded.text.as_text(), decoded.consumed), ("ab<b<yz".into(), 3));
    assert_eq!(encode(&mut AsciiEncoder, "ab€c".into(), &mut Custom(1)), Err(103));
    let mut back = Custom(2);
    assert_eq!(encode(&mut Latin1Encoder, "äb€€c".into(), &mut back), Err(2));
}
