//! The format specification mini-language: `[[fill]align][sign][z][#][0][width][grouping][.precision][grouping][type]`.
//!
//! Parsing is the same for all types except for two defaults, and it already refuses what no type accepts. Whether a
//! type accepts what remains is decided by the function that applies the [`Spec`].

use crate::number::literal::{Classify, NonAscii, split_code_point};

use super::FormatError;

/// Where padding goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// `<`: after the text.
    Left,
    /// `>`: before it.
    Right,
    /// `^`: half before, half after.
    Center,
    /// `=`: between the sign and the digits.
    AfterSign,
}

/// What stands in front of numbers that are not negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// `+`
    Plus,
    /// A space.
    Space,
    /// `-`: nothing, as without a sign.
    Minus,
}

/// What separates groups of digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Separator {
    /// `,`
    Comma,
    /// `_`
    Underscore,
}

impl Separator {
    /// The separator's text.
    pub fn as_byte(self) -> u8 {
        match self {
            Separator::Comma => b',',
            Separator::Underscore => b'_',
        }
    }

    fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            b',' => Some(Separator::Comma),
            b'_' => Some(Separator::Underscore),
            _ => None,
        }
    }
}

/// One code point in generalised UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fill {
    bytes: [u8; 4],
    length: u8,
}

impl Fill {
    /// The padding without a fill character.
    pub const SPACE: Fill = Fill { bytes: [b' ', 0, 0, 0], length: 1 };
    /// The padding of `0` before the width.
    pub const ZERO: Fill = Fill { bytes: [b'0', 0, 0, 0], length: 1 };

    /// The character's text.
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.length)]
    }

    fn new(text: &[u8]) -> Fill {
        let mut fill = Fill { bytes: [0; 4], length: text.len().min(4) as u8 };
        fill.bytes[..usize::from(fill.length)].copy_from_slice(&text[..usize::from(fill.length)]);
        fill
    }
}

/// A parsed specification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spec {
    /// What pads.
    pub fill: Fill,
    /// Where it pads.
    pub align: Align,
    /// The sign option, if one was given.
    pub sign: Option<Sign>,
    /// `z`: a negative zero loses its sign.
    pub no_negative_zero: bool,
    /// `#`
    pub alternate: bool,
    /// The least number of characters.
    pub width: Option<usize>,
    /// How digits before the point are grouped.
    pub grouping: Option<Separator>,
    /// Digits after the point, significant digits, or characters of a string.
    pub precision: Option<usize>,
    /// How digits after the point are grouped.
    pub fraction_grouping: Option<Separator>,
    /// The presentation type, as a code point; zero if omitted and the value's type has no default.
    pub kind: u32,
}

/// What a specification means where it says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Defaults {
    /// The presentation type.
    pub kind: u32,
    /// The alignment.
    pub align: Align,
}

impl Defaults {
    /// Of `int`.
    pub const INT: Defaults = Defaults { kind: 'd' as u32, align: Align::Right };
    /// Of `float` and `complex`.
    pub const FLOAT: Defaults = Defaults { kind: 0, align: Align::Right };
    /// Of `str`.
    pub const STR: Defaults = Defaults { kind: 's' as u32, align: Align::Left };
}

impl Spec {
    /// Parses a specification for a value of the named type.
    pub fn parse(
        text: &[u8],
        defaults: Defaults,
        type_name: &str,
        classify: Classify<'_>,
    ) -> Result<Spec, FormatError> {
        Parser { text, rest: text, type_name, classify }.parse(defaults)
    }

    /// The specification that says nothing.
    pub fn empty(defaults: Defaults) -> Spec {
        Spec {
            fill: Fill::SPACE,
            align: defaults.align,
            sign: None,
            no_negative_zero: false,
            alternate: false,
            width: None,
            grouping: None,
            precision: None,
            fraction_grouping: None,
            kind: defaults.kind,
        }
    }

    /// The presentation type as an ASCII character; NUL if omitted or anything else.
    pub fn letter(&self) -> u8 {
        u8::try_from(self.kind).unwrap_or(0)
    }

    /// How many fill characters go before and after a text of so many characters.
    pub(super) fn padding(&self, length: usize) -> (usize, usize) {
        let padding = self.width.unwrap_or(0).saturating_sub(length);
        match self.align {
            Align::Left | Align::AfterSign => (0, padding),
            Align::Right => (padding, 0),
            Align::Center => (padding / 2, padding - padding / 2),
        }
    }

    /// The error of a type that does not know this presentation type.
    pub fn unknown_kind(&self, type_name: &str) -> FormatError {
        FormatError::value(format!(
            "Unknown format code '{}' for object of type '{type_name}'",
            shown(self.kind)
        ))
    }
}

/// A code point as messages show it.
fn shown(character: u32) -> String {
    match u8::try_from(character) {
        Ok(byte @ 33..=127) => char::from(byte).to_string(),
        _ => format!("\\x{character:x}"),
    }
}

struct Parser<'a> {
    text: &'a [u8],
    rest: &'a [u8],
    type_name: &'a str,
    classify: Classify<'a>,
}

impl Parser<'_> {
    fn parse(mut self, defaults: Defaults) -> Result<Spec, FormatError> {
        let mut spec = Spec::empty(defaults);
        let (has_fill, has_align) = self.fill_and_align(&mut spec);
        spec.sign = self.sign();
        spec.no_negative_zero = self.take(b'z');
        spec.alternate = self.take(b'#');
        if !has_fill && self.take(b'0') {
            spec.fill = Fill::ZERO;
            if !has_align && defaults.align == Align::Right {
                spec.align = Align::AfterSign;
            }
        }
        spec.width = self.number()?;
        spec.grouping = self.separator()?;
        if self.take(b'.') {
            spec.precision = self.number()?;
            spec.fraction_grouping = self.separator()?;
            if spec.precision.is_none() && spec.fraction_grouping.is_none() {
                return Err(FormatError::value("Format specifier missing precision"));
            }
        }
        if let Some(kind) = self.kind()? {
            spec.kind = kind;
        }
        check_grouping(&spec)?;
        Ok(spec)
    }

    /// Fill and alignment; returns which of them were given.
    fn fill_and_align(&mut self, spec: &mut Spec) -> (bool, bool) {
        if let Some((_, after_first)) = split_code_point(self.rest)
            && let Some(align) = alignment(after_first)
        {
            spec.fill = Fill::new(&self.rest[..self.rest.len() - after_first.len()]);
            spec.align = align;
            self.rest = &after_first[1..];
            return (true, true);
        }
        if let Some(align) = alignment(self.rest) {
            spec.align = align;
            self.rest = &self.rest[1..];
            return (false, true);
        }
        (false, false)
    }

    fn sign(&mut self) -> Option<Sign> {
        let sign = match self.rest.first()? {
            b'+' => Sign::Plus,
            b' ' => Sign::Space,
            b'-' => Sign::Minus,
            _ => return None,
        };
        self.rest = &self.rest[1..];
        Some(sign)
    }

    fn take(&mut self, byte: u8) -> bool {
        let taken = self.rest.first() == Some(&byte);
        if taken {
            self.rest = &self.rest[1..];
        }
        taken
    }

    /// Decimal digits, of any script.
    fn number(&mut self) -> Result<Option<usize>, FormatError> {
        let mut number = None;
        while let Some((digit, rest)) = split_decimal(self.rest, self.classify) {
            self.rest = rest;
            number = Some(push_digit(number.unwrap_or(0), digit).ok_or_else(too_many_digits)?);
        }
        Ok(number)
    }

    /// A separator, and not the other one after it.
    fn separator(&mut self) -> Result<Option<Separator>, FormatError> {
        let Some(separator) = self.rest.first().copied().and_then(Separator::from_byte) else {
            return Ok(None);
        };
        self.rest = &self.rest[1..];
        match self.rest.first().copied().and_then(Separator::from_byte) {
            Some(second) if second != separator => {
                Err(FormatError::value("Cannot specify both ',' and '_'."))
            }
            _ => Ok(Some(separator)),
        }
    }

    /// The one character that may be left.
    fn kind(&mut self) -> Result<Option<u32>, FormatError> {
        match split_code_point(self.rest) {
            None => Ok(None),
            Some((kind, [])) => Ok(Some(kind)),
            Some(_) => Err(FormatError::value(
                [
                    b"Invalid format specifier '",
                    self.text,
                    b"' for object of type '",
                    self.type_name.as_bytes(),
                    b"'",
                ]
                .concat(),
            )),
        }
    }
}

fn alignment(text: &[u8]) -> Option<Align> {
    match text.first()? {
        b'<' => Some(Align::Left),
        b'>' => Some(Align::Right),
        b'^' => Some(Align::Center),
        b'=' => Some(Align::AfterSign),
        _ => None,
    }
}

/// A decimal digit of any script at the start of the text, and what follows.
pub(super) fn split_decimal<'a>(text: &'a [u8], classify: Classify<'_>) -> Option<(u8, &'a [u8])> {
    let (character, rest) = split_code_point(text)?;
    let digit = match u8::try_from(character) {
        Ok(byte) if byte.is_ascii() => byte.is_ascii_digit().then(|| byte - b'0')?,
        _ => match classify(character) {
            NonAscii::Digit(digit) => digit,
            NonAscii::Space | NonAscii::Other => return None,
        },
    };
    Some((digit, rest))
}

/// `number * 10 + digit`, up to the largest size an object can have.
pub(super) fn push_digit(number: usize, digit: u8) -> Option<usize> {
    number.checked_mul(10)?.checked_add(usize::from(digit)).filter(|&number| isize::try_from(number).is_ok())
}

pub(super) fn too_many_digits() -> FormatError {
    FormatError::value("Too many decimal digits in format string")
}

/// Which presentation types can group digits.
fn check_grouping(spec: &Spec) -> Result<(), FormatError> {
    let refuse = |separator: Separator| {
        let separator = char::from(separator.as_byte());
        Err(FormatError::value(format!("Cannot specify '{separator}' with '{}'.", shown(spec.kind))))
    };
    if let Some(separator) = spec.grouping {
        match (spec.letter(), separator) {
            (b'd' | b'e' | b'f' | b'g' | b'E' | b'F' | b'G' | b'%', _) => {}
            (b'b' | b'o' | b'x' | b'X', Separator::Underscore) => {}
            _ if spec.kind == 0 => {}
            _ => return refuse(separator),
        }
    }
    match spec.fraction_grouping {
        Some(separator) if spec.letter() == b'n' => refuse(separator),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Spec, FormatError> {
        let classify = |c: u32| {
            if (0x660..0x66A).contains(&c) { NonAscii::Digit((c - 0x660) as u8) } else { NonAscii::Other }
        };
        Spec::parse(text.as_bytes(), Defaults::INT, "int", &classify)
    }

    fn message(text: &str) -> String {
        parse(text).unwrap_err().to_string()
    }

    #[test]
    fn everything_at_once() {
        let spec = parse("é^+z#0\u{661}\u{660},.2_f").unwrap();
        assert_eq!(spec.fill.as_bytes(), "é".as_bytes());
        assert_eq!((spec.align, spec.sign), (Align::Center, Some(Sign::Plus)));
        assert!(spec.no_negative_zero && spec.alternate);
        assert_eq!((spec.width, spec.precision), (Some(10), Some(2)));
        assert_eq!(
            (spec.grouping, spec.fraction_grouping),
            (Some(Separator::Comma), Some(Separator::Underscore))
        );
        assert_eq!(spec.letter(), b'f');
        assert_eq!(parse("").unwrap(), Spec::empty(Defaults::INT));
    }

    #[test]
    fn zero_padding() {
        let spec = parse("05").unwrap();
        assert_eq!((spec.fill, spec.align, spec.width), (Fill::ZERO, Align::AfterSign, Some(5)));
        let spec = parse("<05").unwrap();
        assert_eq!((spec.fill, spec.align), (Fill::ZERO, Align::Left));
        let spec = parse("x<05").unwrap();
        assert_eq!((spec.fill.as_bytes(), spec.width), (&b"x"[..], Some(5)));
        let spec = Spec::parse(b"05", Defaults::STR, "str", &|_| NonAscii::Other).unwrap();
        assert_eq!((spec.fill, spec.align), (Fill::ZERO, Align::Left));
    }

    #[test]
    fn surrogates_fill() {
        let spec = Spec::parse(b"\xED\xA0\x80>5", Defaults::INT, "int", &|_| NonAscii::Other).unwrap();
        assert_eq!(spec.fill.as_bytes(), b"\xED\xA0\x80");
    }

    #[test]
    fn messages() {
        assert_eq!(message(",_"), "Cannot specify both ',' and '_'.");
        assert_eq!(message("._,f"), "Cannot specify both ',' and '_'.");
        assert_eq!(message(",,"), "Cannot specify ',' with ','.");
        assert_eq!(message(",c"), "Cannot specify ',' with 'c'.");
        assert_eq!(message(",x"), "Cannot specify ',' with 'x'.");
        assert_eq!(message(".1,n"), "Cannot specify ',' with 'n'.");
        assert_eq!(message(",\u{1}"), "Cannot specify ',' with '\\x1'.");
        assert_eq!(message(".f"), "Format specifier missing precision");
        assert_eq!(message("10y7"), "Invalid format specifier '10y7' for object of type 'int'");
        assert_eq!(message("9999999999999999999"), "Too many decimal digits in format string");
        assert!(parse("9223372036854775807").is_ok());
        assert!(parse("_x").is_ok());
    }
}
