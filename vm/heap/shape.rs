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
//!
//! Payloads with data behind them (str, bytes, tuple) put that data before the dict word, so where the rest begins differs
//! from object to object; their layouts are *variable*, and their attributes always in a dict. A shape refuses to grow beyond
//! [`MAX_CHILDREN`] children: objects used as dictionaries become dictionaries.

use std::cell::{Cell, RefCell};

use super::Slot;
use super::object::{Header, Kind, Ops};
use crate::value::{Owned, Ref, Value};

/// How many attributes may follow the same attributes in different objects before a dict serves better.
const MAX_CHILDREN: usize = 64;

/// See the module.
pub struct Shape {
    id: Cell<u32>,
    ops: &'static Ops,
    class: Cell<*const Header>,
    /// The shape without the last attribute; null for a root.
    parent: *const Shape,
    /// The last attribute's name, an interned str; empty for a root. Never changes.
    name: Slot,
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
    /// Bytes from the start of the object to the dict word, or to the slots where there is none. Of a variable
    /// layout: to the data behind the payload.
    pub extra: u32,
    /// Whether data of variable size lies between the payload and the rest.
    pub variable: bool,
    /// Whether there is a dict word.
    pub has_dict: bool,
    /// How many slots `__slots__` declares, in this class and its bases.
    pub fixed: u32,
    /// How many slots there are, fixed ones included.
    pub capacity: u32,
}

impl Layout {
    /// Of an object with nothing after its payload, or with a dict word only.
    pub const fn native(ops: &Ops, has_dict: bool) -> Self {
        let variable = matches!(ops.kind, Kind::Str | Kind::Bytes | Kind::Tuple);
        // What follows a payload are words, whatever the payload's own alignment.
        let size = if variable { ops.size } else { ops.size.next_multiple_of(align_of::<Value>()) };
        Self { extra: (size_of::<Header>() + size) as u32, variable, has_dict, fixed: 0, capacity: 0 }
    }

    /// Whether anything may follow the payload and its data.
    #[inline(always)]
    pub const fn has_extras(&self) -> bool {
        self.has_dict || self.capacity != 0
    }

    /// Bytes from the start of the object to a slot, if the layout is not variable.
    #[inline(always)]
    pub fn slot_offset(&self, index: u32) -> u32 {
        self.extra + 8 * (u32::from(self.has_dict) + index)
    }

    /// Bytes of the whole object, without data of variable size.
    #[inline(always)]
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
            name: Slot::empty(),
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
    fn set_finalizer(&self, has: bool) {
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
        self.chain().find(|shape| shape.name.value() == name).map(|shape| shape.slots - 1)
    }

    /// The attributes and their slots, last first.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = (Owned, u32)> + '_ {
        self.chain().filter_map(|shape| Some((shape.name.get()?, shape.slots - 1)))
    }

    /// The slot of the attribute that was added last.
    pub(crate) fn last(&self) -> Option<u32> {
        (!self.name.is_empty()).then(|| self.slots - 1)
    }

    /// The shapes that added an attribute, from this one towards the root.
    fn chain(&self) -> impl Iterator<Item = &Self> + '_ {
        std::iter::successors(Some(self), |shape| shape.parent()).take_while(|shape| !shape.name.is_empty())
    }

    /// The shape without the last attribute.
    #[expect(unsafe_code, reason = "a parent owns its children")]
    pub(crate) fn parent(&self) -> Option<&Self> {
        // SAFETY: the parent owns this shape, so it lives at least as long.
        unsafe { self.parent.as_ref() }
    }

    /// The shape with one attribute more, made by `new_id` if need be; `None` when the slots are used up. The name is
    /// interned.
    pub(crate) fn with(&self, name: Ref<'_>, new_id: impl FnOnce() -> u32) -> Option<&Self> {
        if self.dictionary || self.slots == self.layout.capacity {
            return None;
        }
        let mut children = self.children.borrow_mut();
        let known = children.iter().position(|child| child.name.holds(name));
        if known.is_none() && children.len() == MAX_CHILDREN {
            return None;
        }
        let index = known.unwrap_or_else(|| {
            children.push(Box::new(Self {
                id: Cell::new(new_id()),
                ops: self.ops,
                class: self.class.clone(),
                parent: self,
                name: Slot::new(name.own()),
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
    fn renumber(&self, new_id: &mut dyn FnMut() -> u32) {
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

/// The shapes of a class: the root where new instances start, and that of instances with a dict of their own. Former roots
/// stay, because instances may be of them.
pub(crate) struct ClassShapes {
    root: Cell<*const Shape>,
    dictionary: Cell<*const Shape>,
    owned: RefCell<Vec<Box<Shape>>>,
}

crate::untraced!(ClassShapes);

impl ClassShapes {
    /// The shapes of a class whose first root is this one. The root of a class without slots for attributes is its dictionary
    /// shape as well.
    pub(crate) fn new(root: Box<Shape>, dictionary: Option<Box<Shape>>) -> Self {
        let owned: Vec<_> = std::iter::once(root).chain(dictionary).collect();
        let (first, last) = (&raw const *owned[0], &raw const *owned[owned.len() - 1]);
        Self { root: Cell::new(first), dictionary: Cell::new(last), owned: RefCell::new(owned) }
    }

    /// Where new instances start. Its id is the version of everything that can be looked up on the class.
    #[inline(always)]
    #[expect(unsafe_code, reason = "owned shapes are never removed")]
    pub(crate) fn root(&self) -> &Shape {
        // SAFETY: it points into a box of `owned`, which only grows while `self` lives.
        unsafe { &*self.root.get() }
    }

    /// The shape of instances whose attributes are in a dict.
    #[expect(unsafe_code, reason = "owned shapes are never removed")]
    pub(crate) fn dictionary(&self) -> &Shape {
        // SAFETY: as in `root`.
        unsafe { &*self.dictionary.get() }
    }

    /// Ends the bootstrap of the first classes.
    pub(crate) fn set_class(&self, class: Ref<'_>) {
        for shape in self.owned.borrow().iter() {
            shape.class.set(class.value().header());
        }
    }

    /// Makes new instances start with more room.
    pub(crate) fn grow(&self, capacity: u32, id: u32) {
        let old = self.root();
        let layout = Layout { capacity, ..*old.layout() };
        let root = Shape::root(id, old.ops, old.class.get(), layout, false);
        root.finalizer.set(old.finalizer.get());
        let mut owned = self.owned.borrow_mut();
        owned.push(root);
        self.root.set(&raw const *owned[owned.len() - 1]);
    }

    /// Gives all shapes new ids, which empties every cache that knows the class.
    pub(crate) fn renumber(&self, mut new_id: impl FnMut() -> u32) {
        for shape in self.owned.borrow().iter() {
            shape.renumber(&mut new_id);
        }
    }

    /// Says whether instances have something to run before they end.
    pub(crate) fn set_finalizer(&self, has: bool) {
        for shape in self.owned.borrow().iter() {
            shape.set_finalizer(has);
        }
    }
}
