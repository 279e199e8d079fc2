//! Iterators over deques, in both directions.

use std::cell::Cell;

use pyx_vm::arguments::Args;
use pyx_vm::exception::PyResult;
use pyx_vm::native::*;
use pyx_vm::payload;
use pyx_vm::types::iterator::{LENGTH_HINT, REDUCE, self_iter};
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

use super::deque::Deque;

payload! {
    /// An iterator over a deque.
    struct DequeIterator: Native {
        deque: Owned,
        /// How many items are left.
        left: Cell<usize>,
        /// The deque's version at the start.
        version: u64,
        direction: Direction,
    }
}

/// From which end.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Forward,
    Backward,
}

pyx_vm::untraced!(Direction);

const METHODS: &[MethodDef] = &[
    method("__length_hint__($self, /)", One(length_hint), LENGTH_HINT),
    method("__reduce__($self, /)", One(reduce), REDUCE),
];

pub(super) static FORWARD: TypeDef = TypeDef {
    module: "collections",
    methods: METHODS,
    attributes: &[MODULE, GETATTRIBUTE],
    slots: Slots {
        new: Some(|vm, _, args| new(vm, args, Direction::Forward)),
        iter: Some(self_iter),
        next: Some(next),
        ..Slots::NONE
    },
    ..TypeDef::new::<DequeIterator>("_deque_iterator")
};

pub(super) static BACKWARD: TypeDef = TypeDef {
    module: "collections",
    methods: METHODS,
    attributes: &[MODULE, GETATTRIBUTE],
    slots: Slots {
        new: Some(|vm, _, args| new(vm, args, Direction::Backward)),
        iter: Some(self_iter),
        next: Some(next),
        ..Slots::NONE
    },
    ..TypeDef::new::<DequeIterator>("_deque_reverse_iterator")
};

impl DequeIterator {
    fn of(this: Ref<'_>) -> &Self {
        this.downcast().expect("the receiver is a deque's iterator")
    }
}

/// An iterator over a deque.
pub(super) fn iterator(vm: &Thread, deque: Ref<'_>, direction: Direction) -> PyResult {
    let class = match direction {
        Direction::Forward => vm.class_of(&FORWARD)?,
        Direction::Backward => vm.class_of(&BACKWARD)?,
    };
    let Deque { items, version, .. } = Deque::of(deque);
    let left = Cell::new(items.len());
    let iterator = DequeIterator { deque: deque.own(), left, version: version.get(), direction };
    vm.new_object_of(class.borrow(), iterator)
}

/// The constructor, which pickle calls; a second argument says how many items to skip.
fn new(vm: &Thread, args: &Args<'_>, direction: Direction) -> PyResult {
    let (deque, skipped) = match *args.positional() {
        [] => return Err(vm.type_error("function takes at least 1 argument (0 given)")),
        [deque] => (deque, None),
        [deque, skipped] => (deque, Some(skipped)),
        ref more => {
            let given = more.len();
            return Err(vm.type_error(format_args!("function takes at most 2 arguments ({given} given)")));
        }
    };
    if deque.downcast::<Deque>().is_none() {
        return Err(vm.bad_argument("argument 1", "collections.deque", deque));
    }
    let skipped = skipped.map_or(Ok(0), |skipped| vm.to_isize(skipped))?;
    let iterator = iterator(vm, deque, direction)?;
    let left = &DequeIterator::of(iterator.borrow()).left;
    left.set(left.get().saturating_sub(skipped.max(0) as usize));
    Ok(iterator)
}

fn next(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    let iterator = DequeIterator::of(this);
    let deque = Deque::of(iterator.deque.borrow());
    let left = iterator.left.get();
    // An ended backward iterator does not look at the deque any more, as in CPython.
    if left == 0 && iterator.direction == Direction::Backward {
        return Ok(None);
    }
    if deque.version.get() != iterator.version {
        iterator.left.set(0);
        return Err(vm.runtime_error("deque mutated during iteration"));
    }
    let Some(following) = left.checked_sub(1) else { return Ok(None) };
    iterator.left.set(following);
    Ok(deque.items.get(match iterator.direction {
        Direction::Forward => deque.items.len() - left,
        Direction::Backward => following,
    }))
}

fn length_hint(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.size(DequeIterator::of(this).left.get())
}

fn reduce(vm: &Thread, this: Ref<'_>) -> PyResult {
    let iterator = DequeIterator::of(this);
    let len = Deque::of(iterator.deque.borrow()).items.len();
    let given = vm.int(len as i64 - iterator.left.get() as i64)?;
    vm.pair(vm.class(this).own(), vm.pair(iterator.deque.clone(), given)?)
}
