//! Generated programs, run by pyx and by the oracle: both must print the same.
//!
//! A generated program always ends: loops are over short ranges, functions call only those defined before them. It is
//! run as many small parts, each of which prints what its variables hold or which exception ended it, so that a
//! difference is seen near its cause.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use crate::Options;
use crate::random::Random;

/// Tries generated programs.
pub fn run(options: &Options) -> ExitCode {
    let file = std::env::temp_dir().join(format!("pyx-fuzz-{}.py", std::process::id()));
    let ending = options.each_case(|_, mut random| {
        let program = Generator {
            random: &mut random,
            functions: Vec::new(),
            classes: 0,
            in_function: false,
            in_loop: false,
            kind: Plain,
        }
        .program();
        std::fs::write(&file, &program).map_err(|error| error.to_string())?;
        let (ours, theirs) = (output(&options.pyx, &file)?, output(&options.oracle, &file)?);
        // What the oracle does not print twice depends on an address.
        if ours == theirs || output(&options.oracle, &file)? != theirs {
            return Ok(());
        }
        let kept = file.with_file_name("pyx-fuzz-failure.py");
        std::fs::write(&kept, &program).map_err(|error| error.to_string())?;
        let line = ours.lines().zip(theirs.lines()).position(|(a, b)| a != b).unwrap_or(0);
        let at = |text: &str| text.lines().nth(line).unwrap_or("").to_owned();
        Err(format!("{}: line {} is\n{}\nnot\n{}", kept.display(), line + 1, at(&ours), at(&theirs)))
    });
    let _ = std::fs::remove_file(file);
    ending
}

/// What a program prints and how it ends, warnings left out.
fn output(python: &Path, program: &Path) -> Result<String, String> {
    let mut child = Command::new(python)
        .arg(program)
        .env("PYTHONWARNINGS", "ignore")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("{}: {error}", python.display()))?;
    let start = Instant::now();
    let mut stdout = child.stdout.take().expect("piped");
    let mut stderr = child.stderr.take().expect("piped");
    let reader = std::thread::spawn(move || {
        let mut text = Vec::new();
        let _ = std::io::Read::read_to_end(&mut stdout, &mut text);
        text
    });
    let errors = std::thread::spawn(move || {
        let mut text = Vec::new();
        let _ = std::io::Read::read_to_end(&mut stderr, &mut text);
        text
    });
    let status = loop {
        if let Some(status) = child.try_wait().map_err(|error| error.to_string())? {
            break status;
        }
        if start.elapsed() > Duration::from_secs(60) {
            let _ = child.kill();
            return Err(format!("{} does not end", python.display()));
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    let text = String::from_utf8_lossy(&reader.join().expect("reads")).into_owned();
    let errors = String::from_utf8_lossy(&errors.join().expect("reads")).into_owned();
    let last = errors.lines().rfind(|line| !line.contains("Warning")).unwrap_or("");
    Ok(format!("{text}--- {status} {last}\n"))
}

/// What kind of function the statements are in.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Plain,
    Generator,
    Coroutine,
}
use Kind::{Coroutine, Generator as Gen, Plain};

struct Generator<'r> {
    random: &'r mut Random,
    /// Functions that may be called, with their number of parameters.
    functions: Vec<(String, usize, Kind)>,
    classes: usize,
    in_function: bool,
    in_loop: bool,
    kind: Kind,
}

const NAMES: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

const PRELUDE: &str = "\
class V:
    def __init__(self, n): self.n = n
    def __repr__(self): return f'V({self.n})'
    def __add__(self, other): log('add', self, other); return V(self.n + 1)
    def __radd__(self, other): log('radd', self, other); return V(self.n - 1)
    def __iadd__(self, other): log('iadd', self, other); self.n += 1; return self
    def __mul__(self, other): return NotImplemented
    def __eq__(self, other): log('eq', self, other); return isinstance(other, V) and self.n == other.n
    def __lt__(self, other): log('lt', self, other); return self.n < (other.n if isinstance(other, V) else 3)
    def __hash__(self): log('hash', self); return self.n
    def __bool__(self): log('bool', self); return self.n % 2 == 1
    def __getitem__(self, key): log('getitem', self, key); return key
    def __setitem__(self, key, value): log('setitem', self, key, value)
    def __call__(self, *args, **kwargs): log('call', self, args, kwargs); return args
    def __iter__(self): log('iter', self); yield from range(self.n % 4)
    def __contains__(self, item): log('contains', self, item); return item == self.n
    def __enter__(self): log('enter', self); return self
    def __exit__(self, kind, value, traceback): log('exit', self, kind); return self.n % 3 == 0
    def __await__(self): got = yield self.n; return got
    def __del__(self): log('del', self.n)
    async def __aenter__(self): log('aenter'); return await self
    async def __aexit__(self, *args): log('aexit', args[0]); return self.n % 3 == 0
count = 0
def log(*args):
    global count
    count += 1
    if count < 3000: print('  ', *args)
def show(values):
    for key in sorted(values):
        value = values[key]
        if key in 'abcdef':
            text = repr(value) if not callable(value) or type(value) is V else type(value).__name__
            print(key, '=', text[:200] if ' at 0x' not in text else type(value).__name__)
def drive(thing):
    out = []
    try:
        if hasattr(thing, 'send'):
            value = None
            for i in range(6):
                value = thing.send(value)
                out.append(value)
                if i == 3: out.append(thing.throw(ValueError('driven')))
            thing.close()
        return out
    except StopIteration as stop:
        return out, 'returned', stop.value
a = b = c = d = e = f = 0
";

impl Generator<'_> {
    fn program(&mut self) -> String {
        let mut text = PRELUDE.to_owned();
        for part in 0..6 {
            let name = format!("f{part}");
            let parameters = self.random.below(4);
            self.kind = *self.random.pick(&[Plain, Plain, Gen, Coroutine]);
            self.in_function = true;
            let prefix = if self.kind == Coroutine { "async " } else { "" };
            let _ = writeln!(text, "{prefix}def {name}({}):", NAMES[..parameters].join(", "));
            if self.random.once_in(3) {
                let global = NAMES[3 + self.random.below(3)];
                let _ = writeln!(text, "    global {global}");
            }
            if self.kind == Gen {
                text.push_str("    yield 0\n");
            }
            self.block(&mut text, 1, 3);
            self.in_function = false;
            let kind = std::mem::replace(&mut self.kind, Plain);
            self.functions.push((name, parameters, kind));
            text.push_str("try:\n");
            self.block(&mut text, 1, 2);
            text.push_str("except Exception as error:\n    print(type(error).__name__, error, repr(error.__context__)[:100])\n");
            text.push_str("show(globals().copy())\n");
        }
        // What the collector finds at the end dies in the order of its generations, which no two interpreters share.
        text.push_str("a = b = c = d = e = f = None\n");
        text
    }

    fn block(&mut self, text: &mut String, indent: usize, depth: usize) {
        for _ in 0..=self.random.below(4) {
            self.statement(text, indent, depth);
        }
    }

    fn line(&mut self, text: &mut String, indent: usize, line: &str) {
        let _ = writeln!(text, "{}{line}", "    ".repeat(indent));
    }

    fn statement(&mut self, text: &mut String, indent: usize, depth: usize) {
        let choice = self.random.below(if depth == 0 { 9 } else { 19 });
        match choice {
            0..=2 => {
                let line = format!("{} = {}", self.target(), self.expression(3));
                self.line(text, indent, &line);
            }
            3 => {
                let operator = self.random.pick(&["+=", "-=", "*=", "|=", "//=", "%="]);
                let line = format!("{} {operator} {}", self.name(), self.expression(2));
                self.line(text, indent, &line);
            }
            4 => {
                let line = format!("log({}, {})", self.expression(3), self.expression(1));
                self.line(text, indent, &line);
            }
            5 => {
                let line = match self.random.below(3) {
                    0 => format!("del {}", self.name()),
                    1 => format!("assert {}, {}", self.expression(2), self.expression(1)),
                    _ => self.expression(3),
                };
                self.line(text, indent, &line);
            }
            6 => {
                let kind = self.random.pick(&[
                    "ValueError",
                    "KeyError('k')",
                    "TypeError(1, 2)",
                    "ZeroDivisionError",
                ]);
                let line = format!("if {}: raise {kind}", self.expression(1));
                self.line(text, indent, &line);
            }
            7 if self.in_loop => {
                let jump = self.random.pick(&["break", "continue"]);
                let line = format!("if {}: {jump}", self.expression(2));
                self.line(text, indent, &line);
            }
            8 if self.in_function => {
                let line = match self.kind {
                    Gen => format!("{} = yield {}", self.name(), self.expression(2)),
                    Coroutine => format!("{} = await V({})", self.name(), self.random.below(9)),
                    Plain => format!("if {}: return {}", self.expression(1), self.expression(2)),
                };
                self.line(text, indent, &line);
            }
            7 | 8 => self.line(text, indent, "pass"),
            9 | 10 => {
                let line = format!("if {}:", self.expression(2));
                self.line(text, indent, &line);
                self.block(text, indent + 1, depth - 1);
                if self.random.once_in(2) {
                    self.line(text, indent, "else:");
                    self.block(text, indent + 1, depth - 1);
                }
            }
            11 | 12 => {
                let line = format!("for {} in {}:", self.target(), self.iterable());
                self.line(text, indent, &line);
                let outer = std::mem::replace(&mut self.in_loop, true);
                self.block(text, indent + 1, depth - 1);
                self.in_loop = outer;
                if self.random.once_in(3) {
                    self.line(text, indent, "else:");
                    self.block(text, indent + 1, depth - 1);
                }
            }
            13 | 14 => self.try_statement(text, indent, depth),
            15 => {
                let prefix = if self.kind == Coroutine && self.random.once_in(2) { "async " } else { "" };
                let line = format!("{prefix}with V({}) as {}:", self.random.below(9), self.name());
                self.line(text, indent, &line);
                self.block(text, indent + 1, depth - 1);
            }
            16 => {
                let line = format!("match {}:", self.expression(2));
                self.line(text, indent, &line);
                for _ in 0..=self.random.below(2) {
                    let pattern = self.pattern(2);
                    self.line(text, indent + 1, &format!("case {pattern}:"));
                    self.block(text, indent + 2, depth - 1);
                }
            }
            17 => {
                let (name, parameter) = (self.name(), self.name());
                let default = self.random.below(9);
                self.line(text, indent, &format!("def {name}({parameter}={default}):"));
                let state = (self.in_function, self.in_loop, self.kind);
                (self.in_function, self.in_loop, self.kind) = (true, false, Plain);
                self.block(text, indent + 1, depth - 1);
                (self.in_function, self.in_loop, self.kind) = state;
            }
            _ => {
                self.classes += 1;
                let name = self.name();
                let bases = self.random.pick(&["", "(V)", "(list)", "(Exception)"]);
                self.line(text, indent, &format!("class {name}{bases}:"));
                let state = (self.in_function, self.in_loop, self.kind);
                (self.in_function, self.in_loop, self.kind) = (false, false, Plain);
                self.block(text, indent + 1, depth - 1);
                (self.in_function, self.in_loop, self.kind) = state;
            }
        }
    }

    fn try_statement(&mut self, text: &mut String, indent: usize, depth: usize) {
        self.line(text, indent, "try:");
        self.block(text, indent + 1, depth - 1);
        let handlers = self.random.below(3);
        // `break`, `continue` and `return` may not leave an `except*`.
        for _ in 0..handlers {
            let class = self.random.pick(&["ValueError", "(KeyError, TypeError)", "Exception", "NameError"]);
            let name = self.name();
            self.line(text, indent, &format!("except {class} as {name}:"));
            self.line(
                text,
                indent + 1,
                &format!("log(type({name}).__name__, {name}.args, {name}.__context__ is None)"),
            );
            if self.random.once_in(4) {
                self.line(text, indent + 1, "raise");
            }
            self.block(text, indent + 1, depth - 1);
        }
        if handlers > 0 && self.random.once_in(3) {
            self.line(text, indent, "else:");
            self.block(text, indent + 1, depth - 1);
        }
        if handlers == 0 || self.random.once_in(2) {
            self.line(text, indent, "finally:");
            self.block(text, indent + 1, depth - 1);
        }
    }

    fn name(&mut self) -> &'static str {
        self.random.pick::<&'static str>(&NAMES)
    }

    fn target(&mut self) -> String {
        match self.random.below(10) {
            0 => format!("{}, {}", self.name(), self.name()),
            1 => format!("{}, *{}", self.name(), self.name()),
            2 => format!("{}[{}]", self.name(), self.expression(1)),
            3 => format!("[{}, [{}]]", self.name(), self.name()),
            _ => self.name().to_owned(),
        }
    }

    fn iterable(&mut self) -> String {
        match self.random.below(6) {
            0 => format!("range({})", self.random.below(5)),
            1 => format!("V({})", self.random.below(6)),
            2 => format!("[{}, {}]", self.expression(1), self.expression(1)),
            3 => format!("enumerate({})", self.random.pick(&["'xyz'", "range(2)", "V(3)", "(1, 2)"])),
            4 => format!("zip('ab', {})", self.random.pick(&["range(3)", "V(2)", "[1]"])),
            _ => "{'p': 1, 'q': 2}.items()".to_owned(),
        }
    }

    fn pattern(&mut self, depth: usize) -> String {
        match self.random.below(if depth == 0 { 4 } else { 9 }) {
            0 => self.random.below(5).to_string(),
            1 => "str()".to_owned(),
            2 => "None | True".to_owned(),
            3 => {
                format!("{} if {}", self.name(), self.expression(1))
                    .split(" if")
                    .next()
                    .unwrap_or("_")
                    .to_owned()
                    + " if 1"
            }
            4 => format!("[{}, *_]", self.random.below(3)),
            5 => format!("({}, _)", self.name()),
            6 => format!("{{'p': {}}}", self.random.below(3)),
            7 => format!("V(n={})", self.random.below(9)),
            _ => "int() | float()".to_owned(),
        }
    }

    fn expression(&mut self, depth: usize) -> String {
        if depth == 0 {
            return match self.random.below(9) {
                0..=3 => self.name().to_owned(),
                4 | 5 => (self.random.below(9) as i64 - 2).to_string(),
                6 => (*self.random.pick(&[
                    "'x'", "''", "1.5", "None", "True", "10**20", "-2**62", "2**61", "(1, 2)", "[]", "{}",
                ]))
                .to_owned(),
                7 => format!("V({})", self.random.below(9)),
                _ => format!("[{}, {}]", self.name(), self.random.below(9)),
            };
        }
        let (x, y) = (self.expression(depth - 1), self.expression(depth - 1));
        match self.random.below(24) {
            0..=4 => format!("({x} {} {y})", self.random.pick(&["+", "-", "*", "//", "%", "|", "&", "^"])),
            5 | 6 => {
                format!("({x} {} {y})", self.random.pick(&["<", "==", "!=", "in", "is", "not in", ">="]))
            }
            7 => format!("({x} < {y} < {})", self.expression(depth - 1)),
            8 => format!("({x} and {y})"),
            9 => format!("({x} or {y})"),
            10 => format!("({x} if {y} else {})", self.expression(depth - 1)),
            11 => format!(
                "{}({x})",
                self.random.pick(&["-", "not ", "repr", "len", "bool", "list", "str", "tuple"])
            ),
            12 => format!("({} := {x})", self.name()),
            13 => format!("{}[{x}]", self.name()),
            14 => format!("[{x}, *{y}]"),
            15 => format!("{{{x}: {y}}}"),
            16 => format!("f'{{{}}}:{{{}!r}}'", self.name(), self.name()),
            17 => format!("(lambda {}: {x})({y})", self.name()),
            18 | 19 => match self.functions.is_empty() {
                true => format!("({x}, {y})"),
                false => {
                    let index = self.random.below(self.functions.len());
                    let (name, parameters, kind) = self.functions[index].clone();
                    let mut arguments: Vec<String> =
                        (0..parameters).map(|_| self.expression(depth - 1)).collect();
                    if self.random.once_in(9) {
                        arguments.push("*[1]".to_owned());
                    }
                    let call = format!("{name}({})", arguments.join(", "));
                    match kind {
                        Plain => call,
                        Coroutine if self.kind == Coroutine => format!("(await {call})"),
                        Gen if self.kind == Gen => format!("(yield from {call})"),
                        _ => format!("drive({call})"),
                    }
                }
            },
            20 => format!("{}.n", self.name()),
            21 => format!("{}({x}, k={y})", self.name()),
            22 if self.kind == Plain => {
                format!("[{x} for {} in {} if {y}]", self.name(), self.iterable()).replace(":=", "==")
            }
            _ => format!("({x}, {y})"),
        }
    }
}
