//! Whole programs in one process, without files or the library, for Miri: each makes an interpreter, compiles a small
//! source, runs it with the builtins alone, collects garbage, and takes the interpreter down.
//!
//! The programs check themselves by `assert`. They go where unsafe code is densest: calls and frames, unwinding,
//! suspended frames that are closed or dropped, the cycle collector, locals written through `f_locals`, and the containers'
//! storage while it changes under an iteration.

use std::rc::Rc;

use pyx_compiler::bytecode::code::Code;
use pyx_grammar::{Bump, Locations, Mode, ParseOptions, Source, parse};
use pyx_vm::bootstrap::Python;
use pyx_vm::exception::PyResult;
use pyx_vm::vm::{Config, Thread};

fn compiled(text: &str) -> Rc<Code> {
    let source = Source::new(text);
    let arena = Bump::new();
    let mut warnings = Vec::new();
    let tree = parse(&source, Mode::Exec, ParseOptions::default(), &arena, &mut warnings).expect("it parses");
    let locations = Locations::of_source(&source);
    let options = pyx_compiler::Options::default();
    pyx_compiler::compile(tree, &locations, b"program.py", &options, &mut warnings).expect("it compiles")
}

/// Runs a program and collects garbage, then runs another one in the same namespace.
fn execute(vm: &Thread, programs: [&Rc<Code>; 2]) -> PyResult<()> {
    vm.make_builtins()?;
    let globals = vm.dict()?;
    for code in programs {
        let code = vm.new_code(code, &[])?;
        vm.run_code(code, globals.clone(), globals.clone(), None)?;
        vm.collect_garbage();
    }
    Ok(())
}

/// Runs a program, which must not raise.
fn run(text: &str) {
    run_and_check(text, "");
}

/// Runs a program, and then one that checks what is left of it.
fn run_and_check(text: &str, check: &str) {
    let (code, check) = (compiled(text), compiled(check));
    let python = Python::new(Config { hash_seed: Some(0), ..Config::default() });
    let vm = python.vm();
    if let Err(raised) = execute(vm, [&code, &check]) {
        let exception = raised.into_exception();
        let repr = vm.repr(exception.borrow()).unwrap_or_else(|_| panic!("an exception without a repr"));
        let text = repr.borrow().downcast::<pyx_vm::heap::inline::Str>().map(|text| text.to_string_lossy());
        panic!("the program raises {}", text.unwrap_or_default());
    }
}

#[test]
fn calls() {
    run("
def plain(a, b=2, *c, d=4, **e): return a, b, c, d, e
assert plain(1) == (1, 2, (), 4, {})
assert plain(1, 5, 6, 7, d=8, x=9) == (1, 5, (6, 7), 8, {'x': 9})
assert plain(*[1, 2, 3], **{'d': 5}) == (1, 2, (3,), 5, {})
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
assert fib(8) == 21
class A:
    __slots__ = ('x', 'y')
    def __init__(self, x): self.x = x
    def __call__(self, n): return self.x + n
    def __add__(self, other): return A(self.x + other.x)
    def __getattr__(self, name): return name
class B(A):
    def __init__(self, x):
        super().__init__(x)
        self.z = x
    @property
    def w(self): return self.z * 2
    @classmethod
    def make(cls, x): return cls(x)
b = B.make(3)
assert b(4) == 7 and b.w == 6 and (b + A(1)).x == 4 and b.missing == 'missing'
counters = []
def outer():
    n = 0
    def inner():
        nonlocal n
        n += 1
        return n
    return inner
f = outer()
assert [f(), f(), f()] == [1, 2, 3]
assert sorted([3, 1, 2], key=lambda v: -v) == [3, 2, 1]
assert list(map(plain, [1])) == [(1, 2, (), 4, {})]
many = plain(*range(40))
assert len(many[2]) == 38
");
}

#[test]
fn unwinding() {
    run("
log = []
class Noisy:
    def __init__(self, n): self.n = n
    def __del__(self): log.append(self.n)
    def __enter__(self): return self
    def __exit__(self, *args): log.append('exit'); return self.n == 5
def raiser(n):
    kept = Noisy(n)
    if n == 0: raise ValueError('bottom')
    return [kept, raiser(n - 1), kept]
try:
    raiser(3)
except ValueError as error:
    assert log == []
    depth, entry = 0, error.__traceback__
    while entry: depth, entry = depth + 1, entry.tb_next
    assert depth == 5
    entry = None
assert sorted(log) == [0, 1, 2, 3], log
log.clear()
with Noisy(5): raise KeyError
assert log == ['exit', 5], log
def finally_(n):
    for i in range(3):
        try:
            if i == n: return i
            continue
        finally:
            log.append(('f', i))
    return None
log.clear()
assert finally_(1) == 1 and finally_(7) is None
try:
    try: 1 // 0
    except ZeroDivisionError as e: raise KeyError('k') from e
except KeyError as e:
    assert type(e.__cause__) is ZeroDivisionError
try:
    raise ExceptionGroup('g', [ValueError(1), TypeError(2)])
except* ValueError as group: log.append(len(group.exceptions))
except* TypeError: pass
assert log[-1] == 1
def deep(n): return deep(n + 1)
try: deep(0)
except RecursionError: pass
else: assert False
");
}

#[test]
fn generators() {
    run("
log = []
def gen(n):
    try:
        for i in range(n):
            got = yield i
            log.append(got)
    finally:
        log.append('closed')
g = gen(3)
assert next(g) == 0 and g.send('a') == 1
g.close()
assert log == ['a', 'closed']
log.clear()
g = gen(3); next(g)
del g
assert log == ['closed']
def middle(n):
    result = yield from gen(n)
    return result, 'done'
def outer(n): return (yield from middle(n))
g = outer(2)
assert next(g) == 0 and g.send(1) == 1
try: g.throw(KeyError('x'))
except KeyError as e: assert e.args == ('x',)
g = outer(5); next(g); next(g)
del g
async def leaf(n): return n
class Suspend:
    def __await__(self): return (yield 'suspended')
async def root():
    total = await leaf(1) + await leaf(2)
    total += await Suspend()
    async with Manager() as m: total += m
    async for item in items(3): total += item
    return total
class Manager:
    async def __aenter__(self): return 10
    async def __aexit__(self, *args): return None
async def items(n):
    for i in range(n): yield i
c = root()
assert c.send(None) == 'suspended'
try: c.send(100)
except StopIteration as stop: assert stop.value == 116, stop.value
else: assert False
c = root(); c.send(None); c.close()
c = root(); c.send(None); del c
assert [x for x in (y * y for y in range(5)) if x % 2] == [1, 9]
a, *b, c = (i for i in range(6))
assert b == [1, 2, 3, 4]
kept = []
def cycle():
    kept.append(me)
    yield 1
    yield 2
me = cycle(); next(me); kept.clear(); me = None
");
}

#[test]
fn frame_locals() {
    run("
def frame_of():
    try: raise ValueError
    except ValueError as error: return error.__traceback__.tb_frame
class Noisy:
    log = []
    def __init__(self, n): self.n = n
    def __del__(self): self.log.append(self.n)
    def __add__(self, other):
        namespace = self.frame.f_locals
        namespace['a'] = None
        namespace['b'] = 3
        return 'sum'
def running():
    a = Noisy(1)
    b = Noisy(2)
    try: raise KeyError
    except KeyError as error: Noisy.frame = error.__traceback__.tb_frame
    result = a + b
    assert a is None and b == 3
    return result
assert running() == 'sum'
Noisy.frame = None
assert sorted(Noisy.log) == [1, 2], Noisy.log
def gen():
    x = Noisy(3)
    while True:
        yield x
g = gen(); next(g)
namespace = g.gi_frame.f_locals
namespace['x'] = 'new'
namespace['other'] = 5
assert next(g) == 'new' and namespace['other'] == 5
assert dict(namespace)['x'] == 'new'
g.close()
held = frame_of()
assert held.f_locals.keys() is not None
held.clear()
def closes():
    c = 1
    def inner(): return c
    try: raise KeyError
    except KeyError as error: error.__traceback__.tb_frame.f_locals['c'] = 2
    return inner()
assert closes() == 2
");
}

#[test]
fn garbage() {
    run_and_check(
        "
class Node:
    alive = 0
    def __init__(self): Node.alive += 1; self.me = self; self.list = [self]; self.dict = {1: self}
    def __del__(self): Node.alive -= 1
for i in range(5):
    node = Node()
    node.function = lambda: node
    def g(n=node): yield n
    node.generator = g()
    next(node.generator)
    node.method = node.__init__
del node, g, i
class Back:
    kept = []
    def __init__(self): self.me = self
    def __del__(self): Back.kept.append(self)
Back()
def chain(n):
    last = None
    for i in range(n): last = [last]
    return last
chain(300)
nested = ()
for i in range(300): nested = (nested, {i: nested})
nested = None
",
        "assert Node.alive == 0 and len(Back.kept) == 1",
    );
}

#[test]
fn containers() {
    run("
class Evil:
    def __init__(self, action): self.action = action
    def __eq__(self, other): self.action(); return False
    def __hash__(self): return 1
d = {}
d[Evil(lambda: d.clear())] = 1
d[1] = 2
d.update({i: str(i) for i in range(40)})
for i in range(0, 40, 3): d.pop(i, None)
assert list(d)[-1] == 38
s = set(range(50)); s -= set(range(0, 50, 2)); s.add('x'); s.discard(1)
assert len(s) == 25
l = list(range(20)); l[3:10] = 'ab'; del l[::2]; l.sort(key=str); l.insert(2, None); l *= 2
assert len(l) == 16
try:
    for x in d: d[object()] = x
except RuntimeError: pass
l = [Evil(lambda: l.clear()) for i in range(3)]
assert 5 not in l
b = bytearray(b'abc'); b += b'def'; view = memoryview(b)[1:4]; assert bytes(view) == b'bcd'
try: b.append(1)
except BufferError: pass
view.release(); b.append(1); b[2:5] = b''
text = 'h\\xe9llo w\\u4e16rld \\U0001f600' * 3
assert text[-1] == '\\U0001f600' and text.upper().lower() == text.lower() and text.split()[1] == 'w\\u4e16rld'
assert f'{text[:5]!r:>10}|{3.5:.2f}|{10**30}' == \"   'h\\xe9llo'|3.50|1000000000000000000000000000000\"
assert 7 ** 90 % 1000 == 249 and (1 << 70) >> 69 == 2 and -7 // 2 == -4
x = {'a': 1}; y = {**x, 'b': 2}; assert x | y == y
match [1, {'k': (2, 3)}]:
    case [int(n), {'k': (a, *r)}]: assert (n, a, r) == (1, 2, [3])
class Slots: __slots__ = ('a',)
o = Slots(); o.a = [o]; del o.a
class Dict: pass
o = Dict()
for i in range(40): setattr(o, f'x{i}', i)
del o.x3
assert o.__dict__['x5'] == 5 and len(vars(o)) == 39
o.__dict__ = {'z': 1}; assert o.z == 1
");
}
