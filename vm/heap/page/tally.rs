//! A number for every object, while the collector counts: beside the pages, so that objects need no room for it.
//!
//! A page gets a table when the first of its objects gets a number, one entry for each slot. An object finds its entry from
//! its address alone: the page is found by masking, the slot's number by a multiplication with the reciprocal of the slots'
//! size. Objects outside of pages have the number before them. Who has none has zero.
//!
//! # Safety model
//!
//! While a tally lives, no object is made or ended, and there is no other tally of the memory; its end takes the tables
//! away.
#![expect(unsafe_code, reason = "numbers of slots")]

use std::alloc::{self, Layout};
use std::ptr;

use super::{Header, Kind, LargePrefix, Memory, PAGE, PAGE_HEADER, Page, flag, page_of};

/// The numbers of a memory's objects.
pub(crate) struct Tally<'m> {
    memory: &'m Memory,
}

/// Memory for the tables is out.
pub(crate) struct OutOfMemory;

impl Memory {
    /// The numbers, all zero. There is one tally at a time.
    pub(in crate::heap) fn tally(&self) -> Tally<'_> {
        Tally { memory: self }
    }
}

impl Tally<'_> {
    /// The number of a live object.
    #[inline]
    pub(crate) fn get(&self, object: *const Header) -> u32 {
        let entry = entry(object);
        // SAFETY: an entry is initialised.
        if entry.is_null() { 0 } else { unsafe { *entry } }
    }

    /// Changes the number of a live object that has one.
    #[inline]
    pub(crate) fn change(&self, object: *const Header, number: u32) {
        // SAFETY: the object has a number, and so an entry.
        unsafe { *entry(object) = number };
    }

    /// Gives a live object a number.
    pub(crate) fn set(&self, object: *const Header, number: u32) -> Result<(), OutOfMemory> {
        // SAFETY: the object is alive; a small one lies in a page.
        unsafe {
            if !(*object).has(flag::LARGE) && (*page_of(object)).tally.get().is_null() {
                let table = alloc::alloc_zeroed(layout(page_of(object)));
                if table.is_null() {
                    return Err(OutOfMemory);
                }
                (*page_of(object)).tally.set(table.cast());
            }
        }
        self.change(object, number);
        Ok(())
    }

    /// Shows every object whose number is not zero. The visitor may change numbers.
    pub(crate) fn for_each(&self, mut visit: impl FnMut(*const Header, u32)) {
        for &page in self.memory.pages.borrow().iter() {
            // SAFETY: the table has an entry for every slot of the page; only slots of objects have numbers.
            unsafe {
                let table = (*page).tally.get();
                if table.is_null() {
                    continue;
                }
                for index in 0..(*page).carved.get() {
                    let number = *table.add(index);
                    if number != 0 {
                        let object: *const Header =
                            page.cast::<u8>().add(PAGE_HEADER + index * (*page).slot()).cast();
                        debug_assert!((*object).kind() != Kind::Free);
                        visit(object, number);
                    }
                }
            }
        }
        self.memory.for_each_large(|prefix| {
            // SAFETY: the prefix is that of a live object, which follows it.
            unsafe {
                if (*prefix).number.get() != 0 {
                    visit(prefix.add(1).cast(), (*prefix).number.get());
                }
            }
        });
    }
}

impl Drop for Tally<'_> {
    fn drop(&mut self) {
        for &page in self.memory.pages.borrow().iter() {
            // SAFETY: the table was allocated with this layout.
            unsafe {
                let table = (*page).tally.replace(ptr::null_mut());
                if !table.is_null() {
                    alloc::dealloc(table.cast(), layout(page));
                }
            }
        }
        // SAFETY: the prefixes are those of live objects.
        self.memory.for_each_large(|prefix| unsafe { (*prefix).number.set(0) });
    }
}

/// Where the number of a live object is; null if its page has no table.
#[inline(always)]
fn entry(object: *const Header) -> *mut u32 {
    // SAFETY: the object lies behind a prefix, or in a page whose table has an entry for each slot.
    unsafe {
        if (*object).has(flag::LARGE) {
            return (*object.cast::<LargePrefix>().sub(1)).number.as_ptr();
        }
        let page = page_of(object);
        let table = (*page).tally.get();
        if table.is_null() {
            return table;
        }
        let offset = object.addr() - page.addr() - PAGE_HEADER;
        table.add(((offset as u64 * u64::from((*page).reciprocal)) >> 32) as usize)
    }
}

fn layout(page: *const Page) -> Layout {
    // SAFETY: the page is one of ours.
    let slots = (PAGE - PAGE_HEADER) / unsafe { (*page).slot() };
    Layout::array::<u32>(slots).expect("less than a page")
}

#[cfg(test)]
mod tests {
    use super::super::{CLASSES, reciprocal};
    use super::*;

    #[test]
    fn reciprocals_divide() {
        for class in 1..=CLASSES {
            let slot = class * 16;
            for index in 0..(PAGE - PAGE_HEADER) / slot {
                let offset = (index * slot) as u64;
                assert_eq!(((offset * u64::from(reciprocal(slot as u32))) >> 32) as usize, index);
            }
        }
    }
}
