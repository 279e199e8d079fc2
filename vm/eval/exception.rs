//! Raising, unwinding, and context managers.
#![expect(unsafe_code, reason = "unwinding drops registers and leaves frames")]

use pyx_compiler::bytecode::opcode::{Opcode, instruction::*, reraise_place};

use super::dispatch::{Flow, Machine, out_of_line};
use super::{instrumented, raising};
use crate::exception::{PyResult, Raised};
use crate::frame::{self, Continuation, Frame};
use crate::heap::inline::Tuple;
use crate::monitoring::Event;
use crate::types::exception::{Thrown, payload, set_context, traceback_of};
use crate::types::traceback;
use crate::value::{Owned, Ref, Value};
use crate::vm::Thread;

/// Finds the handler of an exception raised at the current instruction of `frame`, leaving frames that have none. The result
/// is the frame that goes on, at its handler; an error when the entry frame is left.
pub(super) fn unwind(
    vm: &Thread,
    frame: *mut Frame,
    mut raised: Raised,
    trace: bool,
) -> PyResult<*mut Frame> {
    let mut frame = frame;
    let mut trace = trace;
    // SAFETY: frames on the chain are alive until they are left here; the depth table says which temporaries are.
    unsafe {
        loop {
            let thrown = payload(raised.exception()).take_thrown();
            if trace {
                match thrown {
                    Thrown::No if !payload(raised.exception()).has_traceback() => {
                        raising::set_context(vm, raised.exception());
                    }
                    Thrown::InChain if !(*frame).handled.is_null() => {
                        set_context(raised.exception(), Ref::from_value((*frame).handled));
                    }
                    _ => {}
                }
                raised = traceback::extend(vm, frame, raised);
            }
            let word = Frame::word_index(frame);
            let live = Frame::live_temporaries(frame);
            // Where an exception that goes on counts as raised is where it was before, if the handler only puts things in order.
            let place = if trace { 0 } else { place(frame) };
            let raised_at = if place & reraise_place::THERE != 0 { (*frame).raised_at } else { word };
            let code = &*(*frame).code;
            let start = code.words.0.as_ptr().cast::<u64>();
            (*frame).pc = start.add(raised_at as usize);
            if vm.is_monitored(MONITORED | instrumented::THROWS) {
                raised = instrumented::tell_raised(
                    vm,
                    frame,
                    raised,
                    trace,
                    place & reraise_place::PASSES_CLEANUP != 0,
                );
            }
            trace = true;
            let template = code.template();
            let registers = Frame::registers(frame).add(code.near_locals as usize);
            let range = match template.exceptions.partition_point(|range| range.start <= word) {
                0 => None,
                n => Some(template.exceptions[n - 1]).filter(|range| word < range.end),
            };
            let kept = range.map_or(0, |range| range.depth as usize);
            for index in (kept..live).rev() {
                let value = registers.add(index).replace(Value::NULL);
                value.release();
            }
            if let Some(range) = range {
                registers.add(kept).write((*frame).handled);
                (*frame).raised_at = raised_at;
                // The register has the count of what was handled before.
                let _ = Frame::replace_handled(frame, raised.into_exception().into_value());
                (*frame).pc = start.add(range.handler as usize);
                if thrown == Thrown::InChain && Frame::opcode(frame) == Opcode::Intrinsic {
                    // Where a generator ends, the exception only passes.
                    payload(Ref::from_value((*frame).handled)).set_thrown(thrown);
                }
                if vm.is_monitored(MONITORED | instrumented::THROWS)
                    && let Err(other) = tell_handled(vm, frame)
                {
                    raised = other;
                    continue;
                }
                return Ok(frame);
            }
            if vm.is_monitored(MONITORED) {
                raised = vm.tell_of_exception(frame, Event::PyUnwind, raised);
            }
            let (ret, prev) = ((*frame).ret, (*frame).prev);
            match ret.to {
                Continuation::Register | Continuation::Init => {
                    super::leave::pop(vm, frame, prev);
                    frame = prev;
                }
                Continuation::Native => {
                    super::leave::pop(vm, frame, prev);
                    return Err(raised);
                }
                // The awaiting or iterating frame goes on with the exception.
                _ => {
                    (frame, raised) = super::generator::unwound(vm, frame, raised)?;
                    payload(raised.exception()).set_thrown(thrown);
                }
            }
        }
    }
}

/// The `place` of a `reraise`, if that is the frame's current instruction.
///
/// # Safety
/// The frame is alive.
unsafe fn place(frame: *mut Frame) -> u16 {
    // SAFETY: the caller's.
    unsafe {
        match Frame::opcode(frame) {
            Opcode::Reraise => Reraise::decode(*(*frame).pc, |_| 0).place.0,
            _ => 0,
        }
    }
}

/// The events of unwinding.
const MONITORED: u32 =
    Event::Raise.bit() | Event::Reraise.bit() | Event::ExceptionHandled.bit() | Event::PyUnwind.bit();

/// Tells that the frame is at the handler of the exception that it now handles. If that raises, the first instruction of
/// the handler did.
unsafe fn tell_handled(vm: &Thread, frame: *mut Frame) -> PyResult<()> {
    // SAFETY: the caller's frame is alive, and owns what it handles.
    let exception = unsafe {
        // A handler that begins nowhere lets no line go on.
        if (*(*frame).code).line_at(Frame::word_index(frame)).is_none() {
            (*frame).state &= !Frame::IN_LINE;
        }
        Ref::from_value((*frame).handled).own()
    };
    vm.tell(frame, Event::ExceptionHandled, &[exception.borrow()])
}

impl Machine<'_> {
    /// The frame's handled exception.
    #[inline(always)]
    fn handled(&self) -> Option<Ref<'_>> {
        // SAFETY: the frame owns it.
        unsafe {
            let value = (*self.frame).handled;
            (!value.is_null()).then(|| Ref::from_value(value))
        }
    }

    out_of_line! {
        /// Puts another exception, or none, in the place of the handled one, which is the result.
        pub(super) fn replace_handled(&self, value: Option<Owned>) -> Option<Owned> {
            // SAFETY: ownership moves in and out.
            unsafe {
                let old = Frame::replace_handled(self.frame, value.map_or(Value::NULL, Owned::into_value));
                (!old.is_null()).then(|| Owned::from_value(old))
            }
        }
    }

    out_of_line! {
        pub(super) fn raise_exc(&mut self, i: RaiseExc) -> Flow {
            self.save();
            let exception = self.take(i.exc);
            Flow::Raise(raising::raise(self.vm(), exception.borrow(), None))
        }
    }

    out_of_line! {
        pub(super) fn raise_from(&mut self, i: RaiseFrom) -> Flow {
            self.save();
            let cause = self.take(i.cause);
            let exception = self.take(i.exc);
            Flow::Raise(raising::raise(self.vm(), exception.borrow(), Some(cause.borrow())))
        }
    }

    out_of_line! {
        pub(super) fn raise_handled(&mut self, _instruction: RaiseHandled) -> Flow {
            self.save();
            match frame::handled_exception(self.vm()) {
                Some(exception) => Flow::Reraise(Raised::new(exception)),
                None => Flow::Raise(self.vm().runtime_error("No active exception to reraise")),
            }
        }
    }

    out_of_line! {
        pub(super) fn load_exc(&mut self, i: LoadExc) -> Flow {
            let exception = self.handled().expect("verified code runs this in a handler").own();
            self.write(i.dst, exception);
            Flow::Next
        }
    }

    out_of_line! {
        pub(super) fn pop_except(&mut self, i: PopExcept) -> Flow {
            let old = self.replace_handled(self.take_opt(i.saved.register));
            self.save();
            drop(old);
            Flow::Next
        }
    }

    out_of_line! {
        pub(super) fn reraise(&mut self, i: Reraise) -> Flow {
            self.save();
            let exception = self.replace_handled(self.take_opt(i.saved.register));
            Flow::Reraise(Raised::new(exception.expect("verified code runs this in a handler")))
        }
    }

    out_of_line! {
        pub(super) fn jump_if_no_match(&mut self, i: JumpIfNoMatch) -> Flow {
            self.save();
            let exception = self.handled().expect("verified code runs this in a handler");
            let matches = raising::matches(self.vm(), exception, self.read(i.type_));
            self.consume(i.type_);
            self.branch(matches.map(|matches| !matches), Opcode::JumpIfNoMatch, i.target)
        }
    }

    out_of_line! {
        pub(super) fn match_group(&mut self, i: MatchGroup) -> Flow {
            self.save();
            let base = i.base.register;
            let (exception, class) = (self.take_temporary(base), self.take_temporary(base + 1));
            match raising::split_group(self.vm(), exception.borrow(), class.borrow()) {
                Ok((rest, matched)) => {
                    if !matched.borrow().is_none() {
                        self.replace_handled(Some(matched.clone()));
                    }
                    self.write_temporary(base, rest);
                    self.write_temporary(base + 1, matched);
                    Flow::Next
                }
                Err(raised) => Flow::Raise(raised),
            }
        }
    }

    out_of_line! {
        pub(super) fn load_manager(&mut self, i: LoadManager) -> Flow {
            self.save();
            let base = i.base.register;
            let manager = self.take_temporary(base);
            match super::with::manager(self.vm(), manager.borrow(), i.kind.0) {
                Ok(methods) => {
                    for (index, value) in methods.into_iter().enumerate() {
                        match value {
                            Some(value) => self.write_temporary(base + index as u16, value),
                            None => self.write_null(base + index as u16),
                        }
                    }
                    Flow::Next
                }
                Err(raised) => Flow::Raise(raised),
            }
        }
    }

    out_of_line! {
        pub(super) fn push_exit_args(&mut self, i: PushExitArgs) -> Flow {
            let base = i.base.register;
            let exit = i.exit.register;
            let exception = self.handled().expect("verified code runs this in a handler").own();
            self.write_temporary(base, self.at(exit).own());
            match self.at_opt(exit + 1) {
                Some(receiver) => self.write_temporary(base + 1, receiver.own()),
                None => self.write_null(base + 1),
            }
            self.write_temporary(base + 2, self.vm().class(exception.borrow()).own());
            self.write_temporary(base + 4, traceback_of(self.vm(), exception.borrow()).unwrap_or_else(Owned::none));
            self.write_temporary(base + 3, exception);
            Flow::Next
        }
    }

    /// A tuple of temporaries, moved.
    #[inline(always)]
    pub(super) fn new_tuple(&self, base: u16, n: usize) -> PyResult {
        if n == 0 {
            return Ok(self.vm().empty_tuple());
        }
        // SAFETY: every slot is written before the tuple is seen; nothing between can fail.
        unsafe {
            let tuple = self.vm().tuple_uninitialised(n)?;
            let data = crate::heap::inline::tuple_data(tuple.value());
            for index in 0..n {
                data.add(index).write(self.take_temporary(base + index as u16).into_value());
            }
            debug_assert!(tuple.borrow().downcast::<Tuple>().is_some());
            Ok(tuple)
        }
    }
}
