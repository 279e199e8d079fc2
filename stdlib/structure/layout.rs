//! Formats: which items a struct has, and where.

/// The items of a struct.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    pub(super) items: Vec<Item>,
    /// The bytes of the struct.
    pub(super) size: usize,
}

/// Values of one kind in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Item {
    /// The letter of the format.
    pub(super) letter: u8,
    pub(super) big_endian: bool,
    pub(super) offset: usize,
    /// The bytes of one value.
    pub(super) size: usize,
    /// How many values.
    pub(super) count: usize,
}

/// What the first character of a format says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Convention {
    big_endian: bool,
    /// Sizes and alignment are those of the C compiler.
    native: bool,
}

const TOO_LONG: &str = "total struct size too long";

impl Layout {
    /// The layout of a format, or what is wrong with it.
    pub(super) fn parse(format: &[u8]) -> Result<Self, &'static str> {
        let (convention, format) = convention(format);
        let mut layout = Self { items: Vec::new(), size: 0 };
        let mut rest = format;
        while let Some((&byte, after)) = rest.split_first() {
            rest = after;
            if is_space(byte) {
                continue;
            }
            let (mut letter, mut count) = (byte, None);
            if byte.is_ascii_digit() {
                let digits = 1 + after.iter().take_while(|byte| byte.is_ascii_digit()).count();
                let number = &format[format.len() - after.len() - 1..][..digits];
                count = Some(number_of(number).ok_or(TOO_LONG)?);
                rest = &after[digits - 1..];
                let (&next, after) =
                    rest.split_first().ok_or("repeat count given without format specifier")?;
                (letter, rest) = (next, after);
            }
            layout.add(convention, letter, count.unwrap_or(1))?;
        }
        Ok(layout)
    }

    fn add(&mut self, convention: Convention, letter: u8, count: usize) -> Result<(), &'static str> {
        let (size, alignment) = size_and_alignment(letter, convention.native).ok_or(match letter {
            b'\0' => "embedded null character",
            _ => "bad char in struct format",
        })?;
        let offset = if convention.native {
            self.size.checked_next_multiple_of(alignment).ok_or(TOO_LONG)?
        } else {
            self.size
        };
        self.size = count
            .checked_mul(size)
            .and_then(|bytes| bytes.checked_add(offset))
            .filter(|&size| isize::try_from(size).is_ok())
            .ok_or(TOO_LONG)?;
        let big_endian = convention.big_endian;
        match letter {
            b'x' => {}
            b's' | b'p' => self.items.push(Item { letter, big_endian, offset, size: count, count: 1 }),
            _ if count > 0 => self.items.push(Item { letter, big_endian, offset, size, count }),
            _ => {}
        }
        Ok(())
    }

    /// How many values the struct has.
    pub(super) fn len(&self) -> usize {
        self.items.iter().map(|item| item.count).sum()
    }
}

fn convention(format: &[u8]) -> (Convention, &[u8]) {
    let native_order = cfg!(target_endian = "big");
    let (big_endian, native) = match format.first() {
        Some(b'<') => (false, false),
        Some(b'>' | b'!') => (true, false),
        Some(b'=') => (native_order, false),
        Some(b'@') => (native_order, true),
        _ => return (Convention { big_endian: native_order, native: true }, format),
    };
    (Convention { big_endian, native }, &format[1..])
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

fn number_of(digits: &[u8]) -> Option<usize> {
    let number = digits
        .iter()
        .try_fold(0usize, |number, digit| number.checked_mul(10)?.checked_add(usize::from(digit - b'0')))?;
    isize::try_from(number).is_ok().then_some(number)
}

/// The bytes of one value, and what its offset must be a multiple of.
fn size_and_alignment(letter: u8, native: bool) -> Option<(usize, usize)> {
    Some(match letter {
        b'x' | b'b' | b'B' | b'c' | b's' | b'p' | b'?' => (1, 1),
        b'h' | b'H' | b'e' => (2, 2),
        b'i' | b'I' | b'f' => (4, 4),
        b'q' | b'Q' | b'd' => (8, 8),
        b'l' | b'L' if native => (8, 8),
        b'l' | b'L' => (4, 4),
        b'n' | b'N' | b'P' if native => (8, 8),
        b'F' => (8, 4),
        b'D' => (16, 8),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(format: &str) -> Result<usize, &'static str> {
        Layout::parse(format.as_bytes()).map(|layout| layout.size)
    }

    #[test]
    fn sizes() {
        assert_eq!(size("bi"), Ok(8));
        assert_eq!(size(">bi"), Ok(5));
        assert_eq!(size("b0i"), Ok(4));
        assert_eq!(size(" 10s 3p"), Ok(13));
        assert_eq!(size("9223372036854775807s"), Ok(isize::MAX as usize));
        assert_eq!(size("9223372036854775807sb"), Err(TOO_LONG));
        assert_eq!(size("99999999999999999999s"), Err(TOO_LONG));
        assert_eq!(size("3"), Err("repeat count given without format specifier"));
        assert_eq!(size("<n"), Err("bad char in struct format"));
    }

    #[test]
    fn items() {
        let layout = Layout::parse(b"<2hx0b5s").unwrap();
        assert_eq!(layout.len(), 3);
        assert_eq!(layout.items[1].offset, 5);
    }
}
