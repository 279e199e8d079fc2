//! `generator`, `coroutine`: objects that own a suspended frame.
//!
//! What they do when resumed is in [`crate::eval::generator`]; here are the objects and their attributes.

use std::cell::Cell;

use crate::class;
use crate::exception::PyResult;
use crate::frame::Frame;
use crate::heap::{Kind, Slot, Trace, Visitor};
use crate::native::{TypeDef, TypeFlags};
use crate::value::{Owned, Ref};
use crate::vm::Thread;

crate::payload! {
    /// A generator.
    pub struct Generator: Generator {
        pub(crate) state: Suspended,
    }

    /// A coroutine.
    pub struct Coroutine: Coroutine {
        pub(crate) state: Suspended,
    }

    /// An async generator.
    pub struct AsyncGenerator: AsyncGenerator {
        pub(crate) state: Suspended,
        /// The hook to call when it is dropped unfinished; set at the first iteration.
        pub(crate) finalizer: Slot,
        pub(crate) hooks_called: Cell<bool>,
        pub(crate) closed: Cell<bool>,
        /// An `asend`, `athrow` or `aclose` is under way.
        pub(crate) running: Cell<bool>,
    }
}

class! {
    Generator => GENERATOR;
    Coroutine => COROUTINE;
    AsyncGenerator => ASYNC_GENERATOR;
}

/// What generators of all kinds have in common.
pub(crate) struct Suspended {
    /// The frame; null when it is over.
    pub(crate) frame: Cell<*mut Frame>,
    pub(crate) code: Owned,
    pub(crate) name: Slot,
    pub(crate) qualname: Slot,
    /// Where a coroutine was created: a tuple, with origin tracking on.
    pub(crate) origin: Slot,
}

impl Trace for Suspended {
    fn trace(&self, visitor: &mut Visitor<'_>) {
        self.code.trace(visitor);
        self.name.trace(visitor);
        self.qualname.trace(visitor);
        self.origin.trace(visitor);
        crate::eval::generator::trace(self.frame.get(), visitor);
    }
}

impl Drop for Suspended {
    fn drop(&mut self) {
        crate::eval::generator::discard(self.frame.replace(std::ptr::null_mut()));
    }
}

/// The common part of a generator, coroutine or async generator.
#[inline(always)]
pub(crate) fn suspended(object: Ref<'_>) -> Option<&Suspended> {
    match object.kind() {
        Kind::Generator => Some(&object.downcast::<Generator>()?.state),
        Kind::Coroutine => Some(&object.downcast::<Coroutine>()?.state),
        Kind::AsyncGenerator => Some(&object.downcast::<AsyncGenerator>()?.state),
        _ => None,
    }
}

const FLAGS: TypeFlags = TypeFlags { no_new: true, weakref: true, ..TypeFlags::NONE };

pub(crate) static GENERATOR: TypeDef = TypeDef { flags: FLAGS, ..TypeDef::new::<Generator>("generator") };

pub(crate) static COROUTINE: TypeDef = TypeDef { flags: FLAGS, ..TypeDef::new::<Coroutine>("coroutine") };

pub(crate) static ASYNC_GENERATOR: TypeDef =
    TypeDef { flags: FLAGS, ..TypeDef::new::<AsyncGenerator>("async_generator") };

impl Thread {
    /// Where a coroutine is being created, if origin tracking is on: a tuple of (file name, line, function name), innermost
    /// first.
    pub(crate) fn coroutine_origin(&self) -> PyResult<Option<Owned>> {
        let depth = self.origin_depth.get();
        if depth == 0 {
            return Ok(None);
        }
        let places = crate::frame::stack(self).take(depth).map(|place| {
            let line = self.int(place.line.into())?;
            self.tuple(vec![place.filename, line, place.name])
        });
        self.tuple(places.collect::<PyResult<Vec<_>>>()?).map(Some)
    }
}
