//! The block in the making, and how blocks are entered and left.

use std::rc::Rc;

use ahash::AHashMap;
use pyx_grammar::ast::Identifier;

use super::block::{Block, BlockKind};
use super::comprehension::Inlined;
use super::{Codegen, Constants, Result};
use crate::assemble::assemble;
use crate::bytecode::code::{AsyncReason, Code, Text, flags};
use crate::bytecode::opcode::{IntrinsicKind, instruction};
use crate::bytecode::operand::{Count, Kind, Register};
use crate::emit::{Emitter, NO_LOC, kept};
use crate::numbering::Numbering;
use crate::symtable::{Meaning, Scope, ScopeId, ScopeKind, Symbol, flag};

/// Plain locals from this one on are far: they have no 16-bit register.
const NEAR_LOCALS: usize = 60_000;

/// Locals that need a register, captured ones, and at least one temporary must find room in 16 bits.
const MAX_REGISTERS: usize = 65_000;

/// A block in the making.
pub(crate) struct Unit<'a> {
    pub(crate) scope: ScopeId,
    pub(crate) kind: ScopeKind,
    pub(crate) emitter: Emitter,
    pub(crate) name: Text,
    pub(crate) qualname: Text,
    pub(crate) first_line: i32,
    pub(crate) flags: u32,
    pub(crate) arg_count: u32,
    pub(crate) posonly_arg_count: u32,
    pub(crate) kwonly_arg_count: u32,
    pub(crate) locals: Locals<'a>,
    pub(crate) names: Numbering<Identifier<'a>>,
    pub(crate) constants: Constants,
    /// The statements around the current one that need care when they are left.
    pub(super) blocks: Vec<Block<'a>>,
    /// How many of them there were at the beginning of each `finally` body around the current statement.
    pub(super) final_bodies: Vec<usize>,
    /// The inlined comprehensions around the current expression.
    pub(super) inlined: Vec<Inlined<'a>>,
    /// Names that the methods of this class assign as attributes of their first parameter.
    pub(super) static_attributes: Numbering<Identifier<'a>>,
    /// Annotated assignments, whose annotations are evaluated later.
    pub(super) annotations: Vec<super::annotation::Deferred<'a>>,
    /// Above zero, the current statement may be executed not at all, or often.
    pub(super) conditional: u32,
    /// Of a module that is a coroutine: why.
    pub(crate) async_reason: Option<AsyncReason>,
}

/// The locals of a block in the making: their virtual registers, by name.
#[derive(Debug, Default)]
pub(crate) struct Locals<'a> {
    /// Those with a register, in the order in which they were met, parameters first.
    pub(crate) near: Vec<Local<'a>>,
    /// Those without, in the order in which they were met.
    pub(crate) far: Numbering<Identifier<'a>>,
    /// How many of the far ones are parameters.
    pub(crate) far_parameters: usize,
    names: Numbering<Identifier<'a>>,
    /// The register of each of the `names`.
    registers: Vec<Register>,
    /// The variables of inlined comprehensions that the block itself does not have, and whether one of the comprehensions
    /// around the current expression has them.
    inlined: AHashMap<Identifier<'a>, (Register, bool)>,
    /// How many plain locals may still get a register.
    room: usize,
}

/// A local with a register.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Local<'a> {
    pub(crate) name: Identifier<'a>,
    pub(crate) class: LocalClass,
    pub(crate) cell: bool,
    /// An inlined comprehension has it, and maybe the block as well.
    pub(crate) inlined: bool,
    /// Its place in its class.
    pub(crate) order: usize,
}

/// Which group of locals; they lie in this order in the frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum LocalClass {
    Parameter,
    Variable,
    Cell,
    Free,
}

/// Where a plain local lives.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place {
    Near(Register),
    Far(u32),
}

impl<'a> Locals<'a> {
    /// The locals of a scope that are known before its code: parameters, captured and free variables.
    fn of_scope(scope: &Scope<'a>) -> Self {
        let captured = |name| scope.symbols.get(name).is_some_and(|symbol| symbol.meaning == Meaning::Cell);
        let has_flag =
            |name, flag| scope.symbols.get(name).is_some_and(|symbol: &Symbol<'_>| symbol.is(flag));
        let implicit = |name: Identifier<'a>| {
            (scope.needs_class_closure && name == "__class__")
                || (scope.needs_classdict && name == "__classdict__")
                || (scope.has_conditional_annotations && name == "__conditional_annotations__")
        };
        let parameters = if scope.kind.is_function_like() { &scope.varnames[..] } else { &[] };
        let mut cells = scope.cell_variables();
        cells.retain(|&name| {
            let of_comprehension = has_flag(name, flag::DEF_COMP_CELL) && !captured(name);
            let is_own = implicit(name) || !(of_comprehension || has_flag(name, flag::DEF_INLINED));
            is_own && !parameters.contains(&name)
        });
        let free = scope.free_variables();
        let mut locals =
            Self { room: NEAR_LOCALS.saturating_sub(cells.len() + free.len()), ..Self::default() };
        for &name in parameters {
            locals.add_plain(name, LocalClass::Parameter, captured(name));
        }
        locals.far_parameters = locals.far.len();
        for name in cells {
            locals.add(name, LocalClass::Cell, true);
        }
        for name in free {
            locals.add(name, LocalClass::Free, true);
        }
        locals
    }

    /// The place of a plain local, which is given one when it is first met.
    pub(super) fn place(&mut self, name: Identifier<'a>) -> Place {
        match self.find(name) {
            Some(register) => Place::Near(register),
            None => self.add_plain(name, LocalClass::Variable, false),
        }
    }

    /// Whether a plain local has a register, or can be given one.
    pub(super) fn has_room_for(&self, name: Identifier<'a>) -> bool {
        self.room > 0 || self.find(name).is_some()
    }

    /// The register of the cell of a captured or free variable.
    pub(super) fn cell(&self, name: Identifier<'a>) -> Option<Register> {
        self.find(name).filter(|&register| self.near[usize::from(register)].cell)
    }

    fn find(&self, name: Identifier<'a>) -> Option<Register> {
        self.names.get(&name).map(|number| self.registers[number as usize])
    }

    fn add_plain(&mut self, name: Identifier<'a>, class: LocalClass, cell: bool) -> Place {
        if self.room == 0 {
            return Place::Far(self.far.number(name));
        }
        self.room -= 1;
        Place::Near(self.add(name, class, cell))
    }

    fn add(&mut self, name: Identifier<'a>, class: LocalClass, cell: bool) -> Register {
        self.names.add(name);
        let register = self.add_unnamed(name, class, cell);
        self.registers.push(register);
        register
    }

    fn add_unnamed(&mut self, name: Identifier<'a>, class: LocalClass, cell: bool) -> Register {
        let order = self.near.len();
        self.near.push(Local { name, class, cell, inlined: false, order });
        order as Register
    }

    /// Begins an inlined comprehension with this variable: the register that it gets, and whether what that holds is still
    /// wanted after the comprehension. If the block has a local of the name, it is the same one.
    pub(super) fn begin_inlined(
        &mut self,
        name: Identifier<'a>,
        cell: bool,
        of_block: bool,
    ) -> (Register, bool) {
        let near = if of_block { self.place(name) } else { Place::Far(0) };
        let (register, is_wanted) = match near {
            Place::Near(register) => (register, true),
            Place::Far(_) => match self.inlined.get(&name) {
                Some(&known) => known,
                None => {
                    self.room = self.room.saturating_sub(1);
                    (self.add_unnamed(name, LocalClass::Variable, cell), false)
                }
            },
        };
        if !matches!(near, Place::Near(_)) {
            self.inlined.insert(name, (register, true));
        }
        let order = self.near.len();
        let local = &mut self.near[usize::from(register)];
        local.cell |= cell;
        local.inlined = true;
        if local.class == LocalClass::Cell {
            // Where CPython numbers it: with the locals that are met in the code.
            (local.class, local.order) = (LocalClass::Variable, order);
        }
        (register, is_wanted)
    }

    /// Ends a comprehension that did not share this variable: the next one may have it.
    pub(super) fn end_inlined(&mut self, name: Identifier<'a>) {
        if let Some((_, is_wanted)) = self.inlined.get_mut(&name) {
            *is_wanted = false;
        }
    }

    /// The only parameter is shown by this name, whatever name it is found by; the symbol table may not know it at all.
    pub(super) fn show_parameter_as(&mut self, name: Identifier<'a>) {
        match self.near.first_mut() {
            Some(first) if first.class == LocalClass::Parameter => first.name = name,
            _ => {
                let local =
                    Local { name, class: LocalClass::Parameter, cell: false, inlined: false, order: 0 };
                self.near.insert(0, local);
                self.registers.iter_mut().for_each(|register| *register += 1);
            }
        }
    }

    /// Only the first `n` locals are parameters, whatever the symbol table says.
    pub(super) fn limit_parameters(&mut self, n: u32) {
        for local in
            self.near.iter_mut().skip(n as usize).filter(|local| local.class == LocalClass::Parameter)
        {
            local.class = LocalClass::Variable;
        }
    }
}

impl<'a> Unit<'a> {
    /// A unit that no code is made in.
    pub(super) fn placeholder(scope: ScopeId) -> Self {
        Self {
            scope,
            kind: ScopeKind::Module,
            emitter: Emitter::default(),
            name: Rc::from([]),
            qualname: Rc::from([]),
            first_line: 0,
            flags: 0,
            arg_count: 0,
            posonly_arg_count: 0,
            kwonly_arg_count: 0,
            locals: Locals::default(),
            names: Numbering::default(),
            constants: Constants::default(),
            blocks: Vec::new(),
            final_bodies: Vec::new(),
            inlined: Vec::new(),
            static_attributes: Numbering::default(),
            annotations: Vec::new(),
            conditional: 0,
            async_reason: None,
        }
    }
}

impl<'a> Codegen<'_, 'a> {
    /// Begins the block of a scope; the current one waits for its end.
    pub(super) fn enter(&mut self, scope: ScopeId, name: Identifier<'a>, first_line: i32) -> Result<()> {
        self.options.stack.check()?;
        let symbols = self.table.scope(scope);
        let locals = Locals::of_scope(symbols);
        if locals.near.len() > MAX_REGISTERS {
            return self.error(symbols.loc.unwrap_or(NO_LOC), "too many captured variables");
        }
        let text = self.text(name);
        let mut unit = Unit {
            kind: symbols.kind,
            name: text.clone(),
            qualname: text,
            first_line,
            flags: self.code_flags(symbols),
            async_reason: symbols.awaits.filter(|_| symbols.kind == ScopeKind::Module).map(
                |(construct, loc)| {
                    let at = self.positions.resolve(loc);
                    AsyncReason { construct, line: at.lineno, column: at.col_offset }
                },
            ),
            locals,
            ..Unit::placeholder(scope)
        };
        std::mem::swap(&mut self.unit, &mut unit);
        self.outer.push(unit);
        self.unit.qualname = self.qualified_name(name);
        self.begin_cells();
        let suspends = flags::GENERATOR | flags::COROUTINE | flags::ASYNC_GENERATOR;
        if self.unit.flags & suspends != 0 {
            self.begin_block(BlockKind::StopIteration, NO_LOC)?;
        }
        Ok(())
    }

    /// Ends the current block, whose code comes back; the one around it is current again.
    pub(super) fn leave(&mut self) -> Result<Rc<Code>> {
        if let Some(Block { kind: BlockKind::StopIteration, .. }) = self.unit.blocks.last() {
            self.end_stop_iteration_guard();
        }
        let outer = self.outer.pop().expect("every block that is left was entered");
        let unit = std::mem::replace(&mut self.unit, outer);
        assemble(unit, self.filename.clone(), &mut self.texts, &mut self.positions).map(Rc::new)
    }

    fn code_flags(&self, scope: &Scope<'a>) -> u32 {
        let function_like = scope.kind.is_function_like();
        let set = |flag: u32, wanted: bool| if wanted { flag } else { 0 };
        let function_flags = match (scope.is_generator, scope.is_coroutine) {
            (true, false) => flags::GENERATOR,
            (true, true) => flags::ASYNC_GENERATOR,
            (false, true) => flags::COROUTINE,
            (false, false) => 0,
        };
        let of_function = flags::OPTIMIZED
            | flags::NEWLOCALS
            | function_flags
            | set(flags::NESTED, scope.nested)
            | set(flags::VARARGS, scope.has_varargs)
            | set(flags::VARKEYWORDS, scope.has_varkeywords)
            | set(flags::METHOD, scope.is_method);
        let of_module = set(flags::COROUTINE, scope.kind == ScopeKind::Module && scope.is_coroutine);
        self.flags | if function_like { of_function } else { of_module }
    }

    /// `co_qualname` of the current block: its name behind those of the blocks around it.
    fn qualified_name(&self, name: Identifier<'a>) -> Text {
        let mut around = self.outer.get(2..).unwrap_or_default();
        if around.last().is_some_and(|unit| unit.kind.is_annotation()) {
            around = &around[..around.len() - 1];
        }
        let Some(parent) = around.last() else { return self.unit.name.clone() };
        if self.is_declared_global(parent, name) {
            return self.unit.name.clone();
        }
        let locals: &[u8] = match parent.kind {
            ScopeKind::Function | ScopeKind::Lambda => b".<locals>.",
            _ => b".",
        };
        [&parent.qualname[..], locals, name.as_bytes()].concat().into()
    }

    /// Whether a function or class stands under a `global` statement for its name.
    fn is_declared_global(&self, parent: &Unit<'a>, name: Identifier<'a>) -> bool {
        matches!(self.unit.kind, ScopeKind::Function | ScopeKind::Class)
            && self
                .table
                .lookup(parent.scope, name)
                .is_some_and(|symbol| symbol.meaning == Meaning::GlobalExplicit)
    }

    /// Brings in the cells of free variables and makes those of captured ones.
    fn begin_cells(&mut self) {
        let cells: Vec<_> = self.unit.locals.near.iter().zip(0..).filter(|(local, _)| local.cell).collect();
        let (free, own): (Vec<_>, Vec<_>) =
            cells.into_iter().partition(|(local, _)| local.class == LocalClass::Free);
        let first_free: Option<Register> = free.first().map(|&(_, register)| register);
        let (n, own): (usize, Vec<Register>) =
            (free.len(), own.into_iter().map(|(_, register)| register).collect());
        if let Some(first) = first_free {
            self.emit(instruction::CopyFreeVars { first: kept(first), n: Count(n as u16) }, NO_LOC);
        }
        for register in own {
            self.emit(instruction::MakeCell { local: kept(register) }, NO_LOC);
        }
    }

    /// The handler around the body of a generator or coroutine: a StopIteration becomes a RuntimeError (PEP 479).
    fn end_stop_iteration_guard(&mut self) {
        let handler = self.end_region();
        self.unit.emitter.bind_handler(handler);
        self.intrinsic(IntrinsicKind::StopIterationError, 0, NO_LOC);
        self.unit.emitter.drop_top(NO_LOC);
        self.pass_on(NO_LOC);
    }

    /// Calls an intrinsic with the last `n` temporaries; its result is the topmost.
    pub(super) fn intrinsic(&mut self, which: IntrinsicKind, n: u32, loc: pyx_grammar::Loc) {
        let base = self.unit.emitter.last(n);
        let op = instruction::Intrinsic {
            dst: Emitter::out_at(base),
            base,
            which: Kind(which as u16),
            n: crate::bytecode::operand::Int(n as i32),
            pad: Default::default(),
        };
        self.emit(op, loc);
    }
}
