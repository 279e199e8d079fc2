//! Arguments: how a call's values reach a function's parameters.
//!
//! [`Args`] is what a caller passes: positional values, then keyword values whose names are in a tuple of strings.
//! A [`Signature`] is what a native function accepts, [`function::Parameters`] what a Python function does. Two binders
//! put the one into the other: natives read their arguments where they lie ([`Bound`]), Python functions get
//! theirs in the registers of a frame. Both word their errors as CPython does.

pub(crate) mod convert;
pub(crate) mod function;
pub(crate) mod message;
pub(crate) mod native;
pub mod signature;
#[cfg(test)]
mod tests;

pub use signature::Signature;

use crate::exception::PyResult;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// The arguments of a call.
#[derive(Clone, Copy)]
pub struct Args<'a> {
    values: &'a [Ref<'a>],
    names: &'a [Owned],
}

impl<'a> Args<'a> {
    /// No arguments.
    pub const EMPTY: Args<'static> = Args { values: &[], names: &[] };

    /// Positional arguments only.
    #[inline(always)]
    pub fn positional_only(values: &'a [Ref<'a>]) -> Self {
        Self { values, names: &[] }
    }

    /// Positional values, followed by as many keyword values as there are names.
    #[inline(always)]
    pub fn new(values: &'a [Ref<'a>], names: &'a [Owned]) -> Self {
        debug_assert!(names.len() <= values.len());
        Self { values, names }
    }

    /// The positional arguments.
    #[inline(always)]
    pub fn positional(&self) -> &'a [Ref<'a>] {
        &self.values[..self.values.len() - self.names.len()]
    }

    /// The keyword arguments.
    #[inline(always)]
    pub fn keywords(&self) -> impl ExactSizeIterator<Item = (Ref<'a>, Ref<'a>)> + 'a {
        let values = &self.values[self.values.len() - self.names.len()..];
        self.names.iter().map(Owned::borrow).zip(values.iter().copied())
    }

    /// The names of the keyword arguments, str objects all.
    #[inline(always)]
    pub fn names(&self) -> &'a [Owned] {
        self.names
    }

    /// Positional and keyword values.
    #[inline(always)]
    pub fn values(&self) -> &'a [Ref<'a>] {
        self.values
    }

    /// Whether there are keyword arguments.
    #[inline(always)]
    pub fn has_keywords(&self) -> bool {
        !self.names.is_empty()
    }

    /// Whether there are no arguments at all.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Binds them to the [`signature!`](crate::signature) of a constructor, or another function without a row.
    pub fn bind<R>(
        &self,
        vm: &Thread,
        signature: &Signature,
        then: impl FnOnce(&Bound<'_>) -> PyResult<R>,
    ) -> PyResult<R> {
        native::bind(vm, native::Callee::Constructor, signature, None, self, then)
    }

    /// Calls `then` with the same arguments behind another one.
    pub fn prepend<R>(&self, first: Ref<'_>, then: impl FnOnce(&Args<'_>) -> R) -> R {
        let mut values: native::Buffer<Ref<'_>> = native::Buffer::with_capacity(self.values.len() + 1);
        values.push(first);
        values.extend_from_slice(self.values);
        then(&Args { values: &values, names: self.names })
    }

    /// The keyword arguments alone.
    pub fn keywords_only(&self) -> Self {
        Self { values: &self.values[self.positional().len()..], names: self.names }
    }

    /// The arguments without the first, which is positional.
    pub fn split_first(&self) -> Option<(Ref<'a>, Self)> {
        let (&first, _) = self.positional().split_first()?;
        Some((first, Self { values: &self.values[1..], names: self.names }))
    }
}

/// A native function's arguments, bound by its signature.
pub struct Bound<'a> {
    /// One entry for each parameter in order, `*args` and `**kwargs` left out; the receiver comes first where the
    /// function gets it. `None`: not given, the function's default holds.
    pub(crate) parameters: &'a [Option<Ref<'a>>],
    pub(crate) rest: &'a [Ref<'a>],
    pub(crate) keywords: &'a [(Ref<'a>, Ref<'a>)],
}

impl<'a> Bound<'a> {
    /// A parameter that is always there.
    #[inline]
    pub fn required(&self, index: usize) -> Ref<'a> {
        self.parameters[index].expect("the binder fills required parameters")
    }

    /// A parameter that may have been left out.
    #[inline]
    pub fn optional(&self, index: usize) -> Option<Ref<'a>> {
        self.parameters[index]
    }

    /// What `*args` collected.
    pub fn rest(&self) -> &'a [Ref<'a>] {
        self.rest
    }

    /// What `**kwargs` collected.
    pub fn keywords(&self) -> &'a [(Ref<'a>, Ref<'a>)] {
        self.keywords
    }
}
