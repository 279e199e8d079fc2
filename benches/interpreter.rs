//! How fast the loop runs: calls, loops, attributes, dicts, the scheduler's switches, and exec against async exec.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use pyx_stdlib::{boot, compile};
use pyx_vm::bootstrap::Python;
use pyx_vm::exception::PyResult;
use pyx_vm::value::Owned;
use pyx_vm::vm::{CompileRequest, Config, Hooks, Thread};

/// An interpreter with the library.
fn python() -> Python {
    let python = Python::new(Config::default());
    let vm = python.vm();
    vm.install(Hooks { compile: compile::compile });
    if let Err(raised) = boot::boot(vm) {
        panic!("the interpreter does not start: {}", vm.describe(raised.exception()));
    }
    python
}

/// A namespace in which a program has run.
fn namespace(vm: &Thread, program: &str) -> Owned {
    let namespace = vm.dict().expect("a dict");
    let code = code(vm, program, 0);
    done(vm, vm.run_code(code, namespace.clone(), namespace.clone(), None));
    namespace
}

/// What a program gives that raises nothing.
fn done(vm: &Thread, result: PyResult) -> Owned {
    result.unwrap_or_else(|raised| panic!("{}", vm.describe(raised.exception())))
}

fn code(vm: &Thread, program: &str, flags: u32) -> Owned {
    let (source, name) = (vm.str(program).expect("a str"), vm.str("<bench>").expect("a str"));
    let request = CompileRequest { flags, ..CompileRequest::new(source.borrow(), name.borrow(), "exec") };
    done(vm, compile::compile(vm, &request))
}

/// Each program defines `work()`, which is what is measured.
const PROGRAMS: &[(&str, &str)] = &[
    ("calls", "def f(a, b=2): return a + b\ndef work():\n for i in range(1000): f(i); f(i, b=3)"),
    ("loops", "def work():\n total = 0\n for i in range(1000):\n  if i % 3: total += i * 2\n return total"),
    (
        "attributes",
        "class P:\n def __init__(self): self.x = 1\n def move(self): self.x += 1\np = P()\n\
         def work():\n for i in range(1000): p.move()",
    ),
    ("dicts", "def work():\n d = {}\n for i in range(1000): d[i % 50] = d.get(i % 50, 0) + i\n return d"),
    ("generators", "def g():\n for i in range(1000): yield i\ndef work():\n for x in g(): pass"),
    (
        "await",
        "async def f(i): return i\nasync def m():\n for i in range(1000): await f(i)\n\
               def work():\n try: m().send(None)\n except StopIteration: pass",
    ),
    (
        "switches",
        "import pyx\nasync def t():\n for i in range(500): await pyx.sleep(0)\n\
         async def m(): await pyx.gather(t(), t())\ndef work(): pyx.run(m())",
    ),
];

fn programs(c: &mut Criterion) {
    let python = python();
    let vm = python.vm();
    for (name, program) in PROGRAMS {
        let namespace = namespace(vm, program);
        let work = vm.get_item(namespace.borrow(), vm.intern("work").expect("a str").borrow());
        let work = work.expect("the program defines it");
        c.bench_function(name, |b| {
            b.iter(|| match vm.call(black_box(work.borrow()), &[]) {
                Ok(value) => drop(value),
                Err(raised) => panic!("{}", vm.describe(raised.exception())),
            });
        });
    }
}

/// A cell with one await against the same one without.
fn cells(c: &mut Criterion) {
    let python = python();
    let vm = python.vm();
    let namespace =
        namespace(vm, "async def ready(): return 1\ndef ready_now(): return 1\ndata = list(range(10))");
    let cell = "y = [v * 2 for v in data]\nname = f'cell {len(y)}'\nr = READY\ntotal = sum(y) + r\n";
    let plain = code(vm, &cell.replace("READY", "ready_now()"), 0);
    c.bench_function("exec", |b| {
        b.iter(|| done(vm, vm.run_code(plain.clone(), namespace.clone(), namespace.clone(), None)));
    });
    let awaiting = code(vm, &cell.replace("READY", "await ready()"), pyx_compiler::ALLOW_TOP_LEVEL_AWAIT);
    c.bench_function("async exec", |b| {
        b.iter(|| {
            let coroutine =
                done(vm, vm.run_code(awaiting.clone(), namespace.clone(), namespace.clone(), None));
            done(vm, vm.run_until_complete(coroutine.borrow()))
        });
    });
}

criterion_group!(benches, programs, cells);
criterion_main!(benches);
