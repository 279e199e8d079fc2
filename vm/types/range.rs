//! `range` and its iterator.

use std::cell::Cell;

use crate::class;
use crate::native::TypeDef;
use crate::value::Owned;

crate::payload! {
    /// An iterator over a range of machine words.
    pub struct RangeIterator: RangeIterator {
        next: Cell<i64>,
        step: Cell<i64>,
        remaining: Cell<u64>,
    }
}

class! { RangeIterator => RANGE_ITERATOR; }

pub(crate) static RANGE_ITERATOR: TypeDef = TypeDef::new::<RangeIterator>("range_iterator");

impl RangeIterator {
    /// The next int.
    #[inline(always)]
    pub(crate) fn advance(&self) -> Option<Owned> {
        let remaining = self.remaining.get();
        if remaining == 0 {
            return None;
        }
        let value = self.next.get();
        self.remaining.set(remaining - 1);
        self.next.set(value.wrapping_add(self.step.get()));
        Owned::try_int(value)
    }
}
