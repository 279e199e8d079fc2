//! The language of the `%` operator: `%(key)#0- +*.*lX`, for `str` and `bytes`.
//!
//! The syntax asks for arguments in the middle: a key selects the argument before the rest is looked at, a `*` takes
//! one. So the parser yields [events](Event), and between two of them the caller looks the key up or hands the
//! argument for a `*` back. The order of events is the order in which CPython notices errors.
//!
//! The format is generalised UTF-8 for `str` and any bytes for `bytes`.

use std::fmt;

use crate::number::IntRef;
use crate::number::literal::split_code_point;
use crate::text::search::find_byte;

/// What the format is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flavour {
    /// `str`: widths and positions count characters.
    Text,
    /// `bytes`: they count bytes, and `%b` is known.
    Bytes,
}

/// The flags, `-+ #0`, in any order and number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// `-`
    pub left: bool,
    /// `+`
    pub plus: bool,
    /// A space.
    pub space: bool,
    /// `#`
    pub alternate: bool,
    /// `0`
    pub zero: bool,
}

/// What to make of one argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conversion {
    /// What the format is.
    pub flavour: Flavour,
    /// The flags, with `-` for a negative width.
    pub flags: Flags,
    /// The least number of characters; zero if there is none.
    pub width: usize,
    /// The precision, at most `i32::MAX`.
    pub precision: Option<usize>,
    /// The conversion, one of `diuoxXeEfFgGcrsa` or, in bytes, `b`; or the error of an unknown one, which is due
    /// when the argument has been taken.
    pub letter: Result<u8, PercentError>,
}

impl Conversion {
    /// Whether the conversion is its letter and nothing else.
    pub fn is_plain(&self) -> bool {
        self.flags == Flags::default() && self.width == 0 && self.precision.is_none()
    }
}

/// What the parser met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// Text to copy.
    Literal(&'a [u8]),
    /// `(key)`: the item of the mapping is the argument from here on.
    Key(&'a [u8]),
    /// `*` for the width: the next argument goes to [`Parser::set_width`].
    Width,
    /// `*` for the precision: the next argument goes to [`Parser::set_precision`].
    Precision,
    /// The next argument is converted.
    Conversion(Conversion),
}

/// What is wrong with a format, or with an argument for a `*`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PercentError {
    /// `TypeError`: a key, and the argument is no mapping.
    NotAMapping,
    /// `ValueError`
    IncompleteKey,
    /// `ValueError`
    Incomplete,
    /// `ValueError`
    WidthTooBig,
    /// `ValueError`, worded differently for `str` and `bytes`.
    PrecisionTooBig(Flavour),
    /// `OverflowError`: the argument for a width.
    WidthArgument,
    /// `OverflowError`: the argument for a precision.
    PrecisionArgument,
    /// `ValueError`
    Unsupported {
        /// What the format is.
        flavour: Flavour,
        /// The code point, or byte.
        character: u32,
        /// Its index in the format.
        index: usize,
    },
    /// `OverflowError`: an unsupported byte that is not ASCII. CPython takes it for a negative number, of which it
    /// cannot make a message, unless digits came just before.
    UnsupportedByte,
}

impl PercentError {
    /// The message when an argument for `*` is not an integer, a `TypeError`.
    pub const STAR_WANTS_INT: &'static str = "* wants int";
    /// The message when arguments run out, a `TypeError`.
    pub const NOT_ENOUGH_ARGUMENTS: &'static str = "not enough arguments for format string";
    /// The message when arguments are left over, a `TypeError`; in bytes, `bytes` takes the place of `string`.
    pub const NOT_ALL_CONVERTED: &'static str = "not all arguments converted during string formatting";
}

impl fmt::Display for PercentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            PercentError::NotAMapping => "format requires a mapping",
            PercentError::IncompleteKey => "incomplete format key",
            PercentError::Incomplete => "incomplete format",
            PercentError::WidthTooBig => "width too big",
            PercentError::PrecisionTooBig(Flavour::Text) => "precision too big",
            PercentError::PrecisionTooBig(Flavour::Bytes) => "prec too big",
            PercentError::WidthArgument => "Python int too large to convert to C ssize_t",
            PercentError::PrecisionArgument => "Python int too large to convert to C int",
            PercentError::UnsupportedByte => "character argument not in range(0x110000)",
            PercentError::Unsupported { flavour, character, index } => {
                let shown = match (flavour, u8::try_from(*character)) {
                    (Flavour::Bytes, Ok(byte)) | (Flavour::Text, Ok(byte @ 31..=126)) => char::from(byte),
                    _ => '?',
                };
                return write!(
                    f,
                    "unsupported format character '{shown}' (0x{character:x}) at index {index}"
                );
            }
        })
    }
}

/// What comes next inside a conversion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Literal,
    Key,
    Flags,
    Width,
    Point,
    Letter,
}

/// Reads a format from left to right.
#[derive(Clone, Debug)]
pub struct Parser<'a> {
    format: &'a [u8],
    position: usize,
    stage: Stage,
    has_mapping: bool,
    conversion: Conversion,
}

impl<'a> Parser<'a> {
    /// A parser at the start of a format; `has_mapping` tells whether the argument is a mapping.
    pub fn new(format: &'a [u8], flavour: Flavour, has_mapping: bool) -> Self {
        let conversion =
            Conversion { flavour, flags: Flags::default(), width: 0, precision: None, letter: Ok(b's') };
        Parser { format, position: 0, stage: Stage::Literal, has_mapping, conversion }
    }

    /// The argument for [`Event::Width`]; a negative one also means `-`.
    pub fn set_width(&mut self, width: IntRef<'_>) -> Result<(), PercentError> {
        let width = width.to_i64().ok_or(PercentError::WidthArgument)?;
        self.conversion.flags.left |= width < 0;
        // The one width that has no absolute value stays negative in CPython, and pads nothing.
        self.conversion.width = width.checked_abs().map_or(0, |width| width as usize);
        Ok(())
    }

    /// The argument for [`Event::Precision`]; a negative one means zero.
    pub fn set_precision(&mut self, precision: IntRef<'_>) -> Result<(), PercentError> {
        let precision = precision.to_i64().and_then(|precision| i32::try_from(precision).ok());
        let precision = precision.ok_or(PercentError::PrecisionArgument)?;
        self.conversion.precision = Some(usize::try_from(precision).unwrap_or(0));
        Ok(())
    }

    /// What comes before the next conversion, and that, if it is one of the usual letters and nothing else. Most are, so
    /// that few formats are looked at in stages.
    #[inline]
    pub fn plain(&mut self) -> Option<(&'a [u8], Conversion)> {
        if self.stage != Stage::Literal {
            return None;
        }
        let rest = &self.format[self.position..];
        let length = find_byte(rest, b'%')?;
        let &letter = rest.get(length + 1)?;
        if !matches!(letter, b's' | b'd' | b'r' | b'x' | b'f' | b'g' | b'c' | b'a') {
            return None;
        }
        self.position += length + 2;
        let flavour = self.conversion.flavour;
        Some((
            &rest[..length],
            Conversion { flavour, flags: Flags::default(), width: 0, precision: None, letter: Ok(letter) },
        ))
    }

    fn peek(&self) -> Option<u8> {
        self.format.get(self.position).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let taken = self.peek() == Some(byte);
        self.position += usize::from(taken);
        taken
    }

    fn step(&mut self) -> Result<Option<Event<'a>>, PercentError> {
        loop {
            let event = match self.stage {
                Stage::Literal if self.position == self.format.len() => return Ok(None),
                Stage::Literal => self.literal()?,
                Stage::Key => self.key()?,
                Stage::Flags => self.flags(),
                Stage::Width => self.width()?,
                Stage::Point => self.precision()?,
                Stage::Letter => Some(self.letter()?),
            };
            if event.is_some() {
                return Ok(event);
            }
        }
    }

    /// Text up to the next conversion, or a doubled percent sign.
    fn literal(&mut self) -> Result<Option<Event<'a>>, PercentError> {
        let start = self.position;
        let length = memchr::memchr(b'%', &self.format[start..]);
        self.position = length.map_or(self.format.len(), |length| start + length);
        if self.position > start {
            return Ok(Some(Event::Literal(&self.format[start..self.position])));
        }
        self.position += 1;
        let doubled = self.position;
        match self.peek() {
            None => Err(PercentError::Incomplete),
            Some(b'%') => {
                self.position += 1;
                Ok(Some(Event::Literal(&self.format[doubled..self.position])))
            }
            Some(_) => {
                self.stage = Stage::Key;
                self.conversion =
                    Conversion { flags: Flags::default(), width: 0, precision: None, ..self.conversion };
                Ok(None)
            }
        }
    }

    /// `(key)`, where the key may contain balanced parentheses.
    fn key(&mut self) -> Result<Option<Event<'a>>, PercentError> {
        self.stage = Stage::Flags;
        if !self.take(b'(') {
            return Ok(None);
        }
        if !self.has_mapping {
            return Err(PercentError::NotAMapping);
        }
        let start = self.position;
        let mut depth = 1;
        while depth > 0 {
            match self.peek().ok_or(PercentError::IncompleteKey)? {
                b'(' => depth += 1,
                b')' => depth -= 1,
                _ => {}
            }
            self.position += 1;
        }
        Ok(Some(Event::Key(&self.format[start..self.position - 1])))
    }

    fn flags(&mut self) -> Option<Event<'a>> {
        let flags = &mut self.conversion.flags;
        while let Some(&byte) = self.format.get(self.position) {
            match byte {
                b'-' => flags.left = true,
                b'+' => flags.plus = true,
                b' ' => flags.space = true,
                b'#' => flags.alternate = true,
                b'0' => flags.zero = true,
                _ => break,
            }
            self.position += 1;
        }
        self.stage = Stage::Width;
        None
    }

    fn width(&mut self) -> Result<Option<Event<'a>>, PercentError> {
        self.stage = Stage::Point;
        if self.take(b'*') {
            return Ok(Some(Event::Width));
        }
        self.conversion.width = self.number(isize::MAX as usize).ok_or(PercentError::WidthTooBig)?;
        Ok(None)
    }

    fn precision(&mut self) -> Result<Option<Event<'a>>, PercentError> {
        self.stage = Stage::Letter;
        if !self.take(b'.') {
            return Ok(None);
        }
        if self.take(b'*') {
            return Ok(Some(Event::Precision));
        }
        let flavour = self.conversion.flavour;
        let precision = self.number(i32::MAX as usize).ok_or(PercentError::PrecisionTooBig(flavour))?;
        self.conversion.precision = Some(precision);
        Ok(None)
    }

    /// Decimal digits, perhaps none; `None` beyond the limit.
    fn number(&mut self, limit: usize) -> Option<usize> {
        let mut number = 0usize;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            number = number.checked_mul(10)?.checked_add(usize::from(digit - b'0'))?;
            if number > limit {
                return None;
            }
            self.position += 1;
        }
        Some(number)
    }

    /// A length modifier, which means nothing, and the conversion.
    fn letter(&mut self) -> Result<Event<'a>, PercentError> {
        if matches!(self.peek(), Some(b'h' | b'l' | b'L')) {
            self.position += 1;
        }
        self.stage = Stage::Literal;
        let start = self.position;
        let letter = self.peek().ok_or(PercentError::Incomplete)?;
        let (character, length) = match self.conversion.flavour {
            Flavour::Bytes => (u32::from(letter), 1),
            Flavour::Text => {
                let rest = &self.format[start..];
                split_code_point(rest)
                    .map_or((0, 1), |(character, tail)| (character, rest.len() - tail.len()))
            }
        };
        self.position += length;
        let known = match letter {
            b'd' | b'i' | b'u' | b'o' | b'x' | b'X' | b'e' | b'E' | b'f' | b'F' | b'g' | b'G' => true,
            b'c' | b'r' | b's' | b'a' => true,
            b'b' => self.conversion.flavour == Flavour::Bytes,
            _ => false,
        };
        let letter = if known { Ok(letter) } else { Err(self.unsupported(character, start)) };
        Ok(Event::Conversion(Conversion { letter, ..self.conversion }))
    }

    fn unsupported(&self, character: u32, offset: usize) -> PercentError {
        let flavour = self.conversion.flavour;
        let before = &self.format[..offset];
        let index = match flavour {
            Flavour::Bytes if character > 127 && !Self::ends_with_number(before) => {
                return PercentError::UnsupportedByte;
            }
            Flavour::Bytes => offset,
            Flavour::Text => before.iter().filter(|&&byte| byte & 0xC0 != 0x80).count(),
        };
        PercentError::Unsupported { flavour, character, index }
    }

    /// Whether the last character of a conversion so far belongs to its width or precision: a digit, which after
    /// other flags than zeros, or with a value, is not a flag.
    fn ends_with_number(conversion: &[u8]) -> bool {
        let digits = conversion.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
        let zeros_are_flags = conversion[conversion.len() - digits..].iter().all(|&byte| byte == b'0');
        let after_point =
            conversion.len().checked_sub(digits + 1).is_some_and(|index| conversion[index] == b'.');
        digits > 0 && (after_point || !zeros_are_flags)
    }
}

impl<'a> Iterator for Parser<'a> {
    type Item = Result<Event<'a>, PercentError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.step().transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(format: &str) -> Vec<Result<Event<'_>, PercentError>> {
        let mut events = Vec::new();
        for event in Parser::new(format.as_bytes(), Flavour::Text, true) {
            events.push(event);
            if event.is_err() {
                break;
            }
        }
        events
    }

    fn conversion(format: &str) -> Conversion {
        match events(format)[..] {
            [Ok(Event::Conversion(conversion))] => conversion,
            ref other => panic!("{format}: {other:?}"),
        }
    }

    #[test]
    fn literals_and_percent_signs() {
        let expected = [Ok(Event::Literal(&b"a"[..])), Ok(Event::Literal(b"%")), Ok(Event::Literal(b"b"))];
        assert_eq!(events("a%%b"), expected);
        assert_eq!(events(""), []);
    }

    #[test]
    fn all_parts() {
        let all = conversion("%-+ #05.3lx");
        assert_eq!(all.flags, Flags { left: true, plus: true, space: true, alternate: true, zero: true });
        assert_eq!((all.width, all.precision, all.letter), (5, Some(3), Ok(b'x')));
        assert_eq!(conversion("%.d").precision, Some(0));
        assert_eq!(events("%(a(b)c)s")[0], Ok(Event::Key(b"a(b)c")));
    }

    #[test]
    fn stars_take_arguments() {
        let mut parser = Parser::new(b"%*.*f", Flavour::Text, false);
        assert_eq!(parser.next(), Some(Ok(Event::Width)));
        parser.set_width((-7).into()).unwrap();
        assert_eq!(parser.next(), Some(Ok(Event::Precision)));
        parser.set_precision((-1).into()).unwrap();
        let Some(Ok(Event::Conversion(conversion))) = parser.next() else { panic!() };
        assert_eq!((conversion.width, conversion.flags.left, conversion.precision), (7, true, Some(0)));
        assert_eq!(parser.next(), None);
        assert_eq!(parser.set_precision((1 << 31).into()), Err(PercentError::PrecisionArgument));
        let huge = dashu_int::IBig::ONE << 70;
        assert_eq!(parser.set_width((&huge).into()), Err(PercentError::WidthArgument));
    }

    #[test]
    fn errors() {
        assert_eq!(events("%"), [Err(PercentError::Incomplete)]);
        assert_eq!(events("%5"), [Err(PercentError::Incomplete)]);
        assert_eq!(events("%l"), [Err(PercentError::Incomplete)]);
        assert_eq!(events("%(a"), [Err(PercentError::IncompleteKey)]);
        assert_eq!(events("%9999999999999999999d"), [Err(PercentError::WidthTooBig)]);
        assert_eq!(events("%.2147483648d"), [Err(PercentError::PrecisionTooBig(Flavour::Text))]);
        let mapping = Parser::new(b"%(a", Flavour::Text, false).next();
        assert_eq!(mapping, Some(Err(PercentError::NotAMapping)));
    }

    #[test]
    fn unsupported_conversions() {
        let message = |format| conversion(format).letter.unwrap_err().to_string();
        assert_eq!(message("%y"), "unsupported format character 'y' (0x79) at index 1");
        assert_eq!(message("%5%"), "unsupported format character '%' (0x25) at index 2");
        assert_eq!(message("%b"), "unsupported format character 'b' (0x62) at index 1");
        assert_eq!(events("é%\u{1F600}")[1].unwrap(), {
            let letter =
                Err(PercentError::Unsupported { flavour: Flavour::Text, character: 0x1F600, index: 2 });
            Event::Conversion(Conversion { letter, ..conversion("%s") })
        });
    }

    #[test]
    fn unsupported_bytes() {
        let error = |format: &[u8]| match Parser::new(format, Flavour::Bytes, false).next() {
            Some(Ok(Event::Conversion(Conversion { letter: Err(error), .. }))) => error,
            other => panic!("{other:?}"),
        };
        assert_eq!(error(b"%\xFF"), PercentError::UnsupportedByte);
        assert_eq!(error(b"%0\xFF"), PercentError::UnsupportedByte);
        assert_eq!(error(b"%1l\xFF"), PercentError::UnsupportedByte);
        assert_eq!(error(b"%10\xFF").to_string(), "unsupported format character '\u{ff}' (0xff) at index 3");
        assert_eq!(error(b"%.0\xFF").to_string(), "unsupported format character '\u{ff}' (0xff) at index 3");
        assert_eq!(error(b"%\n").to_string(), "unsupported format character '\n' (0xa) at index 1");
    }
}
