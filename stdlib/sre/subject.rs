//! What is searched, and the searching.
//!
//! A [`Subject`] is a str, or an object that shows its memory, which stays where it is until the subject is dropped. The
//! matcher gets the memory for a while only: when it pauses, signals are handled, which may run Python.

use std::ops::Range;

use pyx_vm::exception::PyResult;
use pyx_vm::heap::inline::{Bytes, Str};
use pyx_vm::heap::{Kind, Trace, Visitor};
use pyx_vm::protocol::buffer::{BufferView, request};
use pyx_vm::value::{Owned, Ref};
use pyx_vm::vm::Thread;

use super::engine::{Engine, Mode, Outcome};
use super::program::{Program, Subjects};
use super::unit::{Narrow, Utf8};

/// A str or a bytes-like object, and which part of it counts.
pub(super) struct Subject {
    pub(super) object: Owned,
    memory: Memory,
    /// Where the part ends, as an offset into the memory.
    pub(super) end: usize,
    /// Where the part starts and ends, as indices.
    pub(super) bounds: Range<usize>,
}

enum Memory {
    Str,
    Bytes,
    View(Box<BufferView>),
}

impl Trace for Subject {
    fn trace(&self, visitor: &mut Visitor<'_>) {
        self.object.trace(visitor);
        if let Memory::View(view) = &self.memory {
            view.trace(visitor);
        }
    }
}

impl Subject {
    /// The part of an object between two indices.
    #[inline]
    pub(super) fn new(vm: &Thread, object: Ref<'_>, start: isize, end: isize) -> PyResult<Self> {
        let memory = if object.downcast::<Str>().is_some() {
            Memory::Str
        } else if object.is_exact(Kind::Bytes) {
            Memory::Bytes
        } else {
            Memory::View(Box::new(view(vm, object)?))
        };
        let mut subject = Self { object: object.own(), memory, end: 0, bounds: 0..0 };
        let len = match subject.as_str() {
            Some(text) => text.len(),
            None => subject.with_memory(<[u8]>::len),
        };
        let clip = |index: isize| usize::try_from(index).unwrap_or(0).min(len);
        subject.bounds = clip(start)..clip(end);
        subject.end = subject.offset(subject.bounds.end);
        Ok(subject)
    }

    /// What kind of program it needs.
    pub(super) fn kind(&self) -> Subjects {
        if matches!(self.memory, Memory::Str) { Subjects::Text } else { Subjects::Bytes }
    }

    fn as_str(&self) -> Option<&Str> {
        if matches!(self.memory, Memory::Str) { self.object.borrow().downcast() } else { None }
    }

    /// The offset of an index.
    pub(super) fn offset(&self, index: usize) -> usize {
        self.as_str().map_or(index, |text| text.offset(index))
    }

    /// Shows the memory to a function, which runs no Python code.
    pub(super) fn with_memory<R>(&self, read: impl FnOnce(&[u8]) -> R) -> R {
        match &self.memory {
            Memory::Str => read(self.as_str().expect("it is a str").as_bytes()),
            Memory::Bytes => {
                read(self.object.borrow().downcast::<Bytes>().expect("it is a bytes object").as_bytes())
            }
            Memory::View(view) => view.read(read),
        }
    }

    /// Looks for a match from where the matcher is set to start: where it ends.
    pub(super) fn find(
        &self,
        vm: &Thread,
        engine: &mut Engine,
        program: &Program,
        mode: Mode,
    ) -> PyResult<Option<usize>> {
        if engine.start > self.end && mode == Mode::Search {
            return Ok(None);
        }
        let narrow = self.as_str().is_none_or(Str::is_ascii);
        loop {
            let outcome = self.with_memory(|memory| {
                let text = &memory[..self.end];
                if narrow {
                    engine.find::<Narrow>(program, text, mode)
                } else {
                    engine.find::<Utf8>(program, text, mode)
                }
            });
            match outcome {
                Outcome::Match(end) => return Ok(Some(end)),
                Outcome::Failure => return Ok(None),
                Outcome::Pause => vm.check_signals()?,
                Outcome::OutOfMemory => {
                    engine.shrink();
                    return Err(vm.memory_error());
                }
            }
        }
    }

    /// The part between two offsets, as a str or a bytes object.
    pub(super) fn slice(&self, vm: &Thread, part: Range<usize>) -> PyResult {
        match &self.memory {
            Memory::Str => vm.substring(self.object.borrow(), part),
            Memory::Bytes => bytes_slice(vm, self.object.borrow(), part),
            Memory::View(view) => view.read(|memory| vm.bytes(&memory[part])),
        }
    }

    /// `''` or `b''`
    pub(super) fn empty(&self, vm: &Thread) -> PyResult {
        if self.as_str().is_some() { Ok(vm.empty_str()) } else { vm.bytes(&[]) }
    }
}

/// The part between two offsets of an object that was searched: a str, or bytes if it still has them.
pub(super) fn slice(vm: &Thread, object: Ref<'_>, part: Range<usize>) -> PyResult {
    if object.downcast::<Str>().is_some() {
        return vm.substring(object, part);
    }
    if object.is_exact(Kind::Bytes) {
        return bytes_slice(vm, object, part);
    }
    view(vm, object)?.read(|memory| {
        let end = part.end.min(memory.len());
        vm.bytes(&memory[part.start.min(end)..end])
    })
}

/// The index of an offset into an object that was searched.
pub(super) fn index(object: Ref<'_>, offset: usize) -> usize {
    object.downcast::<Str>().map_or(offset, |text| text.index(offset))
}

fn bytes_slice(vm: &Thread, object: Ref<'_>, part: Range<usize>) -> PyResult {
    let bytes = object.downcast::<Bytes>().expect("it is a bytes object").as_bytes();
    if part.len() == bytes.len() { Ok(object.own()) } else { vm.bytes(&bytes[part]) }
}

fn view(vm: &Thread, object: Ref<'_>) -> PyResult<BufferView> {
    vm.get_buffer(object, request::SIMPLE).map_err(|_| {
        let got = vm.type_name(object);
        vm.type_error(format_args!("expected string or bytes-like object, got '{got}'"))
    })
}
