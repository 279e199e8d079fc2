//! Digits in groups: thousands, fours of binary digits, or whatever a locale says.
//!
//! A grouping is C's: sizes from the right, the last one repeated, or not if [`NO_MORE`] follows. When zeros pad to a
//! width, they are grouped with the digits, and the width may be exceeded by one because no group is empty.

use super::{OutOfMemory, Sink};

/// In a list of group sizes: no further grouping. (C's `CHAR_MAX`.)
pub const NO_MORE: u8 = 127;

/// What the presentation type `n` asks the locale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locale {
    /// The decimal point, in UTF-8.
    pub decimal_point: String,
    /// The separator of digit groups, in UTF-8; may be empty.
    pub thousands_separator: String,
    /// Group sizes from the right; none means no grouping.
    pub grouping: Vec<u8>,
}

impl Locale {
    /// The locale of a program that sets none.
    pub fn c() -> Locale {
        Locale { decimal_point: ".".to_owned(), thousands_separator: String::new(), grouping: Vec::new() }
    }
}

/// How the digits of one number are grouped.
#[derive(Clone, Copy, Debug)]
pub struct Grouping<'a> {
    separator: &'a [u8],
    separator_length: usize,
    sizes: &'a [u8],
}

/// Digits with leading zeros, and the separators that go between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Grouped {
    /// How many zeros stand before the digits.
    pub(super) zeros: usize,
    /// The characters of zeros, digits and separators.
    pub(super) length: usize,
}

impl<'a> Grouping<'a> {
    /// Digits as they are.
    pub const NONE: Grouping<'static> = Grouping { separator: b"", separator_length: 0, sizes: &[] };

    /// Groups of one size, separated by an ASCII character.
    pub fn every(size: &'a [u8; 1], separator: &'a [u8; 1]) -> Self {
        Grouping { separator, separator_length: 1, sizes: size }
    }

    /// As the locale says.
    pub fn of_locale(locale: &'a Locale) -> Self {
        Grouping {
            separator: locale.thousands_separator.as_bytes(),
            separator_length: locale.thousands_separator.chars().count(),
            sizes: &locale.grouping,
        }
    }

    /// How `digits` digits are laid out in at least `width` characters.
    pub(super) fn measure(&self, digits: usize, width: usize) -> Grouped {
        if self.sizes.is_empty() {
            let length = digits.max(width).max(1);
            return Grouped { zeros: length - digits, length };
        }
        let mut grouped = Grouped { zeros: 0, length: 0 };
        let (mut digits_left, mut width_left) = (digits, width);
        let mut first = true;
        for size in self.sizes_from_right() {
            let taken = size.min(digits_left.max(width_left).max(1));
            grouped.zeros += taken.saturating_sub(digits_left);
            grouped.length += taken + if first { 0 } else { self.separator_length };
            first = false;
            digits_left = digits_left.saturating_sub(taken);
            width_left = width_left.saturating_sub(taken);
            if digits_left == 0 && width_left == 0 {
                return grouped;
            }
            width_left = width_left.saturating_sub(self.separator_length);
        }
        let taken = digits_left.max(width_left).max(1);
        grouped.zeros += taken.saturating_sub(digits_left);
        grouped.length += taken + if first { 0 } else { self.separator_length };
        grouped
    }

    fn sizes_from_right(&self) -> impl Iterator<Item = usize> {
        let ends = self.sizes.last().is_none_or(|&last| last == NO_MORE);
        let repeated = self.sizes.last().copied().filter(|_| !ends);
        self.sizes
            .iter()
            .copied()
            .take_while(|&size| size != NO_MORE)
            .chain(std::iter::repeat_with(move || repeated).map_while(|size| size))
            .map(usize::from)
    }

    /// Writes digits from the left, where `zeros` zeros come first.
    pub(super) fn write(&self, zeros: usize, digits: &[u8], out: &mut impl Sink) -> Result<(), OutOfMemory> {
        if self.sizes.is_empty() {
            out.write_repeated(b"0", zeros)?;
            return out.write(digits);
        }
        let total = zeros + digits.len();
        let mut left = total;
        while left > 0 {
            let after = self.boundary_below(left);
            write_digits(zeros, digits, total - left, total - after, out)?;
            if after > 0 {
                out.write(self.separator)?;
            }
            left = after;
        }
        Ok(())
    }

    /// The largest number of digits, fewer than `left`, that end a group counted from the right.
    fn boundary_below(&self, left: usize) -> usize {
        let mut boundary = 0;
        let mut last = 0;
        for &size in self.sizes {
            if size == NO_MORE {
                return boundary;
            }
            last = usize::from(size);
            if boundary + last >= left {
                return boundary;
            }
            boundary += last;
        }
        let more = (left - boundary - 1).checked_div(last).unwrap_or(0) * last;
        boundary + more
    }
}

/// Writes the part `from..to` of zeros followed by digits.
fn write_digits(
    zeros: usize,
    digits: &[u8],
    from: usize,
    to: usize,
    out: &mut impl Sink,
) -> Result<(), OutOfMemory> {
    out.write_repeated(b"0", to.min(zeros).saturating_sub(from))?;
    out.write(&digits[from.saturating_sub(zeros).min(digits.len())..to.saturating_sub(zeros)])
}

/// The digits of a fraction are grouped by threes from the left.
const FRACTION_GROUP: usize = 3;

/// The characters of a fraction of so many digits.
pub(super) fn fraction_length(digits: usize, separated: bool) -> usize {
    if separated && digits > 0 { digits + (digits - 1) / FRACTION_GROUP } else { digits }
}

/// Writes a fraction: digits, then zeros.
pub(super) fn write_fraction(
    digits: &[u8],
    zeros: usize,
    separator: Option<u8>,
    out: &mut impl Sink,
) -> Result<(), OutOfMemory> {
    let Some(separator) = separator else {
        out.write(digits)?;
        return out.write_repeated(b"0", zeros);
    };
    let total = digits.len() + zeros;
    for start in (0..total).step_by(FRACTION_GROUP) {
        if start > 0 {
            out.write(&[separator])?;
        }
        let end = (start + FRACTION_GROUP).min(total);
        let split = digits.len().clamp(start, end);
        out.write(&digits[start.min(digits.len())..split.min(digits.len())])?;
        out.write_repeated(b"0", end - split)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grouped(grouping: Grouping<'_>, digits: &str, width: usize) -> String {
        let measured = grouping.measure(digits.len(), width);
        let mut out = Vec::new();
        grouping.write(measured.zeros, digits.as_bytes(), &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert_eq!(text.chars().count(), measured.length);
        text
    }

    #[test]
    fn thousands() {
        let thousands = Grouping::every(&[3], b",");
        assert_eq!(grouped(thousands, "1", 0), "1");
        assert_eq!(grouped(thousands, "123", 0), "123");
        assert_eq!(grouped(thousands, "1234567", 0), "1,234,567");
        assert_eq!(grouped(thousands, "123", 4), "0,123");
        assert_eq!(grouped(thousands, "123", 5), "0,123");
        assert_eq!(grouped(thousands, "1", 10), "00,000,001");
        assert_eq!(grouped(Grouping::NONE, "1234567", 9), "001234567");
    }

    #[test]
    fn locales() {
        let sizes = |grouping: &[u8], digits| {
            let locale =
                Locale { thousands_separator: "\u{202f}".into(), grouping: grouping.into(), ..Locale::c() };
            grouped(Grouping::of_locale(&locale), digits, 0).replace('\u{202f}', "'")
        };
        assert_eq!(sizes(&[3, 2], "123456789"), "12'34'56'789");
        assert_eq!(sizes(&[3, NO_MORE], "123456789"), "123456'789");
        assert_eq!(sizes(&[], "123456789"), "123456789");
    }

    #[test]
    fn fractions() {
        let fraction = |digits: &str, zeros| {
            let mut out = Vec::new();
            write_fraction(digits.as_bytes(), zeros, Some(b'_'), &mut out).unwrap();
            assert_eq!(out.len(), fraction_length(digits.len() + zeros, true));
            String::from_utf8(out).unwrap()
        };
        assert_eq!(fraction("1234567", 0), "123_456_7");
        assert_eq!(fraction("1234", 4), "123_400_00");
        assert_eq!(fraction("", 4), "000_0");
        assert_eq!(fraction("", 0), "");
    }
}
