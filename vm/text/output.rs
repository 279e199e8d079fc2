//! Where algorithms write results of known size: vectors, and the memory of new objects.

/// Grows at its end. What is written to the memory of an object has been announced: it fits exactly.
pub trait Output {
    /// Append a byte.
    fn push(&mut self, byte: u8);

    /// Append bytes.
    fn extend_from_slice(&mut self, bytes: &[u8]);

    /// Append a byte so many times.
    fn fill(&mut self, byte: u8, count: usize);

    /// Append the bytes of an iterator that knows how many they are.
    fn extend_exact(&mut self, bytes: impl ExactSizeIterator<Item = u8>);
}

impl Output for Vec<u8> {
    #[inline]
    fn push(&mut self, byte: u8) {
        self.push(byte);
    }

    #[inline]
    fn extend_from_slice(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }

    #[inline]
    fn fill(&mut self, byte: u8, count: usize) {
        self.resize(self.len() + count, byte);
    }

    #[inline]
    fn extend_exact(&mut self, bytes: impl ExactSizeIterator<Item = u8>) {
        self.extend(bytes);
    }
}

/// Append bytes so many times.
pub fn repeat(bytes: &[u8], count: usize, out: &mut impl Output) {
    match *bytes {
        [byte] => out.fill(byte, count),
        _ => (0..count).for_each(|_| out.extend_from_slice(bytes)),
    }
}
