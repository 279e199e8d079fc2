//! MT19937, the Mersenne Twister of Matsumoto and Nishimura.
//!
//! The state is an array of words. Every 624 numbers it is *twisted*: each word becomes a mix of itself, its
//! successor, and the word 397 places on. A number is a word of the state, *tempered*: its bits are spread by shifts and
//! masks. Seeds and floats are made as the authors' reference does, and Python after it.

/// Words in the state.
pub(super) const WORDS: usize = 624;
const FAR: usize = 397;
const MATRIX: u32 = 0x9908_B0DF;
const UPPER: u32 = 0x8000_0000;

/// A generator.
pub(super) struct Mersenne {
    words: [u32; WORDS],
    /// How many words have been used up.
    index: usize,
}

impl Default for Mersenne {
    fn default() -> Self {
        Self { words: [0; WORDS], index: WORDS }
    }
}

impl Mersenne {
    fn from_word(seed: u32) -> Self {
        let mut words = [seed; WORDS];
        for at in 1..WORDS {
            let last = words[at - 1];
            words[at] = 1_812_433_253u32.wrapping_mul(last ^ last >> 30).wrapping_add(at as u32);
        }
        Self { words, index: WORDS }
    }

    /// A generator that depends on all words of a key, which is not empty.
    pub(super) fn from_key(key: &[u32]) -> Self {
        let Self { mut words, index } = Self::from_word(19_650_218);
        let mut at = 1;
        let mut next = |mix: &mut dyn FnMut(usize, u32, u32) -> u32| {
            let last = words[at - 1];
            words[at] = mix(at, words[at], last ^ last >> 30);
            at += 1;
            if at == WORDS {
                words[0] = words[WORDS - 1];
                at = 1;
            }
        };
        for round in 0..WORDS.max(key.len()) {
            let place = round % key.len();
            next(&mut |_, word, last| {
                (word ^ last.wrapping_mul(1_664_525)).wrapping_add(key[place]).wrapping_add(place as u32)
            });
        }
        for _ in 1..WORDS {
            next(&mut |at, word, last| (word ^ last.wrapping_mul(1_566_083_941)).wrapping_sub(at as u32));
        }
        words[0] = UPPER;
        Self { words, index }
    }

    /// The state that was taken apart by [`parts`](Self::parts); `None` if it is none.
    pub(super) fn from_parts(words: [u32; WORDS], index: u32) -> Option<Self> {
        let index = index as usize;
        (index <= WORDS).then_some(Self { words, index })
    }

    /// The words of the state, and how many of them have been used up.
    pub(super) fn parts(&self) -> ([u32; WORDS], u32) {
        (self.words, self.index as u32)
    }

    fn next_word(&mut self) -> u32 {
        if self.index == WORDS {
            self.twist();
        }
        let word = self.words[self.index];
        self.index += 1;
        temper(word)
    }

    fn twist(&mut self) {
        let words = &mut self.words;
        for at in 0..WORDS {
            let mixed = words[at] & UPPER | words[(at + 1) % WORDS] & !UPPER;
            let odd = if mixed & 1 == 1 { MATRIX } else { 0 };
            words[at] = words[(at + FAR) % WORDS] ^ mixed >> 1 ^ odd;
        }
        self.index = 0;
    }

    /// The upper bits of the next number, 32 at most.
    pub(super) fn next_bits(&mut self, bits: u32) -> u32 {
        if bits == 0 { 0 } else { self.next_word() >> (32 - bits) }
    }

    /// A multiple of 2**-53 below one.
    pub(super) fn next_float(&mut self) -> f64 {
        const SCALE: f64 = 9_007_199_254_740_992.0;
        let (high, low) = (self.next_bits(27), self.next_bits(26));
        (f64::from(high) * 67_108_864.0 + f64::from(low)) / SCALE
    }
}

fn temper(mut word: u32) -> u32 {
    word ^= word >> 11;
    word ^= word << 7 & 0x9D2C_5680;
    word ^= word << 15 & 0xEFC6_0000;
    word ^ word >> 18
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_authors_example() {
        let mut generator = Mersenne::from_key(&[0x123, 0x234, 0x345, 0x456]);
        let first: Vec<_> = (0..5).map(|_| generator.next_word()).collect();
        assert_eq!(first, [1_067_595_299, 955_945_823, 477_289_528, 4_107_218_783, 4_228_976_476]);
    }

    #[test]
    fn floats() {
        assert_eq!(Mersenne::from_key(&[1]).next_float(), 0.13436424411240122);
        assert_eq!(Mersenne::from_key(&[5]).next_float(), 0.6229016948897019);
    }

    #[test]
    fn states_come_back() {
        let mut generator = Mersenne::from_key(&[7]);
        let numbers =
            |generator: &mut Mersenne| (0..1000).map(|_| generator.next_bits(32)).collect::<Vec<_>>();
        numbers(&mut generator);
        let (words, index) = generator.parts();
        let mut again = Mersenne::from_parts(words, index).unwrap();
        assert_eq!(numbers(&mut generator), numbers(&mut again));
        assert!(Mersenne::from_parts(words, 625).is_none());
    }
}
