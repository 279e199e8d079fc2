//! `itertools`: iterators from iterators.
//!
//! Each is a small state machine whose `next` asks the iterators it was made from. One that has found an end lets go of
//! them, so that asking again finds the end again. Towers of them (`chain(chain(chain(...)))`) are as deep as the
//! native stack: [`advance`] checks it.

mod chain;
mod combine;
mod count;
mod group;
mod select;
mod slice;
mod tee;
mod window;
mod zip_longest;

use pyx_vm::exception::PyResult;
use pyx_vm::native::*;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

pub(crate) static ITERTOOLS: ModuleDef = ModuleDef {
    doc: "Iterators that count, repeat, select, group and combine the items of others.\n\n\
          Without an end: count, cycle, repeat.\n\
          Up to the end of the shortest or longest input: accumulate, batched, chain, compress, dropwhile,\n\
          filterfalse, groupby, islice, pairwise, starmap, takewhile, tee, zip_longest.\n\
          Combinations: product, permutations, combinations, combinations_with_replacement.",
    functions: &[function(
        "tee($module, iterable, n=2, /)",
        OneOpt(tee::tee),
        "A tuple of n iterators, each of which gives all items of the iterable.",
    )],
    types: &[
        &window::ACCUMULATE,
        &window::BATCHED,
        &chain::CHAIN,
        &combine::COMBINATIONS,
        &combine::COMBINATIONS_WITH_REPLACEMENT,
        &select::COMPRESS,
        &count::COUNT,
        &chain::CYCLE,
        &select::DROPWHILE,
        &select::FILTERFALSE,
        &group::GROUPBY,
        &slice::ISLICE,
        &window::PAIRWISE,
        &combine::PERMUTATIONS,
        &combine::PRODUCT,
        &count::REPEAT,
        &select::STARMAP,
        &select::TAKEWHILE,
        &zip_longest::ZIP_LONGEST,
        &group::GROUPER,
        &tee::TEE,
        &tee::TEE_DATA,
    ],
    ..ModuleDef::new("itertools")
};

/// An attribute list of the types here.
const ATTRIBUTES: &[ClassAttribute] = &[MODULE, GETATTRIBUTE];

/// What an iterator's slot gives next. An end that carries a value, a StopIteration, stays an exception: as the outer
/// iterator's end it carries the value on.
#[inline]
fn advance(vm: &Thread, iterator: Ref<'_>) -> PyResult<Option<Owned>> {
    vm.check_stack()?;
    vm.next_slot(iterator)?(vm, iterator)
}

/// The next item of an iterator; `None` at its end, however that is told.
#[inline]
fn advance_to_end(vm: &Thread, iterator: Ref<'_>) -> PyResult<Option<Owned>> {
    vm.check_stack()?;
    vm.next(iterator)
}

/// The payload of a receiver.
macro_rules! payload_of {
    ($this:expr, $Type:ty) => {
        $this.downcast::<$Type>().expect("the receiver is of the method's type")
    };
}
use payload_of;
