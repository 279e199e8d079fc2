//! The shape all formatted numbers have:
//! `padding sign prefix padding digits point fraction suffix padding`, with at most one of the paddings.

use crate::number::float_text::FloatText;

use super::grouping::{Grouped, Grouping, fraction_length, write_fraction};
use super::spec::{Align, Fill, Separator, Sign, Spec};
use super::{FormatError, Locale, Sink};

/// The pieces of a number.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Number<'a> {
    pub(super) negative: bool,
    /// `0x` and the like.
    pub(super) prefix: &'a [u8],
    /// Zeros before the digits.
    pub(super) leading_zeros: usize,
    /// The digits before the point. A number without any is never grouped.
    pub(super) integer: &'a [u8],
    pub(super) has_point: bool,
    pub(super) fraction: &'a [u8],
    /// Zeros after the fraction.
    pub(super) zeros: usize,
    /// What follows the digits: exponent, percent sign, `inf`, or a character.
    pub(super) suffix: &'a [u8],
    /// The characters of the suffix.
    pub(super) suffix_length: usize,
}

impl<'a> Number<'a> {
    /// The pieces of a float's text.
    pub(super) fn of_float(negative: bool, text: &'a FloatText) -> Self {
        Number {
            negative,
            prefix: b"",
            leading_zeros: 0,
            integer: text.integer(),
            has_point: text.has_point(),
            fraction: text.fraction(),
            zeros: text.zeros(),
            suffix: text.suffix(),
            suffix_length: text.suffix().len(),
        }
    }
}

/// How the pieces are arranged.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout<'a> {
    pub(super) sign: Sign,
    pub(super) fill: Fill,
    pub(super) align: Align,
    pub(super) width: usize,
    pub(super) grouping: Grouping<'a>,
    pub(super) decimal_point: &'a str,
    pub(super) fraction_separator: Option<u8>,
}

impl<'a> Layout<'a> {
    /// The layout that a specification asks for.
    pub(super) fn new(spec: &Spec, locale: &'a Locale) -> Self {
        let is_localized = spec.letter() == b'n';
        Layout {
            sign: spec.sign.unwrap_or(Sign::Minus),
            fill: spec.fill,
            align: spec.align,
            width: spec.width.unwrap_or(0),
            grouping: if is_localized { Grouping::of_locale(locale) } else { grouping(spec) },
            decimal_point: if is_localized { &locale.decimal_point } else { "." },
            fraction_separator: spec.fraction_grouping.map(Separator::as_byte),
        }
    }

    /// The characters of a number laid out without padding.
    pub(super) fn length(&self, number: &Number<'_>) -> usize {
        self.length_around_digits(number).saturating_add(self.measure_digits(number, 0).length)
    }

    /// Writes a number.
    pub(super) fn write(&self, number: &Number<'_>, out: &mut impl Sink) -> Result<(), FormatError> {
        // Refuses an impossible width before measuring its groups.
        out.make_room(self.width)?;
        let around = self.length_around_digits(number);
        let zero_width = if self.fill == Fill::ZERO && self.align == Align::AfterSign {
            self.width.saturating_sub(around)
        } else {
            0
        };
        let digits = self.measure_digits(number, zero_width);
        let padding = self.width.saturating_sub(around.saturating_add(digits.length));
        let (before, inside, after) = match self.align {
            Align::Left => (0, 0, padding),
            Align::Right => (padding, 0, 0),
            Align::Center => (padding / 2, 0, padding - padding / 2),
            Align::AfterSign => (0, padding, 0),
        };
        out.write_repeated(self.fill.as_bytes(), before)?;
        out.write(self.sign_text(number))?;
        out.write(number.prefix)?;
        out.write_repeated(self.fill.as_bytes(), inside)?;
        self.grouping.write(number.leading_zeros + digits.zeros, number.integer, out)?;
        if number.has_point {
            out.write(self.decimal_point.as_bytes())?;
        }
        write_fraction(number.fraction, number.zeros, self.fraction_separator, out)?;
        out.write(number.suffix)?;
        out.write_repeated(self.fill.as_bytes(), after)?;
        Ok(())
    }

    /// The digits before the point, in at least `width` characters, if there are any digits.
    fn measure_digits(&self, number: &Number<'_>, width: usize) -> Grouped {
        if number.integer.is_empty() {
            return Grouped { zeros: 0, length: 0 };
        }
        self.grouping.measure(number.leading_zeros + number.integer.len(), width)
    }

    fn sign_text(&self, number: &Number<'_>) -> &'static [u8] {
        match self.sign {
            _ if number.negative => b"-",
            Sign::Plus => b"+",
            Sign::Space => b" ",
            Sign::Minus => b"",
        }
    }

    fn length_around_digits(&self, number: &Number<'_>) -> usize {
        let point = if number.has_point { self.decimal_point.chars().count() } else { 0 };
        let fraction_digits = number.fraction.len().saturating_add(number.zeros);
        let fraction = fraction_length(fraction_digits, self.fraction_separator.is_some());
        (self.sign_text(number).len() + number.prefix.len() + point + number.suffix_length)
            .saturating_add(fraction)
    }
}

fn grouping(spec: &Spec) -> Grouping<'static> {
    let size = if matches!(spec.letter(), b'b' | b'o' | b'x' | b'X') { &[4] } else { &[3] };
    match spec.grouping {
        None => Grouping::NONE,
        Some(Separator::Comma) => Grouping::every(size, b","),
        Some(Separator::Underscore) => Grouping::every(size, b"_"),
    }
}
