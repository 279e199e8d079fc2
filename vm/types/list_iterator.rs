//! List iterators.

use crate::class;
use crate::heap::Slot;
use crate::native::TypeDef;
use crate::value::Owned;

crate::payload! {
    /// A list iterator.
    pub struct ListIterator: ListIterator {
        list: Slot,
        index: std::cell::Cell<usize>,
    }
}

class! { ListIterator => LIST_ITERATOR; }

pub(crate) static LIST_ITERATOR: TypeDef = TypeDef::new::<ListIterator>("list_iterator");

impl ListIterator {
    pub(crate) fn advance(&self) -> Option<Owned> {
        None
    }
}
