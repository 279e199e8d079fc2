//! The normalization forms NFC, NFD, NFKC and NFKD.
//!
//! Text is almost always normalized already, or nearly so. One scan therefore walks over the characters that stay as
//! they are, and only the stretch around a character that may change is rewritten: from the last character that cannot
//! be affected by what precedes it to the next such character. A stretch is decomposed, its combining marks are put in
//! order of their classes, and for the composed forms pairs are put together again.

use super::hangul;
use super::tables::{
    COMPOSITIONS, CORRECTIONS_3_2, DECOMPOSITION_INDEX, DECOMPOSITIONS, NORMAL, NORMAL_RECORDS,
};
use super::ucd_3_2_0;
use crate::text::wtf8::{Text, TextBuf};
use smallvec::SmallVec;

/// A normalization form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Canonical decomposition.
    Nfd,
    /// Compatibility decomposition.
    Nfkd,
    /// Canonical decomposition, then composition.
    Nfc,
    /// Compatibility decomposition, then composition.
    Nfkc,
}

impl Form {
    /// The form with this name, such as `NFC`.
    pub fn from_name(name: &[u8]) -> Option<Self> {
        Some(match name {
            b"NFD" => Self::Nfd,
            b"NFKD" => Self::Nfkd,
            b"NFC" => Self::Nfc,
            b"NFKC" => Self::Nfkc,
            _ => return None,
        })
    }

    fn composes(self) -> bool {
        matches!(self, Self::Nfc | Self::Nfkc)
    }

    fn is_compatibility(self) -> bool {
        matches!(self, Self::Nfkd | Self::Nfkc)
    }

    /// The flag of characters that the form changes, or may change.
    fn suspects(self) -> u8 {
        let maybe = if self.composes() { MAYBE_COMBINES } else { 0 };
        1 << self as u8 | maybe
    }
}

/// The version of Unicode whose decompositions are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// The version of the interpreter.
    Current,
    /// The version that internationalised domain names are defined by: characters assigned later do not decompose.
    Ucd3_2_0,
}

/// `unicodedata.normalize`: the text in that form, or `None` if it already is.
pub fn normalize(text: Text<'_>, form: Form, version: Version) -> Option<TextBuf> {
    if text.is_ascii() {
        return None;
    }
    let mut stretch = next_stretch(text, 0, form)?;
    let mut out = TextBuf::with_capacity(text.len());
    let mut copied = 0;
    let mut rewriter = Rewriter { form, version, codes: SmallVec::new() };
    loop {
        out.push_text(text.slice(copied..stretch.start));
        rewriter.rewrite(text.slice(stretch.clone()), &mut out);
        copied = stretch.end;
        match next_stretch(text, copied, form) {
            Some(next) => stretch = next,
            None => break,
        }
    }
    out.push_text(text.slice(copied..text.len()));
    (out.as_text() != text).then_some(out)
}

/// `unicodedata.is_normalized`.
pub fn is_normalized(text: Text<'_>, form: Form, version: Version) -> bool {
    normalize(text, form, version).is_none()
}

/// A single step of decomposition.
pub(super) struct Decomposed {
    /// Place of the tag in `DECOMPOSITION_TAGS`; 0 for canonical decompositions.
    pub(super) tag: usize,
    pub(super) codes: &'static [u32],
}

/// What the database says a character decomposes to; Korean syllables are not in it.
pub(super) fn decompose_once(code: u32) -> Option<Decomposed> {
    let place = usize::from(DECOMPOSITION_INDEX.get(code));
    if place == 0 {
        return None;
    }
    let word = DECOMPOSITIONS[place];
    let codes = &DECOMPOSITIONS[place + 1..][..(word >> 8) as usize];
    Some(Decomposed { tag: (word & 0xff) as usize, codes })
}

/// The flag of characters that may combine with the preceding one.
const MAYBE_COMBINES: u8 = 1 << 4;

/// Combining class and flags of a character.
#[inline]
fn normal_record(code: u32) -> (u8, u8) {
    let record = NORMAL_RECORDS[usize::from(NORMAL.get(code))];
    (record as u8, (record >> 8) as u8)
}

/// The next stretch from `from` on that has to be rewritten; it starts and ends where neighbours do not interact.
fn next_stretch(text: Text<'_>, from: usize, form: Form) -> Option<std::ops::Range<usize>> {
    let suspects = form.suspects();
    let (mut start, mut last_class) = (from, 0);
    let mut rest = text.slice(from..text.len()).code_point_offsets();
    loop {
        let (offset, code) = rest.next()?;
        if code < FIRST_SUSPECT {
            (start, last_class) = (from + offset, 0);
            continue;
        }
        let (class, flags) = normal_record(code);
        if flags & suspects != 0 || (class != 0 && class < last_class) {
            break;
        }
        if class == 0 {
            start = from + offset;
        }
        last_class = class;
    }
    for (offset, code) in rest {
        let (class, flags) = normal_record(code);
        if class == 0 && flags & suspects == 0 {
            return Some(start..from + offset);
        }
    }
    Some(start..text.len())
}

/// No character below changes in any form.
const FIRST_SUSPECT: u32 = 0xa0;

struct Rewriter {
    form: Form,
    version: Version,
    /// The characters of the stretch with their combining classes.
    codes: SmallVec<[(u32, u8); 16]>,
}

impl Rewriter {
    fn rewrite(&mut self, stretch: Text<'_>, out: &mut TextBuf) {
        self.codes.clear();
        for code in stretch.code_points() {
            self.decompose(code);
        }
        self.order_marks();
        if self.form.composes() {
            self.compose();
        }
        for &(code, _) in &self.codes {
            out.push(code);
        }
    }

    /// Append the full decomposition of a character; the database nests it only a few levels deep.
    fn decompose(&mut self, code: u32) {
        if let Some(jamo) = hangul::decompose(code) {
            self.codes.extend(jamo.into_iter().filter(|&code| code != 0).map(|code| (code, 0)));
            return;
        }
        if self.version == Version::Ucd3_2_0 {
            if let Ok(place) = CORRECTIONS_3_2.binary_search_by_key(&code, |correction| correction.0) {
                self.codes.push((CORRECTIONS_3_2[place].1, 0));
                return;
            }
            if !ucd_3_2_0::is_assigned(code) {
                self.codes.push((code, normal_record(code).0));
                return;
            }
        }
        match decompose_once(code) {
            Some(Decomposed { tag, codes }) if tag == 0 || self.form.is_compatibility() => {
                for &code in codes {
                    self.decompose(code);
                }
            }
            _ => self.codes.push((code, normal_record(code).0)),
        }
    }

    /// Sort each run of combining marks by class, marks of the same class staying in order.
    fn order_marks(&mut self) {
        for run in self.codes.split_mut(|&(_, class)| class == 0) {
            if run.len() > 1 {
                run.sort_by_key(|&(_, class)| class);
            }
        }
    }

    /// Put pairs together: a character joins the last starter unless one between them has at least its class.
    fn compose(&mut self) {
        let mut starter: Option<usize> = None;
        let mut kept = 0;
        for at in 0..self.codes.len() {
            let (code, class) = self.codes[at];
            if let Some(place) = starter {
                let adjacent = place + 1 == kept;
                let unblocked = adjacent || self.codes[kept - 1].1 < class;
                if unblocked && let Some(joined) = composite(self.codes[place].0, code) {
                    self.codes[place].0 = joined;
                    continue;
                }
            }
            if class == 0 {
                starter = Some(kept);
            }
            self.codes[kept] = (code, class);
            kept += 1;
        }
        self.codes.truncate(kept);
    }
}

/// The character that a pair composes to.
fn composite(first: u32, second: u32) -> Option<u32> {
    if let Some(syllable) = hangul::compose(first, second) {
        return Some(syllable);
    }
    let place = COMPOSITIONS.binary_search_by(|entry| (entry[0], entry[1]).cmp(&(first, second))).ok()?;
    Some(COMPOSITIONS[place][2])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, nfc: &str, nfd: &str, nfkc: &str, nfkd: &str) {
        for (form, expected) in [(Form::Nfc, nfc), (Form::Nfd, nfd), (Form::Nfkc, nfkc), (Form::Nfkd, nfkd)] {
            let result = normalize(text.into(), form, Version::Current);
            let result = result.as_ref().map_or(text.as_bytes(), |buffer| buffer.as_text().as_bytes());
            assert_eq!(std::str::from_utf8(result), Ok(expected), "{form:?} of {text:?}");
            assert_eq!(is_normalized(text.into(), form, Version::Current), text == expected);
        }
    }

    #[test]
    fn the_four_forms() {
        check("plain", "plain", "plain", "plain", "plain");
        check("caf\u{e9}!", "caf\u{e9}!", "cafe\u{301}!", "caf\u{e9}!", "cafe\u{301}!");
        check("cafe\u{301}!", "caf\u{e9}!", "cafe\u{301}!", "caf\u{e9}!", "cafe\u{301}!");
        check("x\u{fb01}\u{fb01}y", "x\u{fb01}\u{fb01}y", "x\u{fb01}\u{fb01}y", "xfifiy", "xfifiy");
        check("\u{ac01}", "\u{ac01}", "\u{1100}\u{1161}\u{11a8}", "\u{ac01}", "\u{1100}\u{1161}\u{11a8}");
        check("q\u{307}\u{323}", "q\u{323}\u{307}", "q\u{323}\u{307}", "q\u{323}\u{307}", "q\u{323}\u{307}");
        check("\u{344}", "\u{308}\u{301}", "\u{308}\u{301}", "\u{308}\u{301}", "\u{308}\u{301}");
    }

    #[test]
    fn older_decompositions() {
        let normal = |code: char, version| {
            let mut buffer = [0; 4];
            normalize((&*code.encode_utf8(&mut buffer)).into(), Form::Nfc, version).map(TextBuf::into_bytes)
        };
        assert_eq!(normal('\u{2f868}', Version::Ucd3_2_0).unwrap(), "\u{2136a}".as_bytes());
        assert_eq!(normal('\u{2f868}', Version::Current).unwrap(), "\u{36fc}".as_bytes());
    }
}
