//! The constants of a block: each kept once, by type and value.

use std::hash::{DefaultHasher, Hash, Hasher};

use crate::bytecode::code::Constant;
use crate::numbering::Numbering;

/// A constant as the key of a table: equal only to one of the same type and value, so that `1`, `1.0` and `True`, `0.0`
/// and `-0.0`, are four constants and two. Sets may have equal items in another order. Equal codes come from a body that is
/// compiled twice, as that of `finally` is.
#[derive(Clone, Debug)]
struct Key(Constant);

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        let in_order = |items: &[Constant]| {
            let mut texts: Vec<_> = items.iter().map(|item| format!("{item:?}")).collect();
            texts.sort();
            texts
        };
        match (&self.0, &other.0) {
            (Constant::FrozenSet(a), Constant::FrozenSet(b)) => {
                a.len() == b.len() && (a == b || in_order(a) == in_order(b))
            }
            (a, b) => a == b,
        }
    }
}

impl Eq for Key {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        hash_constant(&self.0, state);
    }
}

fn hash_constant<H: Hasher>(constant: &Constant, state: &mut H) {
    std::mem::discriminant(constant).hash(state);
    let hash_all = |items: &[Constant], state: &mut H| {
        items.len().hash(state);
        items.iter().for_each(|item| hash_constant(item, state));
    };
    match constant {
        Constant::None | Constant::Ellipsis => {}
        Constant::Bool(value) => value.hash(state),
        Constant::Int(value) => value.hash(state),
        Constant::BigInt { negative, magnitude } => (negative, magnitude).hash(state),
        Constant::Float(bits) => bits.hash(state),
        Constant::Complex(real, imaginary) => (real, imaginary).hash(state),
        Constant::Str(text) => text.hash(state),
        Constant::Bytes(bytes) => bytes.hash(state),
        Constant::Tuple(items) => hash_all(items, state),
        Constant::FrozenSet(items) => {
            let hash = |item: &Constant| {
                let mut hasher = DefaultHasher::new();
                hash_constant(item, &mut hasher);
                hasher.finish()
            };
            items.iter().map(hash).fold(0, u64::wrapping_add).hash(state);
        }
        Constant::Slice(parts) => hash_all(&parts[..], state),
        Constant::Code(code) => (code.first_line, &code.name, &code.words, &code.positions).hash(state),
        Constant::Object(index) => index.hash(state),
    }
}

/// The constants that a block has used so far.
#[derive(Debug, Default)]
pub(crate) struct Constants {
    numbering: Numbering<Key>,
    /// Those that stay even if no instruction uses them.
    kept: Vec<u32>,
    /// The first constant that the source showed is one of them.
    has_first: bool,
}

impl Constants {
    /// The index of a constant.
    pub(crate) fn number(&mut self, constant: Constant) -> u32 {
        self.numbering.number(Key(constant))
    }

    /// The constant at an index stays even if no instruction uses it.
    pub(crate) fn keep(&mut self, index: u32) {
        self.kept.push(index);
    }

    /// The indices of those that stay.
    pub(crate) fn kept(&self) -> impl Iterator<Item = u32> + '_ {
        self.kept.iter().copied()
    }

    /// Keeps a constant that the source shows if it is the first one: the first of `co_consts` stays, even if it is folded
    /// away.
    pub(crate) fn meet(&mut self, constant: &Constant) {
        if !std::mem::replace(&mut self.has_first, true) {
            let first = self.number(constant.clone());
            self.keep(first);
        }
    }

    /// Whether the source has shown none yet.
    pub(crate) fn has_none(&self) -> bool {
        !self.has_first
    }

    /// The constant at an index.
    pub(crate) fn get(&self, index: u32) -> &Constant {
        &self.numbering.keys()[index as usize].0
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.numbering.len()
    }
}
