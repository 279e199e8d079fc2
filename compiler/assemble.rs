//! Assembly: the instructions of a finished unit to a [`Code`].
//!
//! Virtual registers become registers of the frame, labels distances, handlers a table of ranges; constants that no
//! instruction uses any more are left out.

use pyx_grammar::ast::Identifier;
use pyx_grammar::{ErrorKind, Loc, SyntaxError};

use crate::bytecode::code::{Code, Constant, DepthTable, ExceptionRange, Local, LocalKind, Text};
use crate::bytecode::opcode::{Instruction, Opcode, instruction};
use crate::bytecode::operand::{Const, Label, Register};
use crate::bytecode::positions::PositionsBuilder;
use crate::codegen::{Constants, LocalClass, Positions, Texts, Unit};
use crate::emit::{Emitted, Emitter, NO_LOC, depth_of};
use crate::flowgraph::{Laid, lay_out};
use crate::symtable::ScopeKind;

/// Makes the code of a finished unit.
pub(crate) fn assemble<'a>(
    mut unit: Unit<'a>,
    filename: Text,
    texts: &mut Texts<'a>,
    positions: &mut Positions<'_>,
) -> Result<Code, Box<SyntaxError>> {
    let near = unit.locals.near.len() as u32;
    let temporaries = unit.emitter.max_depth;
    if near + temporaries > u32::from(Register::MAX) + 1 {
        return Err(too_many_temporaries());
    }
    let parameters = unit.locals.near.iter().filter(|local| local.class == LocalClass::Parameter).count();
    let start = match unit.kind {
        ScopeKind::Module => positions.before_first_line(),
        _ => positions.start_of_line(unit.first_line),
    };
    let mut laid = lay_out(&mut unit.emitter, parameters as u32, near, start, positions);
    let constants = used_constants(&mut laid, &unit.constants);
    let frame = Frame::new(&unit);
    let output = Output::new(&laid, &unit, &frame, start, positions);
    Ok(Code {
        filename,
        first_line: unit.first_line,
        flags: unit.flags,
        arg_count: unit.arg_count,
        posonly_arg_count: unit.posonly_arg_count,
        kwonly_arg_count: unit.kwonly_arg_count,
        locals: frame.locals(&unit, texts),
        near_locals: near,
        temporaries,
        names: unit.names.keys().iter().map(|&name| texts.get(name)).collect(),
        constants,
        words: output.words,
        exceptions: output.exceptions,
        depths: DepthTable(output.depths),
        positions: output.positions.finish(),
        async_reason: unit.async_reason,
        name: unit.name,
        qualname: unit.qualname,
    })
}

/// Nested so deeply that the registers do not suffice.
#[cold]
fn too_many_temporaries() -> Box<SyntaxError> {
    Box::new(SyntaxError {
        kind: ErrorKind::Recursion,
        message: "maximum recursion depth exceeded during compilation".to_owned(),
        lineno: 0,
        offset: 0,
        end_lineno: 0,
        end_offset: 0,
        text: None,
        incomplete: false,
        after: None,
    })
}

// ---- constants ----

/// The constants that are still used, to which the instructions are made to refer.
fn used_constants(laid: &mut Laid, constants: &Constants) -> Vec<Constant> {
    let mut numbers = vec![u32::MAX; constants.len()];
    for item in &mut laid.items {
        if let Some(index) = constant_operand(&mut item.op) {
            numbers[index.0 as usize] = 0;
        }
    }
    constants.kept().for_each(|kept| numbers[kept as usize] = 0);
    let mut used = Vec::new();
    for (index, number) in numbers.iter_mut().enumerate() {
        if *number == 0 {
            *number = used.len() as u32;
            used.push(constants.get(index as u32).clone());
        }
    }
    for item in &mut laid.items {
        if let Some(index) = constant_operand(&mut item.op) {
            index.0 = numbers[index.0 as usize];
        }
    }
    used
}

fn constant_operand(op: &mut Instruction) -> Option<&mut Const> {
    match op {
        Instruction::LoadConst(op) => Some(&mut op.value),
        Instruction::ReturnConst(op) => Some(&mut op.value),
        Instruction::CallKw(op) => Some(&mut op.names),
        Instruction::CallMethodKw(op) => Some(&mut op.names),
        Instruction::MakeFunction(op) => Some(&mut op.code),
        _ => None,
    }
}

// ---- registers ----

/// Where virtual registers lie in the frame.
struct Frame {
    /// The place of each near local.
    places: Vec<Register>,
    near: Register,
}

impl Frame {
    /// Parameters first, then other locals, then cells, then free variables, each group in the order of its making.
    fn new(unit: &Unit<'_>) -> Self {
        let near = &unit.locals.near;
        let mut order: Vec<usize> = (0..near.len()).collect();
        order.sort_by_key(|&local| (near[local].class, near[local].order));
        let mut places = vec![0; near.len()];
        for (place, &local) in order.iter().enumerate() {
            places[local] = place as Register;
        }
        Self { places, near: near.len() as Register }
    }

    fn place(&self, register: Register) -> Register {
        match self.places.get(usize::from(register)) {
            Some(&place) => place,
            None => self.near + depth_of(register) as Register,
        }
    }

    /// The locals as the code shows them.
    fn locals<'a>(&self, unit: &Unit<'a>, texts: &mut Texts<'a>) -> Vec<Local> {
        let mut text = |name: Identifier<'a>| texts.get(name);
        let mut by_place = vec![0; self.places.len()];
        for (local, &place) in self.places.iter().enumerate() {
            by_place[usize::from(place)] = local;
        }
        let near = by_place.into_iter().map(|local| &unit.locals.near[local]);
        let mut locals: Vec<Local> = near
            .map(|local| {
                let kind = match local.class {
                    LocalClass::Parameter => LocalKind::Parameter,
                    LocalClass::Variable | LocalClass::Cell => LocalKind::Variable,
                    LocalClass::Free => LocalKind::Free,
                };
                let inlined = local.inlined && local.cell && kind == LocalKind::Variable;
                Local { name: text(local.name), kind, cell: local.cell, inlined }
            })
            .collect();
        for &name in unit.locals.far.keys() {
            let far = unit.locals.far_parameters > locals.len().saturating_sub(self.places.len());
            let kind = if far { LocalKind::Parameter } else { LocalKind::Variable };
            locals.push(Local { name: text(name), kind, cell: false, inlined: false });
        }
        locals
    }
}

// ---- words and tables ----

/// What code begins with: frames start behind it, and stand there while tools are told that the function begins. It has
/// the place of the function's head.
const HEAD: instruction::Nop = instruction::Nop {};
const HEAD_WORDS: u32 = Opcode::Nop.words() as u32;

/// The words and the tables beside them.
struct Output {
    words: Vec<u64>,
    depths: Vec<(u32, u32)>,
    exceptions: Vec<ExceptionRange>,
    positions: PositionsBuilder,
}

impl Output {
    fn new(laid: &Laid, unit: &Unit<'_>, frame: &Frame, start: Loc, positions: &Positions<'_>) -> Self {
        let offsets = offsets(&laid.items);
        let mut this = Self {
            words: Vec::with_capacity(offsets[laid.items.len()] as usize),
            depths: Vec::new(),
            exceptions: Vec::new(),
            positions: PositionsBuilder::new(unit.first_line),
        };
        Instruction::from(HEAD).encode(&mut this.words);
        this.positions.push(Some(positions.resolve(start)), HEAD_WORDS);
        for (at, item) in laid.items.iter().enumerate() {
            this.encode(item, at, &offsets, laid, frame);
            this.locate(item, laid.origins[at], &unit.emitter, positions);
            this.handle(item, at, &offsets, laid, &unit.emitter);
        }
        this
    }

    fn encode(&mut self, item: &Emitted, at: usize, offsets: &[u32], laid: &Laid, frame: &Frame) {
        let start = self.words.len();
        let opcode = item.op.opcode();
        let op = match item.op.label() {
            Some(block) => {
                let target = offsets[laid.starts[block.0 as usize] as usize];
                item.op.with_label(Label(target as i32 - offsets[at + 1] as i32))
            }
            None => item.op,
        };
        op.encode(&mut self.words);
        for field in (0..3).filter(|field| opcode.register_fields() >> field & 1 != 0) {
            let shift = 16 + 16 * field;
            let word = &mut self.words[start];
            let place = frame.place((*word >> shift) as Register);
            *word = *word & !(0xffff << shift) | u64::from(place) << shift;
        }
        let effects = opcode.effects();
        let counts = effects.raises || effects.suspends || effects.reenters;
        if counts && self.depths.last().map_or(0, |&(_, depth)| depth) != item.depth {
            self.depths.push((start as u32, item.depth));
        }
    }

    fn locate(&mut self, item: &Emitted, origin: u32, emitter: &Emitter, positions: &Positions<'_>) {
        let words = item.op.opcode().words() as u32;
        let resolve = |loc: Loc| (loc != NO_LOC).then(|| positions.resolve(loc));
        if matches!(item.op, Instruction::ForIterPair(_))
            && let Ok(at) = emitter.second_locs.binary_search_by_key(&origin, |&(at, _)| at)
        {
            self.positions.push(resolve(item.loc), 1);
            self.positions.push(resolve(emitter.second_locs[at].1), words - 1);
            return;
        }
        self.positions.push(resolve(item.loc), words);
    }

    fn handle(&mut self, item: &Emitted, at: usize, offsets: &[u32], laid: &Laid, emitter: &Emitter) {
        let Some(id) = item.handler else { return };
        let start = laid.starts[laid.handlers[id.0 as usize] as usize];
        let (handler, depth) = (offsets[start as usize], emitter.handlers[id.0 as usize].depth);
        let (start, end) = (offsets[at], offsets[at + 1]);
        match self.exceptions.last_mut() {
            Some(last) if last.end == start && last.handler == handler && last.depth == depth => {
                last.end = end
            }
            _ => self.exceptions.push(ExceptionRange { start, end, handler, depth }),
        }
    }
}

/// The word offset of each instruction, and that of the end.
fn offsets(items: &[Emitted]) -> Vec<u32> {
    let mut offset = HEAD_WORDS;
    let mut offsets = Vec::with_capacity(items.len() + 1);
    for item in items {
        offsets.push(offset);
        offset += item.op.opcode().words() as u32;
    }
    offsets.push(offset);
    offsets
}
