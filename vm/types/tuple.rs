//! `tuple`.

use crate::arguments::Args;
use crate::class;
use crate::exception::PyResult;
use crate::heap::Kind;
use crate::heap::inline::Tuple;
use crate::native::{One, Slots, Two, TwoOpt2, TypeDef, TypeFlags, class_method, method};
use crate::number::hash::TupleHasher;
use crate::protocol::sequence::index_of;
use crate::protocol::slots::{CompareOp, SlotId};
use crate::types::constructor;
use crate::types::generic_alias::generic_alias;
use crate::types::key::hash_of;
use crate::types::sequence;
use crate::types::slice::Slice;
use crate::types::tuple_iterator::TupleIterator;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

class! { Tuple => TUPLE; }

/// The class `tuple`.
pub static TUPLE: TypeDef = TypeDef {
    flags: TypeFlags { sequence: true, match_self: true, ..TypeFlags::BASE },
    signature: "(iterable=(), /)",
    doc: "A sequence that cannot change.\n\n\
          Called without an argument, it gives the empty tuple.\n\
          With an iterable, it gives a tuple of the iterable's items; a tuple is given back as it is.",
    methods: &[
        method("__getnewargs__($self, /)", One(getnewargs), "The arguments that make the tuple again."),
        method(
            "index($self, value, start=0, stop=sys.maxsize, /)",
            TwoOpt2(index),
            "The index of the first item equal to a value.\n\nRaises ValueError if there is none.",
        ),
        method("count($self, value, /)", Two(count), "How many items are equal to a value."),
        class_method("__class_getitem__($type, object, /)", Two(generic_alias), "See PEP 585."),
    ],
    slots: Slots {
        repr: Some(repr),
        hash: Some(hash),
        compare: Some(compare),
        iter: Some(iter),
        new: Some(new),
        mapping_len: Some(len),
        getitem: Some(getitem),
        len: Some(len),
        concat: Some(concat),
        repeat: Some(repeat),
        item: Some(item),
        contains: Some(contains),
        ..Slots::NONE
    },
    ..TypeDef::new::<Tuple>("tuple")
};

/// The payload of a receiver, which is a tuple.
#[inline(always)]
fn payload(this: Ref<'_>) -> &Tuple {
    this.downcast().expect("the receiver is a tuple")
}

fn new(vm: &Thread, class: Ref<'_>, args: &Args<'_>) -> PyResult {
    if constructor::checks_keywords(class, SlotId::init) {
        constructor::no_keywords(vm, "tuple", args)?;
    }
    let iterable = constructor::optional(vm, "tuple", args)?;
    let tuple = iterable.map_or_else(|| Ok(vm.empty_tuple()), |iterable| from_iterable(vm, iterable))?;
    if class.is(vm.types().tuple.borrow()) {
        return Ok(tuple);
    }
    vm.tuple_of_class(class, payload(tuple.borrow()).as_slice())
}

/// `tuple(iterable)`
pub(crate) fn from_iterable(vm: &Thread, iterable: Ref<'_>) -> PyResult {
    if iterable.is_exact(Kind::Tuple) {
        return Ok(iterable.own());
    }
    vm.tuple(vm.collect_unhinted(iterable)?)
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    let tuple = payload(this);
    let close = if tuple.len() == 1 { ",)" } else { ")" };
    sequence::repr(vm, this, tuple, "(", close)
}

fn hash(vm: &Thread, this: Ref<'_>) -> PyResult<i64> {
    vm.check_stack()?;
    let items = payload(this).as_slice();
    let mut hasher = TupleHasher::new();
    for item in items {
        hasher.push(hash_of(vm, item.borrow())?);
    }
    Ok(hasher.finish(items.len()))
}

fn compare(vm: &Thread, a: Ref<'_>, b: Ref<'_>, op: CompareOp) -> PyResult {
    match (a.downcast::<Tuple>(), b.downcast::<Tuple>()) {
        (Some(a), Some(b)) => sequence::compare(vm, a, b, op),
        _ => Ok(Owned::not_implemented()),
    }
}

fn iter(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.new_object(TupleIterator::new(this.own()))
}

fn len(_vm: &Thread, this: Ref<'_>) -> PyResult<usize> {
    Ok(payload(this).len())
}

fn contains(vm: &Thread, this: Ref<'_>, value: Ref<'_>) -> PyResult<bool> {
    Ok(sequence::position(vm, payload(this), value, None, None)?.is_some())
}

fn item(vm: &Thread, this: Ref<'_>, index: isize) -> PyResult {
    let item = usize::try_from(index).ok().and_then(|index| payload(this).get(index));
    item.map(Ref::own).ok_or_else(|| vm.index_error("tuple index out of range"))
}

fn getitem(vm: &Thread, this: Ref<'_>, key: Ref<'_>) -> PyResult {
    let tuple = payload(this);
    if let Some(slice) = key.downcast::<Slice>() {
        let range = slice.bounds(vm)?.fit(tuple.len());
        if range.len == tuple.len() && range.step == 1 && this.is_exact(Kind::Tuple) {
            return Ok(this.own());
        }
        let (items, mut indices) = (tuple.as_slice(), range.indices());
        return vm.tuple_from(range.len, |_| items[indices.next().expect("as many as there are")].clone());
    }
    if !vm.is_index(key) {
        let name = vm.type_name(key);
        return Err(vm.type_error(format_args!("tuple indices must be integers or slices, not {name}")));
    }
    let index = vm.to_index(key)?;
    let item = index_of(index as i64, tuple.len()).and_then(|index| tuple.get(index));
    item.map(Ref::own).ok_or_else(|| vm.index_error("tuple index out of range"))
}

fn concat(vm: &Thread, this: Ref<'_>, other: Ref<'_>) -> PyResult {
    let Some(other_tuple) = other.downcast::<Tuple>() else {
        let name = vm.type_name(other);
        return Err(vm.type_error(format_args!("can only concatenate tuple (not \"{name}\") to tuple")));
    };
    let (first, second) = (payload(this).as_slice(), other_tuple.as_slice());
    if second.is_empty() && this.is_exact(Kind::Tuple) {
        return Ok(this.own());
    }
    if first.is_empty() && other.is_exact(Kind::Tuple) {
        return Ok(other.own());
    }
    let mut items = first.iter().chain(second);
    vm.tuple_from(first.len() + second.len(), |_| items.next().expect("as many as there are").clone())
}

fn repeat(vm: &Thread, this: Ref<'_>, count: isize) -> PyResult {
    let items = payload(this).as_slice();
    if (items.is_empty() || count == 1) && this.is_exact(Kind::Tuple) {
        return Ok(this.own());
    }
    let count = count.max(0) as usize;
    let Some(total) = items.len().checked_mul(count) else { return Err(vm.memory_error()) };
    let mut items = items.iter().cycle();
    vm.tuple_from(total, |_| items.next().expect("a cycle goes on").clone())
}

fn getnewargs(vm: &Thread, this: Ref<'_>) -> PyResult {
    let items = payload(this).as_slice();
    let tuple = vm.tuple_from(items.len(), |index| items[index].clone())?;
    vm.tuple_array([tuple])
}

fn index(
    vm: &Thread,
    this: Ref<'_>,
    value: Ref<'_>,
    start: Option<Ref<'_>>,
    stop: Option<Ref<'_>>,
) -> PyResult {
    match sequence::position(vm, payload(this), value, start, stop)? {
        Some(index) => vm.size(index),
        None => Err(vm.value_error("tuple.index(x): x not in tuple")),
    }
}

fn count(vm: &Thread, this: Ref<'_>, value: Ref<'_>) -> PyResult {
    vm.size(sequence::occurrences(vm, payload(this), value)?)
}
