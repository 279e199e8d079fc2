//! The emitter: instructions in a row, with labels, exception regions and the depth of live temporaries.
//!
//! The code generator emits typed instructions; a wrong operand does not compile. The emitter derives from the opcode
//! table what an instruction consumes and produces, keeps the number of live temporaries, and asserts in debug builds that
//! the discipline of temporaries holds: consumed ones lie at the end of the prefix, and every label has one depth.
//!
//! # Virtual registers
//!
//! How many locals a block has is known only at its end, for inlined comprehensions and far locals come up on the way.
//! So locals are numbered from 0 upwards, in the order in which they are met, and temporaries from `u16::MAX`
//! downwards; the assembler maps both to their places in the frame.

use pyx_grammar::Loc;

use crate::bytecode::opcode::{Instruction, instruction};
use crate::bytecode::operand::{Base, In, Kept, Label, Out, Register, Role};

/// The location of an instruction that stands nowhere in the source.
pub(crate) const NO_LOC: Loc = Loc::from_index(u32::MAX);

/// Asks for the location of the instruction that is emitted next.
pub(crate) const NEXT_LOC: Loc = Loc::from_index(u32::MAX - 1);

/// A place to jump to; [`Label`] operands hold its number until assembly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LabelId(pub(crate) u32);

impl LabelId {
    /// The operand that refers to it.
    pub(crate) const fn operand(self) -> Label {
        Label(self.0 as i32)
    }
}

/// An exception region's handler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct HandlerId(pub(crate) u32);

/// One emitted instruction.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Emitted {
    /// The instruction; its registers are virtual, its label a number.
    pub(crate) op: Instruction,
    /// Where it stands.
    pub(crate) loc: Loc,
    /// Live temporaries once it has consumed its operands.
    pub(crate) depth: u32,
    /// Where its exceptions go.
    pub(crate) handler: Option<HandlerId>,
}

/// Where a label stands and how many temporaries are live there.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct LabelState {
    /// The index of the instruction behind it.
    pub(crate) at: Option<u32>,
    /// Live temporaries, as soon as a jump or the binding has told.
    pub(crate) depth: Option<u32>,
}

/// A handler's entry, and how many temporaries it keeps.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Handler {
    /// Its first instruction.
    pub(crate) label: LabelId,
    /// Live temporaries when its region began; one more, the saved exception, at its entry.
    pub(crate) depth: u32,
    /// The index of the first instruction of its region, or of the one behind it if it is empty.
    pub(crate) region: u32,
}

/// More temporaries have no registers; the assembler refuses code that wants them.
#[cfg(debug_assertions)]
const MAX_DEPTH: u32 = u16::MAX as u32 + 1;

/// The register of the temporary at a depth.
pub(crate) const fn temporary(depth: u32) -> Register {
    u16::MAX - depth as u16
}

/// What [`temporary`] made: the depth of a temporary's register.
pub(crate) const fn depth_of(register: Register) -> u32 {
    (u16::MAX - register) as u32
}

/// The instructions of one block in the making.
#[derive(Debug, Default)]
pub(crate) struct Emitter {
    /// The instructions so far.
    pub(crate) items: Vec<Emitted>,
    /// The labels, by number.
    pub(crate) labels: Vec<LabelState>,
    /// The handlers, by number.
    pub(crate) handlers: Vec<Handler>,
    /// Positions of the second word of those few instructions that stand in two places: (item, position).
    pub(crate) second_locs: Vec<(u32, Loc)>,
    /// Live temporaries now.
    pub(crate) depth: u32,
    /// The most that were ever live.
    pub(crate) max_depth: u32,
    /// Where exceptions of the next instruction go.
    pub(crate) handler: Option<HandlerId>,
    /// The index behind the last bound label: an instruction before it must not be changed in hindsight.
    barrier: u32,
}

impl Emitter {
    /// Emits an instruction.
    pub(crate) fn emit(&mut self, op: impl Into<Instruction>, loc: Loc) {
        let op = op.into();
        let (consumed, produced) = self.effect(&op);
        self.depth -= consumed;
        let jump_depth = self.depth - u32::from(drops_iterator(&op));
        if let Some(label) = op.label() {
            self.meet(LabelId(label.0 as u32), jump_depth);
        }
        if let Some(last) = self.items.last_mut()
            && last.loc == NEXT_LOC
        {
            last.loc = loc;
        }
        self.items.push(Emitted { op, loc, depth: self.depth, handler: self.handler });
        self.depth += produced;
        self.max_depth = self.max_depth.max(self.depth);
    }

    /// How many temporaries an instruction consumes and produces; in debug builds also whether they are the right ones.
    fn effect(&self, op: &Instruction) -> (u32, u32) {
        let (mut consumed, mut produced) = (0, 0);
        op.operands(|_, operand| match operand.role {
            Role::Read if operand.own => consumed += 1,
            Role::Write if !operand.own => produced += 1,
            _ => {}
        });
        consumed += op.takes().map_or(0, |(_, n)| n as u32);
        produced += op.gives().map_or(0, |(_, n)| n as u32);
        debug_assert!(
            consumed <= self.depth,
            "{op:?} consumes more than the {} live temporaries",
            self.depth
        );
        #[cfg(debug_assertions)]
        if self.depth + produced <= MAX_DEPTH {
            self.check_registers(op, self.depth - consumed, produced);
        }
        (consumed, produced)
    }

    /// Asserts that the consumed temporaries are exactly those from `rest` up, and the produced ones exactly the next.
    #[cfg(debug_assertions)]
    fn check_registers(&self, op: &Instruction, rest: u32, produced: u32) {
        let mut taken: Vec<u32> = Vec::new();
        let mut given: Vec<u32> = Vec::new();
        op.operands(|_, operand| match operand.role {
            Role::Read if operand.own => taken.push(depth_of(operand.bits as Register)),
            Role::Write if !operand.own => given.push(depth_of(operand.bits as Register)),
            _ => {}
        });
        if let Some((first, n)) = op.takes() {
            taken.extend((0..n as u32).map(|i| depth_of(first) + i));
        }
        if let Some((first, n)) = op.gives() {
            given.extend((0..n as u32).map(|i| depth_of(first) + i));
        }
        taken.sort_unstable();
        given.sort_unstable();
        assert!(taken.iter().copied().eq(rest..self.depth), "{op:?} at depth {} takes {taken:?}", self.depth);
        assert!(
            given.iter().copied().eq(rest..rest + produced),
            "{op:?} at depth {} gives {given:?}",
            self.depth
        );
    }

    // ---- labels ----

    /// A label that stands nowhere yet.
    pub(crate) fn label(&mut self) -> LabelId {
        self.labels.push(LabelState::default());
        LabelId(self.labels.len() as u32 - 1)
    }

    /// A label that stands here.
    pub(crate) fn label_here(&mut self) -> LabelId {
        let label = self.label();
        self.bind(label);
        label
    }

    /// Puts a label here.
    pub(crate) fn bind(&mut self, label: LabelId) {
        self.meet(label, self.depth);
        let at = self.items.len() as u32;
        self.labels[label.0 as usize].at = Some(at);
        self.barrier = at;
    }

    /// Notes that a label is reached with so many live temporaries.
    fn meet(&mut self, label: LabelId, depth: u32) {
        let known = &mut self.labels[label.0 as usize].depth;
        debug_assert!(
            known.is_none_or(|known| known == depth),
            "{label:?}: {known:?} or {depth} live temporaries"
        );
        *known = Some(depth);
    }

    // ---- exception regions ----

    /// Opens a region whose exceptions go to a new handler; what comes back is for [`Self::end_region`].
    pub(crate) fn begin_region(&mut self) -> (HandlerId, Option<HandlerId>) {
        let label = self.label();
        let region = self.items.len() as u32;
        self.handlers.push(Handler { label, depth: self.depth, region });
        let new = HandlerId(self.handlers.len() as u32 - 1);
        (new, self.handler.replace(new))
    }

    /// The region that was opened last keeps fewer temporaries than are live now: the others its body consumes.
    pub(crate) fn region_keeps_less(&mut self, n: u32) {
        if let Some(region) = self.handlers.last_mut() {
            region.depth -= n;
        }
    }

    /// Closes a region: exceptions go where they went before it.
    pub(crate) fn end_region(&mut self, outer: Option<HandlerId>) {
        self.handler = outer;
    }

    /// The handler stands here, one temporary deeper than its region began: the saved exception.
    pub(crate) fn bind_handler(&mut self, handler: HandlerId) {
        let Handler { label, depth, .. } = self.handlers[handler.0 as usize];
        self.depth = depth + 1;
        self.max_depth = self.max_depth.max(self.depth);
        self.bind(label);
    }

    // ---- operands ----

    /// The next temporary, as a destination.
    pub(crate) fn next(&self) -> Out {
        self.after(&[])
    }

    /// The destination of an instruction that has these operands: the next temporary once they are consumed.
    pub(crate) fn after(&self, operands: &[In]) -> Out {
        let consumed = operands.iter().filter(|operand| operand.own).count() as u32;
        Out { register: temporary(self.depth - consumed), own: false }
    }

    /// The topmost temporary, consumed.
    pub(crate) fn top(&self) -> In {
        self.peek(0)
    }

    /// The temporary `below` the topmost, consumed.
    pub(crate) fn peek(&self, below: u32) -> In {
        In { register: temporary(self.depth - 1 - below), own: true }
    }

    /// The range of the last `n` temporaries.
    pub(crate) fn last(&self, n: u32) -> Base {
        Base { register: temporary(self.depth - n), own: false }
    }

    /// The destination of an instruction that takes the range.
    pub(crate) fn out_at(base: Base) -> Out {
        Out { register: base.register, own: false }
    }

    // ---- hindsight ----

    /// Makes the last instruction write a local instead of the topmost temporary, if it can: it made that
    /// temporary as its only result, and no jump lands behind it.
    pub(crate) fn retarget(&mut self, local: Register, loc_agrees: impl FnOnce(Loc) -> bool) -> bool {
        let made = temporary(self.depth.wrapping_sub(1));
        if self.barrier as usize == self.items.len() {
            return false;
        }
        let Some(last) = self.items.last_mut() else { return false };
        let mut results = 0;
        let mut writes_it = false;
        last.op.operands(|_, operand| {
            if operand.role == Role::Write {
                results += 1;
                writes_it = !operand.own && operand.bits == u32::from(made);
            }
        });
        if results != 1 || !writes_it || last.op.gives().is_some() || !loc_agrees(last.loc) {
            return false;
        }
        last.op = last.op.with_out(Out { register: local, own: true });
        self.depth -= 1;
        true
    }

    /// The last instruction, if nothing can jump behind it.
    pub(crate) fn last_item(&self) -> Option<&Emitted> {
        if self.barrier as usize == self.items.len() { None } else { self.items.last() }
    }

    /// Takes back the last instruction, which must have made the topmost temporary from nothing.
    pub(crate) fn take_back(&mut self) {
        debug_assert!((self.barrier as usize) < self.items.len());
        self.items.pop();
        self.depth -= 1;
    }

    /// Moves the instructions from an index to the end to an earlier place; no label stands among them.
    pub(crate) fn move_end(&mut self, from: usize, to: usize) {
        let n = (self.items.len() - from) as u32;
        self.items[to..].rotate_right(n as usize);
        for at in self.labels.iter_mut().filter_map(|label| label.at.as_mut()) {
            *at += if (to..=from).contains(&(*at as usize)) { n } else { 0 };
        }
        let moved = self.second_locs.iter_mut().map(|(at, _)| at);
        for at in moved.chain(self.handlers.iter_mut().map(|handler| &mut handler.region)) {
            *at += if (to..from).contains(&(*at as usize)) { n } else { 0 };
        }
    }

    // ---- small steps ----

    /// Drops the topmost temporary.
    pub(crate) fn drop_top(&mut self, loc: Loc) {
        self.emit(instruction::DropTemp { src: self.top() }, loc);
    }

    /// Exchanges the two topmost temporaries.
    pub(crate) fn swap_top(&mut self, loc: Loc) {
        let (a, b) = (self.peek(0).register, self.peek(1).register);
        self.emit(instruction::Swap { a: kept(b), b: kept(a) }, loc);
    }

    /// Goes to a label further on.
    pub(crate) fn jump(&mut self, target: LabelId, loc: Loc) {
        self.emit(instruction::Jump { pad: NO_COUNT, target: target.operand() }, loc);
    }

    /// Goes back to a label.
    pub(crate) fn jump_back(&mut self, target: LabelId, loc: Loc) {
        self.emit(instruction::JumpBack { pad: NO_COUNT, target: target.operand() }, loc);
    }
}

/// The zero of an unused field.
pub(crate) const NO_COUNT: crate::bytecode::operand::Count = crate::bytecode::operand::Count(0);

/// Whether the jump, when taken, drops the iterator that the instruction keeps.
pub(crate) const fn drops_iterator(op: &Instruction) -> bool {
    matches!(op, Instruction::ForIter(_) | Instruction::ForIterPair(_))
}

/// A register that is read and stays live.
pub(crate) const fn kept(register: Register) -> Kept {
    Kept { register, own: false }
}

/// A register borrowed by an operand.
pub(crate) const fn borrowed(register: Register) -> In {
    In { register, own: false }
}

/// A local as destination.
pub(crate) const fn local_out(register: Register) -> Out {
    Out { register, own: true }
}
