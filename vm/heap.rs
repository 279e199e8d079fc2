//! The heap: allocation, reference counting and its end, weak references, the cycle collector.
//!
//! # Safety model
//!
//! Objects are made by [`Heap::allocate`] with their payload in place, and die when their count falls to zero, in this
//! order: `__del__` (once; it may resurrect the object), weak references cleared and their callbacks called, the payload
//! dropped, instance slots dropped, memory freed. Any of it may run Python code, so nothing here holds a borrow
//! of storage over such a step.
//!
//! Dropping a payload drops what it owns, and so on. A small depth of that recursion is native; below it, objects wait on
//! a worklist, last in first out, which keeps the order of finalisers and frees a chain of a million objects without
//! a million native frames.
#![expect(unsafe_code, reason = "the heap")]

pub mod byte_store;
pub mod cells;
pub mod dict;
pub(crate) mod gc;
pub mod inline;
pub(crate) mod instance;
pub(crate) mod interned;
mod items;
pub mod iterator;
mod join;
pub(crate) mod lookup;
pub mod object;
mod page;
pub mod set;
pub mod shape;
pub(crate) mod unowned;
mod writer;

use std::cell::{Cell, UnsafeCell};
use std::ptr;

pub use cells::{Items, Late, Slot};
pub use object::{Header, Kind, Ops, Payload, Trace, Visitor, flag};
pub(crate) use shape::ClassShapes;
pub use shape::{Layout, Shape};
pub(crate) use writer::{Writer, written_character};

use crate::value::{Owned, Ref, Value};
use crate::vm::Thread;

/// The objects of one interpreter.
pub struct Heap {
    memory: page::Memory,
    /// The thread that holds the interpreter.
    thread: Cell<*const Thread>,
    /// What the running thread is dropping.
    drops: Drops,
    /// Bytes that payloads hold outside the heap.
    accounted: Cell<usize>,
    /// Traced objects allocated minus freed since the last collection; what triggers the next one.
    pub(crate) young: Cell<isize>,
    /// Traced objects that lived through the last collection.
    survivors: Cell<isize>,
    /// Whether collections start by themselves.
    pub(crate) enabled: Cell<bool>,
    /// Growth, in objects, that lets the heap go without a collection; none starts by itself if it is zero.
    pub(crate) growth: Cell<isize>,
    collecting: Cell<bool>,
}

/// What a thread is dropping. Finalisers may let other threads run, whose drops nest on stacks of their own: so a thread takes
/// its state away when another one gets the heap.
#[derive(Default)]
pub(crate) struct Drops {
    /// Native nesting of payload drops.
    depth: Cell<u32>,
    /// Objects whose count is zero, waiting for the drops above them to end.
    pending: UnsafeCell<Vec<*const Header>>,
}

impl Drops {
    fn swap(&self, other: &Self) {
        self.depth.swap(&other.depth);
        // SAFETY: no reference to either list is held while a list changes.
        unsafe { ptr::swap(self.pending.get(), other.pending.get()) };
    }
}

/// Native nesting of drops before the worklist takes over.
const DROP_DEPTH: u32 = 40;

impl Heap {
    pub(crate) fn new() -> Self {
        Self {
            memory: page::Memory::new(),
            thread: Cell::new(ptr::null()),
            drops: Drops::default(),
            accounted: Cell::new(0),
            young: Cell::new(0),
            survivors: Cell::new(0),
            enabled: Cell::new(true),
            growth: Cell::new(gc::MINIMUM_GROWTH),
            collecting: Cell::new(false),
        }
    }

    /// Notes which thread holds the interpreter; null for none, when one ends.
    pub(crate) fn set_thread(&self, thread: *const Thread) {
        let previous = self.thread.replace(thread);
        if ptr::eq(previous, thread) {
            return;
        }
        // SAFETY: a thread that ends sets null first, and is in no drop then; so both threads are alive.
        if let Some(thread) = unsafe { thread.as_ref() } {
            // SAFETY: as above.
            if let Some(previous) = unsafe { previous.as_ref() } {
                self.drops.swap(&previous.drops);
            }
            self.drops.swap(&thread.drops);
        }
    }

    /// Notes that a payload's own storage changed its size, in bytes.
    #[inline(always)]
    pub(crate) fn account(&self, old: usize, new: usize) {
        self.accounted.set(self.accounted.get().wrapping_add(new).wrapping_sub(old));
    }

    /// Memory for an object of `size` bytes, header included, with the header written and a count of one; null when
    /// memory is out. The payload is the caller's to write, at once.
    #[inline(always)]
    pub(crate) fn allocate_raw(
        &self,
        kind: Kind,
        flags: u8,
        shape: *const Shape,
        size: usize,
    ) -> *mut Header {
        let object: *mut Header = self.memory.reuse(size).cast();
        if object.is_null() {
            return self.allocate_fresh(kind, flags, shape, size);
        }
        // SAFETY: free memory of at least a header's size.
        unsafe { object.write(Header::new(kind, flags, shape)) };
        object
    }

    #[cold]
    #[inline(never)]
    fn allocate_fresh(&self, kind: Kind, flags: u8, shape: *const Shape, size: usize) -> *mut Header {
        let (slot, large) = self.memory.allocate(self, size);
        let object: *mut Header = slot.cast();
        if !object.is_null() {
            // SAFETY: fresh memory of at least a header's size.
            unsafe { object.write(Header::new(kind, flags | large, shape)) };
        }
        object
    }

    /// An object with this payload, and memory for `extra` bytes behind it; `None` when memory is out.
    ///
    /// # Safety
    /// The shape's layout fits the payload type, and the caller initialises what lies behind the payload.
    #[inline(always)]
    pub(crate) unsafe fn allocate<T: Payload>(
        &self,
        shape: *const Shape,
        payload: T,
        extra: usize,
    ) -> Option<Owned> {
        let object = self.allocate_raw(T::KIND, 0, shape, size_of::<Header>() + size_of::<T>() + extra);
        if object.is_null() {
            return None;
        }
        if T::TRACED {
            self.young.set(self.young.get() + 1);
        }
        // SAFETY: fresh memory of the right size; the count of one goes to the result.
        unsafe {
            object.add(1).cast::<T>().write(payload);
            Some(Owned::from_value(Value::from_header(object)))
        }
    }

    /// Calls `visit` with every object.
    pub(crate) fn for_each(&self, visit: impl FnMut(*mut Header)) {
        self.memory.for_each(visit);
    }

    /// The thread that runs this heap's interpreter.
    fn thread(&self) -> Option<&Thread> {
        // SAFETY: set while a thread holds the interpreter, null otherwise.
        unsafe { self.thread.get().as_ref() }
    }
}

/// The thread that runs the interpreter of an object with a header; none while the interpreter is taken down.
pub(crate) fn thread_of(object: Ref<'_>) -> Option<&Thread> {
    // SAFETY: a borrowed object is alive, and so is its heap.
    object.header().and_then(|header| unsafe { (*page::heap_of(header)).thread() })
}

/// The payload of an object.
#[inline(always)]
pub(crate) fn payload<T: Payload>(object: *const Header) -> *const T {
    object.wrapping_add(1).cast()
}

/// Gives one reference back; at zero, the object ends.
///
/// # Safety
/// The object is alive, and the caller owned one count.
#[inline(always)]
pub(crate) unsafe fn release(object: *const Header) {
    // SAFETY: the caller's.
    unsafe {
        if (*object).release() {
            end(object);
        }
    }
}

/// Ends an object whose count is zero.
#[cold]
#[inline(never)]
pub(crate) unsafe fn end(object: *const Header) {
    // SAFETY: the object's count is zero, so it is ours alone.
    unsafe {
        let heap = &*page::heap_of(object);
        // Leaves: nothing runs, nothing nests.
        match (*object).kind() {
            _ if (*object).has(LEAF_EXTRAS) => {}
            Kind::Str => return end_leaf::<inline::Str>(heap, object),
            Kind::Bytes => return end_leaf::<inline::Bytes>(heap, object),
            Kind::Float => return end_leaf::<crate::types::float::Float>(heap, object),
            Kind::Int => return end_leaf::<crate::types::int::Int>(heap, object),
            _ => {}
        }
        let drops = &heap.drops;
        if drops.depth.get() >= DROP_DEPTH {
            (*drops.pending.get()).push(object);
            return;
        }
        drops.depth.set(drops.depth.get() + 1);
        finish(heap, object);
        drops.depth.set(drops.depth.get() - 1);
        if drops.depth.get() == 0 {
            while let Some(object) = (*drops.pending.get()).pop() {
                drops.depth.set(1);
                finish(heap, object);
                drops.depth.set(0);
            }
        }
    }
}

/// Drops a payload that refers to nothing, and frees the memory.
#[inline(always)]
unsafe fn end_leaf<T: Payload>(heap: &Heap, object: *const Header) {
    // SAFETY: the object has this payload, and is ours alone.
    unsafe {
        ptr::drop_in_place(payload::<T>(object).cast_mut());
        heap.memory.free(object.cast_mut());
    }
}

/// What makes even a leaf object need the long way.
const LEAF_EXTRAS: u8 = flag::SUBCLASS | flag::WEAKLY_REFERENCED | flag::INTERNED;

unsafe fn finish(heap: &Heap, object: *const Header) {
    // SAFETY: the object's count is zero; finalisers see it with a count of one.
    unsafe {
        let finalizer = (*object).shape().is_some_and(Shape::has_finalizer);
        if finalizer || (*object).has(flag::WEAKLY_REFERENCED | flag::INTERNED) {
            if let Some(thread) = heap.thread() {
                (*object).set_references(1);
                crate::finalize::finalize(thread, Ref::from_value(Value::from_header(object)));
                if !(*object).release() {
                    // The finaliser made new references: the object lives on.
                    return;
                }
            }
        }
        drop_payload(heap, object);
        heap.memory.free(object.cast_mut());
    }
}

/// Drops the instance slots and the payload.
pub(crate) unsafe fn drop_payload(heap: &Heap, object: *const Header) {
    // SAFETY: the object is ours alone.
    unsafe {
        let shape = &*(*object).shape_ptr();
        let ops = shape.ops();
        if ops.traced || (*object).has(flag::EXTRAS) {
            heap.young.set(heap.young.get() - 1);
        }
        for_each_extra(object, |slot| {
            let value = slot.replace(Value::NULL);
            if !value.is_null() {
                value.release();
            }
        });
        (ops.drop)(object.add(1).cast_mut().cast());
        if (*object).has(flag::SUBCLASS) {
            Value::from_header(shape.class()).release();
        }
    }
}

/// Calls `visit` with each slot in use, and then the dict word.
///
/// # Safety
/// The object is alive, its payload not dropped yet.
pub(crate) unsafe fn for_each_extra(object: *const Header, mut visit: impl FnMut(*mut Value)) {
    // SAFETY: the shape describes what lies behind the payload.
    unsafe {
        if !(*object).has(flag::EXTRAS) {
            return;
        }
        let shape = &*(*object).shape_ptr();
        let layout = shape.layout();
        let base = object.cast_mut().cast::<u8>().add(instance::extra_offset(object, layout)).cast::<Value>();
        let slots = base.add(usize::from(layout.has_dict));
        for index in 0..shape.slots() as usize {
            visit(slots.add(index));
        }
        if layout.has_dict {
            visit(base);
        }
    }
}
