//! What a frame object may ask of its frame, running, suspended or over.
//!
//! # Safety model
//!
//! A frame object's pointer is valid as long as the object lives: a frame that ends while the object is held is handed over
//! to it, and a frame that is freed has no object. Nothing here runs Python while it looks into a frame; what is read is owned
//! by the reader, and what is written over goes to the frame object's `parked` values, because an operand of the running
//! instruction may borrow it.
#![expect(unsafe_code, reason = "frames and their registers")]

use pyx_compiler::bytecode::code::LocalKind;

use super::{Continuation, Frame, frame_object};
use crate::exception::PyResult;
use crate::heap::inline::Tuple;
use crate::types::cell;
use crate::types::code::Code;
use crate::types::frame::FrameObject;
use crate::types::function::Function;
use crate::value::{Owned, Ref, Value};
use crate::vm::Thread;

/// How far a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    /// A generator's frame that has not begun.
    Created,
    Suspended,
    Running,
    Over,
}

impl FrameObject {
    fn pointer(&self) -> *mut Frame {
        self.frame.get().frame
    }

    fn function(&self) -> &Function {
        // SAFETY: the frame is alive and owns its function.
        unsafe { &*Frame::function_payload(self.pointer()) }
    }

    /// The payload of the frame's code.
    pub(crate) fn code(&self) -> &Code {
        // SAFETY: the frame is alive, and keeps its code alive.
        unsafe { &*(*self.pointer()).code }
    }

    /// The frame's code object.
    pub(crate) fn code_object(&self) -> Owned {
        super::code_object(self.pointer())
    }

    /// The globals of the frame's function.
    pub(crate) fn globals(&self) -> Owned {
        self.function().globals.clone()
    }

    /// The builtins of the frame's function.
    pub(crate) fn builtins(&self) -> Owned {
        self.function().builtins.clone()
    }

    /// The mapping of names of a module's or class's frame.
    pub(crate) fn namespace(&self) -> Option<Owned> {
        // SAFETY: the frame is alive and owns its namespace.
        unsafe { owned((*self.pointer()).namespace) }
    }

    /// The generator that the frame belongs to, as long as it is not over.
    pub(crate) fn generator(&self, vm: &Thread) -> PyResult<Option<Owned>> {
        if self.frame.get().owned { Ok(None) } else { crate::eval::generator::object_of(vm, self.pointer()) }
    }

    /// The word index of the current instruction.
    pub(crate) fn word(&self) -> u32 {
        // SAFETY: the frame is alive.
        unsafe { Frame::word_index(self.pointer()) }
    }

    /// Makes sure that the object lives as long as its frame.
    pub(crate) fn keep(&self) {
        if !self.frame.get().owned {
            // SAFETY: the frame and this, its object, are alive.
            unsafe { Frame::keep_object(self.pointer()) };
        }
    }

    /// How far the frame is.
    pub(crate) fn stage(&self) -> Stage {
        let frame = self.pointer();
        if self.frame.get().owned {
            return Stage::Over;
        }
        // SAFETY: the frame is alive, and so is the chain that it is part of.
        unsafe {
            let is_generator = matches!(
                (*frame).ret.to,
                Continuation::ForIter
                    | Continuation::Await
                    | Continuation::AwaitCall
                    | Continuation::Anext
                    | Continuation::Send
                    | Continuation::Resume
            );
            match () {
                () if !is_generator || (*Frame::root(frame)).state & Frame::RUNNING != 0 => Stage::Running,
                () if (*frame).state & Frame::STARTED == 0 => Stage::Created,
                () => Stage::Suspended,
            }
        }
    }

    /// The frame object of the caller. A suspended frame has none.
    pub(crate) fn back_object(&self, vm: &Thread) -> PyResult<Option<Owned>> {
        match self.stage() {
            Stage::Over => Ok(self.back.get()),
            Stage::Created | Stage::Suspended => Ok(None),
            Stage::Running => {
                // SAFETY: the frame is alive; so are those below it in the running chain.
                let prev = unsafe { (*self.pointer()).prev };
                if prev.is_null() { Ok(None) } else { frame_object(vm, prev).map(Some) }
            }
        }
    }

    /// The register of a local, and the cell in it if the variable lives in one.
    fn place(&self, index: usize) -> (*mut Value, Option<Owned>) {
        let code = self.code();
        let register = Frame::registers(self.pointer()).wrapping_add(code.local_register(index));
        let local = &code.template().locals[index];
        // SAFETY: locals hold values or NULL.
        let value = unsafe { owned(*register) };
        let is_free = local.kind == LocalKind::Free;
        if is_free && value.is_none() && self.stage() == Stage::Created {
            return (register, self.cell_of_function(index));
        }
        let is_cell = local.cell || is_free;
        (register, value.filter(|value| is_cell && value.borrow().downcast::<cell::Cell>().is_some()))
    }

    /// The cell of a free variable, before the frame begins and takes it.
    fn cell_of_function(&self, index: usize) -> Option<Owned> {
        let locals = &self.code().template().locals;
        let before = locals[..index].iter().filter(|local| local.kind == LocalKind::Free).count();
        let cells = self.function().closure.get()?;
        cells.borrow().downcast::<Tuple>()?.as_slice().get(before).cloned()
    }

    /// The value of a local variable, if it is bound.
    pub(crate) fn local(&self, index: usize) -> Option<Owned> {
        match self.place(index) {
            // SAFETY: locals hold values or NULL.
            (register, None) => unsafe { owned(*register) },
            (_, Some(cell)) => content(&cell).content.get(),
        }
    }

    /// Binds a local variable.
    pub(crate) fn set_local(&self, vm: &Thread, index: usize, value: Owned) -> PyResult<()> {
        match self.place(index) {
            (_, Some(cell)) => content(&cell).content.set(value),
            (register, None) => {
                // SAFETY: the register is a local's; the old value moves to where it outlives the current instruction.
                let old = unsafe { register.replace(value.into_value()) };
                if !old.is_null() {
                    // SAFETY: the register owned it.
                    self.rare().parked.push(vm, unsafe { Owned::from_value(old) })?;
                }
            }
        }
        Ok(())
    }

    /// Whether a local's register holds nothing, not even a cell.
    pub(crate) fn is_unbound(&self, index: usize) -> bool {
        let (register, _) = self.place(index);
        // SAFETY: locals hold values or NULL.
        unsafe { (*register).is_null() }
    }

    /// Drops a live temporary; with `restores`, it is the exception that is handled from now on.
    pub(crate) fn drop_temporary(&self, index: usize, restores: bool) {
        let frame = self.pointer();
        // SAFETY: the caller's temporary holds a value or NULL, and is dead from here on.
        unsafe {
            let register = Frame::registers(frame).add((*(*frame).code).near_locals as usize + index);
            let value = register.replace(Value::NULL);
            let old = if restores { Frame::replace_handled(frame, value) } else { value };
            old.release();
        }
    }

    /// Makes the frame go on at another instruction.
    pub(crate) fn go_to(&self, word: u32) {
        let frame = self.pointer();
        // SAFETY: the caller's word is an instruction of the frame's code.
        unsafe { (*frame).pc = (*(*frame).code).words.0.as_ptr().cast::<u64>().add(word as usize) };
    }

    /// Lets go of the local variables of a frame that is over.
    pub(crate) fn clear_locals(&self) {
        // SAFETY: the object's frame is alive, and the caller saw that nobody runs it.
        unsafe { Frame::clear_locals(self.pointer()) };
    }
}

fn content(cell: &Owned) -> &cell::Cell {
    cell.borrow().downcast().expect("a cell")
}

/// Another owner of a value that may be NULL.
///
/// # Safety
/// A value that is not NULL is alive.
unsafe fn owned(value: Value) -> Option<Owned> {
    // SAFETY: the caller's.
    (!value.is_null()).then(|| unsafe { Ref::from_value(value) }.own())
}
