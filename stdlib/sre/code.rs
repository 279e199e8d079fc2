//! The code that `re._compiler` emits, as words of 32 bits: operators, positions, categories and flags.
//!
//! The numbers are those of `re/_constants.py`, which compares its own [`MAGIC`] with ours. An operator is followed by its
//! arguments; a *skip* among them is the distance from where it stands to the end of what the operator contains.

/// Changes whenever the numbers do.
pub(super) const MAGIC: i32 = 20230612;
/// A repeat without a limit.
pub(super) const MAXREPEAT: u32 = u32::MAX;
/// The most groups a pattern may have.
pub(super) const MAXGROUPS: usize = (i32::MAX / 2) as usize;

/// `SRE_FLAG_*`
pub(super) mod flag {
    pub(in super::super) const LOCALE: i32 = 4;
    pub(in super::super) const UNICODE: i32 = 32;
    pub(in super::super) const ASCII: i32 = 256;
    /// The flags that `repr()` names, in its order.
    pub(in super::super) const NAMES: [(i32, &str); 8] = [
        (2, "re.IGNORECASE"),
        (LOCALE, "re.LOCALE"),
        (8, "re.MULTILINE"),
        (16, "re.DOTALL"),
        (UNICODE, "re.UNICODE"),
        (64, "re.VERBOSE"),
        (128, "re.DEBUG"),
        (ASCII, "re.ASCII"),
    ];
}

/// Declares an enum whose variants have consecutive numbers from 0 on, and the way back from the numbers.
macro_rules! numbered {
    ($(#[$meta:meta])* $name:ident { $($variant:ident)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum $name { $($variant,)* }

        impl $name {
            const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The meaning of a word.
            pub(super) fn of(word: u32) -> Option<Self> {
                Self::ALL.get(word as usize).copied()
            }
        }
    };
}

numbered! {
    /// An operator.
    Op {
        Failure Success
        Any AnyAll
        Assert AssertNot
        At
        Branch
        Category
        Charset BigCharset
        GroupRef GroupRefExists
        In
        Info
        Jump
        Literal
        Mark
        MaxUntil MinUntil
        NotLiteral
        Negate
        Range
        Repeat RepeatOne
        Subpattern
        MinRepeatOne
        AtomicGroup
        PossessiveRepeat PossessiveRepeatOne
        GroupRefIgnore InIgnore LiteralIgnore NotLiteralIgnore
        GroupRefLocIgnore InLocIgnore LiteralLocIgnore NotLiteralLocIgnore
        GroupRefUniIgnore InUniIgnore LiteralUniIgnore NotLiteralUniIgnore
        RangeUniIgnore
    }
}

numbered! {
    /// A condition on a position.
    At {
        Beginning BeginningLine BeginningString
        Boundary NonBoundary
        End EndLine EndString
        LocBoundary LocNonBoundary
        UniBoundary UniNonBoundary
    }
}

numbered! {
    /// A class of characters.
    Category {
        Digit NotDigit
        Space NotSpace
        Word NotWord
        LineBreak NotLineBreak
        LocWord LocNotWord
        UniDigit UniNotDigit
        UniSpace UniNotSpace
        UniWord UniNotWord
        UniLineBreak UniNotLineBreak
    }
}
