//! What one instruction does to the registers, and what it wants of them.

use smallvec::SmallVec;

use super::flow::State;
use super::registers::Kind;
use crate::bytecode::code::{Code, Constant, LocalKind};
use crate::bytecode::opcode::{AnyOperand, Conversion, Instruction, IntrinsicKind};
use crate::bytecode::operand::{Register, Role};

/// One instruction at a point of the code.
pub(super) struct Step<'s> {
    pub(super) code: &'s Code,
    pub(super) state: &'s mut State,
    pub(super) instruction: Instruction,
    operands: SmallVec<[AnyOperand; 6]>,
}

type Checked<T = ()> = Result<T, String>;

impl<'s> Step<'s> {
    pub(super) fn new(code: &'s Code, state: &'s mut State, instruction: Instruction) -> Self {
        let mut operands = SmallVec::new();
        instruction.operands(|_, operand| operands.push(operand));
        Self { code, state, instruction, operands }
    }

    /// Takes away what the instruction consumes, checking all that it reads. The result is what is known of the source,
    /// for the instructions whose result depends on it.
    pub(super) fn consume(&mut self) -> Checked<Kind> {
        self.registers(Role::Read).try_for_each(|(register, _)| self.check_read(register))?;
        self.check_wants()?;
        let source = self.source_kind();
        let consumed = self.consumed()?;
        self.state.depth -= consumed;
        self.check_kept()?;
        self.check_exception()?;
        Ok(source)
    }

    /// The distance of the jump, if the instruction is one.
    pub(super) fn jump(&self) -> Option<i32> {
        self.operands.iter().find(|operand| operand.role == Role::Label).map(|label| label.bits as i32)
    }

    /// The registers that operands of a role name, and their ownership bits.
    fn registers(&self, role: Role) -> impl Iterator<Item = (Register, bool)> + Clone + use<'_, 's> {
        let operands = self.operands.iter().filter(move |operand| operand.role == role);
        operands.map(|operand| (operand.bits as Register, operand.own))
    }

    // ---- reading ----

    fn check_read(&self, register: Register) -> Checked {
        use Instruction as I;
        if !self.is_live(register) {
            return Err(self.not_live(register));
        }
        let kind = self.kind(register);
        let takes_null = matches!(
            self.instruction,
            I::PopExcept(_)
                | I::Reraise(_)
                | I::EndAsyncFor(_)
                | I::DropTemp(_)
                | I::Mov(_)
                | I::RestoreLocal(_)
        );
        let takes_cells =
            matches!(self.instruction, I::Mov(_) | I::StoreName(_) | I::ListAppend(_) | I::ReturnValue(_));
        if kind == Kind::MAYBE && !(takes_null && self.is_temporary(register)) {
            return Err(self.absent(register));
        }
        if kind == Kind::CELL && !self.is_temporary(register) && !takes_cells {
            return Err("a cell is used as a value".into());
        }
        Ok(())
    }

    /// A temporary of the prefix, or any local.
    fn is_live(&self, register: Register) -> bool {
        u32::from(register) < self.code.near_locals + self.state.depth
    }

    fn is_temporary(&self, register: Register) -> bool {
        u32::from(register) >= self.code.near_locals
    }

    fn kind(&self, register: Register) -> Kind {
        self.state.registers.get(register)
    }

    fn want(&self, register: Register, kind: Kind) -> Checked {
        if !self.is_live(register) {
            Err(self.not_live(register))
        } else if self.kind(register).is(kind) {
            Ok(())
        } else if self.kind(register) == Kind::MAYBE {
            Err(self.absent(register))
        } else {
            Err(format!("register {register} holds an object of the wrong type"))
        }
    }

    fn want_range(&self, range: Option<(Register, usize)>, kind: Kind) -> Checked {
        let Some((first, count)) = range else { return Ok(()) };
        (0..count).try_for_each(|i| self.want(first + i as Register, kind))
    }

    fn not_live(&self, register: Register) -> String {
        format!("temporary {} of {} live ones", u32::from(register) - self.code.near_locals, self.state.depth)
    }

    fn absent(&self, register: Register) -> String {
        let what = if self.is_temporary(register) { "may hold NULL" } else { "may be unbound" };
        format!("register {register} {what}")
    }

    /// What single instructions want of the ranges they take and the containers they fill.
    fn check_wants(&self) -> Checked {
        use Instruction as I;
        let range = self.instruction.takes();
        let after = |n: u16| range.map(|(first, count)| (first + n, count - usize::from(n)));
        match self.instruction {
            I::CallMethod(op) => self.want_call(op.base.register, after(2)),
            I::AwaitCallMethod(op) => self.want_call(op.base.register, after(2)),
            I::CallMethodKw(op) => self.want_call(op.base.register, after(2)),
            I::CallEx(op) => self.want_range(Some((op.base.register, 2)), Kind::VALUE),
            I::BuildInterpolation(op) => self.want_range(Some((op.base.register, 2)), Kind::VALUE),
            I::BuildTemplate(_) => self.want_range(range, Kind::TUPLE),
            I::BuildString(_) => self.want_range(range, Kind::STR),
            I::ListToTuple(op) => self.want(op.src.register, Kind::LIST),
            I::MatchClass(op) => {
                self.want_range(Some((op.base.register, 2)), Kind::VALUE)?;
                self.want_range(after(2), Kind::TUPLE)
            }
            I::MakeFunction(op) => self.want_parts(op.parts.0, op.code.0, range),
            _ => self.want_range(range, Kind::VALUE),
        }
    }

    /// A method and its arguments; the receiver between them may be absent.
    fn want_call(&self, base: Register, arguments: Option<(Register, usize)>) -> Checked {
        self.want(base, Kind::VALUE)?;
        self.want(base + 1, Kind::MAYBE)?;
        self.want_range(arguments, Kind::VALUE)
    }

    /// A function's parts, of which the closure comes last: as many cells as the code has free variables.
    fn want_parts(&self, parts: u16, code: u32, range: Option<(Register, usize)>) -> Checked {
        use crate::bytecode::opcode::function_parts::CLOSURE;
        self.want_range(range, Kind::VALUE)?;
        let Constant::Code(code) = &self.code.constants[code as usize] else {
            return Err("no code object".into());
        };
        let free = code.locals.iter().filter(|local| local.kind == LocalKind::Free).count();
        match range {
            Some((first, count)) if parts & CLOSURE != 0 => {
                let closure = first + count as Register - 1;
                self.want(closure, Kind::cells(free)).map_err(|_| format!("no closure of {free} cells"))
            }
            _ if free == 0 => Ok(()),
            _ => Err(format!("no closure for code with {free} free variables")),
        }
    }

    /// Operands that are read and stay.
    fn check_kept(&self) -> Checked {
        use Instruction as I;
        match self.instruction {
            I::CheckLocal(_)
            | I::DeleteLocal(_)
            | I::ClearLocal(_)
            | I::SaveLocal(_)
            | I::RestoreLocal(_)
            | I::MakeCell(_)
            | I::CopyFreeVars(_) => Ok(()),
            I::LoadCell(op) => self.want(op.cell.register, Kind::CELL),
            I::StoreCell(op) => self.want(op.cell.register, Kind::CELL),
            I::DeleteCell(op) => self.want(op.cell.register, Kind::CELL),
            I::LoadMapOrCell(op) => self.want(op.cell.register, Kind::CELL),
            I::Swap(op) => {
                let temporaries = self.is_temporary(op.a.register) && self.is_temporary(op.b.register);
                self.want(op.a.register, Kind::MAYBE)?;
                self.want(op.b.register, Kind::MAYBE)?;
                if temporaries { Ok(()) } else { Err("swaps a local".into()) }
            }
            I::PushExitArgs(op) => {
                self.want(op.exit.register, Kind::VALUE)?;
                let receiver = op.exit.register.checked_add(1).ok_or("no receiver")?;
                self.want(receiver, Kind::MAYBE)
            }
            I::ForIter(op) => self.want_topmost(op.iter.register),
            I::ForIterPair(op) => self.want_topmost(op.iter.register),
            I::ListAppend(op) => self.want(op.list.register, Kind::LIST),
            I::ListExtend(op) => self.want(op.list.register, Kind::LIST),
            I::SetAdd(op) => self.want(op.set.register, Kind::SET),
            I::SetUpdate(op) => self.want(op.set.register, Kind::SET),
            I::MapAdd(op) => self.want(op.map.register, Kind::DICT),
            I::DictUpdate(op) => self.want(op.map.register, Kind::DICT),
            I::DictMerge(op) => {
                self.want(op.map.register, Kind::DICT)?;
                self.want(op.callable.register, Kind::VALUE)
            }
            I::MatchKeys(op) => {
                self.want(op.subject.register, Kind::VALUE)?;
                self.want(op.keys.register, Kind::TUPLE)
            }
            _ => self.want_kept(),
        }
    }

    fn want_kept(&self) -> Checked {
        self.registers(Role::Keep).try_for_each(|(register, _)| self.want(register, Kind::VALUE))
    }

    /// An iterator that is dropped when it is exhausted must lie at the end of the prefix.
    fn want_topmost(&self, register: Register) -> Checked {
        self.want(register, Kind::VALUE)?;
        let is_topmost = u32::from(register) + 1 == self.code.near_locals + self.state.depth;
        if is_topmost && self.is_temporary(register) {
            Ok(())
        } else {
            Err("the iterator is not the topmost temporary".into())
        }
    }

    /// Instructions about the handled exception stand where there is one; returns where no temporaries are left.
    fn check_exception(&self) -> Checked {
        use Instruction as I;
        let wants_exception = match self.instruction {
            I::LoadExc(_) | I::JumpIfNoMatch(_) | I::Reraise(_) | I::PushExitArgs(_) | I::EndAsyncFor(_) => {
                true
            }
            I::Intrinsic(op) => op.which.0 == IntrinsicKind::StopIterationError as u16,
            _ => false,
        };
        let leaves = self.instruction.opcode().effects().returns;
        if wants_exception && self.state.exc == Kind::MAYBE {
            Err("there may be no handled exception".into())
        } else if leaves && self.state.depth > 0 {
            Err(format!("leaves {} temporaries behind", self.state.depth))
        } else {
            Ok(())
        }
    }

    // ---- consuming ----

    /// How many temporaries the instruction consumes: exactly those at the end of the prefix.
    fn consumed(&self) -> Checked<u32> {
        let moved: SmallVec<[u32; 3]> =
            self.registers(Role::Read).filter(|&(_, own)| own).map(|(register, _)| register.into()).collect();
        let (base, taken) = self.instruction.takes().map_or((0, 0), |(base, n)| (u32::from(base), n as u32));
        let consumed = moved.len() as u32 + taken;
        let live = self.code.near_locals + self.state.depth;
        let Some(rest) = live.checked_sub(consumed).filter(|&rest| rest >= self.code.near_locals) else {
            return Err(format!("consumes {consumed} of {} temporaries", self.state.depth));
        };
        let in_range = |register: u32| (base..base + taken).contains(&register);
        let is_suffix = (taken == 0 || (base >= rest && base + taken <= live))
            && moved.iter().all(|&register| (rest..live).contains(&register) && !in_range(register))
            && (1..moved.len()).all(|i| !moved[..i].contains(&moved[i]));
        if is_suffix { Ok(consumed) } else { Err("consumes temporaries that are not the last ones".into()) }
    }

    // ---- producing ----

    /// What is known of what the instruction moves or collects.
    fn source_kind(&self) -> Kind {
        match self.instruction {
            Instruction::Mov(op) => self.kind(op.src.register),
            Instruction::PopExcept(op) => self.kind(op.saved.register),
            Instruction::SaveLocal(op) => self.kind(op.local.register),
            Instruction::RestoreLocal(op) => self.kind(op.saved.register),
            Instruction::EndAsyncFor(op) => self.kind(op.saved.register),
            Instruction::BuildTuple(op) if op.n.0 > 0 => {
                let items = op.base.register..op.base.register + op.n.0;
                let are_cells = items.into_iter().all(|item| self.kind(item) == Kind::CELL);
                if are_cells { Kind::cells(usize::from(op.n.0)) } else { Kind::TUPLE }
            }
            _ => Kind::VALUE,
        }
    }

    /// Puts the results in place. Whether anything that a handler may rely on became less certain.
    pub(super) fn produce(&mut self, source: Kind) -> Checked<bool> {
        use Instruction as I;
        let mut weakens = self.produce_given();
        match self.instruction {
            I::CheckLocal(op) if self.kind(op.local.register) == Kind::MAYBE => {
                self.state.registers.set(op.local.register, Kind::VALUE);
            }
            I::DeleteLocal(op) => weakens |= self.put(op.local.register, Kind::MAYBE),
            I::ClearLocal(op) => weakens |= self.put(op.local.register, Kind::MAYBE),
            I::SaveLocal(op) => weakens |= self.put(op.local.register, Kind::MAYBE),
            I::RestoreLocal(op) => weakens |= self.put_local_or_null(op.local.register, source),
            I::MakeCell(op) => weakens |= self.put(op.local.register, Kind::CELL),
            I::CopyFreeVars(op) => {
                for register in op.first.register..op.first.register + op.n.0 {
                    weakens |= self.put(register, Kind::CELL);
                }
            }
            I::Swap(op) => {
                let (a, b) = (self.kind(op.a.register), self.kind(op.b.register));
                weakens |= self.put(op.a.register, b) | self.put(op.b.register, a);
            }
            I::PopExcept(_) | I::EndAsyncFor(_) => {
                self.state.exc = source.or(Kind::VALUE);
                weakens = true;
            }
            _ => {}
        }
        Ok(self.produce_out(source)? | weakens)
    }

    /// The destinations, and the depth that results.
    fn produce_out(&mut self, source: Kind) -> Checked<bool> {
        let kind = self.result_kind(source);
        let outs: SmallVec<[(Register, bool); 2]> = self.registers(Role::Write).collect();
        let first = self.code.near_locals + self.state.depth;
        // No row has both destinations and a `gives` range.
        let (produced, fits) = if let Some((base, n)) = self.instruction.gives() {
            (n, n == 0 || u32::from(base) == first)
        } else {
            let temporaries = outs.iter().filter(|(_, is_local)| !is_local);
            let produced = temporaries.clone().count();
            let next = first..first + produced as u32;
            let distinct = produced < 2 || outs[0] != outs[1];
            let are_next = temporaries.clone().all(|(register, _)| next.contains(&u32::from(*register)));
            (produced, distinct && are_next)
        };
        if !fits {
            return Err("the results are not the next temporaries".into());
        }
        let mut weakens = false;
        for &(register, is_local) in &outs {
            weakens |= if is_local { self.put_local(register, kind)? } else { self.put(register, kind) };
        }
        self.state.depth += produced as u32;
        Ok(weakens)
    }

    /// The kinds of a row's `gives` range.
    fn produce_given(&mut self) -> bool {
        use Instruction as I;
        let Some((base, count)) = self.instruction.gives() else { return false };
        let absent: &[usize] = match self.instruction {
            I::LoadMethod(_) | I::LoadSuperAttr(_) | I::PushExitArgs(_) => &[1],
            I::LoadManager(_) => &[1, 3],
            _ => &[],
        };
        (0..count).fold(false, |weakens, i| {
            let kind = if absent.contains(&i) { Kind::MAYBE } else { Kind::VALUE };
            self.put(base + i as Register, kind) | weakens
        })
    }

    /// What is known of the result.
    fn result_kind(&self, source: Kind) -> Kind {
        use Instruction as I;
        match self.instruction {
            I::SaveLocal(_) => source,
            I::Mov(_) | I::BuildTuple(_) if source != Kind::VALUE => source,
            I::PushNull(_) => Kind::MAYBE,
            I::BuildTuple(_) | I::ListToTuple(_) => Kind::TUPLE,
            I::BuildList(_) => Kind::LIST,
            I::BuildSet(_) => Kind::SET,
            I::BuildMap(_) => Kind::DICT,
            I::FormatSimple(_) | I::FormatSpec(_) | I::BuildString(_) => Kind::STR,
            I::Convert(op) if op.how.0 != Conversion::None as u16 => Kind::STR,
            I::LoadConst(op) => match self.code.constants[op.value.0 as usize] {
                Constant::Tuple(_) => Kind::TUPLE,
                Constant::Str(_) => Kind::STR,
                _ => Kind::VALUE,
            },
            _ => Kind::VALUE,
        }
    }

    /// Binds a local. Of what a debugger may replace, no more is known than that it is there; a cell it leaves alone.
    fn put_local(&mut self, register: Register, kind: Kind) -> Checked<bool> {
        match kind {
            Kind::MAYBE => Err(format!("puts NULL into the local of register {register}")),
            _ => Ok(self.put_local_or_null(register, kind)),
        }
    }

    fn put_local_or_null(&mut self, register: Register, kind: Kind) -> bool {
        let holds_cell = kind == Kind::CELL && self.code.locals[usize::from(register)].cell;
        self.put(register, if holds_cell || kind == Kind::MAYBE { kind } else { Kind::VALUE })
    }

    /// Sets a register; whether less is known of it than before.
    fn put(&mut self, register: Register, kind: Kind) -> bool {
        let weakens = !kind.is(self.kind(register));
        self.state.registers.set(register, kind);
        weakens
    }
}
