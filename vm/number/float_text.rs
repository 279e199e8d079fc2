//! Floats as decimal text: `repr`, and the digits behind the formats `e`, `f`, `g`, `%` and none.
//!
//! There are two sources of digits: the shortest that read back as the same float (zmij), and a given number of
//! them, correctly rounded from the exact value (`std`). Everything after that is placement of the decimal point,
//! which [`FloatText`] keeps apart from the digits because the formatters group, pad and localise its pieces.
//!
//! A float has at most 767 significant digits and 1074 decimal places, so a precision beyond is zeros: they are
//! counted, not stored, and whoever writes them decides whether there is room.

use std::fmt::{self, Write};

use smallvec::SmallVec;

use super::float_ops::scale_to_integer;
use super::int_text::SmallDecimal;

/// `repr(value)`, in a buffer on the stack.
#[derive(Clone, Copy, Debug)]
pub struct Repr {
    buffer: [u8; 24],
    length: u8,
}

impl Repr {
    /// The shortest text that reads back as `value`.
    pub fn new(value: f64) -> Self {
        if value.is_finite() {
            let mut buffer = zmij::Buffer::new();
            let text = buffer.format_finite(value).as_bytes();
            if is_python_notation(value, text) {
                return Repr::from_parts(&[text]);
            }
        }
        let sign: &[u8] = if value.is_sign_negative() && !value.is_nan() { b"-" } else { b"" };
        let layout = FloatText::new(value, Style::REPR);
        let point: &[u8] = if layout.has_point() { b"." } else { b"" };
        Repr::from_parts(&[sign, layout.integer(), point, layout.fraction(), layout.suffix()])
    }

    /// The text, all ASCII.
    pub fn as_bytes(&self) -> &[u8] {
        &self.buffer[..usize::from(self.length)]
    }

    fn from_parts(parts: &[&[u8]]) -> Repr {
        let mut repr = Repr { buffer: [0; 24], length: 0 };
        for part in parts {
            let start = usize::from(repr.length);
            repr.buffer[start..start + part.len()].copy_from_slice(part);
            repr.length += part.len() as u8;
        }
        repr
    }
}

/// Whether zmij's text is `repr`'s, too: it is with all digits around the point, in the range where Python writes them
/// so, and with an exponent, if that has two digits or more.
fn is_python_notation(value: f64, text: &[u8]) -> bool {
    let exponent = memchr::memchr(b'e', text).map(|mark| &text[mark + 1..]);
    match exponent {
        None => (1e-4..1e16).contains(&value.abs()) || value == 0.0,
        Some([b'+' | b'-', digits @ ..]) => digits.len() >= 2,
        Some(_) => false,
    }
}

/// How digits are chosen and where the point goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notation {
    /// `e`: one digit before the point, `precision` after it.
    Exponent,
    /// `f`: `precision` digits after the point.
    Fixed,
    /// `g`: `precision` significant digits, without trailing zeros, in whichever of the two is shorter.
    General,
    /// `repr`: the shortest digits that read back.
    Shortest,
}

/// What to make of a float.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// The notation.
    pub notation: Notation,
    /// Its precision; [`Notation::Shortest`] has none.
    pub precision: usize,
    /// `#`: keep the point even if nothing follows, and the trailing zeros of `g`.
    pub alternate: bool,
    /// Add `.0` to what would look like an integer.
    pub point_zero: bool,
    /// `E` and `INF` instead of `e` and `inf`.
    pub upper: bool,
}

impl Style {
    /// The style of `repr`.
    pub const REPR: Style = Style {
        notation: Notation::Shortest,
        precision: 0,
        alternate: false,
        point_zero: true,
        upper: false,
    };

    /// A notation with a precision, otherwise plain.
    pub fn new(notation: Notation, precision: usize) -> Style {
        Style { notation, precision, alternate: false, point_zero: false, upper: false }
    }
}

type DigitBuffer = SmallVec<[u8; 32]>;

/// The text of a float's absolute value, in pieces:
/// `integer`, a point if there is one, `fraction`, `zeros` times `0`, `suffix`.
#[derive(Clone, Debug)]
pub struct FloatText {
    digits: DigitBuffer,
    integer: usize,
    zeros: usize,
    has_point: bool,
    suffix: SmallVec<[u8; 8]>,
}

impl FloatText {
    /// Lays `value` out, ignoring its sign.
    pub fn new(value: f64, style: Style) -> FloatText {
        if !value.is_finite() {
            return FloatText::named(if value.is_nan() { "nan" } else { "inf" }, style.upper);
        }
        let value = value.abs();
        match style.notation {
            Notation::Fixed => FloatText::fixed(value, style),
            Notation::Exponent => {
                let fraction = style.precision.min(MOST_DIGITS);
                FloatText::exponent(Decimal::rounded(value, fraction), style.precision - fraction, style)
            }
            Notation::General => FloatText::general(value, style),
            Notation::Shortest => {
                let decimal = Decimal::shortest(value);
                let plain = (-4..16).contains(&decimal.exponent);
                FloatText::either(decimal, plain, 0, style)
            }
        }
    }

    /// The digits before the point: at least one, except that infinities and NaN have none.
    pub fn integer(&self) -> &[u8] {
        &self.digits[..self.integer]
    }

    /// The digits after the point, except for [`zeros`](Self::zeros).
    pub fn fraction(&self) -> &[u8] {
        &self.digits[self.integer..]
    }

    /// How many zeros follow the fraction.
    pub fn zeros(&self) -> usize {
        self.zeros
    }

    /// Whether there is a point.
    pub fn has_point(&self) -> bool {
        self.has_point
    }

    /// What follows the digits: the exponent with its `e` and sign, a percent sign, or `inf` or `nan`.
    pub fn suffix(&self) -> &[u8] {
        &self.suffix
    }

    /// Whether every digit is zero: a negative number that rounds to this is a negative zero.
    pub fn is_zero(&self) -> bool {
        self.integer > 0 && self.digits.iter().all(|&digit| digit == b'0')
    }

    /// Appends a percent sign.
    #[must_use]
    pub fn percent(mut self) -> FloatText {
        self.suffix.push(b'%');
        self
    }

    fn named(name: &str, upper: bool) -> FloatText {
        let mut suffix: SmallVec<[u8; 8]> = name.as_bytes().into();
        if upper {
            suffix.make_ascii_uppercase();
        }
        FloatText { digits: DigitBuffer::new(), integer: 0, zeros: 0, has_point: false, suffix }
    }

    fn fixed(value: f64, style: Style) -> FloatText {
        let places = style.precision.min(MOST_PLACES);
        let digits = fixed_digits(value, places);
        let integer = digits.len() - places;
        FloatText {
            digits,
            integer,
            zeros: style.precision - places,
            has_point: places > 0 || style.alternate,
            suffix: SmallVec::new(),
        }
    }

    fn general(value: f64, style: Style) -> FloatText {
        let precision = style.precision.max(1);
        let stored = precision.min(MOST_DIGITS);
        let mut decimal = Decimal::rounded(value, stored - 1);
        let mut zeros = precision - stored;
        if !style.alternate {
            decimal.trim_zeros();
            zeros = 0;
        }
        // `.0` needs one of the significant digits for itself.
        let threshold = precision - usize::from(style.point_zero);
        let plain = decimal.exponent >= -4 && i64::from(decimal.exponent) < threshold as i64;
        FloatText::either(decimal, plain, zeros, style)
    }

    fn either(decimal: Decimal, plain: bool, zeros: usize, style: Style) -> FloatText {
        if plain {
            FloatText::positional(decimal, zeros, style)
        } else {
            FloatText::exponent(decimal, zeros, style)
        }
    }

    fn positional(decimal: Decimal, zeros: usize, style: Style) -> FloatText {
        let Decimal { mut digits, exponent } = decimal;
        let integer = if exponent < 0 {
            digits.insert_many(0, std::iter::repeat_n(b'0', exponent.unsigned_abs() as usize));
            1
        } else {
            let integer = exponent as usize + 1;
            if digits.len() < integer {
                digits.resize(integer, b'0');
            }
            integer
        };
        let mut has_point = style.alternate || digits.len() > integer || zeros > 0;
        if style.point_zero && digits.len() == integer && zeros == 0 {
            digits.push(b'0');
            has_point = true;
        }
        FloatText { digits, integer, zeros, has_point, suffix: SmallVec::new() }
    }

    fn exponent(decimal: Decimal, zeros: usize, style: Style) -> FloatText {
        let mut suffix = SmallVec::new();
        suffix.push(if style.upper { b'E' } else { b'e' });
        suffix.push(if decimal.exponent < 0 { b'-' } else { b'+' });
        suffix.extend_from_slice(&written(format_args!("{:02}", decimal.exponent.unsigned_abs())));
        let has_point = style.alternate || decimal.digits.len() > 1 || zeros > 0;
        FloatText { digits: decimal.digits, integer: 1, zeros, has_point, suffix }
    }
}

/// The digits of a value rounded to so many places, at least one of them before the point.
fn fixed_digits(value: f64, places: usize) -> DigitBuffer {
    if let Some((scaled, _)) = scale_to_integer(value, places) {
        let decimal = SmallDecimal::new(scaled as i64);
        let mut digits: DigitBuffer = decimal.as_bytes().into();
        if digits.len() <= places {
            let missing = places + 1 - digits.len();
            digits.insert_many(0, std::iter::repeat_n(b'0', missing));
        }
        return digits;
    }
    let mut digits = written(format_args!("{value:.places$}"));
    if places > 0 {
        digits.remove(digits.len() - places - 1);
    }
    digits
}

/// All doubles have fewer significant digits.
const MOST_DIGITS: usize = 800;
/// All doubles have fewer decimal places.
const MOST_PLACES: usize = 1100;

/// `d.ddd * 10**exponent`
struct Decimal {
    digits: DigitBuffer,
    exponent: i32,
}

impl Decimal {
    /// The exact value rounded to `places` digits after the first.
    fn rounded(value: f64, places: usize) -> Decimal {
        Decimal::from_scientific(written(format_args!("{value:.places$e}")))
    }

    /// The shortest digits that read back as `value`.
    fn shortest(value: f64) -> Decimal {
        let mut buffer = zmij::Buffer::new();
        let text = buffer.format_finite(value).as_bytes();
        let mut decimal = Decimal::from_text(text);
        decimal.trim_zeros();
        decimal
    }

    fn from_scientific(mut text: DigitBuffer) -> Decimal {
        let mark = text.iter().rposition(|&byte| byte == b'e').unwrap_or(text.len());
        let exponent = parse_exponent(text.get(mark + 1..).unwrap_or_default());
        text.truncate(mark);
        if text.len() > 1 {
            text.remove(1);
        }
        Decimal { digits: text, exponent }
    }

    /// From any decimal notation.
    fn from_text(text: &[u8]) -> Decimal {
        let mark = text.iter().position(|&byte| byte == b'e').unwrap_or(text.len());
        let (mantissa, exponent) = text.split_at(mark);
        let point = mantissa.iter().position(|&byte| byte == b'.').unwrap_or(mark);
        let all: DigitBuffer = mantissa.iter().copied().filter(u8::is_ascii_digit).collect();
        let leading = all.iter().take_while(|&&digit| digit == b'0').count();
        if leading == all.len() {
            return Decimal { digits: DigitBuffer::from_slice(b"0"), exponent: 0 };
        }
        Decimal {
            digits: DigitBuffer::from_slice(&all[leading..]),
            exponent: parse_exponent(exponent.get(1..).unwrap_or_default()) + point as i32
                - 1
                - leading as i32,
        }
    }

    fn trim_zeros(&mut self) {
        while self.digits.len() > 1 && self.digits.last() == Some(&b'0') {
            self.digits.pop();
        }
    }
}

fn parse_exponent(text: &[u8]) -> i32 {
    str::from_utf8(text).ok().and_then(|text| text.parse().ok()).unwrap_or(0)
}

/// Formatted text as bytes on the stack.
fn written(arguments: fmt::Arguments<'_>) -> DigitBuffer {
    struct Bytes(DigitBuffer);
    impl Write for Bytes {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            self.0.extend_from_slice(text.as_bytes());
            Ok(())
        }
    }
    let mut bytes = Bytes(DigitBuffer::new());
    bytes.write_fmt(arguments).expect("writing digits to memory cannot fail");
    bytes.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repr(value: f64) -> String {
        String::from_utf8(Repr::new(value).as_bytes().to_vec()).unwrap()
    }

    fn text(value: f64, style: Style) -> String {
        let layout = FloatText::new(value, style);
        let point = if layout.has_point() { "." } else { "" };
        let piece = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let zeros = "0".repeat(layout.zeros());
        [&piece(layout.integer()), point, &piece(layout.fraction()), &zeros, &piece(layout.suffix())].concat()
    }

    #[test]
    fn repr_switches_notation_where_python_does() {
        for (value, expected) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (0.1, "0.1"),
            (1e15, "1000000000000000.0"),
            (9999999999999998.0, "9999999999999998.0"),
            (1e16, "1e+16"),
            (1.2345678901234568e16, "1.2345678901234568e+16"),
            (1e22, "1e+22"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (-1.5e-7, "-1.5e-07"),
            (1e-9, "1e-09"),
            (1e-10, "1e-10"),
            (5e-324, "5e-324"),
            (-f64::MAX, "-1.7976931348623157e+308"),
            (f64::NEG_INFINITY, "-inf"),
            (-f64::NAN, "nan"),
        ] {
            assert_eq!(repr(value), expected);
        }
    }

    #[test]
    fn fixed_and_exponent() {
        let fixed = |value, precision| text(value, Style::new(Notation::Fixed, precision));
        let exponent = |value, precision| text(value, Style::new(Notation::Exponent, precision));
        assert_eq!(fixed(0.5, 0), "0");
        assert_eq!(fixed(1.5, 0), "2");
        assert_eq!(fixed(2.675, 2), "2.67");
        assert_eq!(fixed(-1e22, 1), "10000000000000000000000.0");
        assert_eq!(fixed(5e-324, 1200).len(), 1202);
        assert_eq!(exponent(0.0, 2), "0.00e+00");
        assert_eq!(exponent(9.995, 2), "9.99e+00");
        assert_eq!(exponent(9.9999, 2), "1.00e+01");
        assert_eq!(exponent(1e-300, 0), "1e-300");
        assert_eq!(exponent(0.1, 60), "1.000000000000000055511151231257827021181583404541015625000000e-01");
        assert_eq!(exponent(5e-324, 900).len(), 902 + 5);
    }

    #[test]
    fn general() {
        let general = |value, precision| text(value, Style::new(Notation::General, precision));
        assert_eq!(general(0.0, 6), "0");
        assert_eq!(general(100000.0, 6), "100000");
        assert_eq!(general(1e6, 6), "1e+06");
        assert_eq!(general(0.0001, 6), "0.0001");
        assert_eq!(general(0.00001234, 3), "1.23e-05");
        assert_eq!(general(123.456, 0), "1e+02");
        assert_eq!(general(0.5, 2000), "0.5");
        let alternate = |value, precision| {
            text(value, Style { alternate: true, ..Style::new(Notation::General, precision) })
        };
        assert_eq!(alternate(0.0, 3), "0.00");
        assert_eq!(alternate(1.0, 1), "1.");
        assert_eq!(alternate(1e10, 3), "1.00e+10");
        assert_eq!(alternate(0.5, 1000).len(), 1002);
        let point_zero = |value, precision| {
            text(value, Style { point_zero: true, ..Style::new(Notation::General, precision) })
        };
        assert_eq!(point_zero(123.0, 3), "1.23e+02");
        assert_eq!(point_zero(123.0, 4), "123.0");
    }

    #[test]
    fn names_and_case() {
        let upper = Style { upper: true, ..Style::new(Notation::Exponent, 1) };
        assert_eq!(text(f64::INFINITY, upper), "INF");
        assert_eq!(text(f64::NAN, Style::REPR), "nan");
        assert_eq!(text(1.0, upper), "1.0E+00");
        let alternate = Style { alternate: true, ..Style::REPR };
        assert_eq!(text(1e16, alternate), "1.e+16");
        assert_eq!(text(1.0, alternate), "1.0");
    }
}
