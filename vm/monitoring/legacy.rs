//! `sys.settrace` and `sys.setprofile`: the two tools whose callbacks are one function for each thread.
//!
//! A function is called with the frame, the name of what happens, and an argument. The trace function of a thread
//! hears of calls; what it returns becomes `f_trace` of the frame, which hears of all else there. An error in a function
//! takes it away and is raised where the event happened.

use super::{Answer, Event, PROFILE, TRACE};
use crate::exception::PyResult;
use crate::frame::{self, Frame};
use crate::heap::{Kind, Slot};
use crate::types::exception::traceback_of;
use crate::types::frame::FrameObject;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// The functions of one thread.
#[derive(Default)]
pub(crate) struct Functions {
    trace: Slot,
    profile: Slot,
}

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hook {
    /// `sys.settrace`
    Trace,
    /// `sys.setprofile`
    Profile,
}

/// What the profile function hears of.
const PROFILED: u32 = Event::PyStart.bit()
    | Event::PyResume.bit()
    | Event::PyThrow.bit()
    | Event::PyReturn.bit()
    | Event::PyYield.bit()
    | Event::PyUnwind.bit()
    | Event::Call.bit();

/// What trace functions hear of, beside the instructions of frames that ask for them.
const TRACED: u32 = Event::PyStart.bit()
    | Event::PyResume.bit()
    | Event::PyThrow.bit()
    | Event::PyReturn.bit()
    | Event::PyYield.bit()
    | Event::PyUnwind.bit()
    | Event::Raise.bit()
    | Event::StopIteration.bit()
    | Event::Line.bit()
    | Event::Jump.bit();

impl Functions {
    fn of(&self, hook: Hook) -> &Slot {
        match hook {
            Hook::Trace => &self.trace,
            Hook::Profile => &self.profile,
        }
    }

    /// Takes the functions away.
    pub(super) fn clear(&self) {
        drop(self.trace.take());
        drop(self.profile.take());
    }
}

impl Thread {
    /// This thread's function.
    pub fn hook(&self, hook: Hook) -> Option<Owned> {
        self.listening.legacy.of(hook).get()
    }

    /// Sets or takes away this thread's function.
    pub fn set_hook(&self, hook: Hook, function: Option<Owned>) -> PyResult<()> {
        drop(self.listening.legacy.of(hook).replace(function));
        self.listen_for_hooks(hook)
    }

    /// Sets or takes away the functions of all threads.
    pub fn set_hook_everywhere(&self, hook: Hook, function: Option<&Owned>) -> PyResult<()> {
        let mut before = Vec::new();
        self.each_thread(|thread| before.extend(thread.listening.legacy.of(hook).replace(function.cloned())));
        drop(before);
        self.listen_for_hooks(hook)
    }

    /// Listens to what the functions hear of, as long as any thread has one.
    fn listen_for_hooks(&self, hook: Hook) -> PyResult<()> {
        let (tool, events) = match hook {
            Hook::Trace => (TRACE, TRACED),
            Hook::Profile => (PROFILE, PROFILED),
        };
        let mut used = false;
        self.each_thread(|thread| used |= !thread.listening.legacy.of(hook).is_empty());
        self.set_monitored(tool, if used { events } else { 0 })
    }
}

/// Calls a function with a frame, the name of the event, and the argument.
fn call(vm: &Thread, function: Ref<'_>, frame: Ref<'_>, what: &'static str, argument: Ref<'_>) -> PyResult {
    vm.call(function, &[frame, vm.intern(what)?.borrow(), argument])
}

/// Tells the profile function.
pub(super) fn profile(
    vm: &Thread,
    frame: *mut Frame,
    event: Event,
    arguments: &[Ref<'_>],
) -> PyResult<Answer> {
    let Some(function) = vm.hook(Hook::Profile) else { return Ok(Answer::Listen) };
    let native;
    let (what, argument) = match event {
        Event::PyStart | Event::PyResume | Event::PyThrow => ("call", Ref::NONE),
        Event::PyReturn | Event::PyYield => ("return", arguments[0]),
        Event::PyUnwind => ("return", Ref::NONE),
        Event::Call | Event::CReturn | Event::CRaise => {
            let Some(called) = native_callable(vm, arguments)? else { return Ok(Answer::Listen) };
            native = called;
            let what = match event {
                Event::Call => "c_call",
                Event::CReturn => "c_return",
                _ => "c_exception",
            };
            (what, native.borrow())
        }
        _ => return Ok(Answer::Listen),
    };
    let object = frame::frame_object(vm, frame)?;
    if let Err(raised) = call(vm, function.borrow(), object.borrow(), what, argument) {
        vm.set_hook(Hook::Profile, None)?;
        return Err(raised);
    }
    Ok(Answer::Listen)
}

/// The native function or method that a call is of; a method descriptor is bound to its receiver.
fn native_callable(vm: &Thread, arguments: &[Ref<'_>]) -> PyResult<Option<Owned>> {
    let &[callable, first] = arguments else { return Ok(None) };
    match callable.kind() {
        Kind::NativeFunction => Ok(Some(callable.own())),
        Kind::MethodDescriptor if !first.is(vm.monitoring_missing()?.borrow()) => {
            let class = vm.class(first);
            vm.call_method(callable, &vm.names().__get__, &[first, class]).map(Some)
        }
        _ => Ok(None),
    }
}

/// Tells the trace function, or the frame's.
pub(super) fn trace(
    vm: &Thread,
    frame: *mut Frame,
    event: Event,
    word: u32,
    arguments: &[Ref<'_>],
) -> PyResult<Answer> {
    let Some(function) = vm.hook(Hook::Trace) else { return Ok(Answer::Listen) };
    if event == Event::Jump && !repeats_line(frame, word, arguments) {
        return Ok(Answer::Disable);
    }
    let object = frame::frame_object(vm, frame)?;
    let face = object.borrow().downcast::<FrameObject>().expect("a frame object");
    let details;
    let (what, argument) = match event {
        Event::PyStart | Event::PyResume | Event::PyThrow => ("call", Ref::NONE),
        Event::PyReturn | Event::PyYield => ("return", arguments[0]),
        Event::PyUnwind => ("return", Ref::NONE),
        Event::Raise | Event::StopIteration => {
            let exception = arguments[0];
            let traceback = traceback_of(vm, exception).unwrap_or_else(Owned::none);
            details = vm.tuple_array([vm.class(exception).own(), exception.own(), traceback])?;
            ("exception", details.borrow())
        }
        Event::Line | Event::Jump if face.traces_lines() => ("line", Ref::NONE),
        Event::Instruction if face.traces_opcodes() => ("opcode", Ref::NONE),
        _ => return Ok(Answer::Listen),
    };
    let called = if what == "call" { Some(function) } else { face.trace_function() };
    let Some(called) = called else { return Ok(Answer::Listen) };
    match call(vm, called.borrow(), object.borrow(), what, argument) {
        Ok(local) if local.borrow().is_none() => {}
        Ok(local) => face.set_trace_function(Some(local)),
        Err(raised) => {
            face.set_trace_function(None);
            vm.set_hook(Hook::Trace, None)?;
            return Err(raised);
        }
    }
    Ok(Answer::Listen)
}

/// Whether a jump leads back to its own line, which then begins again though no other came between.
fn repeats_line(frame: *mut Frame, from: u32, arguments: &[Ref<'_>]) -> bool {
    let code = frame::code_of(frame);
    let target = arguments.first().and_then(|offset| offset.as_small_int()).unwrap_or(0) / 2;
    target <= i64::from(from) && code.line_at(target as u32) == code.line_at(from)
}
