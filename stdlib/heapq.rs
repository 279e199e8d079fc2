//! `_heapq`: lists as heaps.
//!
//! In a heap every item at index `k` is in order with those at `2k + 1` and `2k + 2`, so that the first item is the
//! smallest, or in a max-heap the largest. Items are compared by Python, which may change the list meanwhile: that
//! is a RuntimeError.

use pyx_vm::exception::PyResult;
use pyx_vm::heap::Items;
use pyx_vm::native::*;
use pyx_vm::protocol::slots::CompareOp;
use pyx_vm::types::list::List;
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

pub(crate) static HEAPQ: ModuleDef = ModuleDef {
    doc: "Lists as heaps: the first item is always the smallest, or the largest.",
    functions: &[
        function("heappush($module, heap, item, /)", Two(heappush), "Put an item into a heap."),
        function(
            "heappushpop($module, heap, item, /)",
            Two(heappushpop),
            "Put an item into a heap, then take the smallest one out.",
        ),
        function("heappop($module, heap, /)", One(heappop), "Take the smallest item out of a heap."),
        function(
            "heapreplace($module, heap, item, /)",
            Two(heapreplace),
            "Take the smallest item out of a heap, then put one in.",
        ),
        function("heapify($module, heap, /)", One(heapify), "Make a list a heap, in linear time."),
        function("heappush_max($module, heap, item, /)", Two(heappush_max), "Put an item into a max-heap."),
        function(
            "heappop_max($module, heap, /)",
            One(heappop_max),
            "Take the largest item out of a max-heap.",
        ),
        function(
            "heappushpop_max($module, heap, item, /)",
            Two(heappushpop_max),
            "Put an item into a max-heap, then take the largest one out.",
        ),
        function(
            "heapreplace_max($module, heap, item, /)",
            Two(heapreplace_max),
            "Take the largest item out of a max-heap, then put one in.",
        ),
        function(
            "heapify_max($module, heap, /)",
            One(heapify_max),
            "Make a list a max-heap, in linear time.",
        ),
    ],
    exec: Some(about),
    ..ModuleDef::new("_heapq")
};

const ABOUT: &str = "A heap is a list whose item at index k comes, in order, before those at 2*k+1 and 2*k+2. Think of a \
                     knock-out tournament: the winner is in front, and when it leaves, log2(n) matches find the next. \
                     Putting an item in costs as little. So a heap sorts, schedules, and merges streams.";

fn about(vm: &Thread, module: Ref<'_>) -> PyResult<()> {
    let (name, text) = (vm.intern("__about__")?, vm.str(ABOUT)?);
    vm.set_attr(module, name.borrow(), Some(text.borrow()))
}

/// What is in front of a heap.
#[derive(Clone, Copy)]
enum Order {
    Min,
    Max,
}

impl Order {
    /// Whether the first item has to come before the second one.
    #[inline]
    fn precedes(self, vm: &Thread, a: &Owned, b: &Owned) -> PyResult<bool> {
        let (a, b) = match self {
            Self::Min => (a, b),
            Self::Max => (b, a),
        };
        vm.compare_truth(a.borrow(), b.borrow(), CompareOp::Lt)
    }
}

/// A list on its way to be a heap.
struct HeapList<'a> {
    vm: &'a Thread,
    items: &'a Items,
    order: Order,
}

impl<'a> HeapList<'a> {
    fn of(vm: &'a Thread, list: Ref<'a>, argument: &str, order: Order) -> PyResult<Self> {
        match list.downcast::<List>() {
            Some(list) => Ok(Self { vm, items: list.items(), order }),
            None => Err(vm.bad_argument(argument, "list", list)),
        }
    }

    fn len(&self) -> usize {
        self.items.len()
    }

    fn item(&self, index: usize) -> PyResult<Owned> {
        self.items.get(index).ok_or_else(|| self.vm.index_error("index out of range"))
    }

    /// Compares two items of the heap, which must have its length afterwards, too.
    fn precedes(&self, a: &Owned, b: &Owned, len: usize) -> PyResult<bool> {
        let answer = self.order.precedes(self.vm, a, b)?;
        if self.len() == len {
            Ok(answer)
        } else {
            Err(self.vm.runtime_error("list changed size during iteration"))
        }
    }

    /// Moves the item at an index towards `start` until it is in order.
    fn sift_down(&self, start: usize, mut at: usize) -> PyResult<()> {
        let len = self.len();
        let item = self.item(at)?;
        while at > start {
            let parent = (at - 1) / 2;
            if !self.precedes(&item, &self.item(parent)?, len)? {
                break;
            }
            self.items.swap(at, parent);
            at = parent;
        }
        Ok(())
    }

    /// Moves the item at an index to a leaf, better items taking its place, and from there to where it belongs: it
    /// usually belongs near a leaf, and this way takes fewer comparisons than a direct one.
    fn sift_up(&self, start: usize) -> PyResult<()> {
        let len = self.len();
        let mut at = start;
        while at < len / 2 {
            let (left, right) = (2 * at + 1, 2 * at + 2);
            let takes_left = right >= len || self.precedes(&self.item(left)?, &self.item(right)?, len)?;
            let child = if takes_left { left } else { right };
            self.items.swap(at, child);
            at = child;
        }
        self.sift_down(start, at)
    }

    fn heapify(&self) -> PyResult {
        for at in (0..self.len() / 2).rev() {
            self.sift_up(at)?;
        }
        none()
    }

    fn push(&self, item: Ref<'_>) -> PyResult {
        self.items.push(self.vm, item.own())?;
        self.sift_down(0, self.len() - 1)?;
        none()
    }

    fn pop(&self) -> PyResult {
        let Some(last) = self.items.pop() else { return Err(self.vm.index_error("index out of range")) };
        if self.items.is_empty() {
            return Ok(last);
        }
        self.replace_first(last)
    }

    fn replace(&self, item: Ref<'_>) -> PyResult {
        self.item(0)?;
        self.replace_first(item.own())
    }

    fn push_pop(&self, item: Ref<'_>) -> PyResult {
        let Some(first) = self.items.get(0) else { return Ok(item.own()) };
        let item = item.own();
        if !self.order.precedes(self.vm, &first, &item)? {
            return Ok(item);
        }
        self.item(0)?;
        self.replace_first(item)
    }

    /// Takes the first item out of a heap that has one, and puts another in.
    fn replace_first(&self, item: Owned) -> PyResult {
        let first = self.items.replace(0, item);
        self.sift_up(0)?;
        Ok(first)
    }
}

/// Functions of a heap, and of a heap and an item.
macro_rules! functions {
    ($($name:ident($order:ident) $method:ident($($item:ident)?);)*) => {$(
        fn $name(vm: &Thread, heap: Ref<'_> $(, $item: Ref<'_>)?) -> PyResult {
            let argument = concat!(stringify!($name), functions!(@argument $($item)?));
            HeapList::of(vm, heap, argument, Order::$order)?.$method($($item)?)
        }
    )*};
    (@argument) => { "() argument" };
    (@argument $item:ident) => { "() argument 1" };
}

functions! {
    heappush(Min) push(item);
    heappushpop(Min) push_pop(item);
    heappop(Min) pop();
    heapreplace(Min) replace(item);
    heapify(Min) heapify();
    heappush_max(Max) push(item);
    heappushpop_max(Max) push_pop(item);
    heappop_max(Max) pop();
    heapreplace_max(Max) replace(item);
    heapify_max(Max) heapify();
}
