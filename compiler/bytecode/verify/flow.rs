//! The flow of values: on every path, instructions find in the registers what they want.
//!
//! States flow along the code, are met at labels, and go round until nothing new comes up. Labels are taken in the
//! order of the code, so that a loop is finished with before what follows it, and code without loops is walked once.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use ahash::AHashMap;

use super::Fault;
use super::form::Form;
use super::registers::{Kind, Registers};
use super::step::Step;
use crate::bytecode::code::{Code, DepthTable, LocalKind};
use crate::bytecode::opcode::{Instruction, Opcode};
use crate::bytecode::operand::Register;

/// How often, on average, an instruction may be walked before the code is refused. Loops nest to a small depth, and a
/// round of a loop is repeated only when it makes something known of the registers untrue.
const ROUNDS: usize = 64;

/// What is known at one point of the code.
#[derive(Clone)]
pub(super) struct State {
    /// Live temporaries.
    pub(super) depth: u32,
    /// The handled exception.
    pub(super) exc: Kind,
    pub(super) registers: Registers,
}

/// Checks the flow of values of code whose form is good.
pub(super) fn check(code: &Code, form: &Form) -> Result<(), Fault> {
    if code.words.is_empty() {
        return Err((None, "no instructions".into()));
    }
    let fuel = code.words.len() * ROUNDS + 1000;
    walk_all(Flow { code, form, labels: AHashMap::new(), pending: BinaryHeap::new(), fuel, found: None })
        .map(drop)
}

/// The depth table of code whose form is good, whatever table it has.
pub(super) fn depths(code: &Code, form: &Form) -> Result<DepthTable, Fault> {
    let fuel = code.words.len() * ROUNDS + 1000;
    let found = Some(BTreeMap::new());
    let flow =
        walk_all(Flow { code, form, labels: AHashMap::new(), pending: BinaryHeap::new(), fuel, found })?;
    let mut table: Vec<(u32, u32)> = Vec::new();
    for (word, depth) in flow.found.unwrap_or_default() {
        if table.last().is_none_or(|&(_, last)| last != depth) {
            table.push((word, depth));
        }
    }
    Ok(DepthTable(table))
}

/// Follows the code from its beginning until nothing new comes up.
fn walk_all<'c>(mut flow: Flow<'c>) -> Result<Flow<'c>, Fault> {
    flow.arrive(0, 0, &entry(flow.code))?;
    while let Some(Reverse(label)) = flow.pending.pop() {
        let known = flow.labels.get_mut(&label).expect("a pending label has a state");
        known.is_pending = false;
        let state = known.state.clone();
        flow.walk(label, state)?;
    }
    Ok(flow)
}

/// What is known when a call begins: parameters are bound.
fn entry(code: &Code) -> State {
    let near = &code.locals[..code.near_locals as usize];
    let mut registers = Registers::new(near.len() + code.temporaries as usize);
    let parameters = near.iter().take_while(|local| local.kind == LocalKind::Parameter);
    parameters.zip(0..).for_each(|(_, register)| registers.set(register, Kind::VALUE));
    State { depth: 0, exc: Kind::MAYBE, registers }
}

struct Flow<'c> {
    code: &'c Code,
    form: &'c Form,
    labels: AHashMap<u32, Known>,
    pending: BinaryHeap<Reverse<u32>>,
    /// How many instructions may still be walked.
    fuel: usize,
    /// The depths of instructions, where they are to be found out instead of compared with the table.
    found: Option<BTreeMap<u32, u32>>,
}

/// What is known at a label.
struct Known {
    state: State,
    is_pending: bool,
}

/// The exception ranges on a walk.
struct Handlers {
    /// The first range that ends behind the current instruction.
    range: usize,
    /// The range whose handler knows all that it could learn here, as nothing became less certain since it was told.
    told: Option<usize>,
}

impl Flow<'_> {
    /// Walks from a label to the next one, or to where the flow ends.
    fn walk(&mut self, label: u32, mut state: State) -> Result<(), Fault> {
        let mut at = label;
        let mut handlers =
            Handlers { range: self.code.exceptions.partition_point(|range| range.end <= at), told: None };
        while let Some(next) = self.instruction(at, &mut state, &mut handlers)? {
            if next as usize >= self.code.words.len() {
                return Err((Some(at), "falls off the end".into()));
            }
            if self.form.is_label(next) {
                return self.arrive(next, state.depth, &state);
            }
            at = next;
        }
        Ok(())
    }

    /// Walks over one instruction; where the flow goes on, unless it ends or jumps.
    fn instruction(
        &mut self,
        at: u32,
        state: &mut State,
        handlers: &mut Handlers,
    ) -> Result<Option<u32>, Fault> {
        let fault = |message| (Some(at), message);
        self.fuel = self.fuel.checked_sub(1).ok_or_else(|| fault("too many rounds".into()))?;
        let instruction = Instruction::decode(&self.code.words, at as usize);
        let instruction = instruction.ok_or_else(|| fault("no instruction".into()))?;
        let opcode = instruction.opcode();
        let next = at + opcode.words() as u32;
        let effects = opcode.effects();

        let mut step = Step::new(self.code, state, instruction);
        let source = step.consume().map_err(fault)?;
        if effects.raises || effects.suspends {
            self.raise(at, step.state, handlers)?;
        }
        if let Some(distance) = step.jump() {
            let drops_iterator = matches!(opcode, Opcode::ForIter | Opcode::ForIterPair);
            let target = i64::from(next) + i64::from(distance);
            self.arrive(target as u32, step.state.depth - u32::from(drops_iterator), step.state)?;
        }
        let weakens = step.produce(source).map_err(fault)?;
        if weakens {
            handlers.told = None;
        }
        let goes_on = !matches!(opcode, Opcode::Jump | Opcode::JumpBack) && !effects.ends && !effects.returns;
        Ok(goes_on.then_some(next))
    }

    /// A state arrives at a label with that many temporaries live.
    fn arrive(&mut self, label: u32, depth: u32, state: &State) -> Result<(), Fault> {
        let Some(known) = self.labels.get_mut(&label) else {
            let state = State { depth, ..state.clone() };
            self.labels.insert(label, Known { state, is_pending: true });
            self.pending.push(Reverse(label));
            return Ok(());
        };
        if known.state.depth != depth {
            let message = format!("reached with {} and with {depth} live temporaries", known.state.depth);
            return Err((Some(label), message));
        }
        let exc = known.state.exc.or(state.exc);
        let changed = known.state.registers.meet(&state.registers) || exc != known.state.exc;
        known.state.exc = exc;
        if changed && !known.is_pending {
            known.is_pending = true;
            self.pending.push(Reverse(label));
        }
        Ok(())
    }

    /// An exception goes from an instruction to its handler, if there is one.
    fn raise(&mut self, at: u32, state: &State, handlers: &mut Handlers) -> Result<(), Fault> {
        self.check_depth(at, state.depth)?;
        let ranges = &self.code.exceptions;
        while ranges.get(handlers.range).is_some_and(|range| range.end <= at) {
            handlers.range += 1;
        }
        let Some(range) = ranges.get(handlers.range).filter(|range| range.start <= at) else { return Ok(()) };
        if state.depth < range.depth {
            let message =
                format!("{} live temporaries, of which a handler keeps {}", state.depth, range.depth);
            return Err((Some(at), message));
        }
        if handlers.told == Some(handlers.range) {
            return Ok(());
        }
        handlers.told = Some(handlers.range);
        let mut raised = state.clone();
        let saved = self.code.near_locals + range.depth;
        raised.registers.set(saved as Register, raised.exc);
        raised.exc = Kind::VALUE;
        self.arrive(range.handler, range.depth + 1, &raised)
    }

    fn check_depth(&mut self, at: u32, depth: u32) -> Result<(), Fault> {
        if let Some(found) = &mut self.found {
            found.insert(at, depth);
            return Ok(());
        }
        let told = self.code.depths.at(at);
        if told == depth {
            return Ok(());
        }
        Err((Some(at), format!("{depth} live temporaries, {told} by the depth table")))
    }
}
