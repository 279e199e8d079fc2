//! The module `pyx`: tasks on the built-in scheduler, and code that awaits outside of functions. CPython has nothing to
//! compare with, so the expected output stands beside each program.

use std::io::Write;
use std::process::{Command, Stdio};

/// What a program writes to standard output, then to standard error.
fn run(program: &str) -> String {
    let mut child = Command::new(env!("CARGO_BIN_EXE_pyx"))
        .args(["-I", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("pyx starts");
    child.stdin.take().expect("a pipe").write_all(program.as_bytes()).expect("pyx reads");
    let output = child.wait_with_output().expect("pyx ends");
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn tasks_take_turns_and_give_values() {
    let output = run("import pyx
async def count(name, n):
    for i in range(n):
        print(name, i)
        await pyx.sleep(0)
    return name
print(await pyx.gather(count('a', 2), count('b', 3)))
task = pyx.spawn(count('c', 1), name='third')
print(task.get_name(), task.done(), await task, task.done(), pyx.tasks() == [pyx.current_task()])
");
    assert_eq!(output, "a 0\nb 0\na 1\nb 1\nb 2\n['a', 'b']\nc 0\nthird False c True True\n");
}

#[test]
fn failures_reach_who_awaits_or_are_reported() {
    let output = run("import pyx
async def boom(): raise ValueError('no')
try: await pyx.spawn(boom())
except ValueError as error: print('caught', error)
print(await pyx.gather(boom(), pyx.sleep(0, 1), return_exceptions=True))
pyx.spawn(boom())
await pyx.sleep(0)
await pyx.sleep(0)
print('end')
");
    assert!(output.starts_with("caught no\n[ValueError('no'), 1]\nend\n"), "{output}");
    assert!(output.contains("Exception in task that nobody awaits"), "{output}");
}

#[test]
fn cancelling_runs_what_cleans_up_to_its_end() {
    let output = run("import pyx
async def f(name):
    try: await pyx.sleep(60)
    finally:
        await pyx.sleep(0.01)
        print('clean', name)
task = pyx.spawn(f('a'))
both = pyx.spawn(pyx.gather(f('b'), f('c')))
await pyx.sleep(0)
await pyx.sleep(0)
print(task.cancel('enough'), both.cancel())
try: await task
except pyx.Cancelled as error: print(repr(error), task.cancelled(), task.cancel())
left = pyx.spawn(f('d'))
await pyx.sleep(0)
");
    let mut lines: Vec<&str> = output.lines().collect();
    lines.sort_unstable();
    let expected =
        ["Cancelled('enough') True False", "True True", "clean a", "clean b", "clean c", "clean d"];
    assert_eq!(lines, expected, "{output}");
}

#[test]
fn tasks_have_contexts_of_their_own() {
    let output = run("import pyx
from _contextvars import ContextVar
v = ContextVar('v', default=0)
async def f():
    before = v.get(); v.set(before + 10); await pyx.sleep(0)
    return before, v.get()
v.set(1)
first = pyx.spawn(f())
v.set(2)
print(await first, await pyx.spawn(f()), v.get())
");
    assert_eq!(output, "(1, 11) (2, 12) 2\n");
}

#[test]
fn file_descriptors_are_awaited() {
    let output = run("import pyx, os
r, w = os.pipe()
async def read():
    await pyx.readable(r)
    return os.read(r, 10)
task = pyx.spawn(read())
await pyx.sleep(0.01)
print(task.done())
await pyx.writable(w)
os.write(w, b'data')
print(await task)
");
    assert_eq!(output, "False\nb'data'\n");
}

#[test]
fn adapters_and_hooks_serve_other_libraries() {
    let output = run("import pyx
class Trap:
    def __await__(self): return (yield self)
pyx.adapt(Trap, lambda task, trap: task.wake('answered'))
events = []
async def main(): return await Trap()
pyx.add_hook(lambda event, task: events.append(event))
print(await pyx.spawn(main()))
print(events[:4])
class Strange(Trap): pass
class Other:
    def __await__(self): yield self
print(await Strange())
try: await Other()
except RuntimeError as error: print(str(error)[:50])
");
    let expected = "answered\n['created', 'suspended', 'resumed', 'suspended']\nanswered\n\
                    a task awaits something that no event loop here kn\n";
    assert_eq!(output, expected);
}

#[test]
fn code_says_whether_it_needs_async_in_every_form() {
    let output = run("import pyx
ONLY_AST, AWAIT = 0x400, 0x2000
for source in ['a = 1\\nawait x', 'a = 1', 'async for i in x: pass', '[i async for i in x]', 'if 0: await x',
               'async def f(): await x', 'g = (i async for i in x)']:
    tree = compile(source, '', 'exec', ONLY_AST)
    code = compile(source, '', 'exec', AWAIT)
    answers = [pyx.needs_async(form) for form in (source, tree, code)]
    print(answers[0] and tuple(answers[0]), answers[0] == answers[1] == answers[2])
");
    let expected = "('await', 2, 0) True\nNone True\n('async for', 1, 0) True\n('asynchronous comprehension', 1, 0) True\n\
                    ('await', 1, 6) True\nNone True\nNone True\n";
    assert_eq!(output, expected);
}

#[test]
fn cells_are_one_code_object_with_a_value() {
    let output = run("import pyx
g = {'pyx': pyx}
print(await pyx.exec_async('a = await pyx.sleep(0, 1)\\nb = 2\\na + b', g), g['a'], g['b'])
print(await pyx.exec_async('c = 3', g), await pyx.exec_async('c', g))
print(await pyx.exec_async(compile('a + 1; b + 1', '', 'exec', 0x400), g), await pyx.exec_async('x: int = 5; x', g))
names = {}
print(await pyx.exec_async('n = await pyx.sleep(0, 7); n', g, names), names)
code = pyx.compile_interactive('a = await pyx.sleep(0, 1)\\na', 'cell')
print(hex(code.co_flags))
try: exec(code)
except TypeError as error: print('exec_async' in str(error))
coroutine = pyx.exec_async('await pyx.sleep(0); raise StopIteration(5)', g)
try: await coroutine
except RuntimeError as error: print(error, '|', repr(error.__cause__))
eval(compile('await x', 'cell', 'exec', 0x2000)).close()
");
    let expected =
        "3 1 2\nNone 3\n3 5\n7 {'n': 7}\n0x80\nTrue\ncoroutine raised StopIteration | StopIteration(5)\n";
    assert_eq!(output, expected);
}

#[test]
fn programs_may_await_and_the_modules_they_import_may_not() {
    let folder = std::env::temp_dir().join(format!("pyx-await-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("imported.py"), "import pyx\nawait pyx.sleep(0)\n").expect("a file");
    let program = "import pyx\nprint(await pyx.sleep(0, 'program'))\ntry: import imported\n\
                   except SyntaxError as error: print(error.msg)\n";
    std::fs::write(folder.join("program.py"), program).expect("a file");
    let output = Command::new(env!("CARGO_BIN_EXE_pyx"))
        .arg(folder.join("program.py"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .expect("pyx runs");
    let _ = std::fs::remove_dir_all(&folder);
    assert_eq!(String::from_utf8_lossy(&output.stdout), "program\n'await' outside function\n");
}
