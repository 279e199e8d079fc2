//! The flow graph: basic blocks, what is done to them, and their order in the code.
//!
//! The emitter's row of instructions is cut into blocks at labels and behind jumps. Then, in this order:
//!
//! 1. what no path reaches is left out;
//! 2. jumps to jumps go straight to where these lead;
//! 3. `check_local` of a local that is bound on every path is left out;
//! 4. short ways out of the frame are copied to where they are jumped to, so that each keeps the line it is reached from;
//! 5. blocks that only handlers reach go to the end: the way without exceptions has no jump around them;
//! 6. the blocks are put in a row again. Locations that nobody gave come from the instruction before, and `nop`s that are
//!    not needed to show that a line was reached are dropped.

use pyx_grammar::Loc;

use crate::bytecode::opcode::{Instruction, instruction};
use crate::bytecode::operand::{Label, Register, Role};
use crate::codegen::Positions;
use crate::emit::{Emitted, Emitter, HandlerId, NO_COUNT, NO_LOC, depth_of, drops_iterator};

/// So many instructions of a way out are copied.
const MAX_COPIED: u32 = 4;

/// The code in its final order.
pub(crate) struct Laid {
    /// The instructions; their labels are numbers of blocks.
    pub(crate) items: Vec<Emitted>,
    /// Which of the emitter's instructions each was.
    pub(crate) origins: Vec<u32>,
    /// The index of the first instruction of each block.
    pub(crate) starts: Vec<u32>,
    /// The block in which each handler begins.
    pub(crate) handlers: Vec<u32>,
}

/// A basic block: a stretch of the emitter's instructions.
#[derive(Clone, Copy, Debug)]
struct Block {
    start: u32,
    end: u32,
    /// The block that control falls into.
    next: Option<u32>,
    /// The block that the last instruction jumps to.
    target: Option<u32>,
    /// How many edges, handlers apart, lead here.
    predecessors: u32,
    reachable: bool,
    /// Reached without an exception.
    warm: bool,
    /// The location of first instructions without one.
    entry: Loc,
    /// A copy that stands behind this block.
    copy: Option<u32>,
}

struct Graph<'e, 'p> {
    items: &'e mut Vec<Emitted>,
    blocks: Vec<Block>,
    /// The block in which each handler begins.
    handlers: Vec<u32>,
    /// The first instruction of each handler's region, in ascending order.
    regions: Vec<u32>,
    positions: &'p Positions<'p>,
}

/// Improves the code of an emitter and lays it out.
pub(crate) fn lay_out(
    emitter: &mut Emitter,
    parameters: u32,
    locals: u32,
    start: Loc,
    positions: &Positions<'_>,
) -> Laid {
    let mut graph = Graph::new(emitter, positions);
    graph.blocks[0].entry = start;
    graph.mark_reachable();
    graph.thread_jumps();
    graph.drop_checks(parameters, locals);
    graph.mark_reachable();
    graph.count_predecessors();
    graph.copy_exits();
    graph.give_locations();
    graph.mark_warm();
    graph.linearize()
}

/// Whether control never goes on behind the instruction.
fn ends_block(op: &Instruction) -> bool {
    let effects = op.opcode().effects();
    matches!(op, Instruction::Jump(_) | Instruction::JumpBack(_)) || effects.returns || effects.ends
}

/// Whether the instruction leaves the frame or raises.
fn leaves(op: &Instruction) -> bool {
    let effects = op.opcode().effects();
    effects.returns || effects.ends
}

impl<'e, 'p> Graph<'e, 'p> {
    /// Cuts the emitter's instructions into blocks.
    fn new(emitter: &'e mut Emitter, positions: &'p Positions<'p>) -> Self {
        let n = emitter.items.len();
        let mut is_start = vec![false; n + 1];
        is_start[0] = true;
        for at in emitter.labels.iter().filter_map(|label| label.at) {
            is_start[at as usize] = true;
        }
        for (at, item) in emitter.items.iter().enumerate() {
            if item.op.opcode().effects().jumps || ends_block(&item.op) {
                is_start[at + 1] = true;
            }
        }
        let mut blocks: Vec<Block> = Vec::new();
        let mut block_at = vec![0u32; n + 1];
        for at in 0..n {
            if is_start[at] {
                blocks.push(Block::starting(at as u32));
            }
            block_at[at] = blocks.len() as u32 - 1;
        }
        block_at[n] = blocks.len() as u32;
        let block_of = |label: Label| {
            let at = emitter.labels[label.0 as usize].at.expect("every label that is jumped to is bound");
            block_at[at as usize]
        };
        let handlers = emitter
            .handlers
            .iter()
            .map(|handler| emitter.labels[handler.label.0 as usize].at.map_or(0, |at| block_at[at as usize]))
            .collect();
        let count = blocks.len();
        for number in 0..count {
            let end = blocks.get(number + 1).map_or(n as u32, |next| next.start);
            let block = &mut blocks[number];
            block.end = end;
            let last = &mut emitter.items[end as usize - 1];
            if let Some(label) = last.op.label() {
                let target = block_of(label);
                block.target = Some(target);
            }
            if !ends_block(&last.op) && number + 1 < count {
                block.next = Some(number as u32 + 1);
            }
        }
        let regions = emitter.handlers.iter().map(|handler| handler.region).collect();
        Self { items: &mut emitter.items, blocks, handlers, regions, positions }
    }

    fn last(&self, block: &Block) -> Option<&Emitted> {
        if block.end > block.start { self.items.get(block.end as usize - 1) } else { None }
    }

    fn items_of(&self, block: &Block) -> &[Emitted] {
        &self.items[block.start as usize..block.end as usize]
    }

    // ---- reachability ----

    fn mark_reachable(&mut self) {
        self.blocks.iter_mut().for_each(|block| block.reachable = false);
        let mut pending = vec![0u32];
        let mut last_handler: Option<HandlerId> = None;
        while let Some(number) = pending.pop() {
            let block = &mut self.blocks[number as usize];
            if std::mem::replace(&mut block.reachable, true) {
                continue;
            }
            let block = *block;
            pending.extend(block.next);
            pending.extend(block.target);
            // A region that begins here counts as reached even if it is empty.
            let first = self.regions.partition_point(|&region| region < block.start);
            let begun = self.regions[first..].iter().take_while(|&&region| region < block.end).count();
            pending.extend(&self.handlers[first..first + begun]);
            for item in &self.items[block.start as usize..block.end as usize] {
                if let Some(handler) = item.handler
                    && last_handler != Some(handler)
                {
                    pending.push(self.handlers[handler.0 as usize]);
                    last_handler = Some(handler);
                }
            }
        }
    }

    fn count_predecessors(&mut self) {
        self.blocks.iter_mut().for_each(|block| block.predecessors = 0);
        self.blocks[0].predecessors = 1;
        for number in 0..self.blocks.len() {
            let block = self.blocks[number];
            if block.reachable {
                for edge in [block.next, block.target].into_iter().flatten() {
                    self.blocks[edge as usize].predecessors += 1;
                }
            }
        }
        for &handler in &self.handlers {
            self.blocks[handler as usize].predecessors += 2;
        }
    }

    // ---- jumps ----

    /// Lets jumps go straight to where a jump at their target leads.
    fn thread_jumps(&mut self) {
        for number in 0..self.blocks.len() {
            let mut hops = 0;
            while let Some(target) = self.blocks[number].target {
                let Some((beyond, back)) = self.jump_at(target) else { break };
                let last = self.blocks[number].end as usize - 1;
                let is_jump = matches!(self.items[last].op, Instruction::Jump(_) | Instruction::JumpBack(_));
                if beyond == target || hops > 16 || !self.may_thread(last, target, is_jump, back) {
                    break;
                }
                if back {
                    let target = Label(0);
                    self.items[last].op = instruction::JumpBack { pad: NO_COUNT, target }.into();
                }
                self.blocks[number].target = Some(beyond);
                hops += 1;
            }
        }
    }

    /// Where the jump leads that is all there is in a block, and whether it goes back.
    fn jump_at(&self, number: u32) -> Option<(u32, bool)> {
        let mut block = &self.blocks[number as usize];
        loop {
            let mut items = self.items_of(block).iter();
            let first = items.find(|item| !(matches!(item.op, Instruction::Nop(_)) && item.loc == NO_LOC));
            match first.map(|item| item.op) {
                Some(Instruction::Jump(_)) => return block.target.map(|target| (target, false)),
                Some(Instruction::JumpBack(_)) => return block.target.map(|target| (target, true)),
                Some(_) => return None,
                None => block = &self.blocks[block.next? as usize],
            }
        }
    }

    /// Whether a jump may skip the jump at its target: only forwards, unless it is unconditional, and not if a line would no
    /// longer be reached.
    fn may_thread(&self, last: usize, target: u32, is_jump: bool, back: bool) -> bool {
        if back && !is_jump {
            return false;
        }
        if drops_iterator(&self.items[last].op) {
            return true;
        }
        let loc = self.items_of(&self.blocks[target as usize]).last().map_or(NO_LOC, |item| item.loc);
        loc == NO_LOC || self.positions.same_line(loc, self.items[last].loc)
    }

    // ---- unbound locals ----

    /// Leaves out each `check_local` whose local is bound on all paths to it.
    fn drop_checks(&mut self, parameters: u32, locals: u32) {
        let unbound = Unbound::solve(self, parameters, locals);
        let Some(mut unbound) = unbound else { return };
        for number in 0..self.blocks.len() {
            if !self.blocks[number].reachable {
                continue;
            }
            unbound.enter(number);
            for at in self.blocks[number].start..self.blocks[number].end {
                let item = &mut self.items[at as usize];
                if let Instruction::CheckLocal(check) = item.op
                    && !unbound.is_unbound(check.local.register)
                {
                    item.op = instruction::Nop {}.into();
                    continue;
                }
                unbound.step(&item.op);
            }
        }
    }

    // ---- ways out ----

    /// Copies short ways out of the frame to where they are jumped to.
    fn copy_exits(&mut self) {
        for number in 0..self.blocks.len() {
            let Block { target: Some(target), reachable: true, end, .. } = self.blocks[number] else {
                continue;
            };
            let Some(exit) = self.exit_at(target) else { continue };
            let has_line = self.items_of(&self.blocks[exit as usize]).iter().any(|item| item.loc != NO_LOC);
            let is_short = self.blocks[exit as usize].end - self.blocks[exit as usize].start <= MAX_COPIED;
            let last = self.items[end as usize - 1];
            if matches!(last.op, Instruction::Jump(_)) && (is_short || !has_line) {
                self.copy_behind(number as u32, exit, last.loc);
                self.items[end as usize - 1].op = instruction::Nop {}.into();
                let copy = self.blocks.len() as u32 - 1;
                let block = &mut self.blocks[number];
                (block.next, block.target) = (Some(copy), None);
                self.blocks[target as usize].predecessors -= 1;
            } else if !has_line && self.blocks[exit as usize].predecessors > 1 {
                self.copy_behind(exit, exit, last.loc);
                self.blocks[number].target = Some(self.blocks.len() as u32 - 1);
                self.blocks[target as usize].predecessors -= 1;
            }
        }
        self.mark_reachable();
    }

    /// The block of a way out at or right behind a block.
    fn exit_at(&self, number: u32) -> Option<u32> {
        let block = &self.blocks[number as usize];
        let last = self.last(block)?;
        leaves(&last.op).then_some(number)
    }

    /// Adds a copy of a block, which stands behind another block.
    fn copy_behind(&mut self, behind: u32, original: u32, entry: Loc) {
        let number = self.blocks.len() as u32;
        let earlier = self.blocks[behind as usize].copy.replace(number);
        let original = self.blocks[original as usize];
        self.blocks.push(Block { entry, predecessors: 1, copy: earlier, ..original });
    }

    // ---- locations ----

    /// Blocks that are reached from one place only take its location where they have none.
    fn give_locations(&mut self) {
        for number in 0..self.blocks.len() {
            let block = self.blocks[number];
            if !block.reachable {
                continue;
            }
            let items = self.items_of(&block);
            let last =
                items.iter().rev().map(|item| item.loc).find(|&loc| loc != NO_LOC).unwrap_or(block.entry);
            for edge in [block.next, block.target].into_iter().flatten() {
                let edge = &mut self.blocks[edge as usize];
                if edge.predecessors == 1 && edge.entry == NO_LOC {
                    edge.entry = last;
                }
            }
        }
    }

    // ---- order ----

    fn mark_warm(&mut self) {
        let mut pending = vec![0u32];
        while let Some(number) = pending.pop() {
            let block = &mut self.blocks[number as usize];
            if !std::mem::replace(&mut block.warm, true) {
                pending.extend(block.next);
                pending.extend(block.target);
            }
        }
    }

    /// The blocks in their final order: as they were emitted, the cold ones last.
    fn order(&self) -> Vec<u32> {
        let mut order = Vec::with_capacity(self.blocks.len());
        let mut is_copy = vec![false; self.blocks.len()];
        for block in &self.blocks {
            if let Some(copy) = block.copy {
                is_copy[copy as usize] = true;
            }
        }
        for warm in [true, false] {
            for number in 0..self.blocks.len() {
                let mut at = (!is_copy[number]).then_some(number as u32);
                while let Some(number) = at {
                    let block = &self.blocks[number as usize];
                    if block.reachable && block.warm == warm {
                        order.push(number);
                    }
                    at = block.copy;
                }
            }
        }
        order
    }

    /// Puts the blocks in a row.
    fn linearize(mut self) -> Laid {
        let order = self.order();
        let mut place = vec![u32::MAX; self.blocks.len()];
        for (at, &number) in order.iter().enumerate() {
            place[number as usize] = at as u32;
        }
        let n = self.items.len();
        let starts = vec![u32::MAX; self.blocks.len()];
        let mut laid = Laid {
            items: Vec::with_capacity(n + 8),
            origins: Vec::with_capacity(n + 8),
            starts,
            handlers: std::mem::take(&mut self.handlers),
        };
        let mut trampolines = Vec::new();
        for (at, &number) in order.iter().enumerate() {
            let follower = order.get(at + 1).copied();
            self.lay_block(number, follower, &place, &mut laid, &mut trampolines);
        }
        for (number, target, loc, depth, handler) in trampolines {
            laid.starts.push(laid.items.len() as u32);
            debug_assert_eq!(laid.starts.len() as u32 - 1, number);
            let op = instruction::JumpBack { pad: NO_COUNT, target: Label(target as i32) }.into();
            laid.items.push(Emitted { op, loc, depth, handler });
            laid.origins.push(u32::MAX);
        }
        laid
    }

    /// Appends one block.
    fn lay_block(
        &self,
        number: u32,
        follower: Option<u32>,
        place: &[u32],
        laid: &mut Laid,
        trampolines: &mut Vec<(u32, u32, Loc, u32, Option<HandlerId>)>,
    ) {
        let block = &self.blocks[number as usize];
        let first = laid.items.len();
        laid.starts[number as usize] = first as u32;
        let mut loc = block.entry;
        for at in block.start..block.end {
            let mut item = self.items[at as usize];
            if item.loc != NO_LOC {
                loc = item.loc;
            }
            let is_last = at + 1 == block.end;
            if is_last && let Some(target) = block.target {
                let back = place[target as usize] <= place[number as usize];
                item.op = match item.op {
                    Instruction::Jump(_) | Instruction::JumpBack(_) if Some(target) == follower && !back => {
                        instruction::Nop {}.into()
                    }
                    Instruction::Jump(_) | Instruction::JumpBack(_) if back => {
                        instruction::JumpBack { pad: NO_COUNT, target: Label(target as i32) }.into()
                    }
                    Instruction::Jump(_) | Instruction::JumpBack(_) => {
                        instruction::Jump { pad: NO_COUNT, target: Label(target as i32) }.into()
                    }
                    op if back => {
                        let trampoline = (self.blocks.len() + trampolines.len()) as u32;
                        let depth = item.depth - u32::from(drops_iterator(&op));
                        trampolines.push((trampoline, target, loc, depth, item.handler));
                        op.with_label(Label(trampoline as i32))
                    }
                    op => op.with_label(Label(target as i32)),
                };
            }
            if matches!(item.op, Instruction::Nop(_))
                && self.is_redundant(loc, block, at, laid.items[first..].last(), follower)
            {
                continue;
            }
            item.loc = loc;
            laid.items.push(item);
            laid.origins.push(at);
        }
        if let Some(next) = block.next
            && Some(next) != follower
        {
            let (depth, handler) = self.depth_behind(block, next);
            let target = Label(next as i32);
            let op = match place[next as usize] <= place[number as usize] {
                true => instruction::JumpBack { pad: NO_COUNT, target }.into(),
                false => instruction::Jump { pad: NO_COUNT, target }.into(),
            };
            laid.items.push(Emitted { op, loc, depth, handler });
            laid.origins.push(u32::MAX);
        }
    }

    /// Live temporaries and handler of a jump from the end of a block to the one it fell into.
    fn depth_behind(&self, block: &Block, next: u32) -> (u32, Option<HandlerId>) {
        let next = &self.blocks[next as usize];
        let handler = self.last(block).and_then(|item| item.handler);
        let depth = self.items.get(next.start as usize).map_or(0, |item| {
            let (consumed, _) = consumed_and_produced(&item.op);
            item.depth + consumed
        });
        (depth, handler)
    }

    /// Whether a `nop` is not needed to show that its line was reached: something before or behind it shows it.
    fn is_redundant(
        &self,
        loc: Loc,
        block: &Block,
        at: u32,
        before: Option<&Emitted>,
        follower: Option<u32>,
    ) -> bool {
        if loc == NO_LOC || before.is_some_and(|before| self.positions.same_line(before.loc, loc)) {
            return true;
        }
        if at + 1 < block.end {
            let behind = self.items[at as usize + 1].loc;
            return behind == NO_LOC || self.positions.same_line(behind, loc);
        }
        match block.next.or(block.target) {
            Some(next) if Some(next) == follower => self.positions.same_line(self.first_loc(next), loc),
            Some(_) => true,
            None => false,
        }
    }

    /// The location with which a block begins.
    fn first_loc(&self, number: u32) -> Loc {
        let block = &self.blocks[number as usize];
        match self.items_of(block).first() {
            Some(first) if first.loc != NO_LOC => first.loc,
            _ => block.entry,
        }
    }
}

impl Block {
    fn starting(start: u32) -> Self {
        Self {
            start,
            end: start,
            next: None,
            target: None,
            predecessors: 0,
            reachable: false,
            warm: false,
            entry: NO_LOC,
            copy: None,
        }
    }
}

/// How many temporaries an instruction consumes and produces.
fn consumed_and_produced(op: &Instruction) -> (u32, u32) {
    let (mut consumed, mut produced) = (0, 0);
    op.operands(|_, operand| match operand.role {
        Role::Read if operand.own => consumed += 1,
        Role::Write if !operand.own => produced += 1,
        _ => {}
    });
    consumed += op.takes().map_or(0, |(_, n)| n as u32);
    produced += op.gives().map_or(0, |(_, n)| n as u32);
    (consumed, produced)
}

/// Which locals may be unbound, at the start of each block and, stepping through one, at each instruction. The content of a local
/// that is saved in a temporary is followed there.
struct Unbound {
    locals: usize,
    /// How many temporaries are followed, from the first.
    temporaries: usize,
    /// Words of a set of locals and temporaries.
    words: usize,
    starts: Vec<u64>,
    now: Vec<u64>,
}

impl Unbound {
    /// Sets of this many bits in all are the most that are computed; larger code keeps its checks.
    const MAX_BITS: usize = 1 << 26;
    /// The most temporaries that are followed.
    const MAX_TEMPORARIES: usize = 64;

    /// Solves the flow equations: a local may be unbound where it may be at the end of some block before.
    fn solve(graph: &Graph<'_, '_>, parameters: u32, locals: u32) -> Option<Self> {
        let has_checks = graph.items.iter().any(|item| matches!(item.op, Instruction::CheckLocal(_)));
        let has_saved = graph.items.iter().any(|item| matches!(item.op, Instruction::SaveLocal(_)));
        let (locals, temporaries) = (locals as usize, if has_saved { Self::MAX_TEMPORARIES } else { 0 });
        let words = (locals + temporaries).div_ceil(64);
        if !has_checks || words * 64 * graph.blocks.len() > Self::MAX_BITS {
            return None;
        }
        let starts = vec![0; words * graph.blocks.len()];
        let mut this = Self { locals, temporaries, words, starts, now: vec![0; words] };
        for local in parameters as usize..locals {
            this.starts[local / 64] |= 1 << (local % 64);
        }
        let mut pending = std::collections::BTreeSet::from([0u32]);
        let mut visited = vec![false; graph.blocks.len()];
        while let Some(number) = pending.pop_first() {
            visited[number as usize] = true;
            this.flow_through(graph, number, &visited, &mut pending);
        }
        Some(this)
    }

    /// Brings what is unbound at the end of a block, and where it jumps or raises, to the blocks that follow.
    fn flow_through(
        &mut self,
        graph: &Graph<'_, '_>,
        number: u32,
        visited: &[bool],
        pending: &mut std::collections::BTreeSet<u32>,
    ) {
        let block = graph.blocks[number as usize];
        self.enter(number as usize);
        let mut handler = None;
        for at in block.start..block.end {
            let item = &graph.items[at as usize];
            if let Some(raised) = item.handler
                && (handler != item.handler || unbinds(&item.op))
            {
                self.reach(graph.handlers[raised.0 as usize], visited, pending);
                handler = item.handler;
            }
            let is_last = at + 1 == block.end;
            if is_last && let Some(target) = block.target {
                self.reach(target, visited, pending);
            }
            self.step(&item.op);
            if unbinds(&item.op)
                && let Some(raised) = item.handler
            {
                self.reach(graph.handlers[raised.0 as usize], visited, pending);
            }
        }
        if let Some(next) = block.next {
            self.reach(next, visited, pending);
        }
    }

    fn reach(&mut self, number: u32, visited: &[bool], pending: &mut std::collections::BTreeSet<u32>) {
        let start = number as usize * self.words;
        let mut changed = !visited[number as usize];
        for (known, now) in self.starts[start..start + self.words].iter_mut().zip(&self.now) {
            changed |= now & !*known != 0;
            *known |= now;
        }
        if changed {
            pending.insert(number);
        }
    }

    /// Goes to the start of a block.
    fn enter(&mut self, number: usize) {
        let start = number * self.words;
        self.now.copy_from_slice(&self.starts[start..start + self.words]);
    }

    fn is_unbound(&self, local: Register) -> bool {
        self.now[usize::from(local) / 64] >> (local % 64) & 1 != 0
    }

    fn set(&mut self, local: Register, unbound: bool) {
        let (word, bit) = (usize::from(local) / 64, 1 << (local % 64));
        if unbound {
            self.now[word] |= bit;
        } else {
            self.now[word] &= !bit;
        }
    }

    /// The bit of a temporary, if it is followed.
    fn temporary(&self, register: Register) -> Option<Register> {
        let depth = depth_of(register) as usize;
        (depth < self.temporaries).then(|| (self.locals + depth) as Register)
    }

    fn may_hold_null(&self, temporary: Register) -> bool {
        self.temporary(temporary).is_none_or(|bit| self.is_unbound(bit))
    }

    fn set_temporary(&mut self, temporary: Register, null: bool) {
        if let Some(bit) = self.temporary(temporary) {
            self.set(bit, null);
        }
    }

    /// Goes behind an instruction.
    fn step(&mut self, op: &Instruction) {
        match op {
            Instruction::SaveLocal(save) => {
                self.set_temporary(save.dst.register, self.is_unbound(save.local.register));
                self.set(save.local.register, true);
            }
            Instruction::RestoreLocal(restore) => {
                self.set(restore.local.register, self.may_hold_null(restore.saved.register));
            }
            Instruction::Swap(swap) => {
                let (a, b) = (swap.a.register, swap.b.register);
                let (null_a, null_b) = (self.may_hold_null(a), self.may_hold_null(b));
                self.set_temporary(a, null_b);
                self.set_temporary(b, null_a);
            }
            Instruction::CheckLocal(check) => self.set(check.local.register, false),
            Instruction::DeleteLocal(delete) => self.set(delete.local.register, true),
            Instruction::ClearLocal(clear) => self.set(clear.local.register, true),
            _ => op.operands(|_, operand| {
                if operand.role == Role::Write && operand.own {
                    self.set(operand.bits as Register, false);
                }
            }),
        }
    }
}

fn unbinds(op: &Instruction) -> bool {
    matches!(
        op,
        Instruction::DeleteLocal(_)
            | Instruction::ClearLocal(_)
            | Instruction::SaveLocal(_)
            | Instruction::RestoreLocal(_)
    )
}
