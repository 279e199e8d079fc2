//! `deque`: a sequence that grows and shrinks at both ends, with a bound if it is given one.
//!
//! Python that runs while a deque is searched or iterated may change it. Each change counts up the deque's version, by which
//! those under way see it.

use std::cell::Cell;

use pyx_vm::arguments::Args;
use pyx_vm::exception::PyResult;
use pyx_vm::native::*;
use pyx_vm::protocol::sequence::{clip, index_of};
use pyx_vm::protocol::slots::CompareOp;
use pyx_vm::text::wtf8::TextBuf;
use pyx_vm::types::generic_alias::generic_alias;
use pyx_vm::types::iterator::REDUCE;
use pyx_vm::types::sequence::{equal, push_repr, push_str};
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;
use pyx_vm::{class, payload, signature};

use super::deque_iterator::{self, Direction};
use super::ring::Ring;

payload! {
    /// A deque.
    pub(super) struct Deque: Native {
        pub(super) items: Ring,
        maxlen: Cell<Option<usize>>,
        pub(super) version: Cell<u64>,
    }
}

class! { Deque => DEQUE; }

pub(super) static DEQUE: TypeDef = TypeDef {
    module: "collections",
    flags: TypeFlags { weakref: true, sequence: true, ..TypeFlags::BASE },
    signature: "([iterable[, maxlen]])",
    doc: "A sequence that grows and shrinks fast at both ends.\n\n\
          With maxlen, a full deque drops an item at the other end for each that is added.",
    methods: &[
        method("append($self, item, /)", Two(append), "Add an item at the right end."),
        method("appendleft($self, item, /)", Two(appendleft), "Add an item at the left end."),
        method("clear($self, /)", One(clear), "Take out all items."),
        method("__copy__($self, /)", One(copy), "Make a deque of the same items."),
        method("copy($self, /)", One(copy), "Make a deque of the same items."),
        method("count($self, value, /)", Two(count), "How many items are equal to a value."),
        method(
            "extend($self, iterable, /)",
            Two(extend_method),
            "Add the items of an iterable at the right end.",
        ),
        method(
            "extendleft($self, iterable, /)",
            Two(extendleft),
            "Add the items of an iterable at the left end, one after the other.",
        ),
        method(
            "index($self, value, [start, [stop]])",
            Raw(index),
            "The index of the first item equal to a value.\n\nRaises ValueError if there is none.",
        ),
        method("insert($self, index, value, /)", Three(insert), "Put a value before the item at an index."),
        method("pop($self, /)", One(pop), "Take out the item at the right end and return it."),
        method("popleft($self, /)", One(popleft), "Take out the item at the left end and return it."),
        method("__reduce__($self, /)", One(reduce), REDUCE),
        method(
            "remove($self, value, /)",
            Two(remove),
            "Take out the first item equal to a value.\n\nRaises ValueError if there is none.",
        ),
        method("__reversed__($self, /)", One(reversed), "An iterator over the items from the right end."),
        method("reverse($self, /)", One(reverse), "Turn the order of the items around, in place."),
        method(
            "rotate($self, n=1, /)",
            OneOpt(rotate),
            "Move the items n places to the right, or to the left if n is negative.",
        ),
        method("__sizeof__($self, /)", One(sizeof), "How many bytes the deque takes in memory."),
        class_method("__class_getitem__($type, object, /)", Two(generic_alias), "See PEP 585."),
    ],
    getset: &[getter("maxlen", maxlen, "How many items the deque has at most; None if there is no bound.")],
    attributes: &[MODULE, GETATTRIBUTE],
    slots: Slots {
        new: Some(new),
        init: Some(init),
        repr: Some(repr),
        compare: Some(compare),
        iter: Some(|vm, this| deque_iterator::iterator(vm, this, Direction::Forward)),
        setitem: Some(setitem),
        len: Some(|_, this| Ok(Deque::of(this).items.len())),
        concat: Some(concat),
        repeat: Some(repeat),
        item: Some(item),
        contains: Some(contains),
        inplace_concat: Some(inplace_concat),
        inplace_repeat: Some(inplace_repeat),
        ..Slots::NONE
    },
    ..TypeDef::new::<Deque>("deque")
};

impl Deque {
    pub(super) fn of(this: Ref<'_>) -> &Self {
        this.downcast().expect("the receiver is a deque")
    }

    fn changed(&self) {
        self.version.set(self.version.get() + 1);
    }

    /// Adds an item at the right end; a full deque loses one at the left.
    fn push_back(&self, vm: &Thread, item: Owned) -> PyResult<()> {
        self.items.push_back(vm, item)?;
        self.changed();
        self.trim(Ring::pop_front);
        Ok(())
    }

    /// Adds an item at the left end; a full deque loses one at the right.
    fn push_front(&self, vm: &Thread, item: Owned) -> PyResult<()> {
        self.items.push_front(vm, item)?;
        self.changed();
        self.trim(Ring::pop_back);
        Ok(())
    }

    /// Lets go of the item that is too many, if the deque is over-full.
    #[inline]
    fn trim(&self, pop: fn(&Ring) -> Option<Owned>) {
        if self.maxlen.get().is_some_and(|maxlen| self.items.len() > maxlen) {
            drop(pop(&self.items));
        }
    }

    /// The items of a class's other deque, with the same bound.
    fn exact_copy(&self, vm: &Thread) -> PyResult<Self> {
        let items = self.items.copy(vm)?;
        Ok(Self { items, maxlen: self.maxlen.clone(), version: Cell::new(0) })
    }
}

fn is_exact(vm: &Thread, deque: Ref<'_>) -> PyResult<bool> {
    Ok(vm.class(deque).is(vm.class_of(&DEQUE)?.borrow()))
}

fn new(vm: &Thread, class: Ref<'_>, _args: &Args<'_>) -> PyResult {
    let deque = Deque { items: Ring::default(), maxlen: Cell::new(None), version: Cell::new(0) };
    vm.new_object_of(class, deque)
}

fn init(vm: &Thread, this: Ref<'_>, args: &Args<'_>) -> PyResult<()> {
    args.bind(vm, signature!("deque(iterable=(), maxlen=None)"), |bound| {
        let maxlen = match bound.optional(1).filter(|maxlen| !maxlen.is_none()) {
            None => None,
            Some(maxlen) if pyx_vm::protocol::conversion::int_value(maxlen).is_none() => {
                return Err(vm.type_error("an integer is required"));
            }
            Some(maxlen) => {
                let maxlen = usize::try_from(vm.to_isize(maxlen)?);
                Some(maxlen.map_err(|_| vm.value_error("maxlen must be non-negative"))?)
            }
        };
        let deque = Deque::of(this);
        deque.maxlen.set(maxlen);
        if deque.items.len() > 0 {
            clear(vm, this)?;
        }
        bound.optional(0).map_or(Ok(()), |iterable| extend(vm, this, iterable))
    })
}

fn append(vm: &Thread, this: Ref<'_>, item: Ref<'_>) -> PyResult {
    Deque::of(this).push_back(vm, item.own())?;
    none()
}

fn appendleft(vm: &Thread, this: Ref<'_>, item: Ref<'_>) -> PyResult {
    Deque::of(this).push_front(vm, item.own())?;
    none()
}

fn pop(vm: &Thread, this: Ref<'_>) -> PyResult {
    let deque = Deque::of(this);
    let item = deque.items.pop_back().ok_or_else(|| vm.index_error("pop from an empty deque"))?;
    deque.changed();
    Ok(item)
}

fn popleft(vm: &Thread, this: Ref<'_>) -> PyResult {
    let deque = Deque::of(this);
    let item = deque.items.pop_front().ok_or_else(|| vm.index_error("pop from an empty deque"))?;
    deque.changed();
    Ok(item)
}

fn clear(_vm: &Thread, this: Ref<'_>) -> PyResult {
    let deque = Deque::of(this);
    let items = deque.items.take();
    deque.changed();
    drop(items);
    none()
}

fn extend(vm: &Thread, this: Ref<'_>, iterable: Ref<'_>) -> PyResult<()> {
    let deque = Deque::of(this);
    if iterable.is(this) {
        for item in deque.items.to_vec(vm)? {
            deque.push_back(vm, item)?;
        }
        return Ok(());
    }
    vm.iterate(iterable, &mut |item| deque.push_back(vm, item))
}

fn extend_method(vm: &Thread, this: Ref<'_>, iterable: Ref<'_>) -> PyResult {
    extend(vm, this, iterable)?;
    none()
}

fn extendleft(vm: &Thread, this: Ref<'_>, iterable: Ref<'_>) -> PyResult {
    let deque = Deque::of(this);
    if iterable.is(this) {
        for item in deque.items.to_vec(vm)? {
            deque.push_front(vm, item)?;
        }
        return none();
    }
    vm.iterate(iterable, &mut |item| deque.push_front(vm, item))?;
    none()
}

fn copy(vm: &Thread, this: Ref<'_>) -> PyResult {
    let deque = Deque::of(this);
    let class = vm.class(this);
    if is_exact(vm, this)? {
        return vm.new_object_of(class, deque.exact_copy(vm)?);
    }
    let copy = match deque.maxlen.get() {
        None => vm.call(class, &[this])?,
        Some(maxlen) => vm.call(class, &[this, vm.size(maxlen)?.borrow()])?,
    };
    if copy.borrow().downcast::<Deque>().is_none() {
        let (name, got) = (vm.class_name(class), vm.type_name(copy.borrow()));
        return Err(vm.type_error(format_args!("{name}() must return a deque, not {got}")));
    }
    Ok(copy)
}

/// Goes through the items from `start` up to `stop` that are equal to a value, until `each` says that it has enough.
fn search(
    vm: &Thread,
    deque: &Deque,
    value: Ref<'_>,
    (start, stop): (usize, usize),
    mut each: impl FnMut(usize) -> bool,
) -> PyResult<()> {
    let version = deque.version.get();
    for index in start..stop {
        let Some(item) = deque.items.get(index) else { break };
        if equal(vm, item.borrow(), value)? && each(index) {
            return Ok(());
        }
        if deque.version.get() != version {
            return Err(vm.runtime_error("deque mutated during iteration"));
        }
    }
    Ok(())
}

fn contains(vm: &Thread, this: Ref<'_>, value: Ref<'_>) -> PyResult<bool> {
    let deque = Deque::of(this);
    let mut found = false;
    search(vm, deque, value, (0, deque.items.len()), |_| {
        found = true;
        true
    })?;
    Ok(found)
}

fn count(vm: &Thread, this: Ref<'_>, value: Ref<'_>) -> PyResult {
    let deque = Deque::of(this);
    let mut count = 0;
    search(vm, deque, value, (0, deque.items.len()), |_| {
        count += 1;
        false
    })?;
    vm.size(count)
}

fn index(vm: &Thread, args: &Args<'_>) -> PyResult {
    let (this, rest) = args.split_first().expect("a method has a receiver");
    pyx_vm::types::constructor::no_keywords(vm, "deque.index", &rest)?;
    let given = rest.positional();
    pyx_vm::types::constructor::count(vm, "index", given.len(), 1, 3)?;
    let start = given.get(1).map_or(Ok(0), |&start| vm.position(start))?;
    let stop = given.get(2).map_or(Ok(isize::MAX), |&stop| vm.position(stop))?;
    let deque = Deque::of(this);
    let len = deque.items.len();
    let mut found = None;
    search(vm, deque, given[0], (clip(start, len), clip(stop, len)), |index| {
        found = Some(index);
        true
    })?;
    match found {
        Some(index) => vm.size(index),
        None => Err(vm.value_error("deque.index(x): x not in deque")),
    }
}

fn remove(vm: &Thread, this: Ref<'_>, value: Ref<'_>) -> PyResult {
    let deque = Deque::of(this);
    let version = deque.version.get();
    for index in 0..deque.items.len() {
        let Some(item) = deque.items.get(index) else { break };
        let found = equal(vm, item.borrow(), value)?;
        if deque.version.get() != version {
            return Err(vm.index_error("deque mutated during iteration"));
        }
        if found {
            let removed = deque.items.remove(index);
            deque.changed();
            drop(removed);
            return none();
        }
    }
    Err(vm.value_error("deque.remove(x): x not in deque"))
}

fn insert(vm: &Thread, this: Ref<'_>, index: Ref<'_>, value: Ref<'_>) -> PyResult {
    let index = vm.to_isize(index)?;
    let deque = Deque::of(this);
    let len = deque.items.len();
    if deque.maxlen.get() == Some(len) {
        return Err(vm.index_error("deque already at its maximum size"));
    }
    deque.items.insert(vm, clip(index, len), value.own())?;
    deque.changed();
    none()
}

fn reverse(_vm: &Thread, this: Ref<'_>) -> PyResult {
    Deque::of(this).items.reverse();
    none()
}

fn rotate(vm: &Thread, this: Ref<'_>, places: Option<Ref<'_>>) -> PyResult {
    let places = places.map_or(Ok(1), |places| vm.to_isize(places))?;
    let deque = Deque::of(this);
    if deque.items.len() > 1 {
        deque.items.rotate(places);
        deque.changed();
    }
    none()
}

fn item(vm: &Thread, this: Ref<'_>, index: isize) -> PyResult {
    let item = usize::try_from(index).ok().and_then(|index| Deque::of(this).items.get(index));
    item.ok_or_else(|| vm.index_error("deque index out of range"))
}

fn setitem(vm: &Thread, this: Ref<'_>, key: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    if !vm.is_index(key) {
        let name = vm.type_name(key);
        return Err(vm.type_error(format_args!("sequence index must be integer, not '{name}'")));
    }
    let index = vm.to_index(key)?;
    let deque = Deque::of(this);
    let Some(index) = index_of(index as i64, deque.items.len()) else {
        return Err(vm.index_error("deque index out of range"));
    };
    match value {
        Some(value) => drop(deque.items.replace(index, value.own())),
        None => {
            let removed = deque.items.remove(index);
            deque.changed();
            drop(removed);
        }
    }
    Ok(())
}

fn concat(vm: &Thread, this: Ref<'_>, other: Ref<'_>) -> PyResult {
    if other.downcast::<Deque>().is_none() {
        let name = vm.type_name(other);
        return Err(vm.type_error(format_args!("can only concatenate deque (not \"{name}\") to deque")));
    }
    let both = copy(vm, this)?;
    extend(vm, both.borrow(), other)?;
    Ok(both)
}

fn inplace_concat(vm: &Thread, this: Ref<'_>, other: Ref<'_>) -> PyResult {
    extend(vm, this, other)?;
    Ok(this.own())
}

fn repeat(vm: &Thread, this: Ref<'_>, count: isize) -> PyResult {
    let repeated = copy(vm, this)?;
    inplace_repeat(vm, repeated.borrow(), count)
}

fn inplace_repeat(vm: &Thread, this: Ref<'_>, count: isize) -> PyResult {
    let deque = Deque::of(this);
    let len = deque.items.len();
    if len == 0 || count == 1 {
        return Ok(this.own());
    }
    let Ok(count @ 1..) = usize::try_from(count) else {
        clear(vm, this)?;
        return Ok(this.own());
    };
    // What a bound would drop again is not repeated.
    let count = match deque.maxlen.get() {
        Some(maxlen) => count.min(maxlen.div_ceil(len)),
        None => count,
    };
    let more = len.checked_mul(count.saturating_sub(1)).ok_or_else(|| vm.memory_error())?;
    let items = deque.items.to_vec(vm)?;
    deque.items.reserve(vm, more)?;
    for _ in 1..count {
        for item in &items {
            deque.push_back(vm, item.clone())?;
        }
    }
    Ok(this.own())
}

fn compare(vm: &Thread, a: Ref<'_>, b: Ref<'_>, op: CompareOp) -> PyResult {
    let (Some(x), Some(y)) = (a.downcast::<Deque>(), b.downcast::<Deque>()) else {
        return Ok(Owned::not_implemented());
    };
    vm.check_stack()?;
    let lengths = (x.items.len(), y.items.len());
    match op {
        CompareOp::Eq | CompareOp::Ne if lengths.0 != lengths.1 => {
            return Ok(Owned::bool(op == CompareOp::Ne));
        }
        CompareOp::Eq | CompareOp::Ne if a.is(b) => return Ok(Owned::bool(op == CompareOp::Eq)),
        _ => {}
    }
    let (first, second) = (
        deque_iterator::iterator(vm, a, Direction::Forward)?,
        deque_iterator::iterator(vm, b, Direction::Forward)?,
    );
    loop {
        let p = vm.next(first.borrow())?;
        let q = match &p {
            Some(_) => vm.next(second.borrow())?,
            None => None,
        };
        match (p, q) {
            (Some(p), Some(q)) => {
                if !equal(vm, p.borrow(), q.borrow())? {
                    return match op {
                        CompareOp::Eq => Ok(Owned::bool(false)),
                        CompareOp::Ne => Ok(Owned::bool(true)),
                        _ => vm.compare(p.borrow(), q.borrow(), op),
                    };
                }
            }
            // One is the start of the other.
            _ => return Ok(Owned::bool(op.holds(x.items.len().cmp(&y.items.len())))),
        }
    }
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    if !vm.repr_enter(this) {
        return vm.str("[...]");
    }
    let text = repr_text(vm, this);
    vm.repr_leave(this);
    vm.text(text?.as_text())
}

fn repr_text(vm: &Thread, this: Ref<'_>) -> PyResult<TextBuf> {
    vm.check_stack()?;
    let deque = Deque::of(this);
    let items = vm.list(deque.items.to_vec(vm)?)?;
    let mut text = TextBuf::new();
    push_str(&mut text, vm.get_attr(vm.class(this), vm.names().__name__.borrow())?.borrow());
    text.push_str("(");
    push_repr(vm, &mut text, items.borrow())?;
    if let Some(maxlen) = deque.maxlen.get() {
        text.push_str(&format!(", maxlen={maxlen}"));
    }
    text.push_str(")");
    Ok(text)
}

fn reversed(vm: &Thread, this: Ref<'_>) -> PyResult {
    deque_iterator::iterator(vm, this, Direction::Backward)
}

fn maxlen(vm: &Thread, this: Ref<'_>) -> PyResult {
    Deque::of(this).maxlen.get().map_or_else(none, |maxlen| vm.size(maxlen))
}

fn reduce(vm: &Thread, this: Ref<'_>) -> PyResult {
    let arguments = match Deque::of(this).maxlen.get() {
        None => vm.empty_tuple(),
        Some(maxlen) => vm.pair(vm.empty_tuple(), vm.size(maxlen)?)?,
    };
    let state = vm.call_method(this, &vm.intern("__getstate__")?, &[])?;
    vm.tuple_array([vm.class(this).own(), arguments, state, vm.iter(this)?])
}

fn sizeof(vm: &Thread, this: Ref<'_>) -> PyResult {
    let own = 2 * size_of::<usize>() + size_of::<Deque>();
    vm.size(own + Deque::of(this).items.storage_size())
}
