//! The `pyx` command.
//!
//! Its entry is C's: Rust's own would open `/dev/null` in the place of standard files that are closed, and programs are to find them as
//! they are.
//!
//! # Safety model
//! The C library calls `main` once, with as many strings as it says; they live as long as the process.
#![cfg_attr(not(test), no_main)]
#![cfg_attr(not(test), expect(unsafe_code, reason = "the entry of a process"))]
#![cfg_attr(test, expect(dead_code, reason = "tests have an entry of their own"))]

mod allocator;
mod cli;
mod paths;
mod repl;
mod run;
mod shutdown;

use std::ffi::OsString;
use std::io::{self, Write};

/// Small blocks come and go with every list and dict; the system's allocator takes twice as long for them.
#[global_allocator]
static ALLOCATOR: allocator::Allocator = allocator::Allocator;

#[cfg(not(test))]
#[unsafe(no_mangle)]
extern "C" fn main(count: std::ffi::c_int, strings: *const *const std::ffi::c_char) -> std::ffi::c_int {
    use std::ffi::{CStr, OsStr};
    use std::os::unix::ffi::OsStrExt;

    // SAFETY: see the module.
    let argument = |index| unsafe { CStr::from_ptr(*strings.add(index)) };
    let arguments = (0..usize::try_from(count).unwrap_or(0)).map(argument);
    let arguments = arguments.map(|text| OsStr::from_bytes(text.to_bytes()).to_owned()).collect();
    // A panic is said already; the status is the one that Rust gives.
    std::panic::catch_unwind(|| command(arguments)).unwrap_or(101).into()
}

/// What the command does; its status.
fn command(arguments: Vec<OsString>) -> u8 {
    match cli::parse(arguments) {
        Ok(line) => run::run(line),
        Err(answer) => say(&answer),
    }
}

/// Gives an answer that takes no interpreter.
fn say(answer: &cli::Answer) -> u8 {
    let text = answer.text.as_bytes();
    let write = |mut file: Box<dyn Write>| file.write_all(text).and_then(|()| file.flush());
    let written = write(if answer.is_error { Box::new(io::stderr()) } else { Box::new(io::stdout()) });
    if written.is_ok() { answer.status } else { 120 }
}
