//! The `pyx` command.

mod allocator;
mod cli;
mod paths;
mod repl;
mod run;
mod shutdown;

use std::io::{self, Write};
use std::process::ExitCode;

/// Small blocks come and go with every list and dict; the system's allocator takes twice as long for them.
#[global_allocator]
static ALLOCATOR: allocator::Allocator = allocator::Allocator;

fn main() -> ExitCode {
    match cli::parse(std::env::args_os().collect()) {
        Ok(line) => ExitCode::from(run::run(line)),
        Err(answer) => say(&answer),
    }
}

/// Gives an answer that takes no interpreter.
fn say(answer: &cli::Answer) -> ExitCode {
    let text = answer.text.as_bytes();
    let written = if answer.is_error { io::stderr().write_all(text) } else { io::stdout().write_all(text) };
    ExitCode::from(if written.is_ok() { answer.status } else { 120 })
}
