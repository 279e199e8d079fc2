//! How the generated tables are stored: two-stage arrays, written in the source as text that the compiler unpacks.
//!
//! The code space repeats itself, so a table of one value per character is cut into equal blocks of which only the
//! distinct ones are kept: `first` names the block, the low bits of the character choose in it. The text form of an
//! array is hexadecimal numbers between spaces or line ends, `v*n` standing for `n` times `v`; a number of entries that
//! differs from the array's length does not compile.

/// One value for each character; `SHIFT` is the binary logarithm of the block size.
pub(super) struct TwoStage<V: 'static, const SHIFT: u32> {
    pub(super) first: &'static [u8],
    pub(super) blocks: &'static [V],
}

impl<V: Copy + Default, const SHIFT: u32> TwoStage<V, SHIFT> {
    /// The value for `code`, or the default value beyond the last character.
    #[inline]
    pub(super) fn get(&self, code: u32) -> V {
        let Some(&block) = self.first.get((code >> SHIFT) as usize) else { return V::default() };
        let within = code as usize & ((1 << SHIFT) - 1);
        self.blocks[(usize::from(block) << SHIFT) | within]
    }
}

/// Unpack bytes.
pub(super) const fn bytes<const N: usize>(text: &str) -> [u8; N] {
    let mut out = [0; N];
    let mut runs = Runs::new(text);
    let mut at = 0;
    while at < N {
        let (value, end) = runs.next(at);
        while at < end {
            out[at] = value as u8;
            at += 1;
        }
    }
    runs.finish();
    out
}

/// Unpack 16-bit numbers.
pub(super) const fn halves<const N: usize>(text: &str) -> [u16; N] {
    let mut out = [0; N];
    let mut runs = Runs::new(text);
    let mut at = 0;
    while at < N {
        let (value, end) = runs.next(at);
        while at < end {
            out[at] = value as u16;
            at += 1;
        }
    }
    runs.finish();
    out
}

/// Unpack 32-bit numbers.
pub(super) const fn words<const N: usize>(text: &str) -> [u32; N] {
    let mut out = [0; N];
    let mut runs = Runs::new(text);
    let mut at = 0;
    while at < N {
        let (value, end) = runs.next(at);
        while at < end {
            out[at] = value;
            at += 1;
        }
    }
    runs.finish();
    out
}

/// Cut an array into threes.
pub(super) const fn triples<const N: usize>(flat: &[u32]) -> [[u32; 3]; N] {
    assert!(flat.len() == 3 * N, "the array is not made of triples");
    let mut out = [[0; 3]; N];
    let mut at = 0;
    while at < N {
        out[at] = [flat[3 * at], flat[3 * at + 1], flat[3 * at + 2]];
        at += 1;
    }
    out
}

/// A reader of the text form.
struct Runs<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Runs<'a> {
    const fn new(text: &'a str) -> Self {
        let mut runs = Self { text: text.as_bytes(), at: 0 };
        runs.skip_space();
        runs
    }

    /// The next value, and where its run ends when it starts at `start`.
    const fn next(&mut self, start: usize) -> (u32, usize) {
        let value = self.number();
        let mut count = 1;
        if self.at < self.text.len() && self.text[self.at] == b'*' {
            self.at += 1;
            count = self.number();
        }
        self.skip_space();
        (value, start + count as usize)
    }

    const fn number(&mut self) -> u32 {
        let mut value = 0;
        let start = self.at;
        while self.at < self.text.len() {
            let digit = match self.text[self.at] {
                byte @ b'0'..=b'9' => byte - b'0',
                byte @ b'a'..=b'f' => byte - b'a' + 10,
                _ => break,
            };
            value = value << 4 | digit as u32;
            self.at += 1;
        }
        assert!(self.at > start, "a number is missing");
        value
    }

    const fn skip_space(&mut self) {
        while self.at < self.text.len() && matches!(self.text[self.at], b' ' | b'\n') {
            self.at += 1;
        }
    }

    const fn finish(&self) {
        assert!(self.at == self.text.len(), "there are more numbers than the array holds");
    }
}
