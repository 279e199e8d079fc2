//! What a pattern is translated to.
//!
//! A [`Program`] is a list of small nodes. A node is followed by the next one in the list unless it says otherwise; what does
//! not fit into a node lies in a table beside it. Text is matched in its own encoding, so literals are the bytes that
//! the subject would have, and positions are byte offsets. There is thus one program for text and another one for bytes.

use memchr::memmem;

use super::charset::{CharSet, Fold};
use super::code::At;

/// What a program is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subjects {
    /// Generalised UTF-8.
    Text,
    /// Bytes, each a character.
    Bytes,
}

/// The number of a node.
pub(super) type Place = u32;

/// The node that always fails, which is the first of each program.
pub(super) const FAILURE: Place = 0;
/// Where a program starts.
pub(super) const ENTRY: Place = 1;

/// A step of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Node {
    /// Fails.
    Never,
    /// The pattern matches.
    Success,
    /// One byte.
    Byte(u8),
    /// Bytes in a row: a range of the program's strings.
    Bytes { start: u32, end: u32 },
    /// A character of a set.
    Set(u32),
    /// A character of another kind.
    Single(Single),
    /// A condition on the position.
    At(At),
    /// Notes the position.
    Mark(u32),
    /// Goes on elsewhere.
    Jump(Place),
    /// Tries alternatives one after the other.
    Branch(u32),
    /// One character over and over, as often as possible first.
    Greedy(u32),
    /// One character over and over, as seldom as possible first.
    Lazy(u32),
    /// One character over and over, as often as possible only.
    Possessive(u32),
    /// A loop begins.
    Enter(u32),
    /// The end of a loop's body; as many rounds as possible come first.
    MaxUntil(u32),
    /// The end of a loop's body; as few rounds as possible come first.
    MinUntil(u32),
    /// A loop that gives nothing back begins.
    EnterPossessive(u32),
    /// The end of its body.
    PossessiveUntil(u32),
    /// A part begins that, once matched, gives nothing back.
    EnterAtomic,
    /// It ends, the one that began at this node.
    LeaveAtomic(Place),
    /// A look ahead or behind begins.
    Look(u32),
    /// It ends.
    LeaveLook(u32),
    /// What a group matched, again.
    GroupRef { group: u32, fold: Fold },
    /// Goes on elsewhere unless a group matched.
    IfGroup { group: u32, otherwise: Place },
}

/// Which single characters match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Single {
    /// None.
    Never,
    /// All.
    All,
    /// All but the newline.
    NotNewline,
    /// One that is a byte in the subject.
    Byte(u8),
    /// All but this one, which is a byte in the subject.
    NotByte(u8),
    /// Those of a set.
    Set(u32),
}

/// The bytes that something may start with.
pub(super) type Bytes = [bool; 256];

/// What must follow at a position, as far as one byte tells.
#[derive(Clone, Debug)]
pub(super) enum First {
    /// Anything, the end as well.
    Anything,
    /// This byte.
    Byte(u8),
    /// One of these bytes.
    OneOf(Box<Bytes>),
}

impl First {
    /// Whether the text goes on at a position as it must.
    #[inline(always)]
    pub(super) fn admits(&self, text: &[u8], at: usize) -> bool {
        match self {
            Self::Anything => true,
            Self::Byte(byte) => text.get(at) == Some(byte),
            Self::OneOf(bytes) => text.get(at).is_some_and(|&byte| bytes[usize::from(byte)]),
        }
    }
}

/// One character over and over.
#[derive(Debug)]
pub(super) struct Repeat {
    pub(super) single: Single,
    pub(super) min: usize,
    /// `usize::MAX` for no limit.
    pub(super) max: usize,
    /// What the rest of the pattern starts with.
    pub(super) follow: First,
    /// Whether the rest cannot start with a repeated character, in ASCII text and bytes: only the longest run can do.
    pub(super) exclusive: bool,
    /// The same for other text.
    pub(super) exclusive_wide: bool,
}

/// A part of the pattern over and over.
#[derive(Debug)]
pub(super) struct Loop {
    pub(super) min: usize,
    /// `usize::MAX` for no limit.
    pub(super) max: usize,
    /// Where the part starts.
    pub(super) body: Place,
    /// The node at its end, which decides about another round.
    pub(super) until: Place,
    /// What a round starts with.
    pub(super) first: First,
    /// What the rest of the pattern starts with.
    pub(super) follow: First,
}

/// Alternatives, 64 at most: the last one may be another branch.
#[derive(Debug)]
pub(super) struct Branch {
    pub(super) targets: Vec<Place>,
    /// Numbers in `masks`, by the byte at the position.
    pub(super) classes: Box<[u16; 256]>,
    /// Sets of alternatives that may match; the first one is for the end of the text.
    pub(super) masks: Vec<u64>,
}

impl Branch {
    /// A branch of which only the targets are known.
    pub(super) fn new(targets: Vec<Place>) -> Self {
        Self { targets, classes: Box::new([0; 256]), masks: Vec::new() }
    }

    /// A bit for each alternative that may match at a position.
    #[inline(always)]
    pub(super) fn candidates(&self, text: &[u8], at: usize) -> u64 {
        match text.get(at) {
            Some(&byte) => self.masks[usize::from(self.classes[usize::from(byte)])],
            None => self.masks[0],
        }
    }
}

/// A look ahead or behind.
#[derive(Debug)]
pub(super) struct Look {
    pub(super) negative: bool,
    /// How many characters to go back.
    pub(super) back: usize,
    /// The node at its end.
    pub(super) end: Place,
}

/// Where a match may start.
#[derive(Debug)]
pub(super) enum Start {
    /// Anywhere.
    Anywhere,
    /// Where the text starts.
    Beginning,
    /// Where a line starts.
    Line,
    /// Where these bytes are.
    Literal(Box<memmem::Finder<'static>>),
    /// Where one of up to three bytes is.
    Few(u8, u8, u8),
    /// Where one of many bytes is.
    OneOf(Box<Bytes>),
}

/// A translated pattern.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) nodes: Vec<Node>,
    pub(super) strings: Vec<u8>,
    pub(super) sets: Vec<CharSet>,
    pub(super) repeats: Vec<Repeat>,
    pub(super) loops: Vec<Loop>,
    pub(super) branches: Vec<Branch>,
    pub(super) looks: Vec<Look>,
    pub(super) start: Start,
    /// The repeat that the pattern starts with, if it has no upper limit; 0 is none.
    pub(super) lead: usize,
    /// Whether, after an attempt that failed, none that starts in the run of that repeat can do better: in ASCII text and
    /// bytes, and in other text.
    pub(super) skips: bool,
    pub(super) skips_wide: bool,
    /// How many marks there may be.
    pub(super) marks: usize,
    /// The least number of bytes that a match has.
    pub(super) min_width: usize,
    /// Whether sets depend on the locale.
    pub(super) local: bool,
}
