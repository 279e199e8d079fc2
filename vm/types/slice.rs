//! `slice`: three values, which become indices when somebody is subscripted.

use crate::arguments::Args;
use crate::class;
use crate::exception::PyResult;
use crate::native::{One, Slots, Two, TypeDef, member, method};
use crate::number::hash::TupleHasher;
use crate::number::{Int, IntRef, int_ops};
use crate::protocol::sequence::SliceBounds;
use crate::protocol::slots::CompareOp;
use crate::text::wtf8::TextBuf;
use crate::types::constructor;
use crate::types::int::int_ref;
use crate::types::sequence::{equal, push_repr};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

crate::payload! {
    /// A slice.
    pub struct Slice: Slice {
        start: Owned,
        stop: Owned,
        step: Owned,
    }
}

class! { Slice => SLICE; }

pub(crate) static SLICE: TypeDef = TypeDef {
    doc: "slice(stop)\nslice(start, stop[, step])\n\n\
          What stands between the brackets of a[start:stop:step].",
    methods: &[
        method(
            "indices($self, object, /)",
            Two(indices),
            "The indices that the slice means for a sequence of a length: a tuple of start, stop and step,\n\
             bounds out of range clipped as slicing clips them.",
        ),
        method("__reduce__($self, /)", One(reduce), "The slice's state, for pickle and copy."),
    ],
    getset: &[
        member("start", |_, this| Ok(payload(this).start.clone()), "Where the slice starts."),
        member("stop", |_, this| Ok(payload(this).stop.clone()), "Where the slice stops."),
        member("step", |_, this| Ok(payload(this).step.clone()), "From an index to the next one."),
    ],
    slots: Slots {
        repr: Some(repr),
        hash: Some(hash),
        compare: Some(compare),
        new: Some(new),
        ..Slots::NONE
    },
    ..TypeDef::new::<Slice>("slice")
};

fn payload(this: Ref<'_>) -> &Slice {
    this.downcast().expect("the receiver is a slice")
}

impl Slice {
    /// A slice of these bounds, None for those that are absent.
    pub(crate) fn new(start: Owned, stop: Owned, step: Owned) -> Self {
        Self { start, stop, step }
    }

    /// Whether the bounds are None or small ints, so that no Python code runs to find them.
    pub(crate) fn is_plain(&self) -> bool {
        [&self.start, &self.stop, &self.step].iter().all(|part| {
            let part = part.borrow();
            part.is_none() || part.as_small_int().is_some()
        })
    }

    /// The bounds as machine words. May run Python.
    #[inline]
    pub fn bounds(&self, vm: &Thread) -> PyResult<SliceBounds> {
        vm.slice_bounds(self.start.borrow(), self.stop.borrow(), self.step.borrow())
    }

    /// Start, stop and step for a sequence of a length of any size. May run Python.
    pub(crate) fn fit_any(&self, vm: &Thread, len: IntRef<'_>) -> PyResult<[Int; 3]> {
        let step = bound(vm, &self.step)?.unwrap_or(Int::ONE);
        if step.as_ref().is_zero() {
            return Err(vm.value_error("slice step cannot be zero"));
        }
        let (lowest, highest) = if step.as_ref().is_negative() {
            (Int::Small(-1), int_ops::sub(len, IntRef::Small(1)))
        } else {
            (Int::ZERO, len.to_int())
        };
        let fit = |bound: Int| {
            let bound = if bound.as_ref().is_negative() { int_ops::add(bound.as_ref(), len) } else { bound };
            if int_ops::compare(bound.as_ref(), lowest.as_ref()).is_lt() {
                lowest.clone()
            } else if int_ops::compare(bound.as_ref(), highest.as_ref()).is_gt() {
                highest.clone()
            } else {
                bound
            }
        };
        let (first, last) =
            if step.as_ref().is_negative() { (&highest, &lowest) } else { (&lowest, &highest) };
        let start = bound(vm, &self.start)?.map_or_else(|| first.clone(), fit);
        let stop = bound(vm, &self.stop)?.map_or_else(|| last.clone(), fit);
        Ok([start, stop, step])
    }

    fn parts(&self) -> [Ref<'_>; 3] {
        [self.start.borrow(), self.stop.borrow(), self.step.borrow()]
    }
}

impl Thread {
    /// A slice of these bounds, None for those that are absent.
    pub fn slice(&self, start: Owned, stop: Owned, step: Owned) -> PyResult {
        self.new_object(Slice::new(start, stop, step))
    }
}

/// The value of a bound; `None` if it is absent.
fn bound(vm: &Thread, value: &Owned) -> PyResult<Option<Int>> {
    let value = value.borrow();
    if value.is_none() {
        return Ok(None);
    }
    if !vm.is_index(value) {
        let message = "slice indices must be integers or None or have an __index__ method";
        return Err(vm.type_error(message));
    }
    let index = vm.index(value)?;
    Ok(int_ref(index.borrow()).map(IntRef::to_int))
}

fn new(vm: &Thread, _class: Ref<'_>, args: &Args<'_>) -> PyResult {
    constructor::no_keywords(vm, "slice", args)?;
    let values = args.positional();
    constructor::count(vm, "slice", values.len(), 1, 3)?;
    let (start, stop, step) = match *values {
        [stop] => (Ref::NONE, stop, Ref::NONE),
        [start, stop] => (start, stop, Ref::NONE),
        [start, stop, step, ..] => (start, stop, step),
        [] => (Ref::NONE, Ref::NONE, Ref::NONE),
    };
    vm.slice(start.own(), stop.own(), step.own())
}

fn repr(vm: &Thread, this: Ref<'_>) -> PyResult {
    vm.check_stack()?;
    let mut text = TextBuf::from("slice(");
    for (index, part) in payload(this).parts().into_iter().enumerate() {
        if index > 0 {
            text.push_str(", ");
        }
        push_repr(vm, &mut text, part)?;
    }
    text.push_str(")");
    vm.text(text.as_text())
}

fn hash(vm: &Thread, this: Ref<'_>) -> PyResult<i64> {
    vm.check_stack()?;
    let mut hasher = TupleHasher::new();
    for part in payload(this).parts() {
        hasher.push(vm.hash(part)?);
    }
    Ok(hasher.finish_slice())
}

/// Slices compare as the tuples of their bounds.
fn compare(vm: &Thread, a: Ref<'_>, b: Ref<'_>, op: CompareOp) -> PyResult {
    let (Some(first), Some(second)) = (a.downcast::<Slice>(), b.downcast::<Slice>()) else {
        return Ok(Owned::not_implemented());
    };
    if a.is(b) {
        return Ok(Owned::bool(op.holds(std::cmp::Ordering::Equal)));
    }
    vm.check_stack()?;
    for (x, y) in first.parts().into_iter().zip(second.parts()) {
        if !equal(vm, x, y)? {
            return match op {
                CompareOp::Eq => Ok(Owned::bool(false)),
                CompareOp::Ne => Ok(Owned::bool(true)),
                _ => vm.compare(x, y, op),
            };
        }
    }
    Ok(Owned::bool(op.holds(std::cmp::Ordering::Equal)))
}

fn indices(vm: &Thread, this: Ref<'_>, len: Ref<'_>) -> PyResult {
    let len = vm.index(len)?;
    let len = int_ref(len.borrow()).expect("an index is an int");
    if len.is_negative() {
        return Err(vm.value_error("length should not be negative"));
    }
    let [start, stop, step] = payload(this).fit_any(vm, len)?;
    vm.tuple_array([vm.number(start)?, vm.number(stop)?, vm.number(step)?])
}

fn reduce(vm: &Thread, this: Ref<'_>) -> PyResult {
    let arguments = vm.tuple_of(&payload(this).parts())?;
    vm.pair(vm.class(this).own(), arguments)
}
