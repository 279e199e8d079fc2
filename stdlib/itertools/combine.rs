//! `product`, `permutations`, `combinations`, `combinations_with_replacement`: tuples of items of pools.
//!
//! The items are collected first. What changes from tuple to tuple is a list of indices into the pools, which count up like
//! an odometer, each kind with its own rule; so no Python runs on the way.

use std::cell::Cell;

use pyx_vm::arguments::Args;
use pyx_vm::exception::PyResult;
use pyx_vm::heap::inline::{Str, Tuple};
use pyx_vm::native::*;
use pyx_vm::protocol::conversion::int_value;
use pyx_vm::types::iterator::self_iter;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload, signature};

use super::{ATTRIBUTES, payload_of};

/// Indices into pools.
type Indices = Box<[Cell<usize>]>;

/// Where an iterator is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// The first tuple comes next, that of the indices as they are.
    Fresh,
    Running,
    Ended,
}

pyx_vm::untraced!(State);

impl State {
    /// Fresh, or ended from the start.
    fn start(has_any: bool) -> Cell<Self> {
        Cell::new(if has_any { Self::Fresh } else { Self::Ended })
    }

    /// Takes a step, in which `advance` moves the indices on if they can be. Says whether there is a tuple.
    fn step(state: &Cell<Self>, advance: impl FnOnce() -> bool) -> bool {
        let next = match state.get() {
            Self::Fresh => Self::Running,
            Self::Running if advance() => Self::Running,
            _ => Self::Ended,
        };
        state.set(next);
        next == Self::Running
    }
}

payload! {
    /// A product object.
    pub(super) struct Product: Native {
        /// Tuples.
        pools: Box<[Owned]>,
        /// One for each place; the places go through the pools again and again.
        indices: Indices,
        state: Cell<State>,
    }

    /// A permutations object.
    pub(super) struct Permutations: Native {
        /// A tuple.
        pool: Owned,
        /// All indices of the pool, those in use first.
        indices: Indices,
        /// How many turns each place has left.
        cycles: Indices,
        state: Cell<State>,
    }

    /// A combinations object.
    pub(super) struct Combinations: Native {
        /// A tuple.
        pool: Owned,
        indices: Indices,
        state: Cell<State>,
    }

    /// A combinations_with_replacement object.
    pub(super) struct Multisets: Native {
        /// A tuple.
        pool: Owned,
        indices: Indices,
        state: Cell<State>,
    }
}

class! {
    Product => PRODUCT;
    Permutations => PERMUTATIONS;
    Combinations => COMBINATIONS;
    Multisets => COMBINATIONS_WITH_REPLACEMENT;
}

/// Indices that start with these values.
fn indices(vm: &Thread, values: impl ExactSizeIterator<Item = usize>) -> PyResult<Indices> {
    let mut indices = vm.vec(values.len())?;
    indices.extend(values.map(Cell::new));
    Ok(indices.into_boxed_slice())
}

fn items(pool: &Owned) -> &[Owned] {
    pool.borrow().downcast::<Tuple>().map_or(&[], Tuple::as_slice)
}

/// The items at the first `len` indices.
fn select(vm: &Thread, pool: &Owned, indices: &[Cell<usize>], len: usize) -> PyResult<Option<Owned>> {
    let pool = items(pool);
    vm.tuple_from(len, |place| pool[indices[place].get()].clone()).map(Some)
}

/// `__sizeof__` of an object with so many indices.
fn size<T>(vm: &Thread, indices: usize) -> PyResult {
    vm.size(2 * size_of::<usize>() + size_of::<T>() + indices * size_of::<usize>())
}

const SIZEOF: &str = "How many bytes the iterator takes in memory.";

pub(super) static PRODUCT: TypeDef = TypeDef {
    module: "itertools",
    flags: TypeFlags::BASE,
    signature: "(*iterables, repeat=1)",
    doc: "An iterator of the tuples that nested for-loops over the iterables would make, the last one turning\n\
          fastest. With repeat, the iterables are gone through so many times over.",
    methods: &[method("__sizeof__($self, /)", One(product_sizeof), SIZEOF)],
    attributes: ATTRIBUTES,
    slots: Slots { new: Some(product_new), iter: Some(self_iter), next: Some(product_next), ..Slots::NONE },
    ..TypeDef::new::<Product>("product")
};

fn product_new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    let repeat = repeat(vm, args)?;
    let iterables = if repeat == 0 { &[] } else { args.positional() };
    let Some(places) = iterables.len().checked_mul(repeat).filter(|&places| places < usize::MAX / 16) else {
        return Err(vm.overflow_error("repeat argument too large"));
    };
    let indices = indices(vm, std::iter::repeat_n(0, places))?;
    let mut pools = Vec::new();
    for &iterable in iterables {
        pools.push(vm.tuple(vm.collect_unhinted(iterable)?)?);
    }
    let state = State::start(pools.iter().all(|pool| !items(pool).is_empty()));
    vm.new_object_of(class, Product { pools: pools.into(), indices, state })
}

/// The keyword argument.
fn repeat(vm: &Thread, args: &Args<'_>) -> PyResult<usize> {
    let mut repeat = 1;
    let many = args.names().len();
    if many > 1 {
        return Err(vm.type_error(format_args!("product() takes at most 1 keyword argument ({many} given)")));
    }
    for (name, value) in args.keywords() {
        if name.downcast::<Str>().is_none_or(|name| name.as_bytes() != b"repeat") {
            let name = vm.str_string(name)?;
            return Err(vm.type_error(format_args!("product() got an unexpected keyword argument '{name}'")));
        }
        repeat = vm.to_isize(value)?;
    }
    usize::try_from(repeat).map_err(|_| vm.value_error("repeat argument cannot be negative"))
}

fn product_next(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    let product = payload_of!(this, Product);
    if !State::step(&product.state, || product.advance()) {
        return Ok(None);
    }
    let Product { pools, indices, .. } = product;
    let mut pool = 0;
    let tuple = vm.tuple_from(indices.len(), |place| {
        let item = items(&pools[pool])[indices[place].get()].clone();
        pool = if pool + 1 == pools.len() { 0 } else { pool + 1 };
        item
    });
    tuple.map(Some)
}

impl Product {
    /// Counts up: the last place first.
    fn advance(&self) -> bool {
        for (place, index) in self.indices.iter().enumerate().rev() {
            if index.get() + 1 < items(&self.pools[place % self.pools.len()]).len() {
                index.set(index.get() + 1);
                return true;
            }
            index.set(0);
        }
        false
    }
}

fn product_sizeof(vm: &Thread, this: Ref<'_>) -> PyResult {
    let product = payload_of!(this, Product);
    size::<Product>(vm, product.indices.len() + product.pools.len())
}

pub(super) static PERMUTATIONS: TypeDef = TypeDef {
    module: "itertools",
    flags: TypeFlags::BASE,
    signature: "(iterable, r=None)",
    doc: "An iterator of all ordered selections of r items, by default of all of them. Items are told apart by\n\
          their position.",
    methods: &[method("__sizeof__($self, /)", One(permutations_sizeof), SIZEOF)],
    attributes: ATTRIBUTES,
    slots: Slots {
        new: Some(permutations_new),
        iter: Some(self_iter),
        next: Some(permutations_next),
        ..Slots::NONE
    },
    ..TypeDef::new::<Permutations>("permutations")
};

fn permutations_new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    args.bind(vm, signature!("permutations(iterable, r=None)"), |bound| {
        let pool = vm.tuple(vm.collect_unhinted(bound.required(0))?)?;
        let len = items(&pool).len();
        let r = match bound.optional(1).filter(|r| !r.is_none()) {
            None => len,
            Some(r) if int_value(r).is_none() => return Err(vm.type_error("Expected int as r")),
            Some(r) => selection(vm, vm.to_isize(r)?)?,
        };
        // Where there are too few items, no tuple is ever made, and nothing need be counted.
        let places = if r <= len { r } else { 0 };
        let cycles = indices(vm, (0..places).map(|place| len - place))?;
        let indices = indices(vm, 0..len)?;
        vm.new_object_of(class, Permutations { pool, indices, cycles, state: State::start(r <= len) })
    })
}

/// The number of items to select.
fn selection(vm: &Thread, r: isize) -> PyResult<usize> {
    usize::try_from(r).map_err(|_| vm.value_error("r must be non-negative"))
}

fn permutations_next(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    let permutations = payload_of!(this, Permutations);
    if !State::step(&permutations.state, || permutations.advance()) {
        return Ok(None);
    }
    select(vm, &permutations.pool, &permutations.indices, permutations.cycles.len())
}

impl Permutations {
    /// Gives the last place that has turns left its next index. Each place behind it has had all its turns, and
    /// starts anew.
    fn advance(&self) -> bool {
        for place in (0..self.cycles.len()).rev() {
            let turns = self.cycles[place].get() - 1;
            if turns == 0 {
                // The index of this place goes behind all others.
                for at in place..self.indices.len() - 1 {
                    self.indices[at].swap(&self.indices[at + 1]);
                }
                self.cycles[place].set(self.indices.len() - place);
            } else {
                self.cycles[place].set(turns);
                self.indices[place].swap(&self.indices[self.indices.len() - turns]);
                return true;
            }
        }
        false
    }
}

fn permutations_sizeof(vm: &Thread, this: Ref<'_>) -> PyResult {
    let permutations = payload_of!(this, Permutations);
    size::<Permutations>(vm, permutations.indices.len() + permutations.cycles.len())
}

pub(super) static COMBINATIONS: TypeDef = TypeDef {
    module: "itertools",
    flags: TypeFlags::BASE,
    signature: "(iterable, r)",
    doc: "An iterator of all selections of r items, in the items' order.",
    methods: &[method("__sizeof__($self, /)", One(combinations_sizeof), SIZEOF)],
    attributes: ATTRIBUTES,
    slots: Slots {
        new: Some(combinations_new),
        iter: Some(self_iter),
        next: Some(combinations_next),
        ..Slots::NONE
    },
    ..TypeDef::new::<Combinations>("combinations")
};

fn combinations_new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    args.bind(vm, signature!("combinations(iterable, r)"), |bound| {
        let r = vm.to_isize(bound.required(1))?;
        let pool = vm.tuple(vm.collect_unhinted(bound.required(0))?)?;
        let r = selection(vm, r)?;
        let enough = r <= items(&pool).len();
        let indices = indices(vm, 0..if enough { r } else { 0 })?;
        vm.new_object_of(class, Combinations { pool, indices, state: State::start(enough) })
    })
}

fn combinations_next(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    let combinations = payload_of!(this, Combinations);
    if !State::step(&combinations.state, || combinations.advance()) {
        return Ok(None);
    }
    select(vm, &combinations.pool, &combinations.indices, combinations.indices.len())
}

impl Combinations {
    /// Moves the last index on that has room behind it, and the ones after it next to it.
    fn advance(&self) -> bool {
        let room = items(&self.pool).len() - self.indices.len();
        let has_room = |&place: &usize| self.indices[place].get() < place + room;
        let Some(place) = (0..self.indices.len()).rev().find(has_room) else { return false };
        let index = self.indices[place].get() + 1;
        for (index, cell) in (index..).zip(&self.indices[place..]) {
            cell.set(index);
        }
        true
    }
}

fn combinations_sizeof(vm: &Thread, this: Ref<'_>) -> PyResult {
    size::<Combinations>(vm, payload_of!(this, Combinations).indices.len())
}

pub(super) static COMBINATIONS_WITH_REPLACEMENT: TypeDef = TypeDef {
    module: "itertools",
    flags: TypeFlags::BASE,
    signature: "(iterable, r)",
    doc: "An iterator of all selections of r items, in the items' order, where an item may come again.",
    methods: &[method("__sizeof__($self, /)", One(multisets_sizeof), SIZEOF)],
    attributes: ATTRIBUTES,
    slots: Slots {
        new: Some(multisets_new),
        iter: Some(self_iter),
        next: Some(multisets_next),
        ..Slots::NONE
    },
    ..TypeDef::new::<Multisets>("combinations_with_replacement")
};

fn multisets_new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    args.bind(vm, signature!("combinations_with_replacement(iterable, r)"), |bound| {
        let r = vm.to_isize(bound.required(1))?;
        let pool = vm.tuple(vm.collect_unhinted(bound.required(0))?)?;
        let r = selection(vm, r)?;
        let state = State::start(r == 0 || !items(&pool).is_empty());
        let indices = indices(vm, std::iter::repeat_n(0, r))?;
        vm.new_object_of(class, Multisets { pool, indices, state })
    })
}

fn multisets_next(vm: &Thread, this: Ref<'_>) -> PyResult<Option<Owned>> {
    let multisets = payload_of!(this, Multisets);
    if !State::step(&multisets.state, || multisets.advance()) {
        return Ok(None);
    }
    select(vm, &multisets.pool, &multisets.indices, multisets.indices.len())
}

impl Multisets {
    /// Moves the last index on that is not at the end, and the ones after it to the same item.
    fn advance(&self) -> bool {
        let end = items(&self.pool).len();
        let Some(place) = self.indices.iter().rposition(|index| index.get() + 1 < end) else { return false };
        let index = self.indices[place].get() + 1;
        self.indices[place..].iter().for_each(|cell| cell.set(index));
        true
    }
}

fn multisets_sizeof(vm: &Thread, this: Ref<'_>) -> PyResult {
    size::<Multisets>(vm, payload_of!(this, Multisets).indices.len())
}
