//! Good code, assembled by hand.

use super::*;
use crate::bytecode::code::Text;
use crate::bytecode::opcode::{AwaitedBy, ManagerKind};
use crate::bytecode::operand::Kind;

pub(super) fn text(text: &str) -> Text {
    Rc::from(text.as_bytes())
}

pub(super) fn variable(name: &str, kind: LocalKind) -> Local {
    Local { name: text(name), kind, cell: false, inlined: false }
}

/// The temporary as a destination; two locals come before the temporaries in most samples.
pub(super) fn t(temporary: u16) -> Out {
    Out { register: 2 + temporary, own: false }
}

/// The temporary, moved.
pub(super) fn temp(temporary: u16) -> In {
    In { register: 2 + temporary, own: true }
}

/// The temporary, borrowed.
pub(super) fn borrowed(temporary: u16) -> In {
    In { register: 2 + temporary, own: false }
}

pub(super) fn base(temporary: u16) -> Base {
    Base { register: 2 + temporary, own: false }
}

pub(super) fn kept(register: u16) -> Kept {
    Kept { register, own: false }
}

pub(super) fn local(register: u16) -> In {
    In { register, own: false }
}

/// The local as a destination.
pub(super) fn own(register: u16) -> Out {
    Out { register, own: true }
}

/// Code of these instructions with their depths; labels hold the index of the item they go to.
pub(super) fn assemble(
    arg_count: u32,
    locals: Vec<Local>,
    temporaries: u32,
    items: &[(u32, Instruction)],
) -> Code {
    let starts = starts(items);
    let mut words = Vec::new();
    for (i, (_, instruction)) in items.iter().enumerate() {
        let resolved = match instruction.label() {
            Some(Label(target)) if (target as usize) < starts.len() => {
                Label(starts[target as usize] as i32 - starts[i + 1] as i32)
            }
            Some(label) => label,
            None => Label(0),
        };
        instruction.with_label(resolved).encode(&mut words);
    }
    let depths = items.iter().zip(&starts).map(|(&(depth, _), &start)| (start, depth));
    Code {
        name: text("f"),
        qualname: text("f"),
        filename: text("t.py"),
        first_line: 1,
        flags: flags::OPTIMIZED | flags::NEWLOCALS,
        arg_count,
        posonly_arg_count: 0,
        kwonly_arg_count: 0,
        near_locals: locals.len() as u32,
        locals,
        temporaries,
        names: vec![text("name")],
        constants: vec![Constant::None],
        words,
        exceptions: Vec::new(),
        depths: DepthTable(depths.collect()),
        positions: Vec::new(),
        async_reason: None,
    }
}

/// The first word of each item, and of what follows the last.
fn starts(items: &[(u32, Instruction)]) -> Vec<u32> {
    let mut starts = vec![0];
    for (_, instruction) in items {
        starts.push(starts[starts.len() - 1] + instruction.opcode().words() as u32);
    }
    starts
}

fn function(temporaries: u32, items: &[(u32, Instruction)]) -> Code {
    let locals = vec![variable("a", LocalKind::Parameter), variable("b", LocalKind::Parameter)];
    assemble(2, locals, temporaries, items)
}

/// Adds an exception range over items, `start..end`, to the handler at an item.
fn guarded(mut code: Code, items: &[(u32, Instruction)], ranges: &[(usize, usize, usize, u32)]) -> Code {
    let starts = starts(items);
    code.exceptions = ranges
        .iter()
        .map(|&(start, end, handler, depth)| ExceptionRange {
            start: starts[start],
            end: starts[end],
            handler: starts[handler],
            depth,
        })
        .collect();
    code
}

fn return_none() -> (u32, Instruction) {
    (0, ReturnConst { pad: Count(0), value: Const(0) }.into())
}

/// `def f(a, b)` of these instructions and a return of None; two temporaries.
pub(super) fn add_(items: &[(u32, Instruction)]) -> Code {
    let mut items = items.to_vec();
    items.push(return_none());
    // Labels are distances here, for what the tests want to get wrong.
    let mut code = function(2, &items);
    code.words.clear();
    for (_, instruction) in items {
        instruction.encode(&mut code.words);
    }
    code
}

/// `return a + b`
pub(super) fn add() -> Code {
    function(
        1,
        &[
            (0, Add { dst: t(0), lhs: local(0), rhs: local(1), inplace: false }.into()),
            (0, ReturnValue { src: temp(0) }.into()),
        ],
    )
}

/// `return 1 if a < b else -a`
pub(super) fn branches() -> Code {
    let target = Label(3);
    function(
        1,
        &[
            (0, JumpIfLt { lhs: local(0), rhs: local(1), target, pad: Cache(0), negate: true }.into()),
            (0, LoadInt { dst: t(0), value: Int(1) }.into()),
            (1, Jump { pad: Count(0), target: Label(4) }.into()),
            (0, Neg { dst: t(0), src: local(0) }.into()),
            (0, ReturnValue { src: temp(0) }.into()),
        ],
    )
}

/// `for a in b: print(a, [*a], *b, **{})`
fn calls() -> Code {
    function(
        5,
        &[
            (0, GetIter { dst: t(0), src: local(1) }.into()),
            (1, ForIter { dst: own(0), iter: kept(2), target: Label(13), pad: Cache(0) }.into()),
            (1, LoadGlobal { dst: t(1), name: Name(0) }.into()),
            (2, Mov { dst: t(2), src: local(0) }.into()),
            (3, BuildList { dst: t(3), base: base(3), n: Count(0) }.into()),
            (4, ListExtend { list: kept(5), items: local(0) }.into()),
            (2, BuildTuple { dst: t(2), base: base(2), n: Count(2) }.into()),
            (3, BuildMap { dst: t(3), base: base(3), n: Count(0) }.into()),
            (4, DictMerge { map: kept(5), items: local(1), callable: kept(3) }.into()),
            (1, CallEx { dst: t(1), base: base(1) }.into()),
            (1, LoadMethod { base: base(1), object: temp(1), name: Name(0), shape: Cache(0) }.into()),
            (1, CallMethod { dst: own(0), base: base(1), n: Count(0) }.into()),
            (1, JumpBack { pad: Count(0), target: Label(1) }.into()),
            return_none(),
        ],
    )
}

/// `try: b = a / b` … `except b: a` … `finally`, with a local that may be unbound.
fn exceptions() -> Code {
    let items = [
        (0, DeleteLocal { local: kept(1) }.into()),
        (0, TrueDiv { dst: own(1), lhs: local(0), rhs: local(0), inplace: false }.into()),
        return_none(),
        // The handler: the saved exception is temporary 0.
        (1, LoadGlobal { dst: t(1), name: Name(0) }.into()),
        (1, JumpIfNoMatch { type_: temp(1), target: Label(9) }.into()),
        (1, LoadExc { dst: own(0) }.into()),
        (1, CheckLocal { local: kept(1) }.into()),
        (0, PopExcept { saved: temp(0) }.into()),
        (0, ReturnValue { src: local(1) }.into()),
        (0, Reraise { saved: temp(0), place: Kind(0) }.into()),
        // What goes wrong in the handler.
        (1, PopExcept { saved: temp(1) }.into()),
        (0, DropTemp { src: temp(0) }.into()),
        return_none(),
    ];
    let code = function(3, &items);
    guarded(code, &items, &[(1, 2, 3, 0), (3, 9, 10, 1)])
}

/// `with a as b: pass`
fn with() -> Code {
    let items = [
        (0, Mov { dst: t(0), src: local(0) }.into()),
        (0, LoadManager { base: base(0), kind: Kind(ManagerKind::With as u16) }.into()),
        (2, CallMethod { dst: own(1), base: base(2), n: Count(0) }.into()),
        (2, Neg { dst: own(1), src: local(1) }.into()),
        // The normal end: exit(None, None, None)
        (2, LoadConst { dst: t(2), value: Const(0) }.into()),
        (3, LoadConst { dst: t(3), value: Const(0) }.into()),
        (4, LoadConst { dst: t(4), value: Const(0) }.into()),
        (0, CallMethod { dst: t(0), base: base(0), n: Count(3) }.into()),
        (0, DropTemp { src: temp(0) }.into()),
        return_none(),
        // The handler: exit, self, saved
        (3, PushExitArgs { base: base(3), exit: kept(2) }.into()),
        (3, CallMethod { dst: t(3), base: base(3), n: Count(3) }.into()),
        (3, JumpIf { src: temp(3), target: Label(14) }.into()),
        (2, Reraise { saved: temp(2), place: Kind(0) }.into()),
        (2, PopExcept { saved: temp(2) }.into()),
        (1, DropTemp { src: temp(1) }.into()),
        (0, DropTemp { src: temp(0) }.into()),
        return_none(),
    ];
    let code = function(8, &items);
    guarded(code, &items, &[(3, 4, 10, 2)])
}

/// A closure: `x` is a cell that `inner` returns the content of.
pub(super) fn closure() -> Code {
    let mut x = variable("x", LocalKind::Parameter);
    x.cell = true;
    let parts = Kind(function_parts::CLOSURE);
    let items = [
        (0, MakeCell { local: kept(1) }.into()),
        (0, Mov { dst: t(0), src: local(1) }.into()),
        (0, BuildTuple { dst: t(0), base: base(0), n: Count(1) }.into()),
        (0, MakeFunction { dst: own(0), base: base(0), parts, code: Const(0), pad: Cache(0) }.into()),
        (0, ReturnValue { src: local(0) }.into()),
    ];
    let mut outer = assemble(2, vec![variable("a", LocalKind::Parameter), x], 3, &items);
    outer.qualname = text("outer");
    let load = |register| Out { register, own: false };
    let items = [
        (0, CopyFreeVars { first: kept(0), n: Count(1) }.into()),
        (0, LoadCell { dst: load(1), cell: kept(0) }.into()),
        (0, ReturnValue { src: In { register: 1, own: true } }.into()),
    ];
    let mut inner = assemble(0, vec![variable("x", LocalKind::Free)], 3, &items);
    inner.qualname = text("inner");
    outer.constants = vec![Constant::Code(Rc::new(inner).into())];
    outer
}

/// A coroutine: `await a(b)`, then `await b`.
fn coroutine() -> Code {
    let mut code = function(
        3,
        &[
            (0, Mov { dst: t(0), src: local(0) }.into()),
            (1, Mov { dst: t(1), src: local(1) }.into()),
            (0, AwaitCall { dst: t(0), base: base(0), n: Count(1) }.into()),
            (0, Await { dst: own(0), iter: temp(0) }.into()),
            (0, GetAwaitable { dst: t(0), src: local(1), how: Kind(AwaitedBy::Await as u16) }.into()),
            (0, Await { dst: t(0), iter: temp(0) }.into()),
            (0, ReturnValue { src: temp(0) }.into()),
        ],
    );
    code.flags |= flags::COROUTINE;
    code
}

/// `async for b in a: yield b`
fn async_generator() -> Code {
    let items = [
        (0, GetAiter { dst: t(0), src: local(0) }.into()),
        (1, GetAnext { dst: t(1), aiter: kept(2) }.into()),
        (1, Await { dst: own(1), iter: temp(1) }.into()),
        (1, YieldItem { dst: t(1), src: local(1) }.into()),
        (1, DropTemp { src: temp(1) }.into()),
        (1, JumpBack { pad: Count(0), target: Label(1) }.into()),
        (0, EndAsyncFor { aiter: temp(0), saved: temp(1) }.into()),
        return_none(),
    ];
    let mut code = guarded(function(3, &items), &items, &[(1, 3, 6, 1)]);
    code.flags |= flags::ASYNC_GENERATOR;
    code
}

/// A template of two constant tuples.
fn template() -> Code {
    let items = [
        (0, LoadConst { dst: t(0), value: Const(1) }.into()),
        (1, LoadConst { dst: t(1), value: Const(1) }.into()),
        (0, BuildTemplate { dst: t(0), base: base(0) }.into()),
        (0, ReturnValue { src: temp(0) }.into()),
    ];
    let mut template = function(2, &items);
    template.constants.push(Constant::Tuple(Rc::from([Constant::Int(1)])));
    template
}

/// Unpacking, slices, swaps, borrowed temporaries, containers, matching.
fn containers() -> Code {
    let mut code = function(
        6,
        &[
            (0, Unpack { base: base(0), src: local(0), n: Count(3) }.into()),
            (3, Swap { a: kept(2), b: kept(4) }.into()),
            (2, Mov { dst: own(0), src: temp(2) }.into()),
            (1, UnpackPair { first: t(2), second: t(1), src: temp(1) }.into()),
            (3, LoadItem { dst: t(3), object: borrowed(0), key: borrowed(1) }.into()),
            (3, DropTemp { src: temp(3) }.into()),
            (0, LoadSlice { dst: t(0), object: temp(0), bounds: base(1) }.into()),
            (0, UnpackStar { base: base(0), src: temp(0), before: Int(1), after: Int(1) }.into()),
            (0, BuildSet { dst: t(0), base: base(0), n: Count(3) }.into()),
            (1, SetAdd { set: kept(2), item: local(1) }.into()),
            (1, LoadConst { dst: t(1), value: Const(1) }.into()),
            (2, MatchKeys { dst: t(2), subject: kept(0), keys: kept(3) }.into()),
            (2, JumpIfNone { src: temp(2), target: Label(15) }.into()),
            (1, BuildList { dst: t(1), base: base(1), n: Count(1) }.into()),
            (1, ListToTuple { dst: t(1), src: temp(1) }.into()),
            (0, BuildTuple { dst: t(0), base: base(0), n: Count(2) }.into()),
            (0, ReturnValue { src: temp(0) }.into()),
        ],
    );
    code.constants.push(Constant::Tuple(Rc::from([Constant::Int(1)])));
    code
}

/// The code objects that the compiler makes of a program.
pub(super) fn compiled() -> Vec<Code> {
    use pyx_grammar::{Bump, Locations, Mode, ParseOptions, Source, parse};
    let source = Source::new(include_str!("program.py"));
    let arena = Bump::new();
    let module = parse(&source, Mode::Exec, ParseOptions::default(), &arena, &mut Vec::new()).unwrap();
    let locations = Locations::of_source(&source);
    let options = crate::Options::default();
    let mut all = vec![crate::compile(module, &locations, b"t.py", &options, &mut Vec::new()).unwrap()];
    let mut at = 0;
    while let Some(code) = all.get(at).cloned() {
        all.extend(code.constants.iter().filter_map(|constant| match constant {
            Constant::Code(inner) => Some(Rc::clone(inner)),
            _ => None,
        }));
        at += 1;
    }
    all.iter().map(|code| Code::clone(code)).collect()
}

pub(super) fn all() -> Vec<Code> {
    let mut all = vec![
        add(),
        branches(),
        calls(),
        exceptions(),
        with(),
        closure(),
        coroutine(),
        async_generator(),
        template(),
        containers(),
    ];
    all.extend(compiled());
    all
}
