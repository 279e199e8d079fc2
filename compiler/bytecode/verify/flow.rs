//! The flow of values: on every path, instructions find in the registers what they want.
//!
//! States flow along the code, are met at labels, and go round until nothing new comes up. Labels are taken in the
//! order of the code, so that a loop is finished with before what follows it, and code without loops is walked once.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use ahash::AHashMap;

use super::Fault;
use super::form::Form;
use super::registers::{Kind, Registers};
use super::step::Step;
use crate::bytecode::code::{Code, ExceptionRange, LocalKind};
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
    let mut flow = Flow { code, form, labels: AHashMap::new(), pending: BinaryHeap::new(), fuel };
    flow.arrive(0, 0, &entry(code))?;
    while let Some(Reverse(label)) = flow.pending.pop() {
        let known = flow.labels.get_mut(&label).expect("a pending label has a state");
        known.is_pending = false;
        let state = known.state.clone();
        flow.walk(label, state)?;
    }
    Ok(())
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
}

/// What is known at a label.
struct Known {
    state: State,
    is_pending: bool,
}

impl Flow<'_> {
    /// Walks from a label to the next one, or to where the flow ends.
    fn walk(&mut self, label: u32, mut state: State) -> Result<(), Fault> {
        let mut at = label;
        let mut range = self.code.exceptions.partition_point(|range| range.end <= at);
        // The handler that knows all that it could learn from here on, as nothing became less certain since.
        let mut told = None;
        loop {
            let fault = |message| (Some(at), message);
            self.fuel = self.fuel.checked_sub(1).ok_or_else(|| fault("too many rounds".into()))?;
            let words = &self.code.words;
            let instruction =
                Instruction::decode(words, at as usize).ok_or_else(|| fault("no instruction".into()))?;
            let opcode = instruction.opcode();
            let next = at + opcode.words() as u32;
            let effects = opcode.effects();
            let mut step = Step { code: self.code, state: &mut state, instruction };

            let consumed = step.consume().map_err(fault)?;
            if effects.raises || effects.suspends {
                self.check_depth(at, state.depth)?;
                while self.code.exceptions.get(range).is_some_and(|range| range.end <= at) {
                    range += 1;
                }
                match self.code.exceptions.get(range) {
                    Some(handled) if handled.start <= at && told != Some(range) => {
                        self.raise(at, handled, &state)?;
                        told = Some(range);
                    }
                    _ => {}
                }
            }
            if let Some(distance) = instruction.label() {
                let drops_iterator = matches!(opcode, Opcode::ForIter | Opcode::ForIterPair);
                let target = i64::from(next) + i64::from(distance.0);
                self.arrive(target as u32, state.depth - u32::from(drops_iterator), &state)?;
            }
            let mut step = Step { code: self.code, state: &mut state, instruction };
            let weakens = step.produce(consumed).map_err(fault)?;
            if weakens {
                told = None;
            }

            let is_jump = matches!(opcode, Opcode::Jump | Opcode::JumpBack);
            if is_jump || effects.ends || effects.returns {
                return Ok(());
            }
            if next as usize >= self.code.words.len() {
                return Err(fault("falls off the end".into()));
            }
            if self.form.is_label(next) {
                return self.arrive(next, state.depth, &state);
            }
            at = next;
        }
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

    /// An exception goes from an instruction to its handler.
    fn raise(&mut self, at: u32, range: &ExceptionRange, state: &State) -> Result<(), Fault> {
        if state.depth < range.depth {
            let message =
                format!("{} live temporaries, of which a handler keeps {}", state.depth, range.depth);
            return Err((Some(at), message));
        }
        let mut raised = state.clone();
        let saved = self.code.near_locals + range.depth;
        raised.registers.set(saved as Register, raised.exc);
        raised.exc = Kind::VALUE;
        self.arrive(range.handler, range.depth + 1, &raised)
    }

    fn check_depth(&self, at: u32, depth: u32) -> Result<(), Fault> {
        let told = self.code.depths.at(at);
        if told == depth {
            return Ok(());
        }
        Err((Some(at), format!("{depth} live temporaries, {told} by the depth table")))
    }
}
