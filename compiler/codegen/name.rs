//! Names: where each lives, and how it is read, bound and unbound.

use pyx_grammar::Loc;
use pyx_grammar::ast::Identifier;

use super::unit::Place;
use super::{Codegen, Result};
use crate::bytecode::opcode::instruction;
use crate::bytecode::operand::{Count, Far, In, Name, Register};
use crate::emit::{borrowed, kept, local_out};
use crate::symtable::{Meaning, ScopeKind, flag};

/// Where a name lives.
#[derive(Clone, Copy, Debug)]
enum Variable {
    /// In a register.
    Local(Register),
    /// In a local without a 16-bit register.
    Far(u32),
    /// In a cell, which lies in a register.
    Cell(Register),
    /// In the namespace of the frame, which is a mapping.
    Name,
    /// In the module or the builtins.
    Global {
        /// Not by a `global` statement, so that the namespace of a class around may have it too.
        implicit: bool,
    },
}

impl<'a> Codegen<'_, 'a> {
    /// Where a (mangled) name lives, as seen from the current expression.
    fn variable(&mut self, name: Identifier<'a>) -> Variable {
        for inlined in self.unit.inlined.iter().rev() {
            if let Some((register, cell)) = inlined.find(name) {
                return if cell { Variable::Cell(register) } else { Variable::Local(register) };
            }
        }
        // An inlined comprehension has its own view of names: those of a class around it, say, it does not see.
        let inlined = self.unit.inlined.last().map(|inlined| self.table.scope(inlined.scope));
        let symbol = inlined.and_then(|scope| scope.symbols.get(name).copied());
        let symbol = symbol.or_else(|| self.scope_of_unit().symbols.get(name).copied());
        match symbol.map_or(Meaning::GlobalImplicit, |symbol| symbol.meaning) {
            Meaning::Free => self.cell_variable(name),
            Meaning::Cell => self.cell_variable(name),
            Meaning::GlobalExplicit => Variable::Global { implicit: false },
            Meaning::GlobalImplicit if self.unit.kind.is_function_like() => {
                Variable::Global { implicit: true }
            }
            Meaning::Local if self.unit.kind.is_function_like() => self.local_variable(name),
            _ => Variable::Name,
        }
    }

    fn cell_variable(&mut self, name: Identifier<'a>) -> Variable {
        match self.unit.locals.cell(name) {
            Some(register) => Variable::Cell(register),
            None => self.local_variable(name),
        }
    }

    fn local_variable(&mut self, name: Identifier<'a>) -> Variable {
        match self.unit.locals.place(name) {
            Place::Near(register) => Variable::Local(register),
            Place::Far(index) => Variable::Far(index),
        }
    }

    /// The index of a mangled name in `co_names`.
    pub(super) fn name_index(&mut self, name: Identifier<'a>) -> Name {
        Name(self.unit.names.number(name))
    }

    /// Reads a variable.
    pub(super) fn load(&mut self, name: Identifier<'a>, loc: Loc) -> In {
        let name = self.mangle(name);
        self.load_mangled(name, loc)
    }

    /// Reads a variable whose name is mangled already.
    pub(super) fn load_mangled(&mut self, name: Identifier<'a>, loc: Loc) -> In {
        match self.variable(name) {
            Variable::Local(register) => {
                self.emit(instruction::CheckLocal { local: kept(register) }, loc);
                return borrowed(register);
            }
            Variable::Far(index) => {
                let dst = self.unit.emitter.next();
                self.emit(instruction::LoadFar { dst, local: Far(index) }, loc);
            }
            Variable::Cell(register) => self.load_cell(register, loc),
            Variable::Name => self.load_name(name, loc),
            Variable::Global { implicit } => self.load_global(name, implicit, loc),
        }
        self.unit.emitter.top()
    }

    fn load_name(&mut self, name: Identifier<'a>, loc: Loc) {
        if self.unit.kind == ScopeKind::Class && !self.unit.inlined.is_empty() {
            return self.load_global(name, false, loc);
        }
        let (dst, name) = (self.unit.emitter.next(), self.name_index(name));
        self.emit(instruction::LoadName { dst, name }, loc);
    }

    fn load_global(&mut self, name: Identifier<'a>, implicit: bool, loc: Loc) {
        let name = self.name_index(name);
        if implicit && self.scope_of_unit().can_see_class_scope {
            self.load_class_dict(loc);
            let map = self.unit.emitter.top();
            let dst = self.unit.emitter.after(&[map]);
            return self.emit(instruction::LoadMapOrGlobal { dst, map, name, pad: Default::default() }, loc);
        }
        let dst = self.unit.emitter.next();
        self.emit(instruction::LoadGlobal { dst, name }, loc);
    }

    /// Reads a cell; in a class body and in scopes that see one, the namespace of the class is asked first.
    fn load_cell(&mut self, register: Register, loc: Loc) {
        let in_class = self.unit.kind == ScopeKind::Class && self.unit.inlined.is_empty();
        if in_class {
            let dst = self.unit.emitter.next();
            self.emit(instruction::LoadLocals { dst }, loc);
        } else if self.scope_of_unit().can_see_class_scope {
            self.load_class_dict(loc);
        } else {
            let dst = self.unit.emitter.next();
            return self.emit(instruction::LoadCell { dst, cell: kept(register) }, loc);
        }
        let map = self.unit.emitter.top();
        let dst = self.unit.emitter.after(&[map]);
        self.emit(instruction::LoadMapOrCell { dst, map, cell: kept(register) }, loc);
    }

    /// Reads the namespace of the class around this scope, from its cell.
    fn load_class_dict(&mut self, loc: Loc) {
        let name = Identifier::new("__classdict__");
        let cell =
            self.unit.locals.cell(name).expect("a scope that sees a class has its namespace in a cell");
        let dst = self.unit.emitter.next();
        self.emit(instruction::LoadCell { dst, cell: kept(cell) }, loc);
    }

    /// The register that holds the cell of a variable of this block.
    pub(super) fn cell_register(&self, name: Identifier<'a>) -> Option<Register> {
        let hidden = self.unit.inlined.iter().rev().find_map(|inlined| inlined.find(name));
        match hidden {
            Some((register, true)) => Some(register),
            _ => self.unit.locals.cell(name),
        }
    }

    /// Whether the variable is a local with a register.
    pub(super) fn local_register(&mut self, name: Identifier<'a>) -> Option<Register> {
        let name = self.mangle(name);
        self.is_near_local(name).then(|| self.near_register(name)).flatten()
    }

    /// Whether a mangled name is that of a local with a register, which it may still have to be given.
    pub(super) fn is_near_local(&self, name: Identifier<'a>) -> bool {
        let hidden = self.unit.inlined.iter().rev().find_map(|inlined| inlined.find(name));
        if let Some((_, cell)) = hidden {
            return !cell;
        }
        let is_local =
            || self.scope_of_unit().symbols.get(name).is_some_and(|symbol| symbol.meaning == Meaning::Local);
        self.unit.kind.is_function_like() && is_local() && self.unit.locals.has_room_for(name)
    }

    /// The register of a mangled name, if it is a local with one.
    pub(super) fn near_register(&mut self, name: Identifier<'a>) -> Option<Register> {
        match self.variable(name) {
            Variable::Local(register) => Some(register),
            _ => None,
        }
    }

    /// Binds a variable.
    pub(super) fn store(&mut self, name: Identifier<'a>, value: In, loc: Loc) {
        let name = self.mangle(name);
        self.store_mangled(name, value, loc);
    }

    /// Binds a variable whose name is mangled already.
    pub(super) fn store_mangled(&mut self, name: Identifier<'a>, value: In, loc: Loc) {
        match self.variable(name) {
            Variable::Local(register) => self.store_local(register, value, loc),
            Variable::Far(index) => self.emit(instruction::StoreFar { src: value, local: Far(index) }, loc),
            Variable::Cell(cell) => {
                self.emit(instruction::StoreCell { cell: kept(cell), src: value }, loc);
            }
            Variable::Name => {
                let name = self.name_index(name);
                self.emit(instruction::StoreName { src: value, name }, loc);
            }
            Variable::Global { .. } => {
                let name = self.name_index(name);
                self.emit(instruction::StoreGlobal { src: value, name }, loc);
            }
        }
    }

    /// Binds a local: the instruction that made the value writes it there, if that is on the same line.
    pub(super) fn store_local(&mut self, register: Register, value: In, loc: Loc) {
        if value.own && value == self.unit.emitter.top() {
            let positions = &self.positions;
            if self.unit.emitter.retarget(register, |made| positions.same_line(made, loc)) {
                return;
            }
        }
        self.emit(instruction::Mov { dst: local_out(register), src: value }, loc);
    }

    /// Unbinds a variable.
    pub(super) fn delete(&mut self, name: Identifier<'a>, loc: Loc) {
        let name = self.mangle(name);
        match self.variable(name) {
            Variable::Local(register) => {
                self.emit(instruction::DeleteLocal { local: kept(register) }, loc);
            }
            Variable::Far(index) => {
                self.emit(instruction::DeleteFar { pad: Count(0), local: Far(index) }, loc);
            }
            Variable::Cell(cell) => self.emit(instruction::DeleteCell { cell: kept(cell) }, loc),
            Variable::Name => {
                let name = self.name_index(name);
                self.emit(instruction::DeleteName { pad: Count(0), name }, loc);
            }
            Variable::Global { .. } => {
                let name = self.name_index(name);
                self.emit(instruction::DeleteGlobal { pad: Count(0), name }, loc);
            }
        }
    }

    /// Unbinds the name of an exception handler, whether or not its body has done so.
    pub(super) fn unbind_handler_name(&mut self, name: Identifier<'a>, loc: Loc) -> Result<()> {
        self.note_constant(crate::bytecode::code::Constant::None);
        if let Some(register) = self.local_register(name) {
            self.emit(instruction::ClearLocal { local: kept(register) }, loc);
            return Ok(());
        }
        self.push_none(loc);
        let none = self.unit.emitter.top();
        self.store(name, none, loc);
        self.delete(name, loc);
        Ok(())
    }

    /// Whether a name was bound by an import of the module: its attributes are no methods.
    pub(super) fn is_imported(&self, name: Identifier<'a>) -> bool {
        let top = self.table.scope(self.table.top());
        top.symbols.get(name).is_some_and(|symbol| symbol.is(flag::DEF_IMPORT))
    }
}
