//! What tools want to hear of in one code object, and the marks that this puts over its instructions.
//!
//! A marked instruction has the opcode `instrumented` in place of its own; its operands stay. The site of the instruction
//! keeps the opcode, and for each event that may happen there the tools that listen and have not switched it off.
//! Marks are brought up to date when code runs: when somebody begins to listen everywhere, the instruction with which code begins
//! is marked, and whatever leads to a mark that is out of date renews the code's marks first.
//!
//! A line begins at an instruction if the one before it is of another line, or if a jump or an exception leads there. A
//! jump within a line begins none: frames remember the line that they are in, which is why all beginnings of lines stay
//! marked until nobody listens to any of them. Where a `for` loop is left, a line goes on quietly, unless the code before is
//! of another one.

use std::cell::{Cell, OnceCell};

use pyx_compiler::bytecode::opcode::{Instruction, Opcode};

use super::{Event, LOCAL, Monitoring};
use crate::types::code::Code;

/// A code object's marks, if anybody has listened to it.
#[derive(Default)]
pub(crate) struct MarksCell(OnceCell<Box<Marks>>);

crate::untraced!(MarksCell);

struct Marks {
    /// Who listened everywhere when the marks were made.
    version: Cell<u64>,
    /// The tools that listen to an event in this code, whatever they listen to elsewhere.
    local: [Cell<u8>; LOCAL],
    /// The tools that listen to an event here, as the sites have it but for what was switched off.
    applied: [Cell<u8>; LOCAL],
    /// The tools that listen to the function's start.
    start: Cell<u8>,
    /// How many sites begin a line that anybody listens to.
    told_lines: Cell<usize>,
    /// A site for each word.
    sites: Box<[Site]>,
}

/// What is told at one word.
struct Site {
    /// The instruction's opcode; `None` for a word within an instruction.
    opcode: Option<Opcode>,
    /// The events that it causes.
    own: &'static [Event],
    /// The number of the line that begins here, or -1.
    line: i32,
    /// Whether the line is only noted here.
    is_quiet: bool,
    line_tools: Cell<u8>,
    instruction_tools: Cell<u8>,
    /// The tools for its own events.
    own_tools: [Cell<u8>; OWN],
}

/// As many events of its own as an instruction may have.
const OWN: usize = 3;

/// Whether an instruction's handler tells of its events, wherever in its course they happen.
fn tells_itself(opcode: Opcode) -> bool {
    opcode.effects().suspends || opcode == Opcode::GetAnext
}

/// The events that instructions of an opcode cause.
fn own_events(opcode: Opcode) -> &'static [Event] {
    use Opcode as O;
    match opcode {
        O::Call
        | O::CallMethod
        | O::CallKw
        | O::CallMethodKw
        | O::CallEx
        | O::AwaitCall
        | O::AwaitCallMethod
        | O::LoadSuperAttr => &[Event::Call],
        O::ReturnValue | O::ReturnConst => &[Event::PyReturn],
        O::Jump | O::JumpBack => &[Event::Jump],
        O::YieldValue | O::YieldItem => &[Event::PyYield, Event::PyResume],
        O::Await => &[Event::PyYield, Event::PyResume, Event::StopIteration],
        O::GetAnext => &[Event::BranchLeft, Event::BranchRight],
        _ if opcode.effects().jumps => &[Event::BranchLeft, Event::BranchRight],
        _ => &[],
    }
}

impl Site {
    /// Whether tools are told of a line here.
    fn begins_line(&self) -> bool {
        self.line >= 0 && !self.is_quiet
    }

    /// The tools that listen to an event here; `None` if it cannot happen.
    fn tools(&self, event: Event) -> Option<&Cell<u8>> {
        match event {
            // An `await_` begins its line again when something is thrown there.
            Event::Line => (self.line >= 0 || self.opcode == Some(Opcode::Await)).then_some(&self.line_tools),
            Event::Instruction => Some(&self.instruction_tools),
            _ => self.own.iter().position(|&own| own == event).map(|at| &self.own_tools[at]),
        }
    }
}

impl Marks {
    fn new(code: &Code) -> Self {
        let template = code.template();
        let words = &template.words;
        let mut sites: Box<[Site]> = (0..words.len())
            .map(|_| Site {
                opcode: None,
                own: &[],
                line: -1,
                is_quiet: false,
                line_tools: Cell::new(0),
                instruction_tools: Cell::new(0),
                own_tools: Default::default(),
            })
            .collect();
        let lines = code.lines();
        let (mut at, mut line) = (0, -1);
        let mut targets: Vec<usize> =
            template.exceptions.iter().map(|range| range.handler as usize).collect();
        let mut exits = Vec::new();
        let mut before = None;
        while let Some(instruction) = Instruction::decode(words, at) {
            let opcode = instruction.opcode();
            sites[at].opcode = Some(opcode);
            // How a manager is told of an exception is part of its statement, and no call.
            sites[at].own = if before == Some(Opcode::PushExitArgs) { &[] } else { own_events(opcode) };
            before = Some(opcode);
            // What a function does before its first line belongs to its head.
            let prepares = matches!(opcode, Opcode::MakeCell | Opcode::CopyFreeVars);
            if at >= code.entry.get() as usize && !prepares {
                let own = lines[at];
                if own != line {
                    sites[at].line = own;
                }
                line = own;
            }
            at += opcode.words();
            let target = instruction.label().map(|label| at.wrapping_add_signed(label.0 as isize));
            if matches!(opcode, Opcode::ForIter | Opcode::ForIterPair) {
                exits.extend(target);
            } else {
                targets.extend(target);
            }
        }
        for target in targets {
            if sites[target].opcode != Some(Opcode::EndAsyncFor) {
                sites[target].line = lines[target];
            }
        }
        for exit in exits {
            if sites[exit].line < 0 {
                sites[exit].line = lines[exit];
                sites[exit].is_quiet = true;
            }
        }
        Self {
            version: Cell::new(0),
            local: Default::default(),
            applied: Default::default(),
            start: Cell::new(0),
            told_lines: Cell::new(0),
            sites,
        }
    }

    /// Changes who listens to an event at all its sites.
    fn change(&self, event: Event, change: impl Fn(u8) -> u8) {
        if event == Event::PyStart {
            self.start.set(change(self.start.get()));
        }
        for site in &self.sites {
            if site.opcode.is_some()
                && let Some(tools) = site.tools(event)
            {
                tools.set(change(tools.get()));
            }
        }
        if event == Event::Line {
            let told = |site: &&Site| site.begins_line() && site.line_tools.get() != 0;
            self.told_lines.set(self.sites.iter().filter(told).count());
        }
    }

    /// Whether the instruction at a word must be marked.
    fn is_marked(&self, word: usize, entry: u32, lines: bool) -> bool {
        let site = &self.sites[word];
        let own =
            !site.opcode.is_some_and(tells_itself) && site.own_tools.iter().any(|tools| tools.get() != 0);
        let start = word == entry as usize && self.start.get() != 0;
        own || start || site.instruction_tools.get() != 0 || (lines && site.line >= 0)
    }
}

impl Code {
    fn marks(&self) -> &Marks {
        self.marks.0.get_or_init(|| Box::new(Marks::new(self)))
    }

    /// The opcode of a word under its mark.
    pub(crate) fn opcode_at(&self, word: u32) -> Opcode {
        Opcode::ALL[usize::from(self.template().words[word as usize] as u8)]
    }

    /// The line that begins at a word, and whether it does so quietly.
    pub(crate) fn line_beginning(&self, word: u32) -> Option<(i32, bool)> {
        let site = &self.marks.0.get()?.sites[word as usize];
        (site.line >= 0).then_some((site.line, site.is_quiet))
    }

    /// The events that a tool listens to in this code, beside those that it listens to everywhere.
    pub fn monitored_by(&self, tool: usize) -> u32 {
        let Some(marks) = self.marks.0.get() else { return 0 };
        let listens = |(event, tools): (usize, &Cell<u8>)| u32::from(tools.get() >> tool & 1) << event;
        marks.local.iter().enumerate().map(listens).sum()
    }

    /// Sets them.
    pub(super) fn monitor(&self, monitoring: &Monitoring, tool: usize, events: u32) {
        for (event, tools) in self.marks().local.iter().enumerate() {
            tools.set(tools.get() & !(1 << tool) | ((events >> event & 1) as u8) << tool);
        }
        self.update_marks(monitoring);
    }

    /// Makes the marks what tools listen to.
    pub(super) fn update_marks(&self, monitoring: &Monitoring) {
        if !self.is_complete() {
            return;
        }
        let marks = self.marks();
        marks.version.set(monitoring.version.get());
        for (&event, (local, applied)) in Event::ALL.iter().zip(marks.local.iter().zip(&marks.applied)) {
            let (before, now) = (applied.get(), monitoring.everywhere(event) | local.get());
            if before != now {
                applied.set(now);
                marks.change(event, |tools| tools & now | now & !before);
            }
        }
        self.mark(marks);
    }

    /// Marks the instruction that the code begins with, so that the other marks come when it runs.
    pub(super) fn mark_beginning(&self) {
        // Incomplete code is marked when it is completed.
        if let Some(cell) = self.words.0.get(self.entry.get() as usize) {
            cell.set(cell.get() & !0xff | Opcode::Instrumented as u64);
        }
    }

    /// Makes the marks what tools listen to, if they are out of date; whether they were.
    pub(super) fn refresh_marks(&self, monitoring: &Monitoring) -> bool {
        let outdated = match self.marks.0.get() {
            Some(marks) => marks.version.get() != monitoring.version.get(),
            None => {
                let first = self.words.0.get(self.entry.get() as usize);
                first.is_some_and(|word| word.get() as u8 == Opcode::Instrumented as u8)
            }
        };
        if outdated {
            self.update_marks(monitoring);
        }
        outdated
    }

    /// Forgets what was switched off.
    pub(super) fn restart_marks(&self, monitoring: &Monitoring) {
        self.refresh_marks(monitoring);
        let Some(marks) = self.marks.0.get() else { return };
        for (&event, applied) in Event::ALL.iter().zip(&marks.applied) {
            marks.change(event, |_| applied.get());
        }
        self.mark(marks);
    }

    /// The tools that listen to an event at a word.
    pub(super) fn listeners(&self, monitoring: &Monitoring, event: Event, word: u32) -> u8 {
        // The end of a native call is told to those who were told of the call.
        let event = if matches!(event, Event::CReturn | Event::CRaise) { Event::Call } else { event };
        if !event.is_local() {
            return monitoring.everywhere(event);
        }
        self.refresh_marks(monitoring);
        let Some(marks) = self.marks.0.get() else { return 0 };
        match event {
            Event::PyStart => marks.start.get(),
            _ => marks.sites[word as usize].tools(event).map_or(0, Cell::get),
        }
    }

    /// Takes tools away from an event at a word.
    pub(super) fn switch_off(&self, event: Event, word: u32, tools: u8) {
        let Some(marks) = self.marks.0.get() else { return };
        let cell = match event {
            Event::PyStart => Some(&marks.start),
            _ => marks.sites[word as usize].tools(event),
        };
        let Some(cell) = cell else { return };
        let before = cell.replace(cell.get() & !tools);
        if event != Event::Line {
            self.mark_word(marks, word as usize, marks.tells_lines());
        } else if before != 0 && cell.get() == 0 && marks.sites[word as usize].begins_line() {
            marks.told_lines.set(marks.told_lines.get() - 1);
            if !marks.tells_lines() {
                self.mark(marks);
            }
        }
    }

    /// Puts marks where they belong, and takes the others away.
    fn mark(&self, marks: &Marks) {
        let lines = marks.tells_lines();
        (0..marks.sites.len()).for_each(|word| self.mark_word(marks, word, lines));
    }

    fn mark_word(&self, marks: &Marks, word: usize, lines: bool) {
        let Some(opcode) = marks.sites[word].opcode else { return };
        let shown =
            if marks.is_marked(word, self.entry.get(), lines) { Opcode::Instrumented } else { opcode };
        let cell = &self.words.0[word];
        cell.set(cell.get() & !0xff | shown as u64);
    }
}

impl Marks {
    /// Whether anybody still listens to the beginning of any line.
    fn tells_lines(&self) -> bool {
        self.told_lines.get() != 0
    }
}
