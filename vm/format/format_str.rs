//! `str.__format__`: cut to a precision, pad to a width.

use super::spec::{Align, Defaults, Sign, Spec};
use super::{Context, FormatError, Sink};

/// Appends a string of `length` characters as the specification asks.
pub fn format_str(
    text: &[u8],
    length: usize,
    spec: &[u8],
    context: &Context<'_>,
    out: &mut impl Sink,
) -> Result<(), FormatError> {
    if spec.is_empty() {
        return Ok(out.write(text)?);
    }
    let spec = Spec::parse(spec, Defaults::STR, context.type_name, context.classify)?;
    if spec.letter() != b's' {
        return Err(spec.unknown_kind(context.type_name));
    }
    check(&spec)?;
    let (text, length) = cut(text, length, spec.precision);
    let (before, after) = spec.padding(length);
    out.write_repeated(spec.fill.as_bytes(), before)?;
    out.write(text)?;
    out.write_repeated(spec.fill.as_bytes(), after)?;
    Ok(())
}

fn check(spec: &Spec) -> Result<(), FormatError> {
    let refused = match spec.sign {
        Some(Sign::Space) => "Space not allowed in string format specifier",
        Some(_) => "Sign not allowed in string format specifier",
        None if spec.no_negative_zero => "Negative zero coercion (z) not allowed in string format specifier",
        None if spec.alternate => "Alternate form (#) not allowed in string format specifier",
        None if spec.align == Align::AfterSign => "'=' alignment not allowed in string format specifier",
        None => return Ok(()),
    };
    Err(FormatError::value(refused))
}

/// At most `precision` characters of the text.
pub(super) fn cut(text: &[u8], length: usize, precision: Option<usize>) -> (&[u8], usize) {
    match precision {
        Some(precision) if precision < length => (&text[..offset_of(text, precision)], precision),
        _ => (text, length),
    }
}

/// The offset of the character with the given index, which exists.
fn offset_of(text: &[u8], index: usize) -> usize {
    if text.len() == index || text.is_ascii() {
        return index;
    }
    let is_start = |byte: u8| byte & 0xC0 != 0x80;
    text.iter()
        .enumerate()
        .filter(|&(_, &byte)| is_start(byte))
        .nth(index)
        .map_or(text.len(), |(offset, _)| offset)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Locale;
    use crate::number::int_text::DigitLimit;
    use crate::number::literal::NonAscii;

    fn format(text: &str, spec: &str) -> Result<String, String> {
        let locale = Locale::c();
        let context = Context {
            type_name: "str",
            locale: &locale,
            digit_limit: DigitLimit::DEFAULT,
            classify: &|_| NonAscii::Other,
        };
        let mut out = Vec::new();
        format_str(text.as_bytes(), text.chars().count(), spec.as_bytes(), &context, &mut out)
            .map(|()| String::from_utf8(out).unwrap())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn cuts_and_pads_characters() {
        assert_eq!(format("héé", ""), Ok("héé".into()));
        assert_eq!(format("héé", ".2"), Ok("hé".into()));
        assert_eq!(format("héé", ".0"), Ok(String::new()));
        assert_eq!(format("hé", "€^5"), Ok("€hé€€".into()));
        assert_eq!(format("a", "05"), Ok("a0000".into()));
        assert_eq!(format("a", ".,"), Ok("a".into()));
    }

    #[test]
    fn refusals() {
        let message = |spec| format("a", spec).unwrap_err();
        assert_eq!(message("=5"), "'=' alignment not allowed in string format specifier");
        assert_eq!(message("+"), "Sign not allowed in string format specifier");
        assert_eq!(message(" "), "Space not allowed in string format specifier");
        assert_eq!(message("z"), "Negative zero coercion (z) not allowed in string format specifier");
        assert_eq!(message("#"), "Alternate form (#) not allowed in string format specifier");
        assert_eq!(message(","), "Cannot specify ',' with 's'.");
        assert_eq!(message("d"), "Unknown format code 'd' for object of type 'str'");
        assert_eq!(message("9999999999999999"), "");
    }
}
