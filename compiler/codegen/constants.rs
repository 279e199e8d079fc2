//! The constants of a block: each kept once, by type and value.

use std::hash::{Hash, Hasher};
use std::rc::Rc;

use crate::bytecode::code::{Code, Constant};
use crate::numbering::Numbering;

/// A constant as the key of a table: equal only to one of the same type and value, so that `1`, `1.0` and `True`, `0.0`
/// and `-0.0`, are four constants and two. Code is equal to itself only.
#[derive(Clone, Debug)]
struct Key(Constant);

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Constant::Code(a), Constant::Code(b)) => Rc::ptr_eq(a, b),
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
        Constant::Tuple(items) | Constant::FrozenSet(items) => hash_all(items, state),
        Constant::Slice(parts) => hash_all(&parts[..], state),
        Constant::Code(code) => Rc::as_ptr(code).hash(state),
        Constant::Object(index) => index.hash(state),
    }
}

/// The constants that a block has used so far.
#[derive(Debug, Default)]
pub(crate) struct Constants {
    numbering: Numbering<Key>,
    /// Those that stay even if no instruction uses them.
    kept: Vec<u32>,
}

impl Constants {
    /// The index of a constant.
    pub(crate) fn number(&mut self, constant: Constant) -> u32 {
        self.numbering.number(Key(constant))
    }

    /// The index of an inner block's code.
    pub(crate) fn number_code(&mut self, code: Rc<Code>) -> u32 {
        self.numbering.add(Key(Constant::Code(code)))
    }

    /// The constant at an index stays even if no instruction uses it.
    pub(crate) fn keep(&mut self, index: u32) {
        self.kept.push(index);
    }

    /// The indices of those that stay.
    pub(crate) fn kept(&self) -> impl Iterator<Item = u32> + '_ {
        self.kept.iter().copied()
    }

    /// Whether none was used yet.
    pub(crate) fn is_empty(&self) -> bool {
        self.numbering.is_empty()
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
