//! What can be known about a program before it runs.
//!
//! Most attempts to match fail at the first byte. So for each point where the matcher has a choice it is worked out which
//! bytes may come next if a way is to succeed: [`first`] follows all ways from a node through what takes no characters,
//! and gathers what they may start with. The answer may be too large, never too small.

use memchr::memmem;

use super::code::At;
use super::program::{Branch, Bytes, ENTRY, First, Node, Place, Program, Single, Start, Subjects};

/// How many nodes are looked at before everything is assumed to be possible.
const EFFORT: usize = 200;
/// The most alternatives that a branch has.
const ALTERNATIVES: usize = 64;

/// Works out what the tables of a program say about first bytes.
pub(super) fn complete(program: &mut Program, subjects: Subjects) {
    split_branches(program);
    for place in ENTRY..program.nodes.len() as Place {
        match program.nodes[place as usize] {
            Node::Greedy(number) | Node::Lazy(number) => repeat(program, subjects, number, place + 1),
            Node::Enter(number) => {
                let (body, until) = {
                    let it = &program.loops[number as usize];
                    (it.body, it.until)
                };
                let (first, follow) = (first(program, subjects, body), first(program, subjects, until + 1));
                let it = &mut program.loops[number as usize];
                (it.first, it.follow) = (first, follow);
            }
            Node::Branch(number) => alternatives(program, subjects, number),
            _ => {}
        }
    }
    program.start = start(program, subjects);
    lead(program);
}

/// Finds out whether the pattern starts with a repeat that takes whole runs. Then what follows a run is the same wherever in
/// the run an attempt starts, unless it looks at what a group matched.
fn lead(program: &mut Program) {
    let looks_at_group = |node: &Node| matches!(node, Node::GroupRef { .. } | Node::IfGroup { .. });
    let first = program.nodes.iter().skip(ENTRY as usize).position(|node| !matches!(node, Node::Mark(_)));
    let place = ENTRY as usize + first.unwrap_or(0);
    let (number, possessive) = match program.nodes[place] {
        Node::Greedy(number) => (number, false),
        Node::Possessive(number) => (number, true),
        _ => return,
    };
    let repeat = &program.repeats[number as usize];
    if repeat.max == usize::MAX && !program.nodes.iter().any(looks_at_group) {
        program.lead = place;
        program.skips = possessive || repeat.exclusive;
        program.skips_wide = possessive || repeat.exclusive_wide;
    }
}

/// Sees to it that a set of alternatives fits into a word.
fn split_branches(program: &mut Program) {
    let mut number = 0;
    while number < program.branches.len() {
        let targets = &mut program.branches[number].targets;
        if targets.len() > ALTERNATIVES {
            let rest = targets.split_off(ALTERNATIVES - 1);
            targets.push(program.nodes.len() as Place);
            program.nodes.push(Node::Branch(program.branches.len() as u32));
            program.branches.push(Branch::new(rest));
        }
        number += 1;
    }
}

fn repeat(program: &mut Program, subjects: Subjects, number: u32, next: Place) {
    let follow = first(program, subjects, next);
    let mut repeated = [false; 256];
    add(program, subjects, program.repeats[number as usize].single, &mut repeated);
    let disjoint = |count: usize| match &follow {
        First::Anything => false,
        First::Byte(byte) => usize::from(*byte) >= count || !repeated[usize::from(*byte)],
        First::OneOf(bytes) => !bytes[..count].iter().zip(&repeated).any(|(&a, &b)| a && b),
    };
    let narrow = if subjects == Subjects::Text { 128 } else { 256 };
    let (exclusive, exclusive_wide) = (disjoint(narrow), disjoint(256));
    let repeat = &mut program.repeats[number as usize];
    (repeat.exclusive, repeat.exclusive_wide, repeat.follow) = (exclusive, exclusive_wide, follow);
}

fn alternatives(program: &mut Program, subjects: Subjects, number: u32) {
    let mut by_byte = [0; 256];
    let mut at_end = 0;
    for (index, &target) in program.branches[number as usize].targets.iter().enumerate() {
        let bit = 1_u64 << index;
        match first(program, subjects, target) {
            First::Anything => {
                at_end |= bit;
                by_byte.iter_mut().for_each(|mask| *mask |= bit);
            }
            First::Byte(byte) => by_byte[usize::from(byte)] |= bit,
            First::OneOf(bytes) => {
                by_byte.iter_mut().zip(&*bytes).filter(|(_, may)| **may).for_each(|(mask, _)| *mask |= bit);
            }
        }
    }
    let branch = &mut program.branches[number as usize];
    branch.masks = vec![at_end];
    for (class, mask) in branch.classes.iter_mut().zip(by_byte) {
        let known = branch.masks.iter().position(|&other| other == mask);
        *class = known.unwrap_or(branch.masks.len()) as u16;
        if known.is_none() {
            branch.masks.push(mask);
        }
    }
}

/// What a match that goes on at a node may start with.
fn first(program: &Program, subjects: Subjects, place: Place) -> First {
    let mut bytes: Bytes = [false; 256];
    let mut seen = vec![place];
    let mut next = 0;
    while let Some(&place) = seen.get(next) {
        next += 1;
        let mut ways: [Option<Place>; 2] = [None, None];
        match program.nodes[place as usize] {
            Node::Never => {}
            Node::Byte(byte) => bytes[usize::from(byte)] = true,
            Node::Bytes { start, .. } => bytes[usize::from(program.strings[start as usize])] = true,
            Node::Set(set) => add(program, subjects, Single::Set(set), &mut bytes),
            Node::Single(single) => add(program, subjects, single, &mut bytes),
            Node::At(_) | Node::Mark(_) | Node::EnterAtomic => ways[0] = Some(place + 1),
            Node::Jump(target) => ways[0] = Some(target),
            Node::Branch(number) => {
                for &target in &program.branches[number as usize].targets {
                    visit(&mut seen, target);
                }
            }
            Node::Greedy(number) | Node::Lazy(number) | Node::Possessive(number) => {
                let repeat = &program.repeats[number as usize];
                add(program, subjects, repeat.single, &mut bytes);
                ways[0] = (repeat.min == 0).then_some(place + 1);
            }
            Node::Enter(number) | Node::EnterPossessive(number) => {
                let it = &program.loops[number as usize];
                ways = [Some(it.body), (it.min == 0).then_some(it.until + 1)];
            }
            // Inside a part that gives nothing back, what is taken must not depend on what follows.
            Node::LeaveAtomic(enter) if !seen.contains(&enter) => return First::Anything,
            Node::PossessiveUntil(number) if !seen.contains(&(program.loops[number as usize].body - 1)) => {
                return First::Anything;
            }
            Node::MaxUntil(number) | Node::MinUntil(number) | Node::PossessiveUntil(number) => {
                ways = [Some(program.loops[number as usize].body), Some(place + 1)];
            }
            Node::LeaveAtomic(_) => ways[0] = Some(place + 1),
            // Both what is looked for ahead, and what comes behind it, must be there.
            Node::Look(number) => {
                let look = &program.looks[number as usize];
                let ahead = !look.negative && look.back == 0;
                ways[0] = Some(if ahead { place + 1 } else { look.end + 1 });
            }
            Node::IfGroup { otherwise, .. } => ways = [Some(place + 1), Some(otherwise)],
            // They match nothing at all, or something that is not known here.
            Node::Success | Node::LeaveLook(_) | Node::GroupRef { .. } => return First::Anything,
        }
        ways.into_iter().flatten().for_each(|way| visit(&mut seen, way));
        if seen.len() > EFFORT {
            return First::Anything;
        }
    }
    let mut count = bytes.iter().enumerate().filter(|(_, may)| **may);
    match (count.next(), count.next()) {
        (Some((byte, _)), None) => First::Byte(byte as u8),
        _ => First::OneOf(Box::new(bytes)),
    }
}

fn visit(seen: &mut Vec<Place>, place: Place) {
    if !seen.contains(&place) {
        seen.push(place);
    }
}

/// Adds the bytes with which single characters start.
fn add(program: &Program, subjects: Subjects, single: Single, bytes: &mut Bytes) {
    match single {
        Single::Never => {}
        Single::All => *bytes = [true; 256],
        Single::Byte(byte) => bytes[usize::from(byte)] = true,
        Single::NotNewline => add_others(b'\n', bytes),
        Single::NotByte(byte) => add_others(byte, bytes),
        Single::Set(set) => {
            let set = &program.sets[set as usize];
            let or = |bytes: &mut [bool], others: &[bool]| {
                bytes.iter_mut().zip(others).for_each(|(byte, &other)| *byte |= other);
            };
            if subjects == Subjects::Bytes {
                return or(bytes, &set.table);
            }
            or(&mut bytes[..128], &set.table);
            bytes[0xc2] |= set.table[0x80..0xc0].contains(&true);
            bytes[0xc3] |= set.table[0xc0..].contains(&true);
            if set.may_be_wide() {
                bytes[0xc4..0xf5].fill(true);
            }
        }
    }
}

fn add_others(byte: u8, bytes: &mut Bytes) {
    bytes
        .iter_mut()
        .enumerate()
        .filter(|(other, _)| *other != usize::from(byte))
        .for_each(|(_, may)| *may = true);
}

/// Where a match may start.
fn start(program: &Program, subjects: Subjects) -> Start {
    let mut literal = Vec::new();
    for node in &program.nodes[ENTRY as usize..] {
        match *node {
            Node::Mark(_) => {}
            Node::Byte(byte) => literal.push(byte),
            Node::Bytes { start, end } => {
                literal.extend_from_slice(&program.strings[start as usize..end as usize]);
            }
            Node::At(At::Beginning | At::BeginningString) if literal.is_empty() => return Start::Beginning,
            Node::At(At::BeginningLine) if literal.is_empty() => return Start::Line,
            _ => break,
        }
    }
    if literal.len() > 1 {
        return Start::Literal(Box::new(memmem::Finder::new(&literal).into_owned()));
    }
    match first(program, subjects, ENTRY) {
        First::Anything => Start::Anywhere,
        First::Byte(byte) => Start::Few(byte, byte, byte),
        First::OneOf(bytes) => {
            let some: Vec<u8> = (0..=255).filter(|&byte| bytes[usize::from(byte)]).collect();
            match *some {
                [a, b] => Start::Few(a, b, b),
                [a, b, c] => Start::Few(a, b, c),
                _ if some.len() == 256 => Start::Anywhere,
                _ => Start::OneOf(bytes),
            }
        }
    }
}
