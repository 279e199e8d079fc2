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
/// The arguments, and what is called with them, as the golden cases have them.
const MATRIX: &str = include_str!("../../../tests/golden/hostile/_matrix.py");

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

/// The folder with the program, what it imports, and the table that the oracle made.
struct Files {
    folder: PathBuf,
}

impl Files {
    fn write(options: &Options) -> Self {
        let folder = std::env::temp_dir().join(format!("pyx-fuzz-methods-{}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("the folder is made");
        let write = |name: &str, contents: &[u8]| {
            std::fs::write(folder.join(name), contents).expect("the file is written");
        };
        write("methods.py", PROGRAM.as_bytes());
        write("_matrix.py", MATRIX.as_bytes());
        let made = Command::new(&options.oracle)
            .arg("-Wignore")
            .arg(folder.join("methods.py"))
            .arg("table")
            .output();
        let made = made.expect("the oracle runs");
        let errors = String::from_utf8_lossy(&made.stderr);
        assert!(made.status.success() && !made.stdout.is_empty(), "the oracle makes no table: {errors}");
        write("table", &made.stdout);
        Self { folder }
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
        [seed, first, count]: [u64; 3],
        outcomes: &mut BTreeMap<u64, (String, Outcome)>,
    ) -> Option<u64> {
        let mut child = Command::new(python)
            .arg(self.folder.join("methods.py"))
            .arg("run")
            .arg(self.folder.join("table"))
            .args([seed, first, count].map(|number| number.to_string()))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the interpreter starts");
        let lines = lines(child.stdout.take().expect("piped"));
        // The case that is being tried, or was tried last.
        let (mut case, mut call) = (first, String::from("the start"));
        let how = loop {
            match lines.recv_timeout(PATIENCE) {
                Ok(line) if line == "end" => {
                    let _ = child.wait();
                    return None;
                }
                Ok(line) => match line.split_once(' ').map(|(number, rest)| (number.parse(), rest)) {
                    Some((Ok(number), rest)) => (case, call) = (number, rest.to_owned()),
                    _ => {
                        let outcome = if line == "?" { Outcome::Endless } else { Outcome::Type(line) };
                        outcomes.insert(case, (call.clone(), outcome));
                    }
                },
                Err(mpsc::RecvTimeoutError::Timeout) => {
                    let _ = child.kill();
                    let _ = child.wait();
                    break Outcome::Endless;
                }
                Err(mpsc::RecvTimeoutError::Disconnected) => {
                    let status = child.wait();
                    break Outcome::Death(status.map_or_else(|error| error.to_string(), |it| it.to_string()));
                }
            }
        };
        // One that dies between two calls has died of the one before.
        outcomes.insert(case, (call, how));
        Some(case)
    }
}

/// What the program says, line by line; see there.
fn lines(stdout: impl std::io::Read + Send + 'static) -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stdout).split(b'\n') {
            let Ok(line) = line else { return };
            if sender.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                return;
            }
        }
    });
    receiver
}
