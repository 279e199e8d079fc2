//! Answers questions about `pyx_vm::text`, one line each, for `tests/tools/text_oracle.py`.
//!
//! A question is a name and arguments between tabs; texts and bytes are in hexadecimal, texts as generalised UTF-8.
//! An answer is a line; `-` stands for nothing.

use pyx_vm::text::codec::charmap::{
    CharmapDecoder, CharmapEncoder, Decoding, DecodingTable, Encoding, EncodingMap,
};
use pyx_vm::text::codec::errors::{self, Native, Policy, Raised, Refusal};
use pyx_vm::text::codec::raw_unicode_escape::{self, RawUnicodeEscapeDecoder};
use pyx_vm::text::codec::single_byte::{AsciiDecoder, AsciiEncoder, Latin1Decoder, Latin1Encoder};
use pyx_vm::text::codec::unicode_escape::{self, UnicodeEscapeDecoder};
use pyx_vm::text::codec::utf7::{Utf7Decoder, Utf7Encoder};
use pyx_vm::text::codec::utf8::{Utf8Decoder, Utf8Encoder};
use pyx_vm::text::codec::utf16::{ByteOrder, Utf16Decoder, Utf16Encoder};
use pyx_vm::text::codec::utf32::{Utf32Decoder, Utf32Encoder};
use pyx_vm::text::codec::{
    DecodeErrors, DecodeProblem, Decoder, EncodeErrors, EncodeProblem, Encoder, Position, Replacement,
    Resume, decode, encode,
};
use pyx_vm::text::escape::{self, EscapeError, HexErrors, InvalidEscape};
use pyx_vm::text::hex::{self, FromHexError};
use pyx_vm::text::index::{IndexTable, extended_slice};
use pyx_vm::text::replace::{Replace, Units, replace};
use pyx_vm::text::space::{Ascii, Unicode};
use pyx_vm::text::strip::{Side, strip_bytes, strip_chars, strip_spaces};
use pyx_vm::text::translate::{Translation, join, joined_size, translate, translate_bytes};
use pyx_vm::text::unicode::casing::{self, Mapped};
use pyx_vm::text::unicode::names::{self, Named};
use pyx_vm::text::unicode::normalize::{Form, Version, is_normalized, normalize};
use pyx_vm::text::unicode::{self, database, ucd_3_2_0};
use pyx_vm::text::wtf8::{Text, TextBuf, validate};
use pyx_vm::text::{case, pad, predicate, repr, search, split, width};
use std::fmt::Write as _;
use std::io::{BufRead, BufWriter, Write, stdin, stdout};
use std::ops::Range;

fn main() -> std::io::Result<()> {
    let mut out = BufWriter::new(stdout().lock());
    for line in stdin().lock().lines() {
        let line = line?;
        let mut fields = line.split('\t');
        let name = fields.next().unwrap_or_default();
        let question = Question { fields: fields.collect() };
        match name {
            "chars" => (question.number(0)..question.number(1))
                .try_for_each(|code| writeln!(out, "{}", char_facts(code as u32)))?,
            _ => writeln!(out, "{}", answer(name, &question))?,
        }
    }
    out.flush()
}

/// The arguments of a question.
struct Question<'a> {
    fields: Vec<&'a str>,
}

impl Question<'_> {
    fn field(&self, place: usize) -> &str {
        self.fields.get(place).copied().unwrap_or_else(|| panic!("argument {place} is missing"))
    }

    fn number(&self, place: usize) -> isize {
        self.field(place).parse().expect("a number")
    }

    fn size(&self, place: usize) -> usize {
        self.number(place) as usize
    }

    fn flag(&self, place: usize) -> bool {
        self.number(place) != 0
    }

    fn bytes(&self, place: usize) -> Vec<u8> {
        unhex(self.field(place))
    }

    fn text(&self, place: usize) -> TextBuf {
        Text::new(&self.bytes(place)).expect("generalised UTF-8").into()
    }

    /// A list of byte strings, separated by commas; `.` is the empty list.
    fn list(&self, place: usize) -> Vec<Vec<u8>> {
        match self.field(place) {
            "." => Vec::new(),
            list => list.split(',').map(unhex).collect(),
        }
    }

    fn side(&self, place: usize) -> Side {
        match self.field(place) {
            "lstrip" => Side::Left,
            "rstrip" => Side::Right,
            _ => Side::Both,
        }
    }

    /// `maxsplit` and `count`: negative numbers stand for no limit.
    fn limit(&self, place: usize) -> usize {
        usize::try_from(self.number(place)).unwrap_or(usize::MAX)
    }
}

fn unhex(hex: &str) -> Vec<u8> {
    let digit = |at: usize| char::from(hex.as_bytes()[at]).to_digit(16).expect("a digit") as u8;
    (0..hex.len() / 2).map(|at| digit(2 * at) << 4 | digit(2 * at + 1)).collect()
}

fn converted(convert: fn(&[u8], &mut Vec<u8>), bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    convert(bytes, &mut out);
    out
}

fn to_hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn hex_text(text: &TextBuf) -> String {
    to_hex(text.as_text().as_bytes())
}

fn option(value: Option<impl ToString>) -> String {
    value.map_or("-".into(), |value| value.to_string())
}

fn parts(text: &[u8], ranges: impl Iterator<Item = Range<usize>>) -> String {
    let parts: Vec<String> = ranges.map(|range| to_hex(&text[range])).collect();
    format!("{}:{}", parts.len(), parts.join(","))
}

fn three(text: &[u8], ranges: Option<(Range<usize>, Range<usize>)>) -> String {
    option(ranges.map(|(before, after)| format!("{},{}", to_hex(&text[before]), to_hex(&text[after]))))
}

fn written(size: Option<usize>, write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    write(&mut out);
    assert_eq!(size, Some(out.len()));
    to_hex(&out)
}

/// Everything that is known about a character.
fn char_facts(code: u32) -> String {
    let flags = [
        unicode::is_alpha(code),
        unicode::is_alnum(code),
        unicode::is_decimal(code),
        unicode::is_digit(code),
        unicode::is_numeric(code),
        unicode::is_space(code),
        unicode::is_printable(code),
        unicode::is_lower(code),
        unicode::is_upper(code),
        unicode::is_title(code),
        unicode::is_xid_start(code) || code == u32::from(b'_'),
        unicode::is_xid_continue(code),
        unicode::is_cased(code),
        unicode::is_case_ignorable(code),
        unicode::is_line_break(code),
    ];
    let flags: String = flags.map(|flag| if flag { '1' } else { '0' }).into_iter().collect();
    let text: TextBuf = [code].into_iter().collect();
    let text = text.as_text();
    let mapped = |form| match casing::full(code, form) {
        Mapped::One(code) => format!("{code:x}"),
        Mapped::More(text) => {
            text.chars().map(|char| format!("{:x}", u32::from(char))).collect::<Vec<_>>().join("+")
        }
    };
    let forms = [casing::Form::Lower, casing::Form::Upper, casing::Form::Title, casing::Form::Fold];
    let normal = |version| {
        [Form::Nfc, Form::Nfd, Form::Nfkc, Form::Nfkd].map(|form| {
            let normal = normalize(text, form, version);
            assert_eq!(normal.is_none(), is_normalized(text, form, version));
            normal.map_or("=".into(), |text| hex_text(&text))
        })
    };
    let number = |value: Option<f64>| option(value.map(f64::to_bits));
    let fields = [
        flags,
        forms.map(mapped).join(","),
        format!("{:x}", casing::simple(code, casing::Form::Lower)),
        database::category(code).into(),
        database::bidirectional(code).into(),
        database::east_asian_width(code).into(),
        database::mirrored(code).to_string(),
        database::combining(code).to_string(),
        database::decomposition(code),
        option(unicode::decimal(code)),
        option(unicode::digit(code)),
        number(unicode::numeric(code)),
        option(names::name(code)),
        normal(Version::Current).join(","),
        ucd_3_2_0::category(code).into(),
        ucd_3_2_0::bidirectional(code).into(),
        ucd_3_2_0::east_asian_width(code).into(),
        ucd_3_2_0::mirrored(code).to_string(),
        ucd_3_2_0::combining(code).to_string(),
        ucd_3_2_0::decomposition(code),
        option(ucd_3_2_0::decimal(code)),
        option(ucd_3_2_0::digit(code)),
        number(ucd_3_2_0::numeric(code)),
        option(ucd_3_2_0::name(code)),
        normal(Version::Ucd3_2_0).join(","),
        width::prompt_char_width(code).to_string(),
        width::traceback_width(text).to_string(),
        {
            let mut shown = TextBuf::new();
            repr::repr(text, &mut shown);
            hex_text(&shown)
        },
    ];
    fields.join("|")
}

fn answer(name: &str, question: &Question<'_>) -> String {
    codecs(name, question)
        .or_else(|| basics(name, question))
        .or_else(|| splitting(name, question))
        .or_else(|| conversions(name, question))
        .unwrap_or_else(|| panic!("no function {name}"))
}

fn basics(name: &str, question: &Question<'_>) -> Option<String> {
    let first = question.bytes(0);
    let text = Text::trusted(&first);
    Some(match name {
        "validate" => option(validate(&first).map(|kind| format!("{kind:?}"))),
        "count" => text.count().to_string(),
        "getitem" => {
            let index = question.size(1);
            let table = IndexTable::new(text);
            let offset = table.offset_of(text, index);
            assert_eq!(offset, text.offset_of(index));
            assert_eq!(table.index_of(text, offset), text.index_of(offset));
            option(text.code_point_at(offset))
        }
        "slice" => {
            let (start, stop) = (question.size(1), question.size(2));
            to_hex(
                text.slice(text.offset_of(start)..text.offset_of(stop).max(text.offset_of(start))).as_bytes(),
            )
        }
        "extended_slice" => {
            let table = IndexTable::new(text);
            let offset_of = |index| table.offset_of(text, index);
            hex_text(&extended_slice(text, offset_of, question.size(1), question.number(2), question.size(3)))
        }
        "compare" => (text.cmp(&Text::trusted(&question.bytes(1))) as i8).to_string(),
        "startswith" | "endswith" => {
            let range = search::adjust_indices(question.number(2), question.number(3), first.len());
            let ask = if name == "startswith" { <[u8]>::starts_with } else { <[u8]>::ends_with };
            range.is_some_and(|range| ask(&first[range], &question.bytes(1))).to_string()
        }
        "find" | "rfind" | "bytes_count" => {
            let needle = question.bytes(1);
            let range = search::adjust_indices(question.number(2), question.number(3), first.len());
            let Some(range) = range else {
                return Some(if name == "bytes_count" { "0" } else { "-" }.into());
            };
            let part = &first[range.clone()];
            match name {
                "find" => option(search::find(part, &needle).map(|at| range.start + at)),
                "rfind" => option(search::rfind(part, &needle).map(|at| range.start + at)),
                _ => search::count(part, &needle).to_string(),
            }
        }
        "str_find" => option(search::find(&first, &question.bytes(1)).map(|at| text.index_of(at))),
        "str_rfind" => option(search::rfind(&first, &question.bytes(1)).map(|at| text.index_of(at))),
        "str_count" => search::count_text(text, Text::trusted(&question.bytes(1))).to_string(),
        "contains" => search::contains(&first, &question.bytes(1)).to_string(),
        _ => return None,
    })
}

fn splitting(name: &str, question: &Question<'_>) -> Option<String> {
    let text = question.bytes(0);
    let back = |ranges: Vec<Range<usize>>| ranges.into_iter().rev();
    Some(match name {
        "split" => parts(&text, split::split(&text, &question.bytes(1), question.limit(2))),
        "rsplit" => parts(&text, back(split::rsplit(&text, &question.bytes(1), question.limit(2)).collect())),
        "split_space" => parts(&text, split::split_whitespace::<Unicode>(&text, question.limit(1))),
        "rsplit_space" => {
            parts(&text, back(split::rsplit_whitespace::<Unicode>(&text, question.limit(1)).collect()))
        }
        "bytes_split_space" => parts(&text, split::split_whitespace::<Ascii>(&text, question.limit(1))),
        "bytes_rsplit_space" => {
            parts(&text, back(split::rsplit_whitespace::<Ascii>(&text, question.limit(1)).collect()))
        }
        "splitlines" => parts(&text, split::splitlines::<Unicode>(&text, question.flag(1))),
        "bytes_splitlines" => parts(&text, split::splitlines::<Ascii>(&text, question.flag(1))),
        "partition" => three(&text, split::partition(&text, &question.bytes(1))),
        "rpartition" => three(&text, split::rpartition(&text, &question.bytes(1))),
        "strip_space" => to_hex(&text[strip_spaces::<Unicode>(&text, question.side(1))]),
        "bytes_strip_space" => to_hex(&text[strip_spaces::<Ascii>(&text, question.side(1))]),
        "strip" => to_hex(
            &text[strip_chars(Text::trusted(&text), Text::trusted(&question.bytes(2)), question.side(1))],
        ),
        "bytes_strip" => to_hex(&text[strip_bytes(&text, &question.bytes(2), question.side(1))]),
        _ => return None,
    })
}

fn conversions(name: &str, question: &Question<'_>) -> Option<String> {
    let bytes = question.bytes(0);
    let text = Text::trusted(&bytes);
    let units = if name.starts_with("bytes_") { Units::Bytes } else { Units::CodePoints };
    Some(match name {
        "lower" => hex_text(&case::lower(text)),
        "upper" => hex_text(&case::upper(text)),
        "title" => hex_text(&case::title(text)),
        "capitalize" => hex_text(&case::capitalize(text)),
        "swapcase" => hex_text(&case::swapcase(text)),
        "casefold" => hex_text(&case::casefold(text)),
        "bytes_title" => to_hex(&converted(case::title_bytes, &bytes)),
        "bytes_capitalize" => to_hex(&converted(case::capitalize_bytes, &bytes)),
        "bytes_swapcase" => to_hex(&converted(case::swapcase_bytes, &bytes)),
        "is" => [
            predicate::is_alpha(text),
            predicate::is_alnum(text),
            predicate::is_decimal(text),
            predicate::is_digit(text),
            predicate::is_numeric(text),
            predicate::is_space(text),
            predicate::is_printable(text),
            predicate::is_identifier(text),
            case::all_lower(text.code_points()),
            case::all_upper(text.code_points()),
            case::all_title(text.code_points()),
            text.is_ascii(),
        ]
        .map(|flag| if flag { "1" } else { "0" })
        .concat(),
        "bytes_is" => [
            predicate::is_alpha_bytes(&bytes),
            predicate::is_alnum_bytes(&bytes),
            predicate::is_digit_bytes(&bytes),
            predicate::is_space_bytes(&bytes),
            predicate::is_lower_bytes(&bytes),
            predicate::is_upper_bytes(&bytes),
            predicate::is_title_bytes(&bytes),
        ]
        .map(|flag| if flag { "1" } else { "0" })
        .concat(),
        "replace" | "bytes_replace" => {
            let (old, new) = (question.bytes(1), question.bytes(2));
            match replace(&bytes, &old, &new, question.limit(3), units) {
                Replace::Unchanged => to_hex(&bytes),
                Replace::TooLong => "too long".into(),
                Replace::Write(plan) => written(Some(plan.size()), |out| plan.write(out, units)),
            }
        }
        "center" | "ljust" | "rjust" => {
            let (width, fill) = (question.number(1).max(0) as usize, question.bytes(2));
            let len = text.count();
            let (left, right) = match name {
                "center" => pad::center_margins(len, width),
                "ljust" => (0, width.saturating_sub(len)),
                _ => (width.saturating_sub(len), 0),
            };
            written(pad::padded_size(&bytes, left, right, &fill), |out| {
                pad::pad(&bytes, left, right, &fill, out);
            })
        }
        "zfill" => {
            let zeros = (question.number(1).max(0) as usize).saturating_sub(text.count());
            written(Some(bytes.len() + zeros), |out| pad::zfill(&bytes, zeros, out))
        }
        "expandtabs" | "bytes_expandtabs" => {
            let tab_size = question.number(1).max(0) as usize;
            let size = pad::expanded_size(&bytes, tab_size, units);
            written(size, |out| pad::expandtabs(&bytes, tab_size, units, out))
        }
        "translate" => translated(text, question),
        "bytes_translate" => {
            let table = question.bytes(1);
            to_hex(&translate_bytes(&bytes, table.first_chunk(), &question.bytes(2)))
        }
        "join" => {
            let list = question.list(1);
            let parts = || list.iter().map(Vec::as_slice);
            let size = joined_size(bytes.len(), parts().map(<[u8]>::len));
            written(size, |out| join(&bytes, parts(), out))
        }
        "repr" => shown(|out| repr::repr(text, out)),
        "ascii" => shown(|out| repr::ascii(text, out)),
        "bytes_repr" => shown(|out| repr::repr_bytes(&bytes, out)),
        "hex" => {
            let separator = question.bytes(1).first().copied();
            let shown = hex::hex(&bytes, separator, question.number(2));
            assert_eq!(
                hex::hex_size(bytes.len(), separator.is_some(), question.number(2)),
                Some(shown.len())
            );
            to_hex(&shown)
        }
        "fromhex" | "bytes_fromhex" => {
            let result = if name == "fromhex" { hex::from_hex_text(text) } else { hex::from_hex(&bytes) };
            match result {
                Ok(bytes) => to_hex(&bytes),
                Err(FromHexError::Invalid(at)) => {
                    format!("non-hexadecimal number found in fromhex() arg at position {at}")
                }
                Err(FromHexError::Odd) => {
                    "fromhex() arg must contain an even number of hexadecimal digits".into()
                }
            }
        }
        "escape_encode" => to_hex(&escape::escape_encode(&bytes)),
        "escape_decode" => {
            match escape::escape_decode(&bytes, HexErrors::from_name(question.field(1).as_bytes())) {
                Ok(result) => format!("{} {}", to_hex(&result.bytes), warning(result.invalid, "b")),
                Err(EscapeError::TrailingBackslash) => "Trailing \\ in string".into(),
                Err(EscapeError::InvalidHex(at)) => format!("invalid \\x escape at position {at}"),
                Err(EscapeError::UnknownErrors) => {
                    format!("decoding error; unknown error handling code: {}", question.field(1))
                }
            }
        }
        "normalize" => {
            let form = Form::from_name(question.field(1).as_bytes())?;
            let version = if question.flag(2) { Version::Ucd3_2_0 } else { Version::Current };
            let normal = normalize(text, form, version);
            format!(
                "{} {}",
                is_normalized(text, form, version),
                normal.map_or_else(|| to_hex(&bytes), |text| hex_text(&text))
            )
        }
        "lookup" => option(names::lookup(&bytes).map(|named| match named {
            Named::Character(code) | Named::Alias(code) => format!("{code:x}"),
            Named::Sequence(text) => {
                text.chars().map(|char| format!("{:x}", u32::from(char))).collect::<Vec<_>>().join("+")
            }
        })),
        "lookup_3_2" => option(ucd_3_2_0::lookup(&bytes).map(|code| format!("{code:x}"))),
        "prompt_width" => width::prompt_width(text).to_string(),
        "traceback_width" => width::traceback_width(text).to_string(),
        _ => return None,
    })
}

fn shown(write: impl FnOnce(&mut TextBuf)) -> String {
    let mut out = TextBuf::new();
    write(&mut out);
    hex_text(&out)
}

fn warning(invalid: Option<InvalidEscape>, prefix: &str) -> String {
    option(invalid.map(|invalid| to_hex(invalid.message(prefix).as_bytes())))
}

/// `translate`; the table is a list of `code=entry`, an entry being `-`, a number or `"` and a text. The answer includes
/// the characters that were asked about.
fn translated(text: Text<'_>, question: &Question<'_>) -> String {
    let entries: Vec<(u32, &str)> = question
        .field(1)
        .split_terminator(',')
        .filter_map(|entry| entry.split_once('='))
        .map(|(code, entry)| (code.parse().expect("a number"), entry))
        .collect();
    let mut asked = Vec::new();
    let result = translate(text, |code| {
        asked.push(code.to_string());
        let entry = entries.iter().find(|entry| entry.0 == code).map(|entry| entry.1);
        Ok::<_, ()>(match entry {
            None => Translation::Keep,
            Some("-") => Translation::Delete,
            Some(entry) => match entry.strip_prefix('"') {
                Some(text) => Translation::Text(Text::trusted(&unhex(text)).into()),
                None => Translation::Code(entry.parse().expect("a number")),
            },
        })
    });
    format!("{} {}", hex_text(&result.expect("no error")), asked.join(","))
}

// --- Codecs ---

/// `decode codec errors final bytes [table]` and `encode codec errors text [table]`.
fn codecs(name: &str, question: &Question<'_>) -> Option<String> {
    match name {
        "decode" => Some(decoded(question)),
        "encode" => Some(encoded(question)),
        "charmap_build" => Some(EncodingMap::new(question.text(0).as_text()).is_some().to_string()),
        "handle_decode" => {
            let policy = Policy::from_name(question.field(0).as_bytes())?;
            let mut out = TextBuf::new();
            let range = question.size(3)..question.size(4);
            Some(
                match errors::handle_decode(policy, question.field(1), &question.bytes(2), range, &mut out) {
                    Ok(position) => format!("{} {position}", hex_text(&out)),
                    Err(refusal) => format!("{refusal:?}"),
                },
            )
        }
        "handle_encode" => {
            let policy = Policy::from_name(question.field(0).as_bytes())?;
            Some(match errors::handle_encode(policy, question.field(1), question.text(2).as_text()) {
                Ok(Replacement::Bytes(bytes)) => format!("bytes {}", to_hex(&bytes)),
                Ok(Replacement::Text(text)) => format!("text {}", hex_text(&text)),
                Err(refusal) => format!("{refusal:?}"),
            })
        }
        "handle_translate" => {
            let policy = Policy::from_name(question.field(0).as_bytes())?;
            Some(match errors::handle_translate(policy, question.text(1).as_text()) {
                Ok(text) => hex_text(&text),
                Err(refusal) => format!("{refusal:?}"),
            })
        }
        _ => None,
    }
}

/// A native handler, or one of our own whose answer depends on how often it was called.
enum Handler {
    Native(Native),
    Custom(usize),
}

impl Handler {
    fn new(name: &str) -> Self {
        Policy::from_name(name.as_bytes()).map_or(Self::Custom(0), |policy| Self::Native(Native(policy)))
    }

    fn next(calls: &mut usize) -> usize {
        *calls += 1;
        *calls - 1
    }
}

impl DecodeErrors for Handler {
    type Error = Raised<DecodeProblem>;

    fn resolve(
        &mut self,
        input: &[u8],
        problem: DecodeProblem,
        out: &mut TextBuf,
    ) -> Result<Resume, Self::Error> {
        let calls = match self {
            Self::Native(native) => return DecodeErrors::resolve(native, input, problem, out),
            Self::Custom(calls) => Self::next(calls),
        };
        let DecodeProblem { start, end, .. } = problem;
        let (text, position, exchange) = match calls % 7 {
            0 => (format!("[{start}-{end}]"), end, false),
            1 => ("é".into(), (end + 1).min(input.len()), false),
            2 => ("\u{1f600}".into(), start, false),
            3 => (String::new(), end, false),
            4 if calls == 4 => ("x".into(), input.len().min(2), true),
            _ => ("y".into(), input.len().min(start + 1), false),
        };
        out.push_str(&text);
        let exchanged = exchange.then(|| input.iter().rev().copied().collect());
        Ok(Resume { position, input: exchanged })
    }
}

impl EncodeErrors for Handler {
    type Error = Raised<EncodeProblem>;

    fn resolve(
        &mut self,
        text: Text<'_>,
        problem: &EncodeProblem,
    ) -> Result<(Replacement, Position), Self::Error> {
        let calls = match self {
            Self::Native(native) => return EncodeErrors::resolve(native, text, problem),
            Self::Custom(calls) => Self::next(calls),
        };
        let len = text.count();
        let (replacement, index) = match calls % 7 {
            0 => (Replacement::Text(format!("[{}]", problem.start).as_str().into()), problem.end),
            1 => (Replacement::Bytes(b"\x00\xff\x00\xfe".into()), (problem.end + 1).min(len)),
            2 => (Replacement::Text("<".into()), problem.start),
            3 => (Replacement::Bytes(Vec::new()), problem.end),
            4 => (Replacement::Bytes(b"ab".into()), problem.end),
            5 => (Replacement::Text("é".into()), problem.end),
            _ => (Replacement::Text("€".into()), problem.end),
        };
        Ok((replacement, Position::Index(index)))
    }

    fn refuse(&mut self, _: Text<'_>, problem: EncodeProblem) -> Self::Error {
        Raised { problem, refusal: Refusal::Raise }
    }
}

fn order(name: &str) -> ByteOrder {
    match name.rsplit_once('_') {
        Some((_, "le")) => ByteOrder::Little,
        Some((_, "be")) => ByteOrder::Big,
        _ => ByteOrder::Native,
    }
}

fn decoded(question: &Question<'_>) -> String {
    let (codec, is_final, input) = (question.field(0), question.flag(2), question.bytes(3));
    let mut handler = Handler::new(question.field(1));
    let mut run =
        |decoder: &mut dyn Decoder<Raised<DecodeProblem>>| match decode(decoder, &input, &mut handler) {
            Ok(decoded) => format!("{} {}", hex_text(&decoded.text), decoded.consumed),
            Err(Raised { problem: DecodeProblem { encoding, start, end, reason }, refusal }) => {
                format!("{refusal:?} {encoding} {start} {end} {reason}")
            }
        };
    match codec {
        "utf_8" => run(&mut Utf8Decoder { is_final }),
        "ascii" => run(&mut AsciiDecoder),
        "latin_1" => run(&mut Latin1Decoder),
        "utf_7" => run(&mut Utf7Decoder::new(is_final)),
        "raw_unicode_escape" => run(&mut RawUnicodeEscapeDecoder { is_final }),
        "unicode_escape" => {
            let mut decoder = UnicodeEscapeDecoder::new(is_final);
            let result = run(&mut decoder);
            format!(
                "{result} {}",
                if result.starts_with("Raise") { "-".into() } else { warning(decoder.invalid_escape(), "") }
            )
        }
        "utf_16" | "utf_16_le" | "utf_16_be" => {
            let mut decoder = Utf16Decoder::new(order(codec), is_final);
            format!("{} {:?}", run(&mut decoder), decoder.order())
        }
        "utf_32" | "utf_32_le" | "utf_32_be" => {
            let mut decoder = Utf32Decoder::new(order(codec), is_final);
            format!("{} {:?}", run(&mut decoder), decoder.order())
        }
        "charmap" => {
            let table = DecodingTable::new(question.text(4).as_text());
            run(&mut CharmapDecoder(|byte| Ok(table.get(byte))))
        }
        "mapping" => run(&mut CharmapDecoder(|byte: u8| {
            Ok(match entry(question.field(4), byte.into()) {
                None => Decoding::Undefined,
                Some(entry) => match entry.strip_prefix('"') {
                    Some(text) => Decoding::Text(Text::trusted(&unhex(text)).into()),
                    None => Decoding::Code(entry.parse().expect("a number")),
                },
            })
        })),
        _ => panic!("no decoder {codec}"),
    }
}

fn encoded(question: &Question<'_>) -> String {
    let (codec, input) = (question.field(0), question.text(2));
    let mut handler = Handler::new(question.field(1));
    let mut run = |encoder: &mut dyn Encoder<Raised<EncodeProblem>>| match encode(
        encoder,
        input.as_text(),
        &mut handler,
    ) {
        Ok(bytes) => to_hex(&bytes),
        Err(Raised { problem: EncodeProblem { encoding, start, end, reason, .. }, refusal }) => {
            format!("{refusal:?} {encoding} {start} {end} {reason}")
        }
    };
    match codec {
        "utf_8" => run(&mut Utf8Encoder),
        "ascii" => run(&mut AsciiEncoder),
        "latin_1" => run(&mut Latin1Encoder),
        "utf_7" => run(&mut Utf7Encoder),
        "unicode_escape" => to_hex(&unicode_escape::encode(input.as_text())),
        "raw_unicode_escape" => to_hex(&raw_unicode_escape::encode(input.as_text())),
        "utf_16" | "utf_16_le" | "utf_16_be" => run(&mut Utf16Encoder { order: order(codec) }),
        "utf_32" | "utf_32_le" | "utf_32_be" => run(&mut Utf32Encoder { order: order(codec) }),
        "charmap" => match EncodingMap::new(question.text(3).as_text()) {
            Some(map) => run(&mut CharmapEncoder(|code| Ok(map.get(code)))),
            None => "no map".into(),
        },
        "mapping" => run(&mut CharmapEncoder(|code| {
            Ok(match entry(question.field(3), code) {
                None => Encoding::Undefined,
                Some(entry) => match entry.strip_prefix('"') {
                    Some(bytes) => Encoding::Bytes(unhex(bytes)),
                    None => Encoding::Byte(entry.parse().expect("a number")),
                },
            })
        })),
        _ => panic!("no encoder {codec}"),
    }
}

/// The entry of a number in a list of `number=entry`.
fn entry(list: &str, wanted: u32) -> Option<&str> {
    let mut entries = list.split_terminator(',').filter_map(|entry| entry.split_once('='));
    entries.find(|entry| entry.0.parse() == Ok(wanted)).map(|entry| entry.1)
}
