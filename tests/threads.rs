//! Threads where there is nothing to compare with: CPython waits for ever, or ends the process.

use std::process::{Command, Stdio};

/// What a program prints, and says on standard error; it must end well.
#[track_caller]
fn outputs(program: &str) -> (String, String) {
    let mut command = Command::new("timeout");
    command
        .args(["60", env!("CARGO_BIN_EXE_pyx"), "-Wignore::DeprecationWarning", "-c", program])
        .env_clear();
    let output = command.env("PATH", "/usr/bin:/bin").stdin(Stdio::null()).output().expect("pyx starts");
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    let (stdout, stderr) = (text(output.stdout), text(output.stderr));
    assert_eq!(output.status.code(), Some(0), "{stdout}\n{stderr}");
    (stdout, stderr)
}

#[track_caller]
fn check(program: &str, expected: &str) {
    assert_eq!(outputs(program), (expected.to_owned(), String::new()));
}

/// Begins a program with `in_child(function)`, which gives the text of the function's result in a child process.
const IN_CHILD: &str = r"
import os, threading, time

def in_child(function):
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.write(write, repr(function()).encode())
        finally:
            os._exit(0)
    os.close(write)
    os.waitpid(pid, 0)
    with open(read) as file:
        return file.read()
";

#[test]
fn a_child_takes_the_lock_of_warnings_from_a_lost_thread() {
    let program = r#"
import _warnings, warnings
held, stop = threading.Event(), threading.Event()

def hold():
    _warnings._acquire_lock()
    held.set()
    stop.wait()
    _warnings._release_lock()

holder = threading.Thread(target=hold)
holder.start()
held.wait()

def use():
    warnings.simplefilter("ignore")
    warnings.warn("nobody hears it")
    return warnings.filters[0][0]

print(in_child(use))
stop.set()
holder.join()
"#;
    check(&[IN_CHILD, program].concat(), "'ignore'\n");
}

#[test]
fn a_child_takes_a_file_from_a_lost_thread() {
    let program = r#"
read, write = os.pipe()
file = open(write, "wb")

def fill():
    file.write(bytes(1 << 20))
    file.flush()

filler = threading.Thread(target=fill)
filler.start()
time.sleep(0.2)
print(in_child(lambda: file.write(b"x")))
with open(read, "rb") as source:
    count = 0
    while count < 1 << 20:
        count += len(source.read1())
filler.join()
file.close()
print(count)
"#;
    check(&[IN_CHILD, program].concat(), "1\n1048576\n");
}

#[test]
fn nothing_starts_and_nobody_is_waited_for_at_the_end() {
    let program = r#"
import _thread, functools, os, subprocess, time
handle = _thread.start_joinable_thread(functools.partial(time.sleep, 100), daemon=True)

class Last:
    def __init__(self):
        self.tell = os.write
        self.calls = (
            functools.partial(_thread.start_new_thread, print, ()),
            functools.partial(_thread.start_joinable_thread, print),
            handle.join,
            functools.partial(handle.join, 0),
            os.fork,
            functools.partial(subprocess.run, ["/bin/true"], preexec_fn=print),
        )
    def __del__(self):
        for call in self.calls:
            try:
                call()
            except RuntimeError as error:
                self.tell(1, f"{type(error).__name__}: {error}\n".encode())

last = Last()
"#;
    let expected = "PythonFinalizationError: can't create new thread at interpreter shutdown\n\
                    PythonFinalizationError: can't create new thread at interpreter shutdown\n\
                    PythonFinalizationError: cannot join thread at interpreter shutdown\n\
                    PythonFinalizationError: cannot join thread at interpreter shutdown\n\
                    PythonFinalizationError: can't fork at interpreter shutdown\n\
                    PythonFinalizationError: preexec_fn not supported at interpreter shutdown\n";
    check(program, expected);
}

#[test]
fn the_end_takes_locks_from_daemon_threads() {
    // The thread's function has a namespace of its own, or the program's would live on with it.
    let program = r#"
import _imp, threading
elsewhere = {"ready": threading.Event()}
exec("""
import _imp, sys
def hold():
    _imp.acquire_lock()
    ready.set()
    while True:
        sys.stdout.write("x" * 10000)
        sys.stdout.flush()
""", elsewhere)

class Last:
    def __init__(self):
        self.acquire, self.tell = _imp.acquire_lock, __import__("os").write
    def __del__(self):
        self.acquire()
        self.tell(2, b"acquired")

threading.Thread(target=elsewhere["hold"], daemon=True).start()
elsewhere["ready"].wait()
last = Last()
"#;
    let (stdout, stderr) = outputs(program);
    assert!(stdout.chars().all(|char| char == 'x'));
    assert_eq!(stderr, "acquired");
}

#[test]
fn every_thread_awaits_by_itself() {
    let program = r"
import pyx, threading

async def add(numbers):
    total = 0
    for number in numbers:
        await pyx.sleep(0.001)
        total += number
    return total

results = {}

def work(n):
    results[n] = pyx.run(add(range(n)))

async def main():
    threads = [threading.Thread(target=work, args=(n,)) for n in (10, 20, 30)]
    for thread in threads:
        thread.start()
    total = await add(range(40))
    for thread in threads:
        thread.join()
    return total

print(pyx.run(main()), sorted(results.items()))
";
    check(program, "780 [(10, 45), (20, 190), (30, 435)]\n");
}

#[test]
fn a_task_is_woken_and_cancelled_by_other_threads() {
    let program = r#"
import pyx, threading

class Token: pass
class Trap:
    def __await__(self):
        return (yield token)

token = Token()
waiting = []
pyx.adapt(Token, lambda task, token: waiting.append(task))

async def wait():
    return await Trap()

def wake():
    while not waiting:
        pass
    waiting.pop().wake("woken")

thread = threading.Thread(target=wake)
thread.start()
print(pyx.run(wait()))
thread.join()

async def main():
    task = pyx.spawn(wait())
    await pyx.sleep(0)
    thread = threading.Thread(target=task.cancel)
    thread.start()
    try:
        await task
    except pyx.Cancelled:
        print("cancelled")
    thread.join()

    def steal():
        try:
            pyx.run(other)
        except RuntimeError as error:
            print(error)
    other = pyx.spawn(wait())
    thread = threading.Thread(target=steal)
    thread.start()
    thread.join()
    other.cancel()

pyx.run(main())
"#;
    check(program, "woken\ncancelled\nthe task belongs to another thread\n");
}

#[test]
fn several_threads_read_one_directory() {
    let program = r"
import os, threading
names, failed = [], []
directory = os.scandir(os.path.dirname(os.__file__))

def read():
    try:
        for entry in directory:
            names.append(entry.name)
    except BaseException as error:
        failed.append(error)

threads = [threading.Thread(target=read) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print(failed, sorted(names) == sorted(os.listdir(os.path.dirname(os.__file__))))
";
    check(program, "[] True\n");
}
