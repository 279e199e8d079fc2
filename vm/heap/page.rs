//! Memory for objects: pages of equal slots, and free lists.
//!
//! A page is 64 KiB, aligned to its size, and holds slots of one size class; its header names the heap, so that a drop
//! finds the free list from the object's address alone. A free slot has the kind [`Kind::Free`] in its first word
//! and the next free slot in its second. Fresh pages are carved a few slots at a time, and themselves cut from chunks, because
//! the system allocator wastes as much as the alignment for each aligned piece. Objects above the largest class
//! come from the system allocator, behind a [`LargePrefix`], in a list of their own.
//!
//! # Safety model
//!
//! Slots are handed out uninitialised and come back after their payload was dropped; the functions here touch only
//! the first two words of a slot that nobody owns. Page addresses keep the provenance of the page's allocation: an
//! object pointer is derived from its page, and the page is found again by masking that same pointer.
#![expect(unsafe_code, reason = "the allocator")]

pub(crate) mod tally;

use std::alloc::{self, Layout};
use std::cell::{Cell, RefCell};
use std::ptr;

use super::Heap;
use super::object::{Header, Kind, flag};

const PAGE: usize = 64 * 1024;
/// What the system gives memory in: slots are carved so many bytes at a time.
const PIECE: usize = 4096;
/// What pages are cut from.
const CHUNK: usize = 16 * PAGE;
/// The largest slot; larger objects go to the system allocator.
const LARGEST: usize = 512;
const CLASSES: usize = LARGEST / 16;

#[repr(C)]
struct Page {
    heap: *const Heap,
    slot: u32,
    reciprocal: u32,
    /// Slots carved so far.
    carved: Cell<usize>,
    /// The table of a [`Tally`](tally::Tally), or null.
    tally: Cell<*mut u32>,
}

impl Page {
    /// The size of the slots, in bytes.
    fn slot(&self) -> usize {
        self.slot as usize
    }
}

/// What the offset of a slot in its page is multiplied with to divide it by the slots' size, scaled by 2 to the 32nd.
const fn reciprocal(slot: u32) -> u32 {
    u32::MAX / slot + 1
}

const CHUNK_LAYOUT: Layout = match Layout::from_size_align(CHUNK, PAGE) {
    Ok(layout) => layout,
    Err(_) => panic!("the page is a power of two"),
};

const PAGE_HEADER: usize = size_of::<Page>().next_multiple_of(16);

#[repr(C)]
struct FreeSlot {
    kind: u64,
    next: *mut FreeSlot,
}

/// What precedes a large object.
#[repr(C, align(16))]
pub(super) struct LargePrefix {
    heap: *const Heap,
    size: usize,
    next: Cell<*mut LargePrefix>,
    prev: Cell<*mut LargePrefix>,
    /// That of a [`Tally`](tally::Tally).
    number: Cell<u32>,
}

/// The object memory of a heap.
pub(super) struct Memory {
    free: [Cell<*mut FreeSlot>; CLASSES + 1],
    current: [Cell<*mut Page>; CLASSES + 1],
    pages: RefCell<Vec<*mut Page>>,
    chunks: RefCell<Vec<*mut u8>>,
    /// Bytes of the last chunk that are not cut yet; they are at its end.
    uncut: Cell<usize>,
    large: Cell<*mut LargePrefix>,
}

impl Memory {
    pub(super) fn new() -> Self {
        Self {
            free: [const { Cell::new(ptr::null_mut()) }; CLASSES + 1],
            current: [const { Cell::new(ptr::null_mut()) }; CLASSES + 1],
            pages: RefCell::new(Vec::new()),
            chunks: RefCell::new(Vec::new()),
            uncut: Cell::new(0),
            large: Cell::new(ptr::null_mut()),
        }
    }

    /// A slot of at least `size` bytes from a free list, uninitialised; null when there is none.
    #[inline(always)]
    pub(super) fn reuse(&self, size: usize) -> *mut u8 {
        let Some(free) = self.free.get(size.div_ceil(16)) else { return ptr::null_mut() };
        let slot = free.get();
        if !slot.is_null() {
            // SAFETY: a slot on the free list is nobody's.
            free.set(unsafe { (*slot).next });
        }
        slot.cast()
    }

    /// Fresh memory of at least `size` bytes, uninitialised, and the flag its header must carry; null when memory is out.
    #[cold]
    pub(super) fn allocate(&self, heap: *const Heap, size: usize) -> (*mut u8, u8) {
        let class = size.div_ceil(16);
        if class > CLASSES {
            (self.allocate_large(heap, size), flag::LARGE)
        } else {
            (self.carve(heap, class), 0)
        }
    }

    #[cold]
    #[inline(never)]
    fn carve(&self, heap: *const Heap, class: usize) -> *mut u8 {
        let slot = class * 16;
        let mut page = self.current[class].get();
        // SAFETY: the current page is null or one of ours.
        if page.is_null() || unsafe { PAGE_HEADER + ((*page).carved.get() + 1) * slot > PAGE } {
            page = self.cut_page();
            if page.is_null() {
                return ptr::null_mut();
            }
            // SAFETY: fresh memory of the right size and alignment.
            unsafe {
                page.write(Page {
                    heap,
                    slot: slot as u32,
                    reciprocal: reciprocal(slot as u32),
                    carved: Cell::new(0),
                    tally: Cell::new(ptr::null_mut()),
                });
            }
            self.pages.borrow_mut().push(page);
            self.current[class].set(page);
            // SAFETY: the heap owns this memory.
            unsafe { (*heap).has_grown() };
        }
        // SAFETY: the slots lie within the page, and nobody has had them.
        unsafe {
            let index = (*page).carved.get();
            let at = |index: usize| page.cast::<u8>().add(PAGE_HEADER + index * slot);
            // The next ones that begin in the same piece of memory go to the free list, in their order.
            let end = (PAGE_HEADER + index * slot + 1).next_multiple_of(PIECE);
            let behind = (end - PAGE_HEADER).div_ceil(slot).min((PAGE - PAGE_HEADER) / slot);
            let mut next = self.free[class].get();
            for index in (index + 1..behind).rev() {
                let free: *mut FreeSlot = at(index).cast();
                free.write(FreeSlot { kind: 0, next });
                next = free;
            }
            self.free[class].set(next);
            (*page).carved.set(behind);
            at(index)
        }
    }

    /// Memory for a page; null when memory is out.
    fn cut_page(&self) -> *mut Page {
        let mut chunks = self.chunks.borrow_mut();
        if self.uncut.get() == 0 {
            // SAFETY: the size is not zero.
            let chunk = unsafe { alloc::alloc(CHUNK_LAYOUT) };
            if chunk.is_null() {
                return ptr::null_mut();
            }
            chunks.push(chunk);
            self.uncut.set(CHUNK);
        }
        let Some(&chunk) = chunks.last() else { return ptr::null_mut() };
        let start = CHUNK - self.uncut.get();
        self.uncut.set(self.uncut.get() - PAGE);
        // SAFETY: the page lies within the chunk.
        unsafe { chunk.add(start).cast() }
    }

    #[cold]
    #[inline(never)]
    fn allocate_large(&self, heap: *const Heap, size: usize) -> *mut u8 {
        let Some(layout) = large_layout(size) else { return ptr::null_mut() };
        // SAFETY: the size is not zero.
        let prefix: *mut LargePrefix = unsafe { alloc::alloc(layout) }.cast();
        if prefix.is_null() {
            return ptr::null_mut();
        }
        let next = self.large.get();
        // SAFETY: fresh memory; the list's head is one of ours or null.
        unsafe {
            prefix.write(LargePrefix {
                heap,
                size,
                next: Cell::new(next),
                prev: Cell::new(ptr::null_mut()),
                number: Cell::new(0),
            });
            if !next.is_null() {
                (*next).prev.set(prefix);
            }
        }
        self.large.set(prefix);
        // SAFETY: the heap owns this memory; the object follows its prefix.
        unsafe {
            (*heap).has_grown();
            prefix.add(1).cast()
        }
    }

    /// Takes a slot back.
    ///
    /// # Safety
    /// The object came from this memory, its payload is gone, and nobody refers to it.
    #[inline(always)]
    pub(super) unsafe fn free(&self, object: *mut Header) {
        // SAFETY: the caller's; the slot is ours again.
        unsafe {
            if (*object).has(flag::LARGE) {
                self.free_large(object);
                return;
            }
            let class = (*page_of(object)).slot() / 16;
            let slot: *mut FreeSlot = object.cast();
            slot.write(FreeSlot { kind: 0, next: self.free[class].get() });
            self.free[class].set(slot);
        }
    }

    #[cold]
    #[inline(never)]
    unsafe fn free_large(&self, object: *mut Header) {
        // SAFETY: a large object follows its prefix; its neighbours in the list are alive.
        unsafe {
            let prefix = object.cast::<LargePrefix>().sub(1);
            let (next, prev) = ((*prefix).next.get(), (*prefix).prev.get());
            if !next.is_null() {
                (*next).prev.set(prev);
            }
            if prev.is_null() {
                self.large.set(next);
            } else {
                (*prev).next.set(next);
            }
            let layout = large_layout((*prefix).size).expect("it was allocated with this layout");
            alloc::dealloc(prefix.cast(), layout);
        }
    }

    /// Calls `visit` with every object there is. The visitor allocates and frees nothing.
    pub(super) fn for_each(&self, mut visit: impl FnMut(*mut Header)) {
        for &page in self.pages.borrow().iter() {
            // SAFETY: a carved slot holds an object or is on the free list, which its first word tells.
            unsafe {
                for index in 0..(*page).carved.get() {
                    let object: *mut Header =
                        page.cast::<u8>().add(PAGE_HEADER + index * (*page).slot()).cast();
                    if (*object).kind() != Kind::Free {
                        visit(object);
                    }
                }
            }
        }
        // SAFETY: the object follows its prefix.
        self.for_each_large(|prefix| visit(unsafe { prefix.add(1) }.cast()));
    }

    /// Calls `visit` with the prefix of every large object. The visitor allocates and frees nothing.
    fn for_each_large(&self, mut visit: impl FnMut(*mut LargePrefix)) {
        let mut prefix = self.large.get();
        while !prefix.is_null() {
            visit(prefix);
            // SAFETY: large objects stay in the list while they live.
            prefix = unsafe { (*prefix).next.get() };
        }
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        for &chunk in self.chunks.borrow().iter() {
            // SAFETY: allocated in `cut_page` with this layout.
            unsafe { alloc::dealloc(chunk, CHUNK_LAYOUT) };
        }
        let mut prefix = self.large.get();
        while !prefix.is_null() {
            // SAFETY: allocated in `allocate_large` with this layout.
            unsafe {
                let next = (*prefix).next.get();
                let layout = large_layout((*prefix).size).expect("it was allocated with this layout");
                alloc::dealloc(prefix.cast(), layout);
                prefix = next;
            }
        }
    }
}

/// The heap that an object belongs to.
///
/// # Safety
/// The object is alive.
#[inline(always)]
pub(super) unsafe fn heap_of(object: *const Header) -> *const Heap {
    // SAFETY: an object lies in a page, or behind a prefix, that names its heap.
    unsafe {
        if (*object).has(flag::LARGE) {
            (*object.cast::<LargePrefix>().sub(1)).heap
        } else {
            (*page_of(object)).heap
        }
    }
}

/// Bytes that an object may fill, its header included.
///
/// # Safety
/// The object is alive.
pub(super) unsafe fn capacity(object: *const Header) -> usize {
    // SAFETY: as in `heap_of`.
    unsafe {
        if (*object).has(flag::LARGE) {
            (*object.cast::<LargePrefix>().sub(1)).size
        } else {
            (*page_of(object)).slot()
        }
    }
}

fn page_of(object: *const Header) -> *const Page {
    object.map_addr(|address| address & !(PAGE - 1)).cast()
}

fn large_layout(size: usize) -> Option<Layout> {
    Layout::from_size_align(size.checked_add(size_of::<LargePrefix>())?, 16).ok()
}
