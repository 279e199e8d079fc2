//! Monitoring (PEP 669): tools hear of events in the code that runs.
//!
//! Eight tools may listen: the six of `sys.monitoring`, and behind the last two numbers `sys.setprofile` and
//! `sys.settrace` ([`legacy`]). Events are of two kinds:
//!
//! - *Local* events belong to an instruction. A tool may listen to them everywhere or in single code objects, and may
//!   switch each off where it has heard enough. Code that somebody listens to has [`marks`]: the opcode `instrumented`
//!   lies over the instructions concerned, and code that nobody listens to is not touched, so that monitoring costs
//!   nothing where it is not used. Who begins to listen everywhere finds a mark over the beginning of all code; the
//!   others come when the code runs. (`PY_YIELD` and `PY_RESUME` are local too; as a chain of generators suspends and
//!   resumes at one instruction, they are told from there, for each frame of the chain.)
//! - The other events are told where they happen, in rare places: an exception is raised, handled, leaves a frame.
//!
//! While a tool is called, its thread tells nobody anything.

pub(crate) mod branches;
pub mod legacy;
pub(crate) mod marks;

use std::cell::Cell;

use pyx_compiler::bytecode::opcode::Opcode;

use crate::eval::instrumented;
use crate::exception::{PyResult, Raised};
use crate::frame::{self, Frame};
use crate::heap::{Slot, gc};
use crate::types::code::Code;
use crate::types::frame::FrameObject;
use crate::value::{Owned, Ref};
use crate::vm::Thread;

/// How many tools there may be.
pub(crate) const TOOLS: usize = 8;
/// The tool behind `sys.setprofile`; those below are `sys.monitoring`'s.
pub const PROFILE: usize = 6;
/// The tool behind `sys.settrace`.
pub const TRACE: usize = 7;

macro_rules! events {
    ($($(#[doc = $doc:literal])* $Event:ident = $name:literal,)*) => {
        /// What tools may hear of, in the order of the bits in sets of events.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        pub enum Event {
            $($(#[doc = $doc])* $Event,)*
        }

        impl Event {
            /// All events.
            pub const ALL: &[Self] = &[$(Self::$Event),*];

            /// The name in `sys.monitoring.events`.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$Event => $name,)* }
            }
        }
    };
}

events! {
    /// A function begins.
    PyStart = "PY_START",
    /// A generator or coroutine goes on, but not by `throw()`.
    PyResume = "PY_RESUME",
    /// A function returns.
    PyReturn = "PY_RETURN",
    /// A generator or coroutine suspends.
    PyYield = "PY_YIELD",
    /// A call is about to be made.
    Call = "CALL",
    /// A line begins.
    Line = "LINE",
    /// An instruction is about to run.
    Instruction = "INSTRUCTION",
    /// An unconditional jump.
    Jump = "JUMP",
    /// A conditional jump was not taken.
    BranchLeft = "BRANCH_LEFT",
    /// A conditional jump was taken.
    BranchRight = "BRANCH_RIGHT",
    /// An iteration over a generator ends with a StopIteration that is not raised.
    StopIteration = "STOP_ITERATION",
    /// An exception is raised, or goes through a frame.
    Raise = "RAISE",
    /// A handler begins.
    ExceptionHandled = "EXCEPTION_HANDLED",
    /// An exception leaves a function.
    PyUnwind = "PY_UNWIND",
    /// A generator or coroutine goes on by `throw()`.
    PyThrow = "PY_THROW",
    /// An exception goes on after a `finally` or an `except` that did not match.
    Reraise = "RERAISE",
    /// A native callable returned.
    CReturn = "C_RETURN",
    /// A native callable raised.
    CRaise = "C_RAISE",
    /// Both kinds of branches, for tools from before they were told apart.
    Branch = "BRANCH",
}

/// The events that belong to instructions: the first ones.
pub(crate) const LOCAL: usize = Event::StopIteration as usize + 1;
/// The events that are not told together with others: those that a set of events can have by themselves.
pub(crate) const UNGROUPED: usize = Event::Reraise as usize + 1;

impl Event {
    /// The event's bit in sets of events.
    #[inline(always)]
    pub const fn bit(self) -> u32 {
        1 << self as u32
    }

    /// Whether the event belongs to an instruction.
    pub const fn is_local(self) -> bool {
        (self as usize) < LOCAL
    }
}

/// The events that `BRANCH` stands for.
const SIDES: [Event; 2] = [Event::BranchLeft, Event::BranchRight];

/// The events whose bits are set.
fn members(set: u32) -> impl Iterator<Item = Event> {
    Event::ALL.iter().copied().filter(move |event| set & event.bit() != 0)
}

/// What an interpreter's tools want to hear.
#[derive(Default)]
pub(crate) struct Monitoring {
    tools: [Tool; TOOLS],
    /// The tools that listen to an event everywhere, a bit for each.
    everywhere: [Cell<u8>; UNGROUPED],
    /// Events that some tool listens to, or listened to in some code object.
    active: Cell<u32>,
    /// Counts how often it was changed who listens everywhere.
    version: Cell<u64>,
    disable: Slot,
    missing: Slot,
}

/// One who listens.
#[derive(Default)]
struct Tool {
    /// Empty if the number is not in use.
    name: Slot,
    callbacks: [Slot; Event::ALL.len()],
}

impl Tool {
    /// Whether a branch of either kind is told to what was registered for `BRANCH`: that does not tell them apart, and is from
    /// before the turns of `async for` were branches.
    fn hears_as_branch(&self, event: Event) -> bool {
        let callback = SIDES.contains(&event).then(|| self.callbacks[event as usize].get()).flatten();
        callback.is_some_and(|callback| self.callbacks[Event::Branch as usize].holds(callback.borrow()))
    }
}

/// What a tool does with an event.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// It goes on listening.
    Listen,
    /// It does not want to hear of the event at this instruction again.
    Disable,
}

/// What a thread's tools do at the moment.
#[derive(Default)]
pub(crate) struct Listening {
    /// Calls of tools that run now.
    calls: Cell<u32>,
    /// What the innermost of them is told, and of which frame.
    told: Cell<Option<(Event, *const Frame)>>,
    /// Whether the frame that is told of something must not jump.
    stays: Cell<bool>,
    pub(crate) legacy: legacy::Functions,
}

impl Listening {
    /// Lets a call run as if no tool were being called (`sys.call_tracing`).
    pub(crate) fn afresh<R>(&self, call: impl FnOnce() -> R) -> R {
        let before = self.calls.replace(0);
        let result = call();
        self.calls.set(before);
        result
    }

    /// Lets a call run in which no frame may go on elsewhere.
    pub(crate) fn in_place<R>(&self, call: impl FnOnce() -> R) -> R {
        let before = self.stays.replace(true);
        let result = call();
        self.stays.set(before);
        result
    }

    /// The event of a frame that a tool is being told of, if the frame may go on elsewhere.
    pub(crate) fn told_of(&self, face: &FrameObject) -> Option<Event> {
        let (event, frame) = self.told.get().filter(|_| !self.stays.get())?;
        std::ptr::eq(frame, face.frame.get().frame).then_some(event)
    }

    /// Calls a tool.
    fn in_tool<R>(&self, event: Event, frame: *const Frame, call: impl FnOnce() -> R) -> R {
        let before = self.told.replace(Some((event, frame)));
        self.calls.set(self.calls.get() + 1);
        let result = call();
        self.calls.set(self.calls.get() - 1);
        self.told.set(before);
        result
    }
}

impl Monitoring {
    /// Lets go of the tools.
    fn clear(&self) {
        self.active.set(0);
        for tool in &self.tools {
            drop(tool.name.take());
            tool.callbacks.iter().for_each(|callback| drop(callback.take()));
        }
    }

    /// The tools that listen to an event everywhere.
    pub(crate) fn everywhere(&self, event: Event) -> u8 {
        self.everywhere.get(event as usize).map_or(0, Cell::get)
    }
}

impl Thread {
    fn monitoring(&self) -> &Monitoring {
        &self.interpreter().monitoring
    }

    /// Whether anybody may listen to one of these events now.
    #[inline(always)]
    pub(crate) fn is_monitored(&self, events: u32) -> bool {
        self.monitoring().active.get() & events != 0 && self.listening.calls.get() == 0
    }

    /// What a callback returns to hear no more of an instruction.
    pub fn monitoring_disable(&self) -> PyResult {
        self.marker(&self.monitoring().disable)
    }

    /// What stands for an argument that is not there.
    pub fn monitoring_missing(&self) -> PyResult {
        self.marker(&self.monitoring().missing)
    }

    /// A plain object, made when first asked for.
    fn marker(&self, slot: &Slot) -> PyResult {
        if let Some(marker) = slot.get() {
            return Ok(marker);
        }
        let marker = self.call(self.types().object.borrow(), &[])?;
        slot.set(marker.clone());
        Ok(marker)
    }

    // ---- tools ----

    /// The name under which a tool is in use.
    pub fn tool_name(&self, tool: usize) -> Option<Owned> {
        self.monitoring().tools[tool].name.get()
    }

    /// Begins to use a tool, under a name.
    pub fn use_tool(&self, tool: usize, name: Owned) {
        self.monitoring().tools[tool].name.set(name);
    }

    /// Takes a tool's events and callbacks away.
    pub fn clear_tool(&self, tool: usize) -> PyResult<()> {
        self.set_monitored(tool, 0)?;
        let monitoring = self.monitoring();
        for object in gc::objects(self) {
            if let Some(code) = object.borrow().downcast::<Code>()
                && code.monitored_by(tool) != 0
            {
                code.monitor(monitoring, tool, 0);
            }
        }
        monitoring.tools[tool].callbacks.iter().for_each(|callback| drop(callback.take()));
        Ok(())
    }

    /// Ends the use of a tool.
    pub fn free_tool(&self, tool: usize) -> PyResult<()> {
        self.clear_tool(tool)?;
        drop(self.monitoring().tools[tool].name.take());
        Ok(())
    }

    /// Sets what a tool calls at an event; the former callback.
    pub fn set_callback(&self, tool: usize, event: Event, callback: Option<Owned>) -> Option<Owned> {
        let callbacks = &self.monitoring().tools[tool].callbacks;
        if event == Event::Branch {
            for side in SIDES {
                drop(callbacks[side as usize].replace(callback.clone()));
            }
        }
        callbacks[event as usize].replace(callback)
    }

    // ---- events ----

    /// The events that a tool listens to everywhere.
    pub fn monitored(&self, tool: usize) -> u32 {
        let monitoring = self.monitoring();
        let listens = |event: &&Event| monitoring.everywhere(**event) >> tool & 1 != 0;
        Event::ALL.iter().filter(listens).fold(0, |set, event| set | event.bit())
    }

    /// The tools that listen everywhere, for each event that some do.
    pub fn all_monitored(&self) -> impl Iterator<Item = (Event, u8)> {
        let tools = Event::ALL.iter().map(|&event| (event, self.monitoring().everywhere(event)));
        tools.filter(|&(_, tools)| tools != 0)
    }

    /// Sets the events that a tool listens to everywhere.
    pub fn set_monitored(&self, tool: usize, events: u32) -> PyResult<()> {
        let (monitoring, before) = (self.monitoring(), self.monitored(tool));
        if before == events {
            return Ok(());
        }
        for (event, tools) in monitoring.everywhere.iter().enumerate() {
            tools.set(tools.get() & !(1 << tool) | ((events >> event & 1) as u8) << tool);
        }
        monitoring.active.set(monitoring.active.get() | events);
        if (before ^ events) & ((1 << LOCAL) - 1) != 0 {
            monitoring.version.set(monitoring.version.get() + 1);
            if (!before & events) & ((1 << LOCAL) - 1) != 0 {
                self.mark_beginnings();
            }
        }
        Ok(())
    }

    /// Sets the events that a tool listens to in a code object.
    pub fn set_monitored_in(&self, code: &Code, tool: usize, events: u32) -> PyResult<()> {
        self.complete(code)?;
        let monitoring = self.monitoring();
        monitoring.active.set(monitoring.active.get() | events);
        instrumented::note_running(self, |_| {});
        code.monitor(monitoring, tool, events);
        Ok(())
    }

    /// Lets every tool hear again what it has switched off.
    pub fn restart_monitoring(&self) {
        let monitoring = self.monitoring();
        instrumented::note_running(self, |_| {});
        for object in gc::objects(self) {
            match object.borrow().downcast::<Code>() {
                Some(code) => code.restart_marks(monitoring),
                None => instrumented::note_started(object.borrow(), |_| {}),
            }
        }
    }

    /// Tells nobody anything from now on: the interpreter ends.
    pub fn end_monitoring(&self) {
        self.listening.legacy.clear();
        self.monitoring().clear();
    }

    /// Takes this thread's functions away: it ends.
    pub(crate) fn end_listening(&self) {
        for hook in [legacy::Hook::Trace, legacy::Hook::Profile] {
            if self.hook(hook).is_some()
                && let Err(raised) = self.set_hook(hook, None)
            {
                self.unraisable(raised, None, None);
            }
        }
    }

    /// Marks the beginning of all code there is, and all of the code that runs or is suspended.
    fn mark_beginnings(&self) {
        let monitoring = self.monitoring();
        instrumented::note_running(self, |code| code.update_marks(monitoring));
        for object in gc::objects(self) {
            match object.borrow().downcast::<Code>() {
                Some(code) => code.mark_beginning(),
                None => instrumented::note_started(object.borrow(), |code| code.update_marks(monitoring)),
            }
        }
    }

    /// Marks new code for those who listen everywhere.
    pub(crate) fn mark_new(&self, code: &Code) {
        if self.monitoring().everywhere[..LOCAL].iter().any(|tools| tools.get() != 0) {
            code.mark_beginning();
        }
    }

    /// Makes the marks of code that is about to run what tools listen to; whether they were something else.
    pub(crate) fn refresh_marks(&self, code: &Code) -> bool {
        code.refresh_marks(self.monitoring())
    }

    /// Calls a function as if no tool were being called now (`sys.call_tracing`).
    pub fn call_monitored(&self, function: Ref<'_>, arguments: &[Ref<'_>]) -> PyResult {
        self.listening.afresh(|| self.call(function, arguments))
    }

    // ---- telling ----

    /// Tells the tools that listen of an event at the current instruction of a frame. Callbacks get the code object, the
    /// offset of the instruction (at a line, its number), and these arguments.
    pub(crate) fn tell(&self, frame: *mut Frame, event: Event, arguments: &[Ref<'_>]) -> PyResult<()> {
        let tools = self.listeners(frame, event);
        if tools == 0 {
            return Ok(());
        }
        let (word, code_object) = (frame::current_word(frame), frame::code_object(frame));
        let code = code_object.borrow().downcast::<Code>().expect("a frame's code");
        for tool in (0..TOOLS).rev().filter(|tool| tools >> tool & 1 != 0) {
            let answer = self.listening.in_tool(event, frame, || match tool {
                TRACE => legacy::trace(self, frame, event, word, arguments),
                PROFILE => legacy::profile(self, frame, event, arguments),
                _ => self.call_tool(tool, event, word, &code_object, arguments),
            })?;
            if answer == Answer::Disable {
                self.switch_off(code, tool, event, word)?;
            }
        }
        Ok(())
    }

    /// Whether anybody listens to an event at the current instruction of a frame.
    pub(crate) fn listens(&self, frame: *mut Frame, event: Event) -> bool {
        self.listeners(frame, event) != 0
    }

    fn listeners(&self, frame: *mut Frame, event: Event) -> u8 {
        if self.listening.calls.get() != 0 {
            return 0;
        }
        frame::code_of(frame).listeners(self.monitoring(), event, frame::current_word(frame))
    }

    fn call_tool(
        &self,
        tool: usize,
        event: Event,
        word: u32,
        code: &Owned,
        arguments: &[Ref<'_>],
    ) -> PyResult<Answer> {
        let Some(callback) = self.monitoring().tools[tool].callbacks[event as usize].get() else {
            return Ok(Answer::Listen);
        };
        let payload = code.borrow().downcast::<Code>().expect("a frame's code");
        if payload.opcode_at(word) == Opcode::GetAnext && self.monitoring().tools[tool].hears_as_branch(event)
        {
            return Ok(Answer::Listen);
        }
        let place = match event {
            Event::Line => self.int(payload.line_at(word).unwrap_or(0).into())?,
            _ => self.int(2 * i64::from(word))?,
        };
        let mut all = vec![code.borrow(), place.borrow()];
        all.extend(arguments);
        let result = self.call(callback.borrow(), &all)?;
        let disables = self.monitoring().disable.holds(result.borrow());
        Ok(if disables { Answer::Disable } else { Answer::Listen })
    }

    /// A tool wants to hear no more of an event at an instruction. Events that belong to none cannot be switched off.
    fn switch_off(&self, code: &Code, tool: usize, event: Event, word: u32) -> PyResult<()> {
        let heard = &self.monitoring().tools[tool];
        if event.is_local() {
            let events = if heard.hears_as_branch(event) { &SIDES[..] } else { &[event] };
            events.iter().for_each(|&event| code.switch_off(event, word, 1 << tool));
            return Ok(());
        }
        drop(heard.callbacks[event as usize].take());
        let name = event.name();
        Err(self.value_error(format_args!("Cannot disable {name} events. Callback removed.")))
    }

    /// Tells of an event about an exception on its way; what goes on is that, or what a callback raised.
    #[cold]
    #[inline(never)]
    pub(crate) fn tell_of_exception(&self, frame: *mut Frame, event: Event, raised: Raised) -> Raised {
        if !self.is_monitored(event.bit()) {
            return raised;
        }
        match self.tell(frame, event, &[raised.exception()]) {
            Ok(()) => raised,
            Err(other) => other,
        }
    }

    /// The set of events that bits stand for, if tools may ask for it: the events of calls of native code come with CALL
    /// only, and branches of both kinds by their old common name too.
    pub fn event_set(&self, bits: i64) -> PyResult<u32> {
        let all = (1 << Event::ALL.len()) - 1;
        let Some(set) = u32::try_from(bits).ok().filter(|set| set & !all == 0) else {
            return Err(self.value_error(format_args!("invalid event set 0x{:x}", bits as u32)));
        };
        let returns = Event::CReturn.bit() | Event::CRaise.bit();
        let grouped = returns | Event::Call.bit();
        if set & returns != 0 && set & grouped != grouped {
            return Err(self.value_error("cannot set C_RETURN or C_RAISE events independently"));
        }
        let sides = if set & Event::Branch.bit() == 0 {
            0
        } else {
            SIDES.iter().fold(0, |set, side| set | side.bit())
        };
        Ok((set | sides) & ((1 << UNGROUPED) - 1))
    }
}

/// Whether all events of a set belong to instructions.
pub fn are_local(set: u32) -> bool {
    members(set).all(Event::is_local)
}
