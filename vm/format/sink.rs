//! Where formatted text goes: something that grows, and may refuse to.
//!
//! A width or precision can ask for gigabytes in a few characters, so every append is fallible. The interpreter
//! implements [`Sink`] for its own string builder, which charges its memory budget; `Vec<u8>` refuses only what the
//! allocator refuses.

/// The text does not fit in memory: `MemoryError`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfMemory;

/// Growing text in generalised UTF-8.
pub trait Sink {
    /// Makes room for so many more bytes.
    fn make_room(&mut self, bytes: usize) -> Result<(), OutOfMemory>;

    /// Appends text.
    fn write(&mut self, text: &[u8]) -> Result<(), OutOfMemory>;

    /// Appends a character's text so many times.
    fn write_repeated(&mut self, unit: &[u8], count: usize) -> Result<(), OutOfMemory> {
        self.make_room(unit.len().checked_mul(count).ok_or(OutOfMemory)?)?;
        (0..count).try_for_each(|_| self.write(unit))
    }
}

/// Most pieces of a formatted number are empty, and nothing is done for these.
impl Sink for Vec<u8> {
    #[inline]
    fn make_room(&mut self, bytes: usize) -> Result<(), OutOfMemory> {
        self.try_reserve(bytes).map_err(|_| OutOfMemory)
    }

    #[inline]
    fn write(&mut self, text: &[u8]) -> Result<(), OutOfMemory> {
        if !text.is_empty() {
            self.make_room(text.len())?;
            self.extend_from_slice(text);
        }
        Ok(())
    }

    #[inline]
    fn write_repeated(&mut self, unit: &[u8], count: usize) -> Result<(), OutOfMemory> {
        if count == 0 {
            return Ok(());
        }
        self.make_room(unit.len().checked_mul(count).ok_or(OutOfMemory)?)?;
        match unit {
            [byte] => self.resize(self.len() + count, *byte),
            _ => (0..count).for_each(|_| self.extend_from_slice(unit)),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repeats() {
        let mut text = b"a".to_vec();
        text.write_repeated("é".as_bytes(), 2).unwrap();
        text.write_repeated(b"-", 3).unwrap();
        assert_eq!(text, "aéé---".as_bytes());
    }

    #[test]
    fn refuses_what_cannot_be() {
        let mut text = Vec::new();
        assert_eq!(text.write_repeated(b"ab", usize::MAX), Err(OutOfMemory));
        assert_eq!(text.write_repeated(b"a", usize::MAX), Err(OutOfMemory));
    }
}
