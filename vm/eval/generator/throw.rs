//! Raising in a suspended generator: `throw` and `close`.
//!
//! An exception that is thrown goes to the leaf of the chain, or into what the leaf waits for; a `GeneratorExit` closes what the
//! generator itself awaits first, and then goes to its own frame.
#![expect(unsafe_code, reason = "raises in suspended frames")]

use pyx_compiler::bytecode::opcode::{Opcode, instruction::*};
use pyx_compiler::bytecode::operand::Out;

use super::{
    Resumed, activate, awaited_object, deactivate, detach, finished, is_running, noun, resumable, resumed,
};
use crate::eval::dispatch::Exit;
use crate::eval::{dispatch, instrumented, raising};
use crate::exception::{PyResult, Raised};
use crate::frame::{self, Continuation, Frame, Return};
use crate::heap::Kind;
use crate::protocol::slots::Sent;
use crate::types::exception::{self, Thrown};
use crate::types::generator::suspended;
use crate::types::{async_generator, traceback};
use crate::value::{Owned, Ref, Value};
use crate::vm::Thread;

/// Raises an exception in a suspended generator, where it awaits or yields.
/// With `close_awaited`, a GeneratorExit first closes what is awaited.
pub(crate) fn throw(
    vm: &Thread,
    generator: Ref<'_>,
    raised: Raised,
    close_awaited: bool,
) -> PyResult<Resumed> {
    vm.check_stack()?;
    let state = suspended(generator).expect("a generator");
    let Some(frame) = resumable(vm, generator, state)? else {
        exception::payload(raised.exception()).set_thrown(Thrown::Nowhere);
        return Err(raised);
    };
    let _alive = generator.own();
    let mut raised = raised;
    if close_awaited && raised.is(&vm.exceptions().GeneratorExit) {
        // Whatever is awaited is closed first, and the exception is raised here in any case.
        if let Some(awaited) = awaited_object(state) {
            // SAFETY: the frame is a suspended root; it counts as running meanwhile.
            let closed = unsafe {
                (*frame).state |= Frame::RUNNING;
                detach_awaited(frame, awaited.borrow());
                let closed = close_iterator(vm, awaited.borrow());
                (*frame).state &= !Frame::RUNNING;
                closed
            };
            if let Err(other) = closed {
                raised = other;
            }
            return raise_at(vm, frame, frame, true, raised);
        }
        return raise_at(vm, frame, frame, false, raised);
    }
    // SAFETY: the frame is a suspended root.
    let leaf = unsafe { (*frame).link };
    // SAFETY: the leaf is suspended.
    let at_await = unsafe { (*leaf).state & Frame::STARTED != 0 && Frame::opcode(leaf) == Opcode::Await };
    if !at_await {
        return raise_at(vm, frame, leaf, false, raised);
    }
    // SAFETY: the leaf waits at an `await_` for something that is not part of the chain.
    let awaiting = unsafe { Await::decode(*(*leaf).pc, |_| 0) };
    // SAFETY: as above; the register holds what it waits for.
    let iterator =
        unsafe { Ref::from_value(*Frame::registers(leaf).add(awaiting.iter.register as usize)).own() };
    // SAFETY: the chain runs meanwhile, and stops at the same leaf.
    let answer = unsafe {
        activate(vm, frame, vm.frames.top.get(), Return { to: Continuation::Resume, ..Return::NATIVE })?;
        vm.frames.top.set(leaf);
        let answer = throw_into(vm, iterator.borrow(), raised);
        deactivate(vm, frame, leaf);
        answer
    };
    match answer {
        Ok(Sent::Yield(value)) => Ok(Resumed::Yield(value)),
        // SAFETY: the leaf is suspended; its await is complete.
        Ok(Sent::Return(value)) => unsafe {
            let previous = vm.frames.top.get();
            activate(vm, frame, previous, Return { to: Continuation::Resume, ..Return::NATIVE })?;
            let registers = Frame::registers(leaf);
            registers.add(awaiting.iter.register as usize).replace(Value::NULL).release();
            run_thrown(vm, frame, leaf, true, || {
                vm.frames.top.set(leaf);
                if let Err(raised) = instrumented::tell_awaited(vm, leaf, None, value.borrow()) {
                    return dispatch::run_raising(vm, leaf, raised);
                }
                write(registers, awaiting.dst, value);
                (*leaf).pc = (*leaf).pc.add(Opcode::Await.words());
                dispatch::run(vm, leaf)
            })
        },
        Err(raised) => raise_at(vm, frame, leaf, true, raised),
    }
}

unsafe fn write(registers: *mut Value, out: Out, value: Owned) {
    // SAFETY: the caller's registers and operand.
    unsafe {
        let slot = registers.add(out.register as usize);
        let old = if out.own { *slot } else { Value::NULL };
        *slot = value.into_value();
        old.release();
    }
}

/// Runs a suspended chain by raising at one of its frames; `awaiting` drops the iterator of the `await_` there first.
fn raise_at(
    vm: &Thread,
    root: *mut Frame,
    leaf: *mut Frame,
    awaiting: bool,
    raised: Raised,
) -> PyResult<Resumed> {
    // SAFETY: the root is suspended.
    unsafe {
        if (*root).state & Frame::STARTED == 0 {
            // It ends before its first instruction, so that no handler in it sees the exception.
            let raised = traceback::extend_at_head(vm, root, &*(*root).code, raised);
            finished(root);
            frame::leave(vm, root);
            return Err(raised);
        }
        activate(vm, root, vm.frames.top.get(), Return { to: Continuation::Resume, ..Return::NATIVE })?;
        if awaiting {
            let iterator = Await::decode(*(*leaf).pc, |_| 0).iter;
            Frame::registers(leaf).add(iterator.register as usize).replace(Value::NULL).release();
        }
        exception::payload(raised.exception()).set_thrown(Thrown::InChain);
        run_thrown(vm, root, leaf, awaiting, || {
            let raised = if awaiting { raised } else { instrumented::tell_of_throw(vm, leaf, raised) };
            dispatch::run_raising(vm, leaf, raised)
        })
    }
}

/// Runs a chain into which something was thrown. Where tools listen, its frames know meanwhile that it was: those above the leaf, and
/// the leaf if it is awaiting.
///
/// # Safety
/// The chain runs from the root to the leaf.
unsafe fn run_thrown(
    vm: &Thread,
    root: *mut Frame,
    leaf: *mut Frame,
    awaiting: bool,
    run: impl FnOnce() -> PyResult<Exit>,
) -> PyResult<Resumed> {
    let is_monitored = vm.is_monitored(u32::MAX);
    // SAFETY: the caller's chain; a root that suspends is alive.
    unsafe {
        if is_monitored {
            let mut frame = leaf;
            while frame != root {
                frame = (*frame).prev;
                (*frame).state |= Frame::THROWN;
            }
            if awaiting {
                (*leaf).state |= Frame::THROWN;
            }
        }
        let exit = run()?;
        if is_monitored && !matches!(exit, Exit::Return(_)) {
            let mut frame = (*root).link;
            while frame != root {
                (*frame).state &= !Frame::THROWN;
                frame = (*frame).prev;
            }
            (*root).state &= !Frame::THROWN;
        }
        resumed(exit)
    }
}

/// Separates what a frame awaits from its chain.
unsafe fn detach_awaited(_frame: *mut Frame, awaited: Ref<'_>) {
    let driven = async_generator::driven_by(awaited);
    if let Some(state) = suspended(driven.as_ref().map_or(awaited, Owned::borrow)) {
        let child = state.frame.get();
        if !child.is_null() {
            // SAFETY: the child is suspended.
            unsafe { detach(child) };
        }
    }
}

/// `throw` on whatever a frame delegates to; without such a method the exception stays here.
fn throw_into(vm: &Thread, iterator: Ref<'_>, raised: Raised) -> PyResult<Sent> {
    let Some(method) = vm.get_attr_opt(iterator, vm.names().throw.borrow())? else { return Err(raised) };
    match vm.call(method.borrow(), &[raised.exception()]) {
        Ok(value) => Ok(Sent::Yield(value)),
        Err(error) if error.is(&vm.exceptions().StopIteration) => {
            Ok(Sent::Return(vm.stop_iteration_value(error.exception())))
        }
        Err(error) => Err(error),
    }
}

/// Closes what a frame delegates to.
fn close_iterator(vm: &Thread, iterator: Ref<'_>) -> PyResult<()> {
    if matches!(iterator.kind(), Kind::Generator | Kind::Coroutine) {
        return close(vm, iterator).map(drop);
    }
    match vm.get_attr_opt(iterator, vm.names().close.borrow()) {
        Ok(Some(method)) => vm.call(method.borrow(), &[]).map(drop),
        Ok(None) => Ok(()),
        Err(raised) => {
            vm.unraisable_about(raised, "Exception ignored while closing generator", iterator);
            Ok(())
        }
    }
}

/// `generator.close()`
pub(crate) fn close(vm: &Thread, generator: Ref<'_>) -> PyResult {
    let state = suspended(generator).expect("a generator");
    let frame = state.frame.get();
    if frame.is_null() {
        return Ok(Owned::none());
    }
    if is_running(state) {
        return Err(vm.value_error(format_args!("{} already executing", noun(generator))));
    }
    // SAFETY: the frame is suspended.
    unsafe {
        detach(frame);
        if (*frame).state & Frame::STARTED == 0 {
            let _alive = generator.own();
            finished(frame);
            frame::leave(vm, frame);
            return Ok(Owned::none());
        }
    }
    let exit = vm.error_with(&vm.exceptions().GeneratorExit, &[]);
    raising::set_context(vm, exit.exception());
    match throw(vm, generator, exit, true) {
        Ok(Resumed::Return(value)) => Ok(value),
        Ok(_) => Err(vm.runtime_error(format_args!("{} ignored GeneratorExit", noun(generator)))),
        Err(raised)
            if raised.is(&vm.exceptions().GeneratorExit) || raised.is(&vm.exceptions().StopIteration) =>
        {
            Ok(Owned::none())
        }
        Err(raised) => Err(raised),
    }
}
