//! Character names, and the way back.
//!
//! There are 34,000 names besides the algorithmic ones, made of 13,000 words. Each word has a number, written in base
//! 92 with one symbol if the word is very frequent, else with two or three; a name is spelled by its words' symbols
//! and ends with a line end. Spellings follow each other in the order of the characters, which form a few hundred runs,
//! so that a character's spelling is found by counting lines from the nearest of a sparse set of offsets. The words are
//! sorted within the groups of equal symbol count, and `NAME_ORDER` lists the spellings sorted: a lookup spells the
//! name, then searches for the spelling. Both texts are plain ASCII, chosen so that the source needs no escapes.

use super::hangul;
use super::name_tables::{
    ALIASES, LEXICON, LONGEST, NAME_ORDER, NAMED_RUNS, NAMES, NUMBERED, ONE_SYMBOL, SEQUENCES, SPELLINGS,
    TWO_SYMBOLS, WORDS,
};
use memchr::{memchr, memchr_iter};
use smallvec::SmallVec;
use std::ops::Range;

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
    let spelling = spelling_at(nth_spelling(ordinal(code)?));
    let mut text = String::new();
    let mut symbols = spelling.iter().copied();
    while let Some(word) = read_word(&mut symbols) {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(word_text(word));
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
    let digits = name.len() - name.iter().rposition(|&byte| byte == b'-')? - 1;
    let (prefix, digits) = name.split_at(name.len() - digits);
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

// --- Words ---

const FIRST_SYMBOL: u8 = b'#';
const BASE: usize = 92;
/// Numbers of the words written with one, two and three symbols.
const GROUPS: [Range<usize>; 3] =
    [0..ONE_SYMBOL, ONE_SYMBOL..ONE_SYMBOL + TWO_SYMBOLS * BASE, ONE_SYMBOL + TWO_SYMBOLS * BASE..WORDS];

/// Read the number of the next word of a spelling.
fn read_word(symbols: &mut impl Iterator<Item = u8>) -> Option<usize> {
    let mut digit = || symbols.next().map(|symbol| usize::from(symbol.wrapping_sub(FIRST_SYMBOL)));
    let first = digit()?;
    if first < ONE_SYMBOL {
        return Some(first);
    }
    let two = (first - ONE_SYMBOL) * BASE + digit()?;
    if first < ONE_SYMBOL + TWO_SYMBOLS {
        return Some(GROUPS[1].start + two);
    }
    let three = (two - TWO_SYMBOLS * BASE) * BASE + digit()?;
    Some(GROUPS[2].start + three)
}

/// Write the symbols of a word.
fn spell_word(word: usize, spelling: &mut SmallVec<[u8; 64]>) {
    let mut symbol = |digit: usize| spelling.push(FIRST_SYMBOL + digit as u8);
    if word < GROUPS[1].start {
        symbol(word);
    } else if word < GROUPS[2].start {
        let number = word - GROUPS[1].start;
        symbol(ONE_SYMBOL + number / BASE);
        symbol(number % BASE);
    } else {
        let number = word - GROUPS[2].start;
        symbol(ONE_SYMBOL + TWO_SYMBOLS + number / (BASE * BASE));
        symbol(number / BASE % BASE);
        symbol(number % BASE);
    }
}

fn word_text(word: usize) -> &'static str {
    let start = line_start(LEXICON.as_bytes(), &WORD_BLOCKS, word);
    let rest = &LEXICON[start..];
    &rest[..memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len())]
}

fn word_number(text: &[u8]) -> Option<usize> {
    GROUPS.iter().find_map(|group| binary_search(group.clone(), |word| word_text(word).as_bytes().cmp(text)))
}

// --- Spellings ---

/// The character whose name is spelled in words.
fn spelled(name: &[u8]) -> Option<u32> {
    let mut spelling = SmallVec::new();
    for word in name.split(|&byte| byte == b' ') {
        spell_word(word_number(word)?, &mut spelling);
    }
    let place = binary_search(0..NAMES, |place| spelling_at(ordered_offset(place)).cmp(&spelling))?;
    Some(code_of(ordinal_at(ordered_offset(place))))
}

/// The spelling that starts at an offset.
fn spelling_at(offset: usize) -> &'static [u8] {
    let rest = &SPELLINGS.as_bytes()[offset..];
    &rest[..memchr(b'\n', rest).unwrap_or(rest.len())]
}

/// The offset of the spelling that comes `place`th in sorted order.
fn ordered_offset(place: usize) -> usize {
    const IN_LINE: usize = 32;
    let at = 3 * place + place / IN_LINE;
    let symbols = &NAME_ORDER.as_bytes()[at..at + 3];
    symbols.iter().fold(0, |number, &symbol| number * BASE + usize::from(symbol - FIRST_SYMBOL))
}

fn nth_spelling(ordinal: usize) -> usize {
    line_start(SPELLINGS.as_bytes(), &SPELLING_BLOCKS, ordinal)
}

/// The reverse of [`nth_spelling`].
fn ordinal_at(offset: usize) -> usize {
    let block = SPELLING_BLOCKS.partition_point(|&start| start as usize <= offset) - 1;
    let within = &SPELLINGS.as_bytes()[SPELLING_BLOCKS[block] as usize..offset];
    block * LINES_IN_BLOCK + memchr_iter(b'\n', within).count()
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

const LINES_IN_BLOCK: usize = 16;

/// Where every sixteenth word starts.
static WORD_BLOCKS: [u32; WORDS.div_ceil(LINES_IN_BLOCK)] = blocks(LEXICON);
/// Where every sixteenth spelling starts.
static SPELLING_BLOCKS: [u32; NAMES.div_ceil(LINES_IN_BLOCK)] = blocks(SPELLINGS);

const fn blocks<const N: usize>(text: &str) -> [u32; N] {
    let text = text.as_bytes();
    let mut starts = [0; N];
    let (mut line, mut at) = (0, 0);
    while at < text.len() {
        if text[at] == b'\n' {
            line += 1;
            if line % LINES_IN_BLOCK == 0 && line / LINES_IN_BLOCK < N {
                starts[line / LINES_IN_BLOCK] = at as u32 + 1;
            }
        }
        at += 1;
    }
    assert!(line.div_ceil(LINES_IN_BLOCK) == N, "the number of lines is another one");
    starts
}

/// Where a line starts, given the starts of every sixteenth.
fn line_start(text: &[u8], blocks: &[u32], line: usize) -> usize {
    let start = blocks[line / LINES_IN_BLOCK] as usize;
    match line % LINES_IN_BLOCK {
        0 => start,
        skip => memchr_iter(b'\n', &text[start..]).nth(skip - 1).map_or(text.len(), |end| start + end + 1),
    }
}

fn binary_search(range: Range<usize>, compare: impl Fn(usize) -> std::cmp::Ordering) -> Option<usize> {
    let Range { mut start, mut end } = range;
    while start < end {
        let middle = start.midpoint(end);
        match compare(middle) {
            std::cmp::Ordering::Less => start = middle + 1,
            std::cmp::Ordering::Equal => return Some(middle),
            std::cmp::Ordering::Greater => end = middle,
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
