//! Setting `f_lineno`: a debugger makes a frame go on at another line.
//!
//! What may be jumped to depends on the temporaries: a jump may leave blocks, dropping what they hold, but not enter
//! one, whose iterator, context manager or exception would be missing, nor lead from the arguments of a call into an expression. [`Temporaries`] finds by a walk over the code what
//! the temporaries are before each instruction. Compiled code knows where locals are bound, so those that a jump leaves
//! unbound become None.

use std::collections::{HashMap, HashSet};

use pyx_compiler::bytecode::code::Code as Template;
use pyx_compiler::bytecode::opcode::{Instruction, Opcode};
use pyx_compiler::bytecode::operand::Role;

use super::payload;
use crate::exception::{PyResult, Raised};
use crate::monitoring::Event;
use crate::types::frame::FrameObject;
use crate::value::Ref;
use crate::vm::Thread;

/// What a temporary is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A loop's iterator.
    Iterator,
    /// The exception that was handled before the handler which holds it here, and the word where that begins.
    Handled(u32),
    /// A function whose arguments are being evaluated, or the receiver that goes with it.
    Callee,
    /// Anything else.
    Value,
}

/// The temporaries before an instruction, the last one on top.
type Stack = Vec<Kind>;

/// The temporaries before each instruction that can be reached.
struct Temporaries<'c> {
    code: &'c Template,
    /// The instructions that put something there to be called.
    callees: HashSet<usize>,
    before: Vec<Option<Stack>>,
    pending: Vec<usize>,
}

impl<'c> Temporaries<'c> {
    fn of(code: &'c Template) -> Vec<Option<Stack>> {
        let before = vec![None; code.words.len()];
        let mut this = Self { code, callees: callees(code), before, pending: Vec::new() };
        this.reach(0, &[]);
        while let Some(at) = this.pending.pop() {
            this.follow(at);
        }
        this.before
    }

    /// Notes that an instruction is reached with these temporaries. All ways to it agree about them.
    fn reach(&mut self, at: usize, stack: &[Kind]) {
        if let Some(before @ None) = self.before.get_mut(at) {
            *before = Some(stack.to_vec());
            self.pending.push(at);
        }
    }

    fn follow(&mut self, at: usize) {
        let (Some(mut stack), Some(instruction)) =
            (self.before[at].clone(), Instruction::decode(&self.code.words, at))
        else {
            return;
        };
        let ranges = &self.code.exceptions;
        let after = ranges.partition_point(|range| range.start <= at as u32);
        if let Some(range) = ranges[..after].last().filter(|range| (at as u32) < range.end) {
            let mut handler = stack.clone();
            handler.truncate(range.depth as usize);
            handler.push(Kind::Handled(range.handler));
            self.reach(range.handler as usize, &handler);
        }
        stack.truncate(stack.len().saturating_sub(consumed(instruction)));
        let opcode = instruction.opcode();
        if let Some(label) = instruction.label() {
            let mut there = stack.clone();
            if matches!(opcode, Opcode::ForIter | Opcode::ForIterPair) {
                there.pop();
            }
            self.reach((at + opcode.words()).wrapping_add_signed(label.0 as isize), &there);
        }
        if let (Instruction::Swap(_), [.., a, b]) = (instruction, &mut stack[..]) {
            std::mem::swap(a, b);
        }
        let effects = opcode.effects();
        if effects.ends || effects.returns || matches!(opcode, Opcode::Jump | Opcode::JumpBack) {
            return;
        }
        let result = match opcode {
            Opcode::GetIter | Opcode::GetAiter => Kind::Iterator,
            _ if self.callees.contains(&at) => Kind::Callee,
            _ => Kind::Value,
        };
        instruction.operands(|_, operand| {
            if operand.role == Role::Write && !operand.own {
                stack.push(result);
            }
        });
        stack.extend(instruction.gives().into_iter().flat_map(|(_, n)| vec![result; n]));
        self.reach(at + opcode.words(), &stack);
    }
}

/// The instructions that put something there to be called: of those that write the register of a call's function, the last
/// before it.
fn callees(code: &Template) -> HashSet<usize> {
    let (mut found, mut writers) = (HashSet::new(), HashMap::new());
    let mut at = 0;
    while let Some(instruction) = Instruction::decode(&code.words, at) {
        let is_method = match instruction {
            Instruction::LoadMethod(_) => true,
            Instruction::LoadSuperAttr(i) => i.n.0 == 2,
            _ => false,
        };
        let function = match instruction {
            Instruction::Call(i) => Some(i.base),
            Instruction::CallKw(i) => Some(i.base),
            Instruction::CallEx(i) => Some(i.base),
            Instruction::AwaitCall(i) => Some(i.base),
            _ => None,
        };
        found.extend(function.and_then(|base| writers.get(&u32::from(base.register)).copied()));
        if is_method {
            found.insert(at);
        }
        instruction.operands(|_, operand| {
            if operand.role == Role::Write {
                writers.insert(operand.bits, at);
            }
        });
        at += instruction.opcode().words();
    }
    found
}

/// How many temporaries an instruction consumes.
fn consumed(instruction: Instruction) -> usize {
    let mut count = instruction.takes().map_or(0, |(_, n)| n);
    instruction.operands(|_, operand| count += usize::from(operand.role == Role::Read && operand.own));
    count
}

/// Whether a jump may lead from one place to another, because all that is there is also here; the best place is in the handlers that
/// the jump starts in, and then in as many blocks as possible.
fn fitness(here: &[Kind], there: &[Kind]) -> Option<(bool, usize)> {
    let alike = |(&a, &b): (&Kind, &Kind)| matches!((a, b), (Kind::Handled(_), Kind::Handled(_))) || a == b;
    let kept = here.get(..there.len())?;
    kept.iter().zip(there).all(alike).then(|| (kept == there, there.len()))
}

/// Why a jump may not lead to a place.
fn explain(there: &[Kind]) -> &'static str {
    match there.last() {
        Some(Kind::Handled(_)) => "can't jump into an 'except' block as there's no exception",
        Some(Kind::Iterator) => "can't jump into the body of a for loop",
        _ => "incompatible stacks",
    }
}

pub(super) fn set_line(vm: &Thread, this: Ref<'_>, value: Option<Ref<'_>>) -> PyResult<()> {
    let frame = payload(this);
    let Some(value) = value else {
        return Err(vm.attribute_error("attribute 'f_lineno' of 'frame' objects cannot be deleted"));
    };
    if !vm.is_instance(value, vm.types().int.borrow())? {
        return Err(vm.value_error("lineno must be an integer"));
    }
    let line = vm.to_c_int(value)?;
    allowed(vm, frame)?;
    let (target, stack, here) = target(vm, frame, line)?;
    bind_unbound(vm, frame)?;
    for index in (stack..here.len()).rev() {
        frame.drop_temporary(index, matches!(here[index], Kind::Handled(_)));
    }
    frame.go_to(target);
    Ok(())
}

/// Whether the frame may jump now: its trace function is told of a line.
fn allowed(vm: &Thread, frame: &FrameObject) -> PyResult<()> {
    let message = match vm.listening.told_of(frame) {
        Some(
            Event::Line
            | Event::Instruction
            | Event::Jump
            | Event::BranchLeft
            | Event::BranchRight
            | Event::PyYield,
        ) => return Ok(()),
        None => "f_lineno can only be set in a trace function",
        Some(Event::PyStart) => "can't jump from the 'call' trace event of a new frame",
        Some(_) => "can only jump from a 'line' trace event",
    };
    Err(vm.value_error(message))
}

/// The instruction that begins a line or the first line behind it that has one, how many temporaries there are, and those here.
fn target(vm: &Thread, frame: &FrameObject, line: i32) -> PyResult<(u32, usize, Stack)> {
    let code = frame.code();
    let template = code.template();
    if line < template.first_line {
        return Err(vm.value_error(format_args!("line {line} comes before the current code block")));
    }
    let beginnings: Vec<(u32, i32)> = beginnings(template, &code.lines());
    let Some(line) = beginnings.iter().map(|&(_, begun)| begun).filter(|&begun| begun >= line).min() else {
        return Err(vm.value_error(format_args!("line {line} comes after the current code block")));
    };
    let temporaries = Temporaries::of(template);
    let Some(here) = temporaries[frame.word() as usize].clone() else {
        return Err(vm.value_error("can't jump from unreachable code"));
    };
    let mut best = None;
    let mut fault = "can't jump to unreachable code";
    for (word, begun) in beginnings {
        if begun != line {
            continue;
        }
        let Some(there) = &temporaries[word as usize] else { continue };
        match fitness(&here, there) {
            None => fault = explain(there),
            Some(fitness) => best = best.filter(|&(_, known)| known >= fitness).or(Some((word, fitness))),
        }
    }
    let best = best.map(|(word, (_, depth))| (word, depth, here));
    best.ok_or_else(|| -> Raised { vm.value_error(fault) })
}

/// The instructions that have another line than the one before them.
fn beginnings(code: &Template, lines: &[i32]) -> Vec<(u32, i32)> {
    let (mut found, mut at, mut last) = (Vec::new(), 0, -1);
    while let Some(instruction) = Instruction::decode(&code.words, at) {
        let line = lines[at];
        if line != last && line >= 0 {
            found.push((at as u32, line));
        }
        last = line;
        at += instruction.opcode().words();
    }
    found
}

/// Binds what is unbound to None, with a warning.
fn bind_unbound(vm: &Thread, frame: &FrameObject) -> PyResult<()> {
    let unbound: Vec<usize> =
        (0..frame.code().locals.len()).filter(|&index| frame.is_unbound(index)).collect();
    if unbound.is_empty() {
        return Ok(());
    }
    let s = if unbound.len() == 1 { "" } else { "s" };
    let message = format!("assigning None to {} unbound local{s}", unbound.len());
    vm.warn(&vm.exceptions().RuntimeWarning, &message)?;
    for index in unbound {
        frame.set_local(vm, index, crate::value::Owned::none())?;
    }
    Ok(())
}
