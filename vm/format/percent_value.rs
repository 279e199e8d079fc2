//! The values of `%` formatting: what a [`Conversion`] makes of a number or a text that the caller has obtained.
//!
//! Which conversions want which argument, and what to say otherwise, is the caller's: `%d` takes any real number and
//! passes its integer here, `%s` passes `str()` of its argument, `%c` a character.

use crate::number::IntRef;
use crate::number::float_text::{FloatText, Notation, Style};
use crate::number::int_text::{self, DigitLimit, Radix};

use super::format_int::code_point;
use super::format_str::cut;
use super::grouping::Grouping;
use super::layout::{Layout, Number};
use super::percent::{Conversion, Flavour};
use super::spec::{Align, Fill, Sign};
use super::{FormatError, Sink};

/// `%d`, `%i`, `%u`, `%o`, `%x`, `%X`
pub fn format_int(
    value: IntRef<'_>,
    conversion: &Conversion,
    limit: DigitLimit,
    out: &mut impl Sink,
) -> Result<(), FormatError> {
    let letter = letter(conversion);
    let radix = match letter {
        b'o' => Radix::Octal,
        b'x' | b'X' => Radix::Hex,
        _ => Radix::Decimal,
    };
    // CPython leaves room for a sign and a prefix in an int.
    if conversion.precision.is_some_and(|precision| precision > i32::MAX as usize - 3) {
        return Err(FormatError::overflow("precision too large"));
    }
    let mut digits = int_text::digits(value, radix, limit)?;
    let upper = letter == b'X';
    if upper {
        digits.make_ascii_uppercase();
    }
    let prefix = match conversion.flags.alternate {
        false => "",
        true if upper => radix.upper_prefix(),
        true => radix.prefix(),
    };
    let number = Number {
        negative: value.is_negative(),
        prefix: prefix.as_bytes(),
        leading_zeros: conversion.precision.unwrap_or(0).saturating_sub(digits.as_bytes().len()),
        integer: digits.as_bytes(),
        ..Number::default()
    };
    layout(conversion).write(&number, out)
}

/// `%e`, `%E`, `%f`, `%F`, `%g`, `%G`
pub fn format_float(value: f64, conversion: &Conversion, out: &mut impl Sink) -> Result<(), FormatError> {
    let letter = letter(conversion);
    let notation = match letter {
        b'e' | b'E' => Notation::Exponent,
        b'f' | b'F' => Notation::Fixed,
        _ => Notation::General,
    };
    let style = Style {
        notation,
        precision: conversion.precision.unwrap_or(6),
        alternate: conversion.flags.alternate,
        point_zero: false,
        upper: letter.is_ascii_uppercase(),
    };
    let text = FloatText::new(value, style);
    let negative = value.is_sign_negative() && !value.is_nan();
    layout(conversion).write(&Number::of_float(negative, &text), out)
}

/// `%s`, `%r`, `%a` and, in bytes, `%b`: a text of `length` characters, cut to the precision.
pub fn format_text(
    text: &[u8],
    length: usize,
    conversion: &Conversion,
    out: &mut impl Sink,
) -> Result<(), FormatError> {
    let (text, length) = match (conversion.flavour, conversion.precision) {
        (Flavour::Text, precision) => cut(text, length, precision),
        (Flavour::Bytes, precision) => {
            let length = precision.map_or(text.len(), |precision| precision.min(text.len()));
            (&text[..length], length)
        }
    };
    pad(text, length, conversion, out)
}

/// `%c`: one character, or byte, which has no precision.
pub fn format_char(text: &[u8], conversion: &Conversion, out: &mut impl Sink) -> Result<(), FormatError> {
    pad(text, 1, conversion, out)
}

/// The text of an integer argument of `%c`: its code point, or its byte.
pub fn char_of_int(value: IntRef<'_>, flavour: Flavour) -> Result<smallvec::SmallVec<[u8; 4]>, FormatError> {
    let code = value.to_i64();
    match flavour {
        Flavour::Text => {
            code.and_then(code_point).ok_or_else(|| FormatError::overflow("%c arg not in range(0x110000)"))
        }
        Flavour::Bytes => code
            .and_then(|code| u8::try_from(code).ok())
            .map(|byte| [byte].as_slice().into())
            .ok_or_else(|| FormatError::overflow("%c arg not in range(256)")),
    }
}

/// Callers have seen to unknown conversions before they have a value.
fn letter(conversion: &Conversion) -> u8 {
    conversion.letter.unwrap_or(b'd')
}

fn pad(text: &[u8], length: usize, conversion: &Conversion, out: &mut impl Sink) -> Result<(), FormatError> {
    let padding = conversion.width.saturating_sub(length);
    let before = if conversion.flags.left { 0 } else { padding };
    out.write_repeated(b" ", before)?;
    out.write(text)?;
    out.write_repeated(b" ", padding - before)?;
    Ok(())
}

fn layout(conversion: &Conversion) -> Layout<'static> {
    let flags = conversion.flags;
    let (fill, align) = if flags.left {
        (Fill::SPACE, Align::Left)
    } else if flags.zero {
        (Fill::ZERO, Align::AfterSign)
    } else {
        (Fill::SPACE, Align::Right)
    };
    let sign = if flags.plus {
        Sign::Plus
    } else if flags.space {
        Sign::Space
    } else {
        Sign::Minus
    };
    Layout {
        sign,
        fill,
        align,
        width: conversion.width,
        grouping: Grouping::NONE,
        decimal_point: ".",
        fraction_separator: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::percent::{Event, Parser};

    fn conversion(format: &str, flavour: Flavour) -> Conversion {
        match Parser::new(format.as_bytes(), flavour, false).next() {
            Some(Ok(Event::Conversion(conversion))) => conversion,
            other => panic!("{format}: {other:?}"),
        }
    }

    fn text(write: impl FnOnce(&mut Vec<u8>) -> Result<(), FormatError>) -> String {
        let mut out = Vec::new();
        write(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn int(format: &str, value: i64) -> String {
        text(|out| format_int(value.into(), &conversion(format, Flavour::Text), DigitLimit::DEFAULT, out))
    }

    fn float(format: &str, value: f64) -> String {
        text(|out| format_float(value, &conversion(format, Flavour::Text), out))
    }

    #[test]
    fn integers() {
        assert_eq!(int("%d", -42), "-42");
        assert_eq!(int("%+.5d", 42), "+00042");
        assert_eq!(int("%08.5d", -42), "-0000042");
        assert_eq!(int("%-08.5d", -42), "-00042  ");
        assert_eq!(int("%#010x", -255), "-0x00000ff");
        assert_eq!(int("%#.5X", 255), "0X000FF");
        assert_eq!(int("%#o", 8), "0o10");
        assert_eq!(int("% d", 5), " 5");
        assert_eq!(int("%.0d", 0), "0");
        let error = format_int(
            1.into(),
            &conversion("%.2147483647d", Flavour::Text),
            DigitLimit::DEFAULT,
            &mut Vec::new(),
        );
        assert_eq!(error, Err(FormatError::overflow("precision too large")));
    }

    #[test]
    fn floats() {
        assert_eq!(float("%010f", -1.5), "-01.500000");
        assert_eq!(float("%010f", f64::INFINITY), "0000000inf");
        assert_eq!(float("%-10f|", f64::NEG_INFINITY), "-inf      ");
        assert_eq!(float("%+F", -f64::NAN), "+NAN");
        assert_eq!(float("%#.0e", 1.0), "1.e+00");
        assert_eq!(float("%#.3g", 1.0), "1.00");
    }

    #[test]
    fn texts() {
        let cut =
            |format, flavour| text(|out| format_text("héé".as_bytes(), 3, &conversion(format, flavour), out));
        assert_eq!(cut("%05.2s", Flavour::Text), "   hé");
        assert_eq!(cut("%-6.3s", Flavour::Bytes), "hé   ");
        let character =
            |format| text(|out| format_char("é".as_bytes(), &conversion(format, Flavour::Text), out));
        assert_eq!(character("%3.0c"), "  é");
        assert_eq!(char_of_int(65.into(), Flavour::Bytes).unwrap().as_slice(), b"A");
        assert!(char_of_int(256.into(), Flavour::Bytes).is_err());
        assert!(char_of_int((-1).into(), Flavour::Text).is_err());
    }
}
