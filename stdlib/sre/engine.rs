//! The matcher: it follows a program through a text, and backtracks.
//!
//! Wherever the program could go on in more than one way, an [`Entry`] on the stack says what else there is to try. When
//! a node fails, the entry on top is tried; when none is left, the attempt has failed. Marks and the counts of loops are
//! changed in place; below what was tried later lies an entry that puts the old value back. A part that gives nothing back
//! once it has matched starts with a [`Entry::Barrier`]; when it matches, what it left above the barrier is thrown away,
//! except for old values.
//!
//! The stack is a vector, so neither the pattern nor the text can make the matcher recurse. Every [`PATIENCE`] entries it
//! pauses, with all its state in place, so that its caller may look after signals.
//!
//! A match, though not a search, may be asked for behind the end of the text, where only what takes no characters matches.

use memchr::{memchr, memchr2, memchr3, memrchr};

use super::charset::Fold;
use super::code::{At, Category};
use super::program::{ENTRY, FAILURE, First, Node, Place, Program, Repeat, Single, Start};
use super::unit::Unit;

/// How many entries are tried between pauses.
const PATIENCE: i64 = 1 << 15;
/// What a mark has that was not set.
pub(super) const UNSET: usize = usize::MAX;

/// Something to do when matching fails.
#[derive(Clone, Copy, Debug)]
enum Entry {
    /// Go on elsewhere.
    Way { place: Place, at: usize },
    /// Try the next of the alternatives that are left.
    Alternatives { branch: u32, left: u64, at: usize },
    /// Take one repeated character less: the run ends from `low` to `high`, where it ended last.
    Shorter { place: Place, low: usize, high: usize },
    /// Take one repeated character more: the run ends `at`, and may have so many more.
    Longer { place: Place, at: usize, left: usize },
    /// Another round of a loop.
    Round { number: u32, at: usize },
    /// A part that gives nothing back began, and did not match: go on elsewhere. `outer` is the barrier around this one.
    Barrier { place: Place, at: usize, outer: usize },
    /// Put back a mark, and what goes with it.
    Mark { mark: u32, old: usize, valid: u32, last_group: u32 },
    /// Put back the state of a loop.
    Loop { number: u32, count: usize, last: usize },
}

/// How far a loop is.
#[derive(Clone, Copy, Debug, Default)]
struct Rounds {
    count: usize,
    /// Where the latest round that was not needed began.
    last: usize,
}

/// No barrier, or no round.
const NOWHERE: usize = usize::MAX;

/// What came of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It matches up to this position.
    Match(usize),
    /// It does not match.
    Failure,
    /// It is not known yet; ask again.
    Pause,
    /// There is no memory for the stack.
    OutOfMemory,
}

/// What a match must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// It starts where the search does.
    Match,
    /// And ends where the text does.
    FullMatch,
    /// It starts anywhere.
    Search,
}

/// The state of a matcher; it can be used again and again.
#[derive(Debug, Default)]
pub(super) struct Engine {
    stack: Vec<Entry>,
    /// Only the first `valid` ones count.
    marks: Vec<usize>,
    valid: u32,
    /// The group that was closed last; 0 is none.
    pub(super) last_group: u32,
    loops: Vec<Rounds>,
    /// The index of the innermost barrier in the stack.
    barrier: usize,
    patience: i64,
    /// Where to go on after a pause.
    paused: Option<(Place, usize)>,
    full: bool,
    /// Whether an empty match at `start` does not count.
    pub(super) must_advance: bool,
    /// Where the attempt starts.
    pub(super) start: usize,
    /// Where the run of characters ended with which the attempt started.
    skip: usize,
}

impl Engine {
    /// A matcher for a program, which starts at a position.
    pub(super) fn prepare(&mut self, program: &Program, start: usize) {
        self.marks.resize(program.marks, UNSET);
        self.loops.resize(program.loops.len(), Rounds::default());
        self.patience = PATIENCE;
        self.must_advance = false;
        self.start = start;
        (self.skip, self.paused) = (0, None);
    }

    /// Where a group of the match starts and ends, if it took part.
    pub(super) fn group(&self, group: usize) -> Option<(usize, usize)> {
        let mark = 2 * group;
        if mark + 1 >= self.valid as usize {
            return None;
        }
        let (start, end) = (self.marks[mark], self.marks[mark + 1]);
        (start != UNSET && end != UNSET).then_some((start, end))
    }

    /// How many groups have marks.
    pub(super) fn marked_groups(&self) -> usize {
        self.marks.len() / 2
    }

    /// Gives the stack's memory back if it is much.
    pub(super) fn shrink(&mut self) {
        const KEPT: usize = 4096;
        self.stack.clear();
        self.stack.shrink_to(KEPT);
    }

    /// Looks for a match from `start` on.
    pub(super) fn find<U: Unit>(&mut self, program: &Program, text: &[u8], mode: Mode) -> Outcome {
        self.full = mode == Mode::FullMatch;
        let may_skip = if U::NARROW { program.skips } else { program.skips_wide };
        let mut paused = self.paused.take();
        if paused.is_none() {
            self.stack.clear();
            self.barrier = NOWHERE;
        }
        loop {
            let (place, at) = match paused.take() {
                Some(paused) => paused,
                None => {
                    if mode == Mode::Search {
                        let Some(at) = candidate::<U>(program, text, self.start) else {
                            return Outcome::Failure;
                        };
                        self.must_advance &= at == self.start;
                        self.start = at;
                    }
                    (self.valid, self.last_group) = (0, 0);
                    (ENTRY, self.start)
                }
            };
            let outcome = self.attempt::<U>(program, text, place, at);
            if outcome != Outcome::Failure || mode != Mode::Search || self.start >= text.len() {
                return outcome;
            }
            self.must_advance = false;
            let next = U::next(text, self.start);
            self.start = if may_skip { next.max(self.skip) } else { next };
        }
    }

    /// Follows the program from a node on.
    fn attempt<U: Unit>(&mut self, program: &Program, text: &[u8], place: Place, mut at: usize) -> Outcome {
        let nodes = &*program.nodes;
        let mut place = place as usize;
        'node: loop {
            // What can be done ends with `continue 'node`, and what fails with `break 'way`.
            'way: {
                match nodes[place] {
                    Node::Never => break 'way,
                    Node::Success => {
                        if (self.full && at != text.len()) || (self.must_advance && at == self.start) {
                            break 'way;
                        }
                        return Outcome::Match(at);
                    }
                    Node::Byte(byte) => {
                        if text.get(at) != Some(&byte) {
                            break 'way;
                        }
                        at += 1;
                    }
                    Node::Bytes { start, end } => {
                        let bytes = &program.strings[start as usize..end as usize];
                        if !text.get(at..).is_some_and(|rest| rest.starts_with(bytes)) {
                            break 'way;
                        }
                        at += bytes.len();
                    }
                    Node::Set(set) => match program.step::<U>(Single::Set(set), text, at) {
                        Some(next) => at = next,
                        None => break 'way,
                    },
                    Node::Single(single) => match program.step::<U>(single, text, at) {
                        Some(next) => at = next,
                        None => break 'way,
                    },
                    Node::At(condition) => {
                        if !holds::<U>(condition, text, at) {
                            break 'way;
                        }
                    }
                    Node::Mark(mark) => {
                        if !self.mark(mark, at) {
                            return Outcome::OutOfMemory;
                        }
                    }
                    Node::Jump(target) => {
                        place = target as usize;
                        continue 'node;
                    }
                    Node::Branch(branch) => {
                        let alternatives = &program.branches[branch as usize];
                        let may = alternatives.candidates(text, at);
                        if may == 0 {
                            break 'way;
                        }
                        let left = may & (may - 1);
                        if left != 0 && !self.push(Entry::Alternatives { branch, left, at }) {
                            return Outcome::OutOfMemory;
                        }
                        place = alternatives.targets[may.trailing_zeros() as usize] as usize;
                        continue 'node;
                    }
                    Node::Greedy(number) => {
                        let repeat = &program.repeats[number as usize];
                        let Some(low) = least::<U>(program, repeat, text, at) else { break 'way };
                        let high =
                            program.run::<U>(repeat.single, text, low, repeat.max.saturating_sub(repeat.min));
                        self.patience -= (high - low) as i64 / 64;
                        if place == program.lead {
                            self.skip = high;
                        }
                        let exclusive = if U::NARROW { repeat.exclusive } else { repeat.exclusive_wide };
                        if exclusive || low == high {
                            if !repeat.follow.admits(text, high) {
                                break 'way;
                            }
                            at = high;
                        } else {
                            let Some(end) = shorter::<U>(&repeat.follow, text, low, high) else { break 'way };
                            let next = place as Place + 1;
                            if end > low && !self.push(Entry::Shorter { place: next, low, high: end }) {
                                return Outcome::OutOfMemory;
                            }
                            at = end;
                        }
                    }
                    Node::Lazy(number) => {
                        let repeat = &program.repeats[number as usize];
                        let Some(low) = least::<U>(program, repeat, text, at) else { break 'way };
                        let left = repeat.max.saturating_sub(repeat.min);
                        let Some((end, left)) = self.longer::<U>(program, repeat, text, low, left) else {
                            break 'way;
                        };
                        if left > 0 && !self.push(Entry::Longer { place: place as Place, at: end, left }) {
                            return Outcome::OutOfMemory;
                        }
                        at = end;
                    }
                    Node::Possessive(number) => {
                        let repeat = &program.repeats[number as usize];
                        let Some(low) = least::<U>(program, repeat, text, at) else { break 'way };
                        at =
                            program.run::<U>(repeat.single, text, low, repeat.max.saturating_sub(repeat.min));
                        self.patience -= (at - low) as i64 / 64;
                        if place == program.lead {
                            self.skip = at;
                        }
                    }
                    Node::Enter(number) => {
                        if !self.set_rounds(number, Rounds { count: 0, last: NOWHERE }) {
                            return Outcome::OutOfMemory;
                        }
                        match self.round(program, number, text, at) {
                            Some(FAILURE) => break 'way,
                            Some(next) => place = next as usize,
                            None => return Outcome::OutOfMemory,
                        }
                        continue 'node;
                    }
                    Node::MaxUntil(number) | Node::MinUntil(number) => {
                        let rounds = self.loops[number as usize];
                        if !self.set_rounds(number, Rounds { count: rounds.count + 1, ..rounds }) {
                            return Outcome::OutOfMemory;
                        }
                        match self.round(program, number, text, at) {
                            Some(FAILURE) => break 'way,
                            Some(next) => place = next as usize,
                            None => return Outcome::OutOfMemory,
                        }
                        continue 'node;
                    }
                    Node::EnterPossessive(number) => {
                        self.loops[number as usize] = Rounds { count: 0, last: NOWHERE };
                        match self.possessive_round(program, number, at) {
                            Some(next) => place = next as usize,
                            None => return Outcome::OutOfMemory,
                        }
                        continue 'node;
                    }
                    Node::PossessiveUntil(number) => {
                        self.commit();
                        self.loops[number as usize].count += 1;
                        match self.possessive_round(program, number, at) {
                            Some(next) => place = next as usize,
                            None => return Outcome::OutOfMemory,
                        }
                        continue 'node;
                    }
                    Node::EnterAtomic => {
                        if !self.push_barrier(FAILURE, at) {
                            return Outcome::OutOfMemory;
                        }
                    }
                    Node::LeaveAtomic(_) => drop(self.commit()),
                    Node::Look(number) => {
                        let look = &program.looks[number as usize];
                        let behind = U::back(text, at, look.back);
                        if look.negative {
                            let Some(behind) = behind else {
                                place = look.end as usize + 1;
                                continue 'node;
                            };
                            if !self.push_barrier(look.end + 1, at) {
                                return Outcome::OutOfMemory;
                            }
                            at = behind;
                        } else {
                            let Some(behind) = behind else { break 'way };
                            if !self.push_barrier(FAILURE, at) {
                                return Outcome::OutOfMemory;
                            }
                            at = behind;
                        }
                    }
                    Node::LeaveLook(number) => {
                        if program.looks[number as usize].negative {
                            self.abandon();
                            break 'way;
                        }
                        at = self.commit();
                    }
                    Node::GroupRef { group, fold } => {
                        let Some((start, end)) =
                            self.group(group as usize).filter(|(start, end)| start <= end)
                        else {
                            break 'way;
                        };
                        let Some(next) = again::<U>(text, start, end, at, fold) else { break 'way };
                        at = next;
                    }
                    Node::IfGroup { group, otherwise } => {
                        if self.group(group as usize).is_none_or(|(start, end)| start > end) {
                            place = otherwise as usize;
                            continue 'node;
                        }
                    }
                }
                place += 1;
                continue 'node;
            }
            // It failed: try what is on top of the stack.
            loop {
                self.patience -= 1;
                if self.patience < 0 {
                    self.patience = PATIENCE;
                    self.paused = Some((FAILURE, at));
                    return Outcome::Pause;
                }
                let Some(entry) = self.stack.last_mut() else { return Outcome::Failure };
                match entry {
                    Entry::Way { place: way, at: position } => {
                        (place, at) = (*way as usize, *position);
                        self.stack.pop();
                        continue 'node;
                    }
                    Entry::Alternatives { branch, left, at: position } => {
                        let target =
                            program.branches[*branch as usize].targets[left.trailing_zeros() as usize];
                        (place, at) = (target as usize, *position);
                        *left &= *left - 1;
                        if *left == 0 {
                            self.stack.pop();
                        }
                        continue 'node;
                    }
                    Entry::Shorter { place: next, low, high } => {
                        place = *next as usize;
                        let Node::Greedy(number) = nodes[place - 1] else { unreachable!("it was one") };
                        let follow = &program.repeats[number as usize].follow;
                        let end = shorter::<U>(follow, text, *low, U::previous(text, *high));
                        *high = end.unwrap_or(*low);
                        if *high == *low {
                            self.stack.pop();
                        }
                        let Some(end) = end else { continue };
                        at = end;
                        continue 'node;
                    }
                    Entry::Longer { place: lazy, at: position, left } => {
                        place = *lazy as usize;
                        let Node::Lazy(number) = nodes[place] else { unreachable!("it was one") };
                        let repeat = &program.repeats[number as usize];
                        let (position, more) = (*position, *left - 1);
                        self.stack.pop();
                        let Some(next) = program.step::<U>(repeat.single, text, position) else { continue };
                        let Some((end, left)) = self.longer::<U>(program, repeat, text, next, more) else {
                            continue;
                        };
                        if left > 0 && !self.push(Entry::Longer { place: place as Place, at: end, left }) {
                            return Outcome::OutOfMemory;
                        }
                        at = end;
                        place += 1;
                        continue 'node;
                    }
                    Entry::Round { number, at: position } => {
                        let (number, position) = (*number, *position);
                        self.stack.pop();
                        self.loops[number as usize].last = position;
                        (place, at) = (program.loops[number as usize].body as usize, position);
                        continue 'node;
                    }
                    Entry::Barrier { place: way, at: position, outer } => {
                        (place, at) = (*way as usize, *position);
                        self.barrier = *outer;
                        self.stack.pop();
                        if place != FAILURE as usize {
                            continue 'node;
                        }
                    }
                    Entry::Mark { .. } | Entry::Loop { .. } => {
                        let entry = *entry;
                        self.stack.pop();
                        self.undo(entry);
                    }
                }
            }
        }
    }

    // ---- the stack ----

    #[inline(always)]
    #[must_use]
    fn push(&mut self, entry: Entry) -> bool {
        if self.stack.len() == self.stack.capacity() && !self.grow() {
            return false;
        }
        self.stack.push(entry);
        true
    }

    #[cold]
    #[inline(never)]
    fn grow(&mut self) -> bool {
        self.stack.try_reserve(self.stack.len().max(64)).is_ok()
    }

    /// Puts an old value back.
    fn undo(&mut self, entry: Entry) {
        match entry {
            Entry::Mark { mark, old, valid, last_group } => {
                self.marks[mark as usize] = old;
                (self.valid, self.last_group) = (valid, last_group);
            }
            Entry::Loop { number, count, last } => self.loops[number as usize] = Rounds { count, last },
            _ => {}
        }
    }

    /// Notes a position. Nothing has to be put back where nothing else can be tried.
    #[inline(always)]
    #[must_use]
    fn mark(&mut self, mark: u32, at: usize) -> bool {
        let (valid, last_group) = (self.valid, self.last_group);
        if !self.stack.is_empty() {
            let old = self.marks[mark as usize];
            if !self.push(Entry::Mark { mark, old, valid, last_group }) {
                return false;
            }
        }
        if mark & 1 == 1 {
            self.last_group = mark / 2 + 1;
        }
        if mark >= valid {
            // There are few between the two, if any.
            for between in valid..mark {
                self.marks[between as usize] = UNSET;
            }
            self.valid = mark + 1;
        }
        self.marks[mark as usize] = at;
        true
    }

    #[inline(always)]
    #[must_use]
    fn set_rounds(&mut self, number: u32, rounds: Rounds) -> bool {
        let Rounds { count, last } = std::mem::replace(&mut self.loops[number as usize], rounds);
        self.stack.is_empty() || self.push(Entry::Loop { number, count, last })
    }

    // ---- loops ----

    /// The first place from `at` on, behind at most `left` repeated characters, where the text goes on as it must; and how
    /// many there may be beyond.
    #[inline(always)]
    fn longer<U: Unit>(
        &mut self,
        program: &Program,
        repeat: &Repeat,
        text: &[u8],
        start: usize,
        mut left: usize,
    ) -> Option<(usize, usize)> {
        let mut at = start;
        while !repeat.follow.admits(text, at) {
            let next = if left > 0 { program.step::<U>(repeat.single, text, at) } else { None };
            let Some(next) = next else {
                self.patience -= (at - start) as i64 / 64;
                return None;
            };
            at = next;
            left -= 1;
        }
        Some((at, left))
    }

    /// Where a loop goes on after so many rounds as it has had; nothing if there is no memory.
    #[inline(always)]
    fn round(&mut self, program: &Program, number: u32, text: &[u8], at: usize) -> Option<Place> {
        let it = &program.loops[number as usize];
        let rounds = self.loops[number as usize];
        if rounds.count < it.min {
            return Some(if it.first.admits(text, at) { it.body } else { FAILURE });
        }
        let tail = it.until + 1;
        // A round that takes nothing is not followed by another one.
        let may_go_on = rounds.count < it.max && at != rounds.last && it.first.admits(text, at);
        let may_end = it.follow.admits(text, at);
        if !may_go_on || !may_end {
            if may_end {
                return Some(tail);
            }
            if !may_go_on {
                return Some(FAILURE);
            }
        } else if matches!(program.nodes[it.until as usize], Node::MinUntil(_)) {
            return self.push(Entry::Round { number, at }).then_some(tail);
        } else if !self.push(Entry::Way { place: tail, at }) {
            return None;
        }
        // The entry that puts the count back puts this back, too.
        self.loops[number as usize].last = at;
        Some(it.body)
    }

    /// Where a loop that gives nothing back goes on; nothing if there is no memory.
    fn possessive_round(&mut self, program: &Program, number: u32, at: usize) -> Option<Place> {
        let it = &program.loops[number as usize];
        let rounds = &mut self.loops[number as usize];
        let tail = it.until + 1;
        let otherwise = if rounds.count < it.min {
            FAILURE
        } else if rounds.count < it.max && at != rounds.last {
            rounds.last = at;
            tail
        } else {
            return Some(tail);
        };
        self.push_barrier(otherwise, at).then_some(it.body)
    }

    // ---- parts that give nothing back ----

    #[must_use]
    fn push_barrier(&mut self, place: Place, at: usize) -> bool {
        let outer = std::mem::replace(&mut self.barrier, self.stack.len());
        self.push(Entry::Barrier { place, at, outer })
    }

    /// The part behind the barrier matched, and gives nothing back. The result is where it started.
    fn commit(&mut self) -> usize {
        let barrier = self.barrier;
        let Entry::Barrier { at, outer, .. } = self.stack[barrier] else { unreachable!("it is a barrier") };
        self.barrier = outer;
        let mut kept = barrier;
        if barrier > 0 {
            for index in barrier + 1..self.stack.len() {
                if let entry @ (Entry::Mark { .. } | Entry::Loop { .. }) = self.stack[index] {
                    self.stack[kept] = entry;
                    kept += 1;
                }
            }
        }
        self.stack.truncate(kept);
        at
    }

    /// The part behind the barrier matched, and must not have.
    fn abandon(&mut self) {
        while let Some(entry) = self.stack.pop() {
            if let Entry::Barrier { outer, .. } = entry
                && self.stack.len() == self.barrier
            {
                self.barrier = outer;
                return;
            }
            self.undo(entry);
        }
    }
}

/// Where the run ends that a repeat needs.
#[inline(always)]
fn least<U: Unit>(program: &Program, repeat: &Repeat, text: &[u8], mut at: usize) -> Option<usize> {
    if text.len().checked_sub(at)? < repeat.min {
        return None;
    }
    for _ in 0..repeat.min {
        at = program.step::<U>(repeat.single, text, at)?;
    }
    Some(at)
}

/// The last place from `low` to `high` where the text goes on as it must.
#[inline(always)]
fn shorter<U: Unit>(follow: &First, text: &[u8], low: usize, mut high: usize) -> Option<usize> {
    const SHORT: usize = 16;
    if let First::Byte(byte) = follow
        && high - low > SHORT
    {
        let end = text.len().min(high + 1);
        return memrchr(*byte, &text[low..end]).map(|at| low + at);
    }
    while !follow.admits(text, high) {
        if high == low {
            return None;
        }
        high = U::previous(text, high);
    }
    Some(high)
}

/// The position behind a repetition of a part of the text.
fn again<U: Unit>(text: &[u8], start: usize, end: usize, at: usize, fold: Fold) -> Option<usize> {
    if fold == Fold::None {
        return text.get(at..)?.starts_with(text.get(start..end)?).then(|| at + (end - start));
    }
    let (mut from, mut to) = (start, at);
    while from < end {
        let (first, next) = U::character(text, from)?;
        let (second, behind) = U::character(text, to)?;
        if fold.lower(first) != fold.lower(second) {
            return None;
        }
        (from, to) = (next, behind);
    }
    Some(to)
}

/// Whether a condition holds at a position.
#[inline]
fn holds<U: Unit>(condition: At, text: &[u8], at: usize) -> bool {
    match condition {
        At::Beginning | At::BeginningString => at == 0,
        At::BeginningLine => at == 0 || text.get(at - 1) == Some(&b'\n'),
        At::End => at == text.len() || (at + 1 == text.len() && text[at] == b'\n'),
        At::EndLine => at == text.len() || text.get(at) == Some(&b'\n'),
        At::EndString => at == text.len(),
        At::Boundary => is_boundary::<U>(Category::Word, text, at),
        At::NonBoundary => !is_boundary::<U>(Category::Word, text, at),
        At::LocBoundary => is_boundary::<U>(Category::LocWord, text, at),
        At::LocNonBoundary => !is_boundary::<U>(Category::LocWord, text, at),
        At::UniBoundary => is_boundary::<U>(Category::UniWord, text, at),
        At::UniNonBoundary => !is_boundary::<U>(Category::UniWord, text, at),
    }
}

fn is_boundary<U: Unit>(word: Category, text: &[u8], at: usize) -> bool {
    let is_word = |at: usize| {
        U::character(text, at).is_some_and(|(code, _)| match code {
            0..0x80 => code == 0x5f || (code as u8).is_ascii_alphanumeric(),
            _ => word.holds(code),
        })
    };
    let before = at > 0 && is_word(U::previous(text, at));
    before != is_word(at)
}

/// The first position from `at` on where a match may start.
#[inline]
fn candidate<U: Unit>(program: &Program, text: &[u8], at: usize) -> Option<usize> {
    let rest = text.get(at..).filter(|rest| rest.len() >= program.min_width)?;
    let found = match &program.start {
        Start::Anywhere => Some(0),
        Start::Beginning => (at == 0).then_some(0),
        Start::Line if at == 0 || text[at - 1] == b'\n' => Some(0),
        Start::Line => memchr(b'\n', rest).map(|newline| newline + 1),
        Start::Literal(finder) => finder.find(rest),
        Start::Few(a, b, _) if a == b => memchr(*a, rest),
        Start::Few(a, b, c) if b == c => memchr2(*a, *b, rest),
        Start::Few(a, b, c) => memchr3(*a, *b, *c, rest),
        Start::OneOf(bytes) => rest.iter().position(|&byte| bytes[usize::from(byte)]),
    };
    found.map(|offset| at + offset)
}
