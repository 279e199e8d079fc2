//! `int.__format__`.

use crate::number::IntRef;
use crate::number::int_float;
use crate::number::int_text::{self, Radix, SmallDecimal};

use super::layout::{Layout, Number};
use super::spec::{Defaults, Spec};
use super::{Context, FormatError, Sink, format_float};

/// Appends an integer as the specification asks.
pub fn format_int(
    value: IntRef<'_>,
    spec: &[u8],
    context: &Context<'_>,
    out: &mut impl Sink,
) -> Result<(), FormatError> {
    if spec.is_empty() {
        return write_decimal(value, context, out);
    }
    let spec = Spec::parse(spec, Defaults::INT, context.type_name, context.classify)?;
    match spec.letter() {
        b'd' | b'n' => write_digits(value, Radix::Decimal, &spec, context, out),
        b'b' => write_digits(value, Radix::Binary, &spec, context, out),
        b'o' => write_digits(value, Radix::Octal, &spec, context, out),
        b'x' | b'X' => write_digits(value, Radix::Hex, &spec, context, out),
        b'c' => write_character(value, &spec, context, out),
        b'e' | b'E' | b'f' | b'F' | b'g' | b'G' | b'%' => {
            format_float::apply(int_float::to_f64(value)?, &spec, context, out)
        }
        _ => Err(spec.unknown_kind(context.type_name)),
    }
}

fn write_decimal(value: IntRef<'_>, context: &Context<'_>, out: &mut impl Sink) -> Result<(), FormatError> {
    match value {
        IntRef::Small(small) => out.write(SmallDecimal::new(small).as_bytes())?,
        IntRef::Big(_) => out.write(int_text::decimal(value, context.digit_limit)?.as_bytes())?,
    }
    Ok(())
}

fn write_digits(
    value: IntRef<'_>,
    radix: Radix,
    spec: &Spec,
    context: &Context<'_>,
    out: &mut impl Sink,
) -> Result<(), FormatError> {
    check(spec)?;
    let mut digits = int_text::digits(value, radix, context.digit_limit)?;
    let upper = spec.letter() == b'X';
    if upper {
        digits.make_ascii_uppercase();
    }
    let prefix = match spec.alternate {
        false => "",
        true if upper => radix.upper_prefix(),
        true => radix.prefix(),
    };
    let number = Number {
        negative: value.is_negative(),
        prefix: prefix.as_bytes(),
        integer: digits.as_bytes(),
        ..Number::default()
    };
    Layout::new(spec, context.locale).write(&number, out)
}

fn write_character(
    value: IntRef<'_>,
    spec: &Spec,
    context: &Context<'_>,
    out: &mut impl Sink,
) -> Result<(), FormatError> {
    check(spec)?;
    if spec.sign.is_some() {
        return Err(FormatError::value("Sign not allowed with integer format specifier 'c'"));
    }
    if spec.alternate {
        return Err(FormatError::value("Alternate form (#) not allowed with integer format specifier 'c'"));
    }
    let code =
        value.to_i64().ok_or_else(|| FormatError::overflow("Python int too large to convert to C long"))?;
    let text = code_point(code).ok_or_else(|| FormatError::overflow("%c arg not in range(0x110000)"))?;
    // A character takes the place after the digits, of which there are none.
    let number = Number { suffix: text.as_slice(), suffix_length: 1, ..Number::default() };
    Layout::new(spec, context.locale).write(&number, out)
}

fn check(spec: &Spec) -> Result<(), FormatError> {
    if spec.precision.is_some() {
        return Err(FormatError::value("Precision not allowed in integer format specifier"));
    }
    if spec.no_negative_zero {
        return Err(FormatError::value("Negative zero coercion (z) not allowed in integer format specifier"));
    }
    Ok(())
}

/// A code point, surrogates included, in generalised UTF-8.
pub(super) fn code_point(code: i64) -> Option<smallvec::SmallVec<[u8; 4]>> {
    let code = u32::try_from(code).ok().filter(|&code| code <= 0x10FFFF)?;
    if let Some(character) = char::from_u32(code) {
        return Some(character.encode_utf8(&mut [0; 4]).as_bytes().into());
    }
    let continuation = |bits: u32| 0x80 | (bits & 0x3F) as u8;
    Some([0xE0 | (code >> 12) as u8, continuation(code >> 6), continuation(code)].as_slice().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Locale;
    use crate::number::int_text::DigitLimit;
    use crate::number::literal::NonAscii;
    use dashu_int::IBig;

    fn bytes(value: IntRef<'_>, spec: &str) -> Result<Vec<u8>, String> {
        let locale = Locale { thousands_separator: "'".into(), grouping: vec![3], ..Locale::c() };
        let context = Context {
            type_name: "int",
            locale: &locale,
            digit_limit: DigitLimit::DEFAULT,
            classify: &|_| NonAscii::Other,
        };
        let mut out = Vec::new();
        format_int(value, spec.as_bytes(), &context, &mut out)
            .map(|()| out)
            .map_err(|error| error.to_string())
    }

    fn format(value: i64, spec: &str) -> String {
        let text = bytes(value.into(), spec).unwrap();
        assert_eq!(bytes((&IBig::from(value)).into(), spec).unwrap(), text);
        String::from_utf8(text).unwrap()
    }

    fn message(value: i64, spec: &str) -> String {
        bytes(value.into(), spec).unwrap_err()
    }

    #[test]
    fn bases() {
        assert_eq!(format(-255, ""), "-255");
        assert_eq!(format(-255, "#X"), "-0XFF");
        assert_eq!(format(-5, "#08x"), "-0x00005");
        assert_eq!(format(-5, "<#08x"), "-0x50000");
        assert_eq!(format(255, "#_b"), "0b1111_1111");
        assert_eq!(format(255, "#020_x"), "0x000_0000_0000_00ff");
        assert_eq!(format(8, "o"), "10");
    }

    #[test]
    fn decimal() {
        assert_eq!(format(1234567, ","), "1,234,567");
        assert_eq!(format(123, "04,"), "0,123");
        assert_eq!(format(1234567, "n"), "1'234'567");
        assert_eq!(format(5, "+5"), "   +5");
        assert_eq!(format(5, " "), " 5");
        assert_eq!(format(-5, "x=5"), "-xxx5");
        assert_eq!(format(3, ".2f"), "3.00");
        assert_eq!(format(3, "%"), "300.000000%");
        assert_eq!(format(65, ".,d"), "65");
    }

    #[test]
    fn characters() {
        assert_eq!(format(65, "*=5c"), "****A");
        assert_eq!(format(65, "05c"), "0000A");
        assert_eq!(format(0x1F600, "3c"), "  \u{1F600}");
        assert_eq!(bytes(0xD800.into(), "2c"), Ok(b" \xED\xA0\x80".to_vec()));
    }

    #[test]
    fn refusals() {
        assert_eq!(message(1, ".3d"), "Precision not allowed in integer format specifier");
        assert_eq!(message(1, "z"), "Negative zero coercion (z) not allowed in integer format specifier");
        assert_eq!(message(1, "+c"), "Sign not allowed with integer format specifier 'c'");
        assert_eq!(message(1, "#c"), "Alternate form (#) not allowed with integer format specifier 'c'");
        assert_eq!(message(-1, "c"), "%c arg not in range(0x110000)");
        assert_eq!(message(0x110000, "c"), "%c arg not in range(0x110000)");
        assert_eq!(message(1, "s"), "Unknown format code 's' for object of type 'int'");
        let huge = IBig::ONE << 2000;
        assert_eq!(bytes((&huge).into(), "c"), Err("Python int too large to convert to C long".into()));
        assert_eq!(bytes((&huge).into(), "e"), Err("int too large to convert to float".into()));
        let unprintable = IBig::ONE << 20_000;
        assert!(
            bytes((&unprintable).into(), ",").unwrap_err().starts_with("Exceeds the limit (4300 digits)")
        );
        assert!(bytes((&unprintable).into(), "x").is_ok());
    }
}
