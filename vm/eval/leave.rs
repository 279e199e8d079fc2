//! Leaving frames: what becomes of the value that a frame returns.
//!
//! Most frames were called by the frame before them and have nothing but their locals; they are left in place, in the loop. All
//! others are left as their [`Return`](crate::frame::Return) says.
#![expect(unsafe_code, reason = "frames are raw memory")]

use pyx_compiler::bytecode::opcode::{Opcode, instruction::*};
use pyx_compiler::bytecode::operand::Out;

use super::dispatch::{Flow, Machine, out_of_line};
use crate::exception::Raised;
use crate::frame::{self, Continuation, Frame};
use crate::monitoring::Event;
use crate::value::{Owned, Value};
use crate::vm::Thread;

impl Machine<'_> {
    #[inline(always)]
    pub(super) fn return_value(&mut self, i: ReturnValue) -> Flow {
        // SAFETY: the frame is alive.
        let is_seen = !i.src.own && unsafe { !(*self.frame).object.is_null() };
        // A local that nobody can look at any more moves out.
        let value = if is_seen { self.read(i.src).own() } else { self.move_out(i.src.register) };
        self.leave_with(value)
    }

    #[inline(always)]
    pub(super) fn return_const(&mut self, i: ReturnConst) -> Flow {
        let value = self.constant(i.value.0).own();
        self.leave_with(value)
    }

    /// Leaves the frame with a value.
    #[inline(always)]
    fn leave_with(&mut self, value: Owned) -> Flow {
        let frame = self.frame;
        // SAFETY: the frame is alive, and left here; what it says of its return stays readable until the next call.
        unsafe {
            if (*frame).ret.to == Continuation::Register && frame::is_plain(frame) {
                let prev = (*frame).prev;
                frame::leave_plain(self.vm(), frame, prev);
                let ret = (*frame).ret;
                self.enter(prev);
                self.write(Out { register: ret.register, own: ret.own }, value);
                self.skip(usize::from(ret.words));
                return Flow::Goto;
            }
        }
        self.leave_specially(value)
    }

    out_of_line! {
        fn leave_specially(&mut self, value: Owned) -> Flow {
            let frame = self.frame;
            // SAFETY: the frame is alive, and left here.
            let (ret, prev) = unsafe { ((*frame).ret, (*frame).prev) };
            match ret.to {
                Continuation::AwaitCall => {
                    // The awaited call completed: its value goes where the `await_` that follows would write it.
                    // SAFETY: the frame is not used afterwards.
                    unsafe { pop(self.vm(), frame, prev) };
                    self.enter(prev);
                    self.skip(usize::from(ret.words));
                    if let Err(raised) = self.tell_awaited(Some(Event::StopIteration), value.borrow()) {
                        return Flow::Raise(raised);
                    }
                    let awaiting = self.current_await();
                    self.write(awaiting.dst, value);
                    self.skip(Opcode::Await.words());
                    Flow::Goto
                }
                Continuation::Native => {
                    // SAFETY: as above.
                    unsafe { pop(self.vm(), frame, prev) };
                    Flow::Return(value)
                }
                Continuation::Init => {
                    // SAFETY: the frame is alive; the instance moves out of it.
                    let instance = unsafe {
                        let instance = Owned::from_value(std::mem::replace(&mut (*frame).held, Value::NULL));
                        pop(self.vm(), frame, prev);
                        instance
                    };
                    self.enter(prev);
                    if !value.borrow().is_none() {
                        return Flow::Raise(init_returned(self.vm(), &value));
                    }
                    self.write(Out { register: ret.register, own: ret.own }, instance);
                    self.skip(usize::from(ret.words));
                    Flow::Goto
                }
                Continuation::Register => {
                    // SAFETY: as above.
                    unsafe { pop(self.vm(), frame, prev) };
                    self.enter(prev);
                    self.write(Out { register: ret.register, own: ret.own }, value);
                    self.skip(usize::from(ret.words));
                    Flow::Goto
                }
                _ => self.generator_returned(value),
            }
        }
    }
}

/// The error of an `__init__` that returns something.
#[cold]
pub(super) fn init_returned(vm: &Thread, value: &Owned) -> Raised {
    vm.type_error(format_args!("__init__() should return None, not '{}'", vm.type_name(value.borrow())))
}

/// Leaves a frame that was called: its contents go, and the frame before it is the current one.
///
/// # Safety
/// The frame's temporaries are gone, and nobody uses it afterwards.
#[inline(always)]
pub(super) unsafe fn pop(vm: &Thread, frame: *mut Frame, prev: *mut Frame) {
    vm.frames.top.set(prev);
    vm.recursion_left.set(vm.recursion_left.get() + 1);
    // SAFETY: the caller's.
    unsafe { frame::leave(vm, frame) };
}

/// Drops a frame that was pushed and never ran.
pub(super) fn abandon(vm: &Thread, frame: *mut Frame) {
    // SAFETY: a pushed frame has no temporaries yet.
    unsafe {
        let prev = (*frame).prev;
        pop(vm, frame, prev);
    }
}
