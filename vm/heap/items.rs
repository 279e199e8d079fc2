//! Bulk operations on [`Items`]: copies, repetition, slices with a step.
//!
//! # Safety model
//!
//! Nothing here runs Python: values are copied with their counts, or move out to the caller, who lets go of them
//! when the sequence is whole again. Storage pointers are read after the last allocation of an operation.
#![expect(unsafe_code, reason = "copies words of storage")]

use smallvec::SmallVec;

use super::Header;
use super::cells::Items;
use crate::exception::PyResult;
use crate::value::{Owned, Value, borrow_slice};
use crate::vm::Thread;

impl Items {
    /// Other owners of these values.
    pub fn from_slice(vm: &Thread, values: &[Owned]) -> PyResult<Self> {
        let items = Self::with_capacity(vm, values.len())?;
        items.append_words(values);
        Ok(items)
    }

    /// Other owners of the values from `start` up to `end`, at most `len`.
    pub fn copy(&self, vm: &Thread, start: usize, end: usize) -> PyResult<Self> {
        let copy = Self::with_capacity(vm, end - start)?;
        self.with_slice(|values| copy.append_words(&values[start..end]));
        Ok(copy)
    }

    /// As `copy`, as a vector of exact capacity.
    pub fn copy_vec(&self, vm: &Thread, start: usize, end: usize) -> PyResult<Vec<Owned>> {
        let mut copy = Vec::new();
        if copy.try_reserve_exact(end - start).is_err() {
            return Err(vm.memory_error());
        }
        self.with_slice(|values| copy.extend(values[start..end].iter().cloned()));
        Ok(copy)
    }

    /// Makes room for `additional` more values, and some to spare where storage must grow.
    #[inline]
    pub fn reserve_amortised(&self, vm: &Thread, additional: usize) -> PyResult<()> {
        match self.len().checked_add(additional) {
            Some(needed) if needed <= self.capacity() => Ok(()),
            Some(needed) => self.grow(vm, needed),
            None => Err(vm.memory_error()),
        }
    }

    /// Adds other owners of these values at the end.
    pub fn extend_from_slice(&self, vm: &Thread, values: &[Owned]) -> PyResult<()> {
        self.reserve_amortised(vm, values.len())?;
        self.append_words(values);
        Ok(())
    }

    /// Adds other owners of another sequence's values at the end. It may be the same sequence.
    pub fn extend_from(&self, vm: &Thread, other: &Self) -> PyResult<()> {
        self.reserve_amortised(vm, other.len())?;
        other.with_slice(|values| self.append_words(values));
        Ok(())
    }

    /// Adds the values of a vector at the end.
    pub fn append(&self, vm: &Thread, values: Vec<Owned>) -> PyResult<()> {
        if self.is_empty() {
            drop(self.replace_all(Self::from_vec(vm, values)?));
            return Ok(());
        }
        self.reserve_amortised(vm, values.len())?;
        for value in values {
            self.push(vm, value)?;
        }
        Ok(())
    }

    /// Other owners of `count` values: at `start`, and each `step` after it.
    pub fn copy_stepped(&self, vm: &Thread, start: usize, step: isize, count: usize) -> PyResult<Self> {
        let copy = Self::with_capacity(vm, count)?;
        self.with_slice(|values| {
            if step == -1 {
                let values = if count == 0 { &[][..] } else { &values[start + 1 - count..=start] };
                copy.write_words(values.iter().rev());
            } else {
                copy.write_words(stepped(start, step, count).map(|index| &values[index]));
            }
        });
        Ok(copy)
    }

    /// Replaces the values from `start` on by other owners of another sequence's values, as many as there are.
    pub fn overwrite(&self, start: usize, new: &Self) {
        assert!(start + new.len() <= self.len(), "range out of range");
        let mut ended: SmallVec<[*const Header; 8]> = SmallVec::new();
        // SAFETY: both ranges exist and nothing runs meanwhile: objects that this ends are ended afterwards.
        unsafe {
            let (target, source) = (self.as_ptr().add(start), new.as_ptr());
            for index in 0..new.len() {
                let value = source.add(index).read();
                value.retain();
                let old = target.add(index).replace(value);
                if old.is_pointer() && (*old.header()).release() {
                    ended.push(old.header());
                }
            }
            while let Some(object) = ended.pop() {
                super::end(object);
            }
        }
    }

    /// Replaces the values at `start` and each `step` after it; the vector holds the old values afterwards.
    pub fn exchange_stepped(&self, start: usize, step: isize, values: &mut [Owned]) {
        for (index, value) in stepped(start, step, values.len()).zip(values) {
            let new = std::mem::replace(value, Owned::none());
            *value = self.replace(index, new);
        }
    }

    /// Takes `count` values out, at `start` and each `step` after it, the step being positive.
    pub fn remove_stepped(
        &self,
        vm: &Thread,
        start: usize,
        step: usize,
        count: usize,
    ) -> PyResult<Vec<Owned>> {
        let len = self.len();
        assert!(count == 0 || start + (count - 1) * step < len, "slice out of range");
        let mut removed = Vec::new();
        if removed.try_reserve_exact(count).is_err() {
            return Err(vm.memory_error());
        }
        // SAFETY: each value is read once: it moves to the result, or down over the gaps; nothing runs meanwhile.
        unsafe {
            let base = self.as_ptr();
            let mut kept = start;
            for nth in 0..count {
                let index = start + nth * step;
                removed.push(Owned::from_value(base.add(index).read()));
                let next = if nth + 1 == count { len } else { index + step };
                base.add(index + 1).copy_to(base.add(kept), next - index - 1);
                kept += next - index - 1;
            }
            self.set_len(len - count);
        }
        Ok(removed)
    }

    /// The values `count` times over, at least once.
    pub fn repeat(&self, vm: &Thread, count: usize) -> PyResult<Self> {
        let Some(total) = self.len().checked_mul(count) else { return Err(vm.memory_error()) };
        let copy = Self::with_capacity(vm, total)?;
        copy.extend_from(vm, self)?;
        copy.repeat_in_place(vm, count)?;
        Ok(copy)
    }

    /// Adds the values again until they are there `count` times, at least once.
    pub fn repeat_in_place(&self, vm: &Thread, count: usize) -> PyResult<()> {
        let len = self.len();
        if count <= 1 || len == 0 {
            return Ok(());
        }
        let Some(total) = len.checked_mul(count) else { return Err(vm.memory_error()) };
        self.resize_storage(vm, total.max(self.capacity()))?;
        // SAFETY: there is room for `total` words; the copies are counted before the length shows them.
        unsafe {
            let base = self.as_ptr();
            repeat_words(base, len, total);
            for index in 0..len {
                let value = base.add(index).read();
                if value.is_pointer() {
                    (1..count).for_each(|_| value.retain());
                }
            }
            self.set_len(total);
        }
        Ok(())
    }

    /// Gives storage back when less than half of it is used.
    #[inline]
    pub fn shrink_if_sparse(&self, vm: &Thread) {
        if self.len() < self.capacity() / 2 {
            // Without memory for a smaller block, the larger one stays.
            let _ = self.resize_storage(vm, self.len() + self.len() / 8);
        }
    }

    /// Shows the values to a function that neither runs Python nor changes this sequence.
    #[inline]
    pub(super) fn with_slice<R>(&self, read: impl FnOnce(&[Owned]) -> R) -> R {
        if self.is_empty() {
            return read(&[]);
        }
        // SAFETY: the first `len` words are owned values; `read` leaves the storage alone, as all callers here see to:
        // appending to the same sequence writes behind the slice, into storage reserved before.
        read(unsafe { std::slice::from_raw_parts(self.as_ptr().cast(), self.len()) })
    }

    /// Adds other owners of values, for which there is room: as many as there is capacity.
    #[inline]
    fn write_words<'v>(&self, values: impl Iterator<Item = &'v Owned>) {
        let mut len = self.len();
        let capacity = self.capacity();
        // SAFETY: there is room; each new word is counted.
        unsafe {
            for value in values.take(capacity - len) {
                self.as_ptr().add(len).write(value.clone().into_value());
                len += 1;
            }
            self.set_len(len);
        }
    }

    /// Adds other owners of these values, for which there is room.
    #[inline]
    fn append_words(&self, values: &[Owned]) {
        let len = self.len();
        assert!(values.len() <= self.capacity() - len, "room was made");
        // SAFETY: there is room; each new word is counted.
        unsafe {
            let end = self.as_ptr().add(len);
            for (index, value) in borrow_slice(values).iter().enumerate() {
                end.add(index).write(value.own().into_value());
            }
            self.set_len(len + values.len());
        }
    }
}

/// The indices of a slice; the caller knows that they are in range.
fn stepped(start: usize, step: isize, count: usize) -> impl Iterator<Item = usize> {
    (0..count).map(move |nth| start.wrapping_add_signed((nth as isize).wrapping_mul(step)))
}

/// Fills `total` words with copies of the first `len`, each copy as long as what is there already.
///
/// # Safety
/// `base` points to `total` words, of which the first `len` are written.
unsafe fn repeat_words(base: *mut Value, len: usize, total: usize) {
    let mut filled = len;
    while filled < total {
        let chunk = filled.min(total - filled);
        // SAFETY: the first `filled` words are written, and the chunk behind them is within `total`.
        unsafe { base.copy_to_nonoverlapping(base.add(filled), chunk) };
        filled += chunk;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vm::{Config, Interpreter};

    fn with_vm(test: impl FnOnce(&Thread)) {
        let interpreter = Interpreter::new(Config::default());
        test(&Thread::new(&interpreter));
    }

    fn items(vm: &Thread, values: impl IntoIterator<Item = i32>) -> Items {
        Items::from_vec(vm, values.into_iter().map(Owned::small_int).collect()).unwrap()
    }

    fn ints(items: &Items) -> Vec<i64> {
        (0..items.len()).map(|index| items.get(index).unwrap().borrow().as_small_int().unwrap()).collect()
    }

    #[test]
    fn copies() {
        with_vm(|vm| {
            let list = items(vm, 0..10);
            assert_eq!(ints(&list.copy(vm, 2, 5).unwrap()), [2, 3, 4]);
            assert_eq!(ints(&list.copy_stepped(vm, 8, -3, 3).unwrap()), [8, 5, 2]);
            list.extend_from(vm, &list).unwrap();
            assert_eq!(ints(&list), (0..10).chain(0..10).collect::<Vec<_>>());
            assert_eq!(list.copy_vec(vm, 3, 7).unwrap().capacity(), 4);
        });
    }

    #[test]
    fn repetition() {
        with_vm(|vm| {
            assert_eq!(ints(&items(vm, [1, 2, 3]).repeat(vm, 3).unwrap()), [1, 2, 3, 1, 2, 3, 1, 2, 3]);
            assert_eq!(ints(&items(vm, [7]).repeat(vm, 6).unwrap()), [7; 6]);
            assert_eq!(ints(&items(vm, []).repeat(vm, 6).unwrap()), []);
        });
    }

    #[test]
    fn stepped_slices() {
        with_vm(|vm| {
            let list = items(vm, 0..10);
            assert_eq!(list.remove_stepped(vm, 1, 3, 3).unwrap().len(), 3);
            assert_eq!(ints(&list), [0, 2, 3, 5, 6, 8, 9]);
            let mut new: Vec<_> = [70, 71, 72].map(Owned::small_int).into();
            list.exchange_stepped(6, -2, &mut new);
            assert_eq!(ints(&list), [0, 2, 72, 5, 71, 8, 70]);
            assert_eq!(
                new.iter().map(|old| old.borrow().as_small_int().unwrap()).collect::<Vec<_>>(),
                [9, 6, 3]
            );
        });
    }

    #[test]
    fn lent_values_come_back() {
        with_vm(|vm| {
            let list = items(vm, 0..3);
            let lent = list.lend();
            assert!(list.is_empty());
            assert!(list.give_back(lent));
            assert_eq!(ints(&list), [0, 1, 2]);
            let lent = list.lend();
            list.push(vm, Owned::none()).unwrap();
            drop(list.take());
            assert!(!list.give_back(lent));
            assert_eq!(ints(&list), [0, 1, 2]);
        });
    }
}
