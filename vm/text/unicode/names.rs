//! Character names, and the way back.
//!
//! There are 34,000 names besides the algorithmic ones, made of 13,000 words. A word is written with one symbol if it
//! is very frequent, else with two or three; a symbol is a printable ASCII character, a digit of base 92. A name is
//! spelled by the symbols of its words. Spellings stand one to a line in the order of the characters, which form a few
//! hundred runs, so that a character's spelling is a matter of counting lines. `NAME_ORDER` lists the offsets of the
//! spellings in sorted order: a lookup spells the name, then searches for the spelling.

use super::hangul;
use super::name_tables::{
    ALIASES, FIRST_SYMBOLS, LONGEST, NAME_ORDER, NAMED_RUNS, NAMES, NUMBERED, SEQUENCES, SPELLINGS, WORDS,
    WORDS_1, WORDS_2, WORDS_3,
};
use memchr::{memchr, memchr_iter};
use smallvec::SmallVec;
use std::cmp::Ordering;

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// A character, by its name.
    Character(u32),
    /// A character, by another name.
    Alias(u32),
    /// A named sequence of characters; `\N{…}` does not accept these.
    Sequence(&'static str),
}

/// Names that end in the character's number.
pub(super) struct NumberedNames {
    pub(super) prefix: &'static str,
    pub(super) first: u32,
    pub(super) last: u32,
    /// Whether [`name`] knows them; CPython looks up Tangut ideographs without naming them.
    pub(super) reported: bool,
}

/// `unicodedata.name`.
pub fn name(code: u32) -> Option<String> {
    if let Some(syllable) = hangul::name(code) {
        return Some(format!("{HANGUL_SYLLABLE}{}", syllable.concat()));
    }
    if let Some(range) = NUMBERED.iter().find(|range| (range.first..=range.last).contains(&code)) {
        return range.reported.then(|| format!("{}{code:X}", range.prefix));
    }
    let spelling = SPELLED.line(ordinal(code)?);
    let mut text = String::new();
    let mut symbols = spelling.bytes();
    while let Some(word) = read_word(&mut symbols) {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(word);
    }
    Some(text)
}

/// `unicodedata.lookup`: the character or sequence with this name, in any case.
pub fn lookup(name: &[u8]) -> Option<Named> {
    // No name is longer, those with numbers and syllables included.
    if name.len() > LONGEST {
        return None;
    }
    let mut upper = [0; LONGEST];
    let upper = &mut upper[..name.len()];
    upper.copy_from_slice(name);
    upper.make_ascii_uppercase();
    character(upper).map(Named::Character).or_else(|| alias(upper)).or_else(|| sequence(upper))
}

/// What `\N{…}` stands for in a string literal.
pub fn lookup_character(name: &[u8]) -> Option<u32> {
    match lookup(name)? {
        Named::Character(code) | Named::Alias(code) => Some(code),
        Named::Sequence(_) => None,
    }
}

const HANGUL_SYLLABLE: &str = "HANGUL SYLLABLE ";

fn character(name: &[u8]) -> Option<u32> {
    if let Some(syllable) = name.strip_prefix(HANGUL_SYLLABLE.as_bytes()) {
        return hangul::named(syllable);
    }
    spelled(name).or_else(|| numbered(name))
}

fn alias(name: &[u8]) -> Option<Named> {
    let place = ALIASES.binary_search_by(|entry| entry.0.as_bytes().cmp(name)).ok()?;
    Some(Named::Alias(ALIASES[place].1))
}

fn sequence(name: &[u8]) -> Option<Named> {
    let place = SEQUENCES.binary_search_by(|entry| entry.0.as_bytes().cmp(name)).ok()?;
    Some(Named::Sequence(SEQUENCES[place].1))
}

fn numbered(name: &[u8]) -> Option<u32> {
    let (prefix, digits) = name.split_at(name.iter().rposition(|&byte| byte == b'-')? + 1);
    // The number is written as `name` writes it: four digits or more, without a leading zero beyond that.
    if !(4..=6).contains(&digits.len()) || (digits.len() > 4 && digits[0] == b'0') {
        return None;
    }
    let code = digits.iter().try_fold(0, |code, &digit| Some(code << 4 | char::from(digit).to_digit(16)?))?;
    let known = |range: &NumberedNames| {
        range.prefix.as_bytes() == prefix && (range.first..=range.last).contains(&code)
    };
    NUMBERED.iter().any(known).then_some(code)
}

fn spelled(name: &[u8]) -> Option<u32> {
    // Each word ends as its line in the lexicon does.
    let mut words: SmallVec<[u8; 96]> = name.into();
    words.push(b' ');
    if words.contains(&b'\n') {
        return None;
    }
    let mut spelling = SmallVec::new();
    for word in words.split_inclusive_mut(|&byte| byte == b' ') {
        word[word.len() - 1] = b'\n';
        spell_word(word, &mut spelling)?;
    }
    let place =
        binary_search(NAMES, |place| SPELLED.line_at(ordered_offset(place)).as_bytes().cmp(&spelling))?;
    Some(code_of(SPELLED.number_at(ordered_offset(place))))
}

// --- Words ---

const FIRST_SYMBOL: u8 = b'#';
const BASE: usize = 92;

/// The words of one, two and three symbols.
static LEXICON: [Lines; 3] = [
    Lines { text: WORDS_1, blocks: &blocks::<{ WORDS[0].div_ceil(BLOCK) }>(WORDS_1) },
    Lines { text: WORDS_2, blocks: &blocks::<{ WORDS[1].div_ceil(BLOCK) }>(WORDS_2) },
    Lines { text: WORDS_3, blocks: &blocks::<{ WORDS[2].div_ceil(BLOCK) }>(WORDS_3) },
];

/// The numbers of one, two and three symbols at which the words start.
const FIRST_NUMBERS: [usize; 3] =
    [0, FIRST_SYMBOLS[0] * BASE, (FIRST_SYMBOLS[0] + FIRST_SYMBOLS[1]) * BASE * BASE];

/// Read the next word of a spelling.
fn read_word(symbols: &mut impl Iterator<Item = u8>) -> Option<&'static str> {
    let mut digit = || symbols.next().map(|symbol| usize::from(symbol.wrapping_sub(FIRST_SYMBOL)));
    let first = digit()?;
    let mut number = first;
    let group = match first.checked_sub(FIRST_SYMBOLS[0]) {
        None => 0,
        Some(first) if first < FIRST_SYMBOLS[1] => 1,
        Some(_) => 2,
    };
    for _ in 0..group {
        number = number * BASE + digit()?;
    }
    Some(LEXICON[group].line(number - FIRST_NUMBERS[group]))
}

/// Write the symbols of a word with a line end, if there is that word.
fn spell_word(line: &[u8], spelling: &mut SmallVec<[u8; 64]>) -> Option<()> {
    let find = |(group, lines): (usize, &Lines)| Some((group, lines.find(line)?));
    let (group, word) = LEXICON.iter().enumerate().find_map(find)?;
    let number = FIRST_NUMBERS[group] + word;
    for place in (0..=group as u32).rev() {
        spelling.push(FIRST_SYMBOL + (number / BASE.pow(place) % BASE) as u8);
    }
    Some(())
}

/// The offset of the spelling that comes `place`th in sorted order.
fn ordered_offset(place: usize) -> usize {
    const IN_LINE: usize = 32;
    let at = 3 * place + place / IN_LINE;
    let symbols = &NAME_ORDER.as_bytes()[at..at + 3];
    symbols.iter().fold(0, |number, &symbol| number * BASE + usize::from(symbol - FIRST_SYMBOL))
}

// --- Characters in the order of their spellings ---

/// How many names come before the character's; `None` if it has none.
fn ordinal(code: u32) -> Option<usize> {
    let run = NAMED_RUNS.partition_point(|&run| run_first(run) <= code).checked_sub(1)?;
    let within = code - run_first(NAMED_RUNS[run]);
    (within < run_count(NAMED_RUNS[run])).then(|| (RUN_ORDINALS[run] + within) as usize)
}

/// The reverse of [`ordinal`].
fn code_of(ordinal: usize) -> u32 {
    let run = RUN_ORDINALS.partition_point(|&start| start as usize <= ordinal) - 1;
    run_first(NAMED_RUNS[run]) + ordinal as u32 - RUN_ORDINALS[run]
}

const fn run_first(run: u32) -> u32 {
    run >> 11
}

const fn run_count(run: u32) -> u32 {
    run & 0x7ff
}

/// How many names come before each run.
static RUN_ORDINALS: [u32; NAMED_RUNS.len()] = {
    let mut ordinals = [0; NAMED_RUNS.len()];
    let mut run = 1;
    while run < ordinals.len() {
        ordinals[run] = ordinals[run - 1] + run_count(NAMED_RUNS[run - 1]);
        run += 1;
    }
    ordinals
};

// --- Lines ---

static SPELLED: Lines = Lines { text: SPELLINGS, blocks: &blocks::<{ NAMES.div_ceil(BLOCK) }>(SPELLINGS) };

/// A text of many lines, of which every sixteenth is found directly.
struct Lines {
    text: &'static str,
    /// Where the blocks of sixteen lines start.
    blocks: &'static [u32],
}

const BLOCK: usize = 16;

impl Lines {
    /// The line with a number.
    fn line(&self, number: usize) -> &'static str {
        let start = self.blocks[number / BLOCK] as usize;
        let skipped = match number % BLOCK {
            0 => 0,
            lines => {
                memchr_iter(b'\n', &self.text.as_bytes()[start..]).nth(lines - 1).map_or(0, |end| end + 1)
            }
        };
        self.line_at(start + skipped)
    }

    /// The line that starts at an offset.
    fn line_at(&self, offset: usize) -> &'static str {
        let rest = &self.text[offset..];
        &rest[..memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len())]
    }

    /// The number of the line that starts at an offset.
    fn number_at(&self, offset: usize) -> usize {
        let block = self.blocks.partition_point(|&start| start as usize <= offset) - 1;
        let within = &self.text.as_bytes()[self.blocks[block] as usize..offset];
        block * BLOCK + memchr_iter(b'\n', within).count()
    }

    /// The number of a line, which is given with its end; the lines must be sorted.
    ///
    /// The end sorts before everything else, so that lines compare as their texts.
    fn find(&self, line: &[u8]) -> Option<usize> {
        let from = |start: usize| &self.text.as_bytes()[start..];
        let up_to = |&start: &u32| {
            let rest = from(start as usize);
            rest[..rest.len().min(line.len())] <= *line
        };
        let block = self.blocks.partition_point(up_to).checked_sub(1)?;
        let mut at = self.blocks[block] as usize;
        for within in 0..BLOCK {
            if from(at).starts_with(line) {
                return Some(block * BLOCK + within);
            }
            at += memchr(b'\n', from(at))? + 1;
        }
        None
    }
}

/// Where every sixteenth line starts.
const fn blocks<const N: usize>(text: &str) -> [u32; N] {
    let text = text.as_bytes();
    let mut starts = [0; N];
    let (mut line, mut at) = (0, 0);
    while at < text.len() {
        if text[at] == b'\n' {
            line += 1;
            if line % BLOCK == 0 && line / BLOCK < N {
                starts[line / BLOCK] = at as u32 + 1;
            }
        }
        at += 1;
    }
    assert!(line.div_ceil(BLOCK) == N, "the number of lines is another one");
    starts
}

fn binary_search(len: usize, compare: impl Fn(usize) -> Ordering) -> Option<usize> {
    let (mut start, mut end) = (0, len);
    while start < end {
        let middle = start.midpoint(end);
        match compare(middle) {
            Ordering::Less => start = middle + 1,
            Ordering::Equal => return Some(middle),
            Ordering::Greater => end = middle,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_leads_back() {
        let mut named = 0;
        for code in 0..0x110000 {
            if let Some(name) = name(code) {
                assert_eq!(lookup(name.as_bytes()), Some(Named::Character(code)), "{name}");
                named += 1;
            }
        }
        // Spelled names, Korean syllables, and names with numbers.
        assert_eq!(named, 34_137 + 11_172 + 97_668 + 3_995 + 1_014 + 471 + 396);
    }

    #[test]
    fn names_in_any_case() {
        assert_eq!(name(0x61).as_deref(), Some("LATIN SMALL LETTER A"));
        assert_eq!(lookup(b"latin small letter a"), Some(Named::Character(0x61)));
        assert_eq!(lookup(b"hangul syllable gag"), Some(Named::Character(0xac01)));
        assert_eq!(lookup(b"cjk unified ideograph-4e00"), Some(Named::Character(0x4e00)));
        assert_eq!(
            (name(0x17000), lookup(b"TANGUT IDEOGRAPH-17000")),
            (None, Some(Named::Character(0x17000)))
        );
        assert_eq!(lookup(b"NULL"), Some(Named::Alias(0)));
        assert_eq!(lookup(b"KEYCAP DIGIT ONE"), Some(Named::Sequence("1\u{fe0f}\u{20e3}")));
        assert_eq!((lookup_character(b"LF"), lookup_character(b"KEYCAP DIGIT ONE")), (Some(10), None));
    }

    #[test]
    fn what_is_not_a_name() {
        let wrong: [&[u8]; 10] = [
            b"",
            b" ",
            b"LATIN SMALL LETTER",
            b"LATIN SMALL LETTER A ",
            b"LATIN  SMALL LETTER A",
            b"HANGUL SYLLABLE ",
            b"CJK UNIFIED IDEOGRAPH-04E00",
            b"CJK UNIFIED IDEOGRAPH-2A6E0",
            b"CJK UNIFIED IDEOGRAPH-+123",
            &[b'A'; 300],
        ];
        for text in wrong {
            assert_eq!(lookup(text), None, "{}", text.escape_ascii());
        }
    }
}
