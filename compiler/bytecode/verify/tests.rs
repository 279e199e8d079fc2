//! Good code is accepted, bad code refused; whatever is accepted keeps its promises when it runs; nothing panics.

use std::rc::Rc;

use super::verify;
use crate::bytecode::code::{Code, Constant, DepthTable, ExceptionRange, Local, LocalKind, flags};
use crate::bytecode::opcode::instruction::*;
use crate::bytecode::opcode::{CommonConstant, Instruction, IntrinsicKind, Opcode, function_parts};
use crate::bytecode::operand::*;

mod run;
mod samples;

use samples::*;

/// Checks that code is refused, and why.
#[track_caller]
fn refused(code: &Code, message: &str) {
    let refusal = verify(code).map_or_else(|refusal| refusal.to_string(), |()| "accepted".to_owned());
    assert!(refusal.contains(message), "{refusal}, not: {message}");
}

#[test]
fn good_code_is_accepted() {
    for code in all() {
        if let Err(error) = verify(&code) {
            panic!("{error}\n{}", crate::bytecode::disassemble::disassemble(&code));
        }
    }
}

#[test]
fn rows_produce_in_one_way() {
    for &opcode in Opcode::ALL {
        let mut words = vec![opcode as u64];
        words.resize(opcode.words(), 0);
        let instruction = Instruction::decode(&words, 0).unwrap();
        let mut outs = 0;
        instruction.operands(|_, operand| outs += usize::from(operand.role == Role::Write));
        assert!(outs == 0 || instruction.gives().is_none(), "{opcode:?} has destinations and gives");
        assert!(outs <= 2, "{opcode:?} has more destinations than the verifier looks at");
        let mut bases = 0;
        instruction.operands(|_, operand| bases += usize::from(operand.role == Role::Base));
        let ranges = usize::from(instruction.takes().is_some() || instruction.gives().is_some());
        assert_eq!(bases, ranges, "{opcode:?} has a base that no range covers");
    }
}

#[test]
fn the_form_is_checked() {
    let add = |f: &dyn Fn(&mut Code)| {
        let mut code = add();
        f(&mut code);
        code
    };
    refused(&add(&|code| code.words[0] = 0xff), "no instruction");
    refused(&add(&|code| code.words[0] |= 1 << 12), "stray bits");
    refused(&add(&|code| code.words.clear()), "no instructions");
    refused(&add(&|code| code.near_locals = 9), "more near locals");
    refused(&add(&|code| code.temporaries = u32::MAX), "registers");
    refused(&add(&|code| code.arg_count = 1), "are parameters");
    refused(&add(&|code| code.locals[1].kind = LocalKind::Free), "are parameters");
    refused(&add(&|code| code.posonly_arg_count = 3), "positional-only");
    refused(&add(&|code| code.flags |= flags::GENERATOR | flags::COROUTINE), "more than one");
    refused(&add(&|code| code.name = Rc::from(&b"\xff"[..])), "UTF-8");
    refused(&add(&|code| code.depths.0 = vec![(1, 0), (1, 0)]), "not sorted");
    refused(&add(&|code| code.constants.push(Constant::Str(Rc::from(&b"a\xed\xa0"[..])))), "UTF-8");
    let range = |start, end, handler, depth| ExceptionRange { start, end, handler, depth };
    refused(&add(&|code| code.exceptions = vec![range(0, 0, 0, 0)]), "not sorted");
    refused(&add(&|code| code.exceptions = vec![range(0, 1, 0, 0), range(0, 2, 0, 0)]), "not sorted");
    refused(&add(&|code| code.exceptions = vec![range(0, 9, 0, 0)]), "does not lie on instructions");
    refused(&add(&|code| code.exceptions = vec![range(0, 1, 9, 0)]), "no instruction starts");
    refused(&add(&|code| code.exceptions = vec![range(0, 1, 0, 1)]), "no temporary for the saved");
    let mut surrogates = add_(&[]);
    surrogates.constants.push(Constant::Str(Rc::from("a\u{20ac}".as_bytes())));
    surrogates.constants.push(Constant::Str(Rc::from(&b"\xed\xa0\x80\xed\xb0\x80x"[..])));
    assert_eq!(verify(&surrogates), Ok(()));
}

#[test]
fn operands_are_checked() {
    let refused = |items: &[(u32, Instruction)], message| refused(&add_(items), message);
    refused(&[(0, LoadConst { dst: t(0), value: Const(1) }.into())], "value: 1 of 1 constants");
    refused(&[(0, LoadGlobal { dst: t(0), name: Name(7) }.into())], "name: 7 of 1 names");
    refused(&[(0, LoadFar { dst: t(0), local: Far(0) }.into())], "0 of 0 far locals");
    refused(
        &[(0, LoadCommon { dst: t(0), which: crate::bytecode::operand::Kind(99) }.into())],
        "no variant 99",
    );
    refused(&[(0, Mov { dst: t(9), src: local(0) }.into())], "dst: 11 of 4 registers");
    refused(&[(0, Mov { dst: Out { register: 0, own: false }, src: local(1) }.into())], "ownership bit");
    refused(&[(0, Mov { dst: Out { register: 2, own: true }, src: local(1) }.into())], "ownership bit");
    refused(&[(0, Mov { dst: t(0), src: In { register: 1, own: true } }.into())], "a local is moved");
    refused(
        &[(0, BuildTuple { dst: t(0), base: Base { register: 1, own: false }, n: Count(0) }.into())],
        "range of locals",
    );
    refused(
        &[(0, BuildTuple { dst: t(0), base: base(0), n: Count(3) }.into())],
        "3 temporaries from register 2",
    );
    refused(&[(0, CheckLocal { local: kept(2) }.into())], "not a local");
    refused(&[(0, MakeCell { local: kept(0) }.into())], "not a cell variable");
    refused(&[(0, LoadCell { dst: t(0), cell: kept(0) }.into())], "not a cell variable");
    refused(&[(0, CopyFreeVars { first: kept(0), n: Count(1) }.into())], "not all free variables");
    refused(&[(0, Jump { pad: Count(1), target: Label(1) }.into())], "stray bits");
    refused(&[(0, Jump { pad: Count(0), target: Label(-1) }.into())], "wrong direction");
    refused(&[(0, JumpBack { pad: Count(0), target: Label(1) }.into())], "wrong direction");
    refused(&[(0, YieldValue { dst: t(0), src: local(0) }.into())], "cannot be resumed");
    refused(&[(0, PushNull { dst: own(0) }.into())], "NULL in a local");
    let which = crate::bytecode::operand::Kind(IntrinsicKind::TypeVar as u16);
    refused(
        &[(0, Intrinsic { dst: t(0), base: base(0), which, n: Int(2), pad: Cache(0) }.into())],
        "wrong number",
    );
    let names = CallKw { dst: t(0), base: base(0), n: Count(0), names: Const(0), pad: Cache(0) };
    refused(&[(0, names.into())], "keyword names are no tuple");
    let parts = crate::bytecode::operand::Kind(0);
    let function = MakeFunction { dst: t(0), base: base(0), parts, code: Const(0), pad: Cache(0) };
    refused(&[(0, function.into())], "no code object");
    let star = UnpackStar { base: base(0), src: local(0), before: Int(-1), after: Int(i32::MAX) };
    refused(&[(0, star.into())], "temporaries from register");
    let cache = LoadAttr { dst: t(0), object: local(0), name: Name(0), shape: Cache(5) };
    refused(&[(0, cache.into())], "cache is not empty");
}

#[test]
fn what_is_consumed_is_moved() {
    let consuming: [Instruction; 5] = [
        DropTemp { src: local(0) }.into(),
        PopExcept { saved: local(0) }.into(),
        Reraise { saved: local(0), place: Kind(0) }.into(),
        EndAsyncFor { aiter: temp(0), saved: local(0) }.into(),
        Await { dst: t(0), iter: local(0) }.into(),
    ];
    for instruction in consuming {
        let mut code = add_(&[(0, instruction)]);
        code.flags |= flags::GENERATOR;
        refused(&code, "what is consumed is not moved");
    }
    refused(&add_(&[(0, Swap { a: kept(2), b: kept(2) }.into())]), "swaps a register with itself");
    refused(&add_(&[(0, GetAnext { dst: t(0), aiter: kept(2) }.into())]), "await");
}

#[test]
fn the_flow_is_checked() {
    let refused = |items: &[(u32, Instruction)], message| refused(&add_(items), message);
    let add = |dst, lhs, rhs| -> Instruction { Add { dst, lhs, rhs, inplace: false }.into() };
    refused(&[(0, add(t(0), temp(0), local(1)))], "temporary 0 of 0 live ones");
    refused(&[(0, add(t(1), local(0), local(1)))], "not the next temporaries");
    refused(&[(0, Mov { dst: t(0), src: local(0) }.into())], "leaves 1 temporaries behind");
    refused(
        &[(0, LoadInt { dst: t(0), value: Int(1) }.into()), (0, LoadInt { dst: t(0), value: Int(1) }.into())],
        "not the next",
    );
    let two = [LoadInt { dst: t(0), value: Int(1) }, LoadInt { dst: t(1), value: Int(1) }]
        .map(|load| (0, load.into()));
    refused(&[two[0], two[1], (1, DropTemp { src: temp(0) }.into())], "not the last ones");
    refused(&[two[0], two[1], (0, add(t(0), temp(1), temp(1)))], "not the last ones");
    refused(
        &[(0, DeleteLocal { local: kept(0) }.into()), (0, add(t(0), local(0), local(1)))],
        "may be unbound",
    );
    refused(
        &[(0, PushNull { dst: t(0) }.into()), (0, Neg { dst: own(0), src: temp(0) }.into())],
        "may hold NULL",
    );
    refused(
        &[(0, PushNull { dst: t(0) }.into()), (0, Mov { dst: own(0), src: temp(0) }.into())],
        "puts NULL into",
    );
    refused(&[(0, LoadExc { dst: t(0) }.into())], "no handled exception");
    refused(&[two[0], (0, ListAppend { list: kept(2), item: local(0) }.into())], "wrong type");
    refused(&[(0, Swap { a: kept(0), b: kept(1) }.into())], "swaps a local");
    refused(&[(7, add(own(0), local(0), local(1)))], "0 live temporaries, 7 by the depth table");
    let iterate = ForIter { dst: own(0), iter: kept(0), target: Label(0), pad: Cache(0) };
    refused(&[(0, iterate.into())], "not the topmost temporary");
    refused(
        &[
            (0, Mov { dst: t(0), src: local(0) }.into()),
            (1, Unpack { base: base(1), src: local(0), n: Count(2) }.into()),
        ],
        "2 temporaries from register 3",
    );
    let mut open = add_(&[]);
    open.words = Vec::new();
    Instruction::from(Nop {}).encode(&mut open.words);
    refused_code(&open, "falls off the end");
    let mut joined = branches();
    let at = joined.words.iter().position(|&word| word as u8 == Opcode::LoadInt as u8).unwrap();
    joined.words[at] = Opcode::Nop as u64;
    refused_code(&joined, "live temporaries");
    let mut shallow = add_(&[
        (0, LoadInt { dst: t(0), value: Int(1) }.into()),
        (1, Neg { dst: own(0), src: local(0) }.into()),
        (0, Neg { dst: own(0), src: temp(0) }.into()),
    ]);
    shallow.exceptions = vec![ExceptionRange { start: 1, end: 3, handler: 3, depth: 1 }];
    refused_code(&shallow, "at word 2: 0 live temporaries, of which a handler keeps 1");
    let mut closure = closure();
    let Constant::Code(inner) = &mut closure.constants[0] else { unreachable!() };
    let mut larger = Code::clone(inner);
    larger.locals.push(variable("y", LocalKind::Free));
    larger.near_locals = 2;
    *inner = Rc::new(larger).into();
    refused_code(&closure, "no closure of 2 cells");
}

#[track_caller]
fn refused_code(code: &Code, message: &str) {
    refused(code, message);
}

#[test]
fn inner_code_is_checked() {
    let mut outer = add();
    let mut inner = add();
    inner.words[0] = 0xff;
    inner.qualname = Rc::from(&b"outer.inner"[..]);
    let nested = Constant::Tuple(Rc::from([Constant::Code(Rc::new(inner).into())]));
    outer.constants.push(Constant::Slice(Rc::new([Constant::None, nested, Constant::None])));
    refused(&outer, "bad bytecode in 'outer.inner' at word 0: no instruction");
}

#[test]
fn shared_constants_are_looked_at_once() {
    let mut shared = Constant::Tuple(Rc::from([Constant::None]));
    for _ in 0..200 {
        shared = Constant::Tuple(Rc::from([shared.clone(), shared]));
    }
    let mut code = Rc::new(add());
    for _ in 0..100 {
        let mut outer = add();
        outer.constants =
            vec![Constant::Code(Rc::clone(&code).into()), Constant::Code(code.into()), shared.clone()];
        code = Rc::new(outer);
    }
    assert_eq!(verify(&code), Ok(()));
}

#[test]
fn large_code_takes_linear_time() {
    // Sixty thousand locals, each bound behind a branch of its own.
    let count = 60_000;
    let mut items: Vec<(u32, Instruction)> = Vec::new();
    for register in 0..count {
        let target = Label(items.len() as i32 + 2);
        items.push((0, JumpIfNone { src: local(0), target }.into()));
        items.push((0, LoadInt { dst: own(register.max(1)), value: Int(1) }.into()));
    }
    items.push((0, JumpBack { pad: Count(0), target: Label(0) }.into()));
    let mut locals = vec![variable("p", LocalKind::Parameter)];
    locals.extend((1..count).map(|_| variable("v", LocalKind::Variable)));
    assert_eq!(verify(&assemble(1, locals, 0, &items)), Ok(()));
}

/// A small generator of random numbers.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % bound.max(1)
    }
}

/// Damages code in one place.
fn mutate(code: &mut Code, random: &mut Random) {
    let at = random.below(code.words.len());
    let bits = random.below(usize::MAX) as u64;
    match random.below(14) {
        0 => code.words[at] ^= 1 << random.below(64),
        1 => code.words[at] = bits,
        2 => code.words[at] = code.words[at] & !0xff | random.below(Opcode::ALL.len()) as u64,
        3 | 4 => {
            let slot = 16 * (1 + random.below(3));
            let small = random.below(10) as u64;
            code.words[at] = code.words[at] & !(0xffff << slot) | small << slot;
        }
        5 => drop(code.words.remove(at)),
        6 => code.words.insert(at, bits & 0x3_0003_0003_0000 | random.below(Opcode::ALL.len()) as u64),
        7 => {
            let other = random.below(code.words.len());
            code.words.swap(at, other);
        }
        8 => code.temporaries = (code.temporaries + 2).saturating_sub(random.below(4) as u32),
        9 => code.near_locals = random.below(code.locals.len() + 2) as u32,
        10 => code.flags ^= 1 << random.below(10),
        11 => {
            let depth = random.below(4) as u32;
            if let Some(entry) = (!code.depths.0.is_empty()).then(|| random.below(code.depths.0.len())) {
                code.depths.0[entry].1 = depth;
            }
        }
        12 => {
            let value = |random: &mut Random, bound| random.below(bound) as u32;
            let words = code.words.len() + 1;
            let (start, handler) = (value(random, words), value(random, words));
            let (end, depth) = (start + value(random, 4), value(random, 3));
            code.exceptions.push(ExceptionRange { start, end, handler, depth });
            code.exceptions.sort_by_key(|range| range.start);
        }
        _ => {
            let local = random.below(code.locals.len());
            if let Some(local) = code.locals.get_mut(local) {
                local.cell ^= true;
            }
        }
    }
}

#[test]
fn damaged_code_never_panics_and_what_is_accepted_runs() {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let samples = all();
    let mut accepted = 0;
    for round in 0..60_000 {
        let mut code = samples[round % samples.len()].clone();
        for _ in 0..=random.below(3) {
            mutate(&mut code, &mut random);
            if code.words.is_empty() {
                break;
            }
        }
        if verify(&code).is_ok() {
            accepted += 1;
            run::at_random(&code, &mut random);
        }
    }
    assert!(accepted > 1000, "{accepted}");
}

#[test]
fn random_words_never_panic() {
    let mut random = Random(42);
    for _ in 0..20_000 {
        let mut code = add();
        code.words.clear();
        for _ in 0..=random.below(6) {
            let word = random.below(usize::MAX) as u64 & 0xff01_0003_0003_0f00;
            code.words.push(word | random.below(Opcode::ALL.len()) as u64);
        }
        let _ = verify(&code);
    }
}

#[test]
fn samples_run() {
    let mut random = Random(7);
    for code in all() {
        for _ in 0..50 {
            run::at_random(&code, &mut random);
        }
    }
}

#[test]
fn listings_never_panic() {
    let mut random = Random(3);
    for code in all().iter().cycle().take(4000) {
        let mut code = code.clone();
        mutate(&mut code, &mut random);
        assert!(!crate::bytecode::disassemble::disassemble(&code).is_empty());
    }
}

#[test]
fn a_listing() {
    let listing = crate::bytecode::disassemble::disassemble(&closure());
    let expected = "\
code outer(a, x)
  file t.py, line 1, temporaries 3, flags OPTIMIZED NEWLOCALS
  parameters: positional-only 0, positional 2, keyword-only 0
  cells: x

  line offset        depth
     -      0            0  make_cell           x
            1            0  mov                 t0, x
            2            0  build_tuple         t0, [t0], n=1
            3            0  make_function       a^, [t0], closure, <code inner>
            5            0  return_value        a

code inner()
  file t.py, line 1, temporaries 3, flags OPTIMIZED NEWLOCALS
  free: x

  line offset        depth
     -      0            0  copy_free_vars      x, n=1
            1            0  load_cell           t0, x
            2            0  return_value        t0^
";
    assert_eq!(listing, expected);
}

#[test]
fn common_constants_have_names() {
    let which = crate::bytecode::operand::Kind(CommonConstant::Ellipsis as u16);
    let code = add_(&[(0, LoadCommon { dst: own(0), which }.into())]);
    assert!(crate::bytecode::disassemble::disassemble(&code).contains("load_common         a^, Ellipsis"));
    assert_eq!(function_parts::CLOSURE, 8);
}
