//! `float.__format__`.

use crate::number::float_text::{FloatText, Notation, Style};

use super::layout::{Layout, Number};
use super::spec::{Defaults, Spec};
use super::{Context, FormatError, Sink};

/// Appends a float as the specification asks.
pub fn format_float(
    value: f64,
    spec: &[u8],
    context: &Context<'_>,
    out: &mut impl Sink,
) -> Result<(), FormatError> {
    if spec.is_empty() {
        return Ok(out.write(crate::number::float_text::Repr::new(value).as_bytes())?);
    }
    let spec = Spec::parse(spec, Defaults::FLOAT, context.type_name, context.classify)?;
    apply(value, &spec, context, out)
}

/// Applies a parsed specification; integers come here, too, with the presentation types of floats.
pub(super) fn apply(
    value: f64,
    spec: &Spec,
    context: &Context<'_>,
    out: &mut impl Sink,
) -> Result<(), FormatError> {
    let text = match spec.letter() {
        b'%' => FloatText::new(value * 100.0, style(spec, Notation::Fixed)?).percent(),
        _ => FloatText::new(
            value,
            presentation(spec, true)?.ok_or_else(|| spec.unknown_kind(context.type_name))?,
        ),
    };
    Layout::new(spec, context.locale).write(&Number::of_float(is_negative(value, &text, spec), &text), out)
}

/// The sign to show: NaN has none, nor has a zero with `z`.
pub(super) fn is_negative(value: f64, text: &FloatText, spec: &Spec) -> bool {
    value.is_sign_negative() && !value.is_nan() && !(spec.no_negative_zero && text.is_zero())
}

/// The style of a presentation type that floats and complex numbers share, if it is one. Without a type a number
/// looks like its repr, or, with a precision, like `g`; `point_zero` then keeps a float from looking like an integer.
pub(super) fn presentation(spec: &Spec, point_zero: bool) -> Result<Option<Style>, FormatError> {
    let notation = match spec.letter() {
        b'e' | b'E' => Notation::Exponent,
        b'f' | b'F' => Notation::Fixed,
        b'g' | b'G' | b'n' => Notation::General,
        _ if spec.kind != 0 => return Ok(None),
        _ if spec.precision.is_some() => Notation::General,
        _ => Notation::Shortest,
    };
    Ok(Some(Style { point_zero: point_zero && spec.kind == 0, ..style(spec, notation)? }))
}

/// The precision of `e`, `f`, `g` and `%` when none is given.
const DEFAULT_PRECISION: usize = 6;

fn style(spec: &Spec, notation: Notation) -> Result<Style, FormatError> {
    Ok(Style {
        notation,
        precision: checked_precision(spec.precision)?.unwrap_or(DEFAULT_PRECISION),
        alternate: spec.alternate,
        point_zero: false,
        upper: matches!(spec.letter(), b'E' | b'F' | b'G'),
    })
}

/// A precision must fit in C's int.
fn checked_precision(precision: Option<usize>) -> Result<Option<usize>, FormatError> {
    match precision {
        Some(precision) if i32::try_from(precision).is_err() => Err(FormatError::value("precision too big")),
        _ => Ok(precision),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Locale;
    use crate::number::int_text::DigitLimit;
    use crate::number::literal::NonAscii;

    fn format_in(locale: &Locale, value: f64, spec: &str) -> Result<String, String> {
        let context = Context {
            type_name: "float",
            locale,
            digit_limit: DigitLimit::DEFAULT,
            classify: &|_| NonAscii::Other,
        };
        let mut out = Vec::new();
        format_float(value, spec.as_bytes(), &context, &mut out)
            .map(|()| String::from_utf8(out).unwrap())
            .map_err(|error| error.to_string())
    }

    fn format(value: f64, spec: &str) -> String {
        format_in(&Locale::c(), value, spec).unwrap()
    }

    #[test]
    fn presentation_types() {
        assert_eq!(format(1e16, ""), "1e+16");
        assert_eq!(format(1.0, "5"), "  1.0");
        assert_eq!(format(100.0, ".3"), "1e+02");
        assert_eq!(format(0.5, "%"), "50.000000%");
        assert_eq!(format(1234.5678, ".2f"), "1234.57");
        assert_eq!(format(1234.5678, "E"), "1.234568E+03");
        assert_eq!(format(f64::NAN, "F"), "NAN");
        assert_eq!(format(1234567.0, "g"), "1.23457e+06");
        assert_eq!(format(1e16, "#"), "1.e+16");
    }

    #[test]
    fn grouping_and_padding() {
        assert_eq!(format(1234.5, "010,"), "0,001,234.5");
        assert_eq!(format(1234.5, "09,"), "001,234.5");
        assert_eq!(format(123_456_789.123_456_79, "030,.9_f"), "00,000,123,456,789.123_456_791");
        assert_eq!(format(1e300, ".20,g"), "1.000,000,000,000,000,052,5e+300");
        assert_eq!(format(f64::INFINITY, "010,"), "0000000inf");
        assert_eq!(format(f64::NAN, "+010,"), "+000000nan");
        assert_eq!(format(-1.5, "*^9"), "**-1.5***");
        assert_eq!(format(-1.5, "=9"), "-     1.5");
        assert_eq!(format(6.5, ".,f"), "6.500,000");
    }

    #[test]
    fn negative_zeros() {
        assert_eq!(format(-0.0, ""), "-0.0");
        assert_eq!(format(-0.0, "z"), "0.0");
        assert_eq!(format(-0.0001, "z.2f"), "0.00");
        assert_eq!(format(f64::NEG_INFINITY, "z"), "-inf");
    }

    #[test]
    fn locales() {
        let locale = Locale {
            decimal_point: ",".to_owned(),
            thousands_separator: "\u{202f}".to_owned(),
            grouping: vec![3],
        };
        assert_eq!(format_in(&locale, 123456.5, "n"), Ok("123\u{202f}456".to_owned()));
        assert_eq!(format_in(&locale, 1234.5, "09n"), Ok("001\u{202f}234,5".to_owned()));
        assert_eq!(format_in(&locale, 1234.5, ""), Ok("1234.5".to_owned()));
    }

    #[test]
    fn refusals() {
        let message = |spec| format_in(&Locale::c(), 1.5, spec).unwrap_err();
        assert_eq!(message("d"), "Unknown format code 'd' for object of type 'float'");
        assert_eq!(message(".2147483648"), "precision too big");
        assert_eq!(message(",n"), "Cannot specify ',' with 'n'.");
    }
}
