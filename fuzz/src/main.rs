//! Fuzzing pyx on stable Rust: `cargo run --manifest-path fuzz/Cargo.toml -- TARGET [OPTION VALUE]…`
//!
//! | target | what is tried | what must hold |
//! |---|---|---|
//! | `parse` | mutated programs | no panic; an expression, written by `unparse` and parsed anew, is the same tree |
//! | `compile` | mutated programs | no panic; what compiles is accepted by the verifier |
//! | `code` | mutated code objects | the verifier refuses them, or they run without harm |
//! | `evaluate` | generated programs | pyx and the oracle print the same |
//! | `methods` | methods and functions with hostile arguments | pyx and the oracle end with the same type of result or exception |
//!
//! Options: `--seed N`, `--seconds N` (how long), `--corpus FOLDER` (programs to mutate, searched for `.py` files),
//! `--pyx FILE` and `--oracle FILE` (for `evaluate` and `methods`).
//!
//! A run is determined by its seed: each case has a number, and its random numbers follow from seed and number alone. A
//! failing case is printed with its number; `--only N` repeats it, as long as the corpus is the same.

mod corpus;
mod random;
mod targets;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use random::Random;

/// What the command line asks for.
pub struct Options {
    /// The target's name.
    pub target: String,
    /// Determines everything.
    pub seed: u64,
    /// How long to go on.
    pub time: Duration,
    /// The number of the first case.
    pub first: u64,
    /// The one case to try.
    pub only: Option<u64>,
    /// Programs to mutate.
    pub corpus: PathBuf,
    /// The interpreter under test.
    pub pyx: PathBuf,
    /// CPython 3.14.
    pub oracle: PathBuf,
}

impl Options {
    fn from_args() -> Option<Self> {
        let mut args = std::env::args().skip(1);
        let mut options = Self {
            target: args.next()?,
            seed: 1,
            time: Duration::from_secs(60),
            first: 0,
            only: None,
            corpus: "tests/golden".into(),
            pyx: "target/debug/pyx".into(),
            oracle: "python3.14".into(),
        };
        while let Some(option) = args.next() {
            let value = args.next()?;
            match option.as_str() {
                "--seed" => options.seed = value.parse().ok()?,
                "--seconds" => options.time = Duration::from_secs(value.parse().ok()?),
                "--first" => options.first = value.parse().ok()?,
                "--only" => options.only = Some(value.parse().ok()?),
                "--corpus" => options.corpus = value.into(),
                "--pyx" => options.pyx = value.into(),
                "--oracle" => options.oracle = value.into(),
                _ => return None,
            }
        }
        Some(options)
    }

    /// Tries cases, each with its own random numbers, until the time is over or one fails.
    pub fn each_case(&self, mut attempt: impl FnMut(u64, Random) -> Result<(), String>) -> ExitCode {
        let start = Instant::now();
        let mut case = self.only.unwrap_or(self.first);
        let from = case;
        while start.elapsed() < self.time {
            if let Err(failure) = attempt(case, Random::new(self.seed, case)) {
                println!("case {case} of seed {} fails: {failure}", self.seed);
                return ExitCode::FAILURE;
            }
            case += 1;
            if self.only.is_some() {
                break;
            }
        }
        println!("{}: {} cases from {from} on hold (seed {})", self.target, case - from, self.seed);
        ExitCode::SUCCESS
    }
}

fn main() -> ExitCode {
    let Some(options) = Options::from_args() else {
        eprintln!(
            "usage: pyx-fuzz TARGET [--seed N] [--seconds N] [--corpus FOLDER] [--pyx FILE] [--oracle FILE]"
        );
        return ExitCode::from(2);
    };
    let run = match options.target.as_str() {
        "parse" => targets::parse::run,
        "compile" => targets::compile::run,
        #[cfg(feature = "code")]
        "code" => targets::code::run,
        #[cfg(feature = "code")]
        "code-child" => targets::code::run_child,
        "evaluate" => targets::evaluate::run,
        "methods" => targets::methods::run,
        other => {
            eprintln!("no target {other:?}");
            return ExitCode::from(2);
        }
    };
    // As large as the main thread's stack of many systems, whatever this one's is.
    let thread = std::thread::Builder::new().stack_size(8 << 20).spawn(move || run(&options));
    thread.expect("a thread starts").join().unwrap_or(ExitCode::FAILURE)
}
