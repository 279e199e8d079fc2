//! `complex.__format__`: both parts by the same specification, padded as one.

use crate::number::Complex;
use crate::number::complex_text;
use crate::number::float_text::{FloatText, Style};

use super::format_float::{is_negative, presentation};
use super::layout::{Layout, Number};
use super::spec::{Align, Defaults, Fill, Sign, Spec};
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
    Parts::new(value, &spec, style, context).write(&spec, out)
}

/// The parts as they are going to look.
struct Parts<'a> {
    /// A real part that is left out is none.
    real: Option<(FloatText, bool)>,
    imag: (FloatText, bool),
    layout: Layout<'a>,
    imag_layout: Layout<'a>,
    parenthesised: bool,
}

impl<'a> Parts<'a> {
    fn new(value: Complex, spec: &Spec, style: Style, context: &Context<'a>) -> Self {
        // Without a type the number looks like its repr: a real part of +0 is left out, otherwise both parts are in
        // parentheses.
        let like_repr = spec.kind == 0;
        let only_imaginary = like_repr && value.real == 0.0 && value.real.is_sign_positive();
        let part = |value: f64| {
            let text = FloatText::new(value, style);
            let negative = is_negative(value, &text, spec);
            (text, negative)
        };
        let unpadded =
            Layout { width: 0, align: Align::Left, fill: Fill::SPACE, ..Layout::new(spec, context.locale) };
        Parts {
            real: (!only_imaginary).then(|| part(value.real)),
            imag: part(value.imag),
            layout: unpadded,
            imag_layout: Layout { sign: if only_imaginary { unpadded.sign } else { Sign::Plus }, ..unpadded },
            parenthesised: like_repr && !only_imaginary,
        }
    }

    fn number((text, negative): &(FloatText, bool)) -> Number<'_> {
        Number::of_float(*negative, text)
    }

    fn write(&self, spec: &Spec, out: &mut impl Sink) -> Result<(), FormatError> {
        let (open, close): (&[u8], &[u8]) = if self.parenthesised { (b"(", b"j)") } else { (b"", b"j") };
        let real_length = self.real.as_ref().map_or(0, |real| self.layout.length(&Self::number(real)));
        let imag_length = self.imag_layout.length(&Self::number(&self.imag));
        let (before, after) = spec.padding(real_length + imag_length + open.len() + close.len());
        out.write_repeated(spec.fill.as_bytes(), before)?;
        out.write(open)?;
        if let Some(real) = &self.real {
            self.layout.write(&Self::number(real), out)?;
        }
        self.imag_layout.write(&Self::number(&self.imag), out)?;
        out.write(close)?;
        out.write_repeated(spec.fill.as_bytes(), after)?;
        Ok(())
    }
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
