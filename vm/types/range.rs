//! `range` and its iterators.
//!
//! A range holds its bounds, its step and its length, ints of any size. Where start, stop and step are immediates, so is
//! every item, and iteration is arithmetic on machine words; `range_iterator` is the iterator of these ranges,
//! `longrange_iterator` that of all others.

use std::cell::Cell;
use std::cmp::Ordering;

use crate::arguments::Args;
use crate::class;
use crate::exception::PyResult;
use crate::heap::Slot;
use crate::native::{One, Slots, Two, TypeDef, TypeFlags, member, method};
use crate::number::hash::TupleHasher;
use crate::number::{Int, IntRef, int_ops};
use crate::protocol::slots::CompareOp;
use crate::types::constructor;
use crate::types::int::int_ref;
use crate::types::iterator::{ITERATOR_FLAGS, LENGTH_HINT, REDUCE, SETSTATE, builtin, self_iter};
use crate::types::slice::Slice;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

crate::payload! {
    /// A range.
    pub struct Range: Range {
        start: Owned,
        stop: Owned,
        step: Owned,
        length: Owned,
    }

    /// An iterator over a range of immediate ints.
    pub struct RangeIterator: RangeIterator {
        next: Cell<i64>,
        step: Cell<i64>,
        remaining: Cell<u64>,
    }

    /// An iterator over a range of any ints.
    pub struct LongRangeIterator: Native {
        next: Slot,
        step: Owned,
        remaining: Slot,
    }
}

class! {
    Range => RANGE;
    RangeIterator => RANGE_ITERATOR;
    LongRangeIterator => LONG_RANGE_ITERATOR;
}

pub(crate) static RANGE: TypeDef = TypeDef {
    flags: TypeFlags { sequence: true, ..TypeFlags::NONE },
    doc: "range(stop) -> range object\nrange(start, stop[, step]) -> range object\n\n\
          A sequence of ints from start, by default 0, up to but without stop, by step. With a\n\
          negative step, it goes down to but without stop.",
    methods: &[
        method("__reversed__($self, /)", One(reversed), "An iterator over the range from its end."),
        method("__reduce__($self, /)", One(reduce), "The range's state, for pickle and copy."),
        method("count($self, object, /)", Two(count), "How many items are equal to a value."),
        method(
            "index($self, object, /)",
            Two(index),
            "The index of a value.\n\nRaises ValueError if the range does not have it.",
        ),
    ],
    getset: &[
        member("start", |_, this| Ok(payload(this).start.clone()), "The first item, if there is any."),
        member("stop", |_, this| Ok(payload(this).stop.clone()), "The bound that no item reaches."),
        member("step", |_, this| Ok(payload(this).step.clone()), "From an item to the next one."),
    ],
    slots: Slots {
        repr: Some(repr),
        hash: Some(hash),
        compare: Some(compare),
        iter: Some(iter),
        new: Some(new),
        bool: Some(is_true),
        mapping_len: Some(len),
        getitem: Some(getitem),
        len: Some(len),
        item: Some(item),
        contains: Some(contains),
        ..Slots::NONE
    },
    ..TypeDef::new::<Range>("range")
};

pub(crate) static RANGE_ITERATOR: TypeDef = TypeDef {
    flags: ITERATOR_FLAGS,
    methods: &[
        method("__length_hint__($self, /)", One(length_hint), LENGTH_HINT),
        method("__reduce__($self, /)", One(reduce_iterator), REDUCE),
        method("__setstate__($self, object, /)", Two(setstate), SETSTATE),
    ],
    slots: Slots { iter: Some(self_iter), next: Some(next), ..Slots::NONE },
    ..TypeDef::new::<RangeIterator>("range_iterator")
};

pub(crate) static LONG_RANGE_ITERATOR: TypeDef = TypeDef {
    flags: ITERATOR_FLAGS,
    methods: &[
        method("__length_hint__($self, /)", One(long_length_hint), LENGTH_HINT),
        method("__reduce__($self, /)", One(reduce_long), REDUCE),
        method("__setstate__($self, object, /)", Two(long_setstate), SETSTATE),
    ],
    slots: Slots { iter: Some(self_iter), next: Some(long_next), ..Slots::NONE },
    ..TypeDef::new::<LongRangeIterator>("longrange_iterator")
};

/// Start, step and length of a range whose items are immediates.
#[derive(Clone, Copy)]
struct Small {
    start: i64,
    step: i64,
    len: u64,
}

impl Range {
    fn start(&self) -> IntRef<'_> {
        number(&self.start)
    }

    fn stop(&self) -> IntRef<'_> {
        number(&self.stop)
    }

    fn step(&self) -> IntRef<'_> {
        number(&self.step)
    }

    fn len(&self) -> IntRef<'_> {
        number(&self.length)
    }

    #[inline]
    fn small(&self) -> Option<Small> {
        self.stop.borrow().as_small_int()?;
        Some(Small {
            start: self.start.borrow().as_small_int()?,
            step: self.step.borrow().as_small_int()?,
            len: self.length.borrow().as_small_int()? as u64,
        })
    }

    /// All items, if they are immediates.
    pub(crate) fn collect(&self, vm: &Thread) -> Option<PyResult<Vec<Owned>>> {
        let Small { start, step, len } = self.small()?;
        let iterator = RangeIterator::new(start, step, len);
        Some(vm.collect_from(len as usize, || iterator.advance()))
    }

    /// The item at an index, negative ones counting from the end.
    fn item(&self, vm: &Thread, index: IntRef<'_>) -> PyResult {
        let index = if index.is_negative() { int_ops::add(index, self.len()) } else { index.to_int() };
        if index.as_ref().is_negative() || !int_ops::compare(index.as_ref(), self.len()).is_lt() {
            return Err(vm.index_error("range object index out of range"));
        }
        vm.number(self.at(index.as_ref()))
    }

    /// `start + index * step`
    fn at(&self, index: IntRef<'_>) -> Int {
        int_ops::add(self.start(), int_ops::mul(index, self.step()).as_ref())
    }

    /// The index of an int, if the range has it.
    fn find(&self, value: IntRef<'_>) -> Option<Int> {
        let upwards = !self.step().is_negative();
        let (start, stop) = (int_ops::compare(value, self.start()), int_ops::compare(value, self.stop()));
        let within = if upwards { start.is_ge() && stop.is_lt() } else { start.is_le() && stop.is_gt() };
        if !within {
            return None;
        }
        let distance = int_ops::sub(value, self.start());
        let (index, rest) = int_ops::divmod(distance.as_ref(), self.step()).ok()?;
        rest.as_ref().is_zero().then_some(index)
    }

    fn equals(&self, other: &Self) -> bool {
        let same = |a, b| int_ops::compare(a, b).is_eq();
        same(self.len(), other.len())
            && (self.len().is_zero()
                || same(self.start(), other.start())
                    && (same(self.len(), IntRef::Small(1)) || same(self.step(), other.step())))
    }

    /// What iterating from the last item to the first would go through.
    fn turned(&self) -> (Int, Int) {
        (self.at(int_ops::sub(self.len(), IntRef::Small(1)).as_ref()), int_ops::neg(self.step()))
    }
}

impl RangeIterator {
    #[inline]
    fn new(start: i64, step: i64, len: u64) -> Self {
        Self { next: Cell::new(start), step: Cell::new(step), remaining: Cell::new(len) }
    }

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

    /// How many ints are left.
    pub(crate) fn remaining(&self) -> usize {
        self.remaining.get() as usize
    }
}

/// A field of a range, which is an int.
fn number(value: &Owned) -> IntRef<'_> {
    int_ref(value.borrow()).expect("ranges hold ints")
}

fn payload(this: Ref<'_>) -> &Range {
    this.downcast().expect("the receiver is a range")
}

/// A range of these ints, the step not being zero.
fn new_range(vm: &Thread, start: Owned, stop: Owned, step: Owned) -> PyResult {
    let length = vm.number(length(number(&start), number(&stop), number(&step)))?;
    vm.new_object(Range { start, stop, step, length })
}

/// How many items a range has.
fn length(start: IntRef<'_>, stop: IntRef<'_>, step: IntRef<'_>) -> Int {
    let downwards = step.is_negative();
    let (low, high) = if downwards { (stop, start) } else { (start, stop) };
    let distance = int_ops::sub(high, low);
    if !matches!(int_ops::compare(distance.as_ref(), IntRef::Small(0)), Ordering::Greater) {
        return Int::ZERO;
    }
    let step = if downwards { int_ops::neg(step) } else { step.to_int() };
    let last = int_ops::sub(distance.as_ref(), IntRef::Small(1));
    let steps = int_ops::floor_div(last.as_ref(), step.as_ref()).unwrap_or(Int::ZERO);
    int_ops::add(steps.as_ref(), IntRef::Small(1))
}

fn new(vm: &Thread, _class: Ref<'_>, args: &Args<'_>) -> PyResult {
    constructor::no_keywords(vm, "range", args)?;
    let values = args.positional();
    constructor::count(vm, "range", values.len(), 1, 3)?;
    let (start, stop, step) = match *values {
        [start, stop] => (vm.index(start)?, vm.index(stop)?, Owned::small_int(1)),
        [start, stop, step, ..] => (vm.index(start)?, vm.index(stop)?, vm.index(step)?),
        _ => (Owned::small_int(0), vm.index(values[0])?, Owned::small_int(1)),
    };
    if number(&step).is_zero() {
        return Err(vm.value_error("range() arg 3 must not be zero"));
    }
    new_range(vm, start, stop, step)
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    let range = payload(this);
    let (start, stop) = (vm.repr_string(range.start.borrow())?, vm.repr_string(range.stop.borrow())?);
    if range.step.borrow().as_small_int() == Some(1) {
        return vm.str(&format!("range({start}, {stop})"));
    }
    let step = vm.repr_string(range.step.borrow())?;
    vm.str(&format!("range({start}, {stop}, {step})"))
}

/// Equal ranges have equal items: the step of one item, and all bounds of none, do not count.
fn hash(vm: &Thread, this: Ref<'_>) -> PyResult<i64> {
    let range = payload(this);
    let (some, many) = (!range.len().is_zero(), int_ops::compare(range.len(), IntRef::Small(1)).is_gt());
    let mut hasher = TupleHasher::new();
    hasher.push(vm.hash(range.length.borrow())?);
    hasher.push(vm.hash(if some { range.start.borrow() } else { Ref::NONE })?);
    hasher.push(vm.hash(if many { range.step.borrow() } else { Ref::NONE })?);
    Ok(hasher.finish(3))
}

fn compare(_vm: &Thread, a: Ref<'_>, b: Ref<'_>, op: CompareOp) -> PyResult {
    let (Some(first), Some(second)) = (a.downcast::<Range>(), b.downcast::<Range>()) else {
        return Ok(Owned::not_implemented());
    };
    Ok(match op {
        CompareOp::Eq => Owned::bool(a.is(b) || first.equals(second)),
        CompareOp::Ne => Owned::bool(!a.is(b) && !first.equals(second)),
        _ => Owned::not_implemented(),
    })
}

#[inline]
fn iter(vm: &Thread, this: Ref<'_>) -> PyResult {
    let range = payload(this);
    match range.small() {
        Some(Small { start, step, len }) => vm.new_object(RangeIterator::new(start, step, len)),
        None => long_iterator(vm, range.start.clone(), range.step.clone(), range.length.clone()),
    }
}

fn reversed(vm: &Thread, this: Ref<'_>) -> PyResult {
    let range = payload(this);
    let (start, step) = range.turned();
    match (&start, &step, range.small()) {
        (&Int::Small(start), &Int::Small(step), Some(Small { len, .. })) => {
            vm.new_object(RangeIterator::new(start, step, len))
        }
        _ => long_iterator(vm, vm.number(start)?, vm.number(step)?, range.length.clone()),
    }
}

fn is_true(_vm: &Thread, this: Ref<'_>) -> PyResult<bool> {
    Ok(!payload(this).len().is_zero())
}

fn len(vm: &Thread, this: Ref<'_>) -> PyResult<usize> {
    Ok(vm.to_isize(payload(this).length.borrow())? as usize)
}

fn item(vm: &Thread, this: Ref<'_>, index: isize) -> PyResult {
    payload(this).item(vm, IntRef::Small(index as i64))
}

fn getitem(vm: &Thread, this: Ref<'_>, key: Ref<'_>) -> PyResult {
    let range = payload(this);
    if let Some(slice) = key.downcast::<Slice>() {
        let [start, stop, step] = slice.fit_any(vm, range.len())?;
        let step = int_ops::mul(range.step(), step.as_ref());
        let (start, stop) = (range.at(start.as_ref()), range.at(stop.as_ref()));
        return new_range(vm, vm.number(start)?, vm.number(stop)?, vm.number(step)?);
    }
    if !vm.is_index(key) {
        let name = vm.type_name(key);
        return Err(vm.type_error(format_args!("range indices must be integers or slices, not {name}")));
    }
    let key = vm.index(key)?;
    range.item(vm, number(&key))
}

/// The value of an int or bool, whose `==` is known.
fn exact_int<'a>(vm: &Thread, value: Ref<'a>) -> Option<IntRef<'a>> {
    let exact = value.as_bool().is_some() || vm.class(value).is(vm.types().int.borrow());
    if exact { int_ref(value) } else { None }
}

fn contains(vm: &Thread, this: Ref<'_>, value: Ref<'_>) -> PyResult<bool> {
    match exact_int(vm, value) {
        Some(value) => Ok(payload(this).find(value).is_some()),
        None => vm.contains_by_iteration(this, value),
    }
}

fn count(vm: &Thread, this: Ref<'_>, value: Ref<'_>) -> PyResult {
    match exact_int(vm, value) {
        Some(value) => Ok(Owned::small_int(i32::from(payload(this).find(value).is_some()))),
        None => vm.size(vm.count_of(this, value)?),
    }
}

fn index(vm: &Thread, this: Ref<'_>, value: Ref<'_>) -> PyResult {
    match exact_int(vm, value) {
        Some(value) => match payload(this).find(value) {
            Some(index) => vm.number(index),
            None => Err(vm.value_error("range.index(x): x not in range")),
        },
        None => vm.size(vm.index_in(this, value)?),
    }
}

fn reduce(vm: &Thread, this: Ref<'_>) -> PyResult {
    let range = payload(this);
    let arguments = vm.tuple_array([range.start.clone(), range.stop.clone(), range.step.clone()])?;
    vm.pair(vm.class(this).own(), arguments)
}

fn iterator(this: Ref<'_>) -> &RangeIterator {
    this.downcast().expect("the receiver is a range iterator")
}

fn next(_vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    Ok(iterator(this).advance())
}

fn length_hint(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.uint(iterator(this).remaining.get())
}

fn reduce_iterator(vm: &Thread, this: Ref<'_>) -> PyResult {
    let iterator = iterator(this);
    let remaining = Int::Small(iterator.remaining.get() as i64);
    reduce_rest(vm, Int::Small(iterator.next.get()), Int::Small(iterator.step.get()), remaining)
}

/// `(iter, (range(...),), None)` of what is left.
fn reduce_rest(vm: &Thread, next: Int, step: Int, remaining: Int) -> PyResult {
    let distance = int_ops::mul(step.as_ref(), remaining.as_ref());
    let stop = int_ops::add(next.as_ref(), distance.as_ref());
    let range = new_range(vm, vm.number(next)?, vm.number(stop)?, vm.number(step)?)?;
    vm.tuple_array([builtin(vm, "iter")?, vm.tuple_array([range])?, Owned::none()])
}

fn setstate(vm: &Thread, this: Ref<'_>, state: Ref<'_>) -> PyResult {
    let state = vm.to_i64(state)?;
    let iterator = iterator(this);
    let skipped = (state.max(0) as u64).min(iterator.remaining.get());
    let distance = (skipped as i64).wrapping_mul(iterator.step.get());
    iterator.next.set(iterator.next.get().wrapping_add(distance));
    iterator.remaining.set(iterator.remaining.get() - skipped);
    Ok(Owned::none())
}

fn long_iterator(vm: &Thread, start: Owned, step: Owned, len: Owned) -> PyResult {
    vm.new_object(LongRangeIterator { next: Slot::new(start), step, remaining: Slot::new(len) })
}

fn long(this: Ref<'_>) -> &LongRangeIterator {
    this.downcast().expect("the receiver is a long range iterator")
}

impl LongRangeIterator {
    fn remaining(&self) -> Owned {
        self.remaining.get().unwrap_or_else(|| Owned::small_int(0))
    }

    fn next(&self) -> Owned {
        self.next.get().unwrap_or_else(|| Owned::small_int(0))
    }

    /// Goes on by so many steps, not more than there are.
    fn skip(&self, vm: &Thread, count: IntRef<'_>) -> PyResult<()> {
        let (next, remaining) = (self.next(), self.remaining());
        let distance = int_ops::mul(number(&self.step), count);
        self.next.set(vm.number(int_ops::add(number(&next), distance.as_ref()))?);
        self.remaining.set(vm.number(int_ops::sub(number(&remaining), count))?);
        Ok(())
    }
}

fn long_next(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    let iterator = long(this);
    if number(&iterator.remaining()).is_zero() {
        return Ok(None);
    }
    let next = iterator.next();
    iterator.skip(vm, IntRef::Small(1))?;
    Ok(Some(next))
}

fn long_length_hint(_vm: &Thread, this: Ref<'_>) -> PyResult {
    Ok(long(this).remaining())
}

fn reduce_long(vm: &Thread, this: Ref<'_>) -> PyResult {
    let iterator = long(this);
    let (next, remaining) = (iterator.next(), iterator.remaining());
    let step = number(&iterator.step).to_int();
    reduce_rest(vm, number(&next).to_int(), step, number(&remaining).to_int())
}

fn long_setstate(vm: &Thread, this: Ref<'_>, state: Ref<'_>) -> PyResult {
    if !vm.class(state).is(vm.types().int.borrow()) {
        return Err(vm.type_error(format_args!("state must be an int, not {}", vm.type_name(state))));
    }
    let iterator = long(this);
    let (remaining, state) = (iterator.remaining(), int_ref(state).unwrap_or(IntRef::Small(0)));
    if state.is_negative() {
        return Ok(Owned::none());
    }
    let most = number(&remaining);
    iterator.skip(vm, if int_ops::compare(state, most).is_lt() { state } else { most })?;
    Ok(Owned::none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small(start: i64, stop: i64, step: i64) -> Int {
        length(IntRef::Small(start), IntRef::Small(stop), IntRef::Small(step))
    }

    #[test]
    fn lengths() {
        assert_eq!(small(0, 10, 3), Int::Small(4));
        assert_eq!(small(0, 9, 3), Int::Small(3));
        assert_eq!(small(10, 0, -3), Int::Small(4));
        assert_eq!(small(0, 10, -1), Int::ZERO);
        assert_eq!(small(5, 5, 1), Int::ZERO);
        assert_eq!(small(i64::MIN, i64::MAX, 1).into_big(), dashu_int::IBig::from(u64::MAX));
        assert_eq!(small(0, 1, i64::MIN), Int::ZERO);
        assert_eq!(small(1, 0, i64::MIN), Int::Small(1));
    }

    #[test]
    fn iteration() {
        let iterator = RangeIterator::new(10, -4, 3);
        let items: Vec<_> =
            std::iter::from_fn(|| iterator.advance()).map(|item| item.borrow().as_small_int()).collect();
        assert_eq!(items, [Some(10), Some(6), Some(2)]);
    }
}
