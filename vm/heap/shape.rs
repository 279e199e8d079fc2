//! Shapes: which class an object is of, and which attributes lie in which of its slots.
//!
//! All objects of one shape have the same class and the same attributes in the same order, so that one comparison
//! validates an inline cache for both: instance attributes by slot, and methods and other class attributes by value.
//! What is compared is the shape's *id*. Ids are never used twice; mutating a class gives every shape of it and of
//! its subclasses a new id, which empties the caches that knew the old one.
//!
//! A class has a root shape; adding an attribute leads to the child shape for that name. An object whose attributes no longer
//! fit (too many, deleted out of order, `__dict__` looked at) moves to the class's *dictionary shape*, with all of
//! its attributes in a dict.
//!
//! The memory of an object after its payload, for classes written in Python:
//!
//! ```text
//! header | payload | [dict word] | [__slots__ ...] | [attribute slots ...]
//! ```

use std::cell::{Cell, RefCell};

use super::object::{Header, Ops};
use crate::value::{Ref, Value};

/// See the module.
pub struct Shape {
    id: Cell<u32>,
    ops: &'static Ops,
    class: Cell<*const Header>,
    /// The shape without the last attribute; null for a root.
    parent: *const Shape,
    /// The last attribute's name, an interned str that the class keeps alive.
    name: Value,
    /// Slots in use, `__slots__` included.
    slots: u32,
    layout: Layout,
    /// Attributes are in a dict, in the dict word.
    dictionary: bool,
    /// Instances have something to run before they end: `__del__`, or a generator's close.
    finalizer: Cell<bool>,
    children: RefCell<Vec<Box<Shape>>>,
}

/// Where an object keeps what follows its payload. Equal for all shapes of a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Bytes from the start of the object to the dict word, or to the slots where there is none.
    pub extra: u32,
    /// Whether there is a dict word.
    pub has_dict: bool,
    /// How many slots `__slots__` declares, in this class and its bases.
    pub fixed: u32,
    /// How many slots there are, fixed ones included.
    pub capacity: u32,
}

impl Layout {
    /// Of an object without anything after its payload.
    pub const fn native(size: usize) -> Self {
        Self { extra: (size_of::<Header>() + size) as u32, has_dict: false, fixed: 0, capacity: 0 }
    }

    /// Bytes from the start of the object to a slot.
    #[inline(always)]
    pub fn slot_offset(&self, index: u32) -> u32 {
        self.extra + 8 * (u32::from(self.has_dict) + index)
    }

    /// Bytes of the whole object.
    pub fn size(&self) -> usize {
        self.slot_offset(self.capacity) as usize
    }
}

impl Shape {
    /// A root shape; `class` may be set later, during bootstrap.
    pub(crate) fn root(
        id: u32,
        ops: &'static Ops,
        class: *const Header,
        layout: Layout,
        dictionary: bool,
    ) -> Box<Self> {
        Box::new(Self {
            id: Cell::new(id),
            ops,
            class: Cell::new(class),
            parent: std::ptr::null(),
            name: Value::NULL,
            slots: layout.fixed,
            layout,
            dictionary,
            finalizer: Cell::new(false),
            children: RefCell::new(Vec::new()),
        })
    }

    /// What inline caches compare.
    #[inline(always)]
    pub fn id(&self) -> u32 {
        self.id.get()
    }

    /// The table of the payload type.
    #[inline(always)]
    pub fn ops(&self) -> &'static Ops {
        self.ops
    }

    /// The class object.
    #[inline(always)]
    pub(crate) fn class(&self) -> *const Header {
        self.class.get()
    }

    /// Ends the bootstrap of the first classes.
    pub(crate) fn set_class(&self, class: *const Header) {
        self.class.set(class);
    }

    /// The class, borrowed from the objects of this shape, which keep it alive.
    #[expect(unsafe_code, reason = "a shape's class is alive while it has instances")]
    pub(crate) fn class_ref(&self) -> Ref<'_> {
        // SAFETY: the class owns its shapes, and its instances own the class; native classes are immortal. A class that
        // an instance leaves by assigning `__class__` is made immortal.
        unsafe { Ref::from_value(Value::from_header(self.class.get())) }
    }

    /// Whether instances have something to run before they end.
    #[inline(always)]
    pub(crate) fn has_finalizer(&self) -> bool {
        self.finalizer.get()
    }

    /// Says so for this shape and all below it.
    pub(crate) fn set_finalizer(&self, has: bool) {
        self.finalizer.set(has);
        self.children.borrow().iter().for_each(|child| child.set_finalizer(has));
    }

    /// Where the slots are.
    #[inline(always)]
    pub(crate) fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Slots in use.
    #[inline(always)]
    pub(crate) fn slots(&self) -> u32 {
        self.slots
    }

    /// Whether attributes are in the dict.
    #[inline(always)]
    pub(crate) fn is_dictionary(&self) -> bool {
        self.dictionary
    }

    /// The slot of an attribute, by its interned name.
    pub(crate) fn find(&self, name: Value) -> Option<u32> {
        self.chain().find(|shape| shape.name == name).map(|shape| shape.slots - 1)
    }

    /// The attributes and their slots, last first.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = (Value, u32)> + '_ {
        self.chain().map(|shape| (shape.name, shape.slots - 1))
    }

    /// The shapes that added an attribute, from this one towards the root.
    fn chain(&self) -> impl Iterator<Item = &Self> + '_ {
        std::iter::successors(Some(self), |shape| shape.parent()).take_while(|shape| !shape.name.is_null())
    }

    /// The shape without the last attribute.
    #[expect(unsafe_code, reason = "a parent owns its children")]
    pub(crate) fn parent(&self) -> Option<&Self> {
        // SAFETY: the parent owns this shape, so it lives at least as long.
        unsafe { self.parent.as_ref() }
    }

    /// The shape with one attribute more, made by `new_id` if need be; `None` when the slots are used up.
    pub(crate) fn with(&self, name: Value, new_id: impl FnOnce() -> u32) -> Option<&Self> {
        if self.dictionary || self.slots == self.layout.capacity {
            return None;
        }
        let mut children = self.children.borrow_mut();
        let index = children.iter().position(|child| child.name == name).unwrap_or_else(|| {
            children.push(Box::new(Self {
                id: Cell::new(new_id()),
                ops: self.ops,
                class: self.class.clone(),
                parent: self,
                name,
                slots: self.slots + 1,
                layout: self.layout,
                dictionary: false,
                finalizer: self.finalizer.clone(),
                children: RefCell::new(Vec::new()),
            }));
            children.len() - 1
        });
        Some(stable(&children[index]))
    }

    /// Gives this shape and all below it new ids.
    pub(crate) fn renumber(&self, new_id: &mut dyn FnMut() -> u32) {
        self.id.set(new_id());
        for child in self.children.borrow().iter() {
            child.renumber(new_id);
        }
    }
}

/// A child lives, at the same address, as long as its parent, whatever happens to the vector that holds its box.
#[expect(unsafe_code, reason = "boxed children are never removed")]
fn stable<'a>(child: &Shape) -> &'a Shape {
    let child: *const Shape = child;
    // SAFETY: children are boxed and dropped only with their parent.
    unsafe { &*child }
}
