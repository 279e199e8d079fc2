//! Korean syllables: 19 leading consonants, 21 vowels and 27 trailing consonants, combined by arithmetic.

const SYLLABLES: u32 = 0xac00;
const LEADS: u32 = 0x1100;
const VOWELS: u32 = 0x1161;
/// One below the first trailing consonant: index 0 stands for none.
const TRAILS: u32 = 0x11a7;
const LEAD_COUNT: u32 = 19;
const VOWEL_COUNT: u32 = 21;
const TRAIL_COUNT: u32 = 28;
const SYLLABLE_COUNT: u32 = LEAD_COUNT * VOWEL_COUNT * TRAIL_COUNT;

const LEAD_NAMES: [&str; LEAD_COUNT as usize] =
    ["G", "GG", "N", "D", "DD", "R", "M", "B", "BB", "S", "SS", "", "J", "JJ", "C", "K", "T", "P", "H"];
const VOWEL_NAMES: [&str; VOWEL_COUNT as usize] = [
    "A", "AE", "YA", "YAE", "EO", "E", "YEO", "YE", "O", "WA", "WAE", "OE", "YO", "U", "WEO", "WE", "WI",
    "YU", "EU", "YI", "I",
];
const TRAIL_NAMES: [&str; TRAIL_COUNT as usize] = [
    "", "G", "GG", "GS", "N", "NJ", "NH", "D", "L", "LG", "LM", "LB", "LS", "LT", "LP", "LH", "M", "B", "BS",
    "S", "SS", "NG", "J", "C", "K", "T", "P", "H",
];

/// The two or three letters of a syllable; without a trailing consonant the last is 0.
pub(super) fn decompose(code: u32) -> Option<[u32; 3]> {
    let [lead, vowel, trail] = parts(code)?;
    Some([LEADS + lead, VOWELS + vowel, if trail == 0 { 0 } else { TRAILS + trail }])
}

/// The syllable made of a leading consonant and a vowel, or of a syllable without trail and a trailing consonant.
pub(super) fn compose(first: u32, second: u32) -> Option<u32> {
    let (lead, vowel) = (first.wrapping_sub(LEADS), second.wrapping_sub(VOWELS));
    if lead < LEAD_COUNT && vowel < VOWEL_COUNT {
        return Some(SYLLABLES + (lead * VOWEL_COUNT + vowel) * TRAIL_COUNT);
    }
    let (open, trail) = (first.wrapping_sub(SYLLABLES), second.wrapping_sub(TRAILS));
    let fits = open < SYLLABLE_COUNT && open.is_multiple_of(TRAIL_COUNT) && (1..TRAIL_COUNT).contains(&trail);
    fits.then(|| first + trail)
}

/// The transliteration at the end of a syllable's name.
pub(super) fn name(code: u32) -> Option<[&'static str; 3]> {
    let [lead, vowel, trail] = parts(code)?;
    Some([LEAD_NAMES[lead as usize], VOWEL_NAMES[vowel as usize], TRAIL_NAMES[trail as usize]])
}

/// The syllable with that transliteration, which must be in upper case.
pub(super) fn named(text: &[u8]) -> Option<u32> {
    let (lead, rest) = longest(&LEAD_NAMES, text)?;
    let (vowel, rest) = longest(&VOWEL_NAMES, rest)?;
    let (trail, rest) = longest(&TRAIL_NAMES, rest)?;
    rest.is_empty().then_some(SYLLABLES + (lead * VOWEL_COUNT + vowel) * TRAIL_COUNT + trail)
}

fn parts(code: u32) -> Option<[u32; 3]> {
    let index = code.checked_sub(SYLLABLES).filter(|&index| index < SYLLABLE_COUNT)?;
    Some([index / (VOWEL_COUNT * TRAIL_COUNT), index / TRAIL_COUNT % VOWEL_COUNT, index % TRAIL_COUNT])
}

/// The place of the longest name that `text` starts with, and what follows it.
fn longest<'a>(names: &[&str], text: &'a [u8]) -> Option<(u32, &'a [u8])> {
    let candidates = names.iter().enumerate().filter(|(_, name)| text.starts_with(name.as_bytes()));
    let (place, name) = candidates.max_by_key(|(_, name)| name.len())?;
    Some((place as u32, &text[name.len()..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_syllable_comes_back() {
        for code in SYLLABLES..SYLLABLES + SYLLABLE_COUNT {
            let [lead, vowel, trail] = decompose(code).unwrap();
            let open = compose(lead, vowel).unwrap();
            assert_eq!(if trail == 0 { open } else { compose(open, trail).unwrap() }, code);
            assert_eq!(named(name(code).unwrap().concat().as_bytes()), Some(code));
        }
        assert_eq!(
            (decompose(0xabff), decompose(0xd7a4), named(b"XA"), named(b"")),
            (None, None, None, None)
        );
    }
}
