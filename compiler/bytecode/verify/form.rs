//! The form of the code: what can be said of each instruction by itself.

use super::Fault;
use crate::bytecode::code::{Code, Constant, LocalKind, Text, flags};
use crate::bytecode::kind::Kinds;
use crate::bytecode::opcode::{AnyOperand, Instruction, IntrinsicKind, Opcode};
use crate::bytecode::operand::{In, Register, Role};

/// Where instructions start, and which of them can be reached from elsewhere than from the one before.
pub(super) struct Form {
    /// A place for each word and for the end.
    places: Vec<Place>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    /// In the middle of an instruction.
    Inside,
    /// An instruction, or the end of the code.
    Start,
    /// An instruction that is a jump target or a handler.
    Label,
}

impl Form {
    /// Whether a jump or an exception may lead here.
    pub(super) fn is_label(&self, word: u32) -> bool {
        self.places[word as usize] == Place::Label
    }

    fn is_start(&self, word: u32) -> bool {
        self.places.get(word as usize).is_some_and(|&place| place >= Place::Start)
    }
}

/// Checks everything but the flow of values.
pub(super) fn check(code: &Code) -> Result<Form, Fault> {
    check_layout(code).map_err(|message| (None, message))?;
    let mut form = Form { places: vec![Place::Inside; code.words.len() + 1] };
    let mut targets = Vec::new();
    let mut scratch = Vec::new();
    let mut at = 0;
    while at < code.words.len() {
        let fault = |message| (Some(at as u32), message);
        let instruction = decode(code, at, &mut scratch).map_err(fault)?;
        let words = instruction.opcode().words();
        form.places[at] = Place::Start;
        Checker { code, instruction, next: at + words }.check(&mut targets).map_err(fault)?;
        at += words;
    }
    form.places[at] = Place::Start;
    check_ranges(code, &form)?;
    targets.extend(code.exceptions.iter().map(|range| (range.start, range.handler)));
    for (from, target) in targets {
        if target as usize >= code.words.len() || !form.is_start(target) {
            return Err((Some(from), "goes where no instruction starts".into()));
        }
        form.places[target as usize] = Place::Label;
    }
    Ok(form)
}

/// The instruction, if it is what encoding it would give.
fn decode(code: &Code, at: usize, scratch: &mut Vec<u64>) -> Result<Instruction, String> {
    let instruction = Instruction::decode(&code.words, at).ok_or("no instruction")?;
    scratch.clear();
    instruction.encode(scratch);
    if code.words[at..at + scratch.len()] == **scratch { Ok(instruction) } else { Err("stray bits".into()) }
}

// ---- the frame's layout ----

fn check_layout(code: &Code) -> Result<(), String> {
    let near = code.near_locals as usize;
    ensure(near <= code.locals.len(), || "more near locals than locals".into())?;
    ensure(i32::try_from(code.words.len()).is_ok(), || "too long".into())?;
    let registers = near.saturating_add(code.temporaries as usize);
    ensure(registers <= 1 << Register::BITS, || format!("{registers} registers"))?;
    check_parameters(code)?;
    let texts = [&code.name, &code.qualname, &code.filename].into_iter().chain(&code.names);
    for text in texts.chain(code.locals.iter().map(|local| &local.name)) {
        check_text(text)?;
    }
    let suspending = code.flags & (flags::GENERATOR | flags::COROUTINE | flags::ASYNC_GENERATOR);
    ensure(suspending.count_ones() <= 1, || "more than one of generator, coroutine, async generator".into())?;
    let sorted = code.depths.0.windows(2).all(|pair| pair[0].0 < pair[1].0);
    ensure(sorted, || "the depth table is not sorted".into())
}

/// Parameters come first, free variables last.
fn check_parameters(code: &Code) -> Result<(), String> {
    let collecting =
        [flags::VARARGS, flags::VARKEYWORDS].iter().filter(|&&flag| code.flags & flag != 0).count();
    let parameters = u64::from(code.arg_count) + u64::from(code.kwonly_arg_count) + collecting as u64;
    let is_parameter = |kind| kind == LocalKind::Parameter;
    let counted = code.locals.iter().filter(|local| is_parameter(local.kind)).count() as u64;
    let leading = code.locals.iter().take_while(|local| is_parameter(local.kind)).count() as u64;
    ensure(parameters == counted && counted == leading, || {
        format!("{counted} locals are parameters, {leading} of them in front, of {parameters}")
    })?;
    ensure(code.posonly_arg_count <= code.arg_count, || {
        "more positional-only parameters than parameters".into()
    })?;
    let free = code.locals.iter().filter(|local| local.kind == LocalKind::Free).count();
    let trailing = code.locals.iter().rev().take_while(|local| local.kind == LocalKind::Free).count();
    ensure(free == trailing, || "free variables are not the last locals".into())
}

/// Checks that a text is generalised UTF-8.
pub(super) fn check_text(text: &Text) -> Result<(), String> {
    let mut rest = &**text;
    while let Err(error) = std::str::from_utf8(rest) {
        match &rest[error.valid_up_to()..] {
            [0xed, 0xa0..=0xbf, 0x80..=0xbf, behind @ ..] => rest = behind,
            _ => return Err("a string is not generalised UTF-8".into()),
        }
    }
    Ok(())
}

fn check_ranges(code: &Code, form: &Form) -> Result<(), Fault> {
    let mut end = 0;
    for range in &code.exceptions {
        let on_instructions = [range.start, range.end].into_iter().all(|word| form.is_start(word));
        let fault = if range.start < end || range.end <= range.start {
            "exception ranges overlap or are not sorted"
        } else if !on_instructions {
            "an exception range does not lie on instructions"
        } else if range.depth >= code.temporaries {
            "a handler has no temporary for the saved exception"
        } else {
            end = range.end;
            continue;
        };
        return Err((Some(range.start), fault.into()));
    }
    Ok(())
}

// ---- one instruction ----

struct Checker<'c> {
    code: &'c Code,
    instruction: Instruction,
    /// The word behind it.
    next: usize,
}

impl Checker<'_> {
    fn check(&self, targets: &mut Vec<(u32, u32)>) -> Result<(), String> {
        let mut result = Ok(());
        self.instruction.operands(|name, operand| {
            if result.is_ok() {
                result = self.operand(name, operand).map_err(|fault| format!("{name}: {fault}"));
            }
        });
        result?;
        targets.extend(self.target()?);
        self.range(self.instruction.takes())?;
        self.range(self.instruction.gives())?;
        self.suspension()?;
        self.particulars()
    }

    fn operand(&self, name: &str, operand: AnyOperand) -> Result<(), String> {
        let code = self.code;
        let bits = operand.bits;
        let is_local = bits < code.near_locals;
        let index =
            |length: usize, of: &str| ensure((bits as usize) < length, || format!("{bits} of {length} {of}"));
        match operand.role {
            // The instruction's ranges are checked as a whole; an empty one may lie behind the last temporary.
            Role::Base => ensure(!is_local, || "a range of locals".into()),
            Role::Write | Role::Read | Role::Keep => {
                index((code.near_locals + code.temporaries) as usize, "registers")?;
                let fault = match operand.role {
                    Role::Write if is_local != operand.own => {
                        "the ownership bit tells locals from temporaries"
                    }
                    Role::Read if is_local && operand.own => "a local is moved",
                    _ => return Ok(()),
                };
                Err(fault.into())
            }
            Role::Const => index(code.constants.len(), "constants"),
            Role::Name => index(code.names.len(), "names"),
            Role::Far => index(code.locals.len() - code.near_locals as usize, "far locals"),
            Role::Kind => {
                let kinds = Kinds::of(self.instruction.opcode());
                ensure(kinds.allows(bits), || format!("no variant {bits}"))
            }
            Role::Cache => ensure(bits == 0, || "an inline cache is not empty".into()),
            Role::Count if name == "pad" => ensure(bits == 0, || "stray bits".into()),
            Role::Count | Role::Imm | Role::Int | Role::Label | Role::Flag => Ok(()),
        }
    }

    /// The jump's source and target; the latter may be no instruction yet.
    fn target(&self) -> Result<Option<(u32, u32)>, String> {
        let Some(label) = self.instruction.label() else { return Ok(None) };
        let at = self.next - self.instruction.opcode().words();
        let target = self.next as i64 + i64::from(label.0);
        let is_backward = target <= at as i64;
        ensure(is_backward == (self.instruction.opcode() == Opcode::JumpBack), || {
            format!("{} in the wrong direction", self.instruction.opcode().name())
        })?;
        let target = u32::try_from(target).map_err(|_| "goes out of the code")?;
        Ok(Some((at as u32, target)))
    }

    /// A range of temporaries.
    fn range(&self, range: Option<(Register, usize)>) -> Result<(), String> {
        let Some((first, count)) = range else { return Ok(()) };
        let end = usize::from(first).saturating_add(count);
        ensure(end <= (self.code.near_locals + self.code.temporaries) as usize, || {
            format!("{count} temporaries from register {first}")
        })
    }

    /// Only generators and coroutines suspend, and each in its way.
    fn suspension(&self) -> Result<(), String> {
        let opcode = self.instruction.opcode();
        let able = match opcode {
            Opcode::YieldItem => flags::ASYNC_GENERATOR,
            Opcode::AwaitCall | Opcode::AwaitCallMethod => flags::COROUTINE | flags::ASYNC_GENERATOR,
            _ if opcode.effects().suspends => flags::GENERATOR | flags::COROUTINE | flags::ASYNC_GENERATOR,
            _ => return Ok(()),
        };
        ensure(self.code.flags & able != 0, || "suspends a frame that cannot be resumed".into())
    }

    /// What single instructions want beside.
    fn particulars(&self) -> Result<(), String> {
        use Instruction as I;
        let code = self.code;
        match self.instruction {
            I::Instrumented(_) => Err("only monitoring puts this into running code".into()),
            I::LoadSuperAttr(op) => {
                ensure((1..=2).contains(&op.n.0), || format!("an attribute in {} registers", op.n.0))
            }
            I::BuildSlice(op) => ensure((2..=3).contains(&op.n.0), || format!("a slice of {} parts", op.n.0)),
            I::CallKw(op) => self.keyword_names(op.names.0, op.n.0),
            I::CallMethodKw(op) => self.keyword_names(op.names.0, op.n.0),
            I::MakeFunction(op) => match code.constants[op.code.0 as usize] {
                Constant::Code(_) => Ok(()),
                _ => Err("no code object".into()),
            },
            I::Intrinsic(op) => {
                let arity = IntrinsicKind::from_bits(op.which.0).map(IntrinsicKind::arity);
                ensure(arity == Some(op.n.0 as u32), || "wrong number of operands".into())
            }
            I::UnpackStar(op) => ensure(op.before.0 >= 0 && op.after.0 >= 0, || "negative counts".into()),
            I::AwaitCall(op) => self.awaited(op.dst.register, op.dst.own),
            I::AwaitCallMethod(op) => self.awaited(op.dst.register, op.dst.own),
            I::GetAnext(op) => self.awaited(op.dst.register, op.dst.own),
            // These take the temporary whatever the ownership bit says.
            I::DropTemp(op) => self.moved(op.src),
            I::PopExcept(op) => self.moved(op.saved),
            I::Reraise(op) => self.moved(op.saved),
            I::EndAsyncFor(op) => self.moved(op.saved),
            I::Await(op) => self.moved(op.iter),
            I::Swap(op) => ensure(op.a.register != op.b.register, || "swaps a register with itself".into()),
            I::CopyFreeVars(op) => {
                let free = code.locals.iter().filter(|local| local.kind == LocalKind::Free).count();
                let end = usize::from(op.first.register) + usize::from(op.n.0);
                let is_all = usize::from(op.n.0) == free && end == code.locals.len();
                ensure(is_all && end <= code.near_locals as usize, || "not all free variables".into())
            }
            I::MakeCell(op) => {
                let local = self.local(op.local.register)?;
                ensure(local.cell && local.kind != LocalKind::Free, || "not a cell variable".into())
            }
            I::LoadCell(op) => self.cell(op.cell.register),
            I::StoreCell(op) => self.cell(op.cell.register),
            I::DeleteCell(op) => self.cell(op.cell.register),
            I::LoadMapOrCell(op) => self.cell(op.cell.register),
            I::CheckLocal(op) => self.local(op.local.register).map(drop),
            I::DeleteLocal(op) => self.local(op.local.register).map(drop),
            I::ClearLocal(op) => self.local(op.local.register).map(drop),
            I::SaveLocal(op) => {
                self.local(op.local.register)?;
                ensure(!op.dst.own, || "a local is saved in a local".into())
            }
            I::RestoreLocal(op) => {
                self.local(op.local.register)?;
                self.moved(op.saved)
            }
            I::PushNull(op) => ensure(!op.dst.own, || "NULL in a local".into()),
            _ => Ok(()),
        }
    }

    fn moved(&self, operand: In) -> Result<(), String> {
        ensure(operand.own, || "what is consumed is not moved".into())
    }

    fn local(&self, register: Register) -> Result<&crate::bytecode::code::Local, String> {
        let near = &self.code.locals[..self.code.near_locals as usize];
        near.get(usize::from(register)).ok_or_else(|| "not a local".into())
    }

    fn cell(&self, register: Register) -> Result<(), String> {
        let local = self.local(register)?;
        ensure(local.cell || local.kind == LocalKind::Free, || "not a cell variable".into())
    }

    /// A constant tuple of names, no more than there are arguments.
    fn keyword_names(&self, index: u32, arguments: u16) -> Result<(), String> {
        let Constant::Tuple(names) = &self.code.constants[index as usize] else {
            return Err("keyword names are no tuple".into());
        };
        let are_names = names.iter().all(|name| matches!(name, Constant::Str(_)));
        ensure(are_names && names.len() <= usize::from(arguments), || "bad keyword names".into())
    }

    /// What runs an awaitable itself must be followed by the `await_` that it then skips.
    fn awaited(&self, register: Register, is_local: bool) -> Result<(), String> {
        let follows = match Instruction::decode(&self.code.words, self.next) {
            Some(Instruction::Await(op)) => op.iter.own && op.iter.register == register && !is_local,
            _ => false,
        };
        ensure(follows, || "no await_ of the result follows".into())
    }
}

fn ensure(holds: bool, fault: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(fault()) }
}
