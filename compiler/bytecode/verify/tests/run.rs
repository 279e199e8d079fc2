//! A machine that runs verified code at random: every branch and every exception may be taken. It knows of a register
//! only whether something is in it and of what sort, and it panics where the real one would go wrong.

use super::*;
use crate::bytecode::operand::Register;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Content {
    Nothing,
    Object,
    Cell,
    List,
    Set,
    Dict,
    Tuple,
}

struct Machine<'c> {
    code: &'c Code,
    registers: Vec<Content>,
    depth: usize,
    exc: Content,
}

/// Runs the code for a while.
pub(super) fn at_random(code: &Code, random: &mut Random) {
    let near = code.near_locals as usize;
    let mut registers = vec![Content::Nothing; near + code.temporaries as usize];
    for (register, local) in registers.iter_mut().zip(&code.locals[..near]) {
        if local.kind == LocalKind::Parameter {
            *register = Content::Object;
        }
    }
    let mut machine = Machine { code, registers, depth: 0, exc: Content::Nothing };
    let mut at = 0;
    for _ in 0..200 {
        match machine.step(at, random) {
            Some(next) => at = next,
            None => return,
        }
    }
}

impl Machine<'_> {
    fn near(&self) -> usize {
        self.code.near_locals as usize
    }

    /// Runs one instruction; where the next one is.
    fn step(&mut self, at: usize, random: &mut Random) -> Option<usize> {
        let instruction = Instruction::decode(&self.code.words, at).expect("an instruction");
        let opcode = instruction.opcode();
        let next = at + opcode.words();
        let effects = opcode.effects();
        let items =
            instruction.takes().map(|(base, n)| self.registers[base as usize..base as usize + n].to_vec());
        let source = self.read(&instruction);
        self.consume(&instruction);
        self.look_at_kept(&instruction);
        assert!(!effects.returns || self.depth == 0);
        if (effects.raises || effects.suspends) && (effects.ends || random.below(4) == 0) {
            return self.raise(at);
        }
        let taken = random.below(2) == 0;
        if let Some(label) = instruction.label() {
            let target = (next as i64 + i64::from(label.0)) as usize;
            let always = matches!(opcode, Opcode::Jump | Opcode::JumpBack);
            if always || taken {
                if matches!(opcode, Opcode::ForIter | Opcode::ForIterPair) {
                    self.depth -= 1;
                }
                return Some(target);
            }
        }
        if effects.ends || effects.returns {
            return None;
        }
        self.write(&instruction, source, items.as_deref());
        Some(next)
    }

    /// Looks at the operands; the content of the first.
    fn read(&self, instruction: &Instruction) -> Content {
        use Instruction as I;
        let mut first = None;
        let nullable = matches!(
            instruction,
            I::PopExcept(_)
                | I::Reraise(_)
                | I::EndAsyncFor(_)
                | I::DropTemp(_)
                | I::Mov(_)
                | I::RestoreLocal(_)
        );
        instruction.operands(|name, operand| {
            if operand.role == Role::Read {
                let register = operand.bits as usize;
                assert!(register < self.near() + self.depth);
                let content = self.registers[register];
                assert!(content != Content::Nothing || nullable, "{instruction:?} {name}");
                first = Some(content);
            }
        });
        if let Some((base, n)) = instruction.takes() {
            let range = &self.registers[base as usize..base as usize + n];
            let absent = match instruction {
                I::CallMethod(_) | I::AwaitCallMethod(_) | I::CallMethodKw(_) => 1,
                I::CallEx(_) | I::BuildInterpolation(_) => 2,
                _ => usize::MAX,
            };
            for (i, &content) in range.iter().enumerate() {
                assert!(content != Content::Nothing || i == absent, "{instruction:?}");
            }
            if matches!(instruction, I::BuildTemplate(_)) {
                assert!(range.iter().all(|&content| content == Content::Tuple));
            }
        }
        first.unwrap_or(Content::Object)
    }

    fn consume(&mut self, instruction: &Instruction) {
        let mut gone = Vec::new();
        instruction.operands(|_, operand| {
            if operand.role == Role::Read && operand.own {
                gone.push(operand.bits as usize);
            }
        });
        if let Some((base, n)) = instruction.takes() {
            gone.extend(base as usize..base as usize + n);
        }
        gone.sort_unstable();
        let end = self.near() + self.depth;
        assert!(gone.iter().copied().eq(end - gone.len()..end), "{instruction:?} consumes {gone:?} of {end}");
        self.depth -= gone.len();
    }

    fn look_at_kept(&self, instruction: &Instruction) {
        use Instruction as I;
        let content = |register: Register| {
            assert!((register as usize) < self.near() + self.depth, "{instruction:?}");
            self.registers[register as usize]
        };
        let is = |register, wanted| assert_eq!(content(register), wanted, "{instruction:?}");
        match instruction {
            I::LoadCell(op) => is(op.cell.register, Content::Cell),
            I::StoreCell(op) => is(op.cell.register, Content::Cell),
            I::DeleteCell(op) => is(op.cell.register, Content::Cell),
            I::LoadMapOrCell(op) => is(op.cell.register, Content::Cell),
            I::ListAppend(op) => is(op.list.register, Content::List),
            I::ListExtend(op) => is(op.list.register, Content::List),
            I::SetAdd(op) => is(op.set.register, Content::Set),
            I::SetUpdate(op) => is(op.set.register, Content::Set),
            I::MapAdd(op) => is(op.map.register, Content::Dict),
            I::DictUpdate(op) => is(op.map.register, Content::Dict),
            I::DictMerge(op) => is(op.map.register, Content::Dict),
            I::MatchKeys(op) => is(op.keys.register, Content::Tuple),
            I::ForIter(op) => assert_ne!(content(op.iter.register), Content::Nothing),
            I::PushExitArgs(op) => assert_ne!(content(op.exit.register), Content::Nothing),
            I::LoadExc(_) | I::JumpIfNoMatch(_) => assert_ne!(self.exc, Content::Nothing),
            _ => {}
        }
        if matches!(instruction, I::Reraise(_) | I::EndAsyncFor(_) | I::PushExitArgs(_)) {
            assert_ne!(self.exc, Content::Nothing);
        }
    }

    /// Goes to the handler, if there is one.
    fn raise(&mut self, at: usize) -> Option<usize> {
        assert_eq!(self.code.depths.at(at as u32) as usize, self.depth);
        let at = at as u32;
        let range = self.code.exceptions.iter().find(|range| (range.start..range.end).contains(&at))?;
        assert!(self.depth >= range.depth as usize);
        self.depth = range.depth as usize;
        self.push(self.exc);
        self.exc = Content::Object;
        Some(range.handler as usize)
    }

    fn push(&mut self, content: Content) {
        let register = self.near() + self.depth;
        self.registers[register] = content;
        self.depth += 1;
    }

    fn write(&mut self, instruction: &Instruction, source: Content, items: Option<&[Content]>) {
        use Instruction as I;
        let near = self.near();
        let result = match instruction {
            I::Mov(_) => source,
            I::SaveLocal(op) => self.registers[op.local.register as usize],
            I::PushNull(_) => Content::Nothing,
            I::BuildTuple(_) | I::ListToTuple(_) => Content::Tuple,
            I::BuildList(_) => Content::List,
            I::BuildSet(_) => Content::Set,
            I::BuildMap(_) => Content::Dict,
            I::LoadConst(op) => match self.code.constants[op.value.0 as usize] {
                Constant::Tuple(_) => Content::Tuple,
                _ => Content::Object,
            },
            _ => Content::Object,
        };
        match instruction {
            I::CheckLocal(op) => {
                // Had it been unbound, the instruction would have raised.
                let register = &mut self.registers[op.local.register as usize];
                if *register == Content::Nothing {
                    *register = Content::Object;
                }
            }
            I::DeleteLocal(op) => self.registers[op.local.register as usize] = Content::Nothing,
            I::ClearLocal(op) => self.registers[op.local.register as usize] = Content::Nothing,
            I::SaveLocal(op) => self.registers[op.local.register as usize] = Content::Nothing,
            I::RestoreLocal(op) => {
                let is_cell = source == Content::Cell && self.code.locals[op.local.register as usize].cell;
                let is_plain = !is_cell && source != Content::Nothing;
                self.registers[op.local.register as usize] = if is_plain { Content::Object } else { source };
            }
            I::MakeCell(op) => self.registers[op.local.register as usize] = Content::Cell,
            I::CopyFreeVars(op) => {
                let first = op.first.register as usize;
                self.registers[first..first + op.n.0 as usize].fill(Content::Cell);
            }
            I::Swap(op) => self.registers.swap(op.a.register as usize, op.b.register as usize),
            I::PopExcept(_) | I::EndAsyncFor(_) => self.exc = source,
            I::MakeFunction(op) if op.parts.0 & function_parts::CLOSURE != 0 => {
                assert_eq!(items.and_then(<[_]>::last), Some(&Content::Tuple));
            }
            _ => {}
        }
        let mut results = Vec::new();
        instruction.operands(|_, operand| {
            if operand.role == Role::Write {
                results.push(operand.bits as usize);
            }
        });
        let depth = near + self.depth;
        let made = results.iter().filter(|&&register| register >= near).count();
        for register in results {
            assert!(register < near || (depth..depth + made).contains(&register));
            let is_plain_local =
                register < near && !(result == Content::Cell && self.code.locals[register].cell);
            self.registers[register] = if is_plain_local { Content::Object } else { result };
        }
        self.depth += made;
        if let Some((base, n)) = instruction.gives() {
            assert!(n == 0 || base as usize == depth);
            (0..n).for_each(|_| self.push(Content::Object));
            let absent: &[usize] = match instruction {
                I::LoadMethod(_) | I::LoadSuperAttr(_) | I::PushExitArgs(_) => &[1],
                I::LoadManager(_) => &[1, 3],
                _ => &[],
            };
            for i in absent {
                self.registers[depth + i] = Content::Nothing;
            }
        }
    }
}
