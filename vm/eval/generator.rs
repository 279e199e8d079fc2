//! Generators and coroutines: suspending, resuming, and the chains they form.
//!
//! A generator's frame that nobody awaits is a *root*. Resuming the root continues at its *leaf*, wherever that is in the
//! chain; a value yielded at the leaf goes straight to whoever resumed the root. Every operation that changes links is
//! here:
//!
//! - [`link`]: an `await_` begins to delegate to a generator, whose chain becomes part of the awaiting one's;
//! - `complete`: the awaited frame is over, or an async generator gave an item: the awaiting frame is the leaf again;
//! - [`detach`]: somebody operates on a generator in the middle of a chain: it becomes a root, and the frame that
//!   awaits it meets it anew when it is resumed;
//! - `run_anext`: `async for` resumes an async generator as a part of the chain, without an `asend` object;
//! - [`materialise`]: a coroutine function that `await_call` ran as a plain call gets its coroutine object, and an
//!   async generator resumed by `async for` its `asend`, before anything in their chain suspends;
//! - [`unwound`]: an exception left the frame.
//!
//! The recursion budget that a suspended chain has used is in its root's `depth`, and is used again when it is resumed.
#![expect(unsafe_code, reason = "links and unlinks frames")]

mod throw;

use std::cell::Cell;
use std::ptr;

use pyx_compiler::bytecode::code::flags;
use pyx_compiler::bytecode::opcode::{Opcode, instruction::*};
use pyx_compiler::bytecode::operand::Out;

use super::dispatch::{self, Exit, Flow, Machine, out_of_line};
use super::instrumented;
use crate::exception::{PyResult, Raised};
use crate::frame::{self, Continuation, Frame, Return};
use crate::heap::{Kind, Slot, Visitor};
use crate::monitoring::Event;
use crate::protocol::slots::Sent;
use crate::types::code::Code;
use crate::types::generator::{AsyncGenerator, Coroutine, Generator, Suspended, suspended};
use crate::types::type_::Type;
use crate::types::{async_generator, method_descriptor};
use crate::value::{Owned, Ref, Value};
use crate::vm::Thread;

pub(crate) use throw::{close, throw};

/// What resuming a generator of any kind gives.
pub(crate) enum Resumed {
    /// It suspended with this value.
    Yield(Owned),
    /// An async generator's own item.
    Item(Owned),
    /// It returned this value.
    Return(Owned),
}

/// What a call of a generator-like function makes: takes over the frame, which has its arguments.
pub(super) unsafe fn new(vm: &Thread, frame: *mut Frame) -> PyResult {
    // SAFETY: the caller pushed the frame and gives it up.
    unsafe {
        let code = &*(*frame).code;
        (*frame).prev = ptr::null_mut();
        (*frame).link = frame;
        (*frame).depth = 1;
        (*frame).ret = Return { to: Continuation::Resume, ..Return::NATIVE };
        let object = new_object(vm, frame, code)?;
        (*frame).generator = object.value();
        Ok(object)
    }
}

/// The object for a frame.
unsafe fn new_object(vm: &Thread, frame: *mut Frame, code: &Code) -> PyResult {
    // SAFETY: the frame is alive, and keeps its function and code alive.
    let function = unsafe { &*Frame::function_payload(frame) };
    let state = Suspended {
        frame: Cell::new(frame),
        code: function.code.get().expect("a function has code"),
        name: Slot::from_option(function.name.get()),
        qualname: Slot::from_option(function.qualname.get()),
        origin: Slot::empty(),
    };
    if code.flags & flags::COROUTINE != 0 {
        state.origin.replace(vm.coroutine_origin()?);
        vm.new_object(Coroutine { state })
    } else if code.flags & flags::ASYNC_GENERATOR != 0 {
        vm.new_object(AsyncGenerator {
            state,
            finalizer: Slot::empty(),
            hooks_called: Cell::new(false),
            closed: Cell::new(false),
            running: Cell::new(false),
        })
    } else {
        vm.new_object(Generator { state })
    }
}

/// Sets the namespace of a module-level coroutine that has not started.
pub(super) fn set_namespace(generator: Ref<'_>, namespace: Owned) {
    let state = suspended(generator).expect("code that is generator-like makes a generator");
    // SAFETY: the frame has not started.
    unsafe { super::call::set_namespace(state.frame.get(), namespace) };
}

/// What kind of generator an error message speaks of.
fn noun(generator: Ref<'_>) -> &'static str {
    match generator.kind() {
        Kind::Coroutine => "coroutine",
        Kind::AsyncGenerator => "async generator",
        _ => "generator",
    }
}

/// Whether the generator is running, or awaits something in a chain that is.
pub(crate) fn is_running(state: &Suspended) -> bool {
    let frame = state.frame.get();
    // SAFETY: an unfinished generator's frame is alive.
    !frame.is_null() && unsafe { (*Frame::root(frame)).state & Frame::RUNNING != 0 }
}

/// Whether an unfinished generator has begun to run.
pub(crate) fn has_started(state: &Suspended) -> bool {
    let frame = state.frame.get();
    // SAFETY: an unfinished generator's frame is alive.
    !frame.is_null() && unsafe { (*frame).state & Frame::STARTED != 0 }
}

/// The frame, ready to be resumed as a root, or what a finished generator answers.
fn resumable(vm: &Thread, generator: Ref<'_>, state: &Suspended) -> PyResult<Option<*mut Frame>> {
    let frame = state.frame.get();
    if frame.is_null() {
        if generator.kind() == Kind::Coroutine {
            return Err(vm.runtime_error("cannot reuse already awaited coroutine"));
        }
        return Ok(None);
    }
    if is_running(state) {
        return Err(vm.value_error(format_args!("{} already executing", noun(generator))));
    }
    // SAFETY: the frame is alive and suspended.
    unsafe { detach(frame) };
    Ok(Some(frame))
}

/// Resumes a generator with a value.
pub(crate) fn resume(vm: &Thread, generator: Ref<'_>, value: Ref<'_>) -> PyResult<Resumed> {
    let state = suspended(generator).expect("a generator");
    let Some(frame) = resumable(vm, generator, state)? else { return Ok(Resumed::Return(Owned::none())) };
    // The generator must outlive its frame's run, whoever else lets go of it.
    let _alive = generator.own();
    // SAFETY: the frame is a suspended root.
    unsafe {
        if (*frame).state & Frame::STARTED == 0 && !value.is_none() {
            let message = format!("can't send non-None value to a just-started {}", noun(generator));
            return Err(vm.type_error(message));
        }
        let leaf =
            activate(vm, frame, vm.frames.top.get(), Return { to: Continuation::Resume, ..Return::NATIVE })?;
        if vm.is_monitored(instrumented::RESUMES)
            && let Err(raised) = instrumented::tell_resumed(vm, leaf, frame)
        {
            return resumed(dispatch::run_raising(vm, leaf, raised)?);
        }
        deliver(leaf, value.own());
        resumed(dispatch::run(vm, leaf)?)
    }
}

fn resumed(exit: Exit) -> PyResult<Resumed> {
    Ok(match exit {
        Exit::Yield(value) => Resumed::Yield(value),
        Exit::Item(value) => Resumed::Item(value),
        Exit::Return(value) => Resumed::Return(value),
    })
}

/// Makes a suspended root run: the frames of its chain are current again. The result is its leaf.
#[inline(always)]
unsafe fn activate(vm: &Thread, root: *mut Frame, prev: *mut Frame, ret: Return) -> PyResult<*mut Frame> {
    // SAFETY: the caller's root is suspended.
    unsafe {
        let left = vm.recursion_left.get();
        if left < (*root).depth {
            return Err(vm.recursion_error("maximum recursion depth exceeded"));
        }
        vm.recursion_left.set(left - (*root).depth);
        (*root).depth = left;
        (*root).prev = prev;
        (*root).ret = ret;
        (*root).state |= Frame::RUNNING;
        Ok((*root).link)
    }
}

/// Gives a suspended leaf the value it is resumed with; one that has not started takes None, which goes nowhere.
#[inline(always)]
unsafe fn deliver(leaf: *mut Frame, value: Owned) {
    // SAFETY: the pc of a suspended frame that has started is at the instruction that suspended it.
    unsafe {
        if (*leaf).state & Frame::STARTED == 0 {
            (*leaf).state |= Frame::STARTED;
            return;
        }
        let (word, opcode) = (*(*leaf).pc, Frame::opcode(leaf));
        let registers = Frame::registers(leaf);
        if matches!(opcode, Opcode::YieldValue | Opcode::YieldItem) {
            let out = YieldValue::decode(word, |_| 0).dst;
            let slot = registers.add(out.register as usize);
            let old = if out.own { *slot } else { Value::NULL };
            *slot = value.into_value();
            (*leaf).pc = (*leaf).pc.add(Opcode::YieldValue.words());
            old.release();
        } else if opcode == Opcode::Await {
            std::mem::replace(&mut (*leaf).held, value.into_value()).release();
        }
    }
}

/// Ends the run of a root: its chain is suspended at `leaf`. The result is who resumed it, and how.
#[inline(always)]
unsafe fn deactivate(vm: &Thread, root: *mut Frame, leaf: *mut Frame) -> (*mut Frame, Return) {
    // SAFETY: the caller's root is running, its leaf has stopped.
    unsafe {
        let used = (*root).depth - vm.recursion_left.get();
        vm.recursion_left.set((*root).depth);
        (*root).depth = used;
        (*root).link = leaf;
        (*root).state &= !Frame::RUNNING;
        let prev = std::mem::replace(&mut (*root).prev, ptr::null_mut());
        vm.frames.top.set(prev);
        (prev, (*root).ret)
    }
}

/// Makes a suspended generator in the middle of a chain a root of its own.
unsafe fn detach(frame: *mut Frame) {
    // SAFETY: the frame is suspended; so is its chain.
    unsafe {
        if (*frame).ret.to != Continuation::Await {
            return;
        }
        let root = Frame::root(frame);
        let leaf = (*root).link;
        // The frames below belong to the new root, which has used the budget of that part of the chain.
        let mut depth = 1;
        let mut at = leaf;
        while at != frame {
            (*at).link = frame;
            depth += 1;
            at = (*at).prev;
        }
        let parent = (*frame).prev;
        (*frame).ret = Return { to: Continuation::Resume, ..Return::NATIVE };
        (*frame).prev = ptr::null_mut();
        (*frame).link = leaf;
        (*frame).depth = depth;
        (*root).link = parent;
        (*root).depth -= depth;
    }
}

/// Begins to delegate to a suspended root: the awaiting frame's chain grows by it. The result is its leaf.
unsafe fn link(vm: &Thread, awaiting: *mut Frame, child: *mut Frame) -> PyResult<*mut Frame> {
    // SAFETY: the awaiting frame runs, the child is a suspended root.
    unsafe {
        let left = vm.recursion_left.get();
        if left < (*child).depth {
            return Err(vm.recursion_error("maximum recursion depth exceeded"));
        }
        let leaf = (*child).link;
        // Only a leaf without the mark looks for objects to make when it suspends.
        if (*leaf).state & Frame::MATERIAL != 0 {
            materialise(vm, awaiting)?;
        }
        vm.recursion_left.set(left - (*child).depth);
        (*child).prev = awaiting;
        (*child).ret = Return { to: Continuation::Await, ..Return::NATIVE };
        (*child).link = Frame::root(awaiting);
        Ok(leaf)
    }
}

/// Gives the coroutines that run without an object, from the leaf up, their objects.
unsafe fn materialise(vm: &Thread, leaf: *mut Frame) -> PyResult<()> {
    // SAFETY: the chain runs; an `await_call` is followed by the `await_` that the parent now waits at.
    unsafe {
        let mut frame = leaf;
        while (*frame).state & Frame::MATERIAL == 0 {
            if (*frame).ret.to == Continuation::AwaitCall {
                let object = new_object(vm, frame, &*(*frame).code)?;
                (*frame).generator = object.value();
                let parent = (*frame).prev;
                let ret = (*frame).ret;
                (*parent).pc = (*parent).pc.add(usize::from(ret.words));
                let awaiting = Await::decode(*(*parent).pc, |_| 0);
                Frame::registers(parent).add(awaiting.iter.register as usize).write(object.into_value());
                (*frame).ret = Return { to: Continuation::Await, ..Return::NATIVE };
            } else if (*frame).ret.to == Continuation::Anext {
                let object = async_generator::driven(vm, Ref::from_value((*frame).generator))?;
                let parent = (*frame).prev;
                (*parent).pc = (*parent).pc.add(Opcode::GetAnext.words());
                let awaiting = Await::decode(*(*parent).pc, |_| 0);
                Frame::registers(parent).add(awaiting.iter.register as usize).write(object.into_value());
                (*frame).ret = Return { to: Continuation::Await, ..Return::NATIVE };
            }
            (*frame).state |= Frame::MATERIAL;
            if (*frame).ret.to != Continuation::Await {
                break;
            }
            frame = (*frame).prev;
        }
        Ok(())
    }
}

/// The generator that a frame belongs to, as long as it is not over. A coroutine that runs without an object gets it now.
pub(crate) fn object_of(vm: &Thread, frame: *mut Frame) -> PyResult<Option<Owned>> {
    // SAFETY: the caller's frame is alive; those that await it wait at their instruction.
    unsafe {
        if (*frame).ret.to == Continuation::AwaitCall {
            materialise(vm, frame)?;
        }
        let generator = (*frame).generator;
        // One that is ending, its drop having to wait, is not given out.
        let is_alive = !generator.is_null() && (*generator.header()).references() > 0;
        Ok(is_alive.then(|| Ref::from_value(generator).own()))
    }
}

/// Marks a generator as finished: it no longer has a frame.
unsafe fn finished(frame: *mut Frame) {
    // SAFETY: the generator, if there is one, is alive while its frame runs.
    unsafe {
        if !(*frame).generator.is_null() {
            let generator = Ref::from_value((*frame).generator);
            if let Some(state) = suspended(generator) {
                state.frame.set(ptr::null_mut());
            }
            (*frame).generator = Value::NULL;
        }
    }
}

/// An exception left a generator's frame, whose temporaries are gone. The result is the frame where it goes on.
pub(super) unsafe fn unwound(
    vm: &Thread,
    frame: *mut Frame,
    raised: Raised,
) -> PyResult<(*mut Frame, Raised)> {
    // SAFETY: the frame is not used afterwards; the frame before it is alive.
    unsafe {
        let (ret, prev) = ((*frame).ret, (*frame).prev);
        match ret.to {
            Continuation::AwaitCall => {
                super::leave::pop(vm, frame, prev);
                Ok((prev, raised))
            }
            Continuation::Await => {
                let awaited = leave_awaited(vm, frame, prev);
                async_generator::asend_failed(vm, awaited.borrow(), &raised);
                drop(awaited);
                Ok((prev, raised))
            }
            Continuation::Anext => {
                let generator = leave_anext(vm, frame, prev);
                async_generator::failed(vm, generator.borrow(), &raised);
                Ok((prev, raised))
            }
            to => {
                let generator = (*frame).generator;
                leave_root(vm, frame);
                match to {
                    Continuation::ForIter => Ok((prev, raised)),
                    Continuation::Send => {
                        drop(Owned::from_value(generator));
                        Ok((prev, raised))
                    }
                    _ => Err(raised),
                }
            }
        }
    }
}

/// Leaves a finished root.
unsafe fn leave_root(vm: &Thread, frame: *mut Frame) {
    // SAFETY: the frame is not used afterwards.
    unsafe {
        vm.recursion_left.set((*frame).depth);
        (*frame).state &= !Frame::RUNNING;
        vm.frames.top.set((*frame).prev);
        let generator = (!(*frame).generator.is_null()).then(|| Ref::from_value((*frame).generator).own());
        finished(frame);
        frame::leave(vm, frame);
        drop(generator);
    }
}

/// Leaves a finished frame that `prev` awaits, and takes the iterator out of its `await_`.
unsafe fn leave_awaited(vm: &Thread, frame: *mut Frame, prev: *mut Frame) -> Owned {
    // SAFETY: the frame is not used afterwards; `prev` waits at an `await_`.
    unsafe {
        finished(frame);
        super::leave::pop(vm, frame, prev);
        let awaiting = Await::decode(*(*prev).pc, |_| 0);
        let slot = Frame::registers(prev).add(awaiting.iter.register as usize);
        Owned::from_value(slot.replace(Value::NULL))
    }
}

/// Leaves a finished async generator that `prev` resumed with `get_anext`.
unsafe fn leave_anext(vm: &Thread, frame: *mut Frame, prev: *mut Frame) -> Owned {
    // SAFETY: the frame is not used afterwards; its generator is alive.
    unsafe {
        let generator = Ref::from_value((*frame).generator).own();
        finished(frame);
        super::leave::pop(vm, frame, prev);
        generator
    }
}

impl Machine<'_> {
    out_of_line! {
        /// A generator's frame returned.
        pub(super) fn generator_returned(&mut self, value: Owned) -> Flow {
            let frame = self.frame;
            // SAFETY: the frame is not used afterwards.
            unsafe {
                let (ret, prev) = ((*frame).ret, (*frame).prev);
                match ret.to {
                    Continuation::Await => {
                        let is_async_generator = (*(*frame).code).flags & flags::ASYNC_GENERATOR != 0;
                        let iterator = leave_awaited(self.vm(), frame, prev);
                        self.enter(prev);
                        if is_async_generator {
                            async_generator::asend_ended(iterator.borrow());
                            return Flow::Raise(self.vm().error_with(&self.vm().exceptions().StopAsyncIteration, &[]));
                        }
                        self.complete_await(iterator, value)
                    }
                    Continuation::Anext => {
                        let generator = leave_anext(self.vm(), frame, prev);
                        self.enter(prev);
                        async_generator::ended(generator.borrow());
                        Flow::Raise(self.vm().error_with(&self.vm().exceptions().StopAsyncIteration, &[]))
                    }
                    Continuation::ForIter => {
                        leave_root(self.vm(), frame);
                        self.enter(prev);
                        // A loop drops what the generator returned; tools hear of a StopIteration that carries it.
                        if !value.borrow().is_none()
                            && self.vm().is_monitored(Event::Raise.bit())
                            && let Err(raised) =
                                instrumented::tell_stop(self.vm(), prev, Event::Raise, value.borrow())
                        {
                            return Flow::Raise(raised);
                        }
                        self.end_loop()
                    }
                    Continuation::Send => {
                        let generator = Owned::from_value((*frame).generator);
                        leave_root(self.vm(), frame);
                        self.enter(prev);
                        drop(generator);
                        Flow::Raise(self.vm().stop_iteration(value.borrow()))
                    }
                    _ => {
                        leave_root(self.vm(), frame);
                        Flow::Return(value)
                    }
                }
            }
        }
    }

    out_of_line! {
        /// The current `await_` has its value.
        fn complete_await(&mut self, iterator: Owned, value: Owned) -> Flow {
            let awaiting = self.current_await();
            let event = match iterator.borrow().kind() {
                Kind::Generator | Kind::Coroutine => Event::StopIteration,
                _ => Event::Raise,
            };
            drop(iterator);
            if let Err(raised) = self.tell_awaited(Some(event), value.borrow()) {
                return Flow::Raise(raised);
            }
            self.write(awaiting.dst, value);
            self.skip(Opcode::Await.words());
            Flow::Goto
        }
    }

    #[inline(always)]
    pub(super) fn yield_value(&mut self, i: YieldValue) -> Flow {
        let value = self.take(i.src);
        self.suspend(value)
    }

    /// Suspends the chain at the current instruction.
    #[inline(always)]
    fn suspend(&mut self, value: Owned) -> Flow {
        self.save();
        let leaf = self.frame;
        // SAFETY: a frame that suspends is a generator's.
        unsafe {
            if (*leaf).state & Frame::MATERIAL == 0 {
                if let Err(raised) = materialise(self.vm(), leaf) {
                    return Flow::Raise(raised);
                }
            }
            let root = Frame::root(leaf);
            if self.vm().is_monitored(instrumented::YIELDS) {
                match instrumented::tell_yield(self.vm(), leaf, root, value.borrow()) {
                    Ok(true) => {}
                    Ok(false) => {
                        self.enter(leaf);
                        return Flow::Goto;
                    }
                    Err(raised) => return Flow::Raise(raised),
                }
            }
            let (prev, ret) = deactivate(self.vm(), root, leaf);
            if ret.to == Continuation::ForIter {
                self.enter(prev);
                return self.loop_item(value);
            }
            if ret.to == Continuation::Send {
                let generator = Owned::from_value((*root).generator);
                self.enter(prev);
                self.write(Out { register: ret.register, own: ret.own }, value);
                self.drop_saved(generator);
                self.skip(usize::from(ret.words));
                return Flow::Goto;
            }
            Flow::Yield(value)
        }
    }

    out_of_line! {
        pub(super) fn yield_item(&mut self, i: YieldItem) -> Flow {
            let value = self.take(i.src);
            self.save();
            let frame = self.frame;
            if self.vm().is_monitored(instrumented::YIELDS) {
                // SAFETY: the frame runs; it suspends alone.
                match unsafe { instrumented::tell_yield(self.vm(), frame, frame, value.borrow()) } {
                    Ok(true) => {}
                    Ok(false) => {
                        self.enter(frame);
                        return Flow::Goto;
                    }
                    Err(raised) => return Flow::Raise(raised),
                }
            }
            // SAFETY: an async generator's frame: resumed by `get_anext`, awaited through its `asend`, or resumed by
            // native code.
            unsafe {
                if (*frame).ret.to == Continuation::Anext {
                    let prev = self.suspend_awaited(frame);
                    async_generator::delivered(Ref::from_value((*frame).generator));
                    self.enter(prev);
                    self.skip(Opcode::GetAnext.words());
                    if let Err(raised) = self.tell_awaited(Some(Event::Raise), value.borrow()) {
                        return Flow::Raise(raised);
                    }
                    self.write(self.current_await().dst, value);
                    self.skip(Opcode::Await.words());
                    return Flow::Goto;
                }
                if (*frame).ret.to == Continuation::Await {
                    let prev = self.suspend_awaited(frame);
                    self.enter(prev);
                    let awaiting = self.current_await();
                    let iterator = self.take_temporary(awaiting.iter.register);
                    async_generator::asend_delivered(iterator.borrow());
                    return self.complete_await(iterator, value);
                }
                deactivate(self.vm(), frame, frame);
                Flow::Item(value)
            }
        }
    }

    /// An async generator's item completes what awaits it: the generator's frame is suspended by itself. The result is the
    /// frame that awaited.
    #[inline(always)]
    unsafe fn suspend_awaited(&self, frame: *mut Frame) -> *mut Frame {
        // SAFETY: the caller's frame runs as an awaited part of a chain.
        unsafe {
            let prev = (*frame).prev;
            (*frame).state &= !Frame::MATERIAL;
            (*frame).ret = Return { to: Continuation::Resume, ..Return::NATIVE };
            (*frame).prev = ptr::null_mut();
            (*frame).link = frame;
            (*frame).depth = 1;
            self.vm().recursion_left.set(self.vm().recursion_left.get() + 1);
            prev
        }
    }

    /// Delegates to the iterator: once when the instruction is reached, and again whenever the frame is resumed there.
    #[inline(always)]
    pub(super) fn await_(&mut self, i: Await) -> Flow {
        self.save();
        let iterator = self.read(i.iter);
        // SAFETY: `held` of a frame at an `await_` is the value it was resumed with, or NULL.
        let sent = unsafe {
            let sent = std::mem::replace(&mut (*self.frame).held, Value::NULL);
            if sent.is_null() { Owned::none() } else { Owned::from_value(sent) }
        };
        if matches!(iterator.kind(), Kind::Generator | Kind::Coroutine) {
            return self.await_generator(i, iterator, sent);
        }
        self.await_other(i, iterator, sent)
    }

    #[inline(always)]
    fn await_generator(&mut self, i: Await, iterator: Ref<'_>, sent: Owned) -> Flow {
        let state = suspended(iterator).expect("a generator");
        match resumable(self.vm(), iterator, state) {
            // SAFETY: the frame is a suspended root, and the current one awaits it.
            Ok(Some(child)) => unsafe {
                if (*child).state & Frame::STARTED == 0 && !sent.borrow().is_none() {
                    let message = format!("can't send non-None value to a just-started {}", noun(iterator));
                    self.consume(i.iter);
                    return Flow::Raise(self.vm().type_error(message));
                }
                match link(self.vm(), self.frame, child) {
                    Ok(leaf) => {
                        deliver(leaf, sent);
                        self.enter(leaf);
                        Flow::Goto
                    }
                    Err(raised) => {
                        self.consume(i.iter);
                        Flow::Raise(raised)
                    }
                }
            },
            Ok(None) => {
                self.consume(i.iter);
                self.write(i.dst, Owned::none());
                Flow::Next
            }
            Err(raised) => {
                self.consume(i.iter);
                Flow::Raise(raised)
            }
        }
    }

    out_of_line! {
        fn await_other(&mut self, i: Await, iterator: Ref<'_>, sent: Owned) -> Flow {
            if let Some(generator) = async_generator::driven_directly(iterator, sent.borrow()) {
                let state = suspended(generator.borrow()).expect("an async generator");
                // SAFETY: the frame is a suspended root, and the current one awaits it through its `asend`.
                unsafe {
                    if let Ok(leaf) = link(self.vm(), self.frame, state.frame.get()) {
                        deliver(leaf, Owned::none());
                        self.enter(leaf);
                        return Flow::Goto;
                    }
                }
            }
            let stopped = |raised: &Raised| instrumented::tell_stopped(self.vm(), raised);
            match send_until(self.vm(), iterator, sent.borrow(), stopped) {
                Ok(Sent::Yield(value)) => self.suspend(value),
                Ok(Sent::Return(value)) => {
                    self.consume(i.iter);
                    if let Err(raised) = self.tell_awaited(None, value.borrow()) {
                        return Flow::Raise(raised);
                    }
                    self.write(i.dst, value);
                    Flow::Next
                }
                Err(raised) => {
                    self.consume(i.iter);
                    Flow::Raise(raised)
                }
            }
        }
    }

    /// `for_iter` over a generator: runs it in this loop.
    #[inline(always)]
    pub(super) fn iterate_generator(&mut self, generator: Ref<'_>) -> Flow {
        let state = suspended(generator).expect("a generator");
        self.save();
        match resumable(self.vm(), generator, state) {
            // SAFETY: the frame is a suspended root.
            Ok(Some(frame)) => unsafe {
                let ret = Return { to: Continuation::ForIter, ..Return::NATIVE };
                match activate(self.vm(), frame, self.frame, ret) {
                    Ok(leaf) => {
                        if self.vm().is_monitored(instrumented::RESUMES)
                            && let Err(raised) = instrumented::tell_resumed(self.vm(), leaf, frame)
                        {
                            self.enter(leaf);
                            return Flow::Raise(raised);
                        }
                        deliver(leaf, Owned::none());
                        self.enter(leaf);
                        Flow::Goto
                    }
                    Err(raised) => Flow::Raise(raised),
                }
            },
            Ok(None) => self.end_loop(),
            Err(raised) => Flow::Raise(raised),
        }
    }

    /// A call of `send`, with the method, the generator and the value in registers: the generator runs in this loop. `None`
    /// where the method itself has to answer.
    #[inline(always)]
    pub(super) fn send_here(&mut self, dst: Out, callee: u16, first: u16, opcode: Opcode) -> Option<Flow> {
        let (generator, value) = (self.at(first), self.at(first + 1));
        let state = suspended(generator)?;
        let frame = state.frame.get();
        let applies = method_descriptor::applicable(self.vm(), self.at(callee), &[generator]).is_some();
        if !applies || frame.is_null() || is_running(state) || self.vm().is_monitored(u32::MAX) {
            return None;
        }
        // SAFETY: the frame is suspended. The run owns the count that the call had.
        unsafe {
            if (*frame).state & Frame::STARTED == 0 && !value.is_none() {
                return None;
            }
            detach(frame);
            let ret = Return {
                to: Continuation::Send,
                own: dst.own,
                register: dst.register,
                words: opcode.words() as u8,
            };
            let leaf = activate(self.vm(), frame, self.frame, ret).ok()?;
            let value = self.take_temporary(first + 1);
            std::mem::forget(self.take_temporary(first));
            self.drop_temporary(callee);
            deliver(leaf, value);
            self.enter(leaf);
        }
        Some(Flow::Goto)
    }

    out_of_line! {
        pub(super) fn get_yield_from(&mut self, i: GetYieldFrom) -> Flow {
            self.save();
            let source = self.read(i.src);
            let result = match source.kind() {
                Kind::Generator => Ok(source.own()),
                Kind::Coroutine if self.code().flags & (flags::COROUTINE | flags::ITERABLE_COROUTINE) == 0 => {
                    Err(self.vm().type_error("cannot 'yield from' a coroutine object in a non-coroutine generator"))
                }
                Kind::Coroutine => Ok(source.own()),
                _ => self.vm().iter(source),
            };
            self.consume(i.src);
            self.finish(i.dst, result)
        }
    }

    #[inline(always)]
    pub(super) fn get_awaitable(&mut self, i: GetAwaitable) -> Flow {
        self.save();
        let result = awaitable_iterator(self.vm(), self.read(i.src), i.how.0);
        self.consume(i.src);
        self.finish(i.dst, result)
    }

    out_of_line! {
        pub(super) fn get_aiter(&mut self, i: GetAiter) -> Flow {
            self.save();
            let result = async_iterator(self.vm(), self.read(i.src));
            self.consume(i.src);
            self.finish(i.dst, result)
        }
    }

    #[inline(always)]
    pub(super) fn get_anext(&mut self, i: GetAnext) -> Flow {
        self.save();
        let iterator = self.keep(i.aiter);
        if iterator.kind() == Kind::AsyncGenerator
            && let Some(flow) = self.run_anext(iterator)
        {
            return flow;
        }
        self.get_anext_slow(i)
    }

    /// Resumes an async generator as part of the chain, as the `await_` that follows would through the `asend` that
    /// `get_anext` makes; `None` where that is not possible.
    #[inline(always)]
    fn run_anext(&mut self, iterator: Ref<'_>) -> Option<Flow> {
        let generator = iterator.downcast::<AsyncGenerator>().expect("an async generator");
        let frame = generator.state.frame.get();
        let may_run = generator.may_be_resumed() && !frame.is_null() && self.vm().recursion_left.get() > 0;
        if !may_run || self.vm().has_requests() {
            return None;
        }
        // SAFETY: a generator that nobody drives is suspended at an item, a root that is its own leaf.
        unsafe {
            if (*frame).ret.to != Continuation::Resume || (*frame).link != frame {
                return None;
            }
            generator.running.set(true);
            self.vm().recursion_left.set(self.vm().recursion_left.get() - 1);
            (*frame).prev = self.frame;
            (*frame).link = self.frame;
            (*frame).state &= !Frame::MATERIAL;
            (*frame).ret = Return { to: Continuation::Anext, ..Return::NATIVE };
            if self.vm().is_monitored(instrumented::RESUMES)
                && let Err(raised) = instrumented::tell_resumed(self.vm(), frame, frame)
            {
                self.enter(frame);
                return Some(Flow::Raise(raised));
            }
            deliver(frame, Owned::none());
        }
        self.enter(frame);
        Some(Flow::Goto)
    }

    out_of_line! {
        fn get_anext_slow(&mut self, i: GetAnext) -> Flow {
            let result = anext_iterator(self.vm(), self.keep(i.aiter));
            self.finish(i.dst, result)
        }
    }

    out_of_line! {
        pub(super) fn end_async_for(&mut self, i: EndAsyncFor) -> Flow {
            self.save();
            let exception = self.replace_handled(self.take_opt(i.saved.register));
            let exception = exception.expect("verified code runs this in a handler");
            self.consume(i.aiter);
            let raised = Raised::new(exception);
            if !raised.is(&self.vm().exceptions().StopAsyncIteration) {
                return Flow::Reraise(raised);
            }
            match self.tell_branch(true) {
                Ok(()) => Flow::Next,
                Err(raised) => Flow::Raise(raised),
            }
        }
    }
}

/// What an awaitable's iterator, a generator, or any object with `send` gives for a value.
pub(crate) fn send(vm: &Thread, iterator: Ref<'_>, value: Ref<'_>) -> PyResult<Sent> {
    send_until(vm, iterator, value, |_| Ok(()))
}

/// The same; `stopped` hears of the StopIteration that ends the iterator, where it raises one.
fn send_until(
    vm: &Thread,
    iterator: Ref<'_>,
    value: Ref<'_>,
    stopped: impl FnOnce(&Raised) -> PyResult<()>,
) -> PyResult<Sent> {
    let slots = &vm.class(iterator).downcast::<Type>().expect("a class").slots;
    if let Some(send) = slots.send.get() {
        return send(vm, iterator, value);
    }
    let result = if value.is_none() && slots.next.get().is_some() {
        match slots.next.get().expect("just seen")(vm, iterator) {
            Ok(Some(item)) => Ok(item),
            Ok(None) => return Ok(Sent::Return(Owned::none())),
            Err(raised) => Err(raised),
        }
    } else {
        vm.call_method(iterator, &vm.names().send, &[value])
    };
    match result {
        Ok(value) => Ok(Sent::Yield(value)),
        Err(raised) if raised.is(&vm.exceptions().StopIteration) => {
            stopped(&raised)?;
            Ok(Sent::Return(vm.stop_iteration_value(raised.exception())))
        }
        Err(raised) => Err(raised),
    }
}

/// The iterator that `await` delegates to (Language Reference, 3.4.1 Awaitable Objects).
pub(crate) fn awaitable_iterator(vm: &Thread, awaitable: Ref<'_>, how: u16) -> PyResult {
    match awaitable.kind() {
        Kind::Coroutine => {
            let state = suspended(awaitable).expect("a coroutine");
            if awaited_object(state).is_some() {
                return Err(vm.runtime_error("coroutine is being awaited already"));
            }
            return Ok(awaitable.own());
        }
        Kind::Generator => {
            let code = suspended(awaitable).expect("a generator").code.borrow();
            if code.downcast::<Code>().is_some_and(|code| code.flags & flags::ITERABLE_COROUTINE != 0) {
                return Ok(awaitable.own());
            }
        }
        _ => {}
    }
    let slots = &vm.class(awaitable).downcast::<Type>().expect("a class").slots;
    let Some(await_) = slots.await_.get() else {
        let name = vm.type_name(awaitable);
        return Err(vm.type_error(match how {
            1 => format!(
                "'async with' received an object from __aenter__ that does not implement __await__: {name}"
            ),
            2 => format!(
                "'async with' received an object from __aexit__ that does not implement __await__: {name}"
            ),
            _ => format!("'{name}' object can't be awaited"),
        }));
    };
    let iterator = await_(vm, awaitable)?;
    if iterator.borrow().kind() == Kind::Coroutine {
        return Err(vm.type_error("__await__() returned a coroutine"));
    }
    if vm.class(iterator.borrow()).downcast::<Type>().expect("a class").slots.next.get().is_none() {
        let name = vm.type_name(iterator.borrow());
        return Err(vm.type_error(format_args!("__await__() returned non-iterator of type '{name}'")));
    }
    Ok(iterator)
}

fn async_iterator(vm: &Thread, source: Ref<'_>) -> PyResult {
    let Some(aiter) = vm.class(source).downcast::<Type>().expect("a class").slots.aiter.get() else {
        let name = vm.type_name(source);
        let message = format!("'async for' requires an object with __aiter__ method, got {name}");
        return Err(vm.type_error(message));
    };
    let iterator = aiter(vm, source)?;
    if vm.class(iterator.borrow()).downcast::<Type>().expect("a class").slots.anext.get().is_none() {
        let name = vm.type_name(iterator.borrow());
        let message = format!(
            "'async for' received an object from __aiter__ that does not implement __anext__: {name}"
        );
        return Err(vm.type_error(message));
    }
    Ok(iterator)
}

fn anext_iterator(vm: &Thread, iterator: Ref<'_>) -> PyResult {
    let Some(anext) = vm.class(iterator).downcast::<Type>().expect("a class").slots.anext.get() else {
        let name = vm.type_name(iterator);
        return Err(
            vm.type_error(format_args!("'async for' requires an iterator with __anext__ method, got {name}"))
        );
    };
    let awaitable = anext(vm, iterator)?;
    awaitable_iterator(vm, awaitable.borrow(), 0).map_err(|raised| {
        let name = vm.type_name(awaitable.borrow());
        let outer =
            vm.type_error(format_args!("'async for' received an invalid object from __anext__: {name}"));
        crate::types::exception::payload(outer.exception()).set_cause(Some(raised.into_exception()));
        outer
    })
}

/// What a suspended generator awaits or yields from, if anything.
pub(crate) fn awaited_object(state: &Suspended) -> Option<Owned> {
    let frame = state.frame.get();
    if frame.is_null() {
        return None;
    }
    // SAFETY: an unfinished generator's frame is alive.
    if is_running(state) && unsafe { (*Frame::root(frame)).link } == frame {
        return None;
    }
    // SAFETY: the frame is alive; at an `await_` its iterator is in the register.
    unsafe {
        let word = *(*frame).pc;
        if (*frame).state & Frame::STARTED == 0 || Frame::opcode(frame) != Opcode::Await {
            return None;
        }
        let value = *Frame::registers(frame).add(Await::decode(word, |_| 0).iter.register as usize);
        (!value.is_null()).then(|| Ref::from_value(value).own())
    }
}

/// Shows the collector what a suspended generator's frame owns; a running one's references count as external.
pub(crate) fn trace(frame: *mut Frame, visitor: &mut Visitor<'_>) {
    // SAFETY: an unfinished generator's frame is alive.
    unsafe {
        if !frame.is_null() && (*Frame::root(frame)).state & Frame::RUNNING == 0 {
            Frame::trace(frame, visitor);
            let word = *(*frame).pc;
            if (*frame).state & Frame::STARTED != 0 && Frame::opcode(frame) == Opcode::Await {
                let iterator = Await::decode(word, |_| 0).iter;
                visitor.value(*Frame::registers(frame).add(iterator.register as usize));
            }
        }
    }
}

/// Ends a generator that was dropped: its frame goes, with all it owns.
pub(crate) fn discard(frame: *mut Frame) {
    if frame.is_null() {
        return;
    }
    // SAFETY: the generator owned the frame, which is suspended.
    unsafe {
        (*frame).generator = Value::NULL;
        detach(frame);
        let code = &*(*frame).code;
        let registers = Frame::registers(frame);
        if (*frame).state & Frame::STARTED != 0 {
            let word = *(*frame).pc;
            if Frame::opcode(frame) == Opcode::Await {
                let iterator = Await::decode(word, |_| 0).iter;
                registers.add(iterator.register as usize).replace(Value::NULL).release();
            }
            for index in (0..Frame::live_temporaries(frame)).rev() {
                registers.add(code.near_locals as usize + index).replace(Value::NULL).release();
            }
        }
        frame::leave_detached(frame);
    }
}
