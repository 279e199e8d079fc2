//! `_bisect`: where an item belongs in a sorted sequence.

use pyx_vm::exception::PyResult;
use pyx_vm::native::*;
use pyx_vm::protocol::slots::CompareOp;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

pub(crate) static BISECT: ModuleDef = ModuleDef {
    doc: "Binary search in sorted sequences, and insertion that keeps them sorted.",
    functions: &[
        function(
            "bisect_right($module, /, a, x, lo=0, hi=None, *, key=None)",
            Many(|vm, args| search(vm, args, Side::Right)),
            "The index behind the items that are not above x.",
        ),
        function(
            "insort_right($module, /, a, x, lo=0, hi=None, *, key=None)",
            Many(|vm, args| insert(vm, args, Side::Right)),
            "Insert x where it belongs, behind its equals.",
        ),
        function(
            "bisect_left($module, /, a, x, lo=0, hi=None, *, key=None)",
            Many(|vm, args| search(vm, args, Side::Left)),
            "The index before the items that are not below x.",
        ),
        function(
            "insort_left($module, /, a, x, lo=0, hi=None, *, key=None)",
            Many(|vm, args| insert(vm, args, Side::Left)),
            "Insert x where it belongs, before its equals.",
        ),
    ],
    ..ModuleDef::new("_bisect")
};

/// On which side of its equals an item goes.
#[derive(Clone, Copy)]
enum Side {
    Left,
    Right,
}

fn search(vm: &Thread, args: &Bound<'_>, side: Side) -> PyResult {
    let bounds = Bounds::of(vm, args)?;
    vm.int(bounds.bisect(vm, args.required(1), side)? as i64)
}

fn insert(vm: &Thread, args: &Bound<'_>, side: Side) -> PyResult {
    let (sequence, item) = (args.required(0), args.required(1));
    let bounds = Bounds::of(vm, args)?;
    let index = match bounds.key {
        Some(key) => bounds.bisect(vm, vm.call(key, &[item])?.borrow(), side)?,
        None => bounds.bisect(vm, item, side)?,
    };
    let index = vm.int(index as i64)?;
    vm.call_method(sequence, &vm.intern("insert")?, &[index.borrow(), item])?;
    none()
}

/// The part of a sequence to search.
struct Bounds<'a> {
    sequence: Ref<'a>,
    low: isize,
    high: isize,
    key: Option<Ref<'a>>,
}

impl<'a> Bounds<'a> {
    fn of(vm: &Thread, args: &Bound<'a>) -> PyResult<Self> {
        let sequence = args.required(0);
        let low = args.optional(2).map_or(Ok(0), |low| vm.to_isize(low))?;
        let high = match args.optional(3).filter(|high| !high.is_none()) {
            Some(high) if !vm.is_index(high) => {
                let got = vm.type_name(high);
                return Err(vm.type_error(format_args!("argument should be integer or None, not '{got}'")));
            }
            Some(high) => vm.to_count(high)?,
            None => -1,
        };
        if low < 0 {
            return Err(vm.value_error("lo must be non-negative"));
        }
        // CPython's default is -1, and so -1 is the default.
        let high = if high == -1 { vm.length(sequence)? as isize } else { high };
        vm.check_indexable(sequence)?;
        Ok(Self { sequence, low, high, key: args.optional(4).filter(|key| !key.is_none()) })
    }

    fn bisect(&self, vm: &Thread, x: Ref<'_>, side: Side) -> PyResult<isize> {
        let (mut low, mut high) = (self.low, self.high);
        while low < high {
            let middle = low.midpoint(high);
            let item = self.item(vm, middle)?;
            let is_before = match side {
                Side::Left => vm.compare_truth(item.borrow(), x, CompareOp::Lt)?,
                Side::Right => !vm.compare_truth(x, item.borrow(), CompareOp::Lt)?,
            };
            if is_before {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        Ok(low)
    }

    /// An item, or its key.
    fn item(&self, vm: &Thread, index: isize) -> PyResult<Owned> {
        let item = vm.item_at(self.sequence, index)?;
        match self.key {
            Some(key) => vm.call(key, &[item.borrow()]),
            None => Ok(item),
        }
    }
}
