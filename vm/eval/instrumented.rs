//! Marked instructions: telling tools what is about to happen, running the instruction, telling what happened.
//!
//! The opcode `instrumented` leads here. What the instruction itself does is in its handler as ever: [`Machine::step`]
//! runs one instruction by its own opcode. So nothing in the loop knows of monitoring.
#![expect(unsafe_code, reason = "frames and their registers")]

use pyx_compiler::bytecode::opcode::{Instruction, Opcode, instruction};
use pyx_compiler::bytecode::operand::Role;
use pyx_compiler::for_each_op;

use super::dispatch::{Flow, Machine, out_of_line};
use crate::exception::{PyResult, Raised};
use crate::frame::{self, Frame};
use crate::heap::Kind;
use crate::monitoring::Event;
use crate::monitoring::branches::branch_at;
use crate::types::bound_method::BoundMethod;
use crate::types::code::Code;
use crate::types::generator::suspended;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// Notes that the frames which run now have begun: a mark put over their first instruction does not tell it again. Calls a
/// function with the code of each.
pub(crate) fn note_running(vm: &Thread, update: impl Fn(&Code)) {
    vm.each_thread(|thread| {
        let mut frame = thread.frames.top.get();
        while !frame.is_null() {
            // SAFETY: the chain from the top leads along live frames, which keep their code alive.
            unsafe {
                (*frame).state |= Frame::ENTERED;
                update(&*(*frame).code);
                frame = (*frame).prev;
            }
        }
    });
}

/// The same for a suspended generator.
pub(crate) fn note_started(object: Ref<'_>, update: impl Fn(&Code)) {
    let Some(state) = suspended(object) else { return };
    let frame = state.frame.get();
    // SAFETY: an unfinished generator's frame is alive, and keeps its code alive.
    unsafe {
        if !frame.is_null() && (*frame).state & Frame::STARTED != 0 {
            (*frame).state |= Frame::ENTERED;
            update(&*(*frame).code);
        }
    }
}

/// A call that is about to be made.
struct Call {
    callable: Owned,
    /// The first argument, or what stands for none.
    first: Owned,
}

impl Call {
    fn tell(&self, machine: &Machine<'_>, frame: *mut Frame, event: Event) -> PyResult<()> {
        machine.vm().tell(frame, event, &[self.callable.borrow(), self.first.borrow()])
    }

    /// Whether the interpreter hears of the callee's end from the callee itself.
    fn is_python(&self) -> bool {
        matches!(self.callable.borrow().kind(), Kind::Function | Kind::BoundMethod)
    }
}

macro_rules! define_step {
    ($(
        $(#[doc = $doc:literal])*
        $name:ident = $Op:ident { $($field:ident: $Type:ident),* }
            $(ext { $($ext:ident: $ExtType:ident),* })?
            $(cache $cache:literal)?
            $(flag $flag:ident)?
            $(takes [$take:ident; $take_n:expr])?
            $(gives [$give:ident; $give_n:expr])?
            $(: $($effect:ident)+)?;
    )*) => {
        impl Machine<'_> {
            /// Runs the current instruction by its own opcode, whatever lies over it.
            #[cold]
            #[inline(never)]
            fn step(&mut self, opcode: Opcode) -> Flow {
                let pc = self.pc();
                // SAFETY: `pc` points to an instruction of verified code.
                let word = unsafe { *pc };
                match opcode {
                    $(Opcode::$Op => {
                        // SAFETY: the instruction's extension words follow it.
                        let decoded = instruction::$Op::decode(word, |i| unsafe { *pc.add(1 + i) });
                        match self.$name(decoded) {
                            Flow::Next => {
                                self.skip(Opcode::$Op.words());
                                Flow::Goto
                            }
                            flow => flow,
                        }
                    })*
                }
            }
        }
    };
}

for_each_op!(define_step);

/// The events of a generator that suspends.
pub(super) const YIELDS: u32 = Event::PyYield.bit();
/// The event of a generator that goes on.
pub(super) const RESUMES: u32 = Event::PyResume.bit();

/// The events of an exception that is thrown where a frame awaits, beside those of unwinding.
pub(super) const THROWS: u32 = Event::PyThrow.bit() | Event::Line.bit();

/// Tells that the frames of a chain suspend with a value, from the leaf to the root. Whether the leaf is still there: a
/// trace function may have made it jump.
#[cold]
#[inline(never)]
pub(super) unsafe fn tell_yield(
    vm: &Thread,
    leaf: *mut Frame,
    root: *mut Frame,
    value: Ref<'_>,
) -> PyResult<bool> {
    // SAFETY: the caller's chain is alive and suspends at the leaf.
    unsafe {
        let pc = (*leaf).pc;
        vm.tell(leaf, Event::PyYield, &[value])?;
        if (*leaf).pc != pc {
            (*leaf).state &= !Frame::IN_LINE;
            return Ok(false);
        }
        let mut frame = leaf;
        // What something was thrown into has not gone on, and does not suspend anew.
        while frame != root && (*(*frame).prev).state & Frame::THROWN == 0 {
            frame = (*frame).prev;
            vm.frames.top.set(frame);
            let told = vm.listening.in_place(|| vm.tell(frame, Event::PyYield, &[value]));
            vm.frames.top.set(leaf);
            told?;
        }
    }
    Ok(true)
}

/// Tells that the frames of a chain go on, from the root to the leaf; those that have not begun say so themselves.
#[cold]
#[inline(never)]
pub(super) unsafe fn tell_resumed(vm: &Thread, leaf: *mut Frame, root: *mut Frame) -> PyResult<()> {
    let mut chain = vec![leaf];
    // SAFETY: the caller's chain is alive; its root is active, and the leaf about to run.
    unsafe {
        while let Some(&frame) = chain.last()
            && frame != root
        {
            chain.push((*frame).prev);
        }
        let top = vm.frames.top.get();
        for frame in chain.into_iter().rev() {
            if (*frame).state & Frame::STARTED == 0 {
                continue;
            }
            vm.frames.top.set(frame);
            let told = vm.listening.in_place(|| vm.tell(frame, Event::PyResume, &[]));
            vm.frames.top.set(top);
            told?;
        }
    }
    Ok(())
}

/// Tells that a generator which a frame goes over, or awaits, ended with a value.
#[cold]
#[inline(never)]
pub(super) fn tell_stop(vm: &Thread, frame: *mut Frame, event: Event, value: Ref<'_>) -> PyResult<()> {
    if !vm.listens(frame, event) {
        return Ok(());
    }
    let stop = vm.stop_iteration(value);
    vm.tell(frame, event, &[stop.exception()])
}

/// Tells that the current frame goes over or awaits something that ended by raising a StopIteration.
#[cold]
pub(super) fn tell_stopped(vm: &Thread, raised: &Raised) -> PyResult<()> {
    match vm.is_monitored(Event::Raise.bit()) {
        true => vm.tell(vm.frames.top.get(), Event::Raise, &[raised.exception()]),
        false => Ok(()),
    }
}

/// Tells that what a frame awaits ended with a value, the event being what its StopIteration counts as, if anything. In a
/// frame that knows that something was thrown into it, the StopIteration is thrown too, and handled.
#[cold]
#[inline(never)]
pub(super) fn tell_awaited(
    vm: &Thread,
    frame: *mut Frame,
    event: Option<Event>,
    value: Ref<'_>,
) -> PyResult<()> {
    if take_thrown(frame) {
        let stop = vm.stop_iteration(value).into_exception();
        tell_thrown(vm, frame, &stop)?;
    } else if let Some(event) = event {
        tell_stop(vm, frame, event, value)?;
    }
    tell_item(vm, frame)
}

/// Whether what a frame awaits comes out of it because something was thrown into it; the frame forgets that.
fn take_thrown(frame: *mut Frame) -> bool {
    // SAFETY: the callers' frame is alive.
    unsafe {
        let before = (*frame).state;
        (*frame).state &= !Frame::THROWN;
        before & Frame::THROWN != 0
    }
}

/// Tells that an exception is thrown where a frame awaits, and enters the handler in which the waiting ends.
fn tell_thrown(vm: &Thread, frame: *mut Frame, exception: &Owned) -> PyResult<()> {
    let exception = exception.borrow();
    vm.listening.in_place(|| {
        vm.tell(frame, Event::PyThrow, &[exception])?;
        vm.tell(frame, Event::Raise, &[exception])?;
        vm.tell(frame, Event::ExceptionHandled, &[exception])?;
        let has_line = frame::code_of(frame).line_at(frame::current_word(frame)).is_some();
        if has_line { vm.tell(frame, Event::Line, &[]) } else { Ok(()) }
    })
}

/// Tells that an exception is raised in a frame, or goes on there. One that comes out of what the frame awaits, after something
/// was thrown into that, passes the handler in which the waiting ends.
#[cold]
#[inline(never)]
pub(super) fn tell_raised(
    vm: &Thread,
    frame: *mut Frame,
    raised: Raised,
    is_new: bool,
    passes_cleanup: bool,
) -> Raised {
    if take_thrown(frame) {
        let exception = raised.exception().own();
        return match tell_thrown(vm, frame, &exception) {
            Ok(()) => vm.tell_of_exception(frame, Event::Reraise, raised),
            Err(other) => other,
        };
    }
    let event = if is_new { Event::Raise } else { Event::Reraise };
    let raised = vm.tell_of_exception(frame, event, raised);
    if !passes_cleanup {
        return raised;
    }
    let raised = vm.tell_of_exception(frame, Event::ExceptionHandled, raised);
    vm.tell_of_exception(frame, Event::Reraise, raised)
}

/// Tells that an exception is thrown into a frame.
pub(super) fn tell_of_throw(vm: &Thread, frame: *mut Frame, raised: Raised) -> Raised {
    if !vm.is_monitored(Event::PyThrow.bit()) {
        return raised;
    }
    let top = vm.frames.top.replace(frame);
    let raised = vm.listening.in_place(|| vm.tell_of_exception(frame, Event::PyThrow, raised));
    vm.frames.top.set(top);
    raised
}

/// Tells that an `async for`, if it is one that awaits, has an item.
fn tell_item(vm: &Thread, frame: *mut Frame) -> PyResult<()> {
    let word = frame::current_word(frame);
    let Some(before) = word.checked_sub(Opcode::GetAnext.words() as u32) else { return Ok(()) };
    tell_branch_at(vm, frame, Event::BranchLeft, before, word)
}

/// Tells of a branch of the instruction at a word.
fn tell_branch_at(vm: &Thread, frame: *mut Frame, event: Event, from: u32, to: u32) -> PyResult<()> {
    let to = vm.int(2 * i64::from(to))?;
    // SAFETY: the caller's frame is alive, and the word one of its code.
    unsafe {
        let before = (*frame).pc;
        let word = Frame::word_index(frame);
        (*frame).pc = before.sub(word as usize).add(from as usize);
        let told = vm.listening.in_place(|| vm.tell(frame, event, &[to.borrow()]));
        (*frame).pc = before;
        told
    }
}

impl Machine<'_> {
    out_of_line! {
        /// A marked instruction.
        pub(super) fn instrumented(&mut self, _instruction: instruction::Instrumented) -> Flow {
            self.save();
            let (frame, code) = (self.frame, self.code());
            if self.vm().refresh_marks(code) {
                // The instruction may not be marked any more.
                return Flow::Goto;
            }
            // SAFETY: the frame is alive.
            let word = unsafe { Frame::word_index(frame) };
            let instruction = Instruction::decode(&code.template().words, word as usize).expect("an instruction");
            let call = match self.before(instruction, word) {
                Ok(call) => call,
                Err(raised) => {
                    self.drop_operands(instruction);
                    return Flow::Raise(raised);
                }
            };
            // SAFETY: the frame is alive.
            let pc = unsafe { (*frame).pc };
            if pc != self.pc() {
                // A trace function made it jump.
                self.enter(frame);
                return Flow::Goto;
            }
            let flow = self.step(instruction.opcode());
            if self.frame != frame {
                return flow;
            }
            match (flow, call) {
                (Flow::Raise(raised), Some(call)) if !call.is_python() => {
                    match call.tell(self, frame, Event::CRaise) {
                        Ok(()) => Flow::Raise(raised),
                        Err(other) => Flow::Raise(other),
                    }
                }
                (Flow::Goto, Some(call)) if !call.is_python() => {
                    self.told(instruction, pc, |machine, _| call.tell(machine, frame, Event::CReturn))
                }
                (Flow::Goto, None) if instruction.label().is_some() => {
                    self.told(instruction, pc, |machine, next| machine.after_jump(instruction, word, next))
                }
                (flow, _) => flow,
            }
        }
    }

    /// Tells what an instruction has done, and goes on where it led: the word is the other argument of `tell`. To
    /// handlers, an error there is an error of the instruction, which then gave nothing.
    fn told(
        &mut self,
        instruction: Instruction,
        pc: *const u64,
        tell: impl FnOnce(&Self, u32) -> PyResult<()>,
    ) -> Flow {
        let frame = self.frame;
        let next = self.pc();
        self.save();
        // SAFETY: the frame is alive.
        let word = unsafe { Frame::word_index(frame) };
        self.set_pc(pc);
        self.save();
        let told = tell(self, word);
        // SAFETY: the frame is alive.
        let stays = unsafe { (*frame).pc == pc };
        match told {
            Ok(()) if stays => {
                self.set_pc(next);
                Flow::Goto
            }
            Ok(()) => {
                self.enter(frame);
                Flow::Goto
            }
            Err(raised) => {
                self.drop_results(instruction);
                Flow::Raise(raised)
            }
        }
    }

    /// Tells what is about to happen at the current instruction.
    fn before(&self, instruction: Instruction, word: u32) -> PyResult<Option<Call>> {
        let (vm, frame, code) = (self.vm(), self.frame, self.code());
        // SAFETY: the frame is alive.
        unsafe {
            if word == code.entry.get() && (*frame).state & Frame::ENTERED == 0 {
                (*frame).state |= Frame::ENTERED;
                // The function's head is what begins.
                (*frame).pc = self.pc().sub(word as usize);
                let told = vm.tell(frame, Event::PyStart, &[]);
                (*frame).pc = self.pc();
                told?;
            }
            if let Some((line, is_quiet)) = code.line_beginning(word)
                && ((*frame).state & Frame::IN_LINE == 0 || (*frame).line != line)
            {
                (*frame).state |= Frame::IN_LINE;
                (*frame).line = line;
                let before = (*frame).pc;
                if !is_quiet {
                    vm.tell(frame, Event::Line, &[])?;
                }
                if (*frame).pc != before {
                    (*frame).state &= !Frame::IN_LINE;
                    return Ok(None);
                }
            }
        }
        vm.tell(frame, Event::Instruction, &[])?;
        match instruction {
            Instruction::ReturnValue(i) => {
                let value = self.read(i.src).own();
                vm.tell(frame, Event::PyReturn, &[value.borrow()])?;
            }
            Instruction::ReturnConst(i) => {
                vm.tell(frame, Event::PyReturn, &[code.constants[i.value.0 as usize].borrow()])?;
            }
            _ => {
                if vm.listens(frame, Event::Call)
                    && let Some(call) = self.call_ahead(instruction)?
                {
                    call.tell(self, frame, Event::Call)?;
                    return Ok(Some(call));
                }
            }
        }
        Ok(None)
    }

    /// What an instruction is about to call.
    fn call_ahead(&self, instruction: Instruction) -> PyResult<Option<Call>> {
        let missing = self.vm().monitoring_missing()?;
        let argument = |register: u16, n: u16| if n > 0 { Some(self.at(register).own()) } else { None };
        let (base, first) = match instruction {
            Instruction::Call(i) => (i.base.register, argument(i.base.register + 1, i.n.0)),
            Instruction::CallKw(i) => (i.base.register, argument(i.base.register + 1, i.n.0)),
            Instruction::AwaitCall(i) => (i.base.register, argument(i.base.register + 1, i.n.0)),
            Instruction::CallMethod(i) => (i.base.register, self.receiver_or(i.base.register, i.n.0)),
            Instruction::CallMethodKw(i) => (i.base.register, self.receiver_or(i.base.register, i.n.0)),
            Instruction::AwaitCallMethod(i) => (i.base.register, self.receiver_or(i.base.register, i.n.0)),
            Instruction::CallEx(i) => {
                let arguments = self.at(i.base.register + 1).downcast::<crate::heap::inline::Tuple>();
                (i.base.register, arguments.and_then(|tuple| tuple.as_slice().first().cloned()))
            }
            Instruction::LoadSuperAttr(i) => {
                (i.base.register, (i.explicit.0 != 0).then(|| self.at(i.base.register + 1).own()))
            }
            _ => return Ok(None),
        };
        let callable = self.at(base);
        // Where arguments are unpacked, so is no method.
        let is_plain = !matches!(instruction, Instruction::CallEx(_));
        Ok(Some(match callable.downcast::<BoundMethod>().filter(|_| is_plain) {
            Some(method) => Call { callable: method.function.clone(), first: method.receiver.clone() },
            None => Call { callable: callable.own(), first: first.unwrap_or(missing) },
        }))
    }

    /// The first argument of a method call: the receiver, or what follows where there is none.
    fn receiver_or(&self, base: u16, n: u16) -> Option<Owned> {
        match self.at_opt(base + 1) {
            Some(receiver) => Some(receiver.own()),
            None => (n > 0).then(|| self.at(base + 2).own()),
        }
    }

    /// Tells where a jump led, or that a branch led nowhere else.
    fn after_jump(&self, instruction: Instruction, word: u32, next: u32) -> PyResult<()> {
        match branch_at(self.code().template(), word) {
            Some(branch) if next == branch.right => self.tell_jump(Event::BranchRight, branch.right),
            Some(branch) => self.tell_jump(Event::BranchLeft, branch.left),
            None if instruction.label().is_some() => self.tell_jump(Event::Jump, next),
            None => Ok(()),
        }
    }

    /// Tells that what the current `await_` waits for ended with a value; where that is no generator, its StopIteration
    /// counts as raised.
    #[inline(always)]
    pub(super) fn tell_awaited(&self, event: Option<Event>, value: Ref<'_>) -> PyResult<()> {
        if !self.vm().is_monitored(u32::MAX) {
            return Ok(());
        }
        self.save();
        tell_awaited(self.vm(), self.frame, event, value)
    }

    /// Tells that a loop, over a generator or an async one, at whose `for_iter` or `end_async_for` the machine is, goes on or ends.
    #[inline(always)]
    pub(super) fn tell_branch(&self, ends: bool) -> PyResult<()> {
        const BRANCHES: u32 = Event::BranchLeft.bit() | Event::BranchRight.bit();
        if self.vm().is_monitored(BRANCHES) { self.tell_loop(ends) } else { Ok(()) }
    }

    out_of_line! {
        fn tell_loop(&self, ends: bool) -> PyResult<()> {
            self.save();
            let branch = branch_at(self.code().template(), frame::current_word(self.frame));
            let Some(branch) = branch else { return Ok(()) };
            let (event, to) = if ends { (Event::BranchRight, branch.right) } else { (Event::BranchLeft, branch.left) };
            tell_branch_at(self.vm(), self.frame, event, branch.from, to)
        }
    }

    fn tell_jump(&self, event: Event, target: u32) -> PyResult<()> {
        let target = self.vm().int(2 * i64::from(target))?;
        self.vm().tell(self.frame, event, &[target.borrow()])
    }

    /// Drops the temporaries that an instruction gave.
    fn drop_results(&self, instruction: Instruction) {
        instruction.operands(|_, operand| {
            if operand.role == Role::Write && !operand.own {
                self.drop_temporary(operand.bits as u16);
            }
        });
        if let Some((first, n)) = instruction.gives() {
            (0..n).for_each(|index| self.drop_temporary(first + index as u16));
        }
    }

    /// Drops what an instruction would have consumed.
    fn drop_operands(&self, instruction: Instruction) {
        instruction.operands(|_, operand| {
            if operand.role == Role::Read && operand.own {
                self.drop_temporary(operand.bits as u16);
            }
        });
        if let Some((first, n)) = instruction.takes() {
            (0..n).for_each(|index| self.drop_temporary(first + index as u16));
        }
    }
}
