//! The allocator of the command: mimalloc, and the system's own for what is large.
//!
//! A large block that grows is what a list or dict becomes large by. The system moves its pages elsewhere in the address
//! space, and takes them back when it ends; mimalloc copies it to a larger block each time, and keeps the memory of all that it
//! outgrew.
//!
//! mimalloc also reserves address space without asking whether there is memory behind it, so a program that asks for far too
//! much would get it, and be killed when it writes there. The system's allocator is refused such a request, and the
//! program sees MemoryError.
//!
//! # Safety model
//! A block belongs to the allocator that its size names, from its making to its end: every method chooses by the size in the
//! layout, which the caller must pass as it was when the block was made. A block that grows or shrinks across the border
//! is moved.
#![expect(unsafe_code, reason = "a global allocator")]

use std::alloc::{GlobalAlloc, Layout, System};

use mimalloc::MiMalloc;

/// From so many bytes on the system is asked.
const LARGE: usize = 256 << 10;

/// The allocator.
pub(crate) struct Allocator;

fn is_large(size: usize) -> bool {
    size >= LARGE
}

// SAFETY: both allocators keep the contract, and no block is passed to the one that did not make it.
unsafe impl GlobalAlloc for Allocator {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promise is passed on.
        unsafe { if is_large(layout.size()) { System.alloc(layout) } else { MiMalloc.alloc(layout) } }
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promise is passed on.
        unsafe {
            if is_large(layout.size()) { System.alloc_zeroed(layout) } else { MiMalloc.alloc_zeroed(layout) }
        }
    }

    #[inline]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the layout is the block's, so its size names the allocator that made it.
        unsafe {
            if is_large(layout.size()) {
                System.dealloc(block, layout)
            } else {
                MiMalloc.dealloc(block, layout)
            }
        }
    }

    #[inline]
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as in `dealloc`; what is copied lies in both blocks.
        unsafe {
            match (is_large(layout.size()), is_large(size)) {
                (false, false) => MiMalloc.realloc(block, layout, size),
                (true, true) => System.realloc(block, layout, size),
                _ => {
                    let moved = self.alloc(Layout::from_size_align_unchecked(size, layout.align()));
                    if !moved.is_null() {
                        std::ptr::copy_nonoverlapping(block, moved, layout.size().min(size));
                        self.dealloc(block, layout);
                    }
                    moved
                }
            }
        }
    }
}
