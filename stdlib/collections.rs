//! `_collections`: `deque`, `defaultdict`, `OrderedDict`, and helpers of the module `collections`.

mod deque;
mod deque_iterator;
pub(crate) mod ring;
mod tuple_getter;

use pyx_vm::exception::PyResult;
use pyx_vm::native::*;
use pyx_vm::types::counter::count_elements;
use pyx_vm::types::default_dict::DEFAULT_DICT;
use pyx_vm::types::ordered_dict::ORDERED_DICT;
use pyx_vm::value::Ref;
use pyx_vm::vm::Thread;

pub(crate) static COLLECTIONS: ModuleDef = ModuleDef {
    doc: "Containers for special purposes: double-ended queues, and dicts with defaults or with an order.",
    functions: &[function(
        "_count_elements($module, mapping, iterable, /)",
        Two(count),
        "Count the items of an iterable: mapping[item] grows by one for each.",
    )],
    types: &[
        &deque::DEQUE,
        &DEFAULT_DICT,
        &ORDERED_DICT,
        &deque_iterator::FORWARD,
        &deque_iterator::BACKWARD,
        &tuple_getter::TUPLE_GETTER,
    ],
    ..ModuleDef::new("_collections")
};

fn count(vm: &Thread, mapping: Ref<'_>, iterable: Ref<'_>) -> PyResult {
    count_elements(vm, mapping, iterable)?;
    none()
}
