//! Mutated code objects: the verifier refuses them, or they run without harm.
//!
//! Cases run in a child process, which says the number of each before it tries it. A child that is killed by a signal, or
//! that panics, has found something; one that is busy for too long has met an endless loop, which is allowed, and the next
//! child starts after that case.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, ExitCode, Stdio};
use std::rc::Rc;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use pyx_compiler::bytecode::code::{Code, Constant};
use pyx_compiler::bytecode::disassemble::disassemble;
use pyx_compiler::bytecode::opcode::{Instruction, Opcode};
use pyx_compiler::bytecode::verify::verify;
use pyx_vm::bootstrap::Python;
use pyx_vm::exception::PyResult;
use pyx_vm::vm::{Config, Hooks, Thread};

use super::compile::code_of;
use crate::Options;
use crate::corpus::Corpus;
use crate::random::Random;

/// How long a case may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// How many findings are enough for one run.
const TOLERATED: u32 = 20;

/// Starts children, the next after the case that one dies of, until the time is over.
pub fn run(options: &Options) -> ExitCode {
    let start = Instant::now();
    let mut first = options.only.unwrap_or(options.first);
    let (mut loops, mut ran, mut deaths) = (0, 0, 0);
    while start.elapsed() < options.time {
        let left = options.time.saturating_sub(start.elapsed());
        match watch(options, first, left) {
            Ending::Over { last, runs } => {
                ran += runs;
                first = last + 1;
                if options.only.is_some() || left <= PATIENCE {
                    break;
                }
            }
            Ending::Busy { last, runs } => {
                (loops, ran, first) = (loops + 1, ran + runs, last + 1);
            }
            Ending::Died { last, how } => {
                println!("case {last} of seed {} dies: {how}", options.seed);
                (deaths, first) = (deaths + 1, last + 1);
                if deaths == TOLERATED {
                    break;
                }
            }
        }
        if options.only.is_some() {
            break;
        }
    }
    println!("code: {first} cases, {ran} ran, {loops} without end, {deaths} deaths (seed {})", options.seed);
    if deaths == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

enum Ending {
    Over { last: u64, runs: u64 },
    Busy { last: u64, runs: u64 },
    Died { last: u64, how: String },
}

/// Runs a child and follows what it says.
fn watch(options: &Options, first: u64, time: Duration) -> Ending {
    let mut child = spawn(options, first, time);
    let stdout = BufReader::new(child.stdout.take().expect("piped"));
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        for line in stdout.lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    let (mut last, mut runs) = (first, 0);
    loop {
        match receiver.recv_timeout(PATIENCE) {
            Ok(line) => match line.strip_prefix("#case ").and_then(|number| number.parse().ok()) {
                Some(number) => last = number,
                None => runs += u64::from(line == "#ran"),
            },
            Err(mpsc::RecvTimeoutError::Timeout) => {
                let _ = child.kill();
                let _ = child.wait();
                return Ending::Busy { last, runs };
            }
            Err(mpsc::RecvTimeoutError::Disconnected) => break,
        }
    }
    match child.wait() {
        Ok(status) if status.success() => Ending::Over { last, runs },
        Ok(status) => Ending::Died { last, how: status.to_string() },
        Err(error) => Ending::Died { last, how: error.to_string() },
    }
}

fn spawn(options: &Options, first: u64, time: Duration) -> Child {
    let mut command = Command::new(std::env::current_exe().expect("the program knows its file"));
    command.arg("code-child").arg("--corpus").arg(&options.corpus);
    command.args(["--seed", &options.seed.to_string(), "--seconds", &time.as_secs().to_string()]);
    match options.only {
        Some(case) => command.args(["--only", &case.to_string()]),
        None => command.args(["--first", &first.to_string()]),
    };
    // What the programs say about themselves is not of interest, what a panic says is on standard error too.
    command.env("PYTHONWARNINGS", "ignore").env("RUST_BACKTRACE", "1");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("the child starts")
}

/// The child: tries cases one after the other.
pub fn run_child(options: &Options) -> ExitCode {
    let corpus = Corpus::read(&options.corpus);
    let mut stdout = std::io::stdout();
    options.each_case(|case, mut random| {
        let Some(code) = code_of(&corpus.program(&mut random), &mut random) else { return Ok(()) };
        for _ in 0..20 {
            let mutated = mutate(&code, &mut random);
            if verify(&mutated).is_err() {
                continue;
            }
            if options.only.is_some() {
                let _ = writeln!(stdout, "{}", disassemble(&mutated));
            }
            let _ = writeln!(stdout, "#case {case}");
            let _ = stdout.flush();
            execute(&Rc::new(mutated));
            let _ = writeln!(stdout, "#ran");
        }
        Ok(())
    })
}

/// Runs code as a module of its own.
fn execute(code: &Rc<Code>) {
    let python = Python::new(Config::default());
    let _: PyResult<()> = in_module(python.vm(), code);
}

fn in_module(vm: &Thread, code: &Rc<Code>) -> PyResult<()> {
    vm.install(Hooks { compile: pyx_stdlib::compile::compile });
    vm.make_builtins()?;
    let code = vm.new_code(code, &[])?;
    let globals = vm.dict()?;
    vm.run_code(code, globals.clone(), globals, None).map(drop)
}

/// A code object like another one, with a few things changed, perhaps in one among its constants.
fn mutate(code: &Rc<Code>, random: &mut Random) -> Code {
    let mut mutated = Code::clone(code);
    let inner: Vec<usize> = (0..code.constants.len())
        .filter(|&index| matches!(code.constants[index], Constant::Code(_)))
        .collect();
    if !inner.is_empty() && !random.once_in(3) {
        let index = *random.pick(&inner);
        if let Constant::Code(inner) = &code.constants[index] {
            mutated.constants[index] = Constant::Code(Rc::new(mutate(inner, random)).into());
        }
        return mutated;
    }
    for _ in 0..=random.below(3) {
        change(&mut mutated, random);
    }
    mutated
}

fn change(code: &mut Code, random: &mut Random) {
    let words = code.words.len();
    match random.below(12) {
        0..=4 => change_operand(code, random),
        5 => code.words.swap(random.below(words), random.below(words)),
        6 => code.words[random.below(words)] = code.words[random.below(words)],
        7 => code.flags ^= 1 << random.below(12),
        8 if !code.exceptions.is_empty() => {
            let index = random.below(code.exceptions.len());
            let range = &mut code.exceptions[index];
            match random.below(4) {
                0 => range.start = random.below(words) as u32,
                1 => range.end = random.below(words) as u32,
                2 => range.handler = random.below(words) as u32,
                _ => range.depth = random.below(4) as u32,
            }
        }
        9 if code.constants.len() > 1 => {
            let (a, b) = (random.below(code.constants.len()), random.below(code.constants.len()));
            code.constants.swap(a, b);
        }
        10 => code.arg_count = random.below(code.locals.len() + 1) as u32,
        11 => code.temporaries = code.temporaries.saturating_add_signed(random.below(3) as i32 - 1),
        _ => code.words[random.below(words)] ^= 1 << random.below(64),
    }
}

/// Changes one of an instruction's fields, or its opcode to a similar one.
fn change_operand(code: &mut Code, random: &mut Random) {
    let mut starts = Vec::new();
    let mut at = 0;
    while let Some(instruction) = Instruction::decode(&code.words, at) {
        starts.push(at);
        at += Opcode::words(instruction.opcode());
    }
    if starts.is_empty() {
        return;
    }
    let at = *random.pick(&starts);
    let field = 8 * random.below(8);
    let byte = match random.below(3) {
        0 => random.below(8) as u64,
        1 => (code.words[at] >> field & 0xff).wrapping_add(1) & 0xff,
        _ => (code.words[at] >> field & 0xff).wrapping_sub(1) & 0xff,
    };
    code.words[at] = code.words[at] & !(0xff << field) | byte << field;
}
