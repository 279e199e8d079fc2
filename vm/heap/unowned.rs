//! Lists of objects that the list does not own.
//!
//! A class knows its subclasses, an object its weak references, without keeping them alive. Whatever is in such a list takes
//! itself out when it ends.
//!
//! # Safety model
//!
//! Only payloads that are [`Leaves`] can be added; their `Drop` takes them out. So the memory of every member is intact; a
//! member whose count is zero is ending already, and is not given out.
#![expect(unsafe_code, reason = "lists that do not own their objects")]

use std::cell::RefCell;

use super::object::{Header, Payload};
use crate::value::{Owned, Ref, Value};

/// Payloads that take themselves out of the lists they are in.
///
/// # Safety
/// `Drop` calls [`Unowned::remove`] for every list that the object was added to and not yet removed from.
pub(crate) unsafe trait Leaves: Payload {}

// SAFETY: a class leaves the lists of its bases when it is dropped or its bases change.
unsafe impl Leaves for crate::types::type_::Type {}

// SAFETY: a weak reference leaves its list when it is dropped; an object that ends forgets the whole list.
unsafe impl Leaves for crate::types::weakref::WeakReference {}

/// See the module.
#[derive(Default)]
pub(crate) struct Unowned(RefCell<Vec<Value>>);

crate::untraced!(Unowned);

impl Unowned {
    /// Adds an object at a position; `usize::MAX` is the end.
    pub(crate) fn insert<T: Leaves>(&self, position: usize, object: Ref<'_>) {
        assert!(object.downcast::<T>().is_some(), "the object leaves the list when it ends");
        let mut members = self.0.borrow_mut();
        let position = position.min(members.len());
        members.insert(position, object.value());
    }

    /// Takes the object with this payload out. Whether it was there.
    pub(crate) fn remove<T: Payload>(&self, payload: *const T) -> bool {
        let address = payload.addr() - size_of::<Header>();
        let mut members = self.0.borrow_mut();
        let position = members.iter().position(|member| member.header().addr() == address);
        position.map(|position| members.remove(position)).is_some()
    }

    /// The members that are not ending.
    pub(crate) fn members(&self) -> Vec<Owned> {
        // SAFETY: the memory of members is intact, see the module.
        let alive = |member: &&Value| unsafe { (*member.header()).references() } > 0;
        // SAFETY: as above.
        let own = |member: &Value| unsafe { Ref::from_value(*member) }.own();
        self.0.borrow().iter().filter(alive).map(own).collect()
    }

    /// Shows the payload of each member, ending ones included. The visitor runs no Python.
    pub(crate) fn for_each<T: Leaves>(&self, mut visit: impl FnMut(&T)) {
        for member in self.0.borrow().iter() {
            // SAFETY: as above.
            if let Some(payload) = unsafe { Ref::from_value(*member) }.downcast::<T>() {
                visit(payload);
            }
        }
    }
}
