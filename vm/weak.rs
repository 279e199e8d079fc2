//! Weak references: which objects have them, and what happens to them when the object ends.
//!
//! The table knows, for each object that is weakly referenced, the list of its weak references; the list does not own them. A
//! weak reference holds the object's address until the object ends: then it is *cleared*, which is why a dangling address is
//! never followed. Reusable references without a callback come first in the list, then the others, newest first; callbacks
//! are called in that order.
//!
//! # Safety model
//!
//! [`Referent`] is the unowned address. It is set together with an entry in the table, and an object that has an entry carries
//! [`flag::WEAKLY_REFERENCED`], upon which its end clears every referent of the list before the memory goes. An object whose
//! count is zero is about to end, and is not given out any more.
#![expect(unsafe_code, reason = "follows references that do not own")]

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use crate::heap::unowned::Unowned;
use crate::heap::{Header, flag};
use crate::types::weakref::WeakReference;
use crate::value::{Owned, Ref, Value};
use crate::vm::Thread;

/// The weak references of an interpreter, by the object they refer to.
#[derive(Default)]
pub(crate) struct WeakTable(RefCell<HashMap<usize, Rc<Unowned>, ahash::RandomState>>);

/// The object that a weak reference refers to, until it ends.
pub(crate) struct Referent {
    object: Cell<Value>,
    /// The list that the weak reference is in, if it is in one.
    pub(crate) list: RefCell<Option<Rc<Unowned>>>,
}

crate::untraced!(Referent);

impl Referent {
    /// Of a weak reference that is not registered yet.
    pub(crate) fn new() -> Self {
        Self { object: Cell::new(Value::NULL), list: RefCell::new(None) }
    }

    /// The object, unless it has ended or is about to.
    #[inline]
    pub(crate) fn get(&self) -> Option<Owned> {
        let object = self.object.get();
        if object.is_null() {
            return None;
        }
        // SAFETY: the object has not ended, or the referent would have been cleared.
        unsafe { ((*object.header()).references() > 0).then(|| Ref::from_value(object).own()) }
    }

    fn clear(&self) {
        self.object.set(Value::NULL);
    }
}

impl WeakTable {
    fn list(&self, object: Ref<'_>) -> Option<Rc<Unowned>> {
        let header = object.header().filter(|header| header.has(flag::WEAKLY_REFERENCED))?;
        self.0.borrow().get(&std::ptr::from_ref(header).addr()).cloned()
    }

    /// The weak references to an object.
    pub(crate) fn references(&self, object: Ref<'_>) -> Vec<Owned> {
        self.list(object).map_or_else(Vec::new, |list| list.members())
    }

    /// Registers a weak reference to an object on the heap, at a position among its references.
    pub(crate) fn register(&self, object: Ref<'_>, position: usize, reference: Ref<'_>) {
        let (Some(header), Some(payload)) = (object.header(), reference.downcast::<WeakReference>()) else {
            return;
        };
        let address = std::ptr::from_ref(header).addr();
        let list = self.0.borrow_mut().entry(address).or_default().clone();
        header.set(flag::WEAKLY_REFERENCED);
        list.insert::<WeakReference>(position, reference);
        payload.referent.object.set(object.value());
        payload.referent.list.replace(Some(list));
    }

    /// Forgets an object's weak references, and clears them; they are the result.
    fn clear(&self, object: Ref<'_>) -> Vec<Owned> {
        let Some(header) = object.header().filter(|header| header.has(flag::WEAKLY_REFERENCED)) else {
            return Vec::new();
        };
        header.unset(flag::WEAKLY_REFERENCED);
        let list = self.0.borrow_mut().remove(&std::ptr::from_ref::<Header>(header).addr());
        let Some(list) = list else { return Vec::new() };
        list.for_each(|reference: &WeakReference| {
            reference.referent.clear();
            reference.referent.list.replace(None);
        });
        list.members()
    }
}

/// Clears the weak references of an object that ends, and calls their callbacks.
pub(crate) fn clear(vm: &Thread, object: Ref<'_>) {
    let references = vm.interpreter().weak.clear(object);
    call_back(vm, references);
}

/// Clears the weak references of objects that end together, and calls the callbacks of those that do not end with them.
pub(crate) fn clear_all(vm: &Thread, objects: &[Owned]) {
    let ending: std::collections::HashSet<u64> = objects.iter().map(|object| object.borrow().id()).collect();
    let mut references = Vec::new();
    for object in objects {
        references.extend(vm.interpreter().weak.clear(object.borrow()));
    }
    let (ending, alive): (Vec<_>, Vec<_>) =
        references.into_iter().partition(|reference| ending.contains(&reference.borrow().id()));
    for reference in &ending {
        if let Some(reference) = reference.borrow().downcast::<WeakReference>() {
            drop(reference.callback.take());
        }
    }
    call_back(vm, alive);
}

fn call_back(vm: &Thread, references: Vec<Owned>) {
    // All callbacks are taken before the first is called: it may do anything to the other references.
    let callbacks: Vec<(Owned, Owned)> = references
        .into_iter()
        .filter_map(|reference| {
            let callback = reference.borrow().downcast::<WeakReference>()?.callback.take()?;
            Some((reference, callback))
        })
        .collect();
    for (reference, callback) in callbacks {
        if let Err(raised) = vm.call(callback.borrow(), &[reference.borrow()]) {
            let activity = "Exception ignored while calling weakref callback";
            vm.unraisable_about(raised, activity, callback.borrow());
        }
    }
}
