//! `complex.__format__`: both parts by the same specification, padded as one.

use crate::number::Complex;
use crate::number::complex_text;
use crate::number::float_text::FloatText;

use super::format_float::{is_negative, presentation};
use super::layout::{Layout, Number};
use super::spec::{Align, Defaults, Fill, Sign, Spec, pad};
use super::{Context, FormatError, Sink};

/// Appends a complex number as the specification asks.
pub fn format_complex(
    value: Complex,
    spec: &[u8],
    context: &Context<'_>,
    out: &mut impl Sink,
) -> Result<(), FormatError> {
    if spec.is_empty() {
        return Ok(out.write(&complex_text::repr(value))?);
    }
    let spec = Spec::parse(spec, Defaults::FLOAT, context.type_name, context.classify)?;
    let style = presentation(&spec, false)?.ok_or_else(|| spec.unknown_kind(context.type_name))?;
    if spec.fill == Fill::ZERO {
        return Err(FormatError::value("Zero padding is not allowed in complex format specifier"));
    }
    if spec.align == Align::AfterSign {
        return Err(FormatError::value("'=' alignment flag is not allowed in complex format specifier"));
    }
    // Without a type the number looks like its repr: a real part of +0 is left out, both parts are in parentheses.
    let like_repr = spec.kind == 0;
    let only_imaginary = like_repr && value.real == 0.0 && value.real.is_sign_positive();
    let parenthesised = like_repr && !only_imaginary;

    let real_text = FloatText::new(value.real, style);
    let imag_text = FloatText::new(value.imag, style);
    let real = Number::of_float(is_negative(value.real, &real_text, &spec), &real_text);
    let imag = Number::of_float(is_negative(value.imag, &imag_text, &spec), &imag_text);
    let unpadded =
        Layout { width: 0, align: Align::Left, fill: Fill::SPACE, ..Layout::new(&spec, context.locale) };
    let imag_layout = Layout { sign: if only_imaginary { unpadded.sign } else { Sign::Plus }, ..unpadded };

    let mut text = Vec::new();
    let mut length = imag_layout.length(&imag).saturating_add(1);
    if parenthesised {
        text.write(b"(")?;
        length = length.saturating_add(2);
    }
    if !only_imaginary {
        unpadded.write(&real, &mut text)?;
        length = length.saturating_add(unpadded.length(&real));
    }
    imag_layout.write(&imag, &mut text)?;
    text.write(if parenthesised { b"j)" } else { b"j" })?;
    pad(&text, length, &spec, out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Locale;
    use crate::number::complex::complex;
    use crate::number::int_text::DigitLimit;
    use crate::number::literal::NonAscii;

    fn format(real: f64, imag: f64, spec: &str) -> Result<String, String> {
        let locale = Locale::c();
        let context = Context {
            type_name: "complex",
            locale: &locale,
            digit_limit: DigitLimit::DEFAULT,
            classify: &|_| NonAscii::Other,
        };
        let mut out = Vec::new();
        format_complex(complex(real, imag), spec.as_bytes(), &context, &mut out)
            .map(|()| String::from_utf8(out).unwrap())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn parts_and_padding() {
        assert_eq!(format(1.0, 2.0, ""), Ok("(1+2j)".into()));
        assert_eq!(format(0.0, 1234567.5, ","), Ok("1,234,567.5j".into()));
        assert_eq!(format(0.0, 1.0, ",.3f"), Ok("0.000+1.000j".into()));
        assert_eq!(format(-0.0, 1.0, "^10"), Ok(" (-0+1j)  ".into()));
        assert_eq!(format(1.0, -2.0, "+.1e"), Ok("+1.0e+00-2.0e+00j".into()));
        assert_eq!(format(0.0, 2.0, "+"), Ok("+2j".into()));
    }

    #[test]
    fn refusals() {
        assert_eq!(
            format(0.0, 1.0, "05"),
            Err("Zero padding is not allowed in complex format specifier".into())
        );
        assert_eq!(
            format(0.0, 1.0, "=5"),
            Err("'=' alignment flag is not allowed in complex format specifier".into())
        );
        assert_eq!(format(0.0, 1.0, "%"), Err("Unknown format code '%' for object of type 'complex'".into()));
    }
}
