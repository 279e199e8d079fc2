//! Frames: where code runs.
//!
//! A frame is a block of memory with a fixed part and the registers behind it: near locals, temporaries, far locals. It
//! comes from a free list of its size class, and every frame can be suspended, because none lives on the native stack. A
//! Python-to-Python call makes a frame, moves the arguments into its first registers, and goes on in the same loop.
//!
//! # Ownership
//!
//! A frame owns its function, its locals, its live temporaries, its handled exception, its namespace. Exactly one of
//! these owns a frame: the loop (while it runs), a generator (while suspended), or a frame object (after it was left
//! while somebody held the object).
//!
//! # Return continuations
//!
//! What happens with the value a frame returns is in its [`Return`]: written to a register of the frame before it, or
//! handed to native code, or something special such as the instance that `__init__` completes.
//!
//! # Chains of generators
//!
//! A generator that awaits (or yields from) another links that one's frame to its own: `prev` leads from the innermost
//! frame, the *leaf*, through the awaiting ones up to the *root*, the generator that somebody resumes. The root's
//! `link` names the leaf, every other frame's `link` names the root, possibly a former one, whose `link` leads on:
//! [`Frame::root`]. So resuming and yielding cost the same at any depth.
//!
//! # Safety model
//!
//! Frames are raw memory, handled by raw pointers, here and in the loop. A frame pointer is valid from `push` until the
//! owner frees it. Registers from `near_locals` up to the live depth of the current instruction hold values; other
//! temporaries are garbage. Locals always hold a value or NULL.
#![expect(unsafe_code, reason = "frames and their registers")]

pub(crate) mod face;
pub(crate) mod unseen;

use std::alloc::{self, Layout};
use std::cell::Cell;
use std::ptr;

use pyx_compiler::bytecode::opcode::Opcode;

use crate::exception::PyResult;
use crate::heap::dict::Dict;
use crate::heap::{Header, Visitor, payload};
use crate::types::code::Code;
use crate::types::frame::{FrameObject, FramePointer};
use crate::types::function::Function;
use crate::value::{Owned, Ref, Value};
use crate::vm::Thread;

/// See the module.
#[repr(C)]
pub(crate) struct Frame {
    pub(crate) code: *const Code,
    /// The current instruction, up to date whenever anything outside the loop can look.
    pub(crate) pc: *const u64,
    /// The frame that gets the result, or the awaiting one; null at the bottom.
    pub(crate) prev: *mut Frame,
    /// A function object, owned.
    pub(crate) function: Value,
    pub(crate) globals: *const Dict,
    /// The exception being handled, owned, or NULL.
    pub(crate) handled: Value,
    /// The mapping of names that module and class code works on, owned, or NULL.
    pub(crate) namespace: Value,
    /// What the return continuation keeps, owned, or NULL.
    pub(crate) held: Value,
    /// The generator object that this frame belongs to, borrowed, or NULL.
    pub(crate) generator: Value,
    /// The frame object, or the exception that [`unseen`] links to the frame, borrowed; or NULL.
    pub(crate) object: Value,
    /// Of a generator's frame: the leaf if it is a root, else the root; see the module.
    pub(crate) link: *mut Frame,
    pub(crate) ret: Return,
    /// Size in granules.
    class: u32,
    /// Of a root: the recursion budget its suspended chain has used; while it runs, what was left before.
    pub(crate) depth: i32,
    /// Where `IN_LINE` is set: the line that tools were told of last.
    pub(crate) line: i32,
    /// In a handler: the word where its exception was raised.
    pub(crate) raised_at: u32,
    /// `Frame::RUNNING` and so on.
    pub(crate) state: u8,
}

/// What becomes of the value that a frame returns.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(8))]
pub(crate) struct Return {
    pub(crate) to: Continuation,
    /// Whether the destination is a local, whose old value is dropped.
    pub(crate) own: bool,
    pub(crate) register: u16,
    /// Words of the instruction that made the call, which the caller goes on after.
    pub(crate) words: u8,
}

/// See [`Return`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Continuation {
    /// To the native caller of the loop.
    Native,
    /// To a register; the caller goes on after its current instruction.
    Register,
    /// The frame runs `__init__`: the value must be None, and the instance in `held` goes to the register.
    Init,
    /// A generator resumed by `for_iter` of the frame before: a yielded value goes to its register; at the end it leaves
    /// the loop.
    ForIter,
    /// A coroutine or generator that the frame before awaits.
    Await,
    /// A coroutine function called by `await_call`, with no coroutine object so far.
    AwaitCall,
    /// An async generator resumed by `get_anext`, with no `asend` object so far.
    Anext,
    /// A generator resumed by a call of its `send`: a yielded value is the call's; the end raises StopIteration at the call. The
    /// run owns a count of the generator.
    Send,
    /// A generator resumed by native code, which gets what is yielded or returned.
    Resume,
}

impl Continuation {
    /// Whether the frame before awaits this one.
    #[inline(always)]
    pub(crate) fn is_awaited(self) -> bool {
        matches!(self, Self::Await | Self::AwaitCall | Self::Anext)
    }
}

impl Return {
    pub(crate) const NATIVE: Self = Self { to: Continuation::Native, own: false, register: 0, words: 0 };
}

/// Size classes of frames, in bytes; larger frames come from the system allocator each time.
const GRANULE: usize = 64;
const CLASSES: usize = 17;

/// A thread's frames: the current one, and free memory.
pub(crate) struct FrameStack {
    pub(crate) top: Cell<*mut Frame>,
    free: [Cell<*mut Frame>; CLASSES],
}

impl FrameStack {
    pub(crate) fn new() -> Self {
        Self { top: Cell::new(ptr::null_mut()), free: [const { Cell::new(ptr::null_mut()) }; CLASSES] }
    }

    /// Memory for a frame of a size class, which is written and is quiet; null when memory is out.
    #[inline(always)]
    fn allocate(&self, class: u32) -> *mut Frame {
        if (class as usize) < CLASSES {
            let frame = self.free[class as usize].get();
            if !frame.is_null() {
                // SAFETY: a free frame's `prev` is the next free one.
                self.free[class as usize].set(unsafe { (*frame).prev });
                return frame;
            }
        }
        Self::allocate_fresh(class)
    }

    #[cold]
    #[inline(never)]
    fn allocate_fresh(class: u32) -> *mut Frame {
        let Ok(layout) = Layout::from_size_align(class as usize * GRANULE, 16) else {
            return ptr::null_mut();
        };
        // SAFETY: the size is not zero.
        let frame: *mut Frame = unsafe { alloc::alloc(layout) }.cast();
        if !frame.is_null() {
            // SAFETY: fresh memory, large enough.
            unsafe {
                (*frame).class = class;
                Frame::quieten(frame);
            }
        }
        frame
    }

    /// Takes back the memory of a quiet frame that owns nothing any more.
    #[inline(always)]
    unsafe fn free(&self, frame: *mut Frame) {
        // SAFETY: the caller's frame came from `allocate`.
        unsafe {
            let class = (*frame).class as usize;
            if class < CLASSES {
                (*frame).prev = self.free[class].get();
                self.free[class].set(frame);
            } else {
                free_detached(frame);
            }
        }
    }

    /// A frame for a function's code, all locals NULL but the first `arguments`, which the caller writes at once; null
    /// when memory is out. The function's count goes to the frame.
    #[inline(always)]
    pub(crate) unsafe fn push(
        &self,
        function: Value,
        code: *const Code,
        arguments: usize,
        prev: *mut Frame,
        ret: Return,
    ) -> *mut Frame {
        // SAFETY: the caller passes a live function object with this code.
        unsafe {
            let frame = self.allocate((*code).frame_class);
            if frame.is_null() {
                return frame;
            }
            (*frame).code = code;
            (*frame).pc = (*code).start.get();
            (*frame).prev = prev;
            (*frame).function = function;
            (*frame).globals =
                payload::<Dict>((*payload::<Function>(function.header())).globals.value().header());
            (*frame).ret = ret;
            (*frame).state = 0;
            let registers = Frame::registers(frame);
            for index in arguments..(*code).near_locals as usize {
                keep_rolled();
                registers.add(index).write(Value::NULL);
            }
            if (*code).local_count > (*code).near_locals {
                for index in (*code).near_locals as usize..(*code).local_count as usize {
                    registers.add((*code).local_register(index)).write(Value::NULL);
                }
            }
            frame
        }
    }
}

impl Drop for FrameStack {
    fn drop(&mut self) {
        for free in &self.free {
            let mut frame = free.get();
            while !frame.is_null() {
                // SAFETY: free frames are linked by `prev` and own nothing.
                unsafe {
                    let next = (*frame).prev;
                    free_detached(frame);
                    frame = next;
                }
            }
        }
    }
}

impl Frame {
    /// A generator's chain, of which this is the root, runs.
    pub(crate) const RUNNING: u8 = 1;
    /// The generator has started.
    pub(crate) const STARTED: u8 = 2;
    /// The frame is over: its temporaries are gone.
    pub(crate) const CLEARED: u8 = 4;
    /// The generator has its object.
    pub(crate) const MATERIAL: u8 = 8;
    /// Tools were told that the function begins, or it had begun before there were any.
    pub(crate) const ENTERED: u8 = 16;
    /// Tools were told of a line, which goes on.
    pub(crate) const IN_LINE: u8 = 32;
    /// The frame owns its object, which knows something that must not be lost: a trace function, names of `f_locals`.
    pub(crate) const KEEPS_OBJECT: u8 = 64;
    /// An exception was thrown into what the frame awaits: what comes out of that, unless it suspends again, is thrown here.
    pub(crate) const THROWN: u8 = 128;

    /// The size class of frames with so many registers: their size in granules.
    pub(crate) fn class(registers: usize) -> u32 {
        (size_of::<Self>() + registers * size_of::<Value>()).div_ceil(GRANULE) as u32
    }

    /// Whether the frame is like one just pushed but for its locals: nothing was handled, held or linked to it. Free
    /// frames are quiet, so that a call need not write what most frames never use.
    #[inline(always)]
    unsafe fn is_quiet(frame: *const Self) -> bool {
        // SAFETY: the caller's frame is alive.
        unsafe {
            (*frame).object.is_null()
                && (*frame).handled.is_null()
                && (*frame).namespace.is_null()
                && (*frame).held.is_null()
                && (*frame).generator.is_null()
        }
    }

    /// Forgets what makes a frame not quiet, all of which is given up already.
    unsafe fn quieten(frame: *mut Self) {
        // SAFETY: the caller's frame is alive.
        unsafe {
            (*frame).handled = Value::NULL;
            (*frame).namespace = Value::NULL;
            (*frame).held = Value::NULL;
            (*frame).generator = Value::NULL;
            (*frame).object = Value::NULL;
        }
    }

    /// The registers.
    #[inline(always)]
    pub(crate) fn registers(frame: *mut Self) -> *mut Value {
        frame.wrapping_add(1).cast()
    }

    /// The word index of the current instruction.
    pub(crate) unsafe fn word_index(frame: *const Self) -> u32 {
        // SAFETY: the pc points into the code's words.
        unsafe { (*frame).pc.offset_from((*(*frame).code).words.0.as_ptr().cast()) as u32 }
    }

    /// The opcode of the current instruction, under its mark if it has one.
    #[inline(always)]
    pub(crate) unsafe fn opcode(frame: *const Self) -> Opcode {
        // SAFETY: the pc points to an instruction of verified code, whose opcodes are of the table.
        let shown = unsafe { std::mem::transmute::<u8, Opcode>(*(*frame).pc as u8) };
        if shown == Opcode::Instrumented {
            // SAFETY: the caller's frame is alive.
            return unsafe { (*(*frame).code).opcode_at(Self::word_index(frame)) };
        }
        shown
    }

    /// The source line of the current instruction.
    pub(crate) unsafe fn line(frame: *const Self) -> Option<i32> {
        // SAFETY: the caller's frame is alive.
        unsafe { (*(*frame).code).line_at(Self::word_index(frame)) }
    }

    /// Temporaries that hold values at the current instruction, after it consumed its operands.
    pub(crate) unsafe fn live_temporaries(frame: *const Self) -> usize {
        // SAFETY: the caller's frame is alive.
        unsafe { (*(*frame).code).template().depths.at(Self::word_index(frame)) as usize }
    }

    /// The function of a live frame.
    pub(crate) fn function(frame: *mut Self) -> Owned {
        // SAFETY: callers pass a live frame, which owns its function.
        unsafe { Ref::from_value((*frame).function).own() }
    }

    /// The function object.
    pub(crate) unsafe fn function_payload(frame: *const Self) -> *const Function {
        // SAFETY: the caller's frame is alive and owns its function.
        unsafe { payload::<Function>((*frame).function.header()) }
    }

    /// Gives up everything the frame owns, the last local first as CPython. Temporaries must be dropped already.
    ///
    /// # Safety
    /// Nobody uses the frame's contents afterwards.
    pub(crate) unsafe fn clear(frame: *mut Self) {
        // SAFETY: locals hold values or NULL; each is taken out before it is dropped.
        unsafe {
            let code = (*frame).code;
            let registers = Self::registers(frame);
            if (*code).local_count > (*code).near_locals {
                for index in ((*code).near_locals as usize..(*code).local_count as usize).rev() {
                    registers.add((*code).local_register(index)).replace(Value::NULL).release();
                }
            }
            Self::clear_near_locals(frame);
            Self::replace_handled(frame, Value::NULL).release();
            for field in [&raw mut (*frame).namespace, &raw mut (*frame).held] {
                if (*field).is_pointer() {
                    field.replace(Value::NULL).release();
                }
            }
            (*frame).function.release();
            Self::quieten(frame);
        }
    }

    /// Empties the locals of a frame that is over, the last one first.
    ///
    /// # Safety
    /// The frame is alive, and nobody runs it.
    pub(crate) unsafe fn clear_locals(frame: *mut Self) {
        // SAFETY: locals hold values or NULL; each is taken out before it is dropped, and the frame outlives the drops.
        unsafe {
            let code = &*(*frame).code;
            for index in (0..code.local_count as usize).rev() {
                Self::registers(frame).add(code.local_register(index)).replace(Value::NULL).release();
            }
        }
    }

    /// Makes a frame handle another exception; NULL is none. The result is the former one.
    ///
    /// # Safety
    /// The frame is alive. Counts move in and out.
    pub(crate) unsafe fn replace_handled(frame: *mut Self, exception: Value) -> Value {
        // SAFETY: the caller's.
        unsafe {
            let old = std::mem::replace(&mut (*frame).handled, exception);
            if old.is_null() != exception.is_null()
                && let Some(vm) = crate::heap::thread_of(Ref::from_value((*frame).function))
            {
                let handling = &vm.interpreter().handling;
                let change = if old.is_null() { 1 } else { usize::MAX };
                handling.set(handling.get().wrapping_add(change));
            }
            old
        }
    }

    /// Gives up the near locals, the last one first.
    ///
    /// # Safety
    /// The frame is alive.
    #[inline(always)]
    unsafe fn clear_near_locals(frame: *mut Self) {
        // SAFETY: locals hold values or NULL; each is taken out before it is dropped.
        unsafe {
            let registers = Self::registers(frame);
            for index in (0..(*(*frame).code).near_locals as usize).rev() {
                let value = registers.add(index).read();
                if value.is_pointer() {
                    registers.add(index).write(Value::NULL);
                    value.release();
                }
            }
        }
    }

    /// Makes the frame an owner of its object.
    pub(crate) unsafe fn keep_object(frame: *mut Self) {
        // SAFETY: the caller's frame and its object are alive.
        unsafe {
            if (*frame).state & Self::KEEPS_OBJECT == 0 {
                (*frame).state |= Self::KEEPS_OBJECT;
                (*frame).object.retain();
            }
        }
    }

    /// The frame's share in its object, if it has one.
    unsafe fn let_go_of_object(frame: *mut Self) -> Option<Owned> {
        // SAFETY: the caller's frame is alive; a frame that keeps its object owns a count.
        unsafe {
            let keeps = (*frame).state & Self::KEEPS_OBJECT != 0;
            (*frame).state &= !Self::KEEPS_OBJECT;
            keeps.then(|| Owned::from_value((*frame).object))
        }
    }

    /// The root of the chain that a generator's frame is part of; shortens the path on the way.
    #[inline]
    pub(crate) unsafe fn root(frame: *mut Self) -> *mut Self {
        // SAFETY: links lead along frames of one chain, which are alive together.
        unsafe {
            let mut at = frame;
            while (*at).ret.to.is_awaited() {
                let next = (*at).link;
                if (*next).ret.to.is_awaited() {
                    (*at).link = (*next).link;
                }
                at = next;
            }
            at
        }
    }

    /// Shows the collector what a suspended or handed-over frame owns.
    pub(crate) unsafe fn trace(frame: *mut Self, visitor: &mut Visitor<'_>) {
        // SAFETY: the caller owns the frame; live temporaries are as the table says.
        unsafe {
            let code = &*(*frame).code;
            let registers = Self::registers(frame);
            for index in 0..code.local_count as usize {
                visitor.value(*registers.add(code.local_register(index)));
            }
            if (*frame).state & Self::CLEARED == 0 {
                for index in 0..Self::live_temporaries(frame) {
                    visitor.value(*registers.add(code.near_locals as usize + index));
                }
            }
            for value in [(*frame).function, (*frame).handled, (*frame).namespace, (*frame).held] {
                visitor.value(value);
            }
            if (*frame).state & Self::KEEPS_OBJECT != 0 {
                visitor.value((*frame).object);
            }
        }
    }
}

impl crate::heap::Trace for Cell<FramePointer> {
    fn trace(&self, visitor: &mut Visitor<'_>) {
        let pointer = self.get();
        if pointer.owned {
            // SAFETY: an owned frame is alive until its object drops it.
            unsafe { Frame::trace(pointer.frame, visitor) };
        }
    }

    fn clear(&self) {
        let pointer = self.get();
        if pointer.owned {
            // SAFETY: as above; nobody runs a frame that is over.
            unsafe { Frame::clear_locals(pointer.frame) };
        }
    }
}

/// The frame object of a frame, made when first asked for.
pub(crate) fn frame_object(vm: &Thread, frame: *mut Frame) -> PyResult {
    // SAFETY: callers pass a live frame; its object, if any, is alive, or it would have unlinked itself.
    unsafe {
        if !(*frame).object.is_null() && !unseen::is_frame_object(Ref::from_value((*frame).object)) {
            unseen::settle(vm, frame);
        }
        if let Some(object) = linked_object(frame) {
            return Ok(object);
        }
        let object = vm.new_object(FrameObject::new(frame))?;
        (*frame).object = object.value();
        Ok(object)
    }
}

/// The frame object that somebody holds. One that is ending, because drops above it are not over, and the frame forget each
/// other.
///
/// # Safety
/// The frame is alive.
unsafe fn linked_object(frame: *mut Frame) -> Option<Owned> {
    // SAFETY: the memory of a linked object is intact: it unlinks itself when its payload is dropped.
    unsafe {
        let object = (*frame).object;
        if object.is_null() {
            return None;
        }
        if (*object.header()).references() > 0 {
            return Some(Ref::from_value(object).own());
        }
        if let Some(face) = Ref::from_value(object).downcast::<FrameObject>() {
            face.frame.set(FramePointer { frame: ptr::null_mut(), owned: false });
        }
        (*frame).object = Value::NULL;
        None
    }
}

/// Leaves a frame whose temporaries are gone: frees it, or hands it to the frame object that somebody holds.
///
/// # Safety
/// The caller owned the frame, and does not use it afterwards.
#[inline(always)]
pub(crate) unsafe fn leave(vm: &Thread, frame: *mut Frame) {
    // SAFETY: the caller's.
    unsafe {
        if (*frame).object.is_null() {
            Frame::clear(frame);
            vm.frames.free(frame);
        } else {
            leave_linked(vm, frame);
        }
    }
}

/// Whether [`leave_plain`] will do: the frame is quiet, of a size that is kept, and without far locals.
#[inline(always)]
pub(crate) unsafe fn is_plain(frame: *const Frame) -> bool {
    // SAFETY: the caller's frame is alive.
    unsafe {
        let code = (*frame).code;
        Frame::is_quiet(frame)
            && ((*frame).class as usize) < CLASSES
            && (*code).local_count == (*code).near_locals
    }
}

/// Leaves a called frame that is plain: its locals go, `prev` is the current one. The memory is kept, and its `ret` until the
/// next frame is pushed.
///
/// # Safety
/// The frame's temporaries are gone.
#[inline(always)]
pub(crate) unsafe fn leave_plain(vm: &Thread, frame: *mut Frame, prev: *mut Frame) {
    vm.frames.top.set(prev);
    vm.recursion_left.set(vm.recursion_left.get() + 1);
    // SAFETY: the caller's. Nobody can link anything to the frame meanwhile: it is on no chain any more.
    unsafe {
        Frame::clear_near_locals(frame);
        (*frame).function.release();
        let class = (*frame).class as usize;
        (*frame).prev = vm.frames.free[class].get();
        vm.frames.free[class].set(frame);
    }
}

/// `leave` of a frame that has an object, or that an exception passed.
#[cold]
#[inline(never)]
unsafe fn leave_linked(vm: &Thread, frame: *mut Frame) {
    // SAFETY: the caller's.
    unsafe {
        unseen::settle(vm, frame);
        // Somebody else may hold the object; otherwise it ends here.
        drop(Frame::let_go_of_object(frame));
        if (*frame).object.is_null() {
            Frame::clear(frame);
            vm.frames.free(frame);
        } else {
            hand_over(vm, frame);
        }
    }
}

/// As `leave`, where no thread is at hand.
///
/// # Safety
/// As `leave`.
pub(crate) unsafe fn leave_detached(frame: *mut Frame) {
    // SAFETY: the caller's.
    unsafe {
        if !(*frame).object.is_null()
            && let Some(vm) = crate::heap::thread_of(Ref::from_value((*frame).object))
        {
            unseen::settle(vm, frame);
        }
        drop(Frame::let_go_of_object(frame));
        let Some(object) = linked_object(frame) else {
            Frame::clear(frame);
            free_detached(frame);
            return;
        };
        let face = object.borrow().downcast::<FrameObject>().expect("a frame's object");
        (*frame).prev = ptr::null_mut();
        (*frame).state |= Frame::CLEARED;
        face.frame.set(FramePointer { frame, owned: true });
    }
}

/// Makes the frame object the owner of its frame.
unsafe fn hand_over(vm: &Thread, frame: *mut Frame) {
    // SAFETY: the frame's object is alive while it is linked.
    unsafe {
        let Some(object) = linked_object(frame) else {
            Frame::clear(frame);
            vm.frames.free(frame);
            return;
        };
        let face = object.borrow().downcast::<FrameObject>().expect("a frame's object");
        drop(face.rare_if_any().map(|rare| rare.parked.take()));
        let is_generator = (*(*frame).code).is_generator_like();
        if !(*frame).prev.is_null() && !is_generator {
            // Without memory for it, `f_back` is None.
            if let Ok(back) = frame_object(vm, (*frame).prev) {
                face.back.set(back);
            }
        }
        (*frame).prev = ptr::null_mut();
        (*frame).state |= Frame::CLEARED;
        (*frame).generator = Value::NULL;
        face.frame.set(FramePointer { frame, owned: true });
    }
}

impl Drop for FrameObject {
    fn drop(&mut self) {
        let FramePointer { frame, owned } = self.frame.get();
        if frame.is_null() {
            return;
        }
        // SAFETY: a live frame forgets the object; an owned one ends with it.
        unsafe {
            (*frame).object = Value::NULL;
            if owned {
                Frame::clear(frame);
                free_detached(frame);
            }
        }
    }
}

/// Keeps the compiler from unrolling a loop that mostly runs once or twice.
#[inline(always)]
pub(crate) fn keep_rolled() {
    #[cfg(not(miri))]
    // SAFETY: no instructions.
    unsafe {
        std::arch::asm!("", options(nomem, nostack, preserves_flags));
    }
}

/// Frees the memory of a frame where no thread is at hand.
unsafe fn free_detached(frame: *mut Frame) {
    // SAFETY: the caller's frame owns nothing any more, and was allocated with this layout.
    unsafe {
        let size = (*frame).class as usize * GRANULE;
        let layout = Layout::from_size_align(size, 16).expect("as allocated");
        alloc::dealloc(frame.cast(), layout);
    }
}

/// The code of a live frame.
pub(crate) fn code_of<'f>(frame: *mut Frame) -> &'f Code {
    // SAFETY: callers pass a live frame, which keeps its code alive, and use the code no longer than that.
    unsafe { &*(*frame).code }
}

/// The code object of a live frame.
pub(crate) fn code_object(frame: *mut Frame) -> Owned {
    let header = ptr::from_ref(code_of(frame)).cast::<Header>().wrapping_sub(1);
    // SAFETY: a payload follows the header of its object, which is alive.
    unsafe { Ref::from_value(Value::from_header(header)).own() }
}

/// The word index of a live frame's current instruction.
pub(crate) fn current_word(frame: *mut Frame) -> u32 {
    // SAFETY: callers pass a live frame.
    unsafe { Frame::word_index(frame) }
}

/// The innermost exception being handled, along the chain of frames.
pub(crate) fn handled_exception(vm: &Thread) -> Option<Owned> {
    // Mostly there is none, and the chain can be long.
    if vm.interpreter().handling.get() == 0 {
        return None;
    }
    let mut frame = vm.frames.top.get();
    while !frame.is_null() {
        // SAFETY: the chain from the top leads along live frames.
        unsafe {
            if !(*frame).handled.is_null() {
                return Some(Ref::from_value((*frame).handled).own());
            }
            frame = (*frame).prev;
        }
    }
    None
}

/// Where a frame stands.
pub(crate) struct Place {
    pub(crate) filename: Owned,
    pub(crate) name: Owned,
    pub(crate) line: i32,
}

/// The running frames, innermost first.
pub(crate) fn stack(vm: &Thread) -> impl Iterator<Item = Place> + '_ {
    let mut frame = vm.frames.top.get();
    std::iter::from_fn(move || {
        if frame.is_null() {
            return None;
        }
        // SAFETY: the chain from the top leads along live frames, and nothing runs between two steps.
        unsafe {
            let code = &*(*frame).code;
            let line = Frame::line(frame).unwrap_or(0);
            frame = (*frame).prev;
            Some(Place { filename: code.filename.get_or_none(), name: code.name.clone(), line })
        }
    })
}

/// The frame so many calls up from the running function; null beyond the outermost.
pub(crate) fn nth(vm: &Thread, depth: usize) -> *mut Frame {
    let mut frame = vm.frames.top.get();
    for _ in 0..depth {
        if frame.is_null() {
            break;
        }
        // SAFETY: the chain from the top leads along live frames.
        frame = unsafe { (*frame).prev };
    }
    frame
}

/// The globals, the file's name and the line of the frame so many calls up, which there is.
pub(crate) fn position_at(vm: &Thread, depth: usize) -> (Owned, Owned, i32) {
    let frame = nth(vm, depth);
    // SAFETY: the frame is on the chain from the top, so it is alive, and it owns its function.
    unsafe {
        let code = &*(*frame).code;
        let globals = (*Frame::function_payload(frame)).globals.clone();
        (globals, code.filename.get_or_none(), Frame::line(frame).unwrap_or(0))
    }
}

/// The innermost frame.
fn current(vm: &Thread) -> Option<&Frame> {
    // SAFETY: the top frame is alive while native code runs on top of it.
    unsafe { vm.frames.top.get().as_ref() }
}

/// The globals of the running function.
pub(crate) fn current_globals(vm: &Thread) -> Option<Owned> {
    // SAFETY: the frame owns its function.
    current(vm).map(|frame| unsafe { (*Frame::function_payload(frame)).globals.clone() })
}

/// The builtins of the running function.
pub(crate) fn current_builtins(vm: &Thread) -> Option<Owned> {
    // SAFETY: the frame owns its function.
    current(vm).map(|frame| unsafe { (*Frame::function_payload(frame)).builtins.clone() })
}

/// The name of the module that the running function is from.
pub(crate) fn current_module(vm: &Thread) -> Option<Owned> {
    // SAFETY: the frame owns its function.
    current(vm).and_then(|frame| unsafe { (*Frame::function_payload(frame)).module.get() })
}

/// The flags of the running code; 0 if none runs.
pub(crate) fn current_code_flags(vm: &Thread) -> u32 {
    // SAFETY: the frame's function keeps the code alive.
    current(vm).map_or(0, |frame| unsafe { (*frame.code).flags })
}

/// `locals()` of the running frame: the namespace of a module or class body, else a snapshot of a function's variables
/// (PEP 667).
pub(crate) fn current_locals(vm: &Thread) -> PyResult {
    let frame = vm.frames.top.get();
    if frame.is_null() {
        return Err(vm.system_error("frame does not exist"));
    }
    // SAFETY: the top frame is alive; it owns its namespace.
    unsafe {
        if !(*frame).namespace.is_null() {
            return Ok(Ref::from_value((*frame).namespace).own());
        }
    }
    let dict = vm.dict()?;
    let table = &dict.borrow().downcast::<Dict>().expect("a dict").table;
    for (name, value) in variables(frame) {
        table.insert(vm, name.borrow(), vm.hash(name.borrow())?, value)?;
    }
    // What `f_locals` added to the function's own names.
    // SAFETY: the frame is alive, and so is its object while it is linked.
    let object = unsafe { linked_object(frame) };
    let face = object.as_ref().and_then(|object| object.borrow().downcast::<FrameObject>());
    if let Some(extra) = face.and_then(FrameObject::extra_locals) {
        vm.dict_update(dict.borrow(), extra.borrow())?;
    }
    Ok(dict)
}

/// The bound variables of a frame, cells looked into.
pub(crate) fn variables(frame: *mut Frame) -> Vec<(Owned, Owned)> {
    use crate::types::cell::Cell;
    // SAFETY: callers pass a live frame; locals hold values or NULL.
    unsafe {
        let code = &*(*frame).code;
        let mut found = Vec::new();
        for (index, name) in code.locals.iter().enumerate() {
            let value = *Frame::registers(frame).add(code.local_register(index));
            if value.is_null() {
                continue;
            }
            let value = Ref::from_value(value);
            let local = &code.template().locals[index];
            let is_cell = local.cell || local.kind == pyx_compiler::bytecode::code::LocalKind::Free;
            match value.downcast::<Cell>().filter(|_| is_cell) {
                Some(cell) => found.extend(cell.content.get().map(|content| (name.clone(), content))),
                None => found.push((name.clone(), value.own())),
            }
        }
        found
    }
}

/// Keeps code that a frame may still run, now that its function has other code. Frames borrow their code from the
/// function, and suspended ones are not on the chain, so the code is kept for good.
pub(crate) fn keep_code(code: Owned) {
    if let Some(header) = code.borrow().header() {
        header.make_immortal();
    }
}

/// The code of a frame object's frame.
pub(crate) fn code_of_object(object: Ref<'_>) -> &Code {
    let face = object.downcast::<FrameObject>().expect("a frame object");
    // SAFETY: a frame object's frame is alive, and keeps its code alive.
    unsafe { &*(*face.frame.get().frame).code }
}

/// The class and the first argument that `super()` without arguments takes from the calling function.
pub(crate) fn calling_frame_super(vm: &Thread) -> PyResult<(Owned, Owned)> {
    use crate::types::cell::Cell;
    let frame = vm.frames.top.get();
    if frame.is_null() {
        return Err(vm.runtime_error("super(): no current frame"));
    }
    // SAFETY: the top frame is alive; locals hold values or NULL.
    unsafe {
        let code = &*(*frame).code;
        if code.template().arg_count == 0 {
            return Err(vm.runtime_error("super(): no arguments"));
        }
        let local = |index: usize| {
            let value = *Frame::registers(frame).add(code.local_register(index));
            (!value.is_null()).then(|| Ref::from_value(value))
        };
        let content = |value: Ref<'_>| match value.downcast::<Cell>() {
            Some(cell) => cell.content.get(),
            None => Some(value.own()),
        };
        let first =
            if code.template().locals[0].cell { local(0).and_then(content) } else { local(0).map(Ref::own) };
        let Some(first) = first else { return Err(vm.runtime_error("super(): arg[0] deleted")) };
        let name = vm.names().__class__.borrow();
        let free = code.locals.iter().enumerate().find(|(index, local)| {
            code.template().locals[*index].kind == pyx_compiler::bytecode::code::LocalKind::Free
                && local.borrow().is(name)
        });
        let Some((index, _)) = free else {
            return Err(vm.runtime_error("super(): __class__ cell not found"));
        };
        match local(index).and_then(|cell| cell.downcast::<Cell>()) {
            None => Err(vm.runtime_error("super(): bad __class__ cell")),
            Some(cell) => match cell.content.get() {
                Some(class) => Ok((class, first)),
                None => Err(vm.runtime_error("super(): empty __class__ cell")),
            },
        }
    }
}
