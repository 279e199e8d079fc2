//! The text form of a code template, for people and for snapshots.
//!
//! ```text
//! code f(a, b)
//!   file t.py, line 1, temporaries 2, flags OPTIMIZED NEWLOCALS
//!
//!   line offset        depth
//!      2      0            0  load_global         t0, print
//!             3            0  add                 t1, a, b
//!             4            0  call                t0, [t0 t1], n=1
//!             5            0  drop_temp           t0^
//!             6            0  return_const        None
//! ```
//!
//! Offsets are word indices. The depth is the number of live temporaries once the instruction has consumed its operands.
//! Locals go by their names, temporaries are `t0`, `t1`, …; `^` is the ownership bit: a temporary that is moved, or a
//! destination whose old value is dropped. Ranges of temporaries that the instruction consumes or produces beside its
//! operands stand in brackets. Labels name jump targets and the ends of exception ranges. Everything derives from the
//! opcode table; words that are no instruction show as `.word`.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Write};
use std::rc::Rc;

use ahash::AHashSet;
use pyx_grammar::ast::WtfStr;

use super::code::{Code, Constant, LocalKind, flags};
use super::kind::Kinds;
use super::opcode::{AnyOperand, Instruction};
use super::operand::Role;
use super::positions;

/// The text form of a code object and, after it, of those among its constants.
pub fn disassemble(code: &Code) -> String {
    let mut text = String::new();
    let mut pending = vec![code];
    let mut seen = AHashSet::new();
    while let Some(code) = pending.pop() {
        if !seen.insert(std::ptr::from_ref(code)) {
            continue;
        }
        if !text.is_empty() {
            text.push('\n');
        }
        write!(text, "{}", Listing::new(code)).expect("a string takes any text");
        pending.extend(code.constants.iter().rev().filter_map(|constant| match constant {
            Constant::Code(inner) => Some(&***inner),
            _ => None,
        }));
    }
    text
}

/// An instruction, ready to be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The word at which it starts.
    pub at: u32,
    /// How many words it has, inline caches included.
    pub words: u32,
    /// The opcode's number; `None` for a word that is no instruction.
    pub opcode: Option<u8>,
    /// The operands as text.
    pub operands: String,
    /// Where it may jump.
    pub target: Option<u32>,
    /// The number of the label that it bears.
    pub label: Option<u32>,
    /// The index of the constant that it uses.
    pub constant: Option<u32>,
    /// The index of the name that it uses.
    pub name: Option<u32>,
}

/// The instructions of a code object; not of those among its constants.
pub fn lines(code: &Code) -> Vec<Line> {
    let listing = Listing::new(code);
    let mut lines = Vec::new();
    let mut at = 0;
    while at < code.words.len() {
        let line = listing.line(at);
        at += line.words as usize;
        lines.push(line);
    }
    lines
}

/// One code object, and what is needed to print it.
struct Listing<'c> {
    code: &'c Code,
    registers: Vec<String>,
    labels: BTreeMap<usize, usize>,
}

impl<'c> Listing<'c> {
    fn new(code: &'c Code) -> Self {
        Self { code, registers: register_names(code), labels: labels(code) }
    }

    fn header(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = self.code;
        let parameters = code.locals.iter().filter(|local| local.kind == LocalKind::Parameter);
        let parameters: Vec<_> = parameters.map(|local| text(&local.name)).collect();
        writeln!(f, "code {}({})", text(&code.qualname), parameters.join(", "))?;
        write!(f, "  file {}, line {}", text(&code.filename), code.first_line)?;
        write!(f, ", temporaries {}, flags", code.temporaries)?;
        flag_names(code.flags).try_for_each(|name| write!(f, " {name}"))?;
        writeln!(f)?;
        let counts = [
            ("positional-only", code.posonly_arg_count),
            ("positional", code.arg_count),
            ("keyword-only", code.kwonly_arg_count),
        ];
        if counts.iter().any(|&(_, count)| count > 0) {
            let counts = counts.map(|(name, count)| format!("{name} {count}"));
            writeln!(f, "  parameters: {}", counts.join(", "))?;
        }
        self.special_locals(f, "cells", |i| code.locals[i].is_cellvar())?;
        self.special_locals(f, "free", |i| code.locals[i].kind == LocalKind::Free)?;
        self.special_locals(f, "inlined", |i| code.locals[i].inlined)?;
        self.special_locals(f, "far", |i| i >= code.near_locals as usize)?;
        if let Some(Constant::Str(doc)) =
            code.constants.first().filter(|_| code.flags & flags::HAS_DOCSTRING != 0)
        {
            writeln!(f, "  doc {}", quoted(doc))?;
        }
        Ok(())
    }

    fn special_locals(
        &self,
        f: &mut fmt::Formatter<'_>,
        title: &str,
        is_one: impl Fn(usize) -> bool,
    ) -> fmt::Result {
        let names: Vec<_> =
            (0..self.code.locals.len()).filter(|&i| is_one(i)).map(|i| self.local_name(i)).collect();
        if names.is_empty() { Ok(()) } else { writeln!(f, "  {title}: {}", names.join(", ")) }
    }

    fn instructions(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = &self.code.words;
        let mut lines = positions::positions(&self.code.positions, self.code.first_line).peekable();
        let mut shown = None;
        let mut at = 0;
        while at < words.len() {
            while lines.next_if(|entry| entry.end as usize <= at).is_some() {}
            let line = lines.peek().and_then(|entry| entry.at).map(|at| at.lineno);
            let line_text = match line {
                _ if line == shown && at > 0 => String::new(),
                Some(line) => line.to_string(),
                None => "-".to_owned(),
            };
            shown = line;
            let label = self.labels.get(&at).map_or(String::new(), |label| format!("L{label}:"));
            let depth = self.code.depths.at(at as u32);
            write!(f, "  {line_text:>4} {at:>6}  {label:<6}{depth:>5}  ")?;
            let length = if let Some(instruction) = Instruction::decode(words, at) {
                self.instruction(f, instruction, at)?;
                instruction.opcode().words()
            } else {
                write!(f, ".word {:#018x}", words[at])?;
                1
            };
            writeln!(f)?;
            at += length;
        }
        Ok(())
    }

    fn line(&self, at: usize) -> Line {
        let label = self.labels.get(&at).map(|&label| label as u32);
        let none = Line {
            at: at as u32,
            words: 1,
            opcode: None,
            operands: format!("{:#018x}", self.code.words[at]),
            target: None,
            label,
            constant: None,
            name: None,
        };
        let Some(instruction) = Instruction::decode(&self.code.words, at) else { return none };
        let opcode = instruction.opcode();
        let (mut constant, mut name) = (None, None);
        instruction.operands(|_, operand| match operand.role {
            Role::Const => constant = Some(operand.bits),
            Role::Name => name = Some(operand.bits),
            _ => {}
        });
        let target = instruction.label().map(|label| (at + opcode.words()) as i64 + i64::from(label.0));
        Line {
            words: opcode.words() as u32,
            opcode: Some(opcode as u8),
            operands: self.operands(instruction, at).join(", "),
            target: target.and_then(|target| u32::try_from(target).ok()),
            constant,
            name,
            ..none
        }
    }

    fn instruction(&self, f: &mut fmt::Formatter<'_>, instruction: Instruction, at: usize) -> fmt::Result {
        let name = instruction.opcode().name();
        match &*self.operands(instruction, at) {
            [] => f.write_str(name),
            operands => write!(f, "{name:<19} {}", operands.join(", ")),
        }
    }

    fn operands(&self, instruction: Instruction, at: usize) -> Vec<String> {
        let opcode = instruction.opcode();
        let mut operands = Vec::new();
        instruction.operands(|name, operand| {
            let shown = match operand.role {
                Role::Cache => return,
                Role::Count if name == "pad" => return,
                Role::Write | Role::Read | Role::Keep => self.register(operand),
                Role::Base => self.range(instruction, operand),
                Role::Imm => (operand.bits as i16).to_string(),
                Role::Count => format!("{name}={}", operand.bits),
                Role::Kind => {
                    Kinds::of(opcode).name(operand.bits).unwrap_or_else(|| format!("{name}={}", operand.bits))
                }
                Role::Const => self.code.constants.get(operand.bits as usize).map_or_else(
                    || format!("constant {}?", operand.bits),
                    |constant| Short(constant).to_string(),
                ),
                Role::Name => self
                    .code
                    .names
                    .get(operand.bits as usize)
                    .map_or_else(|| format!("name {}?", operand.bits), |name| text(name)),
                Role::Label => self.label(at + opcode.words(), operand.bits as i32),
                Role::Far => self.local_name(self.code.near_locals as usize + operand.bits as usize),
                Role::Int => format!("{name}={}", operand.bits as i32),
                Role::Flag if operand.bits == 0 => return,
                Role::Flag => name.to_owned(),
            };
            operands.push(shown);
        });
        operands
    }

    fn register(&self, operand: AnyOperand) -> String {
        let mark = if operand.own { "^" } else { "" };
        format!("{}{mark}", self.register_name(operand.bits as usize))
    }

    fn range(&self, instruction: Instruction, operand: AnyOperand) -> String {
        let base = operand.bits as usize;
        match instruction.takes().or_else(|| instruction.gives()) {
            Some((first, 0)) if usize::from(first) == base => "[]".to_owned(),
            Some((first, count @ 1..=4)) if usize::from(first) == base => {
                let names: Vec<_> =
                    (base..base + count).map(|register| self.register_name(register)).collect();
                format!("[{}]", names.join(" "))
            }
            Some((first, count)) if usize::from(first) == base => {
                format!("[{} .. {}]", self.register_name(base), self.register_name(base + count - 1))
            }
            _ => self.register_name(base),
        }
    }

    fn register_name(&self, register: usize) -> String {
        match (self.registers.get(register), register.checked_sub(self.code.near_locals as usize)) {
            (Some(name), _) => name.clone(),
            (None, Some(temporary)) if temporary < self.code.temporaries as usize => format!("t{temporary}"),
            _ => format!("r{register}?"),
        }
    }

    fn local_name(&self, index: usize) -> String {
        match (self.registers.get(index), self.code.locals.get(index)) {
            (Some(name), _) => name.clone(),
            (None, Some(far)) => text(&far.name),
            (None, None) => format!("local {index}?"),
        }
    }

    fn label(&self, from: usize, distance: i32) -> String {
        let target = from as i64 + i64::from(distance);
        let label = usize::try_from(target).ok().and_then(|target| self.labels.get(&target));
        label.map_or_else(|| format!("-> {target}?"), |label| format!("-> L{label}"))
    }

    fn exceptions(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.code.exceptions.is_empty() {
            return Ok(());
        }
        writeln!(f, "  exceptions:")?;
        let label = |word: u32| {
            self.labels.get(&(word as usize)).map_or_else(|| word.to_string(), |at| format!("L{at}"))
        };
        self.code.exceptions.iter().try_for_each(|range| {
            let (start, end, handler) = (label(range.start), label(range.end), label(range.handler));
            writeln!(f, "    {start} to {end} -> {handler}, depth {}", range.depth)
        })
    }
}

impl Display for Listing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.header(f)?;
        writeln!(f)?;
        writeln!(f, "  line offset        depth")?;
        self.instructions(f)?;
        self.exceptions(f)
    }
}

/// The names of the near locals; where a name is taken, with the register's number.
fn register_names(code: &Code) -> Vec<String> {
    let near = &code.locals[..code.locals.len().min(code.near_locals as usize)];
    let mut taken = AHashSet::new();
    let name = |(register, local): (usize, &super::code::Local)| {
        let name = text(&local.name);
        if taken.insert(Rc::clone(&local.name)) { name } else { format!("{name}#{register}") }
    };
    near.iter().enumerate().map(name).collect()
}

/// Numbers for the jump targets and the bounds of exception ranges, in their order.
fn labels(code: &Code) -> BTreeMap<usize, usize> {
    let mut targets = BTreeMap::new();
    let mut at = 0;
    while at < code.words.len() {
        let Some(instruction) = Instruction::decode(&code.words, at) else {
            at += 1;
            continue;
        };
        at += instruction.opcode().words();
        if let Some(label) = instruction.label()
            && let Ok(target) = usize::try_from(at as i64 + i64::from(label.0))
        {
            targets.insert(target, 0);
        }
    }
    for range in &code.exceptions {
        targets.extend([range.start, range.end, range.handler].map(|word| (word as usize, 0)));
    }
    targets.values_mut().zip(1..).for_each(|(label, number)| *label = number);
    targets
}

fn flag_names(set: u32) -> impl Iterator<Item = &'static str> {
    let names = [
        (flags::OPTIMIZED, "OPTIMIZED"),
        (flags::NEWLOCALS, "NEWLOCALS"),
        (flags::VARARGS, "VARARGS"),
        (flags::VARKEYWORDS, "VARKEYWORDS"),
        (flags::NESTED, "NESTED"),
        (flags::GENERATOR, "GENERATOR"),
        (flags::COROUTINE, "COROUTINE"),
        (flags::ITERABLE_COROUTINE, "ITERABLE_COROUTINE"),
        (flags::ASYNC_GENERATOR, "ASYNC_GENERATOR"),
        (flags::FUTURE_BARRY_AS_BDFL, "FUTURE_BARRY_AS_BDFL"),
        (flags::FUTURE_GENERATOR_STOP, "FUTURE_GENERATOR_STOP"),
        (flags::FUTURE_ANNOTATIONS, "FUTURE_ANNOTATIONS"),
        (flags::HAS_DOCSTRING, "HAS_DOCSTRING"),
        (flags::METHOD, "METHOD"),
    ];
    let known = names.into_iter().filter(move |(flag, _)| set & flag != 0).map(|(_, name)| name);
    known.chain((set == 0).then_some("none"))
}

fn text(bytes: &[u8]) -> String {
    WtfStr::from_bytes(bytes).to_string()
}

/// A string, cut short.
fn quoted(bytes: &[u8]) -> String {
    const SHOWN: usize = 60;
    let text = text(bytes);
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{:?}…", &text[..end]),
        None => format!("{text:?}"),
    }
}

/// A constant in few words: containers are not entered more than a few levels.
struct Short<'c>(&'c Constant);

impl Display for Short<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_short(f, self.0, 3)
    }
}

fn write_short(f: &mut fmt::Formatter<'_>, constant: &Constant, levels: u32) -> fmt::Result {
    let items = |f: &mut fmt::Formatter<'_>, items: &[Constant]| {
        const SHOWN: usize = 8;
        if levels == 0 {
            return f.write_str("…");
        }
        for (i, item) in items.iter().take(SHOWN).enumerate() {
            f.write_str(if i == 0 { "" } else { ", " })?;
            write_short(f, item, levels - 1)?;
        }
        f.write_str(if items.len() > SHOWN { ", …" } else { "" })
    };
    match constant {
        Constant::None => f.write_str("None"),
        Constant::Ellipsis => f.write_str("..."),
        Constant::Bool(value) => f.write_str(if *value { "True" } else { "False" }),
        Constant::Int(value) => write!(f, "{value}"),
        Constant::BigInt { negative, magnitude } => {
            write!(f, "{}int of {} bytes", if *negative { "-" } else { "" }, magnitude.len())
        }
        Constant::Float(bits) => write!(f, "{:?}", f64::from_bits(*bits)),
        Constant::Complex(real, imaginary) => {
            write!(f, "complex({:?}, {:?})", f64::from_bits(*real), f64::from_bits(*imaginary))
        }
        Constant::Str(text) => f.write_str(&quoted(text)),
        Constant::Bytes(bytes) => write!(f, "b\"{}\"", bytes[..bytes.len().min(60)].escape_ascii()),
        Constant::Tuple(tuple) => {
            f.write_str("(")?;
            items(f, tuple)?;
            f.write_str(if tuple.len() == 1 { ",)" } else { ")" })
        }
        Constant::FrozenSet(set) => {
            f.write_str("frozenset({")?;
            items(f, set)?;
            f.write_str("})")
        }
        Constant::Slice(parts) => {
            f.write_str("slice(")?;
            items(f, &**parts)?;
            f.write_str(")")
        }
        Constant::Code(code) => write!(f, "<code {}>", text(&code.qualname)),
        Constant::Object(index) => write!(f, "<object {index}>"),
    }
}
