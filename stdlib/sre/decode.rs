//! Code becomes a program, or turns out to be invalid.
//!
//! One pass reads the words from the first to the last. What contains something else, a loop or a branch, waits in a stack
//! of [`Open`] constructs until the pass reaches its end; so the depth of a pattern is not limited. Every word is checked
//! on the way: what comes out is a program that can be run, whoever wrote the code.

use pyx_vm::text::wtf8::TextBuf;
use smallvec::{SmallVec, smallvec};

use super::charset::{CharSet, Fold, Item};
use super::code::{At, Category, MAXREPEAT, Op};
use super::first;
use super::program::{
    Branch, ENTRY, First, Look, Loop, Node, Place, Program, Repeat, Single, Start, Subjects,
};

/// The code is not what the compiler makes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Invalid;

type Valid<T> = Result<T, Invalid>;

/// Translates code for a kind of subjects.
pub(super) fn decode(code: &[u32], groups: usize, subjects: Subjects) -> Valid<Program> {
    let Some((&last, code)) = code.split_last() else { return Err(Invalid) };
    if last != Op::Success as u32 {
        return Err(Invalid);
    }
    let program = Program {
        nodes: vec![Node::Never],
        strings: Vec::new(),
        sets: Vec::new(),
        repeats: Vec::new(),
        loops: Vec::new(),
        branches: Vec::new(),
        looks: Vec::new(),
        start: Start::Anywhere,
        lead: 0,
        skips: false,
        skips_wide: false,
        marks: 0,
        min_width: 0,
        local: false,
    };
    let mut decoder =
        Decoder { code, at: 0, end: code.len(), groups, subjects, program, open: Vec::new(), fence: 0 };
    decoder.all()?;
    decoder.emit(Node::Success);
    let mut program = decoder.program;
    first::complete(&mut program, subjects);
    Ok(program)
}

/// A construct whose end has not been reached.
enum Open {
    /// A loop; by its number.
    Loop(u32),
    /// A loop that gives nothing back.
    Possessive(u32),
    /// A part that gives nothing back, which began at this node.
    Atomic(Place),
    Look(u32),
    /// An alternative of a branch.
    Alternative {
        branch: u32,
        jumps: Vec<Place>,
        target: Option<usize>,
    },
    /// What matches if a group did.
    Then {
        condition: Place,
    },
    /// What matches otherwise.
    Else {
        jump: Place,
    },
}

struct Decoder<'a> {
    code: &'a [u32],
    /// The next word.
    at: usize,
    /// Where the innermost open construct ends.
    end: usize,
    groups: usize,
    subjects: Subjects,
    program: Program,
    /// The open constructs, each with the end of what surrounds it.
    open: Vec<(Open, usize)>,
    /// Literals before this place stay apart from those behind it, because something may jump there.
    fence: usize,
}

impl Decoder<'_> {
    fn all(&mut self) -> Valid<()> {
        loop {
            if self.at < self.end {
                self.operator()?;
            } else if let Some((open, end)) = self.open.pop() {
                self.close(open, end)?;
            } else {
                return Ok(());
            }
        }
    }

    // ---- words ----

    fn word(&mut self) -> Valid<u32> {
        if self.at >= self.end {
            return Err(Invalid);
        }
        self.at += 1;
        Ok(self.code[self.at - 1])
    }

    fn op(&mut self) -> Valid<Op> {
        Op::of(self.word()?).ok_or(Invalid)
    }

    /// Reads a skip: where it leads to, and that this is not behind the surrounding construct.
    fn skip(&mut self) -> Valid<usize> {
        let start = self.at;
        let target = start.checked_add(self.word()? as usize).ok_or(Invalid)?;
        if target < self.at || target > self.end { Err(Invalid) } else { Ok(target) }
    }

    fn group(&mut self) -> Valid<u32> {
        let group = self.word()?;
        if (group as usize) < self.groups { Ok(group) } else { Err(Invalid) }
    }

    /// Reads the bounds of a repeat.
    fn bounds(&mut self) -> Valid<(usize, usize)> {
        let (min, max) = (self.word()?, self.word()?);
        if min > max {
            return Err(Invalid);
        }
        Ok((min as usize, if max == MAXREPEAT { usize::MAX } else { max as usize }))
    }

    // ---- nodes ----

    fn emit(&mut self, node: Node) -> Place {
        self.program.nodes.push(node);
        self.program.nodes.len() as Place - 1
    }

    /// The place of the next node, which something jumps to.
    fn here(&mut self) -> Place {
        self.fence = self.program.nodes.len();
        self.fence as Place
    }

    /// What follows up to a word is part of a construct.
    fn enter(&mut self, open: Open, end: usize) {
        self.fence = self.program.nodes.len();
        self.open.push((open, self.end));
        self.end = end;
    }

    fn operator(&mut self) -> Valid<()> {
        let op = self.op()?;
        match op {
            Op::Failure => drop(self.emit(Node::Never)),
            Op::Literal => {
                let code = self.word()?;
                self.literal(code);
            }
            Op::At => {
                let at = At::of(self.word()?).ok_or(Invalid)?;
                self.emit(Node::At(at));
            }
            Op::Mark => {
                let mark = self.word()?;
                if mark as usize >= 2 * self.groups {
                    return Err(Invalid);
                }
                self.program.marks = self.program.marks.max(mark as usize + 1);
                self.emit(Node::Mark(mark));
            }
            Op::GroupRef => self.group_ref(Fold::None)?,
            Op::GroupRefIgnore => self.group_ref(Fold::Ascii)?,
            Op::GroupRefLocIgnore => self.group_ref(Fold::Locale)?,
            Op::GroupRefUniIgnore => self.group_ref(Fold::Unicode)?,
            Op::GroupRefExists => self.condition()?,
            Op::Info => self.info()?,
            Op::Jump => self.jump()?,
            Op::Branch => {
                let branch = self.program.branches.len() as u32;
                self.program.branches.push(Branch::new(Vec::new()));
                self.emit(Node::Branch(branch));
                self.alternative(branch, Vec::new(), None)?;
            }
            Op::Repeat | Op::PossessiveRepeat => self.repeat(op)?,
            Op::RepeatOne | Op::MinRepeatOne | Op::PossessiveRepeatOne => self.repeat_one(op)?,
            Op::AtomicGroup => {
                let end = self.block()?;
                let enter = self.emit(Node::EnterAtomic);
                self.enter(Open::Atomic(enter), end);
            }
            Op::Assert | Op::AssertNot => self.look(op == Op::AssertNot)?,
            _ => {
                let node = match self.single(op)? {
                    Single::Set(set) => Node::Set(set),
                    single => Node::Single(single),
                };
                self.emit(node);
            }
        }
        Ok(())
    }

    /// Reads the skip over a block that ends with SUCCESS: where that is.
    fn block(&mut self) -> Valid<usize> {
        let end = self.skip()?;
        if end <= self.at || self.code[end - 1] != Op::Success as u32 { Err(Invalid) } else { Ok(end - 1) }
    }

    fn group_ref(&mut self, fold: Fold) -> Valid<()> {
        let group = self.group()?;
        self.program.local |= fold == Fold::Locale;
        self.emit(Node::GroupRef { group, fold });
        Ok(())
    }

    fn condition(&mut self) -> Valid<()> {
        let start = self.at;
        let group = self.group()?;
        let skip = self.word()? as usize;
        let end = start.checked_add(skip).filter(|&end| self.at <= end && end <= self.end).ok_or(Invalid)?;
        let condition = self.emit(Node::IfGroup { group, otherwise: 0 });
        self.enter(Open::Then { condition }, end);
        Ok(())
    }

    /// A jump stands at the end of an alternative, which takes care of it itself, and before the other part of a condition.
    fn jump(&mut self) -> Valid<()> {
        let Some(&(Open::Then { condition }, end)) = self.open.last() else { return Err(Invalid) };
        if self.at + 1 != self.end {
            return Err(Invalid);
        }
        self.open.pop();
        self.end = end;
        let end = self.skip()?;
        let jump = self.emit(Node::Jump(0));
        self.otherwise(condition);
        self.enter(Open::Else { jump }, end);
        Ok(())
    }

    /// What comes next matches if the group of a condition did not.
    fn otherwise(&mut self, condition: Place) {
        let here = self.here();
        if let Node::IfGroup { otherwise, .. } = &mut self.program.nodes[condition as usize] {
            *otherwise = here;
        }
    }

    /// An alternative, if there is a further one.
    fn alternative(&mut self, branch: u32, mut jumps: Vec<Place>, target: Option<usize>) -> Valid<()> {
        let start = self.at;
        if self.word()? == 0 {
            if target != Some(self.at) {
                return Err(Invalid);
            }
            // The last alternative needs no jump to get here.
            if jumps.pop_if(|&mut jump| jump as usize == self.program.nodes.len() - 1).is_some() {
                self.program.nodes.pop();
            }
            let here = self.here();
            for jump in jumps {
                self.program.nodes[jump as usize] = Node::Jump(here);
            }
            return Ok(());
        }
        self.at = start;
        let next = self.skip()?;
        let end = next.checked_sub(2).filter(|&end| end >= self.at).ok_or(Invalid)?;
        let here = self.here();
        self.program.branches[branch as usize].targets.push(here);
        self.enter(Open::Alternative { branch, jumps, target }, end);
        Ok(())
    }

    fn repeat(&mut self, op: Op) -> Valid<()> {
        let end = self.skip()?;
        let (min, max) = self.bounds()?;
        // The operator at the end is part of the loop.
        if end < self.at || end >= self.end {
            return Err(Invalid);
        }
        let number = self.program.loops.len() as u32;
        let possessive = op == Op::PossessiveRepeat;
        let enter = self.emit(if possessive { Node::EnterPossessive(number) } else { Node::Enter(number) });
        let (first, follow) = (First::Anything, First::Anything);
        self.program.loops.push(Loop { min, max, body: enter + 1, until: 0, first, follow });
        self.enter(if possessive { Open::Possessive(number) } else { Open::Loop(number) }, end);
        Ok(())
    }

    fn repeat_one(&mut self, op: Op) -> Valid<()> {
        let end = self.skip()?;
        let (min, max) = self.bounds()?;
        let single = match self.op()? {
            Op::Failure => Single::Never,
            op => self.single(op)?,
        };
        if self.op()? != Op::Success || self.at != end {
            return Err(Invalid);
        }
        let repeat =
            Repeat { single, min, max, follow: First::Anything, exclusive: false, exclusive_wide: false };
        let number = self.program.repeats.len() as u32;
        self.program.repeats.push(repeat);
        self.emit(match op {
            Op::RepeatOne => Node::Greedy(number),
            Op::MinRepeatOne => Node::Lazy(number),
            _ => Node::Possessive(number),
        });
        Ok(())
    }

    fn look(&mut self, negative: bool) -> Valid<()> {
        let end = self.block()?;
        let back = self.word()? as usize;
        if self.at > end || back & (1 << 31) != 0 {
            return Err(Invalid);
        }
        let number = self.program.looks.len() as u32;
        self.program.looks.push(Look { negative, back, end: 0 });
        self.emit(Node::Look(number));
        self.enter(Open::Look(number), end);
        Ok(())
    }

    /// What surrounds a construct goes on.
    fn close(&mut self, open: Open, end: usize) -> Valid<()> {
        self.end = end;
        match open {
            Open::Loop(number) => {
                let until = match self.op()? {
                    Op::MaxUntil => Node::MaxUntil(number),
                    Op::MinUntil => Node::MinUntil(number),
                    _ => return Err(Invalid),
                };
                self.program.loops[number as usize].until = self.emit(until);
            }
            Open::Possessive(number) => {
                self.success()?;
                self.program.loops[number as usize].until = self.emit(Node::PossessiveUntil(number));
            }
            Open::Atomic(enter) => {
                self.success()?;
                self.emit(Node::LeaveAtomic(enter));
            }
            Open::Look(number) => {
                self.success()?;
                self.program.looks[number as usize].end = self.emit(Node::LeaveLook(number));
            }
            Open::Alternative { branch, mut jumps, target } => {
                if self.op()? != Op::Jump {
                    return Err(Invalid);
                }
                let jump = self.skip()?;
                if target.is_some_and(|target| target != jump) {
                    return Err(Invalid);
                }
                jumps.push(self.emit(Node::Jump(0)));
                self.alternative(branch, jumps, Some(jump))?;
            }
            Open::Then { condition } => self.otherwise(condition),
            Open::Else { jump } => {
                let here = self.here();
                self.program.nodes[jump as usize] = Node::Jump(here);
            }
        }
        self.fence = self.program.nodes.len();
        Ok(())
    }

    fn success(&mut self) -> Valid<()> {
        if self.op()? == Op::Success { Ok(()) } else { Err(Invalid) }
    }

    // ---- characters ----

    /// A character that has to be there; several in a row are one node.
    fn literal(&mut self, code: u32) {
        let Some(bytes) = self.encoded(code) else {
            self.emit(Node::Never);
            return;
        };
        let strings = &mut self.program.strings;
        let last = self.program.nodes.len() - 1;
        let node = self.program.nodes[last];
        let start = match node {
            _ if last < self.fence.max(ENTRY as usize) => None,
            Node::Bytes { start, .. } => Some(start),
            Node::Byte(byte) => {
                strings.push(byte);
                Some(strings.len() as u32 - 1)
            }
            _ => None,
        };
        if let (None, [byte]) = (start, &*bytes) {
            self.emit(Node::Byte(*byte));
            return;
        }
        let begin = strings.len() as u32;
        strings.extend_from_slice(&bytes);
        let end = strings.len() as u32;
        match start {
            Some(start) => self.program.nodes[last] = Node::Bytes { start, end },
            None => drop(self.emit(Node::Bytes { start: begin, end })),
        }
    }

    /// The bytes of a character in a subject, unless no subject has it.
    fn encoded(&self, code: u32) -> Option<SmallVec<[u8; 4]>> {
        if self.subjects == Subjects::Bytes {
            return Some(smallvec![u8::try_from(code).ok()?]);
        }
        let mut text = TextBuf::new();
        text.push((code <= 0x10ffff).then_some(code)?);
        Some(SmallVec::from_slice(text.as_text().as_bytes()))
    }

    /// The kind of a single character that is given.
    fn one_literal(&mut self, code: u32) -> Single {
        match self.encoded(code).as_deref() {
            None => Single::Never,
            Some(&[byte]) => Single::Byte(byte),
            Some(_) => self.set(vec![Item::Literal(code)], Fold::None, false),
        }
    }

    fn set(&mut self, items: Vec<Item>, fold: Fold, complement: bool) -> Single {
        self.program.local |= fold == Fold::Locale
            || items.iter().any(|item| matches!(item, Item::Category(category) if category.is_local()));
        self.program.sets.push(CharSet::new(items, fold, complement));
        Single::Set(self.program.sets.len() as u32 - 1)
    }

    /// Reads the arguments of an operator that matches a single character.
    fn single(&mut self, op: Op) -> Valid<Single> {
        Ok(match op {
            Op::Any => Single::NotNewline,
            Op::AnyAll => Single::All,
            Op::Literal => {
                let code = self.word()?;
                self.one_literal(code)
            }
            Op::NotLiteral => {
                let code = self.word()?;
                match self.one_literal(code) {
                    Single::Byte(byte) => Single::NotByte(byte),
                    _ => self.set(vec![Item::Literal(code)], Fold::None, true),
                }
            }
            Op::LiteralIgnore => self.folded(Fold::Ascii, false)?,
            Op::NotLiteralIgnore => self.folded(Fold::Ascii, true)?,
            Op::LiteralLocIgnore => self.folded(Fold::Locale, false)?,
            Op::NotLiteralLocIgnore => self.folded(Fold::Locale, true)?,
            Op::LiteralUniIgnore => self.folded(Fold::Unicode, false)?,
            Op::NotLiteralUniIgnore => self.folded(Fold::Unicode, true)?,
            Op::In => self.charset(Fold::None)?,
            Op::InIgnore => self.charset(Fold::Ascii)?,
            Op::InLocIgnore => self.charset(Fold::Locale)?,
            Op::InUniIgnore => self.charset(Fold::Unicode)?,
            _ => return Err(Invalid),
        })
    }

    fn folded(&mut self, fold: Fold, complement: bool) -> Valid<Single> {
        let code = self.word()?;
        Ok(self.set(vec![Item::Literal(code)], fold, complement))
    }

    /// Reads a set, which is as long as the skip before it says.
    fn charset(&mut self, fold: Fold) -> Valid<Single> {
        let end = self.skip()?;
        let outer = std::mem::replace(&mut self.end, end);
        let items = self.items()?;
        self.end = outer;
        if self.at == end { Ok(self.set(items, fold, false)) } else { Err(Invalid) }
    }

    fn items(&mut self) -> Valid<Vec<Item>> {
        let mut items = Vec::new();
        loop {
            items.push(match self.op()? {
                Op::Failure => return Ok(items),
                Op::Negate => Item::Negate,
                Op::Literal => Item::Literal(self.word()?),
                Op::Range => Item::Range(self.word()?, self.word()?),
                Op::RangeUniIgnore => Item::RangeIgnore(self.word()?, self.word()?),
                Op::Category => Item::Category(Category::of(self.word()?).ok_or(Invalid)?),
                Op::Charset => Item::Bitmap(self.bitmap()?),
                Op::BigCharset => self.big_bitmap()?,
                _ => return Err(Invalid),
            });
        }
    }

    fn bitmap(&mut self) -> Valid<[u32; 8]> {
        let mut bits = [0; 8];
        for word in &mut bits {
            *word = self.word()?;
        }
        Ok(bits)
    }

    fn big_bitmap(&mut self) -> Valid<Item> {
        let count = self.word()? as usize;
        let mut numbers = [0; 256];
        for four in numbers.as_chunks_mut::<4>().0 {
            *four = self.word()?.to_ne_bytes();
        }
        if numbers.iter().any(|&number| usize::from(number) >= count) {
            return Err(Invalid);
        }
        let bitmaps: Valid<Vec<_>> = (0..count).map(|_| self.bitmap()).collect();
        Ok(Item::BigBitmap(Box::new((numbers, bitmaps?.into_boxed_slice()))))
    }

    /// Reads what the compiler says about the whole pattern. Only the least length of a match is of use, because the rest
    /// can be seen from the program.
    fn info(&mut self) -> Valid<()> {
        let end = self.skip()?;
        let (flags, min, _max) = (self.word()?, self.word()?, self.word()?);
        if flags > 7 || self.at > end {
            return Err(Invalid);
        }
        if self.program.nodes.len() == ENTRY as usize {
            self.program.min_width = min as usize;
        }
        self.at = end;
        Ok(())
    }
}
