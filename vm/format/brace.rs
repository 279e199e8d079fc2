//! The language of `str.format`: literal text and fields, `{name.attribute[index]!conversion:spec}`.
//!
//! [`Markup`] splits a format into literals and fields without looking into them, which is also what
//! `_string.formatter_parser` returns. [`FieldName`] splits a field's name, as `_string.formatter_field_name_split`
//! does. [`Numbering`] gives numbers to fields without a name and refuses a mixture. A field's specification may
//! contain fields itself, to [a depth](DEEPEST_FIELD) of two; they share the numbering.
//!
//! All text is generalised UTF-8; syntax is ASCII, so that slices never split a character.

use std::fmt;

use crate::number::literal::{Classify, split_code_point};

use super::spec::{push_digit, split_decimal};

/// Fields in a format, and fields in their specifications; further down, [`BraceError::TooDeep`].
pub const DEEPEST_FIELD: usize = 2;

/// What is wrong with a format: a `ValueError`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BraceError {
    /// A `}` that closes nothing.
    SingleClose,
    /// A `{` at the end.
    SingleOpen,
    /// A `{` inside a field's name.
    OpenInName,
    /// No `}` after a field's name.
    ExpectedClose,
    /// `!` at the end.
    NoConversion,
    /// More than one character after `!`.
    LongConversion,
    /// A specification without its `}`.
    UnmatchedInSpec,
    /// `!` with something else than `r`, `s`, `a`.
    UnknownConversion(u32),
    /// Nothing after `.`, or between `[` and `]`.
    EmptyAttribute,
    /// No `]` after `[`.
    MissingBracket,
    /// Something else than `.` or `[` after `]`.
    AfterBracket,
    /// An index beyond the largest size.
    TooManyDigits,
    /// `{}` after `{0}`.
    ManualToAutomatic,
    /// `{0}` after `{}`.
    AutomaticToManual,
    /// Fields within fields within fields.
    TooDeep,
}

impl fmt::Display for BraceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            BraceError::SingleClose => "Single '}' encountered in format string",
            BraceError::SingleOpen => "Single '{' encountered in format string",
            BraceError::OpenInName => "unexpected '{' in field name",
            BraceError::ExpectedClose => "expected '}' before end of string",
            BraceError::NoConversion => "end of string while looking for conversion specifier",
            BraceError::LongConversion => "expected ':' after conversion specifier",
            BraceError::UnmatchedInSpec => "unmatched '{' in format spec",
            BraceError::EmptyAttribute => "Empty attribute in format string",
            BraceError::MissingBracket => "Missing ']' in format string",
            BraceError::AfterBracket => "Only '.' or '[' may follow ']' in format field specifier",
            BraceError::TooManyDigits => "Too many decimal digits in format string",
            BraceError::ManualToAutomatic => {
                "cannot switch from manual field specification to automatic field numbering"
            }
            BraceError::AutomaticToManual => {
                "cannot switch from automatic field numbering to manual field specification"
            }
            BraceError::TooDeep => "Max string recursion exceeded",
            BraceError::UnknownConversion(character) => {
                return match u8::try_from(*character) {
                    Ok(byte @ 33..=126) => write!(f, "Unknown conversion specifier {}", char::from(byte)),
                    _ => write!(f, "Unknown conversion specifier \\x{character:x}"),
                };
            }
        })
    }
}

/// A field between braces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field<'a> {
    /// What comes first: see [`FieldName`].
    pub name: &'a [u8],
    /// The character after `!`.
    pub conversion: Option<u32>,
    /// What follows the `:`.
    pub spec: &'a [u8],
    /// Whether the specification contains fields.
    pub spec_is_nested: bool,
}

/// How a field's value is turned into text before it is formatted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextConversion {
    /// `!r`
    Repr,
    /// `!s`
    Str,
    /// `!a`
    Ascii,
}

impl Field<'_> {
    /// The meaning of the conversion, if there is one.
    pub fn text_conversion(&self) -> Result<Option<TextConversion>, BraceError> {
        Ok(Some(match self.conversion {
            None => return Ok(None),
            Some(character) => match u8::try_from(character) {
                Ok(b'r') => TextConversion::Repr,
                Ok(b's') => TextConversion::Str,
                Ok(b'a') => TextConversion::Ascii,
                _ => return Err(BraceError::UnknownConversion(character)),
            },
        }))
    }
}

/// Literal text, with doubled braces made single, and the field after it, if any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chunk<'a> {
    /// The text.
    pub literal: &'a [u8],
    /// The field. A doubled brace ends a chunk without one.
    pub field: Option<Field<'a>>,
}

/// Splits a format into chunks. After an error there are no more.
#[derive(Clone, Debug)]
pub struct Markup<'a> {
    rest: &'a [u8],
}

impl<'a> Markup<'a> {
    /// From the start of a format.
    pub fn new(format: &'a [u8]) -> Self {
        Markup { rest: format }
    }

    fn chunk(&mut self) -> Result<Chunk<'a>, BraceError> {
        let text = self.rest;
        let Some(brace) = memchr::memchr2(b'{', b'}', text) else {
            self.rest = b"";
            return Ok(Chunk { literal: text, field: None });
        };
        if text.get(brace + 1) == Some(&text[brace]) {
            self.rest = &text[brace + 2..];
            return Ok(Chunk { literal: &text[..=brace], field: None });
        }
        if text[brace] == b'}' {
            return Err(BraceError::SingleClose);
        }
        if brace + 1 == text.len() {
            return Err(BraceError::SingleOpen);
        }
        self.rest = &text[brace + 1..];
        Ok(Chunk { literal: &text[..brace], field: Some(self.field()?) })
    }

    /// The field after its opening brace.
    fn field(&mut self) -> Result<Field<'a>, BraceError> {
        let (length, end) = find_name_end(self.rest)?;
        let name = &self.rest[..length];
        self.rest = &self.rest[length + 1..];
        let mut field = Field { name, conversion: None, spec: b"", spec_is_nested: false };
        if end == b'!' {
            let (conversion, rest) = split_code_point(self.rest).ok_or(BraceError::NoConversion)?;
            // NUL stands for no conversion, as it does in CPython.
            field.conversion = Some(conversion).filter(|&conversion| conversion != 0);
            self.rest = rest;
            match self.rest.split_first() {
                Some((b'}', rest)) => {
                    self.rest = rest;
                    return Ok(field);
                }
                Some((b':', rest)) => self.rest = rest,
                Some(_) => return Err(BraceError::LongConversion),
                None => return Err(BraceError::UnmatchedInSpec),
            }
        }
        if end != b'}' {
            let length = find_spec_end(self.rest)?;
            field.spec = &self.rest[..length];
            field.spec_is_nested = field.spec.contains(&b'{');
            self.rest = &self.rest[length + 1..];
        }
        Ok(field)
    }
}

/// The length of a field's name and the character that ends it; brackets hide such characters.
fn find_name_end(text: &[u8]) -> Result<(usize, u8), BraceError> {
    let mut in_brackets = false;
    for (index, &byte) in text.iter().enumerate() {
        match byte {
            b']' if in_brackets => in_brackets = false,
            _ if in_brackets => {}
            b'[' => in_brackets = true,
            b'{' => return Err(BraceError::OpenInName),
            b'}' | b':' | b'!' => return Ok((index, byte)),
            _ => {}
        }
    }
    Err(BraceError::ExpectedClose)
}

/// The length of a specification, within which braces balance.
fn find_spec_end(text: &[u8]) -> Result<usize, BraceError> {
    let mut depth = 0usize;
    for (index, &byte) in text.iter().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 0 => return Ok(index),
            b'}' => depth -= 1,
            _ => {}
        }
    }
    Err(BraceError::UnmatchedInSpec)
}

impl<'a> Iterator for Markup<'a> {
    type Item = Result<Chunk<'a>, BraceError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let chunk = self.chunk();
        if chunk.is_err() {
            self.rest = b"";
        }
        Some(chunk)
    }
}

/// The start of a field's name: which argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Argument<'a> {
    /// Nothing: the next positional argument.
    Next,
    /// A positional argument.
    Index(usize),
    /// A keyword argument.
    Keyword(&'a [u8]),
}

/// One step from an object to a part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accessor<'a> {
    /// `.name`
    Attribute(&'a [u8]),
    /// `[number]`
    Index(usize),
    /// `[text]`
    Key(&'a [u8]),
}

/// A field's name: an argument, and accessors applied to it, which this iterates over.
#[derive(Clone)]
pub struct FieldName<'a> {
    argument: Argument<'a>,
    rest: &'a [u8],
    classify: Classify<'a>,
}

impl<'a> FieldName<'a> {
    /// Splits a name. Its accessors are checked as they are reached.
    pub fn new(name: &'a [u8], classify: Classify<'a>) -> Result<Self, BraceError> {
        let length = name.iter().position(|byte| matches!(byte, b'.' | b'[')).unwrap_or(name.len());
        let (first, rest) = name.split_at(length);
        let argument = match parse_index(first, classify)? {
            Some(index) => Argument::Index(index),
            None if first.is_empty() => Argument::Next,
            None => Argument::Keyword(first),
        };
        Ok(FieldName { argument, rest, classify })
    }

    /// The argument to start from.
    pub fn argument(&self) -> Argument<'a> {
        self.argument
    }

    fn accessor(&mut self) -> Result<Accessor<'a>, BraceError> {
        let (first, rest) = (self.rest[0], &self.rest[1..]);
        let name;
        match first {
            b'.' => {
                let length = rest.iter().position(|byte| matches!(byte, b'.' | b'[')).unwrap_or(rest.len());
                (name, self.rest) = rest.split_at(length);
            }
            b'[' => {
                let length = rest.iter().position(|&byte| byte == b']').ok_or(BraceError::MissingBracket)?;
                (name, self.rest) = (&rest[..length], &rest[length + 1..]);
            }
            _ => return Err(BraceError::AfterBracket),
        }
        let index = if first == b'[' { parse_index(name, self.classify)? } else { None };
        match index {
            _ if name.is_empty() => Err(BraceError::EmptyAttribute),
            Some(index) => Ok(Accessor::Index(index)),
            None if first == b'[' => Ok(Accessor::Key(name)),
            None => Ok(Accessor::Attribute(name)),
        }
    }
}

impl<'a> Iterator for FieldName<'a> {
    type Item = Result<Accessor<'a>, BraceError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let accessor = self.accessor();
        if accessor.is_err() {
            self.rest = b"";
        }
        Some(accessor)
    }
}

/// The number that text consisting of decimal digits is; `None` for other text.
fn parse_index(text: &[u8], classify: Classify<'_>) -> Result<Option<usize>, BraceError> {
    if text.is_empty() {
        return Ok(None);
    }
    let mut index = 0;
    let mut rest = text;
    while !rest.is_empty() {
        let Some((digit, tail)) = split_decimal(rest, classify) else { return Ok(None) };
        index = push_digit(index, digit).ok_or(BraceError::TooManyDigits)?;
        rest = tail;
    }
    Ok(Some(index))
}

/// Whether the fields of a format are numbered by the format or by their order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Numbering {
    /// No field told yet.
    #[default]
    Unknown,
    /// By the format.
    Manual,
    /// By order; the next number.
    Automatic(usize),
}

impl Numbering {
    /// Numbers an argument that has neither index nor keyword.
    pub fn resolve<'a>(&mut self, argument: Argument<'a>) -> Result<Argument<'a>, BraceError> {
        match (argument, *self) {
            (Argument::Keyword(_), _) => Ok(argument),
            (Argument::Next, Numbering::Manual) => Err(BraceError::ManualToAutomatic),
            (Argument::Index(_), Numbering::Automatic(_)) => Err(BraceError::AutomaticToManual),
            (Argument::Index(_), _) => {
                *self = Numbering::Manual;
                Ok(argument)
            }
            (Argument::Next, Numbering::Unknown) => {
                *self = Numbering::Automatic(1);
                Ok(Argument::Index(0))
            }
            (Argument::Next, Numbering::Automatic(next)) => {
                *self = Numbering::Automatic(next + 1);
                Ok(Argument::Index(next))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::literal::NonAscii;

    fn chunks(format: &str) -> Result<Vec<Chunk<'_>>, BraceError> {
        Markup::new(format.as_bytes()).collect()
    }

    fn literal(text: &str) -> Chunk<'_> {
        Chunk { literal: text.as_bytes(), field: None }
    }

    #[test]
    fn literals_and_fields() {
        assert_eq!(chunks("a{{b}}c"), Ok(vec![literal("a{"), literal("b}"), literal("c")]));
        let field =
            Field { name: b"0.a[}!:]", conversion: Some('r' as u32), spec: b">{1}", spec_is_nested: true };
        assert_eq!(chunks("x{0.a[}!:]!r:>{1}}"), Ok(vec![Chunk { literal: b"x", field: Some(field) }]));
        let empty = Field { name: b"", conversion: None, spec: b"", spec_is_nested: false };
        assert_eq!(chunks("{}{:}"), Ok(vec![Chunk { literal: b"", field: Some(empty) }; 2]));
    }

    #[test]
    fn broken_formats() {
        for (format, error) in [
            ("}", BraceError::SingleClose),
            ("a}b", BraceError::SingleClose),
            ("{", BraceError::SingleOpen),
            ("{a", BraceError::ExpectedClose),
            ("{a{", BraceError::OpenInName),
            ("{a[", BraceError::ExpectedClose),
            ("{!", BraceError::NoConversion),
            ("{!r", BraceError::UnmatchedInSpec),
            ("{!rr}", BraceError::LongConversion),
            ("{:", BraceError::UnmatchedInSpec),
            ("{:{}", BraceError::UnmatchedInSpec),
        ] {
            assert_eq!(chunks(format), Err(error), "{format}");
        }
    }

    fn name(name: &str) -> Result<(Argument<'_>, Vec<Accessor<'_>>), BraceError> {
        let classify: Classify<'_> = &|c: u32| if c == 0x663 { NonAscii::Digit(3) } else { NonAscii::Other };
        let field = FieldName::new(name.as_bytes(), classify)?;
        Ok((field.argument(), field.collect::<Result<_, _>>()?))
    }

    #[test]
    fn names() {
        assert_eq!(name(""), Ok((Argument::Next, vec![])));
        assert_eq!(name("1\u{663}"), Ok((Argument::Index(13), vec![])));
        assert_eq!(
            name("a.b[1][x].c"),
            Ok((
                Argument::Keyword(b"a"),
                vec![
                    Accessor::Attribute(b"b"),
                    Accessor::Index(1),
                    Accessor::Key(b"x"),
                    Accessor::Attribute(b"c")
                ]
            ))
        );
        assert_eq!(name(".a"), Ok((Argument::Next, vec![Accessor::Attribute(b"a")])));
        assert_eq!(name("-1"), Ok((Argument::Keyword(b"-1"), vec![])));
        assert_eq!(name("a."), Err(BraceError::EmptyAttribute));
        assert_eq!(name("a[]"), Err(BraceError::EmptyAttribute));
        assert_eq!(name("a[b"), Err(BraceError::MissingBracket));
        assert_eq!(name("a[b]c"), Err(BraceError::AfterBracket));
        assert_eq!(name("99999999999999999999"), Err(BraceError::TooManyDigits));
    }

    #[test]
    fn numbering_is_one_or_the_other() {
        let mut numbering = Numbering::default();
        assert_eq!(numbering.resolve(Argument::Keyword(b"a")), Ok(Argument::Keyword(b"a")));
        assert_eq!(numbering.resolve(Argument::Next), Ok(Argument::Index(0)));
        assert_eq!(numbering.resolve(Argument::Next), Ok(Argument::Index(1)));
        assert_eq!(numbering.resolve(Argument::Index(0)), Err(BraceError::AutomaticToManual));
        let mut numbering = Numbering::default();
        assert_eq!(numbering.resolve(Argument::Index(7)), Ok(Argument::Index(7)));
        assert_eq!(numbering.resolve(Argument::Next), Err(BraceError::ManualToAutomatic));
    }

    #[test]
    fn conversions() {
        let conversion = |format: &str| chunks(format).unwrap()[0].field.unwrap().text_conversion();
        assert_eq!(conversion("{!r}"), Ok(Some(TextConversion::Repr)));
        assert_eq!(conversion("{!\0}"), Ok(None));
        assert_eq!(conversion("{!x}").unwrap_err().to_string(), "Unknown conversion specifier x");
        assert_eq!(conversion("{!é}").unwrap_err().to_string(), "Unknown conversion specifier \\xe9");
    }
}
