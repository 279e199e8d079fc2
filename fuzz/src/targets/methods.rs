//! Every builtin type's methods, and the functions of native modules, called with hostile arguments: pyx and the oracle
//! end with a result or an exception of the same type.
//!
//! `programs/methods.py` tries the calls, in both interpreters from one table; here its answers are compared. Where an
//! interpreter dies or says nothing for a while, it is started anew after the case in which that happened.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use crate::Options;

const PROGRAM: &str = include_str!("../../programs/methods.py");

/// How many calls one process tries.
const BATCH: u64 = 5000;

/// How long an interpreter may say nothing.
const PATIENCE: Duration = Duration::from_secs(10);

/// How a call ended.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    /// With this type of result, or exception behind `!`.
    Type(String),
    /// Not in time.
    Endless,
    /// With the interpreter.
    Death(String),
}

/// Tries calls until the time is over, and tells the differences, each kind once.
pub fn run(options: &Options) -> ExitCode {
    let files = Files::write(options);
    let start = Instant::now();
    let mut first = options.only.unwrap_or(options.first);
    let from = first;
    let mut differences: BTreeMap<(String, Outcome, Outcome), (u64, String)> = BTreeMap::new();
    while start.elapsed() < options.time {
        let count = if options.only.is_some() { 1 } else { BATCH };
        let theirs = files.outcomes(&options.oracle, options.seed, first, count);
        let ours = files.outcomes(&options.pyx, options.seed, first, count);
        for (case, (call, outcome)) in ours {
            let expected = theirs.get(&case).map_or(&Outcome::Endless, |(_, outcome)| outcome);
            // What takes CPython for ever has no answer; one that pyx has is not wrong.
            if outcome != *expected && (*expected != Outcome::Endless || matches!(outcome, Outcome::Death(_)))
            {
                let method = call.split('(').next().unwrap_or("").to_owned();
                let found = differences.entry((method, outcome, expected.clone())).or_insert((case, call));
                found.0 = found.0.min(case);
            }
        }
        first += count;
        if options.only.is_some() {
            break;
        }
    }
    for ((_, ours, theirs), (case, call)) in &differences {
        println!("case {case}: {call}: {ours:?}, not {theirs:?}");
    }
    let kinds = differences.len();
    println!("methods: {} calls from {from} on, {kinds} differences (seed {})", first - from, options.seed);
    if kinds == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The program, and the table that the oracle made.
struct Files {
    program: PathBuf,
    table: PathBuf,
}

impl Files {
    fn write(options: &Options) -> Self {
        let folder = std::env::temp_dir();
        let name = |kind: &str| folder.join(format!("pyx-fuzz-methods-{}.{kind}", std::process::id()));
        let files = Self { program: name("py"), table: name("table") };
        std::fs::write(&files.program, PROGRAM).expect("the program is written");
        let made = Command::new(&options.oracle).arg("-Wignore").arg(&files.program).arg("table").output();
        let made = made.expect("the oracle runs");
        let errors = String::from_utf8_lossy(&made.stderr);
        assert!(made.status.success() && !made.stdout.is_empty(), "the oracle makes no table: {errors}");
        std::fs::write(&files.table, made.stdout).expect("the table is written");
        files
    }

    /// The outcomes of a range of cases, with what was called.
    fn outcomes(&self, python: &Path, seed: u64, first: u64, count: u64) -> BTreeMap<u64, (String, Outcome)> {
        let mut outcomes = BTreeMap::new();
        let (mut next, end) = (first, first + count);
        while next < end {
            let last = self.watch(python, [seed, next, end - next], &mut outcomes);
            next = last.map_or(end, |case| case + 1);
        }
        outcomes
    }

    /// Runs a process; the case that ended it too early, if one did.
    fn watch(
        &self,
        python: &Path,
        numbers: [u64; 3],
        outcomes: &mut BTreeMap<u64, (String, Outcome)>,
    ) -> Option<u64> {
        let mut child = Command::new(python)
            .arg(&self.program)
            .arg("run")
            .arg(&self.table)
            .args(numbers.map(|number| number.to_string()))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the interpreter starts");
        let pieces = pieces(child.stdout.take().expect("piped"));
        let mut open: Option<(u64, String)> = None;
        let how = loop {
            match pieces.recv_timeout(PATIENCE) {
                Ok(Piece::End) => {
                    let _ = child.wait();
                    return None;
                }
                Ok(Piece::Call(case, call)) => open = Some((case, call)),
                Ok(Piece::Outcome(text)) => {
                    let Some((case, call)) = open.take() else { continue };
                    let outcome = if text == "?" { Outcome::Endless } else { Outcome::Type(text) };
                    outcomes.insert(case, (call, outcome));
                }
                Err(mpsc::RecvTimeoutError::Timeout) => {
                    let _ = child.kill();
                    let _ = child.wait();
                    break Outcome::Endless;
                }
                Err(mpsc::RecvTimeoutError::Disconnected) => {
                    break Outcome::Death(
                        child.wait().map_or_else(|e| e.to_string(), |status| status.to_string()),
                    );
                }
            }
        };
        // One that ends between two calls did it in the one before or at its own end; the next call is tried again.
        let (case, call) = open.unwrap_or((numbers[1] + numbers[2], "the end".into()));
        outcomes.insert(case, (call, how));
        Some(case)
    }
}

/// What the program says.
enum Piece {
    /// A case's number and call, before it is tried.
    Call(u64, String),
    /// How it ended.
    Outcome(String),
    /// That all cases were tried.
    End,
}

/// Reads what the program says: `number call outcome` in a line, the outcome coming later.
fn pieces(stdout: impl std::io::Read + Send + 'static) -> mpsc::Receiver<Piece> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut stdout = BufReader::new(stdout);
        loop {
            let (mut call, mut outcome) = (Vec::new(), Vec::new());
            if stdout.read_until(b')', &mut call).is_err() || call.is_empty() {
                return;
            }
            let call = String::from_utf8_lossy(&call).into_owned();
            let piece = match call.split_once(' ') {
                Some((case, call)) if case.parse::<u64>().is_ok() => {
                    Piece::Call(case.parse().unwrap_or(0), call.to_owned())
                }
                _ if call.starts_with("end") => Piece::End,
                _ => continue,
            };
            let is_end = matches!(piece, Piece::End);
            if sender.send(piece).is_err() || is_end || stdout.read_until(b'\n', &mut outcome).is_err() {
                return;
            }
            if outcome.is_empty() {
                return;
            }
            let outcome = String::from_utf8_lossy(&outcome).trim().to_owned();
            if sender.send(Piece::Outcome(outcome)).is_err() {
                return;
            }
        }
    });
    receiver
}
