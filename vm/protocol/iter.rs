//! Iteration.
//!
//! An iterable gives an iterator by its `iter` slot, or is a sequence whose items are asked for one by one. An iterator
//! ends with `None` from its `next` slot, or with StopIteration, which a slot raises where the exception carries a
//! value or comes from Python code. [`Thread::next`] makes one of both.
//!
//! Walking through an object of exactly a core class runs no Python, so `collect` copies its storage.

use std::ops::ControlFlow;

use crate::exception::PyResult;
use crate::heap::dict::Dict;
use crate::heap::inline::{Str, Tuple};
use crate::heap::iterator::{ListIterator, TupleIterator, set_table};
use crate::heap::{Kind, flag};
use crate::protocol::slots::Next;
use crate::types::dict_view::DictView;
use crate::types::list::List;
use crate::types::range::{Range, RangeIterator};
use crate::types::{dict_iterator, enumerate, zip};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

impl Thread {
    /// `iter(object)`
    #[expect(clippy::iter_not_returning_iterator, reason = "named as Python's function")]
    pub fn iter(&self, object: Ref<'_>) -> PyResult {
        let Some(iter) = self.slots(object).iter.get() else {
            if self.is_sequence(object) {
                return self.sequence_iterator(object);
            }
            return Err(self.type_error(format_args!("'{}' object is not iterable", self.type_name(object))));
        };
        let iterator = iter(self, object)?;
        if self.is_iterator(iterator.borrow()) {
            return Ok(iterator);
        }
        let name = self.type_name(iterator.borrow());
        Err(self.type_error(format_args!("iter() returned non-iterator of type '{name}'")))
    }

    /// Whether the object can be asked for a next item.
    #[inline]
    pub fn is_iterator(&self, object: Ref<'_>) -> bool {
        self.slots(object).next.get().is_some()
    }

    /// The next item of an iterator; `None` at its end.
    #[inline]
    pub fn next(&self, iterator: Ref<'_>) -> PyResult<Option<Owned>> {
        match iterator.kind() {
            Kind::ListIterator => {
                return Ok(iterator.downcast::<ListIterator>().and_then(ListIterator::advance));
            }
            Kind::TupleIterator => {
                return Ok(iterator.downcast::<TupleIterator>().and_then(TupleIterator::advance));
            }
            _ => {}
        }
        self.step(self.next_slot(iterator)?, iterator)
    }

    /// What gives the next item of an iterator. Iterators that draw from others come here for each item, so the stack is
    /// checked here for all of them.
    #[inline]
    pub fn next_slot(&self, iterator: Ref<'_>) -> PyResult<Next> {
        self.check_stack()?;
        self.slots(iterator).next.get().ok_or_else(|| {
            let name = self.type_name(iterator);
            self.type_error(format_args!("'{name}' object is not an iterator"))
        })
    }

    /// The next item by the iterator's slot; StopIteration is an end like any other.
    #[inline(always)]
    pub fn step(&self, next: Next, iterator: Ref<'_>) -> PyResult<Option<Owned>> {
        self.ended(next(self, iterator))
    }

    /// What a `next` slot gave, a StopIteration taken for an end. The result stays where it is, for copying it costs as much
    /// as many an iterator's step.
    #[inline(always)]
    pub(crate) fn ended<T>(&self, mut result: PyResult<Option<T>>) -> PyResult<Option<T>> {
        if let Err(raised) = &result
            && raised.is(&self.exceptions().StopIteration)
        {
            result = Ok(None);
        }
        result
    }

    /// The next pair of an iterator that makes pairs, the tuple left out; `None` for any other iterator.
    #[inline]
    pub(crate) fn next_pair(&self, iterator: Ref<'_>) -> Option<PyResult<Option<(Owned, Owned)>>> {
        if iterator.header()?.has(flag::SUBCLASS) {
            return None;
        }
        match iterator.kind() {
            Kind::DictIterator => dict_iterator::next_pair(self, iterator),
            Kind::Enumerate => Some(self.ended(enumerate::next_pair(self, iterator))),
            Kind::Zip => zip::next_pair(self, iterator),
            _ => None,
        }
    }

    /// Calls `each` with every item of an iterable, until it breaks off with an error.
    pub fn iterate(&self, iterable: Ref<'_>, each: &mut dyn FnMut(Owned) -> PyResult<()>) -> PyResult<()> {
        self.walk(iterable, |item| each(item).map(ControlFlow::<()>::Continue)).map(drop)
    }

    /// Calls `each` with every item of an iterable, until it breaks off with a result or an error.
    pub fn walk<R>(
        &self,
        iterable: Ref<'_>,
        mut each: impl FnMut(Owned) -> PyResult<ControlFlow<R>>,
    ) -> PyResult<Option<R>> {
        if iterable.is_exact(Kind::List)
            && let Some(list) = iterable.downcast::<List>()
        {
            let mut index = 0;
            // The list may change under the iteration, as it may in Python.
            while let Some(item) = list.items.get(index) {
                if let ControlFlow::Break(result) = each(item)? {
                    return Ok(Some(result));
                }
                index += 1;
            }
            return Ok(None);
        }
        if iterable.is_exact(Kind::Tuple)
            && let Some(tuple) = iterable.downcast::<Tuple>()
        {
            for item in tuple.as_slice() {
                if let ControlFlow::Break(result) = each(item.clone())? {
                    return Ok(Some(result));
                }
            }
            return Ok(None);
        }
        let iterator = self.iter(iterable)?;
        self.walk_iterator(iterator.borrow(), each)
    }

    /// As `walk`, from an iterator on.
    pub(crate) fn walk_iterator<R>(
        &self,
        iterator: Ref<'_>,
        mut each: impl FnMut(Owned) -> PyResult<ControlFlow<R>>,
    ) -> PyResult<Option<R>> {
        let next = self.next_slot(iterator)?;
        while let Some(item) = self.step(next, iterator)? {
            if let ControlFlow::Break(result) = each(item)? {
                return Ok(Some(result));
            }
        }
        Ok(None)
    }

    /// All items of an iterable, as `list()` gets them: with a look at the iterator's length hint.
    pub fn collect(&self, iterable: Ref<'_>) -> PyResult<Vec<Owned>> {
        if let Some(items) = self.collect_exact(iterable) {
            return items;
        }
        let iterator = self.iter(iterable)?;
        let hint = self.length_hint(iterable, 8)?;
        self.drain(iterator.borrow(), hint)
    }

    /// All items of an iterable, as `tuple()` gets them: nobody is asked for a length.
    pub fn collect_unhinted(&self, iterable: Ref<'_>) -> PyResult<Vec<Owned>> {
        if let Some(items) = self.collect_exact(iterable) {
            return items;
        }
        let iterator = self.iter(iterable)?;
        match self.collect_exact(iterator.borrow()) {
            Some(items) => items,
            None => self.drain(iterator.borrow(), 8),
        }
    }

    /// All items of an iterable; not being iterable is a TypeError with this message.
    pub fn collect_or(&self, iterable: Ref<'_>, message: &str) -> PyResult<Vec<Owned>> {
        if let Some(items) = self.collect_exact(iterable) {
            return items;
        }
        match self.iter(iterable) {
            Ok(iterator) => self.collect(iterator.borrow()),
            Err(raised) if raised.is(&self.exceptions().TypeError) => Err(self.type_error(message)),
            Err(raised) => Err(raised),
        }
    }

    /// `operator.length_hint(object, default)`
    pub fn length_hint(&self, object: Ref<'_>, default: usize) -> PyResult<usize> {
        Ok(self.own_length_hint(object)?.unwrap_or(default))
    }

    /// What an object itself says about its length.
    pub fn own_length_hint(&self, object: Ref<'_>) -> PyResult<Option<usize>> {
        if self.has_length(object) {
            match self.length(object) {
                Err(raised) if raised.is(&self.exceptions().TypeError) => {}
                result => return result.map(Some),
            }
        }
        let hint = match self.call_special(object, &self.names().__length_hint__, &[]) {
            Ok(Some(hint)) if !hint.borrow().is_not_implemented() => hint,
            Ok(_) => return Ok(None),
            Err(raised) if raised.is(&self.exceptions().TypeError) => return Ok(None),
            Err(raised) => return Err(raised),
        };
        if crate::types::int::int_ref(hint.borrow()).is_none() {
            let name = self.type_name(hint.borrow());
            return Err(self.type_error(format_args!("__length_hint__ must be an integer, not {name}")));
        }
        usize::try_from(self.to_isize(hint.borrow())?)
            .map(Some)
            .map_err(|_| self.value_error("__length_hint__() should return >= 0"))
    }

    /// All items of an iterator; about `hint` are expected.
    fn drain(&self, iterator: Ref<'_>, hint: usize) -> PyResult<Vec<Owned>> {
        let next = self.next_slot(iterator)?;
        let mut items = self.vec(hint)?;
        while let Some(item) = self.step(next, iterator)? {
            self.push(&mut items, item)?;
        }
        Ok(items)
    }

    /// All items of an object of exactly one of the core's classes that are walked through without Python.
    #[inline]
    pub(crate) fn collect_exact(&self, iterable: Ref<'_>) -> Option<PyResult<Vec<Owned>>> {
        if iterable.header()?.has(flag::SUBCLASS) {
            return None;
        }
        let mut position = 0;
        Some(if let Some(list) = iterable.downcast::<List>() {
            list.items.copy_vec(self, 0, list.items.len())
        } else if let Some(tuple) = iterable.downcast::<Tuple>() {
            self.copy_of(tuple.as_slice())
        } else if let Some(range) = iterable.downcast::<Range>() {
            range.collect(self)?
        } else if let Some(dict) = iterable.downcast::<Dict>() {
            self.collect_from(dict.table.len(), || dict.table.next_key(&mut position))
        } else if let Some(view) = iterable.downcast::<DictView>() {
            view.collect(self)
        } else if let Some(table) = set_table(iterable) {
            self.collect_from(table.len(), || table.next(&mut position).map(|(key, _)| key))
        } else if let Some(text) = iterable.downcast::<Str>() {
            self.characters(text)
        } else if let Some(iterator) = iterable.downcast::<RangeIterator>() {
            self.collect_from(iterator.remaining(), || iterator.advance())
        } else if let Some(iterator) = iterable.downcast::<ListIterator>() {
            self.collect_from(iterator.remaining(), || iterator.advance())
        } else if let Some(iterator) = iterable.downcast::<TupleIterator>() {
            self.collect_from(iterator.remaining(), || iterator.advance())
        } else {
            return None;
        })
    }

    /// A vector of what a function gives until it gives `None`; that are about `len` items.
    pub(crate) fn collect_from(
        &self,
        len: usize,
        mut next: impl FnMut() -> Option<Owned>,
    ) -> PyResult<Vec<Owned>> {
        let mut items = self.vec(len)?;
        while let Some(item) = next() {
            self.push(&mut items, item)?;
        }
        Ok(items)
    }

    /// Other owners of the same values.
    pub(crate) fn copy_of(&self, values: &[Owned]) -> PyResult<Vec<Owned>> {
        let mut copy = self.vec(values.len())?;
        copy.extend_from_slice(values);
        Ok(copy)
    }

    /// An empty vector with room for so many items.
    pub fn vec<T>(&self, capacity: usize) -> PyResult<Vec<T>> {
        let mut vec = Vec::new();
        if vec.try_reserve_exact(capacity).is_err() {
            return Err(self.memory_error());
        }
        Ok(vec)
    }

    /// Adds an item to a vector, which may raise MemoryError.
    #[inline(always)]
    pub fn push<T>(&self, vec: &mut Vec<T>, item: T) -> PyResult<()> {
        if vec.len() == vec.capacity() && vec.try_reserve(1).is_err() {
            return Err(self.memory_error());
        }
        vec.push(item);
        Ok(())
    }

    /// The characters of a text, each a str.
    fn characters(&self, text: &Str) -> PyResult<Vec<Owned>> {
        let mut characters = self.vec(text.len())?;
        for code in text.text().code_points() {
            characters.push(self.character(code)?);
        }
        Ok(characters)
    }
}
