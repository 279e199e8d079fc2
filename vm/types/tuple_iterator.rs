//! Tuple iterators.

use crate::class;
use crate::heap::Slot;
use crate::native::TypeDef;
use crate::value::Owned;

crate::payload! {
    /// A tuple iterator.
    pub struct TupleIterator: TupleIterator {
        tuple: Slot,
        index: std::cell::Cell<usize>,
    }
}

class! { TupleIterator => TUPLE_ITERATOR; }

pub(crate) static TUPLE_ITERATOR: TypeDef = TypeDef::new::<TupleIterator>("tuple_iterator");

impl TupleIterator {
    pub(crate) fn advance(&self) -> Option<Owned> {
        None
    }
}
