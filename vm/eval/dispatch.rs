//! The loop, and the vocabulary of its handlers.
//!
//! [`run`] executes frames until the one it was given returns or raises. One `match` on the opcode calls the handler of the
//! row, a method of [`Machine`] with the row's name; all of them are inlined here, so that `pc` and the registers'
//! address stay in machine registers. Handlers live in the other files of this folder, by family, and speak the
//! vocabulary below: `read`, `take`, `consume`, `write`. A handler answers with a [`Flow`]. `.cargo/config.toml` has the compiler
//! copy the jump of the `match` to the end of every handler.
//!
//! # Safety model
//!
//! Code that reaches the loop is verified: operands name registers of the frame, moved operands are live temporaries,
//! borrowed ones are bound locals, jumps lead to instructions. The vocabulary's methods are safe to call from handlers
//! because they rely on nothing else: a `Ref` they hand out is valid until the handler consumes the operand or the loop goes
//! on. No reference to `pc` or the register base leaves the inlined code: what is not inlined gets values.
#![expect(unsafe_code, reason = "the interpreter loop")]

use pyx_compiler::bytecode::opcode::{Opcode, instruction};
use pyx_compiler::bytecode::operand::{In, Kept, Label, Out, Register};
use pyx_compiler::for_each_op;

use super::bind::Arguments;
use crate::exception::{PyResult, Raised};
use crate::frame::{Continuation, Frame, Return};
use crate::heap::{self, Header};
use crate::types::code::Code;
use crate::value::{Owned, Ref, Value};
use crate::vm::Thread;

/// What a handler wants next.
pub(super) enum Flow {
    /// The next instruction.
    Next,
    /// Wherever `pc` points now.
    Goto,
    /// An exception on its way.
    Raise(Raised),
    /// As `Raise`, but this frame is in the traceback already.
    Reraise(Raised),
    /// The entry frame is left, as [`Exit`] says.
    Return(Owned),
    Yield(Owned),
    Item(Owned),
}

/// How the entry frame is left.
pub(super) enum Exit {
    /// It returned.
    Return(Owned),
    /// It is a generator's and suspended.
    Yield(Owned),
    /// It is an async generator's and suspended with an item of its own.
    Item(Owned),
}

/// The state of the loop.
pub(super) struct Machine<'m> {
    /// The loop's own memory, so that the thread needs no machine register: handlers use `pc` and the frame far more.
    home: *const &'m Thread,
    pub(super) frame: *mut Frame,
    pc: *const u64,
}

/// Runs a frame that was pushed with a continuation to native code, until it is left.
pub(super) fn run(vm: &Thread, frame: *mut Frame) -> PyResult<Exit> {
    vm.check_stack().inspect_err(|_| super::leave::abandon(vm, frame))?;
    let mut machine = Machine { home: &raw const vm, frame, pc: std::ptr::null() };
    machine.enter(frame);
    machine.run(None)
}

/// Runs a suspended frame by raising an exception in it.
pub(super) fn run_raising(vm: &Thread, frame: *mut Frame, raised: Raised) -> PyResult<Exit> {
    let mut machine = Machine { home: &raw const vm, frame, pc: std::ptr::null() };
    machine.enter(frame);
    machine.run(Some(raised))
}

/// An instruction that can be read where a machine is.
pub(super) trait Fetch {
    fn fetch(machine: &Machine<'_>) -> Self;
}

/// Declares a method that is not inlined into the loop. It works on a copy of the machine's state, which is copied back
/// afterwards: if the state's own address went anywhere, the compiler would keep `pc` and the registers in memory.
macro_rules! out_of_line {
    (
        $(#[$meta:meta])*
        $vis:vis fn $name:ident(&mut $self:ident $(, $argument:ident: $type:ty)* $(,)?) $(-> $result:ty)? $body:block
    ) => {
        $(#[$meta])*
        #[inline(always)]
        $vis fn $name(&mut $self $(, $argument: $type)*) $(-> $result)? {
            trait OutOfLine {
                fn run(&mut self $(, $argument: $type)*) $(-> $result)?;
            }
            impl OutOfLine for Machine<'_> {
                #[inline(never)]
                fn run(&mut $self $(, $argument: $type)*) $(-> $result)? $body
            }
            let mut copy = $self.copy();
            let result = OutOfLine::run(&mut copy $(, $argument)*);
            $self.resume(&copy);
            result
        }
    };
    (
        $(#[$meta:meta])*
        $vis:vis fn $name:ident(&$self:ident $(, $argument:ident: $type:ty)* $(,)?) $(-> $result:ty)? $body:block
    ) => {
        $(#[$meta])*
        #[inline(always)]
        $vis fn $name(&$self $(, $argument: $type)*) $(-> $result)? {
            trait OutOfLine {
                fn run(&self $(, $argument: $type)*) $(-> $result)?;
            }
            impl OutOfLine for Machine<'_> {
                #[inline(never)]
                fn run(&$self $(, $argument: $type)*) $(-> $result)? $body
            }
            OutOfLine::run(&$self.copy() $(, $argument)*)
        }
    };
}
pub(super) use out_of_line;

macro_rules! define_loop {
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
        $(impl Fetch for instruction::$Op {
            #[inline(always)]
            fn fetch(machine: &Machine<'_>) -> Self {
                let pc = machine.pc;
                // SAFETY: `pc` points to an instruction of verified code, whose extension words follow it.
                unsafe { Self::decode(*pc, |i| *pc.add(1 + i)) }
            }
        })*

        impl Machine<'_> {
            fn run(&self, start: Option<Raised>) -> PyResult<Exit> {
                // A copy of its own, which nothing else can point to; the compiler must think otherwise of the thread's address,
                // or it would keep it in a register.
                let home = self.vm();
                std::hint::black_box(&home);
                let mut machine = Machine { home: &raw const home, ..self.copy() };
                let mut raised = match start {
                    Some(raised) => Flow::Raise(raised),
                    None => Flow::Goto,
                };
                loop {
                    match raised {
                        Flow::Raise(error) => machine.unwind(error, true)?,
                        Flow::Reraise(error) => machine.unwind(error, false)?,
                        _ => {}
                    }
                    raised = 'instructions: loop {
                        // SAFETY: `pc` points to an instruction of verified code.
                        let word = unsafe { *machine.pc };
                        // SAFETY: verified code has only opcodes of the table.
                        match unsafe { std::mem::transmute::<u8, Opcode>(word as u8) } {
                            $(Opcode::$Op => {
                                match machine.$name(Fetch::fetch(&machine)) {
                                    Flow::Next => {
                                        // SAFETY: an instruction that goes on is followed by another.
                                        machine.pc = unsafe { machine.pc.add(Opcode::$Op.words()) };
                                    }
                                    Flow::Goto => {}
                                    Flow::Return(value) => return Ok(Exit::Return(value)),
                                    Flow::Yield(value) => return Ok(Exit::Yield(value)),
                                    Flow::Item(value) => return Ok(Exit::Item(value)),
                                    flow => break 'instructions flow,
                                }
                            })*
                        }
                    };
                }
            }
        }
    };
}

for_each_op!(define_loop);

impl<'m> Machine<'m> {
    /// The thread that runs the loop.
    #[inline(always)]
    pub(super) fn vm(&self) -> &'m Thread {
        // SAFETY: the functions that make a machine outlive it, and have the address in their frames.
        unsafe { *self.home }
    }

    /// The same state again.
    #[inline(always)]
    pub(super) fn copy(&self) -> Self {
        Self { home: self.home, frame: self.frame, pc: self.pc }
    }

    /// Does the current instruction, or the rest of it, out of line. The instruction is read again there: passing it would
    /// have the hot path store its fields. As in [`out_of_line!`], only a copy of the state has an address.
    #[inline(always)]
    pub(super) fn aside<I: Fetch, R>(&mut self, run: impl FnOnce(&mut Self, I) -> R) -> R {
        #[inline(never)]
        fn call<'m, I: Fetch, R>(machine: &mut Machine<'m>, run: impl FnOnce(&mut Machine<'m>, I) -> R) -> R {
            let instruction = I::fetch(machine);
            run(machine, instruction)
        }
        let mut copy = self.copy();
        let result = call(&mut copy, run);
        self.resume(&copy);
        result
    }

    /// Goes on where a copy is.
    #[inline(always)]
    pub(super) fn resume(&mut self, copy: &Self) {
        self.frame = copy.frame;
        self.pc = copy.pc;
    }

    /// Makes a frame the current one, at its `pc`.
    #[inline(always)]
    pub(super) fn enter(&mut self, frame: *mut Frame) {
        // SAFETY: the frame is alive.
        self.enter_at(frame, unsafe { (*frame).pc });
    }

    /// Makes a frame the current one, at an instruction of its code.
    #[inline(always)]
    pub(super) fn enter_at(&mut self, frame: *mut Frame, pc: *const u64) {
        self.frame = frame;
        self.pc = pc;
        self.vm().frames.top.set(frame);
    }

    /// Notes the current instruction in the frame: before anything that may look at frames.
    #[inline(always)]
    pub(super) fn save(&self) {
        // SAFETY: the frame is alive.
        unsafe { (*self.frame).pc = self.pc };
    }

    /// The current instruction.
    pub(super) fn pc(&self) -> *const u64 {
        self.pc
    }

    /// The opcode of the current instruction, under its mark if it has one.
    #[inline(always)]
    pub(super) fn opcode(&self) -> Opcode {
        self.save();
        // SAFETY: the frame is alive.
        unsafe { Frame::opcode(self.frame) }
    }

    /// Goes to an instruction of the frame's code.
    pub(super) fn set_pc(&mut self, pc: *const u64) {
        self.pc = pc;
    }

    /// The raw word in a register.
    #[inline(always)]
    pub(super) fn register(&self, register: Register) -> *mut Value {
        // SAFETY: registers of verified code lie within the frame.
        unsafe { Frame::registers(self.frame).add(register as usize) }
    }

    #[inline(always)]
    fn value(&self, register: Register) -> Value {
        // SAFETY: as above.
        unsafe { *self.register(register) }
    }

    /// Borrows an operand.
    #[inline(always)]
    pub(super) fn read(&self, operand: In) -> Ref<'m> {
        // SAFETY: the register holds a value until the operand is consumed.
        unsafe { Ref::from_value(self.value(operand.register)) }
    }

    /// Borrows a register that stays live.
    #[inline(always)]
    pub(super) fn keep(&self, operand: Kept) -> Ref<'m> {
        // SAFETY: the register holds a value.
        unsafe { Ref::from_value(self.value(operand.register)) }
    }

    /// Borrows a register by number.
    #[inline(always)]
    pub(super) fn at(&self, register: Register) -> Ref<'m> {
        // SAFETY: the register holds a value.
        unsafe { Ref::from_value(self.value(register)) }
    }

    /// Borrows a register by number, which may hold NULL.
    #[inline(always)]
    pub(super) fn at_opt(&self, register: Register) -> Option<Ref<'m>> {
        let value = self.value(register);
        // SAFETY: the register holds a value or NULL.
        (!value.is_null()).then(|| unsafe { Ref::from_value(value) })
    }

    /// The operand's value: moved out of a temporary, or another owner of a borrowed one.
    #[inline(always)]
    pub(super) fn take(&self, operand: In) -> Owned {
        if operand.own { self.take_temporary(operand.register) } else { self.read(operand).own() }
    }

    /// Moves the value out of a temporary.
    #[inline(always)]
    pub(super) fn take_temporary(&self, register: Register) -> Owned {
        let value = self.value(register);
        self.poison(register);
        // SAFETY: a live temporary owns its value; it is dead from here on.
        unsafe { Owned::from_value(value) }
    }

    /// Moves the value out of a register of a frame that is being left.
    #[inline(always)]
    pub(super) fn move_out(&self, register: Register) -> Owned {
        // SAFETY: a bound local or a live temporary owns its value, and is unbound from here on.
        unsafe { Owned::from_value(self.register(register).replace(Value::NULL)) }
    }

    /// Moves the value out of a temporary that may hold NULL.
    #[inline(always)]
    pub(super) fn take_opt(&self, register: Register) -> Option<Owned> {
        let value = self.value(register);
        self.poison(register);
        // SAFETY: as above.
        (!value.is_null()).then(|| unsafe { Owned::from_value(value) })
    }

    /// Takes adjacent temporaries over where they lie, before any of the registers is written.
    #[inline(always)]
    pub(super) fn take_in_place(&self, base: Register, n: usize) -> Arguments {
        // SAFETY: verified code has live temporaries there, which it does not use again.
        unsafe { Arguments::new(self.register(base), n) }
    }

    /// Moves the values out of temporaries.
    pub(super) fn take_range(&self, base: Register, n: usize) -> Vec<Owned> {
        (0..n).map(|index| self.take_temporary(base + index as Register)).collect()
    }

    /// Drops an operand that was moved.
    #[inline(always)]
    pub(super) fn consume(&self, operand: In) {
        if operand.own {
            self.drop_value(self.value(operand.register));
            self.poison(operand.register);
        }
    }

    /// Drops the operands of an operation with a result, in CPython's order: the result takes the place of the first; an
    /// operation that raises drops the last one first.
    #[inline(always)]
    pub(super) fn consume_both(&self, first: In, second: In, result: &PyResult) {
        let (one, other) = if result.is_ok() { (first, second) } else { (second, first) };
        self.consume(one);
        self.consume(other);
    }

    /// Drops a temporary, which may hold NULL.
    #[inline(always)]
    pub(super) fn drop_temporary(&self, register: Register) {
        self.drop_value(self.value(register));
        self.poison(register);
    }

    /// In debug builds, dead registers hold a mark that nothing expects.
    #[inline(always)]
    fn poison(&self, register: Register) {
        if cfg!(debug_assertions) {
            // SAFETY: the register lies within the frame.
            unsafe { *self.register(register) = Value::NULL };
        }
    }

    /// Writes a result.
    #[inline(always)]
    pub(super) fn write(&self, out: Out, value: Owned) {
        let slot = self.register(out.register);
        // SAFETY: a local owns its old value; a temporary is dead.
        unsafe {
            if out.own {
                let old = slot.replace(value.into_value());
                self.drop_value(old);
            } else {
                slot.write(value.into_value());
            }
        }
    }

    /// Writes a temporary by number.
    #[inline(always)]
    pub(super) fn write_temporary(&self, register: Register, value: Owned) {
        // SAFETY: the temporary is dead.
        unsafe { self.register(register).write(value.into_value()) };
    }

    /// Writes NULL to a temporary.
    #[inline(always)]
    pub(super) fn write_null(&self, register: Register) {
        // SAFETY: the temporary is dead.
        unsafe { self.register(register).write(Value::NULL) };
    }

    /// Unbinds a local; the old value is the result.
    #[inline(always)]
    pub(super) fn unbind(&self, register: Register) -> Option<Owned> {
        // SAFETY: a local owns its value.
        unsafe {
            let old = self.register(register).replace(Value::NULL);
            (!old.is_null()).then(|| Owned::from_value(old))
        }
    }

    /// Gives a count back; the instruction is noted first if that ends an object, for its end may run Python.
    #[inline(always)]
    fn drop_value(&self, value: Value) {
        if value.is_pointer() {
            // SAFETY: the caller's count is given back; the object is alive until then.
            unsafe {
                if (*value.header()).release() {
                    drop_last(self.frame, self.pc, value.header());
                }
            }
        }
    }

    /// Writes a result, or raises.
    #[inline(always)]
    pub(super) fn finish(&self, out: Out, result: PyResult) -> Flow {
        match result {
            Ok(value) => {
                self.write(out, value);
                Flow::Next
            }
            Err(raised) => Flow::Raise(raised),
        }
    }

    /// Goes to a label of the current instruction, which has so many words.
    #[inline(always)]
    pub(super) fn go(&mut self, opcode: Opcode, label: Label) -> Flow {
        // SAFETY: labels of verified code lead to instructions.
        self.pc = unsafe { self.pc.offset(opcode.words() as isize + label.0 as isize) };
        Flow::Goto
    }

    /// As `go` if the condition holds, else the next instruction. The empty assembly keeps the compiler from turning
    /// the branch into a conditional move on the path to the next fetch, which costs half of a loop's speed.
    #[inline(always)]
    pub(super) fn jump_if_true(&mut self, condition: bool, opcode: Opcode, label: Label) -> Flow {
        if condition {
            #[cfg(not(miri))]
            // SAFETY: no instructions.
            unsafe {
                std::arch::asm!("", options(nomem, nostack, preserves_flags));
            }
            self.go(opcode, label)
        } else {
            Flow::Next
        }
    }

    /// Goes on after the current instruction, which has so many words.
    #[inline(always)]
    pub(super) fn skip(&mut self, words: usize) {
        // SAFETY: another instruction follows.
        self.pc = unsafe { self.pc.add(words) };
    }

    /// The code that runs.
    #[inline(always)]
    pub(super) fn code(&self) -> &'m Code {
        // SAFETY: the frame's function keeps its code alive; `__code__` assignment parks the old one while it runs.
        unsafe { &*(*self.frame).code }
    }

    /// A constant of the code that runs.
    #[inline(always)]
    pub(super) fn constant(&self, index: u32) -> Ref<'m> {
        // SAFETY: verified code names constants that it has.
        unsafe { self.code().constants.get_unchecked(index as usize) }.borrow()
    }

    /// Inline cache word `index` of the current instruction, counted from its first word.
    #[inline(always)]
    pub(super) fn cache(&self, index: usize) -> u64 {
        // SAFETY: the row says that the word exists.
        unsafe { *self.pc.add(index) }
    }

    /// Rewrites a word of the current instruction.
    #[inline(always)]
    pub(super) fn set_cache(&self, index: usize, word: u64) {
        // SAFETY: the words are cells; only their own thread runs them.
        unsafe { *self.pc.cast_mut().add(index) = word };
    }

    /// Pushes nothing, runs a new frame next.
    #[inline(always)]
    pub(super) fn call_frame(&mut self, frame: *mut Frame) -> Flow {
        self.save();
        self.enter(frame);
        Flow::Goto
    }

    /// Where the value of a call made by the current instruction goes.
    #[inline(always)]
    pub(super) fn return_to(out: Out, opcode: Opcode) -> Return {
        Return {
            to: Continuation::Register,
            own: out.own,
            register: out.register,
            words: opcode.words() as u8,
        }
    }

    /// Finds the handler of an exception, leaving frames on the way; an error when the entry frame is left.
    #[inline(always)]
    fn unwind(&mut self, raised: Raised, trace: bool) -> PyResult<()> {
        self.save();
        let frame = super::exception::unwind(self.vm(), self.frame, raised, trace)?;
        self.enter(frame);
        Ok(())
    }
}

/// Ends an object, the instruction being noted.
#[cold]
#[inline(never)]
unsafe fn drop_last(frame: *mut Frame, pc: *const u64, object: *const Header) {
    // SAFETY: the caller's; the object's count is zero.
    unsafe {
        (*frame).pc = pc;
        heap::end(object);
    }
}
