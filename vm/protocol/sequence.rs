//! Items of sequences and mappings, and the arithmetic of indices and slices.
//!
//! An object is subscripted by its `getitem` slot if it has one, and otherwise, with an integer key, by its `item` slot,
//! which gets negative indices with the length added. Classes are subscripted by `__class_getitem__`.
//!
//! Slice bounds become indices in two steps. The first asks the bounds for their values and may run Python; the second
//! ([`SliceBounds::fit`]) fits them to the length that the sequence has then.

use std::ops::ControlFlow;

use crate::exception::{PyResult, Raised};
use crate::heap::dict::Dict;
use crate::heap::inline::{Str, Tuple};
use crate::heap::{Kind, flag};
use crate::protocol::slots::SlotCells;
use crate::types::list::{self, List};
use crate::types::slice::Slice;
use crate::types::type_::{Type, type_flag};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

impl Thread {
    /// `object[key]`
    #[inline]
    pub fn get_item(&self, object: Ref<'_>, key: Ref<'_>) -> PyResult {
        if let Some(item) = self.get_item_fast(object, key) {
            return item;
        }
        self.get_item_by_slot(object, key)
    }

    /// Items of the classes that are subscripted most, without a look at their slots.
    #[inline]
    fn get_item_fast(&self, object: Ref<'_>, key: Ref<'_>) -> Option<PyResult> {
        let header = object.header()?;
        if header.has(flag::SUBCLASS) {
            return None;
        }
        match header.kind() {
            Kind::List => {
                let items = &object.downcast::<List>()?.items;
                items.get(index_of(key.as_small_int()?, items.len())?).map(Ok)
            }
            Kind::Tuple => {
                let items = object.downcast::<Tuple>()?.as_slice();
                Some(Ok(items[index_of(key.as_small_int()?, items.len())?].clone()))
            }
            Kind::Str => crate::types::str_::subscript(self, object.downcast::<Str>()?, key.as_small_int()?),
            Kind::Bytes => crate::types::bytes::subscript(object.downcast()?, key.as_small_int()?).map(Ok),
            Kind::Dict => Some(crate::types::dict::subscript(self, object.downcast::<Dict>()?, key)),
            _ => None,
        }
    }

    fn get_item_by_slot(&self, object: Ref<'_>, key: Ref<'_>) -> PyResult {
        let slots = self.slots(object);
        if let Some(getitem) = slots.getitem.get() {
            return getitem(self, object, key);
        }
        if slots.item.get().is_some() {
            if !self.is_index(key) {
                return Err(self.type_error(format_args!(
                    "sequence index must be integer, not '{}'",
                    self.type_name(key)
                )));
            }
            let index = self.to_index(key)?;
            return self.item_at(object, index);
        }
        if object.kind() == Kind::Type {
            return self.class_item(object, key);
        }
        Err(self.type_error(format_args!("'{}' object is not subscriptable", self.type_name(object))))
    }

    /// `class[key]`, for a class whose metaclass does not say otherwise.
    fn class_item(&self, class: Ref<'_>, key: Ref<'_>) -> PyResult {
        if class.is(self.types().type_.borrow()) {
            return crate::types::generic_alias::generic_alias(self, class, key);
        }
        match self.get_attr_opt(class, self.names().__class_getitem__.borrow())? {
            Some(method) if !method.borrow().is_none() => self.call(method.borrow(), &[key]),
            _ => Err(self.type_error(format_args!("type '{}' is not subscriptable", self.class_name(class)))),
        }
    }

    /// The item of a sequence at an index, which counts from the end when it is negative.
    pub fn item_at(&self, sequence: Ref<'_>, index: isize) -> PyResult {
        let slots = self.slots(sequence);
        let Some(item) = slots.item.get() else { return Err(self.not_indexable(sequence)) };
        match slots.len.get() {
            Some(len) if index < 0 => {
                let len = len(self, sequence)?;
                item(self, sequence, index.saturating_add_unsigned(len))
            }
            _ => item(self, sequence, index),
        }
    }

    /// Raises what [`Thread::item_at`] raises for an object that is no sequence.
    pub fn check_indexable(&self, sequence: Ref<'_>) -> PyResult<()> {
        if self.slots(sequence).item.get().is_some() { Ok(()) } else { Err(self.not_indexable(sequence)) }
    }

    #[cold]
    fn not_indexable(&self, sequence: Ref<'_>) -> Raised {
        let name = self.type_name(sequence);
        if self.slots(sequence).getitem.get().is_some() {
            return self.type_error(format_args!("{name} is not a sequence"));
        }
        self.type_error(format_args!("'{name}' object does not support indexing"))
    }

    /// `object[key] = value`, or `del object[key]` without a value.
    pub fn set_item(&self, object: Ref<'_>, key: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
        if let Some(value) = value
            && let Some(index) = key.as_small_int()
            && object.is_exact(Kind::List)
            && let Some(list) = object.downcast::<List>()
            && let Some(index) = index_of(index, list.items.len())
        {
            list.items.set(index, value.own());
            return Ok(());
        }
        match self.slots(object).setitem.get() {
            Some(setitem) => setitem(self, object, key, value),
            None => Err(self.no_assignment(object, key, value.is_some())),
        }
    }

    #[cold]
    fn no_assignment(&self, object: Ref<'_>, key: Ref<'_>, assigns: bool) -> Raised {
        let name = self.type_name(object);
        let is_position = self.is_index(key) && has_sequence_slots(self, object);
        if is_position && let Err(raised) = self.to_index(key) {
            return raised;
        }
        self.type_error(if assigns {
            format!("'{name}' object does not support item assignment")
        } else if is_position {
            format!("'{name}' object doesn't support item deletion")
        } else {
            format!("'{name}' object does not support item deletion")
        })
    }

    /// `item in container`
    pub fn contains(&self, container: Ref<'_>, item: Ref<'_>) -> PyResult<bool> {
        if let Some(contains) = self.slots(container).contains.get() {
            return contains(self, container, item);
        }
        self.contains_by_iteration(container, item)
    }

    /// `item in container`, by going through the container's items.
    pub(crate) fn contains_by_iteration(&self, container: Ref<'_>, item: Ref<'_>) -> PyResult<bool> {
        let message = "is not a container or iterable";
        self.find_in(container, item, message, ControlFlow::Break).map(|found| found.is_some())
    }

    /// `operator.countOf(container, item)`
    pub fn count_of(&self, container: Ref<'_>, item: Ref<'_>) -> PyResult<usize> {
        let mut count = 0;
        self.find_in(container, item, "is not iterable", |()| {
            count += 1;
            ControlFlow::<()>::Continue(())
        })?;
        Ok(count)
    }

    /// `operator.indexOf(container, item)`
    pub fn index_in(&self, container: Ref<'_>, item: Ref<'_>) -> PyResult<usize> {
        let mut index = 0;
        let iterator = self.iter_or(container, "is not iterable")?;
        let found = self.walk_iterator(iterator.borrow(), |candidate| {
            if self.equal(candidate.borrow(), item)? {
                return Ok(ControlFlow::Break(()));
            }
            index += 1;
            Ok(ControlFlow::Continue(()))
        })?;
        found.map(|()| index).ok_or_else(|| self.value_error("sequence.index(x): x not in sequence"))
    }

    /// Calls `each` for every item equal to this one, until it breaks off.
    fn find_in<R>(
        &self,
        container: Ref<'_>,
        item: Ref<'_>,
        message: &str,
        mut each: impl FnMut(()) -> ControlFlow<R>,
    ) -> PyResult<Option<R>> {
        let iterator = self.iter_or(container, message)?;
        self.walk_iterator(iterator.borrow(), |candidate| {
            Ok(if self.equal(candidate.borrow(), item)? { each(()) } else { ControlFlow::Continue(()) })
        })
    }

    /// `iter(object)`, with a TypeError worded for an operation that iterates where nobody would expect it.
    fn iter_or(&self, object: Ref<'_>, message: &str) -> PyResult {
        match self.iter(object) {
            Err(raised) if raised.is(&self.exceptions().TypeError) => {
                Err(self.type_error(format_args!("argument of type '{}' {message}", self.type_name(object))))
            }
            result => result,
        }
    }

    /// `object[start:stop]`; the bounds are values, None where absent.
    pub fn get_slice(&self, object: Ref<'_>, start: Ref<'_>, stop: Ref<'_>) -> PyResult {
        if object.is_exact(Kind::List)
            && let Some(list) = object.downcast::<List>()
        {
            let range = self.slice_bounds(start, stop, Ref::NONE)?.fit(list.items.len());
            let items = list.items.copy(self, range.start, range.start + range.len)?;
            return self.new_object(List { items });
        }
        let slice = self.new_object(Slice::new(start.own(), stop.own(), Owned::none()))?;
        self.get_item(object, slice.borrow())
    }

    /// `object[start:stop] = value`
    pub fn set_slice(
        &self,
        object: Ref<'_>,
        start: Ref<'_>,
        stop: Ref<'_>,
        value: Option<Ref<'_>>,
    ) -> PyResult<()> {
        if object.is_exact(Kind::List) {
            return list::assign_slice(self, object, self.slice_bounds(start, stop, Ref::NONE)?, value);
        }
        let slice = self.new_object(Slice::new(start.own(), stop.own(), Owned::none()))?;
        self.set_item(object, slice.borrow(), value)
    }

    /// Whether the object is a sequence, as far as can be told: it has items by index and is no dict.
    pub fn is_sequence(&self, object: Ref<'_>) -> bool {
        object.kind() != Kind::Dict && self.slots(object).item.get().is_some()
    }

    /// Whether the object can be asked for its length.
    pub fn has_length(&self, object: Ref<'_>) -> bool {
        let slots = self.slots(object);
        slots.len.get().is_some() || slots.mapping_len.get().is_some()
    }

    /// Whether the object can be used as an index: an int, or something with `__index__`.
    #[inline]
    pub fn is_index(&self, object: Ref<'_>) -> bool {
        object.as_small_int().is_some() || self.slots(object).index.get().is_some()
    }

    /// The bounds and the step of a slice. May run Python.
    pub(crate) fn slice_bounds(&self, start: Ref<'_>, stop: Ref<'_>, step: Ref<'_>) -> PyResult<SliceBounds> {
        let step = match self.slice_index(step)? {
            Some(0) => return Err(self.value_error("slice step cannot be zero")),
            // The step can be negated, which helps those who walk backwards.
            Some(step) => step.max(-isize::MAX),
            None => 1,
        };
        let start = self.slice_index(start)?;
        let stop = self.slice_index(stop)?;
        Ok(SliceBounds { start, stop, step })
    }

    /// A bound of a slice; `None` for None.
    #[inline]
    pub(crate) fn slice_index(&self, bound: Ref<'_>) -> PyResult<Option<isize>> {
        if let Some(bound) = bound.as_small_int() {
            return Ok(Some(bound as isize));
        }
        if bound.is_none() {
            return Ok(None);
        }
        if !self.is_index(bound) {
            let message = "slice indices must be integers or None or have an __index__ method";
            return Err(self.type_error(message));
        }
        self.to_index_clipped(bound).map(Some)
    }

    /// A position given to a method like `list.index`, clipped to what a sequence of this length has.
    pub fn position(&self, bound: Ref<'_>) -> PyResult<isize> {
        if !self.is_index(bound) {
            return Err(self.type_error("slice indices must be integers or have an __index__ method"));
        }
        self.to_index_clipped(bound)
    }

    /// The special methods of a value's class.
    #[inline]
    pub(crate) fn slots<'a>(&'a self, value: Ref<'a>) -> &'a SlotCells {
        &self.class(value).downcast::<Type>().expect("a class is a class object").slots
    }
}

/// Whether the class would have a table of sequence methods in CPython: Python classes always, others if any is set.
pub(crate) fn has_sequence_slots(vm: &Thread, object: Ref<'_>) -> bool {
    let Some(class) = vm.class(object).downcast::<Type>() else { return false };
    let slots = &class.slots;
    class.flags.get() & type_flag::HEAP != 0
        || slots.len.get().is_some()
        || slots.concat.get().is_some()
        || slots.repeat.get().is_some()
        || slots.item.get().is_some()
        || slots.contains.get().is_some()
}

/// The position that an index means in a sequence of a length; `None` if it is out of range.
#[inline(always)]
pub fn index_of(index: i64, len: usize) -> Option<usize> {
    let position = if index < 0 { index.wrapping_add(len as i64) } else { index };
    ((position as u64) < len as u64).then_some(position as usize)
}

/// The position that a bound means in a sequence of a length: from the end where negative, and clipped.
#[inline]
pub fn clip(bound: isize, len: usize) -> usize {
    if bound < 0 { len.saturating_sub(bound.unsigned_abs()) } else { len.min(bound.unsigned_abs()) }
}

/// A slice as it was written, its bounds as machine words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SliceBounds {
    /// Where it starts, if that was given.
    pub start: Option<isize>,
    /// Where it stops, if that was given.
    pub stop: Option<isize>,
    /// Not zero, and not the smallest machine word.
    pub step: isize,
}

/// The indices that a slice selects from a sequence: `start`, and each `step` after it, `len` of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SliceRange {
    /// The first index; where the slice is empty, the place where it would be.
    pub start: usize,
    /// From an index to the next one.
    pub step: isize,
    /// How many.
    pub len: usize,
}

impl SliceBounds {
    /// The indices that the slice selects from a sequence of a length.
    pub fn fit(self, len: usize) -> SliceRange {
        let (step, len) = (self.step, len as isize);
        let edge = |bound: isize| match bound {
            bound if bound < 0 => bound.saturating_add(len).max(if step < 0 { -1 } else { 0 }),
            bound => bound.min(if step < 0 { len - 1 } else { len }),
        };
        let (first, last) = if step < 0 { (len - 1, -1) } else { (0, len) };
        let (start, stop) = (self.start.map_or(first, edge), self.stop.map_or(last, edge));
        let distance = if step < 0 { start - stop } else { stop - start };
        // Divisions are slow, and rare here.
        let count = match step.abs() {
            _ if distance <= 0 => 0,
            1 => distance,
            step => (distance - 1) / step + 1,
        };
        SliceRange { start: start.max(0) as usize, step, len: count as usize }
    }
}

impl SliceRange {
    /// The indices in order.
    pub fn indices(self) -> impl ExactSizeIterator<Item = usize> {
        (0..self.len).map(move |nth| self.start.wrapping_add_signed((nth as isize).wrapping_mul(self.step)))
    }

    /// The same indices from the lowest to the highest.
    #[must_use]
    pub fn ascending(self) -> Self {
        if self.step > 0 || self.len == 0 {
            return Self { step: self.step.abs(), ..self };
        }
        let lowest = self.start.wrapping_add_signed((self.len as isize - 1).wrapping_mul(self.step));
        Self { start: lowest, step: -self.step, len: self.len }
    }

    /// Where the slice ends, when its step is one.
    pub fn end(self) -> usize {
        self.start + self.len
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn indices(start: Option<isize>, stop: Option<isize>, step: isize, len: usize) -> Vec<usize> {
        let range = SliceBounds { start, stop, step }.fit(len);
        let indices: Vec<_> = range.indices().collect();
        let mut sorted = indices.clone();
        sorted.sort_unstable();
        assert_eq!(range.ascending().indices().collect::<Vec<_>>(), sorted);
        indices
    }

    #[test]
    fn slices() {
        assert_eq!(indices(None, None, 1, 4), [0, 1, 2, 3]);
        assert_eq!(indices(None, None, -1, 4), [3, 2, 1, 0]);
        assert_eq!(indices(Some(1), Some(-1), 1, 4), [1, 2]);
        assert_eq!(indices(Some(-100), Some(100), 3, 8), [0, 3, 6]);
        assert_eq!(indices(Some(100), Some(-100), -3, 8), [7, 4, 1]);
        assert_eq!(indices(Some(3), Some(1), 1, 8), []);
        assert_eq!(indices(Some(isize::MAX), None, isize::MAX, 8), []);
        assert_eq!(indices(None, None, isize::MAX, 8), [0]);
        assert_eq!(indices(Some(isize::MIN), Some(isize::MIN), -isize::MAX, 8), []);
        assert_eq!(indices(None, None, -isize::MAX, 8), [7]);
        assert_eq!(indices(None, None, 2, 0), []);
        assert_eq!(SliceBounds { start: Some(5), stop: Some(2), step: 1 }.fit(8).start, 5);
        assert_eq!(SliceBounds { start: Some(50), stop: Some(2), step: 1 }.fit(8).start, 8);
    }

    #[test]
    fn single_indices() {
        assert_eq!(index_of(-1, 3), Some(2));
        assert_eq!(index_of(2, 3), Some(2));
        assert_eq!(index_of(3, 3), None);
        assert_eq!(index_of(-4, 3), None);
        assert_eq!(index_of(i64::MIN, 3), None);
        assert_eq!((clip(-4, 3), clip(-2, 3), clip(5, 3), clip(isize::MIN, 3)), (0, 1, 3, 0));
    }
}
